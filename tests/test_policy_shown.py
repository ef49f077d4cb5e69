"""What is shown of values: texts, blanks in two languages, standing of a start, rules cited."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from sellersheet.policy import PolicyProblem, load
from tests.command_line import call

CAPSYS = pytest.CaptureFixture[str]
POLICY = load()
TEXTS = [name for name in POLICY.names if POLICY.value(name).shape.kind == "text"]
# The rules as they are numbered in the texts: seven letters and their last numbers.
LAST = {"F": 18, "E": 14, "P": 3, "D": 24, "M": 9, "R": 9}


def _of_text() -> str:
    assert TEXTS
    return TEXTS[0]


def test_a_text_is_shown_as_it_stands(capsys: CAPSYS) -> None:
    name = _of_text()
    entry = POLICY.value(name).entries[-1]
    for lang in ("zh", "en"):
        shown = call(capsys, "policy", "show", name, "--lang", lang, "--as-of", "2025-01-01")
        assert shown.code == 0
        assert getattr(entry.value, lang) in shown.out


@pytest.mark.parametrize(
    "value",
    [
        '"  "', '""', '{ zh = "  ", en = "x" }', '{ zh = "x", en = "" }', '{ zh = "x" }',
        '{ zh = "x", en = 1 }', '{ zh = "x", en = "y", de = "z" }', "7", "[]",
    ],
)  # fmt: skip
def test_a_text_that_is_none_is_refused(tmp_path: Path, value: str) -> None:
    own = tmp_path / "own.toml"
    own.write_text(f'[values.{_of_text()}]\nvalue = {value}\nreason = "x"\n', encoding="utf-8")
    with pytest.raises(PolicyProblem) as problem:
        load(own)
    assert problem.value.code == "unfit"
    own.write_text(
        f'[values.{_of_text()}]\nvalue = {{ zh = "甲", en = "one" }}\nreason = "x"\n', "utf-8"
    )
    found = load(own).row(_of_text(), dt.date(2025, 1, 1), "en")
    assert found["value"] == "one"


def test_an_undated_own_value_keeps_the_standing_of_the_start(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    text = '[values.operation_fee]\nvalue = 5.5\nreason = "x"\n{}'
    base = POLICY.value("operation_fee").entries[0]
    own.write_text(text.format(""), encoding="utf-8")
    undated = load(own).value("operation_fee").entries[0]
    assert (undated.standing, undated.start_standing) == ("own", base.start_standing)
    own.write_text(text.format("start = 2025-01-01\n"), encoding="utf-8")
    dated = load(own).value("operation_fee").entries[-1]
    assert (dated.start, dated.start_standing) == (dt.date(2025, 1, 1), "own")


def test_every_value_cites_rules_that_there_are() -> None:
    cited = {rule for name in POLICY.names for rule in POLICY.value(name).rules}
    assert len(cited) > 40
    for rule in cited:
        found = re.fullmatch(r"([A-Z])(\d*)[a-z]?", rule)
        assert found, rule
        assert found[1] in LAST, rule
        assert not found[2] or 1 <= int(found[2]) <= LAST[found[1]], rule
    rules = {name: POLICY.value(name).rules for name in POLICY.names}
    for name, expected in {
        "service_fee_rate": "F1", "operation_fee": "F2", "oversize_surcharge": "F3",
    }.items():  # fmt: skip
        assert expected in rules[name]
