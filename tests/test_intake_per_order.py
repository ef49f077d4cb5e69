"""Amounts and weights of whole orders that stand on every line: told, and counted once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sellersheet.cards import shipped_card
from sellersheet.intake.doubts import Asked
from sellersheet.intake.grid import Beside, grid_of_rows
from sellersheet.intake.headers import TableProblem
from sellersheet.orders import OrderResults, compute_orders
from sellersheet.policy import load
from tests.command_line import call as run
from tests.examples import examples

DAY = dt.date(2024, 9, 1)
HEADER = ["订单号", "SKU", "订单金额", "实际运费", "平台佣金", "采购成本", "重量(g)", "国家"]
PAID, FREIGHT, WEIGHT = 2, 3, 6
Line = list[Any]


def line(order: str, sku: str, paid: object = 100, freight: object = 24.5) -> Line:
    return [order, sku, paid, freight, 8, 30, 300, "ES"]


def computed(
    lines: Sequence[Line], per_order: Sequence[str] = (), header: Sequence[str] = HEADER
) -> OrderResults:
    asked = Asked(per_order=tuple(per_order))
    grid = grid_of_rows([[*header], *lines])
    return compute_orders(grid, load(), shipped_card().rates, as_of=DAY, asked=asked)


def remarks(results: OrderResults) -> list[tuple[object, object]]:
    """The headers named, and how many orders."""
    found = [said for said in results.table.remarks if said.code == "repeated_amounts"]
    return [(said.fields["headers"], said.fields["count"]) for said in found]


def noted(results: OrderResults) -> list[bool]:
    rows: list[bool] = results.table.doubts.get("repeated_amount", results.table.left).tolist()
    return rows


TWO = [line("1", "A"), line("1", "B"), line("2", "A", 50, 10)]


def test_one_amount_on_all_lines_is_told_with_what_counts_it_once() -> None:
    results = computed(TWO)
    assert remarks(results) == [(["订单金额", "实际运费", "平台佣金"], 1)]
    assert noted(results) == [True, True, False]
    (said,) = [said for said in results.table.remarks if said.code == "repeated_amounts"]
    option = "--per-order 订单金额 --per-order 实际运费 --per-order 平台佣金"
    assert option in said.text("zh")
    assert option in said.text("en")
    once = computed(TWO, ["订单金额", "logistics_cny", "平台佣金"])
    assert remarks(once) == []
    assert not any(noted(once))
    written = [[*row] for row in TWO]
    written[1][PAID], written[1][FREIGHT], written[1][4] = None, 0, 0
    as_written_once = computed(written)
    assert once.total.tolist() == as_written_once.total.tolist() == [3320, 0, 1695]
    assert once.profit.tolist() == as_written_once.profit.tolist()
    assert computed(TWO).total.sum() > once.total.sum() + 2450


def test_the_first_line_bears_it_wherever_the_order_stands() -> None:
    results = computed([TWO[1], TWO[2], TWO[0]], ["订单金额"])
    assert results.table.columns["paid_cny"].tolist() == [10000, 5000, 0]
    assert results.table.doubts["whole_order"].tolist() == [False, False, True]
    assert "整单数值在每行重复" in results.reasons("zh")[2]


@pytest.mark.parametrize(("alike", "told"), [(9, True), (8, False)])
def test_nine_of_ten_orders_alike_are_no_chance(alike: int, told: bool) -> None:
    lines = [row for at in range(10) for row in (
        line(str(at), "A", 100 + at, 1 + at), line(str(at), "B", 100 + at + (at >= alike), 9),
    )]  # fmt: skip
    header = ["订单号", "SKU", "买家实付", "运费报价"]
    found = computed([row[:4] for row in lines], header=header)
    assert remarks(found) == ([(["买家实付"], 9)] if told else [])
    assert not any(noted(found))  # this header does not speak of orders
    header[2] = "订单金额"  # this one does: one order is enough to tell
    assert remarks(computed([row[:4] for row in lines], header=header)) == [(["订单金额"], alike)]


@pytest.mark.parametrize(
    "lines",
    [
        [line("1", "A"), line("1", "A", 100, 25)],  # one product, bought twice
        [line("1", "A"), line("1", "A")],  # the same line twice is told as such
        [line("1", "A"), line("2", "B")],
        [line("", "A"), line("", "B")],
        [line("1", "A", 100, 1), line("1", "B", 100.01, 2)],
        [line("1", "A", 100, 1), line("1", "B", None, 2)],  # written once
        [line("1", "A", 0, 1), line("1", "B", 0, 2)],
    ],
)
def test_what_is_no_amount_of_an_order(lines: list[Line]) -> None:
    header = HEADER[:4]
    found = computed([row[:4] for row in lines], header=header)
    assert remarks(found) == []
    assert not any(noted(found))


def test_a_share_of_the_amount_paid_is_alike_on_all_lines_and_no_sign() -> None:
    lines = [line("1", "A", 60, 1), line("1", "B", 40, 2)]
    for row in lines:
        row[4] = "8%"
    assert remarks(computed(lines)) == []
    once = computed([line("1", "A"), line("1", "B")], ["订单金额", "平台佣金"])
    assert once.table.columns["commission_cny"].tolist() == [800, 0]
    for row in (both := [line("1", "A"), line("1", "B")]):
        row[4] = "8%"
    assert computed(both, ["订单金额", "平台佣金"]).table.columns["commission_cny"].tolist() == [
        800,
        0,
    ]


def test_the_lines_of_an_order_share_its_weight() -> None:
    lines = [line("1", sku, 100, None) for sku in "ABC"]
    for row in lines:
        row[WEIGHT] = 1000
    found = computed(lines, ["重量(g)"]).table.columns["weight_g"].tolist()
    assert found == [333.334, 333.333, 333.333]


def test_what_can_not_be_counted_once_is_refused() -> None:
    for name in ("SKU", "运费", "", "weight"):
        with pytest.raises(TableProblem, match="--per-order") as problem:
            computed(TWO, [name])
        assert "订单金额" in problem.value.text("zh")
    with pytest.raises(TableProblem, match=r"订单号|order numbers"):
        computed([[100, 24.5]], ["订单金额"], ["订单金额", "实际运费"])
    differ = computed([line("1", "A"), line("1", "B", 80), line("2", "A")], ["订单金额"])
    assert differ.refused.tolist() == [True, True, False]
    messages = differ.refused_rows("zh")["message"].tolist()
    assert "“80”与该订单其他行不同" in messages[1]


_LINES = st.lists(
    st.tuples(
        st.sampled_from(["1", "2", ""]), st.sampled_from("AB"),
        st.sampled_from([None, 0, 7, 100]), st.sampled_from([0, 5, 24.5]),
    ),
    min_size=1, max_size=8,
)  # fmt: skip


@settings(max_examples=examples(200))
@given(_LINES, st.sets(st.sampled_from(["paid_cny", "logistics_cny"])))
def test_each_amount_counts_once_or_its_lines_are_refused(
    lines: list[tuple[str, str, int | None, float]], keys: set[str]
) -> None:
    """Against the same said row by row."""
    found = computed([[*row] for row in lines], sorted(keys), HEADER[:4])
    for key, at in (("paid_cny", 2), ("logistics_cny", 3)):
        wanted, refused = [], set()
        for place, row in enumerate(lines):
            mates = [other for other in lines if other[0] == row[0] and row[0]] or [row]
            stated = [other[at] for other in mates if other[at]]
            before = [other[at] for other in lines[:place] if other[0] == row[0] and row[0]]
            if key in keys and row[0] and row[at] and len(set(stated)) > 1:
                refused.add(place)
            once = key in keys and row[at] and any(before)
            wanted.append(0 if once or row[at] is None else round(100 * row[at]))
        bad = set(found.table.issues.at.tolist())
        assert refused <= bad
        got = found.table.columns[key].tolist()
        assert [one for place, one in enumerate(got) if place not in bad] == [
            one for place, one in enumerate(wanted) if place not in bad
        ]


@pytest.mark.parametrize("command", ["batch", "new", "impact", "reconcile"])
def test_every_command_that_reads_orders_takes_it(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [",".join(HEADER), *(",".join(map(str, row)) for row in TWO)]
    orders = tmp_path / "orders.csv"
    orders.write_text("\n".join(rows) + "\n", "utf-8")
    bill = tmp_path / "bill.csv"
    bill.write_text("订单号,费用类型,金额\n1,物流费,24.5\n2,物流费,10\n", "utf-8")
    words = {
        "batch": ["batch", str(orders), "-o", str(tmp_path / "out.csv")],
        "new": ["new", str(tmp_path / "new.xlsx"), "--orders", str(orders), "--force"],
        "impact": ["policy", "impact", str(orders), "2024-08-01", "2024-09-01"],
        "reconcile": ["reconcile", str(orders), str(bill), "-o", str(tmp_path / "out.xlsx")],
    }[command]
    once = ["--per-order", "订单金额", "--per-order", "实际运费", "--per-order", "平台佣金"]
    assert "完全相同" in run(capsys, *words, "--lang", "zh").out
    told = run(capsys, *words, *once, "--lang", "zh")
    assert "完全相同" not in told.out
    assert told.err == ""


STATES = [*HEADER[:4], "采购成本", "订单状态"]


def test_a_cancelled_line_takes_no_amount_of_the_order_with_it() -> None:
    """Whichever of the lines it is."""
    done, gone = ["1", "A", 100, 24.5, 30, "已完成"], ["1", "B", 100, 24.5, 30, "已取消"]
    for lines in ([done, gone], [gone, done]):
        for keys in (["订单金额", "实际运费"], ["实际运费"]):
            table = computed(lines, keys, STATES).table
            left = table.left.tolist()
            assert left == [line is gone for line in lines]
            at = left.index(False)
            assert table.columns["paid_cny"][at] == 10000
            assert table.columns["logistics_cny"][at] == 2450
    both = computed([done, ["1", "C", *done[2:]], gone], ["订单金额"], STATES).table
    assert both.columns["paid_cny"][both.used].tolist() == [10000, 0]
    all_gone = computed([gone, ["1", "C", None, None, 30, ""]], ["订单金额"], STATES)
    assert all_gone.table.left.all()


def test_a_refused_line_takes_no_amount_of_the_order_with_it() -> None:
    bad, sound = line("1", "A", "abc"), line("1", "B")
    for lines in ([bad, sound], [sound, bad]):
        found = computed(lines, ["订单金额", "实际运费"])
        at = lines.index(sound)
        assert found.refused.tolist() == [row is bad for row in lines]
        assert found.table.columns["logistics_cny"][at] == 2450
        assert found.table.columns["paid_cny"][at] == 10000


def test_a_line_exported_twice_is_told_though_its_amount_counts_once() -> None:
    for keys in ([], ["订单金额", "实际运费", "重量(g)"]):
        found = computed([line("1", "A"), line("1", "B"), line("1", "A")], keys)
        assert found.table.doubts["same_line_twice"].tolist() == [False, False, True]


def test_a_weight_in_a_merged_cell_is_shared_once() -> None:
    lines = [line("1", "A"), line("1", "B"), line("1", "C"), line("2", "A"), line("2", "B")]
    for at, row in enumerate(lines):
        row[WEIGHT] = (900, None, None, 500, 500)[at]
    asked = Asked(per_order=("重量(g)",))
    grid = grid_of_rows([HEADER, *lines], beside=Beside(merged=((1, WEIGHT, 3, WEIGHT),)))
    found = compute_orders(grid, load(), shipped_card().rates, as_of=DAY, asked=asked)
    assert found.table.columns["weight_g"].tolist() == [300, 300, 300, 250, 250]
