"""A few random edits of the template in LibreOffice; a thousand: ``tests.random_edits``."""

from pathlib import Path

from tests.random_edits import run


def test_totals_stay_those_of_python(tmp_path: Path) -> None:
    run(12, 5, tmp_path, print)
