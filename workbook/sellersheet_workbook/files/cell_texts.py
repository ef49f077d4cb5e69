"""A column as the texts that stand in a file: numbers, words and yes/no apart.

Rows of a frame as the XML of an Excel sheet are made of them, thousands at a time.
"""

from __future__ import annotations

import datetime as dt
import math
import numbers
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from xlsxwriter.utility import xl_col_to_name

from sellersheet.days import SERIAL
from sellersheet.text_bytes import one_array
from sellersheet.zones import BEIJING, in_beijing

# Excel keeps 15 digits; a longer whole number is an order number and stays as written.
_EXACT: Final = 10**15
_DAY_US: Final = 86_400_000_000
_FIRST_SERIAL: Final = 61.0  # Excel has a 1900-02-29, so earlier days are off by one
_STEP: Final = 8_192
_LONGEST: Final = 32_767  # UTF-16 units that a cell holds
_CONTROL: Final = r"[\x00-\x08\x0b-\x1f\x{FFFE}\x{FFFF}]"
_MARKUP: Final = r"[&<>]|_x[0-9A-Fa-f]{4}_|" + _CONTROL
EDGE_SPACE: Final = r"^\s|\s$|\n|  "


@dataclass(frozen=True, slots=True)
class CellTexts:
    """String arrays of one length, missing where the cell is blank or of another form."""

    number: pa.Array | None = None
    word: pa.Array | None = None
    flag: pa.Array | None = None


def cell_texts(column: pd.Series[Any], *, serial_days: bool) -> CellTexts:
    """The column's cells; days as Excel's day numbers or, if not, as ISO text; a moment with a
    zone is put on Beijing's clock."""
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
    if pa.types.is_timestamp(values.type) and values.type.tz:  # that of UTC: files have no zones
        moments = pc.add(moments, pa.scalar(dt.timedelta(minutes=BEIJING), pa.duration("us")))
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
            days[at] = in_beijing(value) if isinstance(value, dt.datetime) else value
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


def rows_xml(
    frame: pd.DataFrame, first_row: int, styles: Sequence[int], days: Sequence[bool]
) -> Iterator[memoryview]:
    """``<row>`` elements from row ``first_row`` on (from 1), in blocks of UTF-8.

    ``styles`` are the columns' cell formats in the workbook; ``days`` tells which of
    them show a day. Text is written as inline text, so none of it is ever a formula.
    """
    names = [xl_col_to_name(at) for at in range(frame.shape[1])]
    for start in range(0, len(frame), _STEP):
        block = frame.iloc[start : start + _STEP]
        first = first_row + start
        numbers = pc.cast(pa.array(range(first, first + len(block))), pa.string())
        cells = [
            _cells(block.iloc[:, at], name, numbers, styles[at], day=days[at])
            for at, name in enumerate(names)
        ]
        rows = _join('<row r="', numbers, '">', *cells, "</row>", null_handling="skip")
        yield memoryview(rows.buffers()[2])


def _cells(column: pd.Series[Any], name: str, rows: pa.Array, style: int, *, day: bool) -> pa.Array:
    """One column's ``<c>`` elements, missing where blank."""
    texts = cell_texts(column, serial_days=day)
    sides = []
    if texts.number is not None:
        start = f'" s="{style}"><v>'
        sides.append(_join(f'<c r="{name}', rows, start, texts.number, "</v></c>"))
    if texts.flag is not None:
        start = f'" s="{style}" t="b"><v>'
        sides.append(_join(f'<c r="{name}', rows, start, texts.flag, "</v></c>"))
    if texts.word is not None:
        words = pc.if_else(pc.equal(texts.word, ""), None, texts.word)
        spaced = pc.any(pc.match_substring_regex(words, EDGE_SPACE)).as_py()
        space = ' xml:space="preserve"' if spaced else ""
        start = f'" s="{style}" t="inlineStr"><is><t{space}>'
        sides.append(_join(f'<c r="{name}', rows, start, escaped(words), "</t></is></c>"))
    return pc.coalesce(*sides)


def _join(*parts: str | pa.Array, null_handling: str = "emit_null") -> pa.Array:
    return pc.binary_join_element_wise(*parts, "", null_handling=null_handling)


def escaped(words: pa.Array) -> pa.Array:
    """Text as XML: marked up, without control characters, no longer than a cell holds."""
    longest = pc.max(pc.binary_length(words)).as_py()
    if longest is not None and longest > _LONGEST:
        words = pa.array([word and _cut(word) for word in words.to_pylist()], pa.string())
    if not pc.any(pc.match_substring_regex(words, _MARKUP)).as_py():
        return words
    words = pc.replace_substring_regex(words, _CONTROL, "")
    for mark, name in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        words = pc.replace_substring(words, mark, name)
    # Excel reads _x0041_ as "A"; an underscore written so keeps the text as it was.
    return pc.replace_substring_regex(words, r"_(x[0-9A-Fa-f]{4}_)", r"_x005F_\1")


def _cut(word: str) -> str:
    units = word.encode("utf-16-le")
    if len(units) <= 2 * _LONGEST:
        return word
    return units[: 2 * (_LONGEST - 1)].decode("utf-16-le", errors="ignore") + "…"
