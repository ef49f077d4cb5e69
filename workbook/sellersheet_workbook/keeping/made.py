"""Which files Sellersheet made: what it did not make, or what was changed since, is kept.

The digest of every result is noted in the user's folder before the result takes its place. A
result that another run is about to replace or remove is known by it, wherever it was moved;
any other file is the user's own work, such as a list of refused rows with corrections in it.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from collections.abc import Callable
from contextlib import suppress
from contextvars import ContextVar
from pathlib import Path
from typing import Final

from sellersheet_workbook.keeping import make_private, user_folder

_MOST: Final = 50_000  # results remembered
_LOOKED_AT: Final = 1_000  # the oldest are forgotten once in so many times
_ORDERS: Final = "orders"
_LONGEST: Final = 240  # bytes of a name that is to become longer


def _nobody(path: Path, kept: Path) -> None:
    """Nobody wants to be told."""


# Told each file that was kept, and the name it has now.
on_kept: ContextVar[Callable[[Path, Path], None]] = ContextVar("on_kept", default=_nobody)


def note(written: Path, *, orders: bool) -> None:
    """Remember a result, which is about to take its place, as made by Sellersheet.

    ``orders``: it holds orders to compute with, as the samples do.
    """
    mark = _mark(_digest(written))
    with suppress(OSError):  # without a mark it is kept next time: nothing is lost
        make_private(user_folder())
        make_private(mark.parent)
        mark.touch(mode=0o600)
        mark.write_text(_ORDERS if orders else "", encoding="ascii")
        if not secrets.randbelow(_LOOKED_AT):
            found = sorted(mark.parent.iterdir(), key=lambda item: item.stat().st_mtime)
            for old in found[:-_MOST]:
                old.unlink(missing_ok=True)


def is_result(path: Path) -> bool:
    """Whether a file is a result just as Sellersheet left it, and no orders."""
    mark = _mark(_digest(path))
    return mark.exists() and mark.read_text(encoding="ascii") != _ORDERS


def keep_strange(target: Path, new: Path | None = None) -> Path | None:
    """A second name for what stands at ``target``, where it is not as Sellersheet left it.

    Nor is it kept where ``new``, which is to take its place, is the same to the byte.
    """
    if not target.is_file():
        return None
    digest = _digest(target)
    if _mark(digest).exists() or (new and digest == _digest(new)):
        return None
    kept = free_name(target, "kept")
    same_or_copy(target, kept)
    on_kept.get()(target, kept)
    return kept


def same_or_copy(path: Path, other: Path) -> None:
    """A second name of the same file, or a copy where the disk knows no second names."""
    try:
        os.link(path, other)
    except OSError:
        shutil.copy2(path, other)


def free_name(target: Path, word: str) -> Path:
    """A name beside the file that no other has, with a word that says what it is."""
    stem = target.stem if len(os.fsencode(target.name)) < _LONGEST else target.stem[:40]
    number = 1
    while (found := target.with_name(f"{stem}.{word}-{number}{target.suffix}")).exists():
        number += 1
    return found


def _mark(digest: str) -> Path:
    return user_folder() / "made" / digest[:40]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
