"""Builds sellersheet.oxt: ``python -m sellersheet_addin.libreoffice.build``.

With ``--check`` it only says whether the committed file is what the sources make. Every
file of the folder ``extension`` goes into it, so a part is added by adding its files.
"""

from __future__ import annotations

import argparse
import io
import sys
import zipfile
from pathlib import Path
from typing import Final
from xml.sax.saxutils import quoteattr

import sellersheet
from sellersheet_addin.libreoffice import catalogue

COMMITTED: Final = Path(__file__).parent.parent / "assets" / "sellersheet.oxt"
_SOURCES: Final = Path(__file__).with_name("extension")
# Python files and what they read become one package beside the file that LibreOffice loads.
_LOADED: Final = "component.py"
_PACKAGE: Final = "pythonpath/sellersheet_office/"
_INSIDE: Final = (".py", ".json")
# What LibreOffice is to register, by file name; it reads the types first.
_MEDIA: Final = {
    ".idl": "application/vnd.sun.star.uno-typelibrary;type=RDB",
    ".components": "application/vnd.sun.star.uno-components",
    ".xcu": "application/vnd.sun.star.configuration-data",
}
_MANIFEST: Final = """\
<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="http://openoffice.org/2001/manifest">
{entries}
</manifest:manifest>
"""
_VERSION: Final = "@VERSION@"
_FIRST_DAY: Final = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can tell


def extension() -> bytes:
    """The whole extension; the same bytes from the same sources."""
    files = contents()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _FIRST_DAY)
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            # Stored: what deflate makes of the same text differs between zlib's versions.
            archive.writestr(entry, files[name], zipfile.ZIP_STORED)
    return packed.getvalue()


def contents() -> dict[str, bytes]:
    """Every file by its name in the extension."""
    texts = {_place(path): path.read_text("utf-8") for path in _sources()}
    texts |= {
        "sellersheet.idl": catalogue.types(),
        "CalcAddIns.xcu": catalogue.catalogue(),
        "Addons.xcu": catalogue.addons(),
        f"{_PACKAGE}catalogue.json": catalogue.names(),
    }
    texts["description.xml"] = texts["description.xml"].replace(_VERSION, sellersheet.__version__)
    texts["META-INF/manifest.xml"] = _manifest(sorted(texts))
    return {name: text.encode() for name, text in texts.items()}


def main(arguments: list[str] | None = None) -> int:
    """Write the committed file; with --check, compare only."""
    parser = argparse.ArgumentParser(prog="python -m sellersheet_addin.libreoffice.build")
    parser.add_argument("--check", action="store_true", help="change nothing, say if it is stale")
    wanted = extension()
    if not parser.parse_args(arguments).check:
        COMMITTED.parent.mkdir(exist_ok=True)
        COMMITTED.write_bytes(wanted)
        return 0
    if COMMITTED.is_file() and COMMITTED.read_bytes() == wanted:
        return 0
    print(
        f"{COMMITTED.name} is stale: run python -m sellersheet_addin.libreoffice.build",
        file=sys.stderr,
    )
    return 1


def _sources() -> list[Path]:
    found = (path for path in _SOURCES.rglob("*") if "__pycache__" not in path.parts)
    return [path for path in found if path.is_file()]


def _place(path: Path) -> str:
    name = path.relative_to(_SOURCES).as_posix()
    inside = path.suffix in _INSIDE and name != _LOADED
    return f"{_PACKAGE}{name}" if inside else name


def _manifest(names: list[str]) -> str:
    entries = [
        f" <manifest:file-entry manifest:full-path={quoteattr(name)}"
        f" manifest:media-type={quoteattr(media)}/>"
        for suffix, media in _MEDIA.items()
        for name in names
        if name.endswith(suffix)
    ]
    return _MANIFEST.format(entries="\n".join(entries))


if __name__ == "__main__":
    sys.exit(main())
