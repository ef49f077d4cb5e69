"""The command line called inside the test's own process."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from sellersheet_addin.cli import main


class Called(NamedTuple):
    code: int
    out: str
    err: str


def call(capsys: pytest.CaptureFixture[str], *words: str | Path) -> Called:
    """The exit code and what was shown."""
    capsys.readouterr()
    with pytest.raises(SystemExit) as stopped:
        main([str(word) for word in words])
    assert isinstance(stopped.value.code, int)
    return Called(stopped.value.code, *capsys.readouterr())
