"""Cell references: columns and rows counted from 1."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from xlsxwriter.utility import xl_col_to_name

from sellersheet_workbook.files.xlsx_parts import column_number

LAST_ROW: Final = 1_048_576
LAST_COLUMN: Final = 16_384
_CELL: Final = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9]\d{0,6})")


class Area(NamedTuple):
    """A block of cells, its edges included."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.bottom - self.top + 1, self.right - self.left + 1

    @property
    def ref(self) -> str:
        """As A1:C9; one cell as A1."""
        first, last = cell_ref(self.top, self.left), cell_ref(self.bottom, self.right)
        return first if first == last else f"{first}:{last}"

    def meets(self, other: Area) -> bool:
        """Whether they have a cell in common."""
        rows = self.top <= other.bottom and other.top <= self.bottom
        return rows and self.left <= other.right and other.left <= self.right

    def common(self, other: Area) -> Area:
        """The area of both; they meet."""
        top, left = max(self.top, other.top), max(self.left, other.left)
        return Area(top, left, min(self.bottom, other.bottom), min(self.right, other.right))

    def around(self, other: Area) -> Area:
        """The least area that holds both."""
        top, left = min(self.top, other.top), min(self.left, other.left)
        return Area(top, left, max(self.bottom, other.bottom), max(self.right, other.right))


def area_of(ref: str) -> Area:
    """The area of a reference like A1 or $A$1:C9; a ValueError for any other text."""
    first, _, last = ref.partition(":")
    (top, left), (bottom, right) = _cell(first), _cell(last or first)
    if top > bottom or left > right:
        raise ValueError(ref)
    return Area(top, left, bottom, right)


def cell_ref(row: int, column: int) -> str:
    return f"{column_letters(column)}{row}"


def column_letters(column: int) -> str:
    return str(xl_col_to_name(column - 1))


def _cell(text: str) -> tuple[int, int]:
    found = _CELL.fullmatch(text)
    if not found:
        raise ValueError(text)
    row, column = int(found[2]), column_number(found[1].upper().encode())
    if row > LAST_ROW or column > LAST_COLUMN:
        raise ValueError(text)
    return row, column
