"""Moments with a zone, which an export writes in each cell or in the header: their day is that of
Beijing, by whose days the rules change."""

from __future__ import annotations

import datetime as dt
import re
from contextlib import suppress
from typing import Final, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from sellersheet.money import Ints

Zone: TypeAlias = int | str  # minutes ahead of UTC, or PACIFIC
PACIFIC: Final = "pacific"  # with summer time
BEIJING: Final = 8 * 60  # minutes ahead of UTC
_BEIJING: Final = dt.timezone(dt.timedelta(minutes=BEIJING))
_A_DAY: Final = 24 * 60

# For arrow's RE2: the time of day behind a date, and its zone.
_ZONE: Final = r"(?:(?:UTC|GMT|utc|gmt)?[+-][0-9]{1,2}(?::?[0-9]{2})?|[A-Za-z]{1,4})"
TIME: Final = (
    r"[T\s]+(?P<half>上午|下午)?\s*(?P<hour>[01]?[0-9]|2[0-3]):(?P<minute>[0-5][0-9])"
    r"(?::[0-5][0-9](?:[.,][0-9]+)?)?\s*(?P<noon>[AaPp][Mm])?"
    rf"\s*(?P<zone>{_ZONE})?$"
)
_ZONED: Final = rf":[0-9.,:]+\s*(?:[AaPp][Mm])?\s*{_ZONE}$"
_OFFSET: Final = re.compile(r"(?:utc|gmt)?([+-])(\d{1,2})(?::?(\d\d))?", re.ASCII)
# Minutes ahead of UTC. CST is China's here; what has several meanings else is no zone.
_ZONES: Final[dict[str, Zone]] = {
    **dict.fromkeys(("z", "utc", "gmt", "wet"), 0),
    **dict.fromkeys(("cet", "west"), 60),
    **dict.fromkeys(("cest", "eet"), 120),
    **dict.fromkeys(("msk", "eest"), 180),
    **dict.fromkeys(("jst", "kst"), 540),
    **dict.fromkeys(("cst", "hkt", "sgt"), BEIJING),
    "brt": -180,
    "edt": -240,
    "est": -300,
    "pdt": -420,
    "pst": -480,
}
_OF_HEADERS: Final[dict[str, Zone]] = {
    "北京时间": BEIJING,
    **dict.fromkeys(("pt", "太平洋时间", "美西时间", "美国时间", "洛杉矶时间"), PACIFIC),
}


def zone_of(word: str) -> Zone | None:
    """The zone that a note names, in minutes ahead of UTC or PACIFIC; None for what names none."""
    plain = word.casefold()
    if found := _OFFSET.fullmatch(plain):
        minutes = int(found[2]) * 60 + int(found[3] or 0)
        return minutes if found[1] == "+" else -minutes
    return _OF_HEADERS.get(plain, _ZONES.get(plain))


def in_beijing(moment: dt.datetime) -> dt.datetime:
    """What the clock shows in Beijing at a moment with a zone; one without stays, and one in UTC:
    so Excel hands over every time, whatever its clock."""
    if moment.utcoffset():
        with suppress(OverflowError):
            moment = moment.astimezone(_BEIJING)
    return moment.replace(tzinfo=None)


def holds_zone(texts: pa.Array) -> bool:
    """Whether one of the texts is a time with its zone."""
    return bool(pc.any(pc.match_substring_regex(texts, _ZONED)).as_py())


def shifted(texts: pa.Array, days: Ints, zone: Zone | None) -> tuple[Ints, Ints]:
    """By how many days each text, on its own day, is on another one in Beijing; those of which
    it can't be told, since their zone is not known. Midnight without a zone of its own is a
    day without a time, as ``shift_of`` has it."""
    parts = pc.extract_regex(texts, TIME)
    at = np.flatnonzero(parts.is_valid().to_numpy(zero_copy_only=False))
    taken = parts.take(pa.array(at))
    hour, minute = (taken.field(name).cast(pa.int64()).to_numpy() for name in ("hour", "minute"))
    half, noon = (taken.field(name).to_numpy(zero_copy_only=False) for name in ("half", "noon"))
    late = np.isin(noon, ("PM", "Pm", "pM", "pm")) | (half == "下午")
    halved = ((noon != "") | (half != "")) & (hour <= 12)
    hour = np.where(halved, hour % 12 + 12 * late, hour)
    codes, words = pd.factorize(taken.field("zone").to_numpy(zero_copy_only=False))
    ahead, unknown = np.full(len(at), BEIJING, dtype=np.int64), [at[:0]]
    for code, word in enumerate(words):
        own = zone_of(word) if word else zone
        here = codes == code
        if own is not None:
            ahead[here] = minutes_ahead(own, days[at[here]])
        elif word:
            unknown.append(at[here])
    shift = np.zeros(len(texts), dtype=np.int64)
    minutes = hour * 60 + minute
    moment = (minutes > 0) | (taken.field("zone").to_numpy(zero_copy_only=False) != "")
    shift[at] = np.where(moment, (minutes - ahead + BEIJING) // _A_DAY, 0)
    return shift, np.concatenate(unknown)


def shift_of(days: Ints, minutes: Ints, zone: Zone) -> Ints:
    """By how many days moments of a zone are on another one in Beijing. Midnight is a day without
    a time, and stays."""
    shift = (minutes - minutes_ahead(zone, days) + BEIJING) // _A_DAY
    return np.where(minutes, shift, 0)


def minutes_ahead(zone: Zone, days: Ints) -> Ints:
    """How far ahead of UTC the zone is on each day. Summer time of the Pacific zone goes from the
    second Sunday of March to the first of November; that it changes at two at night moves no
    day of Beijing."""
    if not isinstance(zone, str):
        return np.full(len(days), zone, dtype=np.int64)
    years = days.astype("datetime64[D]").astype("datetime64[Y]")
    march = (years + np.timedelta64(2, "M")).astype("datetime64[D]").astype(np.int64)
    november = (years + np.timedelta64(10, "M")).astype("datetime64[D]").astype(np.int64)
    summer = (days >= _sunday(march) + 7) & (days < _sunday(november))
    return np.where(summer, -420, -480).astype(np.int64)


def _sunday(days: Ints) -> Ints:
    """The first Sunday from each day on; 1970-01-04 was one."""
    return days + (3 - days) % 7
