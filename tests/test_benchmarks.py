"""Each benchmark runs, at a size that takes no time; what it measures is not looked at."""

import gc
from collections.abc import Iterator
from contextlib import nullcontext

import pytest

from tests import addin_in_libreoffice
from tests.benchmarks.__main__ import SUBJECTS, main
from tests.benchmarks.harness import TINY

IN_LIBREOFFICE = ("libreoffice", "template", "plain")


@pytest.fixture(scope="module", autouse=True)
def _what_stays() -> Iterator[None]:
    """Each measure collects garbage first: here it need not go through all that stands already,
    millions of objects of workbooks read so far. Others do look there: hypothesis for who holds
    a source of chance."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("forked_workers")
@pytest.mark.parametrize("name", SUBJECTS)
def test_a_benchmark_runs(
    name: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    if name in IN_LIBREOFFICE:  # in the one that is there for all tests
        office = request.getfixturevalue("addin_office")
        monkeypatch.setattr(addin_in_libreoffice, "started", lambda: nullcontext(office))
    lines = list(SUBJECTS[name](TINY))
    assert lines
    assert all(line.ratio > 0 and line.what and line.against for line in lines)


def test_an_unknown_benchmark_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["speed"])
    assert "no benchmark named speed" in capsys.readouterr().err
