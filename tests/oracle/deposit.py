"""Order deposit (D1, D2, D6) and the payments it is made in (D13, D14)."""

from fractions import Fraction

from .rounding import Number, half_away

HALF = Fraction(1, 2)


def deviation(shop: Number, mean: Number) -> Fraction:
    """How far the shop's dispute rate lies from the category mean; a mean of 0 raises (D6)."""
    return (Fraction(shop) - Fraction(mean)) / Fraction(mean)


def deviation_used(shop: Number, mean: Number, cap: Fraction = HALF) -> Fraction:
    """The deviation after its limit on both sides (D2)."""
    return min(cap, max(-cap, deviation(shop, mean)))


def deposit(
    base_usd: Number, risk: Number, shop: Number, mean: Number, cap: Fraction = HALF
) -> int:
    """The deposit in US cents, rounded once."""
    factor = (1 + Fraction(risk)) * (1 + deviation_used(shop, mean, cap))
    return half_away(Fraction(base_usd) * factor * 100)


def plan(
    amount_cents: int,
    channel: str,
    limit: int = 200_000,
    fee_rate: Fraction = Fraction(5, 1000),
    fee_inside: bool = True,
) -> list[tuple[int, int]]:
    """Payments as (amount, fee) in cents; each Payoneer part is as large as it may be."""
    if channel not in ("payoneer", "alipay+"):
        raise ValueError(f"no such channel: {channel}")
    if amount_cents < 0:
        raise ValueError("a negative amount")

    def fee(amount: int) -> int:
        return half_away(amount * fee_rate)

    if channel == "alipay+":
        return [(amount_cents, fee(amount_cents))] if amount_cents else []
    parts: list[tuple[int, int]] = []
    left = amount_cents
    while left:
        part = min(left, limit)
        while part + (fee(part) if fee_inside else 0) > limit:
            part -= 1
        if part == 0:
            raise ValueError("the limit lets nothing through")
        parts.append((part, fee(part)))
        left -= part
    return parts


def most_disputes(
    budget_cents: int, base_usd: Number, risk: Number, mean: Number, orders: int
) -> int | None:
    """D20: the most disputes within a budget, every number tried from the top down."""
    for disputes in range(orders, -1, -1):
        if deposit(base_usd, risk, Fraction(disputes, orders), mean) <= budget_cents:
            return disputes
    return None
