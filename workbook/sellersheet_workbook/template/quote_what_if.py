"""Quote, what if: profit at other prices and freights, in ordinary formulas from the policy's
values, and what on-time inbound, the standard box and fewer returns would save."""

from __future__ import annotations

from math import fsum
from typing import Any, Final

from sellersheet.columns import column
from sellersheet.rules.fees import FEE_PARTS
from sellersheet.wording import Wording
from sellersheet_workbook.template import forms, live, palette, pieces
from sellersheet_workbook.template.book import Sheet
from sellersheet_workbook.template.cells import Ref, Span, Written, cell
from sellersheet_workbook.template.content import yes_no

WORDS: Final = Wording("sellersheet_workbook.template", "quote.toml")
_PRICES: Final = (0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3)
_FREIGHTS: Final = (0.6, 0.8, 1.0, 1.2, 1.4)
_VALUES: Final = (
    ("service_fee_rate", "rate"),
    ("operation_fee", "money"),
    ("oversize_surcharge", "money"),
    ("rush_fee", "money"),
    ("rush_after_days", "count"),
    ("repack_fee", "money"),
)
# The parts that stand in formulas below, or hang on a return; another one is taken as it was
# computed above.
_WRITTEN: Final = frozenset(
    {
        *("service_fee_cny", "operation_fee_cny", "rush_fee_cny", "repack_fee_cny"),
        *("logistics_fee_cny", "operation_refund_cny", "subsidy_loss_cny"),
    }
)
_ORDER: Final = ("paid", "freight", "parcel", "inbound_days", "standard_box")
_SHOP: Final = (
    ("orders", 1000.0, "count"),
    ("return_rate", 0.12, "share"),
    ("category_mean", 0.08, "share"),
    ("target", 0.08, "share"),
)


def prices(sheet: Sheet, given: dict[str, Any], fees: Ref, top: int) -> Span:
    """The values at the left, the grid at the right of them; no returns in it. The cells of its
    prices come back."""
    book, lang = sheet.book, sheet.book.lang
    own, day = book.names["Overrides"], given["day"]
    sheet.put_at(top, 0, WORDS("grid", lang), book.style("heading"))
    sheet.put_at(top, 3, WORDS("grid_note", lang), book.style("note"))
    at: dict[str, str] = {}
    known: dict[str, float] = {}
    for down, (name, number) in enumerate(_VALUES, top + 2):
        sheet.put_at(down, 0, WORDS(f"value_{name}", lang), book.style("label"))
        style = book.style("result", number, align="right")
        known[name] = sheet.call(cell(down, 1), "POLICYVALUE", name, day, None, own, style=style)
        column_, row = cell(down, 1)[0], down + 1
        at[name] = f"${column_}${row}"
    others = {}
    for down, (key, (value,)) in enumerate(zip(FEE_PARTS, fees.rows, strict=False)):
        if key not in _WRITTEN:
            row = fees.area.top + down
            at_cell = fees.sheet.at(row, fees.area.left)
            others[f"N({at_cell.text})"] = value
    fixed, amount = _fixed(sheet, given, at, known, others, top + 2 + len(_VALUES))
    sheet.put_at(top + 1, 3, WORDS("price_freight", lang), book.style("header"))
    cells = given["cells"]
    for right, factor in enumerate(_FREIGHTS, 4):
        value = round(given["freight"].value * factor + 1e-9, 2)
        text = f"=ROUND(N({given['freight_cell'].local})*{factor},2)"
        sheet.formula_at(top + 1, right, text, value, book.style("result_header", "money"))
    costs = given["costs"].area
    rates = [f"$B${costs.top + 1 + down}" for down in range(3)]
    for down, factor in enumerate(_PRICES, top + 2):
        sheet.page.set_row(down, 20)
        price = round(given["paid"].value * factor + 1e-9, 2)
        text = f"=ROUND(N({cells['paid'].local})*{factor},2)"
        sheet.formula_at(down, 3, text, price, book.style("result_header", "money"))
        for right, times in enumerate(_FREIGHTS, 4):
            freight = round(given["freight"].value * times + 1e-9, 2)
            here, head = f"$D{down + 1}", cell(top + 1, right)
            shares = "".join(f"-ROUND({here}*N({rate}),2)" for rate in rates)
            text = f"={here}-ROUND({here}*{at['service_fee_rate']},2){shares}-{head[0]}${top + 2}"
            service = round(price * known["service_fee_rate"] + 1e-9, 2)
            value = round(price - service - freight - amount, 2)
            style = book.style("result", "money")
            sheet.formula_at(down, right, f"{text}-{fixed}", value, style)
    area = (top + 2, 4, top + 1 + len(_PRICES), 3 + len(_FREIGHTS))
    for criteria, colours in (("<", palette.ERROR), (">=", palette.OK)):
        rule = {"type": "cell", "criteria": criteria, "value": 0}
        sheet.page.conditional_format(*area, rule | {"format": book.light(colours)})
    middle = cell(top + 2 + _PRICES.index(1.0), 4 + _FREIGHTS.index(1.0))
    _agrees(sheet, given, middle, top + 3 + len(_PRICES))
    return Span(top + 2, 3, top + 1 + len(_PRICES), 3)


def _fixed(
    sheet: Sheet, given: dict[str, Any], at: dict[str, str], known: dict[str, float],
    others: dict[str, float], row: int,
) -> tuple[str, float]:  # fmt: skip
    """What an order costs at any price: fees, goods, coupon and other costs."""
    book, lang, cells = sheet.book, sheet.book.lang, given["cells"]
    large = column("orders", "parcel").choices[1]
    own_box = '={"否","no","n","FALSE","0"}'
    box, parcel = cells["standard_box"].local, cells["parcel"].local
    days = f'IF({cells["inbound_days"].local}="",1,{cells["inbound_days"].local})'
    costs = given["costs"].area
    text = (
        f"{at['operation_fee']}"
        f'+IF(OR({parcel}={{"{large.zh}","{large.en}"}}),{at["oversize_surcharge"]},0)'
        f"+IF({days}>{at['rush_after_days']},{at['rush_fee']},0)"
        f'+IF(OR({box}&""{own_box}),{at["repack_fee"]},0)'
        f"+N({cells['cost'].local})+N($B${costs.top + 4})+N($B${costs.top + 5})"
        + "".join(f"+{other}" for other in others)
    )
    value = known["operation_fee"] + cells["cost"].value
    value += known["rush_fee"] * (cells["inbound_days"].value > known["rush_after_days"])
    value += known["repack_fee"] * (cells["standard_box"].value in ("否", "no"))
    value = round(fsum((value, *others.values())), 2)
    sheet.put_at(row, 0, WORDS("fixed", lang), book.style("label", bold=True))
    style = book.style("result", "yuan", bold=True)
    sheet.formula_at(row, 1, f"=ROUND({text},2)", value, style)
    return f"$B${row + 1}", value


def _agrees(sheet: Sheet, given: dict[str, Any], middle: str, row: int) -> None:
    """Whether the formulas and PROFIT say the same of the order above."""
    book, lang = sheet.book, sheet.book.lang
    keys = ("paid", "cost", "freight", "parcel", "inbound_days", "standard_box")
    call = ("PROFIT", *(given[key] for key in keys), None, None, given["costs"], given["day"],
            book.names["Overrides"])  # fmt: skip
    good, bad = WORDS("agrees", lang), WORDS("differs", lang)
    same = f"IFERROR(ROUND({sheet.text_of(*call)}-{middle},2)=0,FALSE)"
    live.put_below(sheet, row, 3, f'IF({same},"{good}","{bad}")', book.style("note", bold=True))


def savings(sheet: Sheet, given: dict[str, Any], top: int) -> None:
    """Switches and the shop's figures at the left, costs and savings at the right."""
    book, lang = sheet.book, sheet.book.lang
    sheet.put_at(top, 0, WORDS("savings", lang), book.style("heading"))
    yes = yes_no(lang)[0]
    below = top + 8  # where each measure alone ends; the inputs begin a row above
    switches = []
    for down, code in enumerate(("on_time", "own_box", "fewer_returns"), below - 1):
        sheet.put_at(down, 0, WORDS(code, lang), book.style("label"))
        sheet.put_at(down, 1, yes, book.style("input", "text", align="right"))
        rule = {"validate": "list", "source": list(yes_no(lang))}
        sheet.page.data_validation(cell(down, 1), rule)
        switches.append(f'{cell(down, 1)}="{yes}"')
    shop = {}
    for down, (code, value, number) in enumerate(_SHOP, below + 2):
        sheet.put_at(down, 0, WORDS(code, lang), book.style("label"))
        sheet.put_at(down, 1, value, book.style("input", number, align="right"))
        shop[code] = sheet.at(down, 1).if_given()
    _each(sheet, given, shop["orders"], top)
    for at, code in enumerate(("measure", "before", "after", "saved"), 3):
        sheet.put_at(below, at, WORDS(f"column_{code}", lang), book.style("result_header"))
    rows = _measures(sheet, given, switches, shop)
    amount = book.style("result", "money")
    for down, (code, before, after) in enumerate(rows, below + 1):
        sheet.put_at(down, 3, WORDS(code, lang), book.style("result"))
        _line(sheet, down, before, after, amount)
    _published(sheet, given, below + 1 + len(rows), below + len(rows))


def _each(sheet: Sheet, given: dict[str, Any], orders: Any, top: int) -> None:
    """SAVINGS: each measure alone, with the weight searched gram by gram."""
    names = sheet.book.names
    asked = ("country", "weight", "length", "width", "height", "line", "inbound_days",
             "standard_box")  # fmt: skip
    call = ("SAVINGS", *(given[key] for key in asked), orders, given["day"], names["Overrides"],
            names["Rates"], names["Fx"])  # fmt: skip
    numbers = ("text", "money", "money", "money", "money", "text")
    shown = forms.table(sheet, (top, 3), 180, (5, 6), call, numbers, (1, 1, 1, 1, 1, 3))
    pieces.grey_errors(sheet, Span(shown.body.area.top, 4, shown.body.area.bottom, 7))


def _line(sheet: Sheet, row: int, before: Written, after: Written, style: Any) -> None:
    sheet.show(row, 4, before, style)
    sheet.show(row, 5, after, style)
    saved = round(before.value - after.value, 4)
    bold = sheet.book.style("result", "money", bold=True, font_color=palette.OK[0])
    text = f"={cell(row, 4)}-{cell(row, 5)}"
    sheet.formula_at(row, 6, text, saved, bold)


def _measures(
    sheet: Sheet, given: dict[str, Any], switches: list[str], shop: dict[str, Any]
) -> list[tuple[str, Written, Written]]:
    """Each measure alone, then all that are switched on together."""
    own = sheet.book.names["Overrides"]

    def fee(**other: Any) -> Written:
        order = {**given, **other}
        return sheet.written("SEMIFEE", *(order[key] for key in _ORDER), None, given["day"], own)

    def penalty(rate: Any) -> Written:
        orders = shop["orders"]
        asked = (orders, rate, shop["category_mean"], None, given["day"], own)
        whole = sheet.written("RETURNPENALTY", *asked)
        return Written(f"{whole.text}/{orders.ref.text}", whole.value / orders.value)

    days = Written(f"IF({switches[0]},1,{given['inbound_days'].text})", 1)
    box = Written(f"IF({switches[1]},TRUE,{given['standard_box'].text})", True)
    rate = Written(
        f"IF({switches[2]},{shop['target'].text},{shop['return_rate'].text})", shop["target"].value
    )
    now, penalised = fee(), penalty(shop["return_rate"])
    best, left = fee(inbound_days=days, standard_box=box), penalty(rate)
    return [
        ("on_time", now, fee(inbound_days=days)),
        ("own_box", now, fee(standard_box=box)),
        ("fewer_returns", penalised, left),
        (
            "together",
            Written(f"{now.text}+{penalised.text}", now.value + penalised.value),
            Written(f"{best.text}+{left.text}", best.value + left.value),
        ),
    ]


def _published(sheet: Sheet, given: dict[str, Any], row: int, together: int) -> None:
    """The saving as a share, beside the published figure and what that was measured on."""
    book, lang = sheet.book, sheet.book.lang
    own, share = book.names["Overrides"], book.style("figure", "share")
    before, saved = cell(together, 4), cell(together, 6)
    whole, part = sheet[before].value, sheet[saved].value
    asked = ("POLICYVALUE", "fulfilment_cost_saving", given["day"])
    label = book.style("figure_label")
    sheet.page.set_row(row + 1, 36)
    for left, right, code, told in (
        (3, 4, "saved_share", Written(f"{saved}/{before}", part / whole)),
        (5, 7, "published", sheet.written(*asked, None, own)),
    ):
        sheet.over(row, left, right, label)
        sheet.put_at(row, left, WORDS(code, lang), label)
        sheet.over(row + 1, left, right, share)
        sheet.show(row + 1, left, told, share)
    sheet.show(row + 2, 3, sheet.written(*asked, "note", own).joined, book.style("note"))
