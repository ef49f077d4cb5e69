"""Orders of several lines: what is charged once, and how the lines share it."""

import datetime as dt
import math
import random
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sellersheet import policy
from sellersheet.cards import shipped_card
from sellersheet.orders import OrderResults, Status, compute_orders
from sellersheet.orders.marks import Mark
from sellersheet.rules.fees import (
    BUYER_FAILED,
    BUYER_OPEN,
    BUYER_PASSED,
    FEE_PARTS,
    NO_RETURN,
    SELLER_FAULT,
    Orders,
)
from sellersheet.rules.lines import Groups, allocate, as_orders, shared_orders
from tests import oracle
from tests.cases import Case, flag, groups, load, money, number
from tests.examples import UNSHRUNK, examples

POLICY = policy.load()
CASES = load("order_lines")
ORDERS = groups("order_lines", "name", "shop", "order_id")
TODAY = dt.date(2025, 6, 1)
INPUTS = (
    "shop",
    "order_id",
    "line_no",
    "paid_cny",
    "logistics_cny",
    "parcel",
    "inbound_days",
    "standard_box",
    "return_case",
    "refund_cny",
    "goods_lost_cny",
    "cost_cny",
    "other_cny",
)


def compute(rows: Sequence[Any], terms: policy.Policy = POLICY) -> OrderResults:
    frame = pd.DataFrame([{key: row.get(key) for key in INPUTS} for row in rows], columns=INPUTS)
    return compute_orders(frame, terms, shipped_card().rates, as_of=TODAY)


def in_cents(results: OrderResults) -> list[list[int]]:
    found: list[list[int]] = np.stack([*results.parts, results.total], axis=1).tolist()
    return found


def as_listed(case: Case) -> list[int | None]:
    return [money(case, key) for key in (*FEE_PARTS, "total_fee_cny")]


def check(cases: Sequence[Case], results: OrderResults) -> None:
    profits = results.columns("zh")["profit_cny"].tolist()
    for row, case in enumerate(cases):
        assert in_cents(results)[row] == as_listed(case), case["name"]
        profit = money(case, "profit_cny")
        assert results.profit_known[row] == (profit is not None), case["name"]
        wanted = math.nan if profit is None else profit / 100
        assert profits[row] == pytest.approx(wanted, abs=1e-9, nan_ok=True), case["name"]


@pytest.mark.parametrize(
    "cases", [pytest.param(cases, id=" / ".join(key)) for key, cases in ORDERS.items()]
)
def test_an_order_alone(cases: list[Case]) -> None:
    check(cases, compute(cases))


@pytest.mark.parametrize("seed", range(6))
def test_all_orders_in_one_shuffled_table(seed: int) -> None:
    """Lines of one order keep their own sequence, since the first is served first."""
    chance = random.Random(seed)
    waiting = [list(cases) for cases in ORDERS.values()]
    rows: list[Case] = []
    while waiting:
        order = chance.choice(waiting)
        rows.append(order.pop(0))
        waiting = [lines for lines in waiting if lines]
    assert len(rows) == len(CASES)
    check(rows, compute(rows))


texts = st.integers(0, 100_000).map(lambda cents: f"{cents // 100}.{cents % 100:02d}")
a_line = st.fixed_dictionaries(
    {
        "paid_cny": st.one_of(st.just("0.00"), st.just("0.01"), texts),
        "logistics_cny": st.one_of(st.just("0.00"), texts),
        "parcel": st.sampled_from([None, None, "standard", "oversize"]),
        "inbound_days": st.sampled_from([None, "0", "1", "3", "4"]),
        "standard_box": st.sampled_from([None, "TRUE", "FALSE"]),
        "return_case": st.sampled_from([None, "buyer", "buyer", "buyer_failed", "seller"]),
        "refund_cny": st.one_of(st.none(), texts),
        "goods_lost_cny": st.one_of(st.none(), texts),
        "cost_cny": st.one_of(st.none(), texts),
        "other_cny": st.one_of(st.none(), texts),
    }
)
some_orders = st.lists(st.lists(a_line, min_size=1, max_size=7), min_size=1, max_size=8)


def numbered(orders: Sequence[Sequence[Case]], chance: random.Random) -> list[Case]:
    """The lines of all orders, mixed, those of one order in their own sequence."""
    rows = [
        (chance.random(), {**line, "shop": f"S{at % 2}", "order_id": f"O{at // 2}"})
        for at, lines in enumerate(orders)
        for line in lines
    ]
    slots = sorted(range(len(rows)), key=lambda row: rows[row][0])
    by_order: dict[tuple[Any, Any], list[Case]] = {}
    for _, row in rows:
        by_order.setdefault((row["shop"], row["order_id"]), []).append(row)
    return [by_order[rows[slot][1]["shop"], rows[slot][1]["order_id"]].pop(0) for slot in slots]


def lines_of(rows: Sequence[Case]) -> dict[tuple[Any, Any], list[int]]:
    found: dict[tuple[Any, Any], list[int]] = {}
    for row, line in enumerate(rows):
        found.setdefault((line["shop"], line["order_id"]), []).append(row)
    return found


@settings(max_examples=examples(80), phases=UNSHRUNK)
@given(some_orders, st.randoms(use_true_random=False))
def test_any_orders_agree_with_the_oracle(orders: list[list[Case]], chance: random.Random) -> None:
    rows = numbered(orders, chance)
    results = compute(rows)
    found = in_cents(results)
    assert lines_of(rows)
    for at in lines_of(rows).values():
        lines = [{**rows[row], "standard_box": flag(rows[row], "standard_box")} for row in at]
        expected = oracle.order_fees(lines)
        assert at
        for row, line, fees in zip(at, lines, expected, strict=True):
            assert found[row] == list(fees.values())
            profit = oracle.profit(fees, line)
            assert results.profit_known[row] == (profit is not None)
            assert results.profit[row] == (profit or 0)


@settings(max_examples=examples(60), phases=UNSHRUNK)
@given(some_orders, st.randoms(use_true_random=False))
def test_lines_add_up_to_the_order_written_in_one_row(
    orders: list[list[Case]], chance: random.Random
) -> None:
    rows = numbered(orders, chance)
    whole = [together([rows[row] for row in at]) for at in lines_of(rows).values()]
    found, expected = in_cents(compute(rows)), in_cents(compute(whole))
    assert lines_of(rows)
    for at, parts in zip(lines_of(rows).values(), expected, strict=True):
        assert [sum(column) for column in zip(*(found[row] for row in at), strict=True)] == parts


def together(lines: Sequence[Case]) -> Case:
    """One row that says what the lines say together."""

    def total(key: str) -> str:
        cents = sum(money(line, key) or 0 for line in lines)
        return f"{cents // 100}.{cents % 100:02d}"

    cases = [line["return_case"] for line in lines]
    case = "buyer" if set(cases) == {"buyer"} else None
    return {
        "shop": lines[0]["shop"],
        "order_id": lines[0]["order_id"],
        "paid_cny": total("paid_cny"),
        "logistics_cny": total("logistics_cny"),
        "parcel": "oversize" if any(line["parcel"] == "oversize" for line in lines) else None,
        "inbound_days": str(max(number(line, "inbound_days", 1) or 0 for line in lines)),
        "standard_box": str(all(line["standard_box"] != "FALSE" for line in lines)),
        "return_case": "seller" if "seller" in cases else case,
    }


def one_group(sizes: Sequence[int]) -> Groups:
    count = sum(sizes)
    first = np.cumsum([0, *sizes[:-1]])
    order = np.repeat(np.arange(len(sizes)), sizes)
    return Groups(np.arange(count), first, order)


@settings(max_examples=examples(150))
@given(
    st.lists(
        st.tuples(
            st.integers(-(10**11), 10**11),
            st.lists(st.one_of(st.just(0), st.integers(0, 10**11)), min_size=1, max_size=8),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_shares_are_the_largest_remainders(orders: list[tuple[int, list[int]]]) -> None:
    """Products of up to 1e22 are beyond int64; every share is exact all the same."""
    totals = np.array([total for total, _ in orders], dtype=np.int64)
    weights = np.array([weight for _, some in orders for weight in some], dtype=np.int64)
    parts = allocate(totals, weights, one_group([len(some) for _, some in orders]))
    assert parts.dtype == np.int64
    expected = [part for total, some in orders for part in oracle.share(total, some)]
    assert parts.tolist() == expected
    by_order = np.split(parts, np.cumsum([len(some) for _, some in orders])[:-1])
    assert [int(some.sum()) for some in by_order] == totals.tolist()


@pytest.mark.parametrize(
    ("total", "weights", "expected"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (-100, [1, 1, 1], [-34, -33, -33]),
        (1, [0, 0], [1, 0]),
        (520, [0, 0, 0], [174, 173, 173]),
        (520, [0, 7, 0], [0, 520, 0]),
        (0, [3, 4], [0, 0]),
        (2, [1, 1, 1, 1, 1], [1, 1, 0, 0, 0]),
        (10, [6, 3, 1], [6, 3, 1]),
        (7, [10**11, 10**11, 1], [4, 3, 0]),
        (10**11, [10**11, 10**11 - 1], [50_000_000_000, 50_000_000_000]),
    ],
)
def test_shares(total: int, weights: list[int], expected: list[int]) -> None:
    found = allocate(np.array([total]), np.array(weights), one_group([len(weights)]))
    assert found.tolist() == expected


@pytest.mark.parametrize(
    ("lines", "whole"),
    [
        ((BUYER_PASSED, BUYER_PASSED), BUYER_PASSED),
        ((BUYER_FAILED, BUYER_FAILED), BUYER_FAILED),
        ((BUYER_PASSED, BUYER_OPEN), BUYER_OPEN),  # passed, once the open one has
        ((BUYER_OPEN, BUYER_OPEN), BUYER_OPEN),
        ((BUYER_OPEN, BUYER_FAILED), NO_RETURN),
        ((BUYER_OPEN, NO_RETURN), NO_RETURN),
        ((BUYER_PASSED, NO_RETURN), NO_RETURN),
        ((BUYER_PASSED, SELLER_FAULT), SELLER_FAULT),
    ],
)
def test_the_return_of_an_order(lines: tuple[int, int], whole: int) -> None:
    none = np.zeros(2, dtype=np.int64)
    rows = Orders(none, none, none > 0, none, none > 0, np.array(lines))
    assert as_orders(rows, one_group([2])).return_case.tolist() == [whole]


def test_remainders_too_large_for_one_key() -> None:
    """Largest remainder first, ties in their sequence, where order and remainder fit no int64."""
    most = 4 * 10**18
    weights = np.array([most, most + 5, most, most, most, most - 1, 7, 2, 1])
    found = allocate(np.array([1, -1, 1, 10]), weights, one_group([2, 2, 2, 3]))
    assert found.tolist() == [0, 1, -1, 0, 1, 0, 7, 2, 1]


def test_amounts_whose_products_overflow() -> None:
    """Paid and freight at the largest amount a cell may hold, on several lines."""
    big = "1000000000.00"
    lines: list[Case] = [
        {"shop": "A", "order_id": "1", "paid_cny": big, "logistics_cny": big},
        {"shop": "A", "order_id": "1", "paid_cny": "999999999.99", "logistics_cny": "0.01"},
        {"shop": "A", "order_id": "1", "paid_cny": "0.01", "logistics_cny": big},
    ]
    assert in_cents(compute(lines)) == [list(fees.values()) for fees in oracle.order_fees(lines)]


def test_an_order_of_which_nothing_was_paid_is_shared_equally() -> None:
    rows: list[Case] = [
        {"order_id": "1", "paid_cny": "0", "logistics_cny": "1.00"} for _ in range(3)
    ]
    results = compute(rows)
    assert results.parts.operation_fee.tolist() == [174, 173, 173]
    assert results.parts.logistics_fee.tolist() == [100, 100, 100]
    assert all(mark & Mark.PAID_ZERO for mark in results.marks)


def test_rows_without_an_order_number_are_orders_of_their_own() -> None:
    rows: list[Case] = [
        {"shop": "A", "order_id": number, "paid_cny": "100", "logistics_cny": "22.60"}
        for number in (None, "", "7", "7")
    ]
    assert compute(rows).total.tolist() == [3130, 3130, 2870, 2870]


def test_an_order_number_without_a_shop_column() -> None:
    frame = pd.DataFrame({"order_id": [7, 8, 7], "paid_cny": 50, "logistics_cny": [22.6, 0, 0]})
    results = compute_orders(frame, POLICY, shipped_card().rates, as_of=TODAY)
    assert results.total.tolist() == [1565, 175 + 520, 1565]


GOOD: Case = {"shop": "A", "order_id": "1", "paid_cny": "50", "logistics_cny": "11.30"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"paid_cny": "-1"},
        {"paid_cny": "abc"},
        {"paid_cny": None},
        {"parcel": "huge"},
        {"inbound_days": "2.5"},
        {"return_case": "perhaps"},
        {"logistics_cny": "#N/A"},
    ],
    ids=str,
)
def test_a_refused_line_leaves_the_others_marked(wrong: dict[str, str | None]) -> None:
    other: Case = {**GOOD, "order_id": "2"}
    rows: list[Case] = [GOOD, {**GOOD, **wrong}, other, other, {**GOOD, "order_id": "3"}, GOOD]
    results = compute(rows)
    assert results.refused.tolist() == [False, True, False, False, False, False]
    marked = [bool(mark & Mark.LINE_REFUSED) for mark in results.marks]
    assert marked == [True, False, False, False, False, True]
    # The fourth row equals the third in every cell, the last one the first.
    states = [Status.WARNING, Status.ERROR, Status.OK, Status.NOTE, Status.OK, Status.WARNING]
    assert results.status.tolist() == states
    # The lines that remain bear the order by themselves.
    assert results.total.tolist() == [1565, 0, 1565, 1565, 1130 + 175 + 520, 1565]


def test_a_single_line_beside_a_refused_one_is_marked() -> None:
    results = compute([GOOD, {**GOOD, "paid_cny": "-1"}])
    assert results.total.tolist() == [1130 + 175 + 520, 0]
    assert results.marks.tolist() == [Mark.LINE_REFUSED, Mark.REFUSED]


def test_a_line_before_the_rules_leaves_the_others_marked() -> None:
    frame = pd.DataFrame([GOOD, GOOD])
    frame["order_date"] = ["2024-06-30", "2024-07-01"]
    results = compute_orders(frame, POLICY, shipped_card().rates, as_of=TODAY)
    assert results.status[0] == Status.ERROR
    assert results.marks[1] & Mark.LINE_REFUSED
    assert results.status[1] == Status.WARNING


def test_an_order_goes_by_the_day_of_its_first_line() -> None:
    row = {"name": "operation_fee", "value": "6.00", "start": dt.date(2025, 3, 1)}
    terms = POLICY.with_overrides([row], "test")
    frame = pd.DataFrame([GOOD, GOOD, {**GOOD, "order_id": "2"}, {**GOOD, "order_id": "2"}])
    frame["order_date"] = ["2025-02-28", "2025-03-01", "2025-03-01", "2025-02-28"]
    results = compute_orders(frame, terms, shipped_card().rates, as_of=TODAY)
    assert results.parts.operation_fee.tolist() == [260, 260, 300, 300]


@pytest.mark.parametrize("case", [None, "buyer", "buyer_failed", "seller"])
def test_two_like_lines_cost_what_one_row_costs(case: str | None) -> None:
    """Whatever the refund rates are set to."""
    rates = {"buyer_return_refund_rate": "0.8", "failed_inspection_refund_rate": "0.5"}
    terms = POLICY.with_overrides(
        [{"name": name, "value": value} for name, value in rates.items()], "test"
    )
    line: Case = {**GOOD, "return_case": case, "refund_cny": "0"}
    whole: Case = {**line, "paid_cny": "100", "logistics_cny": "22.60"}
    lines, row = compute([line, line], terms), compute([whole], terms)
    assert [sum(part) for part in lines.parts] == [int(part[0]) for part in row.parts]


def test_freight_of_an_order_is_priced_once_by_its_whole_weight() -> None:
    """Two lines of 44 and 45 g are one parcel of 89 g; 45 and 45 g are in no band."""
    frame = pd.DataFrame(
        {
            "order_id": [1, 1, 2, 2, 3, 3, 4, 4],
            "paid_cny": [10, 30, 10, 30, 10, 30, 10, 30],
            "country": "ES",
            "weight_g": [44, 45, 45, 45, 44, None, 44, 45],
            "logistics_cny": [None, None, None, None, None, None, None, 5.0],
        }
    )
    results = compute_orders(frame, POLICY, shipped_card().rates, as_of=TODAY)
    assert results.parts.logistics_fee.tolist() == [565, 1695, 0, 0, 0, 0, 125, 375]
    assert results.freight_known.tolist() == [True] * 2 + [False] * 4 + [True] * 2
    marks = [
        *[Mark.FOUND_WITHOUT_SIDES] * 2,
        *[Mark.NO_BAND] * 2,
        *[Mark.NO_WEIGHT] * 2,
        *[Mark(0)] * 2,
    ]
    assert results.marks.tolist() == marks
    assert results.columns("en")["chargeable_g"].tolist()[:2] == [89.0, 89.0]


def test_a_zero_quote_is_noted_only_when_the_order_has_no_freight() -> None:
    rows: list[Case] = [
        {**GOOD, "logistics_cny": "0"},
        GOOD,
        {**GOOD, "order_id": "2", "logistics_cny": "0"},
        {**GOOD, "order_id": "2", "logistics_cny": "0"},
    ]
    zero = [bool(mark & Mark.FREIGHT_ZERO) for mark in compute(rows).marks]
    assert zero == [False, False, True, True]


def test_the_open_rush_fee_is_counted_once_an_order() -> None:
    days = ("2", "3", "1", "2", "4", "2")
    orders = ("1", "1", "2", "2", "3", "3")
    rows: list[Case] = [
        {**GOOD, "order_id": order, "inbound_days": day}
        for order, day in zip(orders, days, strict=True)
    ]
    results = compute(rows)
    at_risk = results.at_risk.tolist()
    assert [sum(at_risk[at : at + 2]) for at in (0, 2, 4)] == [300, 300, 0]
    assert results.parts.rush_fee.tolist() == [0, 0, 0, 0, 150, 150]


def test_no_order_has_several_lines() -> None:
    use = np.ones(3, dtype=bool)
    assert shared_orders(None, use) is None
    assert shared_orders(np.array([2, 0, 1]), use) is None
    assert shared_orders(np.array([0, 0, 1]), np.array([True, False, True])) is None


def test_lines_are_brought_together_in_the_sequence_of_the_table() -> None:
    found = shared_orders(np.array([5, 3, 5, 9, 3, 5]), np.ones(6, dtype=bool))
    assert found is not None
    assert found.rows.tolist() == [1, 4, 0, 2, 5]
    assert found.first.tolist() == [0, 2]
    assert found.order.tolist() == [0, 0, 1, 1, 1]
