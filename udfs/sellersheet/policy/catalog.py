"""The policy: every dated value, found by name and day."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cache, cached_property
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import numpy.typing as npt

from sellersheet.policy import overlay as own
from sellersheet.policy.model import Entry, PolicyValue, Source
from sellersheet.policy.problems import NoRule, said
from sellersheet.policy.reading import read_folder
from sellersheet.policy.shown import (
    note,
    shown,
    snapshot_text,
    source_text,
    standing_word,
    start_text,
    written,
)
from sellersheet.policy.view import Track, View, track
from sellersheet.wording import Lang

Change = tuple[str, Entry | None, Entry | None]


class Policy:
    """Every dated value of the rules. It never changes: overrides give a new policy."""

    def __init__(
        self, version: str, sources: Mapping[str, Source], values: Mapping[str, PolicyValue]
    ) -> None:
        self.version = version
        self.sources = dict(sources)
        self._values = dict(values)
        self._tracks: dict[str, Track] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """The keys of all values."""
        return tuple(self._values)

    def find(self, wanted: str) -> str:
        """The key of a value from its key or its title in either language."""
        name = own.found_name(self._values, wanted)
        if name is None:
            raise own.no_such_name(self._values, wanted)
        return name

    def value(self, name: str) -> PolicyValue:
        """A value with all its entries; a key that is not there is a ``PolicyProblem``."""
        try:
            return self._values[name]
        except KeyError:
            raise own.no_such_name(self._values, name) from None

    def entry(self, name: str, on: dt.date) -> Entry:
        """The entry in force that day; ``NoRule`` before the first start."""
        value = self.value(name)
        position = value.index(on)
        if position < 0:
            first = value.entries[0].start.isoformat()
            title = said("title", zh=value.zh, en=value.en)
            raise NoRule("no_rule", title=title, name=name, on=on.isoformat(), first=first)
        return value.entries[position]

    def get(self, name: str, on: dt.date) -> Any:
        """The exact value in force that day."""
        return self.entry(name, on).value

    def first_day(self, names: str | Iterable[str]) -> dt.date:
        """The day from which all these values are on record."""
        names = (names,) if isinstance(names, str) else names
        return max(self.value(name).entries[0].start for name in names)

    def newest_snapshot(self, names: Iterable[str]) -> dt.date:
        """The newest day of which a source gives one of these values; its start where none
        is told."""
        entries = [entry for name in names for entry in self.value(name).entries]
        return max(entry.snapshot or entry.start for entry in entries)

    def on(self, day: dt.date | int | npt.NDArray[Any]) -> View:
        """The values in force on a day, or on one epoch day a row."""
        return View(self, day)

    def with_overrides(self, rows: Iterable[Mapping[str, Any]], origin: str) -> Policy:
        """The policy with values of the user's own: rows of name, value, start and reason."""
        return self._with(own.asked_in_rows(rows), origin)

    def with_file(self, path: Path) -> Policy:
        """The policy with the values of an overlay file."""
        return self._with(own.asked_in_file(path), str(path))

    def _with(self, asked: list[own.Asked], origin: str) -> Policy:
        values = own.replaced(self._values, asked, origin)
        return Policy(self.version, self.sources, values) if asked else self

    def track(self, name: str) -> Track:
        """A value laid out for look-up, kept once made."""
        found = self._tracks.get(name)
        if found is None:
            found = self._tracks[name] = track(self.value(name))
        return found

    def diff(self, before: dt.date, after: dt.date) -> list[Change]:
        """The values that differ between two days, with the entries in force (None: no rule)."""
        changes: list[Change] = []
        for name, value in self._values.items():
            old, new = (_in_force(value, on) for on in (before, after))
            if old is not new and (old is None or new is None or old.value != new.value):
                changes.append((name, old, new))
        return changes

    def rows(self, on: dt.date, lang: Lang) -> list[dict[str, Any]]:
        """Every value on that day in words, for tables that people read.

        ``raw`` is the value as it may be written back, None for a table. A value without a
        rule that day has blanks and a note.
        """
        return [self._row(value, on, lang) for value in self._values.values()]

    def row(self, name: str, on: dt.date, lang: Lang) -> dict[str, Any]:
        """One value on that day in words."""
        return self._row(self.value(name), on, lang)

    def _row(self, value: PolicyValue, on: dt.date, lang: Lang) -> dict[str, Any]:
        entry = _in_force(value, on)
        past = entry.replaced if entry is not None else None
        return {
            "name": value.name,
            "title": value.title(lang),
            "rule": ", ".join(value.rules),
            "kind": value.kind,
            "value": shown(value, entry.value, lang) if entry else "",
            "raw": written(value.kind, entry.value) if entry else None,
            "start": entry.start if entry else None,
            "start_standing": entry.start_standing if entry else None,
            "start_shown": start_text(entry, lang) if entry else "",
            "snapshot": entry.snapshot if entry else None,
            "snapshot_shown": snapshot_text(entry, lang) if entry else "",
            "standing": entry.standing if entry else None,
            "standing_word": standing_word(entry.standing, lang) if entry else "",
            "source": source_text(entry, self.sources, lang) if entry else "",
            "note": note(value, entry, lang),
            "replaced": shown(value, past.value, lang) if past else "",
            "reason": (entry.reason or "") if entry else "",
        }

    @cached_property
    def digest(self) -> str:
        """A short fingerprint of every value, start, standing and source."""
        content = [
            (
                name,
                value.kind,
                [
                    (
                        str(entry.start),
                        str(entry.snapshot),
                        _canonical(entry.value),
                        entry.standing,
                        entry.source,
                        entry.section,
                    )
                    for entry in value.entries
                ],
            )
            for name, value in sorted(self._values.items())
        ]
        text = json.dumps(content, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:12]


def load(overlay: Path | None = None) -> Policy:
    """The shipped policy, with an overlay file on top if one is given."""
    shipped = _shipped()
    return shipped if overlay is None else shipped.with_file(Path(overlay))


def load_folder(folder: Path | Traversable) -> Policy:
    """A policy from a folder of its own, of the same form as the shipped one."""
    meta, values = read_folder(folder)
    return Policy(meta.version, meta.sources, values)


@cache
def _shipped() -> Policy:
    return load_folder(resources.files("sellersheet.policy").joinpath("data"))


def _in_force(value: PolicyValue, on: dt.date) -> Entry | None:
    position = value.index(on)
    return value.entries[position] if position >= 0 else None


def _canonical(exact: Any) -> Any:
    if isinstance(exact, Fraction):
        return f"{exact.numerator}/{exact.denominator}"
    if isinstance(exact, Mapping):
        return {key: _canonical(item) for key, item in exact.items()}
    if isinstance(exact, tuple):
        return [_canonical(item) for item in exact]
    return exact
