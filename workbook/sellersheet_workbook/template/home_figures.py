"""The key figures of Home, for a month and a shop or for all, and the last two months."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from sellersheet.columns import TABLES
from sellersheet.wording import Wording
from sellersheet_workbook.template import palette
from sellersheet_workbook.template.book import Ref, Sheet, cell
from sellersheet_workbook.template.figures import is_number
from sellersheet_workbook.template.order_layout import body

WORDS: Final = Wording("sellersheet_workbook.template", "home.toml")
_SUMMARY: Final = {item.key: at for at, item in enumerate(TABLES["summary"])}
_ALL: Final = '"<>§"'  # every cell, a blank one too
_KNOWN: Final = '">-1E+12"'
_LAST_TWO: Final = (
    ("paid", "paid_cny", "yuan"), ("fees", "total_fee_cny", "yuan"),
    ("fee_share", "fee_share", "share"), ("profit", "profit_cny", "yuan"),
    ("margin", "margin", "share"), ("at_risk", "rush_at_risk_cny", "yuan"),
)  # fmt: skip


class _Orders:
    """Sums and counts over the orders that the filters leave: the text, and the value now."""

    def __init__(self, sheet: Sheet, rows: int, month: str, shop: str) -> None:
        book = sheet.book
        self._refs = {
            key: body(book, key, rows)
            for key in ("paid_cny", "total_fee_cny", "profit_cny", "order_date", "shop",
                        "return_case", "status")
        }  # fmt: skip
        days, shops = self._refs["order_date"].text, self._refs["shop"].text
        begin = f"DATE(LEFT({month},4),RIGHT({month},2)"
        self._filters = (
            f'{days},IF({month}="",{_ALL},">="&{begin},1)),'
            f'{days},IF({month}="",{_ALL},"<"&{begin}+1,1)),'
            f'{shops},IF({shop}="",{_ALL},{shop})'
        )

    def values(self, key: str) -> list[Any]:
        return [row[0] for row in self._refs[key].rows]

    def summed(self, key: str, known: str) -> tuple[str, float]:
        """The amounts of rows where the other column has a number."""
        pairs = zip(self.values(key), self.values(known), strict=True)
        value = sum(amount for amount, other in pairs if is_number(amount) and is_number(other))
        text = f"SUMIFS({self._refs[key].text},{self._refs[known].text},{_KNOWN},{self._filters})"
        return text, value

    def counted(self, key: str, test: str, holds: Callable[[Any], bool]) -> tuple[str, int]:
        """The rows whose cell passes."""
        text = f"COUNTIFS({self._refs[key].text},{test},{self._filters})"
        return text, sum(map(holds, self.values(key)))


def add(sheet: Sheet, top: int, rows: int, months: Ref) -> None:
    """Two filters, six figures each with what it covers, and the last two months."""
    month, shop = _filters(sheet, top, months)
    _six(sheet, top + 1, _Orders(sheet, rows, month, shop))
    _two_months(sheet, top + 5, months)


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
        rule |= {"input_title": WORDS(code, lang), "input_message": WORDS("filter_how", lang)}
        sheet.page.data_validation(top, left, top, left, rule)
    sheet.put_at(top, 7, WORDS("filter_how", lang), book.style("note", indent=1))
    sheet.page.set_row(top, 24)
    return f"${cell(top, 3)[0]}${top + 1}", f"${cell(top, 6)[0]}${top + 1}"


def _six(sheet: Sheet, top: int, orders: _Orders) -> None:
    """A label, a large figure, and a line with what it covers; — where nothing is known."""
    paid, paid_v = orders.summed("paid_cny", "total_fee_cny")
    fees, fees_v = orders.summed("total_fee_cny", "total_fee_cny")
    profit, profit_v = orders.summed("profit_cny", "profit_cny")
    base, base_v = orders.summed("paid_cny", "profit_cny")
    filled = orders.counted("status", '"?*"', lambda value: bool(value))
    known = orders.counted("total_fee_cny", _KNOWN, is_number)
    with_profit = orders.counted("profit_cny", _KNOWN, is_number)
    losses = orders.counted("profit_cny", '"<0"', lambda value: is_number(value) and value < 0)
    returned = orders.counted("return_case", '"?*"', lambda value: bool(value))

    def share(part: str, whole: str) -> str:
        return f'IF({whole}=0,"—",{part}/{whole})'

    covered = ("covered", {"part": known, "whole": filled})
    profitable = ("with_cost", {"part": with_profit, "whole": filled})
    figures: tuple[tuple[str, str, Any, str, tuple[str, dict[str, tuple[str, int]]]], ...] = (
        ("paid", f'IF({known[0]}=0,"—",{paid})', paid_v if known[1] else "—", "yuan", covered),
        ("fee_share", share(fees, paid), _over(fees_v, paid_v), "share", covered),
        ("profit", f'IF({with_profit[0]}=0,"—",{profit})', profit_v if with_profit[1] else "—",
         "yuan", profitable),
        ("margin", share(profit, base), _over(profit_v, base_v), "share", profitable),
        ("average", share(paid, known[0]), _over(paid_v, known[1]), "yuan",
         ("losses", {"part": losses, "whole": with_profit})),
        ("returns", share(returned[0], filled[0]), _over(returned[1], filled[1]), "share",
         ("returned", {"part": returned, "whole": filled})),
    )  # fmt: skip
    book, lang = sheet.book, sheet.book.lang
    for row, height in ((top, 20), (top + 1, 36), (top + 2, 20)):
        sheet.page.set_row(row, height)
    for at, (code, text, value, number, (note, counts)) in enumerate(figures):
        left = 2 * at
        label, big = book.style("figure_label"), book.style("figure", number)
        for row, style in ((top, label), (top + 1, big), (top + 2, label)):
            sheet.page.merge_range(row, left, row, left + 1, "", style)
        sheet.put_at(top, left, WORDS(code, lang), label)
        # Where the orders have no results there is no figure either.
        sheet.formula_at(top + 1, left, f'=IF(Saved="","",{text})', value, big)
        texts = {name: f'"&TEXT({count[0]},"#,##0")&"' for name, count in counts.items()}
        values = {name: f"{count[1]:,}" for name, count in counts.items()}
        told = f'=IF(Saved="","","{WORDS(note, lang, **texts)}")'
        shown = WORDS(note, lang, **values)
        if note == "with_cost":
            none = WORDS("no_cost", lang, whole=texts["whole"])
            told = (
                f'=IF(Saved="","",IF({with_profit[0]}=0,"{none}","{WORDS(note, lang, **texts)}"))'
            )
            if not with_profit[1]:
                shown = WORDS("no_cost", lang, whole=values["whole"])
        sheet.formula_at(top + 2, left, told, shown, label)
    loss = book.added({"font_color": palette.RED})
    rule = {"type": "cell", "criteria": "<", "value": 0, "format": loss}
    sheet.page.conditional_format(top + 1, 0, top + 1, 11, rule)


def _over(part: float, whole: float) -> Any:
    return part / whole if whole else "—"


def _two_months(sheet: Sheet, top: int, months: Ref) -> None:
    """The newest month beside the one before it; a sum without a month is the last line."""
    book, lang = sheet.book, sheet.book.lang
    titles = [WORDS("two_months", lang), *(WORDS(code, lang) for code, _, _ in _LAST_TWO)]
    area = months.area
    sheet.page.set_row(top, 36)
    for at, title in enumerate(titles):
        left = 0 if at == 0 else 2 * at - 1
        right = 0 if at == 0 else 2 * at
        style = book.style("result_header")
        if left < right < 12:
            sheet.page.merge_range(top, left, top, right, "", style)
        sheet.put_at(top, left, title, style)
    for down in (0, 1):
        row = top + 1 + down
        for at, (key, number) in enumerate(
            [("group", "text"), *((key, number) for _, key, number in _LAST_TWO)]
        ):
            here = type(area)(area.top + down, area.left + _SUMMARY[key], area.top + down,
                              area.left + _SUMMARY[key])  # fmt: skip
            ref = months.sheet.ref(here)
            left = 0 if at == 0 else 2 * at - 1
            style = book.style("result", number)
            if at and 2 * at < 12:
                sheet.page.merge_range(row, left, row, 2 * at, "", style)
            value = ref.value
            joined = f'{ref.text}&""' if at == 0 else ref.text
            sheet.formula_at(row, left, f"={joined}", value, style)
    _change(sheet, top + 3)


def _change(sheet: Sheet, row: int) -> None:
    """What the newest month has more or less than the one before: shares in points."""
    book, lang = sheet.book, sheet.book.lang
    sheet.put_at(row, 0, WORDS("change", lang), book.style("result", bold=True))
    points = WORDS("points", lang)
    shares = f'+0.0"{points}";-0.0"{points}";0.0"{points}"'
    for at, (_, _, number) in enumerate(_LAST_TWO, 1):
        left, share = 2 * at - 1, number == "share"
        shown = shares if share else "+0.0%;-0.0%;0.0%"
        style = book.style("result", bold=True, num_format=shown, align="right")
        if 2 * at < 12:
            sheet.page.merge_range(row, left, row, 2 * at, "", style)
        new, old = cell(row - 2, left), cell(row - 1, left)
        text = f"({new}-{old})*100" if share else f'IF({old}<=0,"—",{new}/{old}-1)'
        now, before = sheet[new].value, sheet[old].value
        value: Any = "—"
        if is_number(now) and is_number(before) and (share or before > 0):
            value = (now - before) * 100 if share else now / before - 1
        sheet.formula_at(row, left, f'=IF(COUNT({new},{old})<2,"—",{text})', value, style)
