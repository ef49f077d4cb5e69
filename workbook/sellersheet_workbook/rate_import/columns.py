"""The columns of a rate card, put together from what a price sheet says."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from sellersheet import countries
from sellersheet.cells import read_one
from sellersheet.columns import column
from sellersheet.epoch import date_of
from sellersheet.exchange import currency
from sellersheet.intake.asked import Asked
from sellersheet.intake.headers import Understood, listed
from sellersheet.intake.vocabulary import header_text
from sellersheet.issues import CellProblem
from sellersheet_workbook.rate_import.destinations import country_of, country_within, with_zones
from sellersheet_workbook.rate_import.found import Findings, RateSheetProblem, plain_number
from sellersheet_workbook.rate_import.prices import is_priced
from sellersheet_workbook.rate_import.pricing import RowPrice, as_cents
from sellersheet_workbook.rate_import.table import CarrierSheet, plain_text
from sellersheet_workbook.rate_import.weights import Weights

_MONEY: Final = ("per_kg", "first_price", "step_price", "registration")
Found = dict[str, list[Any]]


def destinations(
    sheet: CarrierSheet, understood: Understood, country: str, findings: Findings
) -> list[Any]:
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
        code = None if cell is None or row in sheet.skipped else understand_cell(cell)
        if code is None and cell is not None and row not in sheet.skipped:
            header, value = sheet.labels[at], str(cell).strip()
            findings.refuse(row, "country", header=header, value=value)
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
    default: str, findings: Findings,
) -> None:  # fmt: skip
    """One currency a row: of its own column, of the headers and of the cells of its prices."""
    place = understood.places.get("currency")
    cells = [None] * sheet.n if place is None else sheet.column(place.at)
    found: list[Any] = []
    for row, cell in enumerate(cells):
        price = priced[row]
        own = {_code(cell)} if cell is not None and sheet.filled(row) else set()
        named = own | (price.currencies if price else set())
        if len(named) > 1:
            findings.refuse(row, "currencies", codes=sorted(named))
        found.append(next(iter(named), default or None) if sheet.filled(row) else None)
    if any(code not in (None, "CNY") for code in found):
        table["currency"] = found
    elif not any(found):
        findings.note("taken_as_cny")


def _code(cell: object) -> str:
    return currency(str(cell)) or str(cell).strip().upper()


def put_zones(
    table: Found, sheet: CarrierSheet, understood: Understood, findings: Findings
) -> None:
    """Several zones of one destination as types of goods, so that an order names one."""
    place = understood.places.get("zone")
    if place is None:
        return
    goods = list(table.get("goods", [None] * sheet.n))
    named = [key for key in ("country", "line", "start") if key in table]
    keys = [(*(str(table[key][row]) for key in named), str(goods[row])) for row in range(sheet.n)]
    skipped = {row for row in range(sheet.n) if not sheet.filled(row)}
    zones = with_zones(goods, [as_written(cell) for cell in sheet.column(place.at)], keys, skipped)
    if zones:
        table["goods"] = goods
        findings.note("zones", header=place.header.text, zones=list(zones[:12]))


def put_notes(table: Found, sheet: CarrierSheet, asked: Asked, findings: Findings) -> None:
    """Prices that the user leaves out, and fuel that was put in, stand in the card's notes."""
    told_of = {**asked.remembered, **asked.columns}
    said = {header_text(header): key for header, key in told_of.items()}
    without = [label for label in sheet.labels if said.get(label) == "ignore" and is_priced(label)]
    words = RateSheetProblem.wording
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
