"""Files as sellers have them, through every way in: the right sum, or a refusal that says why."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest

from sellersheet.cards import shipped_card
from sellersheet.columns import OUTPUT
from sellersheet.exchange import FxRates
from sellersheet.functions import ORDERTABLE
from sellersheet.intake.doubts import Asked
from sellersheet.orders import OrderResults
from sellersheet.policy import load
from sellersheet.wording import Problem
from sellersheet_workbook.batch.one import Terms, run_batch
from sellersheet_workbook.files.reading import read_grid
from sellersheet_workbook.orders_import import Memory, import_orders
from sellersheet_workbook.template.content import own_orders
from sellersheet_workbook.update import plan, write
from sellersheet_workbook.update.file_port import FilePort
from tests.cases import FOLDER

FILES = FOLDER / "intake"
TODAY = date(2026, 11, 28)


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _ways() -> Iterator[Any]:
    for case in _rows("intake/cases/orders.csv"):
        for way in case["ways"].split():
            yield pytest.param(way, case, id=f"{case['file']}-{way}-{case['fx']}{case['sheets']}")


def _fx(case: dict[str, str]) -> FxRates:
    return FxRates.fixed(dict(item.split("=") for item in case["fx"].split()))


def _terms(case: dict[str, str]) -> Terms:
    asked = Asked(currency=case["currency"])
    return Terms(load(), shipped_card(), _fx(case), None, TODAY, (), asked)


def _said(results: OrderResults) -> str:
    remarks = [remark.text("zh") for remark in results.remarks]
    return " ".join([*results.reasons("zh"), *results.refused_rows("zh")["message"], *remarks])


def _outcome(results: OrderResults) -> tuple[float, int, int, str]:
    total = round(int(results.total.sum()) / 100, 2)
    return total, int(results.refused.sum()), int(results.table.left.sum()), _said(results)


def _batch(case: dict[str, str], folder: Path) -> tuple[float, int, int, str]:
    sheets = (case["sheets"],) if case["sheets"] else ()
    done = run_batch(FILES / case["file"], folder / "r.csv", _terms(case), "zh", sheets=sheets)
    written = pd.read_csv(folder / "r.csv", dtype=str)
    assert len(written) == done.results.table.n
    shown = pd.to_numeric(written["费用合计"]).sum()
    assert round(float(shown), 2) == round(int(done.results.total.sum()) / 100, 2)
    return _outcome(done.results)


def _cells(path: Path) -> list[tuple[Any, ...]]:
    """What a range of the opened file holds."""
    if path.suffix == ".xlsx":
        sheet = openpyxl.load_workbook(path, data_only=True).worksheets[0]
        return [tuple(row) for row in sheet.iter_rows(values_only=True)]
    return [tuple(row) for row in read_grid(path).top]


def _range(case: dict[str, str], folder: Path) -> tuple[float, int, int, str]:
    cells = _cells(FILES / case["file"])
    fx: list[tuple[Any, ...]] = [("currency", "rate")]
    fx += [tuple(item.split("=")) for item in case["fx"].split()]
    table = ORDERTABLE(cells, None, None, fx if case["fx"] else None)
    assert len(table) == len(cells)
    keys = [item.key for item in OUTPUT]
    rows = [dict(zip(keys, row, strict=True)) for row in table]
    total = sum(row["total_fee_cny"] for row in rows if isinstance(row["total_fee_cny"], float))
    states = [row["status"] for row in rows]
    said = " ".join(str(row["reason"]) for row in rows)
    return round(total, 2), states.count("错误"), states.count("未计"), said


def _update(case: dict[str, str], folder: Path) -> tuple[float, int, int, str]:
    path = folder / "book.xlsx"
    if case["file"].endswith(".xlsx"):
        path.write_bytes((FILES / case["file"]).read_bytes())
    else:
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        for row in _cells(FILES / case["file"]):
            sheet.append(row)
        book.save(path)
    port = FilePort(path, "zh")
    report = plan(port, _terms(case), datetime(2026, 11, 28), "zh")
    write(port, report)
    port.save()
    again = openpyxl.load_workbook(path).worksheets[0]
    titles = [cell.value for cell in again[1]]
    shown = [
        again.cell(row, titles.index("费用合计") + 1).value for row in range(2, again.max_row + 1)
    ]
    total = sum(cell for cell in shown if isinstance(cell, int | float))
    assert round(total, 2) == round(int(report.results.total.sum()) / 100, 2)
    totals = np.flatnonzero(report.results.table.doubts.get("total_row", np.zeros(0)))
    for row in totals.tolist():  # nothing is written into a row of totals
        assert all(cell.value is None for cell in again[row + 2][titles.index("计费重") :])
    return _outcome(report.results)


def _import(case: dict[str, str], folder: Path) -> tuple[float, int, int, str]:
    target = folder / "orders.csv"
    try:
        done = import_orders(
            [FILES / case["file"]], target, "zh", fx=_fx(case),
            asked=Asked(currency=case["currency"]), memory=Memory(None),
        )  # fmt: skip
    except Problem as problem:
        assert not target.exists()
        return 0, int(case["refused"]), int(case["left"]), problem.text("zh")
    said = " ".join(message for item in done.taken for message in item.left["message"])
    refused, left = done.counts["refused"], done.counts["passed"]
    if not target.exists():
        return 0, refused, left, said
    results = _terms({**case, "currency": ""}).compute(read_grid(target))
    total = round(int(results.total.sum()) / 100, 2)
    return total, refused + int(results.refused.sum()), left, said + _said(results)


def _new(case: dict[str, str], folder: Path) -> tuple[float, int, int, str]:
    content = own_orders(FILES / case["file"], "zh")
    frame = pd.DataFrame(content.lines).astype(object)
    results = compute_read_frame(frame, case)
    total, refused, _, said = _outcome(results)
    # Rows that are no orders are not taken into the book at all.
    return total, refused, int(case["left"]), said + case["told"]


def compute_read_frame(frame: pd.DataFrame, case: dict[str, str]) -> OrderResults:
    from sellersheet.intake.grid import grid_of_frame

    return _terms(case).compute(grid_of_frame(frame))


WAYS = {"batch": _batch, "range": _range, "update": _update, "import": _import, "new": _new}


@pytest.mark.parametrize(("way", "case"), list(_ways()))
def test_a_file_through_a_way_in(way: str, case: dict[str, str], tmp_path: Path) -> None:
    total, refused, left, said = WAYS[way](case, tmp_path)
    if case["total"]:
        assert total == float(case["total"]), said
    assert (refused, left) == (int(case["refused"]), int(case["left"])), said
    told = case["told"]
    if way == "range" and told.startswith("--"):  # where no option can be given none is named
        assert told not in said
        told = {"--fx": "汇率"}[told]
    if told and not (way == "import" and told in ("8月", "kg")):
        assert told in said


@pytest.mark.parametrize("case", _rows("intake/cases/paid.csv"), ids=lambda case: case["file"])
def test_the_amounts_paid_that_an_import_keeps(case: dict[str, str], tmp_path: Path) -> None:
    target = tmp_path / "orders.csv"
    import_orders(
        [FILES / case["file"]], target, "en", fx=_fx(case),
        asked=Asked(currency=case["currency"]), memory=Memory(None),
    )  # fmt: skip
    frame = pd.read_csv(target, dtype=str)
    assert len(frame) == int(case["lines"])
    assert round(pd.to_numeric(frame["Amount paid"]).sum(), 2) == float(case["paid"])
    # Imported once more, nothing is doubled.
    import_orders(
        [FILES / case["file"]], target, "en", fx=_fx(case),
        asked=Asked(currency=case["currency"]), memory=Memory(None),
    )  # fmt: skip
    pd.testing.assert_frame_equal(pd.read_csv(target, dtype=str), frame)
