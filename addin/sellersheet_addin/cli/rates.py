"""``sellersheet rates``: checks a rate card, and turns a seller's own sheet into one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
import pandas as pd

from sellersheet import columns
from sellersheet.cards import Card, read_card
from sellersheet.summary import country_shown
from sellersheet.wording import Lang
from sellersheet_addin.cli.commands import Group, command
from sellersheet_addin.cli.say import SAY, tell
from sellersheet_addin.cli.settings import CallProblem, day, renaming
from sellersheet_workbook.atomic import check_replaceable
from sellersheet_workbook.inputs import given, resolved
from sellersheet_workbook.rate_import import ImportProblem, import_rates, sound_rows, started
from sellersheet_workbook.reading import read_grid
from sellersheet_workbook.together import results
from sellersheet_workbook.writing import write_frame


def rates(lang: Lang) -> Group:
    """The group of commands in one language."""
    group = Group("rates", lang=lang, code="rates")
    group.add_command(_validate(lang))
    group.add_command(_import(lang))
    return group


def _validate(lang: Lang) -> click.Command:
    @command("validate", lang, "rates_validate")
    @click.argument("file", type=click.Path(path_type=Path))
    @click.option("--sheet", metavar="NAME", help=SAY("rates_sheet_help", lang))
    def validate(file: Path, sheet: str | None) -> int:
        card = read_card(read_grid(file, "rates", sheet=sheet))
        _tell(card, (), file, lang)
        return 1 if card.refused else 0

    return validate


def _import(lang: Lang) -> click.Command:
    file_type = click.Path(path_type=Path)
    output_help, sheet_help = SAY("rates_output_help", lang), SAY("rates_sheet_help", lang)
    start_help, column_help = SAY("rates_start_help", lang), SAY("rates_column_help", lang)

    @command("import", lang, "rates_import")
    @click.argument("file", type=file_type)
    @click.option("-o", "--output", type=file_type, required=True, help=output_help)
    @click.option("--sheet", metavar="NAME", help=sheet_help)
    @click.option("--start", metavar="DATE", help=start_help)
    @click.option("--column", "renamed", multiple=True, metavar="HEADER=COLUMN", help=column_help)
    @click.option("--fill-down", is_flag=True, help=SAY("rates_fill_help", lang))
    def run(
        file: Path,
        output: Path,
        sheet: str | None,
        start: str | None,
        renamed: tuple[str, ...],
        fill_down: bool,
    ) -> int:
        grid = read_grid(file, "rates", sheet=sheet)
        found = import_rates(grid, lang, rename=renaming(renamed, "rates"), fill_down=fill_down)
        with given(file):
            check_replaceable(resolved(output))
        frame = _started(found.frame, start, file, lang)
        card = read_card(frame, first_row=found.first_row)
        for note in found.notes:
            tell(note.text(lang), style="yellow")
        _tell(card, found.refused, file, lang)
        if not len(card.rates):
            raise CallProblem("rates_none", path=file)
        with given(file), results(output):
            write_frame(sound_rows(card, lang), output, lang=lang)
        tell(SAY("rates_written", lang, count=len(card.rates), path=output))
        return 1 if card.refused or found.refused else 0

    return run


def _started(frame: pd.DataFrame, start: str | None, file: Path, lang: Lang) -> pd.DataFrame:
    """The rows with the start asked for, where the sheet has none of its own."""
    title = columns.column("rates", "start").title(lang)
    if start is None and title not in frame:
        raise CallProblem("rates_no_start", path=file)
    found = day(start)
    return frame if found is None else started(frame, found, lang)


def _tell(card: Card, refused: Sequence[ImportProblem], file: Path, lang: Lang) -> None:
    """What is sound, what is not, and which destinations the card covers."""
    for problem in refused:
        tell(problem.text(lang), style="red")
    for row in card.issues(lang).itertuples():
        tell(str(row.message), style="red" if row.refused else "yellow")
    lines = len(card.rates.lines)
    found = [country_shown(code, lang) for code in sorted(card.rates.by_country)]
    shown = SAY("between", lang).join(found) or "—"
    tell(SAY("rates_sound", lang, path=file, rows=len(card.rates), lines=lines, countries=shown))
