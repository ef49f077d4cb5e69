"""Which column each header of a table stands for, and what became of every header."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

from sellersheet import columns
from sellersheet.intake import vocabulary
from sellersheet.intake.vocabulary import IGNORE, OWN, Header, header_text, parsed
from sellersheet.wording import LANGS, Lang, Problem, Wording

MOST_COLUMNS: Final = 16_384  # what a sheet can hold
_LISTED: Final = 30
# A card of rates has at least one of each.
_WEIGHED: Final = {"band", "to_g", "max_g"}
_PRICED: Final = {"price", "per_kg", "first_price", "step_price"}
_UNIT_OF: Final = {"g": "g", "cm": "cm"}
_COMPUTED: Final = re.compile(r"\s*[(（](计算|computed)[)）]$")
How = Literal[
    "own", "seen", "said", "remembered", "result", "ignored", "outranked", "unused", "blank"
]
CellsOf = Callable[[int], Sequence[Any]]


class TableProblem(Problem):
    """A table that can't be read at all."""

    wording = Wording("sellersheet", "tables.toml")


@dataclass(frozen=True, slots=True)
class Place:
    """A header that is used: where it stands, the unit that it names.

    ``said`` is yes where the user said what it stands for.
    """

    key: str
    header: Header
    at: int
    rank: int
    unit: str = ""
    own: bool = True
    said: bool = False


@dataclass(frozen=True, slots=True)
class Fate:
    """What a header was taken for: ``key`` "" for none; ``by`` is the header that won over it."""

    header: str
    at: int
    key: str
    how: How
    seen: str = ""
    unit: str = ""
    currency: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Understood:
    """The columns by key, and the fate of every header in the order of the headers.

    ``more`` has all headers of a key that is no column of the table and may stand several
    times, and the further headers of a column that may.
    """

    places: dict[str, Place]
    fates: tuple[Fate, ...]
    more: Mapping[str, tuple[Place, ...]] = field(default_factory=dict)

    def used(self, table: str) -> dict[str, Place]:
        """Every place by key; the further ones of a column of the table are ``key+1``,
        ``key+2`` … The time of payment is the day of an order where no other date is."""
        found = dict(self.places)
        if table == "orders" and "order_date" not in found and "paid_on" in found:
            found["order_date"] = found["paid_on"]
        for item in columns.TABLES[table]:
            if item.key in found:
                for number, place in enumerate(self.more.get(item.key, ()), 1):
                    found[f"{item.key}+{number}"] = place
        return found

    def narrowed(self, at: Sequence[int]) -> Understood:
        """The same of a part of the columns, which then stand in that order."""
        new = {old: position for position, old in enumerate(at)}
        places = {
            key: replace(place, at=new[place.at])
            for key, place in self.places.items()
            if place.at in new
        }
        more = {
            key: tuple(replace(place, at=new[place.at]) for place in group if place.at in new)
            for key, group in self.more.items()
        }
        return Understood(places, tuple(self.fates[old] for old in at), more)


@dataclass(frozen=True, slots=True)
class Said:
    """What the user says of headers: header -> column, by key or title; ``weight_kg`` names a
    unit as well. ``remembered`` was said at an earlier time."""

    columns: Mapping[str, str]
    remembered: Mapping[str, str]


NOTHING_SAID: Final = Said({}, {})


def understand(
    labels: Iterable[object],
    table: str,
    said: Said = NOTHING_SAID,
    cells: CellsOf | None = None,
    several: Collection[str] = (),
) -> Understood:
    """What the headers of a table stand for. Of several for one column the best rank wins,
    but for the keys ``several``, of which all stay, in ``more``.

    ``cells(at)`` gives the first cells of a column, for names that only count with cells of a kind.
    Two headers of one rank for one column are a TableProblem; so is what was said of a
    header that is not there.
    """
    headers = [parsed(label) for label in labels]
    told = _told(headers, table, said)
    fates: list[Fate | None] = [None] * len(headers)
    found: dict[str, list[Place]] = {}
    for at, header in enumerate(headers):
        place, fate = _place(header, at, table, told, cells)
        fates[at] = fate
        if place is not None:
            found.setdefault(place.key, []).append(place)
    places: dict[str, Place] = {}
    more = {key: tuple(group) for key, group in found.items() if key in several}
    repeated = {item.key for item in columns.TABLES[table] if item.several}
    for key, group in found.items():
        if key in several:
            continue
        if key in repeated:
            places[key], *rest = group
            more[key] = tuple(rest)
            continue
        best = min(group, key=lambda place: place.rank)
        for place in group:
            if place is best:
                continue
            if place.rank == best.rank and not _alike(place, best, cells):
                _refuse_two(best, place, table)
            text, winner = place.header.text, best.header.text
            fates[place.at] = Fate(text, place.at, "", "outranked", by=winner)
        places[key] = best
    return Understood(places, tuple(fate for fate in fates if fate is not None), more)


def places(labels: Iterable[object], table: str) -> dict[str, int]:
    """Column key -> position of the header that means it, of the table's own columns."""
    known = {item.key for item in columns.TABLES[table]}
    found = understand(labels, table).places
    return {key: place.at for key, place in found.items() if key in known}


def score(labels: Sequence[str], table: str, said: Said = NOTHING_SAID) -> float:
    """How much a row of texts is worth as header of the table: its columns, and a little for
    headers that are known and not used. Nothing where fewer than two columns are named."""
    known: set[str] = set()
    ignored = 0
    names = {**said.remembered, **said.columns}
    for label in labels:
        meant = names.get(label) or getattr(vocabulary.meaning(parsed(label), table), "key", "")
        if meant == IGNORE:
            ignored += 1
        elif meant:
            known.add(meant)
    return len(known) + 0.1 * min(ignored, 9) if len(known) > 1 else 0.0


def holds(labels: Sequence[str], table: str) -> bool:
    """Whether the labels name every required column, and at least two in all. A rate card is
    what names weights and prices: carriers' sheets have their own columns."""
    known = {meant.key for label in labels if (meant := vocabulary.meaning(parsed(label), table))}
    if table == "rates":
        return bool(known & _WEIGHED) and bool(known & _PRICED)
    needed = {item.key for item in columns.TABLES[table] if item.required}
    return needed <= known and len(known - {IGNORE}) > 1


def listed(texts: Sequence[str]) -> str:
    """The file's headers as they are named in a message."""
    filled = [text for text in texts if text]
    return " | ".join(filled[:_LISTED]) + (" | …" if len(filled) > _LISTED else "")


def title(table: str, key: str, lang: Lang) -> str:
    """The shown name of a column, or of what stands beside the columns."""
    for name in (table, f"{table}_beside"):
        for item in columns.TABLES.get(name, ()):
            if item.key == key:
                return item.title(lang)
    return key


def _told(headers: Sequence[Header], table: str, said: Said) -> dict[str, tuple[str, str, How]]:
    """Header text -> column key, unit and how it is known, of what the user said."""
    texts = {header.text for header in headers}
    told: dict[str, tuple[str, str, How]] = {}
    for name, target in said.remembered.items():
        if header_text(name) in texts:
            key, unit = _target(header_text(name), target, table)
            told[header_text(name)] = (key, unit, "remembered")
    for name, target in said.columns.items():
        text = header_text(name)
        if text not in texts:
            shown = listed([header.text for header in headers])
            raise TableProblem("rename_header", header=name, headers=shown)
        key, unit = _target(text, target, table)
        told[text] = (key, unit, "said")
    return told


def _target(header: str, target: str, table: str) -> tuple[str, str]:
    """The key and unit that a word of the user's names: weight_g, weight_kg, 实重(克)."""
    keys = vocabulary.keys_of(table)
    if target in keys:
        return target, _UNIT_OF.get(target.rpartition("_")[2], "")
    if found := vocabulary.in_unit(target, table):
        return found
    meant = vocabulary.meaning(parsed(target), table)
    if meant is None:
        allowed = ", ".join(sorted(keys))
        raise TableProblem("rename_target", header=header, target=target, allowed=allowed)
    return meant.key, parsed(target).unit or meant.unit


def _place(
    header: Header,
    at: int,
    table: str,
    told: Mapping[str, tuple[str, str, How]],
    cells: CellsOf | None,
) -> tuple[Place | None, Fate]:
    text = header.text
    if text in told:
        key, unit, how = told[text]
        if key == IGNORE:
            return None, Fate(text, at, "", "ignored")
        header = vocabulary.told(header)
        place = Place(key, header, at, -1, unit or header.unit, said=True)
        return place, Fate(text, at, key, how, unit=place.unit, currency=header.currency)
    if not text:
        return None, Fate(text, at, "", "blank")
    meant = vocabulary.meaning(header, table)
    if meant and meant.cells and not _cells_match(meant.cells, at, cells):
        meant = meant.otherwise
    if meant is None:
        result = table == "orders" and result_key(text)
        return None, Fate(text, at, "", "result" if result else "unused")
    if meant.key == IGNORE:
        return None, Fate(text, at, "", "ignored", seen=meant.seen)
    unit, own = header.unit or meant.unit, meant.seen == OWN
    how = "own" if own else "seen"
    place = Place(meant.key, header, at, meant.rank, unit, own)
    return place, Fate(text, at, meant.key, how, meant.seen, unit, header.currency)


def result_key(text: str) -> str:
    """The result that an earlier calculation has put under the header, also a marked one; ""
    for none."""
    meant = vocabulary.meaning(parsed(_COMPUTED.sub("", text)), "results")
    return meant.key if meant else ""


def _cells_match(pattern: str, at: int, cells: CellsOf | None) -> bool:
    if cells is None:
        return False
    filled = [str(cell).strip() for cell in cells(at) if cell is not None]
    return bool(filled) and all(re.fullmatch(pattern, text) for text in filled if text)


def _alike(one: Place, other: Place, cells: CellsOf | None) -> bool:
    """Whether two columns hold the same cells, so that either will do."""
    if cells is None or one.header.text == other.header.text:
        return False
    return list(map(str, cells(one.at))) == list(map(str, cells(other.at)))


def _refuse_two(first: Place, second: Place, table: str) -> None:
    first, second = sorted((first, second), key=lambda place: place.at)
    raise TableProblem(
        "duplicate",
        **{f"title_{lang}": title(table, first.key, lang) for lang in LANGS},
        first=first.header.text,
        first_at=first.at + 1,
        second=second.header.text,
        second_at=second.at + 1,
    )
