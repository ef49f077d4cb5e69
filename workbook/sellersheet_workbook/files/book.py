"""Workbooks with long tables: XlsxWriter draws them, the rows are poured in after.

XlsxWriter writes every sheet with the header and one blank row in the columns' formats;
when the zip is written, that row is replaced by the table's rows in bulk.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

import pandas as pd
from xlsxwriter import Workbook
from xlsxwriter.exceptions import XlsxWriterException
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from sellersheet.columns import INPUT, OUTPUT
from sellersheet.rules.fees import FEE_PARTS
from sellersheet.wording import Lang
from sellersheet_workbook.files.cell_texts import is_day, rows_xml
from sellersheet_workbook.problems import FileProblem

DARK: Final = "#1F4E79"
# Of charts: the series in their order, the fee parts in theirs.
SERIES: Final = ("#1F4E79", "#2E86C1", "#E67E22", "#F5B041", "#7FB3D5", "#27AE60", "#C0392B")
# Of every office on Windows and Mac; elsewhere the nearest Chinese font takes the place.
FONT: Final[dict[Lang, str]] = {"zh": "等线", "en": "等线"}
MOST_ROWS: Final = 1_048_575  # below the header
_MOST_COLUMNS: Final = 16_384
_MOST_CELLS: Final = 30_000_000  # a sheet's XML must stay below 2 GiB
_LEVEL: Final = 4
_CREATED: Final = dt.datetime(2000, 1, 1)  # fixed: the same content is the same bytes
_PAGE_WIDTH: Final = 150  # units of column width that a page shows in a legible size
_BLANK_ROW: Final = re.compile(rb"<row [^>]*>((?:<c [^>]*/>)+)</row></sheetData>")
_STYLE: Final = re.compile(rb'\bs="(\d+)"')
_FORMATS: Final = {
    "text": "@",
    "number": "General",
    "money": "#,##0.00",
    "rate": "0.00%",
    "date": "yyyy-mm-dd",
    "moment": "yyyy-mm-dd hh:mm",
}
_DAYS: Final = ("date", "moment")
_TITLES: Final = {column.key: column for column in OUTPUT}
_KINDS: Final = {
    name.casefold(): column.kind
    for column in (*OUTPUT, *INPUT)
    for name in (column.key, column.zh, column.en)
}


@dataclass(frozen=True, slots=True)
class _Table:
    sheet: Worksheet
    frame: pd.DataFrame
    shown: tuple[str, ...]


def blank_workbook(font: str) -> tuple[Workbook, io.BytesIO]:
    """A workbook without sheets, and where its bytes go; text never becomes a formula or a link."""
    file = io.BytesIO()
    workbook = Workbook(
        file,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_format_properties": {"font_name": font, "font_size": 11},
        },
    )
    workbook.set_properties({"created": _CREATED, "author": "", "comments": ""})
    return workbook, file


class TableBook:
    """A workbook being made; ``save`` writes it."""

    def __init__(self, lang: Lang) -> None:
        self.lang = lang
        self.workbook, self._bytes = blank_workbook(FONT[lang])
        self._tables: list[_Table] = []
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}

    def format(self, **properties: Any) -> Format:
        """The cell format of these properties, made once."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            font = {"font_name": FONT[self.lang], "font_size": 10}
            self._formats[key] = self.workbook.add_format({**font, **properties})
        return self._formats[key]

    def number_format(self, kind: str) -> Format:
        """The format of a table cell of that kind."""
        indent = {"indent": 1} if kind == "text" else {}
        return self.format(num_format=_FORMATS.get(kind, "General"), valign="vcenter", **indent)

    def header_format(self) -> Format:
        """White on dark, wrapped."""
        return self.format(
            bold=True, font_color="white", bg_color=DARK, text_wrap=True,
            align="center", valign="vcenter",
        )  # fmt: skip

    def add_table(self, name: str, frame: pd.DataFrame) -> list[Worksheet]:
        """Sheets with the table: header frozen, filter, widths, number formats, A4 landscape.

        One sheet, or ``name-1``, ``name-2`` … where the rows are more than a sheet holds.
        """
        if frame.shape[1] > _MOST_COLUMNS:
            raise FileProblem("too_many_columns", columns=f"{frame.shape[1]:,}")
        most = min(MOST_ROWS, _MOST_CELLS // max(frame.shape[1], 1))
        starts = range(0, max(len(frame), 1), most)
        shown = tuple(_kind(str(title), frame.iloc[:, at]) for at, title in enumerate(frame))
        return [
            self._add(
                f"{name}-{number}" if len(starts) > 1 else name,
                frame.iloc[start : start + most],
                shown,
            )
            for number, start in enumerate(starts, 1)
        ]

    def save(self, file: BinaryIO) -> None:
        """Write the workbook to a file that is open for writing."""
        self.workbook.close()
        order = self.workbook.worksheets()
        tables = {
            f"xl/worksheets/sheet{order.index(table.sheet) + 1}.xml": table
            for table in self._tables
            if len(table.frame)
        }
        with (
            zipfile.ZipFile(self._bytes) as made,
            zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive,
        ):
            for name in made.namelist():
                # Opened by name, a member gets the fixed date 1980-01-01.
                with archive.open(name, "w") as part:
                    _pour(made.read(name), tables.get(name), part)

    def _add(self, name: str, frame: pd.DataFrame, shown: tuple[str, ...]) -> Worksheet:
        try:
            sheet = self.workbook.add_worksheet(name)
        except XlsxWriterException as error:
            raise FileProblem("sheet_name", sheet=name) from error
        header, last = self.header_format(), max(frame.shape[1] - 1, 0)
        whole = 0.0
        for at, title in enumerate(frame):
            text = header_title(str(title), self.lang)
            style = self.number_format(shown[at])
            sheet.write_string(0, at, text, header)
            sheet.write_blank(1, at, None, style)
            width = _width(text, frame.iloc[:200, at], shown[at])
            sheet.set_column(at, at, width)
            whole += width
        sheet.set_row(0, 32)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, len(frame), last)
        # On one page across nobody could read a wide table; what names its rows is on each.
        pages = max(1, round(whole / _PAGE_WIDTH))
        print_on_a4(sheet, pages)
        sheet.repeat_rows(0)
        if pages > 1:
            sheet.repeat_columns(0, min(1, last))
        self._tables.append(_Table(sheet, frame, shown))
        return sheet


def header_title(title: str, lang: Lang) -> str:
    """The shown header of a result column's key; any other header as it is."""
    return _TITLES[title].title(lang) if title in _TITLES else title


def part_colour(key: str) -> str:
    """The colour of a fee part in every chart, by its column."""
    return SERIES[FEE_PARTS.index(key) % len(SERIES)]


def print_on_a4(sheet: Worksheet, wide: int = 1) -> None:
    """Landscape, so many pages across, pages numbered and dated."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(wide, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer("&L&A&C&P / &N&R&D")


def text_width(text: str) -> int:
    """Characters of a Latin font that the text takes: a Chinese one takes two."""
    return max(
        (sum(1 + (ord(mark) > 0x2E7F) for mark in line) for line in text.split("\n")), default=0
    )


def _pour(skeleton: bytes, table: _Table | None, part: Any) -> None:
    """The sheet with the blank row replaced by the table's rows."""
    if table is None or (blank := _BLANK_ROW.search(skeleton)) is None:
        part.write(skeleton)
        return
    styles = [int(style) for style in _STYLE.findall(blank[1])]
    days = [shown in _DAYS for shown in table.shown]
    before = skeleton[: blank.start()]
    part.write(
        re.sub(rb'(<dimension ref="A1:[A-Z]+)\d+', rb"\g<1>%d" % (len(table.frame) + 1), before)
    )
    for rows in rows_xml(table.frame, 2, styles, days):
        part.write(rows)
    part.write(b"</sheetData>")
    part.write(skeleton[blank.end() :])


def _kind(title: str, column: pd.Series[Any]) -> str:
    """How the column is shown: by what it is, where its cells agree with that."""
    dtype = column.dtype
    if pd.api.types.is_datetime64_any_dtype(dtype):
        return "date" if (column.dropna().dt.normalize() == column.dropna()).all() else "moment"
    known = _KINDS.get(title.strip().casefold(), "number")
    number = known if known in ("money", "rate") else "number"
    if pd.api.types.is_numeric_dtype(dtype):
        return number
    if not pd.api.types.is_object_dtype(dtype):
        return "text"
    filled = column.dropna()
    kind = pd.api.types.infer_dtype(filled)
    if kind in ("string", "empty"):
        return "text"
    days = sum(map(is_day, filled))
    return "date" if days * 2 > len(filled) else number


def _width(title: str, head: pd.Series[Any], shown: str) -> float:
    if shown in _DAYS:
        return 11.5 if shown == "date" else 16.5
    longest = max((text_width(str(cell)) for cell in head.dropna()), default=0)
    if shown != "text":
        longest = min(longest, 12)
    # The header wraps into two lines and has the filter's arrow beside it.
    return min(max(longest + 2, text_width(title) / 2 + 4, 8), 48)
