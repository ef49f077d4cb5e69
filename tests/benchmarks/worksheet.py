"""Worksheet functions called as cells call them: xlwings' Windows branch, pywin32 stubbed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import repeat
from typing import Any, Final

import numpy as np
import pandas as pd

from sellersheet.columns import INPUT
from tests.benchmarks import inputs
from tests.benchmarks.harness import Line, Scale, in_turns
from tests.excel_call_path import NOT_AVAILABLE, OMITTED, Rows, Sheet, sheet

_ARGUMENTS: Final = (
    *("paid_cny", "logistics_cny", "parcel", "inbound_days", "standard_box", "return_case"),
)
_TABLE_COLUMNS: Final = 20
_CALLS: Final = 300
_EMPTY_MODULE: Final = "tests.benchmarks.empty_function"


def measure(scale: Scale) -> Iterator[Line]:
    """Blocks of cells there and back, one cell, and the import."""
    with sheet("sellersheet.excel", _EMPTY_MODULE) as excel:
        yield from _columns(excel, scale)
        yield from _table(excel, scale)
        yield _scalar(excel, scale)
    yield _import(scale)


def _columns(excel: Sheet, scale: Scale) -> Iterator[Line]:
    """SEMIFEE over 10,000 × 6, each argument a column of cells."""
    rows = cells(inputs.typed_orders(scale.rows(10_000))[[*_ARGUMENTS]])
    columns = [tuple((cell,) for cell in column) for column in zip(*rows, strict=True)]
    what = f"SEMIFEE over {len(rows):,} × {len(columns)}"
    for against, blocks in (
        ("its columns list → array → list", columns),
        ("one block list → array → list", [rows]),
    ):
        aim = 2.0 if blocks is columns else None
        yield in_turns(
            what, lambda: excel.call("SEMIFEE", *columns), against, there_and_back(blocks), scale,
            aim=aim,
        )  # fmt: skip


def _table(excel: Sheet, scale: Scale) -> Iterator[Line]:
    """ORDERTABLE over 5,000 × 20."""
    orders = inputs.typed_orders(scale.rows(5_000))
    for key in [item.key for item in INPUT if item.key not in orders]:
        if orders.shape[1] < _TABLE_COLUMNS:
            orders[key] = None
    block = (tuple(orders.columns), *cells(orders))
    yield in_turns(
        f"ORDERTABLE over {len(orders):,} × {orders.shape[1]}",
        lambda: excel.call("ORDERTABLE", block),
        "the block list → array → list",
        there_and_back([block]),
        scale,
        aim=2,
    )


def _scalar(excel: Sheet, scale: Scale) -> Line:
    def calls(name: str, module: int) -> Callable[[], None]:
        def run() -> None:
            for at in range(_CALLS):
                excel.call(name, at + 100.0, 22.6, *repeat(OMITTED, 6), module=module)

        return run

    return in_turns(
        f"SEMIFEE, {_CALLS} cells one by one",
        calls("SEMIFEE", 0),
        "an empty xlwings function",
        calls("EMPTY", 1),
        scale,
        aim=1.5,
    )


def _import(scale: Scale) -> Line:
    def program(text: str) -> Callable[[], Any]:
        return lambda: subprocess.run([sys.executable, "-c", text], check=True)

    return in_turns(
        "import sellersheet.excel",
        program("import sellersheet.excel"),
        "import xlwings",
        program("import xlwings"),
        scale,
        aim=1.3,
    )


def cells(orders: pd.DataFrame) -> Rows:
    """The orders as COM hands them over: serial days, blanks as None, one row with an error."""
    plain = orders.copy()
    if "order_date" in plain:
        serial = (plain["order_date"] - pd.Timestamp("1899-12-30")) / pd.Timedelta(days=1)
        plain["order_date"] = serial
    rows = plain.astype(object).where(plain.notna(), None).to_numpy(object).tolist()
    rows[len(rows) // 2][0] = NOT_AVAILABLE
    return tuple(map(tuple, rows))


def there_and_back(blocks: list[Rows]) -> Callable[[], Any]:
    """The least that could be done with the cells."""
    return lambda: [np.array(block, dtype=object).tolist() for block in blocks]
