"""Files of every kind that people have, good and bad."""

import datetime as dt
import io
import os
import zipfile
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from sellersheet.tables import read_table
from sellersheet.wording import LANGS, Lang
from sellersheet_workbook.files.reading import sheet_names
from sellersheet_workbook.problems import FileProblem
from tests.grids import read_frame
from tests.row_files import book_of

HEADER = "订单号,目的国,订单实付金额\n"
ROWS = "0001,ES,179.00\n0002,法国,\n"


def _cells(frame: pd.DataFrame) -> list[list[object]]:
    return [[None if pd.isna(cell) else cell for cell in row] for row in frame.to_numpy(object)]


def _problem(path: Path, code: str, zh: str, en: str, **options: str) -> None:
    """Reading it is refused, and both sentences hold what they must."""
    with pytest.raises(FileProblem) as caught:
        read_frame(path, **options)  # type: ignore[arg-type]
    problem = caught.value
    assert problem.code == code
    assert zh in problem.text("zh")
    assert en in problem.text("en")
    assert "{" not in problem.text("zh") + problem.text("en")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_in_every_encoding_keeps_text(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "orders.csv"
    file.write_bytes((HEADER + ROWS).encode(encoding))
    read = read_frame(file)
    assert read.encoding == encoding
    assert list(read.frame.columns) == ["订单号", "目的国", "订单实付金额"]
    assert _cells(read.frame) == [["0001", "ES", "179.00"], ["0002", "法国", None]]
    assert read.first_row == 2
    assert all(dtype == pd.StringDtype("pyarrow") for dtype in read.frame.dtypes)


@pytest.mark.parametrize(("suffix", "mark"), [(".csv", ";"), (".csv", "\t"), (".tsv", "\t")])
def test_delimiter_is_found(tmp_path: Path, suffix: str, mark: str) -> None:
    file = tmp_path / f"orders{suffix}"
    file.write_text(f'"a,b"{mark}c{mark}d\n1{mark}"2{mark}3"{mark}4\n', encoding="utf-8")
    read = read_frame(file)
    assert list(read.frame.columns) == ["a,b", "c", "d"]
    assert _cells(read.frame) == [["1", f"2{mark}3", "4"]]


def test_csv_with_quoted_newlines_and_windows_ends(tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_bytes(b'"a\r\nx",b\r\n1,"two\nlines"\r\n2,"say ""hi"""\r\n')
    read = read_frame(file)
    assert list(read.frame.columns) == ["a x", "b"]
    assert _cells(read.frame) == [["1", "two\nlines"], ["2", 'say "hi"']]


def test_csv_of_an_old_mac(tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_bytes(b"a,b\r1,2\r")
    assert _cells(read_frame(file).frame) == [["1", "2"]]


def test_ragged_rows_are_named_and_good_rows_stay(tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_text('\na,b,c\n1,2,3\n4,5\n\n6,7,8,9\n"x\ny",1,2,,\n', encoding="utf-8")
    read = read_frame(file)
    assert read.first_row == 3
    assert read.ragged == (6,)
    assert _cells(read.frame) == [
        ["1", "2", "3"],
        ["4", "5", None],
        [None, None, None],
        ["6", "7", "8"],
        ["x\ny", "1", "2"],
    ]


def test_headers_are_kept_empty_and_repeated(tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_text("a,,a,,\n1,2,3,,\n,,,,\n", encoding="utf-8")
    frame = read_frame(file).frame
    assert list(frame.columns) == ["a", "", "a"]
    assert _cells(frame) == [["1", "2", "3"]]
    book = book_of(tmp_path / "orders.xlsx", S=[["a", None, "a", 2024], [1, 2, 3, 4]])
    assert list(read_frame(book).frame.columns) == ["a", "", "a", "2024"]


def test_workbook_cells_keep_their_types(tmp_path: Path) -> None:
    path = tmp_path / "orders.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    rows = [
        ["id", "n", "day", "mixed", "error"],
        ["001", 1.5, dt.datetime(2024, 8, 1), 5, 1],
        ["002", None, dt.datetime(2024, 8, 2, 10, 30), "five", "#N/A"],
        ["003", 2, None, True, None],
    ]
    for at, row in enumerate(rows, 3):
        for column, value in enumerate(row, 2):
            sheet.cell(at, column, value)
    book.save(path)
    read = read_frame(path)
    frame = read.frame
    assert read.first_row == 4
    assert list(frame["id"]) == ["001", "002", "003"]
    assert frame["n"].dtype == np.float64
    assert frame["day"].dt.day.tolist()[:2] == [1, 2]
    assert frame["mixed"].tolist() == [5, "five", True]
    # An error cell must not look like a blank one.
    assert frame["error"].tolist()[:2] == [1, "#N/A"]
    assert frame["error"].isna().tolist() == [False, False, True]


def test_which_sheet(tmp_path: Path) -> None:
    rows: list[list[object]] = [["a"], [1]]
    path = book_of(tmp_path / "a.xlsx", 空=[], 其他=rows, 订单=rows)
    assert sheet_names(path) == ["空", "其他", "订单"]
    assert read_frame(path).sheet == "订单"
    assert read_frame(path, sheet="其他").sheet == "其他"
    path = book_of(tmp_path / "b.xlsx", x=[], y=rows, z=rows)
    assert read_frame(path).sheet == "y"
    path = book_of(tmp_path / "c.xlsx", x=rows, ORDERS=rows)
    assert read_frame(path).sheet == "ORDERS"


def test_an_xlsx_named_xls_opens(tmp_path: Path) -> None:
    path = book_of(tmp_path / "a.xlsx", x=[["a"], [1]])
    assert _cells(read_frame(path.rename(tmp_path / "a.xls")).frame) == [[1.0]]


def test_parquet_keeps_long_numbers_and_blanks(tmp_path: Path) -> None:
    path = tmp_path / "orders.parquet"
    frame = pd.DataFrame(
        {
            "id": pd.array([8145987534666769123, None], dtype="Int64"),
            "shop": pd.Categorical(["甲", "乙"]),
            "day": [dt.date(2024, 8, 1), None],
        }
    )
    frame.to_parquet(path)
    read = read_frame(path).frame
    assert read["id"].tolist()[0] == 8145987534666769123
    assert read["id"].isna().tolist() == [False, True]
    assert read["shop"].tolist() == ["甲", "乙"]
    assert read["day"].dt.year.tolist()[0] == 2024


def test_parquet_keeps_decimals_to_the_last_digit(tmp_path: Path) -> None:
    """Whole ones are order numbers as some programs keep them; 5.35 is not 5.3500000000000005."""
    path = tmp_path / "orders.parquet"
    columns = {
        "id": pa.array([Decimal(8145987534666769123), None], pa.decimal128(38, 0)),
        "long": pa.array([Decimal(8), Decimal(10**30 + 1)], pa.decimal128(38, 0)),
        "paid": pa.array([Decimal("5.35"), Decimal("501244152.21")], pa.decimal128(18, 2)),
    }
    pq.write_table(pa.table(columns), path)
    read = read_frame(path).frame
    assert read["id"][0] == 8145987534666769123
    assert read["long"].tolist() == ["8", str(10**30 + 1)]
    assert read["paid"].tolist() == [5.35, 501244152.21]
    assert not read_table(read.rename(columns={"id": "订单号", "paid": "实付金额"})).issues


def test_a_large_csv_with_one_bad_row_keeps_all_rows(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    lines = [f"{row:05d},ES,{row}.50" for row in range(50_000)]
    lines[40_000] += ",extra"
    path.write_text(HEADER + "\n".join(lines), encoding="utf-8")
    read = read_frame(path)
    assert len(read.frame) == 50_000
    assert read.ragged == (40_002,)


def test_missing_folder_and_kind(tmp_path: Path) -> None:
    _problem(tmp_path / "no.csv", "missing", "找不到", "There is no file")
    _problem(tmp_path / "no.pdf", "missing", "找不到", "There is no file")
    _problem(tmp_path, "directory", "文件夹", "is a folder")
    file = tmp_path / "a.pdf"
    file.write_bytes(b"%PDF")
    _problem(file, "kind", ".xlsx", "save it as one of them")


def test_no_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.csv"
    file.write_text(HEADER + ROWS, encoding="utf-8")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    _problem(file, "no_permission", "没有权限", "No permission")


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "a.parquet"])
def test_empty(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    _problem(tmp_path / name, "empty", "是空的", "is empty")


def test_nothing_but_blank_lines(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(b"\xef\xbb\xbf\r\n \n")
    _problem(file, "empty", "是空的", "is empty")


def test_only_a_header(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    for text in (HEADER, HEADER + ",,\n", HEADER.strip()):
        file.write_text(text, encoding="utf-8")
        _problem(file, "only_header", "只有表头", "no rows")
    book = book_of(tmp_path / "a.xlsx", x=[["a", "b"]])
    _problem(book, "only_header", "只有表头", "no rows")


def test_password(tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    directory = "EncryptedPackage".encode("utf-16-le")
    file.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + directory + bytes(400))
    _problem(file, "password", "密码", "password")


def test_damaged_workbooks(tmp_path: Path) -> None:
    good = book_of(tmp_path / "good.xlsx", x=[["a"], *([n] for n in range(999))])
    data = good.read_bytes()
    file = tmp_path / "a.xlsx"
    for bad in (data[: len(data) // 2], data[:40], b"PK\x03\x04 nothing else", b"\x00\x01\x02"):
        file.write_bytes(bad)
        _problem(file, "damaged", "已损坏", "damaged")
    file.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000))
    _problem(file, "damaged", "已损坏", "damaged")
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content[: len(content) // 2] if "sheet1" in name else content)
    _problem(file, "damaged", "已损坏", "damaged")
    (tmp_path / "a.parquet").write_bytes(b"PAR1 and nothing more")
    _problem(tmp_path / "a.parquet", "damaged", "已损坏", "damaged")


def test_damage_inside_the_zip_is_never_a_traceback(tmp_path: Path) -> None:
    good = book_of(tmp_path / "good.xlsx", x=[["a"], *([n] for n in range(999))])
    data = bytearray(good.read_bytes())
    file = tmp_path / "a.xlsx"
    for at in range(0, len(data), 211):
        bad = data.copy()
        bad[at : at + 9] = b"\xff" * len(bad[at : at + 9])
        file.write_bytes(bad)
        with suppress(FileProblem):
            read_frame(file)


@pytest.mark.parametrize(
    ("name", "content", "code", "zh", "en"),
    [
        ("a.xls", b"\r\n <html><table>", "html", "另存为 .xlsx", "save it as .xlsx"),
        ("a.xls", b'\xef\xbb\xbf<?xml version="1.0"?>', "html", "网页", "web page"),
        ("a.xls", "<table>".encode("utf-16"), "html", "网页", "web page"),
        ("a.xlsx", b"a,b\n1,2\n", "text_as_workbook", "改为 .csv", "to .csv"),
        ("a.csv", b"PK\x03\x04rest", "workbook_as_other", "改为 .xlsx", "to .xlsx"),
        ("a.csv", b"PAR1rest", "parquet_as_other", "改为 .parquet", "to .parquet"),
        ("a.csv", b"a\x00\x01\x02", "not_text", "不是文本", "not a text"),
        ("a.csv", b"a,b\n\xff\xfe\xff,2\n", "encoding", "UTF-8", "UTF-8"),
    ],
)
def test_not_what_the_name_says(
    tmp_path: Path, name: str, content: bytes, code: str, zh: str, en: str
) -> None:
    (tmp_path / name).write_bytes(content)
    _problem(tmp_path / name, code, zh, en)


def test_encoding_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes((HEADER + ROWS).encode("gb18030"))
    assert read_frame(file, encoding="gbk").encoding == "gbk"
    _problem(file, "encoding", "utf-8", "utf-8", encoding="utf-8")
    _problem(file, "encoding_unknown", "utf-9", "utf-9", encoding="utf-9")


def test_quotes_that_do_not_pair_swallow_no_rows(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text('a,b\n1,2\n3,"four\n5,6\n7,8\n', encoding="utf-8")
    _problem(file, "quotes", "第 3 行", "row 3")
    file.write_text('a,b\n1,屏幕 5.5" 黑\n', encoding="utf-8")
    assert _cells(read_frame(file).frame) == [["1", '屏幕 5.5" 黑']]


def test_sheet_that_is_not_there(tmp_path: Path) -> None:
    path = book_of(tmp_path / "a.xlsx", 八月=[["a"], [1]], 九月=[])
    _problem(path, "no_sheet", "八月、九月", "八月", sheet="十月")
    _problem(path, "no_filled_sheet", "空的", "empty", sheet="九月")
    path = book_of(tmp_path / "b.xlsx", 一=[], 二=[])
    _problem(path, "no_filled_sheet", "一、二", "empty")


def test_a_zip_that_unpacks_to_too_much(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w") as part,
    ):
        for _ in range(120):
            part.write(bytes(1 << 20))
    _problem(path, "bomb", "120 MB", "120 MB")


def test_a_cell_far_away_does_not_fill_the_memory(tmp_path: Path) -> None:
    path = book_of(tmp_path / "a.xlsx", x=[["a"], [1]])
    far = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(far, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name.endswith("sheet1.xml"):
                content = content.replace(b'ref="A1:A2"', b'ref="A1:XFD1048576"')
                content = content.replace(
                    b"</sheetData>",
                    b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>',
                )
            new.writestr(name, content)
    path.write_bytes(far.getvalue())
    _problem(path, "stray_cells", "1,048,576 × 16,384", "stray cells")


def test_too_many_columns(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text(",".join("x" * 16_385) + "\n", encoding="utf-8")
    _problem(file, "too_wide", "16,385", "16,385")


def test_disk_trouble_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.csv"
    file.write_text(HEADER + ROWS, encoding="utf-8")

    opened = Path.open

    def fail(path: Path, *given: Any, **more: Any) -> Any:
        if path == file:
            raise OSError(5, os.strerror(5))
        return opened(path, *given, **more)

    monkeypatch.setattr(Path, "open", fail)
    _problem(file, "unreadable", os.strerror(5), os.strerror(5))


@pytest.mark.parametrize("lang", LANGS)
def test_a_day_far_too_large_is_told_not_thrown(tmp_path: Path, lang: Lang) -> None:
    path = tmp_path / "orders.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Orders")
        sheet.write_row(0, 0, ["order_id", "order_date"])
        sheet.write_row(1, 0, ["A1"])
        sheet.write_number(1, 1, -1e20, book.add_format({"num_format": "yyyy-mm-dd"}))
    with pytest.raises(FileProblem) as told:
        read_frame(path)
    assert "Orders" in told.value.text(lang)
    assert "#####" in told.value.text(lang)
