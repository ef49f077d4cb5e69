"""The menu's entries: a URL such as sellersheet:update runs the action of that name.

A macro may call them too: it gives the files as "Files" and "Target" and gets the message as
the result, instead of a box that waits for the user.
"""

from __future__ import annotations

import json
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import uno
import unohelper
from com.sun.star.frame import DispatchResultEvent, XDispatchProvider, XNotifyingDispatch
from com.sun.star.lang import XInitialization, XServiceInfo

from .asking import ChosenFiles, language_of, service_of
from .open_book import OpenBook
from .worker_process import ACTION_LOG, Failed, run, user_folder

IMPLEMENTATION: Final = "sellersheet.Menu"
SERVICE: Final = "com.sun.star.frame.ProtocolHandler"
_PROTOCOL: Final = "sellersheet:"
_ACTIONS: Final = frozenset(
    json.loads(Path(__file__).with_name("catalogue.json").read_text("utf-8"))["actions"]
)
_TEXTS: Final = Path(__file__).with_name("problems.json")
_FAILURE, _SUCCESS = 0, 1  # com.sun.star.frame.DispatchResultState
_YES: Final = 2  # com.sun.star.awt.MessageBoxResults
# com.sun.star.awt.MessageBoxButtons: yes and no, of which no is the one that Enter takes
_OK, _YES_NO = 1, 3 + 0x30000
_FIRST_YEAR: Final = 1899  # in which the day 0 of a workbook is
_ONE_AT_A_TIME: Final = threading.Lock()


_BASES: Any = (unohelper.Base, XDispatchProvider, XNotifyingDispatch, XInitialization, XServiceInfo)


class Menu(*_BASES):  # type: ignore[misc]
    """Made by LibreOffice for a window whose menu is used."""

    def __init__(self, context: Any) -> None:
        self._context = context
        self._frame: Any = None

    def initialize(self, arguments: tuple[Any, ...]) -> None:
        """LibreOffice names the window."""
        if arguments:
            self._frame = arguments[0]

    def queryDispatch(self, url: Any, target: str, flags: int) -> Any:  # noqa: N802
        return self if _action(url) in _ACTIONS else None

    def queryDispatches(self, requests: Any) -> tuple[Any, ...]:  # noqa: N802
        found = ((item.FeatureURL, item.FrameName, item.SearchFlags) for item in requests)
        return tuple(self.queryDispatch(*item) for item in found)

    def dispatch(self, url: Any, arguments: Any) -> None:
        """From the menu: the message is shown.

        A link in a workbook, or what a workbook wants done when it is opened, comes this way
        too, and then it names the workbook, or the event: that is asked about.
        """
        if not all(_of_menu(item) for item in arguments) and not self._agreed(_action(url)):
            return
        _, text, *offered = self._run(url, arguments)
        if offered:
            path, question = offered
            if self._says_yes(f"{text}\n\n{question}"):
                self._open(path)
        elif text:
            self._show(text)

    def dispatchWithNotification(  # noqa: N802
        self, url: Any, arguments: Any, listener: Any
    ) -> None:
        """From a macro: the message is the result."""
        done, text, *_ = self._run(url, arguments)
        if listener is not None:
            state = _SUCCESS if done else _FAILURE
            listener.dispatchFinished(DispatchResultEvent(self, state, text))

    def addStatusListener(self, listener: Any, url: Any) -> None:  # noqa: N802
        """Every entry can be chosen at any time, so there is nothing to tell."""

    def removeStatusListener(self, listener: Any, url: Any) -> None:  # noqa: N802
        """None is kept."""

    def getImplementationName(self) -> str:  # noqa: N802
        return IMPLEMENTATION

    def supportsService(self, name: str) -> bool:  # noqa: N802
        return name == SERVICE

    def getSupportedServiceNames(self) -> tuple[str, ...]:  # noqa: N802
        return (SERVICE,)

    def _run(self, url: Any, arguments: Any) -> list[Any]:
        """Whether it was done, and the message, "" where the user chose no file; then a
        workbook that may be opened, and the question."""
        given = {item.Name: item.Value for item in arguments}
        book = self._frame.Controller.Model
        if not hasattr(book, "DatabaseRanges"):
            return [False, self._words("no_workbook")]
        if book.NullDate.Year != _FIRST_YEAR:
            return [False, self._words("other_days")]
        if not _ONE_AT_A_TIME.acquire(blocking=False):
            return [False, self._words("busy")]
        try:
            return self._acted(_action(url), book, given)
        finally:
            _ONE_AT_A_TIME.release()

    def _acted(self, action: str, book: Any, given: dict[str, Any]) -> list[Any]:
        indicator = given.get("StatusIndicator") or self._frame.createStatusIndicator()
        chosen = ChosenFiles(self._context, given.get("Files", ()), given.get("Target", ""))
        opened = OpenBook(self._context, book, indicator, chosen)
        window = self._frame.ContainerWindow
        lang = language_of(self._context)
        done = False
        try:
            # While it runs LibreOffice shows its progress, but takes no keys and no clicks.
            window.setEnable(False)
            answer = run(action, [book.Title, _path(book)], opened.answer, lang)
            done = bool(answer.values[0])
            return [done, *map(str, answer.values[1:])]
        except Failed as failed:
            return [False, self._words(failed.reason, failed.detail)]
        finally:
            try:
                opened.end(done=done)
            finally:
                indicator.end()
                window.setEnable(True)

    def _agreed(self, action: str) -> bool:
        """Whether the user wants what a workbook asks for; where nobody can answer, no."""
        return self._says_yes(self._words("unasked", action))

    def _says_yes(self, text: str) -> bool:
        return bool(self._box("QUERYBOX", _YES_NO, text).execute() == _YES)

    def _open(self, path: str) -> None:
        desktop = service_of(self._context, "com.sun.star.frame.Desktop")
        desktop.loadComponentFromURL(Path(path).as_uri(), "_blank", 0, ())

    def _show(self, text: str) -> None:
        self._box("INFOBOX", _OK, text).execute()

    def _box(self, name: str, answers: int, text: str) -> Any:
        window = self._frame.ContainerWindow
        kind = uno.Enum("com.sun.star.awt.MessageBoxType", name)
        return window.Toolkit.createMessageBox(window, kind, answers, "Sellersheet", text)

    def _words(self, reason: str, detail: str = "") -> str:
        texts = json.loads(_TEXTS.read_text("utf-8"))
        text: str = texts[reason][language_of(self._context)]
        return text.format(detail=detail, log=user_folder() / ACTION_LOG)


def _of_menu(argument: Any) -> bool:
    """Whether a menu or a toolbar says that: the keys held, and that it was the user."""
    told = (argument.Name, argument.Value)
    return argument.Name == "KeyModifier" or told == ("Referer", "private:user")


def _action(url: Any) -> str:
    return str(url.Complete)[len(_PROTOCOL) :]


def _path(book: Any) -> str | None:
    """Where the workbook lies on this computer."""
    if not book.URL.startswith("file:"):
        return None
    with suppress(Exception):  # a URL that no file can have
        return str(uno.fileUrlToSystemPath(book.URL))
    return None
