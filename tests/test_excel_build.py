"""The Excel files as they are built: VBA, parts and links."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from pathlib import Path

import olefile
import pyopenvba
import pytest

from sellersheet.wording import LANGS
from sellersheet_addin.excel import build, macro_book
from sellersheet_addin.excel.build import addin
from sellersheet_addin.excel.macro_book import TYPES, links, unzipped, zipped
from sellersheet_addin.excel.vba_modules import BookKind, modules, workbook_events
from tests import olevba
from tests.macro_books import MAIN, files, template, tree
from tests.olevba import decompress_stream

FILES = ("zh", "en", "addin")


def kind_of(name: str) -> BookKind:
    return "addin" if name == "addin" else "workbook"


class TestVba:
    @pytest.mark.parametrize("name", FILES)
    def test_another_reader_finds_the_sources(self, name: str) -> None:
        found = olevba.texts(files()[name])
        standard = {
            module.removesuffix(".bas"): text
            for module, text in found.items()
            if module.endswith(".bas")
        }
        assert standard == modules(kind_of(name))
        assert found["ThisWorkbook.cls"].endswith(workbook_events())

    @pytest.mark.parametrize("name", FILES)
    def test_a_module_for_each_code_name(self, name: str) -> None:
        parts = unzipped(files()[name])
        book = tree(parts["xl/workbook.xml"])
        wanted = [book.find(f"{MAIN}workbookPr").attrib["codeName"]]  # type: ignore[union-attr]
        for part in macro_book.sheets(parts).values():
            properties = tree(parts[part]).find(f"{MAIN}sheetPr")
            assert properties is not None
            wanted.append(properties.attrib["codeName"])
        documents = [name for name in olevba.texts(files()[name]) if name.endswith(".cls")]
        assert documents == [f"{code}.cls" for code in wanted]
        assert len(set(wanted)) == len(wanted)

    @pytest.mark.parametrize("name", FILES)
    def test_nothing_is_compiled(self, name: str) -> None:
        project = unzipped(files()[name])["xl/vbaProject.bin"]
        with olefile.OleFileIO(io.BytesIO(project)) as compound:
            stream = compound.openstream("VBA/_VBA_PROJECT").read()
        assert stream == b"\xcc\x61\xff\xff\x00\x00\x00"

    @pytest.mark.parametrize("name", FILES)
    def test_a_module_is_its_text_and_nothing_before_it(self, name: str) -> None:
        """A stream of compressed text begins with 1; before it compiled code would stand."""
        project = unzipped(files()[name])["xl/vbaProject.bin"]
        with olefile.OleFileIO(io.BytesIO(project)) as compound:
            streams = {path[-1]: compound.openstream(path).read() for path in compound.listdir()}
        modules_found = streams.keys() - {"PROJECT", "PROJECTwm", "_VBA_PROJECT", "dir"}
        assert {"ThisWorkbook", "Sheet1", "sellersheet_python"} <= modules_found
        for module in modules_found:
            text = decompress_stream(bytearray(streams[module]))
            assert text.startswith(f'Attribute VB_Name = "{module}"'.encode())

    @pytest.mark.parametrize("name", FILES)
    def test_the_writers_own_checks(self, name: str, tmp_path: Path) -> None:
        path = tmp_path / f"any{'.xlam' if name == 'addin' else '.xlsm'}"
        path.write_bytes(files()[name])
        report = pyopenvba.check_file(path)
        assert (report.ok, report.issues) == (True, ())
        with pyopenvba.ExcelFile(path) as book:
            assert book.validate() == []


class TestPackage:
    def test_built_twice_the_same_bytes(self) -> None:
        again = {lang: build.macro_book(template(lang), lang) for lang in LANGS}
        assert {**again, "addin": addin()} == files()

    @pytest.mark.parametrize("name", FILES)
    def test_in_order_and_without_a_time(self, name: str) -> None:
        with zipfile.ZipFile(io.BytesIO(files()[name])) as archive:
            infos = archive.infolist()
        assert [info.filename for info in infos] == sorted(info.filename for info in infos)
        assert infos[0].filename == TYPES
        assert {info.date_time for info in infos} == {(1980, 1, 1, 0, 0, 0)}

    @pytest.mark.parametrize("name", FILES)
    def test_content_types(self, name: str) -> None:
        parts = unzipped(files()[name])
        types = tree(parts[TYPES])
        named = [item.attrib["PartName"] for item in types if "PartName" in item.attrib]
        assert sorted(named) == sorted(set(named))
        assert {part.lstrip("/") for part in named} <= parts.keys()
        by_name = {item.get("PartName"): item.attrib["ContentType"] for item in types}
        by_end = {item.get("Extension") for item in types}
        for part in parts:
            assert f"/{part}" in by_name or part.rpartition(".")[2] in by_end or part == TYPES
        main = {"addin": "addin"}.get(name, "sheet")
        assert (
            by_name["/xl/workbook.xml"] == f"application/vnd.ms-excel.{main}.macroEnabled.main+xml"
        )
        assert by_name["/xl/vbaProject.bin"] == "application/vnd.ms-office.vbaProject"

    @pytest.mark.parametrize("name", FILES)
    def test_every_link_leads_somewhere(self, name: str) -> None:
        parts = unzipped(files()[name])
        for rels in (part for part in parts if part.endswith(".rels")):
            folder, holder = posixpath.split(rels)
            part = posixpath.join(posixpath.dirname(folder), holder.removesuffix(".rels"))
            ids = re.findall(rb'\bId="([^"]+)"', parts[rels])
            assert len(ids) == len(set(ids))
            for _, target in links(parts, part).values():
                assert target in parts
        kinds = [kind for kind, _ in links(parts, "xl/workbook.xml").values()]
        assert kinds.count("vbaProject") == 1

    @pytest.mark.parametrize("name", FILES)
    def test_no_path_of_this_machine(self, name: str) -> None:
        here = str(Path.cwd()).encode()
        parts = unzipped(files()[name])
        assert len(parts) > 5
        for data in parts.values():
            assert here not in data
            assert b"/tmp/" not in data.replace(b"/tmp/xlwings.log", b"")

    def test_the_addin_is_hidden(self) -> None:
        book = tree(unzipped(files()["addin"])["xl/workbook.xml"])
        assert [view.get("visibility") for view in book.iter(f"{MAIN}workbookView")] == ["hidden"]

    def test_the_committed_files_are_current(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert build.main(["--check"]) == 0, capsys.readouterr().err


class TestCommand:
    def test_writes_then_finds_stale_files(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(build, "SHIPPED", tmp_path / "made")
        monkeypatch.setattr(build, "TEMPLATES", tmp_path)
        (tmp_path / "sellersheet-zh.xlsx").write_bytes(template("zh"))
        assert build.main(["--check"]) == 1
        assert "sellersheet.xlam is stale: run python -m" in capsys.readouterr().err
        assert build.main([]) == 0
        made = sorted(path.name for path in (tmp_path / "made").iterdir())
        assert made == ["sellersheet-zh.xlsm", "sellersheet.xlam"]
        assert build.main(["--check"]) == 0
        path = tmp_path / "made" / "sellersheet-zh.xlsm"
        parts = unzipped(path.read_bytes())
        path.write_bytes(zipped({**parts, "xl/styles.xml": b"<styleSheet/>"}))
        assert build.main(["--check"]) == 1
        assert "sellersheet-zh.xlsm is stale" in capsys.readouterr().err

    def test_another_xlwings_is_told_in_words(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr("importlib.metadata.version", lambda _: "0.1.0")
        assert build.main(["--check"]) == 1
        assert "xlwings 0.1.0 is installed" in capsys.readouterr().err
