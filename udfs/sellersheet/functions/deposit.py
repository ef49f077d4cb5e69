"""ORDERDEPOSIT, ORDERDEPOSIT_DETAIL, DEPOSITBASE: how large the order deposit is."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from sellersheet.columns import Wrong, column
from sellersheet.functions.answers import gives_a_table, gives_a_value, reasons
from sellersheet.functions.blocks import NA, cut, rows_of
from sellersheet.functions.blocks import WORDS as PROBLEMS
from sellersheet.functions.cases import Case
from sellersheet.functions.ranges import CallTerms, terms
from sellersheet.functions.reading import GIVEN
from sellersheet.functions.rows import (
    OK,
    ROW_BLANK,
    ROW_NA,
    ROW_VALUE,
    Call,
    read_one,
    read_rows,
    today,
)
from sellersheet.money import RATE_UNIT, rate_units, where
from sellersheet.orders.marks import WORDS as MARKS
from sellersheet.orders.marks import Status, status_words
from sellersheet.policy import View
from sellersheet.rules.deposit import (
    DEPOSIT_VALUES,
    Deposit,
    deposit_base,
    in_tiers,
    order_deposit,
    stated_coefficient,
    tiers_of,
)
from sellersheet.wording import Wording

WORDS: Final = Wording("sellersheet.functions", "deposit.toml")
_DEPOSIT: Final = ("base_usd", "risk", "shop_dispute_rate", "category_dispute_rate")
_BASE_TABLES: Final = ("base_tiers", "covered_categories", "uncovered_categories")


def _deposit(given: dict[str, Any], policy: Any) -> tuple[Call, Any, Deposit, View, CallTerms]:
    """The call, the risk in units of 1e-9, the deposit, the rules and the terms they are of."""
    used = terms(policy)
    call = read_rows(_DEPOSIT, **{**given, "risk": coefficients(given, used)})
    rules = call.rules(used, DEPOSIT_VALUES)
    risk = rate_units(call["risk"])
    # The mean of a row without an answer may be 0, by which nothing is divided (D6).
    mean = where(call.codes == OK, call["category_dispute_rate"], 1)
    found = order_deposit(call["base_usd"], risk, call["shop_dispute_rate"], mean, rules)
    return call, risk, found, rules, used


def coefficients(given: dict[str, Any], used: CallTerms) -> Any:
    """D3: the argument ``risk``, with the coefficient of every category that is named in it.

    The coefficient is that of the day of the row; where days stand in a range of their own,
    a word for them all is written out beside them.
    """
    rows = rows_of(given["risk"])
    if not any(isinstance(cell, str) for row in rows for cell in row):
        return given["risk"]
    days = rows_of(given["as_of"])
    if len(rows) * len(rows[0]) == 1 and len(days) * len(days[0]) > 1:
        rows = [[rows[0][0]] * len(row) for row in days]

    def told(cell: Any, down: int, right: int) -> Any:
        if not isinstance(cell, str):
            return cell
        alone = len(days) * len(days[0]) == 1
        beside = alone or (down < len(days) and right < len(days[down]))
        day = (
            read_one("as_of", days[0 if alone else down][0 if alone else right]) if beside else None
        )
        at = day.value if day is not None and day.state == GIVEN else today()
        rules = used.on(int(at))
        if not rules.known("risk_coefficients"):
            return NA  # not on record on that day
        found = stated_coefficient(cut(cell), rules)
        return cell if found is None else float(found)

    return [[told(cell, d, r) for r, cell in enumerate(row)] for d, row in enumerate(rows)]


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
    if Case(used.lang, headers=headers)["headers"]:
        keys = ("deviation", "deviation_used", "deposit_usd", "status", "reason")
        titles = [column("arguments", key) for key in ("base_usd", "risk")]
        titles += [column("deposit_results", key) for key in keys]
        table.insert(0, [item.title(used.lang) for item in titles])
    return table


def _reasons(
    call: Call, given: dict[str, Any], flagged: Any, rules: View, used: CallTerms
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
    """D4: the base in USD where a tier is stated; between the tiers #N/A.

    The DSR may be blank where the tier asks for none.
    """
    used = terms(policy)
    call = read_rows(
        ("monthly_orders", "category"),
        monthly_orders=monthly_orders,
        dsr=dsr,
        category=category,
        new_shop=new_shop,
        battery_3c=battery_3c,
        as_of=as_of,
    )
    rules = call.rules(used, _BASE_TABLES)
    parts = list(rules.parts(_BASE_TABLES))
    if call.n is None:
        base = _base(call, slice(None), parts[0][1])
        call.refuse(base == 0, ROW_NA)
        return call.answer(base / 100)
    bases = np.zeros(call.n, dtype=np.int64)
    for rows, on in parts:
        bases[rows] = _base(call, rows, on)
    call.refuse(bases == 0, ROW_NA)
    return call.answer(bases / 100)


def _base(call: Call, rows: Any, rules: View) -> Any:
    """The base of some rows in cents, 0 where no tier is stated."""

    def of(value: Any) -> Any:
        return value[rows] if isinstance(value, np.ndarray) else value

    words = of(call["category"])
    if isinstance(words, np.ndarray):
        codes, distinct = pd.factorize(words)
        each = np.array([in_tiers(str(word), rules) for word in distinct], dtype=bool)
        mine = list(each.reshape(len(distinct), -1)[codes].T)
    else:
        mine = list(in_tiers(words, rules))
    return deposit_base(
        of(call["monthly_orders"]),
        rate_units(of(call["dsr"])),
        of(call.known("dsr")),
        of(call["new_shop"]) != 0,
        of(call["battery_3c"]) != 0,
        list(zip(tiers_of(rules), mine, strict=True)),
    )
