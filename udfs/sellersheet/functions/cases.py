"""Table functions: the one case they take, and how its values are shown in their tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any, Final

from sellersheet.columns import Wrong
from sellersheet.days import date_of
from sellersheet.functions.blocks import CallProblem, ErrorCell, NotOnRecord, one_cell
from sellersheet.functions.ranges import CallTerms
from sellersheet.functions.reading import (
    ARGUMENTS,
    EMPTY,
    ERROR,
    GIVEN,
    WRONG,
    ReadArgument,
)
from sellersheet.functions.rows import read_one, today
from sellersheet.issues import explained, seen
from sellersheet.money import RATE_UNIT
from sellersheet.policy import View
from sellersheet.policy.shown import decimal
from sellersheet.rules import listed
from sellersheet.rules.deposit_signs import entity_kind
from sellersheet.rules.verdicts import PASS
from sellersheet.rules.verdicts import WORDS as VERDICTS
from sellersheet.wording import Lang, Wording

WORDS: Final = Wording("sellersheet.functions", "cases.toml")
# Parts of words that name a company without documents of its own.
_COMPANY: Final = ("公司", "企业", "company", "enterprise", "corporation", "limited", "ltd")


class Case:
    """One cell an argument. A wrong one is a CallProblem, an error cell an ErrorCell."""

    def __init__(self, lang: Lang, **arguments: Any) -> None:
        self.lang = lang
        self._read: dict[str, ReadArgument] = {}
        for name, value in arguments.items():
            cell = one_cell(value, name)
            read = self._read[name] = read_one(name, cell)
            if read.state == ERROR:
                raise ErrorCell(read.errors[0])
            if read.state == WRONG:
                raise wrong_argument(name, name, read.wrong, cell, lang)

    def __getitem__(self, name: str) -> Any:
        """The typed value of an argument, None where it is blank."""
        read = self._read[name]
        return read.value if read.state == GIVEN else None

    @property
    def day(self) -> int:
        """The day ``as_of``, since 1970-01-01; a blank is today."""
        return today() if self["as_of"] is None else int(self["as_of"])

    def text(self, name: str) -> str:
        """A text argument, "" where it is blank."""
        return str(self[name] or "")

    def blank(self, *names: str) -> bool:
        """Whether these arguments are blank; none named: all but the day."""
        asked = names or [name for name in self._read if name != "as_of"]
        return all(self._read[name].state == EMPTY for name in asked)

    def needs(self, *names: str) -> None:
        """A blank one of these is not on record."""
        missing = [ARGUMENTS[name].title(self.lang) for name in names if self.blank(name)]
        if missing:
            raise NotOnRecord("missing_argument", names=missing)

    def shown(self, name: str) -> str:
        """An argument as people read it; blank where it was not given."""
        return shown(name, self[name], self.lang)


def wrong_argument(name: str, kind: str, wrong: int, cell: Any, lang: Lang) -> CallProblem:
    """A cell of the argument ``name`` that can't be read as the argument ``kind`` is."""
    what = explained(ARGUMENTS[kind], Wrong(wrong), seen(cell), lang)
    return CallProblem("wrong_argument", name=name, what=what)


def shown(name: str, value: Any, lang: Lang) -> str:
    """The typed value of an argument as people read it."""
    if value is None:
        return ""
    item = ARGUMENTS[name]
    if item.kind == "rate":
        return percent(value)
    if item.kind == "money":
        return f"{'$' if item.unit == 'USD' else '¥'}{value / 100:,.2f}"
    if item.kind == "yes_no":
        return WORDS("yes" if value else "no", lang)
    return f"{value:,}" if item.kind == "count" else str(value)


def percent(units: int) -> str:
    """A rate in units of 1e-9 as people read it."""
    return f"{decimal(Fraction(units * 100, RATE_UNIT))} %"


def in_force(used: CallTerms, names: Iterable[str], day: int) -> View:
    """The policy on a day; NotOnRecord where it has no rules yet."""
    names = tuple(names)
    rules = used.on(day)
    if not rules.known(names):
        raise NotOnRecord("no_rule", first_day=used.policy.first_day(names))
    return rules


def in_words(used: CallTerms, day: int) -> Callable[[str], str]:
    """Tells a policy value on that day as people read it: "≥ 180 days"."""
    on = date_of(day)
    return lambda name: str(used.policy.row(name, on, used.lang)["value"])


def verdict_words(lang: Lang) -> dict[str, str]:
    """PASS, FAIL and UNKNOWN as people are told them."""
    return {code: WORDS(code, lang) for code in ("PASS", "FAIL", "UNKNOWN")}


def whole(verdict: int, passed: str, lang: Lang) -> str:
    """What to do about criteria as a whole; ``passed`` where none fails and none is open."""
    return passed if verdict == PASS else WORDS(f"whole_{VERDICTS[verdict]}".lower(), lang)


def told(text: str, lang: Lang) -> str:
    """A text of a function with its verdicts as people are told them."""
    for code, word in verdict_words(lang).items():
        for here in (f" {code} ", code) if word != code else ():  # no spaces in Chinese
            text = text.replace(here, word)
    return text


def entity_of(word: str, rules: View) -> str | None:
    """E7: individual, cross_border, "" for another company; None for a word that is none."""
    found = entity_kind(word, rules)
    plain = listed.plain(word)
    return found if found or any(part in plain for part in _COMPANY) else None
