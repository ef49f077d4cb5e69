"""One column as it came, sorted by what each cell holds: number, text, day, yes/no.

Any dtype is taken: numpy, pandas' own, pyarrow-backed, categories, and objects of mixed
types. Nothing is understood here and nothing is refused.
"""

from __future__ import annotations

import datetime as dt
import numbers
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pandas.api.extensions import ExtensionArray
from pandas.arrays import NumpyExtensionArray

from sellersheet.days import ORDINAL
from sellersheet.money import Floats, Ints, Mask
from sellersheet.text_bytes import (
    SPACES,
    flat,
    holds,
    lengths,
    objects,
    trimmed,
    without_nulls,
    words,
)
from sellersheet.zones import BEIJING, in_beijing

ERROR_TEXTS: Final = (
    *("#N/A", "#VALUE!", "#REF!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"),
    *("#FIELD!", "#BLOCKED!", "#UNKNOWN!", "#CONNECT!", "#GETTING_DATA"),
)
_WHOLE_LIMIT: Final = 2.0**53  # beyond it a float no longer tells neighbouring whole numbers apart


class Form(IntEnum):
    """What a cell holds."""

    BLANK = 0
    NUMBER = 1
    TEXT = 2
    DAY = 3
    FLAG = 4  # TRUE or FALSE
    ERROR = 5  # #N/A and its kin
    OTHER = 6


_NO_TEXT: Final = ~np.isin(np.arange(len(Form)), [Form.BLANK, Form.TEXT, Form.ERROR])


@dataclass(frozen=True)
class RawCells:
    """A column by form: ``number`` counts where the form is NUMBER or FLAG, and so on.

    ``texts`` are trimmed and "" outside TEXT and ERROR; None where no cell is text. Where a few
    texts come again and again, ``distinct`` has those and ``codes`` which of them each cell is.
    ``moved`` are moments that were on another day where their zone is; ``day`` is Beijing's.
    """

    form: npt.NDArray[np.int8]
    number: Floats
    day: Ints | None
    texts: pa.Array | None
    distinct: RawCells | None = None
    codes: npt.NDArray[np.int32] | None = None
    moved: Mask | None = None

    @cached_property
    def text(self) -> pa.Array | None:
        """The text of each cell."""
        if self.distinct is None:
            return self.texts
        few: Any = self.distinct.texts
        return few.take(pa.array(self.codes))

    @property
    def only_text(self) -> bool:
        """Whether every cell is a text or blank, and one is a text."""
        texts = self.texts if self.distinct is None else self.distinct.texts
        return texts is not None and not (self.form & ~np.int8(Form.TEXT)).any()


def split(cells: ExtensionArray) -> RawCells:
    """The column by form."""
    if isinstance(cells, pd.Categorical):
        if pd.api.types.infer_dtype(cells.categories) == "string":
            return _of_categories(cells)
        cells = pd.Series(np.asarray(cells)).array
    dtype = cells.dtype
    if dtype.kind == "M":
        return _of_datetimes(pd.Series(cells))
    if dtype.kind == "b":
        return _of_numbers(_floats(cells), Form.FLAG)
    if dtype.kind in "iuf" or (dtype.kind != "c" and pd.api.types.is_numeric_dtype(dtype)):
        return _of_numbers(_floats(cells), Form.NUMBER)
    if not isinstance(cells, NumpyExtensionArray) and pd.api.types.is_string_dtype(dtype):
        return _of_texts(without_nulls(flat(pa.array(cells, from_pandas=True))))
    return _of_objects(np.asarray(cells.astype(object), dtype=object))


def shown(value: Any) -> str:
    """A raw value as a person reads it in the cell."""
    if isinstance(value, str):
        return value.strip(SPACES)
    if isinstance(value, Decimal):
        return "" if value.is_nan() else str(value)
    if value is None or value is pd.NaT or value is pd.NA or value != value:
        return ""
    if isinstance(value, bool | np.bool_):
        return "TRUE" if value else "FALSE"
    if isinstance(value, dt.datetime):
        return value.isoformat(" ").removesuffix(" 00:00:00")
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value)) if abs(float(value)) < _WHOLE_LIMIT else str(float(value))
    return str(value).strip(SPACES)


def texts(cells: ExtensionArray, raw: RawCells) -> npt.NDArray[np.object_]:
    """Every cell as text, "" where blank: a number stored as an order number keeps its digits."""
    if raw.distinct is not None:
        return objects(raw.distinct.texts)[raw.codes]
    found = np.full(len(cells), "", dtype=object) if raw.text is None else objects(raw.text)
    at = np.flatnonzero(_NO_TEXT[raw.form])
    if not at.size:
        return found
    rest = cells.take(at)
    whole = rest.to_numpy() if isinstance(rest, NumpyExtensionArray) else None
    if whole is not None and whole.dtype.kind == "f":
        number = raw.number[at]
        if np.all((np.abs(number) < _WHOLE_LIMIT) & (number == np.rint(number))):
            whole = number.astype(np.int64)
    if whole is not None and whole.dtype.kind in "iu":
        found[at] = pa.array(whole).cast(pa.string()).to_numpy(zero_copy_only=False)
    else:
        found[at] = [shown(value) for value in rest.astype(object)]
    return found


def _of_categories(cells: pd.Categorical) -> RawCells:
    categories = _arrow_texts(np.array([*cells.categories, ""], dtype=object))
    codes = cells.codes  # -1, where one is missing, is the last place
    used = np.zeros(len(categories), dtype=bool)
    used[codes] = True  # a category that stands nowhere tells nothing
    places = (np.cumsum(used) - 1).astype(np.int32)
    return _of_words(categories.filter(pa.array(used)), places[codes])


def _of_texts(text: pa.Array) -> RawCells:
    encoded = words(text)
    if encoded is not None:
        return _of_words(encoded.dictionary, encoded.indices.to_numpy())
    text = trimmed(text)
    return RawCells(text_forms(text), np.zeros(len(text)), None, text)


def _of_words(distinct: pa.Array, codes: npt.NDArray[np.int32]) -> RawCells:
    apart = trimmed(distinct).dictionary_encode()
    if len(apart.dictionary) < len(distinct):  # told apart by spaces alone
        codes = apart.indices.to_numpy()[codes]
    few = _of_texts(apart.dictionary)
    return RawCells(few.form[codes], np.zeros(len(codes)), None, None, few, codes)


def _of_numbers(number: Floats, form: Form) -> RawCells:
    missing = np.isnan(number)
    forms = np.where(missing, np.int8(Form.BLANK), np.int8(form))
    return RawCells(forms, np.where(missing, 0.0, number), None, None)


def _of_datetimes(cells: pd.Series[Any]) -> RawCells:
    if isinstance(cells.dtype, pd.ArrowDtype) and pa.types.is_date(cells.dtype.pyarrow_dtype):
        cells = cells.astype(pd.ArrowDtype(pa.timestamp("s")))
    zoned = cells.dt.tz is not None
    wall = cells.dt.tz_localize(None) if zoned else cells
    days = wall.to_numpy(dtype="datetime64[s]").astype("datetime64[D]")
    moved: Mask | None = None
    if zoned:
        utc = cells.dt.tz_convert(None).to_numpy(dtype="datetime64[s]")
        here = (utc + np.timedelta64(BEIJING, "m")).astype("datetime64[D]")
        moved, days = (here != days) & ~np.isnat(days), here
    missing = np.isnat(days)
    forms = np.where(missing, np.int8(Form.BLANK), np.int8(Form.DAY))
    day = np.where(missing, 0, days.astype(np.int64))
    return RawCells(forms, np.zeros(len(cells)), day, None, moved=moved)


def _of_objects(values: npt.NDArray[np.object_]) -> RawCells:
    """Cells of mixed types, one type at a time."""
    if (flags := _only_flags(values)) is not None:
        return flags
    n = len(values)
    form = np.zeros(n, dtype=np.int8)
    number = np.zeros(n)
    day: Ints | None = None
    moved: Mask | None = None
    text: pa.Array | None = None
    codes, types = pd.factorize(np.fromiter(map(type, values), dtype=object, count=n))
    is_text = np.isin(codes, [at for at, kind in enumerate(types) if issubclass(kind, str)])
    if is_text.any():
        text = trimmed(without_nulls(_arrow_texts(values, ~is_text)))
        form = text_forms(text)
    for code, kind in enumerate(types):
        if issubclass(kind, str) or kind in (type(None), type(pd.NaT), type(pd.NA)):
            continue
        at = np.flatnonzero(codes == code)
        if issubclass(kind, bool | np.bool_):
            form[at], number[at] = Form.FLAG, values[at].astype(np.float64)
        elif issubclass(kind, numbers.Real | Decimal | np.number) and not np.issubdtype(
            kind, np.complexfloating
        ):
            found = _of_numbers(_object_floats(values[at]), Form.NUMBER)
            form[at], number[at] = found.form, found.number
        elif issubclass(kind, dt.date | np.datetime64):
            day = np.zeros(n, dtype=np.int64) if day is None else day
            form[at], day[at], elsewhere = _object_days(values[at], kind)
            if elsewhere is not None:
                moved = np.zeros(n, dtype=bool) if moved is None else moved
                moved[at] = elsewhere
        else:
            form[at] = Form.OTHER
    return RawCells(form, number, day, text, moved=moved)


def _only_flags(values: npt.NDArray[np.object_]) -> RawCells | None:
    """A column of TRUE, FALSE and blanks; None where anything else is in it."""
    try:
        flags = pa.array(values, pa.bool_(), from_pandas=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return None
    known = flags.is_valid().to_numpy(zero_copy_only=False)
    form = np.where(known, np.int8(Form.FLAG), np.int8(Form.BLANK))
    number = pc.fill_null(flags, pa.scalar(False)).cast(pa.float64()).to_numpy()
    return RawCells(form, number, None, None)


def _floats(cells: ExtensionArray) -> Floats:
    if isinstance(cells, NumpyExtensionArray):
        return cells.to_numpy(dtype=np.float64)
    return cells.to_numpy(dtype=np.float64, na_value=np.nan)


def _object_floats(values: npt.NDArray[np.object_]) -> Floats:
    try:
        return values.astype(np.float64)
    except (OverflowError, ValueError):  # a whole number of 400 digits, a signalling NaN
        return np.array([_float(value) for value in values])


def _float(value: Any) -> float:
    try:
        return float(value)
    except OverflowError:
        return float("inf")
    except ValueError:
        return float("nan")


def _object_days(
    values: npt.NDArray[np.object_], kind: type
) -> tuple[npt.NDArray[np.int8], Ints, Mask | None]:
    if issubclass(kind, np.datetime64):
        found = _of_datetimes(pd.Series(values.astype("datetime64[s]")))
        assert found.day is not None  # noqa: S101
        return found.form, found.day, None
    forms = np.full(len(values), Form.DAY, dtype=np.int8)
    ordinals = np.fromiter(map(dt.date.toordinal, values), dtype=np.int64, count=len(values))
    if not issubclass(kind, dt.datetime):
        return forms, ordinals - ORDINAL, None
    there = np.array([in_beijing(value).toordinal() for value in values], dtype=np.int64)
    return forms, there - ORDINAL, there != ordinals if (there != ordinals).any() else None


def _arrow_texts(values: npt.NDArray[np.object_], others: Mask | None = None) -> pa.Array:
    """The texts; missing where other cells stand."""
    try:
        return flat(pa.array(values, type=pa.large_string(), mask=others))
    except UnicodeEncodeError:  # half of a surrogate pair, from a cut-off emoji
        mended = [value.encode("utf-8", "replace").decode() if isinstance(value, str) else None
                  for value in values]  # fmt: skip
        return pa.array(mended, type=pa.large_string(), mask=others)


def text_forms(text: pa.Array) -> npt.NDArray[np.int8]:
    """The form of trimmed texts."""
    form = np.multiply(lengths(text) > 0, np.int8(Form.TEXT), dtype=np.int8)
    if holds(text, "#"):
        error = pc.is_in(text, value_set=pa.array(ERROR_TEXTS, type=pa.large_string()))
        form[error.to_numpy(zero_copy_only=False)] = Form.ERROR
    return form
