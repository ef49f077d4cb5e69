"""The form of a policy: sources, values, and their entries over time."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from sellersheet.policy.kinds import COLUMN_KINDS, Shape, ValueKind, day, exact
from sellersheet.policy.problems import Unfit, listed, said
from sellersheet.wording import Lang

Standing = Literal["stated", "read", "assumed", "own"]
Relation = Literal["", ">", "≥", "<", "≤", "±"]
Day = Annotated[dt.date, BeforeValidator(day)]
Words = Annotated[str, Field(min_length=1)]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(_Model):
    """A text that values are taken from, with its headings."""

    title: Words
    title_en: Words
    site: Words
    site_en: Words
    date: Day
    sections: tuple[str, ...]

    def text(self, lang: Lang, *sections: str | None) -> str:
        """Title, site, date and headings in one line."""
        named = [section for section in sections if section]
        if lang == "zh":
            parts = [f"《{self.title}》", self.site, self.date.isoformat()]
            return "，".join([*parts, *(f"“{section}”一节" for section in named)])
        parts = [f"{self.title} ({self.title_en})", self.site_en, self.date.isoformat()]
        return ", ".join([*parts, *(f'section "{section}"' for section in named)])


class Allowed(_Model):
    """One of the readings offered by a choice."""

    key: Words
    zh: Words
    en: Words


class Entry(_Model):
    """A value from ``start`` on. ``value`` is exact: see ``kinds.exact``.

    ``snapshot`` is the day for which the source gives the value, or the first day of the month or
    quarter that it names (``snapshot_span``); ``start_standing`` is how far the start itself is
    known. ``further_sections`` tell parts of the value beside ``section``. An entry of the user's
    own has the standing ``own``, names where it came from (``origin``) and keeps the entry that it
    replaced.
    """

    start: Day
    value: Any
    standing: Standing
    source: str | None = None
    section: str | None = None
    further_sections: tuple[str, ...] = ()
    snapshot: Day | None = None
    snapshot_span: Literal["day", "month", "quarter"] = "day"
    start_standing: Standing = "assumed"
    note_zh: str = ""
    note_en: str = ""
    origin: str | None = None
    reason: str | None = None
    replaced: Entry | None = None

    def note(self, lang: Lang) -> str:
        """What a reader of the value should know."""
        return self.note_zh if lang == "zh" else self.note_en


class PolicyValue(_Model):
    """One number, text or table of the policy and its entries, earliest first.

    ``low`` and ``high`` are inclusive bounds in the value's own unit; ``columns`` gives the
    kind of each column of a table, with ``?`` where it may be absent; ``relation`` is how
    the value is compared, as in "> 3 days".
    """

    name: Words
    rules: tuple[str, ...] = Field(min_length=1)
    kind: ValueKind
    zh: Words
    en: Words
    unit_zh: str = ""
    unit_en: str = ""
    relation: Relation = ""
    low: Decimal | None = None
    high: Decimal | None = None
    pattern: str | None = None
    allowed: tuple[Allowed, ...] = ()
    columns: dict[str, str] = {}
    entries: tuple[Entry, ...] = Field(min_length=1)

    def title(self, lang: Lang) -> str:
        """The name shown to people."""
        return self.zh if lang == "zh" else self.en

    @property
    def shape(self) -> Shape:
        """What an entry's value may be."""
        choices = {item.key: (item.zh, item.en) for item in self.allowed}
        low = None if self.low is None else Fraction(self.low)
        high = None if self.high is None else Fraction(self.high)
        return Shape(self.kind, low, high, choices, self.columns, self.pattern)

    def index(self, on: dt.date) -> int:
        """The position of the entry in force that day, -1 before the first."""
        return bisect_right(self.entries, on, key=lambda entry: entry.start) - 1

    @field_validator("columns")
    @classmethod
    def _column_kinds(cls, columns: dict[str, str]) -> dict[str, str]:
        for key, kind in columns.items():
            if kind.removesuffix("?") not in COLUMN_KINDS:
                allowed = said("one_of", words=listed(sorted(COLUMN_KINDS)))
                raise Unfit(said("not_offered"), allowed, kind, key)
        return columns

    @field_validator("entries")
    @classmethod
    def _in_order(cls, entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
        for number, (before, entry) in enumerate(pairwise(entries), 2):
            if entry.start <= before.start:
                wrong = said("same_start" if entry.start == before.start else "not_sorted")
                raise Unfit(wrong, said("sorted_needed"), entry.start, f"[{number}].start")
        return entries

    @model_validator(mode="after")
    def _exact_values(self) -> PolicyValue:
        entries = []
        for number, entry in enumerate(self.entries, 1):
            try:
                value = exact(entry.value, self.shape)
            except Unfit as unfit:
                raise unfit.under(f"entries[{number}].value") from None
            entries.append(entry.model_copy(update={"value": value}))
        # A frozen model is filled in here once, before anyone has seen it.
        self.__dict__["entries"] = tuple(entries)
        return self


class Meta(_Model):
    """The version of a policy, its files in the order shown, and the sources named in them."""

    version: Words
    files: tuple[str, ...]
    sources: dict[str, Source]


class Override(_Model):
    """A value of the user's own; without ``start`` it holds whenever the value is in force."""

    model_config = ConfigDict(coerce_numbers_to_str=True)  # a reason may be a bare number

    name: Words
    value: Any
    start: Day | None = None
    reason: str | None = None
