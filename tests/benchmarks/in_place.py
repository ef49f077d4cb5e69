"""A macro workbook of 20 columns on disk: ten written anew, and a whole update."""

from __future__ import annotations

import datetime as dt
import shutil
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
import openpyxl
from xlsxwriter import Workbook

from sellersheet.cards import shipped_card
from sellersheet.exchange import FxRates
from sellersheet.policy import load
from sellersheet_workbook.batch.one import Terms
from sellersheet_workbook.batch.sample import sample_orders
from sellersheet_workbook.patch import open_book
from sellersheet_workbook.update import plan, write
from sellersheet_workbook.update.file_port import FilePort
from tests.benchmarks.harness import Line, Scale, in_turns
from tests.workbook_corpus import find_table

_COLUMNS: Final = 20
_RESULTS: Final = 10
_FEW_PAIRS: Final = 3
_NOW: Final = dt.datetime(2024, 10, 3, 9, 30)
_TERMS: Final = Terms(load(), shipped_card(), FxRates.fixed({}), None, _NOW.date())
_MACROS: Final = bytes(range(256)) * 64  # carried over as it is, never read


def measure(scale: Scale) -> Iterator[Line]:
    """50,000 rows of 20 columns: 10 of them replaced; orders, with all that an update writes."""
    rows = scale.rows(50_000)
    chance = np.random.default_rng(1)
    with TemporaryDirectory() as folder:
        source, target, other = (Path(folder, name) for name in ("a.xlsm", "b.xlsm", "c.xlsm"))
        _make(source, chance.integers(100, 100_000, (rows, _COLUMNS)) / 100)
        results = {f"c{_COLUMNS - _RESULTS + at}": chance.random(rows) for at in range(_RESULTS)}

        def update() -> None:
            shutil.copy(source, target)
            book = open_book(target)
            book.set_columns(find_table(book, "Orders"), results)
            book.save(backup=False)

        def rewrite() -> None:
            _rewrite(source, other)

        def by_openpyxl() -> None:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                book = openpyxl.load_workbook(source, keep_vba=True)
            sheet = book.worksheets[0]
            for at, values in enumerate(results.values(), _COLUMNS - _RESULTS + 1):
                for row, value in enumerate(values.tolist(), 2):
                    sheet.cell(row, at).value = value
            book.save(other)
            book.vba_archive.close()

        what = f"in-place update, {rows:,} × {_COLUMNS} .xlsm, {_RESULTS} columns"
        yield in_turns(what, update, "its zip rewritten unchanged", rewrite, scale, aim=3)
        few = scale.few(_FEW_PAIRS)
        yield in_turns(what, update, "openpyxl load and save", by_openpyxl, few, aim=0.2)

        orders = Path(folder, "orders.xlsm")
        _write(orders, _order_columns(rows))

        def whole() -> None:
            shutil.copy(orders, target)
            port = FilePort(target, "zh")
            write(port, plan(port, _TERMS, _NOW, "zh"))
            port.save()
            for made in Path(folder).glob("*.bak-*"):
                made.unlink()

        def rewrite_orders() -> None:
            _rewrite(orders, other)

        def orders_by_openpyxl() -> None:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                book = openpyxl.load_workbook(orders, keep_vba=True)
            book.save(other)
            book.vba_archive.close()

        what = f"whole update, {rows:,} × {_COLUMNS} .xlsm, results and summaries"
        yield in_turns(what, whole, "its zip rewritten unchanged", rewrite_orders, few)
        yield in_turns(what, whole, "openpyxl load and save", orders_by_openpyxl, few)


def _rewrite(source: Path, target: Path) -> None:
    """The same parts in a new zip."""
    with (
        zipfile.ZipFile(source) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for member in old.infolist():
            new.writestr(member, old.read(member))


def _make(path: Path, cells: np.ndarray) -> None:
    columns: dict[str, list[Any]] = {f"c{at}": cells[:, at].tolist() for at in range(_COLUMNS)}
    for at in range(4):
        columns[f"c{at}"] = [f"A{value}" for value in columns[f"c{at}"]]
    _write(path, columns)


def _order_columns(rows: int) -> dict[str, list[Any]]:
    """The sample's orders in its first columns."""
    frame = sample_orders(rows, seed=1)
    return {str(name): frame[name].tolist() for name in list(frame)[:_COLUMNS]}


def _write(path: Path, columns: dict[str, list[Any]]) -> None:
    """A macro workbook with one Excel table."""
    with Workbook(path, {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("订单")
        money = book.add_format({"num_format": "#,##0.00"})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for at, values in enumerate(columns.values()):
            for row, value in enumerate(values, 1):
                if isinstance(value, str):
                    sheet.write_string(row, at, value)
                elif isinstance(value, dt.date):
                    sheet.write_datetime(row, at, value, day)
                elif value is not None and value == value:
                    sheet.write_number(row, at, value, money)
        headers = [{"header": header} for header in columns]
        area = (0, 0, len(next(iter(columns.values()))), len(columns) - 1)
        sheet.add_table(*area, {"name": "Orders", "columns": headers})
        macros = path.with_name("vbaProject.bin")
        macros.write_bytes(_MACROS)
        book.add_vba_project(str(macros))
