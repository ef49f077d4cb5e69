"""What freight costs by a rate card's row: F8, F9.

Weights are whole milligrams, sides hundredths of a centimetre, prices cents: all exact.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from sellersheet.money import RATE_UNIT, common_unit, largest, mul_div

MG_PER_GRAM: Final = 1_000
MG_PER_KG: Final = 1_000_000
DIVISOR_UNIT: Final = 1_000  # divisors are kept in thousandths


class Price(NamedTuple):
    """How a parcel is priced: cents and milligrams, 0 where the card has none."""

    first_mg: Any
    first_price: Any
    step_mg: Any
    step_price: Any
    per_kg: Any
    registration: Any
    min_mg: Any
    round_mg: Any


def volumetric_mg(volume: Any, divisor: Any) -> Any:
    """F9: L × W × H ÷ divisor × 1,000 g, to the milligram.

    ``volume`` is the product of the sides in hundredths of a centimetre: a millionth of a
    cm³, so volume ÷ divisor is milligrams at once. ``divisor`` is in thousandths.
    """
    unit = common_unit(DIVISOR_UNIT, divisor)
    return mul_div(volume, DIVISOR_UNIT // unit, divisor // unit)


def charged_mg(weight_mg: Any, price: Price) -> Any:
    """The weight that is priced: at least the minimum, rounded up to the step."""
    weight = largest(weight_mg, price.min_mg)
    step = largest(price.round_mg, 1)
    return -(-weight // step) * step


def millionths(weight_mg: Any, price: Price) -> Any:
    """The price of one parcel in the card's currency, in millionths of a cent: exact."""
    weight = charged_mg(weight_mg, price)
    beyond = largest(weight - price.first_mg, 0)
    steps = -(-beyond // largest(price.step_mg, 1))  # without a step none has a price
    fixed = price.registration + price.first_price + steps * price.step_price
    return fixed * MG_PER_KG + price.per_kg * weight


def freight_fee(weight_mg: Any, price: Price, exchange: Any) -> Any:
    """F8: freight of one parcel in CNY cents, rounded once.

    ``exchange`` is CNY for one unit of the card's currency, in units of 1e-9.

    Freight need not grow with weight: each weight is priced by its own row alone.
    """
    exact = millionths(weight_mg, price)
    unit = common_unit(exchange, RATE_UNIT)
    return mul_div(exact, exchange // unit, MG_PER_KG * (RATE_UNIT // unit))


def is_oversize(
    weight_mg: Any, longest: Any, three_sides: Any, over_g: Any, over_longest: Any, over_sum: Any
) -> Any:
    """F4 (assumed limits): heavier, longer, or larger in all than the limits.

    Sides in hundredths of a centimetre, limits in grams and centimetres.
    """
    return (
        (weight_mg > over_g * MG_PER_GRAM)
        | (longest > over_longest * 100)
        | (three_sides > over_sum * 100)
    )
