"""Tables in text files: csv, tsv, txt, in the encodings that Chinese Excel writes.

Text that a spreadsheet would run as a formula, when it opens such a file, has a guard before it.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from sellersheet.intake.grid import SEARCHED, TEXT, Body, Columns, Grid
from sellersheet.intake.headers import MOST_COLUMNS
from sellersheet.text_bytes import among, begins
from sellersheet_workbook.problems import FileProblem

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BLOCK: Final = 1 << 25  # most files are one block: its columns need not be put together
_LONGEST_CELL: Final = 1 << 30
_UTF_8: Final = ("utf-8", "utf-8-sig")
_MARKS: Final = (",", ";", "\t", "|")
_SEP: Final = re.compile(rb"^\s*\"?sep=(.)\"?\s*[\r\n]")
# Full-width marks too: some programs pass over control characters and the like before a mark.
_FORMULA_MARKS: Final = r"[=+\-@\x{FF1D}\x{FF0B}\x{FF0D}\x{FF20}]"
_UNSEEN: Final = r"\x00-\x1F\x7F-\xA0\x{200B}\x{2028}\x{2029}\x{3000}\x{FEFF}"
# One that is guarded already, or begins so by itself, gets one more: so none is lost in reading.
_FORMULA: Final = rf"^'*([\t\r]|( *[{_UNSEEN}][ {_UNSEEN}]*)?{_FORMULA_MARKS})"
# The bytes that such a text can begin with: the marks, spaces, and what is not seen.
_BEGINS: Final = among([*range(0x21), *b"'=+-@", 0x7F, 0xC2, 0xE2, 0xE3, 0xEF])
_NUMBER: Final = r"^[+-]?(\d[\d,]*\.?\d*|\.\d+)([eE][+-]?\d+)?%?$|^-$"


def read_text_grid(path: Path, encoding: str | None = None) -> Grid:
    """Every cell as text, blank cells missing; a line ``sep=;`` is a row without cells.

    The ``'`` that a table written as text has before what a spreadsheet would run is taken off.
    """
    data, encoding = _in_utf8(path, encoding)
    if b"\n" not in data:
        data = data.replace(b"\r", b"\n")
    if not data or data.isspace():
        raise FileProblem("empty", path=path)
    said = _SEP.match(data)
    delimiter = (
        said[1].decode() if said else "\t" if path.suffix.lower() == ".tsv" else _delimiter(data)
    )
    top, ends = _top(data, delimiter, skip=bool(said))

    def below(at: int) -> Body:
        width = max(len(top[at]), 1)
        try:
            return Body(Columns.of(_frame(_evenly(data, ends[at], delimiter, width))))
        except pa.ArrowInvalid:
            columns, ragged = _unevenly(path, data, ends[at], at + 1, delimiter, width)
            return Body(Columns.of(_frame(columns)), ragged)

    widest = max(map(len, top))
    if widest > MOST_COLUMNS:
        raise FileProblem("too_wide", path=path, columns=f"{widest:,}")
    return Grid(top, below, 1, encoding=encoding)


def _frame(columns: list[pd.Series[str]]) -> pd.DataFrame:
    """The columns without blank rows at their end."""
    frame = pd.DataFrame(dict(enumerate(columns)))
    if not len(frame) or frame.iloc[-1].notna().any():
        return frame
    filled = np.flatnonzero(frame.notna().to_numpy().any(axis=1))
    return frame.iloc[: filled[-1] + 1 if len(filled) else 0]


def _in_utf8(path: Path, encoding: str | None) -> tuple[bytes, str]:
    """The text as UTF-8 without a mark, and the encoding it was in."""
    with path.open("rb") as file:
        begun = file.read(len(codecs.BOM_UTF8))
        marked = next((name for mark, name in _BOMS if begun.startswith(mark)), None)
        # Passed over, not taken off: that would be another copy of the whole.
        file.seek(len(begun) if marked == "utf-8-sig" and (encoding or marked) in _UTF_8 else 0)
        data = file.read()
    if not marked and b"\x00" in data and not (encoding or "").startswith("utf"):
        raise FileProblem("not_text", path=path)
    for name in (encoding,) if encoding else (marked,) if marked else ("utf-8", "gb18030"):
        try:
            sound = name in _UTF_8 and _is_utf8(data)
            plain = data if sound else data.decode(name).encode()
        except UnicodeDecodeError:
            continue
        except LookupError as error:
            raise FileProblem("encoding_unknown", encoding=name) from error
        while plain.startswith(codecs.BOM_UTF8):  # some exports write the mark twice
            plain = plain.removeprefix(codecs.BOM_UTF8)
        return plain, name
    tried = encoding or marked or "UTF-8 / GB18030"
    raise FileProblem("encoding", path=path, encoding=tried)


def _is_utf8(data: bytes) -> bool:
    """Whether it is UTF-8: looked at without making a text of it."""
    ends = pa.py_buffer(np.array([0, len(data)], dtype=np.int64))
    text = pa.Array.from_buffers(pa.large_string(), 1, [None, ends, pa.py_buffer(data)])
    try:
        text.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _top(data: bytes, delimiter: str, *, skip: bool) -> tuple[list[list[str | None]], list[int]]:
    """The first rows, and where each ends in the data. With ``skip`` the first holds nothing."""
    csv.field_size_limit(_LONGEST_CELL)
    text = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", newline="")
    taken = 0

    def lines() -> Iterator[str]:
        nonlocal taken
        for line in text:
            taken += len(line.encode())
            yield line

    reader = csv.reader(lines(), delimiter=delimiter)
    top: list[list[str | None]] = []
    ends: list[int] = []
    for cells in islice(reader, SEARCHED):
        guarded = any(cell.startswith("'") for cell in cells)
        top.append(_cells(cells).to_pylist() if guarded else [cell or None for cell in cells])
        ends.append(taken)
    if skip:
        top[0] = []
    return top, ends


def _cells(texts: list[str] | list[str | None]) -> pa.Array:
    """A blank cell is missing."""
    found = pa.array(texts, pa.string())
    return without_guard(pc.if_else(pc.equal(found, ""), None, found))


def _delimiter(data: bytes) -> str:
    """The mark that stands outside quotes in the most of the first lines."""
    lines = b"".join(data[: 1 << 16].split(b'"')[::2]).splitlines()[:50]
    filled = [line for line in lines if line.strip()]
    counts = {mark: [line.count(mark.encode()) for line in filled] for mark in _MARKS}
    return max(
        _MARKS, key=lambda mark: (sum(map(bool, counts[mark])), max(counts[mark], default=0))
    )


def _evenly(data: bytes, start: int, delimiter: str, width: int) -> list[pd.Series[str]]:
    """The columns where each row has as many cells as the header; else ArrowInvalid."""
    octets = np.frombuffer(data, dtype=np.uint8)
    if np.count_nonzero(octets == ord('"')) % 2:
        raise pa.ArrowInvalid("quotes that don't pair")
    if start >= len(data):
        return [pd.Series([], dtype=TEXT)] * width
    names = [str(at) for at in range(width)]
    table = pacsv.read_csv(
        pa.BufferReader(pa.py_buffer(data).slice(start)),
        read_options=pacsv.ReadOptions(column_names=names, block_size=_BLOCK),
        parse_options=pacsv.ParseOptions(
            delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=False
        ),
        convert_options=pacsv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.large_string()),
            null_values=[""],
            strings_can_be_null=True,
            check_utf8=False,
        ),
    )
    found = [without_guard(column) for column in table.columns] if b"'" in data else table.columns
    return [pd.Series(column, dtype=TEXT) for column in found]


def _unevenly(
    path: Path, data: bytes, start: int, above: int, delimiter: str, width: int
) -> tuple[list[pd.Series[str]], list[int]]:
    """The columns, and the positions of the rows that had more cells than the header."""
    text = io.TextIOWrapper(io.BytesIO(data[start:]), encoding="utf-8", newline="")
    rows: list[list[str | None]] = []
    ragged = []
    try:
        for cells in csv.reader(text, delimiter=delimiter, strict=True):
            if any(cells[width:]):
                ragged.append(len(rows))
            rows.append([*cells[:width], *[None] * (width - len(cells))])
    except csv.Error as error:
        raise FileProblem("quotes", path=path, row=above + len(rows) + 1) from error
    columns = zip(*rows, strict=True) if rows else [()] * width
    return [pd.Series(_cells(list(column)), dtype=TEXT) for column in columns], ragged


def with_guard(words: pa.Array) -> pa.Array:
    """Text with a ``'`` before what would be run; numbers are not."""
    at = begins(words, _BEGINS)
    if not at.size:
        return words
    risky = np.zeros(len(words), dtype=bool)
    risky[at] = _risky(words.take(pa.array(at))).to_numpy(zero_copy_only=False)
    if not risky.any():
        return words
    return pc.if_else(pa.array(risky), pc.binary_join_element_wise("'", words, ""), words)


def without_guard(words: pa.Array) -> pa.Array:
    """The texts as they were before ``with_guard``."""
    begun = pc.starts_with(words, "'")
    if not pc.any(begun).as_py():
        return words
    inner = pc.utf8_slice_codeunits(words, 1)
    return pc.if_else(pc.and_(begun, _risky(inner)), inner, words)


def _risky(words: pa.Array) -> pa.Array:
    formula = pc.match_substring_regex(words, _FORMULA)
    return pc.and_not(formula, pc.match_substring_regex(words, _NUMBER))
