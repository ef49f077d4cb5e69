"""Sheet Policy: every value in force, where it is from, and the user's own in its place."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from sellersheet.columns import OVERRIDES
from sellersheet.policy import load
from sellersheet.policy.shown import standing_word
from sellersheet.wording import Wording
from sellersheet_workbook.template import forms, palette
from sellersheet_workbook.template.book import Area, Book, Ref, Sheet, cell
from sellersheet_workbook.template.cells import Written
from sellersheet_workbook.template.content import Content

WORDS: Final = Wording("sellersheet_workbook.template", "policy.toml")
DAY: Final = dt.date(2024, 12, 1)
_EFFECT: Final = 6  # the row of the heading, from 0
_HEADER: Final = 12
_FIRST: Final = _HEADER + 1  # the language row
_SPARE: Final = 8
_OWN_LEFT: Final = 5
_WIDTHS: Final = (9, 31, 42, 13, 12, 26, 15, 12, 24, 18, 20, 12, 60, 46)
_COLOURS: Final = {
    "stated": palette.OK,
    "read": palette.NOTE,
    "assumed": palette.WARNING,
    "own": ("#5B2C6F", "#E8DAEF"),
}
_LINE: Final = 16  # points
_TALLEST: Final = 400
# The example orders: a common one, and one on which every fee falls.
_ORDERS: Final = (("usual", 0, 1, True), ("all_fees", 1, 5, False))


def fill(book: Book, content: Content) -> None:
    """The table first: what stands above it asks for it."""
    del content
    sheet = book["policy"]
    for at, width in enumerate(_WIDTHS):
        sheet.page.set_column(at, at, width)
    sheet.put("C4", DAY, book.style("input", "date", align="left"))
    day = sheet["C4"]
    rows = load().rows(DAY, book.lang)
    _values(sheet, rows)
    last = _FIRST + len(rows) + _SPARE
    own = _own_table(sheet, rows, last)
    _in_force(sheet, last, day, own)
    _head(sheet, last, day, own)
    _effect(sheet, day, own)
    _colours(sheet, last)
    sheet.page.freeze_panes(_FIRST, 2)
    sheet.print_on_a4(header_row=_HEADER)
    sheet.tab()


def _values(sheet: Sheet, rows: list[dict[str, Any]]) -> None:
    """What does not change: rule, title, and the built-in value with its source."""
    book, lang = sheet.book, sheet.book.lang
    titles = [WORDS(f"column_{key}", lang) for key in ("rule", "title", "shown", "standing")]
    titles += [WORDS("column_start", lang), *(item.title(lang) for item in OVERRIDES)]
    titles += [WORDS(f"column_{key}", lang) for key in ("by", "raw", "snapshot", "source", "note")]
    for at, title in enumerate(titles):
        base = "result_header" if 2 <= at < _OWN_LEFT else "header"
        sheet.put_at(_HEADER, at, title, book.style(base))
    sheet.page.set_row(_HEADER, 50)
    small = book.style("result", text_wrap=True, font_size=10)
    sheet.put_at(_FIRST, 1, WORDS("lang", lang), small)
    sheet.put_at(_FIRST, 10, "zh / en", small)
    for down, row in enumerate(rows, _FIRST + 1):
        raw = row["raw"] if row["raw"] is not None else WORDS("many", lang)
        told = {0: row["rule"], 1: row["title"], 10: raw, 12: row["source"], 13: row["note"]}
        for at, text in told.items():
            sheet.put_at(down, at, text, small)
        date = book.style("result", "date", font_size=10, align="left")
        sheet.put_at(down, 11, row["snapshot"], date)
        lines = max(
            forms.lines_of(str(text), _WIDTHS[at]) for at, text in {**told, 2: row["value"]}.items()
        )
        sheet.page.set_row(down, min(_LINE * lines + 4, _TALLEST))


def _own_table(sheet: Sheet, rows: list[dict[str, Any]], last: int) -> Ref:
    """The table Overrides: a row for each value, some for a second start, and the language."""
    book, lang = sheet.book, sheet.book.lang
    name, kinds = (
        book.style("result", font_size=9, font_color=palette.GREY),
        ("general", "date", "text"),
    )
    styles = [book.style("input", kind, text_wrap=True) for kind in kinds]
    keys = ["lang", *(row["name"] for row in rows)]
    keys += [""] * (last + 1 - _FIRST - len(keys))
    for down, key in enumerate(keys, _FIRST):
        sheet.put_at(down, _OWN_LEFT, key or None, name if key else book.style("input", "text"))
        values = (lang, None, None) if key == "lang" else (None, None, None)
        for at, value in enumerate(values):
            sheet.put_at(down, _OWN_LEFT + 1 + at, value, styles[at])
        sheet.put_at(down, _OWN_LEFT + 4, None, book.style("input", "text", text_wrap=True))
    _suggestions(sheet, rows)
    first_spare = _FIRST + len(rows) + 1
    names = f"=${cell(0, _OWN_LEFT)[0]}${_FIRST + 2}:${cell(0, _OWN_LEFT)[0]}${first_spare}"
    rule = {"validate": "list", "source": names, "show_error": False}
    rule |= {"input_title": WORDS("spare", lang), "input_message": WORDS("spare_how", lang)}
    sheet.page.data_validation(first_spare, _OWN_LEFT, last, _OWN_LEFT, rule)
    columns = [
        {"header": item.title(lang), "header_format": book.style("header")} for item in OVERRIDES
    ]
    area = Area(_HEADER, _OWN_LEFT, last, _OWN_LEFT + len(OVERRIDES) - 1)
    return sheet.table(area.text.replace("$", ""), "Overrides", columns, filtered=False)


def _suggestions(sheet: Sheet, rows: list[dict[str, Any]]) -> None:
    """Beside each value what may be put in its place."""
    lang = sheet.book.lang
    at = _OWN_LEFT + 1
    languages = {"validate": "list", "source": ["zh", "en"], "show_error": False}
    sheet.page.data_validation(_FIRST, at, _FIRST, at, languages)
    for down, row in enumerate(rows, _FIRST + 1):
        if row["raw"] is None:
            message = WORDS("not_here", lang)
        else:
            message = WORDS(f"enter_{row['kind']}", lang, raw=row["raw"][:60])
        rule: dict[str, Any] = {"validate": "any"}
        if row["kind"] == "choice":
            allowed = load().value(row["name"]).allowed
            words = [item.zh if lang == "zh" else item.en for item in allowed]
            rule = {"validate": "list", "source": words, "show_error": False}
        rule |= {"input_title": row["title"][:32], "input_message": message}
        sheet.page.data_validation(down, at, down, at, rule)


def _in_force(sheet: Sheet, last: int, day: Ref, own: Ref) -> None:
    """What holds on the day, with the user's own values: three array formulas."""
    names = sheet.ref(Area(_FIRST + 1, _OWN_LEFT, last, _OWN_LEFT))
    for at, field, number in ((2, "shown", ""), (3, "standing", ""), (4, "start", "date")):
        arguments = ("POLICYVALUE", names, day, field, own)
        # See the result columns of Orders for the joined text.
        joined = "" if number else '&""'
        text = f'=IFERROR({sheet.text_of(*arguments)}{joined},"")'
        base = _small(sheet, "light" if at == 3 else "result", number)
        area = f"{cell(_FIRST + 1, at)}:{cell(last, at)}"
        sheet.array(area, text, [list(row) for row in sheet.result_of(*arguments)], base)


def _small(sheet: Sheet, base: str, number: str) -> Any:
    """A small result cell with a border."""
    more: dict[str, Any] = {"text_wrap": True, "font_size": 10}
    if base == "light":
        more |= {"border": 1, "border_color": palette.LINE}
    if number:
        more["align"] = "left"
    return sheet.book.style(base, number, **more)


def _head(sheet: Sheet, last: int, day: Ref, own: Ref) -> None:
    """Title, the day, and whether the own values can be used."""
    book, lang = sheet.book, sheet.book.lang
    sheet.page.set_row(0, 30)
    sheet.put("A1", WORDS("title", lang), book.style("title"))
    sheet.put("A2", WORDS("about", lang, version=load().version), book.style("note"))
    sheet.put("A3", WORDS("how", lang), book.style("note"))
    sheet.put("A4", WORDS("day", lang), book.style("label"))
    sheet.link_home("N1")
    reason = reason_of(sheet, day, own)
    left, right = _OWN_LEFT, _OWN_LEFT + 1
    names = sheet.ref(Area(_FIRST, left, last, left)).text
    values = sheet.ref(Area(_FIRST, right, last, right)).text
    count = f'SUMPRODUCT(({values}<>"")*({names}<>"lang"))'
    some = WORDS("some", lang, count=f'"&{count}&"')
    text = (
        f'=IF({reason.text}<>"","⚠ "&{reason.text},IF({count}=0,"{WORDS("none", lang)}","{some}"))'
    )
    sheet.page.set_row(4, 36)
    style = book.style("text", valign="vcenter", bold=True)
    sheet.page.merge_range(4, 0, 4, 8, "", style)
    sheet.formula("A5", text, WORDS("none", lang), style)
    wrong = {"type": "text", "criteria": "begins with", "value": "⚠"}
    for test, colours in ((wrong, palette.ERROR), ({"type": "no_blanks"}, palette.OK)):
        rule = {**test, "format": book.light(colours), "stop_if_true": True}
        sheet.page.conditional_format(4, 0, 4, 8, rule)


def reason_of(sheet: Sheet, day: Ref, own: Ref) -> Written:
    """Why the own values can't be used; "" when they can."""
    arguments = ("SEMIFEE_DETAIL", 100, 22.6, None, None, None, None, day, own)
    return forms.reason_of_fee(sheet, *arguments)


def _effect(sheet: Sheet, day: Ref, own: Ref) -> None:
    """What the own values change on an order of 100."""
    book, lang = sheet.book, sheet.book.lang
    sheet.put_at(_EFFECT, 0, WORDS("effect", lang), book.style("heading"))
    titles = [WORDS(f"effect_{key}", lang) for key in ("order", "built_in", "own", "change")]
    for at, title in enumerate(titles, 1):
        sheet.put_at(_EFFECT + 1, at, title, book.style("result_header"))
    yuan = book.style("result", "yuan", align="right")
    for down, (code, parcel, days, box) in enumerate(_ORDERS, _EFFECT + 2):
        word = WORDS("oversize", lang) if parcel else None
        given = ("SEMIFEE", 100, 22.6, word, days, box, None, day)
        sheet.put_at(down, 1, WORDS(code, lang), book.style("result", text_wrap=True))
        before = sheet.call(cell(down, 2), *given, style=yuan)
        after = sheet.call(cell(down, 3), *given, own, style=yuan)
        style = book.style("result", "change", bold=True)
        text = f'=IFERROR({cell(down, 3)}-{cell(down, 2)},"—")'
        sheet.formula_at(down, 4, text, round(after - before, 2), style)
        sheet.page.set_row(down, 34)


def _colours(sheet: Sheet, last: int) -> None:
    book = sheet.book
    for standing, colours in _COLOURS.items():
        word = standing_word(standing, book.lang)  # type: ignore[arg-type]
        rule = {"type": "cell", "criteria": "==", "value": f'"{word}"'}
        rule |= {"format": book.light(colours)}
        sheet.page.conditional_format(_FIRST + 1, 3, last, 3, rule)
