"""A workbook without the names of the people who made it, wherever Office writes them."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Final

from sellersheet_workbook.patch.package import Package

_PROPERTIES: Final = (b"creator", b"lastModifiedBy", b"Company", b"Manager", b"HyperlinkBase")
_AUTHOR: Final = re.compile(rb"(<(?:\w+:)?author(?:\s[^<>]*)?>)([^<]+)(?=<)")
# A printer's settings tell its name and often a computer's.
PRINTERS: Final = re.compile(r"xl/printerSettings/.*")


def without_persons(package: Package) -> bool:
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
