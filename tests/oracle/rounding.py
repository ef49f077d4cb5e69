"""Exact numbers from text, and the one way money is rounded."""

import math
from fractions import Fraction

Number = str | int | Fraction


def half_away(value: Fraction) -> int:
    """The nearest whole number; a tie goes away from zero."""
    magnitude = math.floor(abs(value) + Fraction(1, 2))
    return magnitude if value >= 0 else -magnitude


def rounded_share(amount: int, rate: Fraction) -> int:
    """``half_away(amount * rate)`` in whole numbers, for tens of thousands of prices."""
    product, divisor = amount * rate.numerator, rate.denominator
    magnitude = (2 * abs(product) + divisor) // (2 * divisor)
    return magnitude if product >= 0 else -magnitude


def cents(amount: str) -> int:
    """Decimal text such as "22.60" as cents; more than two decimals are refused."""
    exact = Fraction(amount) * 100
    if exact.denominator != 1:
        raise ValueError(f"not a whole number of cents: {amount}")
    return exact.numerator
