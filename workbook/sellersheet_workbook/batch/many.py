"""Many files of orders, each on its own: one that can't be used never stops the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final, Literal

import numpy as np

from sellersheet.intake.doubts import Remark
from sellersheet.intake.headers import Fate
from sellersheet.orders import Counts
from sellersheet.summary import total
from sellersheet.wording import Lang, Problem
from sellersheet_workbook.batch.journal import Journal, Noted, content_digest, settings_digest
from sellersheet_workbook.batch.one import Batch, Terms, run_batch
from sellersheet_workbook.batch.overlaps import Numbers, Overlap
from sellersheet_workbook.batch.parts import Parts, writing
from sellersheet_workbook.batch.sources import WORDS, common_folder
from sellersheet_workbook.files.file_kind import check_kind, opening
from sellersheet_workbook.keeping.atomic import in_words
from sellersheet_workbook.keeping.inputs import given, resolved
from sellersheet_workbook.keeping.locks import held
from sellersheet_workbook.problems import FileProblem, mistaken

Gone = Literal["keep", "drop"]
_LOCK: Final = ".sellersheet-batch.lock"


@dataclass
class Many:
    """What became of the files; ``skipped`` were done by an earlier run.

    ``read`` tells of those read now what each header was taken for and what has to be known,
    ``counts`` what became of their rows. ``overlaps`` are files with orders in common.
    ``gone`` are sources of the data set that are no longer there and of which nothing was
    said; ``outdated`` hold something else than when they were read, and were not given.
    """

    folder: Path
    entries: dict[Path, Noted] = field(default_factory=dict)
    skipped: list[Path] = field(default_factory=list)
    failed: list[tuple[Path, Problem]] = field(default_factory=list)
    read: dict[Path, tuple[tuple[Fate, ...], tuple[Remark, ...]]] = field(default_factory=dict)
    counts: Counts = field(default_factory=Counts)
    overlaps: list[Overlap] = field(default_factory=list)
    gone: list[Path] = field(default_factory=list)
    outdated: list[Path] = field(default_factory=list)

    def sum(self, name: str) -> int:
        """A count, or cents, over all files."""
        return sum(getattr(entry, name) for entry in self.entries.values())


def run_many(
    sources: Sequence[Path],
    folder: Path | None,
    terms: Terms,
    lang: Lang,
    *,
    dataset_folder: Path | None = None,
    gone: Gone | None = None,
    sheets: Sequence[str] = (),
    encoding: str | None = None,
    on_file: Callable[[Path], None] = lambda path: None,
) -> Many:
    """A result workbook for each file, in ``folder``, in the same subfolders as its source.

    A file already done with the same content and settings is left as it is; the journal in
    ``folder`` knows. With ``dataset_folder`` the rows also stand in a data set by month, each
    once: ``gone`` says what becomes of rows whose source is no longer there. While nothing is
    said, a source that is new there is refused, as it may be one of those, moved and edited.
    Another run that writes there is a FileProblem.
    """
    root = common_folder(sources)
    out = resolved(folder or root / WORDS("results_folder", lang))
    with in_words(out):
        out.mkdir(parents=True, exist_ok=True)
    where = str(resolved(dataset_folder)) if dataset_folder else None
    with (
        given(*sources, *terms.files),
        held(out / _LOCK, out),
        writing(dataset_folder) if dataset_folder else nullcontext() as parts,
    ):
        journal, numbers, many = Journal(out), Numbers(out), Many(out)
        settings = settings_digest(terms, lang, list(sheets), encoding, asdict(terms.asked), where)
        contents = _contents(sources, many)
        mine = parts.of(contents) if parts else {}
        lost = _settle(parts, mine, gone, many) if parts else {}
        for source, target in targets(list(contents), root, out, journal, lang).items():
            on_file(source)
            with _failing(source, many):
                if lost and source not in mine:
                    raise FileProblem("new_or_moved", path=source, gone=next(iter(lost.values())))
                content, day = contents[source], terms.as_of.isoformat()
                part = mine.get(source)
                place = journal.place(source)
                entry = journal.done(target, content, settings, terms.as_of)
                if not numbers.has(place):
                    entry = None
                if parts and not (part and parts.holds(part, content, settings, day)):
                    entry = None
                if entry is None:
                    with in_words(target.parent):
                        target.parent.mkdir(parents=True, exist_ok=True)
                    done = run_batch(source, target, terms, lang, sheets=sheets, encoding=encoding)
                    entry = _entry(done, place, content, settings, terms, lang)
                    numbers.put(place, done.results)
                    many.read[source] = done.results.table.fates, done.results.remarks
                    many.counts += done.results.counts
                    if parts:
                        known = parts.known(source, content, settings, entry.day)
                        name = source.resolve().relative_to(root).as_posix()
                        parts.put(part, known, done.results, name, lang)
                    journal.add(target, entry)
                else:
                    many.skipped.append(source)
                    if parts and part:
                        parts.moved(source, part)
                many.entries[source] = entry
        many.overlaps = numbers.overlaps([entry.source for entry in many.entries.values()])
        if parts:
            many.outdated = parts.outdated(mine)
    return many


def targets(
    sources: Sequence[Path], root: Path, out: Path, journal: Journal, lang: Lang
) -> dict[Path, Path]:
    """The result of each file: one that no other file has, and the same in every run.

    Files of one name and several kinds are told apart by the kind, others by a number.
    """
    places = {source: resolved(source).relative_to(root) for source in sources}
    stems = Counter(_folded(place.with_suffix("")) for place in places.values())
    owners = journal.owners()
    names = {owner: target for target, owner in owners.items()}
    found = {source: target for source in sources if (target := names.get(journal.place(source)))}
    taken = {_folded(target) for target in owners}
    for source, place in places.items():
        if source in found:
            continue
        alone = stems[_folded(place.with_suffix(""))] == 1
        stem = place.stem if alone else place.name.replace(".", "-")
        number = 1
        while True:
            told = stem if number == 1 else f"{stem}-{number}"
            target = out / place.parent / f"{told}-{WORDS('result', lang)}.xlsx"
            if _folded(target) not in taken:
                break
            number += 1
        taken.add(_folded(target))
        found[source] = target
    return {source: found[source] for source in sources}


def _folded(path: Path) -> str:
    """Some disks tell no capitals from small letters."""
    return path.as_posix().casefold()


def _contents(sources: Sequence[Path], many: Many) -> dict[Path, str]:
    """The digest of each source; one that can't be read has failed."""
    found = {}
    for source in sources:
        with _failing(source, many):
            check_kind(source)
            found[source] = content_digest(source)
    return found


def _settle(parts: Parts, mine: dict[Path, str], gone: Gone | None, many: Many) -> dict[str, Path]:
    """Do what was said of rows whose source is gone; those of which nothing was said."""
    lost = parts.gone(mine)
    if lost and gone == "drop":
        parts.drop(lost)
    elif lost and gone == "keep":
        parts.keep(lost)
    else:
        many.gone = list(lost.values())
        return lost
    return {}


@contextmanager
def _failing(source: Path, many: Many) -> Iterator[None]:
    """What stops this file stops no other: it is told of the file."""
    try:
        with opening(source):
            yield
    except Problem as problem:
        many.failed.append((source, problem))
    except Exception as error:  # whatever a library raises over it
        many.failed.append((source, mistaken(source, error)))


def _entry(
    done: Batch, source: str, content: str, settings: str, terms: Terms, lang: Lang
) -> Noted:
    results = done.results
    table = results.table
    undated = "order_date" not in table.columns or bool(table.blank["order_date"].any())
    return Noted(
        source=source,
        content=content,
        settings=settings,
        day=terms.as_of.isoformat() if undated else None,
        size=done.target.stat().st_size,
        rows=table.n,
        orders=int(total(results, lang).iloc[0]["orders"]),
        refused=done.refused,
        incomplete=int((results.computed & ~results.freight_known).sum()),
        paid=int(np.where(results.freight_known, table.columns["paid_cny"], 0).sum()),
        fees=int(results.total.sum()),
        report=done.report.name if done.report else None,
    )
