
' Sellersheet's own part. Only Subs are open to other modules: a cell can't call them.
Public Sub RunMacroInPython(ByVal task As String, ByRef ended As Boolean)
    ended = (RunPython("from sellersheet_addin.excel import macros; macros." & task & "()") <> -1)
End Sub

Public Sub FindInterpreter(ByRef path As String, ByRef found As Boolean)
    path = GetConfig("INTERPRETER_WIN", "")
    found = FileExists(path)
End Sub
