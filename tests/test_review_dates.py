"""REVIEWDATE, ``sellersheet deadlines``: working days, holidays, and days on the calendar."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from sellersheet.columns import column
from sellersheet.functions import AFTERSALESDEADLINE, REVIEWDATE, SYNCDEADLINE
from sellersheet.rules.deadlines import REVIEW_VALUES
from tests.command_line import call
from tests.excel_cases import column as upright

CAPSYS = pytest.CaptureFixture[str]
MONDAY = dt.datetime(2024, 9, 30, 10)
# National Day 2024 as a seller types it: header, days in several forms, blanks.
HOLIDAYS = upright("节假日", "2024-10-01", dt.date(2024, 10, 2), 45568.0, "2024年10月4日", None, "",
                   "2024/10/7")  # fmt: skip


def on(month: int, day: int) -> dt.datetime:
    return dt.datetime(2024, month, day, 10)


@pytest.mark.parametrize(
    ("what", "plain", "closed"),
    [
        ("notice", on(10, 1), on(10, 8)),
        ("reduction", on(10, 2), on(10, 9)),
        ("application", on(10, 3), on(10, 10)),
        ("rereview", on(10, 9), on(10, 16)),
        ("due", on(10, 3), on(10, 3)),
        ("recalculation", on(10, 30), on(10, 30)),
        ("release", dt.datetime(2025, 3, 29, 10), dt.datetime(2025, 3, 29, 10)),
    ],
)
def test_each_date(what: str, plain: dt.datetime, closed: dt.datetime) -> None:
    assert REVIEWDATE(what, MONDAY) == plain
    assert REVIEWDATE(what, MONDAY, HOLIDAYS) == closed
    choice = next(item for item in column("arguments", "what").choices if item.key == what)
    assert REVIEWDATE(choice.zh, "2024-09-30 10:00") == plain


def test_every_kind_has_a_value_and_words() -> None:
    keys = [item.key for item in column("arguments", "what").choices]
    assert keys == list(REVIEW_VALUES)
    help_zh = column("arguments", "what").help_zh
    assert all(item.zh in help_zh for item in column("arguments", "what").choices)


def test_friday_and_saturday() -> None:
    for day, wanted in ((11, 14), (12, 14), (13, 14), (14, 15)):
        assert REVIEWDATE("notice", on(10, day)) == on(10, wanted)


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        ((None, None), ""),
        (("notice", None), "#N/A"),
        ((None, MONDAY), "#N/A"),
        (("休假", MONDAY), "#VALUE!"),
        (("notice", "明天"), "#VALUE!"),
        (("notice", True), "#VALUE!"),
        (("notice", MONDAY, upright("2024-10-01", "不上班")), "#VALUE!"),
        (("notice", MONDAY, upright("2024-10-01", "#REF!")), "#REF!"),
        (("notice", "#N/A"), "#N/A"),
        (("notice", MONDAY, None, "2024-06-30"), "#N/A"),
        (("notice", MONDAY, None, "明天"), "#VALUE!"),
        (("notice", MONDAY, None, None, (("name", "value"), ("nothing", 1))), "#VALUE!"),
    ],
)
def test_wrong_inputs(arguments: tuple[Any, ...], answer: str) -> None:
    assert REVIEWDATE(*arguments) == answer


def test_rows_own_values_and_their_day() -> None:
    kinds = upright("notice", None, "due")
    assert REVIEWDATE(kinds, upright(MONDAY, None, MONDAY)) == [
        (on(10, 1),), ("",), (on(10, 3),),
    ]  # fmt: skip
    own = (("name", "value", "start"), ("notice_working_days", 3, "2025-01-01"))
    assert REVIEWDATE("notice", MONDAY, None, "2024-12-31", own) == on(10, 1)
    assert REVIEWDATE("notice", MONDAY, None, "2025-01-01", own) == on(10, 3)
    days = upright("2024-12-31", "2025-01-01", "2024-06-30")
    assert REVIEWDATE("notice", MONDAY, None, days, own) == [(on(10, 1),), (on(10, 3),), ("#N/A",)]
    too_long = (("name", "value"), ("notice_working_days", 367))
    assert REVIEWDATE("notice", MONDAY, None, None, too_long) == "#VALUE!"


def test_hours_follow_policy_and_day() -> None:
    own = (("name", "value", "start"), ("sync_before_hours", 48, "2025-01-01"),
           ("after_sales_hours_semi", 24, "2025-01-01"))  # fmt: skip
    for day, sync, answer in (("2024-12-31", 27, 2), ("2025-01-01", 28, 1)):
        assert SYNCDEADLINE(MONDAY, day, own) == on(9, sync)
        assert AFTERSALESDEADLINE(MONDAY, "semi", day, own) == on(10, answer)
    assert SYNCDEADLINE(MONDAY, "2024-06-30") == "#N/A"
    assert AFTERSALESDEADLINE(MONDAY, None, "2024-06-30") == "#N/A"
    assert SYNCDEADLINE(MONDAY, "明天") == AFTERSALESDEADLINE(MONDAY, None, "明天") == "#VALUE!"


class TestCommand:
    def test_all_of_them(self, capsys: CAPSYS, tmp_path: Path) -> None:
        flags = ("--approved", "--notice", "--calculated", "--reduction", "--refused", "--applied",
                 "--left", "--inbound", "--request")  # fmt: skip
        given = [word for flag in flags for word in (flag, "2024-09-30 10:00")]
        shown = call(capsys, "deadlines", *given, "--as-of", "2024-12-01", "--lang", "zh")
        assert shown.code == 0
        for day in ("2024-10-01 10:00", "2024-10-03 10:00", "2024-10-30 10:00", "2024-10-02 10:00",
                    "2024-10-09 10:00", "2025-03-29 10:00", "2024-09-27 10:00"):  # fmt: skip
            assert day in shown.out
        assert "没有填写节假日" in shown.out
        days = tmp_path / "节假日.csv"
        days.write_text("日期\n2024-10-01\n2024-10-02\n", encoding="utf-8-sig")
        more = ("--holidays", days, "--holidays", "2024-10-03，2024-10-04,2024-10-07")
        closed = call(capsys, "deadlines", *given, *more, "--lang", "en")
        assert "2024-10-08 10:00" in closed.out
        assert "without the 5 holidays" in closed.out
        self_run = call(capsys, "deadlines", "--request", "2024-09-30", "--self-run").out
        assert "2024-10-03 00:00" in self_run

    @pytest.mark.parametrize(
        ("words", "zh"),
        [
            ((), "没有填写任何情况"),
            (("--approved", "明天"), "无法识别时间“明天”"),
            (("--approved", "2024-09-30", "--holidays", "国庆"), "“国庆”不是日期"),
            (("--approved", "2024-09-30", "--as-of", "2024-06-30"), "日期早于规则"),
        ],
    )
    def test_wrong_calls(self, capsys: CAPSYS, words: tuple[str, ...], zh: str) -> None:
        shown = call(capsys, "deadlines", *words, "--lang", "zh")
        assert shown.code == 2
        assert zh in shown.err
