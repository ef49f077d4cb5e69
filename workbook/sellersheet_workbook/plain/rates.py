"""Sheet Rates: one table of weight bands, and the search in it for one parcel.

A destination and line have one start day and one divisor here; where their rows differ, freight
is #N/A: several versions, goods types and currencies are left to the functions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import fsum
from typing import Any, Final

from sellersheet.columns import RATES, Column
from sellersheet.money import RATE_UNIT, largest
from sellersheet.rules.freight import DIVISOR_UNIT, Price, freight_fee, volumetric_mg
from sellersheet.symbols import Symbol, call, choose, joined, native, unknown, wrong
from sellersheet.wording import Lang
from sellersheet_workbook.files.book import text_width
from sellersheet_workbook.plain.block import Block
from sellersheet_workbook.plain.reading import (
    as_given,
    first_row,
    in_row,
    listed,
    or_else,
    typed,
    without,
)
from sellersheet_workbook.plain.values import same, unless_error
from sellersheet_workbook.plain.words import WORDS
from sellersheet_workbook.template.book import Book
from sellersheet_workbook.template.cells import Span
from sellersheet_workbook.template.palette import LABEL, LONG, NUMBER
from sellersheet_workbook.template.rates import shipped_rows

BANDS: Final = 100
KEYS: Final = (
    "country", "line", "from_g", "to_g", "first_g", "first_price", "step_g", "step_price",
    "per_kg", "registration", "min_g", "round_g", "divisor", "start", "note",
)  # fmt: skip
_ITEMS: Final = {item.key: item for item in RATES}
_HEADER: Final = 4
# The price is per 100 g or kg of what stands at the left, so the columns stand on one screen.
_WIDE: Final = {"line": LABEL, "note": LONG}
_WEIGHTS: Final = ("from_g", "to_g", "first_g", "step_g", "min_g", "round_g")
_PRICES: Final = ("first_price", "step_price", "per_kg", "registration")
# The parts of ``rules.freight.Price`` in its order.
_PRICED: Final = (
    "first_g", "first_price", "step_g", "step_price", "per_kg", "registration", "min_g", "round_g",
)  # fmt: skip


def fill(book: Book, typed_rows: Sequence[Mapping[str, Any]] | None) -> None:
    """The table with the published rate, and its rows typed on the calculation sheet."""
    sheet, lang = book["rates"], book.lang
    sheet.put("A1", WORDS("rates_title", lang), book.style("title"))
    sheet.page.set_row(0, 30)
    about, note = WORDS("rates_about", lang), book.style("long_note")
    sheet.over(1, 0, 6, note)  # not over the edge of a page
    sheet.put("A2", about, note)
    sheet.page.set_row(1, 4 + 14 * -(-text_width(about) // 80))
    sheet.link_home("A3")
    rows = _shipped(lang) if typed_rows is None else typed_rows
    columns = []
    sheet.columns(*(_WIDE.get(key, NUMBER) for key in KEYS))
    for down, row in enumerate(rows):  # a note has up to three lines
        lines = -(-text_width(str(row.get("note") or "")) // LONG)
        sheet.page.set_row(_HEADER + 1 + down, 6 + 15 * max(1, lines))
    for at, key in enumerate(KEYS):
        item = _ITEMS[key]
        sheet.put_at(_HEADER, at, item.title(lang), book.style("header"))
        columns.append({"header": item.title(lang), "header_format": book.style("header")})
        style = book.style("input", _number(item), text_wrap=key == "note")
        for down in range(BANDS):
            value = rows[down].get(key) if down < len(rows) else None
            sheet.put_at(_HEADER + 1 + down, at, value, style)
    sheet.page.set_row(_HEADER, 34)
    area = Span(_HEADER, 0, _HEADER + BANDS, len(KEYS) - 1).text
    sheet.table(area, "Rates", columns, filtered=False)
    sheet.page.freeze_panes(_HEADER + 1, 2)
    sheet.print_on_a4(wide=2, header_row=_HEADER)
    sheet.page.repeat_columns(0, 1)
    sheet.page.print_area(0, 0, _HEADER + len(rows) + 20, len(KEYS) - 1)
    sheet.tab()
    bands(book, len(rows))


def _number(item: Column) -> str:
    return {"money": "money", "date": "date", "grams": "grams"}.get(item.kind, "general")


def _shipped(lang: Lang) -> list[dict[str, Any]]:
    """The one published rate."""
    rows = [dict(zip(_ITEMS, row, strict=True)) for row in shipped_rows(lang)]
    return [{key: row[key] for key in KEYS} for row in rows]


def bands(book: Book, filled: int) -> Block:
    """Every row typed, with the key of its destination and line; "" for one of no use."""
    block = Block(book["bands"], 0, 0, BANDS)
    n = block["n"]
    source = book["rates"]
    raw = {}
    for at, key in enumerate(KEYS):
        column = source.ref(Span(_HEADER + 1, at, _HEADER + BANDS + 500, at))
        raw[key] = block.add(f"raw_{key}", as_given(column, n))
    cells = {
        key: block.add(key, typed(book, _ITEMS[key], raw[key]))
        for key in ("country", "start", *_WEIGHTS, *_PRICES)
    }
    divisor = raw["divisor"]
    sound = (divisor >= 1) & (divisor <= 1_000_000)
    number = choose(sound, call("INT", divisor * DIVISOR_UNIT + 0.5), wrong())
    word = listed(divisor, book.names["divisor_words"], book.names["divisor_codes"], -1)
    cells["divisor"] = block.add(
        "divisor", choose(call("ISNUMBER", divisor), choose(divisor == 0, 0, number), word)
    )
    number_of = {key: block.add(f"{key}_or_0", or_else(cells[key], 0), never_negative=True)
                 for key in (*_WEIGHTS, *_PRICES)}  # fmt: skip
    missing = (cells["country"] == "") | (cells["to_g"] == "") | (cells["start"] == "")
    by_step = (number_of["first_price"] > 0) | (number_of["step_price"] > 0)
    unpriced = (number_of["per_kg"] == 0) & (number_of["registration"] == 0)
    odd = ((number_of["per_kg"] > 0) & by_step) | (unpriced & call("NOT", by_step))
    stepless = (number_of["step_price"] > 0) & (number_of["step_g"] == 0)
    told = joined(*cells.values())
    blank = joined(*raw.values()) == ""
    named = joined(cells["country"], "|", without(raw["line"], " "))
    use = choose(blank, "", choose(call("ISERROR", told), "", choose(missing, "",
                 choose(odd | stepless, "", named))))  # fmt: skip
    own = block.add("own_key", use)
    for end in ("from_g", "to_g"):
        block.add(f"{end}_own", choose(own == "", 0, number_of[end]))
    # Of overlapping bands neither is used: which one holds is not for us to say.
    meeting = native(
        "SUMPRODUCT(({3}={0})*({4}<{2})*({5}>{1}))", _meeting, own, block["from_g_own"],
        block["to_g_own"], *map(block.span, ("own_key", "from_g_own", "to_g_own")),
    )  # fmt: skip
    code = block.add("key", choose(own == "", "", choose(meeting > 1, "", own)))
    block.add("code", choose(code == "", "", cells["country"]))
    # An error in one row of no use must not reach the search over all of them.
    for end in ("from_g", "to_g"):
        block.add(f"{end}_sound", choose(code == "", 0, number_of[end]))
    _write(book, block, filled)
    return block


def _meeting(key: Any, low: Any, high: Any, keys: Any, lows: Any, highs: Any) -> int:
    """How many bands of the line, itself among them, share a weight with this one."""
    bands = zip(keys, lows, highs, strict=True)
    return sum(same(key, own) and start < high and end > low for own, start, end in bands)


def _write(book: Book, block: Block, filled: int) -> None:
    """The rows, then what depends on all of them: whether each is like the first of its line."""
    block.write(filled)
    for key in ("n", "key", "code", "divisor", "start", "from_g_sound", "to_g_sound",
                *(f"{part}_or_0" for part in _PRICED)):  # fmt: skip
        part = key.removesuffix("_or_0").removesuffix("_sound")
        book.name(f"Band_{part}", block.body(key))
    more = Block(book["bands"], 0, block.right, BANDS)
    names = book.names
    n = more["n"]
    own = more.add("line", in_row(names["Band_key"], n))
    first = more.add("first_of_line", choose(own == "", "", first_row(own, names["Band_key"])))
    unlike = [in_row(names[f"Band_{part}"], first) != in_row(names[f"Band_{part}"], n)
              for part in ("divisor", "start")]  # fmt: skip
    more.add("begins", choose(own == "", 0, choose(first == n, 1, 0)))
    more.add("unlike", choose(own == "", 0, choose(unlike[0] | unlike[1], 1, 0)))
    more.write(filled)
    for name in ("begins", "unlike"):
        book.name(f"Band_{name}", more.body(name))


def search(
    book: Book, block: Block, country: Symbol, line: Symbol, weight: Symbol, sides: list[Symbol],
    day: Symbol,
) -> tuple[Symbol, Symbol, Symbol]:  # fmt: skip
    """Freight in cents or #N/A, the weight charged in mg, and whether sides were missed (F9).

    ``country`` is a code or "", ``line`` as typed, ``weight`` in mg and sides in hundredths of a
    centimetre, each "" where blank.
    """
    names = book.names
    given = [choose(side == "", 0, side) for side in sides]
    there = [choose(side == "", 0, choose(side > 0, 1, 0)) for side in sides]
    count = block.add("sides", there[0] + there[1] + there[2])
    volume = block.add(
        "volume",
        choose(count == 3, given[0] * given[1] * given[2], 0),
        never_negative=True,
    )
    lines = _counted(names, "code", country, "begins")
    named = joined(country, "|", without(line, " "))
    only = in_row(names["Band_key"], first_row(country, names["Band_code"]))
    key = block.add(
        "band_key",
        choose(country == "", unknown(),
               choose(line == "", choose(lines == 1, only, unknown()), named)),
    )  # fmt: skip
    first = block.add("band_first", first_row(key, names["Band_key"]), never_negative=True)
    unlike = _counted(names, "key", key, "unlike")
    begins = in_row(names["Band_start"], first)
    divisor = block.add(
        "band_divisor",
        choose(unlike > 0, unknown(), choose(day < begins, unknown(),
                                             in_row(names["Band_divisor"], first))),
    )  # fmt: skip
    heavier = largest(weight, volumetric_mg(volume, choose(divisor > 0, divisor, 1)))
    undecided = choose(count == 0, weight, unknown())
    partly = choose(count == 3, heavier, undecided)
    charge = block.add(
        "charge",
        choose(weight == "", unknown(), choose(weight == 0, unknown(),
               choose(divisor == 0, weight, choose(divisor < 0, undecided, partly)))),
        never_negative=True,
    )  # fmt: skip
    at = block.add("band", _band(names, key, charge), never_negative=True)
    found = (in_row(names[f"Band_{part}"], at, never_negative=True) for part in _PRICED)
    price = Price(*found)
    fee = freight_fee(charge, price, RATE_UNIT)
    # Not AND: a program may or may not look at its second part.
    return fee, charge, choose(count == 0, divisor != 0, False)


def _counted(names: Any, tested: str, wanted: Symbol, summed: str) -> Symbol:
    """The sum of a column of the bands in the rows of that text."""

    @unless_error
    def total(text: Any) -> Any:
        pairs = zip(names[f"Band_{tested}"].rows, names[f"Band_{summed}"].rows, strict=True)
        return fsum(amount for (key,), (amount,) in pairs if same(key, text))

    return native(f"SUMPRODUCT((Band_{tested}={{0}})*Band_{summed})", total, wanted)


def _band(names: Any, key: Symbol, charge: Symbol) -> Symbol:
    """The one row of that line whose band holds the weight; #N/A for none, and for several."""
    fits = "(Band_key={0})*(Band_from_g<{1})*(Band_to_g>={1})"

    def rows(wanted: Any, weight: Any) -> list[int]:
        columns = [names[f"Band_{part}"].rows for part in ("key", "from_g", "to_g")]
        bands = enumerate(zip(*columns, strict=True), 1)
        return [at for at, ((own,), (low,), (high,)) in bands
                if same(own, wanted) and low < weight <= high]  # fmt: skip

    count, place = (unless_error(lambda *given, of=of: of(rows(*given))) for of in (len, sum))
    hits = native(f"SUMPRODUCT({fits})", count, key, charge)
    where = native(f"SUMPRODUCT({fits}*Band_n)", place, key, charge)
    return choose(hits == 1, where, unknown())
