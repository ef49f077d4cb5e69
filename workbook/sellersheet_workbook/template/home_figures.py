"""The key figures of Home, for a month and a shop or for all: each with what it covers and, on a
line below, the newest month beside the one before it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from math import fsum
from typing import Any, Final

from sellersheet.columns import TABLES
from sellersheet.days import EXCEL_DAY_0
from sellersheet.wording import Lang, Wording
from sellersheet_workbook.template import palette
from sellersheet_workbook.template.book import Sheet, hint
from sellersheet_workbook.template.cells import Ref, Span, Written, cell, is_number
from sellersheet_workbook.template.order_table import body
from sellersheet_workbook.template.pieces import as_shown, sentence

WORDS: Final = Wording("sellersheet_workbook.template", "home.toml")
_ALL: Final = '"<>§"'  # every cell, a blank one too
_KNOWN: Final = '">-1E+12"'
_KEYS: Final = (
    *("paid_cny", "total_fee_cny", "profit_cny", "order_date"),
    *("shop", "return_case", "status"),
)
_AT_RISK: Final = [item.key for item in TABLES["summary"]].index("rush_at_risk_cny")
# What a month is compared by: the sum or share, and how it is shown.
_SUMS: Final = ("paid", "fees", "profit", "base", "known", "earning", "losses", "filled", "back")
_COMPARED: Final = {
    "losses": ("losses", "", "count"),
    "profit": ("profit", "", "amount"),
    "margin": ("profit", "base", "share"),
    "fee_share": ("fees", "paid", "share"),
    "paid": ("paid", "", "amount"),
    "returns": ("back", "filled", "share"),
}
_KNOWN_BY: Final = {"profit": "earning", "margin": "earning", "losses": "earning"}


class _Orders:
    """Sums and counts over the orders that the filters leave: the text, and the value now.

    ``since`` and ``before`` are the limits of the days in formulas, ``month`` what they stand
    for now; "" and None for all.
    """

    def __init__(
        self, refs: dict[str, Ref], shop: str, since: str, before: str, month: dt.date | None = None
    ) -> None:
        self._refs, self._month = refs, month
        days, shops = refs["order_date"].text, refs["shop"].text
        self._filters = f'{days},{since},{days},{before},{shops},IF({shop}="",{_ALL},{shop})'

    def values(self, key: str) -> list[Any]:
        """Those of the rows of the month."""
        rows = zip(self._refs[key].rows, self._refs["order_date"].rows, strict=True)
        return [value for (value,), (day,) in rows if self._month in (None, _month_of(day))]

    def summed(self, key: str, known: str) -> Written:
        """The amounts of rows where the other column has a number."""
        pairs = zip(self.values(key), self.values(known), strict=True)
        value = fsum(amount for amount, other in pairs if is_number(amount) and is_number(other))
        text = f"SUMIFS({self._refs[key].text},{self._refs[known].text},{_KNOWN},{self._filters})"
        return Written(text, value)

    def counted(self, key: str, test: str, holds: Callable[[Any], bool]) -> Written:
        """The rows whose cell passes."""
        text = f"COUNTIFS({self._refs[key].text},{test},{self._filters})"
        return Written(text, sum(map(holds, self.values(key))))

    def sums(self) -> dict[str, Written]:
        """All that the figures are made of."""
        fee, profit = "total_fee_cny", "profit_cny"
        return {
            "paid": self.summed("paid_cny", fee),
            "fees": self.summed(fee, fee),
            "profit": self.summed(profit, profit),
            "base": self.summed("paid_cny", profit),
            "known": self.counted(fee, _KNOWN, is_number),
            "earning": self.counted(profit, _KNOWN, is_number),
            "losses": self.counted(profit, '"<0"', lambda value: is_number(value) and value < 0),
            "filled": self.counted("status", '"?*"', lambda value: bool(value)),
            "back": self.counted("return_case", '"?*"', lambda value: bool(value)),
        }


def _month_of(day: Any) -> dt.date | None:
    if not is_number(day):
        return None
    return (EXCEL_DAY_0 + dt.timedelta(days=int(day))).date().replace(day=1)


def add(sheet: Sheet, top: int, months: Ref) -> None:
    """Two filters, six figures each with what it covers and its month, the fee that may come."""
    month, shop = _filters(sheet, top, months)
    refs = {key: body(sheet.book, key) for key in _KEYS}
    begin = f"DATE(LEFT({month},4),RIGHT({month},2)"
    since, before = (
        f'IF({month}="",{_ALL},"{sign}"&{begin}{more},1))'
        for sign, more in ((">=", ""), ("<", "+1"))
    )
    orders = _Orders(refs, shop, since, before)
    _six(sheet, top + 1, orders.sums(), _two_months(sheet, refs, months, month, shop))
    _may_come(sheet, top + 5, months)


def _filters(sheet: Sheet, top: int, months: Ref) -> tuple[str, str]:
    book, lang = sheet.book, sheet.book.lang
    sheet.put_at(top, 0, WORDS("filters", lang), book.style("heading"))
    area = months.area
    groups = months.sheet.ref(type(area)(area.top, area.left, area.bottom, area.left))
    at = {"month": 3, "shop": 6}
    for code, source in (("month", f"={groups.text}"), ("shop", "=ShopNames")):
        left = at[code]
        sheet.put_at(top, left - 1, WORDS(code, lang), book.style("label", align="right"))
        sheet.put_at(top, left, None, book.style("input", "text"))
        rule = {"validate": "list", "source": source, "show_error": False}
        rule |= hint(WORDS(code, lang), WORDS("filter_how", lang))
        sheet.page.data_validation(cell(top, left), rule)
    sheet.put_at(top, 7, WORDS("filter_how", lang), book.style("note", indent=1))
    sheet.page.set_row(top, 24)
    return tuple(sheet.at(top, left).text for left in at.values())  # type: ignore[return-value]


def _two_months(
    sheet: Sheet, refs: dict[str, Ref], months: Ref, month: str, shop: str
) -> list[dict[str, Ref]]:
    """The sums of the month that is asked for or else the newest, and of the one before it, with
    their first days, on the calculation sheet."""
    behind, area = sheet.book["calculation"], sheet.book.behind(2, 1 + len(_SUMS))
    newest = months.sheet.at(months.area.top, months.area.left)
    found: list[dict[str, Ref]] = []
    for down in (0, 1):
        row, left = area.top + down, area.left
        first = behind.at(row, left)
        if down == 0:
            asked = f'IF({month}="",{newest.text},{month})'
            day = f"DATE(LEFT({asked},4),RIGHT({asked},2),1)"
            # Where no order has a day the group is a word.
            text = f'IF(ISNUMBER(-LEFT({asked},4)),{day},"")'
            word = str(newest.value or "")
            value = dt.date(int(word[:4]), int(word[5:7]), 1) if word[:4].isdigit() else None
        else:
            this = found[0]["first"].text
            text = f'IF({this}="","",EDATE({this},-1))'
            value = value and (value - dt.timedelta(days=1)).replace(day=1)
        behind.formula_at(row, left, f"={text}", "" if value is None else value)
        since, before = f'">="&{first.text}', f'"<"&EDATE({first.text},1)'
        none = dt.date.min if value is None else value  # a month that no order is of
        sums = _Orders(refs, shop, since, before, none).sums()
        for at, key in enumerate(_SUMS, left + 1):
            text = f'=IF({first.text}="",0,{sums[key].text})'
            behind.formula_at(row, at, text, sums[key].value)
        cells = {key: behind.at(row, at) for at, key in enumerate(_SUMS, left + 1)}
        found.append({"first": first, **cells})
    return found


def _six(sheet: Sheet, top: int, sums: dict[str, Written], months: list[dict[str, Ref]]) -> None:
    """A label, a large figure, what it covers, and its month; — where nothing is known."""

    def shown(part: str, whole: str = "", known: str = "") -> Written:
        count, text, value = sums[known or whole], sums[part].text, sums[part].value
        if whole:
            text = f"{text}/{sums[whole].text}"
            value = value / sums[whole].value if count.value else 0
        return Written(f'IF({count.text}=0,"—",{text})', value if count.value else "—")

    figures: tuple[tuple[str, Written, str, str, tuple[str, str]], ...] = (
        ("losses", shown("losses", known="earning"), "count", "with_cost", ("earning", "filled")),
        ("profit", shown("profit", known="earning"), "yuan", "with_cost", ("earning", "filled")),
        ("margin", shown("profit", "base"), "share", "with_cost", ("earning", "filled")),
        ("fee_share", shown("fees", "paid"), "share", "covered", ("known", "filled")),
        ("paid", shown("paid", known="known"), "yuan", "average", ("known", "filled")),
        ("returns", shown("back", "filled"), "share", "returned", ("back", "filled")),
    )
    book, lang = sheet.book, sheet.book.lang
    for row, height in ((top, 20), (top + 1, 36), (top + 2, 20), (top + 3, 20)):
        sheet.page.set_row(row, height)
    for at, (code, figure, number, note, (part, whole)) in enumerate(figures):
        left = 2 * at
        label, big = book.style("figure_label"), book.style("figure", number)
        for row, style in enumerate((label, big, label, label), top):
            sheet.over(row, left, left + 1, style)
        sheet.put_at(top, left, WORDS(code, lang), label)
        # Where the orders have no results there is no figure either.
        covered = _covered(lang, note, sums[part], sums[whole], sums["paid"])
        lines = ((figure, big), (covered, label), (_compared(lang, code, months), label))
        for row, (told, style) in enumerate(lines, top + 1):
            sheet.formula_at(row, left, f'=IF(Saved="","",{told.text})', told.value, style)
    loss = {"font_color": palette.RED}
    below = {"type": "cell", "criteria": "<", "value": 0, "format": book.added(loss)}
    sheet.page.conditional_format(top + 1, 2, top + 1, 11, below)
    some = {"type": "formula", "criteria": f"=N({cell(top + 1, 0)})>0", "format": book.added(loss)}
    sheet.page.conditional_format(top + 1, 0, top + 1, 1, some)


def _covered(lang: Lang, note: str, part: Written, whole: Written, paid: Written) -> Written:
    """How many rows a figure covers; the amount paid by row beside it."""
    fields = {"part": as_shown(part, "#,##0"), "whole": as_shown(whole, "#,##0")}
    if note == "average":
        each = Written(f"{paid.text}/MAX(1,{part.text})", paid.value / max(1, part.value))
        each = as_shown(each, "#,##0.00")
        text = f'IF({part.text}=0,"—",{each.text})'
        fields["each"] = Written(text, each.value if part.value else "—")
    told = sentence(WORDS, note, lang, **fields)
    if note != "with_cost":
        return told
    none = sentence(WORDS, "no_cost", lang, whole=fields["whole"])
    text = f"IF({part.text}=0,{none.text},{told.text})"
    return Written(text, told.value if part.value else none.value)


def _compared(lang: Lang, code: str, months: list[dict[str, Ref]]) -> Written:
    """The month and its change against the one before: a share in points, an amount in per
    cent, a count beside the other; only the month where the one before has nothing."""
    part, whole, kind = _COMPARED[code]
    known = _KNOWN_BY.get(code, whole or "known")

    def figure(each: dict[str, Ref]) -> Written:
        text, value = each[part].text, each[part].value
        if whole:
            text = f"{text}/{each[whole].text}"
            value = value / each[whole].value if each[whole].value else 0.0
        return Written(text, value)

    this, before = map(figure, months)
    first = months[0]["first"]
    name = f'YEAR({first.text})&"-"&TEXT(MONTH({first.text}),"00")'
    day = first.value
    label = (EXCEL_DAY_0 + dt.timedelta(days=int(day))).strftime("%Y-%m") if day != "" else ""
    holds = Written("TRUE", True)
    if kind == "count":
        change = as_shown(before, "#,##0")
    elif kind == "share":
        text = f'TEXT(({this.text}-{before.text})*100,"+0.0;-0.0;0.0")'
        change = Written(text, _signed(100 * (this.value - before.value)))
    else:
        # A change of a loss or of nothing has no per cent.
        holds = Written(f"{before.text}>0", before.value > 0)
        text = f'TEXT({this.text}/{before.text}-1,"+0.0%;-0.0%;0.0%")'
        share = f"{_signed(100 * (this.value / before.value - 1))}%" if holds.value else ""
        change = Written(text, share)
    now = as_shown(this, "0.0%" if kind == "share" else "#,##0")
    fields = {"month": Written(name, label), "now": now, "change": change}
    full = sentence(WORDS, f"{kind}_change", lang, **fields)
    alone = sentence(WORDS, "month_alone", lang, **fields)
    some, other = (each[known] for each in months)
    text = f"IF({other.text}=0,{alone.text},IF({holds.text},{full.text},{alone.text}))"
    text = f'IF(OR({first.text}="",{some.text}=0),"",{text})'
    if not some.value or not label:
        return Written(text, "")
    return Written(text, (full if other.value and holds.value else alone).value)


def _signed(number: float) -> str:
    """As TEXT has it with a sign: none at 0."""
    shown = f"{number:+.1f}"
    return "0.0" if shown in ("+0.0", "-0.0") else shown


def _may_come(sheet: Sheet, row: int, months: Ref) -> None:
    """F6: what a rush fee at T+2 and T+3 would add, over all months."""
    area, at = months.area, months.area.left + _AT_RISK
    found = months.sheet.ref(Span(area.top, at, area.bottom, at))
    amount = Written(f"SUM({found.text})", fsum(v for (v,) in found.rows if is_number(v)))
    told = sentence(WORDS, "at_risk", sheet.book.lang, amount=as_shown(amount, "#,##0.00"))
    style = sheet.book.style("note", bold=True, font_color=palette.WARNING[0])
    text = f'IF(Saved="","",IF({amount.text}>0,{told.text},""))'
    sheet.show(row, 0, Written(text, told.value if amount.value > 0 else ""), style)
