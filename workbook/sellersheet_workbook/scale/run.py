"""A data set of orders in, a data set with every fee out, however large.

Its folder takes the place of an older one in one step, or the old one is still found.
"""

from __future__ import annotations

import ctypes
import errno
import os
import re
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal

from sellersheet.intake.doubts import Remark
from sellersheet.intake.evidence import Evidence, gathered
from sellersheet.wording import Lang
from sellersheet_workbook.batch.one import Terms
from sellersheet_workbook.files.writing import write_frame
from sellersheet_workbook.keeping.atomic import in_words, sync_folder
from sellersheet_workbook.keeping.inputs import allowed_mode, given, resolved
from sellersheet_workbook.keeping.locks import held, lock_beside
from sellersheet_workbook.keeping.made import is_result, note
from sellersheet_workbook.problems import FileProblem, ScaleProblem
from sellersheet_workbook.scale import straddling
from sellersheet_workbook.scale.cluster import Place, Pool, pool
from sellersheet_workbook.scale.partitions import Form, Partition, parquet_files, partitions
from sellersheet_workbook.scale.tasks import (
    Job,
    Sums,
    Totals,
    added,
    compute_bucket,
    compute_partition,
    gather_evidence,
    totals,
)

SUMMARY: Final = "_summary.csv"  # readers of data sets leave out what begins with _
MOST_ROWS: Final = 250_000  # of a partition: some 500 MB in a worker
# What a run leaves in its folder.
_OURS: Final = re.compile(r"_summary\.csv|month=[^/]+/(straddling-)?\d{6}\.parquet")
_NUMBERS: Final = 8_000_000  # order numbers that one task compares
Step = Literal["orders", "compare", "columns", "compute", "straddling"]
STEPS: Final[tuple[Step, ...]] = ("orders", "compare", "columns", "compute", "straddling")
OnStep = Callable[[Step, int, int], None]
_HERE: Final = -100  # AT_FDCWD
_EXCHANGE: Final = 2  # RENAME_EXCHANGE of Linux, RENAME_SWAP of macOS
_UNKNOWN: Final = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EPERM)


@dataclass(frozen=True)
class Scaled:
    """What a run did: its totals, where the data set stands, how it was cut, and how each
    file was read."""

    totals: Totals
    folder: Path
    partitions: int
    forms: Mapping[str, Form]

    def remarks(self, source: str) -> tuple[Remark, ...]:
        """What has to be known of a file."""
        return (*self.forms[source].remarks, *self.totals.remarks.get(source, ()))


def run_scale(
    sources: Sequence[Path],
    out: Path,
    terms: Terms,
    lang: Lang,
    place: Place,
    *,
    totals_only: bool = False,
    most_rows: int = MOST_ROWS,
    on_step: OnStep = lambda step, done, total: None,
) -> Scaled:
    """Compute Parquet files of any size; the totals are those of one process, to the cent.

    ``out`` becomes a data set by month, with the totals in it as ``_summary.csv``: whole, in
    place of an earlier result, or not at all. Its columns ``source`` and ``row`` tell where
    each row stood. ``on_step`` is told the step, the tasks done and how many there are.
    """
    out = resolved(out)
    with in_words(out):
        out.parent.mkdir(parents=True, exist_ok=True)
    with held(lock_beside(out), out):
        bring_back(out)
        files = parquet_files(sources)
        with given(*files, *terms.files):
            return _run(files, out, terms, lang, place, totals_only, most_rows, on_step)


def _run(
    files: Sequence[Path],
    out: Path,
    terms: Terms,
    lang: Lang,
    place: Place,
    totals_only: bool,
    most_rows: int,
    on_step: OnStep,
) -> Scaled:
    _check(out, files)
    parts = partitions(files, most_rows, terms.asked)
    new = out.with_name(f".{out.name}.partial")
    work = new / "_work"
    try:
        with pool(place) as workers:
            _make_anew(work)
            job = Job(terms, lang, work, None if totals_only else new, mode=allowed_mode())
            try:
                sums = _computed(workers, parts, job, most_rows, on_step)
            except BaseException:
                shutil.rmtree(work, ignore_errors=True)  # what is left to do then stops at once
                workers.settle()
                raise
        shutil.rmtree(work)
        for left in new.rglob(".*.tmp"):  # by workers that were killed while they wrote
            left.unlink()
        done = totals(sums, lang)
        write_frame(done.table(), new / SUMMARY, keys=True)
        note(new / SUMMARY, orders=False)
        _check(out, files)  # again: others may have written there meanwhile
        take_place(new, out)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return Scaled(done, out, len(parts), {part.source: part.form for part in parts})


def _computed(
    workers: Pool,
    parts: Sequence[Partition],
    job: Job,
    most_rows: int,
    on_step: OnStep,
) -> Sums:
    def each(step: Step, task: Callable[..., Any], calls: Sequence[tuple[Any, ...]]) -> list[Any]:
        found = []
        on_step(step, 0, len(calls))
        for result in workers.run(task, calls):
            found.append(result)
            on_step(step, len(found), len(calls))
        return found

    told: dict[str, list[Evidence]] = {}
    if len(parts) > 1 and any(part.form.name_of("order_id") for part in parts):
        noted = each("orders", straddling.note_numbers, [(part, job.work) for part in parts])
        for part, numbers in zip(parts, noted, strict=True):
            told.setdefault(part.source, []).append(Evidence(named=numbers > 0))
        ranges = -(-sum(noted) // _NUMBERS) or 1
        compared = [(at, ranges, len(parts), job.work) for at in range(ranges)]
        places = sum(each("compare", straddling.find_straddling, compared))
        straddling.put_together(ranges, job.work)
        job = replace(job, buckets=-(-places // most_rows))
    named = {source for source, found in told.items() if gathered(found).named}
    doubtful = [(part, job.work, part.source in named) for part in parts if part.form.doubtful]
    for source, evidence in each("columns", gather_evidence, doubtful) if doubtful else ():
        told.setdefault(source, []).append(evidence)
    job = replace(job, evidence={source: gathered(found) for source, found in told.items()})
    shared = workers.shared(job)
    sums = each("compute", compute_partition, [(part, shared) for part in parts])
    buckets = [(bucket, parts, shared) for bucket in range(job.buckets)]
    return added([*sums, *each("straddling", compute_bucket, buckets)])


def _check(out: Path, files: Sequence[Path]) -> None:
    """A problem where the output would take the place of something else."""
    for path in files:
        if path.resolve().is_relative_to(out):
            raise ScaleProblem("out_of_place", out=out, path=path)
    if out.exists() and not out.is_dir():
        raise FileProblem("target_not_file", path=out)
    if strange := _strange(out):
        raise ScaleProblem("not_a_result", path=out, strange=strange)


def _strange(out: Path) -> Path | None:
    """Something in the folder that no run made, or that was changed since: it would be lost."""
    found = sorted(path for path in out.rglob("*") if not path.is_dir()) if out.is_dir() else []
    summary = out / SUMMARY
    for path in found:
        if not _OURS.fullmatch(path.relative_to(out).as_posix()):
            return path
    if found and not summary.is_file():
        return found[0]
    if found and any(path != summary for path in found):
        return None
    # The totals alone: a file of that name may be anybody's.
    return summary if found and not is_result(summary) else None


def _make_anew(folder: Path) -> None:
    """An empty folder; what a run that was killed left there is removed."""
    try:
        shutil.rmtree(folder.parent, ignore_errors=True)
        folder.mkdir(parents=True)
    except OSError as error:
        raise FileProblem("target_denied", path=folder) from error


def take_place(new: Path, out: Path) -> None:
    """``new`` becomes ``out``; what was there goes. A FileProblem where that can't be done."""
    with in_words(out):
        if not out.exists():
            new.rename(out)
        elif _exchanged(new, out):
            shutil.rmtree(new, ignore_errors=True)
        else:
            _by_two_renames(new, out)
        sync_folder(out.parent)


def bring_back(out: Path) -> None:
    """The old result, where a run was killed between the two renames."""
    old = _old(out)
    with in_words(out):
        if old.is_dir() and not out.exists():
            old.rename(out)
        shutil.rmtree(old, ignore_errors=True)


def _by_two_renames(new: Path, out: Path) -> None:
    """Where the system knows no exchange; the next run brings back what a kill leaves."""
    old = _old(out)
    shutil.rmtree(old, ignore_errors=True)
    out.rename(old)
    try:
        new.rename(out)
    except BaseException:
        with suppress(OSError):
            old.rename(out)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _old(out: Path) -> Path:
    return out.with_name(f".{out.name}.old")


def _exchanged(one: Path, other: Path) -> bool:
    """Whether the two have changed places, which they do at once or not at all."""
    names = os.fsencode(one), os.fsencode(other)
    try:
        library = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "linux":
            failed = library.renameat2(_HERE, names[0], _HERE, names[1], _EXCHANGE)
        elif sys.platform == "darwin":
            failed = library.renamex_np(*names, _EXCHANGE)
        else:
            return False
    except (AttributeError, OSError, TypeError):  # a system, or a C library, without it
        return False
    if failed:
        number = ctypes.get_errno()
        if number in _UNKNOWN:
            return False
        raise OSError(number, os.strerror(number), str(other))
    return True
