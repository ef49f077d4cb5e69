"""The deposit of the notice: its factors, its payments and how it moves with the dispute rate; and,
looking ahead, the rate within a budget, the calendar, the room before a trigger."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from sellersheet.columns import column
from sellersheet.functions.reading import ARGUMENTS
from sellersheet.policy import load
from sellersheet.wording import Wording
from sellersheet_workbook.template import forms, live, palette, pieces
from sellersheet_workbook.template.book import DAY, Sheet
from sellersheet_workbook.template.cells import Given, Span, Written, cell
from sellersheet_workbook.template.forms import Field
from sellersheet_workbook.template.palette import BLUE, DARK, SIZE, axis, dressed

WORDS: Final = Wording("sellersheet_workbook.template", "deposit.toml")
_APPROVED: Final = dt.datetime(2024, 11, 29, 10, 0)
_NOTICE: Final = dt.datetime(2024, 12, 2, 10, 0)
_STEPS: Final = (0.25, 0.4, 0.5, 0.6, 0.75, 0.9, 1, 1.1, 1.25, 1.4, 1.5, 1.75, 2)
_PARTS: Final = 9  # payments that are shown
_FACTORS: Final = ("base_usd", "risk", "deviation", "deviation_used", "deposit_usd")
_LIMIT: Final = 130  # rows of the calculation sheet
_CALENDAR: Final = 134
_ROOM: Final = 160
_EVENTS: Final = 18  # lines of the calendar that are shown
_LIMITS: Final = ("rate", "count", "money", "money", "rate", "count")


def add(sheet: Sheet, top: int) -> dict[str, Any]:
    """The form of the notice at the left, its results at the right; the cells that were filled
    in, and the deposit under its own name."""
    book, lang = sheet.book, sheet.book.lang
    own = book.names["Overrides"]
    pieces.heading(sheet, top, WORDS("notice", lang), WORDS("notice_note", lang))
    channels = tuple(str(item[lang]) for item in load().on(DAY).table("payment_channels"))
    given: dict[str, Any] = forms.inputs(
        sheet,
        top + 2,
        (
            Field("base_usd", 1000, "money"),
            Field("risk", 1.3),
            Field("shop_dispute_rate", 0.0121, "rate"),
            Field("category_dispute_rate", 0.01, "rate"),
            Field("as_of", DAY, "date"),
            Field("channel", channels[-1], "text", channels),
            Field("approved_on", _APPROVED, "moment"),
            Field("notice_time", _NOTICE, "moment"),
            Field("yearly_rate", None, "rate", title=WORDS("capital", lang)),
            Field("left_on", None, "moment"),
            Field("budget_usd", 2500, "money"),
            Field("orders", 1200, "count", title=WORDS("month_orders", lang)),
        ),
    )
    case = [given[item] for item in ("base_usd", "risk", "shop_dispute_rate")]
    case += [given["category_dispute_rate"], given["as_of"], own]
    behind = book["calculation"]
    area = Span(44, forms.CALCULATION_LEFT, 44, forms.CALCULATION_LEFT + 6)
    found = behind.call(area.text, "ORDERDEPOSIT_DETAIL", *case)[0]
    numbers = ("money", "general", "share", "share", "usd")
    for at, (name, number) in enumerate(zip(_FACTORS, numbers, strict=True)):
        item = ARGUMENTS.get(name) or column("deposit_results", name)
        pieces.result(sheet, top + 2 + at, 3, item.title(lang), 3)
        ref = behind.at(44, area.left + at).text
        style = book.style("total" if name == "deposit_usd" else "result", number)
        sheet.formula_at(top + 2 + at, 6, f"={ref}", found[at], style)
    reason = behind.at(44, area.right).text
    style = book.style("text", bold=True, font_color=palette.RED)
    sheet.page.merge_range(top + 2, 7, top + 6, 10, "", style)
    pieces.grey_errors(sheet, Span(top + 2, 6, top + 6, 6))
    live.put_below(sheet, top + 2, 7, f'{reason}&""', style)
    return given | {"amount": sheet.at(top + 6, 6)}


def payments(sheet: Sheet, top: int, given: dict[str, Any]) -> int:
    """The payments of the plan; the row after it."""
    book, lang = sheet.book, sheet.book.lang
    behind, own = book["calculation"], book.names["Overrides"]
    amount = given["amount"].if_given()
    call = ("DEPOSITPLAN", amount, given["channel"], given["notice_time"], None, own)
    pieces.heading(sheet, top, WORDS("plan", lang))
    forms.table(
        sheet, (top + 1, 0), 47, (_PARTS + 2, 5), call,
        ("general", "money", "money", "money", "moment"), (1, 2, 1, 2, 2),
    )  # fmt: skip
    # More payments than are shown: the line says so, where nothing else is wrong.
    more = behind.at(47 + _PARTS + 1, forms.CALCULATION_LEFT).text
    told = WORDS("more_parts", lang, parts=_PARTS)
    note = book.style("section_note", font_color=palette.RED)
    sheet.formula_at(top, 3, f'=IF(ISNUMBER({more}),"{told}","")', "", note)
    return top + _PARTS + 4


def sensitivity(sheet: Sheet, top: int, given: dict[str, Any]) -> int:
    """The deposit at dispute rates from a quarter to twice the mean: flat beyond the caps."""
    book, lang = sheet.book, sheet.book.lang
    own = book.names["Overrides"]
    pieces.heading(sheet, top, WORDS("sensitivity", lang), WORDS("sensitivity_note", lang))
    titles = [WORDS("deviation", lang), ARGUMENTS["shop_dispute_rate"].title(lang)]
    titles.append(column("deposit_results", "deposit_usd").title(lang))
    head = book.style("result_header", text_wrap=False)
    sheet.over(top + 2, 1, 2, head)
    for at, title in zip((0, 1, 3), titles, strict=True):
        sheet.put_at(top + 2, at, title, head)
    mean = given["category_dispute_rate"].ref
    base = given["base_usd"], given["risk"]
    first = top + 3
    last = first + len(_STEPS) - 1
    for row, step in enumerate(_STEPS, first):
        sheet.put_at(row, 0, round(step - 1, 2), book.style("result", "share"))
        value = mean.value * step
        text = f'=IF(ISNUMBER({mean.text}),{mean.text}*(1+{cell(row, 0)}),"")'
        rate = book.style("result", "rate")
        sheet.over(row, 1, 2, rate)
        sheet.formula_at(row, 1, text, value, rate)
        rates = (sheet.at(row, 1).if_given(), given["category_dispute_rate"])
        call = ("ORDERDEPOSIT", *base, *rates, given["as_of"], own)
        sheet.show(row, 3, sheet.written(*call), book.style("result", "money"))
    pieces.grey_errors(sheet, Span(first, 3, last, 3))
    chart = book.workbook.add_chart({"type": "scatter", "subtype": "straight_with_markers"})
    marker = {"type": "circle", "size": 6, "fill": {"color": BLUE}}
    line = {"color": DARK, "width": 2.25}
    chart.add_series(sheet.series(Span(top + 2, 0, last, 3), 3, line=line, marker=marker))
    dressed(chart, WORDS("sensitivity_chart", lang))
    chart.set_x_axis({**axis("0%", title=WORDS("deviation", lang), grid=True), "min": -0.75,
                      "max": 1, "major_unit": 0.25, "label_position": "low",
                      "crossing": -0.75})  # fmt: skip
    chart.set_y_axis({**axis('"$"#,##0', grid=True), "min": 0, "label_position": "low"})
    chart.set_size({**SIZE, "height": 340})
    sheet.page.insert_chart(cell(top + 2, 4), chart, {"x_offset": 8, "object_position": 2})
    return last + 2


def limit(sheet: Sheet, top: int, given: dict[str, Any]) -> None:
    """D20: the highest dispute rate and the most disputes within the budget."""
    book, lang = sheet.book, sheet.book.lang
    behind = book["calculation"]
    names = ("budget_usd", "base_usd", "risk", "category_dispute_rate", "orders", "as_of")
    asked = (*(given[name] for name in names), book.names["Overrides"])
    left = forms.CALCULATION_LEFT
    area = Span(_LIMIT, left, _LIMIT + 1, left + len(_LIMITS) + 1)
    titles, found = behind.call(
        area.text, "DEPOSITLIMIT_DETAIL", *asked, True
    )  # the titles are the function's own
    sheet.put_at(top, 3, WORDS("limit", lang), book.style("label", bold=True))
    for at, number in enumerate(_LIMITS):
        row, (title, shown) = (
            top + 1 + at,
            (behind.at(_LIMIT + down, left + at).text for down in (0, 1)),
        )
        style = book.style("label")
        sheet.over(row, 3, 5, style)
        sheet.formula_at(row, 3, f'={title}&""', titles[at], style)
        result = Written(shown, found[at])
        result = pieces.not_above(result) if number == "rate" else result
        sheet.show(row, 6, result, book.style("result", number))
    pieces.grey_errors(sheet, Span(top + 1, 6, top + len(_LIMITS), 6))
    reason = behind.at(area.bottom, area.right).text
    style = book.style("text", bold=True, font_color=palette.RED)
    sheet.page.merge_range(top + 1, 7, top + 4, 10, "", style)
    live.put_below(sheet, top + 1, 7, f'{reason}&""', style)


def calendar(sheet: Sheet, top: int, given: dict[str, Any]) -> int:
    """D22: from the approval to the release, and what the money costs; the row after it."""
    book, lang = sheet.book, sheet.book.lang
    names = book.names
    call = ("DEPOSITCALENDAR", given["approved_on"], given["amount"].if_given(), given["channel"],
            names["HolidayDates"], given["yearly_rate"], given["left_on"], None,
            names["Overrides"])  # fmt: skip
    pieces.heading(sheet, top, WORDS("calendar", lang), WORDS("calendar_note", lang))
    numbers = ("text", "moment", "count", "money", "text", "text", "text")
    forms.table(sheet, (top + 2, 0), _CALENDAR, (_EVENTS + 2, 7), call, numbers,
                (1, 2, 1, 2, 1, 3, 1))  # fmt: skip
    more = book["calculation"].at(_CALENDAR + _EVENTS + 1, forms.CALCULATION_LEFT).text
    told = WORDS("more_events", lang, count=_EVENTS)
    note = book.style("section_note", font_color=palette.WARNING[0])
    live.put_below(sheet, top, 6, f'IF(LEN(TRIM({more}))>1,"{told}","")', note)
    return top + _EVENTS + 5


def room(sheet: Sheet, top: int, category: Given) -> tuple[int, forms.FormTable]:
    """D21: how many more orders or late parcels before a trigger; the row after it."""
    lang = sheet.book.lang
    pieces.heading(sheet, top, WORDS("room", lang), WORDS("room_note", lang))
    weeks = [WORDS("orders_of_week", lang, number=number) for number in (1, 2, 3)]
    given: dict[str, Any] = forms.inputs(sheet, top + 2, (
        *(Field(f"week_{at}", orders, "count", title=weeks[at])
          for at, orders in enumerate((280, 390, 410))),
        Field("parcels", 1000, "count"),
        Field("late_parcels", 40, "count"),
        Field("missing_tracking", 10, "count"),
        Field("late_uploads", 30, "count"),
    ))  # fmt: skip
    orders = sheet.ref(Span(top + 2, 1, top + 4, 1))
    call = ("TRIGGERROOM", orders, *(given[name] for name in (
        "parcels", "late_parcels", "missing_tracking", "late_uploads")),
        category, None, sheet.book.names["Overrides"])  # fmt: skip
    numbers = ("text", "text", "text", "text", "count", "count", "text", "text")
    shown = forms.table(sheet, (top + 9, 0), _ROOM, (6, 8), call, numbers,
                        (1, 2, 1, 2, 1, 2, 1, 1), (0, 2, 1, 3, 4, 5, 6, 7))  # fmt: skip
    return top + 17, shown
