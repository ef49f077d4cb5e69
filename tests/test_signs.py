"""What sets a deposit off, what warns of it, and what must be in place before."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sellersheet import policy
from sellersheet.rules.deposit_signs import (
    HOLDS,
    HOLDS_NOT,
    OPEN,
    TRIGGER_VALUES,
    Readiness,
    Situation,
    coverage,
    readiness,
    takes_part,
    triggers,
    warnings,
)
from sellersheet.rules.verdicts import FAIL, PASS, UNKNOWN, overall
from tests.examples import examples

POLICY = policy.load()
TODAY = dt.date(2025, 6, 1)
VIEW = POLICY.on(TODAY)
TRIGGERS = {"growth", "flash", "fulfilment", "temporary"}
COVERED, UNCOVERED, UNLISTED = "消费电子", "服装", "风筝"
SIGN = {True: HOLDS, False: HOLDS_NOT, None: OPEN}


def rate(share: str) -> int:
    """A decimal share in units of 1e-9."""
    whole, _, decimals = share.partition(".")
    sign = -1 if whole.startswith("-") else 1
    return int(whole) * 10**9 + sign * int(decimals.ljust(9, "0"))


STEP = 1  # of 1e-9, the finest a rate can be


def sign(name: str, **said: Any) -> int:
    found = triggers(Situation(**said), VIEW)
    assert set(found) == TRIGGERS
    return found[name]


def warning(name: str, **said: Any) -> int:
    return warnings(Situation(**said), VIEW)[name]


# Coverage


@pytest.mark.parametrize(
    ("category", "verdict"),
    [
        *((word, PASS) for word in ("消费电子", "时尚配饰", "家居园艺", "运动户外", "美妆个护")),
        *((word, PASS) for word in ("手机配件", "珠宝", "骑行装备", "consumer electronics")),
        *((word, FAIL) for word in ("服装", "母婴", "宠物", "apparel", "Pet Supplies")),
        *((word, UNKNOWN) for word in ("", "  ", "风筝", "工业品", "电")),
    ],
)
def test_coverage(category: str, verdict: int) -> None:
    assert coverage(category, VIEW) == verdict


def test_no_category_is_on_both_lists() -> None:
    for name, verdict in (("covered_categories", PASS), ("uncovered_categories", FAIL)):
        assert VIEW.table(name)
        for record in VIEW.table(name):
            for word in (record["zh"], record["en"], *record["aliases"]):
                assert coverage(word, VIEW) == verdict, word


# Triggers


@pytest.mark.parametrize(
    ("growths", "holds"),
    [
        ((), None),
        ((rate("0.9"),), None),
        ((rate("0.35") + STEP, rate("0.35") + STEP), True),
        ((rate("0.35"), rate("0.9")), False),
        ((rate("0.9"), rate("0.35")), False),
        ((rate("0.35"), rate("0.35")), False),
        ((rate("0.35") - STEP, rate("0.35") - STEP), False),
        ((rate("8"), rate("8")), True),
        ((rate("-0.2"), rate("0.4")), False),
        ((rate("0"), rate("0.4"), rate("0.4")), True),
        ((rate("0.9"), rate("0.9"), rate("0.1")), False),
        ((rate("0.9"), rate("0.1"), rate("0.9")), False),
    ],
)
def test_growth_of_the_two_newest_weeks(growths: tuple[int, ...], holds: bool | None) -> None:
    assert sign("growth", category=COVERED, weekly_growth=growths) == SIGN[holds]
    # Not for a category that is not covered; with an unlisted one only a no is settled.
    assert sign("growth", category=UNCOVERED, weekly_growth=growths) == HOLDS_NOT
    for category in (UNLISTED, ""):
        expected = HOLDS_NOT if holds is False else OPEN
        assert sign("growth", category=category, weekly_growth=growths) == expected


@pytest.mark.parametrize(
    ("first", "price", "holds"),
    [
        (True, 3_001, True),
        (True, 3_000, False),
        (True, 2_999, False),
        (True, 0, False),
        (True, None, None),
        (False, 9_900, False),
        (False, None, False),
        (None, 3_001, None),
        (None, 3_000, False),
        (None, None, None),
    ],
)
@pytest.mark.parametrize("category", [COVERED, UNCOVERED, UNLISTED, ""])
def test_first_flash_deal(
    first: bool | None, price: int | None, holds: bool | None, category: str
) -> None:
    assert sign("flash", category=category, flash_first=first, sku_price=price) == SIGN[holds]


@pytest.mark.parametrize(
    ("fulfilment", "holds"),
    [
        (rate("0.942") - STEP, True),
        (rate("0.942"), False),
        (rate("0.942") + STEP, False),
        (0, True),
        (rate("1"), False),
        (None, None),
    ],
)
@pytest.mark.parametrize("category", [COVERED, UNCOVERED, UNLISTED, ""])
def test_fulfilment(fulfilment: int | None, holds: bool | None, category: str) -> None:
    assert sign("fulfilment", category=category, fulfilment_rate=fulfilment) == SIGN[holds]


@pytest.mark.parametrize(
    ("category", "penalties", "holds"),
    [
        (UNCOVERED, 1, False),
        (UNCOVERED, 2, True),
        (UNCOVERED, 3, True),
        (UNCOVERED, 0, False),
        (UNCOVERED, None, None),
        (COVERED, 9, False),
        (COVERED, None, False),
        (UNLISTED, 2, None),
        (UNLISTED, 1, False),
        ("", 2, None),
        ("", 1, False),
        ("", None, None),
    ],
)
def test_temporary_deposit(category: str, penalties: int | None, holds: bool | None) -> None:
    assert sign("temporary", category=category, false_shipments=penalties) == SIGN[holds]


def test_nothing_said_leaves_every_trigger_and_warning_open() -> None:
    assert set(triggers(Situation(), VIEW).values()) == {OPEN}
    assert set(warnings(Situation(), VIEW).values()) == {OPEN}


def test_one_trigger_does_not_touch_another() -> None:
    found = triggers(Situation(category=COVERED, fulfilment_rate=0), VIEW)
    assert found == {
        "growth": OPEN,
        "flash": OPEN,
        "fulfilment": HOLDS,
        "temporary": HOLDS_NOT,
    }


def test_the_limits_are_the_policys() -> None:
    values = {
        "trigger_growth_over": "0.5",
        "trigger_growth_weeks": "3",
        "trigger_flash_price_over": "50",
        "trigger_fulfilment_below": "0.9",
        "temporary_after_penalties": "4",
    }
    rows = [{"name": name, "value": value} for name, value in values.items()]
    view = POLICY.with_overrides(rows, "test").on(TODAY)
    situation = Situation(
        category=COVERED,
        weekly_growth=[rate("0.4")] * 3,
        flash_first=True,
        sku_price=5_000,
        fulfilment_rate=rate("0.93"),
        false_shipments=3,
    )
    assert set(triggers(situation, view).values()) == {HOLDS_NOT}
    more = situation._replace(
        weekly_growth=[rate("0.51")] * 3, sku_price=5_001, fulfilment_rate=rate("0.89")
    )
    found = triggers(more, view)
    assert (found["growth"], found["flash"], found["fulfilment"]) == (HOLDS,) * 3
    assert triggers(more._replace(weekly_growth=[rate("0.6")] * 2), view)["growth"] == OPEN
    uncovered = triggers(Situation(category=UNCOVERED, false_shipments=4), view)
    assert uncovered["temporary"] == HOLDS


def test_the_values_begin_on_their_first_day() -> None:
    first = POLICY.first_day(TRIGGER_VALUES)
    assert POLICY.on(first).known(TRIGGER_VALUES)
    assert not POLICY.on(first - dt.timedelta(1)).known(TRIGGER_VALUES)


# Warnings


def test_every_warning_has_its_name_in_the_policy() -> None:
    named = {record["key"] for record in VIEW.table("deposit_warnings")}
    assert set(warnings(Situation(), VIEW)) == named


def growth_warning(**said: Any) -> int:
    """Steady growth is the only warning about growth."""
    found = warnings(Situation(**said), VIEW)
    return next(value for name, value in found.items() if "growth" in name)


@pytest.mark.parametrize(
    ("growths", "holds"),
    [
        ((), None),
        ((rate("0.9"),) * 3, None),
        ((rate("0.25") + STEP,) * 4, True),
        ((rate("0.25"),) * 4, False),
        ((rate("0.25") - STEP,) * 4, False),
        ((*(rate("0.9"),) * 3, rate("0.25")), False),
        ((rate("0.25"), *(rate("0.9"),) * 3), False),
        ((rate("0"), *(rate("0.9"),) * 4), True),
        ((rate("8"),) * 4, True),
    ],
)
def test_steady_growth_in_consumer_electronics(
    growths: tuple[int, ...], holds: bool | None
) -> None:
    for category in ("消费电子", "蓝牙耳机", "Consumer Electronics"):
        assert growth_warning(category=category, monthly_growth=growths) == SIGN[holds]
    for category in ("时尚配饰", "美妆个护", "服装", "风筝"):
        assert growth_warning(category=category, monthly_growth=growths) == HOLDS_NOT
    expected = HOLDS_NOT if holds is False else OPEN
    assert growth_warning(category="", monthly_growth=growths) == expected


@pytest.mark.parametrize(
    ("delay", "holds"),
    [
        (rate("0.05") - STEP, False),
        (rate("0.05"), False),
        (rate("0.05") + STEP, True),
        (rate("1"), True),
        (0, False),
        (None, None),
    ],
)
@pytest.mark.parametrize("category", ["", "消费电子", "服装", "风筝"])
def test_late_tracking(delay: int | None, holds: bool | None, category: str) -> None:
    assert warning("tracking_delay", category=category, tracking_delay=delay) == SIGN[holds]


@pytest.mark.parametrize(
    ("battery", "share", "holds"),
    [
        (True, rate("0.5") + STEP, True),
        (True, rate("0.5"), False),
        (True, rate("0.5") - STEP, False),
        (True, None, None),
        (False, rate("0.9"), False),
        (False, None, False),
        (None, rate("0.9"), None),
        (None, rate("0.1"), False),
        (None, None, None),
    ],
)
def test_battery_goods_mainly_to_russia_or_brazil(
    battery: bool | None, share: int | None, holds: bool | None
) -> None:
    assert warning("battery_markets", battery=battery, ru_br_share=share) == SIGN[holds]


@pytest.mark.parametrize(
    ("category", "without", "holds"),
    [
        ("服装", True, True),
        ("女装", True, True),
        ("Apparel", True, True),
        ("服装", False, False),
        ("服装", None, None),
        ("母婴", True, False),
        ("宠物", True, False),
        ("消费电子", True, False),
        ("风筝", True, False),
        ("风筝", None, False),
        ("", True, None),
        ("", False, False),
        ("", None, None),
    ],
)
def test_cainiao_without_the_plus_service_for_apparel(
    category: str, without: bool | None, holds: bool | None
) -> None:
    found = warning("cainiao_without_aplus", category=category, cainiao_without_aplus=without)
    assert found == SIGN[holds]


@pytest.mark.parametrize(
    ("promotion", "holds"),
    [
        ("双11", True),
        ("双１１", True),
        ("2024 双11 全球狂欢节", True),
        ("双十一", True),
        ("328", True),
        ("328大促", True),
        ("Double 11", True),
        ("double11", True),
        ("11.11", True),
        ("618", False),
        ("黑五", False),
        ("无", False),
        ("", None),
        ("  ", None),
    ],
)
def test_promotions(promotion: str, holds: bool | None) -> None:
    assert warning("promotion", promotion=promotion) == SIGN[holds]


def words_of(*tables: str) -> list[str]:
    return [
        word
        for name in tables
        for record in VIEW.table(name)
        for word in (record["zh"], record["en"], *record["aliases"])
    ]


@settings(max_examples=examples(200))
@given(
    st.builds(
        Situation,
        category=st.sampled_from(["", UNLISTED, *words_of("covered_categories")])
        | st.sampled_from(words_of("uncovered_categories")),
        weekly_growth=st.lists(st.integers(-(10**9), 10**10), max_size=4),
        flash_first=st.sampled_from([None, True, False]),
        sku_price=st.none() | st.integers(2_990, 3_010),
        fulfilment_rate=st.none() | st.integers(0, 10**9),
        false_shipments=st.none() | st.integers(0, 4),
        monthly_growth=st.lists(st.integers(-(10**9), 10**10), max_size=6),
        tracking_delay=st.none() | st.integers(0, 10**9),
        battery=st.sampled_from([None, True, False]),
        ru_br_share=st.none() | st.integers(0, 10**9),
        cainiao_without_aplus=st.sampled_from([None, True, False]),
        promotion=st.sampled_from(["", "双11", "618"]),
    )
)
def test_saying_less_never_settles_more(situation: Situation) -> None:
    """A sign that holds, or does not, is never turned round by leaving something out."""
    whole = {**triggers(situation, VIEW), **warnings(situation, VIEW)}
    assert set(whole.values()) <= {HOLDS, HOLDS_NOT, OPEN}
    blank = Situation()
    for field in Situation._fields:
        less = situation._replace(**{field: getattr(blank, field)})
        found = {**triggers(less, VIEW), **warnings(less, VIEW)}
        assert all(found[name] in (OPEN, whole[name]) for name in whole), field


# Prerequisites

READY = Readiness(180, "有限公司", True, 0, True, rate("0.985"))


def verdicts(shop: Readiness) -> dict[str, int]:
    """The verdicts by the field of the shop that each is about: they come in that order."""
    return dict(zip(Readiness._fields, readiness(shop, VIEW).values(), strict=True))


def test_every_prerequisite_has_its_name_in_the_policy() -> None:
    named = [record["key"] for record in VIEW.table("deposit_prerequisites")]
    assert list(readiness(READY, VIEW)) == named


def test_a_shop_at_every_limit_is_ready() -> None:
    found = verdicts(READY)
    assert set(found.values()) == {PASS}
    assert overall(list(found.values())) == PASS


@pytest.mark.parametrize(
    ("field", "value", "verdict"),
    [
        ("licence_days", 179, FAIL),
        ("licence_days", 181, PASS),
        ("licence_days", 0, FAIL),
        ("licence_days", None, UNKNOWN),
        ("entity", "", UNKNOWN),
        ("entity", "  ", UNKNOWN),
        ("entity", "company", PASS),
        ("entity", "跨境专营公司", PASS),
        ("certified", False, FAIL),
        ("certified", None, UNKNOWN),
        ("violations_90d", 1, FAIL),
        ("violations_90d", None, UNKNOWN),
        ("alp", False, FAIL),
        ("alp", None, UNKNOWN),
        ("tracking_rate", rate("0.985") - STEP, FAIL),
        ("tracking_rate", rate("0.985") + STEP, PASS),
        ("tracking_rate", 0, FAIL),
        ("tracking_rate", None, UNKNOWN),
    ],
)
def test_each_prerequisite(field: str, value: Any, verdict: int) -> None:
    found = verdicts(READY._replace(**{field: value}))
    assert found.pop(field) == verdict
    assert set(found.values()) == {PASS}


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("双11", True),
        ("2024双11", True),
        ("参加 双 11 全球狂欢节", True),
        ("328大促", True),
        ("3.28", True),
        ("11.11", True),
        ("Double 11", True),
        ("328 promotion", True),
        ("未来参加双11", True),
        ("不参加双11，参加328", True),
        ("无线耳机参加双11", True),
        ("不参加双11", False),
        ("没参加328", False),
        ("双11不参加", False),
        ("未报名双11", False),
        ("暂不参加双11和328", False),
        ("not in Double 11", False),
        ("we won't join 328", False),
        ("no 328", False),
        ("3288", False),
        ("13280", False),
        ("双110", False),
        ("双12", False),
        ("退出双11", False),
        ("", False),
        ("无", False),
    ],
)
def test_promotions_in_words(text: str, held: bool) -> None:
    assert takes_part(text, VIEW.words("warning_promotions")) == held


@pytest.mark.parametrize(
    ("text", "name", "held"),
    [
        # A number at either end of a name is only found as a whole.
        ("6月大促", "6月大促", True),
        ("参加6月大促", "6月大促", True),
        ("16月大促", "6月大促", False),
        ("大促V6", "大促v6", True),
        ("大促v66", "大促v6", False),
        ("大促v6a", "大促v6", True),
    ],
)
def test_promotions_of_a_name(text: str, name: str, held: bool) -> None:
    assert takes_part(text, ["黑五", name]) == held


def sole_trader_words() -> list[str]:
    records = [r for r in VIEW.table("entity_documents") if r["entity"] == "individual"]
    assert records
    record = records[0]
    return [record["entity_zh"], record["entity_en"], *record["entity_aliases"]]


@pytest.mark.parametrize("word", ["个体户", " 个体户 ", "个体工商户", "Sole Trader", "individual"])
def test_a_sole_trader_does_not_qualify(word: str) -> None:
    assert verdicts(READY._replace(entity=word))["entity"] == FAIL


@pytest.mark.parametrize("word", sole_trader_words())
def test_a_sole_trader_by_any_name_that_is_understood_elsewhere(word: str) -> None:
    assert verdicts(READY._replace(entity=word))["entity"] == FAIL


def test_nothing_said_about_a_shop_is_unknown() -> None:
    found = verdicts(Readiness(None, "", None, None, None, None))
    assert set(found.values()) == {UNKNOWN}


def test_a_rate_of_the_policy_in_its_unit() -> None:
    assert VIEW.ratio("tracking_min").units == 985_000_000
    assert VIEW.ratio("trigger_growth_over").units == 350_000_000
