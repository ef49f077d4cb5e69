"""Whatever happens while a workbook is saved, the old file or the new one is whole."""

import errno
import os
import pathlib
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sellersheet_workbook.files.writing import write_frame
from sellersheet_workbook.orders_import import import_orders
from sellersheet_workbook.patch import open_book, restore
from sellersheet_workbook.problems import FileProblem
from sellersheet_workbook.update import file_port
from tests.workbook_corpus import ROWS, find_table, set_cells, xlsxwriter_table

KILLED_AT_EACH_STEP = """
import os, signal, sys
from tests.test_patch_saving import Faults, save

def end():
    os.kill(os.getpid(), signal.SIGKILL)

path = sys.argv[1]
old = open(path, "rb").read()
for step in range(1000):
    child = os.fork()
    if not child:
        with Faults(step, end):
            save(path)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    if not status:
        break
    print("old" if open(path, "rb").read() == old else "changed")
    open(path, "wb").write(old)
"""


def is_backup(name: str | Path) -> bool:
    """Whether a file is one that a save kept."""
    return re.search(r"\.bak-\d{8}-\d{6}-\d{4}\.xls[xm]$", Path(name).name) is not None


class Faults:
    """Counts the steps of writing - open, write, flush, sync, rename - and fails at one."""

    def __init__(self, step: int, fail: Callable[[], object]) -> None:
        self.left = step
        self.fail = fail
        self.failed = False
        self._patches = pytest.MonkeyPatch()

    def __enter__(self) -> "Faults":
        opened = pathlib.Path.open

        def opens(path: Path, mode: str = "r", *rest: Any, **options: Any) -> Any:
            if "x" not in mode:
                return opened(path, mode, *rest, **options)
            self.step()
            return _Watched(opened(path, mode, *rest, **options), self.step)

        self._patches.setattr(pathlib.Path, "open", opens)
        for owner, name in ((os, "chmod"), (os, "fchmod"), (pathlib.Path, "replace")):
            self._patches.setattr(owner, name, self._stepping(getattr(owner, name)))
        fsync = os.fsync

        def syncs(handle: int) -> None:
            # That of the folder comes when the new file stands already.
            if not stat.S_ISDIR(os.fstat(handle).st_mode):
                self.step()
            fsync(handle)

        self._patches.setattr(os, "fsync", syncs)
        return self

    def __exit__(self, *error: object) -> None:
        self._patches.undo()

    def step(self) -> None:
        self.left -= 1
        if self.left == -1:
            self.failed = True
            self.fail()

    def _stepping(self, call: Any) -> Any:
        def called(*given: Any, **options: Any) -> Any:
            self.step()
            return call(*given, **options)

        return called


class Looks(Faults):
    """Looks at each step at what a kill would leave there: the file, and the backups beside it."""

    def __init__(self, path: Path) -> None:
        super().__init__(0, bool)
        self.path = path
        self.files: list[bytes] = []
        self.backups: set[tuple[str, bytes]] = set()

    def step(self) -> None:
        self.files.append(self.path.read_bytes())
        found = (item for item in self.path.parent.iterdir() if is_backup(item.name))
        self.backups |= {(item.name, item.read_bytes()) for item in found}


class _Watched:
    """A file whose writes are steps; half of a block is on the disk when its step fails."""

    def __init__(self, file: Any, step: Callable[[], None]) -> None:
        self._file = file
        self._step = step

    def __enter__(self) -> "_Watched":
        return self

    def __exit__(self, *error: object) -> None:
        self._file.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def write(self, block: Any) -> None:
        half = len(block) // 2
        self._file.write(block[:half])
        self._step()
        self._file.write(block[half:])

    def flush(self) -> None:
        self._file.flush()
        self._step()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "here").mkdir()
    made = xlsxwriter_table(tmp_path).path
    return made.rename(tmp_path / "here" / made.name)


def save(path: str | Path) -> Path | None:
    book = open_book(path)
    book.set_columns(find_table(book, "Orders"), {"fee": list(range(len(ROWS)))})
    return book.save()


def _with_sheets(path: str | Path) -> None:
    """An update that adds sheets."""
    port = file_port.FilePort(path, "zh")
    port.write_columns("orders", {"fee": list(range(len(ROWS)))})
    port.write_table("summary", pd.DataFrame({"分组": ["ES"], "行数": [9]}))
    port.append_log({"时间": "2024-10-03 09:30:00"})
    port.save()


def _undone(path: str | Path) -> None:
    """Put back as a backup has it, which is another book."""
    backup = Path(path).with_name("table.bak-20241003-093000.xlsm")
    backup.write_bytes(Path(path).with_name("undone").read_bytes())
    file_port.put_back(Path(path), backup)


def _imported(path: str | Path) -> None:
    """An order export merged into the book of orders."""
    import_orders([Path(path).with_name("export.csv")], Path(path), "zh")


WRITERS: dict[str, Callable[[str | Path], object]] = {
    "patch": save, "update": _with_sheets, "undo": _undone, "import": _imported,
}  # fmt: skip


def _left(path: Path) -> list[str]:
    return sorted(item.name for item in path.parent.iterdir())


def _new_bytes(path: Path, write: Callable[[str | Path], object] = save) -> bytes:
    """What saving makes of it."""
    folder = path.parent.parent / "whole"
    shutil.copytree(path.parent, folder)
    write(folder / path.name)
    return (folder / path.name).read_bytes()


def _problem(path: Path) -> BaseException | None:
    try:
        save(path)
    except BaseException as problem:
        return problem
    return None


def _failing(kind: type[BaseException], *given: object) -> Callable[[], object]:
    def fail() -> object:
        raise kind(*given)

    return fail


@pytest.mark.parametrize(
    ("fail", "code"),
    [
        (_failing(OSError, errno.ENOSPC, "No space left on device"), "disk_full"),
        (_failing(PermissionError, errno.EACCES, "Permission denied"), "target_denied"),
        (_failing(RuntimeError, "any"), None),
        (_failing(KeyboardInterrupt), None),
    ],
)
def test_a_fault_at_each_step(path: Path, fail: Callable[[], object], code: str | None) -> None:
    old = path.read_bytes()
    steps = 0
    for step in range(1000):
        with Faults(step, fail) as faults:
            problem = _problem(path)
        if not faults.failed:
            break
        if code is not None:
            assert isinstance(problem, FileProblem)
            assert problem.code == code
            assert "没有改动" in problem.text("zh")
        steps += 1
        assert path.read_bytes() == old
        others = [name for name in _left(path) if name != path.name]
        assert all(is_backup(name) for name in others)
        for name in others:
            assert code is None
            assert (path.parent / name).read_bytes() == old
            (path.parent / name).unlink()
    assert steps > 30
    assert path.read_bytes() == _new_bytes(path) != old


@pytest.mark.parametrize("writer", WRITERS)
def test_a_kill_at_each_step(path: Path, writer: str) -> None:
    if writer == "undo":
        other = path.with_name("undone")
        other.write_bytes(path.read_bytes())
        save(path)
    if writer == "import":
        path.unlink()
        path = path.with_name("orders.xlsx")
        write_frame(pd.DataFrame({"订单号": ["A1", "A2"], "订单实付金额": [1.5, 2]}), path)
        path.with_name("export.csv").write_text("订单编号,实付金额\nA2,3\nA3,4\n", "utf-8")
    old = path.read_bytes()
    with Looks(path) as looks:
        WRITERS[writer](path)
    new = path.read_bytes()
    assert new != old
    assert len(looks.files) > 5
    assert set(looks.files) <= {old, new}
    for name, content in looks.backups:
        path.with_name(name).write_bytes(content)
        open_book(path.with_name(name))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_kill_leaves_what_stands_there(path: Path) -> None:
    """What the test above relies on: a process that is killed at one step after the other."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(Path.cwd()), *sys.path])}
    old = path.read_bytes()
    done = subprocess.run(
        [sys.executable, "-c", KILLED_AT_EACH_STEP, str(path)],
        env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert [path.with_name(name).read_bytes() for name in _left(path) if is_backup(name)]
    for name in _left(path):
        if is_backup(name):
            open_book(path.with_name(name))
    path.write_bytes(old)
    with Looks(path) as looks:
        save(path)
    assert done.stdout.split() == ["old" if now == old else "changed" for now in looks.files]


def test_the_backup_and_back(path: Path) -> None:
    old = path.read_bytes()
    first = save(path)
    assert first is not None
    assert is_backup(first)
    assert not is_backup(path)
    assert first.suffix == ".xlsm"
    assert first.read_bytes() == old
    new = path.read_bytes()
    restore(path, first)
    assert path.read_bytes() == old
    second = save(path)
    assert second not in (None, first)
    assert path.read_bytes() == new
    assert _left(path) == sorted([path.name, first.name, second.name if second else ""])


def test_restoring_from_something_else(path: Path) -> None:
    old = path.read_bytes()
    other = path.with_name("b.xlsm")
    other.write_bytes(old[:-100])
    with pytest.raises(FileProblem) as caught:
        restore(path, other)
    assert caught.value.code == "damaged"
    assert path.read_bytes() == old


@pytest.mark.parametrize("lock", ["~${}", ".~lock.{}#"])
def test_a_book_open_elsewhere(path: Path, lock: str) -> None:
    backup = save(path)
    assert backup is not None
    new = path.read_bytes()
    path.with_name(lock.format(path.name)).touch()
    book = open_book(path)
    set_cells(book, "订单", {"M20": 1})
    for call in (book.save, lambda: restore(path, backup)):
        with pytest.raises(FileProblem) as caught:
            call()
        assert caught.value.code == "target_locked"
        assert lock.format(path.name) in caught.value.text("en")
    assert path.read_bytes() == new


def test_a_read_only_file(path: Path) -> None:
    path.chmod(0o444)
    with pytest.raises(FileProblem) as caught:
        save(path)
    assert caught.value.code == "read_only"
    path.chmod(0o640)
    save(path)
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_book_changed_in_the_meantime(path: Path) -> None:
    book = open_book(path)
    set_cells(book, "订单", {"M20": 1})
    save(path)
    new = path.read_bytes()
    with pytest.raises(FileProblem) as caught:
        book.save()
    assert caught.value.code == "changed_meanwhile"
    assert path.read_bytes() == new


def test_a_disk_that_writes_something_else(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = path.read_bytes()
    read = pathlib.Path.read_bytes

    def reads(read_path: Path) -> bytes:
        data = read(read_path)
        at = data.find(b"xl/vbaProject.bin") + 60
        changed = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        return changed if read_path.suffix == ".tmp" else data

    monkeypatch.setattr(pathlib.Path, "read_bytes", reads)
    with pytest.raises(FileProblem) as caught:
        save(path)
    assert caught.value.code == "not_verified"
    assert path.read_bytes() == old
    assert _left(path) == [path.name]


@pytest.mark.skipif(os.name == "nt", reason="needs POSIX links")
def test_the_file_behind_a_link(path: Path) -> None:
    link = path.parent.parent / "link.xlsm"
    link.symlink_to(path)
    backup = save(link)
    assert link.is_symlink()
    assert backup is not None
    assert backup.parent == path.parent
