"""What installing the add-in needs, in Excel and in LibreOffice alike.

Other programs are run to their end; the Python that calculates is looked at before it is used;
files are put back when a piece of work doesn't end well.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from sellersheet.wording import Problem, Wording
from sellersheet_workbook.keeping import is_private, make_private, user_folder
from sellersheet_workbook.keeping.atomic import replacing

_SECONDS: Final = 300  # the first import of pandas on a slow disk, with a scanner before each file
# Of xlwings the version only: it takes a second to load, and Excel's module loads it itself.
_TELL: Final = (
    "import sys, sellersheet, {modules}; from importlib.metadata import version; "
    "print(sellersheet.__version__, sys.version.split()[0], version('xlwings'))"
)


class ProgramProblem(Problem):
    """A program that can't be run or doesn't end."""

    wording = Wording("sellersheet_addin", "installing.toml")


@dataclass(frozen=True)
class Python:
    """An interpreter in which the functions run, with the versions it has."""

    path: Path
    version: str
    sellersheet: str
    xlwings: str


def examine(interpreter: Path, modules: str) -> Python:
    """The interpreter's versions; a problem when it can't import the modules."""
    done = run(interpreter, "-P", "-c", _TELL.format(modules=modules), seconds=_SECONDS)
    told = re.fullmatch(r"(\S+) (\S+) (\S+)\s*", done.stdout)
    if done.returncode or told is None:
        lines = done.stderr.strip().splitlines()
        what = lines[-1] if lines else f"exit {done.returncode}"
        raise ProgramProblem("python_lacks", path=interpreter, what=what)
    return Python(interpreter, version=told[2], sellersheet=told[1], xlwings=told[3])


def plain_environment() -> dict[str, str]:
    """The environment as it is where no virtual environment is active.

    LibreOffice's own Python finds its library by the first Python of PATH; with another
    version's library its extensions do not start.
    """
    plain = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV"))}
    folders = plain.get("PATH", os.defpath).split(os.pathsep)
    outside = [item for item in folders if not Path(item, "..", "pyvenv.cfg").exists()]
    return plain | {"PATH": os.pathsep.join(outside)}


def run(*command: str | Path, seconds: float) -> subprocess.CompletedProcess[str]:
    """Runs a program to its end; after the seconds it is ended with everything it started.

    What it says goes to files. A pipe is closed only when everything that inherited it has
    ended, and something that the program started may outlive it.
    """
    program = [str(word) for word in command]
    try:
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            with subprocess.Popen(  # noqa: S603 (no shell; the words are ours or a path)
                program, stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                env=plain_environment(), start_new_session=True,
            ) as process:  # fmt: skip
                try:
                    code = process.wait(timeout=seconds)
                except BaseException:
                    _end(process)
                    raise
            said = [_text(file) for file in (out, err)]
    except subprocess.TimeoutExpired as late:
        raise ProgramProblem("too_slow", program=program[0], seconds=f"{seconds:g}") from late
    except OSError as error:
        what = error.strerror or type(error).__name__
        raise ProgramProblem("not_started", program=program[0], what=what) from error
    return subprocess.CompletedProcess(program, code, *said)


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "replace").replace("\r\n", "\n")


def _end(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        if sys.platform == "win32":
            # With what it started.
            ends = ["taskkill", "/T", "/F", "/PID", str(process.pid)]
            subprocess.run(ends, capture_output=True, check=False)  # noqa: S603
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)


@contextmanager
def put_back_on_failure(*paths: Path) -> Iterator[None]:
    """When the block ends with an exception, every file is as it was, or gone if there was none.

    So are the folders made for them. An interrupt by the user counts as a failure.
    """
    before = {path: path.read_bytes() if path.is_file() else None for path in paths}
    made = {folder for path in paths for folder in path.parents if not folder.exists()}
    try:
        yield
    except BaseException:
        for path, content in before.items():
            # What can't be put back must not hide what went wrong.
            with suppress(Exception):
                if content is None:
                    path.unlink(missing_ok=True)
                else:
                    write(path, content)
        for folder in sorted(made, reverse=True):
            with suppress(OSError):  # not empty: something else is in it by now
                folder.rmdir()
        raise


def write(path: Path, content: bytes) -> None:
    """Writes a file whole or not at all, with the folders it needs; not what is there already."""
    if path.is_file() and path.read_bytes() == content:
        return
    if is_private(path.resolve()):
        make_private(user_folder())
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as file:
        file.write(content)
