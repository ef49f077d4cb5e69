"""SEMIFEE, SEMIFEE_DETAIL, ISOVERSIZE, RETURNPENALTY: cells in, cells out."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sellersheet.functions import ISOVERSIZE, RETURNPENALTY, SEMIFEE, SEMIFEE_DETAIL, rows
from sellersheet.rules.fees import FEE_PARTS
from tests.cases import Case, load, text
from tests.examples import examples
from tests.excel_cases import column

KEYS = (
    *("paid_cny", "logistics_cny", "parcel", "inbound_days", "standard_box", "return_case"),
    "order_date",
)
NUMBERS = ("paid_cny", "logistics_cny", "inbound_days")
FEES = load("fees")
ENGLISH = (("name", "value"), ("lang", "en"))


def cells(case: Case) -> list[Any]:
    """The case's arguments: numbers as numbers, words as words, the date as text."""
    return [float(case[key] or 0) if key in NUMBERS else case[key] for key in KEYS]


def total(case: Case) -> float | str:
    return float(case["total_fee_cny"]) if case["total_fee_cny"] else "#N/A"


class TestFee:
    @pytest.mark.parametrize("case", [pytest.param(c, id=text(c, "name")) for c in FEES])
    def test_one_cell(self, case: Case) -> None:
        assert SEMIFEE(*cells(case)) == total(case)

    def test_all_in_a_column_and_in_a_row(self) -> None:
        columns = [column(*c) for c in zip(*map(cells, FEES), strict=True)]
        assert SEMIFEE(*columns) == [(total(case),) for case in FEES]
        rows = [[tuple(cell for (cell,) in c)] for c in columns]
        assert SEMIFEE(*rows) == [[total(case) for case in FEES]]

    def test_a_program_that_runs_on_gets_the_rules_of_the_new_day(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        class Clock(dt.date):
            now = dt.date(2024, 6, 30)

            @classmethod
            def today(cls) -> dt.date:
                return cls.now

        monkeypatch.setattr(rows, "date", Clock)
        own = (("name", "value", "start"), ("rush_fee", 4.0, dt.datetime(2024, 7, 2)))
        found = []
        for _ in range(3):
            found.append((SEMIFEE(100, 22.6, "", 5), SEMIFEE(100, 22.6, "", 5, policy=own)))
            Clock.now += dt.timedelta(days=1)
        assert found == [("#N/A", "#N/A"), (34.3, 34.3), (34.3, 35.3)]

    def test_blank_is_never_zero(self) -> None:
        assert SEMIFEE(100, None) == "#N/A"
        assert SEMIFEE(None, 22.6) == "#N/A"
        assert SEMIFEE(None, None) == ""
        assert SEMIFEE("", "", "大件", 5) == ""
        assert SEMIFEE(100, 0) == 8.7

    @pytest.mark.parametrize(
        "wrong",
        [
            (-0.01, 22.6), (100, -1), ("一百", 22.6), (100, 22.6, "中件"), (100, 22.6, "", 1.5),
            (100, 22.6, "", -1), (100, 22.6, "", "T+x"), (100, 22.6, "", 1, "也许"),
            (100, 22.6, "", 1, 2), (100, 22.6, "", 1, True, "丢了"), (True, 22.6), (1e10, 1),
            (float("nan"), 1), (float("inf"), 1), (100, 22.6, "", 1, True, "", "2024-13-01"),
        ],
    )  # fmt: skip
    def test_a_wrong_cell(self, wrong: tuple[Any, ...]) -> None:
        expected = "#N/A" if wrong[0] != wrong[0] else "#VALUE!"  # NaN is a blank
        assert SEMIFEE(*wrong) == expected

    def test_an_error_wins_over_a_wrong_value_and_a_blank(self) -> None:
        assert SEMIFEE("#REF!", -1) == "#REF!"
        assert SEMIFEE(None, "#NAME?") == "#NAME?"
        assert SEMIFEE(column(1, -1), "#N/A") == [("#N/A",), ("#N/A",)]

    def test_without_a_date_the_rules_of_today_hold(self) -> None:
        assert SEMIFEE(100, 22.6, as_of=dt.date.today()) == SEMIFEE(100, 22.6) == 31.3

    def test_rows_before_the_rules_leave_the_others_alone(self) -> None:
        days = column("2024-06-30", dt.datetime(2024, 7, 1), 45473.0, 45474.0, None)
        found = SEMIFEE(100, 22.6, as_of=days)
        assert found == [("#N/A",), (31.3,), ("#N/A",), (31.3,), (31.3,)]

    def test_own_values_by_date(self) -> None:
        own = (("名称", "数值", "生效日期"), ("operation_fee", 6.0, "2025-01-01"))
        days = column("2024-12-31", "2025-01-01")
        assert SEMIFEE(100, 22.6, as_of=days, policy=own) == [(31.3,), (32.1,)]

    @settings(max_examples=examples(60))
    @given(
        st.lists(
            st.tuples(
                st.one_of(
                    st.none(),
                    st.floats(-10, 1e6),
                    st.sampled_from(["x", "#N/A", "¥12.50", -2146826281, 1e308, True, 7]),
                ),
                st.one_of(st.none(), st.floats(0, 500), st.just("22.6")),
                st.sampled_from([None, "大件", "standard", "中"]),
                st.sampled_from([None, 1.0, 3.0, 4.0, "5", -1.0]),
                st.sampled_from([None, True, False, "否", 0.0, "?"]),
                st.sampled_from([None, "", "买家退货验货通过", "seller", "buyer_failed"]),
                st.sampled_from([None, 45474.0, "2024-06-30", "明天"]),
            ),
            min_size=2,
            max_size=12,
        )
    )
    def test_a_range_is_its_cells_one_by_one(self, rows: list[tuple[Any, ...]]) -> None:
        columns = [column(*cells) for cells in zip(*rows, strict=True)]
        one_by_one = [SEMIFEE(*row) for row in rows]
        used = max(
            (at + 1 for at, row in enumerate(rows) if any(c not in (None, "") for c in row)),
            default=1,
        )
        assert [cell for (cell,) in SEMIFEE(*columns)][:used] == one_by_one[:used]


class TestDetail:
    @pytest.mark.parametrize("case", [pytest.param(c, id=text(c, "name")) for c in FEES])
    def test_the_parts(self, case: Case) -> None:
        (row,) = SEMIFEE_DETAIL(*cells(case), ENGLISH)
        parts = [float(case[key]) if case[key] else "#N/A" for key in FEE_PARTS]
        status = "error" if case["status"] == "no_rule" else case["status"]
        assert row[:9] == [*parts, total(case), status]
        assert bool(row[9]) == (status != "ok")

    def test_header_in_either_language(self) -> None:
        zh = SEMIFEE_DETAIL(100, 22.6, headers=True)
        en = SEMIFEE_DETAIL(100, 22.6, policy=ENGLISH, headers=True)
        assert zh[0][0] == "基础服务费"
        assert en[0][0] == "Service fee"
        assert zh[0][-1] == "说明"
        assert zh[1][:8] == en[1][:8]
        assert len(SEMIFEE_DETAIL(100, 22.6, headers=False)) == 1

    def test_one_row_an_order_whatever_the_direction(self) -> None:
        upright = SEMIFEE_DETAIL(column(100, None, -1, "#REF!"), column(22.6, None, 1, 1))
        assert [row[7] for row in upright] == [31.3, "", "#VALUE!", "#REF!"]
        assert SEMIFEE_DETAIL([(100, None, -1, "#REF!")], [(22.6, None, 1, 1)]) == upright
        assert upright[1] == [""] * 10

    @pytest.mark.parametrize(
        ("arguments", "zh", "en"),
        [
            ((-5, 1), "参数 paid", "Argument paid"),
            ((100, 1, "中件"), "标准件 / 大件", "standard"),
            ((100, None), "缺少 物流费", "Freight quote is blank"),
            ((100, "#N/A"), "错误值 #N/A", "the error #N/A"),
            ((100, 1, "", 2), "¥3.00", "¥3.00"),
            ((100, 1, "", 1, True, "", "2020-01-01"), "2024-07-01", "2024-07-01"),
            ((column(1, 2, 3), column(1, 2)), "paid 3, logistics 2", "paid 3, logistics 2"),
            (([(1, 2), (3, 4)], 1), "2 行 2 列", "2 rows and 2 columns"),
            ((column(1, 2), [(1, 2)]), "统一方向", "one direction"),
        ],
    )
    def test_the_reason(self, arguments: tuple[Any, ...], zh: str, en: str) -> None:
        assert zh in SEMIFEE_DETAIL(*arguments)[0][-1]
        assert en in SEMIFEE_DETAIL(*arguments, policy=ENGLISH)[0][-1]

    def test_the_reason_names_the_cell_of_its_own_row(self) -> None:
        rows = SEMIFEE_DETAIL(column(100, -7, "abc"), 22.6)
        assert rows[0][-1] == ""
        assert "-7" in rows[1][-1]
        assert "abc" in rows[2][-1]


@pytest.mark.parametrize("case", [pytest.param(c, id=text(c, "name")) for c in load("oversize")])
def test_oversize(case: Case) -> None:
    sides = [float(text(case, key)) for key in ("weight_g", "length_cm", "width_cm", "height_cm")]
    wanted = case["oversize"] == "TRUE"
    assert ISOVERSIZE(*sides) is wanted
    assert ISOVERSIZE(*(column(side, None, side) for side in sides)) == [
        (wanted,), ("",), (wanted,),
    ]  # fmt: skip


def test_oversize_by_own_limits() -> None:
    own = (("name", "value"), ("oversize_over_weight_g", 1000.0))
    assert ISOVERSIZE(1500, 1, 1, 1) is False
    assert ISOVERSIZE(1500, 1, 1, 1, own) is True
    assert ISOVERSIZE(1500, 1, 1, None) == "#N/A"
    assert ISOVERSIZE(1500, 1, 1, -1) == "#VALUE!"


@pytest.mark.parametrize(
    "case", [pytest.param(c, id=text(c, "name")) for c in load("return_penalty")]
)
def test_return_penalty(case: Case) -> None:
    keys = ("orders", "return_rate", "category_mean", "seller_fault_orders")
    arguments = [float(case[key]) if case[key] else None for key in keys]
    own = (("name", "value"), ("excess_return_reading", text(case, "kind")))
    wanted = float(text(case, "penalty_cny"))
    assert RETURNPENALTY(*arguments, policy=own) == wanted
    blocks = [column(cell, cell) for cell in arguments]
    assert RETURNPENALTY(*blocks, policy=own) == [(wanted,), (wanted,)]


@pytest.mark.parametrize("rate", [65, 1.01, -0.01, "65", True])
def test_a_share_above_one_is_wrong(rate: Any) -> None:
    assert RETURNPENALTY(1000, rate, 0.08) == "#VALUE!"
    assert RETURNPENALTY(1000, column(0.12, rate), 0.08) == [(22.4,), ("#VALUE!",)]


@pytest.mark.parametrize("mean", [-0.000000001, -0.08, 1.000001, "-8%"])
def test_a_category_mean_is_a_share(mean: object) -> None:
    assert RETURNPENALTY(1000, 0.12, mean) == "#VALUE!"


def test_a_category_mean_of_nothing_excuses_no_return() -> None:
    assert RETURNPENALTY(1000, 0.12, 0) == 96.0
    assert RETURNPENALTY(1000, 1, 1) == 0


def test_no_more_orders_are_returned_by_the_sellers_fault_than_there_are() -> None:
    assert RETURNPENALTY(100, 0.5, 0.1, 100) != "#VALUE!"
    assert RETURNPENALTY(100, 0.5, 0.1, 101) == "#VALUE!"
    assert RETURNPENALTY(100, 0.5, 0.1, column(None, 101))[1] == ("#VALUE!",)
