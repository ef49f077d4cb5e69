"""Sheet Quote: one order: every fee with its source, prices to ask, and what would be saved."""

from __future__ import annotations

from typing import Any, Final

from sellersheet.columns import column
from sellersheet.policy import load
from sellersheet.policy.shown import standing_word
from sellersheet.rules.fees import FEE_PARTS, PARTS
from sellersheet_workbook.template import (
    live,
    palette,
    pieces,
    quote_chart,
    quote_what_if,
)
from sellersheet_workbook.template.book import DAY, Book, Sheet, hint
from sellersheet_workbook.template.cells import Ref, Span, Written, cell, quoted
from sellersheet_workbook.template.content import order_word, words_of, yes_no
from sellersheet_workbook.template.palette import GAP, LABEL, NUMBER, TEXT
from sellersheet_workbook.template.policy_rules import IS_WRONG
from sellersheet_workbook.template.quote_what_if import WORDS

WIDTHS: Final = (LABEL, NUMBER, GAP, LABEL, *[NUMBER] * 5, TEXT, NUMBER)
_FIGURES: Final = 4
_TOP: Final = 9  # the row of the first input, from 0
# Inputs: code, value, number format; the costs are a block that PROFIT takes as it is.
_ORDER: Final = ("paid", "quote", "country", "weight", "length", "width", "height", "line",
                 "parcel", "inbound_days")  # fmt: skip
_ORDER_MORE: Final = ("standard_box", "return_case", "refund", "cost", "margin", "day")
_COSTS: Final = ("commission", "affiliate", "advertising", "coupon", "other")
ROW_OF: Final = {code: _TOP + at for at, code in enumerate((*_ORDER, *_ORDER_MORE))}
COSTS_TOP: Final = _TOP + len(ROW_OF) + 1
_LEFT: Final = 3  # the column of the parts
_LAST: Final = 10
_SOURCE: Final = (9, 10)  # the columns of a part's source
_EACH: Final = 2  # rows of a part, so that inputs beside it keep their height
_TOTAL: Final = _TOP + 1 + _EACH * len(FEE_PARTS)


def fill(book: Book) -> None:
    """The answer on top, inputs at the left, their results at the right, grid and savings."""
    sheet = book["quote"]
    sheet.columns(*WIDTHS)
    given = _inputs(sheet)
    fees = _parts(sheet, given)
    _explained(sheet, given)
    profit = _prices(sheet, given)
    _head(sheet, given)
    below = max(COSTS_TOP + len(_COSTS), _TOTAL + 6) + 2
    grid = below + 16
    prices = quote_what_if.prices(sheet, given, fees, grid)
    quote_what_if.savings(sheet, given, grid + 13)
    table = grid + 36
    quote_chart.add(sheet, given, fees, profit, row=below, table=table, prices=prices)
    sheet.print_on_a4(last=table - 4)
    # In English the sources are longer: the end of the inputs goes with the charts.
    sheet.page.set_h_pagebreaks([below, grid] if book.lang == "zh" else [COSTS_TOP - 1, grid])
    sheet.tab()


def _inputs(sheet: Sheet) -> dict[str, Any]:
    """The cells to fill in, and the arguments made of them."""
    book, lang = sheet.book, sheet.book.lang
    sheet.put_at(_TOP - 1, 0, WORDS("inputs", lang), book.style("heading"))
    values: dict[str, tuple[Any, str]] = {
        "paid": (100.0, "money"), "quote": (22.6, "money"), "country": ("ES", "text"),
        "weight": (89.0, "grams"), "length": (None, "grams"), "width": (None, "grams"),
        "height": (None, "grams"), "line": (None, "text"),
        "parcel": (order_word("parcel", 0, lang), "text"), "inbound_days": (5.0, "count"),
        "standard_box": (yes_no(lang)[1], "text"), "return_case": (None, "text"),
        "refund": (None, "money"), "cost": (38.0, "money"), "margin": (0.2, "share"),
        "day": (DAY, "date"),
    }  # fmt: skip
    chosen: dict[str, Any] = {
        key: words_of(column("orders", key).choices, lang) for key in ("parcel", "return_case")
    }
    chosen |= {"standard_box": [*yes_no(lang)], "country": "=CountryCodes"}
    for code, row in ROW_OF.items():
        value, number = values[code]
        sheet.put_at(row, 0, WORDS(code, lang), book.style("label"))
        style = book.style("input", number, align="right", shrink=number == "text")
        sheet.put_at(row, 1, value, style)
        rule: dict[str, Any] = {"validate": "any"}
        if code in chosen:
            rule = {"validate": "list", "source": chosen[code], "show_error": False}
        rule |= hint(WORDS(code, lang), WORDS(f"{code}_how", lang))
        sheet.page.data_validation(cell(row, 1), rule)
    sheet.put_at(COSTS_TOP - 1, 0, WORDS("costs", lang), book.style("heading"))
    for down, code in enumerate(_COSTS, COSTS_TOP):
        sheet.put_at(down, 0, WORDS(code, lang), book.style("label"))
        number = "money" if code in ("coupon", "other") else "rate"
        sheet.put_at(down, 1, None, book.style("input", number, align="right"))
    given: dict[str, Any] = {code: sheet.at(row, 1).if_given() for code, row in ROW_OF.items()}
    given["cells"] = {code: sheet.at(row, 1) for code, row in ROW_OF.items()}
    given["costs"] = sheet[f"{cell(COSTS_TOP, 0)}:{cell(COSTS_TOP + 4, 1)}"]
    freight = COSTS_TOP + len(_COSTS)
    sheet.put_at(freight, 0, WORDS("freight", lang), book.style("label", bold=True))
    sides = (given["length"], given["width"], given["height"])
    card = ("LOGISTICSFEE", given["country"], given["weight"], *sides, given["line"],
            given["day"], book.names["Rates"], book.names["Fx"])  # fmt: skip
    quote = given["cells"]["quote"].text
    text = f'=IF({quote}="",IFNA({sheet.text_of(*card)},""),{quote})'
    sheet.formula_at(freight, 1, text, 22.6, book.style("result", "money", bold=True))
    given["freight"] = sheet.at(freight, 1).if_given()
    given["freight_cell"] = sheet.at(freight, 1)
    return given


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
    sheet.over(_TOP, *_SOURCE, book.style("result_header"))
    for at, code in enumerate(titles, _LEFT):
        sheet.put_at(_TOP, at, WORDS(f"column_{code}", lang), book.style("result_header"))
    arguments = ("SEMIFEE_DETAIL", *order_of(given), own)
    found = sheet.result_of(*arguments)[0]
    rows = len(FEE_PARTS) + 1
    # Status and reason are not shown here: the array is cut where the parts end.
    behind, area = book["calculation"], book.behind(rows, 1)
    parts = [[value] for value in found[:rows]]
    behind.array(area.text, f"=TRANSPOSE({sheet.text_of(*arguments)})", parts)
    small = book.style("result", text_wrap=True, indent=1)
    for at, key in enumerate(FEE_PARTS):
        down = _TOP + 1 + _EACH * at
        name = next(iter(PARTS[key].values), "published_freight_points")
        source = sheet.result_of("POLICYVALUE", name, given["day"], "source", own)
        height = pieces.LINE * pieces.lines_of(source, sheet.width(*_SOURCE)) + 2
        for row in range(down, down + _EACH):
            sheet.page.set_row(row, max(20, height / _EACH))
        _tall(sheet, down, 0, column("results", key).title(lang), book.style("result"))
        here = behind.at(area.top + at, area.left)
        _tall(sheet, down, 1, here.value, book.style("result", "money"), f"={here.text}")
        _tall(sheet, down, 3, ", ".join(load().value(name).rules), small)
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
            style = book.style("result", number, indent=1, align="left") if number else small
            _tall(sheet, down, right, value, style, text)
    pieces.grey_errors(sheet, Span(_TOP + 1, _LEFT + 1, _TOTAL, _LEFT + 1))
    last = behind.at(area.bottom, area.left)
    sheet.put_at(_TOTAL, _LEFT, WORDS("total", lang), book.style("total"))
    sheet.show(_TOTAL, _LEFT + 1, last, book.style("total", "yuan"))
    colours = pieces.standing_lights(lang) | {standing_word("own", lang): palette.NOTE}
    pieces.lights(sheet, Span(_TOP + 1, _LEFT + 4, _TOTAL, _LEFT + 4), colours)
    return behind.ref(area)


def _tall(
    sheet: Sheet, row: int, right: int, value: Any, style: Any, text: str | None = None
) -> None:
    """A cell of a part, over the rows that it has."""
    left = _LEFT + right
    last = _SOURCE[1] if left == _SOURCE[0] else left
    sheet.page.merge_range(row, left, row + _EACH - 1, last, "", style)
    if text is None:
        sheet.put_at(row, left, value, style)
    else:
        sheet.formula_at(row, left, text, value, style)


def _explained(sheet: Sheet, given: dict[str, Any]) -> None:
    """The arithmetic in one line, to be sent on."""
    book, lang = sheet.book, sheet.book.lang
    row = _TOTAL + 1
    sheet.put_at(row, _LEFT, WORDS("explained", lang), book.style("label", bold=True))
    told = sheet.written("EXPLAIN", *order_of(given), book.names["Overrides"])
    style = book.style("result", text_wrap=True, valign="top")
    sheet.page.merge_range(row + 1, _LEFT, row + 4, _LAST, "", style)
    sheet.show(row + 1, _LEFT, told.joined, style)
    pieces.grey_errors(sheet, Span(row + 1, _LEFT, row + 1, _LAST))


def _prices(sheet: Sheet, given: dict[str, Any]) -> Ref:
    """Total fee, profit, break-even price and the price for the margin, large."""
    book, lang = sheet.book, sheet.book.lang
    own = book.names["Overrides"]
    fees = ("freight", "parcel", "inbound_days", "standard_box")
    rest = (*(given[key] for key in fees), given["costs"], given["day"], own)
    given["profit"] = (given["paid"], given["cost"], *(given[key] for key in fees),
                       given["return_case"], given["refund"], given["costs"], given["day"],
                       own)  # fmt: skip
    calls = (
        ("profit", ("PROFIT", *given["profit"])),
        ("breakeven", ("BREAKEVEN", given["cost"], *rest)),
        ("price", ("PRICEFORMARGIN", given["margin"], given["cost"], *rest)),
    )
    total = sheet.at(_TOTAL, _LEFT + 1)
    shown = {"total": Written(total.text, total.value)}
    shown |= {code: sheet.written(*call) for code, call in calls}
    paid = given["cells"]["paid"]
    margin = given["cells"]["margin"]
    row, spans = _FIGURES, ((0, 2), (3, 5), (6, 8), _SOURCE)
    parts = {
        "total": Written(f"{cell(row + 1, 0)}/{paid.text}", total.value / paid.value),
        "profit": Written(f"{cell(row + 1, 3)}/{paid.text}", shown["profit"].value / paid.value),
        "price": Written(margin.text, margin.value),
    }
    found = []
    for code, figure in shown.items():
        note = quoted("")
        if code in parts:
            named = f"{code}_note" if code == "price" else "share_of_paid"
            share = pieces.as_shown(parts[code], "0.0%")
            told = pieces.sentence(WORDS, named, lang, share=share)
            note = Written(f'IFERROR({told.text},"")', told.value)
        elif code == "breakeven":
            note = quoted(WORDS("breakeven_note", lang))
        found.append(pieces.Figure(WORDS(code, lang), figure, "yuan", note))
    pieces.large(sheet, row, spans, found)
    pieces.grey_errors(sheet, Span(row + 1, 0, row + 1, _LAST))
    return sheet.at(row + 1, 3)


def _head(sheet: Sheet, given: dict[str, Any]) -> None:
    """Title, and in words what is missing or wrong."""
    book, lang = sheet.book, sheet.book.lang
    pieces.head(sheet, WORDS, line=False)
    asked = ("SEMIFEE_DETAIL", *order_of(given), book.names["Overrides"])
    reason = _reason(sheet, *asked).text
    paid, freight = given["cells"]["paid"].text, given["freight_cell"].text
    fine, empty, none = (WORDS(code, lang) for code in ("fine", "empty", "no_freight"))
    why = sheet.text_of("PROFIT_DETAIL", *given["profit"])
    wrong = f'"{WORDS("wrong_rest", lang)}"&INDEX({why},1,8)'
    profit = cell(_FIGURES + 1, 3)
    sides = (given["weight"], given["length"], given["width"], given["height"])
    large = sheet.text_of("ISOVERSIZE", *sides, book.names["Overrides"])
    standard = order_word("parcel", 0, lang)
    parcel = given["cells"]["parcel"].text
    large = f'IF(OR({parcel}="",{parcel}="{standard}"),IFERROR({large},FALSE),FALSE)'
    fine = f'IF({large},"{WORDS("oversize", lang)}","{fine}")'
    text = (
        f'IF({IS_WRONG},"✘ "&PolicyWrong,IF({paid}="","{empty}",IF({freight}="","{none}",'
        f'IF({reason}<>"","⚠ "&{reason},IF(ISNUMBER({profit}),{fine},{wrong})))))'
    )
    style = book.style("text", bold=True, valign="vcenter")
    sheet.page.set_row(2, 34)
    sheet.over(2, 0, _LAST, style)
    live.put(sheet, 2, 0, text, style, _LAST)
    live.colours(sheet, Span(2, 0, 2, _LAST))


def _reason(sheet: Sheet, *call: Any) -> Written:
    """The reason that a call of SEMIFEE_DETAIL gives, behind the status; "" for none."""
    at = len(FEE_PARTS) + 2
    found = sheet.result_of(*call)[0][at]
    return Written(f'INDEX({sheet.text_of(*call)},1,{at + 1})&""', found)
