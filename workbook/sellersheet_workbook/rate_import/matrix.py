"""A sheet of weights by countries: each cell is what a parcel up to that weight costs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from sellersheet import countries
from sellersheet.intake.grid import Grid
from sellersheet.intake.headers import Place, listed
from sellersheet.intake.vocabulary import header_text, meaning, parsed
from sellersheet_workbook.rate_import.bands import read_bands, single_weights
from sellersheet_workbook.rate_import.destinations import country_of
from sellersheet_workbook.rate_import.found import RateSheetProblem
from sellersheet_workbook.rate_import.prices import format_currency, not_in_whole
from sellersheet_workbook.rate_import.table import CarrierSheet, amounts_in, format_unit


@dataclass(frozen=True, slots=True)
class Row:
    """A price of the matrix: grams above ``low`` up to ``high``, row of the sheet's body."""

    country: str
    low: Decimal
    high: Decimal
    price: Decimal
    currency: str
    row: int


def header_of(grid: Grid) -> tuple[int, tuple[str, ...]] | None:
    """The row that names a weight and, in two columns or more, countries; its texts."""
    for at, row in enumerate(grid.top):
        texts = tuple(header_text(cell) for cell in row)
        named = _countries(texts) if texts else 0
        if named > 1 and named * 2 >= len(texts) - 1 and _weight(texts[0]):
            return at, texts
    return None


def read(sheet: CarrierSheet, currency: str) -> list[Row]:
    """The prices, country by country.

    Where a cell is no price, a weight no single weight, or a price falls as weight grows (as
    prices per kilogram do), the card is a RateSheetProblem that names what to do.
    """
    rows = [row for row in range(sheet.n) if sheet.filled(row)]
    steps = _steps(sheet, rows)
    found: list[Row] = []
    wrong: list[str] = []
    for at, label in enumerate(sheet.labels):
        if at == 0 or not label:
            continue
        code, header = _destination(label), parsed(label)
        if code is None or header.per not in ("", "parcel"):
            raise _refusal(sheet, label)
        if not_in_whole(sheet, at, header):
            wrong.append(label)
        money = header.currency or format_currency(sheet, at) or currency
        found += _column(sheet, at, code, rows, steps, money)
    if wrong:
        raise RateSheetProblem("matrix_not_in_whole", headers=listed(wrong))
    sheet.findings.note("matrix", header=sheet.labels[0], countries=_countries(sheet.labels))
    if not any(row.currency for row in found):
        sheet.findings.note("taken_as_cny")
    return found


def _steps(sheet: CarrierSheet, rows: Sequence[int]) -> list[tuple[Decimal, Decimal]]:
    """The grams above which and up to which each row holds: bands, or single weights that each
    reach down to the one before."""
    label = sheet.labels[0]
    header, cells = parsed(label), [sheet.column(0)[row] for row in rows]
    unit = header.unit or format_unit(sheet, 0)
    singles = single_weights(cells, unit)
    if singles is not None:
        steps = list(zip([Decimal(0), *singles[:-1]], singles, strict=True))
    else:
        bands = read_bands(sheet, Place("band", header, 0, 0), unit)
        steps = [(band.low, band.high) for band in bands if band is not None]
        steps = steps if len(steps) == len(rows) else []
    sound = all(low < high for low, high in steps) and all(
        one[1] <= other[0] for one, other in pairwise(steps)
    )
    if not steps or not sound or header.per:
        raise _refusal(sheet, label)
    return steps


def _destination(label: str) -> str | None:
    """The country of a header that may name a currency or a unit beside it."""
    return (
        country_of(label)
        or country_of(re.sub(r"[(（].*?[)）]", "", label).strip())
        or countries.code(parsed(label).name)
    )


def _column(
    sheet: CarrierSheet,
    at: int,
    code: str,
    rows: Sequence[int],
    steps: Sequence[tuple[Decimal, Decimal]],
    currency: str,
) -> list[Row]:
    found: list[Row] = []
    last = Decimal(0)
    for row, (low, high) in zip(rows, steps, strict=True):
        cell = sheet.column(at)[row]
        if cell is not None:
            amounts = amounts_in(cell)
            if amounts is None or len(amounts) != 1 or amounts[0].per not in ("", "parcel"):
                raise _refusal(sheet, sheet.labels[at])
            if amounts[0].number < last or amounts[0].percent:
                raise _refusal(sheet, sheet.labels[at])
            last = amounts[0].number
            found.append(Row(code, low, high, last, amounts[0].currency or currency, row))
    return found


def _refusal(sheet: CarrierSheet, header: str) -> RateSheetProblem:
    return RateSheetProblem("matrix_refused", headers=listed(sheet.labels), header=header or "—")


def _weight(text: str) -> bool:
    if not text:
        return False
    known = meaning(parsed(text), "rates")
    return known is not None and known.key in ("band", "to_g", "max_g")


def _countries(texts: Sequence[str]) -> int:
    return sum(bool(text) and _destination(text) is not None for text in texts[1:])
