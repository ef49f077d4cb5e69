"""--column speaks of every file of a command: orders, rates, costs, exchange rates."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from sellersheet.cards import shipped_card
from sellersheet_workbook.update.finding import own_tables
from tests.command_line import Called, call

ORDERS = "订单号,商品编码,数量,订单实付金额,币种,系统报价,下单日期\nA1,K1,2,10,USD,20,2024-08-01\n"
COSTS = "商品编码,甲数\nK1,12.5\n"
FX = "币种,乙数\nUSD,7\n"


@pytest.fixture
def batch(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> list[str | Path]:
    for name, text in {"orders": ORDERS, "costs": COSTS, "fx": FX}.items():
        tmp_path.joinpath(f"{name}.csv").write_text(text, encoding="utf-8")
    files: list[str | Path] = ["batch", tmp_path / "orders.csv", "-o", tmp_path / "r.csv"]
    return [*files, "--headers", "key", "--lang", "en"]


def run(capsys: pytest.CaptureFixture[str], words: list[str | Path], *columns: str) -> Called:
    folder = Path(words[1]).parent
    options = [word for column in columns for word in ("--column", column)]
    sides = ("--costs", folder / "costs.csv", "--fx", folder / "fx.csv")
    return call(capsys, *words, *sides, *options)


def test_a_header_is_named_for_the_file_that_has_it(
    batch: list[str | Path], capsys: pytest.CaptureFixture[str]
) -> None:
    done = run(capsys, batch, "甲数=cost_cny", "乙数=rate", "系统报价=logistics_cny")
    assert done.code == 0, done.err
    row = pd.read_csv(Path(batch[3])).iloc[0]
    fees = row["total_fee_cny"]
    assert row["profit_cny"] == pytest.approx(70 - 25 - fees)


@pytest.mark.parametrize(
    ("columns", "named"),
    [
        (("丙数=cost_cny",), "甲数"),  # in no file: the costs still lack their column
        (("甲数=cost_cny", "商品编码=nonsense"), "商品编码=nonsense"),
    ],
)
def test_what_no_file_has_is_refused(
    batch: list[str | Path],
    capsys: pytest.CaptureFixture[str],
    columns: tuple[str, ...],
    named: str,
) -> None:
    done = run(capsys, batch, *columns, "乙数=rate")
    assert done.code == 2
    assert named in done.err
    assert "nonsense" in named or done.err.startswith(str(Path(batch[1]).parent / "costs.csv:"))
    assert not Path(batch[3]).exists()


def test_a_header_of_the_orders_must_be_there(
    batch: list[str | Path], capsys: pytest.CaptureFixture[str]
) -> None:
    done = call(capsys, *batch, "--fx", "USD=7", "--column", "甲数=cost_cny")
    assert done.code == 2
    assert "甲数" in done.err


def _book(path: Path, **sheets: list[tuple[object, ...]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    orders = ("A1", "K1", 100, 20, dt.date(2024, 8, 1))
    header = ("订单号", "商品编码", "订单实付金额", "系统报价", "下单日期")
    for name, rows in {"订单": [header, orders], **sheets}.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


OWN: list[tuple[object, ...]] = [("名称", "数值"), ("语言", "zh"), ("service_fee_rate", 0.05)]
TABLES: dict[str, list[tuple[object, ...]]] = {
    "自定义参数": OWN,
    "费率": [("目的国", "重量止(克)", "每公斤价格", "生效日期"), ("ES", 9, 90, "2024-01-01")],
    "汇率": [("币种", "汇率"), ("USD", 7)],
    "SKU成本": [("商品编码", "采购成本"), ("K1", 3)],
}


@pytest.mark.parametrize("name", TABLES)
def test_tables_of_a_workbook_that_only_an_update_uses_are_named(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str
) -> None:
    """Without a word the same file would cost one thing here and another in its update."""
    book = _book(tmp_path / "月.xlsx", **{name: TABLES[name]})
    said = f"月.xlsx 里的“{name}”表没有用到"
    done = call(capsys, "batch", book, "-o", tmp_path / "a.csv", "--lang", "zh")
    assert said in done.out
    several = call(capsys, "batch", book, book, "-o", tmp_path / "all", "--lang", "zh")
    assert said in several.out
    bill = tmp_path / "b.csv"
    bill.write_text("订单号,费用合计\nA1,28.7\n", encoding="utf-8")
    checked = call(capsys, "reconcile", book, bill, "-o", tmp_path / "r.csv", "--lang", "zh")
    assert (said in checked.out) == (name != "SKU成本")  # no fee hangs on costs
    made = call(capsys, "new", tmp_path / "n.xlsx", "--orders", book, "--lang", "zh", "--rows", 50)
    assert f"“{name}”表没有带到新工作簿" in made.out
    # The option that takes its place, a table that holds nothing, a file of other kinds.
    option = {"汇率": ("--fx", "USD=7"), "SKU成本": ("--costs", tmp_path / "c.csv")}.get(name)
    if option:
        (tmp_path / "c.csv").write_text("SKU,采购价\nK1,3\n", encoding="utf-8")
        given = call(capsys, "batch", book, "-o", tmp_path / "a.csv", "--lang", "zh", *option)
        assert "没有用到" not in given.out
    blank = _book(tmp_path / "空.xlsx", **{name: TABLES[name][:1]})
    assert (
        "没有用到" not in call(capsys, "batch", blank, "-o", tmp_path / "a.csv", "--lang", "zh").out
    )


def test_tables_that_change_nothing_are_not_named(tmp_path: Path) -> None:
    """Own values without a value, the rate card that ships, a workbook that can't be opened."""
    assert own_tables(_book(tmp_path / "a.xlsx", 自定义参数=OWN[:2])) == []
    formula = [*OWN[:2], (None, None), ("service_fee_rate", "=0.05")]  # without a saved value
    assert own_tables(_book(tmp_path / "f.xlsx", 自定义参数=formula)) == ["overrides"]
    shipped = shipped_card().table.raw
    rates = shipped.astype(object).where(shipped.notna(), None)
    for name, frame, expected in (("b", rates, []), ("c", rates.assign(note="x"), []),
                                  ("d", rates.assign(first_price=90), ["rates"])):  # fmt: skip
        rows = [tuple(frame), *frame.itertuples(index=False, name=None)]
        assert own_tables(_book(tmp_path / f"{name}.xlsx", 费率=rows)) == expected
    # The same number is another price where its format shows dollars.
    dollars = openpyxl.load_workbook(tmp_path / "b.xlsx")
    price = dollars["费率"].cell(2, 1 + list(rates).index("first_price"))
    price.value, price.number_format = float(price.value), '"$"#,##0.00'
    dollars.save(tmp_path / "b.xlsx")
    assert own_tables(tmp_path / "b.xlsx") == ["rates"]
    (tmp_path / "z.xlsx").write_bytes(b"PK")
    assert own_tables(tmp_path / "z.xlsx") == []
    assert own_tables(tmp_path / "e.csv") == []
