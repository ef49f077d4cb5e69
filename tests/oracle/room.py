"""How much is left before a trigger or a sign (D21): every number tried in turn."""

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise

GROWTH = Fraction(35, 100)
FULFILMENT = Fraction(942, 1000)
COMPLETE = Fraction(985, 1000)
DELAYED = Fraction(5, 100)


def triggered_by_growth(weeks: list[int]) -> bool:
    """Two weeks running grown over 35 % (D9); none of the weeks before is 0."""
    growths = [Fraction(now, before) - 1 for before, now in pairwise(weeks)]
    return len(growths) >= 2 and growths[-1] > GROWTH and growths[-2] > GROWTH


def most_orders(weeks: list[int]) -> int | None:
    """The most orders next week that trigger nothing; None where any number does not."""
    if not triggered_by_growth([*weeks, weeks[-1] * 1000 + 1]):
        return None
    return _most(lambda orders: triggered_by_growth([*weeks, orders]))


def most_late(parcels: int) -> int:
    """Late parcels that keep fulfilment from being below 94.2 % (D9)."""
    return _most(lambda late: late > parcels or Fraction(parcels - late, parcels) < FULFILMENT)


def most_untracked(parcels: int) -> int:
    """Parcels without tracking that keep completeness at 98.5 % or more (D11)."""
    return _most(lambda missing: missing > parcels or 1 - Fraction(missing, parcels) < COMPLETE)


def most_late_uploads(parcels: int) -> int:
    """Late uploads that are not over 5 % (D10)."""
    return _most(lambda late: Fraction(late, parcels) > DELAYED)


def _most(too_many: Callable[[int], bool]) -> int:
    count = 0
    while not too_many(count + 1):
        count += 1
    return count
