"""Makes the Excel files out of their text sources, byte for byte the same each time.

python -m sellersheet_addin.excel.build          writes sellersheet.xlam and the .xlsm
python -m sellersheet_addin.excel.build --check  says whether the committed ones are current
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

import xlsxwriter

import sellersheet_workbook
from sellersheet.wording import LANGS, Lang
from sellersheet_addin.excel import ribbon
from sellersheet_addin.excel.macro_book import (
    BOOK_PART,
    SHEET_TYPE,
    SHIPPED,
    add_project,
    code_names,
    set_code_names,
    sheets,
    with_macros,
)
from sellersheet_addin.excel.package import TYPES, add_link, unzipped, zipped
from sellersheet_addin.excel.vba_modules import modules, workbook_events
from sellersheet_addin.excel.vba_project import vba_project
from sellersheet_addin.excel.vba_source import BookKind, RefusedBuild

TEMPLATES: Final = Path(sellersheet_workbook.__file__).with_name("assets")
ADDIN: Final = "sellersheet.xlam"
ADDIN_TYPE: Final = b"application/vnd.ms-excel.addin.macroEnabled.main+xml"
RIBBON_PART: Final = "customUI/customUI14.xml"
RIBBON_LINK: Final = "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"
_CREATED: Final = datetime(2026, 1, 1)


def addin() -> bytes:
    """sellersheet.xlam: the functions and the ribbon, for every workbook."""
    parts = unzipped(_empty_book())
    found = sheets(parts)
    set_code_names(parts, list(found.values()))
    parts[TYPES] = parts[TYPES].replace(SHEET_TYPE, ADDIN_TYPE)
    parts[BOOK_PART] = parts[BOOK_PART].replace(
        b"<workbookView ", b'<workbookView visibility="hidden" '
    )
    add_project(parts, _project("addin", len(found)))
    parts[RIBBON_PART] = ribbon.ribbon_xml()
    add_link(parts, "", RIBBON_LINK, RIBBON_PART)
    return zipped(parts)


def macro_book(xlsx: bytes, lang: Lang) -> bytes:
    """The self-contained .xlsm of a template."""
    parts = unzipped(xlsx)
    return with_macros(parts, _project("workbook", len(sheets(parts))), lang)


def main(arguments: list[str] | None = None) -> int:
    """Write the files; with --check, compare only."""
    parser = argparse.ArgumentParser(prog="python -m sellersheet_addin.excel.build")
    parser.add_argument("--check", action="store_true", help="change nothing, say what is stale")
    check = parser.parse_args(arguments).check
    try:
        made = {SHIPPED / name: make() for name, make in _files().items()}
    except RefusedBuild as refused:
        print(refused, file=sys.stderr)
        return 1
    if not check:
        SHIPPED.mkdir(exist_ok=True)
        for path, data in made.items():
            path.write_bytes(data)
        return 0
    stale = [path.name for path, data in made.items() if not _same(path, data)]
    for name in stale:
        print(f"{name} is stale: run python -m sellersheet_addin.excel.build", file=sys.stderr)
    return 1 if stale else 0


def _files() -> dict[str, Callable[[], bytes]]:
    """Every file to make, with how to make it."""
    files: dict[str, Callable[[], bytes]] = {ADDIN: addin}
    for lang in LANGS:
        template = TEMPLATES / f"sellersheet-{lang}.xlsx"
        if template.is_file():
            files[f"{template.stem}.xlsm"] = partial(macro_book, template.read_bytes(), lang)
    return files


def _same(path: Path, data: bytes) -> bool:
    """Whether the file holds the same parts: how they are packed differs between zlibs."""
    return path.is_file() and unzipped(path.read_bytes()) == unzipped(data)


def _project(kind: BookKind, count: int) -> bytes:
    return vba_project(code_names(count), modules(kind), workbook_events())


def _empty_book() -> bytes:
    """What the add-in's VBA stands in: a workbook must have a sheet."""
    written = io.BytesIO()
    with xlsxwriter.Workbook(written) as book:
        book.set_properties({"title": "Sellersheet", "created": _CREATED})
        book.add_worksheet("Sellersheet")
    return written.getvalue()


if __name__ == "__main__":
    sys.exit(main())
