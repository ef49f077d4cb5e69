"""What is said of array formulas whose range LibreOffice saved too small."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from sellersheet.wording import LANGS, Lang
from sellersheet_workbook.patch.arrays import Repair
from sellersheet_workbook.problems import UPDATE

# Mended with this update, or to be mended by the menu's.
Remedy = Literal["mended", "menu"]


def calculations() -> set[str]:
    """The names that the calculation sheet of a template may have."""
    return {UPDATE("sheet_calculation", lang) for lang in LANGS}


def told_of(found: Sequence[Repair], lang: Lang, remedy: Remedy) -> list[str]:
    """A sentence for each array that is cut or stays so, one for those that may be cut some day;
    what mends them."""
    lines, mended = [], [item for item in found if not item.blocked]
    for item in found:
        place = {"sheet": item.sheet, "wanted": item.wanted.ref}
        if item.cut:
            lines.append(UPDATE("array_cut", lang, area=item.area.ref, **place))
        if item.blocked:
            lines.append(UPDATE("array_blocked", lang, **place))
    if loose := sum(not item.cut for item in found):
        lines.append(UPDATE("array_loose", lang, count=loose))
    return [*lines, UPDATE(f"array_{remedy}", lang)] if mended else lines
