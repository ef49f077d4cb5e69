"""Tables in text files: csv, tsv, txt, in the encodings that Chinese Excel writes."""

from __future__ import annotations

import codecs
import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.csv as pacsv

from sellersheet_workbook.problems import FileProblem

MOST_COLUMNS: Final = 16_384
TEXT: Final = pd.StringDtype("pyarrow")

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LONGEST_CELL: Final = 1 << 30


@dataclass(frozen=True, slots=True)
class TextTable:
    """``first_row`` is the row of the first order as a spreadsheet counts rows, from 1.

    ``ragged`` names the rows, counted the same way, whose cells beyond the header were
    dropped.
    """

    frame: pd.DataFrame
    encoding: str
    first_row: int
    ragged: tuple[int, ...]


def read_text_table(path: Path, encoding: str | None = None) -> TextTable:
    """Every cell as text, blank cells missing; rows keep their order."""
    data, encoding = _in_utf8(path, path.read_bytes(), encoding)
    if b"\n" not in data:
        data = data.replace(b"\r", b"\n")
    tabs = path.suffix.lower() == ".tsv"
    header, delimiter, above, start = _header(path, data, tabs=tabs)
    if len(header) > MOST_COLUMNS:
        raise FileProblem("too_wide", path=path, columns=f"{len(header):,}")
    ragged: list[int] = []
    try:
        columns = _evenly(data, start, delimiter, len(header))
    except pa.ArrowInvalid:
        columns, ragged = _unevenly(path, data, start, above, delimiter, len(header))
    frame = pd.DataFrame(dict(enumerate(columns)))
    frame.columns = pd.Index(header, dtype=object)
    return TextTable(frame, encoding, above + 1, tuple(ragged))


def _in_utf8(path: Path, data: bytes, encoding: str | None) -> tuple[bytes, str]:
    """The text as UTF-8 without a mark, and the encoding it was in."""
    marked = next((name for mark, name in _BOMS if data.startswith(mark)), None)
    if marked != "utf-16" and b"\x00" in data and not (encoding or "").startswith("utf"):
        raise FileProblem("not_text", path=path)
    for name in (encoding,) if encoding else (marked,) if marked else ("utf-8", "gb18030"):
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        except LookupError as error:
            raise FileProblem("encoding_unknown", encoding=name) from error
        plain = data if name in ("utf-8", "utf-8-sig") else text.encode()
        return plain.removeprefix(codecs.BOM_UTF8), name
    tried = encoding or marked or "UTF-8 / GB18030"
    raise FileProblem("encoding", path=path, encoding=tried)


def _header(path: Path, data: bytes, *, tabs: bool) -> tuple[list[str], str, int, int]:
    """The header's cells, the delimiter, the rows up to it and the bytes that they take.

    Blank lines above the header are passed over.
    """
    csv.field_size_limit(_LONGEST_CELL)
    lines, above, start = io.BytesIO(data), 0, 0
    for line in lines:
        above += 1
        if line.strip():
            break
        start += len(line)
    else:
        raise FileProblem("empty", path=path)
    lines.seek(start)
    text = io.TextIOWrapper(lines, encoding="utf-8", newline="")
    delimiter = "\t" if tabs else _delimiter(data[start : start + (1 << 16)])
    consumed: list[str] = []
    reader = csv.reader((consumed.append(line) or line for line in text), delimiter=delimiter)  # type: ignore[func-returns-value]
    header = next(reader)
    return header, delimiter, above, start + sum(len(line.encode()) for line in consumed)


def _delimiter(head: bytes) -> str:
    """The one of , ; and tab that stands most often outside quotes in the first line."""
    outside = b"".join(head.split(b'"')[::2]).splitlines()[0]
    return max((",", ";", "\t"), key=lambda mark: outside.count(mark.encode()))


def _evenly(data: bytes, start: int, delimiter: str, width: int) -> list[pd.Series[str]]:
    """The columns where each row has as many cells as the header; else ArrowInvalid."""
    if data.count(b'"') % 2:
        raise pa.ArrowInvalid("quotes that don't pair")
    if start >= len(data):
        return [pd.Series([], dtype=TEXT)] * width
    names = [str(at) for at in range(width)]
    table = pacsv.read_csv(
        pa.BufferReader(pa.py_buffer(data).slice(start)),
        read_options=pacsv.ReadOptions(column_names=names, block_size=1 << 23),
        parse_options=pacsv.ParseOptions(
            delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=False
        ),
        convert_options=pacsv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            null_values=[""],
            strings_can_be_null=True,
            check_utf8=False,
        ),
    )
    return [pd.Series(column, dtype=TEXT) for column in table.columns]


def _unevenly(
    path: Path, data: bytes, start: int, above: int, delimiter: str, width: int
) -> tuple[list[pd.Series[str]], list[int]]:
    """The columns and the rows that had more cells than the header."""
    text = io.TextIOWrapper(io.BytesIO(data[start:]), encoding="utf-8", newline="")
    rows: list[list[str | None]] = []
    ragged = []
    try:
        for cells in csv.reader(text, delimiter=delimiter, strict=True):
            if any(cells[width:]):
                ragged.append(above + len(rows) + 1)
            row = [cell or None for cell in cells[:width]]
            rows.append(row + [None] * (width - len(row)))
    except csv.Error as error:
        raise FileProblem("quotes", path=path, row=above + len(rows) + 1) from error
    columns = zip(*rows, strict=True) if rows else [()] * width
    return [pd.Series(list(column), dtype=TEXT) for column in columns], ragged
