
' Sellersheet's own part. Only Subs are open to other modules: a cell can't call them.
' ended is False when Python stopped, problem is then the last line that it left.
Public Sub RunMacroInPython(ByVal task As String, ByRef ended As Boolean, ByRef problem As String)
    On Error GoTo failed
    CalledByMacro = True
    KeptError = ""
    ended = (RunPython("from sellersheet_addin.excel import macros; macros." & task & "()") <> -1)
    problem = KeptError
    CalledByMacro = False
    Exit Sub
failed:
    CalledByMacro = False
    Err.Raise Err.Number, Err.Source, Err.Description
End Sub

Public Sub FindInterpreter(ByRef path As String, ByRef found As Boolean)
    path = GetConfig("INTERPRETER_WIN", "")
    found = FileExists(path)
End Sub

' In the place of xlwings' own window, which shows a whole traceback.
Private Sub KeepError(ByVal path As String, ByVal text As String)
    Dim lines() As String, at As Long
    If text = "" Then text = ReadFile(path)
    lines = Split(Replace(text, Chr$(13), ""), Chr$(10))
    For at = UBound(lines) To LBound(lines) Step -1
        If Trim$(lines(at)) <> "" Then
            KeptError = Trim$(lines(at))
            Exit Sub
        End If
    Next at
End Sub
