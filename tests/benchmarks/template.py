"""The template in LibreOffice against the same workbook with nothing but ordinary formulas.

The other workbook has the same cells and charts. Its result columns and summaries are ordinary
formulas, cell by cell; all other cells that call a function of ours hold their values. It can't
share an order's fees among its lines, check every input or find the groups of a summary, so it
has less to do.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

from sellersheet.columns import TABLES, Column
from sellersheet.functions.registry import FUNCTIONS
from sellersheet.wording import Lang
from sellersheet_workbook.template import Content, build, content, orders
from sellersheet_workbook.template.book import Sheet
from sellersheet_workbook.template.cells import Result, Span, cell, stored
from sellersheet_workbook.template.order_table import COLUMNS, FIRST, HEADER, place
from tests import addin_in_libreoffice
from tests.benchmarks import inputs
from tests.benchmarks.harness import Line, Scale, in_turns
from tests.libreoffice import Office

_AGAINST: Final = "the same workbook, ordinary formulas"
_FEES: Final = ("service_fee", "operation_fee", "rush_fee", "repack_fee", "logistics_fee",
                "operation_refund", "subsidy_loss")  # fmt: skip
_RESULTS: Final = {
    "chargeable_g": 'IF({length_cm}="",{weight_g},MAX({weight_g},ROUND({length_cm}*{width_cm}'
    "*{height_cm}/8000*1000,0)))",
    "service_fee_cny": "ROUND({paid_cny}*0.035,2)",
    "operation_fee_cny": '5.2+IF({parcel}="大件",2.8,0)',
    "rush_fee_cny": "IF(N({inbound_days})>3,3,0)",
    "repack_fee_cny": 'IF({standard_box}="否",1.5,0)',
    "logistics_fee_cny": 'IF({logistics_cny}="",NA(),{logistics_cny})',
    "operation_refund_cny": 'IF({return_case}="买家退货验货通过",-{operation_fee_cny},0)',
    "subsidy_loss_cny": 'IF({return_case}="卖家责任",0.8,0)',
    "total_fee_cny": "SUM(" + ",".join(f"{{{name}_cny}}" for name in _FEES) + ")",
    "profit_cny": 'IF({cost_cny}="","",{paid_cny}-N({refund_cny})-{cost_cny}-N({other_cny})'
    "-{total_fee_cny})",
    "margin": 'IF(OR({profit_cny}="",{paid_cny}=0),"",{profit_cny}/{paid_cny})',
    "status": 'IF(ISERROR({total_fee_cny}),"警告",IF(OR({inbound_days}=2,{inbound_days}=3),"提示",'
    '"正常"))',
    "reason": 'IF(ISERROR({total_fee_cny}),"没有物流费：请填写平台报价。",'
    'IF({inbound_days}>1,"入仓天数 "&{inbound_days}&"：是否收加急费没有定论。",""))',
}


def measure(scale: Scale) -> Iterator[Line]:
    """Opening with everything calculated, calculating all, and one amount typed in."""
    rows = scale.rows(5_000)
    with tempfile.TemporaryDirectory() as folder:
        frame = inputs.typed_orders(rows)
        frame.to_csv(Path(folder, "orders.csv"), index=False)
        filled = content.own_orders(Path(folder, "orders.csv"), "zh", rows)
        yield from compare(filled, Path(folder), scale)


def compare(filled: Content, folder: Path, scale: Scale) -> Iterator[Line]:
    """Both workbooks with these orders."""
    mine, other = folder / "mine.xlsx", folder / "other.xlsx"
    mine.write_bytes(build("zh", filled))
    with _ordinary():
        other.write_bytes(build("zh", filled))
    what = f"template of {filled.rows:,} orders in LibreOffice"
    with addin_in_libreoffice.started() as one, one.beside() as two:
        yield in_turns(
            f"{what}: opened and calculated", lambda: one.open(mine), _AGAINST,
            lambda: two.open(other), scale, aim=1.5,
        )  # fmt: skip
        yield in_turns(
            f"{what}: all calculated again", one.calculate, _AGAINST, two.calculate, scale, aim=1.5
        )
        yield in_turns(
            f"{what}: an amount typed, Home read", _typed(one), _AGAINST, _typed(two), scale
        )


def _typed(office: Office) -> Callable[[], None]:
    amounts = count(100)

    def run() -> None:
        office.write("订单", cell(FIRST, place("paid_cny")), [[str(next(amounts))]])
        ((fees,),) = office.values("首页", "I12")
        if not isinstance(fees, float):
            raise TypeError("the fees are no number")

    return run


@contextmanager
def _ordinary() -> Iterator[None]:
    """Templates are built without the add-in's functions."""
    ours = re.compile(rf"\b({'|'.join(FUNCTIONS)})\(")
    formula_at, array = Sheet.formula_at, Sheet.array

    def value_at(
        sheet: Sheet, row: int, column: int, text: str, value: Any, style: Any = None
    ) -> None:
        if ours.search(text):
            sheet._values[row, column] = stored(value)
            sheet.page.place(row, column, Result(stored(value), style))
        else:
            formula_at(sheet, row, column, text, value, style)

    def values(
        sheet: Sheet, address: str, text: str, result: Any, style: Any = None, **more: Any
    ) -> Any:
        if sheet.about or not ours.search(text):  # what is shown is asked for behind the scenes
            return array(sheet, address, text, result, style, **more)
        with patch.object(sheet.page, "place", lambda *_: None):
            rows = array(sheet, address, text, result, style, **more)
        area = Span.of(address)
        if "ORDERTABLE(" in text:  # its first title is what the name Saved looks at
            sheet.put_at(area.top, area.left, rows[0][0])
        else:
            _summary(sheet, area, text, rows)
        return rows

    with (
        patch.object(Sheet, "formula_at", value_at),
        patch.object(Sheet, "array", values),
        patch.object(orders, "_result_formula", _result_formula),
    ):
        yield


def _result_formula(item: Column, row: int, _: Lang) -> str:
    """A result from the cells of its row."""
    here = {column.key: cell(row, at) for at, column in enumerate(COLUMNS)}
    return f'=IF({here["paid_cny"]}="","",{_RESULTS[item.key].format(**here)})'


def _summary(sheet: Sheet, area: Span, text: str, rows: list[list[Any]]) -> None:
    """The groups as they are; their sums by SUMIFS, months by first and last day."""
    summed = re.search(r'"(month|country|sku)"', text) if "SUMMARY(" in text else None
    keys = {item.key: place(item.key) for item in COLUMNS}
    book = sheet.book["orders"]

    def column(key: str) -> str:
        last = HEADER + len(sheet.book.names["Results"].rows)
        return book.ref(Span(FIRST, keys[key], last, keys[key])).text

    for down, line in enumerate(rows):
        for right, value in enumerate(line):
            at, key = (area.top + down, area.left + right), ""
            if summed and down and line[0] not in ("", "#N/A"):
                key = TABLES["summary"][right].key
            if key not in keys:
                sheet._values[at] = stored(value)
                sheet.page.place(*at, Result(stored(value), None))
                continue
            group = cell(area.top + down, area.left)
            tests = f"{column('sku' if summed and summed[1] == 'sku' else 'country')},{group}"
            if summed and summed[1] == "month":
                day = column("order_date")
                first = f'DATEVALUE({group}&"-01")'
                tests = f'{day},">="&{first},{day},"<"&EDATE({first},1)'
            sheet.formula_at(*at, f"=SUMIFS({column(key)},{tests})", value, None)
