"""SYNCDEADLINE, AFTERSALESDEADLINE, REVIEWDATE: when something is due or done."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from sellersheet.columns import column
from sellersheet.days import moment_of
from sellersheet.functions.answers import gives_a_value
from sellersheet.functions.blocks import CallProblem, ErrorCell, error_text, rows_of
from sellersheet.functions.lookup import row_by_row
from sellersheet.functions.ranges import terms
from sellersheet.functions.rows import read_rows
from sellersheet.issues import seen
from sellersheet.rules.deadlines import (
    REVIEW_VALUES,
    after_sales_deadline,
    review_date,
    sync_deadline,
)

_AFTER_SALES: Final = ("after_sales_hours_semi", "after_sales_hours_self")
_WHAT: Final = tuple(choice.key for choice in column("arguments", "what").choices)


@gives_a_value
def SYNCDEADLINE(  # noqa: N802 - the name in Excel
    inbound_time: Any, as_of: Any = None, policy: Any = None
) -> Any:
    """P1: by when product data must be synced, as a date-time."""
    used = terms(policy)
    call = read_rows(("inbound_time",), inbound_time=inbound_time, as_of=as_of)
    call.rules(used, ("sync_before_hours",))
    return row_by_row(
        call,
        lambda at, day: sync_deadline(at, used.on(int(day))),
        call["inbound_time"],
        call.days(),
    )


@gives_a_value
def AFTERSALESDEADLINE(  # noqa: N802
    request_time: Any, mode: Any = None, as_of: Any = None, policy: Any = None
) -> Any:
    """P2: by when the buyer's request must be answered, as a date-time."""
    used = terms(policy)
    call = read_rows(("request_time",), request_time=request_time, mode=mode, as_of=as_of)
    call.rules(used, _AFTER_SALES)
    return row_by_row(
        call,
        lambda at, self_run, day: after_sales_deadline(at, bool(self_run), used.on(int(day))),
        call["request_time"],
        call["mode"] == 1,
        call.days(),
    )


@gives_a_value
def REVIEWDATE(  # noqa: N802
    what: Any, since: Any, holidays: Any = None, as_of: Any = None, policy: Any = None
) -> Any:
    """D22, E11: when a notice, payment, review or refund is due, as a date-time.

    Working days are Monday to Friday without the ``holidays`` given.
    """
    used, closed = terms(policy), read_holidays(holidays)
    call = read_rows(("what", "since"), what=what, since=since, as_of=as_of)
    call.rules(used, REVIEW_VALUES.values())
    return row_by_row(
        call,
        lambda kind, at, day: review_date(_WHAT[int(kind)], at, used.on(int(day)), closed),
        call["what"],
        call["since"],
        call.days(),
    )


def read_holidays(block: Any) -> frozenset[date]:
    """The days of a range; blanks and a header are passed over, other words are a CallProblem."""
    found = set()
    for at, row in enumerate(rows_of(block)):
        for cell in row:
            error = error_text(cell)
            if error is not None:
                raise ErrorCell(error)
            moment, wrong = moment_of(cell)
            if wrong and not (at == 0 and isinstance(cell, str)):
                raise CallProblem("holiday", value=seen(cell))
            if moment is not None:
                found.add(moment.date())
    return frozenset(found)
