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
