"""A macro workbook (.xlsm) out of a plain one (.xlsx): VBA and buttons go in, nothing goes out.

Only the standard library is used, so a pre-filled macro workbook can be made where the add-in
is used: the VBA comes out of the macro workbook that is shipped.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

from sellersheet.wording import Lang, Problem, Wording
from sellersheet_addin.excel.package import TYPES, add_link, add_type, links, unzipped, zipped
from sellersheet_addin.excel.ribbon import sheet_buttons
from sellersheet_addin.excel.sheet_buttons import draw_buttons

SHIPPED: Final = Path(__file__).parents[1] / "assets"
SHEET_TYPE: Final = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
BOOK_TYPE: Final = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
PROJECT_PART: Final = "xl/vbaProject.bin"
BOOK_CODE_NAME: Final = "ThisWorkbook"
BOOK_PART: Final = "xl/workbook.xml"
_PROJECT_LINK: Final = "http://schemas.microsoft.com/office/2006/relationships/vbaProject"
_PROJECT_TYPE: Final = "application/vnd.ms-office.vbaProject"
_MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATED: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class MacroBookProblem(Problem):
    """A workbook that can't be given macros; the sentence says why."""

    wording = Wording("sellersheet_addin.excel", "macro_book.toml")


def as_macro_book(xlsx: bytes, lang: Lang) -> bytes:
    """The .xlsm of a filled template, with the VBA of the shipped one in its language."""
    shipped = SHIPPED / f"sellersheet-{lang}.xlsm"
    if not shipped.is_file():
        raise MacroBookProblem("not_shipped", file=shipped)
    model = unzipped(shipped.read_bytes())
    parts = unzipped(xlsx)
    here, there = list(sheets(parts)), list(sheets(model))
    if here != there:
        raise MacroBookProblem("other_sheets", here=", ".join(here), there=", ".join(there))
    return with_macros(parts, model[PROJECT_PART], lang)


def with_macros(parts: dict[str, bytes], project: bytes, lang: Lang) -> bytes:
    """The .xlsm of a workbook's parts; the project has a module for each of the sheets."""
    parts = dict(parts)
    found = sheets(parts)
    set_code_names(parts, list(found.values()))
    for name, buttons in sheet_buttons(lang).items():
        if name in found:
            draw_buttons(parts, found[name], buttons, lang)
    parts[TYPES] = parts[TYPES].replace(SHEET_TYPE, BOOK_TYPE)
    add_project(parts, project)
    return zipped(parts)


def add_project(parts: dict[str, bytes], project: bytes) -> None:
    """Puts the VBA into the workbook and relates it."""
    parts[PROJECT_PART] = project
    add_type(parts, PROJECT_PART, _PROJECT_TYPE)
    add_link(parts, BOOK_PART, _PROJECT_LINK, PROJECT_PART)


def sheets(parts: dict[str, bytes]) -> dict[str, str]:
    """The part of every sheet by the sheet's name, in the workbook's order."""
    related = links(parts, BOOK_PART)
    root = ElementTree.fromstring(parts[BOOK_PART])  # noqa: S314 - workbooks of our own making
    found = {}
    for sheet in root.iter(f"{_MAIN}sheet"):
        kind, part = related[sheet.attrib[_RELATED]]
        if kind != "worksheet":
            raise MacroBookProblem("sheet_kind", sheet=sheet.attrib["name"], kind=kind)
        found[sheet.attrib["name"]] = part
    return found


def code_names(count: int) -> list[str]:
    """The names by which VBA knows so many sheets."""
    return [f"Sheet{number}" for number in range(1, count + 1)]


def set_code_names(parts: dict[str, bytes], sheet_parts: Sequence[str]) -> None:
    """Ties the workbook and its sheets to their modules."""
    _name(parts, BOOK_PART, b"workbookPr", b"", BOOK_CODE_NAME)
    for part, name in zip(sheet_parts, code_names(len(sheet_parts)), strict=True):
        _name(parts, part, b"sheetPr", b"worksheet", name)


def _name(parts: dict[str, bytes], part: str, tag: bytes, parent: bytes, name: str) -> None:
    """Sets the tag's codeName; a sheet without properties gets them first."""
    data, attribute = parts[part], f' codeName="{name}"'.encode()
    found = re.search(rb"<%b\b[^<>]*?(?=\s*/?>)" % tag, data)
    if found is None:
        start = re.search(rb"<%b\b[^<>]*>" % parent, data) if parent else None
        if start is None:
            raise MacroBookProblem("other_form", part=part)
        parts[part] = data[: start.end()] + b"<%b%b/>" % (tag, attribute) + data[start.end() :]
    elif b"codeName=" in found[0]:
        raise MacroBookProblem("other_form", part=part)
    else:
        at = found.start() + len(tag) + 1
        parts[part] = data[:at] + attribute + data[at:]
