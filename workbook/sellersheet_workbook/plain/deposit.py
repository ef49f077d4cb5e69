"""Sheet Deposit: the order deposit, how it is paid, and the dispute rate that a budget allows."""

from __future__ import annotations

from functools import reduce
from operator import add
from typing import Any, Final

from sellersheet.functions.reading import ARGUMENTS
from sellersheet.money import RATE_UNIT, common_unit, share, where
from sellersheet.policy import load
from sellersheet.rules.deposit import NO_LIMIT, most_within, order_deposit
from sellersheet.rules.payment_plan import channels, largest_payment, part_of
from sellersheet.symbols import Symbol, call, choose, unknown
from sellersheet_workbook.plain.block import put
from sellersheet_workbook.plain.case import Case, Field, fields, headed, show, titled
from sellersheet_workbook.plain.reading import cell_of, listed, number_of, sure
from sellersheet_workbook.plain.words import WORDS, named
from sellersheet_workbook.template.book import DAY, Book, Sheet
from sellersheet_workbook.template.palette import GAP, LABEL, LINE, NUMBER

_TOP: Final = 4
_LEFT: Final = 3
PARTS: Final = 12
_DEPOSIT: Final = ("base_usd", "risk", "shop_dispute_rate", "category_dispute_rate")
_SINGLE: Final = 200  # the first column of the case on the sheet of single cases


def fill(book: Book) -> None:
    """Inputs at the left; deposit, payments and the inverse at the right."""
    sheet = book["deposit"]
    sheet.columns(LABEL, LABEL, GAP, LABEL, LABEL, NUMBER, NUMBER)
    titled(sheet)
    case = calculation(book, _inputs(sheet))
    _amount(sheet, case)
    _plan(sheet, case)
    _inverse(sheet, case)
    sheet.page.freeze_panes(_TOP, 0)
    sheet.print_on_a4(upright=True)
    sheet.tab()


def _inputs(sheet: Sheet) -> dict[str, Symbol]:
    lang = sheet.book.lang
    headed(sheet, _TOP - 1, 0, 1, WORDS("deposit_notice", lang))
    given = [Field(ARGUMENTS["base_usd"], 500.0), Field(ARGUMENTS["risk"], 1.3),
             Field(ARGUMENTS["shop_dispute_rate"], 0.0121),
             Field(ARGUMENTS["category_dispute_rate"], 0.01),
             Field(ARGUMENTS["as_of"], DAY)]  # fmt: skip
    raw = fields(sheet, _TOP, given)
    row = _TOP + len(given) + 1
    headed(sheet, row, 0, 1, WORDS("deposit_paying", lang))
    shown = named(lang, "payment_channels")
    limited = next(at for at, limit in enumerate(_limits()) if limit)
    raw |= fields(sheet, row + 1, [Field(ARGUMENTS["channel"], shown[limited], shown),
                                   Field(ARGUMENTS["amount_usd"])])  # fmt: skip
    headed(sheet, row + 4, 0, 1, WORDS("deposit_budget_head", lang))
    more = {"budget": ("base_usd", 1500.0), "orders": ("orders", 1000)}
    for down, (key, (like, value)) in enumerate(more.items(), row + 5):
        one = fields(sheet, down, [Field(ARGUMENTS[like], value)])
        sheet.put_at(down, 0, WORDS(f"deposit_{key}", lang), sheet.book.style("label"))
        raw[key] = one[like]
    note = sheet.book.style("long_note")
    sheet.page.merge_range(row + 8, 0, row + 11, 1, "", note)
    sheet.put_at(row + 8, 0, WORDS("deposit_note", lang), note)
    return raw


def calculation(book: Book, raw: dict[str, Symbol], rows: int = 1) -> Case:
    """D1 to D6, D13, D14, D20 from the cells of the form, or of so many cases."""
    items = [ARGUMENTS[key] for key in (*_DEPOSIT, "as_of", "amount_usd")]
    case = Case(book, _SINGLE, raw, items, rows)
    block, rules = case.block, case.policy
    case.cells["budget"] = block.add("budget_typed", number_of(ARGUMENTS["base_usd"],
                                                               case.raw["budget"]))  # fmt: skip
    case.cells["orders"] = block.add("orders_typed", number_of(ARGUMENTS["orders"],
                                                               case.raw["orders"]))  # fmt: skip
    words, codes = book.names["channel_words"], book.names["channel_codes"]
    channel = block.add("channel_typed", listed(case.raw["channel"], words, codes))
    base, risk, shop, mean = (sure(case[key]) for key in _DEPOSIT)
    found = order_deposit(base, risk, shop, mean, rules)  # type: ignore[arg-type]
    ok = case.ok("deposit", "deposit", _DEPOSIT)
    amount = block.add("amount", found.amount, never_negative=True)
    case.result("= deposit", ok, amount / 100)
    case.result("= deviation", ok, found.deviation / RATE_UNIT)
    case.result("= used", ok, found.deviation_used / RATE_UNIT)
    above, within = (WORDS(f"deposit_{key}", book.lang) for key in ("above", "within"))
    case.result("= flag", ok, choose(found.above_top_tier, above, within))
    own = case["amount_usd"]
    whole = block.add("to_pay", choose(own == "", choose(ok == 1, amount, ok), own),
                      never_negative=True)  # fmt: skip
    _payments(case, channel, whole)
    _within(case, ok, base, risk, mean)
    block.write(rows)
    return case


def _limits() -> list[str | None]:
    """The value that limits one payment of each channel, None for none."""
    return list(channels(load().on(DAY)).values())


def _payments(case: Case, channel: Symbol, whole: Symbol) -> None:
    """D13, D14: each payment with its fee; all #N/A where they are more than fit here."""
    block, rules = case.block, case.policy
    at_most: Any = whole
    for at, limit in enumerate(_limits()):
        if limit:
            at_most = where(channel == at, largest_payment(limit, rules), at_most)  # type: ignore[arg-type]
    most = block.add("most", call("MAX", at_most, 1), never_negative=True)
    sound = choose(channel == "", unknown(), choose(whole > PARTS * most, unknown(),
                   rules.known("plan")))  # fmt: skip
    ok = block.add("plan ok", choose(whole == "", "", sound))
    for at in range(PARTS):
        part = block.add(f"part {at}", part_of(whole, most, at), never_negative=True)
        fee = block.add(f"fee {at}", share(part, rules.ratio("channel_fee_rate")))
        for key, symbol in (("amount", part), ("fee", fee), ("debit", part + fee)):
            shown = choose(part == 0, "", symbol / 100)
            case.result(f"= {key} {at}", ok, shown)
    fees = block.add("fees", reduce(add, (block[f"fee {at}"] for at in range(PARTS))))
    case.result("= amount total", ok, whole / 100)
    case.result("= fee total", ok, fees / 100)
    case.result("= debit total", ok, (whole + fees) / 100)


def _within(case: Case, deposit_ok: Symbol, base: Symbol, risk: Symbol, mean: Symbol) -> None:
    """D20: the highest rate and the most disputes whose deposit is within the budget."""
    block, rules = case.block, case.policy
    budget, orders = sure(case["budget"]), sure(case["orders"])
    unit = block.add("unit", common_unit(mean, 100_000), never_negative=True)
    least = call("MAX", base, 1)
    rate = most_within(budget, least, risk, 1, mean // unit, rules)  # type: ignore[arg-type]
    rate = block.add("most_rate", rate)
    common = common_unit(mean, RATE_UNIT)
    step = block.add("step", RATE_UNIT // common, never_negative=True)
    each = block.add("mean_of_orders", orders * (mean // common), never_negative=True)
    most = most_within(budget, least, risk, step, each, rules)  # type: ignore[arg-type]
    most = block.add("most_disputes", most)
    none, any_rate = (WORDS(f"deposit_{key}", case.book.lang) for key in ("none", "any"))
    asked = choose(deposit_ok == "", "", choose(case["budget"] == "", "", deposit_ok))
    asked = block.add("budget ok", asked)
    worded = choose(rate < 0, none, choose(rate >= NO_LIMIT, any_rate, rate * unit / RATE_UNIT))
    case.result("= most_rate", asked, worded)
    counted = choose(most < 0, none, choose(most >= NO_LIMIT, any_rate, most))
    case.result("= most_disputes", asked, choose(case["orders"] == "", "", counted))


def _amount(sheet: Sheet, case: Case) -> None:
    book, lang = sheet.book, sheet.book.lang
    headed(sheet, _TOP - 1, _LEFT, _LEFT + 1, WORDS("deposit_result", lang), result=True)
    big = book.style("result", "usd", bold=True, font_size=14, align="right")
    percent = book.style("result", "rate", align="right")
    words = book.style("result", align="right")
    shown = (("deposit", big), ("deviation", percent), ("used", percent), ("flag", words))
    for row, (key, style) in enumerate(shown, _TOP):
        sheet.put_at(row, _LEFT, WORDS(f"deposit_{key}", lang), book.style("result"))
        show(sheet, row, _LEFT + 1, case.block.at(f"= {key}"), style)


def _plan(sheet: Sheet, case: Case) -> None:
    book, lang, top = sheet.book, sheet.book.lang, _TOP + 11
    head = ["deposit_part", "deposit_part_amount", "deposit_fee", "deposit_debit"]
    for at, word in enumerate(head, _LEFT):
        sheet.put_at(top - 2, at, WORDS(word, lang), book.style("result_header"))
    sheet.put_at(top - 1, _LEFT, WORDS("deposit_total", lang), book.style("total"))
    usd, number = book.style("plain", "money", align="right"), book.style("plain", align="left")
    for right, key in enumerate(("amount", "fee", "debit"), 1):
        style = book.style("total", "usd", align="right")
        show(sheet, top - 1, _LEFT + right, case.block.at(f"= {key} total"), style)
    for at in range(PARTS):
        paid = cell_of(case.block.at(f"= amount {at}"))
        used = choose(call("ISERROR", paid), False, paid != "")
        put(sheet, top + at, _LEFT, choose(used, at + 1, ""), number)
        for right, key in enumerate(("amount", "fee", "debit"), 1):
            show(sheet, top + at, _LEFT + right, case.block.at(f"= {key} {at}"), usd)
    lines = book.added({"border": 1, "border_color": LINE})
    rule = {"type": "no_blanks", "format": lines}
    sheet.page.conditional_format(top, _LEFT, top + PARTS - 1, _LEFT + 3, rule)


def _inverse(sheet: Sheet, case: Case) -> None:
    book, lang, top = sheet.book, sheet.book.lang, _TOP + 6
    headed(sheet, top - 1, _LEFT, _LEFT + 1, WORDS("deposit_inverse", lang), result=True)
    rate = book.style("result", "general", bold=True, align="right", num_format="0.0000%")
    count = book.style("result", "count", bold=True, align="right")
    for row, (key, style) in enumerate((("most_rate", rate), ("most_disputes", count)), top):
        sheet.put_at(row, _LEFT, WORDS(f"deposit_{key}", lang), book.style("result"))
        show(sheet, row, _LEFT + 1, case.block.at(f"= {key}"), style)
