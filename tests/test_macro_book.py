"""Macro workbooks made of plain ones: nothing is lost, and the buttons are there."""

from __future__ import annotations

import io
import posixpath
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest
import xlsxwriter

from sellersheet.wording import LANGS, Lang
from sellersheet_addin.excel import build, macro_book, ribbon
from sellersheet_addin.excel.build import vba_project
from sellersheet_addin.excel.macro_book import (
    TYPES,
    MacroBookProblem,
    as_macro_book,
    links,
    unzipped,
    zipped,
)
from sellersheet_addin.excel.vba_modules import modules, workbook_events
from sellersheet_workbook.patch.package import Package
from tests import libreoffice, vba_in_libreoffice
from tests.macro_books import MAIN, SHEETS, every_template, files, template, tree
from tests.vba_text import open_procedures

DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
RELATED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
ART = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


def without_macros(data: bytes, new: set[str]) -> str:
    """A part's XML without what makes the workbook a macro workbook; ``new``: parts and ids."""
    data = data.replace(macro_book.BOOK_TYPE, macro_book.SHEET_TYPE)
    root = tree(data)
    for element in root.iter():
        element.attrib.pop("codeName", None)
    for parent in list(root.iter()):
        for child in list(parent):
            shape = child.find(f"{DRAWING}sp")
            if (
                (shape is not None and shape.get("macro", "").startswith("[0]!"))
                or {child.get("PartName"), child.get("Id"), child.get(RELATED)} & new
                or (child.tag == f"{MAIN}sheetPr" and not child.attrib and not len(child))
            ):
                parent.remove(child)
    return ElementTree.tostring(root, encoding="unicode")


def ids(parts: dict[str, bytes], part: str) -> set[str]:
    """The ids of the links that stand in the part, or that the part uses."""
    folder, name = posixpath.split(part)
    rels = part if part.endswith(".rels") else posixpath.join(folder, "_rels", f"{name}.rels")
    return {found.decode() for found in re.findall(rb'\bId="(rId\d+)"', parts.get(rels, b""))}


class TestNothingIsLost:
    @pytest.mark.parametrize("name", every_template())
    def test_every_part_is_as_it_was(self, name: str) -> None:
        xlsx, lang = every_template()[name]
        before, after = unzipped(xlsx), unzipped(build.macro_book(xlsx, lang))
        added = after.keys() - before.keys()
        assert before.keys() <= after.keys()
        assert "xl/vbaProject.bin" in added
        assert all("drawings/" in part for part in added - {"xl/vbaProject.bin"})
        for part, data in before.items():
            if data != after[part]:
                new = {f"/{one}" for one in added} | (ids(after, part) - ids(before, part))
                assert without_macros(after[part], new) == without_macros(data, set()), part

    @pytest.mark.parametrize("name", every_template())
    def test_only_what_must_change_changes(self, name: str) -> None:
        xlsx, lang = every_template()[name]
        before, after = unzipped(xlsx), unzipped(build.macro_book(xlsx, lang))
        book = (TYPES, "xl/workbook.xml", "xl/_rels/workbook.xml.rels")
        kinds = (*book, "xl/worksheets/sheet", "xl/worksheets/_rels/", "xl/drawings/drawing")
        changed = {part for part in before if before[part] != after[part]}
        assert all(part.startswith(kinds) for part in changed)

    @pytest.mark.parametrize("name", every_template())
    def test_every_button_has_its_sheet(self, name: str) -> None:
        xlsx, lang = every_template()[name]
        assert ribbon.sheet_buttons(lang).keys() <= macro_book.sheets(unzipped(xlsx)).keys()

    @pytest.mark.parametrize("lang", LANGS)
    @pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")  # the data bar
    def test_openpyxl_keeps_the_vba(self, lang: Lang) -> None:
        book = openpyxl.load_workbook(io.BytesIO(files()[lang]), keep_vba=True)
        assert tuple(book.sheetnames) == SHEETS[lang]
        saved = io.BytesIO()
        book.save(saved)
        book.vba_archive.close()  # openpyxl leaves it open
        kept = unzipped(saved.getvalue())["xl/vbaProject.bin"]
        assert kept == unzipped(files()[lang])["xl/vbaProject.bin"]

    def test_our_own_update_takes_it(self, tmp_path: Path) -> None:
        path = tmp_path / "book.xlsm"
        path.write_bytes(files()["zh"])
        assert Package(path).book_part == "xl/workbook.xml"


class TestButtons:
    @pytest.mark.parametrize("lang", LANGS)
    def test_stand_where_the_registry_says(self, lang: Lang) -> None:
        parts = unzipped(files()[lang])
        subs = open_procedures(modules("workbook")["sellersheet_macros"], "sub")
        assert ribbon.sheet_buttons(lang)
        for sheet, wanted in ribbon.sheet_buttons(lang).items():
            assert wanted
            related = links(parts, macro_book.sheets(parts)[sheet]).values()
            [drawing] = [target for kind, target in related if kind == "drawing"]
            root = tree(parts[drawing])
            found = {}
            for anchor in root.iter(f"{DRAWING}oneCellAnchor"):
                place = [int(anchor.findtext(f".//{DRAWING}{at}") or -1) for at in ("col", "row")]
                text = "".join(t.text or "" for t in anchor.iter(f"{ART}t"))
                macro = anchor.find(f"{DRAWING}sp").attrib["macro"]  # type: ignore[union-attr]
                assert macro.removeprefix("[0]!") in subs
                cell = f"{chr(ord('A') + place[0])}{place[1] + 1}"
                found[cell] = (text, macro)
            assert found == {
                cell: (button.label(lang), f"[0]!{button.macro}") for cell, button in wanted.items()
            }
            ids = [shape.attrib["id"] for shape in root.iter(f"{DRAWING}cNvPr")]
            assert len(ids) == len(set(ids))

    @pytest.mark.parametrize("lang", LANGS)
    def test_the_chart_stays_in_the_drawing(self, lang: Lang) -> None:
        parts = unzipped(files()[lang])
        home = macro_book.sheets(parts)[SHEETS[lang][0]]
        [drawing] = [target for kind, target in links(parts, home).values() if kind == "drawing"]
        assert [kind for kind, _ in links(parts, drawing).values()] == ["chart"]


@pytest.fixture(name="office")
def office_that_calculates_nothing(showing_office: libreoffice.Office) -> libreoffice.Office:
    return showing_office


class TestInLibreOffice:
    @pytest.mark.parametrize("lang", LANGS)
    def test_shows_the_same_values(
        self, office: libreoffice.Office, lang: Lang, tmp_path: Path
    ) -> None:
        seen: list[Any] = []
        for name, data in (("a.xlsx", template(lang)), ("a.xlsm", files()[lang])):
            path = tmp_path / name
            path.write_bytes(data)
            names = office.open(path)
            seen.append({sheet: office.cells(sheet, "A1:H12") for sheet in names})
        assert seen[0] == seen[1]
        assert seen[1][SHEETS[lang][2]][2][0].value == 600

    def test_its_vba_answers_in_cells(self, office: libreoffice.Office, tmp_path: Path) -> None:
        """The project as built, loaded from the file, with a stand-in for what starts Python."""
        texts = modules("workbook")
        texts["sellersheet_python"] = vba_in_libreoffice.STAND_IN.replace("\n", "\r\n")
        names = macro_book.code_names(len(SHEETS["zh"]))
        project = vba_project(names, texts, workbook_events())
        path = tmp_path / "standing-in.xlsm"
        path.write_bytes(macro_book.with_macros(unzipped(template("zh")), project, "zh"))
        office.open(path)
        formulas = [[f'=SEMIFEE("{word}";1)'] for word in ("number", "#N/A", "failure")]
        office.write("计算", "D1:D3", formulas)
        found = [row[0].value for row in office.cells("计算", "D1:D3")]
        assert found == [12.5, "Error 2042", "Error 2015"]


class TestAtTheUsersDesk:
    """as_macro_book uses the standard library only, and the macro workbook that is shipped."""

    @pytest.fixture(autouse=True)
    def shipped(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(macro_book, "SHIPPED", tmp_path)
        for lang in LANGS:
            (tmp_path / f"sellersheet-{lang}.xlsm").write_bytes(files()[lang])

    def test_needs_nothing_of_the_build(self) -> None:
        asked = "import sys, sellersheet_addin.excel.macro_book; print(*sys.modules)"
        run = subprocess.run([sys.executable, "-c", asked], capture_output=True, check=True)
        assert not {"pyopenvba", "xlsxwriter", "xlwings"} & set(run.stdout.decode().split())

    @pytest.mark.parametrize("lang", LANGS)
    def test_makes_what_the_build_makes(self, lang: Lang) -> None:
        assert as_macro_book(template(lang), lang) == files()[lang]

    def test_filled_cells_stay(self) -> None:
        parts = unzipped(template("zh"))
        sheet = "xl/worksheets/sheet2.xml"
        parts[sheet] = parts[sheet].replace(b"<v>100</v>", b"<v>123.45</v>")
        made = unzipped(as_macro_book(zipped(parts), "zh"))
        assert b"<v>123.45</v>" in made[sheet]

    def test_other_sheets_are_refused(self) -> None:
        with pytest.raises(MacroBookProblem) as found:
            as_macro_book(template("en"), "zh")
        assert "Home, Orders, Calculation" in found.value.text("en")
        assert "首页, 订单, 计算" in found.value.text("zh")

    def test_a_missing_file_is_told(self, tmp_path: Path) -> None:
        (tmp_path / "sellersheet-zh.xlsm").unlink()
        with pytest.raises(MacroBookProblem) as found:
            as_macro_book(template("zh"), "zh")
        assert "sellersheet-zh.xlsm" in found.value.text("zh")

    def test_a_chart_sheet_is_refused(self) -> None:
        written = io.BytesIO()
        with xlsxwriter.Workbook(written) as book:
            book.add_worksheet("首页").write(0, 0, 1)
            chart = book.add_chart({"type": "line"})
            chart.add_series({"values": ["首页", 0, 0, 0, 0]})
            book.add_chartsheet("图").set_chart(chart)
        with pytest.raises(MacroBookProblem) as found:
            as_macro_book(written.getvalue(), "zh")
        assert "图" in found.value.text("en")

    def test_a_macro_book_is_not_made_one_again(self) -> None:
        with pytest.raises(MacroBookProblem):
            as_macro_book(files()["zh"], "zh")
