"""One writer at a time: a lock that the system takes back when its process ends, however."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from sellersheet_workbook.problems import FileProblem

if sys.platform == "win32":
    import msvcrt

    def _take(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _take(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


WAIT: Final = 60  # seconds for another run to put its files in place
_TURN: Final = 0.02  # seconds between two tries
_held: dict[tuple[Path, int], int] = {}


@contextmanager
def held(lock: Path, told: Path, *, wait: float = 0) -> Iterator[None]:
    """The lock for the length of the block; ``told`` is what it guards, in the words of the user.

    The same thread may take it again. Where another run has it for longer than ``wait``
    seconds it is a FileProblem ``in_use``. The file of the lock goes with it.
    """
    mine = (lock, threading.get_ident())
    if mine in _held:
        yield
        return
    handle = _taken(lock, told, time.monotonic() + wait)
    _held[mine] = handle
    try:
        yield
    finally:
        del _held[mine]
        with suppress(OSError):  # Windows removes no open file; then it is after closing
            lock.unlink()
        os.close(handle)
        if sys.platform == "win32":
            with suppress(OSError):  # or another has it by now
                lock.unlink()


def lock_beside(target: Path) -> Path:
    """The lock of one file, or of a folder that is replaced as a whole."""
    return target.with_name(f".{target.name[:40]}.lock")


def _taken(lock: Path, told: Path, until: float) -> int:
    while True:
        handle = _opened(lock, told)
        try:
            _take(handle)
            if _same(lock, handle):
                return handle
        except (BlockingIOError, PermissionError) as error:
            if time.monotonic() >= until:
                os.close(handle)
                raise FileProblem("in_use", path=told) from error
        except OSError as error:
            os.close(handle)
            raise FileProblem("no_locks", path=told, detail=error.strerror) from error
        os.close(handle)
        time.sleep(_TURN)


def _opened(lock: Path, told: Path) -> int:
    try:
        return os.open(lock, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o666)
    except PermissionError as error:
        raise FileProblem("target_denied", path=told) from error
    except OSError as error:
        detail = error.strerror or type(error).__name__
        raise FileProblem("target_failed", path=told, detail=detail) from error


def _same(lock: Path, handle: int) -> bool:
    """Whether the file that was locked is still the one of that name: its last owner may have
    removed it between opening and locking."""
    try:
        return os.path.samestat(lock.stat(), os.fstat(handle))
    except OSError:
        return False
