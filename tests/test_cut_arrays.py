"""Array formulas whose range LibreOffice saved too small: told, and mended by update and menu."""

import re
import zipfile
from importlib import resources
from pathlib import Path

import openpyxl
import pytest

from sellersheet.wording import LANGS, Lang
from sellersheet_workbook.patch import open_book
from sellersheet_workbook.patch.areas import Area
from sellersheet_workbook.patch.arrays import Array, calculations, filled, reads, repaired, repairs
from sellersheet_workbook.template import TITLES
from tests.command_line import call
from tests.libreoffice import Office
from tests.template_books import small
from tests.workbook_corpus import set_cells

XLSX = "Calc MS Excel 2007 XML"
OLD = Path(__file__).with_name("first_edition.xlsx")
MONTHS = ["2024-12", "2024-11", "2024-10", "2024-09", "2024-08", "2024-07"]


@pytest.fixture(scope="module")
def office(addin_office: Office) -> Office:
    return addin_office


@pytest.fixture
def cut(tmp_path: Path) -> Path:
    """A book of the first edition as LibreOffice saved it: rows below the result are gone."""
    path = tmp_path / "旧版.xlsx"
    with zipfile.ZipFile(OLD) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for item in old.namelist():
            data = old.read(item)
            if b'ref="P3:AG63"' in data:
                data = data.replace(b'ref="P3:AG63"', b'ref="P3:AG9"')
                gone = rb'<c r="(?:[P-Z]|A[A-G])(?:[1-5]\d|6[0-3])"[^>]*>.*?</c>'
                data = re.sub(gone, b"", data)
            made.writestr(item, data)
    return path


def array(path: Path, ref: str) -> str:
    """The formula of the calculation sheet's array with that range."""
    held = openpyxl.load_workbook(path)["计算"][ref.split(":")[0]].value
    assert held.ref == ref
    return str(held.text)


@pytest.mark.parametrize("lang", LANGS)
def test_no_array_of_a_shipped_workbook_is_larger_than_its_result(lang: Lang) -> None:
    assets = resources.files("sellersheet_workbook") / "assets"
    with resources.as_file(assets / f"sellersheet-{lang}.xlsx") as path:
        assert open_book(path).cut_arrays(calculations()) == []
    assert TITLES("calculation", lang) in calculations()


def test_the_command_tells_and_mends(cut: Path, capsys: pytest.CaptureFixture[str]) -> None:
    would = call(capsys, "update", cut, "--dry-run", "--lang", "zh").out
    told = call(capsys, "update", cut, "--lang", "zh").out
    for said in (would, told):
        assert "数组公式的范围只剩 P3:AG9，应为 P3:AG63" in said
        assert "有 2 个数组公式的范围大于结果" in said
    whole = array(cut, "P3:AG63")
    assert whole.startswith("=IF(ROW($BG$1:$BG$61)*COLUMN($A$2:$R$2)>0,SUMMARY(IFERROR(IF(Order")
    assert array(cut, "A3:M63").startswith("=ORDERTABLE(")
    with zipfile.ZipFile(cut) as book:
        assert b'fullCalcOnLoad="1"' in book.read("xl/workbook.xml")
    again = call(capsys, "update", cut, "--lang", "zh").out
    assert "数组公式" not in again
    assert "更新" in call(capsys, "undo", cut, "--lang", "zh").out


def test_what_stands_in_the_way_is_told(cut: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = open_book(cut)
    set_cells(book, "计算", {"Q40": "我的备注"})
    book.save(backup=False)
    told = " ".join(call(capsys, "update", cut, "--lang", "en").out.split())
    assert "stands in P3:AG63 of sheet 计算" in told
    assert "The update repairs this" in told  # the other one
    array(cut, "P3:AG9")
    array(cut, "A3:M63")


def test_a_mended_book_shows_its_months_and_keeps_them(
    office: Office, cut: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call(capsys, "update", cut, "--lang", "zh")
    _months_stay(office, cut, first=7)


def test_the_menu_tells_and_mends(office: Office, cut: Path, tmp_path: Path) -> None:
    office.open(cut)
    before = office.formulas("计算", "P3:AG70")
    assert "只剩 P3:AG9，应为 P3:AG63" in office.dispatch("sellersheet:selfcheck").message
    ended = office.dispatch("sellersheet:update")
    assert ended.done, ended.message
    assert "只剩 P3:AG9" in ended.message
    assert "数组公式" not in office.dispatch("sellersheet:selfcheck").message
    office.save(tmp_path / "saved.xlsx", XLSX)
    assert "COLUMN($A$2:$R$2)" in array(tmp_path / "saved.xlsx", "P3:AG63")
    assert office.dispatch("sellersheet:undo").done
    assert office.formulas("计算", "P3:AG70") == before


def test_the_menu_writes_over_nothing_that_stands_in_the_way(office: Office, cut: Path) -> None:
    office.open(cut)
    office.write("计算", "AG63", [["我的备注"]])
    assert "P3:AG63 里有别的内容" in office.dispatch("sellersheet:selfcheck").message
    ended = office.dispatch("sellersheet:update")
    assert ended.done, ended.message
    assert "P3:AG63 里有别的内容" in ended.message
    assert office.values("计算", "AG63") == [["我的备注"]]
    assert "COLUMN($A$2:$R$2)" not in str(office.formulas("计算", "P3")[0][0])
    office.write("计算", "AG63", [[""]])
    assert "里有别的内容" not in office.dispatch("sellersheet:update").message
    assert "COLUMN($A$2:$R$2)" in str(office.formulas("计算", "P3")[0][0])
    office.close()


def test_a_template_keeps_its_months(office: Office, tmp_path: Path) -> None:
    """The edits that once lost them: a row deleted, undone, saved, opened, a later month."""
    book = tmp_path / "费用簿.xlsx"
    book.write_bytes(small())
    _months_stay(office, book, first=7)


def _months_stay(office: Office, book: Path, first: int) -> None:
    office.open(book)
    assert [row[0] for row in office.values("计算", "P4:P9")] == MONTHS
    office.delete("订单", f"A{first + 1}")
    office.undo()
    saved = book.with_name(f"{book.stem}-2.xlsx")
    office.save(saved, XLSX)
    office.open(saved)
    dates = next(row for row in office.values("订单", "A6:Z6"))
    at = [str(title).strip() for title in dates].index("下单日期")
    place = Area(first, at + 1, first, at + 1).ref
    office.write("订单", place, [["2025-01-15"]])
    months = [row[0] for row in office.values("计算", "P4:P11") if row[0]]
    assert months[0] == "2025-01"
    assert months[1:] == MONTHS
    office.close()


def test_only_a_range_that_is_read_is_made_larger() -> None:
    month, country = Area(3, 16, 9, 33), Area(67, 16, 75, 33)
    arrays = [
        Array(month, 'SUMMARY(OrderTable,"month")', short=False),
        Array(country, 'SUMMARY(OrderTable,"country")', short=False),
        Array(Area(2, 61, 20, 65), filled("ELIGIBLE_DETAIL(A1)", 19, 5), short=False),
    ]
    text = "=INDEX('计算'!$P$4:$P$63,2)+计算!$T$68:$T$75+$计算.$AK$4:$AK$99+自动计算!P4:P500"
    found = repairs("计算", arrays, reads(text, "计算"), lambda area: False)
    assert [(item.area, item.wanted.ref, item.cut) for item in found] == [
        (month, "P3:AG63", True),
    ]
    assert found[0].text == filled('SUMMARY(OrderTable,"month")', 61, 18)
    # A formula that says its size itself needs nobody who reads it.
    own = [Array(Area(3, 16, 9, 33), found[0].text, short=False)]
    (again,) = repairs("计算", own, (), lambda area: area.ref == "P10:AG63")
    assert (again.wanted.ref, again.blocked) == ("P3:AG63", True)
    sheet = (
        b'<row r="3"><c r="P3"><f t="array" ref="P3:AG9">SUMMARY(A&amp;"")</f><v>1</v></c></row>'
    )
    assert b'ref="P3:AG63">IF(ROW(' in repaired(sheet, found[0])
