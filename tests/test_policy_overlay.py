"""Values of the user's own, from a file or a sheet, take the place of shipped ones."""

import datetime as dt
import math
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from sellersheet.policy import PolicyProblem, load, standing_word

POLICY = load()
FIRST = dt.date(2024, 7, 1)
NEW_YEAR = dt.date(2025, 1, 1)
LATE = dt.date(2026, 1, 1)


def overlay(path: Path, text: str) -> Path:
    file = path / "own.toml"
    file.write_text(text, encoding="utf-8")
    return file


def row(name: object, value: object, **more: object) -> dict[str, Any]:
    return {"name": name, "value": value, **more}


def refused(*rows: dict[str, Any]) -> PolicyProblem:
    with pytest.raises(PolicyProblem) as caught:
        POLICY.with_overrides(rows, origin="自定义参数")
    for lang in ("zh", "en"):
        assert "{" not in caught.value.text(lang)
        assert "自定义参数" in caught.value.text(lang)
    return caught.value


def refused_file(path: Path, text: str) -> PolicyProblem:
    with pytest.raises(PolicyProblem) as caught:
        load(overlay(path, text))
    for lang in ("zh", "en"):
        assert "own.toml" in caught.value.text(lang)
    return caught.value


def test_without_a_start_the_value_holds_for_every_day_on_record(tmp_path: Path) -> None:
    file = overlay(tmp_path, '[values.rush_fee]\nvalue = "4.00"\nreason = "新合同"\n')
    policy = load(overlay=file)
    entry = policy.entry("rush_fee", FIRST)
    assert (entry.value, entry.start, entry.standing) == (400, FIRST, "own")
    assert entry.replaced == POLICY.entry("rush_fee", FIRST)
    assert (entry.reason, entry.origin) == ("新合同", str(file))
    assert policy.get("rush_fee", LATE) == 400
    assert policy.get("repack_fee", LATE) == 150
    assert policy.first_day("rush_fee") == FIRST
    assert POLICY.get("rush_fee", FIRST) == 300, "the shipped policy stays as it is"
    assert policy.digest != POLICY.digest


def test_with_a_start_the_value_holds_from_that_day() -> None:
    policy = POLICY.with_overrides([row("rush_fee", 4, start=NEW_YEAR)], origin="o")
    assert policy.get("rush_fee", NEW_YEAR - dt.timedelta(days=1)) == 300
    assert policy.get("rush_fee", NEW_YEAR) == 400
    assert policy.entry("rush_fee", FIRST).standing == "stated"
    assert policy.entry("rush_fee", NEW_YEAR).start_standing == "own"


def test_on_the_first_day_itself_and_before_it() -> None:
    policy = POLICY.with_overrides([row("rush_fee", 4, start=FIRST)], origin="o")
    assert len(policy.value("rush_fee").entries) == 1
    early = dt.date(2024, 1, 1)
    policy = POLICY.with_overrides([row("rush_fee", 4, start=early)], origin="o")
    assert policy.first_day("rush_fee") == early
    assert policy.entry("rush_fee", early).replaced is None
    assert policy.get("rush_fee", LATE) == 400, "one's own value outlasts the shipped start"


def test_dated_and_undated_values_together() -> None:
    rows = [row("rush_fee", 4), row("rush_fee", 5, start=NEW_YEAR), row("rush_fee", 6, start=LATE)]
    policy = POLICY.with_overrides(rows, origin="o")
    days = (FIRST, NEW_YEAR, LATE)
    assert [policy.get("rush_fee", day) for day in days] == [400, 500, 600]
    assert all(policy.entry("rush_fee", day).standing == "own" for day in days)


def test_a_second_layer_keeps_what_it_replaced() -> None:
    first = POLICY.with_overrides([row("rush_fee", 4)], origin="file")
    second = first.with_overrides([row("rush_fee", 5)], origin="sheet")
    entry = second.entry("rush_fee", FIRST)
    assert (entry.value, entry.origin) == (500, "sheet")
    assert entry.replaced is not None
    assert (entry.replaced.value, entry.replaced.origin) == (400, "file")


def test_displays_show_what_was_replaced() -> None:
    policy = POLICY.with_overrides([row("rush_fee", 4, reason=2025)], origin="自定义参数")
    shown = policy.row("rush_fee", FIRST, "zh")
    assert shown["value"] == "¥4.00"
    assert shown["replaced"] == "¥3.00"
    assert shown["reason"] == "2025"
    assert shown["source"] == "自定义参数"
    assert shown["standing_word"] == standing_word("own", "zh") == "自定义"


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("rush_fee", 4.1, 410),
        ("rush_fee", "1000000000", 100_000_000_000),
        ("rush_fee", 0.1 + 0.2, 30),
        ("rush_fee", "¥4.10", 410),
        ("rush_fee", "¥4.1", 410),
        ("加急操作费(延迟入仓)", "4", 400),
        ("Rush fee for late inbound", "4", 400),
        ("service_fee_rate", 0.04, Fraction(4, 100)),
        ("service_fee_rate", "4%", Fraction(4, 100)),
        ("service_fee_rate", "4.5 %", Fraction(45, 1000)),
        ("service_fee_rate", 1, Fraction(1)),
        ("rush_after_days", 2.0, 2),
        ("rush_after_days", 0, 0),
        ("excess_return_reading", "百分点", "points"),
        ("excess_return_reading", "POINTS", "points"),
        ("payoneer_limit_includes_fee", False, "no"),
        ("payoneer_limit_includes_fee", "否", "no"),
        ("served_destinations", "FR, ES;DE", ("FR", "ES", "DE")),
        ("warning_promotions", "双11, Double 12", ("双11", "Double 12")),
        ("standard_box_cm", "40x30×20 cm", (40, 30, 20)),
    ],
)
def test_what_a_cell_may_hold(name: str, value: object, found: object) -> None:
    policy = POLICY.with_overrides([row(name, value)], origin="o")
    assert policy.get(policy.find(name), FIRST) == found


def test_a_text_of_ones_own_stands_for_both_languages() -> None:
    policy = POLICY.with_overrides([row("join_path", "后台首页")], origin="o")
    assert policy.get("join_path", FIRST).text("en") == "后台首页"


@pytest.mark.parametrize(
    ("name", "value", "parts"),
    [
        ("rush_fee", -1, ("-1", "too small", "0")),
        ("rush_fee", "4.005", ("4.005", "decimals")),
        ("rush_fee", "four", ("'four'", "not a number")),
        ("rush_fee", True, ("True", "not a number")),
        ("rush_fee", math.inf, ("inf", "not a number")),
        ("rush_fee", 1e12, ("not a number",)),
        ("rush_fee", "1000000000.01", ("too large",)),
        ("service_fee_rate", 3.5, ("3.5", "too large", "0.035")),
        ("service_fee_rate", 1.000000001, ("too large",)),
        ("rush_after_days", 2.5, ("2.5", "whole number")),
        ("reduction_score_min", 101, ("101", "too large", "100")),
        ("excess_return_reading", "both", ("'both'", "relative, points")),
        ("served_destinations", "France", ("'France'", "FR")),
        ("standard_box_cm", "30×20", ("30×20×15",)),
        ("base_tiers", "500", ("base_tiers", "cannot be replaced by one cell")),
        ("rush_feee", 4, ("'rush_feee'", "rush_fee (")),
        ("操作费", 4, ("operation_fee",)),
        ("完全无关的词", 4, ("完全无关的词",)),
    ],
)
def test_what_a_cell_may_not_hold(name: str, value: object, parts: tuple[str, ...]) -> None:
    problem = refused(row("repack_fee", 1), row(name, value))
    for part in (*parts, "row 2"):
        assert part in problem.text("en")
    assert "第 2 行" in problem.text("zh")


def test_rows_with_missing_or_strange_cells() -> None:
    blank = {"name": None, "value": math.nan, "start": "", "reason": None}
    policy = POLICY.with_overrides([blank, row("rush_fee", 4, start=math.nan)], origin="o")
    assert policy.get("rush_fee", FIRST) == 400
    assert POLICY.with_overrides([blank], origin="o") is POLICY
    assert "missing" in refused(row("rush_fee", None)).text("en")
    assert "missing" in refused(row(None, 4)).text("en")
    assert "start" in refused(row("rush_fee", 4, start=20250101)).text("en")
    assert "colour" in refused(row("rush_fee", 4, colour=1)).text("en")


def test_a_start_may_be_a_date_time_or_a_text() -> None:
    for start in (dt.datetime(2025, 1, 1, 8), "2025-01-01", "2025/1/1"):
        policy = POLICY.with_overrides([row("rush_fee", 4, start=start)], origin="o")
        assert policy.value("rush_fee").entries[1].start == NEW_YEAR
    assert "2025-02-30" in refused(row("rush_fee", 4, start="2025-02-30")).text("zh")


@pytest.mark.parametrize("start", [None, NEW_YEAR])
def test_two_values_for_one_name_and_start(start: dt.date | None) -> None:
    rows = (row("rush_fee", 4, start=start), row("加急操作费(延迟入仓)", 5, start=start))
    problem = refused(*rows)
    assert "rush_fee" in problem.text("zh")
    assert "(4" in problem.text("en")


def test_a_file_may_hold_several_entries_and_tables(tmp_path: Path) -> None:
    text = """
[[values.rush_fee]]
value = 4.10
[[values.rush_fee]]
value = "5.00"
start = 2025-01-01

[values.risk_coefficients]
value = [{ zh = "灯具", en = "Lamps", aliases = ["灯"], coefficient = 1.1 }]
[values.join_path]
value = { zh = "甲", en = "A" }
"""
    policy = load(overlay(tmp_path, text))
    assert [policy.get("rush_fee", day) for day in (FIRST, NEW_YEAR)] == [410, 500]
    (record,) = policy.get("risk_coefficients", FIRST)
    assert record["coefficient"] == Fraction(11, 10)
    assert policy.get("join_path", FIRST).text("en") == "A"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("[values.rush_fee]\nvalue = \n", ("line 2", "value =")),
        ("[values.rush_fe]\nvalue = 4\n", ("values.rush_fe", "rush_fee (")),
        ("[rush_fee]\nvalue = 4\n", ("rush_fee", "allowed: values")),
        ("[values.rush_fee]\nvalue = 4\nfrom = 3\n", ("values.rush_fee.from", "start")),
        ("[values.rush_fee]\n", ("values.rush_fee.value", "missing")),
        ("[values.rush_fee]\nvalue = -4\n", ("values.rush_fee.value", "-4")),
        ('[values.rush_fee]\nvalue = 4\nstart = "soon"\n', ("values.rush_fee.start", "soon")),
        ("[[values.rush_fee]]\nvalue = 4\n[[values.rush_fee]]\nvalue = 5\n", ("rush_fee[2]", "5")),
        ("values = 3\n", ("values", "table")),
        ("[values]\nrush_fee = 3\n", ("values.rush_fee", "3")),
        ("[values.rush_fee]\nvalue = nan\n", ("values.rush_fee.value", "not a number")),
        (
            '[values.risk_coefficients]\nvalue = [{ zh = "灯", en = "L", aliases = [] }]\n',
            ("values.risk_coefficients.value[1].aliases",),
        ),
    ],
)
def test_what_is_wrong_in_an_overlay_is_named(
    tmp_path: Path, text: str, parts: tuple[str, ...]
) -> None:
    problem = refused_file(tmp_path, text)
    assert parts
    for part in parts:
        assert part in problem.text("en")


def test_an_overlay_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(PolicyProblem, match=r"none\.toml"):
        load(tmp_path / "none.toml")
