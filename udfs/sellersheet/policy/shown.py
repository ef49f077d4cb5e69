"""Values in words, for tables that people read."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

from sellersheet.policy.kinds import MONEY, SIGNS, WHOLE, Bilingual, Record
from sellersheet.policy.model import Entry, PolicyValue, Source, Standing
from sellersheet.wording import Lang, Wording

_WORDS: Final = Wording("sellersheet.policy", "words.toml")
_HIDDEN: Final = frozenset(
    {
        "key",
        "entity",
        "flag",
        "measure",
        "single_limit",
        "category_words",
        "brand",
        "place",
        "hint",
        "line",
    }
)


def standing_word(standing: Standing, lang: Lang) -> str:
    """How far a value is known, in words."""
    return _WORDS(f"standing_{standing}", lang)


def shown(value: PolicyValue, exact: Any, lang: Lang) -> str:
    """The value with its unit in words: "3.5 %", "¥5.20", "> 3 days"."""
    if value.kind == "choice":
        words = {item.key: item.zh if lang == "zh" else item.en for item in value.allowed}
        text = words[exact]
    elif value.kind == "table":
        text = _joined((_record(item, value.columns, lang) for item in exact), "record", lang)
    else:
        unit = value.unit_zh if lang == "zh" else value.unit_en
        text = _one(exact, value.kind, lang, unit)
    if value.relation == "±":
        return f"±{text}"
    return f"{value.relation} {text}" if value.relation else text


def start_text(entry: Entry, lang: Lang) -> str:
    """The start with how far it is known: "2024-07-01 (assumed)"."""
    standing = standing_word(entry.start_standing, lang)
    return _WORDS("start_of", lang, day=entry.start.isoformat(), standing=standing)


def source_text(entry: Entry, sources: Mapping[str, Source], lang: Lang) -> str:
    """Where the value comes from; for the user's own, the file or sheet."""
    if entry.source is None:
        return entry.origin or ""
    return sources[entry.source].text(lang, entry.section, *entry.further_sections)


def snapshot_text(entry: Entry, lang: Lang) -> str:
    """The day, month or quarter for which the source gives the value; blank where it says none."""
    day = entry.snapshot
    if day is None:
        return ""
    if entry.snapshot_span == "quarter":
        return _WORDS("quarter", lang, year=day.year, number=(day.month + 2) // 3)
    return day.isoformat()[: 7 if entry.snapshot_span == "month" else 10]


def note(value: PolicyValue, entry: Entry | None, lang: Lang) -> str:
    """What to know about the value; without an entry, from when on there is a rule."""
    if entry is None:
        return _WORDS("no_rule_yet", lang, first=value.entries[0].start.isoformat())
    return entry.note(lang)


def written(kind: str, exact: Any) -> str | None:
    """The value as a user may write it back; None for a table, which needs a file."""
    if kind in MONEY:
        return f"{exact // 100}.{exact % 100:02d}"
    if kind == "table":
        return None
    if isinstance(exact, Fraction):
        return decimal(exact)
    if isinstance(exact, Bilingual):
        return exact.zh
    if isinstance(exact, tuple):
        return ("×" if kind == "sides_cm" else ",").join(str(part) for part in exact)
    return str(exact)


def decimal(number: Fraction) -> str:
    """A fraction of at most 15 decimals, written out exactly."""
    whole, rest = divmod(abs(number) * 10**15, 10**15)
    digits = f"{int(rest):015d}".rstrip("0")
    return f"{'-' if number < 0 else ''}{whole}{'.' if digits else ''}{digits}"


def _one(exact: Any, kind: str, lang: Lang, unit: str = "") -> str:
    """One figure or text; ``unit`` stands in place of the kind's own unit."""
    if kind in MONEY:
        return f"{SIGNS[kind]}{exact // 100:,}.{exact % 100:02d}"
    if kind == "rate":
        return f"{decimal(exact * 100)} {unit or '%'}"
    if kind == "number":
        return decimal(exact)
    if kind in WHOLE:
        if not unit and kind != "count":
            unit = _WORDS(f"unit_{kind}_1" if exact == 1 else f"unit_{kind}", lang)
        return f"{exact:,} {unit}".rstrip()
    if kind == "sides_cm":
        return " × ".join(str(side) for side in exact) + " cm"
    if isinstance(exact, Bilingual):
        return exact.text(lang)
    if kind == "words":
        return _joined(exact, "word", lang)
    return str(exact)


def _record(record: Record, columns: Mapping[str, str], lang: Lang) -> str:
    """The columns of one record that are meant for people, in one language."""
    other = "en" if lang == "zh" else "zh"
    parts = []
    for key, kind in columns.items():
        if key in _HIDDEN or key == other or key.endswith((f"_{other}", "aliases")):
            continue
        if record[key] in (None, "", (), False):
            continue
        label = f"column_{key.removesuffix(f'_{lang}')}"
        label = _WORDS(label, lang) if label in _WORDS.messages else ""
        text = "" if kind == "yes_no" else _one(record[key], kind.removesuffix("?"), lang)
        parts.append(f"{label} {text}".strip())
    return _joined(parts, "part", lang)


def _joined(parts: Any, what: str, lang: Lang) -> str:
    return _WORDS(f"between_{what}s", lang).join(parts)
