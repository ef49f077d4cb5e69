"""When a deposit's money is due, reviewed and free, and what it costs meanwhile: D22."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from sellersheet.money import RATE_UNIT, mul_div, share
from sellersheet.policy import View
from sellersheet.rules.deadlines import deposit_due, deposit_notice, next_recalculation, review_date

CALENDAR_VALUES: Final = (
    *("notice_working_days", "payment_due_hours", "recalculation_days"),
    *("reduction_review_days", "dispute_days", "reduction_published_share"),
)
YEAR_DAYS: Final = 365


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
