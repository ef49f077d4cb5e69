"""SAVINGS: what on-time inbound, the standard box and some grams less would save."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from sellersheet.functions.answers import gives_a_table
from sellersheet.functions.blocks import BLANK, NA
from sellersheet.functions.cases import Case, in_force
from sellersheet.functions.freight import SIDES
from sellersheet.functions.ranges import card, exchange, terms
from sellersheet.functions.reading import ARGUMENTS
from sellersheet.money import Ints
from sellersheet.orders.freight import Floors, Sides, parcels, with_floors
from sellersheet.orders.marks import Mark
from sellersheet.orders.marks import reasons as mark_reasons
from sellersheet.policy import View
from sellersheet.rules.card_lookup import REASONS, Freight, look_up
from sellersheet.rules.fees import repack_fee, rush_fee, rush_fee_at_risk
from sellersheet.rules.freight import MG_PER_GRAM
from sellersheet.rules.rate_card import RateCard
from sellersheet.rules.savings import Step, next_steps
from sellersheet.wording import Lang, Wording

WORDS: Final = Wording("sellersheet.functions", "savings.toml")
_VALUES: Final = ("rush_fee", "rush_after_days", "rush_free_days", "repack_fee")
_COLUMNS: Final = ("measure", "now", "after", "saved", "saved_all", "note")


@gives_a_table(5)
def SAVINGS(  # noqa: N802 - the name in Excel
    country: Any,
    weight_g: Any,
    length_cm: Any = None,
    width_cm: Any = None,
    height_cm: Any = None,
    line: Any = None,
    inbound_days: Any = None,
    standard_box: Any = None,
    orders: Any = None,
    as_of: Any = None,
    policy: Any = None,
    rates: Any = None,
    fx: Any = None,
) -> Any:
    """F5 to F8: measure, CNY now, after, saved, saved on all ``orders``, note; with a header.

    Freight is searched gram by gram in the rate card, down and up: it need not grow with weight.
    """
    used = terms(policy)
    lang = used.lang
    case = Case(
        lang,
        country=country,
        weight_g=weight_g,
        length_cm=length_cm,
        width_cm=width_cm,
        height_cm=height_cm,
        line=line,
        inbound_days=inbound_days,
        standard_box=standard_box,
        orders=orders,
        as_of=as_of,
    )
    header = [WORDS(key, lang) for key in _COLUMNS]
    if case.blank():
        return [header, [BLANK] * len(header)]
    day = case.day
    rules = in_force(used, _VALUES, day)
    table = _Table(case)
    table.on_time(rules)
    table.own_box(rules)
    rate_card = card(rates, used.policy).rates
    most = int(rate_card.to_mg.max()) if len(rate_card) else 0
    table.freight(lambda mg: _freight(case, mg, day, rate_card, exchange(fx)), most)
    return [header, *table.rows, table.together()]


def _freight(case: Case, weights_mg: Ints, day: int, rate_card: RateCard, fx: Any) -> Freight:
    """The parcel's freight at some weights."""
    count = len(weights_mg)
    sides = (np.full(count, case[side] or 0.0) for side in SIDES)
    items = parcels(
        np.full(count, case.text("country"), dtype=object),
        np.full(count, case.text("line"), dtype=object),
        weights_mg / MG_PER_GRAM,
        Sides(*sides),
        np.full(count, day, dtype=np.int64),
    )
    return look_up(items._replace(weight_mg=weights_mg), rate_card, fx)


class _Table:
    """The rows as they come together; ``saved`` are the cents of what can be done at once."""

    def __init__(self, case: Case) -> None:
        self.case, self.lang = case, case.lang
        self.rows: list[list[Any]] = []
        self.saved: list[int] = []

    def on_time(self, rules: View) -> None:
        """F5, F6: inbound at T+1."""
        days = 1 if self.case["inbound_days"] is None else self.case["inbound_days"]
        now, risk = int(rush_fee(days, rules)), int(rush_fee_at_risk(days, rules))
        note = WORDS("on_time_risk", self.lang, amount=_yuan(risk)) if risk else ""
        if now:
            free = rules.number("rush_free_days")
            note = WORDS("on_time_note", self.lang, days=days, free=free)
        self._add("on_time", now, 0, note)

    def own_box(self, rules: View) -> None:
        """F7: the platform's standard box."""
        now = int(repack_fee(self.case["standard_box"] is not False, rules))
        self._add("own_box", now, 0, WORDS("own_box_note", self.lang) if now else "")

    def freight(self, freight_of: Callable[[Ints], Freight], most_mg: int) -> None:
        """F8: the rate card's steps."""
        missing = [name for name in ("country", "weight_g") if self.case.blank(name)]
        if missing:
            names = [ARGUMENTS[name].title(self.lang) for name in missing]
            self._unknown(WORDS("freight_missing", self.lang, names=names))
            return
        weight = round(self.case["weight_g"] * MG_PER_GRAM)
        now = freight_of(np.array([weight], dtype=np.int64))
        if not now.known[0]:
            self._unknown(_why(now, self.lang))
            return
        fee = int(now.fee[0])
        steps = next_steps(weight, freight_of, most_mg)
        if steps.lighter is None:
            charged = int(now.charge_mg[0])
            code = "lighter_volume" if charged > weight else "lighter_none"
            note = WORDS(code, self.lang, weight=_grams(charged))
            self._add("lighter", fee, fee, note)
        else:
            self._step("lighter", fee, weight, steps.lighter, -1)
            self.saved.append(fee - steps.lighter.fee)
        if steps.lighter_row and steps.lighter_row != steps.lighter:
            self._step("lighter_row", fee, weight, steps.lighter_row, -1)
        if steps.heavier:
            self._step("heavier", fee, weight, steps.heavier, 1)

    def together(self) -> list[Any]:
        """What can be saved at once: on time, in the standard box, the nearest lighter step."""
        whole = sum(self.saved)
        unknown = self.rows[2][3] == NA
        note = WORDS("together_without" if unknown else "together_note", self.lang)
        return [WORDS("together", self.lang), "", "", whole / 100, self._all(whole), note]

    def _step(self, code: str, fee: int, weight: int, step: Step, sign: int) -> None:
        fields = {
            "grams": f"{step.grams:,}",
            "weight": _grams(weight + sign * step.grams * MG_PER_GRAM),
            "amount": _yuan(fee - step.fee),
        }
        self._row(code, fee, step.fee, WORDS(f"{code}_note", self.lang, **fields))

    def _add(self, code: str, now: int, after: int, note: str) -> None:
        self._row(code, now, after, note)
        self.saved.append(now - after)

    def _row(self, code: str, now: int, after: int, note: str) -> None:
        saved = now - after
        title = WORDS(code, self.lang)
        self.rows.append([title, now / 100, after / 100, saved / 100, self._all(saved), note])

    def _unknown(self, note: str) -> None:
        self.rows.append([WORDS("lighter", self.lang), *[NA] * 3, BLANK, note])

    def _all(self, saved: int) -> Any:
        orders = self.case["orders"]
        return BLANK if orders is None else saved * orders / 100


def _why(found: Freight, lang: Lang) -> str:
    """Why a parcel has no freight on record."""
    marks = np.array([Mark[REASONS[int(found.reason[0])].upper()]], dtype=np.int64)
    told = mark_reasons(marks, lang, {})
    with_floors(told, marks, Floors(found.floor, found.floor_mg), lang)
    return told[0]


def _yuan(cents: int) -> str:
    return f"¥{cents / 100:,.2f}"


def _grams(mg: int) -> str:
    return f"{mg / MG_PER_GRAM:,.12g}"
