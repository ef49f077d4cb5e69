"""Cells written where they are meant, with all that follows from it in the file."""

import datetime as dt
import re
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter
from xlsxwriter import Workbook

from sellersheet_workbook.patch import open_book
from sellersheet_workbook.patch.workbook_part import Styles
from tests import libreoffice
from tests.examples import examples
from tests.workbook_corpus import (
    ROWS,
    by_openpyxl,
    find_table,
    replaced,
    set_cells,
    with_sheet,
    xlsxwriter_plain,
    xlsxwriter_table,
)

SHEET = "xl/worksheets/sheet1.xml"
CALC_CHAIN = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain"


def _part(path: Path, name: str = SHEET) -> str:
    with zipfile.ZipFile(path) as archive:
        return archive.read(name).decode()


def _values(path: Path, sheet: str = "订单") -> dict[str, Any]:
    found = by_openpyxl(path)[sheet]
    return {
        cell.coordinate: cell.value
        for row in found.iter_rows()
        for cell in row
        if cell.value is not None
    }


def _cell_tags(xml: str) -> dict[str, str]:
    found = re.findall(r'<c r="([A-Z]+\d+)"[^>]*?(?:/>|>.*?</c>)', xml)
    texts = (match[0] for match in re.finditer(r"<c r=[^>]*?(?:/>|>.*?</c>)", xml))
    return dict(zip(found, texts, strict=True))


# Single cells against the same edit by openpyxl

texts = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n<&>_x=+-@"),
    max_size=12,
).filter(lambda text: not re.search(r"_x[0-9A-Fa-f]{4}_|[￾￿]", text))
values = (
    st.none()
    | st.booleans()
    | st.integers(-(10**14), 10**14)
    | st.floats(-1e300, 1e300)
    | texts
    | st.dates(dt.date(1950, 1, 1), dt.date(2100, 1, 1))
)
places = st.builds(
    lambda c, r: f"{get_column_letter(c)}{r}", st.integers(1, 12), st.integers(1, 14)
)
GAPS = (
    '<row r="2" spans="2:4"><c r="B2"><v>1</v></c><c r="D2" s="0"/></row><row r="4"/>'
    '<row r="5" ht="30" customHeight="1" spans="1:1" /><row r="7"></row>'
    '<row r="9"><c r="A9" t="str"><f>"a"</f><v>a</v></c><c r="L9"><v>5</v></c></row>'
)


@settings(max_examples=examples(100), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=st.dictionaries(places.filter(lambda ref: ref != "A9"), values, min_size=1))
def test_single_cells_as_openpyxl_writes_them(tmp_path: Path, edits: dict[str, Any]) -> None:
    path, other = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    for book_path in (path, other):
        with_sheet(book_path, GAPS, before='<dimension ref="B2:L9"/>')
    naive = openpyxl.load_workbook(other)
    for ref, value in edits.items():
        naive["订单"][ref].value = f"{value}" if isinstance(value, dt.date) else value
        if isinstance(value, str):
            naive["订单"][ref].data_type = "s"
    naive.save(other)
    book = open_book(path)
    set_cells(book, "订单", edits)
    book.save(backup=False)
    expected = {ref: value for ref, value in _values(other).items() if value != ""}
    for ref, value in edits.items():
        if isinstance(value, float):  # openpyxl writes 16 digits of up to 17
            assert expected.pop(ref) == pytest.approx(value, rel=1e-15)
            expected[ref] = value
    assert _values(path) == expected
    once = path.read_bytes()
    book = open_book(path)
    set_cells(book, "订单", edits)
    assert book.save() is None
    assert path.read_bytes() == once
    xml = _part(path)
    for spans, row in re.findall(r'<row r="\d+"[^>/]* spans="([\d:]+)"[^>/]*>(.*?)</row>', xml):
        low, high = map(int, spans.split(":"))
        columns = [
            openpyxl.utils.column_index_from_string(c) for c in re.findall('r="([A-Z]+)', row)
        ]
        assert all(low <= column <= high for column in columns)


@settings(max_examples=examples(50), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_columns_of_any_values(tmp_path: Path, data: st.DataObject) -> None:
    count = len(ROWS)
    made = xlsxwriter_table(tmp_path)
    names = data.draw(
        st.lists(st.sampled_from(["order_id", "fee", "status", "a", "b"]), min_size=1, unique=True)
    )
    columns = {
        name: pd.Series(data.draw(st.lists(values, min_size=count, max_size=count)), dtype=object)
        for name in names
    }  # fmt: skip
    chosen = np.array(data.draw(st.lists(st.booleans(), min_size=count, max_size=count)))
    before = _cell_tags(_part(made.path))
    book = open_book(made.path)
    after = book.set_columns(find_table(book, "Orders"), columns, rows=chosen)
    book.save(backup=False)
    reopened = open_book(made.path)
    assert reopened.tables() == (after,)
    frame = reopened.read(after)
    for name, written in columns.items():
        got = frame[name].tolist()
        for at in np.flatnonzero(chosen):
            _same(got[at], written[at])
    cells = _cell_tags(_part(made.path))
    changed = {ref for ref in {*before, *cells} if before.get(ref) != cells.get(ref)}
    letters = {get_column_letter(2 + after.headers.index(name)) for name in names}
    rows = {4 + at for at in np.flatnonzero(chosen).tolist()}
    for ref in changed:
        letter, row = re.sub(r"\d", "", ref), int(re.sub(r"\D", "", ref))
        assert letter in letters
        assert row in rows or (row == 3 and letter in "HI")


def _same(got: Any, written: Any) -> None:
    if written is None or written == "":
        assert pd.isna(got)
    elif isinstance(written, dt.date):
        assert (got if isinstance(got, str) else f"{got:%Y-%m-%d}") == written.isoformat()
    elif isinstance(written, float) and not isinstance(got, str):
        assert got == pytest.approx(written, rel=1e-14)
    else:
        assert got == written


# What follows from changed cells


def _with_calc_chain(path: Path) -> None:
    types, rels = "[Content_Types].xml", "xl/_rels/workbook.xml.rels"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml"
    override = f'<Override PartName="/xl/calcChain.xml" ContentType="{kind}"/></Types>'
    link = f'<Relationship Id="c" Type="{CALC_CHAIN}" Target="calcChain.xml"/></Relationships>'
    replaced(
        path,
        {
            types: _part(path, types).replace("</Types>", override).encode(),
            rels: _part(path, rels).replace("</Relationships>", link).encode(),
            "xl/calcChain.xml": b'<calcChain><c r="X4" i="1"/></calcChain>',
        },
    )


def test_a_replaced_formula_leaves_no_order_of_calculation(tmp_path: Path) -> None:
    path = xlsxwriter_table(tmp_path).path
    before = {
        name: _part(path, name) for name in ("[Content_Types].xml", "xl/_rels/workbook.xml.rels")
    }
    _with_calc_chain(path)
    book = open_book(path)
    set_cells(book, "订单", {"X5": 1})
    book.save(backup=False)
    assert "X4" in _part(path, "xl/calcChain.xml")
    book = open_book(path)
    set_cells(book, "订单", {"X4": 1}, replace_formulas=True)
    book.save(backup=False)
    with zipfile.ZipFile(path) as archive:
        assert "xl/calcChain.xml" not in archive.namelist()
    assert {name: _part(path, name) for name in before} == before
    assert by_openpyxl(path)["订单"]["X4"].value == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('<calcPr calcId="191029"/>', '<calcPr calcId="1" fullCalcOnLoad="1"/>'),
        ('<calcPr fullCalcOnLoad="0" calcMode="manual" />',
         '<calcPr calcMode="manual" calcId="1" fullCalcOnLoad="1" />'),
        ('<calcPr fullCalcOnLoad="true"/>', '<calcPr calcId="1" fullCalcOnLoad="1"/>'),
        ("", '<calcPr calcId="1" fullCalcOnLoad="1"/>'),
    ],
)  # fmt: skip
def test_excel_calculates_when_it_opens_the_book(tmp_path: Path, old: str, new: str) -> None:
    path = xlsxwriter_table(tmp_path).path
    text = _part(path, "xl/workbook.xml")
    plain = re.sub("<calcPr[^>]*/>", old, text)
    replaced(path, {"xl/workbook.xml": plain.encode()})
    book = open_book(path)
    set_cells(book, "订单", {"F4": 1})
    book.save(backup=False)
    assert _part(path, "xl/workbook.xml") == re.sub("<calcPr[^>]*/>", new, text)


def test_a_book_without_formulas_is_not_asked_to_calculate(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with_sheet(path, '<row r="1"><c r="A1"><v>1</v></c></row>')
    before = _part(path, "xl/workbook.xml")
    book = open_book(path)
    set_cells(book, "订单", {"A1": 2})
    book.save(backup=False)
    assert _part(path, "xl/workbook.xml") == before


def test_the_filter_of_a_plain_table_grows(tmp_path: Path) -> None:
    path = xlsxwriter_plain(tmp_path).path
    book = open_book(path)
    table = find_table(book, ("fee",))
    table = book.set_columns(table, {"rate": [0.5] * len(ROWS)})
    book.append_rows(table, pd.DataFrame({"fee": [1.0], "rate": [2.0]}))
    book.save(backup=False)
    assert '<autoFilter ref="A1:G11"' in _part(path)
    assert '<dimension ref="A1:G11"' in _part(path)
    assert "订单!$A$1:$G$11</definedName>" in _part(path, "xl/workbook.xml")
    assert _values(path)["G11"] == 2


def test_formats_of_new_columns(tmp_path: Path) -> None:
    path = xlsxwriter_table(tmp_path).path
    book = open_book(path)
    count = len(ROWS)
    columns = {
        "net": np.ones(count),
        "share": np.ones(count),
        "due": pd.date_range("2024", periods=count),
    }
    book.set_columns(
        find_table(book, "Orders"), columns, formats={"net": "#,##0.00", "share": "0.00%"}
    )  # fmt: skip
    book.save(backup=False)
    sheet = by_openpyxl(path)["订单"]
    assert [sheet.cell(4, at).number_format for at in (8, 9, 10)] == [
        "#,##0.00",
        "General",
        "yyyy-mm-dd",
    ]
    assert sheet["J4"].value == dt.datetime(2024, 1, 1)
    assert [sheet.cell(3, at).value for at in (8, 9, 10)] == ["net", "share", "due"]


def test_new_cells_look_like_those_above(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with Workbook(path) as made:
        sheet = made.add_worksheet("订单")
        money = made.add_format({"num_format": "#,##0.00", "bg_color": "#FFFF00"})
        sheet.set_column("C:C", None, made.add_format({"num_format": "0.0"}))
        sheet.write_row(0, 0, ["id", "fee", "rate"])
        sheet.write(1, 1, 5, money)
        sheet.write(4, 0, "last")
    book = open_book(path)
    table = find_table(book, ("fee",))
    table = book.set_columns(table, {"fee": [1, 2, 3, 4], "rate": [1, 2, 3, 4]})
    book.append_rows(table, pd.DataFrame({"fee": [5]}))
    book.save(backup=False)
    sheet = by_openpyxl(path)["订单"]
    assert [sheet.cell(row, 2).number_format for row in range(2, 7)] == ["#,##0.00"] * 5
    assert [sheet.cell(row, 2).fill.fgColor.rgb for row in range(2, 7)] == ["FFFFFF00"] * 5
    assert [sheet.cell(row, 3).number_format for row in range(2, 6)] == ["0.0"] * 4


def test_lines_of_a_log(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with Workbook(path) as made:
        made.add_worksheet("订单").write(0, 0, "id")
        made.add_worksheet("日志")
    for number in range(3):
        book = open_book(path)
        book.append_lines("日志", [[f"run {number}", number, None, True]])
        book.save(backup=False)
    rows = [[cell.value for cell in row] for row in by_openpyxl(path)["日志"].rows]
    assert rows == [[f"run {number}", number, None, True] for number in range(3)]


def test_blank_cells_keep_their_style(tmp_path: Path) -> None:
    path = xlsxwriter_table(tmp_path).path
    book = open_book(path)
    book.set_columns(
        find_table(book, "Orders"), {"fee": [None] * len(ROWS), "status": [""] * len(ROWS)}
    )
    book.save(backup=False)
    cells = _cell_tags(_part(path))
    assert re.fullmatch(r'<c r="F4" s="\d+"/>', cells["F4"])
    assert "G5" not in cells


def test_a_failed_change_leaves_nothing_behind(tmp_path: Path) -> None:
    path = xlsxwriter_table(tmp_path).path
    table_part = _part(path, "xl/tables/table1.xml")
    replaced(path, {"xl/tables/table1.xml": table_part.replace('count="6"', "count='6'").encode()})
    book = open_book(path)
    with pytest.raises(Exception, match=r"table1\.xml"):
        book.set_columns(find_table(book, "Orders"), {"more": [1.0] * len(ROWS)})
    assert book.save() is None


def test_wrong_lengths_are_a_mistake(tmp_path: Path) -> None:
    book = open_book(xlsxwriter_table(tmp_path).path)
    with pytest.raises(ValueError, match="2 values for 9 rows"):
        book.set_columns(find_table(book, "Orders"), {"fee": [1, 2]})


def test_no_rows_to_add(tmp_path: Path) -> None:
    book = open_book(xlsxwriter_table(tmp_path).path)
    table = find_table(book, "Orders")
    assert book.append_rows(table, pd.DataFrame({"fee": []})) == table
    book.append_lines("订单", [])
    assert book.save() is None


def test_formulas_follow_once_they_are_calculated(
    tmp_path: Path, plain_office: libreoffice.Office
) -> None:
    path = xlsxwriter_table(tmp_path).path
    book = open_book(path)
    book.set_columns(find_table(book, "Orders"), {"fee": [10.0] * len(ROWS)})
    book.save(backup=False)
    plain_office.open(path)
    assert plain_office.values("订单", "X4") == [[90]]
    assert plain_office.values("汇总 & <b>", "A1") == [[90]]


# Size


def test_the_last_row_of_a_sheet(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    head = '<row r="1"><c r="A1" t="str"><v>id</v></c><c r="B1" t="str"><v>fee</v></c></row>'
    rows = "".join(
        f'<row r="{row}"><c r="A{row}"><v>{row}</v></c></row>' for row in range(2, 1_048_577, 70)
    )
    with_sheet(path, f'{head}{rows}<row r="1048576"><c r="B1048576"><v>1</v></c></row>')
    size = len(_part(path))
    tracemalloc.start()
    try:
        book = open_book(path)
        table = find_table(book, ("id", "fee"))
        assert table.ref == "A1:B1048576"
        fees = np.arange(len(table), dtype=float)
        book.set_columns(table, {"fee": fees}, rows=fees % 1000 == 0)
        book.save(backup=False)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 40 * size + (1 << 28)
    book = open_book(path)
    with pytest.raises(Exception, match="1,048,576"):
        book.append_rows(table, pd.DataFrame({"fee": [1]}))
    assert len(re.findall(r"<c r=\"B", _part(path))) == 1_050 + 1


@pytest.mark.parametrize("rows", [0, 1, 3])
def test_blocks_of_any_length(tmp_path: Path, rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sellersheet_workbook.patch.sheet_index._BLOCK", 40)
    monkeypatch.setattr("sellersheet_workbook.patch.placing._ROWS_AT_ONCE", 2)
    path = xlsxwriter_table(tmp_path).path
    book = open_book(path)
    table = find_table(book, "Orders")
    chosen = np.arange(len(table)) < rows
    book.set_columns(
        table, {"fee": np.full(len(table), 7), "x": np.arange(len(table))}, rows=chosen
    )
    book.save(backup=False)
    found = _values(path)
    assert [found[f"F{4 + at}"] for at in range(rows)] == [7] * rows
    assert [found[f"H{4 + at}"] for at in range(rows)] == list(range(rows))
    assert f"H{4 + rows}" not in found


# What the formats that every program has show in Chinese, by their numbers: a day, or not.
DAYS = {14: "年-月-日", 15: "日-月-年", 16: "日-月", 17: "月-年", 22: "年-月-日 时:分"}
DAYS |= {27: "年月", 28: "月日", 29: "月日", 30: "月-日-年", 31: "年月日", 36: "年月"}
DAYS |= {50: "年月", 51: "月日", 52: "年月", 53: "月日", 54: "月日", 57: "年月", 58: "月日"}
TIMES = {18, 19, 20, 21, 32, 33, 34, 35, 45, 46, 47, 55, 56}


def test_built_in_formats_that_show_a_day() -> None:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    formats = "".join(f'<xf numFmtId="{number}"/>' for number in range(60))
    text = f'<styleSheet xmlns="{main}"><cellXfs>{formats}</cellXfs></styleSheet>'
    styles = Styles(ElementTree.fromstring(text))  # noqa: S314
    assert {number for number in range(60) if styles.shows_day(number)} == set(DAYS)
    assert not TIMES & set(DAYS)
    assert not styles.shows_day(60)
    assert not styles.shows_day(-1)
