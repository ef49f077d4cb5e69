"""From what is written in a file or a cell to an exact Python value, by kind."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple, get_args

import numpy as np

from sellersheet.policy.problems import Said, Unfit, listed, said
from sellersheet.wording import Lang

ValueKind = Literal[
    "money_cny",  # fen
    "money_usd",  # US cents
    "rate",  # a share: 0.035 is 3.5 %
    "number",  # any decimal number
    "days",
    "hours",
    "months",
    "grams",
    "cm",
    "count",
    "text",  # one text in both languages
    "words",  # a list of words or codes
    "choice",  # one of ``allowed``
    "sides_cm",  # length, width, height
    "table",  # a list of flat records
]
MONEY: Final = frozenset({"money_cny", "money_usd"})
WHOLE: Final = frozenset({"days", "hours", "months", "grams", "cm", "count"})
RATIOS: Final = frozenset({"rate", "number"})
NUMBERS: Final = MONEY | WHOLE | RATIOS
COLUMN_KINDS: Final = frozenset(get_args(ValueKind)) - {"table", "choice", "sides_cm"} | {"yes_no"}

Record = Mapping[str, Any]

_DECIMAL: Final = re.compile(r"[+-]?\d{1,15}(\.\d{1,15})?")
_PLACES: Final = {"money_cny": 2, "money_usd": 2, "rate": 9, "number": 6}
SIGNS: Final = {"money_cny": "¥", "money_usd": "$"}
_LARGEST: Final = 1_000_000_000
_LONGEST = 60  # signs of a number
_DAY: Final = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")


class Bilingual(NamedTuple):
    """A text in Chinese and in English."""

    zh: str
    en: str

    def text(self, lang: Lang) -> str:
        """The text in the language asked for."""
        return self.zh if lang == "zh" else self.en


@dataclass(frozen=True)
class Shape:
    """What a value may be. ``low`` and ``high`` are inclusive; None: the kind's own bounds."""

    kind: str
    low: Fraction | None = None
    high: Fraction | None = None
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # key -> its words
    columns: Mapping[str, str] = field(default_factory=dict)  # "rate?": may be absent
    pattern: str | None = None  # every word of a list must match it


def exact(raw: object, shape: Shape) -> Any:
    """The exact value, or ``Unfit`` saying what is wrong and what is allowed.

    Money gives whole cents, whole kinds give ``int``, rates and numbers ``Fraction``, a text
    ``Bilingual``, a list of words a tuple, a table a tuple of read-only records.
    """
    if shape.kind in NUMBERS:
        return _number(raw, shape)
    return _OTHERS[shape.kind](raw, shape)


def day(raw: object) -> dt.date:
    """A day from a date, a date-time or a text such as 2025-01-31; a number is no date."""
    if isinstance(raw, dt.datetime):
        return raw.date()
    if isinstance(raw, dt.date):
        return raw
    if isinstance(raw, str) and (found := _DAY.fullmatch(_plain(raw))):
        try:
            return dt.date(*(int(part) for part in found.groups()))
        except ValueError:
            pass
    raise Unfit(said("not_date"), said("date_needed"), raw)


def _plain(text: str) -> str:
    """Full-width digits and signs as typed on a Chinese keyboard count as the plain ones."""
    return unicodedata.normalize("NFKC", text).strip()


def _number(raw: object, shape: Shape) -> int | Fraction:
    number = _fraction(raw, shape.kind)
    low = Fraction(0) if shape.low is None else shape.low
    high = shape.high
    if high is None:
        high = Fraction(1) if shape.kind == "rate" else Fraction(_LARGEST)
    allowed = said(f"range_{shape.kind}", low=_shown(low), high=_shown(high))
    if number is None:
        raise Unfit(said("not_decimal"), allowed, raw)
    places = 0 if shape.kind in WHOLE else _PLACES[shape.kind]
    if (number * 10**places).denominator != 1:
        wrong = said("not_whole") if places == 0 else said("too_fine", places=places)
        raise Unfit(wrong, allowed, raw)
    if not low <= number <= high:
        raise Unfit(said("too_small" if number < low else "too_large"), allowed, raw)
    if shape.kind in MONEY:
        return int(number * 100)
    return int(number) if shape.kind in WHOLE else number


def _fraction(raw: object, kind: str) -> Fraction | None:
    """The number written there; None when it is none.

    A float comes from a cell: its 15 significant digits are what the sheet shows.
    """
    if isinstance(raw, bool | np.bool_):
        return None
    if (
        isinstance(raw, Decimal)
        and raw.is_finite()
        and abs(int(raw.as_tuple().exponent)) > _LONGEST
    ):
        return None  # as a fraction it would not fit into memory
    if isinstance(raw, float | np.floating | Decimal):
        usable = np.isfinite(float(raw)) and abs(float(raw)) <= 10 * _LARGEST
        return Fraction(raw if isinstance(raw, Decimal) else f"{raw:.15g}") if usable else None
    if isinstance(raw, int | np.integer):
        return Fraction(int(raw)) if abs(int(raw)) < 10**_LONGEST else None
    if not isinstance(raw, str) or len(raw) > _LONGEST:
        return None
    text = _plain(raw).removeprefix(SIGNS.get(kind, "")).strip()
    if kind == "rate" and text.endswith("%") and _DECIMAL.fullmatch(text[:-1].strip()):
        return Fraction(text[:-1].strip()) / 100
    return Fraction(text) if _DECIMAL.fullmatch(text) else None


def _shown(number: Fraction) -> str:
    return f"{float(number):.10g}"


def _text(raw: object, _shape: Shape) -> Bilingual:
    if isinstance(raw, str) and raw.strip():
        return Bilingual(raw.strip(), raw.strip())
    both = dict(raw) if isinstance(raw, Mapping) else {}
    if set(both) == {"zh", "en"} and all(isinstance(t, str) and t.strip() for t in both.values()):
        return Bilingual(**both)
    raise Unfit(said("not_text"), said("both_texts_needed"), raw)


def _words(raw: object, shape: Shape) -> tuple[str, ...]:
    allowed = said("words_needed") if shape.pattern is None else said("codes_needed")
    if isinstance(raw, str):
        between = r"[,，、;；]" if shape.pattern is None else r"[\s,，、;；]"
        raw = [part.strip() for part in re.split(between, raw) if part.strip()]
    if not isinstance(raw, list | tuple) or not raw:
        raise Unfit(said("not_list"), allowed, raw)
    for position, word in enumerate(raw, 1):
        fits = isinstance(word, str) and bool(word.strip())
        if not fits or (shape.pattern is not None and not re.fullmatch(shape.pattern, word)):
            raise Unfit(said("not_word"), allowed, word, f"[{position}]")
    return tuple(raw)


def _choice(raw: object, shape: Shape) -> str:
    if isinstance(raw, bool | np.bool_):
        raw = "yes" if raw else "no"
    if isinstance(raw, str):
        wanted = _plain(raw).casefold()
        for key, words in shape.choices.items():
            if wanted in {_plain(word).casefold() for word in (key, *words)}:
                return key
    raise Unfit(said("not_offered"), said("one_of", words=listed(shape.choices)), raw)


def _sides(raw: object, shape: Shape) -> tuple[int, int, int]:
    if isinstance(raw, str):
        raw = re.split(r"[x×*]", _plain(raw).casefold().removesuffix("cm"))
    if not isinstance(raw, list | tuple) or len(raw) != 3:
        raise Unfit(said("not_sides"), said("sides_needed"), raw)
    length, width, height = (int(_number(side, Shape("cm", Fraction(1)))) for side in raw)
    return length, width, height


def _yes_no(raw: object, _shape: Shape) -> bool:
    if isinstance(raw, bool):
        return raw
    raise Unfit(said("not_yes_no"), said("one_of", words="true, false"), raw)


def _table(raw: object, shape: Shape) -> tuple[Record, ...]:
    columns = said("keys", keys=listed(shape.columns))
    if not isinstance(raw, list | tuple) or not raw:
        raise Unfit(said("not_table"), said("records_needed"), raw)
    return tuple(
        _record(record, shape.columns, columns, f"[{position}]")
        for position, record in enumerate(raw, 1)
    )


def _record(raw: object, columns: Mapping[str, str], allowed: Said, at: str) -> Record:
    if not isinstance(raw, Mapping):
        raise Unfit(said("not_table"), allowed, raw, at)
    for key in raw:
        if key not in columns:
            raise Unfit(said("unknown_key"), allowed, key, f"{at}.{key}")
    record: dict[str, Any] = {}
    for key, kind in columns.items():
        if key not in raw:
            if not kind.endswith("?"):
                raise Unfit(said("missing"), allowed, listed(raw), f"{at}.{key}")
            record[key] = _ABSENT.get(kind)
            continue
        try:
            record[key] = _cell(raw[key], kind.removesuffix("?"))
        except Unfit as unfit:
            raise unfit.under(f"{at}.{key}") from None
    return MappingProxyType(record)


def _cell(raw: object, kind: str) -> Any:
    if kind != "text":
        return _yes_no(raw, Shape(kind)) if kind == "yes_no" else exact(raw, Shape(kind))
    if isinstance(raw, str) and raw.strip():
        return raw
    raise Unfit(said("not_text"), said("text_needed"), raw)


_ABSENT: Final[Mapping[str, object]] = {"text?": "", "words?": ()}
_OTHERS: Final[Mapping[str, Callable[[object, Shape], Any]]] = {
    "text": _text,
    "words": _words,
    "choice": _choice,
    "sides_cm": _sides,
    "table": _table,
}
