"""The entries of the menus, by the names of the buttons in ``excel/ribbon.toml``, and what they
do before their action: files are asked for, pages are opened."""

from __future__ import annotations

import webbrowser
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, Protocol

from sellersheet.wording import Wording
from sellersheet_workbook import host
from sellersheet_workbook.host.telling import told
from sellersheet_workbook.update.share import share_path

WORDS: Final = Wording("sellersheet_addin", "tasks.toml")


class Asking(host.Program, Protocol):
    """A program whose user can be asked for files."""

    def ask_open(self, title: str, *, several: bool = False) -> list[Path]:
        """Files that the user chooses; none where the user thinks better of it."""

    def ask_save(self, title: str, proposed: Path) -> Path | None:
        """Where a workbook is to be saved; None where the user thinks better of it."""


def import_orders(program: Asking) -> bool:
    """Asks for exports of orders and takes them over."""
    files = program.ask_open(WORDS("choose_orders", program.lang), several=True)
    return bool(files) and host.import_orders(program, files)


def import_rates(program: Asking) -> bool:
    """Asks for a rate card and takes it over."""
    files = program.ask_open(WORDS("choose_rates", program.lang))
    return bool(files) and host.import_rates(program, files[0])


def check_bill(program: Asking) -> bool:
    """Asks for the platform's bill and compares it."""
    files = program.ask_open(WORDS("choose_bill", program.lang))
    return bool(files) and host.check_bill(program, files[0])


def share(program: Asking) -> bool:
    """Asks where the copy is to be, and makes it."""
    proposed = share_path(program.path or Path(program.title), program.lang)
    target = program.ask_save(WORDS("choose_copy", program.lang), proposed)
    return target is not None and host.share(program, target)


@told
def help_page(program: host.Program) -> str:
    """Opens the guide in the browser."""
    path = host.write_guide(program.folder, program.lang)
    webbrowser.open(path.as_uri())
    return WORDS("guide", program.lang, path=path)


# Those of Excel and LibreOffice alike; Excel has some of its own.
TASKS: Final[Mapping[str, Callable[[Asking], bool | None]]] = {
    "update": host.update,
    "undo": host.undo,
    "import_orders": import_orders,
    "import_rates": import_rates,
    "check_bill": check_bill,
    "share": share,
    "selfcheck": host.selfcheck,
    "policy_version": host.policy_version,
    "help_page": help_page,
}
