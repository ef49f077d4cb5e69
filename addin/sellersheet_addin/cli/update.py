"""``sellersheet update``, ``undo``, ``share``: a workbook edited in place, put back, passed on."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any, Final

import click
import pandas as pd

from sellersheet.issues import seen
from sellersheet.summary import By, total
from sellersheet.wording import Lang, Wording
from sellersheet_addin.cli.batch import show_groups, show_total
from sellersheet_addin.cli.commands import command
from sellersheet_addin.cli.reading_told import show_headers, show_refused, show_rows
from sellersheet_addin.cli.say import CallProblem, bar, show_table, tell
from sellersheet_addin.cli.settings import settings, shared
from sellersheet_workbook.keeping import inputs
from sellersheet_workbook.patch.saving import check_free
from sellersheet_workbook.update import Report, file_port, plan, write
from sellersheet_workbook.update.share import share_book, share_path

WORDS: Final = Wording("sellersheet_addin.cli", "update.toml")
_SHOWN: Final = 20
_BOOK: Final = click.Path(path_type=Path)


def update(lang: Lang) -> click.Command:
    """The command in one language."""

    @command("update", lang)
    @click.argument("book", metavar="BOOK", type=_BOOK)
    @click.option("--sheet", metavar="NAME", help=WORDS("sheet_help", lang))
    @click.option("--closed", multiple=True, metavar="2024-09", help=WORDS("closed_help", lang))
    @click.option("--dry-run", is_flag=True, help=WORDS("dry_run_help", lang))
    @shared(lang, "column", "currency", "keep", "day_first")
    @shared(lang, "policy", "rates", "costs", "fx", "as_of")
    def run(
        book: Path, sheet: str | None, closed: tuple[str, ...], dry_run: bool, **given: Any
    ) -> int:
        terms = settings(**given, lang=lang)
        told: list[str] = []
        kept = None
        with inputs.given(*terms.files), bar() as step:
            port = file_port.FilePort(
                book, lang, sheet=sheet, on_progress=step, on_message=told.append
            )
            if not dry_run:
                check_free(book)  # told before the work, not after it
            report = plan(port, terms, dt.datetime.now(), lang, closed)
            if dry_run:
                port.tell_formulas(report.columns)
            else:
                write(port, report)
                kept = port.save()
        if dry_run:
            _show_changes(report.changes, "would_change", lang)
            if len(report.kept):
                _show_changes(report.kept, "would_keep", lang)
        else:
            _show(report, lang)
        for sentence in told:
            tell(sentence, style="yellow")
        if kept:
            tell(WORDS("updated", lang, path=book, backup=kept))
        elif not dry_run:
            tell(WORDS("unchanged", lang, path=book))
        return 1 if len(report.refused) else 0

    return run


def undo(lang: Lang) -> click.Command:
    """The command in one language."""

    @command("undo", lang)
    @click.argument("book", metavar="BOOK", type=_BOOK)
    def run(book: Path) -> None:
        backup = file_port.latest_backup(book)
        if backup is None:
            raise UpdateCallProblem("no_backup", path=book)
        tell(WORDS("restoring", lang, path=book, backup=backup))
        aside = file_port.put_back(book, backup)
        tell(WORDS("restored", lang, aside=aside))

    return run


def share(lang: Lang) -> click.Command:
    """The command in one language."""

    @command("share", lang)
    @click.argument("book", metavar="BOOK", type=_BOOK)
    @click.option("-o", "--output", type=_BOOK, help=WORDS("output_help", lang))
    def run(book: Path, output: Path | None) -> None:
        target = output or share_path(book, lang)
        for sentence in share_book(book, target).told(target, lang):
            tell(sentence)

    return run


class UpdateCallProblem(CallProblem):
    """A workbook that there is nothing to put back for."""

    wording = WORDS


def _show(report: Report, lang: Lang) -> None:
    """Totals, by destination and by month, and what was refused."""
    whole = total(report.results, lang).iloc[0]
    show_total(int((~report.results.table.empty).sum()), whole, lang)
    shown: tuple[By, ...] = ("country", "month")
    for by in shown:
        if by in report.summaries:
            show_groups(report.summaries[by], by, lang)
    if len(report.refused):
        show_refused(report.refused["message"], lang)
    show_rows(report.results.table, len(report.refused), lang)
    show_headers(report.results.table.fates, "orders", lang)
    tell(WORDS("changed", lang, cells=f"{report.changed.count:,}"))


def _show_changes(changes: pd.DataFrame, code: str, lang: Lang) -> None:
    rows = changes["row"].nunique()
    tell(WORDS(code, lang, rows=f"{rows:,}", cells=f"{len(changes):,}"))
    if changes.empty:
        return
    keys = ("row", "column", "stored", "new")
    shown = [[seen(line[key]) for key in keys] for _, line in changes.head(_SHOWN).iterrows()]
    show_table([WORDS(f"title_{key}", lang) for key in keys], shown, right=frozenset({0}))
    if len(changes) > _SHOWN:
        tell(WORDS("more", lang, count=f"{len(changes) - _SHOWN:,}"))
