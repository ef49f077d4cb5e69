"""Why a row's result is what it is: one bit a reason, worded once a combination."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum, IntFlag
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from sellersheet.money import share
from sellersheet.policy import View
from sellersheet.wording import Lang, Wording

WORDS: Final = Wording("sellersheet.orders", "reasons.toml")
# Stands in a sentence where each row has its own figure (F17).
FLOOR: Final = "\0"


class Status(IntEnum):
    """How far a row's result can be used; EMPTY is a row without any input."""

    EMPTY = -1
    OK = 0
    NOTE = 1
    WARNING = 2
    ERROR = 3


class Mark(IntFlag):
    """Reasons, from the least to the gravest. The names are the codes of ``reasons.toml``."""

    RUSH_OPEN = 1
    FREIGHT_ZERO = 2
    FOUND_WITHOUT_SIDES = 4
    GOODS_LOST_ASSUMED = 8
    PAID_ZERO = 16
    REFUND_MISSING = 32
    INSPECTION_OPEN = 64
    LINE_REFUSED = 128
    NO_WEIGHT = 256
    NO_DESTINATION = 512
    NO_LINE = 1024
    SEVERAL_LINES = 2048
    BEFORE_START = 4096
    NO_BAND = 8192
    SIDES_PARTLY = 16384
    DIVISOR_UNKNOWN = 32768
    TOO_LARGE = 65536
    NO_EXCHANGE = 131072
    NO_COUNTRY = 262144
    NO_RULE = 524288
    REFUSED = 1048576


_FIRST_WARNING: Final = Mark.REFUND_MISSING
_FIRST_ERROR: Final = Mark.NO_RULE

Marks = npt.NDArray[np.int32]


def status(marks: Marks, empty: npt.NDArray[np.bool_]) -> npt.NDArray[np.int8]:
    """The status of every row, by its gravest mark."""
    found = np.select(
        [empty, marks >= _FIRST_ERROR, marks >= _FIRST_WARNING, marks > 0],
        [Status.EMPTY, Status.ERROR, Status.WARNING, Status.NOTE],
        Status.OK,
    )
    return found.astype(np.int8)


def status_words(statuses: npt.NDArray[np.int8], lang: Lang) -> npt.NDArray[np.object_]:
    """The statuses as people read them; blank for an empty row."""
    words = [WORDS(f"status_{item.name.lower()}", lang) for item in Status if item >= Status.OK]
    return np.array(["", *words], dtype=object)[statuses + 1]


def reasons(marks: Marks, lang: Lang, fields: Mapping[str, object]) -> npt.NDArray[np.object_]:
    """The sentences of every row's marks; blank where there is none.

    ``fields`` are the policy's figures that the sentences quote. A refused row is worded
    by its own issue and stays blank here.
    """
    codes, combinations = pd.factorize(marks)
    texts = [_sentences(Mark(int(marked)), lang, fields) for marked in combinations]
    return np.array(texts, dtype=object)[codes]


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


def _sentences(marked: Mark, lang: Lang, fields: Mapping[str, object]) -> str:
    codes = [mark.name for mark in reversed(Mark) if mark in marked and mark is not Mark.REFUSED]
    separator = "" if lang == "zh" else " "
    return separator.join(
        WORDS(name.lower(), lang).format_map({"floor": FLOOR, **fields})
        for name in codes
        if name is not None
    )
