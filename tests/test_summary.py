"""Summaries: to the cent the sums of the rows."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from sellersheet.cards import shipped_card
from sellersheet.columns import TABLES
from sellersheet.exchange import FxRates
from sellersheet.orders import OrderResults, compute_orders
from sellersheet.policy import load
from sellersheet.rules.fees import FEE_PARTS
from sellersheet.summary import GROUPINGS, By, country_shown, summarise, total
from sellersheet_workbook.batch.sample import sample_orders
from tests.test_frames import DAY


def _results(frame: pd.DataFrame) -> OrderResults:
    return compute_orders(
        frame, load(), shipped_card().rates, as_of=DAY, fx=FxRates.fixed({"USD": "7"})
    )


@pytest.fixture(scope="module")
def sample() -> OrderResults:
    orders = sample_orders(400, seed=7).sample(frac=1, random_state=3, ignore_index=True)
    orders.loc[::40, "物流费(系统报价)"] = np.nan
    return _results(orders)


@pytest.mark.parametrize("by", GROUPINGS)
def test_groups_add_up_to_the_rows(sample: OrderResults, by: By) -> None:
    found = summarise(sample, by, "zh")
    frame = sample.frame("zh")
    there = frame["total_fee_cny"].notna()
    for key in (*FEE_PARTS, "total_fee_cny"):
        assert round(found[key].sum(), 2) == round(frame.loc[there, key].sum(), 2), key
    assert round(found["profit_cny"].sum(), 2) == round(frame["profit_cny"].sum(), 2)
    assert found["lines"].sum() == there.sum()
    assert found["incomplete"].sum() == (~there).sum()
    assert found["profit_lines"].sum() == frame["profit_cny"].notna().sum()
    # Where no line has a total nothing is told, not even 0.
    nothing = found["lines"] == 0
    assert found.loc[nothing, ["paid_cny", "total_fee_cny", *FEE_PARTS]].isna().all(axis=None)
    assert (found.loc[nothing, "rush_at_risk_cny"] != 0).all()
    parts = found.loc[~nothing, list(FEE_PARTS)].sum(axis=1).round(2)
    assert parts.tolist() == found.loc[~nothing, "total_fee_cny"].round(2).tolist()
    one = total(sample, "zh").iloc[0]
    for key in ("lines", "incomplete", "paid_cny", "total_fee_cny", "rush_at_risk_cny"):
        assert round(one[key], 2) == round(found[key].sum(), 2), key
    assert one["group"] == "合计"
    assert list(found.columns) == [column.key for column in TABLES["summary"]]


@pytest.mark.parametrize("by", GROUPINGS)
def test_a_group_is_what_its_rows_are(sample: OrderResults, by: By) -> None:
    frame = sample.frame("en")
    names = {"country": "目的国", "category": "类目", "sku": "商品编码", "shop": "店铺"}
    keys = frame["下单日期"].dt.strftime("%Y-%m") if by == "month" else frame[names[by]]
    groups = summarise(sample, by, "en").set_index("group")
    assert len(groups) > 1
    assert groups["paid_cny"].any()
    for group, row in groups.iterrows():
        rows = frame[keys == group]
        if row["lines"] == 0:
            assert rows["total_fee_cny"].isna().all()
            continue
        fees = rows["total_fee_cny"].sum()
        assert round(row["total_fee_cny"], 2) == round(fees, 2)
        known = rows["total_fee_cny"].notna()
        paid = pd.to_numeric(rows.loc[known, "订单实付金额"]).sum()
        assert round(row["paid_cny"], 2) == round(paid, 2)
        if paid:
            assert row["fee_share"] == pytest.approx(fees / paid)


def test_order_of_the_groups(sample: OrderResults) -> None:
    months = summarise(sample, "month", "zh")["group"].tolist()
    assert months == sorted(months)
    fees = summarise(sample, "sku", "zh")["total_fee_cny"].tolist()
    assert fees == sorted(fees, reverse=True)


def _orders(**columns: list[Any]) -> OrderResults:
    return _results(pd.DataFrame({"paid": [100] * len(next(iter(columns.values()))), **columns}))


def test_orders_of_several_lines_count_once() -> None:
    results = _orders(
        shop=["a", "a", "b", "a", ""],
        order_id=["1", "1", "1", "", ""],
        country=["ES", "ES", "ES", "FR", "FR"],
        logistics=[20, None, 20, 20, 20],
    )
    assert total(results, "en").iloc[0]["orders"] == 4
    found = summarise(results, "country", "en").set_index("group")
    assert found["orders"].to_dict() == {"ES": 2, "FR": 2}
    assert found.loc["ES", "lines"] == 3
    assert found.loc["ES", "total_fee_cny"] == round(3 * 3.5 + 2 * 5.2 + 40, 2)


def test_at_risk_is_the_open_rush_fee_once_an_order() -> None:
    results = _orders(
        order_id=["1", "1", "2", "3", "4"], inbound_days=[2, 3, 3, 4, 1], logistics=[20] * 5
    )
    assert total(results, "en").iloc[0]["rush_at_risk_cny"] == 6.0
    assert total(results, "en").iloc[0]["rush_fee_cny"] == 3.0


def test_what_is_unknown_or_wrong_is_in_no_sum() -> None:
    results = _orders(
        logistics=[20, None, 20, 20, None],
        country=["ES", "ES", "Mars", "", None],
        order_date=["2024-07-05", "2024-07-06", "2024-08-01", "x", None],
        cost_cny=[30, 30, 30, 30, None],
    )
    whole = total(results, "zh").iloc[0]
    assert (whole["lines"], whole["incomplete"], whole["paid_cny"]) == (1, 4, 100)
    assert whole["margin"] == pytest.approx((100 - 28.7 - 30) / 100)
    by_country = summarise(results, "country", "zh").set_index("group")
    assert by_country.loc["ES", ["lines", "incomplete"]].tolist() == [1, 1]
    assert by_country.loc["（未填或有误）", "incomplete"] == 3
    assert by_country.loc["（未填或有误）", ["paid_cny", "total_fee_cny"]].isna().all()
    by_month = summarise(results, "month", "zh")["group"].tolist()
    assert by_month == ["2024-07", "2024-08", "（未填或有误）"]


def test_without_the_column_there_is_one_group() -> None:
    results = _orders(logistics=[20, 20])
    assert summarise(results, "sku", "en")["group"].tolist() == ["(blank or wrong)"]
    assert summarise(results, "month", "en")["group"].tolist() == ["2024-08"]
    assert pd.isna(total(results, "en").iloc[0]["profit_cny"])


def test_empty_rows_count_nowhere() -> None:
    results = _results(pd.DataFrame({"paid": [100, None], "logistics": [20, None]}))
    assert total(results, "en").iloc[0][["orders", "lines", "incomplete"]].tolist() == [1, 1, 0]


def test_a_destination_with_its_name() -> None:
    assert country_shown("ES", "zh") == "ES 西班牙"
    assert country_shown("ES", "en") == "ES Spain"
    assert country_shown("（未填或有误）", "zh") == "（未填或有误）"
