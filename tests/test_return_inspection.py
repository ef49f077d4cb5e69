"""F10, F16: a buyer's return without an inspection result, and the goods that are lost."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import sellersheet
from sellersheet.columns import column
from sellersheet.functions import PROFIT, PROFIT_DETAIL, SEMIFEE, SEMIFEE_DETAIL
from tests.excel_cases import column as upright

EN = (("name", "value"), ("lang", "en"))
OPEN = "买家退货而没有验货结果，操作费按不返还计；验货通过可返还 ¥5.20（大件 ¥8.00）（F10）。"


@pytest.mark.parametrize("word", ["买家退货", "buyer return", "Buyer Return", "买家退货未验货"])
@pytest.mark.parametrize(("parcel", "total"), [(None, 31.3), ("大件", 34.1)])
def test_without_a_result_nothing_is_refunded(word: str, parcel: Any, total: float) -> None:
    assert SEMIFEE(100, 22.6, parcel, None, None, word) == total
    (told,) = SEMIFEE_DETAIL(100, 22.6, parcel, None, None, word)
    assert (told[5], told[7], told[8], told[9]) == (0, total, "警告", OPEN)
    frame = pd.DataFrame(
        {
            "paid_cny": [100],
            "logistics_cny": [22.6],
            "parcel": [parcel],
            "return_case": [word],
            "refund_cny": [0],
        }
    )
    row = sellersheet.semi_fee(frame, lang="en").iloc[0]
    assert (row["total_fee_cny"], row["status"]) == (total, "warning")
    assert "¥5.20 (oversize ¥8.00) comes back if it passes" in row["reason"]


def test_own_amounts_are_told() -> None:
    own = (("name", "value"), ("operation_fee", 6), ("buyer_return_refund_rate", 0.5))
    (told,) = SEMIFEE_DETAIL(100, 22.6, return_case="买家退货", policy=own)
    assert "¥3.00（大件 ¥4.40）" in told[9]


@pytest.mark.parametrize(
    ("word", "total"),
    [
        *(
            (word, 32.1)
            for word in ("错发", "漏发", "错发/漏发", "错发、漏发", "错发漏发", "卖家责任")
        ),
        *((word, 26.1) for word in ("买家退货验货通过", "验货通过", "buyer")),
        *((word, 31.3) for word in ("买家退货验货未通过", "验货未通过", "buyer_failed", "无退货")),
        ("退了", "#VALUE!"),
        ("验货", "#VALUE!"),
        (True, "#VALUE!"),
    ],
)
def test_the_words_of_the_article(word: Any, total: Any) -> None:
    assert SEMIFEE(100, 22.6, return_case=word) == total
    assert SEMIFEE(100, 22.6, return_case=upright(word, None)) == [(total,), (31.3,)]


def test_help_names_the_words() -> None:
    for table in ("arguments", "orders"):
        item = column(table, "return_case")
        for choice in item.choices[1:]:
            assert choice.zh in item.help_zh
            assert choice.en in item.help_en
        assert "错发" in item.help_zh


@pytest.mark.parametrize(
    ("cases", "refund", "status"),
    [
        (("buyer", "buyer"), -5.2, "正常"),
        (("buyer", "买家退货"), 0, "警告"),
        (("买家退货", "买家退货"), 0, "警告"),
        (("买家退货", None), 0, "警告"),
        (("买家退货", "buyer_failed"), 0, "警告"),
        (("买家退货", "seller"), 0, "警告"),
    ],
)
def test_lines_of_one_order(cases: tuple[Any, ...], refund: float, status: str) -> None:
    frame = pd.DataFrame(
        {
            "order_id": "A",
            "paid_cny": [50, 50],
            "logistics_cny": [22.6, None],
            "return_case": cases,
            "refund_cny": 0,
            "cost_cny": 1,
            "goods_lost_cny": 0,
        }
    )
    found = sellersheet.semi_fee(frame, lang="zh")
    assert found["operation_refund_cny"].sum() == refund
    assert found["status"].iloc[0 if cases[0] != "buyer" else 1] == status
    assert found["subsidy_loss_cny"].sum() == pytest.approx(0.8 if "seller" in cases else 0)


class TestGoodsLost:
    RETURN = (100, 30, 22.6, None, None, None, "buyer", 100)

    def test_the_argument(self) -> None:
        # 100 − 100 − 26.10 − what is lost
        assert PROFIT(*self.RETURN) == -56.1
        assert PROFIT(*self.RETURN, goods_lost=0) == -26.1
        assert PROFIT(*self.RETURN, None, None, None, 10) == -36.1
        assert PROFIT(*self.RETURN, goods_lost="¥10") == -36.1
        assert PROFIT(100, 30, 22.6, goods_lost=10) == 28.7
        lost = upright(None, 0.0, 10.0, -1.0, "许多", "#N/A")
        assert PROFIT(*self.RETURN, goods_lost=lost) == [
            (-56.1,),
            (-26.1,),
            (-36.1,),
            ("#VALUE!",),
            ("#VALUE!",),
            ("#N/A",),
        ]

    def test_the_twin_says_it(self) -> None:
        (told,) = PROFIT_DETAIL(*self.RETURN)
        assert told[:6] == [100, 30, 0, 26.1, -56.1, -0.561]
        assert told[6:] == ["提示", "有退货而未填货损，按全部采购成本计损失（F16）。"]
        (given,) = PROFIT_DETAIL(*self.RETURN, goods_lost=0)
        assert given[1:5] == [0, 0, 26.1, -26.1]
        assert given[6:] == ["正常", ""]
        (english,) = PROFIT_DETAIL(*self.RETURN, policy=EN)
        assert english[7].startswith("A return without goods lost")

    def test_what_is_missing_or_wrong(self) -> None:
        (told,) = PROFIT_DETAIL(100, 30, 22.6, return_case="seller")
        assert told[:6] == ["#N/A"] * 6
        assert told[6] == "错误"
        assert "不退款填 0" in told[7]
        assert "采购成本" in PROFIT_DETAIL(100, None, 22.6)[0][7]
        assert "2024-07-01" in PROFIT_DETAIL(100, 30, 22.6, as_of="2024-06-30")[0][7]
        assert "goods_lost" in PROFIT_DETAIL(*self.RETURN, goods_lost=-1)[0][7]
        assert "refund" in PROFIT_DETAIL(100, 30, 22.6, refund="许多")[0][7]
        assert PROFIT_DETAIL(None, None, None) == [["", "", "", "", "", "", "", ""]]
        assert PROFIT_DETAIL(0, 30, 22.6)[0][5] == ""

    def test_rows_and_headers(self) -> None:
        paid = upright(100.0, None, 200.0)
        table = PROFIT_DETAIL(paid, 30, 22.6, headers=True)
        assert table[0] == [
            *("退款", "货品成本（采购成本或货损）", "其他成本", "费用合计"),
            *("毛利", "毛利率", "状态", "说明"),
        ]
        assert [row[4] for row in table[1:]] == [cell for (cell,) in PROFIT(paid, 30, 22.6)]
        assert table[2] == [""] * 8
