"""Parquet files cut into partitions: row ranges that each fit in a worker's memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sellersheet.columns import TABLES
from sellersheet.intake import layout
from sellersheet.intake.doubts import Asked, Remark
from sellersheet.intake.evidence import AMOUNTS
from sellersheet.intake.grid import SEARCHED, Columns, grid_of_frame
from sellersheet.intake.headers import Said, TableProblem, Understood, score, understand
from sellersheet.intake.missing import require
from sellersheet.intake.order_lines import REPEATED, keys_of_orders
from sellersheet.intake.titles import as_titled
from sellersheet.tables import first_cells, read_table
from sellersheet_workbook.batch.dataset import is_result
from sellersheet_workbook.batch.sources import common_folder, expand
from sellersheet_workbook.files.file_kind import PARQUETS
from sellersheet_workbook.files.parquet_table import TEXTS, arrow_frame, open_parquet
from sellersheet_workbook.problems import FileProblem, ScaleProblem

# Remarks that only all rows tell.
_OF_ALL: Final = ("all_unpaid_blank", "beijing_day", REPEATED)
FIRST_ROW: Final = 2  # as in every other file, the header is row 1
_BATCH: Final = 65_536
_LEAST_TEXT: Final = 4  # bytes: before each text stands its length


@dataclass(frozen=True)
class Form:
    """What a file's headers mean. ``names`` are its columns, ``doubtful`` the places of those
    that are looked at as a whole before any part is read; in the columns ``words`` a few texts
    come again and again. The first rows, ``above`` in number, are part of the header, as a
    row of units is. ``remarks`` are those that the headers and the first cells tell."""

    names: tuple[str, ...]
    understood: Understood
    words: tuple[str, ...] = ()
    doubtful: tuple[int, ...] = ()
    above: int = 0
    remarks: tuple[Remark, ...] = ()

    def name_of(self, key: str) -> str | None:
        """The name of the column of that key."""
        place = self.understood.places.get(key)
        return None if place is None else self.names[place.at]


@dataclass(frozen=True)
class Partition:
    """Rows ``start`` to ``start + rows`` of the row groups ``groups`` of a file.

    ``first_row`` is the row of the first of them in the file; ``source`` is the file's name
    in results.
    """

    number: int
    path: Path
    source: str
    groups: tuple[int, ...]
    start: int
    rows: int
    first_row: int
    form: Form

    def read(self, names: Sequence[str] | None = None) -> pa.Table:
        """All columns, or those of these names."""
        wanted = None if names is None else list(names)
        with open_parquet(self.path, self.form.words) as file:
            batches = file.iter_batches(
                _BATCH, row_groups=[*self.groups], columns=wanted, use_threads=False
            )
            parts = _between(batches, self.start, self.start + self.rows)
            table = pa.Table.from_batches(parts)
            table = table if wanted is None else table.select(wanted)
            table.validate(full=True)
            return table


def parquet_files(given: Sequence[Path]) -> list[Path]:
    """The Parquet files meant by folders, patterns and names."""
    for path in given:
        if path.is_file() and path.suffix.lower() not in PARQUETS:
            raise ScaleProblem("not_parquet", path=path)
    return expand(given, _is_part, PARQUETS)


def _holds_orders(path: Path) -> bool:
    """Results of an earlier run are no orders; a file that can't be read is told later."""
    try:
        with open_parquet(path) as file:
            return not is_result(file.schema_arrow.names)
    except FileProblem:
        return True


def partitions(files: Sequence[Path], most_rows: int, asked: Asked) -> list[Partition]:
    """Every row of the files in partitions of ``most_rows`` at the most, in the files' order."""
    root = common_folder(files)
    found: list[Partition] = []
    for path in files:
        form, sizes = _layout(path, asked)
        source = path.resolve().relative_to(root).as_posix()
        done = 0
        for groups, start, rows in _cut(sizes, most_rows):
            above = min(max(form.above - done, 0), rows)
            first = FIRST_ROW + done + above
            done += rows
            if above < rows:
                part = (groups, start + above, rows - above, first, form)
                found.append(Partition(len(found), path.resolve(), source, *part))
    if not found:
        raise ScaleProblem("no_rows", path=files[0])
    return found


def _is_part(path: Path) -> bool:
    hidden = any(part.startswith((".", "_")) and part != ".." for part in path.parts)
    named = path.suffix.lower() in PARQUETS and not hidden and path.is_file()
    return named and _holds_orders(path)


def _layout(path: Path, asked: Asked) -> tuple[Form, list[int]]:
    """What the headers of a file mean, and the rows of its row groups."""
    with open_parquet(path) as file:
        schema, meta = file.schema_arrow, file.metadata
        sizes = [meta.row_group(at).num_rows for at in range(meta.num_row_groups)]
        batch = next(file.iter_batches(SEARCHED, use_threads=False), None)
        top = schema.empty_table() if batch is None else pa.Table.from_batches([batch])
        frame = arrow_frame(top)
    said = Said(asked.columns, asked.remembered)
    header = layout.find(
        grid_of_frame(frame), lambda labels: score(labels, "orders", said), asked.header_row
    )
    above = 0 if header is None else header.at
    labels = schema.names if header is None else [*header.labels]
    labels += [""] * (len(schema.names) - len(labels))
    cells = first_cells(Columns.of(frame.iloc[above:]))
    understood = understand(labels, "orders", said, cells)
    require(labels, "orders", understood.places, cells, (), asked.needed)
    if header is not None:
        understood, _ = as_titled(header.above, understood, asked, "orders")
    texts = {key: place.header.text for key, place in understood.places.items()}
    keys_of_orders(asked, texts)
    doubtful = _doubtful(understood, schema)
    words, remarks = _words(meta, schema), _remarks(frame, asked)
    return Form(tuple(schema.names), understood, words, doubtful, above, remarks), sizes


def _remarks(frame: pd.DataFrame, asked: Asked) -> tuple[Remark, ...]:
    """What has to be known of a file by its headers and first rows."""
    try:
        found = read_table(frame, asked=asked).remarks
    except TableProblem:  # no row yet
        return ()
    return tuple(remark for remark in found if remark.code not in _OF_ALL)


def _words(meta: pq.FileMetaData, schema: pa.Schema) -> tuple[str, ...]:
    """The columns of texts of which each cell takes less than a text would."""
    group = meta.row_group(0) if meta.num_row_groups else None
    found = [group.column(at) for at in range(group.num_columns)] if group else []
    few = {
        column.path_in_schema
        for column in found
        if column.total_uncompressed_size < _LEAST_TEXT * column.num_values
    }
    return tuple(item.name for item in schema if item.name in few and item.type in TEXTS)


def _doubtful(understood: Understood, schema: pa.Schema) -> tuple[int, ...]:
    """The places of the columns whose cells may mean one thing or another."""
    found = set()
    kinds = {item.key: item.kind for item in TABLES["orders"]}
    for key, place in understood.used("orders").items():
        type_of = schema.types[place.at]
        kind = kinds.get(key.partition("+")[0])
        if key == "weight_g" and not place.unit:
            return tuple(range(len(schema.types)))  # without rows that add others up
        if kind in (*AMOUNTS, "date") and not _is_typed(type_of):
            found.add(place.at)
        if key == "paid_on" or (key == "order_id" and _may_be_cut(type_of)):
            found.add(place.at)
    return tuple(sorted(found))


def _may_be_cut(kind: pa.DataType) -> bool:
    """Whether numbers of the kind may have lost their last digits."""
    return pa.types.is_floating(kind) or (pa.types.is_decimal(kind) and bool(kind.scale))


def _is_typed(kind: pa.DataType) -> bool:
    tests = (
        *(pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal, pa.types.is_boolean),
        *(pa.types.is_temporal, pa.types.is_null),
    )
    return any(test(kind) for test in tests)


def _cut(sizes: Sequence[int], most: int) -> Iterator[tuple[tuple[int, ...], int, int]]:
    """(row groups, first row in them, rows): small groups together, large ones in pieces."""
    held: list[int] = []
    for at, size in enumerate(sizes):
        if held and sum(sizes[group] for group in held) + size > most:
            yield tuple(held), 0, sum(sizes[group] for group in held)
            held = []
        if size > most:
            pieces = -(-size // most)
            ends = [size * piece // pieces for piece in range(pieces + 1)]
            for start, end in pairwise(ends):
                yield (at,), start, end - start
        elif size:
            held.append(at)
    if held:
        yield tuple(held), 0, sum(sizes[group] for group in held)


def _between(batches: Iterator[pa.RecordBatch], start: int, end: int) -> list[pa.RecordBatch]:
    """Rows ``start`` to ``end`` of the batches, of which no more are read than needed."""
    found, at = [], 0
    for batch in batches:
        first, last = max(start - at, 0), min(end - at, batch.num_rows)
        if first < last:
            found.append(batch.slice(first, last - first))
        at += batch.num_rows
        if at >= end:
            break
    return found
