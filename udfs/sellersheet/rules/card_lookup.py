"""Many parcels against a rate card: which row prices each, and why where none does.

F8, F9, F17.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from sellersheet.money import RATE_UNIT, Ints, Mask
from sellersheet.rules.freight import Price, freight_fee, volumetric_mg
from sellersheet.rules.rate_card import (
    VOLUME_COUNTS,
    VOLUME_IGNORED,
    VOLUME_UNKNOWN,
    Line,
    RateCard,
)

# Why a parcel has no freight on record (or, for the last, what was left out).
FOUND: Final = 0
NO_WEIGHT: Final = 1
NO_DESTINATION: Final = 2
NO_LINE: Final = 3
SEVERAL_LINES: Final = 4
BEFORE_START: Final = 5
NO_BAND: Final = 6
DIVISOR_UNKNOWN: Final = 7
TOO_LARGE: Final = 8
NO_EXCHANGE: Final = 9
FOUND_WITHOUT_SIDES: Final = 10
NO_COUNTRY: Final = 11
SIDES_PARTLY: Final = 12

REASONS: Final = (
    "found",
    "no_weight",
    "no_destination",
    "no_line",
    "several_lines",
    "before_start",
    "no_band",
    "divisor_unknown",
    "too_large",
    "no_exchange",
    "found_without_sides",
    "no_country",
    "sides_partly",
)


class Parcels(NamedTuple):
    """Parcels as columns: weights in mg, ``volume`` in (0.01 cm)³ or 0 when sides are blank.

    ``longest`` and ``three_sides`` in hundredths of a centimetre, ``days`` since 1970-01-01.
    A weight of 0 is a weight that is not known. ``partly`` (F17) marks parcels whose sides are
    known in part: volume and sides are then the least that they can be.
    """

    country: npt.NDArray[np.object_]
    line: npt.NDArray[np.object_]
    weight_mg: Ints
    volume: Ints
    longest: Ints
    three_sides: Ints
    days: Ints
    partly: Mask


class Freight(NamedTuple):
    """Per parcel: ``fee`` in CNY cents and ``charge_mg`` (0 where not on record), the
    ``reason`` (a code of ``REASONS``) and the ``place`` of the row in the card or -1.

    ``floor`` and ``floor_mg`` are what is known of a parcel with the reason SIDES_PARTLY: the
    least weight that can be charged and the freight of that weight (0: none on record).
    """

    fee: Ints
    charge_mg: Ints
    reason: npt.NDArray[np.int8]
    place: Ints
    floor: Ints
    floor_mg: Ints

    @property
    def known(self) -> Mask:
        """Where the fee is on record."""
        known: Mask = (self.reason == FOUND) | (self.reason == FOUND_WITHOUT_SIDES)
        return known


class Exchange(Protocol):
    """Dated exchange rates."""

    def rates_on(self, currency: str, days: Ints, known: Mask) -> Ints:
        """CNY for one unit on each day, in units of 1e-9; 0 where no rate holds."""
        ...


def look_up(parcels: Parcels, card: RateCard, exchange: Exchange) -> Freight:
    """F8, F9, F17: the freight of every parcel by the card's rows in force on its day."""
    count = len(parcels.days)
    reason = np.zeros(count, dtype=np.int8)
    version_first = np.zeros(count, dtype=np.int64)
    version_last = np.full(count, -1, dtype=np.int64)
    for rows, numbers in _by_line(parcels, card):
        if len(numbers) != 1:
            country = str(parcels.country[rows[0]])
            reason[rows] = _why_no_line(country, numbers, card)
            continue
        line = card.lines[numbers[0]]
        version = _version(line, parcels.days[rows])
        reason[rows[version < 0]] = BEFORE_START
        rows, version = rows[version >= 0], version[version >= 0]
        version_first[rows], version_last[rows] = line.first[version], line.last[version]
    reason[(reason == FOUND) & (parcels.weight_mg <= 0)] = NO_WEIGHT
    charge, place = _bands(parcels, card, version_first, version_last, reason)
    _check_sides(parcels, card, place, reason)
    fee = _price(charge, place, parcels.days, card, exchange, reason)
    # Sides play no part where no row of the version counts volume or limits them.
    open_sides = parcels.partly & _sides_count(card, version_first, version_last)
    priced = (reason == FOUND) | (reason == FOUND_WITHOUT_SIDES)
    beyond = parcels.weight_mg > card.to_mg[np.maximum(version_last, 0)] if len(card) else priced
    undecided = open_sides & (priced | (reason == NO_EXCHANGE) | ((reason == NO_BAND) & ~beyond))
    reason[undecided] = SIDES_PARTLY
    known = (reason == FOUND) | (reason == FOUND_WITHOUT_SIDES)
    least = undecided & (charge > 0)
    return Freight(
        np.where(known, fee, 0),
        np.where(known, charge, 0),
        reason,
        place,
        np.where(undecided & priced, fee, 0),
        np.where(least, charge, 0),
    )


def _sides_count(card: RateCard, first: Ints, last: Ints) -> Mask:
    """Whether any row of a parcel's version counts volume, may count it, or limits the sides."""
    counting = (card.volume != VOLUME_IGNORED) | (card.max_side > 0) | (card.max_sum > 0)
    before = np.concatenate([[0], np.cumsum(counting)])
    found: Mask = before[last + 1] > before[first]
    return found


def _by_line(parcels: Parcels, card: RateCard) -> list[tuple[Ints, tuple[int, ...]]]:
    """The parcels of each destination and line name, with the card's lines that fit."""
    countries, country_names = pd.factorize(parcels.country)
    lines, line_names = pd.factorize(parcels.line)
    both = countries * np.int64(len(line_names)) + lines
    codes, pairs = pd.factorize(both)
    order = np.argsort(codes, kind="stable")
    bounds = np.searchsorted(codes[order], np.arange(len(pairs) + 1))
    found = []
    for code, pair in enumerate(pairs):
        country, line = divmod(int(pair), len(line_names))
        numbers = card.candidates(str(country_names[country]), str(line_names[line]))
        found.append((order[bounds[code] : bounds[code + 1]], numbers))
    return found


def _why_no_line(country: str, numbers: tuple[int, ...], card: RateCard) -> int:
    if not country:
        return NO_COUNTRY
    if country not in card.by_country:
        return NO_DESTINATION
    return SEVERAL_LINES if numbers else NO_LINE


def _version(line: Line, days: Ints) -> Ints:
    return np.searchsorted(line.starts, days, side="right") - 1


def _bands(
    parcels: Parcels,
    card: RateCard,
    first: Ints,
    last: Ints,
    reason: npt.NDArray[np.int8],
) -> tuple[Ints, Ints]:
    """The weight that counts and the row whose band holds it; marks what has none.

    The divisor belongs to the row, and the row to the weight that its divisor makes: the
    lowest band that holds the parcel by its own divisor is taken.
    """
    charge, place = parcels.weight_mg.copy(), np.full(len(first), len(card), dtype=np.int64)
    rows = np.flatnonzero(reason == FOUND)
    volume, actual = parcels.volume[rows], parcels.weight_mg[rows]
    kinds = np.unique(np.stack([card.volume.astype(np.int64), card.divisor], axis=1), axis=0)
    for counts, divisor in kinds.tolist():
        if counts == VOLUME_COUNTS:
            weight = np.maximum(actual, volumetric_mg(volume, divisor))
            usable = np.ones(len(rows), dtype=bool)
        else:
            weight, usable = actual, (counts == VOLUME_IGNORED) | (volume == 0)
        at, inside = _band(weight, card, first[rows], last[rows])
        fits = inside & usable & (card.volume[at] == counts) & (card.divisor[at] == divisor)
        fits &= at < place[rows]
        place[rows[fits]], charge[rows[fits]] = at[fits], weight[fits]
    below = np.minimum(place[rows], last[rows] + 1)
    sided = (volume > 0) | parcels.partly[rows]
    unknown = sided & _any_unknown(card, actual, first[rows], last[rows], below)
    none = (place[rows] == len(card)) | unknown
    reason[rows[none]] = np.where(unknown, DIVISOR_UNKNOWN, NO_BAND)[none]
    found = rows[~none]
    by_weight_alone = (card.volume[place[found]] != VOLUME_IGNORED) & (volume[~none] == 0)
    reason[found[by_weight_alone]] = FOUND_WITHOUT_SIDES
    place[rows[none]] = -1
    place[place == len(card)] = -1
    return charge, place


def _first_reaching(weight: Ints, card: RateCard, first: Ints, last: Ints) -> Ints:
    """The first place of first..last whose band ends at or above the weight, else last + 1."""
    low, high = first.copy(), last + 1
    # A binary search in all versions at once: bands of a version do not overlap, so their
    # upper ends are in order.
    while (low < high).any():
        middle = (low + high) // 2
        below = card.to_mg[np.minimum(middle, len(card) - 1)] < weight
        active = low < high
        low = np.where(active & below, middle + 1, low)
        high = np.where(active & ~below, middle, high)
    return low


def _band(weight: Ints, card: RateCard, first: Ints, last: Ints) -> tuple[Ints, Mask]:
    """The place that may hold each weight among first..last, and whether it does."""
    low = _first_reaching(weight, card, first, last)
    at = np.minimum(low, len(card) - 1)
    return at, (low <= last) & (weight > card.from_mg[at])


def _any_unknown(card: RateCard, weight: Ints, first: Ints, last: Ints, below: Ints) -> Mask:
    """Whether a row before ``below`` that the weight or more could be in has no known divisor."""
    unknown = np.concatenate([[0], np.cumsum(card.volume == VOLUME_UNKNOWN)])
    low = np.minimum(_first_reaching(weight, card, first, last), below)
    found: Mask = unknown[below] > unknown[low]
    return found


def _check_sides(
    parcels: Parcels, card: RateCard, place: Ints, reason: npt.NDArray[np.int8]
) -> None:
    rows = np.flatnonzero((reason == FOUND) | (reason == FOUND_WITHOUT_SIDES))
    side, three = card.max_side[place[rows]], card.max_sum[place[rows]]
    large = ((side > 0) & (parcels.longest[rows] > side)) | (
        (three > 0) & (parcels.three_sides[rows] > three)
    )
    reason[rows[large]] = TOO_LARGE


def _price(
    charge: Ints,
    place: Ints,
    days: Ints,
    card: RateCard,
    exchange: Exchange,
    reason: npt.NDArray[np.int8],
) -> Ints:
    """Freight in CNY cents where a row was found; marks rows without an exchange rate."""
    fee = np.zeros(len(charge), dtype=np.int64)
    found = np.flatnonzero((reason == FOUND) | (reason == FOUND_WITHOUT_SIDES))
    currencies: Any = card.currency[place[found]]
    for currency in pd.unique(currencies):
        rows = found[currencies == currency]
        units: Any = RATE_UNIT
        if currency != "CNY":
            units = exchange.rates_on(str(currency), days[rows], np.ones(len(rows), dtype=bool))
            reason[rows[units == 0]] = NO_EXCHANGE
        price = Price(*(column[place[rows]] for column in card.price))
        fee[rows] = freight_fee(charge[rows], price, units)
    return fee
