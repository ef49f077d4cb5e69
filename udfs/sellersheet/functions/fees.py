"""SEMIFEE and its kin: what an order costs, its parts and EXPLAIN's line on them."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from sellersheet.columns import column
from sellersheet.days import date_of
from sellersheet.explain import Order, Told, in_one_line
from sellersheet.functions.answers import gives_a_table, gives_a_value, reasons
from sellersheet.functions.blocks import WORDS
from sellersheet.functions.cases import Case
from sellersheet.functions.ranges import CallTerms, terms
from sellersheet.functions.rows import OK, ROW_BLANK, ROW_NA, ROW_VALUE, Call, read_rows
from sellersheet.money import where
from sellersheet.orders.marks import Mark, Status, quoted_figures, status_words
from sellersheet.orders.marks import reasons as mark_reasons
from sellersheet.orders.marks import status as status_of
from sellersheet.policy import View
from sellersheet.rules.fees import (
    BUYER_OPEN,
    FEE_PARTS,
    FEE_VALUES,
    RETURN_VALUES,
    FeeParts,
    Orders,
    order_fees,
    return_penalty,
    rush_fee_at_risk,
)
from sellersheet.rules.freight import MG_PER_GRAM, is_oversize
from sellersheet.wording import Lang

_PAID: Final = ("paid", "logistics")
_LIMITS: Final = (
    "oversize_over_weight_g",
    "oversize_over_longest_cm",
    "oversize_over_three_sides_cm",
)


def orders_of(call: Call, paid: Any, logistics: Any) -> Orders:
    """The order arguments of a call as the rules take them."""
    return Orders(
        paid,
        logistics,
        call["parcel"] == 1,
        call["inbound_days"],
        call["standard_box"],
        call["return_case"],
    )


def semi_fees(
    paid: Any,
    logistics: Any,
    parcel: Any,
    inbound_days: Any,
    standard_box: Any,
    return_case: Any,
    as_of: Any,
    policy: Any,
) -> tuple[Call, FeeParts, View, CallTerms]:
    """The call of SEMIFEE's arguments, the parts in cents, the rules and the terms they are of."""
    used = terms(policy)
    call = read_rows(
        _PAID,
        paid=paid,
        logistics=logistics,
        parcel=parcel,
        inbound_days=inbound_days,
        standard_box=standard_box,
        return_case=return_case,
        as_of=as_of,
    )
    policy_view = call.rules(used, FEE_VALUES)
    fees = order_fees(orders_of(call, call["paid"], call["logistics"]), policy_view)
    return call, fees, policy_view, used


@gives_a_value
def SEMIFEE(  # noqa: N802 - the name in Excel
    paid: Any,
    logistics: Any,
    parcel: Any = None,
    inbound_days: Any = None,
    standard_box: Any = None,
    return_case: Any = None,
    as_of: Any = None,
    policy: Any = None,
) -> Any:
    """F1 to F11, F14: the total fee of each order in CNY."""
    call, fees, _, _ = semi_fees(
        paid, logistics, parcel, inbound_days, standard_box, return_case, as_of, policy
    )
    return call.answer(fees.total / 100)


@gives_a_table(len(FEE_PARTS) + 2)
def SEMIFEE_DETAIL(  # noqa: N802
    paid: Any,
    logistics: Any,
    parcel: Any = None,
    inbound_days: Any = None,
    standard_box: Any = None,
    return_case: Any = None,
    as_of: Any = None,
    policy: Any = None,
    headers: Any = None,
) -> Any:
    """F1 to F11, F14: the parts, total, status and reason: one row an order."""
    given = {
        "paid": paid,
        "logistics": logistics,
        "parcel": parcel,
        "inbound_days": inbound_days,
        "standard_box": standard_box,
        "return_case": return_case,
        "as_of": as_of,
    }
    call, fees, policy_view, used = semi_fees(policy=policy, **given)
    lang = used.lang
    first_day = used.policy.first_day(FEE_VALUES)
    why = reasons(call, given, _PAID, lang, WORDS("no_rule", lang, first_day=first_day))
    status, notes = told_marks(call, order_marks(call, policy_view), policy_view, lang)
    columns = [call.cells(part / 100) for part in (*fees, fees.total)]
    columns.append(status)
    columns.append([note or reason for note, reason in zip(notes, why, strict=True)])
    keys = (*FEE_PARTS, "total_fee_cny", "status", "reason")
    titles = [column("results", key).title(lang) for key in keys]
    return table_of(call, columns, titles if Case(lang, headers=headers)["headers"] else None)


@gives_a_value
def EXPLAIN(  # noqa: N802
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


def order_marks(call: Call, rules: View) -> Any:
    """F6, F10: what of an order the source leaves open, or the inspection."""
    marks = where(rush_fee_at_risk(call["inbound_days"], rules) > 0, int(Mark.RUSH_OPEN), 0)
    return marks | where(call["return_case"] == BUYER_OPEN, int(Mark.INSPECTION_OPEN), 0)


def told_marks(call: Call, marks: Any, rules: View, lang: Lang) -> tuple[list[str], list[str]]:
    """The status word and the sentences of each row: an error where it has no answer."""
    rows = call.n or 1
    codes = np.broadcast_to(call.codes, rows)
    answered = codes == OK
    marked = np.where(answered, np.broadcast_to(marks, rows), 0).astype(np.int64)
    found = np.where(answered, status_of(marked, codes == ROW_BLANK), Status.ERROR)
    found = np.where(codes == ROW_BLANK, Status.EMPTY, found).astype(np.int8)
    notes = mark_reasons(marked, lang, quoted_figures(rules))
    return status_words(found, lang).tolist(), notes.objects().tolist()


def table_of(call: Call, columns: list[list[Any]], header: list[str] | None) -> list[list[Any]]:
    """Columns as rows, blank below the rows in use, under their header where one is asked for."""
    table = [list(row) for row in zip(*columns, strict=True)]
    table += [[""] * len(columns) for _ in range(call.length - len(table))]
    return [header, *table] if header else table


@gives_a_value
def ISOVERSIZE(  # noqa: N802
    weight_g: Any,
    length_cm: Any,
    width_cm: Any,
    height_cm: Any,
    policy: Any = None,
    as_of: Any = None,
) -> Any:
    """F4: whether a parcel exceeds the assumed limits of a standard parcel.

    What is known to exceed one settles it; else a blank leaves it undecided (#N/A).
    """
    used = terms(policy)
    names = ("weight_g", "length_cm", "width_cm", "height_cm")
    given = dict(zip(names, (weight_g, length_cm, width_cm, height_cm), strict=True))
    call = read_rows(names, **given, as_of=as_of)
    call.codes = where(call.codes == ROW_NA, OK, call.codes)  # a blank one is only unknown
    rules = call.rules(used, _LIMITS)
    sides = [hundredths(call[name]) for name in names[1:]]
    large = is_oversize(
        np.rint(np.multiply(call["weight_g"], MG_PER_GRAM)),
        np.maximum.reduce(np.broadcast_arrays(*sides)),
        sides[0] + sides[1] + sides[2],
        *(rules.number(name) for name in _LIMITS),
    )
    complete: Any = True
    for name in names:
        complete = complete & call.known(name)
    call.refuse(np.logical_not(large | complete), ROW_NA)
    return call.answer(large if isinstance(large, np.ndarray) and large.ndim else bool(large))


@gives_a_value
def RETURNPENALTY(  # noqa: N802
    orders: Any,
    return_rate: Any,
    category_mean: Any,
    seller_fault_orders: Any = None,
    as_of: Any = None,
    policy: Any = None,
) -> Any:
    """F12, F13: what a return rate above the category mean costs, in CNY."""
    used = terms(policy)
    call = read_rows(
        ("orders", "return_rate", "category_mean"),
        orders=orders,
        return_rate=return_rate,
        category_mean=category_mean,
        seller_fault_orders=seller_fault_orders,
        as_of=as_of,
    )
    call.refuse(call["seller_fault_orders"] > call["orders"], ROW_VALUE)
    policy_view = call.rules(used, RETURN_VALUES)
    penalty = return_penalty(
        call["orders"],
        call["return_rate"],
        call["category_mean"],
        call["seller_fault_orders"],
        policy_view,
    )
    return call.answer(penalty / 100)


def hundredths(centimetres: Any) -> Any:
    """Centimetres in hundredths, whole."""
    return np.rint(np.multiply(centimetres, 100)).astype(np.int64)


def _note(mark: int, day: int, used: CallTerms) -> str:
    """What the source leaves open of an order, with the figures of its own day."""
    figures = quoted_figures(used.on(day))
    return mark_reasons(np.array([mark], dtype=np.int64), used.lang, figures)[0]
