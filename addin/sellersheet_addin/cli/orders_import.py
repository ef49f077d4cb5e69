"""``sellersheet import``: order exports into one file of orders, none of them twice."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from typing import Any, Final

import click

from sellersheet.wording import Lang, Wording
from sellersheet_addin.cli.commands import FILE, command
from sellersheet_addin.cli.reading_told import show_headers, show_remarks
from sellersheet_addin.cli.say import SAY, bar, tell, tell_first
from sellersheet_addin.cli.settings import READING, settings, shared
from sellersheet_workbook.keeping.inputs import given
from sellersheet_workbook.orders_import import (
    Imported,
    ImportProblem,
    Memory,
    import_orders,
    memory_path,
)
from sellersheet_workbook.orders_import.intake import Taken
from sellersheet_workbook.problems import HOST

TEXT: Final = Wording("sellersheet_addin.cli", "orders_import.toml")


def orders_import(lang: Lang) -> click.Command:
    """The command in one language."""

    @command("import", lang)
    @click.argument("files", metavar="FILE...", nargs=-1, required=True, type=FILE)
    @click.option("-o", "--output", type=FILE, required=True, help=TEXT("output", lang))
    @shared(lang, *READING, "fx")
    @click.option("--shop", metavar="NAME", default="", help=TEXT("shop", lang))
    @click.option("--no-remember", is_flag=True, help=TEXT("no_remember", lang))
    def run(
        files: tuple[Path, ...],
        output: Path,
        shop: str,
        no_remember: bool,
        **options: Any,
    ) -> int:
        terms = settings(**options)
        sources = [found for file in files for found in _spread(file)]
        number = count(1)
        with bar() as told, given(*terms.files):

            def step(file: Path) -> None:
                told(next(number), len(sources), SAY("step_read", lang, path=file.name))

            done = import_orders(
                sources,
                output,
                lang,
                fx=terms.fx,
                asked=terms.asked,
                shop=shop,
                memory=Memory(None if no_remember else memory_path()),
                on_file=step,
            )
        _show(done, lang)
        return 1 if done.refused or done.failed else 0

    return run


globals()["import"] = orders_import  # a command is built by the function of its own name


def _spread(file: Path) -> list[Path]:
    """The files that a pattern names, where the shell has left that to the program."""
    if "*" not in file.name or file.exists():
        return [file]
    return sorted(file.parent.glob(file.name)) or [file]


def _show(done: Imported, lang: Lang) -> None:
    """The files, the counts, what changed, what was not taken, and where it is written."""
    for item in done.taken:
        _show_file(item, lang)
    for path, problem in done.failed:
        tell(ImportProblem("file", path=path, problem=problem).text(lang), style="red")
    shown = {name: f"{count:,}" for name, count in done.counts.items()}
    tell(TEXT("total", lang, **shown), style="bold")
    _show_changes(done, lang)
    if done.left:
        messages = (
            f"{item.path.name}{TEXT('colon', lang)}{message}"
            for item in done.taken
            for message in item.left["message"]
        )
        tell(HOST("left", lang, path=done.left), style="red" if done.refused else "yellow")
        tell_first(messages, done.counts["refused"] + done.counts["passed"])
    for note in done.notes:
        tell(note.text(lang), style="yellow")
    code = "written" if done.written else "as_it_was" if done.target.exists() else "nothing"
    tell(TEXT(code, lang, path=done.target))


def _show_file(item: Taken, lang: Lang) -> None:
    """Rows, which headers were taken for what beyond the registry's own, what was left out."""
    tell(TEXT("file", lang, path=item.path, rows=f"{item.read:,}"))
    show_headers(item.fates, "orders", lang)
    if item.recalled:
        names = [f"{name}={key}" for name, key in item.recalled.items()]
        tell("  " + TEXT("recalled", lang, names=SAY("between", lang).join(names)))
    show_remarks(item.remarks, lang)


def _show_changes(done: Imported, lang: Lang) -> None:
    if not done.listed:
        return
    tell(TEXT("changes", lang, count=f"{len(done.changes):,}", path=done.listed))
    lines = (
        TEXT(
            "change", lang, kind=row.kind, order=row.order_id, column=row.column,
            before=row.before or "—", after=row.after or "—",
        )
        for row in done.changes.itertuples()
    )  # fmt: skip
    tell_first(lines, len(done.changes))
