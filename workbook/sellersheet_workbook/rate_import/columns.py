"""The columns of a rate card, put together from what a price sheet says.

Those of weight: bands, first and step weights, minimum, rounding.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from sellersheet import countries
from sellersheet.cells import read_one
from sellersheet.columns import column
from sellersheet.days import date_of
from sellersheet.exchange import currency
from sellersheet.intake.doubts import Asked
from sellersheet.intake.headers import Place, Understood, listed
from sellersheet.intake.vocabulary import header_text, plain
from sellersheet.issues import CellProblem
from sellersheet_workbook.rate_import.bands import (
    above,
    bare_weights,
    likely_unit,
    read_bands,
    read_weights,
)
from sellersheet_workbook.rate_import.destinations import country_of, country_within, with_zones
from sellersheet_workbook.rate_import.found import (
    Findings,
    RateSheetProblem,
    plain_number,
    refuse_card,
)
from sellersheet_workbook.rate_import.prices import is_priced, weight_place
from sellersheet_workbook.rate_import.pricing import RowPrice, as_cents
from sellersheet_workbook.rate_import.table import CarrierSheet, format_unit, plain_text

_MONEY: Final = ("per_kg", "first_price", "step_price", "registration")
Found = dict[str, list[Any]]
Weights = list[Decimal | None]
_ENDS: Final = ("from_g", "to_g", "max_g")
_SINGLE: Final = ("first_g", "step_g", "min_g", "round_g")
_BOTH: Final = frozenset({"起重", "minweight", "minweightg", "minweightkg"})
_GRAMS_FROM: Final = 50  # a first weight, a minimum or a step of as much is in grams


def destinations(sheet: CarrierSheet, understood: Understood, country: str) -> list[Any]:
    place = understood.places.get("country")
    at = place.at if place else sheet.labels.index(country) if country in sheet.labels else None
    if at is None:
        code = countries.code(country)
        if code is None:
            raise RateSheetProblem("country_option", value=country, headers=listed(sheet.labels))
        return [code] * sheet.n
    understand_cell = country_within if place is None else _country_cell
    found: list[Any] = []
    for row, cell in enumerate(sheet.column(at)):
        code = None if cell is None else understand_cell(cell)
        if code is None and cell is not None:
            header, value = sheet.labels[at], str(cell).strip()
            sheet.findings.refuse(row, "country", header=header, value=value)
        found.append(code)
    return found


def _country_cell(cell: object) -> str | None:
    return country_of(plain_text(cell))


def put_numbers(
    table: Found, priced: Sequence[RowPrice | None], weights: dict[str, Weights],
    findings: Findings,
) -> None:  # fmt: skip
    """Weights and prices as numbers; what a price's header says of its weight counts last."""
    by_row = [price.columns() if price else {} for price in priced]
    keys = {key for row in by_row for key in row} | set(weights)
    for key in sorted(keys):
        cells: list[Any] = []
        for at, prices in enumerate(by_row):
            own = weights.get(key, [None] * len(by_row))[at]
            value = own if own is not None else prices.get(key)
            if value is not None and key in _MONEY:
                value = as_cents(value, findings)
            cells.append(None if value is None else plain_number(value.quantize(Decimal("0.001"))))
        table[key] = cells


def put_divisor(
    table: Found, sheet: CarrierSheet, understood: Understood, no_volume: set[int]
) -> None:
    place = understood.places.get("divisor")
    if place is None and not no_volume:
        return
    cells = [None] * sheet.n if place is None else sheet.column(place.at)
    table["divisor"] = [
        as_written(cell) if cell is not None else "不计" if row in no_volume else None
        for row, cell in enumerate(cells)
    ]


def put_currency(
    table: Found, sheet: CarrierSheet, understood: Understood, priced: Sequence[RowPrice | None],
    default: str,
) -> None:  # fmt: skip
    """One currency a row: of its own column, of the headers and of the cells of its prices."""
    place = understood.places.get("currency")
    cells = [None] * sheet.n if place is None else sheet.column(place.at)
    found: list[Any] = []
    for row, cell in enumerate(cells):
        price = priced[row]
        own = {_code(cell)} if cell is not None else set()
        named = own | (price.currencies if price else set())
        if len(named) > 1:
            sheet.findings.refuse(row, "currencies", codes=sorted(named))
        found.append(next(iter(named), default or None) if sheet.filled(row) else None)
    if any(code not in (None, "CNY") for code in found):
        table["currency"] = found
    elif not any(found):
        sheet.findings.note("taken_as_cny")


def _code(cell: object) -> str:
    return currency(str(cell)) or str(cell).strip().upper()


def put_zones(table: Found, sheet: CarrierSheet, understood: Understood) -> None:
    """Several zones of one destination as types of goods, so that an order names one."""
    place = understood.places.get("zone")
    if place is None:
        return
    goods = list(table.get("goods", [None] * sheet.n))
    named = [key for key in ("country", "line", "start") if key in table]
    keys = [(*(str(table[key][row]) for key in named), str(goods[row])) for row in range(sheet.n)]
    zones = with_zones(goods, [as_written(cell) for cell in sheet.column(place.at)], keys)
    if zones:
        table["goods"] = goods
        sheet.findings.note("zones", header=place.header.text, zones=list(zones[:12]))


def put_notes(table: Found, sheet: CarrierSheet, asked: Asked) -> None:
    """Prices that the user leaves out, and fuel that was put in, stand in the card's notes."""
    told_of = {**asked.remembered, **asked.columns}
    said = {header_text(header): key for header, key in told_of.items()}
    without = [label for label in sheet.labels if said.get(label) == "ignore" and is_priced(label)]
    words, findings = RateSheetProblem.wording, sheet.findings
    lang = findings.lang
    named = words("between", lang).join(without)
    told = [words("note_without", lang, headers=named)] if without else []
    told += [item.text(lang) for item in findings.notes if item.code == "fuel"]
    if not told:
        return
    if without:
        findings.note("without", headers=named)
    own = table.get("note", [None] * sheet.n)
    text = " ".join(told)
    table["note"] = [
        (f"{cell} {text}" if cell is not None else text) if sheet.filled(row) else None
        for row, cell in enumerate(own)
    ]


def day_of(cell: Any) -> Any:
    """A cell of a date as a date; what is none stays, to be refused by its row."""
    if cell is None:
        return None
    try:
        days = read_one(column("rates", "start"), cell)
    except CellProblem:
        return cell
    return None if days is None else date_of(days)


def as_written(cell: Any) -> Any:
    """A number written as text as a number; texts without the space around them."""
    if not isinstance(cell, str):
        return int(cell) if isinstance(cell, float) and cell.is_integer() else cell
    text = cell.strip()
    return int(text) if text.isascii() and text.isdigit() and not text.startswith("0") else text


def read_weight_columns(
    understood: Understood, sheet: CarrierSheet
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
    units = _units(places, sheet, wrong)
    refuse_card(wrong)
    for key, place in places.items():
        found[key] = read_weights(sheet, place, units[key])
    if "from_g" in found and "to_g" in found:
        found["from_g"] = above(found["from_g"], found["to_g"])
    no_volume = _bands(understood, sheet, found)
    if "max_g" in found:
        most = found.pop("max_g")
        ends = found.get("to_g", [None] * sheet.n)
        found["to_g"] = [
            limit if end is None else end if limit is None else min(end, limit)
            for end, limit in zip(ends, most, strict=True)
        ]
    return found, no_volume


def _bands(understood: Understood, sheet: CarrierSheet, found: dict[str, Weights]) -> set[int]:
    place = understood.places.get("band")
    if place is None:
        return set()
    unit = place.unit or format_unit(sheet, place.at)
    bands = read_bands(sheet, place, unit)
    lows: Weights = [band.low if band else None for band in bands]
    highs: Weights = [band.high if band else None for band in bands]
    for key, ends in (("from_g", lows), ("to_g", highs)):
        own = found.get(key, [None] * sheet.n)
        for row, (one, other) in enumerate(zip(own, ends, strict=True)):
            if one is not None and other is not None and one != other:
                sheet.findings.refuse(row, "band_twice", header=place.header.text)
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
    places: dict[str, Place], sheet: CarrierSheet, wrong: list[RateSheetProblem]
) -> dict[str, str]:
    """The unit of each column's bare numbers, by its header or by what they must mean."""
    units: dict[str, str] = {}
    bare: dict[str, list[Decimal]] = {}
    for key, place in places.items():
        unit = place.unit or format_unit(sheet, place.at)
        if not unit and place.header.text == key:
            unit = "g"  # the registry's own key names the unit
        units[key] = unit
        if not unit:
            bare[key] = bare_weights(sheet.column(place.at))
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
            sheet.findings.note("grams" if unit == "g" else "kilos", header=header)
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
