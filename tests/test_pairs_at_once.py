"""Two commands at once that may write one target: one after the other, or one is refused in words;
no file is lost, half-written or left open.

One pair of each kind is tried in every run of the tests, all of them with
SELLERSHEET_EVERY_OPERATION=1.
"""

from __future__ import annotations

import os
from itertools import combinations_with_replacement
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow.dataset as ds
import pytest

from sellersheet_workbook.files.writing import write_frame
from tests.at_each_operation import digests, visible
from tests.command_line import at_once

HEADER = "订单号,下单日期,目的国,订单实付金额,物流费(系统报价),入仓天数,商品编码"
ORDERS = [f"A8{number},2024-08-01,ES,100,22.60,1,x" for number in range(4)]
# Target -> the commands that may write it.
WRITERS = {
    "one.csv": {
        "batch": "batch orders.csv -o one.csv",
        "reconcile": "reconcile orders.csv bill.csv -o one.csv",
        "import": "import export.csv -o one.csv --no-remember",
        "rates": "rates import quote.csv -o one.csv --start 2024-07-01",
        "impact": "policy impact orders.csv 2024-08-01 2024-09-01 -o one.csv",
    },
    "book.xlsx": {
        "batch": "batch orders.csv -o book.xlsx",
        "reconcile": "reconcile orders.csv bill.csv -o book.xlsx",
        "import": "import export.csv -o book.xlsx --no-remember",
        "rates": "rates import quote.csv -o book.xlsx --start 2024-07-01",
        "impact": "policy impact orders.csv 2024-08-01 2024-09-01 -o book.xlsx",
        "new": "new book.xlsx --rows 50 --force",
        "share": "share other.xlsx -o book.xlsx",
        "update": "update book.xlsx",
        "undo": "undo book.xlsx",
    },
    "out": {
        "batch": "batch in -o out",
        "dataset": "batch in -o results --dataset out",
        "scale": "scale big.parquet -o out --workers 1",
        "demo": "demo -o out",
    },
}
PAIRS = [
    (target, *pair)
    for target, commands in WRITERS.items()
    for pair in combinations_with_replacement(commands, 2)
]
if os.environ.get("SELLERSHEET_EVERY_OPERATION") != "1":
    PAIRS = [
        ("one.csv", "batch", "reconcile"),
        ("one.csv", "import", "import"),
        ("book.xlsx", "update", "undo"),
        ("out", "batch", "scale"),
    ]
# They put the orders of what stands there into what they make.
MERGES = ("import",)


def _csv(path: Path, *lines: str) -> None:
    path.write_text("\n".join((HEADER, *lines)) + "\n", encoding="utf-8")


def _begin(work: Path, python: str, target: str, *commands: str) -> None:
    """A folder with what the commands read, and where it is a file the user's own target."""
    (work / "in").mkdir(parents=True)
    _csv(work / "orders.csv", *ORDERS[:3], "B1,soon,ES,1,1,1,x")
    _csv(work / "in/a.csv", *ORDERS[:2])
    _csv(work / "in/b.csv", *ORDERS[2:])
    (work / "bill.csv").write_text("订单号,基础服务费\nA80,3.50\nA81,9\n", encoding="utf-8")
    (work / "export.csv").write_text("订单编号,实付金额\nE1,3\nE2,4\n", encoding="utf-8")
    quote = "国家,重量上限(克),价格(CNY/parcel)\n西班牙,100,22.6\n"
    (work / "quote.csv").write_text(quote, encoding="utf-8")
    own = pd.DataFrame([row.split(",") for row in ORDERS], columns=HEADER.split(","))
    if target == "one.csv":
        _csv(work / target, *ORDERS)
    elif target == "book.xlsx":
        write_frame(own, work / target)
        write_frame(own.iloc[:1], work / "other.xlsx")
        if "undo" in commands:  # something to go back to
            (done,) = at_once(python, ["update", target], cwd=work)
            assert done.returncode == 0, done.stderr
    else:
        pd.concat([own] * 50).to_parquet(work / "big.parquet")


def _sound(folder: Path) -> None:
    """Every file can be read to its end."""
    for path in sorted(folder.rglob("*.xlsx")):
        assert openpyxl.load_workbook(path).sheetnames, path
    for path in sorted(folder.rglob("*.csv")):
        assert len(pd.read_csv(path, dtype=str)), path
    assert ds.dataset(sorted(map(str, folder.rglob("*.parquet")))).count_rows() >= 0


@pytest.mark.parametrize(("target", "first", "second"), PAIRS)
def test_two_commands_at_once_on_one_target(
    tmp_path: Path, quick_python: str, target: str, first: str, second: str
) -> None:
    work = tmp_path / "work"
    _begin(work, quick_python, target, first, second)
    before = set(visible(digests(work)).values())
    own = digests(work).get(target)
    states = [digest for name, digest in digests(work).items() if name.startswith("book.")]
    words = (WRITERS[target][name].split() for name in (first, second))
    done = at_once(quick_python, *words, cwd=work)
    for one in done:
        assert one.returncode in (0, 1, 2), one.stderr
        assert (one.returncode == 2) == bool(one.stderr), one.stderr
    assert any(one.returncode < 2 for one in done), [one.stderr for one in done]
    left = [path for path in work.rglob(".*") if path.suffix in (".tmp", ".lock", ".unfinished")]
    assert left == [], left
    _sound(work)
    lost = before - set(visible(digests(work)).values())
    if first in MERGES or second in MERGES:  # its orders stand in the new one, or an older state's
        lost -= {*states, own}
        assert _holds(work, "A80"), "the user's own orders"
    assert not lost


def _holds(work: Path, number: str) -> bool:
    """Whether the order stands in a file that was no input."""
    given = ("orders.csv", "bill.csv", "other.xlsx")
    for path in work.iterdir():
        if path.name in given:
            continue
        if path.suffix == ".csv" and number in path.read_text(encoding="utf-8-sig"):
            return True
        if path.suffix == ".xlsx":
            book = openpyxl.load_workbook(path)
            if any(number in row for sheet in book for row in sheet.iter_rows(values_only=True)):
                return True
    return False
