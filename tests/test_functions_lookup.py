"""FAILCODE, SYNCDEADLINE, AFTERSALESDEADLINE, POLICYVALUE: cells in, cells out."""

import datetime as dt
from typing import Any

import pytest

from sellersheet.functions import AFTERSALESDEADLINE, FAILCODE, POLICYVALUE, SYNCDEADLINE
from tests.cases import Case, load, text
from tests.excel_cases import column

DEADLINES = {"sync": SYNCDEADLINE, "after_sales": AFTERSALESDEADLINE}


@pytest.mark.parametrize(
    "case",
    [pytest.param(c, id=text(c, "name")) for c in load("deadlines") if c["kind"] in DEADLINES],
)
def test_deadline(case: Case) -> None:
    function: Any = DEADLINES[text(case, "kind")]
    at, wanted = (dt.datetime.fromisoformat(text(case, key)) for key in ("time", "expected"))
    mode = [case["mode"]] if case["kind"] == "after_sales" else []
    serial = (at - dt.datetime(1899, 12, 30)) / dt.timedelta(days=1)
    for cell in (at, serial, text(case, "time"), at.replace(tzinfo=dt.UTC)):
        assert function(cell, *mode) == wanted
    block = column(at, None, "明天", "#N/A", serial)
    answers = [(wanted,), ("",), ("#VALUE!",), ("#N/A",), (wanted,)]
    assert function(block, *mode) == answers
    turned = [tuple(cell for (cell,) in block)]
    assert function(turned, *mode) == [[cell for (cell,) in answers]]


def test_modes_beside_times() -> None:
    at = dt.datetime(2024, 10, 8, 9)
    found = AFTERSALESDEADLINE(at, column("semi", "自运营", None, "full"))
    days = [dt.datetime(2024, 10, day, 9) for day in (10, 11, 10)]
    assert found == [*((day,) for day in days), ("#VALUE!",)]
    assert AFTERSALESDEADLINE(at, "#N/A") == "#N/A"


@pytest.mark.parametrize("cell", [2.0, 2958465.0, dt.datetime(1899, 12, 31), "9999-12-31", True])
def test_a_time_out_of_reach(cell: Any) -> None:
    assert SYNCDEADLINE(cell) == AFTERSALESDEADLINE(cell) == "#VALUE!"
    assert SYNCDEADLINE(column(cell, None, cell)) == [("#VALUE!",), ("",), ("#VALUE!",)]


class TestFailCode:
    @pytest.mark.parametrize("code", ["E102", "e102", " Ｅ１０２ "])
    def test_by_code(self, code: str) -> None:
        ((cause, remedy, path),) = FAILCODE(code)
        assert "条码" in cause
        assert "条码" in remedy
        assert path.startswith("Seller Center > 半托管")
        assert FAILCODE(code, "cause") == FAILCODE(code, "原因") == cause

    def test_codes_of_the_deposit(self) -> None:
        assert FAILCODE("ERR_DEP_403")[0][0] != FAILCODE("ERR_DEP_501")[0][0]

    def test_unknown_and_blank(self) -> None:
        assert FAILCODE("E999") == [["#N/A"] * 3]
        assert FAILCODE(102.0, "cause") == "#N/A"
        assert FAILCODE(None) == [[""] * 3]
        assert FAILCODE("E102", "colour") == "#VALUE!"
        assert FAILCODE("E102", "#REF!") == "#REF!"

    def test_a_range(self) -> None:
        block = column("E102", None, "E999", -2146826273)
        causes = [row[0] for row in FAILCODE(block)]
        assert causes[1:] == ["", "#N/A", "#VALUE!"]
        assert FAILCODE(block, "cause") == [[cause] for cause in causes]
        assert FAILCODE([("E102", None)], "cause") == [causes[:2]]

    def test_in_english(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SELLERSHEET_LANG", "EN")
        assert FAILCODE("E102", "remedy").isascii()


class TestPolicyValue:
    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("rush_fee", 3.0), ("Rush fee for late inbound", 3.0), ("service_fee_rate", 0.035),
            ("加急操作费（延迟入仓）", 3.0), ("excess_return_reading", "relative"),
        ],
    )  # fmt: skip
    def test_by_name(self, name: str, value: Any) -> None:
        found = POLICYVALUE(name)
        assert found == value or isinstance(value, str)
        assert POLICYVALUE(column(name, None, "无此值")) == [(found,), ("",), ("#VALUE!",)]

    def test_its_fields(self) -> None:
        fields = ("unit", "source", "standing", "snapshot", "start", "rule", "title", "shown")
        found = dict(zip(fields, POLICYVALUE("rush_fee", None, [fields])[0], strict=True))
        assert found["unit"] == "CNY"
        assert "速卖通半托管模式详解" in found["source"]
        assert found["start"] == dt.date(2024, 7, 1)
        assert found["rule"] == "F5"
        assert found["shown"] == "¥3.00"
        assert POLICYVALUE("rush_fee", None, "出处") == found["source"]
        assert POLICYVALUE("rush_fee", None, "colour") == "#VALUE!"

    def test_by_day(self) -> None:
        days = column("2024-06-30", "2024-07-01", None, "明天", "#N/A")
        answers = [("#N/A",), (3.0,), (3.0,), ("#VALUE!",), ("#N/A",)]
        assert POLICYVALUE("rush_fee", days) == answers
        assert POLICYVALUE(column(*["rush_fee"] * 5), days) == answers

    def test_own_values_and_language(self) -> None:
        own = (("name", "value", "start"), ("rush_fee", 4.5, 45658.0), ("lang", "en", None))
        assert POLICYVALUE("rush_fee", 45657.0, None, own) == 3.0
        assert POLICYVALUE("rush_fee", 45658.0, None, own) == 4.5
        assert POLICYVALUE("rush_fee", None, "title", own) == "Rush fee for late inbound"
        assert POLICYVALUE("rush_fee", None, "title") == "加急操作费（延迟入仓）"
