"""The first sheet of a bill check: key figures, where the money went, sums by cause and part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
from xlsxwriter.worksheet import Worksheet

from sellersheet.wording import Wording
from sellersheet_workbook.batch.summary_sheet import dress, font, put_figures, series
from sellersheet_workbook.files.book import DARK, TableBook, print_on_a4

WORDS: Final = Wording("sellersheet_workbook.reconcile", "sheets.toml")
_ORANGE: Final = "#E67E22"
_BLUE: Final = "#2E86C1"
_CHART_ROWS: Final = 16
_WIDTH: Final = 16  # columns of the sheet
_CAUSE: Final = ("cause", "orders", "against", "favour", "difference", "claimed")
_PART: Final = ("part", "due", "charged", "difference")
_SPAN: Final = 3  # columns that a name takes
_SECOND: Final = 9  # the column where the right table begins
_MOST_BARS: Final = 12
_AMOUNT: Final = '#,##0.00;-#,##0.00;"–"'


@dataclass(frozen=True)
class Overview:
    """The figures of the sheet; amounts in yuan. ``within`` is what lies inside the
    tolerance, ``sentence`` what is said where there is nothing to draw."""

    compared: int
    differing: int
    due: float
    charged: float
    against: float
    favour: float
    claimed: float
    within: float
    by_cause: pd.DataFrame
    by_part: pd.DataFrame
    sentence: str = ""

    @property
    def difference(self) -> float:
        """Charged less due."""
        return round(self.charged - self.due, 2)


def add_overview(book: TableBook, overview: Overview) -> None:
    """Write the sheet."""
    lang = book.lang
    sheet = book.workbook.add_worksheet(WORDS("summary", lang))
    sheet.hide_gridlines(2)
    sheet.set_column(0, _WIDTH - 1, 11.5)
    sheet.set_default_row(18)
    print_on_a4(sheet)
    sheet.fit_to_pages(1, 1)
    sheet.set_row(0, 30)
    sheet.write_string(0, 0, WORDS("title", lang), book.format(bold=True, font_size=18))
    _figures(book, sheet, overview)
    top = 5
    if overview.sentence:
        sheet.write_string(5, 0, overview.sentence, book.format(font_size=12, font_color=DARK))
        top = 7
    causes, parts = overview.by_cause, overview.by_part
    if not len(causes):
        _table(book, sheet, "by_part", parts, _PART, (top, 0), 0.0)
        return
    tables = top + _CHART_ROWS + 1
    _table(book, sheet, "by_cause", causes, _CAUSE, (tables, 0), overview.within)
    _table(book, sheet, "by_part", parts, _PART, (tables, _SECOND), 0.0)
    _causes_chart(book, sheet, causes, top, tables + 2, wide=len(parts) == 1)
    if len(parts) > 1:
        _parts_chart(book, sheet, parts, top, tables + 2)


def _figures(book: TableBook, sheet: Worksheet, overview: Overview) -> None:
    names = (
        "compared",
        "differing",
        "due",
        "charged",
        "difference",
        "against",
        "favour",
        "claimed",
    )
    sheet.set_row(3, 34)
    shown = []
    for key in names:
        value = getattr(overview, key)
        red = key in ("differing", "against") and value > 0
        number = "#,##0" if key in ("compared", "differing") else "¥#,##0.00;-¥#,##0.00"
        shown.append((WORDS(key, book.lang), value, number, red))
    put_figures(book, sheet, shown, 17)


def _table(
    book: TableBook, sheet: Worksheet, title: str, frame: pd.DataFrame, keys: tuple[str, ...],
    corner: tuple[int, int], within: float,
) -> None:  # fmt: skip
    """A title in the corner, the header below it, the rows, their total."""
    lang, (top, left) = book.lang, corner
    heading = book.format(bold=True, font_size=13, font_color=DARK)
    sheet.write_string(top, left, WORDS(title, lang), heading)
    sheet.set_row(top + 1, 22)
    name = WORDS(keys[0], lang)
    sheet.merge_range(top + 1, left, top + 1, left + _SPAN - 1, name, book.header_format())
    for at, key in enumerate(keys[1:], left + _SPAN):
        sheet.write_string(top + 1, at, WORDS(key, lang), book.header_format())
    rows = frame[list(keys)].to_numpy().tolist()
    if within:
        rest = [WORDS("within", lang), None, None, None, within, None]
        rows.append(rest)
    for row, values in enumerate(rows, top + 2):
        _line(book, sheet, (row, left), keys, values, {"bottom": 4, "bottom_color": "#BFBFBF"})
    totals: list[Any] = [WORDS("total", lang)]
    for key in keys[1:]:
        extra = within if key == "difference" else 0.0
        totals.append(None if key == "orders" else float(frame[key].sum()) + extra)
    _line(book, sheet, (top + 2 + len(rows), left), keys, totals, {"bold": True, "top": 1})


def _line(
    book: TableBook, sheet: Worksheet, start: tuple[int, int], keys: tuple[str, ...],
    values: list[Any], style: dict[str, Any],
) -> None:  # fmt: skip
    row, left = start
    sheet.merge_range(row, left, row, left + _SPAN - 1, "", book.format(**style))
    sheet.write_string(row, left, values[0], book.format(**style))
    for at, (key, value) in enumerate(zip(keys[1:], values[1:], strict=True), left + _SPAN):
        cell = book.format(num_format="#,##0" if key == "orders" else _AMOUNT, **style)
        if value is None:
            sheet.write_blank(row, at, None, cell)
        else:
            sheet.write_number(row, at, value, cell)


def _causes_chart(
    book: TableBook, sheet: Worksheet, frame: pd.DataFrame, top: int, first: int, *, wide: bool
) -> None:
    """Bars: what each cause took from the seller, and what it left."""
    chart = book.workbook.add_chart({"type": "bar", "subtype": "stacked"})
    shown = frame.head(_MOST_BARS)
    for key, colour in (("against", _ORANGE), ("favour", _BLUE)):
        if shown[key].any():
            cells = (first, len(shown), 0, _SPAN + _CAUSE.index(key) - 1)
            chart.add_series(_series(book, sheet, key, colour, cells))
    _dress(book, chart, "chart_causes", bars=True, width=1300 if wide else 640)
    sheet.insert_chart(top, 0, chart, {"x_offset": 2, "y_offset": 2, "object_position": 2})


def _parts_chart(
    book: TableBook, sheet: Worksheet, frame: pd.DataFrame, top: int, first: int
) -> None:
    """Columns: what was due beside what was charged."""
    chart = book.workbook.add_chart({"type": "column"})
    for key, colour in (("due", DARK), ("charged", _ORANGE)):
        cells = (first, len(frame), _SECOND, _SECOND + _SPAN + _PART.index(key) - 1)
        chart.add_series(_series(book, sheet, key, colour, cells))
    _dress(book, chart, "chart_parts", bars=False)
    sheet.insert_chart(
        top, _WIDTH // 2, chart, {"x_offset": 4, "y_offset": 2, "object_position": 2}
    )


def _series(
    book: TableBook, sheet: Worksheet, key: str, colour: str, cells: tuple[int, int, int, int]
) -> dict[str, Any]:
    return series(sheet, WORDS(key, book.lang), cells, fill={"color": colour}, gap=50)


def _dress(book: TableBook, chart: Any, title: str, *, bars: bool, width: int = 640) -> None:
    amounts = {"label_position": "high"} if bars else {}
    dress(
        book, chart, WORDS(title, book.lang), {}, amounts,
        bars=bars, rows=_CHART_ROWS, width=width,
    )  # fmt: skip
    chart.set_legend({"position": "bottom", "font": font(book, 9)})
