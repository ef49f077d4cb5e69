"""Bills of a separately written biller, with known faults: each is found and named, and
none is invented."""

import random
from collections import defaultdict
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sellersheet.cards import shipped_card
from sellersheet.exchange import FxRates
from sellersheet.intake.grid import grid_of_frame
from sellersheet.policy import load
from sellersheet.rules.difference_causes import Cause
from sellersheet_workbook.batch.one import Terms
from sellersheet_workbook.reconcile.bill import read_bill
from sellersheet_workbook.reconcile.causes import Comparison, compare
from sellersheet_workbook.reconcile.matching import OrderSide, orders_of
from tests.examples import examples, large
from tests.oracle.biller import Billed, bill_rows, billed, explanations, put_faults

TERMS = Terms(load(), shipped_card(), FxRates.fixed({}), None, date(2024, 10, 1))
FORMS = ("parts", "sum", "charges")
RETURNS = {None: None, "buyer": "买家退货验货通过", "buyer_failed": "买家退货验货未通过"}
RETURNS["seller"] = "卖家责任"


def dice(seed: int) -> random.Random:
    return random.Random(seed)


def make_orders(count: int, chance: random.Random) -> list[Billed]:
    orders = []
    for number in range(count):
        case = chance.choices([None, "buyer", "buyer_failed", "seller"], [7, 2, 1, 1])[0]
        lines = [
            {
                "paid_cny": f"{chance.randint(100, 30_000) / 100:.2f}",
                "logistics_cny": f"{chance.randint(1000, 9000) / 100:.2f}",
                "parcel": chance.choice(["standard", "standard", "oversize"]),
                "inbound_days": chance.randint(0, 6),
                "standard_box": chance.random() < 0.7,
                "return_case": case,
            }
            for _ in range(chance.choices([1, 2, 3], [6, 2, 1])[0])
        ]
        orders.append(billed(f"店{number % 3}", f"80{number:08d}", lines))
    return orders


def order_frame(orders: list[Billed]) -> pd.DataFrame:
    rows = [
        {
            "店铺": order.shop,
            "订单号": order.order_id,
            "下单日期": "2024-09-05",
            "订单实付金额": line["paid_cny"],
            "物流费(系统报价)": line["logistics_cny"],
            "件型": {"standard": "标准件", "oversize": "大件"}[line["parcel"]],
            "入仓天数": str(line["inbound_days"]),
            "平台标准箱": "是" if line["standard_box"] else "否",
            "退货情形": RETURNS[line["return_case"]],
        }
        for order in orders
        for line in order.lines
    ]
    return pd.DataFrame(rows)


def check(
    orders: list[Billed], rows: list[dict[str, str]], tolerance: int = 0
) -> tuple[OrderSide, Comparison]:
    results = TERMS.compute(grid_of_frame(order_frame(orders)))
    bill = read_bill(grid_of_frame(pd.DataFrame(rows)), TERMS.fx)
    side = orders_of(results, TERMS)
    return side, compare(side, bill, tolerance)


def named(side: OrderSide, found: Comparison) -> dict[str, dict[str, int]]:
    """Order number -> cause -> cents."""
    told: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    items = found.differences
    for order, cause, amount in zip(items.order, items.cause, items.amount, strict=True):
        told[side.order_id[order]][Cause(cause).name.lower()] += int(amount)
    return {order: dict(causes) for order, causes in told.items()}


def with_faults(
    count: int, chance: random.Random, *, fixed: bool, copies: bool = False
) -> list[Billed]:
    orders = make_orders(count, chance)
    for order in orders:
        put_faults(order, chance.choice([0, 0, 1, 1, 2]), chance, fixed=fixed)
        if copies and chance.random() < 0.1:
            order.copies = 2
    return orders


def truth(orders: list[Billed]) -> dict[str, dict[str, int]]:
    told: dict[str, dict[str, int]] = {}
    for order in orders:
        causes: dict[str, int] = defaultdict(int)
        for name, _, amount in order.faults:
            causes[name] += amount
        if order.copies > 1:
            causes["order_twice"] += sum(order.charged.values())
        if causes:
            told[order.order_id] = dict(causes)
    return told


@given(seed=st.integers(0, 2**32), form=st.sampled_from(["parts", "charges"]))
@settings(max_examples=examples(80))
def test_faults_of_separate_parts(seed: int, form: str) -> None:
    chance = dice(seed)
    orders = with_faults(12, chance, fixed=False, copies=True)
    side, found = check(orders, bill_rows(orders, form, chance))
    assert found.both.all()
    assert named(side, found) == truth(orders)


def smallest(order: Billed, tolerance: int) -> set[frozenset[str]] | None:
    """The smallest explanations of an order's sum; None where it agrees."""
    difference = sum(amount for _, _, amount in order.faults)
    if abs(difference) <= tolerance:
        return None
    possible = explanations(order, difference)
    if possible or not tolerance:
        return possible
    near = [*explanations(order, difference - 1), *explanations(order, difference + 1)]
    return {one for one in near if len(one) == min(map(len, near))}


def as_told(possible: set[frozenset[str]] | None) -> set[str]:
    """What a check of a bill of sums is to say."""
    if possible is None:
        return set()
    if len(possible) > 1:
        return {"ambiguous"}
    return set(next(iter(possible))) if possible else {"unexplained"}


@given(seed=st.integers(0, 2**32), fixed=st.booleans(), tolerance=st.sampled_from([0, 1]))
@settings(max_examples=examples(80))
def test_faults_of_one_sum(seed: int, fixed: bool, tolerance: int) -> None:
    chance = dice(seed)
    orders = with_faults(10, chance, fixed=fixed)
    side, found = check(orders, bill_rows(orders, "sum", chance), tolerance)
    told = named(side, found)
    assert orders
    for order in orders:
        causes = told.get(order.order_id, {})
        assert set(causes) == as_told(smallest(order, tolerance)), order
        if causes:
            assert sum(causes.values()) == sum(amount for _, _, amount in order.faults)


@given(seed=st.integers(0, 2**32), form=st.sampled_from(FORMS))
@settings(max_examples=examples(30))
def test_nothing_is_invented(seed: int, form: str) -> None:
    chance = dice(seed)
    orders = make_orders(20, chance)
    _, found = check(orders, bill_rows(orders, form, chance))
    assert found.compared.all()
    assert not len(found.differences.order)


def test_single_faults_are_named_in_one_sum() -> None:
    chance = dice(5)
    orders = make_orders(3000, chance)
    for order in orders:
        while len(order.faults) != 1:
            order.faults.clear()
            put_faults(order, 1, chance, fixed=True)
    side, found = check(orders, bill_rows(orders, "sum", chance), 1)
    assert named(side, found) == truth(orders)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("cents", "differs"), [(0, False), (1, False), (2, True), (-1, False), (-2, True)]
)
def test_tolerance_to_the_cent(form: str, cents: int, differs: bool) -> None:
    chance = dice(1)
    orders = make_orders(4, chance)
    orders[2].faults.append(("off", "freight", cents))
    side, found = check(orders, bill_rows(orders, form, chance), tolerance=1)
    assert len(found.differences.order) == int(differs)
    if differs:
        assert side.order_id[found.differences.order[0]] == orders[2].order_id
        assert found.differences.amount[0] == cents


def test_a_platform_rounding_is_not_a_second_cause() -> None:
    chance = dice(2)
    orders = make_orders(30, chance)
    for order in orders:
        put_faults(order, 1, chance, fixed=True)
        order.faults.append(("rounding", "service", 1))
    side, found = check(orders, bill_rows(orders, "sum", chance), tolerance=1)
    told = named(side, found)
    assert len(told) == 30
    for causes in told.values():
        assert "unexplained" not in causes


@pytest.mark.parametrize(("rate", "cause"), [(50, "SERVICE_ABOVE"), (20, "SERVICE_BELOW")])
def test_another_service_rate_in_one_sum(rate: int, cause: str) -> None:
    chance = dice(3)
    orders = make_orders(400, chance)
    for order in orders:
        paid = sum(round(float(line["paid_cny"]) * 100) for line in order.lines)
        charged = (paid * rate + 500) // 1000
        order.faults.append(("rate", "service", charged - order.due["service"]))
    _, found = check(orders, bill_rows(orders, "sum", chance), tolerance=1)
    causes = [Cause(code).name for code in found.differences.cause]
    assert causes.count(cause) > 0.85 * len(orders)
    rates = found.differences.rate[found.differences.cause == Cause[cause]]
    assert np.nanmedian(np.abs(rates - rate / 1000)) < 0.0005


def test_a_bill_in_negative_amounts() -> None:
    chance = dice(4)
    orders = with_faults(60, chance, fixed=False)
    for form in ("parts", "charges"):
        rows: list[dict[str, Any]] = bill_rows(orders, form, chance)
        for row in rows:
            for key, value in row.items():
                if key not in ("店铺", "订单号", "费用类型"):
                    row[key] = value[1:] if value.startswith("-") else f"-{value}"
        side, found = check(orders, rows)
        assert named(side, found) == truth(orders)


def test_refunds_written_as_positive_amounts() -> None:
    chance = dice(6)
    orders = with_faults(80, chance, fixed=False)
    rows = bill_rows(orders, "parts", chance)
    for row in rows:
        row["操作费返还"] = row["操作费返还"].removeprefix("-")
    side, found = check(orders, rows)
    assert named(side, found) == truth(orders)


def test_a_total_beside_its_parts_is_no_charge() -> None:
    chance = dice(7)
    orders = with_faults(40, chance, fixed=False)
    rows = bill_rows(orders, "parts", chance)
    for row, order in zip(rows, orders, strict=True):
        row["费用合计"] = f"{sum(order.charged.values()) / 100:.2f}"
    side, found = check(orders, rows)
    assert named(side, found) == truth(orders)
    rows[3]["费用合计"] = "999.00"
    side, found = check(orders, rows)
    assert "unexplained" in named(side, found)[orders[3].order_id]


def test_refunds_netted_in_the_operation_fee() -> None:
    chance = dice(8)
    orders = make_orders(60, chance)
    rows = bill_rows(orders, "parts", chance)
    for row, order in zip(rows, orders, strict=True):
        row["操作费"] = f"{(order.due['operation'] + order.due['refund']) / 100:.2f}"
        del row["操作费返还"]
    side, found = check(orders, rows)
    assert named(side, found) == {}


def test_shops() -> None:
    chance = dice(9)
    orders = with_faults(40, chance, fixed=True)
    side, found = check(orders, bill_rows(orders, "parts", chance, shops=False))
    assert named(side, found) == truth(orders)
    orders[1].order_id = orders[0].order_id  # one number in two shops
    side, found = check(orders, bill_rows(orders, "parts", chance, shops=False))
    assert not found.both[:2].any()
    assert found.both[2:].all()
    _, found = check(orders, bill_rows(orders, "parts", chance))
    assert found.both.all()


def test_thousands_of_orders() -> None:
    chance = dice(10)
    orders = with_faults(large(20_000), chance, fixed=True)
    results = TERMS.compute(grid_of_frame(order_frame(orders)))
    for form in ("sum", "parts", "charges"):
        if form == "parts":
            for order in chance.sample(orders, len(orders) // 10):
                order.copies = 2
        rows = pd.DataFrame(bill_rows(orders, form, chance))
        side, bill = orders_of(results, TERMS), read_bill(grid_of_frame(rows), TERMS.fx)
        found = compare(side, bill, 1)
        told = named(side, found)
        if form != "sum":
            assert told == truth(orders)
            continue
        amounts = {order.order_id: sum(item[2] for item in order.faults) for order in orders}
        assert {key: sum(causes.values()) for key, causes in told.items()} == {
            key: amount for key, amount in amounts.items() if abs(amount) > 1
        }
        for order in orders[:2_000]:
            assert set(told.get(order.order_id, {})) == as_told(smallest(order, 1))
