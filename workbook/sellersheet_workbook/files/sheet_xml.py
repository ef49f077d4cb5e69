"""What an .xlsx sheet says in its XML that the cell reader leaves out.

Such as the number formats: what each shows beside the number, a currency, a unit, per cent.
"""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import IO, Final, NamedTuple
from xml.etree import ElementTree

import numpy as np

from sellersheet.amounts import UNITS
from sellersheet.exchange import currency
from sellersheet.intake.grid import Shown
from sellersheet_workbook.files.xlsx_parts import book_part, column_number, sheet_part, targets

_LOCALE: Final = re.compile(r"\[\$([^\]-]*)(?:-[^\]]*)?\]")
_BRACKETS: Final = re.compile(r"\[[^\]]*\]")
_QUOTED: Final = re.compile(r'"([^"]*)"|\\(.)')
_PERCENTS: Final = frozenset({9, 10})  # of the formats that every program has
_ERROR: Final = re.compile(rb"""\bt=["']e["']""")
# A cell that ends where it begins, <c/>, is blank: the next one is not part of it.
_CELL: Final = re.compile(rb"<(?:\w+:)?c\b((?:[^>]*[^>/])?)>(.*?)</(?:\w+:)?c>", re.DOTALL)
_UNCACHED: Final = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v\s*>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_PLACE: Final = re.compile(rb"""\br=["']([A-Z]+)(\d+)["']""")
_STYLE: Final = re.compile(rb"""\bs=["'](\d+)["']""")
_TEXT_RESULT: Final = re.compile(rb"""\bt=["']str["']""")
_NO_NUMBER: Final = re.compile(rb"""\bt=["'](?:s|str|inlineStr|b|e)["']""")
_VALUE: Final = re.compile(rb"<(?:\w+:)?v[^>]*>([^<]*)<")
_MERGED: Final = re.compile(
    rb"""<(?:\w+:)?mergeCell\b[^>]*\bref=["']([A-Z]+)(\d+):([A-Z]+)(\d+)["']"""
)
_BLOCK: Final = 1 << 22


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


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """Rows and columns counted from 0: error codes by place, formulas without a saved value,
    number formats by column, merged areas, totals rows of tables."""

    errors: list[tuple[int, int, str]] = field(default_factory=list)
    uncached: list[tuple[int, int]] = field(default_factory=list)
    shown: dict[int, list[Shown]] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    totals: list[int] = field(default_factory=list)


def sheet_facts(path: Path, sheet: str) -> SheetFacts:
    """The facts of a sheet; of a sheet that has none only a quick look is taken."""
    with zipfile.ZipFile(path) as archive:
        name = sheet_part(archive, sheet)
        if name is None:
            return SheetFacts()
        formats = _formats(archive)
        with archive.open(name) as part:
            met = _mentions(part, (b't="e"', b"t='e'", b"<f", b":f>", b":f ", b"mergeCell "))
        if not met and not formats:
            return SheetFacts(totals=_totals(archive, name))
        text = archive.read(name)
        return SheetFacts(
            _errors(text) if met & {b't="e"', b"t='e'"} else [],
            _uncached(text) if met & {b"<f", b":f>", b":f "} else [],
            _shown(text, formats) if formats else {},
            _merged(text) if b"mergeCell " in met else [],
            _totals(archive, name),
        )


def _errors(text: bytes) -> list[tuple[int, int, str]]:
    found = []
    for attributes, inside in _CELL.findall(text):
        if not _ERROR.search(attributes):
            continue
        place, value = _PLACE.search(attributes), _VALUE.search(inside)
        if place and value:
            found.append((int(place[2]) - 1, column_number(place[1]) - 1, value[1].decode()))
    return found


def _uncached(text: bytes) -> list[tuple[int, int]]:
    found = []
    for match in _UNCACHED.finditer(text):
        attributes = match[1]
        if _TEXT_RESULT.search(attributes):
            continue  # the empty text is its result
        if place := _PLACE.search(attributes):
            found.append((int(place[2]) - 1, column_number(place[1]) - 1))
    return found


def _shown(text: bytes, formats: dict[int, Beside]) -> dict[int, list[Shown]]:
    """The rows of numbers in every unusual format, by column: of a text a format shows nothing."""
    wanted = b"|".join(str(style).encode() for style in formats)
    cell = re.compile(rb"""<(?:\w+:)?c\b(?=[^>]*\bs=["'](?:""" + wanted + rb""")["'])([^>]*)>""")
    rows: dict[tuple[int, Beside], list[int]] = {}
    for attributes in cell.findall(text):
        place, style = _PLACE.search(attributes), _STYLE.search(attributes)
        if place and style and not _NO_NUMBER.search(attributes):
            key = (column_number(place[1]) - 1, formats[int(style[1])])
            rows.setdefault(key, []).append(int(place[2]) - 1)
    found: dict[int, list[Shown]] = {}
    for (column, meant), places in rows.items():
        shown = Shown(np.array(places, dtype=np.int64), meant.currency, meant.unit, meant.percent)
        found.setdefault(column, []).append(shown)
    return found


def _merged(text: bytes) -> list[tuple[int, int, int, int]]:
    return [
        (int(top) - 1, column_number(left) - 1, int(bottom) - 1, column_number(right) - 1)
        for left, top, right, bottom in _MERGED.findall(text)
    ]


def _totals(archive: zipfile.ZipFile, sheet_part: str) -> list[int]:
    """The totals rows of the sheet's Excel tables."""
    found = []
    for target in targets(archive, sheet_part).values():
        if "/tables/" not in target or target not in archive.namelist():
            continue
        head = archive.read(target)[:2000].decode("utf-8", "replace")
        area = re.search(r"""\bref=["'][A-Z]+\d+:[A-Z]+(\d+)["']""", head)
        count = re.search(r"""\btotalsRowCount=["'](\d+)["']""", head)
        if area and count:
            found += [int(area[1]) - 1 - more for more in range(min(int(count[1]), 9))]
    return found


def _formats(archive: zipfile.ZipFile) -> dict[int, Beside]:
    """The cell styles whose numbers are shown with something beside them."""
    book = book_part(archive)
    if book is None:
        return {}
    name = next(
        (part for part in targets(archive, book).values() if part.endswith("styles.xml")), ""
    )
    if name not in archive.namelist():
        return {}
    root = ElementTree.fromstring(archive.read(name))  # noqa: S314
    codes: dict[int, str] = {}
    found: dict[int, Beside] = {}
    for item in root.iter():
        if item.tag.endswith("}numFmt") and item.get("numFmtId"):
            codes[int(item.get("numFmtId", "0"))] = item.get("formatCode", "")
    used = next((item for item in root.iter() if item.tag.endswith("}cellXfs")), None)
    for style, item in enumerate(() if used is None else used):
        number = int(item.get("numFmtId", "0"))
        meant = beside(codes[number]) if number in codes else built_in(number)
        if meant != NOTHING:
            found[style] = meant
    return found


def _mentions(part: IO[bytes], wanted: tuple[bytes, ...]) -> set[bytes]:
    """Which of these the part holds."""
    met: set[bytes] = set()
    tail = b""
    while block := part.read(_BLOCK):
        whole = tail + block
        met |= {mark for mark in wanted if mark not in met and mark in whole}
        tail = block[-16:]
    return met
