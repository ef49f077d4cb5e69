"""The VBA wrappers run in LibreOffice's VBA mode, with a stand-in where Python would answer.

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


def modules(wrappers: str, checks: str = "") -> dict[str, str]:
    """The Basic modules to add to a workbook: wrappers, stand-in, and checks written in VBA."""
    return {
        "XLPy": STAND_IN,
        "Wrappers": _without_attributes(wrappers),
        "Checks": "Option VBASupport 1\n" + checks,
    }


def _without_attributes(text: str) -> str:
    """LibreOffice knows Attribute lines in files only."""
    kept: Iterable[str] = (line for line in text.splitlines() if not line.startswith("Attribute "))
    return "\n".join(("Option VBASupport 1", *kept, ""))
