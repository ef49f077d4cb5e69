"""What a return rate above the category mean costs the shop."""

import datetime as dt
import random
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sellersheet import policy
from sellersheet.policy import View
from sellersheet.rules.fees import RETURN_VALUES, return_limit, return_penalty
from tests import oracle
from tests.cases import Case, load, money, number, text
from tests.examples import UNSHRUNK, examples

POLICY = policy.load()
TODAY = dt.date(2025, 6, 1)
CASES = load("return_penalty")
KINDS = ("relative", "points")


def view_of(kind: str) -> View:
    """The reading asked for; the relative one is the policy's own."""
    if kind == "relative":
        return POLICY.on(TODAY)
    row = {"name": "excess_return_reading", "value": kind}
    return POLICY.with_overrides([row], "test").on(TODAY)


VIEWS = {kind: view_of(kind) for kind in KINDS}


def units(rate: str) -> int:
    whole = Fraction(rate) * 10**9
    assert whole.denominator == 1
    return int(whole)


def shop(case: Case) -> tuple[int, int, int, int]:
    orders, faults = number(case, "orders"), number(case, "seller_fault_orders", 0)
    assert orders is not None
    assert faults is not None
    rates = (units(text(case, key)) for key in ("return_rate", "category_mean"))
    return orders, *rates, faults  # type: ignore[return-value]


@pytest.mark.parametrize("case", [pytest.param(c, id=text(c, "name")) for c in CASES])
def test_a_case_alone(case: Case) -> None:
    penalty = return_penalty(*shop(case), VIEWS[text(case, "kind")])
    assert type(penalty) is int
    assert penalty == money(case, "penalty_cny")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(3))
def test_all_cases_shuffled_as_columns(kind: str, seed: int) -> None:
    cases = [case for case in CASES if case["kind"] == kind]
    assert len(cases) > 5
    random.Random(seed).shuffle(cases)
    columns: list[Any] = [np.array(column) for column in zip(*map(shop, cases), strict=True)]
    found = return_penalty(*columns, VIEWS[kind])
    assert found.tolist() == [money(case, "penalty_cny") for case in cases]


def test_the_reading_is_relative_unless_changed() -> None:
    assert VIEWS["relative"].known(RETURN_VALUES)
    assert return_limit(80_000_000, VIEWS["relative"]) == 92_000_000
    assert return_limit(80_000_000, VIEWS["points"]) == 230_000_000
    means = np.array([80_000_000, 0])
    assert return_limit(means, VIEWS["relative"]).tolist() == [92_000_000, 0]
    assert return_limit(means, VIEWS["points"]).tolist() == [230_000_000, 150_000_000]


def test_a_reading_that_changes_is_taken_by_the_day() -> None:
    row = {"name": "excess_return_reading", "value": "points", "start": dt.date(2025, 3, 1)}
    changed = POLICY.with_overrides([row], "test")
    before, after = (changed.on(dt.date(2025, *day)) for day in ((2, 28), (3, 1)))
    assert return_penalty(1000, units("0.28"), units("0.08"), 0, before) == 15_040
    assert return_penalty(1000, units("0.28"), units("0.08"), 0, after) == 4_000


@pytest.mark.parametrize(("faults", "once", "twice"), [(0, 2240, 2240), (5, 1840, 2240)])
def test_no_order_loses_the_subsidy_twice_unless_changed(
    faults: int, once: int, twice: int
) -> None:
    row = {"name": "excess_counts_seller_fault_once", "value": "no"}
    changed = POLICY.with_overrides([row], "test").on(TODAY)
    shop = (1000, units("0.12"), units("0.08"), faults)
    assert return_penalty(*shop, VIEWS["relative"]) == once
    assert return_penalty(*shop, changed) == twice


def test_the_figures_are_the_policys() -> None:
    rows = [
        {"name": "excess_return_subsidy", "value": "1.25"},
        {"name": "excess_return_tolerance", "value": "0.5"},
    ]
    changed = POLICY.with_overrides(rows, "test").on(TODAY)
    found = return_penalty(1000, units("0.15"), units("0.08"), 10, changed)
    assert found == (150 - 120 - 10) * 125


# Rates as a shop's figures give them: 37 of 401 orders, to nine decimals.
fractional = st.tuples(st.integers(0, 300), st.integers(1, 900)).map(
    lambda pair: min(10**9, round(Fraction(*pair) * 10**9))
)
plain = st.integers(0, 1000).map(lambda thousandths: thousandths * 10**6)
rates = st.one_of(plain, fractional, st.integers(0, 10**9))
shops = st.tuples(st.integers(0, 10**7), rates, rates, st.integers(0, 50_000))


def exactly(row: tuple[int, int, int, int], kind: str) -> int:
    orders, rate, mean, faults = row
    shares = Fraction(rate, 10**9), Fraction(mean, 10**9)
    return oracle.return_penalty(orders, *shares, faults, kind)


# A table that fails is told as it was found: making it smaller takes long.
@settings(max_examples=examples(300), phases=UNSHRUNK)
@given(st.lists(shops, min_size=1, max_size=20), st.sampled_from(KINDS))
def test_any_shops_agree_with_the_oracle(rows: list[tuple[int, int, int, int]], kind: str) -> None:
    expected = [exactly(row, kind) for row in rows]
    assert [return_penalty(*row, VIEWS[kind]) for row in rows] == expected
    columns: list[Any] = [np.array(column, dtype=np.int64) for column in zip(*rows, strict=True)]
    assert return_penalty(*columns, VIEWS[kind]).tolist() == expected


@pytest.mark.parametrize(
    ("orders", "rate", "mean"),
    [
        (1_276, 97_962_382, 74_353_448),  # 125 of 1,276 against 69 of 928
        (43_127, 123_356_598, 70_652_174),
        (10_000_000, 115_000_001, 100_000_001),  # below the limit of 0.11500000115
        (10_000_000, 115_000_002, 100_000_001),
    ],
)
def test_the_limit_itself_is_not_rounded(orders: int, rate: int, mean: int) -> None:
    expected = exactly((orders, rate, mean, 0), "relative")
    assert return_penalty(orders, rate, mean, 0, VIEWS["relative"]) == expected
