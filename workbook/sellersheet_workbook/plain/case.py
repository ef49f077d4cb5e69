"""A form for one case: fields to fill in, read in one row of the calculation sheet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from sellersheet.columns import Column
from sellersheet.symbols import Symbol, call, choose, native, unknown
from sellersheet_workbook.plain.block import Block
from sellersheet_workbook.plain.order_rules import counted
from sellersheet_workbook.plain.reading import CellView, cell_of, period, typed
from sellersheet_workbook.plain.words import WORDS
from sellersheet_workbook.template.book import Book, Sheet, hint
from sellersheet_workbook.template.cells import Ref, cell
from sellersheet_workbook.template.content import words_of, yes_no

_NUMBERS: Final = {"money": "money", "rate": "rate", "date": "date", "count": "count",
                   "grams": "grams", "cm": "grams", "number": "grams"}  # fmt: skip


class Field(NamedTuple):
    """A cell to fill in: the column that says what may stand there, and what does at first."""

    item: Column
    value: Any = None
    choices: Sequence[str] = ()


def titled(sheet: Sheet) -> None:
    """The title, what the sheet is for, the way back."""
    lang, key = sheet.book.lang, sheet.about
    sheet.page.set_row(0, 30)
    sheet.put("A1", WORDS(f"{key}_title", lang), sheet.book.style("title"))
    sheet.put("A2", WORDS(f"{key}_about", lang), sheet.book.style("note"))
    sheet.link_home("A3")


def headed(
    sheet: Sheet, row: int, left: int, right: int, text: str, *, result: bool = False
) -> None:
    """A header over all columns of its block."""
    style = sheet.book.style("result_header" if result else "header")
    sheet.over(row, left, right, style)
    sheet.put_at(row, left, text, style)


def fields(sheet: Sheet, top: int, given: Sequence[Field], left: int = 0) -> dict[str, Symbol]:
    """Titles and cells one below another; each cell as it stands, "" for a blank."""
    lang, raw = sheet.book.lang, {}
    for row, field in enumerate(given, top):
        item = field.item
        sheet.put_at(row, left, item.title(lang), sheet.book.style("label"))
        number = _NUMBERS.get(item.kind, "general")
        style = sheet.book.style("input", number, align="right")
        sheet.put_at(row, left + 1, field.value, style)
        sheet.page.set_row(row, 20)
        sheet.page.data_validation(cell(row, left + 1), _validation(field, lang))
        raw[item.key] = as_it_stands(sheet.at(row, left + 1))
    return raw


def _validation(field: Field, lang: Any) -> dict[str, Any]:
    item = field.item
    rule = {"validate": "any"} | hint(item.title(lang), item.help(lang))
    choices = [*field.choices] or words_of(item.choices, lang)
    if item.kind == "yes_no" and not choices:
        choices = [*yes_no(lang)]
    if choices:
        rule |= {"validate": "list", "source": choices, "error_type": "warning"}
    return rule


def as_it_stands(ref: Ref) -> Symbol:
    """A single cell, "" for a blank, which would become a 0."""
    value = ref.value
    return native(f'IF({ref.text}="","",{ref.text})', lambda: "" if value is None else value)


class Case:
    """The fields of a form in a block of one row: as they stand, typed, and whether they do.

    With more ``rows`` each is a case of its own, its cells then being found by the row.
    """

    def __init__(
        self,
        book: Book,
        left: int,
        raw: dict[str, Symbol],
        items: Sequence[Column],
        rows: int = 1,
    ) -> None:
        self.book, self.block = book, Block(book["single"], 0, left, rows)
        self.raw = {key: self.block.add(key, symbol) for key, symbol in raw.items()}
        self.cells = {
            item.key: self.block.add(f"{item.key}_typed", typed(book, item, self.raw[item.key]))
            for item in items
            if item.kind != "text"
        }
        day = self.cells["as_of"]
        usual = cell_of(book.names["As_of"])
        on = self.block.add("day", choose(day == "", usual, day))
        self.policy = CellView(book, self.block.add("period", period(book, on),
                                                    never_negative=True))  # fmt: skip

    def __getitem__(self, key: str) -> Symbol:
        """A typed cell."""
        return self.cells[key]

    def ok(self, name: str, group: str, required: Sequence[str], *, all_of: bool = True) -> Symbol:
        """1 where a result can be told; "" while nothing is filled in; else the error of it."""
        needed = [self.raw[key] for key in required]
        there = self.block.add(f"{name} there", counted(needed))
        told = self.block.add(f"{name} told", counted([*self.raw.values(), *self.cells.values()]))
        known: Any = self.policy.known(group)
        if all_of:
            known = choose(there < len(needed), unknown(), known)
        sound = choose(call("ISERROR", told), told, known)
        return self.block.add(f"{name} ok", choose(there == 0, "", sound))

    def result(self, name: str, ok: Symbol, symbol: Any) -> None:
        """A result of the case, under that name."""
        self.block.add(name, choose(ok == "", "", choose(ok == 1, symbol, unknown())))


def show(sheet: Sheet, row: int, column: int, source: Ref, style: Any) -> None:
    """A result where people look for it."""
    value = source.value
    sheet.as_typed_at(row, column, f"={source.text}", "" if value is None else value, style)
