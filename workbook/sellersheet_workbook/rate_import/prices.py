"""Which columns of a price sheet are prices, of what kind; those that can't be applied."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from sellersheet.amounts import CENTS, THOUSANDS
from sellersheet.columns import column
from sellersheet.intake.headers import Fate, Place, Understood
from sellersheet.intake.missing import kind_fits
from sellersheet.intake.vocabulary import Header, meaning, parsed
from sellersheet_workbook.rate_import.bands import grams_of
from sellersheet_workbook.rate_import.found import RateSheetProblem, refuse_card
from sellersheet_workbook.rate_import.table import CarrierSheet, amounts_in, is_bare

Role = Literal["freight", "first", "step", "registration", "surcharge", "fuel"]
# Keys of prices: each may stand in several columns, and none is dropped.
SEVERAL: Final = frozenset(
    {
        "price",
        "per_kg",
        "first_price",
        "step_price",
        "registration",
        "surcharge",
        "fuel",
        "depends",
    }
)
_ROLES: Final[Mapping[str, Role]] = {
    "price": "freight", "per_kg": "freight", "first_price": "first", "step_price": "step",
    "registration": "registration", "surcharge": "surcharge", "fuel": "fuel",
}  # fmt: skip
_ORDER: Final[tuple[Role, ...]] = (
    "freight",
    "first",
    "step",
    "registration",
    "surcharge",
    "fuel",
)
_UNIT_ASKED: Final = {"fuel": "fuel_unit", "surcharge": "surcharge_unit"}
_LOOKS_PRICED: Final = re.compile(
    r"附加|加收|加价|[费价]$|[费价]\W|金额|surcharge|fee\b|price|cost|charge|amount", re.I
)


@dataclass(frozen=True, slots=True)
class Priced:
    """A column of prices. ``per`` is what its header says they are for."""

    role: Role
    header: str
    at: int
    per: str
    currency: str
    percent: bool = False  # bare numbers are per cent: 10 is 10 %


def priced_columns(
    understood: Understood, titled: tuple[str, str], sheet: CarrierSheet
) -> tuple[Priced, ...]:
    """The columns of prices in the order in which they are added up.

    ``titled`` are the currency and the price unit that a title names. What can't be applied
    is a RateSheetProblem that names each column and the way out.
    """
    found: list[Priced] = []
    wrong: list[RateSheetProblem] = []
    for key, places in understood.more.items():
        for place in places:
            if key == "depends":
                wrong += _depends(place, sheet)
            else:
                found.append(_priced(_ROLES[key], place, key, titled, sheet))
    for key, role in (("first_g", "first"), ("step_g", "step")):
        weight = understood.places.get(key)
        if weight is not None and _is_price(weight):
            found.append(_priced(role, weight, key, titled, sheet))
    wrong += [
        RateSheetProblem("not_in_whole", header=place.header.text)
        for key, places in understood.more.items()
        for place in places
        if key != "depends" and not_in_whole(sheet, place.at, place.header)
    ]
    for item in found:
        wrong += _without_unit(item, sheet)
    wrong += [
        RateSheetProblem("unknown_price", header=fate.header)
        for fate in understood.fates
        if _looks_priced(fate, sheet)
    ]
    wrong += _twice(found, sheet)
    refuse_card(wrong)
    return tuple(sorted(found, key=lambda item: _ORDER.index(item.role)))


def weight_place(understood: Understood, key: str) -> Place | None:
    """The column of that weight, where it is not a price headed by the weight."""
    place = understood.places.get(key)
    return None if place is None or _is_price(place) else place


def is_priced(header: str) -> bool:
    """Whether a header that the user leaves out names a price."""
    known = meaning(parsed(header), "rates")
    return known.key in SEVERAL if known else _LOOKS_PRICED.search(header) is not None


def _is_price(place: Place) -> bool:
    """首重(0.5kg), 续重(元/500g): a price, and the weight that it is for."""
    header = place.header
    return not header.unit and not place.said and bool(header.per or header.currency)


def _priced(
    role: Any, place: Place, key: str, titled: tuple[str, str], sheet: CarrierSheet
) -> Priced:
    header = place.header
    per = header.per
    if key == "per_kg" and (not per or place.said) and not grams_of(per):
        per = "kg"
    elif key == "per_kg" and not grams_of(per):
        per = ""  # 每公斤价(元/票) says two things
    elif not per and key == "price":
        per = titled[1]
    elif not per and role in ("registration", "first"):
        per = "parcel"
    if role == "registration" and grams_of(per):
        role = "surcharge"
    money = header.currency or format_currency(sheet, place.at) or titled[0]
    return Priced(role, header.text, place.at, per, money, header.unit == "%")


def not_in_whole(sheet: CarrierSheet, at: int, header: Header) -> bool:
    """Whether header or number formats say that the prices are in cents, or the header that they
    are in thousands: 万 in a format leaves the number whole."""
    shown = any(part.unit == CENTS for part in sheet.shown.get(at, ()))
    return shown or header.unit in (CENTS, THOUSANDS)


def format_currency(sheet: CarrierSheet, at: int) -> str:
    """The one currency that the number formats of a column name."""
    found = {part.currency for part in sheet.shown.get(at, ()) if part.currency}
    return found.pop() if len(found) == 1 else ""


def _cells(sheet: CarrierSheet, at: int) -> list[Any]:
    return [cell for cell in sheet.column(at) if cell is not None]


def _depends(place: Place, sheet: CarrierSheet) -> list[RateSheetProblem]:
    """What is charged only of some parcels: no card can say it."""
    for cell in _cells(sheet, place.at):
        found = amounts_in(cell)
        if found is None or any(item.number for item in found):
            value = str(cell).strip()
            return [RateSheetProblem("depends", header=place.header.text, value=value)]
    return []


def _without_unit(item: Priced, sheet: CarrierSheet) -> list[RateSheetProblem]:
    """A price that may be for a kilogram or for a parcel."""
    if item.per or item.role in ("first", "step", "registration"):
        return []
    rows = {int(row) for part in sheet.shown.get(item.at, ()) if part.percent for row in part.rows}
    for row, cell in enumerate(sheet.column(item.at)):
        if cell is None or not is_bare(cell):
            continue
        if item.role == "fuel" and (item.percent or row in rows):
            continue
        code = _UNIT_ASKED.get(item.role, "price_unit")
        return [RateSheetProblem(code, header=item.header, value=str(cell).strip())]
    return []


def _looks_priced(fate: Fate, sheet: CarrierSheet) -> bool:
    """A header that is not known, yet bears a price by its name, its unit or its cells."""
    if fate.how != "unused" or not fate.header:
        return False
    cells = _cells(sheet, fate.at)[:50]
    if not cells:
        return False
    header = parsed(fate.header)
    if header.per or header.currency:
        return True
    priced = [amounts_in(cell) for cell in cells]
    units = any(item.per or item.currency for found in priced if found for item in found)
    named = _LOOKS_PRICED.search(fate.header) is not None
    return units or (named and kind_fits(column("rates", "per_kg"), cells))


def _twice(found: Sequence[Priced], sheet: CarrierSheet) -> list[RateSheetProblem]:
    """Two columns of one price: which one holds is not for us to say."""
    groups: dict[tuple[str, str], Priced] = {}
    wrong = []
    for item in found:
        if item.role == "surcharge":
            continue
        kind = "kg" if grams_of(item.per) else item.per
        group = (item.role, kind if item.role == "freight" else "")
        first = groups.setdefault(group, item)
        if first is not item:
            wrong.append(RateSheetProblem("two_columns", first=first.header, second=item.header))
    return wrong
