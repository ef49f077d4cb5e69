"""The workbook in front of the user, as the worker's action reads and changes it.

Every request is answered at once and by whole blocks of cells; an area is given as its first
row, first column, last row and last column, counted from 1.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import uno

from . import wire
from .named_values import named_values

_FILLED: Final = 1 | 2 | 4 | 16  # numbers, days, texts, formulas: com.sun.star.sheet.CellFlags
_FORMULA: Final = 16
_ERROR: Final = 4  # com.sun.star.sheet.FormulaResult
_YES_OR_NO: Final = 1024  # com.sun.star.util.NumberFormat
_TO_BOTTOM: Final = uno.Enum("com.sun.star.sheet.FillDirection", "TO_BOTTOM")
_COPIES: Final = uno.Enum("com.sun.star.sheet.FillMode", "SIMPLE")
_NO_DAYS: Final = uno.Enum("com.sun.star.sheet.FillDateMode", "FILL_DATE_DAY")
_XLSX: Final = "Calc MS Excel 2007 XML"
_NAN: Final = 0x7FF8 << 48
_ARRAY: Final = "{="
_END: Final = 1e99

Area = tuple[int, int, int, int]  # rows and columns from 0, the last ones included


class OpenBook:
    """Answers the requests of one action."""

    def __init__(self, context: Any, book: Any, indicator: Any, chosen: Chosen) -> None:
        self._context = context
        self._book = book
        self._indicator = indicator
        self._chosen = chosen
        self._total = 0
        self._still: Still | None = None
        self._answers: dict[str, Callable[..., Any]] = {
            "sheets": self._sheets,
            "tables": self._tables,
            "used": self._used,
            "protected": self._protected,
            "values": self._values,
            "contents": self._contents,
            "write": self._write,
            "fill_down": self._fill_down,
            "set_format": self._set_format,
            "resize_table": self._resize_table,
            "add_sheet": self._add_sheet,
            "remove_sheet": self._remove_sheet,
            "hold_still": self._hold_still,
            "go_on": self._go_on,
            "save_copy": self._save_copy,
            "evaluate": self._evaluate,
            "progress": self._progress,
            "ask_open": self._ask_open,
            "ask_save": self._ask_save,
        }

    def answer(self, request: wire.Message) -> tuple[str, list[Any]]:
        """The answer's subject and values; what LibreOffice refuses is a problem for the worker."""
        try:
            found = self._answers[request.subject](*request.values)
        except Exception as error:
            return "problem", [str(getattr(error, "Message", "") or error or type(error).__name__)]
        return "value", [] if found is None else list(found)

    def end(self, *, done: bool) -> None:
        """All is as it was but for what was changed; where it did not end, that is taken back."""
        if self._still is not None:
            self._still.end()
            if not done:
                self._still.take_back()

    def _sheets(self) -> list[Any]:
        return [(tuple(self._book.Sheets.ElementNames),)]

    def _tables(self) -> list[Any]:
        """Excel's tables are database ranges here."""
        ranges = self._book.DatabaseRanges
        found = [ranges.getByName(name) for name in ranges.ElementNames]
        names = self._book.Sheets.ElementNames
        rows = [
            (item.Name, names[item.DataArea.Sheet], *_counted(item.DataArea), item.TotalsRow)
            for item in found
            if item.ContainsHeader and item.IsUserDefined
        ]
        return [tuple(rows)] if rows else []

    def _used(self, sheet: str) -> list[Any]:
        filled = self._sheet(sheet).queryContentCells(_FILLED).RangeAddresses
        if not filled:
            return []
        return [
            min(item.StartRow for item in filled) + 1,
            min(item.StartColumn for item in filled) + 1,
            max(item.EndRow for item in filled) + 1,
            max(item.EndColumn for item in filled) + 1,
        ]

    def _protected(self, sheet: str) -> list[Any]:
        return [self._sheet(sheet).isProtected()]

    def _values(self, sheet: str, *area: float) -> list[Any]:
        """What the cells show; a yes or no is a number of which only its format tells."""
        block = self._range(sheet, area)
        formats = self._book.NumberFormats
        flags = [
            place
            for group in block.getUniqueCellFormatRanges()
            if formats.getByKey(group.NumberFormat).Type & _YES_OR_NO
            for place in group.RangeAddresses
        ]
        shown = self._shown(block)
        if not flags:
            return [shown]
        rows = [list(row) for row in shown]
        for row, first, last in _within(block, flags):
            for at in range(first, last):
                if rows[row][at] in (0, 1):
                    rows[row][at] = bool(rows[row][at])
        return [tuple(map(tuple, rows))]

    def _contents(self, sheet: str, *area: float) -> list[Any]:
        """What the cells show, then the formulas in the same places, if there are any."""
        block = self._range(sheet, area)
        shown = self._shown(block)
        places = block.queryContentCells(_FORMULA).RangeAddresses
        if not places:
            return [shown]
        if whole := block.getArrayFormula():
            return [shown, tuple((whole,) * len(row) for row in shown)]
        texts = block.getFormulaArray()
        formulas: list[list[Any]] = [[None] * len(row) for row in shown]
        for row, first, last in _within(block, places):
            formulas[row][first:last] = texts[row][first:last]
        return [shown, tuple(map(tuple, formulas))]

    def _write(self, sheet: str, *rest: Any) -> None:
        """Texts stay texts; the second block has what is to be understood as if typed."""
        *area, cells, formulas = rest
        block = self._range(sheet, area)
        whole = formulas[0][0] if formulas else None
        if whole and whole.startswith(_ARRAY) and all(set(row) == {whole} for row in formulas):
            block.setArrayFormula(whole[1:-1])
            return
        block.setDataArray(tuple(cells))
        for column, first, texts in _runs(formulas or ()):
            part = block.getCellRangeByPosition(column, first, column, first + len(texts) - 1)
            if texts[0].startswith(_ARRAY):
                part.setArrayFormula(texts[0][1:-1])
            else:
                part.setFormulaArray(tuple((text,) for text in texts))

    def _fill_down(self, sheet: str, *area: float) -> None:
        block = self._range(sheet, area)
        block.fillSeries(_TO_BOTTOM, _COPIES, _NO_DAYS, 0, _END)

    def _set_format(self, sheet: str, *rest: Any) -> None:
        *area, code = rest
        english = uno.createUnoStruct("com.sun.star.lang.Locale", "en", "US", "")
        formats = self._book.NumberFormats
        key = formats.queryKey(code, english, False)
        self._range(sheet, area).NumberFormat = key if key >= 0 else formats.addNew(code, english)

    def _resize_table(self, name: str, *area: float) -> None:
        table = self._book.DatabaseRanges.getByName(name)
        place = table.DataArea
        place.StartRow, place.StartColumn, place.EndRow, place.EndColumn = _from_zero(area)
        table.DataArea = place

    def _add_sheet(self, name: str) -> None:
        self._book.Sheets.insertNewByName(name, self._book.Sheets.Count)

    def _remove_sheet(self, name: str) -> None:
        self._book.Sheets.removeByName(name)

    def _hold_still(self, title: str) -> None:
        if self._still is None:
            self._still = Still(self._book, title)
        self._still.begin()

    def _go_on(self) -> None:
        if self._still is not None:
            self._still.pause()

    def _save_copy(self, path: str) -> None:
        self._book.storeToURL(Path(path).as_uri(), named_values(FilterName=_XLSX))

    def _evaluate(self, formula: str) -> list[Any]:
        """In a cell of a workbook of its own that nobody sees."""
        desktop = self._context.ServiceManager.createInstanceWithContext(
            "com.sun.star.frame.Desktop", self._context
        )
        book = desktop.loadComponentFromURL(
            "private:factory/scalc", "_blank", 0, named_values(Hidden=True)
        )
        try:
            cell = book.Sheets.getByIndex(0).getCellByPosition(0, 0)
            cell.setFormula(formula)
            return [self._shown(cell)[0][0]]
        finally:
            book.close(True)

    def _progress(self, done: float, total: float, text: str) -> None:
        if total != self._total:
            self._indicator.start(text, int(total))
            self._total = int(total)
        self._indicator.setText(text)
        self._indicator.setValue(int(done))

    def _ask_open(self, title: str, several: bool) -> list[Any]:
        return self._chosen.open(title, several)

    def _ask_save(self, title: str, proposed: str) -> list[Any]:
        return self._chosen.save(title, proposed)

    def _sheet(self, name: str) -> Any:
        return self._book.Sheets.getByName(name)

    def _range(self, sheet: str, area: Sequence[float]) -> Any:
        top, left, bottom, right = _from_zero(area)
        return self._sheet(sheet).getCellRangeByPosition(left, top, right, bottom)

    def _shown(self, block: Any) -> tuple[Any, ...]:
        """A number, a text; "" for a blank; an error is a NaN with LibreOffice's number for it."""
        cells = block.getDataArray()
        wrong = block.queryFormulaCells(_ERROR).RangeAddresses
        if not wrong:
            return tuple(cells)
        rows = [list(row) for row in cells]
        for row, first, last in _within(block, wrong):
            for at in range(first, last):
                rows[row][at] = _error(block.getCellByPosition(at, row).getError())
        return tuple(map(tuple, rows))


class Still:
    """The workbook while it is changed: no drawing, no calculating, one step for Undo."""

    def __init__(self, book: Any, title: str) -> None:
        self._book = book
        self._title = title
        self._steps = book.UndoManager
        self._automatic = True
        self._held = False
        self._steps.enterUndoContext(title)

    def begin(self) -> None:
        """From now on it stands still."""
        if self._held:
            return
        self._book.addActionLock()
        self._book.lockControllers()
        self._automatic = self._book.isAutomaticCalculationEnabled()
        self._book.enableAutomaticCalculation(False)
        self._held = True

    def pause(self) -> None:
        """Drawn and calculated again; the step for Undo goes on."""
        if not self._held:
            return
        self._held = False
        try:
            self._book.enableAutomaticCalculation(self._automatic)
        finally:
            self._book.unlockControllers()
            self._book.removeActionLock()

    def end(self) -> None:
        """The step for Undo ends too."""
        try:
            self.pause()
        finally:
            self._steps.leaveUndoContext()

    def take_back(self) -> None:
        """Undoes the step, unless nothing was done in it: then there is none."""
        if self._steps.isUndoPossible() and self._steps.CurrentUndoActionTitle == self._title:
            self._steps.undo()


class Chosen:
    """The files of an action: those it was called with, else those that the user chooses."""

    def __init__(self, context: Any, files: Sequence[str], target: str) -> None:
        self._context = context
        self._files = files
        self._target = target

    def open(self, title: str, several: bool) -> list[str]:
        """Files to read, none where the user thinks better of it."""
        if self._files:
            return list(map(uno.fileUrlToSystemPath, self._files))
        picker = self._picker(title, 0)  # com.sun.star.ui.dialogs.TemplateDescription
        picker.setMultiSelectionMode(several)
        picker.appendFilter(title, "*.xlsx;*.xlsm;*.xls;*.csv;*.tsv;*.txt;*.parquet;*.ods")
        return list(map(uno.fileUrlToSystemPath, picker.SelectedFiles)) if picker.execute() else []

    def save(self, title: str, proposed: str) -> list[str]:
        """A file to write, none where the user thinks better of it."""
        if self._target:
            return [uno.fileUrlToSystemPath(self._target)]
        picker = self._picker(title, 10)  # with the ending added by the dialog
        path = Path(proposed)
        picker.appendFilter("Excel (.xlsx)", "*.xlsx")
        picker.setDefaultName(path.name)
        if path.is_absolute():
            with suppress(Exception):  # a folder that is gone; the dialog starts elsewhere
                picker.setDisplayDirectory(path.parent.as_uri())
        return [uno.fileUrlToSystemPath(picker.SelectedFiles[0])] if picker.execute() else []

    def _picker(self, title: str, kind: int) -> Any:
        picker = self._context.ServiceManager.createInstanceWithArgumentsAndContext(
            "com.sun.star.ui.dialogs.FilePicker", (kind,), self._context
        )
        picker.setTitle(title)
        return picker


def _from_zero(area: Sequence[float]) -> Area:
    top, left, bottom, right = (int(place) - 1 for place in area)
    return top, left, bottom, right


def _counted(address: Any) -> Area:
    return (
        address.StartRow + 1,
        address.StartColumn + 1,
        address.EndRow + 1,
        address.EndColumn + 1,
    )


def _within(block: Any, places: Any) -> Iterator[tuple[int, int, int]]:
    """Each row of the places, with its first column and the one after its last, in the block."""
    origin = block.RangeAddress
    for place in places:
        first = place.StartColumn - origin.StartColumn
        last = place.EndColumn - origin.StartColumn + 1
        for row in range(place.StartRow - origin.StartRow, place.EndRow - origin.StartRow + 1):
            yield row, first, last


def _runs(formulas: Sequence[Sequence[Any]]) -> Iterator[tuple[int, int, list[str]]]:
    """Formulas below each other: column, first row and texts; an array formula stands alone."""
    for column, texts in enumerate(zip(*formulas)):
        for kind, run in groupby(enumerate(texts), lambda item: _kind(*item)):
            if kind:
                found = list(run)
                yield column, found[0][0], [text for _, text in found]


def _kind(row: int, text: Any) -> Any:
    """What neighbours have in common that are written together."""
    return text is not None and (row + 2 if text.startswith(_ARRAY) else 1)


def _error(number: int) -> float:
    found: float = struct.unpack("<d", struct.pack("<Q", _NAN | number))[0]
    return found
