"""The command line called inside the test's own process, or in processes at once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

import pytest

from sellersheet_addin.cli import main
from sellersheet_addin.cli.say import console

COMMAND = [sys.executable, "-P", "-m", "sellersheet_addin.cli"]


class Called(NamedTuple):
    code: int
    out: str
    err: str


def call(
    capsys: pytest.CaptureFixture[str], *words: str | Path, columns: int | None = None
) -> Called:
    """The exit code and what was shown; ``columns``: on a terminal so wide."""
    capsys.readouterr()
    console.cache_clear()
    with patch.dict(os.environ):
        os.environ.pop("COLUMNS", None)  # the width of whoever runs the tests
        if columns:
            os.environ["COLUMNS"] = str(columns)
        with pytest.raises(SystemExit) as stopped:
            main([str(word) for word in words])
    assert isinstance(stopped.value.code, int)
    return Called(stopped.value.code, *capsys.readouterr())


def at_once(
    python: str, *commands: list[str | Path], cwd: Path
) -> list[subprocess.CompletedProcess[str]]:
    """All of them begun before any of them can have ended."""
    running = [
        subprocess.Popen(
            [python, *COMMAND[1:], *map(str, words), "--lang", "en"], cwd=cwd,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
        )
        for words in commands
    ]  # fmt: skip
    done = []
    for one in running:
        out, err = one.communicate(timeout=120)
        done.append(subprocess.CompletedProcess(one.args, one.returncode, out, err))
    for one in done:
        assert "Traceback" not in one.stderr, one.stderr
    return done
