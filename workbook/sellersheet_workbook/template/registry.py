"""The sheets of the template, in the order of their tabs. A sheet added here appears on Home."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Final

from sellersheet.wording import Wording
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
from sellersheet_workbook.template.content import Content

TITLES: Final = Wording("sellersheet_workbook.template", "registry.toml")


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """A sheet: its title and its line on Home stand in registry.toml under its key.

    ``needs`` are the sheets whose cells its formulas refer to: they are filled before it.
    One that nothing fills is hidden and written by the others.
    """

    key: str
    fill: Callable[[Book, Content], None] | None
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


def fill_all(book: Book, content: Content) -> None:
    """Every sheet, in the order in which they need one another."""
    for entry in ENTRIES:
        about = TITLES(f"{entry.key}_about", book.lang) if entry.fill else ""
        book.add_sheet(entry.key, TITLES(entry.key, book.lang), about)
    live.add(book)
    by_key = {entry.key: entry for entry in ENTRIES}
    for key in TopologicalSorter({e.key: e.needs for e in ENTRIES}).static_order():
        fill = by_key[key].fill
        if fill is not None:
            fill(book, content)
    book["home"].page.activate()
