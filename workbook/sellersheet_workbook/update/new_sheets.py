"""Tables that an update makes: on new sheets at the end, or over those of an earlier update.

Their header, and what their columns hold, have formats, put behind those of the workbook.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final
from xml.etree import ElementTree
from xml.sax.saxutils import quoteattr

import pandas as pd

from sellersheet_workbook.files.book import DARK
from sellersheet_workbook.patch import BookTable
from sellersheet_workbook.patch.archive import Archive
from sellersheet_workbook.patch.areas import column_letters
from sellersheet_workbook.patch.package import LOCKED, MAIN, TYPES, Package, rels_of
from sellersheet_workbook.patch.sheet import main_prefix
from sellersheet_workbook.problems import EditProblem

_RELATED: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
# The header stays in sight, and a printed page is as wide as the table.
_FROZEN: Final = (
    '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" '
    'activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
)
# Of the columns in characters, and of the header in points; a live workbook has the same.
FIRST_WIDTH, OTHER_WIDTH, HEADER_HEIGHT = 22, 15, 34
_SHEET: Final = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    f'<worksheet xmlns="{MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>{{view}}'
    f'<cols><col min="1" max="1" width="{FIRST_WIDTH}" customWidth="1"/>'
    f'<col min="2" max="30" width="{OTHER_WIDTH}" customWidth="1"/></cols>{{rows}}'
    '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/>'
    '<pageSetup paperSize="9" fitToHeight="0" orientation="landscape"/></worksheet>'
)
# What a column holds -> a number format that every program has by number.
_NUMBERS: Final = {"text": 0, "count": 3, "money": 4, "rate": 10}
HEADER: Final = "header"
_ROOT: Final = re.compile(rb"<(\w+:)?styleSheet[\s>]")


def with_sheets(path: Path, sheets: Mapping[str, Sequence[str]]) -> bytes:
    """The file with empty sheets of these names; they must be names that it does not have.

    Each with what its columns hold: text, count, money or rate.
    """
    package, names = Package(path), list(sheets)
    book, rels = package.book_part, rels_of(package.book_part)
    data = {part: package.read_xml(part) for part in (book, rels, TYPES)}
    if LOCKED.search(data[book]):
        raise EditProblem("structure", path=path, sheets=names)
    prefix = main_prefix(package, book, data[book])
    numbers = [int(text) for text in re.findall(rb'\bsheetId\s*=\s*["\'](\d+)', data[book])]
    styled = with_styles(package)
    places: Mapping[str, int] = {}
    if styled is not None:
        data[styled[0]], places = styled[1:]
    added: dict[str, str] = {}
    for number, name in enumerate(names, max(numbers, default=0) + 1):
        part = f"xl/worksheets/sellersheet{number}.xml"
        link = f"rIdSellersheet{number}"
        if package.has(part) or link.encode() in data[rels]:
            raise EditProblem("xml_form", path=path, part=rels)
        # Readers that know no namespaces look for the attribute by this name, r:id.
        sheet = (
            f'sheet xmlns:r="{_RELATED}" name={quoteattr(name)} sheetId="{number}" r:id="{link}"/>'
        )
        data[book] = _inserted(package, book, data[book], b"sheets", prefix, sheet)
        target = f'Relationship Id="{link}" Type="{_RELATED}/worksheet" Target="/{part}"/>'
        data[rels] = _inserted(package, rels, data[rels], b"Relationships", b"", target)
        kind = f'Override PartName="/{part}" ContentType="{_TYPE}"/>'
        data[TYPES] = _inserted(package, TYPES, data[TYPES], b"Types", b"", kind)
        # A view of a sheet needs one of the workbook, which it may lack.
        view = _FROZEN if b"workbookView " in data[book] else ""
        added[part] = _SHEET.format(view=view, rows=_rows(sheets[name], places))
    file = io.BytesIO()
    package.archive.write(file, data, ())
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        for part, text in added.items():
            archive.writestr(zipfile.ZipInfo(part), text)
    made = file.getvalue()
    _check(package.archive, Archive(made, path), {*data, *added})
    return made


def _rows(kinds: Sequence[str], places: Mapping[str, int]) -> str:
    """A header and a row of blank cells with their formats, which the rows below take on."""
    if not places or not kinds:
        return "<sheetData/>"
    head = "".join(
        f'<c r="{column_letters(at)}1" s="{places[HEADER]}"/>' for at in range(1, len(kinds) + 1)
    )
    rest = "".join(
        f'<c r="{column_letters(at)}2" s="{places[kind]}"/>' for at, kind in enumerate(kinds, 1)
    )
    high = f'<row r="1" ht="{HEADER_HEIGHT}" customHeight="1">'
    return f'<sheetData>{high}{head}</row><row r="2">{rest}</row></sheetData>'


def _inserted(
    package: Package, part: str, data: bytes, element: bytes, prefix: bytes, tag: str
) -> bytes:
    """The tag put in as the last child of an element that stands there once."""
    end = b"</%b%b>" % (prefix, element)
    if data.count(end) != 1:
        raise EditProblem("xml_form", path=package.path, part=part)
    return data.replace(end, b"<" + prefix + tag.encode() + end)


def _check(old: Archive, new: Archive, changed: set[str]) -> None:
    """All parts are there and those not changed are as they were."""
    same = all(new.raw(name) == old.raw(name) for name in old.names if name not in changed)
    if not same or set(new.names) != {*old.names, *changed}:
        raise zipfile.BadZipFile


def over_old(frame: pd.DataFrame, old: BookTable) -> pd.DataFrame | None:
    """The rows under the old table's headers, blank ones over what is left of it.

    None where the old table is not one that an update made.
    """
    if not len(frame):
        frame = frame.reindex(columns=range(len(old.headers)))
    if old.area.top != 1 or len(old.headers) != frame.shape[1]:
        return None
    frame = frame.set_axis(list(old.headers), axis=1).reset_index(drop=True).astype(object)
    frame = frame.reindex(range(max(len(frame), len(old)))).astype(object)
    return frame.where(frame.notna(), None)


def with_styles(package: Package) -> tuple[str, bytes, Mapping[str, int]] | None:
    """The part of the formats with the new ones in it, and the place of each.

    None where it is not written as it usually is: the sheets then stay without.
    """
    links = package.links(package.book_part).values()
    part = next((link.target for link in links if link.kind == "styles"), None)
    if part is None or not package.has(part):
        return None
    try:
        data = package.read_xml(part)
    except EditProblem:
        return None
    named = _ROOT.search(data)
    root = package.parsed(data)
    prefix = named[1].decode() if named and named[1] else ""
    known = {name: root.find(f"{{{MAIN}}}{name}") for name in ("fonts", "fills", "cellXfs")}
    if any(item is None or not len(item) for item in known.values()):
        return None
    counts = {name: len(item) for name, item in known.items() if item is not None}
    places = {kind: counts["cellXfs"] + at for at, kind in enumerate((HEADER, *_NUMBERS))}
    added = {
        "fonts": _font(known["fonts"]),
        "fills": '<fill><patternFill patternType="solid">'
        f'<fgColor rgb="FF{DARK[1:]}"/><bgColor indexed="64"/></patternFill></fill>',
        "cellXfs": f'<xf numFmtId="0" fontId="{counts["fonts"]}" fillId="{counts["fills"]}" '
        'borderId="0" xfId="0" applyFont="1" applyFill="1" applyAlignment="1">'
        '<alignment horizontal="center" vertical="center" wrapText="1"/></xf>'
        + "".join(
            f'<xf numFmtId="{number}" fontId="0" fillId="0" borderId="0" xfId="0" '
            'applyNumberFormat="1"/>'
            for number in _NUMBERS.values()
        ),
    }
    for name, xml in added.items():
        found = _into(data, f"{prefix}{name}", re.sub(r"<(/?)", rf"<\1{prefix}", xml))
        if found is None:
            return None
        data = found
    return part, data, places


def _font(fonts: ElementTree.Element | None) -> str:
    """The workbook's own first font, bold and white."""
    first = None if fonts is None else fonts[0]
    told = {"sz": "11", "name": "等线"}
    for key in told:
        item = None if first is None else first.find(f"{{{MAIN}}}{key}")
        told[key] = told[key] if item is None else item.get("val", told[key])
    size, name = (told[key].replace("&", "&amp;").replace('"', "&quot;") for key in told)
    return f'<font><b/><sz val="{size}"/><color rgb="FFFFFFFF"/><name val="{name}"/></font>'


def _into(data: bytes, element: str, xml: str) -> bytes | None:
    """The XML as the last thing in an element that stands there once, counted anew."""
    opened = re.search(rb"<%b(\s[^>]*)?>" % element.encode(), data)
    end = f"</{element}>".encode()
    if opened is None or data.count(end) != 1:
        return None
    tag = re.sub(rb'\scount\s*=\s*("[^"]*"|\'[^\']*\')', b"", opened[0])
    return (data[: opened.start()] + tag + data[opened.end() :]).replace(end, xml.encode() + end)
