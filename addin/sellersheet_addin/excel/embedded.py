"""xlwings' own VBA module as the Excel files carry it.

The text is the installed version's, changed in a few places only. It reads Sellersheet's
own configuration, and only the user's: a workbook received by mail must not be able to
name, on a sheet or in a file beside it, the program that Excel starts. Its functions are
closed to cells, and those that run a command or write a file work for our macros only:
a formula in any workbook could otherwise use them. What a macro of ours leaves as an error
is told in our words, not as a traceback.
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
_PROJECT: Final = 'Public Const PROJECT_NAME As String = "{name}"\n'
_NAMES: Final[dict[Kind, str]] = {"workbook": "xlwings", "addin": "myaddin"}
_GET_CONFIG: Final = (
    'Function GetConfig(configKey As String, Optional default As String = "", '
    'Optional source As String = "{source}") As Variant\n'
)
_WORKBOOK_FOLDER: Final = 'GetConfig("ADD_WORKBOOK_TO_PYTHONPATH", "{default}")'
_GUARD: Final = "CalledByMacro"
_STATE: Final = f"Private {_GUARD} As Boolean\nPrivate KeptError As String\n"
_SHOW_ERROR: Final = 'Sub ShowError(FileName As String, Optional Message As String = "")\n'
_KEEP_ERROR: Final = f"""\
    If {_GUARD} Then
        KeepError FileName, Message
        Exit Sub
    End If
"""
_GUARDED_COUNT: Final = 4
_GUARDED: Final = re.compile(
    r"(?m)^(?:Public )?Function (?:RunPython|RunFrozenPython|ExecuteWindows|SaveConfigToFile)\("
    r"(?:.* _\n)*.*\n"
)
_OPEN: Final = re.compile(
    r"(?m)^([ \t]*)(?:Public )?(?=(?:Declare|Function|Sub)\b)(?!Function XLPy\(\))"
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
    for old, new, times in (
        (_PROJECT.format(name=_NAMES[kind]), _PROJECT.format(name=PROJECT_NAME) + _STATE, 1),
        (_SHOW_ERROR, _SHOW_ERROR + _KEEP_ERROR, 1),
        (_GET_CONFIG.format(source=""), _GET_CONFIG.format(source="user"), 1),
        (_WORKBOOK_FOLDER.format(default="true"), _WORKBOOK_FOLDER.format(default="false"), 2),
    ):
        if text.count(old) != times:
            raise _unexpected(name)
        text = text.replace(old, new)
    text, guarded = _GUARDED.subn(rf"\g<0>    If Not {_GUARD} Then Exit Function\n", text)
    if guarded != _GUARDED_COUNT:
        raise _unexpected(name)
    return finished(_OPEN.sub(r"\1Private ", text) + _OWN_PART.read_text(encoding="ascii"))


def _unexpected(name: str) -> RefusedBuild:
    return RefusedBuild(f"xlwings' {name} is not the text expected of {XLWINGS_VERSION}")
