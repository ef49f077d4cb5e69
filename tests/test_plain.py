"""The plain edition: the same cents as the functions, in programs without the add-in."""

import os
import random
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

import sellersheet
import sellersheet_workbook
from sellersheet.columns import OUTPUT
from sellersheet_workbook import plain
from sellersheet_workbook.plain.orders import HEADER, place
from sellersheet_workbook.plain.policy import Typed
from tests import libreoffice, plain_books, plain_cases
from tests.command_line import call
from tests.plain_books import ENGINES, PERIODS, RATES, calculated, cells, differing, missing

CAPSYS = pytest.CaptureFixture[str]
# All of them are in Excel 2010, and none needs a prefix in the file.
KNOWN = {
    *("ABS", "AND", "COUNTIF", "GCD", "IF", "INDEX", "INT", "ISERROR", "ISLOGICAL", "ISNUMBER"),
    *("EXP", "FIND", "LEFT", "MATCH", "MAX", "MID", "MIN", "MONTH", "NA", "NOT", "OR", "RIGHT"),
    *("ROW", "SEARCH", "SIGN", "SMALL", "SQRT", "SUBSTITUTE", "SUM", "SUMIF"),
    *("SUMPRODUCT", "VALUE", "YEAR"),
}
RULE = 'return where(standard_box, 0, policy.money("repack_fee"))'


@pytest.fixture(scope="module", name="office")
def without_the_addin(plain_office: libreoffice.Office) -> libreoffice.Office:
    return plain_office


@pytest.fixture(scope="module", name="folder")
def folder_of_books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("plain")


@pytest.fixture(scope="module", name="filled")
def book_of_orders(folder: Path) -> tuple[Path, list[dict[str, Any]], list[list[Any]]]:
    """The book, its orders, and what the functions say of them."""
    lines, typed = plain_books.random_orders(60, 3), Typed(PERIODS, RATES)
    wanted = plain_books.expected(lines, typed)
    return plain_books.written(folder, "orders", lines, typed), lines, wanted


@pytest.fixture(scope="module", name="saved")
def saved_with_it(filled: tuple[Path, Any, Any]) -> dict[tuple[str, str], Any]:
    return cells(filled[0])


def _needs(engine: str) -> None:
    if problem := missing(engine):
        required = os.environ.get("SELLERSHEET_REQUIRE_ENGINES") == "1"
        (pytest.fail if required else pytest.skip)(problem)


@pytest.mark.parametrize("seed", [11, 12])
def test_every_result_is_what_the_functions_say(tmp_path: Path, seed: int) -> None:
    lines, typed = plain_books.random_orders(120, seed), Typed(PERIODS if seed % 2 else {}, RATES)
    book = plain_books.written(tmp_path, "orders", lines, typed)
    assert plain_books.wrong_results(lines, book, plain_books.expected(lines, typed)) == []


@pytest.mark.parametrize("engine", ENGINES)
def test_a_program_without_the_add_in_calculates_what_is_saved(
    engine: str, filled: tuple[Path, list[dict[str, Any]], list[list[Any]]],
    saved: dict[tuple[str, str], Any], office: libreoffice.Office,
) -> None:  # fmt: skip
    _needs(engine)
    book, lines, wanted = filled
    made = calculated(engine, book, office)
    assert differing(saved, cells(made)) == []
    assert plain_books.wrong_results(lines, made, wanted) == []


@pytest.mark.parametrize("form", plain_cases.MADE)
def test_a_form_gives_what_the_functions_give(
    form: str, folder: Path, office: libreoffice.Office
) -> None:
    make, say = plain_cases.MADE[form]
    cases = make(2 if form == "prices" else 40, random.Random(5))
    wanted = say(cases)
    path, places = plain_cases.written(folder, form, cases)
    assert plain_cases.wrong_cases(path, places, cases, wanted) == []
    made = calculated("libreoffice", path, office)
    assert plain_cases.wrong_cases(made, places, cases, wanted) == []


def test_a_line_of_several_may_leave_its_amount_blank(tmp_path: Path) -> None:
    paid = (("A", 100), ("A", None), ("B", None), ("C", None), ("C", 2.5))
    lines: list[dict[str, Any]] = [
        {"order_id": number, "paid_cny": amount, "logistics_cny": 22.6} for number, amount in paid
    ]
    lines[3]["parcel"] = "?"
    book = plain_books.written(tmp_path, "lines", lines, Typed({}, RATES))
    wanted = plain_books.expected(lines, Typed({}, RATES))
    assert plain_books.wrong_results(lines, book, wanted) == []
    keys = [item.key for item in OUTPUT]
    results = plain_books.shown(book, len(lines))
    totals = [row[keys.index("total_fee_cny")] for row in results]
    assert totals == ["#N/A", "#N/A", "#VALUE!", "#VALUE!", "#N/A"]
    reasons = [row[keys.index("reason")] for row in results]
    assert reasons[0] == reasons[1] == reasons[4]  # several lines
    assert len(set(reasons)) == 3


def test_numbers_of_19_digits_are_told_apart_and_totals_are_no_orders(tmp_path: Path) -> None:
    numbers = ["8123456789012345671", "8123456789012345672", "A1", " 'a1", 8.1e18, "合计", "共12单"]
    lines = [{"order_id": number, "paid_cny": 100, "logistics_cny": 22.6} for number in numbers]
    book = plain_books.written(tmp_path, "numbers", lines, Typed({}, RATES))
    results = plain_books.shown(book, len(lines))
    keys = [item.key for item in OUTPUT]
    totals = [row[keys.index("total_fee_cny")] for row in results]
    assert totals == [31.3, 31.3, "#N/A", "#N/A", "#VALUE!", "", ""]
    states = [row[keys.index("status")] for row in results]
    assert states == ["正常", "正常", "错误", "错误", "错误", "未计", "未计"]
    assert cells(book, ["首页"])["首页", "C6"] == 200  # the sum of what was paid


def test_formulas_are_short_and_old(filled: tuple[Path, Any, Any]) -> None:
    with zipfile.ZipFile(filled[0]) as archive:
        parts = [archive.read(name).decode() for name in archive.namelist()
                 if name.startswith("xl/worksheets/")]  # fmt: skip
    formulas = [one for part in parts for one in re.findall(r"<f[^>]*>([^<]*)</f>", part)]
    assert len(formulas) > 8_000
    assert max(map(len, formulas)) < 1000
    used = {name for one in formulas for name in re.findall(r"([A-Z][A-Z.0-9]+)\(", one)}
    assert used <= KNOWN, used - KNOWN
    assert not any('t="array"' in part for part in parts)


def test_a_changed_rule_changes_the_workbook_and_nothing_else_is_edited(tmp_path: Path) -> None:
    for package in (sellersheet, sellersheet_workbook):
        source = Path(package.__file__).parent
        ignored = shutil.ignore_patterns("__pycache__", "assets")
        shutil.copytree(source, tmp_path / source.name, ignore=ignored)
    rule = tmp_path / "sellersheet" / "rules" / "fees.py"
    before = rule.read_text(encoding="utf-8")
    assert before.count(RULE) == 1
    after = before.replace(RULE, RULE.replace("0, ", "100, ").replace('_fee"', '_fee"'))
    rule.write_text(after, encoding="utf-8")
    (tmp_path / "books").mkdir()
    code = (
        "import sys; from pathlib import Path; from tests import plain_books as b\n"
        "from sellersheet_workbook.plain.policy import Typed\n"
        "lines, typed = b.random_orders(60, 9), Typed({}, b.RATES)\n"
        "book = b.written(Path(sys.argv[1]), 'changed', lines, typed)\n"
        "print(b.wrong_results(lines, book, b.expected(lines, typed)))\n"
        "import sellersheet; print(sellersheet.__file__)\n"
    )
    here = Path(__file__).parents[1]
    environment = os.environ | {"PYTHONPATH": f"{tmp_path}{os.pathsep}{here}{os.pathsep}addin"}
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "books")], cwd=tmp_path,
                          capture_output=True, text=True, check=True, env=environment)  # fmt: skip
    wrong, place = done.stdout.splitlines()
    assert wrong == "[]"
    assert str(tmp_path) in place
    lines = plain_books.random_orders(60, 9)
    old = plain_books.expected(lines, Typed({}, RATES))
    new = plain_books.shown(tmp_path / "books" / "changed.xlsx", len(lines))
    at = [item.key for item in OUTPUT].index("repack_fee_cny")
    steps = {round(one[at] - other[at], 2) for one, other in zip(new, old, strict=True)
             if isinstance(one[at], int | float)}  # fmt: skip
    assert steps == {0.0, 1.0}  # ¥1 more where the box is the platform's


def test_rows_may_be_sorted_inserted_and_deleted(folder: Path, office: libreoffice.Office) -> None:
    lines = [line for line in plain_books.random_orders(80, 21) if line][:60]
    typed = Typed({}, RATES)
    book = plain_books.written(folder, "moved", lines, typed)
    office.open(book)
    first, last = HEADER + 2, HEADER + 1 + len(lines)
    paid, number = place("paid_cny"), place("order_id")
    at = [place(item.key) for item in OUTPUT[:-2]]
    office.delete("订单", f"A{first + 3}:A{first + 6}")
    office.insert_rows("订单", f"A{first + 10}:A{first + 11}")
    office.sort("订单", f"A{first}:AG{last - 2}", paid)
    office.calculate(120)
    moved = folder / "moved-on.xlsx"
    office.save(moved, "Calc MS Excel 2007 XML")
    office.close()
    sheet = openpyxl.load_workbook(moved, data_only=True)["订单"]
    right = {line["order_id"]: tuple(row) for line, row in
             zip(lines, plain_books.expected(lines, typed), strict=True)}  # fmt: skip
    counts = [line["order_id"] for line in lines]
    seen = 0
    for row in sheet.iter_rows(min_row=first, max_row=last, values_only=True):
        order, results = row[number], [row[one] for one in at]
        if order and counts.count(order) == 1:
            wanted = right[order][:-2]
            shown = tuple("" if value is None else value for value in results)
            assert not any(map(plain_books.unlike, shown, wanted)), (order, shown, wanted)
            seen += 1
    assert seen > 40


def test_the_command_hands_it_out(tmp_path: Path, capsys: CAPSYS) -> None:
    book = tmp_path / "费用.xlsx"
    done = call(capsys, "new", book, "--plain", "--lang", "zh")
    assert done.code == 0
    assert book.read_bytes() == plain.committed("zh").read_bytes()
    refused = call(capsys, "new", tmp_path / "a.xlsm", "--plain", "--lang", "en")
    assert refused.code != 0
    assert ".xlsx" in refused.err


def test_what_a_file_of_orders_was_read_as_is_told(tmp_path: Path, capsys: CAPSYS) -> None:
    orders = tmp_path / "orders.csv"
    orders.write_text("订单号,实付,物流费\nA1,100,22.6\nA2,待确认,20\n", encoding="utf-8")
    book = tmp_path / "book.xlsx"
    words = ("new", book, "--plain", "--orders", orders, "--lang", "zh")
    said = call(capsys, *words).out
    assert "实付＝订单实付金额" in said
    assert "未使用的金额列：物流费" in said
    assert "已计算 1，有问题 1" in said
    total = [item.key for item in OUTPUT].index("total_fee_cny")
    assert plain_books.shown(book, 1)[0][total] == "#N/A"
    said = call(capsys, *words, "--force", "--column", "物流费=logistics_cny").out
    assert "物流费＝物流费(系统报价)" in said
    assert "未使用" not in said
    assert plain_books.shown(book, 1)[0][total] == 31.3


def test_costs_without_a_column_of_their_own_are_among_the_other_costs(
    tmp_path: Path, capsys: CAPSYS
) -> None:
    """Commission and the like had been left out of the profit without a word."""
    orders = tmp_path / "orders.csv"
    orders.write_text(
        "订单号,下单日期,实付,物流费(系统报价),采购成本,佣金,广告费,其他成本\n"
        "A1,2024-08-05,33.33,31,30,5%,2,1\nA2,2024-08-05,100,31,30,1.8,,\n"
        "A3,2024-08-05,100,31,30,,,\nA4,2024-08-05,100,31,30,-5,9,\nA5,2024-08-05,100,31,30,贵,,1\n",
        encoding="utf-8",
    )
    book, results = tmp_path / "book.xlsx", tmp_path / "results.csv"
    call(capsys, "new", book, "--plain", "--orders", orders, "--lang", "zh")
    call(capsys, "batch", orders, "-o", results, "--headers", "key", "--lang", "zh")
    wanted = pd.read_csv(results)["profit_cny"]
    profit = [item.key for item in OUTPUT].index("profit_cny")
    shown = [row[profit] for row in plain_books.shown(book, 5)]
    assert shown == [*wanted[:3], "#VALUE!", "#VALUE!"]
    assert wanted[:3].tolist() == [-38.71, 28.5, 30.3]


def test_the_commands_read_it_like_any_workbook_of_orders(
    folder: Path, office: libreoffice.Office, capsys: CAPSYS
) -> None:
    lines = plain_books.random_orders(40, 31)
    typed = Typed({next(iter(PERIODS)): {"repack_fee": 1.75, "service_fee_rate": 0.04}}, RATES[:2])
    book = plain_books.written(folder, "read", lines, typed)
    wanted = plain_books.expected(lines, typed)
    shared = folder / "shared.xlsx"
    assert call(capsys, "share", book, "-o", shared, "--lang", "zh").code == 0
    assert plain_books.shown(shared, 40) == plain_books.shown(book, 40)
    taken = folder / "taken.csv"
    assert call(capsys, "import", book, "-o", taken, "--lang", "zh").code in (0, 1)
    assert taken.read_text(encoding="utf-8-sig").count("\n") > 20
    bill = folder / "bill.csv"
    number = lines[0]["order_id"]
    bill.write_text(f"订单号,操作费\n{number},5.2\n", encoding="utf-8")
    checked = folder / "check.xlsx"
    told = call(capsys, "reconcile", book, bill, "-o", checked, "--lang", "zh")
    assert told.code in (0, 1)
    assert checked.exists()
    updated = call(capsys, "update", book, "--lang", "zh")
    assert updated.code in (0, 1), updated.err
    keys = [item.key for item in OUTPUT]
    same = 0
    for row, right in zip(plain_books.shown(book, 40), wanted, strict=True):
        if isinstance(right[keys.index("total_fee_cny")], float):
            assert not plain_books.unlike(row[keys.index("total_fee_cny")],
                                          right[keys.index("total_fee_cny")])  # fmt: skip
            same += 1
    assert same > 5
