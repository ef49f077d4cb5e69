"""How the VBA starts Python, keeps it, and tells why it could not: in LibreOffice's VBA mode."""

from __future__ import annotations

from pathlib import Path

import pytest

from sellersheet_addin.excel.edition import PROBLEM_FILE, edition
from sellersheet_addin.excel.install import WindowsFolders, last_problem
from sellersheet_addin.excel.vba_modules import connection_module
from tests import libreoffice, vba_in_libreoffice

# LibreOffice's Input # spoils letters beyond ASCII; Wine's tries have a Chinese folder.
PYTHON = "/an env/O'Neil & sons;1/Scripts/python.exe"
COMMAND = f'"{PYTHON}" -B -E -P -c "import xlwings; xlwings.serve(\'$(CLSID)\')"'
HANDSHAKE = "{from sellersheet_addin.excel.edition import expect; expect('" + edition() + "')}"
UPDATE = "{from sellersheet_addin.excel import macros; macros.update()}"
RUNNING = f"[{COMMAND}]{HANDSHAKE}"
CHECKS = """
Private Sub Fresh()
    Dim nothingYet As Object
    Started = 0: Loads = "": Answer = "": Commands = "": Ends = "": Failing = 0: LastError = 0
    Slow = 0: ExcelPath = "C:/Program Files/Office": Clock = DateSerial(2026, 3, 1)
    ForgetAll
End Sub

' What cells see: each character of steps is a second call, a pause or a change.
Function CELLS(steps, said, ending, code, seconds)
    Dim at As Long, result As Variant, told As String
    Fresh
    Answer = said: Ends = ending: LastError = code: Slow = seconds
    For at = 1 To Len(steps)
        Select Case Mid$(steps, at, 1)
            Case "c"
                result = ""
                AskPython "SEMIFEE", Array("x"), result
                If IsError(result) Then told = told & "E" Else told = told & "[" & result & "]"
            Case "m"
                told = told & Pressed("update")
            Case "s"
                told = told & Pressed("stops")
            Case "p"
                Clock = Clock + 31 / 86400
            Case "o"
                Answer = "": LastError = 0: Ends = "": Slow = 0
            Case "f"
                Failing = 1
        End Select
    Next at
    CELLS = told & " " & Started
End Function

Private Function Pressed(task) As String
    Dim ended As Boolean, problem As String, cause As String
    On Error GoTo failed
    RunMacroInPython task, ended, problem
    Pressed = "(" & ended & problem & ")"
    Exit Function
failed:
    problem = Err.Description
    ReadCause cause
    Pressed = "(" & cause & ": " & problem & ")"
End Function

Function COMMANDED(steps)
    Dim ignored As String
    ignored = CELLS(steps, "", "", 0, 0)
    COMMANDED = Commands
End Function

Function LOADED(steps, code)
    Dim ignored As String
    ignored = CELLS(steps, "", "", code, 0)
    LOADED = Loads
End Function

Function STATE(steps, said)
    Dim ignored As String, text As String
    ignored = CELLS(steps, said, "", 0, 0)
    ReadConnection text
    STATE = text
End Function

Function FOUND()
    Dim path As String, there As Boolean
    FindInterpreter path, there
    FOUND = path & " " & there
End Function

Function INSTORE()
    Dim told As String
    Fresh
    ExcelPath = "C:/Program Files/WindowsApps/Microsoft.Office"
    Answer = "Could not activate Python COM server, hr = -2147221164"
    INSTORE = Pressed("update")
End Function
"""
# A test begins as Excel does: nothing is kept yet.
FORGET = """
Public Sub ForgetAll()
    Set server = Nothing
    refusal = "": refusedCause = "": keptReason = "": rest = 0
End Sub
"""


@pytest.fixture(scope="module", name="home")
def folder_of_a_user(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("user")
    (home / ".sellersheet").mkdir()
    text = f'"SHOW CONSOLE","True"\r\n"INTERPRETER_WIN","{PYTHON}"\r\n'
    (home / ".sellersheet" / "sellersheet.conf").write_text(text, encoding="utf-8", newline="")
    return home


@pytest.fixture(scope="module", name="office")
def office_with_the_connection(home: Path, plain_office: libreoffice.Office) -> libreoffice.Office:
    text = connection_module() + FORGET
    plain_office.new()
    plain_office.add_basic(vba_in_libreoffice.connection_modules(text, str(home), CHECKS))
    return plain_office


@pytest.fixture(name="kept")
def file_of_the_last_problem(home: Path) -> Path:
    path = home / ".sellersheet" / PROBLEM_FILE
    path.unlink(missing_ok=True)
    return path


def shown(office: libreoffice.Office, formula: str) -> float | str | None:
    office.write("Sheet1", "A1", [[formula]])
    return office.cells("Sheet1", "A1")[0][0].value


def cells(
    office: libreoffice.Office, steps: str, said: str = "", ending: str = "",
    lasterror: int = 0, seconds: int = 0,
) -> float | str | None:  # fmt: skip
    return shown(office, f'=CELLS("{steps}";"{said}";"{ending}";{lasterror};{seconds})')


ANSWER = "[sellersheet.excel SEMIFEE x]"
EXITED = "Python process exited before it was possible to create the interface object."


def test_python_is_started_once_for_all_calls(office: libreoffice.Office) -> None:
    assert cells(office, "cccmc") == f"{ANSWER * 3}(True){ANSWER} 1"


def test_the_command_is_the_interpreter_and_nothing_of_a_workbook(
    office: libreoffice.Office,
) -> None:
    assert shown(office, '=COMMANDED("cmc")') == f"{RUNNING}(book){UPDATE}"


def test_after_a_failure_cells_do_not_wait_again(office: libreoffice.Office) -> None:
    assert cells(office, "c" * 20, EXITED) == f"{'E' * 20} 1"


def test_after_half_a_minute_a_cell_tries_again(office: libreoffice.Office) -> None:
    assert cells(office, "ccpccocpc", EXITED) == f"EEEEE{ANSWER} 3"


def test_after_a_slow_failure_cells_rest_longer(office: libreoffice.Office) -> None:
    hung = "Could not activate Python COM server, hr = -2147221164"
    assert cells(office, "cpcpcpc", hung, seconds=60) == "EEEE 1"


def test_a_button_tries_at_once_and_frees_the_cells(office: libreoffice.Office) -> None:
    assert cells(office, "cocmc", EXITED) == f"EE(True){ANSWER} 2"


def test_a_process_that_has_ended_is_started_anew(office: libreoffice.Office) -> None:
    assert cells(office, "cfc", ending="gone") == f"{ANSWER * 2} 2"
    assert cells(office, "cfm", ending="gone") == f"{ANSWER}(True) 2"


def test_an_error_of_python_is_not_tried_twice(office: libreoffice.Office, kept: Path) -> None:
    assert cells(office, "cfcc") == f"{ANSWER}E{ANSWER} 2"
    time, cause, name, text = kept.read_text(encoding="utf-8").splitlines()
    assert (time, cause, name, text) == ("2026-03-01 00:00:00", "", "SEMIFEE", "ValueError: no")


def test_of_a_task_that_stops_the_exception_is_told(
    office: libreoffice.Office, kept: Path
) -> None:  # fmt: skip
    assert cells(office, "s") == "(FalseKeyError: 1) 1"
    assert kept.read_text(encoding="utf-8").splitlines()[1:] == ["", "stops", "KeyError: 1"]


@pytest.mark.parametrize(
    ("said", "lasterror", "ending", "cause"),
    [
        (EXITED, 0, "", "exited"),
        (
            "Could not create Python process.\nError message: 拒绝访问。\n\nCommand: x\nDir",
            0,
            "",
            "blocked",
        ),
        ("Could not activate Python COM server, hr = -2147221164", 0, "", "no_answer"),
        ("", 126, "", "no_dll"),
        ("", 193, "", "bitness"),
        ("", 0, "edition", "edition"),
    ],
)
def test_the_cause_has_a_word_and_is_kept(
    office: libreoffice.Office, home: Path, kept: Path,
    said: str, lasterror: int, ending: str, cause: str,
) -> None:  # fmt: skip
    dll = f"xlwings32-0.37.8.dll ({lasterror})"
    # What stands behind the command is nothing new to a reader.
    told = (
        " ".join(said.partition("\n\nCommand")[0].splitlines())
        if said
        else dll
        if lasterror
        else "edition.EditionProblem: newer"
    )
    formula = said.replace("\n", '"&CHAR(10)&"')
    assert cells(office, "m", formula, ending, lasterror) == f"({cause}: {told}) " + str(
        int(not lasterror)
    )
    found = last_problem(WindowsFolders(home, home, "utf-8"))
    assert found is not None
    assert (found.cause, found.name, found.text) == (cause, "start", told)
    assert kept.is_file()


def test_the_excel_of_the_store_is_recognised(office: libreoffice.Office) -> None:
    wanted = "(store_excel: Could not activate Python COM server, hr = -2147221164)"
    assert shown(office, "=INSTORE()") == wanted


def test_the_dll_is_looked_for_in_both_places(office: libreoffice.Office) -> None:
    folders = ("/an env/O'Neil & sons;1/Scripts", "/an env/O'Neil & sons;1")
    wanted = "".join(f"[{folder}/xlwings32-0.37.8.dll]" for folder in folders)
    assert shown(office, '=LOADED("c";126)') == wanted


def test_the_state_for_the_self_check(office: libreoffice.Office) -> None:
    known = f"bits=32;edition={edition()}"
    assert shown(office, '=STATE("c";"")') == f"{known};process=7;reason="
    assert shown(office, f'=STATE("c";"{EXITED}")') == f"{known};reason=start: {EXITED}"


def test_without_a_configuration(office: libreoffice.Office, home: Path, kept: Path) -> None:
    path = home / ".sellersheet" / "sellersheet.conf"
    assert shown(office, "=FOUND()") == f"{PYTHON} False"
    text = path.read_bytes()
    path.unlink()
    try:
        assert shown(office, "=FOUND()") == " False"
        assert cells(office, "m") == "(not_set_up: INTERPRETER_WIN) 0"
    finally:
        path.write_bytes(text)
    assert kept.is_file()
