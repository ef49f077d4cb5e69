"""The range of documents: a name, whether it is in hand, and its value in each row."""

from __future__ import annotations

import calendar
import math
import re
from collections.abc import Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from sellersheet.days import date_of, moment_of
from sellersheet.functions.blocks import CallProblem, ErrorCell, error_text, used_rows
from sellersheet.functions.cases import shown, wrong_argument
from sellersheet.functions.reading import ERROR, GIVEN, WRONG
from sellersheet.functions.rows import read_one
from sellersheet.issues import seen
from sellersheet.policy import Policy, View
from sellersheet.rules.eligibility import Documents
from sellersheet.rules.listed import find, plain
from sellersheet.wording import Lang

NAME: Final = "documents"
_HEADERS: Final = {"资料", "资料名", "资料名称", "名称", "文件", "document", "documents", "name"}
# The figures that may stand in a row of their own, by the policy value that each is held to.
MEASURES: Final = {
    "licence_months": "licence_min_months",
    "statement_months": "bank_statement_months",
    "monthly_flow": "bank_monthly_min",
}
_WITHOUT_END: Final = {
    "长期",
    "长期有效",
    "永久",
    "无固定期限",
    "longterm",
    "permanent",
    "indefinite",
}
_MONTHS: Final = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(?:个?月|months?)?\s*", re.IGNORECASE | re.ASCII)
_MOST_MONTHS: Final = 1200  # a larger number is a date


class Papers(NamedTuple):
    """What the range says, as the rules take it, and each part as people read it."""

    documents: Documents
    shown: dict[str, str]


class _Reader:
    def __init__(self, policy: Policy, rules: View, day: int, lang: Lang) -> None:
        self.day, self.lang = date_of(day), lang
        self.records = (*rules.table("required_documents"), *rules.table("entity_documents"))
        self.measures: dict[str, str] = {}
        for key, name in MEASURES.items():
            value = policy.value(name)
            self.measures |= dict.fromkeys(map(plain, (key, name, value.zh, value.en)), key)
        self.have: dict[str, bool | None] = {}
        self.licence: int | None = None
        self.statements: int | None = None
        self.flows: list[int] = []
        self.shown: dict[str, str] = {}

    def row(self, cells: Sequence[Any]) -> None:
        """One document or figure."""
        name, values = seen(cells[0]), [cell for cell in cells[2:] if cell not in (None, "")]
        record = find(name, self.records)
        key = record["key"] if record else self.measures.get(plain(name))
        if key is None:
            allowed = ", ".join(
                record["zh" if self.lang == "zh" else "en"] for record in self.records
            )
            raise CallProblem("document_name", value=name, allowed=allowed)
        if record is None:
            values = values or [cell for cell in cells[1:2] if cell not in (None, "")]
        else:
            self.have[key] = self._told(cells[1] if len(cells) > 1 else None)
            self.shown[key] = shown("certified", self.have[key], self.lang)
        if values and key in ("licence", "licence_months"):
            self._licence(values[0])
        elif values and key in ("bank_statements", "monthly_flow"):
            self.flows += [self._figure("paid", cell) for cell in values]
        elif values and key == "statement_months":
            self.statements = self._figure("orders", values[0])

    def papers(self, entity: str) -> Papers:
        """All that was said; two or more flows are a month each, one is that of every month."""
        statements = self.statements
        if statements is None and len(self.flows) > 1:
            statements = len(self.flows)
        flow = min(self.flows, default=None)
        self.shown["statement_months"] = shown("orders", statements, self.lang)
        self.shown["monthly_flow"] = shown("paid", flow, self.lang)
        documents = Documents(entity, self.have, self.licence, statements, flow)
        return Papers(documents, self.shown)

    def _told(self, cell: Any) -> bool | None:
        read = read_one("certified", cell)
        self._check("certified", read.state, read.wrong, cell)
        return bool(read.value) if read.state == GIVEN else None

    def _figure(self, kind: str, cell: Any) -> int:
        read = read_one(kind, cell)
        self._check(kind, read.state, read.wrong, cell)
        return int(read.value)

    def _check(self, kind: str, state: int, wrong: int, cell: Any) -> None:
        if state == ERROR:
            raise ErrorCell(error_text(cell) or "")
        if state == WRONG:
            raise wrong_argument(NAME, kind, wrong, cell, self.lang)

    def _licence(self, cell: Any) -> None:
        """Months that are left, an expiry date, or words for a licence without end."""
        error = error_text(cell)
        if error is not None:
            raise ErrorCell(error)
        self.shown["licence_months"] = seen(cell)
        if plain(str(cell)) in _WITHOUT_END:
            self.licence = _MOST_MONTHS
            return
        found = _MONTHS.fullmatch(str(cell)) if not isinstance(cell, bool) else None
        if found and float(found[1]) <= _MOST_MONTHS:
            self.licence = math.ceil(float(found[1]))
            return
        moment, wrong = moment_of(cell)
        if wrong or moment is None:
            raise CallProblem("document_validity", value=seen(cell))
        self.shown["licence_months"] = moment.date().isoformat()
        self.licence = months_left(self.day, moment.date())


def read_documents(
    block: Any, entity: str, policy: Policy, rules: View, day: int, lang: Lang
) -> Papers | None:
    """The range as the rules take it, None where it is blank."""
    rows = used_rows(block)
    if rows and plain(str(rows[0][0])) in _HEADERS:
        rows = rows[1:]
    reader = _Reader(policy, rules, day, lang)
    for row in rows:
        if any(cell not in (None, "") for cell in row):
            reader.row(row)
    return reader.papers(entity) if rows else None


def months_left(today: date, expiry: date) -> int:
    """Months until the licence ends, a begun one counted whole; 0 for one that has ended."""
    months = max(0, (expiry.year - today.year) * 12 + expiry.month - today.month)
    return months + 1 if _later(today, months) < expiry else months


def _later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
