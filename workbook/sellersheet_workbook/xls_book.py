"""Old workbooks (.xls): cells with their errors, merged areas and number formats."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import xlrd

from sellersheet.intake.grid import SEARCHED, Shown
from sellersheet_workbook.number_formats import NOTHING, Beside, beside
from sellersheet_workbook.problems import FileProblem
from sellersheet_workbook.sheet_xml import SheetFacts

_ENCRYPTED: Final = "encrypted"


class XlsBook:
    """The sheets of an .xls file; each is read when it is asked for."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            # A file that lies about itself is told in many ways, none of them documented.
            self._book = xlrd.open_workbook(
                path, formatting_info=True, on_demand=True, logfile=_Silent()
            )
        except FileNotFoundError:
            raise
        except Exception as error:
            locked = _ENCRYPTED in str(error).lower()
            raise FileProblem("password" if locked else "damaged", path=path) from error

    @property
    def sheets(self) -> list[tuple[str, bool]]:
        """The names, and which are visible."""
        visible = self._book._sheet_visibility
        return [(name, visible[at] == 0) for at, name in enumerate(self._book.sheet_names())]

    def top(self, name: str) -> list[list[Any]]:
        """The first rows of a sheet; none where it is blank."""
        return self.rows(name)[0][:SEARCHED]

    @cache  # noqa: B019 (a book lives as long as its reading)
    def rows(self, name: str) -> tuple[list[list[Any]], SheetFacts]:
        """The cells, days and times as such, errors as their code; and what stands beside."""
        try:
            sheet = self._book.sheet_by_name(name)
            facts = SheetFacts(
                merged=[(t, left, b - 1, r - 1) for t, b, left, r in sheet.merged_cells]
            )
            rows = [
                [self._cell(kind, value) for kind, value in
                 zip(sheet.row_types(at), sheet.row_values(at), strict=True)]
                for at in range(sheet.nrows)
            ]  # fmt: skip
            self._formats(sheet, facts)
        except FileProblem:
            raise
        except Exception as error:
            raise FileProblem("damaged", path=self.path) from error
        return rows, facts

    def _cell(self, kind: int, value: Any) -> Any:
        known: dict[int, Callable[[Any], Any]] = {
            xlrd.XL_CELL_EMPTY: lambda _: "",
            xlrd.XL_CELL_BLANK: lambda _: "",
            xlrd.XL_CELL_BOOLEAN: bool,
            xlrd.XL_CELL_ERROR: lambda code: xlrd.error_text_from_code.get(code, "#VALUE!"),
            xlrd.XL_CELL_DATE: self._day,
        }
        return known[kind](value) if kind in known else value

    def _day(self, value: float) -> Any:
        try:
            found: dt.datetime = xlrd.xldate_as_datetime(value, self._book.datemode)
        except (ValueError, OverflowError):
            return value
        return found.date() if found.time() == dt.time() else found

    def _formats(self, sheet: Any, facts: SheetFacts) -> None:
        meant: dict[int, Beside] = {}
        for at, style in enumerate(self._book.xf_list):
            code = self._book.format_map.get(style.format_key)
            found = beside(code.format_str) if code is not None else NOTHING
            if found != NOTHING:
                meant[at] = found
        if not meant:
            return
        rows: dict[tuple[int, Beside], list[int]] = {}
        for at in range(sheet.nrows):
            for column, style in enumerate(sheet._cell_xf_indexes[at]):
                if style in meant and sheet.cell_type(at, column) == xlrd.XL_CELL_NUMBER:
                    rows.setdefault((column, meant[style]), []).append(at)
        for (column, item), places in rows.items():
            shown = Shown(np.array(places, dtype=np.int64), item.currency, item.unit, item.percent)
            facts.shown.setdefault(column, []).append(shown)


class _Silent:
    """What the reader says to itself is of no use to a seller."""

    def write(self, text: str) -> int:
        return len(text)
