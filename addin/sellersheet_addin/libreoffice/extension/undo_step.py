"""A change of a workbook as one step of LibreOffice's own Undo.

LibreOffice's steps for blocks of cells don't bring blank cells back, so this one is made
here: of each change it keeps how to take it back and how to make it again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import unohelper
from com.sun.star.document import XUndoAction


class UndoStep(unohelper.Base, XUndoAction):  # type: ignore[misc]
    """What was done since the beginning of an action."""

    def __init__(self, book: Any) -> None:
        self.Title = ""  # LibreOffice's name for it
        self._book = book
        self._changes: list[tuple[Callable[[], None], Callable[[], None]]] = []

    def __bool__(self) -> bool:
        return bool(self._changes)

    def make(self, change: Callable[[], None], back: Callable[[], None]) -> None:
        """Makes a change that is to be taken back too when it fails halfway."""
        self._changes.append((back, change))
        change()

    def undo(self) -> None:
        """Everything as it was, whatever part of it can't be."""
        with held_still(self._book):
            for back, _ in reversed(self._changes):
                with suppress(Exception):
                    back()

    def redo(self) -> None:
        """Everything once more."""
        with held_still(self._book):
            for _, change in self._changes:
                change()


@contextmanager
def held_still(book: Any) -> Iterator[None]:
    """The workbook is neither drawn nor calculated nor are its changes steps of their own."""
    automatic = book.isAutomaticCalculationEnabled()
    book.addActionLock()
    book.lockControllers()
    book.UndoManager.lock()
    try:
        book.enableAutomaticCalculation(False)
        yield
    finally:
        try:
            book.enableAutomaticCalculation(automatic)
        finally:
            book.UndoManager.unlock()
            book.unlockControllers()
            book.removeActionLock()
