"""workbook.xml and styles.xml: the sheets, the few settings that change with the cells, the cell
formats as far as new cells have to choose one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree

from sellersheet_workbook.patch.areas import Area, cell_ref
from sellersheet_workbook.patch.package import MAIN, Package, local_name, related
from sellersheet_workbook.patch.sheet import SheetName, main_prefix
from sellersheet_workbook.patch.start_tags import MISSING
from sellersheet_workbook.problems import EditProblem

_BEFORE_CALC: Final = (b"definedNames", b"externalReferences", b"functionGroups", b"sheets")
_CALCULATED: Final = re.compile(rb"""\s(?:fullCalcOnLoad|calcId)\s*=\s*["']\w*["']""")
# calcId is the version of the program that calculated last; programs put theirs there when they
# save. None is as old as 1, so with it every one of them calculates, and so do we know that
# what the formulas show is from before the cells were changed.
_NOT_SINCE: Final = b' calcId="1" fullCalcOnLoad="1"'
_TRUE: Final = ("1", "true")
GENERAL: Final = "General"
_BUILT_IN: Final = {
    0: GENERAL, 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 49: "@",
}  # fmt: skip
_BUILT_IN_DAYS: Final = {14, 15, 16, 17, 22, *range(27, 32), 36, *range(50, 55), 57, 58}
_NOT_CODE: Final = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')


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


@dataclass(frozen=True, slots=True)
class _Format:
    number_format: str
    day: bool
    look: tuple[str | None, ...]
    unlocked: bool


class Styles:
    """``cellXfs`` of styles.xml by their position."""

    def __init__(self, root: ElementTree.Element | None) -> None:
        self._formats: list[_Format] = []
        if root is None:
            return
        codes = {
            int(item.get("numFmtId", "0")): item.get("formatCode", "")
            for item in root.iterfind(f"{{{MAIN}}}numFmts/{{{MAIN}}}numFmt")
        }
        for item in root.iterfind(f"{{{MAIN}}}cellXfs/{{{MAIN}}}xf"):
            number = int(item.get("numFmtId", "0"))
            code = codes.get(number, _BUILT_IN.get(number, ""))
            day = _shows_day(codes[number]) if number in codes else number in _BUILT_IN_DAYS
            look = tuple(item.get(key) for key in ("fontId", "fillId", "borderId"))
            protection = item.find(f"{{{MAIN}}}protection")
            locked = "1" if protection is None else protection.get("locked", "1")
            self._formats.append(_Format(code, day, look, locked in ("0", "false")))

    def shows_day(self, style: int) -> bool:
        """Whether a number in that format is shown as a day."""
        return 0 <= style < len(self._formats) and self._formats[style].day

    def unlocked(self, style: int) -> bool:
        """Whether a cell in that format may change on a protected sheet."""
        return 0 <= style < len(self._formats) and self._formats[style].unlocked

    def beside(self, style: int, code: str, *, day: bool) -> int:
        """The format that shows ``code``, or any day, and looks like ``style``.

        MISSING where the workbook has no such format: none is added.
        """
        fitting = [
            at
            for at, one in enumerate(self._formats)
            if (one.day if day else one.number_format == code)
        ]
        look = self._formats[max(style, 0)].look if self._formats else ()
        alike = [at for at in fitting if self._formats[at].look == look]
        plain = [at for at in fitting if self._formats[at].look == self._formats[0].look]
        return next(iter(alike or plain), MISSING)


def _shows_day(code: str) -> bool:
    bare = _NOT_CODE.sub("", code).lower()
    return bare != "general" and any(letter in bare for letter in "yd")
