"""What the command line shows: sentences, tables, numbers."""

from __future__ import annotations

import math
import os
import sys
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Literal

import click

from sellersheet.wording import Problem, Wording

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

SAY: Final = Wording("sellersheet_addin.cli", "cli.toml")
_WIDTH: Final = 120  # of tables where there is no terminal


def complain(sentence: str) -> None:
    """A problem, on standard error."""
    plain = False if os.environ.get("NO_COLOR") else None
    click.secho(sentence, fg="red", err=True, color=plain)


def tell(sentence: str, style: str | None = None) -> None:
    """A sentence on standard output, as it is: never cut or broken into lines."""
    console().print(sentence, style=style, markup=False, soft_wrap=True)


def show_table(
    titles: list[str],
    rows: list[list[str]],
    *,
    right: frozenset[int] = frozenset(),
    whole: frozenset[int] = frozenset(),
) -> None:
    """A table on standard output: columns in ``right`` aligned so, in ``whole`` not broken."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for place, title in enumerate(titles):
        justify: Literal["left", "right"] = "right" if place in right else "left"
        one_line = place in right | whole
        table.add_column(title, justify=justify, overflow="fold", no_wrap=one_line)
    for row in rows:
        table.add_row(*map(Text, row))
    console().print(table)


@cache
def console() -> Console:
    """Standard output; plain text of a fixed width when it is not a terminal."""
    from rich.console import Console

    class Output(Console):
        def on_broken_pipe(self) -> None:
            raise BrokenPipeError

    out = Output(highlight=False)
    if not out.is_terminal and "COLUMNS" not in os.environ:
        out.width = _WIDTH
    return out


def progress() -> Progress | None:
    """Progress bars on standard error; None where that is not a terminal."""
    if not sys.stderr.isatty():
        return None
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    words = TextColumn("{task.description}", markup=False)
    out = Console(stderr=True)
    return Progress(words, BarColumn(), TimeElapsedColumn(), console=out, transient=True)


def yuan(amount: Any) -> str:
    """An amount in CNY; a dash where it is not known."""
    return _amount("¥", amount)


def dollars(amount: Any) -> str:
    """An amount in USD; a dash where it is not known."""
    return _amount("$", amount)


def percent(share: Any, places: int = 1) -> str:
    """A share in per cent; a dash where it is not known."""
    return "—" if share is None or math.isnan(share) else f"{share:.{places}%}"


def _amount(sign: str, amount: Any) -> str:
    if amount is None or math.isnan(amount):
        return "—"
    minus = "-" if amount < 0 else ""
    return f"{minus}{sign}{abs(amount):,.2f}"


class CallProblem(Problem):
    """An option that can't be used."""

    wording = SAY
