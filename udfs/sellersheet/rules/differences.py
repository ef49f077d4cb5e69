"""What was charged beside or instead of what is due: the likely causes of a difference.

F1 to F11 leave a charge only a few ways to be wrong by a fixed amount. For every kind of
order they are combined once into a table of sums, and the differences are looked up there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from sellersheet.money import Ints
from sellersheet.rules.difference_causes import (
    MOST_CAUSES,
    Cause,
    Combination,
    States,
    combinations,
)


class Extra(NamedTuple):
    """A cause whose amount is each order's own, in cents; 0 where it can't be."""

    cause: Cause
    amount: Ints


class Explained(NamedTuple):
    """The smallest explanations of each difference.

    ``option`` is a position in ``options``, -1 where there is none; an option holds one
    combination, or several that explain as much. ``off`` is what they leave over, in cents.
    """

    option: Ints
    options: tuple[tuple[Combination, ...], ...]
    off: Ints


def explain(
    difference: Ints,
    parts: Sequence[int],
    states: States,
    extras: Sequence[Extra],
    slack: int,
) -> Explained:
    """Which causes in those parts add up to each difference: charged less due, in cents.

    The fewest causes win, an exact sum before one that is off by up to ``slack`` cents. Of
    ``extras`` at most one takes part.
    """
    search = _Search(difference)
    if not len(difference):
        return Explained(search.option, (), search.off)
    classes, kind = np.unique(np.stack(states), axis=1, return_inverse=True)
    kind = np.ravel(kind)
    ends = np.cumsum(np.bincount(kind, minlength=classes.shape[1]))
    for at, rows in enumerate(np.split(np.argsort(kind, kind="stable"), ends[:-1])):
        table = _Sums(combinations(States(*classes[:, at].tolist()), parts))
        for off in sorted(range(-slack, slack + 1), key=abs):
            search.look_up(table, rows, None, off)
            for extra in extras:
                search.look_up(table, rows[extra.amount[rows] != 0], extra, off)
    return Explained(search.option, tuple(search.options), search.off)


class _Sums:
    """The sums that the combinations of one kind of order make, ascending, each with the
    smallest combinations that make it."""

    def __init__(self, combinations: Iterator[Combination]) -> None:
        found: dict[int, set[Combination]] = {0: {()}}
        for combination in combinations:
            total = sum(amount or 0 for _, amount in combination)
            rivals = found.setdefault(total, {combination})
            size = len(next(iter(rivals)))
            if len(combination) < size:
                found[total] = {combination}
            elif len(combination) == size:
                rivals.add(combination)
        self.sums = np.array(sorted(found), dtype=np.int64)
        self.options = [tuple(sorted(found[total])) for total in self.sums.tolist()]
        self.sizes = np.array([len(option[0]) for option in self.options], dtype=np.int64)


class _Search:
    """The best explanation so far of every difference."""

    def __init__(self, difference: Ints) -> None:
        self.difference = difference
        self.option = np.full(len(difference), -1, dtype=np.int64)
        self.off = np.zeros(len(difference), dtype=np.int64)
        self.options: list[tuple[Combination, ...]] = []
        self._rank = np.full(len(difference), np.iinfo(np.int64).max)
        self._known: dict[tuple[Combination, ...], int] = {}

    def look_up(self, table: _Sums, rows: Ints, extra: Extra | None, off: int) -> None:
        """Try one table on some rows, with or without an extra."""
        wanted = self.difference[rows] - off - (0 if extra is None else extra.amount[rows])
        at = np.minimum(np.searchsorted(table.sums, wanted), len(table.sums) - 1)
        hit = table.sums[at] == wanted
        if extra is None:
            hit &= wanted != 0
        if not hit.any():
            return
        rows, at = rows[hit], at[hit]
        rank = abs(off) * 2 * MOST_CAUSES + table.sizes[at] + (extra is not None)
        better, same = rank < self._rank[rows], rank == self._rank[rows]
        for place in np.unique(at[better | same]).tolist():
            option = _with(table.options[place], extra)
            here = rows[better & (at == place)]
            self.option[here] = self._number(option)
            self._join(rows[same & (at == place)], option)
        self._rank[rows[better]] = rank[better]
        self.off[rows[better]] = off

    def _join(self, rows: Ints, option: tuple[Combination, ...]) -> None:
        """Rows that have another explanation of the same rank."""
        for number in np.unique(self.option[rows]).tolist():
            both = tuple(sorted({*self.options[number], *option}, key=str))
            self.option[rows[self.option[rows] == number]] = self._number(both)

    def _number(self, option: tuple[Combination, ...]) -> int:
        if option not in self._known:
            self._known[option] = len(self.options)
            self.options.append(option)
        return self._known[option]


def _with(option: tuple[Combination, ...], extra: Extra | None) -> tuple[Combination, ...]:
    if extra is None:
        return option
    return tuple((*combination, (extra.cause, None)) for combination in option)
