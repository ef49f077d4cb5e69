"""Rows of a frame as the XML of an Excel sheet, thousands at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from xlsxwriter.utility import xl_col_to_name

from sellersheet_workbook.files.cell_texts import cell_texts

_STEP: Final = 8_192
_LONGEST: Final = 32_767  # UTF-16 units that a cell holds
_CONTROL: Final = r"[\x00-\x08\x0b-\x1f\x{FFFE}\x{FFFF}]"
_MARKUP: Final = r"[&<>]|_x[0-9A-Fa-f]{4}_|" + _CONTROL
EDGE_SPACE: Final = r"^\s|\s$|\n|  "


def rows_xml(
    frame: pd.DataFrame, first_row: int, styles: Sequence[int], days: Sequence[bool]
) -> Iterator[memoryview]:
    """``<row>`` elements from row ``first_row`` on (from 1), in blocks of UTF-8.

    ``styles`` are the columns' cell formats in the workbook; ``days`` tells which of
    them show a day. Text is written as inline text, so none of it is ever a formula.
    """
    names = [xl_col_to_name(at) for at in range(frame.shape[1])]
    for start in range(0, len(frame), _STEP):
        block = frame.iloc[start : start + _STEP]
        first = first_row + start
        numbers = pc.cast(pa.array(range(first, first + len(block))), pa.string())
        cells = [
            _cells(block.iloc[:, at], name, numbers, styles[at], day=days[at])
            for at, name in enumerate(names)
        ]
        rows = _join('<row r="', numbers, '">', *cells, "</row>", null_handling="skip")
        yield memoryview(rows.buffers()[2])


def _cells(column: pd.Series[Any], name: str, rows: pa.Array, style: int, *, day: bool) -> pa.Array:
    """One column's ``<c>`` elements, missing where blank."""
    texts = cell_texts(column, serial_days=day)
    sides = []
    if texts.number is not None:
        start = f'" s="{style}"><v>'
        sides.append(_join(f'<c r="{name}', rows, start, texts.number, "</v></c>"))
    if texts.flag is not None:
        start = f'" s="{style}" t="b"><v>'
        sides.append(_join(f'<c r="{name}', rows, start, texts.flag, "</v></c>"))
    if texts.word is not None:
        words = pc.if_else(pc.equal(texts.word, ""), None, texts.word)
        spaced = pc.any(pc.match_substring_regex(words, EDGE_SPACE)).as_py()
        space = ' xml:space="preserve"' if spaced else ""
        start = f'" s="{style}" t="inlineStr"><is><t{space}>'
        sides.append(_join(f'<c r="{name}', rows, start, escaped(words), "</t></is></c>"))
    return pc.coalesce(*sides)


def _join(*parts: str | pa.Array, null_handling: str = "emit_null") -> pa.Array:
    return pc.binary_join_element_wise(*parts, "", null_handling=null_handling)


def escaped(words: pa.Array) -> pa.Array:
    """Text as XML: marked up, without control characters, no longer than a cell holds."""
    longest = pc.max(pc.binary_length(words)).as_py()
    if longest is not None and longest > _LONGEST:
        words = pa.array([word and _cut(word) for word in words.to_pylist()], pa.string())
    if not pc.any(pc.match_substring_regex(words, _MARKUP)).as_py():
        return words
    words = pc.replace_substring_regex(words, _CONTROL, "")
    for mark, name in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        words = pc.replace_substring(words, mark, name)
    # Excel reads _x0041_ as "A"; an underscore written so keeps the text as it was.
    return pc.replace_substring_regex(words, r"_(x[0-9A-Fa-f]{4}_)", r"_x005F_\1")


def _cut(word: str) -> str:
    units = word.encode("utf-16-le")
    if len(units) <= 2 * _LONGEST:
        return word
    return units[: 2 * (_LONGEST - 1)].decode("utf-16-le", errors="ignore") + "…"
