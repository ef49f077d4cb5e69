"""How far the filled cells of a sheet reach, before a reader lays out all cells between them."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sellersheet_workbook.files.xlsx_parts import column_number, sheet_part
from sellersheet_workbook.problems import FileProblem

# Cells that may be laid out in any case, and how many for each that is filled.
_ALWAYS: Final = 20_000_000
_EACH: Final = 20
_ROWS, _COLUMNS = 1_048_576, 16_384
_BLOCK: Final = 1 << 22
_TAG: Final = 1 << 12  # no tag of a cell is longer
# No cell beyond column Z or row 99,999: nothing that has to be looked at.
_FAR: Final = re.compile(rb"""\br=["'](?:[A-Z]{2}|[A-Z]\d{6})""")
_FILLED: Final = re.compile(
    rb"""<(?:\w+:)?c\s[^>]*?\br=["']([A-Z]+)(\d+)["'](?:[^>]*[^>/])?>(?!\s*</)"""
)


class Extent:
    """The area from the first to the last filled cell, and how many are filled."""

    def __init__(self) -> None:
        self.top, self.left = _ROWS, _COLUMNS
        self.bottom = self.right = self.filled = 0

    def add(self, rows: range, columns: range, filled: int) -> None:
        """So many filled cells, somewhere in rows and columns counted from 1."""
        self.top, self.bottom = min(self.top, rows[0]), max(self.bottom, rows[-1])
        self.left, self.right = min(self.left, columns[0]), max(self.right, columns[-1])
        self.filled += filled

    def check(self, path: Path, sheet: str) -> None:
        """A FileProblem where the area is far larger than what is filled."""
        if self.bottom > _ROWS or self.right > _COLUMNS:
            raise FileProblem("damaged", path=path)
        area = max(self.bottom - self.top + 1, 0) * max(self.right - self.left + 1, 0)
        if area > max(_ALWAYS, _EACH * self.filled):
            reach = f"{self.bottom:,} × {self.right:,}"
            raise FileProblem("stray_cells", path=path, sheet=sheet, area=reach)


def check_extent(path: Path, sheet: str) -> None:
    """A FileProblem for a sheet of an .xlsx whose cells would fill the memory."""
    with zipfile.ZipFile(path) as archive:
        if part := sheet_part(archive, sheet):
            _extent(archive, part).check(path, sheet)


def _extent(archive: zipfile.ZipFile, part: str) -> Extent:
    found = Extent()
    for text in _blocks(archive, part):
        if not _FAR.search(text):
            found.add(range(1, 2), range(1, 2), text.count(b" r="))
        elif places := _FILLED.findall(text):
            rows = {int(row) for _, row in places}
            columns = {column_number(letters) for letters in {letters for letters, _ in places}}
            found.add(
                range(min(rows), max(rows) + 1), range(min(columns), max(columns) + 1), len(places)
            )
    return found


def _blocks(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The part in pieces that end before a cell."""
    rest = b""
    with archive.open(part) as file:
        while block := file.read(_BLOCK):
            whole = rest + block
            last = max(whole.rfind(b"<c "), whole.rfind(b":c "))
            cut = whole.rfind(b"<", 0, last + 1)
            if cut <= 0:
                cut = max(len(whole) - _TAG, 0)
            rest = whole[cut:]
            yield whole[:cut]
    yield rest
