"""tests/facts.csv: every fact of every sentence of the two articles, and where a user finds it.

``held`` is the policy value or the fact that holds it, ``shown`` the command that shows it,
``check`` words that stand there, ``used_by`` the function that works with it or the sheet on
which it is told.
"""

from __future__ import annotations

import csv
import datetime as dt
from functools import cache
from pathlib import Path

import openpyxl
import pytest

from sellersheet.facts import UnknownTopic, catalogue, facts, topic_of, values_of
from sellersheet.functions import FACTS
from sellersheet.policy import load
from sellersheet.wording import LANGS, Lang
from sellersheet_workbook.template import TITLES, committed
from tests.command_line import call
from tests.own_values import SHIPPED, reads
from tests.test_own_values import PROBES, copy, told

DAY = dt.date(2024, 12, 1)
CAPSYS = pytest.CaptureFixture[str]
# Readings and assumptions of which the articles say nothing; DIFFERENCES.md explains them.
NOT_IN_THE_TEXTS = {
    *("excess_counts_seller_fault_once", "excess_return_reading", "failed_inspection_refund_rate"),
    *("oversize_over_longest_cm", "oversize_over_three_sides_cm", "oversize_over_weight_g"),
}
with Path(__file__).with_name("facts.csv").open(encoding="utf-8", newline="") as _file:
    ROWS = list(csv.DictReader(_file))
SENTENCES = {(fact.source, fact.section) for fact in catalogue().facts}


def words(held: str, lang: Lang) -> str:
    """How the line begins that tells a value or a fact."""
    kind, _, name = held.partition(":")
    if kind == "policy":
        return SHIPPED.value(name).title(lang)
    (fact,) = (fact for fact in catalogue().facts if fact.key == name)
    return fact.text(lang)


def test_the_table_is_whole() -> None:
    assert len({row["id"] for row in ROWS}) == len(ROWS) == 301
    held = {row["held"] for row in ROWS}
    assert {f"fact:{fact.key}" for fact in catalogue().facts} <= held
    assert {f"policy:{name}" for name in SHIPPED.names} - held == {
        f"policy:{name}" for name in NOT_IN_THE_TEXTS
    }
    for source in SHIPPED.sources.values():
        told_of = {row["section"] for row in ROWS if row["article"] == source.title}
        assert told_of == {"", *source.sections}, "every part of both texts was read"


@pytest.mark.parametrize("topic", catalogue().topics)
def test_every_row_is_shown_on_the_command_line(topic: str, capsys: CAPSYS) -> None:
    shown = call(capsys, "facts", topic, "--as-of", "2024-12-01", "--lang", "zh")
    assert shown.code == 0
    lines = shown.out.splitlines()
    rows = [row for row in ROWS if row["shown"] == f"facts {topic}"]
    assert rows
    for row in rows:
        begins = "  " + words(row["held"], "zh")
        (line,) = (line for line in lines if line.startswith((f"{begins}：", f"{begins}  [")))
        assert row["check"] in line, row
        assert ("原文写明" in line) or ("按解读" in line) or ("假定" in line)


@cache
def read_by(name: str) -> set[str]:
    own = copy()
    with reads() as noted:
        told(PROBES[name], own)
    return noted.names(own)


@cache
def sheet_text(key: str) -> str:
    book = openpyxl.load_workbook(committed("zh"), data_only=True, read_only=True)
    cells = book[TITLES(key, "zh")].iter_rows(values_only=True)
    return "\n".join(str(cell) for row in cells for cell in row if cell is not None)


@pytest.mark.parametrize("row", [pytest.param(row, id=row["id"]) for row in ROWS])
def test_every_row_is_where_it_helps(row: dict[str, str]) -> None:
    where, _, key = row["used_by"].partition(":")
    if where == "sheet":
        assert row["check"] in sheet_text(key)
    elif where and row["held"].startswith("policy:") and where in PROBES:
        name = row["held"].removeprefix("policy:")
        assert name in read_by(where) | FORMULAS.get(where, set())
    elif where in ("LOGISTICSFEE", "CHARGEABLEWEIGHT"):
        assert row["held"] in ("policy:published_freight_points", "fact:freight_rule")
    else:  # a sentence that is told; what a rule computes with is asked for above
        assert row["held"].startswith("fact:")


# The formula in words: the function is the formula.
FORMULAS = {
    "ORDERDEPOSIT": {"deposit_formula", "deviation_formula"},
    "FAILCODE": {"failure_path", "ticket_path"},  # it gives the path that stands with each code
}


@pytest.mark.parametrize("lang", LANGS)
def test_facts_of_every_topic_in_both_languages(lang: Lang) -> None:
    for topic, item in catalogue().topics.items():
        found = facts(SHIPPED, DAY, lang, topic)
        assert found
        assert {fact.topic for fact in found} == {item.title(lang)}
        assert all(fact.fact and fact.standing and fact.source for fact in found)
        assert topic_of(item.title(lang)) == topic
    assert [fact.topic for fact in facts(SHIPPED, DAY, lang)] == [
        fact.topic for topic in catalogue().topics for fact in facts(SHIPPED, DAY, lang, topic)
    ]


def test_every_value_belongs_to_one_topic() -> None:
    named = [name for topic in catalogue().topics for name in values_of(topic, SHIPPED)]
    assert sorted(named) == sorted(SHIPPED.names)
    keys = [fact.key for fact in catalogue().facts]
    assert len(set(keys)) == len(keys)
    for fact in catalogue().facts:
        assert fact.topic in catalogue().topics
        assert fact.section is None or fact.section in load().sources[fact.source].sections
        assert bool(fact.scope_zh) == bool(fact.scope_en)
    named_only = [fact for fact in catalogue().facts if fact.topic == "sources"]
    assert len(named_only) == 16
    assert {fact.scope("en") for fact in named_only} == {"named by the article, not seen"}


def test_a_topic_that_there_is_none_of(capsys: CAPSYS) -> None:
    with pytest.raises(UnknownTopic, match="deposit"):
        topic_of("prices")
    shown = call(capsys, "facts", "prices", "--lang", "en")
    assert shown.code == 2
    assert 'no topic "prices"' in shown.err
    row = FACTS("价格")[0]
    assert row[:5] == ["#VALUE!"] * 5
    assert "缴纳" in row[5]


def test_the_function_gives_the_same() -> None:
    header, *rows = FACTS("押金", DAY)
    assert header == ["主题", "事实", "数值", "依据", "出处", "范围、备注"]
    assert rows == [list(fact) for fact in facts(SHIPPED, DAY, "zh", "deposit")]
    assert len(FACTS(None, DAY)) == 1 + len(facts(SHIPPED, DAY, "zh"))
    early = {row[1]: row for row in FACTS("押金", "2024-06-30")}
    assert early["押金重算周期"][2:4] == ["", ""]
    assert "2024-07-01" in early["押金重算周期"][5]
    assert FACTS("deposit", DAY, (("name", "value"), ("lang", "en")))[0][0] == "Topic"
