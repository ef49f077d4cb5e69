"""Our VBA run in LibreOffice's VBA mode, with a stand-in where Python or Excel would answer.

LibreOffice shows VBA's error values in cells as the text "Error 2042" and the like; Excel
shows the error itself. The stand-in never gives such a text, so seeing it proves the error.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

# Answers by what the first argument says; anything else is told back.
STAND_IN: Final = """\
Option VBASupport 1
Option Explicit

Function CallUDF(udfModule, name, arguments)
    Dim table(1, 2) As Variant
    Select Case Told(arguments(LBound(arguments)))
        Case "number": CallUDF = 12.5
        Case "blank": CallUDF = ""
        Case "table"
            table(0, 0) = 1.5: table(0, 1) = "#N/A": table(0, 2) = "text"
            table(1, 0) = "": table(1, 1) = "#VALUE!": table(1, 2) = "#NUM!"
            CallUDF = table
        Case "row": CallUDF = Array(1.5, "#NUM!", "")
        Case "failure": Err.Raise 1000, "Python", "Traceback (most recent call last):"
        Case Else
            If Left$(Told(arguments(LBound(arguments))), 1) = "#" Then
                CallUDF = arguments(LBound(arguments))
            Else
                CallUDF = udfModule & " " & name & ToldAll(arguments)
            End If
    End Select
End Function

Private Function ToldAll(arguments) As String
    Dim at As Long
    For at = LBound(arguments) To UBound(arguments)
        ToldAll = ToldAll & " " & Told(arguments(at))
    Next at
End Function

Private Function Told(argument) As String
    If IsArray(argument) Then
        Told = UBound(argument, 1) & "x" & UBound(argument, 2)
    ElseIf IsObject(argument) Then
        Told = "object"
    ElseIf IsEmpty(argument) Then
        Told = "empty"
    Else
        Told = argument
    End If
End Function
"""


# Stands for Excel and Python where the macros, the startup and the texts meet them.
EXCEL: Final = """\
Option VBASupport 1
Option Explicit
Public Interpreter As String, InterpreterFound As Boolean, PythonEnds As String
Public Ran As String, Noted As String, Opened As Long, BookOpen As Boolean
Public Machine As String, MenuLanguage As Long, IsAddin As Boolean
Public Refuses As String, Helps As String, StatusBar As Variant, ScreenUpdating As Boolean

Sub StartAnew()
    Interpreter = "": InterpreterFound = False: PythonEnds = "well": Ran = "": Noted = ""
    Opened = 0: BookOpen = True: MenuLanguage = 2052: IsAddin = False: Refuses = "": Helps = ""
    Machine = "Windows (32-bit) NT 10.00": StatusBar = "": ScreenUpdating = True
End Sub

Sub FindInterpreter(path, found)
    path = Interpreter: found = InterpreterFound
End Sub

Sub RunMacroInPython(task, ended, problem)
    Ran = Ran & "[" & StatusBar & "]" & task & " "
    If PythonEnds = "error" Then Err.Raise 1000, "Python", "no module named sellersheet"
    ended = (PythonEnds = "well")
    If Not ended Then problem = "ValueError: no"
End Sub

Sub AddBook()
    Opened = Opened + 1
End Sub

Sub Note(text, title)
    Noted = title & ": " & text
End Sub

Sub TakeHelp(place, category, description, arguments)
    If IsAddin And Refuses = "hidden" Then Err.Raise 1004, "Excel", "hidden workbook"
    If InStr(place, "!" & Refuses & "'") = 0 And Right$(place, Len(Refuses)) = Refuses Then
        If Refuses <> "" And Refuses <> "hidden" Then Err.Raise 1004, "Excel", "no such function"
    End If
    Helps = Helps & place & "|" & category & "|" & description
    Dim at As Long
    For at = LBound(arguments) To UBound(arguments)
        Helps = Helps & "|" & arguments(at)
    Next at
    Helps = Helps & Chr$(10)
End Sub
"""
# Stands for the functions of xlwings' module that our part of it calls.
XLWINGS: Final = """\
Option VBASupport 1
Option Explicit
Private CalledByMacro As Boolean
Private KeptError As String
Private Commands As String

Private Function RunPython(command)
    Commands = CalledByMacro & " " & command
    If InStr(command, "macros.stops") > 0 Then
        KeepError "", "Traceback:" & Chr$(13) & Chr$(10) & "ValueError: no " & Chr$(10) & " "
        RunPython = -1
    End If
    If InStr(command, "macros.logs") > 0 Then
        KeepError "any.log", ""
        RunPython = -1
    End If
    If InStr(command, "macros.fails") > 0 Then Err.Raise 1000, "Python", "no dll"
End Function

Private Function ReadFile(path)
    ReadFile = "Traceback in " & path & Chr$(13) & Chr$(10) & "KeyError: 1" & Chr$(13) & Chr$(10)
End Function

Private Function GetConfig(key, default)
    GetConfig = key & ".exe"
End Function

Private Function FileExists(path)
    FileExists = (path = "INTERPRETER_WIN.exe")
End Function

Sub ReadState(text)
    text = Commands & "/" & CalledByMacro
End Sub
"""
# What only Excel has, by what stands for it here.
_EXCEL_ONLY: Final = {
    "Application.OperatingSystem": "Machine",
    " As IRibbonControl": " As String",
    "control.ID": "control",
    "MsgBox problem, vbExclamation, title": "Note problem, title",
    "If ActiveWorkbook Is Nothing Then Workbooks.Add": "If Not BookOpen Then AddBook",
    "Application.LanguageSettings.LanguageID(2)": "MenuLanguage",
    "Application.StatusBar": "StatusBar",
    "Application.ScreenUpdating": "ScreenUpdating",
    "ThisWorkbook.IsAddin": "IsAddin",
    "ThisWorkbook.Saved = saved": "",
    "saved = ThisWorkbook.Saved": "",
    "ThisWorkbook.Name": '"it\'s.xlam"',
    "Application.MacroOptions Macro:=place, Category:=words(0), Description:=words(1), _\n"
    "        ArgumentDescriptions:=helps": "TakeHelp place, words(0), words(1), helps",
}


def modules(wrappers: str, checks: str = "") -> dict[str, str]:
    """The Basic modules to add to a workbook: wrappers, stand-in, and checks written in VBA."""
    return {
        "XLPy": STAND_IN,
        "Wrappers": _without_attributes(wrappers),
        "Checks": "Option VBASupport 1\n" + checks,
    }


def plain_modules(texts: dict[str, str]) -> dict[str, str]:
    """Modules to add to a workbook as they are."""
    return {name: _without_attributes(text) for name, text in texts.items()}


def own_modules(sources: dict[str, str], checks: str) -> dict[str, str]:
    """Our own modules to add to a workbook, with what only Excel has replaced."""
    found = {"Excel": EXCEL, "Checks": "Option VBASupport 1\n" + checks}
    for name, text in sources.items():
        text = text.replace("\r\n", "\n")
        for said, instead in _EXCEL_ONLY.items():
            text = text.replace(said, instead)
        found[name] = _without_attributes(text)
    return found


def _without_attributes(text: str) -> str:
    """LibreOffice knows Attribute lines in files only."""
    kept: Iterable[str] = (line for line in text.splitlines() if not line.startswith("Attribute "))
    return "\n".join(("Option VBASupport 1", *kept, ""))
