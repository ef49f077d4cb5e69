"""ORDERDEPOSIT, ORDERDEPOSIT_DETAIL, DEPOSITBASE: how large the order deposit is."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from sellersheet.columns import column
from sellersheet.functions.answers import gives_a_table, gives_a_value, reasons
from sellersheet.functions.blocks import WORDS as PROBLEMS
from sellersheet.functions.ranges import Terms, terms, view
from sellersheet.functions.reading import read_one
from sellersheet.functions.rows import OK, ROW_BLANK, ROW_NA, ROW_VALUE, Call, read_rows
from sellersheet.money import RATE_UNIT, where
from sellersheet.orders.marks import WORDS as MARKS
from sellersheet.orders.marks import Status, status_words
from sellersheet.policy import View
from sellersheet.rules import listed
from sellersheet.rules.deposit import DEPOSIT_VALUES, Deposit, deposit_base, order_deposit
from sellersheet.wording import Wording
from sellersheet.wrong import Wrong

WORDS: Final = Wording("sellersheet.functions", "deposit.toml")
_DEPOSIT: Final = ("base_usd", "risk", "shop_dispute_rate", "category_dispute_rate")
_BASE_TABLES: Final = ("base_tiers", "uncovered_categories")
_NEVER: Final = 2**62  # a number of orders that no shop has


def _deposit(given: dict[str, Any], policy: Any) -> tuple[Call, Any, Deposit, View, Terms]:
    """The call, the risk in units of 1e-9, the deposit, the rules and the terms they are of."""
    used = terms(policy)
    call = read_rows(_DEPOSIT, **given)
    rules = view(used, call.days())
    call.needs(rules.known(DEPOSIT_VALUES))
    risk = in_units(call["risk"])
    # The mean of a row without an answer may be 0, by which nothing is divided (D6).
    mean = where(call.codes == OK, call["category_dispute_rate"], 1)
    found = order_deposit(call["base_usd"], risk, call["shop_dispute_rate"], mean, rules)
    return call, risk, found, rules, used


@gives_a_value
def ORDERDEPOSIT(  # noqa: N802 - the name in Excel
    base_usd: Any,
    risk: Any,
    shop_dispute_rate: Any,
    category_dispute_rate: Any,
    as_of: Any = None,
    policy: Any = None,
) -> Any:
    """D1, D2, D5, D6: the order deposit in USD; a category mean of 0 is #VALUE!."""
    given = {
        "base_usd": base_usd,
        "risk": risk,
        "shop_dispute_rate": shop_dispute_rate,
        "category_dispute_rate": category_dispute_rate,
        "as_of": as_of,
    }
    call, _, found, _, _ = _deposit(given, policy)
    return call.answer(found.amount / 100)


@gives_a_table(6)
def ORDERDEPOSIT_DETAIL(  # noqa: N802
    base_usd: Any,
    risk: Any,
    shop_dispute_rate: Any,
    category_dispute_rate: Any,
    as_of: Any = None,
    policy: Any = None,
    headers: Any = None,
) -> Any:
    """D1, D2, D5, D6: base, risk, deviation, deviation used, deposit in USD, status, reason.

    One row a case, with a header row on top if asked for.
    """
    given = {
        "base_usd": base_usd,
        "risk": risk,
        "shop_dispute_rate": shop_dispute_rate,
        "category_dispute_rate": category_dispute_rate,
        "as_of": as_of,
    }
    call, coefficient, found, rules, used = _deposit(given, policy)
    rows = call.n or 1
    codes = np.broadcast_to(call.codes, rows)
    flagged = (codes == OK) & np.broadcast_to(found.above_top_tier, rows)
    status = np.where(flagged, Status.NOTE, Status.OK)
    status = np.select([codes == ROW_BLANK, codes != OK], [Status.EMPTY, Status.ERROR], status)
    columns = [
        call.cells(call["base_usd"] / 100),
        call.cells(coefficient / RATE_UNIT),
        call.cells(found.deviation / RATE_UNIT),
        call.cells(found.deviation_used / RATE_UNIT),
        call.cells(found.amount / 100),
        status_words(status.astype(np.int8), used.lang).tolist(),
        _reasons(call, given, flagged, rules, used),
    ]
    table = [list(row) for row in zip(*columns, strict=True)]
    table += [[""] * len(columns) for _ in range(call.length - rows)]
    if read_one("headers", headers).value:
        keys = ("deviation", "deviation_used", "deposit_usd", "status", "reason")
        titles = [column("arguments", key) for key in ("base_usd", "risk")]
        titles += [column("deposit_results", key) for key in keys]
        table.insert(0, [item.title(used.lang) for item in titles])
    return table


def _reasons(
    call: Call, given: dict[str, Any], flagged: Any, rules: View, used: Terms
) -> list[str]:
    first_day = used.policy.first_day(DEPOSIT_VALUES)
    no_rule = PROBLEMS("no_rule", used.lang, first_day=first_day)
    found = reasons(call, given, _DEPOSIT, used.lang, no_rule)
    codes = np.broadcast_to(call.codes, len(found))
    below = np.broadcast_to(call.read["category_dispute_rate"].wrong == Wrong.BELOW, len(found))
    for at in np.flatnonzero(below & (codes == ROW_VALUE)).tolist():
        found[at] = WORDS("mean_zero", used.lang)
    limits = np.broadcast_to(rules.money("deposit_flag_above"), len(found))
    for at in np.flatnonzero(flagged).tolist():
        found[at] = MARKS("deposit_above", used.lang, limit=f"${int(limits[at]) / 100:,.2f}")
    return found


class _Tier(NamedTuple):
    """A tier as the rule takes it: cents, orders a month, DSR in units of 1e-9."""

    base: int
    orders: int
    dsr: int


@gives_a_value
def DEPOSITBASE(  # noqa: N802
    monthly_orders: Any,
    dsr: Any,
    category: Any,
    new_shop: Any = None,
    battery_3c: Any = None,
    as_of: Any = None,
    policy: Any = None,
) -> Any:
    """D4: the base in USD where a tier is stated; between the tiers #N/A."""
    used = terms(policy)
    call = read_rows(
        ("monthly_orders", "dsr", "category"),
        monthly_orders=monthly_orders,
        dsr=dsr,
        category=category,
        new_shop=new_shop,
        battery_3c=battery_3c,
        as_of=as_of,
    )
    rules = view(used, call.days())
    call.needs(rules.known(_BASE_TABLES))
    rating = in_units(call["dsr"])
    parts = list(rules.parts(_BASE_TABLES))
    if call.n is None:
        base = _base(call, rating, slice(None), parts[0][1])
        call.refuse(base == 0, ROW_NA)
        return call.answer(base / 100)
    bases = np.zeros(call.n, dtype=np.int64)
    for rows, on in parts:
        bases[rows] = _base(call, rating, rows, on)
    call.refuse(bases == 0, ROW_NA)
    return call.answer(bases / 100)


def _base(call: Call, rating: Any, rows: Any, rules: View) -> Any:
    """The base of some rows in cents, 0 where no tier is stated."""

    def of(value: Any) -> Any:
        return value[rows] if isinstance(value, np.ndarray) else value

    words = of(call["category"])
    apparel: Any
    if isinstance(words, np.ndarray):
        codes, distinct = pd.factorize(words)
        known = [_is_apparel(str(word), rules) for word in distinct]
        apparel = np.array(known, dtype=bool)[codes]
    else:
        apparel = _is_apparel(words, rules)
    flags = (of(call["new_shop"]) != 0, of(call["battery_3c"]) != 0)
    return deposit_base(of(call["monthly_orders"]), of(rating), apparel, *flags, _tiers(rules))


def _is_apparel(word: str, rules: View) -> bool:
    """Whether the low tier's words or the list of apparel (D7) name the category."""
    plain = listed.plain(word)
    words = (text for tier in rules.table("base_tiers") for text in _low_words(tier))
    if plain in map(listed.plain, words):
        return True
    record = listed.find(word, rules.table("uncovered_categories"))
    return record is not None and record["key"] == "apparel"


def _low_words(tier: listed.Record) -> tuple[str, ...]:
    words: tuple[str, ...] = tier["category_words"] if tier["monthly_orders_below"] else ()
    return words


def _tiers(rules: View) -> tuple[_Tier, _Tier]:
    """The low and the high tier; one that is not in the table is never reached."""
    low, high = _Tier(0, -1, 0), _Tier(0, _NEVER, 0)
    for tier in rules.table("base_tiers"):
        least = int((tier["dsr_min"] or 0) * RATE_UNIT)
        if tier["monthly_orders_below"] is not None:
            low = _Tier(tier["base"], tier["monthly_orders_below"], least)
        elif tier["monthly_orders_above"] is not None:
            high = _Tier(tier["base"], tier["monthly_orders_above"], least)
    return low, high


def in_units(number: Any) -> Any:
    """A plain number in units of 1e-9, whole."""
    if isinstance(number, np.ndarray):
        return np.rint(number * RATE_UNIT).astype(np.int64)
    return round(number * RATE_UNIT)
