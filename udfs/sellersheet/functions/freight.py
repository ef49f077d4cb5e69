"""CHARGEABLEWEIGHT and LOGISTICSFEE: what a parcel weighs for the carrier, and what it costs."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from sellersheet.functions.answers import gives_a_value
from sellersheet.functions.blocks import cut, rows_of
from sellersheet.functions.fees import hundredths
from sellersheet.functions.ranges import card, exchange
from sellersheet.functions.rows import ROW_NA, ROW_VALUE, Call, read_rows
from sellersheet.money import largest
from sellersheet.orders.freight import Sides, parcels
from sellersheet.rules.card_lookup import look_up
from sellersheet.rules.freight import DIVISOR_UNIT, MG_PER_GRAM, volumetric_mg
from sellersheet.rules.rate_card import VOLUME_IGNORED, VOLUME_UNKNOWN, divisor_word

SIDES: Final = ("length_cm", "width_cm", "height_cm")


@gives_a_value
def CHARGEABLEWEIGHT(  # noqa: N802 - the name in Excel
    weight_g: Any, length_cm: Any, width_cm: Any, height_cm: Any, divisor: Any
) -> Any:
    """F9, F17: the larger of volumetric and actual weight in grams.

    The divisor means what it means in a rate card: 不计 (none) leaves volume out, a blank or
    unknown one is not stated. Without any side the actual weight counts; sides known in part,
    or sides without a divisor that is stated, are #N/A.
    """
    call = read_rows(
        ("weight_g",),
        weight_g=weight_g,
        length_cm=length_cm,
        width_cm=width_cm,
        height_cm=height_cm,
        divisor=[[_divisor(cell) for cell in row] for row in rows_of(divisor)],
    )
    by = np.rint(np.multiply(call["divisor"], DIVISOR_UNIT)).astype(np.int64)
    call.refuse((by > 0) & (by < DIVISOR_UNIT), ROW_VALUE)
    actual = np.rint(np.multiply(call["weight_g"], MG_PER_GRAM)).astype(np.int64)
    volume: Any = np.int64(1)
    given: Any = 0
    for side in SIDES:
        hundreds = hundredths(call[side])
        volume, given = volume * hundreds, given + np.where(hundreds > 0, 1, 0)
    ignored = call.known("divisor") & (by == 0)
    complete = (given == len(SIDES)) & (by > 0)
    call.refuse(np.logical_not(ignored | complete | (given == 0)), ROW_NA)
    volumetric = np.where(complete, volumetric_mg(np.asarray(volume), np.maximum(by, 1)), 0)
    grams = largest(actual, volumetric) / MG_PER_GRAM
    return call.answer(grams if call.n is not None else float(grams))


def _divisor(cell: Any) -> Any:
    """A word of rate cards as the number, or the blank, that stands for it."""
    if cell == 0 or (isinstance(cell, str) and cell.strip() == "0"):
        return -1.0  # no divisor: by 0 nothing is divided, and only the word leaves volume out
    if not isinstance(cell, str):
        return cell
    kind = divisor_word(cut(cell))
    return {VOLUME_IGNORED: 0.0, VOLUME_UNKNOWN: None}.get(kind, cell)


@gives_a_value
def LOGISTICSFEE(  # noqa: N802
    country: Any,
    weight_g: Any,
    length_cm: Any = None,
    width_cm: Any = None,
    height_cm: Any = None,
    line: Any = None,
    as_of: Any = None,
    rates: Any = None,
    fx: Any = None,
) -> Any:
    """F8, F9, F17: freight in CNY by the rate card; #N/A where it is not on record."""
    call = read_rows(
        ("country", "weight_g"),
        country=country,
        weight_g=weight_g,
        length_cm=length_cm,
        width_cm=width_cm,
        height_cm=height_cm,
        line=line,
        as_of=as_of,
    )
    count = call.n or 1
    items = parcels(
        _column(call, "country", count),
        _column(call, "line", count),
        _column(call, "weight_g", count),
        Sides(*(_column(call, side, count) for side in SIDES)),
        np.broadcast_to(call.days(), count).astype(np.int64),
    )
    found = look_up(items, card(rates).rates, exchange(fx))
    if call.n is None:
        call.refuse(not found.known[0], ROW_NA)
        return call.answer(int(found.fee[0]) / 100)
    call.refuse(~found.known, ROW_NA)
    return call.answer(found.fee / 100)


def _column(call: Call, name: str, count: int) -> Any:
    value = call[name]
    if isinstance(value, np.ndarray):
        return value
    return np.full(count, value, dtype=object if isinstance(value, str) else np.float64)
