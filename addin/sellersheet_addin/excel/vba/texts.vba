' The text for a key in the language of Excel's own menus; the key itself where there is none.
Public Sub ReadText(ByVal key As String, ByRef text As String)
    Dim found As String, language As String
    ReadLanguage language
    If language = "zh" Then
        found = ChineseText(key)
    Else
        found = EnglishText(key)
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

' Four hexadecimal digits after \u stand for a character that a module can't hold.
Private Function Decoded(ByVal text As String) As String
    Dim parts() As String, at As Long
    parts = Split(text, "\u")
    Decoded = parts(0)
    For at = 1 To UBound(parts)
        Decoded = Decoded & ChrW$(CLng("&H" & Left$(parts(at), 4))) & Mid$(parts(at), 5)
    Next at
End Function

