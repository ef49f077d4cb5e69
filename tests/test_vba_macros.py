"""Buttons, texts and help of the Excel files, run in LibreOffice's VBA mode."""

from __future__ import annotations

import pytest

from sellersheet.wording import Lang
from sellersheet_addin.excel import ribbon
from sellersheet_addin.excel.vba_modules import help_rows, helps, modules
from tests import libreoffice, vba_in_libreoffice

LANGUAGES: dict[Lang, int] = {"zh": 2052, "en": 1033}
CAUSES = [key.removeprefix("message.cause_") for key in ribbon.words("en") if "cause_" in key]
STARTING = f"[{ribbon.words('zh')['message.starting']}]"
CHECKS = """
Function TEXTFOR(key, language)
    Dim text As String
    StartAnew
    MenuLanguage = language
    ReadText key, text
    TEXTFOR = text
End Function

Function LABELOF(id, language)
    Dim shown As Variant
    StartAnew
    MenuLanguage = language
    SellersheetLabel id, shown
    LABELOF = shown
End Function

Function TIPOF(id, language)
    Dim shown As Variant
    StartAnew
    MenuLanguage = language
    SellersheetTip id, shown
    TIPOF = shown
End Function

Function PRESSING(id, path, there, ends, isopen)
    StartAnew
    Interpreter = path: InterpreterFound = (there = 1): PythonEnds = ends: BookOpen = (isopen = 1)
    SellersheetPressed id
    PRESSING = Ran & StatusBar & "/" & Opened & "/" & Noted
End Function

Function CAUSED(cause_word)
    StartAnew
    Interpreter = "python.exe": InterpreterFound = True: PythonEnds = "error": Cause = cause_word
    SellersheetPressed "update"
    CAUSED = Noted
End Function

Function ONMAC()
    StartAnew
    Interpreter = "python": InterpreterFound = True: Machine = "Macintosh (64-bit) 14.1"
    SellersheetUpdate
    ONMAC = Ran & Noted
End Function

Function STARTING(addin, refused, language)
    Dim report As String
    StartAnew
    MenuLanguage = language: IsAddin = (addin = 1): Refuses = refused
    StartSellersheet
    ReadStartupReport report
    STARTING = report & ";addin=" & IsAddin & ";drawn=" & ScreenUpdating
End Function

Function HELPLINE(at, language)
    StartAnew
    MenuLanguage = language
    StartSellersheet
    HELPLINE = Split(Helps, Chr$(10))(at)
End Function
"""
MACROS = "\n".join(
    f"""
Function RUN{button.macro.upper()}()
    StartAnew
    Interpreter = "python.exe": InterpreterFound = True
    {button.macro}
    RUN{button.macro.upper()} = Trim$(Ran) & Noted
End Function
"""
    for button in ribbon.buttons().values()
)


@pytest.fixture(scope="module", name="office")
def office_with_our_vba(plain_office: libreoffice.Office) -> libreoffice.Office:
    sources = {
        name: text
        for name, text in modules("addin").items()
        if name not in ("sellersheet_python", "sellersheet_udfs")
    }
    plain_office.new()
    plain_office.add_basic(vba_in_libreoffice.own_modules(sources, CHECKS + MACROS))
    return plain_office


def shown(office: libreoffice.Office, *formulas: str) -> list[float | str | None]:
    address = f"A1:A{len(formulas)}"
    office.write("Sheet1", address, [[formula] for formula in formulas])
    return [row[0].value for row in office.cells("Sheet1", address)]


class TestTexts:
    @pytest.mark.parametrize(("lang", "code"), LANGUAGES.items())
    def test_every_text(self, office: libreoffice.Office, lang: Lang, code: int) -> None:
        texts = ribbon.words(lang) | helps(lang)
        found = shown(office, *(f'=TEXTFOR("{key}";{code})' for key in texts))
        assert found == list(texts.values())

    @pytest.mark.parametrize(
        ("code", "lang"),
        [(0x804, "zh"), (0x404, "zh"), (0xC04, "zh"), (0x409, "en"), (0x411, "en"), (0, "en")],
    )
    def test_language_of_the_menus(self, office: libreoffice.Office, code: int, lang: Lang) -> None:
        wanted = ribbon.words(lang)["update.label"]
        assert shown(office, f'=TEXTFOR("update.label";{code})') == [wanted]

    def test_a_key_without_text_shows_itself(self, office: libreoffice.Office) -> None:
        assert shown(office, '=TEXTFOR("no.such";2052)') == ["no.such"]

    @pytest.mark.parametrize(("lang", "code"), LANGUAGES.items())
    def test_the_ribbon_asks(self, office: libreoffice.Office, lang: Lang, code: int) -> None:
        tasks = list(ribbon.buttons())
        labels = shown(office, *(f'=LABELOF("{task}";{code})' for task in tasks))
        tips = shown(office, *(f'=TIPOF("{task}";{code})' for task in tasks))
        assert labels == [button.label(lang) for button in ribbon.buttons().values()]
        assert tips == [button.tip(lang) for button in ribbon.buttons().values()]


class TestButtons:
    @pytest.mark.parametrize("task", ribbon.buttons())
    def test_each_runs_its_task(self, office: libreoffice.Office, task: str) -> None:
        macro = ribbon.buttons()[task].macro.upper()
        pressed = f'=PRESSING("{task}";"C:\\python.exe";1;"well";1)'
        assert shown(office, pressed, f"=RUN{macro}()") == [
            f"{STARTING}{task} False/0/",
            f"{STARTING}{task}",
        ]

    def test_a_workbook_is_opened_when_there_is_none(self, office: libreoffice.Office) -> None:
        assert shown(office, '=PRESSING("update";"python.exe";1;"well";0)') == [
            f"{STARTING}update False/1/"
        ]

    @pytest.mark.parametrize(
        ("path", "there", "ends", "ran", "message"),
        [
            ("", 0, "well", "", "not_set_up"),
            ("C:\\用户\\python.exe", 0, "well", "", "no_python"),
            ("python.exe", 1, "badly", "update", "stopped"),
            ("python.exe", 1, "error", "update", "not_started"),
        ],
    )
    def test_python_that_does_not_start_is_told(
        self, office: libreoffice.Office, path: str, there: int, ends: str, ran: str, message: str
    ) -> None:
        words = ribbon.words("zh")
        detail = {"error": "no module named sellersheet", "badly": "ValueError: no"}.get(ends, path)
        told = words[f"message.{message}"].replace("{detail}", detail)
        before = f"{STARTING}{ran} " if ran else ""
        assert shown(office, f'=PRESSING("update";"{path}";{there};"{ends}";1)') == [
            f"{before}False/0/{words['message.product']}: {told}"
        ]

    @pytest.mark.parametrize("cause", CAUSES)
    def test_a_known_cause_is_told_in_words(self, office: libreoffice.Office, cause: str) -> None:
        words = ribbon.words("zh")
        told = words["message.not_started"].replace("{detail}", "no module named sellersheet")
        wanted = f"{words['message.product']}: {told}\n\n{words[f'message.cause_{cause}']}"
        assert shown(office, f'=CAUSED("{cause}")') == [wanted]

    def test_a_mac_is_told(self, office: libreoffice.Office) -> None:
        words = ribbon.words("zh")
        told = f"{words['message.product']}: {words['message.windows_only']}"
        assert shown(office, "=ONMAC()") == [told]


class TestStartup:
    COUNT = len(help_rows("en"))

    @pytest.mark.parametrize(
        ("addin", "refused", "report"),
        [
            (0, "", f"described={COUNT};language=zh;problem=;bits=64;addin=False;drawn=True"),
            (1, "", f"described={COUNT};language=zh;problem=;bits=64;addin=True;drawn=True"),
            (1, "hidden", f"described={COUNT};language=zh;problem=;bits=64;addin=True;drawn=True"),
            (
                0,
                "SEMIFEE",
                f"described={COUNT - 1};language=zh;"
                "problem=SEMIFEE: 1004 no such function;bits=64;addin=False;drawn=True",
            ),
        ],
    )
    def test_report(
        self, office: libreoffice.Office, addin: int, refused: str, report: str
    ) -> None:
        assert shown(office, f'=STARTING({addin};"{refused}";2052)') == [report]

    @pytest.mark.parametrize(("lang", "code"), LANGUAGES.items())
    def test_help_of_every_function(
        self, office: libreoffice.Office, lang: Lang, code: int
    ) -> None:
        wanted = ["|".join([f"'it''s.xlam'!{name}", *rest]) for name, *rest in help_rows(lang)]
        assert shown(office, *(f"=HELPLINE({at};{code})" for at in range(self.COUNT))) == wanted
