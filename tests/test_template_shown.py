"""The workbooks as they are printed: every text whole, no ####, rows as high as their text."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any, Final

import pytest
import xlsxwriter

from sellersheet.wording import LANGS, Lang
from sellersheet_workbook import plain
from sellersheet_workbook.template import TITLES
from tests.libreoffice import Office
from tests.template_books import formulas, small

_AREA: Final = re.compile(rb'<definedName name="_xlnm.Print_Area"[^<>]*>[^<>]*</definedName>')
_DRAWN_APART: Final = re.compile(r"[\s✔△✘]")  # signs of another font come elsewhere in the text


def _plain(text: str) -> str:
    return _DRAWN_APART.sub("", text)


def _printed(office: Office, folder: Path) -> str:
    """The text of all pages; LibreOffice prints of a text only what can be seen of it."""
    pdf = folder / "pages.pdf"
    office.save(pdf, "calc_pdf_Export")
    command = ["pdftotext", "-raw", str(pdf), "-"]
    return _plain(subprocess.run(command, capture_output=True, check=True, text=True).stdout)


def _folded(sheet: Any) -> set[int]:
    """The columns, from 0, that are folded and so not printed."""
    hidden = [item for item in sheet.column_dimensions.values() if item.hidden]
    return {at - 1 for item in hidden for at in range(item.min, item.max + 1)}


def _printed_whole(made: bytes) -> bytes:
    """The workbook without print areas: what only the screen shows is printed as well."""
    changed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(made)) as book,
        zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name in book.namelist():
            part = book.read(name)
            if name == "xl/workbook.xml":
                part, found = _AREA.subn(b"", part)
                assert found
            archive.writestr(name, part)
    return changed.getvalue()


@pytest.mark.parametrize("lang", LANGS)
def test_nothing_is_cut_off(tmp_path: Path, lang: Lang, addin_office_in: Any) -> None:
    _nothing_cut_off(addin_office_in(lang), small(lang), lang, tmp_path)


@pytest.mark.parametrize("lang", LANGS)
def test_nothing_is_cut_off_without_the_add_in(
    tmp_path: Path, lang: Lang, plain_office: Office
) -> None:
    _nothing_cut_off(plain_office, plain.committed(lang).read_bytes(), lang, tmp_path)


def _nothing_cut_off(office: Office, made: bytes, lang: Lang, folder: Path) -> None:
    path = folder / "template.xlsx"
    path.write_bytes(_printed_whole(made))
    book = formulas(made)
    office.open(path)
    printed = _printed(office, folder)
    assert "###" not in printed
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible":
            area = sheet.calculate_dimension()
            rows, folded = office.texts(sheet.title, area), _folded(sheet)
            texts = Counter(
                _plain(text)
                for row in rows for at, text in enumerate(row) if at not in folded
            )  # fmt: skip
            if sheet.title == TITLES("check", lang):  # a long text's beginning, whole elsewhere
                texts = Counter(dict.fromkeys(texts, 1))
            cut = [text for text, n in texts.items() if text and printed.count(text) < n]
            assert cut == [], sheet.title
            assert office.low_rows(sheet.title, area) == [], sheet.title


def test_a_cut_off_text_would_be_found(tmp_path: Path, addin_office: Office) -> None:
    """What the test above relies on."""
    addin_office.new()
    addin_office.write("Sheet1", "A1:B1", [["a text wider than its column", "the next"]])
    addin_office.write("Sheet1", "A2", [["1234567890123"]])
    printed = _printed(addin_office, tmp_path)
    assert "atext" in printed
    assert "atextwiderthanitscolumn" not in printed
    assert "thenext" in printed


def test_a_row_lower_than_its_text_would_be_found(tmp_path: Path, addin_office: Office) -> None:
    path = tmp_path / "low.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Sheet1")
        for row, points in enumerate((30, 6, 30, 8)):
            sheet.set_row(row, points)
            sheet.write(row, 0, "text")
    addin_office.open(path)
    for _ in range(2):  # the heights are as they were
        assert [row for row, *_ in addin_office.low_rows("Sheet1", "A1:A4")] == [2, 4]
    assert [row for row, *_ in addin_office.low_rows("Sheet1", "A2:A3")] == [2]
