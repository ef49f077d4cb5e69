"""The add-in in this user's Excel on Windows: two files, put in place or taken away.

The add-in goes into Excel's start folder, which Excel opens and trusts by itself; what
xlwings has to know goes into a configuration of our own name. Security settings and the
user's own xlwings configuration are never touched.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sellersheet.wording import Problem, Wording
from sellersheet_addin.as_before import put_back_on_failure, write
from sellersheet_addin.excel.embedded import PROJECT_NAME, XLWINGS_VERSION
from sellersheet_addin.excel.wrappers import UDF_MODULE
from sellersheet_addin.programs import Python, examine

ADDIN: Final = Path(__file__).parent.parent / "assets" / "sellersheet.xlam"
_DLL: Final = f"xlwings64-{XLWINGS_VERSION}.dll"
_INTERPRETER: Final = "INTERPRETER_WIN"


class ExcelProblem(Problem):
    """What keeps the add-in out of Excel; the sentence says what to do."""

    wording = Wording("sellersheet_addin.excel", "install.toml")


@dataclass(frozen=True)
class WindowsFolders:
    """A Windows user's own two folders."""

    home: Path
    appdata: Path

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


@dataclass(frozen=True)
class Status:
    """What is there for this user."""

    addin: Path | None
    current: bool
    configuration: Path | None
    interpreter: Path | None
    python: Python | None
    problem: Problem | None

    @property
    def complete(self) -> bool:
        """Whether all is in place; that Excel accepts it only Excel can tell."""
        return bool(self.addin and self.current and self.python and not self.problem)


def install(
    folders: WindowsFolders, interpreter: Path, addin: Path = ADDIN, encoding: str | None = None
) -> tuple[Python, str]:
    """Puts both files in place; gives the Python and "new", "updated" or "same".

    ``encoding`` is the code page in which VBA reads files: the system's own by default.
    """
    if not addin.is_file():
        raise ExcelProblem("no_addin", path=addin)
    python = examine_for_excel(interpreter)
    content = addin.read_bytes()
    before = folders.addin.read_bytes() if folders.addin.is_file() else None
    with put_back_on_failure(folders.addin, folders.configuration):
        configure(folders.configuration, interpreter, encoding)
        write(folders.addin, content)
    return python, "new" if before is None else "same" if content == before else "updated"


def uninstall(folders: WindowsFolders, encoding: str | None = None) -> list[Path]:
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
            lines = _read(folders.configuration, encoding)
            kept = _foreign(lines)
            if len(kept) < len(lines):
                touched.append(folders.configuration)
            if kept:
                _save(folders.configuration, kept, encoding)
            else:
                folders.configuration.unlink()
    with suppress(OSError):  # not there, or something else is in it
        folders.configuration.parent.rmdir()
    return touched


def status(folders: WindowsFolders, addin: Path = ADDIN, encoding: str | None = None) -> Status:
    """What is in place, and whether its Python can calculate."""
    there = folders.addin.is_file()
    current = there and addin.is_file() and folders.addin.read_bytes() == addin.read_bytes()
    configured = folders.configuration.is_file()
    found = configured_interpreter(folders.configuration, encoding) if configured else None
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
    )


def examine_for_excel(interpreter: Path) -> Python:
    """The interpreter's versions; a problem unless Excel can reach the functions in it."""
    python = examine(interpreter, UDF_MODULE)
    if python.xlwings != XLWINGS_VERSION:
        raise ExcelProblem("other_xlwings", found=python.xlwings, needed=XLWINGS_VERSION)
    # The same two folders in which the VBA looks.
    folders = (interpreter.parent, interpreter.parent.parent)
    if not any((folder / _DLL).is_file() for folder in folders):
        raise ExcelProblem("no_dll", dll=_DLL, first=folders[0], second=folders[1])
    return python


def configure(path: Path, interpreter: Path, encoding: str | None = None) -> None:
    """Writes our lines; lines of other keys stay as they are."""
    ours = {
        _INTERPRETER: str(interpreter),
        **_SETTINGS,
    }
    lines = _foreign(_read(path, encoding)) if path.is_file() else []
    _save(path, [*(f'"{key}","{value}"' for key, value in ours.items()), *lines], encoding)


def configured_interpreter(path: Path, encoding: str | None = None) -> Path | None:
    """The interpreter that the configuration names."""
    for line in _read(path, encoding):
        if _key(line) == _INTERPRETER.lower() and (value := line.partition(",")[2].strip(' "')):
            return Path(value)
    return None


_SETTINGS: Final[Mapping[str, str]] = {
    "UDF MODULES": UDF_MODULE,
    # A file named like a package, beside a workbook, must not be run in its place.
    "ADD_WORKBOOK_TO_PYTHONPATH": "False",
    # Buttons use the process that calculates the cells, with everything loaded.
    "USE UDF SERVER": "True",
}
_OURS: Final = frozenset(key.lower() for key in (_INTERPRETER, *_SETTINGS))


def _foreign(lines: list[str]) -> list[str]:
    return [line for line in lines if _key(line) not in _OURS]


def _key(line: str) -> str:
    return line.partition(",")[0].strip(' "').lower()


def _read(path: Path, encoding: str | None) -> list[str]:
    text = path.read_bytes().decode(encoding or _code_page(), errors="surrogateescape")
    return [line for line in text.splitlines() if line.strip()]


def _save(path: Path, lines: list[str], encoding: str | None) -> None:
    text = "".join(f"{line}\r\n" for line in lines)
    try:
        content = text.encode(encoding or _code_page(), errors="surrogateescape")
    except UnicodeEncodeError as error:
        raise ExcelProblem("code_page", value=error.object[error.start : error.end]) from error
    write(path, content)


def _code_page() -> str:
    """VBA reads a file in the code page of the system."""
    return "mbcs" if sys.platform == "win32" else "utf-8"
