"""The colours, fonts, number formats and cell styles of the template, and how its charts are
dressed: one font, quiet grid, title a question. Every sheet uses these."""

from __future__ import annotations

from typing import Any, Final

from sellersheet_workbook.files.book import DARK as DARK
from sellersheet_workbook.files.book import FONT as FONT
from sellersheet_workbook.files.book import SERIES as SERIES

BLUE: Final = "#2E86C1"  # links, the main series
PALE: Final = "#EAF1F8"  # grounds of figures and results
INPUT: Final = "#FFF9E5"  # cells to fill in
INPUT_TEXT: Final = "#1F3FA8"  # what was filled in
GREY: Final = "#595959"  # notes
LINE: Final = "#D9D9D9"  # borders and grids
FAINT: Final = "#A6A6A6"  # errors of results, and what is not on record
WHITE: Final = "#FFFFFF"
RED: Final = "#C00000"  # losses
# Widths of columns, alike on every sheet: between blocks, a number, a label, a text, a long one.
GAP: Final = 2
NUMBER: Final = 12
LABEL: Final = 22
TEXT: Final = 36
LONG: Final = 72
# Text and ground of a light: good, hint, take care, wrong, the user's own.
OK: Final = ("#1E6B34", "#E2F2E6")
NOTE: Final = ("#1F4E79", "#DDEBF7")
WARNING: Final = ("#7F6000", "#FFEB9C")
ERROR: Final = ("#9C0006", "#FFC7CE")
OWN: Final = ("#5B2C6F", "#E8DAEF")

NUMBERS: Final = {
    "text": "@",
    "general": "General",
    "money": "#,##0.00",
    "yuan": "¥#,##0.00;-¥#,##0.00",
    "usd": '"$"#,##0.00',
    "change": "+¥#,##0.00;-¥#,##0.00;¥0.00",
    "signed": "+#,##0.00;-#,##0.00;0.00",
    "share": "0.0%",
    "rate": "0.00%",
    "count": "#,##0",
    "grams": "#,##0.###",
    "date": "yyyy-mm-dd",
    "moment": "yyyy-mm-dd hh:mm",
}

# A base style is what a cell is for; how its number is shown comes beside it.
STYLES: Final[dict[str, dict[str, Any]]] = {
    "plain": {},
    "title": {"bold": True, "font_size": 18, "font_color": DARK, "valign": "vcenter"},
    "heading": {"bold": True, "font_size": 12, "font_color": DARK, "valign": "vcenter"},
    "section": {
        "bold": True, "font_size": 12, "font_color": DARK, "bg_color": PALE, "valign": "vcenter",
    },
    "section_note": {"bold": True, "font_color": GREY, "bg_color": PALE, "valign": "vcenter"},
    "text": {"text_wrap": True, "valign": "top"},
    "note": {"font_color": GREY, "font_size": 10, "valign": "vcenter"},
    "long_note": {"font_color": GREY, "font_size": 10, "valign": "top", "text_wrap": True},
    "label": {"font_color": GREY, "valign": "vcenter"},
    "header": {
        "bold": True, "font_color": "white", "bg_color": DARK, "text_wrap": True,
        "align": "center", "valign": "vcenter", "border": 1, "border_color": LINE,
    },
    "result_header": {
        "bold": True, "font_color": "white", "bg_color": BLUE, "text_wrap": True,
        "align": "center", "valign": "vcenter", "border": 1, "border_color": LINE,
    },
    "input": {
        "bg_color": INPUT, "font_color": INPUT_TEXT, "border": 1, "border_color": LINE,
        "valign": "vcenter",
    },
    "result": {"border": 1, "border_color": LINE, "valign": "vcenter"},
    "total": {"bold": True, "bg_color": PALE, "valign": "vcenter", "bottom": 1},
    "figure_label": {"font_color": GREY, "font_size": 10, "bg_color": PALE, "align": "center"},
    "figure": {
        "bold": True, "font_size": 20, "font_color": DARK, "bg_color": PALE,
        "align": "center", "valign": "vcenter", "shrink": True,
    },
    "step": {
        "bold": True, "font_size": 12, "font_color": DARK, "bg_color": PALE, "valign": "vcenter",
        "indent": 1, "left": 2, "left_color": BLUE,
    },
    "step_text": {
        "font_color": GREY, "bg_color": PALE, "valign": "top", "text_wrap": True, "indent": 1,
        "align": "left", "left": 2, "left_color": BLUE,
    },
    "step_link": {"bg_color": PALE, "valign": "top", "text_wrap": True, "align": "left"},
    "light": {"bold": True, "align": "center", "valign": "vcenter", "text_wrap": True},
    "link": {"font_color": BLUE, "underline": 1, "valign": "vcenter"},
}  # fmt: skip
SIZE: Final = {
    "width": 560,
    "height": 330,
}  # two charts stand side by side on a screen of 1600
_TEXT: Final = "#404040"


def font(size: int = 10, *, bold: bool = False) -> dict[str, Any]:
    """The font of a chart's words."""
    return {"name": FONT["zh"], "size": size, "bold": bold, "color": _TEXT}


def axis(number: str = "", *, title: str = "", grid: bool = False) -> dict[str, Any]:
    """An axis with its number format and title; ``grid`` draws its lines."""
    given: dict[str, Any] = {"num_font": font(), "line": {"color": LINE}}
    if number:
        given["num_format"] = number
    if title:
        given |= {"name": title, "name_font": font()}
    lines = {"visible": grid, "line": {"color": LINE, "width": 0.75}}
    return given | {"major_gridlines": lines}


def dressed(chart: Any, title: str, *, legend: bool = False) -> None:
    """Title, legend (only with more than one series) and border."""
    chart.set_title({"name": title, "name_font": font(12, bold=True), "overlay": False})
    chart.set_legend({"position": "bottom", "font": font()} if legend else {"none": True})
    chart.set_chartarea({"border": {"color": LINE}})
