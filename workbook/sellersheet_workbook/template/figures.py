"""Sums and shares as worksheets compute them, and key figures: text and value of formulas."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from sellersheet_workbook.template import palette
from sellersheet_workbook.template.book import Sheet
from sellersheet_workbook.template.cells import Ref, Span, Written, is_number, quoted


def total(ref: Ref) -> Written:
    """The sum of the numbers; error cells and texts are passed over."""
    cells = (cell for row in ref.rows for cell in row if is_number(cell))
    return Written(f"AGGREGATE(9,6,{ref.text})", math.fsum(cells))


def not_above(rate: Written) -> Written:
    """A highest rate in whole hundredths of a per cent: rounded up it would be too high."""
    text, value = rate.text, rate.value
    if is_number(value):
        value = math.floor(value * 10_000 + 1e-9) / 10_000
    return Written(f"IF(ISNUMBER({text}),ROUNDDOWN({text},4),{text})", value)


class Figure(NamedTuple):
    """A key figure: its label, what is shown large, and a line that compares or explains."""

    label: str
    shown: Written
    number: str = ""
    note: Written = quoted("")


def large(sheet: Sheet, top: int, spans: Sequence[tuple[int, int]], them: Sequence[Figure]) -> None:
    """Label, figure and note in three rows, each over its columns (first and last)."""
    book = sheet.book
    for row, height in ((top, 20), (top + 1, 36), (top + 2, 20)):
        sheet.page.set_row(row, height)
    for (left, right), figure in zip(spans, them, strict=True):
        label, big = book.style("figure_label"), book.style("figure", figure.number)
        for row, style in ((top, label), (top + 1, big), (top + 2, label)):
            sheet.over(row, left, right, style)
        sheet.put_at(top, left, figure.label, label)
        sheet.show(top + 1, left, figure.shown, big)
        sheet.show(top + 2, left, figure.note, label)
    first, last = spans[0][0], spans[-1][1]
    area = Span(top + 1, first, top + 1, last)
    loss = {"type": "cell", "criteria": "<", "value": 0}
    loss["format"] = book.added({"font_color": palette.RED})
    sheet.page.conditional_format(*area, loss)
