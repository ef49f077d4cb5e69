"""Workbooks as different programs write them, all with the same order table.

``BOOKS`` names the makers; each writes one file and says where its table stands. Around
the table there is much that an edit of its cells must not touch.
"""

from __future__ import annotations

import datetime as dt
import io
import warnings
import zipfile
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np
import openpyxl
import pandas as pd
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.worksheet.table import Table
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from sellersheet_workbook.patch import BookTable, EditableBook
from sellersheet_workbook.patch.areas import area_of
from sellersheet_workbook.patch.filling import CellValues

HEADERS: Final = ("order_id", "day", "paid_cny", "country", "fee", "status")
FEE, STATUS = 4, 5  # the columns that are updated
ROWS: Final = tuple(
    (f"81{at:03d}", dt.datetime(2024, 8, 1 + at), 100.5 + at, "ES", 1.25 * at, f"old {at}")
    for at in range(9)
)
MACROS: Final = bytes(range(256)) * 20
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def find_table(book: EditableBook, wanted: str | Collection[str]) -> BookTable:
    """The Excel table of that name; else one, or else the header row, that has these headers."""
    if isinstance(wanted, str):
        return next(table for table in book.tables() if table.name == wanted)
    for table in book.tables():
        if set(wanted) <= {header.strip() for header in table.headers}:
            return table
    return next(
        book.plain_table(sheet, row)
        for sheet in book.sheets()
        for row in book.header_rows(sheet)
        if set(wanted) <= set(row.headers)
    )


def set_cells(
    book: EditableBook, sheet: str, values: Mapping[str, Any], *, replace_formulas: bool = False
) -> None:
    """Single cells, named like B2, as whole columns are written."""
    found = book._loaded(sheet)
    targets = [
        CellValues(place.left, np.array([place.top]), pd.Series([value], dtype=object))
        for place, value in sorted((area_of(ref), value) for ref, value in values.items())
    ]
    with book._whole_change():
        book._filling.fill(found, targets, formulas=replace_formulas)


@dataclass(frozen=True)
class Made:
    """A book: its table starts with the header in ``top``, ``left`` (from 1)."""

    path: Path
    sheet: str = "订单"
    name: str = ""
    top: int = 1
    left: int = 1


def xlsxwriter_table(folder: Path) -> Made:
    """A macro book with a table, charts, sparklines, a text box and formulas around it."""
    path = folder / "table.xlsm"
    macros = folder / "vbaProject.bin"
    macros.write_bytes(MACROS)
    with Workbook(path) as book:
        sheet = book.add_worksheet("订单")
        _fill(book, sheet, top=2, left=1)
        area = (2, 1, 2 + len(ROWS), 1 + len(HEADERS) - 1)
        columns = [{"header": header} for header in HEADERS]
        sheet.add_table(*area, {"name": "Orders", "columns": columns})
        bold = book.add_format({"bold": True})
        sheet.write_rich_string(3, 6, "rich ", bold, "text")
        _surroundings(book, sheet)
        other = book.add_worksheet("汇总 & <b>")
        other.write_formula("A1", "=SUM(Orders[fee])", None, 45)
        other.write_dynamic_array_formula("C1:C3", "=SORT(订单!D4:D6)", None, 100)
        other.write_array_formula("E1:E2", "{=订单!D4:D5*2}", None, 200)
        book.define_name("Fees", "=订单!$F$4:$F$12")
        book.add_vba_project(str(macros))
    return Made(path, name="Orders", top=3, left=2)


def xlsxwriter_plain(folder: Path) -> Made:
    """Inline strings, a filter and frozen panes; no table."""
    path = folder / "plain.xlsx"
    with Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("订单")
        _fill(book, sheet, top=0, left=0)
        sheet.autofilter(0, 0, len(ROWS), len(HEADERS) - 1)
        sheet.freeze_panes(1, 0)
    return Made(path)


def openpyxl_table(folder: Path) -> Made:
    path = folder / "openpyxl.xlsx"
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "订单"
    for row in (HEADERS, *ROWS):
        sheet.append(row)
    sheet.add_table(Table(displayName="Orders", ref=f"A1:F{1 + len(ROWS)}"))
    sheet["A2"].comment = Comment("由财务填写", "财务")
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=5, min_row=1, max_row=10), titles_from_data=True)
    sheet.add_chart(chart, "J2")
    book.create_sheet("sums")["A1"] = "=SUM('订单'!E2:E10)"
    book.save(path)
    return Made(path, name="Orders")


def openpyxl_plain(folder: Path) -> Made:
    """A filter, a title above the header and another sheet first."""
    path = folder / "titled.xlsx"
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = "说明"
    sheet = book.create_sheet("订单")
    for row in (("2024 年 8 月订单",), (), HEADERS, *ROWS):
        sheet.append(row)
    sheet.auto_filter.ref = f"A3:F{3 + len(ROWS)}"
    sheet.conditional_formatting.add("E4:E12", openpyxl.formatting.rule.ColorScaleRule())
    book.save(path)
    return Made(path, top=3)


def dates_from_1904(folder: Path) -> Made:
    path = folder / "1904.xlsx"
    with Workbook(path, {"date_1904": True}) as book:
        _fill(book, book.add_worksheet("订单"), top=0, left=0)
    return Made(path)


def without_places(folder: Path) -> Made:
    """No cell and no row says where it is; self-closed rows; all strings inline."""
    rows = "".join(
        f"<row>{''.join(_bare_cell(value) for value in row)}</row>" for row in (HEADERS, *ROWS)
    )
    body = f'<worksheet xmlns="{_MAIN}"><sheetData>{rows}<row/><row></row></sheetData></worksheet>'
    path = folder / "places.xlsx"
    _zipped(path, body)
    return Made(path)


def prefixed(folder: Path) -> Made:
    """Every name prefixed, attributes in other orders and quotes, line breaks between cells."""
    rows = []
    for number, row in enumerate((HEADERS, *ROWS), 1):
        cells = "\n".join(
            _bare_cell(value, "x:").replace("<x:c", f"<x:c x14ac:y='1' r = '{letter}{number}'", 1)
            for letter, value in zip("ABCDEF", row, strict=True)
        )
        rows.append(f'<x:row x14ac:dyDescent="0.25" spans="1:6" r="{number}">{cells}</x:row>')
    rows.append('<x:row r="20" ht="30" />')
    ac = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac"
    mc = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    body = (
        f'<x:worksheet xmlns:x="{_MAIN}" xmlns:mc="{mc}" mc:Ignorable="x14ac" xmlns:x14ac="{ac}">'
        f'<x:dimension ref="A1:F20"/><x:sheetData>\n{"".join(rows)}</x:sheetData>'
        '<mc:AlternateContent><mc:Choice Requires="x14ac"><x:c/></mc:Choice></mc:AlternateContent>'
        "</x:worksheet>"
    )
    path = folder / "prefixed.xlsx"
    _zipped(path, body, prefix="x:")
    return Made(path)


def streamed_zip(folder: Path) -> Made:
    """A zip written without going back: data descriptors, zip64 fields and a comment."""
    made = xlsxwriter_table(folder)
    stream = _NoSeek()
    with zipfile.ZipFile(made.path) as old, zipfile.ZipFile(stream, "w") as new:
        new.comment = b"made by a stream"
        for info in old.infolist():
            content = old.read(info)
            member = zipfile.ZipInfo(info.filename, info.date_time)
            member.compress_type = zipfile.ZIP_DEFLATED
            with new.open(member, "w", force_zip64=True) as part:
                part.write(content)
    made.path.unlink()
    path = folder / "streamed.xlsm"
    path.write_bytes(stream.data)
    return Made(path, name="Orders", top=3, left=2)


BOOKS: Final[dict[str, Callable[[Path], Made]]] = {
    "xlsxwriter_table": xlsxwriter_table,
    "xlsxwriter_plain": xlsxwriter_plain,
    "openpyxl_table": openpyxl_table,
    "openpyxl_plain": openpyxl_plain,
    "dates_from_1904": dates_from_1904,
    "without_places": without_places,
    "prefixed": prefixed,
    "streamed_zip": streamed_zip,
}


def by_openpyxl(path: Path) -> openpyxl.Workbook:
    """The workbook as openpyxl reads it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it names what it would drop
        return openpyxl.load_workbook(path)


def with_sheet(path: Path, rows: str, after: str = "", before: str = "") -> None:
    """A workbook of one sheet with these rows as XML, for what no program writes."""
    head = f'<worksheet xmlns="{_MAIN}">{before}<sheetData>{rows}</sheetData>{after}'
    _zipped(path, f"{head}</worksheet>")


def replaced(path: Path, parts: dict[str, bytes]) -> None:
    """The same zip with some parts replaced or added."""
    with zipfile.ZipFile(path) as old:
        content = {name: old.read(name) for name in old.namelist()} | parts
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in content.items():
            new.writestr(name, data)


class _NoSeek(io.RawIOBase):
    """A stream that can only be written on."""

    def __init__(self) -> None:
        self.data = b""

    def writable(self) -> bool:
        return True

    def write(self, block: Any) -> int:
        self.data += bytes(block)
        return len(block)


def _fill(book: Workbook, sheet: Worksheet, top: int, left: int) -> None:
    kinds: list[Format | None] = [None] * len(HEADERS)
    kinds[1] = book.add_format({"num_format": "yyyy-mm-dd"})
    kinds[2] = kinds[FEE] = book.add_format({"num_format": "#,##0.00"})
    for number, row in enumerate((HEADERS, *ROWS), top):
        for at, value in enumerate(row, left):
            kind = kinds[at - left] if number > top else None
            if isinstance(value, dt.datetime):
                sheet.write_datetime(number, at, value, kind)
            else:
                sheet.write(number, at, value, kind)


def _surroundings(book: Workbook, sheet: Worksheet) -> None:
    sheet.write("A1", "八月")
    sheet.write_formula("X4", "=SUM(F4:F12)", None, 45)
    sheet.write_comment("B4", "由财务填写")
    sheet.write_url("X1", "https://example.com/")
    sheet.freeze_panes(3, 2)
    sheet.insert_textbox("O2", "说明文字")
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=订单!$F$4:$F$12"})
    sheet.insert_chart("O8", chart)
    sheet.add_sparkline("X5", {"range": "订单!F4:F12"})
    sheet.conditional_format("F4:F12", {"type": "data_bar", "data_bar_2010": True})
    sheet.data_validation("E4:E12", {"validate": "list", "source": ["ES", "FR"]})


def _bare_cell(value: object, prefix: str = "") -> str:
    if isinstance(value, dt.datetime):
        value = (value - dt.datetime(1899, 12, 30)).days
    if isinstance(value, str):
        inside = f"<{prefix}is><{prefix}t>{value}</{prefix}t></{prefix}is>"
        return f'<{prefix}c t="inlineStr">{inside}</{prefix}c>'
    return f"<{prefix}c><{prefix}v>{value}</{prefix}v></{prefix}c>"


def _zipped(path: Path | BinaryIO, body: str, prefix: str = "") -> None:
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    packaged = "http://schemas.openxmlformats.org/package/2006"
    sheet_type = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    colon = f":{prefix[:-1]}" if prefix else ""
    parts = {
        "[Content_Types].xml": (
            f'<Types xmlns="{packaged}/content-types">'
            '<Default Extension="xml" ContentType="application/xml"/>'
            '<Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{sheet_type}.sheet.main+xml"/>'
            '<Override PartName="/xl/worksheets/sheet1.xml" '
            f'ContentType="{sheet_type}.worksheet+xml"/></Types>'
        ),
        "_rels/.rels": (
            f'<Relationships xmlns="{packaged}/relationships"><Relationship Id="rId1" '
            f'Type="{relations}/officeDocument" Target="/xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": (
            f'<{prefix}workbook xmlns{colon}="{_MAIN}" xmlns:r="{relations}"><{prefix}sheets>'
            f'<{prefix}sheet name="订单" sheetId="1" r:id="rId1"/></{prefix}sheets>'
            f"</{prefix}workbook>"
        ),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{packaged}/relationships"><Relationship Id="rId1" '
            f'Type="{relations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
        ),
        "xl/worksheets/sheet1.xml": body,
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, '<?xml version="1.0" encoding="UTF-8"?>\n' + text)
