"""The rules over the cells of a formula: what they write, and that it gives what they give."""

import random
from typing import Any

import pytest

from sellersheet import money, symbols
from sellersheet.money import Ratio
from sellersheet.policy import load
from sellersheet.rules.deposit import NO_LIMIT, most_within, order_deposit
from sellersheet.rules.fees import Orders, order_fees, return_penalty
from sellersheet.rules.freight import Price, freight_fee, volumetric_mg
from sellersheet.rules.payment_plan import largest_part, part_of
from sellersheet.symbols import EXACT_BELOW, Symbol, ref, text
from sellersheet_workbook.plain.values import value_of


class _Terms:
    """The policy as plain numbers or as cells of the same names."""

    def __init__(self, values: dict[str, Any], *, cells: bool) -> None:
        self._values, self._cells = values, cells

    def money(self, name: str) -> Any:
        return ref(name, never_negative=True) if self._cells else self._values[name]

    number = choice = money

    def ratio(self, name: str) -> Ratio:
        if self._cells:
            whole = ref(f"{name}_den", never_negative=True)
            return Ratio(ref(name, never_negative=True), whole)  # type: ignore[arg-type]
        return Ratio(self._values[name], self._values[f"{name}_den"])


def _policy(chance: random.Random) -> dict[str, Any]:
    return {
        **{name: chance.randrange(0, 2000) for name in (
            "operation_fee", "oversize_surcharge", "rush_fee", "repack_fee",
            "seller_fault_subsidy", "excess_return_subsidy")},
        "rush_after_days": chance.randrange(0, 6), "deposit_flag_above": 500_000,
        "service_fee_rate": chance.randrange(0, 90), "service_fee_rate_den": 1000,
        "buyer_return_refund_rate": 1, "buyer_return_refund_rate_den": chance.randrange(1, 4),
        "failed_inspection_refund_rate": 1, "failed_inspection_refund_rate_den": 8,
        "deviation_cap": 1, "deviation_cap_den": 2,
        "excess_return_tolerance": 3, "excess_return_tolerance_den": 20,
        "excess_return_reading": chance.choice(("relative", "points")),
        "excess_counts_seller_fault_once": chance.choice(("yes", "no")),
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(40))
def test_a_rule_over_cells_gives_what_it_gives_over_numbers(seed: int) -> None:
    chance = random.Random(seed)
    terms = _policy(chance)
    plain, cells = _Terms(terms, cells=False), _Terms(terms, cells=True)

    def same(rule: Any, *given: Any) -> None:
        named = {f"cell {at}": value for at, value in enumerate(given)}
        written = rule(cells, *map(ref, named))
        right = rule(plain, *given)
        several = zip(written, right, strict=True) if isinstance(right, tuple) else [
            (written, right)]  # fmt: skip
        for symbol, wanted in several:
            found = value_of(symbol, terms | named, {})
            assert found == wanted, (rule, given, found, wanted)

    amount = lambda: chance.randrange(0, 10 ** chance.randrange(1, 9))  # noqa: E731
    same(lambda rules, *given: tuple(order_fees(Orders(*given), rules)), amount(), amount(),
         chance.random() < 0.5, chance.randrange(8), chance.random() < 0.5,
         chance.randrange(5))  # fmt: skip
    rates = [chance.randrange(1, 900) * 100_000 for _ in range(3)]
    same(lambda rules, *given: tuple(order_deposit(*given, rules)), amount() % 10**5, *rates)
    same(lambda rules, *given: most_within(*given, rules), amount() % 10**6, 1 + amount() % 10**6,
         rates[0], 1, 1 + rates[1] // 100_000)  # fmt: skip
    same(lambda rules, *given: return_penalty(*given, rules), chance.randrange(300),
         chance.randrange(100) * 10**7, chance.randrange(100) * 10**6, 3)  # fmt: skip
    price = [1000 + chance.randrange(0, 5000) for _ in range(8)]
    same(
        lambda _, weight, *given: freight_fee(weight, Price(*given), 10**9),
        amount() % 10**7,
        *price,
    )
    same(lambda _, *given: volumetric_mg(*given), amount(), 1 + chance.randrange(9_000_000))
    same(lambda _, whole, most: part_of(whole, most, 3), amount(), 1 + amount())
    same(lambda _, limit, num, den: largest_part(limit, Ratio(num, den)), amount(),
         chance.randrange(50), 1 + chance.randrange(1000))  # fmt: skip


@pytest.mark.parametrize("limit", [1, 199_005, 200_000, 12_345_678])
@pytest.mark.parametrize("rate", [Ratio(0, 1), Ratio(1, 200), Ratio(3, 7), Ratio(1, 1)])
def test_the_largest_part_is_within_the_limit_and_one_cent_more_is_not(
    limit: int, rate: Ratio
) -> None:
    part = largest_part(limit, rate)
    assert part + money.share(part, rate) <= limit
    assert part + 1 + money.share(part + 1, rate) > limit


def test_one_step_of_dispute_rate_more_is_above_the_budget() -> None:
    rules: Any = _Terms(_policy(random.Random(1)), cells=False)
    tried = set()
    for budget in range(0, 400_000, 997):
        given = (100_000, 300_000_000, 7, 1000)
        steps = most_within(budget, *given, rules)
        amount = lambda n: order_deposit(100_000, 300_000_000, 7 * n, 1000, rules).amount  # noqa: E731
        if steps == NO_LIMIT:
            assert amount(10**6) <= budget
        elif steps < 0:
            assert amount(0) > budget
        else:
            assert amount(steps) <= budget < amount(steps + 1)
        tried.add(min(max(steps, -1), NO_LIMIT) if steps in (-1, NO_LIMIT) else 0)
    assert tried == {-1, 0, NO_LIMIT}


def test_a_budget_of_just_the_deposit_at_a_cap() -> None:
    """A million with risk 0.8: a unit of the rate is eighteen cents. A cent less is below."""
    rules = load().on(20_000)
    budgets = (89_999_999, 90_000_000, 269_999_999, 270_000_000)
    steps = [most_within(one, 10**8, 8 * 10**8, 1, 10**7, rules) for one in budgets]
    assert steps == [-1, 5_000_000, 14_999_999, NO_LIMIT]
    whole = load().with_overrides([{"name": "deviation_cap", "value": "1"}], "test").on(20_000)
    assert [most_within(one, 1, 0, 1, 1, whole) for one in (0, 1, 2)] == [0, 1, NO_LIMIT]
    assert [most_within(one, 1, 0, 1, 2, whole) for one in (0, 1)] == [0, 2]  # half a cent is one


def test_what_is_beyond_exact_whole_numbers_is_not_on_record() -> None:
    cell = ref("n", never_negative=True)
    rounded = money.div_round(cell, 7)
    last = (EXACT_BELOW - 8) // 2
    assert value_of(rounded, {"n": last}, {}) == money.div_round(last, 7)
    assert value_of(rounded, {"n": last + 1}, {}) == "#N/A"


def test_a_tie_goes_away_from_zero_without_the_program_s_own_rounding() -> None:
    rounded = money.div_round(ref("n"), ref("d", never_negative=True))
    for number in range(-40, 41):
        assert value_of(rounded, {"n": number, "d": 8}, {}) == money.div_round(number, 8)
    assert "ROUND" not in text(rounded, lambda part: part.args[0] if part.op == "ref" else None)


@pytest.mark.parametrize(
    ("symbol", "written"),
    [
        (ref("a") - (ref("b") - ref("c")), "a-(b-c)"),
        ((ref("a") + 1) * -ref("b"), "(a+1)*(-b)"),
        (ref("a") * (ref("b") / 2), "a*(b/2)"),
        (ref("a") + 0, "a"),
        (0 + ref("a") * 1, "a"),
        ((ref("a") > 1) & (ref("b") == "x"), 'AND(a>1,b="x")'),
        ((ref("a") == 1) | (ref("b") == 2) | (ref("c") == 3), "OR(a=1,b=2,c=3)"),
        (money.where(ref("a") == 1, 2, "q\"q"), 'IF(a=1,2,"q""q")'),
        (-ref("a") // 3, "INT((-a)/3)"),
        (money.largest(ref("a"), 0), "MAX(a,0)"),
        (money.largest(0, ref("a")), "MAX(0,a)"),
        (money.smallest(ref("a"), 3), "MIN(a,3)"),
        (money.smallest(3, ref("a")), "MIN(3,a)"),
        (money.common_unit(ref("a"), 10), "MAX(GCD(a,10),1)"),
    ],
)  # fmt: skip
def test_an_operation_writes_its_formula(symbol: Symbol, written: str) -> None:
    assert text(symbol, lambda part: part.args[0] if part.op == "ref" else None) == written


def test_a_rule_that_decides_with_if_is_told_to_use_where() -> None:
    with pytest.raises(TypeError, match="where"):
        bool(symbols.ref("a") > 0)
