"""Cells that hold a point in time, as texts, date-times and Excel's day numbers."""

import datetime as dt
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sellersheet.columns import Wrong
from sellersheet.days import moment_of
from sellersheet.functions.reading import EMPTY, ERROR, GIVEN, WRONG, read_line
from sellersheet.functions.rows import read_one
from tests.examples import examples

NINE = dt.datetime(2024, 10, 8, 9, 0)
BEIJING = dt.timezone(dt.timedelta(hours=8))
AS_NINE: list[Any] = [
    NINE,
    NINE.replace(tzinfo=BEIJING),
    pd.Timestamp(NINE),
    np.float64(45573.375),
    45573.375,
    Decimal("45573.375"),
    "2024-10-08 09:00",
    "2024-10-8 9:00",
    "2024/10/08 09:00:00",
    "2024.10.08 09:00",
    "20241008 09:00",
    "2024-10-08T09:00:00.000",
    "2024-10-08T01:00:00Z",
    "2024-10-08 01:00 UTC",
    "2024-10-07 18:00 PT",
    NINE.replace(tzinfo=dt.UTC),  # so Excel hands over its own clock
    "2024-10-08 09:00:00+08:00",
    "2024年10月8日 9:00",
    "2024年10月8日9:00",
    "2024年10月8日 上午9:00",
    "2024-10-08 9:00 AM",
    " 2024-10-08\u30009：00 ",
    "45573.375",
]
NO_MOMENTS: list[Any] = [
    True,
    False,
    np.True_,
    0,
    -1.0,
    float("inf"),
    1e308,
    45573000000.5,
    dt.time(9, 0),
    "明天",
    "10/08/2024 09:00",
    "2024-13-01 09:00",
    "2024-02-30",
    "2024-10-08 24:00",
    "2024-10-08 09:60",
    "2024-10-08 9点",
    "2024-10-08 09:00:30.1234567890",  # ten digits
    "2024-10-08" + " " * 50 + "09:00",
    32873.99,
    2958466,  # the day after the last that Excel has
    2958466.0,
    "2958466",
    "nan",
    "2024-10-08 " + "9" * 10_000_000,
    dt.datetime(1989, 12, 31, 23, 59),
    dt.datetime(2101, 1, 1),
    dt.date(1899, 12, 30),
    "9999-12-31 00:00",
    "0001-01-01",
    2958465.5,
    1.5,
]


@pytest.mark.parametrize("cell", AS_NINE, ids=repr)
def test_nine_oclock_in_every_form(cell: Any) -> None:
    assert moment_of(cell) == (NINE, Wrong.NONE)
    assert type(moment_of(cell)[0]) is dt.datetime


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        (dt.date(2024, 10, 8), dt.datetime(2024, 10, 8)),
        ("2024-10-08", dt.datetime(2024, 10, 8)),
        (45573, dt.datetime(2024, 10, 8)),
        (20241008.0, dt.datetime(2024, 10, 8)),
        ("20241008", dt.datetime(2024, 10, 8)),
        ("2024-10-08 下午 1:30", dt.datetime(2024, 10, 8, 13, 30)),
        ("2024-10-08 12:15 AM", dt.datetime(2024, 10, 8, 0, 15)),
        ("2024-10-08 12:15 pm", dt.datetime(2024, 10, 8, 12, 15)),
        ("2024-10-08 09:00:30.25", dt.datetime(2024, 10, 8, 9, 0, 30, 250_000)),
        (45573 + 1 / 3, dt.datetime(2024, 10, 8, 8, 0)),
        (45573.99999999999, dt.datetime(2024, 10, 9)),
        ("2024-10-08 09:00:30.1234", dt.datetime(2024, 10, 8, 9, 0, 30, 123_000)),
        ("2024-10-08 09:00:30.99999", dt.datetime(2024, 10, 8, 9, 0, 30, 999_000)),
        ("2024-10-08T09:00:30.123456", dt.datetime(2024, 10, 8, 9, 0, 30, 123_000)),
        ("2024-10-08 09:00:30,1234567", dt.datetime(2024, 10, 8, 9, 0, 30, 123_000)),
        ("2024-10-08 09:00:30.12345678", dt.datetime(2024, 10, 8, 9, 0, 30, 123_000)),
        ("2024-10-08T01:00:30.123456789Z", dt.datetime(2024, 10, 8, 9, 0, 30, 123_000)),
        ("2024-10-08" + " " * 49 + "09:00", dt.datetime(2024, 10, 8, 9)),  # 64 characters
        ("1990-01-01", dt.datetime(1990, 1, 1)),
        (dt.datetime(1990, 1, 1), dt.datetime(1990, 1, 1)),
        (32874, dt.datetime(1990, 1, 1)),
        (dt.datetime(2100, 12, 31, 23, 59), dt.datetime(2100, 12, 31, 23, 59)),
    ],
)
def test_other_moments(cell: Any, moment: dt.datetime) -> None:
    assert moment_of(cell) == (moment, Wrong.NONE)


@pytest.mark.parametrize("cell", [None, "", "  ", float("nan"), pd.NaT], ids=repr)
def test_a_blank_is_none(cell: Any) -> None:
    assert moment_of(cell) == (None, Wrong.NONE)


@pytest.mark.parametrize("cell", NO_MOMENTS, ids=lambda cell: repr(cell)[:40])
def test_what_is_no_moment(cell: Any) -> None:
    moment, wrong = moment_of(cell)
    assert moment is None
    assert wrong in (Wrong.NOT_A_DATE, Wrong.UNCLEAR_DATE, Wrong.DATE_RANGE, Wrong.ERROR_CELL)


def test_as_an_argument_of_a_function() -> None:
    read = read_line("notice_time", [NINE, None, "明天", "2024-10-08 09:00", "#REF!"])
    assert read.state.tolist() == [GIVEN, EMPTY, WRONG, GIVEN, ERROR]
    assert list(read.value) == [NINE, None, None, NINE, None]
    assert read.errors == {4: "#REF!"}
    assert read_one("notice_time", 45573.375) == (NINE, GIVEN, 0, {})
    assert read_one("notice_time", "明天").state == WRONG
    assert read_one("notice_time", -2146826246).errors == {0: "#N/A"}
    assert read_one("notice_time", "").state == EMPTY


@given(st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2100, 12, 31)))
def test_day_numbers_and_texts_come_back_to_the_second(moment: dt.datetime) -> None:
    second = moment.replace(microsecond=0)
    serial = (second - dt.datetime(1899, 12, 30)) / dt.timedelta(days=1)
    assert moment_of(serial)[0] == second
    assert moment_of(f"{second:%Y/%m/%d %H:%M:%S}")[0] == second
    assert moment_of(second.isoformat())[0] == second


@settings(max_examples=examples(300))
@given(st.text() | st.floats() | st.integers() | st.binary() | st.decimals() | st.none())
def test_anything_at_all_gives_a_moment_or_a_problem(cell: Any) -> None:
    moment, wrong = moment_of(cell)
    assert moment is None or 1990 <= moment.year <= 2100
    assert moment is None or wrong == Wrong.NONE
