"""The VBA of the Excel files, module by module, as text."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sellersheet_addin.excel import connection, vba_texts, wrappers
from sellersheet_addin.excel.vba_source import BookKind, finished

_VBA: Final = Path(__file__).with_name("vba")
RIBBON: Final = "sellersheet_ribbon"
_FILES: Final = (wrappers.MODULE_NAME, "sellersheet_macros", "sellersheet_startup")


def modules(kind: BookKind) -> dict[str, str]:
    """The standard modules by name: each text is a .bas that Excel can import.

    The functions' wrappers are the committed ones, so that nothing of Windows is needed.
    """
    found = {
        connection.MODULE_NAME: connection.connection_module(),
        **vba_texts.texts_modules(),
    }
    files = (*_FILES, RIBBON) if kind == "addin" else _FILES
    return found | {name: _source(f"{name}.bas") for name in files}


def workbook_events() -> str:
    """What stands in ThisWorkbook."""
    return _source("this_workbook.vba")


def _source(name: str) -> str:
    return finished((_VBA / name).read_text(encoding="ascii"))
