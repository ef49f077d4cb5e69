"""The worksheet functions as plain Python: ``from sellersheet.functions import SEMIFEE``.

They take what cells hold and give what cells show: numbers, texts, and the markers
``#N/A``, ``#VALUE!``, ``#NUM!`` for errors. They never raise.
"""

from __future__ import annotations

import tomllib
from importlib import import_module, resources
from typing import Any

LISTED: dict[str, Any] = tomllib.loads(
    resources.files(__name__).joinpath("functions.toml").read_text("utf-8")
)
# Function -> the module it stands in; a module is loaded when its function is first called.
HOME: dict[str, str] = {item["name"]: item["module"] for item in LISTED["functions"]}
__all__ = list(HOME)


def __getattr__(name: str) -> Any:
    if name not in HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{HOME[name]}"), name)
    globals()[name] = found
    return found
