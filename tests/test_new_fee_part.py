"""A new fee part is one policy value, one function with its record, and one column.

They are put into a copy of the sources; the commands that meet every part then run on the copy.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("udfs", "workbook", "addin")
# As CONTRIBUTING.md says it: the value was 0 until the fee began, so that older orders have a rule.
VALUE = """
[label_fee]
rules = ["F7"]
kind = "money_cny"
zh = "贴标费"
en = "Labelling fee"

[[label_fee.entries]]
start = 2024-07-01
value = "0"
standing = "assumed"
source = "semi"
section = "费用结构与成本优化要点"

[[label_fee.entries]]
start = 2025-01-01
value = "0.30"
standing = "assumed"
source = "semi"
section = "费用结构与成本优化要点"
"""
RULE = '''
def label_fee(paid: Any, policy: View) -> Any:
    """A label on every order that something was paid for."""
    return where(paid > 0, policy.money("label_fee"), 0)


'''
COLUMN = """[[results]]
key = "label_fee_cny"
zh = "贴标费"
en = "Labelling fee"
kind = "money"
unit = "CNY"
low = 0
high = 1000000000
help_zh = "每单贴标费。"
help_en = "Per order."

[results.bill]
key = "label"
help_zh = "每单贴标费。"
help_en = "Per order."

"""
# Each file, and what is written before which of its passages.
WRITTEN: dict[str, Mapping[str, str]] = {
    "sellersheet/policy/data/fees.toml": {"\n[standard_box_cm]\n": VALUE},
    "sellersheet/rules/fees.py": {
        "    logistics_fee: Annotated": (
            '    label_fee: Annotated[Any, FeePart(("label_fee",))]\n'
        ),
        "def operation_refund(": RULE.lstrip("\n"),
        "        logistics_fee=orders": "        label_fee=label_fee(orders.paid, policy),\n",
    },
    "sellersheet/columns.toml": {'[[results]]\nkey = "logistics_fee_cny"\n': COLUMN},
}
ORDERS: list[dict[str, Any]] = [
    {"订单号": number, "商品编码": sku, "下单日期": day, "订单实付金额": paid,
     "物流费(系统报价)": quote, "采购成本": 40}
    for number, sku, day, paid, quote in (
        ("A1", "S1", "2024-12-05", 100, 22.60),
        ("A2", "S1", "2025-01-05", 100, 22.60),
        ("A3", "S1", "2025-01-06", 30, 11.30),
        ("A3", "S2", "2025-01-06", 70, 11.30),
    )
]  # fmt: skip
LABELS = [0, 0.30, 0.09, 0.21]  # an order's fee is shared by the amounts paid
COMMANDS = """
import json, sys
from sellersheet_addin.cli import main
for words in json.load(sys.stdin):
    try:
        main(words)
    except SystemExit as ended:
        print("ended", words[0], ended.code, flush=True)
"""


def copy_with_part(folder: Path) -> Path:
    """The sources with the part in them; nothing else is touched."""
    for package in PACKAGES:
        ignored = shutil.ignore_patterns("__pycache__", "*.xlam", "*.oxt")
        shutil.copytree(ROOT / package, folder / package, ignore=ignored)
    for name, passages in WRITTEN.items():
        file = folder / "udfs" / name
        text = file.read_text(encoding="utf-8")
        for before, new in passages.items():
            assert text.count(before) == 1, (name, before)
            text = text.replace(before, new + before)
        file.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder of the files made with the copy, and what was said on the way."""
    folder = tmp_path_factory.mktemp("part")
    sources = copy_with_part(folder / "sources")
    pd.DataFrame(ORDERS).to_csv(folder / "orders.csv", index=False)
    pd.DataFrame(ORDERS).to_excel(folder / "month.xlsx", sheet_name="订单", index=False)
    bill = pd.DataFrame({
        "订单号": ["A1", "A2", "A3"], "基础服务费": [3.5] * 3, "操作费": [5.2] * 3,
        "贴标费": [0, 0.30, 0.60], "物流费": [22.6] * 3,
    })  # fmt: skip
    bill.to_csv(folder / "bill.csv", index=False)
    commands = [
        ["quote", "--paid", "100", "--logistics", "22.60", "--as-of", "2025-01-05"],
        ["batch", "orders.csv", "-o", "result.parquet", "--as-of", "2025-02-01"],
        ["new", "book.xlsx", "--orders", "orders.csv"],
        ["update", "month.xlsx", "--as-of", "2025-02-01"],
        ["reconcile", "orders.csv", "bill.csv", "-o", "check.xlsx", "--as-of", "2025-02-01"],
    ]
    path = os.pathsep.join(str(sources / package) for package in PACKAGES)
    run = subprocess.run(
        [sys.executable, "-c", COMMANDS],
        input=json.dumps([[*words, "--lang", "zh"] for words in commands]),
        capture_output=True,
        encoding="utf-8",
        cwd=folder,
        env={**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8", "COLUMNS": "200"},
        check=False,
    )
    assert run.returncode == 0, run.stderr
    said = run.stdout + run.stderr
    # A bill that differs is the exit code 1.
    ended = [f"ended {words[0]} {int(words[0] == 'reconcile')}" for words in commands]
    assert [line for line in said.splitlines() if line.startswith("ended")] == ended, said
    return folder, said


def rows_under(file: Path, sheet: str, header: str) -> list[dict[str, Any]]:
    """The rows of a sheet below the row that holds the header."""
    cells = list(openpyxl.load_workbook(file, data_only=True)[sheet].iter_rows(values_only=True))
    top = next(at for at, row in enumerate(cells) if header in row)
    return [dict(zip(map(str, cells[top]), row, strict=True)) for row in cells[top + 1 :]]


def test_quote_tells_the_part_by_its_value(done: tuple[Path, str]) -> None:
    quote = done[1].partition("ended quote")[0]
    (line,) = (line for line in quote.splitlines() if "贴标费" in line)
    assert "0.30" in line
    assert "31.60" in quote


def test_batch_shares_the_part_among_the_lines_of_an_order(done: tuple[Path, str]) -> None:
    frame = pd.read_parquet(done[0] / "result.parquet")
    assert frame["label_fee_cny"].tolist() == LABELS
    assert frame.groupby("订单号")["total_fee_cny"].sum().round(2).tolist() == [31.3, 31.6, 31.6]


def test_a_template_is_built_and_agrees_with_itself(done: tuple[Path, str]) -> None:
    book = openpyxl.load_workbook(done[0] / "book.xlsx", data_only=True)
    # Where a case or a row does not agree with the functions no workbook is built.
    quote = {cell.value for row in book["报价"].iter_rows() for cell in row}
    assert "贴标费" in quote
    assert not {"#REF!", "#VALUE!"} & quote


def test_update_writes_the_part(done: tuple[Path, str]) -> None:
    rows = rows_under(done[0] / "month.xlsx", "订单", "贴标费")
    assert [row["贴标费"] for row in rows] == LABELS
    assert [row["物流费"] for row in rows] == [22.6, 22.6, 6.78, 15.82]


def test_reconcile_names_the_part_that_differs(done: tuple[Path, str]) -> None:
    """What has no ways of its own to be wrong is told as it is, and never claimed."""
    rows = rows_under(done[0] / "check.xlsx", "差异", "可能的原因")
    found = [(row["订单号"], row["项目"], row["应收"], row["实收"], row["差额"]) for row in rows]
    assert found == [("A3", "贴标费", 0.3, 0.6, 0.3)]
