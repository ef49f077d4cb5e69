' Shows the functions' help in the function wizard. Each row of texts holds a function's
' name, category and help, then the help of its arguments. described says how many took it.
Public Sub DescribeFunctions(ByVal texts As Range, ByRef described As Long)
    Dim saved As Boolean
    saved = ThisWorkbook.Saved
    described = DescribedFunctions(texts)
    If described = 0 And ThisWorkbook.IsAddin Then
        ' Excel refuses help for functions of a hidden workbook.
        ThisWorkbook.IsAddin = False
        described = DescribedFunctions(texts)
        ThisWorkbook.IsAddin = True
    End If
    ThisWorkbook.Saved = saved
End Sub

Private Function DescribedFunctions(ByVal texts As Range) As Long
    Dim row As Range, words() As String, count As Long, at As Long
    On Error Resume Next
    For Each row In texts.Rows
        count = Application.WorksheetFunction.CountA(row) - 3
        ReDim words(1 To count)
        For at = 1 To count
            words(at) = row.Cells(1, at + 3).Value2
        Next at
        Err.Clear
        Application.MacroOptions Macro:=row.Cells(1, 1).Value2, _
            Category:=row.Cells(1, 2).Value2, Description:=row.Cells(1, 3).Value2, _
            ArgumentDescriptions:=words
        If Err.Number = 0 Then DescribedFunctions = DescribedFunctions + 1
    Next row
End Function

' Values in place of ranges: Python then need not ask Excel for them, property by property.
' An omitted argument stays Empty.
Private Function CellValues(ByVal arguments As Variant) As Variant
    Dim values() As Variant, at As Long
    ReDim values(LBound(arguments) To UBound(arguments))
    For at = LBound(arguments) To UBound(arguments)
        If IsObject(arguments(at)) Then
            values(at) = RangeValues(arguments(at))
        ElseIf Not IsMissing(arguments(at)) Then
            values(at) = arguments(at)
        End If
    Next at
    CellValues = values
End Function

' Value2 keeps every decimal of a currency cell, and dates are serial numbers.
Private Function RangeValues(ByVal block As Object) As Variant
    Dim used As Object
    If block.Rows.Count = block.Worksheet.Rows.Count Then
        Set used = block.Worksheet.UsedRange
        Set block = block.Resize(used.Row + used.Rows.Count - block.Row)
    End If
    If CountsFrom1904(block.Worksheet) Then
        RangeValues = block.Value
    Else
        RangeValues = block.Value2
    End If
End Function

Private Function CountsFrom1904(ByVal sheet As Object) As Boolean
    On Error Resume Next
    CountsFrom1904 = sheet.Parent.Date1904
End Function

' Markers such as "#N/A" become Excel's own errors.
Private Sub MarkErrors(ByRef result As Variant)
    Dim row As Long, column As Long
    If Not IsArray(result) Then
        result = CellResult(result)
    ElseIf HasRows(result) Then
        For row = LBound(result, 1) To UBound(result, 1)
            For column = LBound(result, 2) To UBound(result, 2)
                If VarType(result(row, column)) = vbString Then
                    result(row, column) = CellResult(result(row, column))
                End If
            Next column
        Next row
    Else
        For column = LBound(result) To UBound(result)
            result(column) = CellResult(result(column))
        Next column
    End If
End Sub

' False for an array of one dimension: a single row.
Private Function HasRows(ByRef values As Variant) As Boolean
    Dim last As Long
    On Error Resume Next
    last = UBound(values, 2)
    HasRows = (Err.Number = 0)
End Function

Private Function CellResult(ByVal value As Variant) As Variant
    CellResult = value
    If VarType(value) <> vbString Then Exit Function
    If Left$(value, 1) <> "#" Then Exit Function
    Select Case value
        Case "#NULL!": CellResult = CVErr(2000)
        Case "#DIV/0!": CellResult = CVErr(2007)
        Case "#VALUE!": CellResult = CVErr(2015)
        Case "#REF!": CellResult = CVErr(2023)
        Case "#NAME?": CellResult = CVErr(2029)
        Case "#NUM!": CellResult = CVErr(2036)
        Case "#N/A": CellResult = CVErr(2042)
        Case "#GETTING_DATA": CellResult = CVErr(2043)
        Case "#SPILL!": CellResult = CVErr(2045)
        Case "#CONNECT!": CellResult = CVErr(2046)
        Case "#BLOCKED!": CellResult = CVErr(2047)
        Case "#UNKNOWN!": CellResult = CVErr(2048)
        Case "#FIELD!": CellResult = CVErr(2049)
        Case "#CALC!": CellResult = CVErr(2050)
    End Select
End Function
