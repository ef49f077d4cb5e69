"""CHARGEABLEWEIGHT and LOGISTICSFEE: what a parcel weighs for the carrier, and what it costs."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from sellersheet.functions.answers import gives_a_value
from sellersheet.functions.fees import hundredths
from sellersheet.functions.ranges import card, exchange
from sellersheet.functions.rows import ROW_NA, Call, read_rows
from sellersheet.money import largest
from sellersheet.orders.freight import Sides, parcels
from sellersheet.rules.card_lookup import look_up
from sellersheet.rules.freight import DIVISOR_UNIT, MG_PER_GRAM, volumetric_mg

_SIDES: Final = ("length_cm", "width_cm", "height_cm")


@gives_a_value
def CHARGEABLEWEIGHT(  # noqa: N802 - the name in Excel
    weight_g: Any, length_cm: Any, width_cm: Any, height_cm: Any, divisor: Any
) -> Any:
    """F9: the larger of volumetric and actual weight in grams; a blank divisor or side
    counts the actual weight alone."""
    call = read_rows(
        ("weight_g",),
        weight_g=weight_g,
        length_cm=length_cm,
        width_cm=width_cm,
        height_cm=height_cm,
        divisor=divisor,
    )
    actual = np.rint(np.multiply(call["weight_g"], MG_PER_GRAM)).astype(np.int64)
    volume = np.int64(1)
    for side in _SIDES:
        volume = volume * hundredths(call[side])
    by = np.rint(np.multiply(call["divisor"], DIVISOR_UNIT)).astype(np.int64)
    counts = (by > 0) & (volume > 0)
    volumetric = np.where(counts, volumetric_mg(np.asarray(volume), np.maximum(by, 1)), 0)
    grams = largest(actual, volumetric) / MG_PER_GRAM
    return call.answer(grams if call.n is not None else float(grams))


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
    """F8, F9: freight in CNY by the rate card; #N/A where it is not on record."""
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
        Sides(*(_column(call, side, count) for side in _SIDES)),
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
