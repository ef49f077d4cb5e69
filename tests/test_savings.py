"""SAVINGS: one gram less than told saves nothing, whatever the rate card looks like."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sellersheet.functions import LOGISTICSFEE, SAVINGS, SEMIFEE
from tests.oracle import savings as oracle

KEYS = (
    *("from_g", "to_g", "first_g", "first_price", "step_g", "step_price", "per_kg"),
    *("registration", "round_g", "min_g"),
)
NAMES = {"from_g": "band_from_g", "to_g": "band_to_g"}
HEADER = ("country", "start", "divisor", *KEYS)
# 100 g falls into a dear band between two cheaper ones.
CARD = (
    ("country", "from_g", "to_g", "first_price", "per_kg", "registration", "divisor", "start"),
    ("ES", 0, 89, 22.6, None, None, "none", "2024-07-01"),
    ("ES", 89, 200, 35.44, None, None, "none", "2024-07-01"),
    ("ES", 200, 1000, 30, None, None, "none", "2024-07-01"),
    ("ES", 1000, 30000, None, 96, 20, "8000", "2024-07-01"),
)
GOOD: dict[str, Any] = {
    "country": "ES", "weight_g": 100.0, "length_cm": None, "width_cm": None, "height_cm": None,
    "line": None, "inbound_days": 5, "standard_box": False, "orders": 1200,
    "as_of": "2024-12-01", "rates": CARD,
}  # fmt: skip
EN = (("name", "value"), ("lang", "en"))
TITLES = {"减轻到更便宜的重量": 0, "减轻到费率表的另一档": 1, "更重反而便宜": 2}


def row_of(draw: Any, low: int, high: int) -> dict[str, str]:
    """A row of a card: a flat price, steps, or a price a kilogram; never cheap by its place."""
    row = {"from_g": str(low), "to_g": str(high)}
    amount = st.integers(0, 3000).map(lambda cents: f"{cents / 100:.2f}")
    kind = draw(st.sampled_from(["flat", "steps", "per_kg"]))
    if kind == "per_kg":
        row["per_kg"] = f"{draw(st.integers(1, 9000)) / 100:.2f}"
    else:
        row["first_price"] = f"{draw(st.integers(1, 3000)) / 100:.2f}"
    if kind == "steps":
        row |= {"first_g": str(draw(st.integers(0, high))), "step_price": draw(amount),
                "step_g": str(draw(st.integers(1, 40)))}  # fmt: skip
    if draw(st.booleans()):
        row["registration"] = draw(amount)
    if draw(st.booleans()):
        row["round_g"] = str(draw(st.integers(1, 50)))
    if draw(st.booleans()):
        row["min_g"] = str(draw(st.integers(1, high)))
    return row


@st.composite
def cards(draw: Any) -> list[dict[str, str]]:
    """Bands in ascending order, perhaps with gaps, at prices in no order at all."""
    ends = sorted(draw(st.sets(st.integers(1, 130), min_size=2, max_size=7)))
    rows = []
    for low, high in pairwise(ends):
        if draw(st.integers(0, 5)):
            rows.append(row_of(draw, low, high))
    return rows or [row_of(draw, 0, 120)]


@settings(max_examples=30)
@given(cards(), st.integers(1, 130))
def test_against_every_gram_of_any_card(card: list[dict[str, str]], weight: int) -> None:
    block = (HEADER, *(("ES", "2024-07-01", "none", *(row.get(k) for k in KEYS)) for row in card))
    rows = [{NAMES.get(key, key): text for key, text in row.items()} for row in card]
    table = SAVINGS("ES", weight, as_of="2024-12-01", rates=block)
    now = oracle.by_card(rows, weight)
    assert table[3][1] == ("#N/A" if now is None else now[1] / 100)
    heaviest = max(int(row["to_g"]) for row in card)
    lighter, other, heavier = oracle.nearest(rows, weight, heaviest)
    wanted = [lighter, None if other == lighter else other, heavier]
    found: list[Any] = [None] * 3
    for row in table[3:-1]:
        if row[3] not in ("#N/A", 0):
            found[TITLES[row[0]]] = row[2]
    assert found == [step and step[1] / 100 for step in wanted]
    for step, title in zip(wanted, TITLES, strict=True):
        if step:
            [note] = [row[5] for row in table if row[0] == title]
            assert f" {step[0]:,} 克" in note


def test_an_order_as_it_stands() -> None:
    table = SAVINGS(**GOOD)
    assert [row[:5] for row in table] == [
        ["做法", "现在（元）", "之后（元）", "每单省（元）", "共省（元）"],
        ["按时入仓", 3.0, 0.0, 3.0, 3600.0],
        ["改用平台标准箱", 1.5, 0.0, 1.5, 1800.0],
        ["减轻到更便宜的重量", 35.44, 22.6, 12.84, 15408.0],
        ["更重反而便宜", 35.44, 30.0, 5.44, 6528.0],
        ["合计", "", "", 17.34, 20808.0],
    ]
    assert "轻 11 克（到 89 克）省 ¥12.84" in table[3][5]
    assert "重 101 克" in table[4][5]
    # The other functions on both sides: 11 g do it, 10 g do not.
    fees = [LOGISTICSFEE("ES", 100 - grams, rates=CARD) for grams in (0, 10, 11)]
    assert fees == [35.44, 35.44, 22.6]
    now = SEMIFEE(100, fees[0], None, 5, False)
    assert round(now - SEMIFEE(100, fees[2], None, 1, True), 2) == 17.34
    assert "11 g less (89 g) saves ¥12.84" in SAVINGS(**GOOD, policy=EN)[3][5]


def test_a_weight_that_is_no_whole_gram() -> None:
    table = SAVINGS(**{**GOOD, "weight_g": 89.5})
    assert "轻 1 克（到 88.5 克）" in table[3][5]
    assert "轻 11 克（到 89 克）" in SAVINGS(**GOOD)[3][5]
    assert "轻 12 克（到 88.5 克）" in SAVINGS(**{**GOOD, "weight_g": 100.5})[3][5]


def test_the_end_of_a_dear_band() -> None:
    table = SAVINGS(**{**GOOD, "weight_g": 200})
    told = [row[5].partition("）")[0] for row in table[3:5]]
    assert told == ["轻 111 克（到 89 克", "重 1 克（到 201 克"]


def test_a_gram_less_may_leave_a_milligram() -> None:
    card = (CARD[0], ("ES", 0, 1, 5, None, None, "none", "2024-07-01"),
            ("ES", 1, 10, 9, None, None, "none", "2024-07-01"))  # fmt: skip
    table = SAVINGS(**{**GOOD, "weight_g": 1.001, "rates": card})
    assert table[3][1:4] == [9.0, 5.0, 4.0]


def test_a_price_by_the_kilogram_shows_the_next_band_too() -> None:
    table = SAVINGS(**{**GOOD, "weight_g": 1500})
    assert [row[:4] for row in table[3:5]] == [
        ["减轻到更便宜的重量", 164.0, 163.9, 0.1],
        ["减轻到费率表的另一档", 164.0, 30.0, 134.0],
    ]


def test_by_volume_less_weight_saves_nothing() -> None:
    card = (CARD[0], ("ES", 0, 30000, None, 96, 20, "8000", "2024-07-01"))
    given = {**GOOD, "weight_g": 500, "length_cm": 30, "width_cm": 20, "height_cm": 15}
    table = SAVINGS(**{**given, "rates": card})
    assert table[3][1:4] == [128.0, 128.0, 0.0]
    assert "体积重 1,125 克" in table[3][5]
    none = SAVINGS(**{**GOOD, "weight_g": 50})
    assert none[3][3] == 0
    assert "没有更轻而更便宜" in none[3][5]


@pytest.mark.parametrize(("days", "box", "saved"), [
    (None, None, (0, 0)), (1, True, (0, 0)), (3, True, (0, 0)), (4, True, (3, 0)),
    (4, False, (3, 1.5)),
])  # fmt: skip
def test_inbound_and_box(days: Any, box: Any, saved: tuple[float, float]) -> None:
    table = SAVINGS(**{**GOOD, "inbound_days": days, "standard_box": box})
    assert (table[1][3], table[2][3]) == saved
    assert ("F6" in table[1][5]) == (days in (3, 4))


def test_freight_that_is_not_on_record() -> None:
    for other, told in (
        ({"country": "FR"}, "没有这个目的国"),
        ({"weight_g": 40_000}, "重量段"),
        ({"weight_g": None}, "填写“实重(克)”"),
        ({"country": None}, "填写“目的国”"),
        ({"length_cm": 10, "weight_g": 2000}, "边"),
        ({"rates": None}, "重量"),
    ):
        table = SAVINGS(**{**GOOD, **other})
        assert table[3][1:4] == ["#N/A"] * 3
        assert told in table[3][5], table[3][5]
        assert "{" not in table[3][5]
        assert table[-1][3] == 4.5
    shipped = SAVINGS("ES", 89, as_of="2024-12-01")
    assert shipped[3][1] == 22.6


def test_freight_in_another_currency() -> None:
    card = ((*CARD[0], "currency"), *((*row, "USD") for row in CARD[1:]))
    fx = (("currency", "rate"), ("USD", 7))
    assert SAVINGS(**{**GOOD, "rates": card}, fx=fx)[3][1:4] == [248.08, 158.2, 89.88]


def test_blanks() -> None:
    assert SAVINGS(None, None)[1:] == [[""] * 6]
    assert SAVINGS(**{**GOOD, "orders": None})[1][4] == ""


@pytest.mark.parametrize("name", [name for name in GOOD if name != "rates"])
def test_a_wrong_or_error_cell_of_each_argument(name: str) -> None:
    cells: dict[Any, str] = {"#NULL!": "#NULL!"}
    if name not in ("country", "line"):
        cells |= {"也许": "#VALUE!", -1: "#VALUE!"}
    if name == "country":
        cells["月球"] = "#VALUE!"
    for wrong, marker in cells.items():
        [row] = SAVINGS(**{**GOOD, name: wrong})
        assert row[:5] == [marker] * 5
        assert row[5]
    assert SAVINGS(**{**GOOD, "as_of": "2024-06-30"})[0][0] == "#N/A"
