"""The workbook in front of the user, as the worker's action reads and changes it.

Every request is answered at once and by whole blocks of cells; an area is given as its first
row, first column, last row and last column, counted from 1.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

import uno

from . import wire
from .asking import ChosenFiles, named_values, service_of
from .blocks import (
    Changes,
    counted,
    formats_in,
    from_zero,
    held_in,
    held_still,
    merged_in,
    put,
    shown_in,
    stands,
    within,
)

_FILLED: Final = 1 | 2 | 4 | 16  # numbers, days, texts, formulas: com.sun.star.sheet.CellFlags
_YES_OR_NO: Final = 1024  # com.sun.star.util.NumberFormat
_SAYING_MORE: Final = 1 | 8 | 128  # the user's own, currencies, per cent; of the same
_TO_BOTTOM: Final = uno.Enum("com.sun.star.sheet.FillDirection", "TO_BOTTOM")
_CENTRE: Final = uno.Enum("com.sun.star.table.CellHoriJustify", "CENTER")
_MIDDLE: Final = 2  # com.sun.star.table.CellVertJustify2
_WHITE, _BOLD = 0xFFFFFF, 150.0
_COPIES: Final = uno.Enum("com.sun.star.sheet.FillMode", "SIMPLE")
_NO_DAYS: Final = uno.Enum("com.sun.star.sheet.FillDateMode", "FILL_DATE_DAY")
_XLSX: Final = "Calc MS Excel 2007 XML"
_END: Final = 1e99


class OpenBook:
    """Answers the requests of one action."""

    def __init__(self, context: Any, book: Any, indicator: Any, chosen: ChosenFiles) -> None:
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
            "shown_formats": self._shown_formats,
            "number_formats": self._number_formats,
            "merged": self._merged,
            "write": self._write,
            "fill_down": self._fill_down,
            "set_format": self._set_format,
            "dress_header": self._dress_header,
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
            (item.Name, names[item.DataArea.Sheet], *counted(item.DataArea), item.TotalsRow)
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
        shown = shown_in(block)
        if not flags:
            return [shown]
        rows = [list(row) for row in shown]
        for row, first, last in within(block, flags):
            for at in range(first, last):
                if rows[row][at] in (0, 1):
                    rows[row][at] = bool(rows[row][at])
        return [tuple(map(tuple, rows))]

    def _shown_formats(self, sheet: str, *area: float) -> list[Any]:
        """The formats of numbers that say more than the number does."""
        return self._formats(sheet, area, _SAYING_MORE)

    def _number_formats(self, sheet: str, *area: float) -> list[Any]:
        return self._formats(sheet, area, -1)

    def _formats(self, sheet: str, area: Sequence[float], kinds: int) -> list[Any]:
        rows = formats_in(self._range(sheet, area), self._book.NumberFormats, kinds)
        return [rows] if rows else []

    def _merged(self, sheet: str, *area: float) -> list[Any]:
        found = merged_in(self._sheet(sheet), area)
        return [found] if found else []

    def _contents(self, sheet: str, *area: float) -> list[Any]:
        """What the cells show, then the formulas in the same places, if there are any."""
        return held_in(self._range(sheet, area))

    def _write(self, sheet: str, *rest: Any) -> None:
        """Texts stay texts; the second block has what is to be understood as if typed."""
        *area, cells, formulas = rest
        # What can't be written, as a part of an array formula, can still be put back as it is.
        if not stands(held_in(self._range(sheet, area)), cells, formulas):
            self._make(sheet, area, lambda block: put(block, cells, formulas))

    def _fill_down(self, sheet: str, *area: float) -> None:
        self._make(
            sheet, area, lambda block: block.fillSeries(_TO_BOTTOM, _COPIES, _NO_DAYS, 0, _END)
        )

    def _make(self, sheet: str, area: Sequence[float], change: Callable[[Any], None]) -> None:
        """A change of cells; they are found anew each time, for their sheet may be too."""
        held = held_in(self._range(sheet, area))
        self._changes.make(
            lambda: change(self._range(sheet, area)),
            lambda: put(self._range(sheet, area), *held),
        )

    def _set_format(self, sheet: str, *rest: Any) -> None:
        *area, code = rest
        english = uno.createUnoStruct("com.sun.star.lang.Locale", "en", "US", "")
        formats = self._book.NumberFormats
        key = formats.queryKey(code, english, False)
        if key < 0:
            key = formats.addNew(code, english)
        before = [
            (group.NumberFormat, [counted(place) for place in group.RangeAddresses])
            for group in self._range(sheet, area).getUniqueCellFormatRanges()
        ]

        def change() -> None:
            self._range(sheet, area).NumberFormat = key

        def back() -> None:
            for old, places in before:
                for place in places:
                    self._range(sheet, place).NumberFormat = old

        self._changes.make(change, back)

    def _dress_header(self, sheet: str, *rest: Any) -> None:
        """On a sheet that goes when it is taken back."""
        *area, colour, first, other, height = (int(number) for number in rest)
        block = self._range(sheet, area)
        block.CellBackColor, block.CharColor = colour, _WHITE
        block.CharWeight = block.CharWeightAsian = _BOLD
        block.HoriJustify = _CENTRE
        block.VertJustify, block.IsTextWrapped = _MIDDLE, True
        block.Columns.Width, block.Rows.Height = other, height
        block.Columns.getByIndex(0).Width = first

    def _resize_table(self, name: str, *area: float) -> None:
        table = self._book.DatabaseRanges.getByName(name)
        before = counted(table.DataArea)

        def resize(area: Sequence[float]) -> None:
            place = table.DataArea
            place.StartRow, place.StartColumn, place.EndRow, place.EndColumn = from_zero(area)
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
        held = held_in(self._range(name, area))

        def back() -> None:
            self._sheet_in(name)
            put(self._range(name, area), *held)

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
        desktop = service_of(self._context, "com.sun.star.frame.Desktop")
        book = desktop.loadComponentFromURL(
            "private:factory/scalc", "_blank", 0, named_values(Hidden=True)
        )
        try:
            cell = book.Sheets.getByIndex(0).getCellByPosition(0, 0)
            cell.setFormula(formula)
            return [shown_in(cell)[0][0]]
        finally:
            book.close(True)

    def _progress(self, done: float, total: float, text: str) -> None:
        if total != self._total:
            self._indicator.start(text, int(total))
            self._total = int(total)
        self._indicator.setText(text)
        self._indicator.setValue(int(done))

    def _ask_open(self, title: str, kinds: Any, several: bool) -> list[Any]:
        return self._chosen.open(title, kinds, several)

    def _ask_save(self, title: str, kinds: Any, proposed: str) -> list[Any]:
        return self._chosen.save(title, kinds, proposed)

    def _sheet(self, name: str) -> Any:
        return self._book.Sheets.getByName(name)

    def _range(self, sheet: str, area: Sequence[float]) -> Any:
        top, left, bottom, right = from_zero(area)
        return self._sheet(sheet).getCellRangeByPosition(left, top, right, bottom)
