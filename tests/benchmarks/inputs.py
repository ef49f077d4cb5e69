"""Order tables with wrong and blank rows; the same seed gives the same table."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import numpy as np
import pandas as pd

from sellersheet.intake.grid import Columns
from sellersheet.tables import Table, read_table

FIRST_DAY: Final = np.datetime64("2024-07-01", "s")
DAYS: Final = 184
_SHOPS: Final = ("演示店铺A", "演示店铺B")
_COUNTRIES: Final = ("ES", "FR", "PL", "SA", "KR", "DE")
_PARCELS: Final = ("标准件", "大件")
_CASES: Final = (None, "买家退货验货通过", "买家退货验货未通过", "卖家责任")
_WRONG: Final = 0.02
_BLANK: Final = 0.02
_UNQUOTED: Final = 0.01
_NEXT_LINE: Final = 0.1


def typed_orders(rows: int, seed: int = 1) -> pd.DataFrame:
    """15 typed columns: 2 % of the rows wrong, 2 % blank, 1 % without a quote for freight.

    One row in ten is a further line of the order above it.
    """
    chance = np.random.default_rng(seed)
    order = np.cumsum(chance.random(rows) >= _NEXT_LINE)
    case = chance.choice(4, rows, p=[0.91, 0.05, 0.02, 0.02])
    paid = chance.integers(500, 100_000, rows) / 100
    freight = chance.integers(0, 10_000, rows) / 100
    fate = chance.random(rows)
    freight[fate > 1 - _UNQUOTED] = np.nan
    paid[fate < _WRONG] *= -1
    frame = pd.DataFrame(
        {
            "shop": _words(_SHOPS, order % 2),
            "order_id": np.char.add("81", order.astype(str)).astype(object),
            "order_date": FIRST_DAY + chance.integers(0, DAYS, rows).astype("timedelta64[D]"),
            "sku": _words([f"SKU-{at:04d}" for at in range(500)], chance.integers(0, 500, rows)),
            "qty": chance.integers(1, 4, rows).astype(float),
            "country": _words(_COUNTRIES, chance.integers(0, len(_COUNTRIES), rows)),
            "paid_cny": paid,
            "logistics_cny": freight,
            "parcel": _words(_PARCELS, chance.random(rows) < 0.05),
            "inbound_days": chance.choice(4, rows, p=[0.85, 0.09, 0.04, 0.02]) + 1.0,
            "standard_box": pd.array(chance.random(rows) < 0.94, dtype="boolean"),
            "return_case": _words(_CASES, case),
            "refund_cny": np.where(case > 0, np.abs(paid), np.nan),
            "cost_cny": np.round(np.abs(paid) * 0.4, 2),
            "other_cny": np.round(np.abs(paid) * 0.05, 2),
        }
    )
    blank = (fate > 0.5) & (fate < 0.5 + _BLANK)
    for key in frame.columns:
        frame.loc[blank, key] = None
    return frame


def written_orders(rows: int, seed: int = 1, *, messy: bool = False) -> pd.DataFrame:
    """The same as texts, as a text file has them: plain, or the way people write them."""
    frame = typed_orders(rows, seed)
    made = {key: _written(key, frame[key], messy=messy) for key in frame.columns}
    return pd.DataFrame(made, dtype="string[pyarrow]")


def table(rows: int, seed: int = 1) -> Table:
    """The typed orders as the rules get them."""
    return read_table(typed_orders(rows, seed))


def single_lines(one: Table) -> Table:
    """The same rows, each an order of its own."""
    return replace(one, order=None)


def repeated(one: Table, times: int) -> Table:
    """The table ``times`` over, each with orders of its own."""
    rows = one.n * times
    order = None
    if one.order is not None:
        step = int(one.order.max()) + 1
        order = np.tile(one.order, times) + np.repeat(np.arange(times) * step, one.n)
    return replace(
        one,
        columns={key: np.tile(column, times) for key, column in one.columns.items()},
        blank={key: np.tile(mask, times) for key, mask in one.blank.items()},
        bad=np.tile(one.bad, times),
        empty=np.tile(one.empty, times),
        left=np.tile(one.left, times),
        given={key: np.tile(mask, times) for key, mask in one.given.items()},
        doubts={code: np.tile(rows, times) for code, rows in one.doubts.items()},
        body=Columns([], rows, []),
        order=order,
    )


def _words(words: Any, codes: Any) -> Any:
    return np.array(words, dtype=object)[codes.astype(np.int64)]


def _written(key: str, column: pd.Series[Any], *, messy: bool) -> Any:
    there = column.notna().to_numpy()
    if key == "order_date":
        days = column.dt.strftime("%Y-%m-%d").to_numpy(object)
        if messy:
            slashed = column.dt.strftime("%Y/%m/%d").str.replace("/0", "/").to_numpy(object)
            serial = (column - pd.Timestamp("1899-12-30")).dt.days.astype("Int64").astype("str")
            days = _in_turn([days, slashed, serial.to_numpy(object)])
        return np.where(there, days, None)
    if key.endswith("_cny"):
        plain = np.array([f"{value:.2f}" for value in column], dtype=object)
        if messy:
            grouped = np.array([f"{value:,.2f}" for value in column], dtype=object)
            wide = column.map(lambda value: f"{value:.2f}".translate(_FULL_WIDTH))
            ways = [plain, "¥" + grouped, "CN¥ " + grouped, wide.to_numpy(object)]
            plain = _in_turn(ways)
        return np.where(there, plain, None)
    if key in ("qty", "inbound_days"):
        return np.where(there, column.fillna(0).astype(int).astype("str"), None)
    if key == "standard_box":
        yes, no = [["TRUE", "FALSE"], ["是", "否"], ["1", "0"]], column.fillna(value=False)
        ways = [np.where(no, *words).astype(object) for words in (yes if messy else yes[:1])]
        return np.where(there, _in_turn(ways), None)
    words = column.to_numpy(object)
    if messy and key in ("country", "sku", "shop"):
        names = {"ES": "西班牙", "FR": "France", "DE": "DEU"}
        words = np.array(
            [f" {names.get(word, word)}" if isinstance(word, str) else None for word in words],
            dtype=object,
        )
    return words


_FULL_WIDTH: Final = {ord(plain): ord(plain) + 0xFEE0 for plain in "0123456789."}


def _in_turn(ways: list[Any]) -> Any:
    """The first way in the first row, the second in the second, and so on."""
    return np.stack(ways)[np.arange(len(ways[0])) % len(ways), np.arange(len(ways[0]))]
