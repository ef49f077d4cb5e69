"""The workbook in front of the user, as the worker's action reads and changes it.

Every request is answered at once and by whole blocks of cells; an area is given as its first
row, first column, last row and last column, counted from 1.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import uno

from . import wire
from .changes import Changes, held_still
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
        self._changes = Changes(book)
        self._still = ExitStack()
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
            said = getattr(error, "Message", "") or str(error)
            return "problem", [said or f"{request.subject}: {type(error).__name__}"]
        return "value", [] if found is None else list(found)

    def end(self, *, done: bool) -> None:
        """Drawn and calculated again; where it was not done, what was changed is taken back."""
        self._still.close()
        if not done:
            self._changes.take_back()
        self._changes.end()

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
        shown = _shown(block)
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
        return _held(self._range(sheet, area))

    def _write(self, sheet: str, *rest: Any) -> None:
        """Texts stay texts; the second block has what is to be understood as if typed."""
        *area, cells, formulas = rest
        # What can't be written, as a part of an array formula, can still be put back as it is.
        if not _stands(_held(self._range(sheet, area)), cells, formulas):
            self._make(sheet, area, lambda block: _put(block, cells, formulas))

    def _fill_down(self, sheet: str, *area: float) -> None:
        self._make(
            sheet, area, lambda block: block.fillSeries(_TO_BOTTOM, _COPIES, _NO_DAYS, 0, _END)
        )

    def _make(self, sheet: str, area: Sequence[float], change: Callable[[Any], None]) -> None:
        """A change of cells; they are found anew each time, for their sheet may be too."""
        held = _held(self._range(sheet, area))
        self._changes.make(
            lambda: change(self._range(sheet, area)),
            lambda: _put(self._range(sheet, area), *held),
        )

    def _set_format(self, sheet: str, *rest: Any) -> None:
        *area, code = rest
        english = uno.createUnoStruct("com.sun.star.lang.Locale", "en", "US", "")
        formats = self._book.NumberFormats
        key = formats.queryKey(code, english, False)
        if key < 0:
            key = formats.addNew(code, english)
        before = [
            (group.NumberFormat, [_counted(place) for place in group.RangeAddresses])
            for group in self._range(sheet, area).getUniqueCellFormatRanges()
        ]

        def change() -> None:
            self._range(sheet, area).NumberFormat = key

        def back() -> None:
            for old, places in before:
                for place in places:
                    self._range(sheet, place).NumberFormat = old

        self._changes.make(change, back)

    def _resize_table(self, name: str, *area: float) -> None:
        table = self._book.DatabaseRanges.getByName(name)
        before = _counted(table.DataArea)

        def resize(area: Sequence[float]) -> None:
            place = table.DataArea
            place.StartRow, place.StartColumn, place.EndRow, place.EndColumn = _from_zero(area)
            table.DataArea = place

        self._changes.make(lambda: resize(area), lambda: resize(before))

    def _add_sheet(self, name: str) -> None:
        self._changes.make(lambda: self._sheet_in(name), lambda: self._sheet_out(name))

    def _remove_sheet(self, name: str) -> None:
        """Only what an action added is removed."""
        cursor = self._sheet(name).createCursor()
        cursor.gotoEndOfUsedArea(False)
        last = cursor.RangeAddress
        area = (1, 1, last.EndRow + 1, last.EndColumn + 1)
        held = _held(self._range(name, area))

        def back() -> None:
            self._sheet_in(name)
            _put(self._range(name, area), *held)

        self._changes.make(lambda: self._sheet_out(name), back)

    def _sheet_in(self, name: str) -> None:
        self._book.Sheets.insertNewByName(name, self._book.Sheets.Count)

    def _sheet_out(self, name: str) -> None:
        self._book.Sheets.removeByName(name)

    def _hold_still(self) -> None:
        self._still.enter_context(held_still(self._book))

    def _go_on(self) -> None:
        self._still.close()

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
            return [_shown(cell)[0][0]]
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


def _shown(block: Any) -> tuple[Any, ...]:
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


def _held(block: Any) -> list[Any]:
    """What the cells show, and their formulas or None."""
    shown = _shown(block)
    places = block.queryContentCells(_FORMULA).RangeAddresses
    if not places:
        return [shown, None]
    texts = block.getFormulaArray()
    formulas: list[list[Any]] = [[None] * len(row) for row in shown]
    for row, first, last in _within(block, places):
        formulas[row][first:last] = texts[row][first:last]
    return [shown, tuple(map(tuple, formulas))]


def _stands(held: list[Any], cells: Any, formulas: Any) -> bool:
    """Whether the cells hold just this."""
    shown, texts = held
    if (formulas or texts) and _rows(formulas) != _rows(texts):
        return False
    if not formulas:
        return _rows(shown) == _rows(cells)
    return all(
        one == other
        for rows in zip(shown, cells, formulas)
        for one, other, text in zip(*rows)
        if text is None
    )


def _rows(block: Any) -> list[tuple[Any, ...]]:
    return list(map(tuple, block or ()))


def _put(block: Any, cells: Any, formulas: Any) -> None:
    """What was held, or is to be written, in the cells."""
    if formulas:  # in their places a text would stay where LibreOffice refuses the formula
        cells = [
            ["" if text is not None else cell for cell, text in zip(row, texts)]
            for row, texts in zip(cells, formulas)
        ]
    try:
        block.setDataArray(tuple(map(tuple, cells)))
    except Exception as error:  # LibreOffice's own says nothing
        raise RuntimeError(f"{block.AbsoluteName}: {error}") from error
    for (first, last, text), columns in _blocks(formulas or ()).items():
        part = block.getCellRangeByPosition(columns[0], first, columns[-1], last)
        if isinstance(text, str):
            part.setArrayFormula(text[1:-1])
        else:
            part.setFormulaArray(tuple((item,) for item in text[1:]))


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


def _blocks(formulas: Sequence[Sequence[Any]]) -> dict[tuple[int, int, Any], list[int]]:
    """Formulas below each other by their rows and texts, with the column they are in.

    Neighbours that have one array formula are one block: its text, and all its columns.
    """
    found: dict[tuple[int, int, Any], list[int]] = {}
    for column, texts in enumerate(zip(*formulas)):
        for kind, group in groupby(enumerate(texts), lambda item: _kind(item[1])):
            if kind is None:
                continue
            run = list(group)
            first, last = run[0][0], run[-1][0]
            if kind:
                found.setdefault((first, last, kind), []).append(column)
            else:
                found[first, last, (column, *(text for _, text in run))] = [column]
    return found


def _kind(text: Any) -> str | None:
    """None where there is no formula, "" for a formula, its text for an array formula."""
    if text is None:
        return None
    return text if text.startswith(_ARRAY) else ""


def _error(number: int) -> float:
    found: float = struct.unpack("<d", struct.pack("<Q", _NAN | number))[0]
    return found
