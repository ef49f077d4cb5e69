"""A command killed, or its disk full, at each of its file operations: run by a program beside.

Python tells an audit hook of every file that is opened, renamed, linked or removed, before
that happens. So the command is run again and again in a forked process; each time the hook
ends the process, or fails with the disk full, at another operation under the folder. What
stands there afterwards is told, and what stands there after the command was simply run again.

The program is started once for all tests of a process and forks for each of them, so that the
libraries are loaded once.
"""

from __future__ import annotations

import atexit
import errno
import hashlib
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable
from contextlib import chdir, redirect_stderr, redirect_stdout, suppress
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_EVENTS = ("os.rename", "os.link", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "os.truncate")

_FREE = ("os.remove", "os.rmdir", "os.chmod")  # need no space


class Stopped(NamedTuple):
    """What became of the folder: file -> digest, hidden files too."""

    operation: str
    code: int
    said: str
    then: dict[str, str]
    again_code: int
    again: dict[str, str]


def at_each(
    folder: Path, words: list[str], how: str, *, every: bool | None = None
) -> list[Stopped]:
    """``how`` is kill or full. The last one ran to its end.

    Without ``every`` one operation of each kind is taken: of that event and that file.
    """
    if every is None:
        every = os.environ.get("SELLERSHEET_EVERY_OPERATION") == "1"
    told = folder.with_name("stopped.txt")
    given = [str(folder), words, how, every, dict(os.environ), str(told)]
    program = _program()
    assert program.stdin
    assert program.stdout
    program.stdin.write(json.dumps(given) + "\n")
    program.stdin.flush()
    code = program.stdout.readline().strip()
    assert code == "0", told.with_suffix(".err").read_text(encoding="utf-8")[-2000:]
    return [Stopped(*json.loads(line)) for line in told.read_text(encoding="utf-8").splitlines()]


@cache
def _program() -> subprocess.Popen[str]:
    program = subprocess.Popen(
        [sys.executable, "-m", "tests.at_each_operation"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        encoding="utf-8", cwd=Path(__file__).parents[1],
    )  # fmt: skip

    def end() -> None:
        with program:  # leaving it closes its pipes, which ends it, and waits
            pass

    atexit.register(end)
    return program


def digests(folder: Path) -> dict[str, str]:
    """The files under a folder by name, each with what it holds."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()[:16]
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


def visible(state: dict[str, str]) -> dict[str, str]:
    """Without the files that nobody sees."""
    return {
        name: digest
        for name, digest in state.items()
        if not any(part.startswith(".") for part in Path(name).parts)
    }


def _hook(folder: str, at: int, how: str, seen: Callable[[str], None]) -> Callable[..., None]:
    count = 0

    def hook(event: str, given: tuple[Any, ...]) -> None:
        nonlocal count
        if event == "open":
            flags = given[2] if isinstance(given[2], int) else 0
            if not flags & _WRITES:
                return
        elif event not in _EVENTS or (how == "full" and event in _FREE):
            return
        path = os.fsdecode(given[0]) if isinstance(given[0], (str, bytes, os.PathLike)) else ""
        if not path.startswith(folder):
            return
        name = re.sub(r"[0-9a-f]{8,}|\d+", "#", f"{event} {path[len(folder) :]}")
        seen(name)
        count += 1
        if count - 1 != at:
            return
        if how == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), path)

    return hook


def _run(words: list[str], hook: Callable[..., None] | None, folder: Path) -> tuple[int, str]:
    said = folder.with_name("said.txt")
    child = os.fork()
    if not child:
        with said.open("wb") as file:
            os.dup2(file.fileno(), 1)
            os.dup2(file.fileno(), 2)
        os.chdir(folder)
        if hook:
            sys.addaudithook(hook)
        from sellersheet_addin.cli import main

        try:
            main(words)
        except SystemExit as done:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(done.code if isinstance(done.code, int) else 1)
        finally:
            os._exit(99)
    status = os.waitpid(child, 0)[1]
    return os.waitstatus_to_exitcode(status), said.read_text(encoding="utf-8", errors="replace")


def _main() -> None:
    """A line of JSON asks for each test, a line with its exit code answers."""
    # Here already, for all forks.
    import pandas  # noqa: F401
    import pyarrow.dataset  # noqa: F401

    import sellersheet_workbook.batch
    import sellersheet_workbook.orders_import
    import sellersheet_workbook.reconcile  # noqa: F401
    from sellersheet_addin.cli import main  # noqa: F401

    for line in sys.stdin:
        *asked, environment, told = json.loads(line)
        child = os.fork()
        if not child:
            os.environ.clear()
            os.environ.update(environment)
            with Path(told).open("wb") as out, Path(told).with_suffix(".err").open("wb") as err:
                os.dup2(out.fileno(), 1)
                os.dup2(err.fileno(), 2)
            try:
                _at_each(*asked)
                sys.stdout.flush()
                os._exit(0)
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(1)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


def _at_each(where: str, words: list[str], how: str, every: bool) -> None:
    folder = Path(where)
    base = folder.with_name("base")
    shutil.copytree(folder, base)
    # Once in this process: what the command imports and remembers is there before the first fork.
    from sellersheet_addin.cli import main

    nowhere = io.StringIO()
    with chdir(folder), redirect_stdout(nowhere), redirect_stderr(nowhere), suppress(SystemExit):
        main(words)

    def again() -> None:
        shutil.rmtree(folder)
        shutil.copytree(base, folder)

    again()

    listed = folder.with_name("operations.txt")

    def note(name: str) -> None:
        with listed.open("a") as file:
            file.write(name + "\n")

    _run(words, _hook(where, -1, how, note), folder)
    operations = listed.read_text().splitlines() if listed.exists() else []
    taken = range(len(operations))
    steps = [at for at in taken if every or operations.index(operations[at]) == at]
    known: dict[str, tuple[int, dict[str, str]]] = {}
    for at in [*steps, -1]:
        again()
        code, said = _run(words, _hook(where, at, how, lambda name: None), folder)
        then, left = digests(folder), _all_that_stands(folder)
        if left not in known:
            known[left] = _run(words, None, folder)[0], digests(folder)
        told = operations[at] if at >= 0 else ""
        print(json.dumps([told, code, said, then, *known[left]]))


def _all_that_stands(folder: Path) -> str:
    """In the folder and in what Sellersheet remembers: from the same a run does the same."""
    places = (folder, Path(os.environ["SELLERSHEET_HOME"]))
    return repr([
        (str(path), oct(path.lstat().st_mode), path.is_symlink() and path.readlink(),
         path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest())
        for place in places for path in sorted(place.rglob("*"))
    ])  # fmt: skip


if __name__ == "__main__":
    _main()
