"""Times by which something must be done (D12, P1, P2)."""

import datetime as dt
from collections.abc import Collection
from fractions import Fraction

from .rounding import half_away

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


def reduction_reviewed(asked: dt.datetime, holidays: Collection[dt.date] = ()) -> dt.datetime:
    """T+2 working days after a reduction was asked for (D15)."""
    return deposit_notice(deposit_notice(asked, holidays), holidays)


def deposit_calendar(
    approved: dt.datetime, left: dt.datetime | None = None, holidays: Collection[dt.date] = ()
) -> dict[str, list[dt.datetime]]:
    """D22, day by day: every recalculation is counted out until the release."""
    notice = deposit_notice(approved, holidays)
    due = deposit_due(notice)
    gone = left or due
    release = gone + dt.timedelta(days=180)
    recalculations, days, day = [], 0, notice
    while day < release:
        day += dt.timedelta(days=1)
        days += 1
        if days % 30 == 0 and day <= release:
            recalculations.append(day)
    return {
        "approved": [approved],
        "notice": [notice],
        "due": [due],
        "recalculation": recalculations,
        "reduction": [reduction_reviewed(recalculations[0], holidays)],
        "left": [gone],
        "release": [release],
    }


def frozen_cost(
    amount_cents: int,
    rate: Fraction,
    paid: dt.datetime,
    release: dt.datetime,
    lower_from: dt.datetime | None = None,
) -> int:
    """What the frozen money costs in cents, added up day by day; from ``lower_from`` on less
    the published 31.7 %, the lower deposit rounded to the cent."""
    lower = amount_cents - half_away(amount_cents * Fraction(317, 1000))
    held, day = 0, paid.date()
    while day < release.date():
        held += lower if lower_from and day >= lower_from.date() else amount_cents
        day += dt.timedelta(days=1)
    return half_away(held * rate / 365)
