"""``sellersheet quote``: one order, every part with its arithmetic, source and standing."""

from __future__ import annotations

from typing import Any

import click
import pandas as pd

from sellersheet.columns import column
from sellersheet.explain import explain_order
from sellersheet.orders import OrderResults, compute_orders
from sellersheet.wording import Lang
from sellersheet_addin.cli.say import SAY, console, grid, percent, yuan
from sellersheet_addin.cli.settings import settings, shared, value_option

_FLAGS = {
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
    "order_date": "--date",
}


def quote(lang: Lang) -> click.Command:
    """The command in one language."""

    @shared(lang, "policy", "rates", "fx")
    def run(policy_file: Any, rates_file: Any, fx: Any, **given: Any) -> int:
        terms = settings(policy_file=policy_file, rates_file=rates_file, fx=fx)
        frame = pd.DataFrame(
            {key: pd.Series([value], dtype=object) for key, value in given.items()}
        )
        results = compute_orders(
            frame, terms.policy, terms.card.rates, as_of=terms.as_of, fx=terms.fx
        )
        _show(results, terms, lang)
        return 1 if results.refused[0] else 0

    for key, flag in reversed(_FLAGS.items()):
        run = value_option("orders", key, flag, lang, required=key == "paid_cny")(run)
    return click.command("quote", help=SAY("quote_help", lang), epilog=SAY("quote_examples", lang))(
        run
    )


def _show(results: OrderResults, terms: Any, lang: Lang) -> None:
    out = console()
    if results.refused[0]:
        out.print(results.reasons(lang)[0], style="red", markup=False)
        return
    steps = explain_order(results, 0, terms.policy, lang)
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
    out.print(grid(titles, rows, right={1}))
    for number, source in enumerate(sources, 1):
        out.print(f"({number}) {source}", markup=False, style="dim")
    result = {key: values[0] for key, values in results.columns(lang).items()}
    for key in ("total_fee_cny", "profit_cny"):
        share = percent(result["margin"]) if key == "profit_cny" else ""
        tail = f"  ({share})" if share not in ("", "—") else ""
        if key == "total_fee_cny" or results.profit_known[0]:
            title = column("results", key).title(lang)
            out.print(f"{title}: {yuan(result[key])}{tail}", style="bold", markup=False)
    if result["reason"]:
        out.print(f"{result['status']}: {result['reason']}", markup=False)
