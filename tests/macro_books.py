"""Workbooks to put macros into, and the files made of them, once for all tests."""

from __future__ import annotations

import io
from datetime import datetime
from functools import cache
from typing import Final
from xml.etree import ElementTree

import xlsxwriter

from sellersheet.wording import LANGS, Lang
from sellersheet_addin.excel import build

MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
SHEETS: Final[dict[Lang, tuple[str, str, str]]] = {
    "zh": ("首页", "订单", "计算"),
    "en": ("Home", "Orders", "Calculation"),
}


@cache
def template(lang: Lang) -> bytes:
    """A workbook with what the templates have: charts, tables, names, rules, arrays."""
    home, orders, calculation = SHEETS[lang]
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"strings_to_formulas": False}) as book:
        book.set_properties({"created": datetime(2026, 1, 1)})
        first, second, third = map(book.add_worksheet, (home, orders, calculation))
        first.write_row(0, 0, ["合计", 31.3])
        first.write_url("A3", f"internal:'{orders}'!A1", string="→")
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": [orders, 3, 1, 5, 1]})
        first.insert_chart("B5", chart)
        second.set_tab_color("#1F4E78")
        second.freeze_panes(3, 0)
        second.add_table(
            "A3:C6",
            {"name": "Orders", "columns": [{"header": "a"}, {"header": "b"}, {"header": "c"}]},
        )
        second.write_column("B4", [100, 200, 300])
        second.data_validation("A4:A6", {"validate": "list", "source": ["标准件", "大件"]})
        second.conditional_format("B4:B6", {"type": "data_bar", "data_bar_2010": True})
        second.write_comment("C4", "说明")
        second.protect("", {"select_locked_cells": True})
        third.write_array_formula("A1:A3", f"{{='{orders}'!B4:B6*2}}", None, 200)
        third.write_column("A2", [400, 600])
        third.write_formula("B1", "=1/0", None, "#DIV/0!")
        third.hide()
        book.define_name("paid", f"='{orders}'!$B$4:$B$6")
    return written.getvalue()


def every_template() -> dict[str, tuple[bytes, Lang]]:
    """The workbooks made here, and the templates that are shipped."""
    found = {f"made here, {lang}": (template(lang), lang) for lang in LANGS}
    for lang in LANGS:
        path = build.TEMPLATES / f"sellersheet-{lang}.xlsx"
        if path.is_file():
            found[path.name] = (path.read_bytes(), lang)
    return found


@cache
def files() -> dict[str, bytes]:
    """The macro workbook in each language, and the add-in."""
    made: dict[str, bytes] = {lang: build.macro_book(template(lang), lang) for lang in LANGS}
    return {**made, "addin": build.addin()}


def tree(data: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(data)  # noqa: S314 - made by the tests themselves
