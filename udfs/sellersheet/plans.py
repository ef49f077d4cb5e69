"""A deposit's payments with their times: D12 to D14, as a frame."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pandas as pd

from sellersheet.cells import read_one
from sellersheet.columns import column
from sellersheet.policy import Policy, load
from sellersheet.rules.deadlines import deposit_due
from sellersheet.rules.payment_plan import channel_of, channels
from sellersheet.rules.payment_plan import payment_plan as plan_of
from sellersheet.wording import Problem, Wording


class PlanProblem(Problem):
    """A payment plan that can't be made from what was given."""

    wording = Wording("sellersheet", "plans.toml")


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
        raise PlanProblem("amount", value=amount_usd)
    day = as_of or (notice.date() if notice else date.today())
    view = (policy or load()).on(day)
    used = channel_of(channel, view)
    if used is None:
        raise PlanProblem("channel", value=channel, allowed=" / ".join(channels(view)))
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
