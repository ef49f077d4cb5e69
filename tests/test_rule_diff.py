"""RULEDIFF: both sums are the oracle's, and every row is compared or told."""

import random
from collections import defaultdict
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from sellersheet.columns import TABLES
from sellersheet.functions import ORDERTABLE, RULEDIFF
from sellersheet.policy import load
from sellersheet.rules.fees import FEE_PARTS, FEE_VALUES
from tests import oracle

Row = dict[str, Any]
KEYS = (
    *("shop", "order_id", "order_date", "sku", "country", "paid_cny", "logistics_cny", "parcel"),
    *("inbound_days", "standard_box", "return_case"),
)
BEFORE = oracle.DEFAULT_TERMS
AFTER = replace(BEFORE, rate=Fraction(41, 1000), operation=555, rush=333, repack=0, subsidy=95)
OWN = (
    ("name", "value"), ("service_fee_rate", "4.1%"), ("operation_fee", 5.55), ("rush_fee", 3.33),
    ("repack_fee", 0), ("seller_fault_subsidy", 0.95),
)  # fmt: skip
PARTS = (
    "service_fee", "operation_fee", "rush_fee", "repack_fee", "logistics_fee", "operation_refund",
    "subsidy_loss",
)  # fmt: skip
PLACE = {item.key: at for at, item in enumerate(TABLES["impact"])}
EN = (("name", "value"), ("lang", "en"))


def orders(count: int, seed: int) -> list[Row]:
    """Lines of orders, one or two an order."""
    chance = random.Random(seed)
    return [_line(number, chance) for number in range(count) for _ in range(1 + number % 3 // 2)]


def _line(number: int, chance: random.Random) -> Row:
    return {
        "shop": "甲",
        "order_id": f"8{number:04d}",
        "order_date": f"2024-{chance.randint(7, 12):02d}-{chance.randint(1, 28):02d}",
        "sku": chance.choice("ABC"),
        "country": chance.choice(("ES", "FR")),
        "paid_cny": f"{chance.randint(0, 20_000) / 100:.2f}",
        "logistics_cny": f"{chance.randint(1, 5_000) / 100:.2f}",
        "parcel": chance.choice(("standard", "oversize")),
        "inbound_days": chance.randint(1, 6),
        "standard_box": chance.random() < 0.7,
        "return_case": chance.choice((None, None, "buyer", "seller", "buyer_failed")),
    }


def cells(rows: list[Row]) -> tuple[tuple[Any, ...], ...]:
    return (KEYS, *(tuple(row.get(key) for key in KEYS) for row in rows))


def due(rows: list[Row], group: str) -> dict[str, list[int]]:
    """Group -> orders, lines, both totals, and the changes of the seven parts, in cents."""
    by_order = defaultdict(list)
    for row in rows:
        by_order[row["order_id"]].append(row)
    sums: dict[str, list[int]] = defaultdict(lambda: [0] * 11)
    for lines in by_order.values():
        both = (oracle.order_fees(lines, terms) for terms in (BEFORE, AFTER))
        for at, (line, a, b) in enumerate(zip(lines, *both, strict=True)):
            figures = [int(at == 0), 1, a["total_fee"], b["total_fee"]]
            figures += [b[part] - a[part] for part in PARTS]
            for name in ("合计", line["order_date"][:7] if group == "month" else line[group]):
                sums[name] = [x + y for x, y in zip(sums[name], figures, strict=True)]
    return sums


def told(table: list[list[Any]]) -> dict[str, list[int]]:
    """The same of a table."""
    found = {}
    money = ("total_a_cny", "total_b_cny", *(f"{key}_change" for key in FEE_PARTS))
    for row in table[1:]:
        figures = [row[PLACE["orders"]], row[PLACE["lines"]]]
        found[row[0]] = figures + [oracle.cents(f"{row[PLACE[key]]:.2f}") for key in money]
        change, before = (row[PLACE[key]] for key in ("change_cny", "total_a_cny"))
        assert oracle.cents(f"{change:.2f}") == sum(found[row[0]][4:])
        assert row[PLACE["change_share"]] == pytest.approx(change / before)
    return found


@pytest.mark.parametrize("by", ["sku", "country", "month", "shop"])
def test_against_the_oracle_in_any_order(by: str) -> None:
    rows = orders(60, seed=16)
    table = RULEDIFF(cells(rows), policy_b=OWN, by=by)
    assert told(table) == due(rows, by)
    names = [row[0] for row in table[2:]]
    if by == "month":
        assert names == sorted(names)
    else:
        sizes = [abs(row[PLACE["change_cny"]]) for row in table[2:]]
        assert sizes == sorted(sizes, reverse=True)
    # The first line of an order is the one that counts it, so lines keep their order.
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row["order_id"]].append(row)
    shuffled = [line for number in random.Random(7).sample(sorted(groups), len(groups))
                for line in groups[number]]  # fmt: skip
    assert told(RULEDIFF(cells(shuffled), policy_b=OWN, by=by)) == due(rows, by)


def test_each_row_alone_and_the_sums_of_all() -> None:
    rows = [row for row in orders(40, seed=3) if row["return_case"] is None]
    rows = [{**row, "order_id": str(at)} for at, row in enumerate(rows)]
    alone = [RULEDIFF(cells([row]), policy_b=OWN)[1] for row in rows]
    [_, whole] = RULEDIFF(cells(rows), policy_b=OWN)
    for key in (
        "total_a_cny",
        "total_b_cny",
        "change_cny",
        *(f"{key}_change" for key in FEE_PARTS),
    ):
        assert sum(row[PLACE[key]] for row in alone) == pytest.approx(whole[PLACE[key]])


def test_a_cent_of_a_fee_is_a_cent_an_order() -> None:
    own = (("name", "value"), ("operation_fee", 5.21))
    [_, whole] = RULEDIFF(cells(rows := orders(30, seed=5)), policy_b=own)
    charged = {row["order_id"]: 1 for row in rows}
    for number in charged:
        if {row["return_case"] for row in rows if row["order_id"] == number} == {"buyer"}:
            charged[number] = 0  # the refund takes the cent back
    assert whole[PLACE["change_cny"]] == pytest.approx(sum(charged.values()) / 100)
    assert RULEDIFF(cells(rows))[1][PLACE["change_cny"]] == 0
    assert RULEDIFF(cells(rows), policy_a=own, policy_b=own)[1][PLACE["change_cny"]] == 0
    [_, back] = RULEDIFF(cells(rows), policy_a=own)
    assert back[PLACE["change_cny"]] == -whole[PLACE["change_cny"]]


def test_days_of_the_rules() -> None:
    """A value that changes on a day: each order by its own, or all of them by one."""
    late = {"paid_cny": 100, "logistics_cny": 10, "inbound_days": 5}
    rows = [
        {**late, "order_id": str(at), "order_date": day}
        for at, day in enumerate(("2024-08-31", "2024-09-01", None))
    ]
    own = (("name", "value", "start"), ("rush_fee", 4, "2024-09-01"))

    def change(**given: Any) -> Any:
        return RULEDIFF(cells(rows), as_of="2024-07-01", **given)[1][PLACE["change_cny"]]

    assert change(policy_b=own) == 1
    assert change(policy_b=own, date_b="2024-09-01") == 3
    assert change(policy_b=own, date_b="2024-08-31") == 0
    both = {"policy_a": own, "policy_b": own}
    assert change(**both, date_a="2024-08-31", date_b="2024-09-01") == 3
    assert change(**both, date_a="2024-08-31") == 1
    # The groups stay those of the orders' own months.
    table = RULEDIFF(cells(rows), policy_b=own, date_b="2024-09-01", by="month", as_of="2024-07-01")
    assert [row[0] for row in table[2:]] == ["2024-07", "2024-08", "2024-09"]


def test_bad_rows_are_counted_and_told() -> None:
    good = orders(5, seed=1)
    bad: list[Row] = [
        {**good[0], "order_id": "x1", "paid_cny": -1, "sku": "A"},
        {**good[0], "order_id": "x2", "logistics_cny": None, "country": "AQ", "sku": "A"},
        {**good[0], "order_id": "x3", "paid_cny": "许多", "sku": "Z"},
        {**good[0], "order_id": "x4", "order_date": "2024-06-30", "sku": "Z"},
        dict.fromkeys(KEYS),
    ]
    rows = [*good, *bad]
    table = RULEDIFF(cells(rows), policy_b=OWN, by="sku")
    by_name = {row[0]: row for row in table[1:]}
    whole = by_name["合计"]
    assert whole[PLACE["lines"]] + whole[PLACE["incomplete"]] == len(rows) - 1
    assert whole[PLACE["incomplete"]] == 4
    first = len(good) + 2
    assert whole[PLACE["reason"]].startswith(f"4 行未比较，如第 {first} 行：")
    assert "-1" in whole[PLACE["reason"]]
    assert by_name["Z"][PLACE["reason"]].startswith(f"2 行未比较，如第 {first + 2} 行：")
    assert by_name["Z"][PLACE["lines"]] == 0
    assert by_name["Z"][PLACE["change_share"]] == ""
    sums = told([table[0], *(row for row in table[1:] if row[0] in "ABC")])
    assert {name: figures[2:] for name, figures in sums.items()} == {
        name: figures[2:] for name, figures in due(good, "sku").items() if name != "合计"
    }
    # On the second side only: that side is named.
    [_, late] = RULEDIFF(cells(good), date_b="2024-06-30")
    assert "按第二套规则：" in late[PLACE["reason"]]
    assert "2024-07-01" in late[PLACE["reason"]]
    [_, english] = RULEDIFF(cells(good), date_b="2024-06-30", policy_a=EN)
    assert "By the second rules" in english[PLACE["reason"]]


def test_totals_are_those_of_ordertable() -> None:
    block = cells(orders(20, seed=9))
    total = ORDERTABLE(block)[0].index("费用合计")
    [_, whole] = RULEDIFF(block, policy_b=OWN)
    for policy, key in ((None, "total_a_cny"), (OWN, "total_b_cny")):
        wanted = sum(row[total] for row in ORDERTABLE(block, None, policy)[1:])
        assert whole[PLACE[key]] == pytest.approx(wanted)


def test_freight_by_the_rate_card_of_the_day_and_of_the_side() -> None:
    rows = (("目的国", "实重(克)", "实付金额"), ("ES", 80, 100))
    card = (
        ("country", "to_g", "first_price", "divisor", "start"),
        ("ES", 100, 20, "none", "2024-07-01"), ("ES", 100, 23, "none", "2024-12-01"),
    )  # fmt: skip
    given = {"date_a": "2024-07-01", "date_b": "2024-12-01"}
    [_, whole] = RULEDIFF(rows, rates=card, **given)
    assert whole[PLACE["logistics_fee_cny_change"]] == 3
    own = (("name", "value"), ("lang", "en"))
    assert RULEDIFF(rows, policy_b=own, **given)[1][0] == "All"


@pytest.mark.parametrize("name", FEE_VALUES)
def test_every_value_of_the_fees_makes_a_difference(name: str) -> None:
    rows = orders(60, seed=16)
    value = load().value(name).entries[-1].value
    more = {"rush_after_days": 4, "failed_inspection_refund_rate": 0.5,
            "buyer_return_refund_rate": 0.5}.get(name)  # fmt: skip
    if more is None:
        more = float(value) / 100 + 1 if name != "service_fee_rate" else 0.05
    [_, whole] = RULEDIFF(cells(rows), policy_b=(("name", "value"), (name, more)))
    assert any(whole[PLACE[f"{key}_change"]] for key in FEE_PARTS)


@pytest.mark.parametrize(
    ("name", "wrong", "marker"),
    [
        ("orders_with_header", (("什么",), (1,)), "#VALUE!"),
        ("orders_with_header", "#REF!", "#REF!"),
        *((name, "昨天", "#VALUE!") for name in ("date_a", "date_b", "as_of")),
        *((name, "#NUM!", "#NUM!") for name in ("date_a", "date_b", "by", "as_of")),
        *((name, (("name", "value"), ("no", 1)), "#VALUE!") for name in ("policy_a", "policy_b")),
        ("by", "心情", "#VALUE!"),
    ],
)
def test_a_wrong_or_error_cell(name: str, wrong: Any, marker: str) -> None:
    given: Row = {"orders_with_header": cells(orders(2, seed=1)), name: wrong}
    [row] = RULEDIFF(**given)
    assert row[:15] == [marker] * 15
    assert row[15]


def test_blanks() -> None:
    for block in (None, "", (KEYS,), ((None, None), (None, None))):
        assert RULEDIFF(block)[1:] == [[""] * len(PLACE)]
