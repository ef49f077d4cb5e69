"""What reaches the functions from cells, and what goes back, through xlwings' own CallUDF."""

import datetime as dt
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from tests.excel_call_path import (
    DIVIDED_BY_ZERO,
    NOT_AVAILABLE,
    OMITTED,
    UTC,
    WRONG_VALUE,
    Block,
    Sheet,
    sheet,
)

NOON = dt.datetime(2026, 3, 1, 12, 0)


def described(name: str, optional: bool = False) -> SimpleNamespace:
    return SimpleNamespace(name=name, zh=f"参数 {name}", en=f"The {name}", optional=optional)


class Probe:
    """A worksheet function that keeps what it was given and gives what it is told to."""

    def __init__(self) -> None:
        self.given: tuple[Any, ...] = ()
        self.result: Any = 1.0

    def __call__(self, paid: Any, parcel: Any = None) -> Any:
        self.given = (paid, parcel)
        return self.result


@pytest.fixture(name="probe")
def probe_function(monkeypatch: pytest.MonkeyPatch) -> Probe:
    """The only function of the registry."""
    probe = Probe()
    package = ModuleType("sellersheet.functions")
    package.PROBE = probe  # type: ignore[attr-defined]
    registry = ModuleType("sellersheet.functions.registry")
    registry.FUNCTIONS = {  # type: ignore[attr-defined]
        "PROBE": SimpleNamespace(
            **vars(described("PROBE")),
            arguments=(described("paid"), described("parcel", optional=True)),
            category_en="Sellersheet",
        )
    }
    registry.Function = SimpleNamespace  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "sellersheet.functions", package)
    monkeypatch.setitem(sys.modules, "sellersheet.functions.registry", registry)
    return probe


@pytest.fixture(name="cells")
def probing_cells(probe: Probe) -> Iterator[Sheet]:
    assert probe
    with sheet("sellersheet.excel") as found:
        yield found


@pytest.mark.parametrize("call", ["call", "call_with_ranges"])
class TestArriving:
    """The same whether VBA hands over values or xlwings reads the range itself."""

    @pytest.mark.parametrize(
        "cell",
        [12.5, "标准件", True, None, NOT_AVAILABLE, WRONG_VALUE, DIVIDED_BY_ZERO],
        ids=str,
    )
    def test_single_cell(self, cells: Sheet, probe: Probe, call: str, cell: Any) -> None:
        getattr(cells, call)("PROBE", Block((cell,)))
        assert probe.given == (cell, None)
        assert type(probe.given[0]) is type(cell)

    @pytest.mark.parametrize(
        "rows",
        [
            ((1.0,), (2.0,), (3.0,)),
            ((1.0, 2.0, 3.0),),
            ((1.0, "x"), (None, False)),
        ],
        ids=["one column", "one row", "block"],
    )
    def test_range_keeps_its_shape(self, cells: Sheet, probe: Probe, call: str, rows: Any) -> None:
        getattr(cells, call)("PROBE", Block(*rows))
        assert tuple(map(tuple, probe.given[0])) == rows

    def test_error_cells_in_a_range_stay_whole_numbers(
        self, cells: Sheet, probe: Probe, call: str
    ) -> None:
        getattr(cells, call)("PROBE", Block((float(NOT_AVAILABLE), NOT_AVAILABLE), ("x", None)))
        assert [list(row) for row in probe.given[0]] == [
            [float(NOT_AVAILABLE), NOT_AVAILABLE],
            ["x", None],
        ]
        assert [type(cell) for cell in probe.given[0][0]] == [float, int]

    def test_omitted_argument(self, cells: Sheet, probe: Probe, call: str) -> None:
        getattr(cells, call)("PROBE", Block((1.0,)), OMITTED)
        assert probe.given == (1.0, None)


def test_currency_and_dates_as_values(cells: Sheet, probe: Probe) -> None:
    cells.call("PROBE", Block((Decimal("9.99"), NOON.replace(tzinfo=UTC))))
    assert probe.given[0] == ((9.99, 46082.5),)


def test_currency_and_dates_when_xlwings_reads_the_range(cells: Sheet, probe: Probe) -> None:
    cells.call_with_ranges("PROBE", Block((Decimal("9.99"), NOON.replace(tzinfo=UTC))))
    assert list(probe.given[0][0]) == [Decimal("9.99"), NOON.replace(tzinfo=UTC)]


@pytest.mark.parametrize(
    ("result", "leaves"),
    [
        (1.5, 1.5),
        (7, 7.0),
        (10**12, 1e12),
        (True, True),
        ("", ""),
        ("#N/A", "#N/A"),
        (NOON, NOON.replace(tzinfo=UTC)),
        (NOON.date(), dt.datetime(2026, 3, 1, tzinfo=UTC)),
        ([[1.5]], 1.5),
        ([[1.5, "", "#NUM!"]], [1.5, "", "#NUM!"]),
        ([[1.5], [2.5]], [[1.5], [2.5]]),
        ([[1.5, "x"], ["#VALUE!", ""]], [[1.5, "x"], ["#VALUE!", ""]]),
        ([["x", 1], ["", NOON]], [("x", 1.0), ("", NOON.replace(tzinfo=UTC))]),
    ],
)
def test_leaving(cells: Sheet, probe: Probe, result: Any, leaves: Any) -> None:
    probe.result = result
    left = cells.call("PROBE", 1.0)
    assert left == leaves
    assert type(left) is type(leaves)


def test_values_cost_excel_one_question_where_a_range_costs_many(
    cells: Sheet, probe: Probe
) -> None:
    values, itself = Block((1.0,), (2.0,)), Block((1.0,), (2.0,))
    cells.call("PROBE", values)
    cells.call_with_ranges("PROBE", itself)
    assert probe.given
    assert values.asked == 1
    assert itself.asked > 5


def test_without_windows_the_module_only_imports() -> None:
    program = (
        "import sys, xlwings, sellersheet.excel as excel;"
        "from sellersheet.functions.registry import FUNCTIONS;"
        "assert all(callable(getattr(excel, name)) for name in FUNCTIONS);"
        "assert not hasattr(excel.SEMIFEE, '__xlfunc__')"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
