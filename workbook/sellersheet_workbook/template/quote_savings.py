"""Quote: what on-time inbound, the standard box and fewer returns would save."""

from __future__ import annotations

from typing import Any, Final

from sellersheet.wording import Wording
from sellersheet_workbook.template import forms, palette
from sellersheet_workbook.template.book import Sheet, Span, cell
from sellersheet_workbook.template.cells import Written
from sellersheet_workbook.template.samples import yes_no

WORDS: Final = Wording("sellersheet_workbook.template", "quote.toml")
_ORDER: Final = ("paid", "freight", "parcel", "inbound_days", "standard_box")
_SHOP: Final = (
    ("orders", 1000.0, "count"),
    ("return_rate", 0.12, "share"),
    ("category_mean", 0.08, "share"),
    ("target", 0.08, "share"),
)


def add(sheet: Sheet, given: dict[str, Any], top: int) -> None:
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
        sheet.page.data_validation(down, 1, down, 1, rule)
        switches.append(f'{cell(down, 1)}="{yes}"')
    shop = {}
    for down, (code, value, number) in enumerate(_SHOP, below + 2):
        sheet.put_at(down, 0, WORDS(code, lang), book.style("label"))
        sheet.put_at(down, 1, value, book.style("input", number, align="right"))
        shop[code] = sheet[cell(down, 1)].if_given()
    _each(sheet, given, shop["orders"], top)
    for at, code in enumerate(("measure", "before", "after", "saved"), 3):
        sheet.put_at(below, at, WORDS(f"column_{code}", lang), book.style("result_header"))
    rows = _rows(sheet, given, switches, shop)
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
    forms.grey_errors(sheet, Span(shown.body.area.top, 4, shown.body.area.bottom, 7))


def _line(sheet: Sheet, row: int, before: Written, after: Written, style: Any) -> None:
    sheet.formula_at(row, 4, f"={before.text}", before.value, style)
    sheet.formula_at(row, 5, f"={after.text}", after.value, style)
    saved = round(before.value - after.value, 4)
    bold = sheet.book.style("result", "money", bold=True, font_color=palette.OK[0])
    text = f"={cell(row, 4)}-{cell(row, 5)}"
    sheet.formula_at(row, 6, text, saved, bold)


def _rows(
    sheet: Sheet, given: dict[str, Any], switches: list[str], shop: dict[str, Any]
) -> list[tuple[str, Written, Written]]:
    """Each measure alone, then all that are switched on together."""
    own = sheet.book.names["Overrides"]

    def fee(**other: Any) -> Written:
        order = {**given, **other}
        call = ("SEMIFEE", *(order[key] for key in _ORDER), None, given["day"], own)
        return Written(sheet.text_of(*call), sheet.result_of(*call))

    def penalty(rate: Any) -> Written:
        call = ("RETURNPENALTY", shop["orders"], rate, shop["category_mean"], None,
                given["day"], own)  # fmt: skip
        text = f"{sheet.text_of(*call)}/{shop['orders'].ref.text}"
        return Written(text, sheet.result_of(*call) / shop["orders"].value)

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
    benchmark = ("POLICYVALUE", "fulfilment_cost_saving", given["day"])
    sheet.page.set_row(row + 1, 36)
    figures = (
        (3, "saved_share", f"{saved}/{before}", part / whole),
        (5, "published", sheet.text_of(*benchmark, None, own),
         sheet.result_of(*benchmark, None, own)),
    )  # fmt: skip
    for left, code, text, value in figures:
        right = left + 1 if left == 3 else left + 2
        label = book.style("figure_label")
        sheet.page.merge_range(row, left, row, right, "", label)
        sheet.put_at(row, left, WORDS(code, lang), label)
        sheet.page.merge_range(row + 1, left, row + 1, right, "", share)
        sheet.formula_at(row + 1, left, f"={text}", value, share)
    note = (*benchmark, "note", own)
    style = book.style("note")
    text = f'={sheet.text_of(*note)}&""'
    sheet.formula_at(row + 2, 3, text, sheet.result_of(*note), style)
