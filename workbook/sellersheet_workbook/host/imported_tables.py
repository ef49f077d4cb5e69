"""Imported orders in the order table of a live workbook, a carrier's price sheet in its rates."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from sellersheet.cards import read_card
from sellersheet.columns import RATES
from sellersheet.exchange import FxRates
from sellersheet.intake.grid import Beside, grid_of_frame
from sellersheet.intake.headers import places as places_of
from sellersheet.money import Ints
from sellersheet.wording import Lang
from sellersheet_workbook.files.reading import read_grid
from sellersheet_workbook.host.live_port import DAY_FORMAT, LivePort, cells_of
from sellersheet_workbook.host.program import Cell, Typed
from sellersheet_workbook.orders_import import (
    Target,
    converted,
    no_orders,
    own_units,
    target_of,
    updated_frame,
)
from sellersheet_workbook.orders_import.merging import Merged
from sellersheet_workbook.patch import BookTable
from sellersheet_workbook.patch.areas import Area
from sellersheet_workbook.problems import HOST, HostProblem
from sellersheet_workbook.rate_import import import_rates, sound_rows
from sellersheet_workbook.template.content import are_samples
from sellersheet_workbook.update.flow import log_row

_SHOWN: Final = 5


def target_in(port: LivePort, path: Path, fx: FxRates) -> Target:
    """The orders as they stand, without the blank rows at their end; none where there are none.

    Orders that all are the template's samples count as none: an import takes their place.
    """
    table = port.table("orders")
    if table is None:
        return no_orders(path)
    frame = port.sheets.read(table)
    frame = _filled(frame, [*places_of(table.headers, "orders").values()])
    if _samples(frame):
        frame = frame.iloc[:0]
    # A merged order number is that of each of its rows.
    known = port.beside("orders")
    beside = Beside(shown=known.shown, merged=known.merged, above=known.above)
    rows = frame.reset_index(drop=True)
    return target_of(path, grid_of_frame(rows, table.first_row, beside=beside), fx)


def _filled(frame: pd.DataFrame, inputs: list[int]) -> pd.DataFrame:
    """The rows down to the last in which anything was entered."""
    filled = np.flatnonzero(frame.iloc[:, inputs].notna().any(axis=1).to_numpy())
    return frame.iloc[: filled[-1] + 1 if filled.size else 0]


def _samples(frame: pd.DataFrame) -> int:
    """How many rows there are, where all of them are the template's samples; else 0."""
    at = places_of(list(map(str, frame.columns)), "orders").get("shop")
    filled = frame.dropna(how="all")
    return len(frame) if at is not None and are_samples(filled.iloc[:, at]) else 0


def put_orders(
    port: LivePort, target: Target, merged: Merged, lang: Lang, now: dt.datetime
) -> None:
    """Changed cells in their rows, new rows below them; all other cells keep what they hold."""
    whole = updated_frame(target, merged, lang)
    table = port.table("orders")
    if table is None:
        sheet = port.add_sheet("orders")
        port.put_table(sheet, whole)
        made = BookTable(
            "", sheet, Area(1, 1, 1 + len(whole), whole.shape[1]), tuple(whole.columns)
        )
        for at in range(whole.shape[1]):
            _show_days(port, made, whole.iloc[:, at], at, made.last_row)
        port.mark_rows(made, len(whole))
    else:
        _put_into(port, table, target, merged, whole)
    told = HOST("imported_log", lang, new=f"{merged.new:,}", updated=f"{merged.updated:,}")
    port.append_log(log_row(now, lang, given=told))
    port.save("import_orders", now)


def _put_into(
    port: LivePort, table: BookTable, target: Target, merged: Merged, whole: pd.DataFrame
) -> None:
    old, new = len(target.frame), merged.new
    if not old:
        _clear_samples(port, table)
    added = whole.shape[1] - target.frame.shape[1]
    longer = max(old + new - len(table), 0)
    if longer and table.totals:
        raise HostProblem("totals", sheet=table.sheet, table=table.name)
    port.grow(table, added, longer)
    area = table.area
    for change in merged.updates:
        place = target.places.get(change.key)
        if place is not None:
            _change_cells(port, table, whole.iloc[:, place], place, change.before)
    if target.currency is not None and merged.changed.size:
        at = target.currency
        _change_cells(port, table, whole.iloc[:, at], at, merged.changed)
    fresh = {
        area.left + at: [str(whole.columns[at]), *cells_of(whole.iloc[:, at])]
        for at in range(target.frame.shape[1], whole.shape[1])
    }
    port.put_columns(table.sheet, area.top, fresh)
    _add_rows(port, table, target, whole.iloc[old:], longer)
    last = table.first_row + old + new - 1
    for at in range(0 if not old else target.frame.shape[1], whole.shape[1]):
        _show_days(port, table, whole.iloc[:, at], at, last)
    port.mark_rows(table, max(len(table), old + new))


def _clear_samples(port: LivePort, table: BookTable) -> None:
    """What was entered in the rows of the samples goes; formulas stay where they are."""
    frame = port.sheets.read(table)
    inputs = sorted(places_of(table.headers, "orders").values())
    count = _samples(_filled(frame, inputs))
    if not count:
        return
    gone: dict[int, list[Cell]] = {table.area.left + at: [None] * count for at in inputs}
    port.put_columns(table.sheet, table.first_row, gone)
    port.message(HOST("samples_cleared", port.program.lang, count=f"{count:,}"))


def _show_days(
    port: LivePort, table: BookTable, column: pd.Series[Any], at: int, last: int
) -> None:
    """A column of days gets a format that shows them as days."""
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        left = table.area.left + at
        place = Area(table.first_row, left, last, left)
        port.change.formats.append((table.sheet, place, DAY_FORMAT))


def _change_cells(
    port: LivePort, table: BookTable, column: pd.Series[Any], place: int, rows: Ints
) -> None:
    """The changed cells of a column, in one block with what stands between them."""
    first, last = int(rows.min()), int(rows.max())
    at = table.area.left + place
    area = Area(table.first_row + first, at, table.first_row + last, at)
    cells = [row[0] for row in port.program.contents(table.sheet, area)]
    fresh = cells_of(column.iloc[rows])
    for row, cell in zip(rows.tolist(), fresh, strict=True):
        cells[row - first] = cell
    port.put_columns(table.sheet, area.top, {at: cells})


def _add_rows(
    port: LivePort, table: BookTable, target: Target, rows: pd.DataFrame, longer: int
) -> None:
    """New rows under the last filled one; formulas that stand there or above go on down."""
    if not len(rows):
        return
    area, top = table.area, table.first_row + len(target.frame)
    bottom = top + len(rows) - 1
    above = Area(table.last_row, area.left, table.last_row, area.right)
    formulas: set[int] = set()
    if len(table):
        last = port.program.contents(table.sheet, above)[0]
        formulas = {at for at, cell in enumerate(last) if isinstance(cell, Typed)}
        if longer:
            port.change.filled.append((table.sheet, above._replace(bottom=bottom)))
    given = target.filled
    written: dict[int, list[Cell]] = {}
    over: dict[int, list[Cell]] = {}
    for at in range(target.frame.shape[1]):
        cells = cells_of(rows.iloc[:, at])
        if at in formulas and (at not in given or not any(cell is not None for cell in cells)):
            continue
        if at in given:
            written[area.left + at] = cells
        elif longer:  # what was filled down is the row above's
            over[area.left + at] = [None] * longer
    port.put_columns(table.sheet, top, written)
    port.put_columns(table.sheet, bottom - longer + 1, over)


def put_rates(port: LivePort, file: Path, now: dt.datetime) -> str:
    """Rows of the lines that the file names are replaced; what to say in the end."""
    lang = port.program.lang
    grid = read_grid(file, "rates")
    found = import_rates(grid, lang, fill_down=True, today=now.date())
    card = read_card(found.frame, first_row=found.first_row)
    problems = [problem.text(lang) for problem in found.refused]
    problems += [str(row.message) for row in card.issues(lang).itertuples() if row.refused]
    fresh = sound_rows(card, lang).astype(object)
    fresh = fresh.where(fresh.notna(), None)
    if fresh.empty:
        raise HostProblem("no_rates", path=file, detail=problems[0] if problems else "—")
    for note in (*found.notes, *found.remarks):
        port.message(note.text(lang))
    if grid.others:
        sheets = list(grid.others)
        port.message(HOST("rates_other_sheets", lang, sheet=grid.sheet, sheets=sheets))
    if problems:
        port.message(HOST("rates_refused", lang, count=f"{len(problems):,}"))
        port.said += [f"  {text}" for text in problems[:_SHOWN]]
    table = port.table("rates")
    kept, gone = 0, 0
    if table is None:
        port.put_table(port.add_sheet("rates"), fresh)
        headers = tuple(fresh.columns)
        table = BookTable("", port.change.sheets[-1], Area(1, 1, 1, len(headers)), headers)
        _days_of_rates(port, table, fresh, 2)
    else:
        kept, gone = _rates_into(port, table, fresh)
    told = HOST("rates_log", lang, file=file.name, rows=f"{len(fresh):,}")
    port.append_log(log_row(now, lang, given=told))
    port.save("import_rates", now)
    if gone:
        named = sorted(set(_lines(fresh, places_of(fresh.columns, "rates")))) or ["—"]
        port.said.insert(0, HOST("rates_replaced", lang, count=f"{gone:,}", lines=named))
    told = HOST("rates", lang, file=file.name, rows=f"{len(fresh):,}", kept=f"{kept:,}")
    if port.table("orders") is not None:
        port.message(port.advice())
    return told


def _rates_into(port: LivePort, table: BookTable, fresh: pd.DataFrame) -> tuple[int, int]:
    """Rows of other lines, then the fresh ones; how many stayed, and how many were replaced."""
    old = port.sheets.read(table).reset_index(drop=True).astype(object)
    places = places_of(table.headers, "rates")
    new = places_of(fresh.columns, "rates")
    if missing := [
        key for key in new if key not in places and fresh.iloc[:, new[key]].notna().any()
    ]:
        titles = [item.title(port.program.lang) for item in RATES if item.key in missing]
        raise HostProblem("rates_columns", sheet=table.sheet, headers=titles)
    units = own_units(table.sheet, table.headers, port.beside("rates"), "rates")
    for key, unit in units.items():
        if key in new:
            numbers = pd.to_numeric(fresh.iloc[:, new[key]])
            fresh.isetitem(new[key], converted(numbers, unit).astype(object).to_numpy())
    blank = old.isna().all(axis=1)
    lines = _lines(fresh, new)
    stays = ~blank & ~_lines(old, places).isin(set(lines))
    columns: dict[int, pd.Series[Any]] = {}
    backs = {place: key for key, place in places.items()}
    for at in range(len(table.headers)):
        key = backs.get(at, "")
        below = fresh.iloc[:, new[key]] if key in new else pd.Series([None] * len(fresh))
        parts = [old.iloc[:, at][stays], below.astype(object)]
        columns[at] = pd.concat(parts, ignore_index=True)
    whole = pd.DataFrame(columns)
    longer = max(len(whole) - len(table), 0)
    if longer and table.totals:
        raise HostProblem("totals", sheet=table.sheet, table=table.name)
    port.grow(table, 0, longer)
    whole = whole.reindex(range(max(len(whole), len(table))))
    port.put_rows(table.sheet, table.first_row, table.area.left, whole)
    _days_of_rates(port, table, whole, table.first_row + int(stays.sum()))
    port.mark_header(table)
    return int(stays.sum()), int((~blank & ~stays).sum())


def _lines(frame: pd.DataFrame, places: dict[str, int]) -> pd.Series[Any]:
    """The line that each row is for, "" for none."""
    if "line" not in places:
        return pd.Series([""] * len(frame))
    cells = frame.iloc[:, places["line"]]
    return cells.where(cells.notna(), "").astype(str).str.strip().str.casefold()


def _days_of_rates(port: LivePort, table: BookTable, rows: pd.DataFrame, top: int) -> None:
    for key, at in places_of(table.headers, "rates").items():
        if key in ("start", "end"):
            left = table.area.left + at
            place = Area(top, left, table.first_row + len(rows) - 1, left)
            port.change.formats.append((table.sheet, place, DAY_FORMAT))
