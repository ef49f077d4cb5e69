"""A row of exchange rates or costs that can't be used hurts the orders that need it, no others:
they have no figure, and never that of an earlier row."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sellersheet.columns import OUTPUT
from sellersheet.functions.orders import ORDERTABLE
from tests.examples import examples

HEADER = ("order_id", "order_date", "paid_cny", "logistics_cny", "sku")
FX = ("currency", "start", "rate")
COSTS = ("sku", "start", "cost_cny")
KEYS = [item.key for item in OUTPUT]
TOTAL, PROFIT, WHY = KEYS.index("total_fee_cny"), KEYS.index("profit_cny"), KEYS.index("reason")
AUGUST = "2024-08-01"


def answers(rows: list[tuple[Any, ...]], **ranges: Any) -> list[list[Any]]:
    """The results of the orders, by day, amount and SKU."""
    table = [HEADER, *((f"A{at}", day, paid, 1.0, sku) for at, (day, paid, sku) in enumerate(rows))]
    return ORDERTABLE(table, **ranges)[1:]


@pytest.mark.parametrize(
    ("row", "dollars", "euros"),
    [
        (("USD", AUGUST, "x"), "from August", True),
        (("USD", AUGUST, None), "from August", True),  # being typed
        (("USD", AUGUST, 0.14), "from August", True),  # turned round
        (("USD", AUGUST, 710.0), "from August", True),  # for 100
        (("USD", "2024-07-01", 7.2), "from July", True),  # twice from one day
        (("USD", "soon", 7.1), "never", True),
        (("USD", None, 7.1), True, True),
        ((None, AUGUST, 7.1), "never", "never"),
        (("XXD", AUGUST, 7.1), "never", "never"),
    ],
)
def test_rates(row: tuple[Any, ...], dollars: Any, euros: Any) -> None:
    fx = [FX, ("USD", "2024-07-01", 7.0), ("EUR", "2024-07-01", 8.0), row]
    rows = [(day, paid, "") for day in ("2024-07-31", AUGUST) for paid in (10.0, "$10", "€10")]
    found = answers(rows, fx=fx)
    known = {"never": [], "from July": [], "from August": ["2024-07-31"]}
    for (day, paid, _), answer in zip(rows, found, strict=True):
        said = {"$10": dollars, "€10": euros}.get(paid, True)
        sound = said is True or day in known[said]
        assert isinstance(answer[TOTAL], float) == sound, (day, paid, answer)
        assert ("汇率" in answer[WHY]) != sound
        if sound:
            fee = {10.0: 0.35, "$10": 2.45, "€10": 2.8}[paid]
            assert answer[TOTAL] == pytest.approx(fee + 5.2 + 1.0)
    # What is not in another currency is the same with the table and without.
    assert found[0] == answers(rows[:1])[0]


@pytest.mark.parametrize(
    ("row", "august", "other"),
    [
        (("A", AUGUST, "x"), None, 5.0),
        (("A", AUGUST, -1), None, 5.0),
        (("A", AUGUST, None), None, 5.0),
        (("A", AUGUST, "$3"), None, 5.0),  # without a rate
        (("A", "soon", 9), None, 5.0),
        ((None, AUGUST, 9), None, None),
    ],
)
def test_costs(row: tuple[Any, ...], august: Any, other: Any) -> None:
    costs = [COSTS, ("A", "2024-07-01", 4.0), ("B", "2024-07-01", 5.0), row]
    rows = [("2024-07-31", 100.0, "A"), (AUGUST, 100.0, "A"), (AUGUST, 100.0, "B"),
            (AUGUST, 100.0, "")]  # fmt: skip
    found = answers(rows, sku_costs=costs)
    assert {answer[TOTAL] for answer in found} == {9.7}  # fees are those of any order
    early = None if row[1] == "soon" or row[0] is None else 4.0
    for answer, cost in zip(found, (early, august, other, None), strict=True):
        profit = "" if cost is None else pytest.approx(90.3 - cost)
        assert answer[PROFIT] == profit, answer
    said = ["成本表" in answer[WHY] for answer in found]
    assert said == [early is None, True, other is None, False]
    # A cost of the order's own needs no table.
    table = [(*HEADER, "cost_cny"), ("A1", AUGUST, 100.0, 1.0, "A", 4.0)]
    (own,) = ORDERTABLE(table, sku_costs=costs)[1:]
    assert own[PROFIT] == pytest.approx(86.3)


DAYS = [dt.date(2024, 7, day) for day in (1, 5, 9, 13)]
ENTRIES = st.tuples(
    st.sampled_from(["USD", "EUR", "GBP"]),
    st.sampled_from([None, *DAYS]),
    st.sampled_from([7.0, 8.25, 9.5, "x", -1.0]),
)


@settings(max_examples=examples(60))
@given(st.lists(ENTRIES, max_size=7), st.data())
def test_any_table_of_rates(entries: list[tuple[Any, ...]], data: st.DataObject) -> None:
    """Every order has the rate of the last row on or before its day, if that can be used."""
    rows = data.draw(
        st.lists(
            st.tuples(
                st.sampled_from([str(dt.date(2024, 7, day)) for day in (1, 4, 5, 8, 12, 20)]),
                st.sampled_from(["$100", "€100", "£100", 100.0]),
            ),
            min_size=1,
            max_size=6,
        )
    )
    table = [FX, *((word, start and str(start), rate) for word, start, rate in entries)]
    found = answers([(*row, "") for row in rows], fx=table if entries else None)
    twice = Counter((word, start) for word, start, _ in entries)
    for (day, paid), answer in zip(rows, found, strict=True):
        rate: Any = 1.0
        if isinstance(paid, str):
            code = {"$": "USD", "€": "EUR", "£": "GBP"}[paid[0]]
            held = [
                (str(start or ""), start, rate)
                for word, start, rate in entries
                if word == code and str(start or "") <= day
            ]
            _, start, rate = max(held, key=lambda item: item[0], default=("", None, None))
            rate = (
                None if not isinstance(rate, float) or rate < 0 or twice[code, start] > 1 else rate
            )
        if rate is None:
            assert answer[TOTAL] == "#VALUE!", (entries, day, paid)
        else:
            fee = round(rate * 3.5 + 1e-9, 2) + 6.2
            assert answer[TOTAL] == pytest.approx(fee, abs=0.0051), (entries, day, paid)
