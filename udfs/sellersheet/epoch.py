"""How days are counted: here from 1970-01-01, in Excel's cells from 1899-12-30."""

from __future__ import annotations

import datetime as dt
from typing import Final

ORDINAL: Final = dt.date(1970, 1, 1).toordinal()
SERIAL: Final = 25_569  # 1970-01-01 as Excel counts days
EXCEL_DAY_0: Final = dt.datetime(1899, 12, 30)


def epoch_day(on: dt.date) -> int:
    """Days since 1970-01-01, below 0 before it."""
    return on.toordinal() - ORDINAL


def date_of(day: int) -> dt.date:
    """The date of a day counted from 1970-01-01."""
    return dt.date.fromordinal(day + ORDINAL)
