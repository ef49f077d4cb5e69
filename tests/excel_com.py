"""Excel's objects as pywin32 hands them over, in memory, for xlwings' own Windows classes.

A cell understands what is typed into it as Excel does: text that looks like a formula, a
number, a day or yes and no becomes one, unless an apostrophe stands before it. A filter sends a
block's first row into every row that shows; an array formula is taken up to 255 characters. A
sheet's name keeps its apostrophes only where it needs them. A formula may fill the cells beside
it, which then show the formula too; where one of them holds something, it shows #SPILL! instead.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl

from sellersheet import functions
from sellersheet.functions.blocks import STATUS_CODES
from tests.grid_program import call

_CODES = {text: code for code, text in STATUS_CODES.items()}
_NUMBER = re.compile(r"[+-]?\d[\d,]*(\.\d*)?([eE][+-]?\d+)?%?")
_DAY = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})")
AUTOMATIC, MANUAL, SEMIAUTOMATIC = -4105, -4135, 2  # xlCalculation
SPILL_ERROR = -2146826243
LONGEST_ARRAY = 255  # characters
_TEXT_OR_SHEET = re.compile(r"""("(?:[^"]|"")*")|'([^\W\d]\w*)'(?=!)""")
_CELL_NAME = re.compile(r"(?i)[a-z]{1,3}\d+|[rc]\d*")
Place = tuple[int, int]


class ComError(Exception):
    """pywin32's com_error, as far as it is looked at."""


class Typed(str):
    """A cell's formula. ``entered``: typed or written here, not read from a file."""

    entered = False


class Filled(SimpleNamespace):
    """What a formula of another cell fills: ``formula`` as it is shown, ``value``."""


class Excel:
    """The Application. ``fails_at`` is the write that fails; ``asked`` answers file dialogs."""

    Version = "16.0"
    Hwnd = 42

    def __init__(self, error: type[Exception], *, chinese: bool = True) -> None:
        self.error = error
        self.LanguageSettings = SimpleNamespace(LanguageID=lambda kind: 2052 if chinese else 1033)
        self.StatusBar: Any = False
        self.bars: list[str] = []
        self.ScreenUpdating = self.EnableEvents = self.DisplayAlerts = True
        self.Calculation = AUTOMATIC
        self.reads = self.writes = 0
        # Writes that a macro of the workbook would hear of, and those that calculate it anew.
        self.heard = self.calculated = 0
        self.fails_at: set[int] = set()
        self.asked: list[Any] = []
        self.made: list[str] = []
        self.results: dict[str, Any] = {}
        self.old = False  # an Excel without dynamic arrays
        self.unknown = False  # an Excel that hasn't bound our functions: #NAME? until entered
        self.DefaultFilePath = ""
        self.Workbooks = Books(self)
        self.run: Any = None  # what a macro does, by its name
        self.spilled = 0  # columns that a table function fills

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "StatusBar" and isinstance(value, str):
            self.bars.append(value)
        object.__setattr__(self, name, value)

    def GetOpenFilename(  # noqa: N802
        self, *, FileFilter: str, FilterIndex: int, Title: str, MultiSelect: bool  # noqa: N803
    ) -> Any:  # fmt: skip
        assert type(MultiSelect) is bool
        assert _sound_filters(FileFilter)
        return self.asked.pop(0)

    def GetSaveAsFilename(  # noqa: N802
        self, *, InitialFileName: str, FileFilter: str, FilterIndex: int, Title: str  # noqa: N803
    ) -> Any:  # fmt: skip
        assert _sound_filters(FileFilter)
        return self.asked.pop(0)

    def Run(self, macro: str) -> Any:  # noqa: N802
        return self.run(macro)

    def Calculate(self) -> None:  # noqa: N802
        assert self.Calculation == AUTOMATIC

    CalculateFullRebuild = Calculate

    def Evaluate(self, formula: str) -> Any:  # noqa: N802
        answer = call(formula, functions)
        return _CODES.get(answer, answer)

    def state(self) -> tuple[Any, ...]:
        return self.ScreenUpdating, self.EnableEvents, self.DisplayAlerts, self.Calculation


def _sound_filters(text: str) -> bool:
    """Names and patterns by turns, and no longer than Excel takes."""
    parts = text.split(",")
    patterns = [pattern for each in parts[1::2] for pattern in each.split(";")]
    named = not any("*" in name for name in parts[::2])
    return named and all(each.startswith("*.") for each in patterns) and len(text) <= 255


class Books:
    """The open workbooks; ``opens`` gives the one for a file."""

    def __init__(self, app: Excel) -> None:
        self.app, self.front = app, None
        self.opens: Any = None

    def Open(self, path: str) -> Any:  # noqa: N802
        self.app.made.append(path)
        return self.opens(path) if self.opens else None

    def Add(self) -> Any:  # noqa: N802
        self.front = Workbook(self.app, Path("Book1"))
        self.front.Worksheets.Add()
        return self.front


class Workbook:
    def __init__(self, app: Excel, path: Path) -> None:
        self.Application, self.Name, self.FullName = app, path.name, str(path)
        self.Path = str(path.parent)
        self.Worksheets = Worksheets(self)
        self.ActiveSheet: Any = None

    def Close(self, *, SaveChanges: bool) -> None:  # noqa: N802, N803
        assert SaveChanges is False

    def SaveCopyAs(self, name: str) -> None:  # noqa: N802
        book = openpyxl.Workbook()
        book.remove(book.worksheets[0])
        for sheet in self.Worksheets:
            made = book.create_sheet(sheet.Name)
            for (row, column), cell in sheet.cells.items():
                shown = sheet.shown(cell)
                made.cell(row, column, STATUS_CODES.get(shown, shown))
        book.save(name)


class Worksheets:
    def __init__(self, book: Workbook) -> None:
        self.Parent, self.list = book, []

    @property
    def Count(self) -> int:  # noqa: N802
        return len(self.list)

    def __iter__(self) -> Iterator[Any]:
        return iter(list(self.list))

    def __call__(self, key: int | str) -> Any:
        if isinstance(key, int):
            return self.list[key - 1]
        for sheet in self.list:
            if sheet.Name.casefold() == key.casefold():
                return sheet
        raise self.Parent.Application.error("no such sheet", None, None, None)

    def Add(self, Before: Any = None) -> Any:  # noqa: N802, N803
        sheet = Worksheet(self.Parent, f"Sheet{len(self.list) + 1}")
        at = self.list.index(Before) if Before is not None else 0
        self.list.insert(at, sheet)
        self.Parent.ActiveSheet = sheet
        return sheet


class Worksheet:
    def __init__(self, book: Workbook, name: str) -> None:
        self.Parent, self.Name, self.ProtectContents = book, name, False
        self.Application = book.Application
        self.cells: dict[Place, Any] = {}
        self.arrays: list[tuple[int, int, int, int]] = []
        self.formats: dict[tuple[int, int, int, int], str] = {}
        self.merges: list[tuple[int, int, int, int]] = []
        self.looks: dict[tuple[Any, ...], SimpleNamespace] = {}  # by kind and area
        self.ListObjects = Tables(self)
        self.used: tuple[int, int, int, int] | None = None
        self.hidden: set[int] = set()  # rows that a filter hides
        self.filtered_by_sheet = True  # False: a table's own filter hides them
        self.spills: dict[Place, tuple[tuple[Any, ...], ...]] = {}  # by the formula's cell

    @property
    def FilterMode(self) -> bool:  # noqa: N802
        return bool(self.hidden) and self.filtered_by_sheet

    @property
    def Index(self) -> int:  # noqa: N802
        return self.Parent.Worksheets.list.index(self) + 1  # type: ignore[no-any-return]

    def Move(self, Before: Any) -> None:  # noqa: N802, N803
        sheets = self.Parent.Worksheets.list
        sheets.remove(self)
        sheets.insert(sheets.index(Before), self)

    def Activate(self) -> None:  # noqa: N802
        self.Parent.ActiveSheet = self

    def Delete(self) -> None:  # noqa: N802
        assert not self.Application.DisplayAlerts
        self.Parent.Worksheets.list.remove(self)

    def Range(self, first: Any, last: Any = None) -> Any:  # noqa: N802
        last = last or first
        return Block(self, first.top, first.left, last.bottom, last.right)

    @property
    def Cells(self) -> Any:  # noqa: N802
        return Block(self, 1, 1, 1_048_576, 16_384)

    @property
    def UsedRange(self) -> Any:  # noqa: N802
        # What has only a format counts too.
        rows, columns = zip(*(self.cells or {(1, 1): None}), strict=True)
        return Block(self, min(rows), min(columns), max(rows) + 7, max(columns) + 3)

    def spilling(self) -> dict[Place, Block]:
        """The ranges that formulas fill, by the formula's cell."""
        found = {}
        for (top, left), rows in self.spills.items():
            whole = Block(self, top, left, top + len(rows) - 1, left + len(rows[0]) - 1)
            held = [at for at in whole.places() if self.cells.get(at) is not None]
            if held == [(top, left)] and isinstance(self.cells[top, left], Typed):
                found[top, left] = whole
        return found

    def filled(self) -> dict[Place, Any]:
        """What every cell holds or is filled with."""
        cells = dict(self.cells)
        for (top, left), whole in self.spilling().items():
            for row, column in whole.places():
                value = self.spills[top, left][row - top][column - left]
                cells[row, column] = Filled(formula=self.cells[top, left], value=value)
        for at in self.spills.keys() - self.spilling().keys():
            if isinstance(self.cells.get(at), Typed):
                cells[at] = Filled(formula=self.cells[at], value=SPILL_ERROR)
        return cells

    def shown(self, cell: Any) -> Any:
        if isinstance(cell, Filled):
            return cell.value
        if isinstance(cell, Typed):
            app = self.Application
            if app.unknown and "SEMIFEE(" in cell and not cell.entered:
                return _CODES["#NAME?"]
            return app.results.get(cell, 0.0)
        return cell


class Block:
    def __init__(self, sheet: Worksheet, top: int, left: int, bottom: int, right: int) -> None:
        self.Worksheet = self.Parent = sheet
        self.Application = sheet.Application
        self.top, self.left, self.bottom, self.right = top, left, bottom, right
        self.Row, self.Column = top, left

    def __call__(self, row: int, column: int | None = None) -> Any:
        if column is None:  # cells are counted along the rows
            row, column = divmod(row - 1, self.right - self.left + 1)
            row, column = row + 1, column + 1
        return self.Cells(row, column)

    def Cells(self, row: int, column: int) -> Any:  # noqa: N802
        top, left = self.top + row - 1, self.left + column - 1
        return Block(self.Worksheet, top, left, top, left)

    @property
    def Rows(self) -> Any:  # noqa: N802
        return SimpleNamespace(Count=self.bottom - self.top + 1)

    @property
    def Columns(self) -> Any:  # noqa: N802
        return SimpleNamespace(Count=self.right - self.left + 1)

    @property
    def Count(self) -> int:  # noqa: N802
        return (self.bottom - self.top + 1) * (self.right - self.left + 1)

    @property
    def Value2(self) -> Any:  # noqa: N802
        self.Application.reads += 1
        return self._block(self.Worksheet.shown)

    @property
    def Value(self) -> Any:  # noqa: N802
        raise AssertionError("days and currency would come as objects")

    @Value.setter
    def Value(self, given: Any) -> None:  # noqa: N802
        self._write(given)

    @property
    def Formula2(self) -> Any:  # noqa: N802
        if self.Application.old:
            raise self.Application.error("no such member", None, None, None)
        return self.Formula

    @Formula2.setter
    def Formula2(self, given: Any) -> None:  # noqa: N802
        assert not self.Application.old
        self.Formula = given

    @property
    def Formula(self) -> Any:  # noqa: N802
        self.Application.reads += 1
        return self._block(_as_formula)

    @Formula.setter
    def Formula(self, given: Any) -> None:  # noqa: N802
        if isinstance(given, str):
            given = ((given,),)
        assert all(cell is not None for row in given for cell in row)
        self._write(given)

    @property
    def Interior(self) -> Any:  # noqa: N802
        return self._look("Interior")

    @property
    def Font(self) -> Any:  # noqa: N802
        return self._look("Font")

    def _look(self, kind: str) -> SimpleNamespace:
        area = self.top, self.left, self.bottom, self.right
        return self.Worksheet.looks.setdefault((kind, *area), SimpleNamespace())

    @property
    def HasSpill(self) -> bool | None:  # noqa: N802
        if self.Application.old:
            raise self.Application.error("no such member", None, None, None)
        spills = self.Worksheet.spilling().values()
        inside = sum(spill.common(self) for spill in spills)
        return True if inside == self.Count else None if inside else False

    @property
    def SpillParent(self) -> Any:  # noqa: N802
        ((row, column),) = [
            at for at, spill in self.Worksheet.spilling().items() if spill.common(self)
        ]
        return Block(self.Worksheet, row, column, row, column)

    def common(self, other: Block) -> int:
        """How many cells they have in common."""
        rows = min(self.bottom, other.bottom) - max(self.top, other.top) + 1
        columns = min(self.right, other.right) - max(self.left, other.left) + 1
        return max(rows, 0) * max(columns, 0)

    @property
    def SpillingToRange(self) -> Any:  # noqa: N802
        if (self.top, self.left) in self.Worksheet.spills:
            return self.Worksheet.spilling()[self.top, self.left]
        return Block(self.Worksheet, self.top, self.left, self.top, self.Application.spilled)

    def AutoFilter(self, *, Field: int, Criteria1: str) -> None:  # noqa: N802, N803
        column = self.left + Field - 1
        cells = self.Worksheet.cells
        self.Worksheet.filtered_by_sheet = False
        self.Worksheet.hidden = {
            row for row in range(self.top + 1, self.bottom + 1)
            if f"={cells.get((row, column))}" != Criteria1
        }  # fmt: skip

    @property
    def MergeCells(self) -> bool | None:  # noqa: N802
        self.Application.reads += 1
        return self._inside(self.Worksheet.merges)

    @property
    def MergeArea(self) -> Any:  # noqa: N802
        assert self.Count == 1
        own = (self.top, self.left, self.bottom, self.right)
        areas = (Block(self.Worksheet, *area) for area in (*self.Worksheet.merges, own))
        return next(area for area in areas if area.common(self))

    def _inside(self, areas: list[tuple[int, int, int, int]]) -> bool | None:
        """Whether all cells are in such areas; None for some of them."""
        inside = sum(Block(self.Worksheet, *area).common(self) for area in areas)
        return True if inside == self.Count else None if inside else False

    @property
    def HasArray(self) -> bool | None:  # noqa: N802
        return self._inside(self.Worksheet.arrays)

    @property
    def CurrentArray(self) -> Any:  # noqa: N802
        for top, left, bottom, right in self.Worksheet.arrays:
            if top <= self.top <= bottom and left <= self.left <= right:
                return Block(self.Worksheet, top, left, bottom, right)
        raise self.Application.error("no array", None, None, None)

    @property
    def FormulaArray(self) -> Any:  # noqa: N802
        raise NotImplementedError

    @FormulaArray.setter
    def FormulaArray(self, text: str) -> None:  # noqa: N802
        self._counted()
        if len(text) > LONGEST_ARRAY:
            raise self.Application.error("unable to set FormulaArray", None, None, None)
        self._drop_arrays()
        self.Worksheet.arrays.append((self.top, self.left, self.bottom, self.right))
        self._enter(text)

    def _drop_arrays(self) -> None:
        """The arrays within it; of another one no part can be changed."""
        for area in list(self.Worksheet.arrays):
            other = Block(self.Worksheet, *area)
            if self.common(other) == other.Count:
                self.Worksheet.arrays.remove(area)
            elif self.common(other):
                raise self.Application.error("part of an array", None, None, None)

    def ClearContents(self) -> None:  # noqa: N802
        self._counted()
        self._drop_arrays()
        for place in self.places():
            self.Worksheet.cells[place] = None

    def Replace(  # noqa: N802
        self, *, What: str, Replacement: str, LookAt: int, MatchCase: bool  # noqa: N803
    ) -> bool:  # fmt: skip
        """In the whole of an array formula."""
        assert (LookAt, MatchCase) == (2, True)
        assert self.HasArray is True
        if len(Replacement) > LONGEST_ARRAY:
            raise self.Application.error("the formula is too long", None, None, None)
        whole = str(self.Worksheet.cells[self.top, self.left])
        if What in whole:
            self._enter(whole.replace(What, Replacement))
        return True

    def _enter(self, text: str) -> None:
        assert text.count("(") == text.count(")"), text
        formula = Typed(shortened(text))
        formula.entered = True
        for place in self.places():
            self.Worksheet.cells[place] = formula

    @property
    def NumberFormat(self) -> Any:  # noqa: N802
        """None where the cells have several."""
        self.Application.reads += 1
        touching = [
            (place, code)
            for place, code in self.Worksheet.formats.items()
            if place[0] <= self.bottom and place[2] >= self.top
            and place[1] <= self.right and place[3] >= self.left
        ]  # fmt: skip
        if not touching:
            return "General"
        codes = {self._code(row, column) for row, column in self.places()}
        return codes.pop() if len(codes) == 1 else None

    def _code(self, row: int, column: int) -> str:
        """The format that a cell was given last."""
        code = "General"
        for (top, left, bottom, right), given in self.Worksheet.formats.items():
            if top <= row <= bottom and left <= column <= right:
                code = given
        return code

    @NumberFormat.setter
    def NumberFormat(self, code: str) -> None:  # noqa: N802
        place = self.top, self.left, self.bottom, self.right
        self.Worksheet.formats.pop(place, None)
        self.Worksheet.formats[place] = code

    def FillDown(self) -> None:  # noqa: N802
        self._counted()
        cells, hidden = self.Worksheet.cells, self.Worksheet.hidden
        for row, column in self.places():
            if row not in hidden:
                cells[row, column] = cells.get((self.top, column))

    def Find(self, **asked: Any) -> Any:  # noqa: N802
        assert asked["What"] == "*"
        hidden = self.Worksheet.hidden
        filled = [
            at for at, cell in self.Worksheet.cells.items()
            if cell is not None and at[0] not in hidden
        ]  # fmt: skip
        if not filled:
            return None
        row, column = max(filled, key=lambda at: at if asked["SearchOrder"] == 1 else at[::-1])
        return Block(self.Worksheet, row, column, row, column)

    def places(self) -> Iterator[Place]:
        for row in range(self.top, self.bottom + 1):
            for column in range(self.left, self.right + 1):
                yield row, column

    def _block(self, what: Any) -> Any:
        cells = self.Worksheet.filled() if self.Worksheet.spills else self.Worksheet.cells
        across, get, nothing = range(self.left, self.right + 1), cells.get, what(None)
        rows = tuple(
            tuple([nothing if (cell := get((row, at))) is None else what(cell) for at in across])
            for row in range(self.top, self.bottom + 1)
        )
        return rows[0][0] if self.Count == 1 else rows

    def _write(self, given: Any) -> None:
        self._counted()
        assert isinstance(given, (tuple, list))
        assert len(given) == self.bottom - self.top + 1
        for top, left, bottom, right in self.Worksheet.arrays:
            apart = self.top > bottom or self.bottom < top or self.left > right or self.right < left
            if not apart:
                raise self.Application.error("part of an array", None, None, None)
        hidden = self.Worksheet.hidden
        for row, own in enumerate(given, self.top):
            line = given[0] if hidden else own
            assert len(line) == self.right - self.left + 1
            if row in hidden:
                continue
            for column, cell in enumerate(line, self.left):
                held = understood(cell)
                if type(held) is float and self._code(row, column) == "@":
                    held = f"{held:g}"  # a cell shown as text makes a text of what it gets
                self.Worksheet.cells[row, column] = held
                if isinstance(held, Typed):
                    held.entered = True

    def _counted(self) -> None:
        app = self.Application
        app.writes += 1
        app.heard += app.EnableEvents
        app.calculated += app.Calculation != MANUAL
        if app.writes in app.fails_at or self.Worksheet.ProtectContents:
            raise app.error(-2147352567, "Exception occurred.", (0, "Excel", "x", "", 0, 1), None)


class Tables:
    def __init__(self, sheet: Worksheet) -> None:
        self.Parent, self.list = sheet, []

    @property
    def Count(self) -> int:  # noqa: N802
        return len(self.list)

    def __iter__(self) -> Iterator[Any]:
        return iter(list(self.list))

    def Add(  # noqa: N802
        self, *, SourceType: int, Source: Any, XlListObjectHasHeaders: int  # noqa: N803
    ) -> Any:  # fmt: skip
        assert (SourceType, XlListObjectHasHeaders) == (1, 1)
        return ListObject("Table1", Source)

    def Item(self, key: Any) -> Any:  # noqa: N802
        return next(item for item in self.list if item.Name == key)


class ListObject:
    def __init__(self, name: str, block: Block, *, headers: bool = True) -> None:
        self.Name, self.Range, self.ShowHeaders, self.ShowTotals = name, block, headers, False
        self.Parent = block.Worksheet
        self.ShowAutoFilter = True
        block.Worksheet.ListObjects.list.append(self)

    @property
    def AutoFilter(self) -> Any:  # noqa: N802
        sheet = self.Range.Worksheet
        hides = bool(sheet.hidden) and not sheet.filtered_by_sheet
        show = sheet.hidden.clear
        filtering = SimpleNamespace(FilterMode=hides, ShowAllData=show)
        return filtering if self.ShowAutoFilter else None

    def Resize(self, block: Block) -> None:  # noqa: N802
        assert (block.top, block.left) == (self.Range.top, self.Range.left)
        self.Range = block


def shortened(formula: str) -> str:
    """A formula as Excel gives it back."""

    def plain(found: re.Match[str]) -> str:
        name = found[2]
        return found[0] if name is None or _CELL_NAME.fullmatch(name) else name

    return _TEXT_OR_SHEET.sub(plain, formula)


def understood(typed: Any) -> Any:
    """What a cell holds after this was typed into it."""
    if typed is None or isinstance(typed, (bool, float)):
        return typed
    assert type(typed) is str, typed  # a whole number beyond 32 bits would be refused
    if typed == "":
        return None
    if typed.startswith("'"):
        return typed[1:]
    if typed[0] in "=+-@":
        if typed[0] in "+-" and _NUMBER.fullmatch(typed):
            return float(typed)
        return Typed(shortened(typed if typed.startswith("=") else f"={typed}"))
    if typed.casefold() in ("true", "false"):
        return typed.casefold() == "true"
    if typed in _CODES:
        return _CODES[typed]
    if day := _DAY.fullmatch(typed):
        return float((dt.date(*map(int, day.groups())) - dt.date(1899, 12, 30)).days)
    if _NUMBER.fullmatch(typed):
        return float(typed.replace(",", "").removesuffix("%"))
    return typed


def _as_formula(cell: Any) -> str:
    if isinstance(cell, Filled):
        cell = cell.formula
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).upper()
    return STATUS_CODES.get(cell, str(cell)) if type(cell) is int else str(cell)
