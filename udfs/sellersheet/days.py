"""Days and moments: how they are counted, and the texts and numbers that stand for one.

A day is counted from 1970-01-01 here, from 1899-12-30 in Excel's cells. A moment whose zone is
written has the day of Beijing, by whose days the rules change.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from decimal import Decimal
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from sellersheet.columns import Wrong
from sellersheet.money import Floats, Ints, Mask
from sellersheet.text_bytes import holds
from sellersheet.zones import (
    BEIJING,
    TIME,
    Zone,
    holds_zone,
    in_beijing,
    minutes_ahead,
    shifted,
    zone_of,
)

ORDINAL: Final = dt.date(1970, 1, 1).toordinal()
SERIAL: Final = 25_569  # 1970-01-01 as Excel counts days
EXCEL_DAY_0: Final = dt.datetime(1899, 12, 30)  # holds from 1900-03-01 on
FIRST: Final = dt.date(1990, 1, 1)
LAST: Final = dt.date(2100, 12, 31)
_LAST_SERIAL: Final = 2958465  # 9999-12-31
_MS_A_DAY: Final = 86_400_000  # Excel counts to the millisecond
_LONGEST: Final = 64  # characters of a text that can be a moment

_YEAR_FIRST: Final = re.compile(
    r"(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})|年(\d{1,2})月(\d{1,2})日?)", re.ASCII
)
_COMPACT: Final = re.compile(r"(\d{4})(\d\d)(\d\d)", re.ASCII)
_SERIAL: Final = re.compile(r"\d{1,7}(\.\d*)?", re.ASCII)
_UNCLEAR: Final = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{1,2}|\d{4})", re.ASCII)
# A day and a time of day; one with a zone is put on Beijing's clock.
_MOMENT: Final = re.compile(
    r"(?P<day>.+?)(?:[T\s]+|(?<=日))(?P<half>上午|下午)?\s*(?P<hour>\d{1,2}):(?P<minute>\d\d)"
    r"(?::(?P<second>\d\d)(?:[.,](?P<part>\d{1,9}))?)?\s*(?P<noon>[AP]M)?"
    r"\s*(?P<zone>[A-Z]{1,4}|(?:UTC|GMT)?[+-]\d{1,2}(?::?\d\d)?)?",
    re.IGNORECASE | re.ASCII,
)


def epoch_day(on: dt.date) -> int:
    """Days since 1970-01-01, below 0 before it."""
    return on.toordinal() - ORDINAL


def date_of(day: int) -> dt.date:
    """The date of a day counted from 1970-01-01."""
    return dt.date.fromordinal(day + ORDINAL)


def read_day(text: str, day_first: bool | None = None) -> tuple[int, Wrong]:
    """One text without a time of day; ``day_first`` says what 05/08/2024 means."""
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    if found := _YEAR_FIRST.fullmatch(plain) or _COMPACT.fullmatch(plain):
        parts = [int(part) for part in found.groups() if part and part.isdigit()]
        return _day(*parts)
    if _SERIAL.fullmatch(plain):
        return _of_number(float(plain))
    unclear = _UNCLEAR.fullmatch(plain)
    if unclear and day_first is not None:
        one, _, other, year = unclear.groups()
        day, month = (one, other) if day_first else (other, one)
        return _day(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
    return 0, Wrong.UNCLEAR_DATE if unclear else Wrong.NOT_A_DATE


def read_days(
    texts: pa.Array,
    day_first: bool | None = None,
    *,
    settled: bool = False,
    zone: Zone | None = None,
) -> tuple[Ints, npt.NDArray[np.uint8], Mask | None]:
    """Texts as days, what is wrong with each, and which are on another day in Beijing.

    Of texts like 05/08/2024 one with a number above 12 settles the order of all; where none
    does, or it is ``settled``, ``day_first``. ``zone`` is that of times which name none.
    """
    timed = holds(texts, ":")
    days = pc.replace_substring_regex(texts, TIME, "") if timed else texts
    distinct = days.dictionary_encode()
    words = distinct.dictionary.to_pylist()
    order = None if settled else _order(*_orders(words))
    order = day_first if order is None else order
    found, wrong = _spread([read_day(text, order) for text in words], distinct.indices.to_numpy())
    if not timed or (zone is None and not holds_zone(texts)):
        return found, wrong, None
    shift, unknown = shifted(texts, found, zone)
    wrong[unknown] = Wrong.NOT_A_DATE
    return found + shift, wrong, shift != 0


def orders_of(texts: pa.Array) -> tuple[bool, bool]:
    """Whether one of the dates like 31/12/2024 has a number above 12 first, and one second."""
    days = pc.replace_substring_regex(texts, TIME, "")
    return _orders(days.dictionary_encode().dictionary.to_pylist())


def _order(first: bool, second: bool) -> bool | None:
    """Whether the day stands first; None where nothing tells."""
    return first if first != second else None


def _orders(words: list[str]) -> tuple[bool, bool]:
    pairs = [
        (int(found[1]), int(found[3]))
        for text in words
        if (found := _UNCLEAR.fullmatch("".join(text.split()))) and len(found[4]) == 4
    ]
    return any(one > 12 for one, _ in pairs), any(other > 12 for _, other in pairs)


def number_days(number: Floats) -> tuple[Ints, npt.NDArray[np.uint8]]:
    """Excel's day numbers, and 20240705, as days and what is wrong with each."""
    whole = np.floor(number)
    serial = (whole >= 1) & (whole <= _LAST_SERIAL)
    days = np.where(serial, whole, SERIAL).astype(np.int64) - SERIAL
    wrong = np.zeros(len(days), dtype=np.uint8)
    others = np.flatnonzero(~serial)
    if others.size:
        codes, distinct = pd.factorize(whole[others])
        days[others], wrong[others] = _spread(list(map(_of_number, distinct.tolist())), codes)
    return days, wrong


def in_range(days: Ints) -> npt.NDArray[np.bool_]:
    """Days of a year in which an order can have been made."""
    return (days >= epoch_day(FIRST)) & (days <= epoch_day(LAST))


def _of_number(value: float) -> tuple[int, Wrong]:
    if 1 <= value < _LAST_SERIAL + 1:
        return int(value) - SERIAL, Wrong.NONE
    if value.is_integer() and (found := _COMPACT.fullmatch(str(int(value)))):
        return _day(*(int(part) for part in found.groups()))
    return 0, Wrong.NOT_A_DATE


def _day(year: int, month: int, day: int) -> tuple[int, Wrong]:
    try:
        return epoch_day(dt.date(year, month, day)), Wrong.NONE
    except ValueError:
        return 0, Wrong.NOT_A_DATE


def _spread(
    found: list[tuple[int, Wrong]], codes: npt.NDArray[np.integer]
) -> tuple[Ints, npt.NDArray[np.uint8]]:
    days = np.array([day for day, _ in found], dtype=np.int64)
    wrong = np.array([code for _, code in found], dtype=np.uint8)
    return days[codes], wrong[codes]


def moment_of(cell: Any) -> tuple[dt.datetime | None, Wrong]:
    """The moment of a cell and what is wrong with it. Years 1990 to 2100, to the millisecond."""
    if cell is None or cell == "":
        return None, Wrong.NONE
    if cell.is_nan() if isinstance(cell, Decimal) else cell != cell:
        return None, Wrong.NONE
    moment, wrong = _moment(cell)
    if wrong or moment is None:
        return None, wrong
    if not FIRST <= moment.date() <= LAST:
        return None, Wrong.DATE_RANGE
    return moment, Wrong.NONE


def _moment(cell: Any) -> tuple[dt.datetime | None, Wrong]:
    if isinstance(cell, dt.datetime):
        there = in_beijing(cell)
        return dt.datetime.combine(there.date(), there.time()), Wrong.NONE
    if isinstance(cell, dt.date):
        return dt.datetime.combine(cell, dt.time()), Wrong.NONE
    if isinstance(cell, str):
        return _moment_of_text(cell)
    if isinstance(cell, bool | np.bool_) or not isinstance(cell, int | float | Decimal | np.number):
        return None, Wrong.NOT_A_DATE
    return _moment_of_number(float(cell))


def _moment_of_number(number: float) -> tuple[dt.datetime | None, Wrong]:
    if not math.isfinite(number):
        return None, Wrong.NOT_A_DATE
    if 1 <= number < _LAST_SERIAL + 1:
        milliseconds = min(round(number * _MS_A_DAY), (_LAST_SERIAL + 1) * _MS_A_DAY - 1)
        return EXCEL_DAY_0 + dt.timedelta(milliseconds=milliseconds), Wrong.NONE
    return _midnight(f"{number:.0f}") if number.is_integer() else (None, Wrong.NOT_A_DATE)


def _moment_of_text(text: str) -> tuple[dt.datetime | None, Wrong]:
    if len(text) > _LONGEST:
        return None, Wrong.NOT_A_DATE
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain:
        return None, Wrong.NONE
    found = _MOMENT.fullmatch(plain)
    if found is None:
        try:
            return _moment_of_number(float(plain))
        except ValueError:
            return _midnight(plain)
    day, wrong = _midnight(found["day"])
    if wrong or day is None:
        return None, wrong
    hour = int(found["hour"])
    half = {"上午": "AM", "下午": "PM"}.get(found["half"], (found["noon"] or "").upper())
    if half:
        hour = hour % 12 + (12 if half == "PM" else 0) if hour <= 12 else hour
    part = (found["part"] or "")[:3].ljust(3, "0")
    try:
        time = dt.time(hour, int(found["minute"]), int(found["second"] or 0), int(part) * 1000)
    except ValueError:
        return None, Wrong.NOT_A_DATE
    moment = dt.datetime.combine(day.date(), time)
    if not found["zone"] or not FIRST <= day.date() <= LAST:
        return moment, Wrong.NONE
    zone = zone_of(found["zone"])
    if zone is None:
        return None, Wrong.NOT_A_DATE
    ahead = minutes_ahead(zone, np.array([epoch_day(day)]))
    return moment + dt.timedelta(minutes=BEIJING - int(ahead[0])), Wrong.NONE


def _midnight(text: str) -> tuple[dt.datetime | None, Wrong]:
    """A text without a time of day: midnight."""
    day, wrong = read_day(text)
    if wrong:
        return None, wrong
    try:
        return dt.datetime.fromordinal(day + ORDINAL), Wrong.NONE
    except ValueError:
        return None, Wrong.DATE_RANGE
