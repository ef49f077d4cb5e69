"""Excel's macros through xlwings' own Windows classes, over Excel's objects in memory."""

import datetime as dt
import sys
import webbrowser
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import pandas as pd
import pytest

from sellersheet.columns import OUTPUT
from sellersheet_addin.excel.wrappers import windows_branch
from sellersheet_workbook.batch.sample import sample_orders
from sellersheet_workbook.host.live_port import cells_of
from sellersheet_workbook.patch.areas import cell_ref
from tests.excel_com import (
    AUTOMATIC,
    MANUAL,
    SEMIAUTOMATIC,
    Excel,
    ListObject,
    Typed,
    Workbook,
)

MODULES = tuple(
    f"sellersheet_addin.excel.{name}" for name in ("book_program", "link_repair", "macros")
)
TITLES = [item.zh for item in OUTPUT]
MANY = 2_000  # rows: enough that what is done row by row would be seen in the counts


@pytest.fixture(scope="module")
def branch() -> Iterator[SimpleNamespace]:
    with windows_branch(*MODULES) as (xlwings, _, repair, macros):
        windows: Any = sys.modules["xlwings._xlwindows"]
        yield SimpleNamespace(xw=xlwings, windows=windows, repair=repair, macros=macros)


_OK, _YES, _NO = 1, 6, 7


class Desk:
    """A workbook open in Excel; ``told`` are the message boxes."""

    def __init__(self, branch: SimpleNamespace, folder: Path, *, chinese: bool = True) -> None:
        self.folder, self.told, self.pressed = folder, [], _OK
        self.macros = branch.macros
        self.app = Excel(branch.windows.pywintypes.com_error, chinese=chinese)
        self.book = Workbook(self.app, folder / "账.xlsx")
        branch.windows.win32api.MessageBox = self._box
        branch.xw.Book(impl=branch.windows.Book(xl=self.book)).set_mock_caller()

    def _box(self, window: int, text: str, title: str, style: Any) -> int:
        self.told.append(text)
        return self.pressed

    def sheet(self, name: str, frame: pd.DataFrame, top: int = 1, left: int = 1) -> Any:
        sheets = self.book.Worksheets
        sheet = sheets.Add()
        sheet.Name = name
        for at in range(frame.shape[1]):
            cells = [str(frame.columns[at]), *cells_of(frame.iloc[:, at])]
            for row, cell in enumerate(cells, top):
                if cell is not None:
                    number = isinstance(cell, (int, float)) and not isinstance(cell, bool)
                    sheet.cells[row, left + at] = float(cell) if number else cell
        return sheet

    def table(self, sheet: Any, name: str = "Orders") -> Any:
        rows, columns = zip(*sheet.cells, strict=True)
        first = sheet.Cells(min(rows), min(columns))
        return ListObject(name, sheet.Range(first, sheet.Cells(max(rows), max(columns))))

    def grid(self, name: str) -> pd.DataFrame:
        sheet = self.book.Worksheets(name)
        filled = [at for at, cell in sheet.cells.items() if cell is not None]
        bottom, right = max(row for row, _ in filled), max(column for _, column in filled)
        lines = [
            [sheet.cells.get((row, at)) for at in range(1, right + 1)]
            for row in range(1, bottom + 1)
        ]
        return pd.DataFrame(lines[1:], columns=lines[0], dtype=object)

    def state(self) -> Any:
        """Dictionaries made anew, of cells that never change themselves."""
        return {
            sheet.Name: (
                {at: cell for at, cell in sheet.cells.items() if cell is not None},
                [(one.Name, one.Range.bottom, one.Range.right) for one in sheet.ListObjects],
            )
            for sheet in self.book.Worksheets
        }


@pytest.fixture
def desk(
    branch: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Desk]:
    monkeypatch.setenv("SELLERSHEET_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("SELLERSHEET_LANG", raising=False)
    desk = Desk(branch, tmp_path)
    before = desk.app.state()
    yield desk
    assert desk.app.state() == before
    assert desk.app.StatusBar is False


def _orders() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "订单号": ["8123456789012345", "+A2", "@A3"],
            "下单日期": [45509.0, 45541.0, 45542.0],
            "目的国": ["ES", "法国", "ES"],
            "订单实付金额": [100.0, 88.1, "待定"],
            "物流费(系统报价)": [22.6, 31.0, 20.0],
        }
    )


def _formulas(desk: Desk) -> list[Typed]:
    return [
        cell for sheet in desk.book.Worksheets for cell in sheet.cells.values()
        if isinstance(cell, Typed)
    ]  # fmt: skip


def test_update_and_undo_in_an_excel_table(desk: Desk) -> None:
    sheet = desk.sheet("订单", _orders())
    desk.table(sheet)
    before = desk.state()
    desk.macros.update()
    assert desk.grid("订单")["费用合计"].tolist()[0] == 31.3
    assert sheet.ListObjects.list[0].Range.right == 5 + len(TITLES)
    assert desk.grid("更新记录")["数据行数"].tolist() == [3]
    assert desk.book.ActiveSheet is sheet
    assert len(desk.told) == 1
    assert any("(2/3)" in bar for bar in desk.app.bars)
    assert not _formulas(desk)
    desk.macros.undo()
    assert desk.state() == before
    assert len(desk.told) == 2


def test_a_column_of_several_number_formats_is_asked_for_by_parts(desk: Desk) -> None:
    rows = 4_000
    orders = pd.DataFrame(
        {"订单号": [f"A{at}" for at in range(rows)], "下单日期": [45509.0] * rows,
         "目的国": ["ES"] * rows, "订单实付金额": [100.0] * rows, "实重": [0.08] * rows}
    )  # fmt: skip
    sheet = desk.sheet("订单", orders)
    sheet.formats[2, 5, rows + 1, 5] = '0.00" kg"'
    sheet.formats[1_002, 4, 1_003, 4] = "[$USD] 0.00"
    before = desk.app.reads
    desk.macros.update()
    assert desk.app.reads - before < 100
    grid = desk.grid("订单")
    assert grid["计费重"][0] == 80
    assert [at for at, text in enumerate(grid["说明"]) if "USD" in str(text)] == [1_000, 1_001]


def test_merged_cells_are_asked_for_by_parts(desk: Desk) -> None:
    rows = 4_000
    orders = pd.DataFrame(
        {"订单号": [f"A{at}" for at in range(rows)], "下单日期": [45509.0] * rows,
         "目的国": ["ES"] * rows, "订单实付金额": [100.0] * rows, "物流费(系统报价)": [22.6] * rows}
    )  # fmt: skip
    orders.loc[1_000:1_002, "订单号"] = ["A1000", None, None]
    orders.loc[1_003, ["订单号", "目的国"]] = ["B", None]
    orders.loc[1_004, ["订单号", "下单日期", "目的国"]] = None
    sheet = desk.sheet("订单", orders)
    sheet.merges = [(1_002, 1, 1_004, 1), (1_005, 1, 1_006, 1), (1_005, 2, 1_006, 3)]
    before = desk.app.reads
    desk.macros.update()
    assert desk.app.reads - before < 200
    grid = desk.grid("订单")
    assert grid["操作费"][998:1_007].tolist() == [5.2, 5.2, 1.74, 1.73, 1.73, 2.6, 2.6, 5.2, 5.2]


def test_a_table_of_many_rows_is_written_in_one_block(desk: Desk) -> None:
    sheet = desk.sheet("订单", sample_orders(MANY, seed=3))
    desk.table(sheet)
    desk.macros.update()
    grid = desk.grid("订单")
    assert len(grid) == MANY
    assert set(TITLES) <= set(grid)
    # orders, summary and its header, refused rows and theirs, log and its header
    assert desk.app.writes <= 7
    assert desk.app.reads < 60


@pytest.mark.parametrize("at", [1, 2, 4])
def test_a_write_that_fails_is_put_back(desk: Desk, at: int) -> None:
    sheet = desk.sheet("订单", _orders())
    desk.table(sheet)
    before = desk.state()
    desk.app.fails_at = {at}
    desk.macros.update()
    assert desk.state() == before
    assert "已恢复" in desk.told[0]


def test_a_protected_sheet_is_left_alone(desk: Desk) -> None:
    sheet = desk.sheet("订单", _orders())
    before = desk.state()
    path = desk.folder / "导出.csv"
    pd.DataFrame({"订单号": ["X1"], "订单实付金额": [10], "目的国": ["DE"]}).to_csv(path)
    desk.app.asked = [(str(path),)]
    for task in ("update", "import_orders"):
        sheet.ProtectContents = True
        getattr(desk.macros, task)()
        assert desk.state() == before
        assert "受保护" in desk.told[-1]
    assert desk.app.writes == 0
    sheet.ProtectContents = False
    desk.macros.update()
    done = desk.state()
    sheet.ProtectContents = True
    desk.macros.undo()
    assert desk.state() == done
    assert "受保护" in desk.told[-1]
    sheet.ProtectContents = False
    desk.macros.undo()
    assert desk.state() == before


@pytest.mark.parametrize(("by_sheet", "rows"), [(True, 3), (False, 3), (False, MANY)])
def test_a_filtered_sheet_is_left_alone(desk: Desk, by_sheet: bool, rows: int) -> None:
    """Excel would write the first order's fees into every row that shows."""
    sheet = desk.sheet("订单", _orders() if rows == 3 else sample_orders(rows, seed=3))
    desk.table(sheet)
    sheet.hidden = {2, rows + 1}
    sheet.filtered_by_sheet = by_sheet
    before = desk.state()
    desk.macros.update()
    assert desk.state() == before
    assert desk.app.writes == 0
    assert "正在筛选" in desk.told[-1]
    assert "“订单”" in desk.told[-1]
    sheet.hidden = set()
    desk.macros.update()
    done = desk.state()
    sheet.hidden = {3}
    desk.macros.undo()
    assert desk.state() == done
    assert "正在筛选" in desk.told[-1]
    sheet.hidden = set()
    desk.macros.undo()
    assert desk.state() == before


def test_orders_are_not_imported_into_a_filtered_table(desk: Desk) -> None:
    sheet = desk.sheet("订单", _orders())
    desk.table(sheet)
    sheet.hidden = {4}
    before = desk.state()
    path = desk.folder / "导出.csv"
    frame = pd.DataFrame({"订单号": ["X1"], "订单实付金额": [10], "目的国": ["DE"]})
    frame.assign(下单日期="2024-09-20").to_csv(path, index=False)
    desk.app.asked = [(str(path),)]
    desk.macros.import_orders()
    assert desk.state() == before
    assert desk.app.writes == 0
    assert "正在筛选" in desk.told[-1]


def test_rows_that_a_filter_hides_are_read(desk: Desk) -> None:
    """The last row too: Excel's search passes it over."""
    sheet = desk.sheet("订单", _orders().iloc[:2])
    bill, found = desk.folder / "账单.csv", []
    pd.DataFrame({"订单号": ["+A2"], "操作费": [9.2], "物流费": [31]}).to_csv(bill, index=False)
    for hidden in (set(), {3}):
        sheet.hidden = hidden
        desk.app.asked = [str(bill)]
        desk.macros.check_bill()
        result = desk.folder / "账单-核对.xlsx"
        found.append(
            [list(one.iter_rows(values_only=True)) for one in openpyxl.load_workbook(result)]
        )
        result.unlink()
    assert found[1] == found[0]
    assert any(5.2 in row for rows in found[0] for row in rows)  # what the order should cost


@pytest.mark.parametrize(("mode", "rows"), [(AUTOMATIC, 3), (MANUAL, 3), (SEMIAUTOMATIC, MANY)])
def test_the_workbooks_own_macros_and_sums_wait(desk: Desk, mode: int, rows: int) -> None:
    """A macro that hears of each write, and sums after each, would take minutes or interfere."""
    desk.app.Calculation = mode
    desk.table(desk.sheet("订单", _orders() if rows == 3 else sample_orders(rows, seed=3)))
    linked = desk.sheet("报价", pd.DataFrame({"甲": [1.0] * rows}))
    for row in range(2, rows + 2):
        linked.cells[row, 2] = Typed(rf"='C:\a\sellersheet.xlam'!SEMIFEE(A{row})")
    before = desk.state()
    path = desk.folder / "导出.csv"
    frame = pd.DataFrame({"订单号": ["X1"], "订单实付金额": [10], "目的国": ["DE"]})
    frame.assign(下单日期="2024-09-20").to_csv(path, index=False)
    for task in ("update", "import_orders", "repair_links"):
        desk.app.asked = [(str(path),)]
        getattr(desk.macros, task)()
        assert desk.state() != before, task
        desk.macros.undo()
        assert desk.state() == before, task
        assert desk.app.Calculation == mode
    assert desk.app.writes > 6
    assert (desk.app.heard, desk.app.calculated) == (0, 0)
    desk.app.Calculation = AUTOMATIC


def _spilled_fees(desk: Desk) -> tuple[Any, int]:
    """Updated orders, the fees of which one formula fills since; and their column."""
    sheet = desk.sheet("订单", _orders().iloc[:2])
    desk.macros.update()
    at = 1 + [sheet.cells.get((1, at)) for at in range(1, 40)].index("费用合计")
    sheet.spills[2, at] = tuple((sheet.cells[row, at],) for row in (2, 3))
    assert sheet.spills[2, at][0] == (31.3,)
    sheet.cells[2, at], sheet.cells[3, at] = Typed("=SEMIFEE(D2:D3,E2:E3)"), None
    assert sheet.filled()[3, at].formula == sheet.cells[2, at]
    return sheet, at


def test_a_formula_that_spills_stays_where_it_is_right(desk: Desk) -> None:
    sheet, at = _spilled_fees(desk)
    beside = next(place for place in range(6, at) if sheet.cells.get((2, place)) == 5.2)
    sheet.cells[2, beside] = None
    before = desk.state()
    desk.macros.update()
    assert sheet.cells[2, beside] == 5.2
    assert "1 个公式" in desk.told[-1]
    assert sheet.filled()[2, at].value == 31.3
    assert sheet.cells[3, at] is None
    desk.macros.undo()
    assert desk.state() == before


def test_a_formula_that_spills_is_not_written_into(desk: Desk) -> None:
    """Its results would be gone, #SPILL! in their place, and an undo would not bring them back."""
    sheet, at = _spilled_fees(desk)
    sheet.spills[2, at] = ((31.3,), (1.0,))
    before, writes = desk.state(), desk.app.writes
    for task in ("update", "undo"):
        getattr(desk.macros, task)()
        assert desk.state() == before
        assert desk.app.writes == writes
        assert f"“订单”的 {cell_ref(3, at)} 由别处一个公式" in desk.told[-1]


def test_a_linked_formula_that_spills_is_mended_at_its_own_cell(desk: Desk) -> None:
    sheet = desk.sheet("报价", pd.DataFrame({"甲": [1.0] * 40}))
    sheet.cells[2, 3] = Typed(r"='C:\a\sellersheet.xlam'!SEMIFEE(A2:A41,1)")
    sheet.spills[2, 3] = ((31.3,),) * 40
    before = desk.state()
    desk.macros.repair_links()
    assert "已修复 1 个公式" in desk.told[0]
    assert sheet.cells[2, 3] == Typed("=SEMIFEE(A2:A41,1)")
    assert sheet.filled()[41, 3].value == 31.3
    desk.macros.undo()
    assert desk.state() == before


def test_a_workbook_without_orders_says_so(desk: Desk) -> None:
    desk.sheet("Sheet1", pd.DataFrame())
    desk.macros.update()
    assert "没有找到订单" in desk.told[0]


def test_error_cells_are_refused_rows_and_come_back_as_errors(desk: Desk) -> None:
    frame = _orders()
    sheet = desk.sheet("订单", frame.assign(费用合计=None, 基础服务费=None))
    not_available = -2146826246
    sheet.cells[2, 4] = not_available
    sheet.cells[2, 6] = not_available
    before = desk.state()
    desk.macros.update()
    assert desk.grid("更新问题行")["原值"].tolist()[0] == "#N/A"
    assert sheet.cells[2, 4] == not_available
    desk.macros.undo()
    assert desk.state() == before


def test_imported_text_never_becomes_a_formula_a_number_or_a_day(desk: Desk) -> None:
    sheet = desk.sheet("订单", _orders().assign(商品编码="S-1"))
    desk.table(sheet)
    before = desk.state()
    path = desk.folder / "导出.csv"
    ids = ["8123456789012345678", "007", "=1+1", "-2+3", "@SUM(1)", "+1", "2024-09-01x", "TRUE"]
    frame = pd.DataFrame({"订单号": ids, "商品编码": "1/2", "订单实付金额": 10, "目的国": "DE"})
    frame = frame.assign(**{"下单日期": "2024-09-20", "物流费(系统报价)": 3})
    frame.to_csv(path, index=False)
    desk.app.asked = [(str(path),)]
    desk.macros.import_orders()
    grid = desk.grid("订单")
    assert grid["订单号"].tolist() == [*_orders()["订单号"], *ids]
    assert grid["商品编码"].tolist() == ["S-1"] * 3 + ["1/2"] * 8
    assert grid["下单日期"].tolist()[-1] == 45555.0
    assert not _formulas(desk)
    assert sheet.ListObjects.list[0].Range.bottom == 12
    assert len(desk.told) == 1
    desk.macros.undo()
    assert desk.state() == before


@pytest.mark.parametrize("old", [False, True])
def test_formulas_of_results_come_back_with_undo(desk: Desk, old: bool) -> None:
    desk.app.old = old
    sheet = desk.sheet("订单", _orders().assign(基础服务费=None, 我的列="x"))
    for row in (2, 3, 4):
        sheet.cells[row, 6] = Typed(f"=INDEX(计算!A:A,{row})")
        sheet.cells[row, 7] = "=文字"
    before = desk.state()
    desk.macros.update()
    desk.macros.undo()
    assert desk.state() == before


def test_a_dialog_that_is_cancelled_does_nothing(desk: Desk) -> None:
    desk.sheet("订单", _orders())
    before = desk.state()
    for name in ("import_orders", "import_rates", "check_bill", "share"):
        desk.app.asked = [False]
        getattr(desk.macros, name)()
    assert desk.state() == before
    assert desk.told == []


def test_the_result_of_a_bill_is_offered(desk: Desk) -> None:
    desk.sheet("订单", _orders())
    bill = desk.folder / "账单.csv"
    pd.DataFrame({"订单号": ["+A2"], "操作费": [9.2], "物流费": [31]}).to_csv(bill, index=False)
    for pressed, opened in ((_NO, []), (_YES, [str(desk.folder / "账单-核对.xlsx")])):
        desk.pressed = pressed
        desk.app.asked = [str(bill)]
        desk.macros.check_bill()
        assert desk.told[-1].endswith("现在打开核对结果吗？")
        assert desk.app.made == opened
    desk.macros.policy_version()
    assert "打开" not in desk.told[-1]


def test_rates_get_into_cells_shown_as_text_as_numbers(desk: Desk) -> None:
    desk.sheet("订单", _orders())
    rates = desk.folder / "报价.csv"
    row = {"国家": "西班牙", "渠道": "标准", "重量段": "0-500g", "运费(元/KG)": 60}
    pd.DataFrame([row]).to_csv(rates, index=False)
    desk.app.asked = [str(rates)]
    desk.macros.import_rates()
    sheet = desk.book.Worksheets("费率")
    across = desk.grid("费率").shape[1]
    sheet.formats[2, 1, 9, across] = "@"
    before = desk.state(), {at: sheet.Cells(2, at).NumberFormat for at in range(1, across + 1)}
    pd.DataFrame([row, {**row, "国家": "法国", "运费(元/KG)": 55.5}]).to_csv(rates, index=False)
    desk.app.asked = [str(rates)]
    desk.macros.import_rates()
    assert desk.grid("费率")["每公斤价格"].tolist() == [60.0, 55.5]
    assert "1 行已被替换（线路：标准）" in desk.told[-1]
    desk.macros.undo()
    now = {at: sheet.Cells(2, at).NumberFormat for at in range(1, across + 1)}
    assert (desk.state(), now) == before


def test_rates_bill_and_copy(desk: Desk) -> None:
    desk.sheet("订单", _orders())
    rates = desk.folder / "报价.csv"
    pd.DataFrame(
        {"国家": ["西班牙"], "重量段": ["0-500g"], "运费(元/KG)": [60], "挂号费(元/票)": [18]}
    ).to_csv(rates, index=False)
    desk.app.asked = [str(rates)]
    desk.macros.import_rates()
    assert len(desk.grid("费率")) == 1
    bill = desk.folder / "账单.csv"
    pd.DataFrame({"订单号": ["+A2"], "操作费": [9.2], "物流费": [31]}).to_csv(bill, index=False)
    desk.app.asked = [str(bill)]
    desk.macros.check_bill()
    assert (desk.folder / "账单-核对.xlsx").is_file()
    copied = desk.folder / "给同事.xlsx"
    desk.app.asked = [str(copied)]
    desk.macros.share()
    assert openpyxl.load_workbook(copied)["订单"]["A3"].value == "+A2"
    assert len(desk.told) == 3
    assert all(str(path) in "\n".join(desk.told) for path in (copied, "账单-核对.xlsx"))


LINKED = [
    (r"='C:\Users\李 雷\sellersheet.xlam'!SEMIFEE(A1,B1)", "=SEMIFEE(A1,B1)"),
    ("=sellersheet.xlam!semifee(A1)+1", "=SEMIFEE(A1)+1"),
    ("='https://x.invalid/a b/sellersheet.xlam'!ORDERTABLE(A1:B2)", "=ORDERTABLE(A1:B2)"),
    (r"""=IF(A1="x",'D:\[sellersheet.xlam]S'!PROFIT (1),2)""", '=IF(A1="x",PROFIT (1),2)'),
    (r"='C:\it''s\sellersheet-zh.xlsm'!SEMIFEE(1)", "=SEMIFEE(1)"),
    (r"""='a"b'!A1&'C:\sellersheet.xlam'!SEMIFEE(1)""", """='a"b'!A1&SEMIFEE(1)"""),
]  # fmt: skip
KEPT = [
    r"='C:\x\other.xlam'!SEMIFEE(1)",
    r"='C:\x\sellersheet.xlam'!MYOWN(1)",
    r"""="'C:\x\sellersheet.xlam'!SEMIFEE(1)" """.strip(),
    r"='C:\sellersheet.xlam\[book.xlsx]S'!SEMIFEE(1)",
    "=SEMIFEE(Sheet1!A1)",
    "=Sheet1!A1",
]


@pytest.mark.parametrize(("linked", "plain"), LINKED)
def test_links_to_the_add_in_are_mended(
    branch: SimpleNamespace, linked: str, plain: str
) -> None:  # fmt: skip
    assert branch.repair.repaired(linked) == plain
    assert branch.repair.repaired(plain) == plain


@pytest.mark.parametrize("formula", KEPT)
def test_other_links_and_texts_stay(branch: SimpleNamespace, formula: str) -> None:
    assert branch.repair.repaired(formula) == formula


def test_repair_goes_over_the_sheets_and_can_be_undone(desk: Desk) -> None:
    sheet = desk.sheet("报价", pd.DataFrame({"甲": [1.0] * 500}))
    link = r"='C:\a\sellersheet.xlam'!"
    for row in range(2, 502):
        sheet.cells[row, 2] = Typed(f"{link}SEMIFEE(A{row})")
    sheet.cells[2, 3] = f"{link}SEMIFEE(1)"  # a text
    for row, column in ((2, 5), (2, 6), (3, 5), (3, 6)):
        sheet.cells[row, column] = Typed(f"{link}ORDERTABLE(A1:B2)")
    sheet.arrays = [(2, 5, 3, 6)]
    before = desk.state()
    desk.macros.repair_links()
    assert "已修复 504" in desk.told[0], desk.told
    assert sheet.cells[501, 2] == Typed("=SEMIFEE(A501)")
    assert sheet.cells[2, 3] == f"{link}SEMIFEE(1)"
    assert sheet.cells[3, 6] == Typed("=ORDERTABLE(A1:B2)")
    assert desk.app.writes == 2
    desk.macros.undo()
    assert desk.state() == before
    desk.macros.repair_links()
    desk.macros.repair_links()
    assert "不需要修复" in desk.told[-1]


def _array(desk: Desk, sheet: Any, formula: str, top: int, left: int) -> None:
    for row in (top, top + 1):
        for column in (left, left + 1):
            sheet.cells[row, column] = Typed(formula)
    sheet.arrays.append((top, left, top + 1, left + 1))


ARGUMENTS = ",".join(f"IF('押金 表'!$B${row}=\"\",\"\",'押金 表'!$B${row})" for row in range(8, 20))


def test_an_array_that_was_saved_too_small_is_told_mended_and_undone(desk: Desk) -> None:
    """LibreOffice cut it; Excel opens the book, and its menu mends it like LibreOffice's."""
    desk.sheet("订单", _orders())
    sheet = desk.sheet("计算", pd.DataFrame({"计算": [None]}))
    top, left, bottom, right = 3, 16, 9, 33
    sheet.arrays.append((top, left, bottom, right))
    for row in range(top, bottom + 1):
        for column in range(left, right + 1):
            sheet.cells[row, column] = Typed('=SUMMARY(OrderTable,"month")')
    home = desk.sheet("首页", pd.DataFrame({"月份": [None]}))
    home.cells[2, 1] = Typed("=INDEX('计算'!$P$4:$P$63,2)")
    desk.macros.selfcheck()
    assert "只剩 P3:AG9，应为 P3:AG63" in desk.told[-1]
    before = desk.state()
    desk.macros.update()
    assert "只剩 P3:AG9" in desk.told[-1]
    assert sheet.arrays == [(3, 16, 63, 33)]
    whole = '=IF(ROW($BG$1:$BG$61)*COLUMN($A$2:$R$2)>0,SUMMARY(OrderTable,"month"))'
    assert {sheet.cells[at] for at in ((3, 16), (63, 33))} == {whole}
    desk.macros.selfcheck()
    assert "数组公式" not in desk.told[-1]
    desk.macros.undo()
    assert sheet.arrays == [(top, left, bottom, right)]
    assert desk.state() == before


def test_long_arrays_are_mended_and_undone(desk: Desk) -> None:
    """FormulaArray takes 255 characters: what is longer goes in by parts."""
    sheet = desk.sheet("押金", pd.DataFrame({"甲": [1.0]}))
    link = r"='C:\Users\李 雷\sellersheet.xlam'!"
    plain = f"=DEPOSITTRIGGER({ARGUMENTS})"
    assert len(plain) > 255
    _array(desk, sheet, f"{link}DEPOSITTRIGGER({ARGUMENTS})", 2, 3)
    _array(desk, sheet, f"{link}SEMIFEE(A1,B1)", 5, 3)
    before = desk.state()
    desk.macros.repair_links()
    assert "已修复 8" in desk.told[0], desk.told
    assert sheet.cells[3, 4] == Typed(plain)
    assert sheet.cells[6, 4] == Typed("=SEMIFEE(A1,B1)")
    desk.macros.undo()
    assert desk.state() == before


def test_an_array_that_excel_can_not_take_is_left_before_the_first_write(desk: Desk) -> None:
    sheet = desk.sheet("押金", pd.DataFrame({"甲": [1.0]}))
    link = r"='C:\sellersheet.xlam'!"
    _array(desk, sheet, f'{link}FAILCODE("{"长" * 300}")', 2, 3)
    _array(desk, sheet, f"{link}SEMIFEE(A1,B1)", 5, 3)
    desk.macros.repair_links()
    assert "已修复 4" in desk.told[0]
    assert "押金!C2:D3" in desk.told[0]
    assert sheet.cells[2, 3].startswith(link)
    assert sheet.cells[6, 4] == Typed("=SEMIFEE(A1,B1)")


def test_a_protected_sheet_is_left_and_the_others_are_mended(desk: Desk) -> None:
    link = r"='C:\sellersheet.xlam'!SEMIFEE(1)"
    for name in ("函数", "报价"):
        desk.sheet(name, pd.DataFrame({"甲": [1.0]})).cells[2, 2] = Typed(link)
    desk.book.Worksheets("函数").ProtectContents = True
    desk.macros.repair_links()
    assert desk.told[0].startswith("已修复 1 个公式")
    assert "没有改：函数" in desk.told[0]
    assert desk.book.Worksheets("函数").cells[2, 2] == link
    desk.book.Worksheets("函数").ProtectContents = False
    desk.macros.repair_links()
    assert desk.told[-1].startswith("已修复 1 个公式")


def test_links_on_a_filtered_sheet_are_not_touched(desk: Desk) -> None:
    sheet = desk.sheet("报价", pd.DataFrame({"甲": [1.0] * 3}))
    sheet.cells[2, 2] = Typed(r"='C:\sellersheet.xlam'!SEMIFEE(1)")
    sheet.hidden = {3}
    before = desk.state()
    desk.macros.repair_links()
    assert desk.state() == before
    assert "正在筛选" in desk.told[0]


def test_functions_that_excel_did_not_bind_are_entered_again(desk: Desk) -> None:
    sheet = desk.sheet("报价", pd.DataFrame({"甲": [1.0] * 2}))
    sheet.cells[2, 2] = Typed("=SEMIFEE(A2,1)")
    sheet.cells[3, 2] = Typed("=SUM(A2,1)")
    desk.app.unknown = True
    desk.macros.repair_links()
    assert "已修复 1 个公式" in desk.told[0]
    assert "#NAME?" not in desk.told[0]
    assert sheet.shown(sheet.cells[2, 2]) == 0.0


def test_functions_that_stay_unknown_are_told(desk: Desk) -> None:
    sheet = desk.sheet("报价", pd.DataFrame({"甲": [1.0]}))
    sheet.cells[2, 2] = Typed("=SEMIFEE(A2,1)")
    desk.app.results["=SEMIFEE(A2,1)"] = -2146826259  # #NAME?
    desk.macros.repair_links()
    assert "1 个仍显示 #NAME?" in desk.told[0]


def test_the_last_failure_is_shown(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USERPROFILE", str(desk.folder))
    monkeypatch.setenv("APPDATA", str(desk.folder))
    (desk.folder / ".sellersheet").mkdir()
    text = "2026-03-01 09:00:00\nexited\nstart\nPython process exited\n"
    (desk.folder / ".sellersheet" / "excel-problem.txt").write_text(text, encoding="utf-8")
    desk.sheet("订单", _orders())
    desk.macros.policy_version()
    desk.macros.selfcheck()
    assert len(desk.told) == 2
    for told in desk.told:
        assert "2026-03-01 09:00:00" in told
        assert "Python 启动后立即退出" in told


def test_self_check_and_policy_version(desk: Desk) -> None:
    desk.sheet("订单", _orders())
    desk.macros.selfcheck()
    desk.macros.policy_version()
    assert "Excel 16.0" in desk.told[0]
    assert "全部正确" in desk.told[0]
    assert "规则版本" in desk.told[1]
    assert (desk.folder / "home" / "selfcheck.txt").is_file()


def test_a_new_workbook_is_a_macro_workbook_of_its_own(desk: Desk) -> None:
    """Not an unsaved one: its first save would propose .xlsx, without the macros."""
    shipped = Path(str(resources.files("sellersheet_addin"))) / "assets" / "sellersheet-zh.xlsm"
    documents = desk.folder / "我的文档"
    documents.mkdir()
    desk.app.DefaultFilePath = str(documents)
    (documents / "费用簿1.xlsm").write_bytes(b"the user's own")
    desk.macros.new_from_template()
    made = documents / "费用簿2.xlsm"
    assert desk.app.made == [str(made)]
    assert made.read_bytes() == shipped.read_bytes()
    assert (documents / "费用簿1.xlsm").read_bytes() == b"the user's own"
    assert str(made) in desk.told[0]


def test_the_guide_opens(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    desk.macros.help_page()
    text = (desk.folder / "home" / "guide-zh.html").read_text(encoding="utf-8")
    assert opened == [(desk.folder / "home" / "guide-zh.html").as_uri()]
    assert "SEMIFEE(paid, logistics" in text


def test_in_another_language_excel_is_answered_in_english(
    branch: SimpleNamespace, desk: Desk
) -> None:  # fmt: skip
    english = Desk(branch, desk.folder, chinese=False)
    english.macros.undo()
    assert english.told == ["There is no update of this workbook to undo."]


def test_a_workbook_that_is_not_saved_here_is_still_updated(desk: Desk) -> None:
    desk.book.FullName = "账.xlsx"
    desk.sheet("订单", _orders())
    desk.macros.update()
    desk.macros.undo()
    assert len(desk.told) == 2
    assert "已撤销" in desk.told[1]


def test_days_are_read_as_numbers(desk: Desk) -> None:
    desk.sheet("订单", _orders())
    desk.sheet("订单", _orders())
    desk.macros.update()
    summary = desk.grid("更新汇总")
    looks = desk.book.Worksheets("更新汇总").looks
    ground, font = (
        looks["Interior", 1, 1, 1, len(summary.columns)],
        looks["Font", 1, 1, 1, len(summary.columns)],
    )
    assert (ground.Color, font.Color, font.Bold) == (0x794E1F, 0xFFFFFF, True)  # blue comes first
    assert "2024-08" in {str(cell) for cell in summary.iloc[:, 1]}
    assert dt.date(1899, 12, 30) + dt.timedelta(45509) == dt.date(2024, 8, 5)
