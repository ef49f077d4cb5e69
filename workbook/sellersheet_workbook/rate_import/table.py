"""The cells of a price sheet below its header: merged cells filled, remarks set apart.

A cell of prices says a number, or a sentence such as 36元/kg+16元/票.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import pandas as pd

from sellersheet.amounts import OF_KIND
from sellersheet.exchange import currency
from sellersheet.intake.grid import Grid, Shown
from sellersheet.intake.layout import Layout
from sellersheet.intake.vocabulary import price_unit
from sellersheet_workbook.rate_import.found import Findings, RateSheetProblem

_REMARK: Final = re.compile(
    r"备\s*注|注\s*[:\uff1a\d]|说明|附注|注意|温馨提示|note|remark|\*", re.I
)
_SHOWN: Final = 120
_NONE: Final = frozenset(
    "- -- / — 无 不收 免 免费 包含 已含 none free n/a".split()  # noqa: SIM905
)
_LABELS: Final = frozenset(
    {"", "运费", "基础运费", "挂号费", "挂号", "处理费", "操作费", "票费", "freight", "handling"}
)
_THOUSANDS: Final = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
# A text that may be a thousand or a little over one.
_UNCLEAR: Final = re.compile(r"[1-9]\d{0,2}\.\d{3}")
_PART: Final = re.compile(
    r"(?P<before>[^\d+]*?)\s*(?P<number>\d+(?:\.\d+)?)\s*(?P<money>[^\d\s/%()]*)\s*"
    r"(?:(?P<percent>%)|/\s*(?:每\s*)?(?P<count>\d+(?:\.\d+)?)?\s*(?P<unit>[^\d\s/+]+))?"
)


@dataclass
class CarrierSheet:
    """``cells`` by column, None where blank and in rows that are no rates; ``n`` rows."""

    labels: list[str]
    cells: list[list[Any]]
    n: int
    first_row: int
    titles: tuple[str, ...]
    name: str
    others: tuple[str, ...]
    uncached: frozenset[tuple[int, int]]
    shown: Mapping[int, list[Shown]]
    findings: Findings

    def column(self, at: int) -> list[Any]:
        """The cells of one column."""
        return self.cells[at] if at < len(self.cells) else [None] * self.n

    def filled(self, row: int) -> bool:
        """Whether the row holds anything."""
        return any(column[row] is not None for column in self.cells)


def plain_text(cell: object) -> str:
    """A cell as it is compared: without width and case."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return unicodedata.normalize("NFKC", str(cell)).casefold().strip()


def sheet_of(
    grid: Grid, found: Layout, findings: Findings
) -> tuple[CarrierSheet, list[RateSheetProblem]]:
    """The sheet below the header, and a problem for each row that is a remark."""
    frame = grid.below(found.at).frame
    labels = list(found.labels[: frame.shape[1]])
    labels += [""] * (frame.shape[1] - len(labels))
    cells = [_column(frame.iloc[:, at].astype(object)) for at in range(frame.shape[1])]
    beside = grid.beside
    down = found.at + 1
    shown = {
        at: [Shown(part.rows - down, part.currency, part.unit, part.percent) for part in parts]
        for at, parts in beside.shown.items()
    }
    sheet = CarrierSheet(
        labels, cells, len(frame), findings.first_row, found.titles, grid.sheet or "",
        tuple(grid.others), frozenset((row - down, at) for row, at in beside.uncached), shown,
        findings,
    )  # fmt: skip
    remarks = _set_remarks_apart(sheet)
    _fill_merged(sheet, beside.merged, down)
    return sheet, remarks


def fill_down(sheet: CarrierSheet, at: int, *, asked: bool, hint: bool) -> None:
    """The value above in each blank cell of a filled row, when that is asked for."""
    column = sheet.column(at)
    gaps = [row for row, cell in enumerate(column) if cell is None and sheet.filled(row)]
    gaps = [row for row in gaps if any(column[above] is not None for above in range(row))]
    if not gaps:
        return
    header = sheet.labels[at]
    if not asked:
        if hint:
            sheet.findings.note("fill_down_hint", header=header)
        return
    for row in gaps:
        column[row] = next(
            column[above] for above in range(row - 1, -1, -1) if column[above] is not None
        )
    sheet.findings.note("filled", header=header, count=len(gaps))


def format_unit(sheet: CarrierSheet, at: int) -> str:
    """The one unit of weight that the number formats of a column name."""
    units = {part.unit for part in sheet.shown.get(at, ()) if part.unit in OF_KIND["grams"]}
    return units.pop() if len(units) == 1 else ""


def _column(cells: Iterable[Any]) -> list[Any]:
    return [None if pd.isna(cell) or not str(cell).strip() else cell for cell in cells]


def _set_remarks_apart(sheet: CarrierSheet) -> list[RateSheetProblem]:
    """Rows of words alone, in one cell: they may speak of prices, so they are shown."""
    found = []
    for row in range(sheet.n):
        filled = [column[row] for column in sheet.cells if column[row] is not None]
        if not filled or not isinstance(filled[0], str):
            continue
        lone = len(filled) == 1 and sheet.cells[0][row] is not None and len(sheet.cells) > 2
        worded = _REMARK.match(filled[0].strip()) is not None
        if (lone and (worded or len(filled[0]) > 20)) or (worded and len(filled) <= 2):
            text = " ".join(str(cell).strip() for cell in filled)
            text = text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
            found.append(RateSheetProblem("remark", row=row + sheet.first_row, text=text))
            for column in sheet.cells:
                column[row] = None
    return found


def _fill_merged(
    sheet: CarrierSheet, areas: Iterable[tuple[int, int, int, int]], down: int
) -> None:
    count = 0
    for top, left, bottom, _ in areas:
        first = top - down
        if first < 0 or first >= sheet.n or left >= len(sheet.cells):
            continue
        column = sheet.cells[left]
        for row in range(first + 1, min(bottom - down + 1, sheet.n)):
            if column[row] is None and column[first] is not None and sheet.filled(row):
                column[row] = column[first]
                count += 1
    if count:
        sheet.findings.note("merged", count=count)


@dataclass(frozen=True, slots=True)
class Amount:
    """One price: ``per`` is "" where only the header tells, else kg, 100g, parcel."""

    number: Decimal
    currency: str = ""
    per: str = ""
    percent: bool = False


def amounts_in(cell: object) -> list[Amount] | None:
    """The prices of a filled cell; none for a cell that says there is none, None where it is
    not understood."""
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int | float):
        return [Amount(Decimal(str(cell)))] if cell >= 0 else None
    text = plain_text(cell)
    if text in _NONE:
        return []
    text = _THOUSANDS.sub("", text)
    if _UNCLEAR.fullmatch(text):
        return None
    found = [_amount(part.strip()) for part in re.split(r"[+;,、]", text)]
    whole = [amount for amount in found if amount is not None]
    # 36,5 are no two prices: each part of a sentence says what it is for.
    told = len(whole) == 1 or all(amount.per or amount.percent for amount in whole)
    return whole if told and len(whole) == len(found) else None


def is_bare(cell: object) -> bool:
    """Whether the cell is a number above 0 that says nothing of what it is for."""
    found = amounts_in(cell) if cell is not None else None
    return bool(found) and any(
        not item.per and not item.percent and item.number for item in found or ()
    )


def _amount(text: str) -> Amount | None:
    hit = _PART.fullmatch(text)
    if hit is None:
        return None
    label, sign = hit["before"].strip().rstrip(":").strip(), ""
    if label not in _LABELS:
        label, sign = _signed(label)
        if label not in _LABELS:
            return None
    money = currency(hit["money"]) if hit["money"] else currency(sign) if sign else ""
    if (hit["money"] or sign) and not money:
        return None
    if hit["percent"]:
        return Amount(Decimal(hit["number"]) / 100, money, "", True)
    if hit["unit"] is None:
        return Amount(Decimal(hit["number"]), money)
    per = price_unit(hit["count"], hit["unit"])
    return Amount(Decimal(hit["number"]), money, per) if per else None


def _signed(text: str) -> tuple[str, str]:
    """A label and the currency that follows it."""
    for at in range(len(text)):
        if currency(text[at:].strip()):
            return text[:at].strip().rstrip(":").strip(), text[at:].strip()
    return text, ""
