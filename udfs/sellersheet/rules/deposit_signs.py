"""What sets a deposit off, what warns of it, and what must be in place: D8 to D11.

How much is left before each of these: D21.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any, Final, NamedTuple

from sellersheet.money import Ratio, product
from sellersheet.policy import View
from sellersheet.rules import listed
from sellersheet.rules.verdicts import FAIL, PASS, UNKNOWN, answered, at_least, at_most

TRIGGER_VALUES: Final = (
    "covered_categories",
    "uncovered_categories",
    "trigger_growth_over",
    "trigger_growth_weeks",
    "trigger_flash_price_over",
    "trigger_fulfilment_below",
)
# A sign holds, does not hold, or can't be told from what was given.
HOLDS: Final = 1
HOLDS_NOT: Final = -1
OPEN: Final = 0
_CLAUSE: Final = re.compile(r"[,，;；、。!！\n]|但|而是|\bbut\b")
_DENIES: Final = re.compile(
    r"不|没|未(?!来)|无(?!线|忧)|退出|取消|\b(?:no|not|none|never|without|\w+n't)\b"
)
ROOM_VALUES: Final = (
    "trigger_growth_over",
    "trigger_growth_weeks",
    "trigger_fulfilment_below",
    "tracking_min",
    "warning_tracking_delay_over",
)


class Situation(NamedTuple):
    """A shop's situation; None where it was not said.

    Growths and rates in units of 1e-9, newest last; the price in US cents.
    """

    category: str = ""
    weekly_growth: Sequence[int] = ()
    flash_first: bool | None = None
    sku_price: int | None = None
    fulfilment_rate: int | None = None
    false_shipments: int | None = None
    monthly_growth: Sequence[int] = ()
    tracking_delay: int | None = None
    battery: bool | None = None
    ru_br_share: int | None = None
    cainiao_without_aplus: bool | None = None
    promotion: str = ""


def takes_part(promotion: str, names: Iterable[str]) -> bool:
    """D10: whether a text says that one of the promotions named is taken part in.

    Each clause counts by itself; one that denies (不参加双11, not in 328) names none, and a
    number is only found as a whole: 3288 is not 328.
    """
    text = unicodedata.normalize("NFKC", promotion).casefold()
    clauses = [part for part in _CLAUSE.split(text) if part and not _DENIES.search(part)]
    return any(_names(clause, name) for clause in clauses for name in names)


def _names(clause: str, name: str) -> bool:
    wanted = "".join(unicodedata.normalize("NFKC", name).casefold().split())
    before = r"(?<![0-9])" if wanted[:1].isdigit() else ""
    after = r"(?![0-9])" if wanted[-1:].isdigit() else ""
    return re.search(before + re.escape(wanted) + after, "".join(clause.split())) is not None


def coverage(category: str, policy: View) -> int:
    """D7: PASS for a covered category, FAIL for one named as not covered, else UNKNOWN."""
    if listed.find(category, policy.table("covered_categories")):
        return PASS
    return FAIL if listed.find(category, policy.table("uncovered_categories")) else UNKNOWN


def triggers(case: Situation, policy: View) -> dict[str, int]:
    """D8, D9: whether each trigger holds. Coverage (D7) is asked for by the first only."""
    grew = _grew(
        case.weekly_growth,
        policy.number("trigger_growth_weeks"),
        policy.ratio("trigger_growth_over").units,
    )
    covered = coverage(case.category, policy)
    over = _over(case.sku_price, policy.money("trigger_flash_price_over"))
    below = _below(case.fulfilment_rate, policy.ratio("trigger_fulfilment_below").units)
    penalties = _over(case.false_shipments, policy.number("temporary_after_penalties") - 1)
    return {
        "growth": _both(grew, {PASS: HOLDS, FAIL: HOLDS_NOT, UNKNOWN: OPEN}[covered]),
        "flash": _both(_said(case.flash_first), over),
        "fulfilment": below,
        "temporary": _both(penalties, {FAIL: HOLDS, PASS: HOLDS_NOT, UNKNOWN: OPEN}[covered]),
    }


def warnings(case: Situation, policy: View) -> dict[str, int]:
    """D10: early signs the source tells of; none of them sets a deposit off by itself."""
    electronics = listed.find(case.category, policy.table("covered_categories"))
    apparel = listed.find(case.category, policy.table("uncovered_categories"))
    in_electronics = _in(case.category, electronics, "electronics")
    in_apparel = _in(case.category, apparel, "apparel")
    grew = _grew(
        case.monthly_growth,
        policy.number("warning_growth_weeks"),
        policy.ratio("warning_growth_over").units,
    )
    mainly = policy.ratio("warning_markets_share_over").units
    promotion = case.promotion.strip()
    named = takes_part(promotion, policy.words("warning_promotions"))
    return {
        "growth": _both(grew, in_electronics),
        "tracking_delay": _over(
            case.tracking_delay, policy.ratio("warning_tracking_delay_over").units
        ),
        "battery_markets": _both(_said(case.battery), _over(case.ru_br_share, mainly)),
        "cainiao_without_aplus": _both(_said(case.cainiao_without_aplus), in_apparel),
        "promotion": OPEN if not promotion else HOLDS if named else HOLDS_NOT,
    }


class Readiness(NamedTuple):
    """D11: a shop before a deposit is opened; None where it was not said."""

    licence_days: int | None
    entity: str
    certified: bool | None
    violations_90d: int | None
    alp: bool | None
    tracking_rate: int | None


def readiness(shop: Readiness, policy: View) -> dict[str, int]:
    """D11: the verdict on every prerequisite, by its key in ``deposit_prerequisites``."""
    sole_trader = entity_kind(shop.entity, policy) == "individual"
    return {
        "licence_age": at_least(
            shop.licence_days or 0,
            shop.licence_days is not None,
            policy.number("licence_min_age_days"),
        ),
        "entity": UNKNOWN if not shop.entity.strip() else FAIL if sole_trader else PASS,
        "certification": answered(shop.certified),
        "violations": at_most(shop.violations_90d or 0, shop.violations_90d is not None, 0),
        "alp": answered(shop.alp),
        "tracking": at_least(
            shop.tracking_rate or 0,
            shop.tracking_rate is not None,
            policy.ratio("tracking_min").units,
        ),
    }


def entity_kind(word: str, policy: View) -> str:
    """E7: individual or cross_border as the policy's list of entities names them, else ""."""
    wanted = listed.plain(word)
    for record in policy.table("entity_documents"):
        names = (record["entity_zh"], record["entity_en"], *record["entity_aliases"])
        if wanted and wanted in {listed.plain(name) for name in names}:
            return str(record["entity"])
    return ""


def _grew(growths: Sequence[int], periods: int, over: int) -> int:
    """Whether the newest ``periods`` growths are all over the limit."""
    if len(growths) < periods:
        return OPEN
    return HOLDS if all(growth > over for growth in growths[-periods:]) else HOLDS_NOT


def _over(have: int | None, limit: int) -> int:
    return OPEN if have is None else HOLDS if have > limit else HOLDS_NOT


def _below(have: int | None, limit: int) -> int:
    return OPEN if have is None else HOLDS if have < limit else HOLDS_NOT


def _said(answer: bool | None) -> int:
    return OPEN if answer is None else HOLDS if answer else HOLDS_NOT


def _in(category: str, record: listed.Record | None, key: str) -> int:
    if not category.strip():
        return OPEN
    return HOLDS if record is not None and record["key"] == key else HOLDS_NOT


def _both(first: int, second: int) -> int:
    """Two conditions together: one that does not hold settles it."""
    return min(first, second)


def most_orders(last_week: Any, policy: View) -> Any:
    """D9, D21: the most orders next week that have not grown over the limit; one more has."""
    over = policy.ratio("trigger_growth_over")
    return product(last_week, over.den + over.num) // over.den


def most_late_parcels(parcels: Any, policy: View) -> Any:
    """D9, D21: the most late ones of all parcels that keep fulfilment at the base line."""
    return _most_missed(parcels, policy.ratio("trigger_fulfilment_below"))


def most_untracked(parcels: Any, policy: View) -> Any:
    """D11, D21: the most parcels without tracking that keep completeness at its least."""
    return _most_missed(parcels, policy.ratio("tracking_min"))


def most_late_uploads(parcels: Any, policy: View) -> Any:
    """D10, D21: the most late uploads of tracking that are not over the limit."""
    over = policy.ratio("warning_tracking_delay_over")
    return product(parcels, over.num) // over.den


def _most_missed(parcels: Any, least: Ratio) -> Any:
    return product(parcels, least.den - least.num) // least.den


def run_of_growth(weeks: Sequence[int], length: int, policy: View) -> int:
    """D9: whether each of the ``length`` newest growths is over the limit.

    ``weeks`` are orders a week, oldest first. One growth that is not settles it; growth from no
    order at all can't be told.
    """
    over = policy.ratio("trigger_growth_over")
    pairs = list(pairwise(weeks))[-length:] if length > 0 else []
    grew = [now * over.den > before * (over.den + over.num) for before, now in pairs if before]
    if not all(grew):
        return HOLDS_NOT
    return HOLDS if len(grew) == length else OPEN
