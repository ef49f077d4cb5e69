"""``sellersheet policy``: every value with its source and standing, checks, what changed.

``sellersheet facts``: what the articles tell, each with its source and standing.
"""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import click

from sellersheet.facts import Told, catalogue, topic_of
from sellersheet.facts import facts as facts_of
from sellersheet.policy import load, shown
from sellersheet.wording import Lang
from sellersheet_addin.cli.commands import FILE, Group, command
from sellersheet_addin.cli.policy_impact import impact
from sellersheet_addin.cli.say import SAY, CallProblem, show_table, tell
from sellersheet_addin.cli.settings import day, settings, shared
from sellersheet_workbook.files.book import text_width

_FIELDS = (
    "value",
    "start_shown",
    "snapshot_shown",
    "standing_word",
    "source",
    "note",
    "replaced",
    "reason",
)
_LONGEST = 40  # columns of a value in the list


def policy(lang: Lang) -> Group:
    """The group of commands in one language."""
    group = Group("policy", lang=lang, code="policy")
    for item in (_show(lang), _validate(lang), _diff(lang), impact(lang)):
        group.add_command(item)
    return group


def _show(lang: Lang) -> click.Command:
    @command("show", lang, "policy_show")
    @click.argument("names", nargs=-1, metavar="[NAME]...")
    @shared(lang, "policy", "as_of")
    def show(names: tuple[str, ...], policy_file: Path | None, as_of: str | None) -> int:
        terms = settings(policy_file=policy_file, as_of=as_of)
        found = terms.policy
        wanted = [found.find(name) for name in names] or list(found.names)
        rows = [found.row(name, terms.as_of, lang) for name in wanted]
        if names:
            for row in rows:
                tell(f"{row['title']} ({row['name']}, {row['rule']})", style="bold")
                for key in _FIELDS:
                    if row[key]:
                        title = SAY(f"policy_{key.removesuffix('_shown')}", lang)
                        tell("  " + SAY("told", lang, title=title, text=row[key]))
            return 0
        _show_all(rows, lang)
        tell(SAY("policy_codes", lang))
        about = {"version": found.version, "digest": found.digest, "date": terms.as_of}
        tell(SAY("policy_version", lang, **about))
        return 0

    return show


def _show_all(rows: list[dict[str, str]], lang: Lang) -> None:
    """One line a value; long ones are cut here and whole where they are asked for by name."""
    table = []
    for row in rows:
        value = row["value"]
        if row["replaced"]:
            value = SAY("value_replaced", lang, value=value, old=row["replaced"])
        named = f"{row['title']}\n{row['name']}"
        table.append([row["rule"], named, _cut(value), row["standing_word"]])
    keys = ("rule", "name", "value", "standing_word")
    show_table([SAY(f"policy_{key}", lang) for key in keys], table)
    if any(line[2].endswith("…") for line in table):
        tell(SAY("policy_cut", lang))


def _validate(lang: Lang) -> click.Command:
    @command("validate", lang, "policy_validate")
    @click.argument("file", type=FILE)
    def validate(file: Path) -> int:
        own = load(file)
        entries = [
            (name, entry)
            for name in own.names
            for entry in own.value(name).entries
            if entry.standing == "own"
        ]
        tell(SAY("policy_sound", lang, path=file, count=len(entries)))
        for name, entry in entries:
            value = own.value(name)
            old = shown(value, entry.replaced.value, lang) if entry.replaced else "—"
            new = shown(value, entry.value, lang)
            tell(f"  {value.title(lang)} ({name}, {entry.start}): {old} → {new}")
        return 0

    return validate


def _diff(lang: Lang) -> click.Command:
    @command("diff", lang, "policy_diff")
    @click.argument("first", metavar="DATE")
    @click.argument("second", metavar="DATE")
    @shared(lang, "policy")
    def diff(first: str, second: str, policy_file: Path | None) -> int:
        found = load(policy_file)
        before, after = day(first), day(second)
        if before is None or after is None:
            raise CallProblem("bad_time", value=first if before is None else second)
        changes = found.diff(before, after)
        if not changes:
            tell(SAY("policy_same", lang, first=before, second=after))
            return 0
        rows = []
        for name, old, new in changes:
            value = found.value(name)
            texts = [
                _cut(shown(value, entry.value, lang)) if entry else "—" for entry in (old, new)
            ]
            rows.append([", ".join(value.rules), f"{value.title(lang)}\n{name}", *texts])
        titles = [SAY(f"policy_{key}", lang) for key in ("rule", "name")]
        show_table([*titles, str(before), str(after)], rows)
        return 0

    return diff


def _cut(text: str) -> str:
    if text_width(text) <= _LONGEST:
        return text
    end = len(text)
    while text_width(text[:end]) > _LONGEST - 2:
        end -= 1
    return f"{text[:end].rstrip()}…"


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
                tell(_fact_line(fact, sources, lang))
        for number, source in enumerate(sources, 1):
            tell(f"({number}) {source}", style="dim")
        if topic is None:
            tell(SAY("facts_topics", lang, topics=", ".join(catalogue().topics)))
        return 0

    return run


def _fact_line(fact: Told, sources: list[str], lang: Lang) -> str:
    text = fact.fact
    if fact.value:
        text = SAY("told", lang, title=text, text=fact.value)
    about = [fact.standing, f"({sources.index(fact.source) + 1})", fact.scope]
    return f"  {text}  [{' · '.join(filter(None, about))}]"
