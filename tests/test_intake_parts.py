"""A table read in parts: each row as in the whole table, whatever its own part would tell."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest

from sellersheet.exchange import FxRates
from sellersheet.intake.doubts import NOTHING_ASKED, Asked
from sellersheet.intake.evidence import evidence_of, gathered
from sellersheet.intake.grid import Columns, grid_of_rows
from sellersheet.intake.headers import understand
from sellersheet.tables import Part, Table, put_together, read_part, read_table

FX = FxRates.fixed({"USD": "7"})
HEADER = ["备注", "订单号", "下单日期", "实付金额", "重量", "佣金", "付款时间"]
ROW = ["", "A1", "2024-08-01", "100", "350", "2", "2024-08-01"]
Rows = list[list[Any]]


def parts_of(header: list[str], *groups: Rows, first: int = 2, asked: Asked) -> list[Part]:
    """Each group of rows as a part of one table; all but its first column is doubtful."""
    understood = understand(header, "orders")
    frames = [grid_of_rows([header, *rows]).below(0).frame for rows in groups]
    doubtful = list(range(len(header) - 1, 0, -1))  # in an order of their own
    narrowed = understood.narrowed(doubtful)
    columns = [
        Columns.of(frame[doubtful].set_axis(range(len(doubtful)), axis=1)) for frame in frames
    ]
    named = "订单号" in header and any(
        row[header.index("订单号")] for rows in groups for row in rows
    )
    evidence = gathered(evidence_of(part, "orders", narrowed, named) for part in columns)
    starts = np.cumsum([first, *map(len, groups)])
    numbers = [start + np.arange(len(rows)) for start, rows in zip(starts, groups, strict=False)]
    read = partial(read_part, understood=understood, evidence=evidence, fx=FX, asked=asked)
    return [read(frame, numbers=own) for frame, own in zip(frames, numbers, strict=True)]


def outcome(table: Table) -> dict[str, Any]:
    typed = {key: cells.tolist() for key, cells in table.columns.items()}
    blank = {key: rows.tolist() for key, rows in table.blank.items()}
    given = {key: rows.tolist() for key, rows in table.given.items()}
    issues = [(item.row, item.key, item.header, item.code, item.value) for item in table.issues]
    doubts = {code: rows.tolist() for code, rows in table.doubts.items()}
    return {"typed": typed, "blank": blank, "given": given, "issues": issues, "doubts": doubts,
            "left": table.left.tolist()}  # fmt: skip


# A column's cells in two parts; the typed values, None for what is refused or doubted.
CASES: dict[str, list[tuple[list[Any], list[Any], list[Any]]]] = {
    "实付金额": [
        (["1.234"], ["2.5"], [123, 250]),
        (["1.234"], ["1.234,56"], [None, None]),
        (["1.234", "2.5"], ["1.234.567"], [None, 250, None]),
        (["1.234"], ["2.345"], [None, None]),
        (["1.234"], [2.5], [None, 250]),
    ],
    "佣金": [(["1.234"], ["2.5"], [123, 250]), (["1.234"], ["5%"], [None, 500])],
    "下单日期": [
        (["05/08/2024"], ["13/08/2024"], [19940, 19948]),
        (["05/08/2024"], ["08/13/2024"], [19851, 19948]),
        (["05/08/2024", "13/08/2024"], ["08/13/2024"], [None] * 3),
        (["05/08/2024"], ["06/08/2024"], [None, None]),
    ],
    "重量": [
        ([29], [31], [29, 31]),
        ([28], [31], [None, None]),
        ([29], [30], [None, None]),
        ([29, "29"], [31, "500g"], [None, None, None, 500]),
        ([0.5], [500, 500], [None, 500, 500]),
        ([2, 3], [500, 500, 500], [2, 3, 500, 500, 500]),
        # What tells nothing of the unit: no weight, none that can be read, none at all.
        ([29, 0, None, "x"], [31], [29, 0, 0, None, 31]),
        ([40, 31, 0.3], [], [40, 31, None]),
    ],
    "订单号": [
        ([8190000000000010.0], [8190000000000013.0], ["8190000000000010", "8190000000000013"]),
        ([8190000000000010.0], [8190000000000020.0], [None, None]),
        ([8190000000000010.0], ["B", 9.3e15], [None, "B", None]),
        ([8190000000000013.0], [81900000000000130.0], ["8190000000000013", None]),
        (["8.19E+15"], ["E2"], [None, "E2"]),
        ([1000000000000010.0], ["B"], [None, "B"]),
        ([1000000000000000.0], ["B"], [None, "B"]),
        ([8190000000000010.0], [9007199254740992.0], [None, None]),
        ([8190000000000010.0], [8.0], [None, "8"]),
        # From 2 ** 53 on a number has lost digits, whatever stands beside it.
        ([9007199254740992.0], [8190000000000013.0], [None, "8190000000000013"]),
        ([9300000000000002.0], [8190000000000013.0], [None, "8190000000000013"]),
        ([819000000000010.0], [8.0], ["819000000000010", "8"]),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("column", "first", "second", "expected"),
    [(column, *case) for column, cases in CASES.items() for case in cases],
)
def test_cells_mean_what_they_mean_in_the_whole_column(
    column: str, first: list[Any], second: list[Any], expected: list[Any]
) -> None:
    at = HEADER.index(column)
    rows = [[*ROW[:at], cell, *ROW[at + 1 :]] for cell in [*first, *second]]
    if column != "订单号":
        rows = [[row[0], f"A{number}", *row[2:]] for number, row in enumerate(rows)]
    if column == "重量":  # a row of totals weighs nothing
        rows.append(["", "合计", "", "1", 1, "", ""])
    whole = read_table(grid_of_rows([HEADER, *rows]), fx=FX)
    cut = len(first)
    parts = parts_of(HEADER, rows[:cut], rows[cut:], asked=NOTHING_ASKED)
    assert outcome(put_together(parts)) == outcome(whole)
    key = next(key for key, header in whole.header.items() if header == column)
    passed = whole.bad | whole.doubts.get("weight_unit", np.zeros(whole.n, dtype=bool))
    values = whole.columns[key].tolist()
    found = [None if passed[row] else value for row, value in enumerate(values)]
    assert found[: len(expected)] == expected


def test_what_is_said_of_dates_yields_to_what_the_column_says() -> None:
    asked = Asked(day_first=True)
    rows = [["", f"A{at}", day, *ROW[3:]] for at, day in enumerate(["05/08/2024", "08/13/2024"])]
    two = put_together(parts_of(HEADER, rows[:1], rows[1:], asked=asked))
    assert two.columns["order_date"].tolist() == [19851, 19948]
    one = put_together(parts_of(HEADER, rows[:1], asked=asked))
    assert one.columns["order_date"].tolist() == [19940]


def test_a_time_of_payment_in_another_part() -> None:
    rows = [["", f"A{at}", *ROW[2:6], paid] for at, paid in enumerate(["", "2024-08-01"])]
    paid = put_together(parts_of(HEADER, rows[:1], rows[1:], asked=NOTHING_ASKED))
    assert paid.left.tolist() == [True, False]
    parts = parts_of(HEADER, rows[:1], [[*rows[1][:6], ""]], asked=NOTHING_ASKED)
    assert not put_together(parts).left.any()
    assert [remark.code for part in parts for remark in part.remarks] == ["all_unpaid_blank"] * 2


@pytest.mark.parametrize("ids", [("A1", "A2"), ("", "")])
def test_a_total_in_a_part_of_its_own(ids: tuple[str, str]) -> None:
    """Its weight tells nothing of the unit of the others'; where no row has an order number,
    only the first column and that of the numbers tell a total."""
    rows: Rows = [["", ids[0], *ROW[2:4], 40, *ROW[5:]], ["", ids[1], *ROW[2:4], 25, *ROW[5:]]]
    rows.append(["", "", "小计", "200", 20, "", "2024-08-01"])
    parts = parts_of(HEADER, rows[:2], rows[2:], asked=NOTHING_ASKED)
    found = outcome(put_together(parts))
    assert found == outcome(read_table(grid_of_rows([HEADER, *rows]), fx=FX))
    assert found["left"] == [False, False, ids[0] != ""]
    assert ("weight_unit" in found["doubts"]) == (ids[0] == "")


def test_a_status_that_can_not_be_read_is_that_of_lines_in_other_parts() -> None:
    header = ["订单号", "实付金额", "订单状态"]
    parts = parts_of(header, [["A1", "1", "#N/A"], ["A2", "2", "已付款"]], asked=NOTHING_ASKED)
    parts += parts_of(header[:2], [["A2", None], ["A1", None]], first=4, asked=NOTHING_ASKED)
    parts += parts_of([*header[:2], "交易状态"], [["A3", "3", "#REF!"]], first=6,
                      asked=NOTHING_ASKED)  # fmt: skip
    found = put_together(parts)
    issues = [(issue.row, issue.header, issue.code, issue.value) for issue in found.issues]
    assert issues == [
        (2, "订单状态", "error_cell", "#N/A"),
        (5, "订单状态", "first_line", ""),
        (6, "交易状态", "error_cell", "#REF!"),
    ]


def test_parts_with_other_columns() -> None:
    """As one table in which each cell is blank where its part has no such column."""
    one: Rows = [
        ["x", "A1", "2024-08-01", "100", 0.3, "2%", "已取消", 5],
        ["x", "A2", "2024-08-02", "y", 80, "3", "已完成", 5],
        ["x", "A1", "", "", 0.2, "", "", ""],
        ["x", "合计", "", "1", "", "", "", ""],
    ]
    other: Rows = [["", "A2", "7", "ES", 1], ["", "A3", "z", "FR", 2], ["", "A3", "9", "", 2]]
    header = ["备注", "订单号", "下单日期", "实付金额", "重量", "佣金", "订单状态", "颜色"]
    more = ["尺码", "订单号", "买家实付", "国家", "颜色"]
    parts = parts_of(header, one, asked=NOTHING_ASKED)
    parts += parts_of(more, other, first=6, asked=NOTHING_ASKED)
    found = outcome(put_together(parts))
    union = [*header, "国家", "尺码"]
    rows = [[*row, None, None] for row in one]
    rows += [[None, row[1], None, row[2], *[None] * 3, row[4], row[3], row[0]] for row in other]
    whole = outcome(read_table(grid_of_rows([union, *rows]), fx=FX))
    amount = ("paid_cny", "实付金额", "not_a_number")
    assert whole["issues"] == [(3, *amount, "y"), (7, *amount, "z")]
    whole["issues"][1] = (7, "paid_cny", "买家实付", "not_a_number", "z")
    # A part without a time of payment or a status leaves nothing out.
    assert found == whole
    assert found["left"] == [True, False, True, True, False, False, False]
    twice = parts_of(more, other[:1], other[:1], asked=NOTHING_ASKED)
    assert outcome(put_together(twice))["doubts"] == {"same_line_twice": [False, True]}
    apart = parts_of(more, other[:1], asked=NOTHING_ASKED)
    apart += parts_of([*more[:4], "色"], other[:1], asked=NOTHING_ASKED)
    assert outcome(put_together(apart))["doubts"] == {}
