"""Cells as the rules ask for them: what people fill in, and the policy of the period.

What people fill in is read as a number or refused, as the functions do it. Each gives "" for a
blank, the typed value, #VALUE! for what can't be read, or the cell's own error. A number typed as
text is refused: reading it is left to the functions.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from sellersheet.columns import Column
from sellersheet.days import FIRST, LAST
from sellersheet.functions.blocks import NA
from sellersheet.money import RATE_UNIT, Ratio, cents
from sellersheet.symbols import Symbol, call, choose, native, nearest_even, wrong
from sellersheet_workbook.plain.values import as_text, same, unless_error
from sellersheet_workbook.template.book import Book
from sellersheet_workbook.template.cells import Ref, Span, stored

_SLACK: Final = 0.000000001  # a formula's 2.9999999999 is three pieces


def typed(book: Book, item: Column, cell: Symbol) -> Symbol:
    """A cell of that column of the tables; words by their lists on the hidden sheet."""
    if item.kind == "date":
        return day(cell)
    if item.kind in ("choice", "yes_no", "country"):
        key = item.key if item.kind == "choice" else item.kind
        words, codes = book.names[f"{key}_words"], book.names[f"{key}_codes"]
        default = "" if item.default is None else int(item.default)
        if item.kind == "yes_no":
            return yes_no(cell, words, codes, default)
        return listed(cell, words, codes, default)
    return number_of(item, cell)


def number_of(item: Column, cell: Symbol) -> Symbol:
    """A cell of a column of numbers."""
    if item.kind == "money":
        return money(cell, item)
    if item.kind == "count":
        return count(cell, item)
    # Milligrams, hundredths of a centimetre, or units of 1e-9.
    scale = {"grams": 1000, "cm": 100, "rate": RATE_UNIT, "number": RATE_UNIT}[item.kind]
    return number(cell, item, lambda given: nearest_even(given * scale))


def number(cell: Symbol, item: Column, typed: Callable[[Symbol], Any]) -> Symbol:
    """A number within the column's bounds, typed."""
    sound = (cell >= item.low) & (cell <= item.high)
    inside = sure(cell) if (item.low or 0) >= 0 else cell
    read = choose(sound, typed(inside), wrong())
    return choose(cell == "", "", choose(call("ISNUMBER", cell), read, wrong()))


def money(cell: Symbol, item: Column) -> Symbol:
    """Cents."""
    return number(cell, item, cents)


def count(cell: Symbol, item: Column) -> Symbol:
    """A whole number."""

    def whole(given: Symbol) -> Symbol:
        nearest = call("INT", given + 0.5)
        return choose(abs(given - nearest) <= _SLACK, nearest, wrong())

    return number(cell, item, whole)


def day(cell: Symbol) -> Symbol:
    """A day's number, of the years in which orders can have been made."""
    first, last = (int(stored(end)) for end in (FIRST, LAST))
    whole = call("INT", cell)
    sound = (cell >= first) & (cell < last + 1)
    read = choose(sound, whole, wrong())
    return choose(cell == "", "", choose(call("ISNUMBER", cell), read, wrong()))


def listed(cell: Symbol, words: Ref, codes: Ref, default: Any = "") -> Symbol:
    """The code of a word on a list; the words and their codes stand below one another."""
    place = native(f'MATCH(SUBSTITUTE({{0}}," ",""),{words.text},0)', _match(words), cell)
    # A ? or * matches anything: what was found must be the word itself.
    said = native(f"INDEX({words.text},{{0}})", _index(words), place)
    plain = without(cell, " ")
    found = native(f"INDEX({codes.text},{{0}})", _index(codes), place, never_negative=True)
    known = choose(call("ISERROR", place), wrong(), choose(said == plain, found, wrong()))
    return choose(cell == "", default, known)


def yes_no(cell: Symbol, words: Ref, codes: Ref, default: Any) -> Symbol:
    """1 or 0 from TRUE and FALSE, 1 and 0, or a word."""
    flag = choose(cell == 1, 1, choose(cell == 0, 0, wrong()))
    truth = native("ISLOGICAL({0})", lambda value: isinstance(value, bool), cell)
    # LibreOffice makes another text of TRUE than the others do.
    word = listed(choose(truth, "", cell), words, codes, default)
    numeric = choose(call("ISNUMBER", cell), flag, word)
    return choose(cell == "", default, choose(truth, choose(cell, 1, 0), numeric))


def or_else(cell: Symbol, default: Any) -> Symbol:
    """What was read, the default for a blank."""
    found = choose(cell == "", default, cell)
    positive = cell.never_negative and (isinstance(default, Symbol) or default >= 0)
    return sure(found) if positive else found


def sure(cell: Symbol) -> Symbol:
    """A cell that is never negative where it counts."""
    return Symbol(cell.op, *cell.args, never_negative=True)


def without(text: Symbol, signs: str) -> Symbol:
    """The text without these signs."""
    inner, gone = "{0}", dict.fromkeys(map(ord, signs))
    for sign in signs:
        quoted = sign.replace('"', '""')
        inner = f'SUBSTITUTE({inner},"{quoted}","")'
    return native(inner, unless_error(lambda given: as_text(given).translate(gone)), text)


def first_row(wanted: Symbol, column: Ref) -> Symbol:
    """The first row of a column, from 1, with that text."""

    @unless_error
    def found(text: Any) -> Any:
        texts = enumerate((row[0] for row in column.rows), 1)
        return next((at for at, known in texts if same(known, text)), NA)

    return native(f"MATCH({{0}},{column.text},0)", found, wanted)


def cell_of(ref: Ref) -> Symbol:
    """A cell of any sheet."""
    return native(ref.text, lambda: ref.value)


def in_row(column: Ref, place: Symbol, *, never_negative: bool = False) -> Symbol:
    """The cell of a column in that row of it, counted from 1."""
    template = f"INDEX({column.text},{{0}})"
    return native(template, _index(column), place, never_negative=never_negative)


def as_given(column: Ref, place: Symbol) -> Symbol:
    """The cell of a column in that row as it stands, "" for a blank, which would become a 0."""
    found = _index(column)
    inner = f"INDEX({column.text},{{0}})"

    def given(at: Any) -> Any:
        value = found(at)
        return "" if value is None else value

    return native(f'IF({inner}="","",{inner})', given, place)


def _index(ref: Ref) -> Callable[[Any], Any]:
    @unless_error
    def found(place: Any) -> Any:
        row, column = ref.area.top + int(place) - 1, ref.area.left
        return ref.sheet.values(Span(row, column, row, column))[0][0]

    return found


def _match(words: Ref) -> Callable[[Any], Any]:
    def found(word: Any) -> Any:
        wanted = as_text(word).replace(" ", "")
        texts = (row[0] for row in words.rows)
        return next((at for at, text in enumerate(texts, 1) if same(text, wanted)), NA)

    return found


class CellView:
    """The policy as the rules ask for it, its answers being cells: that of the period."""

    def __init__(self, book: Book, period: Symbol) -> None:
        self._book, self._period = book, period
        self._kept: dict[str, Symbol] = {}

    def _cell(self, name: str) -> Symbol:
        if name not in self._kept:
            column = self._book.names[name]
            self._kept[name] = in_row(column, self._period, never_negative=True)
        return self._kept[name]

    def money(self, name: str) -> Symbol:
        """Cents."""
        return self._cell(name)

    def number(self, name: str) -> Symbol:
        """A whole number."""
        return self._cell(name)

    def choice(self, name: str) -> Symbol:
        """The key of a reading."""
        return self._cell(name)

    def ratio(self, name: str) -> Ratio:
        """A reduced ratio of two cells."""
        return Ratio(self._cell(name), self._cell(f"{name}_den"))  # type: ignore[arg-type]

    def known(self, group: str) -> Symbol:
        """1 where all values of a group are on record, else #N/A."""
        return self._cell(f"{group}_known")


def period(book: Book, day: Symbol) -> Symbol:
    """The place of the period that a day is in; #N/A before the first."""
    starts = book.names["Periods"]

    @unless_error
    def found(on: Any) -> Any:
        return sum(start <= on for (start,) in starts.rows) or NA

    return native("MATCH({0},Periods,1)", found, day)
