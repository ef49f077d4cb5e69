"""--column speaks of every file of a command: orders, rates, costs, exchange rates."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

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
    assert not Path(batch[3]).exists()


def test_a_header_of_the_orders_must_be_there(
    batch: list[str | Path], capsys: pytest.CaptureFixture[str]
) -> None:
    done = call(capsys, *batch, "--fx", "USD=7", "--column", "甲数=cost_cny")
    assert done.code == 2
    assert "甲数" in done.err
