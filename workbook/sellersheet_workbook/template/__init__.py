"""The template workbook, in Chinese and English, as ``python -m sellersheet_workbook``
builds it and ``sellersheet new`` hands it out.

How a sheet is written. A sheet is a module ``name.py`` with its words in ``name.toml`` and a
function ``fill(book)``; an entry below (title and a line for Home in registry.toml)
puts it among the tabs and on Home, and says which sheets must be filled before::

    def fill(book: Book) -> None:
        sheet, lang = book["quote"], book.lang
        sheet.put("A1", WORDS("title", lang), book.style("title"))          # a value
        sheet.put("B3", 100.0, book.style("input", "yuan"))
        sheet.put("B4", 22.6, book.style("input", "yuan"))
        fee = sheet.call(                                                   # a function of ours
            "B6", "SEMIFEE", sheet["B3"], sheet["B4"], sheet["B5"].if_given(), None, None,
            None, DAY, book.names["Overrides"], style=book.style("result", "yuan"),
        )
        sheet.call("D3:L12", "SEMIFEE_DETAIL", …)                            # an array formula
        sheet.formula("B7", "=B6/B3", fee / 100, book.style("result", "rate"))  # an ordinary one

Every formula is written with the value that it has: ``call`` makes text and value from one
description, calling the function in Python with what the cells hold now, so fill cells before
the formulas that refer to them. In an ordinary formula the value stands beside the text; a text
that joins calls and references is put together of ``Written(text, value)`` pieces, of which
``sheet.written`` gives that of a call. ``pieces.py`` has what sheets are put together of.

Arguments of ``call``: ``sheet["B5"]``, ``sheet["B5:C9"]``, ``book["orders"]["A1"]``,
``book.names["Rates"]`` (a table with its header, also after it has grown), literals, days,
``None`` for one left out. A single blank cell would count as 0, so it is refused: use
``.if_given()``. Error values are the texts "#N/A", "#VALUE!", "#NUM!". An array formula is
written over its whole range; cells outside the result are #N/A, so show them through
``IFERROR(INDEX(range,n),"")`` or give the range the size of the result.

Nothing may depend on today: give functions an ``as_of`` (a fixed day or a cell that holds one)
and moments as values; no TODAY() or NOW(). Texts of results follow the language row of
``Overrides``: hand it to functions that take a policy. While the template is built, functions
without one answer in its language.

Colours, fonts, number formats and styles stand in ``palette.py``: ``book.style(base, number,
**more)`` for cells, ``book.light(palette.ERROR)`` and ``book.added({…})`` for conditional
formats, ``sheet.page`` (XlsxWriter's worksheet) for widths, validation, charts.
``book.name`` defines names, ``sheet.table`` makes Excel tables without a style, whose names
``sellersheet update`` finds; ``sheet.link``, ``sheet.print_on_a4``, ``sheet.tab`` and
``sheet.protect`` (for sheets that only explain) do the rest. Parts of the order table are
referred to through ``order_table``.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from graphlib import TopologicalSorter
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Final

from sellersheet.wording import Lang, Wording
from sellersheet_workbook.template import (
    check,
    deposit,
    eligibility,
    functions_list,
    home,
    lists,
    live,
    modes,
    orders,
    policy,
    quote,
    rates,
    troubleshooting,
)
from sellersheet_workbook.template.book import Book
from sellersheet_workbook.template.content import (
    KEYS,
    ROWS,
    Content,
    TemplateProblem,
    own_orders,
    quantity_unknown,
    samples,
)

TITLES: Final = Wording("sellersheet_workbook.template", "registry.toml")


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """A sheet: its title and its line on Home stand in registry.toml under its key.

    ``needs`` are the sheets whose cells its formulas refer to: they are filled before it.
    One that nothing fills is hidden and written by the others.
    """

    key: str
    fill: Callable[[Book], None] | None
    needs: tuple[str, ...] = ()


ENTRIES: Final = (
    SheetEntry("home", home.fill, ("orders", "lists", "policy")),
    SheetEntry("orders", orders.fill, ("lists", "rates", "policy")),
    SheetEntry("quote", quote.fill, ("lists", "rates", "policy")),
    SheetEntry("rates", rates.fill, ("lists",)),
    SheetEntry("policy", policy.fill),
    SheetEntry("eligibility", eligibility.fill, ("policy",)),
    SheetEntry("deposit", deposit.fill, ("policy", "lists")),
    SheetEntry("modes", modes.fill, ("policy", "orders", "rates", "lists")),
    SheetEntry("troubleshooting", troubleshooting.fill, ("policy",)),
    SheetEntry("check", check.fill),
    SheetEntry("functions", functions_list.fill, ("check",)),
    SheetEntry("lists", lists.fill),
    SheetEntry("calculation", None),
)


def build(lang: Lang, content: Content | None = None) -> bytes:
    """The workbook as .xlsx; the same content gives the same bytes."""
    with _functions_in(lang):
        book = Book(lang, content or samples(lang))
        _fill_all(book)
        return book.save()


def _fill_all(book: Book) -> None:
    """Every sheet, in the order in which they need one another."""
    for entry in ENTRIES:
        about = TITLES(f"{entry.key}_about", book.lang) if entry.fill else ""
        book.add_sheet(entry.key, TITLES(entry.key, book.lang), about)
    live.add(book)
    by_key = {entry.key: entry for entry in ENTRIES}
    for key in TopologicalSorter({e.key: e.needs for e in ENTRIES}).static_order():
        fill = by_key[key].fill
        if fill is not None:
            fill(book)
    book["home"].page.activate()


@contextmanager
def _functions_in(lang: Lang) -> Iterator[None]:
    """The functions answer in this language, whatever the machine's."""
    before = os.environ.get("SELLERSHEET_LANG")
    os.environ["SELLERSHEET_LANG"] = lang
    try:
        yield
    finally:
        if before is None:
            del os.environ["SELLERSHEET_LANG"]
        else:
            os.environ["SELLERSHEET_LANG"] = before


def committed(lang: Lang) -> Traversable:
    """The built template of a language."""
    return resources.files("sellersheet_workbook").joinpath("assets", f"sellersheet-{lang}.xlsx")


__all__ = [
    "ENTRIES",
    "KEYS",
    "ROWS",
    "TITLES",
    "Content",
    "TemplateProblem",
    "build",
    "committed",
    "own_orders",
    "quantity_unknown",
    "samples",
]
