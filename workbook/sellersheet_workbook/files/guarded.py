"""Readers that may abort, loop or fill memory run in a child process with limits.

A library written in C or Rust that meets a damaged file can end the whole process, never come
back, or ask for more memory than there is. ``guarded`` calls a function in a child that is kept
warm: started once, with the function's module loaded, and used again for the next file.
"""

from __future__ import annotations

import atexit
import gc
import io
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import IO, Any, Final

from sellersheet_workbook.problems import FileProblem

SECONDS: Final = 60.0
MEGABYTES: Final = 3_072
_START: Final = 60.0  # a slow disk, a scanner of viruses: to start is no fault of the file
_LARGE: Final = 32 << 20
_CODES: Final = {"aborted": "damaged", "memory": "reader_memory", "time": "reader_time"}
_LENGTH: Final = 8
# On Windows: no window, and Ctrl-C is the parent's.
_APART: Final = getattr(subprocess, "CREATE_NO_WINDOW", 0) | getattr(
    subprocess, "CREATE_NEW_PROCESS_GROUP", 0
)


class Ended(Exception):
    """The child did not come back with a result: ``how`` is aborted, memory or time."""

    def __init__(self, how: str, detail: str) -> None:
        super().__init__(f"{how}: {detail}")
        self.how, self.detail = how, detail


def guarded(
    function: str, *given: Any, seconds: float = SECONDS, megabytes: int = MEGABYTES
) -> Any:
    """The result of ``package.module:function`` called in the child with ``given``.

    Arguments, result and exceptions must be such as pickle knows. An exception of the function
    is raised here. ``Ended`` is raised where the child was aborted, used more memory than
    ``megabytes`` beyond what it has at rest, or took more than ``seconds``; the next call
    gets a new child.
    """
    with _turn:
        child = _child()
        try:
            value = child.call(function, given, seconds, megabytes)
            if child.grown:
                _drop(child)  # what it holds by now the rest of the work needs more
            return value
        except Ended:
            _drop(child)
            raise
        except BaseException as error:
            if not getattr(error, "__from_child__", False):
                _drop(child)  # stopped in the middle of an answer
            raise


def guarded_read(function: str, path: Path, *given: Any, **limits: Any) -> Any:
    """``function(path, …)`` in the child; what ends the child is a FileProblem about the file."""
    try:
        return guarded(function, path, *given, **limits)
    except Ended as ended:
        raise FileProblem(_CODES[ended.how], path=path) from ended


def warm(function: str) -> None:
    """Start the child and load the function's module, while something else is done here."""
    with _turn, suppress(OSError):  # told when it is asked
        _child().send(("warm", function, (), 0, 0.0))


_turn = threading.RLock()


class _Child:
    def __init__(self) -> None:
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "sellersheet_workbook.files.guarded"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a library's last words are no sentence for a seller
            env=environment,
            start_new_session=os.name == "posix",  # Ctrl-C is the parent's
            creationflags=_APART,
        )
        self.late = self.grown = False
        self._warming = 1  # it says when it has started

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()

    def send(self, what: tuple[str, str, tuple[Any, ...], int, float]) -> None:
        self._warming += what[0] == "warm"
        stdin = self.process.stdin
        assert stdin  # noqa: S101  it was asked for
        with suppress(BrokenPipeError):  # told when the answer is missing
            _write(stdin, pickle.dumps((_here(), *what), protocol=pickle.HIGHEST_PROTOCOL))

    def call(self, function: str, given: tuple[Any, ...], seconds: float, megabytes: int) -> Any:
        while self._warming:
            self._warming -= 1
            if self._answer(_START) is None:
                raise self._ended(_START)
        self.send(("call", function, given, megabytes, seconds))
        answer = self._answer(seconds)
        if answer is None:
            raise self._ended(seconds)
        self.grown = len(answer) > _LARGE
        with no_circles():
            kind, value = pickle.loads(answer)  # noqa: S301 (written by our own child)
        if kind == "memory":
            raise Ended("memory", f"{megabytes} MB")
        if kind == "raised":
            value.__from_child__ = True
            raise value
        return value

    def _answer(self, seconds: float) -> bytes | None:
        """The next message; None where the child ended, or was ended, before."""
        stdout = self.process.stdout
        assert stdout  # noqa: S101  it was asked for
        timer = threading.Timer(seconds, self._too_long)
        timer.daemon = True
        timer.start()
        try:
            return _read(stdout)
        finally:
            timer.cancel()

    def _too_long(self) -> None:
        self.late = True
        self.process.kill()

    def _ended(self, seconds: float) -> Ended:
        code = self.process.wait()
        if self.late or code == -getattr(signal, "SIGXCPU", 0):
            return Ended("time", f"{seconds:g} s")
        return Ended("aborted", f"{code}")


def _here() -> str:
    """The current folder; blank where it is gone."""
    try:
        return str(Path.cwd())
    except OSError:
        return ""


_children: dict[int, _Child] = {}


def _child() -> _Child:
    """The warm child, or a new one. That of a parent before a fork is not this process's."""
    found = _children.get(os.getpid())
    if found is not None and found.process.poll() is not None:
        found.end()  # closes its pipes
        found = None
    if found is None:
        found = _children[os.getpid()] = _Child()
    return found


def _drop(child: _Child) -> None:
    _children.pop(os.getpid(), None)
    child.end()


@atexit.register
def _end_children() -> None:
    for child in list(_children.values()):
        if _children.get(os.getpid()) is child:
            child.end()


def _write(file: IO[bytes], data: bytes) -> None:
    file.write(len(data).to_bytes(_LENGTH, "little"))
    file.write(data)
    file.flush()


def _read(file: IO[bytes]) -> bytes | None:
    """One message; None where the other side has ended."""
    head = file.read(_LENGTH)
    if len(head) < _LENGTH:
        return None
    length = int.from_bytes(head, "little")
    data = file.read(length)
    return data if len(data) == length else None


def _packed(value: Any) -> bytes:
    """Without looking for what stands twice: rows of cells hold nothing within themselves."""
    file = io.BytesIO()
    pickler = pickle.Pickler(file, protocol=pickle.HIGHEST_PROTOCOL)
    pickler.fast = True
    pickler.dump(value)
    return file.getvalue()


@contextmanager
def no_circles() -> Iterator[None]:
    """Millions of cells are not looked through for circles while they come."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _serve(asked: IO[bytes], answers: IO[bytes]) -> None:
    """The child: answers until the parent closes its end."""
    gc.disable()  # cells are no circles, and what is left of a large answer ends with the child
    _write(answers, pickle.dumps(("done", None)))
    while (message := _read(asked)) is not None:
        wanted = pickle.loads(message)  # noqa: S301 (our parent's)
        folder, kind, function, given, megabytes, seconds = wanted
        try:
            if folder and folder != _here():
                os.chdir(folder)  # what files are called is meant from where the parent stands
            with _limited(megabytes, seconds):
                module, _, name = function.partition(":")
                called: Callable[..., Any] = getattr(import_module(module), name)
                answer = ("done", called(*given) if kind == "call" else None)
            packed = _packed(answer)
        except MemoryError:
            packed = pickle.dumps(("memory", None))
        except Exception as error:
            packed = _raised(error)
        _write(answers, packed)


def _raised(error: Exception) -> bytes:
    """An exception that pickle does not know becomes a RuntimeError of the same words."""
    with suppress(Exception):
        packed = pickle.dumps(("raised", error))
        pickle.loads(packed)  # noqa: S301
        return packed
    return pickle.dumps(("raised", RuntimeError(f"{type(error).__name__}: {error}")))


@contextmanager
def _limited(megabytes: int, seconds: float) -> Iterator[None]:
    """So much memory more than there is now, where the system knows such a limit; and an end to
    a loop whose parent was killed."""
    if not megabytes or sys.platform == "win32":
        yield
        return
    import resource

    spent = resource.getrusage(resource.RUSAGE_SELF)
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    until = int(spent.ru_utime + spent.ru_stime + 4 * seconds) + 2  # libraries have threads
    resource.setrlimit(resource.RLIMIT_CPU, (until if most < 0 else min(until, most), most))
    if sys.platform == "darwin":
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123
        now = int(file.read().split()[0]) * resource.getpagesize()
    top = now + megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (top if hard < 0 else min(top, hard), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _main() -> None:
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # What a library prints must not be taken for an answer.
    answers = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    _serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    _main()
