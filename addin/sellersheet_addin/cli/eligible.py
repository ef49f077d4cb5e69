"""``sellersheet eligible``: may the shop join with its goods, criterion by criterion."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import click

from sellersheet import shop_frames
from sellersheet.columns import column
from sellersheet.functions import ELIGIBLE_DETAIL
from sellersheet.functions.cases import told
from sellersheet.rules.eligibility import BARRING_FLAGS, CRITERIA, SHOP
from sellersheet.rules.verdicts import FAIL, NOT_ASKED, PASS, UNKNOWN, overall
from sellersheet.rules.verdicts import WORDS as VERDICTS
from sellersheet.wording import Lang
from sellersheet_addin.cli.commands import command
from sellersheet_addin.cli.say import SAY, CallProblem, answered, complain, show_table, tell
from sellersheet_addin.cli.settings import (
    last_arguments,
    one_row,
    settings,
    shared,
    text_option,
    value_options,
)
from sellersheet_workbook.batch.one import Terms

_SHOP = {
    "shop_age_days": "--age",
    "violations_90d": "--violations",
    "sell_through": "--sell-through",
    "positive_rate": "--positive",
    "warehouse": "--warehouse",
    "category": "--category",
    "country": "--country",
    "battery": "--battery",
    "magnetic": "--magnetic",
    "medical": "--medical",
}
_WHOLE = {"TRUE": PASS, "FALSE": FAIL}
# What a shop's figures don't tell: listed with what is needed, and not checked.
_BY_HAND = (
    ("E6", "required_documents"),
    ("E6", "bank_monthly_min"),
    ("E7", "entity_documents"),
    ("E8", "seller_site"),
)


def eligible(lang: Lang) -> click.Command:
    """The command ``eligible`` in one language."""

    @command("eligible", lang)
    @value_options("shops", _SHOP, lang)
    @text_option("entity", "--entity", lang)
    @click.option("--document", "documents", multiple=True, metavar="NAME=VALUE",
                  help=SAY("document_help", lang))  # fmt: skip
    @shared(lang, "policy", "as_of")
    def run(
        entity: str | None,
        documents: tuple[str, ...],
        policy_file: Path | None,
        as_of: str | None,
        **given: Any,
    ) -> int:
        if all(value is None for value in (entity, *documents, *given.values())):
            raise CallProblem("nothing_given")
        terms = settings(policy_file=policy_file, as_of=as_of)
        papers = _papers(entity, documents, given, terms, lang)
        frame = shop_frames.eligibility(
            one_row(given), as_of=terms.as_of, policy=terms.policy, lang=lang
        )
        result = frame.iloc[0]
        if not result["E1"]:
            complain(result["reason"])
            return 1
        rows = []
        for rule, (key, name) in CRITERIA.items():
            need = terms.policy.row(name, terms.as_of, lang)
            have = given[key] if given[key] is not None else "—"
            if rule == "E9":
                have = _goods(given, lang) or "—"
            rows.append(
                [
                    f"{rule} {column('shops', key).title(lang)}",
                    need["value"],
                    str(have),
                    told(str(result[rule]), lang),
                    need["standing_word"],
                ]
            )
        rows += papers.rows
        for rule, name in _BY_HAND:
            if papers.rows and rule in ("E6", "E7"):
                continue
            row = terms.policy.row(name, terms.as_of, lang)
            asked = SAY("by_hand", lang)
            rows.append([f"{rule} {row['title']}", row["value"], "—", asked, row["standing_word"]])
        titles = ("part", "need", "have", "verdict", "standing")
        show_table([SAY(f"title_{title}", lang) for title in titles], rows)
        for text in (*papers.advice, result["reason"]):
            if text:
                tell(told(text, lang))
        whole = int(overall([_WHOLE.get(result["eligible"], UNKNOWN), *papers.verdicts]))
        yes = "eligible_papers_yes" if papers.rows else "eligible_yes"
        verdict = {PASS: yes, FAIL: "eligible_no"}.get(whole, "eligible_open")
        tell(SAY(verdict, lang), style="bold")
        if whole == PASS:
            view = terms.policy.on(terms.as_of)
            path, days = view.text("join_path", lang), view.number("join_review_days")
            tell(SAY("eligible_next", lang, path=path, days=days))
        return 0

    return run


class _Papers(NamedTuple):
    """E6, E7: the documents as rows, what is to be done about them, and their verdicts."""

    rows: list[list[str]]
    advice: list[str]
    verdicts: list[int]


def _papers(
    entity: str | None,
    documents: tuple[str, ...],
    given: dict[str, Any],
    terms: Terms,
    lang: Lang,
) -> _Papers:
    """The rows of ELIGIBLE_DETAIL that the options ``--document`` and ``--entity`` tell."""
    if not documents and entity is None:
        return _Papers([], [], [])
    block = [_document(item) for item in documents]
    shop = {**dict.fromkeys(SHOP), "warehouse": given["warehouse"]}
    papers = {"documents": block or None, "entity": entity}
    table = answered(ELIGIBLE_DETAIL(**shop, **papers, **last_arguments(terms, lang)))
    kept = [row for row in table[1:-1] if any(rule in row[0] for rule in ("E6", "E7"))]
    words = {text: code for code, text in VERDICTS.items()}
    standing = {
        rule: terms.policy.row(name, terms.as_of, lang)["standing_word"]
        for rule, name in (("E6", "required_documents"), ("E7", "entity_documents"))
    }
    rows, advice = [], []
    for title, need, have, result, todo in kept:
        rule = "E6" if "E6" in title else "E7"
        bare = title.removesuffix(f"（{rule}）").removesuffix(f" ({rule})")
        rows.append([f"{rule} {bare}", need, have or "—", told(result, lang), standing[rule]])
        if todo:
            advice.append(SAY("told", lang, title=bare, text=todo))
    return _Papers(rows, advice, [words.get(row[3], NOT_ASKED) for row in kept])


def _document(item: str) -> list[Any]:
    """``营业执照=24`` or ``法人身份证``: in hand, with its figure; ``…=无`` is not in hand."""
    name, sign, value = item.partition("=")
    if not sign:
        return [name, "是", None]
    if value.strip().casefold() in ("无", "否", "no", "n"):
        return [name, "否", None]
    figures = [part.strip() for part in value.replace("，", ",").split(",")]
    if value.strip().casefold() in ("有", "是", "yes", "y"):
        figures = []
    return [name, "是", *figures]


def _goods(given: dict[str, Any], lang: Lang) -> str:
    """The category with the flags that were answered."""
    told = [given["category"]] if given["category"] else []
    told += [
        SAY("told", lang, title=column("shops", flag).title(lang), text=given[flag])
        for flag in _SHOP
        if flag in BARRING_FLAGS and given[flag] is not None
    ]
    return SAY("between", lang).join(told)
