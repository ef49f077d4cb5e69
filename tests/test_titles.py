"""What a title above the header says of the amounts, in every way in: 单位：分, Amounts in USD."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from sellersheet.cards import read_card, shipped_card
from sellersheet.exchange import FxRates
from sellersheet.functions.orders import ORDERTABLE
from sellersheet.intake.doubts import Asked
from sellersheet.intake.grid import grid_of_rows
from sellersheet.intake.headers import TableProblem
from sellersheet.orders import SkuCosts, compute_orders
from sellersheet.policy import load
from sellersheet.tables import Table, read_table
from sellersheet_workbook.batch.one import Terms
from sellersheet_workbook.files.reading import read_grid
from sellersheet_workbook.host import update
from sellersheet_workbook.orders_import import Memory, import_orders
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
    assert "单位：分" in program.messages[0]
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


@pytest.mark.parametrize("way", [_by_update, _by_menu, _by_function, _by_batch, _by_import])
def test_every_way_in_reads_the_title(way: Callable[[Path], list[float]], tmp_path: Path) -> None:
    path = tmp_path / "订单.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "订单"
    for row in (["8月订单"], ["单位：分"], HEADER, ["A1", "2024-08-05", 10000, 2260],
                ["A2", "2024-08-05", 8810, 3100]):  # fmt: skip
        sheet.append(row)
    book.save(path)
    assert way(path) == [31.3, 39.28]


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
