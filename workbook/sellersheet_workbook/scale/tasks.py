"""What a worker does with one partition, or with one bucket of straddling orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa

from sellersheet.intake.doubts import Remark
from sellersheet.intake.evidence import Evidence, evidence_of
from sellersheet.intake.grid import Columns
from sellersheet.money import Ints, Mask
from sellersheet.orders import OrderResults, compute
from sellersheet.tables import Part, put_together, read_part
from sellersheet.wording import Lang
from sellersheet_workbook.batch import dataset
from sellersheet_workbook.batch.one import Terms
from sellersheet_workbook.files.parquet_table import arrow_frame
from sellersheet_workbook.keeping.atomic import replacing
from sellersheet_workbook.keeping.inputs import given
from sellersheet_workbook.scale import straddling
from sellersheet_workbook.scale.partitions import Partition
from sellersheet_workbook.scale.totals import Sums, sums_of

_ROW = "__row__"


@dataclass(frozen=True)
class Job:
    """What every task of a run shares. ``work`` holds what the tasks leave for each other.

    ``data`` is the data set written, None for the totals alone; ``buckets`` counts those in
    which straddling orders are computed, 0 where there are none. ``evidence`` is by file.
    """

    terms: Terms
    lang: Lang
    work: Path
    data: Path | None
    buckets: int = 0
    mode: int = 0o666
    evidence: Mapping[str, Evidence] = field(default_factory=dict)


def gather_evidence(partition: Partition, work: Path, named: bool) -> tuple[str, Evidence]:
    """What the doubtful columns of this partition tell of those of its file, of which a row has
    an order number where it is ``named``."""
    straddling.wanted(work)
    form = partition.form
    names = [form.names[at] for at in form.doubtful]
    frame = arrow_frame(partition.read(names))
    understood = form.understood.narrowed(form.doubtful)
    return partition.source, evidence_of(Columns.of(frame), "orders", understood, named)


def compute_partition(partition: Partition, job: Job) -> Sums:
    """Compute the orders that stand in this partition alone; set the others' rows aside."""
    straddling.wanted(job.work)
    table = partition.read()
    rows = np.arange(partition.rows) + partition.first_row
    apart = np.zeros(partition.rows, dtype=bool)
    if job.buckets:
        apart, numbers = straddling.straddles(partition.number, job.work)
    if apart.any():
        _set_aside(table, rows, apart, numbers, partition, job)
        table, rows = table.filter(pa.array(~apart)), rows[~apart]
    if not len(rows):
        return Sums.nothing()
    part = _typed(table, rows, partition, job)
    results = _computed([part], job)
    remarks = {partition.source: part.remarks}
    return _put(results, f"{partition.number:06d}", partition.source, remarks, job)


def compute_bucket(bucket: int, partitions: Sequence[Partition], job: Job) -> Sums:
    """Compute the straddling orders of one bucket, their lines in the order of the files."""
    straddling.wanted(job.work)
    parts: list[Part] = []
    sources: list[str] = []
    remarks: dict[str, tuple[Remark, ...]] = {}
    for partition in partitions:
        path = _aside(partition.number, job.work)
        if not path.exists():
            continue
        with pa.memory_map(str(path)) as file:
            batch = pa.ipc.open_file(file).get_batch(bucket)
            table = pa.Table.from_batches([batch])
            if table.num_rows:
                rows = table[_ROW].to_numpy().copy()
                parts.append(_typed(table.drop_columns([_ROW]), rows, partition, job))
                sources += [partition.source] * len(rows)
                remarks[partition.source] = parts[-1].remarks
    if not parts:
        return Sums.nothing()
    results = _computed(parts, job)
    return _put(results, f"straddling-{bucket:06d}", pa.array(sources), remarks, job)


def _typed(table: pa.Table, rows: Ints, partition: Partition, job: Job) -> Part:
    """Rows of one file, read as the file as a whole asks for it."""
    evidence = job.evidence.get(partition.source, Evidence())
    terms = job.terms
    return read_part(
        arrow_frame(table), partition.form.understood, evidence, rows,
        fx=terms.fx, asked=terms.asked,
    )  # fmt: skip


def _computed(parts: Sequence[Part], job: Job) -> OrderResults:
    terms = job.terms
    return compute(
        put_together(parts, asked=terms.asked),
        terms.policy,
        terms.card.rates,
        as_of=terms.as_of,
        fx=terms.fx,
        sku_costs=terms.sku_costs,
    )


def _put(
    results: OrderResults,
    part: str,
    source: str | pa.Array,
    remarks: Mapping[str, tuple[Remark, ...]],
    job: Job,
) -> Sums:
    if job.data is not None:
        with given(mode=job.mode):
            dataset.put(results, job.data, part, job.lang, source)
    return sums_of(results, job.lang, remarks)


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
