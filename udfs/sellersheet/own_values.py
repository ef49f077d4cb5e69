"""Own values from a table: the one way in which ranges, sheets and files give them."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import pandas as pd

from sellersheet.cells import word
from sellersheet.columns import Wrong
from sellersheet.days import date_of
from sellersheet.intake.grid import Grid
from sellersheet.issues import Issue
from sellersheet.tables import Table, read_table

# Names of the row that asks for a language instead of giving a value, as ``word`` writes them.
LANGUAGE: Final = frozenset({"lang", "language", "语言"})


class OwnValues(NamedTuple):
    """``rows`` has name, value, start and reason of every row of the table, {} for a row that
    gives no value. ``languages`` are the cells of rows that ask for one, ``wrong`` the wrong
    start days, and the formulas without a saved value, of rows that give one."""

    rows: list[dict[str, Any]]
    languages: tuple[Any, ...]
    wrong: tuple[Issue, ...]


def own_values(source: Grid | pd.DataFrame) -> OwnValues:
    """The rows of a table ``overrides``; one that can't be read at all is a TableProblem."""
    table = read_table(source, "overrides")
    values, reasons = _cells(table, "value"), _cells(table, "reason")
    starts = table.columns.get("start")
    unread = {issue.row - table.issues.first_row: issue for issue in table.issues}
    rows: list[dict[str, Any]] = []
    languages: list[Any] = []
    wrong: list[Issue] = []
    for at, name in enumerate(table.columns["name"]):
        rows.append({})
        if at in unread and unread[at].code == Wrong.UNCACHED.code:
            wrong.append(unread[at])
            continue
        if values[at] is None:
            continue
        if word(name) in LANGUAGE:
            languages.append(values[at])
            continue
        if at in unread and unread[at].key == "start":
            wrong.append(unread[at])
            continue
        start = None
        if starts is not None and not table.blank["start"][at]:
            start = date_of(int(starts[at]))
        reason = None if reasons[at] is None else str(reasons[at])
        rows[at] = {"name": name, "value": values[at], "start": start, "reason": reason}
    return OwnValues(rows, tuple(languages), tuple(wrong))


def _cells(table: Table, key: str) -> list[Any]:
    """The cells of a column as they came, None for a blank and for a column that is not there."""
    if key not in table.header:
        return [None] * table.n
    at = next(fate.at for fate in table.fates if fate.key == key)
    cells = table.raw.iloc[:, at].astype(object)
    return [None if gap or cell == "" else cell for cell, gap in
            zip(cells, cells.isna(), strict=True)]  # fmt: skip
