"""Which part of a data set belongs to which source, so that a file that moved is not doubled."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path
from typing import Final

from sellersheet_workbook.atomic import replacing
from sellersheet_workbook.problems import FileProblem

NAME: Final = "_parts.json"  # readers of data sets leave out what begins with _


class Parts:
    """The parts of one data set, each with where its source stands and what it held."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._known = _read(self._folder / NAME)

    def of(self, source: Path, content: str) -> str:
        """The part of a source; a source that is new here gets a new one.

        A source is known by its place, or by its content where no file stands any more at
        the place on record: then it was moved.
        """
        place = self._place(source)
        found = next((part for part, known in self._known.items() if known[0] == place), None)
        if found is None:
            moved = (part for part, (old, held) in self._known.items() if held == content)
            found = next((part for part in moved if not self._stands(part)), None)
        part = found or secrets.token_hex(8)
        if self._known.get(part) != (place, content):
            self._known[part] = (place, content)
            self._save()
        return part

    def _place(self, source: Path) -> str:
        """Seen from the data set, so that both may be moved together."""
        try:
            return Path(os.path.relpath(source.resolve(), self._folder)).as_posix()
        except ValueError:  # another drive of Windows
            return source.resolve().as_posix()

    def _stands(self, part: str) -> bool:
        return (self._folder / self._known[part][0]).exists()

    def _save(self) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise FileProblem("target_denied", path=self._folder) from error
        with replacing(self._folder / NAME) as file:
            file.write(json.dumps(self._known, ensure_ascii=False, indent=1).encode())


def _read(path: Path) -> dict[str, tuple[str, str]]:
    """The record; a damaged one is no record that rows could be told apart by."""
    if not path.exists():
        return {}
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
        return {str(part): (str(place), str(held)) for part, (place, held) in known.items()}
    except (OSError, ValueError, AttributeError) as error:
        raise FileProblem("damaged_record", path=path) from error
