"""A table of own values reads the same as a range, as a sheet's table and as rows of a frame."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pytest

from sellersheet.cards import own_values, shipped_card
from sellersheet.exchange import FxRates
from sellersheet.functions.ranges import terms
from sellersheet.policy import load
from sellersheet_workbook.batch.one import Terms
from sellersheet_workbook.update.given import terms_of
from tests.test_update import MemoryPort

HEADER = ("名称", "数值", "生效日期", "原因")
ON = dt.date(2025, 6, 1)


def by_range(*rows: tuple[Any, ...]) -> Any:
    return terms((HEADER, *rows)).policy


def by_table(*rows: tuple[Any, ...]) -> Any:
    frame = pd.DataFrame([list(row) for row in rows], columns=list(HEADER), dtype=object)
    given = Terms(load(), shipped_card(), FxRates.fixed({}), None, ON)
    return terms_of(MemoryPort(overrides=frame), given, "zh").policy  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "rows",
    [
        [("rush_fee", 4.0, None, None)],
        [("加急操作费（延迟入仓）", "4.00", "2025-01-01", "新合同")],
        [("rush_fee", 4.0, dt.datetime(2025, 1, 1), None), ("语 言", "en", None, None)],
        [("语言", "en", "明天", None), ("rush_fee", "¥4", None, None)],
        [(None, None, None, None), ("rush_fee", 4, None, ""), ("operation_fee", None, "x", None)],
        [("lang", "zh", None, None)],
    ],
    ids=lambda rows: str(rows[0][0]),
)
def test_a_range_and_a_table_give_the_same_policy(rows: list[tuple[Any, ...]]) -> None:
    one, other = by_range(*rows), by_table(*rows)
    for name in load().names:
        assert one.get(name, ON) == other.get(name, ON), name
    changed = any("fee" in str(row[0]) or "费" in str(row[0]) for row in rows)
    assert (one.get("rush_fee", ON) != load().get("rush_fee", ON)) == changed


def test_a_language_row_asks_for_a_language_and_gives_no_value() -> None:
    assert terms((HEADER, ("语 言", "en", None, None))).lang == "en"
    found = own_values(pd.DataFrame([["语 言", "en"]], columns=list(HEADER[:2])))
    assert found.languages == ("en",)
    assert found.rows == [{}]


def test_a_wrong_start_is_told_with_its_row_by_both() -> None:
    rows = [("operation_fee", None, "明天", None), ("rush_fee", 4, "明天", None)]
    for way in (by_range, by_table):
        with pytest.raises(Exception, match="明天") as told:
            way(*rows)
        assert "3" in str(told.value)
