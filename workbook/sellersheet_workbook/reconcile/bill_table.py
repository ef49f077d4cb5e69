"""A bill as it comes: which of its columns are meant, and one table of amounts from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from sellersheet import columns
from sellersheet.cells import word
from sellersheet.exchange import FxRates
from sellersheet.intake import vocabulary
from sellersheet.intake.asked import Asked
from sellersheet.intake.grid import Grid
from sellersheet.intake.headers import TableProblem, listed
from sellersheet.rules.fees import FEE_PARTS
from sellersheet.tables import Table, read_table
from sellersheet.wording import Problem, Wording

PARTS: Final = tuple(columns.column("results", key).charge for key in FEE_PARTS)
AMOUNTS: Final = (*PARTS, "freight_more", "fee", "amount")
CHARGES: Final = columns.column("bill", "part").choices
_NO_TYPE: Final = "—"


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
    asked = Asked(columns=rename, words={"part": {"": _NO_TYPE, **words}})
    unused = ""
    try:
        table = read_table(grid, "bill", fx=fx, asked=asked)
        if _typed_beside_parts(table) and table.header["part"] not in rename:
            unused = table.header["part"]
            asked = replace(asked, columns={**rename, unused: vocabulary.IGNORE})
            table = read_table(grid, "bill", fx=fx, asked=asked)
    except TableProblem as problem:
        raise _as_bill_problem(problem) from problem
    _require(table)
    return table, unused


def shown_parts(table: Table) -> set[str]:
    """The parts that have columns of their own."""
    keys = {key.partition("+")[0] for key in table.header}
    return (keys & set(PARTS)) | ({"freight"} if "freight_more" in keys else set())


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
    headers = listed([fate.header for fate in table.fates])
    if "part" in there and not {"amount", "fee"} & set(there):
        raise BillProblem("no_type", header=there["part"], headers=headers)
    parts = shown_parts(table)
    if "part" in there and any(table.columns[key].any() for key in parts & set(there)):
        named = [there[key] for key in PARTS if key in there]
        amount = there.get("amount", there.get("fee", ""))
        fields = {"type": there["part"], "amount": amount, "parts": "、".join(named)}
        raise BillProblem("type_and_parts", **fields, first=named[0])
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
