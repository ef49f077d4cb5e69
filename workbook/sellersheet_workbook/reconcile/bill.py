"""The platform's bill, order by order: what was charged, part by part or in one sum."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from sellersheet.exchange import FxRates
from sellersheet.intake.grid import Grid
from sellersheet.money import Ints, Mask
from sellersheet.rules.difference_causes import FREIGHT, OPERATION, REFUND, SERVICE
from sellersheet.tables import Table
from sellersheet.wording import LANGS
from sellersheet_workbook.reconcile.bill_table import (
    CHARGES,
    OTHER,
    PARTS,
    SUM,
    BillProblem,
    are_told,
    moved,
    read_bill_table,
    shown_parts,
    total_key,
    turn,
    unknown_charges,
)

Form = Literal["parts", "sum", "charges"]
Slot = tuple[int, ...]  # the parts that one amount of the bill covers; () is none of them

_ALL: Final = tuple(range(len(PARTS)))
_NONE: Final = -1  # the place of what is no charge


@dataclass(frozen=True)
class Bill:
    """A bill; the arrays have one element an order, ``charged`` and ``again`` one column a slot.

    ``again`` is what copies of rows charge; ``whole`` marks the orders that are copied as a
    whole. ``bare`` orders have no charge that could be compared, only commission and income.
    ``absent`` are parts that the bill does not show anywhere: they are not compared.
    ``other`` and ``income`` are cents that were not compared.
    ``notes`` are what has to be known of how it was read, by code, with their fields.
    """

    table: Table
    form: Form
    slots: tuple[Slot, ...]
    absent: Slot
    shop: npt.NDArray[np.object_]
    order_id: npt.NDArray[np.object_]
    first: Ints
    refused: Mask
    charged: Ints
    again: Ints
    whole: Mask
    bare: Mask
    other: int
    income: int
    negative: bool
    totals: int
    notes: tuple[tuple[str, Mapping[str, object]], ...]

    @property
    def n(self) -> int:
        """The number of orders."""
        return len(self.order_id)

    @property
    def has_shop(self) -> bool:
        """Whether any row names its shop."""
        return bool((self.shop != "").any())


def read_bill(
    grid: Grid,
    fx: FxRates,
    rename: Mapping[str, str] | None = None,
    charges: Mapping[str, str] | None = None,
) -> Bill:
    """The bill of a file. Rows of one order add up; a bill that writes charges as negative
    amounts is turned round, and refunds are read by the sign that most of them have."""
    table, unused = read_bill_table(grid, fx, rename or {}, charges or {})
    use = table.used
    if not use.any():
        if not table.issues:
            raise BillProblem("no_rows")
        first = {f"issue_{lang}": table.issues[0].text(lang) for lang in LANGS}
        problem = BillProblem("no_sound_rows", count=len(table.issues), **first)
        if unknown := unknown_charges(table):
            raise BillProblem("several", told=(problem, unknown))
        raise problem
    notes: list[tuple[str, Mapping[str, object]]] = []
    if unused:
        notes.append(("type_not_used", {"header": unused}))
    amounts, form, counts = _amounts(table, use)
    if covered := _without_other(table, amounts, form, use):
        notes.append(("other_in_total", covered))
    negative = turn(amounts, told=are_told(table))
    if form == "charges":
        back = np.minimum(amounts[:, OPERATION], 0)
        amounts[:, REFUND] += back
        amounts[:, OPERATION] -= back
    slots, absent = _slots(table, form, amounts)
    named = ~(table.empty | table.left) & (table.columns["order_id"] != "")
    code, keys = _codes(shops_of(table), table.columns["order_id"], named)
    rows = np.flatnonzero(named & use)
    charged = _per_slot(amounts, slots, form)
    again, whole = _repeated(code[rows], amounts[rows], charged[rows], len(keys))
    return Bill(
        table=table,
        form=form,
        slots=slots,
        absent=absent,
        shop=keys["shop"].to_numpy(dtype=object),
        order_id=keys["order_id"].to_numpy(dtype=object),
        first=_first(code, named, len(keys)),
        refused=_any(code[named & table.bad], len(keys)),
        charged=_added(code[rows], charged[rows], len(keys)),
        again=again,
        whole=whole,
        bare=~_any(code[named & (counts | table.bad)], len(keys)),
        other=int(amounts[:, OTHER].sum()),
        income=_income(table, use),
        negative=negative,
        totals=int(table.doubts["total_row"].sum()) if "total_row" in table.doubts else 0,
        notes=tuple(notes),
    )


def _amounts(table: Table, use: Mask) -> tuple[Ints, Form, Mask]:
    """Cents by row: the parts, other charges, one sum; 0 in rows that are not used.
    And which rows hold a charge that can be compared."""
    amounts = np.zeros((table.n, SUM + 1), dtype=np.int64)
    found = table.columns
    for key, cents in found.items():
        meant = key.partition("+")[0]
        if meant in PARTS or meant in ("freight_more", "other"):
            at = FREIGHT if meant == "freight_more" else OTHER
            amounts[use, PARTS.index(meant) if meant in PARTS else at] += cents[use]
    if "part" in found:
        money = moved(table, use)
        place = np.array([_place(item.key) for item in CHARGES])[found["part"]]
        held = use & (place != _NONE)
        amounts[held, place[held]] += money[held]
        counts = held & (place != OTHER)
        if amounts[:, : len(PARTS)].any():
            amounts[:, SUM] = 0
            return amounts, "charges", counts
        return amounts, "sum", counts
    if total := total_key(table):
        amounts[use, SUM] = found[total][use]
        untold = use & table.blank[total]
        amounts[untold, SUM] = amounts[untold, :SUM].sum(axis=1)
    return amounts, "parts" if shown_parts(table) else "sum", use


def _income(table: Table, use: Mask) -> int:
    """What the bill pays out to the seller, in cents: no charge."""
    if "part" not in table.columns:
        return 0
    kinds = np.array([_place(item.key) == _NONE for item in CHARGES])
    rows = use & kinds[table.columns["part"]]
    keys = {total_key(table), "received"} & set(table.columns)
    return int(sum(table.columns[key][rows].sum() for key in keys))


def _place(charge: str) -> int:
    """The column of the amounts in which a charge of that kind counts."""
    if charge in PARTS:
        return PARTS.index(charge)
    return {"total": SUM, "income": _NONE}.get(charge, OTHER)


def _without_other(
    table: Table, amounts: Ints, form: Form, use: Mask
) -> Mapping[str, object] | None:
    """Take charges such as commission out of the total that covers them, unless most totals
    are without them; which headers these are."""
    total = total_key(table)
    others = [header for key, header in table.header.items() if key.startswith("other")]
    if form == "charges" or "part" in table.columns or total != "fee" or not others:
        return None
    rows = np.flatnonzero(use & (amounts[:, OTHER] != 0))
    rest = amounts[rows, SUM] - amounts[rows, : len(PARTS)].sum(axis=1)
    if (rest == 0).sum() > (rest == amounts[rows, OTHER]).sum() or not len(rows):
        return None
    amounts[rows, SUM] -= amounts[rows, OTHER]
    return {"total": table.header[total], "others": others}


def _slots(table: Table, form: Form, amounts: Ints) -> tuple[tuple[Slot, ...], Slot]:
    """What each amount covers, and the parts that nothing covers."""
    if form == "sum":
        return (_ALL,), ()
    if form == "charges":
        seen = [bool(amounts[:, part].any()) for part in _ALL]
        absent = tuple(part for part in (SERVICE, OPERATION, FREIGHT) if not seen[part])
        if OPERATION in absent:
            absent = (*absent, REFUND)
        return tuple((part,) for part in _ALL if part not in absent), absent
    shown = shown_parts(table)
    present = [part for part in _ALL if PARTS[part] in shown]
    rest = tuple(part for part in _ALL if part not in present)
    if present == [FREIGHT] and _of_a_carrier(table, amounts):
        return ((FREIGHT,), ()) if amounts[:, SUM].any() else ((FREIGHT,),), rest
    if amounts[:, SUM].any():
        return (*((part,) for part in present), rest), ()
    slots: list[Slot] = [(part,) for part in present]
    if OPERATION in present and REFUND in rest:
        slots[present.index(OPERATION)] = (OPERATION, REFUND)
        rest = tuple(part for part in rest if part != REFUND)
    return tuple(slots), rest


def _of_a_carrier(table: Table, amounts: Ints) -> bool:
    """Whether the totals of a bill are those of its freight alone."""
    return "freight_more" in table.columns or bool((amounts[:, SUM] == amounts[:, FREIGHT]).all())


def _per_slot(amounts: Ints, slots: tuple[Slot, ...], form: Form) -> Ints:
    """Rows × slots; what a total holds beside the parts shown is charged for the rest."""
    found = np.zeros((len(amounts), len(slots)), dtype=np.int64)
    shown = amounts[:, : len(PARTS)].sum(axis=1)
    for at, slot in enumerate(slots):
        if len(slot) == 1 or slot == (OPERATION, REFUND):
            found[:, at] = amounts[:, slot[0]]
        else:
            found[:, at] = amounts[:, SUM]
    if form == "parts" and amounts[:, SUM].any():
        found[:, -1] = amounts[:, SUM] - shown
    return found


def shops_of(table: Table) -> npt.NDArray[np.object_]:
    """The shop of each row, "" where none is named."""
    found: npt.NDArray[np.object_] = table.columns.get("shop", np.full(table.n, "", object))
    return found


def _codes(shops: Any, orders: Any, named: Mask) -> tuple[Ints, pd.DataFrame]:
    """One number an order, -1 for rows without an order number, and the orders' names."""
    frame = pd.DataFrame({"shop": shops[named], "order_id": orders[named]}, dtype=object)
    grouped = frame.groupby(["shop", "order_id"], sort=False)
    code = np.full(len(named), -1, dtype=np.int64)
    code[named] = grouped.ngroup().to_numpy()
    return code, frame.drop_duplicates(ignore_index=True)


def _first(code: Ints, named: Mask, count: int) -> Ints:
    first = np.zeros(count, dtype=np.int64)
    rows = np.flatnonzero(named)[::-1]
    first[code[rows]] = rows
    return first


def _any(codes: Ints, count: int) -> Mask:
    found = np.zeros(count, dtype=bool)
    found[codes] = True
    return found


def _added(code: Ints, amounts: Ints, count: int) -> Ints:
    found = np.zeros((count, amounts.shape[1]), dtype=np.int64)
    np.add.at(found, code, amounts)
    return found


def _repeated(code: Ints, amounts: Ints, charged: Ints, count: int) -> tuple[Ints, Mask]:
    """What copies of rows charge, by order and slot, and the orders that are copied whole.

    Of an order whose every row stands there at least twice all but one set are copies; of
    any other order, the rows identical to an earlier one.
    """
    used = amounts.any(axis=1)
    code, charged = code[used], charged[used]
    frame = pd.DataFrame(amounts[used])
    frame.insert(0, "order", code)
    again = _added(code, np.where(frame.duplicated().to_numpy()[:, None], charged, 0), count)
    times = frame.groupby(list(frame.columns), sort=False)["order"].transform("size").to_numpy()
    fewest = np.full(count, np.iinfo(np.int64).max)
    np.minimum.at(fewest, code, times)
    whole = (fewest > 1) & _any(code, count)
    sets = np.where(whole, fewest, 1)
    even = ~_any(code[times % sets[code] != 0], count)
    once = _added(code, charged, count) - again
    copies = np.where(even[:, None], (once + again) // sets[:, None], once) * (sets - 1)[:, None]
    return np.where(whole[:, None], copies, again), whole
