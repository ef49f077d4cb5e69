"""The ways in which a charge can be wrong: F1 to F11, each with its amount."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import IntEnum
from itertools import product
from typing import Any, Final, NamedTuple

import numpy as np

from sellersheet.money import Ints, Mask
from sellersheet.rules.fees import BUYER_PASSED, NO_RETURN, SELLER_FAULT, FeeParts

# The parts that have ways of their own to be wrong, as positions; another part is compared too.
SERVICE, OPERATION, RUSH, REPACK, FREIGHT, REFUND, SUBSIDY = (
    FeeParts._fields.index(name)
    for name in (
        "service_fee", "operation_fee", "rush_fee", "repack_fee", "logistics_fee",
        "operation_refund", "subsidy_loss",
    )
)  # fmt: skip
WHOLE: Final = len(FeeParts._fields)  # no single part

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


_NAMED_AFTER: Final = {
    "SERVICE": SERVICE, "OVERSIZE": OPERATION, "OPERATION": OPERATION, "RUSH": RUSH,
    "REPACK": REPACK, "FREIGHT": FREIGHT, "REFUND": REFUND, "SUBSIDY": SUBSIDY,
}  # fmt: skip
# The part in which each cause is found, by the first word of its name.
PART_OF: Final = tuple(_NAMED_AFTER.get(cause.name.partition("_")[0], WHOLE) for cause in Cause)


class States(NamedTuple):
    """What F2 to F11 know of orders: each field one value or one column.

    Amounts are in cents, by the rules of the order's day.

    ``operation`` and ``refund`` (≥ 0) are what is due. ``inbound`` is FREE, OPEN, LATE or
    UNTOLD; ``own_box_told`` and the like say whether the orders tell it at all.
    """

    standard: Any
    surcharge: Any
    rush: Any
    repack: Any
    subsidy: Any
    operation: Any
    refund: Any
    inbound: Any
    oversize: Any
    oversize_told: Any
    own_box: Any
    own_box_told: Any
    return_case: Any
    return_told: Any


# Causes with their amounts in cents; None is the amount of an ``Extra``.
Combination = tuple[tuple[Cause, int | None], ...]


def combinations(state: States, parts: Sequence[int]) -> Iterator[Combination]:
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
