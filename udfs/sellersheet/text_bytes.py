"""What a column of texts can hold, told by its bytes in memory.

A pattern matched against every cell takes ten to a hundred times as long as one look at the
memory in which all of them stand side by side. Where that look leaves a doubt it says so, and
the pattern decides.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sellersheet.money import Floats, Ints

Octets = npt.NDArray[np.uint8]
# No-break and ideographic spaces and the zero-width marks that web pages leave behind.
SPACES: Final = " \t\r\n\v\f\u00a0\u1680\u2002\u2003\u2009\u200b\u200c\u200d\u202f\u3000\ufeff"
_DAY_SIZES: Final = np.isin(np.arange(21), [0, *map(len, ("2024-07-05", "2024-07-05 13:45:30"))])
_NOWHERE: Final = np.zeros(0, dtype=np.intp)
_FEW: Final = 500  # distinct texts among the first rows of a column of words
_SAMPLE: Final = 1_000
MOST_DIGITS: Final = 17  # of a number that 64 bits hold with a further one before it
_TENS: Final = np.array([0, *(10**size for size in range(1, MOST_DIGITS + 1))], dtype=np.int64)


def one_array(array: pa.Array | pa.ChunkedArray) -> pa.Array:
    """One array that begins where its memory does: pyarrow 15 casts a part of a text wrongly."""
    chunks = array.chunks if isinstance(array, pa.ChunkedArray) else [array]
    if len(chunks) == 1 and not chunks[0].offset:
        return chunks[0]
    return pa.concat_arrays([*chunks, pa.array([], array.type)])


def flat(array: pa.Array | pa.ChunkedArray) -> pa.Array:
    """The same texts as one array with offsets of 64 bits."""
    whole = one_array(array)
    return whole if whole.type == pa.large_string() else whole.cast(pa.large_string())


def without_nulls(text: pa.Array) -> pa.Array:
    """The same texts, "" where one is missing."""
    if not text.null_count:
        return text
    valid, ends, octets = text.buffers()
    known = np.unpackbits(np.frombuffer(valid, np.uint8), bitorder="little")
    if np.greater(lengths(text) > 0, known[text.offset : text.offset + len(text)]).any():
        return text.fill_null("")
    return pa.Array.from_buffers(text.type, len(text), [None, ends, octets], offset=text.offset)


def blanks_missing(text: pa.Array) -> pa.Array:
    """The same texts, missing where one is ""; of an array that begins where its memory does."""
    filled = lengths(text) > 0
    if text.null_count + np.count_nonzero(filled) == len(text):
        return text
    known = pa.py_buffer(np.packbits(filled, bitorder="little"))
    return pa.Array.from_buffers(text.type, len(text), [known, *text.buffers()[1:]])


def words(text: pa.Array) -> pa.DictionaryArray | None:
    """The texts by their distinct ones, where a few come again and again; else None. Not those
    of digits alone, which are numbers as soon as they are told apart."""
    if len(text) <= _SAMPLE or _span(_octets(text)[0])[1] <= ord("9"):
        return None
    if len(text.slice(0, _SAMPLE).unique()) > _FEW:
        return None
    return text.dictionary_encode()


def holds(text: pa.Array, signs: Iterable[str]) -> bool:
    """Whether one of the signs may stand in one of the texts."""
    octets = _octets(text)[0]
    least, most = _span(octets)
    coded = [sign.encode() for sign in signs]
    likely = [sign for sign in coded if least <= min(sign) and max(sign) <= most]
    whole = octets.tobytes() if likely else b""
    return any(sign in whole for sign in likely)


def lengths(text: pa.Array) -> Ints:
    """The bytes of each text."""
    at = _octets(text)[1]
    found: Ints = np.subtract(at[1:], at[:-1])
    return found


def begins(text: pa.Array, firsts: Octets) -> npt.NDArray[np.intp]:
    """The rows whose first byte is among ``firsts``, a table of yes or no by byte."""
    octets, at = _octets(text)
    return _where(octets, firsts, at[:-1], at)


def ends(text: pa.Array, lasts: Octets) -> npt.NDArray[np.intp]:
    """The rows whose last byte is among ``lasts``, a table of yes or no by byte."""
    octets, at = _octets(text)
    return _where(octets, lasts, at[1:] - 1, at)


def _where(octets: Octets, wanted: Octets, places: Ints, at: Ints) -> npt.NDArray[np.intp]:
    """The rows that are not blank and have a byte that is wanted at their place."""
    least, most = _span(octets)
    if not wanted[least : most + 1].any():
        return _NOWHERE
    there = wanted.take(octets[np.minimum(places, len(octets) - 1)]) > 0
    return np.flatnonzero(there & (at[1:] > at[:-1]))


def among(first_bytes: Iterable[int]) -> Octets:
    """A table of yes or no by byte."""
    found = np.zeros(256, dtype=np.uint8)
    found[list(first_bytes)] = 1
    return found


# The bytes that a space begins or ends with; other letters do too.
_SPACE_BEGINS: Final = among(space.encode()[0] for space in SPACES)
_SPACE_ENDS: Final = among(space.encode()[-1] for space in SPACES)


def trimmed(text: pa.Array) -> pa.Array:
    """The same texts without spaces at their ends."""
    if not begins(text, _SPACE_BEGINS).size and not ends(text, _SPACE_ENDS).size:
        return text
    return pc.utf8_trim(text, characters=SPACES)


def plain_numbers(text: pa.Array) -> Floats | None:
    """The texts as numbers, 0 where blank, where all are digits with a point or a minus;
    else None."""
    least, most = _span(_octets(text)[0])
    return None if least < ord("-") or most > ord("9") else _cast(text, pa.float64())


def plain_days(text: pa.Array) -> Ints | None:
    """The texts as days since 1970-01-01, 0 where blank, where all are written like 2024-07-05
    or 2024-07-05 13:45:30; else None."""
    octets, at = _octets(text)
    least, most = _span(octets)
    if least < ord(" ") or most > ord(":"):
        return None
    size = at[1:] - at[:-1]
    if not _DAY_SIZES[np.minimum(size, 20)].all():
        return None
    if size.max(initial=0) == len("2024-07-05"):
        found = _cast(text, pa.date32())
        return None if found is None else found.astype(np.int64)
    moments = _cast(text, pa.timestamp("s"))
    return None if moments is None else moments.astype("datetime64[D]").astype(np.int64)


def three_decimals(text: pa.Array) -> bool:
    """Whether a point stands before the last three signs of one of the texts."""
    octets, at = _octets(text)
    last = at[1:][at[1:] - at[:-1] > len(".000")]
    return bool((octets[last - len(".000")] == ord(".")).any())


def whole_numbers(text: pa.Array) -> Ints | None:
    """A number for each text, 0 where blank, where all are of digits; else None. Other digits
    are another number: 007 is 1007, 7 is 17."""
    octets, at = _octets(text)
    least, most = _span(octets)
    if least < ord("0") or most > ord("9"):
        return None
    size = np.subtract(at[1:], at[:-1])
    if size.max(initial=0) > MOST_DIGITS:
        return None
    found = _cast(text, pa.int64())
    return None if found is None else found + _TENS[size]


def objects(text: pa.Array) -> npt.NDArray[np.object_]:
    """The texts as Python's."""
    found: npt.NDArray[np.object_] = text.to_numpy(zero_copy_only=False)
    return found if found.flags.writeable else found.copy()


def _cast(text: pa.Array, kind: pa.DataType) -> Any:
    """The texts as that type, 0 where blank; None where one can't be."""
    at = _octets(text)[1]
    filled = at[1:] > at[:-1]
    if not filled.all():
        _, ends, octets = text.buffers()
        known = pa.py_buffer(np.packbits(filled, bitorder="little"))
        text = text if text.offset else pa.Array.from_buffers(
            text.type, len(text), [known, ends, octets])  # fmt: skip
    try:
        return text.cast(kind).fill_null(0).to_numpy(zero_copy_only=False)
    except pa.ArrowInvalid:
        return None


def _octets(text: pa.Array) -> tuple[Octets, Ints]:
    """All bytes of the texts, and where each text begins in them and the last ends."""
    if not len(text):
        return np.zeros(0, dtype=np.uint8), np.zeros(1, dtype=np.int64)
    _, ends, octets = text.buffers()
    kind = np.int64 if pa.types.is_large_string(text.type) else np.int32
    at: Any = np.frombuffer(ends, dtype=kind)[text.offset : text.offset + len(text) + 1]
    whole = np.zeros(0, dtype=np.uint8) if octets is None else np.frombuffer(octets, np.uint8)
    return whole[at[0] : at[-1]], at - at[0] if at[0] else at


def _span(octets: Octets) -> tuple[int, int]:
    """The least and the greatest byte; of none 255 and 0."""
    return int(octets.min(initial=255)), int(octets.max(initial=0))
