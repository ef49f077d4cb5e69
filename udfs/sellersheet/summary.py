"""Totals of computed orders by month, destination, category, SKU or shop."""

from __future__ import annotations

from typing import Final, Literal, get_args

import numpy as np
import pandas as pd
import pyarrow as pa

from sellersheet.countries import name
from sellersheet.money import Floats, Ints, Mask
from sellersheet.orders.marks import Status
from sellersheet.orders.results import OrderResults
from sellersheet.rules.fees import FEE_PARTS
from sellersheet.tables import Table
from sellersheet.wording import Lang, Wording

By = Literal["month", "country", "category", "sku", "shop"]
GROUPINGS: Final[tuple[By, ...]] = get_args(By)
WORDS: Final = Wording("sellersheet", "summary.toml")
_GROUP: Final = "_group"


def summarise(results: OrderResults, by: By, lang: Lang) -> pd.DataFrame:
    """One row a group and the columns ``summary``: amounts in CNY, months ascending,
    other groups by total fees, largest first.

    Rows without a total are counted as incomplete and are in none of the sums, which are NaN
    where no row has one; the profit is over the rows that have one.
    """
    return in_yuan(rows_added_up(results, lang, group=by), by)


def rows_added_up(results: OrderResults, lang: Lang, **groups: By) -> pd.DataFrame:
    """The rows added up by ``groups``, in cents, as ``sums_by`` does; each group's name as text."""
    number = np.zeros(results.table.n, dtype=np.int64)
    names: list[list[str]] = []
    for by in groups.values():
        codes, words = group_codes(results.table, results.days, by, lang)
        distinct = list(dict.fromkeys(words)) if by == "month" else sorted(set(words))
        place = {word: at for at, word in enumerate(distinct)}
        number = number * len(distinct) + np.array([place[word] for word in words])[codes]
        names.append(distinct)
    amounts = _amounts(results)
    grouped = pa.table({_GROUP: number, **amounts}).group_by(_GROUP, use_threads=False)
    whole = grouped.aggregate([(key, "sum") for key in amounts]).sort_by(_GROUP)
    sums = {key: whole[f"{key}_sum"].to_numpy() for key in amounts}
    left, found = whole[_GROUP].to_numpy(), {}
    for group, distinct in reversed(list(zip(groups, names, strict=True))):
        left, at = np.divmod(left, len(distinct))
        found[group] = [distinct[one] for one in at.tolist()]
    lines = pd.DataFrame({**{group: found[group] for group in groups}, **sums})
    return lines[lines["lines"] + lines["incomplete"] > 0].reset_index(drop=True)


def sums_by(lines: pd.DataFrame, *groups: str) -> pd.DataFrame:
    """Lines added up, in cents; the sums of several tables can be added up again."""
    grouped = lines.groupby([*groups], sort=True, observed=True)
    sums: pd.DataFrame = grouped.sum(numeric_only=True).reset_index()
    return sums[sums["lines"] + sums["incomplete"] > 0].reset_index(drop=True)


def in_yuan(sums: pd.DataFrame, by: By) -> pd.DataFrame:
    """Sums by group as the columns ``summary``."""
    if by != "month":
        order = ["total_fee_cny", "group"]
        sums = sums.sort_values(order, ascending=[False, True], ignore_index=True)
    return _in_yuan(sums)


def total(results: OrderResults, lang: Lang) -> pd.DataFrame:
    """All rows in one: the same columns as ``summarise``."""
    sums = {key: [cents.sum()] for key, cents in _amounts(results).items()}
    return total_of(pd.DataFrame(sums), lang)


def total_of(lines: pd.DataFrame, lang: Lang) -> pd.DataFrame:
    """All lines, or all sums by group, in one."""
    sums = lines.sum(numeric_only=True).to_frame().T
    sums.insert(0, "group", WORDS("all", lang))
    return _in_yuan(sums)


def country_shown(group: str, lang: Lang) -> str:
    """The destination of a group with its name: "ES 西班牙"; other groups as they are."""
    named = name(group, lang)
    return group if named == group else f"{group} {named}"


def _amounts(results: OrderResults) -> dict[str, Ints]:
    """What each row adds to the sums. A row that does not count has nothing to add."""
    known, paid = results.freight_known, results.table.columns["paid_cny"]
    counted = (results.status != Status.EMPTY) & (results.status != Status.LEFT)
    columns: dict[str, Ints] = {
        "lines": known.astype(np.int64),
        "incomplete": (counted & ~known).astype(np.int64),
        "paid_cny": np.where(known, paid, 0),
    }
    for key, part in zip(FEE_PARTS, results.parts, strict=True):
        columns[key] = np.where(known, part, 0)
    columns["total_fee_cny"] = results.total
    columns["profit_lines"] = results.profit_known.astype(np.int64)
    columns["profit_cny"] = results.profit
    columns["_profit_paid"] = np.where(results.profit_known, paid, 0)
    columns["rush_at_risk_cny"] = results.at_risk
    columns["orders"] = first_lines(results.table).astype(np.int64)
    return columns


def first_lines(table: Table) -> Mask:
    """One row of each order, of those that hold an order and are not left out."""
    found: Mask = ~(table.empty | table.left)
    if table.order is not None:
        at = np.flatnonzero(found)
        found[at] = ~pd.Series(table.order[at]).duplicated().to_numpy()
    return found


def group_codes(table: Table, days: Ints, by: By, lang: Lang) -> tuple[Ints, list[str]]:
    """The group of every row as a position in the names; months ascend, unreadable dates last."""
    blank = WORDS("blank", lang)
    if by == "month":
        each = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
        codes, months = pd.factorize(each, sort=True)
        names = [*map(str, np.datetime_as_string(months.astype("datetime64[M]"))), blank]
        return np.where(_undated(table), len(months), codes), names
    if by not in table.columns:
        return np.zeros(table.n, dtype=np.int64), [blank]
    found, words = pd.factorize(table.columns[by])
    return found.astype(np.int64), [str(word) or blank for word in words]


def _undated(table: Table) -> Mask:
    """Refused rows whose date can't be read."""
    if "order_date" not in table.columns:
        return np.zeros(table.n, dtype=bool)
    unreadable: Mask = table.columns["order_date"] == 0
    return unreadable & table.bad & ~table.blank["order_date"]


def _in_yuan(sums: pd.DataFrame) -> pd.DataFrame:
    cents = {key: sums[key].to_numpy(dtype=float) for key in (*_MONEY, "_profit_paid")}
    lines, with_profit = sums["lines"].to_numpy() > 0, sums["profit_lines"].to_numpy() > 0
    # Where no line has a total nothing is known, which is not 0.
    yuan = {key: np.where(lines, cents[key] / 100, np.nan) for key in _MONEY}
    yuan["profit_cny"][~with_profit] = np.nan
    # Also of lines whose total lacks nothing but the freight.
    risk = cents["rush_at_risk_cny"] / 100
    yuan["rush_at_risk_cny"] = np.where(lines | (risk > 0), risk, np.nan)
    yuan["fee_share"] = _share(cents["total_fee_cny"], cents["paid_cny"])
    yuan["margin"] = _share(cents["profit_cny"], cents["_profit_paid"])
    whole = {key: sums[key] for key in ("group", "orders", "lines", "incomplete", "profit_lines")}
    return pd.DataFrame({**whole, **yuan})[[*_ORDER]]


def _share(of: Floats, base: Floats) -> Floats:
    """NaN where the base is not above 0."""
    some: Mask = base > 0
    return np.where(some, of / np.where(some, base, 1), np.nan)


_MONEY: Final = (*FEE_PARTS, "paid_cny", "total_fee_cny", "profit_cny", "rush_at_risk_cny")
_ORDER: Final = (
    *("group", "orders", "lines", "incomplete", "paid_cny", *FEE_PARTS, "total_fee_cny"),
    *("fee_share", "profit_lines", "profit_cny", "margin", "rush_at_risk_cny"),
)
