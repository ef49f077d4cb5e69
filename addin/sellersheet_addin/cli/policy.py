"""``sellersheet policy``: every value with its source and standing, checks, and what changed."""

from __future__ import annotations

from pathlib import Path

import click

from sellersheet.policy import load, shown
from sellersheet.wording import Lang
from sellersheet_addin.cli.say import SAY, console, grid
from sellersheet_addin.cli.settings import CallProblem, day, settings, shared


def policy(lang: Lang) -> click.Group:
    """The group of commands in one language."""
    group = click.Group(
        "policy", help=SAY("policy_group_help", lang), epilog=SAY("policy_examples", lang)
    )
    for command in (_show(lang), _validate(lang), _diff(lang)):
        group.add_command(command)
    return group


def _show(lang: Lang) -> click.Command:
    @click.command("show", help=SAY("policy_show_help", lang))
    @click.argument("names", nargs=-1, metavar="[NAME]...")
    @shared(lang, "policy", "as_of")
    def show(names: tuple[str, ...], policy_file: Path | None, as_of: str | None) -> int:
        terms = settings(policy_file=policy_file, as_of=as_of)
        found = terms.policy
        wanted = [found.find(name) for name in names] or list(found.names)
        if names:
            for name in wanted:
                row = found.row(name, terms.as_of, lang)
                console().print(
                    f"{row['title']} ({name}, {row['rule']})", style="bold", markup=False
                )
                for key in (
                    "value",
                    "start",
                    "snapshot",
                    "standing_word",
                    "source",
                    "note",
                    "replaced",
                    "reason",
                ):
                    if row[key]:
                        title = SAY(f"policy_{key}", lang)
                        console().print(f"  {title}: {row[key]}", markup=False)
            return 0
        rows = [found.row(name, terms.as_of, lang) for name in wanted]
        titles = [SAY(f"policy_{key}", lang) for key in ("rule", "name", "value", "standing_word")]
        table = [
            [
                row["rule"],
                f"{row['title']}\n[dim]{row['name']}[/dim]",
                _plain(row["value"]),
                row["standing_word"],
            ]
            for row in rows
        ]
        console().print(grid(titles, table))
        console().print(
            SAY(
                "policy_version", lang, version=found.version, digest=found.digest, date=terms.as_of
            ),
            markup=False,
        )
        return 0

    return show


def _validate(lang: Lang) -> click.Command:
    @click.command("validate", help=SAY("policy_validate_help", lang))
    @click.argument("file", type=click.Path(path_type=Path))
    def validate(file: Path) -> int:
        own = load(file)
        entries = [
            (name, entry)
            for name in own.names
            for entry in own.value(name).entries
            if entry.standing == "own"
        ]
        console().print(SAY("policy_sound", lang, path=file, count=len(entries)), markup=False)
        for name, entry in entries:
            value = own.value(name)
            old = shown(value, entry.replaced.value, lang) if entry.replaced else "—"
            new = shown(value, entry.value, lang)
            console().print(f"  {value.title(lang)} ({name}): {old} → {new}", markup=False)
        return 0

    return validate


def _diff(lang: Lang) -> click.Command:
    @click.command("diff", help=SAY("policy_diff_help", lang))
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
            console().print(SAY("policy_same", lang, first=before, second=after), markup=False)
            return 0
        rows = []
        for name, old, new in changes:
            value = found.value(name)
            texts = [shown(value, entry.value, lang) if entry else "—" for entry in (old, new)]
            rows.append([", ".join(value.rules), value.title(lang), *map(_plain, texts)])
        titles = [SAY("policy_rule", lang), SAY("policy_name", lang), str(before), str(after)]
        console().print(grid(titles, rows))
        return 0

    return diff


def _plain(text: str) -> str:
    from rich.markup import escape

    return escape(text)
