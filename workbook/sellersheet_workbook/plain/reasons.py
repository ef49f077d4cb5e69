"""Why a row's result is what it is: one short sentence a row, the gravest first."""

from __future__ import annotations

from typing import Any, Final

from sellersheet.intake.doubts import WORDS as DOUBTS
from sellersheet.orders.marks import WORDS as MARKS
from sellersheet.rules.fees import BUYER_OPEN, NO_RETURN, rush_fee_at_risk
from sellersheet.symbols import Symbol, call, choose
from sellersheet.wording import Lang
from sellersheet_workbook.plain.block import Block
from sellersheet_workbook.plain.in_force import CellView
from sellersheet_workbook.plain.order_numbers import Numbers
from sellersheet_workbook.plain.reading import or_else
from sellersheet_workbook.plain.words import WORDS
from sellersheet_workbook.template.book import Book, Span

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


_LEFT: Final = 20


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
