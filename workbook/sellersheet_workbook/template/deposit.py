"""Sheet Deposit: what sets it off, whether the shop is ready, how much, how it is paid."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from sellersheet.wording import Wording
from sellersheet_workbook.template import deposit_amount, forms, palette
from sellersheet_workbook.template.book import Area, Book, Sheet, cell
from sellersheet_workbook.template.content import Content
from sellersheet_workbook.template.eligibility import entities
from sellersheet_workbook.template.forms import Field
from sellersheet_workbook.template.samples import yes_no

WORDS: Final = Wording("sellersheet_workbook.template", "deposit.toml")
WIDTHS: Final = (38, 20, 30, 30, 14, 58)
DAY: Final = dt.date(2024, 12, 1)
_BASE: Final = 31
_SIGNS: Final = 45
_READY: Final = 77
_TEXTS: Final = ("text",) * 6


def fill(book: Book, content: Content) -> None:
    """From the amount, which is asked for most, to what lies behind it."""
    del content
    sheet, lang = book["deposit"], book.lang
    for at, width in enumerate(WIDTHS):
        sheet.page.set_column(at, at, width)
    forms.head(sheet, WORDS("title", lang), WORDS("about", lang), WORDS("home", lang))
    deposit_amount.add(sheet, WORDS, 3)
    _base(sheet)
    _signs(sheet)
    _ready(sheet)
    sheet.print_on_a4()
    sheet.page.set_h_pagebreaks([_BASE - 1, _READY - 1])
    sheet.tab()


def _base(sheet: Sheet) -> None:
    """D4: the base where a tier is stated."""
    book, lang = sheet.book, sheet.book.lang
    forms.heading(sheet, _BASE, WORDS("base", lang), WORDS("base_note", lang))
    given = forms.inputs(
        sheet,
        _BASE + 2,
        (
            Field("monthly_orders", 300, "count"),
            Field("dsr", 4.8),
            Field("category", WORDS("apparel", lang), "text"),
            Field("new_shop", yes_no(lang)[0]),
            Field("battery_3c", yes_no(lang)[1]),
        ),
    )
    call = ("DEPOSITBASE", *given.values(), DAY, book.names["Overrides"])
    value = sheet.result_of(*call)
    forms.result(sheet, _BASE + 2, 2, WORDS("base_found", lang))
    none, wrong = WORDS("no_tier", lang), WORDS("base_wrong", lang)
    inner = sheet.text_of(*call)
    text = f'=IF(ISNA({inner}),"{none}",IFERROR({inner},"{wrong}"))'
    style = book.style("figure", "usd", align="left", font_size=14, shrink=False)
    sheet.formula_at(_BASE + 2, 3, text, value, style)


def _signs(sheet: Sheet) -> None:
    """D8 to D10: triggers and warnings as lights."""
    lang = sheet.book.lang
    forms.heading(sheet, _SIGNS, WORDS("signs", lang), WORDS("signs_note", lang))
    yes, no = yes_no(lang)
    week = [WORDS("week", lang, number=number) for number in (1, 2)]
    month = [WORDS("month", lang, number=number) for number in (1, 2, 3, 4)]
    top = _SIGNS + 2
    given = forms.inputs(
        sheet,
        top,
        (
            Field("category", WORDS("electronics", lang), "text"),
            Field("w1", 0.4, "share", title=week[0]),
            Field("w2", 0.38, "share", title=week[1]),
            Field("flash_first", no),
            Field("sku_price_usd", 35, "usd"),
            Field("fulfilment_rate", 0.951, "share"),
            Field("false_shipments", 0, "count"),
            *(Field(f"m{at}", 0.1, "share", title=title) for at, title in enumerate(month)),
        ),
    )
    more = forms.inputs(
        sheet,
        top,
        (
            Field("tracking_delay", 0.06, "share"),
            Field("battery", yes),
            Field("ru_br_share", 0.2, "share"),
            Field("cainiao_without_aplus", no),
            Field("promotion", "双11", "text"),
        ),
        left=2,
    )
    weeks = sheet.ref(Area(top + 1, 1, top + 2, 1))
    months = sheet.ref(Area(top + 7, 1, top + 10, 1))
    call = ["DEPOSITTRIGGER", given["category"], weeks]
    call += [given[key] for key in ("flash_first", "sku_price_usd", "fulfilment_rate")]
    call += [given["false_shipments"], months, *more.values()]
    shown = forms.table(sheet, (top + 12, 0), 22, (10, 6), call, _TEXTS, WIDTHS)
    area = shown.column(4).area
    holds, not_holds = WORDS("holds", lang), WORDS("holds_not", lang)
    forms.lights(sheet, area, {not_holds: palette.OK})
    first, kind = cell(area.top, 4), cell(area.top, 1)
    for word, colours in (("trigger", palette.ERROR), ("warning", palette.WARNING)):
        test = f'=AND(${first}="{holds}",${kind}="{WORDS(word, lang)}")'
        rule = {"type": "formula", "criteria": test, "format": sheet.book.light(colours)}
        sheet.page.conditional_format(area.top, 4, area.bottom, 4, rule)
    kinds, found = shown.column(1), shown.column(4)
    triggered = f'COUNTIFS({kinds.text},"{WORDS("trigger", lang)}",{found.text},"{holds}")'
    count = sum(
        row == [WORDS("trigger", lang), holds]
        for row in ([a[0], b[0]] for a, b in zip(kinds.rows, found.rows, strict=True))
    )
    yes_text, no_text = WORDS("triggered", lang), WORDS("not_triggered", lang)
    style = sheet.book.style("text", bold=True, valign="vcenter")
    value = yes_text if count else no_text
    row = top + 6
    sheet.formula_at(row, 3, f'=IF({triggered}>0,"{yes_text}","{no_text}")', value, style)
    forms.result(sheet, row, 2, WORDS("in_all", lang))
    forms.lights(sheet, Area(row, 3, row, 3), {yes_text: palette.ERROR, no_text: palette.OK})


def _ready(sheet: Sheet) -> None:
    """D11: the prerequisites."""
    lang = sheet.book.lang
    yes = yes_no(lang)[0]
    forms.heading(sheet, _READY, WORDS("ready", lang), WORDS("ready_note", lang))
    given: dict[str, Any] = forms.inputs(
        sheet,
        _READY + 2,
        (
            Field("licence_days", 420, "count"),
            Field("entity", entities(lang)[0], "text", entities(lang)),
            Field("certified", yes),
            Field("violations_90d", 0, "count"),
            Field("alp", yes),
            Field("tracking_rate", 0.979, "share"),
        ),
    )
    call = ("DEPOSITREADY", *given.values())
    widths = (*WIDTHS[:4], WIDTHS[4] + WIDTHS[5])
    shown = forms.table(sheet, (_READY + 9, 0), 34, (8, 5), call, _TEXTS[:5], widths, 2)
    forms.lights(sheet, shown.column(3).area, forms.LIGHTS)
