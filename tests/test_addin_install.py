"""The add-in put into Excel's folders of a simulated Windows user, and taken out; programs run."""

import csv
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

import sellersheet
from sellersheet.wording import LANGS, Problem
from sellersheet_addin.excel import install as excel_install
from sellersheet_addin.excel.install import (
    ADDIN,
    ExcelProblem,
    LastProblem,
    WindowsFolders,
    install,
    status,
    uninstall,
)
from sellersheet_addin.excel.selfcheck import last_problem_told
from sellersheet_addin.installing import ProgramProblem, run
from tests import ordinary_user
from tests.command_line import call

DLL = "xlwings64-0.37.8.dll"
CHINESE_WINDOWS = "gbk"  # the code page in which VBA reads files there
FORMER = b'"UDF MODULES","sellersheet.excel"\r\n"Use UDF Server","False"\r\n'
CAPSYS = pytest.CaptureFixture[str]
OUTLIVED = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(20)"])
print("账单", child.pid)
print("problem", file=sys.stderr)
sys.exit(3)
"""


@pytest.fixture
def folders(tmp_path: Path) -> WindowsFolders:
    home = tmp_path / "用户" / "张 三"
    (home / "AppData" / "Roaming").mkdir(parents=True)
    return WindowsFolders(home, home / "AppData" / "Roaming", CHINESE_WINDOWS)


@pytest.fixture
def python(tmp_path: Path) -> Path:
    """A Windows environment's Python: it has a folder of its own, the DLL one folder up."""
    return environment(tmp_path / "费用 环境")


@pytest.fixture
def telling(tmp_path: Path) -> Path:
    """The same that tells what this Python tells, as ``python`` does after a second of imports."""
    version = sys.version.split()[0]
    return environment(tmp_path / "费用 环境", f"{sellersheet.__version__} {version} 0.37.8")


def environment(folder: Path, versions: str = "") -> Path:
    program = folder / "Scripts" / "python.exe"
    program.parent.mkdir(parents=True)
    (folder / DLL).touch()
    runs = f"echo {versions}" if versions else f'exec "{sys.executable}" "$@"'
    program.write_text(f"#!/bin/sh\n{runs}\n")
    program.chmod(0o755)
    return program


def test_both_files_are_put_in_place(folders: WindowsFolders, python: Path) -> None:
    found, what = install(folders, python)
    assert (what, found.sellersheet) == ("new", sellersheet.__version__)
    start = folders.home / "AppData" / "Roaming" / "Microsoft" / "Excel" / "XLSTART"
    assert [file.name for file in start.iterdir()] == ["sellersheet.xlam"]
    assert (start / "sellersheet.xlam").read_bytes() == ADDIN.read_bytes()
    assert read_by_vba(folders) == {"INTERPRETER_WIN": str(python)}
    assert status(folders).complete


def test_again_is_the_same_and_another_version_is_replaced(
    folders: WindowsFolders, telling: Path, tmp_path: Path
) -> None:
    older = tmp_path / "sellersheet.xlam"
    older.write_bytes(b"older")
    assert install(folders, telling, older)[1] == "new"
    before = files(folders)
    assert install(folders, telling, older)[1] == "same"
    assert files(folders) == before

    seen = status(folders)
    assert seen.addin
    assert not seen.current
    other = environment(tmp_path / "new")
    assert install(folders, other)[1] == "updated"
    assert folders.addin.read_bytes() == ADDIN.read_bytes()
    assert read_by_vba(folders)["INTERPRETER_WIN"] == str(other)


def test_lines_of_the_user_stay(folders: WindowsFolders, telling: Path) -> None:
    theirs = folders.home / ".xlwings" / "xlwings.conf"
    theirs.parent.mkdir()
    theirs.write_bytes(b'"INTERPRETER_WIN","C:\\other\\python.exe"\r\n')
    folders.configuration.parent.mkdir()
    own = '"SHOW CONSOLE","True"\r\n"TEMP DIR","D:\\临时"\r\n'.encode(CHINESE_WINDOWS)
    ours = b'"interpreter_win","C:\\old\\python.exe"\r\n' + FORMER
    folders.configuration.write_bytes(ours + own)

    install(folders, telling)
    user = {"SHOW CONSOLE": "True", "TEMP DIR": "D:\\临时"}
    assert read_by_vba(folders) == user | {"INTERPRETER_WIN": str(telling)}
    assert uninstall(folders) == [folders.addin, folders.configuration]
    assert folders.configuration.read_bytes() == own
    assert theirs.read_bytes() == b'"INTERPRETER_WIN","C:\\other\\python.exe"\r\n'
    assert uninstall(folders) == []


def test_removed_without_a_trace(folders: WindowsFolders, telling: Path) -> None:
    install(folders, telling)
    assert uninstall(folders) == [folders.addin, folders.configuration]
    assert files(folders) == {}
    assert not folders.configuration.parent.exists()
    assert not status(folders).complete


def test_the_last_problem_is_read_and_forgotten(folders: WindowsFolders, telling: Path) -> None:
    install(folders, telling)
    assert status(folders).last is None
    text = "2026-03-01 09:00:00\r\nblocked\r\nstart\r\nError message: 拒绝访问。\r\n"
    folders.last_problem.write_bytes(text.encode(CHINESE_WINDOWS))
    last = status(folders).last
    wanted = LastProblem("2026-03-01 09:00:00", "blocked", "start", "Error message: 拒绝访问。")
    assert last == wanted
    told = last_problem_told(wanted, "zh")
    assert "2026-03-01 09:00:00，start：Error message: 拒绝访问。" in told
    assert "阻止所有 Office 应用程序创建子进程" in told
    install(folders, telling)
    assert status(folders).last is None
    folders.last_problem.write_bytes(b"")
    assert status(folders).last == LastProblem("", "", "", "")
    uninstall(folders)
    assert files(folders) == {}


def test_the_dll_of_excels_kind_is_needed(
    folders: WindowsFolders, python: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(excel_install, "excel_bits", lambda: 32)
    with pytest.raises(ExcelProblem) as problem:
        install(folders, python)
    assert problem.value.code == "no_dll"
    assert "xlwings32-0.37.8.dll" in problem.value.text("zh")
    (python.parent.parent / "xlwings32-0.37.8.dll").touch()
    assert install(folders, python)[1] == "new"


def test_the_python_of_the_store_is_refused(folders: WindowsFolders, tmp_path: Path) -> None:
    python = environment(tmp_path / "WindowsApps", "0.1.0 3.12.1 0.37.8")
    with pytest.raises(ExcelProblem) as problem:
        install(folders, python)
    assert problem.value.code == "store_python"


@pytest.mark.parametrize("configured", [False, True])
def test_a_folder_that_is_a_file(folders: WindowsFolders, telling: Path, configured: bool) -> None:
    if configured:
        folders.configuration.parent.mkdir()
        folders.configuration.write_bytes(b'"SHOW CONSOLE","True"\r\n')
    folders.addin.parent.parent.mkdir(parents=True)
    folders.addin.parent.write_bytes(b"")
    before = files(folders)
    with pytest.raises(OSError, match="XLSTART"):
        install(folders, telling)
    assert files(folders) == before
    assert folders.configuration.parent.exists() == configured


def test_a_folder_that_can_only_be_read(folders: WindowsFolders, python: Path) -> None:
    folders.addin.parent.mkdir(parents=True)
    folders.addin.write_bytes(b"older")
    folders.addin.parent.chmod(0o555)
    before = files(folders)
    done = ordinary_user.run(
        folders.home, sys.executable, "-m", "sellersheet_addin.cli", "addin", "install",
        "--excel", "--lang", "en", "--python", python, **variables(folders),
    )  # fmt: skip
    folders.addin.parent.chmod(0o755)
    assert done.returncode == 2, done
    assert "all is as it was before" in done.stderr
    assert f"{folders.addin} can't be written" in done.stderr
    assert files(folders) == before
    assert not folders.configuration.parent.exists()


def test_a_path_that_the_code_page_lacks(tmp_path: Path, telling: Path) -> None:
    folders = WindowsFolders(tmp_path / "plain", tmp_path / "plain" / "AppData", "cp1252")
    with pytest.raises(ExcelProblem) as problem:
        install(folders, telling)
    assert problem.value.code == "code_page"
    assert "“费用”" in problem.value.text("zh")
    assert not folders.home.exists()


def test_a_user_whose_name_the_code_page_lacks(folders: WindowsFolders, telling: Path) -> None:
    with pytest.raises(ExcelProblem) as problem:
        install(replace(folders, page="cp1252"), telling)
    assert problem.value.code == "code_page_home"
    assert "“用户”" in problem.value.text("zh")
    assert files(folders) == {}


@pytest.mark.parametrize(
    ("versions", "dll", "code", "said"),
    [
        ("0.1.0 3.12.1 0.30.0", True, "other_xlwings", "0.30.0"),
        ("0.1.0 3.12.1 0.37.8", False, "no_dll", "venv"),
        ("broken", True, "python_lacks", "python.exe"),
    ],
)
def test_a_python_that_excel_can_not_use(
    folders: WindowsFolders, tmp_path: Path, versions: str, dll: bool, code: str, said: str
) -> None:
    python = environment(tmp_path / "other", versions)
    if not dll:
        (tmp_path / "other" / DLL).unlink()
    with pytest.raises(Problem) as problem:
        install(folders, python)
    assert problem.value.code == code
    assert all(said in problem.value.text(lang) for lang in LANGS)
    assert files(folders) == {}


def test_status_names_what_is_wrong(folders: WindowsFolders, telling: Path) -> None:
    install(folders, telling)
    telling.unlink()
    seen = status(folders)
    assert seen.interpreter == telling
    assert seen.problem is not None
    assert not seen.complete


def test_the_commands(
    capsys: CAPSYS, monkeypatch: pytest.MonkeyPatch, folders: WindowsFolders, python: Path
) -> None:
    for name, value in variables(folders).items():
        monkeypatch.setenv(name, value)
    done = call(capsys, "addin", "install", "--excel", "--python", python, "--lang", "zh")
    assert done.code == 0, done.err
    for words in (str(folders.addin), str(python), "半托管助手", "解除锁定", "受信任位置"):
        assert words in done.out
    done = call(capsys, "addin", "install", "--excel", "--python", python, "--lang", "en")
    assert "is this version already" in done.out
    assert "Mark of the Web" in done.out

    assert f"加载项：{folders.addin}" in call(capsys, "addin", "status", "--lang", "zh").out
    removed = call(capsys, "addin", "uninstall", "--excel", "--lang", "en")
    assert removed.out.splitlines() == [
        f"Removed: {folders.addin}",
        f"Removed: {folders.configuration}",
    ]


def test_elsewhere_it_says_what_is_possible(
    capsys: CAPSYS, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("USERPROFILE", "APPDATA"):
        monkeypatch.delenv(name, raising=False)
    for command in ("install", "uninstall"):
        refused = call(capsys, "addin", command, "--excel", "--lang", "zh")
        assert refused.code == 2
        assert "sellersheet addin install --libreoffice" in refused.err


def variables(folders: WindowsFolders) -> dict[str, str]:
    return {"USERPROFILE": str(folders.home), "APPDATA": str(folders.appdata)}


def read_by_vba(folders: WindowsFolders) -> dict[str, str]:
    """As VBA's Input # reads it: two values in quotes a line, in the system's code page."""
    text = folders.configuration.read_bytes().decode(CHINESE_WINDOWS)
    return dict(csv.reader(text.split("\r\n")[:-1], strict=True))


def files(folders: WindowsFolders) -> dict[Path, bytes]:
    return {file: file.read_bytes() for file in folders.home.rglob("*") if file.is_file()}


def test_what_it_says_comes_though_its_child_lives_on() -> None:
    """On Windows a service that a program starts inherits what the program writes to."""
    started = time.monotonic()
    done = run(sys.executable, "-X", "utf8", "-c", OUTLIVED, seconds=15)
    assert time.monotonic() - started < 10
    assert done.returncode == 3
    assert done.stdout.startswith("账单 ")
    assert done.stderr == "problem\n"


def test_after_its_time_it_is_ended() -> None:
    started = time.monotonic()
    with pytest.raises(ProgramProblem) as problem:
        run(sys.executable, "-c", "import time; time.sleep(60)", seconds=0.5)
    assert time.monotonic() - started < 10
    assert problem.value.code == "too_slow"


def test_one_that_is_not_there_is_told() -> None:
    with pytest.raises(ProgramProblem) as problem:
        run("/no/such/program", seconds=5)
    assert problem.value.code == "not_started"
