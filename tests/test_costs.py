"""The range ``costs``: what each is, a rate or an amount, is said and never guessed."""

from __future__ import annotations

from typing import Any

import pytest

from sellersheet.functions import BREAKEVEN, MODECOMPARE, PRICEFORMARGIN, PROFIT, PROFIT_DETAIL
from sellersheet.functions.costs import costs
from sellersheet.functions.registry import FUNCTIONS
from sellersheet.rules.pricing import Costs

EN = (("name", "value"), ("lang", "en"))
RATE = 1_000_000_000


@pytest.mark.parametrize(
    ("block", "found"),
    [
        ([("佣金", 0.05)], Costs(commission=RATE // 20)),
        ([("佣金率", 0.05)], Costs(commission=RATE // 20)),
        ([("佣金（%）", 0.05)], Costs(commission=RATE // 20)),
        ([("commission (%)", "5%")], Costs(commission=RATE // 20)),
        ([("Affiliate rate", 0.03)], Costs(affiliate=3 * RATE // 100)),
        ([("广告费率", 0.02)], Costs(advertising=RATE // 50)),
        ([("广告", 0.999999999)], Costs(advertising=RATE - 1)),
        ([("优惠券", 5)], Costs(other=500)),
        ([("优惠券", 1)], Costs(other=100)),
        ([("优惠券", 0)], Costs()),
        ([("优惠券（元）", 0.05)], Costs(other=5)),
        ([("优惠券", 0.05, "金额")], Costs(other=5)),
        ([("优惠券", "¥0.05")], Costs(other=5)),
        ([("优惠券", "0.5元")], Costs(other=50)),
        ([("优惠券", "5%")], Costs(more_rates=(RATE // 20,))),
        ([("coupon", 0.05, "rate")], Costs(more_rates=(RATE // 20,))),
        ([("佣金", 8, "金额")], Costs(other=800)),
        ([("佣金金额", 8)], Costs(other=800)),
        ([("其他成本（元）", 3), ("其他", 2)], Costs(other=500)),
        ([("佣金", 0.05), ("佣金", 0.03)], Costs(commission=8 * RATE // 100)),
        ([("税费", 0.2, "比例")], Costs(more_rates=(RATE // 5,))),
        ([("VAT", "20%")], Costs(more_rates=(RATE // 5,))),
        ([("关税（元）", 3)], Costs(other=300)),
        ([("佣金", None, "比例"), ("优惠券", "")], Costs()),
        (None, Costs()),
    ],
)
def test_a_cost_says_what_it_is(block: Any, found: Costs) -> None:
    assert costs(block) == found
    assert costs(block and [[*row, *[None] * (3 - len(row))] for row in block]) == found


@pytest.mark.parametrize(
    ("row", "zh", "en"),
    [
        (("优惠券", 0.05), "多半是比例", "looks like a rate"),
        (("其他", 0.99), "多半是比例", "looks like a rate"),
        (("coupon", 0.05), "5%", "5%"),
        (("广告", 1), "比例须小于 1", "below 1"),
        (("佣金", 5), "比例须小于 1", "below 1"),
        (("佣金", "100%"), "不可用", "can't be"),
        (("佣金率", 1.5), "比例须小于 1", "below 1"),
        (("优惠券", 1.5, "rate"), "比例须小于 1", "below 1"),
        (("税费", 0.2), "看不出是比例还是金额", "can't be told"),
        (("税费", 20), "看不出是比例还是金额", "can't be told"),
        (("佣金", 0.05, "左右"), "看不出是比例还是金额", "can't be told"),
        (("佣金（元）", "5%"), "请统一", "make them agree"),
        (("优惠券", "5%", "金额"), "请统一", "make them agree"),
        (("佣金率（元）", 0.05), "请统一", "make them agree"),
        (("运费", 3), "不认识", "no kind of cost"),
        (("佣金", -0.1), "不可用", "can't be"),
        (("佣金", "许多"), "不可用", "can't be"),
        (("优惠券", True), "不可用", "can't be"),
        (("优惠券", "#N/A"), "不可用", "can't be"),
    ],
)
def test_a_doubtful_cost_is_refused_with_what_to_write(
    row: tuple[Any, ...], zh: str, en: str
) -> None:
    for function, given in ((PROFIT, (100, 30, 22.6)), (BREAKEVEN, (30, 22.6)),
                            (PRICEFORMARGIN, (0.2, 30, 22.6))):  # fmt: skip
        assert function(*given, costs=[row]) == "#VALUE!"
    (told,) = PROFIT_DETAIL(100, 30, 22.6, costs=[row])
    assert told[:7] == ["#VALUE!"] * 7
    assert zh in told[7]
    assert en in PROFIT_DETAIL(100, 30, 22.6, costs=[row], policy=EN)[0][7]
    assert zh in MODECOMPARE(100, 30, 22.6, 25, 3, 45, [row])[0][5]
    assert en in MODECOMPARE(100, 30, 22.6, 25, 3, 45, None, [row], None, EN)[0][5]


def test_more_rates_are_in_profit_and_in_prices() -> None:
    vat = [("VAT", "20%"), ("coupon", "5%"), ("佣金", 0.05), ("优惠券", 2)]
    # 100 − 30 − 31.30 − 20.00 − 5.00 − 5.00 − 2.00
    assert PROFIT(100, 30, 22.6, costs=vat) == 6.7
    price = BREAKEVEN(30, 22.6, costs=vat)
    assert PROFIT(price, 30, 22.6, costs=vat) >= 0
    assert PROFIT(price - 0.01, 30, 22.6, costs=vat) < 0
    assert PRICEFORMARGIN(0.1, 30, 22.6, costs=vat) > price


def test_help_names_which_is_which() -> None:
    (told,) = (item for item in FUNCTIONS["PROFIT"].arguments if item.name == "costs")
    for word in ("佣金", "联盟", "广告", "比例", "优惠券", "金额", "#VALUE!"):
        assert word in told.zh
    for word in ("Commission", "rates", "coupon", "amounts", "#VALUE!"):
        assert word in told.en
