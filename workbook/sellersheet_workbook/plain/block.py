"""Columns of formulas on the calculation sheet: rules over cells, laid out into cells.

A column is a symbol over other columns of its block. What several formulas need, or one that
would be too long has inside, gets a column of its own, so that every formula stays short.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from xlsxwriter.utility import xl_col_to_name

from sellersheet import symbols
from sellersheet.symbols import Symbol
from sellersheet_workbook.plain.values import WholeColumn, value_of
from sellersheet_workbook.template.book import Sheet
from sellersheet_workbook.template.cells import Ref, Span

_LONG: Final = 240  # characters of a part that gets a cell of its own
_SHORT: Final = 12  # of a part that is written again rather than kept
_ADDRESS: Final = 7
_ROW: Final = "\0"
_SPAN: Final = "all of "


class Block:
    """Columns of one calculation, its title row at ``top`` (from 0), ``rows`` rows below it.

    The first column, ``n``, counts the rows from 1.
    """

    def __init__(self, sheet: Sheet, top: int, left: int, rows: int) -> None:
        self.sheet, self.top, self.left, self.rows = sheet, top, left, rows
        number = symbols.native(f"ROW()-{top + 1}", lambda: None, never_negative=True)
        self.columns: dict[str, Symbol] = {"n": number}
        self._places: dict[str, int] = {}

    def __getitem__(self, key: str) -> Symbol:
        """The cell of that column in the same row, as later columns see it."""
        return symbols.ref(key, never_negative=self.columns[key].never_negative)

    def add(self, key: str, symbol: Any, *, never_negative: bool = False) -> Symbol:
        """One more column, a constant one too, and the cell of it."""
        self.columns[key] = symbol if isinstance(symbol, Symbol) else Symbol("+", symbol, 0)
        sure = never_negative or self.columns[key].never_negative
        return symbols.ref(key, never_negative=sure)

    @staticmethod
    def span(key: str, first: int | None = None) -> Symbol:
        """All cells of a column of this block, or so many, for a formula of it that looks
        through them."""
        return symbols.ref(f"{_SPAN}{first or ''} {key}")

    def body(self, key: str) -> Ref:
        """The cells of a column, once it is written."""
        at = self._places[key]
        return self.sheet.ref(Span(self.top + 1, at, self.top + self.rows, at))

    def at(self, key: str, row: int = 0) -> Ref:
        """One cell of a column, rows counted from 0."""
        place, down = self._places[key], self.top + 1 + row
        return self.sheet.at(down, place)

    @property
    def right(self) -> int:
        """The first column beside the block."""
        return self.left + len(self._places)

    def write(self, filled: int) -> None:
        """All formulas with their values, the first ``filled`` rows being in use."""
        laid = _with_helpers(self.columns)
        self._places = {key: self.left + at for at, key in enumerate(laid)}
        own = {id(symbol): key for key, symbol in laid.items()}

        def name(symbol: Symbol) -> str | None:
            key = symbol.args[0] if symbol.op == "ref" else own.get(id(symbol))
            if key is None:
                return None
            if key.startswith(_SPAN):
                count, key = _spanned(key)
                column = xl_col_to_name(self._places[key])
                return f"${column}${self.top + 2}:${column}${self.top + 1 + (count or self.rows)}"
            return f"${xl_col_to_name(self._places[key])}{_ROW}"

        texts = [f"={symbols.text(symbol, name, symbol)}" for symbol in laid.values()]
        rows: list[_Row] = []
        spans: dict[str, WholeColumn] = {}
        used = range(min(filled + 1, self.rows))
        rows += [_Row(laid, row, rows, self.rows, spans) for row in used]
        for row in range(self.rows):
            values = rows[min(row, filled)]
            down = self.top + 1 + row
            number = str(down + 1)
            for at, (key, text) in enumerate(zip(laid, texts, strict=True)):
                value = row + 1 if key == "n" else values[key]
                self.sheet.as_typed_at(down, self.left + at, text.replace(_ROW, number), value)
        for key, at in self._places.items():
            self.sheet.put_at(self.top, at, key, self.sheet.book.style("note"))


class _Row(dict[str, Any]):
    """The values of a row's columns, each worked out when it is asked for.

    ``rows`` are those in use and one blank one, which stands for all that follow; ``spans`` are
    the columns that formulas look through, once for all rows.
    """

    def __init__(
        self,
        laid: dict[str, Symbol],
        row: int,
        rows: list[_Row],
        count: int,
        spans: dict[str, WholeColumn],
    ) -> None:
        super().__init__()
        self._laid, self._rows, self._count, self._spans = laid, rows, count, spans
        self._known: dict[int, Any] = {}
        self["n"] = row + 1

    def __missing__(self, key: str) -> Any:
        if key.startswith(_SPAN):
            if key not in self._spans:
                count, column = _spanned(key)
                self._spans[key] = WholeColumn(self._column(column)[:count])
            self[key] = self._spans[key]
        else:
            self[key] = value_of(self._laid[key], self, self._known)
        return self[key]

    def _column(self, key: str) -> list[Any]:
        column = [row[key] for row in self._rows]
        return column + column[-1:] * (self._count - len(column))


def _spanned(key: str) -> tuple[int | None, str]:
    """How many cells of which column; None for all."""
    count, _, column = key.removeprefix(_SPAN).partition(" ")
    return int(count) if count else None, column


def _with_helpers(columns: dict[str, Symbol]) -> dict[str, Symbol]:
    """The columns in their order, each after the helpers that it needs first."""
    used = Counter(id(arg) for symbol in _parts(columns.values()) for arg in _within(symbol))
    tops = {id(symbol) for symbol in columns.values()}
    lengths: dict[int, int] = {}
    helpers: dict[int, Symbol] = {}
    for symbol in _parts(columns.values()):  # parts come before what they are parts of
        inside = _within(symbol)
        while (length := _length(symbol, lengths)) > _LONG:
            longest = max(inside, key=lambda part: lengths[id(part)], default=None)
            if longest is None or lengths[id(longest)] <= _ADDRESS:
                break
            helpers[id(longest)] = longest
            lengths[id(longest)] = _ADDRESS
        lengths[id(symbol)] = length
        if id(symbol) in tops:
            lengths[id(symbol)] = _ADDRESS
        elif used[id(symbol)] > 1 and length > _SHORT and symbol.op != "ref":
            helpers[id(symbol)] = symbol
            lengths[id(symbol)] = _ADDRESS
    laid: dict[str, Symbol] = {}
    for key, symbol in columns.items():
        for part in _parts([symbol]):
            if id(part) in helpers and part is not symbol and id(part) not in tops:
                laid.setdefault(f"_{list(helpers).index(id(part))}", part)
        laid[key] = symbol
    return laid


def _within(symbol: Symbol) -> list[Symbol]:
    return [arg for arg in symbol.args if isinstance(arg, Symbol)]


def _parts(tops: Any) -> Iterator[Symbol]:
    """Every part once, the inner ones first."""
    seen: set[int] = set()

    def walk(symbol: Symbol) -> Iterator[Symbol]:
        if id(symbol) in seen:
            return
        seen.add(id(symbol))
        for part in _within(symbol):
            yield from walk(part)
        yield symbol

    for top in tops:
        yield from walk(top)


def _length(symbol: Symbol, lengths: dict[int, int]) -> int:
    if symbol.op == "ref":
        return _ADDRESS
    if symbol.op == "native":
        return len(symbol.args[0]) + sum(lengths[id(part)] for part in _within(symbol))
    parts = sum(
        lengths[id(arg)] if isinstance(arg, Symbol) else len(symbols.constant(arg))
        for arg in symbol.args
    )
    return parts + len(symbol.op) + 2 + len(symbol.args)


def put(sheet: Sheet, row: int, column: int, symbol: Symbol, style: Any = None) -> None:
    """A symbol as a formula of its own, with its value."""
    value = value_of(symbol, {}, {})
    sheet.as_typed_at(
        row, column, f"={symbols.text(symbol, lambda part: None, symbol)}", value, style
    )
