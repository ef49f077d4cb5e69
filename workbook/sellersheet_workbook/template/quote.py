"""Sheet Quote: one order: every fee with its source, prices to ask, and what would be saved."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any, Final

from sellersheet.columns import Choice, column
from sellersheet.policy import load
from sellersheet.policy.shown import standing_word
from sellersheet.rules.fees import FEE_PARTS, PARTS
from sellersheet.wording import Wording
from sellersheet_workbook.template import (
    forms,
    live,
    palette,
    quote_chart,
    quote_grid,
    quote_savings,
)
from sellersheet_workbook.template.book import Area, Book, Sheet, cell
from sellersheet_workbook.template.cells import Ref
from sellersheet_workbook.template.content import Content
from sellersheet_workbook.template.policy_rules import IS_WRONG
from sellersheet_workbook.template.samples import yes_no

WORDS: Final = Wording("sellersheet_workbook.template", "quote.toml")
DAY: Final = dt.date(2024, 12, 1)
_TOP: Final = 6  # the row of the first input, from 0
# Inputs: code, value, number format; the costs are a block that PROFIT takes as it is.
_ORDER: Final = ("paid", "quote", "country", "weight", "line", "parcel", "inbound_days")
_ORDER_MORE: Final = ("standard_box", "return_case", "refund", "cost", "margin", "day")
_COSTS: Final = ("commission", "affiliate", "advertising", "coupon", "other")
ROW_OF: Final = {code: _TOP + at for at, code in enumerate((*_ORDER, *_ORDER_MORE))}
COSTS_TOP: Final = _TOP + len(ROW_OF) + 1
_LEFT: Final = 3  # the column of the parts
_LAST: Final = 9
RESULTS: Final = _TOP + len(FEE_PARTS) + 4


def fill(book: Book, content: Content) -> None:
    """Inputs at the left, their results at the right, then grid and savings."""
    del content
    sheet = book["quote"]
    for at, width in enumerate((33, 17, 3, 27, 14, 17, 14, 15, 14, 66)):
        sheet.page.set_column(at, at, width)
    given = _inputs(sheet)
    fees = _parts(sheet, given)
    profit = _prices(sheet, given)
    _head(sheet, given)
    below = RESULTS + 3
    place, table = cell(below, _LEFT), below + 47
    quote_chart.add(sheet, given, fees, profit, place=place, table=table)
    quote_grid.add(sheet, given, fees, below + 20)
    quote_savings.add(sheet, given, below + 32)
    sheet.print_on_a4(upright=True)
    sheet.page.fit_to_pages(1, 1)
    sheet.tab()


def _inputs(sheet: Sheet) -> dict[str, Any]:
    """The cells to fill in, and the arguments made of them."""
    book, lang = sheet.book, sheet.book.lang
    sheet.put_at(_TOP - 1, 0, WORDS("inputs", lang), book.style("heading"))
    values: dict[str, tuple[Any, str]] = {
        "paid": (100.0, "yuan"), "quote": (22.6, "yuan"), "country": ("ES", "text"),
        "weight": (89.0, "grams"), "line": (None, "text"),
        "parcel": (_choices("parcel", lang)[0], "text"), "inbound_days": (5.0, "count"),
        "standard_box": (yes_no(lang)[1], "text"), "return_case": (None, "text"),
        "refund": (None, "yuan"), "cost": (38.0, "yuan"), "margin": (0.2, "share"),
        "day": (DAY, "date"),
    }  # fmt: skip
    for code, row in ROW_OF.items():
        value, number = values[code]
        sheet.put_at(row, 0, WORDS(code, lang), book.style("label"))
        sheet.put_at(row, 1, value, book.style("input", number, align="right"))
        rule: dict[str, Any] = {"validate": "any"}
        words = {"parcel": _choices("parcel", lang), "return_case": _choices("return_case", lang)}
        words["standard_box"] = list(yes_no(lang))
        if code in words:
            rule = {"validate": "list", "source": words[code], "show_error": False}
        elif code == "country":
            rule = {"validate": "list", "source": "=CountryCodes", "show_error": False}
        rule |= {"input_title": WORDS(code, lang), "input_message": WORDS(f"{code}_how", lang)}
        sheet.page.data_validation(row, 1, row, 1, rule)
    sheet.put_at(COSTS_TOP - 1, 0, WORDS("costs", lang), book.style("heading", font_size=11))
    for down, code in enumerate(_COSTS, COSTS_TOP):
        sheet.put_at(down, 0, WORDS(code, lang), book.style("label"))
        number = "yuan" if code in ("coupon", "other") else "rate"
        sheet.put_at(down, 1, None, book.style("input", number, align="right"))
    given: dict[str, Any] = {code: sheet[cell(row, 1)].if_given() for code, row in ROW_OF.items()}
    given["cells"] = {code: sheet[cell(row, 1)] for code, row in ROW_OF.items()}
    given["costs"] = sheet[f"{cell(COSTS_TOP, 0)}:{cell(COSTS_TOP + 4, 1)}"]
    freight = COSTS_TOP + len(_COSTS)
    sheet.put_at(freight, 0, WORDS("freight", lang), book.style("label", bold=True))
    card = ("LOGISTICSFEE", given["country"], given["weight"], None, None, None, given["line"],
            given["day"], book.names["Rates"], book.names["Fx"])  # fmt: skip
    quote = given["cells"]["quote"].text
    text = f'=IF({quote}="",IFNA({sheet.text_of(*card)},""),{quote})'
    sheet.formula_at(freight, 1, text, 22.6, book.style("result", "yuan", bold=True))
    given["freight"] = sheet[cell(freight, 1)].if_given()
    given["freight_cell"] = sheet[cell(freight, 1)]
    return given


def _choices(key: str, lang: Any) -> list[str]:
    words: tuple[Choice, ...] = column("orders", key).choices
    return [item.zh if lang == "zh" else item.en for item in words]


def order_of(given: dict[str, Any], **other: Any) -> tuple[Any, ...]:
    """The arguments of SEMIFEE, some of them put differently."""
    keys = ("paid", "freight", "parcel", "inbound_days", "standard_box", "return_case", "day")
    return tuple({**given, **other}[key] for key in keys)


def _parts(sheet: Sheet, given: dict[str, Any]) -> Ref:
    """The parts and the total, each with the policy value behind it."""
    book, lang = sheet.book, sheet.book.lang
    own = book.names["Overrides"]
    sheet.put_at(_TOP - 1, _LEFT, WORDS("parts", lang), book.style("heading"))
    titles = ("part", "amount", "value", "rule", "standing", "start", "source")
    for at, code in enumerate(titles, _LEFT):
        sheet.put_at(_TOP, at, WORDS(f"column_{code}", lang), book.style("result_header"))
    arguments = ("SEMIFEE_DETAIL", *order_of(given), own)
    found = sheet.result_of(*arguments)[0]
    rows = len(FEE_PARTS) + 1
    area = f"{cell(_TOP + 1, _LEFT + 1)}:{cell(_TOP + rows, _LEFT + 1)}"
    text = f"=TRANSPOSE({sheet.text_of(*arguments)})"
    # Status and reason are not shown here: the array is cut where the parts end.
    parts = [[value] for value in found[:rows]]
    sheet.array(area, text, parts, book.style("result", "yuan", align="right"))
    forms.grey_errors(sheet, Area.of(area))
    small = book.style("result", font_size=10, text_wrap=True, indent=1)
    for down, key in enumerate(FEE_PARTS, _TOP + 1):
        sheet.page.set_row(down, 33)
        name = next(iter(PARTS[key].values), "published_freight_points")
        sheet.put_at(down, _LEFT, column("results", key).title(lang), book.style("result"))
        sheet.put_at(down, _LEFT + 3, ", ".join(load().value(name).rules), small)
        fields = (("shown", 2, ""), ("standing", 4, ""), ("start", 5, "date"), ("source", 6, ""))
        for field, right, number in fields:
            asked = ("POLICYVALUE", name, given["day"], field, own)
            value = sheet.result_of(*asked)
            joined = "" if number else '&""'
            call = sheet.text_of(*asked)
            text = f"={call}{joined}"
            if key == "logistics_fee_cny" and field in ("shown", "standing", "source"):
                word = WORDS(f"quoted_{field}", lang)
                test = f'{given["cells"]["quote"].text}<>""'
                text, value = f'=IF({test},"{word}",{call}{joined})', word
            style = small
            if number:
                style = book.style("result", number, font_size=10, indent=1, align="left")
            sheet.formula_at(down, _LEFT + right, text, value, style)
    down = _TOP + rows
    total = book.style("total", "yuan")
    sheet.put_at(down, _LEFT, WORDS("total", lang), book.style("total"))
    _again(sheet, down, total)
    for standing, colours in (
        ("stated", palette.OK), ("read", palette.NOTE), ("assumed", palette.WARNING),
        ("own", palette.NOTE),
    ):  # fmt: skip
        word = standing_word(standing, lang)  # type: ignore[arg-type]
        rule = {"type": "cell", "criteria": "==", "value": f'"{word}"'}
        rule |= {"format": book.light(colours)}
        sheet.page.conditional_format(_TOP + 1, _LEFT + 4, down, _LEFT + 4, rule)
    return sheet[area]


def _again(sheet: Sheet, row: int, style: Any) -> None:
    """The total in bold."""
    held = sheet.page.table[row][_LEFT + 1]
    sheet.page.table[row][_LEFT + 1] = replace(held, format=style)


def _prices(sheet: Sheet, given: dict[str, Any]) -> Ref:
    """Profit, break-even price and the price for the margin."""
    book, lang = sheet.book, sheet.book.lang
    own, big = book.names["Overrides"], book.style("figure", "yuan")
    fees = ("freight", "parcel", "inbound_days", "standard_box")
    rest = (*(given[key] for key in fees), given["costs"], given["day"], own)
    profit = ("PROFIT", given["paid"], given["cost"], *(given[key] for key in fees),
              given["return_case"], given["refund"], given["costs"], given["day"], own)  # fmt: skip
    share = f"{cell(RESULTS + 1, _LEFT)}/{given['cells']['paid'].text}"
    calls = (
        ("profit", profit),
        ("breakeven", ("BREAKEVEN", given["cost"], *rest)),
        ("price", ("PRICEFORMARGIN", given["margin"], given["cost"], *rest)),
    )
    places = (_LEFT, _LEFT + 2, _LEFT + 4)
    sheet.page.set_row(RESULTS + 1, 34)
    for (code, call), left in zip(calls, places, strict=True):
        label = book.style("figure_label")
        right = _LAST if left == places[-1] else left + 1
        sheet.page.merge_range(RESULTS, left, RESULTS, right, "", label)
        sheet.page.merge_range(RESULTS + 1, left, RESULTS + 1, right, "", big)
        sheet.put_at(RESULTS, left, WORDS(code, lang), label)
        value = sheet.result_of(*call)
        text = f"={sheet.text_of(*call)}"
        sheet.formula_at(RESULTS + 1, left, text, value, big)
    forms.grey_errors(sheet, Area(RESULTS + 1, _LEFT, RESULTS + 1, _LAST))
    value = sheet.result_of(*profit) / given["paid"].value
    told = WORDS("share_of_paid", lang, share=f'"&TEXT({share},"0.0%")&"')
    shown = WORDS("share_of_paid", lang, share=f"{value:.1%}")
    style = book.style("note", align="center")
    sheet.page.merge_range(RESULTS + 2, _LEFT, RESULTS + 2, _LEFT + 1, "", style)
    sheet.formula_at(RESULTS + 2, _LEFT, f'=IFERROR("{told}","")', shown, style)
    rule = {"type": "cell", "criteria": "<", "value": 0}
    rule |= {"format": book.added({"font_color": palette.RED})}
    sheet.page.conditional_format(RESULTS + 1, _LEFT, RESULTS + 1, _LEFT, rule)
    return sheet[cell(RESULTS + 1, _LEFT)]


def _head(sheet: Sheet, given: dict[str, Any]) -> None:
    """Title, and in words what is missing or wrong."""
    book, lang = sheet.book, sheet.book.lang
    sheet.page.set_row(0, 30)
    sheet.put("A1", WORDS("title", lang), book.style("title"))
    sheet.link_home("J1")
    sheet.put("A2", WORDS("about", lang), book.style("note"))
    asked = ("SEMIFEE_DETAIL", *order_of(given), book.names["Overrides"])
    reason = forms.reason_of_fee(sheet, *asked).text
    paid, freight = given["cells"]["paid"].text, given["freight_cell"].text
    fine, empty, none = (WORDS(code, lang) for code in ("fine", "empty", "no_freight"))
    wrong = WORDS("wrong_rest", lang)
    profit = cell(RESULTS + 1, _LEFT)
    text = (
        f'IF({IS_WRONG},"✘ "&PolicyWrong,IF({paid}="","{empty}",IF({freight}="","{none}",'
        f'IF({reason}<>"","⚠ "&{reason},IF(ISNUMBER({profit}),"{fine}","{wrong}")))))'
    )
    style = book.style("text", bold=True, valign="vcenter")
    sheet.page.set_row(2, 34)
    sheet.page.merge_range(2, 0, 2, _LAST, "", style)
    live.put(sheet, 2, 0, text, style, _LAST)
    live.colours(sheet, Area(2, 0, 2, _LAST))
