"""Never a traceback in a cell: what a function does when its arguments can't be used."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import signature
from typing import Any, Final, ParamSpec

import numpy as np

from sellersheet.columns import Wrong
from sellersheet.functions.blocks import VALUE, WORDS, CallProblem, rows_of
from sellersheet.functions.ranges import language_of
from sellersheet.functions.reading import ARGUMENTS
from sellersheet.functions.rows import OK, ROW_BLANK, ROW_ERROR, ROW_NA, Call
from sellersheet.issues import explained, seen
from sellersheet.wording import Lang, Problem, in_a_sheet

P = ParamSpec("P")
_POLICIES: Final = ("policy_a", "policy_b", "policy")  # the arguments that may name a language


class Finished(list[Any]):
    """Rows in which only floats and texts stand: no way in need look for anything else."""


def gives_a_value(function: Callable[P, Any]) -> Callable[P, Any]:
    """A function of numbers: arguments that can't be used at all give one error value."""

    @wraps(function)
    def called(*args: P.args, **kwargs: P.kwargs) -> Any:
        try:
            return function(*args, **kwargs)
        except Exception as error:
            return _marker(error)

    return called


def gives_a_table(width: int) -> Callable[[Callable[P, Any]], Callable[P, Any]]:
    """A function of tables: the error value in ``width`` cells, then the reason in words."""

    def decorated(function: Callable[P, Any]) -> Callable[P, Any]:
        asked = signature(function)

        @wraps(function)
        def called(*args: P.args, **kwargs: P.kwargs) -> Any:
            with in_a_sheet():
                try:
                    return function(*args, **kwargs)
                except Exception as error:
                    given = asked.bind(*args, **kwargs).arguments
                    lang = language_of(*(given.get(name) for name in _POLICIES))
                    return [[*[_marker(error)] * width, _why(error, lang)]]

        return called

    return decorated


def _marker(error: Exception) -> str:
    return error.marker if isinstance(error, CallProblem) else VALUE


def _why(error: Exception, lang: Lang) -> str:
    if isinstance(error, Problem):
        return error.text(lang)
    return WORDS("unexpected", lang, kind=type(error).__name__)


def reasons(
    call: Call, arguments: dict[str, Any], required: tuple[str, ...], lang: Lang, no_rule: str
) -> list[str]:
    """Why each row has no answer, in words; blank where it has one or is blank.

    ``no_rule`` is said of rows that lack nothing and yet are not on record.
    """
    codes = np.broadcast_to(call.codes, call.n or 1)
    found = [""] * len(codes)
    for at in np.flatnonzero((codes != OK) & (codes != ROW_BLANK)).tolist():
        code = int(codes[at])
        if code == ROW_ERROR:
            found[at] = WORDS("error_argument", lang, error=call.errors.get(at, VALUE))
        elif code == ROW_NA:
            found[at] = _missing(call, required, at, lang) or no_rule
        else:
            found[at] = _wrong(call, arguments, at, lang)
    return found


def _missing(call: Call, required: tuple[str, ...], at: int, lang: Lang) -> str:
    names = [
        ARGUMENTS[name].title(lang)
        for name in required
        if not np.broadcast_to(call.known(name), call.n or 1)[at]
    ]
    return WORDS("missing_argument", lang, names=names) if names else ""


def _wrong(call: Call, arguments: dict[str, Any], at: int, lang: Lang) -> str:
    for name, read in call.read.items():
        wrong = int(np.broadcast_to(read.wrong, call.n or 1)[at])
        if wrong:
            what = explained(ARGUMENTS[name], Wrong(wrong), seen(_cell(arguments[name], at)), lang)
            return WORDS("wrong_argument", lang, name=name, what=what)
    return ""


def _cell(argument: Any, at: int) -> Any:
    """The cell of a row: of a column, of a row, or the only one."""
    rows = rows_of(argument)
    if len(rows) > 1:
        return rows[at][0]
    return rows[0][at] if len(rows[0]) > 1 else rows[0][0]
