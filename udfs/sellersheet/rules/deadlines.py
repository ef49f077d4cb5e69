"""When something is due: P1, P2, D12, D15, D22, E11."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Final, TypeVar

from sellersheet.policy import View

# What is waited for -> the policy's days or hours.
REVIEW_VALUES: Final = {
    "notice": "notice_working_days",
    "due": "payment_due_hours",
    "recalculation": "recalculation_days",
    "reduction": "reduction_review_days",
    "rereview": "tracking_rereview_days",
    "application": "join_review_days",
    "release": "dispute_days",
}
Day = TypeVar("Day", date, datetime)
_CALENDAR_DAYS: Final = ("recalculation", "release")


def sync_deadline(inbound: datetime, policy: View) -> datetime:
    """P1: attributes complete and 【同步至半托管】 clicked this long before the goods arrive."""
    return inbound - timedelta(hours=policy.number("sync_before_hours"))


def after_sales_deadline(request: datetime, self_run: bool, policy: View) -> datetime:
    """P2: when the buyer's request must have been answered."""
    name = "after_sales_hours_self" if self_run else "after_sales_hours_semi"
    return request + timedelta(hours=policy.number(name))


def deposit_notice(approved: datetime, policy: View, holidays: Collection[date] = ()) -> datetime:
    """D12: the notice comes this many working days after approval, at the same time of day."""
    return add_working_days(approved, policy.number("notice_working_days"), holidays)


def deposit_due(notice: datetime, policy: View) -> datetime:
    """D12: payment is due this many hours after the notice; calendar hours, not working ones."""
    return notice + timedelta(hours=policy.number("payment_due_hours"))


def next_recalculation(last: Day, policy: View) -> Day:
    """D15: the deposit is worked out anew this many days later."""
    return last + timedelta(days=policy.number("recalculation_days"))


def review_date(
    what: str, since: datetime, policy: View, holidays: Collection[date] = ()
) -> datetime:
    """D12, D15, D16, D22, E11: when what is waited for comes, at the same time of day.

    ``what`` is a key of ``REVIEW_VALUES``. A payment is due after calendar hours, the
    recalculation and the release after calendar days, the others after working days.
    """
    if what == "due":
        return deposit_due(since, policy)
    span = policy.number(REVIEW_VALUES[what])
    if what in _CALENDAR_DAYS:
        return since + timedelta(days=span)
    return add_working_days(since, span, holidays)


def add_working_days(moment: datetime, days: int, holidays: Collection[date] = ()) -> datetime:
    """``days`` working days later: Monday to Friday, without the holidays given."""
    closed = set(holidays)
    while days > 0:
        moment += timedelta(days=1)
        if moment.weekday() < 5 and moment.date() not in closed:
            days -= 1
    return moment
