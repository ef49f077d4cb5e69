"""Sheet Troubleshooting: failure codes, deadlines, the checklist before goods are sent."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from sellersheet.functions.reading import ARGUMENTS
from sellersheet.policy import load
from sellersheet.wording import Wording
from sellersheet_workbook.template import forms, palette
from sellersheet_workbook.template.book import Area, Book, Sheet, cell
from sellersheet_workbook.template.content import Content
from sellersheet_workbook.template.samples import yes_no

WORDS: Final = Wording("sellersheet_workbook.template", "troubleshooting.toml")
_DAY: Final = dt.date(2024, 12, 1)
_MOMENT: Final = dt.datetime(2024, 10, 8, 9, 0)
_WIDTHS: Final = (34, 24, 50, 56)
_KNOWN: Final = 9
_TIMES: Final = 18
_LIST: Final = 24
_FIELDS: Final = ("cause", "remedy", "path")
_STEPS: Final = ("attributes", "sync", "barcode", "label", "box", "warehouse", "inbound", "shipped")


def fill(book: Book, content: Content) -> None:
    """Look-up, the codes on record, times, checklist."""
    del content
    sheet, lang = book["troubleshooting"], book.lang
    for at, width in enumerate(_WIDTHS):
        sheet.page.set_column(at, at, width)
    forms.head(sheet, WORDS("title", lang), WORDS("about", lang), WORDS("home", lang))
    _code(sheet)
    _known(sheet)
    _times(sheet)
    _checklist(sheet)
    sheet.print_on_a4()
    sheet.page.fit_to_pages(1, 1)
    sheet.tab()


def _code(sheet: Sheet) -> None:
    book, lang = sheet.book, sheet.book.lang
    forms.heading(sheet, 3, WORDS("code", lang))
    sheet.put("A5", WORDS("code_ask", lang), book.style("label"))
    sheet.put("B5", "E102", book.style("input", "text"))
    sheet.page.set_row(4, 20)
    given = sheet["B5"].if_given()
    none = WORDS("code_none", lang)
    for row, field in enumerate(_FIELDS, 5):
        call = ("FAILCODE", given, field)
        text = f'=IF(B5="","",IFERROR({sheet.text_of(*call)}&"","{none}"))'
        sheet.put_at(row, 0, WORDS(field, lang), book.style("label"))
        style = book.style("result", text_wrap=True)
        sheet.page.merge_range(row, 1, row, 2, "", style)
        sheet.formula_at(row, 1, text, sheet.result_of(*call), style)
        sheet.page.set_row(row, 36)


def _known(sheet: Sheet) -> None:
    """All codes on record; a failure without a code is listed too."""
    book, lang, rules = sheet.book, sheet.book.lang, load().on(_DAY)
    forms.heading(sheet, _KNOWN - 1, WORDS("known", lang))
    for at, code in enumerate(("failure", "code_title", "cause", "remedy")):
        sheet.put_at(_KNOWN, at, WORDS(code, lang), book.style("header"))
    records = [*rules.table("failure_codes"), *rules.table("deposit_failure_codes")]
    style = book.style("result", text_wrap=True, font_size=10)
    for down, record in enumerate(records, _KNOWN + 1):
        row = [record[lang], record["code"] or WORDS("no_code", lang)]
        row += [record[f"cause_{lang}"], record[f"remedy_{lang}"]]
        for at, value in enumerate(row):
            sheet.put_at(down, at, value, style)
        lines = max(map(forms.lines_of, row, _WIDTHS))
        sheet.page.set_row(down, 15.5 * lines + 4)


def _times(sheet: Sheet) -> None:
    """When to sync and to answer at the latest."""
    book, lang = sheet.book, sheet.book.lang
    forms.heading(sheet, _TIMES - 1, WORDS("times", lang))
    modes = [choice.zh if lang == "zh" else choice.en for choice in ARGUMENTS["mode"].choices]
    rows: list[tuple[str, str, Any]] = [
        ("inbound_time", "SYNCDEADLINE", None),
        ("request_time", "AFTERSALESDEADLINE", modes[0]),
        ("request_time", "AFTERSALESDEADLINE", modes[1]),
    ]
    wrong = WORDS("time_wrong", lang)
    for row, (name, function, mode) in enumerate(rows, _TIMES):
        title = ARGUMENTS[name].title(lang) + (f" · {mode}" if mode else "")
        sheet.put_at(row, 0, title, book.style("label"))
        sheet.put_at(row, 1, _MOMENT, book.style("input", "moment", align="left"))
        given = sheet[cell(row, 1)].if_given()
        call = (function, given, mode) if mode else (function, given)
        value = sheet.result_of(*call)
        text = f'=IF({cell(row, 1)}="","",IFERROR({sheet.text_of(*call)},"{wrong}"))'
        style = book.style("result", "moment", align="left", bold=True)
        sheet.formula_at(row, 2, text, value, style)
        sheet.put_at(row, 3, WORDS(f"{function.lower()}_note", lang), book.style("note"))
        sheet.page.set_row(row, 20)


def _checklist(sheet: Sheet) -> None:
    """What must be done before goods are sent; the rest is counted."""
    book, lang = sheet.book, sheet.book.lang
    yes, no = yes_no(lang)
    forms.heading(sheet, _LIST - 1, WORDS("checklist", lang))
    for at, code in enumerate(("step", "done")):
        sheet.put_at(_LIST, at, WORDS(code, lang), book.style("header"))
    sheet.page.merge_range(_LIST, 2, _LIST, 3, "", book.style("header"))
    sheet.put_at(_LIST, 2, WORDS("why", lang), book.style("header"))
    top = _LIST + 1
    for row, step in enumerate(_STEPS, top):
        sheet.put_at(row, 0, WORDS(step, lang), book.style("result", text_wrap=True))
        sheet.put_at(row, 1, no, book.style("input", align="center"))
        style = book.style("result", text_wrap=True, font_size=10)
        sheet.page.merge_range(row, 2, row, 3, "", style)
        sheet.put_at(row, 2, WORDS(f"{step}_why", lang), style)
        sheet.page.set_row(row, 36)
    bottom = top + len(_STEPS) - 1
    choice = {"validate": "list", "source": [yes, no]}
    sheet.page.data_validation(top, 1, bottom, 1, choice)
    forms.lights(sheet, Area(top, 1, bottom, 1), {yes: palette.OK, no: palette.WARNING})
    open_steps = f'{len(_STEPS)}-COUNTIF({cell(top, 1)}:{cell(bottom, 1)},"{yes}")'
    ready = WORDS("all_done", lang)
    left = WORDS("left", lang, count=f'"&{open_steps}&"')
    value = WORDS("left", lang, count=len(_STEPS))
    text = f'=IF({open_steps}=0,"{ready}","{left}")'
    sheet.formula_at(bottom + 1, 0, text, value, book.style("text", bold=True, text_wrap=False))
