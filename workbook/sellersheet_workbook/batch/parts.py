"""Which part of a data set belongs to which source, so that no row stands in it twice.

Only the one writer of a data set has its record (``writing``). The record and the rows that it
speaks of change together.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

from sellersheet.orders import OrderResults
from sellersheet.wording import Lang
from sellersheet_workbook.batch import dataset
from sellersheet_workbook.batch.journal import content_digest
from sellersheet_workbook.keeping.atomic import in_words, replacing
from sellersheet_workbook.keeping.inputs import resolved
from sellersheet_workbook.keeping.locks import held
from sellersheet_workbook.keeping.together import finish, folder_change
from sellersheet_workbook.problems import FileProblem

NAME: Final = "_parts.json"  # readers of data sets leave out what begins with _
UNFINISHED: Final = "_unfinished.json"
_LOCK: Final = ".lock"
_KIND: Final = 2


@dataclass(frozen=True)
class Part:
    """Where a source stands, seen from the data set, and what its rows were computed from.

    ``day`` is the day of rows without a date, where there are such. ``stays`` says that the
    rows stay although the source is no longer there.
    """

    place: str
    content: str
    settings: str = ""
    day: str | None = None
    size: int = -1
    time: int = -1
    stays: bool = False


class Parts:
    """The parts of one data set."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._record = folder / NAME
        self._text, self._known = _read(self._record)

    def of(self, sources: Mapping[Path, str]) -> dict[Path, str]:
        """The part of each source, whose content is given; no part for one that is new.

        A source is known by its place, or by its content where no file stands any more at
        the place on record: then it was moved.
        """
        by_place = {known.place: part for part, known in self._known.items()}
        found = {source: part for source in sources if (part := by_place.get(self._place(source)))}
        free = {
            known.content: part
            for part, known in self._known.items()
            if part not in found.values() and not self._stands(known)
        }
        for source, content in sources.items():
            if source not in found and content in free:
                found[source] = free.pop(content)
        return found

    def gone(self, but: Mapping[Path, str]) -> dict[str, Path]:
        """The parts whose source is no longer there and was not moved to one of ``but``; it
        was not said either that their rows stay."""
        return {
            part: self._path(known)
            for part, known in self._known.items()
            if not known.stays and part not in but.values() and not self._stands(known)
        }

    def outdated(self, but: Mapping[Path, str]) -> list[Path]:
        """Sources not among ``but`` that hold something else now than when they were read."""
        found = []
        for part, known in self._known.items():
            path = self._path(known)
            if part in but.values() or not path.is_file():
                continue
            now = path.stat()
            if (now.st_size, now.st_mtime_ns) == (known.size, known.time):
                continue
            if content_digest(path) != known.content:
                found.append(path)
        return found

    def holds(self, part: str, content: str, settings: str, day: str) -> bool:
        """Whether the rows of the part are those that such a run would write."""
        known = self._known.get(part)
        return (
            known is not None
            and (known.content, known.settings) == (content, settings)
            and known.day in (None, day)
            and bool(dataset.files_of(self.folder, part))
        )

    def known(self, source: Path, content: str, settings: str, day: str | None) -> Part:
        """What is to be on record of a source, as it stands now."""
        now = source.stat()
        return Part(self._place(source), content, settings, day, now.st_size, now.st_mtime_ns)

    def put(
        self, part: str | None, known: Part, results: OrderResults, name: str, lang: Lang
    ) -> None:
        """The rows of a source in place of what it had, and the record of it.

        ``name`` is what the rows call their source.
        """
        part = part or secrets.token_hex(8)
        every = {**self._known, part: known}
        with folder_change(self.folder / UNFINISHED) as change:
            text = self._write(every)
            written = dataset.put(results, self.folder, part, lang, name)
            for old in dataset.files_of(self.folder, part) - written:
                change.remove(old)
        self._known, self._text = every, text

    def drop(self, parts: Collection[str]) -> None:
        """Take the rows of these parts out of the data set."""
        rest = {part: known for part, known in self._known.items() if part not in parts}
        with folder_change(self.folder / UNFINISHED) as change:
            text = self._write(rest)
            for part in parts:
                for old in dataset.files_of(self.folder, part):
                    change.remove(old)
        self._known, self._text = rest, text

    def keep(self, parts: Collection[str]) -> None:
        """Note that the rows of these parts stay although their sources are gone."""
        self._note({part: replace(self._known[part], stays=True) for part in parts})

    def moved(self, source: Path, part: str) -> None:
        """Note where a source stands that was moved and needs no new rows."""
        place = self._place(source)
        if self._known[part].place != place:
            self._note({part: replace(self._known[part], place=place)})

    def _note(self, changed: Mapping[str, Part]) -> None:
        every = {**self._known, **changed}
        self._known, self._text = every, self._write(every)

    def _place(self, source: Path) -> str:
        """Seen from the data set, so that both may be moved together."""
        try:
            return Path(os.path.relpath(resolved(source), self.folder)).as_posix()
        except ValueError:  # another drive of Windows
            return resolved(source).as_posix()

    def _path(self, known: Part) -> Path:
        return Path(os.path.normpath(self.folder / known.place))

    def _stands(self, known: Part) -> bool:
        return self._path(known).exists()

    def _write(self, known: Mapping[str, Part]) -> str:
        """The record, unless another wrote it: on a disk that only pretends to hold locks."""
        if _text(self._record) != self._text:
            raise FileProblem("in_use", path=self.folder)
        data = {"kind": _KIND, "parts": {part: asdict(one) for part, one in known.items()}}
        text = json.dumps(data, ensure_ascii=False, indent=1)
        with replacing(self._record) as file:
            file.write(text.encode())
        return text


@contextmanager
def writing(folder: Path) -> Iterator[Parts]:
    """The record of a data set for its only writer; what a killed one left is finished first."""
    folder = resolved(folder)
    with in_words(folder):
        folder.mkdir(parents=True, exist_ok=True)
    with held(folder / _LOCK, folder):
        finish(folder / UNFINISHED)
        yield Parts(folder)


def _read(path: Path) -> tuple[str | None, dict[str, Part]]:
    """The record as it stands and what it says. Without one, or with a damaged one, rows that
    are there can't be told apart."""
    text = _text(path)
    if text is None:
        if any(path.parent.glob("month=*/*.parquet")):
            raise FileProblem("missing_record", path=path, folder=path.parent)
        return None, {}
    try:
        data = json.loads(text)
        if "kind" in data:
            return text, {str(part): Part(**known) for part, known in data["parts"].items()}
        # As written before 0.2: place and content only, so everything is computed once more.
        return text, {part: Part(str(place), str(held)) for part, (place, held) in data.items()}
    except (ValueError, AttributeError, TypeError, KeyError) as error:
        raise FileProblem("damaged_record", path=path) from error


def _text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise FileProblem("damaged_record", path=path) from error
