"""What the command line shows: sentences, tables, those of worksheet functions too, numbers."""

from __future__ import annotations

import datetime as dt
import math
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from itertools import islice, zip_longest
from typing import TYPE_CHECKING, Any, Final

import click

from sellersheet.wording import Lang, Problem, Wording
from sellersheet_addin.cli.folding import WIDTH, columns_of, fold, longest_unit, width_of

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

SAY: Final = Wording("sellersheet_addin.cli", "cli.toml")
FIRST: Final = 5  # of many sentences
_GAP: Final = "  "
_NARROWEST: Final = 12  # a column of texts squeezed below this is no longer read
_TITLE: Final = 8  # and a title below this


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


class Refused(Problem):
    """A function's own sentence on why it gives nothing, in the language it was asked in."""

    def __init__(self, sentence: str) -> None:
        super().__init__("refused")
        self.sentence = sentence

    def text(self, lang: Lang) -> str:
        return self.sentence


def answered(table: list[list[Any]]) -> list[list[Any]]:
    """The table of a function; one that holds an error and its reason is a ``Refused``."""
    from sellersheet.functions.blocks import ERROR_NUMBERS

    if table[0][0] in ERROR_NUMBERS:
        raise Refused(str(table[0][-1]))
    return table


def show(table: list[list[Any]], lang: Lang) -> None:
    """A function's table with its header, its verdicts in words; a blank is a dash."""
    header, *rows = answered(table)
    show_table(
        [str(title) for title in header], [[_cell(cell, lang) for cell in row] for row in rows]
    )


def tell_first(sentences: Iterable[str], count: int) -> None:
    """The first of so many sentences, a line each, and that there are more."""
    for sentence in islice(sentences, FIRST):
        tell(f"  {sentence}")
    if count > FIRST:
        tell("  …")


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


@contextmanager
def bar() -> Iterator[Callable[[int, int, str], None]]:
    """Tells the steps done, how many there are and what comes next, where progress is shown."""
    bars = progress()
    if bars is None:
        yield lambda done, whole, text: None
        return
    with bars:
        shown = bars.add_task("", total=None)
        yield lambda done, whole, text: bars.update(
            shown, completed=done, total=whole, description=text
        )


def yuan(amount: Any) -> str:
    """An amount in CNY; a dash where it is not known."""
    return _amount("¥", amount)


def dollars(amount: Any) -> str:
    """An amount in USD; a dash where it is not known."""
    return _amount("$", amount)


def percent(share: Any, places: int = 1) -> str:
    """A share in per cent; a dash where it is not known."""
    return "—" if share is None or math.isnan(share) else f"{share:.{places}%}"


def _cell(cell: Any, lang: Lang) -> str:
    if cell is None or cell == "":
        return "—"
    if isinstance(cell, dt.datetime):
        return SAY("moment", lang, time=f"{cell:%Y-%m-%d %H:%M}")
    from sellersheet.functions.cases import told  # with pandas, which a question for help spares

    return told(str(cell), lang)


def _amount(sign: str, amount: Any) -> str:
    if amount is None or math.isnan(amount):
        return "—"
    minus = "-" if amount < 0 else ""
    return f"{minus}{sign}{abs(amount):,.2f}"


class CallProblem(Problem):
    """An option that can't be used."""

    wording = SAY


def require_any(given: dict[str, Any], command: str) -> None:
    """A CallProblem where none of a command's options is given."""
    if all(value is None or value == () for value in given.values()):
        raise CallProblem("nothing_asked", command=command)


def table_lines(
    titles: list[str],
    rows: list[list[str]],
    width: int,
    right: frozenset[int] = frozenset(),
    whole: frozenset[int] = frozenset(),
) -> list[str]:
    """The lines of a table of at most ``width`` columns.

    One too wide for that, however its texts are broken, is told a row at a time.

    Args:
        right: the places of columns aligned to the right, which are not broken.
        whole: those of other columns that are not broken.
    """
    widths = _widths([titles, *rows], width, right | whole)
    if widths is None:
        return _by_rows(titles, rows, width)
    rule = ["─" * wide for wide in widths]
    lines = ["", *_row(titles, widths, right), _GAP.join(rule).replace(" ", "─")]
    for row in rows:
        lines += _row(row, widths, right)
    return [*lines, ""]


def _widths(rows: list[list[str]], width: int, kept: frozenset[int]) -> list[int] | None:
    """Of each column: its longest cell, cut down until all fit: first the titles over the
    columns in ``kept``, then the widest texts."""
    columns = list(zip(*rows, strict=True))
    widths = [max(map(_longest, column)) for column in columns]
    least = [
        max(min(wide, _NARROWEST), *map(longest_unit, column))
        for wide, column in zip(widths, columns, strict=True)
    ]
    for place in kept:
        least[place] = max(map(_longest, columns[place][1:]), default=0)
        least[place] = max(least[place], min(_TITLE, widths[place]))
    for _ in range(sum(widths) + len(_GAP) * (len(widths) - 1) - width):
        free = [place for place, wide in enumerate(widths) if wide > least[place]]
        if not free:
            return None
        widths[max(free, key=lambda place: (place in kept, widths[place]))] -= 1
    return widths


def _longest(cell: str) -> int:
    return max(map(columns_of, cell.split("\n")))


def _row(cells: list[str], widths: list[int], right: frozenset[int]) -> list[str]:
    folded = [fold(cell, wide) for cell, wide in zip(cells, widths, strict=True)]
    lines = []
    for pieces in zip_longest(*folded, fillvalue=""):
        padded = []
        for place, piece in enumerate(pieces):
            blank = " " * (widths[place] - columns_of(piece))
            padded.append(blank + piece if place in right else piece + blank)
        lines.append(_GAP.join(padded).rstrip())
    return lines


def _by_rows(titles: list[str], rows: list[list[str]], width: int) -> list[str]:
    """Of each row its first cell, then every other one after its title."""
    lines = []
    for first, *cells in rows:
        lines += ["", *fold(first, width)]
        for title, cell in zip(titles[1:], cells, strict=True):
            if cell not in ("", "—"):
                lines += fold(f"  {title}  {cell}", width, hang=4)
    return [*lines, ""]
