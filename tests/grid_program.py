"""A spreadsheet program in memory: sheets of cells, Excel tables, and what it was told."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd

from sellersheet import functions
from sellersheet.wording import Lang
from sellersheet_workbook.host import Cell, Listed, Rows, Typed
from sellersheet_workbook.host.live_port import cells_of
from sellersheet_workbook.patch.areas import Area

Grid = dict[tuple[int, int], Cell]


class Refused(Exception):
    """What a program says when it lets something not be done."""


class GridProgram:
    """Every call is counted in ``calls``; ``fails_at`` is the write that fails."""

    comma = ","

    def __init__(self, folder: Path, lang: Lang = "zh", **sheets: pd.DataFrame) -> None:
        self.lang, self.title, self.path = lang, "账.xlsx", folder / "账.xlsx"
        self.folder = folder / "user"
        self.grids: dict[str, Grid] = {}
        self.listed: list[Listed] = []
        self.formats: dict[tuple[str, Area], str] = {}
        self.merges: list[tuple[str, Area]] = []
        self.headers: list[tuple[str, Area]] = []
        self.locked: set[str] = set()
        self.filters: set[str] = set()
        self.results: dict[str, Cell] = {}
        self.calls: list[str] = []
        self.messages: list[str] = []
        self.offered: list[tuple[Path, str]] = []
        self.steps: list[tuple[int, int, str]] = []
        self.fails_at: set[int] = set()
        self.writes = 0
        for name, frame in sheets.items():
            self.put(name, frame)

    def put(self, sheet: str, frame: pd.DataFrame, top: int = 1, left: int = 1) -> Area:
        """A frame as it stands in a sheet."""
        grid = self.grids.setdefault(sheet, {})
        for at in range(frame.shape[1]):
            grid[top, left + at] = str(frame.columns[at])
            for row, cell in enumerate(cells_of(frame.iloc[:, at]), top + 1):
                if cell is not None:
                    grid[row, left + at] = cell
        return Area(top, left, top + len(frame), left + frame.shape[1] - 1)

    def table(self, name: str, sheet: str, area: Area, *, totals: bool = False) -> None:
        self.listed.append(Listed(name, sheet, area, totals))

    def frame(self, sheet: str, top: int = 1, left: int = 1) -> pd.DataFrame:
        """The cells under a header, as objects."""
        area = self.used(sheet)
        assert area is not None
        rows = self.values(sheet, Area(top, left, area.bottom, area.right))
        return pd.DataFrame([list(row) for row in rows[1:]], columns=list(rows[0]), dtype=object)

    def state(self) -> Any:
        """All that a change may touch."""
        return (
            {name: {at: cell for at, cell in grid.items() if cell is not None}
             for name, grid in self.grids.items()},
            sorted(self.listed, key=lambda item: item.name),
        )  # fmt: skip

    # What the actions ask for.

    def sheets(self) -> Sequence[str]:
        return list(self.grids)

    def tables(self) -> Sequence[Listed]:
        return list(self.listed)

    def used(self, sheet: str) -> Area | None:
        places = [at for at, cell in self.grids[sheet].items() if cell is not None]
        if not places:
            return None
        rows, columns = zip(*places, strict=True)
        return Area(min(rows), min(columns), max(rows), max(columns))

    def filtered(self, sheet: str) -> bool:
        return sheet in self.filters

    def spilled(self, sheet: str, area: Area) -> Area | None:
        return None

    def protected(self, sheet: str) -> bool:
        return sheet in self.locked

    def values(self, sheet: str, area: Area) -> Rows:
        return [[self._shown(cell) for cell in row] for row in self.contents(sheet, area)]

    def contents(self, sheet: str, area: Area) -> Rows:
        grid = self.grids[sheet]
        across = range(area.left, area.right + 1)
        return [[grid.get((row, at)) for at in across] for row in range(area.top, area.bottom + 1)]

    def write(self, sheet: str, area: Area, rows: Rows) -> None:
        self.writes += 1
        if self.writes in self.fails_at:
            raise Refused("0x800A03EC")
        assert len(rows) == area.bottom - area.top + 1
        for row, line in enumerate(rows, area.top):
            assert len(line) == area.right - area.left + 1
            for at, cell in enumerate(line, area.left):
                assert cell is None or type(cell) in (bool, int, float, str, Typed)
                self.grids[sheet][row, at] = cell

    def fill_down(self, sheet: str, area: Area) -> None:
        grid = self.grids[sheet]
        for at in range(area.left, area.right + 1):
            for row in range(area.top + 1, area.bottom + 1):
                grid[row, at] = grid.get((area.top, at))

    def shown_formats(self, sheet: str, area: Area) -> Sequence[tuple[Area, str]]:
        return [
            (place, code)
            for (name, place), code in self.formats.items()
            if name == sheet and place.meets(area)
        ]

    def merged(self, sheet: str, area: Area) -> Sequence[Area]:
        return [place for name, place in self.merges if name == sheet and place.meets(area)]

    def number_formats(self, sheet: str, area: Area) -> Sequence[tuple[Area, str]]:
        if not any(name == sheet for name, _ in self.formats):
            return [(area, "General")]
        return [
            (Area(row, at, row, at), self._format(sheet, row, at))
            for row in range(area.top, area.bottom + 1)
            for at in range(area.left, area.right + 1)
        ]

    def _format(self, sheet: str, row: int, at: int) -> str:
        """That of one cell: what was set last."""
        cell = Area(row, at, row, at)
        codes = [code for (name, place), code in self.formats.items()
                 if name == sheet and place.meets(cell)]  # fmt: skip
        return codes[-1] if codes else "General"

    def set_format(self, sheet: str, area: Area, code: str) -> None:
        self.formats.pop((sheet, area), None)
        self.formats[sheet, area] = code

    def dress_header(self, sheet: str, area: Area) -> None:
        self.headers.append((sheet, area))

    def resize_table(self, name: str, area: Area) -> None:
        old = next(item for item in self.listed if item.name == name)
        self.listed.remove(old)
        self.listed.append(Listed(name, old.sheet, area, old.totals))

    def add_sheet(self, name: str) -> None:
        self.grids[name] = {}

    def remove_sheet(self, name: str) -> None:
        del self.grids[name]

    @contextmanager
    def changing(self) -> Iterator[None]:
        self.calls.append("still")
        try:
            yield
        finally:
            self.calls.append("moving")

    def save_copy(self, folder: Path) -> Path:
        book = openpyxl.Workbook()
        book.remove(book.active)
        for name, grid in self.grids.items():
            sheet = book.create_sheet(name)
            for (row, column), cell in grid.items():
                sheet.cell(row, column, self._shown(cell))
        path = folder / "copy.xlsx"
        book.save(path)
        return path

    def evaluate(self, formula: str) -> Cell:
        answer: Cell = call(formula, functions)
        return answer

    def progress(self, done: int, total: int, text: str) -> None:
        self.steps.append((done, total, text))

    def message(self, text: str) -> None:
        self.messages.append(text)

    def offer(self, path: Path, question: str) -> None:
        self.offered.append((path, question))

    def _shown(self, cell: Cell) -> Cell:
        if isinstance(cell, Typed):
            return self.results.get(cell, 0.0) if cell.startswith("=") else str(cell)
        return cell


def call(formula: str, module: Any) -> Any:
    """What a formula of one function and constants gives."""
    found = re.fullmatch(r"=(\w+)\((.*)\)", formula)
    assert found
    answer = getattr(module, found[1])(*map(_argument, found[2].split(",")))
    while isinstance(answer, list):
        answer = answer[0]
    return answer


def _argument(word: str) -> Any:
    if word in ("TRUE", "FALSE"):
        return word == "TRUE"
    if word.startswith('"'):
        return word.strip('"')
    return float(word) if word else None
