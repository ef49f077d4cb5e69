"""PROFIT, PROFIT_DETAIL: what an order leaves, and where it comes from."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np

from sellersheet.columns import column
from sellersheet.functions.answers import gives_a_table, gives_a_value, reasons
from sellersheet.functions.blocks import WORDS as PROBLEMS
from sellersheet.functions.cases import Case
from sellersheet.functions.costs import costs as costs_of
from sellersheet.functions.fees import order_marks, orders_of, table_of, told_marks
from sellersheet.functions.ranges import CallTerms, terms
from sellersheet.functions.rows import OK, ROW_NA, Call, read_rows
from sellersheet.money import where
from sellersheet.orders.marks import Mark
from sellersheet.policy import View
from sellersheet.rules.fees import FEE_VALUES, NO_RETURN, order_fees
from sellersheet.rules.pricing import order_profit
from sellersheet.wording import Wording

WORDS: Final = Wording("sellersheet.functions", "price.toml")
_NEEDED: Final = ("paid", "cost", "logistics")
_COLUMNS: Final = ("refunded", "goods", "other_costs")


class _Left(NamedTuple):
    """An order's money in cents: what goes out besides, what the fees are, what is left."""

    call: Call
    refund: Any
    goods: Any
    others: Any
    fees: Any
    profit: Any
    returned: Any
    rules: View
    used: CallTerms


def _left(given: dict[str, Any], costs: Any, policy: Any) -> _Left:
    """F16: goods that come back cost what of them is lost, all of it where that isn't said."""
    used, extra = terms(policy), costs_of(costs)
    call = read_rows(_NEEDED, **given)
    rules = call.rules(used, FEE_VALUES)
    returned = call["return_case"] != NO_RETURN
    call.refuse(returned & np.logical_not(call.known("refund")), ROW_NA)
    fees = order_fees(orders_of(call, call["paid"], call["logistics"]), rules)
    lost = where(call.known("goods_lost"), call["goods_lost"], call["cost"])
    goods = where(returned, lost, call["cost"] + call["goods_lost"])
    profit = order_profit(call["paid"], goods, fees, extra, refund=call["refund"])
    others = extra.total(call["paid"])
    return _Left(call, call["refund"], goods, others, fees.total, profit, returned, rules, used)


@gives_a_value
def PROFIT(  # noqa: N802 - the name in Excel
    paid: Any,
    cost: Any,
    logistics: Any,
    parcel: Any = None,
    inbound_days: Any = None,
    standard_box: Any = None,
    return_case: Any = None,
    refund: Any = None,
    costs: Any = None,
    as_of: Any = None,
    policy: Any = None,
    goods_lost: Any = None,
) -> Any:
    """F16: what an order leaves in CNY.

    With a return and ``goods_lost`` blank the whole cost of the goods counts as lost.
    """
    given = {
        "paid": paid,
        "cost": cost,
        "logistics": logistics,
        "parcel": parcel,
        "inbound_days": inbound_days,
        "standard_box": standard_box,
        "return_case": return_case,
        "refund": refund,
        "as_of": as_of,
        "goods_lost": goods_lost,
    }
    left = _left(given, costs, policy)
    return left.call.answer(left.profit / 100)


@gives_a_table(7)
def PROFIT_DETAIL(  # noqa: N802
    paid: Any,
    cost: Any,
    logistics: Any,
    parcel: Any = None,
    inbound_days: Any = None,
    standard_box: Any = None,
    return_case: Any = None,
    refund: Any = None,
    costs: Any = None,
    as_of: Any = None,
    policy: Any = None,
    goods_lost: Any = None,
    headers: Any = None,
) -> Any:
    """F16: refund, goods, other costs, fees, profit, margin, status and reason.

    One row an order, with a header row on top if asked for.
    """
    given = {
        "paid": paid,
        "cost": cost,
        "logistics": logistics,
        "parcel": parcel,
        "inbound_days": inbound_days,
        "standard_box": standard_box,
        "return_case": return_case,
        "refund": refund,
        "as_of": as_of,
        "goods_lost": goods_lost,
    }
    left = _left(given, costs, policy)
    call, lang = left.call, left.used.lang
    marks = order_marks(call, left.rules)
    assumed = left.returned & np.logical_not(call.known("goods_lost"))
    marks = marks | where(assumed, int(Mark.GOODS_LOST_ASSUMED), 0)
    answered = np.broadcast_to(call.codes, call.n or 1) == OK
    why = reasons(call, given, _NEEDED, lang, "")
    missing = left.returned & np.logical_not(call.known("refund"))
    missing = np.broadcast_to(missing, len(why))
    first_day = left.used.policy.first_day(FEE_VALUES)
    no_rule = PROBLEMS("no_rule", lang, first_day=first_day)
    for at in np.flatnonzero(np.broadcast_to(call.codes, len(why)) == ROW_NA).tolist():
        if not why[at]:
            why[at] = WORDS("refund_missing", lang) if missing[at] else no_rule
    status, notes = told_marks(call, marks, left.rules, lang)
    paid_cents = np.broadcast_to(call["paid"], call.n or 1)
    profit = np.broadcast_to(left.profit, call.n or 1)
    margin = np.where(paid_cents > 0, profit / np.where(paid_cents > 0, paid_cents, 1), 0.0)
    margins: list[Any] = call.cells(margin)
    for at in np.flatnonzero(answered & (paid_cents == 0)).tolist():
        margins[at] = ""
    money = (left.refund, left.goods, left.others, left.fees, left.profit)
    columns = [call.cells(np.asarray(part) / 100) for part in money]
    columns += [margins, status]
    columns.append([note or reason for note, reason in zip(notes, why, strict=True)])
    titles = [WORDS(key, lang) for key in _COLUMNS]
    titles += [
        column("results", key).title(lang)
        for key in ("total_fee_cny", "profit_cny", "margin", "status", "reason")
    ]
    header = titles if Case(lang, headers=headers)["headers"] else None
    return table_of(call, columns, header)
