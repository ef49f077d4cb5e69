"""The worksheet functions as xlwings offers them to Excel: its UDF MODULES setting names this.

Cells come as they are, through xlwings' "raw" converter: the functions know COM's error
codes, its Decimals and its dates. Away from Windows xlwings' decorators do nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import cache
from importlib import import_module
from inspect import Parameter, Signature
from itertools import chain
from typing import Any, Final

import xlwings as xw

from sellersheet.functions.answers import Finished
from sellersheet.functions.registry import FUNCTIONS, Function

_LEAVES_READY: Final[frozenset[type]] = frozenset({float, str, bool})


def _offered(function: Function) -> Callable[..., Any]:
    """The function under its own name and signature, as xlwings wants it."""

    def call(*arguments: Any) -> list[Any]:
        return _leaving(_plain(function.name)(*arguments))

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


@cache
def _plain(name: str) -> Callable[..., Any]:
    """The function itself, loaded when it is first called."""
    plain: Callable[..., Any] = getattr(import_module("sellersheet.functions"), name)
    return plain


def _leaving(result: Any) -> list[Any]:
    """Rows, also for a single value: xlwings takes the value out of the only row again."""
    if isinstance(result, Finished):
        return list(result)
    if not isinstance(result, list):
        return [[_left(result)]]
    kinds = set(map(type, chain.from_iterable(result)))
    if _LEAVES_READY.issuperset(kinds):
        return result
    return [tuple(map(_left, row)) for row in result]


def _left(cell: Any) -> Any:
    if type(cell) is int:  # beyond 32 bits Excel cannot take it
        return float(cell)
    if isinstance(cell, dt.datetime):
        return cell.replace(tzinfo=dt.UTC)  # pywin32 moves a time without a zone
    if isinstance(cell, dt.date):
        return dt.datetime.combine(cell, dt.time(), dt.UTC)
    return cell


globals().update({name: _offered(function) for name, function in FUNCTIONS.items()})
