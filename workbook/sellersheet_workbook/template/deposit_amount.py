"""The deposit of the notice: its factors, the dispute rate, payments, the cost of the money."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from sellersheet.columns import column
from sellersheet.functions.reading import ARGUMENTS
from sellersheet.policy import load
from sellersheet.wording import Wording
from sellersheet_workbook.template import forms, live, palette
from sellersheet_workbook.template.book import Area, Sheet, cell
from sellersheet_workbook.template.cells import stored
from sellersheet_workbook.template.forms import Field
from sellersheet_workbook.template.palette import DARK, FONT, LINE, SERIES

_NOTICE: Final = dt.datetime(2024, 12, 2, 10, 0)
_DAY: Final = dt.date(2024, 12, 1)
_STEPS: Final = (0.25, 0.4, 0.5, 0.6, 0.75, 0.9, 1, 1.1, 1.25, 1.4, 1.5, 1.75, 2)
_PARTS: Final = 9  # payments that are shown
_SENSITIVITY: Final = 89
_FACTORS: Final = ("base_usd", "risk", "deviation", "deviation_used", "deposit_usd")


def add(sheet: Sheet, words: Wording, top: int) -> None:
    """The form of the notice at the left, its results at the right."""
    book, lang = sheet.book, sheet.book.lang
    own = book.names["Overrides"]
    forms.heading(sheet, top, words("notice", lang), words("notice_note", lang))
    channels = tuple(str(item[lang]) for item in load().on(_DAY).table("payment_channels"))
    given: dict[str, Any] = forms.inputs(
        sheet,
        top + 2,
        (
            Field("base_usd", 1000, "usd"),
            Field("risk", 1.3),
            Field("shop_dispute_rate", 0.0121, "rate"),
            Field("category_dispute_rate", 0.01, "rate"),
            Field("as_of", _DAY, "date"),
            Field("channel", channels[-1], "text", channels),
            Field("notice_time", _NOTICE, "moment"),
            Field("capital", None, "rate", title=words("capital", lang)),
            Field("frozen", 365, "count", title=words("frozen", lang)),
        ),
    )
    case = [given[item] for item in ("base_usd", "risk", "shop_dispute_rate")]
    case += [given["category_dispute_rate"], given["as_of"], own]
    behind = book["calculation"]
    area = Area(44, forms.CALCULATION_LEFT, 44, forms.CALCULATION_LEFT + 6)
    found = behind.call(area.text.replace("$", ""), "ORDERDEPOSIT_DETAIL", *case)[0]
    numbers = ("usd", "general", "share", "share", "usd")
    for at, (name, number) in enumerate(zip(_FACTORS, numbers, strict=True)):
        item = ARGUMENTS.get(name) or column("deposit_results", name)
        forms.result(sheet, top + 2 + at, 2, item.title(lang))
        ref = behind.ref(Area(44, area.left + at, 44, area.left + at)).text
        last = name == "deposit_usd"
        style = book.style("figure" if last else "result", number, align="left")
        value = found[at]
        sheet.formula_at(top + 2 + at, 3, f"={ref}", value, style)
    sheet.page.set_row(top + 6, 26)  # the deposit in large figures
    reason = behind.ref(Area(44, area.right, 44, area.right)).text
    style = book.style("text", bold=True, font_color=palette.RED)
    sheet.page.merge_range(top + 2, 4, top + 6, 5, "", style)
    forms.grey_errors(sheet, Area(top + 2, 3, top + 6, 3))
    live.put_below(sheet, top + 2, 4, f'{reason}&""', style)
    amount = sheet[cell(top + 6, 3)]
    _money(sheet, words, top, given, amount)
    call = ("DEPOSITPLAN", amount.if_given(), given["channel"], given["notice_time"], None, own)
    forms.heading(sheet, top + 12, words("plan", lang))
    shown = forms.table(
        sheet, (top + 13, 0), 47, (_PARTS + 2, 5), call,
        ("general", "usd", "usd", "usd", "moment"), (38, 20, 30, 30, 14),
    )  # fmt: skip
    del shown
    # More payments than are shown: the line says so, where nothing else is wrong.
    forms.grey_errors(sheet, Area(_SENSITIVITY + 3, 2, _SENSITIVITY + 2 + len(_STEPS), 2))
    more = behind.ref(Area(47 + _PARTS + 1, area.left, 47 + _PARTS + 1, area.left)).text
    told = words("more_parts", lang, parts=_PARTS)
    note = book.style("note", bold=True, font_color=palette.RED)
    sheet.formula_at(top + 12, 2, f'=IF(ISNUMBER({more}),"{told}","")', "", note)
    _sensitivity(sheet, words, given, own)


def _money(sheet: Sheet, words: Wording, top: int, given: dict[str, Any], amount: Any) -> None:
    """Ordinary formulas: the cost of the frozen sum, and the next recalculation."""
    book, lang = sheet.book, sheet.book.lang
    rate, days = given["capital"].ref.text, given["frozen"].ref.text
    cells = f"{amount.text},{rate},{days}"
    forms.result(sheet, top + 7, 2, words("cost", lang))
    text = f'=IF(COUNT({cells})<3,"",ROUND({amount.text}*{rate}*{days}/365,2))'
    sheet.formula_at(top + 7, 3, text, "", book.style("result", "usd", align="left"))
    sheet.put_at(top + 7, 4, words("cost_note", lang), book.style("note"))
    forms.result(sheet, top + 8, 2, words("next", lang))
    call = ("POLICYVALUE", "recalculation_days", given["as_of"], None, book.names["Overrides"])
    every = sheet.result_of(*call)
    notice = given["notice_time"].ref.text
    text = f'=IF({notice}="","",INT({notice})+{sheet.text_of(*call)})'
    value = int(stored(_NOTICE)) + every
    sheet.formula_at(top + 8, 3, text, value, book.style("result", "date", align="left"))
    sheet.put_at(top + 8, 4, words("next_note", lang), book.style("note"))


def _sensitivity(sheet: Sheet, words: Wording, given: dict[str, Any], own: Any) -> None:
    """The deposit at dispute rates from a quarter to twice the mean: flat beyond the caps."""
    book, lang, top = sheet.book, sheet.book.lang, _SENSITIVITY
    forms.heading(sheet, top, words("sensitivity", lang), words("sensitivity_note", lang))
    titles = [words("deviation", lang), ARGUMENTS["shop_dispute_rate"].title(lang)]
    titles.append(column("deposit_results", "deposit_usd").title(lang))
    for at, title in enumerate(titles):
        sheet.put_at(top + 2, at, title, book.style("result_header"))
    mean = given["category_dispute_rate"].ref
    base = given["base_usd"], given["risk"]
    first = top + 3
    last = first + len(_STEPS) - 1
    for row, step in enumerate(_STEPS, first):
        sheet.put_at(row, 0, round(step - 1, 2), book.style("result", "share", align="left"))
        value = mean.value * step
        text = f'=IF(ISNUMBER({mean.text}),{mean.text}*(1+{cell(row, 0)}),"")'
        sheet.formula_at(row, 1, text, value, book.style("result", "rate", align="left"))
        rates = (sheet[cell(row, 1)].if_given(), given["category_dispute_rate"])
        call = ("ORDERDEPOSIT", *base, *rates, given["as_of"], own)
        text = f"={sheet.text_of(*call)}"
        style = book.style("result", "usd", align="left")
        sheet.formula_at(row, 2, text, sheet.result_of(*call), style)
    chart = book.workbook.add_chart({"type": "scatter", "subtype": "straight_with_markers"})
    chart.add_series({
        "name": [sheet.title, top + 2, 2],
        "categories": [sheet.title, first, 0, last, 0],
        "values": [sheet.title, first, 2, last, 2],
        "line": {"color": DARK, "width": 2.25},
        "marker": {"type": "circle", "size": 6, "fill": {"color": SERIES[2]}},
    })  # fmt: skip
    font = {"name": FONT[lang], "size": 9, "color": "#404040"}
    large = {"name": FONT[lang], "size": 12, "bold": True, "color": "#404040"}
    grid = {"visible": True, "line": {"color": LINE, "width": 0.75}}
    chart.set_title({"name": words("sensitivity", lang), "name_font": large, "overlay": False})
    chart.set_legend({"none": True})
    chart.set_x_axis({"name": words("deviation", lang), "name_font": font, "num_font": font,
                      "num_format": "0%", "min": -0.75, "max": 1, "major_unit": 0.25,
                      "major_gridlines": grid, "label_position": "low"})  # fmt: skip
    chart.set_y_axis(
        {
            "label_position": "low",
            "num_font": font,
            "num_format": '"$"#,##0',
            "major_gridlines": grid,
        }
    )
    chart.set_chartarea({"border": {"color": LINE}})
    chart.set_size({"width": 720, "height": 320})
    sheet.page.insert_chart(cell(top + 2, 3), chart, {"x_offset": 8, "object_position": 2})
