Attribute VB_Name = "sellersheet_python"
Option Explicit
' How Excel reaches Python: xlwings' DLL starts one process, which calculates the cells of
' every open workbook and does the work of the buttons. The declarations are those of xlwings
' {xlwings}, Copyright (C) 2014-present, Zoomer Analytics LLC, BSD 3-clause licence.
'
' The command is the same for every workbook, so that all share one process, and it goes
' through no shell. It lets Python find modules where it is installed and nowhere else (-E -P):
' a file beside a workbook is never run. Which Python, only the user's own configuration says.
' Only Subs are open to other modules: a cell can't call them.

#If Win64 Then
    Private Const BITS As String = "64"
    Private Const DLL_NAME As String = "xlwings64-{xlwings}.dll"
    Private Declare PtrSafe Function XLPyDLLActivateAuto Lib "xlwings64-{xlwings}.dll" (ByRef Result As Variant, Optional ByVal Config As String = "", Optional ByVal mode As Long = 1) As Long
#Else
    Private Const BITS As String = "32"
    Private Const DLL_NAME As String = "xlwings32-{xlwings}.dll"
    Private Declare PtrSafe Function XLPyDLLActivateAuto Lib "xlwings32-{xlwings}.dll" (ByRef Result As Variant, Optional ByVal Config As String = "", Optional ByVal mode As Long = 1) As Long
#End If
Private Declare PtrSafe Function LoadLibraryA Lib "kernel32" (ByVal path As String) As LongPtr

Private Const SERVER_CODE As String = "import xlwings; xlwings.serve('$(CLSID)')"
' A workbook may be newer than the Python that is installed: Python says so itself.
Private Const EDITION As String = "{edition}"
Private Const HANDSHAKE As String = "from sellersheet_addin.excel.edition import expect; expect('{edition}')"
Private Const PROCESS_CODE As String = "';process=%d;safe_path=%s' % (__import__('os').getpid(), __import__('sys').flags.safe_path)"
Private Const OTHER_KIND_OF_PROGRAM As Long = 193
Private Const SECONDS_OF_REST As Long = 30
Private Const SLOW_FAILURE As Long = 10
Private Const LONG_REST As Long = 600

' Kept between calls: to look for it again costs more than most calculations.
Private server As Object
' Why Python did not start, and since when.
Private refusal As String
Private refusedCause As String
Private refusedAt As Date
Private rest As Long
Private keptReason As String

' A cell's call. The reason of a failure is kept, as a cell has no room for it.
Public Sub AskPython(ByVal name As String, ByVal arguments As Variant, ByRef result As Variant)
    Dim again As Boolean, gone As Boolean, problem As String
attempt:
    On Error GoTo failed
    Connect True
    result = server.CallUDF("sellersheet.excel", name, arguments)
    Exit Sub
failed:
    problem = Err.Description
    gone = IsGone(Err.Number)
    If Not (server Is Nothing) Then
        Set server = Nothing
        If gone And Not again Then
            again = True
            Resume attempt
        End If
    End If
    KeepReason name, problem
    result = CVErr(xlErrValue)
End Sub

' A button's task. An error says why Python did not start. ended is False when Python stopped,
' problem is then the last line that it left.
Public Sub RunMacroInPython(ByVal task As String, ByRef ended As Boolean, ByRef problem As String)
    ended = False
    Greet
    On Error GoTo stopped
    server.Exec "from sellersheet_addin.excel import macros; macros." & task & "()"
    ended = True
    Exit Sub
stopped:
    problem = Gist(Err.Description)
    Set server = Nothing
    KeepReason task, problem
End Sub

Public Sub FindInterpreter(ByRef path As String, ByRef found As Boolean)
    path = ConfiguredInterpreter()
    found = False
    If path <> "" Then found = FileThere(path)
End Sub

' The word for why Python did not start the last time; "" for no special one.
Public Sub ReadCause(ByRef cause As String)
    cause = refusedCause
End Sub

' What a cell that failed before it came to Python keeps.
Public Sub KeepProblem(ByVal name As String, ByVal problem As String)
    KeepReason name, problem
End Sub

' For the self-check: which process answers, and whether it looks where it should.
Public Sub ReadConnection(ByRef text As String)
    Dim process As String
    On Error Resume Next
    If Not (server Is Nothing) Then process = server.Str(server.Eval(PROCESS_CODE))
    text = "bits=" & BITS & ";edition=" & EDITION & process & ";reason=" & keptReason
End Sub

' Tells Python which workbook is in front. A process that has gone since is started anew.
Private Sub Greet()
    Dim again As Boolean, number As Long, problem As String
attempt:
    On Error GoTo failed
    Connect False
    server.SetAttr server.Module("xlwings._xlwindows"), "BOOK_CALLER", ActiveWorkbook
    Exit Sub
failed:
    number = Err.Number
    problem = Gist(Err.Description)
    If Not (server Is Nothing) Then
        Set server = Nothing
        If IsGone(number) And Not again Then
            again = True
            Resume attempt
        End If
    End If
    KeepReason "start", problem
    On Error GoTo 0
    Err.Raise 1000, "Sellersheet", problem
End Sub

' Gives the server, or an error. After a failure cells get it again at once for a while: each
' would otherwise wait for its own.
Private Sub Connect(ByVal forCell As Boolean)
    Dim answer As Variant, interpreter As String, started As Date
    If Not (server Is Nothing) Then Exit Sub
    If forCell And StillRefused() Then Err.Raise 1000, "Sellersheet", refusal
    started = Now
    refusedCause = ""
    On Error GoTo refused
    interpreter = ConfiguredInterpreter()
    If interpreter = "" Then
        refusedCause = "not_set_up"
        Err.Raise 1000, "Sellersheet", "INTERPRETER_WIN"
    End If
    LoadXlwings interpreter
    If XLPyDLLActivateAuto(answer, StartCommand(interpreter), 1) <> 0 Then
        refusedCause = CauseOf(CStr(answer))
        Err.Raise 1000, "Sellersheet", CStr(answer)
    End If
    Set server = answer
    server.Exec HANDSHAKE
    refusal = ""
    Exit Sub
refused:
    refusal = Gist(Err.Description)
    If InStr(refusal, "EditionProblem") > 0 Then refusedCause = "edition"
    Set server = Nothing
    refusedAt = Now
    rest = SECONDS_OF_REST
    If DateDiff("s", started, refusedAt) > SLOW_FAILURE Then rest = LONG_REST
    On Error GoTo 0
    Err.Raise 1000, "Sellersheet", refusal
End Sub

Private Function StillRefused() As Boolean
    Dim since As Long
    If refusal = "" Then Exit Function
    since = DateDiff("s", refusedAt, Now)
    StillRefused = (since >= 0 And since < rest)
End Function

' In quotes for the folders with spaces; no shell reads it.
Private Function StartCommand(ByVal interpreter As String) As String
    StartCommand = Chr$(34) & interpreter & Chr$(34) & " -B -E -P -c " & Chr$(34) & SERVER_CODE & Chr$(34)
End Function

' The DLL lies beside python.exe, or one folder up in a virtual environment.
Private Sub LoadXlwings(ByVal interpreter As String)
    Dim folder As String, why As Long
    folder = ParentFolder(interpreter)
    If LoadLibraryA(folder & "\" & DLL_NAME) <> 0 Then Exit Sub
    why = Err.LastDllError
    If LoadLibraryA(ParentFolder(folder) & "\" & DLL_NAME) <> 0 Then Exit Sub
    If Err.LastDllError = OTHER_KIND_OF_PROGRAM Then why = OTHER_KIND_OF_PROGRAM
    refusedCause = "no_dll"
    If why = OTHER_KIND_OF_PROGRAM Then refusedCause = "bitness"
    Err.Raise 1000, "Sellersheet", DLL_NAME & " (" & why & ")"
End Sub

' What xlwings' DLL says, as a word for which there are sentences.
Private Function CauseOf(ByVal text As String) As String
    If InStr(text, "Could not create Python process") > 0 Then
        CauseOf = "blocked"
    ElseIf InStr(text, "exited before") > 0 Then
        CauseOf = "exited"
    ElseIf InStr(text, "Could not activate") > 0 Then
        CauseOf = "no_answer"
        If InStr(LCase$(Application.Path), "\windowsapps\") > 0 Then CauseOf = "store_excel"
    End If
End Function

' What Windows says of a process that has ended.
Private Function IsGone(ByVal number As Long) As Boolean
    Select Case number
        Case 462, -2147023174, -2147023170, -2147417848: IsGone = True
    End Select
End Function

Private Function ConfigurationFolder() As String
    ConfigurationFolder = Environ$("USERPROFILE") & "\.{project}"
End Function

' Two values in quotes a line, as sellersheet addin install writes them.
Private Function ConfiguredInterpreter() As String
    Dim number As Integer, key As String, value As String, path As String
    path = ConfigurationFolder() & "\{project}.conf"
    If Not FileThere(path) Then Exit Function
    number = FreeFile
    Open path For Input As #number
    Do While Not EOF(number)
        Input #number, key, value
        If UCase$(key) = "INTERPRETER_WIN" Then ConfiguredInterpreter = value
    Loop
    Close #number
End Function

' For sellersheet addin status and the self-check: when, which word, who asked, what was said.
Private Sub KeepReason(ByVal name As String, ByVal problem As String)
    Dim number As Integer
    problem = Gist(problem)
    If refusal <> "" Then name = "start"
    If keptReason = name & ": " & problem Then Exit Sub
    keptReason = name & ": " & problem
    On Error Resume Next
    number = FreeFile
    Open ConfigurationFolder() & "\excel-problem.txt" For Output As #number
    Print #number, Format$(Now, "yyyy-mm-dd hh:mm:ss")
    If refusal = "" Then Print #number, "" Else Print #number, refusedCause
    Print #number, name
    Print #number, problem
    Close #number
End Sub

Private Function FileThere(ByVal path As String) As Boolean
    Dim kind As Long
    On Error Resume Next
    kind = GetAttr(path)
    If Err.Number = 0 Then FileThere = ((kind And vbDirectory) = 0)
End Function

Private Function ParentFolder(ByVal path As String) As String
    If InStrRev(path, "\") > 0 Then ParentFolder = Left$(path, InStrRev(path, "\") - 1)
End Function

' Of what was said the line for a reader. COM hands a traceback over with its last line first;
' the DLL adds the command, which says nothing new.
Private Function Gist(ByVal text As String) As String
    Dim lines() As String, at As Long, backwards As Boolean
    text = Trim$(Replace(text, Chr$(13), ""))
    If InStr(text, Chr$(10) & "Command: ") > 0 Then text = Left$(text, InStr(text, Chr$(10) & "Command: ") - 1)
    backwards = (InStr(Left$(text, 60), "Traceback (most recent") > 0)
    lines = Split(text, Chr$(10))
    For at = LBound(lines) To UBound(lines)
        If Trim$(lines(at)) <> "" Then
            If backwards Or Gist = "" Then
                Gist = Trim$(lines(at))
            ElseIf Left$(lines(at), 14) = "Error message:" Then
                Gist = Gist & " " & Trim$(lines(at))
            End If
        End If
    Next at
End Function
