"""A file of orders in, a file of results out: good rows are kept whatever else is wrong."""

import csv
import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from sellersheet.columns import OUTPUT
from sellersheet.wording import LANGS, Lang
from sellersheet_workbook.batch.sample import sample_orders
from sellersheet_workbook.files.writing import write_frame
from tests.command_line import Called, call
from tests.grids import read_frame
from tests.row_files import book_of

CAPSYS = pytest.CaptureFixture[str]
KINDS = ("csv", "xlsx", "parquet")
HEADER = ("订单号", "下单日期", "目的国", "订单实付金额", "物流费(系统报价)", "入仓天数", "备注")
GOOD = ("A1", "2024-08-01", "ES", "100", "22.60", "1", "第一行")
LAST = ("A3", "2024-08-03", "法国", "¥100.00", "22.60", "4", "")
RESULTS = {lang: [column.title(lang) for column in OUTPUT] for lang in LANGS}


def _csv(path: Path, *rows: tuple[str, ...], encoding: str = "utf-8") -> Path:
    text = "\n".join(",".join(row) for row in rows) + "\n"
    path.write_bytes(text.encode(encoding))
    return path


def _xlsx(path: Path, *rows: tuple[Any, ...]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


def _batch(capsys: CAPSYS, source: Path, target: Path, *more: str | Path) -> Called:
    return call(capsys, "batch", source, "-o", target, *more)


def _column(path: Path, title: str) -> list[Any]:
    column = read_frame(path).frame[title]
    return [None if pd.isna(cell) else cell for cell in column]


# Rows that are wrong.

WRONG = [
    ("订单实付金额", "待确认", "“待确认”不是可用的数", "“待确认” is not a usable number"),
    ("订单实付金额", "", "必填而为空", "blank but needed"),
    ("订单实付金额", "-5", "“-5”小于下限 0", "“-5” is below 0"),
    ("订单实付金额", "NaN", "“NaN”不是可用的数", "“NaN” is not a usable number"),
    ("物流费(系统报价)", "inf", "“inf”不是可用的数", "“inf” is not a usable number"),
    ("订单实付金额", "US $12.30", "--fx USD=7.1", "--fx USD=7.1"),
    ("目的国", "火星", "“火星”不是可识别的国家", "“火星” is not a known country"),
    ("入仓天数", "1.5", "“1.5”不是整数", "“1.5” is not whole"),
    ("下单日期", "昨天", "“昨天”不是日期", "“昨天” is not a date"),
    ("下单日期", "2024-06-30", "早于规则最早的生效日期", "before the first rules on record"),
]


@pytest.mark.parametrize(("header", "value", "zh", "en"), WRONG, ids=lambda item: item[:12])
def test_a_wrong_row_is_refused_and_the_others_kept(
    capsys: CAPSYS, tmp_path: Path, header: str, value: str, zh: str, en: str
) -> None:
    bad = tuple(
        value if title == header else cell for title, cell in zip(HEADER, GOOD, strict=True)
    )
    source = _csv(tmp_path / "in.csv", HEADER, GOOD, ("A2", *bad[1:]), LAST)
    said: dict[Lang, str] = {"zh": zh, "en": en}
    for lang in LANGS:
        target = tmp_path / f"{lang}.csv"
        done = _batch(capsys, source, target, "--lang", lang)
        assert done.code == 1
        assert said[lang] in done.out
        assert {"zh": "第 3 行", "en": "Row 3"}[lang] in done.out
        titles = dict(zip((column.key for column in OUTPUT), RESULTS[lang], strict=True))
        assert _column(target, "订单号") == ["A1", "A2", "A3"]
        assert _column(target, titles["total_fee_cny"]) == ["31.3", None, "34.3"]
        status = {"zh": ["正常", "错误", "正常"], "en": ["ok", "error", "ok"]}[lang]
        assert _column(target, titles["status"]) == status
        assert said[lang] in _column(target, titles["reason"])[1]
        report = tmp_path / {"zh": "zh-问题行.csv", "en": "en-refused.csv"}[lang]
        assert str(report) in done.out
        listed = read_frame(report).frame
        assert len(listed) == 1
        row = [None if pd.isna(cell) else cell for cell in listed.iloc[0]]
        assert row[:3] == ["3", header, value or None]
        assert said[lang] in row[3]
        assert row[4:] == [cell or None for cell in ("A2", *bad[1:])]
        assert list(listed.columns[4:]) == list(HEADER)


def test_the_report_goes_when_nothing_is_refused_any_more(capsys: CAPSYS, tmp_path: Path) -> None:
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    _csv(source, HEADER, (*GOOD[:3], "x", *GOOD[4:]))
    assert _batch(capsys, source, target, "--lang", "zh").code == 1
    assert (tmp_path / "out-问题行.csv").exists()
    _csv(source, HEADER, GOOD)
    assert _batch(capsys, source, target, "--lang", "zh").code == 0
    assert not (tmp_path / "out-问题行.csv").exists()


def test_a_ragged_row_is_refused(capsys: CAPSYS, tmp_path: Path) -> None:
    source = _csv(tmp_path / "in.csv", HEADER, GOOD, ("A2", *GOOD[1:], "多", "余"), LAST, ("A4",))
    target = tmp_path / "out.csv"
    done = _batch(capsys, source, target, "--lang", "zh")
    assert done.code == 1
    assert "第 3 行" in done.out
    assert "单元格比表头多" in done.out
    assert _column(target, "费用合计") == ["31.3", None, "34.3", None]
    assert _column(target, "状态") == ["正常", "错误", "正常", "错误"]


# Files that can't be used.


def _missing_column(folder: Path) -> Path:
    return _csv(folder / "in.csv", ("订单号", "订单付了款"), ("A1", "100"))


def _nothing(folder: Path) -> Path:
    file = folder / "in.csv"
    file.write_bytes(b"")
    return file


def _only_header(folder: Path) -> Path:
    return _csv(folder / "in.csv", HEADER)


def _duplicate(folder: Path) -> Path:
    return _csv(folder / "in.csv", ("买家实付", "实付款"), ("1", "2"))


def test_a_title_above_the_header_is_passed_over(capsys: CAPSYS, tmp_path: Path) -> None:
    path = _xlsx(tmp_path / "in.xlsx", ("八月订单", None, None), HEADER[2:5], ("ES", 100, 22.6))
    book = openpyxl.load_workbook(path)
    assert book.active is not None
    book.active.merge_cells("A1:C1")
    book.save(path)
    done = _batch(capsys, path, tmp_path / "out.csv", "--lang", "zh")
    assert done.code == 0
    assert "表头在第 2 行" in done.out
    assert _column(tmp_path / "out.csv", "费用合计") == ["31.3"]


def _password(folder: Path) -> Path:
    file = folder / "in.xlsx"
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
    file.write_bytes(ole + "EncryptedPackage".encode("utf-16-le") + bytes(512))
    return file


def _truncated(folder: Path) -> Path:
    path = _xlsx(folder / "in.xlsx", HEADER, GOOD)
    path.write_bytes(path.read_bytes()[:-200])
    return path


def _too_wide(folder: Path) -> Path:
    return _csv(folder / "in.csv", tuple(f"c{n}" for n in range(16_385)), ("1",))


UNUSABLE: list[tuple[Callable[[Path], Path], str, str]] = [
    (
        _missing_column,
        "“订单付了款”是否就是“订单实付金额”",
        "required column “Amount paid”",
    ),
    (_nothing, "是空的", "is empty"),
    (_only_header, "只有表头，没有数据行", "a header but no rows"),
    (_duplicate, "两个表头都表示“订单实付金额”", "two headers stand for “Amount paid”"),
    (_password, "有密码保护", "protected by a password"),
    (_truncated, "已损坏或不完整", "damaged or incomplete"),
    (_too_wide, "16,384 列", "16,384"),
    (lambda folder: folder / "no.csv", "找不到文件", "There is no file"),
    (lambda folder: folder, "文件夹、通配符", "a folder or a pattern too"),
]


@pytest.mark.parametrize(("make", "zh", "en"), UNUSABLE, ids=lambda item: str(item)[:14])
def test_a_file_that_can_not_be_used(
    capsys: CAPSYS, tmp_path: Path, make: Callable[[Path], Path], zh: str, en: str
) -> None:
    source, target = make(tmp_path), tmp_path / "out.csv"
    for lang, said in (("zh", zh), ("en", en)):
        done = _batch(capsys, source, target, "--lang", lang)
        assert (done.code, done.out) == (2, "")
        assert said in done.err
        assert done.err.count("\n") == 1
        assert not target.exists()


def test_a_sheet_of_300_columns(capsys: CAPSYS, tmp_path: Path) -> None:
    more = [f"列{n}" for n in range(298)]
    header = (*more[:200], *HEADER[3:5], *more[200:])
    source = _xlsx(tmp_path / "in.xlsx", header, (*range(200), 100, 22.6, *range(98)))
    target = tmp_path / "out.xlsx"
    assert _batch(capsys, source, target, "--lang", "zh").code == 0
    frame = read_frame(target, sheet="订单").frame
    assert list(frame.columns) == [*header, *RESULTS["zh"]]
    assert frame["费用合计"].tolist() == [31.3]


# Targets that can't be written.


def test_targets_that_can_not_be_written(capsys: CAPSYS, tmp_path: Path) -> None:
    source = _csv(tmp_path / "in.csv", HEADER, GOOD)
    before = source.read_bytes()
    (tmp_path / "folder.csv").mkdir()
    for target, zh, en in (
        (tmp_path / "no" / "out.csv", "文件夹", "does not exist"),
        (tmp_path / "out.pdf", ".xlsx .csv .tsv .parquet", ".xlsx .csv .tsv .parquet"),
        (tmp_path / "folder.csv", "不是普通文件", "not an ordinary file"),
        (source, "输出文件就是输入文件", "The output is the input itself"),
    ):
        for lang, said in (("zh", zh), ("en", en)):
            done = _batch(capsys, source, target, "--lang", lang)
            assert (done.code, done.out) == (2, "")
            assert said in done.err
    assert source.read_bytes() == before
    assert sorted(file.name for file in tmp_path.iterdir()) == ["folder.csv", "in.csv"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_full_disk_leaves_the_old_file(
    capsys: CAPSYS, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    source, target = _csv(tmp_path / "in.csv", HEADER, GOOD), tmp_path / f"out.{kind}"
    target.write_text("old", encoding="utf-8")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    done = _batch(capsys, source, target, "--lang", "zh")
    assert done.code == 2
    assert "磁盘空间不足" in done.err
    assert target.read_text(encoding="utf-8") == "old"
    assert {file.name for file in tmp_path.iterdir()} == {"in.csv", target.name}


# What comes out.


@pytest.mark.parametrize("kind", KINDS)
def test_every_row_comes_out_in_its_place_and_twice_is_the_same(
    capsys: CAPSYS, tmp_path: Path, kind: str
) -> None:
    orders = sample_orders(120).sample(frac=1, random_state=1, ignore_index=True)
    if kind == "parquet":  # it holds one type a column
        orders = orders.astype({"订单实付金额": str})
    source, one, two = (tmp_path / f"{name}.{kind}" for name in ("in", "one", "two"))
    write_frame(orders, source)
    assert _batch(capsys, source, one, "--lang", "zh").code == 1
    assert _batch(capsys, one, two, "--lang", "zh").code == 1
    read = read_frame(source).frame
    first, second = (read_frame(file, sheet=_orders(kind)).frame for file in (one, two))
    results = [column.key for column in OUTPUT] if kind == "parquet" else RESULTS["zh"]
    assert list(first.columns) == [*read.columns, *results]
    pd.testing.assert_frame_equal(first[list(read.columns)], read)
    pd.testing.assert_frame_equal(first, second)
    assert first[results[-2]].value_counts()["错误"] == 3
    if kind != "parquet":
        english = tmp_path / f"three.{kind}"
        assert _batch(capsys, two, english, "--lang", "en").code == 1
        third = read_frame(english, sheet=_orders(kind, "Orders")).frame
        assert list(third.columns) == [*read.columns, *RESULTS["en"]]


def _orders(kind: str, name: str = "订单") -> str | None:
    return name if kind == "xlsx" else None


def test_a_column_of_ones_own_named_like_a_result_stays(capsys: CAPSYS, tmp_path: Path) -> None:
    source = _csv(tmp_path / "in.csv", ("说明", "实付金额", "状态"), ("赠品", "100", "已发货"))
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"
    for read, target in ((source, one), (one, two)):
        assert _batch(capsys, read, target, "--lang", "zh").code == 0
        frame = read_frame(target).frame
        assert list(frame.columns) == ["说明", "实付金额", "状态", *RESULTS["zh"]]
        assert frame.iloc[0, :3].tolist() == ["赠品", "100", "已发货"]


def test_gb18030_and_long_order_numbers(capsys: CAPSYS, tmp_path: Path) -> None:
    row = ("8145987534666769012", *GOOD[1:])
    source = _csv(tmp_path / "in.csv", HEADER, row, encoding="gb18030")
    for target in (tmp_path / "out.csv", tmp_path / "out.xlsx"):
        assert _batch(capsys, source, target, "--lang", "zh").code == 0
        sheet = _orders(target.suffix[1:])
        frame = read_frame(target, sheet=sheet).frame
        assert frame["订单号"].tolist() == ["8145987534666769012"]
        assert frame["备注"].tolist() == ["第一行"]
    assert (tmp_path / "out.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_text_that_looks_like_a_formula_stays_text(capsys: CAPSYS, tmp_path: Path) -> None:
    risky = ["=1+1", "@SUM(A1)", '=HYPERLINK("http://x")', "+cmd|x", "-2+3"]
    orders = pd.DataFrame({"备注": risky, "订单实付金额": [100.0] * 5, "系统报价": [22.6] * 5})
    source = tmp_path / "in.parquet"
    write_frame(orders, source)
    for kind in KINDS:
        assert _batch(capsys, source, tmp_path / f"out.{kind}", "--lang", "zh").code == 0
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    cells = list(book["订单"]["A"][1:])
    assert [cell.value for cell in cells] == risky
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr"}
    assert _column(tmp_path / "out.csv", "备注") == risky  # read back without the guard
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["备注"] for row in csv.DictReader(file)] == [f"'{text}" for text in risky]
    assert _column(tmp_path / "out.parquet", "备注") == risky


# Options.


def test_exchange_rates_costs_and_day(capsys: CAPSYS, tmp_path: Path) -> None:
    header = ("sku", "qty", "paid", "logistics", "date")
    rows = ("K1", "2", "US $10", "20", "2024-08-01"), ("K1", "1", "100", "20", "")
    source, target = _csv(tmp_path / "in.csv", header, *rows), tmp_path / "out.csv"
    costs = _csv(tmp_path / "costs.csv", ("商品编码", "生效日期", "采购成本"), ("K1", "", "8.5"))
    done = _batch(capsys, source, target, "--fx", "USD=7.1", "--costs", costs, "--lang", "en")
    assert done.code == 0
    assert _column(target, "Total fees") == ["27.69", "28.7"]
    assert _column(target, "Profit") == ["26.31", "62.8"]
    rates = _csv(tmp_path / "fx.csv", ("币种", "生效日期", "汇率"), ("USD", "2024-07-01", "7"))
    assert _batch(capsys, source, target, "--fx", rates, "--lang", "en").code == 0
    assert _column(target, "Total fees")[0] == "27.65"
    early = _batch(
        capsys, source, target, "--fx", "USD=7.1", "--as-of", "2024-06-30", "--lang", "en"
    )
    assert early.code == 1
    assert _column(target, "Total fees") == ["27.69", None]
    # A cost in another currency is exchanged, by whatever names it; what is not used is told.
    for header, cells in (
        (("SKU", "采购价", "币种"), ("K1", "1", "USD")),
        (("SKU", "采购价(USD)"), ("K1", "1")),
        (("SKU", "采购价", "箱规"), ("K1", "US $1", "10")),
    ):
        _csv(costs, header, cells)
        done = _batch(capsys, source, target, "--fx", "USD=7.1", "--costs", costs, "--lang", "zh")
        assert _column(target, "毛利")[1] == "64.2"
        assert ("costs.csv：未使用的列：箱规。" in done.out) == ("箱规" in header)
        assert _batch(capsys, source, target, "--costs", costs).code == 2
    _csv(costs, ("SKU", "采购价", "结算用币"), ("K1", "1", "USD"))
    done = _batch(capsys, source, target, "--fx", "USD=7.1", "--costs", costs, "--lang", "zh")
    assert "costs.csv：“结算用币”列像币种而未使用" in done.out
    _csv(costs, ("商品编码", "采购成本"), ("K1", "便宜"))
    wrong = _batch(capsys, source, target, "--costs", costs, "--lang", "zh")
    assert wrong.code == 2
    assert "有 1 行有问题，未采用" in wrong.err
    assert "“便宜”不是可用的数" in wrong.err


def test_a_header_of_ones_own(capsys: CAPSYS, tmp_path: Path) -> None:
    source = _csv(tmp_path / "in.csv", ("到账", "物流费"), ("100", "22.60"))
    target = tmp_path / "out.csv"
    named = ("--column", "到账=paid_cny", "--lang", "zh")
    hinted = _batch(capsys, source, target, *named)
    assert hinted.code == 0
    assert "如 物流费=logistics_cny" in hinted.out
    assert "1 行没有物流费记录" in hinted.out
    done = _batch(capsys, source, target, *named, "--column", "物流费=logistics_cny")
    assert "费用合计 ¥31.30" in done.out
    assert list(read_frame(target).frame.columns) == ["到账", "物流费", *RESULTS["zh"]]
    assert _batch(capsys, source, target, "--column", "到账=money").code == 2


def test_lines_of_one_order_share_its_fees(capsys: CAPSYS, tmp_path: Path) -> None:
    header = ("order", "paid", "logistics")
    rows = ("B1", "60", "22.60"), ("B2", "10", "5"), ("B1", "40", "")
    target = tmp_path / "out.csv"
    done = _batch(capsys, _csv(tmp_path / "in.csv", header, *rows), target, "--lang", "zh")
    assert "3 行，2 单" in done.out
    totals = [float(text) for text in _column(target, "费用合计")]
    assert totals[0] + totals[2] == pytest.approx(31.30)
    assert totals[1] == pytest.approx(10.55)


# The workbook.


def test_the_workbook_tells_what_it_was_computed_with(capsys: CAPSYS, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[values.rush_fee]\nvalue = "4.00"\n', encoding="utf-8")
    source = _csv(tmp_path / "in.csv", HEADER, GOOD, LAST)
    target = tmp_path / "out.xlsx"
    done = _batch(
        capsys, source, target, "--policy", own, "--fx", "USD=7.1", "--as-of", "2024-09-01",
        "--lang", "zh",
    )  # fmt: skip
    assert done.code == 0
    about = openpyxl.load_workbook(target)["说明"]
    told = {str(row[0].value): str(row[1].value) for row in about.iter_rows(max_col=2)}
    assert told["自定义数值的文件"] == str(own)
    assert told["汇率"] == "USD=7.1"
    assert told["没有日期的行按这一天"] == "2024-09-01"
    rush = next(text for name, text in told.items() if name.startswith("加急操作费"))
    assert rush.startswith("¥4.00 | 自定义")
    assert "替换了 ¥3.00" in rush
    assert told["基础服务费率 (F1)"].startswith("3.5 % | 原文写明 | 《速卖通半托管模式详解》")
    assert _sheet_total(target, "订单", "费用合计") == 66.6


def _sheet_total(path: Path, sheet: str, title: str) -> float:
    return round(float(read_frame(path, sheet=sheet).frame[title].sum()), 2)


def test_rows_without_a_result_draw_nothing(capsys: CAPSYS, tmp_path: Path) -> None:
    rows = (
        ("A0", "2020-01-05", "DE", "9", "9", "1", ""),
        ("A1", "2024-08-01", "火星", "9", "9", "1", ""),
    )
    source = _csv(tmp_path / "in.csv", HEADER, *rows, GOOD, LAST)
    target = tmp_path / "out.xlsx"
    assert _batch(capsys, source, target, "--lang", "zh").code == 1
    sheet = openpyxl.load_workbook(target)["汇总"]
    column = [cell.value for cell in sheet["A"]]
    month, country = column.index("月份"), column.index("目的国")
    assert column[month + 1 : month + 4] == ["2024-08", "2020-01", "合计"]
    assert column[country + 1 : country + 3] == ["FR 法国", "ES 西班牙"]
    assert set(column[country + 3 : country + 5]) == {"DE 德国", "（未填或有误）"}
    fees, shares = sheet._charts  # type: ignore[attr-defined]
    assert fees.series[0].cat.strRef.f.endswith(f"$A${month + 2}")
    assert shares.series[0].cat.strRef.f.endswith(f"$A${country + 2}:$A${country + 3}")
    assert sheet["C4"].number_format.startswith("¥")


@pytest.mark.parametrize("lang", LANGS)
def test_a_sheet_or_an_encoding_is_asked_of_files_that_can_have_one(
    tmp_path: Path, capsys: CAPSYS, lang: Lang
) -> None:
    """Else the option would do nothing, without a word."""
    text, book, target = tmp_path / "a.csv", tmp_path / "a.xlsx", tmp_path / "q.csv"
    frame = sample_orders(5)
    write_frame(frame, text)
    write_frame(frame, book)
    for words, option in (
        (("batch", text, "--sheet", "x"), "--sheet"),
        (("batch", book, "--encoding", "gbk"), "--encoding"),
        (("reconcile", text, book, "--sheet", "x"), "--sheet"),
        (("reconcile", book, text, "--bill-sheet", "x"), "--bill-sheet"),
        (("reconcile", book, book, "--encoding", "gbk"), "--encoding"),
        (("rates", "import", text, "-o", target, "--sheet", "x"), "--sheet"),
    ):
        done = call(capsys, *words, "--lang", lang)
        assert (done.code, done.out) == (2, "")
        assert {"zh": "请去掉", "en": "Leave out"}[lang] in done.err
        assert done.err.rstrip("。.\n").endswith(option)
    assert {path.name for path in tmp_path.iterdir()} == {"a.csv", "a.xlsx"}


def test_what_is_told_of_rows_is_told_of_those_that_are_computed(
    capsys: CAPSYS, tmp_path: Path
) -> None:
    """A doubt about refused rows alone says nothing: they are told with what is wrong."""
    header = ("订单号", "实付金额", "物流费(系统报价)", "订单状态", "付款时间")
    closed = ("A1", "100", "22.6", "交易关闭", "2024-08-06 12:00")
    source = _csv(tmp_path / "in.csv", header, closed, ("A2", "昨天", *closed[2:]))
    assert "1 行：订单付款后关闭" in _batch(capsys, source, tmp_path / "a.csv", "--lang", "zh").out
    source = _csv(tmp_path / "in.csv", header, ("A2", "昨天", *closed[2:]))
    done = _batch(capsys, source, tmp_path / "b.csv", "--lang", "zh")
    assert done.code == 1
    assert "0 行：" not in done.out
    assert "付款后关闭" not in done.out


@pytest.mark.parametrize("paid", ["2024-08-01 10:00", None])
def test_a_sheet_without_a_column_counts_as_it_does_alone(
    capsys: CAPSYS, tmp_path: Path, paid: str | None
) -> None:
    """Of two sheets one tells when orders were paid and in what currency."""
    header = ("订单号", "订单实付金额", "物流费(系统报价)")
    path = book_of(
        tmp_path / "a.xlsx",
        八月=[
            (*header, "付款时间", "币种"),
            ("A1", 10, 22.6, paid, "USD"),
            ("A2", 10, 22.6, "", ""),
        ],
        九月=[header, ("B1", 100, 22.6)],
    )
    done = call(
        capsys, "batch", path, "--sheet", "*", "-o", tmp_path / "r.csv", "--fx", "USD=7",
        "--headers", "key", "--lang", "en",
    )  # fmt: skip
    rows = read_frame(tmp_path / "r.csv").frame.fillna("")
    assert rows["total_fee_cny"].astype(str).tolist() == ["30.25", "", "31.3"]
    assert ("left out" if paid else "no currency") in rows["reason"][1]
    assert ("is blank in every row" in done.out) == (paid is None)
