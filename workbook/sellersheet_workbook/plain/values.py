"""What a formula gives: symbols worked out as a worksheet program does, for the saved values."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import cached_property, wraps
from typing import Any, Final

from sellersheet.functions.blocks import NA, VALUE
from sellersheet.symbols import Symbol
from sellersheet_workbook.template.cells import is_error, is_number


class WholeColumn(list[Any]):
    """All cells of a column, for formulas of every row that look through them."""

    @cached_property
    def places(self) -> dict[Any, int]:
        """The first row, from 1, of each value; texts without case."""
        found: dict[Any, int] = {}
        for at, value in enumerate(self, 1):
            found.setdefault(value.casefold() if isinstance(value, str) else value, at)
        return found

    @cached_property
    def ascending(self) -> list[Any]:
        """The numbers in order."""
        return sorted(self)


def value_of(symbol: Any, cells: Mapping[str, Any], known: dict[int, Any]) -> Any:
    """The value for cells of these names; ``known`` keeps what was worked out of each part."""
    if not isinstance(symbol, Symbol):
        return symbol
    if id(symbol) not in known:
        known[id(symbol)] = _worked_out(symbol, cells, known)
    return known[id(symbol)]


def _worked_out(symbol: Symbol, cells: Mapping[str, Any], known: dict[int, Any]) -> Any:
    op, args = symbol.op, symbol.args
    if op == "ref":
        return cells[args[0]]
    if op == "raw":
        return VALUE
    if op == "IF":
        test = value_of(args[0], cells, known)
        return test if is_error(test) else value_of(args[1 if test else 2], cells, known)
    if op == "native":
        return args[1](*(value_of(arg, cells, known) for arg in args[2:]))
    found = [value_of(arg, cells, known) for arg in args]
    if op == "ISERROR":
        return is_error(found[0])
    if op == "ISNUMBER":
        return is_number(found[0])
    return unless_error(_OPERATIONS[op])(*found)


def unless_error(work: Callable[..., Any]) -> Callable[..., Any]:
    """As functions of a worksheet are: an error among what it is given is what it gives."""

    @wraps(work)
    def worked(*given: Any) -> Any:
        return next(filter(is_error, given), None) or work(*given)

    return worked


def same(first: Any, second: Any) -> bool:
    """Equality of a worksheet: texts without case, a blank is "" and 0."""
    if first is None or second is None:
        other = second if first is None else first
        return other in (None, "", 0)
    if isinstance(first, str) and isinstance(second, str):
        return first.casefold() == second.casefold()
    kinds = {type(value) if isinstance(value, bool | str) else float for value in (first, second)}
    return len(kinds) == 1 and bool(first == second)


def _compared(test: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    """Numbers come before texts, texts before TRUE and FALSE."""

    def rank(value: Any) -> tuple[int, Any]:
        if isinstance(value, bool):
            return 2, value
        return (1, value.casefold()) if isinstance(value, str) else (0, value or 0)

    return lambda first, second: test(rank(first), rank(second))


def as_text(value: Any) -> str:
    """What a worksheet makes of a value where a text is needed."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if is_number(value):
        return repr(value).removesuffix(".0")
    return value or ""


def _number(value: Any) -> Any:
    return 0 if value is None else value


def _arithmetic(work: Callable[..., Any]) -> Callable[..., Any]:
    """On numbers; a text is #VALUE!."""

    def worked(*given: Any) -> Any:
        numbers = [_number(value) for value in given]
        return VALUE if any(isinstance(value, str) for value in numbers) else work(*numbers)

    return worked


def _divided(first: Any, second: Any) -> Any:
    if second == 0:
        return "#DIV/0!"
    exact = isinstance(first, int) and isinstance(second, int) and first % second == 0
    return first // second if exact else first / second


_OPERATIONS: Final[dict[str, Callable[..., Any]]] = {
    "+": _arithmetic(lambda a, b: a + b),
    "-": _arithmetic(lambda a, b: a - b),
    "*": _arithmetic(lambda a, b: a * b),
    "/": _arithmetic(_divided),
    "neg": _arithmetic(lambda a: -a),
    "&": lambda a, b: as_text(a) + as_text(b),
    "=": same,
    "<>": lambda a, b: not same(a, b),
    "<": _compared(lambda a, b: a < b),
    "<=": _compared(lambda a, b: a <= b),
    ">": _compared(lambda a, b: a > b),
    ">=": _compared(lambda a, b: a >= b),
    "INT": _arithmetic(math.floor),
    "ABS": _arithmetic(abs),
    "SIGN": _arithmetic(lambda a: (a > 0) - (a < 0)),
    "MAX": _arithmetic(max),
    "MIN": _arithmetic(min),
    "GCD": _arithmetic(lambda *given: math.gcd(*map(int, given))),
    "AND": lambda *given: all(given),
    "OR": lambda *given: any(given),
    "NOT": lambda given: not given,
    "NA": lambda: NA,
}
