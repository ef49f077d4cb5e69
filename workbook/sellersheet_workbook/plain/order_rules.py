"""The rules over the cells of one order, and what may be typed into the table."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from xlsxwriter.utility import xl_col_to_name

from sellersheet.columns import FEE_PARTS, Column
from sellersheet.money import where
from sellersheet.orders.marks import WORDS as MARKS
from sellersheet.rules.fees import NO_RETURN, Orders, order_fees
from sellersheet.rules.pricing import Costs, order_profit
from sellersheet.symbols import Symbol, call, choose
from sellersheet.wording import Lang, Wording
from sellersheet_workbook.plain.block import Block
from sellersheet_workbook.plain.policy import CellView
from sellersheet_workbook.plain.reading import or_else
from sellersheet_workbook.template import palette
from sellersheet_workbook.template.book import Sheet, cell
from sellersheet_workbook.template.samples import yes_no

TEMPLATE: Final = Wording("sellersheet_workbook.template", "orders.toml")
_DAYS: Final = (dt.date(2015, 1, 1), dt.date(2099, 12, 31))


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


def sure(cell_: Symbol) -> Symbol:
    """A cell that is never negative where it counts."""
    return Symbol(cell_.op, *cell_.args, never_negative=True)


def results(
    block: Block, typed: dict[str, Symbol], fee: Symbol, charge: Symbol, policy: CellView
) -> dict[str, Any]:
    """The result columns in yuan and grams: #N/A where not on record, "" where not known."""
    quote = typed["logistics_cny"]
    logistics = block.add("freight", choose(quote == "", fee, quote), never_negative=True)
    parts = order_fees(order_of(typed, logistics), policy)  # type: ignore[arg-type]
    cells = [block.add(f"part {key}", part) for key, part in zip(FEE_PARTS, parts, strict=True)]
    parts = type(parts)(*cells)
    total = block.add("total", parts.total)
    money = {key: or_else(typed[key], 0) for key in ("refund_cny", "other_cny")}
    returned = typed["return_case"] != NO_RETURN
    cost, lost = typed["cost_cny"], typed["goods_lost_cny"]
    # F16: goods that come back cost what of them is lost, all where that isn't said.
    goods = where(returned, where(lost != "", lost, cost), cost)
    more = where(returned, 0, or_else(lost, 0))
    missing = (goods == "") | (returned & (typed["refund_cny"] == ""))
    left = order_profit(
        sure(typed["paid_cny"]), goods, parts, Costs(other=money["other_cny"]),
        refund=money["refund_cny"], goods_lost=more,
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


def add(sheet: Sheet, rows: int) -> None:
    """Validation of the inputs, colours of inputs and results."""
    from sellersheet_workbook.plain.orders import COLUMNS, HEADER, INPUTS

    last = HEADER + rows
    for at, item in enumerate(INPUTS):
        rule = _validation(item, sheet.book.lang)
        sheet.page.data_validation(HEADER + 1, at, last, at, rule)
    book, page, end = sheet.book, sheet.page, len(COLUMNS) - 1
    at = next(at for at, item in enumerate(COLUMNS) if item.key == "status")
    status = f"${xl_col_to_name(at)}{HEADER + 2}"
    for code, colours in (
        ("error", palette.ERROR), ("warning", palette.WARNING), ("note", palette.NOTE),
    ):  # fmt: skip
        word = MARKS(f"status_{code}", book.lang)
        rule = {"type": "formula", "criteria": f'={status}="{word}"'}
        page.conditional_format(HEADER + 1, at, last, end, rule | {"format": book.light(colours)})
    grey = book.added({"font_color": "#A6A6A6"})
    first = cell(HEADER + 1, len(INPUTS))
    rule = {"type": "formula", "criteria": f"=ISERROR({first})", "format": grey}
    page.conditional_format(HEADER + 1, len(INPUTS), last, end, rule)
    loss = book.added({"font_color": palette.RED, "bold": True})
    for at, item in enumerate(COLUMNS):
        if item.key in ("profit_cny", "margin"):
            here = cell(HEADER + 1, at)
            rule = {"type": "formula", "criteria": f"=IF(ISNUMBER({here}),{here}<0,FALSE)"}
            page.conditional_format(HEADER + 1, at, last, at, rule | {"format": loss})
    edge = {"bottom": 1, "bottom_color": palette.LINE}
    for left, right, ground in ((0, len(INPUTS) - 1, palette.INPUT), (len(INPUTS), end, "#FFFFFF")):
        rule = {"type": "formula", "criteria": "=TRUE"}
        rule |= {"format": book.added({"bg_color": ground, **edge})}
        page.conditional_format(HEADER + 1, left, last, right, rule)


def _validation(item: Column, lang: Lang) -> dict[str, Any]:
    title = item.title(lang)[:32]
    rule: dict[str, Any] = {
        "input_title": title, "input_message": item.help(lang)[:255], "error_title": title,
    }  # fmt: skip
    if item.kind in ("choice", "yes_no"):
        words: tuple[str, ...] = yes_no(lang)
        if item.kind == "choice":
            words = tuple(choice.zh if lang == "zh" else choice.en for choice in item.choices)
        told = TEMPLATE("one_of", lang, words=TEMPLATE("between", lang).join(words))
        return rule | {"validate": "list", "source": list(words), "error_message": told}
    if item.kind == "date":
        told = TEMPLATE("a_day", lang)
        between = {"criteria": "between", "minimum": _DAYS[0], "maximum": _DAYS[1]}
        return rule | between | {"validate": "date", "error_message": told}
    if item.low is None or item.high is None:
        return rule | {"validate": "any"}
    whole = item.kind == "count"
    fields = {"low": f"{item.low:,.0f}", "high": f"{item.high:,.0f}"}
    return rule | {
        "validate": "integer" if whole else "decimal",
        "criteria": "between",
        "minimum": int(item.low),
        "maximum": int(item.high),
        "error_message": TEMPLATE("a_whole_number" if whole else "a_number", lang, **fields),
    }
