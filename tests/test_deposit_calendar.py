"""DEPOSITCALENDAR: every moment counted out day by day, and what the frozen money costs."""

import datetime as dt
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sellersheet import policy
from sellersheet.functions import DEPOSITCALENDAR, DEPOSITPLAN, REVIEWDATE
from sellersheet.rules.payment_plan import deposit_calendar
from tests.excel_cases import column
from tests.oracle import deadlines as oracle

EVENTS = {
    "审核通过": "approved", "押金通知书": "notice", "付款期限": "due", "押金重算": "recalculation",
    "下调审核结果": "reduction", "退出且售后完成": "left", "最早退还": "release",
}  # fmt: skip
APPROVED = dt.datetime(2024, 9, 30, 10, 0)
GOOD: dict[str, Any] = {
    "approved_on": APPROVED,
    "amount_usd": 5000.0,
    "channel": "payoneer",
    "holidays": column("2024-10-01", "2024-10-02"),
    "yearly_rate": 0.06,
    "left_on": None,
    "as_of": None,
}
EN = (("name", "value"), ("lang", "en"))


def moments(table: list[list[Any]]) -> dict[str, list[dt.datetime]]:
    found: dict[str, list[dt.datetime]] = {}
    for row in table[1:]:
        if isinstance(row[1], dt.datetime):
            found.setdefault(EVENTS[row[0]], []).append(row[1])
    return found


def figures(table: list[list[Any]]) -> dict[str, tuple[Any, Any]]:
    """Days and USD of the last row of each event."""
    return {row[0]: (row[2], row[3]) for row in table[1:]}


days = st.datetimes(dt.datetime(2024, 7, 1), dt.datetime(2031, 12, 31)).map(
    lambda at: at.replace(second=0, microsecond=0)
)


@settings(max_examples=40)
@given(
    days, st.integers(1, 2_000_000), st.integers(0, 1000), st.none() | st.integers(0, 160),
    st.lists(st.integers(1, 60), max_size=8),
)  # fmt: skip
def test_against_days_counted_out(
    approved: dt.datetime, cents: int, rate: int, stay: int | None, closed: list[int]
) -> None:
    holidays = [approved.date() + dt.timedelta(days=day) for day in closed]
    due = oracle.deposit_calendar(approved, None, holidays)["due"][0]
    left = None if stay is None else due + dt.timedelta(days=stay)
    table = DEPOSITCALENDAR(
        approved, cents / 100, "支付宝", column(*holidays) or None, rate / 1000, left
    )
    wanted = oracle.deposit_calendar(approved, left, holidays)
    assert moments(table) == {**wanted, "recalculation": wanted["recalculation"][:12]}
    told, [release], [lower_from] = figures(table), wanted["release"], wanted["reduction"]
    span = (release.date() - due.date()).days
    assert told["占用资金"] == (span, cents / 100)
    exact = Fraction(rate, 1000)
    assert told["占用成本"][1] == oracle.frozen_cost(cents, exact, due, release) / 100
    less = oracle.frozen_cost(cents, exact, due, release, lower_from) / 100
    assert told["占用成本（若按公布的平均降幅下调）"][1] == less
    assert [row[1] for row in table[1:-3]] == sorted(row[1] for row in table[1:-3])


def test_a_calendar_as_it_stands() -> None:
    table = DEPOSITCALENDAR(**GOOD)
    assert table[0] == ["事项", "时间", "天数", "金额（美元）", "规则", "依据", "备注"]
    told = figures(table)
    assert table[3][:6] == ["付款期限", dt.datetime(2024, 10, 6, 10), 6, 5025.0, "D12", "原文写明"]
    assert "分 3 笔" in table[3][6]
    # 5,000 × 6 % × 180 ÷ 365 = 147.945…; 5,000 less 31.7 % = 3,415, from the 30th day on.
    assert told["占用成本"] == (180, 147.95)
    assert told["下调审核结果"] == (36, 3415.0)
    assert told["占用成本（若按公布的平均降幅下调）"] == (180, 108.86)
    published = [row[6] for row in table if "31.7 %" in row[6]]
    assert len(published) == 2
    assert all("不是您的结果" in note for note in published)
    assert "2 天节假日" in table[2][6]


def test_it_says_what_the_other_functions_say() -> None:
    found = moments(DEPOSITCALENDAR(**GOOD))
    notice = REVIEWDATE("notice", APPROVED, GOOD["holidays"])
    assert found["notice"] == [notice]
    assert found["due"] == [REVIEWDATE("due", notice)]
    assert found["recalculation"][0] == REVIEWDATE("recalculation", notice)
    assert found["release"] == [REVIEWDATE("release", found["left"][0])]
    plan = DEPOSITPLAN(5000, "payoneer", notice)
    assert figures(DEPOSITCALENDAR(**GOOD))["付款期限"][1] == plan[-1][3]


def test_what_was_not_given() -> None:
    table = DEPOSITCALENDAR("2024-09-30 10:00", 5000, "payoneer")
    assert figures(table)["占用成本"] == ("", "")
    assert "年化资金成本" in table[-1][6]
    assert "没有填写节假日" in table[2][6]
    assert any("最早的可能" in row[6] for row in table)
    assert DEPOSITCALENDAR(None, None, None)[1] == [""] * 7
    for name in ("approved_on", "amount_usd", "channel"):
        [row] = DEPOSITCALENDAR(**{**GOOD, name: None})
        assert row[:6] == ["#N/A"] * 6
        assert row[6].startswith("缺少")


def test_leaving_years_later() -> None:
    table = DEPOSITCALENDAR(**{**GOOD, "left_on": "2027-01-01"}, policy=EN)
    assert len([row for row in table if row[0] == "Recalculation"]) == 12
    assert any(row[6] == "21 more follow at the same distance." for row in table)
    assert [row[1] for row in table if row[0] == "Earliest release"] == [dt.datetime(2027, 6, 30)]
    assert any("127 sellers" in row[6] for row in table)


def test_leaving_before_payment_is_due() -> None:
    [row] = DEPOSITCALENDAR(**{**GOOD, "left_on": "2024-10-06 09:59"})
    assert row[0] == "#VALUE!"
    assert "2024-10-06 10:00" in row[6]
    assert len(DEPOSITCALENDAR(**{**GOOD, "left_on": "2024-10-06 10:00"})) > 10


@pytest.mark.parametrize("name", GOOD)
def test_a_wrong_or_error_cell_of_each_argument(name: str) -> None:
    cells: dict[Any, str] = {"也许": "#VALUE!", "#NULL!": "#NULL!"}
    if name in ("amount_usd", "yearly_rate"):
        cells |= {-0.01: "#VALUE!", 0 if name == "amount_usd" else 1.01: "#VALUE!"}
    for wrong, marker in cells.items():
        given = column("2024-10-01", wrong) if name == "holidays" else wrong
        [row] = DEPOSITCALENDAR(**{**GOOD, name: given})
        assert row[:6] == [marker] * 6
        assert row[6]


def test_a_review_that_ends_after_the_release_changes_no_day() -> None:
    """Free after 30 days: due on 4 October, released on Sunday 3 November; the first
    recalculation is on 31 October, a Thursday, and its review ends on Monday 4 November."""
    rows = [{"name": "dispute_days", "value": "30", "start": None}]
    rules = policy.load().with_overrides(rows, "test").on(dt.date(2024, 9, 30))
    found = deposit_calendar(APPROVED, None, rules)
    assert (found.due, found.release) == (APPROVED.replace(month=10, day=4),
                                          APPROVED.replace(month=11, day=3))  # fmt: skip
    assert found.reduction == APPROVED.replace(month=11, day=4)
    assert (found.frozen_days, found.days_after_reduction) == (30, 0)


def test_before_the_rules() -> None:
    assert DEPOSITCALENDAR(**{**GOOD, "approved_on": "2024-06-28"})[0][0] == "#N/A"
    assert DEPOSITCALENDAR(**{**GOOD, "as_of": "2024-06-28"})[0][0] == "#N/A"
