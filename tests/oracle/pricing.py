"""Profit at a price with selling costs, and the smallest price that reaches a goal."""

from dataclasses import dataclass
from fractions import Fraction

from .fees import DEFAULT_TERMS, Terms, order_fees
from .rounding import rounded_share


@dataclass(frozen=True)
class Costs:
    """Selling costs: shares of the price (each rounded by itself) and amounts in cents."""

    commission: Fraction = Fraction(0)
    affiliate: Fraction = Fraction(0)
    advertising: Fraction = Fraction(0)
    coupon: int = 0
    other: int = 0

    def at(self, price: int) -> int:
        """What they come to at a price."""
        rates = (self.commission, self.affiliate, self.advertising)
        return sum(rounded_share(price, rate) for rate in rates if rate) + self.coupon + self.other


NO_COSTS = Costs()


def _text(amount: int) -> str:
    return f"{amount // 100}.{amount % 100:02d}"


def _fees_without_service(
    logistics: int,
    parcel: str | None,
    inbound_days: int | None,
    standard_box: bool | None,
    return_case: str | None,
    terms: Terms,
) -> int:
    """Everything but the service fee: the total fee of an order on which nothing is paid."""
    line = {
        "paid_cny": "0.00",
        "logistics_cny": _text(logistics),
        "parcel": parcel,
        "inbound_days": inbound_days,
        "standard_box": standard_box,
        "return_case": return_case,
    }
    return order_fees([line], terms)[0]["total_fee"]


def _left(price: int, fixed: int, costs: Costs, terms: Terms) -> int:
    """What is left of a price after fees and selling costs, before goods and refunds."""
    return price - rounded_share(price, terms.rate) - fixed - costs.at(price)


def price_profit(
    price: int,
    cost: int,
    logistics: int,
    *,
    parcel: str | None = None,
    inbound_days: int | None = None,
    standard_box: bool | None = None,
    return_case: str | None = None,
    refund: int | None = None,
    goods_lost: int | None = None,
    costs: Costs = NO_COSTS,
    terms: Terms = DEFAULT_TERMS,
) -> int | None:
    """Profit in cents of a one-line order at a price; None for a return without a refund (F16)."""
    fixed = _fees_without_service(logistics, parcel, inbound_days, standard_box, return_case, terms)
    rest = _left(price, fixed, costs, terms)
    if return_case is None:
        return rest - cost - (refund or 0) - (goods_lost or 0)
    if refund is None:
        return None
    return rest - refund - (cost if goods_lost is None else goods_lost)


def smallest_price(
    target_margin: Fraction | None,
    cost: int,
    logistics: int,
    *,
    parcel: str | None = None,
    inbound_days: int | None = None,
    standard_box: bool | None = None,
    costs: Costs = NO_COSTS,
    terms: Terms = DEFAULT_TERMS,
    bound: int = 40_000,
) -> int | None:
    """The smallest price in cents that breaks even, or that reaches a margin.

    Every price from one cent to the bound is tried in turn: profit may fall when the price
    rises by a cent, because several rounded parts can step up together. None: no price does it.
    """
    goal = target_margin or Fraction(0)
    fixed = _fees_without_service(logistics, parcel, inbound_days, standard_box, None, terms)
    for price in range(1, bound + 1):
        gain = _left(price, fixed, costs, terms) - cost
        if gain * goal.denominator >= goal.numerator * price:
            return price
    return None
