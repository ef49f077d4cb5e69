"""Error values of a cell, and the markers that ways in turn into true errors."""

from __future__ import annotations

from typing import Final

NA: Final = "#N/A"  # not on record, undecided
VALUE: Final = "#VALUE!"  # a wrong value
NUM: Final = "#NUM!"  # no solution
BLANK: Final = ""

# How Excel numbers its errors in VBA's CVErr.
ERROR_NUMBERS: Final = {
    "#NULL!": 2000,
    "#DIV/0!": 2007,
    VALUE: 2015,
    "#REF!": 2023,
    "#NAME?": 2029,
    NUM: 2036,
    NA: 2042,
    "#GETTING_DATA": 2043,
    "#SPILL!": 2045,
    "#CONNECT!": 2046,
    "#BLOCKED!": 2047,
    "#UNKNOWN!": 2048,
    "#FIELD!": 2049,
    "#CALC!": 2050,
}
# An error cell arrives through COM as a Windows status code: a whole number.
STATUS_CODES: Final = {0x800A0000 + n - (1 << 32): text for text, n in ERROR_NUMBERS.items()}


def error_text(cell: object) -> str | None:
    """The error that a cell holds, as text; None where it holds none."""
    if type(cell) is int:
        return STATUS_CODES.get(cell)
    if isinstance(cell, str) and cell.startswith("#"):
        text = cell.strip().upper()
        return text if text in ERROR_NUMBERS else None
    return None
