"""Options that several commands share, and what they stand for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import click
import pandas as pd

from sellersheet.cells import read_one
from sellersheet.columns import Column, Wrong, column
from sellersheet.days import date_of, epoch_day
from sellersheet.exchange import currency as code_of
from sellersheet.functions.ranges import CallTerms
from sellersheet.intake.doubts import Asked
from sellersheet.issues import CellProblem
from sellersheet.policy import load
from sellersheet.wording import Lang
from sellersheet_addin.cli.commands import FILE, ParamType, Whole, Word
from sellersheet_addin.cli.say import SAY, CallProblem
from sellersheet_addin.cli.side_files import SideFiles, renaming
from sellersheet_workbook.batch.one import Terms
from sellersheet_workbook.files.file_kind import PARQUETS, TEXTS, WORKBOOKS

READING: Final = ("column", "header_row", "currency", "per_order", "keep", "day_first")


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
    """The shared options asked for: policy, rates, costs, fx, as_of; sheets, encoding and those
    of ``READING``, how a table is read; and headers, how results are headed."""

    def option(*flags: str, code: str, **more: Any) -> Callable[..., Any]:
        return click.option(*flags, help=SAY(code, lang), **more)

    offered = {
        "policy": option("--policy", "policy_file", type=FILE, code="policy_option"),
        "rates": option("--rates", "rates_file", type=FILE, code="rates_option"),
        "costs": option("--costs", "costs_file", type=FILE, code="costs_help"),
        "fx": option("--fx", multiple=True, metavar="USD=7.1", code="fx_help"),
        "as_of": option("--as-of", metavar="DATE", code="as_of_help"),
        "sheets": option("--sheet", "sheets", metavar="NAME", multiple=True, code="sheet_help"),
        "encoding": option("--encoding", metavar="NAME", code="encoding_help"),
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


def last_arguments(terms: Terms, lang: Lang) -> dict[str, Any]:
    """The last arguments of a worksheet function: the day, and the policy with a language."""
    return {"as_of": terms.as_of, "policy": CallTerms(terms.policy, lang)}


def day(text: str | None) -> date | None:
    """A day of the command line; None when none is given."""
    if text is None:
        return None
    days = read_one(column("orders", "order_date"), text)
    return None if days is None else date_of(days)
