"""The fee rules over long columns, against copying those columns and against a row at a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sellersheet import policy
from sellersheet.cards import shipped_card
from sellersheet.days import epoch_day
from sellersheet.orders import OrderResults, compute
from sellersheet.policy import Policy
from sellersheet.rules.fees import Orders
from sellersheet.rules.lines import fees_of_rows
from sellersheet.tables import Table
from tests.benchmarks import inputs, slow_ways
from tests.benchmarks.harness import Line, Scale, in_turns

AS_OF = date(2024, 7, 1)
Arrays = list[npt.NDArray[Any]]


def measure(scale: Scale) -> Iterator[Line]:
    """One core, 1,000,000 orders."""
    terms = policy.load()
    rows = scale.rows(1_000_000)
    table = inputs.table(rows)
    yield from _fees(table, terms, scale)
    yield from _whole(inputs.single_lines(table), "compute, an order a row", terms, scale)
    yield from _whole(table, "compute, orders of several lines", terms, scale)
    yield from _row_by_row(table, terms, scale)


def run_compute(table: Table, terms: Policy) -> OrderResults:
    """All results of the table."""
    return compute(table, terms, shipped_card().rates, as_of=AS_OF)


def moved(table: Table, results: OrderResults) -> Arrays:
    """The number columns that ``compute`` reads and writes; its text columns are left out."""
    given = [*table.columns.values(), *table.blank.values(), table.bad, table.empty]
    if table.order is not None:
        given.append(table.order)
    made = (
        *results.parts, results.days, results.freight_known, results.charge_mg, results.profit,
        results.profit_known, results.at_risk, results.marks, results.computed,
    )  # fmt: skip
    return [column for column in (*given, *made) if column.dtype != object]


def _fees(table: Table, terms: Policy, scale: Scale) -> Iterator[Line]:
    orders, days = _orders(table)
    parts = fees_of_rows(orders, days, terms)
    columns = [*orders, days, *parts]
    own = [column.copy() for column in columns]

    def into_own_memory() -> None:
        for target, column in zip(own, columns, strict=True):
            np.copyto(target, column)

    what = f"fees_of_rows, {table.n:,} orders"
    yield in_turns(
        what,
        lambda: fees_of_rows(orders, days, terms),
        "copies of its columns",
        lambda: copies(columns),
        scale,
        aim=5,
    )
    yield in_turns(
        what,
        lambda: fees_of_rows(orders, days, terms),
        "copies into memory at hand",
        into_own_memory,
        scale,
    )


def _whole(table: Table, name: str, terms: Policy, scale: Scale) -> Iterator[Line]:
    columns = moved(table, run_compute(table, terms))
    yield in_turns(
        f"{name}, {table.n:,} rows",
        lambda: run_compute(table, terms),
        "copies of its columns",
        lambda: copies(columns),
        scale,
        aim=5,
    )


def _row_by_row(table: Table, terms: Policy, scale: Scale) -> Iterator[Line]:
    """On a sample: a row takes the same time in any number of them."""
    orders, days = _orders(table)
    values = slow_ways.Values(terms, AS_OF)
    count = scale.rows(20_000)
    sample = Orders(*(column[:count] for column in orders))
    rows = slow_ways.yuan_rows(sample)
    frame = pd.DataFrame(sample._asdict())
    frame[["paid", "logistics"]] /= 100
    _agree(sample, days[:count], rows, values, terms)
    for name, slow in (
        ("a Decimal loop", lambda: slow_ways.decimal_loop(rows, values)),
        ("pandas apply a row", lambda: slow_ways.pandas_apply(frame, values)),
    ):
        yield in_turns(
            f"fees_of_rows, {table.n:,} orders",
            lambda: fees_of_rows(orders, days, terms),
            f"{name} ({count:,} rows, scaled)",
            slow,
            scale,
            per=count / table.n,
        )


def _agree(sample: Orders, days: Any, rows: Any, values: slow_ways.Values, terms: Policy) -> None:
    fast = np.stack(fees_of_rows(sample, days, terms), axis=1)
    slow = [[int(part * 100) for part in fees] for fees in slow_ways.decimal_loop(rows, values)]
    if not np.array_equal(fast, np.array(slow)):
        raise AssertionError("the Decimal loop gives other fees")


def _orders(table: Table) -> tuple[Orders, npt.NDArray[np.int64]]:
    """Columns of every row; rows that are wrong or blank are computed like the others here."""
    typed = table.columns
    days = np.where(table.blank["order_date"], epoch_day(AS_OF), typed["order_date"]).astype(
        np.int64
    )
    orders = Orders(
        paid=typed["paid_cny"],
        logistics=typed["logistics_cny"],
        oversize=typed["parcel"] == 1,
        inbound_days=typed["inbound_days"],
        standard_box=typed["standard_box"],
        return_case=typed["return_case"],
    )
    return orders, days


def copies(columns: Arrays) -> Arrays:
    """Every column copied into new memory, all kept to the end as results are."""
    return [column.copy() for column in columns]
