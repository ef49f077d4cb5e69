"""``sellersheet functions``: the worksheet functions, their arguments and examples."""

from __future__ import annotations

import difflib

import click

from sellersheet.functions.registry import FUNCTIONS, Function
from sellersheet.wording import Lang
from sellersheet_addin.cli.commands import command
from sellersheet_addin.cli.say import SAY, CallProblem, show_table, tell


def functions(lang: Lang) -> click.Command:
    """The command in one language."""

    @command("functions", lang)
    @click.argument("name", required=False, metavar="[NAME]")
    def run(name: str | None) -> int:
        if name is None:
            rows = [[item.name, item.help(lang)] for item in FUNCTIONS.values()]
            titles = [SAY("functions_function", lang), SAY("functions_gives", lang)]
            show_table(titles, rows)
        else:
            _show(_named(name), lang)
        return 0

    return run


def _named(name: str) -> Function:
    wanted = name.strip().lstrip("=").upper()
    if wanted not in FUNCTIONS:
        near = difflib.get_close_matches(wanted, FUNCTIONS, n=3, cutoff=0.4)
        raise CallProblem("unknown_function", name=name, near=", ".join(near) or "—")
    return FUNCTIONS[wanted]


def _show(function: Function, lang: Lang) -> None:
    """One function: how it is written, what it gives, each argument, examples."""
    tell(f"={function.signature}", style="bold")
    tell(function.help(lang))
    rows = [
        [item.name, SAY("functions_optional", lang) if item.optional else "", item.help(lang)]
        for item in function.arguments
    ]
    titles = [SAY(f"functions_{key}", lang) for key in ("argument", "needed", "what")]
    show_table(titles, rows)
    for example in function.examples:
        tell(SAY("functions_example", lang, example=example))
