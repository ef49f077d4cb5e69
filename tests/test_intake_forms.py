"""One sound table in every form that files have: the same results, row by row."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from sellersheet.cards import shipped_card
from sellersheet.columns import OUTPUT
from sellersheet.exchange import FxRates
from sellersheet.functions import ORDERTABLE
from sellersheet.intake.headers import TableProblem
from sellersheet.policy import load
from sellersheet_workbook.batch.one import Terms
from sellersheet_workbook.files.reading import read_grid, read_grids
from tests.cases import FOLDER

FILES = FOLDER / "intake"
TERMS = Terms(load(), shipped_card(), FxRates.fixed({}), None, date(2024, 9, 1))
# 3.50 + 5.20 + 3.00 + 22.60; 1.76 + 5.20 + 22.60; 1.75 + 5.20 + 0.80 + 22.60.
TOTALS = [34.30, 29.56, 30.35, None, None]
STATES = ["ok", "note", "warning", "error", "left out"]


def _cells() -> list[list[Any]]:
    sheet = openpyxl.load_workbook(FILES / "forms.xlsx").worksheets[0]
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def _texts() -> list[list[str]]:
    return [["" if cell is None else str(cell) for cell in row] for row in _cells()]


def _file(folder: Path, form: str) -> Path:
    if form in ("xlsx", "xls", "ods"):
        return FILES / f"forms.{form}"
    if form == "parquet":
        header, *rows = _cells()
        frame = pd.DataFrame(rows, columns=header)
        frame.to_parquet(folder / "forms.parquet")
        return folder / "forms.parquet"
    kind, _, encoding = form.partition("-")
    path = folder / f"forms.{kind}"
    mark = "\t" if kind == "tsv" else ","
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=mark).writerows(_texts())
    return path


FORMS = ["xlsx", "xls", "ods", "parquet", "csv-utf-8", "csv-utf-8-sig", "csv-gbk", "csv-utf-16"]


@pytest.mark.parametrize("form", [*FORMS, "tsv-utf-8"])
def test_every_form_gives_the_same(tmp_path: Path, form: str) -> None:
    results = TERMS.compute(read_grid(_file(tmp_path, form)))
    columns = results.columns("en")
    totals = [None if cell != cell else round(cell, 2) for cell in columns["total_fee_cny"]]
    assert (totals, columns["status"].tolist()) == (TOTALS, STATES)
    assert results.table.columns["weight_g"].tolist() == [80.0, 80.0, 0.0, 0.0, 0.0]
    assert results.frame("en")["订单号"].astype(str).tolist()[0] == "8190000000000000001"


def test_a_range_gives_the_same() -> None:
    for cells in (_cells(), _texts()):
        table = ORDERTABLE(tuple(map(tuple, cells)), None, [("name", "value"), ("lang", "en")])
        at = [item.key for item in OUTPUT]
        totals = [row[at.index("total_fee_cny")] for row in table[1:]]
        assert [cell if isinstance(cell, float) else None for cell in totals] == TOTALS
        assert [row[at.index("status")] for row in table[1:]] == STATES


def test_two_hundred_sheets_of_which_one_holds_orders(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for number in range(200):
        book.create_sheet(f"说明{number}").append([f"第 {number} 页", "无"])
    sheet = book.create_sheet("八月")
    for row in (["订单号", "实付金额", "物流费(系统报价)"], ["A1", 100, 22.6]):
        sheet.append(row)
    book.save(tmp_path / "many.xlsx")
    grid = read_grid(tmp_path / "many.xlsx")
    assert (grid.sheet, grid.others) == ("八月", ())
    assert TERMS.compute(grid).total.tolist() == [3130]


def test_a_hidden_sheet_is_never_preferred(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    hidden, shown = book.active, book.create_sheet("九月")
    assert hidden is not None
    hidden.title, hidden.sheet_state = "订单", "hidden"
    for sheet, paid in ((hidden, 1), (shown, 100)):
        for row in (["订单号", "实付金额", "物流费(系统报价)"], ["A1", paid, 22.6]):
            sheet.append(row)
    book.save(tmp_path / "two.xlsx")
    assert read_grid(tmp_path / "two.xlsx").sheet == "九月"
    assert read_grid(tmp_path / "two.xlsx", sheet="订单").sheet == "订单"
    assert [grid.sheet for grid in read_grids(tmp_path / "two.xlsx", sheets=["*"])] == ["九月"]


def test_two_tables_side_by_side_are_refused_not_mixed(tmp_path: Path) -> None:
    path = tmp_path / "two.csv"
    path.write_text(
        "订单号,实付金额,物流费(系统报价),,订单号,实付金额,物流费(系统报价)\n"
        "A1,100,22.60,,B1,50,22.60\n",
        encoding="utf-8",
    )
    with pytest.raises(TableProblem) as told:
        TERMS.compute(read_grid(path))
    assert told.value.code == "duplicate"
    assert "订单号" in told.value.text("zh")
