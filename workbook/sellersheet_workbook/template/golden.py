"""A golden case for every function: a call and what it must give, worked out by hand.

The expected values are those of the rules' own examples, written here as literals.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final, NamedTuple

from sellersheet.columns import OUTPUT, TABLES, column
from sellersheet.rules.fees import FEE_PARTS
from sellersheet.wording import Lang
from sellersheet_workbook.template.book import DAY, Sheet
from sellersheet_workbook.template.cells import Ref, Written

_MOMENT: Final = dt.datetime(2024, 10, 8, 9, 0)
_YIWU: Final = "菜鸟优选仓义乌"
_SUMMARY: Final = ("country", "paid_cny", *FEE_PARTS, "total_fee_cny", "profit_cny", "inbound_days")
_TABLE_TOTAL: Final = [item.key for item in OUTPUT].index("total_fee_cny") + 1
_DETAIL_TOTAL: Final = len(FEE_PARTS) + 1
_SUMMARY_TOTAL: Final = [item.key for item in TABLES["summary"]].index("total_fee_cny") + 1


class Golden(NamedTuple):
    """A call; which cell of its table is looked at (row and column from 1); what it must be.

    ``otherwise`` is the same in the other language: functions without a policy answer in that
    of the computer.
    """

    function: str
    arguments: tuple[Any, ...]
    expected: Any
    at: tuple[int, int] | None = None
    otherwise: str = ""

    @property
    def is_moment(self) -> bool:
        """Whether the result is a date-time."""
        return isinstance(self.expected, dt.datetime)

    def got(self, sheet: Sheet) -> Written:
        """The result, an error as it is."""
        found = sheet.written(self.function, *self.arguments)
        if self.at:
            row, place = self.at
            value = found.value[row - 1][place - 1]
            found = Written(f"INDEX({found.text},{row},{place})", value)
        if self.expected in ("TRUE", "FALSE"):
            value = str(bool(found.value)).upper()
            return Written(f'IF({found.text},"TRUE","FALSE")', value)
        if isinstance(self.expected, str):
            return Written(found.text, str(found.value)).joined
        return found


def data(sheet: Sheet, top: int) -> dict[str, Ref]:
    """The ranges that some calls need, written from that row (counted from 1) on."""
    lang, book = sheet.book.lang, sheet.book
    header, cells = book.style("header"), book.style("result")
    day = book.style("result", "date")

    def block(row: int, keys: tuple[str, ...], values: list[Any]) -> Ref:
        titles = [_title(key, lang) for key in keys]
        sheet.put_rows(f"A{row}", [titles], header)
        sheet.page.set_row(row - 1, 32)
        area = sheet.put_rows(f"A{row + 1}", [values], cells).area
        for at, value in enumerate(values):
            if isinstance(value, dt.date):
                sheet.put_at(row, at, value, day)
        return sheet.ref(type(area)(area.top - 1, area.left, area.bottom, area.right))

    orders = block(top, ("paid_cny", "logistics_cny", "order_date"), [100, 22.6, DAY])
    known = {"service_fee_cny": 3.5, "operation_fee_cny": 5.2, "logistics_fee_cny": 22.6}
    parts = [known.get(key, 0) for key in FEE_PARTS]
    summed = block(top + 3, _SUMMARY, ["ES", 100, *parts, 31.3, 38.7, 1])
    growth = sheet.put_rows(f"A{top + 6}", [[0.4, 0.36]], book.style("result", "share"))
    own = sheet.put_rows(
        f"C{top + 6}",
        [["name", "value"], ["operation_fee", 6.2]],
        book.style("result"),
    )
    weeks = sheet.put_rows(f"A{top + 7}", [[200, 280]], cells)
    return {"orders": orders, "summed": summed, "growth": growth, "weeks": weeks, "own": own}


def _title(key: str, lang: Lang) -> str:
    for name in ("orders", "results"):
        try:
            return column(name, key).title(lang)
        except (KeyError, StopIteration, ValueError):
            continue
    raise KeyError(key)


def cases(data: dict[str, Ref], lang: Lang) -> tuple[Golden, ...]:
    """One for each function, in the order of the registry."""
    own = 0 if lang == "zh" else 1
    refused = ("跨境支付通道拒绝付款", "The cross-border payment channel refused")
    holds = ("成立", "holds")
    explained = (
        "费用合计 ¥34.30 = 基础服务费 ¥3.50（实付 100.00 × 3.5 %；F1，原文写明）"
        " + 操作费 ¥5.20（每单 ¥5.20，大件另加 ¥2.80；F2, F3，原文写明）"
        " + 加急费 ¥3.00（入仓 T+5；> 3 天收 ¥3.00；F5, F6，原文写明）"
        " + 物流费 ¥22.60（按填写的系统报价；F8, F9，您填写的报价）；其余各项为 0。"
        f"按 {DAY} 有效的规则。",
        "Total fees ¥34.30 = Service fee ¥3.50 (100.00 paid × 3.5 %; F1, stated in the source)"
        " + Operation fee ¥5.20 (¥5.20 per order, ¥2.80 more for oversize; F2, F3, stated in the"
        " source) + Rush fee ¥3.00 (Inbound at T+5; ¥3.00 when > 3 days; F5, F6, stated in the"
        " source) + Freight ¥22.60 (The quote entered; F8, F9, your entry); all other parts are"
        f" 0. By the rules in force on {DAY}.",
    )
    pay = ("缴纳", "Paying the deposit")
    return (
        Golden("SEMIFEE", (100, 22.6, None, None, None, None, DAY), 31.3),
        Golden("SEMIFEE_DETAIL", (100, 22.6, None, 5, False, None, DAY), 35.8, (1, _DETAIL_TOTAL)),
        Golden(
            "EXPLAIN",
            (100, 22.6, None, 5, None, None, DAY),
            explained[own],
            None,
            explained[1 - own],
        ),
        Golden("ORDERTABLE", (data["orders"],), 31.3, (2, _TABLE_TOTAL)),
        Golden("SUMMARY", (data["summed"], "country"), 31.3, (2, _SUMMARY_TOTAL)),
        Golden("RULEDIFF", (data["orders"], DAY, None, DAY, data["own"]), 1, (2, 7)),
        Golden("CHARGEABLEWEIGHT", (500, 30, 20, 15, 8000), 1125),
        Golden("LOGISTICSFEE", ("ES", 89, None, None, None, None, DAY), 22.6),
        Golden("SAVINGS", ("ES", 89, None, None, None, None, 5, False, 1200, DAY), 5400, (5, 5)),
        Golden("ISOVERSIZE", (2500, 40, 30, 20), "TRUE"),
        Golden("RETURNPENALTY", (1000, 0.12, 0.08, 5, DAY), 18.4),
        Golden("RETURNCURVE", (1000, 0.08, None, 5, DAY), 18.4, (9, 2)),
        Golden("ELIGIBLE", (180, 0, 0.65, 0.955, _YIWU, None, None, DAY), "TRUE"),
        Golden("ELIGIBLE_DETAIL", (179, 0, 0.65, 0.955, _YIWU, None, None, DAY), "FAIL", (2, 4)),
        Golden("CATEGORYCHECK", ("手机壳", True, None, None, DAY), "FAIL"),
        Golden("ORDERDEPOSIT", (500, 1.3, 0.015, 0.01, DAY), 1725),
        Golden("ORDERDEPOSIT_DETAIL", (1000, 0, 0.03, 0.01, DAY), 1500, (1, 5)),
        Golden("DEPOSITLIMIT", (1000, 500, 0.8, 0.01, 1200, DAY), 13),
        Golden("DEPOSITLIMIT_DETAIL", (1000, 500, 0.8, 0.01, 1200, DAY), 1050, (1, 4)),
        Golden("DEPOSITBASE", (300, 4.8, "服饰", True, None, DAY), 500),
        Golden(
            "DEPOSITTRIGGER",
            ("消费电子", data["growth"]),
            holds[own],
            (2, 5),
            holds[1 - own],
        ),
        Golden("TRIGGERROOM", (data["weeks"], 1000, 40, 10, 30), 378, (2, 5)),
        Golden("DEPOSITREADY", (180, "企业", True, 0, True, 0.985), "PASS", (8, 4)),
        Golden("DEPOSITPLAN", (5000, "payoneer", _MOMENT), 1990.05, (2, 2)),
        Golden(
            "DEPOSITCALENDAR",
            (_MOMENT, 5000, "payoneer", None, 0.06),
            dt.datetime(2024, 10, 12, 9, 0),
            (4, 2),
        ),
        Golden("PROFIT", (100, 30, 22.6, None, None, None, None, None, None, DAY), 38.7),
        Golden(
            "PROFIT_DETAIL",
            (100, 30, 22.6, None, None, None, None, None, None, DAY),
            38.7,
            (1, 5),
        ),
        Golden("BREAKEVEN", (30, 22.6, None, None, None, None, DAY), 59.9),
        Golden("PRICEFORMARGIN", (0.2, 30, 22.6, None, None, None, None, DAY), 75.55),
        Golden("MODECOMPARE", (100, 30, 22.6, 25, 3, 45), 42, (4, 4)),
        Golden(
            "MODEVOLUME",
            (100, 30, 22.6, 25, 3, None, 1500, None, None, None, DAY),
            455,
            (12, 1),
        ),
        Golden(
            "FAILCODE",
            ("ERR_DEP_403", "cause"),
            refused[own],
            None,
            refused[1 - own],
        ),
        Golden("SYNCDEADLINE", (_MOMENT,), dt.datetime(2024, 10, 5, 9, 0)),
        Golden("AFTERSALESDEADLINE", (_MOMENT,), dt.datetime(2024, 10, 10, 9, 0)),
        Golden("REVIEWDATE", ("notice", _MOMENT, None, DAY), dt.datetime(2024, 10, 9, 9, 0)),
        Golden("POLICYVALUE", ("rush_fee", DAY), 3),
        Golden("FACTS", ("pay", DAY), pay[own], (2, 1), pay[1 - own]),
    )
