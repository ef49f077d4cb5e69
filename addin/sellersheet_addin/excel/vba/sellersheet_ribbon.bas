Attribute VB_Name = "sellersheet_ribbon"
Option Explicit
' The ribbon's callbacks. Only the add-in has them: a workbook has no ribbon of its own.

Public Sub SellersheetPressed(ByVal control As IRibbonControl)
    RunTask control.ID
End Sub

Public Sub SellersheetLabel(ByVal control As IRibbonControl, ByRef shown As Variant)
    ShowText control.ID & ".label", shown
End Sub

Public Sub SellersheetTip(ByVal control As IRibbonControl, ByRef shown As Variant)
    ShowText control.ID & ".tip", shown
End Sub

Private Sub ShowText(ByVal key As String, ByRef shown As Variant)
    Dim text As String
    On Error Resume Next
    ReadText key, text
    shown = text
End Sub
