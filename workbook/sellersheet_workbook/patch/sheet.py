"""One sheet of a workbook: what stands around its rows, and the index of its cells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from xml.etree import ElementTree

from sellersheet_workbook.patch.areas import Area, area_of
from sellersheet_workbook.patch.package import MAIN, Package
from sellersheet_workbook.patch.sheet_index import SheetIndex, index_of, opened, rows_span
from sellersheet_workbook.patch.start_tags import MISSING
from sellersheet_workbook.problems import EditProblem

_MOST_BYTES: Final = 1 << 30
_ROOT: Final = re.compile(rb"<(?:([A-Za-z_][\w.-]*):)?(?:worksheet|workbook|table)\s[^<>]*>")
_NAMESPACE: Final = re.compile(rb"""\sxmlns(?::([\w.-]+))?\s*=\s*["']%b["']""" % MAIN.encode())


@dataclass(frozen=True, slots=True)
class SheetName:
    """A sheet as the workbook lists it; ``position`` counts every sheet from 0."""

    name: str
    part: str
    position: int


class SheetPart:
    """The XML of a sheet as it stands now."""

    def __init__(self, package: Package, sheet: SheetName) -> None:
        self.name = sheet.name
        self.part = sheet.part
        self.position = sheet.position
        self._package = package
        if package.archive.size(sheet.part) > _MOST_BYTES:
            raise self.problem("sheet_too_large")
        data = package.read_xml(sheet.part)
        self.prefix = main_prefix(package, sheet.part, data)
        self.data = opened(data, self.prefix)

    def problem(self, code: str, **fields: object) -> EditProblem:
        return EditProblem(code, path=self._package.path, sheet=self.name, **fields)

    @cached_property
    def index(self) -> SheetIndex:
        try:
            return index_of(self.data, self.prefix)
        except ValueError as error:
            raise self.problem("sheet_form") from error

    @cached_property
    def _span(self) -> tuple[int, int]:
        try:
            return rows_span(self.data, self.prefix)
        except ValueError as error:
            raise self.problem("sheet_form") from error

    @cached_property
    def around(self) -> ElementTree.Element:
        """The sheet without its rows, which need not be looked at for that."""
        start, end = self._span
        return self._package.parsed(self.data[:start] + self.data[end:])

    def parsed(self, data: bytes) -> ElementTree.Element:
        return self._package.parsed(data)

    @property
    def protected(self) -> bool:
        item = self.around.find(f"{{{MAIN}}}sheetProtection")
        return item is not None and item.get("sheet") in ("1", "true")

    @property
    def merged(self) -> Iterator[Area]:
        for item in self.around.iterfind(f"{{{MAIN}}}mergeCells/{{{MAIN}}}mergeCell"):
            yield self.area(item.get("ref", ""))

    @property
    def filtered(self) -> Area | None:
        """The area of the sheet's own filter; tables have theirs."""
        item = self.around.find(f"{{{MAIN}}}autoFilter")
        return None if item is None else self.area(item.get("ref", ""))

    def column_style(self, column: int) -> int:
        """The style of cells that are not there; MISSING for none."""
        for item in self.around.iterfind(f"{{{MAIN}}}cols/{{{MAIN}}}col"):
            if int(item.get("min", "0")) <= column <= int(item.get("max", "0")):
                return int(item.get("style", MISSING))
        return MISSING

    def parts(self, kind: str) -> Iterator[str]:
        """The sheet's parts of one kind, like ``table``."""
        for link in self._package.links(self.part).values():
            if link.kind == kind and self._package.has(link.target):
                yield link.target

    def area(self, ref: str) -> Area:
        try:
            return area_of(ref)
        except ValueError as error:
            raise self.problem("sheet_form") from error

    def refiltered(self, old: Area, new: Area) -> bytes:
        """The sheet with its filter over ``new``. The filter precedes those of custom views."""
        pattern = rb'(<%bautoFilter\s[^<>]*\bref=")%b"' % (self.prefix, old.ref.encode())
        _, end = self._span
        tail, count = re.subn(pattern, rb'\g<1>%b"' % new.ref.encode(), self.data[end:], count=1)
        if not count:
            raise self.problem("sheet_form")
        return b"".join((memoryview(self.data)[:end], tail))


def main_prefix(package: Package, part: str, data: bytes) -> bytes:
    """The prefix of a part's elements, like ``x:``; b"" where they have none."""
    root = _ROOT.search(data, 0, 1 << 16)
    bound = _NAMESPACE.findall(root[0]) if root else []
    if root is None or bound != [root[1] or b""]:
        strict = b"http://purl.oclc.org/ooxml/" in data[:4096]
        raise EditProblem("strict" if strict else "xml_form", path=package.path, part=part)
    return root[1] + b":" if root[1] else b""
