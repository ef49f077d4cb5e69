"""Freight of the orders of a table: the quote where given, else the rate card.

F8, F9, F15, F17.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sellersheet.exchange import FxRates
from sellersheet.money import Ints, Mask
from sellersheet.orders.marks import FLOOR, WORDS, Mark, Marks, Told
from sellersheet.rules.card_lookup import REASONS, Parcels, look_up
from sellersheet.rules.freight import MG_PER_GRAM
from sellersheet.rules.lines import Groups
from sellersheet.rules.rate_card import RateCard
from sellersheet.tables import Table
from sellersheet.wording import Lang

_MARK_OF_REASON = np.array(
    [0 if name == "found" else Mark[name.upper()] for name in REASONS], dtype=np.int64
)


class Quoted(NamedTuple):
    """Freight of every row in cents, where it is known, the weight charged, and the marks.

    ``floors`` (F17) are the least freight in cents and the least weight in mg of the parcel of a
    row that is marked SIDES_PARTLY; ``place`` is the row of the rate card that was found, -1 for
    none.
    """

    cents: Ints
    known: Mask
    charge_mg: Ints
    marks: Marks
    floors: Floors
    place: Ints


class Floors(NamedTuple):
    """F17: the least freight in cents and the least weight in mg, 0 where nothing is known."""

    cents: Ints
    mg: Ints

    def texts(self, rows: Ints, lang: Lang) -> list[str]:
        """What is known of these rows, in words; blank where nothing is."""
        told = []
        for cents, mg in zip(self.cents[rows].tolist(), self.mg[rows].tolist(), strict=True):
            grams = (
                f"{mg / MG_PER_GRAM:,.0f}" if mg % MG_PER_GRAM == 0 else f"{mg / MG_PER_GRAM:,.3f}"
            )
            code = "floor" if cents else "floor_weight"
            told.append(WORDS(code, lang, grams=grams, fee=f"¥{cents / 100:,.2f}") if mg else "")
        return told


def with_floors(found: Told, marks: Marks, floors: Floors, lang: Lang) -> None:
    """Writes what is known into the sentences of the rows marked SIDES_PARTLY (F17)."""
    rows = np.flatnonzero((marks & Mark.SIDES_PARTLY) != 0)
    known = zip(rows.tolist(), floors.texts(rows, lang), strict=True)
    found.put(rows, [found[at].replace(FLOOR, told).strip() for at, told in known])


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
    """Rows as parcels; sides make a volume only when all three are given (F17)."""
    hundredths = np.rint(np.stack(sides) * 100).astype(np.int64)
    sides_given: Ints = (hundredths > 0).sum(axis=0)
    given = sides_given == len(sides)
    return Parcels(
        country=country,
        line=line,
        weight_mg=np.rint(weight_g * MG_PER_GRAM).astype(np.int64),
        volume=np.where(given, hundredths.prod(axis=0), 0),
        longest=hundredths.max(axis=0),
        three_sides=hundredths.sum(axis=0),
        days=days,
        partly=(sides_given > 0) & ~given,
    )


def together(items: Parcels, first: Ints) -> Parcels:
    """F15: the lines of an order in one parcel: weights and volumes add up.

    ``first`` are the places where an order begins. A line without a weight leaves the order
    without one; a line without sides beside one with sides leaves its volume known in part: at
    least what is known (F17).
    """
    weighed = np.logical_and.reduceat(items.weight_mg > 0, first)
    sided = items.volume > 0
    some = np.logical_or.reduceat(sided, first) & ~np.logical_and.reduceat(sided, first)
    return Parcels(
        country=items.country[first],
        line=items.line[first],
        weight_mg=np.where(weighed, np.add.reduceat(items.weight_mg, first), 0),
        volume=np.add.reduceat(items.volume, first),
        longest=np.maximum.reduceat(items.longest, first),
        three_sides=np.maximum.reduceat(items.three_sides, first),
        days=items.days[first],
        partly=some | np.logical_or.reduceat(items.partly, first),
    )


def _as_quoted(quote: Ints, quoted: Mask, groups: Groups | None) -> Quoted:
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
    zeros = np.zeros(len(quote), dtype=np.int64)
    return Quoted(cents, known, zeros, marks, Floors(zeros, zeros), zeros - 1)


def of_table(
    table: Table,
    quote: Ints,
    quoted: Mask,
    days: Ints,
    groups: Groups | None,
    use: Mask,
    card: RateCard,
    exchange: FxRates,
) -> Quoted:
    """Each row's freight: the quote where there is one, else what the rate card says.

    The freight of an order without a quote is put on its first line: the lines share it.
    """
    as_told = _as_quoted(quote, quoted, groups)
    if np.array_equal(quoted, use):
        return as_told
    cents, known, charge, marks, _, place = as_told
    known, charge = known.copy(), charge.copy()
    least, least_mg = np.zeros_like(charge), np.zeros_like(charge)
    single = use & ~quoted
    if groups is not None:
        single[groups.rows] = False
        lines = groups.rows[~known[groups.rows]]
        if len(lines):
            first, order = _orders_among(groups, known)
            found = look_up(together(_parcels_of(table, days, lines), first), card, exchange)
            cents[lines[first]] = found.fee
            place[lines] = found.place[order]
            known[lines], charge[lines] = found.known[order], found.charge_mg[order]
            marks[lines] |= _MARK_OF_REASON[found.reason[order]]
            least[lines], least_mg[lines] = found.floor[order], found.floor_mg[order]
    rows = np.flatnonzero(single)
    if len(rows):
        found = look_up(_parcels_of(table, days, rows), card, exchange)
        place[rows] = found.place
        cents[rows], known[rows], charge[rows] = found.fee, found.known, found.charge_mg
        marks[rows] |= _MARK_OF_REASON[found.reason]
        least[rows], least_mg[rows] = found.floor, found.floor_mg
    return Quoted(cents, known, charge, marks, Floors(least, least_mg), place)


def _parcels_of(table: Table, days: Ints, rows: Ints) -> Parcels:
    """The parcels of some rows of a table of orders."""

    def cells(key: str, blank: object, kind: type) -> npt.NDArray[Any]:
        found = table.columns.get(key)
        return np.full(len(rows), blank, dtype=kind) if found is None else found[rows]

    country, line = cells("country", "", object), cells("line", "", object)
    weight, *sides = (
        cells(key, 0.0, float) for key in ("weight_g", "length_cm", "width_cm", "height_cm")
    )
    return parcels(country, line, weight, Sides(*sides), days[rows])


def _orders_among(groups: Groups, known: Mask) -> tuple[Ints, Ints]:
    """The orders without a quote: where each begins among their lines, and each line's order."""
    numbers = groups.order[~known[groups.rows]]
    begins = np.ones(len(numbers), dtype=bool)
    begins[1:] = numbers[1:] != numbers[:-1]
    return np.flatnonzero(begins), np.cumsum(begins) - 1
