"""PASS, FAIL, UNKNOWN or not asked: how criteria are answered and put together."""

from __future__ import annotations

from typing import Any, Final

from sellersheet.money import where

FAIL: Final = -1
UNKNOWN: Final = 0
PASS: Final = 1
NOT_ASKED: Final = 2

WORDS: Final = {FAIL: "FAIL", UNKNOWN: "UNKNOWN", PASS: "PASS", NOT_ASKED: "NOT_ASKED"}


def answered(answer: Any) -> Any:
    """PASS for a yes, FAIL for a no; UNKNOWN where nothing was said."""
    return UNKNOWN if answer is None else where(answer, PASS, FAIL)


def at_least(have: Any, known: Any, need: Any) -> Any:
    """PASS from the boundary value on; UNKNOWN where the value is not known."""
    return where(known, where(have >= need, PASS, FAIL), UNKNOWN)


def at_most(have: Any, known: Any, need: Any) -> Any:
    """PASS up to the boundary value; UNKNOWN where the value is not known."""
    return where(known, where(have <= need, PASS, FAIL), UNKNOWN)


def overall(verdicts: list[Any]) -> Any:
    """FAIL when any fails, else UNKNOWN when any can't be told, else PASS.

    Criteria that were not asked don't count; at least one was asked.
    """
    fails: Any = False
    open_ones: Any = False
    for verdict in verdicts:
        fails = (verdict == FAIL) | fails
        open_ones = (verdict == UNKNOWN) | open_ones
    return where(fails, FAIL, where(open_ones, UNKNOWN, PASS))
