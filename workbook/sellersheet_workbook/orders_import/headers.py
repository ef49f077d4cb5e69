"""Which column each header of an order export stands for."""

from __future__ import annotations

import difflib
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final, NamedTuple

import pandas as pd

from sellersheet.cells import word
from sellersheet.columns import INPUT, column
from sellersheet.exchange import currency
from sellersheet.headers import header_text, match, normal, promote_header
from sellersheet.wording import Lang
from sellersheet_workbook.orders_import.problems import WORDS, ImportProblem

NEEDED: Final = ("order_id", "paid_cny")
IGNORE: Final = "ignore"
KEYS: Final = (*(item.key for item in INPUT), "currency", "status", IGNORE)
_SEARCHED_ROWS: Final = 10
_LISTED: Final = 30
_NOTED: Final = re.compile(r"(?P<name>[^(\[]+?)\s*[(\[]\s*(?P<note>[^)\]]+?)\s*[)\]]")


class _Meaning(NamedTuple):
    key: str
    rank: int = 0
    factor: float = 1


@dataclass(frozen=True, slots=True)
class Place:
    """A header that is understood: where it stands, its currency and its factor."""

    key: str
    header: str
    at: int
    rank: int
    currency: str = ""
    factor: float = 1


@dataclass(frozen=True, slots=True)
class Understood:
    """The columns of an export by key, and the headers that are left out."""

    places: dict[str, Place]
    left_out: tuple[str, ...]


def understand(labels: Iterable[object], given: Mapping[str, str]) -> Understood:
    """What the headers stand for; ``given`` says it for headers by name.

    A needed column that is missing, or one that two headers name, is an ImportProblem.
    """
    texts = [header_text(label) for label in labels]
    found: dict[str, Place] = {}
    for at, text in enumerate(texts):
        place = _place(text, at, given)
        if place is None or place.key == IGNORE:
            continue
        other = found.get(place.key)
        if other is not None and other.rank == place.rank:
            _refuse_two(other, place)
        if other is None or place.rank < other.rank:
            found[place.key] = place
    missing = [key for key in NEEDED if key not in found]
    if missing:
        _refuse_missing(missing, texts, found)
    taken = {place.at for place in found.values()}
    left = tuple(text for at, text in enumerate(texts) if text and at not in taken)
    return Understood(found, left)


def below_title(
    frame: pd.DataFrame, first_row: int, given: Mapping[str, str]
) -> tuple[pd.DataFrame, int]:
    """The table under the row that names most columns, and the sheet row of its first row."""
    best, most = -1, max(1, _count(frame.columns, given))
    for at in range(min(_SEARCHED_ROWS, len(frame) - 1)):
        count = _count(frame.iloc[at], given)
        if count > most:
            best, most = at, count
    return (frame, first_row) if best < 0 else (promote_header(frame, best), first_row + best + 1)


def title(key: str, lang: Lang) -> str:
    """The name of a column or of one of the further keys."""
    known = {item.key: item for item in INPUT}
    return known[key].title(lang) if key in known else WORDS(f"key_{key}", lang)


def skipped_statuses() -> frozenset[str]:
    """States of an order that was not paid, as ``word`` writes them."""
    return frozenset(map(word, _data()["status"]["skip"]))


def total_words() -> frozenset[str]:
    """What stands in the order number of a row of totals, as ``word`` writes it."""
    return frozenset(map(word, _data()["totals"]["words"]))


def _place(text: str, at: int, given: Mapping[str, str]) -> Place | None:
    plain = unicodedata.normalize("NFKC", text)
    noted = _NOTED.fullmatch(plain)
    money = currency("".join(noted["note"].split())) if noted else ""
    if text in given:
        return Place(given[text], text, at, -1, money)
    meaning = _meaning(plain) or (_meaning(noted["name"]) if noted and money else None)
    if meaning is None:
        return None
    return Place(meaning.key, text, at, meaning.rank, money, meaning.factor)


def _meaning(name: str) -> _Meaning | None:
    found = next(iter(match([name], "orders")), None) if name else None
    return _Meaning(found) if found else _names().get(normal(name))


def _count(labels: Iterable[object], given: Mapping[str, str]) -> int:
    texts = (label.strip() for label in labels if isinstance(label, str))
    found = (_place(text, 0, given) for text in texts)
    return len({place.key for place in found if place and place.key != IGNORE})


def _refuse_two(first: Place, second: Place) -> None:
    raise ImportProblem(
        "two_headers",
        title_zh=title(first.key, "zh"),
        title_en=title(first.key, "en"),
        first=first.header,
        first_at=first.at + 1,
        second=second.header,
        second_at=second.at + 1,
    )


def _refuse_missing(
    missing: Sequence[str], texts: Sequence[str], found: Mapping[str, Place]
) -> None:
    taken = {place.header for place in found.values()}
    spare = {normal(text): text for text in texts if text and text not in taken}
    fields = {
        "title_zh": "、".join(title(key, "zh") for key in missing),
        "title_en": ", ".join(title(key, "en") for key in missing),
        "headers": " | ".join([text for text in texts if text][:_LISTED]) or "—",
        "key": missing[0],
    }
    for name in _names_of(missing[0]):
        if near := difflib.get_close_matches(normal(name), spare, n=1, cutoff=0.5):
            raise ImportProblem("missing_near", near=spare[near[0]], **fields)
    raise ImportProblem("missing", **fields)


def _names_of(key: str) -> list[str]:
    item = column("orders", key)
    synonyms = [
        name for entry in _data()["header"] if entry["key"] == key for name in entry["names"]
    ]
    return [item.zh, item.en, *item.also, *synonyms]


@cache
def _names() -> dict[str, _Meaning]:
    return {
        normal(name): _Meaning(entry["key"], entry.get("rank", 1), entry.get("factor", 1))
        for entry in _data()["header"]
        for name in entry["names"]
    }


@cache
def _data() -> dict[str, Any]:
    source = resources.files("sellersheet_workbook.orders_import").joinpath("headers.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))
