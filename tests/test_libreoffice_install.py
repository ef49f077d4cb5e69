"""The add-in installed in a real LibreOffice, by an ordinary user in a fresh home folder."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
import uuid
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import sellersheet
from sellersheet_addin.libreoffice.install import EXTENSION
from sellersheet_workbook.host.selfcheck import cases
from tests import libreoffice, ordinary_user

VERSION = sellersheet.__version__
DRIVER = """
import sys
from pathlib import Path
from sellersheet.wording import Problem
from sellersheet_addin.libreoffice.install import install
from sellersheet_addin.libreoffice.program import find
try:
    print(install(find(), Path(sys.executable), None, Path(sys.argv[1])))
except Problem as problem:
    sys.exit(problem.code)
"""
Done = subprocess.CompletedProcess[str]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return fresh(tmp_path)


@pytest.fixture(scope="module")
def installed_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder in which the add-in was installed, to be copied."""
    folder = fresh(tmp_path_factory.mktemp("installed"))
    addin(folder, "install")
    return folder


@pytest.fixture
def installed(installed_once: Path, home: Path) -> Path:
    """A home folder with the add-in in it."""
    return Path(shutil.copytree(installed_once, home, symlinks=True, dirs_exist_ok=True))


def fresh(folder: Path) -> Path:
    # LibreOffice installs extensions for no root.
    if problem := libreoffice.missing() or ordinary_user.missing():
        (pytest.fail if os.environ.get(libreoffice.REQUIRED) == "1" else pytest.skip)(problem)
    folder = folder / "家 目录"
    folder.mkdir()
    return folder


def test_installed_looked_at_installed_again_and_removed(home: Path) -> None:
    assert "没有安装" in addin(home, "status", code=1).stdout

    said = addin(home, "install", "--libreoffice").stdout
    assert "SEMIFEE(100;22.6) = 31.3" in said
    assert sys.executable in said
    settings = home / ".sellersheet" / "libreoffice.json"
    assert json.loads(settings.read_text("utf-8")) == {"interpreter": sys.executable, "lang": None}

    status = addin(home, "status", "--lang", "en").stdout
    assert f"Extension: {VERSION}\n" in status
    assert f"{sys.executable} (Python {sys.version.split()[0]}, sellersheet {VERSION}" in status
    assert "Trial calculation: right" in status

    again = addin(home, "install", "--lang", "en").stdout
    assert "took the place" not in again
    assert json.loads(settings.read_text("utf-8"))["lang"] == "en"
    assert extensions(home) == {"sellersheet": VERSION}

    (home / ".sellersheet" / "undo").mkdir()  # something else of the user's
    assert "已移除：sellersheet" in addin(home, "uninstall").stdout
    assert extensions(home) == {}
    assert [item.name for item in (home / ".sellersheet").iterdir()] == ["undo"]
    assert "没有安装" in addin(home, "uninstall").stdout
    assert "没有安装" in addin(home, "status", code=1).stdout


def test_an_older_version_is_replaced_or_put_back(home: Path, tmp_path: Path) -> None:
    older = changed(tmp_path, "description.xml", VERSION, "0.0.1")
    assert driven(home, older).returncode == 0
    assert extensions(home) == {"sellersheet": "0.0.1"}
    assert f"这里的是 {VERSION}" in addin(home, "status").stdout
    before = files(home)

    failed = addin(home, "install", "--python", broken_worker(tmp_path), code=2)
    assert "没有装成，已恢复原样" in failed.stderr
    assert "#VALUE!" in failed.stderr
    assert files(home) == before
    assert extensions(home) == {"sellersheet": "0.0.1"}
    assert "试算：正确" in addin(home, "status").stdout

    assert f"原来的版本 0.0.1 已换成 {VERSION}" in addin(home, "install").stdout
    assert extensions(home) == {"sellersheet": VERSION}


def test_a_failed_installation_leaves_nothing(home: Path, tmp_path: Path) -> None:
    failed = addin(home, "install", "--python", broken_worker(tmp_path), "--lang", "en", code=2)
    assert "all is as it was before" in failed.stderr
    log = home / ".sellersheet" / "libreoffice.log"
    assert str(log) in failed.stderr  # the message names it, so it stays
    assert list(files(home)) == [log]
    assert extensions(home) == {}


def test_a_libreoffice_that_binds_no_names_is_told(home: Path, tmp_path: Path) -> None:
    """As before 25.2: the extension is in, and SEMIFEE in an .xlsx is a name unknown."""
    nameless = changed(tmp_path, "CalcAddIns.xcu", '"CompatibilityName"', '"OtherName"')
    refused = driven(home, nameless)
    assert refused.stderr.splitlines()[-1] == "not_bound"
    assert extensions(home) == {}


def test_an_open_libreoffice_is_told(installed: Path) -> None:
    home = installed
    with opened(home):
        before = files(home)
        refused = addin(home, "install", "--lang", "en", code=2).stderr
        assert "LibreOffice is open" in refused
        assert "Close all its windows" in refused
        assert "试算：没有做" in addin(home, "status", code=1).stdout
        assert "LibreOffice 开着" in addin(home, "uninstall", code=2).stderr
        assert files(home) == before
    lock = next(home.glob(".config/libreoffice/*/.lock"))  # it was killed, as by a crash
    assert "已移除" in addin(home, "uninstall").stdout
    assert not lock.exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--python", libreoffice.PYTHON], "No module named 'sellersheet'"),
        (["--python", "/nowhere/python"], "/nowhere/python can't be run"),
        (["--soffice", "/nowhere"], "There is no LibreOffice at /nowhere"),
        (["--excel"], "can only be installed on Windows"),
        (["--excel", "--soffice", "/nowhere"], "--soffice is for LibreOffice only"),
    ],
)
def test_what_can_not_be_is_told_and_nothing_made(home: Path, words: list[str], said: str) -> None:
    assert said in addin(home, "install", *words, "--lang", "en", code=2).stderr
    assert not (home / ".sellersheet").exists()


def test_the_check_without_the_add_in_says_how_to_get_it(home: Path, tmp_path: Path) -> None:
    missing = addin(home, "selfcheck", "-o", tmp_path / "报告.txt", code=1)
    assert "请先运行 sellersheet addin install --libreoffice" in missing.stdout


def test_the_check_in_libreoffice(installed: Path, tmp_path: Path) -> None:
    home, target = installed, tmp_path / "报告.txt"
    done = addin(home, "selfcheck", "--lang", "zh", "-o", target)
    report = target.read_text("utf-8-sig")
    assert report in done.stdout
    assert f"正常  {len(cases())} 个示例在单元格里都算对。" in report
    assert "sellersheet-zh.xlsx 重新计算：" in report
    assert "结论：全部正常。" in report
    assert str(home) not in report


def test_root_is_refused(home: Path) -> None:
    root = ["unshare", "--user", "--map-root-user"]
    for command in ("install", "uninstall", "status"):
        assert "不要加 sudo" in addin(home, command, user=root, code=2).stderr
    assert not (home / ".sellersheet").exists()


def addin(home: Path, *words: str | Path, user: list[str] | None = None, code: int = 0) -> Done:
    """The command as a user types it; its exit code is as expected."""
    program = [sys.executable, "-m", "sellersheet_addin.cli", "addin"]
    done = ordinary_user.run(home, *program, *words, user=user)
    assert done.returncode == code, done
    return done


def driven(home: Path, extension: Path) -> Done:
    """Another extension file installed by the same code."""
    return ordinary_user.run(home, sys.executable, "-c", DRIVER, extension)


def extensions(home: Path) -> dict[str, str]:
    listed = ordinary_user.run(home, "unopkg", "list").stdout
    return dict(re.findall(r"Identifier: (\S+)\s+Version: (\S+)", listed))


def files(home: Path) -> dict[Path, bytes]:
    """Our files; but not what grows."""
    return {
        file: b"" if file.suffix == ".log" else file.read_bytes()
        for file in (home / ".sellersheet").rglob("*")
    }


def broken_worker(folder: Path) -> Path:
    """A Python that has everything, until the worker is to start."""
    script = folder / "python"
    script.write_text(
        f'#!/bin/sh\ncase "$*" in *" -m "*) echo broken >&2; exit 3;; esac\n'
        f'exec "{sys.executable}" "$@"\n'
    )
    script.chmod(0o755)
    return script


def changed(folder: Path, part: str, old: str, new: str) -> Path:
    """The extension with another text in one of its parts."""
    target = folder / EXTENSION.name
    with zipfile.ZipFile(EXTENSION) as source, zipfile.ZipFile(target, "w") as made:
        for name in source.namelist():
            content = source.read(name)
            if name == part:
                assert old.encode() in content
                content = content.replace(old.encode(), new.encode())
            made.writestr(name, content)
    return target


@contextmanager
def opened(home: Path) -> Iterator[None]:
    """A LibreOffice that this user has open."""
    pipe = f"sellersheet-{uuid.uuid4().hex}"
    office = subprocess.Popen(
        [*ordinary_user.prefix(), "soffice", "--headless", "--norestore",
         f"--accept=pipe,name={pipe};urp;"],
        env=ordinary_user.environment(home), start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        pipes = Path("/tmp")  # noqa: S108 - LibreOffice's choice
        wait_for(lambda: any(pipes.glob(f"OSL_PIPE_*_{pipe}")))
        yield
    finally:
        libreoffice._end(office)


def wait_for(happened: Callable[[], bool], seconds: float = 60) -> None:
    give_up = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < give_up
        time.sleep(0.1)
