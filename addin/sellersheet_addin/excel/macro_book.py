"""A macro workbook (.xlsm) out of a plain one (.xlsx): VBA and buttons go in, nothing goes out.

Only the standard library is used, so a pre-filled macro workbook can be made where the add-in
is used: the VBA comes out of the macro workbook that is shipped. A button is a shape on a sheet
that runs a macro of the workbook it stands in.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

from sellersheet.wording import Lang, Problem, Wording
from sellersheet_addin.excel.ribbon import Button, sheet_buttons

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
TYPES: Final = "[Content_Types].xml"
_TIME_STAMP: Final = (1980, 1, 1, 0, 0, 0)  # the first a zip can hold: no build time shows
_DOS: Final = 0
_RELATIONSHIP_ID: Final = re.compile(rb'\bId="rId(\d+)"')
_NO_LINKS: Final = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b"</Relationships>"
)
_PIXEL: Final = 9525  # English metric units
_WIDTH: Final = 140 * _PIXEL
_HEIGHT: Final = 28 * _PIXEL
_BELOW: Final = 5 * _PIXEL  # the cell's upper edge
_DRAWING_LINK: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/drawing"
_DRAWING_TYPE: Final = "application/vnd.openxmlformats-officedocument.drawing+xml"
_CULTURE: Final[dict[Lang, str]] = {"zh": "zh-CN", "en": "en-US"}
_NO_DRAWING: Final = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"'
    b' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"></xdr:wsDr>'
)
_END: Final = b"</xdr:wsDr>"
_SHAPE_ID: Final = re.compile(rb'<xdr:cNvPr id="(\d+)"')
# What may stand after the drawing in a sheet, so that it goes before the first of them.
_AFTER_DRAWING: Final = re.compile(
    rb"<(?:legacyDrawing|legacyDrawingHF|picture|oleObjects|controls|webPublishItems|tableParts"
    rb"|extLst)\b|</worksheet>"
)
# [0] is the workbook that the shape stands in, whatever its file is called.
_SHAPE: Final = """\
<xdr:oneCellAnchor><xdr:from><xdr:col>{column}</xdr:col><xdr:colOff>0</xdr:colOff>\
<xdr:row>{row}</xdr:row><xdr:rowOff>{below}</xdr:rowOff></xdr:from>\
<xdr:ext cx="{width}" cy="{height}"/>\
<xdr:sp macro="[0]!{macro}" textlink=""><xdr:nvSpPr><xdr:cNvPr id="{id}" name={name} \
descr={tip}/><xdr:cNvSpPr/></xdr:nvSpPr><xdr:spPr><a:xfrm><a:off x="0" y="0"/>\
<a:ext cx="{width}" cy="{height}"/></a:xfrm><a:prstGeom prst="roundRect"><a:avLst/></a:prstGeom>\
<a:solidFill><a:srgbClr val="1F4E78"/></a:solidFill><a:ln><a:noFill/></a:ln></xdr:spPr>\
<xdr:style><a:lnRef idx="0"><a:schemeClr val="accent1"/></a:lnRef><a:fillRef idx="0">\
<a:schemeClr val="accent1"/></a:fillRef><a:effectRef idx="0"><a:schemeClr val="accent1"/>\
</a:effectRef><a:fontRef idx="minor"><a:schemeClr val="lt1"/></a:fontRef></xdr:style>\
<xdr:txBody><a:bodyPr wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" anchor="ctr"/><a:lstStyle/>\
<a:p><a:pPr algn="ctr"/><a:r><a:rPr lang="{culture}" sz="1000" b="1"><a:solidFill>\
<a:srgbClr val="FFFFFF"/></a:solidFill></a:rPr><a:t>{label}</a:t></a:r></a:p></xdr:txBody></xdr:sp>\
<xdr:clientData fPrintsWithSheet="0"/></xdr:oneCellAnchor>"""


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


def unzipped(data: bytes) -> dict[str, bytes]:
    """The parts by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """The parts in the order of their names, with a fixed time stamp."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(parts):
            info = zipfile.ZipInfo(name, _TIME_STAMP)
            info.compress_type, info.create_system = zipfile.ZIP_DEFLATED, _DOS
            archive.writestr(info, parts[name])
    return written.getvalue()


def links(parts: Mapping[str, bytes], part: str) -> dict[str, tuple[str, str]]:
    """The relationships of a part: id -> the last word of the type, and the part meant."""
    data = parts.get(_links_part(part), _NO_LINKS)
    found = {}
    for item in ElementTree.fromstring(data):  # noqa: S314 - workbooks of our own making
        if item.get("TargetMode") != "External":
            target = posixpath.join("/", posixpath.dirname(part), item.attrib["Target"])
            kind = item.attrib["Type"].rpartition("/")[2]
            found[item.attrib["Id"]] = (kind, posixpath.normpath(target).lstrip("/"))
    return found


def add_link(parts: dict[str, bytes], part: str, kind: str, target: str) -> str:
    """Relates the part to another by a type's whole name; the id given to it."""
    name = _links_part(part)
    data = parts.get(name, _NO_LINKS)
    link = f"rId{max(map(int, _RELATIONSHIP_ID.findall(data)), default=0) + 1}"
    relative = posixpath.relpath(f"/{target}", f"/{posixpath.dirname(part)}")
    tag = f'<Relationship Id="{link}" Type={quoteattr(kind)} Target={quoteattr(relative)}/>'
    parts[name] = data.replace(b"</Relationships>", tag.encode() + b"</Relationships>")
    return link


def add_type(parts: dict[str, bytes], part: str, content_type: str) -> None:
    """Names the content type of a new part."""
    tag = f'<Override PartName="/{part}" ContentType="{content_type}"/></Types>'
    parts[TYPES] = parts[TYPES].replace(b"</Types>", tag.encode())


def _links_part(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def draw_buttons(
    parts: dict[str, bytes], sheet: str, buttons: Mapping[str, Button], lang: Lang
) -> None:
    """Adds the buttons to the sheet's drawing, each at its cell; the drawing is made if need be."""
    drawing = _drawing(parts, sheet)
    taken = max(map(int, _SHAPE_ID.findall(parts[drawing])), default=1)
    shapes = [
        _shape(cell, button, number, lang)
        for number, (cell, button) in enumerate(buttons.items(), taken + 1)
    ]
    parts[drawing] = parts[drawing].replace(_END, "".join(shapes).encode() + _END)


def _drawing(parts: dict[str, bytes], sheet: str) -> str:
    """The sheet's drawing part."""
    for kind, part in links(parts, sheet).values():
        if kind == "drawing":
            return part
    numbers = (re.fullmatch(r"xl/drawings/drawing(\d+)\.xml", name) for name in parts)
    part = f"xl/drawings/drawing{max((int(n[1]) for n in numbers if n), default=0) + 1}.xml"
    parts[part] = _NO_DRAWING
    add_type(parts, part, _DRAWING_TYPE)
    tag = f'<drawing r:id="{add_link(parts, sheet, _DRAWING_LINK, part)}"/>'.encode()
    parts[sheet] = _AFTER_DRAWING.sub(lambda found: tag + found[0], parts[sheet], count=1)
    return part


def _shape(cell: str, button: Button, number: int, lang: Lang) -> str:
    letters, digits = cell.rstrip("0123456789"), cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return _SHAPE.format(
        column=column - 1,
        row=int(digits) - 1,
        below=_BELOW,
        width=_WIDTH,
        height=_HEIGHT,
        macro=button.macro,
        id=number,
        name=quoteattr(button.macro),
        tip=quoteattr(button.tip(lang)),
        culture=_CULTURE[lang],
        label=escape(button.label(lang)),
    )
