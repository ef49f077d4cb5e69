"""What a batch of many files has done already, so that none is done twice."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import sellersheet
from sellersheet_workbook.batch.one import Terms
from sellersheet_workbook.keeping.atomic import replacing
from sellersheet_workbook.keeping.inputs import resolved

NAME: Final = "sellersheet-batch.json"
_KIND: Final = 2


@dataclass(frozen=True)
class Noted:
    """One file done: which one, of what content, with what settings; its totals in cents.

    ``source`` is its place seen from the folder. ``day`` is the day of rows without a
    date, None where every row has its own.
    """

    source: str
    content: str
    settings: str
    day: str | None
    size: int
    rows: int
    orders: int
    refused: int
    incomplete: int
    paid: int
    fees: int
    report: str | None


class Journal:
    """The entries of one output folder, by the name of the result file."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        self._entries = _read(self._path)

    def done(self, target: Path, content: str, settings: str, as_of: date) -> Noted | None:
        """The entry that still holds, if the result still stands as it was written."""
        entry = self._entries.get(self._key(target))
        if entry is None or (entry.content, entry.settings) != (content, settings):
            return None
        if entry.day not in (None, as_of.isoformat()):
            return None
        there = target.is_file() and target.stat().st_size == entry.size
        return entry if there else None

    def add(self, target: Path, entry: Noted) -> None:
        """Note a file as done, at once and whole."""
        self._entries[self._key(target)] = entry
        files = {name: asdict(known) for name, known in self._entries.items()}
        text = json.dumps({"kind": _KIND, "files": files}, ensure_ascii=False, indent=1)
        with replacing(self._path) as file:
            file.write(text.encode())

    def place(self, source: Path) -> str:
        """Where a source stands, seen from the folder of the results."""
        try:
            return Path(os.path.relpath(resolved(source), self._path.parent)).as_posix()
        except ValueError:  # another drive of Windows
            return resolved(source).as_posix()

    def owners(self) -> dict[Path, str]:
        """The result files that stand, each with the place of the source that it is of."""
        return {
            target: entry.source
            for name, entry in self._entries.items()
            if (target := self._path.parent / name).exists()
        }

    def _key(self, target: Path) -> str:
        return target.relative_to(self._path.parent).as_posix()


def content_digest(path: Path) -> str:
    """The SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def settings_digest(terms: Terms, *more: Any) -> str:
    """Of everything but the file that a result depends on; the day of undated rows is apart."""
    given = [
        (code, content_digest(Path(told)) if Path(told).is_file() else told)
        for code, told in terms.given
    ]
    facts = [sellersheet.__version__, terms.policy.digest, given, list(terms.said), more]
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def _read(path: Path) -> dict[str, Noted]:
    """The entries; none where the journal is missing or not as it was written."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["kind"] != _KIND:
            return {}
        return {str(name): Noted(**entry) for name, entry in data["files"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}  # everything is done again: slower, never wrong
