"""Writing a file whole or not at all."""

from __future__ import annotations

import errno
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final

from sellersheet_workbook.problems import FileProblem

_REASONS = {
    errno.ENOSPC: "disk_full",
    errno.EDQUOT: "disk_full",
    errno.EFBIG: "target_too_large",
    errno.EACCES: "target_denied",
    errno.EPERM: "target_denied",
    errno.EROFS: "target_denied",
}
_LEFT_BEHIND: Final = 86_400  # seconds; no write takes so long


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """A file to write to that takes the place of ``path`` when the block ends well.

    The bytes go to a hidden file in the same folder, which is removed when anything
    fails; the old file is then as it was. An OSError becomes a FileProblem.
    """
    # A link is followed: the file behind it is replaced, not the link.
    target = Path(path).resolve()
    check_replaceable(target)
    _clear_away(target)
    beside = target.with_name(f"{_begin(target)}{secrets.token_hex(4)}.tmp")
    try:
        with beside.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            shutil.copymode(target, beside)
        beside.replace(target)
    except OSError as error:
        code = _REASONS.get(error.errno or 0, "target_failed")
        detail = error.strerror or type(error).__name__
        raise FileProblem(code, path=target, detail=detail) from error
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


def _begin(target: Path) -> str:
    """How the hidden files for a target are named."""
    return f".{target.name[:40]}."


def _clear_away(target: Path) -> None:
    """Removes what a run that was killed while it wrote left beside the target, a day later."""
    begin = re.compile(re.escape(_begin(target)) + r"[0-9a-f]{8}\.tmp")
    with suppress(OSError):
        for left in target.parent.glob(".*.tmp"):
            if begin.fullmatch(left.name) and time.time() - left.stat().st_mtime > _LEFT_BEHIND:
                left.unlink()


def check_replaceable(target: Path) -> None:
    """A FileProblem where writing is sure to fail or would do harm."""
    if not target.parent.is_dir():
        raise FileProblem("target_folder", folder=target.parent)
    if not target.exists():
        return
    if not target.is_file():
        raise FileProblem("target_not_file", path=target)
    if not os.access(target, os.W_OK):
        raise FileProblem("target_denied", path=target)
    # Excel and WPS leave ~$name beside an open workbook, LibreOffice .~lock.name#.
    for lock in (f"~${target.name}", f".~lock.{target.name}#"):
        if target.with_name(lock).exists():
            raise FileProblem("target_locked", path=target, lock=lock)
