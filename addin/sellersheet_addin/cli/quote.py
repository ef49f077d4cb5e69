"""``sellersheet quote``: one order, every part with its arithmetic, source and standing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import click

from sellersheet.columns import column
from sellersheet.explain import explain_order, in_one_line
from sellersheet.orders import OrderResults, compute_orders
from sellersheet.wording import Lang
from sellersheet_addin.cli.commands import command
from sellersheet_addin.cli.say import SAY, CallProblem, complain, percent, show_table, tell, yuan
from sellersheet_addin.cli.settings import one_row, settings, shared, value_options
from sellersheet_workbook.batch.one import Terms

_FLAGS: dict[str, str | tuple[str, ...]] = {
    "paid_cny": "--paid",
    "logistics_cny": "--logistics",
    "country": "--country",
    "weight_g": "--weight",
    "length_cm": "--length",
    "width_cm": "--width",
    "height_cm": "--height",
    "line": "--line",
    "parcel": "--parcel",
    "inbound_days": "--inbound-days",
    "standard_box": "--standard-box",
    "return_case": "--return",
    "refund_cny": "--refund",
    "goods_lost_cny": "--goods-lost",
    "cost_cny": "--cost",
    "other_cny": "--other",
    "order_date": ("--as-of", "--date"),
}


def quote(lang: Lang) -> click.Command:
    """The command in one language."""

    @command("quote", lang)
    @value_options("orders", _FLAGS, lang, required=("paid_cny",))
    @click.option("--one-line", is_flag=True, help=SAY("one_line_help", lang))
    @shared(lang, "policy", "rates", "fx")
    def run(one_line: bool, policy_file: Any, rates_file: Any, fx: Any, **given: Any) -> int:
        if rates_file and given["logistics_cny"] is not None:
            raise CallProblem("rates_beside_quote")
        terms = settings(policy_file=policy_file, rates_file=rates_file, fx=fx, lang=lang)
        results = compute_orders(
            one_row(given), terms.policy, terms.card.rates, as_of=terms.as_of, fx=terms.fx
        )
        if one_line and results.freight_known[0]:
            _show_line(results, terms, lang)
        else:
            _show(results, terms, lang)
        return 1 if results.refused[0] else 0

    return run


def _show_line(results: OrderResults, terms: Terms, lang: Lang) -> None:
    """The arithmetic in one line that can be sent to somebody."""
    steps = explain_order(results, 0, terms.policy, lang, terms.card)
    on = date(1970, 1, 1) + timedelta(days=int(results.days[0]))
    tell(in_one_line(steps, on, lang, str(results.reasons(lang)[0])), whole=True)


def _show(results: OrderResults, terms: Terms, lang: Lang) -> None:
    if results.refused[0]:
        complain(str(results.reasons(lang)[0]))
        return
    steps = explain_order(results, 0, terms.policy, lang, terms.card)
    sources = list(dict.fromkeys(step.source for step in steps if step.standing))
    titles = [SAY(f"title_{key}", lang) for key in ("part", "amount", "how", "standing", "source")]
    rows = [
        [
            f"{step.title} ({step.rules})",
            yuan(None if step.cents is None else step.cents / 100),
            step.how,
            step.standing,
            f"({sources.index(step.source) + 1})" if step.standing else step.source,
        ]
        for step in steps
    ]
    show_table(titles, rows, right=frozenset({1}))
    for number, source in enumerate(sources, 1):
        tell(f"({number}) {source}", style="dim")
    for text in (text for step in steps for text in step.replaced):
        tell(text)
    result = {key: values[0] for key, values in results.columns(lang).items()}
    tell(_line("total_fee_cny", result, lang), style="bold")
    if results.profit_known[0]:
        tell(_line("profit_cny", result, lang) + f" ({percent(result['margin'])})", style="bold")
    if result["reason"]:
        tell(SAY("told", lang, title=result["status"], text=result["reason"]))


def _line(key: str, result: dict[str, Any], lang: Lang) -> str:
    return SAY("told", lang, title=column("results", key).title(lang), text=yuan(result[key]))
