"""How a deposit is paid: D13, D14.

When its money is due, reviewed and free, and what it costs meanwhile: D22.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from sellersheet.money import RATE_UNIT, Ratio, largest, mul_div, share, smallest, where
from sellersheet.policy import View
from sellersheet.rules import listed
from sellersheet.rules.deadlines import deposit_due, deposit_notice, next_recalculation, review_date

PLAN_VALUES: Final = ("channel_fee_rate", "payoneer_single_limit", "payoneer_limit_includes_fee")
CALENDAR_VALUES: Final = (
    *("notice_working_days", "payment_due_hours", "recalculation_days"),
    *("reduction_review_days", "dispute_days", "reduction_published_share"),
)
YEAR_DAYS: Final = 365


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


class Calendar(NamedTuple):
    """The moments of one deposit; ``recalculations`` up to the release, ``reduction`` the end of
    a review that is asked for at the first of them."""

    approved: datetime
    notice: datetime
    due: datetime
    recalculations: tuple[datetime, ...]
    reduction: datetime | None
    left: datetime
    release: datetime

    @property
    def frozen_days(self) -> int:
        """Calendar days from the day the payment is due to that of the release."""
        return (self.release.date() - self.due.date()).days

    @property
    def days_after_reduction(self) -> int:
        """The frozen days that lie after the review of a reduction."""
        end = self.reduction or self.release
        return max((self.release.date() - end.date()).days, 0)


def deposit_calendar(
    approved: datetime,
    left: datetime | None,
    policy: View,
    holidays: Collection[date] = (),
) -> Calendar:
    """D12, D15, D16, D22: notice, due, recalculations, review of a reduction, earliest release.

    The amount is that of the notice, so the first recalculation is counted from there. ``left``
    is when the shop left with all after-sales done; None: as soon as the payment was due, the
    earliest that can be.
    """
    notice = deposit_notice(approved, policy, holidays)
    due = deposit_due(notice, policy)
    gone = due if left is None else left
    release = review_date("release", gone, policy)
    found = []
    at = next_recalculation(notice, policy)
    while notice < at <= release:
        found.append(at)
        at = next_recalculation(at, policy)
    reduction = review_date("reduction", found[0], policy, holidays) if found else None
    return Calendar(approved, notice, due, tuple(found), reduction, gone, release)


def cost_of_capital(cent_days: Any, yearly_rate: Any) -> Any:
    """D18: a deposit bears no interest; what the money costs its owner, in the amount's cents.

    ``cent_days`` is the sum of amount × days, the rate in units of 1e-9 a year of 365 days;
    rounded once.
    """
    return mul_div(cent_days, yearly_rate, RATE_UNIT * YEAR_DAYS)


def published_reduction(amount: Any, policy: View) -> Any:
    """D15: the amount less the mean reduction that was published; no seller's own."""
    return amount - share(amount, policy.ratio("reduction_published_share"))
