"""A copy of a workbook with values only: no formulas, macros, links or connections.

Nor does it have the names of the people who made it, wherever Office writes them.
"""

from __future__ import annotations

import html
import os
import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sellersheet.wording import Lang, Wording
from sellersheet_workbook.keeping.atomic import check_replaceable, replacing
from sellersheet_workbook.keeping.inputs import given, resolved
from sellersheet_workbook.keeping.together import results
from sellersheet_workbook.patch.package import MAIN, TYPES, Package
from sellersheet_workbook.patch.workbook_part import WorkbookPart
from sellersheet_workbook.problems import FileProblem

_PROPERTIES: Final = (b"creator", b"lastModifiedBy", b"Company", b"Manager", b"HyperlinkBase")
_AUTHOR: Final = re.compile(rb"(<(?:\w+:)?author(?:\s[^<>]*)?>)([^<]+)(?=<)")
# A printer's settings tell its name and often a computer's.
_PRINTERS: Final = re.compile(r"xl/printerSettings/.*")
# Parts left out, by where they stand, and the word for what they were.
_LEFT_OUT: Final = (
    (re.compile(r"xl/(vbaProject|vbaProjectSignature|vbaData)[^/]*"), "macros"),
    (re.compile(r"(customUI|userCustomization)/.*"), "macros"),
    (re.compile(r"xl/attachedToolbars[^/]*"), "macros"),
    (re.compile(r"xl/externalLinks/.*"), "links"),
    (re.compile(r"xl/connections[^/]*|customXml/.*|xl/customData/.*"), "connections"),
    (re.compile(r"docProps/custom[^/]*"), "properties"),
    (re.compile(r"xl/calcChain[^/]*"), ""),
    (_PRINTERS, "properties"),
)
# Parts that run or fetch something and hold the workbook together: with them no copy is made.
_CANT: Final = re.compile(
    r"xl/(queryTables|activeX|macrosheets|dialogsheets|intlmacrosheets|model|webextensions)/.*"
)
_CELL: Final = rb"<(%bc)((?:\s[^<>]*[^<>/])?)>\s*(<%bf[\s>/].*?)</%bc>"  # its formula comes first
_KIND: Final = b"application/vnd.openxmlformats-officedocument.spreadsheetml."
_TYPES_NOW: Final = (
    (b"application/vnd.ms-excel.sheet.macroEnabled.main+xml", _KIND + b"sheet.main+xml"),
    (b"application/vnd.ms-office.vbaProject", _KIND + b"printerSettings"),  # other .bin parts
)
_ELSEWHERE: Final = re.compile(
    rb"<(?:[\w]+:)?(?:f|formula|formula1|formula2|sqref)(?:\s[^<>]*)?>[^<>]*\[\d+\]"
)


class ShareProblem(FileProblem):
    """A workbook that no values-only copy can be made of."""

    wording = Wording("sellersheet_workbook.update", "share.toml")


@dataclass(frozen=True)
class Shared:
    """How many formulas became values, the kinds of things that were left out, and what the
    copy shows only to who looks for it: hidden sheets, the rows behind pivot tables."""

    formulas: int
    dropped: tuple[str, ...]
    hidden: tuple[str, ...] = ()
    pivots: bool = False

    def told(self, target: Path, lang: Lang) -> list[str]:
        """What was done, in sentences."""
        words = ShareProblem.wording
        lines = [words("shared", lang, path=target, count=f"{self.formulas:,}")]
        if self.dropped:
            names = [words(f"dropped_{kind}", lang) for kind in self.dropped]
            lines.append(words("dropped", lang, what=words("between", lang).join(names)))
        if self.hidden:
            lines.append(words("hidden", lang, sheets=[*self.hidden]))
        if self.pivots:
            lines.append(words("pivots", lang))
        return lines


def share_path(book: Path, lang: Lang) -> Path:
    """Where the copy stands when nothing is said: beside the workbook."""
    return book.with_name(f"{book.stem}-{ShareProblem.wording('share_name', lang)}.xlsx")


def share_book(path: str | os.PathLike[str], target: str | os.PathLike[str]) -> Shared:
    """Writes the copy, an .xlsx, whole or not at all; the workbook itself is only read."""
    source, copy = Path(path), Path(target)
    if copy.suffix.lower() != ".xlsx":
        raise ShareProblem("target_kind", path=copy)
    with given(source):
        check_replaceable(resolved(copy))
        package = Package(source)
        kinds: set[str] = set()
        formulas = _values_only(package)
        _leave_out(package, kinds)
        _clean_book(package, kinds)
        if _without_persons(package):
            kinds.add("properties")
        _check(package)
        with results(copy), replacing(copy) as file:
            package.archive.write(file, package.changed, package.dropped)
    sheets = package.tree(package.book_part).iter(f"{{{MAIN}}}sheet")
    hidden = tuple(sheet.get("name", "") for sheet in sheets if "idden" in sheet.get("state", ""))
    pivots = any(name.startswith("xl/pivotCache/") for name in package.archive.names)
    return Shared(formulas, tuple(sorted(kinds)), hidden, pivots)


def _values_only(package: Package) -> int:
    """Takes the formulas out of the cells and of the columns of tables."""
    book, count = WorkbookPart(package), 0
    for sheet in book.sheets:
        data = package.read_xml(sheet.part)
        found = re.search(rb"<(\w+:)?worksheet[\s>]", data)
        prefix = (found[1] or b"") if found else b""
        blanks = 0

        def plain(cell: re.Match[bytes], prefix: bytes = prefix) -> bytes:
            nonlocal blanks
            name, said, inside = cell[1], cell[2], cell[3]
            inside = re.sub(rb"<%bf(\s[^<>]*)?(/>|>.*?</%bf>)" % (prefix, prefix), b"", inside)
            empty = not re.search(rb"<%bv(\s[^<>]*)?>[^<]" % prefix, inside)
            blanks += empty and not re.search(rb"""\bt\s*=\s*["']str["']""", said)
            said = re.sub(rb"""\s(cm|vm)\s*=\s*["']\d+["']""", b"", said)
            return b"<%b%b>%b</%b>" % (name, said, inside, name)

        pattern = _CELL % (prefix, prefix, prefix)
        data, changed = re.subn(pattern, plain, data, flags=re.DOTALL)
        if blanks:
            raise ShareProblem("not_computed", path=package.path, sheet=sheet.name, count=blanks)
        if changed and book.outdated:
            raise ShareProblem("outdated", path=package.path, sheet=sheet.name, count=changed)
        package.replace(sheet.part, _without(data, b"macro"))
        count += changed
        for link in package.links(sheet.part).values():
            if link.kind == "table":
                _plain_table(package, link.target)
    return count


def _plain_table(package: Package, part: str) -> None:
    data = package.read_xml(part)
    for element in (rb"calculatedColumnFormula", rb"totalsRowFormula"):
        data = re.sub(rb"(?s)<(\w+:)?%b[\s>].*?</(\w+:)?%b>" % (element, element), b"", data)
    package.replace(part, _without(data, b"totalsRowFunction"))


def _leave_out(package: Package, kinds: set[str]) -> None:
    """Drops parts, with the links to them and their content types."""
    gone = set()
    for name in package.archive.names:
        word = next((word for pattern, word in _LEFT_OUT if pattern.fullmatch(name)), None)
        if word is None and _CANT.fullmatch(name):
            raise ShareProblem("part", path=package.path, part=name)
        if word is not None:
            gone.add(name)
            kinds.update({word} - {""})
    package.dropped |= gone
    for name in package.archive.names:
        if name.endswith(".rels") and name not in gone:
            folder = posixpath.dirname(posixpath.dirname(name))
            package.replace(name, _unlinked(package.read_xml(name), folder, gone))
        elif "drawing" in name.lower() and name.endswith((".xml", ".vml")):
            _unbutton(package, name, kinds)
    data = package.read_xml(TYPES)
    for name in gone:
        tag = rb"""<[\w:]+\s[^<>]*\bPartName\s*=\s*["']/%b["'][^<>]*/>""" % re.escape(name.encode())
        data = re.sub(tag, b"", data)
    for old, new in _TYPES_NOW:
        data = data.replace(old, new)
    package.replace(TYPES, data)


def _unlinked(data: bytes, folder: str, gone: set[str]) -> bytes:
    """The relationships without those to parts that are gone."""

    def kept(tag: re.Match[bytes]) -> bytes:
        target = re.search(rb"""\bTarget\s*=\s*["']([^"']*)""", tag[0])
        name = target[1].decode() if target else ""
        whole = posixpath.normpath(posixpath.join("/", folder, name)).lstrip("/")
        return b"" if whole in gone else tag[0]

    return re.sub(rb"<(?:\w+:)?Relationship\s[^<>]*/>", kept, data)


def _unbutton(package: Package, name: str, kinds: set[str]) -> None:
    """The macros that shapes and buttons call."""
    old = package.read(name)
    data = re.sub(rb"<x:FmlaMacro>.*?</x:FmlaMacro>", b"", old)
    data = re.sub(rb"""(\smacro\s*=\s*)(["'])[^"']+["']""", rb"\1\2\2", data)
    if data != old:
        package.replace(name, data)
        kinds.add("controls")


def _clean_book(package: Package, kinds: set[str]) -> None:
    """workbook.xml without links to other files, the folder it lay in and who saved it."""
    data = package.read_xml(package.book_part)
    name = rb"<(\w+:)?definedName\s[^<>]*>[^<]*\[\d+\][^<]*</(\w+:)?definedName>"
    data, names = re.subn(name, b"", data)
    macro = (
        rb"""<(\w+:)?definedName\s[^<>]*\b(?:vbProcedure|xlm)="(?:1|true)"[^<>]*>[^<]*</[^<>]*>"""
    )
    data, macros = re.subn(macro, b"", data)
    if names or macros:
        kinds.add("names")
    data = re.sub(rb"<(\w+:)?definedNames>\s*</(\w+:)?definedNames>", b"", data)
    data = re.sub(rb"<(\w+:)?externalReferences>.*?</(\w+:)?externalReferences>", b"", data)
    data = re.sub(rb"""(<x15ac:absPath\s[^<>]*\burl\s*=\s*)(["'])[^"']*["']""", rb"\1\2\2", data)
    data = re.sub(rb"<(\w+:)?fileSharing\s[^<>]*/>", b"", data)
    package.replace(package.book_part, data)


def _check(package: Package) -> None:
    """Nothing that is left has a formula of a cell or points to another file."""
    for name in package.archive.names:
        if name in package.dropped or not name.startswith("xl/") or not name.endswith(".xml"):
            continue
        if name in package.changed:
            package.parsed(package.changed[name])
        if not name.startswith(("xl/worksheets/", "xl/charts/", "xl/pivotCache/")):
            continue
        data = package.read(name)
        cells = name.startswith("xl/worksheets/") and re.search(rb"<(\w+:)?f[\s>/]", data)
        fetched = re.search(rb"""\btype\s*=\s*["']external["']""", data)
        if cells or (fetched and "pivot" in name) or _ELSEWHERE.search(data):
            raise ShareProblem("part", path=package.path, part=name)


def _without(data: bytes, attribute: bytes) -> bytes:
    return re.sub(rb"""\s%b\s*=\s*(?:"[^"]*"|'[^']*')""" % attribute, b"", data)


def _without_persons(package: Package) -> bool:
    """Takes the names out of properties, comments, pivot tables, scenarios and page setups;
    whether there were any."""
    found = False
    for name in package.archive.names:
        if name in package.dropped:
            continue
        for pattern, clean in _CLEANED:
            if pattern.fullmatch(name):
                old = package.read_xml(name)
                data = clean(old)
                package.replace(name, data)
                found |= data != old
    return found


def _properties(data: bytes) -> bytes:
    for name in _PROPERTIES:
        data = re.sub(rb"(<(?:\w+:)?%b(?:\s[^<>]*)?>)[^<]+(?=<)" % name, rb"\1", data)
    return data


def _comments(data: bytes) -> bytes:
    """Excel begins a comment with its author's name and a colon, which goes too."""
    names = {html.unescape(found[2].decode()) for found in _AUTHOR.finditer(data)}
    data = _AUTHOR.sub(rb"\1", data)
    for name in sorted(names - {""}):
        said = re.escape(html.escape(name, quote=False).encode())
        data = re.sub(rb"(<(?:\w+:)?t(?:\s[^<>]*)?>)\s*%b[:\xef\xbc\x9a]+\s*" % said, rb"\1", data)
    return data


def _person(data: bytes) -> bytes:
    data = re.sub(rb"""(\sdisplayName\s*=\s*)(["'])[^"']*["']""", rb"\1\2Author\2", data)
    return re.sub(rb"""(\s(?:userId|providerId)\s*=\s*)(["'])[^"']*["']""", rb"\1\2None\2", data)


def _pivot(data: bytes) -> bytes:
    return re.sub(rb"""\srefreshedBy\s*=\s*(?:"[^"]*"|'[^']*')""", b"", data)


def _sheet(data: bytes) -> bytes:
    for element, attribute in ((b"scenario", b"user"), (b"pageSetup", rb"\w+:id")):
        if element in data:  # a large sheet is looked through for it once
            tag = rb"""(<(?:\w+:)?%b\s[^<>]*?)\s%b\s*=\s*(?:"[^"]*"|'[^']*')"""
            data = re.sub(tag % (element, attribute), rb"\1", data)
    return data


_CLEANED: Final[tuple[tuple[re.Pattern[str], Callable[[bytes], bytes]], ...]] = (
    (re.compile(r"docProps/(core|app)\.xml"), _properties),
    (re.compile(r"xl/comments[^/]*\.xml|xl/comments/[^/]+\.xml"), _comments),
    (re.compile(r"xl/persons/[^/]+\.xml"), _person),
    (re.compile(r"xl/pivotCache/pivotCacheDefinition[^/]*\.xml"), _pivot),
    (re.compile(r"xl/(work|chart)sheets/[^/]+\.xml"), _sheet),
)
