"""A carrier's price sheet in the rates of a live workbook."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any, Final

import pandas as pd

from sellersheet.cards import read_card
from sellersheet.columns import RATES
from sellersheet.intake.headers import places as places_of
from sellersheet_workbook.files.reading import read_grid
from sellersheet_workbook.host.live_port import DAY_FORMAT, LivePort
from sellersheet_workbook.patch import BookTable
from sellersheet_workbook.patch.areas import Area
from sellersheet_workbook.problems import HOST, HostProblem
from sellersheet_workbook.rate_import import import_rates, sound_rows
from sellersheet_workbook.update.flow import log_row

_SHOWN: Final = 5


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
        _format_days(port, table, fresh, 2)
    else:
        kept, gone = _put_into(port, table, fresh)
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


def _put_into(port: LivePort, table: BookTable, fresh: pd.DataFrame) -> tuple[int, int]:
    """Rows of other lines, then the fresh ones; how many stayed, and how many were replaced."""
    old = port.sheets.read(table).reset_index(drop=True).astype(object)
    places = places_of(table.headers, "rates")
    new = places_of(fresh.columns, "rates")
    if missing := [
        key for key in new if key not in places and fresh.iloc[:, new[key]].notna().any()
    ]:
        titles = [item.title(port.program.lang) for item in RATES if item.key in missing]
        raise HostProblem("rates_columns", sheet=table.sheet, headers=titles)
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
    _format_days(port, table, whole, table.first_row + int(stays.sum()))
    port.mark_header(table)
    return int(stays.sum()), int((~blank & ~stays).sum())


def _lines(frame: pd.DataFrame, places: dict[str, int]) -> pd.Series[Any]:
    """The line that each row is for, "" for none."""
    if "line" not in places:
        return pd.Series([""] * len(frame))
    cells = frame.iloc[:, places["line"]]
    return cells.where(cells.notna(), "").astype(str).str.strip().str.casefold()


def _format_days(port: LivePort, table: BookTable, rows: pd.DataFrame, top: int) -> None:
    for key, at in places_of(table.headers, "rates").items():
        if key in ("start", "end"):
            left = table.area.left + at
            place = Area(top, left, table.first_row + len(rows) - 1, left)
            port.change.formats.append((table.sheet, place, DAY_FORMAT))
