"""The known columns of a table typed, by what header, cells, number formats and the user say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pandas.api.extensions import ExtensionArray
from pandas.arrays import NumpyExtensionArray

from sellersheet import columns
from sellersheet.cells import Cells, read_cells, word
from sellersheet.columns import Column, Wrong
from sellersheet.exchange import FxRates
from sellersheet.exchange import currency as code_of
from sellersheet.intake.doubts import Asked
from sellersheet.intake.evidence import AMOUNTS, Evidence
from sellersheet.intake.grid import Beside, Columns
from sellersheet.intake.headers import Place, Understood
from sellersheet.intake.hints import TRADED, Texts, hint_of, in_cents, in_zone, settled
from sellersheet.intake.ids import cut_ids, no_ids, plain_ids
from sellersheet.money import Mask
from sellersheet.number_cells import Days, Hint
from sellersheet.rawcells import Form, RawCells, split, texts

_DAY: Final = {"orders": "order_date", "bill": "order_date", "sku_costs": "start"}  # of the rate
_ONCE: Final = (*AMOUNTS, "grams", "cm")  # kinds of what adds up over the rows of an order
_ADDED_UP: Final = ("orders", "bill")
ABSENT: Final = "absent"
_IDS: Final = ("order_id", "line_no", "sku", "shop")
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
        raw = in_zone(item, place, cells, raw)
        hint = hint_of(item, place, cells, codes, beside, at, asked, table)
        hint = settled(hint, item, evidence)
        if item.key == "paid_cny":
            told = place.own or not isinstance(hint.currency, str) or bool(hint.currency)
        read = found[item.key] = read_cells(item, cells, days, fx, hint, raw)
        in_cents(item, place, read, (cells, raw), beside, at)
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
    for key in TRADED if table == "orders" else keys:
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
