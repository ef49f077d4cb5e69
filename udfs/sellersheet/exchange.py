"""Exchange rates to CNY, dated, as whole units of 1e-9."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Final, NamedTuple

import numpy as np

from sellersheet import columns, money
from sellersheet.money import Floats, Ints, Mask
from sellersheet.wording import Problem, Wording

UNDATED: Final = -(2**31)  # the start of a rate that holds on every day
_SPOILT: Final = -1  # units of a rate that was given and can't be used
_MICRO: Final = 1_000_000
_MOST: Final = 9_000_000_000_000  # of any currency: in millionths it must fit int64
_WORDS: Final = {
    **dict.fromkeys(("¥", "CN¥", "RMB", "元", "人民币"), "CNY"),
    **dict.fromkeys(("$", "US$", "美元", "美金"), "USD"),
    **dict.fromkeys(("€", "欧元"), "EUR"),
    **dict.fromkeys(("£", "英镑"), "GBP"),
    **dict.fromkeys(("₽", "卢布"), "RUB"),
    **dict.fromkeys(("HK$", "港币", "港元"), "HKD"),
    "R$": "BRL",
}
# About how many CNY one unit was worth in 2024, for currencies of exports: a rate ten times as
# high or low is one for 100 units, as banks publish them, or one the other way round.
_ABOUT: Final = {
    "USD": 7.0,
    "GBP": 9.0,
    **dict.fromkeys(("EUR", "CHF"), 8.0),
    **dict.fromkeys(("AUD", "CAD", "NZD", "SGD"), 5.0),
    **dict.fromkeys(("AED", "ILS", "MYR", "PLN", "QAR", "SAR"), 1.9),
    **dict.fromkeys(("BRL", "DKK", "HKD", "NOK", "SEK"), 1.0),
    **dict.fromkeys(("CZK", "MXN", "ZAR"), 0.35),
    **dict.fromkeys(("PHP", "THB", "TWD", "UAH"), 0.18),
    **dict.fromkeys(("INR", "RUB"), 0.08),
    **dict.fromkeys(("HUF", "JPY"), 0.03),
    **dict.fromkeys(("CLP", "KRW"), 0.006),
    **dict.fromkeys(("COP", "IDR", "VND"), 0.0008),
}
_FAR: Final = 10


class ExchangeProblem(Problem):
    """An exchange rate that can't be used."""

    wording = Wording("sellersheet", "tables.toml")


def currency(word: str) -> str:
    """The three-letter code of a currency code, sign or name; "" for what is none."""
    plain = word.strip().upper()
    return _WORDS.get(plain) or (plain if plain in _codes() else "")


class _Dated(NamedTuple):
    starts: Ints  # ascending
    units: Ints


@dataclass(frozen=True, slots=True)
class FxRates:
    """CNY for one unit of each currency, by the day from which a rate holds.

    From a start on which a rate was given that can't be used there is none, rather than the one
    before it. ``unsure``: one was given of which not even the currency is known.
    """

    rates: Mapping[str, _Dated]
    unsure: bool = False

    @classmethod
    def fixed(cls, rates: Mapping[str, str | int | float | Decimal]) -> FxRates:
        """One rate a currency, whatever the day: ``{"USD": "7.1"}``."""
        return cls.of((word, UNDATED, _units(word, rate)) for word, rate in rates.items())

    @classmethod
    def of(
        cls,
        entries: Iterable[tuple[str, int, int]],
        spoilt: Iterable[tuple[str, int | None]] = (),
    ) -> FxRates:
        """Entries of currency, first day and units; no currency twice from one day. ``spoilt`` are
        currency and first day of what can't be used: "" and None for what is not known."""
        found: dict[str, dict[int, int]] = {}
        for word, start, units in entries:
            key = currency(word)
            if not key:
                raise ExchangeProblem("fx_currency", currency=word)
            if start in found.setdefault(key, {}):
                raise ExchangeProblem("fx_twice", currency=key)
            found[key][start] = units
        unsure = False
        for word, since in spoilt:
            if key := currency(word):
                known = found.setdefault(key, {})
                starts = [UNDATED, *known] if since is None else [since]
                known.update(dict.fromkeys(starts, _SPOILT))
            unsure |= not key
        return cls({key: _sorted(days) for key, days in found.items()}, unsure)

    def rates_on(self, currency: str, days: Ints, known: Mask) -> Ints:
        """Units of 1e-9 CNY on each of the days; 0 where no rate holds.

        A day that is not known takes a rate that holds on every day, and no other.
        """
        found: Ints = np.maximum(self._units_on(currency, days, known), 0)
        return found

    def spoilt_on(self, currency: str, days: Ints, known: Mask) -> Mask:
        """Where a rate was given for the day, and can't be used."""
        found: Mask = self._units_on(currency, days, known) == _SPOILT
        return found

    def _units_on(self, currency: str, days: Ints, known: Mask) -> Ints:
        if self.unsure:
            return np.full(len(days), _SPOILT, dtype=np.int64)
        if currency not in self.rates:
            return np.zeros(len(days), dtype=np.int64)
        starts, units = self.rates[currency]
        at = np.searchsorted(starts, days, side="right") - 1
        found = np.where(at >= 0, units[np.maximum(at, 0)], 0)
        always = units[0] if len(units) == 1 and starts[0] == UNDATED else 0
        return np.where(known, found, always)


def to_cents(amounts: Floats, units: Ints) -> Ints:
    """Foreign amounts of up to six decimals at those rates, in cents of CNY, rounded once.

    What comes to more than any amount may be is twice ``money.CENT_LIMIT``, to be refused.
    """
    sized = np.clip(amounts, -_MOST, _MOST)
    beyond = np.abs(sized) * (units / money.RATE_UNIT) > money.CENT_LIMIT / 50
    beyond |= sized != amounts
    micros = np.rint(np.where(beyond, 0, sized) * _MICRO).astype(np.int64)
    cents = money.mul_div(micros, units, _MICRO * money.RATE_UNIT // 100)
    return np.where(beyond, np.where(sized > 0, 2, -2) * money.CENT_LIMIT, cents)


def is_likely(word: str, units: int) -> bool:
    """Whether a rate is no more than ten times away from the usual one, where that is known."""
    about = _ABOUT.get(currency(word))
    return about is None or about / _FAR <= units / money.RATE_UNIT <= about * _FAR


def check_likely(word: str, units: int) -> None:
    """A rate that is likely one for 100 units, or the other way round, is an ExchangeProblem."""
    if not is_likely(word, units):
        about = _ABOUT[currency(word)]
        value = f"{units / money.RATE_UNIT:.9f}".rstrip("0").rstrip(".")
        raise ExchangeProblem("fx_far", currency=currency(word), value=value, about=f"{about:g}")


def _units(word: str, rate: str | int | float | Decimal) -> int:
    limits = columns.column("fx", "rate")
    try:
        value = Decimal(str(rate).strip())
    except InvalidOperation:
        value = Decimal("NaN")
    if not (value.is_finite() and (limits.low or 0) <= value <= (limits.high or 0)):
        raise ExchangeProblem("fx_rate", currency=word, value=rate)
    units = int((value * money.RATE_UNIT).to_integral_value())
    check_likely(word, units)
    return units


def _sorted(days: dict[int, int]) -> _Dated:
    starts = sorted(days)
    return _Dated(
        np.array(starts, dtype=np.int64),
        np.array([days[start] for start in starts], dtype=np.int64),
    )


@cache
def _codes() -> frozenset[str]:
    from babel.numbers import list_currencies  # loaded when a currency is first met

    return frozenset(list_currencies())
