"""Sheet Eligibility: whether a shop may join, criterion by criterion, and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sellersheet.functions.cases import verdict_words
from sellersheet.policy import load
from sellersheet.policy.view import View
from sellersheet.wording import Lang, Wording
from sellersheet_workbook.template import forms, live, palette, pieces
from sellersheet_workbook.template.book import DAY, Book, Sheet
from sellersheet_workbook.template.cells import Span, Written, cell, is_error
from sellersheet_workbook.template.content import yes_no
from sellersheet_workbook.template.forms import Field
from sellersheet_workbook.template.palette import GAP, LABEL, NUMBER, TEXT

WORDS: Final = Wording("sellersheet_workbook.template", "eligibility.toml")
_WIDTHS: Final = (LABEL, TEXT, GAP, TEXT, NUMBER, NUMBER, TEXT)
_SPANS: Final = (1, 2, 1, 1, 2)  # of the criteria
_FORM: Final = 7  # the row of the first input, from 0
_TABLE: Final = 23
_ROWS: Final = 19  # of the table at the most: a sole trader's, with documents
_CALCULATION: Final = 1
_FACTS: Final = 46
_FACT_VALUES: Final = (
    *("join_path", "warehouse_path", "join_review_days", "join_refused_share"),
    *("open_categories_total", "served_destinations", "seller_site"),
)


def fill(book: Book) -> None:
    """Verdict on top, the form, the criteria."""
    sheet, lang = book["eligibility"], book.lang
    sheet.columns(*_WIDTHS)
    pieces.head(sheet, WORDS)
    given = _form(sheet)
    documents = _documents(sheet)
    names = ("shop_age_days", "violations_90d", "sell_through", "positive_rate", "warehouse")
    asked = [given[name] for name in (*names, "category", "country")]
    call = ["ELIGIBLE_DETAIL", *asked, given["as_of"], book.names["Overrides"], documents]
    call += [given[name] for name in ("entity", "battery", "magnetic", "medical")]
    pieces.heading(sheet, _TABLE - 1, WORDS("criteria", lang))
    texts = ("text", "text", "text", "verdict", "verdict")
    shown = forms.table(sheet, (_TABLE, 0), _CALCULATION, (_ROWS, 5), call, texts, _SPANS)
    results = shown.column(3).area
    colours = {**pieces.verdict_lights(lang), WORDS("not_asked", lang): palette.NOTE}
    pieces.lights(sheet, results, colours)
    asked = [given[name] for name in (*names, "category", "country", "as_of")]
    asked += [
        book.names["Overrides"],
        *(given[name] for name in ("battery", "magnetic", "medical")),
    ]
    _verdict(sheet, shown, asked)
    _goods(sheet, given)
    pieces.facts(sheet, _FACTS, "eligibility", _FACT_VALUES, (3, 1, 3))
    sheet.print_on_a4(last=_FACTS - 2)
    sheet.tab()


def _rules() -> View:
    return load().on(DAY)


def entities(lang: Lang) -> list[str]:
    """The kinds of seller, as a drop-down has them."""
    records = _rules().table("entity_documents")
    return [WORDS("company", lang), *dict.fromkeys(str(r[f"entity_{lang}"]) for r in records)]


def _form(sheet: Sheet) -> dict[str, Any]:
    lang, rules = sheet.book.lang, _rules()
    warehouses = [str(record[lang]) for record in rules.table("designated_warehouses")]
    categories = [str(record[lang]) for record in rules.table("open_categories")]
    pieces.heading(sheet, _FORM - 1, WORDS("shop", lang))
    return forms.inputs(
        sheet,
        _FORM,
        (
            Field("shop_age_days", 200, "count"),
            Field("violations_90d", 0, "count"),
            Field("sell_through", 0.6, "share"),
            Field("positive_rate", 0.96, "share"),
            Field("warehouse", warehouses[2], "text", warehouses),
            Field("category", categories[1], "text", categories),
            Field("country", "ES", "text"),
            Field("entity", entities(lang)[0], "text", entities(lang)),
            Field("battery"),
            Field("magnetic"),
            Field("medical"),
            Field("as_of", DAY, "date"),
        ),
    )


def _documents(sheet: Sheet) -> Any:
    """The documents with what is in hand, as ELIGIBLE_DETAIL takes them."""
    book, lang, rules = sheet.book, sheet.book.lang, _rules()
    pieces.heading(sheet, _FORM - 1, WORDS("documents", lang), column=3)
    yes = yes_no(lang)[0]
    values = {"licence": (yes, 24), "bank_statements": (yes, 60000)}
    records = [*rules.table("required_documents"), *rules.table("entity_documents")]
    rows: list[list[Any]] = []
    for record in records:
        have, value = values.get(record["key"], (None, None))
        rows.append([record[lang], have, value])
    rows[1][1] = yes
    rows.insert(3, [load().value("bank_statement_months").title(lang), None, 3])
    for at, code in enumerate(("document", "have", "value"), 3):
        sheet.put_at(_FORM, at, WORDS(code, lang), book.style("header"))
    top = _FORM + 1
    for down, row in enumerate(rows):
        sheet.put_at(top + down, 3, row[0], book.style("result"))
        sheet.put_at(top + down, 4, row[1], book.style("input"))
        sheet.put_at(top + down, 5, row[2], book.style("input", "grams"))
        choice = {"validate": "list", "source": list(yes_no(lang)), "error_type": "warning"}
        sheet.page.data_validation(cell(top + down, 4), choice)
    bottom = top + len(rows) - 1
    sheet.put_at(bottom + 1, 3, WORDS("documents_how", lang), book.style("note"))
    return sheet.ref(Span(top, 3, bottom, 5))


def _verdict(sheet: Sheet, shown: forms.FormTable, shop: Sequence[Any]) -> None:
    """The whole, large, with what to do; beside it shop and goods without the documents."""
    book, lang = sheet.book, sheet.book.lang
    names = [row[0] for row in shown.column(0).rows]
    word = WORDS("overall", lang)
    at = names.index(word)
    for column, left, style in (
        (3, 0, book.style("figure", align="left")),
        (4, 1, book.style("text", valign="vcenter", bold=True)),
    ):
        match = f'MATCH("{word}",{shown.column(0).text},0)'
        text = f"=INDEX({shown.column(column).text},{match})"
        sheet.over(3, left, 3 if left else 0, style)
        sheet.formula_at(3, left, text, shown.column(column).rows[at][0], style)
    call = sheet.text_of("ELIGIBLE", *shop)
    verdicts = list(verdict_words(lang).values())
    found = sheet.result_of("ELIGIBLE", *shop)
    value = verdicts[2] if is_error(found) else verdicts[0 if found else 1]
    style = book.style("label", align="right", text_wrap=True)
    sheet.over(3, 4, 5, style)
    sheet.put_at(3, 4, WORDS("without_documents", lang), style)
    text = f'=IFNA(IF({call},"{verdicts[0]}","{verdicts[1]}"),"{verdicts[2]}")'
    sheet.formula_at(3, 6, text, value, book.style("light"))
    pieces.lights(sheet, Span(3, 6, 3, 6), pieces.verdict_lights(lang))
    pieces.grey_errors(sheet, Span(3, 6, 3, 6))
    sheet.page.set_row(3, 36)
    pieces.lights(sheet, Span(3, 0, 3, 0), pieces.verdict_lights(lang))
    pieces.grey_errors(sheet, Span(3, 0, 3, 1))
    wrong = shown.body.area
    told = sheet.at(wrong.top - 2, 0)
    style = book.style("text", bold=True, font_color=palette.RED, text_wrap=False)
    live.put_below(sheet, 4, 0, f'{told.text}&""', style)


def _goods(sheet: Sheet, given: dict[str, Any]) -> None:
    """The category with its battery, magnet, medical use: a bar wins."""
    book, lang = sheet.book, sheet.book.lang
    row = _FORM + 12
    sheet.put_at(row, 0, WORDS("goods", lang), book.style("label", bold=True))
    names = ("category", "battery", "magnetic", "medical", "as_of")
    call = ("CATEGORYCHECK", *(given[name] for name in names), book.names["Overrides"])
    value = sheet.result_of(*call)
    wrong = WORDS("goods_wrong", lang)
    text, value = forms.in_words(Written(sheet.text_of(*call), value), lang)
    sheet.formula_at(row, 1, f'={text}&""', value, book.style("light", align="left"))
    pieces.lights(sheet, Span(row, 1, row, 1), pieces.verdict_lights(lang))
    pieces.grey_errors(sheet, Span(row, 1, row, 1))
    told = f'IF(ISERROR({cell(row, 1)}),"{wrong}","")'
    live.put_below(sheet, row + 1, 0, told, book.style("note", font_color=palette.RED))
