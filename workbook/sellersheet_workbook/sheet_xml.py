"""What an .xlsx sheet says in its XML that the cell reader leaves out."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

_DIMENSION = re.compile(rb'<(?:\w+:)?dimension\b[^>]*\bref="[A-Z]+\d+:([A-Z]+)(\d+)"')
_ERROR_CELL = re.compile(rb'<(?:\w+:)?c\b([^>]*\bt="e"[^>]*)>(.*?)</(?:\w+:)?c>', re.DOTALL)
_PLACE = re.compile(rb'\br="([A-Z]+)(\d+)"')
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]*)<")
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*\bref="([A-Z]+)(\d+):[A-Z]+(\d+)"')
_BLOCK = 1 << 22


def declared_end(path: Path, sheet: str) -> tuple[int, int] | None:
    """(rows, columns) that the sheet says it reaches to; None where it does not say."""
    with zipfile.ZipFile(path) as archive:
        name = _part(archive, sheet)
        if name is None:
            return None
        with archive.open(name) as part:
            found = _DIMENSION.search(part.read(4096))
    return (int(found[2]), _number(found[1])) if found else None


def error_cells(path: Path, sheet: str) -> list[tuple[int, int, str]]:
    """(row, column, code) of every cell that holds an error like #N/A, counted from 0."""
    with zipfile.ZipFile(path) as archive:
        name = _part(archive, sheet)
        if name is None:
            return []
        with archive.open(name) as part:
            if not _mentions(part, b't="e"'):
                return []
        text = archive.read(name)
    cells = []
    for attributes, inside in _ERROR_CELL.findall(text):
        place, value = _PLACE.search(attributes), _VALUE.search(inside)
        if place and value:
            cells.append((int(place[2]) - 1, _number(place[1]) - 1, value[1].decode()))
    return cells


def merged_cells(path: Path, sheet: str) -> list[tuple[int, int, int]]:
    """(row, column, last row) of every area merged downwards, counted from 0."""
    with zipfile.ZipFile(path) as archive:
        name = _part(archive, sheet)
        text = archive.read(name) if name else b""
    areas = []
    for left, top, bottom in _MERGED.findall(text):
        if int(bottom) > int(top):
            areas.append((int(top) - 1, _number(left) - 1, int(bottom) - 1))
    return areas


def _number(letters: bytes) -> int:
    """The column number: A is 1, Z 26, AA 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _mentions(part: IO[bytes], wanted: bytes) -> bool:
    tail = b""
    while block := part.read(_BLOCK):
        if wanted in tail + block:
            return True
        tail = block[-len(wanted) :]
    return False


def _part(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """The name of that sheet's XML in an .xlsx; None in any other file."""
    names = archive.namelist()
    if "xl/workbook.xml" not in names or "xl/_rels/workbook.xml.rels" not in names:
        return None
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314
    links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    for item in book.iter():
        if item.tag.endswith("}sheet") and item.get("name") == sheet:
            relation = next((value for key, value in item.items() if key.endswith("}id")), None)
            target = targets.get(relation, "")
            name = target[1:] if target.startswith("/") else f"xl/{target}"
            return name if name in names else None
    return None
