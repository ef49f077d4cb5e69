"""Cents, and the only place that rounds.

Money is whole cents (分 or US cents) in ``int`` or int64 arrays; a rate is a whole
number of units of 1e-9 or an exact ratio. Ties round away from zero, as Excel's ROUND
does. Every function takes plain ints and int64 arrays alike and gives back the kind it
was given. The symbols of a formula (``symbols``) are a third kind: they are tried last, so
that plain values stay quick.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from sellersheet import symbols
from sellersheet.symbols import Symbol

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

CENT_LIMIT: Final = 100_000_000_000  # one billion yuan: beyond it an amount is a mistake
RATE_UNIT: Final = 1_000_000_000  # a rate of 1 in units of 1e-9
_INT64_MAX: Final = 9_223_372_036_854_775_807
_FLOAT_ERROR: Final = 2.0**-52  # relative, of an amount read and multiplied


class Ratio(NamedTuple):
    """An exact rate ``num / den``; ``num`` may be an array (a rate that changed over time)."""

    num: Any
    den: int

    @property
    def units(self) -> Any:
        """In units of 1e-9; a smaller part is dropped."""
        return self.num * RATE_UNIT // self.den


def ratio(value: Fraction | str | int) -> Ratio:
    """The exact ratio of a decimal text such as ``"0.035"``."""
    exact = Fraction(value)
    return Ratio(exact.numerator, exact.denominator)


def where(condition: Any, yes: Any, no: Any) -> Any:
    """``yes`` where the condition holds, else ``no``: for one value or for a column."""
    if isinstance(condition, np.ndarray):
        return np.where(condition, yes, no)
    if isinstance(condition, Symbol):
        return symbols.choose(condition, yes, no)
    return yes if condition else no


def largest(first: Any, second: Any) -> Any:
    """The larger of two numbers or columns."""
    if isinstance(first, np.ndarray) or isinstance(second, np.ndarray):
        return np.maximum(first, second)
    if isinstance(first, Symbol) or isinstance(second, Symbol):
        return symbols.call("MAX", first, second)
    return max(first, second)


def smallest(first: Any, second: Any) -> Any:
    """The smaller of two numbers or columns."""
    if isinstance(first, np.ndarray) or isinstance(second, np.ndarray):
        return np.minimum(first, second)
    if isinstance(first, Symbol) or isinstance(second, Symbol):
        return symbols.call("MIN", first, second)
    return min(first, second)


def div_round(numerator: Any, denominator: Any) -> Any:
    """``numerator / denominator`` to the nearest whole number, ties away from zero.

    The denominator is positive. Twice the numerator plus the denominator must fit int64
    where arrays are given (``mul_div`` looks after larger products).
    """
    if not isinstance(numerator, np.ndarray) and not isinstance(denominator, np.ndarray):
        if isinstance(numerator, Symbol) or isinstance(denominator, Symbol):
            return symbols.rounded(numerator, denominator)
        quotient: int = (2 * abs(numerator) + denominator) // (2 * denominator)
        return quotient if numerator >= 0 else -quotient
    half = (2 * np.abs(numerator) + denominator) // (2 * denominator)
    return np.where(np.less(numerator, 0), -half, half)


def share(amount: Any, rate: Ratio) -> Any:
    """``amount × rate`` in cents, rounded once."""
    return mul_div(amount, rate.num, rate.den)


def mul_div(amount: Any, factor: Any, divisor: Any) -> Any:
    """``amount × factor / divisor`` rounded once, exact whatever the size.

    Arrays stay in int64 while the product provably fits and are worked out in Python's
    unbounded integers otherwise.
    """
    arrays = isinstance(amount, np.ndarray) or isinstance(factor, np.ndarray)
    if not arrays and not isinstance(divisor, np.ndarray):
        return div_round(amount * factor, divisor)
    bound = 2 * _magnitude(amount) * _magnitude(factor) + _magnitude(divisor)
    if bound <= _INT64_MAX and 2 * _magnitude(divisor) <= _INT64_MAX:
        return div_round(np.multiply(amount, factor), divisor).astype(np.int64, copy=False)
    product = np.asarray(amount, dtype=object) * np.asarray(factor, dtype=object)
    exact: Ints = div_round(product, np.asarray(divisor, dtype=object)).astype(np.int64)
    return exact


def product(first: Any, second: Any) -> Any:
    """``first × second``, in unbounded integers where int64 could be too small."""
    if not any(isinstance(part, np.ndarray) for part in (first, second)):
        return first * second
    if _magnitude(first) * _magnitude(second) <= _INT64_MAX:
        return np.multiply(first, second)
    return np.asarray(first, dtype=object) * np.asarray(second, dtype=object)


def _magnitude(value: Any) -> int:
    """The largest absolute value, as an unbounded integer."""
    if not isinstance(value, np.ndarray):
        return abs(int(value))
    if value.size == 0:
        return 0
    return max(abs(int(value.max())), abs(int(value.min())))


def cents(amounts: Any) -> Any:
    """Amounts from cells, in cents; a third decimal rounds as Excel's ROUND shows it.

    ``1.005`` is stored a hair below its tie, yet every spreadsheet shows and rounds it as
    1.01: a margin of 1e-6 cent, and of the float's own error where that is more, gives
    the same. The caller has refused NaN, infinities and anything beyond ``CENT_LIMIT``.
    """
    if isinstance(amounts, Symbol):
        return symbols.cents(amounts)
    nearest = abs(amounts) * 100.0
    nearest *= 1.0 + _FLOAT_ERROR
    nearest += 0.5 + 1e-6
    if not isinstance(amounts, np.ndarray):
        return int(nearest) if amounts >= 0 else -int(nearest)
    whole: Ints = np.copysign(nearest, amounts, out=nearest).astype(np.int64)
    return whole


def rate_units(rates: Any) -> Any:
    """Rates from cells (0.035 is 3.5 %) in units of 1e-9."""
    if isinstance(rates, np.ndarray):
        return np.rint(rates * RATE_UNIT).astype(np.int64)
    return round(rates * RATE_UNIT)


def common_unit(*amounts: Any) -> Any:
    """The largest whole number that divides all amounts given: a coarser exact unit.

    Rates typed with a few decimals share a large one, and dividing by it keeps products
    in int64.
    """
    if any(isinstance(amount, Symbol) for amount in amounts):
        return symbols.call("MAX", symbols.call("GCD", *amounts), 1)
    unit = 0
    for amount in amounts:
        part = np.gcd.reduce(amount, axis=None) if isinstance(amount, np.ndarray) else amount
        unit = math.gcd(unit, int(part))
    return unit or 1
