"""The workbook that a batch gives back: summary, orders with results, refused rows, about."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd
from xlsxwriter.worksheet import Worksheet

from sellersheet.wording import LANGS, Lang
from sellersheet_workbook.batch.summary_sheet import WORDS, add_summary
from sellersheet_workbook.files.book import DARK, MOST_ROWS, TableBook, print_on_a4
from sellersheet_workbook.files.writing import ORDERS
from sellersheet_workbook.keeping.atomic import replacing

_STATUS_COLOURS: Final = {
    "status_error": ("#9C0006", "#FFC7CE"),
    "status_warning": ("#7F6000", "#FFEB9C"),
    "status_note": ("#1F4E79", "#DDEBF7"),
}


def write_result_book(
    path: str | os.PathLike[str],
    orders: pd.DataFrame,
    summaries: Mapping[Any, pd.DataFrame],
    issues: pd.DataFrame,
    about: Sequence[tuple[str, str]],
    lang: Lang = "zh",
    *,
    title: str | None = None,
) -> None:
    """Write the result of a batch to an .xlsx, whole or not at all.

    ``orders`` has the columns as read, then the result columns under their keys.
    ``summaries`` maps month, country, … to a table whose first column is the group and
    whose other columns are keys of the table ``summary`` (the shares fee_share and margin
    are worked out where they are missing).
    ``issues`` has a row for each refused row. A pair of ``about`` with an empty second
    part is a heading.
    """
    with replacing(path) as file:
        book = TableBook(lang)
        add_summary(book, summaries, len(orders), len(issues), title)
        for sheet in book.add_table(ORDERS[lang], orders):
            _colour_status(book, sheet, orders)
        if len(issues):
            shown = {
                key: WORDS(key, lang) for key in map(str, issues.columns) if key in WORDS.messages
            }
            book.add_table(WORDS("refused", lang), issues.rename(columns=shown))
        add_about(book, about)
        book.save(file)


def _colour_status(book: TableBook, sheet: Worksheet, orders: pd.DataFrame) -> None:
    at = next((at for at, key in enumerate(orders.columns) if key == "status"), None)
    if at is None or orders.empty:
        return
    last = min(len(orders), MOST_ROWS)
    for code, (colour, ground) in _STATUS_COLOURS.items():
        style = book.workbook.add_format({"font_color": colour, "bg_color": ground})
        for word in (WORDS(code, lang) for lang in LANGS):
            rule = {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": style}
            sheet.conditional_format(1, at, last, at, rule)


def add_about(book: TableBook, about: Sequence[tuple[str, str]]) -> None:
    """The sheet that tells how the book came about; a pair without a second part is a heading."""
    sheet = book.workbook.add_worksheet(WORDS("about", book.lang))
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 96)
    print_on_a4(sheet)
    name = book.format(valign="top", text_wrap=True, font_color="#595959")
    value = book.format(valign="top", text_wrap=True)
    heading = book.format(bold=True, font_size=13, font_color=DARK, valign="vcenter")
    for row, (left, right) in enumerate(about):
        if not right:
            sheet.set_row(row, 30)
        sheet.write_string(row, 0, left, name if right else heading)
        if right:
            sheet.write_string(row, 1, right, value)
