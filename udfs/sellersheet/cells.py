"""One column of raw cells as a typed array, with what is blank and what is wrong.

Cells that need no thought are converted with their column; an unusual text is looked at
once however often it stands there.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from sellersheet import countries, exchange, money
from sellersheet.amounts import read_amounts
from sellersheet.columns import Column
from sellersheet.days import in_range, number_days, read_days
from sellersheet.exchange import FxRates
from sellersheet.issues import CellProblem, seen
from sellersheet.money import Ints, Mask
from sellersheet.rawcells import Form, RawCells, split, texts
from sellersheet.wrong import Wrong

Codes = npt.NDArray[np.uint8]

_YES: Final = ("true", "yes", "y", "是", "有", "1", "1.0", "√", "✓", "✔", "对")
_NO: Final = ("false", "no", "n", "否", "无", "0", "0.0", "×", "✗", "✘", "x")
_FLAGS: Final = {**dict.fromkeys(_YES, 1), **dict.fromkeys(_NO, 0)}
# What the typed array can hold, where the column itself sets no bound.
_LIMITS: Final = {
    "money": money.CENT_LIMIT / 100,
    "cost": money.CENT_LIMIT / 100,
    "count": 2.0**53,
    "rate": 1e9,
}
_SLACK: Final = 1e-9  # a formula's 2.9999999999 is three pieces


@dataclass(frozen=True, slots=True)
class Cells:
    """A column. Blank and wrong cells hold the column's default, or 0, "" or no.

    ``bare`` is where a number has no unit beside it. ``share`` is where a cost is a share of
    the amount paid; its value is then in units of 1e-9.
    """

    values: npt.NDArray[Any]
    blank: Mask
    wrong: Codes
    bare: Mask | None = None
    share: Mask | None = None


@dataclass(frozen=True, slots=True)
class Hint:
    """What is known of a column beside its cells.

    ``factor`` turns a bare number into the column's unit. ``currency`` is that of amounts
    which name none: one code, or one a row. ``percent`` is where a number is shown in %, or
    yes where the header says that all are rates; with ``points`` it says that they are in %,
    so that 5 is 5 %. ``day_first`` says what 05/08/2024 means.
    """

    factor: float = 1.0
    currency: str | npt.NDArray[np.object_] = ""
    percent: Mask | bool = False
    points: bool = False
    day_first: bool | None = None


NO_HINT: Final = Hint()


@dataclass(frozen=True, slots=True)
class Days:
    """The day of each row, where it is known."""

    values: Ints
    known: Mask


def read_cells(
    column: Column,
    cells: pd.Series[Any],
    days: Days | None = None,
    fx: FxRates | None = None,
    hint: Hint = NO_HINT,
) -> Cells:
    """The column typed; ``fx`` turns amounts in other currencies into CNY by the row's day."""
    raw = split(cells)
    blank = raw.form == Form.BLANK
    values: npt.NDArray[Any]
    bare = share = None
    if column.kind == "text":
        wrong = _form_codes(raw, tuple(Form), Wrong.NONE)
        values = texts(cells, raw)
    elif column.kind == "date":
        values, wrong = _dates(raw, hint.day_first)
    elif column.kind in ("yes_no", "choice", "country"):
        values, wrong = _words(column, raw)
    else:
        values, wrong, bare, share = _numbers(column, raw, days, fx, hint)
    if column.required:
        wrong[blank] = Wrong.REQUIRED
    vacant = blank if not wrong.any() else blank | (wrong != Wrong.NONE)
    if vacant.any():
        values[vacant] = vacant_value(column)
    return Cells(values, blank, wrong, bare, share)


def read_one(column: Column, value: object, fx: FxRates | None = None) -> Any:
    """One value typed, in the units of the column; None for a blank without a default.

    A value that the column can't take is a CellProblem.
    """
    found = read_cells(column, pd.Series([value], dtype=object), None, fx)
    if found.wrong[0]:
        raise CellProblem(column, Wrong(found.wrong[0]), seen(value))
    if found.blank[0] and column.default is None:
        return None
    typed = found.values[0]
    return typed.item() if isinstance(typed, np.generic) else typed


def filled(column: Column, n: int) -> npt.NDArray[Any]:
    """The column where every cell is blank."""
    dtype: dict[str, type] = {"money": np.int64, "rate": np.int64, "count": np.int64}
    dtype["cost"] = np.int64
    dtype |= {"text": object, "country": object, "date": np.int32}
    dtype |= {"yes_no": np.bool_, "choice": np.int8}
    return np.full(n, vacant_value(column), dtype=dtype.get(column.kind, np.float64))


def vacant_value(column: Column) -> int | str:
    """What a blank or wrong cell holds in the typed array."""
    if column.kind in ("text", "country"):
        return ""
    scale = {"money": 100, "cost": 100, "rate": money.RATE_UNIT}.get(column.kind, 1)
    return (column.default or 0) * scale


def word(text: str) -> str:
    """A word without case, width and spaces, as words are compared."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _form_codes(raw: RawCells, taken: tuple[Form, ...], refusal: Wrong) -> Codes:
    """The refusal of every cell whose form is not taken; blanks are never refused here."""
    by_form = np.full(len(Form), refusal, dtype=np.uint8)
    by_form[[Form.BLANK, *taken]] = Wrong.NONE
    by_form[Form.ERROR] = Wrong.ERROR_CELL
    return by_form[raw.form]


def _texts_at(raw: RawCells) -> tuple[npt.NDArray[np.intp], pa.Array]:
    """Where text stands, and the texts."""
    at = np.flatnonzero(raw.form == Form.TEXT)
    if raw.text is None or len(at) == len(raw.form):
        return at, raw.text
    return at, raw.text.take(pa.array(at))


def _numbers(
    column: Column, raw: RawCells, days: Days | None, fx: FxRates | None, hint: Hint
) -> tuple[npt.NDArray[Any], Codes, Mask, Mask | None]:
    """Values, what is wrong, where no unit is written, and which costs are shares."""
    number = raw.number
    wrong = _form_codes(raw, (Form.NUMBER, Form.TEXT), Wrong.NOT_A_NUMBER)
    bare = raw.form == Form.NUMBER
    share = np.zeros(len(number), dtype=bool)
    currency: npt.NDArray[np.object_] | None = None
    at, found = _texts_at(raw)
    if at.size:
        read = read_amounts(column.kind, found)
        number[at], wrong[at] = read.number, read.wrong
        bare[at] = True if read.united is None else ~read.united
        if column.kind == "cost" and read.percent is not None:
            share[at] = read.percent
        currency = _written(read.currency, at, len(number))
    if hint.factor != 1:
        number[bare] = np.round(number[bare] * hint.factor, 6)
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
    number: money.Floats, wrong: Codes, bare: Mask, currency: npt.NDArray[np.object_] | None,
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


def _refuse(column: Column, number: money.Floats, wrong: Codes, share: Mask, raw: RawCells) -> None:
    """Mark what the column can't take, and put 0 in its place."""
    finite = np.isfinite(number)
    if not finite.all():
        wrong[~finite] = Wrong.NOT_A_NUMBER
        number[~finite] = 0.0
    refused = _refused(column, number)
    refused[share & (number > 1)] = Wrong.SHARE
    new = (refused != Wrong.NONE) & (wrong == Wrong.NONE) & (raw.form != Form.BLANK)
    if new.any():
        wrong[new] = refused[new]
    if wrong.any():
        number[wrong != Wrong.NONE] = 0.0


def _in_units(column: Column, number: money.Floats) -> npt.NDArray[Any]:
    if column.kind == "money":
        cents: Ints = money.cents(number)
        return cents
    if column.kind == "rate":
        return money.rate_units(number)
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
    number: money.Floats,
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


def _refused(column: Column, number: money.Floats) -> Codes:
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


def _dates(raw: RawCells, day_first: bool | None) -> tuple[npt.NDArray[np.int32], Codes]:
    wrong = _form_codes(raw, (Form.NUMBER, Form.TEXT, Form.DAY), Wrong.NOT_A_DATE)
    days = np.zeros(len(wrong), dtype=np.int64) if raw.day is None else raw.day
    at, found = _texts_at(raw)
    if at.size:
        days[at], wrong[at] = read_days(found, day_first)
    at = np.flatnonzero(raw.form == Form.NUMBER)
    if at.size:
        days[at], wrong[at] = number_days(raw.number[at])
    outside = (wrong == Wrong.NONE) & (raw.form != Form.BLANK) & ~in_range(days)
    wrong[outside] = Wrong.DATE_RANGE
    days[wrong != Wrong.NONE] = 0  # a nanosecond's overflow would not fit 32 bits
    return days.astype(np.int32), wrong


def _words(column: Column, raw: RawCells) -> tuple[npt.NDArray[Any], Codes]:
    """yes/no, choices and countries: each distinct text is looked up once."""
    lookup, refusal = _lookup(column)
    wrong = _form_codes(raw, (Form.TEXT,), refusal)
    values = filled(column, len(wrong))
    if column.kind == "yes_no":
        numeric = (raw.form == Form.FLAG) | (raw.form == Form.NUMBER)
        plain = numeric & ((raw.number == 0) | (raw.number == 1))
        wrong[plain] = Wrong.NONE
        values[plain] = raw.number[plain] != 0
    at, found = _texts_at(raw)
    if at.size:
        distinct = found.dictionary_encode()
        looked_up = [lookup(text) for text in distinct.dictionary.to_pylist()]
        codes = distinct.indices.to_numpy()
        unknown = np.array([item is None for item in looked_up])[codes]
        wrong[at[unknown]] = refusal
        spare = vacant_value(column)
        meaning = [spare if item is None else item for item in looked_up]
        values[at] = np.array(meaning, dtype=values.dtype)[codes]
    return values, wrong


def _lookup(column: Column) -> tuple[Callable[[str], int | str | None], Wrong]:
    if column.kind == "country":
        return countries.code, Wrong.NOT_A_COUNTRY
    if column.kind == "yes_no":
        return lambda text: _FLAGS.get(word(text)), Wrong.NOT_YES_NO
    known = {
        word(text): position
        for position, choice in reversed(list(enumerate(column.choices)))
        for text in (choice.key, choice.zh, choice.en, *choice.also)
    }
    return lambda text: known.get(word(text)), Wrong.NOT_A_CHOICE
