"""A few hundred files with faults put in by chance; ``tests.mutator`` has as many as are asked."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests import mutator
from tests.examples import examples

COUNT = examples(300)


def test_no_damaged_file_ends_a_run_hangs_or_fills_memory() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.mutator", "--count", str(COUNT)],
        capture_output=True, encoding="utf-8", cwd=Path(__file__).parents[1],
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    seeds, faults, computed, refused = map(int, re.findall(r"\d+", done.stdout)[:4])
    assert (seeds, faults) == (COUNT, 0)
    # The faults are such as matter, and not such that nothing is read at all.
    assert computed > COUNT / 10
    assert refused > COUNT / 10


def test_a_seed_gives_the_same_file_and_every_kind_is_met() -> None:
    files = mutator.sound()
    first = [mutator.mutated(seed, files) for seed in range(14)]
    assert first == [mutator.mutated(seed, files) for seed in range(14)]
    assert {kind for kind, _ in first} == set(files)
    assert sum(data != files[kind] for kind, data in first) > 10


def test_what_goes_wrong_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(words: list[str]) -> tuple[int, str, float]:
        return 2, "Traceback (most recent call last)", 11.0

    monkeypatch.setattr(mutator, "_run", wrong)
    told = "\n".join(mutator.faults(0, 7))
    for part in ("a-good has no result", "s1.xlsx has no result", "took 11 s", "Traceback"):
        assert part in told
