"""An entry of LibreOffice's menu, done.

The worker is asked for "action NAME" with the workbook's title and its path, or None. It asks
back until it says "done", with whether the action was done, its one message and, where a
workbook came of it that the user may want to see, its path and the question.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sellersheet_addin.libreoffice.extension import wire
from sellersheet_addin.libreoffice.open_book_program import OpenBookProgram
from sellersheet_addin.tasks import TASKS


def run(pipe: wire.Pipe, name: str, values: Sequence[Any]) -> None:
    """The action, to its end; a Closed pipe is nobody's but the caller's."""
    title, path = values
    program = OpenBookProgram(pipe, title, path)
    done = TASKS[name](program)
    pipe.send("done", [bool(done), program.said, *program.offered])
