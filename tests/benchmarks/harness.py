"""Two ways of doing one thing, in turns; and how much memory a call takes."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass, replace
from statistics import median
from time import perf_counter
from typing import Any, Final


@dataclass(frozen=True)
class Scale:
    """How large the inputs are, as a share of their full size, and how often each pair runs.

    Without ``warm`` no run goes before those that count: where no time is looked at.
    """

    share: float
    pairs: int
    warm: bool = True

    def rows(self, full: int) -> int:
        """The rows of an input that has ``full`` rows at full scale."""
        return max(200, int(full * self.share))

    def few(self, most: int) -> Scale:
        """The same with at most so many pairs of runs, where one takes long."""
        return replace(self, pairs=min(self.pairs, most))


FULL: Final = Scale(1, 9)
QUICK: Final = Scale(0.1, 5)
TINY: Final = Scale(0.0002, 1, warm=False)


@dataclass(frozen=True)
class Line:
    """One result. ``ratios`` has one value a pair of runs; ``aim`` is what they should not pass.

    ``seconds`` is the shortest time of the thing measured, to tell how large it is.
    """

    what: str
    against: str
    ratios: tuple[float, ...]
    aim: float | None = None
    seconds: float | None = None

    @property
    def ratio(self) -> float:
        """The median."""
        return median(self.ratios)


def in_turns(
    what: str,
    run: Callable[[], Any],
    against: str,
    baseline: Callable[[], Any],
    scale: Scale,
    *,
    aim: float | None = None,
    per: float = 1.0,
) -> Line:
    """Time ``run`` and ``baseline`` in turns, after one unmeasured run of each.

    ``per`` multiplies the ratios: rows of the baseline for a row of the run, where they differ.
    """
    if scale.warm:
        run()
        baseline()
    times = [(_seconds(run), _seconds(baseline)) for _ in range(scale.pairs)]
    ratios = tuple(per * mine / other for mine, other in times)
    return Line(what, against, ratios, aim, min(mine for mine, _ in times))


def peak_bytes(run: Callable[[], Any]) -> int:
    """The most memory that a call holds at once, its result included, beyond what was there."""
    gc.collect()
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        result = run()
        _, peak = tracemalloc.get_traced_memory()
        del result
    finally:
        tracemalloc.stop()
    return peak - before


def _seconds(run: Callable[[], Any]) -> float:
    gc.collect()
    start = perf_counter()
    result = run()
    took = perf_counter() - start
    del result
    return took
