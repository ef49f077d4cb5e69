"""Freight of the orders of a table: the quote where given, else the rate card. F8, F9, F15."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sellersheet.exchange import FxRates
from sellersheet.money import Ints, Mask
from sellersheet.orders.marks import Mark, Marks
from sellersheet.rules.card_lookup import REASONS, Parcels, look_up
from sellersheet.rules.freight import MG_PER_GRAM
from sellersheet.rules.lines import Groups
from sellersheet.rules.rate_card import RateCard

_MARK_OF_REASON = np.array(
    [0 if name == "found" else Mark[name.upper()] for name in REASONS], dtype=np.int64
)


class Quoted(NamedTuple):
    """Freight of every row in cents, where it is known, the weight charged, and the marks."""

    cents: Ints
    known: Mask
    charge_mg: Ints
    marks: Marks


class Sides(NamedTuple):
    """Length, width and height in cm, 0 where blank."""

    length: npt.NDArray[np.float64]
    width: npt.NDArray[np.float64]
    height: npt.NDArray[np.float64]


def parcels(
    country: npt.NDArray[np.object_],
    line: npt.NDArray[np.object_],
    weight_g: npt.NDArray[np.float64],
    sides: Sides,
    days: Ints,
) -> Parcels:
    """Rows as parcels; sides count only when all three are given."""
    hundredths = np.rint(np.stack(sides) * 100).astype(np.int64)
    given = (hundredths > 0).all(axis=0)
    return Parcels(
        country=country,
        line=line,
        weight_mg=np.rint(weight_g * MG_PER_GRAM).astype(np.int64),
        volume=np.where(given, hundredths.prod(axis=0), 0),
        longest=hundredths.max(axis=0),
        three_sides=hundredths.sum(axis=0),
        days=days,
    )


def together(items: Parcels, first: Ints) -> Parcels:
    """F15: the lines of an order in one parcel: weights and volumes add up.

    ``first`` are the places where an order begins. A line without a weight or without sides
    leaves the order without them.
    """

    def total(column: Ints) -> Ints:
        known = np.logical_and.reduceat(column > 0, first)
        return np.where(known, np.add.reduceat(column, first), 0)

    return Parcels(
        country=items.country[first],
        line=items.line[first],
        weight_mg=total(items.weight_mg),
        volume=total(items.volume),
        longest=np.maximum.reduceat(items.longest, first),
        three_sides=np.maximum.reduceat(items.three_sides, first),
        days=items.days[first],
    )


def as_quoted(quote: Ints, quoted: Mask, groups: Groups | None) -> Quoted:
    """Freight as far as quotes tell it: the quotes of an order's lines add up."""
    cents = np.where(quoted, quote, 0)
    zero = quoted & (quote == 0)
    known = quoted
    if groups is not None:
        known = quoted.copy()
        any_quote = np.logical_or.reduceat(quoted[groups.rows], groups.first)
        known[groups.rows] = any_quote[groups.order]
        charged = np.add.reduceat(cents[groups.rows], groups.first) > 0
        zero[groups.rows] &= ~charged[groups.order]
    marks = np.zeros(len(quote), dtype=np.int64)
    marks[zero] = Mark.FREIGHT_ZERO
    return Quoted(cents, known, np.zeros(len(quote), dtype=np.int64), marks)


def of_orders(
    quote: Ints,
    quoted: Mask,
    parcels_of: Callable[[Ints], Parcels],
    groups: Groups | None,
    use: Mask,
    card: RateCard,
    exchange: FxRates,
) -> Quoted:
    """Each row's freight: the quote where there is one, else what the rate card says.

    ``parcels_of`` gives the parcels of some rows. The freight of an order without a quote is
    put on its first line: the lines share it.
    """
    cents, known, charge, marks = as_quoted(quote, quoted, groups)
    known = known.copy()
    single = use & ~quoted
    if groups is not None:
        single[groups.rows] = False
        lines = groups.rows[~known[groups.rows]]
        if len(lines):
            first, order = _orders_among(groups, known)
            found = look_up(together(parcels_of(lines), first), card, exchange)
            cents[lines[first]] = found.fee
            known[lines], charge[lines] = found.known[order], found.charge_mg[order]
            marks[lines] |= _MARK_OF_REASON[found.reason[order]]
    rows = np.flatnonzero(single)
    if len(rows):
        found = look_up(parcels_of(rows), card, exchange)
        cents[rows], known[rows], charge[rows] = found.fee, found.known, found.charge_mg
        marks[rows] |= _MARK_OF_REASON[found.reason]
    return Quoted(cents, known, charge, marks)


def _orders_among(groups: Groups, known: Mask) -> tuple[Ints, Ints]:
    """The orders without a quote: where each begins among their lines, and each line's order."""
    numbers = groups.order[~known[groups.rows]]
    begins = np.ones(len(numbers), dtype=bool)
    begins[1:] = numbers[1:] != numbers[:-1]
    return np.flatnonzero(begins), np.cumsum(begins) - 1
