"""RULEDIFF: what a change of rules or of own values costs over one's orders."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from sellersheet.columns import TABLES
from sellersheet.days import date_of
from sellersheet.functions.answers import gives_a_table
from sellersheet.functions.blocks import BLANK, ErrorCell, error_text, used_rows
from sellersheet.functions.cases import Case
from sellersheet.functions.ranges import CallTerms, card, exchange, grid_of, language_of, terms
from sellersheet.functions.rows import today
from sellersheet.impact import Side, impact_table, rule_impact
from sellersheet.summary import GROUPINGS
from sellersheet.tables import read_table


@gives_a_table(len(TABLES["impact"]) - 1)
def RULEDIFF(  # noqa: N802 - the name in Excel
    orders_with_header: Any,
    date_a: Any = None,
    policy_a: Any = None,
    date_b: Any = None,
    policy_b: Any = None,
    by: Any = None,
    rates: Any = None,
    fx: Any = None,
    as_of: Any = None,
) -> Any:
    """F1 to F15 by two sets of rules: the columns ``impact`` with a header, all orders first.

    A side without a day takes each order's own; without own values the built-in ones. Rows
    without a total on both sides are counted and told, and are in none of the sums.
    """
    lang = language_of(policy_a, policy_b)
    case = Case(lang, date_a=date_a, date_b=date_b, by=by, as_of=as_of)
    header = [item.title(lang) for item in TABLES["impact"]]
    rows = used_rows(orders_with_header)
    if len(rows) < 2:
        for cell in (cell for row in rows for cell in row):
            if error := error_text(cell):
                raise ErrorCell(error)
        return [header, [BLANK] * len(header)]
    found = rule_impact(
        read_table(grid_of(tuple(rows)), "orders", fx=exchange(fx)),
        _side(terms(policy_a), rates, case["date_a"]),
        _side(terms(policy_b), rates, case["date_b"]),
        as_of=_day(today() if case["as_of"] is None else int(case["as_of"])),
        fx=exchange(fx),
    )
    group = None if case.blank("by") else GROUPINGS[case["by"]]
    frame: pd.DataFrame = impact_table(found, group, lang)
    cells = frame.astype(object).where(frame.notna(), BLANK)
    return [header, *cells.to_numpy().tolist()]


def _side(used: CallTerms, rates: Any, day: int | None) -> Side:
    on = None if day is None else _day(int(day))
    return Side(used.policy, card(rates, used.policy), on)


def _day(day: int) -> date:
    return date_of(day)
