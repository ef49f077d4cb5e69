"""Every worksheet function in LibreOffice's cells, in a workbook as Excel would have it."""

import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from sellersheet.functions.registry import FUNCTIONS
from tests import libreoffice, libreoffice_book
from tests.libreoffice_book import PLACES, Error, Placed, seen

ERROR_TEXTS = {Error(519): "#VALUE!", Error(503): "#NUM!", Error(32767): "#N/A"}
_CALL = re.compile(r"[A-Z_.]{4,}(?=\()")


@pytest.fixture(scope="module", name="office")
def office_with_addin(addin_office: libreoffice.Office) -> libreoffice.Office:
    return addin_office


@pytest.fixture(scope="module", name="book")
def every_function(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    path = tmp_path_factory.mktemp("book") / "every 函数.xlsx"
    return path, libreoffice_book.written(path)


@pytest.fixture(scope="module", name="calculated")
def shown_by_libreoffice(
    office: libreoffice.Office, book: tuple[Path, dict[tuple[str, str], Placed]]
) -> dict[tuple[str, str], list[list[Any]]]:
    """What every formula shows; the workbook is saved beside, as .xlsx and .ods."""
    path, placed = book
    office.open(path)
    found = {
        (name, place): seen(office.cells(name, item.address))
        for (name, place), item in placed.items()
    }
    office.save(path.with_name("saved.xlsx"), "Calc MS Excel 2007 XML")
    office.save(path.with_name("saved.ods"), "calc8")
    office.close()
    return found


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_cell_shows_what_python_gives(
    name: str,
    place: str,
    book: tuple[Path, dict[tuple[str, str], Placed]],
    calculated: dict[tuple[str, str], list[list[Any]]],
) -> None:
    assert calculated[name, place] == book[1][name, place].shown


@pytest.fixture(scope="module", name="saved")
def read_back(book: tuple[Path, Any], calculated: Any) -> tuple[Any, Any]:
    """The workbook as LibreOffice writes it, read by openpyxl: its formulas, its values."""
    path = book[0].with_name("saved.xlsx")
    return openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_saved_as_xlsx(
    name: str, saved: tuple[Any, Any], book: tuple[Path, dict[tuple[str, str], Placed]]
) -> None:
    formulas, values = (one[name] for one in saved)
    assert PLACES
    for place in PLACES:
        placed = book[1][name, place]
        found = formulas[placed.address.partition(":")[0]].value
        text = found if isinstance(found, str) else found.text
        assert _CALL.findall(text) == _CALL.findall(placed.formula), place
        rows = [[cell.value for cell in row] for row in values[placed.address]]
        assert rows == [[_as_saved(cell) for cell in row] for row in placed.shown], place


def test_saved_as_ods(
    office: libreoffice.Office,
    book: tuple[Path, dict[tuple[str, str], Placed]],
    calculated: Any,
) -> None:
    office.open(book[0].with_name("saved.ods"))
    assert FUNCTIONS
    for name in FUNCTIONS:
        placed = book[1][name, "range"]
        assert seen(office.cells(name, placed.address)) == placed.shown


def _as_saved(cell: Any) -> Any:
    if isinstance(cell, Error):
        return ERROR_TEXTS[cell]
    if isinstance(cell, float):
        return pytest.approx(cell, rel=1e-14)  # LibreOffice writes 15 digits
    return None if cell == "" else cell


@pytest.mark.parametrize(
    ("formula", "shown"),
    [
        ("=SEMIFEE(A1;B1)", 31.3),
        ("=SEMIFEE(A2;B2)", Error(519)),  # a wrong value
        ("=SEMIFEE(A4;B4)", Error(532)),  # an error cell gives its error
        ("=SEMIFEE(A5;B5)", Error(32767)),
        ("=SEMIFEE(A6;B1)", 31.3),  # a text that means a number
        ("=SEMIFEE(A3:A3;B3:B3)", ""),  # a blank
        ("=SEMIFEE(A1:A1;B3:B3)", Error(32767)),  # freight not on record
        ("=SEMIFEE(A1;B3)", 8.7),  # a blank cell given by itself arrives as 0
        ("=SEMIFEE(A1;B1;C1;2;TRUE();C1;C1;C1)", 31.3),  # but not where words are asked for
        ('=CATEGORYCHECK("手机壳";C1)', "PASS"),
        ("=SEMIFEE(100;22.6;;5;FALSE())", 35.8),
        ("=SEMIFEE(100;22.6;;;;;DATE(2024;6;30))", Error(32767)),  # before the rules
        ("=SEMIFEE(100;22.6;;;;;DATE(2024;7;1))", 31.3),
        ('=BREAKEVEN(30;22.6;;;;{"佣金率";0.97})', Error(503)),
        ('=BREAKEVEN(30;22.6;;;;{"佣金";1})', Error(519)),
        ("=IFERROR(SEMIFEE(A5;B5);7)", 7.0),
        ("=IF(ISOVERSIZE(2000.5;40;30;20);1;2)", 1.0),
        ("=SEMIFEE(100)", Error(519)),  # a required argument is missing
        ("=SUM(SEMIFEE({100|100};{22.6|22.6}))", 62.6),
    ],
)
def test_cells_of_every_kind(kinds: libreoffice.Office, formula: str, shown: Any) -> None:
    kinds.write("Sheet1", "H1", [[formula]])
    assert seen(kinds.cells("Sheet1", "H1")) == [[shown]]


def test_rows_of_a_range_do_not_touch_each_other(kinds: libreoffice.Office) -> None:
    kinds.write_array("Sheet1", "J1:J3", "=SEMIFEE(A1:A3;B1:B3)")
    assert seen(kinds.cells("Sheet1", "J1:J3")) == [[31.3], [Error(519)], [""]]


@pytest.fixture(name="kinds")
def cells_of_kinds(office: libreoffice.Office) -> libreoffice.Office:
    """Paid and freight: right, wrong, blank, two errors, text."""
    office.new()
    rows = [["100", "22.6"], ["-1", "22.6"], ["", ""], ["=1/0", "22.6"], ["100", "=NA()"]]
    office.write("Sheet1", "A1:B6", [*rows, ["'¥100.00", "22.6"]])
    return office
