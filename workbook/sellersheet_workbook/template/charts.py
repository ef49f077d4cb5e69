"""How every chart of the sheets is dressed: one font, quiet grid, title a question."""

from __future__ import annotations

from typing import Any, Final

from sellersheet_workbook.template.palette import FONT, LINE

SIZE: Final = {"width": 560, "height": 330}  # two stand side by side on a screen of 1600
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
