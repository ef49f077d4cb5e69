"""Sheet Troubleshooting: failure codes, deadlines, the checklist before goods are sent."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from sellersheet.functions.reading import ARGUMENTS
from sellersheet.policy import load
from sellersheet.wording import Wording
from sellersheet_workbook.template import live, palette, pieces
from sellersheet_workbook.template.book import DAY, Book, Sheet
from sellersheet_workbook.template.cells import Span, Written, cell
from sellersheet_workbook.template.content import words_of, yes_no
from sellersheet_workbook.template.palette import LABEL, TEXT

WORDS: Final = Wording("sellersheet_workbook.template", "troubleshooting.toml")
_MOMENT: Final = dt.datetime(2024, 10, 8, 9, 0)
_WIDTHS: Final = (TEXT, LABEL, LABEL, TEXT, TEXT)
_KNOWN: Final = 10
_PLACES: Final = (0, 1, 2, 4)  # of what is known: failure, code, cause, remedy
_CAUSE: Final = (2, 3)
_TIMES: Final = 19
_LIST: Final = 25
_FACTS: Final = 37
_FACT_VALUES: Final = (
    "sku_attributes_total",
    "sku_attributes_named",
    "standard_box_cm",
    "failure_path",
)
_FIELDS: Final = ("cause", "remedy", "path")
# The policy values that a text tells.
_TOLD: Final = {
    "syncdeadline_note": {"hours": "sync_before_hours"},
    "aftersalesdeadline_note": {"semi": "after_sales_hours_semi", "own": "after_sales_hours_self"},
    "sync_why": {"hours": "sync_before_hours"},
    "box_why": {"fee": "repack_fee"},
    "inbound_why": {"days": "rush_after_days", "fee": "rush_fee"},
}
_STEPS: Final = ("attributes", "sync", "barcode", "label", "box", "warehouse", "inbound", "shipped")


def fill(book: Book) -> None:
    """Look-up, the codes on record, times, checklist."""
    sheet = book["troubleshooting"]
    sheet.columns(*_WIDTHS)
    pieces.head(sheet, WORDS)
    _code(sheet)
    _known(sheet)
    _times(sheet)
    _checklist(sheet)
    pieces.facts(sheet, _FACTS, "fulfilment", _FACT_VALUES, (2, 1, 2))
    sheet.print_on_a4(last=_FACTS - 2)
    sheet.page.set_h_pagebreaks([_LIST - 1])
    sheet.tab()


def _code(sheet: Sheet) -> None:
    book, lang = sheet.book, sheet.book.lang
    pieces.heading(sheet, 3, WORDS("code", lang))
    sheet.put("A5", WORDS("code_ask", lang), book.style("label"))
    sheet.put("B5", "E102", book.style("input", "text"))
    sheet.page.set_row(4, 20)
    given = sheet["B5"].if_given()
    none = WORDS("code_none", lang)
    for row, field in enumerate(_FIELDS, 5):
        call = ("FAILCODE", given, field, None, book.names["Overrides"])
        text = f'=IF(B5="","",IFNA({sheet.text_of(*call)}&"","{none}"))'
        sheet.put_at(row, 0, WORDS(field, lang), book.style("label"))
        style = book.style("result", text_wrap=True)
        sheet.over(row, 1, 4, style)
        sheet.formula_at(row, 1, text, sheet.result_of(*call), style)
        sheet.page.set_row(row, 20)


def _known(sheet: Sheet) -> None:
    """All codes on record; a failure without a code is listed too."""
    book, lang, rules = sheet.book, sheet.book.lang, load().on(DAY)
    pieces.heading(sheet, _KNOWN - 1, WORDS("known", lang))
    head = book.style("header")
    sheet.page.set_row(_KNOWN, 24)
    sheet.over(_KNOWN, *_CAUSE, head)
    for at, code in zip(_PLACES, ("failure", "code_title", "cause", "remedy"), strict=True):
        sheet.put_at(_KNOWN, at, WORDS(code, lang), head)
    records = [*rules.table("failure_codes"), *rules.table("deposit_failure_codes")]
    style = book.style("result", text_wrap=True, font_size=10)
    for down, record in enumerate(records, _KNOWN + 1):
        row = [record[lang], record["code"] or WORDS("no_code", lang)]
        row += [record[f"cause_{lang}"], record[f"remedy_{lang}"]]
        sheet.over(down, *_CAUSE, style)
        for at, value in zip(_PLACES, row, strict=True):
            sheet.put_at(down, at, value, style)
        widths = (TEXT, LABEL, sheet.width(*_CAUSE), TEXT)
        pieces.high(sheet, down, max(map(pieces.lines_of, row, widths)))


def _times(sheet: Sheet) -> None:
    """When to sync and to answer at the latest."""
    book, lang = sheet.book, sheet.book.lang
    pieces.heading(sheet, _TIMES - 1, WORDS("times", lang))
    for at, code in ((1, "time_known"), (2, "time_latest")):
        sheet.put_at(_TIMES - 1, at, WORDS(code, lang), book.style("section_note"))
    modes = words_of(ARGUMENTS["mode"].choices, lang)
    rows: list[tuple[str, str, Any]] = [
        ("inbound_time", "SYNCDEADLINE", None),
        ("request_time", "AFTERSALESDEADLINE", modes[0]),
        ("request_time", "AFTERSALESDEADLINE", modes[1]),
    ]
    wrong = WORDS("time_wrong", lang)
    for row, (name, function, mode) in enumerate(rows, _TIMES):
        title = ARGUMENTS[name].title(lang) + (f" · {mode}" if mode else "")
        sheet.put_at(row, 0, title, book.style("label"))
        sheet.put_at(row, 1, _MOMENT, book.style("input", "moment"))
        given = sheet.at(row, 1).if_given()
        own = (None, book.names["Overrides"])
        call = (function, given, mode, *own) if mode else (function, given, *own)
        value = sheet.result_of(*call)
        text = f'=IF({cell(row, 1)}="","",{sheet.text_of(*call)})'
        style = book.style("result", "moment", bold=True)
        sheet.formula_at(row, 2, text, value, style)
        note = _told(sheet, f"{function.lower()}_note")
        told = f'IF(ISERROR({cell(row, 2)}),"{wrong}",{note.text})'
        live.put_below(sheet, row, 3, told, book.style("note", indent=1))
        sheet.page.set_row(row, 20)


def _told(sheet: Sheet, code: str) -> Written:
    """A text that tells values of the policy, as an expression that follows them."""
    fields = {}
    for field, name in _TOLD.get(code, {}).items():
        value = sheet.written("POLICYVALUE", name, DAY, None, sheet.book.names["Overrides"])
        fields[field] = pieces.as_shown(value, "0.00" if field == "fee" else "0")
    return pieces.sentence(WORDS, code, sheet.book.lang, **fields)


def _checklist(sheet: Sheet) -> None:
    """What must be done before goods are sent; the rest is counted."""
    book, lang = sheet.book, sheet.book.lang
    yes, no = yes_no(lang)
    pieces.heading(sheet, _LIST - 1, WORDS("checklist", lang))
    for at, code in enumerate(("step", "done")):
        sheet.put_at(_LIST, at, WORDS(code, lang), book.style("header"))
    sheet.over(_LIST, 2, 4, book.style("header"))
    sheet.put_at(_LIST, 2, WORDS("why", lang), book.style("header"))
    top = _LIST + 1
    for row, step in enumerate(_STEPS, top):
        sheet.put_at(row, 0, WORDS(step, lang), book.style("result", text_wrap=True))
        sheet.put_at(row, 1, no, book.style("input", align="center"))
        style = book.style("result", text_wrap=True, font_size=10)
        sheet.over(row, 2, 4, style)
        why = _told(sheet, f"{step}_why")
        if f"{step}_why" in _TOLD:
            sheet.show(row, 2, why, style)
        else:
            sheet.put_at(row, 2, why.value, style)
        lines = pieces.lines_of(why.value, sheet.width(2, 4))
        lines = max(pieces.lines_of(WORDS(step, lang), _WIDTHS[0]), lines)
        pieces.high(sheet, row, lines)
    bottom = top + len(_STEPS) - 1
    choice = {"validate": "list", "source": [yes, no]}
    sheet.page.data_validation(top, 1, bottom, 1, choice)
    pieces.lights(sheet, Span(top, 1, bottom, 1), {yes: palette.OK})
    open_steps = f'{len(_STEPS)}-COUNTIF({cell(top, 1)}:{cell(bottom, 1)},"{yes}")'
    ready = WORDS("all_done", lang)
    left = WORDS("left", lang, count=f'"&{open_steps}&"')
    value = WORDS("left", lang, count=len(_STEPS))
    text = f'=IF({open_steps}=0,"{ready}","{left}")'
    sheet.formula_at(bottom + 1, 0, text, value, book.style("text", bold=True, text_wrap=False))
