"""What a column as a whole tells of its cells: what 1.234 means in it, which of 5/8 is the day,
whether its weights are kilograms.

Of a table that is read in parts it is gathered from all of them first, so that no part is
read in another way than its neighbour.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from typing import Any, Final

import numpy as np

from sellersheet import columns
from sellersheet.amounts import points_of
from sellersheet.cells import read_cells
from sellersheet.days import orders_of
from sellersheet.intake import layout
from sellersheet.intake.grid import Columns
from sellersheet.intake.headers import Place, Understood
from sellersheet.money import Floats, Mask
from sellersheet.number_cells import texts_at
from sellersheet.rawcells import Form, RawCells

_SURELY_GRAMS: Final = 30  # a column of bare weights with a lower median is likely in kilograms
EXCEL_DIGITS: Final = 10**15
EXACT: Final = 2.0**53  # beyond it a float has dropped digits
AMOUNTS: Final = ("money", "cost")
_NONE: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Weights:
    """Bare weights: how many, and those next to the limit of what is surely in grams."""

    count: int = 0
    light: int = 0
    heaviest_light: float = -np.inf
    lightest_heavy: float = np.inf

    @classmethod
    def of(cls, grams: Floats) -> Weights:
        """The bare weights of a column."""
        low, high = grams[grams < _SURELY_GRAMS], grams[grams >= _SURELY_GRAMS]
        ends = float(low.max(initial=-np.inf)), float(high.min(initial=np.inf))
        return cls(len(grams), len(low), *ends)

    def __or__(self, other: Weights) -> Weights:
        return Weights(
            self.count + other.count,
            self.light + other.light,
            max(self.heaviest_light, other.heaviest_light),
            min(self.lightest_heavy, other.lightest_heavy),
        )

    @property
    def likely_kilos(self) -> bool:
        """Whether their median is below the limit."""
        if self.count and 2 * self.light == self.count:
            return (self.heaviest_light + self.lightest_heavy) / 2 < _SURELY_GRAMS
        return 2 * self.light > self.count


@dataclass(frozen=True, slots=True)
class Evidence:
    """The first four are keys of columns: amounts of which one is surely written with a
    decimal point, or surely with points between thousands; dates of which one has a number
    above 12 in first place, or in second.

    ``whole_ids``: a long order number ends in a digit that Excel would have dropped. ``paid``:
    somewhere stands a time of payment. ``named``: some row of another part has an order number.
    """

    decimal: frozenset[str] = _NONE
    grouped: frozenset[str] = _NONE
    day_first: frozenset[str] = _NONE
    day_second: frozenset[str] = _NONE
    weights: Weights = Weights()
    whole_ids: bool = False
    paid: bool = False
    named: bool = False

    def __or__(self, other: Evidence) -> Evidence:
        return Evidence(
            self.decimal | other.decimal,
            self.grouped | other.grouped,
            self.day_first | other.day_first,
            self.day_second | other.day_second,
            self.weights | other.weights,
            self.whole_ids or other.whole_ids,
            self.paid or other.paid,
            self.named or other.named,
        )

    def point_is_decimal(self, key: str) -> bool:
        """Whether 1.234 in this column is a little over one."""
        return key in self.decimal and key not in self.grouped

    def order_of_day(self, key: str) -> bool | None:
        """Whether the day stands first in this column's dates; None where nothing tells."""
        first, second = key in self.day_first, key in self.day_second
        return first if first != second else None


def gathered(parts: Iterable[Evidence]) -> Evidence:
    """The evidence of the whole from that of its parts."""
    return reduce(Evidence.__or__, parts, Evidence())


def evidence_of(body: Columns, table: str, understood: Understood, named: bool) -> Evidence:
    """What the columns of one part tell; ``named`` where another one has an order number."""
    found = Evidence(named=named)
    kinds = {item.key: item.kind for item in columns.TABLES[table]}
    for key, place in understood.used(table).items():
        raw = body.raw(place.at)
        kind = kinds.get(key.partition("+")[0])
        at, texts = texts_at(raw)
        name = frozenset((key,))
        if kind in AMOUNTS and at.size:
            decimal, grouped = points_of(texts)
            found |= Evidence(name if decimal else _NONE, name if grouped else _NONE)
        elif kind == "date" and at.size:
            first, second = orders_of(texts)
            days = (name if first else _NONE, name if second else _NONE)
            found |= Evidence(day_first=days[0], day_second=days[1])
        elif key == "order_id":
            found |= Evidence(whole_ids=whole_ids(raw))
        elif key == "paid_on":
            found |= Evidence(paid=bool((raw.form != Form.BLANK).any()))
        elif key == "weight_g":
            found |= Evidence(weights=_weights(body, understood.places, named))
    return found


def whole_ids(raw: RawCells) -> bool:
    """Whether a long number ends in a digit that Excel would have dropped."""
    exact = long_ids(raw) & (np.abs(raw.number) < EXACT)
    return bool((np.mod(raw.number[exact], 10) != 0).any())


def long_ids(raw: RawCells) -> Mask:
    """Numbers of which a spreadsheet keeps the first digits only."""
    found: Mask = (raw.form == Form.NUMBER) & (np.abs(raw.number) >= EXCEL_DIGITS)
    return found


def _weights(body: Columns, places: dict[str, Place], named: bool) -> Weights:
    at = places["weight_g"].at
    read: Any = read_cells(columns.column("orders", "weight_g"), body.cells(at), raw=body.raw(at))
    ids = places.get("order_id")
    totals = layout.total_rows(body, None if ids is None else ids.at, named)
    return Weights.of(read.values[read.bare & (read.values > 0) & ~totals])
