"""Sheet Quote: one order: its fees with their rules, what it leaves, and the price to ask.

The smallest price that does it (F18) is ``rules.pricing.smallest_price`` over cells: every price
that can be the first one is tried by the rules. That first price and 200 after it stand below one
another; each share is rounded by itself, so the first that fits need not be the last that misses.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from sellersheet.columns import Column, Kind, column
from sellersheet.functions.blocks import NA
from sellersheet.functions.reading import ARGUMENTS
from sellersheet.money import RATE_UNIT, common_unit, largest
from sellersheet.orders.marks import WORDS as MARKS
from sellersheet.policy import load
from sellersheet.rules.fees import FEE_PARTS, NO_RETURN, Orders, order_fees
from sellersheet.rules.pricing import KEPT_LEAST, Costs, order_profit
from sellersheet.symbols import EXACT_BELOW, Symbol, call, choose, native, unknown
from sellersheet_workbook.plain.block import Block, put
from sellersheet_workbook.plain.case import Field, fields, headed, show, titled
from sellersheet_workbook.plain.order_rules import calculate, counted
from sellersheet_workbook.plain.reading import CellView, cell_of, or_else, sure, typed
from sellersheet_workbook.plain.words import WORDS
from sellersheet_workbook.template import palette, pieces
from sellersheet_workbook.template.book import DAY, Book, Sheet
from sellersheet_workbook.template.cells import Ref, Span
from sellersheet_workbook.template.palette import GAP, LABEL, NUMBER, TEXT

_TOP: Final = 4
ORDER: Final[tuple[tuple[str, Any], ...]] = (
    ("paid_cny", 100.0), ("logistics_cny", 22.6), ("cost_cny", 30.0), ("parcel", None),
    ("inbound_days", 1), ("standard_box", None), ("return_case", None), ("refund_cny", None),
    ("goods_lost_cny", None), ("order_date", DAY), ("country", None), ("weight_g", None),
    ("length_cm", None), ("width_cm", None), ("height_cm", None), ("line", None),
)  # fmt: skip
RATES: Final = ("commission", "affiliate", "advertising")
AMOUNTS: Final = ("coupon", "other")
_BEHIND: Final = {
    "service_fee_cny": "service_fee_rate",
    "operation_fee_cny": "operation_fee",
    "rush_fee_cny": "rush_after_days",
    "repack_fee_cny": "repack_fee",
    "logistics_fee_cny": None,
    "operation_refund_cny": "buyer_return_refund_rate",
    "subsidy_loss_cny": "seller_fault_subsidy",
}
_LEFT: Final = 3
_WIDTHS: Final = {
    "zh": (LABEL, LABEL, GAP, LABEL, LABEL, NUMBER, TEXT),
    "en": (LABEL, LABEL, GAP, TEXT, LABEL, LABEL, TEXT),
}
TRIED: Final = 200
_NO_SOLUTION: Final = "SQRT(-EXP(1000))"  # gives #NUM! everywhere


def fill(book: Book) -> None:
    """Inputs at the left, results at the right."""
    sheet, lang = book["quote"], book.lang
    sheet.columns(*_WIDTHS[lang])
    titled(sheet)
    raw = _inputs(sheet)
    block = calculation(book, raw)
    _parts(sheet, block)
    _answers(sheet, block)
    sheet.page.freeze_panes(_TOP, 0)
    sheet.print_on_a4()
    sheet.tab()


def _inputs(sheet: Sheet) -> dict[str, Symbol]:
    lang = sheet.book.lang
    headed(sheet, _TOP - 1, 0, 1, WORDS("quote_order", lang))
    raw = fields(sheet, _TOP, [Field(column("orders", key), value) for key, value in ORDER])
    top = _TOP + len(ORDER)
    headed(sheet, top, 0, 1, WORDS("quote_costs", lang))
    more = [Field(cost_item(key), None) for key in (*RATES, *AMOUNTS)]
    raw |= fields(sheet, top + 1, more)
    return raw | fields(sheet, top + 1 + len(more), [Field(ARGUMENTS["margin"], 0.2)])


def cost_item(key: str) -> Column:
    """A cost of the seller's own: the first three as shares of what is paid, the others in yuan."""
    item = column("orders", f"{key}_cny")
    kind: Kind = "rate" if key in RATES else "money"
    high = 1.0 if key in RATES else 1_000_000_000.0
    unit = "%" if key in RATES else "¥"
    return replace(
        item,
        key=f"cost {key}",
        kind=kind,
        zh=f"{item.zh} {unit}",
        en=f"{item.en} {unit}",
        low=0.0,
        high=high,
    )


def calculation(book: Book, raw: dict[str, Symbol], rows: int = 1) -> Block:
    """The order by the rules as on the sheet Orders, with the seller's own costs in its profit."""
    block = Block(book["single"], 0, 0, rows)
    cells = {key: block.add(key, symbol) for key, symbol in raw.items()}
    own = {
        key: block.add(
            f"{key}_typed", typed(book, cost_item(key.removeprefix("cost ")), cells[key])
        )
        for key in cells
        if key.startswith("cost ")
    }
    part: dict[str, Any] = {key.removeprefix("cost "): block.add(f"{key}_or_0", or_else(one, 0),
                                                 never_negative=True)
            for key, one in own.items()}  # fmt: skip
    costs = Costs(**part)
    margin = block.add("margin_typed", typed(book, ARGUMENTS["margin"], cells["margin"]))
    order = {key: cells[key] for key, _ in ORDER}
    found = calculate(book, block, order, costs)
    given = or_else(found["inbound_days"], 1)
    orders = Orders(0, block["freight"], found["parcel"] == 1, given, found["standard_box"] == 1,
                    NO_RETURN)  # fmt: skip
    policy = CellView(book, block["period"])
    wrong = block.add("costs told", counted([*own.values(), margin, block["typed"],
                                              block["cells"], policy.known("fees")]))  # fmt: skip
    cost = sure(found["cost_cny"])
    for name, wanted in (("break_even", 0), ("for_margin", margin)):
        start = _first_tried(orders, cost, costs, wanted, policy)
        ready = choose(found["cost_cny"] == "", unknown(), start)
        if wanted is margin:
            ready = choose(margin == "", unknown(), ready)
        block.add(name, choose(call("ISERROR", wrong), wrong, ready))
    block.add("oversize", choose(found["parcel"] == 1, 1, 0))
    block.add("days", given)
    block.write(rows)
    return block


def price(book: Book, block: Block, row: int, name: str) -> Symbol:
    """The break-even price or that for the margin of a case, in cents."""
    start = block.at(name, row)
    part: dict[str, Any] = {
        key: cell_of(block.at(f"cost {key}_or_0", row)) for key in (*RATES, *AMOUNTS)
    }
    orders = Orders(
        0,
        cell_of(block.at("freight", row)),
        cell_of(block.at("oversize", row)) == 1,
        cell_of(block.at("days", row)),
        cell_of(block.at("standard_box_typed", row)) == 1,
        NO_RETURN,
    )
    wanted = cell_of(block.at("margin_typed", row)) if name == "for_margin" else 0
    cost, when = block.at("cost_cny_typed", row), block.at("period", row)
    tried = _search(book, start, when, orders, cost, Costs(**part), wanted)
    return _found(tried, start)


def _parts(sheet: Sheet, block: Block) -> None:
    """The seven parts, each with its rule's value and standing."""
    book, lang = sheet.book, sheet.book.lang
    for at, code in enumerate(("part", "amount", "standing", "rule"), _LEFT):
        sheet.put_at(_TOP - 1, at, WORDS(f"quote_{code}", lang), book.style("result_header"))
    plain, yuan = book.style("result"), book.style("result", "money", align="right")
    for row, key in enumerate(FEE_PARTS, _TOP):
        item = column("results", key)
        sheet.put_at(row, _LEFT, item.title(lang), plain)
        show(sheet, row, _LEFT + 1, block.at(f"= {key}"), yuan)
        name = _BEHIND[key]
        row_of = None if name is None else load().row(name, DAY, lang)
        said = WORDS("quote_freight", lang) if row_of is None else row_of["title"]
        word = "—" if row_of is None else row_of["standing_word"]
        sheet.put_at(row, _LEFT + 2, word, book.style("result", align="center"))
        sheet.put_at(row, _LEFT + 3, said, book.style("result", text_wrap=True))
        pieces.high(sheet, row, pieces.lines_of(said, sheet.width(6, 6)))
    total = book.style("total", "yuan", align="right")
    row = _TOP + len(FEE_PARTS)
    sheet.put_at(row, _LEFT, column("results", "total_fee_cny").title(lang), book.style("total"))
    show(sheet, row, _LEFT + 1, block.at("= total_fee_cny"), total)


def _answers(sheet: Sheet, block: Block) -> None:
    """What is left, the two prices, and why where something is missing."""
    book, lang, row = sheet.book, sheet.book.lang, _TOP + len(FEE_PARTS) + 2
    headed(sheet, row - 1, _LEFT, _LEFT + 3, WORDS("quote_answers", lang), result=True)
    figure = book.style("result", "yuan", bold=True, font_size=14, align="right")
    share = book.style("result", "share", bold=True, font_size=14, align="right")
    shown = [("profit_cny", block.at("= profit_cny"), figure),
             ("margin", block.at("= margin"), share)]  # fmt: skip
    for key, source, style in shown:
        sheet.put_at(row, _LEFT, column("results", key).title(lang), book.style("result"))
        show(sheet, row, _LEFT + 1, source, style)
        row += 1
    for name in ("break_even", "for_margin"):
        sheet.put_at(row, _LEFT, WORDS(f"quote_{name}", lang), book.style("result"))
        put(sheet, row, _LEFT + 1, price(book, block, 0, name) / 100, figure)
        row += 1
    for key in ("status", "reason"):
        sheet.put_at(row, _LEFT, column("results", key).title(lang), book.style("result"))
        style = book.style("result", align="left")
        if key == "reason":
            style = book.style("result", text_wrap=True)
            sheet.over(row, _LEFT + 1, _LEFT + 3, style)
        show(sheet, row, _LEFT + 1, block.at(f"= {key}"), style)
        row += 1
    lights = {"error": palette.ERROR, "warning": palette.WARNING}
    lights = {MARKS(f"status_{code}", lang): colours for code, colours in lights.items()}
    pieces.lights(sheet, Span(row - 2, _LEFT + 1, row - 2, _LEFT + 1), lights)


def _first_tried(
    orders: Orders, cost: Symbol, costs: Costs, margin: Any, policy: CellView
) -> Symbol:
    """The price in cents below which none can do; #NUM! where no price can."""
    fees = order_fees(orders._replace(paid=0, return_case=NO_RETURN), policy)  # type: ignore[arg-type]
    outlay = cost + fees.total + costs.coupon + costs.other
    service = policy.ratio("service_fee_rate")
    units = service.num * RATE_UNIT // service.den
    kept = RATE_UNIT - margin - units
    for rate in costs.rates:
        kept = kept - rate
    # As in ``smallest_price``: half a cent for each share, two cents for the division.
    slack = (len(costs.rates) + 1) / 2
    start = call("INT", (outlay - slack) / largest(kept, 1) * RATE_UNIT) - 2
    none = Symbol("native", _NO_SOLUTION, lambda: "#NUM!")
    return choose(kept >= KEPT_LEAST, largest(start, 1), none)


def _search(
    book: Book, start: Ref, period: Ref, orders: Orders, cost: Ref, costs: Costs, margin: Any
) -> Block:
    """The prices from ``start`` on, each with whether it does."""
    used = book["prices"].page.dim_colmax
    block = Block(book["prices"], 0, 0 if used is None else used + 2, TRIED)
    price = block.add("price", cell_of(start) + block["n"] - 1, never_negative=True)
    policy = CellView(book, cell_of(period))
    tried = orders._replace(paid=price, return_case=NO_RETURN)
    fees = order_fees(tried, policy)  # type: ignore[arg-type]
    profit = block.add("profit", order_profit(price, cell_of(cost), fees, costs))
    unit = common_unit(margin, RATE_UNIT)
    whole = block.add("whole", RATE_UNIT // unit, never_negative=True)
    share = block.add("share", margin // unit, never_negative=True)
    exact = choose(price * whole < EXACT_BELOW, profit * whole >= share * price, unknown())
    block.add("enough", choose(exact, 1, 0))
    block.write(TRIED)
    return block


def _found(block: Block, start: Ref) -> Symbol:
    """The first price that does, in cents; the error of the start where that is one."""
    enough = block.body("enough")

    def first() -> Any:
        column = [row[0] for row in enough.rows]
        return next((at for at, held in enumerate(column, 1) if held == 1), NA)

    place = native(f"MATCH(1,{enough.text},0)", first)
    return choose(call("ISERROR", cell_of(start)), cell_of(start), cell_of(start) + place - 1)
