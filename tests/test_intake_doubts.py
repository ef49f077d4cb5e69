"""Each doubt alone: when it stands, one step before it does not, and what it does to the row."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sellersheet import columns
from sellersheet.cards import shipped_card
from sellersheet.days import epoch_day
from sellersheet.exchange import FxRates
from sellersheet.intake.doubts import NOTHING_ASKED, WORDS, Asked, repeated, weight_of
from sellersheet.intake.grid import Beside, Shown, grid_of_rows
from sellersheet.orders import OrderResults, Status, compute_orders
from sellersheet.orders.marks import _FIRST_LEFT, _FIRST_WARNING, Mark
from sellersheet.policy import load
from sellersheet.rules.fees import FEE_VALUES
from sellersheet.tables import read_table
from sellersheet.wording import LANGS

ON = dt.date(2024, 9, 1)
NOTHING_BESIDE = Beside()
HEADER = ["订单号", "下单日期", "实付金额", "物流费(系统报价)"]
ROW = ["A1", "2024-08-01", "100", "22.60"]


def computed(
    header: list[Any],
    *rows: list[Any],
    asked: Asked = NOTHING_ASKED,
    beside: Beside = NOTHING_BESIDE,
) -> OrderResults:
    grid = grid_of_rows([header, *rows], beside=beside)
    fx = FxRates.fixed({"USD": "7"})
    return compute_orders(grid, load(), shipped_card().rates, as_of=ON, asked=asked, fx=fx)


def doubts(results: OrderResults) -> list[set[str]]:
    """The codes of each row's doubts."""
    found: list[set[str]] = [set() for _ in range(results.table.n)]
    for code, rows in results.table.doubts.items():
        for at in rows.nonzero()[0].tolist():
            found[at].add(code)
    return found


def test_every_doubt_is_a_mark_of_its_weight_and_worded() -> None:
    of_bills = {"no_charge", "same_entry"}
    codes = [code for code in WORDS.messages if not code.startswith("remark_")]
    codes = [code for code in codes if code not in of_bills]
    assert codes
    for code in codes:
        mark = Mark[code.upper()]
        weight = "left" if mark >= _FIRST_LEFT else "warning" if mark >= _FIRST_WARNING else "note"
        assert weight == weight_of(code), code
        assert all(WORDS(code, lang) for lang in LANGS)


@pytest.mark.parametrize(
    ("status", "paid_on", "expected"),
    [
        ("已完成", "2024-08-01 10:00", set()),
        ("等待买家付款", "2024-08-01 10:00", {"not_paid"}),
        ("已完成", "", {"not_paid"}),
        ("已完成", "未付款", {"not_paid"}),
        ("资金未到账", "", {"not_paid"}),
        ("已取消", "2024-08-01 10:00", {"cancelled"}),
        ("已取消", "", {"cancelled"}),
        ("订单关闭", "", {"closed_unpaid"}),
        ("订单关闭", "2024-08-01 10:00", {"closed_paid"}),
        ("Ｃａｎｃｅｌｌｅｄ", "2024-08-01", {"cancelled"}),
    ],
)
def test_what_was_not_paid(status: str, paid_on: str, expected: set[str]) -> None:
    header = [*HEADER, "订单状态", "付款时间", "采购成本"]
    sound = [*ROW, "已完成", "2024-08-01", "30"]
    row = ["A2", *ROW[1:], status, paid_on, "30"]
    results = computed(header, sound, row)
    assert doubts(results) == [set(), expected]
    left = bool(expected) and weight_of(min(expected)) == "left"
    assert results.table.left.tolist() == [False, left]
    assert (results.status[1] == Status.LEFT) == left
    assert results.total.tolist() == [3130, 0 if left else 3130]
    # The profit of an order closed after payment waits for the refund.
    assert results.profit_known.tolist() == [True, not expected]
    kept = computed(header, sound, row, asked=Asked(keep=True))
    assert kept.total.tolist() == [3130, 3130]
    refunded = computed([*header, "退款金额"], [*sound, ""], [*row, "20"])
    assert bool(refunded.profit_known[1]) == (not left)


def test_a_closed_order_without_any_time_of_payment() -> None:
    results = computed([*HEADER, "订单状态", "采购成本"], [*ROW, "交易关闭", "30"])
    assert doubts(results) == [{"closed_unknown"}]
    assert results.total.tolist() == [3130]
    assert results.profit_known.tolist() == [False]


def test_a_blank_column_of_payment_times_tells_nothing() -> None:
    results = computed([*HEADER, "付款时间"], [*ROW, ""], ["A2", *ROW[1:], None])
    assert doubts(results) == [set(), set()]
    assert [remark.code for remark in results.remarks] == ["all_unpaid_blank"]


@pytest.mark.parametrize(
    ("header", "cells", "doubtful", "grams"),
    [
        ("重量", ["0.35", "0.5"], [True, True], [0, 0]),
        ("重量", ["29", "29"], [True, True], [0, 0]),
        ("重量", ["30", "30"], [False, False], [30, 30]),
        ("重量", ["0.99", "500", "500"], [True, False, False], [0, 500, 500]),
        ("重量", ["1", "500", "500"], [False, False, False], [1, 500, 500]),
        ("重量", ["0.35kg", "350g"], [False, False], [350, 350]),
        ("重量(kg)", ["0.35", "0.35kg"], [False, False], [350, 350]),
        ("重量(kg)", ["+0.35", "0.35 kg"], [False, False], [350, 350]),
        ("重量(g)", ["0.35", "29"], [False, False], [0.35, 29]),
        ("实重(克)", ["29", "29"], [False, False], [29, 29]),
        ("weight_g", ["29", "29"], [False, False], [29, 29]),
    ],
)
def test_weights_that_are_likely_kilograms(
    header: str, cells: list[str], doubtful: list[bool], grams: list[float]
) -> None:
    rows = [[f"A{at}", "2024-08-01", "100", "ES", cell] for at, cell in enumerate(cells)]
    labels = ["订单号", "下单日期", "实付金额", "国家", header]
    results = computed(labels, *rows)
    assert [bool(found & {"weight_unit"}) for found in doubts(results)] == doubtful
    assert results.table.columns["weight_g"].tolist() == grams
    assert not results.freight_known[doubtful].any()
    for unit, factor in (("weight_g", 1), ("weight_kg", 1000)):
        if "kg" in "".join([header, *cells]) or header == "weight_g":
            continue
        said = computed(labels, *rows, asked=Asked(columns={header: unit}))
        assert doubts(said) == [set()] * len(rows)
        assert said.table.columns["weight_g"].tolist() == [
            round(float(cell.rstrip("g")) * (1 if cell.endswith("g") else factor), 6)
            for cell in cells
        ]


def test_a_number_format_names_the_unit_and_the_currency() -> None:
    shown = {
        2: [Shown(np.array([1]), currency="USD")],
        4: [Shown(np.array([1]), unit="kg")],
    }
    labels = ["订单号", "下单日期", "实付金额", "国家", "重量"]
    results = computed(labels, ["A1", "2024-08-01", 10.0, "ES", 0.08], beside=Beside(shown=shown))
    assert results.table.columns["paid_cny"].tolist() == [7000]
    assert results.table.columns["weight_g"].tolist() == [80.0]


def test_days_to_come() -> None:
    today = epoch_day(dt.date(2024, 8, 1))
    rows = [["A1", "2024-08-02", "100", "1"], ["A2", "2024-08-03", "100", "1"]]
    results = computed(HEADER, *rows, asked=Asked(today=today))
    assert doubts(results) == [set(), {"future_date"}]
    assert results.computed.all()
    assert doubts(computed(HEADER, *rows)) == [set(), set()]


@pytest.mark.parametrize(
    ("header", "cell", "cents", "doubtful"),
    [
        ("佣金", "5", 500, False),
        ("佣金", "5%", 500, False),
        ("佣金", "1.01", 101, False),
        ("佣金", "1", 100, True),
        ("佣金", "0.05", 5, True),
        ("佣金", "0.01", 1, True),
        ("佣金率", "0.05", 500, False),
        ("佣金率", "0.00000005", 0, False),
        ("佣金(USD)", "5", 3500, False),
        ("佣金率(USD)", "0.05", 500, False),
        ("佣金(%)(USD)", "5", 500, False),
        ("commission rate", 0.05, 500, False),
        ("广告费", "8%", 800, False),
        ("优惠券", "¥3", 300, False),
        ("关税/增值税", "2.5", 250, False),
        ("联盟佣金", "", 0, False),
    ],
)
def test_costs_of_an_order(header: str, cell: Any, cents: int, doubtful: bool) -> None:
    results = computed([*HEADER, "采购成本", header], [*ROW, "30", cell])
    assert results.profit.tolist() == [10000 - 3000 - 3130 - cents]
    assert [bool(found) for found in doubts(results)] == [doubtful]


def test_further_lines_of_an_order() -> None:
    header = [*HEADER, "国家", "SKU"]
    rows = [
        [*ROW, "ES", "a"],
        ["A1", None, None, None, None, "b"],
        ["A2", "2024-08-01", None, "1", "ES", "c"],
    ]
    results = computed(header, *rows)
    assert doubts(results) == [set(), {"continued_line"}, set()]
    assert results.refused.tolist() == [False, False, True]
    assert results.days[1] == results.days[0]
    # Where several rows have an amount, a blank one is a gap.
    gap = computed(header, rows[0], [*ROW, "ES", "x"], rows[1])
    assert gap.refused.tolist() == [False, False, True]


@pytest.mark.parametrize(("at", "cell"), [(1, "昨天"), (4, "火星")])
def test_what_is_wrong_in_the_first_line_is_wrong_in_the_others(at: int, cell: str) -> None:
    """A date that can't be read once became 1970-01-01 there, a country none."""
    header = [*HEADER, "国家"]
    first = [*ROW, "ES"]
    first[at] = cell
    results = computed(header, first, ["A1", None, None, "22.6", None])
    assert results.refused.tolist() == [True, True]
    messages = results.refused_rows("zh")["message"].tolist()
    assert cell in messages[0]
    assert "此行随订单首行，而首行的值有误" in messages[1]


def test_what_a_further_line_takes_from_the_first_row_of_its_order() -> None:
    header = ["店铺", *HEADER, "国家", "物流线路"]
    rows = [
        ["甲", *ROW, "ES", "A"],
        ["甲", "A1", None, None, None, "FR", None],  # its own country stays
        ["乙", "A1", None, "50", "1", None, "B"],  # the same number in another shop
        ["甲", "A2", "2024-08-02", "50", "1", "ES", "A"],
        ["甲", "A2", "2024-08-03", "50", "1", None, None],  # has an amount: no further line
        ["甲", "A3", None, "x", "1", "ES", "A"],
        ["甲", "A3", None, None, "1", None, None],  # of a row that can't be read
        ["甲", "A4", None, "50", "1", None, "A"],
        ["甲", "A4", "2024-08-04", None, "1", None, None],
    ]
    table = computed(header, *rows).table
    assert np.flatnonzero(table.doubts["continued_line"]).tolist() == [1, 8]
    assert table.columns["country"].tolist() == ["ES", "FR", "", "ES", "", "ES", "", "", ""]
    assert table.columns["line"].tolist() == ["A", "A", "B", "A", "", "A", "", "A", "A"]
    day = epoch_day(dt.date(2024, 8, 1))
    days = [day, day, 0, day + 1, day + 2, 0, 0, 0, day + 3]
    assert table.columns["order_date"].tolist() == days
    assert table.given["paid_cny"].tolist() == [True] * 5 + [False] * 2 + [True] * 2
    assert [(issue.row, issue.code) for issue in table.issues] == [
        (7, "not_a_number"),
        (8, "required"),
    ]


def test_a_further_line_goes_with_its_order_when_that_was_not_paid() -> None:
    header = ["店铺", *HEADER, "订单状态"]
    cancelled, done = [*ROW, "已取消"], [*ROW, "已完成"]
    further: list[Any] = ["A1", *[None] * 4]
    rows = [["甲", *cancelled], ["甲", *further], ["乙", *done], ["乙", *further]]
    found = computed(header, *rows)
    assert found.table.left.tolist() == [True, True, False, False]
    assert doubts(found)[1] == {"cancelled", "continued_line"}
    kept = computed(header, *rows, asked=Asked(keep=True))
    assert not kept.table.left.any()


def test_weights_in_a_doubtful_unit_are_as_blank() -> None:
    table = computed([*HEADER, "重量"], [*ROW, 0.3], ["A2", *ROW[1:], 0.2]).table
    assert table.blank["weight_g"].tolist() == [True, True]


def test_no_day_of_a_row_without_one_is_to_come() -> None:
    rows = [["A1", "", "1", "1"], ["A2", "x", "1", "1"], ["合计", "2030-01-01", "2", "2"]]
    found = computed(HEADER, *rows, asked=Asked(today=epoch_day(ON)))
    assert doubts(found) == [set(), set(), {"total_row"}]


def test_lines_that_differ_where_no_column_is_known_are_not_the_same() -> None:
    """What an earlier calculation wrote beside them tells nothing."""
    header = [*HEADER, "颜色", "费用合计", "状态"]
    rows = [[*ROW, "红", 31.3, "正常"], [*ROW, "蓝", 31.3, "正常"], [*ROW, "红", None, None]]
    assert doubts(computed(header, *rows)) == [set(), set(), {"same_line_twice"}]


def test_rows_equal_an_earlier_one_of_their_order_in_every_column() -> None:
    """Against the same said with a set, for columns of numbers and of texts with blanks."""
    chance = random.Random(7)
    told = 0
    for _ in range(100):
        n = chance.randint(0, 12)
        orders = np.array([chance.randrange(2) for _ in range(n)], dtype=np.int64)
        use = np.array([chance.random() < 0.8 for _ in range(n)], dtype=bool)
        numbers = np.array([chance.randrange(2) for _ in range(n)], dtype=np.int64)
        words = pd.Series([chance.choice(("a", "b", None)) for _ in range(n)], dtype=object)
        more = words.sample(frac=1, random_state=n)  # its labels say nothing
        rows = list(zip(orders.tolist(), numbers.tolist(), words, more, strict=True))
        expected = [ok and rows[at] in [row for row, used in zip(rows[:at], use, strict=False)
                    if used] for at, ok in enumerate(use)]  # fmt: skip
        found = repeated([numbers, words, more], orders, use)
        assert found.tolist() == expected
        told += sum(expected)
    assert told > 20


def test_rows_of_a_bill_that_charge_nothing() -> None:
    header = ["订单号", "件数", "运费", "挂号费"]
    rows = [
        ["", 1, None, None],
        ["", 1, 0, None],
        ["", 1, None, 0.01],
        ["", 1, "x", 0],
        ["A1", 1, None, None],
        ["合计", 5, 0, None],
    ]
    bill = read_table(grid_of_rows([header, *rows]), "bill")  # the first is blank in every column
    assert bill.left.tolist() == [False, True, False, False, False, True]
    assert np.flatnonzero(bill.doubts["no_charge"]).tolist() == [0, 1]
    assert [(issue.row, issue.code) for issue in bill.issues] == [
        (4, "required"),
        (5, "required"),
    ]
    unpriced = read_table(grid_of_rows([["订单号", "扣费日期"], ["", "2024-08-01"]]), "bill")
    assert [issue.code for issue in unpriced.issues] == ["required"]


def test_the_same_line_twice_is_computed_and_told() -> None:
    results = computed(HEADER, ROW, ROW, ["A2", *ROW[1:]])
    assert doubts(results) == [set(), {"same_line_twice"}, set()]
    assert results.computed.all()


def test_dates_with_a_thirteen_settle_their_order() -> None:
    rows = [["A1", "05/08/2024", "1", "1"], ["A2", "13/08/2024", "1", "1"]]
    results = computed(HEADER, *rows)
    assert not results.refused.any()
    assert results.days.tolist() == [
        epoch_day(dt.date(2024, 8, 5)),
        epoch_day(dt.date(2024, 8, 13)),
    ]
    assert computed(HEADER, rows[0]).refused.tolist() == [True]
    said = computed(HEADER, rows[0], asked=Asked(day_first=True))
    assert said.days.tolist() == [epoch_day(dt.date(2024, 8, 5))]
    mixed = computed(HEADER, ["A1", "13/08/2024", "1", "1"], ["A2", "08/13/2024", "1", "1"])
    assert mixed.refused.all()


@pytest.mark.parametrize(
    ("cells", "refused"),
    [
        (["1.234", "2.345"], [True, True]),
        (["1.234", "2.5"], [False, False]),
        (["1.234", "1.234,56"], [True, True]),
        (["1.234", "1234.567"], [False, False]),
        (["0.234", "1.234"], [False, False]),
        (["1,234.50", "1.234"], [False, False]),
        (["12345.678"], [False]),
    ],
)
def test_a_point_before_three_digits(cells: list[str], refused: list[bool]) -> None:
    rows = [[f"A{at}", "2024-08-01", cell, "1"] for at, cell in enumerate(cells)]
    assert computed(HEADER, *rows).refused.tolist() == refused


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        (["订单号", "实付金额", "登记日期"], "date_not_used"),
        (["订单号", "实付金额", "平台费用"], "amounts_not_used"),
        (["订单号", "实付金额", "毛重估计"], "weights_not_used"),
        (["订单号", "实付金额", "结算用币"], "currency_not_used"),
    ],
)
def test_columns_that_look_needed_are_named_with_their_option(
    headers: list[str], code: str
) -> None:
    cell = {"登记日期": "2024-08-01", "平台费用": "3.5", "毛重估计": "350", "结算用币": "USD"}
    row = ["A1", "100", cell[headers[2]]]
    results = computed(headers, row)
    told = {remark.code: remark for remark in results.remarks}
    assert told[code].warns
    assert headers[2] in told[code].text("zh")
    assert f"--column {headers[2]}=" in told[code].text("en") or "--column" in told[code].text("en")
    # By name alone nothing is said: the cells are no dates, amounts, weights, currencies.
    other = computed(headers, ["A1", "100", "甲乙丙丁戊己庚辛壬"])
    assert code not in {remark.code for remark in other.remarks}


@pytest.mark.parametrize(
    ("header", "title", "usual"),
    [
        ("实际入仓时间", "入仓天数", "T+1"),
        ("是否大件", "件型", "标准件"),
        ("退货结果", "退货情形", "无退货"),
    ],
)
def test_columns_that_may_say_what_a_blank_would_say_otherwise(
    header: str, title: str, usual: str
) -> None:
    """A fee of 0 that nothing was read for does not go by in silence."""

    def told(headers: list[str], row: list[str | None]) -> list[str]:
        remarks = computed(headers, row).remarks
        return [remark.text("zh") for remark in remarks if remark.code == "may_say"]

    headers = ["订单号", "实付金额", header]
    (said,) = told(headers, ["A1", "9", "是"])
    assert said.startswith(f"没有“{title}”列，各行按“{usual}”计；“{header}”列未使用")
    assert not told(headers, ["A1", "9", None])
    assert not told([*headers, title], ["A1", "9", "是", None])


def remarks(header: list[Any], *rows: list[Any], above: int = 0, **more: Any) -> dict[str, Any]:
    """What is said of a table of orders: the fields by code, in the order in which it is said."""
    grid = grid_of_rows([*[["标题"]] * above, header, *rows], 5, **more)
    found = {remark.code: remark.fields for remark in read_table(grid).remarks}
    warns = [remark.warns for remark in read_table(grid).remarks]
    assert warns == sorted(warns, reverse=True)
    return found


def test_results_of_an_earlier_calculation_are_no_columns_left_out() -> None:
    """A lone 物流费 is no result of ours and perhaps the quote."""
    header = ["订单号", "下单日期", "国家", "实付金额", "重量(g)"]
    row = ["A1", "2024-08-01", "ES", 100, 40]
    titles = [item.zh for item in columns.OUTPUT]
    assert remarks([*header, *titles], [*row, *[5] * len(titles)]) == {}
    marked = [f"{title}(计算)" for title in titles]
    assert remarks([*header, *marked], [*row, *[5] * len(titles)]) == {}
    assert remarks([*header, "费用合计", "状态"], [*row, 5, "x"]) == {}
    for some in (["物流费"], ["物流费", "费用合计"], ["物流费", "状态"]):
        told = remarks([*header, *some], [*row, *[5] * len(some)])
        assert told["amounts_not_used"]["such"] == ["物流费=logistics_cny"]
    quoted = remarks([*header[:4], "物流费(系统报价)", "物流费"], [*row[:4], 5, 6])
    assert quoted == {}
    both = remarks([*header[:4], "物流费(系统报价)", "平台费用"], [*row[:4], 5, 6])
    assert both["amounts_not_used"]["headers"] == ["平台费用"]


def test_what_an_amount_is_likely_for_is_proposed_and_nothing_else() -> None:
    header = ["订单号", "下单日期", "国家", "实付金额", "物流费(系统报价)"]
    row = ["A1", "2024-08-01", "ES", 100, 40]
    for names, such in (
        (["拿货成本价", "店铺推广费", "某国税额费用", "快递费用"],
         ["拿货成本价=cost_cny", "店铺推广费=advertising_cny", "某国税额费用=duty_vat_cny"]),
        (["快递费用", "Platform fee"], ["快递费用=other_cny"]),
        (["采购单价", "Ads spent fee", "Ads fee total"], ["'Ads spent fee=advertising_cny'"]),
        (["广告费用", "推广费用"], ["广告费用=advertising_cny", "推广费用=other_cny"]),
    ):  # fmt: skip
        told = remarks([*header, *names], [*row, *[5] * len(names)])
        found = told.get("amounts_not_used") or told["amounts_not_known"]
        assert found["such"] == such, names
    told = remarks([*header, "采购单价"], [*row, 5])  # of a piece: no cost of the row
    assert list(told) == ["amounts_not_known", "not_used"]


def test_what_is_said_of_a_table_as_a_whole() -> None:
    header, row = ["订单号", "下单日期", "实付金额"], ["A1", "2024-08-01", 100]
    assert remarks(header, row) == {}
    assert remarks(header, row, above=2) == {"header_row": {"row": 7}}
    others = remarks(header, row, above=1, sheet="八月", others=("九月", "十月"))
    assert list(others) == ["other_sheets", "header_row"]
    assert others["other_sheets"] == {"sheet": "八月", "sheets": ["九月", "十月"]}
    names = [f"列{at}" for at in range(13)]
    some = remarks([*header, *names[:12]], [*row, *["甲"] * 12])
    assert some == {"not_used": {"headers": names[:12]}}
    many = remarks([*header, *names], [*row, *["甲"] * 13])
    assert many == {"not_used": {"headers": [*names[:11], f"{names[11]} …"]}}
    two = remarks([*header, "客户订单号"], [*row, "B1"])
    assert two == {"outranked": {"other": "客户订单号", "header": "订单号", "key": "order_id"}}
    dated = remarks(["订单号", "实付金额", "登记日期", ""], ["A1", 1, "2024-08-01", "2024-08-01"])
    assert dated["date_not_used"] == {"headers": ["登记日期"], "first": "登记日期"}
    # A date, a quote or a weight that is used leaves no other one wanting.
    for used, cell in (("重量(g)", 5), ("物流费(系统报价)", 5)):
        told = remarks([*header, used, "毛重估计", "登记日期"], [*row, cell, 350, "2024-08-01"])
        assert set(told) <= {"not_used"}
    # Of currencies all cells must be codes.
    for cells, expected in (["USD", None], True), (["USD", "美元"], False), (["USDX"], False):
        rows = [[*row, cell] for cell in cells]
        assert ("currency_not_used" in remarks([*header, "结算用币"], *rows)) == expected
    known = remarks([*header, "币种", "结算用币"], [*row, "CNY", "USD"])
    assert known == {"not_used": {"headers": ["结算用币"]}}


def test_a_doubtful_weight_matters_only_where_freight_hangs_on_it() -> None:
    """The first column of each case: the weight, the quote, the paid amount; then the marks."""
    cases = {
        ("0.35", "", "100"): Mark.WEIGHT_UNIT,
        ("0.35", "22.6", "100"): Mark(0),
        ("", "", "100"): Mark.NO_WEIGHT,
        ("350", "", "100"): Mark(0),
        ("0.35", "", "x"): Mark.REFUSED,
    }
    header = ["订单号", "下单日期", "国家", "重量", "物流费(系统报价)", "实付金额"]
    weights = ["350"] * 9  # so that the column's median is in grams
    rows = [[f"A{at}", "2024-08-01", "ES", *cells] for at, cells in enumerate(cases)]
    filling = [[f"B{at}", "2024-08-01", "ES", cell, "", "9"] for at, cell in enumerate(weights)]
    results = computed(header, *rows, *filling)
    kept = Mark.WEIGHT_UNIT | Mark.NO_WEIGHT | Mark.REFUSED
    assert [Mark(int(marks)) & kept for marks in results.marks[: len(cases)]] == [*cases.values()]
    assert "kg" in results.reasons("zh")[0]


def test_a_total_row_is_no_order_and_no_error() -> None:
    results = computed(HEADER, ROW, ["合计", "", "100", "22.60"])
    assert results.status.tolist() == [Status.OK, Status.LEFT]


def test_orders_long_after_the_newest_snapshot_are_told() -> None:
    newest = load().newest_snapshot(["rush_fee", "operation_fee", "service_fee_rate"])
    late = (newest + dt.timedelta(days=800)).isoformat()
    results = computed(HEADER, ["A1", late, "100", "1"], ROW)
    told = [remark for remark in results.remarks if remark.code == "old_rules"]
    assert len(told) == 1
    assert "1" in told[0].text("zh")
    assert not [item for item in computed(HEADER, ROW).remarks if item.code == "old_rules"]


def test_the_day_from_which_values_are_called_old() -> None:
    """From 367 days after the newest snapshot on; rows without a date of their own never."""
    newest = load().newest_snapshot(FEE_VALUES)
    for days, told in ((366, 0), (367, 2)):
        day = (newest + dt.timedelta(days=days)).isoformat()
        refused = ["A3", day, "x", "1"]
        results = computed(HEADER, ["A1", day, "100", "1"], ["A2", day, "100", "1"], refused, ROW)
        found = [item for item in results.remarks if item.code == "old_rules"]
        assert [item.fields["count"] for item in found] == ([told] if told else []), days
    undated = compute_orders(
        grid_of_rows([HEADER, ["A1", "", "100", "1"], ROW]), load(), shipped_card().rates,
        as_of=newest + dt.timedelta(days=800),
    )  # fmt: skip
    assert "old_rules" not in {item.code for item in undated.remarks}


def test_rows_without_a_date_are_told_with_the_day_they_are_computed_by() -> None:
    header = ["订单号", "实付金额", "物流费(系统报价)"]
    told = [said for said in computed(header, ["A1", 100, 22.6]).remarks if said.code == "no_date"]
    assert [said.fields for said in told] == [{"count": 1, "day": "2024-09-01"}]
    assert told[0].text("zh") == "1 行没有下单日期，按 2024-09-01 的规则计算。"
    assert told[0].text("en").startswith("1 row has no order date: the rules of")
    some = computed(HEADER, ROW, ["A2", "", "100", "1"], ["A3", "x", "100", "1"], ["", "", "", ""])
    assert [said.fields["count"] for said in some.remarks if said.code == "no_date"] == [1]
    assert not [said for said in computed(HEADER, ROW).remarks if said.code == "no_date"]


@pytest.mark.parametrize(
    ("header", "cells", "code"),
    [
        ("Created", ["2024-08-01 10:00", "2024/8/2"], "date_not_used"),
        ("Created", [dt.datetime(2024, 8, 1), None], "date_not_used"),
        ("Created", ["2024-08-01", "soon"], ""),
        ("Created", ["1.2.3", "4-5-6"], ""),
        ("Gross", ["US $12.50", "€3"], "amounts_not_known"),
        ("Gross", ["12.50", "3"], ""),
        ("Gross", [None, None], ""),
    ],
)
def test_what_cells_can_only_be_is_told_whatever_the_header(
    header: str, cells: list[Any], code: str
) -> None:
    rows = [[f"A{at}", 100, cell] for at, cell in enumerate(cells)]
    results = computed(["订单号", "实付金额", header], *rows)
    told = {said.code for said in results.remarks} & {"date_not_used", "amounts_not_known"}
    assert told == ({code} if code else set())
    assert ("no_date" in {said.code for said in results.remarks}) == (code != "date_not_used")
