"""Arguments read: one cell as a plain number, a range as an array, each with its state.

A range is read in bulk: plain numbers together, and each unusual cell or distinct word
once, by the same code that reads files.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from sellersheet import money
from sellersheet.cells import Cells, read_cells, vacant_value
from sellersheet.columns import TABLES, Column
from sellersheet.days import moment_of
from sellersheet.functions.blocks import cut, error_text
from sellersheet.wrong import Wrong

GIVEN: Final = 0
EMPTY: Final = 1
WRONG: Final = 2
ERROR: Final = 3

ARGUMENTS: Final = {item.key: item for item in TABLES["arguments"]}
_NUMBERS: Final = frozenset({"money", "rate", "number", "grams", "cm", "count"})


class ReadArgument(NamedTuple):
    """One argument: ``value`` typed as in ``tables``, its ``state``, and the ``Wrong`` code.

    For one cell they are plain values, for a range arrays. A blank holds the column's
    default; ``errors`` are the texts of error cells by their place (0 for one cell).
    """

    value: Any
    state: Any
    wrong: Any
    errors: dict[int, str]


def read_one(name: str, cell: Any) -> ReadArgument:
    """One cell."""
    if cell is None or cell == "":
        return _EMPTY_CELLS[name]
    item = ARGUMENTS[name]
    if type(cell) is float or type(cell) is int:
        quick = _quick(item, cell)
        if quick is not None:
            return ReadArgument(quick, GIVEN, 0, {})
    error = error_text(cell)
    if error is not None:
        return ReadArgument(_VACANT[name], ERROR, int(Wrong.ERROR_CELL), {0: error})
    return _one_slowly(name, cell)


def read_line(name: str, cells: Sequence[Any]) -> ReadArgument:
    """The cells of a range."""
    item = ARGUMENTS[name]
    return _numbers(item, cells) if item.kind in _NUMBERS else _words(item, cells)


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
        return round(cell * money.RATE_UNIT) if 0 <= cell <= 1 else None
    if item.kind in ("grams", "cm", "number"):
        return float(cell)
    return int(cell) if item.kind == "count" and cell == int(cell) else None


def _one_slowly(name: str, cell: Any) -> ReadArgument:
    """A text, a date, a word: read once, since the same ones come again and again."""
    try:
        return _cached(name, cell.__class__, cell)
    except TypeError:  # a cell that can't be a key
        return _cached.__wrapped__(name, type(cell), cell)


@lru_cache(maxsize=8192)
def _cached(name: str, _type: Hashable, cell: Any) -> ReadArgument:
    found = read_line(name, [cell])
    value = found.value[0]
    plain = value.item() if isinstance(value, np.generic) else value
    return ReadArgument(plain, int(found.state[0]), int(found.wrong[0]), found.errors)


def _numbers(item: Column, cells: Sequence[Any]) -> ReadArgument:
    plain = list(cells)
    odd = [at for at, cell in enumerate(plain) if cell is not None and type(cell) is not float]
    unusual = [plain[at] for at in odd]
    for at in odd:
        plain[at] = None
    found = read_cells(item, pd.Series(np.fromiter(plain, dtype=np.float64, count=len(plain))))
    value, blank, wrong = found.values, found.blank, found.wrong
    errors: dict[int, str] = {}
    if odd:
        cleaned = _columnwise(item, unusual)
        at_odd = np.array(odd)
        value[at_odd], wrong[at_odd] = cleaned.value, cleaned.wrong
        blank[at_odd] = cleaned.state == EMPTY
        errors = {odd[at]: text for at, text in cleaned.errors.items()}
    return ReadArgument(value, _states(blank, wrong), wrong, errors)


def _words(item: Column, cells: Sequence[Any]) -> ReadArgument:
    """Words, days and yes/no: each distinct cell is read once."""
    distinct = list(dict.fromkeys(cells))
    place = {cell: code for code, cell in enumerate(distinct)}
    codes = list(map(place.__getitem__, cells))
    found = _columnwise(item, distinct)
    errors = {}
    if found.errors:
        errors = {at: found.errors[code] for at, code in enumerate(codes) if code in found.errors}
    take = np.fromiter(codes, dtype=np.intp, count=len(codes))
    return ReadArgument(found.value[take], found.state[take], found.wrong[take], errors)


def _columnwise(item: Column, cells: list[Any]) -> ReadArgument:
    """Any cells at all, by the code that reads files."""
    errors = {at: text for at, cell in enumerate(cells) if (text := error_text(cell)) is not None}
    usable = [None if at in errors else cut(cell) for at, cell in enumerate(cells)]
    found = _moments(usable) if item.kind == "moment" else _cells(item, usable)
    found.wrong[list(errors)] = Wrong.ERROR_CELL
    return ReadArgument(found.values, _states(found.blank, found.wrong), found.wrong, errors)


def _cells(item: Column, cells: list[Any]) -> Cells:
    return read_cells(item, pd.Series(cells, dtype=object))


def _moments(cells: list[Any]) -> Cells:
    found = [moment_of(cell) for cell in cells]
    values = np.empty(len(cells), dtype=object)
    values[:] = [moment for moment, _ in found]
    wrong = np.array([code for _, code in found], dtype=np.uint8)
    blank = np.array([moment is None for moment, _ in found], dtype=bool) & (wrong == Wrong.NONE)
    return Cells(values, blank, wrong)


def _states(blank: money.Mask, wrong: Any) -> Any:
    states = np.where(blank, EMPTY, GIVEN).astype(np.int8)
    states[wrong != Wrong.NONE] = WRONG
    states[wrong == Wrong.ERROR_CELL] = ERROR
    return states


_VACANT: Final = {
    name: None if item.kind in ("range", "moment") else vacant_value(item)
    for name, item in ARGUMENTS.items()
}
_EMPTY_CELLS: Final = {name: ReadArgument(value, EMPTY, 0, {}) for name, value in _VACANT.items()}
