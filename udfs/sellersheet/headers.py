"""Which column of a table each header stands for."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Final, NamedTuple

import pandas as pd

from sellersheet import columns
from sellersheet.columns import Column
from sellersheet.wording import Problem, Wording

MOST_COLUMNS: Final = 16_384  # what a sheet can hold
_SEARCHED_ROWS: Final = 10
_LISTED: Final = 12
_NOTE: Final = re.compile(
    r"[(\[]\s*(g|克|cm|厘米|cny|rmb|¥|元|人民币|天|t\+n|必填|选填|required|optional)\s*[)\]]"
)
_DECORATION: Final = re.compile(r"[\s_()\[\]*::]+")


class TableProblem(Problem):
    """A table that can't be read at all."""

    wording = Wording("sellersheet", "tables.toml")


class _Names(NamedTuple):
    exact: dict[str, str]  # key and titles as written -> key
    loose: dict[str, str]  # every name in its normal form -> key


def normal(header: str) -> str:
    """A header without width, case, spaces, punctuation and the unit in brackets."""
    plain = unicodedata.normalize("NFKC", header).casefold()
    return _DECORATION.sub("", _NOTE.sub("", plain))


def header_text(label: object) -> str:
    """A column label as text; "" for none."""
    return "" if label is None or label is pd.NA or label != label else str(label).strip()


def match(
    labels: Iterable[object], table: str, rename: Mapping[str, str] | None = None
) -> dict[str, int]:
    """Column key -> position of the header that names it, in the order of the headers.

    ``rename`` says which column a header of the file stands for, by key or by title.
    """
    texts = [header_text(label) for label in labels]
    renamed = _renamed(texts, table, rename or {})
    found: dict[str, int] = {}
    for position, text in enumerate(texts):
        key = renamed.get(text) or _key(text, table)
        if not key:
            continue
        if key in found:
            raise TableProblem(
                "duplicate",
                **_titles([columns.column(table, key)]),
                first=texts[found[key]],
                first_at=found[key] + 1,
                second=text,
                second_at=position + 1,
            )
        found[key] = position
    return found


def require(frame: pd.DataFrame, table: str, present: Iterable[str], first_row: int) -> None:
    """TableProblem where a required column is missing, with what is likely meant."""
    present = set(present)
    missing = [item for item in columns.TABLES[table] if item.required and item.key not in present]
    if present and not missing:
        return
    missing = missing or list(columns.TABLES[table][:_LISTED])
    texts = [text for text in map(header_text, frame.columns) if text]
    fields: dict[str, Any] = _titles(missing)
    fields["headers"] = " | ".join(texts[:_LISTED]) + (" | …" if len(texts) > _LISTED else "")
    at = find_header(frame, table)
    if at is not None:
        raise TableProblem("missing_lower", **fields, row=at + first_row)
    spare = [text for text in texts if not _key(text, table)]
    if near := _nearest(missing, spare):
        raise TableProblem("missing_near", **fields, near=near)
    raise TableProblem("missing", **fields)


def find_header(frame: pd.DataFrame, table: str = "orders") -> int | None:
    """The position of the row, among the first ten, that looks like the header.

    None where the frame's own header names as many columns, or no row names two.
    """
    best, most = None, max(1, _count(frame.columns, table))
    for at in range(min(_SEARCHED_ROWS, len(frame))):
        count = _count(frame.iloc[at].tolist(), table)
        if count > most:
            best, most = at, count
    return best


def promote_header(frame: pd.DataFrame, at: int) -> pd.DataFrame:
    """The rows below position ``at`` under its cells as header."""
    # Taken, not cut off: with pyarrow 15, cells set in a part of a text column turn to garbage.
    lower = frame.take(range(at + 1, len(frame))).reset_index(drop=True)
    lower.columns = pd.Index([header_text(label) for label in frame.iloc[at]], dtype=object)
    return lower


def _key(text: str, table: str) -> str | None:
    names = _names(table)
    return names.exact.get(text) or names.loose.get(normal(text))


@cache
def _names(table: str) -> _Names:
    known = columns.TABLES[table]
    exact = {name: item.key for item in known for name in (item.zh, item.en)}
    exact |= {item.key: item.key for item in known}
    loose: dict[str, str] = {}
    tiers: list[list[tuple[str, str]]] = [
        [(item.key, item.key) for item in known],
        [(name, item.key) for item in known for name in (item.zh, item.en)],
        [(name, item.key) for item in known for name in item.also],
    ]
    for name, key in (pair for tier in tiers for pair in tier):
        loose.setdefault(normal(name), key)
    if table == "orders":  # a table that was calculated before carries its results along
        for item in columns.OUTPUT:
            for name in (item.key, item.zh, item.en):
                loose.pop(normal(name), None)
    return _Names(exact, loose)


def _renamed(texts: Sequence[str], table: str, rename: Mapping[str, str]) -> dict[str, str]:
    renamed = {}
    for text, target in rename.items():
        if text not in texts:
            listed = " | ".join([text for text in texts if text][:_LISTED])
            raise TableProblem("rename_header", header=text, headers=listed)
        key = _key(target, table)
        if key is None:
            raise TableProblem("rename_target", header=text, target=target)
        renamed[text] = key
    return renamed


def _count(labels: Iterable[object], table: str) -> int:
    return len({_key(label, table) for label in labels if isinstance(label, str)} - {None})


def _nearest(missing: Sequence[Column], spare: Sequence[str]) -> str | None:
    by_normal = {normal(text): text for text in spare}
    for item in missing:
        for name in (item.key, item.zh, item.en, *item.also):
            if near := difflib.get_close_matches(normal(name), by_normal, n=1, cutoff=0.5):
                return by_normal[near[0]]
    return None


def _titles(items: Sequence[Column]) -> dict[str, str]:
    return {
        "title_zh": "、".join(item.zh for item in items),
        "title_en": ", ".join(item.en for item in items),
    }
