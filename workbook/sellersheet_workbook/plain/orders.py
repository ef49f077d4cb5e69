"""Sheet Orders: one row an order, its results from the formulas of the calculation sheet.

A result cell finds its row of the calculation by its place below the header, and the calculation
its row of the table likewise: so rows may be sorted, inserted and deleted.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from xlsxwriter.utility import xl_col_to_name

from sellersheet.columns import OUTPUT, column
from sellersheet.days import EXCEL_DAY_0
from sellersheet.rules.fees import FEE_PARTS
from sellersheet.symbols import Symbol, call, choose, native
from sellersheet_workbook.plain import order_rules
from sellersheet_workbook.plain import reading as read
from sellersheet_workbook.plain.block import Block
from sellersheet_workbook.plain.words import WORDS
from sellersheet_workbook.template import order_table, palette
from sellersheet_workbook.template.book import Book, Sheet
from sellersheet_workbook.template.cells import Span, cell, is_error
from sellersheet_workbook.template.order_table import head_style, style_of, width
from sellersheet_workbook.template.palette import TEXT, WARNING
from sellersheet_workbook.template.pieces import grey_errors, high, lines_of

INPUTS: Final = tuple(
    column("orders", key)
    for key in (
        "order_id", "shop", "order_date", "sku", "country", "paid_cny", "logistics_cny", "cost_cny",
        "parcel", "inbound_days", "standard_box", "return_case", "refund_cny", "goods_lost_cny",
        "other_cny", "weight_g", "length_cm", "width_cm", "height_cm", "line",
    )
)  # fmt: skip
# What people look for stands first, on a phone too; then what is filled in, then the rest.
_FIRST: Final = ("status", "total_fee_cny", "profit_cny", "reason")
_LEADING: Final = tuple(item for key in _FIRST for item in OUTPUT if item.key == key)
COLUMNS: Final = (*_LEADING, *INPUTS, *(item for item in OUTPUT if item.key not in _FIRST))
GIVEN_FROM: Final = len(_LEADING)
GIVEN_TO: Final = GIVEN_FROM + len(INPUTS) - 1
HEADER: Final = 5  # the row of the headers, from 0
_SPARE: Final = 5000  # rows that may be deleted before the calculation runs short


def fill(book: Book) -> Block:
    """The table, the calculation beside it, the results; the calculation comes back."""
    sheet = book["orders"]
    _inputs(sheet)
    block = calculation(book)
    _results(sheet, block)
    _above(sheet)
    _rules(sheet)
    sheet.page.freeze_panes(HEADER + 1, 1)  # a phone has room for little more
    sheet.print_on_a4(wide=3, header_row=HEADER)
    sheet.page.repeat_columns(place("order_id"))
    sheet.page.print_area(0, 0, _printed(book), len(COLUMNS) - 1)
    sheet.tab()
    return block


def _printed(book: Book) -> int:
    """The last row that is printed; rows inserted above it are printed too."""
    return HEADER + max(len(book.content.lines), 1) + 3


def place(key: str) -> int:
    """The position of a column, from 0."""
    return next(at for at, item in enumerate(COLUMNS) if item.key == key)


def _inputs(sheet: Sheet) -> None:
    book = sheet.book
    styles = [style_of(book, item) for item in COLUMNS]
    sheet.columns(*(width(item) for item in COLUMNS))
    for at, item in enumerate(COLUMNS):
        sheet.page.set_column(at, at, sheet.widths[at], styles[at])
        sheet.put_at(HEADER, at, item.title(book.lang), head_style(book, item))
    for down, line in enumerate(book.content.lines):
        for at, item in enumerate(INPUTS, GIVEN_FROM):
            value = line.get(item.key)
            if is_error(value):  # an error of the user's file stays one
                sheet.as_typed_at(HEADER + 1 + down, at, None, value, styles[at])
            elif value is not None:
                sheet.put_at(HEADER + 1 + down, at, value, styles[at])


def calculation(book: Book) -> Block:
    """From the cells as they stand to every result, row by row."""
    block, sheet = Block(book["calculation"], 0, 0, book.content.rows), book["orders"]
    raw: dict[str, Symbol] = {}
    for at, item in enumerate(INPUTS, GIVEN_FROM):
        cells = sheet.ref(Span(HEADER + 1, at, HEADER + book.content.rows + _SPARE, at))
        raw[item.key] = block.add(item.key, read.as_given(cells, block["n"]))
    order_rules.calculate(book, block, raw)
    _for_home(block)
    block.write(len(book.content.lines))
    return block


def _for_home(block: Block) -> None:
    """Amounts that can be added up: 0 where a row has none."""
    ok, total, profit, paid = (block[key] for key in ("ok", "total", "profit", "paid_cny_typed"))
    known = block.add("known", choose(call("ISERROR", ok), 0, choose(ok == 1, 1, 0)))
    counts = block.add("counts", choose(call("ISERROR", total), 0, known))
    left = block.add("left", choose(counts == 1, choose(profit == "", 0, 1), 0))
    sums = (("paid sum", counts, paid), ("fee sum", counts, total),
            ("profit sum", left, profit), ("profit paid", left, paid))  # fmt: skip
    for key, test, amount in sums:
        block.add(key, choose(test == 1, amount, 0))
    for key in FEE_PARTS:
        block.add(f"sum {key}", choose(counts == 1, block[f"part {key}"], 0))
    month = native("YEAR({0})*12+MONTH({0})", _month, block["day"])
    block.add("month", choose(counts == 1, month, 0))


def _month(day: Any) -> int:
    on = EXCEL_DAY_0 + dt.timedelta(days=int(day))
    return on.year * 12 + on.month


def _results(sheet: Sheet, block: Block) -> None:
    """Each result cell: the row of the calculation that is as far below its header."""
    number = f"ROW()-ROW(A${HEADER + 1})"
    columns: list[dict[str, Any]] = []
    for item in COLUMNS:
        head = head_style(sheet.book, item)
        columns.append({"header": item.title(sheet.book.lang), "header_format": head})
    texts = {}
    for item in OUTPUT:
        at, body = place(item.key), block.body(f"= {item.key}")
        # See the template's orders: a text of a formula is joined so that it compares as typed.
        joined_text = '&""' if item.kind == "text" else ""
        texts[at] = f'=IF({number}>{body.area.size[0]},"",INDEX({body.text},{number}){joined_text})'
        columns[at]["formula"] = texts[at]
    area = f"{cell(HEADER, 0)}:{cell(HEADER + sheet.book.content.rows, len(COLUMNS) - 1)}"
    sheet.table(area, "Orders", columns)
    for item in OUTPUT:
        at, style = place(item.key), style_of(sheet.book, item)
        for down, (value,) in enumerate(block.body(f"= {item.key}").rows):
            sheet.as_typed_at(HEADER + 1 + down, at, texts[at], value, style)
            if item.key == "reason" and (lines := lines_of(value, TEXT - 2)) > 1:
                high(sheet, HEADER + 1 + down, lines)


def _above(sheet: Sheet) -> None:
    book, lang = sheet.book, sheet.book.lang
    plain = book.style()
    for row in range(HEADER):
        sheet.page.set_row(row, 30 if row == 0 else 20, plain)
    sheet.page.set_row(HEADER, 34)
    note = book.style("note")
    sheet.put("A1", WORDS("orders_title", lang), book.style("title"))
    sheet.link_home("A2")
    sheet.put_at(1, place("reason"), WORDS("orders_how", lang), note)
    sheet.put_at(2, place("reason"), WORDS("orders_small", lang), note)
    sample = WORDS("orders_sample" if book.content.sample else "orders_own", lang)
    told = book.style("note", bold=book.content.sample, font_color=WARNING[0])
    sheet.put_at(3, place("reason"), sample, told)
    first, last = _printed(book) + 1, HEADER + book.content.rows
    if first > last:
        return
    beyond = f"{cell(first, 0)}:{cell(last, 0)}"
    none = WORDS("orders_not_printed", lang)
    more = f'=IF(SUMPRODUCT(--({beyond}<>""))>0,"{none}","")'
    sheet.as_typed_at(4, place("reason"), more, "", told)


def _rules(sheet: Sheet) -> None:
    """Validation of the inputs, colours of inputs and results."""
    last = HEADER + sheet.book.content.rows
    for at, item in enumerate(INPUTS, GIVEN_FROM):
        rule = order_table.validation(item, sheet.book.lang)
        sheet.page.data_validation(HEADER + 1, at, last, at, rule)
    book, page, end = sheet.book, sheet.page, len(COLUMNS) - 1
    at = next(at for at, item in enumerate(COLUMNS) if item.key == "status")
    status = f"${xl_col_to_name(at)}{HEADER + 2}"
    for code, colours in (
        ("error", palette.ERROR), ("warning", palette.WARNING), ("note", palette.NOTE),
    ):  # fmt: skip
        word = order_table.status_word(code, book.lang)
        rule = {"type": "formula", "criteria": f'={status}="{word}"'}
        page.conditional_format(HEADER + 1, at, last, end, rule | {"format": book.light(colours)})
    grey_errors(sheet, Span(HEADER + 1, 0, last, end))
    losses = [at for at, item in enumerate(COLUMNS) if item.key in ("profit_cny", "margin")]
    order_table.red_losses(sheet, HEADER + 1, last, losses)
    order_table.grounds(sheet, Span(HEADER + 1, GIVEN_FROM, last, GIVEN_TO), end)
