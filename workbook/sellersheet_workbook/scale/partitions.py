"""Parquet files cut into partitions: row ranges that each fit in a worker's memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

import pyarrow as pa

from sellersheet.intake.asked import Asked
from sellersheet.intake.headers import Said, understand
from sellersheet_workbook.dataset import is_result
from sellersheet_workbook.file_kind import PARQUETS
from sellersheet_workbook.parquet_table import open_parquet
from sellersheet_workbook.problems import FileProblem
from sellersheet_workbook.scale.problems import ScaleProblem
from sellersheet_workbook.sources import common_folder, expand

FIRST_ROW: Final = 2  # as in every other file, the header is row 1
_BATCH: Final = 65_536


@dataclass(frozen=True)
class Partition:
    """Rows ``start`` to ``start + rows`` of the row groups ``groups`` of a file.

    ``first_row`` is the row of the first of them in the file; ``headers`` are the file's
    known columns by key; ``source`` is the file's name in results.
    """

    number: int
    path: Path
    source: str
    groups: tuple[int, ...]
    start: int
    rows: int
    first_row: int
    headers: Mapping[str, str]

    def read(self, keys: Sequence[str]) -> pa.Table:
        """The columns of those keys, as far as the file has them, under its own headers."""
        names = [self.headers[key] for key in keys if key in self.headers]
        with open_parquet(self.path) as file:
            batches = file.iter_batches(
                _BATCH, row_groups=[*self.groups], columns=names, use_threads=False
            )
            parts = _between(batches, self.start, self.start + self.rows)
            table = pa.Table.from_batches(parts).select(names)
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
        headers, sizes = _layout(path, asked)
        source = path.resolve().relative_to(root).as_posix()
        done = 0
        for groups, start, rows in _cut(sizes, most_rows):
            first = FIRST_ROW + done
            found.append(
                Partition(len(found), path.resolve(), source, groups, start, rows, first, headers)
            )
            done += rows
    if not found:
        raise ScaleProblem("no_rows", path=files[0])
    return found


def _is_part(path: Path) -> bool:
    hidden = any(part.startswith((".", "_")) and part != ".." for part in path.parts)
    named = path.suffix.lower() in PARQUETS and not hidden and path.is_file()
    return named and _holds_orders(path)


def _layout(path: Path, asked: Asked) -> tuple[dict[str, str], list[int]]:
    """The headers of a file's known columns, and the rows of its row groups."""
    with open_parquet(path) as file:
        names, meta = file.schema_arrow.names, file.metadata
        sizes = [meta.row_group(at).num_rows for at in range(meta.num_row_groups)]
    places = understand(names, "orders", Said(asked.columns, {})).places
    return {key: names[place.at] for key, place in places.items()}, sizes


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
