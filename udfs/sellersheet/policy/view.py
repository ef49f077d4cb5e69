"""The numbers in force on a day, or on every row's own day, for the rules."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from math import lcm
from typing import Any, Final, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from sellersheet.days import date_of, epoch_day
from sellersheet.money import Ints, Ratio
from sellersheet.policy.kinds import MONEY, RATIOS, WHOLE, Bilingual, Record
from sellersheet.policy.model import PolicyValue
from sellersheet.policy.problems import PolicyProblem, said
from sellersheet.wording import Lang

_EMPTY: Final[Mapping[str, Any]] = {"choice": "", "text": Bilingual("", "")}


class Track(NamedTuple):
    """A value over time, ready for look-up. Position 0 is the time before the first start."""

    starts: tuple[int, ...]  # epoch days
    days: Ints
    numbers: tuple[int, ...]  # cents, whole units, or numerators over ``den``
    column: Ints
    den: int
    exact: tuple[Any, ...]


def track(value: PolicyValue) -> Track:
    """The entries of a value laid out for look-up."""
    starts = tuple(epoch_day(entry.start) for entry in value.entries)
    exact = tuple(entry.value for entry in value.entries)
    den = 1
    numbers: tuple[int, ...] = ()
    if value.kind in RATIOS:
        den = lcm(*(item.denominator for item in exact))
        numbers = (0, *(int(item * den) for item in exact))
    elif value.kind in MONEY | WHOLE:
        numbers = (0, *exact)
    column = np.array(numbers, dtype=np.int64)
    empty = _EMPTY.get(value.kind, ())
    return Track(starts, np.array(starts, np.int64), numbers, column, den, (empty, *exact))


class Values(Protocol):
    """What a view looks into: a policy."""

    def value(self, name: str) -> PolicyValue:
        """The value of that name with its entries."""

    def track(self, name: str) -> Track:
        """Its entries laid out for look-up."""


class View:
    """The policy on one day, or on one day a row.

    Where all rows fall into one period the answers are plain numbers; else they are arrays,
    one element a row. Before the first start a number is 0 and a text or list is empty:
    ``known`` says for which rows rules are on record.
    """

    __slots__ = ("_days", "_first", "_kept", "_last", "_policy", "_positions")

    def __init__(self, policy: Values, days: date | int | npt.NDArray[Any]) -> None:
        self._policy = policy
        self._days: Ints | None = None
        self._positions: dict[tuple[int, ...], Ints] = {}
        # A single day is asked the same few things by cell after cell: a value by its name,
        # whether values are known by their names.
        self._kept: dict[str | tuple[str, ...], Any] = {}
        if isinstance(days, date):
            self._first = self._last = epoch_day(days)
        elif not isinstance(days, np.ndarray):
            self._first = self._last = int(days)
        else:
            self._days = _whole_days(days)
            # No rows: any day will do, and one after every start keeps ``known`` true.
            self._first = int(self._days.min()) if days.size else epoch_day(date.max)
            self._last = int(self._days.max()) if days.size else epoch_day(date.max)

    def money(self, name: str) -> Any:
        """Cents: ``int`` or one int64 a row."""
        found = self._kept.get(name)
        return self._number(name, MONEY) if found is None else found

    def number(self, name: str) -> Any:
        """Days, hours, months, grams, cm or a count: ``int`` or one int64 a row."""
        found = self._kept.get(name)
        return self._number(name, WHOLE) if found is None else found

    def ratio(self, name: str) -> Ratio:
        """A rate or number as an exact ratio; its numerator may be an array."""
        found = self._kept.get(name)
        if found is None:
            found = Ratio(self._number(name, RATIOS), self._policy.track(name).den)
            self._kept[name] = found
        return found

    def choice(self, name: str) -> Any:
        """The reading chosen: text, or an object array of texts."""
        found = self._track(name, ("choice",))
        low, high = self._span(found)
        if len(set(found.exact[low : high + 1])) == 1:
            return found.exact[low]
        texts = np.empty(len(found.exact), dtype=object)
        texts[:] = found.exact
        return texts[self._at(found)]

    def words(self, name: str) -> tuple[str, ...]:
        """A list of words that holds for all rows."""
        words: tuple[str, ...] = self._one(name, "words")
        return words

    def table(self, name: str) -> tuple[Record, ...]:
        """A table that holds for all rows."""
        records: tuple[Record, ...] = self._one(name, "table")
        return records

    def text(self, name: str, lang: Lang) -> str:
        """A text that holds for all rows."""
        both: Bilingual = self._one(name, "text")
        return both.text(lang)

    def known(self, names: str | Iterable[str]) -> Any:
        """Whether rules are on record for all these values: a bool, or a mask over the rows."""
        names = (names,) if isinstance(names, str) else tuple(names)
        if names in self._kept:
            return self._kept[names]
        first = max((self._policy.track(name).starts[0] for name in names), default=self._first)
        if self._days is None or self._first >= first or self._last < first:
            self._kept[names] = self._first >= first
            return self._kept[names]
        return self._days >= first

    def parts(self, names: Iterable[str]) -> Iterator[tuple[Ints | slice, View]]:
        """The rows by period: within each part none of these values changes."""
        starts = sorted({start for name in names for start in self._policy.track(name).starts})
        low, high = bisect_right(starts, self._first), bisect_right(starts, self._last)
        if self._days is None or low == high:
            yield slice(None), self
            return
        periods = np.searchsorted(np.array(starts, np.int64), self._days, side="right")
        for period in np.unique(periods):
            rows = np.flatnonzero(periods == period)
            yield rows, View(self._policy, self._days[rows])

    def _track(self, name: str, kinds: Iterable[str]) -> Track:
        kind = self._policy.value(name).kind
        if kind not in kinds:
            raise TypeError(f"{name} is of the kind {kind}")
        return self._policy.track(name)

    def _span(self, found: Track) -> tuple[int, int]:
        """The positions of the first and the last day."""
        return bisect_right(found.starts, self._first), bisect_right(found.starts, self._last)

    def _at(self, found: Track) -> Ints:
        """The position of every row; values that change on the same days share it."""
        rows = self._positions.get(found.starts)
        if rows is None and self._days is not None:
            rows = np.searchsorted(found.days, self._days, side="right").astype(np.int64)
            self._positions[found.starts] = rows
        if rows is None:
            raise TypeError("a single day has no rows")
        return rows

    def _number(self, name: str, kinds: Iterable[str]) -> Any:
        found = self._track(name, kinds)
        low, high = self._span(found)
        if low == high or len(set(found.numbers[low : high + 1])) == 1:
            self._kept[name] = found.numbers[low]
            return found.numbers[low]
        return found.column[self._at(found)]

    def _one(self, name: str, kind: str) -> Any:
        found = self._track(name, (kind,))
        low, high = self._span(found)
        # Rows before the first start are masked by ``known``: the others decide.
        low = min(max(low, 1), high)
        for position in range(low + 1, high + 1):
            if found.exact[position] != found.exact[low]:
                on = date_of(found.starts[position - 1])
                value = self._policy.value(name)
                title = said("title", zh=value.zh, en=value.en)
                raise PolicyProblem("changes_within", title=title, name=name, on=on.isoformat())
        return found.exact[low]


def _whole_days(days: npt.NDArray[Any]) -> Ints:
    if days.dtype.kind == "M":
        return days.astype("datetime64[D]").astype(np.int64)
    if days.dtype.kind not in "iu":
        raise TypeError(f"epoch days are whole numbers, not {days.dtype}")
    return days.astype(np.int64, copy=False)
