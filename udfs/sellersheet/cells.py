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

from sellersheet import countries, money
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
_LIMITS: Final = {"money": money.CENT_LIMIT / 100, "count": 2.0**53, "rate": 1e9}
_SLACK: Final = 1e-9  # a formula's 2.9999999999 is three pieces


@dataclass(frozen=True, slots=True)
class Cells:
    """A column. Blank and wrong cells hold the column's default, or 0, "" or no."""

    values: npt.NDArray[Any]
    blank: Mask
    wrong: Codes


@dataclass(frozen=True, slots=True)
class Days:
    """The day of each row, where it is known."""

    values: Ints
    known: Mask


def read_cells(
    column: Column, cells: pd.Series[Any], days: Days | None = None, fx: FxRates | None = None
) -> Cells:
    """The column typed; ``fx`` turns amounts in other currencies into CNY by the row's day."""
    raw = split(cells)
    blank = raw.form == Form.BLANK
    values: npt.NDArray[Any]
    if column.kind == "text":
        wrong = _form_codes(raw, tuple(Form), Wrong.NONE)
        values = texts(cells, raw)
    elif column.kind == "date":
        values, wrong = _dates(raw)
    elif column.kind in ("yes_no", "choice", "country"):
        values, wrong = _words(column, raw)
    else:
        values, wrong = _numbers(column, raw, days, fx)
    if column.required:
        wrong[blank] = Wrong.REQUIRED
    vacant = blank if not wrong.any() else blank | (wrong != Wrong.NONE)
    if vacant.any():
        values[vacant] = vacant_value(column)
    return Cells(values, blank, wrong)


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
    dtype |= {"text": object, "country": object, "date": np.int32}
    dtype |= {"yes_no": np.bool_, "choice": np.int8}
    return np.full(n, vacant_value(column), dtype=dtype.get(column.kind, np.float64))


def vacant_value(column: Column) -> int | str:
    """What a blank or wrong cell holds in the typed array."""
    if column.kind in ("text", "country"):
        return ""
    scale = {"money": 100, "rate": money.RATE_UNIT}.get(column.kind, 1)
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
    column: Column, raw: RawCells, days: Days | None, fx: FxRates | None
) -> tuple[npt.NDArray[Any], Codes]:
    number = raw.number
    wrong = _form_codes(raw, (Form.NUMBER, Form.TEXT), Wrong.NOT_A_NUMBER)
    at, found = _texts_at(raw)
    if at.size:
        known = np.zeros(len(at), dtype=bool) if days is None else days.known[at]
        day = np.zeros(len(at), dtype=np.int64) if days is None else days.values[at]
        number[at], wrong[at] = read_amounts(column, found, day, known, fx)
    finite = np.isfinite(number)
    if not finite.all():
        wrong[~finite] = Wrong.NOT_A_NUMBER
        number[~finite] = 0.0
    refused = _refused(column, number)
    new = (refused != Wrong.NONE) & (wrong == Wrong.NONE) & (raw.form != Form.BLANK)
    if new.any():
        wrong[new] = refused[new]
    if wrong.any():
        number[wrong != Wrong.NONE] = 0.0
    if column.kind == "money":
        return money.cents(number), wrong
    if column.kind == "rate":
        return money.rate_units(number), wrong
    if column.kind == "count":
        return np.rint(number).astype(np.int64), wrong
    return number, wrong


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


def _dates(raw: RawCells) -> tuple[npt.NDArray[np.int32], Codes]:
    wrong = _form_codes(raw, (Form.NUMBER, Form.TEXT, Form.DAY), Wrong.NOT_A_DATE)
    days = np.zeros(len(wrong), dtype=np.int64) if raw.day is None else raw.day
    at, found = _texts_at(raw)
    if at.size:
        days[at], wrong[at] = read_days(found)
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
