"""``sellersheet facts``: what the articles tell, each with its source and standing."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import click

from sellersheet.facts import Told, catalogue, topic_of
from sellersheet.facts import facts as facts_of
from sellersheet.wording import Lang
from sellersheet_addin.cli.commands import command
from sellersheet_addin.cli.say import SAY, tell
from sellersheet_addin.cli.settings import settings, shared


def facts(lang: Lang) -> click.Command:
    """The command in one language."""

    @command("facts", lang)
    @click.argument("topic", required=False, metavar="[TOPIC]")
    @shared(lang, "policy", "as_of")
    def run(topic: str | None, policy_file: Path | None, as_of: str | None) -> int:
        wanted = None if topic is None else topic_of(topic)
        terms = settings(policy_file=policy_file, as_of=as_of)
        told = facts_of(terms.policy, terms.as_of, lang, wanted)
        sources = list(dict.fromkeys(fact.source for fact in told))
        for title, items in groupby(told, key=lambda fact: fact.topic):
            tell(title, style="bold")
            for fact in items:
                tell(_line(fact, sources, lang))
        for number, source in enumerate(sources, 1):
            tell(f"({number}) {source}", style="dim")
        if topic is None:
            tell(SAY("facts_topics", lang, topics=", ".join(catalogue().topics)))
        return 0

    return run


def _line(fact: Told, sources: list[str], lang: Lang) -> str:
    text = fact.fact
    if fact.value:
        text = SAY("told", lang, title=text, text=fact.value)
    about = [fact.standing, f"({sources.index(fact.source) + 1})", fact.scope]
    return f"  {text}  [{' · '.join(filter(None, about))}]"
