"""What has to be known of a whole table: headers not used, what was taken for granted."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection, Sequence
from typing import Any, Final

import numpy as np

from sellersheet import columns
from sellersheet.amounts import read_amount
from sellersheet.columns import Column, Wrong
from sellersheet.exchange import currency
from sellersheet.intake.columns_read import Read
from sellersheet.intake.doubts import Asked, Remark
from sellersheet.intake.evidence import AMOUNTS
from sellersheet.intake.grid import Grid
from sellersheet.intake.headers import Fate, Understood, result_key
from sellersheet.intake.missing import kind_fits
from sellersheet.wording import LANGS, in_command

# By name; what is found so must also look so by its cells. Cells that can't be anything else
# tell it whatever the name.
_LOOKS: Final = {
    "money": re.compile(
        r"金额|费用|[费款价钱]$|[费款价]\W|amount|fee|price|cost|total|freight|paid|charge", re.I
    ),
    "grams": re.compile(r"重量|[毛净实]重|weight|公斤|kg", re.I),
    "date": re.compile(r"日期|时间|date|time|日$", re.I),
}
_DAY: Final = re.compile(r"(19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}([日 T].*)?")
_PRICED: Final = ("bill", "sku_costs", "rates")  # beside orders: tables of amounts
# What an amount is likely for, by its header; a price of one piece, a sum, what the buyer paid
# are none of that.
_NONE_OF_IT: Final = re.compile(
    r"单价|合计|总|买家|客户|\b(unit|each|per|total|sum|buyer|customer)\b|item price", re.I
)
_MEANS: Final = {
    "logistics_cny": re.compile(r"运费|物流|快递|邮费|freight|shipping|postage|carrier", re.I),
    "cost_cny": re.compile(r"采购|进货|成本|purchase|cost of goods|cogs", re.I),
    "refund_cny": re.compile(r"退款|refund", re.I),
    "commission_cny": re.compile(r"佣金|commission", re.I),
    "advertising_cny": re.compile(r"广告|推广|advert|\bads?\b", re.I),
    "coupon_cny": re.compile(r"优惠|折扣|coupon|discount|voucher", re.I),
    "duty_vat_cny": re.compile(r"税|\b(tax|vat|duty)\b", re.I),
    "other_cny": re.compile(r"费|fee|charge", re.I),
}
# Columns whose blank has a meaning that costs money, and headers that may speak of them.
_MAY_SAY: Final = {
    "inbound_days": re.compile(r"入仓|入库|到仓|inbound|warehouse.*(arriv|receiv)", re.I),
    "parcel": re.compile(r"大件|超大|oversize", re.I),
    "return_case": re.compile(r"退货|return", re.I),
}


def about_headers(
    table: str, understood: Understood, labels: Sequence[str], cells: Callable[[int], list[Any]],
    read: Read, grid: Grid, at: int, asked: Asked,
) -> tuple[Remark, ...]:  # fmt: skip
    """Remarks in the order of their weight; those that ``warns`` come first."""
    found: list[Remark] = []
    unused = [fate for fate in understood.fates if fate.how == "unused"]
    # A known name that is not used matters where nothing of its kind is used.
    spare = unused + [fate for fate in understood.fates if fate.how == "ignored"]
    # A lone 物流费 is no result of ours and perhaps the quote.
    results = [fate for fate in understood.fates if fate.how == "result"]
    calculated = {"total_fee_cny", "status"} <= {result_key(fate.header) for fate in results}
    spare += [] if calculated else results
    if table == "orders":
        found += _orders(understood, unused, spare, cells, read, asked)
    if table == "bill":
        charge = columns.column("bill", "amount")
        if amounts := _look("money", charge, unused, cells):
            told = {"headers": _names(amounts), "such": [in_command(f"{amounts[0].header}=other")]}
            found.append(Remark("amounts_not_used", told, warns=True))
    untold = table in _PRICED and "currency" not in understood.places
    if untold and (codes := _currencies(unused, cells)):
        found.append(_remark("currency_not_used", codes))
    amounts_of = {item.key for item in columns.TABLES[table] if item.kind in AMOUNTS}
    for fate in understood.fates:
        if fate.how == "outranked":
            used = next((item for item in understood.fates if item.header == fate.by), fate)
            both = {"other": fate.header, "header": fate.by, "key": used.key}
            amount = used.key in amounts_of and used.how not in ("said", "remembered")
            found.append(Remark("outranked", both, warns=amount))
    if at > 0:
        found.append(Remark("header_row", {"row": grid.first_row + at}))
    if grid.others:
        fields = {"sheet": grid.sheet, "sheets": list(grid.others)}
        found.append(Remark("other_sheets", fields, warns=True))
    if unused:
        found.append(Remark("not_used", {"headers": _names(unused)}))
    return tuple(sorted(found, key=lambda remark: not remark.warns))


def _orders(
    understood: Understood, unused: Sequence[Fate], spare: Sequence[Fate],
    cells: Callable[[int], list[Any]], read: Read, asked: Asked,
) -> list[Remark]:  # fmt: skip
    found = []
    present = {item.key for item in read.columns}
    if "order_date" not in present:
        dates = _look("date", columns.column("orders", "order_date"), spare, cells)
        if dates:
            found.append(_remark("date_not_used", dates))
    weighed = "weight_g" in present or "logistics_cny" in present
    if (
        weights := []
        if weighed
        else _look("grams", columns.column("orders", "weight_g"), spare, cells)
    ):
        found.append(_remark("weights_not_used", weights))
    lacking = unused if "logistics_cny" in present else spare
    if amounts := _look("money", columns.column("orders", "paid_cny"), lacking, cells):
        found.append(_amounts(amounts, present))
    found += _may_say(present, unused, cells)
    if "currency" not in read.beside and (codes := _currencies(unused, cells)):
        found.append(_remark("currency_not_used", codes))
    paid = understood.places.get("paid_cny")
    bare = read.cells["paid_cny"].bare if "paid_cny" in read.cells else None
    untold = read.untold and not asked.currency and bare is not None and bare.any()
    if paid and untold and not _told_in_cells(cells(paid.at)):
        found.append(Remark("taken_as_cny", {"header": paid.header.text}, warns=True))
    return found


def _amounts(fates: Sequence[Fate], present: Collection[str]) -> Remark:
    """Columns of amounts that are not used, with what some of them likely are."""
    free = {key: pattern for key, pattern in _MEANS.items() if key not in present}
    such = []
    for fate in fates:
        if _NONE_OF_IT.search(fate.header):
            continue
        if key := next((key for key, pattern in free.items() if pattern.search(fate.header)), ""):
            such.append(in_command(f"{fate.header}={key}"))
            del free[key]
    fields = {"headers": _names(fates), "such": such[:3]}
    return Remark("amounts_not_used" if such else "amounts_not_known", fields, warns=True)


def _may_say(
    present: Collection[str], fates: Sequence[Fate], cells: Callable[[int], list[Any]]
) -> list[Remark]:
    """Columns that are not there while a header that is not used may hold what they ask."""
    found = []
    for key, pattern in _MAY_SAY.items():
        likely = [
            fate
            for fate in fates
            if pattern.search(fate.header) and any(cell is not None for cell in cells(fate.at))
        ]
        if likely and key not in present:
            item = columns.column("orders", key)
            usual = item.choices[int(item.default or 0)] if item.choices else None
            fields = {f"title_{lang}": item.title(lang) for lang in LANGS}
            for lang in LANGS:
                fields[f"default_{lang}"] = getattr(usual, lang, f"T+{item.default}")
            found.append(_remark("may_say", likely, key=key, **fields))
    return found


def _look(
    kind: str, item: Column, fates: Sequence[Fate], cells: Callable[[int], list[Any]]
) -> list[Fate]:
    """Headers that look like a column of the kind: by name and by cells, or by cells alone."""
    return [
        fate
        for fate in fates
        if fate.header
        and (
            (_LOOKS[kind].search(fate.header) and kind_fits(item, cells(fate.at)))
            or _surely(kind, cells(fate.at))
        )
    ]


def _surely(kind: str, cells: Sequence[Any]) -> bool:
    """Whether all cells are days of a year, or amounts of a currency, and nothing else."""
    filled = [cell for cell in cells if cell is not None and str(cell).strip()]
    tells = {"date": _is_day, "money": _is_amount}.get(kind)
    return bool(filled) and tells is not None and all(map(tells, filled))


def _is_day(cell: Any) -> bool:
    if isinstance(cell, dt.date | np.datetime64):
        return True
    return isinstance(cell, str) and _DAY.fullmatch(cell.strip()) is not None


def _is_amount(cell: Any) -> bool:
    found = read_amount(cell, "money") if isinstance(cell, str) else None
    return found is not None and found.currency != "" and found.wrong == Wrong.NONE


def _currencies(fates: Sequence[Fate], cells: Callable[[int], list[Any]]) -> list[Fate]:
    found = []
    for fate in fates:
        filled = [str(cell).strip() for cell in cells(fate.at) if cell is not None]
        if filled and all(len(text) == 3 and currency(text) for text in filled):
            found.append(fate)
    return found


def _told_in_cells(cells: Sequence[Any]) -> bool:
    """Whether amounts name their currency themselves."""
    return any(isinstance(cell, str) and re.search(r"[^\d\s.,+()-]", cell) for cell in cells)


def _remark(code: str, fates: Sequence[Fate], **fields: str) -> Remark:
    fields["first"] = fates[0].header
    return Remark(code, {"headers": _names(fates), **fields}, warns=True)


def _names(fates: Sequence[Fate]) -> list[str]:
    *shown, last = [fate.header for fate in fates if fate.header][:12] or [""]
    return [*shown, last + (" …" if len(fates) > len(shown) + bool(last) else "")]
