"""Where a price sheet goes to and by which line: countries, zones, names in titles."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence
from typing import Any, Final

from sellersheet import countries
from sellersheet.amounts import CENTS, THOUSANDS
from sellersheet.intake.titles import of_titles
from sellersheet_workbook.rate_import.found import RateSheetProblem

_CHINESE: Final = re.compile(r"[\u3400-\u9fff]+")
_LONGEST_NAME: Final = 8
_SHORTEST_NAME: Final = 4  # letters of a country in a product's name: "be" and "no" are words
_STARTS: Final = re.compile(r"生效|执行|起用|有效期自|effective|valid\s+from|start", re.I)
_DAY: Final = re.compile(r"(20\d\d)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})")
_DAY_ON: Final = re.compile(_DAY.pattern + r"\s*日?\s*起")
_NAMED_LINE: Final = re.compile(
    r"(?:产品名称|渠道名称|物流渠道|渠道|线路|物流线路|产品|服务|product|service|channel)\s*[:\uff1a]\s*(.+)",
    re.I,
)
_LINE: Final = re.compile(
    r"专线|挂号|平邮|小包|特惠|特快|快线|经济|标准|优先|普货|带电|express|line|registered"
    r"|economy|standard|priority|packet|parcel",
    re.I,
)
_NO_LINE: Final = re.compile(
    r"报价|价格|价目|资费|费率|运费|测算|目录|说明|公司|有限|rates?\b|price|quot|tariff|^sheet\s*\d*$"
    r"|^工作表\s*\d*$|^表\s*\d*$|^table\s*\d*$",
    re.I,
)


def country_of(text: str) -> str | None:
    """The code of a cell that names one country, in whatever languages."""
    if whole := countries.code(text):
        return whole
    found = set()
    for run in re.findall(r"[\u3400-\u9fff]+|[^\u3400-\u9fff]+", text):
        parts = [run] if countries.code(run) else re.split(r"[^\w ]+", run)
        found |= {countries.code(part) for part in parts if any(map(str.isalnum, part))}
    return found.pop() if len(found) == 1 else None


def country_within(name: object) -> str | None:
    """The one country that the name of a product holds: Test Belarus Standard, 美国专线."""
    text = unicodedata.normalize("NFKC", str(name))
    found: set[str] = set()
    for run in _CHINESE.findall(text):
        at = 0
        while at < len(run):
            size, name = _longest(run, at)
            found |= {name} if name else set()
            at += size
    words = re.findall(r"[^\W\d_]+", _CHINESE.sub(" ", text))
    at = 0
    while at < len(words):
        for count in (4, 3, 2, 1):
            phrase = " ".join(words[at : at + count])
            letters = len(phrase.replace(" ", ""))
            if at + count <= len(words) and letters >= _SHORTEST_NAME:
                code = countries.code(phrase)
                if code:
                    found.add(code)
                    at += count - 1
                    break
        at += 1
    return found.pop() if len(found) == 1 else None


def line_of(titles: Sequence[str], sheet: str) -> str:
    """The line that a title or the sheet's name gives; "" for none."""
    for title in titles:
        if hit := _NAMED_LINE.fullmatch(title.strip()):
            return hit[1].strip()
    for title in titles:
        text = title.strip()
        if re.search(r"[:\uff1a]", text) or len(text) > 40 or _NO_LINE.search(text):
            continue
        if _LINE.search(text):
            return text
    return "" if not sheet or _NO_LINE.search(sheet.strip()) else sheet.strip()


def start_of(titles: Sequence[str]) -> dt.date | None:
    """The day from which the prices are in force, where a title says so."""
    for title in titles:
        hit = _DAY.search(title) if _STARTS.search(title) else _DAY_ON.search(title)
        if hit:
            try:
                return dt.date(int(hit[1]), int(hit[2]), int(hit[3]))
            except ValueError:
                continue
    return None


def units_of(titles: Sequence[str]) -> tuple[str, str]:
    """The currency, and what a price is for, that a title says: 单位：元/KG. That the prices are
    in cents or thousands is a RateSheetProblem."""
    said = of_titles(titles)
    if said.unit in (CENTS, THOUSANDS):
        raise RateSheetProblem("titled_not_in_whole", title=said.text)
    return said.currency, said.per


def with_zones(
    goods: list[Any], zones: Sequence[Any], keys: Sequence[tuple[Any, ...]]
) -> list[str]:
    """Zones of one destination put into the type of goods, so that an order has to name one.

    The names of the zones that were put in; rows of ``keys`` with one zone only stay.
    """
    named: dict[tuple[Any, ...], set[str]] = {}
    for row, key in enumerate(keys):
        if zones[row] is not None:
            named.setdefault(key, set()).add(str(zones[row]).strip())
    used: dict[str, None] = {}
    for row, key in enumerate(keys):
        if zones[row] is not None and len(named[key]) > 1:
            zone = str(zones[row]).strip()
            goods[row] = f"{goods[row]} {zone}" if goods[row] is not None else zone
            used[zone] = None
    return list(used)


def _longest(run: str, at: int) -> tuple[int, str]:
    for size in range(min(_LONGEST_NAME, len(run) - at), 1, -1):
        code = countries.code(run[at : at + size])
        if code:
            return size, code
    return 1, ""
