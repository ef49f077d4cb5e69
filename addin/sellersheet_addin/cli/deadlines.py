"""``sellersheet deadlines``: when things are due, in hours and in working days."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from sellersheet.columns import column
from sellersheet.functions import AFTERSALESDEADLINE, REVIEWDATE, SYNCDEADLINE, errors
from sellersheet.functions.blocks import NotOnRecord
from sellersheet.functions.ranges import CallTerms as OwnTerms
from sellersheet.functions.signs_table import WORDS as FUNCTIONS
from sellersheet.rules.deadlines import REVIEW_VALUES
from sellersheet.wording import Lang, Problem
from sellersheet_addin.cli.answers import show
from sellersheet_addin.cli.commands import command
from sellersheet_addin.cli.say import SAY, CallProblem, tell
from sellersheet_addin.cli.settings import day, settings, shared
from sellersheet_workbook.batch.one import Terms

# Option -> what it is asked for, or the kind of REVIEWDATE.
_OPTIONS = {
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
_VALUES = {"sync": "sync_before_hours", "after_sales": "after_sales_hours_semi", **REVIEW_VALUES}


def deadlines(lang: Lang) -> click.Command:
    """The command in one language."""

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
        if all(value is None for value in given.values()):
            raise CallProblem("nothing_asked", command="deadlines")
        if self_run and given["after_sales"] is None:
            raise CallProblem("self_run_alone")
        terms = settings(policy_file=policy_file, as_of=as_of)
        closed = days_given(holidays)
        header = [
            SAY(f"deadline_{key}", lang) for key in ("what", "since", "until", "rule", "standing")
        ]
        rows = []
        for what in _OPTIONS.values():
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

    for flag, what in reversed(_OPTIONS.items()):
        text = SAY(f"deadline_{what}_help", lang)
        run = click.option(flag, what, metavar="TIME", help=text)(run)
    return command("deadlines", lang)(run)


def _value(what: str, self_run: bool) -> str:
    return "after_sales_hours_self" if self_run and what == "after_sales" else _VALUES[what]


def _until(
    what: str, since: str, self_run: bool, closed: list[date], terms: Terms, lang: Lang
) -> Any:
    more = {"as_of": terms.as_of, "policy": OwnTerms(terms.policy, lang)}
    if what == "sync":
        return SYNCDEADLINE(since, **more)
    if what == "after_sales":
        return AFTERSALESDEADLINE(since, "self" if self_run else "semi", **more)
    return REVIEWDATE(what, since, [[each] for each in closed] or None, **more)


def _why_none(since: str, found: Any, terms: Terms) -> Problem:
    if found == errors.NA:
        first = terms.policy.first_day(_VALUES.values())
        return NotOnRecord("no_rule", first_day=first)
    return CallProblem("bad_time", value=since)


def days_given(given: tuple[str, ...]) -> list[date]:
    """Days, several in one option or in a file with a day a line."""
    words: list[str] = []
    for item in given:
        path = Path(item)
        text = path.read_text("utf-8-sig") if path.is_file() else item
        words += text.replace("，", ",").replace("、", ",").replace("\n", ",").split(",")
    title = {column("arguments", "holidays").title(lang) for lang in ("zh", "en")} | {"日期", "Day"}
    found = [day(word.strip()) for word in words if word.strip() and word.strip() not in title]
    return [each for each in found if each is not None]
