"""Totals of a table that already holds its results, as a sheet does."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from sellersheet.cells import Cells, read_cells
from sellersheet.columns import FEE_PARTS, TABLES, column
from sellersheet.headers import normal
from sellersheet.money import Ints, Mask
from sellersheet.policy import Policy, epoch_day
from sellersheet.rules.fees import rush_fee_at_risk
from sellersheet.summary import WORDS, By, totals_by_group
from sellersheet.wording import Lang
from sellersheet.wrong import Wrong


def summarise_table(
    frame: pd.DataFrame, by: By, policy: Policy, as_of: date, lang: Lang
) -> pd.DataFrame:
    """One row a group and the columns ``summary``, from a frame under the registry's keys.

    Needs ``paid_cny`` and ``total_fee_cny``. Lines without a total are incomplete and in
    none of the sums; ``as_of`` is the day of lines without a date.
    """
    paid, total = _read(frame, "orders", "paid_cny"), _read(frame, "results", "total_fee_cny")
    profit = _read(frame, "results", "profit_cny")
    used = ~frame.apply(lambda cells: cells.isna() | (cells.astype(str).str.strip() == "")).all(
        axis=1
    )
    known = _given(paid) & _given(total)
    profitable = known & _given(profit)
    lines: dict[str, Any] = {
        "group": _groups(frame, by, as_of, lang),
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
    first = _first_lines(frame)
    days = _read(frame, "orders", "inbound_days").values
    risk = rush_fee_at_risk(days, policy.on(_days(frame, as_of)))
    lines["rush_at_risk_cny"] = np.where(known & first, risk, 0).astype(np.int64)
    lines["first"] = first
    return totals_by_group(pd.DataFrame(lines)[used.to_numpy()], by)


def sort_column(word: str) -> tuple[str | None, bool]:
    """The key of the summary column that a word names, and whether smallest comes first."""
    ascending = word.strip().startswith("-")
    wanted = normal(word.strip().lstrip("-"))
    for item in TABLES["summary"]:
        if wanted in {normal(text) for text in (item.key, item.zh, item.en)}:
            return item.key, ascending
    return None, ascending


def _read(frame: pd.DataFrame, table: str, key: str) -> Cells:
    if key in frame:
        return read_cells(column(table, key), frame[key])
    blanks = pd.Series([None] * len(frame), dtype=object)
    return read_cells(column(table, key), blanks)


def _given(cells: Cells) -> Mask:
    given: Mask = ~cells.blank & (cells.wrong == Wrong.NONE)
    return given


def _days(frame: pd.DataFrame, as_of: date) -> Ints:
    dates = _read(frame, "orders", "order_date")
    return np.where(_given(dates), dates.values, epoch_day(as_of)).astype(np.int64)


def _groups(frame: pd.DataFrame, by: By, as_of: date, lang: Lang) -> Any:
    blank = WORDS("blank", lang)
    if by == "month":
        days = _days(frame, as_of).astype("datetime64[D]")
        return np.datetime_as_string(days.astype("datetime64[M]")).astype(object)
    words = _read(frame, "orders", by).values
    return np.where(words == "", blank, words)


def _first_lines(frame: pd.DataFrame) -> Mask:
    """One line of each order; without an order number each line is its own."""
    order, shop = (_read(frame, "orders", key).values for key in ("order_id", "shop"))
    repeated = pd.DataFrame({"order": order, "shop": shop}).duplicated().to_numpy()
    first: Mask = ~repeated | (order == "")
    return first
