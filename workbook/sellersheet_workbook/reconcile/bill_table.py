"""A bill as it comes: which of its columns are meant, and one table of amounts from them.

Of each amount it is found which way it goes: a charge is positive, what is paid back negative.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np

from sellersheet import columns
from sellersheet.cells import word
from sellersheet.exchange import FxRates
from sellersheet.intake import vocabulary
from sellersheet.intake.doubts import Asked
from sellersheet.intake.grid import Grid
from sellersheet.intake.headers import TableProblem, listed
from sellersheet.money import Ints, Mask
from sellersheet.rules.difference_causes import REFUND, SUBSIDY
from sellersheet.rules.fees import FEE_PARTS
from sellersheet.tables import Table, read_table
from sellersheet.wording import Problem, Wording

PARTS: Final = tuple(columns.column("results", key).charge for key in FEE_PARTS)
AMOUNTS: Final = (*PARTS, "freight_more", "fee", "amount")
CHARGES: Final = columns.column("bill", "part").choices
_IN: Final = [item.key for item in columns.column("bill", "direction").choices].index("in")
_NO_TYPE: Final = "—"
_SHOWN: Final = 5  # charge types that nobody knows
OTHER, SUM = len(PARTS), len(PARTS) + 1  # columns of the amounts beside the parts
_CHARGED: Final = [*range(REFUND), SUM]  # what is a charge and never a refund


class BillProblem(Problem):
    """A bill that can't be compared at all."""

    wording = Wording("sellersheet_workbook.reconcile", "problems.toml")


def read_bill_table(
    grid: Grid, fx: FxRates, rename: Mapping[str, str], charges: Mapping[str, str]
) -> tuple[Table, str]:
    """The typed table ``bill``, and the header of a charge type that is not used because
    every charge has a column of its own; "" for none.

    ``rename`` says which column a header stands for (``ignore``: none), ``charges`` which
    part a word of the charge type stands for.
    """
    known = {item.key for item in CHARGES}
    for text, key in charges.items():
        if key not in known:
            raise BillProblem("no_charge", word=text, key=key, keys=", ".join(sorted(known)))
    words = {word(text): key for text, key in charges.items()}
    # A charge without a type is refused as a word that is not known.
    asked = Asked(columns=rename, words={"part": {"": _NO_TYPE, **_of_the_mode(), **words}})
    unused = ""
    try:
        table = read_table(grid, "bill", fx=fx, asked=asked)
        if _typed_beside_parts(table) and table.header["part"] not in rename:
            unused = table.header["part"]
        # What was received beside columns of the charges, or a sum of them, is the payout.
        spare = {unused} if unused else set()
        if unused or "part" not in table.header:
            spare |= {table.header.get("received", "")} - {"", *rename}
        if spare:
            ignored = dict.fromkeys(spare, vocabulary.IGNORE)
            asked = replace(asked, columns={**rename, **ignored})
            table = read_table(grid, "bill", fx=fx, asked=asked)
    except TableProblem as problem:
        raise _as_bill_problem(problem) from problem
    _require(table)
    return table, unused


def unknown_charges(table: Table) -> BillProblem | None:
    """The charge types that the bill uses and nobody knows; None where there are none."""
    issues = table.issues
    at = next((place for place, item in enumerate(issues.columns) if item.key == "part"), None)
    if at is None:
        return None
    cells = issues.cells[at].take(issues.at[np.asarray(issues.which) == at])
    words = [str(cell) for cell in cells[~cells.isna()].unique() if cell != _NO_TYPE]
    if not words:
        return None
    return BillProblem(
        "unknown_charges", words=words[:_SHOWN], word=words[0], key=_likely(words[0])
    )


def _likely(text: str) -> str:
    """The charge with the longest name in the text, to name it in an example."""
    found = [
        (len(name), item.key) for item in CHARGES for name in _names(item) if name in word(text)
    ]
    return max(found, default=(0, "other"))[1]


def _of_the_mode() -> dict[str, str]:
    """The names of the charges with the mode's name before them: 半托管物流费."""
    return {f"{vocabulary.MODE}{name}": item.key for item in CHARGES for name in _names(item)}


def _names(charge: columns.Choice) -> list[str]:
    return [word(name) for name in (charge.zh, charge.en, *charge.also)]


def shown_parts(table: Table) -> set[str]:
    """The parts that have columns of their own."""
    keys = {key.partition("+")[0] for key in table.header}
    return (keys & set(PARTS)) | ({"freight"} if "freight_more" in keys else set())


def came_in(table: Table) -> Mask:
    """The rows whose money the seller received, by a column that says so."""
    if "direction" not in table.columns:
        return np.zeros(table.n, dtype=bool)
    found: Mask = (table.columns["direction"] == _IN) & ~table.blank["direction"] & table.used
    return found


def _typed_beside_parts(table: Table) -> bool:
    """Whether a charge type stands beside columns of the charges and no amount of its own."""
    there = set(table.header)
    return "part" in there and not {"amount", "fee"} & there and bool(shown_parts(table))


def _as_bill_problem(problem: TableProblem) -> Problem:
    """What is said of a bill where it differs from what is said of other tables."""
    if problem.code in ("missing", "missing_near"):
        looked = ", ".join(vocabulary.names_of("bill", "order_id")[1:12])
        fields = {"looked": looked, "headers": problem.fields["headers"]}
        if near := problem.fields.get("near"):
            return BillProblem("no_order_near", near=near, **fields)
        return BillProblem("no_order", **fields)
    return problem


def _require(table: Table) -> None:
    there = table.header
    if "part" not in there:
        for key, matters in (("received", True), ("direction", bool(came_in(table).any()))):
            if key in there and matters:
                raise BillProblem("directions_without_type", header=there[key])
    headers = listed([fate.header for fate in table.fates])
    if "part" in there and not {"amount", "fee"} & set(there):
        raise BillProblem("no_type", header=there["part"], headers=headers)
    parts = shown_parts(table)
    if "part" in there and any(table.columns[key].any() for key in parts & set(there)):
        named = [there[key] for key in PARTS if key in there]
        amount = there.get("amount", there.get("fee", ""))
        fields = {"type": there["part"], "amount": amount, "first": named[0]}
        raise BillProblem("type_and_parts", parts=named, **fields)
    if not set(AMOUNTS) & set(there):
        titles = {key: columns.column("bill", key) for key in (*AMOUNTS, "part")}
        raise BillProblem(
            "no_amounts",
            parts=", ".join(f"{titles[key].zh} {titles[key].en}" for key in PARTS),
            sums=f"{titles['fee'].zh} {titles['fee'].en}",
            part=f"{titles['part'].zh} {titles['part'].en}",
            amount=f"{titles['amount'].zh} {titles['amount'].en}",
            headers=headers,
            keys=", ".join((*AMOUNTS, "part")),
        )


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
