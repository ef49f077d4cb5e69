"""A reader that aborts, loops or fills memory ends a child process, never the run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sellersheet_workbook.files.guarded import Ended, guarded, guarded_read, warm
from sellersheet_workbook.files.reading import sheet_names
from sellersheet_workbook.files.writing import write_frame
from sellersheet_workbook.problems import FileProblem
from tests.benchmarks.inputs import typed_orders
from tests.grids import read_frame

HERE = "tests.misbehaving:"


def _works() -> int:
    """How many calls the child has answered, this one with them."""
    total, calls = guarded(HERE + "sum_of", 2, 3)
    assert total == 5
    return int(calls)


def test_one_child_answers_many_calls() -> None:
    first = _works()
    assert _works() == first + 1


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize(
    ("call", "how", "detail"),
    [
        ("abort", "aborted", str(-signal.SIGABRT)),
        ("end", "aborted", "0"),
        ("panic", "aborted", "1"),
        ("read_nowhere", "aborted", str(-signal.SIGSEGV)),
    ],
)
def test_a_child_that_dies_is_told_and_replaced(call: str, how: str, detail: str) -> None:
    _works()
    with pytest.raises(Ended) as ended:
        guarded(HERE + call)
    assert (ended.value.how, ended.value.detail) == (how, detail)
    assert _works() == 1


def test_a_child_that_loops_is_ended() -> None:
    _works()
    began = time.monotonic()
    with pytest.raises(Ended) as ended:
        guarded(HERE + "loop", seconds=1.0)
    assert ended.value.how == "time"
    assert 1 <= time.monotonic() - began < 5
    assert _works() == 1
    assert guarded(HERE + "wait", 0.2, seconds=30.0) == 0.2


@pytest.mark.skipif(sys.platform != "linux", reason="the limit is Linux's")
def test_a_child_that_fills_memory_is_stopped() -> None:
    before = _works()
    with pytest.raises(Ended) as ended:
        guarded(HERE + "eat", 2_000, megabytes=200)
    assert ended.value.how == "memory"
    assert guarded(HERE + "eat", 100, megabytes=200) == 100
    assert before >= 1
    # The limit is of one call, not of the child.
    assert guarded(HERE + "eat", 300, megabytes=600) == 300


@pytest.mark.skipif(sys.platform != "linux", reason="the memory limit is Linux's")
@pytest.mark.parametrize(
    ("call", "given", "limits", "code"),
    [
        ("abort", (), {}, "damaged"),
        ("loop", (), {"seconds": 0.5}, "reader_time"),
        ("eat_over", (2_000,), {"megabytes": 200}, "reader_memory"),
    ],
)
def test_what_ends_a_child_is_said_of_the_file(
    call: str, given: tuple[int, ...], limits: dict[str, Any], code: str
) -> None:
    with pytest.raises(FileProblem) as problem:
        guarded_read(HERE + call, Path("a.xls"), *given, **limits)
    assert problem.value.code == code
    assert "a.xls" in problem.value.text("zh")


def test_a_real_file_comes_back_as_it_was_read_here(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_frame(typed_orders(500), path)
    names = guarded_read("sellersheet_workbook.files.reading:sheet_names", path)
    assert names == sheet_names(path)
    read = guarded_read("tests.grids:read_frame", path)
    here = read_frame(path)
    pd.testing.assert_frame_equal(read.frame, here.frame)
    assert (read.sheet, read.first_row) == (here.sheet, here.first_row)


def test_problems_come_back_as_they_were() -> None:
    before = _works()
    with pytest.raises(FileProblem) as problem:
        guarded(HERE + "refuse", "a.xls")
    assert problem.value.code == "damaged"
    assert "a.xls" in problem.value.text("en")
    with pytest.raises(RuntimeError, match="Unpicklable: no way"):
        guarded(HERE + "unpicklable")
    with pytest.raises(ModuleNotFoundError):
        guarded("tests.nowhere:nothing")
    assert _works() == before + 1


def test_a_child_that_was_killed_while_idle_is_replaced() -> None:
    from sellersheet_workbook.files import guarded as module

    _works()
    child = module._child()
    child.process.kill()
    child.process.wait()
    assert _works() == 1
    warm(HERE + "sum_of")
    assert _works() == 2


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks into /proc")
def test_no_child_outlives_its_parent() -> None:
    code = (
        "from sellersheet_workbook.files import guarded; import os\n"
        "guarded.guarded('operator:add', 1, 2)\n"
        "print(guarded._child().process.pid, flush=True)\n"
        "os.kill(os.getpid(), 9) if __import__('sys').argv[1] == 'killed' else None"
    )
    for how in ("ended", "killed"):
        done = subprocess.run(
            [sys.executable, "-c", code, how], capture_output=True, text=True,
            cwd=Path(__file__).parents[1],
        )  # fmt: skip
        child = Path("/proc", done.stdout.strip())
        until = time.monotonic() + 10
        while child.exists() and time.monotonic() < until:
            time.sleep(0.05)
        assert done.stdout.strip().isdecimal(), done.stderr
        assert not child.exists()


def test_names_are_those_of_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The child was started in another one, as in a notebook that changes its folder."""
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        monkeypatch.chdir(tmp_path / name)
        write_frame(pd.DataFrame({name: [1]}), Path("book.xlsx"), sheet=name)
        assert sheet_names(Path("book.xlsx")) == [name]
