"""Why one order costs what it costs: each part with its arithmetic, rule, source and standing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sellersheet.columns import FEE_PARTS, column
from sellersheet.orders import OrderResults
from sellersheet.policy import Policy
from sellersheet.wording import Lang, Wording

WORDS: Final = Wording("sellersheet", "explain.toml")

# The policy values behind each part, the one that decides first.
_VALUES: Final = {
    "service_fee_cny": ("service_fee_rate",),
    "operation_fee_cny": ("operation_fee", "oversize_surcharge"),
    "rush_fee_cny": ("rush_fee", "rush_after_days"),
    "repack_fee_cny": ("repack_fee",),
    "logistics_fee_cny": (),
    "operation_refund_cny": ("buyer_return_refund_rate", "failed_inspection_refund_rate"),
    "subsidy_loss_cny": ("seller_fault_subsidy",),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One part of an order's fees: cents (None: not on record) and where they come from.

    ``replaced`` tells each of the user's own values behind it, with the one it stands for.
    """

    key: str
    title: str
    cents: int | None
    rules: str
    how: str
    standing: str
    source: str
    replaced: tuple[str, ...] = ()


def explain_order(results: OrderResults, row: int, policy: Policy, lang: Lang) -> list[Step]:
    """The seven parts of one row, in the order of ``columns.FEE_PARTS``."""
    on = date(1970, 1, 1) + timedelta(days=int(results.days[row]))
    return [
        _step(results, row, policy, lang, on, key, int(part[row]))
        for key, part in zip(FEE_PARTS, results.parts, strict=True)
    ]


def _step(
    results: OrderResults, row: int, policy: Policy, lang: Lang, on: date, key: str, cents: int
) -> Step:
    told = [policy.row(name, on, lang) for name in _VALUES[key]]
    known = results.freight_known if key == "logistics_fee_cny" else results.computed
    if key == "logistics_fee_cny":
        by_card = results.charge_mg[row] > 0
        code = "freight_card" if by_card else "freight_quote" if known[row] else "freight_unknown"
        fields = {"weight": f"{results.charge_mg[row] / 1000:g}"}
        standing, source, rules = "", WORDS(f"{code}_source", lang), "F8, F9"
        how = WORDS(code, lang, **fields)
    else:
        standing, source = told[0]["standing_word"], told[0]["source"]
        rules = ", ".join(dict.fromkeys(item["rule"] for item in told))
        paid = f"{results.table.columns['paid_cny'][row] / 100:,.2f}"
        values = dict(zip(_VALUES[key], (item["value"] for item in told), strict=True))
        days = int(results.table.columns["inbound_days"][row])
        how = WORDS(key.removesuffix("_cny"), lang).format(paid=paid, days=days, **values)
    title = column("results", key).title(lang)
    own = tuple(
        WORDS("own_value", lang, title=item["title"], value=item["value"], old=item["replaced"])
        for item in told
        if item["replaced"]
    )
    return Step(key, title, cents if known[row] else None, rules, how, standing, source, own)
