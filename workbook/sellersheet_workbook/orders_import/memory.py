"""What headers stand for, remembered for every set of headers in a file of the user's."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from sellersheet.intake.vocabulary import header_text, keys_of
from sellersheet_workbook.keeping.atomic import replacing

_NAME: Final = "order-headers.json"


def memory_path() -> Path:
    """``%APPDATA%/Sellersheet`` on Windows, else ``~/.config/sellersheet``."""
    if os.name == "nt" and (roaming := os.environ.get("APPDATA")):
        return Path(roaming) / "Sellersheet" / _NAME
    base = os.environ.get("XDG_CONFIG_HOME")
    return (Path(base) if base else Path.home() / ".config") / "sellersheet" / _NAME


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
        self.path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(self._known, ensure_ascii=False, indent=1, sort_keys=True)
        with replacing(self.path, private=True) as file:
            file.write(text.encode())
        self._changed = False
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
