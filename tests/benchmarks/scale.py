"""Parquet data sets on two cores, against the same sums in DuckDB, from 1 to 30 million rows."""

from __future__ import annotations

import gc
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

import duckdb
import numpy as np
import pandas as pd
import psutil
import pyarrow as pa
import pyarrow.parquet as pq

from sellersheet import policy
from sellersheet.cards import shipped_card
from sellersheet.exchange import FxRates
from sellersheet.policy import Policy
from sellersheet_workbook.batch.one import Terms
from sellersheet_workbook.scale import Place, Scaled, run_scale
from sellersheet_workbook.scale.cluster import local_cluster
from tests.benchmarks.harness import Line, Scale, in_turns
from tests.benchmarks.inputs import typed_orders
from tests.benchmarks.slow_ways import Values

AS_OF: Final = date(2024, 7, 1)
_Result = TypeVar("_Result")
_CORES: Final = 2
_BLOCK: Final = 1_000_000
_GROUP: Final = 125_000  # rows of a row group: about what DuckDB and Polars write
_APART: Final = 0.005  # orders with a line in the next file
_COMPARED: Final = 10  # blocks
_GROWN: Final = (10, 30)
_FEW_PAIRS: Final = 3


def measure(scale: Scale) -> Iterator[Line]:
    """10 million rows against DuckDB; time a row and memory in 1, 10 and 30 million rows.

    The two processes run already, as those of a cluster do: to start them takes about two
    seconds, whatever the number of rows.
    """
    folder = Path(tempfile.mkdtemp(prefix="sellersheet-scale-"))
    few = scale.few(_FEW_PAIRS)
    block = scale.rows(_BLOCK)
    try:
        grown = _GROWN if block >= 10_000 else (2,)  # a trial needs no more files
        files = _files(folder, block, max(grown))
        with local_cluster(_CORES) as cluster:
            ours = _Ours(folder, Place(cluster.scheduler_address))
            yield from _against_duckdb(ours, files[:_COMPARED], block, few)
            yield from _growth(ours, files, block, few, grown)
    finally:
        shutil.rmtree(folder)


class _Ours(NamedTuple):
    folder: Path
    place: Place

    def __call__(self, files: Sequence[Path], *, totals_only: bool = True) -> Scaled:
        terms = Terms(policy.load(), shipped_card(), FxRates.fixed({}), None, AS_OF)
        out = self.folder / "out"
        return run_scale(files, out, terms, "en", self.place, totals_only=totals_only)


def _against_duckdb(ours: _Ours, files: Sequence[Path], block: int, scale: Scale) -> Iterator[Line]:
    terms, rows = policy.load(), f"{block * len(files):,} rows"
    theirs_peak, theirs = _peak(lambda: duckdb_sums(files, terms), workers=False)
    ours_peak, found = _peak(lambda: ours(files))
    _agree(found, theirs)
    yield in_turns(
        f"scale --totals-only, {rows}, two cores",
        lambda: ours(files),
        "the same sums in DuckDB, two threads",
        lambda: duckdb_sums(files, terms),
        scale,
        aim=1.5,
    )
    yield Line(
        f"scale --totals-only, {rows}, most memory {ours_peak / 1e6:,.0f} MB",
        f"DuckDB, {theirs_peak / 1e6:,.0f} MB",
        (ours_peak / theirs_peak,),
    )
    yield in_turns(
        f"scale, {rows}, every row written", lambda: ours(files, totals_only=False),
        "only the totals", lambda: ours(files), scale.few(1),
    )  # fmt: skip


def _growth(
    ours: _Ours, files: Sequence[Path], block: int, scale: Scale, grown: Sequence[int]
) -> Iterator[Line]:
    one, _ = _peak(lambda: ours(files[:1]))
    for blocks in grown:
        rows = f"{block * blocks:,} rows"
        yield in_turns(
            f"scale --totals-only, {rows}, time per row",
            lambda blocks=blocks: ours(files[:blocks]),
            f"in {block:,} rows", lambda: ours(files[:1]),
            scale.few(1) if blocks == max(grown) else scale, per=1 / blocks,
        )  # fmt: skip
        peak, _ = _peak(lambda blocks=blocks: ours(files[:blocks]))
        yield Line(
            f"scale --totals-only, {rows}, most memory {peak / 1e6:,.0f} MB",
            f"in {block:,} rows, {one / 1e6:,.0f} MB",
            (peak / one,),
        )


def duckdb_sums(files: Sequence[Path], terms: Policy) -> pd.DataFrame:
    """Sums in cents by month and destination: the same rules in SQL, in whole numbers."""
    values = Values(terms, AS_OF)
    with duckdb.connect(config={"threads": _CORES}) as base:
        query = _SQL.format(files=[str(path) for path in files], **_cents(values))
        return base.execute(query).df()


# F1 to F16 for typed orders whose lines share day and destination.
_SQL: Final = """
WITH lines AS (
    SELECT shop, order_id, order_date, country, parcel, inbound_days, standard_box, return_case,
        CAST(round(paid_cny * 100) AS BIGINT) AS paid,
        CAST(round(logistics_cny * 100) AS BIGINT) AS freight,
        CAST(round(coalesce(refund_cny, 0) * 100) AS BIGINT)
            + CAST(round(cost_cny * 100) AS BIGINT)
            + CAST(round(other_cny * 100) AS BIGINT) AS spent
    FROM read_parquet({files}) WHERE paid_cny >= 0
), orders AS (
    SELECT min(order_date) AS day, min(country) AS country, count(*) AS lines,
        sum(paid)::BIGINT AS paid, sum(freight)::BIGINT AS freight, sum(spent)::BIGINT AS spent,
        ({operation} + CASE WHEN bool_or(parcel = '大件') THEN {surcharge} ELSE 0 END)::BIGINT
            AS operation,
        max(coalesce(inbound_days, 1)) AS days, bool_and(coalesce(standard_box, true)) AS box,
        coalesce(bool_or(return_case = '卖家责任'), false) AS fault,
        bool_and(coalesce(return_case, '') = '买家退货验货通过') AS passed,
        bool_and(coalesce(return_case, '') = '买家退货验货未通过') AS failed
    FROM lines GROUP BY shop, order_id HAVING count(freight) > 0
), parts AS (
    SELECT *, (paid * {service} + 500000000) // 1000000000 AS service_fee,
        CASE WHEN days > {rush_after} THEN {rush} ELSE 0 END AS rush_fee,
        CASE WHEN box THEN 0 ELSE {repack} END AS repack_fee,
        CASE WHEN passed THEN -((operation * {passed} + 500000000) // 1000000000)
             WHEN failed THEN -((operation * {failed} + 500000000) // 1000000000)
             ELSE 0 END AS operation_refund,
        CASE WHEN fault THEN {subsidy} ELSE 0 END AS subsidy_loss
    FROM orders
)
SELECT strftime(day, '%Y-%m') AS month, country, count(*) AS orders, sum(lines) AS lines,
    sum(paid) AS paid_cny, sum(service_fee) AS service_fee_cny, sum(operation) AS operation_fee_cny,
    sum(rush_fee) AS rush_fee_cny, sum(repack_fee) AS repack_fee_cny,
    sum(freight) AS logistics_fee_cny, sum(operation_refund) AS operation_refund_cny,
    sum(subsidy_loss) AS subsidy_loss_cny,
    sum(service_fee + operation + rush_fee + repack_fee + freight + operation_refund
        + subsidy_loss) AS total_fee_cny,
    sum(paid - spent - service_fee - operation - rush_fee - repack_fee - freight
        - operation_refund - subsidy_loss) AS profit_cny
FROM parts GROUP BY ALL
"""


def _cents(values: Values) -> dict[str, int]:
    """Amounts in cents, shares in units of 1e-9."""
    amounts = ("operation", "surcharge", "rush", "repack", "subsidy")
    found = {name: int(getattr(values, name) * 100) for name in amounts}
    for name in ("service", "passed", "failed"):
        found[name] = int(getattr(values, name) * Decimal(10**9))
    return {**found, "rush_after": values.rush_after}


def _agree(ours: Scaled, theirs: pd.DataFrame) -> None:
    """To the cent, whole, by month and by destination."""
    for by in ("month", "country"):
        mine = ours.totals.by[by].set_index("group")
        other = theirs.groupby(by).sum(numeric_only=True)
        for key in other.columns.drop("orders"):
            scale = 1 if key == "lines" else 100
            have = np.rint(mine[key].to_numpy(dtype=float) * scale).astype(np.int64)
            want = other[key].reindex(mine.index, fill_value=0).to_numpy().astype(np.int64)
            if not np.array_equal(have, want):
                raise AssertionError(f"{key} by {by}: {have} and {want}")


def _files(folder: Path, rows: int, count: int) -> list[Path]:
    """Blocks of orders, each a file; some orders have their last line in the next one."""
    found: list[Path] = []
    last: pd.DataFrame | None = None
    for block in range(count):
        frame = typed_orders(rows, block)
        frame["order_id"] = f"{block:02d}" + frame["order_id"]
        frame["order_date"] = frame["order_date"].astype("datetime64[ms]")
        shared = ["order_date", "country"]
        frame[shared] = frame.groupby(["shop", "order_id"])[shared].transform("first")
        if last is not None:
            # Not blank rows: with an order number they are further lines, which SQL does not know.
            few = frame.index[frame["paid_cny"].notna()][: int(rows * _APART)]
            keys = ["shop", "order_id", *shared]
            frame.loc[few, keys] = (
                last[keys].dropna().sample(len(few), random_state=block).to_numpy()
            )
        path = folder / f"orders-{block:02d}.parquet"
        table = pa.Table.from_pandas(frame, preserve_index=False)
        pq.write_table(table, path, row_group_size=_GROUP)
        found.append(path)
        last = frame
    return found


def _peak(run: Callable[[], _Result], *, workers: bool = True) -> tuple[int, _Result]:
    """The most memory during a call: what it adds here, and all of the worker processes."""
    gc.collect()
    own = psutil.Process()
    before, most, done = own.memory_info().rss, [1], threading.Event()

    def watch() -> None:
        while not done.wait(0.02):
            others = own.children(recursive=True) if workers else []
            most.append(own.memory_info().rss - before + sum(map(_resident, others)))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        result = run()
    finally:
        done.set()
        watcher.join()
    return max(most), result


def _resident(process: psutil.Process) -> int:
    try:
        size: int = process.memory_info().rss
    except psutil.NoSuchProcess:
        return 0
    return size
