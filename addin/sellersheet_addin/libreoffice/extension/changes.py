"""What an action changed, to be taken back when it isn't done: whoever made it may have died."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any


class Changes:
    """Of each change it is kept how to take it back."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._backs: list[Callable[[], None]] = []

    def make(self, change: Callable[[], None], back: Callable[[], None]) -> None:
        """Makes a change that is to be taken back too when it fails halfway."""
        self._backs.append(back)
        change()

    def take_back(self) -> None:
        """Everything as it was, whatever part of it can't be."""
        if self._backs:
            with held_still(self._book):
                for back in reversed(self._backs):
                    with suppress(Exception):
                        back()

    def end(self) -> None:
        """No older step of LibreOffice's Undo may be taken back on top of the changes.

        Its own steps for blocks of cells don't bring blank cells back, so they go as well:
        the menu's Undo is the one that does.
        """
        if self._backs:
            with suppress(Exception):  # somebody's macro has a step that is not complete
                self._book.UndoManager.clear()


@contextmanager
def held_still(book: Any) -> Iterator[None]:
    """The workbook is neither drawn nor calculated."""
    automatic = book.isAutomaticCalculationEnabled()
    book.addActionLock()
    book.lockControllers()
    try:
        book.enableAutomaticCalculation(False)
        yield
    finally:
        try:
            book.enableAutomaticCalculation(automatic)
        finally:
            book.unlockControllers()
            book.removeActionLock()
