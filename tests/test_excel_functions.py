"""Every worksheet function called as a cell calls it, through xlwings' own CallUDF."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from importlib import import_module
from inspect import Parameter, signature
from typing import Any

import pytest

from sellersheet.functions.registry import FUNCTIONS
from tests.excel_call_path import (
    DIVIDED_BY_ZERO,
    NOT_AVAILABLE,
    OMITTED,
    UTC,
    Block,
    Sheet,
    sheet,
)
from tests.excel_cases import (
    DUE,
    EVERY,
    ORDERS,
    ROW_FUNCTIONS,
    SCALARS,
    TABLES,
    cells_of,
    column,
    filled,
)


@pytest.fixture(scope="module", name="excel")
def excel_with_every_function() -> Iterator[Sheet]:
    with sheet("sellersheet.excel") as found:
        yield found


def side_by_side(name: str, *cases: tuple[Any, ...]) -> list[Any]:
    """Cases below each other, a column an argument."""
    asked = FUNCTIONS[name].arguments
    columns: list[Any] = []
    for argument, cells in zip(asked, zip(*cases, strict=True), strict=False):
        single = argument.name in SCALARS.get(name, ())
        columns.append(cells[0] if single else column(*cells))
    return filled(name, tuple(columns))


def test_the_cases_are_of_every_function() -> None:
    assert EVERY.keys() == FUNCTIONS.keys()


def test_signatures_and_help_are_the_registrys(excel: Sheet) -> None:
    (exposed,) = excel.modules
    shown = {
        value.__xlfunc__["name"]: value.__xlfunc__
        for value in vars(exposed).values()
        if hasattr(value, "__xlfunc__")
    }
    assert shown.keys() == FUNCTIONS.keys()
    for name, function in FUNCTIONS.items():
        plain = signature(getattr(import_module("sellersheet.functions"), name)).parameters.values()
        wanted = [(p.name, p.default is not Parameter.empty) for p in plain]
        assert [(a.name, a.optional) for a in function.arguments] == wanted, name
        assert [(a["name"], "optional" in a) for a in shown[name]["args"]] == wanted, name
        assert [a["doc"] for a in shown[name]["args"]] == [a.en for a in function.arguments]
        assert {a["options"]["convert"] for a in shown[name]["args"]} == {"raw"}
        assert shown[name]["ret"] == {"doc": function.en, "options": {"convert": "raw"}}
        assert shown[name]["category"] == function.category_en


@pytest.mark.parametrize("name", ROW_FUNCTIONS)
class TestRowFunctions:
    def test_one_cell(self, excel: Sheet, name: str) -> None:
        arguments, answer = ROW_FUNCTIONS[name]
        assert excel.call(name, *arguments) == answer
        assert excel.call(name, *filled(name, arguments)) == answer
        assert excel.call(name, *(Block((cell,)) for cell in arguments)) == answer

    def test_a_column(self, excel: Sheet, name: str) -> None:
        arguments, answer = ROW_FUNCTIONS[name]
        blank = (None,) * len(arguments)
        broken = (DIVIDED_BY_ZERO, *arguments[1:])
        left = excel.call(name, *side_by_side(name, arguments, blank, broken, arguments))
        assert [row[0] for row in left] == [answer, "", "#DIV/0!", answer]
        assert {len(row) for row in left} == {1}

    def test_a_row(self, excel: Sheet, name: str) -> None:
        arguments, answer = ROW_FUNCTIONS[name]
        columns = side_by_side(name, arguments, (None,) * len(arguments), arguments)
        turned = [tuple(zip(*c, strict=True)) if isinstance(c, tuple) else c for c in columns]
        assert list(excel.call(name, *turned)) == [answer, "", answer]

    def test_a_range_with_single_cells_beside_it(self, excel: Sheet, name: str) -> None:
        arguments, answer = ROW_FUNCTIONS[name]
        left = excel.call(name, column(arguments[0], arguments[0]), *arguments[1:])
        assert [row[0] for row in left] == [answer, answer]

    def test_blanks_down_a_thousand_rows(self, excel: Sheet, name: str) -> None:
        required = sum(not argument.optional for argument in FUNCTIONS[name].arguments)
        assert excel.call(name, *[None] * required) in ("", ["", "", ""])
        block = column(*[None] * 1000)
        assert set(cells_of(excel.call(name, *[block] * required))) == {""}

    def test_a_longer_range_is_told_by_an_error(self, excel: Sheet, name: str) -> None:
        arguments, _ = ROW_FUNCTIONS[name]
        if len(arguments) == 1 or name in SCALARS:
            block = ((arguments[0],) * 2,) * 2
            assert excel.call(name, block) == "#VALUE!"
            return
        left = excel.call(
            name, column(*arguments[:1] * 3), column(*arguments[1:2] * 2), *arguments[2:]
        )
        assert left == "#VALUE!"


@pytest.mark.parametrize("name", TABLES)
class TestTables:
    def test_one_case(self, excel: Sheet, name: str) -> None:
        arguments, at, figures = TABLES[name]
        for given in (arguments, filled(name, arguments)):
            left = excel.call(name, *given)
            row = left[at] if isinstance(left[0], list | tuple) else left
            assert {place: row[place] for place in figures} == figures

    def test_blanks_give_no_error(self, excel: Sheet, name: str) -> None:
        required = sum(not argument.optional for argument in FUNCTIONS[name].arguments)
        left = cells_of(excel.call(name, *[None] * required))
        assert all(isinstance(cell, str) for cell in left)
        assert not any(cell.startswith("#") for cell in left)

    def test_an_error_cell_comes_out_again(self, excel: Sheet, name: str) -> None:
        arguments, _, _ = TABLES[name]
        place = 1 if name == "SUMMARY" else 0
        if name == "ORDERTABLE":
            given: tuple[Any, ...] = ((ORDERS[0], (DIVIDED_BY_ZERO, 22.6)),)
            assert "#DIV/0!" in excel.call(name, *given)[1][-1]
            return
        given = (*arguments[:place], DIVIDED_BY_ZERO, *arguments[place + 1 :])
        assert "#DIV/0!" in cells_of(excel.call(name, *given))


@pytest.mark.parametrize(
    ("name", "given", "answer"),
    [
        ("SEMIFEE", (Decimal("100.00"), Decimal("22.60")), 31.3),
        ("SEMIFEE", ("¥100.00", "22.6"), 31.3),
        ("PROFIT", (Decimal(100), "30", Decimal("22.6")), 38.7),
        ("ORDERDEPOSIT", (Decimal(500), Decimal("1.3"), "2%", "1%"), 1725.0),
        ("SYNCDEADLINE", (dt.datetime(2024, 10, 8, 9, 0, tzinfo=UTC),), DUE),
        ("SYNCDEADLINE", (Decimal("45573.375"),), DUE),
        ("POLICYVALUE", ("rush_fee", dt.datetime(2024, 7, 1, tzinfo=UTC)), 3.0),
        ("POLICYVALUE", ("rush_fee", 45474.0), 3.0),
        ("POLICYVALUE", ("rush_fee", 45473.0), "#N/A"),
        ("SEMIFEE", (100.0, 22.6, *[OMITTED] * 4, dt.datetime(2024, 6, 30, tzinfo=UTC)), "#N/A"),
        ("SEMIFEE", (100.0, 22.6, *[OMITTED] * 4, "2024-07-01"), 31.3),
        ("SEMIFEE", (100.0, 22.6, "大件", 5.0, "否"), 38.6),
        ("SEMIFEE", (100.0, 22.6, "oversize", 5.0, False), 38.6),
        ("SEMIFEE", (100.0, None), "#N/A"),
        ("SEMIFEE", (float(NOT_AVAILABLE), 22.6), "#VALUE!"),
        ("SEMIFEE", (NOT_AVAILABLE, 22.6), "#N/A"),
        ("BREAKEVEN", (30.0, 22.6, *[OMITTED] * 3, (("佣金", 0.97),)), "#NUM!"),
        ("BREAKEVEN", (30.0, 22.6, *[OMITTED] * 3, (("佣金", 1.0),)), "#VALUE!"),
    ],
)
def test_cells_of_every_kind(excel: Sheet, name: str, given: tuple[Any, ...], answer: Any) -> None:
    assert excel.call(name, *given) == answer
    ranges = (Block((cell,)) if isinstance(cell, Decimal | dt.datetime) else cell for cell in given)
    assert excel.call_with_ranges(name, *ranges) == answer
