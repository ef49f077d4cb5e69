"""Sheet Home: what the orders come to, two charts, and how to use the workbook on a phone."""

from __future__ import annotations

from typing import Any, Final

from sellersheet.columns import column
from sellersheet.orders.marks import WORDS as MARKS
from sellersheet.rules.fees import FEE_PARTS
from sellersheet.symbols import Symbol, call, choose, joined, native
from sellersheet_workbook.plain.block import Block
from sellersheet_workbook.plain.policy import put
from sellersheet_workbook.plain.words import WORDS
from sellersheet_workbook.template import palette
from sellersheet_workbook.template.book import Book, Ref, Sheet, Span, cell
from sellersheet_workbook.template.content import Content

WIDTH: Final = 8
_MONTHS: Final = 6
_CHART_ROWS: Final = 14
_FIGURES: Final = 4  # the row of their first labels, from 0
_SHEETS: Final = ("orders", "quote", "deposit", "eligibility", "policy", "rates", "about")
_PARTS: Final = tuple(key for key in FEE_PARTS if key != "operation_refund_cny")


def fill(book: Book, block: Block, content: Content) -> None:
    """Figures, links, charts with their tables, the phone."""
    sheet, lang = book["home"], book.lang
    sheet.page.set_column(0, WIDTH - 1, 12)
    sheet.page.set_row(0, 34)
    sheet.put("A1", WORDS("home_title", lang), book.style("title"))
    sheet.put("A2", WORDS("home_about", lang), book.style("note"))
    sample = WORDS("orders_sample_short" if content.sample else "orders_own", lang)
    told = book.style("note", bold=content.sample, font_color=palette.WARNING[0])
    sheet.put("A3", sample, told)
    _figures(sheet, block)
    top = _links(sheet, _FIGURES + 7)
    after = _charts(sheet, block, top + 1)
    _phone(sheet, after)
    sheet.print_on_a4(upright=True)
    sheet.tab()


def _sum(ref: Ref) -> Symbol:
    return native(f"SUM({ref.text})", lambda: sum(row[0] for row in ref.rows))


def _count(ref: Ref, word: str) -> Symbol:
    text = f'COUNTIF({ref.text},"{word}")'
    return native(text, lambda: sum(row[0] == word for row in ref.rows))


def _figures(sheet: Sheet, block: Block) -> None:
    """Six, three beside one another: what needs a look comes first."""
    book, lang = sheet.book, sheet.book.lang
    status = block.body("= status")
    trouble = _count(status, MARKS("status_error", lang))
    trouble = trouble + _count(status, MARKS("status_warning", lang))
    rows, profits = _sum(block.body("counts")), _sum(block.body("left"))
    paid, fees = _sum(block.body("paid sum")), _sum(block.body("fee sum"))
    profit, sold = _sum(block.body("profit sum")), _sum(block.body("profit paid"))
    used = _used(block)
    figures: tuple[tuple[str, Any, str, Any], ...] = (
        ("trouble", trouble, "count", joined(WORDS("home_of", lang), used)),
        ("paid", paid / 100, "yuan", joined(WORDS("home_orders", lang), rows)),
        ("fees", fees / 100, "yuan", joined(WORDS("home_orders", lang), rows)),
        ("share", choose(paid == 0, "—", fees / call("MAX", paid, 1)), "share",
         WORDS("home_of_paid", lang)),
        ("profit", choose(profits == 0, "—", profit / 100), "yuan",
         joined(WORDS("home_with_cost", lang), profits)),
        ("margin", choose(sold == 0, "—", profit / call("MAX", sold, 1)), "share",
         joined(WORDS("home_with_cost", lang), profits)),
    )  # fmt: skip
    small = book.style("figure_label", font_size=9)
    sheet.page.set_column(WIDTH, WIDTH, 12)
    for at, (code, symbol, number, beside) in enumerate(figures):
        row, left = _FIGURES + 3 * (at // 3), 3 * (at % 3)
        label, big = book.style("figure_label"), book.style("figure", number, font_size=20)
        for down, style in enumerate((label, big, small)):
            sheet.page.merge_range(row + down, left, row + down, left + 2, "", style)
        sheet.put_at(row, left, WORDS(f"home_{code}", lang), label)
        put(sheet, row + 1, left, symbol, big)
        if isinstance(beside, Symbol):
            put(sheet, row + 2, left, beside, small)
        else:
            sheet.put_at(row + 2, left, beside, small)
        sheet.page.set_row(row + 1, 36)
    for row in (_FIGURES + 1, _FIGURES + 4):
        loss = book.added({"font_color": palette.RED})
        rule = {"type": "cell", "criteria": "<", "value": 0, "format": loss}
        sheet.page.conditional_format(row, 0, row, WIDTH, rule)
    wrong = {"type": "cell", "criteria": ">", "value": 0, "format": book.light(palette.WARNING)}
    sheet.page.conditional_format(_FIGURES + 1, 0, _FIGURES + 1, 0, wrong)


def _used(block: Block) -> Symbol:
    ref = block.body("= status")
    return native(f'SUMPRODUCT(--({ref.text}<>""))', lambda: sum(row[0] != "" for row in ref.rows))


def _links(sheet: Sheet, top: int) -> int:
    """A link to every sheet with what it is for."""
    book = sheet.book
    for at, key in enumerate(_SHEETS):
        row = top + at
        sheet.link(cell(row, 0), book[key], book[key].title)
        sheet.put_at(row, 1, WORDS(f"{key}_line", book.lang), book.style("note"))
        sheet.page.set_row(row, 20)
    return top + len(_SHEETS)


def _charts(sheet: Sheet, block: Block, top: int) -> int:
    """Two charts one below the other, which a phone can show, then the tables behind them."""
    tables = top + 2 * (_CHART_ROWS + 1)
    parts = _parts_table(sheet, block, tables)
    months = _months_table(sheet, block, tables + len(_PARTS) + 3)
    _chart(sheet, top, parts, "bar", "home_chart_parts", palette.DARK, (1,))
    _chart(
        sheet, top + _CHART_ROWS + 1, months, "column", "home_chart_months", palette.BLUE, (2, 3)
    )
    return months.bottom + 2


def _head(sheet: Sheet, row: int, words: list[str]) -> None:
    for at, word in enumerate(words):
        sheet.put_at(row, at, word, sheet.book.style("result_header", font_size=10))
    sheet.page.set_row(row, 32)


def _parts_table(sheet: Sheet, block: Block, top: int) -> Span:
    book, lang = sheet.book, sheet.book.lang
    _head(sheet, top, [WORDS("home_part", lang), WORDS("quote_amount", lang)])
    for row, key in enumerate(_PARTS, top + 1):
        sheet.put_at(row, 0, column("results", key).title(lang), book.style("result", font_size=10))
        put(sheet, row, 1, _sum(block.body(f"sum {key}")) / 100,
            book.style("result", "money", font_size=10))  # fmt: skip
    return Span(top, 0, top + len(_PARTS), 1)


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
            put(sheet, row, right, symbol, book.style("result", "money", font_size=10))
    return Span(top, 0, top + _MONTHS, 3)


def _of_month(months: Ref, amounts: Ref, number: Symbol) -> Symbol:
    def total(wanted: Any) -> Any:
        pairs = zip(months.rows, amounts.rows, strict=True)
        return sum(amount for ((month,), (amount,)) in pairs if month == wanted)

    return native(f"SUMIF({months.text},{{0}},{amounts.text})", total, number)


def _chart(
    sheet: Sheet,
    row: int,
    table: Span,
    kind: str,
    title: str,
    colour: str,
    columns: tuple[int, ...],
) -> None:
    book, lang = sheet.book, sheet.book.lang
    font = {"name": palette.FONT[lang], "size": 9, "color": palette.DARK}
    chart = book.workbook.add_chart({"type": kind})
    for at, shade in zip(columns, (colour, "#27AE60"), strict=False):
        labels: dict[str, Any] = {}
        if len(columns) == 1:
            told = {"value": True, "num_format": "#,##0.00;-#,##0.00;", "font": font}
            labels = {"data_labels": told}
        chart.add_series({
            "name": [sheet.title, table.top, at],
            "categories": [sheet.title, table.top + 1, 0, table.bottom, 0],
            "values": [sheet.title, table.top + 1, at, table.bottom, at],
            "fill": {"color": shade}, "gap": 60, **labels,
        })  # fmt: skip
    chart.set_title({"name": WORDS(title, lang), "overlay": False,
                     "name_font": {**font, "size": 12, "bold": True}})  # fmt: skip
    legend = {"position": "bottom", "font": font} if len(columns) > 1 else {"none": True}
    chart.set_legend(legend)
    grid = {"visible": True, "line": {"color": palette.LINE, "width": 0.75}}
    groups: dict[str, Any] = {"num_font": font, "label_position": "low"}
    amounts: dict[str, Any] = {"num_font": font, "num_format": "#,##0", "major_gridlines": grid}
    if kind == "bar":
        groups |= {"reverse": True, "crossing": "max"}
    upright = kind == "column"
    chart.set_x_axis(groups if upright else amounts)
    chart.set_y_axis(amounts if upright else groups)
    chart.set_chartarea({"border": {"color": palette.LINE}})
    chart.set_size({"width": 89 * (WIDTH + 1), "height": 26 * _CHART_ROWS})
    sheet.page.insert_chart(row, 0, chart, {"object_position": 2})


def _phone(sheet: Sheet, top: int) -> None:
    """How to use it on a phone: short lines."""
    book, lang = sheet.book, sheet.book.lang
    sheet.put_at(top, 0, WORDS("home_phone", lang), book.style("heading", font_size=12))
    lines = WORDS("home_phone_lines", lang).split("\n")
    for row, line in enumerate(lines, top + 1):
        sheet.put_at(row, 0, line, book.style("plain", font_size=10))
