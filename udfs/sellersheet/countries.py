"""Countries by ISO code or by name in Chinese or English.

The names come from CLDR (Babel) and ISO 3166 (pycountry); ``countries.toml`` adds the
few everyday names that neither has.
"""

from __future__ import annotations

import tomllib
import unicodedata
from functools import cache
from importlib import resources
from typing import Final

from sellersheet.wording import Lang

_CLDR: Final = {"zh": "zh_Hans", "en": "en"}
_NAMED_IN: Final = ("zh_Hans", "zh_Hant", "en")
_NOT_IN_ISO: Final = frozenset({"XK"})  # Kosovo: parcels go there, ISO 3166 leaves it out


def code(text: str) -> str | None:
    """The ISO-3166 alpha-2 code of a code or name; None for what is no country."""
    return _codes().get(_normal(text))


def name(alpha_2: str, lang: Lang) -> str:
    """The country's name in that language; the code itself where CLDR has none."""
    return _territories(_CLDR[lang]).get(alpha_2, alpha_2)


def _normal(text: str) -> str:
    """Letters and digits only, without case or accents."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in plain if letter.isalnum())


@cache
def _territories(locale: str) -> dict[str, str]:
    from babel import Locale  # loaded when a country is first read: most calls need none

    return dict(Locale.parse(locale).territories)


@cache
def _codes() -> dict[str, str]:
    import pycountry

    known: dict[str, str] = {}
    for country in map(dict, pycountry.countries):
        for field in ("alpha_2", "alpha_3", "name", "official_name", "common_name"):
            if text := country.get(field):
                known[_normal(text)] = country["alpha_2"]
    iso = {*known.values(), *_NOT_IN_ISO}
    for locale in _NAMED_IN:
        for alpha_2, text in _territories(locale).items():
            if alpha_2 in iso:
                known.setdefault(_normal(text), alpha_2)
    known.update((_normal(alpha_2), alpha_2) for alpha_2 in _NOT_IN_ISO)
    source = resources.files("sellersheet").joinpath("countries.toml")
    aliases: dict[str, list[str]] = tomllib.loads(source.read_text(encoding="utf-8"))["alias"]
    for alpha_2, texts in aliases.items():
        known.update((_normal(text), alpha_2) for text in texts)
    return known
