"""Sheet Lists: the small tables that the orders are computed with, found by update as well."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

from sellersheet.columns import FX, SKU_COSTS, Column
from sellersheet.countries import name as country_name
from sellersheet.wording import Wording
from sellersheet_workbook.template.book import Book, Sheet
from sellersheet_workbook.template.cells import Span, cell
from sellersheet_workbook.template.content import sample_shops, sample_sku
from sellersheet_workbook.template.palette import GAP, LABEL, NUMBER

WORDS: Final = Wording("sellersheet_workbook.template", "lists.toml")
_TOP: Final = 4  # the row of the headers, from 0
_NUMBERS: Final = {"money": "money", "date": "date", "grams": "grams"}
_COUNTRIES: Final = (
    *("ES", "FR", "DE", "IT", "PL", "SA", "AE", "KR", "RU", "US", "GB", "NL", "PT", "BE"),
    *("BR", "MX", "CL", "JP", "AU", "CA", "IL", "SE", "UA", "CZ"),
)
_PRINTED: Final = 30  # rows of each table


def fill(book: Book) -> None:
    """Tables side by side, each under its name and what it is for."""
    sheet, lang = book["lists"], book.lang
    sheet.put("A1", WORDS("title", lang), book.style("title"))
    sheet.link_home("A2")
    sheet.put("C2", WORDS("about", lang), book.style("note"))
    sheet.page.set_row(0, 30)
    sheet.page.set_row(_TOP, 24)
    sheet.page.freeze_panes(_TOP + 1, 0)
    sheet.tab()
    start = dt.date(2024, 7, 1)
    shops = [[shop] for shop in (sample_shops(lang) if book.content.sample else _shops(book))]
    costs = [[sample_sku("strap", lang), start, 9.0], [sample_sku("mat", lang), start, 11.0]]
    at = _text_table(sheet, 0, "Shops", "shops", shops)
    sheet.book.name("ShopNames", _body(sheet, "Shops"))
    at = _table(sheet, at, "SKU_costs", SKU_COSTS, 200, costs if book.content.sample else [])
    at = _table(sheet, at, "Fx", FX, 20, [["USD", start, 7.1]] if book.content.sample else [])
    at = _text_table(sheet, at, "Holidays", "holidays", [], "date")
    sheet.book.name("HolidayDates", _body(sheet, "Holidays"))
    at = _text_table(sheet, at, "Closed", "closed", [])
    sheet.print_on_a4(header_row=_TOP)
    sheet.page.fit_to_pages(1, 1)
    sheet.page.print_area(0, 0, _TOP + _PRINTED, at - 2)  # the drop-down of countries is not
    _countries(sheet, at)


def _shops(book: Book) -> list[str]:
    """The shops of the user's orders, each once."""
    named = (str(line["shop"]) for line in book.content.lines if line.get("shop"))
    return list(dict.fromkeys(named))[:30]


def _table(
    sheet: Sheet, left: int, name: str, columns: Sequence[Column], rows: int, data: list[Any]
) -> int:
    """A table with columns of the registry; the column after it and a gap."""
    lang = sheet.book.lang
    titles = [item.title(lang) for item in columns]
    return _write(sheet, left, name, titles, [item.kind for item in columns], rows, data)


def _text_table(
    sheet: Sheet, left: int, name: str, code: str, data: list[Any], kind: str = "text"
) -> int:
    """A table of one column of its own, with thirty rows."""
    title = WORDS(f"{code}_column", sheet.book.lang)
    return _write(sheet, left, name, [title], [kind], 30, data)


def _write(
    sheet: Sheet, left: int, name: str, titles: list[str], kinds: Sequence[str], rows: int,
    data: list[Any],
) -> int:  # fmt: skip
    book = sheet.book
    code = name.lower()
    sheet.put_at(_TOP - 2, left, WORDS(code, book.lang), book.style("heading"))
    sheet.put_at(_TOP - 1, left, WORDS(f"{code}_note", book.lang), book.style("note"))
    styles = [book.style("input", _NUMBERS.get(kind, "general")) for kind in kinds]
    styles = [
        book.style("input", "text") if kind in ("text", "country") else style
        for kind, style in zip(kinds, styles, strict=True)
    ]
    for right, title in enumerate(titles):
        sheet.put_at(_TOP, left + right, title, book.style("header"))
        sheet.page.set_column(left + right, left + right, _width(kinds[right], name))
    blank = [None] * len(titles)
    for down in range(rows):
        line = data[down] if down < len(data) else blank
        for right, value in enumerate(line):
            sheet.put_at(_TOP + 1 + down, left + right, value, styles[right])
    end = left + len(titles) - 1
    columns = [{"header": title, "header_format": book.style("header")} for title in titles]
    area = f"{cell(_TOP, left)}:{cell(_TOP + rows, end)}"
    sheet.table(area, name, columns, filtered=False)
    sheet.page.set_column(end + 1, end + 1, GAP)
    return end + 2


def _width(kind: str, name: str) -> int:
    """Codes of currencies are short."""
    return LABEL if kind == "text" and name != "Fx" else NUMBER


def _body(sheet: Sheet, name: str) -> Any:
    """The cells of a table of one column, without its header."""
    area = sheet.book.names[name].area
    return sheet.ref(Span(area.top + 1, area.left, area.bottom, area.right))


def _countries(sheet: Sheet, left: int) -> None:
    """Codes and names of destinations, for the drop-down and for Home."""
    lang = sheet.book.lang
    data = [[code, country_name(code, lang)] for code in _COUNTRIES]
    titles = [WORDS("code", lang), WORDS("country_name", lang)]
    _write(sheet, left, "Countries", titles, ["text", "text"], len(data), data)
    area = sheet.book.names["Countries"].area
    codes = Span(area.top + 1, area.left, area.bottom, area.left)
    names = Span(area.top + 1, area.right, area.bottom, area.right)
    sheet.book.name("CountryCodes", sheet.ref(codes))
    sheet.book.name("CountryNames", sheet.ref(names))
