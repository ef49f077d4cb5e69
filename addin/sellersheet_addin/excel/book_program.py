"""An open Excel workbook, through xlwings, for the actions that every program's menu has."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Final

import xlwings as xw

from sellersheet.wording import Lang, system_language
from sellersheet_addin.excel.com_cells import (
    area_of,
    arrays,
    content,
    enter_arrays,
    filled_from_beside,
    filled_part,
    formats,
    given,
    last_filled,
    merged,
    outside,
    plain_rows,
    rows_of,
    spills,
    together,
)
from sellersheet_addin.excel.long_arrays import write_array
from sellersheet_addin.tasks import Kinds
from sellersheet_workbook.files.book import DARK
from sellersheet_workbook.host import Cell, Listed, Rows, Typed
from sellersheet_workbook.keeping import user_folder
from sellersheet_workbook.patch.areas import Area
from sellersheet_workbook.update.new_sheets import FIRST_WIDTH, HEADER_HEIGHT, OTHER_WIDTH

_CHINESE: Final = 4  # the primary part of Windows' language numbers
_UI_LANGUAGE: Final = 2
_CENTRE: Final = -4108
_WHITE: Final = 0xFFFFFF


class BookProgram:
    """Blocks of cells go through COM in one call each; text never becomes a formula."""

    comma = ","

    def __init__(self, book: xw.Book, lang: Lang | None = None) -> None:
        self.book, self.app = book, book.app
        self.lang: Lang = lang or _language(self.app)
        self.title: str = book.name
        self.path = _local_path(book)
        self.folder = user_folder()
        self._offered: tuple[Path, str] | None = None

    def sheets(self) -> Sequence[str]:
        """The names of the worksheets."""
        return [sheet.name for sheet in self.book.sheets]

    def tables(self) -> Sequence[Listed]:
        """The Excel tables that have a header row."""
        return [
            Listed(table.name, sheet.name, area_of(table.range.api), bool(table.show_totals))
            for sheet in self.book.sheets
            for table in sheet.tables
            if table.show_headers
        ]

    def used(self, sheet: str) -> Area | None:
        """The filled block: Excel's own used range also counts cells that have a format only.

        Excel's search passes over rows that a filter hides, so there the cells themselves tell.
        """
        found = self.book.sheets[sheet].api
        area = area_of(found.UsedRange)
        if self.filtered(sheet):
            return filled_part(area, self.values(sheet, area))
        last = last_filled(found)
        return last and Area(min(area.top, last[0]), min(area.left, last[1]), *last)

    def protected(self, sheet: str) -> bool:
        """Whether the sheet lets nothing be written."""
        return bool(self.book.sheets[sheet].api.ProtectContents)

    def filtered(self, sheet: str) -> bool:
        """Whether a filter hides rows.

        Excel then writes a block's first row into every row that shows, and nothing into others.
        """
        found = self.book.sheets[sheet]
        if found.api.FilterMode:
            return True
        filters = (table.api.AutoFilter for table in found.tables)
        return any(item is not None and item.FilterMode for item in filters)

    def values(self, sheet: str, area: Area) -> Rows:
        """What the cells show: days as numbers, errors by their codes."""
        return plain_rows(self._cells(sheet, area).Value2)

    def spilled(self, sheet: str, area: Area) -> Area | None:
        """The first cell in the area that the formula of another cell fills; None for none."""
        found = next(self._filled_from_beside(sheet, area), None)
        return Area(*found, *found) if found else None

    def _filled_from_beside(self, sheet: str, area: Area) -> Iterator[tuple[int, int]]:
        """By row and column."""
        if self._formula_name == "formula2":
            for spill in spills(area, partial(self._cells, sheet)):
                yield from filled_from_beside(spill, area)

    def shown_formats(self, sheet: str, area: Area) -> Sequence[tuple[Area, str]]:
        """The number formats of the cells, each with a part of the area that has it."""
        return formats(area, partial(self._cells, sheet))

    number_formats = shown_formats

    def merged(self, sheet: str, area: Area) -> Sequence[Area]:
        """The areas of merged cells that meet the area."""
        return merged(area, partial(self._cells, sheet))

    def contents(self, sheet: str, area: Area) -> Rows:
        """What the cells hold: formulas and error values as an Entry.

        A cell that another one's formula fills holds an empty Entry, each of an array formula
        the formula in braces.
        """
        block = self._range(sheet, area)
        shown = plain_rows(block.api.Value2)
        formulas = rows_of(getattr(block, self._formula_name))
        held = [[*map(content, *both)] for both in zip(shown, formulas, strict=True)]
        enter_arrays(held, formulas, area, arrays(area, partial(self._cells, sheet)))
        for row, column in self._filled_from_beside(sheet, area):
            held[row - area.top][column - area.left] = Typed("")
        return held

    def write(self, sheet: str, area: Area, rows: Rows) -> None:
        """Write the block in one go."""
        block = self._range(sheet, area)
        if found := together(rows, area.top, area.left):
            if set(found) != {area} or block.api.HasArray is not True:
                block.api.ClearContents()  # a larger array, or a smaller one, can then be entered
            for part, text in found.items():
                write_array(self._cells(sheet, part), text)
            for here, cell in outside(rows, area, found):
                self.write(sheet, here, [[cell]])
            return
        if not any(isinstance(cell, Typed) for row in rows for cell in row):
            block.raw_value = tuple(tuple(given(cell) for cell in row) for row in rows)
            return
        # A formula's place takes "" for a blank, and every other cell what a value's place takes.
        cells = tuple(tuple("" if cell is None else given(cell) for cell in row) for row in rows)
        setattr(block, self._formula_name, cells)

    @cached_property
    def _formula_name(self) -> str:
        """formula2, or formula in an Excel without dynamic arrays.

        It is found out by reading: xlwings would try without end to set what is not there.
        """
        try:
            _ = self.book.sheets[0].range((1, 1)).formula2
        except Exception:
            return "formula"
        return "formula2"

    def fill_down(self, sheet: str, area: Area) -> None:
        """Copy the first row of the area, formulas and formats, to its other rows."""
        self._cells(sheet, area).FillDown()

    def set_format(self, sheet: str, area: Area, code: str) -> None:
        """Give the cells a number format."""
        self._range(sheet, area).number_format = code

    def dress_header(self, sheet: str, area: Area) -> None:
        """Bold white words in the middle of dark cells, as in the template."""
        block = self._cells(sheet, area)
        red, green, blue = bytes.fromhex(DARK[1:])
        block.Interior.Color = red + (green << 8) + (blue << 16)
        block.Font.Bold, block.Font.Color = True, _WHITE
        block.HorizontalAlignment = block.VerticalAlignment = _CENTRE
        block.WrapText = True
        block.ColumnWidth, block.RowHeight = OTHER_WIDTH, HEADER_HEIGHT
        self._cells(sheet, area._replace(right=area.left)).ColumnWidth = FIRST_WIDTH

    def resize_table(self, name: str, area: Area) -> None:
        """Let the Excel table have this area, its header included."""
        (sheet,) = (table.sheet for table in self.tables() if table.name == name)
        self.book.sheets[sheet].tables[name].resize(self._range(sheet, area))

    def add_sheet(self, name: str) -> None:
        """Add a blank worksheet at the end; the user's own stays in front."""
        sheets = self.book.sheets
        front = self.book.api.ActiveSheet
        sheets.add(name, after=sheets[len(sheets) - 1])
        front.Activate()

    def remove_sheet(self, name: str) -> None:
        """Take a worksheet away without asking."""
        self.book.sheets[name].delete()

    @contextmanager
    def changing(self) -> Iterator[None]:
        """A block of changes: the screen stands still, and all is as it was at the end."""
        app = self.app
        still = {
            "screen_updating": False,
            "enable_events": False,
            "display_alerts": False,
            "calculation": "manual",
        }
        before = {name: getattr(app, name) for name in still}
        try:
            for name, value in still.items():
                setattr(app, name, value)
            yield
        finally:
            for name in reversed(still):
                with suppress(Exception):  # the others have to get theirs back as well
                    setattr(app, name, before[name])

    def save_copy(self, folder: Path) -> Path:
        """A copy of the workbook as it stands, in the folder; the workbook itself stays."""
        path = folder / f"copy{Path(self.title).suffix or '.xlsx'}"
        self.book.api.SaveCopyAs(str(path))
        return path

    def evaluate(self, formula: str) -> Cell:
        """What a formula gives, without a cell."""
        return plain_rows(self.app.api.Evaluate(formula))[0][0]

    def progress(self, done: int, total: int, text: str) -> None:
        """The step in the status bar."""
        self.app.status_bar = f"{text} ({done}/{total})"

    def message(self, text: str) -> None:
        """The one message at the end, with the question of what was offered."""
        self.app.status_bar = False
        if self._offered is None:
            self.app.alert(text, title="Sellersheet")
            return
        path, question = self._offered
        self._offered = None
        if self.app.alert(f"{text}\n\n{question}", title="Sellersheet", buttons="yes_no") == "yes":
            self.app.api.Workbooks.Open(str(path))

    def offer(self, path: Path, question: str) -> None:
        """The message at the end asks whether this workbook is to be opened."""
        self._offered = (path, question)

    def array(self, sheet: str, area: Area) -> Area | None:
        """The first array formula of several cells that has one in the area; None for none."""
        return min(arrays(area, partial(self._cells, sheet)), default=None)

    def ask_open(self, title: str, kinds: Kinds, *, several: bool = False) -> list[Path]:
        """Files that the user chooses; none where the user thinks better of it."""
        chosen = self.app.api.GetOpenFilename(
            FileFilter=_filters(kinds), FilterIndex=1, Title=title, MultiSelect=several
        )
        return [Path(name) for name in ([chosen] if isinstance(chosen, str) else chosen or ())]

    def ask_save(self, title: str, kinds: Kinds, proposed: Path) -> Path | None:
        """Where a workbook is to be saved; None where the user thinks better of it."""
        chosen = self.app.api.GetSaveAsFilename(
            InitialFileName=str(proposed), FileFilter=_filters(kinds), FilterIndex=1, Title=title
        )
        return Path(chosen) if isinstance(chosen, str) else None

    def _cells(self, sheet: str, area: Area) -> Any:
        """Excel's own range of an area."""
        return self._range(sheet, area).api

    def _range(self, sheet: str, area: Area) -> xw.Range:
        return self.book.sheets[sheet].range((area.top, area.left), (area.bottom, area.right))


def _language(app: xw.App) -> Lang:
    """``SELLERSHEET_LANG`` if set, else the language of Excel's menus."""
    with suppress(Exception):
        if not os.environ.get("SELLERSHEET_LANG"):
            number = int(app.api.LanguageSettings.LanguageID(_UI_LANGUAGE))
            return "zh" if number & 0x3FF == _CHINESE else "en"
    return system_language()


def _local_path(book: xw.Book) -> Path | None:
    """Where the workbook lies on this computer; a synchronised one says a web address."""
    try:
        name = str(book.fullname)
    except Exception:
        return None
    path = Path(name)
    return path if "://" not in name and path.is_absolute() else None


def _filters(kinds: Kinds) -> str:
    """As Excel's dialogs take them: name, patterns, name, patterns."""
    return ",".join(part for kind in kinds for part in kind)
