"""An update of workbook files: in place, with a backup, and back again byte for byte."""

import datetime as dt
import io
import re
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
import xlsxwriter
from openpyxl.workbook.protection import WorkbookProtection
from openpyxl.worksheet.table import Table

from sellersheet.columns import OUTPUT
from sellersheet_addin.cli import books
from sellersheet_workbook.batch.sample import sample_orders
from sellersheet_workbook.files.writing import write_frame
from sellersheet_workbook.patch import open_book, saving
from sellersheet_workbook.problems import FileProblem
from sellersheet_workbook.update import file_port
from sellersheet_workbook.update.result_columns import differing, stored_cells
from tests.command_line import Called, call
from tests.grids import read_frame
from tests.template_books import small
from tests.workbook_corpus import set_cells

CAPSYS = pytest.CaptureFixture[str]
HEADER = ("订单号", "下单日期", "目的国", "订单实付金额", "物流费(系统报价)", "备注")
ROWS = (
    ("A1", dt.date(2024, 8, 5), "ES", 100, 22.60, "第一行"),
    ("A2", dt.date(2024, 9, 6), "法国", "88.10", 31, "=1+1"),
    ("A3", dt.date(2024, 9, 7), "ES", "待定", 20, None),
)
TITLES = [item.zh for item in OUTPUT]


def _book(path: Path, *, table: bool = False, **sheets: list[tuple[Any, ...]]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "订单"
    for row in (HEADER, *ROWS):
        sheet.append(row)
    sheet["F3"].data_type = "s"
    if table:
        sheet.add_table(Table(displayName="Orders", ref=f"A1:F{len(ROWS) + 1}"))
    for name, rows in sheets.items():
        other = book.create_sheet(name)
        for row in rows:
            other.append(row)
    book.save(path)
    return path


def _update(capsys: CAPSYS, path: Path, *more: str) -> Called:
    return call(capsys, "update", path, "--as-of", "2024-10-03", *more)


def _cells(path: Path, sheet: str) -> list[list[Any]]:
    return [list(row) for row in openpyxl.load_workbook(path)[sheet].values]


def _parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("table", [False, True])
def test_the_results_stand_in_the_workbook(tmp_path: Path, capsys: CAPSYS, table: bool) -> None:
    path = _book(tmp_path / "月.xlsx", table=table)
    before = path.read_bytes()
    done = _update(capsys, path, "--lang", "zh")
    assert done.code == 1
    assert "1 行有问题" in done.out
    assert "已更新" in done.out
    rows = _cells(path, "订单")
    assert rows[0] == [*HEADER, *TITLES]
    total = rows[0].index("费用合计")
    assert [row[total] for row in rows[1:]] == [31.3, 39.28, None]
    assert _cells(path, "更新问题行")[1][0] == 4
    assert _cells(path, "更新汇总")[0][:2] == ["汇总方式", "分组"]
    log = _cells(path, "更新记录")
    assert (len(log), log[1][4:7]) == (2, [3, 1, 0])
    backups = list(tmp_path.glob("*.bak-*"))
    assert [backup.read_bytes() for backup in backups] == [before]


def test_a_second_update_changes_the_log_only(tmp_path: Path, capsys: CAPSYS) -> None:
    path = _book(tmp_path / "月.xlsx", table=True)
    _update(capsys, path)
    first = _parts(path)
    _update(capsys, path)
    second = _parts(path)
    changed = {name for name in first if first[name] != second[name]}
    assert set(first) == set(second)
    log = [name for name in changed if "worksheets" in name]
    assert len(log) == 1
    assert changed <= {*log, "xl/workbook.xml"}
    assert len(_cells(path, "更新记录")) == 3


def test_no_sheet_is_added_to_a_workbook_of_protected_structure(
    tmp_path: Path, capsys: CAPSYS
) -> None:
    path = _book(tmp_path / "账.xlsx")
    book = openpyxl.load_workbook(path)
    book.security = WorkbookProtection(lockStructure=True)
    book.save(path)
    before = path.read_bytes()
    done = _update(capsys, path)
    assert done.code == 2
    assert "structure" in done.err or "结构" in done.err
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == [path.name]
    book.security = WorkbookProtection(lockStructure=False)
    book.save(path)
    assert _update(capsys, path).code == 1  # a row of it is refused
    assert path.read_bytes() != before


def test_undo_is_byte_for_byte(tmp_path: Path, capsys: CAPSYS) -> None:
    path = _book(tmp_path / "月.xlsx")
    states = [path.read_bytes()]
    for _ in range(2):
        _update(capsys, path)
        states.append(path.read_bytes())
    for state in reversed(states[:-1]):
        backup = file_port.latest_backup(path)
        done = call(capsys, "undo", path, "--lang", "zh")
        assert done.code == 0
        assert backup is not None
        assert backup.name in re.sub(r"\s", "", done.out)
        assert path.read_bytes() == state
    assert [aside.read_bytes() for aside in sorted(tmp_path.glob("*undone*"))] == states[:0:-1]
    none = call(capsys, "undo", path)
    assert none.code == 2
    assert path.read_bytes() == states[0]


def test_results_equal_those_of_a_batch(tmp_path: Path, capsys: CAPSYS) -> None:
    path = tmp_path / "orders.xlsx"
    write_frame(sample_orders(400, seed=7), path)
    call(capsys, "batch", path, "-o", tmp_path / "result.csv", "--as-of", "2024-10-03")
    _update(capsys, path)
    batch = read_frame(tmp_path / "result.csv").frame
    updated = read_frame(path, sheet="订单").frame
    for title in TITLES[:10]:
        expected = batch[title].astype(object).where(batch[title].notna(), "nan").astype(float)
        found = updated[title].astype(float)
        assert ((expected - found).abs().fillna(0) < 0.005).all()
        assert (expected.isna() == found.isna()).all()
    for title in ("状态", "说明"):
        assert updated[title].fillna("").tolist() == batch[title].fillna("").tolist()


def test_a_closed_month_without_results_stays_blank(tmp_path: Path, capsys: CAPSYS) -> None:
    path = _book(tmp_path / "月.xlsx", 关账月份=[("2024-08",)])
    assert _update(capsys, path, "--closed", "2024-07").code == 1
    rows = _cells(path, "订单")
    assert rows[1][6:] == [None] * len(TITLES)
    assert rows[2][6:] != [None] * len(TITLES)


def test_the_tables_of_the_workbook_are_used(tmp_path: Path, capsys: CAPSYS) -> None:
    own = [("名称", "数值", "原因"), ("service_fee_rate", 0.05, "新合同"), (None, None, None)]
    path = _book(tmp_path / "月.xlsx", 自定义参数=own, 汇率=[("币种", "汇率"), ("USD", 7.1)])
    _update(capsys, path, "--lang", "zh")
    assert _cells(path, "订单")[1][HEADER.index("备注") + 2] == 5
    assert _cells(path, "更新记录")[1][3] == "自定义参数、汇率"


def _with_sku(path: Path, name: str, header: tuple[str, ...], row: tuple[Any, ...]) -> Any:
    """Orders of one SKU, exchange rates and one more sheet."""
    _book(path, 汇率=[("币种", "汇率"), ("USD", 7.1)])
    book = openpyxl.load_workbook(path)
    for at, cell in enumerate(("商品编码", "K1", "K1", "K1"), 1):
        book["订单"].cell(at, 7, cell)
    sheet = book[name] if name in book.sheetnames else book.create_sheet(name)
    for at, cells in ((1, header), (3, row)):
        for column, cell in enumerate(cells, 1):
            sheet.cell(at, column, cell)
    return book


def test_number_formats_of_its_other_tables_count(tmp_path: Path, capsys: CAPSYS) -> None:
    path = tmp_path / "月.xlsx"
    for code, profit in (("General", 65.7), ("[$USD] #,##0.00", 47.4)):
        book = _with_sku(path, "SKU成本", ("商品编码", "采购成本"), ("K1", 3))
        book["SKU成本"]["B3"].number_format = code
        book.save(path)
        assert _update(capsys, path, "--lang", "zh").code == 1  # of the row that is wrong
        cells = _cells(path, "订单")
        assert cells[1][cells[0].index("毛利")] == profit


@pytest.mark.parametrize(
    ("name", "header", "row"),
    [
        ("SKU成本", ("商品编码", "采购成本"), ("K1", "=1+2")),
        ("自定义参数", ("名称", "数值"), ("service_fee_rate", "=0.05")),
        ("汇率", ("币种", "汇率"), ("EUR", "=7.8")),
        (
            "费率",
            ("目的国", "重量止(克)", "每公斤价格", "生效日期"),
            ("ES", 100, "=90", "2024-01-01"),
        ),
    ],
)
def test_a_formula_without_a_saved_value_in_another_table_is_refused(
    tmp_path: Path, capsys: CAPSYS, name: str, header: tuple[str, ...], row: tuple[Any, ...]
) -> None:
    """It is no blank: the built-in value would be used instead of it without a word."""
    path = tmp_path / "月.xlsx"
    _with_sku(path, name, header, row).save(path)
    before = path.read_bytes()
    done = _update(capsys, path, "--lang", "zh")
    assert done.code == 2
    assert name in done.err
    assert "公式" in done.err
    assert path.read_bytes() == before


def test_a_sheet_of_orders_without_the_amount_is_named(tmp_path: Path, capsys: CAPSYS) -> None:
    path = _book(tmp_path / "月.xlsx")
    book = openpyxl.load_workbook(path)
    book["订单"]["D1"] = "钱"
    book.save(path)
    refused = _update(capsys, path, "--lang", "zh")
    assert refused.code == 2
    assert "订单实付金额" in refused.err


def test_closed_months_stay(tmp_path: Path, capsys: CAPSYS) -> None:
    path = _book(tmp_path / "年.xlsx")
    _update(capsys, path)
    stored = _cells(path, "订单")
    book = openpyxl.load_workbook(path)
    book.create_sheet("关账月份").append(["月份", "备注"])
    book["关账月份"].append([dt.date(2024, 8, 1), "已关账"])
    book["订单"]["E2"], book["订单"]["E3"] = 30, 30
    book.save(path)
    done = _update(capsys, path, "--lang", "zh")
    rows = _cells(path, "订单")
    assert rows[1][6:] == stored[1][6:]
    assert rows[2][6:] != stored[2][6:]
    assert _cells(path, "关账差异")[1:] == [[2, "物流费", 22.6, 30], [2, "费用合计", 31.3, 38.7]]
    assert "1 行的结果与重算不同" in done.out


def test_a_dry_run_writes_nothing(tmp_path: Path, capsys: CAPSYS) -> None:
    path = _book(tmp_path / "月.xlsx")
    before = path.read_bytes()
    done = _update(capsys, path, "--dry-run", "--lang", "zh")
    assert done.code == 1
    assert "31.3" in done.out
    assert "会改动 3 行" in done.out
    assert path.read_bytes() == before
    assert [item.name for item in tmp_path.iterdir()] == [path.name]


def test_a_shrinking_summary_leaves_no_old_rows(tmp_path: Path, capsys: CAPSYS) -> None:
    path = _book(tmp_path / "月.xlsx")
    _update(capsys, path, "--lang", "zh")
    book = openpyxl.load_workbook(path)
    book["订单"]["C3"], book["订单"]["D4"] = "ES", 50
    book.save(path)
    assert _update(capsys, path, "--lang", "en").code == 0
    groups = [row[1] for row in _cells(path, "更新汇总")[1:] if row[0]]
    assert groups == ["2024-08", "2024-09", "ES Spain"]
    assert [row for row in _cells(path, "更新问题行")[1:] if any(row)] == []


def test_a_sheet_of_the_users_own_is_left_alone(tmp_path: Path, capsys: CAPSYS) -> None:
    path = _book(tmp_path / "月.xlsx", 更新汇总=[("我的", "表"), ("a", "b")])
    done = _update(capsys, path, "--lang", "zh")
    assert "更新汇总" in done.out
    assert _cells(path, "更新汇总") == [["我的", "表"], ["a", "b"]]


def test_charts_and_other_sheets_keep_their_bytes(tmp_path: Path, capsys: CAPSYS) -> None:
    path = tmp_path / "月.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("订单")
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, ("A1", "2024-08-05", "ES", 100, 22.60, "x"))
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=订单!$D$2:$D$2"})
        book.add_worksheet("图").insert_chart("B2", chart)
    before = _parts(path)
    assert _update(capsys, path).code == 0
    after = _parts(path)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {
        "xl/worksheets/sheet1.xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "[Content_Types].xml",
        "xl/styles.xml",  # the formats of the sheets that are added, behind the others
    }
    formats = [re.findall(rb"<xf .*?>", parts["xl/styles.xml"]) for parts in (before, after)]
    cells = len(formats[0]) - 1  # the first is a cell style's
    assert formats[1][: cells + 1] == formats[0]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_can_not_be_done_is_said(tmp_path: Path, capsys: CAPSYS, lang: str) -> None:
    path = _book(tmp_path / "月.xlsx", 订单二=[HEADER, *ROWS])
    assert _update(capsys, path, "--sheet", "没有", "--lang", lang).code == 2
    book = openpyxl.load_workbook(path)
    book["订单"].title = "八月"
    book.save(path)
    many = _update(capsys, path, "--lang", lang)
    assert (many.code, "--sheet" in many.err) == (2, True)
    assert _update(capsys, path, "--sheet", "八月", "--lang", lang).code == 1
    path.with_name(f"~${path.name}").write_text("")
    before = path.read_bytes()
    assert _update(capsys, path, "--sheet", "八月", "--lang", lang).code == 2
    assert path.read_bytes() == before
    assert len(list(tmp_path.glob("*.bak-*"))) == 1


@pytest.mark.parametrize("step", ["with_sheets", "check_free", "keep_backup", "replacing"])
def test_whatever_fails_the_old_file_is_whole(
    tmp_path: Path, capsys: CAPSYS, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path = _book(tmp_path / "月.xlsx")
    before = path.read_bytes()

    module: Any = file_port if step == "with_sheets" else saving
    real = getattr(module, step)

    def fail(given: Path, *more: Any, **options: Any) -> Any:
        if given.parent == tmp_path:  # not the copy that the sheets are added to
            raise OSError(28, "no space")
        return real(given, *more, **options)

    monkeypatch.setattr(module, step, fail)
    assert _update(capsys, path).code == 2
    assert path.read_bytes() == before
    assert [item.name for item in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("lock", ["~$月.xlsx", ".~lock.月.xlsx#"])
def test_a_book_open_elsewhere_is_told_before_the_work(
    tmp_path: Path, capsys: CAPSYS, monkeypatch: pytest.MonkeyPatch, lock: str
) -> None:
    path = _book(tmp_path / "月.xlsx")
    (tmp_path / lock).touch()
    worked: list[Any] = []
    monkeypatch.setattr(books, "plan", lambda *given: worked.append(given))
    done = _update(capsys, path, "--lang", "zh")
    assert done.code == 2
    assert "正在另一个程序中打开" in done.err
    assert not worked
    monkeypatch.undo()
    assert _update(capsys, path, "--dry-run").code == 1


def test_what_stands_in_the_way_is_told_of_the_users_own_file(
    tmp_path: Path, capsys: CAPSYS
) -> None:
    path = tmp_path / "月.xlsx"
    notes = [(*HEADER, None, None, "我的备注"), (*ROWS[0], None, None, "x")]
    book = openpyxl.Workbook()
    for row in notes:
        book.worksheets[0].append(row)
    book.worksheets[0].title = "订单"
    book.worksheets[0].add_table(Table(displayName="Orders", ref="A1:F2"))
    book.save(path)
    before = path.read_bytes()
    refused = _update(capsys, path, "--lang", "zh")
    assert refused.code == 2
    assert str(path) in re.sub(r"\s", "", refused.err)
    assert "I1" in refused.err
    assert path.read_bytes() == before
    assert [item.name for item in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_protected_sheet_is_left_alone(tmp_path: Path, capsys: CAPSYS, lang: str) -> None:
    path = _book(tmp_path / "月.xlsx")
    book = openpyxl.load_workbook(path)
    book["订单"].protection.enable()
    book.save(path)
    before = path.read_bytes()
    refused = _update(capsys, path, "--lang", lang)
    assert refused.code == 2
    assert {"zh": "保护", "en": "protected"}[lang] in refused.err
    assert path.read_bytes() == before


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_workbook_without_orders(tmp_path: Path, capsys: CAPSYS, lang: str) -> None:
    path = tmp_path / "月.xlsx"
    book = openpyxl.Workbook()
    book.worksheets[0].append(["姓名", "电话"])
    book.worksheets[0].append(["甲", 1])
    book.save(path)
    before = path.read_bytes()
    refused = _update(capsys, path, "--lang", lang)
    assert refused.code == 2
    assert {"zh": "订单", "en": "order"}[lang] in refused.err
    assert path.read_bytes() == before


def test_a_change_made_meanwhile_is_not_overwritten(tmp_path: Path, capsys: CAPSYS) -> None:
    path = _book(tmp_path / "月.xlsx")
    port = file_port.FilePort(path, "zh")
    port.append_log({"时间": "2024-10-03", "程序版本": "0"})
    port.write_columns("orders", {"费用合计": [1, 2, 3]})
    _book(path, 另一张=[("a",)])
    changed = path.read_bytes()
    with pytest.raises(FileProblem):
        port.save()
    assert path.read_bytes() == changed
    assert [item.name for item in tmp_path.iterdir()] == [path.name]


def test_macros_stay_and_formulas_of_results_become_values(tmp_path: Path, capsys: CAPSYS) -> None:
    path = tmp_path / "月.xlsm"
    (tmp_path / "vba.bin").write_bytes(b"macros")
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("订单")
        sheet.write_row(0, 0, (*HEADER, *TITLES))
        sheet.write_row(1, 0, ("A1", "2024-08-05", "ES", 100, 22.60, "x"))
        for at in range(len(TITLES)):
            sheet.write_formula(1, len(HEADER) + at, "=INDEX(计算!A:A,2)", None, 7)
        book.add_worksheet("计算").write_formula("A2", "=1+6", None, 7)
        book.add_vba_project(str(tmp_path / "vba.bin"))
    before = _parts(path)
    would = _update(capsys, path, "--dry-run", "--lang", "en").out
    assert "13 formulas in the result columns become values" in " ".join(would.split())
    assert _parts(path) == before
    told = _update(capsys, path, "--lang", "zh")
    assert told.code == 0
    assert "结果列中有 13 个公式换成数值" in told.out
    after = _parts(path)
    assert after["xl/vbaProject.bin"] == before["xl/vbaProject.bin"]
    assert after["xl/worksheets/sheet2.xml"] == before["xl/worksheets/sheet2.xml"]
    assert b"<f>" not in after["xl/worksheets/sheet1.xml"]
    assert _cells(path, "订单")[1][len(HEADER) + 8] == 31.3


def test_formulas_that_are_right_stay(tmp_path: Path, capsys: CAPSYS) -> None:
    """A template as it was saved; then an amount in it is another; then a month is closed."""
    path = tmp_path / "费用簿.xlsx"
    path.write_bytes(small())
    live = len(TITLES) * 60

    def results() -> str:
        return _parts(path)["xl/worksheets/sheet2.xml"].decode()

    before = results()
    assert "会改动 0 行，共 0 个单元格" in _update(capsys, path, "--dry-run", "--lang", "zh").out
    told = _update(capsys, path, "--lang", "zh").out
    assert "改动 0 个单元格" in told
    assert "个公式" not in told
    assert results() == before
    assert _update(capsys, path, "--closed", "2031-01").code == 1  # no row is of that month
    assert results() == before
    kept = path.read_bytes()
    told = _update(capsys, path, "--lang", "zh", "--closed", "2024-09").out
    assert f"改动 0 个单元格。\n结果列中有 {live} 个公式换成数值" in told
    path.write_bytes(kept)
    header = openpyxl.load_workbook(path)["订单"][6]
    paid = next(cell.column_letter for cell in header if cell.value == "订单实付金额")
    book = open_book(path)
    set_cells(book, "订单", {f"{paid}7": 120})
    book.save(backup=False)
    assert f"结果列中有 {live} 个公式换成数值" in _update(capsys, path, "--lang", "zh").out
    assert "INDEX(Results" not in results()


def test_an_error_and_a_text_of_spaces_are_no_results() -> None:
    one = {
        "profit_cny": np.array([np.nan] * 4),
        "reason": np.array(["", "", "", "x"], dtype=object),
    }
    stored = ["#N/A", "  ", None, "#NAME?"]
    frame = pd.DataFrame({"说明": stored})
    assert stored_cells(frame, "说明") == ["#N/A", None, None, "#NAME?"]
    assert differing("profit_cny", ["#N/A", None, 0, 1.5], [one]).tolist() == [
        False,
        False,
        True,
        True,
    ]
    assert differing("reason", stored_cells(frame, "说明"), [one]).tolist() == [False] * 3 + [True]


def test_the_summary_is_shown_as_the_template_shows_things(tmp_path: Path, capsys: CAPSYS) -> None:
    """Shares and amounts with their formats, a header; in a workbook that has none of them."""
    path = _book(tmp_path / "a.xlsx")
    _update(capsys, path, "--lang", "zh")
    sheet = openpyxl.load_workbook(path)["更新汇总"]
    at = {cell.value: cell.column for cell in sheet[1]}
    assert at.keys() >= {"订单数", "已算出行数", "未算出行数"}
    head = sheet.cell(1, at["费用占比"])
    assert (head.font.b, head.font.color.rgb, head.fill.fgColor.rgb) == (
        True, "FFFFFFFF", "FF1F4E79",
    )  # fmt: skip
    for row in (2, 4):
        shown = [
            sheet.cell(row, at[title]).number_format for title in ("费用占比", "费用合计", "订单数")
        ]
        assert shown == ["0.00%", "#,##0.00", "#,##0"]
    before = path.read_bytes()
    _update(capsys, path, "--lang", "zh")  # its own sheets are there now: no format is added
    styles = [zipfile.ZipFile(name).read("xl/styles.xml") for name in (io.BytesIO(before), path)]
    assert styles[0] == styles[1]
