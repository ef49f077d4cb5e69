"""Every argument of every function with a cell that can't be read: an error, and never a number."""

from __future__ import annotations

from typing import Any

import pytest

from sellersheet import functions
from sellersheet.functions.reading import ARGUMENTS
from sellersheet.functions.registry import FUNCTIONS, Argument, Function
from tests.excel_cases import EVERY

# What no column of that kind can take. A text takes every word: there an error cell passes through.
_NUMBER = "许多"
WRONG: dict[str, Any] = {
    **dict.fromkeys(("money", "rate", "number", "count", "grams", "cm"), _NUMBER),
    **dict.fromkeys(("yes_no", "choice", "date", "moment"), "也许"),
    **dict.fromkeys(("text", "country"), "#REF!"),
}
RANGES: dict[str, Any] = {
    **dict.fromkeys(("policy", "policy_a", "policy_b"), (("name", "value"), ("no such value", 1))),
    "costs": (("没有这种成本", 1),),
    "semi_costs": (("没有这种成本", 1),),
    "self_costs": (("没有这种成本", 1),),
    "weekly_growth": ((_NUMBER,),),
    "monthly_growth": ((_NUMBER,),),
    **dict.fromkeys(("weekly_orders", "return_rates", "volumes"), ((_NUMBER,),)),
    "documents": (("护照", "是", None),),
    "holidays": (("2024-10-01",), ("不上班",)),
    "table_with_header": (("什么",), (1,)),
    "orders_with_header": (("什么",), (1,)),
}
# A card, rates of exchange and costs by SKU: a row that can't be read is left out, and what needs
# it is not on record; the sheets that hold them say which row it is.
TABLES = {"rates", "fx", "sku_costs"}
EVERY_ARGUMENT = [
    pytest.param(item, argument, id=f"{item.name}-{argument.name}")
    for item in FUNCTIONS.values()
    for argument in item.arguments
    if argument.name not in TABLES
]


@pytest.mark.parametrize(("item", "argument"), EVERY_ARGUMENT)
def test_a_wrong_argument(item: Function, argument: Argument) -> None:
    given: dict[str, Any] = dict(
        zip((each.name for each in item.arguments), EVERY[item.name], strict=False)
    )
    kind = ARGUMENTS[argument.name].kind
    given[argument.name] = RANGES[argument.name] if kind == "range" else WRONG[kind]
    found = getattr(functions, item.name)(**given)
    if item.name in SHOWN_IN_WORDS and isinstance(found, list):
        assert str(found[0][0]) in ("#VALUE!", "#REF!", "#N/A") or _told(found), found
        return
    assert found in ("#VALUE!", "#REF!"), found


def _told(table: list[list[Any]]) -> bool:
    """Whether a row of the table holds the error."""
    return any(cell in ("#VALUE!", "#REF!") for row in table for cell in row)


SHOWN_IN_WORDS = {name for name in FUNCTIONS if name.endswith("_DETAIL")} | {
    *("ORDERTABLE", "SUMMARY", "DEPOSITTRIGGER", "DEPOSITREADY", "DEPOSITPLAN"),
    *("MODECOMPARE", "FACTS", "FAILCODE", "TRIGGERROOM", "DEPOSITCALENDAR", "RULEDIFF", "SAVINGS"),
    *("RETURNCURVE", "MODEVOLUME"),
}
