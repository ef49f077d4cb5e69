"""F17: sides known in part. What is known is never forgotten and never taken for everything."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sellersheet
from sellersheet.cards import Card, read_card
from sellersheet.functions import CHARGEABLEWEIGHT, ISOVERSIZE, LOGISTICSFEE
from sellersheet.orders.freight import Floors, Sides, parcels, together
from tests.oracle import freight as oracle

DAY = dt.date(2024, 12, 1)
SIDES = ("length_cm", "width_cm", "height_cm")
# 40 × 40 × 50 cm by 8,000 is 10 kg.
BOX = dict(zip(SIDES, (40, 40, 50), strict=True))


def card(**columns: Any) -> Card:
    row = {"country": "ES", "from_g": 0, "to_g": 30_000, "per_kg": 10, "currency": "CNY",
           "start": "2024-07-01", "divisor": 8000}  # fmt: skip
    return read_card(pd.DataFrame([{**row, **columns}]).astype(str))


def lines(*rows: dict[str, Any], by: Card | None = None, lang: Any = "zh") -> pd.DataFrame:
    order = {"order_id": "A", "country": "ES", "weight_g": 1000}
    frame = pd.DataFrame([{**order, **row} for row in rows])
    return sellersheet.semi_fee(frame, as_of=DAY, card=by or card(), lang=lang)


def test_one_line_without_sides_leaves_the_other_ones_volume_known() -> None:
    both = lines({"paid_cny": 200, **BOX}, {"paid_cny": 100, **BOX})
    assert both["logistics_fee_cny"].tolist() == [133.33, 66.67]
    one = lines({"paid_cny": 200, **BOX}, {"paid_cny": 100})
    assert one["logistics_fee_cny"].isna().all()
    assert one["total_fee_cny"].isna().all()
    assert one["status"].tolist() == ["警告", "警告"]
    for reason in one["reason"]:
        assert "长宽高只填了一部分" in reason
        assert "至少 10,000 克" in reason
        assert "¥100.00" in reason
    english = lines({"paid_cny": 200, **BOX}, {"paid_cny": 100}, lang="en")["reason"]
    assert english.str.contains("At least 10,000 g are charged: ¥100.00.", regex=False).all()
    none = lines({"paid_cny": 200}, {"paid_cny": 100})
    assert none["logistics_fee_cny"].tolist() == [13.33, 6.67]


@pytest.mark.parametrize("given", [1, 2])
def test_two_sides_of_three_are_not_none(given: int) -> None:
    for first in range(3):
        sides = {SIDES[(first + at) % 3]: 40 for at in range(given)}
        found = lines({"paid_cny": 100, **sides}).iloc[0]
        assert pd.isna(found["logistics_fee_cny"])
        assert "至少 1,000 克，按此为 ¥10.00" in found["reason"]


def test_the_floor_is_the_larger_of_weight_and_known_volume() -> None:
    found = lines({"paid_cny": 1, "weight_g": 12_000, **BOX}, {"paid_cny": 1, "weight_g": 500})
    assert "至少 12,500 克，按此为 ¥125.00" in found["reason"].iloc[0]
    light = lines({"paid_cny": 1, **BOX}, {"paid_cny": 1, **BOX}, {"paid_cny": 1, "length_cm": 9})
    assert "至少 20,000 克，按此为 ¥200.00" in light["reason"].iloc[2]


def test_what_is_decided_all_the_same() -> None:
    partly = {"paid_cny": 100, "length_cm": 70, "width_cm": 10}
    # Sides play no part where volume does not count and nothing limits them.
    assert lines(partly, by=card(divisor="不计"))["logistics_fee_cny"].tolist() == [10.0]
    limited = lines(partly, by=card(divisor="不计", max_side_cm=80))
    assert "只填了一部分" in limited["reason"].iloc[0]
    large = lines(partly, by=card(max_side_cm=60))
    assert "超过该线路的尺寸限制" in large["reason"].iloc[0]
    beyond = lines({**partly, "weight_g": 31_000})
    assert "不在费率表的任何重量段内" in beyond["reason"].iloc[0]
    quoted = lines({**partly, "logistics_cny": 22.6})
    assert quoted["logistics_fee_cny"].tolist() == [22.6]
    unknown = lines(partly, by=card(divisor="未知"))
    assert "至少 1,000 克" in unknown["reason"].iloc[0]
    gap = lines({**partly, "weight_g": 100}, by=card(from_g=500))
    assert "至少 100 克。" in gap["reason"].iloc[0]


def test_every_way_in_says_the_same() -> None:
    block = card().table.raw
    rates = [tuple(block.columns), *block.itertuples(index=False, name=None)]
    assert LOGISTICSFEE("ES", 1000, 40, 40, 50, None, DAY, rates) == 100
    assert LOGISTICSFEE("ES", 1000, None, None, None, None, DAY, rates) == 10
    for sides in ((40, None, None), (40, 40, None), (None, 40, 50)):
        assert LOGISTICSFEE("ES", 1000, *sides, None, DAY, rates) == "#N/A"
    frame = pd.DataFrame({"country": ["ES"], "weight_g": [1000], "length_cm": [40]})
    found = sellersheet.logistics_fee(frame, as_of=DAY, card=card(), lang="zh").iloc[0]
    assert pd.isna(found["logistics_fee_cny"])
    assert pd.isna(found["chargeable_g"])
    assert "至少 1,000 克，按此为 ¥10.00" in found["reason"]
    assert found["status"] == "警告"


def test_the_floor_agrees_with_the_oracle() -> None:
    row = {"per_kg": "10", "divisor": "8000"}
    for known in ((40, 40, 50), (10, 20, 30), (60, 5, 5)):
        floor = oracle.card_fee(row, 2000, known)
        sides = dict(zip(SIDES, known, strict=True))
        found = lines({"paid_cny": 1, **sides}, {"paid_cny": 1})["reason"].iloc[0]
        assert floor is not None
        assert f"按此为 ¥{floor / 100:,.2f}" in found


def test_chargeable_weight() -> None:
    assert CHARGEABLEWEIGHT(500, None, 20, 15, 8000) == "#N/A"
    assert CHARGEABLEWEIGHT(500, 30, 20, 15, 8000) == 1125
    blocks = (((500.0,), (500.0,), (500.0,)), ((30.0,), (None,), (30.0,)), 20, 15)
    assert CHARGEABLEWEIGHT(*blocks, ((8000.0,), (8000.0,), ("不计",))) == [
        (1125,), ("#N/A",), (500,),
    ]  # fmt: skip


def test_oversize_by_what_is_known() -> None:
    assert ISOVERSIZE(3000, None, None, None) is True
    assert ISOVERSIZE(None, 61, None, None) is True
    assert ISOVERSIZE(None, 50, 41, None) is True
    assert ISOVERSIZE(2000, 20, 20, None) == "#N/A"
    assert ISOVERSIZE(2000, 60, 20, 10) is False
    assert ISOVERSIZE(None, None, None, None) == ""
    assert ISOVERSIZE(2000, "长", 1, 1) == "#VALUE!"
    assert ISOVERSIZE(3000, 1, 1, 1, None, "2024-06-30") == "#N/A"
    weights = ((3000.0,), (100.0,), (None,))
    assert ISOVERSIZE(weights, ((None,), (1.0,), (None,)), 1, 1) == [(True,), (False,), ("",)]


def test_the_least_weight_is_told_to_the_milligram() -> None:
    floors = Floors(np.array([500, 0, 0]), np.array([40001, 1_234_000, 0]))
    told = floors.texts(np.arange(3), "en")
    assert ("40.001" in told[0], "¥5.00" in told[0]) == (True, True)
    assert "1,234" in told[1]
    assert "1,234.000" not in told[1]
    assert told[2] == ""


def test_the_smallest_box_beside_a_line_without_sides() -> None:
    names, cm = np.array(["ES", "ES"], dtype=object), np.array([0.01, 0.0])
    items = parcels(names, names, np.array([0.001, 0.001]), Sides(cm, cm, cm), np.array([0, 0]))
    assert (items.volume.tolist(), items.partly.tolist()) == ([1, 0], [False, False])
    order = together(items, np.array([0]))
    assert (order.volume.tolist(), order.partly.tolist()) == ([1], [True])
    assert order.weight_mg.tolist() == [2]
