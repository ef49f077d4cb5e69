"""Every difference beyond the tolerance with its likely cause, as columns."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

import numpy as np

from sellersheet.money import Floats, Ints, Mask, Ratio, share
from sellersheet.rules.difference_causes import (
    FREIGHT,
    OPERATION,
    PART_OF,
    REFUND,
    SERVICE,
    WHOLE,
    Cause,
    Combination,
    States,
    remaining,
)
from sellersheet.rules.differences import Extra, explain
from sellersheet.rules.fees import BUYER_PASSED
from sellersheet_workbook.reconcile.bill import Bill, Slot
from sellersheet_workbook.reconcile.matching import SEVERAL_SHOPS, OrderSide, matched

MERGED: Final = WHOLE + 1  # the part of a row that covers several parts
TOTAL: Final = WHOLE + 2  # of one about a total that is not the sum of its parts
_MOST_SLACK: Final = 5  # cents by which causes may miss a difference, whatever the tolerance
_RATE_STEP: Final = 1000  # another service rate is looked for in steps of 0.1 %
_RATE_ORDERS: Final = 5  # that must agree on it
_SURE_CAUSES: Final = 2  # so many, found in one sum, are sure enough to claim
_EVERY: Final = tuple(range(WHOLE))


@dataclass(frozen=True)
class Differences:
    """One element a cause: amounts in cents, ``charged - due = amount``.

    ``order`` is a place among the orders, ``part`` one of the parts, WHOLE or MERGED,
    ``slot`` the place of the amount in the bill. ``apart``: that amount is the part's own;
    ``exact``: nothing of the difference is left over.
    ``sure`` where the cause is the only one and may be claimed if it can be claimed at all;
    ``rate`` is the service rate that the bill implies; ``option`` names the alternatives of
    an ambiguous one.
    """

    order: Ints
    slot: Ints
    part: Ints
    due: Ints
    amount: Ints
    cause: Ints
    option: Ints
    apart: Mask
    exact: Mask
    sure: Mask
    rate: Floats


@dataclass(frozen=True)
class Comparison:
    """The orders beside the bill. ``due`` and ``charged``: one row an order, one column a
    slot of the bill; ``compared`` marks what stands on both sides."""

    due: Ints
    charged: Ints
    compared: Mask
    place: Ints  # of each order of the bill among the orders
    both: Mask  # orders that stand in the bill
    shared: Mask  # orders whose number stands in the bill and may be another shop's
    bare: Mask  # orders of which the bill has no charge that could be compared
    bill_order: Ints  # the first order of the bill for each order
    differences: Differences
    alternatives: tuple[tuple[Combination, ...], ...]


def compare(orders: OrderSide, bill: Bill, tolerance: int) -> Comparison:
    """Match the two sides and explain what differs by more than ``tolerance`` cents."""
    place = matched(orders, bill)
    found = np.flatnonzero(place >= 0)
    charged = np.zeros((orders.n, len(bill.slots)), dtype=np.int64)
    again = np.zeros_like(charged)
    np.add.at(charged, place[found], bill.charged[found])
    np.add.at(again, place[found], bill.again[found])
    due = np.stack([orders.due[:, list(slot)].sum(axis=1) for slot in bill.slots], axis=1)
    both, refused, whole, charges = (np.zeros(orders.n, dtype=bool) for _ in range(4))
    both[place[found]] = True
    refused[place[found[bill.refused[found]]]] = True
    whole[place[found[bill.whole[found]]]] = True
    charges[place[found[~bill.bare[found]]]] = True
    shared = np.isin(orders.order_id, bill.order_id[place == SEVERAL_SHOPS])
    bill_order = np.full(orders.n, -1, dtype=np.int64)
    bill_order[place[found[::-1]]] = found[::-1]
    freight = np.array([FREIGHT in slot for slot in bill.slots])
    compared = (both & charges & orders.sound & ~refused & ~shared)[:, None] & (
        orders.freight_known[:, None] | ~freight[None, :]
    )
    search = _Search(orders, bill, due, tolerance)
    rest = search.whole_orders(charged, again, compared, whole)
    for slot in range(len(bill.slots)):
        left = np.where(whole, 0, again[:, slot])
        search.slot(slot, charged[:, slot] - rest[:, slot], left, compared[:, slot])
    return Comparison(
        due, charged, compared, place, both, shared, both & ~charges, bill_order,
        search.result(), tuple(search.alternatives),
    )  # fmt: skip


class _Search:
    """Collects the differences, slot by slot."""

    def __init__(self, orders: OrderSide, bill: Bill, due: Ints, tolerance: int) -> None:
        self.orders, self.bill, self.due = orders, bill, due
        self.tolerance = tolerance
        self.slack = min(tolerance, _MOST_SLACK)
        self.alternatives: list[tuple[Combination, ...]] = []
        self._found: list[Differences] = []

    def whole_orders(self, charged: Ints, again: Ints, compared: Mask, whole: Mask) -> Ints:
        """What is wrong with orders as a whole, by slot: copies of every row, where fewer
        amounts (or smaller sums) are wrong without them; nothing charged at all."""
        difference = np.where(compared, charged - self.due, 0)
        copies = np.where(compared, again, 0)
        total = copies.sum(axis=1)
        wrong, left = (np.abs(amounts) for amounts in (difference, difference - copies))
        fewer = (left > self.tolerance).sum(axis=1) - (wrong > self.tolerance).sum(axis=1)
        hit = whole & ((fewer < 0) | ((fewer == 0) & (left.sum(axis=1) < wrong.sum(axis=1))))
        rows = np.flatnonzero(hit)
        due = np.where(compared, self.due, 0).sum(axis=1)
        self._add(rows, -1, WHOLE, due[rows], total[rows], Cause.ORDER_TWICE, apart=True, sure=True)
        nothing = compared.any(axis=1) & (due > 0) & ~charged.any(axis=1)
        rows = np.flatnonzero(nothing)
        self._add(rows, -1, WHOLE, due[rows], -due[rows], Cause.ORDER_MISSING, apart=True)
        return np.where(hit[:, None], copies, np.where(nothing[:, None], -self.due, 0))

    def slot(self, slot: int, charged: Ints, again: Ints, compared: Mask) -> None:
        """The causes of one amount of the bill."""
        parts = self.bill.slots[slot]
        again = np.where(np.abs(again) < np.abs(charged), again, 0)
        if parts in ((SERVICE,), (FREIGHT,)):
            charged = charged - self._copies(slot, charged, again, compared)
        difference = np.where(compared, charged - self.due[:, slot], 0)
        rows = np.flatnonzero(np.abs(difference) > self.tolerance)
        states = States(*(column[rows] for column in self.orders.states))
        extras = [] if len(parts) == 1 else self._extras(parts, rows, slot)
        difference = difference[rows]
        if SERVICE in parts and len(parts) > 1:
            extras += self._other_rate(difference, parts, states, extras, rows)
        found = explain(difference, parts, states, extras, self.slack)
        for number, option in enumerate(found.options):
            at = np.flatnonzero(found.option == number)
            if len(option) > 1:
                self.alternatives.append(option)
                self._whole_slot(rows[at], slot, difference[at], Cause.AMBIGUOUS)
            else:
                self._causes(rows[at], slot, option[0], difference[at], found.off[at],
                             {extra.cause: extra.amount[at] for extra in extras})  # fmt: skip
        at = np.flatnonzero(found.option < 0)
        self._remaining(rows[at], slot, difference[at], charged[rows[at]])

    def result(self) -> Differences:
        """Everything found, by order and part."""
        columns = {
            field.name: np.concatenate([getattr(item, field.name) for item in self._found])
            for field in fields(Differences)
        }
        order = np.lexsort((columns["part"], columns["order"]))
        return Differences(**{name: column[order] for name, column in columns.items()})

    def _copies(self, slot: int, charged: Ints, again: Ints, compared: Mask) -> Ints:
        """A service fee or freight whose row stands there twice."""
        difference = charged - self.due[:, slot]
        hit = compared & (again != 0) & (np.abs(difference) > self.tolerance)
        hit &= np.abs(difference - again) < np.abs(difference)
        rows = np.flatnonzero(hit)
        part = self.bill.slots[slot][0]
        cause = Cause.SERVICE_TWICE if part == SERVICE else Cause.FREIGHT_TWICE
        self._add(rows, slot, part, self.due[rows, slot], again[rows], cause, apart=True, sure=True)
        return np.where(hit, again, 0)

    def _extras(self, parts: Slot, rows: Ints, slot: int) -> list[Extra]:
        """What may differ by an amount of the order's own where parts stand in one sum."""
        due = self.due[rows, slot]
        extras = []
        if parts == _EVERY:
            extras.append(Extra(Cause.ORDER_TWICE, np.where(due > 0, due, 0)))
        if FREIGHT in parts:
            freight, card = self.orders.due[rows, FREIGHT], self.orders.card[rows]
            other = np.where(self.orders.quoted[rows] & (card > 0), card - freight, 0)
            extras.append(Extra(Cause.FREIGHT_ABOVE_QUOTE, np.maximum(other, 0)))
            extras.append(Extra(Cause.FREIGHT_BELOW, np.minimum(other, 0)))
            extras.append(Extra(Cause.FREIGHT_MISSING, -freight))
        return extras

    def _other_rate(
        self, difference: Ints, parts: Slot, states: States, extras: list[Extra], rows: Ints
    ) -> list[Extra]:
        """A service rate other than the policy's, where several orders that nothing else
        explains agree on it."""
        open_rows = explain(difference, parts, states, extras, self.slack).option < 0
        paid, service = self.orders.paid[rows], self.orders.due[rows, SERVICE]
        # Below ¥10 a rounded cent is too large a share of the fee to tell its rate.
        tells = open_rows & (paid >= 1000)
        if tells.sum() < _RATE_ORDERS:
            return []
        steps = (service + difference)[tells] * _RATE_STEP / paid[tells]
        near = np.rint(steps).astype(np.int64)
        values, counts = np.unique(near[(near > 0) & (near < _RATE_STEP)], return_counts=True)
        for step in values[np.argsort(-counts, kind="stable")[:3]].tolist():
            other = np.asarray(share(paid, Ratio(step, _RATE_STEP))) - service
            if ((np.abs(other - difference) <= 1) & tells).sum() >= _RATE_ORDERS:
                return [
                    Extra(Cause.SERVICE_ABOVE, np.maximum(other, 0)),
                    Extra(Cause.SERVICE_BELOW, np.minimum(other, 0)),
                ]
        return []

    def _causes(
        self, rows: Ints, slot: int, causes: Combination, difference: Ints, off: Ints,
        own: dict[Cause, Ints],
    ) -> None:  # fmt: skip
        """The rows of one combination; what it leaves over is put on its first cause."""
        parts = self.bill.slots[slot]
        exact = off == 0
        sure = (exact & (len(causes) <= _SURE_CAUSES)) | (len(parts) == 1)
        for at, (cause, amount) in enumerate(causes):
            amounts = own[cause] if amount is None else np.full(len(rows), amount, dtype=np.int64)
            part = PART_OF[cause]
            due = self.due[rows, slot] if part == WHOLE else self.orders.due[rows, part]
            amounts = amounts + off if at == 0 else amounts
            self._add(rows, slot, part, due, amounts, cause, len(parts) == 1, sure, exact)

    def _remaining(self, rows: Ints, slot: int, difference: Ints, charged: Ints) -> None:
        parts = self.bill.slots[slot]
        if len(parts) != 1:
            self._whole_slot(rows, slot, difference, Cause.UNEXPLAINED)
            return
        passed = self.orders.states.return_case[rows] == BUYER_PASSED
        cause = remaining(parts[0], difference, charged, self.orders.quoted[rows], passed)
        due = self.due[rows, slot]
        for code in np.unique(cause).tolist():
            at = np.flatnonzero(cause == code)
            meant = Cause.UNEXPLAINED if code < 0 else Cause(code)
            self._add(rows[at], slot, parts[0], due[at], difference[at], meant, True, sure=True)

    def _whole_slot(self, rows: Ints, slot: int, difference: Ints, cause: Cause) -> None:
        parts = self.bill.slots[slot]
        part = parts[0] if len(parts) == 1 else MERGED if parts else TOTAL
        part = OPERATION if parts == (OPERATION, REFUND) else part
        self._add(rows, slot, part, self.due[rows, slot], difference, cause, len(parts) == 1)

    def _add(
        self, rows: Ints, slot: int, part: int, due: Ints, amount: Ints, cause: Cause,
        apart: bool, sure: Mask | bool = False, exact: Mask | bool = True,
    ) -> None:  # fmt: skip
        count = len(rows)
        paid = self.orders.paid[rows]
        rate = np.full(count, np.nan)
        if cause in (Cause.SERVICE_ABOVE, Cause.SERVICE_BELOW):
            rate = np.divide(due + amount, paid, out=rate, where=paid > 0)
        option = len(self.alternatives) - 1 if cause == Cause.AMBIGUOUS else -1
        self._found.append(
            Differences(
                order=rows,
                slot=np.full(count, slot),
                part=np.full(count, part),
                due=due,
                amount=amount,
                cause=np.full(count, int(cause)),
                option=np.full(count, option),
                apart=np.full(count, apart),
                exact=np.broadcast_to(np.asarray(exact), (count,)),
                sure=np.broadcast_to(np.asarray(sure), (count,)),
                rate=rate,
            )
        )
