"""A self-check's report: what was looked at and what was seen, to be sent to someone who helps.

It holds versions, results and paths, with the home folder shortened to ~; nothing out of
the user's own workbooks.
"""

from __future__ import annotations

import datetime as dt
import os
import platform
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import sellersheet
from sellersheet.policy import load
from sellersheet.wording import Lang, Problem, Wording
from sellersheet_workbook.host.selfcheck import Case, cases

WORDS: Final = Wording("sellersheet_addin", "report.toml")
_SAME: Final = 1e-6


@dataclass
class Report:
    """Lines in the order in which they were found."""

    lang: Lang
    lines: list[str] = field(default_factory=list)
    wrong: int = 0

    def right(self, code: str, **fields: object) -> None:
        """Something is as it should be."""
        self._add("right", WORDS(code, self.lang, **fields))

    def bad(self, code: str, **fields: object) -> None:
        """Something is not as it should be."""
        self.wrong += 1
        self._add("wrong", WORDS(code, self.lang, **fields))

    def judge(self, code: str, right: bool, **fields: object) -> None:
        """Something is as it should be, or is not: a sentence for each."""
        (self.right if right else self.bad)(f"{code}_{'right' if right else 'wrong'}", **fields)

    def problem(self, problem: Problem) -> None:
        """Something could not be done."""
        self.wrong += 1
        self._add("wrong", problem.text(self.lang))

    def note(self, code: str, **fields: object) -> None:
        """Something to know, neither right nor wrong."""
        self._add("note", WORDS(code, self.lang, **fields))

    def text(self) -> str:
        """The whole report."""
        policy = load()
        head = WORDS(
            "head",
            self.lang,
            time=f"{dt.datetime.now():%Y-%m-%d %H:%M}",
            version=sellersheet.__version__,
            policy=f"{policy.version} ({policy.digest})",
            python=platform.python_version(),
            system=platform.platform(),
        )
        end = WORDS("end_wrong" if self.wrong else "end_right", self.lang, count=self.wrong)
        return "\n".join([head, *self.lines, end, ""])

    def _add(self, mark: str, sentence: str) -> None:
        self.lines.append(WORDS(mark, self.lang, text=private(sentence)))


def private(text: str) -> str:
    """The text with the user's home folder as ~, however its path is written."""
    homes = {str(Path.home()), os.environ.get("USERPROFILE", ""), os.environ.get("HOME", "")}
    for home in sorted(homes, key=len, reverse=True):
        if len(home) > 1:
            parts = map(re.escape, re.split(r"[\\/]", home))
            text = re.sub(r"[\\/]".join(parts), "~", text, flags=re.IGNORECASE)
    return text


def compare(report: Report, seen: Iterable[object]) -> None:
    """The golden cases beside what cells gave for them."""
    count = 0
    for case, cell in zip(cases(), seen, strict=True):
        if _same(case, cell):
            count += 1
        else:
            report.bad("case_wrong", formula=case.formula, seen=cell, wanted=case.gives)
    if count == len(cases()):
        report.right("cases_right", count=count)


def _same(case: Case, cell: object) -> bool:
    wanted = case.gives
    if isinstance(wanted, (int, float)) and isinstance(cell, (int, float)):
        return abs(cell - wanted) < _SAME
    return cell == wanted
