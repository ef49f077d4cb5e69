"""Orders that stand in several files of one batch: their amounts count more than once there.

Exports of overlapping days hold some orders twice. A file that was done by an earlier run is
not read again, so the order numbers of each are kept beside the results.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sellersheet.money import Ints
from sellersheet.orders import OrderResults
from sellersheet_workbook.keeping.atomic import in_words, replacing

FOLDER: Final = ".sellersheet-orders"  # hidden, and of no kind that is read as orders
_ORDER: Final = ["shop", "order_id"]
_SCHEMA: Final = pa.schema([(name, pa.string()) for name in _ORDER])


class Overlap(NamedTuple):
    """Files, by their places, that have so many orders in common; one of them by its number."""

    sources: tuple[str, ...]
    orders: int
    example: str


class Numbers:
    """The order numbers in the files of one output folder, by the place of the file."""

    def __init__(self, out: Path) -> None:
        self._folder = out / FOLDER

    def has(self, source: str) -> bool:
        """Whether the numbers of the file are known."""
        return self._kept(source).is_file()

    def put(self, source: str, results: OrderResults) -> None:
        """Keep the numbers of a file that was computed, if it has any."""
        table = results.table
        found = pd.DataFrame({key: table.columns.get(key, "") for key in _ORDER}, range(table.n))
        found = found[table.used & (found["order_id"] != "").to_numpy()].drop_duplicates()
        kept = self._kept(source)
        with in_words(kept):
            self._folder.mkdir(exist_ok=True)
        with replacing(kept, lasting=False) as file:
            rows = pa.Table.from_pandas(found, _SCHEMA, preserve_index=False)
            pq.write_table(rows, file, compression="zstd")

    def overlaps(self, sources: Collection[str]) -> list[Overlap]:
        """Which of the files have orders in common, those with the most first."""
        known = [rows for source in sources if (rows := self._read(source)) is not None]
        if len(known) < 2:
            return []
        rows = pd.concat(known, ignore_index=True)
        # A file without shops may be of any: its numbers are compared with all of that number.
        nameless = rows["order_id"].isin(rows.loc[rows["shop"] == "", "order_id"])
        rows = rows.assign(shop=rows["shop"].mask(nameless, "")).drop_duplicates()
        rows = rows[rows.duplicated(_ORDER, keep=False)]
        if rows.empty:
            return []
        rows = rows.sort_values(_ORDER, kind="stable", ignore_index=True)
        starts = np.flatnonzero(~rows.duplicated(_ORDER))
        sizes = np.diff(starts, append=len(rows))
        _, first, counts = np.unique(_together(rows["source"], starts, sizes), True, False, True)
        found = [
            Overlap(
                tuple(rows["source"][starts[at] : starts[at] + sizes[at]]),
                int(count),
                str(rows["order_id"][starts[at]]),
            )
            for at, count in zip(first.tolist(), counts.tolist(), strict=True)
        ]
        return sorted(found, key=lambda overlap: -overlap.orders)

    def _kept(self, source: str) -> Path:
        name = hashlib.sha256(source.encode(errors="surrogatepass")).hexdigest()[:24]
        return self._folder / f"{name}.numbers"

    def _read(self, source: str) -> pd.DataFrame | None:
        try:
            rows: pd.DataFrame = pq.read_table(self._kept(source), schema=_SCHEMA).to_pandas()
        except (OSError, pa.ArrowException):  # taken away or damaged: not compared
            return None
        return rows.assign(source=source)


def _together(sources: pd.Series[str], starts: Ints, sizes: Ints) -> Ints:
    """A number for the files of each order: the same for orders that stand in the same ones."""
    codes, names = pd.factorize(sources)
    found = np.zeros(len(starts), dtype=np.int64)
    for nth in range(int(sizes.max())):
        more = sizes > nth
        added = found * (len(names) + 1)
        added[more] += codes[starts[more] + nth] + 1
        found = pd.factorize(added)[0].astype(np.int64)
    return found
