"""The self-check: versions, what the functions answer, and the workbook's own Check sheet."""

from __future__ import annotations

import platform
import sys
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

import sellersheet
from sellersheet import functions
from sellersheet.functions.blocks import error_text
from sellersheet.intake.vocabulary import plain
from sellersheet.policy import load
from sellersheet.wording import LANGS, Lang
from sellersheet_workbook.host.cut_arrays import cut_arrays
from sellersheet_workbook.host.program import Cell, Program, short, told
from sellersheet_workbook.keeping import make_private
from sellersheet_workbook.keeping.atomic import replacing
from sellersheet_workbook.patch.arrays import told_of
from sellersheet_workbook.problems import HOST

_SHOWN: Final = 5
_SAME: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Case:
    """A function, its arguments (None: left out) and what it has to give."""

    function: str
    arguments: tuple[Any, ...]
    gives: Cell

    @property
    def formula(self) -> str:
        """As it is written in a cell."""
        words = ["" if item == "" else _word(item) for item in self.arguments]
        return f"={self.function}({','.join(words)})"

    def answered(self) -> Cell:
        """What the function gives in this Python."""
        function = getattr(functions, self.function)
        answer = function(*(None if item == "" else item for item in self.arguments))
        while isinstance(answer, list):
            answer = answer[0]
        return answer  # type: ignore[no-any-return]


@cache
def cases() -> tuple[Case, ...]:
    """The golden cases."""
    text = resources.files(__package__ or "").joinpath("golden.toml").read_text(encoding="utf-8")
    return tuple(
        Case(item["function"], tuple(item["arguments"]), item["gives"])
        for item in tomllib.loads(text)["case"]
    )


@told
def selfcheck(program: Program, *more: str) -> str:
    """Everything that can be told from here, also as a file that a user can send.

    ``more`` are lines that the way in adds, such as the program's version.
    """
    lang, policy = program.lang, load()
    lines = [
        *more,
        HOST(
            "check_versions",
            lang,
            version=sellersheet.__version__,
            policy=f"{policy.version} ({policy.digest})",
            python=platform.python_version(),
            interpreter=sys.executable,
            system=platform.platform(),
        ),
    ]
    wrong = []
    for at, case in enumerate(cases()):
        program.progress(at, len(cases()), case.formula)
        wrong += _answers(program, case, lang)
    count = len(cases())
    lines.append(
        HOST("check_wrong", lang, count=len(wrong))
        if wrong
        else HOST("check_right", lang, count=count)
    )
    lines += [f"  {text}" for text in wrong[:_SHOWN]]
    lines += _check_sheet(program, lang)
    lines += told_of(cut_arrays(program), lang, "menu")
    report = program.folder / "selfcheck.txt"
    make_private(program.folder)
    with replacing(report) as file:
        file.write("\r\n".join([*lines, ""]).encode("utf-8-sig"))
    return "\n".join([*lines, HOST("check_report", lang, path=report)])


def _answers(program: Program, case: Case, lang: Lang) -> list[str]:
    """What is wrong with the answers in Python and in a cell."""
    found = []
    here = case.answered()
    if not _same(here, case.gives):
        found.append(HOST("check_python", lang, formula=case.formula, seen=here, wanted=case.gives))
    try:
        cell = program.evaluate(case.formula)
    except Exception as error:
        cell = short(error)
    if not _same(cell, case.gives):
        found.append(HOST("check_cell", lang, formula=case.formula, seen=cell, wanted=case.gives))
    return found


def _check_sheet(program: Program, lang: Lang) -> list[str]:
    """The cells of the workbook's Check sheet that are an error or say no."""
    names = {plain(HOST("check_sheet", word)) for word in LANGS}
    sheet = next((name for name in program.sheets() if plain(name) in names), None)
    area = program.used(sheet) if sheet else None
    if sheet is None or area is None:
        return [HOST("check_no_sheet", lang)]
    rows = program.values(sheet, area)
    wrong = sum(cell is False or error_text(cell) is not None for row in rows for cell in row)
    code = "check_sheet_wrong" if wrong else "check_sheet_right"
    return [HOST(code, lang, sheet=sheet, count=wrong)]


def _same(cell: Cell, wanted: Cell) -> bool:
    if isinstance(cell, (int, float)) and isinstance(wanted, (int, float)):
        return abs(float(cell) - float(wanted)) < _SAME
    return cell == wanted


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return f'"{value}"' if isinstance(value, str) else str(value)
