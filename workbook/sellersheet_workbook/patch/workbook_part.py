"""workbook.xml: which sheets there are, and the few settings that change with the cells."""

from __future__ import annotations

import re
from typing import Final
from xml.etree import ElementTree

from sellersheet_workbook.patch.areas import Area, cell_ref
from sellersheet_workbook.patch.package import MAIN, Package, local_name, related
from sellersheet_workbook.patch.sheet import SheetName, main_prefix
from sellersheet_workbook.problems import EditProblem

_BEFORE_CALC: Final = (b"definedNames", b"externalReferences", b"functionGroups", b"sheets")
_CALCULATED: Final = re.compile(rb"""\s(?:fullCalcOnLoad|calcId)\s*=\s*["']\w*["']""")
# calcId is the version of the program that calculated last; programs put theirs there when they
# save. None is as old as 1, so with it every one of them calculates, and so do we know that
# what the formulas show is from before the cells were changed.
_NOT_SINCE: Final = b' calcId="1" fullCalcOnLoad="1"'
_TRUE: Final = ("1", "true")


class WorkbookPart:
    """What stands in workbook.xml when it is opened."""

    def __init__(self, package: Package) -> None:
        self._package = package
        root = package.tree(package.book_part)
        if root.tag != f"{{{MAIN}}}workbook":
            strict = root.tag.startswith("{http://purl.oclc.org/ooxml/")
            raise EditProblem("strict" if strict else "not_workbook", path=package.path)
        self._refuse(root)
        self.sheets = self._sheets(root)
        settings = root.find(f"{{{MAIN}}}workbookPr")
        self.from_1904 = settings is not None and settings.get("date1904") in _TRUE

    def sheet(self, name: str) -> SheetName:
        """The worksheet of that name."""
        for sheet in self.sheets:
            if sheet.name == name:
                return sheet
        names = [sheet.name for sheet in self.sheets]
        raise EditProblem("no_sheet", path=self._package.path, sheet=name, sheets=names)

    def recalculated_on_load(self) -> bytes:
        """workbook.xml asking Excel to calculate every formula when it opens the file."""
        data, prefix = self._text()
        found = _settings(data, prefix)
        if found:
            kept = _CALCULATED.sub(b"", found[0])
            return data[: found.start()] + kept + _NOT_SINCE + data[found.end() :]
        for name in _BEFORE_CALC:
            whole = rb"(</%b%b>|<%b%b(?:\s[^<>]*)?/>)" % (prefix, name, prefix, name)
            before = re.search(whole, data)
            if before:
                added = b"<%bcalcPr%b/>" % (prefix, _NOT_SINCE)
                return data[: before.end()] + added + data[before.end() :]
        raise EditProblem("xml_form", path=self._package.path, part=self._package.book_part)

    @property
    def outdated(self) -> bool:
        """Whether cells were changed since a program calculated the formulas."""
        found = _settings(*self._text())
        return found is not None and found[0].endswith(_NOT_SINCE)

    def refiltered(self, sheet: SheetName, old: Area, new: Area) -> bytes:
        """workbook.xml with the hidden name of the sheet's filter over ``new``."""
        data, prefix = self._text()
        name = (
            rb'(<%bdefinedName\s(?=[^<>]*\bname="_xlnm\._FilterDatabase")'
            rb'(?=[^<>]*\blocalSheetId="%d")[^<>]*>[^<]*!)%b(?=<)'
        ) % (prefix, sheet.position, re.escape(_absolute(old)))
        return re.sub(name, lambda found: found[1] + _absolute(new), data)

    def _text(self) -> tuple[bytes, bytes]:
        part = self._package.book_part
        data = self._package.read_xml(part)
        return data, main_prefix(self._package, part, data)

    def _sheets(self, root: ElementTree.Element) -> tuple[SheetName, ...]:
        links = self._package.links(self._package.book_part)
        found = []
        for position, item in enumerate(root.iterfind(f"{{{MAIN}}}sheets/{{{MAIN}}}sheet")):
            link = links.get(related(item))
            if link and link.kind == "worksheet" and self._package.has(link.target):
                found.append(SheetName(item.get("name", ""), link.target, position))
        return tuple(found)

    def _refuse(self, root: ElementTree.Element) -> None:
        for item in root:
            reserved = item.get("reservationPassword") or item.get("hashValue")
            if local_name(item) == "fileSharing" and reserved:
                raise EditProblem("reserved", path=self._package.path)


def _settings(data: bytes, prefix: bytes) -> re.Match[bytes] | None:
    return re.search(rb"<%bcalcPr\b[^<>]*?(?=\s*/?>)" % prefix, data)


def _absolute(area: Area) -> bytes:
    first, last = cell_ref(area.top, area.left), cell_ref(area.bottom, area.right)
    return re.sub(r"([A-Z]+)(\d+)", r"$\1$\2", f"{first}:{last}").encode()
