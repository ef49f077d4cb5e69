"""The template where the functions are not: nothing is lost, nothing green, nobody blamed."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from sellersheet_workbook.template.cells import cell
from sellersheet_workbook.template.order_table import FIRST, place
from tests.libreoffice import Office
from tests.template_books import cells, small, texts_of_formulas, values

ERRORS: Final = ("#N/A", "#VALUE!", "#NUM!")
HIDDEN: Final = "计算"
SAVED, GONE, NONE = "△ 现在显示的是上次保存的结果", "✘ 没有加载项，重新计算后", "未计算"
TOP: Final = {
    "首页": "A4", "订单": "D4", "报价": "A3", "费率": "A3", "政策": "A5", "准入": "A3",
    "押金": "A3", "模式": "A3", "排障": "A3", "自检": "B4", "函数": "A3",
}  # fmt: skip
_ARRAY: Final = re.compile(r'<f(?=[^>]*t="array")[^>]*ref="([^"]+)"')
_XLSX: Final = "Calc MS Excel 2007 XML"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("made") / "book.xlsx"
    path.write_bytes(small())
    return path


@pytest.fixture(scope="module")
def saved(made: Path, addin_office: Office) -> Path:
    """Saved by LibreOffice with the functions, after an order was deleted and brought back."""
    path = made.with_name("saved.xlsx")
    addin_office.open(Path(shutil.copy(made, made.with_name("edited.xlsx"))))
    addin_office.delete("订单", cell(FIRST + 1, 0))
    addin_office.undo()
    addin_office.save(path, _XLSX)
    return path


@pytest.fixture
def never(showing_office: Office) -> Office:
    return showing_office


@pytest.fixture
def book(made: Path, tmp_path: Path) -> Path:
    """A copy: a LibreOffice leaves its lock beside what it has open."""
    return Path(shutil.copy(made, tmp_path / "book.xlsx"))


def _shown(office: Office, path: Path) -> Iterator[tuple[str, Any, Any, str, bool]]:
    """Sheet, saved cell, what is shown, the formula, whether it is an error: visible formulas."""
    content = path.read_bytes()
    texts = texts_of_formulas(content)
    for sheet in values(content).worksheets:
        if sheet.title == HIDDEN:
            continue
        area = f"A1:{sheet.dimensions.rpartition(':')[2]}"
        wrong, shown = office.errors(sheet.title, area), office.values(sheet.title, area)
        for held in cells(sheet):
            text = texts.get((sheet.title, held.coordinate))
            if text is not None:
                value = shown[held.row - 1][held.column - 1]
                yield sheet.title, held, value, text, (held.row, held.column) in wrong


def _months(path: Path) -> str:
    """Where Home has the months that its chart shows."""
    home = values(path.read_bytes())["首页"]
    top = next(row[0].row for row in home.iter_rows(max_col=1) if row[0].value == "月份")
    return f"A{top + 1}:A{top + 6}"


def _arrays(path: Path) -> list[list[str]]:
    with zipfile.ZipFile(path) as archive:
        names = sorted(name for name in archive.namelist() if "worksheets/sheet" in name)
        return [sorted(_ARRAY.findall(archive.read(name).decode())) for name in names]


def test_saved_results_stand_and_every_sheet_says_what_they_are(book: Path, never: Office) -> None:
    kinds: set[type] = set()
    never.open(book)
    for sheet, held, value, text, wrong in _shown(never, book):
        told = (sheet, held.coordinate, text)
        kinds.add(type(held.value))
        if isinstance(held.value, str) and held.value in ERRORS:
            assert wrong, told
        elif held.value is None:  # it says how things are, now
            assert not wrong, told
            assert value == "" or str(value).startswith((SAVED, NONE)), told
        elif isinstance(held.value, int | float):
            assert value == pytest.approx(held.value), told
        elif isinstance(held.value, str):
            assert str(value).strip() == held.value.strip(), told
    assert {str, float, type(None)} <= kinds
    for sheet, address in TOP.items():
        assert never.cells(sheet, address)[0][0].text.startswith(SAVED), sheet


def test_recalculated_by_force_errors_stand_where_results_were(
    book: Path, plain_office: Office
) -> None:
    blamed = ("没有这个代码", "没有被采用", "无法识别", "不符", "✔", "OK")
    plain_office.open(book)
    plain_office.calculate()
    for sheet, held, value, text, wrong in _shown(plain_office, book):
        told = (sheet, held.coordinate, text, value)
        if re.search(r"\b(SEMIFEE|FAILCODE|POLICYVALUE|PROFIT)\(", text) and "Live" not in text:
            bare = text.startswith(("=SEM", "=FAIL", "=POL", "=PROF"))
            assert wrong or not bare, told
        assert not str(value).startswith(blamed), told
    first, last = cell(FIRST, place("status")), cell(FIRST + 14, place("reason"))
    assert plain_office.cells("订单", first)[0][0].error
    assert plain_office.cells("订单", last)[0][0].error
    figures = [found.error for found in plain_office.cells("首页", "A12:K12")[0][::2]]
    assert all(figures), figures
    for sheet, address in TOP.items():
        assert plain_office.cells(sheet, address)[0][0].text.startswith(GONE), sheet


def test_no_array_is_saved_smaller(made: Path, saved: Path) -> None:
    assert _arrays(saved) == _arrays(made)
    assert sum(map(len, _arrays(made))) > 20


def test_what_a_program_with_the_functions_saved_is_told_to_be_old(
    saved: Path, tmp_path: Path, never: Office
) -> None:
    pdf = tmp_path / "pages.pdf"
    never.open(Path(shutil.copy(saved, tmp_path / "book.xlsx")))
    first = cell(FIRST, place("total_fee_cny"))
    assert never.cells("订单", first)[0][0].value == 31.3
    never.save(pdf, "calc_pdf_Export")
    text = subprocess.run(["pdftotext", str(pdf), "-"], capture_output=True, check=True, text=True)
    printed = re.sub(r"\s", "", text.stdout)
    assert printed.count(SAVED.replace(" ", "")) >= len(TOP)
    assert "函数正常" not in printed


def test_months_stay_and_a_later_one_comes(
    saved: Path, tmp_path: Path, addin_office: Office
) -> None:
    addin_office.open(Path(shutil.copy(saved, tmp_path / "book.xlsx")))
    addin_office.calculate()
    months = _months(saved)
    assert [row[0] for row in addin_office.values("首页", months)] == [
        f"2024-{month:02}" for month in range(7, 13)
    ]
    for key, typed in (("order_date", "2025-01-05"), ("paid_cny", "100")):
        addin_office.write("订单", cell(FIRST + 20, place(key)), [[typed]])
    assert addin_office.values("首页", months)[-1] == ["2025-01"]
    assert addin_office.values("首页", months)[0] == ["2024-08"]


def test_no_array_is_larger_than_its_result(made: Path) -> None:
    """By the values that were worked out: a row beyond a result would be #N/A throughout."""
    sheet = values(made.read_bytes())[HIDDEN]
    areas = [area for part in _arrays(made) for area in part]
    assert len(areas) > 5
    for area in areas:
        for row in sheet[area]:
            assert {found.value for found in row} != {"#N/A"}, area
