"""TRIGGERROOM: one order more, one parcel more is too many."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sellersheet.functions import DEPOSITREADY, DEPOSITTRIGGER, TRIGGERROOM
from sellersheet.policy import load
from sellersheet.rules.deposit_signs import (
    HOLDS,
    HOLDS_NOT,
    OPEN,
    most_late_parcels,
    most_late_uploads,
    most_orders,
    most_untracked,
    run_of_growth,
)
from tests.excel_cases import column
from tests.oracle import room

RULES = load().on(20_000)
WEEKS = column(200, 280, 390)
SHOP: dict[str, Any] = {
    "weekly_orders": WEEKS,
    "parcels": 1000,
    "late_parcels": 40,
    "missing_tracking": 10,
    "late_uploads": 30,
    "category": "消费电子",
}
EN = (("name", "value"), ("lang", "en"))
FREE, HELD, NOT_HELD, UNKNOWN = "不限", "成立", "不成立", "不能判定"


def rows(**other: Any) -> list[list[Any]]:
    """Most, left and result of growth, fulfilment, completeness and late uploads."""
    return [row[4:7] for row in TRIGGERROOM(**{**SHOP, **other})[1:]]


@given(st.lists(st.integers(1, 500), min_size=2, max_size=4), st.integers(1, 2_000))
def test_maximal_to_the_unit(weeks: list[int], parcels: int) -> None:
    wanted = room.most_orders(weeks)
    limited = run_of_growth(weeks, 1, RULES) == HOLDS
    assert limited == (wanted is not None)
    if wanted is not None:
        assert most_orders(weeks[-1], RULES) == wanted
        assert not room.triggered_by_growth([*weeks, wanted])
        assert room.triggered_by_growth([*weeks, wanted + 1])
    for rule, oracle in (
        (most_late_parcels, room.most_late),
        (most_untracked, room.most_untracked),
        (most_late_uploads, room.most_late_uploads),
    ):
        assert rule(parcels, RULES) == oracle(parcels)
        assert rule(np.array([1, parcels]), RULES).tolist() == [oracle(1), oracle(parcels)]
    beside = most_orders(np.array([weeks[-1], 100]), RULES).tolist()
    assert beside == [most_orders(weeks[-1], RULES), 135]


def test_the_table_of_a_shop() -> None:
    assert rows() == [
        [526, 136, HELD],
        [58, 18, NOT_HELD],
        [15, 5, HELD],
        [50, 20, NOT_HELD],
    ]
    table = TRIGGERROOM(**SHOP)
    assert [row[2] for row in table[1:]] == [
        "连续 2 周 > 35 %，限押金清单内类目", "< 94.2 %", "≥ 98.5 %", "> 5 %",
    ]  # fmt: skip
    assert table[1][3] == "200 → 280 → 390"
    assert table[2][3] == "40（共 1,000）"
    english = TRIGGERROOM(**SHOP, policy=EN)
    assert english[2][7].startswith("18 more may be late")


def test_one_more_is_what_the_triggers_call_too_many() -> None:
    """The triggers and prerequisites themselves are asked on both sides of the limit."""
    most = rows(weekly_orders=column(200, 280))[0][0]
    for orders, answer in ((most, NOT_HELD), (most + 1, HELD)):
        growths = column(280 / 200 - 1, orders / 280 - 1)
        assert DEPOSITTRIGGER("消费电子", growths)[1][4] == answer
    (_, late, _), (_, missing, _), (_, uploads, _) = rows()[1:]
    for more, triggered, ready, delayed in (
        (0, NOT_HELD, "PASS", NOT_HELD),
        (1, HELD, "FAIL", HELD),
    ):
        rate = (1000 - 40 - late - more) / 1000
        signs = DEPOSITTRIGGER("消费电子", None, fulfilment_rate=rate,
                               tracking_delay=(30 + uploads + more) / 1000)  # fmt: skip
        assert signs[3][4] == triggered
        assert signs[6][4] == delayed
        complete = (1000 - 10 - missing - more) / 1000
        assert DEPOSITREADY(200, "企业", True, 0, True, complete)[6][3] == ready


@pytest.mark.parametrize(
    ("weeks", "answer"),
    [
        ((200, 280), [378, 98, UNKNOWN]),
        ((200, 270), [FREE, FREE, NOT_HELD]),  # exactly 35 %
        ((200, 271), [365, 94, UNKNOWN]),
        ((200, 280, 370), [FREE, FREE, NOT_HELD]),
        ((300, 280, 390), [526, 136, NOT_HELD]),
        ((280,), ["", "", UNKNOWN]),
        ((0, 280), ["", "", UNKNOWN]),
        ((200, 0), [FREE, FREE, NOT_HELD]),
        ((0, 0), ["", "", UNKNOWN]),
        ((100, None, 280), ["", "", UNKNOWN]),
        ((999, 100, None, 200, 280), [378, 98, UNKNOWN]),
    ],
)
def test_weeks(weeks: tuple[Any, ...], answer: list[Any]) -> None:
    assert rows(weekly_orders=column(*weeks))[0] == answer
    assert rows(weekly_orders=(weeks,))[0] == answer


def test_the_category() -> None:
    assert rows(category="服装")[0] == [FREE, FREE, NOT_HELD]
    assert rows(category=None)[0] == rows()[0]
    told = TRIGGERROOM(**{**SHOP, "category": "风筝"})[1]
    assert told[4] == 526
    assert "名单" in told[7]


def test_too_many_already() -> None:
    found = rows(late_parcels=59, missing_tracking=16, late_uploads=51)
    assert found[1:] == [[58, 0, HELD], [15, 0, NOT_HELD], [50, 0, HELD]]
    assert TRIGGERROOM(**{**SHOP, "late_parcels": 60})[2][7] == "已多出 2 件。"
    assert rows(late_parcels=58)[1] == [58, 0, NOT_HELD]


def test_a_blank_leaves_only_its_own_row_open() -> None:
    assert rows(late_parcels=None)[1:] == [[58, "", UNKNOWN], *rows()[2:]]
    assert rows(parcels=None)[1:] == [["", "", UNKNOWN]] * 3
    table = TRIGGERROOM(**{**SHOP, "parcels": None, "late_uploads": None})
    assert table[4][7] == "请填写“近30天包裹数”“轨迹上传延迟”。"
    assert rows(weekly_orders=None)[0] == ["", "", UNKNOWN]
    assert all(row[3:] == [""] * 5 for row in TRIGGERROOM(None)[1:])


@pytest.mark.parametrize("name", [*SHOP, "as_of"])
def test_a_wrong_or_error_cell_of_each_argument(name: str) -> None:
    for wrong in ("#NULL!", -2146826281) if name == "category" else ("许多", -1, 1.5, "#NULL!"):
        [row] = TRIGGERROOM(**{**SHOP, name: wrong})
        marker = {"#NULL!": "#NULL!", -2146826281: "#DIV/0!"}.get(wrong, "#VALUE!")
        assert row[:7] == [marker] * 7
        assert row[7]
    [row] = TRIGGERROOM(**SHOP, policy=(("name", "value"), ("no such value", 1)))
    assert row[:7] == ["#VALUE!"] * 7


def test_more_than_all_and_before_the_rules() -> None:
    [row] = TRIGGERROOM(**{**SHOP, "late_uploads": 1001})
    assert row[0] == "#VALUE!"
    assert "1,001" in row[7]
    [row] = TRIGGERROOM(**SHOP, as_of="2024-06-30")
    assert row[0] == "#N/A"


def test_a_run_of_growth() -> None:
    assert run_of_growth([100, 136, 185], 2, RULES) == HOLDS
    assert run_of_growth([100, 135, 185], 2, RULES) == HOLDS_NOT
    assert run_of_growth([100, 136], 2, RULES) == OPEN
    assert run_of_growth([100, 100], 0, RULES) == HOLDS  # of no week nothing is asked
    assert run_of_growth([100], 0, RULES) == HOLDS
