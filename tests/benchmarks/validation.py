"""A raw frame read into typed columns, against the bare conversions of the same columns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from sellersheet.columns import column
from sellersheet.tables import read_table
from tests.benchmarks import inputs
from tests.benchmarks.harness import Line, Scale, in_turns


def measure(scale: Scale) -> Iterator[Line]:
    """15 columns: typed, plain texts, and texts as people write them."""
    typed = inputs.typed_orders(scale.rows(1_000_000))
    plain = inputs.written_orders(scale.rows(100_000))
    messy = inputs.written_orders(scale.rows(100_000), messy=True)
    _agree(plain, messy)
    yield in_turns(
        f"read_table, {len(typed):,} × {typed.shape[1]} typed",
        lambda: read_table(typed),
        "bare conversions",
        lambda: converted(typed),
        scale,
    )
    yield in_turns(
        f"read_table, {len(plain):,} × {plain.shape[1]} plain texts",
        lambda: read_table(plain),
        "bare conversions",
        lambda: converted(plain),
        scale,
    )
    yield in_turns(
        f"read_table, {len(messy):,} × {messy.shape[1]} messy texts",
        lambda: read_table(messy),
        "bare conversions, plain texts",
        lambda: converted(plain),
        scale,
    )


def converted(frame: pd.DataFrame) -> dict[str, Any]:
    """Every column in its type, nothing checked and no word looked up."""
    found: dict[str, Any] = {}
    for key in frame.columns:
        kind, cells = column("orders", str(key)).kind, frame[key]
        if kind == "date":
            found[key] = pd.to_datetime(cells, format="%Y-%m-%d").astype("datetime64[s]")
        elif kind == "money":
            amounts = pd.to_numeric(cells).to_numpy(np.float64, na_value=0.0)
            found[key] = np.rint(amounts * 100).astype(np.int64)
        elif kind == "count":
            found[key] = pd.to_numeric(cells).to_numpy(np.float64, na_value=0.0).astype(np.int64)
        elif kind in ("choice", "country", "yes_no"):
            found[key] = cells.astype("category").cat.codes.to_numpy()
        else:
            found[key] = cells.fillna("").to_numpy(object)
    return found


def _agree(plain: pd.DataFrame, messy: pd.DataFrame) -> None:
    """Both ways of writing are read as the same table."""
    one, other = read_table(plain), read_table(messy)
    for key, values in one.columns.items():
        if not np.array_equal(values, other.columns[key]):
            raise AssertionError(f"{key} is read otherwise")
