"""``sellersheet limit``, ``room``, ``calendar`` and ``savings``: how far, when, how much less."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import click

from sellersheet.columns import column
from sellersheet.functions import DEPOSITCALENDAR, DEPOSITLIMIT_DETAIL, SAVINGS, TRIGGERROOM
from sellersheet.functions.ranges import CallTerms as OwnTerms
from sellersheet.wording import Lang
from sellersheet_addin.cli.answers import answered, show
from sellersheet_addin.cli.commands import command
from sellersheet_addin.cli.deadlines import days_given
from sellersheet_addin.cli.say import SAY, CallProblem, dollars, percent, show_table, yuan
from sellersheet_addin.cli.settings import settings, shared, value_option

_LIMIT: Final = {
    "budget_usd": "--budget",
    "base_usd": "--base",
    "category_dispute_rate": "--category-rate",
    "orders": "--orders",
}
_ROOM: Final = {
    "parcels": "--parcels",
    "late_parcels": "--late",
    "missing_tracking": "--missing-tracking",
    "late_uploads": "--late-uploads",
    "category": "--category",
}
_CALENDAR: Final = {
    "approved_on": "--approved",
    "amount_usd": "--amount",
    "yearly_rate": "--yearly-rate",
    "left_on": "--left",
}
_SAVINGS: Final = {
    "country": "--country",
    "weight_g": "--weight",
    "length_cm": "--length",
    "width_cm": "--width",
    "height_cm": "--height",
    "line": "--line",
    "inbound_days": "--inbound-days",
    "standard_box": "--standard-box",
    "orders": "--orders",
}
# How the figures of a table's columns are shown; the others as they are.
_Shown = Mapping[int, Callable[[Any], str]]


def limit(lang: Lang) -> click.Command:
    """The command ``limit`` in one language: D20."""

    @click.option(
        "--risk", metavar="TEXT", required=True, help=column("arguments", "risk").help(lang)
    )
    @shared(lang, "policy", "as_of")
    def run(policy_file: Path | None, as_of: str | None, **given: Any) -> int:
        terms = settings(policy_file=policy_file, as_of=as_of)
        own = OwnTerms(terms.policy, lang)
        given["risk"] = _number_or_word(given["risk"])
        header, row = DEPOSITLIMIT_DETAIL(**given, as_of=terms.as_of, policy=own, headers=True)
        answered([row])
        [told] = _figures([row], {0: _rate, 1: _count, 2: dollars, 3: dollars, 4: _rate, 5: _count})
        titles = [SAY("title_part", lang), SAY("title_value", lang)]
        show([titles, *([title, cell] for title, cell in zip(header, told, strict=True))], lang)
        return 0

    for key, flag in reversed(_LIMIT.items()):
        run = value_option("arguments", key, flag, lang, required=key != "orders")(run)
    return command("limit", lang)(run)


def room(lang: Lang) -> click.Command:
    """The command ``room`` in one language: D21."""

    @value_option("arguments", "weekly_orders", "--weekly-orders", lang, multiple=True, metavar="N")
    @shared(lang, "policy", "as_of")
    def run(policy_file: Path | None, as_of: str | None, **given: Any) -> int:
        if all(value is None or value == () for value in given.values()):
            raise CallProblem("nothing_asked", command="room")
        terms = settings(policy_file=policy_file, as_of=as_of)
        given["weekly_orders"] = [[cell] for cell in given["weekly_orders"]] or None
        show(TRIGGERROOM(**given, as_of=terms.as_of, policy=OwnTerms(terms.policy, lang)), lang)
        return 0

    for key, flag in reversed(_ROOM.items()):
        run = value_option("arguments", key, flag, lang)(run)
    return command("room", lang)(run)


def calendar(lang: Lang) -> click.Command:
    """The command ``calendar`` in one language: D22."""

    @click.option(
        "--channel", metavar="TEXT", required=True, help=column("arguments", "channel").help(lang)
    )
    @click.option(
        "--holidays", multiple=True, metavar="DATE", help=column("arguments", "holidays").help(lang)
    )
    @shared(lang, "policy", "as_of")
    def run(
        holidays: tuple[str, ...], policy_file: Path | None, as_of: str | None, **given: Any
    ) -> int:
        terms = settings(policy_file=policy_file, as_of=as_of)
        closed = [[day] for day in days_given(holidays)] or None
        own = OwnTerms(terms.policy, lang)
        # Without --as-of the rules are those of the day of approval, as in the function.
        on = terms.as_of if as_of else None
        table = DEPOSITCALENDAR(**given, holidays=closed, as_of=on, policy=own)
        header, *rows = answered(table)
        show([header, *_figures(rows, {3: dollars})], lang)
        return 0

    for key, flag in reversed(_CALENDAR.items()):
        needed = key in ("approved_on", "amount_usd")
        run = value_option("arguments", key, flag, lang, required=needed)(run)
    return command("calendar", lang)(run)


def savings(lang: Lang) -> click.Command:
    """The command ``savings`` in one language: F5 to F8."""

    @shared(lang, "policy", "rates", "fx", "as_of")
    def run(
        policy_file: Path | None,
        rates_file: Path | None,
        fx: tuple[str, ...],
        as_of: str | None,
        **given: Any,
    ) -> int:
        if all(value is None for value in given.values()):
            raise CallProblem("nothing_asked", command="savings")
        terms = settings(policy_file=policy_file, rates_file=rates_file, fx=fx, as_of=as_of)
        own = OwnTerms(terms.policy, lang)
        more = {"rates": terms.card, "fx": terms.fx, "as_of": terms.as_of, "policy": own}
        header, *rows = answered(SAVINGS(**given, **more))
        places = dict.fromkeys(range(1, 5), yuan)
        show_table(header, _figures(rows, places), right=frozenset(places))
        return 0

    for key, flag in reversed(_SAVINGS.items()):
        run = value_option("arguments", key, flag, lang)(run)
    return command("savings", lang)(run)


def _figures(rows: list[list[Any]], shown: _Shown) -> list[list[Any]]:
    """The rows with their numbers as people read them; errors and words stay."""
    return [
        [
            shown[at](cell) if at in shown and isinstance(cell, float) else cell
            for at, cell in enumerate(row)
        ]
        for row in rows
    ]


def _rate(share: float) -> str:
    """All of its places: rounded up, the highest rate would be above the budget."""
    return percent(share, 7)


def _count(number: float) -> str:
    return f"{number:,.0f}"


def _number_or_word(text: str) -> float | str:
    """A risk coefficient: a number, or the name of a category."""
    try:
        return float(text)
    except ValueError:
        return text
