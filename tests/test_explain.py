"""Why an order costs what it costs."""

from typing import Any

import pandas as pd
import pytest

from sellersheet.cards import shipped_card
from sellersheet.columns import FEE_PARTS, column
from sellersheet.explain import Step, explain_order
from sellersheet.orders import compute_orders
from sellersheet.policy import Policy, load
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
    assert (by_card.cents, by_card.source) == (2260, "rate card")
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
