"""The files beside the orders that options name: rate card, exchange rates, costs of SKUs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypedDict

from sellersheet.cards import Card, fx_rates, read_card, shipped_card
from sellersheet.exchange import FxRates
from sellersheet.intake import vocabulary
from sellersheet.intake.doubts import Asked
from sellersheet.intake.grid import Grid
from sellersheet.intake.headers import TableProblem
from sellersheet.orders import SkuCosts
from sellersheet.policy import Policy
from sellersheet.tables import Table, read_table
from sellersheet.wording import Lang
from sellersheet_addin.cli.reading_told import show_side
from sellersheet_addin.cli.say import CallProblem
from sellersheet_workbook.files.reading import read_grid


class Left(TypedDict):
    """The fields of ``Asked`` that say which column a header stands for."""

    columns: dict[str, str]
    remembered: dict[str, str]


class SideFiles:
    """Reads the files beside the orders. What ``--column`` says counts in each file that has the
    header and can have the column; what no file beside has is left to the orders. With a
    language it is told how each file was read."""

    def __init__(self, given: tuple[str, ...], lang: Lang | None = None) -> None:
        self._lang = lang
        self._given = [(item, *_pair(item)) for item in given]
        self._taken: set[str] = set()

    def left_to(self, table: str) -> Left:
        """What is said of the table itself: headers it must have, and those that it may have
        because a file beside has them. A Problem for a column that no table read has."""
        must: dict[str, str] = {}
        may: dict[str, str] = {}
        for item, header, key in self._given:
            if vocabulary.is_column(key, table):
                (may if header in self._taken else must)[header] = key
            elif header not in self._taken:
                allowed = ", ".join(sorted(vocabulary.keys_of(table)))
                raise CallProblem("bad_mapping", value=item, allowed=allowed)
        return {"columns": must, "remembered": may}

    def card(self, path: Path | None, policy: Policy) -> Card:
        """The rate card of a file, or the shipped one; a card with a wrong row is a Problem."""
        if path is None:
            return shipped_card(policy)
        grid = read_grid(path, "rates")
        with _of_file(path):
            card = read_card(grid, asked=self._asked(grid, "rates"))
        if self._lang:
            show_side(path, card.table.fates, card.table.remarks, "rates", self._lang)
        if card.refused:
            count = int(card.issues("en")["refused"].sum())
            raise CallProblem("card_refused", path=path, count=count)
        return card

    def exchange(self, given: tuple[str, ...]) -> FxRates:
        """``USD=7.1`` options, or the name of one file with the columns of the table ``fx``."""
        if len(given) == 1 and "=" not in given[0] and Path(given[0]).exists():
            return fx_rates(self._sound_table(Path(given[0]), "fx"))
        rates: dict[str, str] = {}
        for item in given:
            word, sign, rate = item.partition("=")
            if not sign or word in rates:
                raise CallProblem("bad_fx", value=item)
            rates[word] = rate
        return FxRates.fixed(rates)

    def costs(self, path: Path | None, fx: FxRates) -> SkuCosts | None:
        """The cost of each SKU out of a file, in CNY."""
        return None if path is None else SkuCosts.of(self._sound_table(path, "sku_costs", fx))

    def _sound_table(self, path: Path, name: str, fx: FxRates | None = None) -> Table:
        """The table of a file without a single wrong row."""
        grid = read_grid(path, name)
        with _of_file(path):
            table = read_table(grid, name, fx=fx, asked=self._asked(grid, name))
        if self._lang:
            show_side(path, table.fates, table.remarks, name, self._lang)
        if table.issues:
            first = table.issues[0]
            raise CallProblem("table_refused", path=path, count=len(table.issues), issue=first)
        return table

    def _asked(self, grid: Grid, table: str) -> Asked:
        there = {vocabulary.header_text(cell) for row in grid.top for cell in row}
        said = {
            header: key
            for _, header, key in self._given
            if vocabulary.is_column(key, table) and vocabulary.header_text(header) in there
        }
        self._taken |= said.keys()
        return Asked(columns=said)


def renaming(given: tuple[str, ...], table: str) -> dict[str, str]:
    """``--column`` options: which column of the table each header of a file stands for."""
    return SideFiles(given).left_to(table)["columns"]


@contextmanager
def _of_file(path: Path) -> Iterator[None]:
    """A table that can't be read is told with its file: a command may read several."""
    try:
        yield
    except TableProblem as problem:
        raise CallProblem("of_file", file=path, text=problem) from problem


def _pair(item: str) -> tuple[str, str]:
    """Header and column of one ``HEADER=COLUMN``; "" for what is missing."""
    header, _, key = item.rpartition("=")
    return header.strip(), key.strip()
