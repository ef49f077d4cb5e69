"""Why a cell can't be used."""

from __future__ import annotations

from enum import IntEnum


class Wrong(IntEnum):
    """One reason; the lower-case name is the code of its message."""

    NONE = 0
    ERROR_CELL = 1
    REQUIRED = 2
    NOT_A_NUMBER = 3
    UNCLEAR_NUMBER = 4
    BELOW = 5
    ABOVE = 6
    SHARE = 7
    NOT_WHOLE = 8
    NO_RATE = 9
    NO_RATE_YET = 10
    OTHER_CURRENCY = 11
    NOT_A_DATE = 12
    UNCLEAR_DATE = 13
    DATE_RANGE = 14
    NOT_YES_NO = 15
    NOT_A_CHOICE = 16
    NOT_A_COUNTRY = 17
    RAGGED = 18  # the row had more cells than the header
    UNCACHED = 19  # a formula without a saved value
    CUT_NUMBER = 20  # an order number of which a spreadsheet has dropped digits
    NO_CURRENCY = 21  # a currency column, blank in this row
    UNKNOWN_CURRENCY = 22
    UNCLEAR_SHARE = 23  # under a header in %, a number up to 1: 0.5 % or 50 %
    FIRST_LINE = 24  # blank, and what the order's first line has for it can't be used
    NOT_OF_ORDER = 25  # said to be the whole order's amount, and another line has another
    SPOILT_RATE = 26  # the exchange rate of that day is written wrongly

    @property
    def code(self) -> str:
        """The code of the message."""
        return self.name.lower()
