"""Sums and shares as worksheets compute them: the formula's text with its value."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from sellersheet_workbook.template.cells import Ref, Written


def is_number(value: Any) -> bool:
    """Whether a worksheet counts the cell as a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def total(ref: Ref) -> Written:
    """The sum of the numbers; error cells and texts are passed over."""
    return Written(f"AGGREGATE(9,6,{ref.text})", _sum(_cells(ref)))


def total_where_known(amounts: Ref, known: Ref) -> Written:
    """The sum of the amounts in whose row the other column has a number."""
    pairs = zip(_cells(amounts), _cells(known), strict=True)
    value = _sum(amount for amount, other in pairs if is_number(other))
    return Written(f'SUMIFS({amounts.text},{known.text},">-1E+12")', value)


def divided(part: Written, whole: Written) -> Written:
    """A share; blank where there is nothing to divide by."""
    text = f'IF({whole.text}=0,"",{part.text}/{whole.text})'
    return Written(text, part.value / whole.value if whole.value else "")


def _cells(ref: Ref) -> list[Any]:
    return [cell for row in ref.rows for cell in row]


def _sum(cells: Iterable[Any]) -> float:
    return math.fsum(cell for cell in cells if is_number(cell))
