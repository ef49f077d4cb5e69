"""Sheet Deposit: what sets it off, whether the shop is ready, how much, how it is paid."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from sellersheet.functions.reading import ARGUMENTS
from sellersheet.wording import LANGS
from sellersheet_workbook.template import (
    deposit_amount,
    forms,
    live,
    palette,
    pieces,
)
from sellersheet_workbook.template.book import DAY, Book, Sheet
from sellersheet_workbook.template.cells import Given, Span, Written, cell, quoted
from sellersheet_workbook.template.content import words_of, yes_no
from sellersheet_workbook.template.deposit_amount import WORDS
from sellersheet_workbook.template.eligibility import entities
from sellersheet_workbook.template.forms import Field
from sellersheet_workbook.template.palette import GAP, LABEL, NUMBER, TEXT

WIDTHS: Final = (TEXT, LABEL, GAP, NUMBER, NUMBER, GAP, NUMBER, NUMBER, GAP, NUMBER, TEXT)
_MOMENT: Final = dt.datetime(2024, 12, 2, 10, 0)
_FIGURES: Final = 3
_NOTICE: Final = 7
_FACT_VALUES: Final = (
    *("refund_conditions", "dispute_days", "recalculation_days", "reduction_score_min"),
    *("reduction_review_days", "health_path", "reduction_published_sellers"),
    *("reduction_published_share", "reduction_published_full_refunds", "deposit_facts"),
    *("store_deposit", "fast_review_hours", "growth_remedy", "temporary_deposit"),
)
_PAY_VALUES: Final = ("payment_channels", "channel_fee_rate", "payment_failures", "ticket_path")
_WAITED: Final = (
    *("notice", "due", "recalculation", "reduction", "rereview", "application", "release"),
)
_TEXTS: Final = ("text",) * 6
_SPANS: Final = (4, 4, 3)  # of what the articles tell
_READY: Final = (1, 2, 3, 2, 3)


def fill(book: Book) -> None:
    """From the amount, which is asked for most, to what lies behind it."""
    sheet, lang = book["deposit"], book.lang
    sheet.columns(*WIDTHS)
    pieces.head(sheet, WORDS)
    given = deposit_amount.add(sheet, _NOTICE)
    deposit_amount.limit(sheet, _NOTICE + 8, given)
    calendar = _NOTICE + 16
    at = deposit_amount.calendar(sheet, calendar, given)
    plan = at
    base = deposit_amount.payments(sheet, at, given)
    signs = _base(sheet, base)
    room, category, triggered = _signs(sheet, signs)
    ready, _ = deposit_amount.room(sheet, room, category)
    curve = _ready(sheet, ready)
    dates = deposit_amount.sensitivity(sheet, curve, given) + 1
    at = _dates(sheet, dates)
    facts = at + 1
    at = pieces.facts(sheet, facts, "deposit", _FACT_VALUES, _SPANS)
    pieces.facts(sheet, at + 1, "pay", _PAY_VALUES, _SPANS)
    _figures(sheet, given, triggered, cell(plan + 3, 6))
    parts = (calendar, plan, base, signs, room, ready, curve, dates)
    pieces.contents(sheet, _NOTICE - 1, WORDS("contents", lang), parts)
    sheet.print_on_a4(last=facts - 2)
    sheet.page.set_h_pagebreaks([calendar, plan, signs, ready, curve])
    sheet.tab()


def _figures(
    sheet: Sheet, given: dict[str, Any], triggered: tuple[str, int, str], due: str
) -> None:
    """The deposit, the highest rate within the budget, the payment's end, the triggers."""
    lang = sheet.book.lang
    amount = given["amount"]
    count, holds, first = triggered
    known = f"LEN(TRIM({first}))>0"  # not where an input is wrong, nor without the functions
    none = WORDS("not_triggered", lang)
    some = pieces.sentence(WORDS, "triggered_by", lang, count=Written(count, holds))
    budget = Written(given["budget_usd"].ref.text, given["budget_usd"].value)
    within = pieces.sentence(WORDS, "within", lang, budget=pieces.as_shown(budget, "#,##0"))
    next_due = sheet[due]
    names = ("budget_usd", "base_usd", "risk", "category_dispute_rate")
    asked = (*(given[name] for name in names), None, given["as_of"])
    call = ("DEPOSITLIMIT", *asked, sheet.book.names["Overrides"])
    highest = sheet.written(*call)
    pieces.large(sheet, _FIGURES, ((0, 0), (1, 3), (4, 8), (9, 10)), (
        pieces.Figure(WORDS("deposit", lang), Written(amount.text, amount.value), "usd",
                       quoted(WORDS("deposit_note", lang))),
        pieces.Figure(WORDS("highest", lang), pieces.not_above(highest), "rate",
                       within),
        pieces.Figure(WORDS("due", lang), Written(next_due.text, next_due.value), "moment",
                       quoted(WORDS("due_note", lang))),
        pieces.Figure(WORDS("in_all", lang),
                       Written(f'IF({known},IF({count}>0,"{WORDS("triggered", lang)}",'
                               f'"{none}"),"—")',
                               WORDS("triggered", lang) if holds else none), "",
                       Written(f'IF({count}>0,{some.text},"")', some.value if holds else "")),
    ))  # fmt: skip
    row = _FIGURES + 1
    pieces.grey_errors(sheet, Span(row, 0, row, 10))
    words = {WORDS("triggered", lang): palette.ERROR, none: palette.OK}
    pieces.lights(sheet, Span(row, 9, row, 9), words)


def _base(sheet: Sheet, top: int) -> int:
    """D4: the base where a tier is stated."""
    book, lang = sheet.book, sheet.book.lang
    pieces.heading(sheet, top, WORDS("base", lang), WORDS("base_note", lang))
    given = forms.inputs(
        sheet,
        top + 2,
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
    pieces.result(sheet, top + 2, 3, WORDS("base_found", lang), 3)
    none, wrong = WORDS("no_tier", lang), WORDS("base_wrong", lang)
    text = f'=IFNA({sheet.text_of("DEPOSITBASE", *call)},"—")'
    sheet.formula_at(top + 2, 6, text, value, book.style("total", "usd", align="right"))
    found = cell(top + 2, 6)
    pieces.grey_errors(sheet, Span(top + 2, 6, top + 2, 6))
    told = f'IF(ISERROR({found}),"{wrong}",IF({found}="—","{none}",""))'
    live.put_below(sheet, top + 3, 3, told, book.style("note"))
    return top + 8


def _signs(sheet: Sheet, at: int) -> tuple[int, Given, tuple[str, int, str]]:
    """D8 to D10: triggers and warnings as lights; the row after them, the category, and how
    many triggers hold, in a formula and now, with the cell of the first."""
    lang = sheet.book.lang
    pieces.heading(sheet, at, WORDS("signs", lang), WORDS("signs_note", lang))
    yes, no = yes_no(lang)
    week = [WORDS("week", lang, number=number) for number in (1, 2)]
    month = [WORDS("month", lang, number=number) for number in (1, 2, 3, 4)]
    top = at + 2
    given = forms.inputs(
        sheet,
        top,
        (
            Field("category", WORDS("electronics", lang), "text"),
            Field("w1", 0.4, "share", title=week[0]),
            Field("w2", 0.38, "share", title=week[1]),
            Field("flash_first", no),
            Field("sku_price_usd", 35, "money"),
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
        left=3,
        over=3,
    )
    weeks = sheet.ref(Span(top + 1, 1, top + 2, 1))
    months = sheet.ref(Span(top + 7, 1, top + 10, 1))
    call = ["DEPOSITTRIGGER", given["category"], weeks]
    call += [given[key] for key in ("flash_first", "sku_price_usd", "fulfilment_rate")]
    call += [given["false_shipments"], months, *more.values()]
    call += [None, sheet.book.names["Overrides"]]
    shown = forms.table(sheet, (top + 11, 0), 22, (10, 6), call, _TEXTS,
                        (1, 2, 1, 5, 1, 1), (0, 2, 1, 3, 4, 5))  # fmt: skip
    area = shown.column(4).area
    holds = WORDS("holds", lang)
    # The words are those of the language that the sheet Policy asks for.
    pieces.lights(sheet, area, {WORDS("holds_not", each): palette.OK for each in LANGS})
    kinds, found = shown.column(2), shown.column(4)
    first, kind = cell(area.top, area.left), cell(area.top, kinds.area.left)
    for each in LANGS:
        for word, colours in (("trigger", palette.ERROR), ("warning", palette.WARNING)):
            test = f'=AND(${first}="{WORDS("holds", each)}",${kind}="{WORDS(word, each)}")'
            rule = {"type": "formula", "criteria": test, "format": sheet.book.light(colours)}
            sheet.page.conditional_format(area.top, area.left, area.bottom, area.left, rule)
    triggered = "+".join(
        f'COUNTIFS({kinds.text},"{WORDS("trigger", each)}",{found.text},"{WORDS("holds", each)}")'
        for each in LANGS
    )
    count = sum(
        row == [WORDS("trigger", lang), holds]
        for row in ([a[0], b[0]] for a, b in zip(kinds.rows, found.rows, strict=True))
    )
    upper = kinds.area.top
    return top + 23, given["category"], (f"({triggered})", count, cell(upper, kinds.area.left))


def _ready(sheet: Sheet, top: int) -> int:
    """D11: the prerequisites."""
    lang = sheet.book.lang
    yes = yes_no(lang)[0]
    pieces.heading(sheet, top, WORDS("ready", lang), WORDS("ready_note", lang))
    given: dict[str, Any] = forms.inputs(
        sheet,
        top + 2,
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
    shown = forms.table(
        sheet,
        (top + 8, 0),
        34,
        (8, 5),
        call,
        ("text", "text", "text", "verdict", "verdict"),
        _READY,
    )
    pieces.lights(sheet, shown.column(3).area, pieces.verdict_lights(lang))
    return top + 19


def _dates(sheet: Sheet, top: int) -> int:
    """D22, E11: when a notice, payment, review or release comes, without the holidays of Lists."""
    book, lang = sheet.book, sheet.book.lang
    pieces.heading(sheet, top, WORDS("dates", lang), WORDS("dates_note", lang))
    words = {choice.key: choice for choice in ARGUMENTS["what"].choices}
    wrong = WORDS("date_wrong", lang)
    for row, what in enumerate(_WAITED, top + 2):
        choice = words[what]
        sheet.put_at(row, 0, WORDS(f"since_{what}", lang), book.style("label"))
        sheet.put_at(row, 1, _MOMENT, book.style("input", "moment"))
        (title,) = words_of([choice], lang)
        pieces.result(sheet, row, 3, WORDS(f"date_{what}", lang), 3)
        given = sheet.at(row, 1)
        call = ("REVIEWDATE", title, given.if_given(), book.names["HolidayDates"], None,
                book.names["Overrides"])  # fmt: skip
        text = f'=IF({cell(row, 1)}="","",{sheet.text_of(*call)})'
        style = book.style("result", "moment")
        sheet.over(row, 6, 7, style)
        sheet.formula_at(row, 6, text, sheet.result_of(*call), style)
        told = f'IF(ISERROR({cell(row, 6)}),"{wrong}","")'
        live.put_below(sheet, row, 9, told, book.style("note", font_color=palette.RED))
        sheet.page.set_row(row, 20)
    return top + 3 + len(_WAITED)
