"""Order exports as sellers get them, brought into one file of orders, none twice."""

import datetime as dt
import errno
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.workbook.protection import WorkbookProtection

from sellersheet.columns import column
from sellersheet.days import epoch_day
from sellersheet.exchange import FxRates
from sellersheet.intake.doubts import Asked
from sellersheet.tables import read_table
from sellersheet.wording import LANGS, Lang, Problem
from sellersheet_workbook.files.reading import read_grid
from sellersheet_workbook.files.writing import write_frame, write_workbook
from sellersheet_workbook.orders_import import Imported, Memory, import_orders
from sellersheet_workbook.problems import ORDERS_IMPORT, FileProblem, ImportProblem
from tests.examples import examples, large
from tests.grids import read_frame

HEADER = ("订单编号", "下单时间", "实付金额", "收货国家", "商品编码", "商品数量")
ONE = ("8145987534666769", "2024-08-01 10:00:00", "12.50", "西班牙", "A1", "1")
TWO = ("8145987534666770", "2024-08-02 11:00:00", "99", "法国", "A2", "2")
PAID = ("订单号", "实付金额")
USD = FxRates.fixed({"USD": "7.1"})


def _file(
    path: Path, *rows: Sequence[str], header: Sequence[str] = HEADER, encoding: str = "utf-8"
) -> Path:
    text = "".join(",".join(row) + "\n" for row in (header, *rows))
    path.write_text(text, encoding=encoding)
    return path


def _book(path: Path, *rows: Sequence[Any], header: Sequence[str] = HEADER) -> Path:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (header, *rows):
        sheet.append(list(row))
    book.save(path)
    return path


def _orders(path: Path) -> list[dict[str, Any]]:
    frame = read_frame(path).frame.astype(object)
    rows: list[dict[str, Any]] = frame.where(frame.notna(), None).to_dict("records")
    return rows


def _counts(done: Imported) -> tuple[int, int, int, int]:
    """New, updated, unchanged, repeated."""
    merged = done.merged
    return merged.new, merged.updated, merged.unchanged, merged.repeated


def _codes(done: Imported) -> list[str]:
    return [note.code for note in done.notes]


def _with(row: Sequence[str], at: int, cell: str) -> tuple[str, ...]:
    return (*row[:at], cell, *row[at + 1 :])


def test_several_files_of_several_kinds(tmp_path: Path) -> None:
    three = ("8145987534666771", "2024/8/3", "¥1,001.10", "US", "A3", "3")
    files = [
        _file(tmp_path / "一.csv", ONE, encoding="gb18030"),
        _file(tmp_path / "二.csv", TWO),
        _book(tmp_path / "三.xlsx", three, ONE),
    ]
    target = tmp_path / "订单.xlsx"
    done = import_orders(files, target, "zh")
    assert _counts(done) == (3, 0, 0, 1)
    assert (done.refused, done.left, done.listed, done.written) == (0, None, None, True)
    assert _orders(target) == [
        {
            "订单号": "8145987534666769", "下单日期": pd.Timestamp(2024, 8, 1), "商品编码": "A1",
            "数量": 1, "目的国": "ES", "订单实付金额": 12.5,
        },
        {
            "订单号": "8145987534666770", "下单日期": pd.Timestamp(2024, 8, 2), "商品编码": "A2",
            "数量": 2, "目的国": "FR", "订单实付金额": 99,
        },
        {
            "订单号": "8145987534666771", "下单日期": pd.Timestamp(2024, 8, 3), "商品编码": "A3",
            "数量": 3, "目的国": "US", "订单实付金额": 1001.1,
        },
    ]  # fmt: skip


@pytest.mark.parametrize("kind", [".xlsx", ".csv", ".tsv", ".parquet"])
@pytest.mark.parametrize("lang", LANGS)
def test_twice_is_once(tmp_path: Path, kind: str, lang: Lang) -> None:
    files = [_file(tmp_path / "a.csv", ONE, _with(TWO, 4, "=1+1")), _book(tmp_path / "b.xlsx", TWO)]
    target = tmp_path / f"orders{kind}"
    assert _counts(import_orders(files, target, lang)) == (3, 0, 0, 0)
    before = target.read_bytes()
    for other in LANGS:
        again = import_orders(files, target, other)
        assert _counts(again) == (0, 0, 3, 0)
        assert not again.written
    assert target.read_bytes() == before


@pytest.mark.parametrize("kind", [".xlsx", ".csv", ".parquet"])
def test_changed_orders_are_updated_and_the_rest_kept(tmp_path: Path, kind: str) -> None:
    target = tmp_path / f"订单{kind}"
    stood = pd.DataFrame(
        {
            "我的备注": ["老客户", "=1+1", "尾"],
            "订单号": [ONE[0], TWO[0], None],
            "商品编码": ["A1", "A2", None],
            "订单实付金额": [12.5, 50.0, 7.0],
            "采购成本": [3.0, 4.0, None],
            "下单日期": [pd.Timestamp("2024-08-03"), pd.NaT, pd.NaT],
            "目的国": [None] * 3,
        }
    )
    write_frame(stood, target)
    new = _with(ONE, 0, "8145987534666779")
    done = import_orders([_file(tmp_path / "a.csv", new, TWO)], target, "zh")
    assert _counts(done) == (1, 1, 0, 0)
    changed = done.changes[done.changes["column"] == "订单实付金额"]
    assert changed[["order_id", "before", "after"]].to_numpy().tolist() == [[TWO[0], "50", "99"]]
    assert done.changes["after_row"].tolist() == [3] * len(done.changes)
    assert set(done.changes["before_file"]) == {"目标文件"}
    assert done.changes["before_row"].tolist() == [3] * len(done.changes)
    assert done.changes.index.tolist() == [*range(len(done.changes))]
    assert done.listed == tmp_path / "订单-导入变更.csv"
    orders = _orders(target)
    assert [row["订单号"] for row in orders] == [ONE[0], TWO[0], None, new[0]]
    assert [float(row["订单实付金额"]) for row in orders] == [12.5, 99, 7, 12.5]
    assert [float(row["采购成本"] or 0) for row in orders] == [3, 4, 0, 0]
    assert [row["我的备注"] for row in orders] == ["老客户", "=1+1", "尾", None]
    if kind == ".csv":
        assert '"\'=1+1"' in target.read_text(encoding="utf-8-sig")
    assert list(orders[0])[:7] == list(stood.columns)
    days = [str(row["下单日期"] or "")[:10] for row in orders]
    assert days == ["2024-08-03", "2024-08-02", "", "2024-08-01"]
    assert [row["目的国"] for row in orders] == [None, "FR", None, "ES"]
    again = import_orders([tmp_path / "a.csv"], target, "zh")
    assert (_counts(again), again.written) == ((0, 0, 2, 0), False)


def test_cells_that_nothing_replaces_stay_as_they_were_written(tmp_path: Path) -> None:
    """In the encoding of the file too; a cost is written as the amount that it is."""
    header = ("订单号", "订单实付金额", "目的国")
    target = _file(tmp_path / "t.csv", ("1", "¥12.50", "西班牙"), header=header, encoding="gb18030")
    file = _file(tmp_path / "a.csv", (*TWO, "1.25"), header=(*HEADER, "佣金"))
    assert _counts(import_orders([file], target, "zh")) == (1, 0, 0, 0)
    first, second = _orders(target)
    assert [first[name] for name in header] == ["1", "¥12.50", "西班牙"]
    assert (second["订单实付金额"], second["佣金"]) == ("99", "1.25")
    assert "西班牙".encode("gb18030") in target.read_bytes()


def test_days_that_stand_as_numbers_stay_so(tmp_path: Path) -> None:
    target = _book(
        tmp_path / "t.xlsx", ("1", 45505.0, 12.5), header=("订单号", "下单日期", "订单实付金额")
    )
    import_orders([_file(tmp_path / "a.csv", TWO)], target, "zh")
    assert _orders(target)[0]["下单日期"] == 45505
    days = read_table(read_grid(target)).columns["order_date"]
    assert days.tolist() == [epoch_day(dt.date(2024, 8, day)) for day in (1, 2)]


def test_columns_of_a_parquet_target_keep_their_types(tmp_path: Path) -> None:
    days = pa.array([dt.datetime(2024, 8, 3)] * 2, pa.timestamp("ms"))
    columns = {
        "订单号": pa.array([ONE[0], TWO[0]]), "商品编码": pa.array(["A1", "A2"]),
        "下单日期": days, "数量": pa.array([1.0, 5.0]), "订单实付金额": pa.array([12.5, 50.0]),
    }  # fmt: skip
    target = tmp_path / "t.parquet"
    pq.write_table(pa.table(columns), target)
    before = pq.read_schema(target)
    done = import_orders([_file(tmp_path / "a.csv", TWO, _with(ONE, 0, "9"))], target, "zh")
    assert _counts(done) == (1, 1, 0, 0)
    after = pq.read_table(target)
    for name in ("下单日期", "数量", "订单实付金额"):
        assert after.schema.field(name).type == before.field(name).type, name
    assert after["下单日期"].to_pylist() == [dt.datetime(2024, 8, day) for day in (3, 2, 1)]
    assert after["数量"].to_pylist() == [1, 2, 1]


def test_the_file_given_later_counts_and_the_difference_is_listed(tmp_path: Path) -> None:
    old, new = _file(tmp_path / "旧.csv", ONE), _file(tmp_path / "新.csv", _with(ONE, 2, "13"))
    os.utime(old, (1_000_000_000, 1_000_000_000))
    done = import_orders([old, new], tmp_path / "甲.csv", "zh")
    assert _codes(done) == ["later_counts"]
    assert done.changes.iloc[0].to_dict() == {
        "kind": "导出文件之间不同", "order_id": ONE[0], "sku": "A1", "column": "订单实付金额",
        "before": "12.5", "after": "13",
        "before_file": "旧.csv", "before_row": 2, "after_file": "新.csv", "after_row": 2,
    }  # fmt: skip
    assert _orders(tmp_path / "甲.csv")[0]["订单实付金额"] == "13"
    turned = import_orders([new, old], tmp_path / "乙.csv", "zh")
    assert _codes(turned) == ["later_counts", "order_of_files"]
    assert _orders(tmp_path / "乙.csv")[0]["订单实付金额"] == "12.5"


def test_a_blank_never_takes_the_place_of_a_value(tmp_path: Path) -> None:
    target = tmp_path / "t.csv"
    import_orders([_file(tmp_path / "a.csv", ONE)], target, "zh")
    done = import_orders([_file(tmp_path / "b.csv", _with(ONE, 3, ""))], target, "zh")
    assert _counts(done) == (0, 0, 1, 0)
    assert _orders(target)[0]["目的国"] == "ES"


def test_lines_of_one_order_are_told_apart(tmp_path: Path) -> None:
    header = (*HEADER, "子订单号", "店铺名称")
    rows = [
        (*ONE, "1", "甲店"), (*ONE, "2", "甲店"), (*ONE, "1", "乙店"),
        (*_with(ONE, 4, "A9"), "1", "甲店"), (*ONE, "2", "甲店"),
    ]  # fmt: skip
    done = import_orders(
        [_file(tmp_path / "a.csv", *rows, header=header)], tmp_path / "t.csv", "zh"
    )
    # The last row shares all that names a line with the second: lines of one file stay.
    assert _counts(done) == (5, 0, 0, 0)


def test_the_shop_of_files_that_name_none(tmp_path: Path) -> None:
    target = tmp_path / "t.csv"
    files = [_file(tmp_path / "a.csv", ONE)]
    assert _counts(import_orders(files, target, "zh", shop="甲店")) == (1, 0, 0, 0)
    assert _counts(import_orders(files, target, "zh", shop="乙店")) == (1, 0, 0, 0)
    assert [row["店铺"] for row in _orders(target)] == ["甲店", "乙店"]


# Amounts.


def test_currencies_by_column_header_and_sign(tmp_path: Path) -> None:
    by_column = _file(tmp_path / "a.csv", (*ONE, "USD"), (*TWO, "人民币"), header=(*HEADER, "币种"))
    by_header = _file(
        tmp_path / "b.csv", _with(ONE, 0, "B1"),
        header=_with(HEADER, 2, "买家实付金额（美元）"),
    )  # fmt: skip
    by_sign = _file(tmp_path / "c.csv", _with(_with(ONE, 0, "C1"), 2, "US $12.50"))
    target = tmp_path / "t.parquet"
    done = import_orders([by_column, by_header, by_sign], target, "zh", fx=USD)
    assert done.refused == 0
    assert [row["订单实付金额"] for row in _orders(target)] == [88.75, 99, 88.75, 88.75]


def test_rates_by_the_day_of_the_order(tmp_path: Path) -> None:
    def day(date: str) -> int:
        return (dt.date.fromisoformat(date) - dt.date(1970, 1, 1)).days

    fx = FxRates.of([("USD", day("2024-08-01"), 7 * 10**9), ("USD", day("2024-08-02"), 8 * 10**9)])
    rows = [(*ONE, "USD"), (*TWO, "USD"), (*_with(ONE, 1, "2024-07-31"), "USD")]
    file = _file(tmp_path / "a.csv", *rows[:2], rows[2], header=(*HEADER, "币种"))
    done = import_orders([file], tmp_path / "t.csv", "zh", fx=fx)
    assert [row["订单实付金额"] for row in _orders(tmp_path / "t.csv")] == ["87.5", "792"]
    assert done.refused == 1
    assert "没有有效的汇率" in done.taken[0].left["message"][0]


def test_amounts_without_a_currency_or_a_rate_are_refused(tmp_path: Path) -> None:
    rows = [(*ONE, ""), (*TWO, "银币"), (*_with(ONE, 0, "3"), "EUR"), (*_with(ONE, 0, "4"), "USD")]
    file = _file(tmp_path / "a.csv", *rows, header=(*HEADER, "币种"))
    done = import_orders([file], tmp_path / "t.csv", "zh", fx=USD)
    told = done.taken[0].left
    assert told["row"].tolist() == [2, 3, 4]
    for message, part in zip(told["message"], ("没有币种", "无法识别", "没有汇率"), strict=True):
        assert part in message
    assert [row["订单号"] for row in _orders(tmp_path / "t.csv")] == ["4"]
    listed = read_frame(tmp_path / "t-导入问题行.csv").frame
    assert list(listed) == [
        "来源文件", "所在行", "所在列", "原值", "问题与改法", *HEADER, "币种"
    ]  # fmt: skip
    assert listed["来源文件"].tolist() == ["a.csv"] * 3
    assert listed["订单编号"].tolist() == [ONE[0], TWO[0], "3"]


def test_an_amount_of_the_whole_order_counts_once(tmp_path: Path) -> None:
    lines = [ONE, _with(ONE, 4, "A2"), _with(ONE, 4, "A3"), TWO]
    files = [_file(tmp_path / "a.csv", *lines[:2]), _file(tmp_path / "b.csv", *lines[2:])]
    added = import_orders(files, tmp_path / "all.csv", "zh")
    assert [remark.code for remark in added.taken[0].remarks][:1] == ["repeated_amounts"]
    assert [row["订单实付金额"] for row in _orders(tmp_path / "all.csv")] == ["12.5"] * 3 + ["99"]
    for name in (HEADER[2], "paid_cny"):
        target, once = tmp_path / f"{name}.parquet", Asked(per_order=(name,))
        done = import_orders(files, target, "zh", asked=once)
        assert "repeated_amounts" not in {said.code for item in done.taken for said in item.remarks}
        assert [row["订单实付金额"] for row in _orders(target)] == [12.5, 0, 0, 99]
        for again in (files, files[::-1], files[1:]):
            assert not import_orders(again, target, "zh", asked=once).written
    with pytest.raises(ImportProblem, match="运费总额"):
        import_orders(files, target, "zh", asked=Asked(per_order=("运费总额",)))


def test_lines_that_bear_two_amounts_of_a_whole_order_are_refused(tmp_path: Path) -> None:
    lines = [ONE, _with(_with(ONE, 4, "A2"), 2, "13"), TWO]
    file = _file(tmp_path / "a.csv", *lines)
    done = import_orders([file], tmp_path / "t.csv", "zh", asked=Asked(per_order=("paid_cny",)))
    assert done.taken[0].left["row"].tolist() == [2, 3]
    assert done.taken[0].left["message"].str.contains("与该订单其他行不同").all()
    assert [row["订单实付金额"] for row in _orders(tmp_path / "t.csv")] == ["99"]


def test_merged_cells_of_an_order(tmp_path: Path) -> None:
    path = _book(tmp_path / "a.xlsx", ONE, ("", "", "", "", "A2", "2"), TWO)
    book = openpyxl.load_workbook(path)
    for letter in "ABCD":
        book.worksheets[0].merge_cells(f"{letter}2:{letter}3")
    book.save(path)
    done = import_orders([path], tmp_path / "t.parquet", "zh")
    assert (done.refused, _counts(done)) == (0, (3, 0, 0, 0))
    orders = _orders(tmp_path / "t.parquet")
    assert [row["订单实付金额"] for row in orders] == [12.5, 0, 99]
    assert [row["订单号"] for row in orders] == [ONE[0], ONE[0], TWO[0]]


@pytest.mark.parametrize("above", [0, 2])
def test_a_merged_amount_alone_counts_once(tmp_path: Path, above: int) -> None:
    """Also where the table does not begin in the first row of the sheet."""
    first = (*ONE[:4], "A1", "1")
    path = _book(tmp_path / "a.xlsx", first, (*_with(first, 2, ""),), TWO)
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    if above:
        sheet.insert_rows(1, above)
        sheet["A1"] = "订单导出"
    sheet.merge_cells(f"C{2 + above}:C{3 + above}")
    book.save(path)
    done = import_orders([path], tmp_path / "t.parquet", "zh")
    assert (done.refused, _counts(done)) == (0, (3, 0, 0, 0))
    assert [row["订单实付金额"] for row in _orders(tmp_path / "t.parquet")] == [12.5, 0, 99]


def test_rows_left_out_are_listed_with_what_says_so(tmp_path: Path) -> None:
    refused = _with(TWO, 2, "x")
    rows = [("", *ONE, "已完成"), ("", *TWO, "已取消"), ("", *refused, "已完成")]
    rows += [("", "合计", "", "111.5", "", "", "", ""), ("", "", *TWO[1:], "已完成")]
    path = _file(tmp_path / "a.csv", *rows, header=("备注", *HEADER, "订单状态"))
    (taken,) = import_orders([path], tmp_path / "t.csv", "zh").taken
    assert (taken.read, taken.refused, taken.passed) == (5, 2, 2)
    left = taken.left[["row", "column", "value", "订单编号", "实付金额"]]
    assert left.index.tolist() == [0, 1, 2, 3]
    assert left.astype(object).where(left.notna(), None).to_numpy().tolist() == [
        [3, "订单状态", "已取消", TWO[0], "99"],
        [4, "实付金额", "x", TWO[0], "x"],
        [5, "订单编号", "合计", "合计", "111.5"],
        [6, "订单编号", "", None, "99"],
    ]
    unpaid = _file(
        tmp_path / "b.csv", (*ONE, ""), (*TWO, "2024-08-02"), header=(*HEADER, "付款时间")
    )
    (taken,) = import_orders([unpaid], tmp_path / "u.csv", "zh").taken
    assert taken.left[["row", "column", "value"]].to_numpy().tolist() == [[2, HEADER[0], ONE[0]]]


CHOICES = [
    ("标准件", "买家退货验货通过", "standard", "buyer"),
    ("大件", "买家退货验货未通过", "oversize", "buyer_failed"),
    ("", "卖家责任", "", "seller"),
    ("大件", "", "oversize", ""),
]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_words_of_choices_come_back_as_they_were(tmp_path: Path, lang: Lang, suffix: str) -> None:
    rows = [(*_with(ONE, 0, f"81{at}"), *words[:2], "否") for at, words in enumerate(CHOICES)]
    header = (*HEADER, "件型", "退货情形", "平台标准箱")
    target = tmp_path / f"t{suffix}"
    done = import_orders([_file(tmp_path / "a.csv", *rows, header=header)], target, lang)
    assert (done.refused, _counts(done)) == (0, (4, 0, 0, 0))
    again = read_table(read_grid(target))
    for key, at in (("parcel", 2), ("return_case", 3)):
        choices = column("orders", key).choices
        meant = [one[at] for one in CHOICES]
        told = [choices[value].key for value in again.columns[key].tolist()]
        assert told == [name or choices[0].key for name in meant]
        words = {item.key: item.zh if lang == "zh" else item.en for item in choices}
        said = again.raw[again.header[key]].astype(object).fillna("").tolist()
        assert said == [words.get(name, "") for name in meant]
    assert again.columns["standard_box"].tolist() == [False] * 4


def test_weights_in_kilograms(tmp_path: Path) -> None:
    rows = [(*ONE, "0.25"), (*TWO, "1.1 kg"), (*_with(ONE, 0, "3"), "重")]
    file = _file(tmp_path / "a.csv", *rows, header=(*HEADER, "包裹重量(KG)"))
    done = import_orders([file], tmp_path / "t.parquet", "zh")
    assert [row["实重(克)"] for row in _orders(tmp_path / "t.parquet")] == [250, 1100]
    assert "“重”不是可用的数" in done.taken[0].left["message"][0]


# Rows that are not taken.


def test_rows_that_are_no_orders(tmp_path: Path) -> None:
    rows = [
        (*ONE, "已完成"), (*TWO, "等待买家付款"), (*_with(TWO, 0, "合计"), ""),
        (*_with(TWO, 0, ""), "已完成"), (*_with(TWO, 0, "8.14599E+15"), "已完成"),
        (*_with(TWO, 2, "-5"), "已完成"), ("",) * 7, (*_with(TWO, 3, "火星"), "已完成"),
    ]  # fmt: skip
    header = (*HEADER, "订单状态")
    done = import_orders(
        [_file(tmp_path / "a.csv", *rows, header=header)], tmp_path / "t.csv", "en"
    )
    taken = done.taken[0]
    assert (taken.read, taken.passed, taken.refused, taken.rows.n) == (7, 2, 4, 1)
    assert taken.left["row"].tolist() == [3, 4, 5, 6, 7, 9]
    # Where the reason stands: the status; the order number of a total row and of one without.
    assert taken.left[["column", "value"]].to_numpy().tolist()[:3] == [
        ["订单状态", "等待买家付款"], ["订单编号", "合计"], ["订单编号", ""],
    ]  # fmt: skip
    told = [
        str(row) in message
        for row, message in zip((6, 7, 9), taken.left["message"][3:], strict=True)
    ]
    assert told == [True] * 3
    parts = ("not paid", "totals", "without an order", "has cut", "below 0", "not a known country")
    for message, part in zip(taken.left["message"], parts, strict=True):
        assert part in message
    assert done.left == tmp_path / "t-import-refused.csv"
    import_orders([_file(tmp_path / "b.csv", ONE)], tmp_path / "t.csv", "en")
    assert not done.left.exists()


def test_order_numbers_keep_their_digits(tmp_path: Path) -> None:
    numbers = [8145987534666769, 8145987534666760, 123456, "'0043", "0044"]
    rows = [(number, *ONE[1:]) for number in numbers]
    files = [
        _file(tmp_path / "a.csv", _with(ONE, 0, '"=""0042"""')),
        _book(tmp_path / "a.xlsx", *rows),
    ]
    done = import_orders(files, tmp_path / "t.csv", "zh")
    found = [row["订单号"] for row in _orders(tmp_path / "t.csv")]
    # The first number shows that the column keeps 16 digits, so the second is whole as well.
    assert found == ["0042", "8145987534666769", "8145987534666760", "123456", "0043", "0044"]
    assert done.refused == 0
    alone = import_orders([_book(tmp_path / "b.xlsx", rows[1])], tmp_path / "u.csv", "zh")
    assert "被表格程序截断" in alone.taken[0].left["message"][0]


def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    rows = [_with(_with(ONE, 0, "=1+1"), 4, "@SUM(A1)"), _with(ONE, 4, "+cmd|' /C calc'!A0")]
    file = _file(tmp_path / "a.csv", *rows)
    import_orders([file], tmp_path / "t.xlsx", "zh")
    cells = [
        cell for row in openpyxl.load_workbook(tmp_path / "t.xlsx").worksheets[0] for cell in row
    ]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert {"=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0"} <= {cell.value for cell in cells}
    import_orders([file], tmp_path / "t.csv", "zh")
    assert {row["订单号"] for row in _orders(tmp_path / "t.csv")} == {"=1+1", ONE[0]}
    assert '"\'=1+1"' in (tmp_path / "t.csv").read_text(encoding="utf-8-sig")
    assert not import_orders([file], tmp_path / "t.csv", "zh").written


# Headers.


def test_headers_below_a_title(tmp_path: Path) -> None:
    path = _book(tmp_path / "a.xlsx", HEADER, ONE, TWO, header=("八月订单导出",))
    done = import_orders([path], tmp_path / "t.csv", "zh")
    assert done.taken[0].rows.row.tolist() == [3, 4]


def test_a_nearer_header_counts(tmp_path: Path) -> None:
    header = (
        "订单号",
        "付款时间",
        "订单金额",
        "收货国",
        "商品ID",
        "购买数量",
        "实付款",
        "下单时间",
    )
    row = (*ONE[:2], "20", *ONE[3:], "12.50", "2024-07-31")
    done = import_orders([_file(tmp_path / "a.csv", row, header=header)], tmp_path / "t.csv", "zh")
    order = _orders(tmp_path / "t.csv")[0]
    assert (order["订单实付金额"], order["下单日期"]) == ("12.5", "2024-07-31")
    fates = {fate.header: (fate.key, fate.how) for fate in done.taken[0].fates}
    assert fates["订单金额"] == ("", "outranked")
    assert fates["付款时间"] == ("paid_on", "own")


def test_what_is_said_about_headers_is_remembered(tmp_path: Path) -> None:
    header = _with(HEADER, 2, "到手价")
    path = tmp_path / "settings" / "order-headers.json"
    files = [_file(tmp_path / "a.csv", ONE, header=header)]
    with pytest.raises(Problem, match="到手价"):
        import_orders(files, tmp_path / "t.csv", "zh", memory=Memory(path))
    assert not path.exists()
    said = {"到手价": "paid_cny", "商品数量": "ignore"}
    done = import_orders(
        files, tmp_path / "t.csv", "zh", asked=Asked(columns=said), memory=Memory(path)
    )
    assert _codes(done) == ["remembered"]
    again = import_orders(files, tmp_path / "t.csv", "zh", memory=Memory(path))
    assert (again.taken[0].recalled, _codes(again), again.written) == (said, [], False)
    other = [_file(tmp_path / "b.csv", (*ONE, ""), header=(*header, "备注"))]
    with pytest.raises(Problem, match="到手价"):
        import_orders(other, tmp_path / "t.csv", "zh", memory=Memory(path))
    path.write_text('{"broken', encoding="utf-8")
    with pytest.raises(Problem, match="到手价"):
        import_orders(files, tmp_path / "t.csv", "zh", memory=Memory(path))


def test_a_memory_that_cant_be_kept_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    files = [_file(tmp_path / "a.csv", ONE)]
    done = import_orders(
        files, tmp_path / "t.csv", "zh",
        asked=Asked(columns={"实付金额": "paid_cny"}), memory=Memory(tmp_path / "file" / "m.json"),
    )  # fmt: skip
    assert (_codes(done), done.written) == (["not_remembered"], True)


@pytest.mark.parametrize("lang", LANGS)
def test_texts_are_whole(lang: Lang) -> None:
    half_width = re.compile(r"[一-鿿”》][,;:!?]|[,;:!?)][一-鿿“《]")
    assert ORDERS_IMPORT.messages
    for code, texts in ORDERS_IMPORT.messages.items():
        assert texts[lang].strip(), code
        assert not half_width.search(texts["zh"]), code


# What can't be imported.


def test_bad_files_are_named_and_the_good_ones_kept(tmp_path: Path) -> None:
    files = [
        _file(tmp_path / "good.csv", ONE),
        _file(tmp_path / "empty.csv", header=()),
        _file(tmp_path / "header.csv"),
        _file(tmp_path / "twice.csv", (*ONE, "x"), header=(*HEADER, "订单编号")),
        _file(tmp_path / "none.csv", ONE[1:], header=HEADER[1:]),
        tmp_path / "missing.csv",
        _file(tmp_path / "also.csv", TWO),
    ]
    done = import_orders(files, tmp_path / "t.csv", "zh")
    assert [path.stem for path, _ in done.failed] == ["empty", "header", "twice", "none", "missing"]
    told = [problem.text("zh") for _, problem in done.failed]
    assert "是空的" in told[0]
    assert "两个表头都表示“订单号”：第 1 列“订单编号”和第 7 列“订单编号”" in told[2]
    assert "缺少必填列“订单号”；文件中的表头是：下单时间 | 实付金额" in told[3]
    english = [problem.text("en") for _, problem in done.failed]
    assert "--column HEADER=order_id" in english[3]
    assert _counts(done) == (2, 0, 0, 0)


def _problem(call: Any) -> Problem:
    with pytest.raises(Problem) as caught:
        call()
    return caught.value


@pytest.mark.parametrize("lang", LANGS)
def test_without_a_good_file_nothing_is_written(tmp_path: Path, lang: Lang) -> None:
    file = _file(tmp_path / "a.csv", ONE, header=_with(HEADER, 0, "订单流水"))
    files = [file, tmp_path / "no.csv"]
    problem = _problem(lambda: import_orders(files, tmp_path / "t.csv", lang))
    assert str(tmp_path / "no.csv") in problem.text(lang)
    near = {"zh": "“订单流水”是否就是“订单号”", "en": "is “订单流水” meant"}[lang]
    assert near in problem.text(lang)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv"]


def test_targets_that_an_import_would_spoil(tmp_path: Path) -> None:
    file = _file(tmp_path / "a.csv", ONE)
    formula = _book(tmp_path / "formula.xlsx", ("1", "=1+1"), header=("订单号", "实付金额"))
    write_workbook(
        {
            "订单": pd.DataFrame({"订单号": ["1"], "实付金额": [1]}),
            "汇总": pd.DataFrame({"a": [1]}),
        },
        tmp_path / "sheets.xlsx",
    )
    merged = openpyxl.load_workbook(_book(tmp_path / "merged.xlsx", ONE, TWO))
    merged.worksheets[0].merge_cells("B2:B3")
    merged.save(tmp_path / "merged.xlsx")
    locked = openpyxl.load_workbook(_book(tmp_path / "locked.xlsx", ONE))
    locked.worksheets[0].protection.sheet = True
    locked.save(tmp_path / "locked.xlsx")
    kept = openpyxl.load_workbook(_book(tmp_path / "kept.xlsx", ONE))
    kept.security = WorkbookProtection(lockStructure=True)
    kept.save(tmp_path / "kept.xlsx")
    dollars = openpyxl.load_workbook(_book(tmp_path / "dollars.xlsx", (1, 10.5), header=PAID))
    dollars.worksheets[0]["B2"].number_format = "[$$-409]#,##0.00"
    dollars.save(tmp_path / "dollars.xlsx")
    cents = openpyxl.load_workbook(_book(tmp_path / "cents.xlsx", (1, 1050), header=PAID))
    cents.worksheets[0]["B2"].number_format = '0"分"'
    cents.save(tmp_path / "cents.xlsx")
    usd = _file(tmp_path / "usd.csv", ("1", "10"), header=("订单号", "实付金额(USD)"))
    codes = _file(tmp_path / "codes.csv", ("1", "10", "USD"), header=(*PAID, "币种"))
    other = _file(tmp_path / "other.csv", ("1", "x"), header=("订单号", "名称"))
    ragged = _file(tmp_path / "ragged.csv", ("1", "2", "3"), header=("订单号", "实付金额"))
    cases = [
        (formula, "target_rich"), (tmp_path / "sheets.xlsx", "target_rich"),
        (tmp_path / "merged.xlsx", "target_rich"), (ragged, "target_ragged"),
        (other, "target_missing"), (tmp_path / "locked.xlsx", "target_rich"),
        (tmp_path / "kept.xlsx", "target_rich"), (tmp_path / "dollars.xlsx", "target_formats"),
        (tmp_path / "cents.xlsx", "target_formats"), (usd, "target_currency"),
        (codes, "target_currency"),
        (tmp_path / "t.xlsm", "target_kind"), (file, "target_is_source"),
    ]  # fmt: skip
    for target, code in cases:
        before = target.read_bytes() if target.exists() else None
        problem = _problem(lambda target=target: import_orders([file], target, "zh", fx=USD))
        assert problem.code == code
        assert all(problem.text(lang) for lang in LANGS)
        assert (target.read_bytes() if target.exists() else None) == before


@settings(max_examples=examples(40), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(["实付金额", "实付金额(分)", "实付金额(元)", "amount paid (cents)"]),
    st.sampled_from(["实重(克)", "实重(kg)", "Weight (lb)", "实重(磅)", "实重(斤)"]),
    st.sampled_from(["长(cm)", "长(mm)", "Length (in)"]),
    st.integers(1, 10**7),
    st.integers(1, 10**7),
    st.integers(1, 9999),
)
def test_what_comes_in_is_written_in_the_units_of_the_target(
    tmp_path: Path, paid: str, weight: str, side: str, cents: int, mg: int, hundredths: int
) -> None:
    """¥50.00 under 实付金额(分) had been 50, and 700 g under 实重(kg) 700."""
    header = ("订单号", "实付金额", "实重(克)", "长(cm)")
    row = ("B1", f"{cents / 100:.2f}", f"{mg / 1000:.3f}", f"{hundredths / 100:.2f}")
    file = _file(tmp_path / "in.csv", row, ("A1", "1.00", "7.000", "1.00"), header=header)
    plain, other = tmp_path / "plain.csv", tmp_path / "other.csv"
    for target, labels in ((plain, header), (other, ("订单号", paid, weight, side))):
        _file(target, ("A1", "3", "3", "3"), header=labels)  # known before, and updated
        import_orders([file], target, "zh", memory=Memory(None))
    one, two = (read_table(read_grid(target)) for target in (plain, other))
    assert one.columns["paid_cny"].tolist() == two.columns["paid_cny"].tolist() == [100, cents]
    for key in ("weight_g", "length_cm"):
        assert one.columns[key] == pytest.approx(two.columns[key], abs=1e-6), key


def test_what_is_written_in_other_units_is_a_round_number(tmp_path: Path) -> None:
    """¥1.10 was 110.00000000000001 under 实付金额(分)."""
    header = ("订单号", "实付金额", "长(cm)", "实重(克)")
    rows = [("A1", "1.1", "1.1", "907.18474"), ("A2", "4.35", "12.3", "453.59237")]
    file = _file(tmp_path / "in.csv", *rows, header=header)
    target = _file(tmp_path / "t.csv", ("A1", "1", "1", "1"),
                   header=("订单号", "实付金额(分)", "长(mm)", "Weight (lb)"))  # fmt: skip
    import_orders([file], target, "zh", memory=Memory(None))
    written = read_frame(target).frame
    assert written.values.tolist() == [["A1", "110", "11", "2"], ["A2", "435", "123", "1"]]


def test_what_comes_in_has_its_currency_where_the_target_names_one(tmp_path: Path) -> None:
    """Rows in CNY were left without, and refused by all that read the file afterwards."""
    target = _file(
        tmp_path / "t.csv", ("A1", "50", "人民币"), ("A2", "60", ""), header=(*PAID, "币种")
    )
    file = _file(tmp_path / "in.csv", ("A2", "70"), ("B1", "80"), header=PAID)
    import_orders([file], target, "zh", memory=Memory(None))
    table = read_table(read_grid(target))
    assert not table.bad.any()
    assert table.columns["paid_cny"].tolist() == [5000, 7000, 8000]
    assert read_frame(target).frame["币种"].tolist() == ["人民币", "CNY", "CNY"]


def test_the_row_of_the_target_that_is_too_long_is_named(tmp_path: Path) -> None:
    short = ("订单号", "实付金额")
    target = _file(tmp_path / "t.csv", ("1", "2"), ("1", "2", "3"), header=short)
    files = [_file(tmp_path / "a.csv", ONE)]
    assert " 3 " in _problem(lambda: import_orders(files, target, "zh")).text("zh")


def test_not_paid_by_the_time_of_payment_alone(tmp_path: Path) -> None:
    """Without a column of statuses the order number stands for the row."""
    rows = [(*ONE, "2024-08-01"), (*TWO, "未付款")]
    done = import_orders(
        [_file(tmp_path / "a.csv", *rows, header=(*HEADER, "付款时间"))], tmp_path / "t.csv", "zh"
    )
    left = done.taken[0].left
    assert left[["row", "column", "value"]].to_numpy().tolist() == [[3, "订单编号", TWO[0]]]


def test_wrong_column_options(tmp_path: Path) -> None:
    files = [_file(tmp_path / "a.csv", ONE)]
    for columns, code in (({"没有": "paid_cny"}, "no_such_header"), ({"备注": "x"}, "unknown_key")):
        problem = _problem(
            lambda columns=columns: import_orders(
                files, tmp_path / "t.csv", "zh", asked=Asked(columns=columns)
            )
        )
        assert problem.code == code
    assert not (tmp_path / "t.csv").exists()


def test_a_target_that_is_open_elsewhere_stays(tmp_path: Path) -> None:
    target = tmp_path / "t.xlsx"
    import_orders([_file(tmp_path / "a.csv", ONE)], target, "zh")
    before = target.read_bytes()
    (tmp_path / "~$t.xlsx").write_text("")
    with pytest.raises(FileProblem, match=re.escape("t.xlsx")):
        import_orders([_file(tmp_path / "b.csv", TWO)], target, "zh")
    assert target.read_bytes() == before


def test_a_full_disk_leaves_the_old_target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target, memory = tmp_path / "t.xlsx", tmp_path / "m.json"
    import_orders([_file(tmp_path / "a.csv", ONE)], target, "zh")
    before = target.read_bytes()

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "fsync", full)
    problem = _problem(
        lambda: import_orders(
            [_file(tmp_path / "b.csv", TWO)], target, "zh",
            asked=Asked(columns={"实付金额": "paid_cny"}), memory=Memory(memory),
        )
    )  # fmt: skip
    assert problem.code == "disk_full"
    assert target.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "b.csv", "t.xlsx"]


def test_rows_of_the_target_that_stand_twice_stay(tmp_path: Path) -> None:
    target = _file(tmp_path / "t.csv", ONE, ONE, TWO)
    done = import_orders([_file(tmp_path / "a.csv", _with(ONE, 2, "13"))], target, "zh")
    # Two lines alike in the target are two lines: the export's first is the first of them.
    assert _codes(done) == []
    assert [row["实付金额"] for row in _orders(target)] == ["13", "12.50", "99"]


def test_orders_that_may_stand_twice_are_told(tmp_path: Path) -> None:
    target = tmp_path / "t.csv"
    import_orders([_file(tmp_path / "a.csv", ONE, TWO)], target, "zh")
    fewer = _file(tmp_path / "b.csv", (*ONE[:4], "甲店"), header=(*HEADER[:4], "店铺"))
    done = import_orders([fewer], target, "zh")
    told = [note.text("zh") for note in done.notes]
    assert _codes(done) == ["partly_named"] * 2
    assert told[0].startswith("有 1 个订单的“店铺”")
    assert told[1].startswith("有 1 个订单的“商品编码”")


def test_results_of_an_earlier_calculation_are_told(tmp_path: Path) -> None:
    target = _file(tmp_path / "t.csv", (*ONE, "5"), header=(*HEADER, "费用合计"))
    files = [_file(tmp_path / "a.csv", TWO)]
    assert _codes(import_orders(files, target, "zh")) == ["calculated"]
    assert _codes(import_orders(files, target, "zh")) == []


# Any split, any order.

_ROW = st.builds(
    lambda number, sku, cents, qty, country: (
        str(number), "2024-08-01", f"{cents / 100:.2f}", country, sku, str(qty),
    ),
    st.integers(1, 30), st.sampled_from(["A", "=B", "'C", "-1", "0009", ""]),
    st.integers(0, 10**7), st.integers(1, 99), st.sampled_from(["ES", "法国", ""]),
)  # fmt: skip


@settings(max_examples=examples(10), suppress_health_check=[HealthCheck.too_slow])
@given(
    data=st.data(),
    rows=st.lists(_ROW, min_size=1, max_size=12, unique_by=lambda row: (row[0], row[4])),
    kind=st.sampled_from([".csv", ".xlsx", ".parquet"]),
)
def test_any_split_in_any_order_gives_the_same(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, rows: list[Any], kind: str
) -> None:
    folder = tmp_path_factory.mktemp("split")
    whole = folder / f"whole{kind}"
    import_orders([_file(folder / "whole-export.csv", *rows)], whole, "zh")
    shuffled = data.draw(st.permutations(rows))
    cut = data.draw(st.integers(0, len(shuffled)))
    first, second = shuffled[:cut], shuffled[cut:]
    if first:  # what stands in another export once more is no line of its own
        second = second + data.draw(st.lists(st.sampled_from(first), unique=True))
    parts = [part for part in (first, second) if part]
    files = [_file(folder / f"{at}.csv", *part) for at, part in enumerate(parts)]
    at_once, one_by_one = folder / f"once{kind}", folder / f"each{kind}"
    import_orders(files, at_once, "zh")
    for file in files:
        import_orders([file], one_by_one, "zh")
    expected = _content(whole)
    assert _content(at_once) == expected
    assert _content(one_by_one) == expected
    for target in (at_once, one_by_one):
        assert not import_orders([*files, folder / "whole-export.csv"], target, "zh").written


@settings(max_examples=examples(15))
@given(
    files=st.lists(
        st.lists(
            st.tuples(
                st.sampled_from("12"), st.sampled_from(["2024-08-01", "2024-08-02", ""]),
                st.sampled_from(["1", "2.5"]), st.sampled_from(["ES", "FR", ""]),
                st.sampled_from(["A", ""]), st.sampled_from(["1", "7", ""]),
            ),
            min_size=1, max_size=5, unique_by=lambda row: (row[0], row[4]),
        ),
        min_size=1, max_size=4,
    ),
    apart=st.booleans(),
)  # fmt: skip
def test_the_last_value_that_is_not_blank_counts(
    tmp_path_factory: pytest.TempPathFactory, files: list[list[Any]], apart: bool
) -> None:
    folder = tmp_path_factory.mktemp("last")
    target = folder / "t.csv"
    paths = [_file(folder / f"{at}.csv", *rows) for at, rows in enumerate(files)]
    for batch in [[path] for path in paths] if apart else [paths]:
        import_orders(batch, target, "en")
    expected: dict[tuple[str, str], dict[str, str]] = {}
    titles = ("Order", "Order date", "Amount paid", "Destination", "SKU", "Quantity")
    for row in (row for rows in files for row in rows):
        cells = {title: cell for title, cell in zip(titles, row, strict=True) if cell}
        expected.setdefault((row[0], row[4]), {}).update(cells)
    found = [{name: cell for name, cell in row.items() if cell} for row in _orders(target)]
    assert found == list(expected.values())


def _content(path: Path) -> list[tuple[tuple[str, str], ...]]:
    shown = [
        tuple(sorted((name, _shown(cell)) for name, cell in row.items() if cell is not None))
        for row in _orders(path)
    ]
    return sorted(shown)


def _shown(cell: object) -> str:
    if isinstance(cell, pd.Timestamp):
        return cell.date().isoformat()
    return f"{cell:g}" if isinstance(cell, int | float) else str(cell)


def test_many_thousand_rows(tmp_path: Path) -> None:
    n = large(100_000)
    numbers = pd.Series(range(8_145_000_000_000_001, 8_145_000_000_000_001 + n)).astype(str)
    frame = pd.DataFrame(
        {
            "订单编号": numbers,
            "下单时间": "2024-08-01 10:00:00",
            "实付金额": [f"{cents / 100:.2f}" for cents in range(n)],
            "币种": ["USD", "CNY"] * (n // 2),
            "收货国家": ["西班牙", "法国"] * (n // 2),
            "商品编码": [f"S{at % 997}" for at in range(n)],
        }
    )
    frame.to_csv(tmp_path / "a.csv", index=False)
    changed = frame.assign(币种="USD")
    changed.iloc[n // 2 :].to_csv(tmp_path / "b.csv", index=False)
    target = tmp_path / "t.xlsx"
    done = import_orders([tmp_path / "a.csv"], target, "zh", fx=USD)
    assert _counts(done) == (n, 0, 0, 0)
    update = import_orders([tmp_path / "b.csv"], target, "zh", fx=USD)
    assert _counts(update) == (0, n // 4, n // 4, 0)
