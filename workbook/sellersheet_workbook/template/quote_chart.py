"""Quote: the waterfall from the amount paid to the profit, with the table that it is drawn from,
and beside it the profit at other prices."""

from __future__ import annotations

from math import fsum
from typing import Any, Final

from sellersheet.columns import column
from sellersheet.rules.fees import FEE_PARTS
from sellersheet_workbook.template.book import Sheet
from sellersheet_workbook.template.cells import Ref, Span, cell
from sellersheet_workbook.template.palette import BLUE, DARK, RED, SERIES, axis, dressed, font
from sellersheet_workbook.template.quote_what_if import WORDS

_LABEL: Final = 7  # the column of the waterfall's labels
_BESIDE: Final = 6  # of the second chart
_SIZE: Final = {"width": 600, "height": 380}


def add(
    sheet: Sheet, given: dict[str, Any], fees: Ref, profit: Ref, *, row: int, table: int,
    prices: Span,
) -> None:  # fmt: skip
    """The charts at the row, the waterfall's table from the row ``table`` on; ``prices`` are the
    cells of the prices, the profits at today's freight three columns beside them."""
    _waterfall(sheet, _steps(sheet, given, fees, profit, table), (row, 0))
    _by_price(sheet, prices, (row, _BESIDE))


def _steps(
    sheet: Sheet, given: dict[str, Any], fees: Ref, profit: Ref, top: int
) -> tuple[int, int]:
    """From the amount paid to the profit: what the waterfall is drawn from; its rows."""
    book, lang = sheet.book, sheet.book.lang
    sheet.put_at(top - 2, 0, WORDS("chart_data", lang), book.style("heading"))
    for at, code in enumerate(
        ("step", "change", "", "base", "shown", "below_base", "below", "label")
    ):
        if code:
            sheet.put_at(top - 1, at, WORDS(f"step_{code}", lang), book.style("header"))
    paid, cost, refund = (given["cells"][key] for key in ("paid", "cost", "refund"))
    first, last = fees.area.top, top + len(FEE_PARTS) + 4
    fee_values = [row[0] for row in fees.rows]
    steps = [(WORDS("paid", lang), f"=N({paid.text})", paid.value)]
    for at, key in enumerate(FEE_PARTS):
        source = fees.sheet.at(first + at, fees.area.left).text
        steps.append((column("results", key).title(lang), f"=-N({source})", -fee_values[at]))
    steps.append((WORDS("refund", lang), f"=-N({refund.text})", -(refund.value or 0)))
    steps.append((WORDS("cost", lang), f"=-N({cost.text})", -cost.value))
    before = fsum(step[2] for step in steps)
    rest = f"=N({profit.text.partition('!')[2]})-SUM({cell(top, 1)}:{cell(last - 2, 1)})"
    steps.append(
        (WORDS("step_costs", lang), f"=ROUND({rest[1:]},2)", round(profit.value - before, 2))
    )
    steps.append((WORDS("profit", lang), f"=N({profit.text.partition('!')[2]})", profit.value))
    style, level = book.style("result", "money"), 0.0
    for down, (name, text, value) in enumerate(steps):
        row, ends = top + down, down in (0, len(steps) - 1)
        sheet.put_at(row, 0, name, book.style("result"))
        sheet.formula_at(row, 1, text, value + 0.0, style)
        before, after = (0.0, value) if ends else (level, level + value)
        level = value if down == 0 else after
        upto = f"SUM({cell(top, 1).replace('B', '$B$', 1)}:{cell(row, 1)})"
        end = cell(row, 1) if ends else f"ROUND({upto},2)"
        start = "0" if ends else f"ROUND({upto}-{cell(row, 1)},2)"
        low, high = sorted((round(before, 2), round(after, 2)))
        figures = (
            (f"MAX(0,MIN({start},{end}))", max(0, low)),
            (f"MAX(0,MAX({start},{end}))-MAX(0,MIN({start},{end}))", max(0, high) - max(0, low)),
            (f"MIN(0,MAX({start},{end}))", min(0, high)),
            (f"MIN(0,MIN({start},{end}))-MIN(0,MAX({start},{end}))", min(0, low) - min(0, high)),
        )
        for right, (formula, amount) in enumerate(figures, 3):
            sheet.formula_at(row, right, f"={formula}", round(amount, 2) + 0.0, style)
        label = f'={cell(row, 0)}&"  "&TEXT({cell(row, 1)},"0.00")'
        shown = f"{name}  {round(value, 2) + 0.0:.2f}"
        sheet.formula_at(row, _LABEL, label, shown, book.style("result", shrink=True))
    return top, last


def _waterfall(sheet: Sheet, rows: tuple[int, int], place: tuple[int, int]) -> None:
    top, last = rows
    book, lang = sheet.book, sheet.book.lang
    chart = book.workbook.add_chart({"type": "bar", "subtype": "stacked"})
    count = last - top + 1
    points = [{"fill": {"color": DARK}}, *[{"fill": {"color": SERIES[2]}}] * (count - 2)]
    points.append({"fill": {"color": BLUE}})
    for at in (3, 4, 5, 6):
        series = sheet.series(Span(top - 1, _LABEL, last, _LABEL), at, gap=40)
        if at in (3, 5):
            series |= {"fill": {"none": True}, "border": {"none": True}}
        else:
            series["points"] = points if at == 4 else [{"fill": {"color": RED}}] * count
        chart.add_series(series)
    dressed(chart, WORDS("waterfall", lang))
    chart.set_x_axis(axis("#,##0", grid=True))
    # Read from the top; the amounts still stand at the bottom.
    steps = {"reverse": True, "label_position": "low", "crossing": "max", "interval_unit": 1}
    chart.set_y_axis({**axis(), **steps})
    chart.set_size(_SIZE)
    sheet.draw(chart, *place, down=6)


def _by_price(sheet: Sheet, prices: Span, place: tuple[int, int]) -> None:
    """The profit at other prices, from the grid: where the line is below 0 the price is too low."""
    book, lang = sheet.book, sheet.book.lang
    profits = prices.left + 3  # at the freight of the order
    chart = book.workbook.add_chart({"type": "line"})
    chart.add_series({
        **sheet.series(prices._replace(top=prices.top - 1), profits),
        "name": WORDS("profit", lang),
        "line": {"color": BLUE, "width": 2.25},
        "marker": {"type": "circle", "size": 6, "fill": {"color": BLUE}},
        "data_labels": {"value": True, "num_format": "0.00", "font": font(), "position": "above"},
    })  # fmt: skip
    dressed(chart, WORDS("by_price", lang))
    chart.set_x_axis({**axis("0.00", title=WORDS("price_axis", lang)), "label_position": "low"})
    chart.set_y_axis(axis("#,##0", grid=True))
    chart.set_size(_SIZE)
    sheet.draw(chart, *place, down=6)
