"""``python -m sellersheet_addin.cli``: the command where no script was installed."""

from sellersheet_addin.cli.main import main

main()
