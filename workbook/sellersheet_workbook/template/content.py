"""What a copy of the template is filled with: the invented orders that it comes with, one for each
thing that can happen, or the user's own."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from math import fsum
from typing import Any, Final

import numpy as np
import pandas as pd

from sellersheet.columns import COST_COLUMNS, INPUT, Choice, Column, Wrong, column
from sellersheet.exchange import FxRates
from sellersheet.intake.doubts import NOTHING_ASKED, Asked
from sellersheet.money import Ints, Mask
from sellersheet.orders.flow import refund_unknown
from sellersheet.policy.model import Allowed
from sellersheet.tables import Table, read_table
from sellersheet.wording import LANGS, Lang, Problem, Wording
from sellersheet_workbook.files.reading import read_grid
from sellersheet_workbook.orders_import.merging import as_cells

ROWS: Final = 2000
KEYS: Final = frozenset(item.key for item in INPUT)
FEWEST: Final = 50
MOST: Final = 20_000
_SPARE: Final = 500


# What is wrong with a cell that would look right in a workbook.
_OTHER_CURRENCY: Final = {Wrong.NO_RATE.code, Wrong.NO_RATE_YET.code}
_NOT_SEEN: Final = _OTHER_CURRENCY | {
    wrong.code
    for wrong in (
        Wrong.UNCACHED, Wrong.CUT_NUMBER, Wrong.NO_CURRENCY, Wrong.UNKNOWN_CURRENCY,
        Wrong.UNCLEAR_SHARE, Wrong.RAGGED, Wrong.NOT_OF_ORDER,
    )
}  # fmt: skip
WORDS: Final = Wording("sellersheet_workbook.template", "orders.toml")
# Goods: code zh, code en, category zh, category en, grams, sides in cm, cost.
_GOODS: Final = {
    "case": ("手机壳", "phone-case", "手机配件", "Phone accessories", 89, (18, 10, 3), 18),
    "buds": ("蓝牙耳机", "earphones", "消费电子", "Consumer electronics", 180, (15, 12, 6), 62),
    "pants": ("瑜伽裤", "leggings", "运动服饰", "Sportswear", 260, (28, 22, 4), 38),
    "box": ("收纳盒", "storage-box", "家居收纳", "Home storage", 520, (30, 20, 15), 27),
    "lamp": ("台灯", "desk-lamp", "灯具", "Lighting", 900, (38, 18, 16), 66),
    "clip": ("发饰", "hair-clip", "饰品", "Jewellery", 35, (10, 8, 3), 6),
    "tent": ("帐篷", "tent", "户外", "Outdoor", 7800, (95, 28, 26), 280),
    "leash": ("牵引绳", "pet-leash", "宠物用品", "Pets", 210, (20, 14, 5), 16),
    "mat": ("杯垫", "coaster", "厨房", "Kitchen", 300, (12, 12, 8), 11),
    "strap": ("表带", "watch-strap", "表配件", "Watch parts", 40, (22, 6, 2), 9),
    "lash": ("假睫毛", "lashes", "美妆", "Beauty", 30, (12, 6, 2), 5),
}  # fmt: skip
_SIDES: Final = ("length_cm", "width_cm", "height_cm")
_BUYER, _FAILED, _SELLER = 1, 2, 3  # positions of the return cases
# Order, its line, day of 2024, goods, destination, paid, freight quote, and what is special.
_LINES: Final[tuple[tuple[int, int, str, str, str, Any, float | None, dict[str, Any]], ...]] = (
    (1, 1, "07-05", "case", "ES", 100, None, {"line": "标准小包"}),
    (2, 1, "07-18", "buds", "FR", 159, 27.4, {}),
    (3, 1, "08-02", "lamp", "DE", 179, 70.5, {"inbound_days": 5}),
    (4, 1, "08-21", "box", "PL", 89, 40.2, {"standard_box": 0}),
    (5, 1, "09-03", "pants", "SA", 119, 43.1, {"inbound_days": 2}),
    (6, 1, "09-16", "clip", "KR", 19.9, 10.1, {}),
    (7, 1, "09-27", "tent", "DE", 699, 186, {"parcel": 1}),
    (8, 1, "10-08", "pants", "IT", 119, 35.3, {"returned": _BUYER, "goods_lost_cny": 0}),
    (9, 1, "10-19", "box", "FR", 92, 48.5, {"returned": _FAILED}),
    (10, 1, "10-30", "lamp", "ES", 182.5, 61, {"returned": _SELLER, "goods_lost_cny": 66}),
    (11, 1, "11-06", "leash", "FR", 69, 29.8, {}),
    (11, 2, "11-06", "mat", "FR", 45, 12.2, {}),
    (12, 1, "11-11", "strap", "PL", 39, 16.4, {"cost_cny": None}),
    (13, 1, "11-25", "lash", "ES", 35, 17.8, {}),
    (14, 1, "12-04", "buds", "RU", 168, None, {}),
    (15, 1, "12-12", "case", "ES", "?", 18.6, {}),
    (16, 1, "12-20", "leash", "AE", 75, 21.3, {}),
)
_UNREADABLE: Final[dict[Lang, str]] = {"zh": "待确认", "en": "unclear"}
_SHOPS: Final[dict[Lang, tuple[str, str]]] = {
    "zh": ("示例店铺A", "示例店铺B"),
    "en": ("Sample shop A", "Sample shop B"),
}


class TemplateProblem(Problem):
    """A template that can't be made as asked."""

    wording = WORDS


@dataclass(frozen=True, slots=True)
class Content:
    """``lines`` are order lines by column key; ``rows`` is how many lines are live; ``table`` is
    what a file of orders was read as."""

    lines: list[dict[str, Any]]
    rows: int = ROWS
    sample: bool = True
    table: Table | None = None


def samples(lang: Lang, rows: int = ROWS) -> Content:
    """The invented orders that the template comes with."""
    return Content(sample_rows(lang), checked(rows))


def own_orders(
    path: str | os.PathLike[str],
    lang: Lang,
    rows: int | None = None,
    *,
    usual: int = ROWS,
    keys: Collection[str] = KEYS,
    fx: FxRates | None = None,
    asked: Asked = NOTHING_ASKED,
) -> Content:
    """The orders of a file. A cell that can't be read stands as it is: its row then says why.

    ``keys`` are the columns of the workbook; costs of an order that have none of their own there
    are among its other costs.
    """
    table = read_table(read_grid(path), fx=fx, asked=asked)
    filled = np.flatnonzero(~table.empty & ~table.left)
    if rows is None:
        rows = max(usual, -(-len(filled) // _SPARE) * _SPARE)
        if rows > MOST:
            raise TemplateProblem("too_many_orders", path=path, count=f"{len(filled):,}", most=MOST)
    if len(filled) > checked(rows):
        raise TemplateProblem("beyond_rows", path=path, count=f"{len(filled):,}", rows=str(rows))
    columns = {
        item.key: _cells(table, item, filled, lang) for item in INPUT if item.key in table.header
    }
    blank = {
        # With a 0 of its own it would be a further line no more, and what it takes from a wrong
        # first line would be blank: today, for a date.
        "paid_cny": _doubted(table, "continued_line") & table.bad,
        # A workbook's cells can't be merged over rows of a table: repeated, a quantity would
        # multiply the cost of a SKU in each of them.
        "qty": quantity_unknown(table),
        "weight_g": _doubted(table, "weight_unit"),  # likely kilograms, which no header says there
    }
    for key, rows_of in blank.items():
        for at in np.flatnonzero(rows_of[filled]).tolist() if key in columns else ():
            columns[key][at] = None
    # Its state is no column of the workbook: what was given back is asked for in the row itself.
    asked_for = np.flatnonzero(refund_unknown(table)[filled]).tolist()
    if asked_for:
        refunds = columns.setdefault("refund_cny", [None] * len(filled))
        for at in asked_for:
            refunds[at] = WORDS("enter_refund", lang)
    _refuse(table, columns, {row: at for at, row in enumerate(filled.tolist())}, keys, lang)
    further = [key for key in COST_COLUMNS if key in columns and key not in keys]
    if further:
        costs = [key for key in (*further, "other_cny") if key in columns]
        columns["other_cny"] = _together(
            [columns[key] for key in costs], [table.given[key][filled] for key in costs]
        )
    lines = [dict(zip(columns, line, strict=True)) for line in zip(*columns.values(), strict=True)]
    return Content(lines, rows, sample=False, table=table)


def quantity_unknown(table: Table) -> Mask:
    """The rows whose quantity is merged with that of other rows."""
    return _doubted(table, "merged_quantity")


def _doubted(table: Table, code: str) -> Mask:
    return table.doubts.get(code, np.zeros(table.n, dtype=bool))


def _refuse(
    table: Table, columns: dict[str, list[Any]], places: dict[int, int],
    keys: Collection[str], lang: Lang,
) -> None:  # fmt: skip
    """Say in a cell of its own what is wrong with a row where the cell alone does not show it:
    the workbook would compute the row. ``places`` are the lines of the table's rows."""
    for index, row in enumerate(table.issues.at.tolist()):
        issue = table.issues[index]
        own = issue.key in columns and issue.key in keys
        if row not in places or (own and issue.code not in _NOT_SEEN):
            continue
        named = issue.code in _OTHER_CURRENCY
        said = issue.value if named else WORDS("unread", lang, header=issue.header)
        told = own and issue.column.kind != "text"  # any text is an order number
        columns[issue.key if told else "paid_cny"][places[row]] = said


def _together(costs: list[list[Any]], given: list[Mask]) -> list[Any]:
    """The costs of each order in one amount; where one can't be read it stands there instead."""
    found = []
    for cells, known in zip(zip(*costs, strict=True), zip(*given, strict=True), strict=True):
        pairs = [(cell, fine) for cell, fine in zip(cells, known, strict=True) if cell is not None]
        unread = [cell for cell, fine in pairs if not fine]
        total = round(fsum(cell for cell, fine in pairs if fine), 2) if pairs else None
        found.append(unread[0] if unread else total)
    return found


def checked(rows: int) -> int:
    """The number of live rows, when it can be had."""
    if not FEWEST <= rows <= MOST:
        raise TemplateProblem("rows", rows=rows, fewest=FEWEST, most=MOST)
    return rows


def _cells(table: Table, item: Column, rows: Ints, lang: Lang) -> list[Any]:
    """A column as cells of a sheet: numbers and days where they can be read, else as they came."""
    given = table.given[item.key][rows]
    typed = as_cells(item, table.columns[item.key][rows], given, lang).astype(object).tolist()
    places = {fate.key: fate.at for fate in table.fates}
    at = places.get(item.key, places.get("paid_on", -1))  # which is the day where no other is
    raw = table.raw.iloc[rows, at].astype(object)
    as_came = raw.where(raw.notna(), None).tolist()
    cells = [new if fine else old for new, fine, old in zip(typed, given, as_came, strict=True)]
    return [
        cell.to_pydatetime().date() if isinstance(cell, pd.Timestamp) else cell for cell in cells
    ]


def sample_shops(lang: Lang) -> tuple[str, ...]:
    """The shops of the samples."""
    return _SHOPS[lang]


def are_samples(shops: Iterable[object]) -> bool:
    """Whether every one of these rows is of the invented shops, in whatever language."""
    invented = {shop for lang in LANGS for shop in _SHOPS[lang]}
    named = list(shops)
    return bool(named) and invented.issuperset(map(str, named))


def sample_sku(goods: str, lang: Lang) -> str:
    """The code of one of the sample goods."""
    zh, en = _GOODS[goods][:2]
    return f"示例-{zh}" if lang == "zh" else f"sample-{en}"


def sample_rows(lang: Lang) -> list[dict[str, Any]]:
    """The lines by column key, in the words of the language."""
    return [_row(line, lang) for line in _LINES]


def _row(line: tuple[Any, ...], lang: Lang) -> dict[str, Any]:
    order, number, day, goods, country, paid, quote, special = line
    _, _, category_zh, category_en, grams, sides, cost = _GOODS[goods]
    special = dict(special)
    amount = _UNREADABLE[lang] if paid == "?" else float(paid)
    row: dict[str, Any] = {
        "shop": _SHOPS[lang][order % 3 == 0],
        "order_id": f"示例{order:04}" if lang == "zh" else f"SAMPLE{order:04}",
        "line_no": str(number),
        "order_date": dt.date.fromisoformat(f"2024-{day}"),
        "sku": sample_sku(goods, lang),
        "qty": 1,
        "category": category_zh if lang == "zh" else category_en,
        "country": country,
        "paid_cny": amount,
        "weight_g": grams,
        # The published rate says nothing of volume: with sides it would not apply.
        **({} if quote is None else dict(zip(_SIDES, sides, strict=True))),
        "logistics_cny": quote,
        "parcel": order_word("parcel", special.pop("parcel", 0), lang),
        "inbound_days": 1,
        "standard_box": yes_no(lang)[1 - special.pop("standard_box", 1)],
        "cost_cny": cost,
        "other_cny": round(paid * 5) / 100 if paid != "?" else None,
    }
    if case := special.pop("returned", 0):
        row |= {"return_case": order_word("return_case", case, lang), "refund_cny": amount}
    return row | special


def words_of(choices: Sequence[Choice | Allowed], lang: Lang) -> list[str]:
    """The words of what may be chosen, in their order."""
    return [choice.zh if lang == "zh" else choice.en for choice in choices]


def order_word(key: str, place: int, lang: Lang) -> str:
    """A word of a column of orders."""
    return words_of(column("orders", key).choices, lang)[place]


def yes_no(lang: Lang) -> tuple[str, str]:
    """The words of a yes/no column."""
    return ("是", "否") if lang == "zh" else ("yes", "no")
