"""Totals of partitions, kept in cents until all of them are added up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from sellersheet.orders import OrderResults, Status
from sellersheet.summary import By, in_yuan, rows_added_up, sums_by, total_of
from sellersheet.wording import Lang

BY: Final[tuple[By, ...]] = ("month", "country")


@dataclass(frozen=True)
class Sums:
    """Sums in cents by month and country; how many rows there were and were refused."""

    cents: pd.DataFrame
    rows: int
    refused: int

    @classmethod
    def nothing(cls) -> Sums:
        """Of no row at all."""
        return cls(pd.DataFrame(), 0, 0)


@dataclass(frozen=True)
class Totals:
    """The totals of all orders and by group: the columns ``summary``."""

    rows: int
    refused: int
    whole: pd.DataFrame
    by: dict[By, pd.DataFrame]

    def table(self) -> pd.DataFrame:
        """All in one, under the keys of the columns: the whole (``by`` all), then the groups."""
        named = [self.whole.assign(by="all")]
        named += [frame.assign(by=name) for name, frame in self.by.items()]
        return pd.concat(named, ignore_index=True).loc[:, ["by", *self.whole.columns]]


def sums_of(results: OrderResults, lang: Lang) -> Sums:
    """The sums of one table."""
    sums = rows_added_up(results, lang, month="month", country="country")
    rows = int((results.status != Status.EMPTY).sum())
    return Sums(sums, rows, int(results.refused.sum()))


def added(parts: Sequence[Sums]) -> Sums:
    """The sums of several."""
    cents = pd.concat([part.cents for part in parts], ignore_index=True)
    rows, refused = sum(part.rows for part in parts), sum(part.refused for part in parts)
    return Sums(cents if cents.empty else sums_by(cents, *BY), rows, refused)


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
    return Totals(sums.rows, sums.refused, total_of(sums.cents, lang), by)
