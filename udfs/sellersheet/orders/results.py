"""Computed orders: the result columns, as numbers and as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sellersheet import columns
from sellersheet.intake.doubts import Remark
from sellersheet.intake.headers import TableProblem, understand
from sellersheet.money import Floats, Ints, Mask
from sellersheet.orders.freight import Floors, with_floors
from sellersheet.orders.marks import WORDS, Mark, Marks, Status, Told, reasons, status, told_status
from sellersheet.rules.fees import FEE_PARTS, FeeParts
from sellersheet.rules.freight import MG_PER_GRAM
from sellersheet.tables import Table, doubtful_rows
from sellersheet.wording import Lang

# A figure of the policy that reasons quote -> language -> as people read it.
Figures = dict[str, dict[Lang, str]]


@dataclass(frozen=True)
class Counts:
    """Rows by what became of them; ``doubts`` counts those that each doubt is about."""

    rows: int = 0
    refused: int = 0
    left: int = 0
    empty: int = 0
    doubts: Mapping[str, int] = field(default_factory=dict)

    def __add__(self, other: Counts) -> Counts:
        doubts = {**self.doubts}
        for code, count in other.doubts.items():
            doubts[code] = doubts.get(code, 0) + count
        return Counts(
            self.rows + other.rows,
            self.refused + other.refused,
            self.left + other.left,
            self.empty + other.empty,
            doubts,
        )


@dataclass(frozen=True)
class OrderResults:
    """The results of an order table, one element a row, in the rows' own order.

    Money in int64 cents; ``computed`` marks the rows whose rules are on record and whose
    input is sound, ``place`` is the row of the rate card that priced a row's freight or -1,
    ``freight_known`` and ``profit_known`` where the totals and the profit
    stand. ``at_risk`` is the rush fee of the days that the source leaves open (F6).
    """

    table: Table
    days: Ints
    parts: FeeParts
    freight_known: Mask
    charge_mg: Ints
    floors: Floors
    place: Ints
    profit: Ints
    profit_known: Mask
    at_risk: Ints
    marks: Marks
    computed: Mask
    figures: Figures
    remarks: tuple[Remark, ...] = ()

    @cached_property
    def total(self) -> Ints:
        """The sum of the parts, in cents; 0 where it is not known."""
        return np.where(self.freight_known, self.parts.total, 0)

    @cached_property
    def status(self) -> npt.NDArray[np.int8]:
        """One ``Status`` a row."""
        return status(self.marks, self.table.empty)

    @property
    def refused(self) -> Mask:
        """Rows without any result: wrong input, or a date before the rules."""
        refused: Mask = self.status == Status.ERROR
        return refused

    @property
    def counts(self) -> Counts:
        """What became of the rows."""
        table = self.table
        left, empty = int(table.left.sum()), int(table.empty.sum())
        return Counts(table.n, int(self.refused.sum()), left, empty, doubtful_rows(table))

    def reasons(self, lang: Lang) -> npt.NDArray[np.object_]:
        """Why each row's result is what it is, in words."""
        return self._reasons(lang).objects()

    def _reasons(self, lang: Lang) -> Told:
        fields = {name: words[lang] for name, words in self.figures.items()}
        found = reasons(self.marks, lang, fields)
        with_floors(found, self.marks, self.floors, lang)
        found.put(self.table.issues.at, self.table.issues.reasons(lang))
        return found

    def columns(self, lang: Lang) -> dict[str, npt.NDArray[Any]]:
        """The result columns by key: yuan and grams as floats, NaN for a blank."""
        return self._numbers() | {key: told.objects() for key, told in self._told(lang).items()}

    def _told(self, lang: Lang) -> dict[str, Told]:
        return {"status": told_status(self.status, lang), "reason": self._reasons(lang)}

    def _numbers(self) -> dict[str, npt.NDArray[Any]]:
        found: dict[str, npt.NDArray[Any]] = {
            "chargeable_g": np.where(self.charge_mg > 0, self.charge_mg / MG_PER_GRAM, np.nan)
        }
        for key, part in zip(FEE_PARTS, self.parts, strict=True):
            there = self.freight_known if key == "logistics_fee_cny" else self.computed
            found[key] = yuan(part, there)
        found["total_fee_cny"] = yuan(self.total, self.freight_known)
        found["profit_cny"] = yuan(self.profit, self.profit_known)
        paid = self.table.columns["paid_cny"]
        known = self.profit_known & (paid > 0)
        found["margin"] = np.where(known, self.profit / np.where(known, paid, 1), np.nan)
        return found

    def frame(self, lang: Lang) -> pd.DataFrame:
        """The rows as they came, with the result columns appended under their keys.

        Result columns that the table brought along from an earlier run give way to the new.
        """
        raw = self.table.raw
        old = _earlier(raw)
        kept = raw.iloc[:, [at for at in range(raw.shape[1]) if at not in old]]
        told = {key: told.as_pandas() for key, told in self._told(lang).items()}
        results = pd.DataFrame({**self._numbers(), **told}, index=raw.index, copy=False)
        return pd.concat([kept, results], axis=1)

    def refused_rows(self, lang: Lang) -> pd.DataFrame:
        """row, column, value, message of the rows that have no result."""
        issues = self.table.issues.frame(lang)
        undated = np.flatnonzero((self.marks & Mark.NO_RULE) != 0)
        if not len(undated):
            return issues
        header = self.table.header.get("order_date", columns.column("orders", "order_date").key)
        seen = [np.datetime_as_string(day.astype("datetime64[D]")) for day in self.days[undated]]
        rows = self.table.issues.sheet_rows(undated)
        told = zip(rows, self.reasons(lang)[undated], strict=True)
        added = pd.DataFrame(
            {
                "row": rows,
                "column": header,
                "value": seen,
                "message": [WORDS("in_row", lang, row=row, what=what) for row, what in told],
            }
        )
        both = pd.concat([issues, added]) if len(issues) else added
        return both.sort_values("row", kind="stable", ignore_index=True)


def why_no_total(
    table: Table, marks: Marks, floors: Floors, figures: Figures, rows: Ints, lang: Lang
) -> list[str]:
    """Why some rows have no total, in words."""
    found = reasons(marks[rows], lang, {name: words[lang] for name, words in figures.items()})
    with_floors(found, marks[rows], Floors(floors.cents[rows], floors.mg[rows]), lang)
    refused = np.flatnonzero(np.isin(rows, table.issues.at))
    found.put(refused, table.issues.of_rows(rows[refused]).reasons(lang))
    texts: list[str] = found.objects().tolist()
    return texts


def _earlier(raw: pd.DataFrame) -> list[int]:
    """The places of an earlier run's result columns; a lone 状态 is the user's own."""
    for first in (max(raw.shape[1] - len(columns.OUTPUT), 0), 0):  # at the end, else anywhere
        with suppress(TableProblem):
            found = understand(raw.columns[first:], "results").places
            if set(FEE_PARTS) <= set(found):
                return [first + place.at for place in found.values()]
    return []


def yuan(cents: Ints, known: Mask) -> Floats:
    """Cents as a float amount, NaN where not known."""
    return np.where(known, cents / 100.0, np.nan)
