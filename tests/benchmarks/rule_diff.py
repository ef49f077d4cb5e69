"""Orders computed by two sets of rules and summed by group, against computing them once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sellersheet import policy
from sellersheet.cards import shipped_card
from sellersheet.exchange import FxRates
from sellersheet.impact import Side, impact_table, rule_impact
from sellersheet.summary import By
from tests.benchmarks import inputs
from tests.benchmarks.harness import Line, Scale, in_turns
from tests.benchmarks.rules import AS_OF, run_compute

_GROUPS: tuple[By, ...] = ("sku", "country", "month")


def measure(scale: Scale) -> Iterator[Line]:
    """100,000 rows, a twentieth of them bad or blank."""
    terms = policy.load()
    own = terms.with_overrides([{"name": "rush_fee", "value": "4"}], "benchmark")
    table = inputs.table(scale.rows(100_000))
    sides = Side(terms, shipped_card()), Side(own, shipped_card(), date(2024, 12, 1))
    none = FxRates.fixed({})
    for by in _GROUPS:
        yield in_turns(
            f"impact of rules by {by}, {table.n:,} rows",
            lambda: impact_table(rule_impact(table, *sides, as_of=AS_OF, fx=none), by, "zh"),  # noqa: B023
            "compute of them",
            lambda: run_compute(table, terms),
            scale,
            aim=2.5,
        )
