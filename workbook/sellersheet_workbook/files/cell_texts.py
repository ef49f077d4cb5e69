"""A column as the texts that stand in a file: numbers, words and yes/no apart."""

from __future__ import annotations

import datetime as dt
import math
import numbers
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from sellersheet.epoch import SERIAL
from sellersheet.rawcells import one_array

# Excel keeps 15 digits; a longer whole number is an order number and stays as written.
_EXACT: Final = 10**15
_DAY_US: Final = 86_400_000_000
_FIRST_SERIAL: Final = 61.0  # Excel has a 1900-02-29, so earlier days are off by one


@dataclass(frozen=True, slots=True)
class CellTexts:
    """String arrays of one length, missing where the cell is blank or of another form."""

    number: pa.Array | None = None
    word: pa.Array | None = None
    flag: pa.Array | None = None


def cell_texts(column: pd.Series[Any], *, serial_days: bool) -> CellTexts:
    """The column's cells; days as Excel's day numbers or, if not, as ISO text."""
    dtype = column.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        column = column.astype(object)
    elif not pd.api.types.is_object_dtype(dtype):
        values = _array(column)
        kind = values.type
        if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
            return _days(values, serial_days=serial_days)
        if pa.types.is_boolean(kind):
            return CellTexts(flag=pc.if_else(values, "1", "0"))
        if pa.types.is_integer(kind) or pa.types.is_floating(kind):
            return _numbers(values)
        return CellTexts(word=pc.cast(values, pa.string()))
    if pd.api.types.infer_dtype(column, skipna=True) in ("string", "empty"):
        return CellTexts(word=pa.array(column, pa.string(), from_pandas=True))
    return _mixed(column.tolist(), serial_days=serial_days)


def is_day(value: object) -> bool:
    """Whether it is a day or a moment that is there."""
    return isinstance(value, dt.date) and not pd.isna(value)


def _array(column: pd.Series[Any]) -> pa.Array:
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        column = column.dt.tz_localize(None)
    return one_array(pa.array(column, from_pandas=True))


def _numbers(values: pa.Array) -> CellTexts:
    if pa.types.is_integer(values.type):
        text = pc.cast(values, pa.string())
        exact = pc.and_(pc.less(values, _EXACT), pc.greater(values, -_EXACT))
        if pc.all(exact).as_py() is False:
            return CellTexts(
                number=pc.if_else(exact, text, None), word=pc.if_else(exact, None, text)
            )
        return CellTexts(number=text)
    finite = pc.if_else(pc.is_finite(values), values, None)
    return CellTexts(number=pc.cast(finite, pa.string()))


def _days(values: pa.Array, *, serial_days: bool) -> CellTexts:
    moments = pc.cast(values, pa.timestamp("us"), safe=False)
    if not serial_days:
        return CellTexts(word=_iso(moments))
    micros = pc.cast(pc.cast(moments, pa.int64()), pa.float64(), safe=False)
    serial = pc.add(pc.divide(micros, float(_DAY_US)), float(SERIAL))
    sound = pc.greater_equal(serial, _FIRST_SERIAL)
    number = pc.cast(pc.if_else(sound, serial, None), pa.string())
    if pc.all(sound).as_py() is False:
        return CellTexts(number=number, word=pc.if_else(sound, None, _iso(moments)))
    return CellTexts(number=number)


def _iso(moments: pa.Array) -> pa.Array:
    text = pc.cast(pc.cast(moments, pa.timestamp("s"), safe=False), pa.string())
    return pc.replace_substring_regex(text, r" 00:00:00$", "")


def _mixed(values: list[Any], *, serial_days: bool) -> CellTexts:
    number: list[str | None] = [None] * len(values)
    word: list[str | None] = [None] * len(values)
    flag: list[str | None] = [None] * len(values)
    days: list[dt.date | None] = [None] * len(values)
    for at, value in enumerate(values):
        if value is None or value is pd.NA or value is pd.NaT:
            continue
        if isinstance(value, str):
            word[at] = value
        elif type(value) is float:  # the usual case first: the checks below are slow
            if math.isfinite(value):
                number[at] = repr(value).removesuffix(".0")
        elif pd.api.types.is_bool(value):
            flag[at] = "1" if value else "0"
        elif isinstance(value, numbers.Real | Decimal):
            if isinstance(value, int) and abs(value) >= _EXACT:
                word[at] = str(value)
            elif math.isfinite(value):
                number[at] = repr(float(value)).removesuffix(".0")
        elif is_day(value):
            days[at] = value
        else:
            word[at] = str(value)
    texts = CellTexts(*(pa.array(side, pa.string()) for side in (number, word, flag)))
    if not any(days):
        return texts
    moments = pa.array(pd.to_datetime(pd.Series(days, dtype=object)), from_pandas=True)
    found = _days(moments, serial_days=serial_days)
    return CellTexts(
        _either(texts.number, found.number), _either(texts.word, found.word), texts.flag
    )


def _either(first: pa.Array | None, second: pa.Array | None) -> pa.Array | None:
    return first if second is None else second if first is None else pc.coalesce(first, second)
