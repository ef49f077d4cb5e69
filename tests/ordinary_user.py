"""Programs run as an ordinary user with a home folder of their own, also where tests run as root.

Root may write everywhere, and LibreOffice installs no extension for it.
"""

from __future__ import annotations

import os
import subprocess
from functools import cache
from pathlib import Path


def prefix() -> list[str]:
    """What stands before a command so that no root runs it."""
    return ["unshare", "--user", "--map-user=1000", "--map-group=1000"] * (os.geteuid() == 0)


@cache
def missing() -> str:
    """Why no ordinary user can be had; "" when one can."""
    if subprocess.run([*prefix(), "true"], capture_output=True).returncode == 0:
        return ""
    return "the tests run as root, and unshare --user is refused"


def environment(home: Path) -> dict[str, str]:
    """As on a Chinese desktop."""
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    return kept | {"HOME": str(home), "SELLERSHEET_LANG": "zh", "LANG": "C.UTF-8"}


def run(
    home: Path, *command: str | Path, user: list[str] | None = None, **more: str
) -> subprocess.CompletedProcess[str]:
    """Runs the command to its end; ``more`` is added to its environment."""
    return subprocess.run(
        [*(prefix() if user is None else user), *map(str, command)],
        env=environment(home) | more, capture_output=True, encoding="utf-8", timeout=240,
    )  # fmt: skip
