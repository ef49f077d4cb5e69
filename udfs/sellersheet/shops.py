"""E1 to E5, E9, E10 and E12 for a table of shops."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from sellersheet.money import Ints, Mask
from sellersheet.policy import Policy
from sellersheet.rules import eligibility as rules_eligibility
from sellersheet.rules.verdicts import NOT_ASKED, UNKNOWN
from sellersheet.tables import Table


def shop_verdicts(table: Table, policy: Policy, days: Ints, use: Mask) -> dict[str, Ints]:
    """Rule -> the verdict on every row; UNKNOWN or NOT_ASKED outside the rows in use."""
    found = {rule: np.full(table.n, UNKNOWN) for rule in ("E1", "E2", "E3", "E4", "E5")}
    found |= {rule: np.full(table.n, NOT_ASKED) for rule in ("E9", "E10")}
    for rows, view in policy.on(days).parts(rules_eligibility.LISTS):
        shop = rules_eligibility.Shop(
            *_given(table, "shop_age_days", rows),
            *_given(table, "violations_90d", rows),
            *_given(table, "sell_through", rows),
            *_given(table, "positive_rate", rows),
            warehouse=_looked_up(
                texts(table, "warehouse")[rows],
                lambda word, view=view: rules_eligibility.warehouse_verdict(word, view),
            ),
            category=rules_eligibility.with_flags(
                _looked_up(
                    texts(table, "category")[rows],
                    lambda word, view=view: rules_eligibility.asked(
                        word, rules_eligibility.category_verdict(word, (), view)
                    ),
                ),
                _any(table, rules_eligibility.barring_flags(view), rows, said=True),
                _any(table, rules_eligibility.BARRING_FLAGS, rows),
            ),
            country=_looked_up(
                texts(table, "country")[rows],
                lambda word, view=view: rules_eligibility.asked(
                    word, rules_eligibility.country_verdict(word, view)
                ),
            ),
        )
        for rule, codes in rules_eligibility.criteria(shop, view).items():
            found[rule][rows] = codes
    return found


def _looked_up(words: Any, verdict: Any) -> Ints:
    """The verdict on every word, each distinct word looked up once."""
    codes, distinct = pd.factorize(words)
    return np.array([verdict(str(word)) for word in distinct], dtype=np.int64)[codes]


def flags_unasked(table: Table) -> Mask:
    """E12: rows with a category and a barring flag that was not answered."""
    known = [_given(table, flag, slice(None))[1] for flag in rules_eligibility.BARRING_FLAGS]
    named = np.array([bool(str(word).strip()) for word in texts(table, "category")], dtype=bool)
    unasked: Mask = named & ~np.logical_and.reduce(known)
    return unasked


def _any(table: Table, flags: Iterable[str], rows: Any, said: bool = False) -> Mask:
    """Rows where any of the flags was answered, or, if ``said``, answered with yes."""
    found: Mask = np.zeros(len(np.arange(table.n)[rows]), dtype=bool)
    for flag in flags:
        value, known = _given(table, flag, rows)
        found |= known & (value != 0) if said else known
    return found


def _given(table: Table, key: str, rows: Any) -> tuple[Ints, Mask]:
    if key not in table.columns:
        count = len(np.arange(table.n)[rows])
        return np.zeros(count, dtype=np.int64), np.zeros(count, dtype=bool)
    return table.columns[key][rows], ~table.blank[key][rows]


def texts(table: Table, key: str) -> Any:
    """A text column, blank where the table has none."""
    return table.columns[key] if key in table.columns else np.full(table.n, "", dtype=object)
