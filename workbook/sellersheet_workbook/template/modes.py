"""Sheet Modes: full-managed, semi-managed and self-run side by side, at which volume, and what a
change of the rules costs."""

from __future__ import annotations

from typing import Any, Final

from sellersheet.functions.reading import ARGUMENTS
from sellersheet.policy import load
from sellersheet_workbook.template import forms, live, modes_curves, pieces
from sellersheet_workbook.template.book import DAY, Book, Sheet
from sellersheet_workbook.template.cells import Ref, Span, Written, cell, quoted
from sellersheet_workbook.template.content import words_of
from sellersheet_workbook.template.forms import Field
from sellersheet_workbook.template.modes_curves import WORDS
from sellersheet_workbook.template.order_table import without_errors
from sellersheet_workbook.template.palette import (
    DARK,
    GAP,
    NUMBER,
    SERIES,
    SIZE,
    TEXT,
    axis,
    dressed,
    font,
)

WIDTHS: Final = (
    *(TEXT, NUMBER, GAP, NUMBER, NUMBER, GAP, NUMBER, NUMBER, GAP, NUMBER, NUMBER, TEXT),
)
_FIGURES: Final = 3
_FORM: Final = 10
_TABLE: Final = 20
_CHARTS: Final = 26
_VOLUME: Final = 40
_RETURNS: Final = _VOLUME + 16
_ROI: Final = _RETURNS + 22
_MATRIX: Final = _ROI + 5
_FACTS: Final = _MATRIX + 11
_FACT_VALUES: Final = (
    *("semi_fit", "semi_fit_orders_min", "semi_fit_orders_max", "semi_fit_markets"),
    *("delivered_rate_apparel", "delivered_gain_points", "logistics_fault_semi"),
    *("logistics_fault_mean", "fulfilment_cost_saving"),
)
_COSTS: Final = ("commission", "affiliate", "advertising", "coupon", "other")
_MODES: Final = ("full", "semi", "self")
_CALCULATION: Final = 100
_GROUPS: Final = 14  # all orders and the groups that are shown
_PICKED: Final = (0, 1, 2, 3, 4, 5, 6, 7, 15)  # of the columns of RULEDIFF
_COLUMNS: Final = 16
_SPANS: Final = (1, 2, 1, 2, 1, 2, 1, 1, 1)
_ASKED: Final = (
    ("paid", 100), ("cost", 30), ("semi_logistics", 22.6), ("self_logistics", 25),
    ("self_domestic", 3), ("full_supply_price", 45), ("semi_fixed", None), ("self_fixed", 1500),
)  # fmt: skip


def fill(book: Book) -> None:
    """The answer, inputs, the comparison with its charts, curves, changes of the rules."""
    sheet, lang = book["modes"], book.lang
    sheet.columns(*WIDTHS)
    pieces.head(sheet, WORDS)
    pieces.heading(sheet, _FORM - 3, WORDS("inputs", lang), WORDS("inputs_note", lang))
    given: dict[str, Any] = forms.inputs(
        sheet, _FORM, tuple(Field(name, value, "money") for name, value in _ASKED)
    )
    semi, own = _costs(sheet)
    pieces.heading(sheet, _TABLE - 1, WORDS("compared", lang))
    numbers = ("text", "money", "money", "money", "share", "share")
    compared = [given[name] for name, _ in _ASKED[:6]]
    call = ("MODECOMPARE", *compared, semi, own, None, book.names["Overrides"])
    shown = forms.table(sheet, (_TABLE, 0), 64, (4, 6), call, numbers, (1, 2, 1, 2, 1, 2))
    _chart(sheet, shown)
    daily = [given[name] for name, _ in (*_ASKED[:5], *_ASKED[6:])]
    found = modes_curves.volume(sheet, (*daily, semi, own), _VOLUME, _CHARTS)
    _figures(sheet, shown, found)
    modes_curves.returns(sheet, _RETURNS)
    _published(sheet)
    _matrix(sheet)
    after = pieces.facts(sheet, _FACTS, "mode", _FACT_VALUES, (5, 5, 2))
    _rule_changes(sheet, after + 1)
    parts = (_TABLE - 1, _VOLUME, _RETURNS, _ROI - 1, _MATRIX - 1, _FACTS, after + 1)
    pieces.contents(sheet, _FORM - 4, WORDS("contents", lang), parts)
    sheet.print_on_a4(last=_FACTS - 2)
    sheet.page.set_h_pagebreaks([_CHARTS, _RETURNS, _ROI - 1])
    sheet.tab()


def _costs(sheet: Sheet) -> tuple[Ref, Ref]:
    """Other costs when semi-managed and when self-run: what each is, and how much."""
    book, lang = sheet.book, sheet.book.lang
    blocks = []
    for at, code in ((3, "semi_costs"), (6, "self_costs")):  # two columns each
        sheet.put_at(_FORM - 1, at, WORDS(code, lang), book.style("label", bold=True))
        for down, name in enumerate(_COSTS, _FORM):
            sheet.put_at(down, at, WORDS(name, lang), book.style("label"))
            number = "money" if name in ("coupon", "other") else "rate"
            sheet.put_at(down, at + 1, None, book.style("input", number))
        blocks.append(sheet.ref(Span(_FORM, at, _FORM + len(_COSTS) - 1, at + 1)))
    return blocks[0], blocks[1]


def _figures(sheet: Sheet, shown: forms.FormTable, volume: Written) -> None:
    """Which mode leaves the most of an order, by how much, and from which volume it turns."""
    lang = sheet.book.lang
    names, profits = shown.column(0), shown.column(3)
    known = [(row[0], name[0]) for row, name in zip(profits.rows, names.rows, strict=True)]
    first, second = sorted(known, reverse=True)[:2]
    amounts = profits.text
    most, next_ = f"LARGE({amounts},1)", f"LARGE({amounts},2)"
    place = f"MATCH({most},{amounts},0)"
    other = f"INDEX({names.text},MATCH({next_},{amounts},0))"
    than = pieces.sentence(WORDS, "than", lang, other=Written(other, second[1]))

    def known_or(text: str, value: Any, otherwise: str = '"—"') -> Written:
        """Without the functions an error stays one."""
        return Written(f"IFERROR({text},IF(ISERROR(Saved),Saved,{otherwise}))", value)

    blank = '""'
    spans = ((0, 0), (1, 4), (5, 9), (10, 11))
    pieces.large(sheet, _FIGURES, spans, (
        pieces.Figure(WORDS("best", lang), known_or(f"INDEX({names.text},{place})", first[1])),
        pieces.Figure(WORDS("best_profit", lang), known_or(most, first[0]), "yuan",
                       known_or(f'"{WORDS("margin", lang)} "&TEXT(INDEX({shown.column(4).text},'
                                f'{place}),"0.0%")',
                                f"{WORDS('margin', lang)} {_margin(shown, first[1]):.1%}", blank)),
        pieces.Figure(WORDS("more", lang), known_or(f"ROUND({most}-{next_},2)",
                                                     round(first[0] - second[0], 2)), "yuan",
                       known_or(than.text, than.value, blank)),
        pieces.Figure(WORDS("turns", lang), volume, "count",
                       quoted(WORDS("turns_note", lang))),
    ))  # fmt: skip
    pieces.grey_errors(sheet, Span(_FIGURES + 1, 0, _FIGURES + 1, 11))


def _margin(shown: forms.FormTable, mode: Any) -> float:
    at = [row[0] for row in shown.column(0).rows].index(mode)
    return float(shown.column(4).rows[at][0])


def _published(sheet: Sheet) -> None:
    """The published return on outlay, with its scope."""
    book, lang = sheet.book, sheet.book.lang
    pieces.heading(sheet, _ROI - 1, WORDS("published", lang))
    for down, mode in enumerate(_MODES, _ROI):
        name = f"published_roi_{mode}"
        sheet.put_at(down, 0, load().value(name).title(lang), book.style("label"))
        for at, field, number in ((1, None, "share"), (3, "note", "")):
            told = sheet.written("POLICYVALUE", name, DAY, field, book.names["Overrides"])
            style = book.style("result" if number else "note", number)
            sheet.show(down, at, told if number else told.joined, style)


def _chart(sheet: Sheet, shown: forms.FormTable) -> None:
    """Income, outlay and profit by mode."""
    chart = sheet.book.workbook.add_chart({"type": "column"})
    told = {"value": True, "num_format": "0.00", "font": font()}
    for at, colour in zip(shown.lefts[1:4], (SERIES[1], SERIES[4], DARK), strict=True):
        look = {"fill": {"color": colour}, "gap": 60, "data_labels": told}
        chart.add_series(sheet.series(shown.whole, at, **look))
    dressed(chart, WORDS("chart", sheet.book.lang), legend=True)
    chart.set_x_axis({**axis(), "label_position": "low"})
    chart.set_y_axis(axis("#,##0", grid=True))
    chart.set_size(SIZE)
    sheet.draw(chart, _CHARTS, 0)


def _matrix(sheet: Sheet) -> None:
    """Who controls what."""
    book, lang = sheet.book, sheet.book.lang
    pieces.heading(sheet, _MATRIX - 1, WORDS("matrix", lang))
    titles = [WORDS(code, lang) for code in ("aspect", *_MODES)]
    places = ((0, 0), (1, 4), (5, 9), (10, 11))
    pieces.across(sheet, _MATRIX, titles, places, book.style("header"))
    sheet.page.set_row(_MATRIX, 24)
    style = book.style("result", text_wrap=True)
    for down, record in enumerate(load().on(DAY).table("mode_control_matrix"), _MATRIX + 1):
        row = [str(record[f"{key}_{lang}"]) for key in ("aspect", *_MODES)]
        pieces.high(sheet, down, pieces.across(sheet, down, row, places, style))


def _rule_changes(sheet: Sheet, top: int) -> None:
    """What a change of the rules, or the own values, cost over the orders of the sheet Orders.

    How it is to be grouped and which days, then all orders and their groups. Asked only where
    there is something to compare: the orders are computed twice for it.
    """
    book, lang = sheet.book, sheet.book.lang
    pieces.heading(sheet, top, WORDS("changes", lang), WORDS("changes_note", lang))
    choices = words_of(ARGUMENTS["by"].choices, lang)
    given: dict[str, Any] = forms.inputs(sheet, top + 2, (
        Field("by", choices[0], "text", choices),
        Field("date_a", None, "date"),
        Field("date_b", None, "date"),
    ))  # fmt: skip
    days = f'{given["date_a"].ref.text}&{given["date_b"].ref.text}<>""'
    asked = Written(f"OR(OwnCount>0,{days})", False)
    names = book.names
    orders = without_errors(names["OrderInputs"])
    call = ("RULEDIFF", orders, given["date_a"], None, given["date_b"], names["Overrides"],
            given["by"], names["Rates"], names["Fx"])  # fmt: skip
    numbers = ("text", "count", "count", "count", "money", "money", "signed", "share", "text")
    shown = forms.table(
        sheet, (top + 5, 0), _CALCULATION, (_GROUPS + 2, _COLUMNS), call, numbers, _SPANS,
        picked=_PICKED, only=asked,
    )  # fmt: skip
    last = shown.body.area.bottom
    more = cell(last, 0)
    live.put_below(
        sheet, top + 2, 3,
        f'IF({asked.text},IF(LEN({more})>1,"{WORDS("more_groups", lang, count=_GROUPS)}",""),'
        f'"{WORDS("nothing_to_compare", lang)}")',
        book.style("note", bold=True),
    )  # fmt: skip
    names_of = ("OrdersBuiltIn", "OrdersInForce", "OrdersChange")
    for at, name in zip(shown.lefts[4:7], names_of, strict=True):
        book.name(name, sheet.at(last - _GROUPS, at))
