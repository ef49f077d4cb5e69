"""The self-check in Excel, through xlwings: files, start, sums in cells, template, buttons.

Not tried in a real Excel: tested with a stand-in for xlwings' App.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import sellersheet_workbook
from sellersheet.functions.blocks import error_text
from sellersheet.intake.vocabulary import plain
from sellersheet.wording import LANGS, Lang
from sellersheet_addin.excel import ribbon
from sellersheet_addin.excel.install import (
    ADDIN,
    ExcelProblem,
    LastProblem,
    WindowsFolders,
    status,
)
from sellersheet_addin.excel.own_excel import Start, in_sight, said
from sellersheet_addin.excel.selfcheck_points import Bench, try_broken_start, try_points
from sellersheet_addin.report import WORDS, Report, compare, private
from sellersheet_workbook.host.selfcheck import cases
from sellersheet_workbook.problems import HOST

# In this order: the second brings back what the first wrote. The others ask for a file.
PRESSED: Final = ("update", "undo", "policy_version")
_PLAIN: Final = Path(sellersheet_workbook.__file__).with_name("assets")
_UI_LANGUAGE: Final = 2


def selfcheck(folders: WindowsFolders, lang: Lang, start: Start = in_sight) -> Report:
    """What was looked at and seen; only a copy of the template is opened and changed."""
    report = Report(lang)
    found = status(folders)
    if found.problem:
        report.problem(found.problem)
    if not found.addin or not found.python:
        report.bad("not_installed", option="--excel")
        return report
    report.right(
        "excel_files",
        addin=found.addin,
        path=found.python.path,
        python=found.python.version,
        sellersheet=found.python.sellersheet,
        xlwings=found.python.xlwings,
    )
    try:
        with (
            tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
            start() as app,
        ):
            _look(report, app, found.addin, Path(folder), lang)
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            try_broken_start(report, folders, found.python.path, Path(folder), start)
    except ExcelProblem as problem:
        report.problem(problem)
    except Exception as error:  # a report that ends early is still a report
        report.bad("failed", what=said(error))
    return report


def last_problem_told(last: LastProblem, lang: Lang) -> str:
    """Why a cell or a button of Excel last failed, and what to do where the cause is known."""
    told = WORDS("last_problem", lang, **asdict(last))
    words = ribbon.words(lang).get(f"message.cause_{last.cause}", "") if last.cause else ""
    return private(f"{told} {words}".strip())


def _look(report: Report, app: Any, addin: Path, folder: Path, lang: Lang) -> None:
    app.display_alerts = False
    program = app.api
    report.note(
        "excel_program",
        version=program.Version,
        build=program.Build,
        system=program.OperatingSystem,
    )
    language = program.LanguageSettings.LanguageID(_UI_LANGUAGE)
    report.note("excel_language", number=language)
    report.note("excel_opened", tab=ribbon.words(lang)[f"{ribbon.TAB}.label"])
    # An Excel that a program starts opens nothing from its start folder.
    app.books.open(str(addin))
    try:
        report.note("startup", said=program.Run(f"'{addin.name}'!ThisWorkbook.StartupReport"))
    except Exception as error:
        report.bad("startup_failed", what=said(error))
    _sums(report, app)
    template = ADDIN.with_name(f"sellersheet-{lang}.xlsm")
    if template.is_file():
        _template(report, app, Path(shutil.copy(template, folder)), lang)
    else:
        report.note("no_template", path=template.name)
    plain = _PLAIN / f"sellersheet-{lang}.xlsx"
    copies = [
        Path(shutil.copy(file, folder / f"2-{file.name}")) if file.is_file() else None
        for file in (template, plain)
    ]
    try_points(Bench(report, program, addin, *copies))


def _sums(report: Report, app: Any) -> None:
    """The golden cases in a new workbook."""
    book = app.books.add()
    cells = book.sheets[0].range((1, 1), (len(cases()), 1))
    cells.formula = [[case.formula] for case in cases()]
    app.calculate()
    shown = [row[0] for row in cells.api.Value]
    compare(report, [error_text(cell) or cell for cell in shown])
    book.close()


def _template(report: Report, app: Any, path: Path, lang: Lang) -> None:
    """A copy of the template: calculated anew, its Check sheet read, its buttons pressed."""
    book = app.books.open(str(path))
    app.api.CalculateFullRebuild()
    _check_sheet(report, book, lang)
    for task, button in ribbon.buttons().items():
        if task not in PRESSED:
            report.note("not_pressed", label=button.label(lang))
    for task in PRESSED:
        button = ribbon.buttons()[task]
        try:
            app.api.Run(f"'{path.name}'!{button.macro}")
        except Exception as error:
            report.bad("press_failed", label=button.label(lang), what=said(error))
        else:
            report.right("pressed", label=button.label(lang))
    book.close()


def _check_sheet(report: Report, book: Any, lang: Lang) -> None:
    names = {plain(HOST("check_sheet", word)) for word in LANGS}
    sheet = next((item for item in book.sheets if plain(item.name) in names), None)
    if sheet is None:
        report.note("no_check_sheet", book=book.name, sheet=HOST("check_sheet", lang))
        return
    rows = sheet.used_range.api.Value
    wrong = sum(cell is False or error_text(cell) is not None for row in rows for cell in row)
    report.judge("check", not wrong, book=book.name, sheet=sheet.name, count=wrong)
