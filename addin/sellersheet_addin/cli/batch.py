"""``sellersheet batch``: a file of orders in, a file with every fee out.

``demo`` does it with invented orders.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import pandas as pd

from sellersheet.summary import By, country_shown, summarise, total
from sellersheet.wording import Lang
from sellersheet_addin.cli.commands import FILE, Word, command
from sellersheet_addin.cli.reading_told import (
    show_counts,
    show_files,
    show_reading,
    show_refused,
    show_unused_tables,
)
from sellersheet_addin.cli.say import SAY, CallProblem, bar, percent, show_table, tell, yuan
from sellersheet_addin.cli.settings import READING, has_encoding, has_sheets, settings, shared
from sellersheet_workbook.batch.many import Many, run_many
from sellersheet_workbook.batch.one import STEPS, Batch, Step, Terms, run_batch
from sellersheet_workbook.batch.sample import sample_orders
from sellersheet_workbook.batch.sources import WORDS, common_folder, expand, is_several
from sellersheet_workbook.files.writing import KINDS, Headers, bears_keys, write_frame
from sellersheet_workbook.keeping.inputs import resolved
from sellersheet_workbook.keeping.together import results

_SHOWN = 12  # destinations
_INVENTED = 200  # orders


def batch(lang: Lang) -> click.Command:
    """The command in one language."""

    @command("batch", lang)
    @click.argument("sources", metavar="IN", nargs=-1, required=True, type=FILE)
    @click.option("-o", "--output", type=FILE, help=SAY("output_help", lang))
    @shared(lang, "sheets", "encoding")
    @click.option("--dataset", metavar="FOLDER", type=FILE, help=SAY("dataset_help", lang))
    @click.option("--gone", type=Word(("keep", "drop"), lang), help=SAY("gone_help", lang))
    @shared(lang, "headers", *READING, "policy", "rates", "costs", "fx", "as_of")
    def run(
        sources: tuple[Path, ...],
        output: Path | None,
        sheets: tuple[str, ...],
        encoding: str | None,
        dataset: Path | None,
        gone: str | None,
        headers: Headers | None,
        **given: Any,
    ) -> int:
        several = is_several(sources)
        if several and output and output.suffix.lower() in KINDS:
            raise CallProblem("several_into_one", path=output)
        if dataset and not several:
            raise CallProblem("dataset_needs_several")
        if gone and not dataset:
            raise CallProblem("gone_needs_dataset")
        if several:
            bears_keys(Path(f"{WORDS('result', lang)}.xlsx"), headers)
        terms = settings(**given, lang=lang)
        options: dict[str, Any] = {"sheets": sheets, "encoding": encoding}
        if several:
            options |= {"dataset_folder": dataset, "gone": gone}
            return run_several(sources, output, terms, lang, **options)
        source = sources[0]
        has_sheets("--sheet", sheets, source)
        has_encoding(encoding, source)
        target = output or source.parent / f"{source.stem}-{WORDS('result', lang)}.xlsx"
        done = with_progress(source, target, terms, lang, headers=headers, **options)
        show(done, lang)
        show_unused_tables([source], terms, lang)
        return 1 if done.refused else 0

    return run


def with_progress(source: Path, target: Path, terms: Terms, lang: Lang, **options: Any) -> Batch:
    """A batch with a bar that tells its steps."""
    with bar() as told:

        def step(name: Step) -> None:
            told(STEPS.index(name), len(STEPS), SAY(f"step_{name}", lang, path=source.name))

        return run_batch(source, target, terms, lang, on_step=step, **options)


def show(done: Batch, lang: Lang) -> None:
    """Totals, by destination and by month, what was refused, where the file is."""
    results = done.results
    whole = total(results, lang).iloc[0]
    show_total(results.table.n, whole, lang)
    by: tuple[By, ...] = ("country", "month") if "country" in results.table.columns else ("month",)
    for name in by:
        show_groups(summarise(results, name, lang), name, lang)
    show_open(whole, done.refused, lang)
    if done.report:
        show_refused(results.refused_rows(lang)["message"], lang)
        tell(SAY("batch_report", lang, path=done.report))
    show_reading(results, lang)
    tell(SAY("batch_written", lang, path=done.target))


def show_total(rows: int, whole: pd.Series[Any] | dict[str, Any], lang: Lang) -> None:
    """Rows, orders and the sums over all of them."""
    tell(
        SAY(
            "batch_total",
            lang,
            rows=f"{rows:,}",
            orders=f"{int(whole['orders']):,}",
            paid=yuan(whole["paid_cny"]),
            total=yuan(whole["total_fee_cny"]),
            share=percent(whole["fee_share"]),
        ),
        style="bold",
    )


def show_open(whole: pd.Series[Any], refused: int, lang: Lang) -> None:
    """The rush fees that may yet be charged, and the rows without a total, but for refused ones."""
    if whole["rush_at_risk_cny"] > 0:
        tell(SAY("batch_risk", lang, amount=yuan(whole["rush_at_risk_cny"])))
    if (unknown := int(whole["incomplete"]) - refused) > 0:
        tell(SAY("batch_incomplete", lang, count=f"{unknown:,}"))


def show_groups(summary: pd.DataFrame, name: By, lang: Lang) -> None:
    """The totals of the largest groups, or of the months."""
    shown = summary.head(_SHOWN if name == "country" else 24)
    some_open = bool(summary["incomplete"].any())  # the amounts are of the other rows
    rows = [
        [
            country_shown(str(row["group"]), lang) if name == "country" else str(row["group"]),
            f"{int(row['orders']):,}",
            *([f"{int(row['incomplete']):,}"] if some_open else []),
            yuan(row["paid_cny"]),
            yuan(row["total_fee_cny"]),
            percent(row["fee_share"]),
            yuan(row["profit_cny"]),
        ]
        for _, row in shown.iterrows()
    ]
    if more := len(summary) - len(shown):
        rows.append([SAY("more_groups", lang, count=more), *[""] * (5 + some_open)])
    keys = ["orders", *(["incomplete"] if some_open else []), "paid", "fees", "share", "profit"]
    titles = [SAY(f"by_{name}", lang), *(SAY(f"title_{key}", lang) for key in keys)]
    show_table(titles, rows, right=frozenset(range(1, len(titles))))


def run_several(
    given: tuple[Path, ...], folder: Path | None, terms: Terms, lang: Lang, **options: Any
) -> int:
    """Every file with a bar; the exit code: 1 where a file failed or rows were refused."""
    sources = expand(given)
    with bar() as told:

        def on_file(path: Path) -> None:
            at = sources.index(path)
            told(at, len(sources), f"{at + 1}/{len(sources)} {path.name}")

        many = run_many(sources, folder, terms, lang, on_file=on_file, **options)
    show_many(many, lang)
    show_unused_tables(many.entries, terms, lang)
    if data := options.get("dataset_folder"):
        tell(SAY("many_dataset", lang, path=data))
    stale = _show_stale(many, lang)
    return 1 if many.failed or many.sum("refused") or stale else 0


def _show_stale(many: Many, lang: Lang) -> bool:
    """Rows of the data set that no longer are what their sources say; whether there are any."""
    for code, paths in (("many_gone", many.gone), ("many_outdated", many.outdated)):
        if paths:
            tell(SAY(code, lang), style="red")
            for path in paths:
                tell(f"  {path}")
    return bool(many.gone or many.outdated)


def show_many(many: Many, lang: Lang) -> None:
    """Totals over all files, refused rows, the files that failed and why."""
    count = {
        "files": len(many.entries) + len(many.failed),
        "new": len(many.entries) - len(many.skipped),
        "skipped": len(many.skipped),
        "failed": len(many.failed),
    }
    tell(SAY("many_done", lang, **count))
    paid, fees = many.sum("paid"), many.sum("fees")
    whole = {
        "orders": many.sum("orders"),
        "paid_cny": paid / 100,
        "total_fee_cny": fees / 100,
        "fee_share": fees / paid if paid else None,
    }
    show_total(many.sum("rows"), whole, lang)
    if unknown := many.sum("incomplete"):
        tell(SAY("batch_incomplete", lang, count=f"{unknown:,}"))
    for path, entry in many.entries.items():
        if entry.report:
            told = SAY("many_refused", lang, path=path, count=entry.refused, report=entry.report)
            tell(told, style="red")

    def of_these(text: str) -> str:
        """What is said of the files read now, where others were done before."""
        now = SAY("many_now", lang, count=count["new"])
        return SAY("of_file", lang, file=now, text=text) if many.skipped else text

    show_counts(many.counts, lang, of_these)
    root = common_folder([*many.entries]) if many.entries else Path()
    names = {path: resolved(path).relative_to(root).as_posix() for path in many.entries}
    show_files({names[path]: read for path, read in many.read.items() if path in names}, lang)
    _show_overlaps(many, names, lang)
    if many.failed:
        tell(SAY("many_failed", lang), style="red")
        for path, problem in many.failed:
            reason = problem.text(lang)
            tell(f"  {reason}" if str(path) in reason else f"  {path}: {reason}")
    tell(SAY("many_written", lang, path=many.folder))


def _show_overlaps(many: Many, names: Mapping[Path, str], lang: Lang) -> None:
    """Orders that stand in several files: the totals have them more than once."""
    places = {entry.source: names[path] for path, entry in many.entries.items()}
    if not many.overlaps:
        return
    count = sum(found.orders for found in many.overlaps)
    tell(SAY("many_overlaps", lang, count=count), style="yellow")
    for found in many.overlaps[:_SHOWN]:
        files = [places[source] for source in found.sources]
        fields = {"files": files, "count": found.orders, "example": found.example}
        tell("  " + SAY("many_overlap", lang, **fields))
    if len(many.overlaps) > _SHOWN:
        tell("  …")


def demo(lang: Lang) -> click.Command:
    """The command in one language."""

    @command("demo", lang)
    @click.option(
        "-o",
        "--output",
        "folder",
        type=FILE,
        default=Path("sellersheet-demo"),
        help=SAY("demo_output_help", lang),
    )
    def run(folder: Path) -> int:
        folder = folder.resolve()  # a newcomer must find the file: its whole path is told
        source, target = folder / SAY("demo_orders", lang), folder / SAY("demo_result", lang)
        if folder.exists() and not folder.is_dir():
            raise CallProblem("demo_folder", path=folder)
        folder.mkdir(parents=True, exist_ok=True)
        with results(source, orders=True):
            write_frame(sample_orders(_INVENTED, lang=lang), source, lang=lang)
        tell(SAY("demo_sample", lang, count=_INVENTED, path=source))
        done = with_progress(source, target, settings(), lang)
        show(done, lang)
        tell(SAY("demo_next", lang, target=done.target))
        return 0

    return run
