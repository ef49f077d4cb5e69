"""Which way each amount of a bill goes: a charge is positive, what is paid back negative."""

from __future__ import annotations

from typing import Final

import numpy as np

from sellersheet.money import Ints, Mask
from sellersheet.rules.difference_causes import REFUND, SUBSIDY
from sellersheet.tables import Table
from sellersheet_workbook.reconcile.bill_table import PARTS, BillProblem, came_in

OTHER, SUM = len(PARTS), len(PARTS) + 1  # columns of the amounts beside the parts
_CHARGED: Final = [*range(REFUND), SUM]  # what is a charge and never a refund


def total_key(table: Table) -> str:
    """The column with the amount of a row's charge, or the sum of its charges; "" for none."""
    first = ("amount", "fee") if "part" in table.columns else ("fee", "amount")
    return next((key for key in first if key in table.columns), "")


def are_told(table: Table) -> bool:
    """Whether a column says which way the money of each row went."""
    return bool({"received", "direction"} & set(table.columns))


def moved(table: Table, use: Mask) -> Ints:
    """Cents by row of a bill with a charge a row. Where a column says what the seller received, or
    which way the money went, a charge is positive and what was paid back is negative."""
    found, total = table.columns, total_key(table)
    money: Ints = np.where(use, found[total], 0)
    if are_told(table) and mostly(money[~came_in(table), None], below=True):
        money = -money
    if "received" in found:
        received = np.where(use, found["received"], 0)
        both = np.flatnonzero((money != 0) & (received != 0))
        if both.size:
            raise BillProblem(
                "paid_and_received",
                row=int(table.issues.sheet_rows(both[:1])[0]),
                paid=table.header[total],
                received=table.header["received"],
            )
        money = np.where(money == 0, -received, money)
    return np.where(came_in(table), -np.abs(money), money)


def turn(amounts: Ints, *, told: bool) -> bool:
    """Make charges positive and refunds negative, by what most amounts of the bill are; whether
    charges were negative. Where the directions are ``told``, all are so already."""
    if told:
        return False
    asked = _CHARGED if amounts[:, _CHARGED].any() else [OTHER]
    negative = mostly(amounts[:, asked], below=True)
    if negative:
        amounts[:, [*_CHARGED, OTHER]] *= -1
    for part, below in ((REFUND, False), (SUBSIDY, True)):
        if mostly(amounts[:, [part]], below=below):
            amounts[:, part] *= -1
    return negative


def mostly(amounts: Ints, *, below: bool) -> bool:
    """Whether more amounts are below zero than above, or the other way round."""
    under, over = int((amounts < 0).sum()), int((amounts > 0).sum())
    return under > over if below else over > under
