"""An update of tables in memory: what is written and what is kept."""

import datetime as dt
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal
from pandas.testing import assert_frame_equal

from sellersheet.cards import shipped_card
from sellersheet.columns import OUTPUT
from sellersheet.exchange import FxRates
from sellersheet.functions import ORDERTABLE
from sellersheet.intake.grid import Beside
from sellersheet.orders import compute_orders
from sellersheet.policy import load
from sellersheet.rules.fees import FEE_PARTS
from sellersheet.summary import summarise
from sellersheet_workbook.batch.one import Terms
from sellersheet_workbook.batch.sample import sample_orders
from sellersheet_workbook.problems import UpdateProblem
from sellersheet_workbook.update import Report, plan, write
from tests.examples import examples

NOW = dt.datetime(2024, 10, 3, 9, 30)
TERMS = Terms(
    policy=load(),
    card=shipped_card(),
    fx=FxRates.fixed({}),
    sku_costs=None,
    as_of=dt.date(2024, 10, 3),
)
TITLES = [item.zh for item in OUTPUT]


class MemoryPort:
    """Tables in a dictionary."""

    def __init__(self, **tables: pd.DataFrame) -> None:
        self.tables = {name: frame.copy() for name, frame in tables.items()}
        self.steps: list[tuple[int, int]] = []
        self.messages: list[str] = []

    def read_table(self, name: str) -> pd.DataFrame | None:
        frame = self.tables.get(name)
        if frame is None:
            return None
        return frame.set_axis(pd.RangeIndex(2, 2 + len(frame)), axis=0)

    def beside(self, name: str) -> Beside:
        return Beside()

    def write_columns(self, name: str, columns: Mapping[str, Any]) -> None:
        for header, values in columns.items():
            self.tables[name][header] = pd.Series(values, dtype=object)

    def write_table(self, name: str, frame: pd.DataFrame) -> None:
        self.tables[name] = frame.reset_index(drop=True)

    def append_log(self, row: Mapping[str, Any]) -> None:
        old = self.tables.get("log")
        new = pd.DataFrame([row], dtype=object)
        self.tables["log"] = new if old is None else pd.concat([old, new], ignore_index=True)

    def progress(self, done: int, total: int, text: str) -> None:
        self.steps.append((done, total))

    def message(self, text: str) -> None:
        self.messages.append(text)


def _orders(**more: list[Any]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "订单号": ["A1", "A2", "A3"],
            "下单日期": ["2024-08-05", "2024-09-06", "2024-09-07"],
            "目的国": ["ES", "法国", "ES"],
            "订单实付金额": ["100", "88.10", "待定"],
            "物流费(系统报价)": ["22.60", "31", "20"],
            **more,
        }
    )


def _run(port: MemoryPort, *closed: str, now: dt.datetime = NOW) -> Report:
    report = plan(port, TERMS, now, "zh", closed)
    write(port, report)
    return report


def _same(one: Mapping[str, pd.DataFrame], other: Mapping[str, pd.DataFrame]) -> None:
    assert sorted(one) == sorted(other)
    for name, frame in one.items():
        assert_frame_equal(frame, other[name], check_dtype=False)


def test_everything_is_written() -> None:
    port = MemoryPort(orders=_orders())
    report = _run(port)
    orders = port.tables["orders"]
    assert list(orders) == [*_orders(), *TITLES]
    assert orders["费用合计"].tolist()[0] == 31.30
    assert orders["费用合计"].tolist()[2] is None
    assert orders["状态"].tolist() == ["正常", "正常", "错误"]
    assert port.tables["refused"]["所在行"].tolist() == [4]
    assert set(port.tables["summary"]["汇总方式"]) == {"月份", "目的国"}
    log = port.tables["log"].iloc[0]
    assert (log["数据行数"], log["问题行数"]) == (3, 1)
    assert log["时间"] == "2024-10-03 09:30:00"
    assert load().digest in log["规则版本（摘要）"]
    assert log["费用合计"] == report.results.total.sum() / 100
    assert port.steps[-1] == (3, 3)


def test_results_are_those_of_the_same_orders_computed_alone() -> None:
    frame = sample_orders(300, seed=4)
    port = MemoryPort(orders=frame)
    report = _run(port)
    alone = compute_orders(frame, TERMS.policy, TERMS.card.rates, as_of=TERMS.as_of)
    for title, expected in zip(TITLES, alone.columns("zh").values(), strict=True):
        blank = "" if expected.dtype == object else float("nan")
        found = [blank if cell is None else cell for cell in port.tables["orders"][title]]
        assert_array_equal(np.array(found, dtype=expected.dtype), expected)
    assert_frame_equal(report.summaries["month"], summarise(alone, "month", "zh"))


CELLS = {
    "订单号": st.sampled_from(["A", "B", "C", None]),
    "下单日期": st.sampled_from(["2024-07-31", "2024-08-01", "2024-09-30", "x", None]),
    "目的国": st.sampled_from(["ES", "法国", "?", None]),
    "类目": st.sampled_from(["手机壳", None]),
    "订单实付金额": st.sampled_from(["100", 88.1, "-1", None]),
    "物流费(系统报价)": st.sampled_from(["22.60", 7, None]),
    "入仓天数": st.sampled_from([1, 2, 5, None]),
    "采购成本": st.sampled_from([30, None]),
    "状态": st.sampled_from(["已发货", None]),
}
ROWS = st.lists(st.fixed_dictionaries(CELLS), min_size=1, max_size=8).filter(
    lambda rows: any(cell is not None for row in rows for cell in row.values())
)
CLOSED = st.sets(st.sampled_from(["2024-07", "2024-08", "2024-09", "2024-10"]))


def _frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=[*CELLS], dtype=object)


@settings(max_examples=examples(25), phases=[Phase.generate])
@given(ROWS, CLOSED)
def test_update_twice_is_update_once(rows: list[dict[str, Any]], closed: set[str]) -> None:
    port = MemoryPort(orders=_frame(rows))
    _run(port, *closed)
    once = {name: frame.copy() for name, frame in port.tables.items()}
    _run(port, *closed, now=NOW + dt.timedelta(days=1))
    assert len(port.tables.pop("log")) == 2
    once.pop("log")
    _same(port.tables, once)


@settings(max_examples=examples(25), phases=[Phase.generate])
@given(ROWS, CLOSED)
def test_rows_of_a_closed_month_are_never_changed(
    rows: list[dict[str, Any]], closed: set[str]
) -> None:
    port = MemoryPort(orders=_frame(rows))
    _run(port)
    first = port.tables["orders"].copy()
    port.tables["overrides"] = pd.DataFrame({"name": ["rush_fee"], "value": [9], "start": [None]})
    port.tables["orders"]["采购成本"] = 31
    _run(port, *closed)
    second = port.tables["orders"]
    months = [(day or "x")[:7] if day != "x" else "2024-10" for day in first["下单日期"]]
    rows_kept = pd.Series(months).replace("x", "2024-10").isin(closed)
    results = [title for title in second if title not in CELLS]
    assert_frame_equal(first.loc[rows_kept, results], second.loc[rows_kept, results])


def test_what_a_closed_month_would_have_become_is_listed() -> None:
    port = MemoryPort(orders=_orders(), closed=pd.DataFrame({"月份": ["2024-08"]}))
    del port.tables["closed"]
    _run(port)
    port.tables["orders"].loc[[0, 1], "物流费(系统报价)"] = "30"
    port.tables["closed"] = pd.DataFrame({"月份": [pd.Timestamp("2024-08-01"), None]})
    report = _run(port)
    kept = port.tables["kept"]
    assert kept.values.tolist() == [[2, "物流费", 22.6, 30.0], [2, "费用合计", 31.3, 38.7]]
    assert port.tables["orders"]["费用合计"].tolist()[0] == 31.3
    assert report.changes["row"].unique().tolist() == [3]
    summary = port.tables["summary"].set_index("分组")
    assert summary.loc["2024-08", "费用合计"] == 31.3
    assert "1 行" in port.messages[0]
    assert port.tables["log"]["关账差异数"].tolist() == [0, 2]


@pytest.mark.parametrize(
    "month", ["2024-08", "2024-8", "2024年8月", "2024/08", "202408", 202408.0, 45505, "2024-08-31"]
)
def test_a_month_is_understood(month: Any) -> None:
    port = MemoryPort(orders=_orders(), closed=pd.DataFrame({"备注": ["x"], "月份": [month]}))
    _run(port)
    assert port.tables["orders"]["状态"].tolist() == [None, "正常", "错误"]


def test_a_closed_month_that_is_none_stops_the_update() -> None:
    port = MemoryPort(orders=_orders(), closed=pd.DataFrame({"月份": ["八月"]}))
    with pytest.raises(UpdateProblem) as stopped:
        _run(port)
    assert "八月" in stopped.value.text("zh")
    assert list(port.tables["orders"]) == [*_orders()]


def test_costs_and_exchange_rates_hold_from_their_day() -> None:
    orders = _orders(商品编码=["S", "S", "S"], 数量=[1, 2, 1])
    orders["订单实付金额"] = ["US $10", "US $10", "50"]
    port = MemoryPort(
        orders=orders,
        sku_costs=pd.DataFrame(
            {"商品编码": ["S", "S"], "生效日期": [None, "2024-09-07"], "采购成本": [5, 8]}
        ),
        fx=pd.DataFrame(
            {"币种": ["USD", "USD"], "生效日期": ["2024-01-01", "2024-09-01"], "汇率": [7, 7.2]}
        ),
    )
    report = _run(port)
    results = report.results
    assert results.table.columns["paid_cny"].tolist() == [7000, 7200, 5000]
    left = results.table.columns["paid_cny"] - results.total - results.profit
    assert left.tolist() == [500, 1000, 800]


def test_costs_in_other_currencies_take_the_rate_of_their_day() -> None:
    """One without a day has no rate where there are several; a range does as a table does."""
    costs = {
        "商品编码": ["S", "T"],
        "生效日期": ["2024-01-01", "2024-06-01"],
        "采购成本": [1, "$2"],
    }
    costs["币种"] = ["USD", ""]
    fx = {"币种": ["USD", "USD"], "生效日期": ["2024-01-01", "2024-06-01"], "汇率": [7, 7.2]}
    orders = _orders(商品编码=["S", "T", "S"], 数量=[1, 1, 1])
    tables = {"sku_costs": pd.DataFrame(costs), "fx": pd.DataFrame(fx)}
    results = _run(MemoryPort(orders=orders, **tables)).results
    left = results.table.columns["paid_cny"] - results.total - results.profit
    assert left.tolist()[:2] == [700, 1440]
    ranges = [[tuple(frame), *frame.itertuples(index=False, name=None)] for frame in (
        orders, pd.DataFrame(fx), pd.DataFrame(costs))]  # fmt: skip
    header, *rows = ORDERTABLE(ranges[0], None, None, ranges[1], ranges[2])
    profit = header.index("毛利")
    assert [row[profit] for row in rows[:2]] == (results.profit / 100).tolist()[:2]
    tables["sku_costs"]["生效日期"] = [None, "2024-06-01"]
    with pytest.raises(UpdateProblem) as stopped:
        _run(MemoryPort(orders=orders, **tables))
    assert "USD" in stopped.value.text("zh")


def test_own_values_and_rates_of_the_workbook_count() -> None:
    orders = _orders(实重=["100", "100", "100"])
    orders["物流费(系统报价)"] = [None, "31", "20"]
    rates = pd.DataFrame(
        {"目的国": ["ES"], "重量止(克)": [2000], "每公斤价格": [100], "生效日期": ["2024-01-01"]}
    )
    own = pd.DataFrame(
        {"名称": ["service_fee_rate", "语言", None], "数值": [0.05, "en", None], "原因": [None] * 3}
    )
    port = MemoryPort(orders=orders, rates=rates, overrides=own)
    _run(port)
    assert port.tables["orders"]["物流费"].tolist()[0] == 10
    assert port.tables["orders"]["基础服务费"].tolist()[0] == 5
    assert load().digest not in port.tables["log"]["规则版本（摘要）"][0]


@pytest.mark.parametrize(
    ("name", "frame", "words"),
    [
        ("rates", {"目的国": ["ES"], "重量止(克)": ["x"], "生效日期": ["2024-01-01"]}, "费率"),
        ("fx", {"币种": ["USD"], "汇率": ["x"]}, "汇率"),
        ("sku_costs", {"商品编码": ["S"], "采购成本": ["x"]}, "SKU成本"),
        ("overrides", {"名称": ["rush_fee"], "数值": [9], "生效日期": ["x"]}, "自定义参数"),
    ],
)
def test_a_wrong_row_of_a_side_table_stops_the_update(
    name: str, frame: dict[str, list[Any]], words: str
) -> None:
    port = MemoryPort(**{"orders": _orders(), name: pd.DataFrame(frame)})
    with pytest.raises(UpdateProblem) as stopped:
        _run(port)
    assert words in stopped.value.text("zh")
    assert "x" in stopped.value.text("en")
    assert sorted(port.tables) == sorted(["orders", name])


def test_a_column_of_the_users_own_is_left_alone() -> None:
    port = MemoryPort(orders=_orders(状态=["已发货"] * 3, 毛利=["?"] * 3))
    for _ in range(2):
        _run(port)
    orders = port.tables["orders"]
    assert orders["状态"].tolist() == ["已发货"] * 3
    assert orders["状态（计算）"].tolist() == ["正常", "正常", "错误"]
    assert len(orders.columns) == 7 + len(OUTPUT)


def test_a_plan_writes_nothing() -> None:
    port = MemoryPort(orders=_orders())
    report = plan(port, TERMS, NOW, "en")
    assert list(port.tables) == ["orders"]
    assert set(report.changes["row"]) == {2, 3, 4}
    assert len(report.changes[report.changes["row"] == 2]) == len(FEE_PARTS) + 2


def test_the_other_language_is_no_difference() -> None:
    port = MemoryPort(orders=_orders())
    _run(port)
    report = plan(port, TERMS, NOW, "en", ["2024-08", "2024-09"])
    assert report.kept.empty
    assert report.changes.empty


def test_without_orders_there_is_no_update() -> None:
    for tables in ({}, {"orders": _orders().iloc[:0]}):
        with pytest.raises(UpdateProblem):
            _run(MemoryPort(**tables))


def test_the_update_needs_no_file_and_no_program() -> None:
    modules = "xlsxwriter python_calamine zipfile xlwings click sellersheet_workbook.files.reading"
    code = (
        "import sys, pandas; before = set(sys.modules); import sellersheet_workbook.update\n"
        f"print({{*{modules.split()!r}}} & (set(sys.modules) - before))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "set()"
