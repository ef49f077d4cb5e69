"""What is likely not meant as it stands in a table, what is told of it, and what the user says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from pandas.api.extensions import ExtensionArray

from sellersheet.cells import Cells, word
from sellersheet.intake.evidence import Evidence, Weights
from sellersheet.intake.headers import Place
from sellersheet.intake.layout import row_words
from sellersheet.money import Ints, Mask
from sellersheet.wording import LANGS, Lang, Wording

WORDS: Final = Wording("sellersheet.intake", "doubts.toml")
Weight = Literal["left", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Remark:
    """Something said of a whole table. ``warns``: what was computed may not be what is meant."""

    code: str
    fields: Mapping[str, object]
    warns: bool = False

    def text(self, lang: Lang) -> str:
        """The sentence."""
        return WORDS(f"remark_{self.code}", lang, **self.fields)

    @property
    def but_for_count(self) -> tuple[object, ...]:
        """What it says, but for how many it says it of."""
        fields = (item for item in self.fields.items() if item[0] != "count")
        return (self.code, *map(str, fields))


@dataclass(frozen=True)
class Asked:
    """What the user says about a table, over all that is known of it.

    ``columns`` says which column a header stands for, ``remembered`` what was said at an
    earlier time. ``header_row`` is counted as the user counts rows. ``currency`` is that of
    amounts whose currency nothing tells. ``keep``: orders that were not paid are computed.
    ``today``, days since 1970-01-01: order dates after it are doubted. ``needed`` are columns
    without which the table is of no use here. ``words`` says for a
    column what a word, without case and spaces, stands for; "" is a blank of a filled row.
    ``per_order`` are columns, by header or key, whose amounts or weights are those of the whole
    order and stand on each of its lines.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    remembered: Mapping[str, str] = field(default_factory=dict)
    header_row: int | None = None
    currency: str = ""
    keep: bool = False
    day_first: bool | None = None
    today: int | None = None
    needed: tuple[str, ...] = ()
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    per_order: tuple[str, ...] = ()


NOTHING_ASKED: Final = Asked()


def merged(remarks: Iterable[Remark]) -> tuple[Remark, ...]:
    """Each once; those that count rows count the rows of all."""
    found: dict[tuple[object, ...], Remark] = {}
    for remark in remarks:
        before = found.get(remark.but_for_count)
        if before is not None and "count" in remark.fields:
            counts: Any = (before.fields["count"], remark.fields["count"])
            remark = replace(remark, fields={**remark.fields, "count": sum(counts)})
        found[remark.but_for_count] = remark
    return tuple(found.values())


def weight_of(code: str) -> Weight:
    """How much a doubt weighs."""
    found: Weight = WORDS.messages[code]["weight"]  # type: ignore[assignment]
    return found


def told_on_screen(code: str) -> bool:
    """Whether how many rows the doubt is about is said where a table was read."""
    return weight_of(code) != "note" or "told" in WORDS.messages[code]


def of_rows(code: str, count: int) -> Remark:
    """What is said of that many rows which a doubt is about."""
    said = {f"what_{lang}": WORDS(code, lang) for lang in LANGS}
    return Remark("rows", {"count": count, **said}, warns=weight_of(code) == "warning")


def of_payment(
    status: npt.NDArray[np.object_] | None, paid_on: npt.NDArray[np.object_] | None
) -> dict[str, Mask]:
    """Which orders were not paid, by their status, the time of their payment or both."""
    n = len(next(texts for texts in (status, paid_on) if texts is not None))
    none = np.zeros(n, dtype=bool)
    says = {name: _among(status, name) for name in ("not_paid", "cancelled", "closed")} if (
        status is not None
    ) else dict.fromkeys(("not_paid", "cancelled", "closed"), none)  # fmt: skip
    untimed = none if paid_on is None else _among(paid_on, "no_time")
    not_paid = says["not_paid"] | (untimed & ~says["cancelled"] & ~says["closed"])
    closed = says["closed"]
    return {
        "cancelled": says["cancelled"],
        "not_paid": not_paid,
        "closed_unpaid": closed & untimed,
        "closed_paid": closed & ~untimed if paid_on is not None else none,
        "closed_unknown": closed if paid_on is None else none,
    }


def kilograms(place: Place, weight: Cells, totals: Mask, evidence: Evidence | None = None) -> Mask:
    """Bare weights that are likely kilograms, under a header that names no unit."""
    if weight.bare is None or place.unit:
        return np.zeros(len(weight.values), dtype=bool)
    asked: Mask = weight.bare & (weight.values > 0) & ~totals  # 0 where none is known
    weights = Weights.of(weight.values[asked]) if evidence is None else evidence.weights
    return asked if weights.likely_kilos else asked & (weight.values < 1)


def in_future(days: Ints, asked: Mask, today: int) -> Mask:
    """Days after tomorrow's: a time zone may put an order of today there. 0 where none is known."""
    found: Mask = asked & (days > today + 1)
    return found


def repeated(columns: Iterable[npt.NDArray[Any] | ExtensionArray], orders: Ints, use: Mask) -> Mask:
    """Rows that equal an earlier one of their order, told by its number, in every column.

    After each column only the rows that may still have an equal are looked at.
    """
    found = np.zeros(len(use), dtype=bool)
    rows = np.flatnonzero(use)
    codes = orders[rows]
    for column in columns:
        again = np.bincount(codes)[codes] > 1
        if not again.any():
            return found
        rows, codes = rows[again], codes[again]
        own, distinct = pd.factorize(pd.Series(column.take(rows)))
        codes = pd.factorize(codes * (len(distinct) + 1) + own)[0].astype(np.int64)
    found[rows] = pd.Series(codes).duplicated().to_numpy()
    return found


def _among(cells: npt.NDArray[np.object_], name: str) -> Mask:
    codes, distinct = pd.factorize(cells)
    words = _words()[name]
    found: Mask = np.array([word(str(text)) in words for text in distinct], dtype=bool)[codes]
    return found


@cache
def _words() -> dict[str, frozenset[str]]:
    return {name: frozenset(map(word, texts)) for name, texts in row_words("payment").items()}
