"""``sellersheet demo``: a first result in a minute, from invented orders."""

from __future__ import annotations

from pathlib import Path

import click

from sellersheet.wording import Lang
from sellersheet_addin.cli.batch import show, with_progress
from sellersheet_addin.cli.say import SAY, console
from sellersheet_addin.cli.settings import settings
from sellersheet_workbook.sample import sample_orders
from sellersheet_workbook.writing import write_frame

ORDERS = 200


def demo(lang: Lang) -> click.Command:
    """The command in one language."""

    @click.command("demo", help=SAY("demo_help", lang), epilog=SAY("demo_examples", lang))
    @click.option(
        "-o",
        "--output",
        "folder",
        type=click.Path(path_type=Path, file_okay=False),
        default=Path("sellersheet-demo"),
        help=SAY("demo_output_help", lang),
    )
    def run(folder: Path) -> int:
        out = console()
        source, target = folder / SAY("demo_orders", lang), folder / SAY("demo_result", lang)
        folder.mkdir(parents=True, exist_ok=True)
        write_frame(sample_orders(ORDERS, lang=lang), source, lang=lang)
        out.print(SAY("demo_sample", lang, count=ORDERS, path=source), soft_wrap=True)
        done = with_progress(source, target, settings(), lang)
        show(done, lang)
        out.print(SAY("demo_next", lang, orders=source, target=target), soft_wrap=True)
        return 0

    return run
