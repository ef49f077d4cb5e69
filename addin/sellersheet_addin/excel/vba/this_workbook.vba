Option Explicit

Private Sub Workbook_Open()
    StartSellersheet
End Sub

' What the self-check asks for: Application.Run "'book'!ThisWorkbook.StartupReport".
Public Function StartupReport() As String
    Dim text As String
    ReadStartupReport text
    StartupReport = text
End Function
