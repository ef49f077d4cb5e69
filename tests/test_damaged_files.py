"""A file that is damaged or lies about itself is refused in words; the others are computed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from sellersheet.wording import LANGS
from sellersheet_workbook.files.reading import read_grid
from sellersheet_workbook.problems import FileProblem
from tests.damaged_files import CASES, HEADER, SHEET, changed_xlsx, sound_xlsx

# What is said of each; None where it can be read, and what is wrong stands in its rows.
SAID = {
    "unclosed_quote": "quotes",
    "xls_cut_off": "damaged",
    "damaged_deflate": "damaged",
    "unknown_xml_encoding": None,
    "parquet_names_not_utf8": "column_names",
    "parquet_uint64": None,
    "parquet_lists": None,
    "link_to_itself": "unreadable",
    "far_cell_without_dimension": "stray_cells",
    "stray_cells": "stray_cells",
    "cell_reference_overflows": "damaged",
    "shared_strings_lie": "damaged",
    "string_index_beyond": "damaged",
    "ods_repeated": "damaged",
    "ods_far_cell": "stray_cells",
    "ods_cut_off": "damaged",
    "parquet_of_equal_rows": "too_many_rows",
}
_FIELDS = {"row": 2, "sheet": "Sheet1", "area": "", "rows": "", "columns": ""}
# Earlier versions of the reader do not believe the count and read the file.
MAY_BE_READ = ("shared_strings_lie",)
# What the child that reads may take beside the run itself is what the limits are for.
_PROGRAM = """
import json, sys
from tests.mutator import most_memory
from sellersheet_addin.cli import main
from sellersheet_workbook.files import guarded
try:
    main(sys.argv[1:])
except SystemExit as done:
    code = done.code
guarded._end_children()
print(json.dumps([code, most_memory()]))
"""


def test_every_case_is_spoken_of() -> None:
    assert SAID.keys() == CASES.keys()


@pytest.fixture(scope="module")
def damaged(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """All of them in one folder, between two sound ones."""
    folder = tmp_path_factory.mktemp("damaged")
    for name in ("a-good", "z-good"):
        (folder / f"{name}.xlsx").write_bytes(sound_xlsx())
    return {
        name: make(folder)
        for name, make in CASES.items()
        if os.name == "posix" or name != "link_to_itself"  # no user of Windows can make that link
    }


@pytest.mark.parametrize("name", SAID)
def test_each_is_refused_in_words(damaged: dict[str, Path], name: str) -> None:
    if name not in damaged:
        return
    path, code = damaged[name], SAID[name]
    if name in MAY_BE_READ:
        with suppress(FileProblem):
            code = None if len(read_grid(path).below(0).frame) == 2 else code
    if code is None:
        assert len(read_grid(path).below(0).frame) == 2
        return
    began = time.monotonic()
    with pytest.raises(FileProblem) as problem:
        read_grid(path).below(0)
    assert problem.value.code == code
    for lang in LANGS:
        assert path.name in problem.value.text(lang)
    assert time.monotonic() - began < 60


@pytest.mark.skipif(os.name != "posix", reason="asks the system for the memory used")
def test_good_neighbours_are_computed(damaged: dict[str, Path], tmp_path: Path) -> None:
    folder, out = damaged["stray_cells"].parent, tmp_path / "out"
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, "batch", folder, "-o", out, "--lang", "en"],
        capture_output=True, encoding="utf-8", timeout=120, cwd=Path(__file__).parents[1],
    )  # fmt: skip
    code, most = json.loads(done.stdout.splitlines()[-1])
    assert code == 1
    assert "Traceback" not in done.stdout + done.stderr, done.stderr
    assert "panicked" not in done.stdout + done.stderr, done.stderr
    assert "could not be worked through" not in done.stdout, done.stdout
    made = {path.name for path in out.glob("*-result.xlsx")}
    assert {"a-good-result.xlsx", "z-good-result.xlsx", "encoding-result.xlsx"} <= made
    made_stems = {Path(name).stem for name in made}
    for name, said in SAID.items():
        # A link that leads nowhere is no file of the folder.
        if said and name != "link_to_itself":
            told = FileProblem(said, path=damaged[name], **_FIELDS).text("en")
            start = told[: told.index(str(damaged[name])) + len(str(damaged[name]))]
            read = name in MAY_BE_READ and f"{damaged[name].stem}-result" in made_stems
            assert read or start in done.stdout, (name, done.stdout)
    assert most < 1_000  # MB


def test_formatted_cells_far_away_are_no_stray_cells(tmp_path: Path) -> None:
    """Whole rows and columns with a border reach to the end of the sheet and hold nothing."""
    far = b'<row r="1048576"><c r="XFD1048576" s="0"/><c r="A1048576" s="0"></c></row></sheetData>'
    path = tmp_path / "borders.xlsx"

    def change(data: bytes) -> bytes:
        data = data.replace(b'ref="A1:E3"', b'ref="A1:XFD1048576"')
        return data.replace(b"</sheetData>", far)

    path.write_bytes(changed_xlsx(SHEET, change))
    grid = read_grid(path)
    assert list(grid.top[0]) == list(HEADER)
    assert len(grid.below(0).frame) == 2


def test_an_error_beside_a_blank_formatted_cell_is_seen(tmp_path: Path) -> None:
    """<c/> is a cell of its own: what stands after it is not its content."""
    path = tmp_path / "error.xlsx"
    old, new = b'<c r="D2"><v>100</v></c>', b'<c r="D2" t="e"><v>#N/A</v></c>'
    blank = b'<c r="C2" s="0"/>'

    def change(data: bytes) -> bytes:
        at = data.index(old)
        start = data.index(b'<c r="C2"')
        return data[:start] + blank + new + data[at + len(old) :]

    path.write_bytes(changed_xlsx(SHEET, change))
    row = read_grid(path).top[1]
    assert row[2:4] == ["", "#N/A"]
