"""Typed order rows, column by column, with where each came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from sellersheet.cells import filled
from sellersheet.columns import INPUT, Column, column
from sellersheet.intake.grid import TEXT
from sellersheet.money import RATE_UNIT, Ints, Mask
from sellersheet.wording import Lang
from sellersheet_workbook.files.cell_texts import cell_texts
from sellersheet_workbook.problems import ORDERS_IMPORT

Array = npt.NDArray[Any]
TARGET: Final = -1  # the file number of rows that stand in the target


@dataclass(frozen=True, slots=True)
class Rows:
    """``values`` as in a typed table, ``given`` where a cell holds something, both by key.

    ``file`` numbers the files in the order given, ``row`` is the row of the sheet.
    """

    values: dict[str, Array]
    given: dict[str, Mask]
    file: Ints
    row: Ints

    @property
    def n(self) -> int:
        """The number of rows."""
        return len(self.file)


def joined(parts: Sequence[Rows]) -> Rows:
    """The rows of all parts, one after the other; a column that a part lacks is blank there."""
    values: dict[str, Array] = {}
    given: dict[str, Mask] = {}
    for item in INPUT:
        key = item.key
        if not any(key in part.values for part in parts):
            continue
        spare = [part.values.get(key, filled(item, part.n)) for part in parts]
        values[key] = np.concatenate(spare)
        given[key] = np.concatenate(
            [part.given.get(key, np.zeros(part.n, dtype=bool)) for part in parts]
        )
    return Rows(
        values,
        given,
        np.concatenate([part.file for part in parts]),
        np.concatenate([part.row for part in parts]),
    )


def as_cells(item: Column, values: Array, given: Mask, lang: Lang) -> pd.Series[Any]:
    """Typed values as the cells of a file, blank where nothing is given."""
    if item.kind in ("choice", "yes_no"):
        words = [ORDERS_IMPORT("no", lang), ORDERS_IMPORT("yes", lang)]
        if item.kind == "choice":
            words = [choice.zh if lang == "zh" else choice.en for choice in item.choices]
        values = np.array(words, dtype=object)[values.astype(np.int64)]
    if item.kind in ("text", "country", "choice", "yes_no"):
        return pd.Series(pa.array(values, pa.string(), mask=~given), dtype=TEXT)
    if item.kind == "date":
        days = values.astype("datetime64[D]")
        return pd.Series(np.where(given, days, np.datetime64("NaT", "D")).astype("datetime64[us]"))
    if item.kind == "count":
        return pd.Series(pd.arrays.IntegerArray(values.astype(np.int64), ~given))
    scale = {"money": 100, "cost": 100, "rate": RATE_UNIT}.get(item.kind, 1)
    return pd.Series(np.where(given, values / scale, np.nan))


def as_texts(key: str, values: Array, given: Mask, lang: Lang) -> list[str]:
    """Typed values as they are shown, "" where nothing is given."""
    cells = text_cells(as_cells(column("orders", key), values, given, lang))
    return ["" if pd.isna(text) else str(text) for text in cells]


def text_cells(cells: pd.Series[Any]) -> pd.Series[Any]:
    """The cells as a text file holds them."""
    found = cell_texts(cells, serial_days=False)
    sides = [side for side in (found.number, found.flag, found.word) if side is not None]
    return pd.Series(pc.coalesce(*sides), dtype=TEXT)
