"""When something is due: P1, P2, D12, D15."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from sellersheet.policy import View


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


def next_recalculation(last: date, policy: View) -> date:
    """D15: the deposit is worked out anew this many days later."""
    return last + timedelta(days=policy.number("recalculation_days"))


def add_working_days(moment: datetime, days: int, holidays: Collection[date] = ()) -> datetime:
    """``days`` working days later: Monday to Friday, without the holidays given."""
    closed = set(holidays)
    while days > 0:
        moment += timedelta(days=1)
        if moment.weekday() < 5 and moment.date() not in closed:
            days -= 1
    return moment
