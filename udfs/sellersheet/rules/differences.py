"""What was charged beside or instead of what is due: the likely causes of a difference.

F1 to F11 leave a charge only a few ways to be wrong by a fixed amount. For every kind of
order they are combined once into a table of sums, and the differences are looked up there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import IntEnum
from itertools import product
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from sellersheet.money import Ints, Mask
from sellersheet.rules.fees import BUYER_PASSED, NO_RETURN, SELLER_FAULT

# The positions of the parts, as in ``columns.FEE_PARTS``, and of what is no single part.
SERVICE, OPERATION, RUSH, REPACK, FREIGHT, REFUND, SUBSIDY, WHOLE = range(8)

# When the goods came in, as F6 sees it.
FREE, OPEN, LATE, UNTOLD = range(4)

MOST_CAUSES: Final = 4  # of one difference


class Cause(IntEnum):
    """Why a charge differs; the lower-case name is the code of its sentences."""

    SERVICE_ABOVE = 0
    SERVICE_BELOW = 1
    SERVICE_TWICE = 2
    OVERSIZE_ON_STANDARD = 3
    OVERSIZE_UNTOLD = 4
    OVERSIZE_MISSING = 5
    OPERATION_MISSING = 6
    OPERATION_TWICE = 7
    RUSH_EARLY = 8
    RUSH_OPEN = 9
    RUSH_UNTOLD = 10
    RUSH_MISSING = 11
    RUSH_TWICE = 12
    REPACK_ON_STANDARD = 13
    REPACK_UNTOLD = 14
    REPACK_MISSING = 15
    REPACK_TWICE = 16
    FREIGHT_ABOVE_QUOTE = 17
    FREIGHT_ABOVE_CARD = 18
    FREIGHT_BELOW = 19
    FREIGHT_MISSING = 20
    FREIGHT_TWICE = 21
    REFUND_MISSING = 22
    REFUND_SHORT = 23
    REFUND_LARGER = 24
    REFUND_NOT_DUE = 25
    SUBSIDY_WITHOUT_FAULT = 26
    SUBSIDY_UNTOLD = 27
    SUBSIDY_TWICE = 28
    SUBSIDY_MISSING = 29
    ORDER_TWICE = 30
    ORDER_MISSING = 31
    AMBIGUOUS = 32
    UNEXPLAINED = 33


_FIRST_OF_PART: Final = (0, 3, 8, 13, 17, 22, 26, 30)
PART_OF: Final = tuple(
    next(part for part in reversed(range(8)) if cause >= _FIRST_OF_PART[part]) for cause in Cause
)


class States(NamedTuple):
    """What F2 to F11 know of each order; amounts in cents, by the rules of its day.

    ``operation`` and ``refund`` (≥ 0) are what is due. ``inbound`` is FREE, OPEN, LATE or
    UNTOLD; ``own_box_told`` and the like say whether the orders tell it at all.
    """

    standard: Ints
    surcharge: Ints
    rush: Ints
    repack: Ints
    subsidy: Ints
    operation: Ints
    refund: Ints
    inbound: Ints
    oversize: Any
    oversize_told: Any
    own_box: Any
    own_box_told: Any
    return_case: Any
    return_told: Any


class Extra(NamedTuple):
    """A cause whose amount is each order's own, in cents; 0 where it can't be."""

    cause: Cause
    amount: Ints


Combination = tuple[tuple[Cause, int | None], ...]  # causes with amounts; None: an Extra's own


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
    extras: Sequence[Extra] = (),
    slack: int = 0,
) -> Explained:
    """Which causes in those parts add up to each difference: charged less due, in cents.

    The fewest causes win, an exact sum before one that is off by up to ``slack`` cents. Of
    ``extras`` at most one takes part.
    """
    search = _Search(difference)
    classes, kind = np.unique(np.stack(states), axis=1, return_inverse=True)
    kind = np.ravel(kind)
    order = np.argsort(kind, kind="stable")
    ends = np.cumsum(np.bincount(kind, minlength=classes.shape[1]))
    for at, end in enumerate(ends):
        rows = order[end - int((kind == at).sum()) : end] if at == 0 else order[ends[at - 1] : end]
        table = _Sums(_combinations(States(*classes[:, at].tolist()), parts))
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
    return tuple(tuple([*combination, (extra.cause, None)]) for combination in option)


def _combinations(state: States, parts: Sequence[int]) -> Iterator[Combination]:
    """Every choice of at most one way to be wrong in each part."""
    ways = [[(), *_ways(part, state, parts)] for part in parts if part in _WAYS]
    for chosen in product(*ways):
        combination = tuple(sorted(cause for way in chosen for cause in way))
        if 0 < len(combination) <= MOST_CAUSES:
            yield combination


def _ways(part: int, state: States, parts: Sequence[int]) -> list[Combination]:
    """The ways in which a part can be wrong by a fixed amount, other than zero."""
    return [way for way in _WAYS[part](state, parts) if all(amount for _, amount in way)]


def _operation(state: States, parts: Sequence[int]) -> Iterator[Combination]:
    """F2, F3. Where the refund is in the same sum, what it explains as well is left to it."""
    if state.oversize:
        yield ((Cause.OVERSIZE_MISSING, -state.surcharge),)
    else:
        wrong = Cause.OVERSIZE_ON_STANDARD if state.oversize_told else Cause.OVERSIZE_UNTOLD
        yield ((wrong, state.surcharge),)
        if len(parts) == 1:
            twice = (Cause.OPERATION_TWICE, state.operation + state.surcharge)
            yield ((wrong, state.surcharge), twice)
    if REFUND not in parts or state.return_case == NO_RETURN:
        yield ((Cause.OPERATION_MISSING, -state.operation),)
    if REFUND not in parts or state.return_case != BUYER_PASSED:
        yield ((Cause.OPERATION_TWICE, state.operation),)


def _rush(state: States, parts: Sequence[int]) -> Iterator[Combination]:
    """F5, F6."""
    twice = (Cause.RUSH_TWICE, state.rush)
    if state.inbound == LATE:
        yield ((Cause.RUSH_MISSING, -state.rush),)
        yield (twice,)
        return
    early = {FREE: Cause.RUSH_EARLY, OPEN: Cause.RUSH_OPEN}
    wrong = (early.get(int(state.inbound), Cause.RUSH_UNTOLD), state.rush)
    yield (wrong,)
    yield (wrong, twice)


def _repack(state: States, parts: Sequence[int]) -> Iterator[Combination]:
    """F7."""
    twice = (Cause.REPACK_TWICE, state.repack)
    if state.own_box:
        yield ((Cause.REPACK_MISSING, -state.repack),)
        yield (twice,)
        return
    told = Cause.REPACK_ON_STANDARD if state.own_box_told else Cause.REPACK_UNTOLD
    yield ((told, state.repack),)
    yield ((told, state.repack), twice)


def _refund(state: States, parts: Sequence[int]) -> Iterator[Combination]:
    """F10, F14. A refund is negative: less of it is a positive difference."""
    if state.return_case == BUYER_PASSED:
        yield ((Cause.REFUND_MISSING, state.refund),)
        yield ((Cause.REFUND_LARGER, -state.refund),)
        if state.oversize:
            yield ((Cause.REFUND_SHORT, state.surcharge),)
        else:
            yield ((Cause.REFUND_LARGER, -state.surcharge),)
    elif OPERATION not in parts or state.return_case != NO_RETURN:
        yield ((Cause.REFUND_NOT_DUE, -state.operation),)


def _subsidy(state: States, parts: Sequence[int]) -> Iterator[Combination]:
    """F11."""
    twice = (Cause.SUBSIDY_TWICE, state.subsidy)
    if state.return_case == SELLER_FAULT:
        yield ((Cause.SUBSIDY_MISSING, -state.subsidy),)
        yield (twice,)
        return
    told = Cause.SUBSIDY_WITHOUT_FAULT if state.return_told else Cause.SUBSIDY_UNTOLD
    yield ((told, state.subsidy),)
    yield ((told, state.subsidy), twice)


_WAYS: Final[dict[int, Any]] = {
    OPERATION: _operation,
    RUSH: _rush,
    REPACK: _repack,
    REFUND: _refund,
    SUBSIDY: _subsidy,
}


def remaining(part: int, difference: Ints, charged: Ints, quoted: Mask, passed: Mask) -> Ints:
    """The cause of a part that is wrong by an amount of no fixed size.

    ``quoted``: freight is due by a quote and not by the rate card; ``passed``: a return
    passed its inspection.
    """
    above, none = difference > 0, charged == 0
    if part == SERVICE:
        return np.where(above, Cause.SERVICE_ABOVE, Cause.SERVICE_BELOW)
    if part == FREIGHT:
        over = np.where(quoted, Cause.FREIGHT_ABOVE_QUOTE, Cause.FREIGHT_ABOVE_CARD)
        under = np.where(none, Cause.FREIGHT_MISSING, Cause.FREIGHT_BELOW)
        return np.where(above, over, under)
    if part == REFUND:
        less = np.where(passed, Cause.REFUND_LARGER, Cause.REFUND_NOT_DUE)
        return np.where(above & passed, Cause.REFUND_SHORT, np.where(above, -1, less))
    return np.full(len(difference), -1, dtype=np.int64)


Found = npt.NDArray[np.int64]
