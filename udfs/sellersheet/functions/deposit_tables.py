"""DEPOSITTRIGGER, DEPOSITREADY, DEPOSITPLAN: what sets a deposit off, and how it is paid."""

from __future__ import annotations

from typing import Any, Final

from sellersheet.days import epoch_day
from sellersheet.functions.answers import gives_a_table
from sellersheet.functions.blocks import BLANK, CallProblem
from sellersheet.functions.cases import WORDS as SHARED
from sellersheet.functions.cases import Case, entity_of, in_force, in_words, whole
from sellersheet.functions.ranges import terms
from sellersheet.functions.reading import ARGUMENTS
from sellersheet.functions.signs_table import WORDS, Signs, read_growths
from sellersheet.issues import seen
from sellersheet.policy import View
from sellersheet.rules.deadlines import deposit_due
from sellersheet.rules.deposit_signs import (
    TRIGGER_VALUES,
    Readiness,
    Situation,
    readiness,
    triggers,
    warnings,
)
from sellersheet.rules.payment_plan import PLAN_VALUES, channel_of, payment_plan
from sellersheet.rules.verdicts import FAIL, UNKNOWN, overall
from sellersheet.rules.verdicts import WORDS as VERDICTS
from sellersheet.wording import Lang

_SIGN_VALUES: Final = (
    *TRIGGER_VALUES,
    *("deposit_triggers", "deposit_warnings", "temporary_deposit", "temporary_after_penalties"),
    *("warning_growth_over", "warning_growth_weeks", "warning_tracking_delay_over"),
    *("warning_promotions", "warning_markets", "warning_markets_share_over", "growth_remedy"),
    *("temporary_days", "growth_remedy_before_hours", "sync_threshold_default_hours"),
)
_READY_VALUES: Final = (
    *("licence_min_age_days", "tracking_min", "tracking_rereview_days", "entity_documents"),
    *("deposit_prerequisites", "deposit_violations_window_days"),
    *("notice_working_days", "payment_due_hours"),
)
_PLAN_VALUES: Final = (*PLAN_VALUES, "payment_channels", "payment_due_hours")
# Prerequisite -> the argument that it is told from.
_PREREQUISITES: Final = {
    "licence_age": "licence_days",
    "entity": "entity",
    "certification": "certified",
    "violations": "violations_90d",
    "alp": "alp",
    "tracking": "tracking_rate",
}


@gives_a_table(5)
def DEPOSITTRIGGER(  # noqa: N802 - the name in Excel
    category: Any,
    weekly_growth: Any,
    flash_first: Any = None,
    sku_price_usd: Any = None,
    fulfilment_rate: Any = None,
    false_shipments: Any = None,
    monthly_growth: Any = None,
    tracking_delay: Any = None,
    battery: Any = None,
    ru_br_share: Any = None,
    cainiao_without_aplus: Any = None,
    promotion: Any = None,
    as_of: Any = None,
    policy: Any = None,
) -> Any:
    """D8 to D10: sign, kind, limit, value seen, result and advice, with a header.

    Any one trigger starts the review; a warning by itself does not.
    """
    used = terms(policy)
    case = Case(
        used.lang,
        as_of=as_of,
        category=category,
        flash_first=flash_first,
        sku_price_usd=sku_price_usd,
        fulfilment_rate=fulfilment_rate,
        false_shipments=false_shipments,
        tracking_delay=tracking_delay,
        battery=battery,
        ru_br_share=ru_br_share,
        cainiao_without_aplus=cainiao_without_aplus,
        promotion=promotion,
    )
    growths = {
        "weekly_growth": read_growths(weekly_growth, "weekly_growth", used.lang),
        "monthly_growth": read_growths(monthly_growth, "monthly_growth", used.lang),
    }
    day = case.day
    rules = in_force(used, _SIGN_VALUES, day)
    situation = Situation(
        category=case.text("category"),
        weekly_growth=growths["weekly_growth"],
        flash_first=case["flash_first"],
        sku_price=case["sku_price_usd"],
        fulfilment_rate=case["fulfilment_rate"],
        false_shipments=case["false_shipments"],
        monthly_growth=growths["monthly_growth"],
        tracking_delay=case["tracking_delay"],
        battery=case["battery"],
        ru_br_share=case["ru_br_share"],
        cainiao_without_aplus=case["cainiao_without_aplus"],
        promotion=case.text("promotion"),
    )
    signs = Signs(case, growths, used, rules, day)
    table = [[WORDS(key, used.lang) for key in ("sign", "kind", "limit", "seen")]]
    table[0] += [SHARED("result", used.lang), WORDS("advice", used.lang)]
    table += signs.rows("trigger", triggers(situation, rules))
    return table + signs.rows("warning", warnings(situation, rules))


@gives_a_table(4)
def DEPOSITREADY(  # noqa: N802
    licence_days: Any,
    entity: Any,
    certified: Any,
    violations_90d: Any,
    alp: Any,
    tracking_rate: Any,
    as_of: Any = None,
    policy: Any = None,
) -> Any:
    """D11: prerequisite, need, have, result and what to do, with a header and the whole."""
    used = terms(policy)
    lang = used.lang
    case = Case(
        lang,
        as_of=as_of,
        licence_days=licence_days,
        entity=entity,
        certified=certified,
        violations_90d=violations_90d,
        alp=alp,
        tracking_rate=tracking_rate,
    )
    day = case.day
    rules = in_force(used, _READY_VALUES, day)
    told = in_words(used, day)
    # A word that names no kind of seller is not taken for a company.
    seller = case.text("entity") if entity_of(case.text("entity"), rules) is not None else ""
    verdicts = readiness(
        Readiness(
            case["licence_days"],
            seller,
            case["certified"],
            case["violations_90d"],
            case["alp"],
            case["tracking_rate"],
        ),
        rules,
    )
    needs = {
        "licence_age": told("licence_min_age_days"),
        "entity": WORDS("need_entity", lang),
        "certification": SHARED("yes", lang),
        "violations": WORDS(
            "need_violations", lang, days=rules.number("deposit_violations_window_days")
        ),
        "alp": SHARED("yes", lang),
        "tracking": told("tracking_min"),
    }
    records = {record["key"]: record for record in rules.table("deposit_prerequisites")}
    table = [[WORDS("prerequisite", lang)]]
    table[0] += [SHARED(key, lang) for key in ("need", "have", "result", "todo")]
    for key, verdict in verdicts.items():
        name, record = _PREREQUISITES[key], records[key]
        row = [record[lang], needs[key]]
        if case.blank():
            table.append([*row, *[BLANK] * 3])
            continue
        todo = ""
        if verdict == FAIL:
            todo = WORDS(
                f"{key}_fail" if f"{key}_fail" in WORDS.messages else "prerequisite_fail",
                lang,
                remedy=record[f"remedy_{lang}"],
                days=rules.number("tracking_rereview_days"),
            )
        elif verdict == UNKNOWN:
            title = ARGUMENTS[name].title(lang)
            unknown = key == "entity" and not case.blank("entity")
            todo = SHARED("entity_unknown" if unknown else "fill_in", lang, title=title)
        table.append([*row, case.shown(name), VERDICTS[verdict], todo])
    return [*table, _ready(overall(list(verdicts.values())), case, rules, lang)]


def _ready(verdict: int, case: Case, rules: View, lang: Lang) -> list[Any]:
    title = SHARED("overall", lang)
    if case.blank():
        return [title, *[BLANK] * 4]
    days, hours = rules.number("notice_working_days"), rules.number("payment_due_hours")
    passed = WORDS("ready_pass", lang, days=days, hours=hours)
    return [title, "", "", VERDICTS[verdict], whole(verdict, passed, lang)]


@gives_a_table(4)
def DEPOSITPLAN(  # noqa: N802
    amount_usd: Any,
    channel: Any,
    notice_time: Any = None,
    as_of: Any = None,
    policy: Any = None,
) -> Any:
    """D12 to D14: part, amount, fee and debit in USD, due date-time, with a header and total.

    ``due`` is blank where the time of the notice is not given. Without a day the rules are
    those of the notice's day, else today's.
    """
    used = terms(policy)
    lang = used.lang
    case = Case(lang, amount_usd=amount_usd, channel=channel, notice_time=notice_time, as_of=as_of)
    header = [WORDS(key, lang) for key in ("part", "amount", "fee", "debit", "due")]
    if case.blank("amount_usd", "channel"):
        return [header, [BLANK] * 5]
    case.needs("amount_usd", "channel")
    notice = case["notice_time"]
    dated = case.blank("as_of") and notice
    day = epoch_day(notice.date()) if dated else case.day
    rules = in_force(used, _PLAN_VALUES, day)
    parts = payment_plan(case["amount_usd"], channel_key(case.text("channel"), rules, lang), rules)
    due = deposit_due(notice, rules) if notice else BLANK
    table: list[list[Any]] = [header]
    for number, part in enumerate(parts, 1):
        table.append([number, part.amount / 100, part.fee / 100, part.debit / 100, due])
    sums = [sum(part[0] for part in parts), sum(part[1] for part in parts)]
    table.append([WORDS("total", lang), sums[0] / 100, sums[1] / 100, sum(sums) / 100, due])
    return table


def channel_key(word: str, rules: View, lang: Lang) -> str:
    """The key of the channel that the word names."""
    found = channel_of(word, rules)
    if found is None:
        allowed = " / ".join(record[lang] for record in rules.table("payment_channels"))
        raise CallProblem("channel", value=seen(word), allowed=allowed)
    return found
