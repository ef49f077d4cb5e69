"""``sellersheet new``, ``update``, ``undo``, ``share``: a workbook made from the template, edited
in place, put back, passed on."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any, Final

import click
import pandas as pd

from sellersheet.issues import seen
from sellersheet.orders import compute
from sellersheet.orders.flow import refund_unknown
from sellersheet.summary import By, total
from sellersheet.wording import Lang, Wording
from sellersheet_addin.cli.batch import show_groups, show_total
from sellersheet_addin.cli.commands import FILE, Whole, command
from sellersheet_addin.cli.reading_told import (
    show_headers,
    show_reading,
    show_refused,
    show_rows,
    show_unused_tables,
)
from sellersheet_addin.cli.say import CallProblem, bar, show_table, tell
from sellersheet_addin.cli.settings import READING, settings, shared
from sellersheet_addin.excel.macro_book import as_macro_book
from sellersheet_workbook import plain, template
from sellersheet_workbook.batch.one import Terms
from sellersheet_workbook.keeping import inputs
from sellersheet_workbook.keeping.atomic import check_replaceable, replacing
from sellersheet_workbook.keeping.together import results
from sellersheet_workbook.patch.saving import check_free
from sellersheet_workbook.template import (
    ROWS,
    Content,
    own_orders,
    quantity_unknown,
    samples,
)
from sellersheet_workbook.update import Report, file_port, plan, write
from sellersheet_workbook.update.share import share_book, share_path

WORDS: Final = Wording("sellersheet_addin.cli", "books.toml")
_SHOWN: Final = 20
_KINDS: Final = (".xlsx", ".xlsm")


def new(lang: Lang) -> click.Command:
    """The command in one language."""

    @command("new", lang)
    @click.argument("file", metavar="FILE", type=FILE)
    @click.option("--orders", metavar="FILE", type=FILE, help=WORDS("orders", lang))
    @click.option(
        "--rows",
        type=Whole(1, 1_000_000, lang),
        metavar="N",
        help=WORDS("rows", lang, usual=f"{ROWS:,}"),
    )
    @click.option(
        "--plain", "as_plain", is_flag=True, help=WORDS("plain", lang, usual=f"{plain.ROWS:,}")
    )
    @click.option("--force", is_flag=True, help=WORDS("force", lang))
    @shared(lang, *READING, "fx")
    def run(
        file: Path,
        orders: Path | None,
        rows: int | None,
        as_plain: bool,
        force: bool,
        **options: Any,
    ) -> int:
        kind = file.suffix.lower()
        if orders is None and any(options.values()):
            known = click.get_current_context().command.params
            unread = [item.opts[0] for item in known if options.get(str(item.name))]
            raise BookProblem("no_orders", options=" ".join(unread))
        if kind not in _KINDS:
            raise BookProblem("kind", path=file)
        if as_plain and kind != ".xlsx":
            raise BookProblem("plain_kind", path=file)
        edition = plain if as_plain else template
        if file.exists() and not force:
            raise BookProblem("exists", path=file)
        terms = settings(**options, lang=lang)
        files = [*([orders] if orders else []), *terms.files]
        content: Content | None = None
        with inputs.given(*files):
            check_replaceable(inputs.resolved(file))
        if orders is not None:
            content = own_orders(
                orders,
                lang,
                rows,
                usual=edition.ROWS,
                keys=edition.KEYS,
                fx=terms.fx,
                asked=terms.asked,
            )
            made, told = edition.build(lang, content), f"{len(content.lines):,}"
        elif rows not in (None, edition.ROWS):
            made, told = edition.build(lang, samples(lang, rows or edition.ROWS)), ""
        else:
            made, told = edition.committed(lang).read_bytes(), ""
        # A workbook to be filled in: what --force puts another in place of is kept.
        with inputs.given(*files), results(file, orders=True), replacing(file) as target:
            target.write(as_macro_book(made, lang) if kind == ".xlsm" else made)
        tell(WORDS("filled" if told else "made", lang, path=file, count=told), style="bold")
        refused = content is not None and _show_orders(content, terms, lang)
        if content and content.table and (asked := int(refund_unknown(content.table).sum())):
            tell(WORDS("refunds", lang, count=f"{asked:,}"), style="yellow")
        if not as_plain and content and content.table:
            unknown = int((quantity_unknown(content.table) & ~content.table.left).sum())
            if unknown:
                tell(WORDS("quantities", lang, count=f"{unknown:,}"), style="yellow")
        show_unused_tables([orders] if orders else [], terms, lang, "tables_not_taken")
        tell(WORDS("next_plain" if as_plain else "next", lang))
        return 1 if refused else 0

    return run


def update(lang: Lang) -> click.Command:
    """The command in one language."""

    @command("update", lang)
    @click.argument("book", metavar="BOOK", type=FILE)
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
            _show_update(report, lang)
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
    @click.argument("book", metavar="BOOK", type=FILE)
    def run(book: Path) -> None:
        backup = file_port.latest_backup(book)
        if backup is None:
            raise BookProblem("no_backup", path=book)
        tell(WORDS("restoring", lang, path=book, backup=backup))
        aside = file_port.put_back(book, backup)
        tell(WORDS("restored", lang, aside=aside))

    return run


def share(lang: Lang) -> click.Command:
    """The command in one language."""

    @command("share", lang)
    @click.argument("book", metavar="BOOK", type=FILE)
    @click.option("-o", "--output", type=FILE, help=WORDS("output_help", lang))
    def run(book: Path, output: Path | None) -> None:
        target = output or share_path(book, lang)
        for sentence in share_book(book, target).told(target, lang):
            tell(sentence)

    return run


class BookProblem(CallProblem):
    """A workbook that can't be made as it is asked for, or that nothing can be put back for."""

    wording = WORDS


def _show_orders(content: Content, terms: Terms, lang: Lang) -> bool:
    """How the file of orders was read; whether rows of it stand in the workbook uncomputed."""
    if content.table is None:
        return False
    results = compute(content.table, terms.policy, terms.card.rates, as_of=terms.as_of, fx=terms.fx)
    show_refused(results.refused_rows(lang)["message"], lang)
    show_reading(results, lang)
    return bool(results.refused.any())


def _show_update(report: Report, lang: Lang) -> None:
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
