"""Words that people type, looked up in the policy's lists of categories and warehouses."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

Record = Mapping[str, Any]

_LOOSE = re.compile(r"[\s_()\[\]/,.、，·・\-]+")


def plain(word: str) -> str:
    """A word without case, width, spaces and brackets: 菜鸟优选仓(杭州) is 菜鸟优选仓 杭州."""
    return _LOOSE.sub("", unicodedata.normalize("NFKC", word).casefold())


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
