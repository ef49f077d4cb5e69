"""Each benchmark runs, at a size that takes no time; what it measures is not looked at."""

import gc

import pytest

from tests.benchmarks.__main__ import SUBJECTS, main
from tests.benchmarks.harness import TINY


@pytest.fixture(scope="module", autouse=True)
def _what_stays() -> None:
    """Each measure collects garbage first: here it need not go through all that stands already,
    millions of objects of workbooks read so far."""
    gc.collect()
    gc.freeze()


@pytest.mark.parametrize("name", SUBJECTS)
def test_a_benchmark_runs(name: str) -> None:
    lines = list(SUBJECTS[name](TINY))
    assert lines
    assert all(line.ratio > 0 and line.what and line.against for line in lines)


def test_an_unknown_benchmark_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["speed"])
    assert "no benchmark named speed" in capsys.readouterr().err
