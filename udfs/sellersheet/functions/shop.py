"""ELIGIBLE, ELIGIBLE_DETAIL, CATEGORYCHECK: who may join semi-managed mode, with which goods."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import pandas as pd

from sellersheet.functions.answers import gives_a_table, gives_a_value
from sellersheet.functions.cases import Case
from sellersheet.functions.cases import in_force as rules_in_force
from sellersheet.functions.ranges import terms
from sellersheet.functions.rows import OK, ROW_NA, Call, read_rows
from sellersheet.functions.shop_table import GivenShop, criteria_table
from sellersheet.money import where
from sellersheet.policy import View
from sellersheet.rules.eligibility import (
    BARRING_FLAGS,
    LISTS,
    SHOP,
    SHOP_VALUES,
    Shop,
    asked,
    barring_flags,
    category_verdict,
    country_verdict,
    eligible,
    warehouse_verdict,
    with_flags,
)
from sellersheet.rules.verdicts import FAIL, PASS, UNKNOWN
from sellersheet.rules.verdicts import WORDS as VERDICTS

_VALUES: Final = (*SHOP_VALUES, *LISTS)
_CATEGORY_LISTS: Final = ("barred_categories", "open_categories")


@gives_a_value
def ELIGIBLE(  # noqa: N802 - the name in Excel
    shop_age_days: Any,
    violations_90d: Any,
    sell_through: Any,
    positive_rate: Any,
    warehouse: Any,
    category: Any = None,
    country: Any = None,
    as_of: Any = None,
    policy: Any = None,
    battery: Any = None,
    magnetic: Any = None,
    medical: Any = None,
) -> Any:
    """E1 to E5, E9, E10, E12: TRUE when all that were asked pass, FALSE when any fails.

    #N/A when none fails and any is unknown: blank, or on no list.
    """
    used = terms(policy)
    call = read_rows(
        SHOP,
        shop_age_days=shop_age_days,
        violations_90d=violations_90d,
        sell_through=sell_through,
        positive_rate=positive_rate,
        warehouse=warehouse,
        category=category,
        country=country,
        as_of=as_of,
        battery=battery,
        magnetic=magnetic,
        medical=medical,
    )
    call.codes = where(call.codes == ROW_NA, OK, call.codes)  # a blank one is only unknown
    rules = call.rules(used, _VALUES)
    found = eligible(_shops(call, rules), rules)
    call.refuse(found == UNKNOWN, ROW_NA)
    return call.answer(found == PASS)


def _shops(call: Call, rules: View) -> Shop:
    return Shop(
        age_days=call["shop_age_days"],
        age_known=call.known("shop_age_days"),
        violations=call["violations_90d"],
        violations_known=call.known("violations_90d"),
        sell_through=call["sell_through"],
        sell_through_known=call.known("sell_through"),
        positive_rate=call["positive_rate"],
        positive_rate_known=call.known("positive_rate"),
        warehouse=_verdicts(call, "warehouse", rules, LISTS, warehouse_verdict),
        category=with_flags(
            _verdicts(
                call,
                "category",
                rules,
                LISTS,
                lambda word, on: category_verdict(word, (), on),
                True,
            ),
            _barred(call, rules),
            _flagged(call),
        ),
        country=_verdicts(call, "country", rules, LISTS, country_verdict, True),
    )


def _barred(call: Call, rules: View) -> Any:
    """E12: where a flag that the list of barred goods knows says yes."""
    parts = list(rules.parts(_CATEGORY_LISTS))
    if len(parts) == 1:
        barred: Any = False
        for flag in barring_flags(parts[0][1]):
            barred = barred | call[flag]
        return barred
    found = np.zeros(call.n or 1, dtype=bool)
    for rows, on in parts:
        for flag in barring_flags(on):
            found[rows] |= np.broadcast_to(call[flag], len(found))[rows] != 0
    return found


def _flagged(call: Call) -> Any:
    """E12: where any of the flags was answered."""
    flagged: Any = False
    for flag in BARRING_FLAGS:
        flagged = flagged | call.known(flag)
    return flagged


def _verdicts(
    call: Call,
    name: str,
    rules: View,
    lists: tuple[str, ...],
    verdict: Callable[[str, View], int],
    optional: bool = False,
) -> Any:
    """The verdict on the words of an argument, each distinct word looked up once a period.

    ``lists`` are the policy values that decide; a blank ``optional`` word is not asked.
    """
    words = call[name]

    def of_word(word: str, on: View) -> int:
        found = verdict(word, on)
        return asked(word, found) if optional else found

    parts = list(rules.parts(lists))
    if isinstance(words, str) and len(parts) == 1:
        return of_word(words, parts[0][1])
    count = call.n or 1
    found = np.empty(count, dtype=np.int64)
    words = np.broadcast_to(np.asarray(words, dtype=object), count)
    for rows, on in parts:
        codes, distinct = pd.factorize(words[rows])
        each = [of_word(str(word), on) for word in distinct]
        found[rows] = np.array(each, dtype=np.int64)[codes]
    return found


@gives_a_value
def CATEGORYCHECK(  # noqa: N802
    category: Any,
    battery: Any = None,
    magnetic: Any = None,
    medical: Any = None,
    as_of: Any = None,
    policy: Any = None,
) -> Any:
    """E9: PASS, FAIL or UNKNOWN; a bar wins over an open category, a blank flag is not asked."""
    used = terms(policy)
    call = read_rows(
        ("category",),
        category=category,
        battery=battery,
        magnetic=magnetic,
        medical=medical,
        as_of=as_of,
    )
    rules = call.rules(used, _CATEGORY_LISTS)
    found = _verdicts(
        call, "category", rules, _CATEGORY_LISTS, lambda word, on: category_verdict(word, (), on)
    )
    found = where(_barred(call, rules), FAIL, found)
    if not isinstance(found, np.ndarray):
        return call.answer(VERDICTS[int(found)])
    words = np.array([VERDICTS[code] for code in (FAIL, UNKNOWN, PASS)], dtype=object)
    return call.answer(words[found - FAIL])


@gives_a_table(4)
def ELIGIBLE_DETAIL(  # noqa: N802
    shop_age_days: Any,
    violations_90d: Any,
    sell_through: Any,
    positive_rate: Any,
    warehouse: Any,
    category: Any = None,
    country: Any = None,
    as_of: Any = None,
    policy: Any = None,
    documents: Any = None,
    entity: Any = None,
    battery: Any = None,
    magnetic: Any = None,
    medical: Any = None,
) -> Any:
    """E1 to E10, E12: criterion, need, have, result and what to do, with a header and the whole.

    ``documents`` has a row a document: its name, whether it is in hand, its value.
    """
    used = terms(policy)
    case = Case(
        used.lang,
        shop_age_days=shop_age_days,
        violations_90d=violations_90d,
        sell_through=sell_through,
        positive_rate=positive_rate,
        warehouse=warehouse,
        category=category,
        country=country,
        as_of=as_of,
        entity=entity,
        battery=battery,
        magnetic=magnetic,
        medical=medical,
    )
    day = case.day
    rules = rules_in_force(used, (*_VALUES, "required_documents", "entity_documents"), day)
    words = {name: case.text(name) for name in ("warehouse", "category", "country")}
    shop = Shop(
        age_days=case["shop_age_days"] or 0,
        age_known=case["shop_age_days"] is not None,
        violations=case["violations_90d"] or 0,
        violations_known=case["violations_90d"] is not None,
        sell_through=case["sell_through"] or 0,
        sell_through_known=case["sell_through"] is not None,
        positive_rate=case["positive_rate"] or 0,
        positive_rate_known=case["positive_rate"] is not None,
        warehouse=warehouse_verdict(words["warehouse"], rules),
        category=with_flags(
            asked(words["category"], category_verdict(words["category"], (), rules)),
            any(case[flag] for flag in barring_flags(rules)),
            any(not case.blank(flag) for flag in BARRING_FLAGS),
        ),
        country=asked(words["country"], country_verdict(words["country"], rules)),
    )
    return criteria_table(GivenShop(case, shop, documents, day), used, rules)
