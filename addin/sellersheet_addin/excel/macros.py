"""The macros of Excel's ribbon and buttons: VBA's RunPython calls one by its button's name."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Final

import xlwings as xw

from sellersheet.wording import Wording
from sellersheet_addin import tasks
from sellersheet_addin.excel.book_program import BookProgram
from sellersheet_addin.excel.install import ExcelProblem, WindowsFolders, last_problem
from sellersheet_addin.excel.link_repair import repair
from sellersheet_addin.excel.selfcheck import last_problem_told
from sellersheet_workbook import host
from sellersheet_workbook.host.program import told

WORDS: Final = Wording("sellersheet_addin.excel", "macros.toml")


def __getattr__(task: str) -> Callable[[], None]:
    """What the button of that name does."""
    if task not in TASKS:
        raise AttributeError(f"there is no button {task}")
    return partial(_run, TASKS[task])


def _run(action: Callable[[BookProgram], object]) -> None:
    """The action on the workbook that called; the status bar is Excel's own again at the end."""
    program = BookProgram(xw.Book.caller())
    try:
        action(program)
    finally:
        with suppress(Exception):
            program.app.status_bar = False


@told
def _new_from_template(program: BookProgram) -> str:
    name = f"sellersheet-{program.lang}.xlsm"
    file = resources.files("sellersheet_addin") / "assets" / name
    with resources.as_file(file) as path:
        if not path.is_file():
            raise host.HostProblem("no_template", path=path)
        return WORDS("new_book", program.lang, path=_opened_anew(program, path))


def _opened_anew(program: BookProgram, template: Path) -> Path:
    """A copy of the template at a place of its own, open.

    As an unsaved workbook Excel would propose to save it as .xlsx, and the macros would be lost.
    """
    folder = Path(str(program.app.api.DefaultFilePath))
    if not folder.is_dir():
        folder = Path.home()
    stem, number = WORDS("new_book_name", program.lang), 1
    while (target := folder / f"{stem}{number}{template.suffix}").exists():
        number += 1
    shutil.copyfile(template, target)
    program.app.api.Workbooks.Open(str(target))
    return target


@told
def _repair_links(program: BookProgram) -> str:
    program.progress(0, 1, WORDS("repairing", program.lang))
    done = repair(program, dt.datetime.now())
    lines = []
    if done.count or not (done.protected or done.long):
        code = "repaired" if done.count else "nothing_to_repair"
        lines.append(WORDS(code, program.lang, count=f"{done.count:,}"))
    if done.unknown:
        lines.append(WORDS("still_unknown", program.lang, count=f"{done.unknown:,}"))
    if done.protected:
        lines.append(WORDS("left_protected", program.lang, sheets=list(done.protected)))
    if done.long:
        lines.append(WORDS("left_long", program.lang, places=list(done.long)))
    return "\n".join(lines)


def _selfcheck(program: BookProgram) -> None:
    version = str(program.app.api.Version)
    more = {"version": version, "xlwings": xw.__version__, "title": program.title}
    host.selfcheck(program, WORDS("excel", program.lang, **more), *_last_problem(program))


def _policy_version(program: BookProgram) -> None:
    host.policy_version(program, *_last_problem(program))


def _last_problem(program: BookProgram) -> list[str]:
    """Why a cell or a button last failed: a cell itself shows an error only."""
    with suppress(ExcelProblem):  # away from Windows there is no such file
        if last := last_problem(WindowsFolders.from_environment()):
            return [last_problem_told(last, program.lang)]
    return []


TASKS: Final[Mapping[str, Callable[[BookProgram], object]]] = {
    **tasks.TASKS,
    "new_from_template": _new_from_template,
    "repair_links": _repair_links,
    "selfcheck": _selfcheck,
    "policy_version": _policy_version,
}
