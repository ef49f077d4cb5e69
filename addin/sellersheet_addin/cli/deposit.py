"""``sellersheet deposit``: the order deposit of a notice, and how it is paid.

``triggers``, ``ready`` and ``base`` tell what is to be known before it is asked for.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click
import pandas as pd

from sellersheet import shop_frames
from sellersheet.columns import column
from sellersheet.functions import DEPOSITBASE, DEPOSITREADY, DEPOSITTRIGGER
from sellersheet.functions.blocks import NA, VALUE
from sellersheet.functions.deposit_tables import channel_key
from sellersheet.functions.signs_table import WORDS
from sellersheet.rules.deadlines import deposit_due
from sellersheet.rules.deposit import stated_coefficient
from sellersheet.wording import Lang
from sellersheet_addin.cli.commands import command
from sellersheet_addin.cli.say import (
    SAY,
    CallProblem,
    answered,
    complain,
    dollars,
    percent,
    require_any,
    show,
    show_table,
    tell,
)
from sellersheet_addin.cli.settings import (
    Value,
    last_arguments,
    one_row,
    settings,
    shared,
    text_option,
    value_option,
    value_options,
)
from sellersheet_workbook.batch.one import Terms

_RATES = {"shop_dispute_rate": "--shop-rate", "category_dispute_rate": "--category-rate"}
_SITUATION = {
    "category": "--category",
    "weekly_growth": "--weekly-growth",
    "flash_first": "--flash-first",
    "sku_price_usd": "--price",
    "fulfilment_rate": "--fulfilment",
    "false_shipments": "--false-shipments",
    "monthly_growth": "--monthly-growth",
    "tracking_delay": "--tracking-delay",
    "battery": "--battery",
    "ru_br_share": "--ru-br-share",
    "cainiao_without_aplus": "--cainiao-without-aplus",
    "promotion": "--promotion",
}
_GROWTHS = ("weekly_growth", "monthly_growth")
_SHOP = {
    "licence_days": "--licence-days",
    "entity": "--entity",
    "certified": "--certified",
    "violations_90d": "--violations",
    "alp": "--alp",
    "tracking_rate": "--tracking",
}
_TIER = {
    "monthly_orders": "--orders",
    "dsr": "--dsr",
    "category": "--category",
    "new_shop": "--new-shop",
    "battery_3c": "--battery-3c",
}


def deposit(lang: Lang) -> click.Command:
    """The command ``deposit`` in one language."""

    @command("deposit", lang)
    @value_option("deposits", "base_usd", "--base", lang, required=True)
    @text_option("risk", "--risk", lang, required=True)  # a number, or a category
    @value_options("deposits", _RATES, lang, required=_RATES)
    @text_option("channel", "--channel", lang)
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
        _check_risk(given["risk"], terms, lang)
        frame = shop_frames.order_deposit(
            one_row(given), as_of=terms.as_of, policy=terms.policy, lang=lang
        )
        result = frame.iloc[0]
        if pd.isna(result["deposit_usd"]):
            complain(result["reason"])
            return 1
        used = channel_key(channel, terms.policy.on(terms.as_of), lang) if channel else ""
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
        if used:
            plan = shop_frames.payment_plan(
                f"{result['deposit_usd']:.2f}",
                used,
                notice=moment,
                as_of=terms.as_of,
                policy=terms.policy,
            )
            _show_plan(plan, lang)
        elif moment:
            due = deposit_due(moment, terms.policy.on(terms.as_of))
            tell(SAY("due", lang, time=f"{due:%Y-%m-%d %H:%M}"))
        return 0

    return run


def _check_risk(given: str, terms: Terms, lang: Lang) -> None:
    """A category without a stated coefficient must be a number."""
    if stated_coefficient(given, terms.policy.on(terms.as_of)) is None:
        context = click.get_current_context()
        (option,) = (item for item in context.command.params if item.name == "risk")
        Value(column("deposits", "risk"), lang).convert(given, option, context)


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


def triggers(lang: Lang) -> click.Command:
    """The command ``triggers`` in one language."""

    @command("triggers", lang)
    @value_options("arguments", _SITUATION, lang, multiple=_GROWTHS)
    @shared(lang, "policy", "as_of")
    def run(policy_file: Path | None, as_of: str | None, **given: Any) -> int:
        require_any(given, "triggers")
        terms = settings(policy_file=policy_file, as_of=as_of)
        for name in _GROWTHS:
            given[name] = [[cell] for cell in given[name]] or None
        table = answered(DEPOSITTRIGGER(**given, **last_arguments(terms, lang)))
        show(table, lang)
        found = {row[4] for row in table[1:] if row[1] == WORDS("trigger", lang)}
        held = [code for code in ("holds", "open") if WORDS(code, lang) in found]
        tell(SAY(f"triggers_{(held or ['holds_not'])[0]}", lang), style="bold")
        return 0

    return run


def ready(lang: Lang) -> click.Command:
    """The command ``ready`` in one language."""

    @command("ready", lang)
    @value_options("arguments", _SHOP, lang)
    @shared(lang, "policy", "as_of")
    def run(policy_file: Path | None, as_of: str | None, **given: Any) -> int:
        require_any(given, "ready")
        terms = settings(policy_file=policy_file, as_of=as_of)
        show(DEPOSITREADY(**given, **last_arguments(terms, lang)), lang)
        return 0

    return run


def base(lang: Lang) -> click.Command:
    """The command ``base`` in one language."""

    @command("base", lang)
    @value_options("arguments", _TIER, lang, required=("monthly_orders", "category"))
    @shared(lang, "policy", "as_of")
    def run(policy_file: Path | None, as_of: str | None, **given: Any) -> int:
        terms = settings(policy_file=policy_file, as_of=as_of)
        found = DEPOSITBASE(**given, **last_arguments(terms, lang))
        row = terms.policy.row("base_tiers", terms.as_of, lang)
        if found == VALUE:
            complain(SAY("base_wrong", lang))
            return 2
        if found == NA:
            tell(SAY("base_none", lang), style="bold")
        else:
            title = SAY("base_found", lang)
            tell(SAY("told", lang, title=title, text=dollars(found)), style="bold")
        for key in ("value", "standing_word", "source", "note"):
            if row[key]:
                tell(SAY("told", lang, title=SAY(f"policy_{key}", lang), text=row[key]))
        return 0

    return run
