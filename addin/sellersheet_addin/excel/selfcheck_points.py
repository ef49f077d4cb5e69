"""Where Excel's own rules decide whether we work, each tried in the user's Excel: a line each.

Not tried in a real Excel: tested over Excel's objects in memory. Only new workbooks and copies
are touched; the configuration is put back.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sellersheet import functions
from sellersheet.columns import INPUT
from sellersheet.functions.blocks import error_text
from sellersheet_addin.excel.edition import edition
from sellersheet_addin.excel.install import WindowsFolders, configure
from sellersheet_addin.excel.long_arrays import LONGEST, write_array
from sellersheet_addin.excel.own_excel import Start, said
from sellersheet_addin.report import Report

_QUICK: Final = 2.0  # seconds
_CELLS: Final = 20
_MOST_NAMES: Final = 3
_FEE: Final = 31.3  # of SEMIFEE(100,22.6)
_KEYS: Final = ("order_id", "order_date", "country", "paid_cny", "logistics_cny")
_ORDERS: Final = (("A1", 45509.0, "ES", 100.0, 22.6), ("A2", 45510.0, "FR", 50.0, 20.0),
                  ("A3", 45511.0, "ES", 80.0, 22.6))  # fmt: skip


@dataclass(frozen=True)
class Bench:
    """What the points are tried with; ``macro_book`` and ``plain_book`` are copies to open."""

    report: Report
    excel: Any
    addin: Path
    macro_book: Path | None
    plain_book: Path | None

    def attempt(self, point: Callable[[Bench], None]) -> None:
        """One point; that it could not be tried is a finding too."""
        try:
            point(self)
        except Exception as error:
            name = point.__name__.strip("_").replace("_", " ")
            self.report.bad("point_failed", point=name, what=said(error))

    def run(self, macro: str) -> Any:
        """A macro of the add-in, on the workbook in front."""
        return self.excel.Run(f"'{self.addin.name}'!{macro}")


def try_points(bench: Bench) -> None:
    """Every point that needs no second Excel."""
    for point in (
        _true_errors, _spill, _long_array, _links_repaired, _filtered_orders,
        _plain_workbook_bound, _one_process, _editions,
    ):  # fmt: skip
        bench.attempt(point)


def _true_errors(bench: Bench) -> None:
    """A cell's error is Excel's own, not a text that looks like one."""
    with _new_sheet(bench.excel) as sheet:
        cell = sheet.Cells(1, 1)
        cell.Formula = '=AND(ISNA(SEMIFEE(100,"")),ISERROR(SEMIFEE(-1,22.6)))'
        bench.excel.Calculate()
        shown = cell.Value2
    bench.report.judge("true_errors", shown is True, seen=shown)


def _spill(bench: Bench) -> None:
    """A table fills the cells beside it, in an Excel that does that."""
    wanted = len(functions.SEMIFEE_DETAIL(100, 22.6)[0])
    with _new_sheet(bench.excel) as sheet:
        cell = sheet.Cells(1, 1)
        try:
            cell.Formula2 = "=SEMIFEE_DETAIL(100,22.6)"
            bench.excel.Calculate()
            seen = cell.SpillingToRange.Columns.Count
        except Exception:
            bench.report.note("no_spill")
        else:
            bench.report.judge("spill", seen == wanted, seen=seen, wanted=wanted)


def _long_array(bench: Bench) -> None:
    """An array formula beyond what Excel takes at once goes in by parts."""
    with _new_sheet(bench.excel) as sheet:
        cells = [f"'{sheet.Name}'!$Z${row}" for row in range(1, 13)]
        parts = [f'IF({cell}="",1,{cell})' for cell in cells]
        formula = f"=SUM({','.join(parts)})"
        write_array(sheet.Range(sheet.Cells(1, 1), sheet.Cells(1, 2)), formula)
        bench.excel.Calculate()
        shown = sheet.Cells(1, 2).Value2
    right = shown == len(parts) and len(formula) > LONGEST
    bench.report.judge("long_array", right, length=len(formula), seen=shown)


def _links_repaired(bench: Bench) -> None:
    """Formulas that name the add-in's file get their plain names back, a long array too."""
    plain = ("=SEMIFEE(100,22.6)", f"=SUM({','.join(['SEMIFEE(100,22.6)'] * _CELLS)})")
    linked = [formula.replace("SEMIFEE", f"'{bench.addin}'!SEMIFEE") for formula in plain]
    with _new_sheet(bench.excel) as sheet:
        sheet.Cells(1, 1).Formula = linked[0]
        write_array(sheet.Range(sheet.Cells(3, 1), sheet.Cells(3, 2)), linked[1])
        bench.run("SellersheetRepairLinks")
        bench.excel.Calculate()
        cells = sheet.Cells(1, 1), sheet.Cells(3, 2)
        seen = [str(cell.Formula) for cell in cells]
        shown = [cell.Value2 for cell in cells]
    right = [
        isinstance(cell, float) and round(cell, 2) == wanted
        for cell, wanted in zip(shown, (_FEE, _FEE * _CELLS), strict=True)
    ]
    fields = {"seen": seen[0], "shown": shown[0], "length": len(plain[1])}
    bench.report.judge("links", seen == list(plain) and all(right), **fields)


def _filtered_orders(bench: Bench) -> None:
    """A filtered table is refused; without the filter it is updated, and undone."""
    lang = bench.report.lang
    titles = {item.key: item.title(lang) for item in INPUT}
    rows = (tuple(titles[key] for key in _KEYS), *_ORDERS)
    with _new_sheet(bench.excel) as sheet:
        block = sheet.Range(sheet.Cells(1, 1), sheet.Cells(len(rows), len(_KEYS)))
        block.Value = rows
        table = sheet.ListObjects.Add(SourceType=1, Source=block, XlListObjectHasHeaders=1)
        table.Range.AutoFilter(Field=_KEYS.index("country") + 1, Criteria1="=ES")
        before = _shown(sheet)
        bench.run("SellersheetUpdate")
        refused = _shown(sheet) == before
        bench.report.judge("filter", refused)
        table.AutoFilter.ShowAllData()
        bench.run("SellersheetUpdate")
        fees = [cell for row in _shown(sheet)[1:] for cell in row[len(_KEYS) :]]
        bench.report.judge("update", _FEE in [round(c, 2) for c in fees if isinstance(c, float)])
        bench.run("SellersheetUndo")
        bench.report.judge("undo", _shown(sheet) == before)


def _plain_workbook_bound(bench: Bench) -> None:
    """Plain function names of an .xlsx find the add-in when it is opened."""
    if bench.plain_book is None:
        bench.report.note("no_template", path="sellersheet.xlsx")
        return
    book = bench.excel.Workbooks.Open(str(bench.plain_book))
    bench.excel.CalculateFullRebuild()
    unknown = []
    for sheet in book.Worksheets:
        for row, cells in enumerate(_shown(sheet), 1):
            if any(error_text(cell) == "#NAME?" for cell in cells):
                unknown.append(f"{sheet.Name}:{row}")
    book.Close(SaveChanges=False)
    where = ", ".join(unknown[:_MOST_NAMES])
    bench.report.judge(
        "bound", not unknown, book=bench.plain_book.name, count=len(unknown), where=where
    )


def _one_process(bench: Bench) -> None:
    """Two workbooks with macros are calculated by one Python, which looks nowhere else."""
    places = [bench.addin.name]
    opened = None
    if bench.macro_book is not None:
        opened = bench.excel.Workbooks.Open(str(bench.macro_book))
        bench.excel.CalculateFullRebuild()
        places.append(opened.Name)
    reports = [
        _fields(str(bench.excel.Run(f"'{place}'!ThisWorkbook.StartupReport"))) for place in places
    ]
    if opened is not None:
        opened.Close(SaveChanges=False)
    found = [report.get("process", "") for report in reports]
    bench.report.judge(
        "one_process", bool(found[0]) and len(set(found)) == 1, seen=", ".join(found)
    )
    safe = [report.get("safe_path") for report in reports]
    bench.report.judge("safe_path", set(safe) == {"True"})
    bench.report.note("excel_bits", bits=reports[0].get("bits", "?"))


def _editions(bench: Bench) -> None:
    """The add-in is of the edition that calculates."""
    fields = _fields(str(bench.run("ThisWorkbook.StartupReport")))
    there = fields.get("edition", "?")
    bench.report.judge("edition", there == edition(), seen=there, wanted=edition())


def try_broken_start(
    report: Report, folders: WindowsFolders, python: Path, folder: Path, start: Start
) -> None:
    """In an Excel of its own: a Python that can't start is told at once, and again at once."""
    broken = without_library(python, folder / "broken")
    kept = folders.configuration.read_bytes()
    try:
        configure(folders, broken)
        with start() as app:
            _broken_cells(report, app, folders.addin)
    finally:
        folders.configuration.write_bytes(kept)
        folders.last_problem.unlink(missing_ok=True)


def without_library(python: Path, folder: Path) -> Path:
    """A copy of the interpreter that ends at once, as it finds none of its modules.

    The DLLs beside it come along: for one that is missing Windows opens a window and waits.
    """
    folder.mkdir()
    dlls = [file for place in python.parents[:2] for file in place.glob("*.dll")]
    for file in (python, *dlls):
        shutil.copy(file, folder / file.name)
    return folder / python.name


def _broken_cells(report: Report, app: Any, addin: Path) -> None:
    excel = app.api
    app.display_alerts = False
    excel.Workbooks.Open(str(addin))
    with _new_sheet(excel) as sheet:
        started = time.perf_counter()
        cells = [sheet.Cells(row, 1) for row in range(1, _CELLS + 1)]
        for cell in cells:
            cell.Formula = "=SEMIFEE(100,22.6)"
        took = time.perf_counter() - started
        wrong = sum(error_text(cell.Value2) is None for cell in cells)
        reason = _fields(str(excel.Run(f"'{addin.name}'!ThisWorkbook.StartupReport"))).get("reason")
    fields = {"count": _CELLS, "seconds": f"{took:.1f}", "reason": reason or "?"}
    right = took <= _QUICK and not wrong and bool(reason)
    report.judge("broken", right, **fields)


@contextmanager
def _new_sheet(excel: Any) -> Iterator[Any]:
    """The sheet of a new workbook, which is closed again."""
    book = excel.Workbooks.Add()
    try:
        yield book.Worksheets(1)
    finally:
        book.Close(SaveChanges=False)


def _shown(sheet: Any) -> list[list[Any]]:
    """What a sheet shows, from its first used cell, without blank rows and columns at the end."""
    rows = sheet.UsedRange.Value2
    if not isinstance(rows, tuple):
        rows = ((rows,),)
    found = [list(row) for row in rows]
    while found and not any(cell is not None for cell in found[-1]):
        found.pop()
    while found and found[0] and not any(row[-1] is not None for row in found):
        found = [row[:-1] for row in found]
    return found


def _fields(text: str) -> dict[str, str]:
    """The startup report's parts by name."""
    parts = (part.partition("=") for part in text.split(";"))
    return {name: value for name, mark, value in parts if mark}
