"""The self-check's report, and what is asked of Excel: of a stand-in, as no Excel runs here."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from sellersheet.functions.blocks import ERROR_NUMBERS
from sellersheet_addin.excel import install as excel
from sellersheet_addin.excel import selfcheck as in_excel
from sellersheet_addin.excel.install import ExcelProblem, WindowsFolders
from sellersheet_addin.excel.own_excel import make_addin
from sellersheet_addin.excel.vba_modules import modules, workbook_events
from sellersheet_addin.libreoffice.selfcheck import compare_numbers
from sellersheet_addin.report import Report, private
from sellersheet_workbook.host.selfcheck import cases
from tests.command_line import call
from tests.test_addin_install import environment, variables

REFUSED = Exception(-2147352567, "error", (0, "Excel", "Programmatic access is not trusted", 0))


class Excel:
    """What is asked of xlwings' App and of Excel behind it, remembered in ``asked``."""

    def __init__(self, *, trusted: bool = True, sums_wrong: bool = False) -> None:
        self.trusted, self.sums_wrong = trusted, sums_wrong
        self.asked: list[Any] = []
        self.imported: dict[str, bytes] = {}
        self.events = "Option Explicit"
        self.formulas: list[list[str]] = []
        self.books = SimpleNamespace(add=self._book, open=self._opened)
        self.api = SimpleNamespace(
            Version="16.0", Build=17328, OperatingSystem="Windows (64-bit) NT 10.00",
            LanguageSettings=SimpleNamespace(LanguageID=lambda kind: 1033),
            Run=self._run, CalculateFullRebuild=lambda: self.asked.append("calculate"),
        )  # fmt: skip

    @contextmanager
    def __call__(self) -> Iterator["Excel"]:
        yield self
        self.asked.append("quit")

    def calculate(self) -> None:
        self.asked.append("calculate")

    def _opened(self, path: str) -> Any:
        self.asked.append(("open", Path(path).name))
        assert Path(path).is_file()
        return self._book(Path(path).name)

    def _book(self, name: str = "Book1") -> Any:
        rows = ((True, "ok"), (False, "no"), (errors("#N/A"), None))
        check = SimpleNamespace(
            name="Check", used_range=SimpleNamespace(api=SimpleNamespace(Value=rows))
        )
        first = SimpleNamespace(name="Sheet1", range=lambda start, end: self)
        return SimpleNamespace(
            name=name, sheets=[first, check], close=lambda: None,
            # Excel gives a new workbook its code name when the editor is first opened.
            api=SimpleNamespace(
                VBProject=Project(self), CodeName="", SaveAs=self._save,
                Worksheets=[SimpleNamespace(CodeName="Sheet1")],
            ),
        )  # fmt: skip

    @property
    def formula(self) -> list[list[str]]:
        raise AssertionError("only written")

    @formula.setter
    def formula(self, rows: list[list[str]]) -> None:
        assert rows == [[case.formula] for case in cases()]
        values = [(errors(str(case.gives)) or case.gives,) for case in cases()]
        if self.sums_wrong:
            values[0] = (errors("#NAME?"),)
        self.api.Value = tuple(values)

    def _run(self, macro: str) -> str:
        self.asked.append(macro)
        if "PolicyVersion" in macro:
            raise Exception(-2147352567, "error", (0, "Excel", "Cannot run the macro", 0))
        return "described=24;language=2052;problem="

    def _save(self, path: str, form: int) -> None:
        assert form == 55
        Path(path).write_bytes(b"made by Excel")


class Project:
    def __init__(self, excel: Excel) -> None:
        self.excel = excel

    @property
    def VBComponents(self) -> "Components":  # noqa: N802 - Excel's name
        if not self.excel.trusted:
            raise REFUSED
        return Components(self.excel)


class Components:
    Count = 2

    def __init__(self, excel: Excel) -> None:
        self.excel = excel

    def Import(self, path: str) -> None:  # noqa: N802
        self.excel.imported[Path(path).stem] = Path(path).read_bytes()

    def __iter__(self) -> Iterator[Any]:
        for name, kind in (("Sheet1", 100), ("ThisWorkbook", 100), ("Module1", 1)):
            yield SimpleNamespace(Name=name, Type=kind, CodeModule=self._code(name))

    def _code(self, name: str) -> Any:
        def add(text: str) -> None:
            assert name == "ThisWorkbook"
            self.excel.events += text

        return SimpleNamespace(
            CountOfLines=1,
            DeleteLines=lambda first, count: setattr(self.excel, "events", ""),
            AddFromString=add,
        )


def errors(text: str) -> int | None:
    """As COM gives an error cell."""
    return 0x800A0000 + ERROR_NUMBERS[text] - (1 << 32) if text in ERROR_NUMBERS else None


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WindowsFolders:
    home = tmp_path / "张 三"
    made = WindowsFolders(home, home / "AppData")
    made.appdata.mkdir(parents=True)
    for name, value in variables(made).items():
        monkeypatch.setenv(name, value)
    return made


def test_excel_makes_the_addin_out_of_the_same_text() -> None:
    excel = Excel()
    assert make_addin(excel) == b"made by Excel"
    assert excel.imported == {name: text.encode("ascii") for name, text in modules("addin").items()}
    assert excel.events == workbook_events()


def test_excel_that_lets_no_program_write_macros_is_told() -> None:
    with pytest.raises(ExcelProblem) as problem:
        make_addin(Excel(trusted=False))
    assert problem.value.code == "vba_closed"
    assert "Programmatic access is not trusted" in problem.value.text("en")
    assert "信任对 VBA 工程对象模型的访问" in problem.value.text("zh")


def test_importing_without_excel_changes_nothing(
    capsys: pytest.CaptureFixture[str], folders: WindowsFolders
) -> None:
    refused = call(capsys, "addin", "install", "--import", "--lang", "en")
    assert refused.code == 2
    assert "Excel can't be started" in refused.err
    assert list(folders.home.rglob("*")) == [folders.appdata]


def test_the_check_in_excel(
    folders: WindowsFolders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A template stands beside the add-in; any file does for the stand-in.
    assets = tmp_path / "assets"
    assets.mkdir()
    shutil.copy(excel.ADDIN, assets)
    (assets / "sellersheet-en.xlsm").write_bytes(b"template")
    monkeypatch.setattr(in_excel, "ADDIN", assets / excel.ADDIN.name)
    excel.install(folders, environment(folders.home / "python"))

    # The points have a test of their own, over Excel's objects.
    benches: list[Any] = []
    broken: list[Any] = []
    monkeypatch.setattr(in_excel, "try_points", benches.append)
    monkeypatch.setattr(in_excel, "try_broken_start", lambda *given: broken.append(given[2]))
    app = Excel()
    report = in_excel.selfcheck(folders, "en", app)
    (bench,) = benches
    assert bench.addin == folders.addin
    assert (bench.macro_book.name, bench.plain_book.name) == (
        "2-sellersheet-en.xlsm", "2-sellersheet-en.xlsx",
    )  # fmt: skip
    assert broken == [folders.home / "python" / "Scripts" / "python.exe"]
    text = report.text()
    assert app.asked == [
        ("open", "sellersheet.xlam"),
        "'sellersheet.xlam'!ThisWorkbook.StartupReport",
        "calculate",
        ("open", "sellersheet-en.xlsm"),
        "calculate",
        "'sellersheet-en.xlsm'!SellersheetUpdate",
        "'sellersheet-en.xlsm'!SellersheetUndo",
        "'sellersheet-en.xlsm'!SellersheetPolicyVersion",
        "quit",
    ]
    assert f"ok     All {len(cases())} sums are right in cells." in text
    assert "WRONG  Sheet Check of sellersheet-en.xlsm: 2 cells" in text
    assert "WRONG  Button Policy version: Cannot run the macro" in text
    assert "described=24" in text
    assert report.wrong == 2
    assert str(folders.home) not in text
    assert "~/python/Scripts/python.exe" in text

    text = in_excel.selfcheck(folders, "en", Excel(sums_wrong=True)).text()
    assert f'WRONG  {cases()[0].formula} shows "#NAME?" instead of "31.3"' in text


def test_the_check_without_installation_or_excel(folders: WindowsFolders) -> None:
    assert "没有装好" in in_excel.selfcheck(folders, "zh", Excel()).text()
    excel.install(folders, environment(folders.home / "python"))
    report = in_excel.selfcheck(folders, "zh")
    assert report.wrong == 1
    assert "不能启动 Excel" in report.text()


def test_paths_are_shortened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USERPROFILE", r"C:\Users\张三")
    assert private(r"c:\users\张三\AppData, C:/Users/张三/x") == r"~\AppData, ~/x"


def test_numbers_that_differ_are_found() -> None:
    wanted = {"Orders": [["paid", 1.5, True], [2, "text", 0.1 + 0.2]]}
    report = Report("en")
    compare_numbers(report, "book", wanted, {"Orders": [["实付", 1.5, True], [2, "", 0.3]]})
    assert (report.wrong, report.lines) == (
        0, ["ok     book calculated anew: 4 numbers are those of Python."],
    )  # fmt: skip
    compare_numbers(report, "book", wanted, {"Orders": [["paid", "", 1], [2.01]]})
    assert report.wrong == 1
    assert "3 cells differ" in report.lines[-1]
    assert "sheet Orders, row 1, column 2" in report.lines[-1]
