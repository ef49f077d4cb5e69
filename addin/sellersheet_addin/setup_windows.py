"""What install.cmd and uninstall.cmd do, by the standard library alone.

It runs in the Python that the computer has, before anything of ours is installed: an
environment in the user's own folder, the package into it, the add-in into Excel, a workbook
on the desktop. Run again, it upgrades; what it made, it can take away.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent
_NAME: Final = "sellersheet"
_MARK: Final = "made-by-sellersheet.txt"  # only a folder that has it is ever deleted
_CLI: Final = ("-m", "sellersheet_addin.cli")

Run = Callable[[Sequence[str]], int]


class Stopped(Exception):
    """Something that ends the setup; the code of a sentence and its fields."""

    def __init__(self, code: str, /, **fields: object) -> None:
        super().__init__(code)
        self.code, self.fields = code, fields


def _ran(command: Sequence[str]) -> int:
    """A program with its words on the screen; in a folder in which nothing lies for Python."""
    return subprocess.run(list(command), check=False).returncode  # noqa: S603


@dataclass
class Setup:
    """One user's installation. ``page`` is the code page in which VBA reads paths."""

    variables: Mapping[str, str]
    source: Path = HERE
    page: str = "mbcs" if sys.platform == "win32" else "utf-8"
    run: Run = _ran
    said: list[str] = field(default_factory=list)

    def install(self, *, open_book: bool = True) -> None:
        """Makes or upgrades everything; Stopped with the reason."""
        if "windowsapps" in sys.base_prefix.casefold():
            raise Stopped("store_python", path=sys.base_prefix)
        self._beside()
        folder = self.environment()
        self.say("begin", folder=folder)
        python = self._python(folder)
        if self._works(python):
            self.say("upgrading")
        else:
            self.say("environment")
            self._make_room(folder)
            self._step("venv", sys.executable, "-I", "-m", "venv", str(folder))
        self._packages(python)
        self.say("to_excel")
        self._step("addin install", str(python), "-P", *_CLI, "addin", "install", "--excel")
        book = self._book(python)
        self.say("done", python=python)
        if open_book:
            self._open(book)

    def uninstall(self) -> None:
        """Takes away what ``install`` made; workbooks and undo records stay."""
        found = [folder for folder in self._candidates() if folder.is_dir()]
        if not found:
            self.say("nothing")
            return
        for folder in found:
            if not (folder / _MARK).is_file():
                self.say("not_ours", folder=folder)
                continue
            self.say("removing")
            python = self._python(folder)
            if python.is_file():
                self._step("addin uninstall", str(python), "-P", *_CLI, "addin", "uninstall")
            self._delete(folder, "in_use")
            with suppress(OSError):  # not there, or something else is in it
                self._note().unlink(missing_ok=True)
                self._note().parent.rmdir()
            self.say("removed", kept=Path(self.variables["USERPROFILE"], f".{_NAME}"))

    def _make_room(self, folder: Path) -> None:
        """An empty folder with our mark. What is there is deleted only where it bears the mark."""
        if folder.exists():
            ours = folder.is_dir() and ((folder / _MARK).is_file() or not any(folder.iterdir()))
            if not ours:
                raise Stopped("not_ours_there", folder=folder)
            self._delete(folder, "in_use_there")
        folder.mkdir(parents=True)
        if folder != self._candidates()[0]:
            self._close_to_others(folder)
            self._note().parent.mkdir(exist_ok=True)
            self._note().write_text(str(folder), encoding="utf-8")
        (folder / _MARK).write_text("sellersheet\n", encoding="ascii")

    def _delete(self, folder: Path, in_use: str) -> None:
        """All of it, the mark last: what an open Excel holds is deleted the next time."""
        try:
            for item in folder.iterdir():
                if item.is_dir() and not item.is_symlink():
                    shutil.rmtree(item)
                elif item.name != _MARK:
                    item.unlink()
            shutil.rmtree(folder)
        except OSError as error:
            raise Stopped(in_use, file=error.filename) from error

    def environment(self) -> Path:
        """The folder of the environment: the first that the code page can write.

        Nothing helps where it can't write the user's own: the settings are there.
        """
        own, shared = self._candidates()
        home = Path(self.variables["USERPROFILE"])
        if self._written(home) and self._written(own):
            return own
        for needed in (home, shared):
            if not self._written(needed):
                raise Stopped("no_folder", folder=needed, page=self.page)
        # Others could have put something there; what we made is named in the user's own folder.
        if shared.exists() and not self._named(shared):
            raise Stopped("not_ours_there", folder=shared)
        return shared

    def _candidates(self) -> list[Path]:
        """The user's own folder for programs, else a plain one on the same drive."""
        own = Path(self.variables["LOCALAPPDATA"])
        drive = self.variables.get("SYSTEMDRIVE", own.drive) or own.anchor
        return [own / _NAME, Path(f"{drive}/", _NAME)]

    def _note(self) -> Path:
        """Where it is kept which folder outside of the user's own was made."""
        return Path(self.variables["USERPROFILE"], f".{_NAME}", "environment.txt")

    def _named(self, folder: Path) -> bool:
        """Whether the user's own files name the folder; an installation may have been cut short."""
        found = []
        for path, coding in (
            (self._note(), "utf-8"),
            (self._note().with_name(f"{_NAME}.conf"), self.page),
        ):
            with suppress(OSError):
                found.append(path.read_bytes().decode(coding, "replace"))
        return any(str(folder) in text for text in found)

    def _close_to_others(self, folder: Path) -> None:
        """Below the drive's root everybody may write: only this user, then, and the system."""
        who = f"{self.variables.get('USERDOMAIN', '.')}\\{self.variables.get('USERNAME', '')}"
        rights = [f"{name}:(OI)(CI)F" for name in (who, "*S-1-5-18", "*S-1-5-32-544")]
        self._step("icacls", "icacls", str(folder), "/inheritance:r", "/grant:r", *rights)

    def _written(self, folder: Path) -> bool:
        try:
            return str(folder).encode(self.page).decode(self.page) == str(folder)
        except UnicodeError:
            return False

    @staticmethod
    def _python(folder: Path) -> Path:
        windows = folder / "Scripts" / "python.exe"
        return windows if sys.platform == "win32" else folder / "bin" / "python"

    def _works(self, python: Path) -> bool:
        return python.is_file() and self.run([str(python), "-I", "-c", "import pip"]) == 0

    def _packages(self, python: Path) -> None:
        """Our package: out of the wheels beside this file, or the sources around it.

        Never by its name out of the index: what has the name there need not be ours.
        """
        pip = (str(python), "-I", "-m", "pip", "--disable-pip-version-check", "install")
        wheels, root = self._beside()
        if wheels is None:
            self.say("from_network")
            self._step("pip install", *pip, "--upgrade", str(root))
            return
        wheel = str(self._wheel(wheels))
        self.say("from_wheels", folder=wheels)
        offline = ("--no-index", "--find-links", str(wheels))
        if self.run([*pip, *offline, "--upgrade", wheel]) == 0:
            # The same version may have been built anew: ours is put in whatever is there.
            self._step("pip install", *pip, *offline, "--force-reinstall", "--no-deps", wheel)
            return
        self.say("wheels_lack")
        self._step("pip install", *pip, "--upgrade", wheel)

    def _beside(self) -> tuple[Path | None, Path | None]:
        """The folder of wheels, and the project's folder where this file lies in one."""
        root = self.source.parents[1] if len(self.source.parents) > 1 else self.source
        here = (root / "pyproject.toml").is_file() and (root / "install.cmd").is_file()
        places = [self.source, root] if here else [self.source]
        folders = [folder for place in places for folder in (place / "wheels", place)]
        wheels = next((folder for folder in folders if self._wheel(folder)), None)
        if wheels is None and not here:
            raise Stopped("no_package", folder=self.source)
        return wheels, root if here else None

    @staticmethod
    def _wheel(folder: Path) -> Path | None:
        """The newest wheel of ours in the folder."""
        found = sorted(folder.glob(f"{_NAME}-*.whl"), key=lambda file: file.stat().st_mtime)
        return found[-1] if found else None

    def _book(self, python: Path) -> Path:
        """A workbook on the desktop; one that is there stays."""
        language = self._language()
        book = self._desktop() / f"{_words('book_name')[language]}.xlsm"
        if book.exists():
            self.say("book_stays", path=book)
            return book
        self._step("new", str(python), "-P", *_CLI, "new", str(book), "--lang", language)
        self.say("book", path=book)
        return book

    def _language(self) -> str:
        """The language of Windows' own menus."""
        if sys.platform == "win32":
            import ctypes

            return "zh" if ctypes.windll.kernel32.GetUserDefaultUILanguage() & 0x3FF == 4 else "en"
        return "zh"

    def _desktop(self) -> Path:
        """Where the desktop's files lie: OneDrive may have moved it."""
        if sys.platform == "win32":
            import winreg

            key = r"Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders"
            try:
                with winreg.OpenKey(winreg.HKEY_CURRENT_USER, key) as opened:
                    path = Path(os.path.expandvars(winreg.QueryValueEx(opened, "Desktop")[0]))
            except OSError:
                path = Path()
            if path.is_absolute() and path.is_dir():
                return path
        home = Path(self.variables["USERPROFILE"])
        return home / "Desktop" if (home / "Desktop").is_dir() else home

    def _open(self, book: Path) -> None:
        if sys.platform == "win32":
            os.startfile(book)  # noqa: S606

    def _step(self, what: str, *command: str) -> None:
        if code := self.run(command):
            raise Stopped("failed", what=what, code=code)

    def say(self, code: str, /, **fields: object) -> None:
        """A sentence in both languages."""
        for sentence in _words(code).values():
            text = sentence.format(**fields)
            self.said.append(text)
            print(text, flush=True)


def _words(code: str) -> dict[str, str]:
    text = HERE.joinpath("setup_windows.toml").read_text(encoding="utf-8")
    return dict(tomllib.loads(text)[code])


def main(arguments: Sequence[str] | None = None) -> int:
    """As install.cmd and uninstall.cmd call it."""
    parser = argparse.ArgumentParser(prog="install.cmd")
    parser.add_argument("what", choices=["install", "uninstall"])
    parser.add_argument("--no-open", action="store_true", help="leave Excel closed")
    asked = parser.parse_args(arguments)
    setup = Setup(os.environ)
    try:
        if asked.what == "install":
            setup.install(open_book=not asked.no_open)
        else:
            setup.uninstall()
    except Stopped as stopped:
        setup.say(stopped.code, **stopped.fields)
        return 2
    return 0


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    sys.exit(main())
