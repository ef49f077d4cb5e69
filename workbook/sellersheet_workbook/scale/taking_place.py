"""A folder takes the place of another in one step, or the old one is still found."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

from sellersheet_workbook.keeping.atomic import in_words, sync_folder

_HERE: Final = -100  # AT_FDCWD
_EXCHANGE: Final = 2  # RENAME_EXCHANGE of Linux, RENAME_SWAP of macOS
_UNKNOWN: Final = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EPERM)


def take_place(new: Path, out: Path) -> None:
    """``new`` becomes ``out``; what was there goes. A FileProblem where that can't be done."""
    with in_words(out):
        if not out.exists():
            new.rename(out)
        elif _exchanged(new, out):
            shutil.rmtree(new, ignore_errors=True)
        else:
            _by_two_renames(new, out)
        sync_folder(out.parent)


def bring_back(out: Path) -> None:
    """The old result, where a run was killed between the two renames."""
    old = _old(out)
    with in_words(out):
        if old.is_dir() and not out.exists():
            old.rename(out)
        shutil.rmtree(old, ignore_errors=True)


def _by_two_renames(new: Path, out: Path) -> None:
    """Where the system knows no exchange; the next run brings back what a kill leaves."""
    old = _old(out)
    shutil.rmtree(old, ignore_errors=True)
    out.rename(old)
    try:
        new.rename(out)
    except BaseException:
        with suppress(OSError):
            old.rename(out)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _old(out: Path) -> Path:
    return out.with_name(f".{out.name}.old")


def _exchanged(one: Path, other: Path) -> bool:
    """Whether the two have changed places, which they do at once or not at all."""
    names = os.fsencode(one), os.fsencode(other)
    try:
        library = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "linux":
            failed = library.renameat2(_HERE, names[0], _HERE, names[1], _EXCHANGE)
        elif sys.platform == "darwin":
            failed = library.renamex_np(*names, _EXCHANGE)
        else:
            return False
    except (AttributeError, OSError, TypeError):  # a system, or a C library, without it
        return False
    if failed:
        number = ctypes.get_errno()
        if number in _UNKNOWN:
            return False
        raise OSError(number, os.strerror(number), str(other))
    return True
