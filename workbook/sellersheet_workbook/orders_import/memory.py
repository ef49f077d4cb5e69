"""What headers stand for, remembered for every set of headers in a file of the user's."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from sellersheet.intake.vocabulary import header_text, keys_of
from sellersheet_workbook.keeping.atomic import replacing
from sellersheet_workbook.keeping.user_folder import make_private, user_folder

_NAME: Final = "order-headers.json"


def memory_path() -> Path:
    """In the user's folder."""
    return user_folder() / _NAME


class Memory:
    """Header -> column key by set of headers; ``path`` None remembers nothing.

    A file that can't be understood counts as empty.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._known = _read(path) if path else {}
        self._changed = False

    def recall(self, labels: Iterable[object]) -> dict[str, str]:
        """What was said about the headers of this set."""
        return dict(self._known.get(_set(labels), {}))

    def remember(self, labels: Iterable[object], given: Mapping[str, str]) -> None:
        """Keep what is said about this set of headers, until ``save``."""
        name = _set(labels)
        if self.path and given and self._known.get(name) != dict(given):
            self._known[name] = dict(given)
            self._changed = True

    def save(self) -> bool:
        """Write the file where something changed; an OSError or a FileProblem where it can't."""
        if not self.path or not self._changed:
            return False
        make_private(self.path.parent)
        with replacing(self.path) as file:
            file.write(json.dumps(self._known).encode())
        return True


def _set(labels: Iterable[object]) -> str:
    return " | ".join(sorted({text for text in map(header_text, labels) if text}))


def _read(path: Path) -> dict[str, dict[str, str]]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(data, dict):
        return {}
    return {
        str(name): {str(header): key for header, key in said.items() if key in keys_of("orders")}
        for name, said in data.items()
        if isinstance(said, dict)
    }
