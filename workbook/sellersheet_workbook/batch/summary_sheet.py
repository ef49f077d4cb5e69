"""The first sheet of a result workbook: key figures, charts, tables by month and the like."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, Final

import pandas as pd
from xlsxwriter.worksheet import Worksheet

from sellersheet.columns import TABLES
from sellersheet.rules.fees import FEE_PARTS
from sellersheet.summary import country_shown
from sellersheet.wording import Lang, Wording
from sellersheet_workbook.files.book import DARK, FONT, TableBook, part_colour, print_on_a4

WORDS: Final = Wording("sellersheet_workbook.batch", "result_book.toml")

_GREY: Final = "#595959"
_PALE: Final = "#EAF1F8"
_RED: Final = "#C00000"
_LINE: Final = "#D9D9D9"
_COLUMNS: Final = {item.key: item for item in TABLES["summary"]}
_SHARES: Final = {"margin": "profit_cny", "fee_share": "total_fee_cny"}
_FIGURES: Final = (
    *("paid_cny", "total_fee_cny", "fee_share", "profit_cny", "margin", "rush_at_risk_cny"),
)
_MOST_GROUPS: Final = 50
_MOST_BARS: Final = 15
_CHART_ROWS: Final = 14


def add_summary(
    book: TableBook,
    summaries: Mapping[Any, pd.DataFrame],
    rows: int,
    refused: int,
    title: str | None,
) -> None:
    """Write the sheet; each table has its groups in the first column, the others are keys."""
    tables = {
        str(by): _prepared(str(by), frame, book.lang)
        for by, frame in summaries.items()
        if len(frame)
    }
    sheet = book.workbook.add_worksheet(WORDS("summary", book.lang))
    sheet.hide_gridlines(2)
    sheet.set_column(0, 19, 12.5)
    sheet.set_default_row(20)
    print_on_a4(sheet)
    sheet.set_row(0, 30)
    sheet.write_string(
        0,
        0,
        title or WORDS("title", book.lang),
        book.format(bold=True, font_size=18, font_color=DARK),
    )
    _write_figures(book, sheet, next(iter(tables.values()), None), rows, refused)
    charted = [by for by in ("month", "country") if by in tables]
    top = 6 + (_CHART_ROWS + 1 if charted else 0)
    for by, frame in tables.items():
        _write_table(book, sheet, by, frame, top)
        if by == "month":
            _chart_fees(book, sheet, frame, top + 2)
        elif by == "country":
            _chart_shares(book, sheet, frame, top + 2, 7 if "month" in tables else 0)
        top += len(frame) + 5


def _prepared(by: str, frame: pd.DataFrame, lang: Lang) -> pd.DataFrame:
    """The table as shown: few groups, those without any sum last, no column that says
    nothing, the shares it can tell."""
    if "lines" in frame:
        frame = frame.iloc[(frame["lines"] == 0).argsort(kind="stable")]
    groups = [_group(value) or WORDS("blank", lang) for value in frame.iloc[:, 0]]
    if by == "country":
        groups = [country_shown(group, lang) for group in groups]
    frame = frame.iloc[:, 1:].copy()
    if len(frame) > _MOST_GROUPS:
        rest = _totals(frame.iloc[_MOST_GROUPS - 1 :])
        groups[_MOST_GROUPS - 1 :] = [WORDS("others", lang, count=len(frame) - _MOST_GROUPS + 1)]
        last = pd.DataFrame([rest]).reindex(columns=frame.columns)
        frame = pd.concat([frame.iloc[: _MOST_GROUPS - 1].astype(float), last.astype(float)])
    for key in ("incomplete", "rush_at_risk_cny"):
        if key in frame and not frame[key].any():
            frame = frame.drop(columns=key)
    if "profit_lines" in frame and not frame["profit_lines"].any():
        known = [key for key in ("profit_lines", "profit_cny", "margin") if key in frame]
        frame = frame.drop(columns=known)
    if {"lines", "profit_lines"} <= set(frame) and (frame["lines"] == frame["profit_lines"]).all():
        frame = frame.drop(columns="profit_lines")
    for share, amount in _SHARES.items():
        if share not in frame and {amount, "paid_cny"} <= set(frame):
            paid = frame["paid_cny"].astype(float)
            frame[share] = frame[amount].astype(float) / paid.where(paid > 0)
    frame.insert(0, "group", groups)
    return frame


def _group(value: object) -> str:
    if isinstance(value, dt.date):
        return f"{value:%Y-%m}"
    return "" if value is None or value != value else str(value)


def _totals(frame: pd.DataFrame) -> dict[str, float]:
    """The sums, and the shares of them; no margin where only some lines have a profit."""
    totals = {
        str(key): float(frame[key].sum())
        for key in frame.columns
        if key not in _SHARES
        and pd.api.types.is_numeric_dtype(frame[key])
        and (frame.empty or frame[key].notna().any())
    }
    paid = totals.get("paid_cny", 0.0)
    whole = totals.get("lines") == totals.get("profit_lines", totals.get("lines"))
    for share, amount in _SHARES.items():
        if paid > 0 and amount in totals and (whole or share != "margin"):
            totals[share] = totals[amount] / paid
    return totals


def _label(key: str, book: TableBook) -> str:
    if key in _COLUMNS:
        return _COLUMNS[key].title(book.lang)
    return WORDS(key, book.lang) if key in WORDS.messages else key


def _shown(key: str) -> str:
    """The number format of a key figure or a summary column."""
    kind = _COLUMNS[key].kind if key in _COLUMNS else "count"
    return {"rate": "0.0%", "money": "#,##0.00"}.get(kind, "#,##0")


def _figure_format(key: str) -> str:
    shown = _shown(key)
    return f"¥{shown};-¥{shown}" if key in _COLUMNS and _COLUMNS[key].kind == "money" else shown


def _write_figures(
    book: TableBook, sheet: Worksheet, frame: pd.DataFrame | None, rows: int, refused: int
) -> None:
    """The key figures, each a label over a big number, two columns wide."""
    totals = {} if frame is None else _totals(frame)
    figures: dict[str, float] = {"rows": rows}
    for key in _FIGURES:
        if key in totals:
            figures[key] = totals[key]
    figures["refused_rows"] = refused
    sheet.set_row(3, 36)
    shown = []
    for key, value in figures.items():
        red = (key == "refused_rows" and value > 0) or value < 0
        shown.append((_label(key, book), value, _figure_format(key), red))
    put_figures(book, sheet, shown, 20)


def put_figures(
    book: TableBook, sheet: Worksheet, figures: Iterable[tuple[str, float, str, bool]], size: int
) -> None:
    """Each a label over a big number, two columns wide: label, number, its format, whether it is
    red."""
    for at, (name, value, shown, red) in enumerate(figures):
        label = book.format(font_color=_GREY, bg_color=_PALE, align="center", font_size=10)
        number = book.format(
            bold=True, font_size=size, font_color=_RED if red else DARK,
            bg_color=_PALE, align="center", valign="vcenter", num_format=shown, shrink=True,
        )  # fmt: skip
        sheet.merge_range(2, 2 * at, 2, 2 * at + 1, name, label)
        sheet.merge_range(3, 2 * at, 3, 2 * at + 1, "", number)
        sheet.write_number(3, 2 * at, value, number)


def _write_table(book: TableBook, sheet: Worksheet, by: str, frame: pd.DataFrame, top: int) -> None:
    """A title, the header in row ``top + 1``, the groups and their total."""
    name = WORDS("by", book.lang, name=_label(by, book))
    sheet.write_string(top, 0, name, book.format(bold=True, font_size=12, font_color=DARK))
    sheet.set_row(top + 1, 32)
    for at, key in enumerate(map(str, frame.columns)):
        sheet.write_string(top + 1, at, _label(by if at == 0 else key, book), book.header_format())
    totals = _totals(frame)
    last = top + 2 + len(frame)
    for at, key in enumerate(map(str, frame.columns)):
        cell = book.format(num_format=_shown(key) if at else "@", bottom=4, bottom_color="#BFBFBF")
        for row, value in enumerate(frame.iloc[:, at].tolist(), top + 2):
            _write(sheet, row, at, value, cell)
        total = book.format(bold=True, top=1, num_format=_shown(key) if at else "@")
        value = totals.get(key) if at else WORDS("total", book.lang)
        _write(sheet, last, at, value, total)


def _write(sheet: Worksheet, row: int, column: int, value: Any, style: Any) -> None:
    if isinstance(value, str):
        sheet.write_string(row, column, value, style)
    elif value is None or value is pd.NA or value != value:
        sheet.write_blank(row, column, None, style)
    else:
        sheet.write_number(row, column, float(value), style)


def _charted(frame: pd.DataFrame) -> int:
    """How many of the first groups have anything to draw; the others hold refused rows only."""
    return int((frame["lines"] > 0).sum()) if "lines" in frame else len(frame)


def _chart_fees(book: TableBook, sheet: Worksheet, frame: pd.DataFrame, first: int) -> None:
    """Stacked columns: the parts of the fees in each month; parts that are all 0 left out."""
    keys = list(map(str, frame.columns))
    parts = [key for key in FEE_PARTS if key in keys and frame[key].fillna(0).any()]
    count = _charted(frame)
    if not parts or not count:
        return
    chart = book.workbook.add_chart({"type": "column", "subtype": "stacked"})
    for key in parts:
        look = {"fill": {"color": part_colour(key)}, "gap": 60}
        cells = (first, count, 0, keys.index(key))
        chart.add_series(series(sheet, _label(key, book), cells, **look))
    chart.set_legend({"position": "bottom", "font": font(book, 9)})
    _dress(book, chart, "fees_by_month", WORDS("month", book.lang), WORDS("yuan", book.lang))
    sheet.insert_chart(5, 0, chart, {"x_offset": 2, "y_offset": 4, "object_position": 2})


def _chart_shares(
    book: TableBook, sheet: Worksheet, frame: pd.DataFrame, first: int, column: int
) -> None:
    """Bars: the fees as a share of the amount paid, for the first destinations of the table."""
    count = min(_charted(frame), _MOST_BARS)
    if "fee_share" not in frame or not count:
        return
    chart = book.workbook.add_chart({"type": "bar"})
    at = list(frame.columns).index("fee_share")
    label = _label("fee_share", book)
    told = {"value": True, "num_format": "0.0%", "font": font(book, 9)}
    look = {"fill": {"color": part_colour(FEE_PARTS[1])}, "gap": 60, "data_labels": told}
    chart.add_series(series(sheet, label, (first, count, 0, at), **look))
    chart.set_legend({"none": True})
    _dress(book, chart, "share_by_country", WORDS("country", book.lang), label, bars=True)
    sheet.insert_chart(5, column, chart, {"x_offset": 4, "y_offset": 4, "object_position": 2})


def _dress(
    book: TableBook, chart: Any, title: str, group: str, amount: str, *, bars: bool = False
) -> None:
    """With titles of the axes; of bars the amounts are shares."""
    name: dict[str, Any] = {"name_font": font(book, 10)}
    groups = {**name, "name": group}
    if bars:
        groups["crossing"] = "max"  # read from the top, the amounts still stand at the bottom
    amounts = {**name, "name": amount, "num_format": "0%" if bars else "#,##0", "min": 0}
    dress(book, chart, WORDS(title, book.lang), groups, amounts, bars=bars, rows=_CHART_ROWS)


def series(
    sheet: Worksheet, name: str, cells: tuple[int, int, int, int], **look: Any
) -> dict[str, Any]:
    """For a chart: first row, how many, the column of the groups and that of the amounts."""
    where, (first, count, groups, amounts) = sheet.get_name(), cells
    last = first + count - 1
    return {
        "name": name,
        "categories": [where, first, groups, last, groups],
        "values": [where, first, amounts, last, amounts],
        **look,
    }


def dress(
    book: TableBook, chart: Any, title: str, groups: dict[str, Any], amounts: dict[str, Any], *,
    bars: bool, rows: int, width: int = 640,
) -> None:  # fmt: skip
    """Title, axes, size, over so many rows; in a bar chart groups are read from the top."""
    grid = {"visible": True, "line": {"color": _LINE, "width": 0.75}}
    bold = font(book, 12, bold=True)
    chart.set_title({"name": title, "name_font": bold, "overlay": False})
    small = {"num_font": font(book, 9)}
    groups = {**small, "reverse": bars, "label_position": "low", **groups}
    amounts = {**small, "num_format": "#,##0", "major_gridlines": grid, **amounts}
    chart.set_x_axis(amounts if bars else groups)
    chart.set_y_axis(groups if bars else amounts)
    chart.set_size({"width": width, "height": rows * 24 - 8})
    chart.set_chartarea({"border": {"color": _LINE}})


def font(book: TableBook, size: int, *, bold: bool = False) -> dict[str, Any]:
    """Of a chart's words."""
    return {"name": FONT[book.lang], "size": size, "bold": bold, "color": "#404040"}
