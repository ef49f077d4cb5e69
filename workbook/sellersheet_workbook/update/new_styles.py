"""The few cell formats of the sheets that an update adds, put behind those of the workbook."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from xml.etree import ElementTree

from sellersheet_workbook.files.book import DARK
from sellersheet_workbook.patch.package import MAIN, Package
from sellersheet_workbook.problems import EditProblem

# What a column holds -> a number format that every program has by number.
_NUMBERS: Final = {"text": 0, "count": 3, "money": 4, "rate": 10}
HEADER: Final = "header"
_ROOT: Final = re.compile(rb"<(\w+:)?styleSheet[\s>]")


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
