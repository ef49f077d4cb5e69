"""Times with a zone: the day is Beijing's, in whatever way an order comes in."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sellersheet
from sellersheet.columns import OUTPUT
from sellersheet.functions.fees import SEMIFEE
from sellersheet.functions.orders import ORDERTABLE
from sellersheet.intake.grid import grid_of_rows
from sellersheet.policy import load
from sellersheet.tables import Table, read_table
from sellersheet_workbook.files.reading import read_grid
from sellersheet_workbook.files.writing import write_frame
from tests.command_line import call
from tests.examples import examples

OWN = [["name", "value", "start"], ["rush_fee", 4.0, "2025-01-01"]]
OUTPUT_TOTAL = next(item for item in OUTPUT if item.key == "total_fee_cny")
BEIJING = dt.timezone(dt.timedelta(hours=8))


def days(header: str, *cells: Any) -> tuple[list[str], Table]:
    rows = [[header, "实付金额"], *([cell, 100.0] for cell in cells)]
    table = read_table(grid_of_rows(rows))
    found = table.columns["order_date"].astype("datetime64[D]").astype(str).tolist()
    return found, table


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-06-30T15:59:59Z", "2024-06-30"),
        ("2024-06-30T16:00:00Z", "2024-07-01"),
        ("2024-06-30T16:00:00.123Z", "2024-07-01"),
        ("2024-06-30 16:00:00 UTC", "2024-07-01"),
        ("2024-06-30 16:00+00:00", "2024-07-01"),
        ("2024-06-30T23:59:59+08:00", "2024-06-30"),
        ("2024-07-01T00:00:00+0800", "2024-07-01"),
        ("2024-07-01 00:00 UTC+8", "2024-07-01"),
        ("2024-07-01 00:00 CST", "2024-07-01"),
        ("2024-06-30T08:59:00-0700", "2024-06-30"),
        ("2024-06-30T09:00:00-0700", "2024-07-01"),
        ("2024-06-30 07:59:59 PST", "2024-06-30"),
        ("2024-06-30 08:00:00 PST", "2024-07-01"),
        ("2024-06-30 09:00 am PDT", "2024-07-01"),
        ("2024-06-30 下午4:00 GMT", "2024-07-01"),
        ("2024-06-30 3:59 PM Z", "2024-06-30"),
        ("2024-06-30 12:30 AM Z", "2024-06-30"),
        ("2024-07-01 00:30+09:00", "2024-06-30"),
        ("2024-07-01T05:29+13:30", "2024-06-30"),
        ("2024-06-30 23:59:59", "2024-06-30"),
        ("2024-12-31T16:00:00Z", "2025-01-01"),
        ("2024-02-28 16:00Z", "2024-02-29"),
    ],
)
def test_the_day_is_beijings(text: str, day: str) -> None:
    assert days("下单时间", text)[0] == [day]
    assert days("下单时间", text, "2024-07-05", 45478.5)[0] == [day, "2024-07-05", "2024-07-05"]


def test_seconds_before_a_day_begins_it_has_not() -> None:
    """A day number is the same moment as the text, to the second."""
    moment = dt.datetime(2024, 6, 30, 15, 59, 45)
    serial = (moment - dt.datetime(1899, 12, 30)) / dt.timedelta(days=1)
    for cell in (moment, serial, str(moment)):
        assert days("下单时间(UTC)", cell)[0] == ["2024-06-30"]


def test_the_zone_of_a_payment_and_what_is_no_zone() -> None:
    table = read_table(grid_of_rows([["付款时间(JST)", "实付金额"], ["2024-07-01 00:30", 100.0]]))
    assert table.columns["order_date"].astype("datetime64[D]").astype(str).tolist() == [
        "2024-06-30"
    ]
    table = read_table(grid_of_rows([["订单号", "实付金额", "运费(EST)"], ["A", 100.0, 9.0]]))
    assert "logistics_cny" not in table.columns  # an estimate


def test_a_zone_that_is_not_known_is_refused() -> None:
    found = days("下单时间", "2024-06-30 16:00 XYZ", "2024-06-30 16:00")[1]
    assert found.bad.tolist() == [True, False]


def test_what_moved_is_told_once_a_column() -> None:
    _, table = days("下单时间", "2024-06-30T16:00:00Z", "2024-06-30T10:00:00Z", "2024-07-01T20:00Z")
    (said,) = [remark for remark in table.remarks if remark.code == "beijing_day"]
    assert said.fields == {"header": "下单时间", "count": 2}
    assert "北京时间" in said.text("zh")
    assert "Beijing" in said.text("en")
    _, table = days("下单时间", "2024-06-30T10:00:00Z", "2024-06-30 23:00")
    assert not [remark for remark in table.remarks if remark.code == "beijing_day"]


@pytest.mark.parametrize(
    ("note", "before", "after"),
    [
        ("UTC", (15, 59), (16, 0)),
        ("GMT-08:00", (7, 59), (8, 0)),
        ("UTC-7", (8, 59), (9, 0)),
        ("PST", (7, 59), (8, 0)),
        ("太平洋时间", (8, 59), (9, 0)),  # summer
        ("EST", (10, 59), (11, 0)),
        ("BRT", (12, 59), (13, 0)),
        ("JST", (23, 59), None),
        ("UTC+8", (0, 0), None),
        ("北京时间", (23, 59), None),
    ],
)
def test_the_zone_of_a_header_is_that_of_its_times(
    note: str, before: tuple[int, int], after: tuple[int, int] | None
) -> None:
    for (hour, minute), day in [
        (before, "2024-06-30"),
        *([(after, "2024-07-01")] if after else []),
    ]:
        moment = dt.datetime(2024, 6, 30, hour, minute)
        serial = (moment - dt.datetime(1899, 12, 30)) / dt.timedelta(days=1)
        for cell in (moment, serial, f"{moment:%Y-%m-%d %H:%M:%S}", pd.Timestamp(moment)):
            assert days(f"下单时间({note})", cell)[0] == [day], (note, cell)
            assert days(f"下单时间({note})", cell, "2024-07-05", None)[0][:2] == [day, "2024-07-05"]
    midnight = ["2024-07-01 00:00:00", dt.datetime(2024, 7, 1), 45474.0]
    for cell in midnight:  # a day without a time
        assert days(f"下单时间({note})", cell, "2024-07-05", None)[0][0] == "2024-07-01"
    # A cell's own zone goes before the header's; a day without a time is that day.
    assert days(f"下单时间({note})", "2024-06-30T16:00Z", "2024-06-30")[0] == [
        "2024-07-01",
        "2024-06-30",
    ]


@settings(max_examples=examples(30))
@given(
    st.datetimes(dt.datetime(1991, 1, 1), dt.datetime(2100, 1, 1)),
    st.integers(-12 * 60, 14 * 60),
)
def test_any_offset(moment: dt.datetime, offset: int) -> None:
    zone = dt.timezone(dt.timedelta(minutes=offset))
    aware = moment.replace(tzinfo=zone)
    expected = [str(aware.astimezone(BEIJING).date())]
    assert days("下单时间", aware.isoformat(timespec="seconds"))[0] == expected
    series = pd.Series([pd.Timestamp(aware), pd.NaT])
    assert sellersheet.semi_fee(pd.DataFrame({"order_date": series, "实付金额": 1.0})) is not None
    frame = pd.DataFrame({"order_date": series[:1], "实付金额": [1.0]})
    table = read_table(frame)
    assert table.columns["order_date"].astype("datetime64[D]").astype(str).tolist() == expected
    if offset:
        assert days("下单时间", "x", aware)[0][1:] == expected


def test_summer_time_of_the_pacific_zone() -> None:
    pacific = zoneinfo.ZoneInfo("America/Los_Angeles")
    rng = np.random.default_rng(5)
    for minutes in rng.integers(0, 20 * 365 * 1440, 400).tolist():
        moment = dt.datetime(2010, 1, 1) + dt.timedelta(minutes=minutes)
        expected = moment.replace(tzinfo=pacific).astimezone(BEIJING).date()
        assert days("下单时间(PT)", f"{moment:%Y-%m-%d %H:%M}")[0] == [str(expected)], moment


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet"])
def test_every_way_in_has_one_day(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, kind: str
) -> None:
    """On both sides of the first day of the rules, and of the day when a value changes."""
    texts = ["2024-06-30T15:59:59Z", "2024-06-30T16:00:00Z", "2024-12-31T15:59:59Z",
             "2024-12-31T16:00:00Z"]  # fmt: skip
    header = ["order_id", "order_date", "paid_cny", "logistics_cny", "inbound_days"]
    rows = [[f"A{at}", text, 100.0, 22.6, 5.0] for at, text in enumerate(texts)]
    own = tmp_path / "own.toml"
    own.write_text(
        "[values.rush_fee]\nvalue = '4.00'\nstart = 2025-01-01\nreason = 'notice'\n", "utf-8"
    )
    wanted: list[Any] = ["", 34.3, 34.3, 35.3]

    answer = ORDERTABLE([header, *rows], None, OWN)
    place = answer[0].index(OUTPUT_TOTAL.zh)
    assert [row[place] for row in answer[1:]] == ["#N/A", *wanted[1:]]
    alone = [SEMIFEE(100.0, 22.6, None, 5.0, None, None, text, OWN) for text in texts]
    assert alone == ["#N/A", *wanted[1:]]

    frame = pd.DataFrame(rows, columns=header)
    source = tmp_path / f"in.{kind}"
    if kind == "parquet":
        frame["order_date"] = pd.to_datetime(frame["order_date"], utc=True)
        pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), source)
    else:
        write_frame(frame, source)
    api = sellersheet.semi_fee(frame, policy=load(own), lang="en")
    assert [None if pd.isna(fee) else float(fee) for fee in api["total_fee_cny"]] == [
        None,
        *wanted[1:],
    ]
    for out in ("csv", "xlsx", "parquet"):
        target = tmp_path / f"out.{out}"
        done = call(capsys, "batch", source, "-o", target, "--policy", own, "--lang", "en")
        assert done.code == 1  # the first is before the rules
        assert "Beijing" in done.out
        again = tmp_path / f"again.{out}"  # what came out is read as it went in
        call(capsys, "batch", target, "-o", again, "--policy", own, "--lang", "en")
        for file in (target, again):
            grid = read_grid(file)
            title = OUTPUT_TOTAL.key if out == "parquet" else OUTPUT_TOTAL.en
            totals = grid.below(0).frame.iloc[:, list(grid.top[0]).index(title)]
            assert [None if pd.isna(fee) else float(fee) for fee in totals] == [None, *wanted[1:]]
    orders = tmp_path / "orders.csv"
    done = call(capsys, "import", source, "-o", orders, "--lang", "en")
    assert done.code == 0
    assert "Beijing" in done.out
    taken = orders.read_text("utf-8-sig").splitlines()
    assert [line.count("2024-06-30") for line in taken[1:]] == [1, 0, 0, 0]
    assert [line.count("2025-01-01") for line in taken[1:]] == [0, 0, 0, 1]
