"""One case of every worksheet function with what it must give."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sellersheet.functions.registry import FUNCTIONS
from tests.excel_call_path import OMITTED, UTC

SHOP = (200.0, 0.0, 0.7, 0.96, "菜鸟优选仓义乌")
ORDERS = (("实付金额", "物流费(系统报价)"), (100.0, 22.6))
OWN_RUSH = (("name", "value"), ("operation_fee", 6.2))
RESULTS = (("country", "paid_cny", "total_fee_cny"), ("ES", 100.0, 31.3))
LINE = (
    "费用合计 ¥31.30 = 基础服务费 ¥3.50（实付 100.00 × 3.5 %；F1，原文写明）"
    " + 操作费 ¥5.20（每单 ¥5.20，大件另加 ¥2.80；F2, F3，原文写明）"
    " + 物流费 ¥22.60（按填写的系统报价；F8, F9，您填写的报价）；其余各项为 0。"
    "按 2024-12-01 有效的规则。"
)
EXPLAINED = (100.0, 22.6, "标准件", 1.0, True, "无退货", "2024-12-01")
ASKED = "在 Seller Center 绑定条码，核对批次和效期信息后重新入仓"
DUE = dt.datetime(2024, 10, 5, 9, 0, tzinfo=UTC)
NOTICED = dt.datetime(2024, 10, 14, 9, 0, tzinfo=UTC)
ANSWERED = dt.datetime(2024, 10, 10, 9, 0, tzinfo=UTC)

# One golden case each; of tables: the row with the figure, and the figure's place.
ROW_FUNCTIONS: dict[str, tuple[tuple[Any, ...], Any]] = {
    "SEMIFEE": ((100.0, 22.6), 31.3),
    "EXPLAIN": (EXPLAINED, LINE),
    "CHARGEABLEWEIGHT": ((500.0, 30.0, 20.0, 15.0, 8000.0), 1125.0),
    "LOGISTICSFEE": (("ES", 89.0), 22.6),
    "ISOVERSIZE": ((2000.5, 40.0, 30.0, 20.0), True),
    "RETURNPENALTY": ((1000.0, 0.12, 0.08, 5.0), 18.4),
    "ELIGIBLE": (SHOP, True),
    "CATEGORYCHECK": (("手机壳",), "PASS"),
    "ORDERDEPOSIT": ((500.0, 1.3, 0.02, 0.01), 1725.0),
    "DEPOSITLIMIT": ((1000.0, 500.0, 0.8, 0.01, 1200.0), 13.0),
    "DEPOSITBASE": ((300.0, 4.8, "服饰", True), 500.0),
    "PROFIT": ((100.0, 30.0, 22.6), 38.7),
    "BREAKEVEN": ((30.0, 22.6), 59.9),
    "PRICEFORMARGIN": ((0.2, 30.0, 22.6), 75.55),
    "FAILCODE": (("E102", "remedy"), ASKED),
    "SYNCDEADLINE": ((45573.375,), DUE),
    "AFTERSALESDEADLINE": (("2024-10-08 09:00",), ANSWERED),
    "REVIEWDATE": (("notice", "2024-10-11 09:00"), NOTICED),
    "POLICYVALUE": (("rush_fee",), 3.0),
}
TABLES: dict[str, tuple[tuple[Any, ...], int, dict[int, Any]]] = {
    "SEMIFEE_DETAIL": ((100.0, 22.6), 0, {0: 3.5, 1: 5.2, 4: 22.6, 7: 31.3}),
    "ORDERTABLE": ((ORDERS,), 1, {1: 3.5, 2: 5.2, 5: 22.6, 8: 31.3}),
    "SUMMARY": ((RESULTS, "country"), 1, {0: "ES", 4: 100.0, 12: 31.3}),
    "SAVINGS": (("ES", 89.0), 3, {1: 22.6, 2: 22.6, 3: 0.0}),
    "RULEDIFF": (
        (ORDERS, "2024-07-01", (("name", "value"), ("lang", "zh")), "2024-12-01", OWN_RUSH),
        1,
        {0: "合计", 1: 1, 4: 31.3, 5: 32.3, 6: 1.0},
    ),
    "RETURNCURVE": ((1250.0, 0.08, ((0.125,),)), 1, {0: 0.125, 1: 33.0, 2: 0.0, 3: 33.0}),
    "ELIGIBLE_DETAIL": (SHOP, 1, {2: "200", 3: "PASS"}),
    "ORDERDEPOSIT_DETAIL": ((500.0, 1.3, 0.02, 0.01), 0, {0: 500.0, 3: 0.5, 4: 1725.0}),
    "DEPOSITLIMIT_DETAIL": ((1000.0, 500.0, 0.8, 0.01, 1200.0), 0, {1: 13.0, 2: 975.0, 3: 1050.0}),
    "DEPOSITTRIGGER": (("消费电子", ((0.4,), (0.4,))), 1, {4: "成立"}),
    "TRIGGERROOM": ((((200.0,), (280.0,)), 1000.0, 40.0), 1, {4: 378.0, 5: 98.0}),
    "DEPOSITREADY": ((200.0, "企业", True, 0.0, True, 0.99), 6, {3: "PASS"}),
    "DEPOSITPLAN": ((5000.0, "payoneer"), 1, {1: 1990.05, 2: 9.95, 3: 2000.0}),
    "DEPOSITCALENDAR": (
        ("2024-09-30 12:00", 5000.0, "payoneer"),
        3,
        {0: "付款期限", 2: 4, 3: 5025.0, 4: "D12"},
    ),
    "PROFIT_DETAIL": ((100.0, 30.0, 22.6), 0, {1: 30.0, 3: 31.3, 4: 38.7}),
    "FACTS": (("pay",), 1, {0: "缴纳", 3: "原文写明"}),
    "MODEVOLUME": (
        (100.0, 30.0, 22.6, 25.0, 3.0, 0.0, 1500.0),
        11,
        {0: 455, 1: 17608.5, 2: 17610.0},
    ),
    "MODECOMPARE": ((100.0, 30.0, 22.6, 25.0, 3.0, 45.0), 2, {1: 100.0, 3: 38.7}),
}
EVERY = {name: case[0] for name, case in (ROW_FUNCTIONS | TABLES).items()}
# Arguments that stand for a block of cells or choose a part; the others go row by row.
SCALARS = {"FAILCODE": {"field"}}


def column(*cells: Any) -> tuple[tuple[Any, ...], ...]:
    return tuple((cell,) for cell in cells)


def cells_of(left: Any) -> list[Any]:
    """Every cell of what came back."""
    rows = left if isinstance(left, list) else [left]
    return [cell for row in rows for cell in (row if isinstance(row, list | tuple) else [row])]


def filled(name: str, arguments: tuple[Any, ...]) -> list[Any]:
    """The arguments with the rest omitted."""
    return [*arguments, *[OMITTED] * (len(FUNCTIONS[name].arguments) - len(arguments))]
