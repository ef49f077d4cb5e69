"""Units in headers and cells: each weight, length and amount as the same in the column's own."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from sellersheet.amounts import FACTORS, NAMED, UNITS
from sellersheet.exchange import FxRates
from sellersheet.intake.doubts import Asked
from sellersheet.intake.grid import Beside, Shown, grid_of_rows
from sellersheet.intake.headers import TableProblem
from sellersheet.tables import Table, read_table

FX = FxRates.fixed({"USD": "7.123"})
# In the column's own unit, from outside: an avoirdupois pound, an ounce, an inch by their law.
EXACT = {
    "g": "1", "kg": "1000", "lb": "453.59237", "oz": "28.349523125", "斤": "500", "两": "50",
    "cm": "1", "mm": "0.1", "m": "100", "in": "2.54",
}  # fmt: skip


def read(header: list[str], *rows: list[Any], asked: Asked | None = None) -> Table:
    return read_table(grid_of_rows([header, *rows]), fx=FX, asked=asked or Asked())


def test_every_unit_is_what_it_is_elsewhere() -> None:
    assert {unit: Decimal(str(factor)) for unit, factor in FACTORS.items()} == {
        unit: Decimal(factor) for unit, factor in EXACT.items()
    }


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind in NAMED for name in NAMED[kind]])
def test_a_unit_in_the_header_or_the_cell(kind: str, name: str) -> None:
    key, title = ("weight_g", "重量") if kind == "grams" else ("length_cm", "长")
    expected = pytest.approx(3 * float(EXACT[UNITS[name]]))
    for header, cell in ((f"{title}({name})", 3), (f"{title}（{name.upper()}）", "3"),
                         (title, f"3{name}"), (title, f"3 {name}")):  # fmt: skip
        table = read(["订单号", "实付金额", header], ["1", 100, cell])
        assert table.used.all(), (header, cell)
        assert table.columns[key].tolist() == [expected], (header, cell)


@pytest.mark.parametrize("header", ["实付金额(分)", "订单金额（分）", "实付金额 (cents)"])
def test_amounts_in_hundredths(header: str) -> None:
    cells = [10000, "12,345", 1, "0.5", 0]
    table = read(
        ["订单号", header, "佣金(分)"], *([str(at), cell, "8%"] for at, cell in enumerate(cells))
    )
    assert table.columns["paid_cny"].tolist() == [10000, 12345, 1, 1, 0]
    assert table.columns["commission_cny"].tolist() == [800, 988, 0, 0, 0]
    said = Asked(columns={header: "paid_cny"})
    assert read(["订单号", header], ["1", 10000], asked=said).columns["paid_cny"].tolist() == [
        10000
    ]


@pytest.mark.parametrize("header", ["实付金额(USD cents)", "实付金额(USD分)", "实付金额（美分）"])
def test_hundredths_of_another_currency(header: str) -> None:
    table = read(["订单号", header], ["1", 1200], ["2", 1199])
    assert table.columns["paid_cny"].tolist() == [8548, 8540]


def test_a_cell_that_names_its_currency_is_in_that_under_a_header_in_hundredths() -> None:
    """As 3lb is three pounds under 重量(g)."""
    cells = ["12.34元", "¥12.34", "USD 10", 1234, "1,234", "1.234E3", 0.0, 1e3, "１２３４"]
    rows = ([str(at), cell] for at, cell in enumerate(cells))
    table = read(["订单号", "实付金额(分)"], *rows)
    expected = [1234, 1234, 7123, 1234, 1234, 1234, 0, 1000, 1234]
    assert table.columns["paid_cny"].tolist() == expected


def test_a_number_format_in_hundredths() -> None:
    """Of some rows; 万元 in a format leaves the number whole."""
    shown = {1: [Shown(np.array([1]), unit="1/100"), Shown(np.array([2]), unit="1000+")]}
    rows = [["订单号", "实付金额"], ["1", 1234], ["2", 1234], ["3", 1234]]
    table = read_table(grid_of_rows(rows, beside=Beside(shown=shown)))
    assert table.columns["paid_cny"].tolist() == [1234, 123400, 123400]


@pytest.mark.parametrize(
    ("header", "cents"),
    [
        ("实付金额 分", 1000), ("实付金额/分", 1000), ("实付金额分", 1000), ("amount_cents", 1000),
        ("paid amount cents", 1000), ("订单金额（单位：分）", 1000), ("实付，美分", 7123),
        ("实付金额 USD", 712300), ("实付金额USD", 712300), ("买家付/美元", 712300),
        ("实付金额（单位：元）", 100000), ("buyer paid", 100000), ("支付部分", 100000),
        ("订单金额 万元", None), ("实付金额（单位：千元）", None), ("实付金额(百元)", None),
    ],
)  # fmt: skip
def test_the_unit_of_a_header_that_is_said_to_be_a_column(header: str, cents: int | None) -> None:
    """Without brackets too: a table that lacks a column proposes its headers as they stand."""
    asked = Asked(columns={header: "paid_cny"})
    if cents is None:
        with pytest.raises(TableProblem, match=r"thousands|千元"):
            read(["订单号", header], ["1", 1000], asked=asked)
        return
    table = read(["订单号", header], ["1", 1000], asked=asked)
    assert table.columns["paid_cny"].tolist() == [cents]


@pytest.mark.parametrize("unit", ["万元", "千元", "千", "万", "K"])
def test_amounts_in_thousands_are_refused(unit: str) -> None:
    for header in ("实付金额", "系统报价"):
        titles = ["订单号", "实付金额", "系统报价"]
        titles[titles.index(header)] += f"({unit})"
        with pytest.raises(TableProblem, match=r"thousands|千元") as problem:
            read(titles, ["1", 100, 22.6])
        assert f"{header}({unit})" in problem.value.text("zh")


def test_a_unit_of_another_kind_says_nothing() -> None:
    """A weight in cm is no weight of so many cm; nor is one asked for in metres a weight."""
    table = read(["订单号", "实付金额", "重量(mm)"], ["1", 100, 50])
    assert table.columns["weight_g"].tolist() == [50]
    with pytest.raises(TableProblem):
        read(["订单号", "实付金额", "w"], ["1", 100, 50], asked=Asked(columns={"w": "weight_m"}))
    pounds = read(
        ["订单号", "实付金额", "w"], ["1", 100, 2], asked=Asked(columns={"w": "weight_lb"})
    )
    assert pounds.columns["weight_g"].tolist() == [pytest.approx(907.18474)]
