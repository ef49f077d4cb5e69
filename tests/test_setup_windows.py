"""install.cmd and uninstall.cmd: what is run in which order, and what is said."""

import os
import re
import runpy
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest

from sellersheet_addin import setup_windows
from sellersheet_addin.setup_windows import HERE, Setup, Stopped

ROOT = Path(__file__).parents[1]
SOURCES = ROOT / "addin" / "sellersheet_addin"  # also where the package itself is installed
Made = Callable[..., Setup]


class Programs:
    """Takes the commands; those of which a word is in ``fail`` end badly. venv makes a Python."""

    def __init__(self) -> None:
        self.ran: list[list[str]] = []
        self.fail: set[str] = set()

    def __call__(self, command: Sequence[str]) -> int:
        words = list(command)
        self.ran.append(words)
        if self.fail & set(words):
            return 1
        if "venv" in words:
            python = Path(words[-1], "bin", "python")
            python.parent.mkdir(parents=True)
            python.touch()
        if "new" in words:
            Path(next(word for word in words if word.endswith(".xlsm"))).touch()
        return 0

    def steps(self) -> list[str]:
        known = ("venv", "import pip", "pip", "addin", "new")
        return [next(word for word in known if word in words) for words in self.ran]


@pytest.fixture
def programs() -> Programs:
    return Programs()


def _unpacked(project: Path) -> Path:
    """The project as somebody has it; gives the folder of our file in it."""
    source = project / "addin" / "sellersheet_addin"
    source.mkdir(parents=True)
    for name in ("pyproject.toml", "install.cmd"):
        (project / name).touch()
    return source


@pytest.fixture
def made(tmp_path: Path, programs: Programs) -> Made:
    home = tmp_path / "用户" / "张 三"
    (home / "Desktop").mkdir(parents=True)
    source = _unpacked(tmp_path / "download")
    variables = {
        "USERPROFILE": str(home), "LOCALAPPDATA": str(home / "AppData"),
        "SYSTEMDRIVE": str(tmp_path / "C"),
    }  # fmt: skip

    # Folders that the code page of a Western Windows can write, but not that of the programs.
    western = tmp_path / "user"
    (western / "Desktop").mkdir(parents=True)

    def setup(page: str = "gbk") -> Setup:
        if page == "cp1252":
            elsewhere = variables | {"USERPROFILE": str(western)}
            return Setup(elsewhere, source, page, programs)
        return Setup(variables, source, page, programs)

    return setup


def test_a_first_installation(made: Made, programs: Programs, tmp_path: Path) -> None:
    setup = made()
    setup.install()
    assert programs.steps() == ["venv", "pip", "addin", "new"]
    assert programs.ran[1][-1] == str(tmp_path / "download")
    assert programs.ran[2][-3:] == ["addin", "install", "--excel"]
    assert (tmp_path / "用户" / "张 三" / "Desktop" / "半托管费用簿.xlsm").is_file()
    assert any(line.startswith("装好了") for line in setup.said)
    assert any(line.startswith("Installed.") for line in setup.said)


def test_again_upgrades_and_leaves_the_workbook(made: Made, programs: Programs) -> None:
    made().install()
    programs.ran.clear()
    setup = made()
    setup.install()
    assert programs.steps() == ["import pip", "pip", "addin"]
    assert "--upgrade" in programs.ran[1]
    assert any("没有动" in line for line in setup.said)


def test_an_environment_that_is_broken_is_made_anew(made: Made, programs: Programs) -> None:
    made().install()
    programs.ran.clear()
    programs.fail = {"import pip"}
    setup = made()
    (setup.environment() / "bin" / "python").unlink()
    setup.install()
    assert programs.steps() == ["venv", "pip", "addin"]


def test_an_installation_that_was_interrupted_is_begun_again(
    made: Made, programs: Programs
) -> None:
    programs.fail = {"venv"}
    setup = made()
    with pytest.raises(Stopped):
        setup.install()
    (setup.environment() / "half").touch()
    programs.fail.clear()
    setup.install()
    assert not (setup.environment() / "half").exists()


def test_what_others_have_at_the_place_is_not_touched(made: Made, programs: Programs) -> None:
    setup = made()
    setup.environment().mkdir(parents=True)
    (setup.environment() / "mine.txt").write_text("mine")
    with pytest.raises(Stopped, match="not_ours_there"):
        setup.install()
    assert programs.ran == []
    assert (setup.environment() / "mine.txt").read_text() == "mine"


def test_an_environment_made_by_hand_is_upgraded_and_stays(made: Made, programs: Programs) -> None:
    setup = made()
    (setup.environment() / "bin").mkdir(parents=True)
    (setup.environment() / "bin" / "python").touch()
    setup.install()
    assert programs.steps() == ["import pip", "pip", "addin", "new"]
    setup.uninstall()
    assert (setup.environment() / "bin" / "python").exists()


@pytest.mark.parametrize("folder", ["", "wheels", "../../wheels"])
def test_wheels_beside_it_need_no_network(made: Made, programs: Programs, folder: str) -> None:
    """Beside install.cmd too, which lies above its own files in the project's folder."""
    setup = made()
    wheels = (setup.source / folder).resolve()
    wheels.mkdir(exist_ok=True)
    for name in ("sellersheet-0.1.0-py3-none-any.whl", "numpy-2.0-cp311-win_amd64.whl"):
        (wheels / name).touch()
    setup.install()
    installs = [words for words in programs.ran if "pip" in words]
    assert len(installs) == 2
    assert all("--no-index" in words and str(wheels) in words for words in installs)
    assert installs[1][-1].endswith("sellersheet-0.1.0-py3-none-any.whl")
    assert "--force-reinstall" in installs[1]


def test_wheels_that_lack_something_are_completed_over_the_network(
    made: Made, programs: Programs
) -> None:
    setup = made()
    (setup.source / "sellersheet-0.1.0-py3-none-any.whl").touch()
    programs.fail = {"--no-index"}
    setup.install()
    last = [words for words in programs.ran if "pip" in words][-1]
    assert "--no-index" not in last
    assert last[-1].endswith(".whl")


def test_without_a_package_nothing_of_the_same_name_is_fetched(
    made: Made, programs: Programs, tmp_path: Path
) -> None:
    setup = made()
    (tmp_path / "download" / "install.cmd").unlink()
    with pytest.raises(Stopped, match="no_package"):
        setup.install()
    assert programs.ran == []
    assert not setup.environment().exists()


def test_sources_around_it_are_what_is_installed(programs: Programs, made: Made) -> None:
    setup = made()
    setup.source = SOURCES
    setup.install()
    assert next(words for words in programs.ran if "pip" in words)[-1] == str(ROOT)


@pytest.mark.parametrize(
    ("home", "page", "folder"),
    [
        ("/用户/张 三", "gbk", "用户/张 三/AppData/sellersheet"),
        ("/user", "cp1252", "C/sellersheet"),
    ],
)
def test_a_folder_that_the_code_page_can_write(
    programs: Programs, home: str, page: str, folder: str
) -> None:
    own = {"USERPROFILE": home, "LOCALAPPDATA": "/用户/张 三/AppData", "SYSTEMDRIVE": "/C"}
    assert Setup(own, HERE, page, programs).environment() == Path("/", folder)


def test_a_folder_below_the_root_is_closed_to_others(
    made: Made, programs: Programs, tmp_path: Path
) -> None:
    made("cp1252").install()
    shared = tmp_path / "C" / "sellersheet"
    assert programs.ran[0][:3] == ["icacls", str(shared), "/inheritance:r"]
    assert "venv" in programs.ran[1]
    # Cut short there, it is begun again.
    programs.ran.clear()
    made("cp1252").install()
    assert programs.steps() == ["import pip", "pip", "addin"]
    # What lies there is trusted only where the user's own files name it.
    note = tmp_path / "user" / ".sellersheet" / "environment.txt"
    note.unlink()
    with pytest.raises(Stopped, match="not_ours_there"):
        made("cp1252").install()
    settings = note.with_name("sellersheet.conf")
    settings.write_text(f'"INTERPRETER_WIN","{shared}\\Scripts\\python.exe"', encoding="cp1252")
    programs.ran.clear()
    made("cp1252").install()
    assert programs.steps() == ["import pip", "pip", "addin"]
    settings.unlink()
    note.write_text(str(shared), encoding="utf-8")
    made("cp1252").uninstall()
    assert not shared.exists()
    assert not note.parent.exists()


@pytest.mark.parametrize(
    ("home", "drive", "told"), [("/用户", "/C", "/用户"), ("/user", "/盘", "/盘/sellersheet")]
)
def test_a_folder_that_excel_can_not_read_is_told_at_once(
    programs: Programs, home: str, drive: str, told: str
) -> None:
    """The settings are in the user's own folder, wherever the environment is."""
    nowhere = {"USERPROFILE": home, "LOCALAPPDATA": "/用户/AppData", "SYSTEMDRIVE": drive}
    with pytest.raises(Stopped) as stopped:
        Setup(nowhere, SOURCES, "cp1252", programs).install()
    assert stopped.value.code == "no_folder"
    assert str(stopped.value.fields["folder"]) == told
    assert programs.ran == []


@pytest.mark.parametrize(("word", "what"), [("venv", "venv"), ("pip", "pip"), ("--excel", "addin")])
def test_a_step_that_fails_ends_it(made: Made, programs: Programs, word: str, what: str) -> None:
    programs.fail = {word}
    with pytest.raises(Stopped) as stopped:
        made().install()
    assert stopped.value.code == "failed"
    assert str(stopped.value.fields["what"]).startswith(what)


def test_a_failure_is_told_in_both_languages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As it runs; the Python that makes the environment ends badly."""
    monkeypatch.setattr(sys, "executable", "/bin/false")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    main = runpy.run_path(str(SOURCES / "setup_windows.py"))["main"]
    assert main(["install", "--no-open"]) == 2
    said = capsys.readouterr().out
    assert "这一步没有做成：venv（退出码 1）" in said
    assert "This step failed: venv (exit code 1)" in said


def test_the_python_of_the_store_is_refused(
    made: Made, programs: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "base_prefix", r"C:\Program Files\WindowsApps\Python")
    with pytest.raises(Stopped, match="store_python"):
        made().install()
    assert programs.ran == []


def test_removal_takes_only_what_it_made(made: Made, programs: Programs) -> None:
    made().install()
    setup = made()
    folder = setup.environment()
    setup.uninstall()
    assert programs.ran[-1][-2:] == ["addin", "uninstall"]
    assert not folder.exists()
    folder.mkdir()
    (folder / "mine.txt").touch()
    setup.uninstall()
    assert (folder / "mine.txt").exists()
    assert any("没有删除" in line for line in setup.said)


def test_what_is_in_use_is_removed_the_next_time(
    made: Made, programs: Programs, monkeypatch: pytest.MonkeyPatch
) -> None:
    made().install()
    setup = made()
    folder = setup.environment()
    dll = folder / "xlwings64.dll"
    dll.touch()
    unlink = Path.unlink

    def held(path: Path, missing_ok: bool = False) -> None:
        if path == dll:
            raise PermissionError(13, "in use", str(path))
        unlink(path, missing_ok)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", held)
        with pytest.raises(Stopped) as stopped:
            setup.uninstall()
    assert stopped.value.fields == {"file": str(dll)}
    made().uninstall()
    assert not folder.exists()


def test_it_needs_the_standard_library_only() -> None:
    asked = [sys.executable, "-I", "-S", str(HERE / "setup_windows.py"), "uninstall"]
    environment = {"LOCALAPPDATA": "/nowhere", "USERPROFILE": "/nowhere", "PATH": os.defpath}
    done = subprocess.run(asked, capture_output=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    said = done.stdout.decode().splitlines()
    assert said == ["没有安装，什么都没有动。", "Nothing was installed, so nothing was removed."]


def test_every_sentence_is_asked_for() -> None:
    text = (HERE / "setup_windows.py").read_text(encoding="utf-8")
    words = (HERE / "setup_windows.toml").read_text(encoding="utf-8")
    codes = re.findall(r"(?m)^\[(\w+)\]", words)
    assert len(codes) > 5
    for code in codes:
        assert f'"{code}"' in text or f"'{code}'" in text, code
        assert set(setup_windows._words(code)) == {"zh", "en"}


class TestCommandFiles:
    TEXT = (ROOT / "install.cmd").read_bytes()

    def test_both_are_one_text(self) -> None:
        other = (ROOT / "uninstall.cmd").read_bytes()
        lines, others = self.TEXT.splitlines(), other.splitlines()
        assert [at for at, line in enumerate(lines) if line != others[at]] == [1]
        assert len(lines) == len(others)

    def test_lines_end_as_windows_wants_them(self) -> None:
        assert self.TEXT.count(b"\n") == self.TEXT.count(b"\r\n")
        assert not self.TEXT.startswith(b"\xef\xbb\xbf")

    def test_every_label_exists_and_words_come_after_the_last(self) -> None:
        text = self.TEXT.decode()
        labels = set(re.findall(r"(?m)^:(\w+)", text))
        assert set(re.findall(r"(?:goto|call) :?(\w+)", text)) <= labels
        # cmd seeks by bytes: nothing beyond ASCII before what it jumps over.
        before, _, after = text.partition(":nopython")
        assert before.isascii()
        assert not after.isascii()

    @pytest.mark.parametrize(
        ("version", "largest", "taken"),
        [((3, 11), 2**63, True), ((3, 14), 2**63, True), ((3, 10), 2**63, False),
         ((3, 12), 2**31, False), ((4, 11), 2**63, False)],
    )  # fmt: skip
    def test_which_python_is_taken(
        self, version: tuple[int, int], largest: int, taken: bool
    ) -> None:
        """Packages are to be had for 64 bits only."""
        (check,) = re.findall(r'(?m)^set "CHECK=import sys; (.*)"\r$', self.TEXT.decode())
        answers: list[bool] = []
        exact = (*version, 2, "final", 0)
        seen = SimpleNamespace(version_info=exact, maxsize=largest - 1, exit=answers.append)
        exec(check, {"sys": seen})  # noqa: S102
        assert answers == [not taken]
