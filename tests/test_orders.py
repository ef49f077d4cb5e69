"""Order tables: cost of goods, profit, statuses and reasons, and the frame handed back."""

import datetime as dt
import math
import random
from collections.abc import Mapping
from typing import Any, get_args

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sellersheet import policy
from sellersheet.cards import Card, read_card, shipped_card
from sellersheet.columns import OUTPUT
from sellersheet.days import epoch_day
from sellersheet.exchange import FxRates
from sellersheet.intake.doubts import WORDS as DOUBTS
from sellersheet.orders import OrderResults, SkuCosts, Status, compute_orders
from sellersheet.orders.marks import WORDS, Mark
from sellersheet.rules.fees import FEE_PARTS
from sellersheet.tables import read_table
from sellersheet.wording import LANGS, Lang
from tests.examples import UNSHRUNK, examples

POLICY = policy.load()
TODAY = dt.date(2025, 6, 1)
KEYS = [column.key for column in OUTPUT]
GOOD: dict[str, Any] = {"paid_cny": 100, "logistics_cny": 22.6}
Row = Mapping[str, Any]


def compute(
    *rows: Row, card: Card | None = None, costs: SkuCosts | None = None, **more: Any
) -> OrderResults:
    """The rows in one table; what a row leaves out is blank."""
    return compute_orders(
        pd.DataFrame([dict(row) for row in rows]),
        more.pop("terms", POLICY),
        (card or shipped_card()).rates,
        as_of=more.pop("as_of", TODAY),
        sku_costs=costs,
        **more,
    )


def sku_costs(*rows: tuple[Any, Any, Any]) -> SkuCosts:
    frame = pd.DataFrame(rows, columns=["sku", "start", "cost_cny"], dtype=object)
    return SkuCosts.of(read_table(frame, "sku_costs"))


def profits(results: OrderResults) -> list[int | None]:
    pairs = zip(results.profit.tolist(), results.profit_known.tolist(), strict=True)
    return [profit if known else None for profit, known in pairs]


# The cost of goods


COSTS = sku_costs(
    ("A", None, 10),
    ("A", "2025-03-01", 12),
    ("A", "2025-01-01", 11),
    ("B", "2025-01-01", 20.5),
    (1001, None, 7),
)


@pytest.mark.parametrize(
    ("sku", "day", "cost"),
    [
        ("A", "2024-07-01", 1000),
        ("A", "2024-12-31", 1000),
        ("A", "2025-01-01", 1100),
        ("A", "2025-02-28", 1100),
        ("A", "2025-03-01", 1200),
        ("A", "2025-12-31", 1200),
        ("A", None, 1200),
        ("B", "2024-12-31", None),
        ("B", "2025-01-01", 2050),
        ("1001", "2024-07-01", 700),
        (1001, "2025-07-01", 700),
        ("C", "2025-03-01", None),
        ("", "2025-03-01", None),
        (None, "2025-03-01", None),
    ],
)
def test_the_cost_of_a_piece_by_the_day(sku: object, day: str | None, cost: int | None) -> None:
    row = {**GOOD, "sku": sku, "order_date": day}
    found = profits(compute(row, {**row, "qty": 3}, costs=COSTS))
    left = 10_000 - 3130
    assert found == ([None, None] if cost is None else [left - cost, left - 3 * cost])


def test_no_cost_before_the_first_day_of_the_first_sku() -> None:
    costs = sku_costs(("A", "2025-01-01", 11), ("B", "2025-01-02", 12))
    rows = [
        {**GOOD, "sku": sku, "order_date": day}
        for sku in ("A", "B", "C")
        for day in ("2024-12-31", "2025-01-01", "2025-01-02")
    ]
    assert profits(compute(*rows, costs=costs)) == [
        None, 5770, 5770, None, None, 5670, None, None, None,
    ]  # fmt: skip


def test_costs_of_many_rows_in_any_order() -> None:
    days = pd.date_range("2024-12-25", "2025-03-10").strftime("%Y-%m-%d").tolist()
    wanted = [(sku, day) for day in days for sku in ("A", "B", "C")]
    random.Random(3).shuffle(wanted)
    rows = [{**GOOD, "sku": sku, "order_date": day} for sku, day in wanted]

    def cost(sku: str, day: str) -> int | None:
        if sku == "B":
            return 2050 if day >= "2025-01-01" else None
        since = {"2025-03-01": 1200, "2025-01-01": 1100, "": 1000}
        return next(cost for start, cost in since.items() if day >= start) if sku == "A" else None

    found = profits(compute(*rows, costs=COSTS))
    assert wanted
    for (sku, day), profit in zip(wanted, found, strict=True):
        piece = cost(sku, day)
        assert profit == (None if piece is None else 6870 - piece)


def test_a_cost_on_the_row_comes_before_the_table() -> None:
    rows = [{**GOOD, "sku": "A", "qty": 2, "cost_cny": cost} for cost in (None, 0, 33.33)]
    assert profits(compute(*rows, costs=COSTS)) == [6870 - 2400, 6870, 6870 - 3333]


def test_of_two_costs_from_one_day_the_later_row_counts() -> None:
    costs = sku_costs(
        ("A", "2025-01-01", 1), ("A", None, 5), ("A", "2025-01-01", 2), ("A", None, 6)
    )
    rows = [{**GOOD, "sku": "A", "order_date": day} for day in ("2024-12-31", "2025-01-01")]
    assert profits(compute(*rows, costs=costs)) == [6870 - 600, 6870 - 200]


def test_a_cost_that_cannot_be_read_is_no_earlier_one() -> None:
    row = {**GOOD, "sku": "A"}
    for wrong in (("A", "2024-07-01", -5), ("A", "soon", 9), (None, "2024-07-01", 9)):
        costs = sku_costs(("A", None, 1), wrong, (None, None, None))
        assert profits(compute(row, costs=costs)) == [None], wrong
    costs = sku_costs(("A", None, 1), ("A", "2026-01-01", -5), ("B", None, "x"))
    assert profits(compute(row, costs=costs)) == [6870 - 100]


def test_a_table_of_costs_without_a_start_and_without_rows() -> None:
    frame = pd.DataFrame({"商品编码": ["A"], "采购成本": ["3.00"]})
    row = {**GOOD, "sku": "A"}
    assert profits(compute(row, costs=SkuCosts.of(read_table(frame, "sku_costs")))) == [6570]
    none = sku_costs((None, None, None))
    assert profits(compute(row, costs=none)) == [None]
    assert profits(compute(GOOD, costs=COSTS)) == [None]


# Profit


@pytest.mark.parametrize(
    ("more", "profit", "marks"),
    [
        ({}, None, Mark(0)),
        ({"cost_cny": 40}, 2870, Mark(0)),
        ({"cost_cny": 0}, 6870, Mark(0)),
        ({"cost_cny": 40, "other_cny": 5}, 2370, Mark(0)),
        ({"cost_cny": 40, "refund_cny": 10}, 1870, Mark(0)),
        ({"cost_cny": 40, "goods_lost_cny": 8}, 2070, Mark(0)),
        ({"goods_lost_cny": 8}, None, Mark(0)),
        ({"cost_cny": 80}, -1130, Mark(0)),
        ({"return_case": "buyer", "cost_cny": 40}, None, Mark.REFUND_MISSING),
        ({"return_case": "buyer"}, None, Mark.REFUND_MISSING),
        ({"return_case": "buyer", "goods_lost_cny": 0}, None, Mark.REFUND_MISSING),
        (
            {"return_case": "buyer", "cost_cny": 40, "refund_cny": 100},
            -6610,
            Mark.GOODS_LOST_ASSUMED,
        ),
        (
            {"return_case": "buyer", "cost_cny": 40, "refund_cny": 100, "goods_lost_cny": 0},
            -2610,
            Mark(0),
        ),
        (
            {"return_case": "buyer", "cost_cny": 40, "refund_cny": 100, "goods_lost_cny": 15},
            -4110,
            Mark(0),
        ),
        ({"return_case": "buyer", "refund_cny": 100, "goods_lost_cny": 15}, -4110, Mark(0)),
        ({"return_case": "buyer", "refund_cny": 100}, None, Mark(0)),
        (
            {"return_case": "buyer_failed", "cost_cny": 40, "refund_cny": 0},
            2870,
            Mark.GOODS_LOST_ASSUMED,
        ),
        (
            {"return_case": "seller", "cost_cny": 40, "refund_cny": 20, "goods_lost_cny": 0},
            4790,
            Mark(0),
        ),
        (
            {"return_case": "seller", "cost_cny": 40, "refund_cny": 100, "other_cny": 3},
            -7510,
            Mark.GOODS_LOST_ASSUMED,
        ),
        ({"return_case": "none", "cost_cny": 40}, 2870, Mark(0)),
        ({"logistics_cny": None, "cost_cny": 40}, None, Mark.NO_COUNTRY),
    ],
    ids=str,
)
def test_what_is_left(more: dict[str, Any], profit: int | None, marks: Mark) -> None:
    results = compute({**GOOD, **more})
    assert profits(results) == [profit]
    assert Mark(int(results.marks[0])) == marks
    shown = results.columns("en")
    cents = math.nan if profit is None else profit / 100
    assert shown["profit_cny"].tolist() == pytest.approx([cents], nan_ok=True)
    assert shown["margin"].tolist() == pytest.approx([cents / 100], nan_ok=True)


def test_the_margin_is_profit_by_amount_paid() -> None:
    rows = [{"paid_cny": paid, "logistics_cny": 1, "cost_cny": 1} for paid in (30, 0, 0.01)]
    results = compute(*rows, {**rows[0], "cost_cny": None})
    assert profits(results) == [3000 - 105 - 520 - 200, -720, -719, None]
    margin = results.columns("zh")["margin"].tolist()
    assert margin == pytest.approx([2175 / 3000, math.nan, -719.0, math.nan], nan_ok=True)
    assert [bool(mark & Mark.PAID_ZERO) for mark in results.marks] == [False, True, False, False]


def test_amounts_in_another_currency_by_the_day_of_the_order() -> None:
    starts = [epoch_day(dt.date(2025, month, 1)) for month in (1, 3)]
    fx = FxRates.of([("USD", starts[0], 7_000_000_000), ("USD", starts[1], 7_250_000_000)])
    days = ("2024-12-31", "2025-01-01", "2025-02-28", "2025-03-01")
    rows = [{"paid_cny": "$10.00", "logistics_cny": 0, "order_date": day} for day in days]
    results = compute(*rows, fx=fx)
    assert results.refused.tolist() == [True, False, False, False]
    assert results.parts.service_fee.tolist() == [0, 245, 245, 254]


# Statuses and reasons


def card_for_marks() -> Card:
    usual = {"start": "2024-07-01", "divisor": "none", "from_g": 0, "to_g": 500}
    rows = [
        {"country": "ES", "line": "A", "first_price": 10},
        {"country": "ES", "line": "B", "first_price": 20},
        {"country": "FR", "first_price": 10, "start": "2025-01-01"},
        {"country": "DE", "first_price": 10, "divisor": "unknown"},
        {"country": "IT", "first_price": 10, "max_side_cm": 20},
        {"country": "PL", "first_price": 10, "currency": "EUR"},
    ]
    card = read_card(pd.DataFrame([{**usual, **row} for row in rows]))
    assert not card.refused
    return card


BOX = {"length_cm": 30, "width_cm": 10, "height_cm": 5}
BY_CARD = {"paid_cny": 100, "weight_g": 100}
MARKED: dict[str, dict[str, Any]] = {
    "RUSH_OPEN": {**GOOD, "inbound_days": 2},
    "FREIGHT_ZERO": {**GOOD, "logistics_cny": 0},
    "FOUND_WITHOUT_SIDES": {**BY_CARD, "country": "DE"},
    "GOODS_LOST_ASSUMED": {**GOOD, "return_case": "buyer", "refund_cny": 9, "cost_cny": 9},
    "PAID_ZERO": {**GOOD, "paid_cny": 0},
    "REFUND_MISSING": {**GOOD, "return_case": "seller"},
    "INSPECTION_OPEN": {**GOOD, "return_case": "买家退货", "refund_cny": 0, "goods_lost_cny": 0},
    "LINE_REFUSED": {**GOOD, "order_id": "X"},
    "NO_WEIGHT": {"paid_cny": 100, "country": "DE"},
    "NO_DESTINATION": {**BY_CARD, "country": "US"},
    "NO_COUNTRY": {**BY_CARD},
    "NO_LINE": {**BY_CARD, "country": "ES", "line": "C"},
    "SEVERAL_LINES": {**BY_CARD, "country": "ES"},
    "BEFORE_START": {**BY_CARD, "country": "FR", "order_date": "2024-12-31"},
    "NO_BAND": {**BY_CARD, "country": "DE", "weight_g": 501},
    "SIDES_PARTLY": {**BY_CARD, "country": "DE", "length_cm": 10},
    "DIVISOR_UNKNOWN": {**BY_CARD, "country": "DE", **BOX},
    "TOO_LARGE": {**BY_CARD, "country": "IT", **BOX},
    "NO_EXCHANGE": {**BY_CARD, "country": "PL"},
    "NO_RULE": {**GOOD, "order_date": "2024-06-30"},
    "REFUSED": {**GOOD, "order_id": "X", "paid_cny": -1},
}
NOTES = {
    "RUSH_OPEN",
    "FREIGHT_ZERO",
    "FOUND_WITHOUT_SIDES",
    "GOODS_LOST_ASSUMED",
    "PAID_ZERO",
}
ERRORS = {"NO_RULE", "REFUSED"}


def marked_rows() -> OrderResults:
    return compute(*MARKED.values(), card=card_for_marks())


def test_every_reason_and_its_status() -> None:
    read = {code.upper() for code in DOUBTS.messages}  # tested where tables are read
    assert set(MARKED) == {mark.name for mark in Mark} - read - {"COST_SPOILT"}  # its own test
    results = marked_rows()
    assert [Mark(int(mark)).name for mark in results.marks] == list(MARKED)
    for name, status in zip(MARKED, results.status, strict=True):
        usual = Status.NOTE if name in NOTES else Status.WARNING
        assert status == (Status.ERROR if name in ERRORS else usual), name
    assert results.refused.tolist() == [name in ERRORS for name in MARKED]


@pytest.mark.parametrize("lang", get_args(Lang))
def test_every_reason_in_words(lang: Lang) -> None:
    found = marked_rows().reasons(lang).tolist()
    for name, reason in zip(MARKED, found, strict=True):
        assert reason, name
        assert "{" not in reason
        assert "}" not in reason
        other = WORDS(name.lower(), lang) if name != "REFUSED" else ""
        assert reason.startswith(other.split("{", maxsplit=1)[0])
    assert len(set(found)) == len(found)
    by_name = dict(zip(MARKED, found, strict=True))
    assert "¥3.00" in by_name["RUSH_OPEN"]
    assert "2024-07-01" in by_name["NO_RULE"]
    assert "-1" in by_name["REFUSED"]


def test_reasons_differ_by_language() -> None:
    zh, en = (marked_rows().reasons(lang) for lang in LANGS)
    assert all(first != second for first, second in zip(zh, en, strict=True))
    assert not any("\u4e00" <= letter <= "\u9fff" for reason in en[:-1] for letter in reason)


@pytest.mark.parametrize(
    ("lang", "words"),
    [("zh", ["正常", "提示", "警告", "错误", ""]), ("en", ["ok", "note", "warning", "error", ""])],
)
def test_statuses_in_words(lang: Lang, words: list[str]) -> None:
    names = ("RUSH_OPEN", "NO_COUNTRY", "REFUSED")
    rows = [GOOD, *(MARKED[name] for name in names), {"paid_cny": None}]
    results = compute(*rows, card=card_for_marks())
    assert results.columns(lang)["status"].tolist() == words
    assert results.status.tolist() == [0, 1, 2, 3, -1]


def test_a_plain_row_has_no_reason() -> None:
    for lang in LANGS:
        assert compute(GOOD).reasons(lang).tolist() == [""]


@pytest.mark.parametrize("lang", get_args(Lang))
def test_several_reasons_the_gravest_first(lang: Lang) -> None:
    row = {**GOOD, "inbound_days": 3, "return_case": "buyer", "logistics_cny": 0, "paid_cny": 0}
    results = compute(row)
    names = ["REFUND_MISSING", "PAID_ZERO", "FREIGHT_ZERO", "RUSH_OPEN"]
    assert Mark(int(results.marks[0])) == Mark(sum(Mark[name] for name in names))
    assert results.status.tolist() == [Status.WARNING]
    reason = results.reasons(lang)[0]
    starts = [WORDS(name.lower(), lang).split("{", maxsplit=1)[0] for name in names]
    places = [reason.index(start) for start in starts]
    assert places == sorted(places)


def test_a_reason_quotes_the_users_own_figures() -> None:
    rows = [
        {"name": "rush_fee", "value": "4.50", "start": dt.date(2025, 3, 1)},
        {"name": "rush_fee", "value": "5", "start": dt.date(2026, 1, 1)},
    ]
    terms = POLICY.with_overrides(rows, "test")
    late = {**GOOD, "inbound_days": 2}
    alone = compute({**late, "order_date": "2025-03-01"}, terms=terms)
    assert "¥4.50" in alone.reasons("en")[0]
    assert alone.at_risk.tolist() == [450]
    both = [{**late, "order_date": day} for day in ("2025-02-28", "2025-03-01")]
    results = compute(*both, terms=terms)
    assert results.at_risk.tolist() == [300, 450]
    assert all("¥3.00" in reason or "¥4.50" in reason for reason in results.reasons("zh"))


def test_what_is_at_risk() -> None:
    rows = [{**GOOD, "inbound_days": days} for days in (None, 0, 1, 2, 3, 4, 30)]
    refused = {**GOOD, "inbound_days": 2, "paid_cny": -1}
    early = {**GOOD, "inbound_days": 2, "order_date": "2024-06-30"}
    results = compute(*rows, refused, early)
    assert results.at_risk.tolist() == [0, 0, 0, 300, 300, 0, 0, 0, 0]


def test_the_least_rush_fee_is_told_and_none_is_not() -> None:
    for fee, mark in (("0", Mark(0)), ("0.01", Mark.RUSH_OPEN)):
        terms = POLICY.with_overrides([{"name": "rush_fee", "value": fee}], "test")
        results = compute({**GOOD, "inbound_days": 2}, terms=terms)
        assert results.marks.tolist() == [mark], fee


def test_the_day_of_rows_without_a_date() -> None:
    terms = POLICY.with_overrides(
        [{"name": "operation_fee", "value": "6", "start": dt.date(2025, 3, 1)}], "test"
    )
    for day, fee in (((2025, 2, 28), 520), ((2025, 3, 1), 600)):
        as_of = dt.date(*day)
        results = compute(GOOD, {**GOOD, "order_date": None}, terms=terms, as_of=as_of)
        assert results.parts.operation_fee.tolist() == [fee, fee]
    none = compute(GOOD, as_of=dt.date(2024, 6, 30))
    assert none.status.tolist() == [Status.ERROR]
    assert none.total.tolist() == [0]


def test_what_an_inspection_may_still_give_back_is_told() -> None:
    """All of the operation fee, ¥5.20, and ¥8.00 with the surcharge of an oversize parcel."""
    results = compute({**GOOD, "return_case": "buyer_open", "refund_cny": 0})
    assert "¥5.20" in results.reasons("zh")[0]
    assert "¥8.00" in results.reasons("zh")[0]
    both = compute({**GOOD, "return_case": "buyer_open"}).reasons("en")[0]
    assert "(F10). A return without a refund" in both
    both = compute({**GOOD, "return_case": "buyer_open"}).reasons("zh")[0]
    assert "（F10）。有退货" in both


def test_the_least_amounts_and_weights_count() -> None:
    """A cent has a margin, and a cent of freight is no freight of nothing; a milligram weighs."""
    cent = {"paid_cny": 0.01, "logistics_cny": 0, "cost_cny": 0}
    assert compute(cent).frame("zh")["margin"].tolist() == [-519.0]
    lines = [{**GOOD, "order_id": "1", "logistics_cny": quote} for quote in (0, 0.01)]
    assert compute(*lines).marks.tolist() == [Mark(0)] * 2
    light = {"paid_cny": 100, "order_id": "1", "country": "ES", "weight_g": 0.001}
    for rows in ([light], [light, light]):
        results = compute(*rows)
        assert results.freight_known.all()
        assert results.frame("zh")["chargeable_g"].notna().all()


def test_a_quoted_row_takes_no_row_of_the_card() -> None:
    assert compute(GOOD, GOOD).place.tolist() == [-1, -1]


# The frame handed back


def source_frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "备注一": ["x", None, "z", "w"],
            "实付金额": ["100", "-5", None, "50.00"],
            "系统报价": [22.6, 22.6, None, 22.6],
            "my own": [1.5, 2.5, 3.5, 4.5],
            "入仓天数": ["T+2", 1, None, 4],
        },
        index=[7, 3, 3, 9],
    )


@pytest.mark.parametrize("lang", get_args(Lang))
def test_rows_order_and_columns_stay(lang: Lang) -> None:
    source = source_frame()
    source.iloc[2, source.columns.get_loc("备注一")] = None
    before = source.copy(deep=True)
    results = compute_orders(source, POLICY, shipped_card().rates, as_of=TODAY)
    frame = results.frame(lang)
    pd.testing.assert_frame_equal(source, before)
    pd.testing.assert_frame_equal(frame[list(source.columns)], source)
    assert list(frame.columns) == [*source.columns, *KEYS]
    assert frame.index.tolist() == [7, 3, 3, 9]
    assert frame["total_fee_cny"].tolist() == pytest.approx(
        [31.3, math.nan, math.nan, 32.55], nan_ok=True
    )
    assert frame["status"].tolist() == [
        WORDS("status_note", lang),
        WORDS("status_error", lang),
        "",
        WORDS("status_ok", lang),
    ]


@pytest.mark.parametrize("lang", get_args(Lang))
def test_results_of_an_earlier_run_give_way(lang: Lang) -> None:
    source = pd.DataFrame([{**GOOD, "note of mine": "a"}, {**GOOD, "note of mine": "b"}])
    first = compute_orders(source, POLICY, shipped_card().rates, as_of=TODAY).frame("zh")
    first["paid_cny"] = [200, 300]
    again = compute_orders(first, POLICY, shipped_card().rates, as_of=TODAY).frame(lang)
    assert list(again.columns) == [*source.columns, *KEYS]
    assert again["service_fee_cny"].tolist() == [7.0, 10.5]
    assert again["note of mine"].tolist() == ["a", "b"]


@pytest.mark.parametrize("lang", get_args(Lang))
def test_results_under_their_titles_give_way(lang: Lang) -> None:
    titles = [column.title(lang) for column in OUTPUT]
    source = pd.DataFrame([{**dict.fromkeys(titles, "old"), **GOOD}])
    frame = compute_orders(source, POLICY, shipped_card().rates, as_of=TODAY).frame(lang)
    assert list(frame.columns) == ["paid_cny", "logistics_cny", *KEYS]
    assert "old" not in frame.to_numpy().tolist()[0]


@pytest.mark.parametrize("first", [True, False])
def test_a_users_own_columns_named_like_results_stay(first: bool) -> None:
    """Only a whole set of result columns is an earlier run's: not a lone 状态, nor all but one."""
    titles = [column.title("zh") for column in OUTPUT]
    lone = {"状态": "我的", "服务费": "旧"}
    for own in (lone, dict.fromkeys(titles[1:3], "旧")):
        source = pd.DataFrame([{**own, **GOOD} if first else {**GOOD, **own}])
        frame = compute_orders(source, POLICY, shipped_card().rates, as_of=TODAY).frame("zh")
        assert list(frame.columns) == [*source.columns, *KEYS]
        assert [frame[name].iloc[0] for name in own] == [*own.values()]


def test_the_fee_parts_of_an_earlier_run_are_enough() -> None:
    """Alone, or behind one more result; beside a 状态 of the user's the last columns are ours."""
    parts = [column.title("zh") for column in OUTPUT if column.key in FEE_PARTS]
    titles = [column.title("zh") for column in OUTPUT]
    for old in (parts, ["计费重", *parts]):
        source = pd.DataFrame([{**dict.fromkeys(old, "旧"), **GOOD}])
        frame = compute_orders(source, POLICY, shipped_card().rates, as_of=TODAY).frame("zh")
        assert list(frame.columns) == ["paid_cny", "logistics_cny", *KEYS]
    own = pd.DataFrame([["我的", 100, 22.6, *["旧"] * len(titles)]])
    own.columns = pd.Index(["状态", "paid_cny", "logistics_cny", *titles])
    frame = compute_orders(own, POLICY, shipped_card().rates, as_of=TODAY).frame("zh")
    assert list(frame.columns) == ["状态", "paid_cny", "logistics_cny", *KEYS]
    assert frame["状态"].tolist() == ["我的"]


def test_results_amid_other_columns_give_way() -> None:
    """Exactly the result columns go, whatever stands before and after them."""
    titles = [column.title("zh") for column in OUTPUT]
    source = pd.DataFrame(
        [{"备注一": "a", **dict.fromkeys(titles, "旧"), **GOOD, "备注二": "b", "备注三": "c"}]
    )
    frame = compute_orders(source, POLICY, shipped_card().rates, as_of=TODAY).frame("zh")
    assert list(frame.columns) == ["备注一", *GOOD, "备注二", "备注三", *KEYS]


def test_numbers_are_numbers_and_blanks_are_blank() -> None:
    frame = compute(GOOD, {**GOOD, "paid_cny": "x"}, {"paid_cny": None}).frame("en")
    for key in KEYS[:-2]:
        assert frame[key].dtype == np.float64, key
        assert frame[key].iloc[1:].isna().all(), key
    assert frame["status"].tolist() == ["ok", "error", ""]
    assert frame["reason"].tolist()[::2] == ["", ""]
    assert frame["reason"].tolist()[1]


def test_empty_rows_give_blank_results() -> None:
    blank = dict.fromkeys((*GOOD, "order_id", "order_date", "country", "weight_g", "return_case"))
    rows = [GOOD, blank, {**blank, "paid_cny": "  "}, {**blank, "unknown": 5}, GOOD]
    results = compute(*rows)
    assert results.status.tolist() == [0, -1, -1, -1, 0]
    assert results.total.tolist() == [3130, 0, 0, 0, 3130]
    assert results.marks.tolist() == [0] * 5
    assert results.at_risk.tolist() == [0] * 5
    shown = results.frame("zh")
    for key in KEYS[:-2]:
        assert shown[key].iloc[1:4].isna().all(), key
    assert shown[["status", "reason"]].iloc[1:4].to_numpy().tolist() == [["", ""]] * 3
    assert len(results.refused_rows("zh")) == 0


def test_a_table_of_empty_rows_only() -> None:
    results = compute({"paid_cny": None}, {"paid_cny": None})
    assert results.status.tolist() == [-1, -1]
    assert results.frame("en")["total_fee_cny"].isna().all()


def test_freight_that_is_not_on_record_leaves_the_other_parts() -> None:
    frame = compute({"paid_cny": 100, "cost_cny": 10}).frame("en")
    parts = frame[["service_fee_cny", "operation_fee_cny", "rush_fee_cny", "repack_fee_cny"]]
    assert parts.to_numpy().tolist() == [[3.5, 5.2, 0.0, 0.0]]
    missing = ["chargeable_g", "logistics_fee_cny", "total_fee_cny", "profit_cny", "margin"]
    assert frame[missing].isna().all(axis=None)
    assert frame["status"].tolist() == ["warning"]


# The rows refused


@pytest.mark.parametrize("lang", get_args(Lang))
def test_refused_rows(lang: Lang) -> None:
    frame = pd.DataFrame(
        {
            "下单日期": ["2024-06-30", "2025-01-01", "2025-01-01", "2024-05-01", "soon", None],
            "实付金额": ["100", "100", "-5", "100", "100", None],
            "系统报价": ["1", "1", "x", "1", "1", None],
        }
    )
    results = compute_orders(frame, POLICY, shipped_card().rates, as_of=TODAY, first_row=11)
    found = results.refused_rows(lang)
    assert list(found.columns) == ["row", "column", "value", "message"]
    assert found["row"].tolist() == [11, 13, 14, 15]
    assert found.index.tolist() == [0, 1, 2, 3]
    assert found["column"].tolist() == ["下单日期", "实付金额", "下单日期", "下单日期"]
    assert found["value"].tolist() == ["2024-06-30", "-5", "2024-05-01", "soon"]
    reasons = results.reasons(lang)[[0, 2, 3, 4]]
    for message, reason, row in zip(found["message"], reasons, found["row"], strict=True):
        assert message.endswith(reason)
        assert str(row) in message
    assert results.refused.tolist() == [True, False, True, True, True, False]


def test_refused_rows_of_a_table_without_dates() -> None:
    results = compute(GOOD, {**GOOD, "paid_cny": None}, as_of=dt.date(2024, 6, 30))
    found = results.refused_rows("en")
    assert found["row"].tolist() == [2, 3]
    assert found["column"].tolist() == ["order_date", "paid_cny"]
    assert found["value"].tolist() == ["2024-06-30", ""]


def test_a_row_priced_by_a_card_has_nothing_to_be_told() -> None:
    row = {"country": "ES", "start": "2024-07-01", "divisor": "none", "from_g": 0, "to_g": 1000}
    card = read_card(pd.DataFrame([{**row, "first_price": 10}]))
    sent = {"paid_cny": 100, "country": "ES", "weight_g": 50}
    lines = [{**sent, "order_id": at, "sku": sku} for at, sku in (("A1", 1), ("A1", 2), ("A2", 1))]
    results = compute(*lines, card=card)
    assert results.marks.tolist() == [0, 0, 0]
    assert results.parts.logistics_fee.tolist() == [500, 500, 1000]


def test_nothing_refused() -> None:
    found = compute(GOOD).refused_rows("en")
    assert list(found.columns) == ["row", "column", "value", "message"]
    assert len(found) == 0


# One row never touches another

bad_rows = st.sampled_from(
    [
        {**GOOD, "paid_cny": "abc"},
        {**GOOD, "order_date": "2024-06-30"},
        {**GOOD, "order_date": "32.13.2024"},
        {**GOOD, "parcel": "huge"},
        {**GOOD, "paid_cny": "#DIV/0!"},
        {**GOOD, "country": "Atlantis"},
        {"paid_cny": None},
        {"paid_cny": 100, "country": "US", "weight_g": 5},
    ]
)
good_rows = st.fixed_dictionaries(
    {
        "paid_cny": st.integers(0, 99_999).map(lambda cents: cents / 100),
        "logistics_cny": st.none() | st.integers(0, 9_999).map(lambda cents: cents / 100),
        "inbound_days": st.none() | st.integers(0, 5),
        "return_case": st.sampled_from([None, "buyer", "seller"]),
        "refund_cny": st.none() | st.just(10),
        "cost_cny": st.none() | st.just(20),
        "country": st.sampled_from([None, "ES", "德国"]),
        "weight_g": st.none() | st.integers(1, 120),
        "order_date": st.sampled_from([None, "2024-07-01", "2025/3/1", 45717]),
    }
)


@settings(max_examples=examples(50), phases=UNSHRUNK)
@given(st.lists(good_rows, min_size=1, max_size=8), st.lists(bad_rows, max_size=8), st.randoms())
def test_a_row_has_the_same_result_alone_and_among_others(
    good: list[dict[str, Any]], bad: list[dict[str, Any]], chance: random.Random
) -> None:
    rows = [*good, *bad]
    chance.shuffle(rows)
    together = compute(*rows).frame("en")[KEYS]
    for at, row in enumerate(rows):
        alone = compute({key: row.get(key) for key in {**good[0], **row}}).frame("en")[KEYS]
        mine = together.iloc[[at]].reset_index(drop=True)
        mine["reason"] = mine["reason"].str.replace(f"Row {at + 2}", "Row 2")
        pd.testing.assert_frame_equal(mine, alone)
