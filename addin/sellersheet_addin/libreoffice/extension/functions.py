"""The worksheet functions as LibreOffice calls them: every one is answered by the worker.

What is wrong with the worker is said in a bar over every open spreadsheet and in the log: a cell
can only show an error. The bar never waits for the user, so it can't block.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any, Final

import uno
import unohelper
from com.sun.star.awt import XCallback
from com.sun.star.lang import XServiceInfo
from com.sun.star.uno import RuntimeException

from .asking import language_of, service_of
from .wire import error_value
from .worker_process import LOG, Failed, Worker, user_folder

IMPLEMENTATION: Final = "sellersheet.FunctionsInPython"
SERVICE: Final = "sellersheet.Functions"
# Not by import: an installed package of this name would be found first.
_XFUNCTIONS: Any = uno.getClass("sellersheet.XFunctions")
_CATALOGUE: Final = Path(__file__).with_name("catalogue.json")
_NOTHING: Final = ((error_value("#VALUE!"),),)
_BLOCK: Final = frozenset({tuple})
_MOST_KEPT: Final = 50_000
_BAR: Final = "sellersheet"
_TEXTS: Final = Path(__file__).with_name("problems.json")
_LARGEST_LOG: Final = 100_000  # bytes
_WARNING: Final = 2  # com.sun.star.frame.InfobarType


class _Common:
    """What all functions share."""

    def __init__(self, context: Any) -> None:
        self._bar = ProblemBar(context)
        self._kept: dict[Any, Any] = {}
        self._worker = Worker(lambda: language_of(context), self._kept.clear)

    def call(self, name: str, arguments: tuple[Any, ...]) -> Any:
        """Rows of cells; those of single cells are kept for the next time.

        The same arguments give the same answer on the same day: only the date and the
        shipped rules, which a worker reads once, are read beside them.
        """
        if not _BLOCK.isdisjoint(map(type, arguments)):
            return self._asked(name, arguments)
        key = (date.today(), name, arguments)
        kept = self._kept.get(key)
        if kept is None:
            kept = self._asked(name, arguments)
            if kept is not _NOTHING:
                if len(self._kept) >= _MOST_KEPT:
                    self._kept.clear()
                self._kept[key] = kept
        return kept

    def _asked(self, name: str, arguments: tuple[Any, ...]) -> Any:
        given = list(arguments)
        while given and given[-1] is None:
            given.pop()
        try:
            answer = self._worker.ask(f"call {name}", given)
        except Failed as failed:
            self._bar.show(failed)
            return _NOTHING
        self._bar.hide()
        if answer.subject != "value":
            return _NOTHING
        (result,) = answer.values
        return tuple(result) if type(result) is list else ((result,),)


class Functions(unohelper.Base, _XFUNCTIONS, XServiceInfo):  # type: ignore[misc]
    """The add-in, with a method a worksheet function."""

    def __init__(self, context: Any) -> None:
        self._common = _Common(context)

    def getImplementationName(self) -> str:  # noqa: N802
        return IMPLEMENTATION

    def supportsService(self, name: str) -> bool:  # noqa: N802
        return name == SERVICE

    def getSupportedServiceNames(self) -> tuple[str, ...]:  # noqa: N802
        return (SERVICE,)


def _method(name: str) -> Callable[..., Any]:
    def called(self: Any, *arguments: Any) -> Any:
        return self._common.call(name, arguments)

    return called


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
        callbacks = service_of(self._context, "com.sun.star.awt.AsyncCallback")
        callbacks.addCallback(_Callback(self._update), visible)

    def _update(self, visible: bool) -> None:
        failed = self._shown
        for controller in self._controllers():
            if controller.hasInfobar(_BAR):
                controller.removeInfobar(_BAR)
            if visible and failed is not None:
                with suppress(RuntimeException):  # a hidden workbook has no place for it
                    controller.appendInfobar(_BAR, *self._words(failed), _WARNING, (), True)

    def _words(self, failed: Failed) -> tuple[str, str]:
        texts = json.loads(_TEXTS.read_text("utf-8"))
        lang = language_of(self._context)
        said = texts[failed.reason][lang].format(detail=failed.detail, log=user_folder() / LOG)
        return texts["title"][lang], f"{said} {texts['what_to_do'][lang]}"

    def _controllers(self) -> list[Any]:
        components = service_of(self._context, "com.sun.star.frame.Desktop").Components
        books = (book for book in components if hasattr(book, "Sheets"))
        found = (book.CurrentController for book in books)
        return [item for item in found if hasattr(item, "appendInfobar")]


class _Callback(unohelper.Base, XCallback):  # type: ignore[misc]
    def __init__(self, call: Any) -> None:
        self._call = call

    def notify(self, data: Any) -> None:
        self._call(data)


def _private(path: str, flags: int) -> int:
    """A log tells of the user's files: nobody else reads it."""
    return os.open(path, flags, 0o600)


for _name in json.loads(_CATALOGUE.read_text("utf-8"))["functions"]:
    setattr(Functions, _name, _method(_name))
