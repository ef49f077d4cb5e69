"""Sheet Eligibility: E1 to E5, E9 with its flags, E10, and the verdict on the whole."""

from __future__ import annotations

from typing import Any, Final

from sellersheet.functions.reading import ARGUMENTS
from sellersheet.rules.eligibility import BARRING_FLAGS, Shop, criteria, with_flags
from sellersheet.rules.verdicts import FAIL, NOT_ASKED, PASS, UNKNOWN, overall
from sellersheet.symbols import Symbol, call, choose, unknown
from sellersheet_workbook.plain.case import Case, Field, fields, headed, show, titled
from sellersheet_workbook.plain.reading import listed
from sellersheet_workbook.plain.words import WORDS, named
from sellersheet_workbook.template import palette, pieces
from sellersheet_workbook.template.book import DAY, Book, Sheet
from sellersheet_workbook.template.cells import Span
from sellersheet_workbook.template.palette import GAP, LABEL, NUMBER, TEXT

_TOP: Final = 6
_LEFT: Final = 3
_SINGLE: Final = 400
_NUMBERS: Final = ("shop_age_days", "violations_90d", "sell_through", "positive_rate")
_SHOP: Final = (*_NUMBERS, "warehouse")
_NEEDS: Final = {
    "E1": ("≥", "shop_age_min_days", "count"),
    "E2": ("≤", "violations_max", "count"),
    "E3": ("≥", "sell_through_min", "rate"),
    "E4": ("≥", "positive_rate_min", "rate"),
}


def fill(book: Book) -> None:
    """Verdict on top, the form, the criteria."""
    sheet = book["eligibility"]
    sheet.columns(LABEL, TEXT, GAP, TEXT, NUMBER, NUMBER)
    titled(sheet)
    raw = _inputs(sheet)
    case = calculation(book, raw)
    _shown(sheet, case)
    sheet.page.freeze_panes(_TOP - 1, 0)
    sheet.print_on_a4(upright=True)
    sheet.tab()


def _inputs(sheet: Sheet) -> dict[str, Symbol]:
    lang = sheet.book.lang
    headed(sheet, _TOP - 1, 0, 1, WORDS("eligibility_shop", lang))
    warehouses = [*named(lang, "designated_warehouses"), WORDS("other_warehouse", lang)]
    goods = [*named(lang, "open_categories"), *named(lang, "barred_categories")]
    given = [Field(ARGUMENTS["shop_age_days"], 200), Field(ARGUMENTS["violations_90d"], 0),
             Field(ARGUMENTS["sell_through"], 0.6), Field(ARGUMENTS["positive_rate"], 0.96),
             Field(ARGUMENTS["warehouse"], warehouses[2], warehouses),
             Field(ARGUMENTS["category"], goods[1], goods),
             *(Field(ARGUMENTS[flag]) for flag in ("battery", "magnetic", "medical")),
             Field(ARGUMENTS["country"], "ES"), Field(ARGUMENTS["as_of"], DAY)]  # fmt: skip
    return fields(sheet, _TOP, given)


def calculation(book: Book, raw: dict[str, Symbol], rows: int = 1) -> Case:
    """E1 to E5, E9, E10, E12 from the cells of the form, or of so many cases."""
    items = [ARGUMENTS[key] for key in (*_NUMBERS, *BARRING_FLAGS, "country", "as_of")]
    case = Case(book, _SINGLE, raw, items, rows)
    block = case.block
    ok = case.ok("shop", "shop", _SHOP, all_of=False)
    flags = [case[flag] for flag in BARRING_FLAGS]
    barred = call("OR", *(flag == 1 for flag in flags))
    flagged = call("OR", *(flag != "" for flag in flags))
    shop = Shop(
        age_days=case["shop_age_days"], age_known=case["shop_age_days"] != "",
        violations=case["violations_90d"], violations_known=case["violations_90d"] != "",
        sell_through=case["sell_through"], sell_through_known=case["sell_through"] != "",
        positive_rate=case["positive_rate"], positive_rate_known=case["positive_rate"] != "",
        warehouse=_verdict(case, "warehouse", UNKNOWN),
        category=with_flags(_verdict(case, "category", NOT_ASKED), barred, flagged),
        country=_verdict(case, "country", NOT_ASKED, "served"),
    )  # fmt: skip
    words = {FAIL: "fail", UNKNOWN: "unknown", PASS: "pass", NOT_ASKED: "not_asked"}
    found = {}
    for key, verdict in criteria(shop, case.policy).items():  # type: ignore[arg-type]
        found[key] = block.add(key, verdict)
        told: Any = ""
        for code, word in words.items():
            told = choose(found[key] == code, WORDS(f"verdict_{word}", book.lang), told)
        case.result(f"= {key}", ok, told)
    whole = block.add("whole", overall(list(found.values())))
    truth = choose(whole == PASS, True, choose(whole == FAIL, False, unknown()))
    case.result("= eligible", ok, truth)
    said = choose(whole == PASS, WORDS("eligibility_yes", book.lang),
                  choose(whole == FAIL, WORDS("eligibility_no", book.lang),
                         WORDS("eligibility_open", book.lang)))  # fmt: skip
    wrong = WORDS("eligibility_wrong", book.lang)
    for _, name, number in _NEEDS.values():
        need: Any = case.policy.number(name)
        if number == "rate":
            ratio = case.policy.ratio(name)
            need = ratio.num / ratio.den
        block.add(f"= need {name}", need)
    block.add("= verdict", choose(call("ISERROR", ok), wrong, choose(ok == "", "", said)))
    block.write(rows)
    return case


def _verdict(case: Case, key: str, blank: int, name: str = "") -> Symbol:
    """The verdict on a word; one that is on no list is left open: the functions know more."""
    name = name or key
    words, codes = case.book.names[f"{name}_words"], case.book.names[f"{name}_codes"]
    code = listed(case.raw[key], words, codes, blank)
    return case.block.add(f"{key}_verdict", choose(call("ISERROR", code), UNKNOWN, code))


def _shown(sheet: Sheet, case: Case) -> None:
    book, lang = sheet.book, sheet.book.lang
    figure = book.style("figure", align="left", bg_color=palette.WHITE)
    sheet.page.set_row(3, 36)
    sheet.over(3, 0, 1, figure)
    show(sheet, 3, 0, case.block.at("= verdict"), figure)
    for at, code in enumerate(("criterion", "need", "result"), _LEFT):
        sheet.put_at(_TOP - 1, at, WORDS(f"eligibility_{code}", lang), book.style("result_header"))
    plain = book.style("result")
    for row, key in enumerate(("E1", "E2", "E3", "E4", "E5", "E9", "E10"), _TOP):
        sheet.put_at(row, _LEFT, WORDS(f"criterion_{key}", lang), plain)
        if key in _NEEDS:
            sign, name, number = _NEEDS[key]
            number_format = {"count": f'"{sign} "#,##0', "rate": f'"{sign} "0.0%'}[number]
            style = book.style("result", align="right", num_format=number_format)
            show(sheet, row, _LEFT + 1, case.block.at(f"= need {name}"), style)
        else:
            sheet.put_at(
                row, _LEFT + 1, WORDS(f"need_{key}", lang), book.style("result", align="right")
            )
        show(sheet, row, _LEFT + 2, case.block.at(f"= {key}"), book.style("result", align="center"))
    results = Span(_TOP, _LEFT + 2, _TOP + 6, _LEFT + 2)
    colours = (palette.OK, palette.ERROR, palette.WARNING)
    for area, codes in (
        (results, ("verdict_pass", "verdict_fail", "verdict_unknown")),
        (Span(3, 0, 3, 1), ("eligibility_yes", "eligibility_no", "eligibility_open")),
    ):
        words = (WORDS(code, lang) for code in codes)
        pieces.lights(sheet, area, dict(zip(words, colours, strict=True)))
    note = book.style("long_note")
    sheet.page.merge_range(_TOP + 8, _LEFT, _TOP + 11, _LEFT + 2, "", note)
    sheet.put_at(_TOP + 8, _LEFT, WORDS("eligibility_note", lang), note)
