"""The start tags of many rows or cells at once: which place they name, in which style."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Short = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]
Bytes = npt.NDArray[np.uint8]

MISSING: Final = -1
_QUOTE: Final = ord('"')
_ATTRIBUTE: Final = re.compile(rb"""\s([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_TAG: Final = re.compile(rb"""<[\w:.-]+(?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*\s*/?>""")
_REF: Final = re.compile(rb"([A-Z]{0,3})([1-9][0-9]{0,6})")
_MOST_LETTERS: Final = 3
_MOST_DIGITS: Final = 7


@dataclass(frozen=True, slots=True)
class Places:
    """Numbers from 1, MISSING where a tag does not say."""

    row: Ints
    column: Ints
    style: Ints


class UnknownTag(ValueError):
    """A tag that is not understood in full."""


def places(data: bytes, starts: Ints, ends: Ints, name: bytes, *, styles: bool) -> Places:
    """What the tags ``name`` from ``starts`` to ``ends`` (at their ``>``) say in ``r`` and ``s``.

    Tags as nearly all programs write them, ``r`` first and ``s`` next, are read as arrays,
    the others one by one. Without ``styles``, ``s`` may be left unread.
    """
    text = np.frombuffer(data, np.uint8)
    at = starts + 1 + len(name)
    seen = _marked(text, at, b' r="')
    column, at = _letters(text, at + 4)
    row, at = _digits(text, at)
    seen &= (text[at] == _QUOTE) & (row > 0)
    at += 1
    styled = _marked(text, at, b' s="')
    style, after = _digits(text, at + 4)
    styled &= (text[after] == _QUOTE) & (style >= 0)
    rest = ends - (text[ends - 1] == ord("/")) - at
    typed = _marked(text, at, b' t="') & (
        (rest == len(' t="n"'))
        | (rest == len(' t="str"'))
        | ((rest == len(' t="inlineStr"')) & (text[at + 4] == ord("i")))
    )
    if styles:
        seen &= styled | typed | (rest == 0)
    found = Places(row, column, np.where(styled, style, MISSING))
    for one in np.flatnonzero(~seen):
        _read(data, int(starts[one]), int(ends[one]), found, one)
    return found


class RowSpans(NamedTuple):
    """Where the ``spans`` of rows begin and end, and the columns that they name."""

    start: Ints
    end: Ints
    low: Ints
    high: Ints


def row_spans(data: bytes, starts: Ints, name: bytes) -> tuple[RowSpans, Flags]:
    """The ``spans`` that stand right behind the row's ``r``, as nearly all programs write them;
    and in which rows they stand so."""
    text = np.frombuffer(data, np.uint8)
    at = starts + 1 + len(name)
    seen = _marked(text, at, b' r="')
    row, at = _digits(text, at + 4)
    seen &= (text[at] == _QUOTE) & (row > 0)
    begin = at + 1
    seen &= _marked(text, begin, b' spans="')
    low, at = _digits(text, begin + len(' spans="'))
    seen &= (text[at] == ord(":")) & (low > 0)
    high, at = _digits(text, at + 1)
    seen &= (text[at] == _QUOTE) & (high > 0)
    return RowSpans(begin, at + 1, low, high), seen


def attributes(tag: bytes) -> dict[str, str]:
    """The attributes of one tag, its references to characters left as they are."""
    if not _TAG.fullmatch(tag):
        raise UnknownTag(tag)
    pairs = [(name, double or single) for name, double, single in _ATTRIBUTE.findall(tag)]
    found = {name.decode(): value.decode() for name, value in pairs}
    if len(found) < len(pairs):
        raise UnknownTag(tag)
    return found


def _read(data: bytes, start: int, end: int, found: Places, one: np.intp) -> None:
    said = attributes(data[start : end + 1])
    found.row[one] = found.column[one] = found.style[one] = MISSING
    if "r" in said:
        place = _REF.fullmatch(said["r"].encode())
        if place is None:
            raise UnknownTag(said["r"])
        found.row[one] = int(place[2])
        for letter in place[1]:
            found.column[one] = max(found.column[one], 0) * 26 + letter - 64
    if "s" in said:
        found.style[one] = int(said["s"])


def _marked(text: Bytes, at: Ints, mark: bytes) -> Flags:
    same: Any = True
    for offset, byte in enumerate(mark):
        same = same & (text[at + offset] == byte)
    return np.asarray(same)


def _letters(text: Bytes, at: Ints) -> tuple[Ints, Ints]:
    number = np.zeros(len(at), np.int64)
    going = np.ones(len(at), np.bool_)
    for _ in range(_MOST_LETTERS):
        if not going.any():
            break
        letter = text[at].astype(np.int64) - 64
        going &= (letter >= 1) & (letter <= 26)
        number = np.where(going, number * 26 + letter, number)
        at = at + going
    return np.where(number > 0, number, MISSING), at


def _digits(text: Bytes, at: Ints) -> tuple[Ints, Ints]:
    number = np.full(len(at), MISSING)
    going = np.ones(len(at), np.bool_)
    for _ in range(_MOST_DIGITS):
        if not going.any():
            break
        digit = text[at].astype(np.int64) - 48
        going &= (digit >= 0) & (digit <= 9)
        number = np.where(going, np.maximum(number, 0) * 10 + digit, number)
        at = at + going
    return number, at
