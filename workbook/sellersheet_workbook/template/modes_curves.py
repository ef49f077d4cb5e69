"""Modes: semi-managed against self-run by volume, and the subsidy lost by return rate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sellersheet.wording import Wording
from sellersheet_workbook.template import forms, pieces
from sellersheet_workbook.template.book import Sheet
from sellersheet_workbook.template.cells import Written, cell
from sellersheet_workbook.template.forms import Field
from sellersheet_workbook.template.palette import BLUE, DARK, RED, SERIES, SIZE, axis, dressed

WORDS: Final = Wording("sellersheet_workbook.template", "modes.toml")
_VOLUMES: Final = 10  # what MODEVOLUME has without volumes of one's own
_RATES: Final = 13
_BEYOND: Final = 0.25  # the curve goes so far beyond the category's mean
_SPANS: Final = (1, 2, 1, 2)
_GAINS: Final = 9  # the columns that the chart draws


def volume(sheet: Sheet, given: Sequence[Any], top: int, charts: int) -> Written:
    """The table from ``top`` on, its chart at the row ``charts``; the volume at which it turns."""
    book, lang = sheet.book, sheet.book.lang
    pieces.heading(sheet, top, WORDS("volume", lang))
    call = ("MODEVOLUME", *given, None, None, book.names["Overrides"])
    numbers = ("count", "money", "money", "money", "text")
    shown = forms.table(sheet, (top + 1, 0), 70, (_VOLUMES + 2, 5), call, numbers, (*_SPANS, 3))
    first = shown.body.area.top
    last = first + _VOLUMES - 1
    # Below the axis of the chart, in the table a gain of the other mode; none is blank.
    style = book.style("result", num_format="#,##0.00;#,##0.00;")
    sides = (("semi_gain", "MAX", max), ("self_gain", "MIN", min))
    for at, (code, limit, of) in enumerate(sides, _GAINS):
        sheet.put_at(first - 1, at, WORDS(code, lang), book.style("result_header"))
        for row in range(first, last + 1):
            gain = shown.column(3).rows[row - first][0]
            ahead = cell(row, shown.lefts[3])
            text = f'=IF(ISNUMBER({ahead}),{limit}(0,{ahead}),"")'
            sheet.formula_at(row, at, text, of(0, gain), style)
    chart = book.workbook.add_chart({"type": "column", "subtype": "stacked"})
    drawn = shown.whole._replace(bottom=last)
    for at, colour in ((_GAINS, BLUE), (_GAINS + 1, RED)):
        chart.add_series(sheet.series(drawn, at, fill={"color": colour}, gap=60))
    dressed(chart, WORDS("volume_chart", lang), legend=True)
    chart.set_x_axis({**axis(title=WORDS("volume_axis", lang)), "label_position": "low"})
    chart.set_y_axis(axis("#,##0", grid=True))
    chart.set_size(SIZE)
    sheet.draw(chart, charts, 6)
    turn = cell(last + 1, 0)
    value = sheet[turn].value
    none = WORDS("never", lang)
    text = f'IF(ISNUMBER({turn}),{turn},IF(LEN({cell(last, 0)})>1,"{none}","—"))'
    return Written(text, value if isinstance(value, int | float) else none)


def returns(sheet: Sheet, top: int) -> None:
    """What returns above the mean cost a month, by both readings of the 15 %."""
    book, lang = sheet.book, sheet.book.lang
    pieces.heading(sheet, top, WORDS("returns", lang), WORDS("returns_note", lang))
    given = forms.inputs(sheet, top + 2, (
        Field("orders", 1000, "count", title=WORDS("month_orders", lang)),
        Field("category_mean", 0.08, "share"),
        Field("seller_fault_orders", None, "count"),
    ))  # fmt: skip
    # The rates that are asked for: whole half percents from 0 to beyond the mean.
    behind = book["calculation"]
    rates = book.behind(_RATES, 1)
    mean = given["category_mean"].ref
    for down in range(_RATES):
        text = f"=CEILING((N({mean.text})+{_BEYOND})/{_RATES - 1},0.005)*{down}"
        behind.formula_at(rates.top + down, rates.left, text, round(0.03 * down, 3))
    call = ("RETURNCURVE", given["orders"], given["category_mean"], behind.ref(rates),
            given["seller_fault_orders"], None, book.names["Overrides"])  # fmt: skip
    numbers = ("share", "money", "money", "money")
    shown = forms.table(sheet, (top + 5, 0), 84, (_RATES + 1, 4), call, numbers, _SPANS)
    chart = book.workbook.add_chart({"type": "line"})
    drawn = ((SERIES[1], "solid"), (SERIES[4], "dash"), (DARK, "dash"))
    for at, (colour, dash) in zip(shown.lefts[1:], drawn, strict=True):
        line = {"color": colour, "width": 2.25, "dash_type": dash}
        chart.add_series(sheet.series(shown.whole, at, line=line))
    dressed(chart, WORDS("returns_chart", lang), legend=True)
    chart.set_x_axis({**axis("0%", title=WORDS("returns_axis", lang)), "label_position": "low"})
    chart.set_y_axis({**axis("#,##0", grid=True), "min": 0})
    chart.set_size({**SIZE, "height": 380})
    sheet.draw(chart, top + 4, 6)
