"""EXPLAIN: an order's fees as one line that can be sent to somebody."""

from __future__ import annotations

from typing import Any

import numpy as np

from sellersheet.days import date_of
from sellersheet.explain import Order, Told, in_one_line
from sellersheet.functions.answers import gives_a_value
from sellersheet.functions.fees import order_marks, semi_fees
from sellersheet.functions.ranges import CallTerms, view
from sellersheet.functions.rows import OK
from sellersheet.orders.marks import quoted_figures, reasons
from sellersheet.rules.fees import FeeParts


@gives_a_value
def EXPLAIN(  # noqa: N802 - the name in Excel
    paid: Any,
    logistics: Any,
    parcel: Any = None,
    inbound_days: Any = None,
    standard_box: Any = None,
    return_case: Any = None,
    as_of: Any = None,
    policy: Any = None,
) -> Any:
    """F1 to F11, F14: each order's total with its parts, their arithmetic, rules and standing.

    A row that SEMIFEE has no number for gives what SEMIFEE gives.
    """
    call, fees, rules, used = semi_fees(
        paid, logistics, parcel, inbound_days, standard_box, return_case, as_of, policy
    )
    rows = call.n or 1
    columns = [np.broadcast_to(np.asarray(part), rows) for part in fees]
    given = ("paid", "inbound_days", "parcel", "return_case")
    paid_cents, days, sizes, cases = (np.broadcast_to(call[name], rows) for name in given)
    on = np.broadcast_to(call.days(), rows)
    marks = np.broadcast_to(order_marks(call, rules), rows)
    told: dict[int, Told] = {}
    notes: dict[tuple[int, int], str] = {}
    lines = np.full(rows, "", dtype=object)
    for at in np.flatnonzero(np.broadcast_to(call.codes, rows) == OK).tolist():
        day, mark = int(on[at]), int(marks[at])
        if day not in told:
            told[day] = Told(used.policy, used.lang, date_of(day))
        if (day, mark) not in notes:
            notes[day, mark] = _note(mark, day, used)
        order = Order(int(paid_cents[at]), int(days[at]), bool(sizes[at] == 1), int(cases[at]))
        parts = FeeParts(*(int(column[at]) for column in columns))
        steps = told[day].quoted(parts, order)
        lines[at] = in_one_line(steps, told[day].on, used.lang, notes[day, mark])
    return call.answer(lines if call.n is not None else str(lines[0]))


def _note(mark: int, day: int, used: CallTerms) -> str:
    """What the source leaves open of an order, with the figures of its own day."""
    figures = quoted_figures(view(used, day))
    return reasons(np.array([mark], dtype=np.int64), used.lang, figures)[0]
