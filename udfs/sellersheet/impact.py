"""What a change of rules or of own values costs over the orders of a table: by group and row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from sellersheet.cards import Card
from sellersheet.columns import TABLES
from sellersheet.exchange import FxRates
from sellersheet.money import Ints, Mask
from sellersheet.orders import charge, days_of
from sellersheet.orders.flow import figures
from sellersheet.orders.freight import Floors
from sellersheet.orders.marks import Marks
from sellersheet.orders.results import why_no_total
from sellersheet.policy import Policy
from sellersheet.rules.fees import FEE_PARTS, FeeParts
from sellersheet.summary import WORDS, By, first_lines, group_codes
from sellersheet.tables import Table
from sellersheet.wording import Lang

_COLUMNS: Final = tuple(item.key for item in TABLES["impact"])
_MONEY: Final = frozenset(item.key for item in TABLES["impact"] if item.kind == "money")


class Side(NamedTuple):
    """Rules that orders are computed by: a policy, its rate card, and the day of its values;
    None: each order's own day."""

    policy: Policy
    card: Card
    on: date | None = None


@dataclass(frozen=True)
class Impact:
    """Orders computed twice. Only rows whose total is known on both sides are compared.

    ``before`` is the total of the first side and ``changes`` what each of the seven parts costs
    more on the second, in cents of the rows compared, 0 of the others.
    """

    table: Table
    sides: tuple[Side, Side]
    days: Ints
    compared: Mask
    before: Ints
    changes: FeeParts
    whys: tuple[_Why, _Why]

    @cached_property
    def counted(self) -> Mask:
        """Rows that hold an order: no blanks, totals, unpaid or cancelled ones."""
        found: Mask = ~(self.table.empty | self.table.left)
        return found

    def reasons_of(self, rows: Ints, lang: Lang) -> list[str]:
        """Why rows are not compared, in words: of the first side that has no total."""
        told = np.full(len(rows), "", dtype=object)
        second = self.whys[0].known[rows]
        for side, here in ((0, ~second), (1, second)):
            if here.any():
                texts = self.whys[side].texts(self.table, self.sides[side], rows[here], lang)
                told[here] = (
                    [WORDS("second_side", lang, reason=text) for text in texts] if side else texts
                )
        return [str(text) for text in told]


class _Why(NamedTuple):
    """What tells why a row has no total on one side."""

    known: Mask
    marks: Marks
    floors: Floors
    days: Ints
    use: Mask

    def texts(self, table: Table, side: Side, rows: Ints, lang: Lang) -> list[str]:
        """In words, for rows without a total."""
        quoted = figures(side.policy, self.days, self.use)
        return why_no_total(table, self.marks, self.floors, quoted, rows, lang)


def rule_impact(table: Table, a: Side, b: Side, *, as_of: date, fx: FxRates) -> Impact:
    """F1 to F15 by both sides. ``as_of`` is the day of rows without an order date."""

    def charged(side: Side) -> tuple[FeeParts, _Why]:
        # Nothing else of a side is kept: what it used is free for the other.
        found = charge(table, side.policy, side.card.rates, as_of=as_of, fx=fx, on=side.on)
        floors, known = found.priced.floors, found.freight_known
        return found.parts, _Why(known, found.marks, floors, found.days, found.use)

    first, why_a = charged(a)
    second, why_b = charged(b)
    compared = why_a.known & why_b.known
    before = first.total * compared
    changes = FeeParts(*((y - x) * compared for x, y in zip(first, second, strict=True)))
    return Impact(table, (a, b), days_of(table, as_of), compared, before, changes, (why_a, why_b))


def impact_table(impact: Impact, by: By | None, lang: Lang) -> pd.DataFrame:
    """The columns ``impact``: all orders first, then a row a group, months ascending and other
    groups by the size of their change. Money in CNY.

    Rows that can't be compared are counted, are in none of the sums, and are told by one of them.
    """
    codes, names = np.zeros(impact.table.n, dtype=np.int64), [""]
    if by is not None:
        codes, names = group_codes(impact.table, impact.days, by, lang)
    sums = _sums(impact, codes, len(names))
    some = np.flatnonzero(sums["lines"] + sums["incomplete"]).tolist() if by else []
    if by != "month":
        some.sort(key=lambda at: (-abs(int(sums["change_cny"][at])), names[at]))
    columns: dict[str, Any] = {
        "group": [WORDS("all", lang), *(names[at] for at in some)],
        "reason": _told(impact, codes, some, lang),
    }
    for key, values in sums.items():
        column = np.array([values.sum(), *values[some]])
        columns[key] = column / 100 if key in _MONEY else column
    before = np.where(columns["total_a_cny"] == 0, np.nan, columns["total_a_cny"])
    columns["change_share"] = columns["change_cny"] / before
    return pd.DataFrame({key: columns[key] for key in _COLUMNS})


def _sums(impact: Impact, codes: Ints, count: int) -> dict[str, Ints]:
    """The sums of the rows by their group: counts, and money in cents."""
    # Small numbers are sorted in one pass.
    small = codes.astype(np.uint16) if count <= np.iinfo(np.uint16).max else codes
    order = np.argsort(small, kind="stable")
    order = order[impact.counted[order]]
    bounds = np.searchsorted(codes[order], np.arange(count + 1))
    there = bounds[1:] > bounds[:-1]

    def added(values: Any) -> Ints:
        found = np.zeros(count, dtype=np.int64)
        if there.any() and values.any():
            starts = bounds[:-1][there]
            found[there] = np.add.reduceat(values[order], starts, dtype=np.int64)
        return found

    sums = {
        "orders": added(first_lines(impact.table)),
        "lines": added(impact.compared),
        "incomplete": added(~impact.compared),
        "total_a_cny": added(impact.before),
        "change_cny": np.zeros(count, dtype=np.int64),
    }
    for key, change in zip(FEE_PARTS, impact.changes, strict=True):
        sums[f"{key}_change"] = added(change)
        sums["change_cny"] += sums[f"{key}_change"]
    sums["total_b_cny"] = sums["total_a_cny"] + sums["change_cny"]
    return sums


def _told(impact: Impact, codes: Ints, groups: list[int], lang: Lang) -> list[str]:
    """Of all rows and of each group: how many are not compared, and why the first of them."""
    rows = np.flatnonzero(impact.counted & ~impact.compared)
    if not len(rows):
        return [""] * (len(groups) + 1)
    found, at, sizes = np.unique(codes[rows], return_index=True, return_counts=True)
    first = rows[at]
    sheet_rows = impact.table.issues.sheet_rows(first).tolist()
    why = impact.reasons_of(first, lang)

    def told(place: int, count: int) -> str:
        fields = {"count": f"{count:,}", "row": sheet_rows[place], "reason": why[place]}
        return WORDS("not_compared", lang, **fields)

    by_group = {group: told(place, int(sizes[place])) for place, group in enumerate(found.tolist())}
    whole = told(int(first.argmin()), len(rows))
    return [whole, *(by_group.get(group, "") for group in groups)]
