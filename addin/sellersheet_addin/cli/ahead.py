"""``sellersheet limit``, ``room``, ``calendar`` and ``savings``: how far, when, how much less.

``deadlines``: when things are due, in hours and in working days.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import click

from sellersheet.columns import column
from sellersheet.functions import (
    AFTERSALESDEADLINE,
    DEPOSITCALENDAR,
    DEPOSITLIMIT_DETAIL,
    REVIEWDATE,
    SAVINGS,
    SYNCDEADLINE,
    TRIGGERROOM,
)
from sellersheet.functions.blocks import NA, NotOnRecord
from sellersheet.functions.signs_table import WORDS as FUNCTIONS
from sellersheet.rules.deadlines import REVIEW_VALUES
from sellersheet.wording import Lang, Problem
from sellersheet_addin.cli.commands import command
from sellersheet_addin.cli.say import (
    SAY,
    CallProblem,
    answered,
    dollars,
    percent,
    require_any,
    show,
    show_table,
    tell,
    yuan,
)
from sellersheet_addin.cli.settings import (
    chained,
    day,
    last_arguments,
    settings,
    shared,
    text_option,
    value_option,
    value_options,
)
from sellersheet_workbook.batch.one import Terms

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
# Option -> what it is asked for, or the kind of REVIEWDATE.
_DUE = {
    "--inbound": "sync",
    "--request": "after_sales",
    "--approved": "notice",
    "--notice": "due",
    "--calculated": "recalculation",
    "--reduction": "reduction",
    "--refused": "rereview",
    "--applied": "application",
    "--left": "release",
}
_DUE_VALUES = {
    "sync": "sync_before_hours",
    "after_sales": "after_sales_hours_semi",
    **REVIEW_VALUES,
}


def limit(lang: Lang) -> click.Command:
    """The command ``limit`` in one language: D20."""

    @command("limit", lang)
    @value_options("arguments", _LIMIT, lang, required=_LIMIT.keys() - {"orders"})
    @text_option("risk", "--risk", lang, required=True)
    @shared(lang, "policy", "as_of")
    def run(policy_file: Path | None, as_of: str | None, **given: Any) -> int:
        terms = settings(policy_file=policy_file, as_of=as_of)
        given["risk"] = _number_or_word(given["risk"])
        header, row = DEPOSITLIMIT_DETAIL(**given, **last_arguments(terms, lang), headers=True)
        answered([row])
        [told] = _figures([row], {0: _rate, 1: _count, 2: dollars, 3: dollars, 4: _rate, 5: _count})
        titles = [SAY("title_part", lang), SAY("title_value", lang)]
        show([titles, *([title, cell] for title, cell in zip(header, told, strict=True))], lang)
        return 0

    return run


def room(lang: Lang) -> click.Command:
    """The command ``room`` in one language: D21."""

    @command("room", lang)
    @value_options("arguments", _ROOM, lang)
    @value_option("arguments", "weekly_orders", "--weekly-orders", lang, multiple=True, metavar="N")
    @shared(lang, "policy", "as_of")
    def run(policy_file: Path | None, as_of: str | None, **given: Any) -> int:
        require_any(given, "room")
        terms = settings(policy_file=policy_file, as_of=as_of)
        given["weekly_orders"] = [[cell] for cell in given["weekly_orders"]] or None
        show(TRIGGERROOM(**given, **last_arguments(terms, lang)), lang)
        return 0

    return run


def calendar(lang: Lang) -> click.Command:
    """The command ``calendar`` in one language: D22."""

    @command("calendar", lang)
    @value_options("arguments", _CALENDAR, lang, required=("approved_on", "amount_usd"))
    @text_option("channel", "--channel", lang, required=True)
    @text_option("holidays", "--holidays", lang, multiple=True, metavar="DATE")
    @shared(lang, "policy", "as_of")
    def run(
        holidays: tuple[str, ...], policy_file: Path | None, as_of: str | None, **given: Any
    ) -> int:
        terms = settings(policy_file=policy_file, as_of=as_of)
        closed = [[day] for day in _days_given(holidays)] or None
        under = last_arguments(terms, lang)
        if not as_of:  # the rules are those of the day of approval, as in the function
            under["as_of"] = None
        table = DEPOSITCALENDAR(**given, holidays=closed, **under)
        header, *rows = answered(table)
        show([header, *_figures(rows, {3: dollars})], lang)
        return 0

    return run


def savings(lang: Lang) -> click.Command:
    """The command ``savings`` in one language: F5 to F8."""

    @command("savings", lang)
    @value_options("arguments", _SAVINGS, lang)
    @shared(lang, "policy", "rates", "fx", "as_of")
    def run(
        policy_file: Path | None,
        rates_file: Path | None,
        fx: tuple[str, ...],
        as_of: str | None,
        **given: Any,
    ) -> int:
        require_any(given, "savings")
        terms = settings(policy_file=policy_file, rates_file=rates_file, fx=fx, as_of=as_of)
        table = SAVINGS(**given, rates=terms.card, fx=terms.fx, **last_arguments(terms, lang))
        header, *rows = answered(table)
        places = dict.fromkeys(range(1, 5), yuan)
        show_table(header, _figures(rows, places), right=frozenset(places))
        return 0

    return run


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


def deadlines(lang: Lang) -> click.Command:
    """The command in one language."""

    @command("deadlines", lang)
    @chained(
        click.option(flag, what, metavar="TIME", help=SAY(f"deadline_{what}_help", lang))
        for flag, what in _DUE.items()
    )
    @click.option("--self-run", is_flag=True, help=SAY("self_run_help", lang))
    @click.option("--holidays", multiple=True, metavar="DATE", help=SAY("holidays_help", lang))
    @shared(lang, "policy", "as_of")
    def run(
        self_run: bool,
        holidays: tuple[str, ...],
        policy_file: Path | None,
        as_of: str | None,
        **given: Any,
    ) -> int:
        require_any(given, "deadlines")
        if self_run and given["after_sales"] is None:
            raise CallProblem("self_run_alone")
        terms = settings(policy_file=policy_file, as_of=as_of)
        closed = _days_given(holidays)
        header = [
            SAY(f"deadline_{key}", lang) for key in ("what", "since", "until", "rule", "standing")
        ]
        rows = []
        for what in _DUE.values():
            if given[what] is not None:
                found = _until(what, given[what], self_run, closed, terms, lang)
                if not isinstance(found, datetime):
                    raise _why_none(given[what], found, terms)
                told = terms.policy.row(_value(what, self_run), terms.as_of, lang)
                title = SAY(f"deadline_{what}", lang)
                rows.append([title, given[what], found, told["value"], told["standing_word"]])
        show([header, *rows], lang)
        if closed:
            tell(FUNCTIONS("calendar_holidays", lang, count=len(closed)))
        else:
            tell(SAY("deadline_weekends", lang))
        return 0

    return run


def _value(what: str, self_run: bool) -> str:
    return "after_sales_hours_self" if self_run and what == "after_sales" else _DUE_VALUES[what]


def _until(
    what: str, since: str, self_run: bool, closed: list[date], terms: Terms, lang: Lang
) -> Any:
    more = last_arguments(terms, lang)
    if what == "sync":
        return SYNCDEADLINE(since, **more)
    if what == "after_sales":
        return AFTERSALESDEADLINE(since, "self" if self_run else "semi", **more)
    return REVIEWDATE(what, since, [[each] for each in closed] or None, **more)


def _why_none(since: str, found: Any, terms: Terms) -> Problem:
    if found == NA:
        first = terms.policy.first_day(_DUE_VALUES.values())
        return NotOnRecord("no_rule", first_day=first)
    return CallProblem("bad_time", value=since)


def _days_given(given: tuple[str, ...]) -> list[date]:
    """Days, several in one option or in a file with a day a line."""
    words: list[str] = []
    for item in given:
        path = Path(item)
        text = path.read_text("utf-8-sig") if path.is_file() else item
        words += text.replace("，", ",").replace("、", ",").replace("\n", ",").split(",")
    title = {column("arguments", "holidays").title(lang) for lang in ("zh", "en")} | {"日期", "Day"}
    found = [day(word.strip()) for word in words if word.strip() and word.strip() not in title]
    return [each for each in found if each is not None]
