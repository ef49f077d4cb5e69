"""F15 across partitions: orders whose lines stand in more than one of them.

Shop and order number, read as the rules read them, become one 64-bit number a row. Two
orders with the same number (hardly ever) are only kept together without need: the rules
still go by shop and order number themselves.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pandas.arrays import NumpyExtensionArray

from sellersheet.cells import read_cells
from sellersheet.columns import column
from sellersheet.intake.ids import plain_ids
from sellersheet.money import Ints, Mask
from sellersheet.rawcells import Form, RawCells, split
from sellersheet.text_bytes import MOST_DIGITS, objects, whole_numbers
from sellersheet_workbook.files.parquet_table import arrow_frame
from sellersheet_workbook.keeping.atomic import replacing
from sellersheet_workbook.scale.partitions import Partition

Numbers = npt.NDArray[np.uint64]
KEYS: Final = ("shop", "order_id")
_ALONE: Final = np.uint64(0)  # a row without an order number is an order of its own
_SPREAD: Final = np.uint64(0x9E3779B97F4A7C15)
_SPAN: Final = 1 << 64
_WHOLE: Final = rf"^[0-9]{{1,{MOST_DIGITS}}}$"
_MIXING: Final = (
    (np.uint64(30), np.uint64(0xBF58476D1CE4E5B9)),
    (np.uint64(27), np.uint64(0x94D049BB133111EB)),
)
_LAST_SHIFT: Final = np.uint64(31)
_NO_SHOP: Final = split(NumpyExtensionArray(np.array([""], dtype=object)))


def wanted(folder: Path) -> None:
    """Ends a task of a run that has stopped: its folder is taken away then."""
    if not folder.is_dir():
        raise FileNotFoundError(folder)


def note_numbers(partition: Partition, folder: Path) -> int:
    """Write the number of each row, and each number once in order; how many there are."""
    wanted(folder)
    names = [name for key in KEYS if (name := partition.form.name_of(key)) is not None]
    rows = order_numbers(partition.read(names), partition)
    once = _distinct(rows[rows != _ALONE])
    save(_rows(folder, partition.number), rows)
    save(_once(folder, partition.number), once)
    return len(once)


def find_straddling(bucket: int, buckets: int, partitions: int, folder: Path) -> int:
    """Write the numbers of one range that several partitions have; in how many places they are."""
    low, high = bucket * _SPAN // buckets, (bucket + 1) * _SPAN // buckets
    found = []
    for number in range(partitions):
        once = np.load(_once(folder, number), mmap_mode="r")
        start = int(np.searchsorted(once, np.uint64(low)))
        end = len(once) if high == _SPAN else int(np.searchsorted(once, np.uint64(high)))
        found.append(np.array(once[start:end]))
    every = np.sort(np.concatenate(found))
    again = every[1:] == every[:-1]
    several = _distinct(every[1:][again])
    save(folder / f"straddling-{bucket}.npy", several)
    return int(again.sum()) + len(several)


def put_together(buckets: int, folder: Path) -> None:
    """The numbers of all ranges in one file, in order."""
    parts = [
        np.load(folder / f"straddling-{bucket}.npy", mmap_mode="r") for bucket in range(buckets)
    ]
    save(folder / "straddling.npy", np.concatenate(parts))


def straddles(number: int, folder: Path) -> tuple[Mask, Numbers]:
    """Which rows of a partition belong to a straddling order, and the number of every row."""
    rows = np.load(_rows(folder, number))
    several = np.load(folder / "straddling.npy", mmap_mode="r")
    found = pc.is_in(pa.array(rows), value_set=pa.array(several))
    return found.to_numpy(zero_copy_only=False), rows


def bucket_of(numbers: Numbers, buckets: int) -> Ints:
    """The bucket in which a straddling order is computed."""
    return (numbers % np.uint64(buckets)).astype(np.int64)


def order_numbers(table: pa.Table, partition: Partition) -> Numbers:
    """One number for the rows of one shop and order number."""
    frame = arrow_frame(table)
    order, shop = (_texts(frame, partition, key) for key in reversed(KEYS))
    if order is None:
        return np.full(table.num_rows, _ALONE)
    found = _numbers(order.text)
    found = found * _SPREAD ^ _words(_NO_SHOP if shop is None else shop)
    found[found == _ALONE] = _SPREAD
    found[order.form == Form.BLANK] = _ALONE
    return found


def _numbers(order: pa.Array) -> Numbers:
    """The same number for the same text, whatever else stands in its column."""
    whole = whole_numbers(order)
    if whole is not None:
        return _mixed(whole)
    digits = pc.match_substring_regex(order, _WHOLE)
    found = pd.util.hash_array(objects(order), categorize=False)
    at = np.flatnonzero(digits.to_numpy(zero_copy_only=False))
    some = whole_numbers(order.take(pa.array(at)))
    if some is not None:
        found[at] = _mixed(some)
    return found


def _mixed(whole: Ints) -> Numbers:
    """Numbers that follow each other, far apart."""
    found = whole.astype(np.uint64)
    for shift, factor in _MIXING:
        found = (found ^ (found >> shift)) * factor
    return found ^ (found >> _LAST_SHIFT)


def _words(shop: RawCells) -> Numbers:
    codes: Any = shop.codes
    if shop.distinct is None:
        codes, few = pd.factorize(objects(shop.text))
    else:
        few = objects(shop.distinct.texts)
    found: Numbers = pd.util.hash_array(few)[codes]
    return found


def save(path: Path, numbers: Numbers) -> None:
    """An array as a file, whole or not at all."""
    with replacing(path, lasting=False) as file:
        np.save(file, numbers)


def _distinct(numbers: Numbers) -> Numbers:
    """Each number once, in order: several times faster than ``np.unique``."""
    ordered = np.sort(numbers)
    first = np.ones(len(ordered), dtype=bool)
    first[1:] = ordered[1:] != ordered[:-1]
    return ordered[first]


def _texts(frame: pd.DataFrame, partition: Partition, key: str) -> RawCells | None:
    name = partition.form.name_of(key)
    if name is None:
        return None
    raw = plain_ids(split(frame[name].array))
    if raw.only_text:
        return raw
    read = read_cells(column("orders", key), frame[name], raw=raw)
    return split(NumpyExtensionArray(read.values))


def _rows(folder: Path, number: int) -> Path:
    return folder / f"rows-{number}.npy"


def _once(folder: Path, number: int) -> Path:
    return folder / f"once-{number}.npy"
