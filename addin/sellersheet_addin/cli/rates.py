"""``sellersheet rates``: checks a rate card, and turns a seller's own sheet into one."""

from __future__ import annotations

from pathlib import Path

import click
import pandas as pd

from sellersheet import columns
from sellersheet.cards import Card, read_card
from sellersheet.wording import Lang
from sellersheet_addin.cli.say import SAY, console
from sellersheet_addin.cli.settings import CallProblem
from sellersheet_workbook.reading import read_frame
from sellersheet_workbook.writing import write_frame


def rates(lang: Lang) -> click.Group:
    """The group of commands in one language."""
    group = click.Group(
        "rates", help=SAY("rates_group_help", lang), epilog=SAY("rates_examples", lang)
    )
    group.add_command(_validate(lang))
    group.add_command(_import(lang))
    return group


def _validate(lang: Lang) -> click.Command:
    @click.command("validate", help=SAY("rates_validate_help", lang))
    @click.argument("file", type=click.Path(path_type=Path))
    @click.option("--sheet", metavar="NAME", help=SAY("sheet_help", lang))
    def validate(file: Path, sheet: str | None) -> int:
        card = _read(file, sheet)
        _tell(card, file, lang)
        return 1 if card.refused else 0

    return validate


def _import(lang: Lang) -> click.Command:
    @click.command("import", help=SAY("rates_import_help", lang))
    @click.argument("file", type=click.Path(path_type=Path))
    @click.option(
        "-o",
        "--output",
        type=click.Path(path_type=Path),
        required=True,
        help=SAY("rates_output_help", lang),
    )
    @click.option("--sheet", metavar="NAME", help=SAY("sheet_help", lang))
    @click.option("--start", metavar="DATE", help=SAY("rates_start_help", lang))
    @click.option(
        "--column",
        "renamed",
        multiple=True,
        metavar="HEADER=COLUMN",
        help=SAY("rates_column_help", lang),
    )
    def run(
        file: Path, output: Path, sheet: str | None, start: str | None, renamed: tuple[str, ...]
    ) -> int:
        card = _read(file, sheet, start, _mapping(renamed))
        _tell(card, file, lang)
        if not len(card.rates):
            raise CallProblem("rates_none", path=file)
        write_frame(_tidy(card, lang), output, lang=lang)
        console().print(
            SAY("rates_written", lang, count=len(card.rates), path=output),
            markup=False,
            soft_wrap=True,
        )
        return 1 if card.refused else 0

    return run


def _read(
    file: Path, sheet: str | None, start: str | None = None, rename: dict[str, str] | None = None
) -> Card:
    read = read_frame(file, sheet=sheet)
    frame = read.frame
    if start is not None:
        frame = frame.assign(**{columns.column("rates", "start").key: start})
    return read_card(frame, first_row=read.first_row, rename=rename)


def _mapping(renamed: tuple[str, ...]) -> dict[str, str]:
    """``物流渠道=line`` options: which column a header of the file stands for."""
    found = {}
    known = {item.key for item in columns.RATES}
    for item in renamed:
        header, sign, key = item.rpartition("=")
        if not sign or key not in known:
            raise CallProblem("bad_mapping", value=item, allowed=", ".join(sorted(known)))
        found[header] = key
    return found


def _tell(card: Card, file: Path, lang: Lang) -> None:
    """What is sound, what is not, and which destinations the card covers."""
    issues = card.issues(lang)
    for row in issues.itertuples():
        console().print(str(row.message), markup=False, style="red" if row.refused else "yellow")
    lines = len(card.rates.lines)
    countries = " ".join(sorted(card.rates.by_country))
    console().print(
        SAY(
            "rates_sound",
            lang,
            path=file,
            rows=len(card.rates),
            lines=lines,
            countries=countries or "—",
        ),
        markup=False,
        soft_wrap=True,
    )


def _tidy(card: Card, lang: Lang) -> pd.DataFrame:
    """The sound rows under the registry's headers, as they were written in the file."""
    table = card.table
    rows = sorted(int(row) for row in card.rates.row)
    found = {}
    for item in columns.RATES:
        if item.key in table.header:
            at = list(map(str, table.raw.columns)).index(table.header[item.key])
            found[item.title(lang)] = table.raw.iloc[rows, at]
    return pd.DataFrame(found).reset_index(drop=True)
