"""Ten result columns written into a macro workbook of 20, on disk."""

from __future__ import annotations

import shutil
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
import openpyxl
from xlsxwriter import Workbook

from sellersheet_workbook.patch import open_book
from tests.benchmarks.harness import Line, Scale, in_turns

_COLUMNS: Final = 20
_RESULTS: Final = 10
_FEW_PAIRS: Final = 3
_MACROS: Final = bytes(range(256)) * 64  # carried over as it is, never read


def measure(scale: Scale) -> Iterator[Line]:
    """50,000 rows of 20 columns, 10 of them replaced."""
    rows = scale.rows(50_000)
    chance = np.random.default_rng(1)
    with TemporaryDirectory() as folder:
        source, target, other = (Path(folder, name) for name in ("a.xlsm", "b.xlsm", "c.xlsm"))
        _make(source, chance.integers(100, 100_000, (rows, _COLUMNS)) / 100)
        results = {f"c{_COLUMNS - _RESULTS + at}": chance.random(rows) for at in range(_RESULTS)}

        def update() -> None:
            shutil.copy(source, target)
            book = open_book(target)
            book.set_columns(book.find_table("Orders"), results)
            book.save(backup=False)

        def rewrite() -> None:
            with (
                zipfile.ZipFile(source) as old,
                zipfile.ZipFile(other, "w", zipfile.ZIP_DEFLATED) as new,
            ):
                for member in old.infolist():
                    new.writestr(member, old.read(member))

        def by_openpyxl() -> None:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                book = openpyxl.load_workbook(source, keep_vba=True)
            sheet = book.worksheets[0]
            for at, values in enumerate(results.values(), _COLUMNS - _RESULTS + 1):
                for row, value in enumerate(values.tolist(), 2):
                    sheet.cell(row, at).value = value
            book.save(other)

        what = f"in-place update, {rows:,} × {_COLUMNS} .xlsm, {_RESULTS} columns"
        yield in_turns(what, update, "its zip rewritten unchanged", rewrite, scale, aim=3)
        few = Scale(scale.share, min(scale.pairs, _FEW_PAIRS))
        yield in_turns(what, update, "openpyxl load and save", by_openpyxl, few, aim=0.2)


def _make(path: Path, cells: np.ndarray) -> None:
    with Workbook(path) as book:
        sheet = book.add_worksheet("订单")
        money = book.add_format({"num_format": "#,##0.00"})
        for row, values in enumerate(cells.tolist(), 1):
            for at, value in enumerate(values):
                if at < 4:
                    sheet.write_string(row, at, f"A{value}")
                else:
                    sheet.write_number(row, at, value, money)
        columns = [{"header": f"c{at}"} for at in range(_COLUMNS)]
        area = (0, 0, len(cells), _COLUMNS - 1)
        sheet.add_table(*area, {"name": "Orders", "columns": columns})
        macros = path.with_name("vbaProject.bin")
        macros.write_bytes(_MACROS)
        book.add_vba_project(str(macros))
