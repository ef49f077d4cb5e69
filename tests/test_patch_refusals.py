"""What is not edited: each with words that name the place, and nothing changed."""

import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from xlsxwriter import Workbook

from sellersheet_workbook.patch import EditProblem, open_book
from sellersheet_workbook.problems import FileProblem
from tests.workbook_corpus import (
    ROWS,
    find_table,
    replaced,
    set_cells,
    with_sheet,
    xlsxwriter_plain,
    xlsxwriter_table,
)

FEES = [1.0] * len(ROWS)
HEADER = '<row r="1"><c r="A1" t="inlineStr"><is><t>id</t></is></c><c r="B1" t="inlineStr"><is><t>fee</t></is></c></row>'  # noqa: E501
SHEET = "xl/worksheets/sheet1.xml"


def _refused(code: str, call: Callable[[], object], **fields: str | list[str]) -> None:
    with pytest.raises(FileProblem) as caught:
        call()
    assert caught.value.code == code
    for lang in ("zh", "en"):
        sentence = caught.value.text(lang)
        assert "{" not in sentence
        between = {"zh": "、", "en": ", "}[lang]
        for value in fields.values():
            assert (value if isinstance(value, str) else between.join(value)) in sentence


def _edit(path: Path, **options: Any) -> Any:
    book = open_book(path)
    table = find_table(book, ("id", "fee"))
    result = book.set_columns(table, {"fee": [9] * len(table)}, **options)
    book.save(backup=False)
    return result


def _book(path: Path, cells: str, **around: str) -> Path:
    with_sheet(path, HEADER + cells, **around)
    return path


def _rows(*formulas: str) -> str:
    """Rows from 2 on; column B holds these elements."""
    return "".join(
        f'<row r="{row}"><c r="A{row}"><v>{row}</v></c><c r="B{row}">{inside}</c></row>'
        for row, inside in enumerate(formulas, 2)
    )


def _part(path: Path, name: str) -> str:
    with zipfile.ZipFile(path) as archive:
        return archive.read(name).decode()


# The file as a whole


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.xlsx", b"", "empty"),
        ("a.xlsx", b"a,b\n1,2\n", "text_as_workbook"),
        ("a.xlsx", b"PK\x03\x04" + b"\x00" * 100, "damaged"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "suffix"),
        (
            "a.xlsx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "password",
        ),
        ("a.csv", b"a,b\n", "suffix"),
        ("a.xlsb", b"PK\x03\x04", "binary"),
    ],
)
def test_no_workbook(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    (tmp_path / name).write_bytes(content)
    _refused(code, lambda: open_book(tmp_path / name), path=name)


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    _refused("missing", lambda: open_book(tmp_path / "a.xlsx"))
    (tmp_path / "b.xlsx").mkdir()
    _refused("directory", lambda: open_book(tmp_path / "b.xlsx"))


def test_a_truncated_file(tmp_path: Path) -> None:
    path = xlsxwriter_plain(tmp_path).path
    path.write_bytes(path.read_bytes()[:-300])
    _refused("damaged", lambda: open_book(path))


def test_a_damaged_part(tmp_path: Path) -> None:
    path = xlsxwriter_plain(tmp_path).path
    with zipfile.ZipFile(path) as archive:
        at = archive.getinfo(SHEET).header_offset
    data = bytearray(path.read_bytes())
    data[at + 80 : at + 120] = bytes(40)
    path.write_bytes(data)
    _refused("damaged", lambda: find_table(open_book(path), ("fee",)))


def test_a_zip_bomb(tmp_path: Path) -> None:
    path = xlsxwriter_plain(tmp_path).path
    replaced(path, {"xl/media/image1.bin": bytes(300 << 20)})
    _refused("bomb", lambda: open_book(path))


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"_xmlsignatures/origin.sigs": b""}, "signed"),
        ({"XL/Workbook.xml": b"<a/>"}, "zip_form"),
        ({"[Content_Types].xml": b"<Types/>"}, "not_workbook"),
        ({"xl/workbook.xml": b"<!DOCTYPE a><workbook/>"}, "xml_form"),
        ({"xl/workbook.xml": "<workbook/>".encode("utf-16")}, "xml_form"),
        ({"xl/workbook.xml": b"<workbook>"}, "damaged"),
    ],
)
def test_odd_packages(tmp_path: Path, parts: dict[str, bytes], code: str) -> None:
    path = xlsxwriter_plain(tmp_path).path
    replaced(path, parts)
    _refused(code, lambda: open_book(path))


@pytest.mark.parametrize(
    ("part", "old", "new", "code"),
    [
        ("[Content_Types].xml", "sheet.main+xml", "template.main+xml", "not_workbook"),
        ("[Content_Types].xml", "openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
         "ms-excel.sheet.binary.macroEnabled.main", "binary"),
        ("_rels/.rels", "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
         "http://purl.oclc.org/ooxml/officeDocument/relationships", "strict"),
        ("xl/_rels/workbook.xml.rels", "/theme\"", "/revisionHeaders\"", "shared"),
        ("xl/workbook.xml", "<workbookPr", '<fileSharing reservationPassword="CC1A"/><workbookPr',
         "reserved"),
    ],
)  # fmt: skip
def test_kinds_of_workbook(tmp_path: Path, part: str, old: str, new: str, code: str) -> None:
    path = xlsxwriter_plain(tmp_path).path
    text = _part(path, part)
    assert old in text
    replaced(path, {part: text.replace(old, new).encode()})
    _refused(code, lambda: open_book(path))


def test_something_before_the_zip(tmp_path: Path) -> None:
    path = xlsxwriter_plain(tmp_path).path
    path.write_bytes(b"PK\x03\x04 stub" + path.read_bytes())
    _refused("zip_form", lambda: open_book(path))


# The sheet's XML


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="3"><c r="A3"/></row><row r="2"><c r="A2"/></row>',
        '<row r="2"><c r="B2"/><c r="A2"/></row>',
        '<row r="2"><c r="A2"/><c r="A2"/></row>',
        '<row r="2"><c r="A3"/></row>',
        '<row r="2"><c r="A"/></row>',
        '<row r="2"><c r="2"/></row>',
        '<row r="2"><c r="XFE2"/></row>',
        '<row r="1048577"><c r="A1048577"/></row>',
        '<row r="2"><a><c r="A2"/></a></row>',
        '<c r="A2"/>',
        '<row r="2"><c r="A2"><c r="B2"/></c></row>',
        '<row r="2"><row r="3"/></row>',
        '<row r="2"><c r="A2" x=\'>\'/></row>',
        '<row r="2"><c r="A2"><x xmlns="y"/></c></row>',
        "</sheetData><sheetData>",
    ],
)
def test_sheets_not_laid_out_plainly(tmp_path: Path, rows: str) -> None:
    path = _book(tmp_path / "a.xlsx", rows)
    before = path.read_bytes()
    _refused("sheet_form", lambda: _edit(path), sheet="订单")
    assert path.read_bytes() == before


@pytest.mark.parametrize("odd", ["<!-- a -->", "<![CDATA[a]]>", "<?pi?>"])
def test_comments_in_a_sheet(tmp_path: Path, odd: str) -> None:
    path = _book(tmp_path / "a.xlsx", odd)
    _refused("xml_form", lambda: _edit(path), path="a.xlsx", part="sheet1.xml")


def test_a_sheet_not_well_formed(tmp_path: Path) -> None:
    bad = '<v>1</v></c><c r="C3"><v>1<x></v>'
    path = _book(tmp_path / "a.xlsx", _rows("<v>1</v>", bad))
    _refused("damaged", lambda: _edit(path))
    path = _book(tmp_path / "b.xlsx", _rows(*["<v>1</v>"] * 30, bad.replace("3", "32")))
    before = path.read_bytes()
    _refused("not_verified", lambda: _edit(path))
    assert path.read_bytes() == before


# Cells that hold more than a value


def test_formulas_are_replaced_only_when_asked(tmp_path: Path) -> None:
    path = _book(tmp_path / "a.xlsx", _rows("<v>1</v>", "<f>A2</f><v>2</v>", "<f>A3</f>"))
    _refused("formula", lambda: _edit(path), cell="B3", count="2")
    _edit(path, replace_formulas=True)
    assert "<f>" not in _part(path, SHEET)


def test_shared_formulas(tmp_path: Path) -> None:
    master = '<f t="shared" si="0" ref="B2:B4">A2*2</f><v>4</v>'
    child = '<f t="shared" si="0"/><v>6</v>'
    path = _book(tmp_path / "a.xlsx", _rows(master, child, child))
    book = open_book(path)
    _refused(
        "shared_formula",
        lambda: set_cells(book, "订单", {"B2": 1}, replace_formulas=True),
        cell="B2",
        other="B3",
    )
    set_cells(book, "订单", {"B3": 1}, replace_formulas=True)
    book.save(backup=False)
    assert _part(path, SHEET).count("shared") == 2
    _edit(path, replace_formulas=True)
    assert "shared" not in _part(path, SHEET)


@pytest.mark.parametrize("attributes", ['t="array"', 't="array" aca="1"'])
def test_array_formulas(tmp_path: Path, attributes: str) -> None:
    array = f'<f {attributes} ref="B2:B4">A2:A4</f><v>4</v>'
    path = _book(tmp_path / "a.xlsx", _rows(array, "<v>6</v>", "<v>6</v>", "<v>1</v>"))
    spilled = open_book(path)
    for refs in ({"B3": 1}, {"B2": 1, "B3": 2}):
        _refused(
            "array_formula",
            lambda refs=refs: set_cells(spilled, "订单", refs, replace_formulas=True),
            area="B2:B4",
        )
    _refused("formula", lambda: _edit(path), cell="B2")
    _edit(path, replace_formulas=True)
    assert "array" not in _part(path, SHEET)


def test_data_tables_are_never_replaced(tmp_path: Path) -> None:
    table = '<f t="dataTable" ref="B2:B3" dt2D="0" r1="D1"/><v>4</v>'
    path = _book(tmp_path / "a.xlsx", _rows(table, "<v>6</v>"))
    _refused("array_formula", lambda: _edit(path, replace_formulas=True), area="B2:B3")


def test_merged_cells(tmp_path: Path) -> None:
    merged = '<mergeCells count="1"><mergeCell ref="B3:C3"/></mergeCells>'
    path = _book(tmp_path / "a.xlsx", _rows("<v>1</v>", "<v>1</v>"), after=merged)
    _refused("merged", lambda: _edit(path), cell="B3", area="B3:C3")


def test_a_protected_sheet(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with Workbook(path) as book:
        sheet = book.add_worksheet("订单")
        free = book.add_format({"locked": False})
        sheet.write_row(0, 0, ["id", "fee", "free"])
        sheet.write_row(1, 0, [1, 2])
        sheet.write(1, 2, 3, free)
        sheet.protect()
    _refused("protected", lambda: _edit(path), cell="B2", sheet="订单")
    opened = open_book(path)
    table = find_table(opened, ("id",))
    _refused("protected", lambda: opened.set_columns(table, {"more": [1]}), cell="D1")
    opened.set_columns(table, {"free": [4]})
    opened.save(backup=False)
    assert openpyxl.load_workbook(path).worksheets[0]["C2"].value == 4


def test_a_pivot_table(tmp_path: Path) -> None:
    made = xlsxwriter_table(tmp_path)
    rels = "xl/worksheets/_rels/sheet1.xml.rels"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/pivotTable"
    link = f'<Relationship Id="p1" Type="{kind}" Target="../pivot1.xml"/></Relationships>'
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    pivot = f'<pivotTableDefinition xmlns="{main}"><location ref="M10:N14"/></pivotTableDefinition>'
    text = _part(made.path, rels).replace("</Relationships>", link)
    replaced(made.path, {rels: text.encode(), "xl/pivot1.xml": pivot.encode()})
    book = open_book(made.path)
    _refused("pivot", lambda: set_cells(book, "订单", {"N12": 1}), cell="N12", area="M10:N14")


# Tables


def test_a_sheet_that_is_not_there(tmp_path: Path) -> None:
    book = open_book(xlsxwriter_table(tmp_path).path)
    _refused("no_sheet", lambda: set_cells(book, "x", {"A1": 1}), sheet="x", sheets="订单")


def test_cells_in_the_way_of_new_columns(tmp_path: Path) -> None:
    path = _book(tmp_path / "a.xlsx", _rows("<v>1</v>", "<v>1</v>"))
    with_note = HEADER + _rows("<v>1</v>", '<v>1</v></c><c r="D3"><v>5</v>')
    with_sheet(path, with_note)
    book = open_book(path)
    table = find_table(book, ("id", "fee"))
    assert table.area.right == 2
    book.set_columns(table, {"one": [1, 2]})
    _refused(
        "occupied",
        lambda: book.set_columns(table, {"one": [1, 2], "two": [1, 2]}),
        cell="D3",
    )


def test_another_table_in_the_way(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with Workbook(path) as book:
        sheet = book.add_worksheet()
        for left, name in ((0, "Orders"), (3, "Rates")):
            sheet.write_row(0, left, ["id", "fee"])
            columns = [{"header": "id"}, {"header": "fee"}]
            sheet.add_table(0, left, 3, left + 1, {"name": name, "columns": columns})
    opened = open_book(path)
    table = find_table(opened, "Orders")
    wider = opened.set_columns(table, {"a": [1, 2, 3]})
    _refused("occupied", lambda: opened.set_columns(wider, {"b": FEES[:3]}), cell="D1")
    with pytest.raises(ValueError, match="use the table that was returned"):
        opened.set_columns(table, {"fee": FEES[:3]})


@pytest.mark.parametrize("header", ["FEE", " x", "", "a\nb", "y" * 256])
def test_headers_that_a_table_can_not_take(tmp_path: Path, header: str) -> None:
    book = open_book(xlsxwriter_table(tmp_path).path)
    table = find_table(book, "Orders")
    _refused("header_form", lambda: book.set_columns(table, {header: FEES}))


def test_columns_that_may_not_be_added(tmp_path: Path) -> None:
    book = open_book(xlsxwriter_table(tmp_path).path)
    table = find_table(book, "Orders")
    call = lambda: book.set_columns(table, {"new": FEES}, add_missing=False)  # noqa: E731
    _refused("no_column", call, headers="new")


def test_a_header_twice(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["id", "fee", "fee"])
        sheet.write_row(1, 0, [1, 2, 3])
    _refused("header_twice", lambda: _edit(path), header="fee")


def test_a_column_computed_by_the_table(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with Workbook(path) as book:
        sheet = book.add_worksheet()
        columns = [{"header": "id"}, {"header": "fee", "formula": "=[@id]*2"}]
        sheet.add_table(0, 0, 3, 1, {"name": "T", "columns": columns})
    _refused("formula_column", lambda: _edit(path), header="fee")
    _edit(path, replace_formulas=True)
    assert "calculatedColumnFormula" not in _part(path, "xl/tables/table1.xml")
    assert not re.search("<f[ >]", _part(path, SHEET))


def test_a_table_with_totals_takes_no_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with Workbook(path) as book:
        sheet = book.add_worksheet()
        columns = [{"header": "id"}, {"header": "fee", "total_function": "sum"}]
        sheet.add_table(0, 0, 4, 1, {"name": "T", "columns": columns, "total_row": True})
    opened = open_book(path)
    table = find_table(opened, "T")
    assert len(table) == 3
    frame = opened.read(table)
    assert len(frame) == 3
    _refused("totals", lambda: opened.append_rows(table, frame), table="T")
    opened.set_columns(table, {"fee": [1, 2, 3], "new": [4, 5, 6]})
    opened.save(backup=False)
    found = openpyxl.load_workbook(path).worksheets[0].tables["T"]
    assert (found.ref, found.autoFilter.ref) == ("A1:C5", "A1:C4")


def test_every_message_is_said_in_both_languages() -> None:
    fields = dict.fromkeys(re.findall(r"\{(\w+)\}", str(EditProblem.wording.messages)), "x")
    assert EditProblem.wording.messages
    for code, sentences in EditProblem.wording.messages.items():
        assert set(sentences) == {"zh", "en"}
        assert all("{path}" in sentence for sentence in sentences.values()), code
        assert {*re.findall(r"\{\w+\}", sentences["zh"])} == {
            *re.findall(r"\{\w+\}", sentences["en"])
        }
        assert EditProblem(code, **fields).text("zh")
