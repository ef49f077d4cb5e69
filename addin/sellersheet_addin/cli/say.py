"""What the command line shows: sentences, tables, numbers."""

from __future__ import annotations

import math
import os
import sys
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import click

from sellersheet.wording import Problem, Wording
from sellersheet_addin.cli.folding import WIDTH, fold, width_of
from sellersheet_addin.cli.table_text import table_lines

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

SAY: Final = Wording("sellersheet_addin.cli", "cli.toml")


def complain(sentence: str) -> None:
    """A problem, on standard error; folded where a terminal shows it."""
    plain = False if os.environ.get("NO_COLOR") else None
    width = width_of(sys.stderr)
    lines = sentence if width is None else "\n".join(fold(sentence, width))
    click.secho(lines, fg="red", err=True, color=plain)


def tell(sentence: str, style: str | None = None, *, whole: bool = False) -> None:
    """A sentence on standard output: one line in a file or a pipe, folded in a terminal.

    Args:
        whole: a line to be copied, which a terminal doesn't fold either.
    """
    width = None if whole else width_of(sys.stdout)
    lines = sentence if width is None else "\n".join(fold(sentence, width))
    console().print(lines, style=style, markup=False, soft_wrap=True)


def show_table(
    titles: list[str],
    rows: list[list[str]],
    *,
    right: frozenset[int] = frozenset(),
    whole: frozenset[int] = frozenset(),
) -> None:
    """A table on standard output: columns in ``right`` aligned so, in ``whole`` not broken."""
    width = width_of(sys.stdout) or WIDTH
    tell("\n".join(table_lines(titles, rows, width, right, whole)), whole=True)


@cache
def console() -> Console:
    """Standard output; plain text when it is not a terminal."""
    from rich.console import Console

    class Output(Console):
        def on_broken_pipe(self) -> None:
            raise BrokenPipeError

    return Output(highlight=False)


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
