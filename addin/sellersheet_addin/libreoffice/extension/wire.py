"""Messages between LibreOffice and the worker, over a pipe.

A message is a subject and values; a value is a number, a text, yes or no, None, or a block:
rows of such cells. An error of a cell is a number that is none, with LibreOffice's number for it
in its bits. Both processes use this one module. They may run different Pythons: the
form of Python's marshal that is used has been the same since 2.5, and the first message has
``SPECIMEN`` in it, so that one who reads it otherwise is refused.
"""

from __future__ import annotations

import marshal
import os
import struct
from collections.abc import Sequence
from time import perf_counter
from typing import Any, Final, NamedTuple

VERSION: Final = 3  # of the messages: both sides must have the same
LARGEST: Final = 1 << 30  # bytes of a message
SPECIMEN: Final = (1.5, "元", True, None, ((-0.0, ""), ("#N/A", 1e300)))

# LibreOffice's numbers for errors, by Excel's names; it has none of its own for the others.
_ERRORS: Final = {
    "#VALUE!": 519,
    "#NUM!": 503,
    "#N/A": 32767,
    "#NULL!": 521,
    "#DIV/0!": 532,
    "#REF!": 524,
    "#NAME?": 525,
}
_OTHER: Final = "#VALUE!"
_NAN: Final = 0x7FF8 << 48
_FORM: Final = 2  # numbers as they are in memory: an error value, a NaN, keeps its code
_HEAD: Final = struct.Struct("<I")  # bytes of what follows
_READ: Final = 1 << 16  # bytes at a time, at first
# Where nothing is to be read at first, look again for this long before sleeping: to be woken
# takes longer than most answers do, and than LibreOffice takes between two cells. It needs a
# second processor that is free: looking in vain keeps the other side from it, so after that
# the next messages are slept for.
_LOOKING_S: Final = 0.0003
_SLEPT_FOR: Final = 50
_CAN_LOOK: Final = os.name == "posix" and (os.cpu_count() or 1) > 1


class Message(NamedTuple):
    """A subject, as "call SEMIFEE", and its values; a block is a list or tuple of tuples."""

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
        self.send_packed(packed(subject, values))

    def send_packed(self, data: bytes) -> None:
        """The same of a message that is packed already."""
        try:
            done = os.write(self._outgoing, data)
            while done < len(data):
                done += os.write(self._outgoing, memoryview(data)[done:])
        except (OSError, ValueError) as error:
            raise Closed(str(error)) from error

    def receive(self) -> Message:
        """Waits for the next message; Closed when there will be none."""
        return unpacked(self.receive_packed())

    def receive_packed(self) -> bytes | bytearray:
        """The same as the bytes that it is."""
        data: bytes | bytearray = self._some(_READ)
        while len(data) < _HEAD.size:
            data += self._some(_READ)
        length = _HEAD.size + _HEAD.unpack_from(data)[0]
        if length > LARGEST:
            raise Closed(f"a message of {length} bytes")
        if len(data) < length:
            data = bytearray(data)
            while len(data) < length:
                data += self._some(length - len(data))
        return data

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
    """A message as bytes; ValueError where a value is none that a cell can hold."""
    data = marshal.dumps((subject, list(values)), _FORM)
    return _HEAD.pack(len(data)) + data


def unpacked(data: bytes | bytearray) -> Message:
    """The message that the bytes are; Closed where they are none."""
    try:
        # Nothing in it is run; it comes from a process of the user's own.
        subject, values = marshal.loads(memoryview(data)[_HEAD.size :])  # noqa: S302
    except (EOFError, ValueError, TypeError) as error:
        raise Closed(f"no message: {error}") from error
    if type(subject) is not str or type(values) is not list:
        raise Closed("no message")
    return Message(subject, values)


def error_value(error: int | str) -> float:
    """The number that a cell of LibreOffice shows as an error, by its number or Excel's name."""
    code = error if isinstance(error, int) else _ERRORS.get(error, _ERRORS[_OTHER])
    found: float = struct.unpack("<d", struct.pack("<Q", _NAN | code))[0]
    return found


def error_of(value: float) -> str:
    """The error, by Excel's name for it, that such a number is."""
    (bits,) = struct.unpack("<Q", struct.pack("<d", value))
    return next((text for text, code in _ERRORS.items() if code == bits & 0xFFFF_FFFF), _OTHER)
