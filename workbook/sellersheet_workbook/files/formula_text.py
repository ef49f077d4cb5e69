"""Text that a spreadsheet would run as a formula when it opens a text file."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sellersheet.text_bytes import among, begins

# Full-width marks too: some programs pass over control characters and the like before a mark.
_MARKS: Final = r"[=+\-@\x{FF1D}\x{FF0B}\x{FF0D}\x{FF20}]"
_UNSEEN: Final = r"\x00-\x1F\x7F-\xA0\x{200B}\x{2028}\x{2029}\x{3000}\x{FEFF}"
# One that is guarded already, or begins so by itself, gets one more: so none is lost in reading.
_FORMULA: Final = rf"^'*([\t\r]|( *[{_UNSEEN}][ {_UNSEEN}]*)?{_MARKS})"
# The bytes that such a text can begin with: the marks, spaces, and what is not seen.
_BEGINS: Final = among([*range(0x21), *b"'=+-@", 0x7F, 0xC2, 0xE2, 0xE3, 0xEF])
_NUMBER: Final = r"^[+-]?(\d[\d,]*\.?\d*|\.\d+)([eE][+-]?\d+)?%?$|^-$"


def with_guard(words: pa.Array) -> pa.Array:
    """Text with a ``'`` before what would be run; numbers are not."""
    at = begins(words, _BEGINS)
    if not at.size:
        return words
    risky = np.zeros(len(words), dtype=bool)
    risky[at] = _risky(words.take(pa.array(at))).to_numpy(zero_copy_only=False)
    if not risky.any():
        return words
    return pc.if_else(pa.array(risky), pc.binary_join_element_wise("'", words, ""), words)


def without_guard(words: pa.Array) -> pa.Array:
    """The texts as they were before ``with_guard``."""
    begun = pc.starts_with(words, "'")
    if not pc.any(begun).as_py():
        return words
    inner = pc.utf8_slice_codeunits(words, 1)
    return pc.if_else(pc.and_(begun, _risky(inner)), inner, words)


def _risky(words: pa.Array) -> pa.Array:
    formula = pc.match_substring_regex(words, _FORMULA)
    return pc.and_not(formula, pc.match_substring_regex(words, _NUMBER))
