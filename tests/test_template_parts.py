"""The parts of the built templates, by XML element: what each sheet must have, alike in both
languages."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from datetime import date
from typing import Any, Final
from xml.etree import ElementTree

import openpyxl
import pytest

from sellersheet.wording import LANGS
from sellersheet_workbook.template import ENTRIES, TITLES, Content, build, committed
from sellersheet_workbook.template.content import sample_rows
from tests.template_books import values

# Elements that a sheet has, besides formulas and those of every visible sheet.
ELEMENTS: Final = {
    "home": "conditionalFormatting dataValidation drawing mergeCell rowBreaks",
    "orders": "conditionalFormatting dataValidation pane tablePart",
    "quote": "conditionalFormatting dataValidation drawing mergeCell rowBreaks",
    "rates": "conditionalFormatting dataValidation mergeCell pane tablePart",
    "policy": "conditionalFormatting dataValidation mergeCell pane tablePart",
    "eligibility": "conditionalFormatting dataValidation mergeCell",
    "deposit": "conditionalFormatting dataValidation drawing mergeCell rowBreaks",
    "modes": "conditionalFormatting dataValidation drawing mergeCell rowBreaks",
    "troubleshooting": "conditionalFormatting dataValidation mergeCell rowBreaks",
    "check": "conditionalFormatting mergeCell",
    "functions": "conditionalFormatting mergeCell pane sheetProtection",
    "lists": "pane tablePart",
    "calculation": "",
}
EVERYWHERE: Final = {"headerFooter", "hyperlink", "pageSetup", "tabColor"}
TOLD_OF: Final = {*" ".join(ELEMENTS.values()).split(), *EVERYWHERE}
CHARTS: Final = {"home": 4, "quote": 2, "deposit": 1, "modes": 3}
TABLES: Final = {"orders": 1, "rates": 1, "policy": 1, "lists": 6}
HEADER_ROWS: Final = {"orders", "rates", "policy", "check", "functions", "lists"}
NAMES: Final = {
    *("CheckOK", "CountryCodes", "CountryNames", "HolidayDates", "OrderInputs", "OrderResults"),
    *("Results", "ShopNames", "Live", "NotLive", "Saved", "PolicyWrong", "OwnCount"),
    *("Effect_usual", "Effect_all_fees", "OrdersChange", "OrdersBuiltIn"),
    "OrdersInForce",
}
_CHART: Final = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_DRAWING: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
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
            charts = sorted(name for name in self.names if name.startswith("xl/charts/chart"))
            self.charts = [_tree(archive.read(name)) for name in charts]
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


# Charts whose amounts may be below 0, by sheet: their axis finds its own least.
BELOW_ZERO: Final = {"home": 1, "quote": 2, "modes": 2}


@pytest.mark.parametrize("lang", LANGS)
def test_charts_begin_at_zero_and_draw_something(parts: dict[str, _Parts], lang: str) -> None:
    """Also: one font, a title each, and a legend with more than one series alone."""
    cells = values(committed(lang).read_bytes())  # type: ignore[arg-type]
    free: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    for chart in parts[lang].charts:
        numbers = [
            node.text or "" for node in chart.iterfind(f".//{_CHART}val/{_CHART}numRef/{_CHART}f")
        ]
        numbers += [
            node.text or "" for node in chart.iterfind(f".//{_CHART}yVal/{_CHART}numRef/{_CHART}f")
        ]
        sheet = numbers[0].partition("!")[0].strip("'")
        key = next(key for key in ELEMENTS if TITLES(key, lang) == sheet)
        seen[key] += 1
        drawn = [
            [
                cell.value
                for row in cells[sheet][text.partition("!")[2].replace("$", "")]
                for cell in row
            ]
            for text in numbers
        ]
        assert all(any(isinstance(value, int | float) for value in found) for found in drawn), key
        assert chart.find(f".//{_CHART}title") is not None
        assert (chart.find(f".//{_CHART}legend") is not None) <= (len(numbers) > 1), key
        fonts = {node.get("typeface") for node in chart.iter(f"{_DRAWING}latin")}
        assert fonts == {"等线"}
        axis = chart.findall(f".//{_CHART}valAx")[-1]
        least = axis.find(f"{_CHART}scaling/{_CHART}min")
        if least is None:
            free[key] += 1
        else:
            assert float(least.get("val", "")) == 0, key
    assert seen == CHARTS
    assert free == BELOW_ZERO


@pytest.mark.parametrize("lang", LANGS)
def test_a_currency_sign_is_for_totals_and_key_figures(lang: str) -> None:
    """They are bold; the unit of a small table's amounts stands in its heading."""
    book, bold = values(committed(lang).read_bytes()), 0  # type: ignore[arg-type]
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                shown = cell.number_format
                if cell.value is not None and ("¥" in shown or "$" in shown.replace("[$", "")):
                    assert cell.font.bold, (sheet.title, cell.coordinate)
                    bold += 1
    assert bold > 10


def test_home_without_costs_draws_fees() -> None:
    """Profit and margin of no row are known: no chart may be empty for it."""
    beside = {"cost_cny", "return_case", "refund_cny", "goods_lost_cny", "sku"}
    given = [{k: v for k, v in line.items() if k not in beside} for line in sample_rows("zh")]
    lines = [{**line, "sku": f"货号{at % 4}"} for at, line in enumerate(given)]
    made = build("zh", Content(lines, 60))
    home = openpyxl.load_workbook(io.BytesIO(made), data_only=True)["首页"]
    cells = [[cell.value for cell in row] for row in home.iter_rows()]
    rows = {row[0]: row for row in cells}
    assert rows["费用"][:4] == ["费用", "自", "亏损行", "金额（元）"]
    assert rows["物流费"][3] > rows["操作费"][3] > 0
    header = next(row for row in cells if "商品编码" in row)
    at = header.index("商品编码")
    assert header[at + 3] == "费用合计"
    dearest = [row[at : at + 4] for row in cells if str(row[at]).startswith("货号")]
    assert [row[3] for row in dearest] == sorted((row[3] for row in dearest), reverse=True)
    assert len(dearest) == 4


@pytest.mark.parametrize(
    ("line", "month"),
    [({}, ""), ({"order_id": "1", "paid_cny": 10.0, "order_date": date(2024, 8, 5)}, "2024-08")],
    ids=["no order", "an order without a fee"],
)
def test_home_of_orders_without_any_fee(line: dict[str, Any], month: str) -> None:
    """No header of a summary stands among its groups, and nothing unknown is a number."""
    made = build("zh", Content([line] if line else [], 50))
    books = [openpyxl.load_workbook(io.BytesIO(made), data_only=only) for only in (True, False)]
    cells, formulas = (
        [[c.value for c in row] for row in book["首页"].iter_rows()] for book in books
    )
    top = next(at for at, row in enumerate(cells) if row[0] == "月份")
    months = [row[:5] for row in cells[top + 1 : top + 7] if str(row[0]).strip()]
    wanted = [[f"2024-0{number}", *[0] * 4] for number in range(3, 8)] if month else []
    assert months == ([*wanted, [month, *[" "] * 4]] if month else [])
    assert all("ISNUMBER" in str(cell) for row in formulas[top + 1 : top + 7] for cell in row[1:5])
    assert not [row for row in cells[: top - 1] if "分组" in map(str, row)]


@pytest.mark.parametrize("lang", LANGS)
def test_the_counts_of_home_are_links_to_the_orders(parts: dict[str, _Parts], lang: str) -> None:
    """An ordinary link on a formula's cell: HYPERLINK() would calculate the book on opening."""
    home = parts[lang].sheets["home"]
    links = {node.get("ref"): node.get("location") for node in home.iter(f"{_MAIN}hyperlink")}
    formulas = {node.get("r"): node.findtext(f"{_MAIN}f") or "" for node in home.iter(f"{_MAIN}c")}
    counts = ("I7", "J7", "K7", "L7")
    assert {links[at] for at in counts} == {f"'{TITLES('orders', lang)}'!A7"}  # type: ignore[arg-type]
    assert ["COUNTIF" in formulas[at] for at in counts] == [True, True, True, False]
    assert not any("HYPERLINK" in text for text in formulas.values())
