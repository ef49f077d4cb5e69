"""The VBA module through which Excel reaches Python, and what has to fit together for it.

The text is our own; xlwings' DLL, which it declares, is the installed version's. It knows no
configuration but the user's own, no folder of a workbook, and no command but the one that
starts xlwings' COM server.
"""

from __future__ import annotations

from importlib import metadata, resources
from pathlib import Path
from typing import Final

from sellersheet_addin.excel.edition import edition
from sellersheet_addin.excel.vba_source import RefusedBuild, finished

PROJECT_NAME: Final = "sellersheet"  # names the folder and the file of the configuration
PROBLEM_FILE: Final = "excel-problem.txt"  # beside the configuration
XLWINGS_VERSION: Final = "0.37.8"
MODULE_NAME: Final = "sellersheet_python"
DLLS: Final = {bits: f"xlwings{bits}-{XLWINGS_VERSION}.dll" for bits in (64, 32)}
_SOURCE: Final = Path(__file__).with_name("vba") / f"{MODULE_NAME}.bas"
_XLWINGS_TEXT: Final = "xlwings_custom_addin.bas"
_DECLARED: Final = "Declare PtrSafe Function XLPyDLLActivateAuto "


def connection_module() -> str:
    """The module's text, ASCII with CRLF; RefusedBuild where xlwings is not the expected one."""
    installed = metadata.version("xlwings")
    if installed != XLWINGS_VERSION:
        raise RefusedBuild(
            f"xlwings {installed} is installed, but the add-in is built with {XLWINGS_VERSION}: "
            f"pip install xlwings=={XLWINGS_VERSION}"
        )
    text = _SOURCE.read_text(encoding="ascii")
    for name, value in (
        ("xlwings", XLWINGS_VERSION),
        ("edition", edition()),
        ("project", PROJECT_NAME),
    ):
        text = text.replace(f"{{{name}}}", value)
    theirs = _declarations(resources.files("xlwings").joinpath(_XLWINGS_TEXT).read_text("ascii"))
    if not theirs or _declarations(text) != theirs:
        raise RefusedBuild(f"xlwings' {_XLWINGS_TEXT} is not the text expected of {installed}")
    return finished(text)


def _declarations(text: str) -> set[str]:
    """How the DLL's one function that is used is declared, for both kinds of Excel."""
    return {_DECLARED + line.split(_DECLARED)[1].strip() for line in text.splitlines()
            if _DECLARED in line}  # fmt: skip
