"""The result workbook as other programs read it."""

import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pandas as pd
import pytest

from sellersheet.columns import OUTPUT
from sellersheet.rules.fees import FEE_PARTS
from sellersheet.wording import Lang
from sellersheet_workbook.batch.result_book import write_result_book
from sellersheet_workbook.batch.summary_sheet import WORDS
from sellersheet_workbook.files.reading import sheet_names
from tests.grids import read_frame

NAMED = {"zh": ["ES 西班牙", "FR 法国"], "en": ["ES Spain", "FR France"]}
NO_ISSUES = pd.DataFrame(columns=["row", "column", "value", "message"])


def _orders() -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "订单号": ["A1", "A2", "A3"],
            "下单日期": pd.to_datetime(["2024-07-01", "2024-08-02", "2024-08-03"]),
            "订单实付金额": [179.0, "待确认", 20.0],
        }
    )
    values = {"money": [6.27, None, 1.0], "rate": [0.31, None, -0.5], "grams": [500, None, 80]}
    for column in OUTPUT:
        frame[column.key] = values.get(column.kind, ["正常", "错误", "提示"])
    return frame


def _summary(by: str, groups: list[object]) -> pd.DataFrame:
    frame = pd.DataFrame({by: groups, "orders": [1, 2], "paid_cny": [100.0, 0.0]})
    for at, part in enumerate(FEE_PARTS):
        frame[part] = [float(at), 0.0]
    return frame.assign(total_fee_cny=[21.0, 0.0], profit_cny=[30.0, -40.0])


def _summaries() -> dict[str, pd.DataFrame]:
    months: list[object] = [pd.Timestamp("2024-07-01"), "2024-08"]
    return {"month": _summary("month", months), "country": _summary("country", ["ES", "FR"])}


def _write(path: Path, lang: Lang = "zh", issues: pd.DataFrame = NO_ISSUES) -> Path:
    about = [("本次计算", ""), ("规则版本", "2024-08"), ("来源", "=说明, 第 3 节")]
    write_result_book(path, _orders(), _summaries(), issues, about, lang)
    return path


def test_sheets(tmp_path: Path) -> None:
    issues = pd.DataFrame(
        {"row": [3], "column": ["订单实付金额"], "value": ["待确认"], "message": ["=x"]}
    )
    assert sheet_names(_write(tmp_path / "a.xlsx")) == ["汇总", "订单", "说明"]
    with_issues = _write(tmp_path / "b.xlsx", issues=issues)
    assert sheet_names(with_issues) == ["汇总", "订单", "问题行", "说明"]
    refused = read_frame(with_issues, sheet="问题行").frame
    assert list(refused.columns) == ["行", "列", "填写的值", "问题与处理"]
    assert refused.iloc[0].tolist() == [3, "订单实付金额", "待确认", "=x"]
    english = _write(tmp_path / "c.xlsx", "en", issues)
    assert sheet_names(english) == ["Summary", "Orders", "Refused rows", "About"]


def test_orders_sheet(tmp_path: Path) -> None:
    path = _write(tmp_path / "a.xlsx")
    sheet = openpyxl.load_workbook(path)["订单"]
    header = [cell.value for cell in sheet[1]]
    assert header[3:] == [column.zh for column in OUTPUT]
    first = dict(zip(header, sheet[2], strict=True))
    assert first["毛利率"].number_format == "0.00%"
    assert first["费用合计"].number_format == "#,##0.00"
    assert first["费用合计"].value == 6.27
    assert sheet["C3"].value == "待确认"
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref is not None
    assert sheet.print_title_rows == "$1:$1"
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    (status,) = sheet.conditional_formatting
    words = {rule.formula[0] for rule in status.rules}
    assert {'"错误"', '"error"', '"提示"', '"warning"'} <= words


def test_summary_sheet(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(_write(tmp_path / "a.xlsx"))["汇总"]
    figures = dict(zip(*([cell.value for cell in sheet[row][::2]] for row in (3, 4)), strict=True))
    figures = {name: value for name, value in figures.items() if name}
    assert figures == {
        "表中行数": 3, "订单实付金额": 100, "费用合计": 21, "费用占比": 0.21,
        "毛利": -10, "毛利率": -0.1, "问题行数": 0,
    }  # fmt: skip
    column = [cell.value for cell in sheet["A"]]
    month = column.index("月份")
    assert column[month - 1] == "按月份"
    assert column[month + 1 : month + 4] == ["2024-07", "2024-08", "合计"]
    header = [cell.value for cell in sheet[month + 1]]
    shares = [sheet.cell(month + row, header.index("费用占比") + 1).value for row in (2, 3, 4)]
    assert shares == [0.21, None, 0.21]


@pytest.mark.parametrize(
    ("lang", "title"), [("zh", "各月的费用花在哪里？"), ("en", "Where did the fees go")]
)
def test_charts_point_at_the_tables(tmp_path: Path, lang: Lang, title: str) -> None:
    path = _write(tmp_path / "a.xlsx", lang)
    book = openpyxl.load_workbook(path)
    assert len(book.worksheets[0]._charts) == 2  # type: ignore[attr-defined]
    with zipfile.ZipFile(path) as archive:
        fees, shares = (archive.read(f"xl/charts/chart{n}.xml").decode() for n in (1, 2))
    assert title in fees
    # The first part is 0 everywhere, so six of the seven are drawn.
    assert fees.count("<c:ser>") == 6
    assert '<c:grouping val="stacked"/>' in fees
    assert shares.count("<c:ser>") == 1
    for xml in (fees, shares):
        assert xml.count("<c:title>") == 3
        for reference in ElementTree.fromstring(xml).iter():  # noqa: S314
            if reference.tag.endswith("}cat"):
                formula = next(item for item in reference.iter() if item.tag.endswith("}f"))
                area = str(formula.text).split("!")[1].replace("$", "")
                cells = [row[0].value for row in book.worksheets[0][area]]
                assert cells in (["2024-07", "2024-08"], NAMED[lang])
    # Destinations read from the top, their bars from left to right.
    orders = re.findall(r'<c:(cat|val)Ax>.*?<c:orientation val="(\w+)"', shares)
    assert orders == [("cat", "maxMin"), ("val", "minMax")]


def test_no_formula_and_the_same_bytes(tmp_path: Path) -> None:
    one, two = _write(tmp_path / "a.xlsx"), _write(tmp_path / "b.xlsx")
    assert one.read_bytes() == two.read_bytes()
    with zipfile.ZipFile(one) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            text = archive.read(name)
            ElementTree.fromstring(text)  # noqa: S314
            if name.startswith("xl/worksheets/sheet"):
                assert b"<f>" not in text
        assert {item.date_time for item in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_other_summaries_and_nothing_to_sum(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    empty = _orders().iloc[:0]
    write_result_book(path, empty, {"month": _summaries()["month"].iloc[:0]}, NO_ISSUES, [], "zh")
    assert sheet_names(path) == ["汇总", "订单", "说明"]
    by_sku = _summary("sku", ["=SKU1", None]).drop(columns="total_fee_cny")
    write_result_book(path, _orders(), {"sku": by_sku}, NO_ISSUES, [], "zh", title="八月")
    sheet = openpyxl.load_workbook(path)["汇总"]
    assert sheet["A1"].value == "八月"
    assert [cell.value for cell in sheet["A"]][-3:] == ["=SKU1", WORDS("blank", "zh"), "合计"]
    assert not sheet._charts  # type: ignore[attr-defined]


def test_many_groups_are_shown_as_fifty(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    frame = pd.DataFrame(
        {
            "group": [f"SKU{n}" for n in range(80)],
            "lines": 2,
            "incomplete": 0,
            "paid_cny": 10.0,
            "profit_lines": [2] * 79 + [1],
            "profit_cny": 1.0,
            "margin": 0.1,
        }
    )
    write_result_book(path, _orders(), {"sku": frame}, NO_ISSUES, [], "zh")
    rows = list(openpyxl.load_workbook(path)["汇总"].iter_rows(min_row=8, values_only=True))
    assert rows[0][:6] == ("商品编码", "已算出行数", "订单实付金额", "有毛利行数", "毛利", "毛利率")
    # The margin is that of the lines with a profit, so it can't be had from the sums.
    assert rows[50][:6] == ("其余 31 项", 62, 310, 61, 31, None)
    assert rows[51][:6] == ("合计", 160, 800, 159, 80, None)


def test_a_profit_that_nobody_knows_is_not_shown_as_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    frame = pd.DataFrame(
        {
            "group": [f"SKU{n}" for n in range(80)],
            "lines": 1,
            "paid_cny": 10.0,
            "profit_lines": [0] * 79 + [1],
            "profit_cny": [None] * 79 + [3.0],
        }
    )
    write_result_book(path, _orders(), {"sku": frame}, NO_ISSUES, [], "zh")
    rows = list(openpyxl.load_workbook(path)["汇总"].iter_rows(min_row=8, values_only=True))
    assert rows[1][:5] == ("SKU0", 1, 10, 0, None)
    assert rows[50][:5] == ("其余 31 项", 31, 310, 1, 3)
    unknown = frame.assign(profit_lines=0, profit_cny=float("nan"))
    write_result_book(path, _orders(), {"sku": unknown}, NO_ISSUES, [], "zh")
    shown = [cell for row in openpyxl.load_workbook(path)["汇总"].values for cell in row]
    assert "毛利" not in shown
    assert "有毛利行数" not in shown
