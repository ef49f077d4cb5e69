"""Texts that stand for a number: separators, currency signs, per cent, units.

Plain numbers, and well-formed ones with something before or after them, are converted with
their whole column: what stands around the digits is looked at once however many cells have
it. Only the texts that remain are looked at one by one.
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
from sellersheet.columns import Column, Kind
from sellersheet.exchange import FxRates
from sellersheet.money import Floats, Ints, Mask
from sellersheet.wrong import Wrong

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
_UNITS: Final[dict[Kind, frozenset[str]]] = {
    "grams": frozenset({"G", "克"}),
    "cm": frozenset({"CM", "厘米"}),
    "count": frozenset({"件", "个", "PCS", "天", "D", "T"}),  # T+3 is three days
}


class Amount(NamedTuple):
    """What a text says: a number, the currency beside it, or what is wrong."""

    number: Decimal
    currency: str = ""
    wrong: Wrong = Wrong.NONE


def read_amount(text: str, kind: Kind) -> Amount:
    """One text as a number of that kind of column; 3.5% is 0.035."""
    plain = unicodedata.normalize("NFKC", text).replace("\u2212", "-").upper()
    found = _SHAPE.fullmatch(" ".join(plain.split()))
    if found is None or _odd_digits(text) or bool(found["open"]) != bool(found["close"]):
        return Amount(Decimal(0), "", Wrong.NOT_A_NUMBER)
    sign = found["sign"] + found["inner"] + found["open"]
    words = {"".join(found[part].split()) for part in ("before", "after")} - {""}
    words -= _UNITS.get(kind, frozenset())
    percent = words == {"%"} and kind in ("rate", "number")
    currencies = {exchange.currency(word) for word in words} if kind == "money" else words
    known = percent or ("" not in currencies and len(currencies) <= int(kind == "money"))
    if not known or len(sign) > 1:
        return Amount(Decimal(0), "", Wrong.NOT_A_NUMBER)
    digits = found["digits"].strip()
    if _GROUPED.fullmatch(digits):
        digits = digits.replace(",", "")
    elif not _DECIMAL.fullmatch(digits):
        return Amount(Decimal(0), "", Wrong.UNCLEAR_NUMBER)
    number = Decimal(digits + (found["power"] or ""))
    number = -number if sign in ("-", "(") else number
    if percent:
        return Amount(number / 100)
    return Amount(number, next(iter(currencies), ""))


def _odd_digits(text: str) -> bool:
    """A circled ten or five squared, of which NFKC would make 10 and 52."""
    return not text.isascii() and any(unicodedata.category(letter) == "No" for letter in text)


def read_amounts(
    column: Column, texts: pa.Array, days: Ints, known: Mask, fx: FxRates | None
) -> tuple[Floats, Codes]:
    """The texts of a column as numbers in its own unit, and what is wrong with each.

    ``days`` are the days whose exchange rate counts, where they are ``known``.
    """
    plain = pc.match_substring_regex(texts, _PLAIN)
    number = _cast(pc.if_else(plain, texts, "0")).copy()
    wrong = np.zeros(len(texts), dtype=np.uint8)
    at = np.flatnonzero(~plain.to_numpy(zero_copy_only=False))
    if not at.size:
        return number, wrong
    number[at], wrong[at], currency = _unusual(column.kind, texts.take(pa.array(at)))
    for code in set(currency) - {"", column.unit or "CNY"}:
        rows = at[currency == code]
        if column.unit != "CNY":
            wrong[rows] = Wrong.OTHER_CURRENCY
            continue
        units = np.zeros(len(rows), dtype=np.int64)
        if fx is not None:
            units = fx.rates_on(code, days[rows], known[rows])
        number[rows] = exchange.to_cents(number[rows], units) / 100
        missing = Wrong.NO_RATE if fx is None or code not in fx.rates else Wrong.NO_RATE_YET
        wrong[rows] = np.where(units == 0, missing, Wrong.NONE)
    return number, wrong


def _unusual(kind: Kind, texts: pa.Array) -> tuple[Floats, Codes, npt.NDArray[np.object_]]:
    """Texts that are not plain numbers: number, what is wrong, currency."""
    parts = pc.extract_regex(texts, _DRESSED)
    before, digits, after = (pc.struct_field(parts, [at]) for at in range(3))
    number, wrong, currency = _one_by_one(kind, pc.binary_join_element_wise(before, after, _ONE))
    well_formed = pc.fill_null(pc.match_substring_regex(digits, _WELL_FORMED), False)
    clear = well_formed.to_numpy(zero_copy_only=False) & (wrong == Wrong.NONE)
    clear &= np.isin(np.abs(number), (1.0, 0.01))  # not where a full-width point made it 0.1
    number = number * _cast(pc.replace_substring(pc.if_else(well_formed, digits, "0"), ",", ""))
    rest = np.flatnonzero(~clear)
    if rest.size:
        singly = _one_by_one(kind, texts.take(pa.array(rest)))
        number[rest], wrong[rest], currency[rest] = singly
    return number, wrong, currency


def _one_by_one(kind: Kind, texts: pa.Array) -> tuple[Floats, Codes, npt.NDArray[np.object_]]:
    """Each distinct text through ``read_amount``."""
    distinct = pc.fill_null(texts, "").dictionary_encode()
    codes = distinct.indices.to_numpy()
    amounts = [read_amount(text, kind) for text in distinct.dictionary.to_pylist()]
    numbers = np.array([float(amount.number) for amount in amounts])
    wrong = np.array([amount.wrong for amount in amounts], dtype=np.uint8)
    currencies = np.array([amount.currency for amount in amounts], dtype=object)
    return numbers[codes], wrong[codes], currencies[codes]


def _cast(texts: pa.Array) -> Floats:
    found: Floats = texts.cast(pa.float64()).to_numpy()
    return found
