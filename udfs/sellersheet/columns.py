"""Every input and output column, defined once in ``columns.toml``, and why a cell does not fit one.

Header matching, typed columns, template headers and comments, and the tables of the
README all come from here.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import IntEnum
from importlib import resources
from typing import Any, Final, Literal

from sellersheet.wording import Lang

Kind = Literal[
    "text",  # kept as written
    "date",  # a day
    "money",  # an amount, two decimals, in the column's currency
    "cost",  # an amount, or a share of the amount paid where it is written in %
    "rate",  # a share: 0.035 is 3.5 %
    "number",  # any finite number
    "grams",
    "cm",
    "count",  # a whole number
    "yes_no",
    "choice",  # one of ``choices``
    "country",  # ISO-3166 alpha-2, names understood
    "moment",  # a day with its time; of functions only
    "range",  # a block of cells; of functions only
]


@dataclass(frozen=True, slots=True)
class Choice:
    """One permitted word of a ``choice`` column, with the other words understood for it."""

    key: str
    zh: str
    en: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """A column. ``low`` and ``high`` are inclusive bounds in the column's own unit.

    ``default`` is the code or number that a blank means (None: a blank stays unknown);
    for a choice it is the position in ``choices``, for yes_no 1 is yes. ``several`` columns
    of a table may stand for it, each with an amount of its own. ``charge`` is the word of a fee
    part on a bill: the key of its column and of its charge type there.
    """

    key: str
    zh: str
    en: str
    kind: Kind
    help_zh: str
    help_en: str
    unit: str = ""
    required: bool = False
    low: float | None = None
    high: float | None = None
    default: int | None = None
    choices: tuple[Choice, ...] = ()
    several: bool = False
    charge: str = ""

    def title(self, lang: Lang) -> str:
        """The header shown to people."""
        return self.zh if lang == "zh" else self.en

    def help(self, lang: Lang) -> str:
        """What to enter, or what the result means."""
        return self.help_zh if lang == "zh" else self.help_en


class Wrong(IntEnum):
    """Why a cell can't be used in a column; the lower-case name is the code of its message."""

    NONE = 0
    ERROR_CELL = 1
    REQUIRED = 2
    NOT_A_NUMBER = 3
    UNCLEAR_NUMBER = 4
    BELOW = 5
    ABOVE = 6
    SHARE = 7
    NOT_WHOLE = 8
    NO_RATE = 9
    NO_RATE_YET = 10
    OTHER_CURRENCY = 11
    NOT_A_DATE = 12
    UNCLEAR_DATE = 13
    DATE_RANGE = 14
    NOT_YES_NO = 15
    NOT_A_CHOICE = 16
    NOT_A_COUNTRY = 17
    RAGGED = 18  # the row had more cells than the header
    UNCACHED = 19  # a formula without a saved value
    CUT_NUMBER = 20  # an order number of which a spreadsheet has dropped digits
    NO_CURRENCY = 21  # a currency column, blank in this row
    UNKNOWN_CURRENCY = 22
    UNCLEAR_SHARE = 23  # under a header in %, a number up to 1: 0.5 % or 50 %
    FIRST_LINE = 24  # blank, and what the order's first line has for it can't be used
    NOT_OF_ORDER = 25  # said to be the whole order's amount, and another line has another
    SPOILT_RATE = 26  # the exchange rate of that day is written wrongly

    @property
    def code(self) -> str:
        """The code of the message."""
        return self.name.lower()


# What the columns of a fee part in other tables have in common with the result.
_SAME: Final = ("zh", "en", "kind", "unit")


def _load() -> dict[str, tuple[Column, ...]]:
    text = resources.files("sellersheet").joinpath("columns.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    choices = data.pop("choices")
    parts = [item for item in data["results"] if "bill" in item]
    bills = [{key: item[key] for key in _SAME} | item.pop("bill") for item in parts]
    further = [item.pop("also", []) for item in bills]
    for item, bill in zip(parts, bills, strict=True):
        item["charge"] = bill["key"]
    charges = [
        {key: item[key] for key in ("key", "zh", "en")} | {"also": also}
        for item, also in zip(bills, further, strict=True)
    ]
    sums = [{key: item[key] for key in ("key", *_SAME)} for item in parts]
    for table in ("summary", "impact"):
        data[table] = _each_part(data[table], sums)
    data["bill"] = _each_part(data["bill"], bills)
    choices["charge"] = _each_part(choices["charge"], charges)
    words = {
        name: tuple(Choice(**{**item, "also": tuple(item["also"])}) for item in items)
        for name, items in choices.items()
    }

    def column(record: dict[str, Any]) -> Column:
        record["choices"] = words[record["choices"]] if "choices" in record else ()
        return Column(**record)

    return {table: tuple(column(record) for record in records) for table, records in data.items()}


def _each_part(records: list[dict[str, Any]], parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The records, and in the place of the one ``of_parts`` one for each fee part: what it
    says, and of the part what it does not say itself."""
    found: list[dict[str, Any]] = []
    for record in records:
        if record.pop("of_parts", False):
            said = [{key: _filled(text, part) for key, text in record.items()} for part in parts]
            found += [part | own for own, part in zip(said, parts, strict=True)]
        else:
            found.append(record)
    return found


def _filled(text: Any, part: dict[str, Any]) -> Any:
    return text.format(**part) if isinstance(text, str) else text


TABLES: Final = _load()
INPUT: Final = TABLES["orders"]
OUTPUT: Final = TABLES["results"]
RATES: Final = TABLES["rates"]
BESIDE_RATES: Final = frozenset(item.key for item in TABLES["rates_beside"])
SKU_COSTS: Final = TABLES["sku_costs"]
FX: Final = TABLES["fx"]
OVERRIDES: Final = TABLES["overrides"]


def column(table: str, key: str) -> Column:
    """The column of that key; KeyError where there is none."""
    return _BY_KEY[table, key]


# What may be an amount or a share of the amount paid.
COST_COLUMNS: Final = tuple(item.key for item in INPUT if item.kind == "cost")
_BY_KEY: Final = {(table, item.key): item for table, items in TABLES.items() for item in items}
