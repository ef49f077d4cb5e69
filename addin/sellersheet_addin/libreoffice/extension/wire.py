"""Messages between LibreOffice and the worker, over a pipe.

A message is a subject and values; a value is a number, a text, yes or no, None, or a block:
rows of such cells. Numbers go over as they are in memory, so an error value, which is a
NaN, keeps its code. Both processes use this one module.
"""

from __future__ import annotations

import json
import os
import struct
import sys
from array import array
from collections.abc import Sequence
from itertools import chain, repeat
from time import perf_counter
from typing import Any, Final, NamedTuple

VERSION: Final = 1  # of the messages: both sides must have the same
LARGEST: Final = 1 << 30  # bytes of a message

_HEAD: Final = struct.Struct("<IIIII")  # bytes of subject, shapes, kinds, numbers, texts
_NONE, _NUMBER, _TEXT, _NO, _YES = range(5)
_SCALAR: Final = (0, 0)
_BLOCK: Final = (tuple, list)
# Where nothing is to be read at first, look again for this long before sleeping: to be woken
# takes longer than most answers do. It needs a second processor.
_LOOKING_S: Final = 0.001
_CAN_LOOK: Final = os.name == "posix" and (os.cpu_count() or 1) > 1


class Message(NamedTuple):
    """A subject, as "call SEMIFEE", and its values; a block is a list of tuples."""

    subject: str
    values: list[Any]


class Closed(Exception):
    """The other side has ended, or what it sends is no message."""


class Pipe:
    """Two ends of pipes: messages are read from one and written to the other."""

    def __init__(self, incoming: int, outgoing: int) -> None:
        self._incoming = incoming
        self._outgoing = outgoing
        if _CAN_LOOK:
            os.set_blocking(incoming, False)

    def send(self, subject: str, values: Sequence[Any] = ()) -> None:
        """Writes one message; Closed when nobody will read it."""
        left = memoryview(packed(subject, values))
        try:
            while left:
                left = left[os.write(self._outgoing, left) :]
        except (OSError, ValueError) as error:
            raise Closed(str(error)) from error

    def receive(self) -> Message:
        """Waits for the next message; Closed when there will be none."""
        data = self._some()
        while len(data) < _HEAD.size:
            data += self._some()
        sizes = _HEAD.unpack_from(data)
        length = _HEAD.size + sum(sizes)
        if length > LARGEST:
            raise Closed(f"a message of {length} bytes")
        if len(data) < length:
            data = self._rest(data, length)
        return unpacked(data)

    def _rest(self, data: bytes, length: int) -> bytearray:
        found = bytearray(data)
        while len(found) < length:
            found += self._some()
        return found

    def _some(self) -> bytes:
        """What is there to read, at least a byte."""
        try:
            data = self._look() if _CAN_LOOK else os.read(self._incoming, 1 << 20)
        except (OSError, ValueError) as error:
            raise Closed(str(error)) from error
        if not data:
            raise Closed("end of file")
        return data

    def _look(self) -> bytes:
        until = 0.0
        while True:
            try:
                return os.read(self._incoming, 1 << 20)
            except BlockingIOError:
                now = perf_counter()
            if not until:
                until = now + _LOOKING_S
            elif now > until:
                break
        os.set_blocking(self._incoming, True)
        try:
            return os.read(self._incoming, 1 << 20)
        finally:
            os.set_blocking(self._incoming, False)


def packed(subject: str, values: Sequence[Any]) -> bytes:
    """A message as bytes."""
    cells: Sequence[Any] = values
    shapes = b""
    kinds_of_values = set(map(type, values))
    if not kinds_of_values.isdisjoint(_BLOCK):
        cells, shapes = _flat(values)
    kinds, numbers, texts = _cells_packed(cells)
    parts = (subject.encode(), shapes, kinds, numbers, texts)
    return b"".join((_HEAD.pack(*map(len, parts)), *parts))


def unpacked(data: bytes | bytearray) -> Message:
    """The message that the bytes are."""
    at = _HEAD.size
    parts = []
    for size in _HEAD.unpack_from(data):
        parts.append(data[at : at + size])
        at += size
    subject, shapes, kinds, numbers, texts = parts
    cells = _cells_unpacked(kinds, numbers, texts)
    return Message(subject.decode(), _shaped(cells, shapes) if shapes else cells)


def _flat(values: Sequence[Any]) -> tuple[list[Any], bytes]:
    """The cells of all values in one line, and how many rows and columns each value has."""
    shapes, cells = array("I"), []
    for value in values:
        if type(value) in _BLOCK:
            rows, columns = len(value), len(value[0])
            shapes.extend((rows, columns))
            found = list(chain.from_iterable(value))
            if len(found) != rows * columns:
                raise ValueError("rows of unequal length")
            cells += found
        else:
            shapes.extend(_SCALAR)
            cells.append(value)
    return cells, shapes.tobytes()


def _shaped(cells: list[Any], shapes: bytes | bytearray) -> list[Any]:
    sizes = array("I", bytes(shapes))
    values: list[Any] = []
    at = 0
    for rows, columns in zip(sizes[::2], sizes[1::2]):
        if not rows:
            values.append(cells[at])
            at += 1
            continue
        end = at + rows * columns
        turns = [iter(cells[at:end])] * columns
        values.append(list(zip(*turns)))
        at = end
    return values


def _cells_packed(cells: Sequence[Any]) -> tuple[bytes, bytes, bytes]:
    """A byte for the kind of each cell, the numbers, the texts; no kinds where all are numbers."""
    types = set(map(type, cells))
    if types == {float}:
        return b"", array("d", cells).tobytes(), b""
    try:
        kinds = bytes([_KINDS[type(cell)] for cell in cells])
    except KeyError as error:
        raise TypeError(f"a message holds no {error.args[0]}") from error
    if bool in types:
        kinds = bytes([_YES if cell is True else kind for cell, kind in zip(cells, kinds)])
    numbers = array("d", [cell for cell in cells if type(cell) is float or type(cell) is int])
    texts = b""
    if str in types:
        texts = json.dumps([cell for cell in cells if type(cell) is str]).encode()
    return kinds, numbers.tobytes(), texts


def _cells_unpacked(kinds: Any, numbers: Any, texts: Any) -> list[Any]:
    found = array("d", bytes(numbers)).tolist()
    if not kinds:
        return found
    number = iter(found)
    text = iter(json.loads(texts)) if texts else iter(())
    taken = (repeat(None), number, text, repeat(False), repeat(True))
    return [next(taken[kind]) for kind in kinds]


_KINDS: Final = {
    type(None): _NONE,
    float: _NUMBER,
    int: _NUMBER,
    str: _TEXT,
    bool: _NO,
}
if sys.byteorder != "little" or array("I").itemsize != 4:  # pragma: no cover
    raise ImportError("messages are written for little-endian machines")
