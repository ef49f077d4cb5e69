"""What a worker does with one partition, or with one bucket of straddling orders; and the totals of
them all, kept in cents until they are added up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa

from sellersheet.intake.doubts import Remark, merged
from sellersheet.intake.evidence import Evidence, evidence_of
from sellersheet.intake.grid import Columns
from sellersheet.intake.order_lines import REPEATED
from sellersheet.money import Ints, Mask
from sellersheet.orders import Counts, OrderResults, compute
from sellersheet.summary import By, in_yuan, rows_added_up, sums_by, total_of
from sellersheet.tables import Part, put_together, read_part
from sellersheet.wording import Lang
from sellersheet_workbook.batch import dataset
from sellersheet_workbook.batch.one import Terms
from sellersheet_workbook.files.parquet_table import arrow_frame
from sellersheet_workbook.keeping.atomic import replacing
from sellersheet_workbook.keeping.inputs import given
from sellersheet_workbook.scale import straddling
from sellersheet_workbook.scale.partitions import Partition

_ROW = "__row__"
BY: Final[tuple[By, ...]] = ("month", "country")


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
                before = remarks.get(partition.source, ())
                remarks[partition.source] = merged((*before, *parts[-1].remarks))
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


@dataclass(frozen=True)
class Sums:
    """Sums in cents by month and country; what became of the rows, and what has to be known
    of them by their file, of those of all files under ""."""

    cents: pd.DataFrame
    counts: Counts
    remarks: Mapping[str, tuple[Remark, ...]] = field(default_factory=dict)

    @classmethod
    def nothing(cls) -> Sums:
        """Of no row at all."""
        return cls(pd.DataFrame(), Counts())


@dataclass(frozen=True)
class Totals:
    """The totals of all orders and by group: the columns ``summary``. ``remarks`` as in
    ``Sums``."""

    counts: Counts
    remarks: Mapping[str, tuple[Remark, ...]]
    whole: pd.DataFrame
    by: dict[By, pd.DataFrame]

    def table(self) -> pd.DataFrame:
        """All in one, under the keys of the columns: the whole (``by`` all), then the groups."""
        named = [self.whole.assign(by="all")]
        named += [frame.assign(by=name) for name, frame in self.by.items()]
        return pd.concat(named, ignore_index=True).loc[:, ["by", *self.whole.columns]]


def sums_of(results: OrderResults, lang: Lang, remarks: Mapping[str, tuple[Remark, ...]]) -> Sums:
    """The sums of one table, of which ``remarks`` are those of its files."""
    sums = rows_added_up(results, lang, month="month", country="country")
    table = results.table
    repeated = [remark for remark in table.remarks if remark.code == REPEATED]
    of_all = (*repeated, *results.remarks[len(table.remarks) :])
    return Sums(sums, results.counts, {**remarks, "": of_all})


def added(parts: Sequence[Sums]) -> Sums:
    """The sums of several."""
    cents = pd.concat([part.cents for part in parts], ignore_index=True)
    counts = sum((part.counts for part in parts), Counts())
    remarks: dict[str, tuple[Remark, ...]] = {}
    for part in parts:
        for source, more in part.remarks.items():
            remarks[source] = merged((*remarks.get(source, ()), *more))
    return Sums(cents if cents.empty else sums_by(cents, *BY), counts, remarks)


def totals(sums: Sums, lang: Lang) -> Totals:
    """The sums in yuan, whole and by group."""
    by: dict[By, pd.DataFrame] = {}
    for name in BY:
        grouped = sums.cents.drop(columns=[other for other in BY if other != name])
        shown = in_yuan(sums_by(grouped.rename(columns={name: "group"}), "group"), name)
        if name == "month":  # undated rows last
            undated = ~shown["group"].str[:1].str.isdigit()
            shown = pd.concat([shown[~undated], shown[undated]], ignore_index=True)
        by[name] = shown
    return Totals(sums.counts, sums.remarks, total_of(sums.cents, lang), by)
