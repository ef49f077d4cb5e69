"""``sellersheet demo``: a first result in a minute, from invented orders."""

from __future__ import annotations

from pathlib import Path

import click

from sellersheet.wording import Lang
from sellersheet_addin.cli.batch import show, with_progress
from sellersheet_addin.cli.commands import command
from sellersheet_addin.cli.say import SAY, CallProblem, tell
from sellersheet_addin.cli.settings import settings
from sellersheet_workbook.batch.sample import sample_orders
from sellersheet_workbook.files.writing import write_frame
from sellersheet_workbook.keeping.together import results

ORDERS = 200


def demo(lang: Lang) -> click.Command:
    """The command in one language."""

    @command("demo", lang)
    @click.option(
        "-o",
        "--output",
        "folder",
        type=click.Path(path_type=Path),
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
            write_frame(sample_orders(ORDERS, lang=lang), source, lang=lang)
        tell(SAY("demo_sample", lang, count=ORDERS, path=source))
        done = with_progress(source, target, settings(), lang)
        show(done, lang)
        tell(SAY("demo_next", lang, target=done.target))
        return 0

    return run
