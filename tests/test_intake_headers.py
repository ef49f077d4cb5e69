"""What a row of headers is worth and stands for, and where it stands: without any cell computed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sellersheet import columns
from sellersheet.intake.doubts import Asked
from sellersheet.intake.grid import Beside, Columns, Shown, grid_of_frame, grid_of_rows
from sellersheet.intake.headers import (
    Said,
    TableProblem,
    holds,
    listed,
    score,
    understand,
)
from sellersheet.intake.layout import find, total_rows
from sellersheet.intake.missing import kind_fits
from sellersheet.intake.vocabulary import (
    header_text,
    is_column,
    keys_of,
    meaning,
    names_of,
    parsed,
    price_unit,
)
from sellersheet.orders.marks import Status, status_words
from sellersheet.tables import Table, read_table
from sellersheet.wording import LANGS


def worth(labels: Sequence[str]) -> float:
    """So much as is written in them: w3 is three."""
    return float(sum(float(label[1:]) for label in labels if label.startswith("w")))


def found(*rows: list[Any], header_row: int | None = None) -> tuple[int, tuple[str, ...]] | None:
    layout = find(grid_of_rows(rows), worth, header_row)
    return None if layout is None else (layout.at, layout.labels)


NUMBER = [7]  # between rows of texts, so that no two of them make a header of two rows


@pytest.mark.parametrize(
    ("worths", "at"),
    [
        # Below a row that is surely the header, five more are looked at.
        ([4, 0, 0, 0, 0, 5], 5),
        ([4, 0, 0, 0, 0, 0, 5], 0),
        ([3.9, 0, 0, 0, 0, 0, 0, 4], 7),
        ([0, 0, 0, 4, 0, 0, 0, 0, 5], 8),
        ([0, 0, 0, 0, 4, 0, 5, 0, 6], 8),
        ([0, 0, 0, 0, 0, 2, 0, 4], 7),
        # Of two as good the first.
        ([2, 0, 2], 0),
        ([0, 1, 0], 1),
    ],
)
def test_the_best_row_is_the_header(worths: list[float], at: int) -> None:
    # A text is worth at most one.
    texts = [[f"w{min(1, of - at)}" for at in range(math.ceil(of))] for of in worths]
    rows = [[*row, 7] if row else NUMBER for row in texts]
    layout = found(*rows)
    assert layout is not None
    assert layout[0] == at


@pytest.mark.parametrize(
    ("rows", "at", "labels"),
    [
        ([["组", None], ["w1", "w1"], ["x", 1]], 1, ("w1", "w1")),
        ([["w2", "组"], ["", "w2"], ["x", 1]], 1, ("w2", "w2")),
        ([["w2", "w1"], ["", "w1"], ["x", 1]], 0, ("w2", "w1")),
        ([["w2", "组", "w2"], [None, "w2"], ["x", 1]], 1, ("w2", "w2", "w2")),
        ([["w2"], [None, "w2"], ["x", 1]], 1, ("w2", "w2")),
        # Two rows must be worth more than one column alone; a number is none of a header.
        ([["组"], [None, "w1"], ["x", 1]], 1, ("", "w1")),
        ([["组"], [None, "w1.5"], ["x", 1]], 1, ("组", "w1.5")),
        ([["组"], [None, "w1.5"]], 1, ("组", "w1.5")),
        ([["w2", "组"], ["x", "w2"], ["w2", 5]], 0, ("w2", "组")),
        ([["w1", "w1", 5], ["", "w1", "w1", "w1"], ["x", 1]], 1, ("", "w1", "w1", "w1")),
        ([["w2", "组"], ["", "w1", 5], ["x", 1]], 0, ("w2", "组")),
        ([["w2", "组"], ["", "w2", math.nan], ["x", 1]], 1, ("w2", "w2", "")),
        ([[5], ["w2", "组"], ["", "w2"], ["x", 1]], 2, ("w2", "w2")),
        # A row of units below, also where it is the last.
        ([["w1", "w1", "w1"], [None, "(kg)", "元"]], 1, ("w1", "w1(kg)", "w1(元)")),
        ([["w1", "w1", "w1"], [None, "kg"], ["x", 1]], 1, ("w1", "w1(kg)", "w1")),
        ([["w1", "w1"], [None, "kg", "g"], ["x", 1]], 1, ("w1", "w1(kg)")),
        ([["w1", "w1"], [None, None], ["x", 1]], 0, ("w1", "w1")),
        ([["w1", "w1"], ["x", "kg"], ["x", 1]], 0, ("w1", "w1")),
    ],
)  # fmt: skip
def test_headers_of_two_rows(rows: list[list[Any]], at: int, labels: tuple[str, ...]) -> None:
    assert found(*rows) == (at, labels)


def test_a_header_row_that_is_said() -> None:
    rows = [["标题"], ["w9", "w9"], ["实重"], ["kg"], ["x"]]
    assert found(*rows, header_row=1) == (0, ("标题",))
    assert found(*rows, header_row=3) == (3, ("实重(kg)",))
    assert found(*rows, header_row=5) == (4, ("x",))
    assert found(*rows, header_row=0) is None
    assert found(*rows, header_row=6) is None


@pytest.mark.parametrize(("above", "at"), [(99, 99), (100, 0)])
def test_a_header_is_looked_for_in_a_hundred_rows(above: int, at: int) -> None:
    rows = [[7]] * above + [["w1"], ["x"]]
    found = find(grid_of_rows(rows), worth)
    assert found is not None
    assert found.at == at
    framed = find(grid_of_frame(pd.DataFrame(rows[1:], columns=rows[0])), worth)
    assert framed is not None
    assert framed.at == at


def test_rows_of_a_frame_below_its_header() -> None:
    """Row 3 of the sheet stands below the labels; those that were too long keep their place."""
    frame = pd.DataFrame({"x": list("abcde")})
    rows = np.array([3, 4, 6, 7, 9])
    grid = grid_of_frame(frame, 3, ragged=[3, 5, 7], rows=rows)
    assert (grid.first_row, grid_of_frame(frame).first_row) == (2, 1)
    body = grid.below(2)
    assert body.frame[0].tolist() == ["c", "d", "e"]
    assert body.ragged == [0, 2]
    assert body.rows is not None
    assert body.rows.tolist() == [6, 7, 9]
    whole = grid.below(0)
    assert (whole.frame[0].tolist(), whole.ragged) == (list("abcde"), [0, 2, 4])


def totals(ids: int | None, *rows: list[Any]) -> list[bool]:
    width = max(map(len, rows))
    return total_rows(Columns.of(pd.DataFrame(rows, columns=range(width))), ids).tolist()


def test_rows_of_totals() -> None:
    """By the word in the first column, where the order number stands, or beside a blank one."""
    assert totals(1, ["x", "A1"], ["合计", "A2"], ["x", "合计"]) == [False, True, True]
    rows = [["x", "A1", "合计"], ["x", None, "合计"], ["x", None, "y"], ["x", "A4", "合计"]]
    assert totals(1, *rows) == [False, True, False, False]
    assert totals(1, ["x", None, "合计"], ["x", None, "y"]) == [False, False]
    assert totals(None, ["x", "合计"], ["合计", 1]) == [False, True]


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (["订单号", "实付金额"], 2.0),
        (["订单号", "实付金额", "", "无此列"], 2.0),
        (["订单号", "实付金额", "商品名称"], 2.1),
        (["订单号", "实付金额", *["商品名称"] * 9], 2.9),
        (["订单号", "实付金额", *["商品名称"] * 12], 2.9),
        (["订单号", "商品名称"], 0.0),
        (["订单号", "订单号"], 0.0),
        (["订单号", "收入", "旧名"], 3.0),
    ],
)
def test_what_a_row_is_worth(labels: list[str], expected: float) -> None:
    said = Said({"收入": "paid_cny"}, {"旧名": "sku", "收入": "sku"})
    assert score(labels, "orders", said) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("table", "labels", "whole"),
    [
        ("orders", ["订单号", "实付金额"], True),
        ("orders", ["实付金额"], False),
        ("orders", ["实付金额", "商品名称"], False),
        ("orders", ["订单号", "下单日期"], False),
        ("fx", ["币种", "汇率"], True),
        ("fx", ["币种", "起始日期"], False),
        ("rates", ["国家", "重量段", "价格"], True),
        ("rates", ["国家", "重量段"], False),
        ("rates", ["国家", "价格"], False),
        ("rates", ["国家", "挂号费"], False),
    ],
)
def test_whether_a_table_is_there_at_all(table: str, labels: list[str], *, whole: bool) -> None:
    assert holds(labels, table) == whole


def test_headers_as_a_message_lists_them() -> None:
    names = [f"列{at}" for at in range(31)]
    assert listed(["", *names[:30]]) == " | ".join(names[:30])
    assert listed(names) == " | ".join(names[:30]) + " | …"


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("订单\u200b号", "订单号"),
        ("order\x07_id", "order_id"),
        ("订单\r\n号\t", "订单 号"),
        ("订单\u3000号", "订单 号"),
        (2024.0, "2024"),
        (math.nan, ""),
        (None, ""),
    ],
)
def test_what_can_be_seen_of_a_label(label: object, text: str) -> None:
    assert header_text(label) == text


@pytest.mark.parametrize(
    ("label", "name", "unit", "currency", "per"),
    [
        ("订单号(必填)", "订单号", "", "", ""),
        ("订单号()", "订单号", "", "", ""),
        ("订单号(店铺)", "订单号店铺", "", "", ""),
        ("实重(kg)", "实重", "kg", "", ""),
        ("运费(USD)", "运费", "", "USD", ""),
        ("运费(元/票)", "运费", "", "CNY", "parcel"),
        ("运费(/kg)", "运费", "", "", "kg"),
        ("运费(abc/kg)", "运费abckg", "", "", ""),
        ("挂号费 美元/票", "挂号费", "", "USD", "parcel"),
        ("挂号费(EUR) 元/票", "挂号费", "", "EUR", "parcel"),
        ("续重 元()/500g", "续重", "", "CNY", "500g"),
    ],
)
def test_a_header_taken_apart(label: str, name: str, unit: str, currency: str, per: str) -> None:
    header = parsed(label)
    assert (header.name, header.unit, header.currency, header.per) == (name, unit, currency, per)


@pytest.mark.parametrize(
    ("number", "unit", "per"),
    [
        (None, "kg", "kg"),
        ("1", "kg", "kg"),
        ("0.5", "kg", "0.5kg"),
        ("1000", "g", "kg"),
        ("1001", "g", "1001g"),
        ("100", "克", "100g"),
        (None, "票", "parcel"),
        ("1", "每票", "parcel"),
        ("2", "票", ""),
        ("2", "天", ""),
    ],
)
def test_what_a_price_is_for(number: str | None, unit: str, per: str) -> None:
    assert price_unit(number, unit) == per


@pytest.mark.parametrize(
    ("label", "table", "key"),
    [
        ("币种(Currency)", "orders", "currency"),
        ("订单号(Currency)", "orders", ""),
        ("币种(Currency)(x)", "orders", ""),
        ("无此列(Currency)", "orders", ""),
        ("service_fee_cny", "bill", "service"),
        ("service_fee_cny", "orders", ""),
        ("店龄", "shops", "shop_age_days"),
        ("RMB/KG", "rates", "price"),
        ("RMB/XY", "rates", ""),
    ],
)
def test_what_a_header_means(label: str, table: str, key: str) -> None:
    assert getattr(meaning(parsed(label), table), "key", "") == key


def test_how_well_a_name_means_its_column() -> None:
    """The lower wins: a column's own names, then its title without the unit, then others."""
    ranked = [("实重(克)", "orders"), ("实重", "orders"), ("毛重", "orders")]
    ranked += [("service", "bill"), ("service_fee_cny", "bill"), ("订单号(必填)", "orders")]
    found = [meaning(parsed(label), table) for label, table in ranked]
    assert [None if meant is None else meant.rank for meant in found] == [0, 1, 2, 0, 1, 0]
    fates = understand(["订单号", "客户订单号", "x", "", "商品名称"], "orders").fates
    assert [fate.how for fate in fates] == ["own", "outranked", "unused", "blank", "ignored"]
    assert understand(["客户订单号"], "orders").fates[0].how == "seen"


def test_words_that_name_a_column() -> None:
    for word in (
        "weight_g",
        "weight_kg",
        "length_mm",
        "paid_on",
        "ignore",
        "实付金额",
        "Weight (g)",
    ):
        assert is_column(word, "orders"), word
    for word in ("band", "weight_stone", "weight_mm", "price_kg", "kg", "无此列", ""):
        assert not is_column(word, "orders"), word
    assert {"weight_g", "paid_on", "ignore"} <= keys_of("orders")
    assert {"weight_g", "band", "ignore"} & keys_of("rates") == {"band", "ignore"}
    assert names_of("orders", "sku")[:3] == ["sku", "商品编码", "SKU"]
    assert names_of("rates", "band")[0] != "band"


def grams(header: str, said: str, **shown: Any) -> tuple[float, bool]:
    """What 0.5 under the header weighs, and whether its unit is doubted."""
    rows = [["实付金额", header], [1, 0.5]]
    formats = {1: [Shown(np.array([1]), **shown)]} if shown else {}
    grid = grid_of_rows(rows, beside=Beside(shown=formats))
    table = read_table(grid, asked=Asked(columns={header: said} if said else {}))
    return float(table.columns["weight_g"][0]), "weight_unit" in table.doubts


@pytest.mark.parametrize(
    ("header", "said", "expected"),
    [
        ("货", "weight_g", (0.5, False)),
        ("货", "weight_kg", (500.0, False)),
        ("货", "实重(千克)", (500.0, False)),
        ("货", "实重(克)", (0.5, False)),
        ("货(kg)", "包裹重量", (500.0, False)),
        ("货(kg)", "weight_g", (0.5, False)),
        # A name without a unit leaves the unit open.
        ("货", "包裹重量", (0.0, True)),
    ],
)
def test_the_unit_of_what_a_header_is_said_to_be(
    header: str, said: str, expected: tuple[float, bool]
) -> None:
    assert grams(header, said) == expected


def test_the_unit_of_a_number_format() -> None:
    """It counts where neither the header nor the user names one."""
    assert grams("重量", "", unit="kg") == (500.0, False)
    assert grams("货", "包裹重量", unit="kg") == (500.0, False)
    assert grams("重量(g)", "", unit="kg") == (0.5, False)
    assert grams("货", "weight_g", unit="kg") == (0.5, False)
    shown = {1: [Shown(np.array([1]), unit="mm")], 2: [Shown(np.array([1]), unit="mm")]}
    rows = [["实付金额", "长", "width_cm"], [1, 50, 50]]
    sides = read_table(grid_of_rows(rows, beside=Beside(shown=shown))).columns
    assert (sides["length_cm"].tolist(), sides["width_cm"].tolist()) == ([5.0], [50.0])


def test_a_unit_behind_the_key_of_a_side() -> None:
    said = {"甲": "length_mm", "乙": "width_m", "丙": "height_cm"}
    sides = read(["实付金额", *said], [1, 50, 0.5, 7], columns=said).columns
    assert [sides[f"{key}_cm"].tolist() for key in ("length", "width", "height")] == [
        [5.0],
        [50.0],
        [7.0],
    ]


def read(*rows: list[Any], **asked: Any) -> Table:
    return read_table(grid_of_rows(rows), asked=Asked(**asked))


def test_what_is_said_wins_over_every_name() -> None:
    table = read(["实付金额", "收入"], [1, 2], columns={"收入": "paid_cny"})
    assert table.columns["paid_cny"].tolist() == [200]
    assert [(remark.code, remark.warns) for remark in table.remarks] == [("outranked", False)]
    # Nobody said which: the other may be meant, and it is money.
    own = read(["实付金额", "订单实付金额"], [1, 2])
    assert [(remark.code, remark.warns) for remark in own.remarks[:1]] == [("outranked", True)]
    dates = read(["实付金额", "下单日期", "付款日期"], [1, "2024-08-01", "2024-08-02"])
    assert not [remark for remark in dates.remarks if remark.warns and remark.code == "outranked"]
    said = {"收入": "paid_cny", "毛收入": "paid_cny"}
    with pytest.raises(TableProblem) as told:
        read(["国家", "收入", "毛收入"], ["ES", 1, 2], columns=said)
    assert told.value.code == "duplicate"


def test_what_was_said_before_counts_where_its_header_is() -> None:
    said = {"收入": "paid_cny", "没有的": "sku"}
    assert read(["收入", "国家"], [2, "ES"], remembered=said).columns["paid_cny"].tolist() == [200]
    over = read(
        ["收入", "国家"], [2, "x"], remembered=said | {"国家": "sku"}, columns={"国家": "line"}
    )
    assert over.columns["line"].tolist() == ["x"]
    for unit in ("weight_stone", "weight_mm", "重量_kg", "kg"):
        with pytest.raises(TableProblem) as told:
            read(["实付金额", "货"], [1, 2], columns={"货": unit})
        assert told.value.code == "rename_target"


def test_of_two_headers_the_better_name_wins() -> None:
    table = read(["实付金额", "包裹重量", "实重"], [1, 300, 400])
    assert table.columns["weight_g"].tolist() == [400]
    with pytest.raises(TableProblem) as told:
        read(["国家", "买家实付", "x", "实付款"], ["ES", 1, 2, 2])
    fields = told.value.fields
    assert fields["title_zh"] == "订单实付金额"
    assert (fields["first_at"], fields["second_at"]) == (2, 4)
    # One header twice is refused, though the cells are the same.
    with pytest.raises(TableProblem):
        read(["实付金额", "实付金额"], [1, 1])


@pytest.mark.parametrize(
    ("at", "places"),
    [
        ([0, 1], {"other": 0, "order_id": 1}),
        ([3, 0, 2], {"freight": 0, "other": 1, "other+1": 2}),
        ([2, 3], {"freight": 1}),  # a further column alone stands for nothing
    ],
)
def test_a_part_of_the_columns(at: list[int], places: dict[str, int]) -> None:
    part = understand(["佣金", "订单号", "广告费", "运费"], "bill").narrowed(at)
    assert {key: place.at for key, place in part.used("bill").items()} == places
    assert [fate.at for fate in part.fates] == at


def test_the_day_of_payment_is_that_of_an_order_without_a_date() -> None:
    header = ["订单号", "实付金额", "付款时间"]
    assert read(header, ["A1", 1, "2024-08-01"]).columns["order_date"].tolist() == [19936]
    dated = read([*header, "下单日期"], ["A1", 1, "2024-08-01", "2024-07-31"])
    assert dated.columns["order_date"].tolist() == [19935]


def test_names_that_count_with_cells_of_a_kind_only() -> None:
    assert read(["Name", "实付金额"], ["#1001", 1]).columns["order_id"].tolist() == ["#1001"]
    for cells in (["李四"], [None], ["#1001", "李四"]):
        assert "order_id" not in read(["Name", "实付金额"], *([cell, 1] for cell in cells)).columns
    assert understand(["Name"], "orders").places == {}


def test_a_result_is_one_beside_orders_alone() -> None:
    assert [fate.how for fate in understand(["状态", "x"], "orders").fates] == ["result", "unused"]
    assert [fate.how for fate in understand(["状态", "x"], "sku_costs").fates] == [
        "unused",
        "unused",
    ]


@pytest.mark.parametrize(
    ("key", "cells", "fits"),
    [
        ("paid_cny", ["1.5", "¥2"], True),
        ("paid_cny", ["1", "x"], False),
        ("paid_cny", ["1", 2.5, "x"], True),
        ("paid_cny", [None, " ", ""], False),
        ("paid_cny", [None, "", 3], True),
        ("order_date", ["2024-08-01 10:00", "2024年8月1日"], True),
        ("order_date", [45505.0], True),
        ("order_date", ["八月"], False),
        ("country", ["ES", "西班牙", "South Korea"], True),
        ("country", [34], False),
        ("qty", ["3", "3.0"], True),
        ("qty", ["1234567"], False),
        ("order_id", [8145.0], True),
        ("sku", [8145.0], False),
        ("sku", ["A", 8145.0], True),
    ],
)
def test_whether_cells_look_as_those_of_a_column(key: str, cells: list[Any], *, fits: bool) -> None:
    assert kind_fits(columns.column("orders", key), cells) == fits


def told(*rows: list[Any], table: str = "orders", **asked: Any) -> TableProblem:
    with pytest.raises(TableProblem) as found:
        read_table(grid_of_rows(rows), table, asked=Asked(**asked))
    return found.value


def test_a_column_that_is_missing_is_looked_for_by_name_and_cells() -> None:
    near = told(["订单编号", "实付金客", "x"], ["A1", 12.5, "y"])
    assert (near.code, near.fields["near"], near.fields["key"]) == (
        "missing_near",
        "实付金客",
        "paid_cny",
    )
    assert near.fields["headers"] == "订单编号 | 实付金客 | x"
    # Not by name alone, nor a header that is another column's.
    assert told(["订单编号", "退款金额"], ["A1", 12.5]).code == "missing"
    assert told(["订单编号", "实付金客"], ["A1", "甲"]).code == "missing"
    fifty = [["A1", "甲"]] * 50
    assert told(["订单编号", "实付金客"], *fifty, ["A1", 12.5], ["A1", 1]).code == "missing"
    # What is needed here alone, and a table of which no column is there.
    needed = told(["订单号"], ["A1"], table="bill", needed=("amount",))
    assert (needed.code, needed.fields["key"]) == ("missing", "amount")
    nothing = told(["甲"], ["乙"], table="shops")
    first = columns.TABLES["shops"][:4]
    assert nothing.fields["title_zh"] == "、".join(item.zh for item in first)
    assert nothing.fields["title_en"] == ", ".join(item.en for item in first)
    assert "其他" not in nothing.text("zh")


@pytest.mark.parametrize(
    "note", ["北京时间", "PST", "UTC+8", "GMT-08:00", "太平洋时间", "Local Time", "必填"]
)
def test_a_note_of_the_time_zone_says_nothing_of_the_column(note: str) -> None:
    table = read([f"下单时间({note})", "实付金额"], ["2024-08-01 23:59", 1])
    assert table.header["order_date"] == f"下单时间({note})"
    assert table.blank["order_date"].tolist() == [False]


STATUSES = [status for status in Status if status != Status.EMPTY]


@pytest.mark.parametrize("header", ["状态", "Status"])
def test_a_status_is_that_of_the_order_where_it_is_not_our_own(header: str) -> None:
    """A cancelled order under 状态 was computed without a word: the name is a result's too."""
    orders = pd.DataFrame(
        {"订单号": ["1", "2"], "实付金额": [10, 20], header: ["已取消", "已完成"]}
    )
    table = read_table(orders)
    assert table.used.tolist() == [False, True]
    for lang in LANGS:
        for own in STATUSES:
            words = [str(word) for word in status_words(np.array([own]), lang)]
            places = understand([header, "订单号"], "orders", cells=lambda _, w=words: w).places
            assert "status" not in places, words
