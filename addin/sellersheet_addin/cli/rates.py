"""``sellersheet rates``: checks a rate card, and turns a seller's own sheet into one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import pandas as pd

from sellersheet.cards import Card, read_card
from sellersheet.intake.doubts import Remark
from sellersheet.summary import country_shown
from sellersheet.wording import Lang
from sellersheet_addin.cli.commands import FILE, Group, command
from sellersheet_addin.cli.reading_told import show_headers, show_remarks
from sellersheet_addin.cli.say import SAY, CallProblem, tell
from sellersheet_addin.cli.settings import asked, day, has_sheets, shared
from sellersheet_workbook.files.reading import read_grid, read_grids
from sellersheet_workbook.files.writing import write_frame
from sellersheet_workbook.keeping.atomic import check_replaceable
from sellersheet_workbook.keeping.inputs import given, resolved
from sellersheet_workbook.keeping.together import results
from sellersheet_workbook.rate_import import Imported, RateSheetProblem, import_rates, sound_rows


def rates(lang: Lang) -> Group:
    """The group of commands in one language."""
    group = Group("rates", lang=lang, code="rates")
    group.add_command(_validate(lang))
    group.add_command(_import(lang))
    return group


def _validate(lang: Lang) -> click.Command:
    @command("validate", lang, "rates_validate")
    @click.argument("file", type=FILE)
    @click.option("--sheet", metavar="NAME", help=SAY("rates_sheet_help", lang))
    @shared(lang, "header_row")
    def validate(file: Path, sheet: str | None, **table: Any) -> int:
        card = read_card(read_grid(file, "rates", sheet=sheet), asked=asked(table="rates", **table))
        show_remarks(card.table.remarks, lang)
        _tell(card, (), file, lang)
        return 1 if card.refused else 0

    return validate


def _import(lang: Lang) -> click.Command:
    column_help = SAY("rates_column_help", lang)

    @command("import", lang, "rates_import")
    @click.argument("file", type=FILE)
    @click.option("-o", "--output", type=FILE, required=True, help=SAY("rates_output_help", lang))
    @click.option(
        "--sheet", "sheets", multiple=True, metavar="NAME", help=SAY("rates_sheets_help", lang)
    )
    @click.option("--start", metavar="DATE", help=SAY("rates_start_help", lang))
    @click.option("--country", default="", metavar="ES", help=SAY("rates_country_help", lang))
    @click.option("--column", "columns", multiple=True, metavar="HEADER=COLUMN", help=column_help)
    @shared(lang, "header_row", "currency")
    @click.option("--fill-down", is_flag=True, help=SAY("rates_fill_help", lang))
    def run(
        file: Path,
        output: Path,
        sheets: tuple[str, ...],
        start: str | None,
        country: str,
        fill_down: bool,
        **table: Any,
    ) -> int:
        has_sheets("--sheet", sheets, file)
        with given(file):
            check_replaceable(resolved(output))
        said = asked(table="rates", **table)
        grids = read_grids(file, "rates", sheets=sheets)
        parts: list[pd.DataFrame] = []
        wrong = False
        for grid in grids:
            if len(grids) > 1:
                tell(SAY("rates_sheet", lang, sheet=grid.sheet))
            found = import_rates(
                grid, lang, asked=said, fill_down=fill_down, country=country, start=day(start),
                several=len(grids) > 1,
            )  # fmt: skip
            card = read_card(found.frame, first_row=found.first_row)
            _tell_reading(found, card, lang)
            _tell(card, found.refused, file, lang)
            wrong = wrong or card.refused or bool(found.refused)
            parts.append(sound_rows(card, lang))
        if len(grids) == 1 and grids[0].others:
            fields = {"sheet": grids[0].sheet, "sheets": list(grids[0].others)}
            show_remarks([Remark("other_sheets", fields, warns=True)], lang)
        whole, overlap = _whole(parts, lang)
        if whole.empty:
            raise CallProblem("rates_none", path=file)
        with given(file), results(output):
            write_frame(whole, output, lang=lang)
        tell(SAY("rates_written", lang, count=len(whole), path=output))
        return 1 if wrong or overlap else 0

    return run


def _whole(parts: Sequence[pd.DataFrame], lang: Lang) -> tuple[pd.DataFrame, bool]:
    """The rows of all sheets; those of two sheets that overlap are told and left out: yes."""
    filled = [part for part in parts if len(part)]
    if len(filled) < 2:
        return (filled[0] if filled else pd.DataFrame()), False
    joined = pd.concat(filled, ignore_index=True).astype(object)
    card = read_card(joined.where(joined.notna(), None))
    for row in card.issues(lang).itertuples():
        if row.refused:
            tell(SAY("rates_between_sheets", lang, message=row.message), style="red")
    return sound_rows(card, lang), card.refused


def _tell_reading(found: Imported, card: Card, lang: Lang) -> None:
    """What became of the rows and the headers, and what was assumed."""
    left = len(found.remarks)
    overlapping = len(found.frame.dropna(how="all")) - len(card.rates)
    refused = len(found.refused) + overlapping
    if refused or left or found.blank:
        counts = {
            "rows": found.rows,
            "computed": found.rows - refused - left - found.blank,
            "refused": refused,
            "left": left,
            "empty": found.blank,
        }
        tell(SAY("rates_rows", lang, **counts))
    show_headers(found.fates, "rates", lang)
    show_remarks(
        (
            Remark("outranked", {"other": fate.header, "header": fate.by, "key": key})
            for fate in found.fates
            if fate.how == "outranked"
            for key in [next(one.key for one in found.fates if one.header == fate.by)]
        ),
        lang,
    )
    if unused := [fate.header for fate in found.fates if fate.how == "unused"]:
        shown = SAY("between", lang).join(unused)
        tell(Remark("not_used", {"headers": shown}).text(lang))
    for note in (*found.notes, *found.remarks):
        tell(note.text(lang), style="yellow")


def _tell(card: Card, refused: Sequence[RateSheetProblem], file: Path, lang: Lang) -> None:
    """What is sound, what is not, and which destinations the card covers."""
    for problem in refused:
        tell(problem.text(lang), style="red")
    for row in card.issues(lang).itertuples():
        tell(str(row.message), style="red" if row.refused else "yellow")
    lines = len(card.rates.lines)
    found = [country_shown(code, lang) for code in sorted(card.rates.by_country)]
    shown = SAY("between", lang).join(found) or "—"
    tell(SAY("rates_sound", lang, path=file, rows=len(card.rates), lines=lines, countries=shown))
