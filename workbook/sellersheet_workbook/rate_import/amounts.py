"""What a cell of prices says: a number, or a sentence such as 36元/kg+16元/票."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from sellersheet.exchange import currency
from sellersheet.intake.vocabulary import price_unit
from sellersheet_workbook.rate_import.table import plain_text

_NONE: Final = frozenset(
    "- -- / — 无 不收 免 免费 包含 已含 none free n/a".split()  # noqa: SIM905
)
_LABELS: Final = frozenset(
    {"", "运费", "基础运费", "挂号费", "挂号", "处理费", "操作费", "票费", "freight", "handling"}
)
_THOUSANDS: Final = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
# A text that may be a thousand or a little over one.
_UNCLEAR: Final = re.compile(r"[1-9]\d{0,2}\.\d{3}")
_PART: Final = re.compile(
    r"(?P<before>[^\d+]*?)\s*(?P<number>\d+(?:\.\d+)?)\s*(?P<money>[^\d\s/%()]*)\s*"
    r"(?:(?P<percent>%)|/\s*(?:每\s*)?(?P<count>\d+(?:\.\d+)?)?\s*(?P<unit>[^\d\s/+]+))?"
)


@dataclass(frozen=True, slots=True)
class Amount:
    """One price: ``per`` is "" where only the header tells, else kg, 100g, parcel."""

    number: Decimal
    currency: str = ""
    per: str = ""
    percent: bool = False


def amounts_in(cell: object) -> list[Amount] | None:
    """The prices of a filled cell; none for a cell that says there is none, None where it is
    not understood."""
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int | float):
        return [Amount(Decimal(str(cell)))] if cell >= 0 else None
    text = plain_text(cell)
    if text in _NONE:
        return []
    text = _THOUSANDS.sub("", text)
    if _UNCLEAR.fullmatch(text):
        return None
    found = [_amount(part.strip()) for part in re.split(r"[+;,、]", text)]
    whole = [amount for amount in found if amount is not None]
    # 36,5 are no two prices: each part of a sentence says what it is for.
    told = len(whole) == 1 or all(amount.per or amount.percent for amount in whole)
    return whole if told and len(whole) == len(found) else None


def is_bare(cell: object) -> bool:
    """Whether the cell is a number above 0 that says nothing of what it is for."""
    found = amounts_in(cell) if cell is not None else None
    return bool(found) and any(
        not item.per and not item.percent and item.number for item in found or ()
    )


def _amount(text: str) -> Amount | None:
    hit = _PART.fullmatch(text)
    if hit is None:
        return None
    label, sign = hit["before"].strip().rstrip(":").strip(), ""
    if label not in _LABELS:
        label, sign = _signed(label)
        if label not in _LABELS:
            return None
    money = currency(hit["money"]) if hit["money"] else currency(sign) if sign else ""
    if (hit["money"] or sign) and not money:
        return None
    if hit["percent"]:
        return Amount(Decimal(hit["number"]) / 100, money, "", True)
    if hit["unit"] is None:
        return Amount(Decimal(hit["number"]), money)
    per = price_unit(hit["count"], hit["unit"])
    return Amount(Decimal(hit["number"]), money, per) if per else None


def _signed(text: str) -> tuple[str, str]:
    """A label and the currency that follows it."""
    for at in range(len(text)):
        if currency(text[at:].strip()):
            return text[:at].strip().rstrip(":").strip(), text[at:].strip()
    return text, ""
