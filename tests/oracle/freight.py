"""Freight: volumetric and chargeable weight, and the fee by one rate-card row (F4, F8, F9)."""

import math
from collections.abc import Mapping
from fractions import Fraction

from .rounding import Number, half_away

Sides = tuple[Number, Number, Number]
CardRow = Mapping[str, str | None]


def volumetric_g(
    length_cm: Number, width_cm: Number, height_cm: Number, divisor: Number
) -> Fraction:
    """Length x width x height / divisor is in kg; the result is in grams."""
    volume = Fraction(length_cm) * Fraction(width_cm) * Fraction(height_cm)
    return volume / Fraction(divisor) * 1000


def chargeable_g(weight_g: Number, sides: Sides | None, divisor: Number | None) -> Fraction | None:
    """The larger of actual and volumetric weight; None when the divisor is unknown.

    A divisor of None: volume does not count. Without sides only the actual weight counts.
    """
    if sides is None or divisor is None:
        return Fraction(weight_g)
    if divisor == "unknown":
        return None
    return max(Fraction(weight_g), volumetric_g(*sides, divisor))


def _number(row: CardRow, key: str) -> Fraction | None:
    text = row.get(key)
    return None if text is None else Fraction(text)


def charged_g(row: CardRow, weight_g: Number, sides: Sides | None) -> Fraction | None:
    """The weight this row charges, or None when the parcel is not in its band.

    The band is checked on the larger of actual and volumetric weight; after that the row's
    minimum weight applies, then its rounding up.
    """
    weight = chargeable_g(weight_g, sides, row.get("divisor"))
    if weight is None:
        return None
    low, high = _number(row, "band_from_g") or Fraction(0), _number(row, "band_to_g")
    if weight <= low or (high is not None and weight > high):
        return None
    weight = max(weight, _number(row, "min_g") or Fraction(0))
    step = _number(row, "round_g")
    return weight if step is None else math.ceil(weight / step) * step


def card_fee(row: CardRow, weight_g: Number, sides: Sides | None) -> int | None:
    """Fee of one parcel by one row in cents of the row's currency; None: not on record."""
    weight = charged_g(row, weight_g, sides)
    if weight is None:
        return None
    price = _number(row, "registration") or Fraction(0)
    per_kg, step_g = _number(row, "per_kg"), _number(row, "step_g")
    if per_kg is not None:
        price += per_kg * weight / 1000
    else:
        price += _number(row, "first_price") or Fraction(0)
        if step_g is not None:
            above = max(Fraction(0), weight - (_number(row, "first_g") or Fraction(0)))
            price += math.ceil(above / step_g) * (_number(row, "step_price") or Fraction(0))
    return half_away(price * 100)


def is_oversize(weight_g: Number, sides: Sides) -> bool:
    """The assumed size test (F4): over 2 kg, a side over 60 cm, or sides adding to over 90 cm."""
    lengths = [Fraction(side) for side in sides]
    return Fraction(weight_g) > 2000 or max(lengths) > 60 or sum(lengths) > 90
