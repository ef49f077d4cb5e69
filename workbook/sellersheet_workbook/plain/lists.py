"""Lists of words on a hidden sheet, with the code that the rules know each by."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Any, Final

import pycountry
from babel import Locale

from sellersheet import cells, countries
from sellersheet.columns import Column, column
from sellersheet.policy import load
from sellersheet_workbook.plain.words import WORDS
from sellersheet_workbook.template.book import Area, Book, Ref

_ORDER_CHOICES: Final = ("parcel", "return_case")
_CODES: Final = ("alpha_2", "alpha_3", "name", "common_name")


def fill(book: Book) -> None:
    """Each list in two columns: the words, and what they mean."""
    for key in _ORDER_CHOICES:
        _put(book, key, _choice_words(column("orders", key)))
    yes_no = ((word, code) for code, said in ((1, cells.YES), (0, cells.NO)) for word in said)
    _put(book, "yes_no", yes_no)
    _put(book, "country", ((word, code) for word, code in country_words()))
    _put(book, "divisor", _divisor_words())


def words(book: Book, key: str) -> Ref:
    """The words of a list."""
    return book.names[f"{key}_words"]


def codes(book: Book, key: str) -> Ref:
    """Their codes, row by row."""
    return book.names[f"{key}_codes"]


def _put(book: Book, key: str, pairs: Iterable[tuple[str, Any]]) -> None:
    sheet = book["lists"]
    left = 2 * sum(name.endswith("_words") for name in book.names)
    distinct: dict[str, tuple[str, Any]] = {}
    for word, code in pairs:
        plain = word.replace(" ", "")
        distinct.setdefault(plain.casefold(), (plain, code))
    sheet.put_rows(f"{_letter(left)}2", [list(pair) for pair in distinct.values()])
    bottom = len(distinct)
    book.name(f"{key}_words", sheet.ref(Area(1, left, bottom, left)))
    book.name(f"{key}_codes", sheet.ref(Area(1, left + 1, bottom, left + 1)))
    sheet.put_at(0, left, key)


def _letter(at: int) -> str:
    return chr(ord("A") + at)


def _choice_words(item: Column) -> Iterable[tuple[str, int]]:
    for code, choice in enumerate(item.choices):
        for word in (choice.zh, choice.en, choice.key, *choice.also):
            yield word, code


def _divisor_words() -> Iterable[tuple[str, int]]:
    """0: volume does not count; -1: the divisor is not known."""
    from sellersheet.rules.rate_card import IGNORED_WORDS, UNKNOWN_WORDS

    yield from ((word, 0) for word in sorted(IGNORED_WORDS))
    yield from ((word, -1) for word in sorted(UNKNOWN_WORDS) if word)


@cache
def country_words() -> tuple[tuple[str, str], ...]:
    """Codes and usual names; every one means to the functions what it means here."""
    found: list[tuple[str, str]] = []
    for country in map(dict, pycountry.countries):
        found += [(country[key], country["alpha_2"]) for key in _CODES if country.get(key)]
    for locale in ("zh_Hans", "en"):
        names = dict(Locale.parse(locale).territories)
        known = {code for _, code in found}
        found += [(name, code) for code, name in names.items() if code in known]
    source = resources.files("sellersheet").joinpath("countries.toml")
    aliases = tomllib.loads(source.read_text(encoding="utf-8"))["alias"]
    found += [(word, code) for code, texts in aliases.items() for word in texts]
    return tuple((word, code) for word, code in found if countries.code(word) == code)


def named(book: Book, name: str) -> list[str]:
    """The names of a table of the policy, as a drop-down has them."""
    return [str(record[book.lang]) for record in load().entry(name, load().first_day(name)).value]


__all__ = ["WORDS", "codes", "country_words", "fill", "named", "words"]
