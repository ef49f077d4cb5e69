"""A sheet that is updated from the menu and by the command: the same figures in every row."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.table import Table

from sellersheet.cards import shipped_card
from sellersheet.columns import OUTPUT
from sellersheet.exchange import FxRates
from sellersheet.policy import load
from sellersheet.wording import Problem
from sellersheet_workbook.batch.one import Terms
from sellersheet_workbook.files.reading import read_grid
from sellersheet_workbook.host import update
from sellersheet_workbook.patch.areas import Area, area_of
from sellersheet_workbook.update.file_port import FilePort
from sellersheet_workbook.update.flow import plan
from tests.examples import examples
from tests.grid_program import GridProgram

NOW = dt.datetime(2024, 10, 3, 9, 30)
DAY_0 = dt.datetime(1899, 12, 30)
HEADERS = [
    ["订单号"],
    ["下单日期", "下单时间(UTC)", "付款时间"],
    ["实付金额", "实付金额(USD)", "实付金额(分)"],
    ["物流费(系统报价)"],
    ["目的国"],
    ["实重(克)", "实重(kg)", "重量", "Weight (lb)"],
    ["SKU"],
    ["件数"],
    ["订单状态"],
]
CELLS: list[list[Any]] = [
    ["A1", "A2", "合计", None],
    ["2024-08-05", "2024-08-01T20:00Z", dt.datetime(2024, 8, 1, 18), 45509.8, "05/08/2024", None],
    [100, 88.1, "$10", "¥5", 0, None, "12.345,6"],
    [22.6, "3", None],
    ["ES", "法国", None, "火星"],
    [300, 0.3, "1lb", None],
    ["A", "B", None],
    [1, 2, None],
    ["已完成", "已取消", "待付款", None],
]
FORMATS = ["[$$-409]#,##0.00", '0"分"', '0.0"kg"', "0.00%"]
BESIDE: dict[str, list[list[Any]]] = {
    "汇率": [["币种", "生效日期", "汇率"], ["USD", "2024-08-02", 7.1]],
    "SKU成本": [["SKU", "采购成本"], ["A", "$2"], ["B", 9]],
    "费率": [["目的国", "重量起(克)", "重量止(克)", "每公斤价格", "生效日期"],
             ["ES", 0, 500, 50, "2024-07-01"], ["FR", 0, 500, "$8", "2024-07-01"]],
}  # fmt: skip


@st.composite
def books(draw: st.DrawFn) -> openpyxl.Workbook:
    """A title or none, orders with formats and merged cells, other tables or none."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "订单"
    if title := draw(st.sampled_from(["", "8月订单", "单位：分"])):
        sheet.append([title])
    sheet.append([draw(st.sampled_from(names)) for names in HEADERS])
    top = sheet.max_row
    for _ in range(draw(st.integers(1, 5))):
        sheet.append([draw(st.sampled_from(cells)) for cells in CELLS])
    for row in sheet.iter_rows(min_row=top + 1):
        for at in (2, 3, 5):
            if not draw(st.integers(0, 7)):
                row[at].number_format = draw(st.sampled_from(FORMATS))
    if sheet.max_row > top + 1 and not draw(st.integers(0, 3)):
        column = draw(st.sampled_from("ACF"))
        sheet.merge_cells(f"{column}{top + 1}:{column}{top + 2}")
    for name in draw(st.sets(st.sampled_from(sorted(BESIDE)))):
        other = book.create_sheet(name)
        for line in BESIDE[name]:
            other.append(line)
    return book


def live(book: openpyxl.Workbook, folder: Path) -> GridProgram:
    """The workbook as a program shows it: days are numbers there."""
    program = GridProgram(folder)
    for sheet in book.worksheets:
        grid = program.grids[sheet.title] = {}
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            value: Any = cell.value
            if isinstance(value, dt.datetime):
                value = (value - DAY_0) / dt.timedelta(days=1)
            elif value is not None and cell.number_format != "General":
                place = Area(cell.row, cell.column, cell.row, cell.column)
                program.set_format(sheet.title, place, cell.number_format)
            if value is not None:
                grid[cell.row, cell.column] = value
        program.merges += [(sheet.title, area_of(str(area))) for area in sheet.merged_cells.ranges]
    return program


@settings(max_examples=examples(80))
@given(books())
def test_the_menu_and_the_command_write_the_same(book: openpyxl.Workbook) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        program = live(book, folder)
        book.save(folder / "账.xlsx")
        terms = Terms(load(), shipped_card(), FxRates.fixed({}), None, NOW.date())
        done = update(program, NOW)
        try:
            report = plan(FilePort(folder / "账.xlsx", "zh"), terms, NOW, "zh")
        except Problem:
            assert not done
            return
        assert done, program.messages
        top = 1 + (report.results.table.issues.first_row - 2)
        found = program.frame("订单", top=top)
        for item in OUTPUT:
            wanted = report.columns.get(item.zh, [None] * len(found))
            for one, other in zip(found.get(item.zh, wanted), wanted, strict=False):
                alike = None if other == "" or other != other else other
                if isinstance(alike, float):
                    assert one == pytest.approx(alike), (item.zh, one, alike)
                else:
                    assert (one is None) == (alike is None), (item.zh, one, alike)


def test_a_format_of_a_cell_of_text_says_nothing(tmp_path: Path) -> None:
    """The text 3 in a cell of the format 0"分" had been 0.03 by the command, 3 from the menu."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "订单"
    for row in (["订单号", "实付金额", "物流费(系统报价)"], ["A1", "100", "3"], ["A2", 10000, 300]):
        sheet.append(row)
    for cell in (sheet["B2"], sheet["C2"], sheet["B3"], sheet["C3"]):
        cell.number_format = '0"分"'
    book.save(tmp_path / "账.xlsx")
    terms = Terms(load(), shipped_card(), FxRates.fixed({}), None, NOW.date())
    report = plan(FilePort(tmp_path / "账.xlsx", "zh"), terms, NOW, "zh")
    program = live(book, tmp_path)
    assert update(program, NOW)
    assert report.results.total.tolist() == [1170, 1170]
    assert program.frame("订单")["费用合计"].tolist() == [11.7, 11.7]


@pytest.mark.parametrize(
    ("titles", "top", "total"),
    [
        (["单位：分"], 2, 11.7), (["单位：分"], 24, 11.7), (["单位：分"], 130, 655.2),
        (["店铺：甲", "单位：分", "8月"], 2, 11.7), (["订单", "金额(分)", "备注"], 2, 308.7),
    ],
)  # fmt: skip
def test_a_title_is_that_of_the_table_below_it(
    tmp_path: Path, titles: list[str], top: int, total: float
) -> None:
    """Of one 20 rows above, the menu had taken no notice: ¥655.20 where the command had ¥11.70.
    One far above speaks of something else, and headers of groups of columns of those alone."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "账"
    sheet.append(titles)
    rows = (["订单号", "实付金额", "物流费(系统报价)"], ["A1", 10000, 300])
    for row, cells in enumerate(rows, top):
        for column, cell in enumerate(cells, 1):
            sheet.cell(row, column, cell)
    area = Area(top, 1, top + 1, 3)
    sheet.add_table(Table(displayName="Orders", ref=area.ref))
    book.save(tmp_path / "账.xlsx")
    terms = Terms(load(), shipped_card(), FxRates.fixed({}), None, NOW.date())
    report = plan(FilePort(tmp_path / "账.xlsx", "zh"), terms, NOW, "zh")
    assert report.results.total.tolist() == [round(total * 100)]
    program = live(book, tmp_path)
    program.table("Orders", "账", area)
    assert update(program, NOW), program.messages
    assert program.frame("账", top=top)["费用合计"].tolist() == [total]
    if top < 100:
        assert terms.compute(read_grid(tmp_path / "账.xlsx")).total.tolist() == [round(total * 100)]
