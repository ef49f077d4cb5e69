"""What a number format shows beside the number: currency, unit, per cent."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final, NamedTuple

import numpy as np

from sellersheet.exchange import currency
from sellersheet.intake.grid import Shown
from sellersheet.units import UNITS

_LOCALE: Final = re.compile(r"\[\$([^\]-]*)(?:-[^\]]*)?\]")
_BRACKETS: Final = re.compile(r"\[[^\]]*\]")
_QUOTED: Final = re.compile(r'"([^"]*)"|\\(.)')
_PERCENTS: Final = frozenset({9, 10})  # of the formats that every program has


class Beside(NamedTuple):
    """A three-letter code, a unit such as kg, and whether the number is shown in %."""

    currency: str = ""
    unit: str = ""
    percent: bool = False


NOTHING: Final = Beside()


def built_in(number: int) -> Beside:
    """A format that is known by its number alone; its currency is the computer's: none."""
    return Beside(percent=True) if number in _PERCENTS else NOTHING


@cache
def beside(code: str) -> Beside:
    """What the first section of a format's code shows."""
    section = _first_section(code)
    words = _LOCALE.findall(section)
    rest = _BRACKETS.sub("", _LOCALE.sub("", section))
    words += ["".join(pair) for pair in _QUOTED.findall(rest)]
    rest = _QUOTED.sub("", rest)
    words.append(re.sub(r"[#0?.,\s_*()+\-;/:@%]|General|[ymdhs]", "", rest))
    code_found = unit = ""
    for text in (*words, "".join(words)):
        word = unicodedata.normalize("NFKC", text).strip()
        code_found = code_found or (currency(word) if word else "")
        unit = unit or UNITS.get(word.casefold(), "")
    return Beside(code_found, "" if unit == "%" else unit, "%" in rest)


def shown_by(formats: Mapping[tuple[int, str], Sequence[int]]) -> dict[int, list[Shown]]:
    """What stands beside the numbers of each column, of the rows by column and format's code."""
    rows: dict[tuple[int, Beside], list[int]] = {}
    for (column, code), places in formats.items():
        if (meant := beside(code)) != NOTHING:
            rows.setdefault((column, meant), []).extend(places)
    found: dict[int, list[Shown]] = {}
    for (column, meant), places in rows.items():
        at = np.array(sorted(places), dtype=np.int64)
        shown = Shown(at, meant.currency, meant.unit, meant.percent)
        found.setdefault(column, []).append(shown)
    return found


def _first_section(code: str) -> str:
    """The part up to the first ; that stands outside quotes and brackets."""
    depth, quoted = 0, False
    for at, mark in enumerate(code):
        if mark == '"':
            quoted = not quoted
        elif not quoted and mark in "[]":
            depth += 1 if mark == "[" else -1
        elif mark == ";" and not quoted and not depth:
            return code[:at]
    return code
