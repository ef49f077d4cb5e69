"""A golden case for every function: a call and what it must give, worked out by hand.

The expected values are those of the rules' own examples, written here as literals.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final, NamedTuple

from sellersheet.columns import FEE_PARTS, OUTPUT, column
from sellersheet.wording import Lang
from sellersheet_workbook.template.book import Ref, Sheet

DAY: Final = dt.date(2024, 12, 1)
_MOMENT: Final = dt.datetime(2024, 10, 8, 9, 0)
_YIWU: Final = "菜鸟优选仓义乌"
_SUMMARY: Final = ("country", "paid_cny", *FEE_PARTS, "total_fee_cny", "profit_cny", "inbound_days")
_TOTAL: Final = [item.key for item in OUTPUT].index("total_fee_cny") + 1


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

    def got(self, sheet: Sheet) -> tuple[str, Any]:
        """The formula that shows the result, an error as it is, and its value."""
        call = sheet.text_of(self.function, *self.arguments)
        value = sheet.result_of(self.function, *self.arguments)
        if self.at:
            row, place = self.at
            call = f"INDEX({call},{row},{place})"
            value = value[row - 1][place - 1]
        if self.expected in ("TRUE", "FALSE"):
            return f'=IF({call},"TRUE","FALSE")', str(bool(value)).upper()
        if isinstance(self.expected, str):
            return f'={call}&""', str(value)
        return f"={call}", value


def data(sheet: Sheet, top: int) -> dict[str, Ref]:
    """The ranges that some calls need, written from that row (counted from 1) on."""
    lang, book = sheet.book.lang, sheet.book
    header, cells = book.style("header", font_size=9), book.style("result", font_size=9)

    def block(row: int, keys: tuple[str, ...], values: list[Any]) -> Ref:
        titles = [_title(key, lang) for key in keys]
        sheet.put_rows(f"A{row}", [titles], header)
        ref = sheet.put_rows(f"A{row + 1}", [values], cells)
        area = ref.area
        return sheet.ref(type(area)(area.top - 1, area.left, area.bottom, area.right))

    orders = block(top, ("paid_cny", "logistics_cny"), [100, 22.6])
    parts = [3.5, 5.2, 0, 0, 22.6, 0, 0, 31.3]
    summed = block(top + 3, _SUMMARY, ["ES", 100, *parts, 38.7, 1])
    growth = sheet.put_rows(
        f"A{top + 6}", [[0.4, 0.36]], book.style("result", "share", font_size=9)
    )
    return {"orders": orders, "summed": summed, "growth": growth}


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
    pay = ("缴纳", "Paying the deposit")
    return (
        Golden("SEMIFEE", (100, 22.6, None, None, None, None, DAY), 31.3),
        Golden("SEMIFEE_DETAIL", (100, 22.6, None, 5, False, None, DAY), 35.8, (1, 8)),
        Golden("ORDERTABLE", (data["orders"],), 31.3, (2, _TOTAL)),
        Golden("SUMMARY", (data["summed"], "country"), 31.3, (2, 13)),
        Golden("CHARGEABLEWEIGHT", (500, 30, 20, 15, 8000), 1125),
        Golden("LOGISTICSFEE", ("ES", 89, None, None, None, None, DAY), 22.6),
        Golden("ISOVERSIZE", (2500, 40, 30, 20), "TRUE"),
        Golden("RETURNPENALTY", (1000, 0.12, 0.08, 5, DAY), 18.4),
        Golden("ELIGIBLE", (180, 0, 0.65, 0.955, _YIWU, None, None, DAY), "TRUE"),
        Golden("ELIGIBLE_DETAIL", (179, 0, 0.65, 0.955, _YIWU, None, None, DAY), "FAIL", (2, 4)),
        Golden("CATEGORYCHECK", ("手机壳", True, None, None, DAY), "FAIL"),
        Golden("ORDERDEPOSIT", (500, 1.3, 0.015, 0.01, DAY), 1725),
        Golden("ORDERDEPOSIT_DETAIL", (1000, 0, 0.03, 0.01, DAY), 1500, (1, 5)),
        Golden("DEPOSITBASE", (300, 4.8, "服饰", True, None, DAY), 500),
        Golden(
            "DEPOSITTRIGGER",
            ("消费电子", data["growth"]),
            holds[own],
            (2, 5),
            holds[1 - own],
        ),
        Golden("DEPOSITREADY", (180, "企业", True, 0, True, 0.985), "PASS", (8, 4)),
        Golden("DEPOSITPLAN", (5000, "payoneer", _MOMENT), 1990.05, (2, 2)),
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
