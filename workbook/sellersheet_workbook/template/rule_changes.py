"""Modes: what a change of the rules, or the own values, cost over the orders of the sheet Orders.

Asked only where there is something to compare: own values, or a day on either side. The orders
are computed twice for it.
"""

from __future__ import annotations

from typing import Any, Final

from sellersheet.functions.reading import ARGUMENTS
from sellersheet.wording import Wording
from sellersheet_workbook.template import forms, live
from sellersheet_workbook.template.book import Sheet, Span, cell
from sellersheet_workbook.template.cells import Written
from sellersheet_workbook.template.forms import Field
from sellersheet_workbook.template.order_layout import without_errors

WORDS: Final = Wording("sellersheet_workbook.template", "modes.toml")
_CALCULATION: Final = 100
_GROUPS: Final = 14  # all orders and the groups that are shown
_PICKED: Final = (0, 1, 2, 3, 4, 5, 6, 7, 15)  # of the columns of RULEDIFF
_COLUMNS: Final = 16
_SPANS: Final = (1, 2, 1, 2, 1, 2, 1, 1, 1)


def add(sheet: Sheet, top: int) -> None:
    """How it is to be grouped and which days, then all orders and their groups."""
    book, lang = sheet.book, sheet.book.lang
    forms.heading(sheet, top, WORDS("changes", lang), WORDS("changes_note", lang))
    choices = [item.zh if lang == "zh" else item.en for item in ARGUMENTS["by"].choices]
    given: dict[str, Any] = forms.inputs(sheet, top + 2, (
        Field("by", choices[0], "text", choices),
        Field("date_a", None, "date"),
        Field("date_b", None, "date"),
    ))  # fmt: skip
    days = f'{given["date_a"].ref.text}&{given["date_b"].ref.text}<>""'
    asked = Written(f"OR(OwnCount>0,{days})", False)
    names = book.names
    orders = without_errors(names["OrderInputs"])
    call = ("RULEDIFF", orders, given["date_a"], None, given["date_b"], names["Overrides"],
            given["by"], names["Rates"], names["Fx"])  # fmt: skip
    numbers = ("text", "count", "count", "count", "money", "money", "signed", "share", "text")
    shown = forms.table(
        sheet, (top + 5, 0), _CALCULATION, (_GROUPS + 2, _COLUMNS), call, numbers, _SPANS,
        picked=_PICKED, only=asked,
    )  # fmt: skip
    last = shown.body.area.bottom
    more = cell(last, 0)
    live.put_below(
        sheet, top + 2, 3,
        f'IF({asked.text},IF(LEN({more})>1,"{WORDS("more_groups", lang, count=_GROUPS)}",""),'
        f'"{WORDS("nothing_to_compare", lang)}")',
        book.style("note", bold=True),
    )  # fmt: skip
    names_of = ("OrdersBuiltIn", "OrdersInForce", "OrdersChange")
    for at, name in zip(shown.lefts[4:7], names_of, strict=True):
        book.name(name, sheet.ref(Span(*((last - _GROUPS, at) * 2))))
