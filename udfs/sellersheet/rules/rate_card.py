"""A rate card: rows by destination, line, goods, start and weight band. F8, F9.

The rows of one destination, line and goods that start on one day are a *version*; it
replaces all earlier rows of that line, also where rows of it are wrong: then their weights are
not on record, and no older price counts in their place. Bands of a version may not overlap; a
gap between them is told, and a weight in it is not on record.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from sellersheet.exchange import currency
from sellersheet.money import Ints, Mask
from sellersheet.rules.freight import DIVISOR_UNIT, MG_PER_GRAM, MG_PER_KG, Price, millionths

VOLUME_COUNTS: Final = 1
VOLUME_IGNORED: Final = 0
VOLUME_UNKNOWN: Final = -1

# No parcel costs more than a million of the card's currency; it keeps every product inside int64.
PRICE_LIMIT: Final = 100_000_000

IGNORED_WORDS: Final = {"none", "no", "不计", "无", "不计体积重", "0"}
UNKNOWN_WORDS: Final = {"", "unknown", "未知", "未说明", "?"}


class CardIssue(NamedTuple):
    """What is wrong with the card: ``rows`` are positions in the table, 0-based."""

    code: str
    rows: tuple[int, ...]
    fields: dict[str, object]


class Line(NamedTuple):
    """One destination, line and goods type, and its versions in the order of their start."""

    country: str
    line: str
    goods: str
    starts: Ints
    first: Ints
    last: Ints


@dataclass(frozen=True)
class RateCard:
    """The sound rows of a card, sorted by line, start and band.

    ``row`` gives each one's place in the table it came from; ``issues`` what was refused
    (overlaps, impossible rows) or should be looked at (gaps).
    """

    lines: tuple[Line, ...]
    row: Ints
    from_mg: Ints
    to_mg: Ints
    price: Price
    divisor: Ints
    volume: npt.NDArray[np.int8]
    max_side: Ints
    max_sum: Ints
    currency: npt.NDArray[np.object_]
    source: npt.NDArray[np.object_]
    standing: npt.NDArray[np.object_]
    issues: tuple[CardIssue, ...]

    def __len__(self) -> int:
        return len(self.row)

    @cached_property
    def by_country(self) -> dict[str, tuple[int, ...]]:
        """The numbers of the lines to each destination."""
        found: dict[str, list[int]] = {}
        for number, line in enumerate(self.lines):
            found.setdefault(line.country, []).append(number)
        return {country: tuple(numbers) for country, numbers in found.items()}

    def candidates(self, country: str, name: str) -> tuple[int, ...]:
        """The lines to a destination that a name fits; a blank name fits them all.

        A line with several goods types is named as ``line|goods``.
        """
        numbers = self.by_country.get(country, ())
        if not name.strip():
            return numbers
        wanted, _, goods = (_plain(part) for part in name.partition("|"))
        return tuple(
            number
            for number in numbers
            if _plain(self.lines[number].line) == wanted
            and (not goods or _plain(self.lines[number].goods) == goods)
        )


def rate_card(columns: dict[str, Any], use: Mask, wrong: Mask) -> RateCard:
    """The card made of a table's typed columns, from the rows ``use`` marks as sound. Others
    that hold something are ``wrong``."""
    count = len(use)
    issues: list[CardIssue] = []
    volume, divisor = _divisors(columns["divisor"], use, issues)
    frame = pd.DataFrame(
        {
            "row": np.arange(count),
            "country": columns["country"],
            "line": columns["line"],
            "goods": columns["goods"],
            "start": columns["start"],
            "from": _mg(columns["from_g"]),
            "to": _mg(columns["to_g"]),
            "max_side": _hundredths(columns["max_side_cm"]),
            "max_sum": _hundredths(columns["max_sum_cm"]),
            "divisor": divisor,
            "volume": volume,
            "currency": [_currency(text) for text in columns["currency"]],
            "source": columns["source"],
            "standing": columns["standing"],
            **_prices(columns)._asdict(),
        }
    )
    frame["line_key"] = frame["line"].map(_plain)
    frame["goods_key"] = frame["goods"].map(_plain)
    keys = ["country", "line_key", "goods_key"]
    every = frame[use | wrong]
    frame = frame[use & _possible(frame, use, issues)]
    frame = frame[~_of_lines(frame, every[wrong[use | wrong] & (every["start"] == 0)], keys)]
    frame = frame.sort_values([*keys, "start", "from", "to", "row"], kind="stable")
    frame = _without_overlaps(frame, [*keys, "start"], issues)
    return RateCard(
        lines=_lines(frame, every, keys),
        row=_column(frame, "row"),
        from_mg=_column(frame, "from"),
        to_mg=_column(frame, "to"),
        price=Price(*(_column(frame, name) for name in Price._fields)),
        divisor=_column(frame, "divisor"),
        volume=frame["volume"].to_numpy(np.int8),
        max_side=_column(frame, "max_side"),
        max_sum=_column(frame, "max_sum"),
        currency=frame["currency"].to_numpy(object),
        source=frame["source"].to_numpy(object),
        standing=frame["standing"].to_numpy(object),
        issues=tuple(issues),
    )


def _prices(columns: dict[str, Any]) -> Price:
    return Price(
        first_mg=_mg(columns["first_g"]),
        first_price=columns["first_price"],
        step_mg=_mg(columns["step_g"]),
        step_price=columns["step_price"],
        per_kg=columns["per_kg"],
        registration=columns["registration"],
        min_mg=_mg(columns["min_g"]),
        round_mg=_mg(columns["round_g"]),
    )


def _possible(frame: pd.DataFrame, use: Mask, issues: list[CardIssue]) -> Mask:
    """The rows that can be priced; the others are named."""
    # Within a row freight never falls with weight, so the end of the band is the dearest. A
    # float holds the limit exactly, and every whole number below it.
    price = Price(*(frame[name].to_numpy(np.float64) for name in Price._fields))
    dearest = millionths(frame["to"].to_numpy(np.float64), price)
    by_step = (frame["first_price"] > 0) | (frame["step_price"] > 0)
    checks = {
        "band_empty": frame["to"] <= frame["from"],
        "two_prices": (frame["per_kg"] > 0) & by_step,
        "no_price": (frame["per_kg"] == 0) & ~by_step & (frame["registration"] == 0),
        "step_missing": (frame["step_price"] > 0) & (frame["step_mg"] <= 0),
        "too_dear": dearest > PRICE_LIMIT * MG_PER_KG,
        "bad_divisor": frame["divisor"] < 0,
    }
    sound = np.ones(len(frame), dtype=bool)
    for code, found in checks.items():
        wrong = np.asarray(found)
        rows = np.flatnonzero(wrong & use & sound)
        issues.extend(CardIssue(code, (int(row),), {}) for row in rows)
        sound &= ~wrong
    return sound


def _without_overlaps(
    frame: pd.DataFrame, version: list[str], issues: list[CardIssue]
) -> pd.DataFrame:
    """Overlapping bands are both refused: which one holds is not for us to say; gaps are told."""
    refused: set[int] = set()
    for _, rows in frame.groupby(version):
        reach, holder = 0, -1
        for row, low, high in zip(rows["row"], rows["from"], rows["to"], strict=True):
            if holder >= 0 and low != reach:
                fields: dict[str, object] = {
                    "country": rows["country"].iloc[0],
                    "line": rows["line"].iloc[0],
                    "from_g": _grams(min(reach, low)),
                    "to_g": _grams(max(low, min(reach, high))),
                }
                code = "overlap" if low < reach else "gap"
                issues.append(CardIssue(code, (int(holder), int(row)), fields))
                refused.update((int(holder), int(row)) if low < reach else ())
            if high > reach:
                reach, holder = high, row
    return frame[~frame["row"].isin(refused)]


def _of_lines(frame: pd.DataFrame, others: pd.DataFrame, keys: list[str]) -> Mask:
    """Rows of a line of which others have no start that can be read: which price holds when
    is not known."""
    found: Mask = pd.MultiIndex.from_frame(frame[keys]).isin(pd.MultiIndex.from_frame(others[keys]))
    return found


def _lines(frame: pd.DataFrame, every: pd.DataFrame, keys: list[str]) -> tuple[Line, ...]:
    """The lines and their versions, from sorted rows; those of which ``every`` row is wrong too,
    as versions without a band."""
    lines: list[Line] = []
    places = pd.Series(np.arange(len(frame)), index=frame.index)
    starts = {key: rows["start"].unique() for key, rows in every.groupby(keys)}
    for key, rows in frame.groupby(keys):
        versions = places[rows.index].groupby(rows["start"].to_numpy()).agg(["min", "max"])
        versions = versions.reindex(np.union1d(versions.index, starts[key]))
        versions["min"] = versions["min"].fillna(0)
        versions["max"] = versions["max"].fillna(-1)
        head = rows.iloc[0]
        lines.append(
            Line(
                country=str(head["country"]),
                line=str(head["line"]),
                goods=str(head["goods"]),
                starts=versions.index.to_numpy(np.int64),
                first=versions["min"].to_numpy(np.int64),
                last=versions["max"].to_numpy(np.int64),
            )
        )
    return tuple(lines)


def _divisors(texts: Any, use: Mask, issues: list[CardIssue]) -> tuple[npt.NDArray[np.int8], Ints]:
    """Whether volume counts, and the divisor in thousandths; -1 where the text is neither."""
    volume = np.zeros(len(texts), dtype=np.int8)
    divisor = np.zeros(len(texts), dtype=np.int64)
    for row, text in enumerate(texts):
        word = _plain(text)
        volume[row] = divisor_word(text)
        if volume[row] == VOLUME_COUNTS:
            number = pd.to_numeric(word.replace(",", ""), errors="coerce")
            sound = bool(np.isfinite(number)) and 1 <= number <= 1_000_000
            divisor[row] = round(float(number) * DIVISOR_UNIT) if sound else -1
    return volume, divisor


def divisor_word(text: object) -> int:
    """F9: what a divisor's text says of volume: ignored, unknown, or counting by a number."""
    word = _plain(text)
    if word in IGNORED_WORDS:
        return VOLUME_IGNORED
    return VOLUME_UNKNOWN if word in UNKNOWN_WORDS else VOLUME_COUNTS


def _currency(text: str) -> str:
    """The three-letter code; a word that is none stays and finds no exchange rate."""
    return currency(text) or text.strip().upper() or "CNY"


def _plain(text: object) -> str:
    return "".join(unicodedata.normalize("NFKC", str(text)).casefold().split())


def _mg(grams: Any) -> Ints:
    return np.asarray(np.rint(grams * MG_PER_GRAM), dtype=np.int64)


def _hundredths(centimetres: Any) -> Ints:
    return np.asarray(np.rint(centimetres * 100), dtype=np.int64)


def _grams(milligrams: Any) -> str:
    return f"{float(milligrams) / MG_PER_GRAM:g}"


def _column(frame: pd.DataFrame, name: str) -> Ints:
    return frame[name].to_numpy(np.int64)
