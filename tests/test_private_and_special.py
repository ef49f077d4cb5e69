"""Private stays private; pipes and devices are not waited for; undo goes by what was done."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import shutil
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path

import pandas as pd
import pytest

from sellersheet_addin.tasks import write_guide
from sellersheet_workbook.files.writing import write_frame
from sellersheet_workbook.host import change
from sellersheet_workbook.keeping import make_private, user_folder
from sellersheet_workbook.orders_import import Memory, memory_path
from sellersheet_workbook.patch import open_book, saving
from sellersheet_workbook.update import file_port
from tests.command_line import call
from tests.template_books import small
from tests.workbook_corpus import ROWS, find_table, xlsxwriter_table

CAPSYS = pytest.CaptureFixture[str]
ORDERS = (
    "订单号,下单日期,目的国,订单实付金额,物流费(系统报价)\n"
    "A1,2024-08-01,ES,100,22.60\nA2,soon,ES,1,1\n"
)

pytestmark = pytest.mark.skipif(os.name != "posix", reason="modes and pipes of POSIX")


@pytest.fixture(params=[0o002, 0o022, 0o077], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_copies_of_a_workbook_are_as_private_as_it(
    capsys: CAPSYS, tmp_path: Path, umask: int
) -> None:
    # What the umask would take away or leave: neither.
    mode = {0o002: 0o600, 0o022: 0o664, 0o077: 0o640}[umask]
    book = tmp_path / "book.xlsx"
    book.write_bytes(small("en"))
    book.chmod(mode)
    owner = (1234, 4321)
    if os.geteuid() == 0:
        os.chown(book, *owner)
    done = call(capsys, "update", book, "--fx", "USD=7", "--lang", "en")
    assert done.code in (0, 1), done.err
    backup = file_port.latest_backup(book)
    assert backup is not None
    aside = file_port.put_back(book, backup)
    for path in (book, aside):
        assert _mode(path) == mode, path
        if os.geteuid() == 0:
            assert (path.stat().st_uid, path.stat().st_gid) == owner, path
    call(capsys, "update", book, "--fx", "USD=7", "--lang", "en")
    again = file_port.latest_backup(book)
    assert again is not None
    assert _mode(again) == mode


def test_what_is_made_of_private_files_is_private(
    capsys: CAPSYS, tmp_path: Path, umask: int
) -> None:
    orders = tmp_path / "orders.csv"
    orders.write_text(ORDERS, encoding="utf-8")
    orders.chmod(0o644)
    made = ("orders-result.xlsx", "orders-result-refused.csv")
    assert call(capsys, "batch", orders, "--lang", "en").code == 1
    for name in made:
        assert _mode(tmp_path / name) == 0o644 & ~umask
        (tmp_path / name).unlink()
    costs = tmp_path / "costs.csv"
    costs.write_text("sku,start,cost_cny\nx,2024-07-01,3\n", encoding="utf-8")
    costs.chmod(0o600)
    assert call(capsys, "batch", orders, "--costs", costs, "--lang", "en").code == 1
    for name in made:
        assert _mode(tmp_path / name) == 0o600
    # In place of a private one; what is written there is never open to others in between.
    orders.chmod(0o644)
    assert call(capsys, "batch", orders, "--lang", "en").code == 1
    for name in made:
        assert _mode(tmp_path / name) == 0o600


@pytest.mark.usefixtures("umask")
def test_the_users_folder_is_the_users_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home" / ".sellersheet"
    monkeypatch.setenv("SELLERSHEET_HOME", str(home))
    home.mkdir(parents=True)
    home.chmod(0o775)  # as an earlier version left it
    write_guide(user_folder(), "en")
    change.save(change.Kept("update", "now", (), (), ()), home / "undo" / "x.json.gz")
    frame = pd.DataFrame({"a": [1]})
    from sellersheet_workbook.keeping.together import results

    with results(tmp_path / "r.csv"):
        write_frame(frame, tmp_path / "r.csv")
    memory = Memory(memory_path())
    memory.remember(["a"], {"a": "order_id"})
    assert memory.save()
    found = [home, *home.rglob("*")]
    assert len(found) >= 6
    for path in found:
        assert _mode(path) == (0o700 if path.is_dir() else 0o600), path
    make_private(home)
    assert _mode(home) == 0o700


def test_undo_goes_back_step_by_step_though_the_clock_was_set_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    made = xlsxwriter_table(tmp_path).path
    path = made.rename(tmp_path / "here" / made.name)
    old = path.with_name(f"{path.stem}.bak-20991231-235959-2{path.suffix}")  # of an older version
    shutil.copy(path, old)
    days = iter([dt.datetime(2030, 1, 1), dt.datetime(2024, 1, 1), dt.datetime(2027, 1, 1)])

    class Clock(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:
            return next(days)

    monkeypatch.setattr(saving.dt, "datetime", Clock)
    states = []
    for number in range(3):
        states.append(path.read_bytes())
        book = open_book(path)
        book.set_columns(find_table(book, "Orders"), {"fee": [number * 7.0] * len(ROWS)})
        assert book.save()
    assert len(set(states)) == 3
    for state in reversed(states):
        backup = file_port.latest_backup(path)
        assert backup is not None
        file_port.put_back(path, backup)
        assert path.read_bytes() == state
    # The copy that the older version left is of this very state: nothing to go back to.
    assert file_port.latest_backup(path) is None


KINDS = ("pipe", "socket", "device")
SUFFIXES = ("csv", "xlsx", "xls", "ods", "parquet", "toml")
CALLS = [
    *(["batch", f"x.{suffix}", "-o", "r.csv"] for suffix in ("csv", "xlsx", "xls", "ods")),
    ["batch", "x.parquet", "-o", "r.csv"],
    ["batch", "orders.csv", "x.csv", "-o", "out"],
    ["batch", "orders.csv", "-o", "r.csv", "--rates", "x.csv"],
    ["batch", "orders.csv", "-o", "r.csv", "--costs", "x.csv"],
    ["batch", "orders.csv", "-o", "r.csv", "--fx", "x.csv"],
    ["batch", "orders.csv", "-o", "r.csv", "--policy", "x.toml"],
    ["scale", "x.parquet", "-o", "out2"],
    ["import", "x.csv", "-o", "all.csv", "--no-remember"],
    ["reconcile", "orders.csv", "x.csv", "-o", "r.csv"],
    ["rates", "validate", "x.csv"],
    ["policy", "validate", "x.toml"],
    ["update", "x.xlsx"],
    ["undo", "x.xlsx"],
    ["share", "x.xlsx"],
    ["new", "n.xlsx", "--orders", "x.csv"],
    ["batch", "orders.csv", "-o", "x.csv"],
]
_PROGRAM = """
import json, os, sys
from sellersheet_addin.cli import main
for kind in sys.argv[2:]:
    print("==", kind, file=sys.stderr)
    os.chdir(kind)
    for words in json.loads(sys.argv[1]):
        try: main([*words, "--lang", "en"])
        except SystemExit as done: print(">>", done.code, *words, file=sys.stderr)
    os.chdir("..")
"""


def _special(kind: str, path: Path) -> None:
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "socket":
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)  # names of sockets are short
    else:
        path.symlink_to("/dev/zero")


@pytest.fixture(scope="module")
def told_of(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Of each kind what all commands said, in one process: one that waited would keep it."""
    folder = tmp_path_factory.mktemp("special")
    for kind in KINDS:
        (folder / kind).mkdir()
        with chdir(folder / kind):
            Path("orders.csv").write_text(ORDERS, encoding="utf-8")
            for suffix in SUFFIXES:
                _special(kind, Path(f"x.{suffix}"))
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, json.dumps(CALLS), *KINDS],
        capture_output=True, text=True, timeout=120, cwd=folder,
    )  # fmt: skip
    parts = re.split("^== (.+)\n", done.stderr, flags=re.MULTILINE)
    assert parts[0] == "", done.stderr
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.mark.parametrize("kind", KINDS)
def test_special_files_are_refused_in_words(kind: str, told_of: dict[str, str]) -> None:
    told = told_of[kind]
    assert "Traceback" not in told
    codes = [line for line in told.splitlines() if line.startswith(">>")]
    assert len(codes) == len(CALLS)
    for line in codes:
        several = " out" in line and "out2" not in line
        assert line.startswith(">> 1" if several else ">> 2"), (line, told)
    assert told.count("ordinary file") >= len(CALLS) - 4, told
    assert "mistake" not in told, told
