"""Files written whole or not at all, with text that stays text."""

import csv
import datetime as dt
import errno
import io
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sellersheet_workbook.files import book
from sellersheet_workbook.files.reading import read_grid, sheet_names
from sellersheet_workbook.files.writing import write_frame, write_workbook
from sellersheet_workbook.keeping.atomic import replacing
from sellersheet_workbook.problems import FileProblem
from tests.grids import read_frame

KINDS = [".xlsx", ".csv", ".tsv", ".parquet"]
FORMULAS = ["=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "-2+3", "\t=1", "=1", '=HYPERLINK("x")']


def _orders() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "订单号": ["0001", "8145987534666769", None],
            "下单日期": pd.to_datetime(["2024-08-01", None, "2024-08-03"]),
            "订单实付金额": [179.0, 0.1, np.nan],
            "数量": pd.array([1, None, 3], dtype="Int64"),
            "混合": [5, "待确认 <&> ", dt.datetime(2024, 8, 2)],
            "标准箱": [True, False, True],
            "total_fee_cny": [6.27, -2.5, 0.0],
            "margin": [0.125, np.nan, -1.0],
        }
    )


def _rows(path: Path) -> list[list[Any]]:
    sheet = openpyxl.load_workbook(path).worksheets[0]
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def _left(folder: Path) -> list[str]:
    return sorted(item.name for item in folder.iterdir())


def _refused(code: str, zh: str, en: str, call: Any) -> None:
    with pytest.raises(FileProblem) as caught:
        call()
    assert caught.value.code == code
    assert zh in caught.value.text("zh")
    assert en in caught.value.text("en")


def test_xlsx_holds_every_type(tmp_path: Path) -> None:
    path = tmp_path / "结果.xlsx"
    write_frame(_orders(), path)
    header, *rows = _rows(path)
    assert header[-2:] == ["费用合计", "毛利率"]
    assert rows[0] == ["0001", dt.datetime(2024, 8, 1), 179, 1, 5, True, 6.27, 0.125]
    assert rows[1] == ["8145987534666769", None, 0.1, None, "待确认 <&> ", False, -2.5, None]
    assert rows[2] == [None, dt.datetime(2024, 8, 3), None, 3, "2024-08-02", True, 0, -1]
    sheet = openpyxl.load_workbook(path).worksheets[0]
    assert [cell.number_format for cell in sheet[2]] == [
        "@", "yyyy-mm-dd", "#,##0.00", "General", "General", "General", "#,##0.00", "0.00%",
    ]  # fmt: skip
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:H4"
    assert sheet.dimensions == "A1:H4"
    back = read_frame(path)
    assert back.sheet == "订单"
    assert back.frame["订单号"].tolist()[:2] == ["0001", "8145987534666769"]
    assert back.frame["费用合计"].tolist() == [6.27, -2.5, 0]


def test_headers_in_english(tmp_path: Path) -> None:
    write_frame(_orders(), tmp_path / "a.xlsx", lang="en")
    assert sheet_names(tmp_path / "a.xlsx") == ["Orders"]
    assert _rows(tmp_path / "a.xlsx")[0][-2:] == ["Total fees", "Margin"]


@pytest.mark.parametrize("kind", KINDS)
def test_round_trip(tmp_path: Path, kind: str) -> None:
    frame = pd.DataFrame({"a": ["00", "x\ny", None, '"q", z'], "b": [1.5, None, -3.0, 0.1]})
    path = tmp_path / f"a{kind}"
    write_frame(frame, path)
    back = read_frame(path).frame
    assert back["a"].fillna("").tolist() == ["00", "x\ny", "", '"q", z']
    assert pd.to_numeric(back["b"]).tolist()[2:] == [-3.0, 0.1]
    assert back["b"].isna().tolist() == [False, True, False, False]


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_bytes_twice(tmp_path: Path, kind: str) -> None:
    write_frame(_orders(), tmp_path / f"a{kind}")
    write_frame(_orders(), tmp_path / f"b{kind}")
    assert (tmp_path / f"a{kind}").read_bytes() == (tmp_path / f"b{kind}").read_bytes()


def test_formula_text_stays_text_in_xlsx(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_frame(pd.DataFrame({"=1+1": [*FORMULAS, "https://x.y"], "b": [*FORMULAS, 1]}), path)
    with zipfile.ZipFile(path) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml").decode()
    assert not re.search(r"<f\b|hyperlink", xml)
    header, *rows = _rows(path)
    assert header[0] == "=1+1"
    assert [row[0] for row in rows] == [*FORMULAS, "https://x.y"]
    assert all(row[0].data_type != "f" for row in openpyxl.load_workbook(path).worksheets[0])


def test_formula_text_stays_text_in_csv(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    plain = ["-5.20", "+1,000", "-3%", "-", "a=b", "'1", "1-2", "\n 1", " - x", "a\n=1"]
    hidden = [
        "'=1",
        "\n=1+1",
        "\x0b+1+A1",
        "\x00@SUM(A1)",
        " \t\n=1",
        "\u3000＝1",
        "\ufeff=1",
        "\x7f-A1",
    ]
    risky = [*FORMULAS, *hidden]
    write_frame(pd.DataFrame({"=x": [*risky, *plain]}), path)
    header, *rows = csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""))
    assert header == ["'=x"]
    assert [row[0] for row in rows] == [*(f"'{text}" for text in risky), *plain]


# What stands before a mark, marks, what numbers are made of, and what a text file parts cells by.
_GUARDED = "'=+-@＝１1,5.\t\r\n \x00\x0b\x1f\xa0\u3000\ufeff\"a;|"


@given(st.lists(st.text(_GUARDED, min_size=1, max_size=5), min_size=1, max_size=6))
@example(["=1", "'=1", "''=1", "\n=1", "\t", "'-1", "-1", "'", "''", "\x00@A", "'\r"])
def test_text_in_csv_is_read_back_as_it_was(texts: list[str]) -> None:
    frame = pd.DataFrame({"order_id": [f"A{at}" for at in range(len(texts))], "sku": texts})
    with TemporaryDirectory() as folder:
        for name in ("a.csv", "a.tsv"):
            write_frame(frame, Path(folder, name))
            grid = read_grid(Path(folder, name))
            assert grid.below(0).frame[1].tolist() == texts
            assert [row[1] for row in grid.top[1:]] == texts


def test_csv_as_excel_wants_it(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    write_frame(_orders(), path)
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\xef\xbb\xbf") == 1
    assert data.decode("utf-8-sig").splitlines()[1:] == [
        '"0001","2024-08-01",179,1,"5","TRUE",6.27,0.125',
        '"8145987534666769",,0.1,,"待确认 <&> ","FALSE",-2.5,',
        ',"2024-08-03",,3,"2024-08-02","TRUE",0,-1',
    ]
    write_frame(_orders(), path, encoding="gb18030")
    assert read_frame(path).encoding == "gb18030"
    write_frame(_orders(), path, encoding="utf-16")
    assert read_frame(path).encoding == "utf-16"


def test_encodings_that_do_not_do(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("old", encoding="utf-8")
    frame = pd.DataFrame({"a": ["é中"]})
    _refused("cannot_encode", "ascii", "ascii", lambda: write_frame(frame, path, encoding="ascii"))
    _refused(
        "encoding_unknown", "utf-9", "utf-9", lambda: write_frame(frame, path, encoding="utf-9")
    )
    assert path.read_text(encoding="utf-8") == "old"
    assert _left(tmp_path) == ["a.csv"]


def test_what_a_cell_cannot_hold(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    texts = ["x" * 40_000, "😀" * 20_000, "a\x00b\x1fc\ufffe", "_x0041_", "  x ", "", "]]>"]
    write_frame(pd.DataFrame({"a": texts, "b": [np.inf, -np.inf, 1, 2, 3, 4, 5]}), path)
    rows = read_frame(path).frame
    first, emoji, *rest = rows["a"].tolist()
    assert first == "x" * 32_766 + "…"
    assert emoji == "😀" * 16_383 + "…"
    with zipfile.ZipFile(path) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml").decode()
    assert '<t xml:space="preserve">_x005F_x0041_</t>' in xml
    assert rest[0] == "abc"
    assert rest[2] == "  x "
    assert rest[4] == "]]>"
    assert rows["b"].isna().tolist()[:3] == [True, True, False]


def test_days_excel_cannot_count(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    days = pd.Series([dt.datetime(1890, 1, 1), dt.datetime(2024, 8, 1, 10, 30)])
    write_frame(pd.DataFrame({"d": days, "z": pd.to_datetime(days, utc=True)}), path)
    assert _rows(path)[1:] == [  # Beijing's clock for moments with a zone
        ["1890-01-01", "1890-01-01 08:00:00"],
        [dt.datetime(2024, 8, 1, 10, 30), dt.datetime(2024, 8, 1, 18, 30)],
    ]


def test_more_rows_than_a_sheet_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(book, "MOST_ROWS", 10)
    path = tmp_path / "a.xlsx"
    write_frame(pd.DataFrame({"a": range(25)}), path)
    assert sheet_names(path) == ["订单-1", "订单-2", "订单-3"]
    parts = [read_frame(path, sheet=name).frame["a"].tolist() for name in sheet_names(path)]
    assert [int(value) for part in parts for value in part] == list(range(25))
    assert len(parts[2]) == 5


def test_more_columns_than_a_sheet_has(tmp_path: Path) -> None:
    frame = pd.DataFrame([["x"] * 16_385])
    path = tmp_path / "a.xlsx"
    _refused("too_many_columns", "16,385", ".parquet", lambda: write_frame(frame, path))
    assert _left(tmp_path) == []


def test_sheet_names_that_excel_refuses(tmp_path: Path) -> None:
    sheets = {"a/b": _orders()}
    path = tmp_path / "a.xlsx"
    _refused("sheet_name", "a/b", "a/b", lambda: write_workbook(sheets, path))


@pytest.mark.parametrize("kind", KINDS)
def test_a_table_without_rows(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"a{kind}"
    write_frame(_orders().iloc[:0], path)
    _refused("only_header", "只有表头", "no rows", lambda: read_frame(path))


def test_repeated_headers(tmp_path: Path) -> None:
    frame = pd.DataFrame([[1.0, 2.0]], columns=["a", "a"])
    for kind in KINDS[:3]:
        write_frame(frame, tmp_path / f"a{kind}")
        assert list(read_frame(tmp_path / f"a{kind}").frame.columns) == ["a", "a"]
    write_frame(frame, tmp_path / "a.parquet")
    assert list(read_frame(tmp_path / "a.parquet").frame.columns) == ["a", "a (2)"]


def test_kinds_and_places_that_do_not_do(tmp_path: Path) -> None:
    frame = _orders()
    _refused("target_kind", ".xlsx", ".xlsx", lambda: write_frame(frame, tmp_path / "a.pdf"))
    nowhere = tmp_path / "no" / "a.csv"
    _refused("target_folder", "不存在", "does not exist", lambda: write_frame(frame, nowhere))
    folder = tmp_path / "b.csv"
    folder.mkdir()
    _refused("target_not_file", "普通文件", "ordinary", lambda: write_frame(frame, folder))


@pytest.mark.parametrize("lock", ["~$a.xlsx", ".~lock.a.xlsx#"])
def test_open_in_another_program(tmp_path: Path, lock: str) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"old")
    (tmp_path / lock).touch()
    _refused("target_locked", lock, lock, lambda: write_frame(_orders(), path))
    assert path.read_bytes() == b"old"


@pytest.mark.parametrize(
    ("number", "code", "zh", "en"),
    [
        (errno.ENOSPC, "disk_full", "磁盘空间不足", "disk is full"),
        (errno.EFBIG, "target_too_large", "文件大小", "larger"),
        (errno.EACCES, "target_denied", "正在 Excel 中打开", "open in Excel"),
        (errno.EIO, "target_failed", os.strerror(errno.EIO), os.strerror(errno.EIO)),
    ],
)
def test_failure_at_the_end_keeps_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: str, zh: str, en: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"old")

    def fail(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fail)
    _refused(code, zh, en, lambda: write_frame(_orders(), path))
    assert path.read_bytes() == b"old"
    assert _left(tmp_path) == ["a.csv"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_failure_in_the_middle_keeps_the_old_file(
    tmp_path: Path, error: type[BaseException]
) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"old")

    def write_half() -> None:
        with replacing(path) as file:
            file.write(b"half")
            raise error

    with pytest.raises(error):
        write_half()
    assert path.read_bytes() == b"old"
    assert _left(tmp_path) == ["a.bin"]


WRITE = """
import resource, sys
import pandas as pd
from sellersheet_workbook.problems import FileProblem
from sellersheet_workbook.files.writing import write_frame
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
try:
    numbers = range(100_000)
    write_frame(pd.DataFrame({"a": numbers, "b": [f"{n:x}" for n in numbers]}), sys.argv[1])
except FileProblem as problem:
    print(problem.code)
"""
KILL = """
import os, sys
from sellersheet_workbook.keeping.atomic import replacing
with replacing(sys.argv[1]) as file:
    file.write(b"half")
    file.flush()
    os.kill(os.getpid(), 9)
"""


def _run(program: str, path: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.run(
        [sys.executable, "-c", program, str(path)],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX limits")
@pytest.mark.parametrize("kind", KINDS)
def test_a_real_limit_keeps_the_old_file(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"a{kind}"
    path.write_bytes(b"old")
    done = _run(WRITE, path)
    assert (done.stdout.strip(), done.stderr) == ("target_too_large", "")
    assert path.read_bytes() == b"old"
    assert _left(tmp_path) == [path.name]


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX signals")
def test_a_kill_keeps_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"old")
    assert _run(KILL, path).returncode == -9
    assert path.read_bytes() == b"old"
    (half,) = (item for item in tmp_path.iterdir() if item != path)
    others = [tmp_path / name for name in (".a.xlsx.mine.tmp", ".b.xlsx.01234567.tmp")]
    for item in others:
        item.write_bytes(b"not ours to take away")
    write_frame(_orders(), path)
    assert half.exists()  # it could be another run's that is still at it
    for item in (half, *others):
        os.utime(item, (0, 0))
    write_frame(_orders(), path)
    assert _left(tmp_path) == sorted([path.name, *(item.name for item in others)])


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX links and modes")
def test_links_and_modes_stay(tmp_path: Path) -> None:
    path, link = tmp_path / "a.csv", tmp_path / "link.csv"
    path.write_bytes(b"old")
    path.chmod(0o640)
    link.symlink_to(path)
    write_frame(_orders(), link)
    assert link.is_symlink()
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert path.stat().st_mode & 0o777 == 0o640
