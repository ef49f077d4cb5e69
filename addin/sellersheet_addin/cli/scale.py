"""``sellersheet scale``: Parquet data sets larger than memory, here or on a cluster."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click

from sellersheet.wording import Lang, Wording
from sellersheet_addin.cli.batch import show_groups, show_open, show_total
from sellersheet_addin.cli.commands import FILE, Whole, command
from sellersheet_addin.cli.reading_told import show_counts, show_files, show_remarks
from sellersheet_addin.cli.say import CallProblem, progress, tell
from sellersheet_addin.cli.settings import settings, shared
from sellersheet_workbook.scale import STEPS, Place, Scaled, Step, run_scale

TEXT: Final = Wording("sellersheet_addin.cli", "scale.toml")


class ScaleCallProblem(CallProblem):
    """Options that do not go together."""

    wording = TEXT


def scale(lang: Lang) -> click.Command:
    """The command in one language."""

    @command("scale", lang)
    @click.argument("sources", metavar="IN...", nargs=-1, required=True, type=FILE)
    @click.option("-o", "--output", type=FILE, required=True, help=TEXT("output", lang))
    @click.option("--scheduler", metavar="ADDRESS", help=TEXT("scheduler", lang))
    @click.option("--workers", metavar="N", type=Whole(1, 1024, lang), help=TEXT("workers", lang))
    @click.option("--totals-only", is_flag=True, help=TEXT("totals_only", lang))
    @shared(lang, "column", "currency", "per_order", "keep", "day_first")
    @shared(lang, "policy", "rates", "costs", "fx", "as_of")
    def run(
        sources: tuple[Path, ...],
        output: Path,
        scheduler: str | None,
        workers: int | None,
        totals_only: bool,
        **given: Any,
    ) -> int:
        if scheduler and workers:
            raise ScaleCallProblem("both")
        options = {"totals_only": totals_only}
        place = Place(scheduler, workers)
        done = _with_progress(sources, output, settings(**given, lang=lang), lang, place, **options)
        _show(done, lang)
        return 1 if done.totals.counts.refused else 0

    return run


def _with_progress(*call: Any, **options: Any) -> Scaled:
    bars = progress()
    if bars is None:
        return run_scale(*call, **options)
    lang: Lang = call[3]
    with bars:
        shown: dict[Step, Any] = {}

        def on_step(step: Step, done: int, total: int) -> None:
            told = f"{STEPS.index(step) + 1}/{len(STEPS)} {TEXT(f'step_{step}', lang)}"
            if step not in shown:
                shown[step] = bars.add_task(told, total=total)
            bars.update(shown[step], completed=done, description=f"{told} {done}/{total}")

        return run_scale(*call, on_step=on_step, **options)


def _show(done: Scaled, lang: Lang) -> None:
    totals, whole = done.totals, done.totals.whole.iloc[0]
    counts = totals.counts
    show_total(counts.rows, whole, lang)
    for by, summary in totals.by.items():
        show_groups(summary, by, lang)
    show_open(whole, counts.refused, lang)
    if counts.refused:
        tell(TEXT("refused", lang, count=f"{counts.refused:,}"), style="red")
    show_counts(counts, lang)
    read = {name: (form.understood.fates, done.remarks(name)) for name, form in done.forms.items()}
    show_files(read, lang)
    show_remarks(totals.remarks.get("", ()), lang)
    tell(TEXT("written", lang, path=done.folder, partitions=done.partitions))
