"""Values of the user's own, from a file or from the rows of a sheet, put over a policy."""

from __future__ import annotations

import datetime as dt
import difflib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from sellersheet.policy.kinds import exact
from sellersheet.policy.model import Entry, Override, PolicyValue
from sellersheet.policy.problems import (
    PolicyProblem,
    Said,
    Unfit,
    from_pydantic,
    said,
)
from sellersheet.policy.reading import read_toml

Values = Mapping[str, PolicyValue]


class Asked(NamedTuple):
    """A replacement as it was written, and where."""

    key: str | Said
    record: Mapping[str, Any]
    from_cell: bool


class _Own(NamedTuple):
    """A replacement that was found good; ``start`` None: whenever the value is in force."""

    start: dt.date | None
    value: Any
    written: object
    reason: str | None


def asked_in_file(path: Path) -> list[Asked]:
    """The replacements of an overlay file: ``[values.NAME]`` or ``[[values.NAME]]``."""
    content = read_toml(path)
    for key in content:
        if key != "values":
            allowed = said("keys", keys="values")
            raise Unfit(said("unknown_key"), allowed, key).problem(path, key)
    table = content.get("values", {})
    if not isinstance(table, Mapping):
        raise Unfit(said("not_table"), said("table_needed"), table).problem(path, "values")
    asked = []
    for name, records in table.items():
        several = isinstance(records, list)
        for number, record in enumerate(records if several else [records], 1):
            key = f"values.{name}[{number}]" if several else f"values.{name}"
            if not isinstance(record, Mapping):
                raise Unfit(said("not_table"), said("table_needed"), record).problem(path, key)
            asked.append(Asked(key, {**record, "name": name}, from_cell=False))
    return asked


def asked_in_rows(rows: Iterable[Mapping[str, Any]]) -> list[Asked]:
    """The replacements of a sheet's rows; a row with nothing in it is passed over."""
    asked = []
    for number, row in enumerate(rows, 1):
        given = {key: cell for key, cell in row.items() if not _is_blank(cell)}
        if given:
            name = given.get("name")
            key = said("row_of", number=number, name=name) if name else said("row", number=number)
            asked.append(Asked(key, given, from_cell=True))
    return asked


def replaced(values: Values, asked: Sequence[Asked], origin: str) -> dict[str, PolicyValue]:
    """The values with the replacements in force; ``origin`` says where they came from."""
    own: dict[str, list[_Own]] = {}
    for item in asked:
        name, one = _checked(values, item, origin)
        for other in own.setdefault(name, []):
            if other.start == one.start:
                raise PolicyProblem(
                    "twice",
                    file=origin,
                    key=item.key,
                    name=name,
                    start=one.start or said("no_start"),
                    first=other.written,
                    second=one.written,
                )
        own[name].append(one)
    changed = {name: _over(values[name], ones, origin) for name, ones in own.items()}
    return {**values, **changed}


def found_name(values: Values, wanted: str) -> str | None:
    """The key of a value from its key or one of its titles, however it is spaced or cased."""
    if wanted in values:
        return wanted
    folded = _folded(wanted)
    for name, value in values.items():
        if folded in (_folded(name), _folded(value.zh), _folded(value.en)):
            return name
    return None


def no_such_name(values: Values, wanted: str) -> PolicyProblem:
    """The problem of a name that is not there, with the nearest ones."""
    return PolicyProblem("no_such_value", seen=repr(wanted), near=_nearest(values, wanted))


def _nearest(values: Values, wanted: str) -> Said:
    """Advice: up to three names that hold the word or look like it."""
    words = {_folded(word): name for name, v in values.items() for word in (name, v.zh, v.en)}
    folded = _folded(wanted)
    near = [name for word, name in words.items() if folded and folded in word]
    near += [words[word] for word in difflib.get_close_matches(folded, words, n=5, cutoff=0.5)]
    names = list(dict.fromkeys(near))[:3]
    offered = "; ".join(f"{name} ({values[name].zh} / {values[name].en})" for name in names)
    return said("nearest", names=offered) if names else said("none_near")


def _checked(values: Values, item: Asked, origin: str) -> tuple[str, _Own]:
    label = item.key if isinstance(item.key, str) else ""
    try:
        override = Override.model_validate(dict(item.record))
    except ValidationError as error:
        problem = from_pydantic(error, Override, origin, label)
        if isinstance(item.key, Said):
            place = problem.fields["key"]
            problem.fields["key"] = said("in_row", row=item.key, place=place)
        raise problem from None
    name = found_name(values, override.name)
    if name is None:
        near = _nearest(values, override.name)
        seen = repr(override.name)
        raise PolicyProblem("unknown_name", file=origin, key=item.key, seen=seen, near=near)
    value = values[name]
    if value.kind == "table" and item.from_cell:
        raise Unfit(said("not_one_cell"), said("records_needed"), override.value).problem(
            origin, item.key
        )
    try:
        fits = exact(override.value, value.shape)
    except Unfit as unfit:
        if isinstance(item.key, str):
            unfit = unfit.under("value")
        raise unfit.problem(origin, item.key) from None
    return name, _Own(override.start, fits, override.value, override.reason)


def _over(value: PolicyValue, ones: Sequence[_Own], origin: str) -> PolicyValue:
    """The value with the user's entries in it.

    A replacement with a start holds from that day until the user's next one, over later
    entries of the policy too; one without a start holds for every day on record.
    """
    dated = sorted((one.start, one) for one in ones if one.start is not None)
    always = next((one for one in ones if one.start is None), None)
    days = sorted({entry.start for entry in value.entries} | {start for start, _ in dated})
    entries: list[Entry] = []
    for on in days:
        position = value.index(on)
        base = value.entries[position] if position >= 0 else None
        one = next((one for start, one in reversed(dated) if start <= on), always)
        if one is None and base is not None:
            entries.append(base)
        elif one is not None and (base is not None or one.start is not None):
            entries.append(_entry(one, on, base, origin))
    return value.model_copy(update={"entries": tuple(entries)})


def _entry(one: _Own, start: dt.date, base: Entry | None, origin: str) -> Entry:
    standing = base.start_standing if base is not None and one.start is None else "own"
    return Entry(
        start=start,
        value=one.value,
        standing="own",
        start_standing=standing,
        origin=origin,
        reason=one.reason,
        replaced=base,
    )


def _folded(word: str) -> str:
    return "".join(unicodedata.normalize("NFKC", word).casefold().split()).replace("_", "")


def _is_blank(cell: object) -> bool:
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return True
    try:
        return bool(cell != cell)  # NaN and NaT are blank cells
    except TypeError:
        return True  # pandas' NA answers no comparison
