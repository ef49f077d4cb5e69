"""Two files in, one check out: orders and bill, compared and written."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Literal

import numpy as np

from sellersheet.intake.headers import TableProblem
from sellersheet.orders import OrderResults
from sellersheet.wording import LANGS, Lang
from sellersheet_workbook.batch.one import Terms, about_results
from sellersheet_workbook.files.reading import read_grid
from sellersheet_workbook.files.writing import KINDS, Headers, bears_keys, write_frame
from sellersheet_workbook.keeping import together
from sellersheet_workbook.keeping.atomic import check_replaceable
from sellersheet_workbook.keeping.inputs import given, resolved
from sellersheet_workbook.problems import FileProblem
from sellersheet_workbook.reconcile import tables
from sellersheet_workbook.reconcile.bill import Bill, read_bill
from sellersheet_workbook.reconcile.bill_table import BillProblem
from sellersheet_workbook.reconcile.causes import Comparison, compare
from sellersheet_workbook.reconcile.matching import OrderSide, orders_of
from sellersheet_workbook.reconcile.summary import WORDS, Overview
from sellersheet_workbook.reconcile.tables import beyond, slot_title
from sellersheet_workbook.reconcile.workbook import Claims, claims_of, write_check

Step = Literal["read", "compute", "compare", "write"]
STEPS: Final[tuple[Step, ...]] = ("read", "compute", "compare", "write")


@dataclass(frozen=True)
class Options:
    """How the files are read. ``tolerance`` in cents; ``columns`` says what a header of the
    bill stands for, ``charges`` what a word of its charge type does, ``order_columns`` what
    a header of the orders stands for. ``headers`` are those of a .csv, .tsv or .parquet."""

    tolerance: int = 1
    sheet: str | None = None
    bill_sheet: str | None = None
    encoding: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    charges: Mapping[str, str] = field(default_factory=dict)
    order_columns: dict[str, str] = field(default_factory=dict)
    headers: Headers | None = None


AS_USUAL: Final = Options()


@dataclass(frozen=True)
class Check:
    """What a check found."""

    results: OrderResults
    orders: OrderSide
    bill: Bill
    found: Comparison
    overview: Overview
    claims: Claims
    target: Path
    first_row: int

    @property
    def agrees(self) -> bool:
        """Whether everything was compared and nothing differs."""
        whole = bool(self.found.compared.all()) and not beyond(self.found, self.bill).any()
        nothing_refused = not self.bill.table.issues and not self.results.refused.any()
        nothing_unnamed = self.orders.unnamed == 0
        return whole and nothing_refused and nothing_unnamed and self.overview.differing == 0

    def left_out(self, lang: Lang) -> list[str]:
        """What was not compared, in words: without it an agreement would say too much."""
        found, bill = self.found, self.bill
        counts = {
            "not_in_bill": int((~found.both).sum()),
            "not_in_orders": int(beyond(found, bill).sum()),
            "unclear": int((found.both & ~found.compared.all(axis=1)).sum()),
        }
        lines = []
        if any(counts.values()):
            shown = {key: f"{count:,}" for key, count in counts.items()}
            lines.append(WORDS("told_missing", lang, **shown))
        if bill.absent:
            parts = [slot_title((part,), lang) for part in bill.absent]
            lines.append(WORDS("told_absent", lang, parts=parts))
        for code, cents in (("other", bill.other), ("income", bill.income)):
            if cents:
                lines.append(WORDS(f"told_{code}", lang, amount=f"¥{cents / 100:,.2f}"))
        if refused := int(self.results.refused.sum()):
            lines.append(WORDS("told_refused_orders", lang, count=f"{refused:,}"))
        return lines


def run_check(
    orders: str | os.PathLike[str],
    bill: str | os.PathLike[str],
    target: str | os.PathLike[str],
    terms: Terms,
    lang: Lang,
    options: Options = AS_USUAL,
    on_step: Callable[[Step], None] = lambda step: None,
) -> Check:
    """Read both, compare, write. ``target`` is .xlsx, or .csv, .tsv or .parquet for the
    differences alone; it is neither of the inputs."""

    def results() -> OrderResults:
        grid = read_grid(orders, sheet=options.sheet, encoding=options.encoding)
        asked = replace(terms.asked, columns={**terms.asked.columns, **options.order_columns})
        try:
            return replace(terms, asked=asked).compute(grid)
        except TableProblem as problem:
            told = {f"what_{lang}": for_orders(problem.text(lang)) for lang in LANGS}
            raise BillProblem("orders_table", **told) from problem

    name = Path(orders).name
    with given(orders):
        return check_results(results, name, bill, target, terms, lang, options, on_step)


def for_orders(text: str) -> str:
    """What is said of a table of orders, with the option that is meant here."""
    return text.replace("--column", "--order-column")


def check_results(
    results: Callable[[], OrderResults],
    name: str,
    bill: str | os.PathLike[str],
    target: str | os.PathLike[str],
    terms: Terms,
    lang: Lang,
    options: Options = AS_USUAL,
    on_step: Callable[[Step], None] = lambda step: None,
) -> Check:
    """The same for orders that stand anywhere; ``name`` is what they are called in the check."""
    target = Path(target)
    if target.suffix.lower() not in KINDS:
        raise FileProblem("target_kind", path=target, kinds=" ".join(KINDS))
    bears_keys(target, options.headers)
    with given(bill, *terms.files):
        check_replaceable(resolved(target))
        on_step("read")
        grid = read_grid(bill, "bill", sheet=options.bill_sheet, encoding=options.encoding)
        billed = read_bill(grid, terms.fx, options.columns, options.charges)
        on_step("compute")
        computed = results()
        on_step("compare")
        check = check_bill(computed, billed, terms, options.tolerance, target, lang)
        on_step("write")
        with together.results(target):
            _write(check, terms, lang, options, (name, Path(bill).name))
    return check


def check_bill(
    results: OrderResults, bill: Bill, terms: Terms, tolerance: int, target: Path, lang: Lang
) -> Check:
    """Compare orders that were computed with a bill that was read."""
    side = orders_of(results, terms)
    found = compare(side, bill, tolerance)
    first_row = results.table.issues.first_row
    claims = claims_of(found, side, bill)
    overview = _overview(found, bill, claims, tolerance, lang)
    return Check(results, side, bill, found, overview, claims, target, first_row)


def _overview(
    found: Comparison, bill: Bill, claims: Claims, tolerance: int, lang: Lang
) -> Overview:
    items = found.differences
    due = int(np.where(found.compared, found.due, 0).sum())
    charged = int(np.where(found.compared, found.charged, 0).sum())
    compared = int(found.compared.any(axis=1).sum())
    sentence = "" if compared else WORDS("nothing_matched", lang)
    if compared and not len(items.order):
        sentence = WORDS("all_agree", lang, tolerance=f"¥{tolerance / 100:.2f}")
    return Overview(
        compared=compared,
        differing=len(np.unique(items.order)),
        due=due / 100,
        charged=charged / 100,
        against=int(np.maximum(items.amount, 0).sum()) / 100,
        favour=int(np.minimum(items.amount, 0).sum()) / 100,
        claimed=claims.total,
        within=(charged - due - int(items.amount.sum())) / 100,
        by_cause=tables.by_cause(found, lang),
        by_part=tables.by_slot(found, bill, lang),
        sentence=sentence,
    )


def _write(check: Check, terms: Terms, lang: Lang, given: Options, names: tuple[str, str]) -> None:
    found, side, bill = check.found, check.orders, check.bill
    table = tables.difference_table(found, side, bill, check.first_row, lang)
    if check.target.suffix.lower() != ".xlsx":
        keys = bears_keys(check.target, given.headers)
        shown = table if keys else tables.titled(table, lang)
        write_frame(shown, check.target, lang=lang, keys=keys)
        return
    write_check(
        check.target,
        check.overview,
        table,
        check.claims,
        tables.missing_table(found, side, bill, check.first_row, lang),
        tables.refused_table(check.results, bill, lang),
        _about(check, terms, lang, given, names),
        lang,
    )


def _about(
    check: Check, terms: Terms, lang: Lang, given: Options, names: tuple[str, str]
) -> list[tuple[str, str]]:
    bill, orders = check.bill, check.orders
    said: list[tuple[str, dict[str, object]]] = [
        ("files", {"orders": names[0], "bill": names[1]}),
        ("tolerance", {"tolerance": f"¥{given.tolerance / 100:.2f}"}),
    ]
    if bill.negative:
        said.append(("negative", {}))
    said += [(code, dict(fields)) for code, fields in bill.notes]
    if bill.absent:
        absent = [tables.slot_title((part,), lang) for part in bill.absent]
        said.append(("absent", {"parts": absent}))
    if bill.other:
        said.append(("other", {"amount": f"¥{bill.other / 100:,.2f}"}))
    if bill.income:
        said.append(("income", {"amount": f"¥{bill.income / 100:,.2f}"}))
    if bill.totals:
        said.append(("totals", {"count": bill.totals}))
    if orders.unnamed:
        said.append(("unnamed", {"count": orders.unnamed}))
    said += [("method", {}), ("claim_rule", {})]
    lines = [(WORDS("about_check", lang), "")]
    lines += [(WORDS(code, lang), WORDS(f"{code}_text", lang, **more)) for code, more in said]
    lines.insert(2, (WORDS("form", lang), WORDS(f"form_{bill.form}", lang)))
    return lines + about_results(check.results, terms, lang)
