"""What an order bears beside goods and fees: amounts, shares, and what may be either."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sellersheet import policy
from sellersheet.cards import shipped_card
from sellersheet.columns import COST_COLUMNS
from sellersheet.exchange import FxRates
from sellersheet.functions import ORDERTABLE
from sellersheet.intake.grid import Grid
from sellersheet.orders import OrderResults, Status, compute_orders
from sellersheet.orders.costs import ORDER_COSTS
from sellersheet_workbook.files.reading import read_grid
from tests import oracle
from tests.cases import Case, groups, load, money
from tests.examples import examples

POLICY = policy.load()
CASES = load("order_costs")
TODAY = dt.date(2025, 6, 1)
INPUTS = ("order_id", "paid_cny", "logistics_cny", "return_case", "refund_cny", "cost_cny")
KEYS = (*INPUTS, *ORDER_COSTS)


def compute(source: Grid | pd.DataFrame, **more: Any) -> OrderResults:
    return compute_orders(source, POLICY, shipped_card().rates, as_of=TODAY, **more)


def of_lines(lines: Sequence[Any]) -> OrderResults:
    return compute(pd.DataFrame([{key: line.get(key) for key in KEYS} for line in lines]))


def profits(results: OrderResults) -> list[int | None]:
    pairs = zip(results.profit.tolist(), results.profit_known.tolist(), strict=True)
    return [profit if known else None for profit, known in pairs]


def one(header: str, cell: Any, **more: Any) -> OrderResults:
    """An order that leaves 28.70 before the cost under that header."""
    row = {"paid_cny": 100, "logistics_cny": 22.6, "cost_cny": 40, header: cell}
    return compute(pd.DataFrame([{**row, **more}], dtype=object), fx=FxRates.fixed({"USD": 7.1}))


def test_the_oracle_and_the_package_name_the_same_costs() -> None:
    assert oracle.ORDER_COSTS == ORDER_COSTS
    assert len(COST_COLUMNS) == 5
    assert set(ORDER_COSTS) == {*COST_COLUMNS, "other_cny"}


@pytest.mark.parametrize(
    "lines", groups("order_costs", "order_id").values(), ids=lambda one: str(one[0]["name"])
)
def test_cases(lines: list[Case]) -> None:
    results, fees = of_lines(lines), oracle.order_fees(lines)
    assert lines
    for row, (line, fee) in enumerate(zip(lines, fees, strict=True)):
        assert fee["total_fee"] == money(line, "total_fee_cny") == results.total[row]
        assert oracle.profit(fee, line) == money(line, "profit_cny")
        assert profits(results)[row] == money(line, "profit_cny")
        assert results.status[row] <= Status.NOTE


def test_all_cases_in_one_table() -> None:
    assert profits(of_lines(CASES)) == [money(case, "profit_cny") for case in CASES]


amounts = st.integers(0, 20_000).map(lambda cents: f"{cents // 100}.{cents % 100:02d}")
shares = st.integers(0, 10_000).map(lambda share: f"{share / 100:.2f}%")
a_line = st.fixed_dictionaries(
    {"paid_cny": amounts, "logistics_cny": amounts, "cost_cny": amounts}
    | {key: st.one_of(st.none(), amounts, shares) for key in COST_COLUMNS}
    | {"other_cny": st.one_of(st.none(), amounts)}
)


@settings(max_examples=examples(150))
@given(st.lists(st.lists(a_line, min_size=1, max_size=3), min_size=1, max_size=5))
def test_any_costs_agree_with_the_oracle(orders: list[list[dict[str, Any]]]) -> None:
    lines = [{**line, "order_id": f"O{at}"} for at, order in enumerate(orders) for line in order]
    expected = [
        oracle.profit(fee, line)
        for order in orders
        for fee, line in zip(oracle.order_fees(order), order, strict=True)
    ]
    assert profits(of_lines(lines)) == expected


@pytest.mark.parametrize(
    ("header", "cell", "left", "doubt"),
    [
        ("佣金", 8, 2070, False),
        ("佣金", "8%", 2070, False),
        ("佣金", "8 %", 2070, False),
        ("佣金", "¥8.00", 2070, False),
        ("佣金", "", 2870, False),
        ("佣金", 0, 2870, False),
        ("佣金", 1.01, 2769, False),
        ("佣金", 1, 2770, True),
        ("佣金", 0.08, 2862, True),
        ("佣金", "0.08", 2862, True),
        ("佣金", "¥0.08", 2862, False),
        ("佣金(元)", 0.08, 2862, False),
        ("佣金", "US $1.00", 2160, False),
        ("佣金", "$0.50", 2515, False),
        ("佣金率", 0.08, 2070, False),
        ("佣金率", "8%", 2070, False),
        ("佣金率", "¥8.00", 2070, False),
        ("Commission rate", 0.08, 2070, False),
        ("佣金(%)", 8, 2070, False),
        ("佣金率（%）", "8", 2070, False),
        ("佣金(%)", "0.5%", 2820, False),
        ("联盟佣金", 3, 2570, False),
        ("联盟佣金率", "0.03", 2570, False),
        ("广告费", 2.5, 2620, False),
        ("广告费率", 0.025, 2620, False),
        ("优惠券", 5, 2370, False),
        ("关税/增值税", "19%", 970, False),
        ("关税", 3, 2570, False),
        ("VAT", "19%", 970, False),
    ],
)
def test_amounts_shares_and_what_may_be_either(
    header: str, cell: Any, left: int, doubt: bool
) -> None:
    results = one(header, cell)
    assert profits(results) == [left]
    assert results.status[0] == (Status.WARNING if doubt else Status.OK)
    assert ("不大于 1" in results.reasons("zh")[0]) == doubt


@pytest.mark.parametrize(
    ("header", "cell", "said"),
    [
        ("佣金", -8, "小于下限 0"),
        ("佣金", "百分之八", "不是可用的数"),
        ("佣金", "1.234", "1234.50"),
        ("佣金", "108%", "超出比例"),
        ("佣金率", 8, "65%"),
        ("佣金", "EUR 5", "EUR 金额而没有汇率"),
        ("佣金(%)", 0.5, "0.5% 还是 50%"),
        ("佣金(%)", 1, "0.5% 还是 50%"),
        ("佣金(%)", 108, "超出比例"),
        ("优惠券", "#N/A", "错误值 #N/A"),
    ],
)
def test_a_cost_that_can_not_be_read_refuses_its_row(header: str, cell: Any, said: str) -> None:
    results = one(header, cell)
    assert results.status[0] == Status.ERROR
    assert f"“{header}”" in results.reasons("zh")[0]
    assert said in results.reasons("zh")[0]


def test_a_currency_of_the_order_is_not_that_of_its_costs() -> None:
    """币种 speaks of what was paid: 100 USD are 710.00; the commission of 8 stays 8.00 CNY."""
    # 710.00 - 40.00 - (24.85 + 5.20 + 22.60) - 8.00
    assert profits(one("佣金", 8, 币种="USD")) == [60935]
    # A share is one of the 710.00: 56.80.
    assert profits(one("佣金", "8%", 币种="USD")) == [56055]


def test_number_formats_of_a_workbook(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["订单号", "实付金额", "物流费(系统报价)", "采购成本", "佣金"])
    for at, (cell, form) in enumerate(
        ((0.08, "0%"), (8, "#,##0.00"), (8, "General"), (1, "0.0%")), 2
    ):
        sheet.append([f"A{at}", 100, 22.6, 40, cell])
        sheet.cell(at, 5).number_format = form
    path = tmp_path / "orders.xlsx"
    book.save(path)
    assert profits(compute(read_grid(path))) == [2070, 2070, 2070, -7130]


def test_the_first_row_of_an_order_bears_its_share(tmp_path: Path) -> None:
    """A further line without an amount bears no share: it stands on the order's first row."""
    path = tmp_path / "orders.csv"
    path.write_text(
        "订单号,实付金额,物流费(系统报价),采购成本,佣金率\n#1,100,22.6,20,8%\n#1,,,20,8%\n",
        encoding="utf-8",
    )
    found = profits(compute(read_grid(path)))
    assert found == [10000 - 3130 - 2000 - 800, -2000]


def test_cells_read_the_same() -> None:
    table = [
        ["订单号", "实付金额", "物流费(系统报价)", "采购成本", "佣金", "联盟佣金率"],
        ["A1", 100.0, 22.6, 40.0, "8%", 0.03],
        ["A2", 100.0, 22.6, 40.0, 8.0, None],
        ["A3", 100.0, 22.6, 40.0, 0.08, None],
    ]
    found = ORDERTABLE(table)
    assert [row[9] for row in found[1:]] == [17.7, 20.7, 28.62]
    assert found[3][11] == "警告"
