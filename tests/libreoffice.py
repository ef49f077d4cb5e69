"""A headless LibreOffice for tests: open or make a workbook, calculate, read cells, print.

    with libreoffice.started() as office:
        office.open(path)
        office.cells("Sheet1", "A1:B9")

Its second half, under ``__main__``, runs in the system's Python, which has LibreOffice's
UNO, and answers one JSON line a request.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

REQUIRED: Final = "SELLERSHEET_REQUIRE_LIBREOFFICE"  # "1": a missing LibreOffice fails the tests
PYTHON: Final = "/usr/bin/python3"
NOT_AVAILABLE: Final = 32767
WRONG_VALUE: Final = 519
NO_NUMBER: Final = 503
_SETTINGS: Final = """\
<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"
 xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
 <prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
 <prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>{never}</value></prop>
 <prop oor:name="ODFRecalcMode" oor:op="fuse"><value>{never}</value></prop></item>
</oor:items>
"""


@dataclass(frozen=True)
class Cell:
    """``value`` is None for an empty cell; ``error`` is 0 or LibreOffice's number for it."""

    value: float | str | None
    error: int
    text: str


def missing() -> str:
    """What is missing for a LibreOffice to be started; "" when nothing is."""
    if shutil.which("soffice") is None:
        return "soffice is not installed"
    probe = [PYTHON, "-c", "import uno"]
    if not Path(PYTHON).exists() or subprocess.run(probe, capture_output=True).returncode:
        return f"{PYTHON} has no UNO (python3-uno)"
    return ""


class Office:
    """A LibreOffice with at most one workbook open."""

    def __init__(self, helper: subprocess.Popen[bytes], pipe: str) -> None:
        self._helper = helper
        self._pipe = pipe

    @contextmanager
    def beside(self) -> Iterator[Office]:
        """The same LibreOffice with a workbook of its own, also for another thread."""
        helper = _start(PYTHON, "-P", __file__, self._pipe)
        try:
            office = Office(helper, self._pipe)
            yield office
            office.close()
        finally:
            _end(helper)

    def new(self, *, visible: bool = False) -> None:
        """An empty workbook, its only sheet named Sheet1; only a visible one can have bars."""
        self._ask("new", visible=visible)

    def open(self, path: Path) -> list[str]:
        """Opens a file with its macros allowed; the names of its sheets."""
        return list(self._ask("open", url=path.absolute().as_uri()))

    def close(self) -> None:
        self._ask("close")

    def add_basic(self, modules: dict[str, str]) -> None:
        """Adds Basic modules that run as VBA does."""
        self._ask("add_basic", modules=modules)

    def write(self, sheet: str, address: str, rows: Sequence[Sequence[str]]) -> None:
        """Writes text, numbers and formulas as they would be typed in English."""
        self._ask("write", sheet=sheet, address=address, rows=[list(row) for row in rows])

    def write_array(self, sheet: str, address: str, formula: str) -> None:
        """Writes one array formula over the whole range."""
        self._ask("write_array", sheet=sheet, address=address, formula=formula)

    def calculate(self, timeout: float = 60) -> float:
        """Calculates every cell anew; the seconds it took."""
        return float(self._ask("calculate", timeout))

    def cells(self, sheet: str, address: str) -> list[list[Cell]]:
        rows = self._ask("cells", sheet=sheet, address=address)
        return [[Cell(*cell) for cell in row] for row in rows]

    def values(self, sheet: str, address: str) -> list[list[float | str]]:
        """Fast, for many cells; an error reads as an empty text."""
        return [list(row) for row in self._ask("values", sheet=sheet, address=address)]

    def formulas(self, sheet: str, address: str) -> list[list[str]]:
        return [list(row) for row in self._ask("formulas", sheet=sheet, address=address)]

    def has_bar(self, name: str) -> bool:
        """Whether the extension's bar of this name stands over the workbook."""
        return bool(self._ask("has_bar", name=name))

    def save(self, path: Path, filter_name: str) -> None:
        """Saves a copy: "calc8" for .ods, "Calc MS Excel 2007 XML" for .xlsx."""
        self._ask("save", url=path.absolute().as_uri(), filter_name=filter_name)

    def pictures(self, folder: Path, dpi: int = 80) -> list[Path]:
        """Every printed page of the workbook as PNG, by pdftoppm."""
        pdf = folder / "pages.pdf"
        self.save(pdf, "calc_pdf_Export")
        command = ["pdftoppm", "-r", str(dpi), "-png", str(pdf), str(folder / "page")]
        subprocess.run(command, check=True, timeout=120)
        return sorted(folder.glob("page*.png"))

    def _ask(self, request: str, timeout: float = 60, /, **details: Any) -> Any:
        assert self._helper.stdin is not None
        assert self._helper.stdout is not None
        self._helper.stdin.write(json.dumps({"request": request, **details}).encode() + b"\n")
        self._helper.stdin.flush()
        if not select.select([self._helper.stdout], [], [], timeout)[0]:
            raise TimeoutError(f"LibreOffice did not {request} within {timeout:g} s")
        line = self._helper.stdout.readline()
        if not line:
            raise RuntimeError(f"LibreOffice ended during {request}")
        answer = json.loads(line)
        if "problem" in answer:
            raise RuntimeError(f"LibreOffice could not {request}: {answer['problem']}")
        return answer["answer"]


@contextmanager
def started(
    extensions: Path | None = None,
    *,
    recalculate: bool = True,
    environment: Mapping[str, str] | None = None,
) -> Iterator[Office]:
    """A LibreOffice with a fresh profile; skips the test, or fails it, where there is none.

    ``extensions`` is a folder of unpacked extensions. With ``recalculate`` off, opened
    files show the values saved in them. ``environment`` is added to its variables.
    """
    if problem := missing():
        import pytest

        (pytest.fail if os.environ.get(REQUIRED) == "1" else pytest.skip)(problem)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        settings = Path(profile, "user", "registrymodifications.xcu")
        settings.parent.mkdir()
        settings.write_text(_SETTINGS.format(never=0 if recalculate else 1), encoding="utf-8")
        pipe = f"sellersheet-{uuid.uuid4().hex}"
        options = [f"-env:UserInstallation={Path(profile).as_uri()}"]
        if extensions is not None:
            options.append(f"-env:BUNDLED_EXTENSIONS={extensions.absolute().as_uri()}")
        office = _start(
            "soffice", *options, "--headless", "--norestore", "--nologo",
            f"--accept=pipe,name={pipe};urp;", pipes=subprocess.DEVNULL, more=environment,
        )  # fmt: skip
        helper = _start(PYTHON, "-P", __file__, pipe)
        try:
            yield Office(helper, pipe)
        finally:
            _end(helper)
            _end(office)


def _start(
    *command: str, pipes: int = subprocess.PIPE, more: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
    from sellersheet_addin.programs import plain_environment  # not there in the system's Python

    environment = plain_environment() | (more or {})
    return subprocess.Popen(
        command,
        stdin=pipes,
        stdout=pipes,
        stderr=subprocess.DEVNULL,
        env=environment,
        start_new_session=True,
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends it with everything it started."""
    with process, suppress(ProcessLookupError):  # leaving it closes its pipes
        os.killpg(process.pid, signal.SIGKILL)


class _Server:
    """Answers requests inside the system's Python."""

    def __init__(self, pipe: str) -> None:
        import uno  # type: ignore[import-not-found, unused-ignore]

        self._context = self._connected(uno.getComponentContext(), pipe)
        self._property = uno.getClass("com.sun.star.beans.PropertyValue")
        services = self._context.ServiceManager
        self._desktop = services.createInstanceWithContext(
            "com.sun.star.frame.Desktop", self._context
        )
        self._book: Any = None

    @staticmethod
    def _connected(local: Any, pipe: str) -> Any:
        resolver = local.ServiceManager.createInstanceWithContext(
            "com.sun.star.bridge.UnoUrlResolver", local
        )
        give_up = time.monotonic() + 50
        while True:
            try:
                return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            except Exception:
                if time.monotonic() > give_up:
                    raise
                time.sleep(0.1)

    def answer(self, line: str) -> dict[str, Any]:
        asked = json.loads(line)
        request: Callable[..., Any] = getattr(self, "do_" + asked.pop("request"))
        try:
            return {"answer": request(**asked)}
        except Exception as problem:
            return {"problem": f"{type(problem).__name__}: {problem}"}

    def do_new(self, visible: bool) -> None:
        self.do_open("private:factory/scalc", visible)

    def do_open(self, url: str, visible: bool = False) -> list[str]:
        self.do_close()
        options = self._options(
            Hidden=not visible, MacroExecutionMode=4
        )  # 4: always, without asking
        self._book = self._desktop.loadComponentFromURL(url, "_blank", 0, options)
        return list(self._book.Sheets.ElementNames)

    def do_close(self) -> None:
        if self._book is not None:
            self._book.close(True)
            self._book = None

    def do_add_basic(self, modules: dict[str, str]) -> None:
        libraries = self._book.BasicLibraries
        libraries.VBACompatibilityMode = True
        if not libraries.hasByName("Standard"):
            libraries.createLibrary("Standard")
        for name, source in modules.items():
            libraries.getByName("Standard").insertByName(name, source)

    def do_write(self, sheet: str, address: str, rows: list[list[str]]) -> None:
        self._range(sheet, address).setFormulaArray(tuple(map(tuple, rows)))

    def do_write_array(self, sheet: str, address: str, formula: str) -> None:
        self._range(sheet, address).setArrayFormula(formula)

    def do_calculate(self) -> float:
        start = time.perf_counter()
        self._book.calculateAll()
        return time.perf_counter() - start

    def do_cells(self, sheet: str, address: str) -> list[list[Any]]:
        block = self._range(sheet, address)
        rows, columns = block.Rows.Count, block.Columns.Count
        return [
            [self._cell(block.getCellByPosition(column, row)) for column in range(columns)]
            for row in range(rows)
        ]

    def do_values(self, sheet: str, address: str) -> Any:
        return [[_plain(v) for v in row] for row in self._range(sheet, address).getDataArray()]

    def do_formulas(self, sheet: str, address: str) -> Any:
        return self._range(sheet, address).getFormulaArray()

    def do_has_bar(self, name: str) -> bool:
        return bool(self._book.CurrentController.hasInfobar(name))

    def do_save(self, url: str, filter_name: str) -> None:
        self._book.storeToURL(url, self._options(FilterName=filter_name))

    def _range(self, sheet: str, address: str) -> Any:
        return self._book.Sheets.getByName(sheet).getCellRangeByName(address)

    def _options(self, **options: Any) -> tuple[Any, ...]:
        return tuple(self._property(name, 0, value, 0) for name, value in options.items())

    @staticmethod
    def _cell(cell: Any) -> list[Any]:
        kind, error = cell.Type.value, cell.getError()
        if error or kind == "EMPTY":
            return [None, error, cell.String]
        is_number = kind == "VALUE" or (kind == "FORMULA" and cell.FormulaResultType2 == 1)
        return [cell.Value if is_number else cell.String, 0, cell.String]


def _plain(value: Any) -> Any:
    return value if isinstance(value, float | str) else ""


if __name__ == "__main__":
    server = _Server(sys.argv[1])
    for line in sys.stdin:
        print(json.dumps(server.answer(line)), flush=True)
