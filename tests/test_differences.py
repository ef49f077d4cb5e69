"""Why a charge differs from what is due: which causes are named, and when none is."""

from collections.abc import Sequence

import numpy as np
import pytest

from sellersheet.money import Ints
from sellersheet.rules.difference_causes import (
    FREE,
    FREIGHT,
    OPERATION,
    REFUND,
    REPACK,
    RUSH,
    SERVICE,
    SUBSIDY,
    Cause,
    States,
    combinations,
    remaining,
)
from sellersheet.rules.differences import Extra, explain
from sellersheet.rules.fees import NO_RETURN

ALL = (SERVICE, OPERATION, RUSH, REPACK, FREIGHT, REFUND, SUBSIDY)
# One standard order without a return, told in full; each way to be wrong has an amount of its own.
AMOUNTS = {"surcharge": 800, "rush": 300, "repack": 150, "subsidy": 1200, "operation": 450}


def orders(count: int, **more: int) -> States:
    one = dict.fromkeys(States._fields, 0) | AMOUNTS | {"inbound": FREE, "return_case": NO_RETURN}
    one |= {"oversize_told": 1, "own_box_told": 1, "return_told": 1, **more}
    return States(**{name: np.full(count, value) for name, value in one.items()})


def explained(
    differences: Sequence[int],
    parts: Sequence[int] = ALL,
    extra: Sequence[int] | None = None,
    slack: int = 0,
    **more: int,
) -> list[set[tuple[Cause, ...]]]:
    """All the explanations told of each difference; none where it is left open."""
    extras = [] if extra is None else [Extra(Cause.FREIGHT_TWICE, _column(extra))]
    states = orders(len(differences), **more)
    found = explain(_column(differences), parts, states, extras, slack)
    assert set(found.option.tolist()) <= {-1, *range(len(found.options))}
    return [
        {tuple(cause for cause, _ in one) for one in found.options[at]} if at >= 0 else set()
        for at in found.option.tolist()
    ]


def _column(values: Sequence[int]) -> Ints:
    return np.array(values, dtype=np.int64)


def test_an_amount_that_no_cause_makes_is_left_open() -> None:
    """A cent beside a cause is no cause unless a tolerance was given."""
    assert explained([299, 301, 1, 0]) == [set()] * 4
    assert explained([300]) == [{(Cause.RUSH_EARLY,)}]
    assert explained([299, 301], slack=1) == [{(Cause.RUSH_EARLY,)}] * 2
    assert explained([298, 302], slack=1) == [set()] * 2
    near = explain(_column([299, 300, 301]), ALL, orders(3), [], 1)
    assert near.off.tolist() == [-1, 0, 1]
    assert explained([-1, 0, 1], slack=1) == [set()] * 3  # within the tolerance: nothing to explain


def test_an_exact_sum_goes_before_one_with_fewer_causes_that_is_off() -> None:
    """450 is rush and repacking to the cent; a surcharge of 451 would be one cause, off by 1."""
    both = {(Cause.RUSH_EARLY, Cause.REPACK_ON_STANDARD)}
    assert explained([450], parts=(RUSH, REPACK, SUBSIDY), slack=1, subsidy=451) == [both]
    assert explained([451], parts=(RUSH, REPACK, SUBSIDY), slack=1, subsidy=451) == [
        {(Cause.SUBSIDY_WITHOUT_FAULT,)}
    ]


def test_causes_that_explain_as_much_are_all_told() -> None:
    """One cent below and one above: which of the two it was nobody can tell."""
    rush, repack = (Cause.RUSH_EARLY,), (Cause.REPACK_ON_STANDARD,)
    parts = (RUSH, REPACK)
    found = explained([301, 300, 302, 303, 301], parts, slack=1, rush=300, repack=302)
    assert found == [{rush, repack}, {rush}, {repack}, {repack}, {rush, repack}]
    assert explained([300], parts, rush=300, repack=300) == [{rush, repack}]
    subsidy, oversize = (Cause.SUBSIDY_WITHOUT_FAULT,), (Cause.OVERSIZE_ON_STANDARD,)
    own = explained([301, 1201], slack=1, repack=302, surcharge=1202)
    assert own == [{rush, repack}, {subsidy, oversize}]


def test_rows_that_share_a_first_explanation_keep_their_own_second() -> None:
    """Both orders may have had their freight charged twice; for the rest they differ."""
    twice, rush, repack = (Cause.FREIGHT_TWICE,), (Cause.RUSH_EARLY,), (Cause.REPACK_ON_STANDARD,)
    found = explained([300, 150, 77, 300], extra=[300, 150, 77, 0])
    assert found == [{rush, twice}, {repack, twice}, {twice}, {rush}]


def test_an_amount_of_the_orders_own_takes_part_from_the_first_cent() -> None:
    assert explained([1, 301, 300], extra=[1, 1, 0]) == [
        {(Cause.FREIGHT_TWICE,)},
        {(Cause.RUSH_EARLY, Cause.FREIGHT_TWICE)},
        {(Cause.RUSH_EARLY,)},
    ]


def test_four_causes_are_the_most_that_one_difference_has() -> None:
    state = States(*(column[0].item() for column in orders(1)))
    sizes = {len(found) for found in combinations(state, ALL)}
    assert sizes == {1, 2, 3, 4}


def test_an_operation_fee_of_its_own_may_be_both_oversize_and_charged_twice() -> None:
    both = {(Cause.OVERSIZE_ON_STANDARD, Cause.OPERATION_TWICE)}
    amount = 2 * AMOUNTS["surcharge"] + AMOUNTS["operation"]
    assert explained([amount], parts=(OPERATION,)) == [both]
    assert explained([amount], parts=(OPERATION, RUSH)) == [set()]


@pytest.mark.parametrize(
    ("part", "difference", "charged", "quoted", "passed", "cause"),
    [
        (SERVICE, 1, 1, False, False, Cause.SERVICE_ABOVE),
        (SERVICE, -1, 1, False, False, Cause.SERVICE_BELOW),
        (FREIGHT, 1, 1, True, False, Cause.FREIGHT_ABOVE_QUOTE),
        (FREIGHT, 1, 1, False, False, Cause.FREIGHT_ABOVE_CARD),
        (FREIGHT, -1, 1, False, False, Cause.FREIGHT_BELOW),
        (FREIGHT, -1, 0, True, False, Cause.FREIGHT_MISSING),
        (REFUND, 1, -1, False, True, Cause.REFUND_SHORT),
        (REFUND, 1, -1, False, False, -1),
        (REFUND, -1, -1, False, True, Cause.REFUND_LARGER),
        (REFUND, -1, -1, False, False, Cause.REFUND_NOT_DUE),
        (RUSH, 1, 1, True, True, -1),
        (OPERATION, -1, 0, True, True, -1),
    ],
)
def test_an_amount_of_no_fixed_size_by_part_and_sign(
    part: int, difference: int, charged: int, quoted: bool, passed: bool, cause: int
) -> None:
    found = remaining(
        part, _column([difference]), _column([charged]), np.array([quoted]), np.array([passed])
    )
    assert found.tolist() == [cause]


def test_an_extra_of_a_cent_takes_part_and_one_of_nothing_does_not() -> None:
    assert explained([1, 2], [SERVICE], extra=[1, 0]) == [{(Cause.FREIGHT_TWICE,)}, set()]
