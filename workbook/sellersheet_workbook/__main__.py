"""``python -m sellersheet_workbook``: write the committed workbooks, or compare them."""

from __future__ import annotations

import argparse
import sys
from itertools import product
from pathlib import Path

from sellersheet.wording import LANGS
from sellersheet_workbook import plain, template


def main(arguments: list[str] | None = None) -> int:
    """Write the template and the plain edition in both languages; with --check, compare only."""
    parser = argparse.ArgumentParser(prog="python -m sellersheet_workbook")
    parser.add_argument("--check", action="store_true", help="change nothing, say what is stale")
    check = parser.parse_args(arguments).check
    stale = []
    for edition, lang in product((template, plain), LANGS):
        wanted, file = edition.build(lang), Path(str(edition.committed(lang)))
        if not check:
            file.parent.mkdir(exist_ok=True)
            file.write_bytes(wanted)
        elif not file.is_file() or file.read_bytes() != wanted:
            stale.append(file.name)
    for name in stale:
        print(f"{name} is stale: run python -m sellersheet_workbook", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
