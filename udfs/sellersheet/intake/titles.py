"""What texts above a header say of the amounts below it: 单位：分, Prices in USD, and the heads of
groups of columns, 金额(USD)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from sellersheet.amounts import CENTS, THOUSANDS
from sellersheet.columns import TABLES
from sellersheet.intake.doubts import Asked
from sellersheet.intake.grid import Above
from sellersheet.intake.headers import Place, Understood
from sellersheet.intake.layout import TITLES
from sellersheet.intake.vocabulary import Header, parsed

_UNIT_TITLE: Final = re.compile(
    r"(?:币种|货币|计价单位|价格单位|单位|currency|unit)\s*[:=为]\s*([^\s,;。]+)", re.I
)
# Prices in USD; 价格表(美元); not (K), nor in ALL countries
_OF_AMOUNTS: Final = re.compile(r"金额|单位|[价费]|amount|value|price|rate|unit|fee", re.I)
_IN_TITLE: Final = re.compile(
    r"\((?!\d|[A-Za-z]\))([^()]{1,12})\)|\b(?i:in)\s+((?i:(?:US|[A-Z]{3})?\s*cents?\b|thousands?\b)"
    r"|(?!(?:ALL|TOP|TRY)\s+\w)[A-Z]{3}\b)"
)
_WHOLE: Final = "元"  # beside a currency only that amounts are whole units of it


def of_titles(titles: Sequence[str]) -> Header:
    """What the texts above a header say of the amounts below, all together: 单位：分 and 币种：USD,
    单位：元/KG, Prices in USD. ``text`` has those that say anything; of two that say the same
    kind of thing the first holds."""
    unit = money = per = whole = ""
    said: list[str] = []
    for title in titles:
        plain_title = unicodedata.normalize("NFKC", title)
        units = [hit[1].strip("()") for hit in _UNIT_TITLE.finditer(plain_title)]
        words = [hit[1] or hit[2] for hit in _IN_TITLE.finditer(plain_title)]
        for word in units + (words if _OF_AMOUNTS.search(plain_title) else []):
            found = parsed(f"({word.casefold().replace('us cent', 'usd cent')})")
            hundredths = found.unit if found.unit in (CENTS, THOUSANDS) else ""
            if not (hundredths or found.currency or found.per):
                continue
            unit, per = unit or hundredths, per or found.per
            if word == _WHOLE and word in units:
                whole = found.currency
            else:
                money = money or found.currency
            said += [] if title.strip() in said else [title.strip()]
    return Header(" | ".join(said), "", unit, money or whole, per)


def as_titled(
    above: Above, understood: Understood, asked: Asked, table: str
) -> tuple[Understood, tuple[str, ...]]:
    """With what texts above the header say of amounts, and those of them that change any: a
    title says of all of them that they are in cents, or in another currency, the head of a group
    of columns, 金额(USD), of its own. What the user says, a header or a column of currencies
    goes before it."""
    money = {item.key for item in TABLES[table] if item.kind == "money"}
    at = {place.at for places in understood.more.values() for place in places if place.key in money}
    at |= {place.at for place in understood.places.values() if place.key in money}
    noted = [(parsed(text), columns) for text, columns in above.groups]
    noted = [(note, columns) for note, columns in noted if note.unit or note.currency]
    if len(above.groups) <= TITLES and len(noted) < len(above.groups):
        noted = []
    heads = {column: note for note, columns in noted if at & {*columns} for column in columns}
    taken = {note.text for note in heads.values()}
    whole = [*above.titles, *(note.text for note, _ in noted)]
    title = of_titles([text for text in whole if text not in taken])
    said: dict[str, None] = {}

    def told(place: Place) -> Place:
        over = heads.get(place.at, title)
        if place.key not in money or place.header.currency or not over.text:
            return place
        unit = "" if place.unit or over.unit not in (CENTS, THOUSANDS) else over.unit
        code = "" if asked.currency or "currency" in understood.places else over.currency
        if unit or code not in ("", "CNY"):
            said[over.text] = None
        return replace(place, unit=place.unit or unit, header=replace(place.header, currency=code))

    changed = replace(
        understood,
        places={key: told(place) for key, place in understood.places.items()},
        more={key: tuple(map(told, places)) for key, places in understood.more.items()},
    )
    return changed, tuple(said)
