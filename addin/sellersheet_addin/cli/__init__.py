"""The command ``sellersheet``."""

from sellersheet_addin.cli.main import main

__all__ = ["main"]
