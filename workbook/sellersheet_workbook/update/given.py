"""What an update is given: a port to the program or the file that holds the tables, and the terms
that these tables make."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol, get_args

import pandas as pd

from sellersheet.cards import Card, fx_rates, own_values, read_card
from sellersheet.cells import read_one
from sellersheet.columns import column
from sellersheet.exchange import FxRates
from sellersheet.intake.grid import Beside, Grid, grid_of_frame
from sellersheet.intake.headers import TableProblem, places
from sellersheet.issues import CellProblem
from sellersheet.orders import SkuCosts
from sellersheet.policy import Policy
from sellersheet.tables import Table, read_table
from sellersheet.wording import LANGS, Lang
from sellersheet_workbook.problems import UPDATE, UpdateProblem

if TYPE_CHECKING:
    from sellersheet_workbook.batch.one import Terms

GivenTable = Literal["orders", "rates", "overrides", "sku_costs", "fx", "closed"]
MadeTable = Literal["summary", "refused", "kept", "log"]
Name = GivenTable | MadeTable
GIVEN: Final[tuple[GivenTable, ...]] = get_args(GivenTable)
MADE: Final[tuple[MadeTable, ...]] = get_args(MadeTable)

Columns = Mapping[str, Sequence[Any]]
_FIELDS: Final[tuple[tuple[GivenTable, str, str], ...]] = (
    ("overrides", "own_policy", "policy"),
    ("rates", "rates", "card"),
    ("fx", "fx", "fx"),
    ("sku_costs", "costs", "sku_costs"),
)
_MONTH: Final = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})月?|(\d{2}))", re.ASCII)


class Port(Protocol):
    """Tables by name, and a place to tell the user how it goes."""

    def read_table(self, name: GivenTable) -> pd.DataFrame | None:
        """The table under its headers, None where there is none.

        The index are the rows' numbers as the user sees them, without gaps.
        """

    def beside(self, name: GivenTable) -> Beside:
        """What the values of that table can't say; rows and columns from its header, from 0."""

    def write_columns(self, name: GivenTable, columns: Columns) -> None:
        """Whole columns by header, a None for a blank cell; a header that is new is added."""

    def write_table(self, name: MadeTable, frame: pd.DataFrame) -> None:
        """The table in the place of the one that stands there."""

    def append_log(self, row: Mapping[str, Any]) -> None:
        """One more row in the table ``log``."""

    def progress(self, done: int, total: int, text: str) -> None:
        """How many of the steps are done, and what comes next."""

    def message(self, text: str) -> None:
        """A sentence for the user."""


def terms_of(port: Port, terms: Terms, lang: Lang) -> Terms:
    """The terms with the tables of the port in them.

    A table of rates, costs or exchange rates gives way to what the user named for this
    run; own values of the table come on top of the policy. A wrong row in one of these
    tables is an UpdateProblem: with it every order would be in doubt.
    """
    named = {code for code, _ in terms.given}
    changed: dict[str, Any] = {}
    told = list(terms.given)
    for name, code, field in _FIELDS:
        frame = None if code in named and name != "overrides" else filled_table(port, name)
        if frame is not None:
            rows = frame.reset_index(drop=True)
            grid = grid_of_frame(rows, first_row(frame), beside=port.beside(name))
            known = dataclasses.replace(terms, **changed)  # costs take the exchange rates
            try:
                changed[field] = _read(name, grid, known, lang)
            except TableProblem as problem:
                raise UpdateProblem("unread_table", table=name, issue=problem) from problem
            told.append((code, UPDATE(f"table_{name}", lang)))
    return dataclasses.replace(terms, **changed, given=tuple(told))


def filled_table(port: Port, name: GivenTable) -> pd.DataFrame | None:
    """The table; None where there is none or where it has a header only."""
    frame = port.read_table(name)
    if frame is None:
        return None
    blank = frame.isna() | (frame == "").fillna(value=False)
    return None if blank.all(axis=None) else frame


def first_row(frame: pd.DataFrame) -> int:
    """The number of the first row as the user sees it."""
    return int(frame.index[0]) if len(frame) else 2


def closed_months(port: Port, more: Iterable[str]) -> frozenset[str]:
    """The closed months, as 2024-09: those of the table and ``more``."""
    found = {_month(text) for text in more}
    frame = filled_table(port, "closed")
    if frame is not None:
        # A list of months needs no header: then it is the first column, from its first cell on.
        column = frame.iloc[:, places(frame.columns, "closed").get("month", 0)].astype(object)
        cells = column[column.notna()].tolist()
        found |= {_month(cell) for cell in cells if not places([cell], "closed")}
    return frozenset(found - {""})


def _month(cell: Any) -> str:
    """A month in any usual form, or the month of a day; "" for a blank."""
    text = unicodedata.normalize("NFKC", str(cell)).strip()
    if isinstance(cell, float) and cell.is_integer():
        text = str(int(cell))
    written = _MONTH.fullmatch("".join(text.split()))
    if written and 1 <= (month := int(written[2] or written[3])) <= 12:
        return f"{written[1]}-{month:02}"
    try:
        day = read_one(column("orders", "order_date"), cell)
    except CellProblem:
        raise UpdateProblem("bad_month", value=text) from None
    if day is None:
        return ""
    return f"{dt.date(1970, 1, 1) + dt.timedelta(days=day):%Y-%m}"


def _read(name: GivenTable, grid: Grid, terms: Terms, lang: Lang) -> Any:
    if name == "overrides":
        return _with_own_values(terms.policy, grid, lang)
    if name == "rates":
        return _card(grid)
    if name == "fx":
        return fx_rates(_sound(grid, name))
    return SkuCosts.of(_sound(grid, name, terms.fx))


def _card(grid: Grid) -> Card:
    card = read_card(grid)
    if card.refused:
        told = {lang: card.issues(lang) for lang in LANGS}
        told = {lang: issues[issues["refused"]] for lang, issues in told.items()}
        first = _Said({lang: str(issues["message"].iloc[0]) for lang, issues in told.items()})
        raise UpdateProblem("wrong_rows", table="rates", count=len(told["zh"]), issue=first)
    return card


class _Said:
    """A sentence that is already put in both languages."""

    def __init__(self, words: dict[Lang, str]) -> None:
        self._words = words

    def text(self, lang: Lang) -> str:
        return self._words[lang]


def _sound(grid: Grid, name: GivenTable, fx: FxRates | None = None) -> Table:
    """The table, when none of its rows is wrong."""
    table = read_table(grid, name, fx=fx)
    if table.issues:
        issue = table.issues[0]
        raise UpdateProblem("wrong_rows", table=name, count=len(table.issues), issue=issue)
    return table


def _with_own_values(policy: Policy, grid: Grid, lang: Lang) -> Policy:
    """The policy with the rows that give a value; a row without one leaves it as it is."""
    found = own_values(grid)
    if found.wrong:
        count, issue = len(found.wrong), found.wrong[0]
        raise UpdateProblem("wrong_rows", table="overrides", count=count, issue=issue)
    return policy.with_overrides(found.rows, UPDATE("table_overrides", lang))
