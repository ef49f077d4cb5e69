"""Freight: rate cards, which row prices a parcel, what it costs, and the size test."""

import datetime as dt
import math
import random
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sellersheet import policy
from sellersheet.cards import Card, read_card, shipped_card
from sellersheet.days import epoch_day
from sellersheet.exchange import FxRates
from sellersheet.orders import compute_orders
from sellersheet.orders.freight import Sides, parcels
from sellersheet.rules.card_lookup import REASONS, Freight, look_up
from sellersheet.rules.freight import Price, charged_mg, freight_fee, is_oversize, volumetric_mg
from tests import oracle
from tests.cases import Case, flag, load, money, sides, text
from tests.examples import UNSHRUNK, examples

CASES = load("freight")
TODAY = dt.date(2025, 6, 1)
NO_FX = FxRates.fixed({})
SIDES = ("length_cm", "width_cm", "height_cm")
RATE_KEYS = (
    "first_g",
    "first_price",
    "step_g",
    "step_price",
    "per_kg",
    "registration",
    "round_g",
    "min_g",
)
Row = Mapping[str, Any]


def card_of(*rows: Row, **shared: Any) -> Card:
    """A card; what a row leaves out is Spain, from 2024-07-01, without volume."""
    usual = {"country": "ES", "start": "2024-07-01", "divisor": "none", **shared}
    return read_card(pd.DataFrame([{**usual, **row} for row in rows]))


def band(low: float, high: float, price: float = 10, **more: Any) -> dict[str, Any]:
    return {"from_g": low, "to_g": high, "first_price": price, **more}


def find(card: Card, *wanted: Row, fx: FxRates = NO_FX) -> Freight:
    """Parcels to Spain on a day in force, each with the values given."""
    frame = pd.DataFrame(
        [{"country": "ES", "line": "", "weight_g": 100, "day": TODAY, **row} for row in wanted]
    )
    for side in SIDES:
        if side not in frame:
            frame[side] = 0.0
    days = np.array([epoch_day(day) for day in frame["day"]], dtype=np.int64)
    items = parcels(
        frame["country"].to_numpy(object),
        frame["line"].to_numpy(object),
        frame["weight_g"].to_numpy(float),
        Sides(*(frame[side].fillna(0.0).to_numpy(float) for side in SIDES)),
        days,
    )
    return look_up(items, card.rates, fx)


def reasons(found: Freight) -> list[str]:
    return [REASONS[code] for code in found.reason]


def box(length: float, width: float, height: float) -> dict[str, float]:
    return dict(zip(SIDES, (length, width, height), strict=True))


def rate_of(case: Case) -> dict[str, str | None]:
    row = {key: case[key] for key in RATE_KEYS}
    row |= {"from_g": case["band_from_g"], "to_g": case["band_to_g"]}
    return {**row, "divisor": case["divisor"] or "none"}


def parcel_of(case: Case) -> dict[str, Any]:
    return {key: float(case[key] or 0) for key in ("weight_g", *SIDES)}


def check(cases: Sequence[Case], card: Card, found: Freight) -> None:
    for at, case in enumerate(cases):
        known = case["status"] != "not_on_record"
        assert found.known[at] == known, case["name"]
        assert found.fee[at] == (money(case, "logistics_fee_cny") or 0), case["name"]
        if case["status"] == "note":
            assert reasons(found)[at] == "found_without_sides", case["name"]
        if known:
            charge = int(found.charge_mg[at])
            assert charge == Fraction(text(case, "chargeable_g")) * 1000, case["name"]
            price = Price(*(column[found.place[at]] for column in card.rates.price))
            assert charged_mg(charge, price) == Fraction(text(case, "charged_g")) * 1000


@pytest.mark.parametrize("case", [pytest.param(c, id=text(c, "name")) for c in CASES])
def test_a_case_alone(case: Case) -> None:
    card = card_of(rate_of(case))
    assert not card.refused
    check([case], card, find(card, parcel_of(case)))


@pytest.mark.parametrize("seed", range(4))
def test_all_cases_in_one_shuffled_table(seed: int) -> None:
    chance = random.Random(seed)
    cases = chance.sample(CASES, len(CASES))
    names = {text(case, "name"): f"line {at}" for at, case in enumerate(cases)}
    rates = [{**rate_of(case), "line": names[text(case, "name")]} for case in CASES]
    card = card_of(*chance.sample(rates, len(rates)))
    assert not card.refused
    items = [{**parcel_of(case), "line": names[text(case, "name")]} for case in cases]
    check(cases, card, find(card, *items))


def test_the_shipped_card() -> None:
    card = shipped_card()
    assert len(card.rates) == 1
    assert not card.refused
    assert card.rates.source[0].startswith("《")
    found = find(
        card,
        {"weight_g": 89},
        {"weight_g": 89, "line": "标准小包"},
        {"weight_g": 89, **box(10, 10, 5)},
        {"weight_g": 89, "length_cm": 10.0},
        {"weight_g": 90},
        {"weight_g": 0},
        {"country": "FR"},
        {"country": ""},
        {"line": "other"},
        {"day": dt.date(2024, 6, 30), "weight_g": 89},
        {"day": dt.date(2024, 7, 1), "weight_g": 89},
    )
    assert reasons(found) == [
        "found_without_sides",
        "found_without_sides",
        "divisor_unknown",
        "sides_partly",
        "no_band",
        "no_weight",
        "no_destination",
        "no_country",
        "no_line",
        "before_start",
        "found_without_sides",
    ]
    assert found.fee.tolist() == [2260, 2260, 0, 0, 0, 0, 0, 0, 0, 0, 2260]
    assert found.charge_mg.tolist() == [89_000, 89_000, 0, 0, 0, 0, 0, 0, 0, 0, 89_000]
    assert found.floor.tolist() == [0, 0, 0, 2260, 0, 0, 0, 0, 0, 0, 0]
    assert found.floor_mg.tolist() == [0, 0, 0, 89_000, 0, 0, 0, 0, 0, 0, 0]


def test_a_card_of_the_users_own_quote_tells_where_it_is_from(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        """[values.published_freight_points]
        reason = "按合同"
        value = [{country = "ES", zh = "专线", en = "Line", to_g = 100, fee = "123.45"}]
        """,
        encoding="utf-8",
    )
    card = shipped_card(policy.load(own))
    assert find(card, {"weight_g": 100, "line": "专线"}).fee.tolist() == [12_345]
    assert card.rates.source[0].endswith("own.toml")
    assert card.table.columns["note"].tolist() == ["按合同"]


def test_the_shipped_card_in_an_order_table() -> None:
    frame = pd.DataFrame(
        {
            "paid_cny": 100,
            "country": ["西班牙", "Spain", "ES", "ES", "ES"],
            "weight_g": [89, 89, 89, 90, 89],
            "length_cm": [None, None, 10, None, None],
            "width_cm": [None, None, 10, None, None],
            "height_cm": [None, None, 5, None, None],
            "logistics_cny": [None, None, None, None, 30],
        }
    )
    results = compute_orders(frame, policy.load(), shipped_card().rates, as_of=TODAY)
    assert results.total.tolist() == [3130, 3130, 0, 0, 3870]
    fees = results.columns("en")["logistics_fee_cny"].tolist()
    assert fees == pytest.approx([22.6, 22.6, math.nan, math.nan, 30.0], nan_ok=True)


# Cards: what is refused, and by which name


def test_headers_and_words_in_chinese() -> None:
    frame = pd.DataFrame(
        {
            "目的国": ["法国", "法国"],
            "物流线路": ["标准", "标准"],
            "重量起": [0, 500],
            "重量止": [500, 1000],
            "首重价格": ["12.34", "¥20.00"],
            "除数": ["不计", "未知"],
            "币种": ["", "CNY"],
            "生效日期": ["2024/7/1", "2024年7月1日"],
        }
    )
    card = read_card(frame)
    assert not card.refused
    found = find(card, {"country": "FR", "weight_g": 500}, {"country": "FR", "weight_g": 501})
    assert found.fee.tolist() == [1234, 2000]


IMPOSSIBLE: dict[str, dict[str, Any]] = {
    "band_empty": {"from_g": 100, "to_g": 100, "first_price": 1},
    "two_prices": {"from_g": 0, "to_g": 100, "first_price": 0.01, "per_kg": 0.01},
    "no_price": {"from_g": 0, "to_g": 100},
    "step_missing": {"from_g": 0, "to_g": 100, "first_price": 1, "step_price": 0.01},
    "too_dear": {"from_g": 0, "to_g": 100, "first_price": 1_000_001},
    "bad_divisor": {"from_g": 0, "to_g": 100, "first_price": 1, "divisor": "about 6000"},
}


@pytest.mark.parametrize("code", IMPOSSIBLE)
def test_an_impossible_row_is_named_and_the_others_stand(code: str) -> None:
    card = card_of(band(0, 100, line="A"), {**IMPOSSIBLE[code], "line": "B"}, band(100, 200))
    assert [(issue.code, issue.rows) for issue in card.rates.issues] == [(code, (1,))]
    assert card.refused
    assert sorted(card.rates.row) == [0, 2]
    for lang in ("zh", "en"):
        issues = card.issues(lang)
        assert issues["row"].tolist() == [3]
        assert issues["refused"].tolist() == [True]
        assert "3" in issues["message"][0]
        assert "{" not in issues["message"][0]


@pytest.mark.parametrize(
    "row",
    [
        {"from_g": 100.5, "to_g": 100.4, "first_price": 1},
        {"from_g": 0, "to_g": 100, "step_price": 0.01, "step_g": 10, "per_kg": 1},
        {"from_g": 0, "to_g": 100, "step_price": 1, "first_g": 10},
        {"from_g": 0, "to_g": 1000, "per_kg": 1_000_000.01},
        {"from_g": 0, "to_g": 1000, "step_price": 1001, "step_g": 1},
        {"from_g": 0, "to_g": 1, "per_kg": 1_000_000_000, "min_g": 1_000_000},
        {"from_g": 0, "to_g": 1, "per_kg": 1_000_000_000, "round_g": 1_000_000},
        {"from_g": 0, "to_g": 100, "step_price": 1_000_000_000, "step_g": 1, "min_g": 1_000_000},
        {"from_g": 0, "to_g": 100, "first_price": 1, "divisor": "0.5"},
        {"from_g": 0, "to_g": 100, "first_price": 1, "divisor": "-6000"},
        {"from_g": 0, "to_g": 100, "first_price": 1, "divisor": "1000001"},
        {"from_g": 0, "to_g": 100, "first_price": 1, "divisor": "nan"},
    ],
    ids=str,
)
def test_rows_that_cannot_be_priced_are_refused(row: Row) -> None:
    card = card_of(row)
    assert card.refused
    assert len(card.rates) == 0
    assert reasons(find(card, {})) == ["no_destination"]


@pytest.mark.parametrize(
    ("row", "part", "most"),
    [
        ({"to_g": 100}, "registration", "1000000.00"),
        ({"to_g": 100, "registration": 1}, "first_price", "999999.00"),
        ({"to_g": 100, "step_g": 10}, "step_price", "100000.00"),
        ({"to_g": 100.001, "step_g": 10, "registration": 1}, "step_price", "90909.00"),
        ({"to_g": 100, "first_g": 10, "step_g": 30, "first_price": 4}, "step_price", "333332.00"),
        ({"to_g": 100, "first_g": 100, "step_g": 1, "first_price": 1}, "step_price", None),
        ({"to_g": 100, "first_g": 101, "step_g": 1, "first_price": 1}, "step_price", None),
        ({"to_g": 100, "step_g": 10, "min_g": 200}, "step_price", "50000.00"),
        ({"to_g": 100, "step_g": 10, "round_g": 80}, "step_price", "62500.00"),
        ({"to_g": 100}, "per_kg", "10000000.00"),
        ({"to_g": 100, "registration": 1}, "per_kg", "9999990.00"),
        ({"to_g": 100, "min_g": 200}, "per_kg", "5000000.00"),
        ({"to_g": 100, "min_g": 200, "round_g": 250}, "per_kg", "4000000.00"),
    ],
    ids=str,
)
def test_a_row_stands_while_its_dearest_parcel_costs_no_more_than_a_million(
    row: Row, part: str, most: str | None
) -> None:
    """Priced at the end of the band as any parcel is; a cent more for ``part`` is too much."""
    stands = card_of({**row, part: most or "999999999"})
    assert not stands.refused
    if most is not None:
        refused = card_of({**row, part: f"{Decimal(most) + Decimal('0.01')}"})
        assert [issue.code for issue in refused.rates.issues] == ["too_dear"]


@pytest.mark.parametrize(
    "row",
    [
        {"to_g": 100, "registration": 5},
        {"to_g": 100, "first_price": 1_000_000},
        {"to_g": 1000, "per_kg": 1_000_000},
        {"to_g": 100, "step_price": 1, "step_g": 10},
        {"to_g": 100, "step_price": 1, "step_g": 0.001},
        {"to_g": 100, "first_price": 1, "divisor": "5,000"},
        {"to_g": 100, "first_price": 1, "divisor": "1"},
        {"to_g": 100, "first_price": 1, "divisor": 6000.0},
        {"to_g": 100, "first_price": 1, "divisor": "6000"},
        {"to_g": 100, "first_price": 1, "divisor": None},
        {"to_g": 100, "first_price": 1, "divisor": "0"},
        {"to_g": 100, "first_price": 1, "divisor": "不计体积重"},
    ],
    ids=str,
)
def test_rows_that_can_be_priced_stand(row: Row) -> None:
    card = card_of(row)
    assert not card.refused
    assert find(card, {}).known.all()


def test_a_wrong_cell_leaves_its_row_out() -> None:
    card = card_of(band(0, 100), {**band(100, 200), "first_price": "cheap"}, band(200, 300))
    assert card.refused
    issues = card.issues("en")
    assert issues["row"].tolist() == [3, 4]
    assert issues["refused"].tolist() == [True, False]  # the row, and the gap it leaves
    found = find(card, *({"weight_g": weight} for weight in (100, 101, 200, 201)))
    assert reasons(found) == ["found", "no_band", "no_band", "found"]


def test_overlapping_bands_are_both_refused() -> None:
    card = card_of(band(0, 500, line="A"), band(400, 900, line="A"), band(900, 1000, line="A"))
    assert [(issue.code, issue.rows) for issue in card.rates.issues] == [("overlap", (0, 1))]
    assert card.rates.issues[0].fields["from_g"] == "400"
    assert card.rates.issues[0].fields["to_g"] == "500"
    found = find(card, *({"weight_g": weight} for weight in (100, 450, 600, 950)))
    assert reasons(found) == ["no_band", "no_band", "no_band", "found"]
    assert card.issues("zh")["row"].tolist() == [3]


def test_the_same_band_twice_is_an_overlap() -> None:
    card = card_of(band(0, 500, 1), band(0, 500, 2), line="A")
    assert [issue.code for issue in card.rates.issues] == ["overlap"]
    assert len(card.rates) == 0


def test_bands_inside_another_are_each_named_with_it() -> None:
    """A wide band holds two narrow ones, which do not touch each other."""
    rows = [band(0, 1000), band(100, 200), band(500, 600)]
    card = card_of(*rows)
    assert len(card.rates) == 0
    for issue in card.rates.issues:
        assert issue.code == "overlap"
        first, second = (rows[row] for row in issue.rows)
        low = max(first["from_g"], second["from_g"])
        high = min(first["to_g"], second["to_g"])
        assert low < high, "the two rows named do not overlap"
        assert (issue.fields["from_g"], issue.fields["to_g"]) == (f"{low}", f"{high}")
    assert {row for issue in card.rates.issues for row in issue.rows} == {0, 1, 2}


def test_the_least_weight_there_is() -> None:
    found = find(shipped_card(), {"weight_g": 0}, {"weight_g": 0.001}, {"weight_g": 0.002})
    assert reasons(found) == ["no_weight", "found_without_sides", "found_without_sides"]
    assert found.fee.tolist() == [0, 2260, 2260]


def test_a_gap_is_told_and_refuses_nothing() -> None:
    card = card_of(band(0, 200, line="A"), band(300, 400, line="A"))
    assert not card.refused
    issue = card.rates.issues[0]
    assert (issue.code, issue.rows) == ("gap", (0, 1))
    assert (issue.fields["from_g"], issue.fields["to_g"]) == ("200", "300")
    found = find(card, *({"weight_g": weight} for weight in (200, 200.001, 300, 300.001)))
    assert reasons(found) == ["found", "no_band", "no_band", "found"]


def test_a_gap_behind_the_least_band_there_is() -> None:
    card = card_of(band(0, 0.001), band(0.002, 1))
    assert [(issue.code, issue.rows) for issue in card.rates.issues] == [("gap", (0, 1))]


def test_bands_of_other_lines_goods_and_starts_do_not_overlap() -> None:
    card = card_of(
        band(0, 500, line="A"),
        band(0, 500, line="B"),
        band(0, 500, line="A", goods="带电"),
        band(0, 500, line="A", start="2025-01-01"),
        band(0, 500, line="A", country="FR"),
    )
    assert card.rates.issues == ()
    assert len(card.rates) == 5


# Which line and which version


def test_a_version_replaces_all_earlier_rows_from_its_day() -> None:
    card = card_of(
        band(0, 200, 10),
        band(200, 400, 20),
        band(0, 100, 30, start="2025-01-01"),
        band(0, 400, 40, start="2025-03-01"),
    )
    days = ("2024-06-30", "2024-07-01", "2024-12-31", "2025-01-01", "2025-02-28", "2025-03-01")
    wanted = [{"day": dt.date.fromisoformat(day)} for day in days]
    heavy = [{**row, "weight_g": 300} for row in wanted]
    assert find(card, *wanted).fee.tolist() == [0, 1000, 1000, 3000, 3000, 4000]
    found = find(card, *heavy)
    assert found.fee.tolist() == [0, 2000, 2000, 0, 0, 4000]
    assert reasons(found) == ["before_start", "found", "found", "no_band", "no_band", "found"]


def test_several_lines_need_a_name() -> None:
    card = card_of(
        band(0, 500, 10, line="标准小包"),
        band(0, 500, 20, line="Line B", goods="普货"),
        band(0, 500, 30, line="Line B", goods="带电"),
        band(0, 500, 40, line="Only", country="FR"),
    )
    wanted = {
        "": "several_lines",
        " ": "several_lines",
        "标准小包": 1000,
        " 标准 小包 ": 1000,
        "Line B": "several_lines",
        "line b|带电": 3000,
        "ＬＩＮＥＢ|普货": 2000,
        "Line B|液体": "no_line",
        "Line C": "no_line",
        "Only": "no_line",
    }
    found = find(card, *({"line": name} for name in wanted))
    results = [
        int(fee) if known else reason
        for fee, known, reason in zip(found.fee, found.known, reasons(found), strict=True)
    ]
    assert results == list(wanted.values())
    assert find(card, {"country": "FR"}, {"country": "FR", "line": "only"}).known.all()


def test_a_line_with_one_goods_type_needs_no_goods() -> None:
    card = card_of(band(0, 500, 10, line="A", goods="普货"))
    assert find(card, {"line": "A"}, {"line": "A|普货"}, {"line": ""}).known.all()
    assert reasons(find(card, {"line": "A|带电"})) == ["no_line"]


# Prices


def test_a_heavier_band_may_be_cheaper() -> None:
    """Every weight is priced by its own row: nothing is evened out."""
    card = card_of(
        {"from_g": 0, "to_g": 200, "first_price": 50},
        {"from_g": 200, "to_g": 450, "per_kg": 60, "registration": 16},
        {"from_g": 450, "to_g": 2000, "per_kg": 20, "registration": 20},
    )
    found = find(card, *({"weight_g": weight} for weight in (1, 200, 201, 450, 451, 2000)))
    assert found.fee.tolist() == [5000, 5000, 2806, 4300, 2902, 6000]


def test_prices_in_another_currency_by_the_day() -> None:
    fx = FxRates.of(
        [
            ("USD", epoch_day(dt.date(2025, 1, 1)), 7_100_000_000),
            ("USD", epoch_day(dt.date(2025, 3, 1)), 7_250_000_000),
            ("EUR", epoch_day(dt.date(2025, 2, 1)), 7_777_777_777),
        ]
    )
    card = card_of(
        band(0, 500, 3.33, line="U", currency="usd"),
        band(0, 500, 3.33, line="E", currency=" EUR "),
        band(0, 500, 3.33, line="G", currency="GBP"),
        band(0, 500, 3.33, line="C", currency=None),
    )
    days = ("2024-12-31", "2025-01-01", "2025-02-28", "2025-03-01")
    wanted = [{"day": dt.date.fromisoformat(day), "line": line} for line in "UEGC" for day in days]
    found = find(card, *wanted, fx=fx)
    assert found.fee.tolist() == [
        *(0, 2364, 2364, 2414),  # 3.33 × 7.1 = 23.643; 3.33 × 7.25 = 24.1425
        *(0, 0, 2590, 2590),  # 3.33 × 7.777777777 = 25.8999…
        *(0, 0, 0, 0),
        *(333, 333, 333, 333),
    ]
    assert [reason == "no_exchange" for reason in reasons(found)] == [
        *(True, False, False, False),
        *(True, True, False, False),
        *(True,) * 4,
        *(False,) * 4,
    ]


def test_a_foreign_price_is_rounded_once() -> None:
    """0.123 kg × 65.00 + 0.005 … is not rounded before the exchange."""
    card = card_of({"to_g": 500, "per_kg": 0.33, "currency": "USD"})
    fx = FxRates.fixed({"USD": "7.1"})
    found = find(card, *({"weight_g": weight} for weight in range(1, 500)), fx=fx)
    exact = [Fraction("0.33") * weight / 1000 * Fraction("7.1") for weight in range(1, 500)]
    assert found.fee.tolist() == [oracle.half_away(fee * 100) for fee in exact]


@pytest.mark.parametrize("word", ["CNY", "cny", "RMB", "人民币", "元", "¥"])
def test_yuan_by_any_of_their_names(word: str) -> None:
    assert find(card_of(band(0, 500, 3.33), currency=word), {}).fee.tolist() == [333]


@pytest.mark.parametrize("word", ["USD", "usd", "US$", "$", "美元"])
def test_dollars_by_any_of_their_names(word: str) -> None:
    fx = FxRates.fixed({"USD": "7.1"})
    assert find(card_of(band(0, 500, 3.33), currency=word), {}, fx=fx).fee.tolist() == [2364]


@pytest.mark.parametrize(
    ("size", "reason"),
    [
        ((60, 20, 10), "found"),
        ((60.01, 20, 10), "too_large"),
        ((20, 60.01, 5), "too_large"),
        ((5, 20, 60.01), "too_large"),
        ((30, 30, 30), "found"),
        ((30, 30, 30.01), "too_large"),
    ],
)
def test_side_limits(size: tuple[float, float, float], reason: str) -> None:
    card = card_of(band(0, 500), max_side_cm=60, max_sum_cm=90)
    found = find(card, box(*size), {})
    assert reasons(found) == [reason, "found"]
    assert found.fee.tolist() == [1000 if reason == "found" else 0, 1000]
    assert find(card_of(band(0, 500)), box(*size)).known.all()


def test_side_limits_one_without_the_other() -> None:
    long, wide = box(80, 1, 1), box(40, 40, 40)
    assert reasons(find(card_of(band(0, 500), max_side_cm=60), long, wide)) == [
        "too_large",
        "found",
    ]
    assert reasons(find(card_of(band(0, 500), max_sum_cm=90), long, wide)) == [
        "found",
        "too_large",
    ]


# Volume


@pytest.mark.parametrize(
    ("weight", "size", "charge", "fee"),
    [
        (100, None, 100, 1000),
        (100, (10, 10, 10), 200, 1000),
        (100, (10, 10, 10.01), 200.2, 2000),
        (450, (10, 10, 10), 450, 2000),
        (100, (30, 10, 10), 600, 3000),
    ],
)
def test_volume_moves_a_parcel_to_another_band(
    weight: int, size: tuple[float, float, float] | None, charge: float, fee: int
) -> None:
    card = card_of(band(0, 200, 10), band(200, 500, 20), band(500, 900, 30), divisor="5000")
    found = find(card, {"weight_g": weight, **({} if size is None else box(*size))})
    assert found.fee.tolist() == [fee]
    assert found.charge_mg.tolist() == [charge * 1000]
    assert reasons(found) == ["found_without_sides" if size is None else "found"]


def test_a_light_parcel_is_priced_by_its_volume_where_no_band_holds_its_weight() -> None:
    """The band is that of the larger weight; the actual weight need not be in any."""
    card = card_of(band(200, 500, 20), band(500, 900, 30), divisor="5000")
    found = find(card, {"weight_g": 100, **box(15, 10, 10)}, {"weight_g": 100})
    assert found.charge_mg.tolist() == [300_000, 0]
    assert found.fee.tolist() == [2000, 0]


def test_a_weight_in_a_gap_is_priced_by_its_volume() -> None:
    card = card_of(band(0, 50, 10), band(200, 500, 20), divisor="5000")
    found = find(card, {"weight_g": 100, **box(15, 10, 10)})
    assert found.fee.tolist() == [2000]


def test_a_band_without_volume_is_not_reached_by_volume() -> None:
    """100 g by weight, 600 g by the first row's divisor: the second row counts 100 g."""
    card = card_of(band(0, 500, 10, divisor="5000"), band(500, 900, 20, divisor="none"))
    found = find(card, {"weight_g": 100, **box(30, 10, 10)})
    assert found.fee.tolist() == [0]
    assert reasons(found) == ["no_band"]


def test_a_parcel_moved_to_a_band_whose_divisor_is_unknown() -> None:
    card = card_of(band(0, 500, 10, divisor="5000"), band(500, 900, 20, divisor="unknown"))
    found = find(card, {"weight_g": 100, **box(30, 10, 10)})
    assert reasons(found) == ["divisor_unknown"]


def test_a_band_of_unknown_divisor_that_may_hold_the_parcel_leaves_it_open() -> None:
    """50 g may be in the first band or, by volume, beyond it: that cannot be told."""
    card = card_of(band(0, 89, 10, divisor="unknown"), band(89, 500, 20, divisor="5000"))
    found = find(card, {"weight_g": 50, **box(10, 10, 5)}, {"weight_g": 100, **box(10, 10, 5)})
    assert reasons(found) == ["divisor_unknown", "found"]
    assert found.fee.tolist() == [0, 2000]


def test_an_unknown_divisor_matters_only_within_reach() -> None:
    """Not to a parcel without sides, nor above the last band of the parcel's own line."""
    gap = card_of(band(0, 1000), band(2000, 3000, divisor=None))
    assert reasons(find(gap, {"weight_g": 1500})) == ["no_band"]
    sided = {"weight_g": 1500, **box(0.01, 0.01, 0.01)}
    assert reasons(find(gap, sided)) == ["divisor_unknown"]
    two = card_of(band(0, 1000, line="A"), band(0, 1000, line="B", divisor=None))
    beyond = {"weight_g": 1500, "line": "A", **box(1, 1, 1)}
    assert reasons(find(two, beyond)) == ["no_band"]


def test_no_row_of_the_card_where_none_was_found() -> None:
    one = card_of(band(0, 1000), band(2000, 3000, divisor=None))
    wanted = [
        {"weight_g": 1500}, {"weight_g": 2500, **box(1, 1, 1)}, {"country": "FR"},
        {"weight_g": 0}, {"weight_g": 5000}, {"weight_g": 500},
    ]  # fmt: skip
    assert find(one, *wanted).place.tolist() == [-1, -1, -1, -1, -1, 0]


@pytest.mark.parametrize("limit", ["max_side_cm", "max_sum_cm"])
def test_the_least_limit_of_the_sides(limit: str) -> None:
    """A hundredth of a centimetre: passed by everything larger, and sides in part stay open."""
    card = card_of(band(0, 1000, **{limit: 0.01}))
    assert reasons(find(card, box(0.02, 0.02, 0.02))) == ["too_large"]
    partly = {"length_cm": 0.01, "width_cm": 0, "height_cm": 0}
    assert reasons(find(card, partly)) == ["sides_partly"]


def test_the_least_floor_is_a_milligram() -> None:
    card = card_of(band(0, 1000, divisor=8000))
    found = find(card, {"weight_g": 0.001, "length_cm": 1})
    assert reasons(found) == ["sides_partly"]
    assert found.floor_mg.tolist() == [1]
    assert found.floor.tolist() == [1000]


def test_a_card_that_goes_round_in_circles_has_no_answer() -> None:
    """By the first divisor the parcel is in the second band, by the second in the first."""
    card = card_of(band(0, 500, 10, divisor="5000"), band(500, 900, 20, divisor="8000"))
    found = find(card, {"weight_g": 100, **box(30, 10, 10)})
    assert reasons(found) == ["no_band"]
    assert found.fee.tolist() == [0]


def test_a_parcel_that_several_divisors_move_up_one_band_each() -> None:
    """Only the eighth row holds the parcel's weight by its own divisor."""
    weights = [*(100 * at + 150 for at in range(7)), 750]
    rows = [
        band(100 * at, 100 * at + 100, at + 1, divisor=f"{10**6 / weight:.3f}")
        for at, weight in enumerate(weights)
    ]
    assert consistent(rows, 50, (10, 10, 10)) == [800]
    found = find(card_of(*rows), {"weight_g": 50, **box(10, 10, 10)})
    assert reasons(found) == ["found"]
    assert found.fee.tolist() == [800]


whole = st.integers(1, 25)
small_price = st.integers(0, 20_000).map(lambda cents: f"{cents // 100}.{cents % 100:02d}")
stepped = st.fixed_dictionaries(
    {
        "first_g": st.integers(0, 300).map(str),
        "first_price": small_price,
        "step_g": st.integers(1, 200).map(str),
        "step_price": st.integers(1, 900).map(lambda cents: f"{cents / 100:.2f}"),
        "registration": st.one_of(st.none(), small_price),
        "round_g": st.one_of(st.none(), st.integers(1, 300).map(str)),
        "min_g": st.one_of(st.none(), st.integers(1, 300).map(str)),
    }
)
by_kilo = st.fixed_dictionaries(
    {
        "per_kg": st.integers(1, 30_000).map(lambda cents: f"{cents / 100:.2f}"),
        "registration": st.one_of(st.none(), small_price),
        "round_g": st.one_of(st.none(), st.integers(1, 300).map(str)),
        "min_g": st.one_of(st.none(), st.integers(1, 300).map(str)),
    }
)
# Divisors by which whole centimetres make whole milligrams.
divisors = st.sampled_from(["none", "4000", "5000", "8000"])
edges = st.lists(st.integers(0, 2000), min_size=2, max_size=6, unique=True).map(sorted)
some_parcels = st.lists(
    st.tuples(st.integers(1, 2500), st.one_of(st.none(), st.tuples(whole, whole, whole))),
    min_size=1,
    max_size=12,
)
# Making a failing card ever smaller takes minutes: the first one found is told.
at_random = settings(max_examples=examples(120), phases=UNSHRUNK)


@st.composite
def cards(draw: st.DrawFn, shared: bool) -> list[dict[str, Any]]:
    """Bands in any order, some left out; one divisor for all of them, or one each."""
    divisor = draw(divisors)
    found = draw(edges)
    rows = [
        {
            **draw(st.one_of(stepped, by_kilo)),
            "from_g": str(low),
            "to_g": str(high),
            "divisor": divisor if shared else draw(divisors),
        }
        for low, high in pairwise(found)
        if draw(st.integers(0, 5))
    ]
    return draw(st.permutations(rows or [{"from_g": "0", "to_g": "1", "first_price": "1"}]))


def consistent(
    rows: Sequence[Row], weight: int, size: tuple[float, float, float] | None
) -> list[int]:
    """The fee by every row whose own band holds the parcel's weight by its own divisor."""
    found = []
    for row in rows:
        plain = {key: None if value is None else str(value) for key, value in row.items()}
        plain |= {"band_from_g": plain["from_g"], "band_to_g": plain["to_g"]}
        plain["divisor"] = None if plain.get("divisor", "none") == "none" else plain["divisor"]
        exact = None if size is None else tuple(Fraction(str(side)) for side in size)
        fee = oracle.card_fee(plain, str(weight), exact)  # type: ignore[arg-type]
        if fee is not None:
            found.append(fee)
    return found


@at_random
@given(cards(shared=True), some_parcels)
def test_any_card_with_one_divisor_agrees_with_the_oracle(
    rows: list[dict[str, Any]], items: list[tuple[int, tuple[int, int, int] | None]]
) -> None:
    found = find(
        card_of(*rows),
        *({"weight_g": weight, **({} if size is None else box(*size))} for weight, size in items),
    )
    for at, (weight, size) in enumerate(items):
        fitting = consistent(rows, weight, size)
        assert len(fitting) <= 1
        assert found.known[at] == bool(fitting)
        assert found.fee[at] == (fitting[0] if fitting else 0)


@at_random
@given(cards(shared=False), some_parcels)
def test_any_card_with_a_divisor_a_row_agrees_with_the_oracle(
    rows: list[dict[str, Any]], items: list[tuple[int, tuple[int, int, int] | None]]
) -> None:
    """The fee is that of the lowest band which holds the parcel by its own divisor."""
    found = find(
        card_of(*rows),
        *({"weight_g": weight, **({} if size is None else box(*size))} for weight, size in items),
    )
    for at, (weight, size) in enumerate(items):
        fitting = consistent(sorted(rows, key=lambda row: int(row["from_g"])), weight, size)
        assert found.known[at] == bool(fitting)
        assert found.fee[at] == (fitting[0] if fitting else 0)


@settings(max_examples=examples(100))
@given(st.one_of(stepped, by_kilo), st.integers(1, 30_000_000), st.integers(10**6, 20_000_000_000))
def test_one_fee_as_plain_numbers_and_as_a_column(
    row: dict[str, str | None], weight_mg: int, exchange: int
) -> None:
    def units(key: str, scale: int) -> int:
        return int(Fraction(row.get(key) or "0") * scale)

    price = Price(
        first_mg=units("first_g", 1000),
        first_price=units("first_price", 100),
        step_mg=units("step_g", 1000),
        step_price=units("step_price", 100),
        per_kg=units("per_kg", 100),
        registration=units("registration", 100),
        min_mg=units("min_g", 1000),
        round_mg=units("round_g", 1000),
    )
    fee = freight_fee(weight_mg, price, 10**9)
    assert type(fee) is int
    grams = f"{weight_mg // 1000}.{weight_mg % 1000:03d}"
    assert fee == oracle.card_fee(row, grams, None)
    columns = Price(*(np.array([value, 0], dtype=np.int64) for value in price))
    weights = np.array([weight_mg, 1], dtype=np.int64)
    assert freight_fee(weights, columns, 10**9).tolist() == [fee, 0]
    foreign = freight_fee(weight_mg, price, exchange)
    rates = np.array([exchange, 10**9 + 1], dtype=np.int64)
    assert freight_fee(weights, columns, rates).tolist() == [foreign, 0]


@pytest.mark.parametrize(
    ("weight", "least", "step", "charged"),
    [
        (89_001, 0, 0, 89_001),  # without a step every milligram counts
        (89_001, 0, 1, 89_001),
        (89_001, 89_002, 0, 89_002),
        (89_001, 89_001, 1_000, 90_000),
        (90_000, 0, 1_000, 90_000),
        (90_001, 0, 1_000, 91_000),
        (1, 500_000, 1_000, 500_000),
    ],
)
def test_the_weight_that_is_charged(weight: int, least: int, step: int, charged: int) -> None:
    price = Price(0, 0, 0, 0, 100, 0, least, step)
    assert charged_mg(weight, price) == charged
    columns = Price(*(np.array([value, 0], dtype=np.int64) for value in price))
    assert charged_mg(np.array([weight, 1]), columns).tolist() == [charged, 1]


def test_the_smallest_step() -> None:
    assert freight_fee(10, Price(4, 200, 1, 3, 0, 0, 0, 0), 10**9) == 200 + 6 * 3


@given(st.integers(1, 10**15), st.integers(1000, 10**9))
def test_volumetric_weight_to_the_milligram(volume: int, divisor: int) -> None:
    exact = Fraction(volume * 1000, divisor)
    assert volumetric_mg(volume, divisor) == oracle.half_away(exact)
    columns = volumetric_mg(np.array([volume, 1]), np.array([divisor, 10**9]))
    assert columns.tolist() == [oracle.half_away(exact), 0]


@pytest.mark.parametrize(
    ("size", "divisor", "grams"),
    [((30, 20, 15), 6000, 1500), ((30, 20, 15), 5000, 1800), ((10, 10, 9), 6000, 150)],
)
def test_volumetric_weight(size: tuple[int, int, int], divisor: int, grams: int) -> None:
    volume = math.prod(side * 100 for side in size)
    assert volumetric_mg(volume, divisor * 1000) == grams * 1000
    assert oracle.volumetric_g(*size, divisor) == grams


def size_test(case: Case) -> tuple[int, int, int]:
    found = sides(case)
    assert found is not None
    lengths = [round(float(side) * 100) for side in found]
    return round(float(text(case, "weight_g")) * 1000), max(lengths), sum(lengths)


def test_the_size_test() -> None:
    cases = load("oversize")
    view = policy.load().on(TODAY)
    limits = [
        view.number(f"oversize_over_{name}")
        for name in ("weight_g", "longest_cm", "three_sides_cm")
    ]
    assert limits == [2000, 60, 90]
    expected = [flag(case, "oversize") for case in cases]
    assert set(expected) == {True, False}
    alone = [is_oversize(*size_test(case), *limits) for case in cases]
    assert alone == expected
    order = random.Random(1).sample(range(len(cases)), len(cases))
    shuffled = [size_test(cases[at]) for at in order]
    columns = [np.array(column) for column in zip(*shuffled, strict=True)]
    assert is_oversize(*columns, *limits).tolist() == [expected[at] for at in order]
