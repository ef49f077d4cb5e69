"""Foreign amounts at rates, rounded once: ties, the units and the ends of days."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sellersheet.exchange import UNDATED, ExchangeProblem, FxRates, currency, to_cents

UNIT = 10**9


@pytest.mark.parametrize(
    ("amount", "rate", "cents"),
    [
        ("0.50", "7.15", 358),  # 3.575
        ("-0.50", "7.15", -358),
        ("0.10", "7.15", 72),  # 0.715
        ("0.30", "7.15", 215),  # 2.145
        ("1.00", "7.125", 713),
        ("0.000001", "5000", 1),  # half a cent from the smallest amount there is
        ("0.000001", "4999.999999999", 0),
        ("0.000007", "1000", 1),
        ("1", "0.005", 1),
        ("1", "0.004999999", 0),
        ("123456.78", "7.1", 87654314),  # 876543.138
        ("0", "7.15", 0),
    ],
)
def test_ties_and_units(amount: str, rate: str, cents: int) -> None:
    units = int(Decimal(rate) * UNIT)
    assert to_cents(np.array([float(amount)]), np.array([units])).tolist() == [cents]


@given(
    st.decimals(0, 10_000, places=6),
    st.decimals("0.000001", 1_000, places=9),
)
def test_as_on_paper(amount: Decimal, rate: Decimal) -> None:
    exact = (amount * rate * 100).quantize(Decimal(1), ROUND_HALF_UP)
    found = to_cents(np.array([float(amount)]), np.array([int(rate * UNIT)]))
    assert found.tolist() == [int(exact)]


def test_what_is_beyond_every_amount_stays_beyond() -> None:
    units = np.array([UNIT, UNIT])
    low, high = to_cents(np.array([-1e300, 1e300]), units).tolist()
    assert low == -high
    assert high >= 10**10


def test_a_rate_holds_from_its_day_on() -> None:
    fx = FxRates.of([("USD", 100, 7), ("USD", 0, 6), ("EUR", UNDATED, 8), ("GBP", 1, 9)])
    assert [fx.rate_on("USD", day) for day in (-1, 0, 99, 100, 101)] == [None, 6, 6, 7, 7]
    assert [fx.rate_on("EUR", day) for day in (-1, 0, None)] == [8, 8, 8]
    assert fx.rate_on("USD", None) is None  # a day not known takes no dated rate
    assert fx.rate_on("GBP", None) is None
    assert fx.rate_on("JPY", 5) is None
    known = np.array([True, False])
    assert fx.rates_on("JPY", np.array([1, 1]), known).tolist() == [0, 0]
    assert fx.rates_on("EUR", np.array([1, 1]), known).tolist() == [8, 8]
    assert fx.rates_on("USD", np.array([0, 0]), known).tolist() == [6, 0]
    mixed = FxRates.of([("USD", UNDATED, 6), ("USD", 100, 7)])
    assert mixed.rate_on("USD", None) is None


@pytest.mark.parametrize("rate", ["0", "-1", "nan", "inf", "x", "", 10**9])
def test_rates_that_are_none(rate: str | int) -> None:
    with pytest.raises(ExchangeProblem):
        FxRates.fixed({"USD": rate})


def test_words_for_currencies() -> None:
    assert [currency(word) for word in ("$", " usd ", "美元", "R$", "元", "KRW", "XX", "")] == [
        "USD", "USD", "USD", "BRL", "CNY", "KRW", "", "",
    ]  # fmt: skip
    with pytest.raises(ExchangeProblem):
        FxRates.of([("USD", 1, 1), ("美元", 1, 2)])
    assert FxRates.of([("USD", 1, 1), ("EUR", 1, 2)]).rate_on("EUR", 1) == 2
