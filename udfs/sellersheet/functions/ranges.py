"""Ranges that stand for more than values: own policy, rate card, exchange rates, SKU costs.

Each is understood once for its content: a thousand cells that name the same range share
one reading of it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from functools import cache, lru_cache, wraps
from itertools import chain
from typing import Any, Final, NamedTuple, TypeVar

import numpy as np

from sellersheet.cards import LANGUAGE, Card, fx_rates, own_values, read_card, shipped_card
from sellersheet.cells import word
from sellersheet.exchange import FxRates
from sellersheet.functions.blocks import CallProblem, cut, error_text, is_blank, used_rows
from sellersheet.intake.grid import Grid, grid_of_rows
from sellersheet.orders import SkuCosts
from sellersheet.policy import Policy, View, load
from sellersheet.tables import read_table
from sellersheet.wording import LANGS, Lang

Rows = tuple[tuple[Any, ...], ...]
Made = TypeVar("Made")

# A sheet's header row and at most this many rows below it: a policy has about a hundred.
_KEPT: Final = 64


class CallTerms(NamedTuple):
    """The policy of a call, and the language that a row of its range asks for."""

    policy: Policy
    own_lang: Lang | None = None

    @property
    def lang(self) -> Lang:
        """The language that texts are in."""
        return self.own_lang or default_language()

    def on(self, days: Any) -> View:
        """The policy on one day or on each row's; cells of one day share a view."""
        return self.policy.on(days) if isinstance(days, np.ndarray) else _on(self.policy, days)


def terms(policy: Any = None) -> CallTerms:
    """The shipped policy with a range's own values; the language of its row ``lang``.

    Without that row it is that of ``SELLERSHEET_LANG``, else Chinese. ``CallTerms`` of a program's
    own are taken as they are.
    """
    if isinstance(policy, CallTerms):
        return policy
    return _shipped() if policy is None or is_blank(policy) else _terms(policy)


@cache
def _shipped() -> CallTerms:
    return CallTerms(load())


def language_of(*policies: Any) -> Lang:
    """The language of a call, also where a policy range can't be used; the last that asks for
    one is followed."""
    for policy in reversed(policies):
        if isinstance(policy, CallTerms):
            return policy.lang
        for row in used_rows(policy):
            texts = [cut(cell) for cell in row if isinstance(cell, str)]
            others = [text for text in texts if word(text) not in LANGUAGE]
            for text in others if len(others) < len(texts) else ():
                with suppress(CallProblem):
                    return _language(text)
    return default_language()


@lru_cache(maxsize=_KEPT)
def _on(policy: Policy, day: int) -> View:
    return policy.on(day)


def default_language() -> Lang:
    """The language where a call names none."""
    return "en" if os.environ.get("SELLERSHEET_LANG", "").lower().startswith("en") else "zh"


def by_content(make: Callable[..., Made]) -> Callable[..., Made]:
    """Makes something of ranges once, however many cells ask for it."""

    @lru_cache(maxsize=_KEPT)
    def kept(blocks: tuple[Rows, ...], _types: tuple[type, ...]) -> Made:  # TRUE and 1 are equal
        return make(*blocks)

    @wraps(make)
    def made(*ranges: Any) -> Made:
        blocks = tuple(tuple(used_rows(block)) for block in ranges)
        cells = chain.from_iterable(chain.from_iterable(blocks))
        try:
            return kept(blocks, tuple(map(type, cells)))
        except TypeError:  # a cell that can't be a key
            return make(*blocks)

    return made


def grid_of(rows: Rows) -> Grid:
    """A range as a grid, error cells as their text; a single row gets a blank one below."""
    if len(rows) == 1:
        rows = (*rows, (None,) * len(rows[0]))
    return grid_of_rows(rows, mend=_mended)


def _mended(cell: Any) -> Any:
    """An error, which arrives as a whole number, as its text."""
    return error_text(cell) or cell


@by_content
def _terms(rows: Rows) -> CallTerms:
    found = own_values(grid_of(rows))
    if found.wrong:
        issue = found.wrong[0].text(language_of(rows))
        raise CallProblem("range_row", name="policy", issue=issue)
    own = [
        row and {**row, "name": cut(row["name"]), "value": cut(row["value"])} for row in found.rows
    ]
    asked = [_language(cell) for cell in found.languages]
    lang = asked[-1] if asked else None
    return CallTerms(load().with_overrides(own, origin="policy"), lang)


def _language(given: object) -> Lang:
    wanted = str(given).strip().lower()
    if wanted.startswith(("en", "英")):
        return "en"
    if wanted in LANGS or wanted.startswith(("zh", "中")):
        return "zh"
    raise CallProblem("language", value=given)


def card(rates: Any = None, policy: Policy | None = None) -> Card:
    """The rate card of a range, else the policy's; wrong rows are left out.

    A ``Card`` of a program's own is taken as it is.
    """
    if isinstance(rates, Card):
        return rates
    return shipped_card(policy) if is_blank(rates) else _card(rates)


@by_content
def _card(rows: Rows) -> Card:
    found = read_card(grid_of(rows))
    return shipped_card() if found.table.empty.all() else found


def exchange(fx: Any = None) -> FxRates:
    """The exchange rates of a range, else none; those of a program's own as they are. A wrong
    row leaves what needs it without a rate, and all else as it is."""
    if isinstance(fx, FxRates):
        return fx
    return FxRates.fixed({}) if is_blank(fx) else _exchange(fx)


@by_content
def _exchange(rows: Rows) -> FxRates:
    return fx_rates(read_table(grid_of(rows), "fx"), strict=False)


def sku_costs(block: Any = None, fx: Any = None) -> SkuCosts | None:
    """The costs of a range by SKU and day in CNY, else none."""
    if is_blank(block):
        return None
    if isinstance(fx, FxRates):
        return _costs_at(tuple(used_rows(block)), fx)
    return _sku_costs(block) if is_blank(fx) else _sku_costs(block, fx)


@by_content
def _sku_costs(rows: Rows, fx: Rows | None = None) -> SkuCosts:
    return _costs_at(rows, exchange(fx))


def _costs_at(rows: Rows, fx: FxRates) -> SkuCosts:
    return SkuCosts.of(read_table(grid_of(rows), "sku_costs", fx=fx))
