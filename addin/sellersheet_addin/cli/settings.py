"""Options that several commands share, and what they stand for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, TypedDict

import click
import pandas as pd

from sellersheet.cards import Card, fx_rates, read_card, shipped_card
from sellersheet.cells import read_one
from sellersheet.columns import Column, Wrong, column
from sellersheet.days import date_of, epoch_day
from sellersheet.exchange import FxRates
from sellersheet.exchange import currency as code_of
from sellersheet.functions.ranges import CallTerms
from sellersheet.intake import vocabulary
from sellersheet.intake.doubts import Asked
from sellersheet.intake.grid import Grid
from sellersheet.intake.headers import TableProblem
from sellersheet.issues import CellProblem
from sellersheet.orders import SkuCosts
from sellersheet.policy import Policy, load
from sellersheet.tables import Table, read_table
from sellersheet.wording import Lang
from sellersheet_addin.cli.commands import ParamType, Whole, Word
from sellersheet_addin.cli.reading_told import show_side
from sellersheet_addin.cli.say import SAY, CallProblem
from sellersheet_workbook.batch.one import Terms
from sellersheet_workbook.files.file_kind import PARQUETS, TEXTS, WORKBOOKS
from sellersheet_workbook.files.reading import read_grid


class Value(ParamType):
    """An option read as a cell of a column is read: ¥88.1, 3.5%, 2024/7/5, 西班牙."""

    def __init__(self, item: Column, lang: Lang) -> None:
        self.item, self.lang = item, lang
        self.name = item.key

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        if self.item.kind == "money":
            return "$" if self.item.unit == "USD" else "¥"
        return {"rate": "%", "date": "DATE", "yes_no": "Y/N"}.get(
            self.item.kind, self.item.unit.upper() or "TEXT"
        )

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The value as it was given, once it is known to be readable."""
        try:
            read_one(self.item, value)
        except CellProblem as problem:
            if problem.wrong is Wrong.NO_RATE:  # --fx may stand further on in the line
                return value
            self.fail(problem.text(self.lang), param, ctx)
        return value


def value_option(
    table: str, key: str, flag: str | tuple[str, ...], lang: Lang, **more: Any
) -> Callable[..., Any]:
    """An option for one column, its help the column's own; of several flags the first is shown."""
    item = column(table, key)
    flags = (flag,) if isinstance(flag, str) else flag
    kind = Words(item, lang) if item.kind in ("range", "moment") else Value(item, lang)
    return click.option(*flags, key, type=kind, help=item.help(lang), **more)


def text_option(key: str, flag: str, lang: Lang, **more: Any) -> Callable[..., Any]:
    """An option for an argument of a worksheet function that is any text."""
    help_text = column("arguments", key).help(lang)
    return click.option(flag, key, help=help_text, **{"metavar": "TEXT", **more})


def value_options(
    table: str,
    flags: Mapping[str, str | tuple[str, ...]],
    lang: Lang,
    *,
    required: Collection[str] = (),
    multiple: Collection[str] = (),
) -> Callable[..., Any]:
    """An option for each of the columns, in their order."""
    return chained(
        value_option(table, key, flag, lang, required=key in required, multiple=key in multiple)
        for key, flag in flags.items()
    )


def chained(options: Iterable[Callable[..., Any]]) -> Callable[..., Any]:
    """Adds the options to a command, the first of them on top."""

    def add(command: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed([*options]):
            command = option(command)
        return command

    return add


class Words(Value):
    """An option that a worksheet function reads: a time, or one of several figures."""

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        return "TIME" if self.item.kind == "moment" else "%"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return value


def shared(lang: Lang, *names: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The shared options asked for: policy, rates, costs, fx, as_of, and how a table is read:
    column, header_row, currency, per_order, keep, day_first; and headers, how results are
    headed."""
    file = click.Path(path_type=Path)

    def option(*flags: str, code: str, **more: Any) -> Callable[..., Any]:
        return click.option(*flags, help=SAY(code, lang), **more)

    offered = {
        "policy": option("--policy", "policy_file", type=file, code="policy_option"),
        "rates": option("--rates", "rates_file", type=file, code="rates_option"),
        "costs": option("--costs", "costs_file", type=file, code="costs_help"),
        "fx": option("--fx", multiple=True, metavar="USD=7.1", code="fx_help"),
        "as_of": option("--as-of", metavar="DATE", code="as_of_help"),
        "column": option(
            "--column", "columns", multiple=True, metavar="HEADER=COLUMN", code="batch_column_help"
        ),
        "header_row": option(
            "--header-row", type=Whole(1, 100, lang), metavar="N", code="header_row_help"
        ),
        "currency": option("--currency", metavar="USD", default="", code="currency_help"),
        "per_order": option("--per-order", multiple=True, metavar="HEADER", code="per_order_help"),
        "keep": option("--keep", is_flag=True, code="keep_help"),
        "headers": option("--headers", type=Word(("key", "title"), lang), code="headers_help"),
        "day_first": option("--day-first", is_flag=True, code="day_first_help"),
    }
    return chained(offered[name] for name in names)


def settings(
    *,
    policy_file: Path | None = None,
    rates_file: Path | None = None,
    costs_file: Path | None = None,
    fx: tuple[str, ...] = (),
    as_of: str | None = None,
    lang: Lang | None = None,
    **table: Any,
) -> Terms:
    """What the shared options stand for; a wrong one is a Problem. Without a day: today.
    With a language it is told how the files beside the orders were read."""
    given = {"own_policy": policy_file, "rates": rates_file, "costs": costs_file}
    told = [(code, str(file)) for code, file in given.items() if file]
    if fx:
        told.append(("fx", ", ".join(fx)))
    policy = load(policy_file)
    columns = table.pop("columns", ())
    beside = SideFiles(columns, lang)
    card, rates = beside.card(rates_file, policy), beside.exchange(fx)
    costs = beside.costs(costs_file, rates)
    return Terms(
        policy=policy,
        card=card,
        fx=rates,
        sku_costs=costs,
        as_of=day(as_of) or date.today(),
        given=tuple(told),
        asked=replace(asked(**table), **beside.left_to("orders")),
        said=columns,
    )


def asked(
    *,
    columns: tuple[str, ...] = (),
    header_row: int | None = None,
    currency: str = "",
    per_order: tuple[str, ...] = (),
    keep: bool = False,
    day_first: bool = False,
    table: str = "orders",
) -> Asked:
    """What the options of reading stand for; a wrong one is a Problem."""
    code = code_of(currency) if currency else ""
    if currency and not code:
        raise CallProblem("bad_currency", value=currency)
    return Asked(
        columns=renaming(columns, table),
        header_row=header_row,
        currency=code,
        per_order=per_order,
        keep=keep,
        day_first=True if day_first else None,
        today=epoch_day(date.today()),
    )


def has_sheets(option: str, given: object, path: Path) -> None:
    """A CallProblem where a sheet is asked for of a file that has none."""
    if given and path.suffix.lower() in (*TEXTS, *PARQUETS):
        raise CallProblem("no_sheets_there", option=option, path=path)


def has_encoding(given: str | None, *paths: Path) -> None:
    """A CallProblem where an encoding is given and none of the files is a text."""
    if given and {path.suffix.lower() for path in paths} <= {*WORKBOOKS, *PARQUETS}:
        raise CallProblem("no_encoding_there", path=paths[0])


def one_row(given: dict[str, Any]) -> pd.DataFrame:
    """The values of options as a table of one row."""
    return pd.DataFrame({key: pd.Series([value], dtype=object) for key, value in given.items()})


def rules(terms: Terms, lang: Lang) -> dict[str, Any]:
    """The last arguments of a worksheet function: the day, and the policy with a language."""
    return {"as_of": terms.as_of, "policy": CallTerms(terms.policy, lang)}


def renaming(given: tuple[str, ...], table: str) -> dict[str, str]:
    """``--column`` options: which column of the table each header of a file stands for."""
    return SideFiles(given).left_to(table)["columns"]


def day(text: str | None) -> date | None:
    """A day of the command line; None when none is given."""
    if text is None:
        return None
    days = read_one(column("orders", "order_date"), text)
    return None if days is None else date_of(days)


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
