"""The sheets from Eligibility to Functions: what they say, in LibreOffice and of mistakes."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from sellersheet.functions.registry import FUNCTIONS
from sellersheet.wording import LANGS, Lang
from sellersheet_workbook.template import build, samples
from sellersheet_workbook.template.check import CASES_DATA
from sellersheet_workbook.template.registry import TITLES
from tests import addin_in_libreoffice
from tests.libreoffice import Office
from tests.test_template import _formulas

SHEETS = ("eligibility", "deposit", "modes", "troubleshooting", "check", "functions")


@pytest.fixture(scope="module", params=LANGS)
def made(request: pytest.FixtureRequest) -> tuple[Lang, bytes]:
    return request.param, build(request.param, samples(request.param, 60))


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """One LibreOffice with the Chinese workbook open; each test writes what it needs."""
    path = tmp_path_factory.mktemp("book") / "book.xlsx"
    path.write_bytes(build("zh", samples("zh", 60)))
    with addin_in_libreoffice.started(lang="zh") as started:
        started.open(path)
        started.calculate()
        yield started


def _text(office: Office, sheet: str, address: str) -> str:
    return office.cells(sheet, address)[0][0].text


def _texts(office: Office, sheet: str, address: str) -> list[str]:
    return [cell.text for row in office.cells(sheet, address) for cell in row]


def test_every_function_is_used_and_has_a_golden_case(made: tuple[Lang, bytes]) -> None:
    lang, content = made
    book = openpyxl.load_workbook(io.BytesIO(content))
    used: dict[str, set[str]] = {}
    for sheet, _, text in _formulas(book):
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
    book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    title = TITLES("check", lang)
    assert book.defined_names["CheckOK"].attr_text.replace("$", "") == f"'{title}'!B4"
    assert book[title]["B4"].value is None  # it is asked when the file is opened
    for key in SHEETS:
        for row in book[TITLES(key, lang)].iter_rows():
            assert not [cell.coordinate for cell in row if str(cell.value).startswith("#")]


def test_check_says_ok_in_both_languages(tmp_path: Path) -> None:
    """Also where the computer's language is another than the workbook's."""
    with addin_in_libreoffice.started(lang="zh") as started:
        for lang in LANGS:
            path = tmp_path / f"{lang}.xlsx"
            path.write_bytes(build(lang, samples(lang, 60)))
            started.open(path)
            title = TITLES("check", lang)
            started.calculate()
            below = _texts(started, title, f"J{8 + len(FUNCTIONS)}:J{CASES_DATA - 2}")
            assert [text for text in below if text in ("OK", "FAIL", "—")] == ["OK"] * 10
            assert _text(started, title, "B4") == "OK"
            deposit = TITLES("deposit", lang)
            whole = {"zh": "会进入押金审核", "en": "The review starts"}
            assert _text(started, deposit, "D49") == whole[lang]
            started.close()


def test_eligibility_tells_gap_and_mistake(office: Office) -> None:
    assert _text(office, "准入", "A4") == "FAIL"
    assert "还差 5 个百分点" in " ".join(_texts(office, "准入", "E26:E43"))
    office.write("准入", "B10", [["0.65"]])
    office.write("准入", "D13", [["是"]])
    assert _text(office, "准入", "A4") == "PASS"
    office.write("准入", "B16", [["是"]])
    assert _text(office, "准入", "B20") == "FAIL"
    assert _text(office, "准入", "A4") == "FAIL"  # one question, one answer
    office.write("准入", "B8", [["abc"]])
    assert "“abc”不是可用的数" in _text(office, "准入", "A5")
    assert set(_texts(office, "准入", "A26:E43")) == {""}
    office.write("准入", "B8", [[""]])
    assert "UNKNOWN" in _texts(office, "准入", "D26:D43")
    office.write("准入", "B8", [["200"]])


def test_deposit_follows_its_inputs(office: Office) -> None:
    assert _text(office, "押金", "D10") == "$2,783.00"
    assert _text(office, "押金", "D11") == ""
    office.write("押金", "B13", [["0.06"]])
    assert office.cells("押金", "D11")[0][0].value == pytest.approx(166.98)
    office.write("押金", "B9", [["0"]])
    assert "大于 0" in _text(office, "押金", "E6")
    assert office.cells("押金", "D10")[0][0].error
    office.write("押金", "B9", [["0.01"]])
    office.write("押金", "B11", [["visa"]])
    assert "“visa”不可用" in _text(office, "押金", "A17")
    office.write("押金", "B11", [["Alipay+"]])
    assert "$2,783.00" in _texts(office, "押金", "B19:B20")
    office.write("押金", "B6", [["5000"]])
    office.write("押金", "B8", [["0.03"]])
    assert _text(office, "押金", "D10") == "$17,250.00"
    office.write("押金", "B11", [["Payoneer"]])
    assert _text(office, "押金", "A28") == "合计"
    assert _text(office, "押金", "C16") == ""


def test_modes_and_troubleshooting_follow_theirs(office: Office) -> None:
    office.write("模式", "B9", [[""]])
    rows = [[cell.text for cell in row] for row in office.cells("模式", "A16:C18")]
    assert rows == [
        ["全托管", "¥45.00", "¥30.00"],
        ["半托管", "¥100.00", "¥61.30"],
        ["自运营", "", ""],
    ]
    office.write("模式", "B6", [["很多"]])
    assert "“很多”不是可用的数" in _text(office, "模式", "A14")
    office.write("排障", "B5", [["E999"]])
    assert "没有这个代码" in _text(office, "排障", "B6")
    office.write("排障", "B5", [[""]])
    assert _text(office, "排障", "B6") == ""
    office.write("排障", "B19", [["明天"]])
    assert office.cells("排障", "C19")[0][0].error
    assert "时间无法识别" in _text(office, "排障", "D19")
    office.write("排障", "B26:B33", [["是"]] * 8)
    assert "全部完成" in _text(office, "排障", "A34")


def test_check_finds_a_wrong_value(office: Office) -> None:
    before: Any = office.cells("自检", "H8")[0][0].value
    office.write("自检", "H8", [["31.4"]])
    assert _text(office, "自检", "J8") == "不符"
    assert _text(office, "自检", "B4").startswith("✘ 1 项不符")
    office.write("自检", "H8", [[str(before)]])
    assert _text(office, "自检", "B4") == "OK"
