"""The command ``sellersheet``."""

try:
    from sellersheet_addin.cli.main import main
except KeyboardInterrupt:  # while libraries are loaded nobody else is there to say it in a word
    raise SystemExit(130) from None

__all__ = ["main"]
