Attribute VB_Name = "sellersheet_startup"
Option Explicit
' Help for the function wizard, set when the workbook opens. Nothing here may stop Excel from
' starting: what went wrong is kept for the self-check, which asks ThisWorkbook.StartupReport.

Private report As String

Public Sub StartSellersheet()
    Dim described As Long, saved As Boolean, problem As String, language As String
    On Error GoTo failed
    saved = ThisWorkbook.Saved
    DescribeFunctions described, problem
    ReadLanguage language
    report = "described=" & described & ";language=" & language & ";problem=" & problem
    ThisWorkbook.Saved = saved
    Exit Sub
failed:
    report = "described=" & described & ";problem=" & Err.Number & " " & Err.Description
End Sub

Public Sub ReadStartupReport(ByRef text As String)
    Dim connection As String
    ReadConnection connection
    text = report & ";" & connection
End Sub

' described says how many functions took their help, problem why the first other one did not.
Private Sub DescribeFunctions(ByRef described As Long, ByRef problem As String)
    described = DescribedFunctions(problem)
    If described > 0 Or Not ThisWorkbook.IsAddin Then Exit Sub
    ' Excel refuses help for the functions of a hidden workbook.
    On Error GoTo hidden
    Application.ScreenUpdating = False
    ThisWorkbook.IsAddin = False
    problem = ""
    described = DescribedFunctions(problem)
hidden:
    If Err.Number <> 0 Then problem = Err.Number & " " & Err.Description
    ThisWorkbook.IsAddin = True
    Application.ScreenUpdating = True
End Sub

Private Function DescribedFunctions(ByRef problem As String) As Long
    Dim names() As String, words() As String, text As String, at As Long
    ReadText "functions", text
    names = Split(text, "|")
    For at = LBound(names) To UBound(names)
        ReadText "help." & names(at), text
        words = Split(text, "|")
        If TookHelp(names(at), words, problem) Then
            DescribedFunctions = DescribedFunctions + 1
        End If
    Next at
End Function

' The words are the category, the help, and the help of each argument.
Private Function TookHelp(ByVal name As String, ByRef words() As String, _
        ByRef problem As String) As Boolean
    Dim helps() As String, at As Long, place As String
    On Error GoTo refused
    ReDim helps(1 To UBound(words) - 1)
    For at = 2 To UBound(words)
        helps(at - 1) = words(at)
    Next at
    place = "'" & Replace(ThisWorkbook.Name, "'", "''") & "'!" & name
    Application.MacroOptions Macro:=place, Category:=words(0), Description:=words(1), _
        ArgumentDescriptions:=helps
    TookHelp = True
    Exit Function
refused:
    If problem = "" Then problem = name & ": " & Err.Number & " " & Err.Description
End Function
