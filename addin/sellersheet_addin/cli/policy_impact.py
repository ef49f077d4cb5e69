"""``sellersheet policy impact``: what a change of rules costs over a file of orders."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click
import numpy as np
import pandas as pd

from sellersheet.cards import shipped_card
from sellersheet.columns import TABLES, column
from sellersheet.impact import Impact, Side, impact_table, rule_impact
from sellersheet.issues import CellProblem
from sellersheet.policy import load
from sellersheet.summary import GROUPINGS, By, country_shown
from sellersheet.tables import read_table
from sellersheet.wording import Lang
from sellersheet_addin.cli.commands import FILE, Word, command
from sellersheet_addin.cli.reading_told import (
    show_headers,
    show_remarks,
    show_rows,
    show_unused_tables,
)
from sellersheet_addin.cli.say import (
    FIRST,
    SAY,
    CallProblem,
    percent,
    show_table,
    tell,
    tell_first,
    yuan,
)
from sellersheet_addin.cli.settings import (
    READING,
    day,
    has_encoding,
    has_sheets,
    settings,
    shared,
)
from sellersheet_workbook.batch.one import Terms
from sellersheet_workbook.batch.sources import joined
from sellersheet_workbook.files.reading import read_grids
from sellersheet_workbook.files.writing import write_frame
from sellersheet_workbook.keeping.inputs import given
from sellersheet_workbook.keeping.together import results

_SHIPPED: Final = ("shipped", "内置")
_SHOWN: Final = 20  # groups
_TITLES: Final = ("group", "orders", "total_a_cny", "total_b_cny", "change_cny", "change_share")


def impact(lang: Lang) -> click.Command:
    """The command in one language."""

    @command("impact", lang, "policy_impact")
    @click.argument("source", metavar="ORDERS", type=FILE)
    @click.argument("first", metavar="A")
    @click.argument("second", metavar="B")
    @click.option("--by", type=Word(GROUPINGS, lang), help=SAY("impact_by_help", lang))
    @click.option("-o", "--output", type=FILE, help=SAY("impact_output_help", lang))
    @shared(lang, "sheets", "encoding", *READING, "rates", "fx", "as_of")
    def run(
        source: Path,
        first: str,
        second: str,
        by: By | None,
        output: Path | None,
        sheets: tuple[str, ...],
        encoding: str | None,
        rates_file: Path | None,
        **options: Any,
    ) -> int:
        has_sheets("--sheet", sheets, source)
        has_encoding(encoding, source)
        terms = settings(rates_file=rates_file, **options, lang=lang)
        sides, files = zip(*(_side(text, terms, rates_file) for text in (first, second)),
                           strict=True)  # fmt: skip
        read = [path for path in files if path is not None]
        with given(source, *terms.files, *read):
            grid = joined(read_grids(source, sheets=sheets, encoding=encoding), lang)
            table = read_table(grid, "orders", fx=terms.fx, asked=terms.asked)
            found = rule_impact(table, *sides, as_of=terms.as_of, fx=terms.fx)
            if output:
                with results(output):
                    write_frame(_rows(found, lang), output, lang=lang)
        _show(found, by, lang)
        refused = int((found.counted & ~(found.whys[0].use & found.whys[1].use)).sum())
        show_rows(table, refused, lang)
        show_headers(table.fates, "orders", lang)
        show_remarks(table.remarks, lang)
        show_unused_tables([source], terms, lang, "tables_not_used", "own_policy", "costs")
        if output:
            tell(SAY("batch_written", lang, path=output))
        return 1 if refused else 0

    return run


def _side(text: str, terms: Terms, rates: Path | None) -> tuple[Side, Path | None]:
    """A day, a file of own values, FILE@DAY, or the word for the built-in rules; and the file."""
    name, _, on = text.rpartition("@")
    if not name and not Path(text).is_file():
        name, on = ("", "") if text.strip().casefold() in _SHIPPED else ("", text)
    elif not name:
        name, on = text, ""
    path = Path(name) if name else None
    if path is not None and not path.is_file():
        raise CallProblem("impact_side", value=text)
    policy = load(path)
    card = terms.card if rates else shipped_card(policy)
    try:
        return Side(policy, card, day(on) if on else None), path
    except CellProblem:
        raise CallProblem("impact_side", value=text) from None


def _show(found: Impact, by: By | None, lang: Lang) -> None:
    """The change of all orders, by group, and the rows that could not be compared."""
    groups = impact_table(found, by, lang)
    whole = groups.iloc[0]
    told = {
        "orders": f"{int(whole['orders']):,}",
        "a": yuan(whole["total_a_cny"]),
        "b": yuan(whole["total_b_cny"]),
        "change": yuan(whole["change_cny"]),
        "share": percent(whole["change_share"], 2),
    }
    tell(SAY("impact_total", lang, **told), style="bold")
    parts = [
        SAY("told", lang, title=item.title(lang), text=yuan(whole[item.key]))
        for item in TABLES["impact"]
        if item.key.endswith("_cny_change") and whole[item.key]
    ]
    if parts:
        tell(SAY("between", lang).join(parts))
    if by is not None:
        _show_groups(groups.iloc[1:], by, lang)
    rows = np.flatnonzero(found.counted & ~found.compared)
    if len(rows):
        tell(SAY("impact_not_compared", lang, count=f"{len(rows):,}"), style="red")
        shown = rows[:FIRST]
        places = found.table.issues.sheet_rows(shown).tolist()
        reasons = zip(places, found.reasons_of(shown, lang), strict=True)
        tell_first(
            (SAY("impact_row", lang, row=row, reason=why) for row, why in reasons), len(rows)
        )


def _show_groups(groups: pd.DataFrame, by: By, lang: Lang) -> None:
    rows = []
    for _, row in groups.head(_SHOWN).iterrows():
        group = str(row["group"])
        money = [yuan(row[key]) for key in ("total_a_cny", "total_b_cny", "change_cny")]
        name = country_shown(group, lang) if by == "country" else group
        rows.append([name, f"{row['orders']:,}", *money, percent(row["change_share"], 2)])
    if more := len(groups) - len(rows):
        rows.append([SAY("more_groups", lang, count=more), *[""] * 5])
    titles = [column("impact", key).title(lang) for key in _TITLES]
    show_table([SAY(f"by_{by}", lang), *titles[1:]], rows, right=frozenset(range(1, 6)))


def _rows(found: Impact, lang: Lang) -> pd.DataFrame:
    """Every row as it came, with both totals, the change, and why it was not compared."""
    change = sum(found.changes[1:], found.changes[0])
    cents = {
        "total_a_cny": found.before,
        "total_b_cny": found.before + change,
        "change_cny": change,
    }
    columns: dict[str, Any] = {
        column("impact", key).title(lang): np.where(found.compared, values / 100, np.nan)
        for key, values in cents.items()
    }
    rows = np.flatnonzero(found.counted & ~found.compared)
    why = np.full(found.table.n, "", dtype=object)
    why[rows] = found.reasons_of(rows, lang)
    columns[column("impact", "reason").title(lang)] = why
    raw = found.table.raw
    return pd.concat([raw, pd.DataFrame(columns, index=raw.index)], axis=1)
