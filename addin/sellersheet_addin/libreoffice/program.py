"""The LibreOffice of this machine: where it is, and what it does when it is asked."""

from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import xlsxwriter

from sellersheet.wording import Problem, Wording
from sellersheet_addin.installing import run

_NAMES: Final = ("soffice", "libreoffice")
_PLACES: Final = {
    "win32": [],
    "darwin": ["/Applications/LibreOffice.app/Contents/MacOS"],
    "linux": [
        "/usr/lib/libreoffice/program",
        "/usr/lib64/libreoffice/program",
        "/usr/local/lib/libreoffice/program",
    ],
}
_SANDBOXED: Final = (
    "/var/lib/flatpak/app/org.libreoffice.LibreOffice",
    "~/.local/share/flatpak/app/org.libreoffice.LibreOffice",
    "/snap/libreoffice",
)
_SETTINGS: Final = {"win32": "%APPDATA%", "darwin": "~/Library/Application Support"}
_LISTED: Final = re.compile(r"^Identifier: *(\S+)\s+Version: *(\S+)", re.MULTILINE)
_SECONDS: Final = 180  # the first start after an installation sets up a profile
_PROFILE: Final = "libreoffice/4"  # where LibreOffice does not say


class LibreOfficeProblem(Problem):
    """A LibreOffice that is missing or doesn't do what it should; the sentence says what to do."""

    wording = Wording("sellersheet_addin.libreoffice", "install.toml")


@dataclass(frozen=True)
class LibreOffice:
    """One installed LibreOffice; it runs as the user who calls, with that user's profile."""

    soffice: Path
    unopkg: Path

    def version(self) -> str:
        """As LibreOffice tells it, such as 25.2.3.2; "?" when it tells nothing."""
        told = re.search(r"LibreOffice\S* ([\d.]+)", self._run(self.soffice, "--version").stdout)
        return told[1] if told else "?"

    def profile(self) -> Path:
        """The folder of this user's settings."""
        for name in ("bootstraprc", "bootstrap.ini", "../Resources/bootstraprc"):
            file = self.unopkg.parent / name
            if file.is_file():
                text = file.read_text(encoding="utf-8", errors="replace")
                if found := re.search(r"^UserInstallation=\$SYSUSERCONFIG/(.+)$", text, re.M):
                    return _settings_folder() / found[1].strip()
        return _settings_folder() / _PROFILE

    def lock(self) -> Path | None:
        """The file that an open LibreOffice holds in the profile, if it is there."""
        lock = self.profile() / ".lock"
        return lock if lock.exists() else None

    def extensions(self) -> dict[str, str]:
        """This user's extensions: identifier -> version."""
        return dict(_LISTED.findall(self._manage("list")))

    def add(self, extension: Path) -> None:
        """Installs an extension for this user, in place of any other version of it."""
        self._manage("add", "--force", "--suppress-license", str(extension))

    def remove(self, identifier: str) -> None:
        """Removes this user's extension."""
        self._manage("remove", identifier)

    def calculate(self, formulas: Sequence[str]) -> list[str]:
        """What the cells of a new workbook show for the formulas; [] if it was not opened."""
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            book = Path(folder, "call.xlsx")
            with xlsxwriter.Workbook(book) as written:
                sheet = written.add_worksheet()
                for row, formula in enumerate(formulas):
                    # Without a saved result LibreOffice has to calculate when it opens the file.
                    sheet.write_formula(row, 0, formula, None, "")
            made = self.convert(book, "csv", Path(folder, "made"))
            if made is None:
                return []
            with made.open(encoding="utf-8", errors="replace", newline="") as file:
                return ["".join(row[:1]) for row in csv.reader(file)]

    def convert(self, book: Path, kind: str, folder: Path) -> Path | None:
        """The workbook, opened and saved as another kind of file; None when it was not."""
        self._run(
            self.soffice, "--headless", "--norestore", "--convert-to", kind,
            "--outdir", str(folder), str(book),
        )  # fmt: skip
        made = folder / f"{book.stem}.{kind}"
        return made if made.is_file() else None

    def _manage(self, *words: str) -> str:
        """What the program for extensions says when it has done this."""
        done = self._run(self.unopkg, *words)
        if done.returncode:
            raise LibreOfficeProblem("unopkg_failed", path=self.unopkg, what=_last_line(done))
        return done.stdout

    def _run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        return run(*command, seconds=_SECONDS)


def find(given: Path | None = None) -> LibreOffice:
    """The LibreOffice in the place given, else on the PATH, else in its usual places.

    Its program for extensions must be there too: it stands beside it.
    """
    if given is not None:
        for soffice in (given, *_inside(given)):
            if soffice.is_file() and (found := _with_unopkg(soffice)):
                return found
        raise LibreOfficeProblem("not_there", path=given)
    for soffice in _candidates():
        if found := _with_unopkg(soffice):
            return found
    if any(Path(place).expanduser().exists() for place in _SANDBOXED):
        raise LibreOfficeProblem("sandboxed")
    raise LibreOfficeProblem("not_found")


def _candidates() -> Iterator[Path]:
    for name in _NAMES:
        if found := shutil.which(name):
            yield Path(found)
    for folder in _places():
        yield from (file for file in _inside(folder) if file.is_file())


def _places() -> Iterator[Path]:
    yield from map(Path, _PLACES.get(sys.platform, _PLACES["linux"]))
    for name in ("ProgramFiles", "ProgramFiles(x86)", "ProgramW6432", "LOCALAPPDATA"):
        if folder := os.environ.get(name):
            yield Path(folder, "LibreOffice", "program")
            yield Path(folder, "Programs", "LibreOffice", "program")
    yield Path.home() / "Applications/LibreOffice.app/Contents/MacOS"
    yield from sorted(Path("/opt").glob("libreoffice*/program"), reverse=True)


def _inside(folder: Path) -> list[Path]:
    """The program in a folder: on Windows the one that belongs to a console first."""
    folders = (folder, folder / "program", folder / "Contents" / "MacOS")
    return [each / name for each in folders for name in ("soffice.com", "soffice.exe", "soffice")]


def _with_unopkg(soffice: Path) -> LibreOffice | None:
    beside = [
        folder / name
        for folder in (soffice.resolve().parent, soffice.parent)
        for name in ("unopkg.com", "unopkg.exe", "unopkg")
    ]
    found = next((file.resolve() for file in beside if file.is_file()), None)
    return LibreOffice(soffice, found) if found else None


def _settings_folder() -> Path:
    if sys.platform in _SETTINGS:
        return Path(os.path.expandvars(_SETTINGS[sys.platform])).expanduser()
    given = os.environ.get("XDG_CONFIG_HOME")
    return Path(given) if given else Path.home() / ".config"


def _last_line(done: subprocess.CompletedProcess[str]) -> str:
    lines = (done.stderr + "\n" + done.stdout).split("\n")
    told = [line.strip() for line in lines if line.strip() and "javaldx" not in line]
    return told[0] if told else f"exit {done.returncode}"
