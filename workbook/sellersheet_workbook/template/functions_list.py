"""Sheet Functions: every worksheet function with its arguments, help and a live example."""

from __future__ import annotations

from typing import Final

from sellersheet.functions.reading import ARGUMENTS
from sellersheet.functions.registry import FUNCTIONS
from sellersheet.wording import Wording
from sellersheet_workbook.template import forms, golden
from sellersheet_workbook.template.book import Book
from sellersheet_workbook.template.check import CASES_DATA
from sellersheet_workbook.template.content import Content

WORDS: Final = Wording("sellersheet_workbook.template", "functions_list.toml")
_WIDTHS: Final = (20, 34, 66, 30, 20)
_ALIKE: Final = ("as_of", "policy", "headers")  # of many functions: told with the first
_TOP: Final = 3


def fill(book: Book, content: Content) -> None:
    """One row a function; the examples are the cases of Check."""
    del content
    sheet, lang = book["functions"], book.lang
    for at, width in enumerate(_WIDTHS):
        sheet.page.set_column(at, at, width)
    forms.head(sheet, WORDS("title", lang), WORDS("about", lang), len(_WIDTHS) - 1)
    sheet.page.set_row(_TOP, 24)
    for at, code in enumerate(("function", "help", "arguments", "example", "result")):
        sheet.put_at(_TOP, at, WORDS(code, lang), book.style("header"))
    top = CASES_DATA
    check = book["check"]
    places = {
        "orders": f"A{top}:B{top + 1}",
        "growth": f"A{top + 6}:B{top + 6}",
        "weeks": f"A{top + 7}:B{top + 7}",
        "own": f"C{top + 6}:D{top + 7}",
    }
    ranges = {name: check[address] for name, address in places.items()}
    ranges["summed"] = check[f"A{top + 3}:L{top + 4}"]
    by_name = {case.function: case for case in golden.cases(ranges, lang)}
    small = book.style("result", valign="top", text_wrap=True, font_size=10)
    name_style = book.style("result", valign="top", bold=True)
    told: dict[tuple[str, str], str] = {}
    for row, item in enumerate(FUNCTIONS.values(), _TOP + 1):
        case = by_name[item.name]
        colon, named = WORDS("colon", lang), []
        for word in item.arguments:
            optional = WORDS("optional", lang) if word.optional else ""
            title = ARGUMENTS[word.name].title(lang) if lang == "zh" else word.name
            first = told.setdefault((word.name, word.help(lang)), item.name)
            again = word.name in _ALIKE and first != item.name
            meant = WORDS("as_in", lang, function=first) if again else word.help(lang)
            named.append(f"{title}{optional}{colon}{meant}")
        arguments = "\n".join(named)
        call = sheet.text_of(case.function, *case.arguments)
        texts = (item.name, f"{item.help(lang)}\n{item.category(lang)}", arguments, f"={call}")
        for at, text in enumerate(texts):
            sheet.put_at(row, at, text, small if at else name_style)
        number = "moment" if case.is_moment else ""
        formula, value = case.got(sheet)
        style = book.style("result", number, valign="top", text_wrap=True)
        sheet.formula_at(row, 4, formula, value, style)
        lines = max(map(forms.lines_of, (*texts[1:], value), _WIDTHS[1:]))
        sheet.page.set_row(row, min(400, 14.5 * lines + 8))
    sheet.page.freeze_panes(_TOP + 1, 1)
    sheet.print_on_a4(header_row=_TOP)
    sheet.protect()
    sheet.tab()
