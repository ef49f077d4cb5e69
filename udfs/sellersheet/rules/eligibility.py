"""Who may join semi-managed mode: E1 to E10."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final, NamedTuple

from sellersheet.money import where
from sellersheet.policy import View
from sellersheet.rules import listed
from sellersheet.rules.verdicts import (
    FAIL,
    NOT_ASKED,
    PASS,
    UNKNOWN,
    answered,
    at_least,
    at_most,
    overall,
)

# Criterion -> what of the shop it asks for, and the policy value behind it.
CRITERIA: Final = {
    "E1": ("shop_age_days", "shop_age_min_days"),
    "E2": ("violations_90d", "violations_max"),
    "E3": ("sell_through", "sell_through_min"),
    "E4": ("positive_rate", "positive_rate_min"),
    "E5": ("warehouse", "designated_warehouses"),
    "E9": ("category", "open_categories"),
    "E10": ("country", "served_destinations"),
}
OPTIONAL: Final = ("E9", "E10")  # with nothing entered they are not asked
_ALWAYS: Final = [asked for rule, asked in CRITERIA.items() if rule not in OPTIONAL]
SHOP: Final = tuple(name for name, _ in _ALWAYS)
SHOP_VALUES: Final = tuple(value for _, value in _ALWAYS)
LISTS: Final = (
    "designated_warehouses",
    "barred_categories",
    "open_categories",
    "served_destinations",
)
BARRING_FLAGS: Final = ("medical", "battery", "magnetic")


class Shop(NamedTuple):
    """A shop, or shops as columns, each value with whether it is known.

    Ages in days; rates in units of 1e-9; ``warehouse``, ``category`` and ``country`` are
    verdicts already, since words are looked up once each and not once a row.
    """

    age_days: Any
    age_known: Any
    violations: Any
    violations_known: Any
    sell_through: Any
    sell_through_known: Any
    positive_rate: Any
    positive_rate_known: Any
    warehouse: Any
    category: Any = NOT_ASKED
    country: Any = NOT_ASKED


def criteria(shop: Shop, policy: View) -> dict[str, Any]:
    """E1 to E5, E9, E10: the verdict on each criterion. Boundary values pass."""
    return {
        "E1": at_least(shop.age_days, shop.age_known, policy.number("shop_age_min_days")),
        "E2": at_most(shop.violations, shop.violations_known, policy.number("violations_max")),
        "E3": at_least(
            shop.sell_through, shop.sell_through_known, policy.ratio("sell_through_min").units
        ),
        "E4": at_least(
            shop.positive_rate, shop.positive_rate_known, policy.ratio("positive_rate_min").units
        ),
        "E5": shop.warehouse,
        "E9": shop.category,
        "E10": shop.country,
    }


def eligible(shop: Shop, policy: View) -> Any:
    """PASS when all that were asked pass, FAIL when any fails, else UNKNOWN."""
    return overall(list(criteria(shop, policy).values()))


def warehouse_verdict(word: str, policy: View) -> int:
    """E5, E13: one of the designated warehouses; the list is complete, so another one fails.

    A name that holds brand and place of one of them is that warehouse. A part of a listed
    name, or brand or place alone, may mean another warehouse: UNKNOWN.
    """
    records = policy.table("designated_warehouses")
    if listed.find(word, records):
        return PASS
    plain = listed.plain(word)
    places = {place for record in records for place in _held(plain, record["place"])}
    named = [r for r in records if _held(plain, r["brand"]) and _held(plain, r["place"])]
    # Several places in one name don't tell which warehouse is meant.
    if len(named) == 1 and places == set(_held(plain, named[0]["place"])):
        return PASS
    known = any(_held(plain, (*record["brand"], *record["hint"])) for record in records)
    return UNKNOWN if known or places or listed.part_of_any(word, records) else FAIL


def _held(plain: str, words: Collection[str]) -> list[str]:
    """The words that a plain name holds."""
    return [word for word in words if listed.plain(word) in plain]


def barring_flags(policy: View) -> frozenset[str]:
    """E12: the flags that the list of barred goods knows; ``BARRING_FLAGS`` as shipped."""
    return frozenset(record["flag"] for record in policy.table("barred_categories"))


def category_verdict(word: str, flags: Collection[str], policy: View) -> int:
    """E9, E12: a bar wins over an open category; a category on neither list is UNKNOWN.

    ``flags`` are those of the ``BARRING_FLAGS`` that hold for the goods.
    """
    if not barring_flags(policy).isdisjoint(flags):
        return FAIL
    if listed.find(word, policy.table("barred_categories")):
        return FAIL
    return PASS if listed.find(word, policy.table("open_categories")) else UNKNOWN


def country_verdict(country: str, policy: View) -> int:
    """E10: a destination first served passes; for the others nothing is stated."""
    return PASS if country in policy.words("served_destinations") else UNKNOWN


def asked(word: str, verdict: int) -> int:
    """An optional criterion with nothing entered is not asked."""
    return verdict if word.strip() else NOT_ASKED


def with_flags(category: Any, barred: Any, flagged: Any) -> Any:
    """E12: the verdict on the goods from that on their category's name and from the flags.

    ``barred``: a flag says yes; ``flagged``: any flag was answered, so the goods were asked for.
    """
    told = where(flagged & (category == NOT_ASKED), UNKNOWN, category)
    return where(barred, FAIL, told)


class Documents(NamedTuple):
    """E6, E7: what a seller has in hand; None where it was not said.

    ``licence_months`` is how much longer the licence is valid, ``statement_months`` how
    many months of bank statements there are, ``monthly_flow`` the least month in cents.
    """

    entity: str
    have: dict[str, bool | None]
    licence_months: int | None = None
    statement_months: int | None = None
    monthly_flow: int | None = None


def document_criteria(documents: Documents, policy: View) -> dict[str, int]:
    """E6, E7: the verdict on every document that the entity needs, by the document's key."""
    needed = [record["key"] for record in policy.table("required_documents")]
    needed += [
        record["key"]
        for record in policy.table("entity_documents")
        if record["entity"] == documents.entity
    ]
    found = {key: answered(documents.have.get(key)) for key in needed}
    months = documents.licence_months
    statements = documents.statement_months
    flow = documents.monthly_flow
    found["licence_months"] = at_least(
        months or 0, months is not None, policy.number("licence_min_months") + 1
    )
    found["statement_months"] = at_least(
        statements or 0, statements is not None, policy.number("bank_statement_months")
    )
    found["monthly_flow"] = at_least(flow or 0, flow is not None, policy.money("bank_monthly_min"))
    return found
