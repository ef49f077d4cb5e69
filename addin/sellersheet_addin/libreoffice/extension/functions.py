"""The worksheet functions as LibreOffice calls them: every one is answered by the worker."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Final

import uno
import unohelper
from com.sun.star.lang import XServiceInfo

from .asking import language_of
from .problem_bar import ProblemBar
from .worker_process import Failed, Worker

IMPLEMENTATION: Final = "sellersheet.FunctionsInPython"
SERVICE: Final = "sellersheet.Functions"
# Not by import: an installed package of this name would be found first.
_XFUNCTIONS: Any = uno.getClass("sellersheet.XFunctions")
_CATALOGUE: Final = Path(__file__).with_name("catalogue.json")
# An error value is a NaN with LibreOffice's number for the error in its last bits.
_NOTHING: Final = ((struct.unpack("<d", struct.pack("<Q", 0x7FF8 << 48 | 519))[0],),)  # #VALUE!
_BLOCK: Final = frozenset({tuple})
_MOST_KEPT: Final = 50_000


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


for _name in json.loads(_CATALOGUE.read_text("utf-8"))["functions"]:
    setattr(Functions, _name, _method(_name))
