"""One column of raw cells as a typed array, with what is blank and what is wrong.

Cells that need no thought are converted with their column; an unusual text is looked at
once however often it stands there.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import chain
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
from pandas.api.extensions import ExtensionArray

from sellersheet import countries, money
from sellersheet.columns import Column, Wrong
from sellersheet.days import in_range, number_days, read_days
from sellersheet.exchange import FxRates
from sellersheet.issues import CellProblem, seen
from sellersheet.money import Ints, Mask
from sellersheet.number_cells import NO_HINT, Days, Hint, form_codes, read_numbers, texts_at
from sellersheet.rawcells import Form, RawCells, split, texts
from sellersheet.text_bytes import lengths, objects, plain_days, whole_numbers

Codes = npt.NDArray[np.uint8]

YES: Final = ("true", "yes", "y", "是", "有", "1", "1.0", "√", "✓", "✔", "对")
NO: Final = ("false", "no", "n", "否", "无", "0", "0.0", "×", "✗", "✘", "x")
_ANY: Final = tuple(Form)
_FLAGS: Final = {**dict.fromkeys(YES, 1), **dict.fromkeys(NO, 0)}


@dataclass(frozen=True)
class Cells:
    """A column. Blank and wrong cells hold the column's default, or 0, "" or no.

    ``typed`` may be None where ``text`` tells all. ``bare`` is where a number has no unit
    beside it. ``share`` is where a cost is a share of the amount paid; its value is then in
    units of 1e-9. ``text`` are the values of a column of texts as Arrow's, where all cells are
    texts; of few distinct ones a dictionary. ``moved`` is where a moment is on another day in
    Beijing than where its zone is.
    """

    typed: npt.NDArray[Any] | None
    blank: Mask
    wrong: Codes
    bare: Mask | None = None
    share: Mask | None = None
    text: pa.Array | None = None
    moved: Mask | None = None

    @cached_property
    def values(self) -> npt.NDArray[Any]:
        """The column typed; Python's texts are made of Arrow's when they are first asked for."""
        if self.typed is not None:
            return self.typed
        if not isinstance(self.text, pa.DictionaryArray):
            return objects(self.text)
        found: npt.NDArray[Any] = objects(self.text.dictionary)[self.text.indices.to_numpy()]
        return found


class Typed(Mapping[str, npt.NDArray[Any]]):
    """The values of typed columns by key, and those of columns of which every cell is blank."""

    def __init__(self, cells: Mapping[str, Cells], vacant: Mapping[str, npt.NDArray[Any]]) -> None:
        self._cells = cells
        self._vacant = vacant

    def __getitem__(self, key: str) -> npt.NDArray[Any]:
        return self._cells[key].values if key in self._cells else self._vacant[key]

    def __contains__(self, key: object) -> bool:  # that of Mapping makes the values
        return key in self._cells or key in self._vacant

    def __iter__(self) -> Iterator[str]:
        return chain(self._cells, self._vacant)

    def __len__(self) -> int:
        return len(self._cells) + len(self._vacant)


@dataclass(frozen=True, slots=True)
class Numbered:
    """A number for each distinct text, how many there are, and where the text is blank."""

    codes: Ints
    count: int
    blank: Mask


def read_cells(
    column: Column,
    cells: pd.Series[Any] | ExtensionArray,
    days: Days | None = None,
    fx: FxRates | None = None,
    hint: Hint = NO_HINT,
    raw: RawCells | None = None,
) -> Cells:
    """The column typed; ``fx`` turns amounts in other currencies into CNY by the row's day.

    ``raw`` are the cells by form, where that is known already.
    """
    cells = cells.array if isinstance(cells, pd.Series) else cells
    raw = split(cells) if raw is None else raw
    if raw.distinct is not None and column.kind not in ("money", "cost"):  # whose day may matter
        return _spread(read_cells(column, cells, None, None, hint, raw.distinct), raw)
    blank = raw.form == Form.BLANK
    if blank.all():
        return _all_blank(column, raw)
    values: npt.NDArray[Any] | None = None
    bare = share = text = moved = None
    if column.kind == "text":
        wrong = form_codes(raw, _ANY, Wrong.NONE)
        text = raw.text if raw.only_text else None
        values = texts(cells, raw) if text is None else None
    elif column.kind == "date":
        values, wrong, moved = _dates(raw, hint)
    elif column.kind in ("yes_no", "choice", "country"):
        values, wrong = _words(column, raw)
    else:
        values, wrong, bare, share = read_numbers(column, raw, days, fx, hint)
    if column.required:
        wrong[blank] = Wrong.REQUIRED
    if values is not None:
        vacant = blank | (wrong != Wrong.NONE) if wrong.any() else blank
        if vacant.any():
            values[vacant] = vacant_value(column)
    return Cells(values, blank, wrong, bare, share, text, moved)


def _spread(distinct: Cells, raw: RawCells) -> Cells:
    """What was read of the distinct texts of a column, for each of its cells."""
    codes: Any = raw.codes
    text = distinct.text
    return Cells(
        None if distinct.typed is None else distinct.typed[codes],
        distinct.blank[codes],
        distinct.wrong[codes],
        None if distinct.bare is None else distinct.bare[codes],
        None,
        None if text is None else pa.DictionaryArray.from_arrays(codes, text),
        None if distinct.moved is None else distinct.moved[codes],
    )


def _all_blank(column: Column, raw: RawCells) -> Cells:
    n = len(raw.form)
    wrong = np.full(n, Wrong.REQUIRED if column.required else Wrong.NONE, dtype=np.uint8)
    counted = column.kind not in ("text", "date", "yes_no", "choice", "country")
    return Cells(
        filled(column, n),
        np.ones(n, dtype=bool),
        wrong,
        np.zeros(n, dtype=bool) if counted else None,
        np.zeros(n, dtype=bool) if column.kind == "cost" else None,
        raw.text if column.kind == "text" else None,
    )


def numbered(cells: Cells) -> Numbered:
    """A number for each distinct text of a column of texts."""
    text = cells.text
    if text is None:
        text = pa.array(cells.typed, pa.large_string())
    known = isinstance(text, pa.DictionaryArray)
    whole = None if known else whole_numbers(text)
    if whole is None:
        encoded = text if known else text.dictionary_encode()
        codes = encoded.indices.to_numpy().astype(np.int64)
        distinct = encoded.dictionary
        return Numbered(codes, len(distinct), (lengths(distinct) == 0)[codes])
    codes, distinct = pd.factorize(whole)
    return Numbered(codes.astype(np.int64, copy=False), len(distinct), whole == 0)


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


def _dates(raw: RawCells, hint: Hint) -> tuple[npt.NDArray[np.int32], Codes, Mask | None]:
    wrong = form_codes(raw, (Form.NUMBER, Form.TEXT, Form.DAY), Wrong.NOT_A_DATE)
    days = np.zeros(len(wrong), dtype=np.int64) if raw.day is None else raw.day.copy()
    moved = raw.moved
    plain = plain_days(raw.text) if raw.only_text and hint.zone is None else None
    if plain is not None:
        days = plain.copy()
    else:
        at, found = texts_at(raw)
        if at.size:
            days[at], wrong[at], elsewhere = read_days(
                found, hint.day_first, settled=hint.settled, zone=hint.zone
            )
            if elsewhere is not None:
                moved = np.zeros(len(wrong), dtype=bool) if moved is None else moved.copy()
                moved[at] = elsewhere
    at = np.flatnonzero(raw.form == Form.NUMBER)
    if at.size:
        days[at], wrong[at] = number_days(raw.number[at])
    outside = (wrong == Wrong.NONE) & (raw.form != Form.BLANK) & ~in_range(days)
    wrong[outside] = Wrong.DATE_RANGE
    days[wrong != Wrong.NONE] = 0  # a nanosecond's overflow would not fit 32 bits
    return days.astype(np.int32), wrong, moved


def _words(column: Column, raw: RawCells) -> tuple[npt.NDArray[Any], Codes]:
    """yes/no, choices and countries: each distinct text is looked up once."""
    lookup, refusal = _lookup(column)
    wrong = form_codes(raw, (Form.TEXT,), refusal)
    values = filled(column, len(wrong))
    if column.kind == "yes_no":
        numeric = (raw.form == Form.FLAG) | (raw.form == Form.NUMBER)
        plain = numeric & ((raw.number == 0) | (raw.number == 1))
        wrong[plain] = Wrong.NONE
        values[plain] = raw.number[plain] != 0
    at = np.flatnonzero(raw.form == Form.TEXT)
    if at.size and raw.text is not None:
        distinct = raw.text.dictionary_encode()
        words = distinct.dictionary.to_pylist()
        codes = distinct.indices.to_numpy()
        codes = codes if raw.only_text else codes[at]
        rows = slice(None) if raw.only_text else at
        looked_up = [lookup(text) if text else None for text in words]
        unknown = np.array([bool(text) for text in words]) & [item is None for item in looked_up]
        if unknown.any():
            wrong[rows] = np.where(unknown[codes], refusal, wrong[rows])
        spare = vacant_value(column)
        meaning = [spare if item is None else item for item in looked_up]
        values[rows] = np.array(meaning, dtype=values.dtype)[codes]
    return values, wrong


@cache
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
