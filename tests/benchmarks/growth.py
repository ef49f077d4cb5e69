"""Time and memory as tables grow: a row should cost the same in 10,000 rows and in 10 million."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sellersheet import policy
from tests.benchmarks import inputs
from tests.benchmarks.harness import Line, Scale, in_turns, peak_bytes
from tests.benchmarks.rules import moved, run_compute

_BLOCK: Final = 10_000
_REFERENCE: Final = 10  # blocks: 100,000 rows
_TIMES: Final = (1, 100, 1000)
_FEW_PAIRS: Final = 3


def measure(scale: Scale) -> Iterator[Line]:
    """``compute`` over 10 thousand to 10 million rows against 100,000 rows."""
    terms = policy.load()
    block = inputs.table(scale.rows(_BLOCK))
    reference = inputs.repeated(block, _REFERENCE)
    for times in _TIMES:
        table = inputs.repeated(block, times)
        few = scale.few(_FEW_PAIRS)
        yield in_turns(
            f"compute, {table.n:,} rows, time per row",
            lambda table=table: run_compute(table, terms),
            f"in {reference.n:,} rows",
            lambda: run_compute(reference, terms),
            few if times == max(_TIMES) else scale,
            aim=1.5 if times > _REFERENCE else None,  # a small table also pays what any call costs
            per=_REFERENCE / times,
        )
        columns = moved(table, run_compute(table, terms))
        size = sum(column.nbytes for column in columns)
        del columns
        peak = peak_bytes(lambda table=table: run_compute(table, terms))
        yield Line(
            f"compute, {table.n:,} rows, most memory held",
            f"its columns, {size / 1e6:,.0f} MB",
            (peak / size,),
        )
