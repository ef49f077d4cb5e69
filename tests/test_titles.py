"""What a title above the header says of the amounts, in every way in: 单位：分, Amounts in USD."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest

from sellersheet.amounts import CENTS
from sellersheet.cards import read_card, shipped_card
from sellersheet.exchange import FxRates
from sellersheet.functions.orders import ORDERTABLE
from sellersheet.intake.doubts import Asked
from sellersheet.intake.grid import Above, Beside, Shown, grid_of_rows
from sellersheet.intake.headers import TableProblem
from sellersheet.orders import SkuCosts, compute_orders
from sellersheet.policy import load
from sellersheet.tables import Table, read_table
from sellersheet_workbook.batch.one import Terms
from sellersheet_workbook.batch.sources import joined
from sellersheet_workbook.files.reading import read_grid, read_grids
from sellersheet_workbook.host import update
from sellersheet_workbook.orders_import import Memory, import_orders
from sellersheet_workbook.orders_import.target import own_units
from sellersheet_workbook.problems import FileProblem, ImportProblem
from sellersheet_workbook.scale import Place, run_scale
from sellersheet_workbook.update.file_port import FilePort
from sellersheet_workbook.update.flow import plan
from tests.grid_program import GridProgram

ON = dt.date(2024, 8, 5)
HEADER = ["订单号", "下单日期", "实付金额", "物流费(系统报价)"]
FX = FxRates.fixed({"USD": 7})
TERMS = Terms(load(), shipped_card(), FX, None, ON)


def paid(title: str, *header: str, rows: tuple[Any, ...] = (10000, 2260), **asked: Any) -> Table:
    grid = grid_of_rows(
        [[title, None], list(header or ("实付金额", "物流费(系统报价)")), list(rows)]
    )
    return read_table(grid, fx=FX, asked=Asked(**asked))


@pytest.mark.parametrize(
    ("title", "cents"),
    [
        ("单位：分", (10000, 2260)),
        ("8月订单（金额单位：分）", (10000, 2260)),
        ("订单金额（分）", (10000, 2260)),
        ("Amounts in cents", (10000, 2260)),
        ("Amounts in US cents", (70000, 15820)),
        ("币种：USD", (7000000, 1582000)),
        ("Currency: USD, August", (7000000, 1582000)),
        ("币种：人民币", (1000000, 226000)),
        ("单位：元", (1000000, 226000)),
        ("8月订单", (1000000, 226000)),
        ("Shipped in ALL countries", (1000000, 226000)),
        ("导出 2024-08-05 (CST)", (1000000, 226000)),
        # Everything that is said counts, in whatever order.
        ("币种：USD 单位：分", (70000, 15820)),
        ("重量单位：克，金额单位：分", (10000, 2260)),
        ("币种：美元 单位：元", (7000000, 1582000)),
        ("单位：元 币种：美元", (7000000, 1582000)),
        ("Amounts in USD cents", (70000, 15820)),
        ("AMOUNTS IN CENTS", (10000, 2260)),
        ("单位为分。", (10000, 2260)),
        # What only looks so says nothing.
        ("Prices in ALL countries", (1000000, 226000)),
        ("费用明细(K)", (1000000, 226000)),
        ("重量单位：kg", (1000000, 226000)),
        ("Currency: All", (1000000, 226000)),
        ("店铺：USD Store", (1000000, 226000)),
        ("元宝旗舰店", (1000000, 226000)),
        ("分公司订单", (1000000, 226000)),
        ("2024年8月订单（单位：元，共12单）", (1000000, 226000)),
    ],
)
def test_amounts_without_a_unit_count_as_the_title_says(title: str, cents: tuple[int, int]) -> None:
    table = paid(title)
    assert (table.columns["paid_cny"][0], table.columns["logistics_cny"][0]) == cents
    told = [remark for remark in table.remarks if remark.code == "titled"]
    assert bool(told) == (cents != (1000000, 226000))
    assert all(title in remark.text("zh") for remark in told)


def test_what_is_said_elsewhere_goes_before_the_title() -> None:
    own = paid("单位：分", "实付金额(元)", "物流费(系统报价)")
    assert (own.columns["paid_cny"][0], own.columns["logistics_cny"][0]) == (1000000, 2260)
    asked = paid("币种：EUR", currency="USD")
    assert asked.columns["paid_cny"][0] == 7000000
    column = paid("币种：USD", "实付金额", "币种", rows=(100, "CNY"))
    assert column.columns["paid_cny"][0] == 10000
    cells = paid("单位：分", rows=("¥100.00", 2260))
    assert (cells.columns["paid_cny"][0], cells.columns["logistics_cny"][0]) == (10000, 2260)
    with pytest.raises(TableProblem):
        paid("单位：万元")


@pytest.mark.parametrize(
    ("rows", "cents"),
    [
        ([["币种：USD"], ["单位：分"]], (70000, 15820)),
        ([["店铺", "A店", "单位：分"]], (10000, 2260)),
        # Heads of groups speak of their own columns.
        ([["订单信息", None, "金额(USD)", "费用(元)"]], (7000000, 226000)),
        ([["订单信息", None, "金额(分)", "物流"]], (10000, 226000)),
        ([["单位：分"], ["订单信息", None, "金额(USD)", "物流"]], (7000000, 2260)),
        ([["订单金额(分)", None, "8月", "A店"]], (10000, 2260)),  # no amounts below: a title
        # Another table above says nothing of this one.
        ([["总金额(USD)", 1234.5]], (1000000, 226000)),
        ([["店铺", "总金额(USD)", "广告费(USD)"], ["A", 100.0, 5.0]], (1000000, 226000)),
    ],
)
def test_rows_above_the_header(rows: list[list[Any]], cents: tuple[int, int]) -> None:
    table = read_table(grid_of_rows([*rows, HEADER, ["A1", "2024-08-05", 10000, 2260]]), fx=FX)
    assert (table.columns["paid_cny"][0], table.columns["logistics_cny"][0]) == cents


def test_unit_of_a_header_and_currency_of_a_title_go_together() -> None:
    table = paid("币种：USD", "实付金额(分)", "物流费(系统报价)")
    assert (table.columns["paid_cny"][0], table.columns["logistics_cny"][0]) == (70000, 1582000)


def _by_update(path: Path) -> list[float]:
    report = plan(FilePort(path, "zh"), TERMS, dt.datetime(2024, 10, 3), "zh")
    return (report.results.total / 100).tolist()


def _by_menu(path: Path) -> list[float]:
    program = GridProgram(path.parent)
    sheet = openpyxl.load_workbook(path).worksheets[0]
    program.grids["订单"] = {
        (cell.row, cell.column): cell.value
        for row in sheet for cell in row if cell.value is not None
    }  # fmt: skip
    assert update(program, dt.datetime(2024, 10, 3)), program.messages
    frame = program.frame("订单", top=3)
    return [cell for cell in frame["费用合计"] if cell is not None]


def _by_function(path: Path) -> list[float]:
    rows = [[cell.value for cell in row] for row in openpyxl.load_workbook(path).worksheets[0]]
    found = ORDERTABLE(rows)
    place = found[2].index("费用合计")
    return [row[place] for row in found[3:]]


def _by_batch(path: Path) -> list[float]:
    results = TERMS.compute(read_grid(path))
    return (results.total / 100).tolist()


def _by_import(path: Path) -> list[float]:
    target = path.with_name("orders.csv")
    import_orders([path], target, "zh", fx=FX, asked=Asked(), memory=Memory(None))
    return (TERMS.compute(read_grid(target)).total / 100).tolist()


def _by_scale(path: Path) -> list[float]:
    top, *rest = openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True)
    names = [str(cell or f"Unnamed: {at}") for at, cell in enumerate(top)]
    texts = [[None if cell is None else str(cell) for cell in row] for row in rest]
    folder = path.with_name("in")
    folder.mkdir()
    pd.DataFrame(texts, columns=names).to_parquet(folder / "a.parquet")
    run_scale([folder], path.with_name("out"), TERMS, "zh", Place(workers=1))
    (found,) = path.with_name("out").rglob("month=*/*.parquet")
    fees = pq.read_table(found)["total_fee_cny"].to_pylist()
    return [float(fee) for fee in fees if fee is not None]


WAYS = [_by_update, _by_menu, _by_function, _by_batch, _by_import, _by_scale]


@pytest.mark.usefixtures("forked_workers")
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("above", "fees"),
    [
        ([["8月订单"], ["单位：分"]], [31.3, 39.28]),
        ([["店铺", "A店", "单位：分"], ["8月订单"]], [31.3, 39.28]),
        ([["8月订单"], ["订单信息", None, "金额(分)", "物流(元)"]], [2268.7, 3108.28]),
    ],
)
def test_every_way_in_reads_what_stands_above(
    way: Callable[[Path], list[float]],
    above: list[list[Any]],
    fees: list[float],
    tmp_path: Path,
) -> None:
    path = tmp_path / "订单.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "订单"
    for row in (*above, HEADER, ["A1", "2024-08-05", 10000, 2260],
                ["A2", "2024-08-05", 8810, 3100]):  # fmt: skip
        sheet.append(row)
    book.save(path)
    assert way(path) == pytest.approx(fees)


@pytest.mark.parametrize(
    ("above", "other"),
    [
        (["单位：分"], ["单位：分"]),
        (["单位：分"], ["8月订单"]),
        (["订单信息", None, "金额(分)", "物流"], ["订单信息", None, "金额(分)", "物流"]),
        (["订单信息", None, "金额(分)", "物流"], ["订单信息", None, "金额", "物流"]),
    ],
)
def test_sheets_taken_together_say_the_same(
    above: list[Any], other: list[Any], tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    for name, top in (("7月", above), ("8月", other)):
        sheet = book.create_sheet(name)
        for row in (top, HEADER, [name, "2024-08-05", 10000, 22.6]):
            sheet.append(row)
    book.save(tmp_path / "账.xlsx")
    grids = read_grids(tmp_path / "账.xlsx", sheets=["*"])
    if above != other:
        with pytest.raises(FileProblem, match="8月"):
            joined(grids, "zh")
        return
    assert TERMS.compute(joined(grids, "zh")).table.columns["paid_cny"].tolist() == [10000, 10000]


def test_what_is_imported_is_written_as_header_and_title_say() -> None:
    def units(title: str, *header: str) -> dict[str, str]:
        return own_units("账", header, Beside(above=Above((title,))), "orders")

    assert units("单位：分", "订单号", "实付金额") == {"paid_cny": CENTS}
    assert units("单位：分", "订单号", "实付金额(元)") == {}
    assert units("币种：USD", "订单号", "实付金额(元)") == {}
    with pytest.raises(ImportProblem):
        units("币种：USD", "订单号", "实付金额(分)")
    # A number shown in yuan is in yuan, and what is written would be in cents.
    shown = {1: [Shown(np.array([1]), "CNY")]}
    with pytest.raises(ImportProblem):
        own_units("账", ["订单号", "实付金额(分)"], Beside(shown=shown), "orders")
    assert own_units("账", ["订单号", "实付金额"], Beside(shown=shown), "orders") == {}


@pytest.mark.parametrize("above", [["单位：分"], []])
def test_an_amount_shown_in_yuan_is_in_yuan(above: list[str], tmp_path: Path) -> None:
    """By its number format as by its text, which a csv of the same sheet holds."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (above, ["订单号", "实付金额" if above else "实付金额(分)", "物流费(系统报价)"],
                ["A", 100, 3], ["B", "¥100.00", 3], ["C", 10000, 3]):  # fmt: skip
        if row:
            sheet.append(row)
    sheet.cell(sheet.max_row - 2, 2).number_format = '"¥"#,##0.00'
    book.save(tmp_path / "账.xlsx")
    table = read_table(read_grid(tmp_path / "账.xlsx"))
    assert table.columns["paid_cny"].tolist() == [10000, 10000, 10000]


def test_tables_beside_the_orders() -> None:
    costs = SkuCosts.of(
        read_table(
            grid_of_rows([["单位：分", None], ["SKU", "采购成本"], ["A", 1500]]), "sku_costs"
        )
    )
    frame = pd.DataFrame({"SKU": ["A"], "实付金额": [100.0], "物流费(系统报价)": [22.6]})
    results = compute_orders(frame, load(), shipped_card().rates, as_of=ON, sku_costs=costs)
    assert results.profit.tolist() == [10000 - 3130 - 1500]
    rows = [["单位：分", None, None, None, None],
            ["目的国", "重量起(克)", "重量止(克)", "每公斤价格", "生效日期"],
            ["ES", 0, 500, 6500, "2024-07-01"]]  # fmt: skip
    assert read_card(grid_of_rows(rows)).rates.price.per_kg.tolist() == [6500]
