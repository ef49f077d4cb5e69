"""Fees of many rows. F15, order and line: rows of one order share what is charged once."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np

from sellersheet.money import Ints, Mask
from sellersheet.policy import Policy
from sellersheet.rules.fees import (
    BUYER_FAILED,
    BUYER_OPEN,
    BUYER_PASSED,
    NO_RETURN,
    SELLER_FAULT,
    FeeParts,
    Orders,
    order_fees,
)


class Groups(NamedTuple):
    """Rows that share an order with another row, sorted by order.

    ``rows`` are row numbers, ``first`` the places in ``rows`` where an order begins,
    ``order`` the order's number for each of ``rows``.
    """

    rows: Ints
    first: Ints
    order: Ints


def shared_orders(order: Ints | None, use: Mask) -> Groups | None:
    """The rows in use whose order has more than one row in use; None where there are none."""
    if order is None:
        return None
    rows = np.flatnonzero(use)
    rows = rows[np.argsort(order[rows], kind="stable")]
    codes = order[rows]
    same = codes[1:] == codes[:-1]
    if not same.any():
        return None
    several = np.zeros(len(rows), dtype=bool)
    several[1:] |= same
    several[:-1] |= same
    rows, codes = rows[several], codes[several]
    begins = np.ones(len(rows), dtype=bool)
    begins[1:] = codes[1:] != codes[:-1]
    return Groups(rows, np.flatnonzero(begins), np.cumsum(begins) - 1)


def as_orders(lines: Orders, groups: Groups) -> Orders:
    """F15: the orders that the grouped lines make up.

    Amounts and freight quotes add up; an order is oversize, late or in its own box if any
    line is; it is the seller's fault if any line is, and a passed (or failed) return only
    if every line came back and passed (or failed).
    """
    rows, first = groups.rows, groups.first
    case = lines.return_case[rows]
    fault = np.logical_or.reduceat(case == SELLER_FAULT, first)
    passed = np.logical_and.reduceat(case == BUYER_PASSED, first)
    failed = np.logical_and.reduceat(case == BUYER_FAILED, first)
    # Nothing failed or stayed with the buyer: passed, once the open inspections have passed.
    back = np.logical_and.reduceat((case == BUYER_PASSED) | (case == BUYER_OPEN), first)
    return Orders(
        paid=np.add.reduceat(lines.paid[rows], first),
        logistics=np.add.reduceat(lines.logistics[rows], first),
        oversize=np.logical_or.reduceat(lines.oversize[rows], first),
        inbound_days=np.maximum.reduceat(lines.inbound_days[rows], first),
        standard_box=np.logical_and.reduceat(lines.standard_box[rows], first),
        return_case=np.select(
            [fault, passed, failed, back],
            [SELLER_FAULT, BUYER_PASSED, BUYER_FAILED, BUYER_OPEN],
            NO_RETURN,
        ),
    )


def allocate(totals: Ints, weights: Ints, groups: Groups) -> Ints:
    """F15: each order's cents shared among its lines by weight, by largest remainder.

    ``totals`` has one value an order, ``weights`` one a line (≥ 0; all zero: equal
    shares). Of equal remainders the earlier line is served first. The parts always add
    up to the total.
    """
    if not totals.any():
        return np.zeros(len(weights), dtype=np.int64)
    first, order = groups.first, groups.order
    whole = np.add.reduceat(weights, first)
    weights = np.where((whole == 0)[order], 1, weights)
    whole = np.where(whole == 0, np.diff(first, append=len(order)), whole)
    product, per_line = _product(np.abs(totals)[order], weights, whole[order])
    parts = (product // per_line).astype(np.int64)
    remainder = (product % per_line).astype(np.int64)
    left = np.abs(totals) - np.add.reduceat(parts, first)
    rank = np.empty(len(order), dtype=np.int64)
    rank[_served(order, remainder)] = np.arange(len(order)) - first[order]
    parts += rank < left[order]
    signed: Ints = np.where((totals < 0)[order], -parts, parts)
    return signed


def line_fees(lines: Orders, groups: Groups | None, days: Ints, policy: Policy) -> FeeParts:
    """F1 to F15: the parts of every row, in cents; lines add up to their order.

    ``days`` are the rows' dates in days since 1970-01-01; an order goes by its first line's.
    """
    fees = fees_of_rows(lines, days, policy)
    if groups is not None:
        order_days = days[groups.rows[groups.first]]
        totals = fees_of_rows(as_orders(lines, groups), order_days, policy)
        weights = lines.paid[groups.rows]
        for part, total in zip(fees, totals, strict=True):
            part[groups.rows] = allocate(total, weights, groups)
    return fees


def _served(order: Ints, remainder: Ints) -> Ints:
    """The lines order by order, each order's largest remainder first, ties in their sequence."""
    span = int(remainder.max()) + 1
    if (int(order[-1]) + 1) * span > np.iinfo(np.int64).max:
        return np.lexsort((-remainder, order))
    # Nearly sorted already, which makes it far faster than a sort by two keys.
    served: Ints = np.argsort(order * span - remainder, kind="stable")
    return served


def _product(amount: Ints, weights: Ints, whole: Ints) -> tuple[Any, Any]:
    """``amount × weights`` and the divisor, in unbounded integers where int64 is too small."""
    if int(amount.max()) * int(weights.max()) <= np.iinfo(np.int64).max:
        return amount * weights, whole
    return amount.astype(object) * weights.astype(object), whole.astype(object)


# 32,768 rows of eight int64 columns are 2 MiB: larger blocks spill, smaller ones cost calls.
BLOCK: Final = 32_768


def fees_of_rows(orders: Orders, days: Ints, policy: Policy) -> FeeParts:
    """F1 to F14 for every row, each by the rules of its own day (days since 1970-01-01)."""
    count = len(days)
    parts = FeeParts(*(np.empty(count, dtype=np.int64) for _ in FeeParts._fields))
    for begin in range(0, count, BLOCK):
        block = slice(begin, begin + BLOCK)
        fees = order_fees(Orders(*(column[block] for column in orders)), policy.on(days[block]))
        for part, fee in zip(parts, fees, strict=True):
            part[block] = fee
    return parts
