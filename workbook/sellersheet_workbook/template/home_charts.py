"""The charts of Home, each with the small table that it is drawn from below it."""

from __future__ import annotations

from math import fsum
from typing import Any, Final

from sellersheet.columns import TABLES, column
from sellersheet.rules.fees import FEE_PARTS
from sellersheet.wording import Lang
from sellersheet_workbook.files.book import part_colour
from sellersheet_workbook.template.book import Sheet
from sellersheet_workbook.template.cells import Ref, Span, Written, cell, is_number, quoted
from sellersheet_workbook.template.home_figures import WORDS
from sellersheet_workbook.template.order_table import body
from sellersheet_workbook.template.palette import BLUE, DARK, RED, axis, dressed, font
from sellersheet_workbook.template.pieces import total

_SUMMARY: Final = {item.key: (at, item) for at, item in enumerate(TABLES["summary"])}
_SHOWN_MONTHS: Final = 6
_CHART_ROWS: Final = 12
HEIGHT: Final = 2 * (_CHART_ROWS + 1)  # rows of the charts; their tables stand below
_ROW: Final = 27  # pixels of a row
_HALF: Final = 6  # columns
# What is stacked: the operation fee less what came back of it, and the smaller parts in one.
_APART: Final = (
    ("service_fee_cny", ("service_fee_cny",)),
    ("operation_net", ("operation_fee_cny", "operation_refund_cny")),
    ("logistics_fee_cny", ("logistics_fee_cny",)),
)
_REST: Final = tuple(key for key in FEE_PARTS if not any(key in keys for _, keys in _APART))
_STACKED: Final = (*_APART, ("other_parts", _REST))
_COLOURS: Final = tuple(part_colour(keys[0]) for _, keys in _STACKED)
# Upper ends of the margins counted together; the last group has none.
_BINS: Final = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, None)


def add(sheet: Sheet, top: int, summaries: tuple[Ref, Ref, Ref], no_profit: Written) -> int:
    """Two by two, then the tables; the row after them.

    Where no cost is known there is no profit to draw: the lower two show fees then.
    """
    months, countries, skus = summaries
    tables = top + HEIGHT
    sheet.put_at(tables, 0, WORDS("tables", sheet.book.lang), sheet.book.style("heading"))
    by_month = _months(sheet, tables + 1, months)
    by_country = _countries(sheet, tables + 1, countries)
    margins = _margins(sheet, by_country.bottom + 3, no_profit)
    worst = _skus(sheet, by_country.bottom + 3, skus, no_profit)
    _stacked(sheet, top, 0, by_month)
    _bars(sheet, top, _HALF, by_country, (2,), "by_country", "0.0%", (DARK,))
    below = top + _CHART_ROWS + 1
    _bars(sheet, below, 0, margins, (2, 3), "by_margin", "#,##0", (RED, BLUE), least=0)
    _bars(sheet, below, _HALF, worst, (3, 4), "by_sku", "#,##0", (BLUE, RED))
    return max(margins.bottom, worst.bottom) + 1


def _column(source: Ref, key: str) -> Ref:
    """The cells of a column of a summary."""
    at = source.area.left + _SUMMARY[key][0]
    return source.sheet.ref(Span(source.area.top, at, source.area.bottom, at))


def _months_before(month: Any, back: int) -> str:
    """2024-12 less so many months; "" of a group that is no month."""
    year, _, number = str(month).partition("-")
    if not year.isdigit():
        return ""
    count = 12 * int(year) + int(number) - 1 - back
    return f"{count // 12}-{count % 12 + 1:02}"


def _picked(source: Ref, line: int, key: str) -> tuple[str, Any]:
    """A cell of a summary, blank where it has fewer groups."""
    ref = _column(source, key)
    value = ref.rows[line - 1][0]
    joined = '&""' if key == "group" else ""  # see the result columns of Orders
    return f"INDEX({ref.text},{line}){joined}", value


def _head(sheet: Sheet, row: int, left: int, titles: list[str]) -> None:
    style = sheet.book.style("header")
    sheet.page.set_row(row, 46)
    for at, title in enumerate(titles):
        sheet.put_at(row, left + at, title, style)


def _months(sheet: Sheet, top: int, months: Ref) -> Span:
    """Six months to the newest, oldest first, and the parts of their fees: one without orders
    has its place on the axis too."""
    book, lang = sheet.book, sheet.book.lang
    titles = [
        _SUMMARY[key][1].title(lang) if key in _SUMMARY else WORDS(key, lang) for key, _ in _STACKED
    ]
    _head(sheet, top, 0, [WORDS("month", lang), *titles])
    last, newest = _picked(months, 1, "group")
    begin = f"DATE(LEFT({last},4),RIGHT({last},2)"
    groups = _column(months, "group")
    places = {name: at for at, (name,) in enumerate(groups.rows)}
    for down in range(_SHOWN_MONTHS):
        back, row = _SHOWN_MONTHS - 1 - down, top + 1 + down
        day = f"{begin}-{back},1)"
        text = f'IF(ISNUMBER(-LEFT({last},4)),YEAR({day})&"-"&TEXT(MONTH({day}),"00"),"")'
        label = _months_before(newest, back)
        sheet.formula_at(row, 0, f"={text}", label, book.style("result", "text"))
        # Joined, a text of an array is the same as another to LibreOffice.
        here = f'--({groups.text}&""={cell(row, 0)})'
        for at, (_, keys) in enumerate(_STACKED, 1):
            columns = [_column(months, key) for key in keys]
            sums = "+".join(f"SUMPRODUCT({here},{column_.text})" for column_ in columns)
            # Texts where no row of the month is computed.
            known = f"SUMPRODUCT({here}*ISNUMBER({columns[0].text}))=SUMPRODUCT({here})"
            text = f'=IF({cell(row, 0)}="","",IF({known},{sums},""))'
            found = [column_.rows[places[label]][0] for column_ in columns if label in places]
            shown = bool(label) and all(map(is_number, found))
            value = round(fsum(found), 2) if shown else ""
            sheet.formula_at(row, at, text, value, book.style("result", "money"))
    return Span(top, 0, top + _SHOWN_MONTHS, len(_STACKED))


def _countries(sheet: Sheet, top: int, countries: Ref) -> Span:
    """The destinations with the highest share of fees in the amount paid."""
    book, lang, left = sheet.book, sheet.book.lang, _HALF + 1
    titles = [WORDS("country", lang)]
    titles += [_SUMMARY[key][1].title(lang) for key in ("paid_cny", "fee_share")]
    _head(sheet, top, left, titles)
    names = {
        code: name
        for (code,), (name,) in zip(
            book.names["CountryCodes"].rows, book.names["CountryNames"].rows, strict=True
        )
    }
    count = countries.area.size[0]
    for down in range(count):
        row = top + 1 + down
        code, value = _picked(countries, down + 1, "group")
        text = f'IFERROR({code}&" "&INDEX(CountryNames,MATCH({code},CountryCodes,0)),{code})'
        shown = f"{value} {names[value]}" if value in names else value
        style = book.style("result", shrink=True)
        sheet.formula_at(row, left, f"={text}", shown, style)
        for at, (key, number) in enumerate((("paid_cny", "money"), ("fee_share", "share")), 1):
            text, value = _picked(countries, down + 1, key)
            sheet.formula_at(row, left + at, f"={text}", value, book.style("result", number))
    return Span(top, left, top + count, left + 2)


def _margins(sheet: Sheet, top: int, no_profit: Written) -> Span:
    """How many order lines have a margin in each group; without costs the sum of each part."""
    book, lang = sheet.book, sheet.book.lang
    ref = body(book, "margin")
    margins = [row[0] for row in ref.rows if is_number(row[0])]
    _head(sheet, top, 0, [WORDS(code, lang) for code in ("margin", "from", "lossy", "lines")])
    for at, code, otherwise in ((0, "margin", "part"), (3, "lines", "part_fees")):
        words = WORDS(code, lang), WORDS(otherwise, lang)
        text = f'=IF({no_profit.text},"{words[1]}","{words[0]}")'
        shown = words[1 if no_profit.value else 0]
        sheet.formula_at(top, at, text, shown, book.style("header"))
    count, none = max(len(_BINS), len(FEE_PARTS)), quoted("")
    for down in range(count):
        row = top + 1 + down
        usual, number, low = none, none, None
        if down < len(_BINS):
            low, high = _BINS[down - 1] if down else None, _BINS[down]
            name, tests = _bin(lang, ref.text, low, high)
            found = [m for m in margins if (low is None or m >= low) and (high is None or m < high)]
            usual, number = quoted(name), Written(f"COUNTIFS({tests})", len(found))
        fee, amount = none, none
        if down < len(FEE_PARTS):
            name = column("results", FEE_PARTS[down]).title(lang)
            fee = quoted(name)
            amount = total(body(book, FEE_PARTS[down]))
        sheet.put_at(row, 1, low, book.style("result", "share"))
        for at, with_costs, without, style in (
            (0, usual, fee, ""),
            (2, none if down else number, none, "count"),  # the first group are the losses
            (3, number if down else none, amount, "count"),
        ):
            text = f"IF({no_profit.text},{without.text},{with_costs.text})"
            text = text if at == 0 else f'IF(Saved="","",{text})'
            value = without.value if no_profit.value else with_costs.value
            sheet.formula_at(row, at, f"={text}", value, book.style("result", style))
    return Span(top, 0, top + count, 3)


def _bin(lang: Lang, cells: str, low: float | None, high: float | None) -> tuple[str, str]:
    """The words and the tests of a group of margins; the first are the losses."""
    tests = ([f'{cells},">={low}"'] if low is not None else []) + (
        [f'{cells},"<{high}"'] if high is not None else []
    )
    label = WORDS("between_shares", lang, low=f"{low or 0:.0%}", high=f"{high or 0:.0%}")
    label = WORDS("loss", lang) if low is None else label
    label = WORDS("above_share", lang, low=f"{low or 0:.0%}") if high is None else label
    return label, ",".join(tests)


def _skus(sheet: Sheet, top: int, skus: Ref, no_profit: Written) -> Span:
    """The products with the least profit, gains and losses apart; without costs the dearest."""
    book, lang, left = sheet.book, sheet.book.lang, _HALF + 1
    titles = [WORDS("sku", lang)]
    titles += [_SUMMARY[key][1].title(lang) for key in ("paid_cny", "margin")]
    titles += [WORDS(code, lang) for code in ("gain", "a_loss")]
    _head(sheet, top, left, titles)
    fees = WORDS("fees", lang)
    text = f'=IF({no_profit.text},"{fees}","{titles[3]}")'
    shown = fees if no_profit.value else titles[3]
    sheet.formula_at(top, left + 3, text, shown, book.style("header"))
    count = skus.area.size[0]
    for down in range(count):
        row = top + 1 + down
        profit, amount = _picked(skus, down + 1, "profit_cny")
        fee, cost = _picked(skus, down + 1, "total_fee_cny")
        # Products without a profit among those with one are left out; with none at all none is.
        missing = f"AND(ISTEXT({profit}),NOT({no_profit.text}))"
        known = amount != "" or no_profit.value
        for at, (key, number) in enumerate(
            (("group", "text"), ("paid_cny", "money"), ("margin", "share"))
        ):
            text, value = _picked(skus, down + 1, key)
            text = f'=IF({missing},"",{text})'
            style = book.style("result", number, shrink=not at)
            sheet.formula_at(row, left + at, text, value if known else "", style)
        for at, (limit, value) in enumerate((("MAX", max), ("MIN", min)), 3):
            other = fee if at == 3 else '""'
            text = f'=IF(ISTEXT({profit}),IF({no_profit.text},{other},""),{limit}(0,{profit}))'
            shown = value(0, amount) if amount != "" else ""
            shown = cost if no_profit.value and at == 3 else shown
            sheet.formula_at(row, left + at, text, shown, book.style("result", "money"))
    return Span(top, left, top + count, left + 4)


def _stacked(sheet: Sheet, row: int, column: int, table: Span) -> None:
    chart = sheet.book.workbook.add_chart({"type": "column", "subtype": "stacked"})
    for at, colour in enumerate(_COLOURS, 1):
        chart.add_series(sheet.series(table, table.left + at, fill={"color": colour}, gap=60))
    dressed(chart, WORDS("by_month", sheet.book.lang), legend=True)
    chart.set_x_axis({**axis(), "label_position": "low"})
    chart.set_y_axis({**axis("#,##0", grid=True), "min": 0})
    _insert(sheet, chart, row, column)


def _bars(
    sheet: Sheet, row: int, column: int, table: Span, places: tuple[int, ...], title: str,
    shown: str, colours: tuple[str, ...], *, least: int | None = None,
) -> None:  # fmt: skip
    """Bars read from the top: one series, or losses and gains on one line."""
    several = len(places) > 1
    chart = sheet.book.workbook.add_chart({"type": "bar"})
    # A blank line of the table draws no label, nor does the side on which there is nothing.
    told = {"value": True, "num_format": f"{shown};-{shown};", "font": font()}
    told["position"] = "outside_end"
    for at, colour in zip(places, colours, strict=True):
        # One on the other: of two series a line has one.
        look = {"fill": {"color": colour}, "gap": 60, "data_labels": told, "overlap": 100}
        chart.add_series(sheet.series(table, table.left + at, **look))
    dressed(chart, WORDS(title, sheet.book.lang))
    # Each bar has its label: numbers of an axis would be of charts without orders as well.
    amounts = {**axis(), "visible": False}
    if least is not None or not several:
        amounts["min"] = 0
    chart.set_x_axis(amounts)
    # The amounts still stand at the bottom.
    chart.set_y_axis({**axis(), "reverse": True, "label_position": "low", "crossing": "max"})
    _insert(sheet, chart, row, column)


def _insert(sheet: Sheet, chart: Any, row: int, column: int) -> None:
    chart.set_size({"width": 532, "height": _CHART_ROWS * _ROW - 8})
    sheet.draw(chart, row, column)
