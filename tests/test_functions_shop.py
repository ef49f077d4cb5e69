"""ELIGIBLE, ELIGIBLE_DETAIL and CATEGORYCHECK, as cells call them."""

import datetime as dt
from typing import Any

import pytest

from sellersheet.functions import CATEGORYCHECK, ELIGIBLE, ELIGIBLE_DETAIL
from sellersheet.functions.cases import WORDS as SHARED
from sellersheet.functions.documents import months_left
from sellersheet.functions.shop_table import WORDS
from tests.cases import Case, flag, load, text

CASES = load("eligibility")
WHOLE: dict[str, Any] = {"TRUE": True, "FALSE": False, "UNKNOWN": "#N/A"}
CRITERIA = ("E1", "E2", "E3", "E4", "E5", "E9", "E10")
ARGUMENTS = (
    *("shop_age_days", "violations_90d", "sell_through", "positive_rate", "warehouse"),
    *("category", "country"),
)
FLAGS = ("battery", "magnetic", "medical")
GOOD: dict[str, Any] = {
    "shop_age_days": 200.0,
    "violations_90d": 0.0,
    "sell_through": 0.7,
    "positive_rate": 0.97,
    "warehouse": "菜鸟优选仓 杭州",
}
UNASKED = "没有问：医疗器械、内置电池、含磁性；任一为“是”即禁入。"
BEFORE = dt.datetime(2024, 6, 30)
WITHOUT_FLAGS = [case for case in CASES if not any(flag(case, name) for name in FLAGS)]
EN = [["name", "value"], ["lang", "en"]]


def cells(case: Case) -> list[Any]:
    """The seven inputs as a sheet hands them over."""
    words = [case[name] for name in ARGUMENTS]
    return [float(word) if word and at < 4 else word for at, word in enumerate(words)]


def column(values: list[Any]) -> tuple[tuple[Any, ...], ...]:
    return tuple((value,) for value in values)


# ELIGIBLE


@pytest.mark.parametrize("case", [pytest.param(c, id=text(c, "name")) for c in WITHOUT_FLAGS])
def test_a_case_in_one_cell(case: Case) -> None:
    answer = ELIGIBLE(*cells(case))
    assert answer == WHOLE[text(case, "eligible")]
    assert type(answer) in (bool, str)


def test_all_cases_as_columns_and_as_rows() -> None:
    expected = [WHOLE[text(case, "eligible")] for case in WITHOUT_FLAGS]
    columns = list(zip(*map(cells, WITHOUT_FLAGS), strict=True))
    upright = ELIGIBLE(*(column(list(values)) for values in columns))
    assert upright == [(answer,) for answer in expected]
    assert {type(row[0]) for row in upright} == {bool, str}
    assert ELIGIBLE(*((tuple(values),) for values in columns)) == [expected]


@pytest.mark.parametrize(
    ("name", "fails", "passes"),
    [
        ("shop_age_days", 179, 180),
        ("violations_90d", 1, 0),
        ("sell_through", 0.649999999, 0.65),
        ("positive_rate", 0.954999999, 0.955),
        ("sell_through", "64.9%", "65%"),
        ("shop_age_days", "179", "180"),
        ("warehouse", "上海保税仓", "万邑通深圳仓"),
        ("warehouse", "上海保税仓", "菜鸟优选仓(东莞)"),
    ],
)
def test_one_step_either_side(name: str, fails: Any, passes: Any) -> None:
    assert ELIGIBLE(**{**GOOD, name: fails}) is False
    assert ELIGIBLE(**{**GOOD, name: passes}) is True
    both = ELIGIBLE(**{**GOOD, name: column([fails, passes])})
    assert both == [(False,), (True,)]


@pytest.mark.parametrize("name", ARGUMENTS[:5])
def test_a_blank_criterion_is_unknown_unless_another_fails(name: str) -> None:
    for blank in (None, ""):
        given = {**GOOD, name: blank}
        assert ELIGIBLE(**given) == "#N/A"
        other = "violations_90d" if name != "violations_90d" else "shop_age_days"
        bad = 1 if other == "violations_90d" else 10
        assert ELIGIBLE(**{**given, other: bad}) is False
        assert ELIGIBLE(**{**given, other: column([bad, GOOD[other]])}) == [(False,), ("#N/A",)]


def test_blank_rows_give_blanks() -> None:
    assert ELIGIBLE(None, "", None, None, None) == ""
    assert ELIGIBLE(None, None, None, None, None, "手机壳", "ES") == ""
    blanks = column([None] * 1000)
    assert ELIGIBLE(blanks, blanks, blanks, blanks, blanks) == [("",)] * 1000
    ages = column([200, None, 170])
    rest = [column([value, None, value]) for value in list(GOOD.values())[1:]]
    assert ELIGIBLE(ages, *rest) == [(True,), ("",), (False,)]


def test_category_and_country() -> None:
    assert ELIGIBLE(**GOOD, category="手机壳", country="西班牙") is True
    assert ELIGIBLE(**GOOD, category="医疗器械") is False
    assert ELIGIBLE(**GOOD, category="蓝牙耳机") == "#N/A"
    assert ELIGIBLE(**GOOD, country="US") == "#N/A"
    words = column(["手机壳", "医疗器械", None, "蓝牙耳机"])
    assert ELIGIBLE(**GOOD, category=words) == [(True,), (False,), (True,), ("#N/A",)]


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("shop_age_days", -1),
        ("shop_age_days", 180.5),
        ("shop_age_days", 1e308),
        ("violations_90d", -1),
        ("violations_90d", "一次"),
        ("sell_through", 65),
        ("sell_through", -0.1),
        ("positive_rate", 95.5),
        ("positive_rate", "好"),
        ("country", "火星"),
        ("as_of", "明天"),
        ("as_of", 0),
        ("policy", [["name", "value"], ["no_such_value", 1]]),
        ("policy", [["name", "value"], ["lang", "fr"]]),
        ("warehouse", [["a", "b"], ["c", "d"]]),
    ],
)
def test_a_wrong_value(name: str, wrong: Any) -> None:
    assert ELIGIBLE(**{**GOOD, name: wrong}) == "#VALUE!"
    table = ELIGIBLE_DETAIL(**{**GOOD, name: wrong})
    assert [len(row) for row in table] == [5]
    assert table[0][:4] == ["#VALUE!"] * 4
    assert len(table[0][4]) > 5
    if name not in ("policy", "warehouse"):
        good = GOOD.get(name)
        rows = ELIGIBLE(**{**GOOD, name: column([good, wrong])})
        assert rows == [(True,), ("#VALUE!",)]


@pytest.mark.parametrize("name", [*ARGUMENTS, "as_of"])
def test_an_error_cell_comes_out_again(name: str) -> None:
    assert ELIGIBLE(**{**GOOD, name: "#REF!"}) == "#REF!"
    rows = ELIGIBLE(**{**GOOD, name: column([GOOD.get(name), "#DIV/0!"])})
    assert rows == [(True,), ("#DIV/0!",)]
    table = ELIGIBLE_DETAIL(**{**GOOD, name: "#REF!"})
    assert table[0][:4] == ["#REF!"] * 4
    assert "#REF!" in table[0][4]


def test_ranges_that_do_not_go_together() -> None:
    given = {**GOOD, "shop_age_days": column([1, 2]), "sell_through": column([0.7] * 3)}
    assert ELIGIBLE(**given) == "#VALUE!"
    given = {**GOOD, "shop_age_days": column([1, 2]), "sell_through": ((0.7, 0.7),)}
    assert ELIGIBLE(**given) == "#VALUE!"
    longer = {**GOOD, "shop_age_days": column([200, 170]), "sell_through": column([0.7, 0.7, None])}
    assert ELIGIBLE(**longer) == [(True,), (False,)]


def test_days_before_the_rules() -> None:
    assert ELIGIBLE(**GOOD, as_of=BEFORE) == "#N/A"
    days = column([BEFORE, None, dt.datetime(2024, 7, 1)])
    assert ELIGIBLE(**GOOD, as_of=days) == [("#N/A",), (True,), (True,)]
    table = ELIGIBLE_DETAIL(**GOOD, as_of=BEFORE)
    assert table[0][:4] == ["#N/A"] * 4
    assert "2024-07-01" in table[0][4]


def test_values_of_the_users_own() -> None:
    policy = [["name", "value"], ["shop_age_min_days", 90]]
    ages = column([89, 90, 179])
    assert ELIGIBLE(**{**GOOD, "shop_age_days": ages}, policy=policy) == [
        (False,),
        (True,),
        (True,),
    ]
    dated = [
        ["名称", "数值", "生效日期"],
        ["shop_age_min_days", 90, "2025-01-01"],
        ["served_destinations", "US", "2025-01-01"],
    ]
    days = column(["2024-12-31", "2025-01-01"])
    given = {**GOOD, "shop_age_days": 100}
    assert ELIGIBLE(**given, as_of=days, policy=dated) == [(False,), (True,)]
    found = ELIGIBLE(**GOOD, country=column(["US", "US"]), as_of=days, policy=dated)
    assert found == [("#N/A",), (True,)]


# CATEGORYCHECK


@pytest.mark.parametrize(
    "case", [pytest.param(c, id=text(c, "name")) for c in CASES if c["category"]]
)
def test_category_of_a_case(case: Case) -> None:
    flags = [flag(case, name) for name in FLAGS]
    assert CATEGORYCHECK(case["category"], *flags) == case["E9"]


def test_categories_as_ranges() -> None:
    cases = [case for case in CASES if case["category"]]
    words = [case["category"] for case in cases]
    flags = [[flag(case, name) for case in cases] for name in FLAGS]
    expected = [case["E9"] for case in cases]
    upright = CATEGORYCHECK(column(words), *map(column, flags))
    assert upright == [(answer,) for answer in expected]
    assert CATEGORYCHECK((tuple(words),), *((tuple(told),) for told in flags)) == [expected]
    assert CATEGORYCHECK(column(["手机壳", None, "风筝"]), column([None, True, "否"])) == [
        ("PASS",),
        ("",),
        ("UNKNOWN",),
    ]
    assert CATEGORYCHECK("手机壳", column(["是", None, "否"])) == [("FAIL",), ("PASS",), ("PASS",)]


@pytest.mark.parametrize(
    ("given", "answer"),
    [
        ({"category": ""}, ""),
        ({"category": "", "battery": True}, ""),
        ({"category": "手机壳", "battery": "也许"}, "#VALUE!"),
        ({"category": "手机壳", "magnetic": 2}, "#VALUE!"),
        ({"category": "手机壳", "medical": -1.5}, "#VALUE!"),
        ({"category": "手机壳", "as_of": "x"}, "#VALUE!"),
        ({"category": "手机壳", "policy": [["a"], ["b"]]}, "#VALUE!"),
        ({"category": "手机壳", "as_of": BEFORE}, "#N/A"),
        ({"category": "#N/A"}, "#N/A"),
        ({"category": "手机壳", "battery": "#NAME?"}, "#NAME?"),
        ({"category": [["手机壳", "x"], ["y", "z"]]}, "#VALUE!"),
        ({"category": "x" * 10_000_000}, "UNKNOWN"),
        ({"category": "phone case", "medical": False}, "PASS"),
    ],
    ids=lambda given: str(given)[:40],
)
def test_categories_blank_wrong_unknown(given: dict[str, Any], answer: str) -> None:
    assert CATEGORYCHECK(**given) == answer


# ELIGIBLE_DETAIL


def result_of(table: list[list[Any]], rule: str) -> list[Any]:
    """The rows of a criterion."""
    return [row for row in table if row[0].endswith((f"（{rule}）", f"({rule})"))]


@pytest.mark.parametrize("case", [pytest.param(c, id=text(c, "name")) for c in WITHOUT_FLAGS])
def test_a_case_criterion_by_criterion(case: Case) -> None:
    table = ELIGIBLE_DETAIL(*cells(case))
    assert table[0] == ["条件", "要求", "现状", "结果", "处理建议"]
    for rule in CRITERIA:
        [row] = result_of(table, rule)
        assert row[3] == (case[rule] if case[rule] != "NOT_ASKED" else "未查")
        told = row[4].removeprefix(UNASKED) if case["category"] else row[4]
        assert (told == "") == (case[rule] == "PASS")
        assert (UNASKED in row[4]) == (rule == "E9" and case[rule] in ("PASS", "UNKNOWN"))
    whole = {"TRUE": "PASS", "FALSE": "FAIL", "UNKNOWN": "UNKNOWN"}[text(case, "eligible")]
    assert table[-1][0] == "总体"
    assert table[-1][3] == whole
    assert all(len(row) == 5 for row in table)


def test_needs_and_gaps_in_both_languages() -> None:
    given = {**GOOD, "shop_age_days": 170, "sell_through": 0.625}
    zh, en = ELIGIBLE_DETAIL(**given), ELIGIBLE_DETAIL(**given, policy=EN)
    assert zh[1] == ["店铺注册天数（E1）", "≥ 180 天", "170", "FAIL", "还差 10 天，须 ≥ 180 天。"]
    assert en[1][:4] == ["Shop age (days) (E1)", "≥ 180 days", "170", "FAIL"]
    assert en[1][4].startswith("10 days short")
    assert result_of(zh, "E3")[0][4].startswith("还差 2.5 个百分点")
    assert "Hangzhou" in result_of(en, "E5")[0][1]
    assert result_of(en, "E10")[0][3] == "not asked"
    own = [["name", "value"], ["shop_age_min_days", 90]]
    assert ELIGIBLE_DETAIL(**given, policy=own)[1][1:4] == ["≥ 90 天", "170", "PASS"]
    ready = ELIGIBLE_DETAIL(**GOOD)
    assert "立即开通" in ready[-1][4]


def test_nothing_entered_shows_what_is_asked() -> None:
    table = ELIGIBLE_DETAIL(None, None, None, None, "")
    assert table[1] == ["店铺注册天数（E1）", "≥ 180 天", "", "", ""]
    assert all(row[2:] == ["", "", ""] for row in table[1:])


def test_one_case_only() -> None:
    table = ELIGIBLE_DETAIL(**{**GOOD, "shop_age_days": column([1, 2])})
    assert table[0][:4] == ["#VALUE!"] * 4
    assert "shop_age_days" in table[0][4]
    assert ELIGIBLE_DETAIL(**{**GOOD, "shop_age_days": ((200.0,),)})[1][3] == "PASS"


def test_the_language_of_a_refusal_is_that_of_the_policy_range() -> None:
    table = ELIGIBLE_DETAIL(**{**GOOD, "sell_through": 65}, policy=EN)
    assert table[0][4].startswith("Argument sell_through:")


PAPERS = [
    ["资料", "有无", "数值"],
    ["营业执照", "有", 7],
    ["法人身份证", "是", None],
    ["对公账户流水", True, 50_000],
    ["对公流水月数", None, 3],
    ["半托管服务协议", "TRUE", ""],
]


def verdicts(documents: Any, entity: Any = None, as_of: Any = None) -> dict[str, str]:
    table = ELIGIBLE_DETAIL(**GOOD, documents=documents, entity=entity, as_of=as_of)
    assert table[0][0] == "条件", table
    found = {row[0]: row[3] for row in table if "E6" in row[0] or "E7" in row[0]}
    return {**found, "总体": table[-1][3]}


def changed(name: str, *cells: Any) -> list[list[Any]]:
    return [[name, *cells] if row[0] == name else row for row in PAPERS]


def test_all_documents_of_a_company() -> None:
    found = verdicts(PAPERS, "有限公司")
    assert set(found.values()) == {"PASS"}
    assert len(found) == 4 + 3 + 1 + 1
    assert verdicts(PAPERS[1:], "有限公司") == found  # a header is no must


@pytest.mark.parametrize(
    ("name", "have", "value", "key", "verdict"),
    [
        ("营业执照", "有", 6, "营业执照剩余有效期（E6）", "FAIL"),
        ("营业执照", "有", 6.01, "营业执照剩余有效期（E6）", "PASS"),
        ("营业执照", "有", "7个月", "营业执照剩余有效期（E6）", "PASS"),
        ("营业执照", "有", "长期", "营业执照剩余有效期（E6）", "PASS"),
        ("营业执照", "有", dt.datetime(2025, 7, 1), "营业执照剩余有效期（E6）", "FAIL"),
        ("营业执照", "有", dt.datetime(2025, 7, 2), "营业执照剩余有效期（E6）", "PASS"),
        ("营业执照", "有", 45839.0, "营业执照剩余有效期（E6）", "FAIL"),
        ("营业执照", "有", 45840.0, "营业执照剩余有效期（E6）", "PASS"),
        ("营业执照", "有", "2024-01-01", "营业执照剩余有效期（E6）", "FAIL"),
        ("营业执照", "有", None, "营业执照剩余有效期（E6）", "UNKNOWN"),
        ("营业执照", "无", 9, "营业执照（E6）", "FAIL"),
        ("营业执照", None, 9, "营业执照（E6）", "UNKNOWN"),
        ("对公账户流水", "有", 49_999.99, "每月流水（E6）", "FAIL"),
        ("对公账户流水", "有", "¥50,000", "每月流水（E6）", "PASS"),
        ("对公账户流水", "有", None, "每月流水（E6）", "UNKNOWN"),
        ("对公流水月数", None, 2, "对公流水月数（E6）", "FAIL"),
        ("对公流水月数", None, 4, "对公流水月数（E6）", "PASS"),
        ("对公流水月数", None, None, "对公流水月数（E6）", "UNKNOWN"),
        ("半托管服务协议", "否", None, "《半托管服务协议》（E6）", "FAIL"),
    ],
)
def test_one_document(name: str, have: Any, value: Any, key: str, verdict: str) -> None:
    found = verdicts(changed(name, have, value), "企业", "2025-01-01")
    assert found.pop(key) == verdict
    assert found.pop("总体") == verdict
    assert set(found.values()) == {"PASS"}


def test_flows_month_by_month() -> None:
    wide = [row for row in PAPERS if row[0] != "对公流水月数"]
    wide[3] = ["对公账户流水", "有", 60_000, 50_000, 70_000]
    wide = [[*row, *[None] * (5 - len(row))] for row in wide]
    assert set(verdicts(wide, "企业").values()) == {"PASS"}
    wide[3][3] = 49_999
    assert verdicts(wide, "企业")["每月流水（E6）"] == "FAIL"
    wide[3][3] = None
    assert verdicts(wide, "企业")["对公流水月数（E6）"] == "FAIL"


def test_documents_by_entity() -> None:
    found = verdicts(PAPERS, "个体户")
    assert found["经营者身份证明（E7）"] == found["经营场所证明（E7）"] == "UNKNOWN"
    more = [*PAPERS, ["经营者身份证明", "有", None], ["经营场所证明", "有", None]]
    assert set(verdicts(more, "个体户").values()) == {"PASS"}
    found = verdicts([*PAPERS, ["对外贸易经营者备案登记表", "无", None]], "跨境专营公司")
    assert found["对外贸易经营者备案登记表（E7）"] == "FAIL"
    assert verdicts(PAPERS, "火星人")["按主体类型另需的资料（E7）"] == "UNKNOWN"
    # Without documents nothing of them is asked, and the whole is not touched.
    for entity in ("个体户", "火星人", None):
        assert set(verdicts(None, entity).values()) == {"未查", "PASS"}


@pytest.mark.parametrize(
    ("documents", "told"),
    [
        ([["护照", "有", None]], "护照"),
        ([["营业执照", "也许", None]], "也许"),
        ([["营业执照", "有", "很久"]], "很久"),
        ([["营业执照", "有", -1]], "-1"),
        ([["对公账户流水", "有", "很多"]], "很多"),
        ([["对公账户流水", "有", -1]], "-1"),
        ([["对公流水月数", None, 2.5]], "2.5"),
        ([["", "有", None]], "“”"),
    ],
)
def test_documents_that_can_not_be_read(documents: Any, told: str) -> None:
    table = ELIGIBLE_DETAIL(**GOOD, documents=documents)
    assert table[0][:4] == ["#VALUE!"] * 4
    assert told in table[0][4]


def test_an_error_among_the_documents() -> None:
    for row in (["营业执照", "#N/A", 7], ["营业执照", "有", "#N/A"], ["流水", "有", "#N/A"]):
        assert ELIGIBLE_DETAIL(**GOOD, documents=[row])[0][:4] == ["#N/A"] * 4


def test_a_blank_range_of_documents_is_none_given() -> None:
    blank = [[None, "", None]] * 20
    assert ELIGIBLE_DETAIL(**GOOD, documents=blank) == ELIGIBLE_DETAIL(**GOOD)
    long = [*PAPERS, *blank]
    assert verdicts(long, "企业") == verdicts(PAPERS, "企业")


@pytest.mark.parametrize(
    ("today", "expiry", "months"),
    [
        ("2025-01-01", "2025-07-01", 6),
        ("2025-01-01", "2025-07-02", 7),
        ("2025-01-01", "2025-06-30", 6),
        ("2025-08-31", "2026-02-28", 6),
        ("2025-08-31", "2026-03-01", 7),
        ("2025-01-31", "2025-02-28", 1),
        ("2025-01-15", "2025-01-15", 0),
        ("2025-01-15", "2025-01-16", 1),
        ("2025-01-15", "2024-12-31", 0),
        ("2025-01-15", "2024-01-31", 0),
    ],
)
def test_months_left(today: str, expiry: str, months: int) -> None:
    assert months_left(dt.date.fromisoformat(today), dt.date.fromisoformat(expiry)) == months


@pytest.mark.parametrize("words", [WORDS, SHARED], ids=["shop", "shared"])
def test_every_sentence_in_both_languages(words: Any) -> None:
    assert words.messages
    for code, told in words.messages.items():
        assert sorted(told) == ["en", "zh"], code
        assert all(told.values()), code
        assert not set(told["zh"]) & set(",;:()"), code
