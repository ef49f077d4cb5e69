"""Files that belong together change together: all of them new, or all as they were.

No system renames two files at once. So every new file is first written whole under a hidden
name; then a note of what is to be done is laid down, the files take their places, and the
note goes. A run that is killed in between leaves the note, and whoever comes to these files
next finishes the work. What is replaced goes before the first new file stands, so old and
new never stand side by side as if they were of one run.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import Final, NamedTuple

from sellersheet_workbook.keeping import made
from sellersheet_workbook.keeping.atomic import (
    check_replaceable,
    in_words,
    name_beside,
    replacing,
    sync_folder,
    taken_over,
)
from sellersheet_workbook.keeping.inputs import resolved
from sellersheet_workbook.keeping.locks import WAIT, held, lock_beside
from sellersheet_workbook.problems import FileProblem

_HIDDEN: Final = re.compile(r"\..*\.tmp")


class _Place(NamedTuple):
    """A written file and where it belongs."""

    written: Path
    target: Path


class Together:
    """The files of one change: those written within it, and those that are to go."""

    def __init__(self, targets: Sequence[Path]) -> None:
        self._targets = targets  # none: every file that is written
        self.places: list[_Place] = []
        self.gone: list[Path] = []
        self.noted = False

    def remove(self, path: Path) -> None:
        """The file, if there is one, goes when the others take their places."""
        self.gone.append(resolved(path))

    def has(self, target: Path) -> bool:
        """Whether that file is one of this change."""
        return not self._targets or target in self._targets

    def take(self, written: Path, target: Path) -> bool:
        """Whether that file is one of this change, and takes its place with the others."""
        if not self.has(target):
            return False
        self.places.append(_Place(written, target))
        return True


_open: ContextVar[Together | None] = ContextVar("open", default=None)


@contextmanager
def results(*targets: Path, merged: Path | None = None, orders: bool = False) -> Iterator[Together]:
    """Results of one run: what ``replacing`` writes to these paths takes its place when the
    block ends well.

    What stands there and was not made by Sellersheet, or was changed since, is kept under
    another name (``made.on_kept`` is told). Not so the file ``merged``, which is the user's
    and whose content stands in the new one. That all can be written is found at once.

    Within a change of the same files it is part of that. ``orders``: what is made is there
    to be computed with, as samples are; other results are no orders to a later run.
    """
    places = [resolved(target) for target in targets]
    outer = _open.get()
    if outer and all(outer.has(place) for place in places):
        yield outer
        return
    for place in places:
        check_replaceable(place)
    note, lock = _note_beside(places[0]), lock_beside(places[0])
    with _collected(places) as change:
        yield change
        with held(lock, places[0], wait=WAIT), in_words(places[0]):
            finish(note)
            own = resolved(merged) if merged else None
            for written, target in change.places:
                if target != own:
                    made.keep_strange(target, written)
                    made.note(written, orders=orders)
            for target in change.gone:
                made.keep_strange(target)
            # The user's own file takes its place first: so it stands there at every moment.
            change.places.sort(key=lambda place: place.target != own)
            _commit(change, note)


@contextmanager
def folder_change(note: Path) -> Iterator[Together]:
    """A change of files in the folder of ``note``, of which the caller is the only writer.

    ``note`` stands there while the files take their places: it tells readers.
    """
    with _collected(()) as change:
        yield change
        with in_words(note.parent):
            _commit(change, note)


def finish_results(target: Path) -> None:
    """Finish what a killed run left of the results that stand at and beside ``target``."""
    place = resolved(target)
    note = _note_beside(place)
    if note.exists():
        with held(lock_beside(place), place, wait=WAIT), in_words(place):
            finish(note)


def finish(note: Path) -> None:
    """Do what the note of a killed run says; without a note nothing."""
    if not note.exists():
        return
    places, gone, spare = _read(note)
    _put(places, gone)
    _forget(note, spare)


@contextmanager
def _collected(targets: Sequence[Path]) -> Iterator[Together]:
    change = Together(targets)
    token, within = taken_over.set(change.take), _open.set(change)
    try:
        yield change
    finally:
        taken_over.reset(token)
        _open.reset(within)
        if not change.noted:
            _drop(change.places)  # those that did not take their places


def _commit(change: Together, note: Path) -> None:
    """Everything in its place, or, where one file can't be, everything as it was."""
    gone = [path for path in change.gone if path.exists()]
    if len(change.places) + len(gone) <= 1:
        _put(change.places, gone)
        return
    spare = _spare([*(target for _, target in change.places if target.exists()), *gone])
    try:
        change.noted = _lay_down(note, change.places, gone, spare)
        _put(change.places, gone)
    except OSError:
        _put_back(change.places, spare)
        change.noted = False
        raise
    except BaseException:
        if change.noted:  # stopped by the user in the middle
            finish(note)
        raise
    finally:
        if not change.noted or not any(written.exists() for written, _ in change.places):
            _forget(note, spare)
            change.noted = False


def _spare(paths: Iterable[Path]) -> list[_Place]:
    """A second name for each file, to put it back by."""
    found: list[_Place] = []
    try:
        for path in paths:
            found.append(_Place(name_beside(path), path))
            made.same_or_copy(path, found[-1].written)
    except BaseException:
        _drop(found)
        raise
    return found


def _put(places: Sequence[_Place], gone: Iterable[Path]) -> None:
    """Done again, after a kill at any point of it, it comes to the same."""
    waiting = [place for place in places if place.written.exists()]
    for path in (*gone, *(place.target for place in waiting[1:])):
        path.unlink(missing_ok=True)
    for written, target in waiting:
        written.replace(target)
    for folder in {place.target.parent for place in places}:
        sync_folder(folder)


def _put_back(places: Sequence[_Place], spare: Sequence[_Place]) -> None:
    for written, target in places:
        if not written.exists():
            target.replace(written)
    for old, path in spare:
        old.replace(path)


def _lay_down(
    note: Path, places: Sequence[_Place], gone: Sequence[Path], spare: Sequence[_Place]
) -> bool:
    """Whether it could be: a note can't speak of files that links have put elsewhere."""
    if not all(path.is_relative_to(note.parent) for path in (*gone, *(at for _, at in places))):
        return False

    def named(path: Path) -> str:
        return path.relative_to(note.parent).as_posix()

    said = {
        "what": "Sellersheet was stopped while files took their places: run it again.",
        "places": [[named(place.written), named(place.target)] for place in places],
        "gone": [named(path) for path in gone],
        "spare": [named(place.written) for place in spare],
    }
    token = taken_over.set(lambda written, target: False)
    try:
        with replacing(note) as file:
            file.write(json.dumps(said, ensure_ascii=False, indent=1).encode())
    finally:
        taken_over.reset(token)
    return True


def _read(note: Path) -> tuple[list[_Place], list[Path], list[_Place]]:
    """What the note says. It moves nothing but hidden files, and nothing out of its folder."""

    def inside(name: object, hidden: bool = False) -> Path:
        path = note.parent / str(name)
        if ".." in path.parts or not path.is_relative_to(note.parent):
            raise ValueError(name)
        if hidden and not _HIDDEN.fullmatch(path.name):
            raise ValueError(name)
        return path

    try:
        said = json.loads(note.read_text(encoding="utf-8"))
        places = [_Place(inside(new, hidden=True), inside(old)) for new, old in said["places"]]
        gone = [inside(name) for name in said["gone"]]
        spare = [_Place(inside(name, hidden=True), note) for name in said["spare"]]
    except (ValueError, KeyError, TypeError) as error:
        raise FileProblem("damaged_note", path=note) from error
    return places, gone, spare


def _forget(note: Path, spare: Iterable[_Place]) -> None:
    note.unlink(missing_ok=True)
    sync_folder(note.parent)
    _drop(spare)


def _drop(places: Iterable[_Place]) -> None:
    for written, _ in places:
        with suppress(OSError):
            written.unlink(missing_ok=True)


def _note_beside(target: Path) -> Path:
    name = hashlib.sha256(target.name.encode(errors="surrogatepass")).hexdigest()[:8]
    return target.with_name(f".{target.name[:40]}.{name}.unfinished")
