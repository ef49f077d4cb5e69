"""What is searched for is compared with a plain look at every gram and every cent, each an order
of its own in ORDERTABLE: the search and the table must not know different things."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sellersheet.columns import OUTPUT, RATES
from sellersheet.functions.orders import ORDERTABLE
from sellersheet.functions.price import BREAKEVEN, PRICEFORMARGIN
from sellersheet.functions.savings import SAVINGS, WORDS
from tests.examples import examples

KEYS = [item.key for item in OUTPUT]
FREIGHT, PROFIT = KEYS.index("logistics_fee_cny"), KEYS.index("profit_cny")
LIGHTER, HEAVIER = (WORDS(key, "zh") for key in ("lighter", "heavier"))
DAY = "2024-09-01"
FX = [["currency", "start", "rate"], ["USD", "2024-07-01", 7.0], ["USD", "2024-08-15", 7.25]]
HEAVIEST = 300

PRICES = st.one_of(
    st.fixed_dictionaries({"per_kg": st.integers(1, 9000).map(lambda cents: cents / 100)}),
    st.fixed_dictionaries(
        {"first_price": st.integers(1, 3000).map(lambda cents: cents / 100)},
        optional={
            "first_g": st.sampled_from([50, 100]),
            "step_g": st.sampled_from([7, 50]),
            "step_price": st.integers(1, 300).map(lambda cents: cents / 100),
        },
    ),
)


@st.composite
def cards(draw: st.DrawFn) -> list[list[Any]]:
    """Bands one above the other, with gaps, in one or two versions."""
    rows: list[dict[str, Any]] = []
    for start in draw(st.sampled_from([["2024-07-01"], ["2024-07-01", "2024-08-20"]])):
        ends = sorted(draw(st.sets(st.integers(1, HEAVIEST), min_size=2, max_size=5)))
        divisor = draw(st.sampled_from(["none", "5000", "8000"]))
        for low, high in pairwise(ends):
            row = {"country": "ES", "start": start, "from_g": low, "to_g": high}
            row |= {"divisor": divisor, "currency": draw(st.sampled_from(["CNY", "USD"]))}
            row |= {"registration": draw(st.sampled_from([0, 5, 1.5]))}
            row |= {
                "round_g": draw(st.sampled_from([0, 10])),
                "min_g": draw(st.sampled_from([0, 30])),
            }
            if draw(st.integers(0, 3)):  # else a gap
                rows.append(row | draw(PRICES))
    keys = [item.key for item in RATES if any(item.key in row for row in rows)]
    return [keys, *([row.get(key) for key in keys] for row in rows)]


def _freights(card: list[list[Any]], weights: list[float], sides: list[Any]) -> list[Any]:
    header = ["order_date", "paid_cny", "country", "weight_g", "length_cm", "width_cm", "height_cm"]
    orders = [header, *([DAY, 1.0, "ES", weight, *sides] for weight in weights)]
    return [row[FREIGHT] for row in ORDERTABLE(orders, card, None, FX)[1:]]


@settings(max_examples=examples(80))
@given(
    cards(),
    st.integers(1, 2 * HEAVIEST).map(lambda half: half / 2),
    st.sampled_from([[None] * 3, [10, 10, 10], [20, 15, 4.5]]),
)
def test_savings_are_those_of_every_gram(
    card: list[list[Any]], weight: float, sides: list[Any]
) -> None:
    if len(card) < 2:
        return
    answer = SAVINGS("ES", weight, *sides, None, None, None, None, DAY, None, card, FX)
    found = {row[0]: row[1:4] for row in answer[1:]}
    less = [weight - grams for grams in range(int(weight) + 1) if weight - grams > 0]
    more = [weight + grams for grams in range(1, HEAVIEST + 1) if weight + grams <= HEAVIEST]
    fees = _freights(card, [*less, *more], sides)
    now, lighter, heavier = fees[0], fees[1 : len(less)], fees[len(less) :]
    if not isinstance(now, float):
        assert found[LIGHTER][0] == "#N/A"
        return

    def first(fees: list[Any]) -> float | None:
        return next((fee for fee in fees if isinstance(fee, float) and fee < now), None)

    assert found[LIGHTER][:2] == [now, now if first(lighter) is None else first(lighter)]
    assert (found[HEAVIER][1] if HEAVIER in found else None) == first(heavier)


@settings(max_examples=examples(60))
@given(
    st.integers(1, 3000),
    st.integers(0, 3000),
    st.sampled_from([0, 0.05, 0.155, 0.4]),
    st.sampled_from([None, ["commission", "5%"], ["commission", "8%"]]),
    st.sampled_from([None, 2, 9]),
    st.booleans(),
)
def test_prices_are_the_first_of_every_cent(
    cost: int, freight: int, margin: float, costs: Any, days: int | None, box: bool
) -> None:
    given_costs = [costs] if costs else None
    arguments = (cost / 100, freight / 100, None, days, box, given_costs, DAY)
    found = PRICEFORMARGIN(margin, *arguments) if margin else BREAKEVEN(*arguments)
    header = ["order_date", "paid_cny", "logistics_cny", "cost_cny", "inbound_days", "standard_box"]
    header += ["commission_cny"] if costs else []
    rest = [freight / 100, cost / 100, days, box, *([costs[1]] if costs else [])]
    most = 30_000 if not isinstance(found, float) else round(found * 100)
    prices = range(max(1, most - 400), most + 1)
    rows = ORDERTABLE([header, *([DAY, price / 100, *rest] for price in prices)])[1:]
    good = [
        price / 100
        for price, row in zip(prices, rows, strict=True)
        if round(row[PROFIT] * 100) >= margin * price - 1e-6
    ]
    assert good[:1] == ([found] if isinstance(found, float) else [])
