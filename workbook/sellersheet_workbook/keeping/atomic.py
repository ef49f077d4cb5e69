"""Writing a file whole or not at all, readable for nobody who may not read its origin."""

from __future__ import annotations

import errno
import os
import re
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import BinaryIO, Final

from sellersheet_workbook.keeping import is_private
from sellersheet_workbook.keeping.inputs import allowed_mode, refuse_given, resolved
from sellersheet_workbook.problems import FileProblem

_REASONS: Final = {
    errno.ENOSPC: "disk_full",
    errno.EDQUOT: "disk_full",
    errno.EFBIG: "target_too_large",
    errno.EACCES: "target_denied",
    errno.EPERM: "target_denied",
    errno.EROFS: "target_denied",
    errno.ENAMETOOLONG: "name_too_long",
}
_LEFT_BEHIND: Final = 86_400  # seconds; no write takes so long
# Who lets the written file (first) take the place of the second later; see ``together``.
taken_over: ContextVar[Callable[[Path, Path], bool]] = ContextVar(
    "taken_over", default=lambda written, target: False
)


@contextmanager
def replacing(
    path: str | os.PathLike[str],
    *,
    lasting: bool = True,
    like: Path | None = None,
    private: bool = False,
) -> Iterator[BinaryIO]:
    """A file to write to that takes the place of ``path`` when the block ends well.

    The bytes go to a hidden file in the same folder, which is removed when anything
    fails; the old file is then as it was. An OSError becomes a FileProblem. A file that is
    not ``lasting`` need not outlive a power cut.

    Mode and owner are those of the file replaced, or of ``like``; a file that is new is
    as private as the most private of the run's inputs. ``private``: the user's alone.
    """
    # A link is followed: the file behind it is replaced, not the link.
    target = resolved(path)
    check_replaceable(target)
    _clear_away(target)
    beside = name_beside(target)
    with in_words(target):
        try:
            with beside.open("xb") as file:
                mode = _closed(file)
                yield file
                file.flush()
                if lasting:
                    os.fsync(file.fileno())
            _open_up(beside, target, like, mode, private)
            if not taken_over.get()(beside, target):
                beside.replace(target)
                if lasting:
                    sync_folder(target.parent)
        except BaseException:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
            raise


@contextmanager
def in_words(target: Path) -> Iterator[None]:
    """An OSError of the block as a FileProblem about ``target``."""
    try:
        yield
    except OSError as error:
        code = _REASONS.get(error.errno or 0, "target_failed")
        detail = error.strerror or type(error).__name__
        raise FileProblem(code, path=target, detail=detail) from error


def sync_folder(folder: Path) -> None:
    """New names outlive a power cut too, where the system has a way to see to it."""
    if os.name == "posix":
        with suppress(OSError):
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


def name_beside(target: Path) -> Path:
    """A hidden name in the same folder that no file has."""
    return target.with_name(f"{_begin(target)}{secrets.token_hex(4)}.tmp")


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


def _closed(file: BinaryIO) -> int:
    """The user's alone while it is written; the mode that a new file has here."""
    if os.name != "posix":
        return 0o666
    mode = os.fstat(file.fileno()).st_mode & 0o777
    os.fchmod(file.fileno(), 0o600)
    return mode


def _open_up(written: Path, target: Path, like: Path | None, usual: int, private: bool) -> None:
    """The mode and owner that the file is to have."""
    if os.name != "posix":
        return
    origin = target if target.exists() else like
    if private or is_private(target):
        mode, origin = 0o600, None
    elif origin is None:
        mode = usual & allowed_mode()
    else:
        known = origin.stat()
        mode = known.st_mode & 0o777
        if not _owned_by(written, known.st_uid, known.st_gid):
            # Another group must not read what the old one could.
            mode = mode & 0o707 | (mode & 0o007) << 3
    written.chmod(mode | 0o600 if origin is None else mode)


def _owned_by(path: Path, user: int, group: int) -> bool:
    """Gives the file that user and group, as far as this user may; whether the group is right."""
    known = path.stat()
    if (known.st_uid, known.st_gid) == (user, group):
        return True
    try:
        os.chown(path, user, group)
    except OSError:
        with suppress(OSError):
            os.chown(path, -1, group)
    return path.stat().st_gid == group


def check_replaceable(target: Path) -> None:
    """A FileProblem where writing is sure to fail or would do harm."""
    with in_words(target):
        if not target.parent.is_dir():
            raise FileProblem("target_folder", folder=target.parent)
        refuse_given(target)
        try:
            target.stat()  # asks the system whether a file could have such a name at all
        except FileNotFoundError:
            return
        if not target.is_file():
            raise FileProblem("target_not_file", path=target)
        if not os.access(target, os.W_OK):
            raise FileProblem("target_denied", path=target)
        # Excel and WPS leave ~$name beside an open workbook, LibreOffice .~lock.name#.
        for lock in (f"~${target.name}", f".~lock.{target.name}#"):
            if _stands(target.with_name(lock)):
                raise FileProblem("target_locked", path=target, lock=lock)


def _stands(path: Path) -> bool:
    """Whether it exists; what has too long a name for that does not."""
    try:
        return path.exists()
    except OSError:
        return False
