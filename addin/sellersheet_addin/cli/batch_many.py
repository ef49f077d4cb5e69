"""``sellersheet batch`` over folders, patterns and several files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sellersheet.wording import Lang
from sellersheet_addin.cli.say import SAY, percent, progress, tell, yuan
from sellersheet_workbook.batch.many import Many, run_many
from sellersheet_workbook.batch.one import Terms
from sellersheet_workbook.batch.sources import expand


def run_several(
    given: tuple[Path, ...], folder: Path | None, terms: Terms, lang: Lang, **options: Any
) -> int:
    """Every file with a bar; the exit code: 1 where a file failed or rows were refused."""
    sources = expand(given)
    bars = progress()
    if bars is None:
        many = run_many(sources, folder, terms, lang, **options)
    else:
        with bars:
            bar = bars.add_task("", total=len(sources))

            def on_file(path: Path) -> None:
                at = sources.index(path)
                told = f"{at + 1}/{len(sources)} {path.name}"
                bars.update(bar, completed=at, description=told)

            many = run_many(sources, folder, terms, lang, on_file=on_file, **options)
    show_many(many, lang)
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
    tell(
        SAY(
            "batch_total",
            lang,
            rows=f"{many.sum('rows'):,}",
            orders=f"{many.sum('orders'):,}",
            paid=yuan(paid / 100),
            total=yuan(fees / 100),
            share=percent(fees / paid if paid else None),
        ),
        style="bold",
    )
    if unknown := many.sum("incomplete"):
        tell(SAY("batch_incomplete", lang, count=f"{unknown:,}"))
    for path, entry in many.entries.items():
        if entry.report:
            told = SAY("many_refused", lang, path=path, count=entry.refused, report=entry.report)
            tell(told, style="red")
    if many.failed:
        tell(SAY("many_failed", lang), style="red")
        for path, problem in many.failed:
            reason = problem.text(lang)
            tell(f"  {reason}" if str(path) in reason else f"  {path}: {reason}")
    tell(SAY("many_written", lang, path=many.folder))
