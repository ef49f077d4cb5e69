"""Words that people type, looked up in the policy's lists of categories and warehouses."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final

Record = Mapping[str, Any]

_LOOSE = re.compile(r"[\s_()\[\]/,.、，·・\-]+")
_LONGEST_KEPT: Final = 64


def plain(word: str) -> str:
    """A word without case, width, spaces and brackets: 菜鸟优选仓(杭州) is 菜鸟优选仓 杭州."""
    return _plain_kept(word) if len(word) <= _LONGEST_KEPT else _plain(word)


def _plain(word: str) -> str:
    return _LOOSE.sub("", unicodedata.normalize("NFKC", word).casefold())


# The names on the lists are asked for by every cell.
_plain_kept = lru_cache(maxsize=4096)(_plain)


def find(word: str, records: Iterable[Record]) -> Record | None:
    """The record whose Chinese or English name or alias is that word; None: on no list."""
    wanted = plain(word)
    if not wanted:
        return None
    for record in records:
        names = (record["zh"], record["en"], *record.get("aliases", ()))
        if wanted in {plain(name) for name in names}:
            return record
    return None


def part_of_any(word: str, records: Iterable[Record]) -> bool:
    """Whether the word is blank or a part of a listed name."""
    wanted = plain(word)
    names = (name for record in records for name in (record["zh"], record["en"]))
    return any(wanted in plain(name) for name in names)
