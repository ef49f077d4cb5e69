"""A headless LibreOffice with the Sellersheet extension in it.

with addin_in_libreoffice.started() as office:
    office.new()
    office.write("Sheet1", "A1", [["=SEMIFEE(100;22.6)"]])
"""

from __future__ import annotations

import json
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sellersheet_addin.libreoffice import build
from tests import libreoffice


@contextmanager
def started(
    home: Path | None = None, *, window: bool = False, **configured: Any
) -> Iterator[libreoffice.Office]:
    """The committed extension, its worker in this Python; texts are Chinese.

    ``home`` is the user's folder (else a fresh one); ``configured`` goes into its
    libreoffice.json, instead of what is there by default.
    """
    with tempfile.TemporaryDirectory(prefix="sellersheet-", ignore_cleanup_errors=True) as folder:
        home = home or Path(folder, "home")
        configure(home, **configured)
        with libreoffice.started(
            unpacked(Path(folder, "extensions")),
            environment={"SELLERSHEET_HOME": str(home)},
            window=window,
        ) as office:
            yield office


def unpacked(folder: Path) -> Path:
    """A folder of extensions, as LibreOffice's BUNDLED_EXTENSIONS wants it."""
    with zipfile.ZipFile(build.COMMITTED) as archive:
        archive.extractall(folder / "sellersheet")
    return folder


def configure(home: Path, **configured: Any) -> None:
    """Writes what the installer would write."""
    home.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"interpreter": sys.executable, "lang": "zh", **configured})
    (home / "libreoffice.json").write_text(text, encoding="utf-8")
