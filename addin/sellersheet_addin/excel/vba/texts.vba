' The text for a key in the language of Excel's own menus; the key itself where there is none.
Public Sub ReadText(ByVal key As String, ByRef text As String)
    Dim found As String, language As String
    ReadLanguage language
    If language = "zh" Then
        ReadChineseText key, found
    Else
        ReadEnglishText key, found
    End If
    If found = "" Then text = key Else text = Decoded(found)
End Sub

' "zh" for every kind of Chinese, "en" for all else.
Public Sub ReadLanguage(ByRef language As String)
    Dim code As Long
    language = "en"
    On Error Resume Next
    code = Application.LanguageSettings.LanguageID(2)
    If (code And 1023) = 4 Then language = "zh"
End Sub

' Between a backslash and a semicolon stand four hexadecimal digits for each character that a
' module can't hold.
Private Function Decoded(ByVal text As String) As String
    Dim parts() As String, part As Long, at As Long, ends As Long
    parts = Split(text, "\")
    Decoded = parts(0)
    For part = 1 To UBound(parts)
        ends = InStr(parts(part), ";")
        For at = 1 To ends - 1 Step 4
            Decoded = Decoded & ChrW$(CLng("&H" & Mid$(parts(part), at, 4)))
        Next at
        Decoded = Decoded & Mid$(parts(part), ends + 1)
    Next part
End Function

