"""``sellersheet policy impact``: a file of orders by two sets of rules."""

from pathlib import Path

import pytest

from tests.command_line import Called, call

ROWS = """下单日期,商品编码,目的国,实付金额,物流费(系统报价),入仓天数
2024-08-01,A,ES,100,22.6,5
2024-09-01,B,FR,50,22.6,1
2024-09-01,B,FR,-1,22.6,1
2024-09-03,A,ES,10,,1
"""
OWN = """[values.service_fee_rate]
value = "0.05"
[values.rush_fee]
value = "4.00"
start = 2024-08-02
"""
CAPSYS = pytest.CaptureFixture[str]


@pytest.fixture(name="files")
def orders_and_own_values(tmp_path: Path) -> tuple[Path, Path]:
    orders, own = tmp_path / "订单.csv", tmp_path / "own.toml"
    orders.write_text(ROWS, encoding="utf-8")
    own.write_text(OWN, encoding="utf-8")
    return orders, own


def impact(capsys: CAPSYS, *words: object) -> Called:
    return call(capsys, "policy", "impact", *map(str, words), "--lang", "zh")


def test_own_values_by_sku(files: tuple[Path, Path], capsys: CAPSYS) -> None:
    orders, own = files
    shown = impact(capsys, orders, "内置", own, "--by", "sku")
    # 100 × 1.5 % and 50 × 1.5 %; the rush fee of the own values begins a day after the late order.
    assert "第一套费用合计 ¥63.85，第二套 ¥66.10，变动 ¥2.25（3.52%）" in shown.out
    assert shown.out.index("\nA ") < shown.out.index("\nB ")
    assert "2 行没有比较" in shown.out
    assert "第 4 行：“实付金额”：“-1”" in shown.out
    assert "第 5 行：没有物流费报价" in shown.out
    assert shown.code == 1


def test_a_day_with_the_own_values(files: tuple[Path, Path], capsys: CAPSYS) -> None:
    orders, own = files
    shown = impact(capsys, orders, "shipped", f"{own}@2024-09-01")
    assert "变动 ¥3.25" in shown.out
    assert "其中加急费：¥1.00" in shown.out
    assert "变动 ¥0.00" in impact(capsys, orders, "2024-07-01", "2024-12-01").out
    early = impact(capsys, orders, "2024-07-01", "2024-06-30")
    assert "4 行没有比较" in early.out
    assert "按第二套规则" in early.out
    assert "有问题 4" in early.out


def test_every_row_stands_in_the_output(files: tuple[Path, Path], capsys: CAPSYS) -> None:
    orders, own = files
    target = orders.with_name("变动.csv")
    shown = impact(capsys, orders, "内置", own, "-o", target)
    assert str(target) in shown.out
    header, *rows = target.read_text("utf-8-sig").splitlines()
    assert header.endswith('"第一套费用合计","第二套费用合计","变动","说明"')
    assert [row.split(",")[6:9] for row in rows] == [
        ["34.3", "35.8", "1.5"], ["29.55", "30.3", "0.75"], ["", "", ""], ["", "", ""],
    ]  # fmt: skip
    assert "-1" in rows[2].rpartition("，")[0]
    assert impact(capsys, orders, "内置", own, "-o", orders).code == 2
    assert orders.read_text("utf-8") == ROWS


@pytest.mark.parametrize("wrong", ["昨天", "没有.toml", "own.toml@昨天", "没有.toml@2024-09-01"])
def test_a_side_that_is_none(files: tuple[Path, Path], capsys: CAPSYS, wrong: str) -> None:
    orders, own = files
    side = wrong.replace("own.toml", str(own))
    shown = impact(capsys, orders, "内置", side)
    assert shown.code == 2
    assert f"“{side}”不可用" in shown.err
    assert "文件@日期" in shown.err
    assert "没有工作表" in impact(capsys, orders, "内置", own, "--sheet", "订单").err


def test_in_english(files: tuple[Path, Path], capsys: CAPSYS) -> None:
    orders, own = files
    shown = call(capsys, "policy", "impact", orders, "shipped", own, "--by", "country",
                 "--lang", "en").out  # fmt: skip
    assert "fees ¥63.85 by the first rules, ¥66.10 by the second" in shown
    assert "ES Spain" in shown
    assert "2 rows were not compared" in shown
