
' Sellersheet's own part. Only Subs are open to other modules: a cell can't call them.
Public Sub RunMacroInPython(ByVal task As String, ByRef ended As Boolean)
    On Error GoTo failed
    CalledByMacro = True
    ended = (RunPython("from sellersheet_addin.excel import macros; macros." & task & "()") <> -1)
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
