"""Why one order costs what it costs: each part with its arithmetic, rule, source and standing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple, get_args

from sellersheet.cards import Card, shipped_card
from sellersheet.columns import column
from sellersheet.days import date_of
from sellersheet.orders import OrderResults
from sellersheet.policy import Policy, Standing, standing_word
from sellersheet.rules.fees import BUYER_FAILED, FEE_PARTS, PARTS, FeeParts
from sellersheet.wording import Lang, Wording

WORDS: Final = Wording("sellersheet", "explain.toml")


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


class Order(NamedTuple):
    """What decides an order's parts: cents, the n of T+n, and the codes of the rules."""

    paid: int
    inbound_days: int
    oversize: bool
    return_case: int


def explain_order(
    results: OrderResults, row: int, policy: Policy, lang: Lang, card: Card | None = None
) -> list[Step]:
    """The parts of one row, in the order of ``FEE_PARTS``.

    ``card`` is the rate card that the results were made with; the policy's where none is given.
    """
    on = date_of(int(results.days[row]))
    values = results.table.columns
    order = Order(
        int(values["paid_cny"][row]),
        int(values["inbound_days"][row]),
        bool(values["parcel"][row] == 1),
        int(values["return_case"][row]),
    )
    told = Told(policy, lang, on)
    computed = bool(results.computed[row])
    return [
        told.freight(results, row, card or shipped_card(policy), int(part[row]))
        if key == "logistics_fee_cny"
        else told.step(key, int(part[row]) if computed else None, order)
        for key, part in zip(FEE_PARTS, results.parts, strict=True)
    ]


def in_one_line(steps: Sequence[Step], on: date, lang: Lang, notes: str = "") -> str:
    """An order in one line: its total, then each part that is not 0 with its arithmetic, rules
    and standing, then own values and ``notes``. The amounts of all parts are known."""
    shown = [step for step in steps if step.cents]
    sums = WORDS("nothing", lang)
    for at, step in enumerate(shown):
        cents = step.cents or 0
        part = WORDS(
            "line_part",
            lang,
            title=step.title,
            amount=_yuan(abs(cents)),
            how=step.how,
            rules=step.rules,
            standing=step.standing or step.source,
        )
        sign = "minus" if cents < 0 else "plus" if at else "first"
        sums = WORDS(f"line_{sign}", lang, before=sums if at else "", part=part)
    replaced = dict.fromkeys(text for step in shown for text in step.replaced)
    notes = " ".join([*replaced, *([notes] if notes else [])])
    total = _yuan(sum(step.cents or 0 for step in shown))
    code = "line_noted" if notes else "line"
    return WORDS(code, lang, total=total, sums=sums, on=on, notes=notes)


class Told:
    """The parts of orders of one day in words."""

    def __init__(self, policy: Policy, lang: Lang, on: date) -> None:
        self.policy, self.lang, self.on = policy, lang, on
        self._view = policy.on(on)
        self._rows: dict[str, dict[str, Any]] = {}

    def row(self, name: str) -> dict[str, Any]:
        """A policy value in words, kept: many orders of a day ask for the same few."""
        if name not in self._rows:
            self._rows[name] = self.policy.row(name, self.on, self.lang)
        return self._rows[name]

    def quoted(self, fees: FeeParts, order: Order) -> list[Step]:
        """The seven parts of an order whose freight was quoted; ``fees`` in cents."""
        return [
            self._quote(int(part))
            if key == "logistics_fee_cny"
            else self.step(key, int(part), order)
            for key, part in zip(FEE_PARTS, fees, strict=True)
        ]

    def step(self, key: str, cents: int | None, order: Order) -> Step:
        """A part that the policy tells."""
        told = [self.row(name) for name in PARTS[key].values]
        values = dict(zip(PARTS[key].values, (item["value"] for item in told), strict=True))
        paid, days = f"{order.paid / 100:,.2f}", order.inbound_days
        code = key.removesuffix("_cny")
        how = (
            WORDS(code, self.lang).format(paid=paid, days=days, **values)
            if code in WORDS.messages
            else WORDS("between", self.lang).join(f"{it['title']} {it['value']}" for it in told)
        )
        decides = self.row(self._deciding(key, order))
        return Step(
            key,
            column("results", key).title(self.lang),
            cents,
            ", ".join(dict.fromkeys(item["rule"] for item in told)),
            how,
            decides["standing_word"],
            decides["source"],
            self._own(told),
        )

    def _deciding(self, key: str, order: Order) -> str:
        """The value that decides this row's amount: an own one, else the one least known.

        Free inbound at T+2 or T+3 is a reading of ``rush_after_days``, at T+1 it is stated; what
        a failed inspection gives back is a value of its own.
        """
        view, days = self._view, order.inbound_days
        name = PARTS[key].values[0]
        if key == "rush_fee_cny":
            if days <= view.number("rush_free_days"):
                return "rush_free_days"
            own = self._is_own("rush_after_days")
            return "rush_after_days" if own or days <= view.number("rush_after_days") else name
        if key == "operation_refund_cny":
            failed = order.return_case == BUYER_FAILED
            return "failed_inspection_refund_rate" if failed else name
        if key == "operation_fee_cny" and order.oversize:
            own = self._is_own("oversize_surcharge")
            return "oversize_surcharge" if own else name
        return name

    def _is_own(self, name: str) -> bool:
        return bool(self.row(name)["standing"] == "own")

    def _quote(self, cents: int) -> Step:
        """Freight as quoted."""
        how, source = WORDS("freight_quote", self.lang), WORDS("freight_quote_source", self.lang)
        return self._freight_step(cents, how, "", source)

    def _freight_step(
        self, cents: int | None, how: str, standing: str, source: str, own: tuple[str, ...] = ()
    ) -> Step:
        title = column("results", "logistics_fee_cny").title(self.lang)
        return Step("logistics_fee_cny", title, cents, "F8, F9", how, standing, source, own)

    def freight(self, results: OrderResults, row: int, card: Card, cents: int) -> Step:
        """The freight: a quote, or a row of the rate card with its own source and standing."""
        known = bool(results.freight_known[row])
        by_card = known and results.charge_mg[row] > 0
        if known and not by_card:
            return self._quote(cents)
        code = "freight_card" if by_card else "freight_unknown"
        how = WORDS(code, self.lang, weight=f"{results.charge_mg[row] / 1000:g}")
        standing, source = "", WORDS(f"{code}_source", self.lang)
        own: tuple[str, ...] = ()
        if by_card and card.of_policy:
            told = self.row(card.of_policy)
            standing, source = told["standing_word"], told["source"]
            own = self._own([told])
            if told["snapshot_shown"]:
                source = WORDS("snapshot", self.lang, source=source, day=told["snapshot_shown"])
        elif by_card:
            place = int(results.place[row])
            standing = _standing(str(card.rates.standing[place]), self.lang)
            source = str(card.rates.source[place]) or source
        return self._freight_step(cents if known else None, how, standing, source, own)

    def _own(self, told: list[dict[str, Any]]) -> tuple[str, ...]:
        """Each of the user's own values, with the one that it stands for."""
        return tuple(
            WORDS(
                "own_value",
                self.lang,
                title=item["title"],
                value=item["value"],
                old=item["replaced"],
            )
            for item in told
            if item["replaced"]
        )


def _standing(word: str, lang: Lang) -> str:
    """The standing of a rate card's row in words; another word as it was written."""
    for standing in get_args(Standing):
        if word.strip().casefold() in (standing, standing_word(standing, "zh")):
            return standing_word(standing, lang)
    return word.strip()


def _yuan(cents: int) -> str:
    return f"{'-' if cents < 0 else ''}¥{abs(cents) / 100:,.2f}"
