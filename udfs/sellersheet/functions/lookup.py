"""FAILCODE, SYNCDEADLINE, AFTERSALESDEADLINE, POLICYVALUE: facts looked up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any, Final

from sellersheet.functions import errors
from sellersheet.functions.answers import gives_a_value
from sellersheet.functions.blocks import CallProblem, cut, is_range, line_of
from sellersheet.functions.cases import Case
from sellersheet.functions.errors import error_text
from sellersheet.functions.moments import read_moment
from sellersheet.functions.ranges import Terms, terms, view
from sellersheet.functions.rows import today
from sellersheet.policy import NoRule, PolicyProblem
from sellersheet.rules.deadlines import after_sales_deadline, sync_deadline
from sellersheet.rules.listed import plain

_EPOCH: Final = date(1970, 1, 1)
_FAILURE_FIELDS: Final = {"cause": "原因", "remedy": "处理", "path": "路径"}
_VALUE_FIELDS: Final = {
    "value": "数值",
    "unit": "单位",
    "source": "出处",
    "standing": "依据",
    "snapshot": "数据日期",
    "start": "生效日期",
    "rule": "规则",
    "note": "备注",
    "title": "名称",
    "shown": "显示",
}


@gives_a_value
def FAILCODE(code: Any, field: Any = None) -> Any:  # noqa: N802 - the name in Excel
    """P3, D17: cause, remedy and click path of a code: three cells, or the field asked for.

    A code that no source names is #N/A.
    """
    used = terms()
    on = view(used, today())
    records = {
        plain(record["code"]): record
        for name in ("failure_codes", "deposit_failure_codes")
        for record in on.table(name)
        if record["code"]
    }
    wanted = _field(Case(used.lang, field=field).text("field"), _FAILURE_FIELDS)
    keys = (wanted,) if wanted else tuple(_FAILURE_FIELDS)

    def told(cell: Any) -> list[Any]:
        record = records.get(plain(str(cut(cell))))
        if record is None:
            return [errors.NA] * len(keys)
        return [record[f"{key}_{used.lang}"] for key in keys]

    return _each_cell(code, "code", told, len(keys))


@gives_a_value
def SYNCDEADLINE(inbound_time: Any) -> Any:  # noqa: N802
    """P1: by when product data must be synced, as a date-time."""
    rules = view(terms(), today())
    return _each_cell(
        inbound_time,
        "inbound_time",
        lambda cell: [_moment(cell, lambda at: sync_deadline(at, rules))],
    )


@gives_a_value
def AFTERSALESDEADLINE(request_time: Any, mode: Any = None) -> Any:  # noqa: N802
    """P2: by when the buyer's request must be answered, as a date-time."""
    used = terms()
    self_run = Case(used.lang, mode=mode)["mode"] == 1
    rules = view(used, today())

    def due(cell: Any) -> list[Any]:
        return [_moment(cell, lambda at: after_sales_deadline(at, self_run, rules))]

    return _each_cell(request_time, "request_time", due)


@gives_a_value
def POLICYVALUE(  # noqa: N802
    name: Any, as_of: Any = None, field: Any = None, policy: Any = None
) -> Any:
    """A policy value or what is known of it: its unit, source, standing, snapshot.

    Money in its own currency, rates as shares. A name that is none is #VALUE!, a day
    before the first value #N/A.
    """
    used = terms(policy)
    case = Case(used.lang, as_of=as_of, field=field)
    on = today() if case.blank("as_of") else case["as_of"]
    day = _EPOCH + timedelta(days=on)
    wanted = _field(case.text("field"), _VALUE_FIELDS) or "value"
    return _each_cell(name, "name", lambda cell: [_told(str(cut(cell)), day, wanted, used)])


def _told(name: str, day: date, wanted: str, used: Terms) -> Any:
    try:
        found = used.policy.find(name)
        entry = used.policy.entry(found, day)
    except NoRule:
        return errors.NA
    except PolicyProblem:
        return errors.VALUE
    value, row = used.policy.value(found), used.policy.row(found, day, used.lang)
    told: dict[str, Callable[[], Any]] = {
        "value": lambda: _number(value.kind, entry.value, row["value"]),
        "unit": lambda: _unit(value, used),
        "standing": lambda: row["standing_word"],
        "shown": lambda: row["value"],
    }
    answer = told[wanted]() if wanted in told else row[wanted]
    return errors.BLANK if answer is None else answer


def _number(kind: str, exact: Any, shown: str) -> Any:
    """A number as a cell holds it; words as they are shown."""
    if kind in ("money_cny", "money_usd"):
        return exact / 100
    if isinstance(exact, Fraction | int) and not isinstance(exact, bool):
        return float(exact)
    return shown


def _unit(value: Any, used: Terms) -> str:
    known = {"money_cny": "CNY", "money_usd": "USD", "rate": "%"}
    unit = value.unit_zh if used.lang == "zh" else value.unit_en
    return unit or known.get(value.kind, "")


def _field(word: str, fields: Mapping[str, str]) -> str:
    """The field that a word names, by key or by its Chinese name; "" for a blank."""
    if not word:
        return ""
    wanted = plain(word)
    for key, zh in fields.items():
        if wanted in (key, plain(zh)):
            return key
    raise CallProblem("unknown_field", value=word, allowed=", ".join(fields))


def _moment(cell: Any, due: Callable[[datetime], datetime]) -> Any:
    try:
        at = read_moment(cell)
        return errors.BLANK if at is None else due(at)
    except (CallProblem, OverflowError):
        return errors.VALUE


def _each_cell(value: Any, name: str, told: Callable[[Any], list[Any]], width: int = 1) -> Any:
    """An answer a cell: one cell gives one value (or a row), a range its own shape."""

    def answer(cell: Any) -> list[Any]:
        if cell is None or cell == "":
            return [errors.BLANK] * width
        error = error_text(cell)
        return [error] * width if error else told(cell)

    if not is_range(value):
        cells = answer(value)
        return cells[0] if width == 1 else [cells]
    line = line_of(value, name)
    answers = [answer(cell) for cell in line.cells]
    if width == 1 and not line.upright:
        return [[cells[0] for cells in answers]]
    return answers
