"""Our VBA read without Excel: what its compiler would refuse, and what cells may call."""

from __future__ import annotations

import ast
import difflib
import re
from importlib import resources

import pytest

from sellersheet.functions.registry import FUNCTIONS
from sellersheet_addin.excel import embedded, ribbon, vba_texts
from sellersheet_addin.excel.vba_modules import modules, workbook_events
from sellersheet_addin.excel.vba_source import Kind, RefusedBuild
from tests.vba_text import faults, open_procedures

KINDS: tuple[Kind, ...] = ("workbook", "addin")
LARGEST_PROCEDURE = 0xFFFF  # of VBA, in bytes when compiled; its text is longer than that
OWN = ("sellersheet_udfs", "sellersheet_texts", "sellersheet_macros", "sellersheet_startup")


def opened(texts: dict[str, str]) -> list[str]:
    return [
        name
        for text in texts.values()
        for kind in ("sub", "function")
        for name in open_procedures(text, kind)
    ]


class TestOurModules:
    @pytest.mark.parametrize("name", OWN)
    def test_nothing_that_a_compiler_would_refuse(self, name: str) -> None:
        texts = modules("addin")
        assert faults(texts[name], opened(texts)) == []

    def test_the_workbook_events(self) -> None:
        assert faults(workbook_events(), opened(modules("addin"))) == []

    @pytest.mark.parametrize("name", OWN)
    def test_the_module_says_its_name(self, name: str) -> None:
        assert modules("addin")[name].startswith(f'Attribute VB_Name = "{name}"\r\n')

    def test_every_macro_and_callback_is_asked_for_and_exists(self) -> None:
        wanted = {ribbon.PRESSED, ribbon.LABEL, ribbon.TIP}
        wanted |= {button.macro for button in ribbon.buttons().values()}
        assert set(open_procedures(modules("addin")["sellersheet_macros"], "sub")) == wanted

    def test_a_button_for_every_macro_of_python(self) -> None:
        text = resources.files("sellersheet_addin.excel").joinpath("macros.py").read_text("utf-8")
        offered = {
            part.name
            for part in ast.parse(text).body
            if isinstance(part, ast.FunctionDef) and not part.name.startswith("_")
        }
        assert set(ribbon.buttons()) == offered

    @pytest.mark.parametrize("name", OWN)
    def test_no_procedure_is_too_large(self, name: str) -> None:
        text = modules("addin")[name]
        procedures = re.findall(r"(?ms)^(?:Public|Private) (?:Sub|Function).*?^End \w+", text)
        assert len(procedures) > 2
        assert max(map(len, procedures)) < LARGEST_PROCEDURE

    def test_every_text_asked_for_exists(self) -> None:
        texts = modules("addin")
        asked = set(re.findall(r'Message\("(\w+)"', texts["sellersheet_macros"]))
        messages = {key.removeprefix("message.") for key in ribbon.words("en") if "message." in key}
        assert asked == messages

    def test_both_languages_have_the_same_texts(self) -> None:
        assert ribbon.words("zh").keys() == ribbon.words("en").keys()
        assert vba_texts.helps("zh").keys() == vba_texts.helps("en").keys()

    @pytest.mark.parametrize("kind", KINDS)
    def test_cells_can_call_the_worksheet_functions_only(self, kind: Kind) -> None:
        callable_by_cells = [
            name for text in modules(kind).values() for name in open_procedures(text, "function")
        ]
        # XLPy gives an object, which a cell can't hold; the wrappers need it.
        assert set(callable_by_cells) == {*FUNCTIONS, "XLPy"}


class TestReader:
    """Each fault is found in a text that has it."""

    GOOD = (
        "Option Explicit\r\nPublic Sub A(ByVal at As Long)\r\n"
        '    Dim text As String\r\n    On Error GoTo failed\r\n    If at = 1 Then text = "x"\r\n'
        "    For at = 1 To 2\r\n        text = text & at\r\n    Next at\r\nfailed:\r\nEnd Sub\r\n"
    )

    def test_a_good_module(self) -> None:
        assert faults(self.GOOD) == []

    @pytest.mark.parametrize(
        ("old", "new", "fault"),
        [
            ("Option Explicit\r\n", "", "Option Explicit is missing"),
            ("\r\n", "\n", "CRLF"),
            ('"x"', '"中"', "not ASCII"),
            ('"x"', f'"{"x" * 1024}"', "longer than 1023"),
            ('"x"', '"C:\\me"', "a path of a machine"),
            ("    Dim text As String\r\n", "", "text is not declared"),
            ("text = text & at", "text = text & other", "other is not declared"),
            ("text = text & at", "Unknown text", "Unknown is not declared"),
            ("    Next at\r\n", "", "closes nothing"),
            ("End Sub\r\n", "", "still open"),
            ("End Sub", "End If", "closes nothing"),
            ('If at = 1 Then text = "x"', "If at = 1 Then", "closes nothing"),
            ("    Dim", "Private Sub B()\r\n    Dim", "stands inside sub"),
        ],
    )
    def test_a_fault(self, old: str, new: str, fault: str) -> None:
        assert any(fault in found for found in faults(self.GOOD.replace(old, new)))


class TestEmbedded:
    @pytest.mark.parametrize("kind", KINDS)
    def test_reads_the_users_own_configuration_of_ours(self, kind: Kind) -> None:
        text = embedded.embedded_module(kind)
        assert 'Public Const PROJECT_NAME As String = "sellersheet"\r\n' in text
        assert 'Optional source As String = "user") As Variant\r\n' in text
        assert '"ADD_WORKBOOK_TO_PYTHONPATH", "true"' not in text

    @pytest.mark.parametrize("kind", KINDS)
    def test_is_the_installed_module_with_few_changes(self, kind: Kind) -> None:
        name = {"workbook": "xlwings.bas", "addin": "xlwings_custom_addin.bas"}[kind]
        before = resources.files("xlwings").joinpath(name).read_bytes().decode("ascii")
        after = embedded.embedded_module(kind).partition("\r\n' Sellersheet's own part.")[0]
        plain = [
            re.sub(r"(?m)^(\s*)(?:Public|Private) (?=Function|Sub|Declare)", r"\1", text)
            for text in (before, after)
        ]
        changes = difflib.ndiff(*(text.splitlines() for text in plain))
        new = [line[2:].strip() for line in changes if line.startswith("+ ")]
        guard = "If Not CalledByMacro Then Exit Function"
        assert sorted(new) == sorted(
            [
                'Public Const PROJECT_NAME As String = "sellersheet"',
                *["Private CalledByMacro As Boolean", "Private KeptError As String"],
                *["If CalledByMacro Then", "KeepError FileName, Message", "Exit Sub", "End If"],
                *[guard] * 4,
                *[line.strip() for line in after.splitlines() if "_TO_PYTHONPATH" in line],
                *[
                    line.strip().removeprefix("Private ")
                    for line in after.splitlines()
                    if "Function GetConfig(" in line
                ],
            ]
        )

    @pytest.mark.parametrize("kind", KINDS)
    def test_commands_run_for_our_macros_only(self, kind: Kind) -> None:
        text = embedded.embedded_module(kind)
        for name in ("RunPython", "RunFrozenPython", "ExecuteWindows", "SaveConfigToFile"):
            function = re.search(rf"(?s)\nPrivate Function {name}\(.*?\r\nEnd Function", text)
            assert function
            body = re.sub(r" _\r\n", " ", function[0]).strip().split("\r\n")[1]
            assert body.strip() == "If Not CalledByMacro Then Exit Function"

    @pytest.mark.parametrize("kind", KINDS)
    def test_no_other_declaration_is_open(self, kind: Kind) -> None:
        text = embedded.embedded_module(kind)
        assert re.findall(r"(?m)^\s*(?:Public )?Declare\b.*$", text) == []
        assert len(re.findall(r"(?m)^\s*Private Declare\b", text)) > 5

    def test_another_xlwings_is_refused_in_words(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("importlib.metadata.version", lambda _: "0.1.0")
        with pytest.raises(RefusedBuild, match=r"xlwings 0\.1\.0 is installed.*pip install"):
            embedded.embedded_module("addin")

    def test_another_text_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(embedded, "_FILES", {"addin": "py.typed"})
        with pytest.raises(RefusedBuild, match=r"py\.typed is not the text expected"):
            embedded.embedded_module("addin")
