"""A deposit's payments as a frame."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from sellersheet import Problem, load_policy, payment_plan

NOTICE = dt.datetime(2024, 10, 8, 9, 30)


def test_payoneer_in_parts_that_add_up() -> None:
    plan = payment_plan(5000, "payoneer", notice=NOTICE)
    assert plan["part"].tolist() == [1, 2, 3]
    assert plan["amount_usd"].tolist() == [1990.05, 1990.05, 1019.90]
    assert plan["fee_usd"].tolist() == [9.95, 9.95, 5.10]
    assert plan["debit_usd"].tolist() == [2000.0, 2000.0, 1025.0]
    assert set(plan["due"]) == {pd.Timestamp("2024-10-11 09:30")}


def test_alipay_in_one_payment_without_a_time() -> None:
    plan = payment_plan("$1,725.00", "alipay+", as_of=dt.date(2024, 10, 8))
    assert plan["amount_usd"].tolist() == [1725.0]
    assert plan["due"].isna().all()
    assert list(plan.columns) == ["part", "amount_usd", "fee_usd", "debit_usd", "due"]


@pytest.mark.parametrize("amount", ["0.01", "1990.05", "1990.06", "2000", "17250", "999999.99"])
def test_sums_are_exact_and_no_debit_exceeds_the_limit(amount: str) -> None:
    plan = payment_plan(Decimal(amount), "payoneer", as_of=NOTICE.date())
    total = sum(Decimal(str(part)) for part in plan["amount_usd"])
    assert total == Decimal(amount)
    assert plan["debit_usd"].max() <= 2000
    debits = (plan["amount_usd"] + plan["fee_usd"]).round(2)
    assert debits.tolist() == plan["debit_usd"].tolist()


def test_the_fee_outside_the_limit_is_a_policy_value() -> None:
    own = load_policy().with_overrides(
        [{"name": "payoneer_limit_includes_fee", "value": "no"}], origin="test"
    )
    plan = payment_plan(4000, "payoneer", as_of=NOTICE.date(), policy=own)
    assert plan["amount_usd"].tolist() == [2000.0, 2000.0]
    assert plan["debit_usd"].tolist() == [2010.0, 2010.0]


@pytest.mark.parametrize(
    ("amount", "channel", "zh", "en"),
    [
        (0, "payoneer", "应大于 0", "must be above 0"),
        (None, "payoneer", "必填而为空", "blank but needed"),
        (-5, "payoneer", "“-5”小于下限 0", "“-5” is below 0"),
        ("许多", "payoneer", "“许多”不是可用的数", "“许多” is not a usable number"),
        (float("nan"), "payoneer", "必填而为空", "blank but needed"),
        (500, "visa", "支付渠道“visa”不可用", 'channel "visa" can\'t be used'),
    ],
)
def test_what_can_not_be_paid(amount: Any, channel: str, zh: str, en: str) -> None:
    with pytest.raises(Problem) as caught:
        payment_plan(amount, channel, notice=NOTICE)
    assert zh in caught.value.text("zh")
    assert en in caught.value.text("en")
