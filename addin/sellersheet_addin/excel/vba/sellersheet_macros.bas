Attribute VB_Name = "sellersheet_macros"
Option Explicit
' The macros behind the buttons on the sheets and in the ribbon. Each runs the Python function
' of its name; Python shows progress and says how it ended. What stands here says in words that
' Python could not be started. Only Subs: a cell can't call them.

' MsgBox shows characters of the system's code page only.
Private Declare PtrSafe Function MessageBoxW Lib "user32" (ByVal owner As LongPtr, ByVal text As LongPtr, ByVal title As LongPtr, ByVal kind As Long) As Long

Public Sub SellersheetUpdate()
    RunTask "update"
End Sub

Public Sub SellersheetUndo()
    RunTask "undo"
End Sub

Public Sub SellersheetImportOrders()
    RunTask "import_orders"
End Sub

Public Sub SellersheetImportRates()
    RunTask "import_rates"
End Sub

Public Sub SellersheetCheckBill()
    RunTask "check_bill"
End Sub

Public Sub SellersheetShare()
    RunTask "share"
End Sub

Public Sub SellersheetNewFromTemplate()
    RunTask "new_from_template"
End Sub

Public Sub SellersheetRepairLinks()
    RunTask "repair_links"
End Sub

Public Sub SellersheetSelfcheck()
    RunTask "selfcheck"
End Sub

Public Sub SellersheetPolicyVersion()
    RunTask "policy_version"
End Sub

Public Sub SellersheetHelp()
    RunTask "help_page"
End Sub

Public Sub RunTask(ByVal task As String)
    Dim problem As String
    problem = TaskProblem(task)
    ShowStatus False
    If problem <> "" Then ShowProblem problem, Message("product", "")
End Sub

Private Sub ShowProblem(ByVal problem As String, ByVal title As String)
#If Mac Then
    MsgBox problem, vbExclamation, title
#Else
    MessageBoxW Application.Hwnd, StrPtr(problem), StrPtr(title), vbExclamation
#End If
End Sub

' Runs the task in Python; a sentence when Python did not start or did not end well.
Private Function TaskProblem(ByVal task As String) As String
    Dim interpreter As String, found As Boolean, ended As Boolean, problem As String
    On Error GoTo failed
    If InStr(Application.OperatingSystem, "Windows") = 0 Then
        TaskProblem = Message("windows_only", "")
        Exit Function
    End If
    FindInterpreter interpreter, found
    If interpreter = "" Then
        TaskProblem = Message("not_set_up", "")
        Exit Function
    End If
    If Not found Then
        TaskProblem = Message("no_python", interpreter)
        Exit Function
    End If
    ' A task works on the workbook in front: there must be one.
    If ActiveWorkbook Is Nothing Then Workbooks.Add
    ShowStatus Message("starting", "")
    RunMacroInPython task, ended, problem
    If Not ended Then TaskProblem = Message("stopped", problem)
    Exit Function
failed:
    TaskProblem = Message("not_started", Err.Description) & CauseInWords()
End Function

' What is known about why, and what to do.
Private Function CauseInWords() As String
    Dim cause As String
    ReadCause cause
    If cause <> "" Then CauseInWords = Chr$(10) & Chr$(10) & Message("cause_" & cause, "")
End Function

' False gives the status bar back to Excel.
Private Sub ShowStatus(ByVal status As Variant)
    On Error Resume Next
    Application.StatusBar = status
End Sub

Private Function Message(ByVal key As String, ByVal detail As String) As String
    Dim text As String
    ReadText "message." & key, text
    Message = Replace(text, "{detail}", detail)
End Function
