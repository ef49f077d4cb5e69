"""What may be typed into the order table, and how its cells are coloured."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

from sellersheet.columns import Column
from sellersheet.orders.marks import WORDS as REASONS
from sellersheet.wording import Lang, Wording
from sellersheet_workbook.template import forms, palette
from sellersheet_workbook.template.book import Sheet, Span, cell
from sellersheet_workbook.template.order_layout import (
    COLUMNS,
    FIRST,
    GIVEN,
    GIVEN_FROM,
    GIVEN_TO,
    HEADER,
    place,
)
from sellersheet_workbook.template.samples import yes_no

WORDS: Final = Wording("sellersheet_workbook.template", "orders.toml")
_LONGEST_TITLE: Final = 32
_LONGEST_MESSAGE: Final = 255
_DAYS: Final = (dt.date(2015, 1, 1), dt.date(2099, 12, 31))
_SUGGESTED: Final = {"shop": "=ShopNames", "country": "=CountryCodes"}


def status_word(status: str, lang: Lang) -> str:
    """The word that the column status has for it."""
    return REASONS(f"status_{status}", lang)


def add(sheet: Sheet, rows: int) -> None:
    """Validation of the inputs, colours of inputs and results, for the live rows."""
    last = HEADER + rows
    first, *_, end = (place(item.key) for item in GIVEN if item.kind == "cost")
    area = f"{cell(FIRST, first)}:{cell(last, end)}"
    sheet.page.ignore_errors({"number_stored_as_text": area})
    for at, item in enumerate(GIVEN, GIVEN_FROM):
        rule = validation(item, sheet.book.lang, _SUGGESTED)
        sheet.page.data_validation(FIRST, at, last, at, rule)
    _colours(sheet, last)


def validation(
    item: Column, lang: Lang, suggested: Mapping[str, str] = MappingProxyType({})
) -> dict[str, Any]:
    """What may be typed into a column's cells; ``suggested`` are lists of names for columns in
    which others are right as well."""
    rule: dict[str, Any] = {
        "input_title": item.title(lang)[:_LONGEST_TITLE],
        "input_message": item.help(lang)[:_LONGEST_MESSAGE],
        "error_title": item.title(lang)[:_LONGEST_TITLE],
    }
    if item.kind in ("choice", "yes_no"):
        words: tuple[str, ...] = yes_no(lang)
        if item.kind == "choice":
            words = tuple(choice.zh if lang == "zh" else choice.en for choice in item.choices)
        told = WORDS("one_of", lang, words=WORDS("between", lang).join(words))
        return rule | {"validate": "list", "source": list(words), "error_message": told}
    if item.key in suggested:
        return rule | {"validate": "list", "source": suggested[item.key], "show_error": False}
    if item.kind == "date":
        told = WORDS("a_day", lang)
        between = {"criteria": "between", "minimum": _DAYS[0], "maximum": _DAYS[1]}
        return rule | between | {"validate": "date", "error_message": told}
    if item.low is None or item.high is None or item.kind == "cost":
        return rule | {"validate": "any"}
    whole = item.kind == "count"
    fields = {"low": f"{item.low:,.0f}", "high": f"{item.high:,.0f}"}
    return rule | {
        "validate": "integer" if whole else "decimal",
        "criteria": "between",
        "minimum": int(item.low),
        "maximum": int(item.high),
        "error_message": WORDS("a_whole_number" if whole else "a_number", lang, **fields),
    }


def _colours(sheet: Sheet, last: int) -> None:
    book, page = sheet.book, sheet.page
    end = len(COLUMNS) - 1
    row = FIRST + 1
    status = f"${cell(0, place('status')).rstrip('0123456789')}{row}"
    for code, colours in (
        ("error", palette.ERROR),
        ("warning", palette.WARNING),
        ("note", palette.NOTE),
    ):
        test = f'={status}="{status_word(code, book.lang)}"'
        rule = {"type": "formula", "criteria": test, "format": book.light(colours)}
        for at in (place("status"), place("reason")):
            page.conditional_format(FIRST, at, last, at, rule)
    forms.grey_errors(sheet, Span(FIRST, 0, last, end))
    red_losses(sheet, FIRST, last, map(place, ("profit_cny", "margin")))
    grounds(
        sheet, FIRST, last,
        ((0, GIVEN_FROM - 1, palette.WHITE), (GIVEN_FROM, GIVEN_TO, palette.INPUT),
         (GIVEN_TO + 1, end, palette.WHITE)),
    )  # fmt: skip


def red_losses(sheet: Sheet, first: int, last: int, places: Iterable[int]) -> None:
    """Negative numbers of these columns in red."""
    drawn = sheet.book.added({"font_color": palette.RED, "bold": True})
    for at in places:
        here = cell(first, at)
        test = f"=IF(ISNUMBER({here}),{here}<0,FALSE)"
        rule = {"type": "formula", "criteria": test, "format": drawn}
        sheet.page.conditional_format(first, at, last, at, rule)


def grounds(sheet: Sheet, first: int, last: int, columns: Iterable[tuple[int, int, str]]) -> None:
    """The colour behind columns, from and to, with a line below each row."""
    edge = {"bottom": 1, "bottom_color": palette.LINE}
    for left, right, ground in columns:
        drawn = sheet.book.added({"bg_color": ground, **edge})
        rule = {"type": "formula", "criteria": "=TRUE", "format": drawn}
        sheet.page.conditional_format(first, left, last, right, rule)
