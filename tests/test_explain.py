"""Why an order costs what it costs."""

from typing import Any

import pandas as pd
import pytest

from sellersheet.cards import read_card, shipped_card
from sellersheet.columns import column
from sellersheet.explain import Step, explain_order
from sellersheet.orders import compute_orders
from sellersheet.policy import Policy, load
from sellersheet.rules.fees import FEE_PARTS
from sellersheet.wording import LANGS, Lang
from tests.test_frames import DAY, EARLY

POLICY = load()


def _steps(
    lang: Lang = "zh", policy: Policy = POLICY, row: int = 0, **columns: Any
) -> dict[str, Step]:
    frame = pd.DataFrame({key: [value] for key, value in {"paid": 100, **columns}.items()})
    frame = pd.concat([frame.assign(paid=1)] * row + [frame], ignore_index=True)
    results = compute_orders(frame, policy, shipped_card().rates, as_of=DAY)
    return {step.key: step for step in explain_order(results, row, policy, lang)}


@pytest.mark.parametrize("lang", LANGS)
def test_seven_parts_add_up_and_each_has_rule_standing_and_source(lang: Lang) -> None:
    steps = _steps(lang, logistics=22.6, inbound_days=5, standard_box=False, parcel="大件", row=2)
    assert tuple(steps) == FEE_PARTS
    assert sum(step.cents or 0 for step in steps.values()) == 3860
    assert steps["service_fee_cny"].rules == "F1"
    assert "F6" in steps["rush_fee_cny"].rules
    for key, step in steps.items():
        assert step.title == column("results", key).title(lang)
        assert step.source
        assert "{" not in step.how
        assert bool(step.standing) == (key != "logistics_fee_cny")
        assert step.replaced == ()


def test_the_arithmetic() -> None:
    steps = _steps(logistics=22.6, inbound_days=5)
    assert steps["service_fee_cny"].how == "实付 100.00 × 3.5 %"
    assert steps["rush_fee_cny"].how == "入仓 T+5；> 3 天收 ¥3.00"
    assert "¥5.20" in steps["operation_fee_cny"].how


def test_where_the_freight_is_from() -> None:
    quoted = _steps("en", logistics=22.6)["logistics_fee_cny"]
    assert (quoted.cents, quoted.source) == (2260, "your entry")
    by_card = _steps("en", country="ES", weight=80)["logistics_fee_cny"]
    assert (by_card.cents, by_card.standing) == (2260, "stated in the source")
    assert "速卖通半托管模式详解" in by_card.source
    assert by_card.source.endswith("as of 2024-07-15")
    assert "80 g" in by_card.how
    unknown = _steps("en")["logistics_fee_cny"]
    assert (unknown.cents, unknown.how) == (None, "not on record")


def test_a_value_of_ones_own_is_told_with_what_it_replaced() -> None:
    own = POLICY.with_overrides([{"name": "rush_fee", "value": "4.00"}], origin="我的表")
    step = _steps("zh", own, logistics=22.6, inbound_days=5)["rush_fee_cny"]
    assert (step.cents, step.standing, step.source) == (400, "自定义", "我的表")
    assert step.replaced == ("自定义：加急操作费（延迟入仓） ¥4.00，原为 ¥3.00",)
    english = _steps("en", own, logistics=22.6)["rush_fee_cny"]
    assert english.replaced[0].endswith("¥4.00, in place of ¥3.00")


def test_before_the_rules_nothing_is_on_record() -> None:
    steps = _steps("en", logistics=22.6, order_date=EARLY)
    assert {step.cents for step in steps.values()} == {None}


@pytest.mark.parametrize(
    ("order", "key", "standing"),
    [
        ({"inbound_days": 1}, "rush_fee_cny", "stated in the source"),
        ({"inbound_days": 2}, "rush_fee_cny", "a reading of the source"),
        ({"inbound_days": 3}, "rush_fee_cny", "a reading of the source"),
        ({"inbound_days": 4}, "rush_fee_cny", "stated in the source"),
        ({"return_case": "buyer"}, "operation_refund_cny", "stated in the source"),
        ({"return_case": "buyer_failed"}, "operation_refund_cny", "a reading of the source"),
        ({"return_case": "seller"}, "operation_refund_cny", "stated in the source"),
    ],
)
def test_the_standing_is_that_of_what_is_shown(
    order: dict[str, Any], key: str, standing: str
) -> None:
    assert _steps("en", logistics=22.6, **order)[key].standing == standing


def test_own_limits_and_surcharges_are_ones_own() -> None:
    late = POLICY.with_overrides([{"name": "rush_after_days", "value": 2}], origin="我的表")
    assert _steps("zh", late, logistics=22.6, inbound_days=3)["rush_fee_cny"].standing == "自定义"
    assert _steps("zh", late, logistics=22.6, inbound_days=1)["rush_fee_cny"].standing == "原文写明"
    large = POLICY.with_overrides([{"name": "oversize_surcharge", "value": 3}], origin="我的表")
    step = _steps("zh", large, logistics=22.6, parcel="大件")["operation_fee_cny"]
    assert (step.cents, step.standing) == (820, "自定义")


def test_a_row_of_ones_own_card_tells_its_source_and_standing() -> None:
    row = {"country": "ES", "from_g": "0", "to_g": "500", "per_kg": "50", "divisor": "不计"}
    row |= {"currency": "CNY", "start": "2024-07-01", "source": "货代报价 8 月", "standing": "own"}
    mine = read_card(pd.DataFrame([row]))
    frame = pd.DataFrame({"paid": [100], "country": ["ES"], "weight": [100]})
    results = compute_orders(frame, POLICY, mine.rates, as_of=DAY)
    steps = {step.key: step for step in explain_order(results, 0, POLICY, "zh", mine)}
    step = steps["logistics_fee_cny"]
    assert (step.cents, step.source, step.standing) == (500, "货代报价 8 月", "自定义")
    plain = read_card(pd.DataFrame([{**row, "source": "", "standing": "口头"}]))
    results = compute_orders(frame, POLICY, plain.rates, as_of=DAY)
    (step,) = (s for s in explain_order(results, 0, POLICY, "en", plain) if s.key == step.key)
    assert (step.source, step.standing) == ("rate card", "口头")
