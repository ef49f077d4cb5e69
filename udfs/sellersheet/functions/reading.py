"""Arguments read, each with its state: the cells of a range, and whatever is no plain number.

They are read in bulk: plain numbers together, and each unusual cell or distinct word once, by
the same code that reads files.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from sellersheet.cells import Cells, read_cells
from sellersheet.columns import TABLES, Column, Wrong
from sellersheet.days import moment_of
from sellersheet.functions.blocks import cut, error_text
from sellersheet.money import Mask

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


def read_line(name: str, cells: Sequence[Any]) -> ReadArgument:
    """The cells of a range."""
    item = ARGUMENTS[name]
    return _numbers(item, cells) if item.kind in _NUMBERS else _words(item, cells)


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


def _states(blank: Mask, wrong: Any) -> Any:
    states = np.where(blank, EMPTY, GIVEN).astype(np.int8)
    states[wrong != Wrong.NONE] = WRONG
    states[wrong == Wrong.ERROR_CELL] = ERROR
    return states
