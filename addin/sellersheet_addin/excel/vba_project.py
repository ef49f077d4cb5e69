"""vbaProject.bin: the compound file in which Excel keeps a workbook's VBA.

Made by pyOpenVBA when the files are built; nothing here is needed where they are used.
"""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import xlsxwriter
from pyopenvba import ExcelFile
from pyopenvba.cfb import CFB

from sellersheet_addin.excel.macro_book import BOOK_CODE_NAME, BOOK_TYPE, PROJECT_PART, SHEET_TYPE
from sellersheet_addin.excel.package import TYPES, zipped

# With the header alone, no compiled code: Excel compiles from the text.
UNCOMPILED: Final = bytes.fromhex("cc61ffff000000")


def vba_project(sheets: Sequence[str], modules: Mapping[str, str], events: str) -> bytes:
    """The project of a workbook of which the sheets have these code names."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "any.xlsm")
        path.write_bytes(_book(len(sheets)))
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


def _book(sheets: int) -> bytes:
    """An empty workbook of so many sheets that says it may hold macros."""
    written = io.BytesIO()
    with xlsxwriter.Workbook(written) as book:
        for _ in range(sheets):
            book.add_worksheet()
    with zipfile.ZipFile(written) as plain:
        parts = {name: plain.read(name) for name in plain.namelist()}
    parts[TYPES] = parts[TYPES].replace(SHEET_TYPE, BOOK_TYPE)
    return zipped(parts)
