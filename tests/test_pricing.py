"""Profit at a price, and the smallest price that breaks even or reaches a margin."""

import datetime as dt
import random
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sellersheet import policy
from sellersheet.rules.fees import Orders, order_fees
from sellersheet.rules.pricing import Costs, order_profit, smallest_price
from tests import oracle
from tests.cases import Case, flag, load, money, number, text
from tests.examples import examples

VIEW = policy.load().on(dt.date(2025, 6, 1))
CASES = load("pricing")
SEARCHES = [case for case in CASES if case["kind"] != "profit"]
RETURN_CODES = {None: 0, "buyer": 1, "buyer_failed": 2, "seller": 3}
SHARES = ("commission", "affiliate", "advertising")


def units(share: str | None) -> int:
    whole = Fraction(share or 0) * 10**9
    assert whole.denominator == 1
    return int(whole)


def costs_of(case: Case) -> Costs:
    amounts = (money(case, key) or 0 for key in ("coupon_cny", "other_cny"))
    return Costs(*(units(case[key]) for key in SHARES), *amounts)


def order_of(case: Case) -> Orders:
    box = flag(case, "standard_box")
    return Orders(
        paid=money(case, "paid_cny") or 0,
        logistics=money(case, "logistics_cny"),
        oversize=case["parcel"] == "oversize",
        inbound_days=number(case, "inbound_days", 1),
        standard_box=True if box is None else box,
        return_case=RETURN_CODES[case["return_case"]],
    )


def profit_at(price: int, case: Case) -> int:
    order = order_of(case)._replace(paid=price)
    cost = money(case, "cost_cny")
    profit = order_profit(price, cost, order_fees(order, VIEW), costs_of(case))
    assert type(profit) is int
    return profit


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(c, id=text(c, "name"))
        for c in CASES
        if c["kind"] == "profit" and c["profit_cny"] is not None
    ],
)
def test_profit(case: Case) -> None:
    order, refund = order_of(case), money(case, "refund_cny") or 0
    profit = order_profit(
        order.paid, money(case, "cost_cny"), order_fees(order, VIEW), costs_of(case), refund
    )
    assert profit == money(case, "profit_cny")


@pytest.mark.parametrize("case", [pytest.param(c, id=text(c, "name")) for c in SEARCHES])
def test_the_smallest_price(case: Case) -> None:
    margin = units(case["target_margin"])
    prices, found = smallest_price(
        order_of(case), money(case, "cost_cny"), costs_of(case), margin, VIEW
    )
    expected = money(case, "price_cny")
    assert found.tolist() == [expected is not None]
    assert prices.tolist() == [expected or 0]
    if expected is not None:
        assert profit_at(expected, case) == money(case, "profit_cny")
        assert profit_at(expected, case) * 10**9 >= margin * expected
        assert profit_at(expected - 1, case) * 10**9 < margin * (expected - 1)


def columns(rows: Sequence[Sequence[Any]]) -> list[np.ndarray]:
    return [np.array(column) for column in zip(*rows, strict=True)]


@pytest.mark.parametrize("seed", range(3))
def test_all_searches_shuffled_as_columns(seed: int) -> None:
    cases = random.Random(seed).sample(SEARCHES, len(SEARCHES))
    margins, goods = columns([(units(c["target_margin"]), money(c, "cost_cny")) for c in cases])
    orders = Orders(*columns([order_of(case) for case in cases]))
    costs = Costs(*columns([costs_of(case)[:5] for case in cases]))
    prices, found = smallest_price(orders, goods, costs, margins, VIEW)
    expected = [money(case, "price_cny") for case in cases]
    assert found.tolist() == [price is not None for price in expected]
    assert prices.tolist() == [price or 0 for price in expected]


PLAIN = Orders(0, 0, False, 1, True, 0)


def test_what_is_given_back_and_lost_is_no_profit() -> None:
    """100.00 less 3.50, 5.20 and 22.60; then 30.00 of goods, 20.00 back, 4.00 lost, 1.00 more."""
    order = PLAIN._replace(paid=10_000, logistics=2_260)
    fees = order_fees(order, VIEW)
    assert order_profit(10_000, 3_000, fees, Costs()) == 3_870
    found = order_profit(10_000, 3_000, fees, Costs(other=100), refund=2_000, goods_lost=400)
    assert found == 1_370


def test_what_was_paid_and_returned_does_not_matter_to_a_search() -> None:
    usual = smallest_price(PLAIN._replace(logistics=2260), 4000, Costs(), 0, VIEW)
    other = PLAIN._replace(paid=99_999, logistics=2260, return_case=3)
    assert usual[0].tolist() == [7026]
    assert smallest_price(other, 4000, Costs(), 0, VIEW)[0].tolist() == [7026]


@pytest.mark.parametrize(
    ("commission", "margin"),
    [
        (965_000_000, 0),
        (1_000_000_000, 0),
        (0, 965_000_000),
        (0, 999_999_999),
        (500_000_000, 465_000_000),
        (500_000_000, 600_000_000),
    ],
)
def test_no_price_does_it(commission: int, margin: int) -> None:
    costs = Costs(commission=commission)
    prices, found = smallest_price(PLAIN, 4000, costs, margin, VIEW)
    assert (prices.tolist(), found.tolist()) == ([0], [False])
    # The rows beside it are answered all the same.
    beside = Costs(commission=np.array([0, commission, 0]))
    prices, found = smallest_price(PLAIN, 4000, beside, np.array([0, margin, 0]), VIEW)
    assert found.tolist() == [True, False, True]
    assert prices[0] == prices[2] == smallest_price(PLAIN, 4000, Costs(), 0, VIEW)[0][0]


@pytest.mark.parametrize(
    ("cost", "margin", "commission"),
    [
        (10_000_000, 0, 0),
        (10_000_000, 900_000_000, 50_000_000),
        (900_000_000, 0, 0),
        (100_000, 300_000_001, 77_777_777),
        (1_000, 0, 964_000_000),
    ],
)
def test_large_prices_are_minimal_too(cost: int, margin: int, commission: int) -> None:
    prices, found = smallest_price(PLAIN, cost, Costs(commission=commission), margin, VIEW)
    assert found.tolist() == [True]
    price, shares = int(prices[0]), oracle.Costs(Fraction(commission, 10**9))

    def reaches(at: int) -> bool:
        gain = oracle.price_profit(at, cost, 0, costs=shares)
        assert gain is not None
        return gain * 10**9 >= margin * at

    assert reaches(price)
    assert not any(reaches(at) for at in range(max(1, price - 2_000), price))


@pytest.mark.parametrize(
    ("margin", "price"),
    [
        # 9,326,424,870 less 326,424,870.45 leaves the 9,000,000,000; a cent less does not.
        (0, 9_326_424_870),
        # Of 9,424,083,770 stay 94,240,838 and 94,240,837.70 are wanted; before it 94,240,837.
        (10_000_000, 9_424_083_770),
    ],
)
def test_prices_whose_margin_is_beyond_int64(margin: int, price: int) -> None:
    prices, found = smallest_price(PLAIN, 9_000_000_000 - 520, Costs(), margin, VIEW)
    assert (prices.tolist(), found.tolist()) == ([price], [True])


@pytest.mark.parametrize(
    ("cost", "rates", "price"),
    [
        # Every share rounds down by nearly half a cent, and little is kept of a cent: at 50.97
        # 1.78 + 12.05 + 12.79 + 19.01 leave 5.34: the fee of 5.20 and the cost.
        (14, (236_500_000, 251_000_000, 373_000_000), 5_097),
        # 779.24 less 27.27 + 292.99 + 170.26 + 283.25 is 5.47.
        (27, (376_000_000, 218_500_000, 363_500_000), 77_924),
    ],
)
def test_prices_that_only_rounding_reaches(
    cost: int, rates: tuple[int, int, int], price: int
) -> None:
    prices, found = smallest_price(PLAIN, cost, Costs(*rates), 0, VIEW)
    assert (prices.tolist(), found.tolist()) == ([price], [True])


def test_the_least_that_may_be_kept_of_a_yuan() -> None:
    """A thousandth of a cent of each yuan has an answer, a unit of 1e-9 less has none."""
    _, found = smallest_price(PLAIN, 0, Costs(np.array([964_990_000, 964_990_001])), 0, VIEW)
    assert found.tolist() == [True, False]


@pytest.mark.parametrize(
    ("own", "commission", "price"),
    [
        ({"service_fee_rate": "0.6"}, 0, 1_299),  # 12.99 less 7.79 (of 7.794) is the fee of 5.20
        ({"operation_fee": "0"}, 0, 1),  # nothing to pay: a cent, of which nothing is charged
        # More is charged than is paid, though of a cent every share is rounded to nothing.
        ({"operation_fee": "0"}, 340_000_000, None),
    ],
)
def test_prices_by_own_values(own: dict[str, str], commission: int, price: int | None) -> None:
    rows = [{"name": name, "value": value, "start": None} for name, value in own.items()]
    view = policy.load().with_overrides(rows, "test").on(dt.date(2025, 6, 1))
    prices, found = smallest_price(PLAIN, 0, Costs(*[commission] * 3), 0, view)
    assert (prices.tolist(), found.tolist()) == ([price or 0], [price is not None])


def test_the_highest_price_that_is_looked_at() -> None:
    """A search ends: what only a price beyond any seller's could do has no answer."""
    prices, found = smallest_price(PLAIN, 99_000_000_000, Costs(), 0, VIEW)
    assert (prices.tolist(), found.tolist()) == ([0], [False])


cents = st.integers(0, 4_000)
shares = st.one_of(
    st.just(0),
    st.sampled_from([35_000_000, 50_000_000, 80_000_000]),
    st.integers(0, 150).map(lambda thousandths: thousandths * 10**6),
    st.integers(0, 150_000_000),
)
margins = st.one_of(
    st.just(0), st.integers(0, 45).map(lambda n: n * 10**7), st.integers(0, 450_000_000)
)
searches = st.tuples(
    margins,
    cents,
    cents,
    st.booleans(),
    st.sampled_from([1, 4]),
    st.booleans(),
    st.tuples(shares, shares, shares, st.integers(0, 500), st.integers(0, 500)),
)
Search = tuple[int, int, int, bool, int, bool, tuple[int, int, int, int, int]]


def terms(search: Search) -> dict[str, Any]:
    _, _, _, oversize, days, box, costs = search
    return {
        "parcel": "oversize" if oversize else None,
        "inbound_days": days,
        "standard_box": box,
        "costs": oracle.Costs(*(Fraction(rate, 10**9) for rate in costs[:3]), *costs[3:]),
    }


def by_package(search: Search) -> tuple[int, bool]:
    margin, cost, logistics, oversize, days, box, costs = search
    order = Orders(0, logistics, oversize, days, box, 0)
    prices, found = smallest_price(order, cost, Costs(*costs), margin, VIEW)
    assert prices.shape == found.shape == (1,)
    return int(prices[0]), bool(found[0])


@settings(max_examples=examples(60))
@given(searches)
def test_any_price_is_the_oracles(search: Search) -> None:
    margin, cost, logistics, *_ = search
    price, found = by_package(search)
    bound = price if found else 40_000
    goal = Fraction(margin, 10**9)
    expected = oracle.smallest_price(goal, cost, logistics, bound=bound, **terms(search))
    assert expected == (price if found else None)


@settings(max_examples=examples(150))
@given(searches)
def test_one_cent_less_misses_the_goal(search: Search) -> None:
    margin, cost, logistics, *_ = search
    price, found = by_package(search)
    assert found

    def short(at: int) -> bool:
        gain = oracle.price_profit(at, cost, logistics, **terms(search))
        assert gain is not None
        return gain * 10**9 < margin * at

    assert not short(price)
    assert all(short(at) for at in range(max(1, price - 8), price))


@settings(max_examples=examples(60))
@given(st.lists(searches, min_size=1, max_size=25))
def test_columns_agree_with_single_searches(found: list[Search]) -> None:
    goal, cost, logistics, oversize, days, box = columns([search[:6] for search in found])
    costs = Costs(*columns([search[6] for search in found]))
    order = Orders(0, logistics, oversize, days, box, 0)
    prices, known = smallest_price(order, cost, costs, goal, VIEW)
    pairs = list(zip(prices.tolist(), known.tolist(), strict=True))
    assert pairs == [by_package(search) for search in found]


def test_more_searches_than_prices_tried_at_once() -> None:
    """Ten thousand searches together, each as it is alone."""
    goods = np.arange(10_000)
    prices, found = smallest_price(PLAIN, goods, Costs(commission=35_000_000), 200_000_000, VIEW)
    assert found.all()
    for cost in range(0, 10_000, 997):
        alone, _ = smallest_price(PLAIN, cost, Costs(commission=35_000_000), 200_000_000, VIEW)
        assert prices[cost] == alone[0]


@given(
    st.integers(0, 10**9),
    st.tuples(shares, shares, shares, st.integers(0, 10**6), st.integers(0, 10**6)),
)
def test_selling_costs_at_a_price(price: int, given_costs: tuple[int, ...]) -> None:
    costs = Costs(*given_costs)
    rates = [Fraction(rate, 10**9) for rate in given_costs[:3]]
    assert costs.total(price) == oracle.Costs(*rates, *given_costs[3:]).at(price)
    assert type(costs.total(price)) is int
    assert costs.total(np.array([price, 0])).tolist() == [
        costs.total(price),
        costs.coupon + costs.other,
    ]
