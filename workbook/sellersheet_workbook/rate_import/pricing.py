"""The prices of each row of a sheet as those of a rate card's row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from sellersheet_workbook.rate_import.bands import grams_of
from sellersheet_workbook.rate_import.found import Findings
from sellersheet_workbook.rate_import.prices import Priced
from sellersheet_workbook.rate_import.table import Amount, CarrierSheet, amounts_in

_CENT: Final = Decimal("0.01")
_ZERO: Final = Decimal(0)


@dataclass
class RowPrice:
    """What one row costs. Freight by weight and by parcel stand apart from what is added."""

    per_kg: Decimal | None = None
    parcel: Decimal | None = None
    first: Decimal | None = None
    step: Decimal | None = None
    registration: Decimal | None = None
    extra_kg: Decimal = _ZERO
    first_g: Decimal | None = None
    step_g: Decimal | None = None
    fuel: Decimal = _ZERO
    currencies: set[str] = field(default_factory=set)

    def columns(self) -> dict[str, Decimal]:
        """Keys of a rate card and their values; fuel goes on freight, not on fees."""
        up = 1 + self.fuel
        found: dict[str, Decimal] = {}
        per_kg = (self.per_kg or _ZERO) * up + self.extra_kg
        parcel = None if self.parcel is None else self.parcel * up
        registration = self.registration
        if self.per_kg is not None or self.extra_kg:
            found["per_kg"] = per_kg
            if parcel is not None:
                registration, parcel = (registration or _ZERO) + parcel, None
        if self.first is not None:
            found["first_price"] = self.first * up
        elif parcel is not None:
            found["first_price"] = parcel
        if self.step is not None:
            found["step_price"] = self.step * up
        if registration is not None:
            found["registration"] = registration
        found |= {
            key: value
            for key, value in (("first_g", self.first_g), ("step_g", self.step_g))
            if value is not None
        }
        return found

    @property
    def mixed(self) -> bool:
        """Whether a surcharge per kilogram stands beside first and step prices."""
        return bool(self.extra_kg) and (self.first is not None or self.step is not None)


def price_rows(columns: Sequence[Priced], sheet: CarrierSheet) -> list[RowPrice | None]:
    """The price of each filled row; a row whose cells are not understood is refused."""
    return [_row(columns, sheet, row) if sheet.filled(row) else None for row in range(sheet.n)]


def as_cents(value: Decimal, findings: Findings) -> Decimal:
    """A price as a rate card keeps it, to the cent."""
    rounded = value.quantize(_CENT, ROUND_HALF_UP)
    if rounded != value:
        findings.note("rounded")
    return rounded


def _row(columns: Sequence[Priced], sheet: CarrierSheet, row: int) -> RowPrice | None:
    found, findings = RowPrice(), sheet.findings
    for item in columns:
        cell = sheet.column(item.at)[row]
        if cell is None:
            if (row, item.at) in sheet.uncached:
                findings.refuse(row, "uncached", header=item.header)
                return None
            continue
        amounts = amounts_in(cell)
        if amounts is None or (not amounts and item.role == "freight"):
            findings.refuse(row, "price", header=item.header, value=str(cell).strip())
            return None
        percent = item.percent or any(
            part.percent and row in part.rows for part in sheet.shown.get(item.at, ())
        )
        for amount in amounts:
            if not _add(found, item, amount, percent and isinstance(cell, int | float), findings):
                findings.refuse(row, "price", header=item.header, value=str(cell).strip())
                return None
            money = amount.currency or item.currency
            found.currencies |= {money} if money and not amount.percent else set()
    if found.mixed:
        surcharges = [item.header for item in columns if item.role in ("surcharge", "fuel")]
        findings.refuse(row, "kg_on_steps", header=surcharges)
        return None
    return found


def _add(
    found: RowPrice, item: Priced, amount: Amount, formatted: bool, findings: Findings
) -> bool:
    """Put one amount where it belongs; no where it belongs nowhere."""
    if item.role == "fuel" and (amount.percent or not (amount.per or item.per)):
        return _fuel(found, item, amount, formatted, findings)
    if amount.percent:
        return False
    per = amount.per or item.per
    grams = grams_of(per)
    if item.role in ("surcharge", "fuel"):
        if grams is not None:
            found.extra_kg += amount.number * 1000 / grams
        elif per == "parcel":
            found.registration = (found.registration or 0) + amount.number
        else:
            return amount.number == 0
        if amount.number:
            findings.note("added", header=item.header)
    elif item.role == "freight":
        return _freight(found, item, amount, per, grams, findings)
    elif item.role == "first":
        found.first, found.first_g = amount.number, grams
    elif item.role == "step":
        found.step, found.step_g = amount.number, grams
    else:
        found.registration = (found.registration or 0) + amount.number
    return True


def _freight(
    found: RowPrice, item: Priced, amount: Amount, per: str, grams: Decimal | None,
    findings: Findings,
) -> bool:  # fmt: skip
    if grams is not None:
        found.per_kg = (found.per_kg or _ZERO) + amount.number * 1000 / grams
        if grams not in (1, 1000):
            findings.note("per_grams", header=item.header, grams=f"{grams.normalize():f}")
    elif per == "parcel" and amount.per and found.per_kg is not None:
        found.registration = (found.registration or _ZERO) + amount.number  # 36元/kg+16元/票
    elif per == "parcel":
        found.parcel = (found.parcel or _ZERO) + amount.number
    else:
        return False
    return True


def _fuel(
    found: RowPrice, item: Priced, amount: Amount, formatted: bool, findings: Findings
) -> bool:
    share = amount.number
    if not amount.percent:
        if share == 0:
            return True
        if item.percent:
            share /= 100
        elif not formatted:
            return False
    if share > 1:
        return False
    found.fuel += share
    if share:
        findings.note("fuel", header=item.header)
    return True
