"""How much is left before a trigger, a prerequisite or a sign of the deposit: D21."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

from sellersheet.money import Ratio, product
from sellersheet.policy import View
from sellersheet.rules.deposit_signs import HOLDS, HOLDS_NOT, OPEN

ROOM_VALUES: Final = (
    "trigger_growth_over",
    "trigger_growth_weeks",
    "trigger_fulfilment_below",
    "tracking_min",
    "warning_tracking_delay_over",
)


def most_orders(last_week: Any, policy: View) -> Any:
    """D9, D21: the most orders next week that have not grown over the limit; one more has."""
    over = policy.ratio("trigger_growth_over")
    return product(last_week, over.den + over.num) // over.den


def most_late_parcels(parcels: Any, policy: View) -> Any:
    """D9, D21: the most late ones of all parcels that keep fulfilment at the base line."""
    return _most_missed(parcels, policy.ratio("trigger_fulfilment_below"))


def most_untracked(parcels: Any, policy: View) -> Any:
    """D11, D21: the most parcels without tracking that keep completeness at its least."""
    return _most_missed(parcels, policy.ratio("tracking_min"))


def most_late_uploads(parcels: Any, policy: View) -> Any:
    """D10, D21: the most late uploads of tracking that are not over the limit."""
    over = policy.ratio("warning_tracking_delay_over")
    return product(parcels, over.num) // over.den


def _most_missed(parcels: Any, least: Ratio) -> Any:
    return product(parcels, least.den - least.num) // least.den


def run_of_growth(weeks: Sequence[int], length: int, policy: View) -> int:
    """D9: whether each of the ``length`` newest growths is over the limit.

    ``weeks`` are orders a week, oldest first. One growth that is not settles it; growth from no
    order at all can't be told.
    """
    over = policy.ratio("trigger_growth_over")
    pairs = list(pairwise(weeks))[-length:] if length > 0 else []
    grew = [now * over.den > before * (over.den + over.num) for before, now in pairs if before]
    if not all(grew):
        return HOLDS_NOT
    return HOLDS if len(grew) == length else OPEN
