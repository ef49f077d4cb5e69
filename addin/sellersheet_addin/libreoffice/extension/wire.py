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
from functools import lru_cache
from itertools import chain
from time import perf_counter
from typing import Any, Final, NamedTuple

VERSION: Final = 1  # of the messages: both sides must have the same
LARGEST: Final = 1 << 30  # bytes of a message

_HEAD: Final = struct.Struct("<IIII")  # bytes of what follows: form, kinds, numbers, texts
_TYPES: Final = (type(None), float, str, bool)
_NONE, _NUMBER, _TEXT, _FLAG = range(len(_TYPES))
_KINDS: Final = {**{kind: at for at, kind in enumerate(_TYPES)}, int: _NUMBER}
_BLOCK: Final = frozenset({tuple, list})
_READ: Final = 1 << 16  # bytes at a time, at first
# Where nothing is to be read at first, look again for this long before sleeping: to be woken
# takes longer than most answers do. It needs a second processor that is free: looking in vain
# keeps the other side from it, so after that the next messages are slept for.
_LOOKING_S: Final = 0.00005
_SLEPT_FOR: Final = 50
_CAN_LOOK: Final = os.name == "posix" and (os.cpu_count() or 1) > 1

if sys.byteorder != "little" or array("I").itemsize != 4:
    raise ImportError("messages are written for little-endian machines")


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
        self._looks = False
        self._sleeps = 0

    def send(self, subject: str, values: Sequence[Any] = ()) -> None:
        """Writes one message; Closed when nobody will read it."""
        data = packed(subject, values)
        try:
            done = os.write(self._outgoing, data)
            while done < len(data):
                done += os.write(self._outgoing, memoryview(data)[done:])
        except (OSError, ValueError) as error:
            raise Closed(str(error)) from error

    def receive(self) -> Message:
        """Waits for the next message; Closed when there will be none."""
        data: bytes | bytearray = self._some(_READ)
        while len(data) < _HEAD.size:
            data += self._some(_READ)
        length = _HEAD.size + sum(_HEAD.unpack_from(data))
        if length > LARGEST:
            raise Closed(f"a message of {length} bytes")
        if len(data) < length:
            data = bytearray(data)
            while len(data) < length:
                data += self._some(length - len(data))
        return unpacked(data)

    def _some(self, most: int) -> bytes:
        """What is there to read, at least a byte."""
        try:
            data = self._look(most) if _CAN_LOOK and not self._sleeps else self._sleep(most)
        except (OSError, ValueError) as error:
            raise Closed(str(error)) from error
        if not data:
            raise Closed("end of file")
        return data

    def _look(self, most: int) -> bytes:
        if not self._looks:
            os.set_blocking(self._incoming, False)
            self._looks = True
        until = 0.0
        while True:
            try:
                return os.read(self._incoming, most)
            except BlockingIOError:
                now = perf_counter()
            if not until:
                until = now + _LOOKING_S
            elif now > until:
                self._sleeps = _SLEPT_FOR
                return self._sleep(most)

    def _sleep(self, most: int) -> bytes:
        if self._looks:
            os.set_blocking(self._incoming, True)
            self._looks = False
        self._sleeps = max(0, self._sleeps - 1)
        return os.read(self._incoming, most)


def packed(subject: str, values: Sequence[Any]) -> bytes:
    """A message as bytes."""
    types = tuple(map(type, values))
    shapes = ""
    if not _BLOCK.isdisjoint(types):
        values, shapes = _flat(values)
        types = tuple(map(type, values))
    distinct = set(types)
    kinds, numbers, texts = b"", values, b""
    if distinct != {float}:
        kinds = _kinds(types) if len(types) < _FEW else _kinds.__wrapped__(types)
        numbers = [cell for cell in values if type(cell) in _NUMERIC]
        if str in distinct:
            texts = json.dumps([cell for cell in values if type(cell) is str]).encode()
    form = f"{subject}\n{shapes}".encode()
    data = array("d", numbers).tobytes()
    sizes = _HEAD.pack(len(form), len(kinds), len(data), len(texts))
    return b"".join((sizes, form, kinds, data, texts))


def unpacked(data: bytes | bytearray) -> Message:
    """The message that the bytes are."""
    form_size, kinds_size, numbers_size, _ = _HEAD.unpack_from(data)
    kinds_at = _HEAD.size + form_size
    numbers_at = kinds_at + kinds_size
    texts_at = numbers_at + numbers_size
    subject, shapes = bytes(data[_HEAD.size : kinds_at]).decode().split("\n")
    cells = array("d", bytes(data[numbers_at:texts_at])).tolist()
    if kinds_size:
        cells = _mixed(data[kinds_at:numbers_at], cells, data[texts_at:])
    return Message(subject, _shaped(cells, shapes) if shapes else cells)


def _flat(values: Sequence[Any]) -> tuple[list[Any], str]:
    """The cells of all values in one line, and each value's shape: 2x3, or nothing."""
    shapes: list[str] = []
    cells: list[Any] = []
    for value in values:
        if type(value) in _BLOCK:
            columns = len(value[0])
            if set(map(len, value)) != {columns}:
                raise ValueError("rows of unequal length")
            shapes.append(f"{len(value)}x{columns}")
            cells += chain.from_iterable(value)
        else:
            shapes.append("")
            cells.append(value)
    return cells, ",".join(shapes) + ","


def _shaped(cells: list[Any], shapes: str) -> list[Any]:
    values: list[Any] = []
    at = 0
    for shape in shapes.split(",")[:-1]:
        if not shape:
            values.append(cells[at])
            at += 1
            continue
        rows, columns = map(int, shape.split("x"))
        end = at + rows * columns
        values.append(list(zip(*[iter(cells[at:end])] * columns)))
        at = end
    return values


_FEW: Final = 100
_NUMERIC: Final = (float, int, bool)


@lru_cache(maxsize=1024)
def _kinds(types: tuple[type, ...]) -> bytes:
    """A byte for the kind of each cell."""
    try:
        return bytes(map(_KINDS.__getitem__, types))
    except KeyError as error:
        raise TypeError(f"a message holds no {error.args[0]}") from error


def _mixed(kinds: bytes | bytearray, numbers: list[float], texts: bytes | bytearray) -> list[Any]:
    number = iter(numbers)
    text = iter(json.loads(texts)) if texts else iter(())
    cells: list[Any] = []
    for kind in kinds:
        if kind == _NUMBER:
            cells.append(next(number))
        elif kind == _TEXT:
            cells.append(next(text))
        else:
            cells.append(None if kind == _NONE else next(number) != 0)
    return cells
