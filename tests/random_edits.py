"""Random edits of the template in LibreOffice: after each, all totals are what Python computes.

    python -m tests.random_edits --edits 1000 --seed 1

Rows are inserted, deleted, sorted, filtered, pasted, typed over, undone, redone; the workbook is
saved and opened again. A difference ends the run with the edits that led to it.
"""

from __future__ import annotations

import argparse
import datetime as dt
import math
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pandas as pd

from sellersheet.cards import shipped_card
from sellersheet.exchange import FxRates
from sellersheet.orders import compute_orders
from sellersheet.policy import load
from sellersheet_workbook.batch.sample import sample_orders
from sellersheet_workbook.template import build, own_orders
from sellersheet_workbook.template.cells import cell
from sellersheet_workbook.template.order_table import (
    COLUMNS,
    FIRST,
    GIVEN,
    GIVEN_FROM,
    GIVEN_TO,
    HEADER,
    place,
)
from tests import addin_in_libreoffice
from tests.libreoffice import Office

LIVE: Final = 60  # rows that are computed
FILLED: Final = 40
_READ: Final = 90  # rows that are looked at: more than are ever filled
_XLSX: Final = "Calc MS Excel 2007 XML"
_SHEET: Final = "订单"
_NO_RATES: Final = FxRates.fixed({})
_TYPED: Final[dict[str, tuple[str, ...]]] = {
    "order_id": ("'A1", "'A2", "'7", ""),
    "order_date": ("2024-08-05", "2024-09-30", "2025-01-15", "2024-06-30", "", "'昨天"),
    "sku": ("'手机壳", ""),
    "country": ("ES", "'法国", "'火星", ""),
    "paid_cny": ("100", "0.43", "88.1", "-5", "'待定", ""),
    "weight_g": ("89", "89.5", "300", ""),
    "logistics_cny": ("22.6", "31", ""),
    "parcel": ("'大件", "'标准件", ""),
    "inbound_days": ("1", "3", "5", ""),
    "standard_box": ("'否", ""),
    "return_case": ("'买家退货验货通过", "'卖家责任", ""),
    "cost_cny": ("30", "", "0"),
}


class Editing:
    """A template in LibreOffice, and what was done to it."""

    def __init__(self, office: Office, folder: Path, seed: int) -> None:
        self.office, self.folder, self.dice = office, folder, random.Random(seed)
        self.done: list[str] = []
        self._filtered = False
        orders = folder / "orders.csv"
        sample_orders(FILLED, seed=seed).to_csv(orders, index=False)
        self._book = folder / "book.xlsx"
        self._book.write_bytes(build("zh", own_orders(orders, "zh", LIVE)))
        office.open(self._book)

    def edit(self) -> None:
        """One edit, noted."""
        acts: list[tuple[int, Callable[[], str | None]]] = [
            (6, self._type), (3, self._paste), (3, self._insert), (3, self._delete),
            (2, self._sort), (2, self._filter), (5, self._undo), (2, self._redo), (1, self._save),
        ]  # fmt: skip
        weights, choices = zip(*acts, strict=True)
        said = None
        while said is None:
            said = self.dice.choices(choices, weights)[0]()
        self.done.append(said)

    def check(self) -> None:
        """Every row's fee, the sums of Home and of the months are those of Python."""
        inputs = self._cells(GIVEN_FROM, GIVEN_TO)
        frame = pd.DataFrame(inputs, columns=[item.title("zh") for item in GIVEN], dtype=object)
        frame = frame.where(frame != "", None)
        results = compute_orders(
            frame.iloc[:LIVE], load(), shipped_card().rates, as_of=dt.date.today(), fx=_NO_RATES
        )
        columns = results.columns("zh")
        fees = [float(fee) for fee in columns["total_fee_cny"]]
        lacking = self._lacking_formulas()
        paid_for = frame["订单实付金额"].iloc[:LIVE].notna()
        told = self._one(_SHEET, "D4")
        if "超出" not in told and any(paid_for.iloc[at] for at in lacking) != (
            "缺结果公式" in told
        ):
            raise self._wrong(f"rows without formulas {sorted(lacking)}, told {told!r}")
        fees = [math.nan if at in lacking else fee for at, fee in enumerate(fees)]
        shown = [row[0] for row in self._cells(place("total_fee_cny"), place("total_fee_cny"))]
        for at, (fee, found) in enumerate(zip(fees, shown, strict=False)):
            self._same(f"row {FIRST + at + 1}", fee, found)
        whole = [fee for fee in fees if not math.isnan(fee)]
        paid = [
            float(cents) / 100
            for cents, fee in zip(results.table.columns["paid_cny"], fees, strict=True)
            if not math.isnan(fee)
        ]
        self._same("Home, paid", sum(paid) if paid else math.nan, self._one("首页", "I12"))
        if not self._filtered:
            self._same("Orders, total", sum(whole), self._one(_SHEET, cell(HEADER - 1, 1)))
        months: dict[str, float] = {}
        for day, fee in zip(results.days.tolist(), fees, strict=True):
            if not math.isnan(fee):
                month = f"{dt.date(1970, 1, 1) + dt.timedelta(days=day):%Y-%m}"
                months[month] = months.get(month, 0) + fee
        held = self.office.values("计算", "P4:AG40")
        found_months = {row[0]: row for row in held if row[0]}
        for month, fee in months.items():
            line = found_months.pop(month, None)
            if line is None:
                raise self._wrong(f"month {month} is missing: {sorted(found_months)}")
            self._same(f"fees of {month}", fee, line[12])
        if any(line[12] for line in found_months.values()):
            raise self._wrong(f"months that have no fees: {sorted(found_months)}")

    def _lacking_formulas(self) -> set[int]:
        """Rows, from 0, that an insertion or an undo left without them: they are told."""
        at = place("total_fee_cny")
        area = f"{cell(FIRST, at)}:{cell(FIRST + LIVE - 1, at)}"
        formulas = self.office.formulas(_SHEET, area)
        return {number for number, (text,) in enumerate(formulas) if not text.startswith("=")}

    def _cells(self, first: int, last: int) -> list[list[Any]]:
        area = f"{cell(FIRST, first)}:{cell(FIRST + _READ - 1, last)}"
        return self.office.values(_SHEET, area)

    def _one(self, sheet: str, address: str) -> Any:
        return self.office.values(sheet, address)[0][0]

    def _same(self, what: str, wanted: float, found: Any) -> None:
        known = isinstance(found, float)
        if math.isnan(wanted) != (not known) or (known and abs(found - wanted) > 0.005):
            raise self._wrong(f"{what}: {found!r} instead of {wanted:.2f}")

    def _wrong(self, what: str) -> AssertionError:
        return AssertionError(
            f"{what}\nafter {len(self.done)} edits:\n" + "\n".join(self.done[-25:])
        )

    # The edits: each tells what it did, or None where it can't be done now.

    def _row(self) -> int:
        return FIRST + self.dice.randrange(FILLED + 5)

    def _type(self) -> str:
        key = self.dice.choice(list(_TYPED))
        at, text = cell(self._row(), place(key)), self.dice.choice(_TYPED[key])
        self.office.write(_SHEET, at, [[text]])
        return f"type {text!r} into {at}"

    def _paste(self) -> str:
        top, count = self._row(), self.dice.randint(1, 6)
        rows = [["" for _ in GIVEN] for _ in range(count)]
        for row in rows:
            for at, item in enumerate(GIVEN):
                row[at] = self.dice.choice(_TYPED.get(item.key, ("",)))
        place_of = f"{cell(top, GIVEN_FROM)}:{cell(top + count - 1, GIVEN_TO)}"
        self.office.write(_SHEET, place_of, rows)
        return f"paste {rows!r} into {place_of}"

    def _insert(self) -> str:
        """As people do: rows inserted, and the formulas of the row above copied down."""
        row, count = self._row() + 1, self.dice.randint(1, 3)
        area = f"A{row + 1}:A{row + count}"
        self.office.insert_rows(_SHEET, area)
        for first, last in ((0, GIVEN_FROM - 1), (GIVEN_TO + 1, len(COLUMNS) - 1)):
            above = f"{cell(row - 1, first)}:{cell(row - 1, last)}"
            self.office.copy(_SHEET, above, f"{cell(row, first)}:{cell(row + count - 1, last)}")
        return f"insert {area}"

    def _delete(self) -> str:
        row, count = self._row(), self.dice.randint(1, 3)
        area = f"A{row + 1}:A{row + count}"
        self.office.delete(_SHEET, area)
        return f"delete {area}"

    def _sort(self) -> str | None:
        if self._filtered:
            return None
        key = self.dice.choice(["paid_cny", "order_date", "country", "total_fee_cny"])
        area = f"{cell(FIRST, 0)}:{cell(FIRST + FILLED - 1, len(COLUMNS) - 1)}"
        self.office.sort(_SHEET, area, place(key))
        return f"sort {area} by {key}"

    def _filter(self) -> str:
        area = f"{cell(HEADER, 0)}:{cell(HEADER + LIVE, len(COLUMNS) - 1)}"
        self._filtered = not self._filtered
        wanted = "ES" if self._filtered else ""
        self.office.filter(_SHEET, area, place("country"), wanted)
        return f"filter {area} by {wanted!r}"

    def _undo(self) -> str | None:
        count = min(len(self.office.steps()), self.dice.randint(1, 3))
        for _ in range(count):
            self.office.undo()
        self._filtered = self.office.is_filtered(_SHEET)
        return f"undo {count}" if count else None

    def _redo(self) -> str | None:
        count = min(len(self.office.steps(back=False)), self.dice.randint(1, 2))
        for _ in range(count):
            self.office.redo()
        self._filtered = self.office.is_filtered(_SHEET)
        return f"redo {count}" if count else None

    def _save(self) -> str:
        path = self.folder / f"saved{len(self.done)}.xlsx"
        self.office.save(path, _XLSX)
        self.office.open(path)
        self._book.unlink()
        self._book = path
        self._filtered = self.office.is_filtered(_SHEET)
        return f"save and open {path.name}"


def run(office: Office, edits: int, seed: int, folder: Path, told: Callable[[str], None]) -> None:
    """The edits, each followed by the check; an AssertionError where something differs."""
    editing = Editing(office, folder, seed)
    editing.check()
    for number in range(1, edits + 1):
        editing.edit()
        editing.check()
        if number % 50 == 0:
            told(f"{number} edits")


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tests.random_edits", description=__doc__)
    parser.add_argument("--edits", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, addin_in_libreoffice.started() as office:
        try:
            run(office, given.edits, given.seed, Path(folder), lambda text: print(text, flush=True))
        except AssertionError as wrong:
            print(wrong)
            return 1
    took = time.monotonic() - began
    print(f"{given.edits} edits, seed {given.seed}: all totals equal, {took:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
