"""``sellersheet deposit`` and ``sellersheet eligible``: questions about one shop."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click
import pandas as pd

from sellersheet import frames, plans
from sellersheet.columns import column
from sellersheet.rules.deadlines import deposit_due
from sellersheet.rules.payment_plan import CHANNELS
from sellersheet.wording import Lang
from sellersheet_addin.cli.commands import Word, command
from sellersheet_addin.cli.say import SAY, complain, dollars, percent, show_table, tell
from sellersheet_addin.cli.settings import CallProblem, settings, shared, value_option

_DEPOSIT = {
    "base_usd": "--base",
    "risk": "--risk",
    "shop_dispute_rate": "--shop-rate",
    "category_dispute_rate": "--category-rate",
}
_SHOP = {
    "shop_age_days": "--age",
    "violations_90d": "--violations",
    "sell_through": "--sell-through",
    "positive_rate": "--positive",
    "warehouse": "--warehouse",
    "category": "--category",
    "country": "--country",
}
# The policy value behind each criterion.
_CRITERIA = {
    "E1": ("shop_age_days", "shop_age_min_days"),
    "E2": ("violations_90d", "violations_max"),
    "E3": ("sell_through", "sell_through_min"),
    "E4": ("positive_rate", "positive_rate_min"),
    "E5": ("warehouse", "designated_warehouses"),
    "E9": ("category", "open_categories"),
    "E10": ("country", "served_destinations"),
}
# What a shop's figures don't tell: listed with what is needed, and not checked.
_BY_HAND = (
    ("E6", "required_documents"),
    ("E6", "bank_monthly_min"),
    ("E7", "entity_documents"),
    ("E8", "seller_site"),
)


def deposit(lang: Lang) -> click.Command:
    """The command ``deposit`` in one language."""

    @click.option("--channel", type=Word(CHANNELS, lang), help=SAY("channel_help", lang))
    @click.option("--notice", metavar="TIME", help=SAY("notice_help", lang))
    @shared(lang, "policy", "as_of")
    def run(
        channel: str | None,
        notice: str | None,
        policy_file: Path | None,
        as_of: str | None,
        **given: Any,
    ) -> int:
        terms = settings(policy_file=policy_file, as_of=as_of)
        moment = _moment(notice)
        frame = frames.order_deposit(_one(given), as_of=terms.as_of, policy=terms.policy, lang=lang)
        result = frame.iloc[0]
        if pd.isna(result["deposit_usd"]):
            complain(result["reason"])
            return 1
        rows = [
            [column("deposit_results", key).title(lang), percent(result[key], 2)]
            for key in ("deviation", "deviation_used")
        ]
        rows.append(
            [
                SAY("deposit_formula", lang),
                terms.policy.on(terms.as_of).text("deposit_formula", lang),
            ]
        )
        show_table([SAY("title_part", lang), SAY("title_value", lang)], rows)
        title = column("deposit_results", "deposit_usd").title(lang)
        tell(SAY("told", lang, title=title, text=dollars(result["deposit_usd"])), style="bold")
        if result["reason"]:
            tell(result["reason"])
        if channel:
            plan = plans.payment_plan(
                f"{result['deposit_usd']:.2f}",
                channel,
                notice=moment,
                as_of=terms.as_of,
                policy=terms.policy,
            )
            _show_plan(plan, lang)
        elif moment:
            due = deposit_due(moment, terms.policy.on(terms.as_of))
            tell(SAY("due", lang, time=f"{due:%Y-%m-%d %H:%M}"))
        return 0

    for key, flag in reversed(_DEPOSIT.items()):
        run = value_option("deposits", key, flag, lang, required=True)(run)
    return command("deposit", lang)(run)


def eligible(lang: Lang) -> click.Command:
    """The command ``eligible`` in one language."""

    @shared(lang, "policy", "as_of")
    def run(policy_file: Path | None, as_of: str | None, **given: Any) -> int:
        if all(value is None for value in given.values()):
            raise CallProblem("nothing_given")
        terms = settings(policy_file=policy_file, as_of=as_of)
        frame = frames.eligibility(_one(given), as_of=terms.as_of, policy=terms.policy, lang=lang)
        result = frame.iloc[0]
        if not result["E1"]:
            complain(result["reason"])
            return 1
        rows = []
        for rule, (key, name) in _CRITERIA.items():
            need = terms.policy.row(name, terms.as_of, lang)
            have = given[key] if given[key] is not None else "—"
            rows.append(
                [
                    f"{rule} {column('shops', key).title(lang)}",
                    need["value"],
                    str(have),
                    str(result[rule]),
                    need["standing_word"],
                ]
            )
        for rule, name in _BY_HAND:
            told = terms.policy.row(name, terms.as_of, lang)
            asked = SAY("by_hand", lang)
            rows.append(
                [f"{rule} {told['title']}", told["value"], "—", asked, told["standing_word"]]
            )
        titles = ("part", "need", "have", "verdict", "standing")
        show_table([SAY(f"title_{title}", lang) for title in titles], rows)
        verdict = {"TRUE": "eligible_yes", "FALSE": "eligible_no"}.get(
            result["eligible"], "eligible_open"
        )
        tell(SAY(verdict, lang), style="bold")
        return 0

    for key, flag in reversed(_SHOP.items()):
        run = value_option("shops", key, flag, lang)(run)
    return command("eligible", lang)(run)


def _one(given: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame({key: pd.Series([value], dtype=object) for key, value in given.items()})


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text.strip().replace("/", "-"))
    except ValueError:
        raise CallProblem("bad_time", value=text) from None


def _show_plan(plan: pd.DataFrame, lang: Lang) -> None:
    rows = [
        [
            str(row["part"]),
            dollars(row["amount_usd"]),
            dollars(row["fee_usd"]),
            dollars(row["debit_usd"]),
            "—" if pd.isna(row["due"]) else f"{row['due']:%Y-%m-%d %H:%M}",
        ]
        for _, row in plan.iterrows()
    ]
    titles = [SAY(f"plan_{key}", lang) for key in ("part", "amount", "fee", "debit", "due")]
    show_table(titles, rows, right=frozenset({1, 2, 3}))
