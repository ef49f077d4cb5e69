"""EXPLAIN: every figure of the line is the oracle's, and the parts add up to its total."""

import random
import re
from typing import Any

import pytest

from sellersheet.functions import EXPLAIN, SEMIFEE
from sellersheet.policy import load, standing_word
from tests import oracle
from tests.cases import Case, text
from tests.cases import load as cases_of
from tests.command_line import call
from tests.excel_cases import column
from tests.test_functions_fees import ENGLISH, cells
from tests.test_oracle import PARTS, order_line

CASES = cases_of("fees")
TITLES = {
    "基础服务费": "service_fee", "操作费": "operation_fee", "加急费": "rush_fee",
    "二次打包费": "repack_fee", "物流费": "logistics_fee", "操作费返还": "operation_refund",
    "补贴扣减": "subsidy_loss",
}  # fmt: skip
_TOTAL = re.compile(r"费用合计 (-?)¥([\d,.]+) = ")
_PART = re.compile(r"(?:= |([+−]) )(\w+) ¥([\d,.]+)（([^（）]+)）")


def cents(amount: str) -> int:
    return oracle.cents(amount.replace(",", ""))


def told(line: str) -> dict[str, int]:
    """The parts that a line tells, and its total."""
    found = {
        TITLES[title]: -cents(amount) if sign == "−" else cents(amount)
        for sign, title, amount, _ in _PART.findall(line)
    }
    match = _TOTAL.match(line)
    assert match, line
    return {**found, "total_fee": cents(match[2]) * (-1 if match[1] else 1)}


def due(case: Case) -> dict[str, int] | None:
    if case["status"] == "no_rule":
        return None
    [fees] = oracle.order_fees([order_line(case)])
    return {part: fees[part] for part in PARTS if fees[part] or part == "total_fee"}


def test_every_case_alone_and_all_shuffled() -> None:
    for case in CASES:
        line = EXPLAIN(*cells(case))
        assert (line if line == "#N/A" else told(line)) == (due(case) or "#N/A"), text(case, "name")
    shuffled = random.Random(16).sample(CASES, len(CASES))
    table = EXPLAIN(*(column(*values) for values in zip(*map(cells, shuffled), strict=True)))
    assert [row for (row,) in table] == [EXPLAIN(*cells(case)) for case in shuffled]


def test_each_part_says_its_arithmetic_rule_and_standing() -> None:
    line = EXPLAIN(100, 22.6, "大件", 5, False, "卖家责任", "2024-12-01")
    stated, parts = standing_word("stated", "zh"), _PART.findall(line)
    assert [title for _, title, _, _ in parts] == [
        "基础服务费", "操作费", "加急费", "二次打包费", "物流费", "补贴扣减",
    ]  # fmt: skip
    rules = ["F1", "F2, F3", "F5, F6", "F7", "F8, F9", "F11"]
    for (_, title, _, why), rule in zip(parts, rules, strict=True):
        assert why.endswith(f"；{rule}，{'您填写的报价' if title == '物流费' else stated}")
    assert "实付 100.00 × 3.5 %" in line
    assert "2024-12-01" in line
    assert "\n" not in line


def test_what_the_source_leaves_open_is_told() -> None:
    assert "F6" in EXPLAIN(100, 22.6, None, 2, None, None, "2024-12-01").rpartition("2024-12-01")[2]
    assert EXPLAIN(100, 22.6, None, 1, None, None, "2024-12-01").endswith("规则。")
    english = EXPLAIN(100, 22.6, None, 2, None, "buyer return", "2024-12-01", ENGLISH)
    assert english.startswith("Total fees ¥31.30 = Service fee ¥3.50 (100.00 paid × 3.5 %; F1, ")
    assert "T+3" in english
    assert "inspection" in english


def test_an_own_value_is_told_beside_the_one_it_replaces() -> None:
    own = (("name", "value"), ("rush_fee", 4))
    line = EXPLAIN(100, 22.6, None, 5, None, None, "2024-12-01", own)
    assert "加急费 ¥4.00" in line
    title = load().value("rush_fee").title("zh")
    assert f"自定义：{title} ¥4.00，原为 ¥3.00" in line
    assert "自定义" not in EXPLAIN(100, 22.6, None, 1, None, None, "2024-12-01", own)


@pytest.mark.parametrize(
    "given",
    [
        (None, None), (100, None), (None, 22.6), (-1, 22.6), ("许多", 22.6), (100, "#REF!"),
        (100, 22.6, "中件"), (100, 22.6, None, -1), (100, 22.6, None, 1, "也许"),
        (100, 22.6, None, 1, True, "丢了"), (100, 22.6, None, 1, True, None, "昨天"),
        (100, 22.6, None, 1, True, None, "2024-06-30"),
        (100, 22.6, *[None] * 5, (("x", "y"), (1, 2))),
    ],
)  # fmt: skip
def test_no_line_where_there_is_no_fee(given: tuple[Any, ...]) -> None:
    answer = SEMIFEE(*given)
    assert answer in ("", "#N/A", "#VALUE!", "#REF!")
    assert EXPLAIN(*given) == answer


def test_the_command_tells_the_same_line(capsys: pytest.CaptureFixture[str]) -> None:
    day = ("--as-of", "2024-12-01", "--one-line", "--lang", "zh")
    quoted = ("quote", "--paid", "100", "--logistics", "22.6", "--inbound-days", "5", *day)
    assert call(capsys, *quoted).out == f"{EXPLAIN(100, 22.6, None, 5, as_of='2024-12-01')}\n"
    by_card = call(capsys, "quote", "--paid", "100", "--country", "ES", "--weight", "89", *day).out
    assert told(by_card)["total_fee"] == 3130
    assert f"按费率表，计费重 89 克；F8, F9，{standing_word('stated', 'zh')}" in by_card
    # Without freight there is no sum to write out: the parts that are known are shown instead.
    assert "费用合计：—" in call(capsys, "quote", "--paid", "100", *day).out
