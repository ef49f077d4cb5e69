"""Deposit, looking ahead: the rate within a budget, the calendar, the room before a trigger."""

from __future__ import annotations

from typing import Any, Final

from sellersheet.wording import Wording
from sellersheet_workbook.template import figures, forms, live, palette
from sellersheet_workbook.template.book import Sheet, Span
from sellersheet_workbook.template.cells import Given, Written
from sellersheet_workbook.template.forms import Field

_LIMIT: Final = 130  # rows of the calculation sheet
_CALENDAR: Final = 134
_ROOM: Final = 160
_EVENTS: Final = 18  # lines of the calendar that are shown
_LIMITS: Final = ("rate", "count", "money", "money", "rate", "count")


def limit(sheet: Sheet, words: Wording, top: int, given: dict[str, Any]) -> None:
    """D20: the highest dispute rate and the most disputes within the budget."""
    book, lang = sheet.book, sheet.book.lang
    behind = book["calculation"]
    names = ("budget_usd", "base_usd", "risk", "category_dispute_rate", "orders", "as_of")
    asked = (*(given[name] for name in names), book.names["Overrides"])
    left = forms.CALCULATION_LEFT
    area = Span(_LIMIT, left, _LIMIT + 1, left + len(_LIMITS) + 1)
    titles, found = behind.call(
        area.text.replace("$", ""), "DEPOSITLIMIT_DETAIL", *asked, True
    )  # the titles are the function's own
    sheet.put_at(top, 3, words("limit", lang), book.style("label", bold=True))
    for at, number in enumerate(_LIMITS):
        for row, column, value, style in (
            (_LIMIT, 3, titles[at], book.style("label")),
            (_LIMIT + 1, 6, found[at], book.style("result", number)),
        ):
            ref = behind.ref(Span(row, left + at, row, left + at)).text
            shown = Written(f'{ref}&""' if column == 3 else ref, value)
            if column == 6 and number == "rate":
                shown = figures.not_above(shown)
            sheet.over(top + 1 + at, column, 5 if column == 3 else column, style)
            sheet.formula_at(top + 1 + at, column, f"={shown.text}", shown.value, style)
    forms.grey_errors(sheet, Span(top + 1, 6, top + len(_LIMITS), 6))
    reason = behind.ref(Span(area.bottom, area.right, area.bottom, area.right)).text
    style = book.style("text", bold=True, font_color=palette.RED)
    sheet.page.merge_range(top + 1, 7, top + 4, 10, "", style)
    live.put_below(sheet, top + 1, 7, f'{reason}&""', style)


def calendar(sheet: Sheet, words: Wording, top: int, given: dict[str, Any]) -> int:
    """D22: from the approval to the release, and what the money costs; the row after it."""
    book, lang = sheet.book, sheet.book.lang
    names = book.names
    call = ("DEPOSITCALENDAR", given["approved_on"], given["amount"].if_given(), given["channel"],
            names["HolidayDates"], given["yearly_rate"], given["left_on"], None,
            names["Overrides"])  # fmt: skip
    forms.heading(sheet, top, words("calendar", lang), words("calendar_note", lang))
    numbers = ("text", "moment", "count", "money", "text", "text", "text")
    forms.table(sheet, (top + 2, 0), _CALENDAR, (_EVENTS + 2, 7), call, numbers,
                (1, 2, 1, 2, 1, 3, 1))  # fmt: skip
    at = (_CALENDAR + _EVENTS + 1, forms.CALCULATION_LEFT)
    more = book["calculation"].ref(Span(*at, *at)).text
    told = words("more_events", lang, count=_EVENTS)
    note = book.style("section_note", font_color=palette.WARNING[0])
    live.put_below(sheet, top, 6, f'IF(LEN(TRIM({more}))>1,"{told}","")', note)
    return top + _EVENTS + 5


def room(sheet: Sheet, words: Wording, top: int, category: Given) -> tuple[int, forms.FormTable]:
    """D21: how many more orders or late parcels before a trigger; the row after it."""
    lang = sheet.book.lang
    forms.heading(sheet, top, words("room", lang), words("room_note", lang))
    weeks = [words("orders_of_week", lang, number=number) for number in (1, 2, 3)]
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
