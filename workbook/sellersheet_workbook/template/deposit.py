"""Sheet Deposit: what sets it off, whether the shop is ready, how much, how it is paid."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from sellersheet.functions.reading import ARGUMENTS
from sellersheet.wording import LANGS, Wording
from sellersheet_workbook.template import deposit_amount, forms, live, palette
from sellersheet_workbook.template.book import Area, Book, Sheet, cell
from sellersheet_workbook.template.content import Content
from sellersheet_workbook.template.eligibility import entities
from sellersheet_workbook.template.forms import Field
from sellersheet_workbook.template.samples import yes_no

WORDS: Final = Wording("sellersheet_workbook.template", "deposit.toml")
WIDTHS: Final = (38, 20, 30, 30, 14, 58)
DAY: Final = dt.date(2024, 12, 1)
_BASE: Final = 31
_SIGNS: Final = 40
_READY: Final = 68
_MOMENT: Final = dt.datetime(2024, 12, 2, 10, 0)
_DATES: Final = 109
_FACTS: Final = 121
_FACT_VALUES: Final = (
    *("refund_conditions", "dispute_days", "recalculation_days", "reduction_score_min"),
    *("reduction_review_days", "health_path", "reduction_published_sellers"),
    *("reduction_published_share", "reduction_published_full_refunds", "deposit_facts"),
    *("store_deposit", "fast_review_hours", "growth_remedy", "temporary_deposit"),
)
_PAY_FACTS: Final = 168
_PAY_VALUES: Final = ("payment_channels", "channel_fee_rate", "payment_failures", "ticket_path")
_WAITED: Final = (
    *("notice", "due", "recalculation", "reduction", "rereview", "application", "release"),
)
_TEXTS: Final = ("text",) * 6


def fill(book: Book, content: Content) -> None:
    """From the amount, which is asked for most, to what lies behind it."""
    del content
    sheet, lang = book["deposit"], book.lang
    for at, width in enumerate(WIDTHS):
        sheet.page.set_column(at, at, width)
    forms.head(sheet, WORDS("title", lang), WORDS("about", lang))
    deposit_amount.add(sheet, WORDS, 3)
    _base(sheet)
    _signs(sheet)
    _ready(sheet)
    _dates(sheet)
    forms.facts(sheet, _FACTS, "deposit", _FACT_VALUES, (3, 1, 2), WIDTHS)
    forms.facts(sheet, _PAY_FACTS, "pay", _PAY_VALUES, (3, 1, 2), WIDTHS)
    sheet.print_on_a4(upright=True)
    sheet.page.set_h_pagebreaks([_READY, _DATES])
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
    call = (*given.values(), DAY, book.names["Overrides"])
    value = sheet.result_of("DEPOSITBASE", *call)
    forms.result(sheet, _BASE + 2, 2, WORDS("base_found", lang))
    none, wrong = WORDS("no_tier", lang), WORDS("base_wrong", lang)
    text = f'=IFNA({sheet.text_of("DEPOSITBASE", *call)},"—")'
    style = book.style("figure", "usd", align="right", font_size=14, shrink=False)
    sheet.formula_at(_BASE + 2, 3, text, value, style)
    found = cell(_BASE + 2, 3)
    forms.grey_errors(sheet, Area(_BASE + 2, 3, _BASE + 2, 3))
    told = f'IF(ISERROR({found}),"{wrong}",IF({found}="—","{none}",""))'
    live.put_below(sheet, _BASE + 3, 2, told, book.style("note"))


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
    call += [None, sheet.book.names["Overrides"]]
    shown = forms.table(sheet, (top + 12, 0), 22, (10, 6), call, _TEXTS, WIDTHS)
    area = shown.column(4).area
    holds = WORDS("holds", lang)
    # The words are those of the language that the sheet Policy asks for.
    forms.lights(sheet, area, {WORDS("holds_not", each): palette.OK for each in LANGS})
    first, kind = cell(area.top, 4), cell(area.top, 1)
    for each in LANGS:
        for word, colours in (("trigger", palette.ERROR), ("warning", palette.WARNING)):
            test = f'=AND(${first}="{WORDS("holds", each)}",${kind}="{WORDS(word, each)}")'
            rule = {"type": "formula", "criteria": test, "format": sheet.book.light(colours)}
            sheet.page.conditional_format(area.top, 4, area.bottom, 4, rule)
    kinds, found = shown.column(1), shown.column(4)
    triggered = "+".join(
        f'COUNTIFS({kinds.text},"{WORDS("trigger", each)}",{found.text},"{WORDS("holds", each)}")'
        for each in LANGS
    )
    count = sum(
        row == [WORDS("trigger", lang), holds]
        for row in ([a[0], b[0]] for a, b in zip(kinds.rows, found.rows, strict=True))
    )
    yes_text, no_text = WORDS("triggered", lang), WORDS("not_triggered", lang)
    style = sheet.book.style("text", bold=True, valign="vcenter")
    value = yes_text if count else no_text
    row = top + 6
    del value
    live.put_below(sheet, row, 3, f'IF(({triggered})>0,"{yes_text}","{no_text}")', style)
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
    call = ("DEPOSITREADY", *given.values(), None, sheet.book.names["Overrides"])
    widths = (*WIDTHS[:4], WIDTHS[4] + WIDTHS[5])
    shown = forms.table(sheet, (_READY + 9, 0), 34, (8, 5), call, _TEXTS[:5], widths, 2)
    forms.lights(sheet, shown.column(3).area, forms.LIGHTS)


def _dates(sheet: Sheet) -> None:
    """D22, E11: when a notice, payment, review or release comes, without the holidays of Lists."""
    book, lang = sheet.book, sheet.book.lang
    forms.heading(sheet, _DATES, WORDS("dates", lang), WORDS("dates_note", lang))
    words = {choice.key: choice for choice in ARGUMENTS["what"].choices}
    wrong = WORDS("date_wrong", lang)
    for row, what in enumerate(_WAITED, _DATES + 3):
        choice = words[what]
        sheet.put_at(row, 0, WORDS(f"since_{what}", lang), book.style("label"))
        sheet.put_at(row, 1, _MOMENT, book.style("input", "moment", align="left"))
        title = choice.zh if lang == "zh" else choice.en
        forms.result(sheet, row, 2, WORDS(f"date_{what}", lang))
        given = sheet[cell(row, 1)]
        call = ("REVIEWDATE", title, given.if_given(), book.names["HolidayDates"], None,
                book.names["Overrides"])  # fmt: skip
        text = f'=IF({cell(row, 1)}="","",{sheet.text_of(*call)})'
        style = book.style("result", "moment", align="left")
        sheet.formula_at(row, 3, text, sheet.result_of(*call), style)
        told = f'IF(ISERROR({cell(row, 3)}),"{wrong}","")'
        live.put_below(sheet, row, 4, told, book.style("note", font_color=palette.RED))
        sheet.page.set_row(row, 20)
