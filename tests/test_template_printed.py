"""The workbooks on paper: few pages, each legible, on one grid of column widths."""

from __future__ import annotations

import io
import re
import subprocess
from collections import Counter
from pathlib import Path
from typing import Final

import openpyxl
import pytest

from sellersheet.wording import LANGS, Lang
from sellersheet_workbook import plain
from sellersheet_workbook.plain.words import WORDS as PLAIN_WORDS
from sellersheet_workbook.template import TITLES, build, samples
from sellersheet_workbook.template.palette import GAP, LABEL, LONG, NUMBER, TEXT
from tests.libreoffice import Office
from tests.template_books import formulas, small

SMALLEST: Final = 7  # points, after fitting
# Pages of a new workbook; what is long for the sake of the screen is not printed.
PAGES: Final = {
    "home": 2, "orders": 5, "quote": 3, "rates": 4, "policy": 6, "eligibility": 2, "deposit": 7,
    "modes": 4, "troubleshooting": 2, "check": 2, "functions": 4, "lists": 1,
}  # fmt: skip
PLAIN_PAGES: Final = {
    "home": 2, "orders": 3, "quote": 1, "deposit": 1, "eligibility": 1, "policy": 4, "rates": 2,
    "about": 2,
}  # fmt: skip
_ZOOM: Final = 3


def _pages(pdf: Path) -> list[tuple[str, Counter[float]]]:
    """Of each page the sheet that it is of, and how many characters have a size."""
    command = ["pdftohtml", "-xml", "-i", "-stdout", "-hidden", "-zoom", str(_ZOOM), str(pdf)]
    told = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    begin = {int(at): title for at, title in re.findall(r'<item page="(\d+)">(.*?)</item>', told)}
    sizes: dict[str, float] = {}
    found: list[tuple[str, Counter[float]]] = []
    for at, page in enumerate(told.split("<page ")[1:], 1):
        for name, size in re.findall(r'<fontspec id="(\d+)" size="(\d+)"', page):
            sizes[name] = int(size) / _ZOOM
        counted: Counter[float] = Counter()
        for name, text in re.findall(r'<text [^>]*font="(\d+)">(.*?)</text>', page):
            counted[sizes[name]] += len(re.sub("<[^>]+>", "", text).strip())
        found.append((begin.get(at) or found[-1][0], +counted))
    return found


def _book(edition: str, lang: Lang) -> tuple[bytes, dict[str, int]]:
    """A new workbook, and the most pages of each of its sheets by title."""
    if edition == "template":
        made = build(lang, samples(lang))
        return made, {TITLES(key, lang): count for key, count in PAGES.items()}
    made = plain.build(lang, samples(lang, plain.ROWS))
    return made, {PLAIN_WORDS(key, lang): count for key, count in PLAIN_PAGES.items()}


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("edition", ["template", "plain"])
def test_few_pages_and_each_legible(
    tmp_path: Path, edition: str, lang: Lang, plain_office: Office
) -> None:
    path, pdf = tmp_path / "new.xlsx", tmp_path / "pages.pdf"
    made, allowed = _book(edition, lang)
    path.write_bytes(made)
    plain_office.open(path)
    plain_office.save(pdf, "calc_pdf_Export")
    pages = _pages(pdf)
    counted = Counter(title for title, _ in pages)
    assert counted.keys() == allowed.keys()
    assert {title: count for title, count in counted.items() if count > allowed[title]} == {}
    for title, sizes in pages:
        assert min(sizes) >= SMALLEST, title


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("edition", ["template", "plain"])
def test_columns_have_the_widths_of_the_grid(edition: str, lang: Lang) -> None:
    made, allowed = _book(edition, lang)
    book = formulas(made)
    for title in allowed:
        dimensions = book[title].column_dimensions.values()
        widths = {round(item.width - 0.7109375, 2) for item in dimensions}
        assert widths <= {GAP, NUMBER, LABEL, TEXT, LONG}, title


def test_too_small_a_print_would_be_found(tmp_path: Path, plain_office: Office) -> None:
    """What the test above relies on."""
    book = openpyxl.load_workbook(io.BytesIO(small("zh")))
    book["自检"].column_dimensions["B"].width = 100
    book.save(tmp_path / "wide.xlsx")
    plain_office.open(tmp_path / "wide.xlsx")
    plain_office.save(tmp_path / "wide.pdf", "calc_pdf_Export")
    pages = _pages(tmp_path / "wide.pdf")
    assert min(min(sizes) for title, sizes in pages if title == "自检") < SMALLEST
