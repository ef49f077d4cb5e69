"""Totals of a table that already holds its results, as a sheet does: what SUMMARY adds up."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd

from sellersheet.cells import Cells, numbered, read_cells
from sellersheet.columns import TABLES, Wrong, column
from sellersheet.days import epoch_day
from sellersheet.intake.grid import Columns
from sellersheet.intake.order_lines import continued
from sellersheet.intake.vocabulary import plain
from sellersheet.money import Ints, Mask
from sellersheet.policy import Policy, View
from sellersheet.rawcells import Form
from sellersheet.rules.fees import FEE_PARTS, rush_fee_at_risk
from sellersheet.summary import WORDS, By, in_yuan, sums_by
from sellersheet.wording import Lang

_OF_LINES: Final = ("paid_cny", "order_id", "shop", "order_date", "country")


class TableLines:
    """A frame under the registry's keys, its lines typed once for all summaries of it.

    Needs ``paid_cny`` and ``total_fee_cny``.
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        self._frame = frame
        self._cells = _typed(frame)
        self._known: dict[tuple[Policy, date], tuple[dict[str, Any], Mask]] = {}

    def summarise(self, by: By, policy: Policy, as_of: date, lang: Lang) -> pd.DataFrame:
        """One row a group and the columns ``summary``. Lines without a total are incomplete
        and in none of the sums; ``as_of`` is the day of lines without a date."""
        key = (policy, as_of)
        if key not in self._known:
            self._known = {key: _lines(self._frame, self._cells, policy, as_of)}
        lines, used = self._known[key]
        groups = {"group": _groups(self._frame, self._cells, by, as_of, lang)}
        return in_yuan(sums_by(pd.DataFrame(groups | lines)[used], "group"), by)


def _typed(frame: pd.DataFrame) -> dict[str, Cells]:
    """What lines are told apart by; further lines of an order have what their first one has."""
    cells = {key: _read(frame, "orders", key) for key in _OF_LINES}
    order = cells["order_id"]
    if (cells["paid_cny"].blank & ~order.blank).any():
        continued(cells, numbered(order), np.zeros(len(frame), dtype=bool))
    return cells


def _lines(
    frame: pd.DataFrame, cells: dict[str, Cells], policy: Policy, as_of: date
) -> tuple[dict[str, Any], Mask]:
    """What each line adds, and which lines hold anything."""
    paid, total = cells["paid_cny"], _read(frame, "results", "total_fee_cny")
    profit = _read(frame, "results", "profit_cny")
    used = _given(paid) | _given(total)
    used[~used] = _not_blank(frame[~used])  # slow, so only where it isn't clear
    known = _given(paid) & _given(total)
    profitable = known & _given(profit)
    lines: dict[str, Any] = {
        "lines": known.astype(np.int64),
        "incomplete": (~known).astype(np.int64),
        "paid_cny": np.where(known, paid.values, 0),
    }
    for key in FEE_PARTS:
        lines[key] = np.where(known, _read(frame, "results", key).values, 0)
    lines["total_fee_cny"] = np.where(known, total.values, 0)
    lines["profit_lines"] = profitable.astype(np.int64)
    lines["profit_cny"] = np.where(profitable, profit.values, 0)
    lines["_profit_paid"] = np.where(profitable, paid.values, 0)
    orders = _orders(cells)
    computed = _given(total) | _given(_read(frame, "results", "service_fee_cny"))
    days = policy.on(_days(cells, as_of))
    lines["rush_at_risk_cny"] = _at_risk(frame, orders, computed, days)
    lines["orders"] = (~orders.duplicated().to_numpy()).astype(np.int64)
    return lines, used


def sort_column(word: str) -> tuple[str | None, bool]:
    """The key of the summary column that a word names, and whether smallest comes first."""
    ascending = word.strip().startswith("-")
    wanted = plain(word.strip().lstrip("-"))
    for item in TABLES["summary"]:
        if wanted in {plain(text) for text in (item.key, item.zh, item.en)}:
            return item.key, ascending
    return None, ascending


def _read(frame: pd.DataFrame, table: str, key: str) -> Cells:
    if key in frame:
        return read_cells(column(table, key), frame[key])
    blanks = pd.Series([None] * len(frame), dtype=object)
    return read_cells(column(table, key), blanks)


def _not_blank(frame: pd.DataFrame) -> Mask:
    """Rows with more than blanks and spaces."""
    used = np.zeros(len(frame), dtype=bool)
    body = Columns.of(frame)
    for at in range(body.width):
        used |= body.raw(at).form != Form.BLANK
    return used


def _given(cells: Cells) -> Mask:
    given: Mask = ~cells.blank & (cells.wrong == Wrong.NONE)
    return given


def _days(cells: dict[str, Cells], as_of: date) -> Ints:
    dates = cells["order_date"]
    return np.where(_given(dates), dates.values, epoch_day(as_of)).astype(np.int64)


def _groups(frame: pd.DataFrame, cells: dict[str, Cells], by: By, as_of: date, lang: Lang) -> Any:
    blank = WORDS("blank", lang)
    if by == "month":
        days = _days(cells, as_of).astype("datetime64[D]")
        months = np.datetime_as_string(days.astype("datetime64[M]")).astype(object)
        return np.where(cells["order_date"].wrong != Wrong.NONE, blank, months)
    words = (cells.get(by) or _read(frame, "orders", by)).values
    return np.where(words == "", blank, words)


def _at_risk(
    frame: pd.DataFrame, orders: pd.Series[Any], computed: Mask, policy_view: View
) -> Ints:
    """F6: the open rush fee of each order, by its slowest line, on the first one computed."""
    days = pd.Series(_read(frame, "orders", "inbound_days").values)
    slowest = days.where(computed, 0).groupby(orders).transform("max").to_numpy()
    head = np.zeros(len(frame), dtype=bool)
    head[orders[computed].drop_duplicates().index] = True
    return np.where(head, rush_fee_at_risk(slowest, policy_view), 0).astype(np.int64)


def _orders(cells: dict[str, Cells]) -> pd.Series[Any]:
    """A number for each order; a line without an order number is its own."""
    order = cells["order_id"].values
    both = pd.DataFrame({"order": order, "shop": cells["shop"].values})
    numbers = both.groupby(["order", "shop"], sort=False).ngroup()
    return pd.Series(np.where(order == "", -1 - np.arange(len(order)), numbers))
