"""The key figures of Home, for a month and a shop or for all: each with what it covers and, on a
line below, the newest month beside the one before it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from math import fsum
from typing import Any, Final

from sellersheet.columns import TABLES
from sellersheet.days import EXCEL_DAY_0
from sellersheet.wording import Wording
from sellersheet_workbook.template import palette
from sellersheet_workbook.template.book import hint
from sellersheet_workbook.template.cells import Ref, Span, Written, cell, is_number
from sellersheet_workbook.template.order_table import body
from sellersheet_workbook.template.sheet import Sheet

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

    def summed(self, key: str, known: str) -> tuple[str, float]:
        """The amounts of rows where the other column has a number."""
        pairs = zip(self.values(key), self.values(known), strict=True)
        value = fsum(amount for amount, other in pairs if is_number(amount) and is_number(other))
        text = f"SUMIFS({self._refs[key].text},{self._refs[known].text},{_KNOWN},{self._filters})"
        return text, value

    def counted(self, key: str, test: str, holds: Callable[[Any], bool]) -> tuple[str, int]:
        """The rows whose cell passes."""
        text = f"COUNTIFS({self._refs[key].text},{test},{self._filters})"
        return text, sum(map(holds, self.values(key)))

    def sums(self) -> dict[str, tuple[str, float]]:
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
            amount, now = sums[key]
            behind.formula_at(row, at, f'=IF({first.text}="",0,{amount})', now)
        cells = {key: behind.at(row, at) for at, key in enumerate(_SUMS, left + 1)}
        found.append({"first": first, **cells})
    return found


def _six(
    sheet: Sheet, top: int, sums: dict[str, tuple[str, float]], months: list[dict[str, Ref]]
) -> None:
    """A label, a large figure, what it covers, and its month; — where nothing is known."""

    def shown(part: str, whole: str = "", known: str = "") -> tuple[str, Any]:
        (text, value), (count, some) = sums[part], sums[known or whole]
        if whole:
            text, value = f"{text}/{sums[whole][0]}", value / sums[whole][1] if some else 0
        return f'IF({count}=0,"—",{text})', value if some else "—"

    figures: tuple[tuple[str, tuple[str, Any], str, str, tuple[str, ...]], ...] = (
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
    for at, (code, (text, value), number, note, counts) in enumerate(figures):
        left = 2 * at
        label, big = book.style("figure_label"), book.style("figure", number)
        for row, style in enumerate((label, big, label, label), top):
            sheet.over(row, left, left + 1, style)
        sheet.put_at(top, left, WORDS(code, lang), label)
        # Where the orders have no results there is no figure either.
        sheet.formula_at(top + 1, left, f'=IF(Saved="","",{text})', value, big)
        told = _covered(lang, note, [sums[count] for count in counts], sums["paid"])
        sheet.formula_at(top + 2, left, f'=IF(Saved="","",{told.text})', told.value, label)
        told = _compared(lang, code, months)
        sheet.formula_at(top + 3, left, f'=IF(Saved="","",{told.text})', told.value, label)
    loss = {"font_color": palette.RED}
    below = {"type": "cell", "criteria": "<", "value": 0, "format": book.added(loss)}
    sheet.page.conditional_format(top + 1, 2, top + 1, 11, below)
    some = {"type": "formula", "criteria": f"=N({cell(top + 1, 0)})>0", "format": book.added(loss)}
    sheet.page.conditional_format(top + 1, 0, top + 1, 1, some)


def _covered(
    lang: Any, note: str, counts: list[tuple[str, float]], paid: tuple[str, float]
) -> Written:
    """How many rows a figure covers; the amount paid by row beside it."""
    (part, some), (whole, _) = counts
    texts = {
        name: f'"&TEXT({count},"#,##0")&"' for name, count in (("part", part), ("whole", whole))
    }
    values = {name: f"{count:,}" for name, (_, count) in zip(texts, counts, strict=True)}
    if note == "average":
        each = f'IF({part}=0,"—",TEXT({paid[0]}/MAX(1,{part}),"#,##0.00"))'
        texts["each"] = f'"&{each}&"'
        values["each"] = f"{paid[1] / some:,.2f}" if some else "—"
    told, shown = f'"{WORDS(note, lang, **texts)}"', WORDS(note, lang, **values)
    if note == "with_cost":
        told = f'IF({part}=0,"{WORDS("no_cost", lang, whole=texts["whole"])}",{told})'
        shown = shown if some else WORDS("no_cost", lang, whole=values["whole"])
    return Written(told, shown)


def _compared(lang: Any, code: str, months: list[dict[str, Ref]]) -> Written:
    """The month and its change against the one before: a share in points, an amount in per
    cent, a count beside the other; only the month where the one before has nothing."""
    part, whole, kind = _COMPARED[code]
    known = _KNOWN_BY.get(code, whole or "known")
    texts, values, some = [], [], []
    for each in months:
        text, value = each[part].text, each[part].value
        count = each[known].value
        if whole:
            text = f"{text}/{each[whole].text}"
            value = value / each[whole].value if each[whole].value else 0.0
        texts.append(text)
        values.append(value)
        some.append(count)
    formats = {"count": "#,##0", "amount": "#,##0", "share": "0.0%"}
    spec = {"count": ",.0f", "amount": ",.0f", "share": ".1%"}[kind]
    first = months[0]["first"]
    name = f'YEAR({first.text})&"-"&TEXT(MONTH({first.text}),"00")'
    day = first.value
    label = (EXCEL_DAY_0 + dt.timedelta(days=int(day))).strftime("%Y-%m") if day != "" else ""
    now = f'TEXT({texts[0]},"{formats[kind]}")'
    if kind == "count":
        change, changed = f'TEXT({texts[1]},"#,##0")', f"{values[1]:,.0f}"
        holds, is_held = "TRUE", True
    elif kind == "share":
        change = f'TEXT(({texts[0]}-{texts[1]})*100,"+0.0;-0.0;0.0")'
        changed = _signed(100 * (values[0] - values[1]))
        holds, is_held = "TRUE", True
    else:
        # A change of a loss or of nothing has no per cent.
        change = f'TEXT({texts[0]}/{texts[1]}-1,"+0.0%;-0.0%;0.0%")'
        is_held = values[1] > 0
        changed = f"{_signed(100 * (values[0] / values[1] - 1))}%" if is_held else ""
        holds = f"{texts[1]}>0"
    both = {"month": f'"&{name}&"', "now": f'"&{now}&"', "change": f'"&{change}&"'}
    full = f'"{WORDS(f"{kind}_change", lang, **both)}"'
    alone = f'"{WORDS("month_alone", lang, **both)}"'
    this, other = (each[known].text for each in months)
    text = f'IF(OR({first.text}="",{this}=0),"",IF({other}=0,{alone},IF({holds},{full},{alone})))'
    if not some[0] or not label:
        return Written(text, "")
    shown = {"month": label, "now": format(values[0], spec), "change": changed}
    word = f"{kind}_change" if some[1] and is_held else "month_alone"
    return Written(text, WORDS(word, lang, **shown))


def _signed(number: float) -> str:
    """As TEXT has it with a sign: none at 0."""
    shown = f"{number:+.1f}"
    return "0.0" if shown in ("+0.0", "-0.0") else shown


def _may_come(sheet: Sheet, row: int, months: Ref) -> None:
    """F6: what a rush fee at T+2 and T+3 would add, over all months."""
    area, at = months.area, months.area.left + _AT_RISK
    found = months.sheet.ref(Span(area.top, at, area.bottom, at))
    text, value = f"SUM({found.text})", fsum(v for (v,) in found.rows if is_number(v))
    told = WORDS("at_risk", sheet.book.lang, amount=f'"&TEXT({text},"#,##0.00")&"')
    shown = WORDS("at_risk", sheet.book.lang, amount=f"{value:,.2f}") if value > 0 else ""
    style = sheet.book.style("note", bold=True, font_color=palette.WARNING[0])
    sheet.formula_at(row, 0, f'=IF(Saved="","",IF({text}>0,"{told}",""))', shown, style)
