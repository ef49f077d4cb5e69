"""The self-check in LibreOffice: the installation, sums in cells, a template calculated anew."""

from __future__ import annotations

import re
import tempfile
import zipfile
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any, Final

from python_calamine import CalamineWorkbook

from sellersheet.wording import Lang
from sellersheet_addin.libreoffice.install import status
from sellersheet_addin.libreoffice.program import LibreOffice
from sellersheet_addin.report import Report, compare
from sellersheet_workbook.host.selfcheck import cases
from sellersheet_workbook.template import live

_SAVED_RESULT: Final = re.compile(rb"(<f\b[^>]*(?:/>|>[^<]*</f>))<v>[^<]*</v>")
_SAME: Final = 1e-9  # of a number's size: sums are added in another order


def selfcheck(office: LibreOffice, lang: Lang) -> Report:
    """What was looked at and seen; nothing of the user's own is opened."""
    report = Report(lang)
    found = status(office)
    if not found.extension or not found.interpreter:
        report.bad("not_installed", option="--libreoffice")
    if found.problem:
        report.problem(found.problem)
    if found.works and found.python:
        report.right(
            "libreoffice",
            version=found.office_version,
            extension=found.extension,
            path=found.python.path,
            python=found.python.version,
            sellersheet=found.python.sellersheet,
        )
        shown = office.calculate([case.formula for case in cases()])
        compare(report, [_number(text) for text in shown] or [None] * len(cases()))
        _template(report, office, lang)
    return report


def _template(report: Report, office: LibreOffice, lang: Lang) -> None:
    """The template without its saved results is calculated; they are what must come out."""
    name = f"sellersheet-{lang}.xlsx"
    template = Path(str(resources.files("sellersheet_workbook").joinpath("assets", name)))
    if not template.is_file():
        report.note("no_template", path=name)
        return
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        book = Path(folder, name)
        _without_results(template, book)
        made = office.convert(book, "xlsx", Path(folder, "made"))
        if made is None:
            report.bad("template_closed", book=name)
            return
        wanted, (row, column) = sheets(template), live.PLACE
        wanted[list(wanted)[-1]][row][column] = True  # saved as no: no program may believe a yes
        compare_numbers(report, name, wanted, sheets(made))


def compare_numbers(
    report: Report, book: str, wanted: dict[str, Rows], seen: dict[str, Rows]
) -> None:
    """Numbers and yes/no only: some texts follow the language of LibreOffice."""
    same, wrong = 0, []
    for place, first, second in _pairs(wanted, seen):
        if _equal(first, second):
            same += 1
        else:
            wrong.append((place, first, second))
    if not wrong:
        report.right("template_right", book=book, count=f"{same:,}")
        return
    (sheet, row, column), first, second = wrong[0]
    report.bad(
        "template_wrong", book=book, count=f"{len(wrong):,}", sheet=sheet, row=row, column=column,
        wanted=first, seen=second,
    )  # fmt: skip


Rows = list[list[Any]]


def sheets(book: Path) -> dict[str, Rows]:
    """Every sheet's cells, from A1."""
    opened = CalamineWorkbook.from_path(str(book))
    return {
        name: opened.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for name in opened.sheet_names
    }


def _pairs(
    wanted: dict[str, Rows], seen: dict[str, Rows]
) -> Iterator[tuple[tuple[str, int, int], Any, Any]]:
    for sheet, rows in wanted.items():
        others = seen.get(sheet, [])
        for row, cells in enumerate(rows):
            other = others[row] if row < len(others) else []
            for column, cell in enumerate(cells):
                if isinstance(cell, (int, float)):
                    shown = other[column] if column < len(other) else None
                    yield (sheet, row + 1, column + 1), cell, shown


def _equal(first: Any, second: Any) -> bool:
    if isinstance(first, bool) or not isinstance(second, (int, float)):
        return bool(first == second)
    return bool(abs(first - second) <= _SAME * max(1.0, abs(first)))


def _without_results(source: Path, target: Path) -> None:
    with zipfile.ZipFile(source) as read, zipfile.ZipFile(target, "w") as written:
        for name in read.namelist():
            content = read.read(name)
            if name.startswith("xl/worksheets/"):
                content = _SAVED_RESULT.sub(rb"\1", content)
            written.writestr(name, content)


def _number(shown: str) -> float | str:
    """A number as a cell shows it, also with a decimal comma; else the text."""
    try:
        return float(shown.replace(",", "."))
    except ValueError:
        return shown
