"""The workbook open in LibreOffice, as an action sees it: every call is asked over the pipe."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sellersheet.wording import Lang, system_language
from sellersheet_addin.libreoffice.extension import wire
from sellersheet_addin.tasks import Kinds
from sellersheet_workbook.files.book import DARK
from sellersheet_workbook.host import Cell, Listed, Rows, Typed
from sellersheet_workbook.keeping import user_folder
from sellersheet_workbook.patch.areas import Area
from sellersheet_workbook.update.new_sheets import FIRST_WIDTH, HEADER_HEIGHT, OTHER_WIDTH

_CHARACTER, _POINT = 190, 35.28  # in hundredths of a millimetre


class NotDone(Exception):
    """LibreOffice let something not be done; its words."""


class OpenBookProgram:
    """Blocks of cells go over whole; text never becomes a formula."""

    comma = ";"

    def __init__(self, pipe: wire.Pipe, title: str, path: str | None) -> None:
        self._pipe = pipe
        self.lang: Lang = system_language()
        self.path = Path(path) if path else None
        self.title: str = self.path.name if self.path else title
        self.folder = user_folder()
        self.said = ""
        self.offered: list[str] = []

    def sheets(self) -> Sequence[str]:
        """The names of the worksheets."""
        ((names,),) = self._ask("sheets")
        return [str(name) for name in names]

    def tables(self) -> Sequence[Listed]:
        """The Excel tables that have a header row: LibreOffice's database ranges."""
        found = self._ask("tables")
        return [
            Listed(name, sheet, Area(*map(int, area)), totals)
            for name, sheet, *area, totals in (found[0] if found else ())
        ]

    def used(self, sheet: str) -> Area | None:
        """The block that holds all that is filled."""
        found = self._ask("used", sheet)
        return Area(*map(int, found)) if found else None

    def protected(self, sheet: str) -> bool:
        """Whether the sheet lets nothing be written."""
        return bool(self._ask("protected", sheet)[0])

    def filtered(self, sheet: str) -> bool:
        """LibreOffice writes every row of a block, hidden or not."""
        return False

    def spilled(self, sheet: str, area: Area) -> Area | None:
        """LibreOffice keeps such a formula as an array and refuses to write into a part of it."""
        return None

    def values(self, sheet: str, area: Area) -> Rows:
        """What the cells show: days as numbers, errors by their codes."""
        return _shown(self._ask("values", sheet, *area)[0])

    def shown_formats(self, sheet: str, area: Area) -> Sequence[tuple[Area, str]]:
        """The number formats of the cells, each with a part of the area that has it."""
        return self._formats("shown_formats", sheet, area)

    def number_formats(self, sheet: str, area: Area) -> Sequence[tuple[Area, str]]:
        """Every number format of the cells, each with a part of the area that has it."""
        return self._formats("number_formats", sheet, area)

    def merged(self, sheet: str, area: Area) -> Sequence[Area]:
        """The areas of merged cells that meet the area."""
        found = self._ask("merged", sheet, *area)
        return [Area(*map(int, place)) for place in (found[0] if found else ())]

    def _formats(self, which: str, sheet: str, area: Area) -> Sequence[tuple[Area, str]]:
        found = self._ask(which, sheet, *area)
        return [(Area(*map(int, part)), code) for *part, code in (found[0] if found else ())]

    def contents(self, sheet: str, area: Area) -> Rows:
        """What the cells hold: formulas as an Entry, an error value as the formula it is here."""
        shown, formulas = self._ask("contents", sheet, *area)
        rows = _shown(shown)
        if formulas is None:
            return rows
        return [
            [value if text is None else Typed(text) for value, text in zip(row, texts, strict=True)]
            for row, texts in zip(rows, formulas, strict=True)
        ]

    def write(self, sheet: str, area: Area, rows: Rows) -> None:
        """Write the block in one go."""
        plain = [
            ["" if cell is None or isinstance(cell, Typed) else _number(cell) for cell in row]
            for row in rows
        ]
        entries = [[str(cell) if isinstance(cell, Typed) else None for cell in row] for row in rows]
        any_entry = any(cell is not None for row in entries for cell in row)
        self._ask("write", sheet, *area, plain, entries if any_entry else None)

    def fill_down(self, sheet: str, area: Area) -> None:
        """Copy the first row of the area, formulas and formats, to its other rows."""
        self._ask("fill_down", sheet, *area)

    def set_format(self, sheet: str, area: Area, code: str) -> None:
        """Give the cells a number format."""
        self._ask("set_format", sheet, *area, code)

    def dress_header(self, sheet: str, area: Area) -> None:
        """Bold white words in the middle of dark cells, as in the template."""
        sizes = (FIRST_WIDTH * _CHARACTER, OTHER_WIDTH * _CHARACTER, HEADER_HEIGHT * _POINT)
        self._ask("dress_header", sheet, *area, int(DARK[1:], 16), *map(round, sizes))

    def resize_table(self, name: str, area: Area) -> None:
        """Let the table have this area, its header included."""
        self._ask("resize_table", name, *area)

    def add_sheet(self, name: str) -> None:
        """Add a blank worksheet at the end; the user's own stays in front."""
        self._ask("add_sheet", name)

    def remove_sheet(self, name: str) -> None:
        """Take a worksheet away without asking."""
        self._ask("remove_sheet", name)

    @contextmanager
    def changing(self) -> Iterator[None]:
        """A block of changes: the screen stands still, and all is as it was at the end."""
        self._ask("hold_still")
        try:
            yield
        finally:
            self._ask("go_on")

    def save_copy(self, folder: Path) -> Path:
        """A copy of the workbook as it stands, in the folder; the workbook itself stays."""
        path = folder / "copy.xlsx"
        self._ask("save_copy", str(path))
        return path

    def evaluate(self, formula: str) -> Cell:
        """What a formula gives, without a cell of the workbook."""
        ((answer,),) = _shown([self._ask("evaluate", _in_libreoffice(formula))])
        return answer

    def progress(self, done: int, total: int, text: str) -> None:
        """The step in the status bar."""
        self._ask("progress", done, total, text)

    def message(self, text: str) -> None:
        """The one message; LibreOffice gets it with the end of the action."""
        self.said = text

    def offer(self, path: Path, question: str) -> None:
        """The message at the end asks whether this workbook is to be opened."""
        self.offered = [str(path), question]

    def ask_open(self, title: str, kinds: Kinds, *, several: bool = False) -> list[Path]:
        """Files that the user chooses; none where the user thinks better of it."""
        return [Path(name) for name in self._ask("ask_open", title, kinds, several)]

    def ask_save(self, title: str, kinds: Kinds, proposed: Path) -> Path | None:
        """Where a workbook is to be saved; None where the user thinks better of it."""
        found = self._ask("ask_save", title, kinds, str(proposed))
        return Path(found[0]) if found else None

    def _ask(self, subject: str, *values: Any) -> list[Any]:
        self._pipe.send(subject, values)
        answer = self._pipe.receive()
        if answer.subject != "value":
            raise NotDone(*answer.values)
        return answer.values


def _in_libreoffice(formula: str) -> str:
    """With semicolons between arguments, which stand outside of quotes."""
    parts = formula.split('"')
    parts[::2] = [part.replace(",", ";") for part in parts[::2]]
    return '"'.join(parts)


def _shown(block: Sequence[Sequence[Any]]) -> Rows:
    """None for a blank, and the code of an error, which arrives as a NaN."""
    return [[_cell(cell) for cell in row] for row in block]


def _cell(cell: Any) -> Cell:
    if cell == "":
        return None
    return wire.error_of(cell) if cell != cell else cell


def _number(cell: Cell) -> Any:
    """LibreOffice has no yes and no beside the numbers 1 and 0."""
    return float(cell) if isinstance(cell, (bool, int)) else cell
