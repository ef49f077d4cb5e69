"""Where each row and each cell stands in the XML of a sheet.

The XML is not parsed into a tree: as ``<`` may stand nowhere but before a tag, the tags of
a block are found, told apart and checked to nest as arrays.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import numpy as np

from sellersheet_workbook.patch.areas import LAST_COLUMN, LAST_ROW
from sellersheet_workbook.patch.start_tags import (
    MISSING,
    Bytes,
    Flags,
    Ints,
    Short,
    UnknownTag,
    places,
)

KEY: Final = 1 << 15  # above the number of columns: row * KEY + column orders the cells
_BLOCK: Final = 1 << 21
_PLAIN, _ROW, _ROW_END, _CELL, _CELL_END, _EMPTY_ROW, _EMPTY_CELL = range(7)
_FOLLOWS: Final = np.zeros((7, 7), np.bool_)
for _before, _after in {
    _ROW: (_CELL, _EMPTY_CELL, _ROW_END),
    _CELL: (_CELL_END,),
    _CELL_END: (_CELL, _EMPTY_CELL, _ROW_END),
    _EMPTY_CELL: (_CELL, _EMPTY_CELL, _ROW_END),
    _ROW_END: (_ROW, _EMPTY_ROW),
    _EMPTY_ROW: (_ROW, _EMPTY_ROW),
}.items():
    _FOLLOWS[_before, list(_after)] = True


@dataclass(frozen=True, slots=True)
class Rows:
    """By row: its number, where its tag starts and ends (at ``>``), where its cells end."""

    number: Ints
    start: Ints
    tag_end: Ints
    end: Ints
    empty: Flags  # <row/>: nothing can be put before ``end`` without opening it


@dataclass(frozen=True, slots=True)
class CellIndex:
    """By cell: its place as row * KEY + column, its span, its style or MISSING.

    A large sheet has millions of them, and less than 2³¹ bytes.
    """

    key: Ints
    start: Short
    end: Short
    style: Short
    filled: Flags
    formula: Flags

    @property
    def row(self) -> Ints:
        return self.key // KEY

    @property
    def column(self) -> Ints:
        return self.key % KEY


@dataclass(frozen=True, slots=True)
class SheetIndex:
    """``unnamed`` tells whether a cell leaves its place to be counted."""

    data: bytes
    prefix: bytes
    start: int
    end: int
    rows: Rows
    cells: CellIndex
    unnamed: bool

    def within(self, top: int, bottom: int) -> slice:
        """The cells of the rows from ``top`` to ``bottom``."""
        first, last = np.searchsorted(self.cells.key, [top * KEY, (bottom + 1) * KEY])
        return slice(int(first), int(last))


def opened(data: bytes, prefix: bytes) -> bytes:
    """The sheet with ``<sheetData/>`` written as two tags."""
    at = data.find(b"<%bsheetData" % prefix)
    empty = re.compile(rb"<(%bsheetData)\s*/>" % prefix).match(data, max(at, 0))
    return data[:at] + empty.expand(rb"<\1></\1>") + data[empty.end() :] if empty else data


def rows_span(data: bytes, prefix: bytes) -> tuple[int, int]:
    """Where the rows of an opened sheet start and end; an UnknownTag where that is not plain."""
    opening, closing = b"<%bsheetData" % prefix, b"</%bsheetData>" % prefix
    begin = re.search(opening + rb"(?:\s[^<>]*)?>", data)
    if begin is None or data.count(opening) != 1 or data.count(closing) != 1:
        raise UnknownTag(b"sheetData")
    return begin.end(), data.index(closing)


def index_of(data: bytes, prefix: bytes) -> SheetIndex:
    """The index of an opened sheet; an UnknownTag where its cells are not laid out plainly."""
    start, end = rows_span(data, prefix)
    if data.find(b"xmlns", start, end) >= 0:
        raise UnknownTag(b"xmlns")
    blocks = []
    at = start
    while at < end:
        row_end = b"</%brow>" % prefix
        cut = data.find(row_end, min(at + _BLOCK, end), end)
        stop = end if cut < 0 else cut + len(row_end)
        blocks.append(_block(data, at, stop, prefix))
        at = stop
    return _joined(data, prefix, (start, end), blocks)


def _block(data: bytes, start: int, stop: int, prefix: bytes) -> tuple[Rows, CellIndex, Ints]:
    """The rows and cells of whole rows, and how many cells each row has."""
    text = np.frombuffer(data, np.uint8)
    tags = start + np.flatnonzero(text[start:stop] == ord("<"))
    stops = start + np.flatnonzero(text[start:stop] == ord(">"))
    kind, tag_end = _kinds(text, tags, stops, prefix)
    main = kind != _PLAIN
    order = np.concatenate(([_ROW_END], kind[main], [_ROW]))
    if not _FOLLOWS[order[:-1], order[1:]].all():
        raise UnknownTag(b"row")
    place = np.cumsum(main)  # for a tag: how many main tags stand up to it
    if not (order[place[~main]] == _CELL).all():
        raise UnknownTag(b"c")
    is_row, is_cell = (kind == _ROW) | (kind == _EMPTY_ROW), (kind == _CELL) | (kind == _EMPTY_CELL)
    row_at, cell_at = np.flatnonzero(is_row), np.flatnonzero(is_cell)
    row_open, cell_open = kind[row_at] == _ROW, kind[cell_at] == _CELL

    row_ends = tag_end[row_at] - 1
    row_ends[row_open] = tags[kind == _ROW_END]
    rows = places(data, tags[row_at], tag_end[row_at], prefix + b"row", styles=False)
    cell_ends = tag_end[cell_at] + 1
    cell_ends[cell_open] = tags[kind == _CELL_END] + len(prefix) + len("</c>")
    cells = places(data, tags[cell_at], tag_end[cell_at], prefix + b"c", styles=True)
    filled = np.zeros(len(cell_at), np.bool_)
    filled[cell_open] = kind[cell_at[cell_open] + 1] == _PLAIN
    formula = np.zeros(len(cell_at), np.bool_)
    formulas = _named(text, tags, prefix + b"f")
    formula[np.cumsum(is_cell)[formulas] - 1] = True

    counts = np.diff(np.append(np.searchsorted(cell_at, row_at), len(cell_at)))
    of_row = np.repeat(rows.row, counts)
    if ((cells.row != MISSING) & (of_row != MISSING) & (cells.row != of_row)).any():
        raise UnknownTag(b"r")
    if ((cells.row == MISSING) != (cells.column == MISSING)).any():
        raise UnknownTag(b"r")
    return (
        Rows(rows.row, tags[row_at], tag_end[row_at], row_ends, ~row_open),
        CellIndex(
            cells.column,
            tags[cell_at].astype(np.int32),
            cell_ends.astype(np.int32),
            cells.style.astype(np.int32),
            filled,
            formula,
        ),
        counts,
    )


def _kinds(text: Bytes, tags: Ints, stops: Ints, prefix: bytes) -> tuple[Ints, Ints]:
    """What each tag is, and for rows and cells where it ends."""
    kind = np.full(len(tags), _PLAIN)
    tag_end = np.zeros(len(tags), np.int64)
    for name, (begun, ended, empty) in (
        (b"row", (_ROW, _ROW_END, _EMPTY_ROW)),
        (b"c", (_CELL, _CELL_END, _EMPTY_CELL)),
    ):
        begins = _named(text, tags, prefix + name)
        ends = stops[np.searchsorted(stops, tags[begins])]
        tag_end[begins] = ends
        kind[begins] = np.where(text[ends - 1] == ord("/"), empty, begun)
        kind[_named(text, tags, b"/" + prefix + name)] = ended
    return kind, tag_end


def _named(text: Bytes, tags: Ints, name: bytes) -> Ints:
    """Which of the tags have this name, as their positions among them."""
    found = np.arange(len(tags))
    for offset, byte in enumerate(name, 1):
        found = found[text[tags[found] + offset] == byte]
    after = text[tags[found] + 1 + len(name)]
    ended: Flags = (after == ord(">")) | (after <= ord(" ")) | (after == ord("/"))
    return found[ended]


def _joined(
    data: bytes, prefix: bytes, span: tuple[int, int], blocks: list[tuple[Rows, CellIndex, Ints]]
) -> SheetIndex:
    if not blocks:
        none, no = np.zeros(0, np.int64), np.zeros(0, np.bool_)
        short = none.astype(np.int32)
        cells = CellIndex(none, short, short, short, no, no)
        blocks = [(Rows(none, none, none, none, no), cells, none)]
    row_parts, cell_parts, count_parts = zip(*blocks, strict=True)
    counts = np.concatenate(count_parts)
    number = _counted(np.concatenate([rows.number for rows in row_parts]), np.zeros(0, np.int64))
    firsts = np.cumsum(counts) - counts
    columns = np.concatenate([cells.key for cells in cell_parts])
    unnamed = bool((columns == MISSING).any())
    columns = _counted(columns, firsts)
    key = np.repeat(number, counts) * KEY + columns
    in_order = (np.diff(key) > 0).all() and (np.diff(number) > 0).all()
    if not in_order or (number > LAST_ROW).any() or (columns > LAST_COLUMN).any():
        raise UnknownTag(b"r")
    rows = Rows(
        number,
        *(
            np.concatenate([getattr(rows, name) for rows in row_parts])
            for name in ("start", "tag_end", "end", "empty")
        ),
    )
    cells = CellIndex(
        key,
        *(
            np.concatenate([getattr(cells, name) for cells in cell_parts])
            for name in ("start", "end", "style", "filled", "formula")
        ),
    )
    return SheetIndex(data, prefix, *span, rows, cells, unnamed)


def _counted(numbers: Ints, restarts: Ints) -> Ints:
    """The numbers with each MISSING one counted on from the one before it."""
    if not (numbers == MISSING).any():
        return numbers
    begins = set(restarts.tolist())
    counted = []
    last = 0
    for at, number in enumerate(numbers.tolist()):
        before = 0 if at in begins else last
        last = before + 1 if number == MISSING else number
        counted.append(last)
    return np.array(counted)
