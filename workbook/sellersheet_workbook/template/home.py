"""Sheet Home: what this is, whether the functions answer, key figures, charts, links."""

from __future__ import annotations

import datetime as dt
from typing import Final

import sellersheet
from sellersheet.columns import TABLES
from sellersheet.policy import load
from sellersheet.wording import Wording
from sellersheet_workbook.template import home_charts, palette
from sellersheet_workbook.template.book import Area, Book, Ref, Sheet, cell
from sellersheet_workbook.template.content import Content
from sellersheet_workbook.template.figures import divided, total, total_where_known
from sellersheet_workbook.template.order_layout import body, without_errors

WORDS: Final = Wording("sellersheet_workbook.template", "home.toml")
WIDTH: Final = 12  # columns of the sheet
_SUMMARY: Final = TABLES["summary"]
_SUMMARY_LEFT: Final = 15  # on the calculation sheet, beside ORDERTABLE
_MONTHS, _COUNTRIES, _SKUS = 60, 8, 10
_CHECKED_ON: Final = dt.date(2024, 12, 1)
_EXPECTED: Final = 31.3  # the published example: 100 paid, 22.60 freight


def fill(book: Book, content: Content) -> None:
    """From top to bottom; the summaries stand on the calculation sheet."""
    sheet, rows = book["home"], content.rows
    sheet.page.set_column(0, WIDTH - 1, 13)
    months = _summary(book, 2, _MONTHS, "month", None, "group")
    countries = _summary(book, 66, _COUNTRIES, "country", _COUNTRIES, "paid_cny")
    skus = _summary(book, 78, _SKUS, "sku", _SKUS, "-profit_cny")
    _head(sheet, content)
    _figures(sheet, rows, months)
    after = _links(sheet, 9)
    home_charts.add(sheet, after + 1, rows, months, countries, skus)
    sheet.print_on_a4(upright=True)
    sheet.tab()


def _summary(book: Book, top: int, groups: int, by: str, most: int | None, order: str) -> Ref:
    """SUMMARY over a range for that many groups; the reference is to the groups alone."""
    sheet = book["calculation"]
    right = _SUMMARY_LEFT + len(_SUMMARY) - 1
    area = Area(top, _SUMMARY_LEFT, top + groups, right)
    orders = without_errors(book.names["OrderTable"])
    sheet.call(area.text.replace("$", ""), "SUMMARY", orders, by, most, order,
               None, sheet.book.names["Overrides"])  # fmt: skip
    return sheet.ref(Area(top + 1, _SUMMARY_LEFT, top + groups, right))


def _head(sheet: Sheet, content: Content) -> None:
    book, lang = sheet.book, sheet.book.lang
    sheet.page.set_row(0, 34)
    sheet.put("A1", WORDS("title", lang), book.style("title"))
    sheet.put("A2", WORDS("about", lang), book.style("note"))
    sheet.put("A3", WORDS("how", lang), book.style("note"))
    call = sheet.text_of("SEMIFEE", 100, 22.6, None, None, None, None, _CHECKED_ON)
    answered = sheet.result_of("SEMIFEE", 100, 22.6, None, None, None, None, _CHECKED_ON)
    good, bad = WORDS("answers", lang), WORDS("silent", lang)
    sheet.page.set_row(3, 36)
    sheet.page.merge_range(3, 0, 3, WIDTH - 1, "", book.style("text", valign="vcenter", bold=True))
    sheet.formula(
        "A4",
        f'=IF(IFERROR(ROUND({call},2)={_EXPECTED},FALSE),"{good}","{bad}")',
        good if round(answered, 2) == _EXPECTED else bad,
        book.style("text", valign="vcenter", bold=True),
    )
    for begin, colours in ((good[:1], palette.OK), (bad[:1], palette.ERROR)):
        test = {"type": "text", "criteria": "begins with", "value": begin}
        sheet.page.conditional_format(3, 0, 3, WIDTH - 1, test | {"format": book.light(colours)})
    policy = load()
    versions = WORDS("versions", lang, version=sellersheet.__version__, policy=policy.version)
    sheet.put("A5", versions, book.style("note"))
    sample = WORDS("sample" if content.sample else "own", lang)
    sheet.put("A6", sample, book.style("note", bold=True, font_color=palette.WARNING[0]))


def _figures(sheet: Sheet, rows: int, months: Ref) -> None:
    """Six figures, each a label over a big number, two columns wide."""
    book, lang = sheet.book, sheet.book.lang
    paid, fees = body(book, "paid_cny", rows), body(book, "total_fee_cny", rows)
    profit = body(book, "profit_cny", rows)
    risk_at = [item.key for item in _SUMMARY].index("rush_at_risk_cny") + months.area.left
    risk = months.sheet.ref(Area(months.area.top, risk_at, months.area.bottom, risk_at))
    known, profitable = total_where_known(paid, fees), total_where_known(paid, profit)
    fee_sum, profit_sum = total(fees), total(profit)
    figures = (
        ("paid", known, "yuan"),
        ("fees", fee_sum, "yuan"),
        ("fee_share", divided(fee_sum, known), "share"),
        ("profit", profit_sum, "yuan"),
        ("margin", divided(profit_sum, profitable), "share"),
        ("at_risk", total(risk), "yuan"),
    )
    sheet.page.set_row(6, 20)
    sheet.page.set_row(7, 34)
    for at, (code, figure, number) in enumerate(figures):
        left = 2 * at
        label, big = book.style("figure_label"), book.style("figure", number)
        sheet.page.merge_range(6, left, 6, left + 1, "", label)
        sheet.put_at(6, left, WORDS(code, lang), label)
        sheet.page.merge_range(7, left, 7, left + 1, "", big)
        sheet.formula_at(7, left, f"={figure.text}", figure.value, big)
    loss = book.added({"font_color": palette.RED})
    rule = {"type": "cell", "criteria": "<", "value": 0, "format": loss}
    sheet.page.conditional_format(7, 0, 7, WIDTH - 1, rule)


def _links(sheet: Sheet, top: int) -> int:
    """A link to every sheet with what it is for, two side by side; the row after them."""
    book = sheet.book
    sheet.put_at(top, 0, WORDS("sheets", book.lang), book.style("heading"))
    shown = [other for other in book.sheets.values() if other.about and other is not sheet]
    for at, other in enumerate(shown):
        row, left = top + 1 + at // 2, WIDTH // 2 * (at % 2)
        sheet.link(cell(row, left), other, other.title)
        sheet.put_at(row, left + 1, other.about, book.style("note"))
    return top + 1 + (len(shown) + 1) // 2
