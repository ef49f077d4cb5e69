"""A second, independent reading of the rules, used only to test the package.

Everything here is exact arithmetic on fractions, written for clarity and not for speed.
It shares no code with the package.
"""

from .deadlines import after_sales_deadline, deposit_due, deposit_notice, sync_deadline
from .deposit import deposit, deviation, deviation_used, most_disputes, plan
from .eligibility import category_verdict, overall, verdicts
from .fees import (
    DEFAULT_TERMS,
    ORDER_COSTS,
    Terms,
    fee_status,
    order_fees,
    profit,
    return_penalty,
    share,
)
from .freight import card_fee, chargeable_g, charged_g, is_oversize, volumetric_g
from .pricing import Costs, price_profit, smallest_price
from .rounding import cents, half_away

__all__ = [
    "DEFAULT_TERMS",
    "ORDER_COSTS",
    "Costs",
    "Terms",
    "after_sales_deadline",
    "card_fee",
    "category_verdict",
    "cents",
    "chargeable_g",
    "charged_g",
    "deposit",
    "deposit_due",
    "deposit_notice",
    "deviation",
    "deviation_used",
    "fee_status",
    "half_away",
    "is_oversize",
    "most_disputes",
    "order_fees",
    "overall",
    "plan",
    "price_profit",
    "profit",
    "return_penalty",
    "share",
    "smallest_price",
    "sync_deadline",
    "verdicts",
    "volumetric_g",
]
