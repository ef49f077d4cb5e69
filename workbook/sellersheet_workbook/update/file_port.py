"""The tables of a workbook file, for an update: read at once, written together at the end."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd

from sellersheet.intake.grid import Beside
from sellersheet.wording import Lang
from sellersheet_workbook.files.file_kind import refuse_special
from sellersheet_workbook.keeping.atomic import replacing
from sellersheet_workbook.keeping.inputs import resolved
from sellersheet_workbook.keeping.locks import WAIT, held, lock_beside
from sellersheet_workbook.keeping.made import free_name
from sellersheet_workbook.patch import (
    EditableBook,
    open_book,
    restore,
)
from sellersheet_workbook.patch.arrays import calculations, told_of
from sellersheet_workbook.patch.saving import backups, take_place
from sellersheet_workbook.patch.table_part import table_values
from sellersheet_workbook.problems import UPDATE, FileProblem
from sellersheet_workbook.update.finding import given_table, sheet_of
from sellersheet_workbook.update.given import GIVEN, Columns, GivenTable, MadeTable
from sellersheet_workbook.update.new_sheets import over_old, with_sheets
from sellersheet_workbook.update.result_columns import column_kinds, number_formats


class FilePort:
    """A port to one workbook. What is written stands in the file after ``save``.

    ``sheet`` names the sheet or the Excel table with the orders.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        lang: Lang,
        *,
        sheet: str | None = None,
        on_progress: Callable[[int, int, str], None] = lambda done, total, text: None,
        on_message: Callable[[str], None] = lambda text: None,
    ) -> None:
        self.path = Path(path)
        self.lang = lang
        self.progress, self.message = on_progress, on_message
        self._book = open_book(self.path)
        self._before = self.path.read_bytes()
        self._tables = {
            name: table for name in GIVEN if (table := given_table(self._book, name, sheet))
        }
        self._cut = self._book.cut_arrays(calculations())
        for sentence in told_of(self._cut, lang, "mended"):
            self.message(sentence)
        self._book.let_go()  # the work in between needs the memory more
        self._beside: dict[GivenTable, Beside] = {}
        self._columns: dict[str, Any] = {}
        self._made: dict[MadeTable, pd.DataFrame] = {}
        self._log: list[Mapping[str, Any]] = []

    def read_table(self, name: GivenTable) -> pd.DataFrame | None:
        table = self._tables.get(name)
        if table is None:
            return None
        frame, self._beside[name] = table_values(self.path, table)
        frame.index = pd.RangeIndex(table.first_row, table.first_row + len(frame))
        return frame

    def beside(self, name: GivenTable) -> Beside:
        """Formulas without a value, number formats and merged areas, from the sheet's XML."""
        if name not in self._beside:
            self._beside[name] = table_values(self.path, self._tables[name]).beside
        return self._beside[name]

    def write_columns(self, name: GivenTable, columns: Columns) -> None:
        self._columns = dict(columns)

    def tell_formulas(self, columns: Columns, book: EditableBook | None = None) -> None:
        """Says how many formulas of the orders these columns put values in the place of."""
        table = self._tables["orders"]
        if columns and (count := (book or self._book).formulas(table, columns)):
            self.message(UPDATE("formulas_go", self.lang, count=f"{count:,}"))

    def write_table(self, name: MadeTable, frame: pd.DataFrame) -> None:
        self._made[name] = frame

    def append_log(self, row: Mapping[str, Any]) -> None:
        self._log.append(row)

    def save(self) -> Path | None:
        """Writes everything in one go; the path of the backup."""
        needed = [name for name in (*self._made, "log") if sheet_of(self._book, name) is None]
        needed = [name for name in needed if name == "log" or len(self._made[name])]
        headers = {name: list(map(str, frame.columns)) for name, frame in self._made.items()}
        headers["log"] = list(self._log[0]) if self._log else []
        added = {UPDATE(f"table_{name}", self.lang): column_kinds(headers[name]) for name in needed}
        with self._edited(added) as book:
            for repair in self._cut:
                if not repair.blocked:
                    book.mend_array(repair)
            if self._columns:
                self.tell_formulas(self._columns, book)  # what it looks at is needed here anyway
                book.set_columns(
                    self._tables["orders"],
                    self._columns,
                    replace_formulas=True,
                    formats=number_formats(self._columns),
                )
            for name, frame in self._made.items():
                self._put(book, name, frame)
            self._put_log(book)
            return book.save() if not needed else self._placed(book)

    @contextmanager
    def _edited(self, added: Mapping[str, Sequence[str]]) -> Iterator[EditableBook]:
        """The workbook to edit: the file itself, or a copy of it with the sheets added."""
        if not added:
            yield self._book
            return
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / self.path.name
            copy.write_bytes(with_sheets(self.path, added))
            try:
                yield open_book(copy)
            except FileProblem as problem:
                if problem.fields.get("path") != copy:
                    raise
                known = {**problem.fields, "path": self.path}  # the one that the user knows
                raise type(problem)(problem.code, **known) from problem

    def _placed(self, book: EditableBook) -> Path | None:
        """The edited copy in the place of the file, which is kept as a backup."""
        book.save(backup=False)
        edited = book.path.read_bytes()
        return take_place(self.path, self._before, lambda file: file.write(edited))

    def _put(self, book: EditableBook, name: MadeTable, frame: pd.DataFrame) -> None:
        """The table over what an earlier update left on its sheet."""
        sheet = sheet_of(book, name)
        if sheet is None:
            return
        rows = book.header_rows(sheet)
        if not rows:
            if len(frame):
                book.append_lines(sheet, [list(frame.columns), *_lines(frame)])
            return
        old = book.plain_table(sheet, rows[0])
        fitting = over_old(frame, old)
        if fitting is None:
            self.message(UPDATE("not_ours", self.lang, sheet=sheet))
            return
        count = len(old)
        if count:
            book.set_columns(old, {title: fitting[title].iloc[:count] for title in old.headers})
        if len(fitting) > count:
            book.append_rows(old, fitting.iloc[count:])

    def _put_log(self, book: EditableBook) -> None:
        sheet = sheet_of(book, "log")
        if sheet is None or not self._log:
            return
        header = [] if book.header_rows(sheet) else [list(self._log[0])]
        book.append_lines(sheet, [*header, *(list(row.values()) for row in self._log)])


def latest_backup(path: Path) -> Path | None:
    """The copy of the last state that an update kept beside the workbook.

    A copy of what the workbook holds now is none to go back to: an undo was stopped before it
    took it away.
    """
    refuse_special(path)
    if not path.exists():
        return None
    now = path.read_bytes()
    return next((one for one in reversed(backups(resolved(path))) if one.read_bytes() != now), None)


def put_back(path: Path, backup: Path) -> Path:
    """The workbook as the backup has it; what stood there until now is kept under a new name.

    The backup is taken away: its bytes are the workbook's again. The path of what was kept.
    """
    place = resolved(path)
    with held(lock_beside(place), path, wait=WAIT):
        aside = free_name(path, "undone")
        with replacing(aside, like=path) as file:
            file.write(path.read_bytes())
        try:
            restore(path, backup)
        except Exception:
            aside.unlink(missing_ok=True)
            raise
        backup.unlink()
    return aside


def _lines(frame: pd.DataFrame) -> list[list[Any]]:
    cells = frame.astype(object)
    return [
        list(row) for row in cells.where(cells.notna(), None).itertuples(index=False, name=None)
    ]
