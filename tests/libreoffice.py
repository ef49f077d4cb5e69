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
from functools import cache
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
# The workbooks' font is of Windows: a Chinese one of nearly its widths stands for it, as in use.
_FONTS: Final = """\
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><include ignore_missing="yes">/etc/fonts/fonts.conf</include>
<alias binding="same"><family>等线</family>
 <prefer><family>Noto Sans CJK SC</family></prefer></alias></fontconfig>
"""
# What is asked of many cells or rows is asked inside LibreOffice: each question from outside takes
# some hundred times as long.
_INSIDE: Final = """\
Function Texts(block, places)
    Dim found(UBound(places))
    For at = 0 To UBound(places)
        found(at) = block.getCellByPosition(places(at)(0), places(at)(1)).String
    Next at
    Texts = found
End Function

Function Cells(block, places)
    Dim found(UBound(places))
    For at = 0 To UBound(places)
        one = block.getCellByPosition(places(at)(0), places(at)(1))
        kind = one.Type
        result = 0
        If kind = com.sun.star.table.CellContentType.FORMULA Then result = one.FormulaResultType2
        found(at) = Array(kind, result, one.getError(), one.Value, one.String)
    Next at
    Cells = found
End Function

Function Heights(rows)
    Dim found(rows.Count - 1)
    For at = 0 To rows.Count - 1
        found(at) = rows.getByIndex(at).Height
    Next at
    Heights = found
End Function

Sub Restore(rows, heights)
    For at = 0 To UBound(heights)
        rows.getByIndex(heights(at)(0)).Height = heights(at)(1)
    Next at
End Sub
"""
_BASIC_LIBRARY: Final = "Tests"


@dataclass(frozen=True)
class Cell:
    """``value`` is None for an empty cell; ``error`` is 0 or LibreOffice's number for it."""

    value: float | str | None
    error: int
    text: str


@dataclass(frozen=True)
class Dispatched:
    """How an entry of the menu ended; ``steps`` is what its status bar was told.

    ``calm``: the workbook is drawn and calculated as before.
    """

    done: bool
    message: str
    steps: list[list[Any]]
    calm: bool


@cache
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

    def open(self, path: Path, *, visible: bool = False, timeout: float = 60) -> list[str]:
        """Opens a file with its macros allowed; the names of its sheets."""
        return list(self._ask("open", timeout, url=path.absolute().as_uri(), visible=visible))

    def show(self, sheet: str, address: str = "A1") -> None:
        """Brings a sheet to the front of a visible workbook, this cell first."""
        self._ask("show", sheet=sheet, address=address)

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

    def texts(self, sheet: str, address: str) -> list[list[str]]:
        """What the cells show: faster than ``cells``."""
        return [list(row) for row in self._ask("texts", sheet=sheet, address=address)]

    def values(self, sheet: str, address: str) -> list[list[float | str]]:
        """Fast, for many cells; an error reads as an empty text."""
        return [list(row) for row in self._ask("values", sheet=sheet, address=address)]

    def errors(self, sheet: str, address: str) -> set[tuple[int, int]]:
        """Row and column, from 1, of the formulas that show an error."""
        return {(row, column) for row, column in self._ask("errors", sheet=sheet, address=address)}

    def formulas(self, sheet: str, address: str) -> list[list[str]]:
        return [list(row) for row in self._ask("formulas", sheet=sheet, address=address)]

    def number_formats(self, sheet: str, address: str) -> list[list[str]]:
        """Of each cell, as LibreOffice writes it."""
        return [list(row) for row in self._ask("number_formats", sheet=sheet, address=address)]

    def set_format(self, sheet: str, address: str, code: str) -> None:
        """As the number format of the cells."""
        self._ask("set_format", sheet=sheet, address=address, code=code)

    def low_rows(self, sheet: str, address: str) -> list[list[int]]:
        """Rows lower than their text, which is then cut off: number, height, wanted, in points."""
        return [list(row) for row in self._ask("low_rows", sheet=sheet, address=address)]

    def delete(self, sheet: str, address: str, *, columns: bool = False) -> None:
        """Deletes the cells' whole rows, or columns."""
        self._ask("delete", sheet=sheet, address=address, columns=columns)

    def insert_rows(self, sheet: str, address: str) -> None:
        """Inserts as many whole rows above the cells."""
        self._ask("insert_rows", sheet=sheet, address=address)

    def sort(self, sheet: str, address: str, column: int) -> None:
        """Sorts the rows by that column of theirs, from 0, largest first."""
        self._ask("sort", sheet=sheet, address=address, column=column)

    def has_bar(self, name: str) -> bool:
        """Whether the extension's bar of this name stands over the workbook."""
        return bool(self._ask("has_bar", name=name))

    def dispatch_plainly(self, url: str, **given: Any) -> None:
        """As a menu, a link or an event does, which wait for no answer."""
        self._ask("dispatch_plainly", 120, url=url, given=given)

    def follow_link(self, sheet: str, address: str) -> None:
        """As a click on the link in that cell."""
        self._ask("follow_link", 120, sheet=sheet, address=address)

    def call_at(self, event: str, url: str) -> None:
        """Has the workbook ask for something when something happens to it: OnSave, OnLoad."""
        self._ask("call_at", event=event, url=url)

    def dispatch(
        self, url: str, *, files: Sequence[Path] = (), target: Path | None = None
    ) -> Dispatched:
        """What a macro does to run a menu's entry; files are given instead of chosen."""
        given: dict[str, Any] = {"Files": [path.absolute().as_uri() for path in files]}
        if target is not None:
            given["Target"] = target.absolute().as_uri()
        return Dispatched(*self._ask("dispatch", 120, url=url, given=given))

    def undo(self) -> None:
        """As Ctrl+Z."""
        self._ask("undo")

    def redo(self) -> None:
        """As Ctrl+Y."""
        self._ask("redo")

    def steps(self, *, back: bool = True) -> list[str]:
        """What Ctrl+Z, or Ctrl+Y, would do, by name."""
        return list(self._ask("steps", back=back))

    def copy(self, sheet: str, source: str, target: str) -> None:
        """Copies a row of cells, formulas and formats, over all rows of the target."""
        self._ask("copy", sheet=sheet, source=source, target=target)

    def filter(self, sheet: str, address: str, column: int, wanted: str) -> None:
        """Shows the rows, below their header, with this text in a column, from 0; "" shows all."""
        self._ask("filter", sheet=sheet, address=address, column=column, wanted=wanted)

    def is_filtered(self, sheet: str) -> bool:
        """Whether a filter hides rows."""
        return bool(self._ask("is_filtered", sheet=sheet))

    def protect(self, sheet: str) -> None:
        self._ask("protect", sheet=sheet)

    def sheets(self) -> list[str]:
        return list(self._ask("sheets"))

    def count_days_from(self, year: int) -> None:
        """The workbook's day 0 is the first of January of this year."""
        self._ask("count_days_from", year=year)

    def save_as(self, path: Path, filter_name: str) -> None:
        """Saves the workbook itself, which has this path from now on."""
        self._ask("save", url=path.absolute().as_uri(), filter_name=filter_name, itself=True)

    def save(self, path: Path, filter_name: str, timeout: float = 60) -> None:
        """Saves a copy: "calc8" for .ods, "Calc MS Excel 2007 XML" for .xlsx."""
        self._ask("save", timeout, url=path.absolute().as_uri(), filter_name=filter_name)

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
    window: bool = False,
) -> Iterator[Office]:
    """A LibreOffice with a fresh profile; skips the test, or fails it, where there is none.

    ``extensions`` is a folder of unpacked extensions. With ``recalculate`` off, opened
    files show the values saved in them. ``environment`` is added to its variables. A ``window``
    needs a display, and a LibreOffice that is not the one without windows: SELLERSHEET_SOFFICE.
    """
    if problem := missing():
        import pytest

        (pytest.fail if os.environ.get(REQUIRED) == "1" else pytest.skip)(problem)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        settings = Path(profile, "user", "registrymodifications.xcu")
        settings.parent.mkdir()
        settings.write_text(_SETTINGS.format(never=0 if recalculate else 1), encoding="utf-8")
        fonts = Path(profile, "fonts.conf")
        fonts.write_text(_FONTS, encoding="utf-8")
        pipe = f"sellersheet-{uuid.uuid4().hex}"
        options = [f"-env:UserInstallation={Path(profile).as_uri()}"]
        if extensions is not None:
            options.append(f"-env:BUNDLED_EXTENSIONS={extensions.absolute().as_uri()}")
        office = _start(
            os.environ.get("SELLERSHEET_SOFFICE", "soffice"), *options,
            *([] if window else ["--headless"]), "--norestore", "--nologo",
            f"--accept=pipe,name={pipe};urp;", pipes=subprocess.DEVNULL,
            more={"FONTCONFIG_FILE": str(fonts), **(environment or {})},
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
    from sellersheet_addin.installing import plain_environment  # not there in the system's Python

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

    def do_show(self, sheet: str, address: str) -> None:
        view = self._book.CurrentController
        window = view.Frame.ContainerWindow
        window.IsMaximized = True
        view.ShowPageBreaks = False
        view.setActiveSheet(self._book.Sheets.getByName(sheet))
        place = self._range(sheet, address)
        view.select(place)
        if not view.hasFrozenPanes():
            view.setFirstVisibleRow(place.RangeAddress.StartRow)
            view.setFirstVisibleColumn(0)

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
        return self._each(sheet, address, "Cells", _cell, lambda text: [text or None, 0, text])

    def do_texts(self, sheet: str, address: str) -> list[list[str]]:
        return self._each(sheet, address, "Texts", lambda text: text, lambda text: text)

    def _each(
        self, sheet: str, address: str, asked: str, read: Callable[[Any], Any],
        known: Callable[[str], Any],
    ) -> list[list[Any]]:  # fmt: skip
        block = self._range(sheet, address)
        # Blank cells and typed texts are known from the block; only the others are asked for.
        table = list(zip(block.getFormulaArray(), block.getDataArray(), strict=True))
        places = tuple(
            (at, down)
            for down, (texts, values) in enumerate(table)
            for at, (text, value) in enumerate(zip(texts, values, strict=True))
            if text[:1] in ("=", "{") or not isinstance(value, str)
        )
        answers = self._inside(asked, block, places) if places else ()
        found = dict(zip(places, map(read, answers), strict=True))
        return [
            [
                found[at, down] if (at, down) in found else known(value)
                for at, value in enumerate(values)
            ]
            for down, (_, values) in enumerate(table)
        ]

    def _inside(self, name: str, *given: Any) -> Any:
        """What a function of ``_INSIDE`` answers."""
        return self._script(name).invoke(given, (), ())[0]

    @cache  # noqa: B019 - there is one server, as long as its process
    def _script(self, name: str) -> Any:
        make = self._context.ServiceManager.createInstanceWithContext
        libraries = make("com.sun.star.script.ApplicationScriptLibraryContainer", self._context)
        if not libraries.hasByName(_BASIC_LIBRARY):
            libraries.createLibrary(_BASIC_LIBRARY).insertByName("Inside", _INSIDE)
        providers = self._context.getByName(
            "/singletons/com.sun.star.script.provider.theMasterScriptProviderFactory"
        )
        return providers.createScriptProvider("").getScript(
            f"vnd.sun.star.script:{_BASIC_LIBRARY}.Inside.{name}?language=Basic&location=application"
        )

    def do_values(self, sheet: str, address: str) -> Any:
        return [[_plain(v) for v in row] for row in self._range(sheet, address).getDataArray()]

    def do_errors(self, sheet: str, address: str) -> list[list[int]]:
        wrong = self._range(sheet, address).queryFormulaCells(4)  # FormulaResult.ERROR
        return [
            [row + 1, column + 1]
            for area in wrong.RangeAddresses
            for row in range(area.StartRow, area.EndRow + 1)
            for column in range(area.StartColumn, area.EndColumn + 1)
        ]

    def do_formulas(self, sheet: str, address: str) -> Any:
        return self._range(sheet, address).getFormulaArray()

    def do_number_formats(self, sheet: str, address: str) -> list[list[str]]:
        block, known = self._range(sheet, address), self._book.NumberFormats
        across, down = range(block.Columns.Count), range(block.Rows.Count)
        cells = ([block.getCellByPosition(at, row) for at in across] for row in down)
        return [[known.getByKey(cell.NumberFormat).FormatString for cell in row] for row in cells]

    def do_set_format(self, sheet: str, address: str, code: str) -> None:
        import uno

        english = uno.createUnoStruct("com.sun.star.lang.Locale", "en", "US", "")
        known = self._book.NumberFormats
        key = known.queryKey(code, english, False)
        key = known.addNew(code, english) if key < 0 else key
        self._range(sheet, address).NumberFormat = key

    def do_low_rows(self, sheet: str, address: str) -> list[list[int]]:
        block = self._range(sheet, address)
        heights = self._inside("Heights", block.Rows)
        block.Rows.OptimalHeight = True  # all at once: each by itself moves all that is below
        pairs = list(zip(heights, self._inside("Heights", block.Rows), strict=True))
        others = tuple((at, was) for at, (was, wanted) in enumerate(pairs) if was != wanted)
        if others:
            self._inside("Restore", block.Rows, others)
        return [
            [block.RangeAddress.StartRow + 1 + at, round(height / 35.3), round(wanted / 35.3)]
            for at, (height, wanted) in enumerate(pairs)
            if height < wanted - 36  # 1 point, in 1/100 mm
        ]

    def do_delete(self, sheet: str, address: str, columns: bool) -> None:
        block = self._range(sheet, address).RangeAddress
        lines = self._book.Sheets.getByName(sheet)
        if columns:
            lines.Columns.removeByIndex(block.StartColumn, block.EndColumn - block.StartColumn + 1)
        else:
            lines.Rows.removeByIndex(block.StartRow, block.EndRow - block.StartRow + 1)

    def do_insert_rows(self, sheet: str, address: str) -> None:
        block = self._range(sheet, address).RangeAddress
        rows = self._book.Sheets.getByName(sheet).Rows
        rows.insertByIndex(block.StartRow, block.EndRow - block.StartRow + 1)

    def do_sort(self, sheet: str, address: str, column: int) -> None:
        import uno

        field = uno.createUnoStruct("com.sun.star.table.TableSortField")
        field.Field, field.IsAscending = column, False
        fields = uno.Any("[]com.sun.star.table.TableSortField", (field,))
        order = self._options(ContainsHeader=False)
        named = self._property("SortFields", 0, fields, 0)
        uno.invoke(self._range(sheet, address), "sort", ((*order, named),))

    def do_has_bar(self, name: str) -> bool:
        return bool(self._book.CurrentController.hasInfobar(name))

    def do_dispatch(self, url: str, given: dict[str, Any]) -> list[Any]:
        steps = _recorder()
        helper = self._context.ServiceManager.createInstanceWithContext(
            "com.sun.star.frame.DispatchHelper", self._context
        )
        frame = self._book.CurrentController.Frame
        given = {name: tuple(v) if isinstance(v, list) else v for name, v in given.items()}
        options = self._options(StatusIndicator=steps, **given)
        event = helper.executeDispatch(frame, url, "", 0, options)
        calm = self._book.isAutomaticCalculationEnabled() and not (
            self._book.isActionLocked() or self._book.hasControllersLocked()
        )
        return [event.State == 1, event.Result, steps.told, calm]

    def do_dispatch_plainly(self, url: str, given: dict[str, Any]) -> None:
        frame = self._book.CurrentController.Frame
        wanted = self._url(url)
        frame.queryDispatch(wanted, "_self", 0).dispatch(wanted, self._options(**given))

    def do_follow_link(self, sheet: str, address: str) -> None:
        self._book.CurrentController.select(self._range(sheet, address))
        helper = self._context.ServiceManager.createInstanceWithContext(
            "com.sun.star.frame.DispatchHelper", self._context
        )
        frame = self._book.CurrentController.Frame
        helper.executeDispatch(frame, ".uno:OpenHyperlinkOnCursor", "", 0, ())

    def do_call_at(self, event: str, url: str) -> None:
        bound = self._options(EventType="Script", Script=url)
        import uno

        uno.invoke(
            self._book.Events, "replaceByName",
            (event, uno.Any("[]com.sun.star.beans.PropertyValue", bound)),
        )  # fmt: skip

    def _url(self, text: str) -> Any:
        import uno

        wanted = uno.createUnoStruct("com.sun.star.util.URL")
        wanted.Complete = text
        make = self._context.ServiceManager.createInstanceWithContext
        parser = make("com.sun.star.util.URLTransformer", self._context)
        return parser.parseStrict(wanted)[1]

    def do_undo(self) -> None:
        self._book.UndoManager.undo()

    def do_redo(self) -> None:
        self._book.UndoManager.redo()

    def do_steps(self, back: bool) -> list[str]:
        manager = self._book.UndoManager
        return list(manager.AllUndoActionTitles if back else manager.AllRedoActionTitles)

    def do_copy(self, sheet: str, source: str, target: str) -> None:
        lines, from_there = self._book.Sheets.getByName(sheet), self._range(sheet, source)
        block = self._range(sheet, target)
        for row in range(block.Rows.Count):
            lines.copyRange(block.getCellByPosition(0, row).CellAddress, from_there.RangeAddress)

    def do_filter(self, sheet: str, address: str, column: int, wanted: str) -> None:
        import uno

        block = self._range(sheet, address)
        terms = block.createFilterDescriptor(True)
        field = uno.createUnoStruct("com.sun.star.sheet.TableFilterField")
        field.Field, field.IsNumeric, field.StringValue = column, False, wanted
        field.Operator = uno.Enum("com.sun.star.sheet.FilterOperator", "EQUAL")
        terms.ContainsHeader = True
        uno.invoke(
            terms, "setFilterFields",
            (uno.Any("[]com.sun.star.sheet.TableFilterField", (field,) if wanted else ()),),
        )  # fmt: skip
        block.filter(terms)

    def do_is_filtered(self, sheet: str) -> bool:
        rows = self._book.Sheets.getByName(sheet).Rows
        return any(rows.getByIndex(at).IsFiltered for at in range(120))

    def do_protect(self, sheet: str) -> None:
        self._book.Sheets.getByName(sheet).protect("")

    def do_sheets(self) -> list[str]:
        return list(self._book.Sheets.ElementNames)

    def do_count_days_from(self, year: int) -> None:
        day = self._book.NullDate
        day.Year, day.Month, day.Day = year, 1, 1
        self._book.NullDate = day

    def do_save(self, url: str, filter_name: str, itself: bool = False) -> None:
        store = self._book.storeAsURL if itself else self._book.storeToURL
        store(url, self._options(FilterName=filter_name))

    def _range(self, sheet: str, address: str) -> Any:
        return self._book.Sheets.getByName(sheet).getCellRangeByName(address)

    def _options(self, **options: Any) -> tuple[Any, ...]:
        return tuple(self._property(name, 0, value, 0) for name, value in options.items())


def _cell(answer: Sequence[Any]) -> list[Any]:
    kind, result, error, value, text = answer
    if error or kind == 0:  # CellContentType: EMPTY, VALUE, TEXT, FORMULA
        return [None, error, text]
    is_number = kind == 1 or (kind == 3 and result == 1)
    return [value if is_number else text, 0, text]


def _recorder() -> Any:
    """A status bar that keeps what it was told."""
    import unohelper  # type: ignore[import-not-found, unused-ignore]
    from com.sun.star.task import (  # type: ignore[import-not-found, unused-ignore]
        XStatusIndicator,
    )

    class Recorder(unohelper.Base, XStatusIndicator):  # type: ignore[misc, unused-ignore]
        def __init__(self) -> None:
            self.told: list[Any] = []

        def start(self, text: str, total: int) -> None:
            self.told.append(["start", total])

        def setText(self, text: str) -> None:  # noqa: N802
            self.told.append(["text", text])

        def setValue(self, value: int) -> None:  # noqa: N802
            self.told.append(["value", value])

        def end(self) -> None:
            self.told.append(["end", 0])

        def reset(self) -> None: ...

    return Recorder()


def _plain(value: Any) -> Any:
    return value if isinstance(value, float | str) else ""


if __name__ == "__main__":
    server = _Server(sys.argv[1])
    for line in sys.stdin:
        print(json.dumps(server.answer(line)), flush=True)
