"""Sheet Functions: every worksheet function with its arguments, help and a live example."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from sellersheet.functions.reading import ARGUMENTS
from sellersheet.functions.registry import FUNCTIONS, Argument
from sellersheet.wording import Lang, Wording
from sellersheet_workbook.template import golden, pieces
from sellersheet_workbook.template.book import Book, Sheet
from sellersheet_workbook.template.cells import Ref, cell
from sellersheet_workbook.template.check import CASES_DATA
from sellersheet_workbook.template.palette import LABEL, TEXT

WORDS: Final = Wording("sellersheet_workbook.template", "functions_list.toml")
_WIDTHS: Final = (LABEL, TEXT, TEXT, TEXT, TEXT)
_TOP: Final = 3
_NAMED: Final = 4  # so many functions of an argument are named, the rest are counted


def fill(book: Book) -> None:
    """One row a function, with the cases of Check as examples; then its arguments, each once."""
    sheet, lang = book["functions"], book.lang
    sheet.columns(*_WIDTHS)
    pieces.head(sheet, WORDS)
    sheet.page.set_row(_TOP, 24)
    for at, code in enumerate(("function", "help", "arguments", "example", "result")):
        sheet.put_at(_TOP, at, WORDS(code, lang), book.style("header"))
    by_name = {case.function: case for case in golden.cases(_ranges(book), lang)}
    text, bold = book.style("result", text_wrap=True), book.style("result", bold=True)
    for row, item in enumerate(FUNCTIONS.values(), _TOP + 1):
        case = by_name[item.name]
        asked = WORDS("comma", lang).join(map(_asked(lang), item.arguments))
        call = sheet.text_of(case.function, *case.arguments)
        texts = (item.name, f"{item.help(lang)}\n{item.category(lang)}", asked, f"={call}")
        for at, words in enumerate(texts):
            sheet.put_at(row, at, words, text if at else bold)
        number = "moment" if case.is_moment else ""
        told = case.got(sheet)
        sheet.show(row, len(texts), told, book.style("result", number, text_wrap=True))
        lines = max(map(pieces.lines_of, (*texts, told.value), _WIDTHS))
        pieces.high(sheet, row, lines)
    last = _TOP + len(FUNCTIONS)
    _arguments(sheet, last + 2)
    sheet.link(cell(1, len(_WIDTHS) - 1), sheet, WORDS("told", lang), cell(last + 2, 0))
    sheet.page.freeze_panes(_TOP + 1, 1)
    sheet.print_on_a4(header_row=_TOP, last=last)
    sheet.protect()
    sheet.tab()


def _ranges(book: Book) -> dict[str, Ref]:
    """The ranges that some examples use, on the sheet Check."""
    top, check = CASES_DATA, book["check"]
    places = {
        "orders": f"A{top}:B{top + 1}",
        "growth": f"A{top + 6}:B{top + 6}",
        "weeks": f"A{top + 7}:B{top + 7}",
        "own": f"C{top + 6}:D{top + 7}",
        "summed": f"A{top + 3}:L{top + 4}",
    }
    return {name: check[address] for name, address in places.items()}


def _titled(name: str, lang: Lang) -> str:
    return ARGUMENTS[name].title(lang) if lang == "zh" else name


def _asked(lang: Lang) -> Callable[[Argument], str]:
    """An argument by its title, in brackets where it may be left out."""

    def told(word: Argument) -> str:
        title = _titled(word.name, lang)
        return f"[{title}]" if word.optional else title

    return told


def _arguments(sheet: Sheet, top: int) -> None:
    """What each argument means, and which functions have it."""
    book, lang = sheet.book, sheet.book.lang
    used: dict[tuple[str, str], list[str]] = {}
    for item in FUNCTIONS.values():
        for word in item.arguments:
            used.setdefault((word.name, word.help(lang)), []).append(item.name)
    pieces.heading(sheet, top, WORDS("told", lang))
    head, text = book.style("header"), book.style("result", text_wrap=True)
    places = ((0, 0), (1, 2), (3, 4))
    titles = [WORDS(code, lang) for code in ("argument", "meaning", "used")]
    pieces.across(sheet, top + 1, titles, places, head)
    sheet.page.set_row(top + 1, 24)
    for row, ((name, meaning), functions) in enumerate(used.items(), top + 2):
        named, more = WORDS("comma", lang).join(functions[:_NAMED]), len(functions) - _NAMED
        named += WORDS("more", lang, count=more) if more > 0 else ""
        texts = [_titled(name, lang), meaning, named]
        pieces.high(sheet, row, pieces.across(sheet, row, texts, places, text))
