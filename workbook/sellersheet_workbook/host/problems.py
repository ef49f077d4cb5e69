"""What the actions of a menu say, and what can be in their way, in words."""

from __future__ import annotations

from typing import Final

from sellersheet.wording import Problem, Wording

WORDS: Final = Wording("sellersheet_workbook.host", "host.toml")


class HostProblem(Problem):
    """Something in the workbook or the program that keeps an action from being done."""

    wording = WORDS
