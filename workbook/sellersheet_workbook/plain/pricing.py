"""The smallest price that does it: every price that can be the first one is tried by the rules.

F18: ``rules.pricing.smallest_price`` over cells. Its first price and 200 after it stand below one
another; each share is rounded by itself, so the first that fits need not be the last that misses.
"""

from __future__ import annotations

from typing import Any, Final

from sellersheet.functions.errors import NA
from sellersheet.money import RATE_UNIT, common_unit, largest
from sellersheet.rules.fees import NO_RETURN, Orders, order_fees
from sellersheet.rules.pricing import KEPT_LEAST, Costs, order_profit
from sellersheet.symbols import EXACT_BELOW, Symbol, call, choose, native, unknown
from sellersheet_workbook.plain.block import Block
from sellersheet_workbook.plain.in_force import CellView
from sellersheet_workbook.plain.reading import cell_of
from sellersheet_workbook.template.book import Book, Ref

TRIED: Final = 200
_NO_SOLUTION: Final = "SQRT(-EXP(1000))"  # gives #NUM! everywhere


def first_tried(
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


def search(
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


def found(block: Block, start: Ref) -> Symbol:
    """The first price that does, in cents; the error of the start where that is one."""
    enough = block.body("enough")

    def first() -> Any:
        column = [row[0] for row in enough.rows]
        return next((at for at, held in enumerate(column, 1) if held == 1), NA)

    place = native(f"MATCH(1,{enough.text},0)", first)
    return choose(call("ISERROR", cell_of(start)), cell_of(start), cell_of(start) + place - 1)
