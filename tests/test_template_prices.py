"""The sheets Quote, Rates and Policy of the template: what they say, and of what goes wrong."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from sellersheet.columns import OVERRIDES
from sellersheet.policy import load
from sellersheet.wording import LANGS, Lang
from sellersheet_workbook.template import TITLES, policy, quote, rates
from sellersheet_workbook.template.book import DAY
from sellersheet_workbook.template.cells import cell
from sellersheet_workbook.template.order_table import FIRST, place
from tests.command_line import call
from tests.libreoffice import Office
from tests.template_books import small, values

CAPSYS = pytest.CaptureFixture[str]


def _values(content: bytes, key: str, lang: Lang = "zh") -> Any:
    return values(content)[TITLES(key, lang)]


def _row_of(sheet: Any, column: str, wanted: str) -> int:
    return next(cell.row for cell in sheet[column] if cell.value == wanted)


@pytest.mark.parametrize("lang", LANGS)
def test_policy_names_every_value_with_its_source(lang: Lang) -> None:
    sheet = _values(small(lang), "policy", lang)
    at = policy.AT
    header = _row_of(sheet, NAME, OVERRIDES[0].title(lang))
    named = sheet.iter_rows(header + 2)
    rows = {row[at["name"]].value: row for row in named if row[at["name"]].value}
    assert set(rows) == set(load().names)
    for expected in load().rows(DAY, lang):
        row = rows[expected["name"]]
        assert row[at["shown"]].value == expected["value"]
        assert row[at["standing"]].value == expected["standing_word"]
        # Where and when an article appeared is told once, above the table.
        whole = row[at["source"]].value
        for article in load().sources.values():
            name = f"《{article.title}》" if lang == "zh" else article.title_en
            whole = whole.replace(name, article.text(lang))
            assert article.text(lang) in sheet["E4"].value
        assert whole == expected["source"]


def test_quote_shows_the_golden_order() -> None:
    sheet = _values(small(), "quote")
    assert str(
        sheet[f"D{_row_of(sheet, 'D', '一行说明（可直接复制发给别人）') + 1}"].value
    ).startswith("费用合计 ¥35.80 = 基础服务费 ¥3.50")
    assert sheet[f"G{_row_of(sheet, 'D', '改用平台标准箱')}"].value == 1.5
    assert sheet[f"E{_row_of(sheet, 'D', '费用合计')}"].value == 35.8  # late, own box
    saved = _row_of(sheet, "D", "已选措施合计")
    assert [round(sheet.cell(saved, at).value, 4) for at in (5, 6, 7)] == [35.8224, 31.3, 4.5224]
    assert 0.183 in [cell.value for cell in sheet["F"]]
    assert "32 家" in str([cell.value for cell in sheet["D"]])


def test_rates_shows_the_shipped_card() -> None:
    sheet = _values(small(), "rates")
    row = _row_of(sheet, "A", "目的国") + 1
    assert (sheet[f"A{row}"].value, sheet[f"E{row}"].value, sheet[f"G{row}"].value) == (
        "ES", 89, 22.6,
    )  # fmt: skip
    assert len(rates.shipped_rows()) == 1


def test_update_uses_the_own_values_and_rates(capsys: CAPSYS, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(small()))
    sheet = book["政策"]
    sheet[f"{VALUE}{_row_of(sheet, NAME, 'operation_fee')}"] = 6.2
    card = book["费率"]
    card[f"G{_row_of(card, 'A', '目的国') + 1}"] = 20
    book.save(path)
    assert call(capsys, "update", path, "--lang", "zh").code == 1  # a sample has a mistake
    after = openpyxl.load_workbook(path, data_only=True)["订单"]
    places = {cell.value: at for at, cell in enumerate(after[6], 1)}
    assert after.cell(7, places["费用合计"]).value == pytest.approx(3.5 + 6.2 + 20)


# In LibreOffice with the add-in.


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, addin_office: Office) -> Office:
    path = tmp_path_factory.mktemp("prices") / "book.xlsx"
    path.write_bytes(small())
    addin_office.open(path)
    return addin_office


NAME, VALUE = (cell(0, policy.AT[key])[:-1] for key in ("name", "value"))
TOTAL = cell(FIRST, place("total_fee_cny"))


def _text(office: Office, sheet: str, address: str) -> str:
    return office.texts(sheet, address)[0][0]


def test_an_own_value_reaches_orders_and_is_told(office: Office) -> None:
    sheet = _values(small(), "policy")
    row = _row_of(sheet, NAME, "operation_fee")
    before = office.cells("订单", TOTAL)[0][0].value
    office.write("政策", f"{VALUE}{row}", [["6.2"]])
    assert "1 个自定义数值" in _text(office, "政策", "A5")
    assert "普通一单 +1.00 元" in _text(office, "首页", "A4")
    assert _text(office, "政策", cell(row - 1, policy.AT["standing"])) == "自定义"
    assert _text(office, "政策", cell(row - 1, policy.AT["shown"])) == "¥6.20"
    assert _text(office, "政策", "E9") == "+¥1.00"
    assert office.cells("订单", TOTAL)[0][0].value == pytest.approx(float(before or 0) + 1)
    office.write("政策", f"{VALUE}{row}", [["-3"]])
    for sheet_, address in (("政策", "A5"), ("报价", "A3"), ("首页", "A4"), ("订单", "D4")):
        told = _text(office, sheet_, address)
        assert told.startswith(f"✘ 政策表第 {row} 行（operation_fee）"), sheet_
    # No figure that depends on it, and no row that nobody filled.
    assert office.cells("订单", TOTAL)[0][0].error
    assert "operation_fee" in _text(office, "订单", cell(FIRST, place("reason")))
    assert office.values("订单", cell(FIRST + 30, place("status"))) == [[""]]
    assert not any("¥0.00" in found.text for found in office.cells("首页", "A12:K12")[0])
    office.write("政策", f"{VALUE}{row}", [[""]])
    assert _text(office, "政策", "A5").startswith("✔")


@pytest.mark.parametrize(
    ("code", "typed", "told"),
    [
        ("paid", "一百", "“一百”不是可用的数"),
        ("paid", "", "请填订单实付金额"),
        ("cost", "待定", "毛利算不出"),
        ("inbound_days", "-2", "小于下限 0"),
    ],
)
def test_a_wrong_input_of_quote_is_told(office: Office, code: str, typed: str, told: str) -> None:
    address = f"B{quote.ROW_OF[code] + 1}"
    before = office.formulas("报价", address)
    office.write("报价", address, [[typed]])
    assert told in _text(office, "报价", "A3")
    office.write("报价", address, before)
    assert _text(office, "报价", "A3") == "✔ 已算出。"


def test_a_quote_without_freight_looks_it_up(office: Office) -> None:
    quoted, weight = (f"B{quote.ROW_OF[code] + 1}" for code in ("quote", "weight"))
    office.write("报价", quoted, [[""]])
    assert _text(office, "报价", "A3") == "✔ 已算出。"
    office.write("报价", weight, [["90"]])
    assert "没有物流费" in _text(office, "报价", "A3")
    office.write("报价", weight, [["89"]])
    office.write("报价", quoted, [["22.6"]])


def test_rates_says_what_is_wrong_with_a_row(office: Office) -> None:
    row = _row_of(_values(small(), "rates"), "A", "目的国") + 2
    rows = (
        (["FR", "标准小包", "", "0", "500", "", "30"], "✔ 可用"),
        (["FR", "标准小包", "", "600", "700", "", "40"], "△ 可用；但下面缺一段"),
        (["FR", "标准小包", "", "700", "900", "", "50"], "重叠"),
        (["FR", "标准小包", "", "800", "1200", "", "60"], "重叠"),
        (["DE", "标准小包", "", "0", "约500", "", "30"], "只能填数字"),
        (["DE", "", "", "0", "500", "", ""], "没有价格"),
        (["德意志国", "", "", "0", "500", "", "30"], "没有被采用"),
        (["", "标准小包", "", "0", "500", "", "30"], "不完整"),
    )
    for at, (cells, _) in enumerate(rows):
        office.write("费率", f"A{row + at}:G{row + at}", [cells])
        office.write("费率", f"R{row + at}", [["2024-07-01"]])
    told = [_text(office, "费率", f"X{row + at}") for at in range(len(rows))]
    for text, (_, wanted) in zip(told, rows, strict=True):
        assert wanted in text
    assert "有问题" in _text(office, "费率", "A3")
    blank = [[""] * 21 for _ in range(len(rows) + 1)]
    office.write("费率", f"A{row - 1}:U{row + len(rows) - 1}", blank)
    assert _text(office, "费率", "A3").startswith("△ 费率表是空的")
