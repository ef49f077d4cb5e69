"""Foreign amounts at rates, rounded once: ties, the units and the ends of days."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sellersheet.cards import fx_rates
from sellersheet.cells import CellProblem, read_one
from sellersheet.columns import column
from sellersheet.exchange import UNDATED, ExchangeProblem, FxRates, currency, to_cents
from sellersheet.money import CENT_LIMIT
from sellersheet.tables import read_table

UNIT = 10**9


def rate_on(fx: FxRates, currency: str, day: int | None) -> int | None:
    """The rate of one day, which may be unknown; None where none holds."""
    known = np.array([day is not None])
    return int(fx.rates_on(currency, np.array([day or 0]), known)[0]) or None


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


@pytest.mark.parametrize(
    ("amount", "rate", "cents"),
    [
        # A weak currency: the amount is large, what it is worth is not.
        ("2500000000", "0.0003", 75_000_000),
        ("2000000000.01", "0.0003", 60_000_000),
        ("-2500000000", "0.0003", -75_000_000),
        ("9000000000000", "0.000001", 900_000_000),
        ("1000000000", "2", 2 * CENT_LIMIT),
        ("1000000000.01", "2", 2 * CENT_LIMIT),  # beyond, by one cent
        ("9000000000000.01", "0.000001", 2 * CENT_LIMIT),
        ("1e300", "1", 2 * CENT_LIMIT),
        ("-1e300", "1", -2 * CENT_LIMIT),
        ("inf", "1", 2 * CENT_LIMIT),
        ("-2000000000", "1000000", -2 * CENT_LIMIT),
    ],
)
def test_large_amounts_are_exact_or_beyond_every_amount(amount: str, rate: str, cents: int) -> None:
    units = int(Decimal(rate) * UNIT)
    assert to_cents(np.array([float(amount)]), np.array([units])).tolist() == [cents]


def test_large_amounts_of_a_cell() -> None:
    """Dong: read to the cent, and refused only where no amount is as large."""
    fx = FxRates.fixed({"VND": "0.0003", "USD": "7.1"})
    paid = column("orders", "paid_cny")
    assert read_one(paid, "2,500,000,000 VND", fx) == 75_000_000
    with pytest.raises(CellProblem, match="1,000,000,000"):
        read_one(paid, "USD 1,000,000,000", fx)


@pytest.mark.parametrize(
    ("rate", "units"),
    [("0.000001", 1_000), ("7.1", 7_100_000_000), (" 6.8 ", 6_800_000_000), (1_000_000, 10**15)],
)
def test_rates_in_units(rate: str | int, units: int) -> None:
    assert rate_on(FxRates.fixed({"XAF": rate}), "XAF", None) == units


@pytest.mark.parametrize(
    ("word", "rate", "sound"),
    [
        ("USD", "714.55", False), ("美元", "0.14", False), ("EUR", "7.8", True),
        ("USD", "0.7", True), ("USD", "0.699999999", False),
        ("USD", "70", True), ("USD", "70.000000001", False),
        ("JPY", "0.048", True), ("JPY", "4.8", False), ("XAF", "714.55", True),
    ],
)  # fmt: skip
def test_a_rate_for_100_units_or_turned_round_is_refused(word: str, rate: str, sound: bool) -> None:
    table = read_table(pd.DataFrame({"币种": [word], "汇率": [rate]}), "fx")
    for read in (lambda: FxRates.fixed({word: rate}), lambda: fx_rates(table)):
        if sound:
            assert rate_on(read(), currency(word), None) == int(Decimal(rate) * UNIT)
        else:
            with pytest.raises(ExchangeProblem) as told:
                read()
            assert rate in told.value.text("zh")
            assert "100" in told.value.text("en")


def test_a_rate_holds_from_its_day_on() -> None:
    fx = FxRates.of([("USD", 100, 7), ("USD", 0, 6), ("EUR", UNDATED, 8), ("GBP", 1, 9)])
    assert [rate_on(fx, "USD", day) for day in (-1, 0, 99, 100, 101)] == [None, 6, 6, 7, 7]
    assert [rate_on(fx, "EUR", day) for day in (-1, 0, None)] == [8, 8, 8]
    assert rate_on(fx, "USD", None) is None  # a day not known takes no dated rate
    assert rate_on(fx, "GBP", None) is None
    assert rate_on(fx, "JPY", 5) is None
    known = np.array([True, False])
    assert fx.rates_on("JPY", np.array([1, 1]), known).tolist() == [0, 0]
    assert fx.rates_on("EUR", np.array([1, 1]), known).tolist() == [8, 8]
    assert fx.rates_on("USD", np.array([0, 0]), known).tolist() == [6, 0]
    mixed = FxRates.of([("USD", UNDATED, 6), ("USD", 100, 7)])
    assert rate_on(mixed, "USD", None) is None


@pytest.mark.parametrize(
    "rate", ["0", "-1", "0.00000099", "1000000.01", "nan", "inf", "-inf", "x", "", 10**9]
)
def test_rates_that_are_none(rate: str | int) -> None:
    with pytest.raises(ExchangeProblem):
        FxRates.fixed({"USD": rate})


def test_words_for_currencies() -> None:
    assert [currency(word) for word in ("$", " usd ", "美元", "R$", "元", "KRW", "XX", "")] == [
        "USD", "USD", "USD", "BRL", "CNY", "KRW", "", "",
    ]  # fmt: skip
    with pytest.raises(ExchangeProblem):
        FxRates.of([("USD", 1, 1), ("美元", 1, 2)])
    assert rate_on(FxRates.of([("USD", 1, 1), ("EUR", 1, 2)]), "EUR", 1) == 2
