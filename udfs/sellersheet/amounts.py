"""Texts that stand for a number: separators, currency signs, per cent, units.

Plain numbers, and well-formed ones with something before or after them, are converted with
their whole column: what stands around the digits is looked at once however many cells have
it. Only the texts that remain are looked at one by one. Units are listed here for headers,
cells and number formats alike.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sellersheet import exchange
from sellersheet.columns import Kind, Wrong
from sellersheet.money import Floats, Mask
from sellersheet.text_bytes import plain_numbers, three_decimals

Codes = npt.NDArray[np.uint8]

# For arrow's RE2. The digits are matched apart: one pattern for all of it is ten times slower.
_PLAIN: Final = r"^-?[0-9]{1,18}(\.[0-9]{0,18})?$"
_WELL_FORMED: Final = r"^([0-9]{1,3}(,[0-9]{3}){1,4}|[0-9]{1,18})(\.[0-9]{0,18})?$"
_DRESSED: Final = r"^(?P<before>[^\p{N}.,]*)(?P<digits>[0-9][0-9.,]*)(?P<after>[^\p{N}.,]*)$"
_ONE: Final = pa.scalar("1", type=pa.large_string())
_SHAPE: Final = re.compile(
    r"""(?P<open>\(?)\s*(?P<sign>[-+]?)\s*(?P<before>[^\d.,()%+-]*)(?P<inner>[-+]?)\s*
        (?P<digits>\d[\d.,'’\s]*|\.\d+)(?P<power>E[-+]?\d{1,4})?\s*
        (?P<after>[^\d.,()+-]*)(?P<close>\)?)""",
    re.VERBOSE | re.ASCII,
)
_DECIMAL: Final = re.compile(r"\d*\.?\d*", re.ASCII)
_GROUPED: Final = re.compile(r"\d{1,3}(,\d{3})+(\.\d*)?", re.ASCII)
# In a column of money 1.234 may be a thousand or a little over one: other cells settle it.
_POINT_AND_THREE: Final = r"(^|[^0-9.,])[1-9][0-9]{0,2}\.[0-9]{3}($|[^0-9.,])"
_SURELY_DECIMAL: Final = (
    r"(\.([0-9]{1,2}|[0-9]{4,18})([^0-9.,]|$)"
    r"|(^|[^0-9.,])(0|[0-9]{4,18})\.[0-9])"
)
_SURELY_GROUPED: Final = r"[0-9]\.[0-9]{3}[.,][0-9]"
# Of each kind of column: unit -> (in the column's own unit, names in lower case).
_KINDS: Final[dict[str, dict[str, tuple[float, tuple[str, ...]]]]] = {
    "grams": {
        "g": (1.0, ("g", "克", "gram", "grams")),
        "kg": (1000.0, ("kg", "kgs", "千克", "公斤")),
        "lb": (453.59237, ("lb", "lbs", "pound", "pounds", "磅")),
        "oz": (28.349523125, ("oz", "ounce", "ounces", "盎司")),
        "斤": (500.0, ("斤", "市斤")),
        "两": (50.0, ("两",)),
    },
    "cm": {
        "cm": (1.0, ("cm", "厘米")),
        "mm": (0.1, ("mm", "毫米")),
        "m": (100.0, ("m", "米")),
        "in": (2.54, ("in", "inch", "inches", "英寸")),
    },
}
CENTS: Final = "1/100"  # of the currency
THOUSANDS: Final = "1000+"  # of the currency: its cents are not there any more
_BESIDE: Final = {
    "%": ("%", "百分比"),
    "day": ("天", "d", "days", "day"),
    CENTS: ("分", "cent", "cents"),
    THOUSANDS: ("千", "千元", "百元", "万", "万元", "百万", "百万元", "k", "thousand", "thousands"),
}
# Name -> unit.
UNITS: Final[dict[str, str]] = {
    name: unit for kind in _KINDS.values() for unit, (_, names) in kind.items() for name in names
} | {name: unit for unit, names in _BESIDE.items() for name in names}
# How many of the column's own unit (grams, centimetres) a unit is.
FACTORS: Final[dict[str, float]] = {
    unit: factor for kind in _KINDS.values() for unit, (factor, _) in kind.items()
}
# The units of each kind of column, and what their names are in its own.
OF_KIND: Final = {kind: frozenset(units) for kind, units in _KINDS.items()}
NAMED: Final[dict[str, dict[str, float]]] = {
    kind: {name: factor for factor, names in units.values() for name in names}
    for kind, units in _KINDS.items()
}
# What a unit beside a number multiplies it by, in the column's own unit.
_UNITS: Final[dict[str, dict[str, float]]] = {
    kind: {name.upper(): factor for name, factor in named.items()} for kind, named in NAMED.items()
} | {"count": dict.fromkeys(("件", "个", "PCS", "天", "D", "T"), 1.0)}  # T+3 is three days


class Amount(NamedTuple):
    """What a text says: a number, the currency or unit beside it, or what is wrong.

    ``factor`` is what the unit or the sign % has multiplied the number by.
    """

    number: Decimal
    currency: str = ""
    wrong: Wrong = Wrong.NONE
    unit: str = ""
    factor: float = 1.0


class Amounts(NamedTuple):
    """The texts of a column: numbers in its own unit, what is wrong, the currency of each
    ("" where none is written), where a unit and where % is written."""

    number: Floats
    wrong: Codes
    currency: npt.NDArray[np.object_] | None = None
    united: Mask | None = None
    percent: Mask | None = None


def read_amount(text: str, kind: Kind) -> Amount:
    """One text as a number of that kind of column; 3.5% is 0.035."""
    plain = unicodedata.normalize("NFKC", text).replace("\u2212", "-").upper()
    found = _SHAPE.fullmatch(" ".join(plain.split()))
    if found is None or _odd_digits(text) or bool(found["open"]) != bool(found["close"]):
        return Amount(Decimal(0), "", Wrong.NOT_A_NUMBER)
    sign = found["sign"] + found["inner"] + found["open"]
    words = {"".join(found[part].split()) for part in ("before", "after")} - {""}
    units = [word for word in words if word in _UNITS.get(kind, {})]
    words -= set(units)
    percent = words == {"%"} and kind in ("rate", "number", "cost")
    priced = kind in ("money", "cost")
    currencies = {exchange.currency(word) for word in words} if priced else words
    known = percent or ("" not in currencies and len(currencies) <= int(priced))
    if not known or len(sign) > 1 or len(units) > 1:
        return Amount(Decimal(0), "", Wrong.NOT_A_NUMBER)
    digits = found["digits"].strip()
    if _GROUPED.fullmatch(digits):
        digits = digits.replace(",", "")
    elif not _DECIMAL.fullmatch(digits):
        return Amount(Decimal(0), "", Wrong.UNCLEAR_NUMBER)
    number = Decimal(digits + (found["power"] or ""))
    number = -number if sign in ("-", "(") else number
    if percent:
        return Amount(number / 100, unit="%", factor=0.01)
    unit = units[0] if units else ""
    factor = _UNITS[kind][unit] if unit else 1.0
    number = number * Decimal(str(factor)) if factor != 1 else number
    return Amount(number, next(iter(currencies), ""), unit=unit, factor=factor)


def _odd_digits(text: str) -> bool:
    """A circled ten or five squared, of which NFKC would make 10 and 52."""
    return not text.isascii() and any(unicodedata.category(letter) == "No" for letter in text)


def clear_numbers(kind: Kind, texts: pa.Array) -> Floats | None:
    """The texts as numbers, 0 where blank, where all are digits and none leaves a doubt."""
    if kind in ("money", "cost") and three_decimals(texts):
        return None
    return plain_numbers(texts)


def read_amounts(kind: Kind, texts: pa.Array, decimal: bool | None = None) -> Amounts:
    """The texts of a column as numbers in its own unit, and what is wrong with each.

    ``decimal`` says whether 1.234 is a little over one; None: the texts themselves do.
    """
    wrong = np.zeros(len(texts), dtype=np.uint8)
    if kind in ("money", "cost"):
        wrong[_unclear(texts, decimal)] = Wrong.UNCLEAR_NUMBER
    plain = pc.match_substring_regex(texts, _PLAIN)
    number = _cast(pc.if_else(plain, texts, "0")).copy()
    at = np.flatnonzero(~plain.to_numpy(zero_copy_only=False))
    if not at.size:
        return Amounts(number, wrong)
    found = _unusual(kind, texts.take(pa.array(at)))
    number[at] = found.number
    wrong[at] = np.where(wrong[at] != Wrong.NONE, wrong[at], found.wrong)
    currency = np.full(len(texts), "", dtype=object)
    currency[at] = found.currency
    united, percent = np.zeros(len(texts), dtype=bool), np.zeros(len(texts), dtype=bool)
    united[at], percent[at] = found.united, found.percent
    return Amounts(number, wrong, currency, united, percent)


def points_of(texts: pa.Array) -> tuple[bool, bool]:
    """Whether one of the texts is surely written with a decimal point, and one surely with
    points between thousands."""
    decimal = pc.any(pc.match_substring_regex(texts, _SURELY_DECIMAL)).as_py()
    grouped = pc.any(pc.match_substring_regex(texts, _SURELY_GROUPED)).as_py()
    return bool(decimal), bool(grouped)


def _unclear(texts: pa.Array, decimal: bool | None) -> Mask:
    """Where 1.234 stands and no other cell of the column tells what its point means."""
    doubtful = pc.match_substring_regex(texts, _POINT_AND_THREE)
    if not pc.any(doubtful).as_py():
        return np.zeros(len(texts), dtype=bool)
    if decimal is None:
        decimal = points_of(texts) == (True, False)
    if decimal:
        return np.zeros(len(texts), dtype=bool)
    found: Mask = doubtful.to_numpy(zero_copy_only=False)
    return found


def _unusual(kind: Kind, texts: pa.Array) -> Amounts:
    """Texts that are not plain numbers."""
    parts = pc.extract_regex(texts, _DRESSED)
    before, digits, after = (pc.struct_field(parts, [at]) for at in range(3))
    dress, factor = _one_by_one(kind, pc.binary_join_element_wise(before, after, _ONE))
    well_formed = pc.fill_null(pc.match_substring_regex(digits, _WELL_FORMED), False)
    clear = well_formed.to_numpy(zero_copy_only=False) & (dress.wrong == Wrong.NONE)
    clear &= np.abs(dress.number) == factor  # not where a full-width point made it a tenth
    bare = _cast(pc.replace_substring(pc.if_else(well_formed, digits, "0"), ",", ""))
    found = dress._replace(number=dress.number * bare)
    rest = np.flatnonzero(~clear)
    if rest.size:
        singly, _ = _one_by_one(kind, texts.take(pa.array(rest)))
        for all_of, some in zip(found, singly, strict=True):
            assert all_of is not None  # noqa: S101
            assert some is not None  # noqa: S101
            all_of[rest] = some
    return found


def _one_by_one(kind: Kind, texts: pa.Array) -> tuple[Amounts, Floats]:
    """Each distinct text through ``read_amount``, and the factors of units."""
    distinct = pc.fill_null(texts, "").dictionary_encode()
    codes = distinct.indices.to_numpy()
    read = [read_amount(text, kind) for text in distinct.dictionary.to_pylist()]
    numbers = np.array([float(amount.number) for amount in read])
    wrong = np.array([amount.wrong for amount in read], dtype=np.uint8)
    currencies = np.array([amount.currency for amount in read], dtype=object)
    units = np.array([amount.unit for amount in read], dtype=object)
    factors = np.array([amount.factor for amount in read])
    found = Amounts(
        numbers[codes],
        wrong[codes],
        currencies[codes],
        ((units != "") & (units != "%"))[codes],
        (units == "%")[codes],
    )
    return found, factors[codes]


def _cast(texts: pa.Array) -> Floats:
    found: Floats = texts.cast(pa.float64()).to_numpy()
    return found
