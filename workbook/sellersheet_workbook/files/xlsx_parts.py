"""The parts of an .xlsx by what they are: the standard leaves their names free."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

_USUAL: Final = "xl/workbook.xml"
_OFFICE: Final = "/officeDocument"


def usually_named(path: Path) -> io.BytesIO | None:
    """A copy of an .xlsx whose workbook part bears its usual name; None where it does.

    The name is free by the standard, and the cell reader knows the usual one alone.
    """
    if not zipfile.is_zipfile(path):
        return None
    with zipfile.ZipFile(path) as archive:
        book = book_part(archive)
        if book is None or book == _USUAL:
            return None
        folder, _, name = book.rpartition("/")
        renamed = {book: _USUAL, f"{folder}/_rels/{name}.rels": "xl/_rels/workbook.xml.rels"}
        copy = io.BytesIO()
        with zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made:
            for item in archive.namelist():
                made.writestr(renamed.get(item, item), archive.read(item))
    copy.seek(0)
    return copy


def sheet_part(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """The name of that sheet's XML in an .xlsx; None in any other file."""
    book = book_part(archive)
    if book is None:
        return None
    known = targets(archive, book)
    for item in ElementTree.fromstring(archive.read(book)).iter():  # noqa: S314
        if item.tag.endswith("}sheet") and item.get("name") == sheet:
            relation = next((value for key, value in item.items() if key.endswith("}id")), "")
            name = known.get(relation, "")
            return name if name in archive.namelist() else None
    return None


def book_part(archive: zipfile.ZipFile) -> str | None:
    """The workbook's own part, whatever its name."""
    names = archive.namelist()
    for target, kind in _relations(archive, "_rels/.rels", ""):
        if kind.endswith(_OFFICE) and target in names:
            return target
    return _USUAL if _USUAL in names else None


def targets(archive: zipfile.ZipFile, part: str) -> dict[str, str]:
    """The parts that a part names, by the name of the relation."""
    folder, _, name = part.rpartition("/")
    rels = f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"
    if rels not in archive.namelist():
        return {}
    return {link.get("Id", ""): _joined(folder, link) for link in _links(archive, rels)}


def _relations(archive: zipfile.ZipFile, rels: str, folder: str) -> Iterator[tuple[str, str]]:
    if rels in archive.namelist():
        for link in _links(archive, rels):
            yield _joined(folder, link), link.get("Type", "")


def _links(archive: zipfile.ZipFile, rels: str) -> Iterator[ElementTree.Element]:
    yield from ElementTree.fromstring(archive.read(rels))  # noqa: S314


def _joined(folder: str, link: ElementTree.Element) -> str:
    """A target as the archive names it."""
    target = link.get("Target", "")
    if target.startswith("/"):
        return target[1:]
    parts = folder.split("/") if folder else []
    for piece in target.split("/"):
        if piece == "..":
            parts = parts[:-1]
        elif piece != ".":
            parts.append(piece)
    return "/".join(parts)


def column_number(letters: bytes) -> int:
    """The column number: A is 1, Z 26, AA 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
