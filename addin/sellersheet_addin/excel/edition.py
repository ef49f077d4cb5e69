"""What a workbook's macros and the Python that is installed have to agree on.

That is the version of xlwings, the names of files, and the edition of Sellersheet. A workbook
carries its macros with it, and the Python behind it is installed once, so the two can be of
different editions. New arguments are always appended last: an older workbook means the same in a
newer Python. A newer workbook in an older Python may ask for what that does not know, and is
refused in words before it asks.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache
from typing import Final

import sellersheet
from sellersheet.functions.registry import FUNCTIONS
from sellersheet.wording import Problem, Wording

UDF_MODULE: Final = "sellersheet.excel"
PROJECT_NAME: Final = "sellersheet"  # names the folder and the file of the configuration
PROBLEM_FILE: Final = "excel-problem.txt"  # beside the configuration
XLWINGS_VERSION: Final = "0.37.8"
DLLS: Final = {bits: f"xlwings{bits}-{XLWINGS_VERSION}.dll" for bits in (64, 32)}


class EditionProblem(Problem):
    """A workbook that is newer than what is installed; the sentence says what to do."""

    wording = Wording("sellersheet_addin.excel", "edition.toml")


@cache
def edition() -> str:
    """The version, and a mark of the worksheet functions' names and arguments."""
    signatures = "\n".join(
        " ".join([name, *(f"{item.name}{'?' * item.optional}" for item in function.arguments)])
        for name, function in FUNCTIONS.items()
    )
    return f"{sellersheet.__version__} {hashlib.sha256(signatures.encode()).hexdigest()[:8]}"


def expect(book: str) -> None:
    """EditionProblem when the workbook's edition is newer than this one."""
    if is_newer(book, edition()):
        version = book.partition(" ")[0]
        raise EditionProblem("newer_book", book=version, installed=sellersheet.__version__)


def is_newer(book: str, here: str) -> bool:
    """Whether the workbook may ask for something that is not here."""
    if book == here:
        return False
    versions = [
        [int(part) for part in re.findall(r"\d+", text.partition(" ")[0])] for text in (book, here)
    ]
    return versions[0] >= versions[1]
