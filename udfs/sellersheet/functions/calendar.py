"""DEPOSITCALENDAR: when a deposit's money is due and free again, and what it costs meanwhile."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sellersheet.days import date_of, epoch_day
from sellersheet.functions.answers import gives_a_table
from sellersheet.functions.blocks import BLANK, CallProblem
from sellersheet.functions.cases import Case, in_force, percent
from sellersheet.functions.dates import read_holidays
from sellersheet.functions.deposit_tables import channel_key
from sellersheet.functions.ranges import CallTerms, terms
from sellersheet.functions.signs_table import WORDS
from sellersheet.policy import View
from sellersheet.rules.payment_plan import (
    CALENDAR_VALUES,
    PLAN_VALUES,
    Calendar,
    Payment,
    cost_of_capital,
    deposit_calendar,
    payment_plan,
    published_reduction,
)

_USED: Final = (
    *CALENDAR_VALUES,
    *PLAN_VALUES,
    *("payment_channels", "reduction_score_min", "reduction_published_sellers"),
)
_COLUMNS: Final = ("event", "when", "days", "usd", "rule", "standing", "note")
_SHOWN: Final = 12  # recalculations: a year of them, the others follow in step


@gives_a_table(6)
def DEPOSITCALENDAR(  # noqa: N802 - the name in Excel
    approved_on: Any,
    amount_usd: Any,
    channel: Any,
    holidays: Any = None,
    yearly_rate: Any = None,
    left_on: Any = None,
    as_of: Any = None,
    policy: Any = None,
) -> Any:
    """D12 to D16, D18, D22: event, date-time, days, USD, rule, standing and note, with a header.

    Days are those after approval; of the frozen money those from the due day to the release.
    Without a day the rules are those of the approval's.
    """
    used, closed = terms(policy), read_holidays(holidays)
    lang = used.lang
    case = Case(
        lang,
        approved_on=approved_on,
        amount_usd=amount_usd,
        channel=channel,
        yearly_rate=yearly_rate,
        left_on=left_on,
        as_of=as_of,
    )
    header = [WORDS(f"calendar_{key}", lang) for key in _COLUMNS]
    if case.blank("approved_on", "amount_usd", "channel"):
        return [header, [BLANK] * len(header)]
    case.needs("approved_on", "amount_usd", "channel")
    approved: datetime = case["approved_on"]
    day = epoch_day(approved.date()) if case.blank("as_of") else case.day
    rules = in_force(used, _USED, day)
    parts = payment_plan(case["amount_usd"], channel_key(case.text("channel"), rules, lang), rules)
    found = deposit_calendar(approved, case["left_on"], rules, closed)
    if found.left < found.due:
        left, due = (f"{at:%Y-%m-%d %H:%M}" for at in (found.left, found.due))
        raise CallProblem("left_before_due", name="left_on", left=left, due=due)
    rows = _Rows(case, found, rules, used, day)
    return [header, *rows.dates(parts, len(closed)), *rows.money()]


class _Rows:
    """The rows of one calendar."""

    def __init__(self, case: Case, found: Calendar, rules: View, used: CallTerms, day: int) -> None:
        self.case, self.found, self.rules, self.lang = case, found, rules, used.lang
        self.amount: int = case["amount_usd"]
        on = date_of(day)
        self.told = {name: used.policy.row(name, on, used.lang) for name in _USED}
        self.reduced = int(published_reduction(self.amount, rules))

    def dates(self, parts: list[Payment], holidays: int) -> list[list[Any]]:
        """What happens when."""
        found, lang = self.found, self.lang
        working = WORDS("calendar_holidays" if holidays else "calendar_weekends", lang,
                        count=holidays)  # fmt: skip
        debit = sum(part.debit for part in parts)
        paid = WORDS("calendar_paid", lang, count=len(parts), fee=_usd(debit - self.amount))
        rows = [
            self._row("approved", found.approved, self.amount, note=WORDS("calendar_own", lang)),
            self._row("notice", found.notice, self.amount, "notice_working_days", working),
            self._row("due", found.due, debit, "payment_due_hours", paid),
        ]
        first = WORDS("calendar_first", lang)
        for number, at in enumerate(found.recalculations[:_SHOWN], 1):
            note = "" if number > 1 else first
            rows.append(self._row("recalculation", at, None, "recalculation_days", note))
        if (further := len(found.recalculations) - _SHOWN) > 0:
            rows[-1][-1] = WORDS("calendar_further", lang, count=further)
        if found.reduction is not None:
            rows.append(self._row("reduction", found.reduction, self.reduced,
                                  "reduction_review_days", self._published()))  # fmt: skip
        left = "calendar_left_given" if not self.case.blank("left_on") else "calendar_left_first"
        rows.append(self._row("left", found.left, None, note=WORDS(left, lang)))
        note = WORDS("calendar_release_note", lang)
        rows.append(self._row("release", found.release, self.amount, "dispute_days", note))
        return sorted(rows, key=lambda row: row[1])

    def money(self) -> list[list[Any]]:
        """How much is frozen how long, and what that costs."""
        found, lang, rate = self.found, self.lang, self.case["yearly_rate"]
        days, after = found.frozen_days, found.days_after_reduction
        frozen = self._row("frozen", None, self.amount, note=WORDS("calendar_frozen_note", lang))
        frozen[2], frozen[4] = days, "D18"
        if rate is None:
            missing = WORDS("calendar_rate_missing", lang)
            return [frozen, self._row("cost", None, None, note=missing)]
        whole = int(cost_of_capital(self.amount * days, rate))
        fields = {"rate": percent(rate), "days": days, "amount": _usd(self.amount)}
        cost = self._row("cost", None, whole, note=WORDS("calendar_cost_note", lang, **fields))
        cost[2] = days
        if found.reduction is None:
            return [frozen, cost]
        lower = self.amount * (days - after) + self.reduced * after
        less = self._row(
            "cost_reduced", None, int(cost_of_capital(lower, rate)), note=self._published()
        )
        less[2] = days
        return [frozen, cost, less]

    def _published(self) -> str:
        return WORDS(
            "calendar_published",
            self.lang,
            score=self.told["reduction_score_min"]["value"],
            share=self.told["reduction_published_share"]["value"],
            sellers=self.told["reduction_published_sellers"]["value"],
        )

    def _row(
        self, event: str, at: datetime | None, cents: int | None, value: str = "", note: str = ""
    ) -> list[Any]:
        told = self.told[value] if value else {"rule": "", "standing_word": ""}
        return [
            WORDS(f"calendar_{event}", self.lang),
            BLANK if at is None else at,
            BLANK if at is None else (at.date() - self.found.approved.date()).days,
            BLANK if cents is None else cents / 100,
            told["rule"],
            told["standing_word"],
            note,
        ]


def _usd(cents: int) -> str:
    return f"${cents / 100:,.2f}"
