"""The workbook of a bill check: summary, differences, claims, what was not compared, about.

Claims are what is against the seller and sure enough to send to the platform.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from xlsxwriter.worksheet import Worksheet

from sellersheet.wording import Lang
from sellersheet_workbook.batch.result_book import add_about
from sellersheet_workbook.files.book import DARK, TableBook, print_on_a4
from sellersheet_workbook.keeping.atomic import replacing
from sellersheet_workbook.reconcile.bill import Bill
from sellersheet_workbook.reconcile.causes import Comparison
from sellersheet_workbook.reconcile.matching import OrderSide
from sellersheet_workbook.reconcile.summary import WORDS, Overview, add_overview
from sellersheet_workbook.reconcile.tables import MONEY, Sentences, amounts, claimable, titled

_WIDE: Final = {"cause": 24, "why": 46, "action": 40, "what": 60, "message": 70}
_CLAIM_WIDTHS: Final = {
    "number": 7, "shop": 18, "order_id": 24, "part": 16, "due": 11, "charged": 11,
    "difference": 11, "claim": 60,
}  # fmt: skip


def write_check(
    path: str | os.PathLike[str],
    overview: Overview,
    differences: pd.DataFrame,
    claims: Claims,
    missing: pd.DataFrame,
    refused: pd.DataFrame,
    about: Sequence[tuple[str, str]],
    lang: Lang,
) -> None:
    """Write the workbook, whole or not at all; a sheet with nothing to say is left out."""
    with replacing(path) as file:
        book = TableBook(lang)
        add_overview(book, overview)
        for name, frame in (("differences", differences), ("missing", missing)):
            if len(frame):
                _add_table(book, WORDS(name, lang), frame)
            if name == "differences":
                _add_claims(book, claims)
        if len(refused):
            _add_table(book, WORDS("refused", lang), refused)
        add_about(book, about)
        book.save(file)


def _add_table(book: TableBook, name: str, frame: pd.DataFrame) -> None:
    keys = list(map(str, frame.columns))
    for sheet in book.add_table(name, titled(frame, book.lang)):
        for at, key in enumerate(keys):
            if key in MONEY:
                style = book.format(num_format="#,##0.00", valign="vcenter")
                sheet.set_column(at, at, 12)
            elif key in _WIDE:
                style = book.format(text_wrap=True, valign="vcenter", num_format="@", indent=1)
                sheet.set_column(at, at, _WIDE[key])
            else:
                continue
            # The cell whose format all rows of the column take.
            sheet.write_blank(1, at, None, style)
        if "order_id" in keys:
            sheet.freeze_panes(1, keys.index("order_id") + 1)


def _add_claims(book: TableBook, claims: Claims) -> None:
    """A list to send as it stands: letter, rows, total."""
    lang = book.lang
    sheet = book.workbook.add_worksheet(WORDS("claims", lang))
    sheet.hide_gridlines(2)
    print_on_a4(sheet)
    keys = ["number", *map(str, claims.rows.columns)]
    last = len(keys) - 1
    for at, key in enumerate(keys):
        sheet.set_column(at, at, _CLAIM_WIDTHS[key])
    wrapped = book.format(text_wrap=True, valign="vcenter")
    note = book.format(text_wrap=True, valign="vcenter", font_color="#7F6000", bg_color="#FFF2CC")
    sheet.set_row(0, 32)
    title = book.format(bold=True, font_size=18, font_color=DARK, valign="vcenter")
    sheet.write_string(0, 0, WORDS("claims_title", lang), title)
    total = f"¥{claims.total:,.2f}"
    if claims.rows.empty:
        sheet.merge_range(1, 0, 1, last, WORDS("claims_none", lang), wrapped)
        return
    letter = WORDS("claims_letter", lang, orders=f"{claims.orders:,}", total=total)
    for row, text, style in ((1, letter, wrapped), (2, WORDS("claims_note", lang), note)):
        sheet.set_row(row, 36)
        sheet.merge_range(row, 0, row, last, text, style)
    sheet.set_row(4, 26)
    for at, key in enumerate(keys):
        shown = WORDS(key if key == "number" else f"claim_{key}", lang)
        sheet.write_string(4, at, shown, book.header_format())
    sheet.freeze_panes(5, 0)
    sheet.repeat_rows(4)
    _claim_rows(book, sheet, claims, keys)


def _claim_rows(book: TableBook, sheet: Worksheet, claims: Claims, keys: list[str]) -> None:
    line: dict[str, Any] = {"bottom": 4, "bottom_color": "#BFBFBF", "valign": "vcenter"}
    text = book.format(num_format="@", text_wrap=True, **line)
    money = book.format(num_format="#,##0.00", **line)
    reason = book.format(num_format="@", text_wrap=True, indent=1, **line)
    count = book.format(num_format="0", align="center", **line)
    top = 5
    for row in range(len(claims.rows)):
        sheet.write_number(top + row, 0, row + 1, count)
    for at, key in enumerate(keys[1:], 1):
        for row, value in enumerate(claims.rows[key].tolist(), top):
            if key in MONEY:
                sheet.write_number(row, at, value, money)
            else:
                sheet.write_string(row, at, str(value), reason if key == "claim" else text)
    end = top + len(claims.rows)
    style = {"bold": True, "top": 1, "valign": "vcenter"}
    for at, key in enumerate(keys):
        sheet.write_blank(end, at, None, book.format(**style))
        if key == "difference":
            shown = book.format(num_format="#,##0.00", **style)
            sheet.write_number(end, at, claims.total, shown)
    sheet.write_string(end, 0, WORDS("claim_total", book.lang), book.format(**style))


@dataclass(frozen=True)
class Claims:
    """The list, in Chinese as the platform reads it; ``total`` in yuan."""

    rows: pd.DataFrame
    orders: int
    total: float


def claims_of(found: Comparison, orders: OrderSide, bill: Bill) -> Claims:
    """shop, order_id, part, due, charged, difference, claim: one row an order and cause."""
    wanted = np.flatnonzero(claimable(found))
    rows = pd.DataFrame(amounts(found, orders, bill, "zh")).iloc[wanted].reset_index(drop=True)
    rows["claim"] = Sentences(found, orders)("claim", "zh")[wanted]
    items = found.differences
    return Claims(
        rows=rows,
        orders=len(np.unique(items.order[wanted])),
        total=int(items.amount[wanted].sum()) / 100,
    )
