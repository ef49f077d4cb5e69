"""Quote: profit at other prices and freights, in ordinary formulas from the policy's values."""

from __future__ import annotations

from math import fsum
from typing import Any, Final

from sellersheet.columns import column
from sellersheet.rules.fees import FEE_PARTS
from sellersheet.wording import Wording
from sellersheet_workbook.template import live, palette
from sellersheet_workbook.template.book import Ref, Sheet, Span, cell

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


def add(sheet: Sheet, given: dict[str, Any], fees: Ref, top: int) -> Span:
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
            at_cell = fees.sheet.ref(Span(row, fees.area.left, row, fees.area.left))
            others[f"N({at_cell.text})"] = value
    fixed, amount = _fixed(sheet, given, at, known, others, top + 2 + len(_VALUES))
    sheet.put_at(top + 1, 3, WORDS("price_freight", lang), book.style("header"))
    cells = given["cells"]
    for right, factor in enumerate(_FREIGHTS, 4):
        value = round(given["freight"].value * factor + 1e-9, 2)
        text = f"=ROUND(N({_local(given['freight_cell'])})*{factor},2)"
        sheet.formula_at(top + 1, right, text, value, book.style("result_header", "money"))
    costs = given["costs"].area
    rates = [f"$B${costs.top + 1 + down}" for down in range(3)]
    for down, factor in enumerate(_PRICES, top + 2):
        sheet.page.set_row(down, 20)
        price = round(given["paid"].value * factor + 1e-9, 2)
        text = f"=ROUND(N({_local(cells['paid'])})*{factor},2)"
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
    box, parcel = _local(cells["standard_box"]), _local(cells["parcel"])
    days = f'IF({_local(cells["inbound_days"])}="",1,{_local(cells["inbound_days"])})'
    costs = given["costs"].area
    text = (
        f"{at['operation_fee']}"
        f'+IF(OR({parcel}={{"{large.zh}","{large.en}"}}),{at["oversize_surcharge"]},0)'
        f"+IF({days}>{at['rush_after_days']},{at['rush_fee']},0)"
        f'+IF(OR({box}&""{own_box}),{at["repack_fee"]},0)'
        f"+N({_local(cells['cost'])})+N($B${costs.top + 4})+N($B${costs.top + 5})"
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


def _local(ref: Any) -> str:
    return str(ref.text.partition("!")[2])
