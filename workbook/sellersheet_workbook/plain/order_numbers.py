"""Order numbers: which stand twice, which a program has cut, and which rows are totals."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from sellersheet.functions.blocks import NA
from sellersheet.symbols import WRONG, Symbol, call, choose, joined, native
from sellersheet_workbook.plain.block import Block
from sellersheet_workbook.plain.reading import without
from sellersheet_workbook.plain.values import WholeColumn, as_text, unless_error
from sellersheet_workbook.template.book import Book
from sellersheet_workbook.template.cells import is_error, is_number

_NEVER: Final = 9_000_000  # no row has that number
_DIGITS_KEPT: Final = 1_000_000_000_000_000  # a program keeps fifteen digits of a number
# Around order numbers, where they mean nothing, or with a meaning of their own to MATCH.
_IGNORED: Final = " \u00a0\u3000'’`=\"*?~"
_AROUND_TOTALS: Final = " \u00a0\u3000:：¥￥$€,.0123456789*?~"
_SCIENTIFIC: Final = re.compile(r"\d(\.|(?=E))\d*E\+?\d+", re.IGNORECASE)


class Numbers(NamedTuple):
    """Of a row: whether it is one of totals, whether its order has another row, and a cell that
    is an error where the number can't be the whole one."""

    total: Symbol
    several: Symbol
    sound: Symbol


def add(book: Book, block: Block, raw: Mapping[str, Symbol]) -> Numbers:
    """What is to be known of the rows' order numbers, from the cells as they stand."""
    number = raw["order_id"]
    total = block.add("total_row", _total(book, block, raw))
    sound = block.add("order_id_sound", choose(number == "", "", _whole(number)))
    key = without(joined(raw["shop"], "|", number), _IGNORED)
    unusable = call("OR", number == "", total, call("ISERROR", sound))
    key = block.add("order_key", choose(unusable, "", key))
    return Numbers(total, block.add("several", _several(block, key)), sound)


def _several(block: Block, key: Symbol) -> Symbol:
    """Whether the order has another row: an earlier one has its text, or it is the first of a
    later one.

    MATCH on texts, since COUNTIF takes two numbers of 19 digits for one. It looks through all
    rows once for each; so that the first rows of repeated orders need no second search through
    all, they are put in order, and looked for among the few that there mostly are.
    """
    n = block["n"]
    place = native("MATCH({0},{1},0)", _first, key, block.span("order_key"))
    first = block.add("first", choose(key == "", _NEVER, place))
    earlier = block.add("earlier", choose(call("ISERROR", first), _NEVER,
                                          choose(first < n, first, _NEVER)))  # fmt: skip
    ordered = native("SMALL({1},{0})", lambda at, column: column.ascending[at - 1], n,
                     block.span("earlier"))  # fmt: skip
    block.add("firsts", ordered)
    few = max(1, block.rows // 8)
    more = native(f"INDEX({{0}},{few})", lambda column: column[few - 1], block.span("firsts"))
    later = choose(more < _NEVER, _among(n, block.span("firsts")),
                   _among(n, block.span("firsts", few)))  # fmt: skip
    return choose(earlier < _NEVER, True, later)


def _among(n: Symbol, firsts: Symbol) -> Symbol:
    return native("ISNUMBER(MATCH({0},{1},0))", lambda at, column: at in column.places, n, firsts)


@unless_error
def _first(wanted: Any, column: WholeColumn) -> Any:
    """What MATCH finds: the first row with that text."""
    return column.places.get(wanted.casefold(), NA)


def _whole(number: Symbol) -> Symbol:
    """1, or #VALUE! for a number of more digits than a program keeps, and for 8.1E+18."""

    @unless_error
    def read(given: Any) -> Any:
        cut = given >= _DIGITS_KEPT if is_number(given) else _SCIENTIFIC.fullmatch(as_text(given))
        return "#VALUE!" if cut else 1

    begins = 'OR(MID({0},2,1)=".",MID({0},2,1)="E")'
    text = f'IF(ISERROR(SEARCH("E",{{0}})),1,IF({begins},IF(ISERROR(VALUE({{0}})),1,{WRONG}),1))'
    return native(f"IF(ISNUMBER({{0}}),IF({{0}}>={_DIGITS_KEPT},{WRONG},1),{text})", read, number)


def _total(book: Book, block: Block, raw: Mapping[str, Symbol]) -> Symbol:
    """Whether the row adds others up: by its order number, the first cell, or, without one, by
    its texts."""
    words = book.names["total_words"]
    known = {row[0].casefold() for row in words.rows}
    listed = f"ISNUMBER(MATCH({{0}},{words.text},0))"

    def said(text: Any) -> bool:
        return not is_error(text) and bool({text.casefold(), text[-2:].casefold()} & known)

    nameless = raw["order_id"] == ""
    date = choose(call("ISNUMBER", raw["order_date"]), "", raw["order_date"])
    given = {
        "shop": choose(nameless, raw["shop"], ""),
        "number": choose(nameless, date, raw["order_id"]),
        "goods": choose(nameless, choose(raw["sku"] == "", raw["line"], raw["sku"]), ""),
    }
    tests = []
    for key, cell in given.items():
        # What stands in brackets and behind is no part of the words.
        one = native('SUBSTITUTE({0},"（","(")&"("', _bracketed, cell)
        one = block.add(f"{key}_bracket", choose(call("ISNUMBER", cell), "(", one))
        head = native('LEFT({0},FIND("(",{0})-1)', _head, one)
        word = block.add(f"{key}_word", without(head, _AROUND_TOTALS))
        tests.append(native(f"OR({listed},{listed.replace('{0}', 'RIGHT({0},2)')})", said, word))
    return call("OR", *tests)


@unless_error
def _bracketed(text: Any) -> Any:
    return as_text(text).replace("（", "(") + "("


@unless_error
def _head(text: Any) -> Any:
    return text.partition("(")[0]
