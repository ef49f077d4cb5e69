"""What a spreadsheet program does for an action: blocks of cells read and written by place.

This is all that Excel's and LibreOffice's sides have to implement; the choice of tables, the
undo and the words are the same for both.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Concatenate, ParamSpec, Protocol, TypeAlias, TypeVar

from sellersheet.wording import Lang, Problem, in_a_sheet
from sellersheet_workbook.patch.areas import Area
from sellersheet_workbook.problems import HostProblem

P = ParamSpec("P")


class Typed(str):
    """A text that the program understands as if it were typed: a formula, or an error value.

    Every other text is written as text, also one that looks like a formula or a number.
    """

    __slots__ = ()


# A day is its number as Excel counts days, an error its code such as "#N/A".
Cell: TypeAlias = bool | int | float | str | None
Rows: TypeAlias = Sequence[Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Listed:
    """An Excel table with a header row; ``area`` has the header and, with ``totals``, its row."""

    name: str
    sheet: str
    area: Area
    totals: bool = False


class Program(Protocol):
    """The workbook in front of the user. Whatever fails is an exception of any kind."""

    lang: Lang
    title: str
    """The workbook's name as the program shows it."""
    path: Path | None
    """Where it is saved on this computer; None where it is not."""
    comma: str
    """What parts the arguments in the formulas that it tells and takes."""
    folder: Path
    """Where what stood before a change is kept: the user's own folder."""

    def sheets(self) -> Sequence[str]:
        """The names of the worksheets."""

    def tables(self) -> Sequence[Listed]:
        """The Excel tables that have a header row."""

    def used(self, sheet: str) -> Area | None:
        """The block that holds all that is filled, hidden or not; None on a blank sheet."""

    def protected(self, sheet: str) -> bool:
        """Whether the sheet lets nothing be written."""

    def filtered(self, sheet: str) -> bool:
        """Whether a filter hides rows and the program would not write those as asked."""

    def spilled(self, sheet: str, area: Area) -> Area | None:
        """A cell in the area that the formula of another cell fills; None for none.

        What is written into it would stop that formula.
        """

    def values(self, sheet: str, area: Area) -> Rows:
        """What the cells show."""

    def shown_formats(self, sheet: str, area: Area) -> Sequence[tuple[Area, str]]:
        """The number formats of the cells, each with a part of the area that has it; parts
        that have the usual one may be left out."""

    def number_formats(self, sheet: str, area: Area) -> Sequence[tuple[Area, str]]:
        """The same, with every part of the area and every format: ``General``, ``@`` for text."""

    def merged(self, sheet: str, area: Area) -> Sequence[Area]:
        """The areas of merged cells that meet the area."""

    def contents(self, sheet: str, area: Area) -> Rows:
        """What the cells hold: formulas and error values as an Entry.

        A cell that the formula of another one fills holds an empty Entry.
        """

    def write(self, sheet: str, area: Area, rows: Rows) -> None:
        """Write the block in one go."""

    def fill_down(self, sheet: str, area: Area) -> None:
        """Copy the first row of the area, formulas and formats, to its other rows."""

    def set_format(self, sheet: str, area: Area, code: str) -> None:
        """Give the cells a number format such as ``0.00%``."""

    def dress_header(self, sheet: str, area: Area) -> None:
        """Give the cells of an added sheet the template's look of a header, its columns room."""

    def resize_table(self, name: str, area: Area) -> None:
        """Let the Excel table have this area, its header included."""

    def add_sheet(self, name: str) -> None:
        """Add a blank worksheet at the end; the user's own stays in front."""

    def remove_sheet(self, name: str) -> None:
        """Take a worksheet away without asking."""

    def changing(self) -> AbstractContextManager[None]:
        """A block of changes: the screen stands still, and all is as it was at the end."""

    def save_copy(self, folder: Path) -> Path:
        """A copy of the workbook as it stands, in the folder; the workbook itself stays."""

    def evaluate(self, formula: str) -> Cell:
        """What a formula gives, without a cell."""

    def progress(self, done: int, total: int, text: str) -> None:
        """How many of the steps are done, and what comes next."""

    def message(self, text: str) -> None:
        """The one message at the end."""

    def offer(self, path: Path, question: str) -> None:
        """Let the message at the end ask whether this workbook is to be opened."""


ProgramT = TypeVar("ProgramT", bound=Program)


def short(error: Exception) -> str:
    """What a program says of a failure, in one line."""
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text[:200]}" if text else type(error).__name__


def told(
    run: Callable[Concatenate[ProgramT, P], str],
) -> Callable[Concatenate[ProgramT, P], bool]:
    """The action as the menu calls it: its sentence or its problem is the message.

    Whether it was done.
    """

    @wraps(run)
    def action(program: ProgramT, /, *args: P.args, **more: P.kwargs) -> bool:
        done = False
        with in_a_sheet():
            try:
                sentence = run(program, *args, **more)
                done = True
            except Problem as problem:
                sentence = problem.text(program.lang)
            except Exception as error:
                sentence = HostProblem("unexpected", detail=short(error)).text(program.lang)
        program.message(sentence)
        return done

    return action
