"""The parts of a workbook file and how they hang together."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

from sellersheet_workbook.files.file_kind import check_container, check_kind, opening
from sellersheet_workbook.patch.archive import Archive
from sellersheet_workbook.problems import EditProblem, FileProblem

# A workbook whose sheets may not be added, removed or renamed.
LOCKED: Final = re.compile(rb"<(?:\w+:)?workbookProtection[^>]*lockStructure=[\"'](?:1|true)")
MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
TYPES: Final = "[Content_Types].xml"
_RELATED: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT: Final = "http://purl.oclc.org/ooxml/"
_SUFFIXES: Final = (".xlsx", ".xlsm")
_BOOK_TYPES: Final = (
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
)
_ENCODING: Final = re.compile(rb"""^<\?xml[^>]*\bencoding\s*=\s*["']([\w.-]+)["']""")


@dataclass(frozen=True, slots=True)
class Link:
    """A relationship of a part: its kind is the last word of its type."""

    kind: str
    target: str


class Package:
    """The parts of a workbook, and those of them that have been changed so far."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.archive = Archive(_read(path), path)
        self.changed: dict[str, bytes] = {}
        self.dropped: set[str] = set()
        self.book_part = self._book_part()
        self._refuse()

    def has(self, part: str) -> bool:
        return part in self.archive.names and part not in self.dropped

    def read(self, part: str) -> bytes:
        """A part as it stands now."""
        if part in self.changed:
            return self.changed[part]
        if not self.has(part):
            raise FileProblem("damaged", path=self.path)
        return self.archive.read(part)

    def read_xml(self, part: str) -> bytes:
        """A part whose XML is plain UTF-8, without comments, CDATA or entities of its own."""
        data = self.read(part)
        start = data[:200].removeprefix(b"\xef\xbb\xbf")
        encoding = _ENCODING.match(start)
        if encoding and encoding[1].lower() not in (b"utf-8", b"utf8", b"us-ascii"):
            raise EditProblem("xml_form", path=self.path, part=part)
        instructions = data.count(b"<?") - start.startswith(b"<?xml")
        if not start.startswith(b"<") or b"<!" in data or instructions:
            raise EditProblem("xml_form", path=self.path, part=part)
        return data

    def tree(self, part: str) -> ElementTree.Element:
        return self.parsed(self.read_xml(part))

    def parsed(self, data: bytes) -> ElementTree.Element:
        try:
            return ElementTree.fromstring(data)  # noqa: S314 - read_xml lets no entities by
        except ElementTree.ParseError as error:
            raise FileProblem("damaged", path=self.path) from error

    def replace(self, part: str, data: bytes) -> None:
        """Takes ``data`` for the part; what it is in the file already is no change."""
        if len(data) == self.archive.size(part) and data == self.archive.read(part):
            self.changed.pop(part, None)
        else:
            self.changed[part] = data

    @contextmanager
    def whole_change(self) -> Iterator[None]:
        """A block whose changes are all undone when it fails."""
        changed, dropped = dict(self.changed), set(self.dropped)
        try:
            yield
        except BaseException:
            self.changed, self.dropped = changed, dropped
            raise

    def links(self, part: str) -> dict[str, Link]:
        """The relationships of a part by their id; those to outside are left out."""
        rels = rels_of(part)
        if not self.has(rels):
            return {}
        links = {}
        for item in self.tree(rels):
            if item.get("TargetMode") == "External":
                continue
            kind, target = item.get("Type", ""), item.get("Target", "")
            if kind.startswith(_STRICT):
                raise EditProblem("strict", path=self.path)
            whole = posixpath.normpath(posixpath.join("/", posixpath.dirname(part), target))
            links[item.get("Id", "")] = Link(kind.rpartition("/")[2], whole.lstrip("/"))
        return links

    def drop(self, part: str) -> None:
        """Leaves the part out, with its content type and the workbook's link to it."""
        if not self.has(part):
            return
        rels = rels_of(self.book_part)
        name = re.escape(posixpath.basename(part)).encode()
        for holder, key in ((TYPES, rb"PartName"), (rels, rb"Target")):
            tag = rb"""<[\w:]+\s[^<>]*\b%b\s*=\s*["'][^"'<>]*\b%b["'][^<>]*/>"""
            text, count = re.subn(tag % (key, name), b"", self.read_xml(holder))
            if count != 1:
                raise EditProblem("xml_form", path=self.path, part=holder)
            self.replace(holder, text)
        self.changed.pop(part, None)
        self.dropped.add(part)

    def _book_part(self) -> str:
        if not self.has(TYPES) or not self.has("_rels/.rels"):
            raise EditProblem("not_workbook", path=self.path)
        for link in self.links("").values():
            if link.kind == "officeDocument":
                return link.target
        raise EditProblem("not_workbook", path=self.path)

    def _refuse(self) -> None:
        kind = ""
        for item in self.tree(TYPES):
            if item.get("PartName") == f"/{self.book_part}":
                kind = item.get("ContentType", "")
        if ".sheet.binary." in kind:
            raise EditProblem("binary", path=self.path)
        if kind not in _BOOK_TYPES or not self.has(self.book_part):
            raise EditProblem("not_workbook", path=self.path)
        if any(name.startswith("_xmlsignatures/") for name in self.archive.names):
            raise EditProblem("signed", path=self.path)
        if any(link.kind == "revisionHeaders" for link in self.links(self.book_part).values()):
            raise EditProblem("shared", path=self.path)


def rels_of(part: str) -> str:
    """The part that lists the relationships of ``part``."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def local_name(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def related(element: ElementTree.Element) -> str:
    """The id of the relationship that an element names; "" for none."""
    return element.get(f"{{{_RELATED}}}id", "")


def _read(path: Path) -> bytes:
    if path.suffix.lower() == ".xlsb":
        raise EditProblem("binary", path=path)
    if path.suffix.lower() not in _SUFFIXES:
        raise EditProblem("suffix", path=path)
    with opening(path):
        check_kind(path)
        data = path.read_bytes()
    if not data.startswith(b"PK"):
        check_container(path, data[:4096])
        raise EditProblem("suffix", path=path)
    return data
