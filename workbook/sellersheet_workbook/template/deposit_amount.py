"""The deposit of the notice: its factors, its payments, and how it moves with the dispute rate."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from sellersheet.columns import column
from sellersheet.functions.reading import ARGUMENTS
from sellersheet.policy import load
from sellersheet.wording import Wording
from sellersheet_workbook.template import forms, live, palette
from sellersheet_workbook.template.book import Sheet, Span, cell
from sellersheet_workbook.template.charts import SIZE, axis, dressed
from sellersheet_workbook.template.forms import Field
from sellersheet_workbook.template.palette import BLUE, DARK

_APPROVED: Final = dt.datetime(2024, 11, 29, 10, 0)
_NOTICE: Final = dt.datetime(2024, 12, 2, 10, 0)
_DAY: Final = dt.date(2024, 12, 1)
_STEPS: Final = (0.25, 0.4, 0.5, 0.6, 0.75, 0.9, 1, 1.1, 1.25, 1.4, 1.5, 1.75, 2)
_PARTS: Final = 9  # payments that are shown
_FACTORS: Final = ("base_usd", "risk", "deviation", "deviation_used", "deposit_usd")


def add(sheet: Sheet, words: Wording, top: int) -> dict[str, Any]:
    """The form of the notice at the left, its results at the right; the cells that were filled
    in, and the deposit under its own name."""
    book, lang = sheet.book, sheet.book.lang
    own = book.names["Overrides"]
    forms.heading(sheet, top, words("notice", lang), words("notice_note", lang))
    channels = tuple(str(item[lang]) for item in load().on(_DAY).table("payment_channels"))
    given: dict[str, Any] = forms.inputs(
        sheet,
        top + 2,
        (
            Field("base_usd", 1000, "money"),
            Field("risk", 1.3),
            Field("shop_dispute_rate", 0.0121, "rate"),
            Field("category_dispute_rate", 0.01, "rate"),
            Field("as_of", _DAY, "date"),
            Field("channel", channels[-1], "text", channels),
            Field("approved_on", _APPROVED, "moment"),
            Field("notice_time", _NOTICE, "moment"),
            Field("yearly_rate", None, "rate", title=words("capital", lang)),
            Field("left_on", None, "moment"),
            Field("budget_usd", 2500, "money"),
            Field("orders", 1200, "count", title=words("month_orders", lang)),
        ),
    )
    case = [given[item] for item in ("base_usd", "risk", "shop_dispute_rate")]
    case += [given["category_dispute_rate"], given["as_of"], own]
    behind = book["calculation"]
    area = Span(44, forms.CALCULATION_LEFT, 44, forms.CALCULATION_LEFT + 6)
    found = behind.call(area.text.replace("$", ""), "ORDERDEPOSIT_DETAIL", *case)[0]
    numbers = ("money", "general", "share", "share", "usd")
    for at, (name, number) in enumerate(zip(_FACTORS, numbers, strict=True)):
        item = ARGUMENTS.get(name) or column("deposit_results", name)
        forms.result(sheet, top + 2 + at, 3, item.title(lang), 3)
        ref = behind.ref(Span(44, area.left + at, 44, area.left + at)).text
        style = book.style("total" if name == "deposit_usd" else "result", number)
        sheet.formula_at(top + 2 + at, 6, f"={ref}", found[at], style)
    reason = behind.ref(Span(44, area.right, 44, area.right)).text
    style = book.style("text", bold=True, font_color=palette.RED)
    sheet.page.merge_range(top + 2, 7, top + 6, 10, "", style)
    forms.grey_errors(sheet, Span(top + 2, 6, top + 6, 6))
    live.put_below(sheet, top + 2, 7, f'{reason}&""', style)
    return given | {"amount": sheet[cell(top + 6, 6)]}


def payments(sheet: Sheet, words: Wording, top: int, given: dict[str, Any]) -> int:
    """The payments of the plan; the row after it."""
    book, lang = sheet.book, sheet.book.lang
    behind, own = book["calculation"], book.names["Overrides"]
    amount = given["amount"].if_given()
    call = ("DEPOSITPLAN", amount, given["channel"], given["notice_time"], None, own)
    forms.heading(sheet, top, words("plan", lang))
    forms.table(
        sheet, (top + 1, 0), 47, (_PARTS + 2, 5), call,
        ("general", "money", "money", "money", "moment"), (1, 2, 1, 2, 2),
    )  # fmt: skip
    # More payments than are shown: the line says so, where nothing else is wrong.
    at = (47 + _PARTS + 1, forms.CALCULATION_LEFT)
    more = behind.ref(Span(*at, *at)).text
    told = words("more_parts", lang, parts=_PARTS)
    note = book.style("section_note", font_color=palette.RED)
    sheet.formula_at(top, 3, f'=IF(ISNUMBER({more}),"{told}","")', "", note)
    return top + _PARTS + 4


def sensitivity(sheet: Sheet, words: Wording, top: int, given: dict[str, Any]) -> int:
    """The deposit at dispute rates from a quarter to twice the mean: flat beyond the caps."""
    book, lang = sheet.book, sheet.book.lang
    own = book.names["Overrides"]
    forms.heading(sheet, top, words("sensitivity", lang), words("sensitivity_note", lang))
    titles = [words("deviation", lang), ARGUMENTS["shop_dispute_rate"].title(lang)]
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
        rates = (sheet[cell(row, 1)].if_given(), given["category_dispute_rate"])
        call = ("ORDERDEPOSIT", *base, *rates, given["as_of"], own)
        text = f"={sheet.text_of(*call)}"
        style = book.style("result", "money")
        sheet.formula_at(row, 3, text, sheet.result_of(*call), style)
    forms.grey_errors(sheet, Span(first, 3, last, 3))
    chart = book.workbook.add_chart({"type": "scatter", "subtype": "straight_with_markers"})
    chart.add_series({
        "name": [sheet.title, top + 2, 3],
        "categories": [sheet.title, first, 0, last, 0],
        "values": [sheet.title, first, 3, last, 3],
        "line": {"color": DARK, "width": 2.25},
        "marker": {"type": "circle", "size": 6, "fill": {"color": BLUE}},
    })  # fmt: skip
    dressed(chart, words("sensitivity_chart", lang))
    chart.set_x_axis({**axis("0%", title=words("deviation", lang), grid=True), "min": -0.75,
                      "max": 1, "major_unit": 0.25, "label_position": "low",
                      "crossing": -0.75})  # fmt: skip
    chart.set_y_axis({**axis('"$"#,##0', grid=True), "min": 0, "label_position": "low"})
    chart.set_size({**SIZE, "height": 340})
    sheet.page.insert_chart(cell(top + 2, 4), chart, {"x_offset": 8, "object_position": 2})
    return last + 2
