"""Cells of a column that holds numbers: amounts, shares, weights, lengths, counts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sellersheet import exchange, money
from sellersheet.amounts import clear_numbers, read_amounts
from sellersheet.columns import Column, Wrong
from sellersheet.exchange import FxRates
from sellersheet.money import Floats, Ints, Mask
from sellersheet.rawcells import Form, RawCells
from sellersheet.zones import Zone

Codes = npt.NDArray[np.uint8]

# What the typed array can hold, where the column itself sets no bound.
_LIMITS: Final = {
    "money": money.CENT_LIMIT / 100,
    "cost": money.CENT_LIMIT / 100,
    "count": 2.0**53,
    "rate": 1e9,
}
_NOWHERE: Final = np.zeros(0, dtype=np.intp)
_SLACK: Final = 1e-9  # a formula's 2.9999999999 is three pieces


@dataclass(frozen=True, slots=True)
class Hint:
    """What is known of a column beside its cells.

    ``factor`` turns a bare number into the column's unit; ``units`` does where the number
    format of a row names a unit, NaN elsewhere. ``currency`` is that of amounts
    which name none: one code, or one a row. ``percent`` is where a number is shown in %, or
    yes where the header says that all are rates; with ``points`` it says that they are in %,
    so that 5 is 5 %. ``day_first`` says what 05/08/2024 means where no other date of the
    column does; ``zone`` is that of times which name none. ``settled``: the cells are not asked
    what they mean, since the column was read before as a whole; ``decimal`` then says whether
    1.234 is a little over one.
    """

    factor: float = 1.0
    units: Floats | None = None
    currency: str | npt.NDArray[np.object_] = ""
    percent: Mask | bool = False
    points: bool = False
    day_first: bool | None = None
    zone: Zone | None = None
    decimal: bool | None = None
    settled: bool = False


NO_HINT: Final = Hint()


@dataclass(frozen=True, slots=True)
class Days:
    """The day of each row, where it is known."""

    values: Ints
    known: Mask


def read_numbers(
    column: Column, raw: RawCells, days: Days | None, fx: FxRates | None, hint: Hint
) -> tuple[npt.NDArray[Any], Codes, Mask, Mask | None]:
    """Values, what is wrong, where no unit is written, and which costs are shares."""
    wrong = form_codes(raw, (Form.NUMBER, Form.TEXT), Wrong.NOT_A_NUMBER)
    bare = raw.form == Form.NUMBER
    share = np.zeros(len(wrong), dtype=bool)
    currency: npt.NDArray[np.object_] | None = None
    clear = clear_numbers(column.kind, raw.text) if raw.only_text else None
    number = raw.number.copy() if clear is None else clear.copy()
    if clear is not None:
        bare = raw.form == Form.TEXT
    at, found = texts_at(raw) if clear is None else (_NOWHERE, None)
    if at.size:
        read = read_amounts(column.kind, found, hint.decimal)
        number[at], wrong[at] = read.number, read.wrong
        bare[at] = True if read.united is None else ~read.united
        if column.kind == "cost" and read.percent is not None:
            share[at] = read.percent
        currency = _written(read.currency, at, len(number))
    if hint.factor != 1:
        number[bare] = np.round(number[bare] * hint.factor, 6)
    if hint.units is not None:
        said = (raw.form == Form.NUMBER) & ~np.isnan(hint.units)
        number[said] = np.round(number[said] * hint.units[said], 6)
        bare &= ~said
    if column.kind == "cost":
        bare &= ~share
        share |= _as_shares(number, wrong, bare, currency, hint)
    if currency is not None or not isinstance(hint.currency, str) or hint.currency:
        use = ~share & (raw.form != Form.BLANK)
        _exchanged(column, number, wrong, _currencies(currency, hint, use), days, fx)
    _refuse(column, number, wrong, share, raw)
    if column.kind == "cost":
        return np.where(share, money.rate_units(number), money.cents(number)), wrong, bare, share
    return _in_units(column, number), wrong, bare, None


def _as_shares(
    number: Floats, wrong: Codes, bare: Mask, currency: npt.NDArray[np.object_] | None,
    hint: Hint,
) -> Mask:  # fmt: skip
    """Which costs are shares though no % stands beside them; an amount with its currency
    is none. Numbers that count per cent are turned into shares."""
    if currency is not None:
        bare &= currency == ""
    shown = bare & hint.percent
    if not hint.points:
        return shown
    points = bare & ~shown
    wrong[points & (number > 0) & (number <= 1)] = Wrong.UNCLEAR_SHARE
    number[points] /= 100
    return bare


def _written(
    codes: npt.NDArray[np.object_] | None, at: npt.NDArray[np.intp], count: int
) -> npt.NDArray[np.object_] | None:
    """The currencies that texts name, by row; None where none does."""
    if codes is None or not (codes != "").any():
        return None
    found = np.full(count, "", dtype=object)
    found[at] = codes
    return found


def _refuse(column: Column, number: Floats, wrong: Codes, share: Mask, raw: RawCells) -> None:
    """Mark what the column can't take, and put 0 in its place."""
    finite = np.isfinite(number)
    if not finite.all():
        wrong[~finite] = Wrong.NOT_A_NUMBER
        number[~finite] = 0.0
    refused = _refused(column, number)
    if column.kind == "cost":
        refused[share & (number > 1)] = Wrong.SHARE
    if refused.any():
        new = (refused != Wrong.NONE) & (wrong == Wrong.NONE) & (raw.form != Form.BLANK)
        wrong[new] = refused[new]
    if wrong.any():
        number[wrong != Wrong.NONE] = 0.0


def _in_units(column: Column, number: Floats) -> npt.NDArray[Any]:
    if column.kind in ("money", "rate"):
        whole: Ints = (money.cents if column.kind == "money" else money.rate_units)(number)
        return whole
    if column.kind == "count":
        return np.rint(number).astype(np.int64)
    return number


def _currencies(
    own: npt.NDArray[np.object_] | None, hint: Hint, use: Mask
) -> npt.NDArray[np.object_]:
    """The currency of every amount: its own, else that of its column or row."""
    given = np.full(len(use), hint.currency, dtype=object) if isinstance(
        hint.currency, str) else hint.currency  # fmt: skip
    found = given if own is None else np.where(own == "", given, own)
    return np.where(use, found, "")


def _exchanged(
    column: Column,
    number: Floats,
    wrong: Codes,
    currency: npt.NDArray[np.object_],
    days: Days | None,
    fx: FxRates | None,
) -> None:
    """Turn amounts in other currencies into CNY in place, by the day of each row."""
    none = np.zeros(len(number), dtype=np.int64)
    known = none.astype(bool) if days is None else days.known
    day = none if days is None else days.values
    for code in set(currency.tolist()) - {"", column.unit or "CNY"}:
        rows = np.flatnonzero((currency == code) & (wrong == Wrong.NONE))
        if column.unit != "CNY":
            wrong[rows] = Wrong.OTHER_CURRENCY
            continue
        units = none[rows] if fx is None else fx.rates_on(code, day[rows], known[rows])
        number[rows] = exchange.to_cents(number[rows], units) / 100
        missing = Wrong.NO_RATE if fx is None or code not in fx.rates else Wrong.NO_RATE_YET
        wrong[rows] = np.where(units == 0, missing, Wrong.NONE)
        if fx is not None:
            wrong[rows[fx.spoilt_on(code, day[rows], known[rows])]] = Wrong.SPOILT_RATE


def _refused(column: Column, number: Floats) -> Codes:
    """Which numbers are beyond what the column takes."""
    low, high = column.low, column.high
    wrong = np.zeros(len(number), dtype=np.uint8)
    if column.kind == "count":
        wrong[np.abs(number - np.rint(number)) > _SLACK] = Wrong.NOT_WHOLE
    if column.kind in _LIMITS:
        limit = _LIMITS[column.kind]
        low = -limit if low is None else low
        high = limit if high is None else high
    if low is not None:
        wrong[number < low] = Wrong.BELOW
    if high is not None:
        wrong[number > high] = Wrong.ABOVE
    if column.kind == "rate":
        wrong[number > max(1.0, column.high or 0.0)] = Wrong.SHARE
    return wrong


def form_codes(raw: RawCells, taken: tuple[Form, ...], refusal: Wrong) -> Codes:
    """The refusal of every cell whose form is not taken; blanks are never refused here."""
    return _by_form(taken, refusal).take(raw.form)


@cache
def _by_form(taken: tuple[Form, ...], refusal: Wrong) -> Codes:
    found = np.full(len(Form), refusal, dtype=np.uint8)
    found[[Form.BLANK, *taken]] = Wrong.NONE
    found[Form.ERROR] = Wrong.ERROR_CELL
    return found


def texts_at(raw: RawCells) -> tuple[npt.NDArray[np.intp], pa.Array]:
    """Where text stands, and the texts."""
    at = np.flatnonzero(raw.form == Form.TEXT)
    if raw.text is None or len(at) == len(raw.form):
        return at, raw.text
    return at, raw.text.take(pa.array(at))
