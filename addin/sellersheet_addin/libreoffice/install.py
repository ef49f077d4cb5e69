"""The extension in this user's LibreOffice: put in, looked at, taken out.

Nothing is left half done: the installation ends with a real call of a function in a real
spreadsheet, and when that fails everything is as it was before.
"""

from __future__ import annotations

import json
import os
import sys
import xml.etree.ElementTree as ElementTree
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sellersheet.wording import Lang, Problem
from sellersheet_addin.installing import ProgramProblem, Python, examine, put_back_on_failure, write
from sellersheet_addin.libreoffice.program import LibreOffice, LibreOfficeProblem
from sellersheet_workbook.keeping import user_folder

EXTENSION: Final = Path(__file__).parent.parent / "assets" / "sellersheet.oxt"
_CALL: Final = "=ROUND(SEMIFEE(100,22.6)*100,0)"  # whole cents: the same in every locale
_RESULT: Final = "3130"
_MODULES: Final = "sellersheet.functions, sellersheet_addin.libreoffice.worker"
_LOG: Final = "libreoffice.log"  # the extension's
_XML: Final = "{http://openoffice.org/extensions/description/2006}"


@dataclass(frozen=True)
class Extension:
    """A file .oxt, by what it says about itself."""

    path: Path
    identifier: str
    version: str


@dataclass(frozen=True)
class Status:
    """What is there for this user. ``works`` is None when no call was made."""

    office: LibreOffice
    office_version: str
    extension: str | None
    settings: Path
    interpreter: Path | None
    python: Python | None
    works: bool | None
    problem: Problem | None


def settings_file() -> Path:
    """Where the extension reads which Python to start."""
    return user_folder() / "libreoffice.json"


def read_extension(path: Path) -> Extension:
    """The identifier and version of an extension file."""
    try:
        with zipfile.ZipFile(path) as file:
            root = ElementTree.fromstring(file.read("description.xml"))  # noqa: S314 (our own)
    except (OSError, KeyError, zipfile.BadZipFile, ElementTree.ParseError) as error:
        raise LibreOfficeProblem("no_extension", path=path) from error
    identifier, version = root.find(f"{_XML}identifier"), root.find(f"{_XML}version")
    if identifier is None or version is None:
        raise LibreOfficeProblem("no_extension", path=path)
    return Extension(path, identifier.attrib["value"], version.attrib["value"])


def install(
    office: LibreOffice, interpreter: Path, lang: Lang | None, extension: Path = EXTENSION
) -> tuple[Python, str | None]:
    """Installs for this user; gives the Python that calculates and the version replaced."""
    new = read_extension(extension)
    replaced = _extensions_when_closed(office).get(new.identifier)
    python = examine(interpreter, _MODULES)
    kept = user_folder() / extension.name
    with (
        put_back_on_failure(settings_file(), kept),
        _extension_put_back(office, new.identifier, kept, replaced is not None),
    ):
        settings = {"interpreter": str(python.path), "lang": lang}
        content = json.dumps(settings, ensure_ascii=False, indent=1)
        write(settings_file(), content.encode())
        # LibreOffice gets our copy: should an upgrade fail, the old version is put back.
        write(kept, new.path.read_bytes())
        office.add(kept)
        make_a_call(office, python.path)
    return python, replaced


def uninstall(office: LibreOffice | None, extension: Path = EXTENSION) -> list[str]:
    """Removes the extension and its settings; names what was removed."""
    removed = []
    if office is not None:
        identifier = read_extension(extension).identifier
        if version := _extensions_when_closed(office).get(identifier):
            office.remove(identifier)
            removed.append(f"{identifier} {version}")
    for name in (settings_file().name, extension.name, _LOG):
        file = user_folder() / name
        if file.is_file():
            file.unlink()
            removed.append(str(file))
    with suppress(OSError):  # not there, or something else of the user is in it
        user_folder().rmdir()
    return removed


def status(office: LibreOffice, extension: Path = EXTENSION) -> Status:
    """What is installed for this user, and whether a call works."""
    _refuse_root()
    interpreter = read_settings()
    python, problem, works = None, None, None
    found = office.extensions().get(read_extension(extension).identifier)
    try:
        if interpreter:
            python = examine(interpreter, _MODULES)
        if found and interpreter:
            _refuse_open(office)
            make_a_call(office, interpreter)
            works = True
    except (LibreOfficeProblem, ProgramProblem) as seen:
        problem, works = seen, None if seen.code == "is_open" else False
    return Status(
        office, office.version(), found, settings_file(), interpreter, python, works, problem
    )


def read_settings() -> Path | None:
    """The interpreter that the settings name; None where there are none that can be read."""
    try:
        return Path(json.loads(settings_file().read_text(encoding="utf-8"))["interpreter"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def make_a_call(office: LibreOffice, interpreter: Path) -> None:
    """A problem unless a new workbook in this LibreOffice calculates SEMIFEE to the cent."""
    shown = "".join(office.calculate([_CALL]))
    if shown == _RESULT:
        return
    version = office.version()
    if not shown:
        raise LibreOfficeProblem("nothing_opened", path=office.soffice, version=version)
    if shown == "#NAME?":
        raise LibreOfficeProblem("not_bound", path=office.soffice, version=version)
    log = user_folder() / _LOG
    raise LibreOfficeProblem("wrong_answer", path=interpreter, shown=shown, log=log)


def _refuse_root() -> None:
    if sys.platform != "win32" and os.geteuid() == 0:
        raise LibreOfficeProblem("as_root")


def _extensions_when_closed(office: LibreOffice) -> dict[str, str]:
    _refuse_root()
    found = office.extensions()  # this also takes away a lock left from a crash
    _refuse_open(office)
    return found


def _refuse_open(office: LibreOffice) -> None:
    if lock := office.lock():
        raise LibreOfficeProblem("is_open", lock=lock)


@contextmanager
def _extension_put_back(
    office: LibreOffice, identifier: str, kept: Path, replaced: bool
) -> Iterator[None]:
    """On failure the extension is the old one again, or removed where there was none."""
    old = kept.read_bytes() if replaced and kept.is_file() else None
    try:
        yield
    except BaseException:
        with suppress(Problem, OSError):  # what went wrong first is told
            if old is not None:
                write(kept, old)
                office.add(kept)
            elif identifier in office.extensions():
                office.remove(identifier)
        raise
