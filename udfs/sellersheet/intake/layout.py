"""Where in a grid the header stands, and which rows below it are no data: shapes, no columns."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from itertools import takewhile
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sellersheet.amounts import UNITS
from sellersheet.exchange import currency
from sellersheet.intake.grid import SEARCHED, Above, Columns, Grid, Row
from sellersheet.intake.vocabulary import header_text, parsed
from sellersheet.money import Ints, Mask
from sellersheet.rawcells import Form, RawCells
from sellersheet.text_bytes import holds

# What every text of a total holds.
_SIGNS: Final = ("计", "共", "总", "汇", "otal", "OTAL", "um", "UM")
_SURE: Final = 4.0  # a row of that worth is the header, unless one close below it is better
_FURTHER: Final = 5
TITLES: Final = 2  # texts of a row above a table that are titles
_SAYS: Final = re.compile(r"[:\uff1a]|\bin\b", re.I)
_NAMELESS: Final = re.compile(r"Unnamed: \d+")  # a column of pandas whose header is blank
_NUMBER: Final = re.compile(r"[¥$€]?-?[\d.,]+%?")
_UNIT_MARK: Final = re.compile(r"[()\[\]【】]")  # after folding of width


@dataclass(frozen=True, slots=True)
class Layout:
    """``at`` is the last row of the header in ``grid.top``, ``labels`` its texts by column.

    ``titles`` are all texts above it, ``above`` what they may say of its columns.
    """

    at: int
    labels: tuple[str, ...]
    titles: tuple[str, ...] = ()
    above: Above = field(default_factory=Above)


def find(
    grid: Grid, score: Callable[[Sequence[str]], float], header_row: int | None = None
) -> Layout | None:
    """The header by what its texts are worth to ``score``; the first row that is not blank
    where no row is worth anything, None for a grid without any text.

    ``header_row`` is the row that the user says it is, as its user counts rows. A header may
    take two rows, and a row of units may follow it.
    """
    top = grid.top
    if header_row is not None:
        at = header_row - grid.first_row
        return _with_units(top, at, _texts(top, at)) if 0 <= at < len(top) else None
    best: tuple[float, int, list[str]] | None = None
    for at in range(len(top)):
        if best is not None and best[0] >= _SURE and at > best[1] + _FURTHER:
            break
        if best is None or len(top[at]) > best[0]:  # a text is worth at most one
            texts = _texts(top, at)
            worth = score(texts)
            if worth and (best is None or worth > best[0]):
                best = (worth, at, texts)
        if at + 1 < len(top) and _may_be_group(top, at):
            texts = _two_rows(top, at)
            if (worth := score(texts)) > (best[0] if best else 1.0):
                best = (worth, at + 1, texts)
    if best is None:
        first = next((row for row in range(len(top)) if any(_texts(top, row))), None)
        return None if first is None else Layout(first, tuple(_texts(top, first)))
    return _with_units(top, best[1], best[2])


def total_rows(body: Columns, ids: int | None, named: bool = False) -> Mask:
    """Rows that add others up, by the word where an order number stands (column ``ids``), in
    the first column or, without an order number where others have one, in any text. ``named``:
    others do that are not in ``body``."""
    first = {0} if ids is None else {0, ids}
    found = totals(map(body.raw, first), np.arange(len(body)))
    if ids is not None:
        nameless = np.flatnonzero(body.raw(ids).form == Form.BLANK)
        if nameless.size and (named or nameless.size < len(body)):
            found[nameless] |= totals(map(body.raw, range(body.width)), nameless)
    return found


def totals(columns: Iterable[RawCells], rows: Ints) -> Mask:
    """Which of the rows hold nothing but the words of a total in one of the columns."""
    found = np.zeros(len(rows), dtype=bool)
    for column in columns:
        some = (column.distinct or column).texts
        if some is None or not holds(some, _SIGNS):
            continue
        text: pa.Array = column.text
        text = text if len(rows) == len(text) else text.take(pa.array(rows))
        likely = np.zeros(len(rows), dtype=bool)
        for sign in _SIGNS:
            likely |= pc.match_substring(text, sign).to_numpy(zero_copy_only=False)
        at = np.flatnonzero(likely)
        hit = pc.match_substring_regex(text.take(pa.array(at)), _total())
        found[at] |= hit.to_numpy(zero_copy_only=False)
    return found


@cache
def row_words(what: str) -> dict[str, tuple[str, ...]]:
    """The words by which a row is known: of ``totals`` those ``before`` which words may come,
    ``counted`` behind a number, and ``alone``; of an order's ``payment`` what its status says."""
    source = resources.files("sellersheet.intake").joinpath("row_words.toml")
    data = tomllib.loads(source.read_text(encoding="utf-8"))[what]
    return {key: tuple(words_) for key, words_ in data.items()}


@cache
def _total() -> str:
    """For arrow's RE2: 合计：, 总计(2单), 本页小计, 8月合计 150.00, 共2单, Total:, Grand total."""
    said = row_words("totals")
    before = "|".join(r"\s*".join(word) for word in said["before"])
    alone = "|".join(word.replace(" ", r"[\s-]*") for word in said["alone"])
    return (
        rf"(?i)^\s*(?:.{{0,16}}(?:{before})|共\s*[0-9,]+\s*(?:{'|'.join(said['counted'])})|{alone})"
        r"\s*[:\x{FF1A}]?\s*(?:[(\x{FF08}].{0,24}[)\x{FF09}])?\s*[:\x{FF1A}]?"
        r"\s*[\x{A5}\x{FFE5}$€]?[0-9,.]*\s*$"
    )


def _texts(top: Sequence[Row], at: int) -> list[str]:
    return [header_text(cell) for cell in top[at]]


def above(rows: Sequence[Row], left: int = 0, width: int | None = None) -> Above:
    """What stands in the rows above a header, which begins in the column ``left``. Of a row with
    more texts or with a number, as other tables have, only a text like 单位：分 is a title; rows
    count as near as those above a header that is looked for."""
    found: list[str] = []
    for row in rows[-SEARCHED:]:
        texts = [text for cell in row if (text := _title(cell))]
        few = len(texts) <= TITLES and not any(map(_NUMBER.fullmatch, texts))
        found += [text for text in texts if few or _SAYS.search(text)]
    last = rows[-1][left : None if width is None else left + width] if rows else ()
    return Above(tuple(found), _groups(list(map(_title, last)), width))


def _title(cell: object) -> str:
    text = header_text(cell)
    return "" if _NAMELESS.fullmatch(text) else text


def _titles(top: Sequence[Row], at: int) -> tuple[str, ...]:
    return tuple(text for row in range(at) for text in _texts(top, row) if text)


def _groups(texts: Sequence[str], width: int | None) -> tuple[tuple[str, tuple[int, ...]], ...]:
    starts = [place for place, text in enumerate(texts) if text]
    ends = [*starts[1:], max(len(texts), width or 0)]
    groups = (
        (texts[start], tuple(range(start, end))) for start, end in zip(starts, ends, strict=False)
    )
    return tuple(groups) if len(starts) > 1 else ()


def _may_be_group(top: Sequence[Row], at: int) -> bool:
    """Whether the row may head groups of columns that the next row names: neither holds a
    number."""
    pair = (*top[at], *top[at + 1])
    return not any(isinstance(cell, int | float) and cell == cell for cell in pair)


def _two_rows(top: Sequence[Row], at: int) -> list[str]:
    upper, lower = _texts(top, at), _texts(top, at + 1)
    width = max(len(upper), len(lower))
    upper += [""] * (width - len(upper))
    lower += [""] * (width - len(lower))
    return [below or above for above, below in zip(upper, lower, strict=True)]


def _with_units(top: Sequence[Row], at: int, labels: list[str]) -> Layout:
    """With the units that stand in a row of their own below the header, put into it."""
    titles, over = _titles(top, at), above(top[:at], width=len(labels))
    if at + 1 < len(top):
        cells = list(takewhile(lambda unit: unit is not None, map(_unit, top[at + 1])))
        if len(cells) == len(top[at + 1]) and any(cells):
            units = [cell or "" for cell in cells] + [""] * (len(labels) - len(cells))
            joined = [
                f"{label}({unit})" if unit else label
                for label, unit in zip(labels, units, strict=False)
            ]
            return Layout(at + 1, tuple(joined), titles, over)
    return Layout(at, tuple(labels), titles, over)


def _unit(cell: object) -> str | None:
    """The unit that a cell is; "" for a blank one, None for anything else."""
    text = header_text(cell)
    if not text:
        return ""
    word = _UNIT_MARK.sub("", unicodedata.normalize("NFKC", text)).casefold().strip()
    known = word in UNITS or currency(word) or parsed(f"({word})").per
    return word if isinstance(cell, str) and known else None
