"""The columns of weight of a price sheet: bands, first and step weights, minimum, rounding."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from sellersheet.intake.headers import Place, Understood
from sellersheet.intake.vocabulary import plain
from sellersheet_workbook.rate_import.bands import (
    above,
    bare_weights,
    likely_unit,
    read_bands,
    read_weights,
)
from sellersheet_workbook.rate_import.found import Findings, RateSheetProblem, refuse_card
from sellersheet_workbook.rate_import.prices import weight_place
from sellersheet_workbook.rate_import.table import CarrierSheet

Weights = list[Decimal | None]
_ENDS: Final = ("from_g", "to_g", "max_g")
_SINGLE: Final = ("first_g", "step_g", "min_g", "round_g")
_BOTH: Final = frozenset({"起重", "minweight", "minweightg", "minweightkg"})
_GRAMS_FROM: Final = 50  # a first weight, a minimum or a step of as much is in grams


def read_weight_columns(
    understood: Understood, sheet: CarrierSheet, findings: Findings
) -> tuple[dict[str, Weights], set[int]]:
    """Weights in grams by key, and the rows whose band says that volume does not count."""
    found: dict[str, Weights] = {}
    places = {
        key: place
        for key in (*_ENDS, *_SINGLE)
        if (place := weight_place(understood, key)) is not None
    }
    _lower_end(places, understood)
    wrong: list[RateSheetProblem] = []
    units = _units(places, sheet, findings, wrong)
    refuse_card(wrong)
    for key, place in places.items():
        cells = sheet.column(place.at)
        found[key] = read_weights(cells, place.header.text, units[key], sheet.skipped, findings)
    if "from_g" in found and "to_g" in found:
        found["from_g"] = above(found["from_g"], found["to_g"])
    no_volume = _bands(understood, sheet, findings, found)
    if "max_g" in found:
        most = found.pop("max_g")
        ends = found.get("to_g", [None] * sheet.n)
        found["to_g"] = [
            limit if end is None else end if limit is None else min(end, limit)
            for end, limit in zip(ends, most, strict=True)
        ]
    return found, no_volume


def _bands(
    understood: Understood, sheet: CarrierSheet, findings: Findings, found: dict[str, Weights]
) -> set[int]:
    place = understood.places.get("band")
    if place is None:
        return set()
    unit = place.unit or _format_unit(sheet, place.at)
    bands = read_bands(sheet.column(place.at), place.header.text, unit, sheet.skipped, findings)
    lows: Weights = [band.low if band else None for band in bands]
    highs: Weights = [band.high if band else None for band in bands]
    for key, ends in (("from_g", lows), ("to_g", highs)):
        own = found.get(key, [None] * sheet.n)
        for row, (one, other) in enumerate(zip(own, ends, strict=True)):
            if one is not None and other is not None and one != other:
                findings.refuse(row, "band_twice", header=place.header.text)
        found[key] = [
            other if other is not None else one for one, other in zip(own, ends, strict=True)
        ]
    return {row for row, band in enumerate(bands) if band and band.no_volume}


def _lower_end(places: dict[str, Place], understood: Understood) -> None:
    """起重 and Min Weight: the lower end beside an upper one alone, the minimum beside a band."""
    banded = "band" in understood.places
    low, least = places.get("from_g"), places.get("min_g")
    if banded and low and not least and not low.said and _may_be_both(low):
        places["min_g"] = places.pop("from_g")
    alone = "to_g" in places and not low and not banded
    if least and alone and not least.said and _may_be_both(least):
        places["from_g"] = places.pop("min_g")


def _may_be_both(place: Place) -> bool:
    return plain(place.header.text) in _BOTH or place.header.name in _BOTH


def _units(
    places: dict[str, Place], sheet: CarrierSheet, findings: Findings, wrong: list[RateSheetProblem]
) -> dict[str, str]:
    """The unit of each column's bare numbers, by its header or by what they must mean."""
    units: dict[str, str] = {}
    bare: dict[str, list[Decimal]] = {}
    for key, place in places.items():
        unit = place.unit or _format_unit(sheet, place.at)
        if not unit and place.header.text == key:
            unit = "g"  # the registry's own key names the unit
        units[key] = unit
        if not unit:
            bare[key] = bare_weights(sheet.column(place.at), sheet.skipped)
    ends = [number for key in _ENDS for number in bare.get(key, ())]
    known = {unit for key, unit in units.items() if unit and key in _ENDS}
    for key, numbers in bare.items():
        if not any(numbers):
            units[key] = "g"  # 0 is the same in any unit
            continue
        if key in _ENDS:
            unit = likely_unit(ends) or (known.pop() if len(known) == 1 else "")
        else:
            unit = _single_unit(numbers)
        units[key] = unit
        header = places[key].header.text
        if unit:
            findings.note("grams" if unit == "g" else "kilos", header=header)
        else:
            stem = key.removesuffix("_g")
            value = f"{max(numbers):f}"
            wrong.append(RateSheetProblem("weight_unit", header=header, value=value, stem=stem))
    return units


def _single_unit(numbers: list[Decimal]) -> str:
    filled = [number for number in numbers if number]
    if all(number < 1 for number in filled):
        return "kg"
    return "g" if all(number >= _GRAMS_FROM for number in filled) else ""


def _format_unit(sheet: CarrierSheet, at: int) -> str:
    units = {part.unit for part in sheet.shown.get(at, ()) if part.unit in ("kg", "g")}
    return units.pop() if len(units) == 1 else ""
