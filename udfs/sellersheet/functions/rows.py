"""Row functions: arguments side by side in, one answer a row out.

``read_rows`` puts the arguments side by side; ``Call.answer`` gives the cells back in the
shape that came in. What is wrong in one row never touches another. A plain number in a single
cell is read here and makes no array; columns, words and days are read by ``reading``.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from operator import attrgetter
from typing import Any, Final

import numpy as np

from sellersheet import money
from sellersheet.cells import vacant_value
from sellersheet.columns import Column, Wrong
from sellersheet.days import ORDINAL
from sellersheet.functions.blocks import (
    BLANK,
    NA,
    NUM,
    RANGE,
    VALUE,
    CallProblem,
    Line,
    error_text,
    line_of,
)
from sellersheet.functions.ranges import CallTerms
from sellersheet.functions.reading import (
    ARGUMENTS,
    EMPTY,
    ERROR,
    GIVEN,
    WRONG,
    ReadArgument,
    read_line,
)
from sellersheet.policy import View

# What a row's answer is: the value itself, or one of these.
OK: Final = 0
ROW_BLANK: Final = 1
ROW_VALUE: Final = 2
ROW_NA: Final = 3
ROW_NUM: Final = 4
ROW_ERROR: Final = 5
_MARKERS: Final = {ROW_BLANK: BLANK, ROW_VALUE: VALUE, ROW_NA: NA, ROW_NUM: NUM}
_STATE: Final = attrgetter("state")


@dataclass(slots=True)
class Call:
    """The row arguments of one call.

    ``n`` is the number of rows that hold anything, None for single cells; ``length`` the
    size of the answer. ``codes`` says for each row whether it can be answered so far.
    """

    n: int | None
    length: int
    upright: bool
    read: dict[str, ReadArgument]
    codes: Any
    errors: dict[int, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        """The typed values of an argument: a plain value, or an array of ``n``."""
        return self.read[name].value

    def known(self, name: str) -> Any:
        """Where the argument was given."""
        return self.read[name].state == GIVEN

    def days(self, name: str = "as_of") -> Any:
        """The day of each row, since 1970-01-01; a blank is today."""
        item = self.read[name]
        if isinstance(item.state, np.ndarray):
            return np.where(item.state == GIVEN, item.value, today()).astype(np.int64)
        return int(item.value) if item.state == GIVEN else today()

    def where(self, condition: Any, code: int) -> Any:
        """The codes with ``code`` set on rows that could be answered and meet the condition."""
        if isinstance(self.codes, np.ndarray) or isinstance(condition, np.ndarray):
            return np.where((self.codes == OK) & condition, code, self.codes)
        return code if condition and self.codes == OK else self.codes

    def refuse(self, condition: Any, code: int) -> None:
        """Marks the rows that meet the condition as answered by ``code``."""
        self.codes = self.where(condition, code)

    def rules(self, used: CallTerms, names: Iterable[str]) -> View:
        """The policy on the day of each row; one of which it has not all these values is #N/A."""
        found = used.on(self.days())
        known = found.known(names)
        if known is not True:
            self.refuse(np.logical_not(known), ROW_NA)
        return found

    def answer(self, values: Any) -> Any:
        """The cells of one value a row: a single cell, or rows of the shape that came in."""
        if self.n is None:
            code = int(self.codes)
            return values if code == OK else self._marker(code, 0)
        cells = self.cells(values)
        cells += [BLANK] * (self.length - len(cells))
        return list(zip(cells, strict=True)) if self.upright else [cells]

    def cells(self, values: Any) -> list[Any]:
        """The answers of the used rows in a list; markers where a row has none."""
        codes = np.broadcast_to(self.codes, self.n or 1)
        column: list[Any] = np.broadcast_to(np.asarray(values), codes.shape).tolist()
        for at in np.flatnonzero(codes).tolist():
            column[at] = self._marker(int(codes[at]), at)
        return column

    def _marker(self, code: int, at: int) -> str:
        return self.errors.get(at, VALUE) if code == ROW_ERROR else _MARKERS[code]


def today() -> int:
    """Days since 1970-01-01: the boundary alone asks the clock."""
    return date.today().toordinal() - ORDINAL


def read_rows(required: tuple[str, ...], /, **arguments: Any) -> Call:
    """The arguments side by side. Ranges must have one length, or 1.

    A row whose required arguments are all blank is blank (where some are ranges, those
    count); one that lacks some of them is not on record (#N/A); a wrong value is #VALUE!;
    an error cell gives its error.
    """
    lines: dict[str, Line] = {}
    read: dict[str, ReadArgument] = {}
    for name, value in arguments.items():
        if isinstance(value, RANGE):
            lines[name] = line_of(value, name)
            value = lines[name].cells[0]
        read[name] = read_one(name, value)
    if lines:
        long = {name: line for name, line in lines.items() if len(line.cells) > 1}
        if long:
            return _long_call(required, read, long)
    call = Call(None, 1, True, read, OK)
    call.codes = _scalar_code(call, required)
    return call


def _long_call(
    required: tuple[str, ...], read: dict[str, ReadArgument], lines: dict[str, Line]
) -> Call:
    n, length = _side_by_side(lines)
    if lines.keys().isdisjoint(required):
        n = length  # what the rows are made of stands in single cells: none is blank
    upright = [line.upright for line in lines.values()]
    if any(upright) and not all(upright):
        raise CallProblem("rows_and_columns", names=", ".join(sorted(lines)))
    for name, line in lines.items():
        read[name] = read_line(name, line.cells[:n])
    call = Call(n, length, upright[0], read, OK)
    call.codes = _row_codes(call, required, n)
    return call


def _side_by_side(lines: dict[str, Line]) -> tuple[int, int]:
    """The rows that hold anything, and the length of the answer.

    A range that is too long by blank cells alone is cut to the others' length.
    """
    used = max(line.used for line in lines.values())
    shortest = min(len(line.cells) for line in lines.values())
    if used > shortest:
        sizes = ", ".join(f"{name} {len(line.cells)}" for name, line in lines.items())
        raise CallProblem("lengths", sizes=sizes)
    return max(used, 1), shortest


def _scalar_code(call: Call, required: tuple[str, ...]) -> int:
    states = set(map(_STATE, call.read.values()))
    if ERROR in states:
        call.errors = next(item.errors for item in call.read.values() if item.errors)
        return ROW_ERROR
    empty = [call.read[name].state for name in required].count(EMPTY)
    if required and empty == len(required):
        return ROW_BLANK
    if WRONG in states:
        return ROW_VALUE
    return ROW_NA if empty else OK


def _row_codes(call: Call, required: tuple[str, ...], n: int) -> Any:
    wrong, any_error = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
    for item in reversed(call.read.values()):
        wrong |= item.state == WRONG
        any_error |= item.state == ERROR
        if item.errors and not isinstance(item.state, np.ndarray):
            call.errors = dict.fromkeys(range(n), item.errors[0])
        else:
            call.errors |= item.errors
    all_empty, some_empty = np.ones(n, dtype=bool), np.zeros(n, dtype=bool)
    ranges = [name for name in required if isinstance(call.read[name].state, np.ndarray)]
    for name in required:
        empty = call.read[name].state == EMPTY
        some_empty |= empty
        if name in ranges or not ranges:
            all_empty &= empty
    if not required:
        all_empty[:] = False
    return np.select(
        [any_error, all_empty, wrong, some_empty], [ROW_ERROR, ROW_BLANK, ROW_VALUE, ROW_NA], OK
    )


def read_one(name: str, cell: Any) -> ReadArgument:
    """One cell."""
    if cell is None or cell == "":
        return _BLANK_CELLS[name]
    item = ARGUMENTS[name]
    if type(cell) is float or type(cell) is int:
        quick = _quick(item, cell)
        if quick is not None:
            return ReadArgument(quick, GIVEN, 0, {})
    error = error_text(cell)
    if error is not None:
        blank = _BLANK_CELLS[name]
        return ReadArgument(blank.value, ERROR, int(Wrong.ERROR_CELL), {0: error})
    try:
        return _read_once(name, cell.__class__, cell)
    except TypeError:  # a cell that can't be a key
        return _read_once.__wrapped__(name, type(cell), cell)


def _quick(item: Column, cell: float) -> int | float | None:
    """A plain number within its column's bounds, without a detour through arrays."""
    low, high = item.low, item.high
    if not math.isfinite(cell) or (low is not None and cell < low):
        return None
    if item.kind == "money":
        if abs(cell) > (money.CENT_LIMIT / 100 if high is None else high):
            return None
        return int(money.cents(cell))
    if high is not None and cell > high:
        return None
    if item.kind == "rate":
        return int(money.rate_units(cell)) if 0 <= cell <= 1 else None
    if item.kind in ("grams", "cm", "number"):
        return float(cell)
    return int(cell) if item.kind == "count" and cell == int(cell) else None


@lru_cache(maxsize=8192)
def _read_once(name: str, _type: Hashable, cell: Any) -> ReadArgument:
    """A text, a date, a word: the same ones come again and again."""
    found = read_line(name, [cell])
    value = found.value[0]
    plain = value.item() if isinstance(value, np.generic) else value
    return ReadArgument(plain, int(found.state[0]), int(found.wrong[0]), found.errors)


_BLANK_CELLS: Final = {
    name: ReadArgument(
        None if item.kind in ("range", "moment") else vacant_value(item), EMPTY, 0, {}
    )
    for name, item in ARGUMENTS.items()
}
