"""The charts of Home, each with the small table that it is drawn from below it."""

from __future__ import annotations

from typing import Any, Final

from sellersheet.columns import TABLES
from sellersheet.rules.fees import FEE_PARTS
from sellersheet.wording import Wording
from sellersheet_workbook.files.book import part_colour
from sellersheet_workbook.template.book import Ref, Sheet, Span, cell
from sellersheet_workbook.template.figures import is_number
from sellersheet_workbook.template.order_layout import body
from sellersheet_workbook.template.palette import BLUE, DARK, FONT, LINE, RED

WORDS: Final = Wording("sellersheet_workbook.template", "home.toml")
_SUMMARY: Final = {item.key: (at, item) for at, item in enumerate(TABLES["summary"])}
_SHOWN_MONTHS: Final = 6
_CHART_ROWS: Final = 15
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


def add(sheet: Sheet, top: int, rows: int, months: Ref, countries: Ref, skus: Ref) -> int:
    """Two by two, then the tables; the row after them."""
    tables = top + 2 * (_CHART_ROWS + 1)
    sheet.put_at(tables, 0, WORDS("tables", sheet.book.lang), sheet.book.style("heading"))
    by_month = _months(sheet, tables + 1, months)
    by_country = _countries(sheet, tables + 1, countries)
    margins = _margins(sheet, by_country.bottom + 3, rows)
    worst = _skus(sheet, by_country.bottom + 3, skus)
    _stacked(sheet, top, 0, by_month)
    _bars(sheet, top, _HALF, by_country, (2,), "by_country", "0.0%", (DARK,))
    below = top + _CHART_ROWS + 1
    _bars(sheet, below, 0, margins, (2,), "by_margin", "#,##0", (BLUE,), upright=True)
    _bars(sheet, below, _HALF, worst, (3, 4), "by_sku", "#,##0", (BLUE, RED))
    return max(margins.bottom, worst.bottom) + 1


def _picked(source: Ref, line: int, key: str) -> tuple[str, Any]:
    """A cell of a summary, blank where it has fewer groups."""
    at = _SUMMARY[key][0]
    column = source.area.left + at
    ref = source.sheet.ref(Span(source.area.top, column, source.area.bottom, column))
    value = ref.rows[line - 1][0]
    joined = '&""' if key == "group" else ""  # see the result columns of Orders
    return f"INDEX({ref.text},{line}){joined}", value


def _head(sheet: Sheet, row: int, left: int, titles: list[str]) -> None:
    style = sheet.book.style("header")
    sheet.page.set_row(row, 36)
    for at, title in enumerate(titles):
        sheet.put_at(row, left + at, title, style)


def _months(sheet: Sheet, top: int, months: Ref) -> Span:
    """The last months, oldest first, and the parts of their fees."""
    book, lang = sheet.book, sheet.book.lang
    titles = [
        _SUMMARY[key][1].title(lang) if key in _SUMMARY else WORDS(key, lang) for key, _ in _STACKED
    ]
    _head(sheet, top, 0, [WORDS("month", lang), *titles])
    for down in range(_SHOWN_MONTHS):
        line = _SHOWN_MONTHS - down
        text, value = _picked(months, line, "group")
        row = top + 1 + down
        sheet.formula_at(row, 0, f"={text}", value, book.style("result", "text"))
        for at, (_, keys) in enumerate(_STACKED, 1):
            picked = [_picked(months, line, key) for key in keys]
            amounts = [amount for _, amount in picked if amount != ""]
            total = "+".join(found for found, _ in picked)
            text = f'=IF({cell(row, 0)}="","",{total})'
            value = round(sum(amounts), 2) if amounts else ""
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


def _margins(sheet: Sheet, top: int, rows: int) -> Span:
    """How many order lines have a margin in each group."""
    book, lang, left = sheet.book, sheet.book.lang, 0
    _head(sheet, top, left, [WORDS("margin", lang), WORDS("from", lang), WORDS("lines", lang)])
    ref = body(book, "margin", rows)
    margins = [row[0] for row in ref.rows if is_number(row[0])]
    low: float | None = None
    for down, high in enumerate(_BINS):
        row = top + 1 + down
        tests, label = (
            [],
            WORDS("between_shares", lang, low=f"{low or 0:.0%}", high=f"{high or 0:.0%}"),
        )
        if low is not None:
            tests.append(f'{ref.text},">={low}"')
        if high is not None:
            tests.append(f'{ref.text},"<{high}"')
        label = WORDS("loss", lang) if low is None else label
        label = WORDS("above_share", lang, low=f"{low or 0:.0%}") if high is None else label
        count = sum(
            (low is None or margin >= low) and (high is None or margin < high) for margin in margins
        )
        sheet.put_at(row, left, label, book.style("result"))
        sheet.put_at(row, left + 1, low, book.style("result", "share"))
        style = book.style("result", "count")
        sheet.formula_at(
            row, left + 2, f'=IF(Saved="",0,COUNTIFS({",".join(tests)}))', count, style
        )
        low = high
    return Span(top, left, top + len(_BINS), left + 2)


def _skus(sheet: Sheet, top: int, skus: Ref) -> Span:
    """The products with the least profit, gains and losses apart; those without cost not at all."""
    book, lang, left = sheet.book, sheet.book.lang, _HALF + 1
    titles = [WORDS("sku", lang), *(WORDS(code, lang) for code in ("gain", "a_loss"))]
    _head(sheet, top, left, [titles[0], _SUMMARY["paid_cny"][1].title(lang),
                             _SUMMARY["margin"][1].title(lang), *titles[1:]])  # fmt: skip
    count = skus.area.size[0]
    for down in range(count):
        row = top + 1 + down
        profit, amount = _picked(skus, down + 1, "profit_cny")
        known = amount != ""
        for at, (key, number) in enumerate(
            (("group", "text"), ("paid_cny", "money"), ("margin", "share"))
        ):
            text, value = _picked(skus, down + 1, key)
            text = f'=IF(ISTEXT({profit}),"",{text})'
            style = book.style("result", number, shrink=not at)
            sheet.formula_at(row, left + at, text, value if known else "", style)
        for at, (limit, value) in enumerate((("MAX", max), ("MIN", min)), 3):
            text = f'=IF(ISTEXT({profit}),"",{limit}(0,{profit}))'
            shown = value(0, amount) if known else ""
            sheet.formula_at(row, left + at, text, shown, book.style("result", "money"))
    return Span(top, left, top + count, left + 4)


def _stacked(sheet: Sheet, row: int, column: int, table: Span) -> None:
    chart = sheet.book.workbook.add_chart({"type": "column", "subtype": "stacked"})
    for at, colour in enumerate(_COLOURS, 1):
        chart.add_series(_series(sheet, table, at, colour))
    chart.set_legend({"position": "bottom", "font": _font(sheet, 9)})
    _dress(sheet, chart, "by_month", "#,##0", upright=True, least=0)
    _insert(sheet, chart, row, column)


def _bars(
    sheet: Sheet, row: int, column: int, table: Span, places: tuple[int, ...], title: str,
    shown: str, colours: tuple[str, ...], *, upright: bool = False,
) -> None:  # fmt: skip
    """One series, or gains and losses on one line; where there are no losses 0 is the least."""
    several = len(places) > 1
    kind = {"type": "column" if upright else "bar"} | ({"subtype": "stacked"} if several else {})
    chart = sheet.book.workbook.add_chart(kind)
    # A blank line of the table draws no label, nor does the side on which there is nothing.
    told = {"value": True, "num_format": f"{shown};-{shown};", "font": _font(sheet, 9)}
    for at, colour in zip(places, colours, strict=True):
        series = _series(sheet, table, at, colour)
        if title == "by_margin":  # the first group are the losses
            series["points"] = [{"fill": {"color": RED}}]
        chart.add_series({**series, "data_labels": told})
    chart.set_legend({"none": True})
    axis = shown.replace(".00", "").replace(".0", "")
    _dress(sheet, chart, title, axis, upright=upright, least=None if several else 0)
    _insert(sheet, chart, row, column)


def _series(sheet: Sheet, table: Span, at: int, colour: str) -> dict[str, Any]:
    name, column = sheet.title, table.left + at
    return {
        "name": [name, table.top, column],
        "categories": [name, table.top + 1, table.left, table.bottom, table.left],
        "values": [name, table.top + 1, column, table.bottom, column],
        "fill": {"color": colour},
        "gap": 60,
    }


def _dress(
    sheet: Sheet, chart: Any, title: str, shown: str, *, upright: bool, least: int | None
) -> None:
    """Title, fonts, axes; bars are read from the top."""
    name = {"name": WORDS(title, sheet.book.lang), "name_font": _font(sheet, 12, bold=True)}
    chart.set_title({**name, "overlay": False})
    axis: dict[str, Any] = {"num_font": _font(sheet, 9), "line": {"color": LINE}}
    groups = {**axis, "reverse": not upright, "label_position": "low"}
    grid = {"visible": True, "line": {"color": LINE, "width": 0.75}}
    amounts = {**axis, "num_format": shown, "major_gridlines": grid}
    if least is not None:
        amounts["min"] = least
    if not upright:
        groups["crossing"] = "max"  # the amounts still stand at the bottom
    chart.set_x_axis(groups if upright else amounts)
    chart.set_y_axis(amounts if upright else groups)
    chart.set_chartarea({"border": {"color": LINE}})


def _insert(sheet: Sheet, chart: Any, row: int, column: int) -> None:
    chart.set_size({"width": 572, "height": _CHART_ROWS * 20 - 8})
    place = {"x_offset": 2, "y_offset": 4, "object_position": 2}
    sheet.page.insert_chart(cell(row, column), chart, place)


def _font(sheet: Sheet, size: int, *, bold: bool = False) -> dict[str, Any]:
    return {"name": FONT[sheet.book.lang], "size": size, "bold": bold, "color": "#404040"}
