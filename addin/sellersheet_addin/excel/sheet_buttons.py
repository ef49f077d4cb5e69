"""Buttons on a sheet: shapes that run a macro of the workbook they stand in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from sellersheet.wording import Lang
from sellersheet_addin.excel.package import add_link, add_type, links
from sellersheet_addin.excel.ribbon import Button

_PIXEL: Final = 9525  # English metric units
_WIDTH: Final = 140 * _PIXEL
_HEIGHT: Final = 28 * _PIXEL
_BELOW: Final = 5 * _PIXEL  # the cell's upper edge
_LINK: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/drawing"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.drawing+xml"
_CULTURE: Final[dict[Lang, str]] = {"zh": "zh-CN", "en": "en-US"}
_EMPTY: Final = (
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
    parts[part] = _EMPTY
    add_type(parts, part, _TYPE)
    tag = f'<drawing r:id="{add_link(parts, sheet, _LINK, part)}"/>'.encode()
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
