"""Tables in Parquet files, as they stand there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sellersheet.intake.grid import TEXT
from sellersheet_workbook.files.file_kind import check_kind, opening
from sellersheet_workbook.problems import FileProblem

# More rows or cells are no work for one table in memory: equal rows take no space in a file.
MOST_ROWS: Final = 5_000_000
_MOST_CELLS: Final = 200_000_000
_INTEGERS: Final = {
    kind: pd.Int64Dtype() for kind in (pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint32())
}
TEXTS: Final = (pa.string(), pa.large_string())
_DTYPES: Final = {
    **_INTEGERS, pa.bool_(): pd.BooleanDtype(), **dict.fromkeys(TEXTS, TEXT),
}  # fmt: skip


@contextmanager
def open_parquet(path: Path, words: Sequence[str] = ()) -> Iterator[pq.ParquetFile]:
    """The file; what is wrong with it while it is read is a FileProblem. The columns ``words``
    come as their distinct texts and which of them each cell is."""
    with opening(path):
        try:
            check_kind(path)
            with pq.ParquetFile(path, read_dictionary=list(words)) as file:
                yield file
        except UnicodeDecodeError as error:
            raise FileProblem("column_names", path=path) from error
        except (pa.ArrowException, OSError) as error:
            if isinstance(error, OSError) and error.errno:
                raise
            raise FileProblem("damaged", path=path) from error  # arrow's own, without a number


def read_parquet(path: Path) -> pd.DataFrame:
    """The whole table as a frame, its cells as they are; one far too large is a FileProblem."""
    with open_parquet(path) as file:
        rows, columns = file.metadata.num_rows, file.metadata.num_columns
        if rows > MOST_ROWS or rows * columns > _MOST_CELLS:
            raise FileProblem("too_many_rows", path=path, rows=f"{rows:,}", columns=f"{columns:,}")
        table = file.read()
        table.validate(full=True)  # texts that are none would be found in the middle of the work
        return arrow_frame(pa.table([*map(_decoded, table.columns)], names=table.column_names))


def arrow_frame(table: pa.Table) -> pd.DataFrame:
    """A table of a Parquet file as a frame, its cells as they are; lists and the like as text.
    Texts in a dictionary are categories."""
    table = table.replace_schema_metadata(None)
    columns = [_plain(column) for column in table.columns]
    table = pa.table(columns, names=table.column_names)
    frame: pd.DataFrame = table.to_pandas(types_mapper=_DTYPES.get)
    return frame


def _decoded(column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = column.type
    return column.cast(kind.value_type) if pa.types.is_dictionary(kind) else column


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_dictionary(column.type) and column.type.value_type in TEXTS:
        return column
    column = _decoded(column)
    kind = column.type
    if pa.types.is_decimal(kind):
        return _number(column)
    if pa.types.is_date(kind):
        return column.cast(pa.timestamp("ms"))
    if pa.types.is_uint64(kind):
        most = pc.max(column).as_py() or 0
        return column.cast(pa.int64() if most < 2**63 else pa.string())
    if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        cells = [None if cell is None else _told(cell) for cell in column.to_pylist()]
        return pa.chunked_array([pa.array(cells, pa.string())])
    return column


def _number(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Decimals as the numbers they are: whole ones to the last digit, as order numbers are kept
    by some programs; others as the nearest float, to which Arrow's own cast does not lead."""
    texts = column.cast(pa.string())
    if column.type.scale:
        return texts.cast(pa.float64())
    try:
        return column.cast(pa.int64())
    except pa.ArrowInvalid:  # more digits than it holds
        return texts


def _told(cell: object) -> str:
    return cell.decode("utf-8", "replace") if isinstance(cell, bytes) else str(cell)
