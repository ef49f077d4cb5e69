"""Cells of a worksheet as the rules may see them: operations on them write a formula.

A rule that is given symbols instead of numbers gives back a symbol: the tree of what it does.
``text`` writes it as a formula that every worksheet program calculates, with functions that
Excel has had since 2010. Whole numbers are exact in a worksheet below 2^53, but the functions
that make numbers whole are not right so far in all programs: ``rounded`` gives #N/A beyond
``EXACT_BELOW``, and never uses a program's own rounding.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

# LibreOffice's INT is wrong from 1.16e14 on, others later.
EXACT_BELOW: Final = 50_000_000_000_000
WRONG: Final = 'VALUE("?")'  # gives #VALUE! everywhere; the literal does not

_BINDING: Final = {
    "=": 1, "<>": 1, "<": 1, "<=": 1, ">": 1, ">=": 1, "&": 2, "+": 3, "-": 3, "*": 4, "/": 4,
    "neg": 6,
}  # fmt: skip
_ATOM: Final = 9
Namer = Callable[["Symbol"], str | None]


class Symbol:
    """A cell or an expression over cells.

    ``op`` is an operator, the name of a worksheet function, or "ref" for a cell, whose name is
    then the only argument. ``never_negative`` is what is known of its sign.
    """

    __slots__ = ("args", "never_negative", "op")

    def __init__(self, op: str, *args: Any, never_negative: bool = False) -> None:
        self.op, self.args, self.never_negative = op, args, never_negative

    def __add__(self, other: Any) -> Any:
        return self if _is(other, 0) else _sum(self, other)

    def __radd__(self, other: Any) -> Any:
        return self if _is(other, 0) else _sum(other, self)

    def __sub__(self, other: Any) -> Any:
        return self if _is(other, 0) else Symbol("-", self, other)

    def __rsub__(self, other: Any) -> Any:
        return -self if _is(other, 0) else Symbol("-", other, self)

    def __mul__(self, other: Any) -> Any:
        return self if _is(other, 1) else _product(self, other)

    def __rmul__(self, other: Any) -> Any:
        return self if _is(other, 1) else _product(other, self)

    def __truediv__(self, other: Any) -> Any:
        return Symbol("/", self, other, never_negative=_never(self, other))

    def __floordiv__(self, other: Any) -> Any:
        if _is(other, 1):
            return self
        return call("INT", self / other)

    def __rfloordiv__(self, other: Any) -> Any:
        return call("INT", Symbol("/", other, self, never_negative=_never(self, other)))

    def __neg__(self) -> Any:
        return self.args[0] if self.op == "neg" else Symbol("neg", self)

    def __abs__(self) -> Any:
        return self if self.never_negative else call("ABS", self)

    def __eq__(self, other: object) -> Any:
        return Symbol("=", self, other)

    def __ne__(self, other: object) -> Any:
        return Symbol("<>", self, other)

    def __lt__(self, other: Any) -> Any:
        return Symbol("<", self, other)

    def __le__(self, other: Any) -> Any:
        return Symbol("<=", self, other)

    def __gt__(self, other: Any) -> Any:
        return Symbol(">", self, other)

    def __ge__(self, other: Any) -> Any:
        return Symbol(">=", self, other)

    def __and__(self, other: Any) -> Any:
        return self if other is True else _both("AND", self, other)

    __rand__ = __and__

    def __or__(self, other: Any) -> Any:
        return self if other is False else _both("OR", self, other)

    __ror__ = __or__
    __hash__ = object.__hash__

    def __bool__(self) -> bool:
        raise TypeError("a rule decides with where(), not with if: a cell has no value yet")


def ref(name: str, *, never_negative: bool = False) -> Symbol:
    """The cell of that name, whatever its address will be."""
    return Symbol("ref", name, never_negative=never_negative)


def call(function: str, *args: Any) -> Symbol:
    """A worksheet function."""
    if function in ("MAX", "IF"):
        chosen = args if function == "MAX" else args[1:]
        pick = any if function == "MAX" else all
        return Symbol(function, *args, never_negative=pick(map(_never, chosen)))
    always = function in ("ABS", "GCD")
    whole = function in ("INT", "INDEX", "MIN") and all(map(_never, args))
    return Symbol(function, *args, never_negative=always or whole)


def choose(condition: Any, yes: Any, no: Any) -> Symbol:
    """``yes`` where the condition holds, else ``no``."""
    return call("IF", condition, yes, no)


def native(template: str, value: Callable[..., Any], *args: Any, **known: bool) -> Symbol:
    """A formula written out, with the arguments at {0}, {1} …, and what it gives for values."""
    return Symbol("native", template, value, *args, **known)


def joined(*parts: Any) -> Symbol:
    """Texts put together; the first error among them, if one is."""
    whole = Symbol("&", parts[0], parts[1])
    for part in parts[2:]:
        whole = Symbol("&", whole, part)
    return whole


def unknown() -> Symbol:
    """#N/A: not on record."""
    return call("NA")


def wrong() -> Symbol:
    """#VALUE!: a cell that can't be read."""
    return Symbol("raw", WRONG)


def rounded(numerator: Any, denominator: Any) -> Symbol:
    """``numerator / denominator`` to the nearest whole number, ties away from zero."""
    doubled = 2 * abs(numerator) + denominator
    whole = call("INT", Symbol("/", doubled, 2 * denominator, never_negative=True))
    if not _never(numerator):
        whole = call("SIGN", numerator) * whole
    return choose(doubled < EXACT_BELOW, whole, unknown())


def cents(amount: Symbol) -> Symbol:
    """An amount of a cell in cents, as ``money.cents`` reads it."""
    whole = call("INT", Symbol("+", abs(amount) * 100, 0.500001, never_negative=True))
    return whole if amount.never_negative else Symbol("*", call("SIGN", amount), whole)


def nearest_even(amount: Symbol) -> Symbol:
    """The nearest whole number, of two the even one, as numpy's rint has it."""
    up = call("INT", amount + 0.5)
    odd = up - 2 * (up // 2)
    tie = amount - call("INT", amount) == 0.5
    return Symbol("-", up, choose(tie, odd, 0), never_negative=up.never_negative)


def text(symbol: Any, name: Namer, whole: Any = None) -> str:
    """The expression as it stands in a formula, without the sign of equality.

    ``name`` gives the address of a cell, and of each expression that stands in a cell of its
    own; ``whole`` is the one that is being written into its cell.
    """
    return _written(symbol, name, whole)[0]


def _written(symbol: Any, name: Namer, whole: Any) -> tuple[str, int]:
    if not isinstance(symbol, Symbol):
        return constant(symbol), _ATOM
    if (symbol is not whole or symbol.op == "ref") and (address := name(symbol)) is not None:
        return address, _ATOM
    if symbol.op == "raw":
        return str(symbol.args[0]), _ATOM
    if symbol.op == "ref":
        raise KeyError(symbol.args[0])
    if symbol.op == "native":
        given = [_written(arg, name, None)[0] for arg in symbol.args[2:]]
        return symbol.args[0].format(*given), _ATOM
    parts = [_written(arg, name, None) for arg in symbol.args]
    if symbol.op not in _BINDING:
        return f"{symbol.op}({','.join(part for part, _ in parts)})", _ATOM
    own = _BINDING[symbol.op]
    if symbol.op == "neg":
        return f"-{_inside(*parts[0], own)}", 2  # in brackets within all but a comparison
    last = symbol.args[1]
    chained = symbol.op in ("+", "*", "&") and isinstance(last, Symbol) and last.op == symbol.op
    right = own if chained else own + 1
    return f"{_inside(*parts[0], own)}{symbol.op}{_inside(*parts[1], right)}", own


def _inside(part: str, binding: int, needed: int) -> str:
    return part if binding >= needed else f"({part})"


def constant(value: Any) -> str:
    """A value as it stands in a formula."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, str):
        return '"' + value.replace('"', '""') + '"'
    return repr(value)


def _is(value: Any, number: int) -> bool:
    return type(value) is int and value == number


def _never(*values: Any) -> bool:
    """Whether none of them is ever negative."""
    return all(
        value.never_negative
        if isinstance(value, Symbol)
        else isinstance(value, int | float) and value >= 0
        for value in values
    )


def _sum(first: Any, second: Any) -> Symbol:
    return Symbol("+", first, second, never_negative=_never(first, second))


def _product(first: Any, second: Any) -> Any:
    if _is(first, 0) or _is(second, 0):
        return 0
    return Symbol("*", first, second, never_negative=_never(first, second))


def _both(function: str, first: Symbol, second: Any) -> Symbol:
    """AND and OR take any number: those of one kind become one."""
    parts: list[Any] = []
    for part in (first, second):
        parts += part.args if isinstance(part, Symbol) and part.op == function else [part]
    return Symbol(function, *parts)
