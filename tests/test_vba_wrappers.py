"""The VBA wrappers: made by xlwings' own generator, run in LibreOffice's VBA mode."""

import dataclasses
import re
import tomllib
from pathlib import Path

import pytest

from sellersheet.functions.blocks import ERROR_NUMBERS
from sellersheet.functions.registry import FUNCTIONS, Function
from sellersheet_addin.excel import edition, vba_modules, wrappers
from tests import libreoffice, vba_in_libreoffice

NAMES = list(FUNCTIONS)
CHECKS = """
Function ISERRORVALUE(marker)
    ISERRORVALUE = IsError(SEMIFEE(marker, 1)) And Not IsError(SEMIFEE("number", 1))
End Function

Function REFUSED()
    REFUSED = IsError(SEMIFEE("refusal", 1)) & " " & Kept
End Function
"""


def called(name: str, first: str, last: str = "") -> str:
    """A formula with the first argument given, all other required ones a number."""
    required = [a for a in FUNCTIONS[name].arguments if not a.optional]
    rest = [str(at) for at in range(2, len(required) + 1)]
    return f"={name}({';'.join([first, *rest, *filter(None, [last])])})"


@pytest.fixture(scope="module", name="text")
def wrapper_text() -> str:
    return wrappers.wrapper_module()


@pytest.fixture(scope="module", name="office")
def office_with_wrappers(text: str, plain_office: libreoffice.Office) -> libreoffice.Office:
    plain_office.new()
    plain_office.add_basic(vba_in_libreoffice.modules(text, CHECKS))
    plain_office.write("Sheet1", "A1:B3", [["1", "x"], ["2", ""], ["3", "=NA()"]])
    return plain_office


def shown(office: libreoffice.Office, formula: str) -> float | str | None:
    office.write("Sheet1", "D1", [[formula]])
    return office.cells("Sheet1", "D1")[0][0].value


def shown_array(
    office: libreoffice.Office, formula: str, address: str
) -> list[list[float | str | None]]:
    office.write_array("Sheet1", address, formula)
    found = [[cell.value for cell in row] for row in office.cells("Sheet1", address)]
    office.write_array("Sheet1", address, "")
    return found


@pytest.fixture(scope="module", name="cells")
def cells_of_every_function(office: libreoffice.Office) -> dict[str, list[libreoffice.Cell]]:
    """Of each function: all arguments told back, a number, a blank, a failure."""
    rows = []
    for name in NAMES:
        every = ";".join(str(at) for at in range(1, len(FUNCTIONS[name].arguments) + 1))
        asked = [called(name, f'"{word}"') for word in ("number", "blank", "failure")]
        rows.append([f"={name}({every})", *asked])
    address = f"J1:M{len(rows)}"
    office.write("Sheet1", address, rows)
    found = dict(zip(NAMES, office.cells("Sheet1", address), strict=True))
    office.write("Sheet1", address, [[""] * 4 for _ in rows])
    return found


@pytest.fixture(scope="module", name="tables")
def table_of_every_function(
    office: libreoffice.Office,
) -> dict[str, list[list[float | str | None]]]:
    places = [f"O{2 * at + 1}:Q{2 * at + 2}" for at in range(len(NAMES))]
    for name, place in zip(NAMES, places, strict=True):
        office.write_array("Sheet1", place, called(name, '"table"'))
    rows = office.cells("Sheet1", f"O1:Q{2 * len(NAMES)}")
    for place in places:
        office.write_array("Sheet1", place, "")
    values = [[cell.value for cell in row] for row in rows]
    return {name: values[2 * at : 2 * at + 2] for at, name in enumerate(NAMES)}


class TestInCells:
    @pytest.mark.parametrize("name", NAMES)
    def test_calls_python_with_its_arguments_in_order(
        self, cells: dict[str, list[libreoffice.Cell]], name: str
    ) -> None:
        numbers = map(str, range(1, len(FUNCTIONS[name].arguments) + 1))
        assert cells[name][0].value == " ".join([name, *numbers])

    @pytest.mark.parametrize("name", NAMES)
    def test_number_blank_and_failure(
        self, cells: dict[str, list[libreoffice.Cell]], name: str
    ) -> None:
        assert [cell.value for cell in cells[name][1:]] == [12.5, "", "Error 2015"]

    @pytest.mark.parametrize("name", NAMES)
    def test_markers_in_a_table(
        self, tables: dict[str, list[list[float | str | None]]], name: str
    ) -> None:
        assert tables[name] == [
            [1.5, "Error 2042", "text"],
            ["", "Error 2015", "Error 2036"],
        ]

    def test_markers_in_a_row(self, office: libreoffice.Office) -> None:
        assert shown_array(office, called("SEMIFEE", '"row"'), "F1:H1") == [[1.5, "Error 2036", ""]]

    @pytest.mark.parametrize(("marker", "number"), ERROR_NUMBERS.items())
    def test_every_marker(self, office: libreoffice.Office, marker: str, number: int) -> None:
        assert shown(office, called("SEMIFEE", f'"{marker}"')) == f"Error {number}"

    def test_other_text_with_a_hash_stays(self, office: libreoffice.Office) -> None:
        assert shown(office, called("SEMIFEE", '"#1 shop"')) == "#1 shop"

    def test_what_fails_before_python_is_kept(self, office: libreoffice.Office) -> None:
        assert shown(office, "=REFUSED()") == "True SEMIFEE: out of memory"

    def test_errors_are_vba_errors(self, office: libreoffice.Office) -> None:
        assert shown(office, '=ISERRORVALUE("#N/A")') in (True, "True", "TRUE")

    @pytest.mark.parametrize(
        ("argument", "told"),
        [
            ("A1", "1"),
            ("B2", "empty"),
            ("A1:A3", "3x1"),
            ("A1:B1", "1x2"),
            ("A1:B3", "3x2"),
            ("{1;2;3}", "1x3"),
            ("A:A", "3x1"),
            ("A1:A2000", "2000x1"),
        ],
    )
    def test_ranges_arrive_as_values(
        self, office: libreoffice.Office, argument: str, told: str
    ) -> None:
        count = len(FUNCTIONS["SEMIFEE"].arguments)
        expected = ["SEMIFEE", told, "2", *["empty"] * (count - 2)]
        assert shown(office, f"=SEMIFEE({argument};2)") == " ".join(expected)


class TestText:
    def test_the_committed_module_is_current(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert wrappers.main(["--check"]) == 0, capsys.readouterr().err

    def test_a_stale_module_is_told(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        copy = tmp_path / "sellersheet_udfs.bas"
        monkeypatch.setattr(wrappers, "COMMITTED", copy)
        assert wrappers.main(["--check"]) == 1
        assert "is stale: run python -m" in capsys.readouterr().err
        assert wrappers.main([]) == 0
        assert wrappers.main(["--check"]) == 0

    def test_ascii_with_crlf(self, text: str) -> None:
        assert text.isascii()
        assert text.count("\n") == text.count("\r\n") == text.count("\r")

    def test_every_variable_is_declared(self, text: str) -> None:
        assert "\r\nOption Explicit\r\n" in text
        for procedure in re.findall(r"(?ms)^(?:Public|Private) .+?^End (?:Sub|Function)", text):
            known = set(re.findall(r"\w+", " ".join(re.findall(r"(?m)^.*Dim .*$", procedure))))
            known |= set(re.findall(r"\w+", procedure.partition("\r\n")[0]))
            for assigned in re.findall(r"(?m)^\s+(?:Set |For )?(\w+)(?:\([^)]*\))? = ", procedure):
                assert assigned in known, procedure

    def test_signatures(self, text: str) -> None:
        found = re.findall(r"(?m)^Public Function (\w+)\((.*)\)\r$", text)
        assert [name for name, _ in found] == NAMES
        for name, parameters in found:
            assert parameters == ", ".join(
                f"Optional {a.name}" if a.optional else a.name for a in FUNCTIONS[name].arguments
            )

    def test_no_traceback_can_reach_a_cell(self, text: str) -> None:
        said = [line.strip() for line in text.splitlines() if "Err.Description" in line]
        assert said == [f'KeepProblem "{name}", Err.Description' for name in NAMES]
        assert text.count("= CVErr(xlErrValue)") == text.count("On Error GoTo failed") == len(NAMES)

    @pytest.mark.parametrize("lang", ["zh", "en"])
    def test_help_rows(self, lang: str) -> None:
        rows = vba_modules.help_rows("zh" if lang == "zh" else "en")
        for row, function in zip(rows, FUNCTIONS.values(), strict=True):
            assert row[0] == function.name
            assert len(row) == 3 + len(function.arguments)
            assert all(0 < len(words) <= 255 for words in row)


def changed(function: Function, **changes: object) -> dict[str, Function]:
    new = dataclasses.replace(function)
    vars(new).update(changes)
    return {new.name: new}


class TestRefused:
    @pytest.mark.parametrize("name", ["ERR1", "FEE2026", "R1C1", "RC", "C", "xfd1"])
    def test_name_like_a_cell_address(self, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
        monkeypatch.setattr(wrappers, "FUNCTIONS", changed(FUNCTIONS["SEMIFEE"], name=name))
        with pytest.raises(wrappers.RefusedBuild, match="looks like a cell address"):
            wrappers.wrapper_module()

    @pytest.mark.parametrize("name", ["date", "Result", "semifee"])
    def test_argument_that_vba_takes_for_something_else(
        self, monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        function = FUNCTIONS["SEMIFEE"]
        argument = dataclasses.replace(function.arguments[0], name=name)
        monkeypatch.setattr(wrappers, "FUNCTIONS", changed(function, arguments=(argument,)))
        with pytest.raises(wrappers.RefusedBuild, match="cannot take an argument named"):
            wrappers.wrapper_module()

    def test_help_too_long(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(wrappers, "FUNCTIONS", changed(FUNCTIONS["SEMIFEE"], en="x" * 256))
        with pytest.raises(wrappers.RefusedBuild, match="longer than 255"):
            wrappers.wrapper_module()


class TestConnection:
    def test_the_version_is_the_one_the_project_pins(self) -> None:
        project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
        assert f"xlwings=={edition.XLWINGS_VERSION}" in project["dependencies"]
