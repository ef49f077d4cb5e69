"""A values-only copy: what is taken out, what stays, what is refused."""

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.comments import Comment

from sellersheet_workbook.patch import open_book
from sellersheet_workbook.update.share import ShareProblem, share_book
from tests import libreoffice
from tests.command_line import call
from tests.workbook_corpus import set_cells

CAPSYS = pytest.CaptureFixture[str]
PERSON = {"author": "张三", "manager": "李四", "company": "某某公司", "title": "九月"}


def _book(path: Path, *, macros: bool = False, blank: bool = False) -> Path:
    with xlsxwriter.Workbook(path) as book:
        book.set_properties(PERSON)
        book.set_custom_property("负责人", "王五")
        sheet = book.add_worksheet("订单")
        sheet.write_row(0, 0, ("金额", "两倍", "词"))
        sheet.write_row(1, 0, (3, None, "=不是公式"))
        sheet.write_formula("B2", "=A2*2", book.add_format({"bold": True}), 6)
        sheet.write_formula("C2", '=IF(A2>1,"多","少")', None, "" if blank else "多")
        sheet.write_formula("D2", "=1=1", None, True)
        sheet.write_dynamic_array_formula("E2", "=SQRT(A2)", None, 1.7320508)
        sheet.write_array_formula("F2:F3", "{=A2:A3*2}", None, 6)
        sheet.conditional_format("A2:A9", {"type": "cell", "criteria": ">", "value": 1})
        sheet.add_table(
            "H1:I3",
            {"name": "表", "columns": [{"header": "a"}, {"header": "b", "formula": "=[@a]*2"}]},
        )
        book.define_name("率", "=0.035")
        book.define_name("外", "=[1]表!$A$1")
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=订单!$A$2:$A$2"})
        sheet.insert_chart("K1", chart)
        if macros:
            code = path.with_name("vba.bin")
            code.write_bytes(b"macros")
            book.add_vba_project(str(code))
            sheet.insert_button("K20", {"macro": "更新", "caption": "更新"})
    return path


def _parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _changed(path: Path, part: str, change: Callable[[bytes], bytes], **more: bytes) -> Path:
    """The workbook with one part changed and parts added."""
    parts = _parts(path)
    parts[part] = change(parts[part])
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in {**parts, **more}.items():
            archive.writestr(name, data)
    path.write_bytes(file.getvalue())
    return path


def test_formulas_become_their_values(tmp_path: Path) -> None:
    source = _book(tmp_path / "a.xlsx")
    before = source.read_bytes()
    done = share_book(source, tmp_path / "b.xlsx")
    assert source.read_bytes() == before
    sheet = openpyxl.load_workbook(tmp_path / "b.xlsx")["订单"]
    assert [cell.value for cell in sheet[2]][:6] == [3, 6, "多", True, 1.7320508, 6]
    assert sheet["B2"].font.bold
    assert done.formulas == 7
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert b"calculatedColumnFormula" not in _parts(tmp_path / "b.xlsx")["xl/tables/table1.xml"]


def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = "=1+1"
    sheet["A1"].data_type = "s"
    book.save(path)
    share_book(path, tmp_path / "b.xlsx")
    cell = openpyxl.load_workbook(tmp_path / "b.xlsx").worksheets[0]["A1"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_macros_persons_and_links_are_left_out(tmp_path: Path) -> None:
    source = _book(tmp_path / "a.xlsm", macros=True)
    target = tmp_path / "b.xlsx"
    done = share_book(source, target)
    assert set(done.dropped) == {"macros", "controls", "names", "properties"}
    old, new = _parts(source), _parts(target)
    assert set(old) - set(new) == {"xl/vbaProject.bin", "docProps/custom.xml"}
    text = b"".join(new.values())
    for word in ("张三", "李四", "某某公司", "王五", "vbaProject", "macroEnabled", "[1]"):
        assert word.encode() not in text
    assert "九月".encode() in new["docProps/core.xml"]
    assert b"FmlaMacro" not in text
    assert b"0.035" in new["xl/workbook.xml"]
    for name in ("xl/charts/chart1.xml", "xl/styles.xml", "xl/sharedStrings.xml"):
        assert new[name] == old[name]
    openpyxl.load_workbook(target)


def test_no_name_of_a_person_is_left_in_comments_pivot_tables_or_page_setups(
    tmp_path: Path,
) -> None:
    """Excel writes who wrote a comment, who refreshed a pivot table, whose printer it was."""
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["金额", 3])
    sheet["A1"].comment = Comment("张三 & 李:\n张三问过", "张三 & 李")
    book.create_sheet("底价").sheet_state = "veryHidden"
    book.save(path)
    person = '<personList><person displayName="张三" id="{1}" userId="zhang@x.cn" providerId="AD"/>'
    scenario = '<scenarios><scenario name="高" user="张三" count="0"/></scenarios>'
    page = '<pageSetup paperSize="9" r:id="rId8"/>'
    related = (
        '<Relationship Id="rId8" Type="x/printerSettings"'
        ' Target="../printerSettings/printerSettings1.bin"/></Relationships>'
    )
    name = "xl/worksheets/_rels/sheet1.xml.rels"
    _changed(path, name, lambda data: data.replace(b"</Relationships>", related.encode()))
    cached = '<pivotCacheDefinition refreshedBy="张三" recordCount="1"/>'
    _changed(
        path,
        "xl/worksheets/sheet1.xml",
        lambda data: re.sub(rb"<pageMargins[^>]*>", (scenario + page).encode(), data),
        **{
            "xl/persons/person.xml": f"{person}</personList>".encode(),
            "xl/pivotCache/pivotCacheDefinition1.xml": cached.encode(),
            "xl/printerSettings/printerSettings1.bin": "张三的打印机".encode("utf-16le"),
        },
    )
    done = share_book(path, tmp_path / "b.xlsx")
    assert "properties" in done.dropped
    new = _parts(tmp_path / "b.xlsx")
    assert "xl/printerSettings/printerSettings1.bin" not in new
    text = b"".join(new.values())
    assert b"rId8" not in text
    assert b"zhang@x.cn" not in text
    assert b'name="\xe9\xab\x98"' in text  # the scenario itself stays
    comment = openpyxl.load_workbook(tmp_path / "b.xlsx").worksheets[0]["A1"].comment
    assert comment is not None
    assert comment.text.strip() == "张三问过"
    assert text.count("张三".encode()) == 1  # in what the comment says
    told = done.told(tmp_path / "b.xlsx", "zh")
    assert any("隐藏的工作表：底价" in line for line in told)
    assert any("透视表" in line for line in told)


def test_external_links_and_connections_are_left_out(tmp_path: Path) -> None:
    link = b"<externalLink/>"
    source = _changed(
        _book(tmp_path / "a.xlsx"),
        "xl/_rels/workbook.xml.rels",
        lambda data: data.replace(
            b"</Relationships>",
            b'<Relationship Id="rId90" Type="x/externalLink"'
            b' Target="externalLinks/externalLink1.xml"/>'
            b'<Relationship Id="rId91" Type="x/connections" Target="/xl/connections.xml"/>'
            b"</Relationships>",
        ),
        **{"xl/externalLinks/externalLink1.xml": link, "xl/connections.xml": link},
    )
    reference = b'<externalReferences><externalReference r:id="rId90"/></externalReferences>'
    _changed(
        source,
        "xl/workbook.xml",
        lambda data: data.replace(b"</sheets>", b"</sheets>" + reference),
    )
    done = share_book(source, tmp_path / "b.xlsx")
    assert {"links", "connections"} <= set(done.dropped)
    new = _parts(tmp_path / "b.xlsx")
    assert not [name for name in new if "external" in name or "connections" in name]
    assert b"rId9" not in new["xl/_rels/workbook.xml.rels"] + new["xl/workbook.xml"]


def test_formulas_that_were_never_computed_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "订单"
    sheet["A1"], sheet["A2"] = "=1+1", "=2+2"
    book.save(path)
    with pytest.raises(ShareProblem) as refused:
        share_book(path, tmp_path / "b.xlsx")
    assert "2 个公式" in refused.value.text("zh")
    assert not (tmp_path / "b.xlsx").exists()


def test_results_from_before_an_update_are_refused(
    tmp_path: Path, plain_office: libreoffice.Office
) -> None:
    source = _book(tmp_path / "a.xlsx")
    book = open_book(source)
    set_cells(book, "订单", {"A2": 5})
    book.save(backup=False)
    with pytest.raises(ShareProblem) as problem:
        share_book(source, tmp_path / "b.xlsx")
    assert "保存一次" in problem.value.text("zh")
    assert "before it" in problem.value.text("en")
    assert not (tmp_path / "b.xlsx").exists()
    saved = tmp_path / "saved.xlsx"
    plain_office.open(source)
    plain_office.save(saved, "Calc MS Excel 2007 XML")
    share_book(saved, tmp_path / "b.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "b.xlsx")["订单"]
    assert [sheet["A2"].value, sheet["B2"].value] == [5, 10]


def test_a_formula_may_give_an_empty_text(tmp_path: Path) -> None:
    source = _changed(
        _book(tmp_path / "a.xlsx"),
        "xl/worksheets/sheet1.xml",
        lambda data: data.replace("<v>多</v>".encode(), b"<v></v>"),
    )
    share_book(source, tmp_path / "b.xlsx")


@pytest.mark.parametrize(
    "part", ["xl/queryTables/queryTable1.xml", "xl/activeX/activeX1.xml", "xl/model/item.data"]
)
def test_what_can_not_be_taken_apart_is_refused(tmp_path: Path, part: str) -> None:
    source = _changed(
        _book(tmp_path / "a.xlsx"), "xl/workbook.xml", lambda data: data, **{part: b"<x/>"}
    )
    with pytest.raises(ShareProblem) as refused:
        share_book(source, tmp_path / "b.xlsx")
    assert part in refused.value.text("en")


def test_a_rule_that_reads_another_file_is_refused(tmp_path: Path) -> None:
    source = _changed(
        _book(tmp_path / "a.xlsx"),
        "xl/worksheets/sheet1.xml",
        lambda data: re.sub(rb"<formula>1</formula>", b"<formula>[1]x!A1</formula>", data),
    )
    with pytest.raises(ShareProblem):
        share_book(source, tmp_path / "b.xlsx")


def test_the_command(tmp_path: Path, capsys: CAPSYS) -> None:
    source = _book(tmp_path / "a.xlsm", macros=True)
    done = call(capsys, "share", source, "--lang", "zh")
    assert done.code == 0
    assert "7 个公式" in done.out
    assert "宏" in done.out
    assert (tmp_path / "a-分享.xlsx").exists()
    assert call(capsys, "share", source, "-o", tmp_path / "x.xlsm", "--lang", "en").code == 2
    same = _book(tmp_path / "c.xlsx")
    before = same.read_bytes()
    assert call(capsys, "share", same, "-o", same).code == 2
    assert same.read_bytes() == before
