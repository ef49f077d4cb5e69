"""PROFIT, BREAKEVEN, PRICEFORMARGIN, MODECOMPARE: cells in, cells out."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sellersheet.functions import BREAKEVEN, MODECOMPARE, PRICEFORMARGIN, PROFIT
from tests.cases import Case, load, text
from tests.examples import examples
from tests.excel_cases import column

COSTS = {
    "commission": "佣金", "affiliate": "联盟佣金", "advertising": "广告", "coupon_cny": "优惠券",
    "other_cny": "其他成本",
}  # fmt: skip
CASES = load("pricing")


def number(case: Case, key: str) -> float | None:
    return float(case[key]) if case[key] else None


def order(case: Case) -> list[Any]:
    """Parcel, days, box."""
    return [case["parcel"], number(case, "inbound_days"), case["standard_box"]]


def costs(case: Case) -> tuple[tuple[Any, ...], ...]:
    return tuple((word, number(case, key)) for key, word in COSTS.items())


def of_kind(*kinds: str) -> list[Any]:
    return [pytest.param(c, id=text(c, "name")) for c in CASES if c["kind"] in kinds]


@pytest.mark.parametrize("case", of_kind("profit"))
def test_profit(case: Case) -> None:
    amounts = [number(case, key) for key in ("paid_cny", "cost_cny", "logistics_cny")]
    cells = [*amounts, *order(case), case["return_case"], number(case, "refund_cny")]
    wanted = number(case, "profit_cny")
    wanted_cell = "#N/A" if wanted is None else wanted
    assert PROFIT(*cells, costs=costs(case)) == wanted_cell
    blocks = [column(cell, None, cell) for cell in cells]
    assert PROFIT(*blocks, costs=costs(case)) == [(wanted_cell,), ("",), (wanted_cell,)]


@pytest.mark.parametrize("case", of_kind("break_even", "margin"))
def test_price(case: Case) -> None:
    cells = [number(case, "cost_cny"), number(case, "logistics_cny"), *order(case)]
    function: Any = BREAKEVEN
    if case["kind"] == "margin":
        function, cells = PRICEFORMARGIN, [number(case, "target_margin"), *cells]
    price = number(case, "price_cny")
    wanted = "#NUM!" if price is None else price
    assert function(*cells, costs=costs(case)) == wanted
    blocks = [column(cell, None, cell) for cell in cells]
    assert function(*blocks, costs=costs(case)) == [(wanted,), ("",), (wanted,)]


class TestProfit:
    def test_a_return_needs_its_refund(self) -> None:
        given = (100, 30, 22.6, "", 1, True, "buyer")
        assert PROFIT(*given) == "#N/A"
        assert PROFIT(*given, 100) == -56.1  # -100 -30 +5.20 on top of 38.70 + 30
        rows = PROFIT(100, 30, 22.6, "", 1, True, column("buyer", "", "buyer"), column("", "", 0))
        assert rows == [("#N/A",), (38.7,), (43.9,)]

    def test_blank_and_wrong(self) -> None:
        assert PROFIT(None, "", None) == ""
        assert PROFIT(100, None, 22.6) == PROFIT(100, 30, None) == "#N/A"
        assert PROFIT(100, -30, 22.6) == PROFIT(100, 30, 22.6, refund=-1) == "#VALUE!"
        assert PROFIT(100, "#NUM!", 22.6) == "#NUM!"

    @pytest.mark.parametrize(
        "block",
        [
            (("佣金", 5),), (("commission", -0.1),), (("小费", 0.1),), (("佣金", "#N/A"),),
            (("优惠券", "多"),), (("佣金",), (0.05,)),
        ],
    )  # fmt: skip
    def test_wrong_costs(self, block: Any) -> None:
        assert PROFIT(100, 30, 22.6, costs=block) == "#VALUE!"

    def test_costs_are_read_by_content(self) -> None:
        for _ in range(2):
            assert PROFIT(100, 30, 22.6, costs=(("佣金", 0.05),)) == 33.7
            assert PROFIT(100, 30, 22.6, costs=(("Commission", "6%"), (None, None))) == 32.7
            assert PROFIT(100, 30, 22.6, costs=(("佣金", None), ("coupon", 1))) == 37.7

    @settings(max_examples=examples(50))
    @given(
        st.lists(
            st.tuples(
                st.one_of(st.none(), st.floats(-1, 1e5), st.sampled_from(["x", "#N/A", "¥12.50"])),
                st.one_of(st.none(), st.floats(0, 500), st.just("30元")),
                st.one_of(st.none(), st.floats(0, 500)),
                st.sampled_from([None, "大件", "中"]),
                st.sampled_from([None, 1.0, 4.0]),
                st.sampled_from([None, True, "否"]),
                st.sampled_from([None, "buyer", "卖家责任", "?"]),
                st.sampled_from([None, 0.0, 50.0, "全额"]),
            ),
            min_size=2,
            max_size=8,
        )
    )
    def test_a_range_is_its_cells_one_by_one(self, rows: list[tuple[Any, ...]]) -> None:
        rows = [*rows, (100.0, 30.0, 22.6, None, None, None, None, None)]
        columns = [column(*cells) for cells in zip(*rows, strict=True)]
        assert [cell for (cell,) in PROFIT(*columns)] == [PROFIT(*row) for row in rows]


class TestPrice:
    def test_the_price_does_it_and_a_cent_less_does_not(self) -> None:
        price = BREAKEVEN(30, 22.6, costs=(("佣金", 0.05),))
        assert PROFIT(price, 30, 22.6, costs=(("佣金", 0.05),)) >= 0
        assert PROFIT(price - 0.01, 30, 22.6, costs=(("佣金", 0.05),)) < 0
        price = PRICEFORMARGIN(0.2, 30, 22.6)
        assert PROFIT(price, 30, 22.6) / price >= 0.2
        assert PROFIT(price - 0.01, 30, 22.6) / (price - 0.01) < 0.2

    def test_none_can_do_it(self) -> None:
        assert PRICEFORMARGIN(0.97, 30, 22.6) == "#NUM!"
        found = PRICEFORMARGIN(column(0.2, 0.97, 20, None), 30, 22.6)
        assert found == [(75.55,), ("#NUM!",), ("#VALUE!",), ("",)]

    def test_before_the_rules(self) -> None:
        assert BREAKEVEN(30, 22.6, as_of="2024-06-30") == "#N/A"
        days = column("2024-06-30", "2024-07-01")
        assert BREAKEVEN(30, 22.6, as_of=days) == [("#N/A",), (59.9,)]


class TestModes:
    CASE = (100, 30, 22.6, 25, 3, 45)

    def test_all_three(self) -> None:
        header, full, semi, alone = MODECOMPARE(*self.CASE)
        assert header == ["模式", "收入", "支出", "毛利", "毛利率", "投入回报率"]
        assert full == ["全托管", 45, 30, 15, 15 / 45, 15 / 30]
        assert semi == ["半托管", 100, 61.3, 38.7, 0.387, 3870 / 6130]
        assert alone == ["自运营", 100, 58, 42, 0.42, 42 / 58]

    @pytest.mark.parametrize(
        ("blank", "unknown"),
        [(0, {2, 3}), (1, {1, 2, 3}), (2, {2}), (3, {3}), (4, {3}), (5, {1})],
    )
    def test_a_blank_leaves_out_only_the_modes_that_need_it(
        self, blank: int, unknown: set[int]
    ) -> None:
        case = [None if at == blank else cell for at, cell in enumerate(self.CASE)]
        table = MODECOMPARE(*case)
        assert {at for at in (1, 2, 3) if table[at][1:] == ["#N/A"] * 5} == unknown

    def test_nothing_and_wrong(self) -> None:
        assert {cell for row in MODECOMPARE(*[None] * 6)[1:] for cell in row[1:]} == {""}
        (row,) = MODECOMPARE(-1, *self.CASE[1:])
        assert row[:5] == ["#VALUE!"] * 5
        assert "paid" in row[5]
        (row,) = MODECOMPARE(column(1, 2), *self.CASE[1:])
        assert row[:5] == ["#VALUE!"] * 5
        (row,) = MODECOMPARE("#REF!", *self.CASE[1:])
        assert row[:5] == ["#REF!"] * 5

    def test_own_costs_of_each_mode(self) -> None:
        table = MODECOMPARE(*self.CASE, (("佣金", 0.05),), (("广告", 0.1),))
        assert (table[1][3], table[2][3], table[3][3]) == (15, 33.7, 32)

    def test_in_english(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SELLERSHEET_LANG", "en_GB")
        assert [row[0] for row in MODECOMPARE(*self.CASE)] == [
            "Mode", "Full-managed", "Semi-managed", "Self-run",
        ]  # fmt: skip
