"""The files that a run was given: never written onto, and what is made of them is as private.

A run says once which files it reads (``given``). Every file is written by ``atomic``, which
asks here first; so no way of writing can forget an input.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sellersheet_workbook.problems import FileProblem

_EVERYBODY: Final = 0o666


@dataclass(frozen=True)
class _Inputs:
    """``files`` by device and number, since one file has several names; ``mode`` is what the
    most private of them allows."""

    paths: frozenset[str] = frozenset()
    files: frozenset[tuple[int, int]] = frozenset()
    mode: int = _EVERYBODY


_NONE: Final = _Inputs()
_GIVEN: ContextVar[_Inputs] = ContextVar("given", default=_NONE)


@contextmanager
def given(*paths: str | os.PathLike[str], mode: int = _EVERYBODY) -> Iterator[None]:
    """Files that are only read until the block ends, beside those of a block around it.

    ``mode`` is that of inputs which another process knows.
    """
    before = _GIVEN.get()
    found = [resolved(path) for path in paths]
    known = [known for path in found if (known := _stat(path))]
    for one in known:
        mode &= one.st_mode
    new = _Inputs(
        before.paths | {_name(path) for path in found},
        before.files | {(one.st_dev, one.st_ino) for one in known},
        before.mode & mode & _EVERYBODY,
    )
    token = _GIVEN.set(new)
    try:
        yield
    finally:
        _GIVEN.reset(token)


def refuse_given(target: Path) -> None:
    """A FileProblem where ``target``, resolved, is a file that the run was given."""
    inputs = _GIVEN.get()
    known = _stat(target) if inputs.files else None
    same = known is not None and (known.st_dev, known.st_ino) in inputs.files
    if same or _name(target) in inputs.paths:
        raise FileProblem("target_is_source", path=target)


def allowed_mode() -> int:
    """Who may read what is made of the files given; the user may write it in any case."""
    return _GIVEN.get().mode | stat.S_IRUSR | stat.S_IWUSR


def resolved(path: str | os.PathLike[str]) -> Path:
    """Where a path leads; links that lead in a circle are a FileProblem."""
    try:
        return Path(path).resolve()
    except (OSError, RuntimeError) as error:  # RuntimeError: Python 3.11 and 3.12
        raise FileProblem("link_loop", path=path) from error


def _name(path: Path) -> str:
    return os.path.normcase(path)


def _stat(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:
        return None
