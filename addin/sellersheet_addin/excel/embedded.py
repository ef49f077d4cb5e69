"""xlwings' own VBA module as the Excel files carry it.

The text is the installed version's, changed in a few places only. It reads Sellersheet's
own configuration, and only the user's: a workbook received by mail must not be able to
name, on a sheet or in a file beside it, the program that Excel starts. And its functions
are closed to cells, which could otherwise run any command without a macro of their own.
"""

from __future__ import annotations

import re
from importlib import metadata, resources
from pathlib import Path
from typing import Final

from sellersheet_addin.excel.vba_source import Kind, RefusedBuild, finished

PROJECT_NAME: Final = "sellersheet"  # names the configuration xlwings reads
XLWINGS_VERSION: Final = "0.37.8"
MODULE_NAME: Final = "xlwings"
_FILES: Final[dict[Kind, str]] = {"workbook": "xlwings.bas", "addin": "xlwings_custom_addin.bas"}
_OWN_PART: Final = Path(__file__).with_name("vba") / "python_calls.vba"
_GET_CONFIG: Final = (
    'Function GetConfig(configKey As String, Optional default As String = "", '
    'Optional source As String = "{source}") As Variant\n'
)
_WORKBOOK_FOLDER: Final = 'GetConfig("ADD_WORKBOOK_TO_PYTHONPATH", "{default}")'
_OPENED: Final = re.compile(
    r"(?m)^([ \t]*)(?:Public[ ])?(?=(?:Declare|Function|Sub)\b)(?!Function[ ]XLPy\(\))"
)


def embedded_module(kind: Kind) -> str:
    """The module's text for a workbook or for the add-in, ASCII with CRLF."""
    installed = metadata.version("xlwings")
    if installed != XLWINGS_VERSION:
        raise RefusedBuild(
            f"xlwings {installed} is installed, but the add-in is built with {XLWINGS_VERSION}: "
            f"pip install xlwings=={XLWINGS_VERSION}"
        )
    name = _FILES[kind]
    text = resources.files("xlwings").joinpath(name).read_text(encoding="ascii")
    if f"'Version: {XLWINGS_VERSION}\n" not in text:
        raise _unexpected(name)
    text = _replaced(
        name, text, r'(?m)(?<=^Public Const PROJECT_NAME As String = ")\w+(?=")', PROJECT_NAME
    )
    text = _replaced(
        name, text, re.escape(_GET_CONFIG.format(source="")), _GET_CONFIG.format(source="user")
    )
    text = _replaced(
        name,
        text,
        re.escape(_WORKBOOK_FOLDER.format(default="true")),
        _WORKBOOK_FOLDER.format(default="false"),
        times=2,
    )
    text = _OPENED.sub(r"\1Private ", text)
    return finished(text + _OWN_PART.read_text(encoding="ascii"))


def _replaced(name: str, text: str, pattern: str, new: str, times: int = 1) -> str:
    changed, found = re.subn(pattern, lambda _: new, text)
    if found != times:
        raise _unexpected(name)
    return changed


def _unexpected(name: str) -> RefusedBuild:
    return RefusedBuild(f"xlwings' {name} is not the text expected: xlwings {XLWINGS_VERSION}?")
