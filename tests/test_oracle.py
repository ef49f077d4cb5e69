"""The oracle meets the numbers the rules give, and agrees with every row of the case tables."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import oracle
from tests.cases import Case, flag, groups, load, money, number, sides, text
from tests.oracle import cents
from tests.oracle.rounding import rounded_share

PARTS = (
    "service_fee",
    "operation_fee",
    "rush_fee",
    "repack_fee",
    "logistics_fee",
    "operation_refund",
    "subsidy_loss",
    "total_fee",
)


def rows(table: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        "case", [pytest.param(c, id=text(c, "name")) for c in load(table)]
    )


def grouped(table: str, *keys: str) -> pytest.MarkDecorator:
    found = groups(table, *keys)
    return pytest.mark.parametrize(
        "cases", [pytest.param(cases, id=" / ".join(key)) for key, cases in found.items()]
    )


def order_line(case: Case) -> dict[str, Any]:
    line: dict[str, Any] = dict(case)
    line["inbound_days"] = number(case, "inbound_days")
    line["standard_box"] = flag(case, "standard_box")
    return line


def one_order(paid: str, logistics: str = "22.60", **more: Any) -> dict[str, int]:
    return oracle.order_fees([{"paid_cny": paid, "logistics_cny": logistics, **more}])[0]


@pytest.mark.parametrize(
    ("more", "total"),
    [
        ({}, 3130),
        ({"inbound_days": 4}, 3430),
        ({"standard_box": False}, 3280),
        ({"inbound_days": 4, "standard_box": False}, 3580),
        ({"inbound_days": 4, "standard_box": False, "parcel": "oversize"}, 3860),
        ({"return_case": "buyer"}, 2610),
        ({"return_case": "seller"}, 3210),
    ],
)
def test_golden_fees(more: dict[str, Any], total: int) -> None:
    assert one_order("100.00", **more)["total_fee"] == total


@pytest.mark.parametrize(("paid", "fee"), [("0.10", 0), ("0.43", 2), ("1.00", 4), ("3.00", 11)])
def test_golden_service_fee(paid: str, fee: int) -> None:
    assert one_order(paid)["service_fee"] == fee


def test_golden_return_penalty() -> None:
    assert oracle.return_penalty(1000, "0.12", "0.08") == 2240
    assert oracle.return_penalty(1000, "0.12", "0.08", 5) == 1840
    assert oracle.return_penalty(1000, "0.12", "0.08", kind="points") == 0


@pytest.mark.parametrize(
    ("base", "risk", "shop", "mean", "expected"),
    [
        ("500", "0.8", "0.01", "0.01", 90_000),
        ("500", "1.3", "0.02", "0.01", 172_500),
        ("500", "1.3", "0.005", "0.01", 57_500),
        ("5000", "1.3", "0.02", "0.01", 1_725_000),
        ("1000", "0", "0.0121", "0.01", 121_000),
        ("1000", "0", "0.03", "0.01", 150_000),
    ],
)
def test_golden_deposit(base: str, risk: str, shop: str, mean: str, expected: int) -> None:
    assert oracle.deposit(base, risk, shop, mean) == expected


def test_golden_payments() -> None:
    full = (199_005, 995)
    assert oracle.plan(500_000, "payoneer") == [full, full, (101_990, 510)]
    on_top = oracle.plan(500_000, "payoneer", fee_inside=False)
    assert on_top == [(200_000, 1000), (200_000, 1000), (100_000, 500)]


def test_golden_spanish_parcel() -> None:
    card = {"band_to_g": "89", "first_price": "22.60", "divisor": "unknown"}
    assert oracle.card_fee(card, "89", None) == 2260
    assert oracle.card_fee(card, "89", ("10", "10", "5")) is None
    assert oracle.card_fee(card, "90", None) is None


@rows("fees")
def test_fees(case: Case) -> None:
    date = case["order_date"]
    day = None if date is None else dt.date.fromisoformat(date)
    assert case["status"] == oracle.fee_status(day, number(case, "inbound_days"))
    expected = [money(case, f"{part}_cny") for part in PARTS]
    if case["status"] == "no_rule":
        assert expected == [None] * len(PARTS)
        return
    fees = oracle.order_fees([order_line(case)])[0]
    assert [fees[part] for part in PARTS] == expected


@grouped("order_lines", "name", "shop", "order_id")
def test_order_lines(cases: list[Case]) -> None:
    lines = [order_line(case) for case in cases]
    assert cases
    for case, line, fees in zip(cases, lines, oracle.order_fees(lines), strict=True):
        expected = [money(case, f"{part}_cny") for part in PARTS]
        assert [fees[part] for part in PARTS] == expected
        assert oracle.profit(fees, line) == money(case, "profit_cny")


@rows("freight")
def test_freight(case: Case) -> None:
    weight, size = text(case, "weight_g"), sides(case)
    chargeable = oracle.chargeable_g(weight, size, case["divisor"])
    charged = oracle.charged_g(case, weight, size)
    for key, value in (("chargeable_g", chargeable), ("charged_g", charged)):
        expected = case[key]
        assert value == (None if expected is None else Fraction(expected))
    fee = oracle.card_fee(case, weight, size)
    assert fee == money(case, "logistics_fee_cny")
    assert (fee is None) == (case["status"] == "not_on_record")


@rows("oversize")
def test_oversize(case: Case) -> None:
    size = sides(case)
    assert size is not None
    assert oracle.is_oversize(text(case, "weight_g"), size) == flag(case, "oversize")


@rows("return_penalty")
def test_return_penalty(case: Case) -> None:
    orders, faults = number(case, "orders"), number(case, "seller_fault_orders", 0)
    assert orders is not None
    assert faults is not None
    rate, mean = text(case, "return_rate"), text(case, "category_mean")
    penalty = oracle.return_penalty(orders, rate, mean, faults, text(case, "kind"))
    assert penalty == money(case, "penalty_cny")


@rows("deposit")
def test_deposit(case: Case) -> None:
    rates = text(case, "shop_dispute_rate"), text(case, "category_dispute_rate")
    terms = text(case, "base_usd"), text(case, "risk")
    if case["status"] == "value_error":
        with pytest.raises(ZeroDivisionError):
            oracle.deposit(*terms, *rates)
        return
    if case["status"] == "no_rule":
        assert dt.date.fromisoformat(text(case, "as_of")) < dt.date(2024, 7, 1)
        assert case["deposit_usd"] is None
        return
    amount = oracle.deposit(*terms, *rates)
    assert amount == money(case, "deposit_usd")
    assert oracle.deviation(*rates) == Fraction(text(case, "deviation"))
    assert oracle.deviation_used(*rates) == Fraction(text(case, "deviation_used"))
    assert case["status"] == ("flagged" if amount > 500_000 else "ok")


@grouped("payment_plan", "name")
def test_payment_plan(cases: list[Case]) -> None:
    first = cases[0]
    amount, inside = cents(text(first, "amount_usd")), flag(first, "fee_inside")
    assert inside is not None
    payments = oracle.plan(amount, text(first, "channel"), fee_inside=inside)
    listed = [(cents(text(c, "part_amount_usd")), cents(text(c, "fee_usd"))) for c in cases]
    assert payments == listed
    assert sum(part for part, _ in listed) == amount
    assert [cents(text(c, "debit_usd")) for c in cases] == [sum(payment) for payment in payments]
    assert [number(c, "part") for c in cases] == list(range(1, len(cases) + 1))


@rows("eligibility")
def test_eligibility(case: Case) -> None:
    found = oracle.verdicts(
        number(case, "shop_age_days"),
        number(case, "violations_90d"),
        case["sell_through"],
        case["positive_rate"],
        case["warehouse"],
        case["category"],
        case["country"],
        battery=flag(case, "battery"),
        magnetic=flag(case, "magnetic"),
        medical=flag(case, "medical"),
    )
    assert found == {key: case[key] for key in found}
    whole = {True: "TRUE", False: "FALSE", None: "UNKNOWN"}[oracle.overall(found)]
    assert whole == case["eligible"]


def selling_costs(case: Case) -> oracle.Costs:
    commission, affiliate, advertising = (
        Fraction(case[key] or "0") for key in ("commission", "affiliate", "advertising")
    )
    coupon, other = (cents(case[key] or "0") for key in ("coupon_cny", "other_cny"))
    return oracle.Costs(commission, affiliate, advertising, coupon, other)


@rows("pricing")
def test_pricing(case: Case) -> None:
    cost, logistics = cents(text(case, "cost_cny")), cents(text(case, "logistics_cny"))
    shared: dict[str, Any] = {
        "parcel": case["parcel"],
        "inbound_days": number(case, "inbound_days"),
        "standard_box": flag(case, "standard_box"),
        "costs": selling_costs(case),
    }
    price = money(case, "paid_cny")
    if case["kind"] != "profit":
        margin = case["target_margin"]
        assert (margin is not None) == (case["kind"] == "margin")
        goal = None if margin is None else Fraction(margin)
        price = oracle.smallest_price(goal, cost, logistics, **shared)
        assert price == money(case, "price_cny")
        if price is None:
            return
    assert price is not None
    gain = oracle.price_profit(
        price,
        cost,
        logistics,
        return_case=case["return_case"],
        refund=money(case, "refund_cny"),
        **shared,
    )
    assert gain == money(case, "profit_cny")


@rows("deadlines")
def test_deadlines(case: Case) -> None:
    time = dt.datetime.fromisoformat(text(case, "time"))
    answers = {
        "deposit_notice": oracle.deposit_notice(time),
        "deposit_due": oracle.deposit_due(time),
        "sync": oracle.sync_deadline(time),
        "after_sales": oracle.after_sales_deadline(time, case["mode"] or "semi"),
    }
    assert answers[text(case, "kind")] == dt.datetime.fromisoformat(text(case, "expected"))


def test_notice_skips_given_holidays() -> None:
    approved = dt.datetime(2024, 9, 30, 10)
    holidays = [dt.date(2024, 10, day) for day in range(1, 8)]
    assert oracle.deposit_notice(approved, holidays) == dt.datetime(2024, 10, 8, 10)


@pytest.mark.parametrize(
    "path", sorted(Path(__file__).parent.glob("cases/*.csv")), ids=lambda path: path.stem
)
def test_tables_are_sound(path: Path) -> None:
    """Every row is named, says its arithmetic and its rule; single-row cases have one name."""
    cases = load(path.stem)
    assert all(text(c, "name") and text(c, "arithmetic") and text(c, "rule") for c in cases)
    if path.stem not in ("order_lines", "payment_plan"):
        names = [c["name"] for c in cases]
        assert len(names) == len(set(names))


@rows("fees")
def test_stated_sum_is_the_sum(case: Case) -> None:
    """The seven parts of a fee row add up, checked without the oracle."""
    values = [case[f"{part}_cny"] for part in PARTS]
    if case["status"] == "no_rule":
        assert not any(values)
    else:
        *parts, total = (Decimal(value or "nan") for value in values)
        assert sum(parts) == total


@given(st.integers(-(10**6), 10**6), st.lists(st.integers(0, 10**6), min_size=1, max_size=9))
def test_shares_add_up(total: int, weights: list[int]) -> None:
    parts = oracle.share(total, weights)
    assert sum(parts) == total
    whole = sum(weights)
    for part, weight in zip(parts, weights, strict=True):
        exact = Fraction(total * weight, whole) if whole else Fraction(total, len(weights))
        assert abs(part - exact) < 1


@pytest.mark.parametrize("rate", [Fraction(35, 1000), Fraction(1, 2), Fraction(1, 10**9)])
@given(amount=st.integers(-(10**12), 10**12))
def test_a_share_in_whole_numbers_is_that_of_fractions(amount: int, rate: Fraction) -> None:
    for near in range(amount - 3, amount + 4):
        assert rounded_share(near, rate) == oracle.half_away(near * rate)
