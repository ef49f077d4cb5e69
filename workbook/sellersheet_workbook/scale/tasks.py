"""What a worker does with one partition, or with one bucket of straddling orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from sellersheet.columns import TABLES
from sellersheet.money import Ints, Mask
from sellersheet.orders import OrderResults, compute_orders
from sellersheet.wording import Lang
from sellersheet_workbook import dataset
from sellersheet_workbook.atomic import replacing
from sellersheet_workbook.batch import Terms
from sellersheet_workbook.inputs import given
from sellersheet_workbook.parquet_table import arrow_frame
from sellersheet_workbook.scale import straddling
from sellersheet_workbook.scale.partitions import Partition
from sellersheet_workbook.scale.totals import Sums, sums_of

_ROW = "__row__"
_KEYS = tuple(item.key for name in ("orders", "orders_beside") for item in TABLES[name])


@dataclass(frozen=True)
class Job:
    """What every task of a run shares. ``work`` holds what the tasks leave for each other.

    ``data`` is the data set written, None for the totals alone; ``buckets`` counts those in
    which straddling orders are computed, 0 where there are none.
    """

    terms: Terms
    lang: Lang
    work: Path
    data: Path | None
    buckets: int = 0
    mode: int = 0o666


def compute_partition(partition: Partition, job: Job) -> Sums:
    """Compute the orders that stand in this partition alone; set the others' rows aside."""
    straddling.wanted(job.work)
    table = partition.read(_KEYS)
    rows = np.arange(partition.rows) + partition.first_row
    apart = np.zeros(partition.rows, dtype=bool)
    if job.buckets:
        apart, numbers = straddling.straddles(partition.number, job.work)
    if apart.any():
        _set_aside(table, rows, apart, numbers, partition, job)
        table, rows = table.filter(pa.array(~apart)), rows[~apart]
    if not len(rows):
        return Sums.nothing()
    results = _computed(arrow_frame(table), rows, partition.headers, job)
    return _put(results, f"{partition.number:06d}", partition.source, job)


def compute_bucket(bucket: int, partitions: Sequence[Partition], job: Job) -> Sums:
    """Compute the straddling orders of one bucket, their lines in the order of the files."""
    straddling.wanted(job.work)
    frames: list[pd.DataFrame] = []
    rows: list[Ints] = []
    sources: list[str] = []
    headers: dict[str, str] = {}
    for partition in partitions:
        path = _aside(partition.number, job.work)
        if not path.exists():
            continue
        with pa.memory_map(str(path)) as file:
            batch = pa.ipc.open_file(file).get_batch(bucket)
            table = pa.Table.from_batches([batch])
            frame = arrow_frame(table.drop_columns([_ROW]))
            rows.append(table[_ROW].to_numpy().copy())
        frame = frame.rename(columns={head: key for key, head in partition.headers.items()})
        frames.append(frame)
        sources += [partition.source] * len(frame)
        headers = {**partition.headers, **headers}
    frame = together(frames)
    if frame.empty:
        return Sums.nothing()
    frame = frame.rename(columns=headers)
    results = _computed(frame, np.concatenate(rows), headers, job)
    return _put(results, f"straddling-{bucket:06d}", pa.array(sources), job)


def together(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """One frame; a column of several types keeps each cell as it is."""
    kinds: dict[str, set[object]] = {}
    for frame in frames:
        for name, kind in frame.dtypes.items():
            kinds.setdefault(str(name), set()).add(kind)
    for name in [name for name, kind in kinds.items() if len(kind) > 1]:
        for frame in frames:
            if name in frame:
                frame[name] = frame[name].astype(object)
    return pd.concat(frames, ignore_index=True)


def _computed(
    frame: pd.DataFrame, rows: Ints, headers: Mapping[str, str], job: Job
) -> OrderResults:
    """``headers`` are the frame's by key."""
    terms = job.terms
    return compute_orders(
        frame,
        terms.policy,
        terms.card.rates,
        as_of=terms.as_of,
        fx=terms.fx,
        sku_costs=terms.sku_costs,
        asked=replace(terms.asked, columns={header: key for key, header in headers.items()}),
        rows=rows,
    )


def _put(results: OrderResults, part: str, source: str | pa.Array, job: Job) -> Sums:
    if job.data is not None:
        with given(mode=job.mode):
            dataset.put(results, job.data, part, job.lang, source)
    return sums_of(results, job.lang)


def _set_aside(
    table: pa.Table,
    rows: Ints,
    apart: Mask,
    numbers: straddling.Numbers,
    partition: Partition,
    job: Job,
) -> None:
    """Write the rows of straddling orders, one batch a bucket."""
    at = np.flatnonzero(apart)
    buckets = straddling.bucket_of(numbers[at], job.buckets)
    order = np.argsort(buckets, kind="stable")
    at, buckets = at[order], buckets[order]
    found = table.append_column(_ROW, pa.array(rows)).take(pa.array(at)).combine_chunks()
    batch = found.to_batches()[0]
    ends = np.searchsorted(buckets, np.arange(job.buckets + 1))
    with (
        replacing(_aside(partition.number, job.work), lasting=False) as file,
        pa.ipc.new_file(file, found.schema) as writer,
    ):
        for start, end in zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True):
            writer.write_batch(batch.slice(start, end - start))


def _aside(number: int, work: Path) -> Path:
    return work / f"aside-{number}.arrow"
