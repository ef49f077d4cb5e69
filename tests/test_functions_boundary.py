"""The cell boundary: shapes, orientations, blanks, errors, ranges read by content."""

import datetime as dt
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from sellersheet import functions
from sellersheet.functions import LOGISTICSFEE, POLICYVALUE, PROFIT, SEMIFEE, SEMIFEE_DETAIL
from sellersheet.functions.blocks import (
    ERROR_NUMBERS,
    STATUS_CODES,
    CallProblem,
    cut,
    error_text,
    is_blank,
    line_of,
    one_cell,
    used_rows,
)
from sellersheet.functions.ranges import language_of, terms
from sellersheet.functions.registry import FUNCTIONS
from sellersheet.functions.rows import read_rows
from tests.excel_cases import EVERY, column

POLICY = (("name", "value", "start", "reason"), ("rush_fee", 4.0, None, "contract"))


class TestShapes:
    def test_a_single_cell_in_a_range_is_a_single_cell(self) -> None:
        assert SEMIFEE(((100,),), [[22.6]]) == 31.3

    def test_single_cells_go_with_every_row(self) -> None:
        assert SEMIFEE(column(100, 200), 22.6, "大件") == [(34.1,), (37.6,)]
        assert SEMIFEE(column(100, 200), ((22.6,),), (("大件",),)) == [(34.1,), (37.6,)]
        assert SEMIFEE(100, column(22.6, 0)) == [(31.3,), (8.7,)]

    def test_an_array_constant_of_one_row_has_no_rows(self) -> None:
        assert SEMIFEE((100.0, 200.0), (22.6, 22.6)) == [[31.3, 34.8]]

    def test_rows_beside_columns_and_blocks_are_refused(self) -> None:
        assert SEMIFEE(column(1, 2), [(1, 2)]) == "#VALUE!"
        assert SEMIFEE([(1, 2), (3, 4)], 1) == "#VALUE!"

    def test_lengths(self) -> None:
        assert SEMIFEE(column(1, 2, 3), column(1, 2)) == "#VALUE!"
        assert SEMIFEE(column(100, None, ""), column(22.6, None)) == [(31.3,), ("",)]
        assert SEMIFEE(column(100), column(22.6, 22.6)) == [(31.3,), (31.3,)]

    def test_a_blank_row_is_blank_wherever_it_stands(self) -> None:
        found = SEMIFEE(column(None, 100, "", None), 22.6)
        assert found == [("",), (31.3,), ("",), ("",)]
        assert SEMIFEE(column(None, 100), column(None, 22.6), as_of=column(45474.0, None)) == [
            ("",), (31.3,),
        ]  # fmt: skip

    def test_rows_of_single_amounts_are_never_blank(self) -> None:
        found = SEMIFEE(100, 22.6, column("大件", None, None), 1)
        assert found == [(34.1,), (31.3,), (31.3,)]

    def test_an_empty_range(self) -> None:
        assert SEMIFEE((), ()) == ""
        assert SEMIFEE(column(None, None), column(None, None)) == [("",), ("",)]

    def test_lines(self) -> None:
        assert line_of(column(1, None, 2, "", None), "x") == ([1, None, 2, "", None], 3, True)
        assert line_of([(1, None)], "x") == ((1, None), 1, False)
        assert line_of(5, "x") == ([5], 1, True)
        with pytest.raises(CallProblem, match="x"):
            line_of([(1, 2), (3, 4)], "x")
        with pytest.raises(CallProblem, match="x"):
            one_cell(column(1, 2), "x")
        assert used_rows([(None, 1), (None, ""), (None, None)]) == [(None, 1)]
        assert is_blank([(None, ""), ("", None)])
        assert not is_blank([(None, 0)])

    def test_days_of_each_row(self) -> None:
        call = read_rows(("paid",), paid=column(1, 2), as_of=column(45474.0, None))
        today = (dt.date.today() - dt.date(1970, 1, 1)).days
        assert call.days().tolist() == [19905, today]


class TestCells:
    @pytest.mark.parametrize(
        "paid",
        [
            100, 100.0, "100", "¥100.00", "１００", " 100 元 ", "1e2", Decimal(100), "CNY 100",
        ],
    )  # fmt: skip
    def test_amounts_as_people_write_them(self, paid: Any) -> None:
        assert SEMIFEE(paid, 22.6) == 31.3
        assert SEMIFEE(column(paid, None, paid), 22.6) == [(31.3,), ("",), (31.3,)]

    @pytest.mark.parametrize("paid", ["$100", "100x", "十", "1,00", dt.date(2024, 7, 1), b"100"])
    def test_what_is_no_amount(self, paid: Any) -> None:
        assert SEMIFEE(paid, 22.6) == "#VALUE!"
        assert SEMIFEE(column(paid, 100), 22.6) == [("#VALUE!",), (31.3,)]

    @pytest.mark.parametrize(("text", "number"), ERROR_NUMBERS.items())
    def test_every_error_passes(self, text: str, number: int) -> None:
        (code,) = (code for code, found in STATUS_CODES.items() if found == text)
        assert code & 0xFFFF == number
        for cell in (text, code):
            assert error_text(cell) == text
            assert SEMIFEE(cell, 22.6) == text
            assert SEMIFEE(column(100, cell), 22.6) == [(31.3,), (text,)]
            assert LOGISTICSFEE("ES", 89, line=cell) == text
            assert LOGISTICSFEE(column("ES", cell), 89) == [(22.6,), (text,)]

    def test_what_only_looks_like_an_error(self) -> None:
        assert error_text("#1 shop") is None
        assert error_text(float(-2146826246)) is None
        assert error_text(-2146826200) is None
        assert error_text("#n/a") == "#N/A"

    def test_days_as_dates_serials_and_texts(self) -> None:
        before = (dt.date(2024, 6, 30), dt.datetime(2024, 6, 30, 23, 59), 45473.9, "2024/6/30")
        after = (dt.date(2024, 7, 1), dt.datetime(2024, 7, 1, tzinfo=dt.UTC), 45474, "2024年7月1日")
        for cell in before:
            assert SEMIFEE(100, 22.6, as_of=cell) == "#N/A"
        for cell in after:
            assert SEMIFEE(100, 22.6, as_of=cell) == 31.3
        days = column(*before, *after)
        assert SEMIFEE(100, 22.6, as_of=days) == [("#N/A",)] * 4 + [(31.3,)] * 4

    @pytest.mark.parametrize("cell", [0.5, 2.0, 2958465.0, 1e308, dt.datetime(1899, 12, 31)])
    def test_days_out_of_reach(self, cell: Any) -> None:
        assert SEMIFEE(100, 22.6, as_of=cell) == "#VALUE!"
        assert SEMIFEE(100, 22.6, as_of=column(cell, "9999-12-31")) == [("#VALUE!",)] * 2

    def test_a_long_text_stays_wrong_when_cut(self) -> None:
        assert SEMIFEE("1" + " " * 5000 + "x", 22.6) == "#VALUE!"
        assert len(cut("长" * 10**6)) == 1001
        assert cut("short") == "short"


class TestPolicyRange:
    @pytest.mark.parametrize(
        "header", [("name", "value"), ("名称", "数值"), ("Name", "Value"), ("名称 ", "数值")]
    )
    def test_headers_in_either_language(self, header: tuple[str, str]) -> None:
        assert SEMIFEE(100, 22.6, "", 5, policy=(header, ("rush_fee", 4.0))) == 35.3

    def test_columns_in_any_order_with_others_between(self) -> None:
        own = ((None, "数值", "备注", "名称"), (None, 4.0, "x", "rush_fee"), (None,) * 4)
        assert SEMIFEE(100, 22.6, "", 5, policy=own) == 35.3

    def test_texts_and_percentages(self) -> None:
        own = (("name", "value"), ("service_fee_rate", "5%"), ("operation_fee", "¥6"))
        assert SEMIFEE(100, 22.6, policy=own) == 33.6
        assert SEMIFEE(100, 22.6, policy=(("name", "value"), ("service_fee_rate", 0.05))) == 32.8

    def test_a_changed_cell_changes_the_result(self) -> None:
        for value, fee in ((4.0, 35.3), (5.0, 36.3), (4.0, 35.3)):
            own = (("name", "value"), ("rush_fee", value))
            assert SEMIFEE(100, 22.6, "", 5, policy=own) == fee

    def test_true_is_not_one(self) -> None:
        for _ in range(2):
            assert SEMIFEE(100, 22.6, "", 5, policy=(("name", "value"), ("rush_fee", 1.0))) == 32.3
            bad = (("name", "value"), ("rush_fee", True))
            assert SEMIFEE(100, 22.6, "", 5, policy=bad) == "#VALUE!"

    def test_one_reading_serves_many_cells(self) -> None:
        own = (("name", "value"), ("rush_fee", 7.25))
        assert terms(own) is terms([list(row) for row in own])
        assert terms(own).policy is not terms().policy

    @pytest.mark.parametrize(
        "nothing",
        [None, "", [(None, None)] * 3, POLICY[:1], (POLICY[0], ("rush_fee", None, None, None))],
    )
    def test_a_range_that_changes_nothing(self, nothing: Any) -> None:
        assert SEMIFEE(100, 22.6, "", 5, policy=nothing) == 34.3

    @pytest.mark.parametrize(
        ("rows", "said"),
        [
            ([("no_such_fee", 1.0, None)], "no_such_fee"),
            ([("rush_fee", 3.0, 45500.0), ("rush_fee", 4.0, 45500.0)], "rush_fee"),
            ([("rush_fee", 3.0, None), ("加急操作费（延迟入仓）", 4.0, None)], "rush_fee"),
            ([("rush_fee", -1.0, None)], "rush_fee"),
            ([("rush_fee", "#N/A", None)], "#N/A"),
            ([("rush_fee", -2146826246, None)], "#N/A"),
            ([("rush_fee", 3.0, "明天")], "明天"),
            ([("lang", "fr", None)], "fr"),
        ],
    )
    def test_what_cannot_be_used_is_told(self, rows: list[Any], said: str) -> None:
        zh = (("name", "value", "start"), *rows)
        assert SEMIFEE(100, 22.6, policy=zh) == "#VALUE!"
        assert PROFIT(100, 30, 22.6, policy=zh) == POLICYVALUE("rush_fee", policy=zh) == "#VALUE!"
        (told,) = SEMIFEE_DETAIL(100, 22.6, policy=zh)
        assert told[:-1] == ["#VALUE!"] * 9
        assert said in told[-1]
        (english,) = SEMIFEE_DETAIL(100, 22.6, policy=(*zh, ("lang", "en", None)))
        assert said in english[-1]
        assert english[-1] != told[-1]

    @pytest.mark.parametrize("block", [5.0, "rush_fee", (("a", "b"), ("rush_fee", 4.0))])
    def test_a_block_that_is_no_policy(self, block: Any) -> None:
        assert SEMIFEE(100, 22.6, policy=block) == "#VALUE!"
        assert "名称" in SEMIFEE_DETAIL(100, 22.6, policy=block)[0][-1]


class TestLanguage:
    @pytest.mark.parametrize(
        ("own", "lang"),
        [
            ((("name", "value"), ("lang", "en")), "en"),
            ((("name", "value"), ("语言", "英文")), "en"),
            ((("name", "value"), ("Lang", "ZH")), "zh"),
            ((("value", "name"), ("English", "language")), "en"),
            ((("name", "value"), ("lang", "fr")), "zh"),
            (None, "zh"),
        ],
    )
    def test_of_the_range(self, own: Any, lang: str) -> None:
        assert language_of(own) == lang

    def test_the_range_wins_over_the_user(self, monkeypatch: pytest.MonkeyPatch) -> None:
        zh = (("name", "value"), ("lang", "zh"))
        assert terms(zh).lang == terms().lang == "zh"
        monkeypatch.setenv("SELLERSHEET_LANG", "en")
        assert terms(zh).lang == "zh"
        assert terms().lang == "en"
        assert terms(POLICY).lang == "en"
        monkeypatch.setenv("SELLERSHEET_LANG", "zh")
        assert terms(POLICY).lang == "zh"


@pytest.mark.parametrize("name", EVERY)
def test_nothing_raises_and_nothing_is_a_traceback(name: str) -> None:
    function: Callable[..., Any] = getattr(functions, name)
    count = len(FUNCTIONS[name].arguments)
    for cell in (object(), [[object()]], b"x", float("nan"), [[], []], [[1], [1, 2]], {}, 10**400):
        found = function(*[cell] * count)
        cells = [c for row in found for c in row] if isinstance(found, list) else [found]
        assert all(isinstance(c, str | float | int | bool) for c in cells), (name, cell)
        assert not any("Traceback" in str(c) for c in cells)


def test_the_functions_need_no_xlwings() -> None:
    program = (
        "import sys; from sellersheet import functions\n"
        "for name in functions.HOME: getattr(functions, name)\n"
        "assert functions.SEMIFEE(100, 22.6) == 31.3\n"
        "assert not {'xlwings', 'click', 'rich', 'xlsxwriter'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


def test_a_name_that_is_no_function() -> None:
    with pytest.raises(AttributeError, match="SEMIFREE"):
        functions.SEMIFREE  # noqa: B018
    assert functions.HOME.keys() == FUNCTIONS.keys()
