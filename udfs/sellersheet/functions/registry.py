"""Every worksheet function, once: name, arguments, help in two languages, examples.

The xlwings decorators, the VBA wrappers, the LibreOffice catalogue, the README's table
and ``sellersheet functions`` are made from it.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import Any, Final

from sellersheet.columns import TABLES
from sellersheet.wording import Lang


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument and its help, at the most 255 characters in each language."""

    name: str
    zh: str
    en: str
    optional: bool

    def help(self, lang: Lang) -> str:
        """What to enter."""
        return self.zh if lang == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Function:
    """A worksheet function. ``table``: it takes one case and gives a table."""

    name: str
    zh: str
    en: str
    arguments: tuple[Argument, ...]
    category_zh: str
    category_en: str
    examples: tuple[str, ...]
    table: bool

    def help(self, lang: Lang) -> str:
        """What it gives."""
        return self.zh if lang == "zh" else self.en

    def category(self, lang: Lang) -> str:
        """The group it is listed under."""
        return self.category_zh if lang == "zh" else self.category_en

    @property
    def signature(self) -> str:
        """As it is written in a cell, optional arguments in brackets."""
        words = (f"[{item.name}]" if item.optional else item.name for item in self.arguments)
        return f"{self.name}({', '.join(words)})"


def _load() -> dict[str, Function]:
    text = resources.files("sellersheet.functions").joinpath("functions.toml").read_text("utf-8")
    data = tomllib.loads(text)
    return {item["name"]: _function(item, data["categories"]) for item in data["functions"]}


def _function(item: dict[str, Any], categories: dict[str, dict[str, str]]) -> Function:
    category = categories[item["category"]]
    return Function(
        name=item["name"],
        zh=item["zh"],
        en=item["en"],
        arguments=tuple(_argument(word) for word in item["arguments"]),
        category_zh=category["zh"],
        category_en=category["en"],
        examples=tuple(item["examples"]),
        table=item.get("table", False),
    )


def _argument(word: str) -> Argument:
    name = word.strip("[]")
    column = _COLUMNS[name]
    return Argument(name, column.help_zh, column.help_en, optional=word.startswith("["))


_COLUMNS: Final = {item.key: item for item in TABLES["arguments"]}
FUNCTIONS: Final = _load()
