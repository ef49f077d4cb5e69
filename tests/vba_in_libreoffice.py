"""Our VBA run in LibreOffice's VBA mode, with a stand-in where Python or Excel would answer.

LibreOffice shows VBA's error values in cells as the text "Error 2042" and the like; Excel
shows the error itself. The stand-in never gives such a text, so seeing it proves the error.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

# Answers by what the first argument says; anything else is told back.
STAND_IN: Final = """\
Option VBASupport 1
Option Explicit
Public Kept As String

Sub AskPython(name, arguments, result)
    Dim table(1, 2) As Variant
    Select Case Told(arguments(LBound(arguments)))
        Case "number": result = 12.5
        Case "blank": result = ""
        Case "table"
            table(0, 0) = 1.5: table(0, 1) = "#N/A": table(0, 2) = "text"
            table(1, 0) = "": table(1, 1) = "#VALUE!": table(1, 2) = "#NUM!"
            result = table
        Case "row": result = Array(1.5, "#NUM!", "")
        Case "failure": result = CVErr(2015)
        Case "refusal": Err.Raise 1004, "Excel", "out of memory"
        Case Else
            If Left$(Told(arguments(LBound(arguments))), 1) = "#" Then
                result = arguments(LBound(arguments))
            Else
                result = name & ToldAll(arguments)
            End If
    End Select
End Sub

Sub KeepProblem(name, problem)
    Kept = name & ": " & problem
End Sub

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
Public Cause As String

Sub StartAnew()
    Interpreter = "": InterpreterFound = False: PythonEnds = "well": Ran = "": Noted = ""
    Opened = 0: BookOpen = True: MenuLanguage = 2052: IsAddin = False: Refuses = "": Helps = ""
    Machine = "Windows (32-bit) NT 10.00": StatusBar = "": ScreenUpdating = True
    Cause = ""
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

Sub ReadCause(word)
    word = Cause
End Sub

Sub ReadConnection(text)
    text = "bits=64"
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
# Stands for xlwings' DLL, Windows and the server where our connection meets them.
SERVER: Final = """\
Option VBASupport 1
Option Explicit
Public Started As Long, Loads As String, Answer As String, Commands As String, Ends As String
Public Failing As Long, LastError As Long, ExcelPath As String, Clock As Date, Slow As Long

Function Activate(result, command, mode)
    Started = Started + 1
    Commands = Commands & "[" & command & "]"
    Clock = Clock + Slow / 86400
    If Answer <> "" Then
        result = Answer
        Activate = -1
    Else
        result = 1
        Activate = 0
    End If
End Function

Function LoadDll(path)
    Loads = Loads & "[" & path & "]"
    If LastError = 0 Then LoadDll = 1 Else LoadDll = 0
End Function

Function CallUDF(udfModule, name, arguments)
    If Failing > 0 Then
        Failing = Failing - 1
        If Ends = "gone" Then Err.Raise 462, "VBA", "The remote server machine does not exist"
        Err.Raise 1000, "Python", "ValueError: no" & Chr$(10) & "    raise" & Chr$(13) & Chr$(10)
    End If
    CallUDF = udfModule & " " & name & " " & arguments(0)
End Function

Function AskProcess(code)
    AskProcess = ";process=7"
End Function

Sub Execute(statement)
    Commands = Commands & "{" & statement & "}"
    If InStr(statement, "macros.stops") > 0 Then
        Err.Raise 1000, "Python", "Traceback (most recent call last):" & Chr$(10) & "KeyError: 1"
    End If
    If InStr(statement, "expect(") > 0 And Ends = "edition" Then
        Err.Raise 1000, "Python", "edition.EditionProblem: newer" & Chr$(10) & "    raise"
    End If
End Sub

Sub GreetBook()
    If Failing > 0 Then
        Failing = Failing - 1
        Err.Raise 462, "VBA", "The remote server machine does not exist"
    End If
    Commands = Commands & "(book)"
End Sub
"""
# What only Windows and Excel have in the module that starts Python.
_WINDOWS_ONLY: Final = {
    'server.SetAttr server.Module("xlwings._xlwindows"), "BOOK_CALLER", ActiveWorkbook': (
        "GreetBook"
    ),
    "server.Str(server.Eval(PROCESS_CODE))": "AskProcess(PROCESS_CODE)",
    "server.CallUDF(": "CallUDF(",
    "server.Exec ": "Execute ",
    "Set server = answer": "Set server = ThisComponent",
    "XLPyDLLActivateAuto(": "Activate(",
    "LoadLibraryA(": "LoadDll(",
    "Err.LastDllError": "LastError",
    "Application.Path": "ExcelPath",
    "Now\n": "Clock\n",
    "Now)": "Clock)",
    "Format$(Now,": "Format$(Clock,",
}
# What only Excel has, by what stands for it here.
_EXCEL_ONLY: Final = {
    "Application.OperatingSystem": "Machine",
    " As IRibbonControl": " As String",
    "control.ID": "control",
    "#If Mac Then\n    MsgBox problem, vbExclamation, title\n#Else\n": "",
    "MessageBoxW Application.Hwnd, StrPtr(problem), StrPtr(title), vbExclamation\n#End If": (
        "Note problem, title"
    ),
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
        "Python": STAND_IN,
        "Wrappers": _without_attributes(wrappers),
        "Checks": "Option VBASupport 1\n" + checks,
    }


def connection_modules(text: str, home: str, checks: str) -> dict[str, str]:
    """The module that starts Python, with stand-ins; paths are written as they are here."""
    text = text.replace("\r\n", "\n")
    text = re.sub(r"(?ms)^#If Win64 Then.*?^#Else\n(.*?)^#End If\n", r"\1", text)
    text = re.sub(r"(?m)^ *Private Declare .*\n", "", text)
    for excel, here in _WINDOWS_ONLY.items():
        assert excel in text, excel
        text = text.replace(excel, here)
    assert 'Environ$("USERPROFILE")' in text
    text = text.replace('Environ$("USERPROFILE")', f'"{home}"').replace("\\", "/")
    return {
        "Stands": SERVER,
        "Connection": _without_attributes(text),
        "Checks": "Option VBASupport 1\n" + checks,
    }


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
