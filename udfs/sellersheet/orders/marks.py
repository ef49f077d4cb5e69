"""Why a row's result is what it is: one bit a reason, worded once a combination."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum, IntFlag, auto
from functools import cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from sellersheet.intake.doubts import WORDS as DOUBTS
from sellersheet.money import Ints, share
from sellersheet.policy import View
from sellersheet.wording import Lang, Wording

WORDS: Final = Wording("sellersheet.orders", "reasons.toml")
# Stands in a sentence where each row has its own figure (F17).
FLOOR: Final = "\0"


class Status(IntEnum):
    """How far a row's result can be used; EMPTY is a row without any input, LEFT a row that
    is no order to be computed."""

    EMPTY = -1
    OK = 0
    NOTE = 1
    WARNING = 2
    ERROR = 3
    LEFT = 4


class Mark(IntFlag):
    """Reasons, from the least to the gravest. The names are the codes of ``reasons.toml``, or
    those of the doubts of reading."""

    RUSH_OPEN = auto()
    FREIGHT_ZERO = auto()
    FOUND_WITHOUT_SIDES = auto()
    GOODS_LOST_ASSUMED = auto()
    PAID_ZERO = auto()
    CONTINUED_LINE = auto()
    MERGED_AMOUNT = auto()
    WHOLE_ORDER = auto()
    REPEATED_AMOUNT = auto()
    SAME_LINE_TWICE = auto()
    REFUND_MISSING = auto()
    INSPECTION_OPEN = auto()
    MERGED_QUANTITY = auto()
    COST_SPOILT = auto()
    COST_SHARE = auto()
    LINE_REFUSED = auto()
    FUTURE_DATE = auto()
    NO_WEIGHT = auto()
    WEIGHT_UNIT = auto()
    NO_DESTINATION = auto()
    NO_LINE = auto()
    SEVERAL_LINES = auto()
    BEFORE_START = auto()
    NO_BAND = auto()
    SIDES_PARTLY = auto()
    DIVISOR_UNKNOWN = auto()
    TOO_LARGE = auto()
    NO_EXCHANGE = auto()
    NO_COUNTRY = auto()
    CLOSED_PAID = auto()
    CLOSED_UNKNOWN = auto()
    NO_RULE = auto()
    REFUSED = auto()
    TOTAL_ROW = auto()
    NOT_PAID = auto()
    CANCELLED = auto()
    CLOSED_UNPAID = auto()


_FIRST_WARNING: Final = Mark.REFUND_MISSING
_FIRST_ERROR: Final = Mark.NO_RULE
_FIRST_LEFT: Final = Mark.TOTAL_ROW

Marks = npt.NDArray[np.int64]
_TEXT: Final = pd.Series(["text"]).dtype  # that of pandas before 3 is object


def status(marks: Marks, empty: npt.NDArray[np.bool_]) -> npt.NDArray[np.int8]:
    """The status of every row, by its gravest mark."""
    found = np.select(
        [empty, marks >= _FIRST_LEFT, marks >= _FIRST_ERROR, marks >= _FIRST_WARNING, marks > 0],
        [Status.EMPTY, Status.LEFT, Status.ERROR, Status.WARNING, Status.NOTE],
        Status.OK,
    )
    return found.astype(np.int8)


class Told:
    """A text a row, kept as the number of each row's text among ``texts``: many rows have one."""

    def __init__(self, codes: npt.NDArray[np.integer[Any]], texts: list[str]) -> None:
        self.codes = codes
        self.texts = texts

    def __getitem__(self, row: int) -> str:
        return self.texts[int(self.codes[row])]

    def put(self, rows: Ints, texts: list[str]) -> None:
        """Other texts in the rows given."""
        self.codes[rows] = len(self.texts) + np.arange(len(rows))
        self.texts = [*self.texts, *texts]

    def objects(self) -> npt.NDArray[np.object_]:
        """The texts as Python's."""
        found: npt.NDArray[np.object_] = np.array(self.texts, dtype=object)[self.codes]
        return found

    def as_pandas(self) -> Any:
        """The texts as the type that pandas would find out they are, which takes it ten times as
        long."""
        if not isinstance(_TEXT, pd.StringDtype):
            return self.objects()
        try:
            distinct = pa.array(self.texts, pa.large_string())
        except UnicodeEncodeError:  # half of a surrogate pair, from a cut-off emoji
            return self.objects()
        return pd.array(distinct.take(pa.array(self.codes)), dtype=_TEXT)


def told_status(statuses: npt.NDArray[np.int8], lang: Lang) -> Told:
    """The statuses as people read them; blank for an empty row."""
    words = [WORDS(f"status_{item.name.lower()}", lang) for item in Status if item >= Status.OK]
    return Told(statuses + 1, ["", *words])


def status_words(statuses: npt.NDArray[np.int8], lang: Lang) -> npt.NDArray[np.object_]:
    """The same as Python's texts."""
    return told_status(statuses, lang).objects()


def reasons(marks: Marks, lang: Lang, fields: Mapping[str, object]) -> Told:
    """The sentences of every row's marks; blank where there is none.

    ``fields`` are the policy's figures that the sentences quote. A refused row is worded
    by its own issue and stays blank here.
    """
    codes, combinations = pd.factorize(marks)
    return Told(codes, [_sentences(int(marked), lang, fields) for marked in combinations])


def quoted_figures(policy: View) -> dict[str, str]:
    """The policy's figures that the sentences quote; where they changed over time, all of them."""
    operation = policy.money("operation_fee")
    passed = policy.ratio("buyer_return_refund_rate")
    oversize = operation + policy.money("oversize_surcharge")
    return {
        "rush_fee": _yuan(policy.money("rush_fee")),
        "refund": _yuan(share(operation, passed)),
        "refund_oversize": _yuan(share(oversize, passed)),
    }


def _yuan(cents: object) -> str:
    return " / ".join(f"¥{amount / 100:.2f}" for amount in np.unique(np.asarray(cents)))


def _sentences(marked: int, lang: Lang, fields: Mapping[str, object]) -> str:
    separator = "" if lang == "zh" else " "
    return separator.join(
        _sentence(code, lang).format_map({"floor": FLOOR, **fields}) for code in _codes(marked)
    )


@cache
def _codes(marked: int) -> tuple[str, ...]:
    """The codes of the sentences of these marks, the gravest first."""
    marks = Mark(marked) & ~Mark.REFUSED
    return tuple(str(mark.name).lower() for mark in reversed(Mark) if mark in marks)


def _sentence(code: str, lang: Lang) -> str:
    return WORDS(code, lang) if code in WORDS.messages else DOUBTS(code, lang)
