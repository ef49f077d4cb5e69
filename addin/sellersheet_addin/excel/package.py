"""The parts of a workbook file: read, linked, and zipped the same way each time."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Mapping
from typing import Final
from xml.etree import ElementTree
from xml.sax.saxutils import quoteattr

TYPES: Final = "[Content_Types].xml"
_TIME_STAMP: Final = (1980, 1, 1, 0, 0, 0)  # the first a zip can hold: no build time shows
_DOS: Final = 0
_RELATIONSHIP_ID: Final = re.compile(rb'\bId="rId(\d+)"')
_NO_LINKS: Final = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b"</Relationships>"
)


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
