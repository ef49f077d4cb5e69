"""A biller of its own: it charges orders as F1 to F11 say, with faults put in on purpose.

It shares no code with the package. A fault is a name, the part it falls on and its amount
in cents. A bill has one of three forms: a column a part, one sum, or a row a charge.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations
from typing import Any

from .fees import DEFAULT_TERMS, order_fees
from .rounding import cents, half_away

PARTS = ("service", "operation", "rush", "repack", "freight", "refund", "subsidy")
_COMPONENTS = {
    "service": "service_fee", "operation": "operation_fee", "rush": "rush_fee",
    "repack": "repack_fee", "freight": "logistics_fee", "refund": "operation_refund",
    "subsidy": "subsidy_loss",
}  # fmt: skip
ZH = {
    "service": "基础服务费", "operation": "操作费", "rush": "加急操作费", "repack": "二次打包费",
    "freight": "物流费", "refund": "操作费返还", "subsidy": "补贴扣减",
}  # fmt: skip

Line = Mapping[str, Any]
Way = tuple[tuple[str, int], ...]  # the faults of one way to be wrong, with their amounts


@dataclass
class Billed:
    """An order: what is due by part, and the faults put into its bill."""

    shop: str
    order_id: str
    lines: Sequence[Line]
    due: dict[str, int]
    faults: list[tuple[str, str, int]] = field(default_factory=list)
    copies: int = 1

    @property
    def charged(self) -> dict[str, int]:
        """What one copy of the bill charges, by part."""
        found = dict(self.due)
        for _, part, amount in self.faults:
            found[part] += amount
        return found


def billed(shop: str, order_id: str, lines: Sequence[Line]) -> Billed:
    """The order without a fault."""
    rows = order_fees(lines)
    due = {part: sum(row[name] for row in rows) for part, name in _COMPONENTS.items()}
    return Billed(shop, order_id, lines, due)


def ways(order: Billed) -> dict[str, list[Way]]:
    """By part, the ways in which its fixed amounts can be wrong."""
    lines, terms = order.lines, DEFAULT_TERMS
    big = any(line["parcel"] == "oversize" for line in lines)
    own_box = any(not line["standard_box"] for line in lines)
    days = max(line["inbound_days"] for line in lines)
    cases = {line["return_case"] for line in lines}
    passed = cases == {"buyer"}
    fault = "seller" in cases
    returned = passed or fault or cases == {"buyer_failed"}
    fee = order.due["operation"]
    found: dict[str, list[Way]] = {
        "operation": [
            (("oversize_missing", -terms.oversize),)
            if big
            else (("oversize_on_standard", terms.oversize),)
        ],
        "refund": [],
    }
    if not returned:
        found["operation"].append((("operation_missing", -fee),))
    if not passed:
        found["operation"].append((("operation_twice", fee),))
    if days > terms.rush_after:
        found["rush"] = [(("rush_missing", -terms.rush),), (("rush_twice", terms.rush),)]
    else:
        name = "rush_early" if days <= 1 else "rush_open"
        once = (name, terms.rush)
        found["rush"] = [(once,), (once, ("rush_twice", terms.rush))]
    if own_box:
        found["repack"] = [
            (("repack_missing", -terms.repack),), (("repack_twice", terms.repack),)
        ]  # fmt: skip
    else:
        once = ("repack_on_standard", terms.repack)
        found["repack"] = [(once,), (once, ("repack_twice", terms.repack))]
    if passed:
        found["refund"] = [(("refund_missing", fee),), (("refund_larger", -fee),)]
        if big:
            found["refund"].append((("refund_short", terms.oversize),))
        else:
            found["refund"].append((("refund_larger", -terms.oversize),))
    elif returned:
        found["refund"] = [(("refund_not_due", -fee),)]
    if fault:
        found["subsidy"] = [
            (("subsidy_missing", -terms.subsidy),), (("subsidy_twice", terms.subsidy),)
        ]  # fmt: skip
    else:
        once = ("subsidy_without_fault", terms.subsidy)
        found["subsidy"] = [(once,), (once, ("subsidy_twice", terms.subsidy))]
    return found


def explanations(order: Billed, difference: int) -> set[frozenset[str]]:
    """The smallest sets of faults that add up to a difference of the order's sum, by trying
    all of them; also the whole order twice, or not at all, and freight left out."""
    by_part = ways(order)
    total = sum(order.due.values())
    charged = total + difference
    own: list[Way] = [()]
    if total > 0:
        own.append((("order_twice", total),))
    if charged == 0:
        own.append((("order_missing", -total),))
    elif order.due["freight"]:
        own.append((("freight_missing", -order.due["freight"]),))
    best: set[frozenset[str]] = set()
    least = 99
    choices = [(part, way) for part, items in by_part.items() for way in items]
    for size in range(5):
        for chosen in combinations(choices, size):
            if len({part for part, _ in chosen}) < size:
                continue
            faults = [fault for _, way in chosen for fault in way]
            if len(faults) > 4:
                continue
            for extra in own:
                every = [*faults, *extra]
                if not every or sum(amount for _, amount in every) != difference:
                    continue
                if len(every) < least:
                    best, least = set(), len(every)
                if len(every) == least:
                    best.add(frozenset(name for name, _ in every))
    return best


def put_faults(order: Billed, count: int, chance: random.Random, fixed: bool) -> None:
    """So many faults, on different parts; also amounts of no fixed size unless ``fixed``."""
    by_part = {part: items for part, items in ways(order).items() if items}
    if not fixed:
        paid = sum(cents(line["paid_cny"]) for line in order.lines)
        rate = Fraction(chance.choice([2, 5, 8]), 100)
        more = half_away(paid * rate) - order.due["service"]
        if abs(more) > 1:
            name = "service_above" if more > 0 else "service_below"
            by_part["service"] = [((name, more),)]
        dearer, cheaper = chance.randint(2, 900), -chance.randint(2, order.due["freight"] - 1)
        by_part["freight"] = [
            (("freight_above_quote", dearer),), (("freight_below", cheaper),)
        ]  # fmt: skip
    for part in chance.sample(sorted(by_part), min(count, len(by_part))):
        for name, amount in chance.choice(by_part[part]):
            order.faults.append((name, part, amount))


def _yuan(amount: int) -> str:
    return f"{'-' if amount < 0 else ''}{abs(amount) // 100}.{abs(amount) % 100:02d}"


def bill_rows(
    orders: Sequence[Billed], form: str, chance: random.Random, *, shops: bool = True
) -> list[dict[str, str]]:
    """The bill's rows under Chinese headers, in the form asked for."""
    rows: list[dict[str, str]] = []
    for order in orders:
        name = {"店铺": order.shop} if shops else {}
        name["订单号"] = order.order_id
        charged = order.charged
        for _ in range(order.copies):
            if form == "sum":
                rows.append({**name, "费用合计": _yuan(sum(charged.values()))})
            elif form == "parts":
                rows.append({**name, **{ZH[part]: _yuan(charged[part]) for part in PARTS}})
            else:
                rows += _charges(order, name, chance)
    if form == "charges":
        chance.shuffle(rows)
    return rows


def _charges(order: Billed, name: dict[str, str], chance: random.Random) -> list[dict[str, str]]:
    """A row a charge: what is taken twice stands twice, a refund is a negative fee or a row
    of its own."""
    amounts: list[tuple[str, int]] = []
    names = [fault for fault, _, _ in order.faults]
    for part in PARTS:
        charged = order.charged[part]
        twice = [amount for fault, at, amount in order.faults if at == part and "twice" in fault]
        if twice and charged != twice[0]:
            amounts += [(part, charged - twice[0]), (part, twice[0])]
        elif part == "operation" and "oversize_on_standard" in names:
            amounts += [(part, charged - 280), (part, 280)]
        elif charged:
            amounts.append((part, charged))
    rows = []
    for part, amount in amounts:
        word = ZH[part]
        if part == "refund" and amount < 0 and chance.random() < 0.5:
            word = ZH["operation"]
        rows.append({**name, "费用类型": word, "金额": _yuan(amount)})
    return rows
