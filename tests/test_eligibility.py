"""Who may join semi-managed mode: the case table, words as they are typed, documents."""

import datetime as dt
import random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sellersheet import policy
from sellersheet.days import epoch_day
from sellersheet.money import rate_units
from sellersheet.rules import listed
from sellersheet.rules.eligibility import (
    BARRING_FLAGS,
    SHOP_VALUES,
    Documents,
    Shop,
    asked,
    category_verdict,
    country_verdict,
    criteria,
    document_criteria,
    eligible,
    warehouse_verdict,
    with_flags,
)
from sellersheet.rules.verdicts import (
    FAIL,
    NOT_ASKED,
    PASS,
    UNKNOWN,
    WORDS,
    at_least,
    at_most,
    overall,
)
from tests import oracle
from tests.cases import Case, flag, load, number, text
from tests.examples import examples

POLICY = policy.load()
TODAY = dt.date(2025, 6, 1)
VIEW = POLICY.on(TODAY)
CASES = load("eligibility")
CRITERIA = ("E1", "E2", "E3", "E4", "E5", "E9", "E10")
WHOLE = {"TRUE": PASS, "FALSE": FAIL, "UNKNOWN": UNKNOWN}
each_case = pytest.mark.parametrize("case", [pytest.param(c, id=text(c, "name")) for c in CASES])


def rate(share: str | None) -> int:
    return int(rate_units(np.array([float(share or 0)]))[0])


def shop_of(case: Case) -> Shop:
    flags = [name for name in BARRING_FLAGS if flag(case, name)]
    category = category_verdict(case["category"] or "", flags, VIEW)
    said = (case["category"], *(case[name] for name in BARRING_FLAGS))
    country = case["country"] or ""
    return Shop(
        age_days=number(case, "shop_age_days", 0),
        age_known=case["shop_age_days"] is not None,
        violations=number(case, "violations_90d", 0),
        violations_known=case["violations_90d"] is not None,
        sell_through=rate(case["sell_through"]),
        sell_through_known=case["sell_through"] is not None,
        positive_rate=rate(case["positive_rate"]),
        positive_rate_known=case["positive_rate"] is not None,
        warehouse=warehouse_verdict(case["warehouse"] or "", VIEW),
        category=NOT_ASKED if set(said) == {None} else category,
        country=asked(country, country_verdict(country, VIEW)),
    )


def words(verdicts: dict[str, Any]) -> dict[str, str]:
    return {key: WORDS[int(verdict)] for key, verdict in verdicts.items()}


@each_case
def test_a_case_alone(case: Case) -> None:
    found = words(criteria(shop_of(case), VIEW))
    assert found == {key: case[key] for key in CRITERIA}
    assert eligible(shop_of(case), VIEW) == WHOLE[text(case, "eligible")]


@pytest.mark.parametrize("seed", range(4))
def test_all_cases_shuffled_as_columns(seed: int) -> None:
    cases = random.Random(seed).sample(CASES, len(CASES))
    columns = (np.array(column) for column in zip(*map(shop_of, cases), strict=True))
    shops = Shop(*columns)
    found = criteria(shops, VIEW)
    for key in CRITERIA:
        assert [WORDS[verdict] for verdict in found[key].tolist()] == [c[key] for c in cases]
    assert eligible(shops, VIEW).tolist() == [WHOLE[text(case, "eligible")] for case in cases]


def test_the_values_begin_on_their_first_day() -> None:
    first = POLICY.first_day(SHOP_VALUES)
    assert POLICY.on(first).known(SHOP_VALUES)
    assert not POLICY.on(first - dt.timedelta(1)).known(SHOP_VALUES)


def test_a_limit_that_changes_is_taken_by_the_day_of_each_row() -> None:
    start = dt.date(2025, 3, 1)
    rows = [
        {"name": "shop_age_min_days", "value": "200", "start": start},
        {"name": "violations_max", "value": "1", "start": start},
        {"name": "sell_through_min", "value": "0.7", "start": start},
        {"name": "positive_rate_min", "value": "0.94", "start": start},
    ]
    days = [epoch_day(start - dt.timedelta(1)), epoch_day(start)]
    view = POLICY.with_overrides(rows, "test").on(np.array(days))
    yes = np.array([True, True])
    shops = Shop(
        np.array([180, 180]),
        yes,
        np.array([1, 1]),
        yes,
        np.array([rate("0.65")] * 2),
        yes,
        np.array([rate("0.94")] * 2),
        yes,
        np.array([PASS, PASS]),
    )
    found = criteria(shops, view)
    assert [found[key].tolist() for key in ("E1", "E2", "E3", "E4")] == [
        [PASS, FAIL],
        [FAIL, PASS],
        [PASS, FAIL],
        [FAIL, PASS],
    ]
    assert eligible(shops, view).tolist() == [FAIL, FAIL]


@settings(max_examples=examples(150))
@given(
    st.fixed_dictionaries(
        {
            "shop_age_days": st.one_of(st.none(), st.integers(0, 400)),
            "violations_90d": st.one_of(st.none(), st.integers(0, 3)),
            "sell_through": st.one_of(st.none(), st.integers(0, 1000)),
            "positive_rate": st.one_of(st.none(), st.integers(900, 1000)),
            "warehouse": st.sampled_from([None, "菜鸟优选仓 义乌", "递四方华东仓", "上海保税仓"]),
            "category": st.sampled_from([None, "手机壳", "医疗器械", "蓝牙耳机"]),
            "country": st.sampled_from([None, "ES", "KR", "US"]),
            "battery": st.sampled_from([None, True, False]),
            "magnetic": st.sampled_from([None, True, False]),
            "medical": st.sampled_from([None, True, False]),
        }
    )
)
def test_any_shop_agrees_with_the_oracle(given_shop: dict[str, Any]) -> None:
    shop = dict(given_shop)
    for key in ("sell_through", "positive_rate"):
        shop[key] = None if shop[key] is None else f"{shop[key] / 1000:.3f}"
    expected = oracle.verdicts(**shop)
    case = {key: None if value is None else str(value) for key, value in shop.items()}
    for name in BARRING_FLAGS:
        case[name] = None if shop[name] is None else str(shop[name]).upper()
    found = shop_of(case)
    assert words(criteria(found, VIEW)) == expected
    whole = {True: PASS, False: FAIL, None: UNKNOWN}[oracle.overall(expected)]
    assert eligible(found, VIEW) == whole


# Words


@pytest.mark.parametrize(
    ("word", "verdict"),
    [
        ("菜鸟优选仓(杭州)", PASS),
        ("菜鸟优选仓（杭州）", PASS),
        ("菜鸟优选仓杭州", PASS),
        (" 菜鸟优选仓　东莞 ", PASS),
        ("菜鸟义乌仓", PASS),
        ("cainiao yiwu", PASS),
        ("4PX 华东仓", PASS),
        ("４ＰＸ华东仓", PASS),
        ("Winit Shenzhen", PASS),
        ("万邑通深圳仓", PASS),
        ("上海保税仓", FAIL),
        ("菜鸟优选仓 上海", UNKNOWN),
        ("菜鸟优选仓义乌仓", PASS),
        ("菜鸟优选义乌仓", PASS),
        ("菜鸟优选仓（杭州、东莞、义乌）", UNKNOWN),
        ("菜鸟上海仓", UNKNOWN),
        ("菜鸟杭州普通仓", UNKNOWN),
        ("递四方上海仓", UNKNOWN),
        ("深圳保税仓", UNKNOWN),
        ("递四方 4PX 华东一号仓", PASS),
        ("Winit warehouse Shenzhen", PASS),
        ("", UNKNOWN),
        ("   ", UNKNOWN),
        ("杭州", UNKNOWN),
        ("菜鸟优选仓", UNKNOWN),
    ],
)
def test_warehouses_as_people_write_them(word: str, verdict: int) -> None:
    assert warehouse_verdict(word, VIEW) == verdict


@pytest.mark.parametrize("name", ["open_categories", "barred_categories"])
def test_every_listed_category_is_found_by_all_its_names(name: str) -> None:
    verdict = PASS if name == "open_categories" else FAIL
    assert VIEW.table(name)
    for record in VIEW.table(name):
        for word in (record["zh"], record["en"], *record["aliases"]):
            assert category_verdict(word, (), VIEW) == verdict, word
            assert category_verdict(f" {word.upper()} ", (), VIEW) == verdict, word


def test_a_bar_wins_over_an_open_category() -> None:
    assert category_verdict("LED台灯", (), VIEW) == PASS
    for name in BARRING_FLAGS:
        assert category_verdict("LED台灯", [name], VIEW) == FAIL
        assert category_verdict("", [name], VIEW) == FAIL
        assert category_verdict("风筝", [name], VIEW) == FAIL


def test_a_category_on_neither_list_never_passes() -> None:
    for word in ("风筝", "", "  ", "LED", "手机", "女装", "宠物", "耳机"):
        assert category_verdict(word, (), VIEW) == UNKNOWN


def test_every_flag_stands_for_a_barred_category() -> None:
    assert {record["flag"] for record in VIEW.table("barred_categories")} == set(BARRING_FLAGS)


def test_an_optional_criterion_left_blank_is_not_asked() -> None:
    assert asked("", UNKNOWN) == NOT_ASKED
    assert asked("  ", FAIL) == NOT_ASKED
    assert asked("ES", PASS) == PASS
    assert asked("US", UNKNOWN) == UNKNOWN


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("菜鸟优选仓(杭州)", "菜鸟优选仓 杭州", True),
        ("ＬＥＤ台灯", "led台灯", True),
        ("T-shirt", "t shirt", True),
        ("手机壳", "手机", False),
        ("a", "b", False),
    ],
)
def test_words_are_compared_plainly(first: str, second: str, same: bool) -> None:
    assert (listed.plain(first) == listed.plain(second)) == same


# Verdicts put together


@pytest.mark.parametrize(
    ("verdicts", "whole"),
    [
        ([PASS], PASS),
        ([FAIL], FAIL),
        ([UNKNOWN], UNKNOWN),
        ([PASS, NOT_ASKED], PASS),
        ([PASS, UNKNOWN], UNKNOWN),
        ([UNKNOWN, FAIL], FAIL),
        ([FAIL, UNKNOWN, PASS, NOT_ASKED], FAIL),
        ([NOT_ASKED, UNKNOWN, NOT_ASKED], UNKNOWN),
    ],
)
def test_overall(verdicts: list[int], whole: int) -> None:
    assert overall(verdicts) == whole
    assert overall(verdicts[::-1]) == whole
    columns = [np.array([verdict, PASS]) for verdict in verdicts]
    assert overall(columns).tolist() == [whole, PASS]
    assert overall([*columns, PASS]).tolist() == [whole, PASS]


def test_limits_are_met_by_their_own_value() -> None:
    assert [at_least(have, True, 180) for have in (179, 180, 181)] == [FAIL, PASS, PASS]
    assert [at_most(have, True, 0) for have in (0, 1)] == [PASS, FAIL]
    assert at_least(0, False, 180) == UNKNOWN
    assert at_most(0, False, 0) == UNKNOWN
    known = np.array([True, True, False])
    assert at_least(np.array([179, 180, 999]), known, 180).tolist() == [FAIL, PASS, UNKNOWN]
    assert at_most(np.array([1, 0, 0]), known, 0).tolist() == [FAIL, PASS, UNKNOWN]


# Documents

COMMON = ("licence", "legal_person_id", "bank_statements", "agreement")
MEASURES = {"licence_months": 7, "statement_months": 3, "monthly_flow": 5_000_000}
FURTHER = {
    "": (),
    "company": (),
    "individual": ("operator_id", "premises"),
    "cross_border": ("trade_registration",),
}


def papers(entity: str = "company", **changed: Any) -> dict[str, int]:
    """All papers in hand and in order, but for what is changed."""
    needed = (*COMMON, *FURTHER[entity])
    have: dict[str, bool | None] = {key: changed.pop(key, True) for key in needed}
    return document_criteria(Documents(entity, have, **{**MEASURES, **changed}), VIEW)


@pytest.mark.parametrize("entity", FURTHER)
def test_documents_needed_by_each_kind_of_entity(entity: str) -> None:
    found = papers(entity)
    assert set(found) == {*COMMON, *FURTHER[entity], *MEASURES}
    assert set(found.values()) == {PASS}
    assert overall(list(found.values())) == PASS


@pytest.mark.parametrize("entity", FURTHER)
def test_every_document_counts(entity: str) -> None:
    for key in (*COMMON, *FURTHER[entity]):
        for said, verdict in ((False, FAIL), (None, UNKNOWN)):
            found = papers(entity, **{key: said})
            assert found.pop(key) == verdict
            assert set(found.values()) == {PASS}
            assert overall([verdict, *found.values()]) == verdict


@pytest.mark.parametrize(
    ("key", "value", "verdict"),
    [
        ("licence_months", 6, FAIL),
        ("licence_months", 7, PASS),
        ("licence_months", 0, FAIL),
        ("licence_months", None, UNKNOWN),
        ("statement_months", 2, FAIL),
        ("statement_months", 3, PASS),
        ("statement_months", None, UNKNOWN),
        ("monthly_flow", 4_999_999, FAIL),
        ("monthly_flow", 5_000_000, PASS),
        ("monthly_flow", 0, FAIL),
        ("monthly_flow", None, UNKNOWN),
    ],
)
def test_measures_of_documents(key: str, value: int | None, verdict: int) -> None:
    found = papers("company", **{key: value})
    assert found.pop(key) == verdict
    assert set(found.values()) == {PASS}


def test_nothing_said_about_documents_is_unknown() -> None:
    found = document_criteria(Documents("individual", {}), VIEW)
    assert set(found.values()) == {UNKNOWN}
    assert len(found) == len(COMMON) + 2 + len(MEASURES)


@pytest.mark.parametrize(
    ("category", "barred", "flagged", "verdict"),
    [
        (NOT_ASKED, False, False, NOT_ASKED),
        (NOT_ASKED, False, True, UNKNOWN),
        (NOT_ASKED, True, True, FAIL),
        (UNKNOWN, False, True, UNKNOWN),
        (PASS, False, False, PASS),
        (PASS, False, True, PASS),
        (PASS, True, True, FAIL),
        (FAIL, False, True, FAIL),
    ],
)
def test_flags_beside_the_name(category: int, barred: bool, flagged: bool, verdict: int) -> None:
    assert with_flags(category, barred, flagged) == verdict
    columns = (np.array([PASS, given]) for given in (category, barred, flagged))
    name, bars, flags = columns
    assert with_flags(name, bars.astype(bool), flags.astype(bool)).tolist() == [FAIL, verdict]
