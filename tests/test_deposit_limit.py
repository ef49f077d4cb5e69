"""DEPOSITLIMIT: one dispute more, or one unit of rate more, is above the budget."""

import random
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sellersheet.functions import DEPOSITLIMIT, DEPOSITLIMIT_DETAIL, ORDERDEPOSIT
from sellersheet.policy import load
from sellersheet.rules.deposit import NONE_FITS, highest_rate, most_disputes
from tests import oracle
from tests.excel_cases import column

NAMES = ("budget_usd", "base_usd", "risk", "category_dispute_rate", "orders")
GOOD = dict(zip(NAMES, (1000.0, 500.0, 0.8, 0.01, 1200.0), strict=True))
EN = (("name", "value"), ("lang", "en"))
UNIT = Fraction(1, 10**9)
# Budget, base, risk, mean, orders; highest rate, most disputes. The arithmetic: 500 × 1.8 = 900;
# 1,000 ÷ 900 = 1.1111…, so 1.1111… × 1 % and 13 of 1,200 (13 make 975.00, 14 make 1,050.00).
CASES: dict[str, tuple[tuple[float, ...], float | str, float | str]] = {
    "within": ((1000, 500, 0.8, 0.01, 1200), 0.011111166, 13),
    "to the cent": ((975, 500, 0.8, 0.01, 1200), 0.010833388, 13),
    "a cent less": ((974.99, 500, 0.8, 0.01, 1200), 0.010833277, 12),
    "below the lower cap": ((450, 500, 0.8, 0.01, 1200), 0.005000055, 6),
    "a cent below the least": ((449.99, 500, 0.8, 0.01, 1200), "#NUM!", "#NUM!"),
    "above the upper cap": ((1350, 500, 0.8, 0.01, 1200), 1.0, 1200),
    "a cent below the greatest": ((1349.99, 500, 0.8, 0.01, 1200), 0.014999944, 17),
    "no base": ((0, 0, 0.8, 0.01, 1200), 1.0, 1200),
    "no orders": ((1000, 500, 0.8, 0.01, 0), 0.011111166, 0),
}


def test_cases_alone_and_shuffled() -> None:
    for name, (arguments, rate, disputes) in CASES.items():
        assert DEPOSITLIMIT(*arguments[:4]) == rate, name
        assert DEPOSITLIMIT(*arguments) == disputes, name
    shuffled = random.Random(16).sample(list(CASES.values()), len(CASES))
    columns = [column(*cells) for cells in zip(*(case[0] for case in shuffled), strict=True)]
    assert DEPOSITLIMIT(*columns[:4]) == [(rate,) for _, rate, _ in shuffled]
    assert DEPOSITLIMIT(*columns) == [(disputes,) for _, _, disputes in shuffled]
    table = DEPOSITLIMIT_DETAIL(*columns)
    assert [tuple(row[:2]) for row in table] == [case[1:] for case in shuffled]


@settings(max_examples=50)
@given(
    st.integers(0, 200_000),
    st.integers(0, 100_000),
    st.integers(0, 3_000),
    st.integers(1, 5_000),
    st.integers(1, 40),
)
def test_minimal_to_the_unit(budget: int, base: int, risk: int, mean: int, orders: int) -> None:
    rules = load().on(20_000)
    units = risk * 10**6, mean * 10**5
    exact = Fraction(base, 100), Fraction(risk, 1000), Fraction(mean, 10**4)
    disputes = most_disputes(budget, base, *units, orders, rules)
    wanted = oracle.most_disputes(budget, *exact, orders)
    assert disputes == (NONE_FITS if wanted is None else wanted)
    rate = highest_rate(budget, base, *units, rules)
    terms = exact[:2]
    if rate == NONE_FITS:
        assert oracle.deposit(*terms, 0, exact[2]) > budget
    else:
        assert oracle.deposit(*terms, rate * UNIT, exact[2]) <= budget
    if rate < 10**9:
        assert oracle.deposit(*terms, (rate + 1) * UNIT, exact[2]) > budget
    arrays = [np.array([value, 1]) for value in (budget, base, *units)]
    assert highest_rate(*arrays, rules)[0] == rate
    assert most_disputes(*arrays, np.array([orders, 3]), rules)[0] == disputes


def test_as_large_as_can_be_entered() -> None:
    """Where a product passes 64 bits the answer is still that of the exact fractions."""
    own = load().with_overrides([{"name": "deviation_cap", "value": "0.123456789"}], "test")
    amounts, orders = (90_000_000_000, 100_000_000, 99_999_999_999, 999_999_937), 999_999_893
    rules = own.on(20_000)
    alone = most_disputes(*amounts, orders, rules)
    beside = most_disputes(*(np.array([v, 7]) for v in amounts), np.array([orders, 9]), rules)
    assert beside[0] == alone
    cap, fits = Fraction("0.123456789"), []
    for disputes in (alone, alone + 1):
        rates = Fraction(disputes, orders), amounts[3] * UNIT
        fits.append(oracle.deposit(1_000_000, amounts[2] * UNIT, *rates, cap) <= amounts[0])
    assert fits in ([True, False], [True, True])
    assert fits[1] == (alone == orders)


def test_the_detail_shows_both_sides_of_the_limit() -> None:
    [header, row] = DEPOSITLIMIT_DETAIL(*GOOD.values(), headers=True)
    assert header[:4] == ["最高纠纷率", "最多纠纷单", "此时押金（美元）", "再多一单时押金（美元）"]
    assert row == [0.011111166, 13.0, 975.0, 1050.0, 1.0, 1200.0, "正常", ""]
    [row] = DEPOSITLIMIT_DETAIL(1000, 500, 0.8, 0.01)
    assert row[:4] == [0.011111166, "", 1000.0, 1000.01]
    assert [ORDERDEPOSIT(500, 0.8, rate, 0.01) for rate in (row[0], row[0] + 1e-9)] == row[2:4]
    # Below the flag of the highest tier (D5): 5,000 of a base of 5,000 with risk 1.3.
    [row] = DEPOSITLIMIT_DETAIL(20_000, 5000, 1.3, 0.01, 1000)
    assert row[:6] == [1.0, 1000.0, 17_250.0, "", "#NUM!", "#NUM!"]
    [row] = DEPOSITLIMIT_DETAIL(20_000, 4000, 0.8, 0.01, 1000)
    assert row[4:6] == [0.006944451, 6.0]
    assert ORDERDEPOSIT(4000, 0.8, 6 / 1000, 0.01) <= 5000 < ORDERDEPOSIT(4000, 0.8, 0.007, 0.01)


def test_why_there_is_no_limit() -> None:
    [row] = DEPOSITLIMIT_DETAIL(449.99, 500, 0.8, 0.01, 1200)
    assert row[:6] == ["#NUM!"] * 6
    assert "$450.00" in row[7]
    assert "$449.99" in row[7]
    [row] = DEPOSITLIMIT_DETAIL(1350, 500, 0.8, 0.01, 1200, policy=EN)
    assert row[6] == "note"
    assert "$1,350.00" in row[7]


@pytest.mark.parametrize("name", NAMES)
def test_a_wrong_blank_or_error_cell_of_each_argument(name: str) -> None:
    for wrong, answer in (("许多", "#VALUE!"), (-1, "#VALUE!"), ("#NULL!", "#NULL!")):
        assert DEPOSITLIMIT(**{**GOOD, name: wrong}) == answer
        cells: Any = column(GOOD[name], wrong, GOOD[name])
        assert DEPOSITLIMIT(**{**GOOD, name: cells}) == [(13.0,), (answer,), (13.0,)]
        [row] = DEPOSITLIMIT_DETAIL(**{**GOOD, name: wrong})
        assert row[:6] == [answer] * 6
        assert row[7]
    blank = {**GOOD, name: None}
    assert DEPOSITLIMIT(**blank) == (0.011111166 if name == "orders" else "#N/A")


def test_a_category_by_its_name_and_its_day() -> None:
    assert DEPOSITLIMIT(1000, 500, "棉质T恤", 0.01, 1200) == 13
    assert DEPOSITLIMIT(1000, 500, 0.8, 0.01, 1200, "2024-06-30") == "#N/A"
    assert DEPOSITLIMIT(None, None, None, None) == ""
    assert DEPOSITLIMIT(1000, 500, 0.8, 0) == "#VALUE!"


def test_values_that_change_from_day_to_day() -> None:
    own = (
        ("name", "value", "start"),
        ("deviation_cap", 0.3, "2025-01-01"), ("deposit_flag_above", 1000, "2025-01-01"),
    )  # fmt: skip
    days = ["2024-12-31", "2025-01-01", "2024-06-30"]
    alone = [DEPOSITLIMIT_DETAIL(1200, 500, 0.8, 0.01, 1000, day, own)[0] for day in days]
    assert DEPOSITLIMIT_DETAIL(1200, 500, 0.8, 0.01, 1000, column(*days), own) == alone
    assert [row[1] for row in alone] == [13.0, 1000.0, "#N/A"]
    assert alone[1][4:6] == [0.011111166, 11.0]
