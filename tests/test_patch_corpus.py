"""Books of many programs after an update: right where written, the same everywhere else."""

import datetime as dt
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from sellersheet_workbook.patch import BookTable, open_book, restore
from tests import libreoffice
from tests.imitated_books import IMITATED
from tests.workbook_corpus import BOOKS, FEE, HEADERS, ROWS, STATUS, Made, by_openpyxl, find_table

COUNT = len(ROWS)
FEES = [6.27, None, -2.5, 0.0, 1e-7, 123456789012.25, 1.0, None, 3.0]
STATUSES = ["=1+1", " 待确认 <&> ", None, "_x0041_", "@a", "-b", "+c\nd", "", "#N/A"]
RATES = np.linspace(0, 1, COUNT)
RESULTS: dict[str, Any] = {"fee": FEES, "status": STATUSES, "rate": RATES}
WRITTEN = ["=1+1", " 待确认 <&> ", None, "_x0041_", "@a", "-b", "+c\nd", None, "#N/A"]
MAY_CHANGE = {"xl/workbook.xml"}
CALCULATION_ORDER = "xl/calcChain.xml"  # goes with the formulas that values replace
NAMING_PARTS = {"[Content_Types].xml", "xl/_rels/workbook.xml.rels"}


ALL = {**BOOKS, **IMITATED}


@pytest.fixture(scope="module", name="originals")
def each_made_once() -> dict[str, Made]:
    return {}


@pytest.fixture(params=[*ALL, *(f"{name} by LibreOffice" for name in ALL)])
def made(
    request: pytest.FixtureRequest, tmp_path: Path, originals: dict[str, Made],
    tmp_path_factory: pytest.TempPathFactory,
) -> Made:  # fmt: skip
    """A copy of its own for each test."""
    if request.param not in originals:
        name, _, by_office = request.param.partition(" by ")
        folder = tmp_path_factory.mktemp("original")
        book = ALL[name](folder)
        if by_office:
            office: libreoffice.Office = request.getfixturevalue("plain_office")
            office.open(book.path)
            book = replace(book, path=folder / "office.xlsx")
            office.save(book.path, "Calc MS Excel 2007 XML")
        originals[request.param] = book
    original = originals[request.param]
    return replace(original, path=Path(shutil.copy(original.path, tmp_path)))


def _find(made: Made) -> BookTable:
    return find_table(open_book(made.path), made.name or ("order_id", "fee"))


def _update(made: Made) -> Path | None:
    book = open_book(made.path)
    table = find_table(book, made.name or ("order_id", "fee"))
    book.set_columns(table, RESULTS, replace_formulas=True)
    return book.save()


def _raw(path: Path) -> dict[str, bytes]:
    """Every member as it stands in the zip, still packed."""
    data = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        infos = sorted(archive.infolist(), key=lambda info: info.header_offset)
        ends = [*(info.header_offset for info in infos[1:]), archive.start_dir]
    return {
        info.filename: data[info.header_offset : end] for info, end in zip(infos, ends, strict=True)
    }


def _cells(path: Path, sheet: str) -> dict[tuple[int, int], Any]:
    found = by_openpyxl(path)[sheet]
    return {
        (cell.row, cell.column): (cell.value, cell.number_format, cell.data_type)
        for row in found.iter_rows()
        for cell in row
        if cell.value is not None
    }


def test_the_table_is_found(made: Made) -> None:
    table = _find(made)
    assert (table.area.top, table.area.left, len(table)) == (made.top, made.left, COUNT)
    assert table.headers == HEADERS
    frame = open_book(made.path).read(table)
    assert list(frame.columns) == list(HEADERS)
    assert frame["order_id"].tolist() == [row[0] for row in ROWS]
    assert frame["fee"].tolist() == [row[FEE] for row in ROWS]


def test_values_after_an_update(made: Made) -> None:
    before = _cells(made.path, made.sheet)
    _update(made)
    after = _cells(made.path, made.sheet)
    for at in range(COUNT):
        row, left = made.top + 1 + at, made.left
        number, word, rate = (after.pop((row, left + c), None) for c in (FEE, STATUS, STATUS + 1))
        assert (number and number[0]) == FEES[at]
        # openpyxl leaves Excel's escape as it is
        assert (word and word[0].replace("_x005F_", "_")) == WRITTEN[at]
        assert word is None or word[2] == ("e" if WRITTEN[at] == "#N/A" else "s")
        assert rate[0] == RATES[at]
        assert rate[1] == "General"
        old = [before.pop((row, left + column), None) for column in (FEE, STATUS)]
        assert number is None or old[0] is None or number[1] == old[0][1]
    assert after.pop((made.top, made.left + len(HEADERS)))[0] == "rate"
    assert after == before


def test_two_readers_agree(made: Made, plain_office: libreoffice.Office) -> None:
    _update(made)
    first, last = made.top, made.top + COUNT
    left = made.left - 1
    book = CalamineWorkbook.from_path(made.path).get_sheet_by_name(made.sheet)
    rows = book.to_python(skip_empty_area=False)[first:last]
    assert [row[left + FEE] for row in rows] == [fee if fee is not None else "" for fee in FEES]
    assert [row[left + STATUS] for row in rows][:2] == WRITTEN[:2]
    letters = "ABCDEFGHIJ"[left:]
    plain_office.open(made.path)
    shown = plain_office.values(made.sheet, f"{letters[0]}{first}:{letters[6]}{last}")
    assert shown[0] == [*HEADERS, "rate"]
    assert [row[FEE] for row in shown[1:]] == [fee if fee is not None else "" for fee in FEES]
    assert [row[STATUS] for row in shown[1:]] == [*(word or "" for word in WRITTEN[:-1]), ""]
    assert [row[STATUS + 1] for row in shown[1:]] == pytest.approx(RATES.tolist())


def test_other_parts_keep_their_bytes(made: Made) -> None:
    before = _raw(made.path)
    table = _find(made)
    _update(made)
    after = _raw(made.path)
    assert list(after) == [name for name in before if name in after]
    changed = {name for name in after if after[name] != before[name]}
    gone = set(before) - set(after)
    assert gone <= {CALCULATION_ORDER}
    others = changed - MAY_CHANGE - {table.part} - (NAMING_PARTS if gone else set())
    assert len(others) == 1
    assert others.pop().startswith("xl/worksheets/sheet")


def test_twice_is_once_and_restore_is_before(made: Made) -> None:
    before = made.path.read_bytes()
    backup = _update(made)
    assert backup is not None
    assert backup.read_bytes() == before
    once = made.path.read_bytes()
    assert once != before
    assert _update(made) is None
    assert made.path.read_bytes() == once
    restore(made.path, backup)
    assert made.path.read_bytes() == before


def test_the_table_grows_with_its_columns(made: Made) -> None:
    old = _find(made)
    _update(made)
    table = _find(made)
    assert table.headers == (*HEADERS, "rate")
    assert table.area == old.area._replace(right=old.area.right + 1)
    sheet = by_openpyxl(made.path)[made.sheet]
    found = next(iter(sheet.tables.values()), None)
    if found is not None:
        assert found.ref == table.ref
        assert found.autoFilter is None or found.autoFilter.ref == table.ref
        assert [column.name for column in found.tableColumns] == list(table.headers)
    elif sheet.auto_filter.ref:
        assert sheet.auto_filter.ref == table.ref


def test_days_stay_days(made: Made) -> None:
    book = open_book(made.path)
    table = find_table(book, made.name or ("order_id", "fee"))
    days = pd.Series(pd.date_range("2025-01-30", periods=COUNT))
    book.set_columns(table, {"day": days, "due": days})
    book.save(backup=False)
    reopened = open_book(made.path)
    frame = reopened.read(find_table(reopened, made.name or ("order_id", "due")))
    for column in ("day", "due"):
        shown = [
            value if isinstance(value, str) else f"{value:%Y-%m-%d}" for value in frame[column]
        ]
        assert shown == [f"{day:%Y-%m-%d}" for day in days]


def test_rows_are_added_below(made: Made) -> None:
    book = open_book(made.path)
    table = find_table(book, made.name or ("order_id", "fee"))
    more = pd.DataFrame({"order_id": ["82001", "82002"], "fee": [7.5, None]})
    after = book.append_rows(table, more)
    assert len(after) == COUNT + 2
    book.save(backup=False)
    again = open_book(made.path)
    frame = again.read(find_table(again, made.name or ("order_id", "fee")))
    assert frame["order_id"].tolist()[-2:] == ["82001", "82002"]
    assert frame["fee"].tolist()[-2] == 7.5
    assert frame["fee"].tolist()[:COUNT] == [row[FEE] for row in ROWS]
    assert isinstance(frame["day"].tolist()[0], dt.datetime | float)
