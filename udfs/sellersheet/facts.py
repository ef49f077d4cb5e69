"""What the two articles tell, by topic: facts in words, and the policy's values beside them.

Each has its source, its standing and its scope. A value is the user's own where the policy has
one; a fact in words is as the article tells it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from datetime import date
from functools import cache
from importlib import resources
from typing import Final, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from sellersheet.policy import Policy, standing_word
from sellersheet.wording import Lang, Problem, Wording

WORDS: Final = Wording("sellersheet", "facts_words.toml")


class UnknownTopic(Problem):
    """A topic that there is none of."""

    wording = WORDS


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Topic(_Model):
    """A subject that facts belong to; the policy's values from those named on, in the policy's
    order and until another topic's begin, are told under it."""

    zh: str
    en: str
    values_from: tuple[str, ...] = ()

    def title(self, lang: Lang) -> str:
        """Its name."""
        return self.zh if lang == "zh" else self.en


class Fact(_Model):
    """A sentence of an article; ``section`` None: before its first or after its last heading."""

    key: str
    topic: str
    source: str
    section: str | None = None
    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)
    scope_zh: str = ""
    scope_en: str = ""

    def text(self, lang: Lang) -> str:
        """What it says."""
        return self.zh if lang == "zh" else self.en

    def scope(self, lang: Lang) -> str:
        """When and for whom it holds, or who is named for it; blank where nothing is said."""
        return self.scope_zh if lang == "zh" else self.scope_en


class Told(NamedTuple):
    """A fact as people read it; ``value`` is blank where the words say all."""

    topic: str
    fact: str
    value: str
    standing: str
    source: str
    scope: str


class _Facts(_Model):
    topics: dict[str, Topic]
    facts: tuple[Fact, ...]


@cache
def catalogue() -> _Facts:
    """Topics and facts as they stand in ``facts.toml``."""
    text = resources.files("sellersheet").joinpath("facts.toml").read_text(encoding="utf-8")
    return _Facts.model_validate(tomllib.loads(text))


def topic_of(word: str) -> str:
    """The key of the topic that a word names, by key or title; another one is a Problem."""
    topics = catalogue().topics
    names = {name.casefold(): key for key, t in topics.items() for name in (key, t.zh, t.en)}
    wanted = " ".join(word.split()).casefold()
    if wanted in names:
        return names[wanted]
    allowed = ", ".join(f"{key} ({topic.zh} / {topic.en})" for key, topic in topics.items())
    raise UnknownTopic("unknown_topic", value=word, allowed=allowed)


def values_of(topic: str, policy: Policy) -> list[str]:
    """The policy's values that are told under a topic."""
    begins = {name: key for key, item in catalogue().topics.items() for name in item.values_from}
    found, now = [], ""
    for name in policy.names:
        now = begins.get(name, now)
        if now == topic:
            found.append(name)
    return found


def facts(policy: Policy, on: date, lang: Lang, topic: str | None = None) -> list[Told]:
    """All that is told under a topic, or under all of them: words first, then values.

    A value without a rule on that day is told with a blank and its note.
    """
    chosen = catalogue().topics if topic is None else {topic: catalogue().topics[topic]}
    told: list[Told] = []
    for key, item in chosen.items():
        words = (fact for fact in catalogue().facts if fact.topic == key)
        told += [_of_words(fact, item, policy, lang) for fact in words]
        told += _of_values(values_of(key, policy), item, policy, on, lang)
    return told


def _of_words(fact: Fact, topic: Topic, policy: Policy, lang: Lang) -> Told:
    source = policy.sources[fact.source].text(lang, fact.section)
    standing = standing_word("stated", lang)
    return Told(topic.title(lang), fact.text(lang), "", standing, source, fact.scope(lang))


def _of_values(
    names: Iterable[str], topic: Topic, policy: Policy, on: date, lang: Lang
) -> list[Told]:
    rows = [policy.row(name, on, lang) for name in names]
    return [
        Told(
            topic.title(lang),
            row["title"],
            row["value"],
            row["standing_word"],
            row["source"],
            row["note"],
        )
        for row in rows
    ]
