"""The fees of one order: the case table, the oracle, and the day on which each value starts."""

import datetime as dt
import math
import random
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sellersheet import policy
from sellersheet.cards import shipped_card
from sellersheet.orders import OrderResults, Status, compute_orders
from sellersheet.rules.fees import FEE_PARTS, FEE_VALUES, Orders, order_fees, rush_fee_at_risk
from tests import oracle
from tests.cases import Case, flag, load, money, number, text
from tests.examples import UNSHRUNK, examples
from tests.oracle.fees import FIRST_DAY

POLICY = policy.load()
CASES = load("fees")
TODAY = dt.date(2025, 6, 1)
INPUTS = (
    "paid_cny",
    "logistics_cny",
    "parcel",
    "inbound_days",
    "standard_box",
    "return_case",
    "order_date",
)
RETURN_CODES = {None: 0, "none": 0, "buyer": 1, "buyer_failed": 2, "seller": 3}
STATUS = {"ok": Status.OK, "note": Status.NOTE, "no_rule": Status.ERROR}

each_case = pytest.mark.parametrize("case", [pytest.param(c, id=text(c, "name")) for c in CASES])


def compute(rows: Sequence[Case], terms: policy.Policy = POLICY) -> OrderResults:
    """The rows in one table; with a refund, whose absence would be a warning of its own."""
    frame = pd.DataFrame([{key: row[key] for key in INPUTS} for row in rows], columns=INPUTS)
    frame["refund_cny"] = "0.00"
    return compute_orders(frame, terms, shipped_card().rates, as_of=TODAY)


def shown(results: OrderResults) -> list[list[float]]:
    found = results.columns("en")
    rows: list[list[float]] = np.stack(
        [found[key] for key in (*FEE_PARTS, "total_fee_cny")], axis=1
    ).tolist()
    return rows


def as_listed(case: Case) -> list[float]:
    """The row's seven parts and total as they are shown; NaN for a blank."""
    cents = [money(case, key) for key in (*FEE_PARTS, "total_fee_cny")]
    return [math.nan if part is None else part / 100 for part in cents]


def status_in_a_table(row: Case, fee_status: str) -> Status:
    """A table also notes that nothing was paid, or that freight costs nothing."""
    nothing = "0.00" in (row["paid_cny"], row["logistics_cny"])
    return Status.NOTE if fee_status == "ok" and nothing else STATUS[fee_status]


def check(cases: Sequence[Case], results: OrderResults) -> None:
    for case, parts, status in zip(cases, shown(results), results.status, strict=True):
        assert parts == pytest.approx(as_listed(case), abs=1e-9, nan_ok=True), case["name"]
        assert status == status_in_a_table(case, text(case, "status")), case["name"]


def scalar_order(case: Case) -> Orders:
    paid, logistics = money(case, "paid_cny"), money(case, "logistics_cny")
    box = flag(case, "standard_box")
    return Orders(
        paid=paid,
        logistics=logistics,
        oversize=case["parcel"] == "oversize",
        inbound_days=number(case, "inbound_days", 1),
        standard_box=True if box is None else box,
        return_case=RETURN_CODES[case["return_case"]],
    )


def case_day(case: Case) -> dt.date:
    return TODAY if case["order_date"] is None else dt.date.fromisoformat(case["order_date"])


@each_case
def test_a_case_as_plain_numbers(case: Case) -> None:
    view = POLICY.on(case_day(case))
    assert view.known(FEE_VALUES) == (case["status"] != "no_rule")
    if case["status"] == "no_rule":
        assert money(case, "total_fee_cny") is None
        return
    order = scalar_order(case)
    fees = order_fees(order, view)
    assert list(fees) == [money(case, key) for key in FEE_PARTS]
    assert fees.total == money(case, "total_fee_cny")
    assert all(type(part) is int for part in (*fees, fees.total))
    at_risk = rush_fee_at_risk(order.inbound_days, view)
    assert type(at_risk) is int
    assert at_risk == (300 if case["status"] == "note" else 0)


@each_case
def test_a_case_as_a_table_of_one_row(case: Case) -> None:
    results = compute([case])
    check([case], results)
    assert results.at_risk.tolist() == [300 if case["status"] == "note" else 0]


@pytest.mark.parametrize("seed", range(6))
def test_all_cases_in_one_shuffled_table(seed: int) -> None:
    cases = random.Random(seed).sample(CASES, len(CASES))
    check(cases, compute(cases))


def test_the_table_has_every_status() -> None:
    assert {case["status"] for case in CASES} == set(STATUS)


amounts = st.integers(0, 10_000_000).map(lambda cents: f"{cents // 100}.{cents % 100:02d}")
an_order = st.fixed_dictionaries(
    {
        "paid_cny": amounts,
        "logistics_cny": amounts,
        "parcel": st.sampled_from([None, "standard", "oversize"]),
        "inbound_days": st.one_of(st.none(), st.integers(0, 6).map(str)),
        "standard_box": st.sampled_from([None, "TRUE", "FALSE"]),
        "return_case": st.sampled_from([None, "buyer", "buyer_failed", "seller"]),
        "order_date": st.one_of(
            st.none(), st.dates(dt.date(2024, 6, 28), dt.date(2024, 7, 4)).map(str)
        ),
    }
)


def by_oracle(row: Case, terms: oracle.Terms = oracle.DEFAULT_TERMS) -> dict[str, int]:
    line: dict[str, Any] = {**row, "standard_box": flag(row, "standard_box")}
    return oracle.order_fees([line], terms)[0]


@settings(max_examples=examples(60), phases=UNSHRUNK)
@given(st.lists(an_order, min_size=1, max_size=40))
def test_any_orders_agree_with_the_oracle(rows: list[Case]) -> None:
    results = compute(rows)
    found = np.stack([*results.parts, results.total], axis=1).tolist()
    for row, parts, status in zip(rows, found, results.status, strict=True):
        days = number(row, "inbound_days")
        wanted = oracle.fee_status(case_day(row), days)
        assert parts == ([0] * 8 if wanted == "no_rule" else list(by_oracle(row).values()))
        assert status == status_in_a_table(row, wanted)


@settings(max_examples=examples(60))
@given(an_order)
def test_any_order_agrees_with_the_oracle_as_plain_numbers(row: Case) -> None:
    fees = order_fees(scalar_order(row), POLICY.on(TODAY))
    assert [*fees, fees.total] == list(by_oracle(row).values())


# What each value is replaced by, an order on which it shows, and the parts that change.
CHANGE = dt.date(2025, 3, 1)
PLAIN: Case = {**dict.fromkeys(INPUTS), "paid_cny": "100.00", "logistics_cny": "22.60"}
LATE: Case = {**PLAIN, "inbound_days": "3"}
STARTS: dict[str, tuple[str, Case, dict[str, tuple[int, int]]]] = {
    "service_fee_rate": ("0.0415", PLAIN, {"service_fee_cny": (350, 415)}),
    "operation_fee": ("6.00", PLAIN, {"operation_fee_cny": (520, 600)}),
    "oversize_surcharge": (
        "4.00",
        {**PLAIN, "parcel": "oversize"},
        {"operation_fee_cny": (800, 920)},
    ),
    "rush_fee": ("4.50", {**PLAIN, "inbound_days": "4"}, {"rush_fee_cny": (300, 450)}),
    "rush_after_days": ("2", LATE, {"rush_fee_cny": (0, 300)}),
    "repack_fee": ("1.75", {**PLAIN, "standard_box": "FALSE"}, {"repack_fee_cny": (150, 175)}),
    "buyer_return_refund_rate": (
        "0.5",
        {**PLAIN, "return_case": "buyer"},
        {"operation_refund_cny": (-520, -260)},
    ),
    "failed_inspection_refund_rate": (
        "0.25",
        {**PLAIN, "return_case": "buyer_failed"},
        {"operation_refund_cny": (0, -130)},
    ),
    "seller_fault_subsidy": (
        "1.10",
        {**PLAIN, "return_case": "seller"},
        {"subsidy_loss_cny": (80, 110)},
    ),
}


def with_value(name: str, value: str, start: dt.date | None = CHANGE) -> policy.Policy:
    row = {"name": name, "value": value, "start": start, "reason": "test"}
    return POLICY.with_overrides([row], "test")


def test_every_fee_value_has_its_change() -> None:
    assert set(STARTS) == set(FEE_VALUES)


def test_the_fee_values_begin_together() -> None:
    """An order before the first start of any of them has no rule: one that comes later was 0."""
    assert {POLICY.first_day(name) for name in FEE_VALUES} == {FIRST_DAY}


@pytest.mark.parametrize("name", STARTS)
def test_a_value_that_changes_is_taken_by_the_day_of_each_row(name: str) -> None:
    value, order, changes = STARTS[name]
    days = (FIRST_DAY - dt.timedelta(1), FIRST_DAY, CHANGE - dt.timedelta(1), CHANGE, TODAY)
    rows: list[Case] = [{**order, "order_date": str(day)} for day in reversed(days)]
    results = compute(rows, with_value(name, value))
    found = dict(zip(FEE_PARTS, results.parts, strict=True))
    usual = dict(zip(FEE_PARTS, order_fees(scalar_order(order), POLICY.on(TODAY)), strict=True))
    for key, part in found.items():
        old, new = changes.get(key, (usual[key], usual[key]))
        assert usual[key] == old
        assert part.tolist() == [new, new, old, old, 0], key
    assert results.computed.tolist() == [True, True, True, True, False]
    assert results.status[-1] == Status.ERROR


@pytest.mark.parametrize("name", FEE_VALUES)
def test_a_value_begins_on_its_first_day(name: str) -> None:
    first = POLICY.first_day(name)
    assert not POLICY.on(first - dt.timedelta(1)).known(FEE_VALUES)
    assert POLICY.on(first).known(name)


@pytest.mark.parametrize("name", FEE_VALUES)
def test_a_value_without_a_start_holds_on_every_day_on_record(name: str) -> None:
    value, order, changes = STARTS[name]
    days = (FIRST_DAY - dt.timedelta(1), FIRST_DAY, TODAY)
    rows: list[Case] = [{**order, "order_date": str(day)} for day in days]
    results = compute(rows, with_value(name, value, None))
    found = dict(zip(FEE_PARTS, results.parts, strict=True))
    assert changes
    for key, (_, new) in changes.items():
        assert found[key].tolist() == [0, new, new]


@settings(max_examples=examples(40), phases=UNSHRUNK)
@given(
    st.lists(st.tuples(an_order, st.integers(-3, 3)), min_size=1, max_size=30),
    st.integers(0, 10**9),
    st.integers(0, 2000),
    st.integers(1, 5),
)
def test_rows_on_both_sides_of_a_change_agree_with_the_oracle(
    orders: list[tuple[Case, int]], rate: int, operation: int, days: int
) -> None:
    share = Fraction(rate, 10**9)
    changed = replace(oracle.DEFAULT_TERMS, rate=share, operation=operation, rush_after=days)
    values = {
        "service_fee_rate": f"{rate // 10**9}.{rate % 10**9:09d}",
        "operation_fee": f"{operation / 100:.2f}",
        "rush_after_days": str(days),
    }
    rows = [{"name": name, "value": text, "start": CHANGE} for name, text in values.items()]
    dated: list[Case] = [
        {**order, "order_date": str(CHANGE + dt.timedelta(shift))} for order, shift in orders
    ]
    results = compute(dated, POLICY.with_overrides(rows, "test"))
    found = np.stack([*results.parts, results.total], axis=1).tolist()
    for row, (_, shift), parts in zip(dated, orders, found, strict=True):
        terms = changed if shift >= 0 else oracle.DEFAULT_TERMS
        assert parts == list(by_oracle(row, terms).values())


@pytest.mark.parametrize(
    ("free", "after", "at_risk", "charged"),
    [
        ("1", "3", [0, 0, 300, 300, 0, 0], [0, 0, 0, 0, 300, 300]),
        ("1", "2", [0, 0, 300, 0, 0, 0], [0, 0, 0, 300, 300, 300]),
        ("1", "1", [0, 0, 0, 0, 0, 0], [0, 0, 300, 300, 300, 300]),
        ("2", "4", [0, 0, 0, 300, 300, 0], [0, 0, 0, 0, 0, 300]),
    ],
)
def test_the_open_days_by_either_reading(
    free: str, after: str, at_risk: list[int], charged: list[int]
) -> None:
    rows = [{"name": "rush_free_days", "value": free}, {"name": "rush_after_days", "value": after}]
    orders: list[Case] = [{**PLAIN, "inbound_days": str(day)} for day in range(6)]
    results = compute(orders, POLICY.with_overrides(rows, "test"))
    assert results.at_risk.tolist() == at_risk
    assert results.parts.rush_fee.tolist() == charged
    assert (results.status == Status.NOTE).tolist() == [risk > 0 for risk in at_risk]


def test_rows_in_several_blocks_are_computed_alike() -> None:
    """More rows than are worked on at once, each checked against its own pattern."""
    count = 70_001
    rows = np.arange(count)
    paid, late, changed = rows % 1_000, rows % 7 > 3, rows > 40_000
    frame = pd.DataFrame({"paid_cny": paid / 100, "inbound_days": rows % 7})
    frame["order_date"] = np.where(changed, str(CHANGE), str(CHANGE - dt.timedelta(1)))
    terms = with_value("operation_fee", "6.00")
    results = compute_orders(frame, terms, shipped_card().rates, as_of=TODAY)
    service = np.array([oracle.half_away(Fraction(cents * 35, 1000)) for cents in range(1_000)])
    assert (results.parts.service_fee == service[paid]).all()
    assert (results.parts.rush_fee == np.where(late, 300, 0)).all()
    assert (results.parts.operation_fee == np.where(changed, 600, 520)).all()
