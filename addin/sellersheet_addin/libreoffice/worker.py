"""The worker: ``python -m sellersheet_addin.libreoffice.worker``, started by the extension.

It answers requests from its standard input until that ends, which it does with LibreOffice.
A request "call NAME" has the arguments of a worksheet function as its values and is answered
by "value" with one cell or block of cells, or by "problem" with a sentence. A request "action
NAME" has the workbook's title and its path, or None. Then it is the worker that asks, until it says
"done", with whether the action was done, its one message and, where a workbook came of it that the
user may want to see, its path and the question.
"""

from __future__ import annotations

import datetime as dt
import gc
import os
import signal
import sys
import traceback
from collections.abc import Callable
from functools import cache
from itertools import chain
from typing import Any, Final

import sellersheet
from sellersheet import functions
from sellersheet.columns import TABLES
from sellersheet.functions.blocks import ERROR_NUMBERS
from sellersheet.functions.registry import FUNCTIONS
from sellersheet_addin.libreoffice.extension import wire

_KINDS: Final = {item.key: item.kind for item in TABLES["arguments"]}
_NEVER_ZERO: Final = frozenset({"text", "choice", "country", "date", "moment", "range"})
ERRORS: Final = {text: wire.error_value(text) for text in ERROR_NUMBERS}
_DAY_ZERO: Final = dt.datetime(1899, 12, 30)
# A range is a tuple a row: looking for dead cycles among them costs more than the reckoning.
_NEW_BEFORE_A_LOOK: Final = 100_000
_BLOCK: Final = 4_096  # bytes: single cells are kept on LibreOffice's side
_MOST_KEPT: Final = 1 << 25  # bytes of questions and answers


def main() -> None:
    """Answers until nothing more comes."""
    pipe = _private_pipe()
    gc.freeze()
    gc.set_threshold(_NEW_BEFORE_A_LOOK, *gc.get_threshold()[1:])
    kept = Kept()
    pipe.send("ready", [wire.VERSION, wire.SPECIMEN, sellersheet.__version__])
    while True:
        try:
            data = pipe.receive_packed()
            if known := kept.get(data):
                pipe.send_packed(known)
                continue
            request = wire.unpacked(data)
            kind, _, name = request.subject.partition(" ")
            if kind == "action":
                _act(pipe, name, request.values)
            else:
                subject, values = answer(request)
                said = wire.packed(subject, values)
                if subject == "value":
                    kept.put(data, said)
                pipe.send_packed(said)
        except wire.Closed:
            return


class Kept:
    """The answers to the last questions about blocks of cells, by the bytes of both: a workbook
    that is calculated anew asks the same again, and on the same day the answer is the same."""

    def __init__(self) -> None:
        self._day = dt.date.today()
        self._answers: dict[bytes, bytes] = {}

    def get(self, asked: bytes | bytearray) -> bytes | None:
        """The answer, where it is known."""
        if len(asked) < _BLOCK or not self._answers:
            return None
        if self._day != dt.date.today():
            self._answers.clear()
            return None
        return self._answers.get(bytes(asked))

    def put(self, asked: bytes | bytearray, said: bytes) -> None:
        """Keeps the answer; the oldest go."""
        if len(asked) < _BLOCK:
            return
        if not self._answers:
            self._day = dt.date.today()
        self._answers[bytes(asked)] = said
        while sum(map(len, chain(self._answers, self._answers.values()))) > _MOST_KEPT:
            del self._answers[next(iter(self._answers))]


def answer(request: wire.Message) -> tuple[str, list[Any]]:
    """The subject and the values of the answer."""
    kind, _, name = request.subject.partition(" ")
    try:
        return "value", [REQUESTS[kind](name, request.values)]
    except Exception as error:
        traceback.print_exc()  # into the log
        return "problem", [f"{request.subject}: {type(error).__name__}: {error}"]


def _act(pipe: wire.Pipe, name: str, values: list[Any]) -> None:
    """An entry of the menu, to its end; loaded here, for the functions have no need of it."""
    from sellersheet_addin.libreoffice.open_book_program import OpenBookProgram
    from sellersheet_addin.tasks import TASKS

    title, path = values
    program = OpenBookProgram(pipe, title, path)
    done = TASKS[name](program)
    pipe.send("done", [bool(done), program.said, *program.offered])


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
        return list(map(tuple, result))
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
