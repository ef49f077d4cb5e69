"""Sheet Home: what the orders come to, two charts, and how to use the workbook on a phone."""

from __future__ import annotations

from math import fsum
from typing import Any, Final

from sellersheet.columns import column
from sellersheet.orders.marks import WORDS as MARKS
from sellersheet.rules.fees import FEE_PARTS
from sellersheet.symbols import Symbol, call, choose, joined, native
from sellersheet_workbook.files.book import text_width
from sellersheet_workbook.plain.block import Block, put
from sellersheet_workbook.plain.reading import in_row
from sellersheet_workbook.plain.words import WORDS
from sellersheet_workbook.template import palette
from sellersheet_workbook.template.book import Book, Sheet
from sellersheet_workbook.template.cells import Ref, Span, cell

_WIDTH: Final = 4  # columns of a phone's screen; what is beside them is for larger ones
_BESIDE: Final = 5
_MONTHS: Final = 6
_CHART_ROWS: Final = 12
_FIGURES: Final = 4  # the row of their first labels, from 0
_KEYS: Final = 24  # a column of the lists: titles of the fees, then what they are put in order by
_SHEETS: Final = ("orders", "quote", "deposit", "eligibility", "policy", "rates", "about")
_PARTS: Final = tuple(key for key in FEE_PARTS if key != "operation_refund_cny")


def fill(book: Book, block: Block) -> None:
    """Figures, links, charts with their tables, the phone."""
    sheet, lang = book["home"], book.lang
    sheet.columns(*[palette.NUMBER] * _WIDTH, palette.GAP, palette.NUMBER)
    sheet.page.set_row(0, 34)
    sheet.put("A1", WORDS("home_title", lang), book.style("title"))
    sample = WORDS("orders_sample_short" if book.content.sample else "orders_own", lang)
    told = book.style("long_note", bold=book.content.sample, font_color=palette.WARNING[0])
    lines = ((WORDS("home_about", lang), book.style("long_note")), (sample, told))
    for row, (line, style) in enumerate(lines, 1):
        sheet.over(row, 0, _WIDTH - 1, style)
        sheet.put_at(row, 0, line, style)
        sheet.page.set_row(row, 3 + 14 * -(-text_width(line) // 44))
    after = _figures(sheet, block)
    _charts(sheet, block, after + 1)
    below = _links(sheet, _FIGURES)
    _phone(sheet, below + 1)
    sheet.print_on_a4()
    sheet.page.fit_to_pages(1, 2)
    sheet.tab()


def _sum(ref: Ref) -> Symbol:
    return native(f"SUM({ref.text})", lambda: fsum(row[0] for row in ref.rows))


def _count(ref: Ref, word: str) -> Symbol:
    text = f'COUNTIF({ref.text},"{word}")'
    return native(text, lambda: sum(row[0] == word for row in ref.rows))


def _figures(sheet: Sheet, block: Block) -> int:
    """Six, two beside one another: what needs a look comes first."""
    book, lang = sheet.book, sheet.book.lang
    status = block.body("= status")
    trouble = _count(status, MARKS("status_error", lang))
    trouble = trouble + _count(status, MARKS("status_warning", lang))
    rows, profits = _sum(block.body("counts")), _sum(block.body("left"))
    paid, fees = _sum(block.body("paid sum")), _sum(block.body("fee sum"))
    profit, sold = _sum(block.body("profit sum")), _sum(block.body("profit paid"))
    used = _used(block)
    orders = joined(WORDS("home_orders", lang), rows)
    figures: tuple[tuple[str, Any, str, Any], ...] = (
        ("trouble", trouble, "count", joined(WORDS("home_of", lang), used)),
        ("paid", choose(rows == 0, "—", paid / 100), "yuan", orders),
        ("fees", choose(rows == 0, "—", fees / 100), "yuan", orders),
        ("share", choose(paid == 0, "—", fees / call("MAX", paid, 1)), "share",
         WORDS("home_of_paid", lang)),
        ("profit", choose(profits == 0, "—", profit / 100), "yuan",
         joined(WORDS("home_with_cost", lang), profits)),
        ("margin", choose(sold == 0, "—", profit / call("MAX", sold, 1)), "share",
         joined(WORDS("home_with_cost", lang), profits)),
    )  # fmt: skip
    small = book.style("figure_label")
    for at, (code, symbol, number, beside) in enumerate(figures):
        row, left = _FIGURES + 3 * (at // 2), 2 * (at % 2)
        label, big = book.style("figure_label"), book.style("figure", number, font_size=18)
        for down, style in enumerate((label, big, small)):
            sheet.over(row + down, left, left + 1, style)
        sheet.put_at(row, left, WORDS(f"home_{code}", lang), label)
        put(sheet, row + 1, left, symbol, big)
        if isinstance(beside, Symbol):
            put(sheet, row + 2, left, beside, small)
        else:
            sheet.put_at(row + 2, left, beside, small)
        sheet.page.set_row(row + 1, 30)
    for row in range(_FIGURES + 1, _FIGURES + 9, 3):
        loss = book.added({"font_color": palette.RED})
        rule = {"type": "cell", "criteria": "<", "value": 0, "format": loss}
        sheet.page.conditional_format(row, 0, row, _WIDTH - 1, rule)
    wrong = {"type": "cell", "criteria": ">", "value": 0, "format": book.light(palette.WARNING)}
    sheet.page.conditional_format(_FIGURES + 1, 0, _FIGURES + 1, 0, wrong)
    return _FIGURES + 9


def _used(block: Block) -> Symbol:
    ref = block.body("= status")
    return native(f'SUMPRODUCT(--({ref.text}<>""))', lambda: sum(row[0] != "" for row in ref.rows))


def _links(sheet: Sheet, top: int) -> int:
    """A link to every sheet with what it is for."""
    book = sheet.book
    for at, key in enumerate(_SHEETS):
        row = top + at
        sheet.link(cell(row, _BESIDE), book[key], book[key].title)
        sheet.put_at(row, _BESIDE + 1, WORDS(f"{key}_line", book.lang), book.style("note"))
    return top + len(_SHEETS)


def _charts(sheet: Sheet, block: Block, top: int) -> None:
    """Two charts one below the other, which a phone can show, then the tables behind them."""
    tables = top + 2 * (_CHART_ROWS + 1)
    parts = _parts_table(sheet, block, tables)
    months = _months_table(sheet, block, tables + len(_PARTS) + 3)
    _chart(sheet, top, parts, "home_chart_parts", palette.DARK, (1,))
    _chart(sheet, top + _CHART_ROWS + 1, months, "home_chart_months", palette.BLUE, (2, 3))


def _head(sheet: Sheet, row: int, words: list[str]) -> None:
    for at, word in enumerate(words):
        sheet.put_at(row, at, word, sheet.book.style("result_header", font_size=10))
    sheet.page.set_row(row, 32)


def _parts_table(sheet: Sheet, block: Block, top: int) -> Span:
    book, lang = sheet.book, sheet.book.lang
    _head(sheet, top, [WORDS("home_part", lang), WORDS("quote_amount", lang)])
    # Cents with the part's place as a last digit: so they are put in order, and ties told apart.
    lists, last = book["lists"], len(_PARTS)
    for at, key in enumerate(_PARTS, 1):
        lists.put_at(at, _KEYS, column("results", key).title(lang))
        put(lists, at, _KEYS + 1, _sum(block.body(f"sum {key}")) * 10 + (last - at))
    titles, keys = (lists.ref(Span(1, at, last, at)) for at in (_KEYS, _KEYS + 1))
    for at in range(1, last + 1):
        key_ = _smallest(keys, last + 1 - at)
        place = last - (key_ - key_ // 10 * 10)
        put(sheet, top + at, 0, in_row(titles, place), book.style("result", font_size=10))
        style = book.style("result", "money", font_size=10, align="right")
        known = _sum(block.body("counts")) > 0
        put(sheet, top + at, 1, choose(known, key_ // 10 / 100, "—"), style)
    return Span(top, 0, top + last, 1)


def _smallest(keys: Ref, at: int) -> Symbol:
    return native(f"SMALL({keys.text},{at})", lambda: sorted(row[0] for row in keys.rows)[at - 1])


def _months_table(sheet: Sheet, block: Block, top: int) -> Span:
    book, lang = sheet.book, sheet.book.lang
    titles = ["home_month", "home_paid", "home_fees", "home_profit"]
    _head(sheet, top, [WORDS(word, lang) for word in titles])
    months = block.body("month")
    last = native(f"MAX({months.text})", lambda: max(row[0] for row in months.rows))
    for at in range(_MONTHS):
        row = top + 1 + at
        number = last - (_MONTHS - 1 - at)
        year, month = (number - 1) // 12, number - 12 * ((number - 1) // 12)
        label = joined(year, choose(month < 10, "-0", "-"), month)
        style = book.style("result", font_size=10)
        put(sheet, row, 0, choose(last == 0, "—", label), style)
        for right, key in enumerate(("paid sum", "fee sum", "profit sum"), 1):
            symbol = _of_month(months, block.body(key), number) / 100
            style = book.style("result", "money", font_size=10, align="right")
            put(sheet, row, right, choose(last == 0, "—", symbol), style)
    return Span(top, 0, top + _MONTHS, 3)


def _of_month(months: Ref, amounts: Ref, number: Symbol) -> Symbol:
    def total(wanted: Any) -> Any:
        pairs = zip(months.rows, amounts.rows, strict=True)
        return fsum(amount for ((month,), (amount,)) in pairs if month == wanted)

    return native(f"SUMIF({months.text},{{0}},{amounts.text})", total, number)


def _chart(
    sheet: Sheet,
    row: int,
    table: Span,
    title: str,
    colour: str,
    columns: tuple[int, ...],
) -> None:
    book, lang = sheet.book, sheet.book.lang
    font = {"name": palette.FONT[lang], "size": 9, "color": palette.DARK}
    chart = book.workbook.add_chart({"type": "bar"})
    told = {"value": True, "num_format": "#,##0;-#,##0;", "font": font}
    for at, shade in zip(columns, (colour, palette.SERIES[5]), strict=False):
        look = {"fill": {"color": shade}, "gap": 60, "data_labels": told}
        chart.add_series(sheet.series(table, at, **look))
    chart.set_title({"name": WORDS(title, lang), "overlay": False,
                     "name_font": {**font, "size": 12, "bold": True}})  # fmt: skip
    legend = {"position": "bottom", "font": font} if len(columns) > 1 else {"none": True}
    chart.set_legend(legend)
    # Each bar has its label: without orders there are no numbers of an axis either.
    least = {"min": 0} if len(columns) == 1 else {}  # a profit may be below 0
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}, **least})
    chart.set_y_axis({"num_font": font, "label_position": "low", "reverse": True})
    chart.set_chartarea({"border": {"color": palette.LINE}})
    chart.set_size({"width": 88 * _WIDTH, "height": 26 * _CHART_ROWS})
    sheet.page.insert_chart(row, 0, chart, {"object_position": 2})


def _phone(sheet: Sheet, top: int) -> None:
    """How to use it on a phone: short lines."""
    book, lang = sheet.book, sheet.book.lang
    sheet.put_at(top, _BESIDE, WORDS("home_phone", lang), book.style("heading", font_size=12))
    lines = WORDS("home_phone_lines", lang).split("\n")
    for row, line in enumerate(lines, top + 1):
        sheet.put_at(row, _BESIDE, line, book.style("note"))
