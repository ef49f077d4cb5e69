"""Many files of orders, each on its own: one that can't be used never stops the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

from sellersheet.summary import total
from sellersheet.wording import Lang, Problem
from sellersheet_workbook import dataset
from sellersheet_workbook.batch import WORDS, Batch, Terms, run_batch
from sellersheet_workbook.journal import Entry, Journal, content_digest, settings_digest
from sellersheet_workbook.parts import Parts
from sellersheet_workbook.problems import FileProblem
from sellersheet_workbook.sources import common_folder


@dataclass
class Many:
    """What became of the files; ``skipped`` were done by an earlier run."""

    folder: Path
    entries: dict[Path, Entry] = field(default_factory=dict)
    skipped: list[Path] = field(default_factory=list)
    failed: list[tuple[Path, Problem]] = field(default_factory=list)

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
    sheets: Sequence[str] = (),
    encoding: str | None = None,
    on_file: Callable[[Path], None] = lambda path: None,
) -> Many:
    """A result workbook for each file, in ``folder``, in the same subfolders as its source.

    A file already done with the same content and settings is left as it is; the journal in
    ``folder`` knows. With ``dataset_folder`` the rows also stand in a data set by month.
    """
    root = common_folder(sources)
    out = (folder or root / WORDS("results_folder", lang)).resolve()
    _make(out)
    journal, many = Journal(out), Many(out)
    parts = Parts(dataset_folder) if dataset_folder else None
    where = str(dataset_folder.resolve()) if dataset_folder else None
    settings = settings_digest(terms, lang, list(sheets), encoding, asdict(terms.asked), where)
    for source, target in targets(sources, root, out, lang).items():
        on_file(source)
        try:
            content = content_digest(source)
            # The same source keeps its part, whichever folder its result goes to.
            part = parts.of(source, content) if parts else ""
            entry = journal.done(target, content, settings, terms.as_of)
            if dataset_folder and not dataset.has(dataset_folder, part):
                entry = None
            if entry is None:
                _make(target.parent)
                done = run_batch(source, target, terms, lang, sheets=sheets, encoding=encoding)
                if dataset_folder:
                    name = source.resolve().relative_to(root).as_posix()
                    dataset.put(done.results, dataset_folder, part, lang, name)
                entry = _entry(done, content, settings, terms, lang)
                journal.add(target, entry)
            else:
                many.skipped.append(source)
            many.entries[source] = entry
        except Problem as problem:
            many.failed.append((source, problem))
        except OSError as error:
            detail = error.strerror or type(error).__name__
            code = "missing" if isinstance(error, FileNotFoundError) else "unreadable"
            many.failed.append((source, FileProblem(code, path=source, detail=detail)))
    return many


def targets(sources: Sequence[Path], root: Path, out: Path, lang: Lang) -> dict[Path, Path]:
    """The result of each file; files of one name and several kinds are told apart."""
    places = {source: source.resolve().relative_to(root) for source in sources}
    stems = Counter(place.with_suffix("") for place in places.values())
    found = {}
    for source, place in places.items():
        alone = stems[place.with_suffix("")] == 1
        stem = place.stem if alone else place.name.replace(".", "-")
        found[source] = out / place.parent / f"{stem}-{WORDS('result', lang)}.xlsx"
    return found


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileProblem("target_denied", path=folder) from error


def _entry(done: Batch, content: str, settings: str, terms: Terms, lang: Lang) -> Entry:
    results = done.results
    table = results.table
    undated = "order_date" not in table.columns or bool(table.blank["order_date"].any())
    return Entry(
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
