"""LibreOffice's error values: a number that is none, with the error's number in its bits."""

from __future__ import annotations

import struct
from typing import Final

from sellersheet.functions.blocks import ERROR_NUMBERS, NA, NUM, VALUE

_CODES: Final = {
    VALUE: 519,
    NUM: 503,
    NA: 32767,
    "#NULL!": 521,
    "#DIV/0!": 532,
    "#REF!": 524,
    "#NAME?": 525,
}
_TEXTS: Final = {code: text for text, code in _CODES.items()}
_NAN: Final = 0x7FF8 << 48


def error_value(code: int) -> float:
    """The number that a cell of LibreOffice shows as an error."""
    found: float = struct.unpack("<d", struct.pack("<Q", _NAN | code))[0]
    return found


def error_of(value: float) -> str:
    """The error, by Excel's name for it, that such a number is."""
    (bits,) = struct.unpack("<Q", struct.pack("<d", value))
    return _TEXTS.get(bits & 0xFFFF_FFFF, VALUE)


ERRORS: Final = {text: error_value(_CODES.get(text, _CODES[VALUE])) for text in ERROR_NUMBERS}
