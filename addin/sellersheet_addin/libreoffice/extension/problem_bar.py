"""What is wrong with the worker, said in a bar over every open spreadsheet and in the log.

A cell can only show an error. The bar never waits for the user, so it can't block.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import unohelper
from com.sun.star.awt import XCallback
from com.sun.star.uno import RuntimeException

from .asking import language_of
from .worker_process import LOG, Failed, user_folder

NAME: Final = "sellersheet"
_TEXTS: Final = Path(__file__).with_name("problems.json")
_LARGEST_LOG: Final = 100_000  # bytes
_WARNING: Final = 2  # com.sun.star.frame.InfobarType


class ProblemBar:
    """At most one bar a document, hidden again when the worker answers."""

    def __init__(self, context: Any) -> None:
        self._context = context
        self._shown: Failed | None = None

    def show(self, failed: Failed) -> None:
        """Says it once, however many cells fail for it."""
        if failed is not self._shown:
            self._shown = failed
            self._log(failed)
            self._later(True)

    def hide(self) -> None:
        """Takes it away, if it is there."""
        if self._shown is not None:
            self._shown = None
            self._later(False)

    def _log(self, failed: Failed) -> None:
        path = user_folder() / LOG
        with suppress(OSError), open(path, "a", encoding="utf-8", opener=_private) as log:
            if log.tell() < _LARGEST_LOG:
                log.write(" ".join(self._words(failed)) + "\n")

    def _later(self, visible: bool) -> None:
        """When LibreOffice is done calculating: a bar can't be made amid it."""
        callbacks = self._made("com.sun.star.awt.AsyncCallback")
        callbacks.addCallback(_Callback(self._update), visible)

    def _update(self, visible: bool) -> None:
        failed = self._shown
        for controller in self._controllers():
            if controller.hasInfobar(NAME):
                controller.removeInfobar(NAME)
            if visible and failed is not None:
                with suppress(RuntimeException):  # a hidden workbook has no place for it
                    controller.appendInfobar(NAME, *self._words(failed), _WARNING, (), True)

    def _words(self, failed: Failed) -> tuple[str, str]:
        texts = json.loads(_TEXTS.read_text("utf-8"))
        lang = language_of(self._context)
        said = texts[failed.reason][lang].format(detail=failed.detail, log=user_folder() / LOG)
        return texts["title"][lang], f"{said} {texts['what_to_do'][lang]}"

    def _controllers(self) -> list[Any]:
        components = self._made("com.sun.star.frame.Desktop").Components
        books = (book for book in components if hasattr(book, "Sheets"))
        found = (book.CurrentController for book in books)
        return [item for item in found if hasattr(item, "appendInfobar")]

    def _made(self, service: str) -> Any:
        return self._context.ServiceManager.createInstanceWithContext(service, self._context)


class _Callback(unohelper.Base, XCallback):  # type: ignore[misc]
    def __init__(self, call: Any) -> None:
        self._call = call

    def notify(self, data: Any) -> None:
        self._call(data)


def _private(path: str, flags: int) -> int:
    """A log tells of the user's files: nobody else reads it."""
    return os.open(path, flags, 0o600)
