"""Price sheets as carriers send them."""

from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from sellersheet.cards import read_card
from sellersheet.columns import RATES
from sellersheet_workbook.rate_import import Imported, import_rates
from sellersheet_workbook.reading import read_frame


def _import(*rows: tuple[Any, ...], **more: Any) -> Imported:
    frame = pd.DataFrame(rows[1:], columns=pd.Index(rows[0], dtype=object), dtype=object)
    return import_rates(frame, more.pop("lang", "zh"), **more)


def _rows(found: Imported) -> list[list[Any]]:
    return [[None if pd.isna(cell) else cell for cell in row] for row in found.frame.to_numpy()]


def _bands(header: str, *cells: str) -> list[tuple[Any, Any]]:
    found = _import((header,), *((cell,) for cell in cells))
    low, high = (column.zh for column in RATES if column.key in ("from_g", "to_g"))
    return [(row[low], row[high]) for _, row in found.frame.iterrows()]


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
]


@pytest.mark.parametrize(("header", "cell", "ends"), BANDS, ids=lambda item: str(item))
def test_bands(header: str, cell: str, ends: tuple[float, float]) -> None:
    assert _bands(header, cell) == [ends]


@pytest.mark.parametrize("cell", ["0.3KG以上", "W>2", "约300", "小包", "300-", "0≤W<0.3", "300"])
def test_a_band_that_is_not_understood_leaves_its_row_out(cell: str) -> None:
    found = _import(("国家", "重量段(KG)", "运费(元/KG)"), ("ES", "0-0.3", 98), ("FR", cell, 97))
    assert _rows(found) == [["ES", 0, 300, 98], [None] * 4]
    (problem,) = found.refused
    assert f"第 3 行“重量段(KG)”：看不懂重量段“{cell}”" in problem.text("zh")
    assert f'Row 3, 重量段(KG): the band "{cell}"' in problem.text("en")


def test_a_band_without_a_unit_is_in_grams_only_when_it_must_be() -> None:
    grams = _import(("重量段",), ("0-300",), ("300-750",))
    assert _rows(grams) == [[0, 300], [300, 750]]
    assert [note.code for note in grams.notes] == ["grams"]
    unclear = _import(("重量段",), ("0-0.3",), ("0.3-2",))
    assert _rows(unclear) == [[None, None]] * 2
    assert {problem.code for problem in unclear.refused} == {"band_unit"}
    assert "请在表头写明单位" in unclear.refused[0].text("zh")


HEADERS = [
    ("运费(元/KG)", "per_kg"),
    ("运费（RMB/千克）", "per_kg"),
    ("元/kg", "per_kg"),
    ("单价 (¥/公斤)", "per_kg"),
    ("Freight (CNY/kg)", "per_kg"),
    ("挂号费(元/票)", "registration"),
    ("处理费(RMB/件)", "registration"),
    ("handling fee (CNY/parcel)", "registration"),
    ("运费(元/票)", "first_price"),
    ("首重价格(元)", "first_price"),
    ("渠道名称", "line"),
    ("国家/地区", "country"),
    ("运费", None),
    ("运费(元)", None),
    ("时效", None),
]


@pytest.mark.parametrize(("header", "key"), HEADERS)
def test_headers(header: str, key: str | None) -> None:
    found = _import((header,), ("西班牙" if key == "country" else "5",))
    titles = {column.key: column.en for column in RATES}
    english = _import((header,), ("ES" if key == "country" else "5",), lang="en")
    assert list(english.frame.columns) == ([titles[key]] if key else [])
    assert found.frame.shape[1] == (key is not None)


def test_foreign_prices_and_kilograms() -> None:
    found = _import(
        ("国家", "最低计费重(KG)", "运费(USD/KG)", "挂号费(USD/票)", "首重(g)"),
        ("ES", "0.05", "12", "3", "50"),
        ("FR", "很轻", "12", "3", "50"),
    )
    row = dict(zip(found.frame.columns, _rows(found)[0], strict=True))
    assert row["最低计费重(克)"] == 50
    assert row["首重(克)"] == 50
    assert row["币种"] == "USD"
    assert "“很轻”不是重量" in found.refused[0].text("zh")


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
    found = _import(("国家",), (cell,))
    assert _rows(found) == [[code]]
    assert [problem.code for problem in found.refused] == ([] if code else ["country"])
    if not code:
        assert f"“{cell}”不是一个可识别的国家" in found.refused[0].text("zh")


BLOCKS: tuple[tuple[Any, ...], ...] = (
    ("国家", "线路", "重量段(g)", "运费(元/KG)"),
    ("ES", "挂号", "0-300", 98),
    (None, None, "300-750", 95),
    (None, None, None, None),
    ("FR", None, "0-300", 90),
)


def test_blocks_are_filled_down_only_when_asked() -> None:
    plain = _import(*BLOCKS)
    assert [row[0] for row in _rows(plain)] == ["ES", None, None, "FR"]
    assert [note.code for note in plain.notes] == ["fill_down_hint"]
    assert "--fill-down" in plain.notes[0].text("zh")
    filled = _import(*BLOCKS, fill_down=True)
    assert [row[:2] for row in _rows(filled)] == [
        ["ES", "挂号"], ["ES", "挂号"], [None, None], ["FR", "挂号"],
    ]  # fmt: skip
    assert [note.text("en") for note in filled.notes] == [
        "国家: 1 blank cells took the value above them.",
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
    assert read_frame(path).merged == 0
    read = read_frame(path, fill_merged=True)
    assert read.merged == 2
    found = import_rates(read.frame, "zh", first_row=read.first_row)
    assert found.first_row == 3
    assert [row[:2] for row in _rows(found)[:2]] == [["ES", "挂号"]] * 2
    assert _rows(found)[3][:2] == ["FR", None]


def test_a_title_above_the_header_is_passed_over_and_rows_keep_their_numbers() -> None:
    found = _import(
        ("某货代 10 月报价", "", ""),
        (None, None, None),
        ("目的国", "重量段(KG)", "运费(元/KG)"),
        ("ES", "0-0.3", 98),
        ("XX", "0-0.3", 98),
    )
    assert found.first_row == 4
    assert found.refused[0].fields["row"] == 5
    dated = found.frame.assign(生效日期=["2024-10-01", None])
    card = read_card(dated, first_row=found.first_row)
    assert len(card.rates) == 1
    assert not card.refused


def test_named_columns_and_the_registrys_own_sheet() -> None:
    named = {"区间": "band", "Final": "per_kg"}
    found = _import(("国家", "区间", "Final"), ("ES", "0-300g", 9), rename=named)
    assert _rows(found) == [["ES", 0, 300, 9]]
    own = {column.zh: ["ES" if column.key == "country" else "1"] for column in RATES}
    same = import_rates(pd.DataFrame(own), "zh")
    assert list(same.frame.columns) == list(own)
    assert same.refused == same.notes == ()
