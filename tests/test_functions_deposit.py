"""ORDERDEPOSIT and its kin, DEPOSITTRIGGER, DEPOSITREADY, DEPOSITPLAN, as cells call them."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from sellersheet.functions import (
    DEPOSITBASE,
    DEPOSITPLAN,
    DEPOSITREADY,
    DEPOSITTRIGGER,
    ORDERDEPOSIT,
    ORDERDEPOSIT_DETAIL,
)
from sellersheet.functions.signs_table import WORDS
from tests.cases import Case, groups, load, text

CASES = load("deposit")
RATES = ("risk", "shop_dispute_rate", "category_dispute_rate")
MARKERS = {"value_error": "#VALUE!", "no_rule": "#N/A"}
PLANS = groups("payment_plan", "name")
GOOD: dict[str, Any] = {
    "base_usd": 500.0,
    "risk": 1.3,
    "shop_dispute_rate": 0.015,
    "category_dispute_rate": 0.01,
}
EN = [["name", "value"], ["lang", "en"]]
BEFORE = dt.datetime(2024, 6, 30)


def cells(case: Case) -> list[Any]:
    """The four numbers and the day as a sheet hands them over."""
    numbers = [float(text(case, key)) for key in ("base_usd", *RATES)]
    day = case["as_of"]
    return [*numbers, None if day is None else dt.datetime.fromisoformat(day)]


def answer(case: Case) -> Any:
    marker = MARKERS.get(text(case, "status"))
    return marker or float(text(case, "deposit_usd"))


def column(values: list[Any]) -> tuple[tuple[Any, ...], ...]:
    return tuple((value,) for value in values)


# ORDERDEPOSIT


@pytest.mark.parametrize("case", [pytest.param(c, id=text(c, "name")) for c in CASES])
def test_a_case_in_one_cell(case: Case) -> None:
    assert ORDERDEPOSIT(*cells(case)) == answer(case)
    [row] = ORDERDEPOSIT_DETAIL(*cells(case))
    assert row[4] == answer(case)
    status = {"ok": "正常", "flagged": "提示"}.get(text(case, "status"), "错误")
    assert row[5] == status
    assert (row[6] == "") == (status == "正常")
    if status != "错误":
        told = (float(text(case, key)) for key in ("deviation", "deviation_used"))
        assert row[:4] == [*cells(case)[:2], *told]


def test_all_cases_as_columns_and_as_rows() -> None:
    columns = [list(values) for values in zip(*map(cells, CASES), strict=True)]
    expected = [answer(case) for case in CASES]
    assert ORDERDEPOSIT(*map(column, columns)) == [(value,) for value in expected]
    assert ORDERDEPOSIT(*((tuple(values),) for values in columns)) == [expected]
    table = ORDERDEPOSIT_DETAIL(*map(column, columns))
    assert [row[4] for row in table] == expected


def test_the_same_in_every_form_of_a_number() -> None:
    assert ORDERDEPOSIT(500, 1.3, 0.015, 0.01) == 1725.0
    assert ORDERDEPOSIT("$500", "1.3", "1.5%", "1%") == 1725.0
    assert ORDERDEPOSIT(Decimal(500), 1.3, 0.015, 0.01) == 1725.0
    assert ORDERDEPOSIT(((500.0,),), 1.3, 0.015, 0.01) == 1725.0
    assert ORDERDEPOSIT(column([500, 5000]), 1.3, 0.015, 0.01) == [(1725.0,), (17250.0,)]


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("base_usd", -0.01),
        ("base_usd", 1_000_000.01),
        ("base_usd", "¥500"),
        ("base_usd", True),
        ("risk", -0.1),
        ("risk", 101),
        ("risk", "高"),
        ("shop_dispute_rate", 1.5),
        ("shop_dispute_rate", -0.01),
        ("shop_dispute_rate", 1e308),
        ("category_dispute_rate", 0),
        ("category_dispute_rate", -0.01),
        ("category_dispute_rate", 2),
        ("as_of", "昨天"),
    ],
)
def test_a_wrong_value(name: str, wrong: Any) -> None:
    given = {**GOOD, name: wrong}
    assert ORDERDEPOSIT(**given) == "#VALUE!"
    [row] = ORDERDEPOSIT_DETAIL(**given)
    assert row[:6] == ["#VALUE!"] * 5 + ["错误"]
    assert row[6]
    rows = ORDERDEPOSIT(**{**GOOD, name: column([GOOD.get(name), wrong])})
    assert rows == [(1725.0,), ("#VALUE!",)]


def test_a_mean_of_zero_says_why() -> None:
    given = {**GOOD, "category_dispute_rate": 0}
    assert "D6" in ORDERDEPOSIT_DETAIL(**given)[0][6]
    assert "undefined" in ORDERDEPOSIT_DETAIL(**given, policy=EN)[0][6]
    # A mean above 1 has a reason of its own.
    assert "D6" not in ORDERDEPOSIT_DETAIL(**{**GOOD, "category_dispute_rate": 2})[0][6]


@pytest.mark.parametrize("name", [*GOOD, "as_of"])
def test_an_error_cell_comes_out_again(name: str) -> None:
    assert ORDERDEPOSIT(**{**GOOD, name: "#NULL!"}) == "#NULL!"
    rows = ORDERDEPOSIT(**{**GOOD, name: column([GOOD.get(name), -2146826281])})
    assert rows == [(1725.0,), ("#DIV/0!",)]
    [row] = ORDERDEPOSIT_DETAIL(**{**GOOD, name: "#NULL!"})
    assert row[:5] == ["#NULL!"] * 5
    assert "#NULL!" in row[6]


@pytest.mark.parametrize("name", list(GOOD))
def test_a_missing_input_is_not_on_record(name: str) -> None:
    assert ORDERDEPOSIT(**{**GOOD, name: None}) == "#N/A"
    [row] = ORDERDEPOSIT_DETAIL(**{**GOOD, name: ""})
    assert row[:5] == ["#N/A"] * 5
    assert row[6].startswith("缺少")


def test_blank_rows_give_blanks() -> None:
    assert ORDERDEPOSIT(None, None, "", None) == ""
    assert ORDERDEPOSIT_DETAIL(None, None, None, None) == [[""] * 7]
    blanks = column([None] * 1000)
    assert ORDERDEPOSIT(blanks, blanks, blanks, blanks) == [("",)] * 1000
    two = [column([value, None]) for value in GOOD.values()]
    assert ORDERDEPOSIT_DETAIL(*two)[1] == [""] * 7


def test_ranges_that_do_not_go_together() -> None:
    given = {**GOOD, "base_usd": column([1, 2]), "risk": column([1, 2, 3])}
    assert ORDERDEPOSIT(**given) == "#VALUE!"
    [row] = ORDERDEPOSIT_DETAIL(**given)
    assert row[:6] == ["#VALUE!"] * 6
    assert "base_usd 2, risk 3" in row[6]
    [row] = ORDERDEPOSIT_DETAIL(**{**GOOD, "base_usd": [[1, 2], [3, 4]]}, policy=EN)
    assert row[6].startswith("The argument base_usd must be")


def test_headers_and_languages() -> None:
    zh = ORDERDEPOSIT_DETAIL(**GOOD, headers=True)
    assert zh[0] == [
        *("基准值", "类目风险系数", "纠纷率偏离度", "采用的偏离度", "订单押金", "状态", "说明"),
    ]
    assert zh[1] == [500.0, 1.3, 0.5, 0.5, 1725.0, "正常", ""]
    en = ORDERDEPOSIT_DETAIL(**{**GOOD, "base_usd": 5000}, policy=EN, headers="TRUE")
    assert en[0][4:] == ["Deposit", "Status", "Reason"]
    assert en[1][4:6] == [17250.0, "note"]
    assert "$5,000.00" in en[1][6]


def test_the_default_language_is_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SELLERSHEET_LANG", "en")
    assert ORDERDEPOSIT_DETAIL(**GOOD)[0][5] == "ok"
    assert DEPOSITPLAN(100, "payoneer")[-1][0] == "Total"


def test_values_of_the_users_own() -> None:
    policy = [
        ["name", "value", "start"],
        ["deviation_cap", 0.3, "2025-01-01"],
        ["deposit_flag_above", 600, "2025-01-01"],
    ]
    days = column(["2024-12-31", "2025-01-01"])
    table = ORDERDEPOSIT_DETAIL(500, 0, 0.02, 0.01, days, policy)
    assert table[0] == [500.0, 0.0, 1.0, 0.5, 750.0, "正常", ""]
    assert table[1][3:6] == [0.3, 650.0, "提示"]
    assert "$600.00" in table[1][6]


def test_ten_thousand_rows_with_ten_bad_ones() -> None:
    bases: list[Any] = [500.0] * 10_000
    for at in range(0, 10_000, 1000):
        bases[at] = -1.0
    found = ORDERDEPOSIT(column(bases), 1.3, column([0.015] * 10_000), 0.01)
    assert found.count(("#VALUE!",)) == 10
    assert found.count((1725.0,)) == 9_990


# DEPOSITBASE

APPAREL: dict[str, Any] = {
    "monthly_orders": 499,
    "dsr": 4.78,
    "category": "服饰",
    "new_shop": True,
    "battery_3c": None,
}
BATTERY: dict[str, Any] = {
    "monthly_orders": 5001,
    "dsr": 4.5,
    "category": "3C",
    "new_shop": None,
    "battery_3c": True,
}


@pytest.mark.parametrize(
    ("case", "change", "base"),
    [
        (APPAREL, {}, 500.0),
        (APPAREL, {"monthly_orders": 500}, "#N/A"),
        (APPAREL, {"monthly_orders": 0}, 500.0),
        (APPAREL, {"dsr": 4.779999999}, "#N/A"),
        (APPAREL, {"dsr": 5}, 500.0),
        (APPAREL, {"new_shop": None}, "#N/A"),
        (APPAREL, {"new_shop": "否"}, "#N/A"),
        (APPAREL, {"category": "童装"}, 500.0),
        (APPAREL, {"category": "fashion apparel"}, 500.0),
        (APPAREL, {"category": "宠物"}, "#N/A"),
        (APPAREL, {"category": "风筝"}, "#N/A"),
        (APPAREL, {"category": "3C"}, "#N/A"),
        (BATTERY, {}, 5000.0),
        (BATTERY, {"monthly_orders": 5000}, "#N/A"),
        (BATTERY, {"battery_3c": False}, "#N/A"),
        (BATTERY, {"battery_3c": None}, "#N/A"),
        (APPAREL, {"as_of": BEFORE}, "#N/A"),
        (APPAREL, {"as_of": "2024-07-01"}, 500.0),
        (APPAREL, {"category": None}, "#N/A"),
        (APPAREL, {"dsr": ""}, "#N/A"),
        (APPAREL, {"monthly_orders": None, "dsr": None, "category": None}, ""),
        (APPAREL, {"monthly_orders": -1}, "#VALUE!"),
        (APPAREL, {"monthly_orders": 499.83}, 500.0),
        (APPAREL, {"monthly_orders": 500.01}, "#N/A"),
        (APPAREL, {"monthly_orders": "许多"}, "#VALUE!"),
        (BATTERY, {"monthly_orders": 5000.5}, 5000.0),
        (BATTERY, {"dsr": None}, 5000.0),
        (BATTERY, {"category": "蓝牙耳机"}, 5000.0),
        (BATTERY, {"category": "女装连衣裙"}, "#N/A"),
        (BATTERY, {"category": "宠物"}, "#N/A"),
        (BATTERY, {"category": "风筝"}, "#N/A"),
        (BATTERY, {"category": None}, "#N/A"),
        (APPAREL, {"dsr": 5.1}, "#VALUE!"),
        (APPAREL, {"new_shop": "也许"}, "#VALUE!"),
        (APPAREL, {"battery_3c": 7}, "#VALUE!"),
        (APPAREL, {"as_of": "x"}, "#VALUE!"),
        (APPAREL, {"category": [["a", "b"], ["c", "d"]]}, "#VALUE!"),
        (APPAREL, {"policy": [["name", "value"], ["nothing", 1]]}, "#VALUE!"),
        (APPAREL, {"dsr": "#N/A"}, "#N/A"),
        (APPAREL, {"category": "#REF!"}, "#REF!"),
    ],
)
def test_a_base(case: dict[str, Any], change: dict[str, Any], base: Any) -> None:
    assert DEPOSITBASE(**{**case, **change}) == base


def test_bases_as_ranges() -> None:
    orders = [499, 500, 5001, 3000, None, 6000]
    dsr = [4.8, 4.8, 4.0, 4.0, None, 4.0]
    words = ["女装", "女装", "3C", "3C", None, "女装"]
    battery = [None, None, True, True, None, None]
    expected = [500.0, "#N/A", 5000.0, "#N/A", "", "#N/A"]
    columns = [orders, dsr, words]
    found = DEPOSITBASE(*map(column, columns), True, column(battery))
    assert found == [(value,) for value in expected]
    found = DEPOSITBASE(*((tuple(c),) for c in columns), True, (tuple(battery),))
    assert found == [expected]
    days = column([BEFORE, "2024-07-01"])
    assert DEPOSITBASE(**{**APPAREL, "as_of": days}) == [("#N/A",), (500.0,)]


# DEPOSITTRIGGER

ALL_HOLD: dict[str, Any] = {
    "category": "消费电子",
    "weekly_growth": column([0.36, "35.1%"]),
    "flash_first": True,
    "sku_price_usd": 30.01,
    "fulfilment_rate": 0.941999999,
    "false_shipments": 2,
    "monthly_growth": column([0.26] * 4),
    "tracking_delay": 0.050000001,
    "battery": "是",
    "ru_br_share": 0.51,
    "cainiao_without_aplus": True,
    "promotion": "双11",
}
SIGNS = (
    *("growth", "flash", "fulfilment", "temporary"),
    *("steady", "delay", "battery", "cainiao", "promotion"),
)


def signs(**given: Any) -> dict[str, str]:
    table = DEPOSITTRIGGER(**given)
    assert table[0] == ["信号", "性质", "界限", "现状", "结果", "建议"]
    assert [row[1] for row in table[1:]] == ["触发"] * 4 + ["预警"] * 5
    assert all(len(row) == 6 for row in table)
    return dict(zip(SIGNS, (row[4] for row in table[1:]), strict=True))


def test_every_sign_that_can_hold_together() -> None:
    found = signs(**ALL_HOLD)
    assert {name for name, held in found.items() if held != "成立"} == {"temporary", "cainiao"}
    apparel = signs(**{**ALL_HOLD, "category": "服装"})
    held = {name for name, answer in apparel.items() if answer == "成立"}
    assert held == set(SIGNS) - {"growth", "steady"}


@pytest.mark.parametrize(
    ("change", "sign", "answer"),
    [
        ({"weekly_growth": column([0.35, 0.9])}, "growth", "不成立"),
        ({"weekly_growth": ((0.36, 8.0),)}, "growth", "成立"),
        ({"weekly_growth": column([-0.5, 0.36, 0.36])}, "growth", "成立"),
        ({"weekly_growth": column([0.36, 0.36, None, None])}, "growth", "成立"),
        ({"weekly_growth": column([0.36, None, 0.36])}, "growth", "不能判定"),
        ({"weekly_growth": 0.9}, "growth", "不能判定"),
        ({"weekly_growth": None}, "growth", "不能判定"),
        ({"category": "风筝"}, "growth", "不能判定"),
        ({"category": None}, "growth", "不能判定"),
        ({"category": "宠物"}, "growth", "不成立"),
        ({"sku_price_usd": 30}, "flash", "不成立"),
        ({"flash_first": "否"}, "flash", "不成立"),
        ({"flash_first": None}, "flash", "不能判定"),
        ({"sku_price_usd": None}, "flash", "不能判定"),
        ({"fulfilment_rate": 0.942}, "fulfilment", "不成立"),
        ({"fulfilment_rate": 0}, "fulfilment", "成立"),
        ({"fulfilment_rate": None}, "fulfilment", "不能判定"),
        ({"category": "母婴"}, "temporary", "成立"),
        ({"category": "母婴", "false_shipments": 1}, "temporary", "不成立"),
        ({"category": "风筝"}, "temporary", "不能判定"),
        ({"monthly_growth": column([0.26] * 3)}, "steady", "不能判定"),
        ({"monthly_growth": column([0.26, 0.25, 0.26, 0.26])}, "steady", "不成立"),
        ({"tracking_delay": 0.05}, "delay", "不成立"),
        ({"ru_br_share": 0.5}, "battery", "不成立"),
        ({"battery": False}, "battery", "不成立"),
        ({"promotion": "618"}, "promotion", "不成立"),
        ({"promotion": None}, "promotion", "不能判定"),
        ({"promotion": 328.0}, "promotion", "成立"),
    ],
)
def test_one_step_either_side(change: dict[str, Any], sign: str, answer: str) -> None:
    found = signs(**{**ALL_HOLD, **change})
    assert found[sign] == answer


def test_what_is_said_of_a_sign() -> None:
    growth = DEPOSITTRIGGER(**ALL_HOLD)[1]
    assert growth[2:4] == ["连续 2 周 > 35 %，限押金清单内类目", "消费电子；36 % → 35.1 %"]
    assert "72 小时" in growth[5]
    open_ones = DEPOSITTRIGGER("风筝", column([0.4]))
    assert open_ones[1][4:] == ["不能判定", "类目不在已写明的名单上，是否覆盖请看平台通知。"]
    assert open_ones[2][5] == "请填写“首次报名Flash Deals”“SKU单价”。"
    few = DEPOSITTRIGGER("消费电子", column([0.4]))
    assert few[1][5] == "请填最近连续 2 周的增长率，中间不留空。"
    temporary = DEPOSITTRIGGER("母婴", None, false_shipments=2)[4]
    assert "$300.00" in temporary[5]
    assert "30 天" in temporary[5]


def test_nothing_entered_shows_the_limits() -> None:
    for growth in (None, column([None, None])):
        table = DEPOSITTRIGGER(None, growth)
        assert len(table) == 10
        assert all(row[3:] == ["", "", ""] for row in table[1:])
        assert table[3][2] == "< 94.2 %"


@pytest.mark.parametrize(
    ("name", "wrong", "marker"),
    [
        ("category", [["a", "b"]], "#VALUE!"),
        ("weekly_growth", [[0.1, 0.2], [0.3, 0.4]], "#VALUE!"),
        ("weekly_growth", column([0.4, "快"]), "#VALUE!"),
        ("weekly_growth", column([0.4, -1.01]), "#VALUE!"),
        ("weekly_growth", column([0.4, 1e308]), "#VALUE!"),
        ("weekly_growth", column([0.4, "#DIV/0!"]), "#DIV/0!"),
        ("flash_first", "也许", "#VALUE!"),
        ("sku_price_usd", -1, "#VALUE!"),
        ("fulfilment_rate", 94.2, "#VALUE!"),
        ("false_shipments", 1.5, "#VALUE!"),
        ("monthly_growth", "快", "#VALUE!"),
        ("tracking_delay", 5, "#VALUE!"),
        ("battery", 2, "#VALUE!"),
        ("ru_br_share", -0.1, "#VALUE!"),
        ("cainiao_without_aplus", "x y", "#VALUE!"),
        ("promotion", "#NAME?", "#NAME?"),
        ("promotion", column(["双11", "328"]), "#VALUE!"),
    ],
)
def test_a_sign_that_can_not_be_read(name: str, wrong: Any, marker: str) -> None:
    [row] = DEPOSITTRIGGER(**{**ALL_HOLD, name: wrong})
    assert row[:5] == [marker] * 5
    assert (name in row[5]) == (marker == "#VALUE!")


def test_signs_in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SELLERSHEET_LANG", "en")
    table = DEPOSITTRIGGER("consumer electronics", column([0.4, 0.5]))
    assert table[0] == ["Sign", "Kind", "Limit", "Value seen", "Result", "Advice"]
    assert table[1][3:5] == ["consumer electronics; 40 % → 50 %", "holds"]
    assert {row[4] for row in table[1:]} == {"holds", "does not hold", "can't be told"}


# DEPOSITREADY

READY: dict[str, Any] = {
    "licence_days": 180,
    "entity": "有限公司",
    "certified": True,
    "violations_90d": 0,
    "alp": "是",
    "tracking_rate": 0.985,
}


def test_a_shop_that_is_ready() -> None:
    table = DEPOSITREADY(**READY)
    assert table[0] == ["前提", "要求", "现状", "结果", "处理建议"]
    assert [row[3] for row in table[1:]] == ["PASS"] * 7
    assert table[-1][0] == "总体"
    assert "72 小时" in table[-1][4]


@pytest.mark.parametrize(
    ("name", "value", "result", "todo"),
    [
        ("licence_days", 179, "FAIL", "等待满足天数。"),
        ("licence_days", None, "UNKNOWN", "请填写“执照天数”。"),
        ("entity", "个体户", "FAIL", "以企业主体办理。"),
        ("entity", "火星人", "UNKNOWN", "不认识这种主体"),
        ("entity", "", "UNKNOWN", "请填写“主体类型”。"),
        ("certified", "否", "FAIL", "完成企业认证"),
        ("certified", None, "UNKNOWN", "请填写“企业认证”。"),
        ("violations_90d", 1, "FAIL", "等待违规记录过期。"),
        ("violations_90d", None, "UNKNOWN", "请填写"),
        ("alp", False, "FAIL", "请先优化物流表现，预计 7 个工作日后重审。"),
        ("alp", None, "UNKNOWN", "请填写“接入ALP”。"),
        ("tracking_rate", 0.984999999, "FAIL", "请先优化物流表现，预计 7 个工作日后重审。"),
        ("tracking_rate", "", "UNKNOWN", "请填写“轨迹完整率”。"),
    ],
)
def test_each_prerequisite(name: str, value: Any, result: str, todo: str) -> None:
    table = DEPOSITREADY(**{**READY, name: value})
    row = table[1 + list(READY).index(name)]
    assert row[3] == table[-1][3] == result
    assert todo in row[4]
    assert [other[3] for other in table[1:-1]].count("PASS") == 5


@pytest.mark.parametrize(
    ("name", "wrong", "marker"),
    [
        ("licence_days", -1, "#VALUE!"),
        ("entity", [["a"], ["b"]], "#VALUE!"),
        ("certified", "x y", "#VALUE!"),
        ("violations_90d", 0.5, "#VALUE!"),
        ("alp", 3, "#VALUE!"),
        ("tracking_rate", 98.5, "#VALUE!"),
        ("tracking_rate", "#N/A", "#N/A"),
    ],
)
def test_a_prerequisite_that_can_not_be_read(name: str, wrong: Any, marker: str) -> None:
    [row] = DEPOSITREADY(**{**READY, name: wrong})
    assert row[:4] == [marker] * 4
    assert row[4]


def test_nothing_entered_shows_the_prerequisites() -> None:
    table = DEPOSITREADY(*[None] * 6)
    assert table[1] == ["营业执照注册满规定天数", "≥ 180 天", "", "", ""]
    assert all(row[2:] == ["", "", ""] for row in table[1:])


def test_prerequisites_in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SELLERSHEET_LANG", "en")
    table = DEPOSITREADY(**{**READY, "entity": "sole trader", "tracking_rate": 0.9})
    assert table[2][1:4] == ["a company, no sole trader", "sole trader", "FAIL"]
    assert "7 working days" in table[6][4]


# DEPOSITPLAN


@pytest.mark.parametrize(
    "cases",
    [
        pytest.param(cases, id=key[0])
        for key, cases in PLANS.items()
        if cases[0]["channel"] != "payoneer" or cases[0]["fee_inside"] == "TRUE"
    ],
)
def test_a_plan(cases: list[Case]) -> None:
    amount, channel = float(text(cases[0], "amount_usd")), cases[0]["channel"]
    table = DEPOSITPLAN(amount, channel)
    assert table[0] == ["笔数", "金额（美元）", "通道费（美元）", "扣款（美元）", "付款期限"]
    keys = ("part_amount_usd", "fee_usd", "debit_usd")
    expected = [[float(text(case, key)) for key in keys] for case in cases]
    assert [row[1:4] for row in table[1:-1]] == expected
    assert [row[0] for row in table[1:-1]] == list(range(1, len(cases) + 1))
    assert {row[4] for row in table[1:]} == {""}
    assert table[-1][0] == "合计"
    sums = [sum(Decimal(str(cell)) for cell in cells) for cells in zip(*expected, strict=True)]
    assert table[-1][1:4] == [float(part) for part in sums]
    assert table[-1][1] == amount


def test_the_golden_plan_with_its_due_time() -> None:
    for notice in (dt.datetime(2024, 10, 8, 9, 0), 45573.375, "2024/10/8 9:00"):
        due = dt.datetime(2024, 10, 11, 9, 0)
        assert DEPOSITPLAN(((5000.0,),), "Payoneer", notice)[1:] == [
            [1, 1990.05, 9.95, 2000.0, due],
            [2, 1990.05, 9.95, 2000.0, due],
            [3, 1019.9, 5.1, 1025.0, due],
            ["合计", 5000.0, 25.0, 5025.0, due],
        ]


@pytest.mark.parametrize(
    "channel", ["alipay+", "Alipay", "支付宝", "支付宝国际版（Alipay+）", "ALIPAY+"]
)
def test_one_payment_by_alipay(channel: str) -> None:
    assert DEPOSITPLAN(5000, channel)[1] == [1, 5000.0, 25.0, 5025.0, ""]


@pytest.mark.parametrize("channel", ["payoneer", "P卡", "派安盈", "Payoneer USD account"])
def test_payoneer_by_any_name(channel: str) -> None:
    assert len(DEPOSITPLAN(1990.06, channel)) == 4


@pytest.mark.parametrize(
    ("given", "marker", "told"),
    [
        ((0, "payoneer"), "#VALUE!", "amount_usd"),
        ((-5, "payoneer"), "#VALUE!", "amount_usd"),
        (("很多", "payoneer"), "#VALUE!", "很多"),
        ((5000, "visa"), "#VALUE!", "visa"),
        ((5000, "payoneer", "明天"), "#VALUE!", "明天"),
        ((5000, "payoneer", 1), "#VALUE!", "notice_time"),
        ((column([1, 2]), "payoneer"), "#VALUE!", "amount_usd"),
        ((5000, None), "#N/A", "支付渠道"),
        ((None, "payoneer"), "#N/A", "押金金额"),
        ((5000, "payoneer", BEFORE), "#N/A", "2024-07-01"),
        (("#REF!", "payoneer"), "#REF!", "#REF!"),
        ((5000, "payoneer", "#NUM!"), "#NUM!", "#NUM!"),
    ],
)
def test_no_plan(given: tuple[Any, ...], marker: str, told: str) -> None:
    [row] = DEPOSITPLAN(*given)
    assert row[:4] == [marker] * 4
    assert told in row[4]


def test_a_blank_plan() -> None:
    table = DEPOSITPLAN(None, "")
    assert table[1:] == [[""] * 5]


def test_every_sentence_in_both_languages() -> None:
    assert WORDS.messages
    for code, told in WORDS.messages.items():
        assert sorted(told) == ["en", "zh"], code
        assert all(told.values()), code
        assert not set(told["zh"]) & set(",;:()"), code


def test_the_least_mean_that_a_category_can_have() -> None:
    """D6: of nothing there is no deviation."""
    assert ORDERDEPOSIT(1000, 0, 0.01, 1e-9) == 1500
    assert ORDERDEPOSIT(1000, 0, 1e-9, 1e-9) == 1000
    for mean in (0, 4e-10, -1e-9):
        assert ORDERDEPOSIT(1000, 0, 0.01, mean) == "#VALUE!"
