"""What stands beside the cells: merged areas, formulas without a value, number formats."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest

from sellersheet import columns
from sellersheet.cards import read_card, shipped_card
from sellersheet.days import epoch_day
from sellersheet.exchange import UNDATED, FxRates
from sellersheet.intake.doubts import Asked
from sellersheet.intake.grid import Beside, Shown, grid_of_rows
from sellersheet.orders import SkuCosts, compute_orders
from sellersheet.policy import load
from sellersheet.tables import Table, read_table
from tests.test_freight import find

FX = FxRates.fixed({"USD": "7"})
HEADER = ["订单号", "下单日期", "国家", "实付金额", "重量(g)", "长", "宽", "高", "采购成本"]
ROW = ["2024-08-01", "ES", 100, 40.001, 1, 2, 3, 10]


def tabled(*rows: list[Any], above: int = 0, table: str = "orders", **beside: Any) -> Table:
    """The first of the rows is the header; above it stand so many rows of a title."""
    titles = [["导出明细"]] * above
    return read_table(grid_of_rows([*titles, *rows], beside=Beside(**beside)), table, fx=FX)


def refused(table: Table) -> list[tuple[int, str, str]]:
    return [(issue.row, issue.key, issue.code) for issue in table.issues]


@pytest.mark.parametrize("above", [0, 1])
@pytest.mark.parametrize("last", [2, 9])
def test_a_merged_area_in_its_own_place(above: int, last: int) -> None:
    """It says nothing of the rows around it, and may reach beyond the last row."""
    merged = [(1 + above, at, last + above, at) for at in range(9)]
    two = ["A1", *ROW], [None] * 9
    alone = tabled(HEADER, *two, above=above, merged=merged)
    assert alone.columns["order_id"].tolist() == ["A1", "A1"]
    assert alone.columns["paid_cny"].tolist() == [10000, 0]
    assert alone.columns["cost_cny"].tolist() == [1000, 0]
    merged = [(2 + above, *area[1:2], 3 + above, area[3]) for area in merged]
    among = tabled(HEADER, ["A0", *ROW], *two, ["A3", *ROW], above=above, merged=merged)
    assert among.columns["order_id"].tolist() == ["A0", "A1", "A1", "A3"]
    assert among.columns["paid_cny"].tolist() == [10000, 10000, 0, 10000]
    assert among.columns["country"].tolist() == ["ES"] * 4
    assert [int(rows) for rows in among.doubts["merged_amount"]] == [0, 0, 1, 0]


def test_areas_that_fill_nothing() -> None:
    """A merged title, one cell alone, a blank area, an area beside the columns."""
    merged = [(0, 0, 1, 0), (2, 0, 2, 0), (2, 1, 3, 1), (2, 3, 3, 3)]
    found = tabled(
        ["订单号", "国家", "实付金额", "备注"], ["A1", None, 1, "x"], ["A2", "FR", 2, None],
        above=1, merged=merged,
    )  # fmt: skip
    assert found.columns["order_id"].tolist() == ["A1", "A2"]
    assert found.columns["paid_cny"].tolist() == [100, 200]
    assert found.columns["country"].tolist() == ["", "FR"]
    assert found.doubts == {}


def test_weight_and_sides_of_an_order_in_one_merged_cell_count_once() -> None:
    ids = ["A1", None, "A1", "A2", "A2", "A1", None]
    rows: list[list[Any]] = [[at, *ROW[:3], *[None] * 4, 0] for at in ids]
    rows[0] = ["A1", *ROW]
    merged = [(1, at, 7, at) for at in (4, 5, 6, 7)]
    found = tabled(HEADER, *rows, ["A1", *ROW], merged=merged)
    grams = found.columns["weight_g"].tolist()
    # Of each order 40.001 g in all; where there is no number each row is an order of its own.
    assert grams == [13.335, 40.001, 13.333, 20.001, 20.0, 13.333, 40.001, 40.001]
    for side, cm in (("length_cm", 1), ("width_cm", 2), ("height_cm", 3)):
        assert found.columns[side].tolist() == [cm, cm, 0, cm, 0, 0, cm, cm]
        assert found.blank[side].tolist() == [False, False, True, False, True, True, False, False]
    assert np.flatnonzero(found.doubts["merged_amount"]).tolist() == [2, 4, 5]
    nameless = tabled(HEADER[1:], *[row[1:] for row in rows], merged=[(1, 3, 7, 3)])
    assert nameless.columns["weight_g"].tolist() == [40.001] * 7
    assert "merged_amount" not in nameless.doubts


def test_a_merged_weight_is_charged_once() -> None:
    rows = [["A1", *ROW[:4]], ["A1", *ROW[:3], None]]
    grid = grid_of_rows([HEADER[:5], *rows], beside=Beside(merged=[(1, 4, 2, 4)]))
    found = compute_orders(grid, load(), shipped_card().rates, as_of=dt.date(2024, 9, 1))
    assert found.charge_mg.tolist() == [40001, 40001]
    assert found.parts.logistics_fee.tolist() == [1130, 1130]


def test_a_merged_quantity_is_not_that_of_every_row() -> None:
    """The cost of a SKU times 3 in each of two rows would be that of six pieces."""
    rows: list[list[Any]] = [["A1", *ROW[:3], "x", 3, 20], ["A1", *ROW[:3], "y", None, 20]]
    header = [*HEADER[:4], "SKU", "数量", "物流费(系统报价)"]
    costs = SkuCosts.of(
        read_table(grid_of_rows([["sku", "cost_cny"], ["x", 10], ["y", 1], ["z", 2]]), "sku_costs")
    )
    rows.append(["A2", *ROW[:3], "z", 2, 20])
    beside = Beside(merged=[(1, 5, 2, 5)])
    results = compute_orders(
        grid_of_rows([header, *rows], beside=beside), load(), shipped_card().rates,
        as_of=dt.date(2024, 8, 1), sku_costs=costs,
    )  # fmt: skip
    assert results.table.doubts["merged_quantity"].tolist() == [True, True, False]
    assert "merged_amount" not in results.table.doubts
    assert results.profit_known.tolist() == [False, False, True]
    assert "看不出每行几件" in results.columns("zh")["reason"][0]


def test_each_merged_charge_of_a_bill_counts_once() -> None:
    """Also those of the further columns that one meaning has."""
    header = ["订单号", "运费", "挂号费", "燃油费", "佣金", "广告费"]
    merged = [(1, at, 2, at) for at in range(6)]
    rows = [["A1", 10, 3, 7, 1, 2], [None] * 6, ["A2", 5, 1, 1, 1, 1]]
    found = tabled(header, *rows, table="bill", merged=merged)
    charges = {key: cents.tolist() for key, cents in found.columns.items()}
    assert charges == {
        "order_id": ["A1", "A1", "A2"],
        "freight": [1000, 0, 500],
        "freight_more": [300, 0, 100],
        "freight_more+1": [700, 0, 100],
        "other": [100, 0, 100],
        "other+1": [200, 0, 100],
    }


def test_a_merged_amount_is_that_of_each_row_where_rows_do_not_add_up() -> None:
    """Two pieces of one cost, two bands with one fee: none of them costs nothing."""
    costs = tabled(["SKU", "采购成本"], ["A", 10], ["B", None], table="sku_costs",
                   merged=[(1, 1, 2, 1)])  # fmt: skip
    assert costs.columns["cost_cny"].tolist() == [1000, 1000]
    header = ["目的国", "重量起(克)", "重量止(克)", "首重价格", "挂号费", "生效日期", "体积重除数"]
    rows = [["ES", 0, 100, 10, 3, "2024-07-01", "none"], [None, 100, 200, 20, *[None] * 3]]
    beside = Beside(merged=[(1, at, 2, at) for at in (0, 4, 5, 6)])
    card = read_card(grid_of_rows([header, *rows], beside=beside))
    assert find(card, {"weight_g": 100}, {"weight_g": 200}).fee.tolist() == [1300, 2300]


@pytest.mark.parametrize("above", [0, 2])
def test_formulas_without_a_value_refuse_their_own_cell(above: int) -> None:
    rows = [["A1", 1, 5], ["A2", 2, 5], ["A3", 3, None]]
    uncached = [(above, 0), (1 + above, 2), (3 + above, 1), (9, 1)]
    found = tabled(["订单号", "实付金额", "采购成本"], *rows, above=above, uncached=uncached)
    assert refused(found) == [
        (2 + above, "cost_cny", "uncached"),
        (4 + above, "paid_cny", "uncached"),
    ]


PAID_ON = "2024-08-01 10:00"


@pytest.mark.parametrize("dated", [True, False])
@pytest.mark.parametrize(
    ("column", "key"), [("币种", "currency"), ("订单状态", "status"), ("付款时间", "paid_on")]
)
def test_what_tells_of_payment_and_currency_has_to_have_a_value(
    column: str, key: str, dated: bool
) -> None:
    """A formula without one once was a blank: an order cancelled counted, one paid did not."""
    header = ["订单号", "实付金额", "币种", "订单状态", "付款时间", *["下单日期"] * dated]
    at = header.index(column)
    sound = ["USD", "已付款", "2024-08-01 10:00", *["2024-08-01"] * dated]
    ids = [("A1", "1"), ("A1", None), ("A2", "USD 2"), ("A3", "3"), ("A4", "4")]
    rows: list[list[Any]] = [[*row, *sound] for row in ids]
    rows[0][at] = rows[2][at] = None
    rows[3][at] = "#REF!"
    found = tabled(header, *rows, uncached=[(0, at), (1, at), (3, at), (6, at)])
    # The time of payment stands for a date that is not there: each further line has its own.
    key = "order_date" if key == "paid_on" and not dated else key
    lines = [] if key == "order_date" else [(3, key, "first_line")]
    assert refused(found) == [
        (2, key, "uncached"), *lines, (4, key, "uncached"), (5, key, "error_cell")
    ]  # fmt: skip
    assert {(issue.header, issue.further) for issue in found.issues} == {(column, 0)}
    assert found.used.tolist() == [False, not lines, False, False, True]
    assert found.doubts.keys() == {"continued_line"}


@pytest.mark.parametrize("above", [0, 2])
def test_number_formats_speak_of_their_own_rows(above: int) -> None:
    """Of the rows around the table, they speak of none."""
    rows = np.array([above - 1, 1 + above, 4 + above])
    shown = {
        1: [Shown(rows, currency="USD")],
        2: [Shown(rows, percent=True)],
        3: [Shown(rows, percent=True)],
    }
    header = ["订单号", "实付金额", "佣金", "采购成本"]
    cells = [["A1", 10, 0.05, 5], ["A2", 10, 0.05, 5], ["A3", 10, 0.05, 5]]
    found = tabled(header, *cells, above=above, shown=shown)
    assert found.columns["paid_cny"].tolist() == [7000, 1000, 1000]
    assert found.columns["commission_cny"].tolist() == [350, 5, 5]
    assert found.columns["cost_cny"].tolist() == [500, 500, 500]
    assert not len(found.issues)


def test_a_unit_in_the_format_of_one_row_is_not_that_of_the_others() -> None:
    """80 is 80 g, though 0.08 above it is shown in kg; 20 g of a row that says so is no 20 kg."""
    shown = {2: [Shown(np.array([1, 4]), unit="kg"), Shown(np.array([3]), unit="g")]}
    shown[3] = [Shown(np.array([1]), unit="mm"), Shown(np.array([2]), unit="kg")]
    rows = [["A1", 10, 0.08, 200], ["A2", 10, 80, 20], ["A3", 10, 20, 20], ["A4", 10, "80", 20]]
    found = tabled(["订单号", "实付金额", "实重", "长"], *rows, shown=shown)
    assert found.columns["weight_g"].tolist() == [80, 80, 20, 80]
    assert found.columns["length_cm"].tolist() == [20, 20, 20, 20]
    assert not found.doubts


def test_a_format_and_a_header_each_name_a_currency() -> None:
    shown = {1: [Shown(np.array([1]), currency="CNY")]}
    found = tabled(["订单号", "实付金额(USD)"], ["A1", 10], ["A2", 10], shown=shown)
    assert found.columns["paid_cny"].tolist() == [1000, 7000]
    cost = tabled(
        ["订单号", "实付金额", "佣金"], ["A1", 10, 0.5],
        shown={2: [Shown(np.array([1]), currency="USD")]},
    )  # fmt: skip
    assert cost.columns["commission_cny"].tolist() == [350]
    beside = tabled(
        ["订单号", "币种", "实付金额", "退款金额", "采购成本"],
        ["A1", "USD", 10, 10, 10], ["A2", "USD", 10, 10, 10],
        shown={at: [Shown(np.array([1]), currency="CNY")] for at in (2, 3, 4)},
    )  # fmt: skip
    assert beside.columns["paid_cny"].tolist() == [1000, 7000]
    assert beside.columns["refund_cny"].tolist() == [1000, 7000]
    assert beside.columns["cost_cny"].tolist() == [1000, 1000]


@pytest.mark.parametrize(
    ("header", "cell", "more", "currency", "told"),
    [
        ("订单总额", 10, {}, "", True),
        ("订单总额(元)", 10, {}, "", False),
        ("订单总额", "¥10", {}, "", False),
        ("订单总额", 10, {"币种": "CNY"}, "", False),
        ("订单总额", 10, {}, "CNY", False),
        ("订单总额", 10, {"采购成本": 3}, "", True),
        ("订单总额", 10, {"采购成本(USD)": 3, "佣金": 0.5}, "", True),
        ("订单实付金额", 10, {}, "", False),
    ],
)
def test_whether_a_currency_was_taken_for_granted(
    header: str, cell: Any, more: dict[str, Any], currency: str, *, told: bool
) -> None:
    asked = Asked(currency=currency)
    shown = {1: [Shown(np.array([1]), percent=True)]}
    for beside in (Beside(), Beside(shown=shown)):
        rows = [["订单号", header, *more], ["A1", cell, *more.values()]]
        found = read_table(grid_of_rows(rows, beside=beside), fx=FX, asked=asked)
        assert found.columns["paid_cny"].tolist() == [1000]
        warned = {remark.code for remark in found.remarks if remark.warns}
        assert ("taken_as_cny" in warned) == told


def test_the_currency_that_is_said_is_that_of_what_the_buyer_paid() -> None:
    asked = Asked(currency="USD")
    rows = [["订单号", "实付金额", "退款金额", "采购成本", "佣金"], ["A1", 10, 5, 3, "2"]]
    found = read_table(grid_of_rows(rows), fx=FX, asked=asked)
    amounts = {key: found.columns[key].tolist() for key in ("paid_cny", "refund_cny", "cost_cny")}
    assert amounts == {"paid_cny": [7000], "refund_cny": [3500], "cost_cny": [300]}
    assert found.columns["commission_cny"].tolist() == [200]


def test_a_rate_of_a_day_asks_for_the_day() -> None:
    """Amounts of rows without one, or before the first rate, are refused with what they are."""
    fx = FxRates.of([("USD", epoch_day(dt.date(2024, 8, 1)), 7 * 10**9)])
    rows = [["A1", "2024-08-01"], ["A2", None], ["A3", "2024-07-31"], ["A4", "x"]]
    header = ["订单号", "下单日期", "实付金额(USD)"]
    found = read_table(grid_of_rows([header, *[[*row, 10] for row in rows]]), fx=fx)
    assert refused(found) == [
        (3, "paid_cny", "no_rate_yet"),
        (4, "paid_cny", "no_rate_yet"),
        (5, "order_date", "not_a_date"),
    ]
    assert found.columns["paid_cny"].tolist() == [7000, 0, 0, 0]
    assert ["10 USD" in issue.text("en") for issue in found.issues] == [True, True, False]


def test_a_day_that_is_not_known_has_no_rate_where_there_are_several() -> None:
    fx = FxRates.of([("USD", UNDATED, 6 * 10**9), ("USD", 19936, 7 * 10**9)])
    rows = [["A1", "2024-07-31", 10], ["A2", "2024-08-01", 10], ["A3", None, 10]]
    found = read_table(grid_of_rows([["订单号", "下单日期", "实付金额(USD)"], *rows]), fx=fx)
    assert found.columns["paid_cny"].tolist() == [6000, 7000, 0]
    assert refused(found) == [(4, "paid_cny", "no_rate_yet")]


def test_words_that_are_said_to_stand_for_others() -> None:
    """A blank one only in a row with an order number."""
    rows = [["A1", "运 费甲", 1], ["A2", None, 2], [None, None, 3], ["A4", "佣金", 4]]
    for blank, codes in (("物流费", []), ("?", [(3, "part", "not_a_choice")])):
        asked = Asked(words={"part": {"": blank, "运费甲": "物流费"}})
        found = read_table(
            grid_of_rows([["订单号", "费用类型", "金额"], *rows]), "bill", asked=asked
        )
        parts = columns.column("bill", "part").choices
        keys = [parts[code].key for code in found.columns["part"].tolist()]
        assert [keys[0], keys[3]] == ["freight", "other"]
        assert found.blank["part"].tolist() == [False, False, True, False]
        assert refused(found) == [*codes, (4, "order_id", "required")]
    asked = Asked(words={"part": {"运费甲": "物流费"}})
    found = read_table(grid_of_rows([["订单号", "费用类型", "金额"], *rows]), "bill", asked=asked)
    assert found.blank["part"].tolist() == [False, True, True, False]


WRONG = {"": "no_currency", "XYZ": "unknown_currency", "CNY": None, "USD": None}


@pytest.mark.parametrize("word", WRONG)
@pytest.mark.parametrize(
    ("header", "cell", "asks"),
    [
        ("实付金额", 10, True),
        ("实付金额", "10.00", True),
        ("实付金额", "¥10", False),
        ("实付金额", 0, False),
        ("实付金额(元)", 10, False),
    ],
)
def test_an_amount_beside_a_blank_or_unknown_currency(
    word: str, header: str, cell: Any, *, asks: bool
) -> None:
    found = tabled(["订单号", "币种", header, "退款金额"], ["A0", "USD", "$1", None],
                   ["A1", word, cell, None])  # fmt: skip
    wrong = WRONG[word] if asks else None
    assert refused(found) == ([(3, "paid_cny", wrong)] if wrong else [])


def test_a_bill_with_currencies() -> None:
    """A blank one is the bill's own; one that is not understood refuses its bare amounts."""
    rows = [["A1", "USD", 1, 2], ["A2", "", 1, 2], ["A3", "XYZ", 1, None], ["A4", "XYZ", "¥1", 0]]
    found = tabled(["订单号", "币种", "运费", "挂号费"], *rows, table="bill")
    assert found.columns["freight"].tolist() == [700, 100, 100, 100]
    wrong = "unknown_currency"
    assert refused(found) == [(4, "freight", wrong), (5, "freight_more", wrong)]
