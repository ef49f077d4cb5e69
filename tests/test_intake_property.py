"""A sound table, disturbed as sellers' files are: the same sums or a refusal, never another sum."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sellersheet import columns
from sellersheet.cards import shipped_card
from sellersheet.exchange import FxRates
from sellersheet.intake import vocabulary
from sellersheet.intake.grid import grid_of_rows
from sellersheet.intake.headers import TableProblem, holds, places
from sellersheet.orders import OrderResults, compute_orders
from sellersheet.policy import load
from sellersheet.wording import Problem
from tests.examples import examples

KEYS: Final = (
    *("order_id", "order_date", "country", "paid_cny", "logistics_cny", "weight_g", "inbound_days"),
    *("standard_box", "cost_cny", "qty"),
)
ON: Final = date(2026, 11, 28)
# Not by name alone: these need cells of a kind, or a column that is not in the table.
SPECIAL: Final = {"Name"}
Rows = list[list[Any]]


def sound(seed: int) -> tuple[list[str], Rows]:
    """Keys and rows of orders of one and two lines, as cells of a text file."""
    chance = random.Random(seed)
    rows: Rows = []
    for at in range(chance.randint(3, 9)):
        number = f"81{chance.randrange(10**14):014d}"
        for _ in range(chance.choice((1, 1, 2))):
            rows.append(
                [
                    number,
                    f"2024-08-{1 + at:02d}",
                    chance.choice(("ES", "西班牙", "Spain")),
                    f"{chance.randint(100, 99999) / 100:.2f}",
                    f"{chance.randint(100, 9999) / 100:.2f}",
                    str(chance.randint(31, 900)),
                    str(chance.randint(1, 6)),
                    chance.choice(("是", "否")),
                    f"{chance.randint(100, 9999) / 100:.2f}",
                    str(chance.randint(1, 4)),
                ]
            )
    return list(KEYS), rows


def computed(header: list[str], rows: Rows) -> OrderResults:
    grid = grid_of_rows([header, *rows])
    fx = FxRates.fixed({})
    return compute_orders(grid, load(), shipped_card().rates, as_of=ON, fx=fx)


def sums(results: OrderResults) -> tuple[int, int, int]:
    """Fees, profit and the amount paid of the rows that count, in cents."""
    paid = results.table.columns["paid_cny"][results.computed].sum()
    return int(results.total.sum()), int(results.profit.sum()), int(paid)


def synonyms(key: str) -> list[str]:
    names = [name for name in vocabulary.names_of("orders", key) if name not in SPECIAL]
    return [name for name in names if places([name], "orders").get(key) == 0]


# Disturbances: each takes keys, header and rows, and gives header and rows.
def renamed(chance: random.Random, keys: list[str], header: list[str], rows: Rows) -> None:
    at = chance.choice([at for at, key in enumerate(keys) if key != "ignore"])
    header[at] = chance.choice(synonyms(keys[at]))


def moved(chance: random.Random, keys: list[str], header: list[str], rows: Rows) -> None:
    order = list(range(len(keys)))
    chance.shuffle(order)
    keys[:] = [keys[at] for at in order]
    header[:] = [header[at] for at in order]
    for row in rows:
        row[:] = [row[at] for at in order]


def in_kilograms(chance: random.Random, keys: list[str], header: list[str], rows: Rows) -> None:
    at = keys.index("weight_g")
    if "kg" in header[at]:
        return
    header[at] = chance.choice(
        ("重量(kg)", "重量(KG)", "weight (kg)", "包裹重量（kg）", "weight_kg")
    )
    if any(row[at] and not row[at].isdigit() for row in rows):
        return
    for row in rows:
        row[at] = row[at] and f"{int(row[at]) / 1000:g}"


def units_in_cells(chance: random.Random, keys: list[str], header: list[str], rows: Rows) -> None:
    at = keys.index("weight_g")
    if "kg" in header[at].casefold():
        return
    for row in rows:
        if row[at] and row[at].isdigit():
            row[at] = chance.choice((f"{row[at]}g", f"{int(row[at]) / 1000:g}kg", row[at] + "克"))


def with_total(chance: random.Random, keys: list[str], header: list[str], rows: Rows) -> None:
    words = (
        "合计",
        "合计\uff1a",
        "总计(2单)",
        "本页小计",
        "Total:",
        "Grand total",
        "小 计",
        "共3单",
    )
    at = keys.index("order_id")
    paid = keys.index("paid_cny")
    total: list[Any] = [None] * len(keys)
    total[at] = chance.choice(words)
    total[paid] = "12345.67"
    rows.insert(chance.choice((len(rows), len(rows) // 2)), total)


def with_blank(chance: random.Random, keys: list[str], header: list[str], rows: Rows) -> None:
    rows.insert(chance.randrange(len(rows) + 1), [None] * len(keys))


def invisible(chance: random.Random, keys: list[str], header: list[str], rows: Rows) -> None:
    at = chance.randrange(len(keys))
    mark = chance.choice(("\ufeff", "\u200b", "\u200f", "\u00a0", "\u3000", " ", "\u2060"))
    header[at] = chance.choice((mark + header[at], header[at] + mark))


def wide(chance: random.Random, keys: list[str], header: list[str], rows: Rows) -> None:
    at = chance.randrange(len(keys))
    header[at] = "".join(
        chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in header[at]
    )


def marked(chance: random.Random, keys: list[str], header: list[str], rows: Rows) -> None:
    at = keys.index("order_id")
    for row in rows:
        if row[at] and row[at].isdigit():
            row[at] = chance.choice((f'="{row[at]}"', f"'{row[at]}", f"{row[at]}\t", row[at]))


def more_columns(chance: random.Random, keys: list[str], header: list[str], rows: Rows) -> None:
    header.append(chance.choice(("备注", "买家昵称", "商品名称", "Note", "内部标签")))
    keys.append("ignore")
    for row in rows:
        row.append("x")


DISTURBANCES: Final[tuple[Callable[..., None], ...]] = (
    *(renamed, renamed, renamed, moved, in_kilograms, units_in_cells, with_total, with_blank),
    *(invisible, wide, marked, more_columns),
)


def disturbed(seed: int, count: int) -> tuple[list[str], Rows, Rows]:
    """Header, rows, and the rows above the header."""
    chance = random.Random(seed)
    keys, rows = sound(seed)
    header = [columns.column("orders", key).zh for key in keys]
    for _ in range(count):
        chance.choice(DISTURBANCES)(chance, keys, header, rows)
    above: Rows = [["八月订单"], [], ["导出时间：2024-09-01", None, "店铺A"]][
        : chance.randint(0, 3)
    ]
    return header, rows, above


def outcome(header: list[str], rows: Rows, above: Rows) -> tuple[int, int, int] | None:
    """The sums of a table that is read without a refused row; None where it is refused."""
    try:
        results = compute_orders(
            grid_of_rows([*above, header, *rows]),
            load(),
            shipped_card().rates,
            as_of=ON,
            fx=FxRates.fixed({}),
        )
    except Problem:
        return None
    return None if results.refused.any() else sums(results)


@given(st.integers(0, 10**9), st.integers(1, 6))
def test_the_same_sums_or_a_refusal(seed: int, count: int) -> None:
    keys, rows = sound(seed)
    wanted = sums(computed([columns.column("orders", key).zh for key in keys], rows))
    found = outcome(*disturbed(seed, count))
    assert found is None or found == wanted


def test_nearly_all_of_them_are_read() -> None:
    tries = [(seed, 1 + seed % 6) for seed in range(examples(600))]
    read = sum(outcome(*disturbed(*item)) is not None for item in tries)
    assert read >= 0.95 * len(tries), read


def test_every_row_has_one_fate() -> None:
    read, tries = 0, examples(160)
    for seed in range(tries):
        header, rows, above = disturbed(seed, 1 + seed % 6)
        try:
            table = computed_with(above, header, rows).table
        except TableProblem:
            continue
        counted = table.used.sum() + table.bad.sum() + table.empty.sum() + table.left.sum()
        assert counted == table.n == len(rows)
        assert len(table.fates) == table.raw.shape[1]
        read += 1
    assert read >= 0.95 * tries, read


def computed_with(above: Rows, header: list[str], rows: Rows) -> OrderResults:
    grid = grid_of_rows([*above, header, *rows])
    return compute_orders(grid, load(), shipped_card().rates, as_of=ON, fx=FxRates.fixed({}))


@pytest.mark.parametrize("table", ["orders", "bill", "rates", "sku_costs", "fx", "overrides"])
def test_every_name_means_its_column(table: str) -> None:
    """Of a name that two lines give to two columns the file would be wrong without a word."""
    meant: dict[tuple[str, str], str] = {}
    for line in vocabulary.lines():
        if line["table"] != table:
            continue
        name = vocabulary.plain(line["name"])
        assert meant.setdefault((name, line["cells"]), line["column"]) == line["column"], line
        found = vocabulary.meaning(vocabulary.parsed(line["name"]), table)
        if found is not None and found.cells != line["cells"]:  # where its cells are others
            found = found.otherwise
        if line["column"] in {item.key for item in columns.TABLES[table]}:
            assert found is not None, line
            assert found.key == line["column"], line
        assert line["seen"], line
        assert int(line["rank"]) > 0, line
    assert {item.key for item in columns.TABLES[table]} & set(meant.values())


def test_a_header_of_two_rows_and_a_row_of_units() -> None:
    grid = grid_of_rows(
        [
            ["订单", None, "金额", None, "包裹"],
            ["订单号", "下单日期", "实付金额", "物流费(系统报价)", "实重"],
            [None, None, "元", "元", "kg"],
            ["A1", "2024-08-05", "100", "22.60", "0.35"],
        ]
    )
    results = compute_orders(grid, load(), shipped_card().rates, as_of=ON)
    assert results.total.tolist() == [3130]
    assert results.table.columns["weight_g"].tolist() == [350.0]
    assert holds(["订单号", "实付金额"], "orders")


@pytest.mark.parametrize("row", [2, 59, 60])
def test_a_header_far_down(row: int) -> None:
    above: Rows = [[f"说明 {at}"] for at in range(row - 1)]
    rows: Rows = [["A1", "100", "22.60"]]
    grid = grid_of_rows([*above, ["订单号", "实付金额", "物流费(系统报价)"], *rows])
    results = compute_orders(grid, load(), shipped_card().rates, as_of=ON)
    assert results.total.tolist() == [3130]
    assert results.table.issues.first_row == row + 1


def test_titles_only_are_refused_with_what_was_found() -> None:
    with pytest.raises(TableProblem) as told:
        computed(["八月订单"], [["店铺A"], ["导出时间"]])
    assert "八月订单" in told.value.text("zh")


def test_five_currencies_and_rates_for_four() -> None:
    codes = ["USD", "EUR", "GBP", "RUB", "PLN"]
    rows: Rows = [[f"A{at}", code, "100", "1"] for at, code in enumerate(codes)]
    fx = FxRates.fixed({"USD": "7.1", "EUR": "7.7", "GBP": "9.1", "RUB": "0.08"})
    grid = grid_of_rows([["订单号", "币种", "实付金额", "物流费(系统报价)"], *rows])
    results = compute_orders(grid, load(), shipped_card().rates, as_of=ON, fx=fx)
    assert results.refused.tolist() == [False] * 4 + [True]
    (issue,) = results.table.issues
    assert "PLN" in issue.text("zh")
    assert issue.row == 6
    paid = results.table.columns["paid_cny"].tolist()
    assert paid == [71000, 77000, 91000, 800, 0]
