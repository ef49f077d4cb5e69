"""The worksheet functions as plain Python: ``from sellersheet.functions import SEMIFEE``.

They take what cells hold and give what cells show: numbers, texts, and the markers
``#N/A``, ``#VALUE!``, ``#NUM!`` for errors. They never raise.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

# Function -> the module it stands in; a module is loaded when its function is first called.
HOME = {
    "SEMIFEE": "fees",
    "SEMIFEE_DETAIL": "fees",
    "EXPLAIN": "explained",
    "ISOVERSIZE": "fees",
    "RETURNPENALTY": "fees",
    "RETURNCURVE": "curves",
    "ORDERTABLE": "orders",
    "SUMMARY": "orders",
    "RULEDIFF": "rule_diff",
    "CHARGEABLEWEIGHT": "freight",
    "LOGISTICSFEE": "freight",
    "SAVINGS": "savings",
    "ELIGIBLE": "shop",
    "ELIGIBLE_DETAIL": "shop",
    "CATEGORYCHECK": "shop",
    "ORDERDEPOSIT": "deposit",
    "ORDERDEPOSIT_DETAIL": "deposit",
    "DEPOSITLIMIT": "deposit_limit",
    "DEPOSITLIMIT_DETAIL": "deposit_limit",
    "DEPOSITBASE": "deposit",
    "DEPOSITTRIGGER": "deposit_tables",
    "TRIGGERROOM": "room",
    "DEPOSITREADY": "deposit_tables",
    "DEPOSITPLAN": "deposit_tables",
    "DEPOSITCALENDAR": "calendar",
    "PROFIT": "profit",
    "PROFIT_DETAIL": "profit",
    "BREAKEVEN": "price",
    "PRICEFORMARGIN": "price",
    "MODECOMPARE": "price",
    "MODEVOLUME": "curves",
    "FAILCODE": "lookup",
    "SYNCDEADLINE": "dates",
    "AFTERSALESDEADLINE": "dates",
    "REVIEWDATE": "dates",
    "POLICYVALUE": "lookup",
    "FACTS": "facts",
}
__all__ = list(HOME)


def __getattr__(name: str) -> Any:
    if name not in HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{HOME[name]}"), name)
    globals()[name] = found
    return found
