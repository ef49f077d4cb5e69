"""The worksheet functions as xlwings offers them to Excel: its UDF MODULES setting names this.

Cells come and go in bulk, through xlwings' "raw" converter. Away from Windows xlwings'
decorators do nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from importlib import import_module
from inspect import Parameter, Signature
from itertools import chain
from typing import Any, Final

import xlwings as xw

from sellersheet.functions.registry import FUNCTIONS, Function

# How Excel numbers its errors in VBA's CVErr.
ERROR_NUMBERS: Final = {
    "#NULL!": 2000,
    "#DIV/0!": 2007,
    "#VALUE!": 2015,
    "#REF!": 2023,
    "#NAME?": 2029,
    "#NUM!": 2036,
    "#N/A": 2042,
    "#GETTING_DATA": 2043,
    "#SPILL!": 2045,
    "#CONNECT!": 2046,
    "#BLOCKED!": 2047,
    "#UNKNOWN!": 2048,
    "#FIELD!": 2049,
    "#CALC!": 2050,
}
# An error cell arrives as a Windows status code, a whole number; numbers arrive as floats.
_ERROR_TEXTS: Final = {0x800A0000 + n - (1 << 32): text for text, n in ERROR_NUMBERS.items()}
_ARRIVES_READY: Final[frozenset[type]] = frozenset({float, str, type(None), bool})
_LEAVES_READY: Final[frozenset[type]] = frozenset({float, str, bool})


def _offered(function: Function) -> Callable[..., Any]:
    """The function under its own name and signature, as xlwings wants it."""

    def call(*arguments: Any) -> list[Any]:
        plain = getattr(import_module("sellersheet.functions"), function.name)
        return _leaving(plain(*map(_arriving, arguments)))

    parameters = [
        Parameter(
            argument.name,
            Parameter.POSITIONAL_OR_KEYWORD,
            default=None if argument.optional else Parameter.empty,
        )
        for argument in function.arguments
    ]
    call.__name__ = call.__qualname__ = function.name
    call.__doc__ = function.en
    call.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
    call.__annotations__ = {}  # xlwings would take them for converters
    for argument in function.arguments:
        xw.arg(argument.name, "raw", doc=argument.en)(call)
    xw.ret("raw")(call)
    offered: Callable[..., Any] = xw.func(category=function.category_en)(call)
    return offered  # decorated last: the others reset the category


def _arriving(cells: Any) -> Any:
    """A cell, or a range as rows, the way the functions take it."""
    if not isinstance(cells, tuple | list):
        return cells if type(cells) in _ARRIVES_READY else _arrived(cells)
    rows = cells if isinstance(cells[0], tuple | list) else (cells,)  # {1,2} comes without rows
    return _each(rows, _ARRIVES_READY, _arrived)


def _leaving(result: Any) -> list[Any]:
    """Rows, also for a single value: xlwings takes the value out of the only row again."""
    rows = result if isinstance(result, tuple | list) else [[result]]
    return list(_each(rows, _LEAVES_READY, _left))


def _each(rows: Any, ready: frozenset[type], changed: Callable[[Any], Any]) -> Any:
    """The rows with the cells changed whose type is not ready; untouched when all are."""
    kinds = list(map(type, chain.from_iterable(rows)))
    if ready.issuperset(kinds):
        return rows
    width, done = len(rows[0]), list(rows)
    for at in {at // width for at, kind in enumerate(kinds) if kind not in ready}:
        done[at] = tuple(map(changed, rows[at]))
    return done


def _arrived(cell: Any) -> Any:
    if type(cell) is int:
        return _ERROR_TEXTS.get(cell, cell)
    if isinstance(cell, dt.datetime):  # pywin32 says UTC of what is the sheet's own clock
        return dt.datetime.combine(cell.date(), cell.time())
    return cell


def _left(cell: Any) -> Any:
    if type(cell) is int:  # beyond 32 bits Excel cannot take it
        return float(cell)
    if isinstance(cell, dt.datetime):
        return cell.replace(tzinfo=dt.UTC)  # pywin32 moves a time without a zone
    if isinstance(cell, dt.date):
        return dt.datetime.combine(cell, dt.time(), dt.UTC)
    return cell


globals().update({name: _offered(function) for name, function in FUNCTIONS.items()})
