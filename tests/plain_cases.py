"""The formulas of the plain edition's forms over many cases at once, and what the functions say.

    PYTHONPATH=. python -m tests.plain_cases --cases 2000 --prices 100

compares deposits, payments, verdicts and prices in every program that is there.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from sellersheet import functions
from sellersheet.days import epoch_day
from sellersheet.functions.ranges import terms
from sellersheet.rules.deposit import order_deposit
from sellersheet.symbols import Symbol, ref
from sellersheet_workbook.plain import (
    HIDDEN,
    SHOWN,
    WORDS,
    deposit,
    eligibility,
    order_rules,
    policy,
    quote,
    rates,
    words,
)
from sellersheet_workbook.plain.block import put
from sellersheet_workbook.plain.policy import Typed
from sellersheet_workbook.plain.reading import as_given
from sellersheet_workbook.template.book import DAY, Book
from sellersheet_workbook.template.cells import Span
from sellersheet_workbook.template.content import samples
from tests import libreoffice
from tests.plain_books import (
    ENGINES,
    PERIODS,
    calculated,
    language,
    missing,
    opened,
    own_values,
    unlike,
)

TYPED: Final = Typed(PERIODS)
_PRICES_A_SHEET: Final = 100  # what is tried for one takes many of the 16,384 columns
Case = Mapping[str, Any]
Wanted = list[dict[str, Any]]
_DAYS: Final = (None, dt.date(2024, 6, 30), dt.date(2024, 7, 1), dt.date(2024, 12, 1),
                dt.date(2025, 1, 1), dt.date(2025, 3, 3))  # fmt: skip


def deposits(count: int, chance: random.Random) -> list[dict[str, Any]]:
    """Notices and budgets of every kind, a few of them wrong."""
    rate = lambda: chance.choice((0.01, 0.0121, 0.005, 0.03, chance.randrange(1, 900) / 10_000))  # noqa: E731
    found = []
    for _ in range(count):
        case: dict[str, Any] = {
            "base_usd": chance.choice((500, 5000, 1200, 0.01, chance.randrange(1, 900_000) / 100)),
            "risk": chance.choice((0, 0.8, 1.3, chance.randrange(0, 500) / 100)),
            "shop_dispute_rate": chance.choice((0, rate(), rate(), 1)),
            "category_dispute_rate": rate(),
            "as_of": chance.choice(_DAYS),
            "channel": chance.choice(("Alipay+", "支付宝", "payoneer", "P卡", "微信", None)),
            "amount_usd": chance.choice((None, None, 5000, 1990.05, 1990.06, 0.01,
                                         chance.randrange(1, 3_000_000) / 100)),
            "budget": chance.choice((None, 1500, 0, chance.randrange(0, 2_000_000) / 100)),
            "orders": chance.choice((None, 1000, 30, 1800)),
        }  # fmt: skip
        if chance.random() < 0.06:
            key, value = chance.choice((
                ("base_usd", None), ("risk", None), ("category_dispute_rate", 0),
                ("shop_dispute_rate", 65), ("base_usd", -1), ("risk", 101),
            ))  # fmt: skip
            case[key] = value
        found.append(case)
    found[0] = dict.fromkeys(found[0])
    return found


def deposits_wanted(cases: Sequence[Case]) -> Wanted:
    """Deposit, flag and payments by the functions, the inverse by trying the rule around it."""
    found = []
    for case in cases:
        four = [_cell(case[key]) for key in ("base_usd", "risk", "shop_dispute_rate",
                                             "category_dispute_rate")]  # fmt: skip
        day = _cell(case["as_of"]) if case["as_of"] else DAY
        with language("zh"):
            row = functions.ORDERDEPOSIT_DETAIL(*four, day, own_values(TYPED))[0]
        wanted = {"= deposit": row[4], "= deviation": row[2], "= used": row[3]}
        amount = row[4] if case["amount_usd"] is None else _cell(case["amount_usd"])
        parts = _plan(amount, case["channel"], day)
        for at in range(deposit.PARTS):
            for place, key in enumerate(("amount", "fee", "debit")):
                part = parts if isinstance(parts, str) else parts[at][place]
                wanted[f"= {key} {at}"] = part
        found.append(wanted)
    return found


def _plan(amount: Any, channel: Any, day: Any) -> Any:
    """The payments, or the error or blank that stands in the place of each."""
    if isinstance(amount, str):
        return amount
    if channel in (None, "微信"):
        return "#N/A" if channel is None else "#VALUE!"
    with language("zh"):
        table = functions.DEPOSITPLAN(amount, channel, None, day, own_values(TYPED))
    if table[0][0].startswith("#"):
        return table[0][0]
    rows = [tuple(row[1:4]) for row in table[1:-1]]
    return "#N/A" if len(rows) > deposit.PARTS else rows + [("", "", "")] * deposit.PARTS


def within_budget(case: Case, steps: Any, disputes: Any) -> str:
    """What is wrong with the inverse (D20): the rule on both sides of it; "" when nothing is."""
    day = case["as_of"] or DAY
    rules = terms(own_values(TYPED)).policy.on(epoch_day(day))
    base, budget = round(case["base_usd"] * 100), round(case["budget"] * 100)
    risk, mean = (round(case[key] * 10**9) for key in ("risk", "category_dispute_rate"))

    def amount(shop: int, of: int) -> int:
        return int(order_deposit(base, risk, shop, of, rules).amount)

    least, most = amount(0, mean), amount(10**9, mean)
    if disputes in ("都超预算", "不限"):
        sound = least > budget if disputes == "都超预算" else most <= budget
        return "" if sound and steps == disputes else f"{disputes}, {steps}: {least} … {most}"
    if case["orders"]:
        unit, whole = mean * case["orders"], 10**9
        if (
            not amount(int(disputes) * whole, unit)
            <= budget
            < amount((int(disputes) + 1) * whole, unit)
        ):
            return f"{disputes} disputes do not end within {budget}"
    return ""


def shops(count: int, chance: random.Random) -> list[dict[str, Any]]:
    """Shops on both sides of every threshold."""
    warehouses = [*words.named("zh", "designated_warehouses"), "其他仓库", "Winit Shenzhen", None]
    goods = [*words.named("zh", "open_categories"), *words.named("zh", "barred_categories"), None,
             "磁性", "火箭"]  # fmt: skip
    flags = (None, None, "是", "否", True, 0)
    found = [{
        "shop_age_days": chance.choice((None, 179, 180, 181, 200, 3.5)),
        "violations_90d": chance.choice((None, 0, 0, 0, 1)),
        "sell_through": chance.choice((None, 0.65, 0.6499, 0.7, 0.9, 65)),
        "positive_rate": chance.choice((None, 0.955, 0.96, 0.9599, 0.97, 0.99)),
        "warehouse": chance.choice(warehouses),
        "category": chance.choice(goods),
        "battery": chance.choice(flags), "magnetic": chance.choice(flags),
        "medical": chance.choice(flags),
        "country": chance.choice((None, "ES", "波兰", "US", "火星", "FR")),
        "as_of": chance.choice(_DAYS),
    } for _ in range(count)]  # fmt: skip
    found[0] = dict.fromkeys(found[0])
    return found


def shops_wanted(cases: Sequence[Case]) -> Wanted:
    """The verdict on the whole by the function."""
    found = []
    names = ("shop_age_days", "violations_90d", "sell_through", "positive_rate", "warehouse",
             "category", "country")  # fmt: skip
    for case in cases:
        day = _cell(case["as_of"]) if case["as_of"] else DAY
        given = [_cell(case[key]) for key in names]
        flags = [_cell(case[key]) for key in ("battery", "magnetic", "medical")]
        found.append({"= eligible": functions.ELIGIBLE(*given, day, own_values(TYPED), *flags)})
    return found


def prices(count: int, chance: random.Random) -> list[dict[str, Any]]:
    """Orders to be priced: usual costs, and shares that leave next to nothing."""
    found = []
    for _ in range(count):
        case: dict[str, Any] = {
            "paid_cny": 1, "order_date": chance.choice(_DAYS[2:]),
            "cost_cny": chance.choice((0, 30, chance.randrange(1, 50_000) / 100, None)),
            "logistics_cny": chance.choice((0, 22.6, chance.randrange(1, 9_000) / 100)),
            "parcel": chance.choice((None, "大件")), "inbound_days": chance.choice((None, 1, 5)),
            "standard_box": chance.choice((None, "否")),
            "cost commission": chance.choice((None, 0.05, 0.08, chance.randrange(1, 300) / 1000)),
            "cost affiliate": chance.choice((None, 0.03, chance.randrange(1, 100) / 1000)),
            "cost advertising": chance.choice((None, 0.1, 0.345)),
            "cost coupon": chance.choice((None, 2.5)), "cost other": chance.choice((None, 1.23)),
            "margin": chance.choice((0.2, 0.1, 0, 0.333, 0.45, 0.9)),
        }  # fmt: skip
        found.append(case)
    return found


def prices_wanted(cases: Sequence[Case]) -> Wanted:
    """BREAKEVEN and PRICEFORMARGIN."""
    found = []
    for case in cases:
        costs = [["name", "value"]] + [
            [name, case[f"cost {name}"] or 0.0, kind]
            for name, kind in (("commission", "rate"), ("affiliate", "rate"),
                               ("advertising", "rate"), ("coupon", "amount"), ("other", "amount"))
        ]  # fmt: skip
        order = [_cell(case[key]) for key in ("cost_cny", "logistics_cny", "parcel",
                                              "inbound_days", "standard_box")]  # fmt: skip
        more = (costs[1:], case["order_date"], own_values(TYPED))
        found.append({
            "break_even": functions.BREAKEVEN(*order, *more),
            "for_margin": functions.PRICEFORMARGIN(case["margin"], *order, *more),
        })  # fmt: skip
    return found


def _cell(value: Any) -> Any:
    return float(value) if type(value) is int else value


def written(folder: Path, name: str, cases: Sequence[Case]) -> tuple[Path, dict[str, str]]:
    """A workbook with the formulas of a form in a row a case; the columns of the results."""
    book = Book("zh", samples("zh"), ordinary=True)
    for key in (*SHOWN, *HIDDEN):
        book.add_sheet(key, WORDS(key, "zh"), key)
    words.fill(book)
    order_rules.fill(book)
    policy.fill(book, TYPED)
    rates.fill(book, None)
    sheet, rows = book["home"], len(cases)
    keys = list(cases[0]) if name != "prices" else [
        *(key for key, _ in quote.ORDER), *(key for key in cases[0] if key.startswith("cost ")),
        "margin",
    ]  # fmt: skip
    raw: dict[str, Symbol] = {}
    for at, key in enumerate(keys):
        for down, case in enumerate(cases, 1):
            if case.get(key) is not None:
                sheet.put_at(down, at, case[key])
        raw[key] = as_given(sheet.ref(Span(1, at, rows, at)), ref("n"))
    block = _FILLED[name](book, raw, rows)
    places = {key: block.body(key).text for key in block.columns}
    if name == "prices":
        places = _prices_of(book, block, rows)
    path = folder / f"{name}.xlsx"
    path.write_bytes(book.save())
    return path, places


def _prices_of(book: Book, block: Any, rows: int) -> dict[str, str]:
    sheet = book["about"]
    for down in range(rows):
        for right, name in enumerate(("break_even", "for_margin")):
            found = quote.price(book, block, down, name)
            put(sheet, down, right, found / 100)
    return {name: sheet.ref(Span(0, at, rows - 1, at)).text
            for at, name in enumerate(("break_even", "for_margin"))}  # fmt: skip


_FILLED: Final[dict[str, Callable[..., Any]]] = {
    "deposits": lambda *given: deposit.calculation(*given).block,
    "shops": lambda *given: eligibility.calculation(*given).block,
    "prices": quote.calculation,
}
MADE: Final[dict[str, tuple[Callable[..., Any], Callable[..., Wanted]]]] = {
    "deposits": (deposits, deposits_wanted),
    "shops": (shops, shops_wanted),
    "prices": (prices, prices_wanted),
}


def wrong_cases(
    path: Path, places: Mapping[str, str], cases: Sequence[Case], wanted: Wanted
) -> list[str]:
    """Every result of the workbook that is not what the functions say."""
    workbook = opened(path)
    told, columns = [], {}
    for key in {*wanted[0], *({"= most_rate", "= most_disputes"} & places.keys())}:
        sheet, address = places[key].rsplit("!", 1)
        cells = workbook[sheet.strip("'")][address.replace("$", "")]
        rows = cells if isinstance(cells, tuple) else ((cells,),)
        columns[key] = ["" if row[0].value is None else row[0].value for row in rows]
    for number, (case, right) in enumerate(zip(cases, wanted, strict=True)):
        for key, value in right.items():
            if unlike(columns[key][number], value):
                told.append(f"{number}: {key} {columns[key][number]!r}, not {value!r}: {case}")
        if "= most_disputes" in columns and isinstance(right["= deposit"], int | float):
            rate, disputes = (columns[key][number] for key in ("= most_rate", "= most_disputes"))
            asked = case["budget"] is not None and case["orders"] is not None
            if asked and (problem := within_budget(case, rate, disputes)):
                told.append(f"{number}: {problem}: {case}")
    return told


def main() -> int:
    """Many cases in every program that is there."""
    parser = argparse.ArgumentParser(prog="python -m tests.plain_cases", description=__doc__)
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--prices", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    bad = 0
    with tempfile.TemporaryDirectory() as folder, libreoffice.started() as office:
        for name, (make, say) in MADE.items():
            count = asked.prices if name == "prices" else asked.cases
            all_cases = make(count, random.Random(asked.seed))
            lot = _PRICES_A_SHEET if name == "prices" else count
            for start in range(0, count, lot):
                cases = all_cases[start : start + lot]
                wanted = say(cases)
                path, places = written(Path(folder), name, cases)
                for engine in ("saved", *(one for one in ENGINES if not missing(one))):
                    made = path if engine == "saved" else calculated(engine, path, office)
                    wrong = wrong_cases(made, places, cases, wanted)
                    bad += len(wrong)
                    print(
                        f"{name} {engine}: {len(cases)} cases, {len(wrong)} different", flush=True
                    )
                    for line in wrong[:8]:
                        print("  ", line)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
