"""The cell formats of a workbook, as far as new cells have to choose one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree

from sellersheet_workbook.patch.package import MAIN
from sellersheet_workbook.patch.start_tags import MISSING

GENERAL: Final = "General"
_BUILT_IN: Final = {
    0: GENERAL, 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 49: "@",
}  # fmt: skip
_BUILT_IN_DAYS: Final = {14, 15, 16, 17, 22, *range(27, 32), 36, *range(50, 55), 57, 58}
_NOT_CODE: Final = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')


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
