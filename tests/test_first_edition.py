"""A workbook of the first edition, opened with today's functions: it calculates the same."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from pathlib import Path
from typing import Any

import openpyxl

from tests.libreoffice import Office

BOOK = Path(__file__).with_name("first_edition.xlsx")
ERRORS = {"#N/A", "#VALUE!", "#NUM!"}
SAYS_MORE = {
    ("政策", "D96"),  # 95 分以上 is a reading
    ("政策", "C101"),  # what of ERR_DEP_501 is inferred
    *{("准入", "E40"), ("计算", "BM17")},  # flags that were not asked
    *{("押金", "C63"), ("计算", "BK30")},  # what "mainly to RU and BR" is taken as
    # A summary's headers: rows that are computed, and those that are not.
    *{("计算", f"{column}{row}") for column in "RS" for row in (3, 67, 79)},
    # Another one's: the rush fee of T+2 and T+3 is to be confirmed.
    *{("计算", f"AG{row}") for row in (3, 67, 79)},
    # Headers in other words: what to do, the return on an investment.
    *{("准入", "E25"), ("押金", "E79"), ("模式", "F15")},
    *{("计算", place) for place in ("BM2", "BM35", "BN65")},
}
A_FUNCTION = re.compile(r"\b[A-Z][A-Z_]{5,}\(")


def test_it_calculates_the_same(tmp_path: Path, addin_office: Office) -> None:
    path = tmp_path / "old.xlsx"
    shutil.copy(BOOK, path)
    saved = openpyxl.load_workbook(BOOK, data_only=True)
    formulas = openpyxl.load_workbook(BOOK)
    called = {
        name
        for sheet in formulas.worksheets
        for row in sheet.iter_rows()
        for cell in row
        for name in A_FUNCTION.findall(str(getattr(cell.value, "text", cell.value) or ""))
    }
    assert len(called) > 25, "the old functions are all in it"
    changed: list[tuple[str, str, Any, Any]] = []
    addin_office.open(path)
    addin_office.calculate()
    for sheet in saved.worksheets:
        found = addin_office.values(sheet.title, sheet.calculate_dimension())
        for row, calculated in zip(sheet.iter_rows(), found, strict=True):
            for cell, value in zip(row, calculated, strict=True):
                if not isinstance(cell.value, dt.datetime) and not same(cell.value, value):
                    changed.append((sheet.title, cell.coordinate, cell.value, value))
    # No number, verdict or date is another one: these sentences say more than they did.
    assert {(sheet, place) for sheet, place, _, _ in changed} == SAYS_MORE
    assert all(isinstance(cell, str | None) and isinstance(new, str) for *_, cell, new in changed)


def same(saved: Any, calculated: float | str) -> bool:
    """Errors and blanks read as an empty text."""
    if saved is None or saved in ERRORS:
        return calculated == ""
    if isinstance(saved, str):
        return saved == calculated
    return isinstance(calculated, float) and abs(float(saved) - calculated) < 1e-9
