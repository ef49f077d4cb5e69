"""Array formulas that a program saved with a smaller range than the book reads.

LibreOffice saves an array that is larger than its result with the range of the result: what comes
later, as a further month, is then missing wherever it is shown. Such a range is known by the cells
that other formulas read; it is put back, with a formula whose result is as large as its range.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from sellersheet.wording import LANGS, Lang
from sellersheet_workbook.files.xlsx_parts import column_number
from sellersheet_workbook.patch.areas import Area, area_of, cell_ref, column_letters
from sellersheet_workbook.problems import UPDATE

# A blank column and a blank row of the calculation sheet: what is counted in large arrays.
_ROWS_COUNTED: Final = "$BG"
_COLUMNS_COUNTED: Final = "$2"
# LibreOffice writes a range of one cell as that cell.
_FILLED: Final = re.compile(r"ROW\(\$BG\$1(?::\$BG\$(\d+))?\)\*COLUMN\(\$A\$2(?::\$([A-Z]+)\$2)?\)")
_ARRAY: Final = re.compile(
    rb'<((?:\w+:)?f)\s(?=[^<>]*\bt="array")[^<>]*\bref="([A-Z]+\d+(?::[A-Z]+\d+)?)"[^<>]*>'
    rb"([^<]*)</"
)
_CELL: Final = re.compile(
    rb'<(?:\w+:)?c\s[^<>]*?\br="([A-Z]+\d+)"[^<>]*?(?:/>|>(.*?)</(?:\w+:)?c>)', re.DOTALL
)
# What may stand before a sheet's name in a formula: nothing of a longer name.
_BEFORE: Final = r"(?<![^\s=(,;:+\-*/&<>${^'])"
_QUOTE: Final = r"(?:'|&apos;|&#39;)?"
_PLACE: Final = r"\$?([A-Z]{1,3})\$?(\d+)(?::\$?([A-Z]{1,3})\$?(\d+))?"
# Mended with this update, or to be mended by the menu's.
Remedy = Literal["mended", "menu"]


@dataclass(frozen=True, slots=True)
class Array:
    """An array formula of several cells, as it is saved or calculated; ``short``: its last row
    holds nothing but #N/A, so its result is smaller than its range."""

    area: Area
    text: str
    short: bool


@dataclass(frozen=True, slots=True)
class Repair:
    """What an array is to be: its range, and the formula that fills it, without "=".

    ``blocked``: something else stands where the range would grow, which is not to be lost."""

    sheet: str
    area: Area
    wanted: Area
    text: str
    blocked: bool

    @property
    def cut(self) -> bool:
        """Whether cells are missing that the book reads; else they may be missing one day."""
        return self.wanted != self.area


def filled(text: str, rows: int, columns: int, comma: str = ",") -> str:
    """The formula, without "=", with a result as large as its range, whatever there is.

    Cells beyond its own result are #N/A.
    """
    down = f"ROW({_ROWS_COUNTED}$1:{_ROWS_COUNTED}${rows})"
    across = f"COLUMN($A{_COLUMNS_COUNTED}:${column_letters(columns)}{_COLUMNS_COUNTED})"
    return f"IF({down}*{across}>0{comma}{text})"


def repairs(
    sheet: str,
    arrays: Sequence[Array],
    read: Iterable[Area],
    occupied: Callable[[Area], bool],
    comma: str = ",",
) -> list[Repair]:
    """The arrays of a sheet that lack cells of those that are read, or may come to lack some.

    ``occupied`` tells whether any cell of an area holds something.
    """
    lowest = {array: array.area.bottom for array in arrays}
    for array in arrays:
        rows, _ = _counted(array) or (1, 1)
        lowest[array] = max(lowest[array], array.area.top + rows - 1)
    for place in read:
        above = [
            array
            for array in arrays
            if array.area.top <= place.top and array.area.left <= place.left
        ]
        if not above:
            continue
        owner = max(above, key=lambda array: (array.area.left, array.area.top))
        if place.right <= owner.area.right:
            lowest[owner] = max(lowest[owner], place.bottom)
    found = []
    for array, bottom in lowest.items():
        wanted = array.area._replace(bottom=bottom)
        full = _counted(array) == wanted.size
        if wanted == array.area and (full or not array.short):
            continue
        text = array.text if full else filled(array.text, *wanted.size, comma)
        grown = wanted._replace(top=array.area.bottom + 1)
        blocked = wanted != array.area and occupied(grown)
        found.append(Repair(sheet, array.area, wanted, text, blocked))
    return found


def is_filled(array: Array) -> bool:
    """Whether the formula says itself how large it is."""
    return _counted(array) is not None


def _counted(array: Array) -> tuple[int, int] | None:
    """The rows and columns that the formula fills."""
    found = _FILLED.search(array.text)
    return (int(found[1] or 1), column_number((found[2] or "A").encode())) if found else None


def reads(text: str, name: str) -> Iterator[Area]:
    """The places of a sheet that formulas in a text read, in Excel's or LibreOffice's form."""
    named = f"{_BEFORE}{_QUOTE}{re.escape(name)}{_QUOTE}[!.]{_PLACE}"
    for left, top, right, bottom in set(re.findall(named, text)):
        last = f"{right or left}{bottom or top}"
        yield area_of(f"{left}{top}:{last}")


def arrays_in(data: bytes) -> list[Array]:
    """The array formulas in the XML of a sheet."""
    held, found = _held(data), []
    for match in _ARRAY.finditer(data):
        area = area_of(match[2].decode())
        across = range(area.left, area.right + 1)
        last = [held(cell_ref(area.bottom, at)) for at in across]
        short = area.top < area.bottom and set(last) == {b"#N/A"}
        found.append(Array(area, html.unescape(match[3].decode()), short))
    return found


def occupied_in(data: bytes) -> Callable[[Area], bool]:
    """Whether any cell of an area holds something, by the XML of the sheet."""
    held = _held(data)
    return lambda area: any(
        held(cell_ref(row, at))
        for row in range(area.top, area.bottom + 1)
        for at in range(area.left, area.right + 1)
    )


def repaired(data: bytes, repair: Repair) -> bytes:
    """The XML of the sheet with the array mended."""
    match = next(
        match for match in _ARRAY.finditer(data) if area_of(match[2].decode()) == repair.area
    )
    text = html.escape(repair.text, quote=False).encode()
    before = data[: match.start(2)] + repair.wanted.ref.encode()
    return before + data[match.end(2) : match.start(3)] + text + data[match.end(3) :]


def _held(data: bytes) -> Callable[[str], bytes | None]:
    """What a cell holds: the saved value, "=" for a formula of its own, nothing for a blank one.
    Of a whole sheet few are asked for, so a cell is looked into when it is."""
    cells = {match[1]: match[2] for match in _CELL.finditer(data) if match[2]}

    def held(ref: str) -> bytes | None:
        if (inside := cells.get(ref.encode())) is None:
            return None
        value = re.search(rb"<(?:\w+:)?[vt](?:\s[^<>]*)?>([^<]+)<", inside)
        formula = re.search(rb"<(?:\w+:)?f[\s>/]", inside)
        return value[1] if value else b"=" if formula else b""

    return held


def calculations() -> set[str]:
    """The names that the calculation sheet of a template may have."""
    return {UPDATE("sheet_calculation", lang) for lang in LANGS}


def told_of(found: Sequence[Repair], lang: Lang, remedy: Remedy) -> list[str]:
    """A sentence for each array that is cut or stays so, one for those that may be cut some day;
    what mends them."""
    lines, mended = [], [item for item in found if not item.blocked]
    for item in found:
        place = {"sheet": item.sheet, "wanted": item.wanted.ref}
        if item.cut:
            lines.append(UPDATE("array_cut", lang, area=item.area.ref, **place))
        if item.blocked:
            lines.append(UPDATE("array_blocked", lang, **place))
    if loose := sum(not item.cut for item in found):
        lines.append(UPDATE("array_loose", lang, count=loose))
    return [*lines, UPDATE(f"array_{remedy}", lang)] if mended else lines
