"""``sellersheet new``: a copy of the template workbook, with the user's own orders if asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click

from sellersheet.orders import compute
from sellersheet.orders.flow import refund_unknown
from sellersheet.wording import Lang, Wording
from sellersheet_addin.cli.commands import Whole, command
from sellersheet_addin.cli.reading_told import show_reading, show_refused, show_unused_tables
from sellersheet_addin.cli.say import CallProblem, tell
from sellersheet_addin.cli.settings import settings, shared
from sellersheet_addin.excel.macro_book import as_macro_book
from sellersheet_workbook import plain, template
from sellersheet_workbook.batch.one import Terms
from sellersheet_workbook.keeping.atomic import check_replaceable, replacing
from sellersheet_workbook.keeping.inputs import given, resolved
from sellersheet_workbook.keeping.together import results
from sellersheet_workbook.template import (
    ROWS,
    Content,
    own_orders,
    quantity_unknown,
    samples,
)

WORDS: Final = Wording("sellersheet_addin.cli", "new.toml")
_KINDS: Final = (".xlsx", ".xlsm")


def new(lang: Lang) -> click.Command:
    """The command in one language."""
    file_type = click.Path(path_type=Path)

    @command("new", lang)
    @click.argument("file", metavar="FILE", type=file_type)
    @click.option("--orders", metavar="FILE", type=file_type, help=WORDS("orders", lang))
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
    @shared(lang, "column", "header_row", "currency", "per_order", "keep", "day_first", "fx")
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
            raise NewProblem("no_orders", options=" ".join(unread))
        if kind not in _KINDS:
            raise NewProblem("kind", path=file)
        if as_plain and kind != ".xlsx":
            raise NewProblem("plain_kind", path=file)
        edition = plain if as_plain else template
        if file.exists() and not force:
            raise NewProblem("exists", path=file)
        terms = settings(**options, lang=lang)
        inputs = [*([orders] if orders else []), *terms.files]
        content: Content | None = None
        with given(*inputs):
            check_replaceable(resolved(file))
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
        with given(*inputs), results(file, orders=True), replacing(file) as target:
            target.write(as_macro_book(made, lang) if kind == ".xlsm" else made)
        tell(WORDS("filled" if told else "made", lang, path=file, count=told), style="bold")
        refused = content is not None and _show(content, terms, lang)
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


def _show(content: Content, terms: Terms, lang: Lang) -> bool:
    """How the file of orders was read; whether rows of it stand in the workbook uncomputed."""
    if content.table is None:
        return False
    results = compute(content.table, terms.policy, terms.card.rates, as_of=terms.as_of, fx=terms.fx)
    show_refused(results.refused_rows(lang)["message"], lang)
    show_reading(results, lang)
    return bool(results.refused.any())


class NewProblem(CallProblem):
    """A file that no copy can be written to."""

    wording = WORDS
