"""How a deposit is paid: D13, D14."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from sellersheet.money import Ratio, largest, share, smallest, where
from sellersheet.policy import View
from sellersheet.rules import listed

PLAN_VALUES: Final = ("channel_fee_rate", "payoneer_single_limit", "payoneer_limit_includes_fee")


def channels(policy: View) -> dict[str, str | None]:
    """D13: the channels by key, each with the name of the value that limits one payment."""
    return {
        str(record["key"]): record["single_limit"] or None
        for record in policy.table("payment_channels")
    }


def channel_of(word: str, policy: View) -> str | None:
    """D13: the key of the channel that a word names, None where it names none."""
    records = policy.table("payment_channels")
    for record in records:
        if listed.plain(word) == listed.plain(record["key"]):
            return str(record["key"])
    found = listed.find(word, records)
    return None if found is None else str(found["key"])


class Payment(NamedTuple):
    """One payment in US cents: what reaches the platform, the channel's fee, both together."""

    amount: int
    fee: int

    @property
    def debit(self) -> int:
        """What leaves the account."""
        return self.amount + self.fee


def payment_plan(amount: int, channel: str, policy: View) -> list[Payment]:
    """D13, D14: the payments that make up ``amount`` US cents, filled greedily.

    Where the channel has a limit no payment may exceed it (Payoneer); whether the fee counts
    inside the limit is a switch of the policy. Another takes the sum in one payment (Alipay+).
    """
    rate = policy.ratio("channel_fee_rate")
    single_limit = channels(policy)[channel]
    if single_limit is None:
        return [Payment(amount, share(amount, rate))] if amount else []
    most = largest_payment(single_limit, policy)
    parts = [part_of(amount, most, place) for place in range(-(-amount // most))]
    return [Payment(part, share(part, rate)) for part in parts]


def largest_payment(single_limit: str, policy: View) -> Any:
    """D13, D14: the largest single payment of a channel in US cents, without its fee;
    ``single_limit`` is the name of the value that limits it."""
    limit = policy.money(single_limit)
    includes_fee = policy.choice("payoneer_limit_includes_fee") == "yes"
    return where(includes_fee, largest_part(limit, policy.ratio("channel_fee_rate")), limit)


def part_of(amount: Any, most: Any, place: int) -> Any:
    """D13: the payment at that place, from 0: as large as may be, then what is left, then 0."""
    return largest(smallest(amount - place * most, most), 0)


def largest_part(limit: Any, rate: Ratio) -> Any:
    """D14: the largest amount whose amount + fee, rounded to the cent, is within ``limit``."""
    # amount + fee ≤ limit where the exact sum is below limit + 1/2, at which it would round up.
    return ((2 * limit + 1) * rate.den - 1) // (2 * (rate.den + rate.num))
