"""Rows of several files put together, against the same said with dictionaries, row by row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sellersheet_workbook.orders_import.merging import (
    IDENTITY,
    TARGET,
    Replaced,
    Rows,
    amounts_once,
    merge,
    partly_named,
)
from tests.examples import examples

_TEXTS: Final = (*IDENTITY, "country")
Line = dict[str, Any]

_LINE = st.fixed_dictionaries(
    {
        "shop": st.sampled_from(["", "甲"]),
        "order_id": st.sampled_from(["1", "2", "3"]),
        "sku": st.sampled_from(["", "A"]),
        "line_no": st.sampled_from(["", "7"]),
        "country": st.sampled_from(["", "ES", "FR"]),
        "paid_cny": st.sampled_from([0, 1, 250]),
    }
)
_OF_THE_TARGET = st.one_of(_LINE, _LINE.map(lambda line: {**line, "order_id": ""}))
_FILES = st.lists(st.lists(_LINE, min_size=1, max_size=5), min_size=1, max_size=3)
_KEYS = st.sampled_from([_TEXTS, ("order_id", "sku", "country"), ("order_id",)])


def _rows(lines: list[Line], file: int, keys: tuple[str, ...]) -> Rows:
    values: dict[str, Any] = {
        key: np.array([line[key] for line in lines], dtype=object) for key in keys
    }
    given = {key: values[key] != "" for key in keys}
    values["paid_cny"] = np.array([line["paid_cny"] for line in lines], dtype=np.int64)
    given["paid_cny"] = np.ones(len(lines), dtype=bool)
    count = len(lines)
    return Rows(values, given, np.full(count, file), np.arange(count) + 2)


def _named(lines: list[Line], keys: tuple[str, ...], file: int) -> list[tuple[Any, ...]]:
    """What tells each line from all others, of its own file and of another."""
    seen: Counter[tuple[Any, ...]] = Counter()
    found: list[tuple[Any, ...]] = []
    for at, line in enumerate(lines):
        name = tuple(line[key] for key in IDENTITY if key in keys)
        nobodys = (at,) if file == TARGET and not line["order_id"] else ()
        found.append((name, seen[name], *nobodys))
        seen[name] += 1
    return found


def _as_set(changes: Sequence[Replaced]) -> set[tuple[str, int, int]]:
    return {
        (change.key, before, after)
        for change in changes
        for before, after in zip(change.before.tolist(), change.after.tolist(), strict=True)
    }


@settings(max_examples=examples(300))
@given(st.lists(_OF_THE_TARGET, max_size=5), _FILES, _KEYS)
def test_rows_are_put_together(
    stood: list[Line], files: list[list[Line]], keys: tuple[str, ...]
) -> None:
    before = _rows(stood, TARGET, keys)
    incoming = [_rows(lines, at, keys) for at, lines in enumerate(files)]
    merged = merge(before, incoming)
    lines = [*stood, *(line for lines in files for line in lines)]
    names = _named(stood, keys, TARGET)
    names += [name for at, part in enumerate(files) for name in _named(part, keys, at)]
    start = len(stood)

    identities = list(dict.fromkeys(names))
    coming = set(names[start:])
    updates, replaced, updated = set(), set(), set()
    for key in (*keys, "paid_cny"):
        last, came = dict.fromkeys(identities, -1), {}
        for at, (name, line) in enumerate(zip(names, lines, strict=True)):
            if line[key] == "":
                continue
            if at >= start and name in came and lines[came[name]][key] != line[key]:
                replaced.add((key, came[name], at))
            if at >= start:
                came[name] = at
            last[name] = at
        assert merged.latest[key].tolist() == [last[name] for name in identities]
        for at, name in enumerate(names[:start]):
            if last[name] >= start and lines[last[name]][key] != lines[at][key]:
                updates.add((key, at, last[name]))
                updated.add(name)
    assert _as_set(merged.updates) == updates
    assert _as_set(merged.replaced) == replaced
    assert merged.new == len(coming - set(names[:start]))
    assert merged.updated == len(updated)
    assert merged.unchanged == len(coming & set(names[:start])) - len(updated)
    assert merged.repeated == len(names) - start - len(coming)
    assert (merged.before, merged.rows.n) == (start, len(lines))


@settings(max_examples=examples(300))
@given(st.lists(_LINE, max_size=4), _FILES, _KEYS)
def test_amounts_of_whole_orders(
    stood: list[Line], files: list[list[Line]], keys: tuple[str, ...]
) -> None:
    """On the first line of the order that any file or the target has: the largest that the
    lines of a file bear, as the others bear 0."""
    incoming = [(_rows(lines, at, keys), ("paid_cny",)) for at, lines in enumerate(files)]
    parts = [(stood, TARGET), *((lines, at) for at, lines in enumerate(files))]
    kept: dict[Any, Any] = {}
    expected: list[list[int]] = []
    for lines, file in parts:
        whole: dict[Any, int] = {}
        for line in lines:
            order = tuple(line[key] for key in ("shop", "order_id") if key in keys)
            whole[order] = max(whole.get(order, 0), line["paid_cny"])
        expected.append([])
        for line, name in zip(lines, _named(lines, keys, file), strict=True):
            order = tuple(line[key] for key in ("shop", "order_id") if key in keys)
            bears = kept.setdefault(order, name) == name
            expected[-1].append(whole[order] if bears else 0)
    found = amounts_once(_rows(stood, TARGET, keys), incoming)
    assert [part.values["paid_cny"].tolist() for part in found] == expected[1:]


@settings(max_examples=examples(100))
@given(st.lists(_LINE, max_size=4), st.lists(_LINE, min_size=1, max_size=5))
def test_orders_named_in_part(stood: list[Line], lines: list[Line]) -> None:
    found = partly_named(_rows(stood, TARGET, _TEXTS), [_rows(lines, 0, _TEXTS)])
    expected = {}
    for key in ("shop", "sku", "line_no"):
        said: dict[str, set[bool]] = {}
        for line in [*stood, *lines]:
            said.setdefault(line["order_id"], set()).add(line[key] != "")
        expected[key] = sum(len(said[order]) == 2 for order in {line["order_id"] for line in lines})
    assert found == {key: count for key, count in expected.items() if count}


def test_of_nothing_comes_nothing() -> None:
    merged = merge(_rows([], TARGET, _TEXTS), [_rows([], 0, _TEXTS)])
    assert (merged.new, merged.updated, merged.unchanged, merged.repeated) == (0, 0, 0, 0)
