"""Which column a header means: the one file of names, and what a header says beside its name.

``names.csv`` holds a name a line: table, column, name, rank (the lower wins where several
headers of one table mean one column), unit, a pattern that the cells must match, and where
the name was seen ("own": this project's). Keys and titles of the columns are names of rank 0.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib import resources
from io import StringIO
from typing import Final, NamedTuple

from sellersheet import columns
from sellersheet.amounts import CENTS, FACTORS, OF_KIND, UNITS
from sellersheet.exchange import currency
from sellersheet.zones import Zone, zone_of

IGNORE: Final = "ignore"  # known, and not used
OWN: Final = "own"
MODE: Final = "半托管"  # before a name it says nothing: 半托管物流费
_LONGEST: Final = 1000  # characters of a cell that can be a header
_INVISIBLE: Final = frozenset({"Cf", "Cc"})
_DECORATION: Final = re.compile(r"[\s_*::,，、\-/]+")
_BRACKETS: Final = re.compile(r"[(\[【<]([^()\[\]【】<>]*)[)\]】>]")
_UNIT_IS: Final = re.compile(r"^(?:金额|重量|计量)?单位[::]?(?=.)")  # 单位：分
# Where a unit may begin without brackets: behind a sign, a name, or at letters behind 金额.
_ENDS: Final = re.compile(r"[\s/_:,，、\-]+|(?<=[额价费金款重量长宽高])|(?<=[^\x00-\x7f])(?=[a-z])")
_MARK: Final = re.compile(
    r"必填|选填|可选|可空|required|optional|t\+n|双击.*"
    r"|(北京|太平洋|美西|美国|洛杉矶|当地|平台)时间|localtime|(utc|gmt)([+-]\d{1,2}(:?\d\d)?)?|p[sd]?t|cst"
    r"|all"  # of whatever there is, rather than Albania's currency
)
_PER: Final = {
    **dict.fromkeys(
        ("票", "件", "单", "包裹", "parcel", "piece", "pcs", "order", "shipment"), "parcel"
    ),
    **dict.fromkeys(("1kg", "每公斤", "每千克"), "kg"),
}
_AMOUNT: Final = re.compile(
    r"(?P<money>[^\d/]*?)/?\s*(?P<number>\d+(?:\.\d+)?)?\s*(?P<unit>[^\d/]+)"
)
_QUANTITY: Final = re.compile(r"每?(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>[^\d/]+)")
# 挂号费 元/票, 续重 元()/500g: a price unit without brackets at the end.
_TAIL: Final = re.compile(
    r"(?P<money>人民币|美元|元|rmb|cny|usd|eur|gbp|rub|[¥$€£])\s*(?:\(\s*\))?\s*/\s*"
    r"(?P<number>\d+(?:\.\d+)?)?\s*(?P<unit>[^\d/()\[\]]+)$"
)

_CENTS: Final = re.compile(r"(.+?)-?(?:cents?|分)")  # USD cents, 美分
_ONLY_UNIT: Final = re.compile(r"\s*[(（]?\s*[^\s/()（）]{1,4}\s*/\s*[^\s/()（）]+\s*[)）]?\s*")


class Meaning(NamedTuple):
    """The column that a name stands for."""

    key: str
    rank: int
    unit: str = ""
    cells: str = ""
    seen: str = OWN
    otherwise: Meaning | None = None  # where the cells are none of ``cells``


@dataclass(frozen=True, slots=True)
class Header:
    """A header taken apart: its name without case, width, spaces and notes; its notes.

    ``per`` is the unit that a price is for ("kg", "100g", "1lb", "parcel"), ``zone`` that of
    times, as ``zones.zone_of`` has it.
    """

    text: str
    name: str
    unit: str = ""
    currency: str = ""
    per: str = ""
    zone: Zone | None = None


def header_text(label: object) -> str:
    """A label as it is shown: spaces folded, marks that can't be seen removed; "" for none."""
    if label is None or label != label:
        return ""
    if isinstance(label, float) and label.is_integer():
        label = int(label)
    text = str(label)[:_LONGEST]
    if text.isprintable():
        return " ".join(text.split())
    seen = "".join(
        " " if mark in "\r\n\t\v\f" else mark
        for mark in text
        if mark in "\r\n\t\v\f" or unicodedata.category(mark) not in _INVISIBLE
    )
    return " ".join(seen.split())


def plain(text: str) -> str:
    """A name as names are compared: without width, case, spaces and signs between words."""
    folded = unicodedata.normalize("NFKC", header_text(text)).casefold()
    return _DECORATION.sub("", re.sub(r"[()\[\]【】<>]", "", folded))


def parsed(label: object) -> Header:
    """The header taken apart."""
    return _parsed(header_text(label))


@lru_cache(maxsize=4096)  # cells of data are looked at too
def _parsed(text: str) -> Header:
    folded = unicodedata.normalize("NFKC", text).casefold()
    unit = money = per = ""
    zone = None
    rest = folded
    for hit in reversed(list(_BRACKETS.finditer(folded))):
        named = zone_of("".join(hit[1].split()))
        zone = zone if named is None else named
        found = _note(hit[1])
        if found is None:
            continue
        rest = rest[: hit.start(1)] + rest[hit.end(1) :]
        unit, money, per = found[0] or unit, found[1] or money, per or found[2]
    tail = _TAIL.search(rest.strip())
    if tail and (priced := price_unit(tail["number"], tail["unit"])):
        money, per = money or currency(tail["money"]), priced
        rest = rest.strip()[: tail.start()] or rest
    return Header(text, plain(rest), unit, money, per, zone)


def told(header: Header) -> Header:
    """A header that the user says is a column, with the unit or currency that its text ends in
    without brackets: 实付金额 分, amount_cents, 应付/USD."""
    if header.unit or header.currency or header.per:
        return header
    folded = unicodedata.normalize("NFKC", header.text).casefold()
    for end in _ENDS.finditer(folded):
        note = _note(folded[end.end() :])
        if note and any(note):
            return replace(header, unit=note[0], currency=note[1], per=note[2])
    return header


def _note(note: str) -> tuple[str, str, str] | None:
    """Unit, currency and price unit of what stands in brackets; None where it is no note."""
    word = _UNIT_IS.sub("", "".join(note.split()))
    if not word or _MARK.fullmatch(word):
        return "", "", ""
    if word in UNITS:
        return UNITS[word], "", ""
    if code := currency(word):
        return "", code, ""
    if hundredths := _CENTS.fullmatch(word):
        of = hundredths[1]
        if code := currency(of) or currency(f"{of}元"):
            return CENTS, code, ""
    amount = _QUANTITY.fullmatch(word)
    if amount and (per := price_unit(amount["number"], amount["unit"])):
        return "", "", per
    found = _AMOUNT.fullmatch(word)
    if found and "/" in word:
        code = currency(found["money"]) if found["money"] else ""
        per = price_unit(found["number"], found["unit"])
        if per and (code or not found["money"]):
            return "", code, per
    return None


def price_unit(number: str | None, unit: str) -> str:
    """What a price is for: "kg", "100g", "1lb", "parcel"; "" for what is none of these."""
    word = unit.strip().removeprefix("每")
    if word in _PER and number in (None, "1"):
        return _PER[word]
    known = UNITS.get(word)
    if known not in OF_KIND["grams"]:
        return ""
    amount = float(number or 1)
    return "kg" if amount * FACTORS[known] == 1000 else f"{amount:g}{known}"


@lru_cache(maxsize=4096)
def meaning(header: Header, table: str) -> Meaning | None:
    """The column that the header means: by its whole text, else without its notes."""
    names = _names(table)
    found = names.get(plain(header.text)) or names.get(header.name)
    found = found or names.get(header.name.removeprefix(MODE))
    if not found and table == "rates" and _ONLY_UNIT.fullmatch(header.text):
        found = names.get("price") if header.per else None  # RMB/KG over the prices
    return found or _translated(header.text, names) or _zoned(header, table)


def _translated(text: str, names: Mapping[str, Meaning]) -> Meaning | None:
    """The column of 币种(Currency): both what stands in the brackets and the rest name it."""
    folded = unicodedata.normalize("NFKC", text)
    notes = _BRACKETS.findall(folded)
    if len(notes) != 1:
        return None
    inner = names.get(plain(notes[0]))
    outer = names.get(plain(folded.replace(notes[0], "")))
    return outer if inner and outer and inner.key == outer.key else None


def _zoned(header: Header, table: str) -> Meaning | None:
    """The column of days that 下单时间(JST) means; 运费(EST) may be an estimate."""
    if header.zone is None:
        return None
    folded = unicodedata.normalize("NFKC", header.text)
    found = _names(table).get(plain(_BRACKETS.sub("", folded)))
    known = (*columns.TABLES[table], *columns.TABLES.get(f"{table}_beside", ()))
    days = {item.key for item in known if item.kind == "date"} | {"paid_on"}
    return found if found and found.key in days else None


def names_of(table: str, key: str) -> list[str]:
    """Every name of a column, its titles first."""
    own = next((item for item in columns.TABLES[table] if item.key == key), None)
    titles = [own.key, own.zh, own.en] if own else []
    return titles + [
        line["name"] for line in lines() if (line["table"], line["column"]) == (table, key)
    ]


def is_column(word: str, table: str) -> bool:
    """Whether the word names a column of the table: a key, a title, or weight_kg."""
    known = word in keys_of(table) or meaning(parsed(word), table) is not None
    return known or in_unit(word, table) is not None


def in_unit(word: str, table: str) -> tuple[str, str] | None:
    """The key and the unit of weight_kg, length_mm: a column in another unit of its kind."""
    stem, _, unit = word.rpartition("_")
    for item in columns.TABLES[table]:
        if stem and item.key.rpartition("_")[0] == stem and unit in OF_KIND.get(item.kind, ()):
            return item.key, unit
    return None


@cache
def keys_of(table: str) -> frozenset[str]:
    """Every key that a header of the table can mean."""
    beside = columns.TABLES.get(f"{table}_beside", ())
    return frozenset({item.key for item in (*columns.TABLES[table], *beside)} | {IGNORE})


@cache
def _names(table: str) -> dict[str, Meaning]:
    found: dict[str, Meaning] = {}
    known = (*columns.TABLES[table], *columns.TABLES.get(f"{table}_beside", ()))
    for item in known:
        for name in (item.key, item.zh, item.en):
            found.setdefault(plain(name), Meaning(item.key, 0, _own_unit(item.key, name)))
            # 实重(克) is understood as 实重 too, at the rank of a further name.
            found.setdefault(_parsed(name).name, Meaning(item.key, 1))
    if table == "bill":  # a fee part may bear the name that it has among the results
        for item in columns.OUTPUT:
            if item.charge:
                found.setdefault(plain(item.key), Meaning(item.charge, 1))
    if table == "orders":  # a table that was calculated before carries its results along
        for item in columns.OUTPUT:
            for name in (item.key, item.zh, item.en):
                found.pop(plain(name), None)
    results = {plain(name) for item in columns.OUTPUT for name in (item.key, item.zh, item.en)}
    for line in lines():
        # The name of a result means a column of orders by its cells alone.
        computed = table == "orders" and plain(line["name"]) in results and not line["cells"]
        if line["table"] != table or computed:
            continue
        meant = Meaning(
            line["column"], int(line["rank"]), line["unit"], line["cells"], line["seen"]
        )
        _put(found, line["name"], meant)
    return found


def _put(found: dict[str, Meaning], text: str, meant: Meaning) -> None:
    """A further name; one that depends on the cells goes before one that does not."""
    name, header = plain(text), _parsed(text)
    if meant.cells:
        meant = meant._replace(otherwise=found.pop(name, None))
    found.setdefault(name, meant)
    if header.unit or header.currency:
        found.setdefault(header.name, meant)


def _own_unit(key: str, name: str) -> str:
    """The unit in the column's key, for the key itself."""
    unit = key.rpartition("_")[2]
    return unit if name == key and unit in FACTORS else ""


@cache
def lines() -> tuple[dict[str, str], ...]:
    """The lines of ``names.csv``."""
    source = resources.files("sellersheet.intake").joinpath("names.csv")
    return tuple(csv.DictReader(StringIO(source.read_text(encoding="utf-8"))))
