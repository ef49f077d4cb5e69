"""A sheet of weights by countries: each cell is what a parcel up to that weight costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sellersheet import countries
from sellersheet.intake.grid import Grid
from sellersheet.intake.headers import listed
from sellersheet.intake.vocabulary import header_text, meaning, parsed
from sellersheet_workbook.rate_import.bands import factor, likely_unit
from sellersheet_workbook.rate_import.destinations import country_of
from sellersheet_workbook.rate_import.found import RateSheetProblem
from sellersheet_workbook.rate_import.table import CarrierSheet, amounts_in, plain_text


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
    prices per kilogram do), the card is an RateSheetProblem that names what to do.
    """
    header = parsed(sheet.labels[0])
    rows = [row for row in range(sheet.n) if sheet.filled(row)]
    weights = [_number(sheet.column(0)[row]) for row in rows]
    plain = [weight for weight in weights if weight is not None]
    unit = header.unit or (likely_unit(plain) if plain else "")
    if len(plain) < len(weights) or not unit or sorted(set(plain)) != plain or header.per:
        raise _refusal(sheet, "")
    steps = [weight * factor(unit) for weight in plain]
    found: list[Row] = []
    for at, label in enumerate(sheet.labels):
        code = country_of(label) if at and label else None
        if at == 0 or not label:
            continue
        if code is None:
            raise _refusal(sheet, label)
        found += _column(sheet, at, code, rows, steps, currency)
    sheet.findings.note("matrix", header=sheet.labels[0], countries=_countries(sheet.labels))
    return found


def _column(
    sheet: CarrierSheet,
    at: int,
    code: str,
    rows: Sequence[int],
    steps: Sequence[Decimal],
    currency: str,
) -> list[Row]:
    found: list[Row] = []
    low, last = Decimal(0), Decimal(0)
    for row, high in zip(rows, steps, strict=True):
        cell = sheet.column(at)[row]
        if cell is not None:
            amounts = amounts_in(cell)
            if amounts is None or len(amounts) != 1 or amounts[0].per not in ("", "parcel"):
                raise _refusal(sheet, sheet.labels[at])
            if amounts[0].number < last or amounts[0].percent:
                raise _refusal(sheet, sheet.labels[at])
            last = amounts[0].number
            found.append(Row(code, low, high, last, amounts[0].currency or currency, row))
        low = high
    return found


def _number(cell: object) -> Decimal | None:
    text = plain_text("" if cell is None else cell).removesuffix("kg").strip()
    return Decimal(text) if text.replace(".", "", 1).isdigit() else None


def _refusal(sheet: CarrierSheet, header: str) -> RateSheetProblem:
    return RateSheetProblem("matrix_refused", headers=listed(sheet.labels), header=header or "—")


def _weight(text: str) -> bool:
    if not text:
        return False
    known = meaning(parsed(text), "rates")
    return known is not None and known.key in ("band", "to_g", "max_g")


def _countries(texts: Sequence[str]) -> int:
    return sum(bool(text) and countries.code(text) is not None for text in texts[1:])
