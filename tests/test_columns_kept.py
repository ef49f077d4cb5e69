"""Columns as they are kept on their way from cells to typed values."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sellersheet import columns
from sellersheet.cells import read_cells
from sellersheet.functions import ORDERTABLE
from sellersheet.intake import layout
from sellersheet.intake.grid import Columns, column_of, grid_of_rows
from sellersheet.orders.marks import Mark, reasons
from sellersheet.rawcells import Form, split
from sellersheet.tables import read_table

HEADER = ("订单号", "目的国", "实付金额", "物流费(系统报价)")
ROWS = [("A1", "ES", 100.0, 22.6), ("A1", "ES", 50.0, 1.0), ("", "", "", ""), ("A2", "?", "x", 1.0)]


@pytest.mark.parametrize(
    ("cells", "kept", "forms"),
    [
        (["a", None, ""], ["a", None, None], [Form.TEXT, Form.BLANK, Form.BLANK]),
        ([1.5, None, ""], [1.5, None, None], [Form.NUMBER, Form.BLANK, Form.BLANK]),
        ([True, None, False], [True, None, False], [Form.FLAG, Form.BLANK, Form.FLAG]),
        ([True, "", False], [True, None, False], [Form.FLAG, Form.BLANK, Form.FLAG]),
        ([1.0, True, None], [1.0, True, None], [Form.NUMBER, Form.FLAG, Form.BLANK]),
        ([2.0, 7, "x"], [2.0, "#7", "x"], [Form.NUMBER, Form.TEXT, Form.TEXT]),
        (["a", 7, None], ["a", "#7", None], [Form.TEXT, Form.TEXT, Form.BLANK]),
        ([None, ""], [None, None], [Form.BLANK, Form.BLANK]),
        ([dt.date(2024, 7, 5), None], [pd.Timestamp("2024-07-05"), None], [Form.DAY, Form.BLANK]),
        (
            [dt.date(2024, 7, 5), dt.datetime(2024, 7, 5, 9), None],
            [pd.Timestamp("2024-07-05"), pd.Timestamp("2024-07-05 09:00"), None],
            [Form.DAY, Form.DAY, Form.BLANK],
        ),
        (["\ud83d", "a"], ["\ud83d", "a"], [Form.TEXT, Form.TEXT]),
        ([], [], []),
    ],
)
def test_a_column_of_cells(cells: list[Any], kept: list[Any], forms: list[Form]) -> None:
    found = column_of(cells, lambda cell: f"#{cell}")
    gaps = found.isna()
    shown = [None if gap else cell for cell, gap in zip(found.astype(object), gaps, strict=True)]
    assert shown == kept
    assert list(map(type, shown)) == list(map(type, kept))
    assert split(found).form.tolist() == forms


def test_rows_of_two_lengths() -> None:
    body = grid_of_rows([("a", "b", "c"), ("1", "2"), ("3", "4", "5")]).below(0)
    assert body.frame.to_numpy(dtype=object, na_value="").tolist() == [
        ["1", "2", ""], ["3", "4", "5"]
    ]  # fmt: skip


def test_a_range_is_answered_without_a_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = ORDERTABLE((HEADER, *ROWS))
    assert len(wanted) == 5
    assert wanted[1][1] == 3.5

    def refused(*_: Any, **__: Any) -> None:
        raise AssertionError("a frame was made")

    monkeypatch.setattr(pd.DataFrame, "__init__", refused)
    assert ORDERTABLE((HEADER, *ROWS)) == wanted


def test_what_was_read_keeps_no_forms() -> None:
    body = Columns.of(pd.DataFrame(ROWS, columns=[*HEADER]))
    assert body.raw(0) is body.raw(0)
    assert not read_table(body.frame).body._raw


def test_the_rows_as_they_came_are_made_a_frame_when_asked() -> None:
    raw = read_table(grid_of_rows([HEADER, *ROWS])).raw
    assert list(raw.columns) == list(HEADER)
    assert raw.astype(object).where(raw.notna(), "").to_numpy().tolist() == list(map(list, ROWS))


def test_a_frame_that_came_is_the_one_given_back() -> None:
    frame = pd.DataFrame({"paid_cny": [1.0], "own": [None], "": [None]}, index=["x"])
    raw = read_table(frame).raw
    pd.testing.assert_frame_equal(raw, frame.iloc[:, :2].set_axis(raw.columns, axis=1))
    assert list(raw.columns) == ["paid_cny", "own"]


@pytest.mark.parametrize("made_first", [True, False])
def test_other_cells_in_place_of_a_column(made_first: bool) -> None:
    kept = Columns([column_of(["a", "b"]), column_of([1.0, 2.0])], 2, ["x", "y"])
    if made_first:
        assert kept.frame["x"].tolist() == ["a", "b"]
    assert kept.raw(0).form.tolist() == [Form.TEXT, Form.TEXT]
    kept.put(0, np.array(["c", 7.0], dtype=object))
    assert kept.raw(0).form.tolist() == [Form.TEXT, Form.NUMBER]
    assert kept.frame["x"].tolist() == ["c", 7.0]
    assert kept.frame["y"].tolist() == [1.0, 2.0]


def test_columns_of_no_width_have_their_rows() -> None:
    kept = Columns([], 3, [])
    assert (len(kept), kept.width, kept.frame.shape) == (3, 0, (3, 0))


def test_typed_columns_are_known_before_their_values_are_made() -> None:
    table = read_table(grid_of_rows([HEADER, *ROWS]))
    ids = read_cells(columns.column("orders", "order_id"), pd.Series(["A1", None, "A2"]))
    assert ids.typed is None
    assert ids.values.tolist() == ["A1", "", "A2"]
    assert "order_id" in table.columns
    assert "sku" not in table.columns
    assert "parcel" in table.columns  # of none is told: every cell is blank
    assert table.columns["order_id"].tolist() == ["A1", "A1", "", "A2"]
    assert set(table.columns) == set(dict(table.columns))
    assert len(table.columns) == len(dict(table.columns))


def test_rows_that_can_not_outdo_the_header_are_not_scored() -> None:
    asked = []

    def score(labels: Any) -> float:
        asked.append(list(labels))
        return float(sum(label.isupper() for label in labels))

    rows: list[list[object]] = [["note"], ["A", "B", "c"], ["X", "Y"], ["P", "Q", "R"]]
    found = layout.find(grid_of_rows(rows), score)
    assert found is not None
    assert (found.at, found.labels) == (3, ("P", "Q", "R"))
    assert ["X", "Y"] not in asked
    assert ["P", "Q", "R"] in asked


def test_texts_of_rows_are_put_beside_those_that_many_have() -> None:
    marks = np.array([0, Mark.PAID_ZERO, 0, Mark.PAID_ZERO], dtype=np.int64)
    told = reasons(marks, "en", {})
    said = told[1]
    assert said
    told.put(np.array([2, 3]), ["own", "cut \ud83d"])
    assert told.objects().tolist() == ["", said, "own", "cut \ud83d"]
    assert list(told.as_pandas()) == ["", said, "own", "cut \ud83d"]
    told.put(np.array([3]), ["whole"])
    assert list(told.as_pandas()) == ["", said, "own", "whole"]
