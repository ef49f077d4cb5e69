"""What a copy of the template is filled with: the samples, or the user's own orders."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass
from math import fsum
from typing import Any, Final

import numpy as np
import pandas as pd

from sellersheet.columns import COST_COLUMNS, INPUT, Column
from sellersheet.exchange import FxRates
from sellersheet.intake.asked import NOTHING_ASKED, Asked
from sellersheet.money import Ints, Mask
from sellersheet.orders.flow import refund_unknown
from sellersheet.tables import Table, read_table
from sellersheet.wording import Lang, Problem, Wording
from sellersheet.wrong import Wrong
from sellersheet_workbook.files.reading import read_grid
from sellersheet_workbook.orders_import.merging import as_cells
from sellersheet_workbook.template.samples import sample_rows

ROWS: Final = 2000
KEYS: Final = frozenset(item.key for item in INPUT)
FEWEST: Final = 50
MOST: Final = 20_000
_SPARE: Final = 500


# What is wrong with a cell that would look right in a workbook.
_OTHER_CURRENCY: Final = {Wrong.NO_RATE.code, Wrong.NO_RATE_YET.code}
_NOT_SEEN: Final = _OTHER_CURRENCY | {
    wrong.code
    for wrong in (
        Wrong.UNCACHED, Wrong.CUT_NUMBER, Wrong.NO_CURRENCY, Wrong.UNKNOWN_CURRENCY,
        Wrong.UNCLEAR_SHARE, Wrong.RAGGED, Wrong.NOT_OF_ORDER,
    )
}  # fmt: skip
_WORDS: Final = Wording("sellersheet_workbook.template", "orders.toml")


class TemplateProblem(Problem):
    """A template that can't be made as asked."""

    wording = Wording("sellersheet_workbook.template", "problems.toml")


@dataclass(frozen=True, slots=True)
class Content:
    """``lines`` are order lines by column key; ``rows`` is how many lines are live; ``table`` is
    what a file of orders was read as."""

    lines: list[dict[str, Any]]
    rows: int = ROWS
    sample: bool = True
    table: Table | None = None


def samples(lang: Lang, rows: int = ROWS) -> Content:
    """The invented orders that the template comes with."""
    return Content(sample_rows(lang), checked(rows))


def own_orders(
    path: str | os.PathLike[str],
    lang: Lang,
    rows: int | None = None,
    *,
    usual: int = ROWS,
    keys: Collection[str] = KEYS,
    fx: FxRates | None = None,
    asked: Asked = NOTHING_ASKED,
) -> Content:
    """The orders of a file. A cell that can't be read stands as it is: its row then says why.

    ``keys`` are the columns of the workbook; costs of an order that have none of their own there
    are among its other costs.
    """
    table = read_table(read_grid(path), fx=fx, asked=asked)
    filled = np.flatnonzero(~table.empty & ~table.left)
    if rows is None:
        rows = max(usual, -(-len(filled) // _SPARE) * _SPARE)
        if rows > MOST:
            raise TemplateProblem("too_many_orders", path=path, count=f"{len(filled):,}", most=MOST)
    if len(filled) > checked(rows):
        raise TemplateProblem("beyond_rows", path=path, count=f"{len(filled):,}", rows=str(rows))
    columns = {
        item.key: _cells(table, item, filled, lang) for item in INPUT if item.key in table.header
    }
    # With a 0 of its own it would be a further line no more, and what it takes from a wrong
    # first line would be blank: today, for a date.
    continued = _doubted(table, "continued_line") & table.bad
    for at in np.flatnonzero(continued[filled]).tolist():
        columns["paid_cny"][at] = None
    # A workbook's cells can't be merged over rows of a table: repeated, a quantity would multiply
    # the cost of a SKU in each of them.
    if "qty" in columns:
        for at in np.flatnonzero(quantity_unknown(table)[filled]).tolist():
            columns["qty"][at] = None
    # Its state is no column of the workbook: what was given back is asked for in the row itself.
    asked_for = np.flatnonzero(refund_unknown(table)[filled]).tolist()
    if asked_for:
        refunds = columns.setdefault("refund_cny", [None] * len(filled))
        for at in asked_for:
            refunds[at] = _WORDS("enter_refund", lang)
    if "weight_g" in columns:  # likely kilograms, which no header says there
        for at in np.flatnonzero(_doubted(table, "weight_unit")[filled]).tolist():
            columns["weight_g"][at] = None
    _refuse(table, columns, {row: at for at, row in enumerate(filled.tolist())}, keys, lang)
    further = [key for key in COST_COLUMNS if key in columns and key not in keys]
    if further:
        costs = [key for key in (*further, "other_cny") if key in columns]
        columns["other_cny"] = _together(
            [columns[key] for key in costs], [table.given[key][filled] for key in costs]
        )
    lines = [dict(zip(columns, line, strict=True)) for line in zip(*columns.values(), strict=True)]
    return Content(lines, rows, sample=False, table=table)


def quantity_unknown(table: Table) -> Mask:
    """The rows whose quantity is merged with that of other rows."""
    return _doubted(table, "merged_quantity")


def _doubted(table: Table, code: str) -> Mask:
    return table.doubts.get(code, np.zeros(table.n, dtype=bool))


def _refuse(
    table: Table, columns: dict[str, list[Any]], places: dict[int, int],
    keys: Collection[str], lang: Lang,
) -> None:  # fmt: skip
    """Say in a cell of its own what is wrong with a row where the cell alone does not show it:
    the workbook would compute the row. ``places`` are the lines of the table's rows."""
    for index, row in enumerate(table.issues.at.tolist()):
        issue = table.issues[index]
        own = issue.key in columns and issue.key in keys
        if row not in places or (own and issue.code not in _NOT_SEEN):
            continue
        named = issue.code in _OTHER_CURRENCY
        said = issue.value if named else _WORDS("unread", lang, header=issue.header)
        told = own and issue.column.kind != "text"  # any text is an order number
        columns[issue.key if told else "paid_cny"][places[row]] = said


def _together(costs: list[list[Any]], given: list[Mask]) -> list[Any]:
    """The costs of each order in one amount; where one can't be read it stands there instead."""
    found = []
    for cells, known in zip(zip(*costs, strict=True), zip(*given, strict=True), strict=True):
        pairs = [(cell, fine) for cell, fine in zip(cells, known, strict=True) if cell is not None]
        unread = [cell for cell, fine in pairs if not fine]
        total = round(fsum(cell for cell, fine in pairs if fine), 2) if pairs else None
        found.append(unread[0] if unread else total)
    return found


def checked(rows: int) -> int:
    """The number of live rows, when it can be had."""
    if not FEWEST <= rows <= MOST:
        raise TemplateProblem("rows", rows=rows, fewest=FEWEST, most=MOST)
    return rows


def _cells(table: Table, item: Column, rows: Ints, lang: Lang) -> list[Any]:
    """A column as cells of a sheet: numbers and days where they can be read, else as they came."""
    given = table.given[item.key][rows]
    typed = as_cells(item, table.columns[item.key][rows], given, lang).astype(object).tolist()
    at = next(fate.at for fate in table.fates if fate.key == item.key)
    raw = table.raw.iloc[rows, at].astype(object)
    as_came = raw.where(raw.notna(), None).tolist()
    cells = [new if fine else old for new, fine, old in zip(typed, given, as_came, strict=True)]
    return [
        cell.to_pydatetime().date() if isinstance(cell, pd.Timestamp) else cell for cell in cells
    ]
