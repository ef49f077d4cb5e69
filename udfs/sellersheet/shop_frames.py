"""Frames of shops and of deposits, for pandas users: as ``sellersheet.frames`` does for orders."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from sellersheet.cells import read_one
from sellersheet.columns import column
from sellersheet.frames import Columns, appended, row_days, ruled, texts
from sellersheet.intake.headers import places
from sellersheet.money import Ints, Mask, rate_units
from sellersheet.orders.marks import WORDS, Status
from sellersheet.orders.results import yuan
from sellersheet.policy import Policy, load
from sellersheet.rules import eligibility as rules_eligibility
from sellersheet.rules.deadlines import deposit_due
from sellersheet.rules.deposit import DEPOSIT_VALUES, stated_coefficient
from sellersheet.rules.deposit import order_deposit as deposit_of
from sellersheet.rules.payment_plan import channel_of, channels
from sellersheet.rules.payment_plan import payment_plan as plan_of
from sellersheet.rules.verdicts import FAIL, NOT_ASKED, PASS, UNKNOWN, overall
from sellersheet.rules.verdicts import WORDS as VERDICTS
from sellersheet.tables import Table, read_table
from sellersheet.wording import Lang, Problem, system_language


class PlanProblem(Problem):
    """A payment plan that can't be made from what was given."""

    wording = WORDS


def order_deposit(
    frame: pd.DataFrame,
    *,
    as_of: date | None = None,
    policy: Policy | None = None,
    lang: Lang | None = None,
) -> pd.DataFrame:
    """D1 to D3, D5: columns ``deposits`` in, deviation and deposit in USD appended.

    The risk coefficient is a number, or a category whose coefficient is stated.

    >>> case = {"base_usd": [500], "risk": [1.3]}
    >>> case |= {"shop_dispute_rate": ["1.5%"], "category_dispute_rate": ["1%"]}
    >>> order_deposit(pd.DataFrame(case), as_of=date(2024, 8, 1))["deposit_usd"].tolist()
    [1725.0]
    """
    lang, policy = lang or system_language(), policy or load()
    table = read_table(_with_coefficients(frame, policy, as_of), "deposits")
    table = replace(table, body=table.body.of(frame))  # the frame given back is the one that came
    days = row_days(table, as_of)
    use, undated = ruled(table, days, policy, DEPOSIT_VALUES)
    view = policy.on(days)
    found = deposit_of(
        table.columns["base_usd"],
        rate_units(table.columns["risk"]),
        table.columns["shop_dispute_rate"],
        np.where(use, table.columns["category_dispute_rate"], 1),
        view,
    )
    results: Columns = {
        "deviation": np.where(use, found.deviation / 1e9, np.nan),
        "deviation_used": np.where(use, found.deviation_used / 1e9, np.nan),
        "deposit_usd": yuan(found.amount, use),
    }
    flagged = use & found.above_top_tier
    status = np.where(undated, Status.ERROR, np.where(flagged, Status.NOTE, Status.OK))
    limit = f"${int(np.max(view.money('deposit_flag_above'))) / 100:,.2f}"
    reason = np.full(table.n, "", dtype=object)
    reason[flagged] = WORDS("deposit_above", lang, limit=limit)
    reason[undated] = WORDS("no_rule", lang, first_day=policy.first_day(DEPOSIT_VALUES))
    return appended(table, results, status, reason, lang)


def eligibility(
    frame: pd.DataFrame,
    *,
    as_of: date | None = None,
    policy: Policy | None = None,
    lang: Lang | None = None,
) -> pd.DataFrame:
    """E1 to E5, E9, E10, E12: columns ``shops`` in, a verdict a criterion and the whole appended.

    ``eligible`` is TRUE, FALSE or blank when it can't be decided. Built-in battery, magnetic
    and medical goods are barred by their flags; where those are blank, the reason says so.

    >>> shop = pd.DataFrame({"shop_age_days": [179], "sell_through": ["65%"]})
    >>> eligibility(shop, as_of=date(2024, 8, 1))[["E1", "E2", "E3", "eligible"]].values.tolist()
    [['FAIL', 'UNKNOWN', 'PASS', 'FALSE']]
    """
    lang, policy = lang or system_language(), policy or load()
    table = read_table(frame, "shops")
    days = row_days(table, as_of)
    use, undated = ruled(table, days, policy, rules_eligibility.SHOP_VALUES)
    verdicts = _shop_verdicts(table, policy, days, use)
    found = overall(list(verdicts.values()))
    words = {**VERDICTS, NOT_ASKED: WORDS("not_asked", lang)}
    results: Columns = {
        rule: np.where(use, np.vectorize(words.get, otypes=[object])(codes), "")
        for rule, codes in verdicts.items()
    }
    whole = np.select([~use, found == PASS, found == FAIL], ["", "TRUE", "FALSE"], "")
    results["eligible"] = whole.astype(object)
    reason = np.full(table.n, "", dtype=object)
    open_rows = use & (found == UNKNOWN)
    reason[open_rows] = WORDS("undecided", lang)
    unasked = use & _flags_unasked(table) & (verdicts["E9"] != FAIL)
    told = WORDS("flags_unasked", lang)
    reason[unasked] = [f"{said} {told}".strip() for said in reason[unasked]]
    reason[undated] = WORDS(
        "no_rule", lang, first_day=policy.first_day(rules_eligibility.SHOP_VALUES)
    )
    status = np.where(undated, Status.ERROR, np.where(open_rows | unasked, Status.NOTE, Status.OK))
    return appended(table, results, status, reason, lang)


def payment_plan(
    amount_usd: float | str | Decimal,
    channel: str,
    *,
    notice: datetime | None = None,
    as_of: date | None = None,
    policy: Policy | None = None,
) -> pd.DataFrame:
    """D12 to D14: the payments of a deposit: part, amount_usd, fee_usd, debit_usd, due.

    ``channel`` is a channel's key or one of its names: Payoneer, P卡, alipay, 支付宝. ``due``
    stands where the time of the notice
    is given. The amounts are exact to the cent and add up to the deposit.

    >>> payment_plan(3000, "payoneer", as_of=date(2024, 10, 8))["debit_usd"].tolist()
    [2000.0, 1015.0]
    """
    cents = read_one(column("deposits", "base_usd"), amount_usd)
    if not cents:
        raise PlanProblem("plan_amount", value=amount_usd)
    day = as_of or (notice.date() if notice else date.today())
    view = (policy or load()).on(day)
    used = channel_of(channel, view)
    if used is None:
        raise PlanProblem("plan_channel", value=channel, allowed=" / ".join(channels(view)))
    parts = plan_of(cents, used, view)
    due = deposit_due(notice, view) if notice else pd.NaT
    return pd.DataFrame(
        {
            "part": range(1, len(parts) + 1),
            "amount_usd": [part.amount / 100 for part in parts],
            "fee_usd": [part.fee / 100 for part in parts],
            "debit_usd": [part.debit / 100 for part in parts],
            "due": pd.Series([due] * len(parts), dtype="datetime64[us]"),
        }
    )


def _with_coefficients(frame: pd.DataFrame, policy: Policy, as_of: date | None) -> pd.DataFrame:
    """D3: the frame with the coefficient of every category that stands in the column ``risk``.

    It is that of the row's day.
    """
    at = places(frame.columns, "deposits").get("risk")
    if at is None:
        return frame
    column = frame.iloc[:, at]
    words = [place for place, cell in enumerate(column) if isinstance(cell, str)]
    if not words:
        return frame
    days = row_days(read_table(frame, "deposits"), as_of)
    cells = column.astype(object).tolist()
    for place in words:
        found = stated_coefficient(cells[place], policy.on(int(days[place])))
        cells[place] = cells[place] if found is None else float(found)
    columns = [frame.iloc[:, place] for place in range(frame.shape[1])]
    columns[at] = pd.Series(cells, index=frame.index, name=column.name, dtype=object)
    made = pd.concat(columns, axis=1)
    made.columns = frame.columns
    return made


def _shop_verdicts(table: Table, policy: Policy, days: Ints, use: Mask) -> dict[str, Ints]:
    """Rule -> the verdict on every row; UNKNOWN or NOT_ASKED outside the rows in use."""
    found = {
        rule: np.full(table.n, NOT_ASKED if rule in rules_eligibility.OPTIONAL else UNKNOWN)
        for rule in rules_eligibility.CRITERIA
    }
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


def _flags_unasked(table: Table) -> Mask:
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
