"""When something is due: hours that count every day, and working days."""

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sellersheet import policy
from sellersheet.rules.deadlines import (
    add_working_days,
    after_sales_deadline,
    deposit_due,
    deposit_notice,
    next_recalculation,
    sync_deadline,
)
from tests import oracle
from tests.cases import Case, load, text

POLICY = policy.load()
VIEW = POLICY.on(dt.date(2025, 6, 1))
CASES = load("deadlines")
GOLDEN_WEEK = [dt.date(2024, 10, day) for day in range(1, 8)]
moments = st.datetimes(dt.datetime(2024, 7, 1), dt.datetime(2027, 12, 31))


@pytest.mark.parametrize("case", [pytest.param(c, id=text(c, "name")) for c in CASES])
def test_a_case(case: Case) -> None:
    time, self_run = dt.datetime.fromisoformat(text(case, "time")), case["mode"] == "self"
    answers = {
        "deposit_notice": deposit_notice(time, VIEW),
        "deposit_due": deposit_due(time, VIEW),
        "sync": sync_deadline(time, VIEW),
        "after_sales": after_sales_deadline(time, self_run, VIEW),
    }
    assert answers[text(case, "kind")] == dt.datetime.fromisoformat(text(case, "expected"))


def test_the_table_has_every_deadline() -> None:
    kinds = {case["kind"] for case in CASES}
    assert kinds == {"deposit_notice", "deposit_due", "sync", "after_sales"}


@given(moments, st.lists(st.dates(dt.date(2024, 7, 1), dt.date(2027, 12, 31)), max_size=40))
def test_any_moment_agrees_with_the_oracle(moment: dt.datetime, far: list[dt.date]) -> None:
    near = {moment.date() + dt.timedelta(day.day % 9) for day in far}
    holidays = [*far, *near]
    assert deposit_notice(moment, VIEW, holidays) == oracle.deposit_notice(moment, holidays)
    assert deposit_due(moment, VIEW) == oracle.deposit_due(moment)
    assert sync_deadline(moment, VIEW) == oracle.sync_deadline(moment)
    for mode in ("semi", "self"):
        found = after_sales_deadline(moment, mode == "self", VIEW)
        assert found == oracle.after_sales_deadline(moment, mode)


@pytest.mark.parametrize(
    ("approved", "notice"),
    [
        ("2024-09-29 09:00", "2024-09-30 09:00"),
        ("2024-09-30 10:00", "2024-10-08 10:00"),
        ("2024-10-03 10:00", "2024-10-08 10:00"),
        ("2024-10-07 23:59", "2024-10-08 23:59"),
        ("2024-10-08 00:00", "2024-10-09 00:00"),
        ("2024-10-11 12:00", "2024-10-14 12:00"),
    ],
)
def test_the_notice_skips_the_holidays_given(approved: str, notice: str) -> None:
    found = deposit_notice(dt.datetime.fromisoformat(approved), VIEW, GOLDEN_WEEK)
    assert found == dt.datetime.fromisoformat(notice)


@pytest.mark.parametrize(
    ("days", "expected"),
    [(0, "2024-09-27"), (1, "2024-09-30"), (2, "2024-10-08"), (5, "2024-10-11"), (6, "2024-10-14")],
)
def test_several_working_days(days: int, expected: str) -> None:
    friday = dt.datetime(2024, 9, 27, 8, 30)
    found = add_working_days(friday, days, GOLDEN_WEEK)
    assert found == dt.datetime.fromisoformat(f"{expected} 08:30")


def test_no_working_day_later_on_a_weekend_is_the_same_moment() -> None:
    sunday = dt.datetime(2024, 9, 22, 10)
    assert add_working_days(sunday, 0) == sunday


@given(moments, st.integers(1, 30), st.sets(st.integers(1, 60), max_size=20))
def test_working_days_are_counted_one_by_one(
    moment: dt.datetime, days: int, closed: set[int]
) -> None:
    holidays = {moment.date() + dt.timedelta(offset) for offset in closed}
    end = add_working_days(moment, days, holidays)
    passed = [moment.date() + dt.timedelta(n) for n in range(1, (end - moment).days + 1)]
    working = [day for day in passed if day.isoweekday() <= 5 and day not in holidays]
    assert len(working) == days
    assert working[-1] == end.date()
    assert end.time() == moment.time()


def test_later_approval_is_never_noticed_on_an_earlier_day() -> None:
    hours = [dt.datetime(2024, 9, 16) + dt.timedelta(hours=7 * step) for step in range(60)]
    notices = [deposit_notice(moment, VIEW, GOLDEN_WEEK).date() for moment in hours]
    assert all(before <= after for before, after in pairwise(notices))


def test_the_deposit_is_worked_out_anew_after_thirty_days() -> None:
    assert next_recalculation(dt.date(2024, 9, 15), VIEW) == dt.date(2024, 10, 15)
    assert next_recalculation(dt.date(2025, 1, 30), VIEW) == dt.date(2025, 3, 1)


def test_the_hours_and_days_are_the_policys() -> None:
    values = {
        "sync_before_hours": "24",
        "after_sales_hours_semi": "12",
        "after_sales_hours_self": "36",
        "notice_working_days": "3",
        "payment_due_hours": "48",
        "recalculation_days": "7",
    }
    rows = [{"name": name, "value": value} for name, value in values.items()]
    view = POLICY.with_overrides(rows, "test").on(dt.date(2025, 6, 1))
    friday = dt.datetime(2024, 9, 20, 10)
    assert sync_deadline(friday, view) == dt.datetime(2024, 9, 19, 10)
    assert after_sales_deadline(friday, False, view) == dt.datetime(2024, 9, 20, 22)
    assert after_sales_deadline(friday, True, view) == dt.datetime(2024, 9, 21, 22)
    assert deposit_notice(friday, view) == dt.datetime(2024, 9, 25, 10)
    assert deposit_due(friday, view) == dt.datetime(2024, 9, 22, 10)
    assert next_recalculation(friday.date(), view) == dt.date(2024, 9, 27)
