"""The charts of Home, each with the small table that it is drawn from below it."""

from __future__ import annotations

from typing import Any, Final

from sellersheet.columns import TABLES
from sellersheet.rules.fees import FEE_PARTS
from sellersheet.wording import Wording
from sellersheet_workbook.book import part_colour
from sellersheet_workbook.template.book import Area, Ref, Sheet, cell
from sellersheet_workbook.template.figures import is_number
from sellersheet_workbook.template.order_layout import body
from sellersheet_workbook.template.palette import BLUE, DARK, FONT, LINE, RED

WORDS: Final = Wording("sellersheet_workbook.template", "home.toml")
_SUMMARY: Final = {item.key: (at, item) for at, item in enumerate(TABLES["summary"])}
_SHOWN_MONTHS: Final = 6
_CHART_ROWS: Final = 15
_HALF: Final = 6  # columns
_PARTS: Final = tuple(key for key in FEE_PARTS if key != "operation_refund_cny")
# Upper ends of the margins counted together; the last group has none.
_BINS: Final = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, None)


def add(sheet: Sheet, top: int, rows: int, months: Ref, countries: Ref, skus: Ref) -> None:
    """Two by two, then the tables."""
    tables = top + 2 * (_CHART_ROWS + 1)
    sheet.put_at(tables, 0, WORDS("tables", sheet.book.lang), sheet.book.style("heading"))
    by_month = _months(sheet, tables + 1, months)
    by_country = _countries(sheet, by_month.bottom + 3, countries)
    margins = _margins(sheet, by_month.bottom + 3, rows)
    worst = _skus(sheet, by_country.bottom + 3, skus)
    _stacked(sheet, top, 0, by_month)
    _bars(sheet, top, _HALF, by_country, 2, "by_country", "0.0%", DARK)
    _bars(sheet, top + _CHART_ROWS + 1, 0, margins, 2, "by_margin", "#,##0", BLUE, upright=True)
    _bars(sheet, top + _CHART_ROWS + 1, _HALF, worst, 2, "by_sku", "#,##0", RED, labels=False)


def _picked(source: Ref, line: int, key: str) -> tuple[str, Any]:
    """A cell of a summary, blank where it has fewer groups."""
    at = _SUMMARY[key][0]
    column = source.area.left + at
    ref = source.sheet.ref(Area(source.area.top, column, source.area.bottom, column))
    value = ref.rows[line - 1][0]
    joined = '&""' if key == "group" else ""  # see the result columns of Orders
    return f'IFERROR(INDEX({ref.text},{line}){joined},"")', "" if value == "#N/A" else value


def _head(sheet: Sheet, row: int, left: int, titles: list[str]) -> None:
    style = sheet.book.style("header", font_size=10)
    sheet.page.set_row(row, 32)
    for at, title in enumerate(titles):
        sheet.put_at(row, left + at, title, style)


def _months(sheet: Sheet, top: int, months: Ref) -> Area:
    """The last months, oldest first, and the parts of their fees; refunds count against."""
    book, lang = sheet.book, sheet.book.lang
    keys = (*_PARTS, "operation_refund_cny", "total_fee_cny")
    _head(sheet, top, 0, [WORDS("month", lang), *(_SUMMARY[key][1].title(lang) for key in keys)])
    for down in range(_SHOWN_MONTHS):
        line = _SHOWN_MONTHS - down
        for at, key in enumerate(("group", *keys)):
            text, value = _picked(months, line, key)
            style = book.style("result", "money" if at else "text", font_size=10)
            sheet.formula_at(top + 1 + down, at, f"={text}", value, style)
    return Area(top, 0, top + _SHOWN_MONTHS, len(keys))


def _countries(sheet: Sheet, top: int, countries: Ref) -> Area:
    """The destinations with the most paid: fees as a share of it."""
    book, lang = sheet.book, sheet.book.lang
    titles = [WORDS("country", lang)]
    titles += [_SUMMARY[key][1].title(lang) for key in ("paid_cny", "fee_share")]
    _head(sheet, top, 0, titles)
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
        sheet.formula_at(row, 0, f"={text}", shown, book.style("result", font_size=10, shrink=True))
        for at, (key, number) in enumerate((("paid_cny", "money"), ("fee_share", "share")), 1):
            text, value = _picked(countries, down + 1, key)
            sheet.formula_at(row, at, f"={text}", value, book.style("result", number, font_size=10))
    return Area(top, 0, top + count, 2)


def _margins(sheet: Sheet, top: int, rows: int) -> Area:
    """How many order lines have a margin in each group."""
    book, lang, left = sheet.book, sheet.book.lang, 4
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
        sheet.put_at(row, left, label, book.style("result", font_size=10))
        sheet.put_at(row, left + 1, low, book.style("result", "share", font_size=10))
        style = book.style("result", "count", font_size=10)
        sheet.formula_at(row, left + 2, f"=COUNTIFS({','.join(tests)})", count, style)
        low = high
    return Area(top, left, top + len(_BINS), left + 2)


def _skus(sheet: Sheet, top: int, skus: Ref) -> Area:
    """The products with the least profit."""
    book, lang = sheet.book, sheet.book.lang
    keys = ("paid_cny", "profit_cny", "margin")
    _head(sheet, top, 0, [WORDS("sku", lang), *(_SUMMARY[key][1].title(lang) for key in keys)])
    count = skus.area.size[0]
    for down in range(count):
        for at, (key, number) in enumerate(
            zip(("group", *keys), ("text", "money", "money", "share"), strict=True)
        ):
            text, value = _picked(skus, down + 1, key)
            style = book.style("result", number, font_size=10, shrink=not at)
            sheet.formula_at(top + 1 + down, at, f"={text}", value, style)
    return Area(top, 0, top + count, 3)


def _stacked(sheet: Sheet, row: int, column: int, table: Area) -> None:
    chart = sheet.book.workbook.add_chart({"type": "column", "subtype": "stacked"})
    for at in range(1, len(_PARTS) + 2):
        colour = part_colour((*_PARTS, "operation_refund_cny")[at - 1])
        chart.add_series(_series(sheet, table, at, colour))
    chart.set_legend({"position": "bottom", "font": _font(sheet, 9)})
    _dress(sheet, chart, "by_month", "#,##0", upright=True)
    _insert(sheet, chart, row, column)


def _bars(
    sheet: Sheet, row: int, column: int, table: Area, at: int, title: str, shown: str,
    colour: str, *, upright: bool = False, labels: bool = True,
) -> None:  # fmt: skip
    chart = sheet.book.workbook.add_chart({"type": "column" if upright else "bar"})
    # A blank line of the table draws no label.
    told = {"value": True, "num_format": f"{shown};-{shown};", "font": _font(sheet, 9)}
    told = {"data_labels": told} if labels else {}
    chart.add_series({**_series(sheet, table, at, colour), **told})
    chart.set_legend({"none": True})
    _dress(sheet, chart, title, shown.replace(".00", "").replace(".0", ""), upright=upright)
    _insert(sheet, chart, row, column)


def _series(sheet: Sheet, table: Area, at: int, colour: str) -> dict[str, Any]:
    name, column = sheet.title, table.left + at
    return {
        "name": [name, table.top, column],
        "categories": [name, table.top + 1, table.left, table.bottom, table.left],
        "values": [name, table.top + 1, column, table.bottom, column],
        "fill": {"color": colour},
        "gap": 60,
    }


def _dress(sheet: Sheet, chart: Any, title: str, shown: str, *, upright: bool) -> None:
    """Title, fonts, axes; bars are read from the top."""
    name = {"name": WORDS(title, sheet.book.lang), "name_font": _font(sheet, 12, bold=True)}
    chart.set_title({**name, "overlay": False})
    axis: dict[str, Any] = {"num_font": _font(sheet, 9), "line": {"color": LINE}}
    groups = {**axis, "reverse": not upright, "label_position": "low"}
    grid = {"visible": True, "line": {"color": LINE, "width": 0.75}}
    amounts = {**axis, "num_format": shown, "major_gridlines": grid}
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
