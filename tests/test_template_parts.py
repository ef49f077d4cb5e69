"""The parts of the built templates, by XML element: what each sheet must have, alike in both
languages."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from typing import Final
from xml.etree import ElementTree

import pytest

from sellersheet.wording import LANGS
from sellersheet_workbook.template import committed
from sellersheet_workbook.template.registry import ENTRIES

# Elements that a sheet has, besides formulas and those of every visible sheet.
ELEMENTS: Final = {
    "home": "conditionalFormatting dataValidation drawing mergeCell",
    "orders": "conditionalFormatting dataValidation pane tablePart",
    "quote": "conditionalFormatting dataValidation drawing mergeCell rowBreaks",
    "rates": "conditionalFormatting dataValidation mergeCell pane tablePart",
    "policy": "conditionalFormatting dataValidation mergeCell pane tablePart",
    "eligibility": "conditionalFormatting dataValidation mergeCell rowBreaks",
    "deposit": "conditionalFormatting dataValidation drawing mergeCell rowBreaks",
    "modes": "conditionalFormatting dataValidation drawing mergeCell rowBreaks",
    "troubleshooting": "conditionalFormatting dataValidation mergeCell rowBreaks",
    "check": "conditionalFormatting mergeCell rowBreaks",
    "functions": "conditionalFormatting pane sheetProtection",
    "lists": "pane tablePart",
    "calculation": "",
}
EVERYWHERE: Final = {"headerFooter", "hyperlink", "pageSetup", "tabColor"}
TOLD_OF: Final = {*" ".join(ELEMENTS.values()).split(), *EVERYWHERE}
CHARTS: Final = {"home": 4, "quote": 1, "deposit": 1, "modes": 3}
TABLES: Final = {"orders": 1, "rates": 1, "policy": 1, "lists": 6}
HEADER_ROWS: Final = {"orders", "rates", "policy", "functions", "lists"}
NAMES: Final = {
    *("CheckOK", "CountryCodes", "CountryNames", "HolidayDates", "OrderInputs", "OrderResults"),
    *("Results", "ShopNames", "Live", "NotLive", "Saved", "PolicyWrong", "OwnCount"),
    *("Effect_usual", "Effect_all_fees", "OrdersChange"),
}
_MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def _tree(data: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(data)  # noqa: S314 - our own file


class _Parts:
    """A template's parts: the sheets by key, and the workbook."""

    def __init__(self, lang: str) -> None:
        with zipfile.ZipFile(io.BytesIO(committed(lang).read_bytes())) as archive:  # type: ignore[arg-type]
            self.names = archive.namelist()
            self.book = _tree(archive.read("xl/workbook.xml"))
            read = (archive.read(f"xl/worksheets/sheet{at}.xml") for at in range(1, 14))
            self.sheets = {
                entry.key: _tree(part) for entry, part in zip(ENTRIES, read, strict=True)
            }

    def count(self, key: str) -> Counter[str]:
        """Elements; neighbouring columns of one width are one, whatever the language makes it."""
        names = (node.tag.removeprefix(_MAIN) for node in self.sheets[key].iter())
        return Counter(name for name in names if name != "col")


@pytest.fixture(scope="module")
def parts() -> dict[str, _Parts]:
    return {lang: _Parts(lang) for lang in LANGS}


def test_both_languages_have_the_same_parts_and_formulas(parts: dict[str, _Parts]) -> None:
    zh, en = parts["zh"], parts["en"]
    assert zh.names == en.names
    for key in zh.sheets:
        assert zh.count(key) == en.count(key), key
        places = [
            [
                (cell.get("r"), formula.get("ref"))
                for cell in part.sheets[key].iter(f"{_MAIN}c")
                for formula in cell.iterfind(f"{_MAIN}f")
            ]
            for part in (zh, en)
        ]
        assert places[0] == places[1], key


@pytest.mark.parametrize("lang", LANGS)
def test_every_sheet_has_its_elements(parts: dict[str, _Parts], lang: str) -> None:
    assert parts[lang].sheets.keys() == ELEMENTS.keys()
    for key, words in ELEMENTS.items():
        wanted = {*words.split(), *(() if key == "calculation" else EVERYWHERE)}
        found = parts[lang].count(key)
        assert found.keys() & TOLD_OF == wanted, key
        assert found["tablePart"] == TABLES.get(key, 0), key
        assert (found["f"] > 0) == (key != "lists"), key
        page = parts[lang].sheets[key].find(f"{_MAIN}pageSetup")
        assert page is None or page.get("paperSize") == "9", key
        fit = parts[lang].sheets[key].find(f"{_MAIN}sheetPr/{_MAIN}pageSetUpPr")
        assert (fit is not None and fit.get("fitToPage") == "1") == (page is not None), key


@pytest.mark.parametrize("lang", LANGS)
def test_names_charts_and_print_titles(parts: dict[str, _Parts], lang: str) -> None:
    book = parts[lang]
    names = book.book.findall(f"{_MAIN}definedNames/{_MAIN}definedName")
    own = {node.get("name") for node in names if not node.get("name").startswith("_xlnm.")}
    assert own == NAMES
    assert not any("#REF!" in node.text for node in names)
    keys = list(book.sheets)
    titled = {
        keys[int(node.get("localSheetId"))]
        for node in names
        if node.get("name") == "_xlnm.Print_Titles"
    }
    assert titled == HEADER_ROWS
    drawn = [name for name in book.names if re.fullmatch(r"xl/charts/chart\d+\.xml", name)]
    assert len(drawn) == sum(CHARTS.values())
