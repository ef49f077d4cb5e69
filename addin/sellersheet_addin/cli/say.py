"""What the command line shows: sentences, tables, numbers."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import click

from sellersheet.wording import Wording

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress
    from rich.table import Table

SAY: Final = Wording("sellersheet_addin.cli", "cli.toml")


def complain(sentence: str) -> None:
    """A problem, on standard error."""
    click.secho(sentence, fg="red", err=True)


@cache
def console() -> Console:
    """Standard output with tables; plain text when it is not a terminal."""
    from rich.console import Console

    return Console(highlight=False, soft_wrap=False)


def progress() -> Progress:
    """Progress bars on standard error; nothing where that is not a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )


def grid(titles: list[str], rows: list[list[str]], *, right: set[int] = frozenset()) -> Table:  # type: ignore[assignment]
    """A table with the columns in ``right`` aligned to the right."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for place, title in enumerate(titles):
        table.add_column(title, justify="right" if place in right else "left", overflow="fold")
    for row in rows:
        table.add_row(*row)
    return table


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
