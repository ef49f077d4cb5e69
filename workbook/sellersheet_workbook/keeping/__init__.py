"""Nothing lost, doubled or overwritten: writing beside and renaming, locks, what is whose.

What Sellersheet knows about this user stands in one folder, closed to all others.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def user_folder() -> Path:
    """``SELLERSHEET_HOME`` if set, else ``.sellersheet`` in the user's home folder."""
    given = os.environ.get("SELLERSHEET_HOME")
    return Path(given) if given else Path.home() / ".sellersheet"


def make_private(folder: Path) -> None:
    """The folder, made if need be; nobody else may enter it. An OSError where that fails.

    The mode is set by itself: that of a new folder depends on the umask. What Windows calls
    the user's folder is closed to others already.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if os.name == "posix" and folder.stat().st_mode & 0o077:
        with suppress(PermissionError):  # another's folder, shared on purpose
            folder.chmod(0o700)


def is_private(path: Path) -> bool:
    """Whether a file stands in the user's folder, and so is the user's alone."""
    return path.is_relative_to(user_folder().resolve())
