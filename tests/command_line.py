"""The command line called inside the test's own process."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

import pytest

from sellersheet_addin.cli import main
from sellersheet_addin.cli.say import console


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
