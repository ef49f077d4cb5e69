"""The add-in made by the user's own Excel out of its text, where a ready-made one is refused.

Not tried in a real Excel: the steps are those of Excel's object model, tested with a stand-in.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Final

from sellersheet_addin.excel.install import ADDIN, ExcelProblem
from sellersheet_addin.excel.vba_modules import modules, workbook_events

_ADDIN_FORMAT: Final = 55  # xlOpenXMLAddIn
_DOCUMENT: Final = 100  # vbext_ct_Document: the workbook's own module, or a sheet's
_LONGEST: Final = 200  # characters of what Excel says

Start = Callable[[], AbstractContextManager[Any]]


def out_of_sight() -> AbstractContextManager[Any]:
    """An Excel of its own that shows nothing; it ends with the block."""
    return _started(visible=False)


def in_sight() -> AbstractContextManager[Any]:
    """An Excel of its own whose messages the user can answer; it ends with the block."""
    return _started(visible=True)


def _started(*, visible: bool) -> AbstractContextManager[Any]:
    import xlwings

    try:
        app: AbstractContextManager[Any] = xlwings.App(visible=visible, add_book=False)
    except Exception as error:  # whatever Windows or xlwings has against it
        raise ExcelProblem("no_excel", what=said(error)) from error
    return app


def make_addin(start: Start = out_of_sight) -> bytes:
    """The add-in as the user's Excel makes it: all but the ribbon, for which VBA has no way."""
    sources = modules("addin")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder, start() as app:
        app.display_alerts = False
        book = app.books.add()
        project = _project(book)
        try:
            for name, text in sources.items():
                source = Path(folder, f"{name}.bas")
                source.write_bytes(text.encode("ascii"))
                project.VBComponents.Import(str(source))
            code = _book_module(book, project)
            if code.CountOfLines:  # Excel may write Option Explicit by itself
                code.DeleteLines(1, code.CountOfLines)
            code.AddFromString(workbook_events())
            made = Path(folder, ADDIN.name)
            book.api.SaveAs(str(made), _ADDIN_FORMAT)
            book.close()
        except Exception as error:
            raise ExcelProblem("not_made", what=said(error)) from error
        return made.read_bytes()


def _book_module(book: Any, project: Any) -> Any:
    """The code of the workbook itself: its code name stays empty until the editor is opened."""
    sheets = {sheet.CodeName for sheet in book.api.Worksheets}
    documents = [item for item in project.VBComponents if item.Type == _DOCUMENT]
    (module,) = [item for item in documents if item.Name not in sheets] or documents[:1]
    return module.CodeModule


def said(error: Exception) -> str:
    """What Excel said, in one short line."""
    details = [part for part in error.args if isinstance(part, tuple)]
    texts = [word for part in details for word in part if isinstance(word, str) and " " in word]
    return " ".join((texts or [f"{type(error).__name__}: {error}"])[0].split())[:_LONGEST]


def _project(book: Any) -> Any:
    """The workbook's VBA, which Excel opens to programs only when the user allows it."""
    try:
        project = book.api.VBProject
        project.VBComponents.Count  # noqa: B018 - asking is what Excel refuses
    except Exception as error:
        raise ExcelProblem("vba_closed", what=said(error)) from error
    return project
