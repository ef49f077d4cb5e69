"""The sheets from Eligibility to Functions: what they say, in LibreOffice and of mistakes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sellersheet.functions.registry import FUNCTIONS
from sellersheet.wording import LANGS, Lang
from sellersheet_workbook.template import TITLES
from sellersheet_workbook.template.check import CASES_DATA
from tests.libreoffice import Office
from tests.template_books import formulas, small, texts_of_formulas, values

SHEETS = ("eligibility", "deposit", "modes", "troubleshooting", "check", "functions")


@pytest.fixture(scope="module", params=LANGS)
def made(request: pytest.FixtureRequest) -> tuple[Lang, bytes]:
    return request.param, small(request.param)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, addin_office: Office) -> Iterator[Office]:
    """The Chinese workbook open in LibreOffice; each test writes what it needs."""
    path = tmp_path_factory.mktemp("book") / "book.xlsx"
    path.write_bytes(small())
    with addin_office.beside() as beside:
        beside.open(path)
        beside.calculate()
        yield beside


def _text(office: Office, sheet: str, address: str) -> str:
    return office.texts(sheet, address)[0][0]


def _texts(office: Office, sheet: str, address: str) -> list[str]:
    return [text for row in office.texts(sheet, address) for text in row]


def test_every_function_is_used_and_has_a_golden_case(made: tuple[Lang, bytes]) -> None:
    lang, content = made
    book = formulas(content)
    used: dict[str, set[str]] = {}
    for (sheet, _), text in texts_of_formulas(content).items():
        plain = re.sub(r'"[^"]*"', '""', text)
        used.setdefault(sheet, set()).update(re.findall(r"\b([A-Z][A-Z_]+)\(", plain))
    assert FUNCTIONS.keys() <= set().union(*used.values())
    for key in ("check", "functions"):
        assert used[TITLES(key, lang)] >= FUNCTIONS.keys()
    listed = book[TITLES("functions", lang)]
    assert [row[0].value for row in listed[f"A5:A{4 + len(FUNCTIONS)}"]] == list(FUNCTIONS)
    cases = book[TITLES("check", lang)][f"A8:A{7 + len(FUNCTIONS)}"]
    assert [row[0].value for row in cases] == list(FUNCTIONS)


def test_the_names_and_the_saved_answer(made: tuple[Lang, bytes]) -> None:
    lang, content = made
    book = values(content)
    title = TITLES("check", lang)
    assert book.defined_names["CheckOK"].attr_text.replace("$", "") == f"'{title}'!B4"
    assert book[title]["B4"].value is None  # it is asked when the file is opened
    for key in SHEETS:
        for row in book[TITLES(key, lang)].iter_rows():
            assert not [cell.coordinate for cell in row if str(cell.value).startswith("#")]


def test_check_says_ok_in_both_languages(tmp_path: Path, addin_office: Office) -> None:
    """Also where the computer's language is another than the workbook's."""
    for lang in LANGS:
        path = tmp_path / f"{lang}.xlsx"
        path.write_bytes(small(lang))
        addin_office.open(path)
        title = TITLES("check", lang)
        addin_office.calculate()
        below = _texts(addin_office, title, f"K{8 + len(FUNCTIONS)}:K{CASES_DATA - 2}")
        assert [text for text in below if text in ("OK", "FAIL", "—")] == ["OK"] * 10
        assert _text(addin_office, title, "B4") == "OK"
        deposit = TITLES("deposit", lang)
        whole = {"zh": "会进入押金审核", "en": "The review starts"}
        assert _text(addin_office, deposit, "J5") == whole[lang]
    addin_office.close()


def test_eligibility_tells_gap_and_mistake(office: Office) -> None:
    assert _text(office, "准入", "A4") == "不通过"
    assert "还差 5 个百分点" in " ".join(_texts(office, "准入", "F26:F43"))
    office.write("准入", "B10", [["0.65"]])
    office.write("准入", "E13", [["是"]])
    assert _text(office, "准入", "A4") == "通过"
    office.write("准入", "B16", [["是"]])
    assert _text(office, "准入", "B20") == "不通过"
    assert _text(office, "准入", "A4") == "不通过"  # one question, one answer
    office.write("准入", "B8", [["abc"]])
    assert "“abc”不是可用的数" in _text(office, "准入", "A5")
    assert set(_texts(office, "准入", "A26:G43")) == {""}
    office.write("准入", "B8", [[""]])
    assert "待确认" in _texts(office, "准入", "E26:E43")
    office.write("准入", "B8", [["200"]])


def _at(office: Office, sheet: str, label: str, column: str = "A", again: int = 0) -> int:
    """The row of a label, or of one further down."""
    texts = _texts(office, sheet, f"{column}1:{column}220")
    return [row for row, text in enumerate(texts, 1) if text == label][again]


def test_deposit_follows_its_inputs(office: Office) -> None:
    def given(label: str, typed: str) -> None:
        office.write("押金", f"B{_at(office, '押金', label)}", [[typed]])

    paid = f"G{_at(office, '押金', '订单押金', 'D')}"
    assert _text(office, "押金", paid) == _text(office, "押金", "A5") == "$2,783.00"
    cost = _at(office, "押金", "占用成本")
    given("年化资金成本（自填）", "0.06")
    assert office.cells("押金", f"E{cost}")[0][0].value == pytest.approx(82.35)
    given("类目纠纷率均值", "0")
    assert "大于 0" in _text(office, "押金", "H10")
    assert office.cells("押金", paid)[0][0].error
    given("类目纠纷率均值", "0.01")
    plan = _at(office, "押金", "三、付款计划")
    given("支付渠道", "visa")
    assert "“visa”不可用" in _text(office, "押金", f"A{plan + 1}")
    given("支付渠道", "Alipay+")
    assert "2,783.00" in _texts(office, "押金", f"B{plan + 3}:B{plan + 4}")
    given("基准值", "5000")
    given("本店纠纷率", "0.03")
    assert _text(office, "押金", paid) == "$17,250.00"
    given("支付渠道", "Payoneer")
    assert _text(office, "押金", f"A{plan + 12}") == "合计"
    assert _text(office, "押金", f"D{plan}").strip() == ""


def test_deposit_looks_ahead(office: Office) -> None:
    """D20, D21: one dispute more is above the budget, one late parcel more is a trigger."""
    for label, typed in (("基准值", "1000"), ("押金预算", "2500"), ("近30天订单数", "1200")):
        office.write("押金", f"B{_at(office, '押金', label)}", [[typed]])
    most = _at(office, "押金", "最多纠纷单", "D")
    assert _texts(office, "押金", f"G{most}:G{most + 2}") == ["13", "2,491.67", "2,683.33"]
    late = _at(office, "押金", "近30天物流履约率低于基准线", again=1)
    assert _texts(office, "押金", f"G{late}:H{late}") == ["58", "18"]
    office.write("押金", f"B{_at(office, '押金', '未按时履约')}", [["59"]])
    assert _text(office, "押金", f"J{late}") == "成立"
    office.write("押金", f"B{_at(office, '押金', '未按时履约')}", [["40"]])


def test_modes_says_which_wins_and_at_which_volume(office: Office) -> None:
    assert list(filter(None, _texts(office, "模式", "A5:L5"))) == [
        "自运营",
        "¥42.00",
        "¥3.30",
        "455",
    ]
    office.write("模式", f"B{_at(office, '模式', '自运营每天固定费用')}", [["0"]])
    assert _text(office, "模式", "K5") == "无"
    office.write("模式", f"B{_at(office, '模式', '自运营每天固定费用')}", [["1500"]])
    mean = _at(office, "模式", "类目均值")
    rates = _at(office, "模式", "退货率")
    assert _texts(office, "模式", f"A{rates + 5}:B{rates + 5}") == ["12.0%", "22.40"]
    office.write("模式", f"B{mean}", [["0.2"]])
    assert _text(office, "模式", f"B{rates + 5}") == "0.00"
    office.write("模式", f"B{mean}", [["0.08"]])


def test_modes_tells_what_own_values_cost_over_the_orders(office: Office) -> None:
    note = f"D{_at(office, '模式', '按什么汇总')}"
    row = _at(office, "模式", "第二套规则日期") + 3
    assert "没有可比较的变动" in _text(office, "模式", note)
    assert not "".join(_texts(office, "模式", f"A{row}:L{row}")).strip()
    names = _texts(office, "政策", "G1:G200")
    own = f"D{names.index('operation_fee') + 1}"
    office.write("政策", own, [["6.2"]])
    told = _texts(office, "模式", f"A{row}:J{row}")
    assert told[0] == "合计"
    assert told[9] == "+13.00"  # 14 orders are computed, one has its operation fee back
    assert _text(office, "模式", note).strip() == ""
    office.write("政策", own, [[""]])
    assert "没有可比较的变动" in _text(office, "模式", note)


def test_modes_and_troubleshooting_follow_theirs(office: Office) -> None:
    top = _at(office, "模式", "模式")
    office.write("模式", f"B{_at(office, '模式', '自运营物流费')}", [[""]])
    rows = [[cell.text for cell in row] for row in office.cells("模式", f"A{top + 1}:D{top + 3}")]
    assert rows == [
        ["全托管", "45.00", "", "30.00"],
        ["半托管", "100.00", "", "61.30"],
        ["自运营", "", "", ""],
    ]
    office.write("模式", f"B{_at(office, '模式', '订单实付金额')}", [["很多"]])
    assert "“很多”不是可用的数" in _text(office, "模式", f"A{top - 1}")
    office.write("排障", "B5", [["E999"]])
    assert "没有这个代码" in _text(office, "排障", "B6")
    office.write("排障", "B5", [[""]])
    assert _text(office, "排障", "B6") == ""
    office.write("排障", "B20", [["明天"]])
    assert office.cells("排障", "C20")[0][0].error
    assert "时间无法识别" in _text(office, "排障", "D20")
    office.write("排障", "B27:B34", [["是"]] * 8)
    assert "全部完成" in _text(office, "排障", "A35")


def test_check_finds_a_wrong_value(office: Office) -> None:
    before: Any = office.cells("自检", "G8")[0][0].value
    office.write("自检", "G8", [["31.4"]])
    assert _text(office, "自检", "K8") == "不符"
    assert _text(office, "自检", "B4").startswith("✘ 1 项不符")
    office.write("自检", "G8", [[str(before)]])
    assert _text(office, "自检", "B4") == "OK"
