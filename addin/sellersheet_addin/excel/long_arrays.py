"""Array formulas longer than Excel takes at once, entered by parts.

``Range.FormulaArray`` refuses more than 255 characters. A longer one is written short, with
names that stand for some of its arguments, and ``Range.Replace`` puts the arguments in. Every
step is a whole formula. None of this was tried in a real Excel.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from sellersheet_addin.excel.com_cells import rows_of
from sellersheet_addin.excel.install import ExcelProblem

LONGEST: Final = 255  # characters, of FormulaArray and of what Replace puts in
# Excel counts a formula as it stands in R1C1 notation, in which references are longer.
_SAFE: Final = 160
_LEAST: Final = 12  # an argument shorter than that is not worth a name
_PART: Final = 2
_TOKEN: Final = re.compile(r'"(?:[^"]|"")*"|\'(?:[^\']|\'\')*\'|[(){},\[\]]|[^"\'(){},\[\]]+')


@dataclass(frozen=True, slots=True)
class Pieces:
    """A formula short enough, and what to put in for each name, in this order."""

    short: str
    put_in: tuple[tuple[str, str], ...]

    def whole(self) -> str:
        """The formula that comes out."""
        text = self.short
        for name, argument in self.put_in:
            text = text.replace(name, argument)
        return text


def in_pieces(formula: str) -> Pieces | None:
    """The formula as it can be written; None where its arguments are too long themselves."""
    if len(formula) <= LONGEST:
        return Pieces(formula, ())
    short, put_in, at = formula, [], 0
    while len(short) > _SAFE:
        fitting = [place for place in _arguments(short) if _LEAST < len(short[place]) <= LONGEST]
        if not fitting:
            break
        place = max(fitting, key=lambda place: len(short[place]))
        while (name := f"ss_{at}_") in formula.casefold():
            at += 1
        at += 1
        put_in.append((name, short[place]))
        short = short[: place.start] + name + short[place.stop :]
    return Pieces(short, tuple(reversed(put_in))) if len(short) <= LONGEST else None


def write_array(block: Any, formula: str) -> None:
    """Enters the array formula into Excel's range; an error where it did not come out whole."""
    pieces = in_pieces(formula)
    if pieces is None:
        raise ExcelProblem("long_array", length=len(formula), longest=LONGEST)
    block.FormulaArray = pieces.short
    for name, argument in pieces.put_in:
        block.Replace(What=name, Replacement=argument, LookAt=_PART, MatchCase=True)
    # Excel writes a formula in its own way: the names that stood for something are what tells.
    entered = str(rows_of(block.Formula)[0][0]).casefold()
    if any(name in entered for name, _ in pieces.put_in):
        raise ExcelProblem("long_array", length=len(formula), longest=LONGEST)


def _arguments(formula: str) -> list[slice]:
    """Where every argument of every call stands; texts and sheet names are passed over whole."""
    found: list[slice] = []
    opened: list[tuple[str, int]] = []
    for token in _TOKEN.finditer(formula):
        sign = token[0]
        if sign in ("(", "{", "["):
            opened.append((sign, token.end()))
        elif sign in (")", "}", "]", ",") and opened:
            bracket, start = opened.pop()
            if bracket == "(" and formula[start : token.start()].strip():
                found.append(slice(start, token.start()))
            if sign == ",":
                opened.append((bracket, token.end()))
    return found
