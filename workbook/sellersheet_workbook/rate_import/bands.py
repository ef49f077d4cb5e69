"""Weights of a price sheet: bands in every form that carriers write, and single weights."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from sellersheet.amounts import FACTORS, OF_KIND, UNITS
from sellersheet.intake.headers import Place
from sellersheet_workbook.rate_import.table import CarrierSheet, plain_text

_SURELY_GRAMS: Final = 100  # a column that ends above this is never meant in kilograms
_SURELY_KILOS: Final = 30  # nor is one in grams that ends here: no card stops at 30 g
_UNIT: Final = r"(kgs?|千克|公斤|lbs?|pounds?|磅|oz|ounces?|盎司|grams?|g|克)?"
_N: Final = rf"(\d+(?:\.\d+)?)\s*{_UNIT}"
_W: Final = r"(?:w|weight|重量|实重|计费重|x)\s*\(?(?:kg|g|千克|公斤|克)?\)?"
_LESS: Final = r"(?:<=|=<|≤|≦|⩽)"
# 0-300, 0.3kg~0.75kg; whether the lower end belongs to it is told by the other bands.
_RANGE: Final = re.compile(rf"{_N}\s*(?:-|~|—|–|至|到|to)\s*{_N}")
_OPEN: Final = (
    re.compile(rf"{_N}\s*<\s*{_W}\s*{_LESS}\s*{_N}"),
    re.compile(rf"(?:{_W}\s*)?>\s*{_N}\s*(?:[,、;且&和]|and)?\s*(?:{_W}\s*)?{_LESS}\s*{_N}"),
    re.compile(rf"\(\s*{_N}\s*[,~-]\s*{_N}\s*\]"),
    re.compile(rf"()()(?:{_W}\s*)?{_LESS}\s*{_N}"),
    re.compile(rf"()(){_N}\s*(?:以下|以内|及以下|内)"),
    re.compile(rf"()()(?:不超过|不大于|up\s*to|within|max\.?)\s*{_N}"),
)
_CLOSED: Final = (
    re.compile(rf"{_N}\s*{_LESS}\s*{_W}\s*{_LESS}\s*{_N}"),
    re.compile(rf"\[\s*{_N}\s*[,~-]\s*{_N}\s*\]"),
)
_BRACKET: Final = re.compile(r"\(([^()\[\]]*)\)")
_NO_VOLUME: Final = re.compile(r"不计[抛泡]|不计体积|不抛|不算抛")
_THOUSANDS: Final = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_SINGLE: Final = re.compile(rf"{_LESS}?\s*{_N}(?:\s*/?\s*(?:票|件|包裹|parcel))?")
GRAM: Final = Decimal(1)


@dataclass(frozen=True, slots=True)
class _Band:
    low: Decimal
    low_unit: str
    high: Decimal
    high_unit: str
    form: str  # range, open, closed


@dataclass(frozen=True, slots=True)
class Ends:
    """A band in grams: above ``low``, up to ``high``. ``no_volume``: the cell says so."""

    low: Decimal
    high: Decimal
    no_volume: bool = False


def read_bands(sheet: CarrierSheet, place: Place, unit: str) -> list[Ends | None]:
    """The band of each row. Without any unit the column is in what its numbers must mean."""
    cells, header, findings = sheet.column(place.at), place.header.text, sheet.findings
    texts = [None if cell is None else _cleaned(plain_text(cell)) for cell in cells]
    read = [None if text is None else _band(text[0]) for text in texts]
    bare = [band.high for band in read if band and not (band.low_unit or band.high_unit or unit)]
    if bare and not unit:
        unit = likely_unit(bare)
        if unit:
            findings.note("grams" if unit == "g" else "kilos", header=header)
    found: list[Ends | None] = []
    forms: list[str] = []
    for row, (band, text) in enumerate(zip(read, texts, strict=True)):
        ends = None
        if band is not None:
            last = band.high_unit or band.low_unit or unit
            if last:
                ends = Ends(
                    band.low * factor(band.low_unit or last), band.high * factor(last),
                    bool(text and text[1]),
                )  # fmt: skip
        if text is not None and ends is None:
            code = "band_unit" if band is not None else "band"
            findings.refuse(row, code, header=header, value=str(cells[row]).strip())
        found.append(ends)
        forms.append(band.form if band else "")
    return _with_lower_ends(found, forms)


def read_weights(sheet: CarrierSheet, place: Place, unit: str) -> list[Decimal | None]:
    """Single weights in grams, under a header or with a unit of their own."""
    found: list[Decimal | None] = []
    for row, cell in enumerate(sheet.column(place.at)):
        value = None
        if cell is not None:
            hit = _SINGLE.fullmatch(_THOUSANDS.sub("", _cleaned(plain_text(cell))[0]))
            own = UNITS.get(hit[2] or "", unit) if hit else ""
            if hit and own:
                value = Decimal(hit[1]) * factor(own)
            else:
                told = {"header": place.header.text, "value": str(cell).strip()}
                sheet.findings.refuse(row, "weight", **told)
        found.append(value)
    return found


def single_weights(cells: Sequence[Any], unit: str) -> list[Decimal] | None:
    """Single weights in grams, from light to heavy; None where one is none, or where nothing tells
    their unit."""
    hits = [_SINGLE.fullmatch(_THOUSANDS.sub("", _cleaned(plain_text(cell))[0])) for cell in cells]
    found = [(Decimal(hit[1]), hit[2] or unit) for hit in hits if hit]
    bare = [number for number, own in found if not own]
    spare = likely_unit(bare) if bare else ""
    if not found or len(found) < len(hits) or (bare and not spare):
        return None
    grams = [number * factor(own or spare) for number, own in found]
    return grams if sorted(set(grams)) == grams else None


def bare_weights(cells: Sequence[Any]) -> list[Decimal]:
    """The numbers without a unit."""
    texts = (plain_text(cell) for cell in cells if cell is not None)
    hits = [_SINGLE.fullmatch(_THOUSANDS.sub("", text)) for text in texts]
    return [Decimal(hit[1]) for hit in hits if hit and not hit[2]]


def likely_unit(ends: Sequence[Decimal]) -> str:
    """g or kg, where the ends of bands can be meant in one only."""
    highest = max(ends)
    return "g" if highest > _SURELY_GRAMS else "kg" if 0 < highest <= _SURELY_KILOS else ""


def factor(unit: str) -> Decimal:
    """Grams in the unit."""
    return Decimal(str(FACTORS.get(UNITS.get(unit, unit), 1)))


def grams_of(per: str) -> Decimal | None:
    """The grams that a price is for: kg, 100g, 1lb; None for a parcel."""
    hit = re.fullmatch(r"(\d+(?:\.\d+)?)?(.+)", per)
    known = hit is not None and hit[2] in OF_KIND["grams"]
    return Decimal(hit[1] or 1) * factor(hit[2]) if hit and known else None


def _cleaned(text: str) -> tuple[str, bool]:
    """Without what stands in brackets beside the numbers; whether that says: no volume."""
    no_volume = _NO_VOLUME.search(text) is not None
    text = _BRACKET.sub(
        lambda note: note[1] if note[1].strip() in UNITS else note[0] if re.search(
            r"\d", note[1]) else "", text)  # fmt: skip
    text = re.sub(r"\(?(?:不计[抛泡]|不计体积重?|不抛|不算抛)\)?", "", text)
    return text.strip(), no_volume


def _band(text: str) -> _Band | None:
    for form, patterns in (("open", _OPEN), ("closed", _CLOSED), ("range", (_RANGE,))):
        for pattern in patterns:
            hit = pattern.fullmatch(text) or pattern.fullmatch(_THOUSANDS.sub("", text))
            if hit:
                low, low_unit, high, high_unit = hit.groups()
                return _Band(
                    Decimal(low or 0), low_unit or "", Decimal(high), high_unit or "", form
                )
    return None


def _with_lower_ends(found: list[Ends | None], forms: Sequence[str]) -> list[Ends | None]:
    """A card's bands lie above their lower end. 301-750 after 0-300 begins above 300, and so
    does whatever begins a gram above a round weight."""
    highs = {ends.high for ends in found if ends}
    mended: list[Ends | None] = []
    for ends, form in zip(found, forms, strict=True):
        if ends is not None and ends.low > 0:
            below = ends.low - GRAM
            from_it = form == "range" and (below in highs or ends.low % 10 == 1)
            if form == "closed" or from_it:
                ends = Ends(max(below, Decimal(0)), ends.high, ends.no_volume)
        mended.append(ends)
    return mended


def above(lows: Sequence[Decimal | None], highs: Sequence[Decimal | None]) -> list[Decimal | None]:
    """The same for columns of lower and upper ends."""
    pairs = [
        Ends(low, high) if low is not None and high is not None else None
        for low, high in zip(lows, highs, strict=True)
    ]
    mended = _with_lower_ends(pairs, ["range"] * len(pairs))
    return [pair.low if pair else low for pair, low in zip(mended, lows, strict=True)]
