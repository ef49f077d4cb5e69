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
from xml.sax.saxutils import quoteattr

import pandas as pd
from xlsxwriter.utility import xl_col_to_name

from sellersheet_workbook.patch import BookTable
from sellersheet_workbook.patch.archive import Archive
from sellersheet_workbook.patch.package import MAIN, TYPES, Package, rels_of
from sellersheet_workbook.patch.sheet import main_prefix
from sellersheet_workbook.problems import EditProblem
from sellersheet_workbook.update.new_styles import HEADER, with_styles

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


def with_sheets(path: Path, sheets: Mapping[str, Sequence[str]]) -> bytes:
    """The file with empty sheets of these names; they must be names that it does not have.

    Each with what its columns hold: text, count, money or rate.
    """
    package, names = Package(path), list(sheets)
    book, rels = package.book_part, rels_of(package.book_part)
    data = {part: package.read_xml(part) for part in (book, rels, TYPES)}
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
        f'<c r="{_column(at)}1" s="{places[HEADER]}"/>' for at in range(1, len(kinds) + 1)
    )
    rest = "".join(
        f'<c r="{_column(at)}2" s="{places[kind]}"/>' for at, kind in enumerate(kinds, 1)
    )
    high = f'<row r="1" ht="{HEADER_HEIGHT}" customHeight="1">'
    return f'<sheetData>{high}{head}</row><row r="2">{rest}</row></sheetData>'


def _column(number: int) -> str:
    return str(xl_col_to_name(number - 1))


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
