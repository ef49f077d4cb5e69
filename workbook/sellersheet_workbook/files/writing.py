"""Writing tables to .csv, .tsv, .xlsx and .parquet, whole or not at all."""

from __future__ import annotations

import codecs
import os
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO, Final, Literal

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from sellersheet.wording import Lang
from sellersheet_workbook.files.book import TableBook, header_title
from sellersheet_workbook.files.cell_texts import cell_texts
from sellersheet_workbook.files.text_table import with_guard
from sellersheet_workbook.keeping.atomic import replacing
from sellersheet_workbook.problems import FileProblem

Headers = Literal["key", "title"]
KINDS: Final = (".xlsx", ".csv", ".tsv", ".parquet")
ORDERS: Final[dict[Lang, str]] = {"zh": "订单", "en": "Orders"}
_STEP: Final = 65_536
_ROWS_AT_ONCE: Final = 4_096  # to Arrow's writer: of its own 1,024 each piece costs a call here


def write_frame(
    frame: pd.DataFrame,
    path: str | os.PathLike[str],
    *,
    lang: Lang = "zh",
    sheet: str | None = None,
    encoding: str | None = None,
    keys: bool = False,
) -> None:
    """Write the table in the format of the extension; an old file is replaced at the end.

    Headers that are keys of result columns are shown in the language asked for; in .parquet,
    and with ``keys`` in .csv and .tsv, they stay keys. ``sheet`` names the sheet of a workbook;
    ``encoding`` is that of .csv and .tsv, where text that a spreadsheet would run as a formula
    gets a ``'`` before it (reading takes it off). What can't be written is a FileProblem.
    """
    target = Path(path)
    kind = target.suffix.lower()
    # By its mark spreadsheets know UTF-8; a program would take it for a part of the first header.
    encoding = encoding or ("utf-8" if keys else "utf-8-sig")
    if kind == ".xlsx":
        write_workbook({sheet or ORDERS[lang]: frame}, target, lang=lang)
    elif kind in (".csv", ".tsv"):
        delimiter = "\t" if kind == ".tsv" else ","
        with replacing(target) as file:
            _write_text(frame, file, None if keys else lang, delimiter, encoding)
    elif kind == ".parquet":
        table = _parquet_table(frame)
        with replacing(target) as file:
            pq.write_table(table, file, compression="zstd")
    else:
        raise FileProblem("target_kind", path=target, kinds=" ".join(KINDS))


def bears_keys(target: Path, headers: Headers | None) -> bool:
    """Whether result columns are headed by their keys: in .parquet always, in workbooks never,
    in .csv and .tsv where it is asked for. What can't be had is a FileProblem."""
    kind = target.suffix.lower()
    if headers == "key" and kind == ".xlsx":
        raise FileProblem("keys_in_workbook", path=target)
    if headers == "title" and kind == ".parquet":
        raise FileProblem("titles_in_parquet", path=target)
    return headers == "key" or kind == ".parquet"


def write_workbook(
    sheets: Mapping[str, pd.DataFrame], path: str | os.PathLike[str], *, lang: Lang = "zh"
) -> None:
    """Write one sheet a table to an .xlsx; text is never a formula there."""
    with replacing(path) as file:
        book = TableBook(lang)
        for name, frame in sheets.items():
            book.add_table(name, frame)
        book.save(file)


def _write_text(
    frame: pd.DataFrame, file: BinaryIO, lang: Lang | None, delimiter: str, encoding: str
) -> None:
    """Under shown headers in the language; without one, under the headers as they are."""
    try:
        encoder = codecs.getincrementalencoder(encoding)()
    except LookupError as error:
        raise FileProblem("encoding_unknown", encoding=encoding) from error
    titles = [header_title(str(title), lang) if lang else str(title) for title in frame.columns]
    names = with_guard(pa.array(titles, pa.string())).to_pylist()
    as_made = codecs.lookup(encoding).name in ("utf-8", "utf-8-sig")
    file.write(encoder.encode(""))  # the mark that some encodings begin with
    table = pa.table([_texts(column) for _, column in frame.items()], names=names)
    if as_made:
        options = pacsv.WriteOptions(delimiter=delimiter, batch_size=_ROWS_AT_ONCE)
        pacsv.write_csv(table, file, options)
        return
    for start in range(0, max(len(table), 1), _STEP):
        sink = pa.BufferOutputStream()
        options = pacsv.WriteOptions(include_header=start == 0, delimiter=delimiter)
        pacsv.write_csv(table.slice(start, _STEP), sink, options)
        text = str(sink.getvalue(), "utf-8")
        try:
            file.write(encoder.encode(text))
        except UnicodeEncodeError as error:
            seen = text[error.start : error.end]
            raise FileProblem("cannot_encode", text=seen, encoding=encoding) from error


def _texts(column: pd.Series[Any]) -> pa.Array:
    """The column for a text file: numbers as they are where all cells are numbers."""
    if pd.api.types.is_float_dtype(column.dtype):
        return pa.array(column, from_pandas=True)
    texts = cell_texts(column, serial_days=False)
    if texts.word is None and texts.flag is None and pd.api.types.is_numeric_dtype(column.dtype):
        return pa.array(column, from_pandas=True)
    sides = [texts.number] if texts.number is not None else []
    if texts.flag is not None:
        flags = pc.replace_substring(pc.replace_substring(texts.flag, "1", "TRUE"), "0", "FALSE")
        sides.append(flags)
    if texts.word is not None:
        sides.append(with_guard(texts.word))
    return sides[0] if len(sides) == 1 else pc.coalesce(*sides)


def _parquet_table(frame: pd.DataFrame) -> pa.Table:
    """The table with one type a column and no name twice."""
    seen: Counter[str] = Counter()
    names, columns = [], []
    for at, title in enumerate(map(str, frame.columns)):
        seen[title] += 1
        names.append(title if seen[title] == 1 else f"{title} ({seen[title]})")
        column = frame.iloc[:, at]
        try:
            columns.append(pa.array(column, from_pandas=True))
        except pa.ArrowException:
            columns.append(_unmixed(column))
    return pa.table(columns, names=names)


def _unmixed(column: pd.Series[Any]) -> pa.Array:
    texts = cell_texts(column, serial_days=False)
    return pc.coalesce(
        *(side for side in (texts.number, texts.flag, texts.word) if side is not None)
    )
