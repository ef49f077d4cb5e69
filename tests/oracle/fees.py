"""Fees of an order and its lines (F1-F3, F5-F7, F10, F11, F14, F15), profit, return penalty."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .rounding import Number, cents, half_away

Line = Mapping[str, Any]

RETURN_CASES = ("buyer", "buyer_failed", "seller")
FIRST_DAY = dt.date(2024, 7, 1)


@dataclass(frozen=True)
class Terms:
    """The numbers of the fee rules; amounts in cents."""

    rate: Fraction = Fraction(35, 1000)
    operation: int = 520
    oversize: int = 280
    rush: int = 300
    rush_after: int = 3
    repack: int = 150
    subsidy: int = 80


DEFAULT_TERMS = Terms()


def share(total: int, weights: Sequence[int]) -> list[int]:
    """Divide whole cents by weight; left-over cents go to the largest remainders.

    Equal remainders: the earlier one first. All weights zero: everyone counts the same.
    A negative total is divided by its size and the signs are put back.
    """
    if total < 0:
        return [-part for part in share(-total, weights)]
    if sum(weights) == 0:
        weights = [1 for _ in weights]
    exact = [Fraction(total * weight, sum(weights)) for weight in weights]
    parts = [part.numerator // part.denominator for part in exact]
    remainders = [part - whole for part, whole in zip(exact, parts, strict=True)]
    for _ in range(total - sum(parts)):
        winner = remainders.index(max(remainders))
        parts[winner] += 1
        remainders[winner] = Fraction(-1)
    return parts


def _late(line: Line, terms: Terms) -> bool:
    days = line.get("inbound_days")
    return days is not None and int(days) > terms.rush_after


def _order_components(lines: Sequence[Line], terms: Terms) -> dict[str, int]:
    """The seven parts of one order, in cents, before they are shared among its lines."""
    for line in lines:
        if line.get("parcel") not in (None, "standard", "oversize"):
            raise ValueError(f"no parcel size: {line['parcel']}")
        if line.get("return_case") not in (None, *RETURN_CASES):
            raise ValueError(f"no return case: {line['return_case']}")
    paid = sum(cents(line["paid_cny"]) for line in lines)
    operation = terms.operation
    if any(line.get("parcel") == "oversize" for line in lines):
        operation += terms.oversize
    all_passed = all(line.get("return_case") == "buyer" for line in lines)
    any_fault = any(line.get("return_case") == "seller" for line in lines)
    return {
        "service_fee": half_away(paid * terms.rate),
        "operation_fee": operation,
        "rush_fee": terms.rush if any(_late(line, terms) for line in lines) else 0,
        "repack_fee": (
            terms.repack if any(line.get("standard_box") is False for line in lines) else 0
        ),
        "logistics_fee": sum(cents(line["logistics_cny"]) for line in lines),
        "operation_refund": -operation if all_passed else 0,
        "subsidy_loss": terms.subsidy if any_fault else 0,
    }


def order_fees(lines: Sequence[Line], terms: Terms = DEFAULT_TERMS) -> list[dict[str, int]]:
    """The seven parts and their sum for every line of one order, in cents (F15)."""
    paid = [cents(line["paid_cny"]) for line in lines]
    result: list[dict[str, int]] = [{} for _ in lines]
    for name, total in _order_components(lines, terms).items():
        for row, part in zip(result, share(total, paid), strict=True):
            row[name] = part
    for row in result:
        row["total_fee"] = sum(row.values())
    return result


def fee_status(
    order_date: dt.date | None, inbound_days: int | None, terms: Terms = DEFAULT_TERMS
) -> str:
    """What the fee of a valid order says of itself: "ok", "note" (F6) or "no_rule"."""
    if order_date is not None and order_date < FIRST_DAY:
        return "no_rule"
    if inbound_days is not None and 1 < inbound_days <= terms.rush_after:
        return "note"
    return "ok"


def _optional(line: Line, key: str) -> int | None:
    return None if line.get(key) is None else cents(line[key])


ORDER_COSTS = (
    "commission_cny",
    "affiliate_cny",
    "advertising_cny",
    "coupon_cny",
    "duty_vat_cny",
    "other_cny",
)


def order_costs(line: Line) -> int:
    """What a line bears beside goods and fulfilment fees, in cents: each an amount, or with a
    % sign a share of what was paid on the line, rounded by itself (F18)."""
    paid, total = cents(line["paid_cny"]), 0
    for key in ORDER_COSTS:
        written = line.get(key)
        if written is None:
            continue
        if str(written).endswith("%"):
            total += half_away(paid * Fraction(str(written)[:-1]) / 100)
        else:
            total += cents(written)
    return total


def profit(line_fees: Mapping[str, int], line: Line) -> int | None:
    """Profit of one line in cents, or None when something it needs is missing (F16)."""
    paid = cents(line["paid_cny"])
    cost = _optional(line, "cost_cny")
    refund = _optional(line, "refund_cny")
    lost = _optional(line, "goods_lost_cny")
    rest = paid - order_costs(line) - line_fees["total_fee"]
    if line.get("return_case") is None:
        if cost is None:
            return None
        return rest - cost - (refund or 0) - (lost or 0)
    goods = cost if lost is None else lost
    if refund is None or goods is None:
        return None
    return rest - refund - goods


def return_penalty(
    orders: int,
    return_rate: Number,
    category_mean: Number,
    seller_fault_orders: int = 0,
    kind: str = "relative",
    *,
    margin: Fraction = Fraction(15, 100),
    subsidy: int = DEFAULT_TERMS.subsidy,
) -> int:
    """Shop-level loss of subsidy in cents (F12), less orders charged by F11 (F13)."""
    rate, mean = Fraction(return_rate), Fraction(category_mean)
    if kind == "relative":
        limit = mean * (1 + margin)
    elif kind == "points":
        limit = mean + margin
    else:
        raise ValueError(f"no such reading: {kind}")
    excess = orders * max(Fraction(0), rate - limit)
    return half_away(max(Fraction(0), excess - seller_fault_orders) * subsidy)
