"""Ranges that stand for more than values: own policy, rate card, exchange rates, costs.

Each is understood once for its content: a thousand cells that name the same range share
one reading of it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import lru_cache, wraps
from itertools import chain
from typing import Any, Final, NamedTuple, TypeVar

import numpy as np
import pandas as pd

from sellersheet.cards import Card, read_card, shipped_card
from sellersheet.cells import word
from sellersheet.exchange import FxRates
from sellersheet.functions.blocks import CallProblem, cut, is_blank, used_rows
from sellersheet.functions.errors import error_text
from sellersheet.functions.reading import ERROR, WRONG, read_one
from sellersheet.intake.grid import Grid, grid_of_rows
from sellersheet.orders import SkuCosts
from sellersheet.policy import Policy, View, load
from sellersheet.rules.pricing import Costs
from sellersheet.tables import Table, fx_rates, read_table
from sellersheet.wording import LANGS, Lang

Rows = tuple[tuple[Any, ...], ...]
Made = TypeVar("Made")

# A sheet's header row and at most this many rows below it: a policy has about a hundred.
_KEPT: Final = 64
_LANGUAGE: Final = {"lang", "language", "语言"}
_COSTS: Final = {
    "commission": ("commission", "佣金", "佣金率", "平台佣金"),
    "affiliate": ("affiliate", "联盟", "联盟佣金", "联盟佣金率"),
    "advertising": ("advertising", "advert", "ads", "广告", "广告费", "广告费率"),
    "coupon": ("coupon", "coupons", "优惠券", "优惠"),
    "other": ("other", "其他", "其它", "其他成本"),
}
_COST_NAMES: Final = {word(text): key for key, texts in _COSTS.items() for text in texts}
_COST_ARGUMENTS: Final = {
    **dict.fromkeys(("commission", "affiliate", "advertising"), "return_rate"),
    **dict.fromkeys(("coupon", "other"), "refund"),
}


class Terms(NamedTuple):
    """The policy of a call, and the language that a row of its range asks for."""

    policy: Policy
    own_lang: Lang | None = None

    @property
    def lang(self) -> Lang:
        """The language that texts are in."""
        return self.own_lang or default_language()


def terms(policy: Any = None) -> Terms:
    """The shipped policy with a range's own values; the language of its row ``lang``.

    Without that row it is that of ``SELLERSHEET_LANG``, else Chinese.
    """
    return Terms(load()) if is_blank(policy) else _terms(policy)


def language_of(policy: Any = None) -> Lang:
    """The language of a call, also where its policy range can't be used."""
    for row in used_rows(policy):
        texts = [cut(cell) for cell in row if isinstance(cell, str)]
        others = [text for text in texts if word(text) not in _LANGUAGE]
        for text in others if len(others) < len(texts) else ():
            with suppress(CallProblem):
                return _language(text)
    return default_language()


def view(used: Terms, days: Any) -> View:
    """The policy on one day or on each row's; cells of one day share a view."""
    return used.policy.on(days) if isinstance(days, np.ndarray) else _on(used.policy, days)


@lru_cache(maxsize=_KEPT)
def _on(policy: Policy, day: int) -> View:
    return policy.on(day)


def default_language() -> Lang:
    """The language where a call names none."""
    return "en" if os.environ.get("SELLERSHEET_LANG", "").lower().startswith("en") else "zh"


def by_content(make: Callable[[Rows], Made]) -> Callable[[Any], Made]:
    """Makes something of a range once, however many cells ask for it."""

    @lru_cache(maxsize=_KEPT)
    def kept(rows: Rows, _types: tuple[type, ...]) -> Made:  # TRUE and 1 are equal in Python
        return make(rows)

    @wraps(make)
    def made(block: Any) -> Made:
        rows = tuple(used_rows(block))
        try:
            return kept(rows, tuple(map(type, chain.from_iterable(rows))))
        except TypeError:  # a cell that can't be a key
            return make(rows)

    return made


def grid_of(rows: Rows) -> Grid:
    """A range as a grid, error cells as their text; a single row gets a blank one below."""
    if len(rows) == 1:
        rows = (*rows, (None,) * len(rows[0]))
    return grid_of_rows(rows, mend=_mended)


def _mended(cells: Sequence[Any]) -> Sequence[Any]:
    """Errors, which arrive as whole numbers, as their texts."""
    return tuple(error_text(cell) or cell for cell in cells) if int in map(type, cells) else cells


@by_content
def _terms(rows: Rows) -> Terms:
    table = read_table(grid_of(rows), "overrides")
    names, values = table.columns["name"], _raw(table, "value")
    starts = _raw(table, "start") if "start" in table.header else [None] * len(names)
    reasons = table.columns["reason"] if "reason" in table.header else [None] * len(names)
    lang: Lang | None = None
    own: list[dict[str, Any]] = [{} for _ in names]  # a row that asks for nothing is passed over
    for at, (name, given) in enumerate(zip(names, values, strict=True)):
        if given is None or given == "":
            continue
        if word(cut(name)) in _LANGUAGE:
            lang = _language(given)
            continue
        start = None if starts[at] in (None, "") else _day(table, at, rows)
        own[at] = {"name": cut(name), "value": cut(given), "start": start, "reason": reasons[at]}
    return Terms(load().with_overrides(own, origin="policy"), lang)


def _language(given: object) -> Lang:
    wanted = str(given).strip().lower()
    if wanted.startswith(("en", "英")):
        return "en"
    if wanted in LANGS or wanted.startswith(("zh", "中")):
        return "zh"
    raise CallProblem("language", value=given)


def _raw(table: Table, key: str) -> list[Any]:
    """The cells of a column as they came, None for a blank."""
    at = [str(title) for title in table.raw.columns].index(table.header[key])
    return [None if pd.isna(cell) else cell for cell in table.raw.iloc[:, at]]


def _day(table: Table, at: int, rows: Rows) -> Any:
    wrong = [issue for issue in table.issues if issue.row - 2 == at and issue.key == "start"]
    if wrong:
        raise CallProblem("range_row", name="policy", issue=wrong[0].text(language_of(rows)))
    return pd.Timestamp(int(table.columns["start"][at]), unit="D").date()


def card(rates: Any = None) -> Card:
    """The rate card of a range, else the shipped one; wrong rows are left out."""
    return shipped_card() if is_blank(rates) else _card(rates)


@by_content
def _card(rows: Rows) -> Card:
    found = read_card(grid_of(rows))
    return shipped_card() if found.table.empty.all() else found


def exchange(fx: Any = None) -> FxRates:
    """The exchange rates of a range, else none."""
    return FxRates.fixed({}) if is_blank(fx) else _exchange(fx)


@by_content
def _exchange(rows: Rows) -> FxRates:
    return fx_rates(read_table(grid_of(rows), "fx"))


def sku_costs(block: Any = None) -> SkuCosts | None:
    """The costs of a range by SKU and day, else none."""
    return None if is_blank(block) else _sku_costs(block)


@by_content
def _sku_costs(rows: Rows) -> SkuCosts:
    return SkuCosts.of(read_table(grid_of(rows), "sku_costs"))


def costs(block: Any = None) -> Costs:
    """Commission, affiliate, advertising, coupon, other: a name and a rate or amount a row."""
    return Costs() if is_blank(block) else _costs(block)


@by_content
def _costs(rows: Rows) -> Costs:
    found: dict[str, int] = {}
    for row in rows:
        name, value = cut(row[0]), row[1] if len(row) > 1 else row[0]
        if value is None or value == "":
            continue
        key = _COST_NAMES.get(word(str(name or "")))
        if key is None or len(row) == 1:
            raise CallProblem("cost_name", value=name, allowed=", ".join(_COSTS))
        read = read_one(_COST_ARGUMENTS[key], value)
        if read.state in (WRONG, ERROR):
            raise CallProblem("cost_value", name=name, value=value)
        found[key] = found.get(key, 0) + read.value
    return Costs(**found)
