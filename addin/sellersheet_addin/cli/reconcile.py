"""``sellersheet reconcile``: the platform's bill beside what the rules say."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final

import click

from sellersheet import columns
from sellersheet.wording import Lang, Wording
from sellersheet_addin.cli.commands import FILE, command
from sellersheet_addin.cli.reading_told import (
    show_headers,
    show_reading,
    show_remarks,
    show_rows,
    show_unused_tables,
)
from sellersheet_addin.cli.say import (
    CallProblem,
    bar,
    show_table,
    tell,
    tell_first,
    yuan,
)
from sellersheet_addin.cli.settings import (
    has_encoding,
    has_sheets,
    settings,
    shared,
)
from sellersheet_addin.cli.side_files import renaming
from sellersheet_workbook.batch.one import Terms
from sellersheet_workbook.files.writing import Headers
from sellersheet_workbook.reconcile import STEPS, BillProblem, Check, Options, Step, run_check
from sellersheet_workbook.reconcile.bill_table import unknown_charges
from sellersheet_workbook.reconcile.run import for_orders
from sellersheet_workbook.reconcile.summary import WORDS as FORMS

TEXT: Final = Wording("sellersheet_addin.cli", "reconcile.toml")
_MOST_TOLERANCE: Final = 100


def reconcile(lang: Lang) -> click.Command:
    """The command in one language."""
    keys = ", ".join(item.key for item in columns.TABLES["bill"])
    pair: dict[str, Any] = {"multiple": True, "metavar": "NAME=KEY"}

    def said(code: str) -> str:
        return TEXT(code, lang)

    @command("reconcile", lang)
    @click.argument("orders", metavar="ORDERS", type=FILE)
    @click.argument("bill", metavar="BILL", type=FILE)
    @click.option("-o", "--output", type=FILE, help=said("bill_output_help"))
    @click.option("--tolerance", default="0.01", metavar="¥", help=said("tolerance_help"))
    @click.option("--column", "renamed", help=TEXT("column_help", lang, keys=keys), **pair)
    @click.option("--charge", "charges", help=said("charge_help"), **pair)
    @click.option("--order-column", "order_columns", help=said("order_column_help"), **pair)
    @click.option("--sheet", metavar="NAME", help=said("sheet_help"))
    @click.option("--bill-sheet", metavar="NAME", help=said("bill_sheet_help"))
    @shared(lang, "encoding", "headers", "policy", "rates", "fx", "as_of")
    @shared(lang, "currency", "per_order", "keep", "day_first")
    def run(
        orders: Path,
        bill: Path,
        output: Path | None,
        tolerance: str,
        renamed: tuple[str, ...],
        charges: tuple[str, ...],
        order_columns: tuple[str, ...],
        sheet: str | None,
        bill_sheet: str | None,
        encoding: str | None,
        headers: Headers | None,
        **given: Any,
    ) -> int:
        has_sheets("--sheet", sheet, orders)
        has_sheets("--bill-sheet", bill_sheet, bill)
        has_encoding(encoding, orders, bill)
        target = output or bill.parent / f"{bill.stem}-{TEXT('result_name', lang)}.xlsx"
        options = Options(
            tolerance=_cents(tolerance),
            sheet=sheet,
            bill_sheet=bill_sheet,
            encoding=encoding,
            columns=_pairs(renamed),
            charges=_pairs(charges),
            order_columns=renaming(order_columns, "orders"),
            headers=headers,
        )
        terms = settings(**given, lang=lang)
        check = _with_progress(orders, bill, target, terms, lang, options)
        show_read(check, lang)
        show_unused_tables([orders], terms, lang, "tables_not_used", "costs")
        show(check, lang)
        return 0 if check.agrees else 1

    return run


def show_read(check: Check, lang: Lang) -> None:
    """How both tables were read."""
    bill = check.bill
    tell(TEXT("orders_read", lang, rows=f"{check.results.table.n:,}"))
    show_reading(check.results, lang, for_orders)
    tell(TEXT("bill_read", lang, rows=f"{bill.table.n:,}", form=FORMS(f"form_{bill.form}", lang)))
    show_rows(bill.table, len(bill.table.issues), lang)
    show_headers(bill.table.fates, "bill", lang)
    show_remarks(bill.table.remarks, lang, lambda text: text.replace("--sheet", "--bill-sheet"))
    for code, fields in bill.notes:
        tell(FORMS(f"{code}_text", lang, **fields), style="yellow")


def show(check: Check, lang: Lang) -> None:
    """Totals, causes, what is to be claimed, what was not compared, where the file is."""
    seen = check.overview
    tell(
        TEXT(
            "totals", lang, orders=f"{seen.compared:,}", due=yuan(seen.due),
            charged=yuan(seen.charged), difference=yuan(seen.difference),
        ),
        style="bold",
    )  # fmt: skip
    workbook = check.target.suffix.lower() == ".xlsx"
    if not seen.compared:
        matched = check.found.both.any()
        tell(TEXT("nothing_to_compare", lang) if matched else seen.sentence, style="red")
    elif not seen.differing:
        tell(seen.sentence)
    else:
        told = {"against": yuan(seen.against), "favour": yuan(-seen.favour)}
        tell(TEXT("differ", lang, orders=f"{seen.differing:,}", **told))
        _show_causes(check, lang)
    if check.claims.orders:
        code = "claims" if workbook else "claims_elsewhere"
        count, amount = f"{check.claims.orders:,}", yuan(check.claims.total)
        tell(TEXT(code, lang, orders=count, amount=amount), style="bold")
    _show_not_compared(check, lang)
    tell(TEXT("written", lang, path=check.target))


def _show_causes(check: Check, lang: Lang) -> None:
    rows = [
        [str(row.cause), f"{row.orders:,}", yuan(row.difference), yuan(row.claimed)]
        for row in check.overview.by_cause.itertuples()
    ]
    titles = [TEXT(f"title_{key}", lang) for key in ("cause", "orders", "difference", "claimed")]
    show_table(titles, rows, right=frozenset({1, 2, 3}))


def _show_not_compared(check: Check, lang: Lang) -> None:
    bill = check.bill
    for sentence in check.left_out(lang):
        tell(sentence, style="yellow")
    if refused := len(bill.table.issues):
        tell(TEXT("refused", lang, count=f"{refused:,}"), style="red")
        tell_first((issue.text(lang) for issue in bill.table.issues), refused)
        if unknown := unknown_charges(bill.table):
            tell(unknown.text(lang), style="yellow")


def _with_progress(
    orders: Path, bill: Path, target: Path, terms: Terms, lang: Lang, options: Options
) -> Check:
    with bar() as told:

        def step(name: Step) -> None:
            told(STEPS.index(name), len(STEPS), TEXT(f"step_{name}", lang))

        return run_check(orders, bill, target, terms, lang, options, step)


def _cents(text: str) -> int:
    """The tolerance in whole cents."""
    try:
        amount = Decimal(text.strip().removeprefix("¥").removeprefix("￥"))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not (amount.is_finite() and 0 <= amount <= _MOST_TOLERANCE):
        raise BillProblem("tolerance", value=text)
    return int(amount * 100)


def _pairs(given: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for item in given:
        name, sign, key = item.rpartition("=")
        if not sign:
            known = sorted(column.key for column in columns.TABLES["bill"])
            raise CallProblem("bad_mapping", value=item, allowed=", ".join(known))
        found[name.strip()] = key.strip()
    return found
