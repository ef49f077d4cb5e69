"""Results of many files in one Parquet data set by month: ``month=2024-09/….parquet``."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from sellersheet.columns import INPUT, Column
from sellersheet.money import Ints, Mask
from sellersheet.orders import OrderResults
from sellersheet.rules.fees import FEE_PARTS
from sellersheet.wording import Lang
from sellersheet_workbook.keeping.atomic import replacing
from sellersheet_workbook.problems import FileProblem

# A word: with the usual sign for "no value" pandas reads no data set that has months as well.
UNKNOWN_MONTH: Final = "unknown"
_MONEY: Final = pa.decimal128(19, 2)
_TYPES: Final = {
    "money": _MONEY, "cost": _MONEY, "date": pa.date32(), "count": pa.int64(), "yes_no": pa.bool_(),
}  # fmt: skip
_TEXTS: Final = ("text", "country", "choice")


def put(
    results: OrderResults, folder: Path, part: str, lang: Lang, source: str | pa.Array
) -> set[Path]:
    """Write the rows of one part, a file a month; the files written.

    ``source`` names the file of the rows, or of each row.
    Every part has the same columns, whatever its file had; amounts are decimals, exact to
    the cent. Each file is written whole or not at all.
    """
    table, months = typed_rows(results, lang, source), _months(results)
    written = set()
    for month in np.unique(months):
        target = folder / f"month={month}" / f"{part}.parquet"
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise FileProblem("target_denied", path=target.parent) from error
        with replacing(target) as file:
            pq.write_table(table.filter(pa.array(months == month)), file, compression="zstd")
        written.add(target)
    return written


def files_of(folder: Path, part: str) -> set[Path]:
    """The files in which the data set has the rows of a part."""
    return set(folder.glob(f"month=*/{part}.parquet"))


def is_result(names: Iterable[str]) -> bool:
    """Whether a table with these columns is a result: orders have no fees yet."""
    return {*FEE_PARTS, "total_fee_cny", "status"} <= set(names)


def typed_rows(results: OrderResults, lang: Lang, source: str | pa.Array) -> pa.Table:
    """The known columns of the orders and all results, one type a column.

    ``source`` and ``row`` tell where each row stood.
    """
    used = ~results.table.empty
    columns = {item.key: _input(results, item) for item in INPUT}
    for key, part in zip(FEE_PARTS, results.parts, strict=True):
        known = results.freight_known if key == "logistics_fee_cny" else results.computed
        columns[key] = _money(part, known)
    columns["total_fee_cny"] = _money(results.total, results.freight_known)
    columns["profit_cny"] = _money(results.profit, results.profit_known)
    told = results.columns(lang)
    for key in ("chargeable_g", "margin"):
        columns[key] = pa.array(told[key], pa.float64(), from_pandas=True)
    for key in ("status", "reason"):
        columns[key] = pa.array(told[key], pa.string(), from_pandas=True)
    one = isinstance(source, str)
    columns["source"] = pa.repeat(source, results.table.n) if one else source
    row = results.table.issues.sheet_rows(np.arange(results.table.n))
    columns["row"] = pa.array(row, pa.int64())
    return pa.table(columns).filter(pa.array(used))


def _input(results: OrderResults, item: Column) -> pa.Array:
    table = results.table
    kind = pa.string() if item.kind in _TEXTS else _TYPES.get(item.kind, pa.float64())
    if item.key not in table.columns:
        return pa.nulls(table.n, kind)
    values = table.columns[item.key]
    # A row that is refused or left out may have a wrong cell, which is no 0; its others are told.
    none = np.zeros(table.n, dtype=bool)
    known = ~(table.blank.get(item.key, none) | table.bad | table.left)
    known |= table.given.get(item.key, none)
    if item.kind in ("money", "cost"):
        return _money(values, known)
    if item.kind == "choice":
        words = np.array([choice.key for choice in item.choices], dtype=object)
        return pa.array(words[values], kind, mask=~known)
    if item.kind in _TEXTS:
        return pa.array(values, kind, mask=values == "")
    return pa.array(values, mask=~known).cast(kind)


def _money(cents: Ints, known: Mask) -> pa.Array:
    whole = pa.array(cents, pa.int64(), mask=~known).cast(pa.decimal128(19, 0))
    return pa.Array.from_buffers(_MONEY, len(whole), whole.buffers(), offset=whole.offset)


def _months(results: OrderResults) -> npt.NDArray[Any]:
    """The month of each row that goes into the data set."""
    table = results.table
    names = np.datetime_as_string(results.days.astype("datetime64[D]"), unit="M").astype(object)
    if "order_date" not in table.columns:
        names[:] = UNKNOWN_MONTH
    else:
        names[table.blank["order_date"] | (table.columns["order_date"] == 0)] = UNKNOWN_MONTH
    return names[~table.empty].astype(str)
