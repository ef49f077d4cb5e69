"""An action tells its end in one message, whatever happens."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from sellersheet.wording import Problem
from sellersheet_workbook.host.change import short
from sellersheet_workbook.host.program import Program
from sellersheet_workbook.problems import HostProblem

P = ParamSpec("P")
ProgramT = TypeVar("ProgramT", bound=Program)


def told(
    run: Callable[Concatenate[ProgramT, P], str],
) -> Callable[Concatenate[ProgramT, P], bool]:
    """The action as the menu calls it: its sentence or its problem is the message.

    Whether it was done.
    """

    @wraps(run)
    def action(program: ProgramT, /, *args: P.args, **more: P.kwargs) -> bool:
        done = False
        try:
            sentence = run(program, *args, **more)
            done = True
        except Problem as problem:
            sentence = problem.text(program.lang)
        except Exception as error:
            sentence = HostProblem("unexpected", detail=short(error)).text(program.lang)
        program.message(sentence)
        return done

    return action
