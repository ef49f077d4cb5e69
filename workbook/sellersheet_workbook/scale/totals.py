"""Totals of partitions, kept in cents until all of them are added up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import pandas as pd

from sellersheet.intake.doubts import Remark, merged
from sellersheet.intake.order_lines import REPEATED
from sellersheet.orders import Counts, OrderResults
from sellersheet.summary import By, in_yuan, rows_added_up, sums_by, total_of
from sellersheet.wording import Lang

BY: Final[tuple[By, ...]] = ("month", "country")


@dataclass(frozen=True)
class Sums:
    """Sums in cents by month and country; what became of the rows, and what has to be known
    of them by their file, of those of all files under ""."""

    cents: pd.DataFrame
    counts: Counts
    remarks: Mapping[str, tuple[Remark, ...]] = field(default_factory=dict)

    @classmethod
    def nothing(cls) -> Sums:
        """Of no row at all."""
        return cls(pd.DataFrame(), Counts())


@dataclass(frozen=True)
class Totals:
    """The totals of all orders and by group: the columns ``summary``. ``remarks`` as in
    ``Sums``."""

    counts: Counts
    remarks: Mapping[str, tuple[Remark, ...]]
    whole: pd.DataFrame
    by: dict[By, pd.DataFrame]

    def table(self) -> pd.DataFrame:
        """All in one, under the keys of the columns: the whole (``by`` all), then the groups."""
        named = [self.whole.assign(by="all")]
        named += [frame.assign(by=name) for name, frame in self.by.items()]
        return pd.concat(named, ignore_index=True).loc[:, ["by", *self.whole.columns]]


def sums_of(results: OrderResults, lang: Lang, remarks: Mapping[str, tuple[Remark, ...]]) -> Sums:
    """The sums of one table, of which ``remarks`` are those of its files."""
    sums = rows_added_up(results, lang, month="month", country="country")
    table = results.table
    repeated = [remark for remark in table.remarks if remark.code == REPEATED]
    of_all = (*repeated, *results.remarks[len(table.remarks) :])
    return Sums(sums, results.counts, {**remarks, "": of_all})


def added(parts: Sequence[Sums]) -> Sums:
    """The sums of several."""
    cents = pd.concat([part.cents for part in parts], ignore_index=True)
    counts = sum((part.counts for part in parts), Counts())
    remarks: dict[str, tuple[Remark, ...]] = {}
    for part in parts:
        for source, more in part.remarks.items():
            remarks[source] = merged((*remarks.get(source, ()), *more))
    return Sums(cents if cents.empty else sums_by(cents, *BY), counts, remarks)


def totals(sums: Sums, lang: Lang) -> Totals:
    """The sums in yuan, whole and by group."""
    by: dict[By, pd.DataFrame] = {}
    for name in BY:
        grouped = sums.cents.drop(columns=[other for other in BY if other != name])
        shown = in_yuan(sums_by(grouped.rename(columns={name: "group"}), "group"), name)
        if name == "month":  # undated rows last
            undated = ~shown["group"].str[:1].str.isdigit()
            shown = pd.concat([shown[~undated], shown[undated]], ignore_index=True)
        by[name] = shown
    return Totals(sums.counts, sums.remarks, total_of(sums.cents, lang), by)
