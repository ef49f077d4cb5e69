"""Sheet Home: what to do next, key figures with what they cover, charts, links."""

from __future__ import annotations

from typing import Final

import sellersheet
from sellersheet.columns import TABLES
from sellersheet.policy import load
from sellersheet_workbook.template import home_charts, home_figures, live, palette
from sellersheet_workbook.template.book import Book, Sheet
from sellersheet_workbook.template.cells import Ref, Span, Written, cell, is_number, quoted
from sellersheet_workbook.template.home_figures import WORDS
from sellersheet_workbook.template.order_table import FIRST, body, status_word, without_errors
from sellersheet_workbook.template.pieces import sentence
from sellersheet_workbook.template.policy_rules import IS_WRONG

WIDTH: Final = 12  # columns of the sheet
_SUMMARY: Final = TABLES["summary"]
_SUMMARY_LEFT: Final = 15  # on the calculation sheet, beside ORDERTABLE
_MONTHS, _COUNTRIES, _SKUS = 60, 6, 8
_STEPS: Final = 5  # the row of the three steps, from 0
_FIGURES: Final = 9
_CHARTS: Final = 16


def fill(book: Book) -> None:
    """From top to bottom; the summaries stand on the calculation sheet."""
    sheet = book["home"]
    sheet.columns(*[palette.NUMBER] * WIDTH)
    orders = without_errors(book.names["OrderResults"])
    months = _summary(book, orders, 2, _MONTHS, "month", None, "group")
    countries = _summary(book, orders, 66, _COUNTRIES, "country", _COUNTRIES, "fee_share")
    profits = body(book, "profit_cny")
    known = any(is_number(row[0]) for row in profits.rows)
    no_profit = Written(f"COUNT({profits.text})=0", not known)
    order = Written(
        f'IF({no_profit.text},"total_fee_cny","-profit_cny")',
        "-profit_cny" if known else "total_fee_cny",
    )
    skus = _summary(book, orders, 78, _SKUS, "sku", _SKUS, order)
    _head(sheet)
    _steps(sheet)
    home_figures.add(sheet, _FIGURES, months)
    after = home_charts.add(sheet, _CHARTS, (months, countries, skus), no_profit)
    _links(sheet, after + 1)
    sheet.print_on_a4(last=_CHARTS + home_charts.HEIGHT - 1)
    sheet.page.set_h_pagebreaks([_CHARTS - 1])
    sheet.tab()


def _summary(
    book: Book, orders: Written, top: int, groups: int, by: str, most: int | None,
    order: str | Written,
) -> Ref:  # fmt: skip
    """SUMMARY over a range for that many groups; the reference is to the groups alone."""
    sheet = book["calculation"]
    right = _SUMMARY_LEFT + len(_SUMMARY) - 1
    area = Span(top, _SUMMARY_LEFT, top + groups, right)
    sheet.growing(area, "SUMMARY", orders, by, most, order, None, book.names["Overrides"])
    return sheet.ref(Span(top + 1, _SUMMARY_LEFT, top + groups, right))


def _head(sheet: Sheet) -> None:
    book, lang = sheet.book, sheet.book.lang
    sheet.page.set_row(0, 32)
    sheet.put("A1", WORDS("title", lang), book.style("title"))
    policy = load()
    versions = WORDS("versions", lang, version=sellersheet.__version__, policy=policy.version)
    sheet.put("A2", f"{WORDS('about', lang)}{versions}", book.style("note"))
    # What own values change, beside the answer that the functions are there.
    effects = {
        code: f'"&TEXT(Effect_{code},"+0.00;-0.00;0.00")&"' for code in ("usual", "all_fees")
    }
    own = WORDS("own_values", lang, count='"&OwnCount&"', **effects)
    fine = f'"{WORDS("answers", lang)}"&IF(OwnCount=0,"","{own}")'
    style = book.style("text", valign="vcenter", bold=True)
    sheet.page.set_row(3, 36)
    sheet.over(3, 0, WIDTH - 1, style)
    live.put(sheet, 3, 0, f'IF({IS_WRONG},"✘ "&PolicyWrong,{fine})', style, WIDTH - 1)
    live.colours(sheet, Span(3, 0, 3, WIDTH - 1))


def _steps(sheet: Sheet) -> None:
    """Three steps, each over four columns; the third leads to the first row that needs a look."""
    book, lang = sheet.book, sheet.book.lang
    title, text = book.style("step"), book.style("step_text")
    words = (
        (WORDS("step_clear", lang), WORDS("step_clear_how", lang)),
        (WORDS("step_import", lang), WORDS("step_import_how", lang)),
        (WORDS("step_look", lang), ""),
    )
    sheet.page.set_row(_STEPS, 24)
    sheet.page.set_row(_STEPS + 1, 36)
    orders = book["orders"]
    for at, (head, how) in enumerate(words):
        left = 4 * at
        sheet.over(_STEPS, left, left + 3, title)
        sheet.put_at(_STEPS, left, head, title)
        sheet.link(cell(_STEPS, left), orders, head, cell(FIRST, 0), style=title)
        if how:
            sheet.over(_STEPS + 1, left, left + 3, text)
            sheet.put_at(_STEPS + 1, left, how, text)
    for at, look in enumerate(_to_look_at(book), 8):
        style = book.style(
            "step_text" if at == 8 else "step_link", font_color=palette.BLUE, underline=1
        )
        # The link and the formula are of one cell; the link's own words are the saved ones.
        sheet.link(cell(_STEPS + 1, at), orders, look.value, cell(FIRST, 0), style=style)
        sheet.show(_STEPS + 1, at, look, style)
    told = WORDS("sample" if book.content.sample else "own", lang)
    if book.content.sample:
        kept = _samples_left(book)
        note = book.style("note", bold=True, font_color=palette.WARNING[0])
        some = Written(f'IF({kept.text}>0,"{told}","")', told if kept.value else "")
        sheet.show(_STEPS + 2, 0, some, note)
    else:
        sheet.show(_STEPS + 2, 0, quoted(told), book.style("note"))


def _samples_left(book: Book) -> Written:
    """How many of the invented orders are still there."""
    shops = body(book, "shop")
    begin = WORDS("sample_begins", book.lang)
    count = sum(str(row[0] or "").startswith(begin) for row in shops.rows)
    return Written(f'COUNTIF({shops.text},"{begin}*")', count)


def _to_look_at(book: Book) -> list[Written]:
    """The counts of errors, warnings and notes, and where the first of the worst stands.

    Not by HYPERLINK(): with it LibreOffice calculates everything on opening, see live.py. So the
    links all lead to the first order, and the last one tells the row.
    """
    lang, status = book.lang, body(book, "status")
    told = [row[0] for row in status.rows]
    words = {code: status_word(code, lang) for code in ("error", "warning", "note")}
    found = []
    for code, word in words.items():
        count = Written(f'COUNTIF({status.text},"{word}")', told.count(word))
        found.append(sentence(WORDS, f"count_{code}", lang, count=count))
    matches = [f'MATCH("{word}",{status.text},0)' for word in words.values()]
    first = f"IFERROR({matches[0]},IFERROR({matches[1]},{matches[2]}))+{FIRST}"
    at = next((told.index(word) for word in words.values() if word in told), None)
    row = Written(first, "" if at is None else at + 1 + FIRST)
    some, none = sentence(WORDS, "begin_with", lang, row=row), WORDS("nothing", lang)
    shown = none if at is None else some.value
    return [*found, Written(f'IFERROR({some.text},"{none}")', shown)]


def _links(sheet: Sheet, top: int) -> None:
    """A link to every sheet with what it is for, two side by side."""
    book = sheet.book
    sheet.put_at(top, 0, WORDS("sheets", book.lang), book.style("heading"))
    shown = [other for other in book.sheets.values() if other.about and other is not sheet]
    for at, other in enumerate(shown):
        row, left = top + 1 + at // 2, WIDTH // 2 * (at % 2)
        sheet.link(cell(row, left), other, other.title)
        sheet.put_at(row, left + 1, other.about, book.style("note"))
