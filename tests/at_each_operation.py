"""A command killed, or its disk full, at each of its file operations: run by a program beside.

Python tells an audit hook of every file that is opened, renamed, linked or removed, before
that happens. What a kill there leaves is what stands there at that moment, so the hook copies it:
one run gives what is left by a kill at each operation under the folder. (In the middle the process
is really killed too, and must leave the same.) For a full disk the command is run again and again
in a forked process, and the hook fails each time at another operation. What stands there
afterwards is told, and what stands there after the command was simply run again.

The program is started once for all tests of a process and forks for each of them, so that the
libraries are loaded once.
"""

from __future__ import annotations

import atexit
import errno
import gc
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


def _hook(folder: str, how: str, at_operation: Callable[[int, str], None]) -> Callable[..., None]:
    """Calls that with the number and name of each operation under the folder."""
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
        count += 1
        at_operation(count - 1, _without_numbers(f"{event} {path[len(folder) :]}"))

    return hook


def _without_numbers(name: str) -> str:
    return re.sub(r"[0-9a-f]{8,}|\d+", "#", name)


def _stops(at: int, how: str) -> Callable[[int, str], None]:
    """Ends the process at that operation, or fails there as where the disk is full."""

    def stop(number: int, name: str) -> None:
        if number != at:
            return
        if how == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), name)

    return stop


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
    desk = _Desk(folder, folder.with_name("home"))
    shutil.copytree(os.environ["SELLERSHEET_HOME"], desk.home, dirs_exist_ok=True)
    os.environ["SELLERSHEET_HOME"] = str(desk.home)
    base = desk.copied("base")
    # Once in this process: what the command imports and remembers is there before the first fork.
    from sellersheet_addin.cli import main

    nowhere = io.StringIO()
    with chdir(folder), redirect_stdout(nowhere), redirect_stderr(nowhere), suppress(SystemExit):
        main(words)
    gc.collect()
    gc.freeze()  # so that a fork need not have its own copy of what it never touches
    desk.put_back(base)

    taken: list[str] = []  # the operations, in a file: they are of a forked process
    listed = folder.with_name("operations.txt")
    listed.touch()

    def note(number: int, name: str) -> None:
        if every or name not in taken:
            if how == "kill":
                desk.copied(f"at-{number}")
            taken.append(name)
            with listed.open("a") as file:
                file.write(f"{number} {name}\n")

    whole = _run(words, _hook(where, how, note), folder)
    done = desk.copied("done")
    lines = [line.split(" ", 1) for line in listed.read_text().splitlines()]
    known: dict[str, tuple[int, dict[str, str]]] = {}

    def tell(name: str, code: int, said: str) -> None:
        then, left = digests(folder), desk.all_that_stands()
        if left not in known:
            known[left] = _run(words, None, folder)[0], digests(folder)
        print(json.dumps([name, code, said, then, *known[left]]))

    for at, name in lines:
        if how == "kill":
            desk.put_back(f"at-{at}")
            tell(name, -signal.SIGKILL, "")
        else:
            desk.put_back(base)
            tell(name, *_run(words, _hook(where, how, _stops(int(at), how)), folder))
    if how == "kill":
        at = lines[len(lines) // 2][0]
        desk.put_back(f"at-{at}")
        copied = [_without_numbers(name) for name in digests(folder)]
        desk.put_back(base)
        killed = _run(words, _hook(where, how, _stops(int(at), how)), folder)[0]
        assert killed == -signal.SIGKILL
        assert [_without_numbers(name) for name in digests(folder)] == copied
    desk.put_back(done)
    tell("", *whole)


def _copy(source: Path, target: Path) -> None:
    """A folder; what is a link is one in the copy too, also where a file has two names."""
    copies: dict[int, str] = {}

    def copy(one: str, other: str) -> None:
        known = copies.setdefault(os.lstat(one).st_ino, other)
        shutil.copy2(one, other, follow_symlinks=False) if known == other else os.link(known, other)

    shutil.copytree(source, target, symlinks=True, copy_function=copy)


class _Desk(NamedTuple):
    """The folder, and what Sellersheet remembers of it."""

    folder: Path
    home: Path

    def copied(self, name: str) -> str:
        """Both, into a folder of that name beside them."""
        for place in self:
            _copy(place, place.parent / name / place.name)
        return name

    def put_back(self, name: str) -> None:
        for place in self:
            shutil.rmtree(place)
            _copy(place.parent / name / place.name, place)

    def all_that_stands(self) -> str:
        """From the same a run does the same."""
        return repr([
            (str(path), oct(path.lstat().st_mode), path.is_symlink() and path.readlink(),
             path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest())
            for place in self for path in sorted(place.rglob("*"))
        ])  # fmt: skip


if __name__ == "__main__":
    _main()
