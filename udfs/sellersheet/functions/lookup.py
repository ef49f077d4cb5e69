"""FAILCODE, POLICYVALUE, FACTS: a failure, a value, what the articles tell, looked up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, Final

import numpy as np

from sellersheet import facts
from sellersheet.days import date_of
from sellersheet.functions.answers import gives_a_table, gives_a_value
from sellersheet.functions.blocks import (
    BLANK,
    NA,
    RANGE,
    VALUE,
    CallProblem,
    cut,
    error_text,
    line_of,
)
from sellersheet.functions.cases import Case, in_force
from sellersheet.functions.ranges import CallTerms, terms
from sellersheet.functions.rows import OK, Call, read_rows
from sellersheet.policy import NoRule, PolicyProblem, standing_word
from sellersheet.rules.listed import find, plain

_FAILURE_FIELDS: Final = {"cause": "原因", "remedy": "处理", "path": "路径"}
_FAILURE_LISTS: Final = ("failure_codes", "deposit_failure_codes")
_VALUE_FIELDS: Final = {
    "value": "数值",
    "unit": "单位",
    "source": "出处",
    "standing": "依据",
    "snapshot": "数据日期",
    "start": "生效日期",
    "start_standing": "生效日期的依据",
    "rule": "规则",
    "note": "备注",
    "title": "名称",
    "shown": "显示",
}


@gives_a_value
def FAILCODE(  # noqa: N802 - the name in Excel
    code: Any, field: Any = None, as_of: Any = None, policy: Any = None
) -> Any:
    """P3, D17: cause, remedy and click path of a failure: three cells, or the field asked for.

    A failure is found by its code or by its name; one that no source names is #N/A.
    """
    used = terms(policy)
    case = Case(used.lang, field=field, as_of=as_of)
    rules = in_force(used, _FAILURE_LISTS, case.day)
    records = [record for name in _FAILURE_LISTS for record in rules.table(name)]
    by_code = {plain(record["code"]): record for record in records if record["code"]}
    wanted = _field(case.text("field"), _FAILURE_FIELDS)
    keys = (wanted,) if wanted else tuple(_FAILURE_FIELDS)

    def told(cell: Any) -> list[Any]:
        if cell is None or cell == "":
            return [BLANK] * len(keys)
        word = str(cut(cell))
        record = by_code.get(plain(word)) or find(word, records)
        if record is None:
            return [error_text(cell) or NA] * len(keys)
        return [record[f"{key}_{used.lang}"] for key in keys]

    if not isinstance(code, RANGE):
        cells = told(code)
        return [cells] if len(keys) > 1 else cells[0]
    line = line_of(code, "code")
    answers = [told(cell) for cell in line.cells]
    if len(keys) == 1 and not line.upright:
        return [[cells[0] for cells in answers]]
    return answers


@gives_a_value
def POLICYVALUE(  # noqa: N802
    name: Any, as_of: Any = None, field: Any = None, policy: Any = None
) -> Any:
    """A policy value or what is known of it: its unit, source, standing, snapshot.

    Money in its own currency, rates as shares. A name or a field that is none is #VALUE!, a
    day before the first value #N/A.
    """
    used = terms(policy)
    call = read_rows(("name",), name=name, as_of=as_of, field=field)

    def told(wanted: str, day: int, part: str) -> Any:
        try:
            key = _field(part, _VALUE_FIELDS) or "value"
        except CallProblem as problem:
            return problem.marker
        return _told(wanted, date_of(int(day)), key, used)

    return row_by_row(call, told, call["name"], call.days(), call["field"])


@gives_a_table(5)
def FACTS(  # noqa: N802
    topic: Any = None, as_of: Any = None, policy: Any = None
) -> Any:
    """Topic, fact, value, standing, source and scope, with a header."""
    used = terms(policy)
    case = Case(used.lang, topic=topic, as_of=as_of)
    day = case.day
    wanted = None if case.blank("topic") else facts.topic_of(case.text("topic"))
    found = facts.facts(used.policy, date_of(day), used.lang, wanted)
    return [
        [facts.WORDS(key, used.lang) for key in facts.Told._fields],
        *(list(told) for told in found),
    ]


def row_by_row(call: Call, told: Callable[..., Any], *columns: Any) -> Any:
    """What is told of each row that can be answered; ``columns`` are what it is told from."""
    if call.n is None:
        return call.answer(told(*columns) if call.codes == OK else None)
    cells = [np.broadcast_to(np.asarray(column, dtype=object), call.n) for column in columns]
    values = np.empty(call.n, dtype=object)
    for at in np.flatnonzero(call.codes == OK).tolist():
        values[at] = told(*(column[at] for column in cells))
    return call.answer(values)


def _told(name: str, day: date, wanted: str, used: CallTerms) -> Any:
    try:
        found = used.policy.find(name)
        entry = used.policy.entry(found, day)
    except NoRule:
        return NA
    except PolicyProblem:
        return VALUE
    value, row = used.policy.value(found), used.policy.row(found, day, used.lang)
    told: dict[str, Callable[[], Any]] = {
        "value": lambda: _number(value.kind, entry.value, row["value"]),
        "unit": lambda: _unit(value, used),
        "standing": lambda: row["standing_word"],
        "start_standing": lambda: standing_word(entry.start_standing, used.lang),
        "shown": lambda: row["value"],
    }
    answer = told[wanted]() if wanted in told else row[wanted]
    return BLANK if answer is None else answer


def _number(kind: str, exact: Any, shown: str) -> Any:
    """A number as a cell holds it; words as they are shown."""
    if kind in ("money_cny", "money_usd"):
        return exact / 100
    if isinstance(exact, Fraction | int) and not isinstance(exact, bool):
        return float(exact)
    return shown


def _unit(value: Any, used: CallTerms) -> str:
    known = {"money_cny": "CNY", "money_usd": "USD", "rate": "%"}
    unit = value.unit_zh if used.lang == "zh" else value.unit_en
    return unit or known.get(value.kind, "")


def _field(word: str, fields: Mapping[str, str]) -> str:
    """The field that a word names, by key or by its Chinese name; "" for a blank."""
    if not word:
        return ""
    wanted = plain(word)
    for key, zh in fields.items():
        if wanted in (plain(key), plain(zh)):
            return key
    raise CallProblem("unknown_field", value=word, allowed=", ".join(fields))
