"""The fees of one order at a time, as a first draft would have it: what the rules are held against.

They also check that what is compared gives the same numbers.
"""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pandas as pd

from sellersheet.policy import Policy
from sellersheet.rules.fees import BUYER_FAILED, BUYER_PASSED, SELLER_FAULT, Orders


class Values:
    """The policy's values on one day, in yuan."""

    def __init__(self, policy: Policy, on: date) -> None:
        view = policy.on(on)
        self.service = _rate(view.ratio("service_fee_rate"))
        self.operation = Decimal(view.money("operation_fee")) / 100
        self.surcharge = Decimal(view.money("oversize_surcharge")) / 100
        self.rush = Decimal(view.money("rush_fee")) / 100
        self.rush_after: int = view.number("rush_after_days")
        self.repack = Decimal(view.money("repack_fee")) / 100
        self.passed = _rate(view.ratio("buyer_return_refund_rate"))
        self.failed = _rate(view.ratio("failed_inspection_refund_rate"))
        self.subsidy = Decimal(view.money("seller_fault_subsidy")) / 100


def yuan_rows(orders: Orders) -> list[tuple[Any, ...]]:
    """Each order as plain Python values, amounts in yuan as Decimal."""
    amounts = [
        [Decimal(cents) / 100 for cents in column.tolist()]
        for column in (orders.paid, orders.logistics)
    ]
    others = [column.tolist() for column in orders[2:]]
    return list(zip(*amounts, *others, strict=True))


def decimal_loop(rows: list[tuple[Any, ...]], values: Values) -> list[tuple[Decimal, ...]]:
    """The seven parts of every order, a Decimal each."""
    cent = Decimal("0.01")
    nothing = Decimal(0)
    found = []
    for paid, logistics, oversize, days, box, case in rows:
        operation = values.operation + (values.surcharge if oversize else nothing)
        back = {BUYER_PASSED: values.passed, BUYER_FAILED: values.failed}.get(case, nothing)
        found.append(
            (
                (paid * values.service).quantize(cent, ROUND_HALF_UP),
                operation,
                values.rush if days > values.rush_after else nothing,
                nothing if box else values.repack,
                logistics,
                -(operation * back).quantize(cent, ROUND_HALF_UP),
                values.subsidy if case == SELLER_FAULT else nothing,
            )
        )
    return found


def pandas_apply(frame: pd.DataFrame, values: Values) -> pd.DataFrame:
    """The seven parts by ``DataFrame.apply`` a row, in floats: fast to write, wrong at ties."""
    service, operation, surcharge = (
        float(item) for item in (values.service, values.operation, values.surcharge)
    )
    rush, repack, subsidy = (float(item) for item in (values.rush, values.repack, values.subsidy))
    shares = {BUYER_PASSED: float(values.passed), BUYER_FAILED: float(values.failed)}

    def fees(row: pd.Series[Any]) -> tuple[float, ...]:
        handling = operation + (surcharge if row["oversize"] else 0.0)
        return (
            round(row["paid"] * service, 2),
            handling,
            rush if row["inbound_days"] > values.rush_after else 0.0,
            0.0 if row["standard_box"] else repack,
            row["logistics"],
            -round(handling * shares.get(row["return_case"], 0.0), 2),
            subsidy if row["return_case"] == SELLER_FAULT else 0.0,
        )

    return frame.apply(fees, axis=1, result_type="expand")


def _rate(ratio: Any) -> Decimal:
    return Decimal(int(ratio.num)) / ratio.den
