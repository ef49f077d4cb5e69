"""Cells that hold a point in time: a date-time, Excel's day number, or a text."""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from decimal import Decimal
from typing import Any, Final

import numpy as np

from sellersheet import days
from sellersheet.epoch import ORDINAL
from sellersheet.wrong import Wrong

_SERIAL_ZERO: Final = dt.datetime(1899, 12, 30)  # holds from 1900-03-01 on
_LAST_SERIAL: Final = 2958466
_MS_A_DAY: Final = 86_400_000  # Excel counts to the millisecond
_LONGEST: Final = 64  # characters of a text that can be a moment
# A day and a time of day, with a zone that is dropped: the clock is the sheet's own.
_TEXT: Final = re.compile(
    r"(?P<day>.+?)(?:[T\s]+|(?<=日))(?P<half>上午|下午)?\s*(?P<hour>\d{1,2}):(?P<minute>\d\d)"
    r"(?::(?P<second>\d\d)(?:[.,](?P<part>\d{1,9}))?)?\s*(?P<noon>[AP]M)?"
    r"\s*(?:Z|UTC|GMT|[+-]\d\d:?\d\d)?",
    re.IGNORECASE | re.ASCII,
)


def moment_of(cell: Any) -> tuple[dt.datetime | None, Wrong]:
    """The moment of a cell and what is wrong with it. Years 1990 to 2100, to the millisecond."""
    if cell is None or cell == "":
        return None, Wrong.NONE
    if cell.is_nan() if isinstance(cell, Decimal) else cell != cell:
        return None, Wrong.NONE
    moment, wrong = _any(cell)
    if wrong or moment is None:
        return None, wrong
    if not days.FIRST <= moment.date() <= days.LAST:
        return None, Wrong.DATE_RANGE
    return moment, Wrong.NONE


def _any(cell: Any) -> tuple[dt.datetime | None, Wrong]:
    if isinstance(cell, dt.datetime):
        return dt.datetime.combine(cell.date(), cell.time()), Wrong.NONE
    if isinstance(cell, dt.date):
        return dt.datetime.combine(cell, dt.time()), Wrong.NONE
    if isinstance(cell, str):
        return _of_text(cell)
    if isinstance(cell, bool | np.bool_) or not isinstance(cell, int | float | Decimal | np.number):
        return None, Wrong.NOT_A_DATE
    return _of_number(float(cell))


def _of_number(number: float) -> tuple[dt.datetime | None, Wrong]:
    if not math.isfinite(number):
        return None, Wrong.NOT_A_DATE
    if 1 <= number < _LAST_SERIAL:
        milliseconds = min(round(number * _MS_A_DAY), _LAST_SERIAL * _MS_A_DAY - 1)
        return _SERIAL_ZERO + dt.timedelta(milliseconds=milliseconds), Wrong.NONE
    return _of_day(f"{number:.0f}") if number.is_integer() else (None, Wrong.NOT_A_DATE)


def _of_text(text: str) -> tuple[dt.datetime | None, Wrong]:
    if len(text) > _LONGEST:
        return None, Wrong.NOT_A_DATE
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain:
        return None, Wrong.NONE
    found = _TEXT.fullmatch(plain)
    if found is None:
        try:
            return _of_number(float(plain))
        except ValueError:
            return _of_day(plain)
    day, wrong = _of_day(found["day"])
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
    return dt.datetime.combine(day.date(), time), Wrong.NONE


def _of_day(text: str) -> tuple[dt.datetime | None, Wrong]:
    """A text without a time of day: midnight."""
    day, wrong = days.read_day(text)
    if wrong:
        return None, wrong
    try:
        return dt.datetime.fromordinal(day + ORDINAL), Wrong.NONE
    except ValueError:
        return None, Wrong.DATE_RANGE
