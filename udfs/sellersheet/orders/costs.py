"""The cost of goods by SKU and day, and what an order leaves: F16."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from sellersheet.cards import bad_rows
from sellersheet.columns import COST_COLUMNS
from sellersheet.money import Ints, Mask
from sellersheet.rules.fees import NO_RETURN
from sellersheet.tables import Table

_SPOILT: Final = -1  # the cost of a row that can't be used
_DAYS: int = 2**32  # room for a day beside a code in one int64
# F18: costs of an order beside goods and fulfilment fees.
ORDER_COSTS: Final = (*COST_COLUMNS, "other_cny")


class SkuCosts:
    """Costs of one piece, in cents, by SKU and by the day from which each holds.

    A row without a start holds from the beginning of time. Of two rows for one SKU and
    day the later one counts. A bad row spoils its SKU from its start on, rather than that an
    earlier cost counts; one whose start is not known spoils the SKU, one without a SKU all.
    """

    def __init__(
        self,
        sku: npt.NDArray[np.object_],
        start: Ints,
        dated: Mask,
        cost: Ints,
        spoilt: frozenset[str] = frozenset(),
    ) -> None:
        self._spoilt = spoilt
        codes, self._skus = pd.factorize(sku)
        keys = codes * _DAYS + np.where(dated, start.astype(np.int64), -_DAYS // 4)
        order = np.argsort(keys, kind="stable")
        self._keys, self._cost = keys[order], cost[order]

    @classmethod
    def of(cls, table: Table) -> SkuCosts:
        """The costs of a table ``sku_costs``."""
        bad = bad_rows(table)
        use = table.used
        use[[row for row, known in bad if known]] = True
        start = table.columns.get("start", np.zeros(table.n, dtype=np.int32))
        dated = ~table.blank.get("start", np.ones(table.n, dtype=bool))
        columns = table.columns
        cost = np.where(table.bad, _SPOILT, columns["cost_cny"])
        spoilt = {str(columns["sku"][row]) for row, known in bad if not known}
        spoilt |= {"" for row, _ in bad if not columns["sku"][row]}
        return cls(columns["sku"][use], start[use], dated[use], cost[use], frozenset(spoilt))

    def on(self, sku: npt.NDArray[np.object_], days: Ints) -> tuple[Ints, Mask, Mask]:
        """The cost of a piece on each row's day, where one is on record, and where it is spoilt."""
        spoilt = np.isin(sku, list(self._spoilt)) if "" not in self._spoilt else sku == sku
        cost, known = self._last(sku, days)
        spoilt = spoilt | (known & (cost == _SPOILT))
        known &= ~spoilt
        return np.where(known, cost, 0), known, spoilt

    def _last(self, sku: npt.NDArray[np.object_], days: Ints) -> tuple[Ints, Mask]:
        if not len(self._keys):
            return np.zeros(len(sku), dtype=np.int64), np.zeros(len(sku), dtype=bool)
        codes = pd.Index(self._skus).get_indexer(pd.Index(sku, dtype=object)).astype(np.int64)
        place = np.searchsorted(self._keys, codes * _DAYS + days, side="right") - 1
        found = np.maximum(place, 0)
        known = (codes >= 0) & (place >= 0)
        known &= (self._keys[found] + _DAYS // 2) // _DAYS == codes
        return np.where(known, self._cost[found], 0), known


class Left(NamedTuple):
    """Profit in cents and where it is known; the marks of F16."""

    profit: Ints
    known: Mask
    refund_missing: Mask
    goods_lost_assumed: Mask


def what_is_left(
    paid: Ints,
    total_fee: Ints,
    fee_known: Mask,
    case: npt.NDArray[np.int8],
    money: dict[str, tuple[Ints, Mask]],
) -> Left:
    """F16: paid less refund, goods, other costs and fees; blank while something is missing.

    ``money`` has refund_cny, goods_lost_cny, cost_cny and other_cny in cents, each with
    where it is given. Goods that come back cost only what of them is lost.
    """
    refund, refund_given = money["refund_cny"]
    lost, lost_given = money["goods_lost_cny"]
    cost, cost_given = money["cost_cny"]
    other, _ = money["other_cny"]
    returned = case != NO_RETURN
    assumed = returned & ~lost_given & cost_given
    goods: Any = np.where(returned, np.where(lost_given, lost, cost), cost + lost)
    goods_known = np.where(returned, lost_given | cost_given, cost_given)
    refund_missing = returned & ~refund_given
    return Left(
        profit=paid - refund - goods - other - total_fee,
        known=fee_known & goods_known & ~refund_missing,
        refund_missing=refund_missing,
        goods_lost_assumed=assumed & ~refund_missing,
    )
