"""Several order exports into one file of orders."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sellersheet.exchange import FxRates
from sellersheet.intake.doubts import NOTHING_ASKED, Asked
from sellersheet.intake.headers import title as title_of
from sellersheet.intake.order_lines import WEIGHT
from sellersheet.intake.vocabulary import header_text, is_column, keys_of
from sellersheet.wording import LANGS, Lang, Problem
from sellersheet_workbook.keeping.atomic import check_replaceable
from sellersheet_workbook.keeping.inputs import given, resolved
from sellersheet_workbook.keeping.locks import held, lock_beside
from sellersheet_workbook.keeping.together import finish_results, results
from sellersheet_workbook.orders_import.intake import KEYS, ImportTerms, Memory, Taken, take
from sellersheet_workbook.orders_import.lists import (
    changes,
    list_path,
    write_changes,
    write_left,
)
from sellersheet_workbook.orders_import.merging import (
    Merged,
    Rows,
    amounts_once,
    merge,
    partly_named,
)
from sellersheet_workbook.orders_import.target import Target, read_target, write_target
from sellersheet_workbook.problems import ImportProblem, mistaken


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did. ``failed`` are files that could not be taken, each with its problem.

    ``changes`` has a line for each value that gave way; ``left`` and ``listed`` are the files
    of the rows not taken and of the changes. ``written`` is no where nothing had changed.
    """

    target: Path
    taken: tuple[Taken, ...]
    failed: tuple[tuple[Path, Problem], ...]
    merged: Merged
    changes: pd.DataFrame
    notes: tuple[ImportProblem, ...]
    left: Path | None
    listed: Path | None
    written: bool

    @property
    def counts(self) -> dict[str, int]:
        """How many files there were, and how many rows of each kind."""
        merged = self.merged
        return {
            "files": len(self.taken),
            "rows": sum(item.read for item in self.taken),
            "new": merged.new,
            "updated": merged.updated,
            "unchanged": merged.unchanged,
            "repeated": merged.repeated,
            "passed": sum(item.passed for item in self.taken),
            "refused": self.refused,
        }

    @property
    def refused(self) -> int:
        """Rows that were refused."""
        return sum(item.refused for item in self.taken)


def import_orders(
    files: Sequence[Path],
    target: Path,
    lang: Lang,
    *,
    fx: FxRates | None = None,
    asked: Asked = NOTHING_ASKED,
    shop: str = "",
    memory: Memory | None = None,
    on_file: Callable[[Path], None] = lambda path: None,
) -> Imported:
    """Exports in the order given; of differing cells of one line the later one counts.

    A line is known by shop, order number, SKU and line number. Lines that stand in the
    target are updated there, new ones follow; a blank never takes the place of a value.
    A file that can't be taken is named and the others are imported; without a single good
    file all are a problem and nothing is written.
    """
    fx = fx or FxRates.fixed({})
    place = resolved(target)
    check_replaceable(place)
    # Nobody else may write the target between reading and writing it.
    with given(*files), held(lock_beside(place), target):
        finish_results(place)
        with results(place, *_lists(target, lang), merged=place):
            return import_into(
                read_target(target, fx),
                files,
                lang,
                fx=fx,
                asked=asked,
                shop=shop,
                memory=memory,
                on_file=on_file,
                write=write_target,
            )


def import_into(
    found: Target,
    files: Sequence[Path],
    lang: Lang,
    *,
    write: Callable[[Target, Merged, Lang], None],
    fx: FxRates,
    asked: Asked = NOTHING_ASKED,
    shop: str = "",
    memory: Memory | None = None,
    on_file: Callable[[Path], None] = lambda path: None,
) -> Imported:
    """The same for orders that stand anywhere: ``write`` puts them there, if any changed.

    The lists of rows not taken and of changes are left beside the path of the target.
    """
    unknown = [key for key in asked.columns.values() if not is_column(key, "orders")]
    if unknown:
        keys = ", ".join(sorted(keys_of("orders")))
        raise ImportProblem("unknown_key", key=unknown[0], keys=keys)
    memory = memory or Memory(None)
    terms = ImportTerms(fx, asked, memory, shop.strip())
    taken, failed = _take_all(files, terms, lang, on_file)
    _refuse_unused([*asked.columns, *(n for n in asked.per_order if n not in KEYS)], taken)
    if terms.shop and not any((item.rows.values["shop"] == terms.shop).any() for item in taken):
        raise ImportProblem("shop_there", shop=terms.shop)
    incoming = [item.rows for item in taken]
    if asked.per_order:
        whole = [(item.rows, item.per_order - {WEIGHT}) for item in taken]
        incoming = amounts_once(found.rows, whole)
    merged = merge(found.rows, incoming)
    written = bool(merged.new or merged.updates)
    listed = changes(merged, files, lang)
    # The lists come first: what is written over must be on record whatever happens then.
    with given(*files), results(*_lists(found.path, lang)) as change:
        left = write_left(taken, found.path, change, lang)
        listed_in = write_changes(listed, found.path, lang)
    if written:
        write(found, merged, lang)
    notes = _remembered(memory, taken)
    notes += _notes(files, found, merged)
    notes += _doubts(found, incoming)
    return Imported(
        target=found.path,
        taken=tuple(taken),
        failed=tuple(failed),
        merged=merged,
        changes=listed,
        notes=tuple(notes),
        left=left,
        listed=listed_in,
        written=written,
    )


def _lists(target: Path, lang: Lang) -> list[Path]:
    return [list_path(target, code, lang) for code in ("changes_name", "left_name")]


def _take_all(
    files: Sequence[Path], terms: ImportTerms, lang: Lang, on_file: Callable[[Path], None]
) -> tuple[list[Taken], list[tuple[Path, Problem]]]:
    taken: list[Taken] = []
    failed: list[tuple[Path, Problem]] = []
    for number, file in enumerate(files):
        on_file(file)
        try:
            taken.append(take(file, number, terms, lang))
        except Problem as problem:
            failed.append((file, problem))
        except Exception as error:  # whatever a library raises over it stops no other file
            failed.append((file, mistaken(file, error)))
    if not taken:
        told = tuple(ImportProblem("file", path=path, problem=said) for path, said in failed)
        raise ImportProblem("no_file", problems=told)
    return taken, failed


def _refuse_unused(headers: Sequence[str], taken: Sequence[Taken]) -> None:
    known = {label for item in taken for label in item.labels}
    for header in headers:
        if header_text(header) not in known:
            listed = " | ".join(label for label in taken[0].labels if label)
            raise ImportProblem("no_such_header", header=header, headers=listed)


def _remembered(memory: Memory, taken: Sequence[Taken]) -> list[ImportProblem]:
    """Keep what was said about headers; what is in the way is told, the import stands."""
    for item in taken:
        memory.remember(item.labels, item.given)
    try:
        return [ImportProblem("remembered", path=memory.path)] if memory.save() else []
    except (OSError, Problem):
        return [ImportProblem("not_remembered", path=memory.path)]


def _notes(files: Sequence[Path], target: Target, merged: Merged) -> list[ImportProblem]:
    """What has to be known of what was done."""
    notes = []
    if merged.replaced:
        count = sum(len(change.after) for change in merged.replaced)
        notes.append(ImportProblem("later_counts", count=count))
        ages = [file.stat().st_mtime for file in files if file.exists()]
        if ages != sorted(ages):
            notes.append(ImportProblem("order_of_files"))
    if target.calculated and (merged.updates or merged.new):
        notes.append(ImportProblem("calculated", path=target.path))
    return notes


def _doubts(target: Target, incoming: Sequence[Rows]) -> list[ImportProblem]:
    """What may be counted more than once."""
    notes = []
    for key, count in partly_named(target.rows, incoming).items():
        titles = {f"title_{lang}": title_of("orders", key, lang) for lang in LANGS}
        notes.append(ImportProblem("partly_named", count=count, **titles))
    return notes
