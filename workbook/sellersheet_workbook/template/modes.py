"""Sheet Modes: full-managed, semi-managed and self-run side by side."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from sellersheet.policy import load
from sellersheet.wording import Wording
from sellersheet_workbook.template import forms
from sellersheet_workbook.template.book import Area, Book, Sheet, cell
from sellersheet_workbook.template.content import Content
from sellersheet_workbook.template.forms import Field
from sellersheet_workbook.template.palette import DARK, FONT, LINE, SERIES

WORDS: Final = Wording("sellersheet_workbook.template", "modes.toml")
_DAY: Final = dt.date(2024, 12, 1)
_WIDTHS: Final = (36, 24, 24, 24, 18, 18)
_TABLE: Final = 13
_ROI: Final = 21
_MATRIX: Final = 43
_FACTS: Final = 55
_FACT_VALUES: Final = (
    *("semi_fit", "semi_fit_orders_min", "semi_fit_orders_max", "semi_fit_markets"),
    *("delivered_rate_apparel", "delivered_gain_points", "logistics_fault_semi"),
    *("logistics_fault_mean", "fulfilment_cost_saving"),
)
_COSTS: Final = ("commission", "affiliate", "advertising", "coupon", "other")
_MODES: Final = ("full", "semi", "self")


def fill(book: Book, content: Content) -> None:
    """Inputs, the comparison, the published figures, a chart, who controls what."""
    del content
    sheet, lang = book["modes"], book.lang
    for at, width in enumerate(_WIDTHS):
        sheet.page.set_column(at, at, width)
    forms.head(sheet, WORDS("title", lang), WORDS("about", lang))
    forms.heading(sheet, 3, WORDS("inputs", lang), WORDS("inputs_note", lang))
    given = forms.inputs(
        sheet,
        5,
        (
            Field("paid", 100, "yuan"),
            Field("cost", 30, "yuan"),
            Field("semi_logistics", 22.6, "yuan"),
            Field("self_logistics", 25, "yuan"),
            Field("self_domestic", 3, "yuan"),
            Field("full_supply_price", 45, "yuan"),
        ),
    )
    costs = _costs(sheet)
    forms.heading(sheet, _TABLE - 1, WORDS("compared", lang))
    numbers = ("text", "yuan", "yuan", "yuan", "share", "share")
    call = ("MODECOMPARE", *given.values(), *costs, None, book.names["Overrides"])
    shown = forms.table(sheet, (_TABLE, 0), 64, (4, 6), call, numbers, _WIDTHS)
    _published(sheet)
    _chart(sheet, shown.body.area)
    _matrix(sheet)
    forms.facts(sheet, _FACTS, "mode", _FACT_VALUES, (3, 1, 2), _WIDTHS)
    sheet.print_on_a4(upright=True)
    sheet.page.set_h_pagebreaks([_FACTS])
    sheet.tab()


def _costs(sheet: Sheet) -> tuple[Any, Any]:
    """Other costs when semi-managed and when self-run: what each is, and how much."""
    book, lang = sheet.book, sheet.book.lang
    for at, code in ((2, "semi_costs"), (4, "self_costs")):
        sheet.put_at(4, at, WORDS(code, lang), book.style("label", bold=True, indent=1))
        for down, name in enumerate(_COSTS, 5):
            sheet.put_at(down, at, WORDS(name, lang), book.style("label", indent=1))
            number = "yuan" if name in ("coupon", "other") else "rate"
            sheet.put_at(down, at + 1, None, book.style("input", number, align="left"))
    return sheet["C6:D10"], sheet["E6:F10"]


def _published(sheet: Sheet) -> None:
    """The published return on outlay, with its scope."""
    book, lang = sheet.book, sheet.book.lang
    forms.heading(sheet, _ROI - 1, WORDS("published", lang))
    for down, mode in enumerate(_MODES, _ROI):
        name = f"published_roi_{mode}"
        sheet.put_at(down, 0, load().value(name).title(lang), book.style("label"))
        for at, field, number in ((1, None, "share"), (2, "note", "")):
            call = ("POLICYVALUE", name, _DAY, field, book.names["Overrides"])
            joined = "" if number else '&""'
            style = book.style("result" if number else "note", number, align="left")
            text = f"={sheet.text_of(*call)}{joined}"
            sheet.formula_at(down, at, text, sheet.result_of(*call), style)


def _chart(sheet: Sheet, area: Area) -> None:
    """Income, outlay and profit by mode."""
    book, lang = sheet.book, sheet.book.lang
    chart = book.workbook.add_chart({"type": "column"})
    font = {"name": FONT[lang], "size": 9, "color": "#404040"}
    for at, colour in ((1, SERIES[1]), (2, SERIES[2]), (3, DARK)):
        chart.add_series({
            "name": [sheet.title, area.top - 1, at],
            "categories": [sheet.title, area.top, 0, area.bottom, 0],
            "values": [sheet.title, area.top, at, area.bottom, at],
            "fill": {"color": colour},
            "gap": 80,
            "data_labels": {"value": True, "num_format": "0.00", "font": font},
        })  # fmt: skip
    title = {"name": FONT[lang], "size": 12, "bold": True, "color": "#404040"}
    grid = {"visible": True, "line": {"color": LINE, "width": 0.75}}
    chart.set_title({"name": WORDS("chart", lang), "name_font": title, "overlay": False})
    chart.set_legend({"position": "bottom", "font": font})
    chart.set_x_axis({"num_font": font, "label_position": "low"})
    chart.set_y_axis({"num_font": font, "num_format": "0", "major_gridlines": grid})
    chart.set_chartarea({"border": {"color": LINE}})
    chart.set_size({"width": 1010, "height": 330})
    sheet.page.insert_chart(cell(_ROI + 4, 0), chart, {"x_offset": 2, "object_position": 2})


def _matrix(sheet: Sheet) -> None:
    """Who controls what."""
    book, lang = sheet.book, sheet.book.lang
    forms.heading(sheet, _MATRIX - 1, WORDS("matrix", lang))
    titles = [WORDS(code, lang) for code in ("aspect", *_MODES)]
    for at, title in enumerate(titles):
        sheet.put_at(_MATRIX, at, title, book.style("header"))
    for down, record in enumerate(load().on(_DAY).table("mode_control_matrix"), _MATRIX + 1):
        lines = 1
        for at, key in enumerate(("aspect", *_MODES)):
            text = str(record[f"{key}_{lang}"])
            style = book.style("result", text_wrap=True, font_size=10)
            sheet.put_at(down, at, text, style)
            lines = max(lines, forms.lines_of(text, _WIDTHS[at]))
        sheet.page.set_row(down, 15.5 * lines + 4)
