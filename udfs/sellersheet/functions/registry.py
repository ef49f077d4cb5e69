"""Every worksheet function, once: name, arguments, help in two languages, examples.

The arguments are those of the function itself; ``functions.toml`` has the rest.

The xlwings decorators, the VBA wrappers, the LibreOffice catalogue, the README's table
and ``sellersheet functions`` are made from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from inspect import Parameter, signature
from typing import Any, Final

from sellersheet import functions
from sellersheet.columns import TABLES
from sellersheet.functions import LISTED
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


@dataclass(frozen=True)
class Function:
    """A worksheet function. ``table``: it takes one case and gives a table."""

    name: str
    zh: str
    en: str
    category_zh: str
    category_en: str
    examples: tuple[str, ...]
    table: bool

    @cached_property
    def arguments(self) -> tuple[Argument, ...]:
        """Those of the function's signature; its module is loaded for them, and not before."""
        parameters = signature(getattr(functions, self.name)).parameters
        return tuple(map(_argument, parameters.values()))

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


def _function(item: dict[str, Any]) -> Function:
    category = LISTED["categories"][item["category"]]
    return Function(
        name=item["name"],
        zh=item["zh"],
        en=item["en"],
        category_zh=category["zh"],
        category_en=category["en"],
        examples=tuple(item["examples"]),
        table=item.get("table", False),
    )


def _argument(parameter: Parameter) -> Argument:
    column = _COLUMNS[parameter.name]
    optional = parameter.default is not Parameter.empty
    return Argument(parameter.name, column.help_zh, column.help_en, optional)


_COLUMNS: Final = {item.key: item for item in TABLES["arguments"]}
FUNCTIONS: Final = {item["name"]: _function(item) for item in LISTED["functions"]}
