"""RETURNCURVE and MODEVOLUME: every point is the oracle's, and the break-even is minimal."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sellersheet.functions import MODECOMPARE, MODEVOLUME, RETURNCURVE, RETURNPENALTY
from sellersheet.rules.pricing import break_even_orders, daily_profit
from tests import oracle
from tests.excel_cases import column

CURVE: dict[str, Any] = {
    "orders": 1000, "category_mean": 0.08, "return_rates": column(0, 0.12),
    "seller_fault_orders": 5, "as_of": "2024-12-01",
}  # fmt: skip
MODES: dict[str, Any] = {
    "paid": 100.0, "cost": 30.0, "semi_logistics": 22.6, "self_logistics": 25.0,
    "self_domestic": 3.0, "semi_fixed": None, "self_fixed": 1500.0, "semi_costs": None,
    "self_costs": None, "volumes": None, "as_of": "2024-12-01",
}  # fmt: skip
EN = (("name", "value"), ("lang", "en"))


@settings(max_examples=50)
@given(
    st.integers(0, 5000), st.integers(0, 999), st.integers(0, 40),
    st.lists(st.integers(0, 1000), max_size=6),
)  # fmt: skip
def test_a_curve_against_the_oracle(orders: int, mean: int, faults: int, rates: list[int]) -> None:
    given_rates = column(*(rate / 1000 for rate in rates)) if rates else None
    table = RETURNCURVE(orders, mean / 1000, given_rates, faults, "2024-12-01")
    if rates:
        assert [row[0] for row in table[1:]] == [rate / 1000 for rate in rates]
    shown = [row[0] for row in table[1:]]
    assert rates or shown == sorted(set(shown))
    for rate, *lost in table[1:]:
        exact = f"{rate:.9f}"
        wanted = [
            oracle.return_penalty(orders, exact, f"{mean / 1000}", faults, kind) / 100
            for kind in ("relative", "points", "relative")
        ]
        assert lost == wanted


def test_the_curve_bends_where_each_reading_begins() -> None:
    table = RETURNCURVE(1000, 0.08)
    rates = [row[0] for row in table[1:]]
    assert (rates[0], rates[-1], len(rates)) == (0.0, 0.34, 20)
    # 0.08 × 1.15 and 0.08 + 0.15; a 0.1 % more loses 0.80 of 1,000 orders.
    for at, limit in ((1, 0.092), (2, 0.23)):
        assert limit in rates
        assert [row[at] for row in table[1:] if row[0] <= limit] == [0.0] * (rates.index(limit) + 1)
        assert RETURNCURVE(1000, 0.08, limit + 0.001)[1][at] == 0.8
    assert max(row[0] for row in RETURNCURVE(10, 1)[1:]) == 1.0
    own = (("name", "value"), ("excess_return_reading", "points"), ("lang", "en"))
    table = RETURNCURVE(1000, 0.08, 0.24, None, None, own)
    assert table[0][1:3] == ["Relative (mean plus 15 % of it)", "Points (mean plus 15 % as points)"]
    assert table[1] == [0.24, 118.4, 8.0, 8.0]
    assert RETURNPENALTY(1000, 0.24, 0.08, None, None, own) == 8.0


def profits(**other: Any) -> list[list[Any]]:
    return MODEVOLUME(**{**MODES, **other})[1:]


@given(
    st.integers(-3000, 3000), st.integers(-300_000, 300_000), st.integers(1, 4000)
)  # fmt: skip
def test_the_break_even_is_minimal(gain: int, fixed: int, orders: int) -> None:
    found = break_even_orders(gain, fixed)
    assert break_even_orders(np.array([gain, 5]), np.array([fixed, 11])).tolist() == [found, 3]
    # The mode that costs more a day, whichever of the two it is.
    sign = 1 if fixed > 0 else -1
    ahead = [sign * daily_profit(gain, fixed, count) >= 0 for count in (found - 1, found)]
    if found:
        assert ahead == [False, True]
    else:
        assert fixed == 0 or sign * daily_profit(gain, fixed, orders) < 0


@pytest.mark.parametrize(
    ("gain", "fixed", "orders"),
    [
        (1, 3, 3), (5, 1, 1), (5, 10, 2), (5, 11, 3), (-1, -3, 3), (-5, -1, 1), (-5, -11, 3),
        (0, 5, 0), (5, 0, 0), (-5, 0, 0), (0, 0, 0), (5, -1, 0), (-5, 1, 0),
    ],
)  # fmt: skip
def test_the_break_even_of_single_cents(gain: int, fixed: int, orders: int) -> None:
    assert break_even_orders(gain, fixed) == orders
    assert break_even_orders(np.array([gain, 1]), np.array([fixed, 2])).tolist() == [orders, 2]


def test_the_volumes_that_fit() -> None:
    table = profits()
    assert [row[0] for row in table[:-1]] == list(range(200, 2001, 200))
    compared = MODECOMPARE(100, 30, 22.6, 25, 3, None)
    semi, own = compared[2][3], compared[3][3]
    for count, *found in table[:-1]:
        days = [round(count * semi, 2), round(count * own - 1500, 2)]
        assert found == [
            *days,
            round(days[0] - days[1], 2),
            "半托管" if days[0] > days[1] else "自运营",
        ]
    # 42.00 less 38.70 an order makes up for 1,500.00 a day with 454.5… orders.
    assert table[-1][:4] == [455, 17_608.5, 17_610.0, -1.5]
    assert "455 单" in table[-1][4]
    assert [row[3] > 0 for row in profits(volumes=column(454, 455))[:2]] == [True, False]


def test_the_other_way_round_and_never() -> None:
    dear = profits(self_logistics=35.0, self_fixed=None, semi_fixed=100.0)
    # Self-run leaves 32.00: 6.70 less an order, so 15 orders make up for 100.00 a day.
    assert dear[-1][0] == 15
    assert "半托管才不低于自运营" in dear[-1][4]
    for never in ({"self_fixed": None}, {"self_logistics": 35.0}, {"self_logistics": 28.3}):
        assert profits(**never)[-1][:4] == [""] * 4
        assert profits(**never)[-1][4].startswith("没有打平")
    same = profits(self_logistics=28.3, self_fixed=None)
    assert {row[4] for row in same[:-1]} == {"相同"}
    costs = (("佣金", "5%"),)
    assert profits(semi_costs=costs)[0][1] == round(200 * (38.7 - 5), 2)
    assert MODEVOLUME(**MODES, policy=EN)[0][1] == "Semi-managed, profit a day (CNY)"


def test_blank_missing_and_before_the_rules() -> None:
    assert RETURNCURVE(None, None)[1:] == [[""] * 4]
    assert MODEVOLUME(*[None] * 5)[1:] == [[""] * 5]
    assert RETURNCURVE(1000, None)[0][0] == "#N/A"
    assert RETURNCURVE(**{**CURVE, "as_of": "2024-06-30"})[0][0] == "#N/A"
    for name in ("paid", "cost", "semi_logistics", "self_logistics", "self_domestic"):
        [row] = MODEVOLUME(**{**MODES, name: None})
        assert row[:4] == ["#N/A"] * 4
        assert row[4].startswith("缺少")
    assert MODEVOLUME(**{**MODES, "as_of": "2024-06-30"})[0][0] == "#N/A"


@pytest.mark.parametrize("name", [*CURVE, *MODES])
def test_a_wrong_or_error_cell_of_each_argument(name: str) -> None:
    for wrong, marker in (("许多", "#VALUE!"), (-1, "#VALUE!"), ("#NULL!", "#NULL!")):
        if name in CURVE:
            [row] = RETURNCURVE(**{**CURVE, name: wrong})
        if name in MODES:
            given_cell = (("佣金", wrong),) if name.endswith("costs") else wrong
            [row] = MODEVOLUME(**{**MODES, name: given_cell})
        assert row[0] == marker or name.endswith("costs")
        assert row[0] in ("#VALUE!", "#NULL!")
        assert row[-1]
