"""Our VBA read without Excel: what its compiler would refuse, what cells may call, its edition."""

from __future__ import annotations

import re

import pytest

import sellersheet
from sellersheet.functions.registry import FUNCTIONS
from sellersheet.wording import LANGS
from sellersheet_addin.excel import macros, ribbon, vba_modules
from sellersheet_addin.excel.edition import DLLS, EditionProblem, edition, expect, is_newer
from sellersheet_addin.excel.vba_modules import BookKind, RefusedBuild, modules, workbook_events
from tests.vba_text import faults, open_procedures

KINDS: tuple[BookKind, ...] = ("workbook", "addin")
LARGEST_PROCEDURE = 0xFFFF  # of VBA, in bytes when compiled; its text is longer than that
OWN = tuple(modules("addin"))


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
        texts = modules("addin")
        callbacks = {ribbon.PRESSED, ribbon.LABEL, ribbon.TIP}
        assert set(open_procedures(texts["sellersheet_ribbon"], "sub")) == callbacks
        macros = {button.macro for button in ribbon.buttons().values()} | {"RunTask"}
        assert set(open_procedures(texts["sellersheet_macros"], "sub")) == macros

    def test_a_button_for_every_macro_of_python(self) -> None:
        assert set(ribbon.buttons()) == set(macros.TASKS)
        assert all(callable(getattr(macros, task)) for task in ribbon.buttons())
        with pytest.raises(AttributeError, match="updated"):
            macros.updated  # noqa: B018

    @pytest.mark.parametrize("name", OWN)
    def test_no_procedure_is_too_large(self, name: str) -> None:
        text = modules("addin")[name]
        procedures = re.findall(r"(?ms)^(?:Public|Private) (?:Sub|Function).*?^End \w+", text)
        assert len(procedures) > 2
        assert max(map(len, procedures)) < LARGEST_PROCEDURE

    def test_every_text_asked_for_exists(self) -> None:
        texts = modules("addin")
        asked = set(re.findall(r'Message\("(\w+)"[,)]', texts["sellersheet_macros"]))
        messages = {key.removeprefix("message.") for key in ribbon.words("en") if "message." in key}
        assert asked == {key for key in messages if not key.startswith("cause_")}

    def test_both_languages_have_the_same_texts(self) -> None:
        assert ribbon.words("zh").keys() == ribbon.words("en").keys()
        assert vba_modules.helps("zh").keys() == vba_modules.helps("en").keys()

    @pytest.mark.parametrize("kind", KINDS)
    def test_cells_can_call_the_worksheet_functions_only(self, kind: BookKind) -> None:
        callable_by_cells = [
            name for text in modules(kind).values() for name in open_procedures(text, "function")
        ]
        assert set(callable_by_cells) == set(FUNCTIONS)

    def test_a_workbook_has_no_callbacks_of_a_ribbon(self) -> None:
        only = modules("addin").keys() - modules("workbook").keys()
        assert only == {"sellersheet_ribbon"}
        assert "IRibbonControl" not in "".join(modules("workbook").values())


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
            (
                "Public Sub",
                'Private Declare Function B Lib "x" () As Long\r\nPublic Sub',
                "without PtrSafe",
            ),
            ("End Sub\r\n", "End Sub\r\nx" + " _\r\n" * 25, "line continuations"),
            ("End Sub", "End If", "closes nothing"),
            ('If at = 1 Then text = "x"', "If at = 1 Then", "closes nothing"),
            ("    Dim", "Private Sub B()\r\n    Dim", "stands inside sub"),
        ],
    )
    def test_a_fault(self, old: str, new: str, fault: str) -> None:
        assert any(fault in found for found in faults(self.GOOD.replace(old, new)))


class TestConnection:
    """The module that starts Python: what it may do at all."""

    TEXT = vba_modules.connection_module()

    def test_windows_is_asked_for_the_dll_only(self) -> None:
        declared = re.findall(
            r'(?m)^\s*(\w+) Declare PtrSafe Function (\w+) Lib "([^"]+)"', self.TEXT
        )
        dlls = [("Private", "XLPyDLLActivateAuto", dll) for dll in DLLS.values()]
        assert declared == [*dlls, ("Private", "LoadLibraryA", "kernel32")]
        assert self.TEXT.count("Declare ") == len(declared)
        for word in ("Shell", "CreateObject", "GetObject", "cmd.exe", "Kill ", "VBProject"):
            assert word not in self.TEXT

    def test_the_command_names_no_workbook_and_no_folder(self) -> None:
        (command,) = re.findall(r"(?m)^    StartCommand = (.*)\r$", self.TEXT)
        assert re.findall(r"[A-Za-z]\w+", command.replace("Chr$", "")) == [
            "interpreter",
            "SERVER_CODE",
        ]
        (code,) = re.findall(r'SERVER_CODE As String = "(.*)"\r', self.TEXT)
        assert code == "import xlwings; xlwings.serve('$(CLSID)')"
        assert '" -B -E -P -c "' in command
        for word in ("ActiveWorkbook.", "ThisWorkbook", "FullName", "GetConfig"):
            assert word not in self.TEXT

    def test_the_edition_is_this_one(self) -> None:
        assert f"expect('{edition()}')" in self.TEXT

    def test_every_cause_has_its_sentence(self) -> None:
        named = set(re.findall(r'(?:refusedCause|CauseOf) = "(\w+)"', self.TEXT))
        words = {
            key.removeprefix("message.cause_") for key in ribbon.words("en") if "cause_" in key
        }
        assert named == words

    def test_another_xlwings_is_refused_in_words(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("importlib.metadata.version", lambda _: "0.1.0")
        with pytest.raises(RefusedBuild, match=r"xlwings 0\.1\.0 is installed.*pip install"):
            vba_modules.connection_module()

    def test_another_declaration_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(vba_modules, "_XLWINGS_TEXT", "py.typed")
        with pytest.raises(RefusedBuild, match=r"py\.typed is not the text expected"):
            vba_modules.connection_module()


@pytest.mark.parametrize(
    ("book", "here", "newer"),
    [
        ("0.1.0 aaaaaaaa", "0.1.0 aaaaaaaa", False),
        ("0.1.0 aaaaaaaa", "0.2.0 bbbbbbbb", False),
        ("0.2.0 aaaaaaaa", "0.10.0 bbbbbbbb", False),
        ("0.2.0 bbbbbbbb", "0.1.0 aaaaaaaa", True),
        ("0.10.0 bbbbbbbb", "0.2.0 aaaaaaaa", True),
        # The same number with other functions: one of the two is a copy on its way.
        ("0.1.0 bbbbbbbb", "0.1.0 aaaaaaaa", True),
    ],
)
def test_which_is_newer(book: str, here: str, newer: bool) -> None:
    assert is_newer(book, here) is newer


def test_a_newer_book_is_refused_in_words() -> None:
    expect(edition())
    expect("0.0.1 00000000")
    with pytest.raises(EditionProblem) as problem:
        expect("99.0.0 00000000")
    for lang in LANGS:
        told = problem.value.text(lang)
        assert "99.0.0" in told
        assert sellersheet.__version__ in told
        assert "\n" not in told  # VBA shows the last line of what Python says
