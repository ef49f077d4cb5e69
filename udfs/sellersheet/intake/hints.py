"""What is known of a column beside its cells: unit, currency, share and zone, by its header, by the
cells' number formats, by a column of currencies, by what the user says."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pandas.api.extensions import ExtensionArray

from sellersheet.amounts import CENTS, FACTORS, OF_KIND, THOUSANDS
from sellersheet.cells import Cells
from sellersheet.columns import Column
from sellersheet.days import SERIAL
from sellersheet.intake.doubts import Asked
from sellersheet.intake.evidence import AMOUNTS, Evidence
from sellersheet.intake.grid import Beside, Shown
from sellersheet.intake.headers import Place, TableProblem
from sellersheet.money import Ints, Mask, div_round
from sellersheet.number_cells import Hint
from sellersheet.rawcells import Form, RawCells, split, texts
from sellersheet.zones import BEIJING, Zone, shift_of

TRADED: Final = ("paid_cny", "refund_cny")  # what a column of currencies speaks of in orders
_ALL_TRADED: Final = ("bill", "sku_costs")  # where it speaks of every amount
_RATE: Final = re.compile(r"率|(?<![a-z])rates?(?![a-z])")  # 佣金率, commission_rate
_NAMES: Final = r"[\p{Sc}\p{Han}A-DF-Za-df-z]"  # a currency, and not 1.2E3
Texts = npt.NDArray[np.object_]


def hint_of(
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
    traded = table in _ALL_TRADED or item.key in TRADED
    given = own or (asked.currency if traded and codes is None else "")
    if codes is not None and traded and not own:
        currency: str | Texts = np.where(formatted == "", codes, formatted) if shown else codes
    elif shown and (formatted != "").any():
        currency = np.where(formatted == "", given, formatted)
    else:
        currency = given
    return Hint(currency=currency, percent=percent, points=points)


def settled(hint: Hint, item: Column, evidence: Evidence | None) -> Hint:
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


def in_zone(
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
    minutes = np.rint(part * 24 * 60 * 60).astype(np.int64) // 60
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


def in_cents(
    item: Column, place: Place, read: Cells, stood: tuple[ExtensionArray, RawCells | None],
    beside: Beside, at: int,
) -> None:  # fmt: skip
    """Amounts in hundredths by their header or number format, which were read as whole units, as
    what they are. One whose cell or format shows a currency is in that."""
    if item.kind not in AMOUNTS:
        return
    if place.unit == THOUSANDS:
        raise TableProblem("thousands", header=place.header.text)
    cents = np.full(len(read.blank), place.unit == CENTS)
    for part in beside.shown.get(place.at, ()):
        if part.unit == CENTS or part.currency:
            cents[_within(part, at, len(cents))] = part.unit == CENTS
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
