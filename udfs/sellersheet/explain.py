"""Why one order costs what it costs: each part with its arithmetic, rule, source and standing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, NamedTuple, get_args

from sellersheet.cards import Card, shipped_card
from sellersheet.columns import column
from sellersheet.orders import OrderResults
from sellersheet.policy import Policy, Standing, standing_word
from sellersheet.rules.fees import BUYER_FAILED, FEE_PARTS, PARTS
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


def explain_order(
    results: OrderResults, row: int, policy: Policy, lang: Lang, card: Card | None = None
) -> list[Step]:
    """The parts of one row, in the order of ``FEE_PARTS``.

    ``card`` is the rate card that the results were made with; the policy's where none is given.
    """
    on = date(1970, 1, 1) + timedelta(days=int(results.days[row]))
    case = _Case(results, row, policy, lang, on)
    return [
        case.freight(card or shipped_card(policy), int(part[row]))
        if key == "logistics_fee_cny"
        else case.step(key, int(part[row]))
        for key, part in zip(FEE_PARTS, results.parts, strict=True)
    ]


class _Case(NamedTuple):
    results: OrderResults
    row: int
    policy: Policy
    lang: Lang
    on: date

    def step(self, key: str, cents: int) -> Step:
        """A part that the policy tells."""
        told = [self.policy.row(name, self.on, self.lang) for name in PARTS[key].values]
        values = dict(zip(PARTS[key].values, (item["value"] for item in told), strict=True))
        columns = self.results.table.columns
        paid = f"{columns['paid_cny'][self.row] / 100:,.2f}"
        days = int(columns["inbound_days"][self.row])
        code = key.removesuffix("_cny")
        how = (
            WORDS(code, self.lang).format(paid=paid, days=days, **values)
            if code in WORDS.messages
            else WORDS("between", self.lang).join(f"{it['title']} {it['value']}" for it in told)
        )
        decides = self.policy.row(self._deciding(key, days), self.on, self.lang)
        return Step(
            key,
            column("results", key).title(self.lang),
            cents if self.results.computed[self.row] else None,
            ", ".join(dict.fromkeys(item["rule"] for item in told)),
            how,
            decides["standing_word"],
            decides["source"],
            self._own(told),
        )

    def _deciding(self, key: str, days: int) -> str:
        """The value that decides this row's amount: an own one, else the one least known.

        Free inbound at T+2 or T+3 is a reading of ``rush_after_days``, at T+1 it is stated; what
        a failed inspection gives back is a value of its own.
        """
        view = self.policy.on(self.on)
        name = PARTS[key].values[0]
        if key == "rush_fee_cny":
            if days <= view.number("rush_free_days"):
                return "rush_free_days"
            own = self._is_own("rush_after_days")
            return "rush_after_days" if own or days <= view.number("rush_after_days") else name
        if key == "operation_refund_cny":
            case = int(self.results.table.columns["return_case"][self.row])
            return "failed_inspection_refund_rate" if case == BUYER_FAILED else name
        if key == "operation_fee_cny" and self.results.table.columns["parcel"][self.row] == 1:
            own = self._is_own("oversize_surcharge")
            return "oversize_surcharge" if own else name
        return name

    def _is_own(self, name: str) -> bool:
        return bool(self.policy.row(name, self.on, self.lang)["standing"] == "own")

    def freight(self, card: Card, cents: int) -> Step:
        """The freight: a quote, or a row of the rate card with its own source and standing."""
        results, row = self.results, self.row
        known = bool(results.freight_known[row])
        by_card = known and results.charge_mg[row] > 0
        code = "freight_card" if by_card else "freight_quote" if known else "freight_unknown"
        how = WORDS(code, self.lang, weight=f"{results.charge_mg[row] / 1000:g}")
        standing, source = "", WORDS(f"{code}_source", self.lang)
        own: tuple[str, ...] = ()
        if by_card and card.of_policy:
            told = self.policy.row(card.of_policy, self.on, self.lang)
            standing, source = told["standing_word"], told["source"]
            own = self._own([told])
            if told["snapshot_shown"]:
                source = WORDS("snapshot", self.lang, source=source, day=told["snapshot_shown"])
        elif by_card:
            place = int(results.place[row])
            standing = _standing(str(card.rates.standing[place]), self.lang)
            source = str(card.rates.source[place]) or source
        title = column("results", "logistics_fee_cny").title(self.lang)
        return Step(
            "logistics_fee_cny",
            title,
            cents if known else None,
            "F8, F9",
            how,
            standing,
            source,
            own,
        )

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
