"""The table of ELIGIBLE_DETAIL: every criterion with what it asks for and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any, Final, NamedTuple

from sellersheet.functions.blocks import BLANK
from sellersheet.functions.cases import WORDS as SHARED
from sellersheet.functions.cases import Case, entity_of, in_words, whole
from sellersheet.functions.documents import MEASURES, read_documents
from sellersheet.functions.ranges import CallTerms
from sellersheet.functions.reading import ARGUMENTS
from sellersheet.money import RATE_UNIT
from sellersheet.policy import View
from sellersheet.policy.shown import decimal
from sellersheet.rules.eligibility import (
    BARRING_FLAGS,
    CRITERIA,
    OPTIONAL,
    Shop,
    criteria,
    document_criteria,
)
from sellersheet.rules.verdicts import FAIL, NOT_ASKED, PASS, UNKNOWN, overall
from sellersheet.rules.verdicts import WORDS as VERDICTS
from sellersheet.wording import Wording

WORDS: Final = Wording("sellersheet.functions", "shop.toml")


class GivenShop(NamedTuple):
    """What was asked: the case, its shop as the rules take it, the range of documents, the day."""

    case: Case
    shop: Shop
    documents: Any
    day: int


class _Row(NamedTuple):
    title: str
    rules: str
    need: str
    have: str
    verdict: int
    todo: str


class _Table:
    def __init__(self, given: GivenShop, used: CallTerms, rules: View) -> None:
        self.given, self.used, self.rules = given, used, rules
        self.lang = used.lang
        self.told = in_words(used, given.day)
        self.entity = entity_of(given.case.text("entity"), rules)
        self.papers = read_documents(
            given.documents, self.entity or "", used.policy, rules, given.day, used.lang
        )

    def rows(self) -> list[_Row]:
        """Every criterion in the order of its rule."""
        found = criteria(self.given.shop, self.rules)
        figures = {rule: self._criterion(rule, int(verdict)) for rule, verdict in found.items()}
        site = self.used.policy.value("seller_site").title(self.lang)
        return [
            *(row for rule, row in figures.items() if rule not in OPTIONAL),
            *self._documents(),
            *self._entity(),
            _Row(site, "E8", self.told("seller_site"), "", NOT_ASKED, WORDS("site", self.lang)),
            *(figures[rule] for rule in OPTIONAL),
        ]

    def _criterion(self, rule: str, verdict: int) -> _Row:
        name, value = CRITERIA[rule]
        title = ARGUMENTS[name].title(self.lang)
        todo = "" if verdict == PASS else self._todo(rule, title, verdict)
        have = self.given.case.shown(name)
        if rule == "E9":
            have = self._joined(filter(None, (have, *map(self._flag, BARRING_FLAGS))))
            todo = " ".join(filter(None, (todo, self._unasked(verdict))))
        return _Row(title, rule, self.told(value), have, verdict, todo)

    def _flag(self, flag: str) -> str:
        """E12: a flag that was answered, with its answer."""
        answer = self.given.case.shown(flag)
        title = ARGUMENTS[flag].title(self.lang)
        return WORDS("flag", self.lang, title=title, answer=answer) if answer else ""

    def _unasked(self, verdict: int) -> str:
        """E12: the flags that were not asked, where the category's name alone decided."""
        case = self.given.case
        blank = [flag for flag in BARRING_FLAGS if case.blank(flag)]
        if not blank or verdict in (FAIL, NOT_ASKED):
            return ""
        titles = self._joined(ARGUMENTS[flag].title(self.lang) for flag in blank)
        return WORDS("flags_unasked", self.lang, titles=titles)

    def _todo(self, rule: str, title: str, verdict: int) -> str:
        name, value = CRITERIA[rule]
        if verdict == NOT_ASKED:
            return SHARED("fill_in_to_check", self.lang, title=title)
        if self.given.case.blank(name) and verdict != FAIL:
            return SHARED("fill_in", self.lang, title=title)
        code = f"{rule}_{VERDICTS[verdict]}".lower()
        rules, shop = self.rules, self.given.shop
        fields: dict[str, object] = {"need": self.told(value)}
        if rule == "E1":
            fields["gap"] = rules.number(value) - shop.age_days
        elif rule == "E2":
            fields["window"] = rules.number("violations_window_days")
        elif rule in ("E3", "E4"):
            have = Fraction(self.given.case[name], RATE_UNIT)
            need = rules.ratio(value)
            fields["gap"] = decimal((Fraction(need.num, need.den) - have) * 100)
        elif rule == "E5":
            fields["path"] = rules.text("warehouse_path", self.lang)
        elif rule == "E9":
            fields |= {
                "barred": self.told("barred_categories"),
                "named": len(rules.table("open_categories")),
                "all": rules.number("open_categories_total"),
            }
        return WORDS(code, self.lang, **fields)

    def _documents(self) -> list[_Row]:
        records = self.rules.table("required_documents")
        if self.papers is None:
            title = self.used.policy.value("required_documents").title(self.lang)
            need = self._joined(self._name(record) for record in records)
            return [_Row(title, "E6", need, "", NOT_ASKED, WORDS("give_documents", self.lang))]
        verdicts = document_criteria(self.papers.documents, self.rules)
        found = [
            self._paper(
                record["key"], self._name(record), "E6", record[f"need_{self.lang}"], verdicts
            )
            for record in records
        ]
        for key, name in MEASURES.items():
            title = self.used.policy.value(name).title(self.lang)
            found.append(self._paper(key, title, "E6", self.told(name), verdicts))
        return found

    def _paper(self, key: str, title: str, rule: str, need: str, verdicts: dict[str, int]) -> _Row:
        papers = self.papers
        have = papers.shown.get(key, "") if papers else ""
        verdict, todo = verdicts[key], ""
        if verdict != PASS:
            what = VERDICTS[verdict].lower()
            code = f"{key}_{what}" if f"{key}_{what}" in WORDS.messages else f"document_{what}"
            todo = WORDS(code, self.lang, title=title, need=need)
        return _Row(title, rule, need, have, verdict, todo)

    def _entity(self) -> list[_Row]:
        """E7: the documents that this kind of seller needs besides."""
        case = self.given.case
        title = self.used.policy.value("entity_documents").title(self.lang)
        asked_for = ARGUMENTS["entity"].title(self.lang)
        if case.blank("entity"):
            todo = SHARED("fill_in_to_check", self.lang, title=asked_for)
            return [_Row(title, "E7", "", "", NOT_ASKED, todo)]
        have = case.text("entity")
        if self.entity is None:
            verdict = NOT_ASKED if self.papers is None else UNKNOWN
            todo = SHARED("entity_unknown", self.lang)
            return [_Row(title, "E7", "", have, verdict, todo)]
        records = [r for r in self.rules.table("entity_documents") if r["entity"] == self.entity]
        if not records:
            return [_Row(title, "E7", WORDS("no_more_documents", self.lang), have, PASS, "")]
        if self.papers is None:
            need = self._joined(self._name(record) for record in records)
            todo = WORDS("give_documents", self.lang)
            return [_Row(title, "E7", need, have, NOT_ASKED, todo)]
        verdicts = document_criteria(self.papers.documents, self.rules)
        entity = records[0][f"entity_{self.lang}"]
        need = WORDS("needed_by", self.lang, entity=entity)
        return [
            self._paper(record["key"], self._name(record), "E7", need, verdicts)
            for record in records
        ]

    def whole(self, verdict: int) -> str:
        """What to do about the whole."""
        path = self.rules.text("join_path", self.lang)
        days = self.rules.number("join_review_days")
        passed = WORDS("whole_pass", self.lang, path=path, days=days)
        return whole(verdict, passed, self.lang)

    def _name(self, record: Any) -> str:
        return str(record[self.lang])

    def _joined(self, names: Iterable[str]) -> str:
        return ("、" if self.lang == "zh" else ", ").join(names)


def criteria_table(given: GivenShop, used: CallTerms, rules: View) -> list[list[Any]]:
    """A header, a row a criterion, and the whole in the last row.

    Where nothing was entered at all only the criteria and their needs are filled in.
    """
    table = _Table(given, used, rules)
    lang = used.lang
    rows = table.rows()
    blank = given.case.blank() and table.papers is None
    header = [WORDS("criterion", lang)]
    header += [SHARED(key, lang) for key in ("need", "have", "result", "todo")]
    words = {**VERDICTS, NOT_ASKED: SHARED("not_asked", lang)}
    found = [header]
    for row in rows:
        title = SHARED("named", lang, title=row.title, rules=row.rules)
        told = [BLANK] * 3 if blank else [row.have, words[row.verdict], row.todo]
        found.append([title, row.need, *told])
    verdict = int(overall([row.verdict for row in rows]))
    told = [BLANK] * 2 if blank else [words[verdict], table.whole(verdict)]
    return [*found, [SHARED("overall", lang), "", "", *told]]
