"""Sheet Check: a golden case for every function, and the fees by ordinary formulas."""

from __future__ import annotations

from math import fsum
from typing import Any, Final

from sellersheet.columns import column
from sellersheet.functions.registry import FUNCTIONS
from sellersheet.rules.fees import FEE_PARTS
from sellersheet.wording import Wording
from sellersheet_workbook.template import golden, live, palette, pieces
from sellersheet_workbook.template.book import DAY, Book, Sheet
from sellersheet_workbook.template.cells import Span, cell, stored
from sellersheet_workbook.template.content import order_word, sample_rows, yes_no
from sellersheet_workbook.template.palette import LABEL, NUMBER

WORDS: Final = Wording("sellersheet_workbook.template", "check.toml")
_TOP: Final = 6  # the header of the cases, from 0
_ORDERS: Final = 10  # sample orders that are recalculated: each has one line
_FREIGHT: Final = 22.6  # of the sample whose freight the rate card gives
_GOOD: Final = "OK"
_CALL: Final = (1, 5)  # the columns of a case, first and last
_EXPECTED: Final = (6, 7)
_GOT: Final = (8, 9)
# Right of what is got, and of an order, its parts and their total.
_ANSWER: Final = max(_GOT[1] + 1, len(FEE_PARTS) + 2)
# What the ordinary formulas take, as the rules state it: name, value, number format.
_RATES: Final = (
    ("service_rate", 0.035, "rate"),
    ("operation", 5.2, "money"),
    ("oversize", 2.8, "money"),
    ("rush", 3.0, "money"),
    ("rush_after", 3, "count"),
    ("repack", 1.5, "money"),
    ("subsidy", 0.8, "money"),
)
_INPUTS: Final = (
    "paid_cny",
    "logistics_cny",
    "parcel",
    "inbound_days",
    "standard_box",
    "return_case",
)
# The row of the ranges that the cases need, from 1: below the cases and what is recalculated.
CASES_DATA: Final = _TOP + len(FUNCTIONS) + 32 + 2 * _ORDERS


def fill(book: Book) -> None:
    """The overall answer on top, the cases, the recalculation."""
    sheet, lang = book["check"], book.lang
    sheet.columns(LABEL, *[NUMBER] * _ANSWER)
    pieces.head(sheet, WORDS, line=False)
    pieces.heading(sheet, CASES_DATA - 2, WORDS("data", lang))
    ranges = golden.data(sheet, CASES_DATA)
    cases = golden.cases(ranges, lang)
    for row, case in enumerate(cases, _TOP + 1):
        _case(sheet, row, case)
    _titles(sheet)
    last = _TOP + len(cases)
    compared = _recalculated(sheet, last + 3)
    answers = [sheet.ref(Span(_TOP + 1, _ANSWER, last, _ANSWER)), compared]
    pieces.grey_errors(sheet, Span(_TOP + 1, _GOT[0], last, _GOT[0]))
    _overall(sheet, answers)
    for ref in answers:
        area = ref.area
        pieces.lights(sheet, area, {_GOOD: palette.OK, WORDS("wrong", lang): palette.ERROR})
    sheet.print_on_a4(header_row=_TOP, last=last)
    sheet.tab()


def _titles(sheet: Sheet) -> None:
    lang, style = sheet.book.lang, sheet.book.style("result_header")
    sheet.page.set_row(_TOP, 24)
    for (left, right), code in (
        ((0, 0), "function"),
        (_CALL, "call"),
        (_EXPECTED, "expected"),
        (_GOT, "got"),
        ((_ANSWER, _ANSWER), "answer"),
    ):
        sheet.over(_TOP, left, right, style)
        sheet.put_at(_TOP, left, WORDS(code, lang), style)


def _case(sheet: Sheet, row: int, case: golden.Golden) -> None:
    book = sheet.book
    sheet.put_at(row, 0, case.function, book.style("result", bold=True))
    shown = book.style("result", text_wrap=True, font_color=palette.GREY)
    sheet.over(row, *_CALL, shown)
    call = sheet.text_of(case.function, *case.arguments)
    sheet.put_at(row, _CALL[0], f"={call}", shown)
    lines = pieces.lines_of(call, sheet.width(*_CALL))
    pieces.high(sheet, row, lines)
    number = (
        "moment" if case.is_moment else ("text" if isinstance(case.expected, str) else "general")
    )
    # A long text is cut at its cell: it is compared, and read on the sheet Functions.
    style = book.style("result", number)
    sheet.over(row, *_EXPECTED, style)
    sheet.put_at(row, _EXPECTED[0], case.expected, style)
    told = case.got(sheet)
    sheet.over(row, *_GOT, style)
    sheet.show(row, _GOT[0], told, style)
    expected, got = cell(row, _EXPECTED[0]), cell(row, _GOT[0])
    same = f"{expected}={got}"
    if case.otherwise:
        same = f'OR({same},{got}="{case.otherwise}")'
    agrees = told.value == case.expected
    if not isinstance(case.expected, str):
        # A difference of 0.00001 is a second of a date-time, and nothing of an amount.
        same = f"IF(ISNUMBER({got}),ABS({expected}-{got})<0.00001,FALSE)"
        agrees = abs(stored(told.value) - stored(case.expected)) < 0.00001
    _answer(sheet, row, same, agrees)


def _answer(sheet: Sheet, row: int, test: str, agrees: bool) -> None:
    """OK, wrong, or not calculated: never OK beside an error, nor beside a saved result."""
    lang, style = sheet.book.lang, sheet.book.style("light")
    if not agrees:
        raise AssertionError(f"{sheet.title}: row {row + 1} does not agree")
    wrong, none = WORDS("wrong", lang), live.WORDS("short", lang)
    text = f'=IF(Live,IF(IFERROR({test},FALSE),"{_GOOD}","{wrong}"),"{none}")'
    sheet.formula_at(row, _ANSWER, text, None, style)
    live.cover(sheet, Span(row, _ANSWER, row, _ANSWER), "short")


def _overall(sheet: Sheet, answers: list[Any]) -> None:
    """One cell for all: CheckOK."""
    book, lang = sheet.book, sheet.book.lang
    parts = [f'COUNTIF({ref.local},"{_GOOD}")' for ref in answers]
    whole = sum(len(ref.rows) for ref in answers)
    count = "+".join(parts)
    bad = WORDS("overall_wrong", lang, count=f'"&{whole}-({count})&"')
    text = f'IF({count}={whole},"{_GOOD}","{bad}")'
    sheet.page.set_row(3, 36)
    sheet.put("A4", WORDS("overall", lang), book.style("heading"))
    style = book.style("text", bold=True, valign="vcenter")
    sheet.over(3, 1, _ANSWER, style)
    live.put(sheet, 3, 1, text, style, _ANSWER)
    book.name("CheckOK", sheet["B4"])
    area = Span(3, 1, 3, _ANSWER)
    pieces.lights(sheet, Span(3, 1, 3, 1), {_GOOD: palette.OK})
    live.colours(sheet, area)


def _recalculated(sheet: Sheet, top: int) -> Any:
    """The sample orders' fees by ordinary formulas, and by SEMIFEE_DETAIL; the answers."""
    book, lang = sheet.book, sheet.book.lang
    pieces.heading(sheet, top, WORDS("native", lang), WORDS("native_note", lang))
    rates = _rates(sheet, top + 2)
    inputs = _inputs(sheet, top + 7)
    native, function = top + 10 + _ORDERS, top + 13 + 2 * _ORDERS
    titles = [column("results", key).title(lang) for key in (*FEE_PARTS, "total_fee_cny")]
    for at, code in ((native, "by_formulas"), (function, "by_function")):
        pieces.heading(sheet, at - 1, WORDS(code, lang))
        sheet.page.set_row(at, 32)
        header = [WORDS("order", lang), *titles]
        for right, title in enumerate(header):
            sheet.put_at(at, right, title, book.style("result_header"))
    money = book.style("result", "money")
    first = function + 1
    total_at = len(FEE_PARTS) + 1
    area = Span(first, 1, first + _ORDERS - 1, total_at)
    columns = [sheet.ref(Span(inputs, at, inputs + _ORDERS - 1, at)) for at in range(1, 7)]
    sheet.call(area.text, "SEMIFEE_DETAIL", *columns, DAY, style=money)
    sheet.put_at(function, _ANSWER, WORDS("answer", lang), book.style("result_header"))
    for down in range(_ORDERS):
        row = inputs + down
        parts = _parts(sheet, row, rates, first + down)
        for at, (text, value) in enumerate(parts, 1):
            sheet.formula_at(native + 1 + down, at, text, value, money)
        start = native + 1 + down
        total = fsum(value for _, value in parts)
        text = f"=SUM({cell(start, 1)}:{cell(start, total_at - 1)})"
        sheet.formula_at(
            start, total_at, text, round(total, 2), book.style("result", "money", bold=True)
        )
        for other in (start, first + down):
            value = sheet.values(Span(row, 0, row, 0))[0][0]
            sheet.formula_at(other, 0, f"={cell(row, 0)}", value, book.style("result"))
        line = first + down
        pairs = [(cell(start, at), cell(line, at)) for at in range(1, total_at + 1)]
        test = ",".join(f"ABS({one}-{other})<0.001" for one, other in pairs)
        mine = sheet.values(Span(start, 1, start, total_at))[0]
        theirs = sheet.values(Span(line, 1, line, total_at))[0]
        agrees = all(abs(a - b) < 0.001 for a, b in zip(mine, theirs, strict=True))
        _answer(sheet, line, f"AND({test})", agrees)
    return sheet.ref(Span(first, _ANSWER, first + _ORDERS - 1, _ANSWER))


def _rates(sheet: Sheet, row: int) -> dict[str, str]:
    """What the ordinary formulas take: the address of each."""
    book, lang = sheet.book, sheet.book.lang
    where = {}
    sheet.page.set_row(row, 32)
    for at, (name, value, number) in enumerate(_RATES, 1):
        sheet.put_at(row, at, WORDS(name, lang), book.style("header"))
        sheet.put_at(row + 1, at, value, book.style("result", number))
        where[name] = sheet.at(row + 1, at).local
    return where


def _inputs(sheet: Sheet, top: int) -> int:
    """The sample orders; the row of the first."""
    book, lang = sheet.book, sheet.book.lang
    pieces.heading(sheet, top - 2, WORDS("samples", lang))
    sheet.page.set_row(top - 1, 32)
    titles = [column("orders", key).title(lang) for key in ("order_id", *_INPUTS)]
    for at, title in enumerate(titles):
        sheet.put_at(top - 1, at, title, book.style("header"))
    for down, line in enumerate(sample_rows(lang)[:_ORDERS], top):
        line = {**line, "logistics_cny": line["logistics_cny"] or _FREIGHT}
        for at, key in enumerate(("order_id", *_INPUTS)):
            number = "money" if key in ("paid_cny", "logistics_cny") else "general"
            words = isinstance(line.get(key), str) and at > 0  # beside a number
            style = book.style("result", number, shrink=words, indent=int(words))
            sheet.put_at(down, at, line.get(key), style)
    return top


def _parts(sheet: Sheet, row: int, rates: dict[str, str], computed: int) -> list[tuple[str, float]]:
    """The parts of the row's order: formula and value.

    A part without a formula here is taken as the function computed it in the row ``computed``:
    its total is still checked.
    """
    lang = sheet.book.lang
    paid, freight, parcel, days, box, case = sheet.values(Span(row, 1, row, 6))[0]
    known = {name: value for name, value, _ in _RATES}
    large = order_word("parcel", 1, lang)
    buyer, seller = order_word("return_case", 1, lang), order_word("return_case", 3, lang)
    own = yes_no(lang)[1]
    operation = known["operation"] + (known["oversize"] if parcel == large else 0)
    at = {name: cell(row, column) for column, name in enumerate(_INPUTS, 1)}
    charged = f'{rates["operation"]}+IF({at["parcel"]}="{large}",{rates["oversize"]},0)'
    returned = at["return_case"]
    rush = f"{at['inbound_days']}>{rates['rush_after']}"
    cents = round(paid * 100) * 35
    written: dict[str, tuple[str, float]] = {
        "service_fee_cny": (
            f"=ROUND({at['paid_cny']}*{rates['service_rate']},2)",
            (cents + 500) // 1000 / 100,
        ),
        "operation_fee_cny": (f"={charged}", round(operation, 2)),
        "rush_fee_cny": (
            f"=IF({rush},{rates['rush']},0)",
            known["rush"] if days > known["rush_after"] else 0.0,
        ),
        "repack_fee_cny": (
            f'=IF({at["standard_box"]}="{own}",{rates["repack"]},0)',
            1.5 if box == own else 0.0,
        ),
        "logistics_fee_cny": (f"={at['logistics_cny']}", freight),
        "operation_refund_cny": (
            f'=IF({returned}="{buyer}",-({charged}),0)',
            -operation if case == buyer else 0.0,
        ),
        "subsidy_loss_cny": (
            f'=IF({returned}="{seller}",{rates["subsidy"]},0)',
            0.8 if case == seller else 0.0,
        ),
    }
    by_function = sheet.values(Span(computed, 1, computed, len(FEE_PARTS)))[0]
    return [
        written.get(key, (f"={cell(computed, column)}", value))
        for column, (key, value) in enumerate(zip(FEE_PARTS, by_function, strict=True), 1)
    ]
