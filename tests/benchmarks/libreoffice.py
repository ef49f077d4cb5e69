"""Worksheet functions in LibreOffice against its own formulas, and against functions of an add-in
that calculate nothing.

The own formulas do the same arithmetic, in another workbook of one LibreOffice; the functions that
calculate nothing are those of our extension, in another LibreOffice, without what they do. Every
amount depends on one cell, and a new number in that cell makes all of them calculate.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

import xlsxwriter

from sellersheet_addin.libreoffice.extension.worker_process import Worker
from tests import addin_in_libreoffice, libreoffice
from tests.addin_in_libreoffice import configure
from tests.benchmarks import inputs
from tests.benchmarks.harness import Line, Scale, in_turns
from tests.libreoffice import Office

_COLUMNS: Final = (
    *("paid_cny", "logistics_cny", "parcel", "inbound_days", "standard_box", "return_case"),
)
_NATIVE: Final = (
    '=IF(AND(A{r}="",B{r}=""),"",IF(OR(A{r}="",B{r}=""),NA(),'
    "ROUND((A{r}+$Z$1)*0.035,2)+B{r}"
    '+IF(F{r}="买家退货验货通过",0,5.2+IF(C{r}="大件",2.8,0))'
    '+IF(D{r}>3,3,0)+IF(E{r}=FALSE,1.5,0)+IF(F{r}="卖家责任",0.8,0)))'
)
_SCALAR: Final = "=SEMIFEE(A{r}+$Z$1,B{r},C{r},D{r},E{r},F{r})"
_ARRAY: Final = "=SEMIFEE(A1:A{r}+$Z$1,B1:B{r},C1:C{r},D1:D{r},E1:E{r},F1:F{r})"
_AGAINST: Final = "the same arithmetic as formulas"
_NOTHING: Final = "an add-in function that does nothing"
# After this a function only gives as many numbers as it was given rows, the same ones each time.
_DOES_NOTHING: Final = """

_blocks = {}


def _constant(self, name, arguments):
    rows = len(arguments[0]) if type(arguments[0]) is tuple else 1
    return _blocks.setdefault(rows, ((0.0,),) * rows)


_Common.call = _constant
"""


def measure(scale: Scale) -> Iterator[Line]:
    """One array, cells one by one, the same cells again, and the start of the worker."""
    with (
        tempfile.TemporaryDirectory() as folder,
        addin_in_libreoffice.started() as mine,
        mine.beside() as other,
        _doing_nothing(Path(folder)) as empty,
    ):
        for full, formula, aims in ((50_000, _ARRAY, (1.15, 1.15)), (10_000, _SCALAR, (10, 1.5))):
            rows = scale.rows(full)
            _open(mine, Path(folder), rows, formula)
            _open(other, Path(folder), rows, _NATIVE)
            _open(empty, Path(folder), rows, formula)
            how = "one array" if formula is _ARRAY else "cells one by one"
            what = f"SEMIFEE over {rows:,} orders in LibreOffice, {how}"
            for against, office, aim in zip(
                (_AGAINST, _NOTHING), (other, empty), aims, strict=True
            ):
                yield in_turns(what, _changed(mine), against, _changed(office), scale, aim=aim)
        yield in_turns(
            f"the same {rows:,} cells again, nothing changed",
            mine.calculate, _AGAINST, other.calculate, scale, aim=10,
        )  # fmt: skip
    with _home():
        yield in_turns(
            "LibreOffice's worker: start, first answer, end",
            _started, "Python that imports pandas", _pandas, scale, aim=1.5,
        )  # fmt: skip


@contextmanager
def _doing_nothing(folder: Path) -> Iterator[Office]:
    """A LibreOffice with our extension's functions, which only give back a number a row."""
    extensions = addin_in_libreoffice.unpacked(folder / "extensions")
    functions = next(extensions.rglob("functions.py"))
    functions.write_text(functions.read_text("utf-8") + _DOES_NOTHING, "utf-8")
    with libreoffice.started(extensions) as office:
        yield office


def _changed(office: Office) -> Callable[[], None]:
    """Writes a new number, then reads the sum of all fees: that calculates them."""
    numbers = count(1)

    def run() -> None:
        office.write("Sheet1", "Z1", [[str(next(numbers) / 100)]])
        ((total,),) = office.values("Sheet1", "H1")
        if not isinstance(total, float):
            raise TypeError("a fee is no number")

    return run


def _open(office: Office, folder: Path, rows: int, formula: str) -> None:
    """A workbook of orders with fees beside them, opened."""
    path = folder / f"{len(list(folder.iterdir()))}.xlsx"  # an open one is locked
    orders = inputs.typed_orders(int(rows * 1.2))
    orders = orders[(orders["paid_cny"] > 0) & orders["logistics_cny"].notna()].head(rows)
    cells = orders[[*_COLUMNS]].astype(object)
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Sheet1")
        sheet.write("Z1", 0)
        sheet.write_formula("H1", f"=SUM(G1:G{rows})")
        for row, line in enumerate(cells.where(cells.notna(), None).values.tolist()):
            sheet.write_row(row, 0, line)
            if formula is not _ARRAY:
                sheet.write_formula(row, 6, formula.format(r=row + 1))
        if formula is _ARRAY:
            sheet.write_array_formula(0, 6, rows - 1, 6, formula.format(r=rows))
    office.open(path)


@contextmanager
def _home() -> Iterator[None]:
    with (
        tempfile.TemporaryDirectory() as folder,
        patch.dict(os.environ, {"SELLERSHEET_HOME": folder}),
    ):
        configure(Path(folder))
        yield


def _started() -> None:
    worker = Worker(lambda: "zh")
    worker.ask("call SEMIFEE", [100.0, 22.6])
    worker.stop()


def _pandas() -> Any:
    return subprocess.run([sys.executable, "-c", "import pandas"], check=True)
