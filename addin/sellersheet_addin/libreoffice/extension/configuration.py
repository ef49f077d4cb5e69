"""What the installer wrote for the extension: libreoffice.json in the user's folder."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

FILE: Final = "libreoffice.json"
LOG: Final = "libreoffice.log"
_LARGEST: Final = 100_000  # bytes of a configuration


class NotConfigured(Exception):
    """There is no configuration, or none that can be used; the text says which file."""


@dataclass(frozen=True)
class Configuration:
    """``lang`` is None where LibreOffice's own language counts."""

    interpreter: str
    lang: str | None = None
    start_seconds: float = 30.0
    call_seconds: float = 60.0


def user_folder() -> Path:
    """Where Sellersheet keeps what belongs to the user: as ``sellersheet_addin`` has it."""
    given = os.environ.get("SELLERSHEET_HOME")
    return Path(given) if given else Path.home() / ".sellersheet"


def configuration() -> Configuration:
    """The configuration as it is now."""
    path = user_folder() / FILE
    try:
        with path.open("rb") as file:
            found = json.loads(file.read(_LARGEST))
        interpreter = found["interpreter"]
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise NotConfigured(f"{path}: {error}") from error
    if not isinstance(interpreter, str) or not Path(interpreter).is_file():
        raise NotConfigured(f"{path}: {interpreter}")
    lang = found.get("lang")
    return Configuration(
        interpreter,
        lang if lang in ("zh", "en") else None,
        _seconds(found, "start_seconds", Configuration.start_seconds),
        _seconds(found, "call_seconds", Configuration.call_seconds),
    )


def _seconds(found: dict[str, Any], name: str, default: float) -> float:
    value = found.get(name)
    return float(value) if isinstance(value, (int, float)) and 0 < value < 86_400 else default
