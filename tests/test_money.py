"""Cents: rounding, exact products of any size, amounts from cells, common units."""

import math
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sellersheet import money
from tests.oracle import half_away

INT64 = 2**63 - 1
small = st.integers(-(10**9), 10**9)
large = st.integers(-(10**14), 10**14)
huge = st.integers(-(10**40), 10**40)


def column(*values: int) -> Any:
    return np.array(values, dtype=np.int64)


@pytest.mark.parametrize(
    ("numerator", "denominator", "expected"),
    [
        (0, 1, 0),
        (1, 2, 1),
        (-1, 2, -1),
        (3, 2, 2),
        (-3, 2, -2),
        (5, 2, 3),
        (-5, 2, -3),
        (49, 100, 0),
        (50, 100, 1),
        (51, 100, 1),
        (-49, 100, 0),
        (-50, 100, -1),
        (149, 100, 1),
        (150, 100, 2),
        (1, 3, 0),
        (2, 3, 1),
        (7, 1, 7),
    ],
)
def test_division_ties_go_away_from_zero(numerator: int, denominator: int, expected: int) -> None:
    assert money.div_round(numerator, denominator) == expected
    assert money.div_round(column(numerator), denominator).tolist() == [expected]
    assert money.div_round(column(numerator), column(denominator)).tolist() == [expected]


@given(huge, st.integers(1, 10**40))
def test_division_of_any_size_is_exact(numerator: int, denominator: int) -> None:
    found = money.div_round(numerator, denominator)
    assert type(found) is int
    assert found == half_away(Fraction(numerator, denominator))


@given(st.lists(st.tuples(large, st.integers(1, 10**12)), min_size=1, max_size=20))
def test_division_of_columns_is_that_of_their_values(pairs: list[tuple[int, int]]) -> None:
    numerators, denominators = (column(*values) for values in zip(*pairs, strict=True))
    expected = [money.div_round(*pair) for pair in pairs]
    assert money.div_round(numerators, denominators).tolist() == expected
    over_seven = [money.div_round(numerator, 7) for numerator, _ in pairs]
    assert money.div_round(numerators, 7).tolist() == over_seven


@given(huge, huge, st.integers(1, 10**40))
def test_product_of_any_size_is_exact(amount: int, factor: int, divisor: int) -> None:
    found = money.mul_div(amount, factor, divisor)
    assert type(found) is int
    assert found == half_away(Fraction(amount * factor, divisor))


@given(st.lists(st.tuples(large, small, st.integers(10**6, 10**13)), min_size=1, max_size=20))
def test_product_of_columns_is_that_of_their_values(triples: list[tuple[int, int, int]]) -> None:
    amounts, factors, divisors = (column(*values) for values in zip(*triples, strict=True))
    found = money.mul_div(amounts, factors, divisors)
    assert found.dtype == np.int64
    assert found.tolist() == [half_away(Fraction(a * f, d)) for a, f, d in triples]


@given(st.lists(large, min_size=1, max_size=9), small, st.integers(10**6, 10**13))
def test_one_factor_serves_a_column(amounts: list[int], factor: int, divisor: int) -> None:
    expected = [half_away(Fraction(amount * factor, divisor)) for amount in amounts]
    assert money.mul_div(column(*amounts), factor, divisor).tolist() == expected
    assert money.mul_div(factor, column(*amounts), divisor).tolist() == expected
    by_ratio = money.share(column(*amounts), money.Ratio(factor, divisor))
    assert by_ratio.tolist() == expected


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("step", [-2, -1, 0, 1, 2])
def test_products_on_both_sides_of_int64(sign: int, step: int) -> None:
    """The product, its double and the double with the divisor each cross the limit."""
    for limit in (INT64, INT64 // 2, (INT64 - 1_000) // 2):
        factor = 1_000
        amount = sign * (limit // factor + step)
        expected = half_away(Fraction(amount * factor, 1_000))
        assert money.mul_div(column(amount, 1), factor, 1_000).tolist() == [expected, 1]


def test_a_large_divisor_does_not_overflow() -> None:
    divisor = INT64 // 2 + 5
    found = money.mul_div(column(INT64, -INT64, divisor // 2, 0), 1, divisor)
    assert found.tolist() == [2, -2, half_away(Fraction(divisor // 2, divisor)), 0]


def test_the_smallest_int64_counts_by_its_size() -> None:
    assert money.mul_div(column(-(2**63), 3), 1, 4).tolist() == [-(2**61), 1]


def test_columns_without_rows() -> None:
    nothing = column()
    assert money.mul_div(nothing, 35, 1000).tolist() == []
    assert money.div_round(nothing, 2).tolist() == []
    assert money.cents(np.array([], dtype=np.float64)).tolist() == []
    assert money.common_unit(nothing) == 1


def test_an_exact_ratio_of_a_decimal_text() -> None:
    assert money.ratio("0.035") == (7, 200)
    assert money.ratio(Fraction(15, 100)) == (3, 20)
    assert money.share(100, money.ratio("0.035")) == 4
    assert money.share(-100, money.ratio("0.035")) == -4


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        (0.0, 0),
        (-0.0, 0),
        (0.004, 0),
        (0.005, 1),
        (0.0049, 0),
        (0.015, 2),
        (1.005, 101),
        (1.0049, 100),
        (1.015, 102),
        (2.675, 268),
        (8.345, 835),
        (10.075, 1008),
        (1.115, 112),
        (4.35, 435),
        (0.1 + 0.2, 30),
        (0.285, 29),
        (1234.565, 123457),
        (99999.995, 10_000_000),
        (123456789.125, 12_345_678_913),
        (999999999.995, 100_000_000_000),
        (1_000_000_000.0, 100_000_000_000),
    ],
)
def test_cents_round_as_a_sheet_does(amount: float, expected: int) -> None:
    found = money.cents(np.array([amount, -amount]))
    assert found.dtype == np.int64
    assert found.tolist() == [expected, -expected]


@given(st.lists(st.decimals(-(10**9), 10**9, places=3), min_size=1, max_size=30))
def test_cents_of_three_decimals(amounts: list[Decimal]) -> None:
    found = money.cents(np.array([float(amount) for amount in amounts]))
    shown = [amount.quantize(Decimal("0.01"), ROUND_HALF_UP) for amount in amounts]
    assert found.tolist() == [int(amount * 100) for amount in shown]


@given(st.lists(st.decimals(-(10**6), 10**6, places=6), min_size=1, max_size=30))
def test_cents_of_six_decimals(amounts: list[Decimal]) -> None:
    found = money.cents(np.array([float(amount) for amount in amounts]))
    shown = [amount.quantize(Decimal("0.01"), ROUND_HALF_UP) for amount in amounts]
    assert found.tolist() == [int(amount * 100) for amount in shown]


@given(st.lists(st.integers(-(10**11), 10**11), min_size=1, max_size=30))
def test_whole_cents_come_back(amounts: list[int]) -> None:
    assert money.cents(np.array(amounts) / 100).tolist() == amounts


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=30))
def test_rates_come_back_to_nine_decimals(units: list[int]) -> None:
    assert money.rate_units(np.array([float(Decimal(u) / 10**9) for u in units])).tolist() == units


def test_rates_in_their_unit() -> None:
    rates = np.array([0.035, 0.0, 1.0, 0.955, 1e-9])
    units = [35_000_000, 0, 1_000_000_000, 955_000_000, 1]
    assert money.rate_units(rates).tolist() == units


@pytest.mark.parametrize(
    ("amounts", "unit"),
    [
        ((), 1),
        ((0,), 1),
        ((0, 0), 1),
        ((12,), 12),
        ((12, 18), 6),
        ((0, 18), 18),
        ((-12, 18), 6),
        ((12_100_000, 10_000_000), 100_000),
        ((7, 11), 1),
    ],
)
def test_common_unit(amounts: tuple[int, ...], unit: int) -> None:
    assert money.common_unit(*amounts) == unit
    assert money.common_unit(column(*amounts)) == unit


@given(st.lists(small, max_size=9), st.lists(small, max_size=9), small)
def test_common_unit_of_columns(first: list[int], second: list[int], third: int) -> None:
    unit = money.common_unit(column(*first), column(*second), third)
    assert unit == (math.gcd(*first, *second, third) or 1)


def test_choosing_for_one_value_and_for_a_column() -> None:
    yes = np.array([True, False])
    assert money.where(True, 1, 2) == 1
    assert money.where(False, 1, 2) == 2
    assert money.where(yes, 1, 2).tolist() == [1, 2]
    assert money.where(yes, column(5, 6), 2).tolist() == [5, 2]
    assert money.largest(-3, 0) == 0
    assert money.largest(column(-3, 3), 0).tolist() == [0, 3]
    assert money.largest(0, column(-3, 3)).tolist() == [0, 3]
    assert money.smallest(-3, 0) == -3
    assert money.smallest(column(-3, 3), 0).tolist() == [-3, 0]
    assert money.smallest(0, column(-3, 3)).tolist() == [-3, 0]


@pytest.mark.parametrize(
    ("amount", "expected"),
    [(0, 0), (0.0, 0), (0.004, 0), (0.005, 1), (0.5, 50), (-0.004, 0), (-0.005, -1), (-0.5, -50),
     (-1.005, -101), (1.005, 101),
     # As far from the tie as a float of that size can stand.
     (594628450.295, 59462845030), (312150634.025, 31215063403), (-676762534.925, -67676253493)],
)  # fmt: skip
def test_one_amount_is_as_a_column_of_it(amount: float, expected: int) -> None:
    assert money.cents(amount) == expected
    assert money.cents(np.array([amount], dtype=np.float64)).tolist() == [expected]


@given(huge, huge)
def test_a_product_of_two_numbers(first: int, second: int) -> None:
    assert money.product(first, second) == first * second


@pytest.mark.parametrize(
    ("first", "second"),
    [(6, 7), (-6, 7), (2**31, 2**31), (2**32, 2**31), (2**62, 2), (INT64, 1), (INT64, -3), (0, 9)],
)
def test_a_product_of_columns_is_that_of_their_values(first: int, second: int) -> None:
    for one, other in ((column(first), second), (first, column(second))):
        assert money.product(one, other).tolist() == [first * second]
    both = money.product(column(first, 3), column(second, -1))
    assert both.tolist() == [first * second, -3]


def test_the_last_product_that_fits_and_the_first_that_does_not() -> None:
    """Twice the product and the divisor come to 2**63, one more than int64 holds."""
    assert money.mul_div(column(2**61), 1, 2**62).tolist() == [1]
    assert money.mul_div(column(2**61 - 1), 1, 2**62).tolist() == [0]
    # The divisor alone, twice, is more.
    assert money.mul_div(column(2 * 10**18), 1, 47 * 10**17).tolist() == [0]
    assert money.mul_div(column(1), column(1), column(5 * 10**18)).tolist() == [0]
    assert money.mul_div(column(24 * 10**17), 1, 47 * 10**17).tolist() == [1]
