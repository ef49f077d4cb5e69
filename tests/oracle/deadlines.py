"""Times by which something must be done (D12, P1, P2)."""

import datetime as dt
from collections.abc import Collection

REPLY_HOURS = {"semi": 48, "self": 72}


def deposit_notice(approved: dt.datetime, holidays: Collection[dt.date] = ()) -> dt.datetime:
    """The next working day (Monday to Friday, no holiday) after approval, same time of day."""
    notice = approved + dt.timedelta(days=1)
    while notice.isoweekday() > 5 or notice.date() in holidays:
        notice += dt.timedelta(days=1)
    return notice


def deposit_due(notice: dt.datetime) -> dt.datetime:
    """Payment is due 72 hours after the notice; weekends count."""
    return notice + dt.timedelta(hours=72)


def sync_deadline(inbound: dt.datetime) -> dt.datetime:
    """Product data must be synced 72 hours before the goods arrive at the warehouse (P1)."""
    return inbound - dt.timedelta(hours=72)


def after_sales_deadline(request: dt.datetime, mode: str = "semi") -> dt.datetime:
    """Reply to a buyer's request within 48 hours, or 72 when self-run (P2)."""
    return request + dt.timedelta(hours=REPLY_HOURS[mode])
