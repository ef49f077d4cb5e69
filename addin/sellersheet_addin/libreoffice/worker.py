"""The worker: ``python -m sellersheet_addin.libreoffice.worker``, started by the extension.

It answers requests from its standard input until that ends, which it does with LibreOffice.
A request "call NAME" has the arguments of a worksheet function as its values and is answered
by "value" with one cell or block of cells, or by "problem" with a sentence.
"""

from __future__ import annotations

import datetime as dt
import os
import signal
import struct
import sys
import traceback
from collections.abc import Callable
from functools import cache
from itertools import chain
from typing import Any, Final

import sellersheet
from sellersheet import functions
from sellersheet.columns import TABLES
from sellersheet.functions.errors import ERROR_NUMBERS, NA, NUM, VALUE
from sellersheet.functions.registry import FUNCTIONS
from sellersheet_addin.libreoffice.extension import wire

# LibreOffice's numbers for errors; it takes them as the last 32 bits of a NaN.
_CODES: Final = {
    VALUE: 519,
    NUM: 503,
    NA: 32767,
    "#NULL!": 521,
    "#DIV/0!": 532,
    "#REF!": 524,
    "#NAME?": 525,
}
_KINDS: Final = {item.key: item.kind for item in TABLES["arguments"]}
_NEVER_ZERO: Final = frozenset({"text", "choice", "country", "date", "moment", "range"})
_NAN: Final = 0x7FF8 << 48
_DAY_ZERO: Final = dt.datetime(1899, 12, 30)
_READY: Final = frozenset({float, str})


def error_value(code: int) -> float:
    """The number that a cell of LibreOffice shows as an error."""
    found: float = struct.unpack("<d", struct.pack("<Q", _NAN | code))[0]
    return found


ERRORS: Final = {text: error_value(_CODES.get(text, _CODES[VALUE])) for text in ERROR_NUMBERS}


def main() -> None:
    """Answers until nothing more comes."""
    pipe = _private_pipe()
    pipe.send("ready", [wire.VERSION, sellersheet.__version__])
    while True:
        try:
            pipe.send(*answer(pipe.receive()))
        except wire.Closed:
            return


def answer(request: wire.Message) -> tuple[str, list[Any]]:
    """The subject and the values of the answer."""
    kind, _, name = request.subject.partition(" ")
    try:
        return "value", [REQUESTS[kind](name, request.values)]
    except Exception as error:
        traceback.print_exc()  # into the log
        return "problem", [f"{request.subject}: {type(error).__name__}: {error}"]


def _called(name: str, arguments: list[Any]) -> Any:
    """A blank cell arrives as 0: where only words or days make sense it is a blank again."""
    for at in _words(name):
        if at < len(arguments) and arguments[at] == 0:
            arguments[at] = None
    return cells_of(function(name)(*arguments))


@cache
def _words(name: str) -> tuple[int, ...]:
    kinds = [_KINDS[item.name] for item in FUNCTIONS[name].arguments]
    return tuple(at for at, kind in enumerate(kinds) if kind in _NEVER_ZERO)


@cache
def function(name: str) -> Callable[..., Any]:
    """The worksheet function, loaded when it is first called."""
    found: Callable[..., Any] = getattr(functions, name)
    return found


def cells_of(result: Any) -> Any:
    """A function's result with numbers and texts only; an error as LibreOffice's number."""
    if type(result) is float:
        return result
    if not isinstance(result, list):
        return _cell(result)
    kinds = set(map(type, chain.from_iterable(result)))
    if kinds == {float}:
        return result
    return [tuple(map(_cell, row)) for row in result]


def _cell(cell: Any) -> Any:
    """LibreOffice shows neither a yes nor a date of an extension: it gets their numbers."""
    if type(cell) is str:
        return ERRORS.get(cell, cell)
    if isinstance(cell, dt.datetime):
        return (cell.replace(tzinfo=None) - _DAY_ZERO) / dt.timedelta(days=1)
    if isinstance(cell, dt.date):
        return float((dt.datetime.combine(cell, dt.time()) - _DAY_ZERO).days)
    return "" if cell is None else float(cell)


REQUESTS: Final[dict[str, Callable[[str, list[Any]], Any]]] = {"call": _called}


def _private_pipe() -> wire.Pipe:
    """The pipe to LibreOffice, out of reach of whatever a library prints or reads."""
    incoming, outgoing = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    if sys.platform == "win32":
        import msvcrt

        msvcrt.setmode(incoming, os.O_BINARY)
        msvcrt.setmode(outgoing, os.O_BINARY)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C ends LibreOffice; the pipe tells us
    return wire.Pipe(incoming, outgoing)


if __name__ == "__main__":
    main()
