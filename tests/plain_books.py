"""Plain editions filled with orders, what the functions say of them, and programs that calculate.

    PYTHONPATH=. python -m tests.plain_books --orders 20000 [--file orders.csv]

calculates that many random orders, deposits, verdicts, freights and prices in every program that
is there and compares each cell with the functions: minutes, so it is no part of the suite.
"""

from __future__ import annotations

import argparse
import datetime as dt
import importlib.util
import os
import random
import shutil
import subprocess
import sys
import time
import warnings
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

import openpyxl
import pandas as pd

from sellersheet import functions
from sellersheet.columns import OUTPUT, column
from sellersheet.orders.marks import WORDS as MARKS
from sellersheet.wording import Lang
from sellersheet_workbook import plain
from sellersheet_workbook.plain.orders import COLUMNS, HEADER, INPUTS, place
from sellersheet_workbook.plain.policy import Typed
from sellersheet_workbook.plain.rates import KEYS
from sellersheet_workbook.template.book import DAY
from sellersheet_workbook.template.content import Content
from tests import libreoffice

ENGINES: Final = ("libreoffice", "gnumeric", "ironcalc")
_IRONCALC: Final = """
import sys, ironcalc
book = ironcalc.load_from_xlsx(sys.argv[1], "en", "UTC", "en")
book.evaluate()
book.save_to_xlsx(sys.argv[2])
"""
_EPOCH: Final = dt.date(1899, 12, 30)
PERIODS: Final[dict[dt.date, dict[str, Any]]] = {
    dt.date(2024, 7, 1): {"repack_fee": 1.75},
    dt.date(2024, 9, 15): {"service_fee_rate": 0.0385, "operation_fee": 5.6, "rush_after_days": 2},
    dt.date(2025, 1, 1): {"service_fee_rate": 0.0412, "seller_fault_subsidy": 1,
                          "buyer_return_refund_rate": 0.5, "failed_inspection_refund_rate": 0.125,
                          "deviation_cap": 0.4, "payoneer_single_limit": 1500,
                          "channel_fee_rate": 0.0075, "positive_rate_min": 0.96},
}  # fmt: skip
RATES: Final = (
    {"country": "ES", "line": "标准小包", "from_g": 0, "to_g": 500, "first_g": 100,
     "first_price": 12.5, "step_g": 50, "step_price": 1.31, "registration": 3.2, "min_g": 50,
     "round_g": 10, "divisor": 8000, "start": dt.date(2024, 7, 1)},
    {"country": "西班牙", "line": "标准小包", "from_g": 500, "to_g": 30000, "per_kg": 48.65,
     "registration": 16, "divisor": 8000, "start": dt.date(2024, 7, 1)},
    {"country": "France", "line": "A", "from_g": 0, "to_g": 2000, "per_kg": 61.07,
     "registration": 9.99, "divisor": "不计", "start": dt.date(2024, 7, 1)},
    {"country": "FR", "line": "B", "from_g": 0, "to_g": 2000, "per_kg": 55.55, "registration": 7,
     "divisor": 6000, "start": dt.date(2024, 8, 1)},
    {"country": "KR", "line": "小包", "from_g": 0, "to_g": 89, "first_g": 89, "first_price": 22.6,
     "start": dt.date(2024, 7, 15)},
    {"country": "DE", "line": "坏行", "from_g": 0, "to_g": "?", "per_kg": 50,
     "start": dt.date(2024, 7, 1)},
    {"country": "DE", "line": "好行", "from_g": 0, "to_g": 3000, "first_g": 0, "step_g": 333.3,
     "step_price": 7.77, "round_g": 0.5, "divisor": 5000.5, "start": dt.date(2024, 7, 1)},
    {"country": "PL", "line": "两段重叠", "from_g": 0, "to_g": 600, "per_kg": 40, "divisor": "无",
     "start": dt.date(2024, 7, 1)},
    {"country": "PL", "line": "两段重叠", "from_g": 500, "to_g": 900, "per_kg": 41, "divisor": "无",
     "start": dt.date(2024, 7, 1)},
)  # fmt: skip


def missing(engine: str) -> str:
    """What is missing for a program to calculate; "" when nothing is."""
    if engine == "libreoffice":
        return libreoffice.missing()
    if engine == "gnumeric":
        return "" if shutil.which("ssconvert") else "gnumeric is not installed"
    return "" if importlib.util.find_spec("ironcalc") else "ironcalc is not installed"


def calculated(engine: str, book: Path, office: libreoffice.Office | None = None) -> Path:
    """The workbook with every formula calculated anew by that program."""
    target = book.with_name(f"{book.stem}-{engine}.xlsx")
    target.unlink(missing_ok=True)
    if engine == "libreoffice":
        assert office is not None
        office.open(book, timeout=600)
        office.calculate(600)
        office.save(target, "Calc MS Excel 2007 XML", timeout=600)
        office.close()
    elif engine == "gnumeric":
        command = ["ssconvert", "--recalc", str(book), str(target)]
        subprocess.run(command, check=True, capture_output=True, timeout=1800)
    else:
        command = [sys.executable, "-c", _IRONCALC, str(book), str(target)]
        subprocess.run(command, check=True, capture_output=True, timeout=1800)
    return target


def opened(book: Path, *, read_only: bool = False) -> Any:
    """The workbook with its values; Gnumeric's has no default style, which openpyxl remarks."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Workbook contains no default style")
        return openpyxl.load_workbook(book, data_only=True, read_only=read_only)


def cells(book: Path, sheets: Iterable[str] | None = None) -> dict[tuple[str, str], Any]:
    """The value of every cell that has one; days as numbers."""
    workbook = opened(book, read_only=True)
    found = {}
    for sheet in workbook if sheets is None else (workbook[name] for name in sheets):
        sheet.reset_dimensions()  # all that is there, whatever the file says of it
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value not in (None, ""):
                    found[sheet.title, cell.coordinate] = _plain(cell.value)
    workbook.close()
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return (value - dt.datetime(1899, 12, 30)) / dt.timedelta(days=1)
    return value


def unlike(first: Any, second: Any) -> bool:
    """Whether two cells differ; a sum or share may differ in the last places of its float."""
    if type(first) is not bool and type(second) is not bool:
        numbers = isinstance(first, int | float) and isinstance(second, int | float)
        if numbers and abs(first - second) <= 1e-12 * max(1.0, abs(first)):
            return False
    return bool(first != second)


def differing(first: Mapping[Any, Any], second: Mapping[Any, Any]) -> list[tuple[Any, Any, Any]]:
    """Where two workbooks show something else, and what."""
    keys = sorted({*first, *second})
    pairs = ((key, first.get(key), second.get(key)) for key in keys)
    return [one for one in pairs if unlike(one[1], one[2])]


def shown(book: Path, count: int, lang: Lang = "zh") -> list[tuple[Any, ...]]:
    """The result columns of the first orders."""
    workbook = opened(book, read_only=True)
    sheet = workbook[plain.WORDS("orders", lang)]
    rows = sheet.iter_rows(
        min_row=HEADER + 2, max_row=HEADER + 1 + count, max_col=len(COLUMNS), values_only=True,
    )  # fmt: skip
    at = [place(item.key) for item in OUTPUT]
    found = [tuple("" if row[one] is None else row[one] for one in at) for row in rows]
    workbook.close()
    return found


def expected(lines: Sequence[Mapping[str, Any]], typed: Typed) -> list[list[Any]]:
    """What ORDERTABLE gives for the same cells, with what this edition leaves open put in."""
    rates = None
    if typed.rates is not None:
        rates = [list(KEYS), *([_given(row.get(key)) for key in KEYS] for row in typed.rates)]
    found = _table(lines, rates, typed)
    seen = Counter(_order(line) for line in lines)
    several = [bool(_order(line)) and seen[_order(line)] > 1 for line in lines]
    # A line of several says what is wrong in itself, else that it is one of them.
    pairs = enumerate(zip(lines, several, strict=True))
    apart = _table([_apart(at, line) if one else line for at, (line, one) in pairs], rates, typed)
    left, width = MARKS("status_left", "zh"), len(OUTPUT) - 2
    for line, row, alone, repeated in zip(lines, found, apart, several, strict=True):
        if row[-2] == left:
            continue
        error = next((v for v in line.values() if isinstance(v, str) and v.startswith("#")), None)
        if not error and any(_number_as_text(key, value) for key, value in line.items()):
            error = "#VALUE!"
        if not error and repeated:
            row[:] = alone
            error = None if row[-2] == "错误" else "#N/A"
        if error:
            row[:width] = [error] * width
            row[-2] = "错误"
    return found


def _table(lines: Sequence[Mapping[str, Any]], rates: Any, typed: Typed) -> list[list[Any]]:
    header = [item.key for item in INPUTS]
    block = [header, *([_given(line.get(key)) for key in header] for line in lines)]
    with language("zh"):
        table = functions.ORDERTABLE(block, rates, own_values(typed), None, None, DAY)
    return [list(row) for row in table[1:]]


def _apart(number: int, line: Mapping[str, Any]) -> dict[str, Any]:
    """A line of an order as an order of its own; a further line may leave the amount blank."""
    paid = 1 if line.get("paid_cny") is None else line["paid_cny"]
    own = line["order_id"]
    own = f"{own}-{number}" if str(own).isalnum() else own  # 8.1E+18 stays wrong
    return {**line, "order_id": own, "paid_cny": paid}


def _order(line: Mapping[str, Any]) -> str:
    number = line.get("order_id") or ""
    return f"{line.get('shop') or ''}|{number}" if number else ""


def _number_as_text(key: str, value: Any) -> bool:
    kind = column("orders", key).kind
    return kind in ("money", "grams", "cm", "count", "date") and isinstance(value, str)


def _given(value: Any) -> Any:
    if isinstance(value, dt.date):
        return float((value - _EPOCH).days)
    return float(value) if type(value) is int else value


def own_values(typed: Typed) -> list[list[Any]] | None:
    """The values typed over, as the functions take them."""
    rows = [
        [name, value, _given(day), None]
        for day, values in typed.periods.items()
        for name, value in values.items()
    ]
    return [["name", "value", "start", "reason"], *rows] if rows else None


@contextmanager
def language(lang: Lang) -> Any:
    """The functions answer in this language."""
    with patch.dict(os.environ, {"SELLERSHEET_LANG": lang}):
        yield


def random_orders(count: int, seed: int) -> list[dict[str, Any]]:
    """Orders of every kind: usual ones, ends of ranges, ties of rounding, wrong cells."""
    chance = random.Random(seed)
    return [_order_line(chance, number) for number in range(count)]


def _amount(chance: random.Random) -> float:
    kind = chance.random()
    if kind < 0.6:
        return chance.randrange(1, 50_000) / 100
    if kind < 0.8:  # 3.5 % of it is a tie
        return chance.randrange(1, 4000) * 2 / 7 if chance.random() < 0.1 else (
            chance.randrange(0, 3000) + 0.43
        )  # fmt: skip
    if kind < 0.9:
        return chance.choice((0, 0.01, 0.1, 0.43, 1, 3, 1.005, 2.675, 999_999_999.99, 1e9, 1e6))
    return round(chance.random() * 10 ** chance.randrange(0, 8), chance.randrange(0, 4))


def _order_line(chance: random.Random, number: int) -> dict[str, Any]:
    if chance.random() < 0.01:
        return {}
    pick, rare = chance.choice, lambda share: chance.random() < share
    line: dict[str, Any] = {
        "shop": pick(("店A", "店B")),
        "order_id": f"81{number:017d}",
        "order_date": pick((
            dt.date(2024, 6, 30), dt.date(2024, 7, 1), dt.date(2024, 7, 14), dt.date(2024, 9, 14),
            dt.date(2024, 9, 15), dt.date(2024, 12, 31), dt.date(2025, 1, 1), dt.date(2025, 6, 1),
            None, 45500.75, dt.date(2024, 7, 15), dt.date(2024, 8, 1),
        )),
        "paid_cny": _amount(chance),
        "logistics_cny": None if rare(0.4) else _amount(chance),
        "cost_cny": None if rare(0.3) else _amount(chance),
        "other_cny": _amount(chance) if rare(0.3) else None,
        "parcel": pick(("标准件", "大件", "oversize", None, None, "小 件")),
        "inbound_days": pick((None, 0, 1, 2, 3, 4, 3650, 7)),
        "standard_box": pick((None, "是", "否", "no", "yes", True, False, 1, 0)),
        "return_case": pick((None, None, None, "买家退货验货通过", "买家退货验货未通过", "卖家责任",
                             "买家退货", "无退货", "seller")),
        "refund_cny": _amount(chance) if rare(0.4) else None,
        "goods_lost_cny": _amount(chance) if rare(0.3) else None,
        "country": pick(("ES", "西班牙", "FR", "KR", "Germany", "PL", "US", None, "fra")),
        "line": pick((None, None, "标准小包", "A", "b", "小包", "没有这条", "好行")),
        "weight_g": pick((None, 0, 0.5, 49.9995, 50, 88.9, 89, 89.001, 500, 500.001, 1999, 2000,
                          chance.randrange(1, 30_000), chance.random() * 3000)),
    }  # fmt: skip
    if rare(0.5):
        for side in ("length_cm", "width_cm", "height_cm"):
            line[side] = pick((None, 10, 30.125, 60, chance.random() * 50)) if rare(0.3) else (
                chance.randrange(1, 600) / 10
            )  # fmt: skip
    if rare(0.04) and number:
        line["order_id"] = f"81{chance.randrange(number):017d}"
    if rare(0.06):
        key, value = pick((
            ("paid_cny", "待确认"), ("paid_cny", -1), ("paid_cny", None), ("paid_cny", "100"),
            ("paid_cny", "#DIV/0!"), ("country", "火星"), ("parcel", "?"), ("parcel", "*"),
            ("inbound_days", 2.5), ("inbound_days", -1), ("weight_g", "89克"), ("weight_g", 2e6),
            ("standard_box", "也许"), ("standard_box", 2), ("order_date", 5.0), ("cost_cny", -0.01),
            ("return_case", "坏了"), ("length_cm", 1001), ("logistics_cny", "#N/A"),
            ("order_date", "昨天"), ("refund_cny", 1e10), ("order_id", 8.1e18),
            ("order_id", "8.1234E+18"), ("order_id", f"A {number}*?"), ("order_id", 9e5 + number),
        ))  # fmt: skip
        line[key] = value
    if rare(0.01):
        line |= {"order_id": None, **pick((
            {"order_id": "合 计："}, {"shop": "本页小计（3单）"}, {"order_id": "共12单"},
            {"shop": None, "sku": "Grand Total"}, {"shop": None, "order_date": "8月合计 150.00"},
            {"shop": "sub-total", "order_id": 12.0}, {"shop": "SUM", "paid_cny": "¥1,234.50"},
        ))}  # fmt: skip
    return line


def orders_of_file(path: Path) -> list[dict[str, Any]]:
    """The orders of a csv with the columns' keys."""
    frame = pd.read_csv(path, dtype={"order_id": str})
    keys = {item.key for item in INPUTS}
    rows = []
    for row in frame.to_dict("records"):
        line = {k: v for k, v in row.items() if k in keys and v == v}
        line["order_date"] = dt.date.fromisoformat(line["order_date"])
        rows.append({key: _given_bool(value) for key, value in line.items()})
    return rows


def _given_bool(value: Any) -> Any:
    return bool(value) if type(value).__name__ in ("bool", "bool_") else value


def wrong_results(
    lines: Sequence[Mapping[str, Any]], book: Path, wanted: Sequence[Sequence[Any]]
) -> list[str]:
    """Every result of the workbook that is not what the functions say."""
    told = []
    for number, (row, right) in enumerate(zip(shown(book, len(lines)), wanted, strict=True)):
        for item, value, other in zip(OUTPUT, row, right, strict=True):
            if item.key != "reason" and unlike(value, other):
                told.append(f"row {number}: {item.key} {value!r}, not {other!r}: {lines[number]}")
    return told


def written(folder: Path, name: str, lines: list[dict[str, Any]], typed: Typed) -> Path:
    """A plain edition with these orders in it."""
    book = folder / f"{name}.xlsx"
    content = Content([dict(line) for line in lines], max(50, len(lines)), sample=False)
    book.write_bytes(plain.build("zh", content, typed))
    return book


def main() -> int:
    """Many orders in every program that is there."""
    import tempfile

    parser = argparse.ArgumentParser(prog="python -m tests.plain_books", description=__doc__)
    parser.add_argument("--orders", type=int, default=20_000)
    parser.add_argument("--at-once", type=int, default=2500)
    parser.add_argument("--file", type=Path, help="a csv of orders, calculated too")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    for engine in ENGINES:
        print(engine, missing(engine) or "is there")
    lots = [
        (random_orders(min(asked.at_once, asked.orders - start), asked.seed + start), Typed(
            PERIODS if start // asked.at_once % 2 else {}, RATES))
        for start in range(0, asked.orders, asked.at_once)
    ]  # fmt: skip
    if asked.file:
        real = orders_of_file(asked.file)
        lots += [(real[at : at + asked.at_once], Typed(PERIODS, RATES))
                 for at in range(0, len(real), asked.at_once)]  # fmt: skip
    bad = compared = 0
    with tempfile.TemporaryDirectory() as name, libreoffice.started() as office:
        for lot, (lines, typed) in enumerate(lots):
            book = written(Path(name), f"lot{lot}", lines, typed)
            wanted = expected(lines, typed)
            for engine in ("saved", *(one for one in ENGINES if not missing(one))):
                began = time.monotonic()
                made = book if engine == "saved" else calculated(engine, book, office)
                wrong = wrong_results(lines, made, wanted)
                took = time.monotonic() - began
                bad, compared = bad + len(wrong), compared + len(lines) * (len(OUTPUT) - 1)
                told = f"lot {lot} {engine}: {len(lines)} orders, {len(wrong)} different"
                print(f"{told}, {took:.0f} s", flush=True)
                for line in wrong[:8]:
                    print("  ", line)
                if made != book:
                    made.unlink()
            book.unlink()
    print(f"{compared:,} results compared, {bad} different")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
