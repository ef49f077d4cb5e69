"""The entries of LibreOffice's menu, by the names that they have in Excel's ribbon.

The worker is asked for "action NAME" with the workbook's title and its path, or None. It asks
back until it says "done", with whether the action was done and its one message.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from sellersheet_addin import tasks
from sellersheet_addin.libreoffice.extension import wire
from sellersheet_addin.libreoffice.open_book_program import OpenBookProgram
from sellersheet_workbook import host

ACTIONS: Final[dict[str, Callable[[OpenBookProgram], bool | None]]] = {
    "update": host.update,
    "undo": host.undo,
    "import_orders": tasks.import_orders,
    "import_rates": tasks.import_rates,
    "check_bill": tasks.check_bill,
    "share": tasks.share,
    "selfcheck": host.selfcheck,
    "policy_version": host.policy_version,
    "help_page": tasks.help_page,
}


def run(pipe: wire.Pipe, name: str, values: Sequence[Any]) -> None:
    """The action, to its end; a Closed pipe is nobody's but the caller's."""
    title, path = values
    program = OpenBookProgram(pipe, title, path)
    done = ACTIONS[name](program)
    pipe.send("done", [bool(done), program.said])
