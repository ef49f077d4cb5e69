"""The self-check's points over Excel's objects in memory, with the real macros behind them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from sellersheet_addin.excel import install as excel_install
from sellersheet_addin.excel import ribbon
from sellersheet_addin.excel.edition import edition
from sellersheet_addin.excel.install import WindowsFolders, configure, configured_interpreter
from sellersheet_addin.excel.selfcheck_points import Bench, try_broken_start, try_points
from sellersheet_addin.excel.wrappers import windows_branch
from sellersheet_addin.report import Report
from tests.excel_com import Excel, Typed, Workbook

ADDIN = Path("sellersheet.xlam")
STATE = f"described=24;bits=64;edition={edition()};process=%d;safe_path=%s;reason=%s"


@pytest.fixture(scope="module")
def branch() -> Iterator[SimpleNamespace]:
    with windows_branch(
        "sellersheet_addin.excel.book_program",
        "sellersheet_addin.excel.link_repair",
        "sellersheet_addin.excel.macros",
    ) as (xlwings, _, _, macros):
        yield SimpleNamespace(xw=xlwings, windows=sys.modules["xlwings._xlwindows"], macros=macros)


class Machine:
    """An Excel whose macros run; each attribute is something that could be wrong."""

    def __init__(self, branch: SimpleNamespace, folder: Path) -> None:
        self.branch, self.folder = branch, folder
        self.app = Excel(branch.windows.pywintypes.com_error, chinese=False)
        self.app.run, self.app.Workbooks.opens = self.run, self.opened
        self.app.spilled = 10
        self.processes = [7, 7]
        self.idle: set[str] = set()
        self.safe, self.unknown, self.filter_seen, self.reason = True, False, True, ""
        branch.windows.win32api.MessageBox = lambda *_: 1

    def run(self, macro: str) -> Any:
        place, _, name = macro.partition("!")
        if name == "ThisWorkbook.StartupReport":
            process = self.processes[0 if place == f"'{ADDIN.name}'" else 1]
            return STATE % (process, self.safe, self.reason)
        front = self.app.Workbooks.front
        self.branch.xw.Book(impl=self.branch.windows.Book(xl=front)).set_mock_caller()
        sheet = front.Worksheets(1)
        hidden = sheet.hidden
        if not self.filter_seen:  # Excel would let it be written
            sheet.hidden = set()
        task = next(task for task, button in ribbon.buttons().items() if button.macro == name)
        if task not in self.idle:
            getattr(self.branch.macros, task)()
        sheet.hidden = hidden
        return None

    def opened(self, path: str) -> Any:
        book = Workbook(self.app, Path(path))
        sheet = book.Worksheets.Add()
        sheet.cells[2, 2] = Typed("=SEMIFEE(A1,B1)")
        self.app.unknown = self.unknown
        return book

    def report(self) -> str:
        report = Report("en")
        results = self.app.results
        results['=AND(ISNA(SEMIFEE(100,"")),ISERROR(SEMIFEE(-1,22.6)))'] = True
        parts = [f'IF(Sheet1!$Z${row}="",1,Sheet1!$Z${row})' for row in range(1, 13)]
        results[f"=SUM({','.join(parts)})"] = 12.0
        results["=SEMIFEE(100,22.6)"] = 31.3
        results[f"=SUM({','.join(['SEMIFEE(100,22.6)'] * 20)})"] = 626.0
        books = [self.folder / "zh.xlsm", self.folder / "zh.xlsx"]
        try_points(Bench(report, self.app, ADDIN, *books))
        return "\n".join(report.lines)


@pytest.fixture
def machine(
    branch: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Machine:  # fmt: skip
    monkeypatch.setenv("SELLERSHEET_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("SELLERSHEET_LANG", raising=False)
    return Machine(branch, tmp_path)


def test_where_all_is_well_every_point_has_its_line(machine: Machine) -> None:
    text = machine.report()
    assert "WRONG" not in text
    for words in (
        "Excel's own error values", "spills over 10 columns", "entered by parts and is right",
        "file were repaired and are right, an array formula of 365 characters too",
        "A filtered table was not updated", "Update wrote the right fees", "Undo brought back",
        "Every function in zh.xlsx is known", "share one Python process", "64-bit",
        "loads nothing from the current folder", "of one edition",
    ):  # fmt: skip
        assert words in text


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("filter_seen", False, "WRONG  A filtered table was changed"),
        ("unknown", True, "WRONG  1 row of zh.xlsx show #NAME? (Sheet1:1)"),
        ("processes", [7, 8], "WRONG  Workbooks don't share one Python process: 7, 8"),
        (
            "idle",
            {"repair_links"},
            "WRONG  Formulas that named the add-in's file were not repaired",
        ),
        ("safe", False, "WRONG  Python would load files of the current folder"),
    ],
)
def test_each_fault_is_found(machine: Machine, name: str, value: Any, told: str) -> None:
    setattr(machine, name, value)
    assert told in machine.report()


def test_what_can_not_be_tried_is_told_and_the_rest_goes_on(machine: Machine) -> None:
    machine.app.spilled = 3
    machine.app.run = None
    text = machine.report()
    assert "WRONG  A table function spills over 3 columns instead of 10" in text
    assert "WRONG  Could not be tried (filtered orders)" in text
    assert "Every function in zh.xlsx is known" in text


@pytest.mark.parametrize("well", [True, False])
def test_a_broken_start(machine: Machine, tmp_path: Path, well: bool) -> None:
    folders = WindowsFolders(tmp_path, tmp_path / "AppData")
    python = tmp_path / "env" / "Scripts" / "python.exe"
    python.parent.mkdir(parents=True)
    python.write_bytes(b"program")
    for name in ("Scripts/python311.dll", "xlwings64-0.37.8.dll", "pyvenv.cfg"):
        (tmp_path / "env" / name).write_bytes(b"file")
    configure(folders, python)
    kept = folders.configuration.read_bytes()
    used: list[Path | None] = []

    @contextmanager
    def start() -> Iterator[Any]:
        used.append(configured_interpreter(folders))
        yield SimpleNamespace(api=machine.app, display_alerts=True)

    machine.reason = "start: Python process exited before" if well else ""
    machine.app.results["=SEMIFEE(100,22.6)"] = -2146826273 if well else 31.3
    report = Report("en")
    (tmp_path / "work").mkdir()
    try_broken_start(report, folders, python, tmp_path / "work", start)
    assert used == [tmp_path / "work" / "broken" / "python.exe"]
    assert sorted(file.name for file in used[0].parent.iterdir()) == [  # type: ignore[union-attr]
        "python.exe", "python311.dll", "xlwings64-0.37.8.dll",
    ]  # fmt: skip
    assert folders.configuration.read_bytes() == kept
    assert not folders.last_problem.exists()
    assert report.wrong == (0 if well else 1)
    assert ("20 cells are answered within" in report.lines[0]) is well
    assert excel_install.last_problem(folders) is None
