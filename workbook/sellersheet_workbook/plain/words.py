"""What the plain edition says, and the lists of words that it understands: on a hidden sheet, with
the code that the rules know each by."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Any, Final

from sellersheet import cells, countries
from sellersheet.columns import Column, column
from sellersheet.intake.layout import row_words
from sellersheet.policy import load
from sellersheet.rules.eligibility import category_verdict, country_verdict, warehouse_verdict
from sellersheet.rules.rate_card import IGNORED_WORDS, UNKNOWN_WORDS
from sellersheet.wording import LANGS, Lang, Wording
from sellersheet_workbook.template.book import DAY, Book
from sellersheet_workbook.template.cells import Span, cell

WORDS: Final = Wording("sellersheet_workbook.plain", "words.toml")
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
    _put(book, "channel", _channel_words())
    _put(book, "total", _total_words())
    _shop_words(book)


def _put(book: Book, key: str, pairs: Iterable[tuple[str, Any]]) -> None:
    sheet = book["lists"]
    left = 2 * sum(name.endswith("_words") for name in book.names)
    distinct: dict[str, tuple[str, Any]] = {}
    for word, code in pairs:
        plain = word.replace(" ", "")
        distinct.setdefault(plain.casefold(), (plain, code))
    sheet.put_rows(cell(1, left), [list(pair) for pair in distinct.values()])
    bottom = len(distinct)
    book.name(f"{key}_words", sheet.ref(Span(1, left, bottom, left)))
    book.name(f"{key}_codes", sheet.ref(Span(1, left + 1, bottom, left + 1)))
    sheet.put_at(0, left, key)


def _choice_words(item: Column) -> Iterable[tuple[str, int]]:
    for code, choice in enumerate(item.choices):
        for word in (choice.zh, choice.en, choice.key, *choice.also):
            yield word, code


def _divisor_words() -> Iterable[tuple[str, int]]:
    """0: volume does not count; -1: the divisor is not known."""
    yield from ((word, 0) for word in sorted(IGNORED_WORDS))
    yield from ((word, -1) for word in sorted(UNKNOWN_WORDS) if word)


def _channel_words() -> Iterable[tuple[str, int]]:
    for at, record in enumerate(load().on(DAY).table("payment_channels")):
        for word in (record["key"], record["zh"], record["en"], *record["aliases"]):
            yield word, at


def _total_words() -> Iterable[tuple[str, int]]:
    """The words of a row that adds others up, as they stand without figures and spaces."""
    said = row_words("totals")
    for word in (*said["before"], *(f"共{unit}" for unit in said["counted"]), *said["alone"]):
        yield from ((text, 1) for text in (word, word.replace(" ", "-")))


def _shop_words(book: Book) -> None:
    """E5, E9, E10: words with the verdict that the rules give on each."""
    policy = load().on(DAY)
    tables = {
        "warehouse": (["designated_warehouses"], warehouse_verdict),
        "category": (
            ["barred_categories", "open_categories"],
            lambda word, rules: category_verdict(word, (), rules),
        ),
    }
    for key, (names, verdict) in tables.items():
        records = [record for name in names for record in policy.table(name)]
        said = [w for r in records for w in (r["zh"], r["en"], *r["aliases"])]
        if key == "warehouse":
            said += [WORDS("other_warehouse", lang) for lang in LANGS]
        _put(book, key, ((word, verdict(word, policy)) for word in said))
    _put(book, "served", ((word, country_verdict(code, policy)) for word, code in country_words()))


@cache
def country_words() -> tuple[tuple[str, str], ...]:
    """Codes and usual names; every one means to the functions what it means here."""
    import pycountry  # loaded when a workbook is built: most commands need neither
    from babel import Locale

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


def named(lang: Lang, name: str) -> list[str]:
    """The names of a table of the policy, as a drop-down has them."""
    return [str(record[lang]) for record in load().on(DAY).table(name)]
