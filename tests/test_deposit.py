"""The order deposit: its amount, the base of its tiers, and the payments it is made in."""

import datetime as dt
import math
import random
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sellersheet import policy
from sellersheet.days import epoch_day
from sellersheet.money import Ratio
from sellersheet.rules.deposit import DEPOSIT_VALUES, Deposit, Tier, deposit_base, order_deposit
from sellersheet.rules.payment_plan import (
    PLAN_VALUES,
    Payment,
    channels,
    largest_part,
    part_of,
    payment_plan,
)
from tests import oracle
from tests.cases import Case, flag, groups, load, money, text
from tests.examples import UNSHRUNK, examples

POLICY = policy.load()
TODAY = dt.date(2025, 6, 1)
VIEW = POLICY.on(TODAY)
ON_TOP = POLICY.with_overrides([{"name": "payoneer_limit_includes_fee", "value": "no"}], "test").on(
    TODAY
)
CASES = load("deposit")
ALIPAY, PAYONEER = CHANNELS = ("alipay+", "payoneer")
DEFINED = [case for case in CASES if case["status"] != "value_error"]


def day_of(case: Case) -> dt.date:
    return TODAY if case["as_of"] is None else dt.date.fromisoformat(case["as_of"])


def units(rate: str | Fraction) -> int:
    whole = Fraction(rate) * 10**9
    assert whole.denominator == 1
    return int(whole)


def terms(case: Case) -> tuple[int, int, int, int]:
    base = money(case, "base_usd")
    assert base is not None
    rates = ("risk", "shop_dispute_rate", "category_dispute_rate")
    risk, shop, mean = (units(text(case, key)) for key in rates)
    return base, risk, shop, mean


def listed(case: Case) -> tuple[int | None, int, int, bool]:
    amount = money(case, "deposit_usd")
    seen, used = (units(text(case, key)) for key in ("deviation", "deviation_used"))
    return amount, seen, used, case["status"] == "flagged"


def columns(rows: Sequence[Sequence[int]]) -> list[Any]:
    return [np.array(column, dtype=np.int64) for column in zip(*rows, strict=True)]


def in_rows(found: Deposit) -> list[tuple[int, int, int, bool]]:
    return list(zip(*(column.tolist() for column in found), strict=True))


@pytest.mark.parametrize("case", [pytest.param(c, id=text(c, "name")) for c in DEFINED])
def test_a_case_alone(case: Case) -> None:
    view = POLICY.on(day_of(case))
    assert view.known(DEPOSIT_VALUES) == (case["status"] != "no_rule")
    if case["status"] == "no_rule":
        assert case["deposit_usd"] is None
        return
    found = order_deposit(*terms(case), view)
    assert tuple(found) == listed(case)
    assert all(type(number) is int for number in found[:3])


@pytest.mark.parametrize("seed", range(4))
def test_all_cases_shuffled_as_columns(seed: int) -> None:
    cases = random.Random(seed).sample(DEFINED, len(DEFINED))
    days = np.array([epoch_day(day_of(case)) for case in cases], dtype=np.int64)
    view = POLICY.on(days)
    known = [case["status"] != "no_rule" for case in cases]
    assert view.known(DEPOSIT_VALUES).tolist() == known
    found = in_rows(order_deposit(*columns([terms(case) for case in cases]), view))
    for case, in_force, row in zip(cases, known, found, strict=True):
        if in_force:
            assert row == listed(case), case["name"]


def test_the_table_has_every_status() -> None:
    assert {case["status"] for case in CASES} == {"ok", "flagged", "no_rule", "value_error"}


# Rates as a seller's figures give them: 3 disputes of 247 orders, to nine decimals.
fractional = st.tuples(st.integers(0, 300), st.integers(1, 400)).map(
    lambda pair: min(10**9, round(Fraction(*pair) * 10**9))
)
plain = st.integers(0, 1000).map(lambda thousandths: thousandths * 10**6)
rates = st.one_of(plain, fractional, st.integers(0, 10**9))
means = rates.filter(bool)
risks = st.one_of(
    st.integers(0, 30).map(lambda tenths: tenths * 10**8),
    st.integers(0, 100 * 10**9),
    st.just(100 * 10**9 - 1),
)
bases = st.one_of(st.integers(0, 10**8), st.sampled_from([50_000, 500_000, 10**8]))
deposits = st.tuples(bases, risks, rates, means)


def exactly(row: tuple[int, int, int, int]) -> tuple[int, int, int, bool]:
    base, risk, shop, mean = row
    share = [Fraction(part, 10**9) for part in (risk, shop, mean)]
    amount = oracle.deposit(Fraction(base, 100), *share)
    seen, used = oracle.deviation(shop, mean), oracle.deviation_used(shop, mean)
    shown = [oracle.half_away(part * 10**9) for part in (seen, used)]
    return amount, shown[0], shown[1], amount > 500_000


@settings(max_examples=examples(200))
@given(deposits)
def test_any_deposit_agrees_with_the_oracle(row: tuple[int, int, int, int]) -> None:
    assert tuple(order_deposit(*row, VIEW)) == exactly(row)


# Making a failing table ever smaller takes minutes: the first one found is told.
@settings(max_examples=examples(150), phases=UNSHRUNK)
@given(st.lists(deposits, min_size=1, max_size=12))
def test_any_deposits_as_columns_agree_with_the_oracle(
    rows: list[tuple[int, int, int, int]],
) -> None:
    assert in_rows(order_deposit(*columns(rows), VIEW)) == [exactly(row) for row in rows]


@pytest.mark.parametrize(
    "row",
    [
        (500_000, 1_300_000_000, 12_145_749, 10_000_000),  # 3 of 247
        (500_000, 1_300_000_000, 12_145_749, 12_145_748),
        (500_000, 1_333_333_333, 12_145_749, 11_111_111),
        (10**8, 99_999_999_999, 999_999_999, 666_666_667),
        (10**8, 100_000_000_000, 10**9, 1),
        (10**8, 99_999_999_999, 1, 10**9 - 1),
    ],
    ids=str,
)
def test_nasty_rates_beside_plain_ones(row: tuple[int, int, int, int]) -> None:
    easy = (50_000, 800_000_000, 10_000_000, 10_000_000)
    found = in_rows(order_deposit(*columns([easy, row, easy]), VIEW))
    assert found == [exactly(easy), exactly(row), exactly(easy)]
    assert found[0] == (90_000, 0, 0, False)
    assert tuple(order_deposit(*row, VIEW)) == exactly(row)


@pytest.mark.parametrize(
    ("cap", "amount"), [("0.5", 150_000), ("0.3", 130_000), ("0", 100_000), ("1", 200_000)]
)
def test_the_cap_is_the_policys(cap: str, amount: int) -> None:
    row = {"name": "deviation_cap", "value": cap, "start": dt.date(2025, 1, 1)}
    changed = POLICY.with_overrides([row], "test")
    days = np.array([epoch_day(dt.date(2024, 12, 31)), epoch_day(TODAY)])
    high = columns([(100_000, 0, 30_000_000, 10_000_000)] * 2)
    assert order_deposit(*high, changed.on(days)).amount.tolist() == [150_000, amount]
    low = columns([(100_000, 0, 0, 10_000_000)] * 2)
    assert order_deposit(*low, changed.on(days)).amount.tolist() == [50_000, 200_000 - amount]


# The tiers


LOW = Tier(50_000, 500, None, 4_780, new_shop=True, battery_3c=False)
HIGH = Tier(500_000, None, 5_000, None, new_shop=False, battery_3c=True)


@pytest.mark.parametrize(
    ("orders", "dsr", "category", "new_shop", "battery", "base"),
    [
        (499, 4_780, "apparel", True, False, 50_000),
        (499.83, 4_780, "apparel", True, False, 50_000),
        (500, 4_780, "apparel", True, False, 0),
        (499, 4_779, "apparel", True, False, 0),
        (499, None, "apparel", True, False, 0),
        (499, 4_780, "pets", True, False, 0),
        (499, 4_780, "apparel", False, False, 0),
        (5_001, None, "electronics", False, True, 500_000),
        (5_001, 0, "electronics", False, True, 500_000),
        (5_001, 4_900, "apparel", False, True, 0),
        (5_000, 0, "electronics", False, True, 0),
        (5_001, 0, "electronics", False, False, 0),
        (2_000, 4_900, "electronics", True, True, 0),
        (0, 5_000, "apparel", True, True, 50_000),
    ],
)
def test_only_stated_tiers_have_a_base(
    orders: float, dsr: int | None, category: str, new_shop: bool, battery: bool, base: int
) -> None:
    case = (orders, dsr or 0, dsr is not None, new_shop, battery)
    mine = (category == "apparel", category == "electronics")
    assert deposit_base(*case, list(zip((LOW, HIGH), mine, strict=True))) == base
    both: list[Any] = [np.array([value, value]) for value in case]
    masks = [np.array([each, each]) for each in mine]
    assert deposit_base(*both, list(zip((LOW, HIGH), masks, strict=True))).tolist() == [base] * 2


def test_of_several_tiers_the_first_that_fits_counts() -> None:
    wide = Tier(70_000, 1_000, None, None, new_shop=False, battery_3c=False)
    tiers = [(LOW, True), (wide, True), (HIGH, False)]
    assert deposit_base(499, 4_780, True, True, False, tiers) == 50_000
    assert deposit_base(499, 4_780, True, False, False, tiers) == 70_000
    assert deposit_base(1_000, 4_780, True, True, False, tiers) == 0


# The payments


def payments(cases: Sequence[Case]) -> list[Payment]:
    amounts = [money(case, "part_amount_usd") for case in cases]
    fees = [money(case, "fee_usd") for case in cases]
    return [Payment(a or 0, f or 0) for a, f in zip(amounts, fees, strict=True)]


@pytest.mark.parametrize(
    "cases",
    [pytest.param(cases, id=key[0]) for key, cases in groups("payment_plan", "name").items()],
)
def test_a_plan(cases: list[Case]) -> None:
    amount = money(cases[0], "amount_usd")
    assert amount is not None
    view = VIEW if flag(cases[0], "fee_inside") else ON_TOP
    plan = payment_plan(amount, text(cases[0], "channel"), view)
    assert plan == payments(cases)
    assert [payment.debit for payment in plan] == [money(case, "debit_usd") for case in cases]


def test_values_of_a_plan_are_on_record() -> None:
    assert VIEW.known(PLAN_VALUES)
    assert {text(case, "channel") for case in load("payment_plan")} == set(CHANNELS)
    assert tuple(channels(VIEW)) == CHANNELS


amounts = st.one_of(st.integers(0, 2_000_000), st.integers(0, 12).map(lambda n: n * 199_005))


@settings(max_examples=examples(200))
@given(amounts, st.sampled_from(CHANNELS), st.booleans())
def test_any_plan_agrees_with_the_oracle(amount: int, channel: str, inside: bool) -> None:
    plan = payment_plan(amount, channel, VIEW if inside else ON_TOP)
    assert plan == oracle.plan(amount, channel, fee_inside=inside)


@settings(max_examples=examples(200))
@given(st.integers(0, 200_000), st.integers(1_000, 300_000), st.integers(0, 10**6))
def test_parts_are_filled_one_after_the_other(amount: int, limit: int, rate: int) -> None:
    """No part with its fee is above the limit, and no earlier one could take a cent more."""
    share = Fraction(rate, 10**6)
    rows = [
        {"name": "payoneer_single_limit", "value": f"{limit // 100}.{limit % 100:02d}"},
        {"name": "channel_fee_rate", "value": f"{rate // 10**6}.{rate % 10**6:06d}"},
    ]
    plan = payment_plan(amount, PAYONEER, POLICY.with_overrides(rows, "test").on(TODAY))
    assert sum(payment.amount for payment in plan) == amount
    for payment in plan:
        assert payment.amount > 0
        assert payment.fee == oracle.half_away(payment.amount * share)
        assert payment.debit <= limit
    for payment in plan[:-1]:
        more = payment.amount + 1
        assert more + oracle.half_away(more * share) > limit


def test_payments_beyond_the_sum_are_nothing() -> None:
    assert [part_of(1_000, 600, place) for place in range(4)] == [600, 400, 0, 0]


@given(st.integers(1, 10**9), st.fractions(0, 1, max_denominator=1000))
def test_the_largest_part(limit: int, rate: Fraction) -> None:
    part = largest_part(limit, Ratio(rate.numerator, rate.denominator))
    assert part + oracle.half_away(part * rate) <= limit
    assert part + 1 + oracle.half_away((part + 1) * rate) > limit


def test_one_payment_by_alipay_whatever_the_sum() -> None:
    assert payment_plan(500_000, ALIPAY, VIEW) == [Payment(500_000, 2_500)]
    assert payment_plan(1_725_000, ALIPAY, VIEW) == [Payment(1_725_000, 8_625)]
    count = math.ceil(1_725_000 / 199_005)
    assert len(payment_plan(1_725_000, PAYONEER, VIEW)) == count


@pytest.mark.parametrize("channel", CHANNELS)
def test_nothing_to_pay_is_no_payment(channel: str) -> None:
    assert payment_plan(0, channel, VIEW) == []
