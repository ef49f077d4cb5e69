"""The rules over the cells of one order, and why its result is what it is: one short sentence a
row, the gravest first."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from typing import Any, Final

from sellersheet.columns import INPUT
from sellersheet.intake.doubts import WORDS as DOUBTS
from sellersheet.money import where
from sellersheet.orders.marks import WORDS as MARKS
from sellersheet.rules.fees import (
    BUYER_OPEN,
    FEE_PARTS,
    NO_RETURN,
    Orders,
    order_fees,
    rush_fee_at_risk,
)
from sellersheet.rules.pricing import Costs, order_profit
from sellersheet.symbols import Symbol, call, choose, joined, unknown, wrong
from sellersheet.wording import Lang
from sellersheet_workbook.plain import order_numbers, rates
from sellersheet_workbook.plain.block import Block
from sellersheet_workbook.plain.order_numbers import Numbers
from sellersheet_workbook.plain.reading import CellView, cell_of, in_row, or_else, period, sure
from sellersheet_workbook.plain.reading import typed as typed_cell
from sellersheet_workbook.plain.words import WORDS
from sellersheet_workbook.template.book import Book
from sellersheet_workbook.template.cells import Span

_SIDES: Final = ("length_cm", "width_cm", "height_cm")
# Code and status, in the order in which they count.
REASONS: Final = (
    ("fine", "ok"),
    ("total_row", "left"),
    ("wrong_cell", "error"),
    ("several", "error"),
    ("paid_missing", "error"),
    ("no_rule", "error"),
    ("freight", "warning"),
    ("too_large", "warning"),
    ("inspection", "warning"),
    ("refund", "warning"),
    ("paid_zero", "note"),
    ("goods_lost", "note"),
    ("no_sides", "note"),
    ("freight_zero", "note"),
    ("rush_open", "note"),
)
_LEFT: Final = 20  # of the reasons on the sheet of lists


def calculate(
    book: Book, block: Block, raw: dict[str, Symbol], costs: Costs | None = None
) -> dict[str, Symbol]:
    """F1 to F11, F14, F16 from the cells of a row as they stand; the typed cells come back.

    The results are columns of the block named "= key"; ``costs`` are further costs of the order.
    """
    numbers = order_numbers.add(book, block, raw) if "order_id" in raw else None
    items = {item.key: item for item in INPUT if item.key in raw and item.kind != "text"}
    cells = {
        key: block.add(f"{key}_typed", typed_cell(book, item, raw[key]))
        for key, item in items.items()
    }
    # Counting lets an error of a cell through; texts put together would differ between programs.
    there = block.add("cells", counted(raw.values()))
    sound = [numbers.sound] if numbers else []
    told = block.add("typed", counted([*cells.values(), *sound]))
    usual = cell_of(book.names["As_of"])
    day = block.add("day", choose(cells["order_date"] == "", usual, cells["order_date"]))
    at = block.add("period", period(book, day), never_negative=True)
    policy = CellView(book, at)
    ok: Any = policy.known("fees")
    ok = choose(cells["paid_cny"] == "", wrong(), ok)
    if numbers:  # a further line of an order may leave the amount blank
        ok = choose(numbers.several, unknown(), ok)
    ok = choose(call("ISERROR", told), told, ok)
    ok = choose(there == 0, "", ok)
    ok = block.add("ok", choose(numbers.total, "", ok) if numbers else ok)
    sides = [cells[key] for key in _SIDES]
    fee, charge, without = rates.search(
        book, block, cells["country"], raw["line"], cells["weight_g"], sides, day
    )
    found = results(block, cells, fee, charge, policy, costs)
    why = block.add("why", reason(block, ok, cells, numbers, told, without, policy))
    for key, symbol in found.items():
        block.add(f"= {key}", choose(ok == "", "", choose(ok == 1, symbol, unknown())))
    seen = choose(call("ISERROR", there), 1, there)
    for name in ("status", "reason"):
        word = joined(in_row(book.names[f"Reason_{name}"], why + 1), "")
        block.add(f"= {name}", choose(seen == 0, "", word))
    return cells


def counted(cells: Iterable[Symbol]) -> Any:
    """How many of the cells hold anything; an error among them comes through."""
    return reduce(lambda one, other: Symbol("+", one, other), (cell != "" for cell in cells))


def order_of(typed: dict[str, Symbol], logistics: Any) -> Orders:
    """The cells of a row as the rules take an order."""
    days = or_else(typed["inbound_days"], 1)
    return Orders(
        paid=sure(typed["paid_cny"]),
        logistics=logistics,
        oversize=typed["parcel"] == 1,
        inbound_days=days,
        standard_box=typed["standard_box"] == 1,
        return_case=typed["return_case"],
    )


def results(
    block: Block,
    typed: dict[str, Symbol],
    fee: Symbol,
    charge: Symbol,
    policy: CellView,
    costs: Costs | None = None,
) -> dict[str, Any]:
    """The result columns in yuan and grams: #N/A where not on record, "" where not known."""
    quote = typed["logistics_cny"]
    logistics = block.add("freight", choose(quote == "", fee, quote), never_negative=True)
    parts = order_fees(order_of(typed, logistics), policy)  # type: ignore[arg-type]
    cells = [block.add(f"part {key}", part) for key, part in zip(FEE_PARTS, parts, strict=True)]
    parts = type(parts)(*cells)
    total = block.add("total", parts.total)
    if costs is None:
        costs = Costs(other=or_else(typed["other_cny"], 0))
    returned = typed["return_case"] != NO_RETURN
    cost, lost = typed["cost_cny"], typed["goods_lost_cny"]
    # F16: goods that come back cost what of them is lost, all where that isn't said.
    goods = where(returned, where(lost != "", lost, cost), cost)
    more = where(returned, 0, or_else(lost, 0))
    missing = (goods == "") | (returned & (typed["refund_cny"] == ""))
    left = order_profit(
        sure(typed["paid_cny"]), goods, parts, costs,
        refund=or_else(typed["refund_cny"], 0), goods_lost=more,
    )  # fmt: skip
    unsure = call("ISERROR", total)
    profit = block.add("profit", choose(unsure, "", choose(missing, "", left)))
    paid = typed["paid_cny"]
    weighed = choose(quote == "", choose(unsure, "", charge / 1000), "")
    found: dict[str, Any] = {"chargeable_g": weighed}
    found |= {key: part / 100 for key, part in zip(FEE_PARTS, cells, strict=True)}
    found["total_fee_cny"] = total / 100
    found["profit_cny"] = choose(profit == "", "", profit / 100)
    found["margin"] = choose(profit == "", "", choose(paid == 0, "", profit / paid))
    return found


def fill(book: Book) -> None:
    """The sentences and their statuses, one below another."""
    sheet, lang = book["lists"], book.lang
    for down, (code, status) in enumerate(REASONS, 1):
        sheet.put_at(down, _LEFT, MARKS(f"status_{status}", lang))
        sheet.put_at(down, _LEFT + 1, _sentence(code, lang))
    for at, name in enumerate(("Reason_status", "Reason_reason"), _LEFT):
        sheet.put_at(0, at, name)
        book.name(name, sheet.ref(Span(1, at, len(REASONS), at)))


def _sentence(code: str, lang: Lang) -> str:
    if code == "fine":
        return ""
    return DOUBTS(code, lang) if code in DOUBTS.messages else WORDS(f"reason_{code}", lang)


def reason(
    block: Block,
    ok: Symbol,
    typed: dict[str, Symbol],
    numbers: Numbers | None,
    told: Symbol,
    without: Symbol,
    policy: CellView,
) -> Symbol:
    """The place of the row's reason among them, from 0."""
    quote, total = typed["logistics_cny"], block["total"]
    returned = typed["return_case"] != NO_RETURN
    at_risk = rush_fee_at_risk(or_else(typed["inbound_days"], 1), policy)  # type: ignore[arg-type]
    paid, cost, lost = typed["paid_cny"], typed["cost_cny"], typed["goods_lost_cny"]
    unsure = call("ISERROR", block["freight"])
    tests: dict[str, Any] = {
        "total_row": numbers.total if numbers else False,
        "wrong_cell": call("ISERROR", told + block["cells"]),
        "several": numbers.several if numbers else False,
        "paid_missing": paid == "",
        "no_rule": call("ISERROR", ok),
        "freight": unsure,
        "too_large": call("ISERROR", total),
        "inspection": typed["return_case"] == BUYER_OPEN,
        "refund": returned & (typed["refund_cny"] == ""),
        "paid_zero": paid == 0,
        "goods_lost": returned & (lost == "") & (cost != ""),
        "no_sides": choose(quote == "", without, False),
        "freight_zero": quote == 0,
        "rush_open": at_risk > 0,
    }
    places = {code: at for at, (code, _) in enumerate(REASONS)}
    found: Any = 0
    for code in reversed(tests):
        found = choose(tests[code], places[code], found)
    return found  # type: ignore[no-any-return]
