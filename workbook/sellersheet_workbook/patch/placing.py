"""New cells as XML, put into that of a sheet: over old ones, between them, or in new rows."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from sellersheet_workbook.files.cell_texts import EDGE_SPACE, CellTexts, cell_texts, escaped
from sellersheet_workbook.patch.areas import Area, area_of, column_letters
from sellersheet_workbook.patch.sheet_index import KEY, SheetIndex
from sellersheet_workbook.patch.start_tags import MISSING, Flags, Ints, Short, row_spans

_ROWS_AT_ONCE: Final = 1 << 13
_SPANS: Final = re.compile(rb'\sspans="(\d+):(\d+)"')
_PLAIN, _EMPTY, _NEW = range(3)


@dataclass(frozen=True, slots=True)
class Spots:
    """The cells of one column that take new values: where they are or would be."""

    column: int
    rows: Ints
    at: Ints  # in the index: the cell, or the one that it would come before
    there: Flags
    style: Short


@dataclass(frozen=True, slots=True)
class Fill:
    """New values for spots; days as numbers or, where no format shows them, as text."""

    spots: Spots
    values: pd.Series[Any]
    serial_days: bool


def spots(index: SheetIndex, column: int, rows: Ints) -> Spots:
    """A cell that is not there takes the style of the next one above that is, or below."""
    key = rows * KEY + column
    at = np.searchsorted(index.cells.key, key)
    there = np.zeros(len(rows), np.bool_)
    inside = at < len(index.cells.key)
    there[inside] = index.cells.key[at[inside]] == key[inside]
    style = np.full(len(rows), MISSING, dtype=np.int32)
    style[there] = index.cells.style[at[there]]
    if there.any() and not there.all():
        above = np.maximum.accumulate(np.where(there, np.arange(len(rows)), MISSING))
        above[above == MISSING] = np.argmax(there)
        style = style[above]
    return Spots(column, rows, at, there, style)


def placed(index: SheetIndex, fills: Sequence[Fill]) -> bytes:
    """The sheet's XML with the fills, its ``dimension`` and the rows' ``spans`` extended."""
    fills = sorted(fills, key=lambda fill: fill.spots.column)
    top = min(int(fill.spots.rows[0]) for fill in fills)
    bottom = max(int(fill.spots.rows[-1]) for fill in fills)
    area = Area(top, fills[0].spots.column, bottom, fills[-1].spots.column)
    made = io.BytesIO()  # grows in place: pieces and their sum would stand side by side
    made.write(_with_dimension(index.data[: index.start], area))
    at = index.start
    for first in range(top, bottom + 1, _ROWS_AT_ONCE):
        starts, ends, texts = _changes(index, fills, first, first + _ROWS_AT_ONCE)
        if len(starts):
            made.write(memoryview(index.data)[at : int(starts[0])])
            made.write(spliced(index.data, starts, ends, texts))
            at = int(ends[-1])
    made.write(memoryview(index.data)[at:])
    return made.getvalue()


def _changes(
    index: SheetIndex, fills: Sequence[Fill], first: int, beyond: int
) -> tuple[Ints, Ints, pa.Array]:
    """The spans to replace in rows from ``first`` on, in order, and their new text."""
    parts = [part for fill in fills if (part := _cut(fill, first, beyond)) is not None]
    if not parts:
        none = np.zeros(0, np.int64)
        return none, none, pa.array([], pa.string())
    texts = pa.concat_arrays([_texts(index, part) for part in parts])
    rows = np.concatenate([part.spots.rows for part in parts])
    columns = np.concatenate([np.full(len(part.values), part.spots.column) for part in parts])
    at = np.concatenate([part.spots.at for part in parts])
    there = np.concatenate([part.spots.there for part in parts])
    order = np.argsort(rows * KEY + columns, kind="stable")
    order = order[texts.is_valid().to_numpy(zero_copy_only=False)[order]]
    texts, rows, columns = texts.take(pa.array(order)), rows[order], columns[order]
    at, there = at[order], there[order]
    starts, ends, state = _spans(index, rows, at, there)
    if state.any():
        texts = _with_rows(index, rows, starts, ends, state, texts)
    more_starts, more_ends, more_texts = _wider_rows(index, rows[~there], columns[~there])
    if len(more_starts):
        starts = np.concatenate([starts, more_starts])
        ends = np.concatenate([ends, more_ends])
        texts = pa.concat_arrays([texts, more_texts])
        order = np.argsort(starts, kind="stable")
        starts, ends, texts = starts[order], ends[order], texts.take(pa.array(order))
    return starts, ends, texts


def _cut(fill: Fill, first: int, beyond: int) -> Fill | None:
    low, high = np.searchsorted(fill.spots.rows, [first, beyond])
    if low == high:
        return None
    cut = slice(int(low), int(high))
    old = fill.spots
    spots = Spots(old.column, old.rows[cut], old.at[cut], old.there[cut], old.style[cut])
    return Fill(spots, fill.values.iloc[cut], fill.serial_days)


def _texts(index: SheetIndex, fill: Fill) -> pa.Array:
    """The cells' XML, missing where nothing is to be put."""
    spots, prefix = fill.spots, index.prefix.decode()
    rows = pc.cast(pa.array(spots.rows), pa.string())
    refs = pc.binary_join_element_wise(column_letters(spots.column), rows, "")
    texts = cell_xml(
        cell_texts(fill.values, serial_days=fill.serial_days), refs, spots.style, prefix
    )
    if not texts.null_count:
        return texts
    # An old cell becomes blank. It goes altogether where that moves no other cell.
    kept = spots.there & ((spots.style != MISSING) | index.unnamed)
    blank = pc.if_else(pa.array(kept), blank_xml(refs, spots.style, prefix), "")
    return pc.coalesce(texts, pc.if_else(pa.array(spots.there), blank, None))


def _spans(index: SheetIndex, rows: Ints, at: Ints, there: Flags) -> tuple[Ints, Ints, Ints]:
    """What is replaced, an empty span where it is inserted; and how the row is written."""
    cells, old = index.cells, index.rows
    row_at = np.searchsorted(old.number, rows)
    starts = np.append(old.start, index.end)[row_at]  # where a new row goes
    state = np.full(len(rows), _NEW)
    is_row = np.append(old.number, 0)[row_at] == rows
    among = row_at[is_row]
    starts[is_row], state[is_row] = old.end[among], np.where(old.empty[among], _EMPTY, _PLAIN)
    known = np.flatnonzero(at < len(cells.key))
    before = known[cells.key[at[known]] // KEY == rows[known]]
    starts[before] = cells.start[at[before]]
    ends = starts.copy()
    ends[there] = cells.end[at[there]]
    return starts, ends, state


def _with_rows(
    index: SheetIndex, rows: Ints, starts: Ints, ends: Ints, state: Ints, texts: pa.Array
) -> pa.Array:
    """The texts with the tags of the rows that are opened for them; moves their spans."""
    first = np.append(True, np.diff(rows) > 0)
    last = np.append(np.diff(rows) > 0, True)
    empty, other = state == _EMPTY, state != _PLAIN
    ends[empty] = starts[empty] + 2  # its "/>" gives way to ">", the cells and "</row>"
    starts[empty & ~first] = ends[empty & ~first]
    prefix = index.prefix.decode()
    numbers = pc.cast(pa.array(rows), pa.string())
    tag = pc.binary_join_element_wise(f'<{prefix}row r="', numbers, '">', "")
    opening = pc.if_else(pa.array(empty), ">", tag)
    return pc.binary_join_element_wise(
        pc.if_else(pa.array(first & other), opening, ""),
        texts,
        pc.if_else(pa.array(last & other), f"</{prefix}row>", ""),
        "",
    )


def _wider_rows(index: SheetIndex, rows: Ints, columns: Ints) -> tuple[Ints, Ints, pa.Array]:
    """The ``spans`` of rows that get cells outside of them: where they stand, and the new."""
    known = np.isin(rows, index.rows.number)
    rows, columns = rows[known], columns[known]
    first = np.flatnonzero(np.diff(rows, prepend=0))
    last = np.flatnonzero(np.diff(rows, append=0))
    at = np.searchsorted(index.rows.number, rows[first])
    old, seen = row_spans(index.data, index.rows.start[at], index.prefix + b"row")
    for one in np.flatnonzero(~seen):
        found = _SPANS.search(
            index.data, int(index.rows.start[at[one]]), int(index.rows.tag_end[at[one]])
        )
        if found:
            seen[one] = True
            old.start[one], old.end[one] = found.span()
            old.low[one], old.high[one] = int(found[1]), int(found[2])
    low, high = np.minimum(old.low, columns[first]), np.maximum(old.high, columns[last])
    wider = seen & ((low < old.low) | (high > old.high))
    ends = (pc.cast(pa.array(side[wider]), pa.string()) for side in (low, high))
    quoted = pc.binary_join_element_wise(*ends, ":")
    return (
        old.start[wider],
        old.end[wider],
        pc.binary_join_element_wise(' spans="', quoted, '"', ""),
    )


def _with_dimension(head: bytes, area: Area) -> bytes:
    """What precedes the rows, its ``dimension`` extended to ``area``."""
    found = re.search(rb'<(?:\w+:)?dimension\s[^<>]*\bref="([^"]*)"', head)
    if not found:
        return head
    whole = area_of(found[1].decode()).around(area).ref.encode()
    return head[: found.start(1)] + whole + head[found.end(1) :]


def spliced(data: bytes, starts: Ints, ends: Ints, texts: pa.Array) -> memoryview:
    """``data`` from the first start to the last end, each span replaced by its text.

    The spans are in order and do not overlap; an empty one is a place to insert at.
    """
    edges = np.column_stack([starts, ends]).ravel()
    if (np.diff(edges) < 0).any():
        raise ValueError("spans out of order")
    first, last = int(edges[0]), int(edges[-1])
    source = pa.py_buffer(memoryview(data)[first:last])
    offsets = pa.py_buffer((edges - first).astype(np.int32))
    pieces = pa.Array.from_buffers(pa.binary(), len(edges) - 1, [None, offsets, source])
    kept = pieces.take(pa.array(np.arange(1, len(edges) - 1, 2)))
    kept = pa.concat_arrays([kept, pa.array([b""], pa.binary())])
    whole = pc.binary_join_element_wise(texts.cast(pa.binary()), kept, b"")
    content = whole.buffers()[2]
    return memoryview(content if content is not None else b"")


_ERRORS: Final = ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A")


def cell_xml(texts: CellTexts, refs: pa.Array, styles: Ints | Short, prefix: str) -> pa.Array:
    """``<c>`` elements, missing where blank; text is inline, so none of it is a formula."""
    head = _join(f'<{prefix}c r="', refs, '"', _style_attributes(styles))
    value = (f"<{prefix}v>", f"</{prefix}v></{prefix}c>")
    sides = [pa.nulls(len(refs), pa.string())]
    if texts.number is not None:
        sides.append(_join(head, ">", value[0], texts.number, value[1]))
    if texts.flag is not None:
        sides.append(_join(head, ' t="b">', value[0], texts.flag, value[1]))
    if texts.word is not None:
        words = pc.if_else(pc.equal(texts.word, ""), None, texts.word)
        faulty = pc.is_in(words, pa.array(_ERRORS))
        errors, words = pc.if_else(faulty, words, None), pc.if_else(faulty, None, words)
        spaced = pc.fill_null(pc.match_substring_regex(words, EDGE_SPACE), False)
        space = pc.if_else(spaced, ' xml:space="preserve"', "")
        begin, end = f"<{prefix}is><{prefix}t", f"</{prefix}t></{prefix}is></{prefix}c>"
        sides.append(_join(head, ' t="inlineStr">', begin, space, ">", escaped(words), end))
        sides.append(_join(head, ' t="e">', value[0], errors, value[1]))
    return pc.coalesce(*sides)


def blank_xml(refs: pa.Array, styles: Ints | Short, prefix: str) -> pa.Array:
    """Cells that hold nothing but a style."""
    return _join(f'<{prefix}c r="', refs, '"', _style_attributes(styles), "/>")


def _style_attributes(styles: Ints | Short) -> str | pa.Array:
    if len(styles) and (styles == styles[0]).all():  # of one cell after the other, mostly
        return "" if styles[0] == MISSING else f' s="{styles[0]}"'
    used, which = np.unique(styles, return_inverse=True)
    texts = ["" if style == MISSING else f' s="{style}"' for style in used.tolist()]
    return pa.array(texts, pa.string()).take(pa.array(which))


def _join(*parts: str | pa.Array) -> pa.Array:
    return pc.binary_join_element_wise(*parts, "", null_handling="emit_null")
