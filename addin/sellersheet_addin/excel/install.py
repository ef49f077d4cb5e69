"""The add-in in this user's Excel on Windows: two files, put in place or taken away.

The add-in goes into Excel's start folder, which Excel opens and trusts by itself; which
Python calculates goes into a configuration of our own name. Security settings and the
user's own xlwings configuration are never touched.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sellersheet.wording import Problem, Wording
from sellersheet_addin.excel.edition import (
    DLLS,
    PROBLEM_FILE,
    PROJECT_NAME,
    UDF_MODULE,
    XLWINGS_VERSION,
)
from sellersheet_addin.installing import Python, examine, put_back_on_failure, write

ADDIN: Final = Path(__file__).parent.parent / "assets" / "sellersheet.xlam"
_INTERPRETER: Final = "INTERPRETER_WIN"
# What earlier editions wrote beside it.
_FORMER: Final = ("UDF MODULES", "ADD_WORKBOOK_TO_PYTHONPATH", "USE UDF SERVER")
_OURS: Final = frozenset(key.lower() for key in (_INTERPRETER, *_FORMER))
_BITS: Final = {"x86": 32, "x64": 64}
# Click-to-Run says it once for all programs, an older installer for Outlook's sake.
_PLACES: Final = (
    (r"SOFTWARE\Microsoft\Office\ClickToRun\Configuration", "Platform"),
    (r"SOFTWARE\Microsoft\Office\16.0\Outlook", "Bitness"),
    (r"SOFTWARE\Microsoft\Office\15.0\Outlook", "Bitness"),
    (r"SOFTWARE\Microsoft\Office\14.0\Outlook", "Bitness"),
)


class ExcelProblem(Problem):
    """What keeps the add-in out of Excel; the sentence says what to do."""

    wording = Wording("sellersheet_addin.excel", "install.toml")


@dataclass(frozen=True)
class WindowsFolders:
    """A Windows user's own two folders, and the code page in which VBA reads files there."""

    home: Path
    appdata: Path
    page: str = "mbcs" if sys.platform == "win32" else "utf-8"

    @classmethod
    def from_environment(cls) -> WindowsFolders:
        """As Windows names them."""
        home, appdata = os.environ.get("USERPROFILE"), os.environ.get("APPDATA")
        if not home or not appdata:
            raise ExcelProblem("no_windows")
        return cls(Path(home), Path(appdata))

    @property
    def addin(self) -> Path:
        """The add-in, in the folder whose files Excel opens when it starts."""
        return self.appdata / "Microsoft" / "Excel" / "XLSTART" / ADDIN.name

    @property
    def configuration(self) -> Path:
        """The file that the add-in's VBA reads, wherever our other files are."""
        return self.home / f".{PROJECT_NAME}" / f"{PROJECT_NAME}.conf"

    @property
    def last_problem(self) -> Path:
        """Where the add-in's VBA writes why a cell or a button last failed."""
        return self.configuration.with_name(PROBLEM_FILE)


@dataclass(frozen=True)
class LastProblem:
    """Why a cell or a button last failed, as Excel's side kept it.

    ``cause`` is the word for why Python did not start, "" where it did or none is known;
    ``name`` is the function or the task, ``text`` what was said.
    """

    time: str
    cause: str
    name: str
    text: str


@dataclass(frozen=True)
class Status:
    """What is there for this user."""

    addin: Path | None
    current: bool
    configuration: Path | None
    interpreter: Path | None
    python: Python | None
    problem: Problem | None
    last: LastProblem | None

    @property
    def complete(self) -> bool:
        """Whether all is in place; that Excel accepts it only Excel can tell."""
        return bool(self.addin and self.current and self.python and not self.problem)


def install(folders: WindowsFolders, interpreter: Path, addin: Path = ADDIN) -> tuple[Python, str]:
    """Puts both files in place; gives the Python and "new", "updated" or "same"."""
    if not addin.is_file():
        raise ExcelProblem("no_addin", path=addin)
    _check_readable(folders)
    python = examine_for_excel(interpreter)
    content = addin.read_bytes()
    before = folders.addin.read_bytes() if folders.addin.is_file() else None
    with put_back_on_failure(folders.addin, folders.configuration):
        configure(folders, interpreter)
        write(folders.addin, content)
    with suppress(OSError):  # it was another installation's
        folders.last_problem.unlink(missing_ok=True)
    return python, "new" if before is None else "same" if content == before else "updated"


def uninstall(folders: WindowsFolders) -> list[Path]:
    """Removes the add-in and our lines of the configuration; names the files."""
    touched = []
    with put_back_on_failure(folders.addin, folders.configuration):
        if folders.addin.is_file():
            try:
                folders.addin.unlink()
            except PermissionError as error:
                raise ExcelProblem("in_use", path=folders.addin) from error
            touched.append(folders.addin)
        if folders.configuration.is_file():
            lines = _read(folders)
            kept = _foreign(lines)
            if len(kept) < len(lines):
                touched.append(folders.configuration)
            if kept:
                _save(folders, kept)
            else:
                folders.configuration.unlink()
    with suppress(OSError):  # not there, or something else is in it
        folders.last_problem.unlink(missing_ok=True)
        folders.configuration.parent.rmdir()
    return touched


def status(folders: WindowsFolders, addin: Path = ADDIN) -> Status:
    """What is in place, and whether its Python can calculate."""
    there = folders.addin.is_file()
    current = there and addin.is_file() and folders.addin.read_bytes() == addin.read_bytes()
    configured = folders.configuration.is_file()
    found = configured_interpreter(folders) if configured else None
    python, problem = None, None
    if found:
        try:
            python = examine_for_excel(found)
        except Problem as seen:
            problem = seen
    return Status(
        folders.addin if there else None,
        current,
        folders.configuration if configured else None,
        found,
        python,
        problem,
        last_problem(folders),
    )


def last_problem(folders: WindowsFolders) -> LastProblem | None:
    """What the VBA kept; None where nothing failed since the installation."""
    try:
        kept = folders.last_problem.read_bytes().decode(folders.page, "replace")
    except OSError:
        return None
    lines = [*kept.splitlines(), "", "", ""]
    time, cause, name = lines[:3]
    return LastProblem(time, cause, name, " ".join(filter(None, lines[3:])))


def examine_for_excel(interpreter: Path) -> Python:
    """The interpreter's versions; a problem unless Excel can reach the functions in it."""
    python = examine(interpreter, UDF_MODULE)
    if python.xlwings != XLWINGS_VERSION:
        raise ExcelProblem("other_xlwings", found=python.xlwings, needed=XLWINGS_VERSION)
    if "windowsapps" in str(interpreter).casefold():
        raise ExcelProblem("store_python", path=interpreter)
    # The same two folders in which the VBA looks; the DLL is of Excel's kind, not of Python's.
    folders = (interpreter.parent, interpreter.parent.parent)
    bits = excel_bits()
    wanted = [DLLS[bits]] if bits else list(DLLS.values())
    if not any((folder / dll).is_file() for folder in folders for dll in wanted):
        raise ExcelProblem("no_dll", dll=wanted[0], first=folders[0], second=folders[1])
    return python


def configure(folders: WindowsFolders, interpreter: Path) -> None:
    """Writes our line; lines of other keys stay as they are."""
    lines = _foreign(_read(folders)) if folders.configuration.is_file() else []
    _save(folders, [f'"{_INTERPRETER}","{interpreter}"', *lines])


def configured_interpreter(folders: WindowsFolders) -> Path | None:
    """The interpreter that the configuration names."""
    for line in _read(folders):
        if _key(line) == _INTERPRETER.lower() and (value := line.partition(",")[2].strip(' "')):
            return Path(value)
    return None


def _foreign(lines: list[str]) -> list[str]:
    return [line for line in lines if _key(line) not in _OURS]


def _key(line: str) -> str:
    return line.partition(",")[0].strip(' "').lower()


def _read(folders: WindowsFolders) -> list[str]:
    text = folders.configuration.read_bytes().decode(folders.page, errors="surrogateescape")
    return [line for line in text.splitlines() if line.strip()]


def _save(folders: WindowsFolders, lines: list[str]) -> None:
    text = "".join(f"{line}\r\n" for line in lines)
    try:
        content = text.encode(folders.page, errors="surrogateescape")
    except UnicodeEncodeError as error:
        raise ExcelProblem("code_page", value=error.object[error.start : error.end]) from error
    write(folders.configuration, content)


def _check_readable(folders: WindowsFolders) -> None:
    """VBA opens a file by its name in the code page: what that lacks it never finds."""
    path = folders.configuration
    try:
        str(path).encode(folders.page)
    except UnicodeEncodeError as error:
        value = error.object[error.start : error.end]
        raise ExcelProblem("code_page_home", value=value, path=path.parent) from error


def has_excel() -> bool:
    """Whether this Windows knows Excel."""
    if sys.platform != "win32":
        return False
    import winreg

    try:
        winreg.OpenKey(winreg.HKEY_CLASSES_ROOT, "Excel.Application").Close()
    except OSError:
        return False
    return True


def excel_bits() -> int | None:
    """32 or 64; None where the registry does not say."""
    if sys.platform != "win32":
        return None
    import winreg

    for place, name in _PLACES:
        for view in (winreg.KEY_WOW64_64KEY, winreg.KEY_WOW64_32KEY):
            try:
                with winreg.OpenKey(
                    winreg.HKEY_LOCAL_MACHINE, place, access=winreg.KEY_READ | view
                ) as key:
                    said, _ = winreg.QueryValueEx(key, name)
            except OSError:
                continue
            if str(said) in _BITS:
                return _BITS[str(said)]
    return None
