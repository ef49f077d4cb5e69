"""Price sheets as carriers send them: applied to the cent, or refused by the column's name."""

import csv
import datetime as dt
import random
from importlib import resources
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from sellersheet.cards import Card, CardProblem, read_card
from sellersheet.columns import RATES
from sellersheet.exchange import FxRates
from sellersheet.intake.doubts import Asked
from sellersheet.intake.grid import Beside, Shown, grid_of_rows
from sellersheet.intake.headers import TableProblem
from sellersheet.intake.vocabulary import meaning, parsed
from sellersheet_workbook.files.reading import read_grid, read_grids
from sellersheet_workbook.rate_import import Imported, RateSheetProblem, import_rates, sound_rows
from sellersheet_workbook.rate_import.destinations import country_within, line_of, start_of
from sellersheet_workbook.rate_import.table import amounts_in
from tests.examples import examples
from tests.row_files import Row, book_of, text_of
from tests.test_freight import find, reasons

START = dt.date(2024, 7, 1)
NAMES = Path(str(resources.files("sellersheet.intake"))) / "names.csv"


def _import(*rows: Row, **more: Any) -> Imported:
    """The card of rows of cells; ``said`` says what headers stand for."""
    beside = more.pop("beside", Beside())
    asked = Asked(columns=more.pop("said", {}), currency=more.pop("currency", ""))
    grid = grid_of_rows(rows, beside=beside, sheet=more.pop("sheet", None))
    return import_rates(grid, more.pop("lang", "zh"), asked=asked, **{"start": START, **more})


def _card(found: Imported) -> Card:
    return read_card(found.frame, first_row=found.first_row)


def _cents(found: Imported, *parcels: tuple[str, float], fx: FxRates | None = None) -> list[int]:
    return _freight(_card(found), *parcels, fx=fx)


def _freight(card: Card, *parcels: tuple[str, float], fx: FxRates | None = None) -> list[int]:
    """Freight in cents of parcels of a country (or country and line) and weight; -1 for none."""
    wanted = []
    for where, weight in parcels:
        country, _, line = where.partition("/")
        wanted.append({"country": country, "weight_g": weight, "line": line})
    got = find(card, *wanted, fx=fx or FxRates.fixed({}))
    ok = [reason in ("found", "found_without_sides") for reason in reasons(got)]
    return [int(fee) if sound else -1 for fee, sound in zip(got.fee, ok, strict=True)]


def _column(found: Imported, key: str, lang: str = "zh") -> list[Any]:
    title = next(item.title(lang) for item in RATES if item.key == key)
    return [None if pd.isna(cell) else cell for cell in found.frame[title]]


def _refused(*rows: Row, **more: Any) -> str:
    """What is said in Chinese where the whole card is refused; both languages name the same."""
    with pytest.raises(RateSheetProblem) as caught:
        _import(*rows, **more)
    assert caught.value.text("en")
    return caught.value.text("zh")


def _codes(found: Imported) -> list[str]:
    return [note.code for note in found.notes]


# Bands.

BANDS = [
    ("重量段(g)", "0-300", (0, 300)),
    ("重量区间（KG）", "0.3-0.75", (300, 750)),
    ("重量段", "0.3-0.75kg", (300, 750)),
    ("重量段(克)", "0.3-0.75KG", (300, 750)),
    ("Weight range (kg)", "0.3kg - 0.75kg", (300, 750)),
    ("重量段", "0g-300g", (0, 300)),
    ("重量段", "300g～1kg", (300, 1000)),
    ("重量(KG)", "0<W≤0.3", (0, 300)),
    ("重量(KG)", "0.3＜重量<=2", (300, 2000)),
    ("重量(KG)", "W≤0.3", (0, 300)),
    ("重量段", "300克以下", (0, 300)),
    ("重量段", "0.1公斤至0.3公斤", (100, 300)),
    ("weight band (g)", "0 to 300", (0, 300)),
    ("重量限制（KG）", "≤20kg", (0, 20000)),
    ("重量限制（KG）", "＞0.3kg≤20kg", (300, 20000)),
    ("重量限制（KG）", "W>0.3，W≤20", (300, 20000)),
    ("重量限制（KG）", "0.001-0.5KG（不计抛）", (0, 500)),
    ("重量限制（KG）", "1501-7000g", (1500, 7000)),
    ("重量限制（KG）", "(0,0.1]", (0, 100)),
    ("重量限制（KG）", "0.1＜重量≤0.2", (100, 200)),
    ("重量限制（KG）", "0.1＜重量(KG)≤0.2", (100, 200)),
    ("重量限制（KG）", "0≤W≤0.2", (0, 200)),
    ("重量限制（KG）", "21.0 - 44.0", (21000, 44000)),
    ("重量段(g)", "1,501-7,000", (1500, 7000)),
    ("重量段(g)", "不超过 300", (0, 300)),
]


@pytest.mark.parametrize(("header", "cell", "ends"), BANDS, ids=lambda item: str(item))
def test_a_band_prices_what_lies_in_it_and_not_a_gram_more(
    header: str, cell: str, ends: tuple[int, int]
) -> None:
    found = _import(("国家", header, "运费(元/票)"), ("ES", cell, 7))
    low, high = ends
    assert (_column(found, "from_g"), _column(found, "to_g")) == ([low], [high])
    assert _cents(found, ("ES", high), ("ES", low + 1)) == [700, 700]
    assert _cents(found, ("ES", high + 1), *([("ES", low)] if low else [])) == [-1] * (
        2 if low else 1
    )


@pytest.mark.parametrize(
    "cell",
    ["0.3KG以上", "W>2", "W>20", "21KG+", "约300", "小包", "300-", "0≤W<0.3", "0.5KG", "300"],
)
def test_a_band_that_is_not_understood_leaves_its_row_out(cell: str) -> None:
    found = _import(("国家", "重量段(KG)", "运费(元/KG)"), ("ES", "0-0.3", 98), ("FR", cell, 97))
    assert _column(found, "country") == ["ES", None]
    (problem,) = found.refused
    assert f"第 3 行“重量段(KG)”：无法识别重量段“{cell}”" in problem.text("zh")
    assert f'Row 3, 重量段(KG): the band "{cell}"' in problem.text("en")


def test_a_lower_end_that_belongs_to_its_band_begins_a_gram_below() -> None:
    found = _import(
        ("国家", "重量段(g)", "运费(元/票)"), ("ES", "0-310", 1), ("ES", "311-700", 2),
        ("ES", "700-900", 3),
    )  # fmt: skip
    assert _cents(found, *(("ES", grams) for grams in (310, 310.5, 311, 700, 701))) == [
        100, 200, 200, 200, 300,
    ]  # fmt: skip


def test_weights_without_a_unit_are_what_they_must_be_or_asked_for() -> None:
    grams = _import(("国家", "重量段", "运费(元/票)"), ("ES", "0-300", 1), ("ES", "300-750", 2))
    assert (_column(grams, "to_g"), _codes(grams)) == ([300, 750], ["grams"])
    kilos = _import(("国家", "重量段", "运费(元/票)"), ("ES", "0-0.3", 1), ("ES", "0.3-2", 2))
    assert (_column(kilos, "to_g"), _codes(kilos)) == ([300, 2000], ["kilos"])
    unclear = _import(("国家", "重量段", "运费(元/票)"), ("ES", "0-50", 1))
    assert [problem.code for problem in unclear.refused] == ["band_unit"]
    sheet = (("国家", "最小重量", "最大重量", "运费(元/票)"), ("ES", 0, 50, 1))
    assert "=to_kg 或 =to_g" in _refused(*sheet)
    assert _column(_import(*sheet, said={"最大重量": "to_kg"}), "to_g") == [50000]
    rounded = (("国家", "重量(KG)", "进位制", "运费(元/KG)"), ("ES", "0-2", 1, 10))
    assert "“进位制”（如 1）看不出是克还是公斤" in _refused(*rounded)
    assert _cents(_import(*rounded, said={"进位制": "round_kg"}), ("ES", 1001)) == [2000]
    steps = (("国家", "重量(KG)", "进位重量(g)", "运费(元/KG)"), ("ES", "0-2", 100, 10))
    assert _cents(_import(*steps), ("ES", 1001)) == [1100]


ENDS = [
    ("重量左值(>)", "重量右值(<=)"),
    ("起重", "至重"),
    ("起始重量", "结束重量"),
    ("下限", "上限"),
    ("weight_min", "weight_max"),
    ("From", "To"),
    ("最小公斤(Min Kg)", "最大公斤(Max Kg)"),
]


@pytest.mark.parametrize(("low", "high"), ENDS)
def test_columns_of_lower_and_upper_ends(low: str, high: str) -> None:
    rows = [("国家", low, high, "运费(元/票)"), ("ES", 0, 0.5, 1), ("ES", 0.5, 2, 2)]
    if "Kg" not in low:
        rows[0] = ("国家", f"{low}(kg)", f"{high}(kg)", "运费(元/票)")
    found = _import(*rows)
    assert _cents(found, ("ES", 500), ("ES", 501), ("ES", 2000), ("ES", 2001)) == [
        100, 200, 200, -1,
    ]  # fmt: skip


def test_a_band_beside_columns_of_its_ends() -> None:
    headers = ("国家", "重量(KG)", "重量起(克)", "重量止(克)", "运费(元/票)")
    found = _import(headers, ("ES", "0-0.3", 0, 300, 1), ("FR", "0-0.3", 0, 500, 1))
    assert _cents(found, ("ES", 300), ("FR", 300)) == [100, -1]
    assert [problem.code for problem in found.refused] == ["band_twice"]
    least = _import(("国家", "重量(KG)", "Min Weight(g)", "运费(元/KG)"), ("ES", "0-2", 50, 10))
    assert _cents(least, ("ES", 20), ("ES", 60)) == [50, 60]


def test_a_heaviest_weight_ends_the_band() -> None:
    found = _import(
        ("国家", "重量(KG)", "限重(KG)", "运费(元/票)"),
        ("ES", "0<W≤5", 2, 1),
        ("FR", "0<W≤1", 2, 1),
    )
    assert _cents(found, ("ES", 2000), ("ES", 2001), ("FR", 1000), ("FR", 1001)) == [
        100, -1, 100, -1,
    ]  # fmt: skip


# Prices.

PRICES: list[tuple[str, Any, int]] = [
    ("运费(元/KG)", 98, 1960),
    ("运费（RMB/千克）", "98", 1960),
    ("元/kg", 98, 1960),
    ("单价 (¥/公斤)", "￥98.00", 1960),
    ("Freight (CNY/kg)", 98, 1960),
    ("每公斤价", 98, 1960),
    ("公斤单价(RMB/KG)", 98, 1960),
    ("运费 元/每公斤", 98, 1960),
    ("运费(元/100g)", 9.8, 1960),
    ("运费(元/0.5kg)", 49, 1960),
    ("运费(元/克)", 0.098, 1960),
    ("运费(元/票)", 98, 9800),
    ("收费标准", "98元/kg", 1960),
    ("收费标准", "36元/kg+16元/票", 720 + 1600),
    ("资费标准", "￥36/KG + ￥16/件", 720 + 1600),
    ("费用（实重计费）", "0.0468元/克+3.12元/票", 936 + 312),
    ("价格", "运费：36元/公斤，挂号费：16元/单", 720 + 1600),
]


@pytest.mark.parametrize(("header", "cell", "cents"), PRICES)
def test_the_price_of_200_grams(header: str, cell: Any, cents: int) -> None:
    found = _import(("国家", "重量(g)", header), ("ES", "0-300", cell))
    assert not found.refused
    assert _cents(found, ("ES", 200)) == [cents]


FIRST_STEP: list[tuple[Row, Row, list[int]]] = [
    # 400, 500, 501, 1,001 g: 45 up to 500 g, then 20 for each 500 g begun
    (("首重(KG)", "首重费用", "续重(每500G)\n元（RMB）/500G"), (0.5, 45, 20), [45, 45, 65, 85]),
    (("首重(0.5kg)", "续重(0.5kg)"), (45, 20), [45, 45, 65, 85]),
    (("首重(元/0.5kg)", "续重(元/500g)"), (45, 20), [45, 45, 65, 85]),
    (("起价重量(g)", "首重价格", "续重单位(克)", "续重价格"), (500, 45, 500, 20), [45, 45, 65, 85]),
    (("首重(KG)", "首重费用", "续重(元/KG)"), (0.5, 45, 20), [45, 45, 65, 65]),
]


@pytest.mark.parametrize(("headers", "cells", "yuan"), FIRST_STEP)
def test_first_weight_and_steps(headers: Row, cells: Row, yuan: list[int]) -> None:
    found = _import(("国家", "重量(KG)", *headers), ("ES", "0<W≤2", *cells))
    got = _cents(found, *(("ES", grams) for grams in (400, 500, 501, 1001)))
    assert got == [price * 100 for price in yuan]


def test_a_price_for_100_grams_may_be_charged_by_each_begun() -> None:
    rows = (("国家", "重量(g)", "运费(元/100g)"), ("ES", "0-300", 6.5))
    found = _import(*rows)
    assert _codes(found) == ["per_grams", "start"][:1]
    assert '--column "运费(元/100g)"=step_price' in found.notes[0].text("zh")
    assert _cents(found, ("ES", 200), ("ES", 201)) == [1300, 1307]
    begun = _import(*rows, said={"运费(元/100g)": "step_price"})
    assert _cents(begun, ("ES", 200), ("ES", 201)) == [1300, 1950]


SURCHARGES: list[tuple[str, Any, int]] = [
    # 200 g at 65 a kg and 18 a parcel are 31.00
    ("燃油附加费", "10%", 3230),
    ("燃油附加费(%)", 10, 3230),
    ("燃油附加费", "2元/kg", 3140),
    ("燃油附加费(RMB/KG)", 12, 3340),
    ("燃油附加费", None, 3100),
    ("燃油附加费", "无", 3100),
    ("税费(RMB/票)", 9, 4000),
    ("旺季附加费", "5元/票", 3600),
    ("旺季附加费", "5元/kg+1元/票", 3300),
    ("清关费", 0, 3100),
    ("处理费(元/KG)", 5, 3200),
    ("偏远附加费", None, 3100),
    ("备用说明", "无", 3100),
]


@pytest.mark.parametrize(("header", "cell", "cents"), SURCHARGES)
def test_a_surcharge_is_applied(header: str, cell: Any, cents: int) -> None:
    found = _import(
        ("国家", "重量(g)", "运费(元/KG)", "挂号费(元/票)", header), ("ES", "0-300", 65, 18, cell)
    )
    assert _cents(found, ("ES", 200)) == [cents]
    told = {"added", "fuel"} & set(_codes(found))
    assert bool(told) == (cents != 3100)


def test_fuel_in_a_cell_shown_in_percent() -> None:
    rows = (("国家", "重量(g)", "运费(元/KG)", "燃油附加费"), ("ES", "0-300", 65, 0.1))
    assert "看不出是比例还是金额" in _refused(*rows)
    shown = Beside(shown={3: [Shown(pd.array([1]).to_numpy(), percent=True)]})
    assert _cents(_import(*rows, beside=shown), ("ES", 200)) == [1430]


REFUSED: list[tuple[str, Any, str]] = [
    ("偏远附加费", "25元/票", "只对部分包裹收取"),
    ("偏远附加费(元/票)", 25, "只对部分包裹收取"),
    ("保价服务费(RMB/票)", 3, "只对部分包裹收取"),
    ("最低收费", 30, "只对部分包裹收取"),
    ("燃油附加费", 10, "看不出是比例还是金额"),
    ("税费", 9, "看不出是每公斤还是每票加收"),
    ("旺季附加费(元)", 9, "看不出是每公斤还是每票加收"),
    ("每公斤价(元/票)", 9, "看不出是每公斤还是每票的价格"),
    ("新春加收", "3元/票", "看起来是价格，但无法识别"),
    ("新春加收(元/票)", 3, "看起来是价格，但无法识别"),
    ("超重费(元/磅)", 3, "看起来是价格，但无法识别"),
    ("折后价(元/KG)", 60, "看起来是价格，但无法识别"),
    ("公斤价(元/KG)", 60, "是同一种价格"),
    ("操作费", 6, "是同一种价格"),
]


@pytest.mark.parametrize(("header", "cell", "words"), REFUSED)
def test_a_price_that_can_not_be_applied_refuses_the_card(
    header: str, cell: Any, words: str
) -> None:
    rows = (
        ("国家", "重量(g)", "运费(元/KG)", "挂号费(元/票)", header), ("ES", "0-300", 65, 18, cell),
    )  # fmt: skip
    said = _refused(*rows)
    assert words in said
    assert header in said
    assert "=ignore" in said
    without = _import(*rows, said={header: "ignore"})
    assert _cents(without, ("ES", 200)) == [3100]
    assert _column(without, "note") == [f"未含：{header}。"]
    assert "without" in _codes(without)


@pytest.mark.parametrize("unit", ["分", "美分", "cents", "千元", "万元"])
def test_prices_in_cents_or_thousands_refuse_the_card(unit: str) -> None:
    for header in (f"挂号费({unit})", f"挂号费（{unit}）"):
        said = _refused(("国家", "重量(g)", "运费(元/KG)", header), ("ES", "0-300", 65, 1800))
        assert header in said
        assert "以分、千元或万元为单位" in said


def test_units_that_number_formats_show() -> None:
    rows = ("国家", "重量起", "重量止", "运费(元/KG)", "挂号费"), ("ES", 0, 2, 50, 18)
    rows_at = pd.array([1]).to_numpy()
    pounds = {at: [Shown(rows_at, unit="lb")] for at in (1, 2)}
    found = _import(*rows, beside=Beside(shown=pounds))
    assert _cents(found, ("ES", 900), ("ES", 910)) == [6300, -1]
    assert "kilos" not in _codes(found)
    assert "挂号费" in _refused(*rows, beside=Beside(shown={4: [Shown(rows_at, unit="1/100")]}))
    whole = _import(*rows, beside=Beside(shown={4: [Shown(rows_at, unit="1000+")]}))
    assert _cents(whole, ("ES", 1000)) == [6800]


@pytest.mark.parametrize(
    ("unit", "cents"), [("斤", 2000), ("磅", 2205), ("lb", 2205), ("500g", 2000), ("kg", 1000)]
)
def test_a_price_for_any_unit_of_weight(unit: str, cents: int) -> None:
    """Said to be the price of a kilogram too, as the import proposes for what it does not know."""
    for header in (f"运费(元/{unit})", f"运费 元/{unit}"):
        for said in ({}, {header: "per_kg"}):
            found = _import(("国家", "重量(g)", header), ("ES", "0-2000", 10), said=said)
            assert _cents(found, ("ES", 1000)) == [cents]


def test_what_is_refused_can_be_added_by_name() -> None:
    rows = (("国家", "重量(g)", "运费(元/KG)", "偏远附加费"), ("ES", "0-300", 65, "25元/票"))
    assert _cents(_import(*rows, said={"偏远附加费": "surcharge"}), ("ES", 200)) == [3800]


def test_several_faults_of_a_card_are_told_together() -> None:
    said = _refused(
        ("国家", "重量(g)", "运费", "燃油附加费", "偏远附加费"), ("ES", "0-300", 65, 10, "25元/票")
    )
    assert all(f"“{name}”" in said for name in ("运费", "燃油附加费", "偏远附加费"))


def test_a_bare_price_is_asked_for() -> None:
    rows = (("国家", "重量(g)", "运费"), ("ES", "0-300", 65))
    assert "“运费”（如“65”）看不出是每公斤还是每票" in _refused(*rows)
    assert _cents(_import(*rows, said={"运费": "per_kg"}), ("ES", 200)) == [1300]
    assert _cents(_import(*rows, said={"运费": "first_price"}), ("ES", 200)) == [6500]
    below = (("国家", "重量", "运费"), (None, "g", "元/KG"), ("ES", "0-300", 65))
    assert _cents(_import(*below), ("ES", 200)) == [1300]
    titled = (("单位：元/KG",), ("国家", "重量(g)", "运费"), ("ES", "0-300", 65))
    assert _cents(_import(*titled), ("ES", 200)) == [1300]


def test_a_surcharge_per_kg_can_not_stand_on_steps() -> None:
    found = _import(
        ("国家", "重量(g)", "首重(0.5kg)", "续重(0.5kg)", "税费(元/KG)"),
        ("ES", "0-2000", 45, 20, 5),
    )
    assert [problem.code for problem in found.refused] == ["kg_on_steps"]
    assert "税费(元/KG)" in found.refused[0].text("zh")


@pytest.mark.parametrize(
    "cell", ["#N/A", "面议", "1.234", "1.234,56", "36,5", "-5", "36元/立方", "-", True]
)
def test_a_price_that_is_not_understood_leaves_its_row_out(cell: Any) -> None:
    found = _import(("国家", "重量(g)", "运费(元/KG)"), ("ES", "0-300", 65), ("FR", "0-300", cell))
    assert [problem.code for problem in found.refused] == ["price"]
    assert "第 3 行“运费(元/KG)”" in found.refused[0].text("zh")
    assert _cents(found, ("ES", 200), ("FR", 200)) == [1300, -1]


def test_a_formula_without_a_saved_value_leaves_its_row_out() -> None:
    found = _import(
        ("国家", "重量(g)", "运费(元/KG)", "挂号费(元/票)"), ("ES", "0-300", 65, None),
        ("FR", "0-300", 65, None), beside=Beside(uncached=[(2, 3)]),
    )  # fmt: skip
    assert [problem.code for problem in found.refused] == ["uncached"]
    assert _cents(found, ("ES", 200), ("FR", 200)) == [1300, -1]


def test_what_is_said_of_a_price_wins_over_its_header() -> None:
    rows = ("国家", "重量(g)", "价格(元/票)"), ("ES", "0-300", 65)
    assert _cents(_import(*rows), ("ES", 200)) == [6500]
    assert _cents(_import(*rows, said={"价格(元/票)": "per_kg"}), ("ES", 200)) == [1300]


def test_currencies_of_headers_cells_columns_and_options() -> None:
    fx = FxRates.fixed({"USD": "7.1", "EUR": "8"})
    header = _import(("国家", "重量(g)", "运费(USD/KG)"), ("ES", "0-300", 10))
    cell = _import(("国家", "重量(g)", "价格"), ("ES", "0-300", "USD 10/kg"))
    own = _import(("国家", "重量(g)", "$/kg", "币种"), ("ES", "0-300", 10, "USD"))
    said = _import(("国家", "重量(g)", "每公斤价"), ("ES", "0-300", 10), currency="USD")
    for found in (header, cell, own, said):
        assert _cents(found, ("ES", 200), fx=fx) == [1420]
    bare = _import(("国家", "重量(g)", "每公斤价"), ("ES", "0-300", 10))
    assert _codes(bare) == ["taken_as_cny"]
    mixed = _import(
        ("国家", "重量(g)", "运费(USD/KG)", "挂号费(EUR/票)"),
        ("ES", "0-300", 10, 1),
        ("FR", "0-300", 10, None),
    )
    assert [problem.code for problem in mixed.refused] == ["currencies"]
    assert _cents(mixed, ("ES", 200), ("FR", 200), fx=fx) == [-1, 1420]


def test_sentences() -> None:
    assert amounts_in("无") == []
    assert amounts_in("首重45元/票") is None
    (share,) = amounts_in("12.5%") or ()
    assert (float(share.number), share.percent) == (0.125, True)


# Destinations, zones, lines, starts.

COUNTRIES = [
    ("西班牙 Spain", "ES"),
    ("Spain 西班牙", "ES"),
    ("西班牙（ES）", "ES"),
    ("ES-西班牙", "ES"),
    ("Spain (ES)", "ES"),
    ("沙特阿拉伯 Saudi Arabia", "SA"),
    ("德国、法国", None),
    ("西班牙（加那利群岛）", None),
    ("1区", None),
    ("火星 Mars", None),
]


@pytest.mark.parametrize(("cell", "code"), COUNTRIES)
def test_countries(cell: str, code: str | None) -> None:
    found = _import(("国家", "重量(g)", "每公斤价"), (cell, "0-300", 65))
    assert _column(found, "country") == [code]
    assert [problem.code for problem in found.refused] == ([] if code else ["country"])
    if not code:
        assert f"“{cell}”不是一个可识别的国家" in found.refused[0].text("zh")


def test_a_country_in_the_names_of_products_is_asked_for() -> None:
    rows = (
        ("产品", "重量限制(KG)", "收费标准"),
        ("Test Belarus Standard Small", "0.001-2kg", "36元/kg+16元/票"),
        ("俄罗斯专线特惠", "0.001-2kg", "26元/kg+16元/票"),
    )
    said = _refused(*rows)
    assert '--country "产品"' in said
    assert "--country BY" in said
    found = _import(*rows, country="产品")
    assert _cents(found, ("BY", 100), ("RU", 100)) == [1960, 1860]
    assert _column(found, "line") == ["Test Belarus Standard Small", "俄罗斯专线特惠"]
    assert _column(_import(*rows, country="ES"), "country") == ["ES", "ES"]
    assert "既不是国家，也不是文件中的表头" in _refused(*rows, country="火星")


def test_names_that_hold_a_country() -> None:
    assert country_within("白俄罗斯专线") == "BY"
    assert country_within("United States Economy") == "US"
    assert country_within("Small parcel no be") is None
    assert country_within("俄罗斯 Germany") is None


ZONES: tuple[Row, ...] = (
    ("国家", "分区", "重量(g)", "运费(元/KG)"),
    ("澳大利亚", "1区", "0-300", 65),
    ("澳大利亚", "2区", "0-300", 80),
    ("新西兰", "1区", "0-300", 50),
)


def test_zones_are_no_overlap_and_are_asked_for() -> None:
    found = _import(*ZONES, sheet="专线A")
    assert "zones" in _codes(found)
    assert not _card(found).refused
    assert _cents(found, ("AU", 200), ("AU/专线A|1区", 200), ("AU/专线A|2区", 200)) == [
        -1,
        1300,
        1600,
    ]
    assert _cents(found, ("NZ", 200)) == [1000]
    got = find(_card(found), {"country": "AU", "weight_g": 200})
    assert reasons(got) == ["several_lines"]


def test_line_and_start_from_titles() -> None:
    rows: tuple[Row, ...] = (
        ("测试专线挂号（普货）", None, None),
        ("产品代码：TEST01", "生效时间：2025-01-01", None),
        (),
        ("国家/地区", "重量(KG)", "运费(RMB/KG)"), ("西班牙", "0<W≤0.3", 88),
    )  # fmt: skip
    found = _import(*rows, start=None)
    assert found.first_row == 5
    assert _column(found, "line") == ["测试专线挂号（普货）"]
    assert _column(found, "start") == [dt.date(2025, 1, 1)]
    other = _import(*rows, start=START)
    assert _column(other, "start") == [START]
    assert "2025-01-01" in next(n for n in other.notes if n.code == "start_said").text("zh")
    assert line_of(("某货代 10 月报价",), "Sheet1") == ""
    assert line_of((), "线A") == "线A"
    assert line_of(("渠道：云途全球专线",), "Sheet1") == "云途全球专线"
    assert start_of(("2024年10月1日起执行",)) == dt.date(2024, 10, 1)
    assert start_of(("报价有效期至 2024-12-31",)) is None


def test_all_that_is_missing_is_told_at_once_with_the_sheets_own_headers() -> None:
    said = _refused(("序号", "渠道", "时效"), (1, "标准", "5天"))
    assert "目的国、重量段（或重量止）、价格" in said
    assert "序号 | 渠道 | 时效" in said
    dated = _refused(("国家", "重量(g)", "每公斤价"), ("ES", "0-300", 65), start=None)
    assert "缺少：生效日期" in dated
    assert "国家 | 重量(g) | 每公斤价。" in dated
    assert "--start 2024-10-01" in dated
    with pytest.raises(TableProblem, match="Lnd"):
        _import(("国家", "重量(g)", "每公斤价"), ("ES", "0-300", 65), said={"Lnd": "country"})
    none = _refused(("国家", "重量(g)", "首重(0.5kg)", "续重费用"), ("ES", "0-300", 45, 20))
    assert "续重单位" in none


# Rows.

BLOCKS: tuple[Row, ...] = (
    ("国家", "线路", "重量段(g)", "运费(元/KG)"),
    ("ES", "挂号", "0-300", 98),
    (None, None, "300-750", 95),
    (None, None, None, None),
    ("FR", None, "0-300", 90),
)


def test_blocks_are_filled_down_only_when_asked() -> None:
    plain = _import(*BLOCKS)
    assert _column(plain, "country") == ["ES", None, None, "FR"]
    assert _codes(plain) == ["fill_down_hint"]
    assert "--fill-down" in plain.notes[0].text("zh")
    filled = _import(*BLOCKS, fill_down=True)
    assert _column(filled, "country") == ["ES", "ES", None, "FR"]
    assert _column(filled, "line") == ["挂号", "挂号", None, "挂号"]
    # A remark between them is no country.
    remark = ("备注：欧元区同价，旺季另行通知", None, None, None)
    noted = _import(*BLOCKS[:2], remark, BLOCKS[2], fill_down=True)
    assert _column(noted, "country") == ["ES", None, "ES"]
    assert [note.text("en") for note in filled.notes] == [
        "国家: 1 blank cell took the value above them.",
        "线路: 2 blank cells took the value above them.",
    ]


def test_merged_cells_of_a_workbook_stand_in_each_of_their_rows(tmp_path: Path) -> None:
    path = tmp_path / "quote.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([None, "报价表"])
    for row in BLOCKS:
        sheet.append([None, *row])
    for area in ("B1:E1", "B3:B4", "C3:C4", "B6:B7"):
        sheet.merge_cells(area)
    book.save(path)
    found = import_rates(read_grid(path, "rates"), "zh", start=START)
    assert found.first_row == 3
    assert _column(found, "country") == ["ES", "ES", None, "FR"]
    assert _column(found, "line") == ["挂号", "挂号", None, None]
    assert "2 个合并单元格" in found.notes[0].text("zh")


def test_remarks_are_no_rates_and_are_shown() -> None:
    found = _import(
        ("国家", "重量(g)", "运费(元/KG)"), ("ES", "0-300", 65), (None, None, None),
        ("备注：以上价格不含燃油，偏远加收 25 元/票", None, None),
    )  # fmt: skip
    (remark,) = found.remarks
    assert "第 4 行是说明" in remark.text("zh")
    assert "偏远加收 25 元/票" in remark.text("zh")
    assert not found.refused
    assert not _card(found).refused


MATRIX: tuple[Row, ...] = (
    ("重量(kg)", "US", "ES", "FR"), (0.5, 40, 35, 36), (1, 70, 60, 62), (1.5, 95, 88, 90),
)  # fmt: skip


def test_a_matrix_of_weights_by_countries() -> None:
    found = _import(("报价表", None, None, None), *MATRIX)
    parcels = (("ES", 500), ("ES", 501), ("US", 1), ("FR", 1500), ("FR", 1501))
    assert _cents(found, *parcels) == [3500, 6000, 4000, 9000, -1]
    assert "matrix" in _codes(found)
    falling = _refused(*MATRIX[:2], (1, 70, 30, 62))
    assert "重量(kg) | US | ES | FR" in falling
    assert "不随重量下降" in falling
    assert "（火星）" in _refused(("重量(kg)", "US", "ES", "火星"), (0.5, 40, 35, 36))


POUND = 453.59237
AS_MATRIX: dict[str, tuple[Row, ...]] = {
    "kg": (("重量(kg)", "西班牙", "FR"), (0.5, 20, 21), (1, 30, 31)),
    "g": (("重量(g)", "西班牙", "FR"), (500, 20, 21), (1000, 30, 31)),
    "own units": (("重量", "西班牙", "FR"), ("500g", 20, 21), ("1kg", 30, 31)),
    "bands": (("重量(kg)", "西班牙", "FR"), ("0-0.5", 20, 21), ("0.5-1", 30, 31)),
    "bands with units": (("重量段", "西班牙", "FR"), ("0-500g", 20, 21), ("0.5kg-1kg", 30, 31)),
    "header": (("重量(kg)", "西班牙(元)", "FR 元/票"), (0.5, 20, 21), (1, 30, 31)),
    "header in two languages": (
        ("重量(kg)", "西班牙 Spain（元）", "法国 FR（元/票）"), (0.5, 20, 21), (1, 30, 31),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", AS_MATRIX)
def test_a_matrix_in_other_words_is_the_same(name: str) -> None:
    found = _import(*AS_MATRIX[name])
    parcels = (("ES", 1), ("ES", 500), ("ES", 501), ("ES", 1000), ("FR", 500), ("FR", 1001))
    assert _cents(found, *parcels) == [2000, 2000, 3000, 3000, 2100, -1]
    assert ("taken_as_cny" in _codes(found)) != name.startswith("header")


@pytest.mark.parametrize(
    "rows",
    [
        (("重量(lb)", "ES", "FR"), (1, 20, 21), (2, 30, 31)),
        (("Weight", "ES", "FR"), ("1 lb", 20, 21), ("2lbs", 30, 31)),
        (("重量段", "ES", "FR"), ("0-1磅", 20, 21), ("1-2磅", 30, 31)),
        (("Weight (oz)", "ES", "FR"), (16, 20, 21), (32, 30, 31)),
    ],
)
def test_a_matrix_in_pounds(rows: tuple[Row, ...]) -> None:
    found = _import(*rows)
    edges = [("ES", 453.59), ("ES", 453.60), ("FR", 2 * POUND - 0.01), ("FR", 2 * POUND + 0.01)]
    assert _cents(found, *edges) == [2000, 3000, 3100, -1]


@pytest.mark.parametrize(
    "rows",
    [
        (("价格（单位：分）", None, None), ("重量(kg)", "ES", "FR"), (0.5, 2000, 2100)),
        (("价目表（分）", None, None), ("重量(kg)", "ES", "FR"), (0.5, 2000, 2100)),
        (("Prices in US cents", None, None), ("Weight (kg)", "ES", "FR"), (0.5, 2000, 2100)),
        (("重量(kg)", "ES(分)", "FR(分)"), (0.5, 2000, 2100)),
        (("重量(kg)", "ES", "FR(美分)"), (0.5, 20, 2100)),
        (("单位：分", None, None), ("国家", "重量(g)", "运费(每公斤)"), ("ES", "0-300", 2000)),
        (("单位：万元", None, None), ("国家", "重量(g)", "运费(每公斤)"), ("ES", "0-300", 2)),
    ],
)
def test_prices_in_cents_by_a_title_or_a_country_are_refused(rows: tuple[Row, ...]) -> None:
    assert "分、千元或万元" in _refused(*rows)
    assert _refused(*rows, currency="USD")


@pytest.mark.parametrize(
    "rows",
    [
        (("Prices in USD", None, None), ("Weight (kg)", "ES", "FR"), (0.5, 20, 21)),
        (("价目表（美元）", None, None), ("重量(kg)", "ES", "FR"), (0.5, 20, 21)),
        (("重量(kg)", "ES(USD)", "FR(USD)"), (0.5, 20, 21)),
        (("重量(kg)", "ES ($)", "FR"), (0.5, 20, "$21")),
    ],
)
def test_the_currency_of_a_matrix(rows: tuple[Row, ...]) -> None:
    found = _import(*rows)
    assert set(_column(found, "currency")) == {"USD"}
    assert "taken_as_cny" not in _codes(found)


def test_what_number_formats_show_of_a_matrix(tmp_path: Path) -> None:
    """Pounds, dollars and cents beside bare numbers."""
    path = tmp_path / "rates.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (("重量", "ES", "FR"), (1, 20, 21), (2, 30, 31)):
        sheet.append(row)
    for cell in sheet["A"][1:]:
        cell.number_format = '0.0" lb"'
    for cell in (*sheet["B"][1:], *sheet["C"][1:]):
        cell.number_format = "[$$-409]#,##0.00"
    book.save(path)
    found = import_rates(read_grid(path, "rates"), "zh", today=START)
    assert set(_column(found, "currency")) == {"USD"}
    assert _column(found, "to_g") == [POUND, 2 * POUND] * 2
    sheet["C3"].number_format = '0"分"'
    book.save(path)
    with pytest.raises(RateSheetProblem) as told:
        import_rates(read_grid(path, "rates"), "zh", today=START)
    assert "FR" in told.value.text("zh")


def test_named_columns_and_the_registrys_own_sheet() -> None:
    said = {"区间": "band", "Final": "per_kg", "到达 国": "country"}
    found = _import(("到达\n国", "区间", "Final"), ("ES", "0-300g", 9), said=said)
    assert _cents(found, ("ES", 200)) == [180]
    values = {
        "country": "ES", "from_g": 0, "to_g": 300, "per_kg": 65, "registration": 18,
        "divisor": 6000,
        "round_g": 1, "min_g": 50, "currency": "CNY", "start": "2024-07-01", "line": "标准",
    }  # fmt: skip
    for lang in ("zh", "en"):
        titles = {item.key: item.title(lang) for item in RATES}
        own = _import(
            tuple(titles[key] for key in values), tuple(values.values()), lang=lang, start=None
        )
        assert own.refused == own.notes == own.remarks == ()
        assert _column(own, "per_kg", lang) == [65]
        assert _column(own, "divisor", lang) == [6000]


def test_what_is_written_are_numbers() -> None:
    found = _import(
        ("国家", "重量(g)", "运费(元/KG)"), ("ES", "0-300", "65.5"), ("FR", "0-300", "7")
    )
    frame = sound_rows(_card(found), "zh")
    assert [str(kind) for kind in frame[["重量止(克)", "每公斤价格"]].dtypes] == [
        "Int64",
        "Float64",
    ]


SYNONYMS = [
    (line["name"], line["column"])
    for line in csv.DictReader(NAMES.read_text(encoding="utf-8").splitlines())
    if line["table"] == "rates"
]


@pytest.mark.parametrize(("name", "key"), SYNONYMS)
def test_every_name_of_the_vocabulary_is_known(name: str, key: str) -> None:
    for header in (name, f" {name}\u200b", name.upper(), f"{name}*"):
        meant = meaning(parsed(header), "rates")
        assert meant is not None
        assert meant.key == key


# The own table does not take a carrier's sheet for a card.


def test_a_carriers_sheet_is_no_rate_card() -> None:
    usual = {"国家": ["ES"], "重量止(克)": [300], "每公斤价": [65], "生效日期": ["2024-07-01"]}
    assert find(read_card(pd.DataFrame(usual)), {"weight_g": 200}).fee.tolist() == [1300]
    for more in ({"燃油附加费": ["10%"]}, {"重量段": ["0-300"]}, {"分区": ["1区"]}):
        with pytest.raises(CardProblem, match="rates import"):
            read_card(pd.DataFrame({**usual, **more}))
    with pytest.raises(CardProblem, match="100g"):
        read_card(pd.DataFrame(usual).rename(columns={"每公斤价": "每公斤价(元/100g)"}))
    bare = [pd.DataFrame({**usual, "重量止(克)": [end]}).rename(columns={"重量止(克)": "重量止"})
            for end in (0.5, 30, 31)]  # fmt: skip
    for kilograms in bare[:2]:
        with pytest.raises(CardProblem, match=r"kilograms|公斤"):
            read_card(kilograms)
    assert not read_card(bare[2]).refused
    quote = pd.DataFrame({"国家": ["ES"], "重量段": ["0-300"], "运费(元/KG)": [65]})
    with pytest.raises(CardProblem, match="rates import"):
        read_card(quote)


# Files of the forms in which carriers send them.


def _of_file(path: Path, start: dt.date | None = START, **columns: str) -> Imported:
    asked = Asked(columns=columns)
    return import_rates(read_grid(path, "rates"), "zh", asked=asked, start=start)


def test_a_sheet_with_fuel_in_percent(tmp_path: Path) -> None:
    found = _of_file(
        text_of(
            tmp_path / "a.csv", ("国家", "重量段", "运费(元/KG)", "挂号费(元/票)", "燃油附加费"),
            ("西班牙", "0-300", 65, 18, "10%"),
        )
    )  # fmt: skip
    assert _cents(found, ("ES", 200), ("ES", 300), ("ES", 301)) == [3230, 3945, -1]
    assert "不加在挂号费上" in next(n for n in found.notes if n.code == "fuel").text("zh")


def test_a_sheet_with_surcharges_and_a_rounding_step(tmp_path: Path) -> None:
    headers = (
        "国家/地区", "重量(KG)", "进位制(KG)", "运费(RMB/KG)", "挂号费(RMB/票)",
        "燃油附加费(RMB/KG)", "税费(RMB/票)",
    )  # fmt: skip
    found = _of_file(text_of(tmp_path / "a.csv", headers, ("西班牙", "0<W≤2", 0.5, 80, 18, 12, 9)))
    # (80 + 12) × 0.5, 1 or 1.5 kg + 18 + 9
    assert _cents(found, ("ES", 500), ("ES", 620), ("ES", 1000), ("ES", 1001)) == [
        7300, 11900, 11900, 16500,
    ]  # fmt: skip


def test_a_sheet_with_first_weight_and_steps(tmp_path: Path) -> None:
    rows: list[Row] = [
        ("国家", "最小重量", "最大重量", "首重(KG)", "首重费用", "续重(每500G)\n元（RMB）/500G",
         "挂号服务费\n元（RMB）/包裹", "燃油附加费", "偏远附加费"),
        ("西班牙", 0, 2, 0.5, 45, 20, 8, "15%", "25元/票"),
    ]  # fmt: skip
    path = book_of(tmp_path / "a.xlsx", Sheet=rows)
    with pytest.raises(RateSheetProblem, match="偏远附加费"):
        _of_file(path)
    named = {"偏远附加费": "ignore", "挂号服务费 元（RMB）/包裹": "registration"}
    found = _of_file(path, **named)
    # 45 × 1.15 + 8 = 59.75; each step 23.00
    assert _cents(found, ("ES", 500), ("ES", 501), ("ES", 2000), ("ES", 2001)) == [
        5975, 8275, 12875, -1,
    ]  # fmt: skip
    assert str(_column(found, "note")[0]).startswith("未含：偏远附加费。")


def test_sheets_of_one_workbook(tmp_path: Path) -> None:
    def line(name: str, country: str, price: int) -> list[Row]:
        return [
            (f"{name}专线挂号", None, f"产品代码：{name}"),
            ("国家/地区", "重量(KG)", "运费(RMB/KG)", "挂号费(RMB/票)", "参考时效"),
            (country, "0<W≤2", price, 18, "6-12工作日"),
            (),
            ("备注：以上价格不含燃油，偏远加收 25 元/票",),
        ]

    path = book_of(
        tmp_path / "a.xlsx", 目录=[("序号", "产品名称", "产品代码"), (1, "线A", "A1")],
        线A=line("线A", "西班牙", 88), 线B=line("线B", "法国", 70),
    )  # fmt: skip
    grid = read_grid(path, "rates")
    assert (grid.sheet, list(grid.others)) == ("线A", ["线B"])
    every = [
        import_rates(item, "zh", start=START) for item in read_grids(path, "rates", sheets=["*"])
    ]
    assert [_column(found, "line")[0] for found in every] == ["线A专线挂号", "线B专线挂号"]
    assert _cents(every[1], ("FR", 2000), ("FR", 2001)) == [15800, -1]
    (first,) = read_grids(path, "rates", sheets=["目录"])
    with pytest.raises(RateSheetProblem, match="序号 \\| 产品名称 \\| 产品代码"):
        import_rates(first, "zh", start=START)


def test_a_sheet_with_titles_minimum_and_rounding(tmp_path: Path) -> None:
    rows: list[Row] = [
        ("测试专线挂号（普货）",), ("产品代码：TEST01", None, "生效时间：2025-01-01"), (),
        ("国家/地区", "参考时效", "重量(KG)", "进位制(KG)", "最低计费重(KG)", "运费(RMB/KG)",
         "挂号费(RMB/票)"),
        ("西班牙", "6-12工作日", "0<W≤0.3", "0.001", "0.05", 88, 18),
        ("西班牙", "6-12工作日", "0.3<W≤2", "0.001", "0.05", 80, 20),
        ("法国", "6-12工作日", "0<W≤2", "0.001", "0.05", 70, 15),
    ]  # fmt: skip
    found = _of_file(book_of(tmp_path / "a.xlsx", Sheet=rows), start=None)
    assert (_column(found, "round_g"), _column(found, "min_g")) == ([1] * 3, [50] * 3)
    assert _column(found, "start") == [dt.date(2025, 1, 1)] * 3
    parcels = (("ES", 49), ("ES", 51), ("ES", 300), ("ES", 301), ("FR", 2000), ("FR", 2001))
    assert _cents(found, *parcels) == [2240, 2249, 4440, 4408, 15500, -1]


# A sound sheet, disturbed in ways that leave its meaning, gives the same freight or a refusal.

_HEADS = {
    "country": ("",),
    "band": ("(KG)", "（kg）", "(g)"),
    "round_g": ("(KG)", "(克)"),
    "min_g": ("(kg)", "(g)"),
    "price": ("(元/KG)", "（RMB/公斤）", " 元/kg", "(CNY/100g)"),
    "registration": ("(元/票)", "（RMB/件）", "", "\n元（RMB）/包裹"),
}
_SOUND = (("ES", 0, 300, 88, 18), ("ES", 300, 2000, 80, 20), ("FR", 0, 2000, 70, 15))
_PARCELS = (("ES", 20), ("ES", 300), ("ES", 301), ("ES", 2000), ("ES", 2001), ("FR", 1234.5))
# At least 50 g, by the gram: 88 × 0.05 + 18, 88 × 0.3 + 18, 80 × 0.301 + 20 …; 1,235 g to FR.
_CENTS = [2240, 4440, 4408, 18000, -1, 10145]
_COUNTRIES = {"ES": ("西班牙", "ES", "Spain", "西班牙 Spain"), "FR": ("法国", "FR", "法国（FR）")}


def _disturbed(chance: random.Random) -> list[Row]:
    names = {
        key: chance.choice([name for name, meant in SYNONYMS if meant == key]) for key in _HEADS
    }
    units = {key: chance.choice(forms) for key, forms in _HEADS.items()}
    kilo = {
        key: 1000 if "kg" in units[key].casefold() else 1 for key in ("band", "round_g", "min_g")
    }
    form = chance.choice(("{}-{}", "{}<W≤{}", "{}＜重量<={}", "({},{}]", "{}～{}"))
    per = 10 if "100g" in units["price"] else 1
    table: dict[str, list[Any]] = {key: [f"{names[key]}{units[key]}"] for key in _HEADS}
    for country, low, high, price, registration in _SOUND:
        ends = (f"{low / kilo['band']:g}", f"{high / kilo['band']:g}")
        table["country"].append(chance.choice(_COUNTRIES[country]))
        table["band"].append(form.format(*ends))
        table["round_g"].append(1 / kilo["round_g"])
        table["min_g"].append(chance.choice((str, float))(50 / kilo["min_g"]))
        table["price"].append(chance.choice((str, float))(price / per))
        table["registration"].append(registration)
    keys = chance.sample(list(table), len(table))
    rows = [tuple(cells) for cells in zip(*(table[key] for key in keys), strict=True)]
    if chance.random() < 0.5:
        rows[0] = tuple(f" {text}​" for text in rows[0])
    if chance.random() < 0.5:
        rows = [("2025 年报价表", *[None] * (len(keys) - 1)), (None,) * len(keys), *rows]
    if chance.random() < 0.5:
        rows = [*rows, (None,) * len(keys), ("备注：偏远地区另计", *[None] * (len(keys) - 1))]
    return rows


def test_a_disturbed_sheet_gives_the_same_freight_or_is_refused() -> None:
    read, tried = 0, examples(300)
    for seed in range(tried):
        rows = _disturbed(random.Random(seed))
        try:
            found = _import(*rows)
        except (RateSheetProblem, TableProblem):
            continue
        card = _card(found)
        if found.refused or card.refused:
            continue
        read += 1
        assert _freight(card, *_PARCELS) == _CENTS, rows
    assert read >= 0.95 * tried
