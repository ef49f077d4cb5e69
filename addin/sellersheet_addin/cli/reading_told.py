"""How a table was read, on the screen: every header, every row, and what has to be known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import pandas as pd

from sellersheet.intake.doubts import Remark, merged, of_rows, told_on_screen, weight_of
from sellersheet.intake.headers import Fate, title
from sellersheet.orders import Counts, OrderResults
from sellersheet.tables import Table, doubtful_rows
from sellersheet.wording import Lang
from sellersheet_addin.cli.say import SAY, tell, tell_first
from sellersheet_workbook.batch.one import Terms
from sellersheet_workbook.problems import UPDATE
from sellersheet_workbook.update.finding import own_tables

Said = Callable[[str], str]


def show_reading(results: OrderResults, lang: Lang, said: Said = str) -> None:
    """The rows by what became of them, where not all were computed; headers; remarks.

    ``said`` puts the options of a command into the sentences."""
    show_rows(results.table, int(results.refused.sum()), lang)
    show_headers(results.table.fates, "orders", lang)
    show_remarks(results.remarks, lang, said)


def show_refused(messages: pd.Series[str], lang: Lang) -> None:
    """How many rows were refused, and what is wrong with the first of them."""
    if not len(messages):
        return
    tell(SAY("batch_refused", lang, count=f"{len(messages):,}"), style="red")
    tell_first(messages, len(messages))


def show_rows(table: Table, refused: int, lang: Lang) -> None:
    """The rows by what became of them, where not all were computed, and their doubts."""
    left, empty = int(table.left.sum()), int(table.empty.sum())
    show_counts(Counts(table.n, refused, left, empty, doubtful_rows(table)), lang)


def show_counts(found: Counts, lang: Lang, said: Said = str) -> None:
    """Rows by what became of them, where not all were computed; how many each doubt is about.
    ``said`` says of which files."""
    rows, refused, left, empty = found.rows, found.refused, found.left, found.empty
    if refused or left or empty:
        counts = {
            "rows": rows,
            "computed": rows - refused - left - empty,
            "refused": refused,
            "left": left,
            "empty": empty,
        }
        shown = {key: f"{count:,}" for key, count in counts.items()}
        tell(said(SAY("read_rows", lang, **shown)))
    for code, count in found.doubts.items():
        weight = weight_of(code)
        if told_on_screen(code):
            told = of_rows(code, count).text(lang)
            tell(
                f"  {told}" if weight == "left" else told,
                style="yellow" if weight == "warning" else None,
            )


def show_files(read: Mapping[str, tuple[Iterable[Fate], Iterable[Remark]]], lang: Lang) -> None:
    """How several files were read: each sentence once, with the files that it is about."""
    texts: dict[str, list[str]] = {}
    remarks: dict[tuple[object, ...], tuple[list[Remark], list[str]]] = {}
    for file, (fates, said) in read.items():
        for text in about_headers(fates, "orders", lang):
            texts.setdefault(text, []).append(file)
        for remark in said:
            alike, files = remarks.setdefault(remark.but_for_count, ([], []))
            alike.append(remark)
            files.append(file)
    told = [(text, False, files) for text, files in texts.items()]
    for alike, files in remarks.values():
        (remark,) = merged(alike)
        told.append((remark.text(lang), remark.warns, files))
    for text, warns, files in told:
        if 1 < len(files) < len(read):
            text = SAY("of_files", lang, file=files[0], count=len(files) - 1, text=text)
        elif len(files) == 1 < len(read):
            text = SAY("of_file", lang, file=files[0], text=text)
        tell(text, style="yellow" if warns else None)


def show_side(
    file: Path, fates: Iterable[Fate], remarks: Iterable[Remark], table: str, lang: Lang
) -> None:
    """How a file beside the orders was read, each sentence with its name."""

    def of_file(text: str) -> str:
        return SAY("of_file", lang, file=file.name, text=text)

    show_headers(fates, table, lang, of_file)
    show_remarks(remarks, lang, of_file)


def show_unused_tables(
    files: Iterable[Path], terms: Terms, lang: Lang, code: str = "tables_not_used", *also: str
) -> None:
    """Tables in workbooks of orders that an update would use, and this command does not: in no
    way, or but for those that an option took the place of. ``also`` are options that it has not
    and whose tables change nothing for it."""
    given = {*(option for option, _ in terms.given), *also}
    for file in files:
        if names := own_tables(file, given):
            tables = [UPDATE(f"table_{name}", lang) for name in names]
            tell(SAY(code, lang, file=file.name, tables=tables), style="yellow")


def show_headers(fates: Iterable[Fate], table: str, lang: Lang, said: Said = str) -> None:
    """What headers that are not the project's own were taken for."""
    for text in about_headers(fates, table, lang):
        tell(said(text))


def about_headers(fates: Iterable[Fate], table: str, lang: Lang) -> list[str]:
    """In words what headers that are not the project's own were taken for."""
    between, found = SAY("between", lang), []
    taken = [
        SAY("read_header", lang, header=fate.header, title=title(table, fate.key, lang))
        for fate in fates
        if fate.key and fate.how in ("seen", "said", "remembered")
    ]
    if taken:
        found.append(SAY("read_headers", lang, headers=between.join(taken)))
    known = [fate.header for fate in fates if fate.how == "ignored"]
    if known:
        found.append(SAY("read_ignored", lang, headers=between.join(known)))
    return found


def show_remarks(remarks: Iterable[Remark], lang: Lang, said: Said = str) -> None:
    """What has to be known of the whole table."""
    for remark in remarks:
        tell(said(remark.text(lang)), style="yellow" if remark.warns else None)
