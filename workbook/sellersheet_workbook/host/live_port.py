"""The tables of a live workbook for an update: read as they stand, written together at the end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any, Final

import numpy as np
import pandas as pd

from sellersheet.columns import INPUT
from sellersheet.days import EXCEL_DAY_0
from sellersheet.functions.blocks import error_text
from sellersheet.intake.grid import Beside
from sellersheet.intake.headers import places as places_of
from sellersheet_workbook.host.change import Block, Change, make
from sellersheet_workbook.host.program import Cell, Program, Typed
from sellersheet_workbook.host.sheets import LiveSheets
from sellersheet_workbook.orders_import import IDENTITY
from sellersheet_workbook.patch import BookTable
from sellersheet_workbook.patch.areas import LAST_COLUMN, LAST_ROW, Area
from sellersheet_workbook.problems import HOST, UPDATE, HostProblem
from sellersheet_workbook.update.finding import given_table, made_table, sheet_of
from sellersheet_workbook.update.given import Columns, GivenTable, MadeTable, Name
from sellersheet_workbook.update.new_sheets import over_old
from sellersheet_workbook.update.result_columns import number_formats, result_headers

DAY_FORMAT: Final = "yyyy-mm-dd"
_SAME: Final = 1e-6


class LivePort:
    """A port to the workbook of a program. What is written stands in it after ``save``."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.change = Change()
        self.said: list[str] = []
        self.sheets = LiveSheets(program)
        self._tables: dict[GivenTable, BookTable | None] = {}

    def table(self, name: GivenTable) -> BookTable | None:
        """Where the table stands; None where there is none."""
        if name not in self._tables:
            self._tables[name] = given_table(self.sheets, name)
        return self._tables[name]

    def read_table(self, name: GivenTable) -> pd.DataFrame | None:
        table = self.table(name)
        return None if table is None else self.sheets.read(table)

    def beside(self, name: GivenTable) -> Beside:
        table = self.table(name)
        return Beside() if table is None or not len(table) else self.sheets.beside(table, name)

    def write_columns(self, name: GivenTable, columns: Columns) -> None:
        table = self._there(name)
        known = [header.strip() for header in table.headers]
        for header in columns:
            if known.count(header) > 1:
                raise HostProblem("header_twice", header=header, sheet=table.sheet)
        new = [header for header in columns if header not in known]
        area = self.grow(table, len(new))
        places = {header: area.left + at for at, header in enumerate([*known, *new])}
        cells: dict[int, list[Cell]] = {}
        for header, values in columns.items():
            cells[places[header]] = cells_of(pd.Series(values, dtype=object))
        for header in new:
            cells[places[header]].insert(0, header)
        old = {at: column for at, column in cells.items() if at <= table.area.right}
        self.put_columns(table.sheet, table.first_row, self._changed(table, old))
        added = {at: column for at, column in cells.items() if at > table.area.right}
        self.put_columns(table.sheet, table.area.top, added)
        if len(table):
            for header, code in number_formats(new).items():
                at = places[header]
                place = Area(table.first_row, at, table.last_row, at)
                self.change.formats.append((table.sheet, place, code))
        self.mark_rows(table, len(table))

    def write_table(self, name: MadeTable, frame: pd.DataFrame) -> None:
        sheet = sheet_of(self.sheets, name)
        old = made_table(self.sheets, name)
        if old is None:
            if len(frame):
                self.put_table(sheet or self.add_sheet(name), frame)
            return
        fitting = over_old(frame, old)
        if fitting is None:
            self.message(UPDATE("not_ours", self.program.lang, sheet=old.sheet))
            return
        if len(fitting):
            self.put_rows(old.sheet, old.first_row, old.area.left, fitting)
            self.mark_header(old)

    def append_log(self, row: Mapping[str, Any]) -> None:
        sheet, old = sheet_of(self.sheets, "log"), made_table(self.sheets, "log")
        line = pd.DataFrame([row])
        if old is None:
            self.put_table(sheet or self.add_sheet("log"), line)
        else:
            self.put_rows(old.sheet, old.area.bottom + 1, old.area.left, line)
            self.mark_header(old)

    def progress(self, done: int, total: int, text: str) -> None:
        self.program.progress(done, total, text)

    def message(self, text: str) -> None:
        self.said.append(text)

    def save(self, action: str, now: dt.datetime) -> None:
        """Writes everything; when that fails, what stood before is put back."""
        if self.change:
            make(self.program, self.change, action, now)

    def add_sheet(self, name: Name) -> str:
        """The name of the sheet that is to be added for a table."""
        title = UPDATE(f"table_{name}", self.program.lang)
        self.change.sheets.append(title)
        return title

    def put_table(self, sheet: str, frame: pd.DataFrame) -> None:
        """A header and rows at the top of a blank sheet."""
        if sheet not in self.change.sheets and self.program.used(sheet) is not None:
            raise HostProblem("not_blank", sheet=sheet)
        header = pd.DataFrame([[str(label) for label in frame.columns]], columns=frame.columns)
        self.put_rows(sheet, 1, 1, header)
        self.put_rows(sheet, 2, 1, frame)
        if len(frame):
            titles = list(map(str, frame.columns))
            for title, code in number_formats(titles).items():
                at = titles.index(title) + 1
                self.change.formats.append((sheet, Area(2, at, 1 + len(frame), at), code))
        header_row = Area(1, 1, 1, frame.shape[1])
        if sheet in self.change.sheets:
            self.change.headers.append((sheet, header_row))
        self._mark(sheet, header_row)

    def put_rows(self, sheet: str, top: int, left: int, frame: pd.DataFrame) -> None:
        """The rows of a frame as one block."""
        columns = {left + at: cells_of(frame.iloc[:, at]) for at in range(frame.shape[1])}
        self.put_columns(sheet, top, columns)

    def put_columns(self, sheet: str, top: int, columns: Mapping[int, list[Cell]]) -> None:
        """Columns of one length; neighbours become one block."""
        for run in _runs(sorted(columns)):
            rows = list(zip(*(columns[at] for at in run), strict=True))
            if not rows:
                continue
            area = Area(top, run[0], top + len(rows) - 1, run[-1])
            if area.bottom > LAST_ROW or area.right > LAST_COLUMN:
                raise HostProblem("no_room", sheet=sheet)
            self.change.blocks.append(Block(sheet, area, rows))

    def mark_rows(self, table: BookTable, count: int) -> None:
        """The header and what names the rows: with others there, an undo would do harm."""
        known = places_of(table.headers, "orders")
        keys: list[str] = [key for key in IDENTITY if key in known]
        if "order_id" not in keys:
            keys = [item.key for item in INPUT if item.key in known]
        area = table.area
        self.mark_header(table)
        for run in _runs(sorted(area.left + known[key] for key in keys)):
            self._mark(table.sheet, Area(area.top, run[0], area.top + count, run[-1]))

    def mark_header(self, table: BookTable) -> None:
        """The header alone, where rows have no name."""
        self._mark(table.sheet, table.area._replace(bottom=table.area.top))

    def _mark(self, sheet: str, area: Area) -> None:
        self.change.marks.append((sheet, area))

    def _there(self, name: GivenTable) -> BookTable:
        table = self.table(name)
        assert table is not None  # noqa: S101  only what was read is written
        return table

    def _changed(self, table: BookTable, columns: dict[int, list[Cell]]) -> dict[int, list[Cell]]:
        """The columns in which anything changes; a formula that shows the right value stays."""
        found, live = {}, 0
        for run in _runs(sorted(columns)):
            if not len(table):
                continue
            area = Area(table.first_row, run[0], table.last_row, run[-1])
            held = zip(*self.program.contents(table.sheet, area), strict=True)
            shown = zip(*self.program.values(table.sheet, area), strict=True)
            for at, contents, values in zip(run, held, shown, strict=True):
                fresh = [
                    old if isinstance(old, Typed) and _right(value, new) else new
                    for old, value, new in zip(contents, values, columns[at], strict=True)
                ]
                live += sum(isinstance(cell, Typed) and cell != "" for cell in fresh)
                if not all(map(_alike, contents, fresh)):
                    found[at] = fresh
        if live:
            self.message(HOST("formulas_stay", self.program.lang, count=f"{live:,}"))
        return found

    def grow(self, table: BookTable, columns: int, rows: int = 0) -> Area:
        """The table's area with room at its right end and below; nothing may stand there."""
        area = table.area
        wider = Area(area.top, area.left, area.bottom + rows, area.right + columns)
        if columns:
            self._check_blank(table.sheet, wider._replace(left=area.right + 1))
        if rows:
            self._check_blank(table.sheet, wider._replace(top=area.bottom + 1))
        if table.name and wider != area:
            self.change.tables.append((table.name, area, wider))
        return wider

    def _check_blank(self, sheet: str, area: Area) -> None:
        """A HostProblem unless nothing stands in the area."""
        if area.bottom > LAST_ROW or area.right > LAST_COLUMN:
            raise HostProblem("no_room", sheet=sheet)
        others = [item for item in self.sheets.tables() if item.sheet == sheet]
        if not self.sheets.blank(sheet, area) or any(item.area.meets(area) for item in others):
            raise HostProblem("occupied", sheet=sheet, area=area.ref)

    def advice(self) -> str:
        """What the results of the orders are after an import, and what is to be done: one
        sentence, by the first row's total."""
        lang, table = self.program.lang, self.table("orders")
        title = result_headers(table.headers, lang)["total_fee_cny"] if table else ""
        if table is None or title not in table.headers or not len(table):
            return HOST("results_none", lang)
        at = table.area.left + table.headers.index(title)
        place = Area(table.first_row, at, table.first_row, at)
        ((cell,),) = self.program.contents(table.sheet, place)
        if isinstance(cell, Typed):
            return HOST("results_follow", lang)
        return HOST("results_none" if cell in (None, "") else "results_old", lang)

    def told(self, sentence: str) -> str:
        """The one message: the sentence, then what was said on the way."""
        return "\n".join([sentence, *self.said])


def _right(shown: Cell, computed: Cell) -> bool:
    """Whether a formula shows what was computed; its words may be in the other language.

    Where nothing could be computed, a formula that shows an error says the same.
    """
    if computed in (None, "") and error_text(shown) is not None:
        return True
    if isinstance(shown, str) and isinstance(computed, str):
        return error_text(shown) is None
    return _alike(shown, computed)


def _alike(one: Cell, other: Cell) -> bool:
    if type(one) is float and isinstance(other, (int, float)):
        return abs(one - other) < _SAME
    return one == other or {one, other} <= {None, ""}


def cells_of(column: pd.Series[Any]) -> list[Cell]:
    """The cells of a column as a program takes them: days as numbers, None for a blank."""
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        days = ((column - EXCEL_DAY_0) / pd.Timedelta(days=1)).to_numpy()
        return [None if day != day else day for day in days.tolist()]
    plain = column.astype(object)
    found = plain.where(plain.notna(), None).tolist()
    kinds = set(map(type, found))
    if kinds <= {type(None), bool, int, float, str}:
        return [None if cell == "" else cell for cell in found]
    return [_cell(cell) for cell in found]


def _cell(value: Any) -> Cell:
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, dt.date):
        return float((pd.Timestamp(value) - EXCEL_DAY_0) / pd.Timedelta(days=1))
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return str(value) or None


def _runs(places: Iterable[int]) -> list[list[int]]:
    """Neighbouring numbers together."""
    found: list[list[int]] = []
    for before, at in pairwise([-1, *places]):
        if found and at == before + 1:
            found[-1].append(at)
        else:
            found.append([at])
    return found
