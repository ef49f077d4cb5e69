"""Wrong, huge and long arguments, called as cells call: what comes back can always be shown."""

import datetime as dt
import math
import re
import time
import tracemalloc
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest

from sellersheet import functions
from sellersheet.functions.registry import FUNCTIONS
from tests.excel_call_path import NOT_AVAILABLE, WRONG_VALUE, Sheet, sheet
from tests.excel_cases import EVERY, ORDERS, ROW_FUNCTIONS, cells_of, column, filled

WRONG: tuple[Any, ...] = (-1e308, 1e308, -5.0, "不知道", True, WRONG_VALUE, 2.0, 2958465.0)
ROWS = 10_000


@pytest.fixture(scope="module", name="excel")
def excel_with_every_function() -> Iterator[Sheet]:
    with sheet("sellersheet.excel") as found:
        yield found


@pytest.mark.parametrize("name", EVERY)
def test_every_argument_wrong_once(excel: Sheet, name: str) -> None:
    """Never a traceback, never an exception: a marker, or a reason in words."""
    arguments = EVERY[name]
    assert FUNCTIONS[name].arguments
    for at in range(len(FUNCTIONS[name].arguments)):
        for cell in (*WRONG, ((1.0, "x"), (NOT_AVAILABLE, None))):
            given = filled(name, arguments)
            given[at] = cell
            left = cells_of(excel.call(name, *given))
            assert left
            for found in left:
                assert type(found) in (float, str, bool, dt.datetime), (name, at, cell)
                assert not isinstance(found, float) or math.isfinite(found)
                assert not re.search(r"Traceback|Error\b|意外", str(found)), (name, at, found)


@pytest.mark.parametrize("name", ROW_FUNCTIONS)
def test_a_word_where_a_number_is_meant_is_an_error(excel: Sheet, name: str) -> None:
    arguments, _ = ROW_FUNCTIONS[name]
    kinds = {"money", "rate", "number", "grams", "cm", "count", "moment", "date"}
    reading = import_module("sellersheet.functions.reading")
    numbers = [
        (at, argument.name)
        for at, argument in enumerate(FUNCTIONS[name].arguments)
        if reading.ARGUMENTS[argument.name].kind in kinds
    ]
    assert numbers  # every one has a day at least
    for at, argument in numbers:
        given = filled(name, arguments)
        given[at] = "不知道"
        assert excel.call(name, *given) == "#VALUE!", argument


def test_ten_bad_cells_among_ten_thousand(excel: Sheet) -> None:
    paid: list[Any] = [100.0] * ROWS
    kinds = [-1.0, "不知道", NOT_AVAILABLE] * 3 + [WRONG_VALUE]
    bad: dict[int, Any] = {at * 999 + 3: cell for at, cell in enumerate(kinds)}
    for at, cell in bad.items():
        paid[at] = cell
    left = [row[0] for row in excel.call("SEMIFEE", column(*paid), column(*[22.6] * ROWS))]
    assert len(left) == ROWS
    wanted = {at: "#N/A" if cell == NOT_AVAILABLE else "#VALUE!" for at, cell in bad.items()}
    assert {at: cell for at, cell in enumerate(left) if cell != 31.3} == wanted
    assert len(wanted) == 10


@pytest.mark.parametrize("name", ["SEMIFEE", "LOGISTICSFEE"])
def test_a_whole_column_mostly_empty(excel: Sheet, name: str) -> None:
    arguments = EVERY[name]
    block = column(*[arguments[0]] * 3, *[None] * 1_048_573)
    start = time.process_time()
    left = excel.call(name, block, *arguments[1:2])
    assert time.process_time() - start < 8
    assert len(left) == 1_048_576
    assert list(left[2]) == [excel.call(name, *arguments[:2])]
    assert set(left[3]) == set(left[-1]) == {""}


def test_a_tenth_of_a_column_takes_a_tenth_of_bounded_memory() -> None:
    block = column(100.0, *[None] * 104_857)
    functions.SEMIFEE(block, 22.6)
    tracemalloc.start()
    try:
        functions.SEMIFEE(block, 22.6)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 20e6


@pytest.mark.parametrize("name", EVERY)
def test_a_text_of_ten_megabytes(excel: Sheet, name: str) -> None:
    arguments = EVERY[name]
    long = "长" * 10_000_000
    given: Any = ((*ORDERS[:1], (long, 22.6)),) if name == "ORDERTABLE" else (long, *arguments[1:])
    start = time.process_time()
    left = excel.call(name, *given)
    assert time.process_time() - start < 8
    assert max(len(str(cell)) for cell in cells_of(left)) < 5000
