"""The known columns of a table typed, by what header, cells, number formats and the user say."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pandas.api.extensions import ExtensionArray
from pandas.arrays import NumpyExtensionArray

from sellersheet import columns
from sellersheet.amounts import CENTS, FACTORS, OF_KIND, THOUSANDS
from sellersheet.cells import Cells, read_cells, word
from sellersheet.columns import Column, Wrong
from sellersheet.days import SERIAL
from sellersheet.exchange import FxRates
from sellersheet.exchange import currency as code_of
from sellersheet.intake.doubts import Asked
from sellersheet.intake.evidence import AMOUNTS, Evidence
from sellersheet.intake.grid import Beside, Columns, Shown
from sellersheet.intake.headers import Place, TableProblem, Understood
from sellersheet.intake.ids import cut_ids, no_ids, plain_ids
from sellersheet.money import Ints, Mask, div_round
from sellersheet.number_cells import Days, Hint
from sellersheet.rawcells import Form, RawCells, split, texts
from sellersheet.zones import BEIJING, Zone, shift_of

_TRADED: Final = ("paid_cny", "refund_cny")  # what a column of currencies speaks of in orders
_ALL_TRADED: Final = ("bill", "sku_costs")  # where it speaks of every amount
_DAY: Final = {"orders": "order_date", "bill": "order_date", "sku_costs": "start"}  # of the rate
_RATE: Final = re.compile(r"率|(?<![a-z])rates?(?![a-z])")  # 佣金率, commission_rate
_NAMES: Final = r"[\p{Sc}\p{Han}A-DF-Za-df-z]"  # a currency, and not 1.2E3
_ONCE: Final = (*AMOUNTS, "grams", "cm")  # kinds of what adds up over the rows of an order
_ADDED_UP: Final = ("orders", "bill")
ABSENT: Final = "absent"
_IDS: Final = ("order_id", "line_no", "sku", "shop")
Texts = npt.NDArray[np.object_]
Codes = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Read:
    """``cells`` typed by key for ``columns``; ``shown`` the cells as they are named in messages.

    ``beside`` are the texts of currency, status and time of payment, ``unread`` why some of
    these can't be used. ``once`` is where an amount, a weight or a side stands in a cell merged
    over rows above. ``headers`` are those of each row, where the rows are of tables with several
    headers for a column.
    """

    columns: tuple[Column, ...]
    cells: dict[str, Cells]
    shown: dict[str, ExtensionArray]
    header: dict[str, str]
    beside: dict[str, Texts]
    once: dict[str, Mask]
    untold: bool
    headers: Mapping[str, Texts] = field(default_factory=dict)
    unread: dict[str, Codes] = field(default_factory=dict)


def read_columns(
    body: Columns, table: str, understood: Understood, beside: Beside, at: int,
    asked: Asked, fx: FxRates | None, evidence: Evidence | None = None,
) -> Read:  # fmt: skip
    """The columns in their own order, in which the order date stands before the amounts.

    Of a column that several headers stand for the further ones are ``key+1``, ``key+2`` …
    ``at`` is the last row of the header in the grid, from whose rows ``beside`` counts.
    Cells merged downwards are filled in ``body``; an amount in one counts once. ``evidence``
    is that of the whole table of which this is a part.
    """
    places = understood.used(table)
    n = len(body)
    once = _unmerge(body, table, places, beside, at)
    words, unread = _words_beside(body, table, places, beside, at, asked)
    if table == "bill" and "currency" in places:
        words["currency"] = _id_texts(body, places["currency"].at)
    present = _present(table, places)
    codes, unknown = _codes(words.get("currency"))
    found: dict[str, Cells] = {}
    shown: dict[str, ExtensionArray] = {}
    days: Days | None = None
    told = False
    for item in present:
        place = places[item.key]
        cells = body.cells(place.at)
        raw: RawCells | None = body.raw(place.at)
        if item.key in _IDS:
            raw = plain_ids(body.raw(place.at))
        elif item.key in asked.words:
            cells, raw = _worded(cells, asked.words[item.key], body, places), None
        if item.key in once and item.kind in AMOUNTS:
            values = np.asarray(cells.astype(object)).copy()
            values[once[item.key]] = 0.0
            cells, raw = NumpyExtensionArray(values), None
        raw = _in_zone(item, place, cells, raw)
        hint = _hint(item, place, cells, codes, beside, at, asked, table)
        hint = _settled(hint, item, evidence)
        if item.key == "paid_cny":
            told = place.own or not isinstance(hint.currency, str) or bool(hint.currency)
        read = found[item.key] = read_cells(item, cells, days, fx, hint, raw)
        _in_cents(item, place, read, (cells, raw), beside, at)
        shown[item.key] = _shown(cells, read, hint)
        if item.key == _DAY.get(table):
            days = Days(read.values.astype(np.int64), ~read.blank & (read.wrong == 0))
        read.wrong[_uncached(beside, place.at, at, n)] = Wrong.UNCACHED
    if "order_id" in found:
        at_id = places["order_id"].at
        cut = cut_ids(body.cells(at_id).dtype, body.raw(at_id), evidence)
        found["order_id"].wrong[cut] = Wrong.CUT_NUMBER
    if "currency" in words:
        named = words["currency"]
        _need_currency(found, body, places, unread.get("currency"), unknown, named, table)
    header = {item.key: places[item.key].header.text for item in present}
    taken = {places[item.key].at for item in present}
    for key in unread:
        if (place := places[key]).at not in taken:  # the day of the order is refused by itself
            shown[key], header[key] = body.cells(place.at), place.header.text
    return Read(present, found, shown, header, words, once, untold=not told, unread=unread)


def _uncached(beside: Beside, column: int, at: int, rows: int) -> list[int]:
    """The rows of the body that have a formula without a saved value in the column."""
    found = (row - at - 1 for row, place in beside.uncached if place == column)
    return [row for row in found if 0 <= row < rows]


def _words_beside(
    body: Columns, table: str, places: Mapping[str, Place], beside: Beside, at: int, asked: Asked
) -> tuple[dict[str, Texts], dict[str, Codes]]:
    """The texts that stand beside the columns, and why some of these cells can't be used.

    A row of a sheet without the column has the word by which it counts as it does alone.
    """
    alone = {"currency": asked.currency or "CNY", "paid_on": ABSENT}
    words, unread = {}, {}
    for key in (item.key for item in columns.TABLES.get(f"{table}_beside", ())):
        if key not in places:
            continue
        column = places[key].at
        words[key] = _id_texts(body, column)
        if key in alone and column in beside.absent:
            words[key][beside.absent[column] - at - 1] = alone[key]
        wrong = np.where(body.raw(column).form == Form.ERROR, Wrong.ERROR_CELL, Wrong.NONE)
        formulas = _uncached(beside, column, at, len(body))
        wrong[formulas] = Wrong.UNCACHED
        words[key][formulas] = "="  # it is no blank
        if key == "entry":  # without it nothing of a charge is unknown
            none = no_ids(body.cells(column).dtype, body.raw(column), words[key])
            words[key][none | (wrong != Wrong.NONE)] = ""
        elif wrong.any():
            unread[key] = wrong.astype(np.uint8)
    return words, unread


def _present(table: str, places: Mapping[str, Place]) -> tuple[Column, ...]:
    """The columns present, and after them the further ones of a meaning."""
    present = tuple(item for item in columns.TABLES[table] if item.key in places)
    more = [key for key in places if "+" in key]
    further = (
        replace(item, key=key) for item in present for key in more if key.startswith(f"{item.key}+")
    )
    return (*present, *further)


def _settled(hint: Hint, item: Column, evidence: Evidence | None) -> Hint:
    """With what the whole column says of its cells, where that is known."""
    if evidence is None:
        return hint
    if item.kind == "date":
        order = evidence.order_of_day(item.key)
        order = hint.day_first if order is None else order
        return replace(hint, day_first=order, settled=True)
    if item.kind in AMOUNTS:
        return replace(hint, decimal=evidence.point_is_decimal(item.key))
    return hint


def _unmerge(
    body: Columns, table: str, places: Mapping[str, Place], beside: Beside, at: int
) -> dict[str, Mask]:
    """Repeat in ``body`` what is merged downwards, but for amounts of rows that add up: a price
    of a card merged over two bands is that of both. Where amounts, weights and sides of such
    rows are merged with the row above, and the rows that have a quantity together."""
    kinds = {item.key: item.kind for item in columns.TABLES[table]}
    by_column = {place.at: key for key, place in places.items()}
    once: dict[str, Mask] = {}
    for top, left, bottom, _ in beside.merged:
        first, last = top - at - 1, bottom - at - 1
        key = by_column.get(left)
        if (
            key is None
            or not 0 <= first < len(body)
            or last <= first
            or body.cells(left)[first : first + 1].isna().all()
        ):
            continue
        kind = kinds.get(key.partition("+")[0])
        if (kind in _ONCE or key == "qty") and table in _ADDED_UP:
            of = first if key == "qty" else first + 1
            once.setdefault(key, np.zeros(len(body), dtype=bool))[of : last + 1] = True
        if kind not in AMOUNTS or table not in _ADDED_UP:
            cells = np.asarray(body.cells(left).astype(object)).copy()
            cells[first + 1 : last + 1] = cells[first]
            body.put(left, cells)
    return once


def _hint(
    item: Column, place: Place, cells: ExtensionArray, codes: Texts | None, beside: Beside,
    at: int, asked: Asked, table: str,
) -> Hint:  # fmt: skip
    """What is known of a column beside its cells."""
    shown = [item for item in beside.shown.get(place.at, ()) if len(item.rows)]
    if item.kind == "date":
        return Hint(day_first=asked.day_first, zone=place.header.zone)
    if item.kind in ("grams", "cm"):
        units_of = OF_KIND[item.kind]
        if place.unit or not shown:
            return Hint(factor=FACTORS[place.unit] if place.unit in units_of else 1.0)
        units = np.full(len(cells), np.nan)
        for part in shown:
            if part.unit in units_of:
                units[_within(part, at, len(cells))] = FACTORS[part.unit]
        return Hint(units=units)
    if item.kind not in ("money", "cost"):
        return Hint()
    points = item.kind == "cost" and place.header.unit == "%"
    rated = _RATE.search(place.header.text.casefold()) is not None
    percent: Mask | bool = rated and not points
    formatted = np.full(len(cells) if shown else 0, "", dtype=object)
    for part in shown:
        rows = _within(part, at, len(cells))
        if part.currency:
            formatted[rows] = part.currency
        if part.percent and item.kind == "cost":
            percent = np.zeros(len(cells), dtype=bool) if isinstance(percent, bool) else percent
            percent[rows] = True
    own = place.header.currency
    traded = table in _ALL_TRADED or item.key in _TRADED
    given = own or (asked.currency if traded and codes is None else "")
    if codes is not None and traded and not own:
        currency: str | Texts = np.where(formatted == "", codes, formatted) if shown else codes
    elif shown and (formatted != "").any():
        currency = np.where(formatted == "", given, formatted)
    else:
        currency = given
    return Hint(currency=currency, percent=percent, points=points)


def _in_zone(
    item: Column, place: Place, cells: ExtensionArray, raw: RawCells | None
) -> RawCells | None:
    """The cells by form, where they are times of the header's zone with their days in Beijing."""
    zone = place.header.zone
    if item.kind != "date" or zone is None or zone == BEIJING:
        return raw
    return _on_beijings_days(cells, split(cells) if raw is None else raw, zone)


def _on_beijings_days(cells: ExtensionArray, raw: RawCells, zone: Zone) -> RawCells:
    """Date-times and Excel's day numbers; texts are looked at where they are read."""
    days = np.zeros(len(raw.form), dtype=np.int64) if raw.day is None else raw.day
    number = raw.form == Form.NUMBER
    part = np.where(number, raw.number - np.floor(raw.number), 0.0)
    minutes = np.rint(part * 24 * 60).astype(np.int64)
    at = np.flatnonzero(raw.form == Form.DAY)
    minutes[at] = [_minute(cell) for cell in cells.take(at).astype(object)]
    on = np.where(number, np.clip(raw.number, 0, 1e7) - SERIAL, days).astype(np.int64)
    shift = shift_of(on, minutes, zone)
    return replace(
        raw,
        day=days + np.where(number, 0, shift),
        number=raw.number + np.where(number, shift, 0),
        moved=(shift != 0) | (False if raw.moved is None else raw.moved),
    )


def _minute(cell: Any) -> int:
    """The minute of the day that a cell holds; 0 where it names its own zone."""
    if not isinstance(cell, dt.datetime) or cell.tzinfo is not None:
        return 0
    return cell.hour * 60 + cell.minute


def _in_cents(
    item: Column, place: Place, read: Cells, stood: tuple[ExtensionArray, RawCells | None],
    beside: Beside, at: int,
) -> None:  # fmt: skip
    """Amounts in hundredths by their header or number format, which were read as whole units, as
    what they are. One whose cell names a currency is in that."""
    if item.kind not in AMOUNTS:
        return
    if place.unit == THOUSANDS:
        raise TableProblem("thousands", header=place.header.text)
    cents = np.full(len(read.blank), place.unit == CENTS)
    for part in beside.shown.get(place.at, ()):
        if part.unit == CENTS:
            cents[_within(part, at, len(cents))] = True
    if cents.any():
        cells, raw = stood
        amounts = pa.array(texts(cells, split(cells) if raw is None else raw), pa.large_string())
        cents &= ~pc.match_substring_regex(amounts, _NAMES).to_numpy(zero_copy_only=False)
        cents &= True if read.share is None else ~read.share
        read.values[cents] = div_round(read.values[cents], 100)


def _within(part: Shown, at: int, count: int) -> Ints:
    """The rows of the body, which has so many, that a number format is that of."""
    rows = part.rows - at - 1
    found: Ints = rows[(rows >= 0) & (rows < count)]
    return found


def _worded(
    cells: ExtensionArray, words: Mapping[str, str], body: Columns, places: Mapping[str, Place]
) -> ExtensionArray:
    """The cells, each word as what it was said to stand for; a blank of a row with an order
    number too."""
    filled = ~body.cells(places["order_id"].at).isna()
    found = pd.Series(cells.astype(object), dtype=object)
    distinct = {text: words.get(word(str(text)), text) for text in found.dropna().unique()}
    blank = words.get("")
    said = found.map(distinct).where(found.notna() | ~filled | (blank is None), blank)
    return NumpyExtensionArray(said.to_numpy(dtype=object))


def _shown(cells: ExtensionArray, read: Cells, hint: Hint) -> ExtensionArray:
    """The cells, those that are wrong with the currency that they have from elsewhere."""
    if isinstance(hint.currency, str) and not hint.currency:
        return cells
    at = np.flatnonzero((read.wrong == Wrong.NO_RATE) | (read.wrong == Wrong.NO_RATE_YET))
    if not at.size:
        return cells
    codes = np.full(len(cells), hint.currency, dtype=object) if isinstance(
        hint.currency, str) else hint.currency  # fmt: skip
    named = np.asarray(cells.astype(object)).copy()
    amounts = texts(cells, split(cells))
    bare = pd.Series(amounts[at]).str.fullmatch(r"[\d.,\s+-]+").to_numpy(dtype=bool)
    named[at[bare]] = amounts[at[bare]] + " " + codes[at[bare]]
    return NumpyExtensionArray(named)


def _codes(words: Texts | None) -> tuple[Texts | None, Mask]:
    """The code of each row's currency, "" for CNY and for none; where it is not understood."""
    if words is None:
        return None, np.zeros(0, dtype=bool)
    at, distinct = pd.factorize(words)
    found = np.array([code_of("".join(text.split())) for text in distinct], dtype=object)
    codes = found[at]
    return np.where(codes == "CNY", "", codes), (codes == "") & (words != "")


def _need_currency(
    found: dict[str, Cells], body: Columns, places: Mapping[str, Place], unread: Codes | None,
    unknown: Mask, words: Texts, table: str,
) -> None:  # fmt: skip
    """Refuse amounts whose currency cell is blank or not understood, unless they name it. One
    that is ``unread`` is refused by itself."""
    kinds = {item.key: item.kind for item in columns.TABLES[table]}
    keys = [key for key in found if kinds.get(key.partition("+")[0]) in AMOUNTS]
    for key in _TRADED if table == "orders" else keys:
        if key not in found or places[key].header.currency:
            continue
        at = places[key].at
        amounts = pa.array(texts(body.cells(at), body.raw(at)), pa.large_string())
        bare = pc.match_substring_regex(amounts, r"^[0-9.,\s+()-]+$").to_numpy(zero_copy_only=False)
        asks = bare & (found[key].wrong == Wrong.NONE) & ~found[key].blank
        asks &= True if unread is None else unread == Wrong.NONE
        if table == "orders":
            asks = asks & (found[key].values != 0)
            found[key].wrong[asks & (words == "")] = Wrong.NO_CURRENCY
        found[key].wrong[asks & unknown] = Wrong.UNKNOWN_CURRENCY


def _id_texts(body: Columns, at: int) -> Texts:
    return texts(body.cells(at), plain_ids(body.raw(at)))
