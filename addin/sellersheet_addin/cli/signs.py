"""``sellersheet triggers``, ``ready`` and ``base``: before a deposit is asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sellersheet.functions import DEPOSITBASE, DEPOSITREADY, DEPOSITTRIGGER, errors
from sellersheet.functions.ranges import CallTerms as OwnTerms
from sellersheet.functions.signs_table import WORDS
from sellersheet.wording import Lang
from sellersheet_addin.cli.answers import answered, show
from sellersheet_addin.cli.commands import command
from sellersheet_addin.cli.say import SAY, CallProblem, complain, dollars, tell
from sellersheet_addin.cli.settings import settings, shared, value_option

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


def triggers(lang: Lang) -> click.Command:
    """The command ``triggers`` in one language."""

    @shared(lang, "policy", "as_of")
    def run(policy_file: Path | None, as_of: str | None, **given: Any) -> int:
        _something(given, "triggers")
        terms = settings(policy_file=policy_file, as_of=as_of)
        for name in _GROWTHS:
            given[name] = [[cell] for cell in given[name]] or None
        own = OwnTerms(terms.policy, lang)
        table = answered(DEPOSITTRIGGER(**given, as_of=terms.as_of, policy=own))
        show(table, lang)
        found = {row[4] for row in table[1:] if row[1] == WORDS("trigger", lang)}
        held = [code for code in ("holds", "open") if WORDS(code, lang) in found]
        tell(SAY(f"triggers_{(held or ['holds_not'])[0]}", lang), style="bold")
        return 0

    for key, flag in reversed(_SITUATION.items()):
        several = {"multiple": True} if key in _GROWTHS else {}
        run = value_option("arguments", key, flag, lang, **several)(run)
    return command("triggers", lang)(run)


def ready(lang: Lang) -> click.Command:
    """The command ``ready`` in one language."""

    @shared(lang, "policy", "as_of")
    def run(policy_file: Path | None, as_of: str | None, **given: Any) -> int:
        _something(given, "ready")
        terms = settings(policy_file=policy_file, as_of=as_of)
        show(DEPOSITREADY(**given, as_of=terms.as_of, policy=OwnTerms(terms.policy, lang)), lang)
        return 0

    for key, flag in reversed(_SHOP.items()):
        run = value_option("arguments", key, flag, lang)(run)
    return command("ready", lang)(run)


def base(lang: Lang) -> click.Command:
    """The command ``base`` in one language."""

    @shared(lang, "policy", "as_of")
    def run(policy_file: Path | None, as_of: str | None, **given: Any) -> int:
        terms = settings(policy_file=policy_file, as_of=as_of)
        own = OwnTerms(terms.policy, lang)
        found = DEPOSITBASE(**given, as_of=terms.as_of, policy=own)
        row = terms.policy.row("base_tiers", terms.as_of, lang)
        if found == errors.VALUE:
            complain(SAY("base_wrong", lang))
            return 2
        if found == errors.NA:
            tell(SAY("base_none", lang), style="bold")
        else:
            title = SAY("base_found", lang)
            tell(SAY("told", lang, title=title, text=dollars(found)), style="bold")
        for key in ("value", "standing_word", "source", "note"):
            if row[key]:
                tell(SAY("told", lang, title=SAY(f"policy_{key}", lang), text=row[key]))
        return 0

    for key, flag in reversed(_TIER.items()):
        needed = key in ("monthly_orders", "category")
        run = value_option("arguments", key, flag, lang, required=needed)(run)
    return command("base", lang)(run)


def _something(given: dict[str, Any], name: str) -> None:
    """At least one option has to be given."""
    if all(value is None or value == () for value in given.values()):
        raise CallProblem("nothing_asked", command=name)
