"""Makes the Excel files out of their text sources, byte for byte the same each time.

python -m sellersheet_addin.excel.build          writes sellersheet.xlam and the .xlsm
python -m sellersheet_addin.excel.build --check  says whether the committed ones are current

The VBA goes into vbaProject.bin, a compound file, by pyOpenVBA; it is not needed where the files
are used.
"""

from __future__ import annotations

import argparse
import io
import sys
import tempfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

import xlsxwriter
from pyopenvba import ExcelFile
from pyopenvba.cfb import CFB

import sellersheet_workbook
from sellersheet.wording import LANGS, Lang
from sellersheet_addin.excel import ribbon
from sellersheet_addin.excel.macro_book import (
    BOOK_CODE_NAME,
    BOOK_PART,
    BOOK_TYPE,
    PROJECT_PART,
    SHEET_TYPE,
    SHIPPED,
    TYPES,
    add_link,
    add_project,
    code_names,
    set_code_names,
    sheets,
    unzipped,
    with_macros,
    zipped,
)
from sellersheet_addin.excel.vba_modules import BookKind, RefusedBuild, modules, workbook_events

TEMPLATES: Final = Path(sellersheet_workbook.__file__).with_name("assets")
ADDIN: Final = "sellersheet.xlam"
ADDIN_TYPE: Final = b"application/vnd.ms-excel.addin.macroEnabled.main+xml"
RIBBON_PART: Final = "customUI/customUI14.xml"
RIBBON_LINK: Final = "http://schemas.microsoft.com/office/2007/relationships/ui/extensibility"
_CREATED: Final = datetime(2026, 1, 1)
# With the header alone, no compiled code: Excel compiles from the text.
UNCOMPILED: Final = bytes.fromhex("cc61ffff000000")


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


def vba_project(sheets: Sequence[str], modules: Mapping[str, str], events: str) -> bytes:
    """The project of a workbook of which the sheets have these code names."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "any.xlsm")
        path.write_bytes(_any_book(len(sheets)))
        with ExcelFile(path) as book:
            project = book.add_vba_project()
            documents = project.module_names()
            if documents != [BOOK_CODE_NAME, *sheets]:
                raise ValueError(f"the sheets' modules are {documents}, not {sheets}")
            for name, text in modules.items():
                project.add_module(name, text)
            book.set_module(BOOK_CODE_NAME, events)
            # The template behind the first sheet brings code compiled elsewhere: written again,
            # a module holds its text alone.
            for name in sheets:
                module = project.get_module(name)
                module.source, module.dirty = module.source, True
            book.save()
        with zipfile.ZipFile(path) as saved:
            compound = CFB.from_bytes(saved.read(PROJECT_PART))
    compound.write_stream_in_storage("VBA", "_VBA_PROJECT", UNCOMPILED)
    return bytes(compound.to_bytes())


def _any_book(count: int) -> bytes:
    """An empty workbook of so many sheets that says it may hold macros."""
    written = io.BytesIO()
    with xlsxwriter.Workbook(written) as book:
        for _ in range(count):
            book.add_worksheet()
    parts = unzipped(written.getvalue())
    parts[TYPES] = parts[TYPES].replace(SHEET_TYPE, BOOK_TYPE)
    return zipped(parts)


if __name__ == "__main__":
    sys.exit(main())
